/* apply.c - bring changes into the permutations, and count.
 *
 * The changes are sorted as S P O G (the last change of a quad counts) and merged into SPO, which
 * tells which have an effect. Those go through the other permutations; each order is the one before,
 * stably sorted by one more column:
 *
 *     SPO ─O→ OSP ─P→ POS ─O→ OPS ─S→ SOP ─P→ PSO      and by G: GSPO, GOSP, GPOS
 *
 * More changes than memory may hold come from a log (rowlog.h) and go the same way in portions:
 *
 *     log ─ portions, sorted → runs ─ merged → portions in the order SPO, brought into it
 *                                                 └─ each sorted along the chain → runs for each order
 *     runs of an order ─ merged → portions, brought into the permutation
 *
 * Statistics (distinct.h) are counted behind each portion, for groups that may reach into the next one.
 */
#include "store/apply.h"

#include <stddef.h>

#include "store/distinct.h"

enum { N_COUNTED = 5, LEAST_PORTION = 256 };

typedef struct {
	tt_id predicate;
	int64_t n_quads, n_subjects, n_objects;
} predicate_change;

/** What is distinct: a number of the whole store, or of each predicate (in permutations with the predicate first). */
static const struct counted {
	tt_perm perm;
	unsigned n_key;
	size_t in_state;     /* offset in tt_state, or SIZE_MAX */
	size_t in_predicate; /* offset in predicate_change, or SIZE_MAX */
} counted[N_COUNTED] = {{TT_SPO, 3, offsetof(tt_state, n_triples), SIZE_MAX},
                        {TT_SPO, 1, offsetof(tt_state, n_subjects), SIZE_MAX},
                        {TT_OSP, 1, offsetof(tt_state, n_objects), SIZE_MAX},
                        {TT_POS, 2, SIZE_MAX, offsetof(predicate_change, n_objects)},
                        {TT_PSO, 2, SIZE_MAX, offsetof(predicate_change, n_subjects)}};

/** The orders as they come from each other. */
static const struct step {
	tt_perm perm;
	tt_column by;  /* what to sort the order before by */
	tt_perm named; /* its graph-first sibling, or TT_N_PERMS */
} chain[] = {{TT_SPO, TT_SUBJECT, TT_GSPO},   {TT_OSP, TT_OBJECT, TT_GOSP},     {TT_POS, TT_PREDICATE, TT_GPOS},
             {TT_OPS, TT_OBJECT, TT_N_PERMS}, {TT_SOP, TT_SUBJECT, TT_N_PERMS}, {TT_PSO, TT_PREDICATE, TT_N_PERMS}};
enum { N_CHAIN = sizeof chain / sizeof *chain };

/* The rows with an effect, in one order after the other. */
typedef struct {
	tt_ctx *ctx;
	tt_env *env;
	MDB_txn *mdb;
	tt_state *state;
	uint64_t n_added, n_removed;
	tt_row *rows;
	tt_row *scratch;
	tt_row *named; /* room for the rows of named graphs */
	size_t capacity;
	size_t n_rows;
	size_t n_named;
	bool is_fresh; /* the store was empty */
	tt_runs *runs; /* of each permutation; NULL: the portion is all there is */
	tt_distinct distinct[N_COUNTED];
	predicate_change *predicates; /* those that the rows touch, ascending */
	size_t n_predicates;
	size_t n_predicates_capacity;
	size_t at_predicate; /* where counting by predicate is */
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

typedef struct {
	flush *f;
	const struct counted *what;
} count_place;

static void count_group(void *user, const tt_row_group *group, int64_t difference)
{
	const count_place *const place = user;
	flush *const f = place->f;
	if (place->what->in_state != SIZE_MAX) {
		*(uint64_t *)(void *)((char *)f->state + place->what->in_state) += (uint64_t)difference;
	}
	if (place->what->in_predicate != SIZE_MAX) {
		while (f->predicates[f->at_predicate].predicate != group->key[0]) {
			f->at_predicate++;
		}
		*(int64_t *)(void *)((char *)&f->predicates[f->at_predicate] + place->what->in_predicate) += difference;
	}
}

static void begin_counting(flush *f)
{
	for (size_t i = 0; i < N_COUNTED; ++i) {
		f->distinct[i] = (tt_distinct){.ctx = f->ctx,
		                               .env = f->env,
		                               .txn = f->mdb,
		                               .table = (unsigned)counted[i].perm,
		                               .n_key = counted[i].n_key,
		                               .is_fresh = f->is_fresh};
	}
}

/* List the predicates of rows, which are in the order POS. */
static tt_status list_predicates(flush *f, const tt_row *rows, size_t n_rows)
{
	for (size_t at = 0; at < n_rows;) {
		tt_row_group group;
		at = tt_row_group_take(rows, n_rows, at, tt_table_order(TT_POS), 1, &group);
		if (!f->n_predicates || f->predicates[f->n_predicates - 1].predicate != group.key[0]) {
			TT_TRY(tt_grow(f->ctx, (void **)&f->predicates, &f->n_predicates_capacity, f->n_predicates + 1,
			               sizeof *f->predicates));
			f->predicates[f->n_predicates++] = (predicate_change){.predicate = group.key[0]};
		}
		f->predicates[f->n_predicates - 1].n_quads += (int64_t)group.n_added - (int64_t)group.n_removed;
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

/* Update the sizes of the graphs by rows in the order GSPO. */
static tt_status update_graphs(flush *f, const tt_row *rows, size_t n_rows)
{
	for (size_t at = 0; at < n_rows;) {
		uint64_t n_quads = 0;
		tt_row_group group;
		at = tt_row_group_take(rows, n_rows, at, tt_table_order(TT_GSPO), 1, &group);
		TT_TRY(tt_native_get_graph(f->ctx, f->env, f->mdb, group.key[0], &n_quads));
		const bool was_there = n_quads;
		n_quads += group.n_added - group.n_removed;
		f->state->n_named_graphs += (uint64_t)((int)(n_quads != 0) - (int)was_there);
		TT_TRY(put_numbers(f, TT_TABLE_GRAPHS, group.key[0], &n_quads, 1));
	}
	return TT_OK;
}

/* Count what rows have changed that were just brought into a permutation. */
static tt_status count(flush *f, tt_perm perm, const tt_row *rows, size_t n_rows)
{
	if (perm == TT_POS) {
		TT_TRY(list_predicates(f, rows, n_rows));
	}
	for (size_t i = 0; i < N_COUNTED; ++i) {
		if (counted[i].perm == perm) {
			count_place place = {f, &counted[i]};
			TT_TRY(tt_distinct_add(&f->distinct[i], rows, n_rows, count_group, &place));
		}
	}
	return perm == TT_GSPO ? update_graphs(f, rows, n_rows) : TT_OK;
}

/* All rows have been brought into a permutation. */
static tt_status finish_counting(flush *f, tt_perm perm)
{
	for (size_t i = 0; i < N_COUNTED; ++i) {
		if (counted[i].perm == perm) {
			count_place place = {f, &counted[i]};
			TT_TRY(tt_distinct_finish(&f->distinct[i], count_group, &place));
		}
	}
	f->at_predicate = 0;
	return TT_OK;
}

/* ---- permutations ------------------------------------------------------------------------------- */

/* Bring changes into a permutation; all of them must have an effect, since they had one in SPO. */
static tt_status put(flush *f, tt_perm perm, tt_row *rows, size_t n_rows)
{
	if (f->is_fresh) {
		TT_TRY(tt_table_append(f->ctx, f->env, f->mdb, (unsigned)perm, rows, n_rows));
	} else {
		size_t n_effective = n_rows;
		TT_TRY(tt_table_merge(f->ctx, f->env, f->mdb, (unsigned)perm, rows, &n_effective));
		if (n_effective != n_rows) {
			return tt_env_corrupt(f->ctx, f->env, "the permutations SPO and %s do not hold the same quads",
			                      tt_perm_name(perm));
		}
	}
	return count(f, perm, rows, n_rows);
}

/* Rows in the order of a permutation: all of them, or a portion that is to wait for the others. */
static tt_status deliver(flush *f, tt_perm perm, tt_row *rows, size_t n_rows)
{
	if (f->runs) {
		return tt_runs_add(&f->runs[perm], rows, n_rows);
	}
	TT_TRY(put(f, perm, rows, n_rows));
	return finish_counting(f, perm);
}

/* The graph-first sibling of an order: its rows of named graphs, stably sorted by graph. */
static tt_status deliver_named(flush *f, tt_perm perm)
{
	if (perm == TT_N_PERMS || f->n_named == 0) {
		return TT_OK;
	}
	size_t n = 0;
	for (size_t i = 0; i < f->n_rows; ++i) {
		f->named[n] = f->rows[i];
		n += graph_of(&f->rows[i]) != TT_DEFAULT_GRAPH;
	}
	sort_by(&f->named, &f->scratch, n, TT_GRAPH);
	return deliver(f, perm, f->named, n);
}

/* Take the rows with an effect (in the order SPO, and in that permutation already) through the rest. */
static tt_status go_through_chain(flush *f)
{
	for (size_t i = 0; i < N_CHAIN; ++i) {
		if (i > 0) {
			sort_by(&f->rows, &f->scratch, f->n_rows, chain[i].by);
			TT_TRY(deliver(f, chain[i].perm, f->rows, f->n_rows));
		}
		TT_TRY(deliver_named(f, chain[i].named));
	}
	return TT_OK;
}

static void count_changes(flush *f)
{
	f->n_named = 0;
	for (size_t i = 0; i < f->n_rows; ++i) {
		const uint64_t step = is_removed(&f->rows[i]) ? UINT64_MAX : 1;
		const bool is_default = graph_of(&f->rows[i]) == TT_DEFAULT_GRAPH;
		f->state->n_quads += step;
		f->state->n_default_quads += is_default ? step : 0;
		f->n_added += step == 1;
		f->n_removed += step != 1;
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

/* Bring a portion of the changes, sorted as S P O G, into SPO; those with an effect go through the chain. */
static tt_status apply_portion(flush *f)
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
	TT_TRY(count(f, TT_SPO, f->rows, f->n_rows));
	if (f->n_named && !f->named) {
		/* As large as the others, because sorting may exchange them. */
		f->named = tt_calloc(f->ctx, f->capacity + 1, sizeof *f->named);
		if (!f->named) {
			return f->ctx->error.status;
		}
	}
	return go_through_chain(f);
}

static void clear(flush *f)
{
	tt_free(f->ctx, f->scratch);
	tt_free(f->ctx, f->named);
	tt_free(f->ctx, f->predicates);
}

/* ---- changes in memory -------------------------------------------------------------------------- */

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
	           .rows = changes->rows,
	           .capacity = changes->n_rows,
	           .is_fresh = state->n_quads == 0};
	f.scratch = tt_calloc(ctx, changes->n_rows + 1, sizeof *f.scratch);
	tt_status status = f.scratch ? TT_OK : ctx->error.status;
	if (status == TT_OK) {
		begin_counting(&f);
		f.n_rows = sort_changes(&f.rows, &f.scratch, changes->n_rows);
		status = apply_portion(&f);
		status = status ? status : finish_counting(&f, TT_SPO);
		status = status ? status : update_predicates(&f);
		changes->rows = f.rows;
		changes->n_rows = f.n_rows;
		changes->n_added += f.n_added;
		changes->n_removed += f.n_removed;
	}
	clear(&f);
	return status;
}

/* ---- changes of a log --------------------------------------------------------------------------- */

static size_t portion_size(const tt_row_log *log)
{
	return log->n_limit < LEAST_PORTION ? LEAST_PORTION : log->n_limit;
}

static tt_status make_runs(const tt_row_log *log, size_t first, tt_runs *runs, tt_row **rows, tt_row **scratch)
{
	const size_t n_all = tt_row_log_size(log);
	while (first < n_all) {
		const size_t n = n_all - first < portion_size(log) ? n_all - first : portion_size(log);
		TT_TRY(tt_ctx_poll(runs->ctx));
		TT_TRY(tt_row_log_read(log, first, n, *rows));
		const size_t n_kept = sort_changes(rows, scratch, n); /* which may exchange them */
		TT_TRY(tt_runs_add(runs, *rows, n_kept));
		first += n;
	}
	return TT_OK;
}

tt_status tt_changes_sort_log(tt_ctx *ctx, tt_row_log *log, size_t first, tt_runs *out_runs)
{
	tt_runs_init(out_runs, ctx, log->directory, tt_table_order(TT_SPO));
	TT_TRY(tt_row_log_spill(log));
	tt_row *rows = tt_calloc(ctx, portion_size(log), sizeof *rows);
	tt_row *scratch = tt_calloc(ctx, portion_size(log), sizeof *scratch);
	const tt_status status = rows && scratch ? make_runs(log, first, out_runs, &rows, &scratch) : ctx->error.status;
	tt_free(ctx, rows);
	tt_free(ctx, scratch);
	return status;
}

/* Merge the runs of the changes into SPO, portion by portion, and make those of the other permutations. */
static tt_status merge_into_spo(flush *f, const tt_runs *runs)
{
	tt_run_merge merge;
	TT_TRY(tt_run_merge_open(&merge, runs));
	tt_status status = TT_OK;
	do {
		TT_TRY_DONE(tt_ctx_poll(f->ctx));
		TT_TRY_DONE(tt_run_merge_next(&merge, f->rows, f->capacity, &f->n_rows));
		if (f->n_rows == 0) {
			break;
		}
		TT_TRY_DONE(apply_portion(f));
	} while (true);
	status = finish_counting(f, TT_SPO);
done:
	tt_run_merge_close(&merge);
	return status;
}

static tt_status merge_into(flush *f, tt_perm perm)
{
	tt_run_merge merge;
	size_t n = 0;
	TT_TRY(tt_run_merge_open(&merge, &f->runs[perm]));
	tt_status status = TT_OK;
	do {
		TT_TRY_DONE(tt_ctx_poll(f->ctx));
		TT_TRY_DONE(tt_run_merge_next(&merge, f->rows, f->capacity, &n));
		TT_TRY_DONE(put(f, perm, f->rows, n));
	} while (n);
	status = finish_counting(f, perm);
done:
	tt_run_merge_close(&merge);
	return status;
}

/* Each permutation but SPO; the predicates are listed in POS, before they are counted in PSO. */
static tt_status merge_into_others(flush *f)
{
	for (size_t i = 0; i < N_CHAIN; ++i) {
		const tt_perm perms[] = {chain[i].perm, chain[i].named};
		for (size_t k = i == 0; k < 2 && perms[k] != TT_N_PERMS; ++k) {
			TT_TRY(merge_into(f, perms[k]));
			tt_runs_clear(&f->runs[perms[k]]);
		}
	}
	return update_predicates(f);
}

tt_status tt_apply_log(tt_ctx *ctx, tt_env *env, MDB_txn *txn, tt_state *state, tt_row_log *log, size_t first,
                       uint64_t *io_n_added, uint64_t *io_n_removed)
{
	tt_runs changes;
	tt_runs runs[TT_N_PERMS];
	flush f = {.ctx = ctx,
	           .env = env,
	           .mdb = txn,
	           .state = state,
	           .capacity = portion_size(log),
	           .is_fresh = state->n_quads == 0,
	           .runs = runs};
	for (unsigned p = 0; p < TT_N_PERMS; ++p) {
		tt_runs_init(&runs[p], ctx, log->directory, tt_table_order(p));
	}
	tt_status status = tt_changes_sort_log(ctx, log, first, &changes);
	TT_TRY_DONE(status);
	f.rows = tt_calloc(ctx, f.capacity + 1, sizeof *f.rows);
	f.scratch = tt_calloc(ctx, f.capacity + 1, sizeof *f.scratch);
	if (!f.rows || !f.scratch) {
		status = ctx->error.status;
		goto done;
	}
	begin_counting(&f);
	TT_TRY_DONE(merge_into_spo(&f, &changes));
	tt_runs_clear(&changes);
	TT_TRY_DONE(merge_into_others(&f));
	*io_n_added += f.n_added;
	*io_n_removed += f.n_removed;
done:
	tt_runs_clear(&changes);
	for (unsigned p = 0; p < TT_N_PERMS; ++p) {
		tt_runs_clear(&runs[p]);
	}
	tt_free(ctx, f.rows);
	clear(&f);
	return status;
}
