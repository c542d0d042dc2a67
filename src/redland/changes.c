/* changes.c - what a transaction of the storage has changed so far. */
#include "redland/changes.h"

enum { N_TRIPLE = 3 };

tt_status tt_redland_changes_begin(tt_redland_changes *changes, tt_ctx *ctx, tt_store *store)
{
	*changes = (tt_redland_changes){.ctx = ctx};
	tt_map_init(&changes->by_triple, ctx);
	TT_TRY(tt_txn_begin(ctx, store, true, &changes->txn));
	const tt_status status = tt_snapshot_begin(ctx, store, &changes->before);
	return status == TT_OK ? TT_OK : tt_redland_changes_end(changes, status);
}

tt_status tt_redland_changes_end(tt_redland_changes *changes, tt_status status)
{
	tt_txn *const txn = changes->txn;
	tt_snapshot_end(changes->before);
	tt_free(changes->ctx, changes->items);
	tt_map_clear(&changes->by_triple);
	*changes = (tt_redland_changes){0};
	if (status == TT_OK) {
		return tt_txn_commit(txn, NULL, NULL);
	}
	tt_txn_abort(txn);
	return status;
}

static uint64_t hash_triple(const tt_quad *quad)
{
	return tt_hash_u64(quad->subject ^ tt_hash_u64(quad->predicate ^ tt_hash_u64(quad->object)));
}

static tt_status count_before(const tt_redland_changes *changes, const tt_quad *quad, unsigned n_bound, uint64_t *out_n)
{
	const tt_scan_spec spec = {.perm = TT_SPO,
	                           .n_bound = n_bound,
	                           .bound = {quad->subject, quad->predicate, quad->object, quad->graph},
	                           .choice = TT_GRAPHS_ALL};
	return tt_snapshot_count(changes->before, &spec, out_n);
}

/* Go through the changes of a triple; false behind the last. */
static bool next_change(const tt_redland_changes *changes, const tt_quad *quad, uint64_t *cursor, uint64_t *out_index)
{
	while (tt_map_next(&changes->by_triple, hash_triple(quad), cursor, out_index)) {
		const tt_quad *const other = &changes->items[*out_index].quad;
		if (other->subject == quad->subject && other->predicate == quad->predicate && other->object == quad->object) {
			return true;
		}
	}
	return false;
}

static tt_status has_quad(const tt_redland_changes *changes, const tt_quad *quad, bool *out_is_there)
{
	uint64_t cursor = 0;
	uint64_t index = 0;
	uint64_t n_last = 0; /* 1 + index of the last change of the quad itself */
	while (next_change(changes, quad, &cursor, &index)) {
		if (changes->items[index].quad.graph == quad->graph && index >= n_last) {
			n_last = index + 1;
		}
	}
	if (n_last) {
		*out_is_there = !changes->items[n_last - 1].is_removal;
		return TT_OK;
	}
	uint64_t n = 0;
	TT_TRY(count_before(changes, quad, TT_N_COLUMNS, &n));
	*out_is_there = n != 0;
	return TT_OK;
}

tt_status tt_redland_has_triple(const tt_redland_changes *changes, const tt_quad *quad, bool *out_is_there)
{
	uint64_t n = 0;
	uint64_t cursor = 0;
	uint64_t index = 0;
	TT_TRY(count_before(changes, quad, N_TRIPLE, &n));
	while (next_change(changes, quad, &cursor, &index)) {
		n += changes->items[index].is_removal ? UINT64_MAX : 1; /* minus one, modulo 2^64 */
	}
	*out_is_there = n != 0;
	return TT_OK;
}

tt_status tt_redland_change_quad(tt_redland_changes *changes, const tt_quad *quad, bool is_removal,
                                 bool *out_is_effective)
{
	bool is_there = false;
	TT_TRY(has_quad(changes, quad, &is_there));
	if (out_is_effective) {
		*out_is_effective = is_there == is_removal;
	}
	if (is_there != is_removal) {
		return TT_OK;
	}
	TT_TRY(tt_grow(changes->ctx, (void **)&changes->items, &changes->capacity, changes->n_items + 1,
	               sizeof *changes->items));
	TT_TRY(is_removal ? tt_txn_remove(changes->txn, quad) : tt_txn_add(changes->txn, quad));
	TT_TRY(tt_map_insert(&changes->by_triple, hash_triple(quad), changes->n_items));
	changes->items[changes->n_items].quad = *quad;
	changes->items[changes->n_items++].is_removal = is_removal;
	return TT_OK;
}

tt_status tt_redland_changes_undo(tt_redland_changes *changes, size_t n_items)
{
	for (size_t i = changes->n_items; i > n_items; --i) {
		const struct tt_redland_change change = changes->items[i - 1];
		TT_TRY(tt_redland_change_quad(changes, &change.quad, !change.is_removal, NULL));
	}
	return TT_OK;
}
