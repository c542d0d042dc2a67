/* prefix.c - prefixes by name and by IRI.
 *
 * Shortening runs once for each cell that is printed. A local name holds no '/', '#' or other punctuation, so the
 * prefix IRI must reach at least to the last such character; only IRIs of the few lengths from there to the end can
 * fit, and of each length one look into a hash table tells. */
#include "rdf/prefix.h"

#include "rdf/name.h"

void tt_prefixes_init(tt_prefixes *prefixes, tt_ctx *ctx)
{
	*prefixes = (tt_prefixes){.items = NULL};
	tt_arena_init(&prefixes->arena, ctx);
	tt_map_init(&prefixes->by_name, ctx);
	tt_map_init(&prefixes->by_iri, ctx);
}

void tt_prefixes_clear(tt_prefixes *prefixes)
{
	tt_ctx *const ctx = prefixes->arena.ctx;
	tt_free(ctx, prefixes->items);
	tt_free(ctx, prefixes->lengths);
	tt_map_clear(&prefixes->by_name);
	tt_map_clear(&prefixes->by_iri);
	tt_arena_clear(&prefixes->arena);
	tt_prefixes_init(prefixes, ctx);
}

static tt_prefix *find_item(const tt_prefixes *prefixes, tt_view name)
{
	uint64_t cursor = 0;
	uint64_t i = 0;
	while (tt_map_next(&prefixes->by_name, tt_hash_bytes(name, 0), &cursor, &i)) {
		if (tt_view_equal(prefixes->items[i].name, name)) {
			return &prefixes->items[i];
		}
	}
	return NULL;
}

static tt_status copy_text(tt_prefixes *prefixes, tt_view text, tt_view *out)
{
	const char *const copy = tt_arena_strndup(&prefixes->arena, text.data, text.size);
	if (!copy) {
		return prefixes->arena.ctx->error.status;
	}
	*out = (tt_view){copy, text.size};
	return TT_OK;
}

static tt_status add_length(tt_prefixes *prefixes, size_t length)
{
	size_t i = 0;
	while (i < prefixes->n_lengths && prefixes->lengths[i] > length) {
		++i;
	}
	if (i < prefixes->n_lengths && prefixes->lengths[i] == length) {
		return TT_OK;
	}
	TT_TRY(tt_grow(prefixes->arena.ctx, (void **)&prefixes->lengths, &prefixes->lengths_capacity,
	               prefixes->n_lengths + 1, sizeof *prefixes->lengths));
	memmove(prefixes->lengths + i + 1, prefixes->lengths + i, (prefixes->n_lengths - i) * sizeof *prefixes->lengths);
	prefixes->lengths[i] = length;
	prefixes->n_lengths++;
	return TT_OK;
}

/* The IRI of an earlier meaning stays in the map: nothing equals it any more. */
static tt_status index_iri(tt_prefixes *prefixes, const tt_prefix *item)
{
	if (!item->iri.size || !tt_name_is_prefix(item->name)) {
		return TT_OK;
	}
	TT_TRY(add_length(prefixes, item->iri.size));
	return tt_map_insert(&prefixes->by_iri, tt_hash_bytes(item->iri, 0), (uint64_t)(item - prefixes->items));
}

tt_status tt_prefixes_set(tt_prefixes *prefixes, tt_view name, tt_view iri)
{
	tt_prefix *item = find_item(prefixes, name);
	if (item && tt_view_equal(item->iri, iri)) {
		return TT_OK;
	}
	tt_view iri_copy = {NULL, 0};
	TT_TRY(copy_text(prefixes, iri, &iri_copy));
	if (!item) {
		tt_view name_copy = {NULL, 0};
		TT_TRY(copy_text(prefixes, name, &name_copy));
		TT_TRY(tt_grow(prefixes->arena.ctx, (void **)&prefixes->items, &prefixes->capacity, prefixes->n_items + 1,
		               sizeof *prefixes->items));
		TT_TRY(tt_map_insert(&prefixes->by_name, tt_hash_bytes(name, 0), prefixes->n_items));
		item = &prefixes->items[prefixes->n_items++];
		item->name = name_copy;
	}
	item->iri = iri_copy;
	return index_iri(prefixes, item);
}

tt_status tt_prefixes_add_usual(tt_prefixes *prefixes)
{
#define TT_PREFIX(name, iri) {{(name), sizeof(name) - 1}, {(iri), sizeof(iri) - 1}},
	static const tt_prefix usual[] = {
#include "rdf/prefixes.def"
	};
#undef TT_PREFIX
	for (size_t i = 0; i < sizeof usual / sizeof *usual; ++i) {
		if (!find_item(prefixes, usual[i].name)) {
			TT_TRY(tt_prefixes_set(prefixes, usual[i].name, usual[i].iri));
		}
	}
	return TT_OK;
}

const tt_view *tt_prefixes_find(const tt_prefixes *prefixes, tt_view name)
{
	const tt_prefix *const item = find_item(prefixes, name);
	return item ? &item->iri : NULL;
}

/* The prefix with exactly this IRI; the first one if there are several. */
static const tt_prefix *find_by_iri(const tt_prefixes *prefixes, tt_view iri)
{
	const tt_prefix *found = NULL;
	uint64_t cursor = 0;
	uint64_t i = 0;
	while (tt_map_next(&prefixes->by_iri, tt_hash_bytes(iri, 0), &cursor, &i)) {
		const tt_prefix *const item = &prefixes->items[i];
		if (tt_view_equal(item->iri, iri) && (!found || item < found)) {
			found = item;
		}
	}
	return found;
}

/* Where the longest end that may be a local name begins (letters beyond ASCII are not looked at here). */
static size_t find_local(tt_view iri)
{
	size_t at = iri.size;
	while (at > 0) {
		const unsigned char c = (unsigned char)iri.data[at - 1];
		const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 128;
		if (!is_letter && !(c >= '0' && c <= ':') && c != '_' && c != '-' && c != '.') {
			break;
		}
		--at;
	}
	return at;
}

bool tt_prefixes_shorten(const tt_prefixes *prefixes, tt_view iri, const tt_prefix **out_prefix, tt_view *out_local)
{
	const size_t n_least = find_local(iri);
	for (size_t i = 0; i < prefixes->n_lengths && prefixes->lengths[i] >= n_least; ++i) {
		const size_t length = prefixes->lengths[i];
		if (length > iri.size) {
			continue;
		}
		const tt_prefix *const item = find_by_iri(prefixes, (tt_view){iri.data, length});
		const tt_view local = tt_view_skip(iri, length);
		if (item && tt_name_is_local(local)) {
			*out_prefix = item;
			*out_local = local;
			return true;
		}
	}
	return false;
}
