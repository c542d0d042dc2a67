/* bridge_write.c - transactions on a Redland storage.
 *
 * Changes are gathered and, at commit, those that change something are written: within a transaction of librdf's where
 * the storage has one that works, else one by one; then those written are taken back if one fails. Living snapshots are
 * told what was written, so that they go on seeing the state of their beginning.
 *
 * Without a context tt_lib.librdf_storage_add_statement() adds nothing if any context has the statement, and in the SQL
 * storages tt_lib.librdf_storage_remove_statement() removes it from all. So quads of the default graph are written
 * after removals from named graphs and before additions to them, and copies that named graphs keep are taken out and
 * put back. */
#include "store/bridge_parts.h"

#include <stdlib.h>

typedef struct bridge_txn {
	tt_txn base;
	tt_bridge *store;
	tt_row *changes; /* in the order of their coming; removals with TT_ROW_IS_REMOVED */
	size_t n_changes;
	size_t n_capacity;
	tt_buffer prefixes; /* name, NUL, IRI, NUL … */
} bridge_txn;

/* ---- gathering ---------------------------------------------------------------------------------------- */

tt_status tt_bridge_txn_begin(tt_ctx *ctx, tt_store *base, bool is_waiting, tt_txn **out_txn)
{
	tt_bridge *const store = (tt_bridge *)base;
	(void)is_waiting; /* librdf knows no lock to wait for */
	if (store->is_read_only) {
		return tt_fail(ctx, TT_READ_ONLY, "the Redland storage %s is open for reading only", store->description);
	}
	if (store->is_writing) {
		return tt_fail(ctx, TT_BUSY, "the Redland storage %s is being written to", store->description);
	}
	bridge_txn *const txn = tt_calloc(ctx, 1, sizeof *txn);
	if (!txn) {
		return ctx->error.status;
	}
	txn->base = (tt_txn){&tt_bridge_backend, ctx};
	txn->store = store;
	tt_buffer_init(&txn->prefixes, ctx);
	store->is_writing = true;
	tt_bridge_enter(store);
	*out_txn = &txn->base;
	return TT_OK;
}

void tt_bridge_txn_abort(tt_txn *base)
{
	bridge_txn *const txn = (bridge_txn *)base;
	txn->store->is_writing = false;
	tt_bridge_leave(txn->store);
	tt_buffer_clear(&txn->prefixes);
	tt_free(base->ctx, txn->changes);
	tt_free(base->ctx, txn);
}

tt_status tt_bridge_txn_intern(tt_txn *base, const tt_term *term, tt_id *out_id)
{
	return tt_bridge_intern(base->ctx, ((bridge_txn *)base)->store, term, out_id);
}

tt_status tt_bridge_txn_new_blank(tt_txn *base, tt_id *out_id)
{
	bridge_txn *const txn = (bridge_txn *)base;
	if (txn->store->next_blank >= TT_BLANK_LIMIT) {
		return tt_fail(base->ctx, TT_LIMIT, "the numbers for blank nodes are used up");
	}
	*out_id = tt_id_make(TT_KIND_BLANK, txn->store->next_blank++);
	return TT_OK;
}

static tt_status refuse_empty(tt_ctx *ctx, const tt_bridge *store, tt_id object)
{
	tt_scratch scratch;
	tt_term term;
	TT_TRY(tt_bridge_term(ctx, store, object, &scratch, &term));
	if (term.kind == TT_TERM_LITERAL && !term.text.size) {
		return tt_fail(ctx, TT_UNSUPPORTED, "Redland cannot read back the empty literal \"\" from the storage %s",
		               store->description);
	}
	return TT_OK;
}

tt_status tt_bridge_txn_change(tt_txn *base, const tt_quad *quad, bool is_removal)
{
	bridge_txn *const txn = (bridge_txn *)base;
	if (!is_removal && quad->graph != TT_DEFAULT_GRAPH && !txn->store->has_contexts) {
		return tt_fail(base->ctx, TT_UNSUPPORTED, "the Redland storage %s keeps no contexts, so no named graphs",
		               txn->store->description);
	}
	if (!is_removal && txn->store->loses_empty_literals) {
		TT_TRY(refuse_empty(base->ctx, txn->store, quad->object));
	}
	TT_TRY(tt_grow(base->ctx, (void **)&txn->changes, &txn->n_capacity, txn->n_changes + 1, sizeof *txn->changes));
	txn->changes[txn->n_changes++] = (tt_row){
	    {quad->subject, quad->predicate, quad->object, quad->graph | (is_removal ? TT_ROW_IS_REMOVED : 0)}};
	return TT_OK;
}

tt_status tt_bridge_txn_add_prefix(tt_txn *base, tt_view prefix, tt_view iri)
{
	bridge_txn *const txn = (bridge_txn *)base;
	if (memchr(prefix.data ? prefix.data : "", 0, prefix.size) || memchr(iri.data ? iri.data : "", 0, iri.size) ||
	    tt_prefixes_find(&txn->store->prefixes, prefix)) {
		return TT_OK;
	}
	TT_TRY(tt_buffer_append(&txn->prefixes, prefix));
	TT_TRY(tt_buffer_append_char(&txn->prefixes, '\0'));
	TT_TRY(tt_buffer_append(&txn->prefixes, iri));
	return tt_buffer_append_char(&txn->prefixes, '\0');
}

tt_txn_mark tt_bridge_txn_mark(const tt_txn *base)
{
	const bridge_txn *const txn = (const bridge_txn *)base;
	return (tt_txn_mark){.n_changes = txn->n_changes, .n_prefix_bytes = txn->prefixes.size};
}

void tt_bridge_txn_undo(tt_txn *base, tt_txn_mark mark)
{
	bridge_txn *const txn = (bridge_txn *)base;
	txn->n_changes = mark.n_changes;
	txn->prefixes.size = mark.n_prefix_bytes;
}

/* The last change of each quad, sorted. */
static tt_status sort_changes(const bridge_txn *txn, tt_ctx *ctx, tt_changes *out_changes)
{
	*out_changes = (tt_changes){.rows = tt_calloc(ctx, txn->n_changes + 1, sizeof(tt_row)), .n_rows = txn->n_changes};
	if (!out_changes->rows) {
		return ctx->error.status;
	}
	if (txn->n_changes) {
		memcpy(out_changes->rows, txn->changes, txn->n_changes * sizeof(tt_row));
	}
	return tt_changes_sort(ctx, out_changes);
}

tt_status tt_bridge_txn_snapshot(tt_ctx *ctx, tt_txn *base, tt_snapshot **out_snapshot)
{
	bridge_txn *const txn = (bridge_txn *)base;
	tt_changes changes;
	const tt_status status = sort_changes(txn, ctx, &changes);
	if (status != TT_OK) {
		tt_free(ctx, changes.rows);
		return status;
	}
	tt_bridge_snapshot *snapshot = NULL;
	TT_TRY(tt_bridge_snapshot_new(ctx, txn->store, &changes, &snapshot));
	snapshot->new_prefixes = &txn->prefixes;
	*out_snapshot = &snapshot->base;
	return TT_OK;
}

/* ---- what has changed --------------------------------------------------------------------------------- */

static tt_quad quad_of(const tt_row *row)
{
	return (tt_quad){row->word[0], row->word[1], row->word[2], row->word[3] & ~TT_ROW_IS_REMOVED};
}

static bool is_removal(const tt_row *row)
{
	return (row->word[3] & TT_ROW_IS_REMOVED) != 0;
}

/* The number of graphs that hold a triple, this one left out or (NULL) not, and whether this one holds it. */
static tt_status count_graphs(tt_bridge_snapshot *snapshot, const tt_quad *quad, uint64_t *out_n_others,
                              bool *out_is_there)
{
	tt_scan_spec spec = {.perm = TT_SPO, .n_bound = 3, .bound = {quad->subject, quad->predicate, quad->object}};
	uint64_t n_all = 0;
	uint64_t n_same = 0;
	TT_TRY(tt_bridge_count(&snapshot->base, &spec, &n_all));
	spec.bound[spec.n_bound++] = quad->graph;
	TT_TRY(tt_bridge_count(&snapshot->base, &spec, &n_same));
	*out_is_there = n_same != 0;
	*out_n_others = n_all - n_same;
	return TT_OK;
}

/* Keep the changes that the storage does not have already. */
static tt_status drop_ineffective(tt_bridge_snapshot *before, tt_changes *changes)
{
	size_t n = 0;
	for (size_t i = 0; i < changes->n_rows; ++i) {
		const tt_quad quad = quad_of(&changes->rows[i]);
		uint64_t n_others = 0;
		bool is_there = false;
		TT_TRY(count_graphs(before, &quad, &n_others, &is_there));
		if (is_there == is_removal(&changes->rows[i])) {
			changes->rows[n++] = changes->rows[i];
		}
	}
	changes->n_rows = n;
	return TT_OK;
}

/* The effective changes, and the state before them, in a snapshot to be ended. */
static tt_status find_effective(bridge_txn *txn, tt_bridge_snapshot **out_before, tt_changes *out_changes)
{
	tt_ctx *const ctx = txn->base.ctx;
	tt_changes nothing = {0};
	*out_changes = nothing;
	TT_TRY(tt_bridge_snapshot_new(ctx, txn->store, &nothing, out_before));
	TT_TRY(sort_changes(txn, ctx, out_changes));
	return drop_ineffective(*out_before, out_changes);
}

tt_status tt_bridge_txn_changes(tt_txn *base, tt_change_fn visit, void *user)
{
	bridge_txn *const txn = (bridge_txn *)base;
	tt_bridge_snapshot *before = NULL;
	tt_changes changes;
	tt_status status = find_effective(txn, &before, &changes);
	for (size_t i = 0; i < changes.n_rows && status == TT_OK; ++i) {
		const tt_quad quad = quad_of(&changes.rows[i]);
		status = visit(user, &quad, is_removal(&changes.rows[i]));
	}
	tt_free(base->ctx, changes.rows);
	if (before) {
		tt_bridge_snapshot_end(&before->base);
	}
	return status;
}

/* ---- writing ------------------------------------------------------------------------------------------ */

/** What is to be done, step by step. */
typedef struct steps {
	tt_ctx *ctx;
	tt_bridge *store;
	tt_bridge_snapshot *before;
	tt_row *rows;
	size_t n_rows;
	size_t capacity;
} steps;

static tt_status add_step(steps *s, const tt_row *row)
{
	TT_TRY(tt_grow(s->ctx, (void **)&s->rows, &s->capacity, s->n_rows + 1, sizeof *s->rows));
	s->rows[s->n_rows++] = *row;
	return TT_OK;
}

/** Which changes a pass takes. */
typedef bool step_choice(const tt_row *row);

static bool is_of_default_graph(const tt_row *row)
{
	return quad_of(row).graph == TT_DEFAULT_GRAPH;
}

static bool is_named_removal(const tt_row *row)
{
	return is_removal(row) && !is_of_default_graph(row);
}

static bool is_named_addition(const tt_row *row)
{
	return !is_removal(row) && !is_of_default_graph(row);
}

static tt_status add_steps(steps *s, const tt_changes *changes, step_choice *is_chosen)
{
	for (size_t i = 0; i < changes->n_rows; ++i) {
		if (is_chosen(&changes->rows[i])) {
			TT_TRY(add_step(s, &changes->rows[i]));
		}
	}
	return TT_OK;
}

static int compare_quads(const void *a, const void *b)
{
	const tt_quad x = quad_of(a);
	const tt_quad y = quad_of(b);
	const tt_id left[] = {x.subject, x.predicate, x.object, x.graph};
	const tt_id right[] = {y.subject, y.predicate, y.object, y.graph};
	for (size_t i = 0; i < TT_N_COLUMNS; ++i) {
		if (left[i] != right[i]) {
			return left[i] < right[i] ? -1 : 1;
		}
	}
	return 0;
}

static bool is_removed_by(const tt_changes *changes, const tt_row *row)
{
	const tt_row *const change = bsearch(row, changes->rows, changes->n_rows, sizeof *row, compare_quads);
	return change && is_removal(change);
}

/* Take the named graphs' copies of a triple out, or put them back. */
static tt_status move_copies(steps *s, const tt_changes *changes, const tt_row *row, uint64_t flag)
{
	const tt_id bound[TT_N_COLUMNS] = {row->word[0], row->word[1], row->word[2], TT_UNBOUND};
	const tt_row *rows = NULL;
	size_t n_rows = 0;
	TT_TRY(tt_bridge_rows(s->before, bound, TT_SPO, &rows, &n_rows));
	for (size_t i = 0; i < n_rows; ++i) {
		tt_row copy = rows[i];
		if (memcmp(copy.word, bound, 3 * sizeof *bound) == 0 && copy.word[3] != TT_DEFAULT_GRAPH &&
		    !is_removed_by(changes, &copy)) {
			copy.word[3] |= flag;
			TT_TRY(add_step(s, &copy));
		}
	}
	return TT_OK;
}

static tt_status add_default_steps(steps *s, const tt_changes *changes)
{
	for (size_t i = 0; i < changes->n_rows; ++i) {
		const tt_row *const row = &changes->rows[i];
		if (!is_of_default_graph(row)) {
			continue;
		}
		const tt_quad quad = quad_of(row);
		uint64_t n_others = 0;
		bool is_there = false;
		TT_TRY(count_graphs(s->before, &quad, &n_others, &is_there));
		if (n_others) {
			TT_TRY(move_copies(s, changes, row, TT_ROW_IS_REMOVED));
		}
		TT_TRY(add_step(s, row));
		if (n_others) {
			TT_TRY(move_copies(s, changes, row, 0));
		}
	}
	return TT_OK;
}

static librdf_statement *make_statement(const steps *s, const tt_row *row)
{
	librdf_statement *const statement = tt_lib.librdf_new_statement(s->store->world);
	if (statement) {
		tt_lib.librdf_statement_set_subject(statement, tt_bridge_node(s->ctx, s->store, row->word[0]));
		tt_lib.librdf_statement_set_predicate(statement, tt_bridge_node(s->ctx, s->store, row->word[1]));
		tt_lib.librdf_statement_set_object(statement, tt_bridge_node(s->ctx, s->store, row->word[2]));
	}
	return statement;
}

/* Statements that are the same quad to us, gathered before they are removed. */
typedef struct same_statements {
	const steps *steps;
	tt_quad quad;
	librdf_statement **statements;
	size_t n_statements;
	size_t capacity;
} same_statements;

static tt_status gather_same(void *user, librdf_statement *statement, const tt_quad *quad)
{
	same_statements *const same = user;
	if (memcmp(quad, &same->quad, sizeof *quad) != 0) {
		return TT_OK;
	}
	tt_ctx *const ctx = same->steps->ctx;
	TT_TRY(tt_grow(ctx, (void **)&same->statements, &same->capacity, same->n_statements + 1, sizeof *same->statements));
	librdf_statement *const copy = tt_lib.librdf_new_statement_from_statement(statement);
	if (!copy) {
		return tt_fail(ctx, TT_NO_MEMORY, "out of memory");
	}
	same->statements[same->n_statements++] = copy;
	return TT_OK;
}

static bool change_statement(const steps *s, librdf_statement *statement, librdf_node *graph, bool is_out)
{
	librdf_storage *const storage = s->store->storage;
	if (!tt_lib.librdf_statement_is_complete(statement)) {
		return false;
	}
	if (!graph) {
		return (is_out ? tt_lib.librdf_storage_remove_statement : tt_lib.librdf_storage_add_statement)(storage,
		                                                                                               statement) == 0;
	}
	return (is_out ? tt_lib.librdf_storage_context_remove_statement
	               : tt_lib.librdf_storage_context_add_statement)(storage, graph, statement) == 0;
}

/* Remove all statements that are the quad to us: "text" and "text"^^xsd:string, tags that differ in case, copies. */
static tt_status remove_variants(const steps *s, const tt_row *row, librdf_node *graph)
{
	same_statements same = {.steps = s, .quad = quad_of(row)};
	const tt_id key[TT_N_COLUMNS] = {row->word[0], row->word[1], row->word[2], TT_UNBOUND};
	tt_status status = tt_bridge_ask(s->ctx, s->store, key, gather_same, &same);
	for (size_t i = 0; i < same.n_statements; ++i) {
		if (status == TT_OK && !change_statement(s, same.statements[i], graph, true)) {
			status = tt_bridge_fail(s->ctx, s->store, "remove from");
		}
		tt_lib.librdf_free_statement(same.statements[i]);
	}
	tt_free(s->ctx, same.statements);
	return status;
}

static tt_status do_step(const steps *s, const tt_row *row)
{
	const tt_quad quad = quad_of(row);
	librdf_node *const graph = quad.graph == TT_DEFAULT_GRAPH ? NULL : tt_bridge_node(s->ctx, s->store, quad.graph);
	if (quad.graph != TT_DEFAULT_GRAPH && !graph) {
		return s->ctx->error.status;
	}
	tt_status status = TT_OK;
	if (is_removal(row) && s->before->has_variants) {
		status = remove_variants(s, row, graph);
	} else {
		librdf_statement *const statement = make_statement(s, row);
		if (!statement || !change_statement(s, statement, graph, is_removal(row))) {
			status = tt_bridge_fail(s->ctx, s->store, is_removal(row) ? "remove from" : "add to");
		}
		if (statement) {
			tt_lib.librdf_free_statement(statement);
		}
	}
	if (graph) {
		tt_lib.librdf_free_node(graph);
	}
	return status;
}

/* Without a transaction: take the first steps back, the last one first. */
static void take_back(const steps *s, size_t n_done)
{
	const tt_error why = s->ctx->error;
	while (n_done) {
		tt_row row = s->rows[--n_done];
		row.word[3] ^= TT_ROW_IS_REMOVED;
		if (do_step(s, &row) != TT_OK) {
			break;
		}
	}
	s->ctx->error = why;
}

static tt_status do_steps(const steps *s, size_t *out_n_done)
{
	tt_status status = TT_OK;
	tt_bridge_listen(s->store);
	while (*out_n_done < s->n_rows && status == TT_OK) {
		status = do_step(s, &s->rows[*out_n_done]);
		*out_n_done += status == TT_OK;
		status = status ? status : tt_ctx_poll(s->ctx);
	}
	return status;
}

static tt_status do_steps_in_transaction(const steps *s)
{
	librdf_storage *const storage = s->store->storage;
	size_t n_done = 0;
	tt_status status = do_steps(s, &n_done);
	if (status == TT_OK && tt_lib.librdf_storage_transaction_commit(storage) != 0) {
		status = tt_bridge_fail(s->ctx, s->store, "commit to");
	}
	if (status != TT_OK) {
		(void)tt_lib.librdf_storage_transaction_rollback(storage);
	}
	return status;
}

/* librdf's postgresql inserts each node and passes over "exists already", but within a transaction that is the end of
 * it: so what failed there is tried once more without. */
static tt_status do_all_steps(const steps *s)
{
	if (tt_lib.librdf_storage_transaction_start(s->store->storage) == 0) {
		const tt_status status = do_steps_in_transaction(s);
		if (status != TT_IO) {
			return status;
		}
		tt_ctx_clear_error(s->ctx);
	}
	size_t n_done = 0;
	const tt_status status = do_steps(s, &n_done);
	if (status != TT_OK) {
		take_back(s, n_done);
	}
	return status;
}

static tt_status write_changes(bridge_txn *txn, tt_bridge_snapshot *before, const tt_changes *changes)
{
	steps s = {.ctx = txn->base.ctx, .store = txn->store, .before = before};
	tt_status status = add_steps(&s, changes, is_named_removal);
	status = status ? status : add_default_steps(&s, changes);
	status = status ? status : add_steps(&s, changes, is_named_addition);
	status = status ? status : do_all_steps(&s);
	tt_free(s.ctx, s.rows);
	return status;
}

static tt_status keep_prefixes(bridge_txn *txn)
{
	for (size_t at = 0; at < txn->prefixes.size;) {
		const tt_view name = tt_view_of(txn->prefixes.data + at);
		const tt_view iri = tt_view_of(txn->prefixes.data + at + name.size + 1);
		at += name.size + iri.size + 2;
		if (!tt_prefixes_find(&txn->store->prefixes, name)) {
			TT_TRY(tt_prefixes_set(&txn->store->prefixes, name, iri));
		}
	}
	return TT_OK;
}

/* What was written must not be seen by those who began before. Should memory be out just now, the changes are durable
 * already, and an older snapshot may see some of them. */
static tt_status tell_snapshots(bridge_txn *txn, const tt_bridge_snapshot *before, const tt_changes *changes)
{
	tt_status status = TT_OK;
	for (tt_bridge_snapshot *other = txn->store->snapshots; other && status == TT_OK; other = other->next) {
		status = other == before ? TT_OK : tt_bridge_snapshot_keep(other, changes->rows, changes->n_rows);
		if (status != TT_OK) {
			tt_ctx_copy_error(txn->base.ctx, other->base.ctx);
		}
	}
	return status;
}

static tt_status commit(bridge_txn *txn, tt_bridge_snapshot *before, const tt_changes *changes)
{
	if (changes->n_rows) {
		TT_TRY(write_changes(txn, before, changes));
		TT_TRY(tell_snapshots(txn, before, changes));
		if (tt_lib.librdf_model_sync(txn->store->model) != 0) {
			return tt_bridge_fail(txn->base.ctx, txn->store, "write to");
		}
	}
	return keep_prefixes(txn);
}

tt_status tt_bridge_txn_commit(tt_txn *base, uint64_t *out_n_added, uint64_t *out_n_removed)
{
	bridge_txn *const txn = (bridge_txn *)base;
	tt_bridge_snapshot *before = NULL;
	tt_changes changes;
	tt_status status = find_effective(txn, &before, &changes);
	status = status ? status : commit(txn, before, &changes);
	for (size_t i = 0; i < changes.n_rows; ++i) {
		*(is_removal(&changes.rows[i]) ? out_n_removed : out_n_added) += 1;
	}
	tt_free(base->ctx, changes.rows);
	if (before) {
		tt_bridge_snapshot_end(&before->base);
	}
	tt_bridge_txn_abort(base);
	return status;
}
