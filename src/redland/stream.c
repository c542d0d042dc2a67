/* stream.c - what librdf reads of our store: streams of statements, iterators over nodes and contexts.
 *
 * A stream keeps the snapshot of its beginning, so that changing the model while walking over it is safe. */
#include "rdf/node.h"
#include "redland/instance.h"

tt_status tt_redland_snapshot(tt_redland *in, tt_ctx *ctx, tt_snapshot **out_snapshot)
{
	return in->is_in_transaction ? tt_txn_snapshot(ctx, in->changes.txn, out_snapshot)
	                             : tt_snapshot_begin(ctx, in->store, out_snapshot);
}

void tt_redland_enter(librdf_storage *storage)
{
	tt_lib.librdf_storage_add_reference(storage);
	tt_redland_of(storage)->n_readers++;
}

void tt_redland_leave(librdf_storage *storage)
{
	tt_redland *const in = tt_redland_of(storage);
	if (--in->n_readers == 0 && in->is_closing) {
		tt_store_close(in->store);
		in->store = NULL;
		in->is_closing = false;
	}
	tt_lib.librdf_storage_remove_reference(storage);
}

tt_status tt_redland_find_ids(tt_snapshot *snapshot, librdf_node *const nodes[TT_N_COLUMNS], tt_id ids[TT_N_COLUMNS],
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

/* ---- streams ---------------------------------------------------------------------------------- */

enum { STREAM_ROWS = 256 };

/** Statements (or contexts) on their way to librdf. The current row is made into nodes when it is asked for. */
typedef struct stream {
	librdf_storage *storage; /* kept alive */
	librdf_world *world;
	tt_ctx ctx;
	tt_ctx *owner; /* the account of this struct */
	tt_snapshot *snapshot;
	tt_scan *scan; /* NULL: no row */
	tt_perm perm;
	tt_column wanted; /* of an iterator over nodes */
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
		tt_lib.librdf_free_statement(s->statement);
	}
	if (s->context && !s->is_copied) {
		tt_lib.librdf_free_node(s->context);
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
	s->statement = tt_lib.librdf_new_statement(s->world);
	if (!s->statement) {
		return false;
	}
	tt_lib.librdf_statement_set_subject(s->statement, make_node(s, s->ids[TT_SUBJECT][s->row]));
	tt_lib.librdf_statement_set_predicate(s->statement, make_node(s, s->ids[TT_PREDICATE][s->row]));
	tt_lib.librdf_statement_set_object(s->statement, make_node(s, s->ids[TT_OBJECT][s->row]));
	s->context = make_node(s, s->ids[TT_GRAPH][s->row]);
	return tt_lib.librdf_statement_is_complete(s->statement) != 0;
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
	if (!s->is_copied && s->row >= s->n_rows) {
		const tt_status status = fetch_rows(s);
		if (status != TT_OK) {
			tt_ctx_copy_error(s->owner, &s->ctx);
			(void)tt_redland_outcome(s->storage, status);
			s->n_rows = 0;
		}
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
		tt_lib.librdf_free_statement(s->copies[i]);
		if (s->copied_contexts[i]) {
			tt_lib.librdf_free_node(s->copied_contexts[i]);
		}
	}
	tt_free(&s->ctx, s->copies);
	tt_free(&s->ctx, s->copied_contexts);
	close_scan(s);
	librdf_storage *const storage = s->storage;
	tt_free(s->owner, s);
	tt_redland_leave(storage);
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

static tt_status start_stream(tt_redland *in, stream *s, librdf_node *const nodes[TT_N_COLUMNS], tt_graph_choice choice)
{
	TT_TRY(tt_redland_snapshot(in, &s->ctx, &s->snapshot));
	tt_id ids[TT_N_COLUMNS];
	bool is_known = true;
	TT_TRY(tt_redland_find_ids(s->snapshot, nodes, ids, &is_known));
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
	return in->is_in_transaction ? copy_rows(s) : TT_OK;
}

/* The statements that match, before they are made into an object of librdf's; NULL after a message. */
static stream *new_stream(librdf_storage *storage, librdf_node *const nodes[TT_N_COLUMNS], tt_graph_choice choice)
{
	tt_redland *const in = tt_redland_of(storage);
	stream *const s = tt_calloc(&in->ctx, 1, sizeof *s);
	if (!s) {
		(void)tt_redland_outcome(storage, TT_NO_MEMORY);
		return NULL;
	}
	s->owner = &in->ctx;
	s->storage = storage;
	tt_redland_enter(storage);
	s->world = tt_lib.librdf_storage_get_world(storage);
	tt_ctx_init(&s->ctx);
	const tt_status status = start_stream(in, s, nodes, choice);
	if (status != TT_OK) {
		tt_ctx_copy_error(&in->ctx, &s->ctx);
		(void)tt_redland_outcome(storage, status);
		stream_finished(s);
		return NULL;
	}
	return s;
}

librdf_stream *tt_redland_find(librdf_storage *storage, librdf_node *const nodes[TT_N_COLUMNS], tt_graph_choice choice)
{
	stream *const s = new_stream(storage, nodes, choice);
	librdf_stream *const result = s ? tt_lib.librdf_new_stream(s->world, s, stream_is_end, stream_next, stream_get,
	                                                           stream_finished)
	                                : NULL;
	if (s && !result) {
		stream_finished(s);
	}
	return result;
}

/* ---- nodes ------------------------------------------------------------------------------------ */

static void *node_get(void *user, int flags)
{
	stream *const s = user;
	librdf_statement *const statement = stream_get(s, LIBRDF_STREAM_GET_METHOD_GET_OBJECT);
	if (!statement) {
		return NULL;
	}
	switch (flags) {
	case LIBRDF_ITERATOR_GET_METHOD_GET_OBJECT:
		return s->wanted == TT_SUBJECT     ? tt_lib.librdf_statement_get_subject(statement)
		       : s->wanted == TT_PREDICATE ? tt_lib.librdf_statement_get_predicate(statement)
		                                   : tt_lib.librdf_statement_get_object(statement);
	case LIBRDF_ITERATOR_GET_METHOD_GET_CONTEXT:
		return s->context;
	default:
		return NULL;
	}
}

librdf_iterator *tt_redland_find_nodes(librdf_storage *storage, librdf_node *const nodes[TT_N_COLUMNS],
                                       tt_column column)
{
	stream *const s = new_stream(storage, nodes, TT_GRAPHS_ALL);
	if (!s) {
		return NULL;
	}
	s->wanted = column;
	librdf_iterator *const result = tt_lib.librdf_new_iterator(s->world, s, stream_is_end, stream_next, node_get,
	                                                           stream_finished);
	if (!result) {
		stream_finished(s);
	}
	return result;
}

/* ---- contexts --------------------------------------------------------------------------------- */

/* An iterator over the named graphs: the nodes are made at once, there are few. */
typedef struct context_list {
	librdf_storage *storage; /* kept alive */
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
		tt_lib.librdf_free_node(list->nodes[i]);
	}
	librdf_storage *const storage = list->storage;
	tt_free(list->ctx, list->nodes);
	tt_free(list->ctx, list);
	tt_redland_leave(storage);
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

librdf_iterator *tt_redland_contexts(librdf_storage *storage)
{
	tt_redland *const in = tt_redland_of(storage);
	librdf_world *const world = tt_lib.librdf_storage_get_world(storage);
	tt_snapshot *snapshot = NULL;
	context_list *const list = tt_calloc(&in->ctx, 1, sizeof *list);
	if (!list) {
		return NULL;
	}
	list->storage = storage;
	tt_redland_enter(storage);
	list->ctx = &in->ctx;
	tt_status status = tt_redland_snapshot(in, &in->ctx, &snapshot);
	status = status ? status : list_contexts(world, snapshot, list);
	tt_snapshot_end(snapshot);
	librdf_iterator *const iterator = tt_redland_outcome(storage, status)
	                                      ? NULL
	                                      : tt_lib.librdf_new_iterator(world, list, contexts_is_end, contexts_next,
	                                                                   contexts_get, contexts_finished);
	if (!iterator) {
		contexts_finished(list);
	}
	return iterator;
}
