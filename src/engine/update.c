/* update.c - update requests, and the operations on triples (SPARQL 1.1 Update §3.1).
 *
 * DELETE/INSERT first asks its WHERE and gathers the quads of all solutions, then changes the store: what it deletes
 * and inserts is decided by the state before it, and deletions come first (§3.1.3). Ids that only the query has get a
 * number of the store when its snapshot has ended. */
#include "engine/update.h"

#include "store/blanks.h"

enum { POLLED_ROWS = 4096 };

/* ---- INSERT DATA, DELETE DATA ----------------------------------------------------------------- */

/* Data that are added or removed as they stand. */
typedef struct data_change {
	tt_updater *updater;
	bool is_removal;
	tt_blanks blanks; /* labels mean new nodes in each operation (§3.1.1) */
} data_change;

/* @param out_id TT_UNBOUND: not in the store, and to be removed anyway. */
static tt_status data_term(data_change *change, const tt_ast_term *term, tt_id *out_id)
{
	tt_txn *const txn = change->updater->txn;
	if (term->kind == TT_AST_BLANK) {
		return tt_blanks_node(&change->blanks, txn, term->text, out_id);
	}
	return change->is_removal ? tt_txn_find(txn, &term->constant, out_id) : tt_txn_intern(txn, &term->constant, out_id);
}

static tt_status change_triple(data_change *change, const tt_ast_triple *triple, tt_id graph)
{
	tt_quad quad = {.graph = graph};
	TT_TRY(data_term(change, &triple->subject, &quad.subject));
	TT_TRY(data_term(change, &triple->predicate, &quad.predicate));
	TT_TRY(data_term(change, &triple->object, &quad.object));
	if (!change->is_removal) {
		return tt_txn_add(change->updater->txn, &quad);
	}
	const bool is_known = quad.subject != TT_UNBOUND && quad.predicate != TT_UNBOUND && quad.object != TT_UNBOUND &&
	                      graph != TT_UNBOUND;
	return is_known ? tt_txn_remove(change->updater->txn, &quad) : TT_OK;
}

static tt_status change_quads(data_change *change, const tt_ast_quads *quads)
{
	size_t n = 0;
	for (; quads; quads = quads->next) {
		tt_id graph = TT_DEFAULT_GRAPH;
		TT_TRY(quads->has_graph ? data_term(change, &quads->graph, &graph) : TT_OK);
		for (const tt_ast_triple *triple = quads->triples; triple; triple = triple->next) {
			TT_TRY(n++ % POLLED_ROWS ? TT_OK : tt_ctx_poll(change->updater->ctx));
			TT_TRY(change_triple(change, triple, graph));
		}
	}
	return TT_OK;
}

static tt_status change_data(tt_updater *updater, const tt_ast_update *operation)
{
	const bool is_removal = operation->kind == TT_UPDATE_DELETE_DATA;
	data_change change = {.updater = updater, .is_removal = is_removal};
	tt_blanks_init(&change.blanks, updater->ctx);
	const tt_status status = change_quads(&change, is_removal ? operation->remove : operation->insert);
	tt_blanks_clear(&change.blanks);
	return status;
}

/* ---- DELETE/INSERT, DELETE WHERE -------------------------------------------------------------- */

/* The quads of all solutions. */
typedef struct gathered {
	tt_results *results;
	tt_tuples removed, inserted;
} gathered;

static tt_status gather_solution(gathered *g)
{
	tt_results *const results = g->results;
	tt_template_next(results);
	for (size_t i = 0; i < results->query->n_template; ++i) {
		tt_id quad[TT_N_COLUMNS];
		bool is_quad = false;
		TT_TRY(tt_template_fill(results, i, quad, &is_quad));
		if (is_quad) {
			const tt_id *const columns[TT_N_COLUMNS] = {&quad[0], &quad[1], &quad[2], &quad[3]};
			tt_tuples *const rows = results->query->template[i].is_removed ? &g->removed : &g->inserted;
			TT_TRY(tt_tuples_append(rows, columns, 1));
		}
	}
	return TT_OK;
}

static tt_status gather(gathered *g, const tt_updater *updater, const tt_ast_update *operation)
{
	static const tt_plan_switches none;
	tt_results *const results = g->results;
	bool is_end = false;
	TT_TRY(tt_results_snapshot(results));
	TT_TRY(tt_translate_update(&results->arena, updater->ast, operation, &results->query));
	TT_TRY(tt_results_plan(results, updater->text, updater->options, &none));
	TT_TRY(tt_template_prepare(results));
	while (!is_end) {
		TT_TRY(tt_results_step(results, &is_end));
		TT_TRY(is_end ? TT_OK : gather_solution(g));
	}
	return TT_OK;
}

/* Terms that the query has computed, and their ids in the store once they have one. */
typedef struct local_ids {
	tt_updater *updater;
	const tt_terms *terms;
	tt_id *ids; /* by the number of the local term; TT_UNBOUND: none yet */
} local_ids;

static tt_status store_id(local_ids *locals, bool is_removal, tt_id *io_id)
{
	if (tt_id_kind(*io_id) != TT_KIND_LOCAL) {
		return TT_OK;
	}
	tt_id *const id = &locals->ids[tt_id_payload(*io_id)];
	const tt_term *const term = &locals->terms->locals[tt_id_payload(*io_id)];
	if (*id == TT_UNBOUND && !is_removal) {
		TT_TRY(term->kind == TT_TERM_BLANK ? tt_txn_new_blank(locals->updater->txn, id)
		                                   : tt_txn_intern(locals->updater->txn, term, id));
	}
	*io_id = *id;
	return TT_OK;
}

/* Local ids become ids of the store; what is to be removed and has one that the store has not is not there. */
static tt_status store_ids(local_ids *locals, tt_tuples *rows, bool is_removal)
{
	size_t n_kept = 0;
	for (size_t row = 0; row < rows->n_rows; ++row) {
		tt_id *const cells = tt_tuples_row(rows, row);
		bool is_stored = true;
		for (size_t i = 0; i < TT_N_COLUMNS; ++i) {
			TT_TRY(store_id(locals, is_removal, &cells[i]));
			is_stored = is_stored && cells[i] != TT_UNBOUND;
		}
		if (is_stored) {
			memmove(tt_tuples_row(rows, n_kept++), cells, TT_N_COLUMNS * sizeof *cells);
		}
	}
	rows->n_rows = n_kept;
	return TT_OK;
}

tt_status tt_update_rows(tt_updater *updater, const tt_tuples *rows, bool is_removal)
{
	for (size_t row = 0; row < rows->n_rows; ++row) {
		const tt_id *const cells = tt_tuples_row(rows, row);
		const tt_quad quad = {cells[TT_SUBJECT], cells[TT_PREDICATE], cells[TT_OBJECT], cells[TT_GRAPH]};
		TT_TRY(row % POLLED_ROWS ? TT_OK : tt_ctx_poll(updater->ctx));
		TT_TRY(is_removal ? tt_txn_remove(updater->txn, &quad) : tt_txn_add(updater->txn, &quad));
	}
	return TT_OK;
}

static tt_status apply(tt_updater *updater, gathered *g)
{
	const tt_terms *const terms = &g->results->terms;
	local_ids locals = {.updater = updater,
	                    .terms = terms,
	                    .ids = tt_calloc(&g->results->ctx, terms->n_locals + 1, sizeof *locals.ids)};
	if (!locals.ids) {
		return tt_db_failed(updater->db, &g->results->ctx);
	}
	tt_status status = TT_OK;
	TT_TRY_DONE(store_ids(&locals, &g->removed, true));
	TT_TRY_DONE(store_ids(&locals, &g->inserted, false));
	TT_TRY_DONE(tt_update_rows(updater, &g->removed, true));
	TT_TRY_DONE(tt_update_rows(updater, &g->inserted, false));
done:
	tt_free(&g->results->ctx, locals.ids);
	return status;
}

static tt_status modify(tt_updater *updater, const tt_ast_update *operation)
{
	gathered g = {.results = tt_results_new(updater->db, updater->options)};
	if (!g.results) {
		return tt_fail(updater->ctx, TT_NO_MEMORY, "out of memory");
	}
	g.results->ctx.deadline_ns = updater->ctx->deadline_ns;
	tt_tuples_init(&g.removed, &g.results->ctx, TT_N_COLUMNS);
	tt_tuples_init(&g.inserted, &g.results->ctx, TT_N_COLUMNS);
	tt_status status = gather(&g, updater, operation);
	if (status == TT_OK) {
		tt_results_stop_reading(g.results);
		status = apply(updater, &g);
	} else {
		status = tt_db_failed(updater->db, &g.results->ctx);
	}
	tt_tuples_clear(&g.inserted);
	tt_tuples_clear(&g.removed);
	tt_results_free(g.results);
	return status;
}

/* ---- requests --------------------------------------------------------------------------------- */

static tt_update_fn *const operations[] = {
    [TT_UPDATE_INSERT_DATA] = change_data, [TT_UPDATE_DELETE_DATA] = change_data, [TT_UPDATE_DELETE_WHERE] = modify,
    [TT_UPDATE_MODIFY] = modify,           [TT_UPDATE_LOAD] = tt_update_load,     [TT_UPDATE_CLEAR] = tt_update_clear,
    [TT_UPDATE_DROP] = tt_update_clear,    [TT_UPDATE_CREATE] = tt_update_create, [TT_UPDATE_ADD] = tt_update_add,
    [TT_UPDATE_MOVE] = tt_update_move,     [TT_UPDATE_COPY] = tt_update_copy};

/* What SILENT hides: that the operation could not be done, but not that we were stopped or are broken. */
static bool is_silenced(tt_status status)
{
	return status == TT_NOT_FOUND || status == TT_EXISTS || status == TT_SYNTAX || status == TT_IO ||
	       status == TT_UNSUPPORTED || status == TT_REMOTE;
}

static tt_status run_operation(tt_updater *updater, const tt_ast_update *operation)
{
	const tt_txn_mark mark = tt_txn_get_mark(updater->txn);
	const tt_status status = operations[operation->kind](updater, operation);
	if (operation->is_silent && is_silenced(status)) {
		tt_txn_undo(updater->txn, mark);
		tt_ctx_clear_error(updater->ctx);
		return TT_OK;
	}
	return status;
}

static tt_status run_request(tt_updater *updater)
{
	for (const tt_ast_update *operation = updater->ast->update; operation; operation = operation->next) {
		TT_TRY(tt_ctx_poll(updater->ctx));
		TT_TRY(run_operation(updater, operation));
	}
	return TT_OK;
}

/* The request in a transaction; while it runs, queries inside see the transaction. */
static tt_status run_in_transaction(tt_updater *updater, tt_change_counts *out_counts)
{
	tt_db *const db = updater->db;
	tt_txn *const outer = db->txn;
	tt_write write;
	TT_TRY(tt_write_begin(db, &write));
	updater->txn = write.txn;
	db->txn = write.txn;
	const tt_status status = run_request(updater);
	db->txn = outer;
	return tt_write_end(db, &write, status, out_counts);
}

tt_status tt_db_update(tt_db *db, tt_view text, const tt_query_options *options, tt_change_counts *out_counts)
{
	tt_ctx *const ctx = &db->ctx;
	tt_ctx_clear_error(ctx);
	tt_parse_options parsing;
	TT_TRY(tt_db_parse_options(db, ctx, options, &parsing));
	if (parsing.n_bindings) {
		return tt_fail(ctx, TT_BAD_ARGUMENT, "an update request takes no bindings");
	}
	tt_change_counts counts = {0};
	tt_updater updater = {.db = db, .ctx = ctx, .options = options, .text = text};
	tt_ast *ast = NULL;
	tt_arena arena;
	tt_arena_init(&arena, ctx);
	tt_ctx_set_timeout(ctx, options ? options->timeout_seconds : 0);
	tt_status status = tt_parse_update(&arena, text, &parsing, &ast);
	if (status == TT_OK) {
		updater.ast = ast;
		status = run_in_transaction(&updater, &counts);
		if (status != TT_OK) {
			status = tt_parse_show_place(ctx, text, &parsing);
		}
	}
	tt_ctx_set_timeout(ctx, 0);
	tt_arena_clear(&arena);
	if (out_counts) {
		*out_counts = counts;
	}
	if (status == TT_OK && updater.has_loaded) {
		tt_db_refresh_prefixes(db);
	}
	return status;
}
