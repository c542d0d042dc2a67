/* apply.c - bring changes into the permutations, and count.
 *
 * The changes are sorted as S P O G (the last change of a quad counts) and merged into SPO, which
 * tells which have an effect. Those go through the other permutations; each order is the one before,
 * stably sorted by one more column:
 *
 *     SPO ─O→ OSP ─P→ POS ─O→ OPS ─S→ SOP ─P→ PSO      and by G: GSPO, GOSP, GPOS
 *
 * Statistics: what is distinct is a group of rows that begin alike. After a merge, a group that only
 * gained n rows existed before if it has more than n rows now, a group that lost some existed before,
 * and it exists now if it has any row. So each touched group costs one or two probes, which ascend.
 */
#include "store/apply.h"

#include <stddef.h>

enum { N_CHAIN = 6 };

typedef struct {
	tt_id predicate;
	int64_t n_quads, n_subjects, n_objects;
} predicate_change;

/* The rows with an effect, in one order after the other. */
typedef struct {
	tt_ctx *ctx;
	tt_env *env;
	MDB_txn *mdb;
	tt_state *state;
	tt_changes *changes;
	tt_row *rows;
	tt_row *scratch;
	tt_row *named; /* room for the rows of named graphs */
	size_t n_rows;
	size_t n_named;
	bool is_fresh;                /* the store was empty */
	predicate_change *predicates; /* those that the rows touch, ascending */
	size_t n_predicates;
} flush;

/* ---- sorting ------------------------------------------------------------------------------------ */

static bool is_removed(const tt_row *row)
{
	return row->word[TT_GRAPH] & TT_ROW_IS_REMOVED;
}

static tt_id graph_of(const tt_row *row)
{
	return row->word[TT_GRAPH] & ~TT_ROW_IS_REMOVED;
}

static bool is_same_quad(const tt_row *a, const tt_row *b)
{
	return a->word[0] == b->word[0] && a->word[1] == b->word[1] && a->word[2] == b->word[2] &&
	       graph_of(a) == graph_of(b);
}

static void sort_by(tt_row **rows, tt_row **scratch, size_t n_rows, tt_column column)
{
	const tt_sort_key key = {(unsigned)column, column == TT_GRAPH ? ~TT_ROW_IS_REMOVED : UINT64_MAX};
	tt_sort_rows(rows, scratch, n_rows, &key, 1);
}

/* Sort changes as S P O G and keep the last one of each quad. */
static size_t sort_changes(tt_row **rows, tt_row **scratch, size_t n_rows)
{
	static const tt_sort_key keys[] = {
	    {TT_SUBJECT, UINT64_MAX}, {TT_PREDICATE, UINT64_MAX}, {TT_OBJECT, UINT64_MAX}, {TT_GRAPH, ~TT_ROW_IS_REMOVED}};
	tt_sort_rows(rows, scratch, n_rows, keys, sizeof keys / sizeof *keys);
	tt_row *const sorted = *rows;
	size_t n = 0;
	for (size_t i = 0; i < n_rows; ++i) {
		n -= n > 0 && is_same_quad(&sorted[n - 1], &sorted[i]);
		sorted[n++] = sorted[i];
	}
	return n;
}

/* ---- statistics --------------------------------------------------------------------------------- */

/* A group of rows that agree in their first columns. */
typedef struct {
	size_t first, end;
	uint64_t n_added, n_removed;
	uint64_t key[4];
} row_group;

static void next_group(const tt_row *rows, size_t n_rows, tt_row_order order, unsigned n_key, row_group *group)
{
	group->first = group->end;
	group->n_added = 0;
	group->n_removed = 0;
	for (unsigned c = 0; c < n_key; ++c) {
		const unsigned word = order.word[c];
		group->key[c] = word == TT_GRAPH ? graph_of(&rows[group->first]) : rows[group->first].word[word];
	}
	for (; group->end < n_rows; ++group->end) {
		const tt_row *const row = &rows[group->end];
		for (unsigned c = 0; c < n_key; ++c) {
			const unsigned word = order.word[c];
			if ((word == TT_GRAPH ? graph_of(row) : row->word[word]) != group->key[c]) {
				return;
			}
		}
		group->n_removed += is_removed(row);
		group->n_added += !is_removed(row);
	}
}

/* By how much the table has more groups (+1), the same (0) or fewer (−1) because of this one. */
static tt_status group_difference(tt_block_cursor *cursor, const row_group *group, unsigned n_key, int64_t *out)
{
	bool is_there = true;
	bool was_there = true;
	if (group->n_removed) {
		TT_TRY(tt_block_cursor_has_more_than(cursor, group->key, n_key, 0, &is_there));
	} else {
		TT_TRY(tt_block_cursor_has_more_than(cursor, group->key, n_key, group->n_added, &was_there));
	}
	*out = (int64_t)is_there - (int64_t)was_there;
	return TT_OK;
}

/* Count how the number of distinct groups has changed in a permutation that was just merged.
 * @param out_total May be NULL.
 * @param field Of predicate_change, to be changed for the predicate of each group; SIZE_MAX: none. The
 *              permutation then has the predicate first. */
static tt_status count_groups(flush *f, tt_perm perm, unsigned n_key, uint64_t *out_total, size_t field)
{
	const tt_row_order order = tt_table_order((unsigned)perm);
	tt_block_cursor cursor;
	row_group group = {.end = 0};
	size_t p = 0;
	TT_TRY(tt_block_cursor_open(&cursor, f->ctx, f->env, f->mdb, (unsigned)perm, NULL));
	tt_status status = TT_OK;
	while (status == TT_OK && group.end < f->n_rows) {
		int64_t difference = 1;
		next_group(f->rows, f->n_rows, order, n_key, &group);
		status = f->is_fresh ? TT_OK : group_difference(&cursor, &group, n_key, &difference);
		if (out_total) {
			*out_total += (uint64_t)difference;
		}
		if (field != SIZE_MAX) {
			while (f->predicates[p].predicate != group.key[0]) {
				++p;
			}
			*(int64_t *)(void *)((char *)&f->predicates[p] + field) += difference;
		}
	}
	tt_block_cursor_close(&cursor);
	return status;
}

/* List the predicates of the rows, which are in the order POS or PSO. */
static tt_status list_predicates(flush *f)
{
	const tt_row_order order = tt_table_order(TT_POS);
	row_group group = {.end = 0};
	size_t capacity = 0;
	while (group.end < f->n_rows) {
		next_group(f->rows, f->n_rows, order, 1, &group);
		TT_TRY(tt_grow(f->ctx, (void **)&f->predicates, &capacity, f->n_predicates + 1, sizeof *f->predicates));
		f->predicates[f->n_predicates++] = (predicate_change){
		    .predicate = group.key[0], .n_quads = (int64_t)group.n_added - (int64_t)group.n_removed};
	}
	return TT_OK;
}

/* Write a record of numbers under an id, or delete it if the first number is 0. */
static tt_status put_numbers(flush *f, unsigned table, tt_id id, const uint64_t *numbers, size_t n_numbers)
{
	uint8_t key[8];
	tt_key_from_u64(id, key);
	if (numbers[0]) {
		return tt_env_put_sealed(f->ctx, f->env, f->mdb, table, (tt_view){(const char *)key, sizeof key},
		                         (tt_view){(const char *)numbers, n_numbers * sizeof *numbers});
	}
	MDB_val k = {sizeof key, key};
	const int rc = mdb_del(f->mdb, f->env->tables[table], &k, NULL);
	return rc == MDB_NOTFOUND ? TT_OK : tt_env_fail(f->ctx, f->env, rc);
}

static tt_status update_predicates(flush *f)
{
	for (size_t i = 0; i < f->n_predicates; ++i) {
		const predicate_change *const change = &f->predicates[i];
		tt_predicate_record record;
		TT_TRY(tt_native_get_predicate(f->ctx, f->env, f->mdb, change->predicate, &record));
		const bool was_there = record.n_quads;
		record.n_quads += (uint64_t)change->n_quads;
		record.n_subjects += (uint64_t)change->n_subjects;
		record.n_objects += (uint64_t)change->n_objects;
		f->state->n_predicates += (uint64_t)((int)(record.n_quads != 0) - (int)was_there);
		const uint64_t numbers[] = {record.n_quads, record.n_subjects, record.n_objects};
		TT_TRY(put_numbers(f, TT_TABLE_PREDICATES, change->predicate, numbers, 3));
	}
	return TT_OK;
}

/* Update the sizes of the graphs; the rows of named graphs are in the order GSPO. */
static tt_status update_graphs(flush *f)
{
	const tt_row_order order = tt_table_order(TT_GSPO);
	row_group group = {.end = 0};
	while (group.end < f->n_named) {
		uint64_t n_quads = 0;
		next_group(f->named, f->n_named, order, 1, &group);
		TT_TRY(tt_native_get_graph(f->ctx, f->env, f->mdb, group.key[0], &n_quads));
		const bool was_there = n_quads;
		n_quads += group.n_added - group.n_removed;
		f->state->n_named_graphs += (uint64_t)((int)(n_quads != 0) - (int)was_there);
		TT_TRY(put_numbers(f, TT_TABLE_GRAPHS, group.key[0], &n_quads, 1));
	}
	return TT_OK;
}

/* ---- permutations ------------------------------------------------------------------------------- */

/* Bring changes into a permutation; all of them must have an effect, since they had one in SPO. */
static tt_status apply_all(flush *f, tt_perm perm, tt_row *rows, size_t n_rows, bool is_empty)
{
	if (is_empty) {
		return tt_table_append(f->ctx, f->env, f->mdb, (unsigned)perm, rows, n_rows);
	}
	size_t n_effective = n_rows;
	TT_TRY(tt_table_merge(f->ctx, f->env, f->mdb, (unsigned)perm, rows, &n_effective));
	if (n_effective != n_rows) {
		return tt_env_corrupt(f->ctx, f->env, "the permutations SPO and %s do not hold the same quads",
		                      tt_perm_name(perm));
	}
	return TT_OK;
}

/* The graph-first sibling of an order: its rows of named graphs, stably sorted by graph. */
static tt_status apply_named(flush *f, tt_perm perm)
{
	if (f->n_named == 0) {
		return TT_OK;
	}
	size_t n = 0;
	for (size_t i = 0; i < f->n_rows; ++i) {
		f->named[n] = f->rows[i];
		n += graph_of(&f->rows[i]) != TT_DEFAULT_GRAPH;
	}
	sort_by(&f->named, &f->scratch, n, TT_GRAPH);
	TT_TRY(apply_all(f, perm, f->named, n, f->is_fresh));
	return perm == TT_GSPO ? update_graphs(f) : TT_OK;
}

static tt_status after_spo(flush *f)
{
	tt_state *const state = f->state;
	TT_TRY(count_groups(f, TT_SPO, 3, &state->n_triples, SIZE_MAX));
	TT_TRY(count_groups(f, TT_SPO, 1, &state->n_subjects, SIZE_MAX));
	return apply_named(f, TT_GSPO);
}

static tt_status after_osp(flush *f)
{
	TT_TRY(count_groups(f, TT_OSP, 1, &f->state->n_objects, SIZE_MAX));
	return apply_named(f, TT_GOSP);
}

static tt_status after_pos(flush *f)
{
	TT_TRY(list_predicates(f));
	TT_TRY(count_groups(f, TT_POS, 2, NULL, offsetof(predicate_change, n_objects)));
	return apply_named(f, TT_GPOS);
}

static tt_status after_pso(flush *f)
{
	TT_TRY(count_groups(f, TT_PSO, 2, NULL, offsetof(predicate_change, n_subjects)));
	return update_predicates(f);
}

/* Take the rows with an effect (in the order SPO, and in that permutation already) through the rest. */
static tt_status apply_chain(flush *f)
{
	static const struct {
		tt_perm perm;
		tt_column by; /* what to sort the order before by */
		tt_status (*after)(flush *f);
	} chain[N_CHAIN] = {{TT_SPO, TT_SUBJECT, after_spo},   {TT_OSP, TT_OBJECT, after_osp},
	                    {TT_POS, TT_PREDICATE, after_pos}, {TT_OPS, TT_OBJECT, NULL},
	                    {TT_SOP, TT_SUBJECT, NULL},        {TT_PSO, TT_PREDICATE, after_pso}};
	for (size_t i = 0; i < N_CHAIN; ++i) {
		if (i > 0) {
			sort_by(&f->rows, &f->scratch, f->n_rows, chain[i].by);
			TT_TRY(apply_all(f, chain[i].perm, f->rows, f->n_rows, f->is_fresh));
		}
		TT_TRY(chain[i].after ? chain[i].after(f) : TT_OK);
	}
	return TT_OK;
}

static void count_changes(flush *f)
{
	for (size_t i = 0; i < f->n_rows; ++i) {
		const uint64_t step = is_removed(&f->rows[i]) ? UINT64_MAX : 1;
		const bool is_default = graph_of(&f->rows[i]) == TT_DEFAULT_GRAPH;
		f->state->n_quads += step;
		f->state->n_default_quads += is_default ? step : 0;
		f->changes->n_added += step == 1;
		f->changes->n_removed += step != 1;
		f->n_named += !is_default;
	}
}

/* In an empty store there is nothing to remove. */
static size_t drop_removals(tt_row *rows, size_t n_rows)
{
	size_t n = 0;
	for (size_t i = 0; i < n_rows; ++i) {
		rows[n] = rows[i];
		n += !is_removed(&rows[i]);
	}
	return n;
}

static tt_status apply_rows(flush *f)
{
	if (f->is_fresh) {
		f->n_rows = drop_removals(f->rows, f->n_rows);
		TT_TRY(tt_table_append(f->ctx, f->env, f->mdb, TT_SPO, f->rows, f->n_rows));
	} else {
		TT_TRY(tt_table_merge(f->ctx, f->env, f->mdb, TT_SPO, f->rows, &f->n_rows));
	}
	if (f->n_rows == 0) {
		return TT_OK;
	}
	count_changes(f);
	if (f->n_named) {
		/* As large as the others, because sorting may exchange them. */
		f->named = tt_calloc(f->ctx, f->n_rows + 1, sizeof *f->named);
		if (!f->named) {
			return f->ctx->error.status;
		}
	}
	return apply_chain(f);
}

tt_status tt_changes_sort(tt_ctx *ctx, tt_changes *changes)
{
	tt_row *scratch = tt_calloc(ctx, changes->n_rows + 1, sizeof *scratch);
	if (!scratch) {
		return ctx->error.status;
	}
	changes->n_rows = sort_changes(&changes->rows, &scratch, changes->n_rows);
	tt_free(ctx, scratch);
	return TT_OK;
}

tt_status tt_apply_changes(tt_ctx *ctx, tt_env *env, MDB_txn *txn, tt_state *state, tt_changes *changes)
{
	flush f = {.ctx = ctx,
	           .env = env,
	           .mdb = txn,
	           .state = state,
	           .changes = changes,
	           .rows = changes->rows,
	           .is_fresh = state->n_quads == 0};
	f.scratch = tt_calloc(ctx, changes->n_rows + 1, sizeof *f.scratch);
	tt_status status = f.scratch ? TT_OK : ctx->error.status;
	if (status == TT_OK) {
		f.n_rows = sort_changes(&f.rows, &f.scratch, changes->n_rows);
		status = apply_rows(&f);
		changes->rows = f.rows;
		changes->n_rows = f.n_rows;
	}
	tt_free(ctx, f.scratch);
	tt_free(ctx, f.named);
	tt_free(ctx, f.predicates);
	return status;
}
