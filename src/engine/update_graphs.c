/* update_graphs.c - operations on whole graphs: LOAD, CLEAR, DROP, CREATE, ADD, COPY, MOVE (SPARQL 1.1 Update §3.1.4,
 * §3.1.5, §3.2). A graph is there if it holds a quad. */
#include "engine/update.h"

#include "rdf/iri.h"
#include "store/bulk.h"

/* ---- the quads of graphs ---------------------------------------------------------------------- */

static tt_status fail(const tt_updater *updater, const tt_ast_update *operation, tt_status status, const char *format,
                      tt_view iri)
{
	return TT_FAIL_AT_PLACE(updater->ctx, status, operation->place, format, TT_VIEW_ARG(iri));
}

static tt_status gather_scan(tt_ctx *ctx, tt_snapshot *snapshot, const tt_scan_spec *spec, tt_tuples *out)
{
	enum { ROWS = 256 };
	tt_id cells[TT_N_COLUMNS][ROWS];
	tt_id *columns[TT_N_COLUMNS];
	const tt_id *const by_column[TT_N_COLUMNS] = {cells[0], cells[1], cells[2], cells[3]};
	for (unsigned i = 0; i < TT_N_COLUMNS; ++i) {
		columns[i] = cells[tt_perm_column(spec->perm, i)];
	}
	tt_scan *scan = NULL;
	TT_TRY(tt_scan_open(snapshot, spec, &scan));
	tt_status status = TT_OK;
	size_t n_rows = 0;
	do {
		TT_TRY_DONE(tt_ctx_poll(ctx));
		TT_TRY_DONE(tt_scan_next(scan, columns, ROWS, &n_rows));
		TT_TRY_DONE(tt_tuples_append(out, by_column, n_rows));
	} while (n_rows);
done:
	tt_scan_close(scan);
	return status;
}

/* All quads of what a reference means. */
static tt_status gather_graphs(tt_updater *updater, const tt_graph_ref *ref, tt_tuples *out)
{
	static const tt_scan_spec specs[] = {
	    [TT_GRAPH_REF_IRI] = {.perm = TT_GSPO, .n_bound = 1, .choice = TT_GRAPHS_NAMED},
	    [TT_GRAPH_REF_DEFAULT] = {.perm = TT_SPO, .choice = TT_GRAPHS_DEFAULT},
	    [TT_GRAPH_REF_NAMED] = {.perm = TT_GSPO, .choice = TT_GRAPHS_NAMED},
	    [TT_GRAPH_REF_ALL] = {.perm = TT_SPO, .choice = TT_GRAPHS_ALL}};
	tt_scan_spec spec = specs[ref->kind];
	if (ref->kind == TT_GRAPH_REF_IRI) {
		const tt_term iri = tt_term_iri(ref->iri);
		TT_TRY(tt_txn_find(updater->txn, &iri, &spec.bound[0]));
		if (spec.bound[0] == TT_UNBOUND) {
			return TT_OK;
		}
	}
	tt_snapshot *snapshot = NULL;
	TT_TRY(tt_txn_snapshot(updater->ctx, updater->txn, &snapshot));
	const tt_status status = gather_scan(updater->ctx, snapshot, &spec, out);
	tt_snapshot_end(snapshot);
	return status;
}

/* ---- CLEAR, DROP, CREATE ---------------------------------------------------------------------- */

tt_status tt_update_clear(tt_updater *updater, const tt_ast_update *operation)
{
	tt_tuples rows;
	tt_tuples_init(&rows, updater->ctx, TT_N_COLUMNS);
	tt_status status = gather_graphs(updater, &operation->to, &rows);
	status = status ? status : tt_update_rows(updater, &rows, true);
	tt_tuples_clear(&rows);
	return status;
}

tt_status tt_update_create(tt_updater *updater, const tt_ast_update *operation)
{
	tt_tuples rows;
	tt_tuples_init(&rows, updater->ctx, TT_N_COLUMNS);
	tt_status status = gather_graphs(updater, &operation->to, &rows);
	if (status == TT_OK && rows.n_rows) {
		status = fail(updater, operation, TT_EXISTS, "the graph <%.*s> exists already", operation->to.iri);
	}
	tt_tuples_clear(&rows);
	return status;
}

/* ---- ADD, COPY, MOVE -------------------------------------------------------------------------- */

static bool is_same_graph(const tt_graph_ref *a, const tt_graph_ref *b)
{
	return a->kind == b->kind && (a->kind != TT_GRAPH_REF_IRI || tt_view_equal(a->iri, b->iri));
}

static tt_status graph_id(tt_updater *updater, const tt_graph_ref *ref, tt_id *out_id)
{
	const tt_term iri = tt_term_iri(ref->iri);
	*out_id = TT_DEFAULT_GRAPH;
	return ref->kind == TT_GRAPH_REF_IRI ? tt_txn_intern(updater->txn, &iri, out_id) : TT_OK;
}

static tt_status insert_into(tt_updater *updater, tt_tuples *rows, const tt_graph_ref *ref)
{
	tt_id graph = TT_DEFAULT_GRAPH;
	TT_TRY(graph_id(updater, ref, &graph));
	for (size_t row = 0; row < rows->n_rows; ++row) {
		tt_tuples_row(rows, row)[TT_GRAPH] = graph;
	}
	return tt_update_rows(updater, rows, false);
}

/* Put the quads of one graph into another.
 * @param is_copy The other is emptied first. @param is_move The first is emptied as well. */
static tt_status transfer(tt_updater *updater, const tt_ast_update *operation, bool is_copy, bool is_move)
{
	if (is_same_graph(&operation->from, &operation->to)) {
		return TT_OK;
	}
	tt_status status = TT_OK;
	tt_tuples source;
	tt_tuples target;
	tt_tuples_init(&source, updater->ctx, TT_N_COLUMNS);
	tt_tuples_init(&target, updater->ctx, TT_N_COLUMNS);
	TT_TRY_DONE(gather_graphs(updater, &operation->from, &source));
	if (source.n_rows == 0 && operation->from.kind == TT_GRAPH_REF_IRI) {
		status = fail(updater, operation, TT_NOT_FOUND, "there is no graph <%.*s>", operation->from.iri);
		goto done;
	}
	if (is_copy) {
		TT_TRY_DONE(gather_graphs(updater, &operation->to, &target));
		TT_TRY_DONE(tt_update_rows(updater, &target, true));
	}
	if (is_move) {
		TT_TRY_DONE(tt_update_rows(updater, &source, true));
	}
	TT_TRY_DONE(insert_into(updater, &source, &operation->to));
done:
	tt_tuples_clear(&target);
	tt_tuples_clear(&source);
	return status;
}

tt_status tt_update_add(tt_updater *updater, const tt_ast_update *operation)
{
	return transfer(updater, operation, false, false);
}

tt_status tt_update_copy(tt_updater *updater, const tt_ast_update *operation)
{
	return transfer(updater, operation, true, false);
}

tt_status tt_update_move(tt_updater *updater, const tt_ast_update *operation)
{
	return transfer(updater, operation, true, true);
}

/* ---- LOAD ------------------------------------------------------------------------------------- */

tt_status tt_update_load(tt_updater *updater, const tt_ast_update *operation)
{
	tt_buffer path;
	tt_buffer graph;
	tt_buffer_init(&path, updater->ctx);
	tt_buffer_init(&graph, updater->ctx);
	tt_status status = TT_OK;
	bool is_file = false;
	TT_TRY_DONE(tt_iri_to_path(operation->source, &path, &is_file));
	if (!is_file) {
		status = fail(updater, operation, TT_UNSUPPORTED, "LOAD reads files only (file:///…), not <%.*s>",
		              operation->source);
		goto done;
	}
	TT_TRY_DONE(tt_buffer_append(&graph, operation->to.iri));
	TT_TRY_DONE(tt_buffer_terminate(&graph));
	const tt_load_options options = {.graph = operation->to.kind == TT_GRAPH_REF_IRI ? graph.data : NULL};
	updater->has_loaded = true;
	TT_TRY_DONE(tt_load_file(updater->ctx, updater->txn, path.data, &options, NULL));
done:
	tt_buffer_clear(&graph);
	tt_buffer_clear(&path);
	return status;
}
