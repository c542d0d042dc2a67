/* table.c - flat tables of ids.
 *
 * Slots are 16 bytes: the hash and a row number. The hash of one column is a mixing that can be undone, so it stands
 * for the id and no row need be looked at; that of several columns is compared first and then the rows. Tables are
 * filled to two thirds at most. A table much larger than the cache costs one miss a row, and these overlap, because
 * the slots of a whole batch are prefetched before the first is read. */
#include "exec/table.h"

enum { FIRST_SLOTS = 64, POLLED_AFTER = 4096 };

/* ---- tuples ----------------------------------------------------------------------------------- */

void tt_tuples_init(tt_tuples *tuples, tt_ctx *ctx, size_t n_width)
{
	*tuples = (tt_tuples){.ctx = ctx, .n_width = n_width};
}

void tt_tuples_clear(tt_tuples *tuples)
{
	if (tuples->ctx) {
		tt_free(tuples->ctx, tuples->cells);
		tt_tuples_init(tuples, tuples->ctx, tuples->n_width);
	}
}

static tt_status too_many_rows(tt_ctx *ctx)
{
	return tt_fail(ctx, TT_LIMIT, "stopped: more than %zu rows would have to be held at once", TT_MOST_ROWS);
}

tt_status tt_tuples_reserve(tt_tuples *tuples, size_t n_more)
{
	const size_t n_needed = tuples->n_rows + n_more;
	if (n_needed > TT_MOST_ROWS) {
		return too_many_rows(tuples->ctx);
	}
	if (tuples->n_width == 0 || n_needed <= tuples->capacity) {
		return TT_OK;
	}
	/* By half, so that little of what is billed is not used; large blocks are moved by remapping, not copied. */
	const size_t n_more_than = tuples->capacity + tuples->capacity / 2;
	const size_t n_new = n_needed > n_more_than ? n_needed : n_more_than;
	size_t n_bytes = 0;
	if (!tt_size_multiply(tuples->n_width, sizeof *tuples->cells, &n_bytes)) {
		return tt_fail(tuples->ctx, TT_NO_MEMORY, "out of memory");
	}
	tt_id *const cells = tt_realloc(tuples->ctx, tuples->cells, n_new, n_bytes);
	if (!cells) {
		return tuples->ctx->error.status;
	}
	tuples->cells = cells;
	tuples->capacity = n_new;
	return TT_OK;
}

static void store_column(tt_id *restrict cells, size_t n_width, const tt_id *restrict column, size_t n_rows)
{
	for (size_t i = 0; i < n_rows; ++i) {
		cells[i * n_width] = column[i];
	}
}

tt_status tt_tuples_append(tt_tuples *tuples, const tt_id *const *columns, size_t n_rows)
{
	if (n_rows == 0) {
		return TT_OK;
	}
	TT_TRY(tt_tuples_reserve(tuples, n_rows));
	for (size_t c = 0; c < tuples->n_width; ++c) {
		store_column(tt_tuples_row(tuples, tuples->n_rows) + c, tuples->n_width, columns[c], n_rows);
	}
	tuples->n_rows += n_rows;
	return TT_OK;
}

/* ---- hashes ----------------------------------------------------------------------------------- */

void tt_hash_rows(const tt_id *const *columns, size_t n_columns, size_t n_rows, uint64_t seed, uint64_t *out_hashes)
{
	uint64_t *restrict const out = out_hashes;
	for (size_t i = 0; i < n_rows; ++i) {
		out[i] = seed;
	}
	for (size_t c = 0; c < n_columns; ++c) {
		const tt_id *restrict const column = columns[c];
		for (size_t i = 0; i < n_rows; ++i) {
			out[i] = tt_hash_u64(out[i] ^ column[i]);
		}
	}
}

static size_t slots_for(size_t n_rows)
{
	size_t n = FIRST_SLOTS;
	while (n - n / 3 < n_rows) {
		n *= 2;
	}
	return n;
}

static void prefetch_slots(const tt_table_slot *slots, size_t n_slots, const uint64_t *hashes, size_t n)
{
	for (size_t i = 0; i < n; ++i) {
		__builtin_prefetch(&slots[hashes[i] & (n_slots - 1)]);
	}
}

/* ---- sets ------------------------------------------------------------------------------------- */

void tt_tuple_set_init(tt_tuple_set *set, tt_ctx *ctx, size_t n_width, uint64_t seed)
{
	tt_tuples_init(&set->tuples, ctx, n_width);
	set->seed = seed;
	set->slots = NULL;
	set->n_slots = 0;
}

void tt_tuple_set_clear(tt_tuple_set *set)
{
	if (set->tuples.ctx) {
		tt_free(set->tuples.ctx, set->slots);
		set->slots = NULL;
		set->n_slots = 0;
		tt_tuples_clear(&set->tuples);
	}
}

static tt_status grow_set(tt_tuple_set *set, size_t n_needed)
{
	tt_ctx *const ctx = set->tuples.ctx;
	const size_t n_new = slots_for(n_needed);
	tt_table_slot *const slots = tt_calloc(ctx, n_new, sizeof *slots);
	if (!slots) {
		return ctx->error.status;
	}
	for (size_t i = 0; i < set->n_slots; ++i) {
		if (set->slots[i].row) {
			size_t at = set->slots[i].hash & (n_new - 1);
			while (slots[at].row) {
				at = (at + 1) & (n_new - 1);
			}
			slots[at] = set->slots[i];
		}
	}
	tt_free(ctx, set->slots);
	set->slots = slots;
	set->n_slots = n_new;
	return TT_OK;
}

static bool is_same_row(const tt_id *cells, const tt_id *const *columns, size_t n_columns, size_t row)
{
	for (size_t c = 0; c < n_columns; ++c) {
		if (cells[c] != columns[c][row]) {
			return false;
		}
	}
	return true;
}

/* The number of a row's tuple; there is room for a new one. */
static uint32_t find_or_add(tt_tuple_set *set, const tt_id *const *columns, size_t row)
{
	tt_tuples *const tuples = &set->tuples;
	const size_t n_width = tuples->n_width;
	const uint64_t hash = set->hashes[row];
	size_t at = hash & (set->n_slots - 1);
	for (; set->slots[at].row; at = (at + 1) & (set->n_slots - 1)) {
		const uint32_t number = set->slots[at].row - 1;
		if (set->slots[at].hash == hash &&
		    (n_width <= 1 || is_same_row(tt_tuples_row(tuples, number), columns, n_width, row))) {
			return number;
		}
	}
	const uint32_t number = (uint32_t)tuples->n_rows++;
	for (size_t c = 0; c < n_width; ++c) {
		tt_tuples_row(tuples, number)[c] = columns[c][row];
	}
	set->slots[at] = (tt_table_slot){hash, number + 1};
	return number;
}

tt_status tt_tuple_set_add(tt_tuple_set *set, const tt_id *const *columns, size_t n_rows, uint32_t *out_numbers)
{
	const size_t n_needed = set->tuples.n_rows + n_rows;
	TT_TRY(tt_tuples_reserve(&set->tuples, n_rows));
	if (n_needed > set->n_slots - set->n_slots / 3) {
		TT_TRY(grow_set(set, n_needed));
	}
	tt_hash_rows(columns, set->tuples.n_width, n_rows, set->seed, set->hashes);
	prefetch_slots(set->slots, set->n_slots, set->hashes, n_rows);
	for (size_t i = 0; i < n_rows; ++i) {
		out_numbers[i] = find_or_add(set, columns, i);
	}
	return TT_OK;
}

/* ---- indexes ---------------------------------------------------------------------------------- */

void tt_index_clear(tt_index *index)
{
	if (index->ctx) {
		tt_free(index->ctx, index->slots);
		tt_free(index->ctx, index->next);
		*index = (tt_index){.ctx = index->ctx};
	}
}

/* Put a row before those with the same hash; rows come from the last to the first. */
static bool insert_row(tt_index *index, uint64_t hash, uint32_t row)
{
	const size_t mask = index->n_slots - 1;
	size_t at = hash & mask;
	while (index->slots[at].row && index->slots[at].hash != hash) {
		at = (at + 1) & mask;
	}
	tt_table_slot *const slot = &index->slots[at];
	const uint32_t next = slot->row;
	index->next[row] = next;
	*slot = (tt_table_slot){hash, row + 1};
	return next != 0;
}

static bool has_member(const uint8_t *is_member, uint8_t membership, size_t row)
{
	return !is_member || is_member[row] == membership;
}

/* Insert rows [begin, end), last first. */
static bool insert_rows(tt_index *index, const uint64_t *hashes, size_t begin, size_t end, const uint8_t *is_member,
                        uint8_t membership)
{
	bool has_chain = false;
	if (hashes) {
		prefetch_slots(index->slots, index->n_slots, hashes + begin, end - begin);
	}
	for (size_t row = end; row-- > begin;) {
		if (has_member(is_member, membership, row)) {
			has_chain |= insert_row(index, hashes ? hashes[row] : 0, (uint32_t)row);
		}
	}
	return has_chain;
}

tt_status tt_index_build(tt_index *index, tt_ctx *ctx, const uint64_t *hashes, size_t n_rows, const uint8_t *is_member,
                         uint8_t membership)
{
	enum { BLOCK = 256 };
	*index = (tt_index){.ctx = ctx};
	size_t n_members = hashes ? n_rows : 1;
	if (is_member && hashes) {
		n_members = 0;
		for (size_t i = 0; i < n_rows; ++i) {
			n_members += is_member[i] == membership;
		}
	}
	index->n_slots = slots_for(n_members);
	index->slots = tt_calloc(ctx, index->n_slots, sizeof *index->slots);
	index->next = tt_realloc(ctx, NULL, n_rows, sizeof *index->next);
	if (!index->slots || !index->next) {
		return ctx->error.status;
	}
	bool has_chain = false;
	size_t n_unpolled = 0;
	for (size_t end = n_rows; end > 0;) {
		const size_t begin = end > BLOCK ? end - BLOCK : 0;
		has_chain |= insert_rows(index, hashes, begin, end, is_member, membership);
		n_unpolled += end - begin;
		end = begin;
		if (n_unpolled >= POLLED_AFTER) {
			n_unpolled = 0;
			TT_TRY(tt_ctx_poll(ctx));
		}
	}
	if (!has_chain) {
		tt_free(ctx, index->next);
		index->next = NULL;
	}
	return TT_OK;
}

void tt_index_find(const tt_index *index, const uint64_t *hashes, size_t n_hashes, uint32_t *out_rows)
{
	const tt_table_slot *const slots = index->slots;
	const size_t mask = index->n_slots - 1;
	if (!hashes) {
		for (size_t i = 0; i < n_hashes; ++i) {
			out_rows[i] = slots[0].row;
		}
		return;
	}
	prefetch_slots(slots, index->n_slots, hashes, n_hashes);
	for (size_t i = 0; i < n_hashes; ++i) {
		size_t at = hashes[i] & mask;
		while (slots[at].row && slots[at].hash != hashes[i]) {
			at = (at + 1) & mask;
		}
		out_rows[i] = slots[at].row;
	}
}
