/* store.c - the interface: checks arguments, answers what needs no store, and hands the rest to the backend. */
#include "store/backend.h"

static const struct {
	char name[5];
	uint8_t columns[TT_N_COLUMNS];
} perms[TT_N_PERMS] = {
    [TT_SPO] = {"SPO", {TT_SUBJECT, TT_PREDICATE, TT_OBJECT, TT_GRAPH}},
    [TT_SOP] = {"SOP", {TT_SUBJECT, TT_OBJECT, TT_PREDICATE, TT_GRAPH}},
    [TT_PSO] = {"PSO", {TT_PREDICATE, TT_SUBJECT, TT_OBJECT, TT_GRAPH}},
    [TT_POS] = {"POS", {TT_PREDICATE, TT_OBJECT, TT_SUBJECT, TT_GRAPH}},
    [TT_OSP] = {"OSP", {TT_OBJECT, TT_SUBJECT, TT_PREDICATE, TT_GRAPH}},
    [TT_OPS] = {"OPS", {TT_OBJECT, TT_PREDICATE, TT_SUBJECT, TT_GRAPH}},
    [TT_GSPO] = {"GSPO", {TT_GRAPH, TT_SUBJECT, TT_PREDICATE, TT_OBJECT}},
    [TT_GPOS] = {"GPOS", {TT_GRAPH, TT_PREDICATE, TT_OBJECT, TT_SUBJECT}},
    [TT_GOSP] = {"GOSP", {TT_GRAPH, TT_OBJECT, TT_SUBJECT, TT_PREDICATE}},
};

tt_column tt_perm_column(tt_perm perm, unsigned position)
{
	return (tt_column)perms[perm].columns[position];
}

const char *tt_perm_name(tt_perm perm)
{
	return perms[perm].name;
}

tt_perm tt_perm_for(const tt_id bound[TT_N_COLUMNS])
{
	/* Quads of the default graph are not in the graph-first permutations. */
	const bool is_graph_bound = bound[TT_GRAPH] != TT_UNBOUND && bound[TT_GRAPH] != TT_DEFAULT_GRAPH;
	const tt_perm first = is_graph_bound ? TT_GSPO : TT_SPO;
	const tt_perm end = is_graph_bound ? TT_N_PERMS : TT_GSPO;
	tt_perm best = first;
	unsigned n_best = 0;
	for (tt_perm perm = first; perm < end; ++perm) {
		unsigned n = 0;
		while (n < TT_N_COLUMNS && bound[perms[perm].columns[n]] != TT_UNBOUND) {
			++n;
		}
		if (n > n_best) {
			best = perm;
			n_best = n;
		}
	}
	return best;
}

/* ---- stores and snapshots ----------------------------------------------------------------------- */

void tt_store_close(tt_store *store)
{
	if (store) {
		store->backend->close(store);
	}
}

const char *tt_store_path(const tt_store *store)
{
	return store->backend->path(store);
}

tt_status tt_snapshot_begin(tt_ctx *ctx, tt_store *store, tt_snapshot **out_snapshot)
{
	*out_snapshot = NULL;
	return store->backend->snapshot_begin(ctx, store, out_snapshot);
}

void tt_snapshot_end(tt_snapshot *snapshot)
{
	if (snapshot) {
		snapshot->backend->snapshot_end(snapshot);
	}
}

/* ---- scans -------------------------------------------------------------------------------------- */

static tt_status check_spec(tt_ctx *ctx, const tt_scan_spec *spec)
{
	if ((unsigned)spec->perm >= TT_N_PERMS || spec->n_bound > TT_N_COLUMNS || (unsigned)spec->choice > TT_GRAPHS_LIST) {
		return tt_fail(ctx, TT_BAD_ARGUMENT, "a scan with an impossible specification");
	}
	if (spec->is_merged && spec->perm >= TT_GSPO) {
		return tt_fail(ctx, TT_BAD_ARGUMENT, "a merged scan needs a permutation with the graph last");
	}
	if (spec->n_bound == TT_N_COLUMNS && (spec->low || spec->high)) {
		return tt_fail(ctx, TT_BAD_ARGUMENT, "a scan with bounds behind the last column");
	}
	return TT_OK;
}

tt_status tt_scan_open(tt_snapshot *snapshot, const tt_scan_spec *spec, tt_scan **out_scan)
{
	*out_scan = NULL;
	TT_TRY(check_spec(snapshot->ctx, spec));
	return snapshot->backend->scan_open(snapshot, spec, out_scan);
}

void tt_scan_close(tt_scan *scan)
{
	if (scan) {
		scan->backend->scan_close(scan);
	}
}

tt_status tt_scan_next(tt_scan *scan, tt_id *const columns[4], size_t capacity, size_t *out_n_rows)
{
	*out_n_rows = 0;
	return scan->backend->scan_next(scan, columns, capacity, out_n_rows);
}

tt_status tt_scan_seek(tt_scan *scan, const tt_id *key, unsigned n_key)
{
	if (n_key == 0 || n_key > TT_N_COLUMNS - scan->spec.n_bound) {
		return tt_fail(scan->ctx, TT_BAD_ARGUMENT, "a seek with a key of %u columns", n_key);
	}
	return scan->backend->scan_seek(scan, key, n_key);
}

tt_status tt_scan_rebind(tt_scan *scan, const tt_id *bound)
{
	return scan->backend->scan_rebind(scan, bound);
}

tt_status tt_snapshot_count(tt_snapshot *snapshot, const tt_scan_spec *spec, uint64_t *out_n_quads)
{
	*out_n_quads = 0;
	TT_TRY(check_spec(snapshot->ctx, spec));
	return snapshot->backend->count(snapshot, spec, out_n_quads);
}

/* ---- terms -------------------------------------------------------------------------------------- */

tt_status tt_snapshot_term(tt_snapshot *snapshot, tt_id id, tt_scratch *scratch, tt_term *out_term)
{
	if (tt_id_is_inline(id)) {
		*out_term = tt_value_to_term(id, scratch);
		return TT_OK;
	}
	if (!tt_id_is_dictionary(id)) {
		return tt_fail(snapshot->ctx, TT_NOT_FOUND, "no term has the id %016llx", (unsigned long long)id);
	}
	return snapshot->backend->term(snapshot, id, out_term);
}

tt_status tt_snapshot_find(tt_snapshot *snapshot, const tt_term *term, tt_id *out_id)
{
	*out_id = TT_UNBOUND;
	if (term->kind == TT_TERM_NONE || tt_value_from_term(term, out_id)) {
		return TT_OK;
	}
	return snapshot->backend->find(snapshot, term, out_id);
}

tt_status tt_snapshot_graphs(tt_snapshot *snapshot, const tt_id **out_graphs, size_t *out_n_graphs)
{
	return snapshot->backend->graphs(snapshot, out_graphs, out_n_graphs);
}

tt_status tt_snapshot_prefix(tt_snapshot *snapshot, size_t n_th, tt_view *out_prefix, tt_view *out_iri)
{
	return snapshot->backend->prefix(snapshot, n_th, out_prefix, out_iri);
}

/* ---- transactions ------------------------------------------------------------------------------- */

tt_status tt_txn_begin(tt_ctx *ctx, tt_store *store, bool is_waiting, tt_txn **out_txn)
{
	*out_txn = NULL;
	return store->backend->txn_begin(ctx, store, is_waiting, out_txn);
}

void tt_txn_set_memory(tt_txn *txn, size_t n_bytes)
{
	if (txn->backend->txn_set_memory) {
		txn->backend->txn_set_memory(txn, n_bytes ? n_bytes : TT_TXN_MEMORY);
	}
}

tt_status tt_txn_intern(tt_txn *txn, const tt_term *term, tt_id *out_id)
{
	*out_id = TT_UNBOUND;
	if (term->kind == TT_TERM_NONE) {
		return tt_fail(txn->ctx, TT_BAD_ARGUMENT, "nothing is no term");
	}
	return txn->backend->txn_intern(txn, term, out_id);
}

tt_status tt_txn_find(tt_txn *txn, const tt_term *term, tt_id *out_id)
{
	*out_id = TT_UNBOUND;
	return term->kind == TT_TERM_NONE || tt_value_from_term(term, out_id) ? TT_OK
	                                                                      : txn->backend->txn_find(txn, term, out_id);
}

tt_status tt_txn_new_blank(tt_txn *txn, tt_id *out_id)
{
	return txn->backend->txn_new_blank(txn, out_id);
}

/* Only ids of terms may be stored, and only names of graphs as graphs. */
static tt_status check_quad(tt_ctx *ctx, const tt_quad *quad)
{
	const tt_id terms[] = {quad->subject, quad->predicate, quad->object};
	for (size_t i = 0; i < sizeof terms / sizeof *terms; ++i) {
		if (!tt_id_is_dictionary(terms[i]) && !tt_id_is_inline(terms[i])) {
			return tt_fail(ctx, TT_BAD_ARGUMENT, "the id %016llx cannot be stored", (unsigned long long)terms[i]);
		}
	}
	const tt_kind kind = tt_id_kind(quad->graph);
	if (quad->graph != TT_DEFAULT_GRAPH && (kind < TT_KIND_BLANK || kind > TT_KIND_IRI)) {
		return tt_fail(ctx, TT_BAD_ARGUMENT, "the id %016llx cannot name a graph", (unsigned long long)quad->graph);
	}
	return TT_OK;
}

tt_status tt_txn_add(tt_txn *txn, const tt_quad *quad)
{
	TT_TRY(check_quad(txn->ctx, quad));
	return txn->backend->txn_change(txn, quad, false);
}

tt_status tt_txn_remove(tt_txn *txn, const tt_quad *quad)
{
	TT_TRY(check_quad(txn->ctx, quad));
	return txn->backend->txn_change(txn, quad, true);
}

tt_status tt_txn_snapshot(tt_ctx *ctx, tt_txn *txn, tt_snapshot **out_snapshot)
{
	*out_snapshot = NULL;
	return txn->backend->txn_snapshot(ctx, txn, out_snapshot);
}

tt_txn_mark tt_txn_get_mark(const tt_txn *txn)
{
	return txn->backend->txn_mark(txn);
}

void tt_txn_undo(tt_txn *txn, tt_txn_mark mark)
{
	txn->backend->txn_undo(txn, mark);
}

tt_status tt_txn_changes(tt_txn *txn, tt_change_fn visit, void *user)
{
	return txn->backend->txn_changes(txn, visit, user);
}

tt_status tt_txn_commit(tt_txn *txn, uint64_t *out_n_added, uint64_t *out_n_removed)
{
	uint64_t n_added = 0;
	uint64_t n_removed = 0;
	TT_TRY(txn->backend->txn_commit(txn, &n_added, &n_removed));
	if (out_n_added) {
		*out_n_added = n_added;
	}
	if (out_n_removed) {
		*out_n_removed = n_removed;
	}
	return TT_OK;
}

void tt_txn_abort(tt_txn *txn)
{
	if (txn) {
		txn->backend->txn_abort(txn);
	}
}

tt_status tt_txn_add_prefix(tt_txn *txn, tt_view prefix, tt_view iri)
{
	return txn->backend->txn_add_prefix(txn, prefix, iri);
}

/* ---- statistics, copies and check ----------------------------------------------------------------------- */

tt_status tt_snapshot_stats(tt_snapshot *snapshot, tt_store_stats *out_stats)
{
	return snapshot->backend->stats(snapshot, out_stats);
}

tt_status tt_snapshot_estimate(tt_snapshot *snapshot, tt_store_stats *out_stats)
{
	const tt_backend *const backend = snapshot->backend;
	return (backend->estimate ? backend->estimate : backend->stats)(snapshot, out_stats);
}

tt_status tt_snapshot_predicates(tt_snapshot *snapshot, const tt_predicate_stats **out_stats, size_t *out_n)
{
	return snapshot->backend->predicates(snapshot, out_stats, out_n);
}

tt_status tt_snapshot_predicate(tt_snapshot *snapshot, tt_id predicate, tt_predicate_stats *out_stats)
{
	return snapshot->backend->predicate(snapshot, predicate, out_stats);
}

tt_status tt_store_get_space(tt_ctx *ctx, tt_store *store, tt_db_space *out_space)
{
	*out_space = (tt_db_space){0};
	return store->backend->space && tt_store_path(store) ? store->backend->space(ctx, store, out_space) : TT_OK;
}

tt_status tt_store_copy(tt_ctx *ctx, tt_store *store, const char *directory, bool is_replacing)
{
	if (!store->backend->copy) {
		return tt_fail(ctx, TT_UNSUPPORTED, "this kind of store cannot be copied");
	}
	return store->backend->copy(ctx, store, directory, is_replacing);
}

tt_status tt_store_compact(tt_ctx *ctx, tt_store **io_store)
{
	if (!(*io_store)->backend->compact || !tt_store_path(*io_store)) {
		return tt_fail(ctx, TT_UNSUPPORTED, "only a database directory can be compacted");
	}
	return (*io_store)->backend->compact(ctx, io_store);
}

tt_status tt_store_check(tt_ctx *ctx, tt_store *store, tt_check_report report, void *user, tt_check_result *out_result)
{
	*out_result = (tt_check_result){0};
	if (!store->backend->check) {
		return tt_fail(ctx, TT_UNSUPPORTED, "this kind of store cannot be checked");
	}
	return store->backend->check(ctx, store, report, user, out_result);
}
