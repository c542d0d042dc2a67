/* perm.c - cursors over blocks, appending and merging.
 *
 * Merging goes through the changes in order. A change belongs to the last block whose first row is
 * not greater (or to the first block). All changes of a block are merged with its rows; what comes
 * out goes into a window, which is cut into blocks of even size when it is large enough, so that
 * neither tiny blocks remain after removals nor a split leaves one. Behind the last block rows are
 * packed tightly instead: a store that grows at its end stays compact.
 */
#include "store/perm.h"

#include "store/pages.h"

enum {
	KEY_SIZE = 8 * TT_BLOCK_COLUMNS,
	BLOCKS_BEFORE_SEEK = 2,
	MIN_TRUST_SLOTS = 64,
	MAX_TRUST_SLOTS = 65536,
	SMALL_BLOCK = TT_BLOCK_SIZE / 4
};

/* ---- trust -------------------------------------------------------------------------------------- */

tt_status tt_trust_init(tt_trust *trust, tt_ctx *ctx, size_t n_pages)
{
	size_t n_slots = MIN_TRUST_SLOTS;
	while (n_slots < n_pages && n_slots < MAX_TRUST_SLOTS) {
		n_slots *= 2;
	}
	*trust = (tt_trust){.ctx = ctx, .slots = tt_calloc(ctx, n_slots, sizeof *trust->slots)};
	if (!trust->slots) {
		return ctx->error.status;
	}
	trust->n_slots = n_slots;
	return TT_OK;
}

void tt_trust_clear(tt_trust *trust)
{
	tt_free(trust->ctx, trust->slots);
	*trust = (tt_trust){.ctx = trust->ctx};
}

static size_t trust_slot(const tt_trust *trust, const void *data)
{
	return (uintptr_t)data >> 12 & (trust->n_slots - 1);
}

bool tt_trust_holds(const tt_trust *trust, const void *data)
{
	return trust && trust->n_slots && trust->slots[trust_slot(trust, data)] == (uintptr_t)data;
}

void tt_trust_add(tt_trust *trust, const void *data)
{
	if (trust && trust->n_slots) {
		trust->slots[trust_slot(trust, data)] = (uintptr_t)data;
	}
}

/* ---- cursors ------------------------------------------------------------------------------------ */

tt_row_order tt_table_order(unsigned table)
{
	tt_row_order order = {{0, 1, 2, 3}};
	for (unsigned c = 0; table < TT_N_PERMS && c < TT_BLOCK_COLUMNS; ++c) {
		order.word[c] = (uint8_t)tt_perm_column((tt_perm)table, c);
	}
	return order;
}

static void make_key(const uint64_t *columns, unsigned n_columns, uint8_t out_key[KEY_SIZE])
{
	for (unsigned c = 0; c < TT_BLOCK_COLUMNS; ++c) {
		tt_key_from_u64(c < n_columns ? columns[c] : 0, out_key + (size_t)8 * c);
	}
}

tt_status tt_block_cursor_open(tt_block_cursor *cursor, tt_ctx *ctx, tt_env *env, MDB_txn *txn, unsigned table,
                               tt_trust *trust)
{
	*cursor = (tt_block_cursor){.ctx = ctx, .env = env, .table = table, .trust = trust};
	return tt_env_fail(ctx, env, mdb_cursor_open(txn, env->tables[table], &cursor->cursor));
}

void tt_block_cursor_close(tt_block_cursor *cursor)
{
	if (cursor->cursor) {
		mdb_cursor_close(cursor->cursor);
		cursor->cursor = NULL;
	}
	cursor->is_on_block = false;
}

/* Verify the block that LMDB has found. */
static tt_status accept(tt_block_cursor *cursor, const MDB_val *key, const MDB_val *value)
{
	const char *const name = tt_table_name(cursor->table);
	if (key->mv_size != KEY_SIZE || !tt_block_open(&cursor->block, value->mv_data, value->mv_size)) {
		return tt_env_corrupt(cursor->ctx, cursor->env, "the table %s has a broken block", name);
	}
	if (cursor->is_writing && !tt_pages_can_free(mdb_cursor_txn(cursor->cursor), key, value)) {
		return tt_env_corrupt(cursor->ctx, cursor->env, "the table %s has a block on broken pages", name);
	}
	if (!tt_trust_holds(cursor->trust, value->mv_data)) {
		uint64_t first[TT_BLOCK_COLUMNS];
		for (unsigned c = 0; c < TT_BLOCK_COLUMNS; ++c) {
			first[c] = tt_key_to_u64((const char *)key->mv_data + (size_t)8 * c);
		}
		if (!tt_block_is_sound(&cursor->block, cursor->table + 1) ||
		    tt_block_compare(&cursor->block, 0, first, TT_BLOCK_COLUMNS) != 0) {
			return tt_env_corrupt(cursor->ctx, cursor->env, "the table %s has a block with a wrong checksum", name);
		}
		tt_trust_add(cursor->trust, value->mv_data);
	}
	cursor->is_on_block = true;
	return TT_OK;
}

static tt_status move(tt_block_cursor *cursor, MDB_val *key, MDB_cursor_op op)
{
	MDB_val value;
	const int rc = mdb_cursor_get(cursor->cursor, key, &value, op);
	cursor->is_on_block = false;
	if (rc == MDB_NOTFOUND) {
		return TT_OK;
	}
	TT_TRY(tt_env_fail(cursor->ctx, cursor->env, rc));
	return accept(cursor, key, &value);
}

tt_status tt_block_cursor_first(tt_block_cursor *cursor)
{
	MDB_val key;
	return move(cursor, &key, MDB_FIRST);
}

tt_status tt_block_cursor_next(tt_block_cursor *cursor)
{
	MDB_val key;
	return move(cursor, &key, MDB_NEXT);
}

tt_status tt_block_cursor_seek(tt_block_cursor *cursor, const uint64_t *key, unsigned n_key)
{
	uint8_t wanted[KEY_SIZE];
	make_key(key, n_key, wanted);
	MDB_val k = {sizeof wanted, wanted};
	MDB_val value;
	cursor->is_on_block = false;
	int rc = mdb_cursor_get(cursor->cursor, &k, &value, MDB_SET_RANGE);
	if (rc == 0 && k.mv_size == KEY_SIZE && memcmp(k.mv_data, wanted, KEY_SIZE) == 0) {
		return accept(cursor, &k, &value);
	}
	if (rc == 0) {
		MDB_val before;
		rc = mdb_cursor_get(cursor->cursor, &before, &value, MDB_PREV);
		if (rc == 0) {
			return accept(cursor, &before, &value);
		}
		return rc == MDB_NOTFOUND ? tt_block_cursor_first(cursor) : tt_env_fail(cursor->ctx, cursor->env, rc);
	}
	return rc == MDB_NOTFOUND ? move(cursor, &k, MDB_LAST) : tt_env_fail(cursor->ctx, cursor->env, rc);
}

/* The row ≥ key in the block at which a seek has put us, or the first of the next block. */
static tt_status settle(tt_block_cursor *cursor, const uint64_t *key, unsigned n_key, size_t *out_row)
{
	*out_row = 0;
	if (cursor->is_on_block) {
		*out_row = tt_block_lower(&cursor->block, 0, cursor->block.n_rows, key, n_key);
		if (*out_row == cursor->block.n_rows) {
			*out_row = 0;
			return tt_block_cursor_next(cursor);
		}
	}
	return TT_OK;
}

tt_status tt_block_cursor_find(tt_block_cursor *cursor, const uint64_t *key, unsigned n_key, size_t *out_row)
{
	TT_TRY(tt_block_cursor_seek(cursor, key, n_key));
	return settle(cursor, key, n_key, out_row);
}

tt_status tt_block_cursor_advance(tt_block_cursor *cursor, size_t row, const uint64_t *key, unsigned n_key,
                                  size_t *out_row)
{
	for (unsigned i = 0; cursor->is_on_block; ++i) {
		const size_t n_rows = cursor->block.n_rows;
		if (tt_block_compare(&cursor->block, n_rows - 1, key, n_key) >= 0) {
			*out_row = tt_block_gallop(&cursor->block, row, n_rows, key, n_key);
			return TT_OK;
		}
		if (i == BLOCKS_BEFORE_SEEK) {
			return tt_block_cursor_find(cursor, key, n_key, out_row);
		}
		TT_TRY(tt_block_cursor_next(cursor));
		row = 0;
	}
	*out_row = 0;
	return TT_OK;
}

/* Go to the first row ≥ key, using the current block if the key lies in it. */
static tt_status find_near(tt_block_cursor *cursor, const uint64_t *key, unsigned n_key, size_t *out_row)
{
	if (cursor->is_on_block && tt_block_compare(&cursor->block, 0, key, n_key) < 0) {
		return tt_block_cursor_advance(cursor, 0, key, n_key, out_row);
	}
	return tt_block_cursor_find(cursor, key, n_key, out_row);
}

tt_status tt_block_cursor_has_more_than(tt_block_cursor *cursor, const uint64_t *key, unsigned n_key, uint64_t n_rows,
                                        bool *out_has_more)
{
	size_t row = 0;
	*out_has_more = false;
	TT_TRY(find_near(cursor, key, n_key, &row));
	uint64_t n_left = n_rows;
	while (cursor->is_on_block && n_left >= cursor->block.n_rows - row) {
		if (tt_block_compare(&cursor->block, cursor->block.n_rows - 1, key, n_key) != 0) {
			return TT_OK;
		}
		n_left -= cursor->block.n_rows - row;
		row = 0;
		TT_TRY(tt_block_cursor_next(cursor));
	}
	*out_has_more = cursor->is_on_block && tt_block_compare(&cursor->block, row + n_left, key, n_key) == 0;
	return TT_OK;
}

tt_status tt_block_cursor_count(tt_block_cursor *cursor, const uint64_t *key, unsigned n_key, uint64_t *out_n_rows)
{
	size_t row = 0;
	*out_n_rows = 0;
	TT_TRY(n_key ? tt_block_cursor_find(cursor, key, n_key, &row) : tt_block_cursor_first(cursor));
	while (cursor->is_on_block) {
		const size_t n_rows = cursor->block.n_rows;
		if (n_key && tt_block_compare(&cursor->block, n_rows - 1, key, n_key) != 0) {
			*out_n_rows += tt_block_upper(&cursor->block, row, n_rows, key, n_key) - row;
			return TT_OK;
		}
		*out_n_rows += n_rows - row;
		row = 0;
		TT_TRY(tt_block_cursor_next(cursor));
	}
	return TT_OK;
}

/* ---- writing ------------------------------------------------------------------------------------ */

/* What is being written: the table, and the window of rows that are not in it yet. */
typedef struct {
	tt_ctx *ctx;
	tt_env *env;
	MDB_txn *txn;
	unsigned table;
	tt_row_order order;
	tt_row *rows;
	size_t n_rows;
	size_t capacity;
} window;

static tt_status put_block(const window *w, const tt_block_plan *plan, const tt_row *rows, unsigned flags)
{
	uint8_t bytes[KEY_SIZE];
	uint64_t columns[TT_BLOCK_COLUMNS];
	for (unsigned c = 0; c < TT_BLOCK_COLUMNS; ++c) {
		columns[c] = rows->word[w->order.word[c]];
	}
	make_key(columns, TT_BLOCK_COLUMNS, bytes);
	MDB_val key = {sizeof bytes, bytes};
	MDB_val value = {plan->n_bytes, NULL};
	/* The encoder writes whole words, so it needs a little room behind the last column: the checksum's. */
	TT_TRY(tt_env_fail(w->ctx, w->env, mdb_put(w->txn, w->env->tables[w->table], &key, &value, MDB_RESERVE | flags)));
	tt_block_encode(plan, rows, w->order, w->table + 1, value.mv_data);
	return TT_OK;
}

tt_status tt_table_append(tt_ctx *ctx, tt_env *env, MDB_txn *txn, unsigned table, const tt_row *rows, size_t n_rows)
{
	const window w = {.ctx = ctx, .env = env, .txn = txn, .table = table, .order = tt_table_order(table)};
	while (n_rows > 0) {
		tt_block_plan plan;
		tt_block_plan_rows(rows, n_rows, w.order, &plan);
		TT_TRY(put_block(&w, &plan, rows, MDB_APPEND));
		rows += plan.n_rows;
		n_rows -= plan.n_rows;
		TT_TRY(tt_ctx_poll(ctx));
	}
	return TT_OK;
}

/* Cut the window into blocks: evenly, or (at the end of the table) each as full as it gets. */
static tt_status flush_window(window *w, bool is_at_end)
{
	size_t n_blocks = 0;
	for (size_t at = 0; at < w->n_rows && !is_at_end; ++n_blocks) {
		tt_block_plan plan;
		tt_block_plan_rows(w->rows + at, w->n_rows - at, w->order, &plan);
		at += plan.n_rows;
	}
	const size_t n_even = is_at_end || n_blocks < 2 ? w->n_rows : (w->n_rows + n_blocks - 1) / n_blocks;
	for (size_t at = 0; at < w->n_rows;) {
		const size_t n_left = w->n_rows - at;
		tt_block_plan plan;
		tt_block_plan_rows(w->rows + at, n_left < n_even ? n_left : n_even, w->order, &plan);
		TT_TRY(put_block(w, &plan, w->rows + at, 0));
		at += plan.n_rows;
	}
	w->n_rows = 0;
	return TT_OK;
}

static bool is_small_window(const window *w)
{
	tt_block_plan plan;
	if (w->n_rows == 0) {
		return false;
	}
	tt_block_plan_rows(w->rows, w->n_rows, w->order, &plan);
	return plan.n_rows == w->n_rows && plan.n_bytes < SMALL_BLOCK;
}

static int compare_rows(const tt_row *a, const tt_row *b, tt_row_order order)
{
	for (unsigned c = 0; c < TT_BLOCK_COLUMNS; ++c) {
		const unsigned word = order.word[c];
		const uint64_t ignored = word == TT_GRAPH ? TT_ROW_IS_REMOVED : 0;
		const uint64_t x = a->word[word] & ~ignored;
		const uint64_t y = b->word[word] & ~ignored;
		if (x != y) {
			return x < y ? -1 : 1;
		}
	}
	return 0;
}

/* A block as rows, and the first row of the one behind it. */
typedef struct {
	tt_row rows[TT_BLOCK_MAX_ROWS];
	size_t n_rows;
	bool has_next;
	tt_row next;
} source;

static tt_status load_source(const window *w, tt_block_cursor *cursor, source *out_source)
{
	out_source->n_rows = cursor->is_on_block ? cursor->block.n_rows : 0;
	out_source->has_next = false;
	if (cursor->is_on_block) {
		tt_block_decode_rows(&cursor->block, w->order, out_source->rows);
		TT_TRY(tt_block_cursor_next(cursor));
		out_source->has_next = cursor->is_on_block;
	}
	for (unsigned c = 0; c < TT_BLOCK_COLUMNS && out_source->has_next; ++c) {
		out_source->next.word[w->order.word[c]] = tt_block_get(&cursor->block, c, 0);
	}
	return TT_OK;
}

static tt_status delete_block(const window *w, const tt_row *first)
{
	uint8_t bytes[KEY_SIZE];
	uint64_t columns[TT_BLOCK_COLUMNS];
	for (unsigned c = 0; c < TT_BLOCK_COLUMNS; ++c) {
		columns[c] = first->word[w->order.word[c]];
	}
	make_key(columns, TT_BLOCK_COLUMNS, bytes);
	MDB_val key = {sizeof bytes, bytes};
	return tt_env_fail(w->ctx, w->env, mdb_del(w->txn, w->env->tables[w->table], &key, NULL));
}

/* Merge sorted rows and changes into the window; changes without effect are dropped from @p changes. */
static tt_status merge_rows(window *w, const source *s, tt_row *changes, size_t n_changes, size_t *out_n_effective)
{
	size_t i = 0;
	size_t n_effective = 0;
	TT_TRY(tt_grow(w->ctx, (void **)&w->rows, &w->capacity, w->n_rows + s->n_rows + n_changes, sizeof *w->rows));
	tt_row *out = w->rows + w->n_rows;
	for (size_t j = 0; j < n_changes; ++j) {
		const tt_row change = changes[j];
		const bool is_removal = change.word[TT_GRAPH] & TT_ROW_IS_REMOVED;
		while (i < s->n_rows && compare_rows(&s->rows[i], &change, w->order) < 0) {
			*out++ = s->rows[i++];
		}
		const bool is_there = i < s->n_rows && compare_rows(&s->rows[i], &change, w->order) == 0;
		if (is_there == is_removal) {
			changes[n_effective++] = change;
			i += is_removal;
			if (!is_removal) {
				*out++ = change;
			}
		}
	}
	memcpy(out, s->rows + i, (s->n_rows - i) * sizeof *out);
	w->n_rows = (size_t)(out - w->rows) + (s->n_rows - i);
	*out_n_effective = n_effective;
	return TT_OK;
}

/* The first change that belongs to the next block. */
static size_t changes_before(const tt_row *changes, size_t n_changes, const tt_row *next, tt_row_order order)
{
	size_t low = 0;
	while (low < n_changes) {
		const size_t half = low + (n_changes - low) / 2;
		if (compare_rows(&changes[half], next, order) < 0) {
			low = half + 1;
		} else {
			n_changes = half;
		}
	}
	return low;
}

static tt_status find_source(const window *w, tt_block_cursor *cursor, const tt_row *row, source *out_source)
{
	uint64_t key[TT_BLOCK_COLUMNS];
	for (unsigned c = 0; c < TT_BLOCK_COLUMNS; ++c) {
		const unsigned word = w->order.word[c];
		key[c] = row->word[word] & ~(word == TT_GRAPH ? TT_ROW_IS_REMOVED : 0);
	}
	TT_TRY(tt_block_cursor_seek(cursor, key, TT_BLOCK_COLUMNS));
	return load_source(w, cursor, out_source);
}

/* Merge the changes of one block, and of those behind it while little remains; *io_at goes on. */
static tt_status merge_group(window *w, tt_block_cursor *cursor, source *s, tt_row *changes, size_t n_changes,
                             size_t *io_at, size_t *io_n_kept)
{
	TT_TRY(find_source(w, cursor, &changes[*io_at], s));
	for (;;) {
		const size_t n_left = n_changes - *io_at;
		const size_t n = s->has_next ? changes_before(changes + *io_at, n_left, &s->next, w->order) : n_left;
		size_t n_effective = 0;
		TT_TRY(merge_rows(w, s, changes + *io_at, n, &n_effective));
		memmove(changes + *io_n_kept, changes + *io_at, n_effective * sizeof *changes);
		*io_at += n;
		*io_n_kept += n_effective;
		if (n_effective == 0 && w->n_rows == s->n_rows) {
			w->n_rows = 0; /* nothing but an untouched block */
			return TT_OK;
		}
		if (s->n_rows) {
			TT_TRY(delete_block(w, &s->rows[0]));
		}
		if (!s->has_next || !is_small_window(w)) {
			return flush_window(w, !s->has_next);
		}
		const tt_row next = s->next;
		TT_TRY(find_source(w, cursor, &next, s));
	}
}

tt_status tt_table_merge(tt_ctx *ctx, tt_env *env, MDB_txn *txn, unsigned table, tt_row *changes, size_t *io_n_changes)
{
	window w = {.ctx = ctx, .env = env, .txn = txn, .table = table, .order = tt_table_order(table)};
	const size_t n_changes = *io_n_changes;
	size_t at = 0;
	size_t n_kept = 0;
	tt_block_cursor cursor;
	source *const s = tt_alloc(ctx, sizeof *s);
	if (!s) {
		return ctx->error.status;
	}
	tt_status status = tt_block_cursor_open(&cursor, ctx, env, txn, table, NULL);
	cursor.is_writing = true;
	while (status == TT_OK && at < n_changes) {
		const size_t n_before = at;
		status = merge_group(&w, &cursor, s, changes, n_changes, &at, &n_kept);
		if (status == TT_OK && at == n_before) {
			status = tt_env_corrupt(ctx, env, "the table %s has blocks out of order", tt_table_name(table));
		}
		status = status == TT_OK ? tt_ctx_poll(ctx) : status;
	}
	tt_block_cursor_close(&cursor);
	tt_free(ctx, w.rows);
	tt_free(ctx, s);
	*io_n_changes = n_kept;
	return status;
}
