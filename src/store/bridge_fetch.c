/* bridge_fetch.c - snapshots of a Redland storage, and the relations that they fetch.
 *
 * A pattern is looked for among the relations there are: any whose key leaves some of its columns open holds it. Else
 * the storage is asked. A question may cost the storage a walk over all it has (memory keeps a list; hashes find two
 * bound columns, and walk for one), so a snapshot becomes greedier with each: after some questions it fetches all
 * quads of a predicate, in the end all there are, which answers everything else. */
#include "store/bridge_parts.h"

#include "rdf/node.h"

enum {
	FETCHES_BEFORE_PREDICATES = 16,
	FETCHES_BEFORE_ALL = 64,
	ROWS_BETWEEN_POLLS = 1024,
	N_MASKS = 1 << TT_N_COLUMNS
};

/* ---- asking librdf ------------------------------------------------------------------------------------ */

static bool is_of(tt_id id, tt_kind first, tt_kind last)
{
	return id == TT_UNBOUND || (tt_id_kind(id) >= first && tt_id_kind(id) <= last);
}

/* Whether a key can match at all: RDF has no literal as a subject. */
static bool is_possible(const tt_bridge *store, const tt_id key[TT_N_COLUMNS])
{
	return is_of(key[TT_SUBJECT], TT_KIND_BLANK, TT_KIND_IRI) && is_of(key[TT_PREDICATE], TT_KIND_IRI, TT_KIND_IRI) &&
	       key[TT_OBJECT] != TT_DEFAULT_GRAPH && is_of(key[TT_GRAPH], TT_KIND_BLANK, TT_KIND_IRI) &&
	       (key[TT_GRAPH] == TT_UNBOUND || store->has_contexts);
}

/** One question on its way. */
typedef struct question {
	tt_ctx *ctx;
	tt_bridge *store;
	const tt_id *key;
	tt_bridge_visit visit;
	void *user;
} question;

/* Streams of librdf's end without a word where they cannot go on: at least of all there is we know how much it is. */
static tt_status check_size(const question *q, size_t n_read)
{
	const bool is_all = !q->key[TT_SUBJECT] && !q->key[TT_PREDICATE] && !q->key[TT_OBJECT] && !q->key[TT_GRAPH];
	const int size = is_all ? tt_lib.librdf_storage_size(q->store->storage) : -1;
	if (size > 0 && n_read < (size_t)size) {
		return tt_fail(q->ctx, TT_IO, "the Redland storage %s holds %d statements, of which librdf reads %zu",
		               q->store->description, size, n_read);
	}
	return TT_OK;
}

static tt_status intern_node(const question *q, librdf_node *node, tt_id when_absent, tt_id *out_id)
{
	tt_term term;
	*out_id = when_absent;
	if (!tt_term_of_node(node, &term)) {
		return tt_fail(q->ctx, TT_UNSUPPORTED, "the Redland storage %s holds a node that is no RDF term",
		               q->store->description);
	}
	return term.kind == TT_TERM_NONE ? TT_OK : tt_bridge_intern(q->ctx, q->store, &term, out_id);
}

static tt_status visit_stream(const question *q, librdf_stream *stream)
{
	size_t n = 0;
	for (; !tt_lib.librdf_stream_end(stream); ++n) {
		librdf_statement *const statement = tt_lib.librdf_stream_get_object(stream);
		tt_quad quad;
		if (!statement) {
			return tt_bridge_fail(q->ctx, q->store, "read");
		}
		/* With a context in the key librdf need not repeat it. */
		TT_TRY(intern_node(q, tt_lib.librdf_statement_get_subject(statement), TT_UNBOUND, &quad.subject));
		TT_TRY(intern_node(q, tt_lib.librdf_statement_get_predicate(statement), TT_UNBOUND, &quad.predicate));
		TT_TRY(intern_node(q, tt_lib.librdf_statement_get_object(statement), TT_UNBOUND, &quad.object));
		quad.graph = q->key[TT_GRAPH];
		if (quad.graph == TT_UNBOUND) {
			TT_TRY(intern_node(q, tt_lib.librdf_stream_get_context2(stream), TT_DEFAULT_GRAPH, &quad.graph));
		}
		TT_TRY(q->visit(q->user, statement, &quad));
		if (n % ROWS_BETWEEN_POLLS == 0) {
			TT_TRY(tt_ctx_poll(q->ctx));
		}
		(void)tt_lib.librdf_stream_next(stream);
	}
	return check_size(q, n);
}

static librdf_stream *open_stream(const question *q, librdf_statement *pattern)
{
	const tt_id *const key = q->key;
	librdf_storage *const storage = q->store->storage;
	const bool is_all = !key[TT_SUBJECT] && !key[TT_PREDICATE] && !key[TT_OBJECT];
	if (key[TT_GRAPH] == TT_UNBOUND) {
		return is_all ? tt_lib.librdf_storage_serialise(storage)
		              : tt_lib.librdf_storage_find_statements(storage, pattern);
	}
	librdf_node *const graph = tt_bridge_node(q->ctx, q->store, key[TT_GRAPH]);
	if (!graph) {
		return NULL;
	}
	librdf_stream *const stream = is_all ? tt_lib.librdf_storage_context_as_stream(storage, graph)
	                                     : tt_lib.librdf_storage_find_statements_in_context(storage, pattern, graph);
	tt_lib.librdf_free_node(graph);
	return stream;
}

/* Ask for a pattern whose object is a certain node; NULL: the pattern has none. */
static tt_status ask_with_object(const question *q, librdf_node *object)
{
	librdf_statement *const pattern = tt_lib.librdf_new_statement(q->store->world);
	tt_status status = pattern ? TT_OK : tt_fail(q->ctx, TT_NO_MEMORY, "out of memory");
	if (!pattern) {
		if (object) {
			tt_lib.librdf_free_node(object);
		}
		return status;
	}
	if (q->key[TT_SUBJECT]) {
		tt_lib.librdf_statement_set_subject(pattern, tt_bridge_node(q->ctx, q->store, q->key[TT_SUBJECT]));
	}
	if (q->key[TT_PREDICATE]) {
		tt_lib.librdf_statement_set_predicate(pattern, tt_bridge_node(q->ctx, q->store, q->key[TT_PREDICATE]));
	}
	tt_lib.librdf_statement_set_object(pattern, object);
	tt_bridge_listen(q->store);
	librdf_stream *const stream = open_stream(q, pattern);
	/* Some storages give nothing for nothing. */
	status = stream ? visit_stream(q, stream) : TT_OK;
	if (stream) {
		tt_lib.librdf_free_stream(stream);
	}
	tt_lib.librdf_free_statement(pattern);
	return status == TT_OK && q->store->message[0] ? tt_bridge_fail(q->ctx, q->store, "read") : status;
}

/* "text"^^xsd:string is our "text", but not librdf's. */
static librdf_node *explicit_string(librdf_world *world, const tt_term *term)
{
	librdf_uri *const type = tt_lib.librdf_new_uri2(world, (const unsigned char *)term->datatype.data,
	                                                term->datatype.size);
	librdf_node *const node = tt_lib.librdf_new_node_from_typed_counted_literal(
	    world, (const unsigned char *)(term->text.data ? term->text.data : ""), term->text.size, NULL, 0, type);
	if (type) {
		tt_lib.librdf_free_uri(type);
	}
	return node;
}

tt_status tt_bridge_ask(tt_ctx *ctx, tt_bridge *store, const tt_id key[TT_N_COLUMNS], tt_bridge_visit visit, void *user)
{
	const question q = {ctx, store, key, visit, user};
	if (!is_possible(store, key)) {
		return TT_OK;
	}
	if (key[TT_OBJECT] == TT_UNBOUND) {
		return ask_with_object(&q, NULL);
	}
	tt_scratch scratch;
	tt_term term;
	TT_TRY(tt_bridge_term(ctx, store, key[TT_OBJECT], &scratch, &term));
	if (term.language.size) {
		/* How the storage writes the letters of the tag we do not know: ask without. */
		return ask_with_object(&q, NULL);
	}
	librdf_node *const node = tt_bridge_node(ctx, store, key[TT_OBJECT]);
	if (!node) {
		return ctx->error.status;
	}
	TT_TRY(ask_with_object(&q, node));
	if (term.kind == TT_TERM_LITERAL && tt_view_equal(term.datatype, tt_vocab_iri(TT_VOCAB_XSD_STRING))) {
		librdf_node *const other = explicit_string(store->world, &term);
		return other ? ask_with_object(&q, other) : tt_fail(ctx, TT_NO_MEMORY, "out of memory");
	}
	return TT_OK;
}

/* ---- a relation --------------------------------------------------------------------------------------- */

static const tt_sort_key by_all[] = {{0, UINT64_MAX}, {1, UINT64_MAX}, {2, UINT64_MAX}, {3, UINT64_MAX}};

static const tt_sort_key by_graph[] = {{3, UINT64_MAX}, {0, UINT64_MAX}, {1, UINT64_MAX}, {2, UINT64_MAX}};

static tt_status sort_rows(tt_ctx *ctx, tt_row **rows, size_t n_rows, const tt_sort_key keys[TT_N_COLUMNS])
{
	tt_row *scratch = tt_calloc(ctx, n_rows + 1, sizeof *scratch);
	if (!scratch) {
		return ctx->error.status;
	}
	tt_sort_rows(rows, &scratch, n_rows, keys, TT_N_COLUMNS);
	tt_free(ctx, scratch);
	return TT_OK;
}

static void free_relation(tt_ctx *ctx, tt_relation *relation)
{
	for (unsigned i = 0; relation && i < TT_N_PERMS; ++i) {
		tt_free(ctx, relation->orders[i].rows);
	}
	tt_free(ctx, relation);
}

/** Rows being gathered. */
typedef struct gatherer {
	tt_bridge_snapshot *snapshot;
	const tt_id *key;
	tt_row *rows;
	size_t n_rows;
	size_t capacity;
} gatherer;

static bool matches(const tt_id key[TT_N_COLUMNS], const uint64_t word[4])
{
	for (unsigned c = 0; c < TT_N_COLUMNS; ++c) {
		if (key[c] != TT_UNBOUND && key[c] != word[c]) {
			return false;
		}
	}
	return true;
}

/* Whether librdf has an object otherwise than we would write it: so another statement may be the same quad. */
static bool is_variant(librdf_node *object)
{
	if (!tt_lib.librdf_node_is_literal(object)) {
		return false;
	}
	librdf_uri *const type = tt_lib.librdf_node_get_literal_value_datatype_uri(object);
	const char *const language = tt_lib.librdf_node_get_literal_value_language(object);
	const tt_view iri = type ? tt_view_of((const char *)tt_lib.librdf_uri_as_string(type)) : (tt_view){NULL, 0};
	return tt_view_equal(iri, tt_vocab_iri(TT_VOCAB_XSD_STRING)) ||
	       (language && strpbrk(language, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"));
}

static tt_status gather(void *user, librdf_statement *statement, const tt_quad *quad)
{
	gatherer *const g = user;
	const tt_row row = {{quad->subject, quad->predicate, quad->object, quad->graph}};
	g->snapshot->has_variants |= is_variant(tt_lib.librdf_statement_get_object(statement));
	if (!matches(g->key, row.word)) {
		return TT_OK;
	}
	TT_TRY(tt_grow(g->snapshot->base.ctx, (void **)&g->rows, &g->capacity, g->n_rows + 1, sizeof *g->rows));
	g->rows[g->n_rows++] = row;
	return TT_OK;
}

static int compare_rows(const tt_row *a, const tt_row *b)
{
	for (unsigned c = 0; c < 4; ++c) {
		const uint64_t x = c < 3 ? a->word[c] : a->word[c] & ~TT_ROW_IS_REMOVED;
		const uint64_t y = c < 3 ? b->word[c] : b->word[c] & ~TT_ROW_IS_REMOVED;
		if (x != y) {
			return x < y ? -1 : 1;
		}
	}
	return 0;
}

/* Sort what was gathered, each quad once. */
static tt_status settle(gatherer *g)
{
	TT_TRY(sort_rows(g->snapshot->base.ctx, &g->rows, g->n_rows, by_all));
	size_t n = 0;
	for (size_t i = 0; i < g->n_rows; ++i) {
		if (n && compare_rows(&g->rows[n - 1], &g->rows[i]) == 0) {
			g->snapshot->has_variants = true;
		} else {
			g->rows[n++] = g->rows[i];
		}
	}
	g->n_rows = n;
	return TT_OK;
}

/* ---- a defect of librdf's sqlite ---------------------------------------------------------------------- */

static bool holds(const gatherer *members, const tt_row *row)
{
	size_t low = 0;
	size_t high = members->n_rows;
	while (low < high) {
		const size_t half = low + (high - low) / 2;
		if (compare_rows(&members->rows[half], row) < 0) {
			low = half + 1;
		} else {
			high = half;
		}
	}
	return low < members->n_rows && compare_rows(&members->rows[low], row) == 0;
}

/* Rows that are said to be in one graph: those that it does not hold, or holds once already, have no context. */
static tt_status mend_graph(gatherer *g, tt_row *rows, size_t n_rows)
{
	tt_ctx *const ctx = g->snapshot->base.ctx;
	const tt_id key[TT_N_COLUMNS] = {g->key[0], g->key[1], g->key[2], rows[0].word[TT_GRAPH]};
	gatherer members = {.snapshot = g->snapshot, .key = key};
	tt_status status = TT_OK;
	TT_TRY_DONE(tt_grow(ctx, (void **)&members.rows, &members.capacity, 1, sizeof *members.rows));
	TT_TRY_DONE(tt_bridge_ask(ctx, g->snapshot->store, key, gather, &members));
	TT_TRY_DONE(settle(&members));
	tt_row last = {{TT_UNBOUND}};
	for (size_t i = 0; i < n_rows; ++i) {
		const tt_row row = rows[i];
		if (compare_rows(&row, &last) == 0 || !holds(&members, &row)) {
			rows[i].word[TT_GRAPH] = TT_DEFAULT_GRAPH;
		}
		last = row;
	}
done:
	tt_free(ctx, members.rows);
	return status;
}

/* librdf 1.0.17's sqlite gives a statement without a context that of the one before it. */
static tt_status mend_contexts(gatherer *g)
{
	if (!g->snapshot->store->has_stale_contexts || g->key[TT_GRAPH] != TT_UNBOUND) {
		return TT_OK;
	}
	TT_TRY(sort_rows(g->snapshot->base.ctx, &g->rows, g->n_rows, by_graph));
	for (size_t first = 0, end = 0; first < g->n_rows; first = end) {
		const tt_id graph = g->rows[first].word[TT_GRAPH];
		while (end < g->n_rows && g->rows[end].word[TT_GRAPH] == graph) {
			++end;
		}
		if (graph != TT_DEFAULT_GRAPH) {
			TT_TRY(mend_graph(g, g->rows + first, end - first));
		}
	}
	return TT_OK;
}

/* ---- fetching ----------------------------------------------------------------------------------------- */

/* Bring the overlay into what was fetched: both are sorted. */
static tt_status overlay(gatherer *g)
{
	tt_ctx *const ctx = g->snapshot->base.ctx;
	const tt_changes *const changes = &g->snapshot->overlay;
	if (!changes->n_rows) {
		return TT_OK;
	}
	tt_row *const merged = tt_calloc(ctx, g->n_rows + changes->n_rows + 1, sizeof *merged);
	if (!merged) {
		return ctx->error.status;
	}
	size_t n = 0;
	size_t at = 0;
	for (size_t i = 0; i < changes->n_rows; ++i) {
		const tt_row *const change = &changes->rows[i];
		while (at < g->n_rows && compare_rows(&g->rows[at], change) < 0) {
			merged[n++] = g->rows[at++];
		}
		at += at < g->n_rows && compare_rows(&g->rows[at], change) == 0;
		if (!(change->word[3] & TT_ROW_IS_REMOVED) && matches(g->key, change->word)) {
			merged[n++] = *change;
		}
	}
	while (at < g->n_rows) {
		merged[n++] = g->rows[at++];
	}
	tt_free(ctx, g->rows);
	g->rows = merged;
	g->n_rows = n;
	return TT_OK;
}

static uint64_t hash_key(const tt_id key[TT_N_COLUMNS])
{
	return tt_hash_bytes((tt_view){(const char *)key, TT_N_COLUMNS * sizeof *key}, 0);
}

static tt_status remember(tt_bridge_snapshot *snapshot, tt_relation *relation)
{
	TT_TRY(tt_grow(snapshot->base.ctx, (void **)&snapshot->relations, &snapshot->n_relations_capacity,
	               snapshot->n_relations + 1, sizeof *snapshot->relations));
	TT_TRY(tt_map_insert(&snapshot->by_key, hash_key(relation->key), snapshot->n_relations));
	snapshot->relations[snapshot->n_relations++] = relation;
	return TT_OK;
}

static tt_status fetch(tt_bridge_snapshot *snapshot, const tt_id key[TT_N_COLUMNS], tt_relation **out_relation)
{
	tt_ctx *const ctx = snapshot->base.ctx;
	gatherer g = {.snapshot = snapshot, .key = key};
	tt_relation *const relation = tt_calloc(ctx, 1, sizeof *relation);
	if (!relation) {
		return ctx->error.status;
	}
	memcpy(relation->key, key, sizeof relation->key);
	snapshot->n_fetches++;
	tt_status status = TT_OK;
	TT_TRY_DONE(tt_grow(ctx, (void **)&g.rows, &g.capacity, 1, sizeof *g.rows));
	TT_TRY_DONE(tt_bridge_ask(ctx, snapshot->store, key, gather, &g));
	TT_TRY_DONE(mend_contexts(&g));
	TT_TRY_DONE(settle(&g));
	TT_TRY_DONE(overlay(&g));
	relation->orders[TT_SPO].rows = g.rows;
	relation->orders[TT_SPO].n_rows = g.n_rows;
	g.rows = NULL;
	TT_TRY_DONE(remember(snapshot, relation));
	*out_relation = relation;
done:
	tt_free(ctx, g.rows);
	if (status != TT_OK) {
		free_relation(ctx, relation);
	}
	return status;
}

/* Sort a relation in another order; the graph-first ones hold named graphs only. */
static tt_status make_order(tt_ctx *ctx, tt_relation *relation, tt_perm perm)
{
	const tt_row *const from = relation->orders[TT_SPO].rows;
	const size_t n_from = relation->orders[TT_SPO].n_rows;
	tt_row *rows = tt_calloc(ctx, n_from + 1, sizeof *rows);
	if (!rows) {
		return ctx->error.status;
	}
	size_t n = 0;
	for (size_t i = 0; i < n_from; ++i) {
		if (perm >= TT_GSPO && from[i].word[TT_GRAPH] == TT_DEFAULT_GRAPH) {
			continue;
		}
		for (unsigned c = 0; c < 4; ++c) {
			rows[n].word[c] = from[i].word[tt_perm_column(perm, c)];
		}
		n++;
	}
	const tt_status status = sort_rows(ctx, &rows, n, by_all);
	if (status != TT_OK) {
		tt_free(ctx, rows);
		return status;
	}
	relation->orders[perm].rows = rows;
	relation->orders[perm].n_rows = n;
	return TT_OK;
}

/* ---- which relation ----------------------------------------------------------------------------------- */

/* Any that leaves some of the bound columns open. */
static tt_relation *find_relation(const tt_bridge_snapshot *snapshot, const tt_id bound[TT_N_COLUMNS])
{
	for (unsigned mask = 0; mask < N_MASKS && snapshot->n_relations; ++mask) {
		tt_id key[TT_N_COLUMNS];
		bool is_twice = false; /* leaves open what is open */
		for (unsigned c = 0; c < TT_N_COLUMNS; ++c) {
			key[c] = mask >> c & 1 ? TT_UNBOUND : bound[c];
			is_twice |= (mask >> c & 1) && bound[c] == TT_UNBOUND;
		}
		uint64_t cursor = 0;
		uint64_t number = 0;
		while (!is_twice && tt_map_next(&snapshot->by_key, hash_key(key), &cursor, &number)) {
			if (memcmp(snapshot->relations[number]->key, key, sizeof key) == 0) {
				return snapshot->relations[number];
			}
		}
	}
	return NULL;
}

bool tt_bridge_has_rows(const tt_bridge_snapshot *snapshot, const tt_id bound[TT_N_COLUMNS])
{
	return find_relation(snapshot, bound) != NULL;
}

/* What to ask the storage for when a pattern is wanted. */
static void choose_key(const tt_bridge_snapshot *snapshot, const tt_id bound[TT_N_COLUMNS], tt_id key[TT_N_COLUMNS])
{
	memcpy(key, bound, TT_N_COLUMNS * sizeof *key);
	const bool is_predicate = key[TT_PREDICATE] != TT_UNBOUND;
	if (snapshot->n_fetches >= FETCHES_BEFORE_PREDICATES && is_predicate) {
		key[TT_SUBJECT] = TT_UNBOUND;
		key[TT_OBJECT] = TT_UNBOUND;
	}
	if (snapshot->n_fetches >= FETCHES_BEFORE_ALL) {
		memset(key, 0, TT_N_COLUMNS * sizeof *key);
	}
	/* The default graph has no name to ask by; other graphs are asked for only whole. */
	if (key[TT_SUBJECT] || key[TT_PREDICATE] || key[TT_OBJECT] || key[TT_GRAPH] == TT_DEFAULT_GRAPH) {
		key[TT_GRAPH] = TT_UNBOUND;
	}
}

tt_status tt_bridge_rows(tt_bridge_snapshot *snapshot, const tt_id bound[TT_N_COLUMNS], tt_perm perm,
                         const tt_row **out_rows, size_t *out_n_rows)
{
	tt_relation *relation = find_relation(snapshot, bound);
	if (!relation) {
		tt_id key[TT_N_COLUMNS];
		choose_key(snapshot, bound, key);
		TT_TRY(fetch(snapshot, key, &relation));
	}
	if (!relation->orders[perm].rows) {
		TT_TRY(make_order(snapshot->base.ctx, relation, perm));
	}
	*out_rows = relation->orders[perm].rows;
	*out_n_rows = relation->orders[perm].n_rows;
	return TT_OK;
}

/* ---- snapshots ---------------------------------------------------------------------------------------- */

tt_status tt_bridge_snapshot_new(tt_ctx *ctx, tt_bridge *store, tt_changes *overlay, tt_bridge_snapshot **out_snapshot)
{
	tt_bridge_snapshot *const snapshot = tt_calloc(ctx, 1, sizeof *snapshot);
	if (!snapshot) {
		tt_free(ctx, overlay->rows);
		return ctx->error.status;
	}
	snapshot->base = (tt_snapshot){&tt_bridge_backend, ctx};
	snapshot->store = store;
	snapshot->overlay = *overlay;
	tt_map_init(&snapshot->by_key, ctx);
	snapshot->next = store->snapshots;
	store->snapshots = snapshot;
	tt_bridge_enter(store);
	*out_snapshot = snapshot;
	return TT_OK;
}

void tt_bridge_snapshot_end(tt_snapshot *base)
{
	tt_bridge_snapshot *const snapshot = (tt_bridge_snapshot *)base;
	tt_ctx *const ctx = base->ctx;
	tt_bridge_snapshot **link = &snapshot->store->snapshots;
	while (*link != snapshot) {
		link = &(*link)->next;
	}
	*link = snapshot->next;
	tt_bridge_leave(snapshot->store);
	for (size_t i = 0; i < snapshot->n_relations; ++i) {
		free_relation(ctx, snapshot->relations[i]);
	}
	tt_map_clear(&snapshot->by_key);
	tt_free(ctx, snapshot->relations);
	tt_free(ctx, snapshot->overlay.rows);
	tt_free(ctx, snapshot->graphs);
	tt_free(ctx, snapshot->predicates);
	tt_free(ctx, snapshot);
}

/* The opposite of what was written comes first, so that the snapshot's own changes win. */
tt_status tt_bridge_snapshot_keep(tt_bridge_snapshot *snapshot, const tt_row *changes, size_t n_changes)
{
	tt_ctx *const ctx = snapshot->base.ctx;
	const size_t n_own = snapshot->overlay.n_rows;
	tt_changes all = {.rows = tt_calloc(ctx, n_changes + n_own + 1, sizeof *all.rows), .n_rows = n_changes + n_own};
	if (!all.rows) {
		return ctx->error.status;
	}
	for (size_t i = 0; i < n_changes; ++i) {
		all.rows[i] = changes[i];
		all.rows[i].word[3] ^= TT_ROW_IS_REMOVED;
	}
	if (n_own) {
		memcpy(all.rows + n_changes, snapshot->overlay.rows, n_own * sizeof *all.rows);
	}
	const tt_status status = tt_changes_sort(ctx, &all);
	if (status != TT_OK) {
		tt_free(ctx, all.rows);
		return status;
	}
	tt_free(ctx, snapshot->overlay.rows);
	snapshot->overlay = all;
	return TT_OK;
}
