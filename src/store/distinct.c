/* distinct.c - what is distinct is a group of rows that begin alike.
 *
 * After a merge, a group that only gained n rows existed before if it has more than n rows now, a group that lost some
 * existed before, and it exists now if it has any row. So each touched group costs one or two probes, which ascend.
 */
#include "store/distinct.h"

static uint64_t column_of(const tt_row *row, unsigned word)
{
	return word == TT_GRAPH ? row->word[word] & ~TT_ROW_IS_REMOVED : row->word[word];
}

static bool belongs(const tt_row_group *group, const tt_row *row, tt_row_order order, unsigned n_key)
{
	for (unsigned c = 0; c < n_key; ++c) {
		if (column_of(row, order.word[c]) != group->key[c]) {
			return false;
		}
	}
	return true;
}

static void open_group(tt_row_group *group, const tt_row *row, tt_row_order order, unsigned n_key)
{
	*group = (tt_row_group){.is_open = true};
	for (unsigned c = 0; c < n_key; ++c) {
		group->key[c] = column_of(row, order.word[c]);
	}
}

static void add_row(tt_row_group *group, const tt_row *row)
{
	const bool is_removed = row->word[TT_GRAPH] & TT_ROW_IS_REMOVED;
	group->n_removed += is_removed;
	group->n_added += !is_removed;
}

size_t tt_row_group_take(const tt_row *rows, size_t n_rows, size_t at, tt_row_order order, unsigned n_key,
                         tt_row_group *out_group)
{
	open_group(out_group, &rows[at], order, n_key);
	for (; at < n_rows && belongs(out_group, &rows[at], order, n_key); ++at) {
		add_row(out_group, &rows[at]);
	}
	return at;
}

static tt_status close_group(tt_distinct *d, tt_block_cursor *cursor, tt_group_fn visit, void *user)
{
	tt_row_group *const group = &d->group;
	bool is_there = true;
	bool was_there = !d->is_fresh;
	group->is_open = false;
	if (!d->is_fresh && group->n_removed) {
		TT_TRY(tt_block_cursor_has_more_than(cursor, group->key, d->n_key, 0, &is_there));
	} else if (!d->is_fresh) {
		TT_TRY(tt_block_cursor_has_more_than(cursor, group->key, d->n_key, group->n_added, &was_there));
	}
	visit(user, group, (int64_t)is_there - (int64_t)was_there);
	return TT_OK;
}

tt_status tt_distinct_add(tt_distinct *d, const tt_row *rows, size_t n_rows, tt_group_fn visit, void *user)
{
	const tt_row_order order = tt_table_order(d->table);
	tt_block_cursor cursor;
	TT_TRY(tt_block_cursor_open(&cursor, d->ctx, d->env, d->txn, d->table, NULL));
	tt_status status = TT_OK;
	for (size_t i = 0; i < n_rows && status == TT_OK; ++i) {
		if (d->group.is_open && !belongs(&d->group, &rows[i], order, d->n_key)) {
			status = close_group(d, &cursor, visit, user);
		}
		if (!d->group.is_open) {
			open_group(&d->group, &rows[i], order, d->n_key);
		}
		add_row(&d->group, &rows[i]);
	}
	tt_block_cursor_close(&cursor);
	return status;
}

tt_status tt_distinct_finish(tt_distinct *d, tt_group_fn visit, void *user)
{
	if (!d->group.is_open) {
		return TT_OK;
	}
	tt_block_cursor cursor;
	TT_TRY(tt_block_cursor_open(&cursor, d->ctx, d->env, d->txn, d->table, NULL));
	const tt_status status = close_group(d, &cursor, visit, user);
	tt_block_cursor_close(&cursor);
	return status;
}
