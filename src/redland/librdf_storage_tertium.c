/* librdf_storage_tertium.c - our store as a Redland storage named "tertium".
 *
 * A storage's name is its database directory; without one it lives in memory. Options:
 *   new='yes'    start with an empty database      write='no'   open for reading only
 * librdf contexts are named graphs; a statement without a context is in the default graph.
 *
 * Outside a librdf transaction each call that changes something is a transaction of its own, a stream
 * of statements being one call. A stream that is read keeps the snapshot of its beginning, so changing
 * the model while walking over it is safe. */
#include "redland/librdf_storage_tertium.h"

#include <stdlib.h>

#include "rdf/node.h"
#include "store/stats.h"
#include "store/store.h"
#include "tertium.h"

#include <rdf_storage_module.h>

/** What librdf keeps for each storage. */
typedef struct instance {
	tt_ctx self; /* the account of this struct itself */
	tt_ctx ctx;
	char *directory; /* NULL: in memory */
	bool is_new;
	bool is_read_only;
	tt_store *store;
	tt_txn *txn; /* a librdf transaction, or NULL */
} instance;

static instance *instance_of(librdf_storage *storage)
{
	return librdf_storage_get_instance(storage);
}

/* Tell the world's log what went wrong; non-zero for a failure, as librdf wants it. */
static int outcome(librdf_storage *storage, tt_status status)
{
	if (status == TT_OK) {
		return 0;
	}
	const tt_error *const error = &instance_of(storage)->ctx.error;
	librdf_log(librdf_storage_get_world(storage), 0, LIBRDF_LOG_ERROR, LIBRDF_FROM_STORAGE, NULL, "tertium: %s",
	           error->text[0] ? error->text : tt_status_name(status));
	return 1;
}

/* ---- opening ---------------------------------------------------------------------------------- */

static int storage_init(librdf_storage *storage, const char *name, librdf_hash *options)
{
	tt_ctx self;
	tt_ctx_init(&self);
	instance *const in = tt_calloc(&self, 1, sizeof *in);
	if (!in) {
		librdf_free_hash(options);
		return 1;
	}
	in->self = self;
	tt_ctx_init(&in->ctx);
	librdf_storage_set_instance(storage, in);
	in->is_new = librdf_hash_get_as_boolean(options, "new") > 0;
	in->is_read_only = librdf_hash_get_as_boolean(options, "write") == 0;
	librdf_free_hash(options);
	if (name && *name) {
		in->directory = tt_strndup(&in->ctx, name, strlen(name));
		return in->directory ? 0 : 1;
	}
	return 0;
}

static void storage_terminate(librdf_storage *storage)
{
	instance *const in = instance_of(storage);
	if (in) {
		tt_free(&in->ctx, in->directory);
		tt_ctx self = in->self;
		tt_free(&self, in);
		librdf_storage_set_instance(storage, NULL);
	}
}

static tt_status remove_all(tt_ctx *ctx, tt_store *store, const tt_scan_spec *spec, tt_txn *txn);

static tt_status empty_store(instance *in)
{
	const tt_scan_spec everything = {.perm = TT_SPO, .choice = TT_GRAPHS_ALL};
	tt_txn *txn = NULL;
	TT_TRY(tt_txn_begin(&in->ctx, in->store, true, &txn));
	const tt_status status = remove_all(&in->ctx, in->store, &everything, txn);
	if (status != TT_OK) {
		tt_txn_abort(txn);
		return status;
	}
	return tt_txn_commit(txn, NULL, NULL);
}

static int storage_open(librdf_storage *storage, librdf_model *model)
{
	(void)model;
	instance *const in = instance_of(storage);
	const tt_open_mode mode = in->is_read_only ? TT_OPEN_READ : TT_OPEN_CREATE;
	tt_status status = in->directory ? tt_store_open_directory(&in->ctx, in->directory, mode, &in->store)
	                                 : tt_store_open_memory(&in->ctx, &in->store);
	if (status == TT_OK && in->is_new && in->directory && !in->is_read_only) {
		status = empty_store(in);
	}
	if (status != TT_OK) {
		/* librdf does not close what it could not open. */
		tt_store_close(in->store);
		in->store = NULL;
	}
	return outcome(storage, status);
}

static int storage_close(librdf_storage *storage)
{
	instance *const in = instance_of(storage);
	tt_txn_abort(in->txn);
	in->txn = NULL;
	tt_store_close(in->store);
	in->store = NULL;
	return 0;
}

/* ---- statements to quads ---------------------------------------------------------------------- */

static tt_status intern_node(tt_txn *txn, librdf_node *node, tt_id when_absent, tt_id *out_id)
{
	tt_term term;
	*out_id = when_absent;
	if (!tt_term_of_node(node, &term)) {
		return TT_BAD_ARGUMENT;
	}
	return term.kind == TT_TERM_NONE ? TT_OK : tt_txn_intern(txn, &term, out_id);
}

static tt_status intern_quad(tt_txn *txn, librdf_node *context, librdf_statement *statement, tt_quad *out_quad)
{
	TT_TRY(intern_node(txn, librdf_statement_get_subject(statement), TT_UNBOUND, &out_quad->subject));
	TT_TRY(intern_node(txn, librdf_statement_get_predicate(statement), TT_UNBOUND, &out_quad->predicate));
	TT_TRY(intern_node(txn, librdf_statement_get_object(statement), TT_UNBOUND, &out_quad->object));
	TT_TRY(intern_node(txn, context, TT_DEFAULT_GRAPH, &out_quad->graph));
	return out_quad->subject && out_quad->predicate && out_quad->object ? TT_OK : TT_BAD_ARGUMENT;
}

/* The ids of the bound parts of a pattern. *out_is_known is false if the store has never seen one of them. */
static tt_status find_quad(tt_snapshot *snapshot, librdf_node *const nodes[TT_N_COLUMNS], tt_id ids[TT_N_COLUMNS],
                           bool *out_is_known)
{
	*out_is_known = true;
	for (unsigned i = 0; i < TT_N_COLUMNS; ++i) {
		tt_term term;
		ids[i] = TT_UNBOUND;
		if (!tt_term_of_node(nodes[i], &term)) {
			return TT_BAD_ARGUMENT;
		}
		if (term.kind != TT_TERM_NONE) {
			TT_TRY(tt_snapshot_find(snapshot, &term, &ids[i]));
			*out_is_known = *out_is_known && ids[i] != TT_UNBOUND;
		}
	}
	return TT_OK;
}

/* ---- transactions ----------------------------------------------------------------------------- */

static tt_status begin(instance *in, tt_txn **out_txn)
{
	*out_txn = in->txn;
	return in->txn ? TT_OK : tt_txn_begin(&in->ctx, in->store, true, out_txn);
}

/* End what begin() gave: nothing to do inside a librdf transaction. */
static tt_status end(instance *in, tt_txn *txn, tt_status status)
{
	if (txn == in->txn) {
		return status;
	}
	if (status != TT_OK) {
		tt_txn_abort(txn);
		return status;
	}
	return tt_txn_commit(txn, NULL, NULL);
}

static int transaction_start(librdf_storage *storage)
{
	instance *const in = instance_of(storage);
	return in->txn ? 1 : outcome(storage, tt_txn_begin(&in->ctx, in->store, true, &in->txn));
}

static int transaction_start_with_handle(librdf_storage *storage, void *handle)
{
	(void)handle;
	return transaction_start(storage);
}

static int transaction_commit(librdf_storage *storage)
{
	instance *const in = instance_of(storage);
	tt_txn *const txn = in->txn;
	in->txn = NULL;
	return txn ? outcome(storage, tt_txn_commit(txn, NULL, NULL)) : 1;
}

static int transaction_rollback(librdf_storage *storage)
{
	instance *const in = instance_of(storage);
	tt_txn *const txn = in->txn;
	in->txn = NULL;
	tt_txn_abort(txn);
	return txn ? 0 : 1;
}

static void *transaction_get_handle(librdf_storage *storage)
{
	return instance_of(storage)->txn;
}

/* ---- streams ---------------------------------------------------------------------------------- */

enum { STREAM_ROWS = 256 };

/** Statements (or contexts) on their way to librdf. The current row is made into nodes when it is asked for. */
typedef struct stream {
	librdf_world *world;
	tt_ctx ctx;
	tt_ctx *owner; /* the account of this struct */
	tt_snapshot *snapshot;
	tt_scan *scan; /* NULL: no row */
	tt_perm perm;
	tt_id ids[TT_N_COLUMNS][STREAM_ROWS];
	size_t n_rows;
	size_t row;
	librdf_statement *statement; /* of the current row, or NULL */
	librdf_node *context;        /* of the current row, or NULL */
	/* Inside a librdf transaction the snapshot must not outlive the call, so all rows are copied. */
	bool is_copied;
	librdf_statement **copies;
	librdf_node **copied_contexts;
	size_t n_copies;
	size_t capacity, context_capacity;
} stream;

static void forget_row(stream *s)
{
	if (s->statement && !s->is_copied) {
		librdf_free_statement(s->statement);
	}
	if (s->context && !s->is_copied) {
		librdf_free_node(s->context);
	}
	s->statement = NULL;
	s->context = NULL;
}

static tt_status fetch_rows(stream *s)
{
	tt_id *columns[4];
	for (unsigned i = 0; i < 4; ++i) {
		columns[i] = s->ids[tt_perm_column(s->perm, i)];
	}
	s->row = 0;
	return tt_scan_next(s->scan, columns, STREAM_ROWS, &s->n_rows);
}

static librdf_node *make_node(stream *s, tt_id id)
{
	tt_scratch scratch;
	tt_term term;
	if (tt_id_kind(id) == TT_KIND_SPECIAL || tt_snapshot_term(s->snapshot, id, &scratch, &term) != TT_OK) {
		return NULL;
	}
	return tt_node_of_term(s->world, &term);
}

static bool make_row(stream *s)
{
	if (s->statement) {
		return true;
	}
	s->statement = librdf_new_statement(s->world);
	if (!s->statement) {
		return false;
	}
	librdf_statement_set_subject(s->statement, make_node(s, s->ids[TT_SUBJECT][s->row]));
	librdf_statement_set_predicate(s->statement, make_node(s, s->ids[TT_PREDICATE][s->row]));
	librdf_statement_set_object(s->statement, make_node(s, s->ids[TT_OBJECT][s->row]));
	s->context = make_node(s, s->ids[TT_GRAPH][s->row]);
	return librdf_statement_is_complete(s->statement) != 0;
}

static int stream_is_end(void *user)
{
	const stream *const s = user;
	return s->is_copied ? s->row >= s->n_copies : s->n_rows == 0;
}

static int stream_next(void *user)
{
	stream *const s = user;
	forget_row(s);
	++s->row;
	if (!s->is_copied && s->row >= s->n_rows && fetch_rows(s) != TT_OK) {
		s->n_rows = 0;
	}
	return stream_is_end(s);
}

static void *stream_get(void *user, int flags)
{
	stream *const s = user;
	if (s->is_copied) {
		s->statement = s->copies[s->row];
		s->context = s->copied_contexts[s->row];
	} else if (!make_row(s)) {
		return NULL;
	}
	return flags == LIBRDF_STREAM_GET_METHOD_GET_CONTEXT ? (void *)s->context : (void *)s->statement;
}

static void close_scan(stream *s)
{
	tt_scan_close(s->scan);
	tt_snapshot_end(s->snapshot);
	s->scan = NULL;
	s->snapshot = NULL;
}

static void stream_finished(void *user)
{
	stream *const s = user;
	forget_row(s);
	for (size_t i = 0; i < s->n_copies; ++i) {
		librdf_free_statement(s->copies[i]);
		if (s->copied_contexts[i]) {
			librdf_free_node(s->copied_contexts[i]);
		}
	}
	tt_free(&s->ctx, s->copies);
	tt_free(&s->ctx, s->copied_contexts);
	close_scan(s);
	tt_free(s->owner, s);
}

static tt_status copy_row(stream *s)
{
	TT_TRY(tt_grow(&s->ctx, (void **)&s->copies, &s->capacity, s->n_copies + 1, sizeof *s->copies));
	TT_TRY(tt_grow(&s->ctx, (void **)&s->copied_contexts, &s->context_capacity, s->n_copies + 1,
	               sizeof *s->copied_contexts));
	s->copies[s->n_copies] = s->statement;
	s->copied_contexts[s->n_copies++] = s->context;
	s->statement = NULL;
	s->context = NULL;
	return TT_OK;
}

static tt_status copy_rows(stream *s)
{
	while (s->n_rows) {
		if (!make_row(s)) {
			return TT_NO_MEMORY;
		}
		TT_TRY(copy_row(s));
		(void)stream_next(s);
	}
	s->is_copied = true;
	s->row = 0;
	close_scan(s);
	return TT_OK;
}

static tt_status start_stream(instance *in, stream *s, librdf_node *const nodes[TT_N_COLUMNS], tt_graph_choice choice)
{
	TT_TRY(in->txn ? tt_txn_snapshot(&s->ctx, in->txn, &s->snapshot)
	               : tt_snapshot_begin(&s->ctx, in->store, &s->snapshot));
	tt_id ids[TT_N_COLUMNS];
	bool is_known = true;
	TT_TRY(find_quad(s->snapshot, nodes, ids, &is_known));
	if (is_known) {
		if (choice == TT_GRAPHS_DEFAULT) {
			ids[TT_GRAPH] = TT_UNBOUND;
		}
		s->perm = tt_perm_for(ids);
		tt_scan_spec spec = {.perm = s->perm, .choice = choice};
		while (spec.n_bound < 4 && ids[tt_perm_column(s->perm, spec.n_bound)] != TT_UNBOUND) {
			spec.bound[spec.n_bound] = ids[tt_perm_column(s->perm, spec.n_bound)];
			spec.n_bound++;
		}
		TT_TRY(tt_scan_open(s->snapshot, &spec, &s->scan));
		TT_TRY(fetch_rows(s));
	}
	return in->txn ? copy_rows(s) : TT_OK;
}

/* A stream of the quads that match; NULL nodes are variables. */
static librdf_stream *open_stream(librdf_storage *storage, librdf_node *const nodes[TT_N_COLUMNS],
                                  tt_graph_choice choice)
{
	instance *const in = instance_of(storage);
	stream *const s = tt_calloc(&in->ctx, 1, sizeof *s);
	if (!s) {
		(void)outcome(storage, TT_NO_MEMORY);
		return NULL;
	}
	s->owner = &in->ctx;
	s->world = librdf_storage_get_world(storage);
	tt_ctx_init(&s->ctx);
	const tt_status status = start_stream(in, s, nodes, choice);
	if (status != TT_OK) {
		tt_ctx_copy_error(&in->ctx, &s->ctx);
		(void)outcome(storage, status);
		stream_finished(s);
		return NULL;
	}
	librdf_stream *const result = librdf_new_stream(s->world, s, stream_is_end, stream_next, stream_get,
	                                                stream_finished);
	if (!result) {
		stream_finished(s);
	}
	return result;
}

static librdf_stream *storage_serialise(librdf_storage *storage)
{
	librdf_node *const nodes[TT_N_COLUMNS] = {NULL, NULL, NULL, NULL};
	return open_stream(storage, nodes, TT_GRAPHS_ALL);
}

static librdf_stream *find_in_context(librdf_storage *storage, librdf_statement *statement, librdf_node *context)
{
	librdf_node *const nodes[TT_N_COLUMNS] = {librdf_statement_get_subject(statement),
	                                          librdf_statement_get_predicate(statement),
	                                          librdf_statement_get_object(statement), context};
	return open_stream(storage, nodes, TT_GRAPHS_ALL);
}

static librdf_stream *find_statements(librdf_storage *storage, librdf_statement *statement)
{
	return find_in_context(storage, statement, NULL);
}

static librdf_stream *find_statements_with_options(librdf_storage *storage, librdf_statement *statement,
                                                   librdf_node *context, librdf_hash *options)
{
	(void)options; /* librdf knows of `match-substring` only, which no storage of its own can do either */
	return find_in_context(storage, statement, context);
}

static librdf_stream *context_serialise(librdf_storage *storage, librdf_node *context)
{
	librdf_node *const nodes[TT_N_COLUMNS] = {NULL, NULL, NULL, context};
	return open_stream(storage, nodes, context ? TT_GRAPHS_ALL : TT_GRAPHS_DEFAULT);
}

/* ---- adding and removing ---------------------------------------------------------------------- */

static int change_one(librdf_storage *storage, librdf_node *context, librdf_statement *statement,
                      tt_status (*change)(tt_txn *, const tt_quad *))
{
	instance *const in = instance_of(storage);
	tt_txn *txn = NULL;
	tt_status status = begin(in, &txn);
	if (status == TT_OK) {
		tt_quad quad;
		status = intern_quad(txn, context, statement, &quad);
		status = status ? status : change(txn, &quad);
		status = end(in, txn, status);
	}
	return outcome(storage, status);
}

static int context_add_statement(librdf_storage *storage, librdf_node *context, librdf_statement *statement)
{
	return change_one(storage, context, statement, tt_txn_add);
}

static int context_remove_statement(librdf_storage *storage, librdf_node *context, librdf_statement *statement)
{
	return change_one(storage, context, statement, tt_txn_remove);
}

static int add_statement(librdf_storage *storage, librdf_statement *statement)
{
	return context_add_statement(storage, NULL, statement);
}

static int remove_statement(librdf_storage *storage, librdf_statement *statement)
{
	return context_remove_statement(storage, NULL, statement);
}

static tt_status add_stream(tt_txn *txn, librdf_node *context, librdf_stream *statements)
{
	while (!librdf_stream_end(statements)) {
		librdf_statement *const statement = librdf_stream_get_object(statements);
		librdf_node *const own_context = context ? context : librdf_stream_get_context2(statements);
		tt_quad quad;
		if (!statement) {
			return TT_BAD_ARGUMENT;
		}
		TT_TRY(intern_quad(txn, own_context, statement, &quad));
		TT_TRY(tt_txn_add(txn, &quad));
		(void)librdf_stream_next(statements);
	}
	return TT_OK;
}

static int context_add_statements(librdf_storage *storage, librdf_node *context, librdf_stream *statements)
{
	instance *const in = instance_of(storage);
	tt_txn *txn = NULL;
	tt_status status = begin(in, &txn);
	if (status == TT_OK) {
		status = end(in, txn, add_stream(txn, context, statements));
	}
	return outcome(storage, status);
}

static int add_statements(librdf_storage *storage, librdf_stream *statements)
{
	return context_add_statements(storage, NULL, statements);
}

/* Remove all that a scan of the committed state finds. */
static tt_status remove_all(tt_ctx *ctx, tt_store *store, const tt_scan_spec *spec, tt_txn *txn)
{
	tt_snapshot *snapshot = NULL;
	tt_scan *scan = NULL;
	tt_id rows[TT_N_COLUMNS][STREAM_ROWS];
	tt_id *columns[4];
	for (unsigned i = 0; i < 4; ++i) {
		columns[i] = rows[tt_perm_column(spec->perm, i)];
	}
	tt_status status = tt_snapshot_begin(ctx, store, &snapshot);
	status = status ? status : tt_scan_open(snapshot, spec, &scan);
	for (size_t n_rows = 1; status == TT_OK && n_rows;) {
		status = tt_scan_next(scan, columns, STREAM_ROWS, &n_rows);
		for (size_t i = 0; i < n_rows && status == TT_OK; ++i) {
			const tt_quad quad = {rows[TT_SUBJECT][i], rows[TT_PREDICATE][i], rows[TT_OBJECT][i], rows[TT_GRAPH][i]};
			status = tt_txn_remove(txn, &quad);
		}
	}
	tt_scan_close(scan);
	tt_snapshot_end(snapshot);
	return status;
}

static int context_remove_statements(librdf_storage *storage, librdf_node *context)
{
	librdf_stream *const statements = context_serialise(storage, context);
	instance *const in = instance_of(storage);
	tt_txn *txn = NULL;
	tt_status status = statements ? begin(in, &txn) : TT_INTERNAL;
	if (status == TT_OK) {
		while (!librdf_stream_end(statements) && status == TT_OK) {
			tt_quad quad;
			status = intern_quad(txn, context, librdf_stream_get_object(statements), &quad);
			status = status ? status : tt_txn_remove(txn, &quad);
			(void)librdf_stream_next(statements);
		}
		status = end(in, txn, status);
	}
	if (statements) {
		librdf_free_stream(statements);
	}
	return outcome(storage, status);
}

/* ---- asking ----------------------------------------------------------------------------------- */

static int contains_statement(librdf_storage *storage, librdf_statement *statement)
{
	librdf_stream *const found = find_statements(storage, statement);
	const int does_contain = found && !librdf_stream_end(found);
	if (found) {
		librdf_free_stream(found);
	}
	return does_contain;
}

static int storage_size(librdf_storage *storage)
{
	instance *const in = instance_of(storage);
	tt_snapshot *snapshot = NULL;
	tt_store_stats stats = {0};
	tt_status status = in->txn ? tt_txn_snapshot(&in->ctx, in->txn, &snapshot)
	                           : tt_snapshot_begin(&in->ctx, in->store, &snapshot);
	if (status == TT_OK) {
		status = tt_snapshot_stats(snapshot, &stats);
		tt_snapshot_end(snapshot);
	}
	return outcome(storage, status) ? -1 : (int)stats.n_quads;
}

/* An iterator over the named graphs: the nodes are made at once, there are few. */
typedef struct context_list {
	tt_ctx *ctx;
	librdf_node **nodes;
	size_t n_nodes;
	size_t next;
} context_list;

static int contexts_is_end(void *user)
{
	const context_list *const list = user;
	return list->next >= list->n_nodes;
}

static int contexts_next(void *user)
{
	context_list *const list = user;
	++list->next;
	return contexts_is_end(list);
}

static void *contexts_get(void *user, int flags)
{
	context_list *const list = user;
	return flags == LIBRDF_ITERATOR_GET_METHOD_GET_OBJECT && list->next < list->n_nodes ? list->nodes[list->next]
	                                                                                    : NULL;
}

static void contexts_finished(void *user)
{
	context_list *const list = user;
	for (size_t i = 0; i < list->n_nodes; ++i) {
		librdf_free_node(list->nodes[i]);
	}
	tt_free(list->ctx, list->nodes);
	tt_free(list->ctx, list);
}

static tt_status list_contexts(librdf_world *world, tt_snapshot *snapshot, context_list *list)
{
	const tt_id *graphs = NULL;
	size_t n_graphs = 0;
	TT_TRY(tt_snapshot_graphs(snapshot, &graphs, &n_graphs));
	list->nodes = tt_calloc(list->ctx, n_graphs, sizeof *list->nodes);
	for (size_t i = 0; list->nodes && i < n_graphs; ++i) {
		tt_scratch scratch;
		tt_term term;
		TT_TRY(tt_snapshot_term(snapshot, graphs[i], &scratch, &term));
		librdf_node *const node = tt_node_of_term(world, &term);
		if (!node) {
			return TT_NO_MEMORY;
		}
		list->nodes[list->n_nodes++] = node;
	}
	return list->nodes ? TT_OK : TT_NO_MEMORY;
}

static librdf_iterator *get_contexts(librdf_storage *storage)
{
	instance *const in = instance_of(storage);
	librdf_world *const world = librdf_storage_get_world(storage);
	tt_snapshot *snapshot = NULL;
	context_list *const list = tt_calloc(&in->ctx, 1, sizeof *list);
	if (!list) {
		return NULL;
	}
	list->ctx = &in->ctx;
	tt_status status = in->txn ? tt_txn_snapshot(&in->ctx, in->txn, &snapshot)
	                           : tt_snapshot_begin(&in->ctx, in->store, &snapshot);
	status = status ? status : list_contexts(world, snapshot, list);
	tt_snapshot_end(snapshot);
	librdf_iterator *const iterator = outcome(storage, status)
	                                      ? NULL
	                                      : librdf_new_iterator(world, list, contexts_is_end, contexts_next,
	                                                            contexts_get, contexts_finished);
	if (!iterator) {
		contexts_finished(list);
	}
	return iterator;
}

static librdf_node *get_feature(librdf_storage *storage, librdf_uri *feature)
{
	if (strcmp((const char *)librdf_uri_as_string(feature), LIBRDF_MODEL_FEATURE_CONTEXTS) == 0) {
		return librdf_new_node_from_typed_literal(librdf_storage_get_world(storage), (const unsigned char *)"1", NULL,
		                                          NULL);
	}
	return NULL;
}

/* Every change is synced when its transaction commits. */
static int storage_sync(librdf_storage *storage)
{
	(void)storage;
	return 0;
}

static void fill_factory(librdf_storage_factory *factory)
{
	factory->version = LIBRDF_STORAGE_INTERFACE_VERSION;
	factory->init = storage_init;
	factory->terminate = storage_terminate;
	factory->open = storage_open;
	factory->close = storage_close;
	factory->size = storage_size;
	factory->add_statement = add_statement;
	factory->add_statements = add_statements;
	factory->remove_statement = remove_statement;
	factory->contains_statement = contains_statement;
	factory->serialise = storage_serialise;
	factory->find_statements = find_statements;
	factory->find_statements_with_options = find_statements_with_options;
	factory->find_statements_in_context = find_in_context;
	factory->context_add_statement = context_add_statement;
	factory->context_remove_statement = context_remove_statement;
	factory->context_add_statements = context_add_statements;
	factory->context_remove_statements = context_remove_statements;
	factory->context_serialise = context_serialise;
	factory->get_contexts = get_contexts;
	factory->get_feature = get_feature;
	factory->sync = storage_sync;
	factory->transaction_start = transaction_start;
	factory->transaction_start_with_handle = transaction_start_with_handle;
	factory->transaction_commit = transaction_commit;
	factory->transaction_rollback = transaction_rollback;
	factory->transaction_get_handle = transaction_get_handle;
}

int tt_librdf_register(librdf_world *world)
{
	return librdf_storage_register_factory(world, "tertium", "Tertium: indexed quads in LMDB", fill_factory);
}

void librdf_storage_module_register_factory(librdf_world *world)
{
	(void)tt_librdf_register(world);
}
