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

#include <stdio.h>
#include <stdlib.h>

#include "rdf/node.h"
#include "redland/instance.h"
#include "store/stats.h"
#include "store/store.h"
#include "tertium.h"

#include <rdf_storage_module.h>

int tt_redland_outcome(librdf_storage *storage, tt_status status)
{
	if (status == TT_OK) {
		return 0;
	}
	const tt_error *const error = &tt_redland_of(storage)->ctx.error;
	tt_lib.librdf_log(tt_lib.librdf_storage_get_world(storage), 0, LIBRDF_LOG_ERROR, LIBRDF_FROM_STORAGE, NULL,
	                  "tertium: %s", error->text[0] ? error->text : tt_status_name(status));
	return 1;
}

/* ---- opening ---------------------------------------------------------------------------------- */

/* @param name NULL or "": in memory. */
static tt_redland *new_instance(librdf_storage *storage, const char *name)
{
	tt_ctx self;
	tt_ctx_init(&self);
	tt_redland *const in = tt_calloc(&self, 1, sizeof *in);
	if (!in) {
		return NULL;
	}
	in->self = self;
	tt_ctx_init(&in->ctx);
	tt_lib.librdf_storage_set_instance(storage, in);
	if (name && *name) {
		in->directory = tt_strndup(&in->ctx, name, strlen(name));
		return in->directory ? in : NULL;
	}
	return in;
}

static int storage_init(librdf_storage *storage, const char *name, librdf_hash *options)
{
	tt_redland *const in = new_instance(storage, name);
	if (in) {
		in->is_new = tt_lib.librdf_hash_get_as_boolean(options, "new") > 0;
		in->is_read_only = tt_lib.librdf_hash_get_as_boolean(options, "write") == 0;
	}
	tt_lib.librdf_free_hash(options);
	return !in;
}

/* The name with its number, or 0, counted up: museum, museum1, museum2 … To be freed. */
static char *next_name(const char *name)
{
	size_t n = strlen(name);
	while (n && name[n - 1] >= '0' && name[n - 1] <= '9') {
		--n;
	}
	char *next = NULL;
	return asprintf(&next, "%.*s%llu", (int)n, name, strtoull(name + n, NULL, 10) + 1) < 0 ? NULL : next;
}

/* As with librdf's hashes a clone is another storage beside the old one, its name counted up, with nothing in it. */
static int storage_clone(librdf_storage *storage, librdf_storage *old_storage)
{
	const tt_redland *const old = tt_redland_of(old_storage);
	char *const name = old->directory ? next_name(old->directory) : NULL;
	if (old->directory && !name) {
		return 1;
	}
	tt_redland *const in = new_instance(storage, name);
	if (in) {
		in->is_new = old->is_new;
		in->is_read_only = old->is_read_only;
	}
	free(name);
	return !in;
}

static void storage_terminate(librdf_storage *storage)
{
	tt_redland *const in = tt_redland_of(storage);
	if (in) {
		tt_free(&in->ctx, in->directory);
		tt_ctx self = in->self;
		tt_free(&self, in);
		tt_lib.librdf_storage_set_instance(storage, NULL);
	}
}

/* Remove all that a scan of the committed state finds. */
static tt_status remove_rows(tt_ctx *ctx, tt_scan *scan, tt_txn *txn)
{
	enum { N_ROWS = 256 };
	tt_id rows[TT_N_COLUMNS][N_ROWS];
	tt_id *const columns[4] = {rows[0], rows[1], rows[2], rows[3]};
	size_t n_rows = 0;
	do {
		TT_TRY(tt_ctx_poll(ctx));
		TT_TRY(tt_scan_next(scan, columns, N_ROWS, &n_rows));
		for (size_t i = 0; i < n_rows; ++i) {
			const tt_quad quad = {rows[0][i], rows[1][i], rows[2][i], rows[3][i]};
			TT_TRY(tt_txn_remove(txn, &quad));
		}
	} while (n_rows);
	return TT_OK;
}

static tt_status empty_store(tt_redland *in)
{
	const tt_scan_spec everything = {.perm = TT_SPO, .choice = TT_GRAPHS_ALL};
	tt_scan *scan = NULL;
	TT_TRY(tt_redland_changes_begin(&in->changes, &in->ctx, in->store));
	tt_status status = tt_scan_open(in->changes.before, &everything, &scan);
	status = status ? status : remove_rows(&in->ctx, scan, in->changes.txn);
	tt_scan_close(scan);
	return tt_redland_changes_end(&in->changes, status);
}

static int storage_open(librdf_storage *storage, librdf_model *model)
{
	(void)model;
	tt_redland *const in = tt_redland_of(storage);
	if (in->is_closing) {
		in->is_closing = false;
		return 0;
	}
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
	return tt_redland_outcome(storage, status);
}

static int transaction_rollback(librdf_storage *storage);

static int storage_close(librdf_storage *storage)
{
	tt_redland *const in = tt_redland_of(storage);
	if (in->is_in_transaction) {
		(void)transaction_rollback(storage);
	}
	in->is_closing = in->n_readers > 0;
	if (!in->is_closing) {
		tt_store_close(in->store);
		in->store = NULL;
	}
	return 0;
}

/* ---- statements to quads ---------------------------------------------------------------------- */

/* @param is_new Whether terms that the store has not seen are to be added, or end in TT_UNBOUND. */
static tt_status node_id(tt_redland *in, librdf_node *node, bool is_new, tt_id *out_id)
{
	tt_term term;
	if (!tt_term_of_node(node, &term)) {
		return tt_fail(&in->ctx, TT_BAD_ARGUMENT, "a node that is no RDF term");
	}
	if (term.kind == TT_TERM_NONE) {
		*out_id = TT_DEFAULT_GRAPH;
		return TT_OK;
	}
	return is_new ? tt_txn_intern(in->changes.txn, &term, out_id) : tt_txn_find(in->changes.txn, &term, out_id);
}

static tt_status make_quad(tt_redland *in, librdf_node *context, librdf_statement *statement, bool is_new,
                           tt_quad *out_quad)
{
	if (!statement || !tt_lib.librdf_statement_is_complete(statement) ||
	    tt_lib.librdf_node_is_literal(tt_lib.librdf_statement_get_subject(statement)) ||
	    !tt_lib.librdf_node_is_resource(tt_lib.librdf_statement_get_predicate(statement)) ||
	    (context && tt_lib.librdf_node_is_literal(context))) {
		return tt_fail(&in->ctx, TT_BAD_ARGUMENT, "a statement that is no RDF");
	}
	TT_TRY(node_id(in, tt_lib.librdf_statement_get_subject(statement), is_new, &out_quad->subject));
	TT_TRY(node_id(in, tt_lib.librdf_statement_get_predicate(statement), is_new, &out_quad->predicate));
	TT_TRY(node_id(in, tt_lib.librdf_statement_get_object(statement), is_new, &out_quad->object));
	return node_id(in, context, is_new, &out_quad->graph);
}

/* The quad of a statement; *out_is_known is false if the store has never seen one of its terms. */
static tt_status find_quad(tt_redland *in, librdf_node *context, librdf_statement *statement, tt_quad *out_quad,
                           bool *out_is_known)
{
	*out_quad = (tt_quad){0};
	TT_TRY(make_quad(in, context, statement, false, out_quad));
	*out_is_known = out_quad->subject && out_quad->predicate && out_quad->object && out_quad->graph;
	return TT_OK;
}

/* Without a context a statement is not added if it is there in any, as librdf's own storages have it. */
static tt_status add_one(tt_redland *in, tt_status status, librdf_node *context, librdf_statement *statement)
{
	tt_quad quad;
	bool is_there = false;
	TT_TRY(status);
	TT_TRY(make_quad(in, context, statement, true, &quad));
	if (!context) {
		TT_TRY(tt_redland_has_triple(&in->changes, &quad, &is_there));
	}
	return is_there ? TT_OK : tt_redland_change_quad(&in->changes, &quad, false, NULL);
}

/* ---- transactions ----------------------------------------------------------------------------- */

static tt_status begin(tt_redland *in)
{
	return in->is_in_transaction ? TT_OK : tt_redland_changes_begin(&in->changes, &in->ctx, in->store);
}

/* End what begin() gave: nothing to do inside a librdf transaction. */
static tt_status end(tt_redland *in, tt_status status)
{
	return in->is_in_transaction || !in->changes.txn ? status : tt_redland_changes_end(&in->changes, status);
}

static int transaction_start(librdf_storage *storage)
{
	tt_redland *const in = tt_redland_of(storage);
	if (in->is_in_transaction) {
		return 1;
	}
	const tt_status status = begin(in);
	in->is_in_transaction = status == TT_OK;
	return tt_redland_outcome(storage, status);
}

static int transaction_start_with_handle(librdf_storage *storage, void *handle)
{
	(void)handle;
	return transaction_start(storage);
}

static int transaction_commit(librdf_storage *storage)
{
	tt_redland *const in = tt_redland_of(storage);
	if (!in->is_in_transaction) {
		return 1;
	}
	in->is_in_transaction = false;
	return tt_redland_outcome(storage, end(in, TT_OK));
}

static int transaction_rollback(librdf_storage *storage)
{
	tt_redland *const in = tt_redland_of(storage);
	if (!in->is_in_transaction) {
		return 1;
	}
	in->is_in_transaction = false;
	return end(in, TT_CANCELLED) != TT_CANCELLED;
}

static void *transaction_get_handle(librdf_storage *storage)
{
	const tt_redland *const in = tt_redland_of(storage);
	return in->is_in_transaction ? in->changes.txn : NULL;
}

/* ---- statements ------------------------------------------------------------------------------- */

static librdf_stream *storage_serialise(librdf_storage *storage)
{
	librdf_node *const nodes[TT_N_COLUMNS] = {NULL, NULL, NULL, NULL};
	return tt_redland_find(storage, nodes, TT_GRAPHS_ALL);
}

static librdf_stream *find_in_context(librdf_storage *storage, librdf_statement *statement, librdf_node *context)
{
	librdf_node *const nodes[TT_N_COLUMNS] = {tt_lib.librdf_statement_get_subject(statement),
	                                          tt_lib.librdf_statement_get_predicate(statement),
	                                          tt_lib.librdf_statement_get_object(statement), context};
	return tt_redland_find(storage, nodes, TT_GRAPHS_ALL);
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
	return tt_redland_find(storage, nodes, context ? TT_GRAPHS_ALL : TT_GRAPHS_DEFAULT);
}

/* ---- arcs ------------------------------------------------------------------------------------- */

static librdf_iterator *find_sources(librdf_storage *storage, librdf_node *arc, librdf_node *target)
{
	librdf_node *const nodes[TT_N_COLUMNS] = {NULL, arc, target, NULL};
	return tt_redland_find_nodes(storage, nodes, TT_SUBJECT);
}

static librdf_iterator *find_arcs(librdf_storage *storage, librdf_node *source, librdf_node *target)
{
	librdf_node *const nodes[TT_N_COLUMNS] = {source, NULL, target, NULL};
	return tt_redland_find_nodes(storage, nodes, TT_PREDICATE);
}

static librdf_iterator *find_targets(librdf_storage *storage, librdf_node *source, librdf_node *arc)
{
	librdf_node *const nodes[TT_N_COLUMNS] = {source, arc, NULL, NULL};
	return tt_redland_find_nodes(storage, nodes, TT_OBJECT);
}

static librdf_iterator *get_arcs_in(librdf_storage *storage, librdf_node *node)
{
	return find_arcs(storage, NULL, node);
}

static librdf_iterator *get_arcs_out(librdf_storage *storage, librdf_node *node)
{
	return find_arcs(storage, node, NULL);
}

/* Whether any statement matches, in any context. */
static bool has_match(librdf_storage *storage, librdf_node *subject, librdf_node *predicate, librdf_node *object)
{
	librdf_node *const nodes[TT_N_COLUMNS] = {subject, predicate, object, NULL};
	librdf_stream *const found = tt_redland_find(storage, nodes, TT_GRAPHS_ALL);
	const bool is_there = found && !tt_lib.librdf_stream_end(found);
	if (found) {
		tt_lib.librdf_free_stream(found);
	}
	return is_there;
}

static int has_arc_in(librdf_storage *storage, librdf_node *node, librdf_node *property)
{
	return has_match(storage, NULL, property, node);
}

static int has_arc_out(librdf_storage *storage, librdf_node *node, librdf_node *property)
{
	return has_match(storage, node, property, NULL);
}

static int contains_statement(librdf_storage *storage, librdf_statement *statement)
{
	return has_match(storage, tt_lib.librdf_statement_get_subject(statement),
	                 tt_lib.librdf_statement_get_predicate(statement), tt_lib.librdf_statement_get_object(statement));
}

/* ---- adding and removing ---------------------------------------------------------------------- */

static int context_add_statement(librdf_storage *storage, librdf_node *context, librdf_statement *statement)
{
	tt_redland *const in = tt_redland_of(storage);
	return tt_redland_outcome(storage, end(in, add_one(in, begin(in), context, statement)));
}

/* What is not there cannot be removed: that is a failure to librdf's own storages, but not worth a message. */
static int context_remove_statement(librdf_storage *storage, librdf_node *context, librdf_statement *statement)
{
	tt_redland *const in = tt_redland_of(storage);
	bool is_there = false;
	tt_status status = begin(in);
	if (status == TT_OK) {
		tt_quad quad;
		status = find_quad(in, context, statement, &quad, &is_there);
		status = status || !is_there ? status : tt_redland_change_quad(&in->changes, &quad, true, &is_there);
	}
	return tt_redland_outcome(storage, end(in, status)) || !is_there;
}

static int add_statement(librdf_storage *storage, librdf_statement *statement)
{
	return context_add_statement(storage, NULL, statement);
}

static int remove_statement(librdf_storage *storage, librdf_statement *statement)
{
	return context_remove_statement(storage, NULL, statement);
}

static int context_add_statements(librdf_storage *storage, librdf_node *context, librdf_stream *statements)
{
	tt_redland *const in = tt_redland_of(storage);
	tt_status status = begin(in);
	const size_t n_before = in->changes.n_items;
	while (status == TT_OK && !tt_lib.librdf_stream_end(statements)) {
		librdf_statement *const statement = tt_lib.librdf_stream_get_object(statements);
		/* A statement brings its context along, as to librdf's sqlite. */
		status = add_one(in, TT_OK, context ? context : tt_lib.librdf_stream_get_context2(statements), statement);
		(void)tt_lib.librdf_stream_next(statements);
	}
	if (status != TT_OK && in->is_in_transaction && tt_redland_changes_undo(&in->changes, n_before) != TT_OK) {
		(void)tt_fail(&in->ctx, status, "a stream could neither be added nor taken back: roll back");
	}
	return tt_redland_outcome(storage, end(in, status));
}

static int add_statements(librdf_storage *storage, librdf_stream *statements)
{
	return context_add_statements(storage, NULL, statements);
}

static int context_remove_statements(librdf_storage *storage, librdf_node *context)
{
	tt_redland *const in = tt_redland_of(storage);
	librdf_stream *const statements = context_serialise(storage, context);
	tt_status status = statements ? begin(in) : TT_INTERNAL;
	while (status == TT_OK && !tt_lib.librdf_stream_end(statements)) {
		tt_quad quad;
		bool is_there = false;
		status = find_quad(in, context, tt_lib.librdf_stream_get_object(statements), &quad, &is_there);
		status = status ? status : tt_redland_change_quad(&in->changes, &quad, true, NULL);
		(void)tt_lib.librdf_stream_next(statements);
	}
	if (statements) {
		tt_lib.librdf_free_stream(statements);
	}
	return tt_redland_outcome(storage, end(in, status));
}

/* ---- asking ----------------------------------------------------------------------------------- */

static int storage_size(librdf_storage *storage)
{
	tt_redland *const in = tt_redland_of(storage);
	tt_snapshot *snapshot = NULL;
	tt_store_stats stats = {0};
	tt_status status = tt_redland_snapshot(in, &in->ctx, &snapshot);
	if (status == TT_OK) {
		status = tt_snapshot_stats(snapshot, &stats);
		tt_snapshot_end(snapshot);
	}
	return tt_redland_outcome(storage, status) ? -1 : (int)stats.n_quads;
}

/* The one feature that librdf knows of a storage: contexts, which we always have. */
static bool is_contexts_feature(librdf_uri *feature)
{
	return strcmp((const char *)tt_lib.librdf_uri_as_string(feature), LIBRDF_MODEL_FEATURE_CONTEXTS) == 0;
}

static librdf_node *get_feature(librdf_storage *storage, librdf_uri *feature)
{
	return is_contexts_feature(feature)
	           ? tt_lib.librdf_new_node_from_typed_literal(tt_lib.librdf_storage_get_world(storage),
	                                                       (const unsigned char *)"1", NULL, NULL)
	           : NULL;
}

/* Negative: there is no such feature; 1: it cannot have this value. */
static int set_feature(librdf_storage *storage, librdf_uri *feature, librdf_node *value)
{
	(void)storage;
	if (!is_contexts_feature(feature)) {
		return -1;
	}
	const unsigned char *const text = tt_lib.librdf_node_is_literal(value) ? tt_lib.librdf_node_get_literal_value(value)
	                                                                       : NULL;
	return !text || strcmp((const char *)text, "1") != 0;
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
	factory->clone = storage_clone;
	factory->terminate = storage_terminate;
	factory->open = storage_open;
	factory->close = storage_close;
	factory->size = storage_size;
	factory->add_statement = add_statement;
	factory->add_statements = add_statements;
	factory->remove_statement = remove_statement;
	factory->contains_statement = contains_statement;
	factory->has_arc_in = has_arc_in;
	factory->has_arc_out = has_arc_out;
	factory->serialise = storage_serialise;
	factory->find_statements = find_statements;
	factory->find_statements_with_options = find_statements_with_options;
	factory->find_statements_in_context = find_in_context;
	factory->find_sources = find_sources;
	factory->find_arcs = find_arcs;
	factory->find_targets = find_targets;
	factory->get_arcs_in = get_arcs_in;
	factory->get_arcs_out = get_arcs_out;
	factory->context_add_statement = context_add_statement;
	factory->context_remove_statement = context_remove_statement;
	factory->context_add_statements = context_add_statements;
	factory->context_remove_statements = context_remove_statements;
	factory->context_serialise = context_serialise;
	factory->get_contexts = tt_redland_contexts;
	factory->get_feature = get_feature;
	factory->set_feature = set_feature;
	factory->sync = storage_sync;
	factory->transaction_start = transaction_start;
	factory->transaction_start_with_handle = transaction_start_with_handle;
	factory->transaction_commit = transaction_commit;
	factory->transaction_rollback = transaction_rollback;
	factory->transaction_get_handle = transaction_get_handle;
}

int tt_librdf_register(librdf_world *world)
{
	tt_ctx ctx;
	tt_ctx_init(&ctx);
	if (tt_lib_load(&ctx) != TT_OK) {
		return 1;
	}
	return tt_lib.librdf_storage_register_factory(world, "tertium", "Tertium: indexed quads in LMDB", fill_factory);
}

void librdf_storage_module_register_factory(librdf_world *world)
{
	(void)tt_librdf_register(world);
}
