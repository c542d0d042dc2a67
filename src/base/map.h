/* map.h - a hash table from 64-bit hashes to 64-bit values (open addressing, linear probing).
 *
 * Contrast: it stores no keys; the caller compares the values that tt_map_next() offers. Operators
 *           that hash whole rows keep their own tables (exec/).
 * Owns:     its slots.
 * Threads:  as its context.
 * Fails:    inserting fails with TT_NO_MEMORY or TT_LIMIT.
 * Tests:    tests/unit/test_base.c
 */
#ifndef TT_BASE_MAP_H
#define TT_BASE_MAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

typedef struct tt_map_slot {
	uint64_t hash; /* 0: free */
	uint64_t value;
} tt_map_slot;

/** A multimap from hashes to values. Initialize with tt_map_init(). */
typedef struct tt_map {
	tt_ctx *ctx;
	tt_map_slot *slots;
	size_t n_slots; /* 0 or a power of two */
	size_t n_used;
} tt_map;

void tt_map_init(tt_map *map, tt_ctx *ctx);
void tt_map_clear(tt_map *map);

/** Add a value under a hash; equal pairs may stand several times. */
TT_CHECKED tt_status tt_map_insert(tt_map *map, uint64_t hash, uint64_t value);

/** The next value under @p hash. Start with `*cursor = 0`; false when there are no more.
 *
 * ```
 * uint64_t cursor = 0, value;
 * while (tt_map_next(&map, hash, &cursor, &value)) { if (is_equal(value)) … }
 * ```
 */
bool tt_map_next(const tt_map *map, uint64_t hash, uint64_t *cursor, uint64_t *out_value);

/** The hash of some bytes (XXH3, 64 bit). Not stable across versions of the library: never stored. */
uint64_t tt_hash_bytes(tt_view bytes, uint64_t seed);

/** Mix a 64-bit key (an id) into a hash. */
static inline uint64_t tt_hash_u64(uint64_t x)
{
	x ^= x >> 32;
	x *= 0xd6e8feb86659fd93u;
	x ^= x >> 32;
	x *= 0xd6e8feb86659fd93u;
	return x ^ x >> 32;
}

#endif
