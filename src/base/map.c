/* map.c - open addressing with linear probing; at most three quarters full. */
#include "base/map.h"

#include <xxhash.h>

void tt_map_init(tt_map *map, tt_ctx *ctx)
{
	*map = (tt_map){.ctx = ctx};
}

void tt_map_clear(tt_map *map)
{
	tt_free(map->ctx, map->slots);
	tt_map_init(map, map->ctx);
}

/* 0 marks a free slot, so a hash of 0 is stored as 1. */
static uint64_t slot_hash(uint64_t hash)
{
	return hash ? hash : 1;
}

static void place(tt_map_slot *slots, size_t n_slots, uint64_t hash, uint64_t value)
{
	size_t i = (size_t)hash & (n_slots - 1);
	while (slots[i].hash) {
		i = (i + 1) & (n_slots - 1);
	}
	slots[i] = (tt_map_slot){hash, value};
}

static tt_status grow(tt_map *map)
{
	const size_t n_new = map->n_slots ? map->n_slots * 2 : 64;
	tt_map_slot *const slots = tt_calloc(map->ctx, n_new, sizeof *slots);
	if (!slots) {
		return map->ctx->error.status;
	}
	for (size_t i = 0; i < map->n_slots; ++i) {
		if (map->slots[i].hash) {
			place(slots, n_new, map->slots[i].hash, map->slots[i].value);
		}
	}
	tt_free(map->ctx, map->slots);
	map->slots = slots;
	map->n_slots = n_new;
	return TT_OK;
}

tt_status tt_map_insert(tt_map *map, uint64_t hash, uint64_t value)
{
	if (map->n_used + 1 > map->n_slots - map->n_slots / 4) {
		TT_TRY(grow(map));
	}
	place(map->slots, map->n_slots, slot_hash(hash), value);
	map->n_used++;
	return TT_OK;
}

bool tt_map_next(const tt_map *map, uint64_t hash, uint64_t *cursor, uint64_t *out_value)
{
	const uint64_t wanted = slot_hash(hash);
	for (; *cursor < map->n_slots; ++*cursor) {
		const tt_map_slot *const slot = &map->slots[(size_t)(wanted + *cursor) & (map->n_slots - 1)];
		if (!slot->hash) {
			return false;
		}
		if (slot->hash == wanted) {
			*out_value = slot->value;
			++*cursor;
			return true;
		}
	}
	return false;
}

uint64_t tt_hash_bytes(tt_view bytes, uint64_t seed)
{
	return XXH3_64bits_withSeed(bytes.data ? bytes.data : "", bytes.size, seed);
}
