/* test_bridge.c - the store interface over librdf's memory and hashes, against a naive model (an array of quads).
 *
 * Each step of a random sequence changes both, and compares scans of every kind, counts and lists; snapshots of earlier
 * steps, and such of an open transaction, must go on seeing their state. */
#include "store_fixture.h"

#include "store/bridge.h"
#include "store/bridge_parts.h"

enum { MODEL_SIZE = 4000, N_TERMS = 12, N_OLD = 3 };

/** Quads in the order S, P, O, G. */
typedef struct model {
	tt_row rows[MODEL_SIZE];
	size_t n_rows;
} model;

static tt_store *store;
static tt_id subjects[N_TERMS], predicates[N_TERMS], objects[N_TERMS], graphs[N_TERMS];

/* ---- the model -------------------------------------------------------------------------------------------- */

static size_t find(const model *m, const tt_row *row)
{
	size_t i = 0;
	while (i < m->n_rows && memcmp(&m->rows[i], row, sizeof *row) != 0) {
		++i;
	}
	return i;
}

static void change(model *m, const tt_row *row, bool is_removal)
{
	const size_t at = find(m, row);
	if (is_removal && at < m->n_rows) {
		m->rows[at] = m->rows[--m->n_rows];
	} else if (!is_removal && at == m->n_rows) {
		CHECK(m->n_rows < MODEL_SIZE);
		m->rows[m->n_rows++] = *row;
	}
}

static bool is_chosen(const tt_scan_spec *spec, tt_id graph)
{
	bool is_listed = false;
	for (size_t i = 0; i < spec->n_graphs; ++i) {
		is_listed |= spec->graphs[i] == graph;
	}
	return spec->choice == TT_GRAPHS_ALL || (spec->choice == TT_GRAPHS_DEFAULT && graph == TT_DEFAULT_GRAPH) ||
	       (spec->choice == TT_GRAPHS_NAMED && graph != TT_DEFAULT_GRAPH) ||
	       (spec->choice == TT_GRAPHS_LIST && is_listed);
}

/* The rows of a scan from a key on, columns in the order of the permutation; *out_n_bound: with the bound columns. */
static size_t expect(const model *m, const tt_scan_spec *spec, const tt_id *seek, unsigned n_seek, tt_row *out,
                     uint64_t *out_n_bound)
{
	static tt_row sorted[MODEL_SIZE];
	size_t n = 0;
	*out_n_bound = 0;
	memcpy(sorted, m->rows, m->n_rows * sizeof *sorted);
	sort_in_perm(sorted, m->n_rows, spec->perm);
	for (size_t i = 0; i < m->n_rows; ++i) {
		tt_row row;
		bool is_in = spec->perm < TT_GSPO || sorted[i].word[TT_GRAPH] != TT_DEFAULT_GRAPH;
		for (unsigned c = 0; c < 4; ++c) {
			row.word[c] = sorted[i].word[tt_perm_column(spec->perm, c)];
			is_in = is_in && (c >= spec->n_bound || row.word[c] == spec->bound[c]);
		}
		*out_n_bound += is_in;
		const tt_id next = spec->n_bound < 4 ? row.word[spec->n_bound] : 0;
		is_in = is_in && is_chosen(spec, sorted[i].word[TT_GRAPH]) && (!spec->low || next >= spec->low) &&
		        (!spec->high || next <= spec->high);
		bool is_before = false;
		for (unsigned c = 0; c < n_seek && !is_before && row.word[spec->n_bound + c] <= seek[c]; ++c) {
			is_before = row.word[spec->n_bound + c] < seek[c];
		}
		const bool is_repeated = n && spec->is_merged && memcmp(&out[n - 1], &row, 3 * sizeof *row.word) == 0;
		if (is_in && !is_before && !is_repeated) {
			out[n++] = row;
		}
	}
	return n;
}

/* ---- comparing -------------------------------------------------------------------------------------------- */

static bool is_same_rest(tt_scan *scan, const tt_scan_spec *spec, const tt_row *wanted, size_t n_wanted)
{
	enum { CAPACITY = 7 };
	tt_id values[4][CAPACITY];
	tt_id *const columns[4] = {values[0], values[1], values[2], spec->is_merged ? NULL : values[3]};
	size_t n_seen = 0;
	for (size_t n = 1; n;) {
		OK(tt_scan_next(scan, columns, CAPACITY, &n));
		for (size_t i = 0; i < n; ++i, ++n_seen) {
			for (unsigned c = 0; c < 4u - spec->is_merged; ++c) {
				if (n_seen >= n_wanted || values[c][i] != wanted[n_seen].word[c]) {
					return false;
				}
			}
		}
	}
	return n_seen == n_wanted;
}

static tt_id some_id(tt_column column)
{
	const tt_id *const ids[] = {subjects, predicates, objects, graphs};
	return ids[column][below(N_TERMS)];
}

static int compare_ids(const void *a, const void *b)
{
	const tt_id x = *(const tt_id *)a;
	const tt_id y = *(const tt_id *)b;
	return (x > y) - (x < y);
}

static void choose_spec(tt_scan_spec *spec, tt_id list[3])
{
	*spec = (tt_scan_spec){
	    .perm = (tt_perm)below(TT_N_PERMS), .n_bound = (unsigned)below(5), .choice = (tt_graph_choice)below(4)};
	spec->is_merged = spec->perm < TT_GSPO && below(3) == 0;
	for (unsigned c = 0; c < spec->n_bound; ++c) {
		spec->bound[c] = some_id(tt_perm_column(spec->perm, c));
	}
	if (spec->n_bound < 4 && below(3) == 0) {
		spec->low = some_id(tt_perm_column(spec->perm, spec->n_bound));
		spec->high = below(2) ? some_id(tt_perm_column(spec->perm, spec->n_bound)) : 0;
	}
	if (spec->choice == TT_GRAPHS_LIST) {
		spec->graphs = list;
		for (size_t i = 0; i < 3; ++i) {
			list[i] = graphs[below(N_TERMS / 3) + i * (N_TERMS / 3)];
		}
		qsort(list, 3, sizeof *list, compare_ids);
		spec->n_graphs = 3;
	}
}

/* A scan, then one with other bound ids, then a seek in it. */
static bool is_same_scan(tt_snapshot *snapshot, const model *m)
{
	static tt_row wanted[MODEL_SIZE];
	tt_id list[3];
	tt_scan_spec spec;
	uint64_t n_bound = 0;
	uint64_t n_counted = 0;
	tt_scan *scan = NULL;
	choose_spec(&spec, list);
	size_t n_wanted = expect(m, &spec, NULL, 0, wanted, &n_bound);
	OK(tt_snapshot_count(snapshot, &spec, &n_counted));
	OK(tt_scan_open(snapshot, &spec, &scan));
	bool is_same = n_counted == n_bound && is_same_rest(scan, &spec, wanted, n_wanted);
	for (unsigned c = 0; c < spec.n_bound; ++c) {
		spec.bound[c] = some_id(tt_perm_column(spec.perm, c));
	}
	OK(tt_scan_rebind(scan, spec.bound));
	tt_id key[4];
	const unsigned n_key = spec.n_bound < 4 && below(2) ? 1 + (unsigned)below(4 - spec.n_bound) : 0;
	for (unsigned c = 0; c < n_key; ++c) {
		key[c] = some_id(tt_perm_column(spec.perm, spec.n_bound + c));
	}
	if (n_key) {
		OK(tt_scan_seek(scan, key, n_key));
	}
	n_wanted = expect(m, &spec, key, n_key, wanted, &n_bound);
	is_same = is_same && is_same_rest(scan, &spec, wanted, n_wanted);
	tt_scan_close(scan);
	return is_same;
}

static bool is_same_state(tt_snapshot *snapshot, const model *m, size_t n_scans)
{
	bool is_same = true;
	for (size_t i = 0; i < n_scans && is_same; ++i) {
		is_same = is_same_scan(snapshot, m);
	}
	const tt_id *named = NULL;
	size_t n_named = 0;
	tt_store_stats stats;
	OK(tt_snapshot_graphs(snapshot, &named, &n_named));
	OK(tt_snapshot_stats(snapshot, &stats));
	for (size_t i = 0; i < n_named; ++i) {
		bool is_there = false;
		for (size_t r = 0; r < m->n_rows; ++r) {
			is_there |= m->rows[r].word[TT_GRAPH] == named[i];
		}
		is_same = is_same && is_there && (i == 0 || named[i - 1] < named[i]);
	}
	return is_same && stats.n_quads == m->n_rows && stats.n_named_graphs == n_named;
}

/* ---- random sequences ------------------------------------------------------------------------------------- */

static void intern(tt_txn *txn, const tt_term *term, tt_id *out_id)
{
	OK(tt_txn_intern(txn, term, out_id));
	tt_id found = TT_UNBOUND;
	OK(tt_txn_find(txn, term, &found));
	CHECK(found == *out_id);
}

static void make_terms(tt_txn *txn)
{
	for (size_t i = 0; i < N_TERMS; ++i) {
		char text[64];
		const int n = snprintf(text, sizeof text, "http://example.org/%zu", i);
		const tt_term iri = tt_term_iri((tt_view){text, (size_t)n});
		const tt_view digits = {text + 19, (size_t)n - 19};
		const tt_term others[] = {iri,
		                          tt_term_string(digits),
		                          tt_term_lang(digits, TT_VIEW("en")),
		                          tt_term_typed(digits, tt_vocab_iri(TT_VOCAB_XSD_INTEGER)),
		                          tt_term_blank((tt_view){text + 7, 7}),
		                          tt_term_typed(TT_VIEW("0"), tt_vocab_iri(TT_VOCAB_XSD_INTEGER))};
		intern(txn, &iri, &predicates[i]);
		intern(txn, &others[i % 3 ? 0 : 4], &subjects[i]);
		intern(txn, &others[i % 6], &objects[i]);
		intern(txn, &iri, &graphs[i]);
	}
	graphs[0] = TT_DEFAULT_GRAPH;
	graphs[N_TERMS / 2] = TT_DEFAULT_GRAPH;
}

static tt_row some_row(void)
{
	/* Few different ones, so that removals find something and triples stand in several graphs. */
	return (tt_row){{subjects[below(5)], predicates[below(4)], objects[below(N_TERMS)], some_id(TT_GRAPH)}};
}

static void change_both(tt_txn *txn, model *m, size_t n_changes)
{
	for (size_t i = 0; i < n_changes; ++i) {
		const tt_row row = some_row();
		const tt_quad quad = {row.word[0], row.word[1], row.word[2], row.word[3]};
		const bool is_removal = below(5) < 2;
		OK(is_removal ? tt_txn_remove(txn, &quad) : tt_txn_add(txn, &quad));
		change(m, &row, is_removal);
	}
}

static tt_status count_change(void *user, const tt_quad *quad, bool is_removal)
{
	(void)quad;
	((size_t *)user)[is_removal]++;
	return TT_OK;
}

/* One transaction, with a look at its own state, a part undone, and an end of either kind. */
static void run_transaction(model *m)
{
	static model changed;
	static model kept;
	tt_txn *txn = NULL;
	tt_snapshot *own = NULL;
	changed = *m;
	OK(tt_txn_begin(&ctx, store, true, &txn));
	change_both(txn, &changed, below(20));
	if (below(2)) {
		OK(tt_txn_snapshot(&ctx, txn, &own));
		CHECK(is_same_state(own, &changed, 4));
		tt_snapshot_end(own);
	}
	const tt_txn_mark mark = tt_txn_get_mark(txn);
	kept = changed;
	change_both(txn, &changed, below(20));
	if (below(3) == 0) {
		tt_txn_undo(txn, mark);
		changed = kept;
	}
	size_t n_changes[2] = {0, 0};
	OK(tt_txn_changes(txn, count_change, n_changes));
	CHECK(m->n_rows + n_changes[0] - n_changes[1] == changed.n_rows);
	if (below(4) == 0) {
		tt_txn_abort(txn);
		return;
	}
	uint64_t n_added = 0;
	uint64_t n_removed = 0;
	OK(tt_txn_commit(txn, &n_added, &n_removed));
	CHECK(n_added == n_changes[0] && n_removed == n_changes[1]);
	*m = changed;
}

static void open_store(const char *description)
{
	tt_txn *txn = NULL;
	OK(tt_store_open_storage(&ctx, description, TT_OPEN_WRITE, &store));
	OK(tt_txn_begin(&ctx, store, true, &txn));
	make_terms(txn);
	tt_txn_abort(txn);
}

static void run_sequence(const char *description)
{
	static model m;
	static model old[N_OLD];
	tt_snapshot *snapshots[N_OLD] = {NULL};
	m.n_rows = 0;
	open_store(description);
	/* The ids must live on between the steps. */
	tt_snapshot *first = NULL;
	OK(tt_snapshot_begin(&ctx, store, &first));
	for (size_t step = 0; step < 60; ++step) {
		const size_t slot = step % N_OLD;
		run_transaction(&m);
		if (snapshots[slot]) {
			CHECK(is_same_state(snapshots[slot], &old[slot], 6));
			tt_snapshot_end(snapshots[slot]);
		}
		OK(tt_snapshot_begin(&ctx, store, &snapshots[slot]));
		old[slot] = m;
		if (below(2)) {
			CHECK(is_same_state(snapshots[slot], &m, 12));
		}
	}
	for (size_t i = 0; i < N_OLD; ++i) {
		tt_snapshot_end(snapshots[i]);
	}
	tt_snapshot_end(first);
	tt_store_close(store);
}

static void test_memory(void **state)
{
	(void)state;
	run_sequence("memory");
}

static void test_hashes(void **state)
{
	(void)state;
	if (is_sanitized()) {
		skip();
	}
	run_sequence("hashes:test,index-predicates='yes'");
}

/* Whether librdf has a storage, found by a store that is to be opened with it. */
static bool is_missing(const char *type)
{
	tt_store *opened = NULL;
	char description[32];
	(void)snprintf(description, sizeof description, "%s:", type);
	const tt_status status = tt_store_open_storage(&ctx, description, TT_OPEN_READ, &opened);
	tt_store_close(opened);
	return status == TT_NOT_FOUND;
}

static void test_sqlite(void **state)
{
	(void)state;
	if (is_missing("sqlite")) {
		skip(); /* Debian: librdf-storage-sqlite */
	}
	make_directory();
	char description[512];
	(void)snprintf(description, sizeof description, "sqlite:%s,new='yes',synchronous='off'",
	               file_in_directory("quads.db"));
	run_sequence(description);
	remove_directory();
}

static void test_bdb(void **state)
{
	(void)state;
	if (is_sanitized()) {
		skip();
	}
	make_directory();
	char description[512];
	(void)snprintf(description, sizeof description, "hashes:quads,hash-type='bdb',dir='%s',new='yes'", directory);
	run_sequence(description);
	remove_directory();
}

static void test_trees(void **state)
{
	(void)state;
	open_store("trees");
	CHECK(!((tt_bridge *)store)->has_contexts);
	tt_txn *txn = NULL;
	OK(tt_txn_begin(&ctx, store, true, &txn));
	const tt_quad named = {subjects[1], predicates[1], objects[1], graphs[1]};
	CHECK(tt_txn_add(txn, &named) == TT_UNSUPPORTED);
	tt_txn_abort(txn);
	tt_store_close(store);
}

/* The comparison must be able to say no. */
static void test_control(void **state)
{
	(void)state;
	static model m;
	size_t n_noticed = 0;
	m.n_rows = 0;
	open_store("memory");
	for (size_t i = 0; i < 10; ++i) {
		run_transaction(&m);
	}
	tt_snapshot *snapshot = NULL;
	OK(tt_snapshot_begin(&ctx, store, &snapshot));
	CHECK(m.n_rows > 1);
	m.rows[0].word[TT_OBJECT] = m.rows[0].word[TT_OBJECT] == objects[0] ? objects[1] : objects[0];
	for (size_t i = 0; i < 200; ++i) {
		n_noticed += !is_same_scan(snapshot, &m);
	}
	CHECK(n_noticed > 0);
	tt_snapshot_end(snapshot);
	tt_store_close(store);
}

/* ---- what only foreign data have -------------------------------------------------------------------------- */

static librdf_statement *new_statement(librdf_world *world, librdf_node *object)
{
	return librdf_new_statement_from_nodes(
	    world, librdf_new_node_from_uri_string(world, (const unsigned char *)"http://example.org/s"),
	    librdf_new_node_from_uri_string(world, (const unsigned char *)"http://example.org/p"), object);
}

static librdf_node *new_literal(librdf_world *world, const char *text, const char *language, const char *type)
{
	librdf_uri *const uri = type ? librdf_new_uri(world, (const unsigned char *)type) : NULL;
	librdf_node *const node = librdf_new_node_from_typed_literal(world, (const unsigned char *)text, language, uri);
	if (uri) {
		librdf_free_uri(uri);
	}
	return node;
}

static uint64_t count_object(const tt_term *object)
{
	tt_snapshot *snapshot = NULL;
	tt_id id = TT_UNBOUND;
	uint64_t n = 0;
	OK(tt_snapshot_begin(&ctx, store, &snapshot));
	OK(tt_snapshot_find(snapshot, object, &id));
	const tt_scan_spec spec = {.perm = TT_OSP, .n_bound = 1, .bound = {id}};
	OK(tt_snapshot_count(snapshot, &spec, &n));
	tt_snapshot_end(snapshot);
	return n;
}

/* Several statements of librdf's that are one quad to us are found as one, and removed all. */
static void test_variants(void **state)
{
	(void)state;
	OK(tt_store_open_storage(&ctx, "memory", TT_OPEN_WRITE, &store));
	librdf_world *const world = ((tt_bridge *)store)->world;
	librdf_storage *const storage = ((tt_bridge *)store)->storage;
	librdf_node *const literals[] = {new_literal(world, "x", NULL, NULL),
	                                 new_literal(world, "x", NULL, "http://www.w3.org/2001/XMLSchema#string"),
	                                 new_literal(world, "x", "EN", NULL), new_literal(world, "x", "en", NULL)};
	for (size_t i = 0; i < sizeof literals / sizeof *literals; ++i) {
		librdf_statement *const statement = new_statement(world, literals[i]);
		CHECK(librdf_storage_add_statement(storage, statement) == 0);
		librdf_free_statement(statement);
	}
	CHECK(librdf_storage_size(storage) == 4);
	const tt_term terms[] = {tt_term_string(TT_VIEW("x")), tt_term_lang(TT_VIEW("x"), TT_VIEW("En"))};
	for (size_t i = 0; i < 2; ++i) {
		CHECK(count_object(&terms[i]) == 1);
		const tt_term subject = tt_term_iri(TT_VIEW("http://example.org/s"));
		const tt_term predicate = tt_term_iri(TT_VIEW("http://example.org/p"));
		tt_quad quad = {.graph = TT_DEFAULT_GRAPH};
		tt_txn *txn = NULL;
		uint64_t n_removed = 0;
		OK(tt_txn_begin(&ctx, store, true, &txn));
		OK(tt_txn_intern(txn, &subject, &quad.subject));
		OK(tt_txn_intern(txn, &predicate, &quad.predicate));
		OK(tt_txn_intern(txn, &terms[i], &quad.object));
		OK(tt_txn_remove(txn, &quad));
		OK(tt_txn_commit(txn, NULL, &n_removed));
		CHECK(n_removed == 1 && count_object(&terms[i]) == 0);
		CHECK(librdf_storage_size(storage) == (i ? 0 : 2));
	}
	tt_store_close(store);
}

static void test_read_only(void **state)
{
	(void)state;
	tt_txn *txn = NULL;
	OK(tt_store_open_storage(&ctx, "memory", TT_OPEN_READ, &store));
	CHECK(tt_txn_begin(&ctx, store, true, &txn) == TT_READ_ONLY);
	tt_store_close(store);
}

static void test_opening_fails(void **state)
{
	(void)state;
	static const struct {
		const char *description;
		tt_status status;
		const char *text;
	} cases[] = {{"", TT_BAD_ARGUMENT, "TYPE[:NAME]"},
	             {"memory,contexts=yes", TT_BAD_ARGUMENT, "not \"memory,contexts=yes\""},
	             {"memory,contexts='yes", TT_BAD_ARGUMENT, "TYPE[:NAME]"},
	             {"punched-cards:x", TT_NOT_FOUND, "no storage \"punched-cards\" here, but"},
	             {"hashes:x,hash-type='bdb',dir='/dev/null'", TT_IO, "cannot open the Redland storage hashes:x"}};
	/* The last is one of hashes. */
	for (size_t i = 0; i < sizeof cases / sizeof *cases - is_sanitized(); ++i) {
		CHECK(tt_store_open_storage(&ctx, cases[i].description, TT_OPEN_WRITE, &store) == cases[i].status);
		CHECK(!store && strstr(ctx.error.text, cases[i].text));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_memory, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_hashes, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_bdb, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_sqlite, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_trees, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_control, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_variants, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_read_only, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_opening_fails, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
