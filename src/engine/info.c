/* info.c - counts of a database, its predicates and graphs, what its file holds, and its check. */
#include "engine/engine.h"

#include "store/check.h"
#include "store/stats.h"

#include <stdlib.h>

tt_status tt_db_get_stats(tt_db *db, tt_db_stats *out_stats)
{
	tt_ctx_clear_error(&db->ctx);
	tt_snapshot *snapshot = NULL;
	TT_TRY(tt_db_snapshot(db, &db->ctx, &snapshot));
	tt_store_stats stats;
	const tt_status status = tt_snapshot_stats(snapshot, &stats);
	if (status == TT_OK) {
		*out_stats = (tt_db_stats){.n_quads = stats.n_quads,
		                           .n_default_quads = stats.n_default_quads,
		                           .n_triples = stats.n_triples,
		                           .n_named_graphs = stats.n_named_graphs,
		                           .n_subjects = stats.n_subjects,
		                           .n_predicates = stats.n_predicates,
		                           .n_objects = stats.n_objects,
		                           .n_terms = stats.n_terms};
	}
	tt_snapshot_end(snapshot);
	return status;
}

tt_status tt_db_get_space(tt_db *db, tt_db_space *out_space)
{
	tt_ctx_clear_error(&db->ctx);
	TT_TRY(tt_db_need_store(db, &db->ctx));
	return tt_store_get_space(&db->ctx, db->store, out_space);
}

tt_status tt_db_check(tt_db *db, tt_check_report report, void *user, tt_check_result *out_result)
{
	tt_ctx_clear_error(&db->ctx);
	TT_TRY(tt_db_need_store(db, &db->ctx));
	return tt_store_check(&db->ctx, db->store, report, user, out_result);
}

/* ---- predicates and graphs -------------------------------------------------------------------- */

/* The largest first; else in the order of ids, which is that of their first loading. */
static int compare_counts(const void *a, const void *b)
{
	const tt_predicate_stats *const x = a;
	const tt_predicate_stats *const y = b;
	return x->n_quads != y->n_quads ? (x->n_quads < y->n_quads ? 1 : -1)
	                                : (x->predicate > y->predicate) - (x->predicate < y->predicate);
}

static tt_status visit_all(tt_snapshot *snapshot, tt_predicate_stats *counts, size_t n_counts, tt_count_visit visit,
                           void *user)
{
	if (n_counts) {
		qsort(counts, n_counts, sizeof *counts, compare_counts);
	}
	for (size_t i = 0; i < n_counts; ++i) {
		tt_scratch scratch;
		tt_term term;
		TT_TRY(tt_snapshot_term(snapshot, counts[i].predicate, &scratch, &term));
		visit(user, &(tt_term_counts){.term = term,
		                              .n_quads = counts[i].n_quads,
		                              .n_subjects = counts[i].n_subjects,
		                              .n_objects = counts[i].n_objects});
	}
	return TT_OK;
}

static tt_status get_predicates(tt_ctx *ctx, tt_snapshot *snapshot, tt_predicate_stats **out_counts, size_t *out_n)
{
	const tt_predicate_stats *stats = NULL;
	TT_TRY(tt_snapshot_predicates(snapshot, &stats, out_n));
	*out_counts = tt_calloc(ctx, *out_n + 1, sizeof **out_counts);
	if (!*out_counts) {
		return ctx->error.status;
	}
	if (*out_n) {
		memcpy(*out_counts, stats, *out_n * sizeof *stats);
	}
	return TT_OK;
}

static tt_status get_graphs(tt_ctx *ctx, tt_snapshot *snapshot, tt_predicate_stats **out_counts, size_t *out_n)
{
	const tt_id *graphs = NULL;
	TT_TRY(tt_snapshot_graphs(snapshot, &graphs, out_n));
	*out_counts = tt_calloc(ctx, *out_n + 1, sizeof **out_counts);
	if (!*out_counts) {
		return ctx->error.status;
	}
	for (size_t i = 0; i < *out_n; ++i) {
		const tt_scan_spec spec = {.perm = TT_GSPO, .n_bound = 1, .bound = {graphs[i]}, .choice = TT_GRAPHS_NAMED};
		(*out_counts)[i].predicate = graphs[i];
		TT_TRY(tt_snapshot_count(snapshot, &spec, &(*out_counts)[i].n_quads));
	}
	return TT_OK;
}

typedef tt_status get_counts(tt_ctx *ctx, tt_snapshot *snapshot, tt_predicate_stats **out_counts, size_t *out_n);

static tt_status list(tt_db *db, get_counts *get, tt_count_visit visit, void *user)
{
	tt_ctx_clear_error(&db->ctx);
	tt_snapshot *snapshot = NULL;
	TT_TRY(tt_db_snapshot(db, &db->ctx, &snapshot));
	tt_predicate_stats *counts = NULL;
	size_t n_counts = 0;
	tt_status status = get(&db->ctx, snapshot, &counts, &n_counts);
	status = status ? status : visit_all(snapshot, counts, n_counts, visit, user);
	tt_free(&db->ctx, counts);
	tt_snapshot_end(snapshot);
	return status;
}

tt_status tt_db_predicates(tt_db *db, tt_count_visit visit, void *user)
{
	return list(db, get_predicates, visit, user);
}

tt_status tt_db_graphs(tt_db *db, tt_count_visit visit, void *user)
{
	return list(db, get_graphs, visit, user);
}
