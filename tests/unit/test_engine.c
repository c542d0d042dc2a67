/* test_engine.c - the public interface, tertium.h: open, load, ask, dump, errors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tertium.h"

static tt_view view(const char *text)
{
	return (tt_view){text, strlen(text)};
}

/* A file with a content; the name is to be removed and freed by the caller. */
static char *make_file(const char *extension, const char *content)
{
	char name[64];
	(void)snprintf(name, sizeof name, "/tmp/tertium-test-XXXXXX.%s", extension);
	const int fd = mkstemps(name, (int)strlen(extension) + 1);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, content, strlen(content)), strlen(content));
	close(fd);
	return strdup(name);
}

static tt_status load_text(tt_db *db, const char *extension, const char *content, uint64_t *out_n)
{
	char *const name = make_file(extension, content);
	const char *const paths[] = {name};
	const tt_status status = tt_db_load(db, paths, NULL, 1, out_n);
	unlink(name);
	free(name);
	return status;
}

static tt_db *open_with(const char *trig)
{
	tt_db *db = NULL;
	assert_int_equal(tt_db_open(NULL, TT_OPEN_CREATE, &db), TT_OK);
	assert_int_equal(load_text(db, "trig", trig, NULL), TT_OK);
	return db;
}

static size_t n_rows(tt_db *db, const char *query, bool is_union)
{
	const tt_query_options options = {.is_union_default_graph = is_union};
	tt_results *results = NULL;
	const tt_status status = tt_db_query(db, view(query), &options, &results);
	if (status != TT_OK) {
		fail_msg("%s: %s", query, tt_db_error(db)->text);
	}
	size_t n = 0;
	const tt_term *row = NULL;
	do {
		assert_int_equal(tt_results_next(results, &row), TT_OK);
		n += row != NULL;
	} while (row);
	tt_results_free(results);
	return n;
}

static const char two_graphs[] =
    "@prefix : <http://e/> . :a :p 1 . :g { :a :p 1 . :b :p 2 . } :h { :b :p 2 . _:x :p _:x . }";

static void graphs_are_apart_or_one(void **state)
{
	(void)state;
	tt_db *const db = open_with(two_graphs);
	assert_int_equal(n_rows(db, "SELECT * { ?s ?p ?o }", false), 1);
	assert_int_equal(n_rows(db, "SELECT * { ?s ?p ?o }", true), 3);
	assert_int_equal(n_rows(db, "SELECT * { GRAPH ?g { ?s ?p ?o } }", false), 4);
	assert_int_equal(n_rows(db, "SELECT * { GRAPH :h { ?s ?p ?o } }", true), 2);
	assert_int_equal(n_rows(db, "SELECT * FROM :g FROM :h { ?s ?p ?o }", false), 3);
	assert_int_equal(n_rows(db, "CONSTRUCT { ?o :q _:n } { ?s ?p ?o }", true), 1);
	assert_int_equal(n_rows(db, "DESCRIBE :b", true), 1);
	tt_db_stats stats;
	assert_int_equal(tt_db_get_stats(db, &stats), TT_OK);
	assert_int_equal(stats.n_quads, 5);
	assert_int_equal(stats.n_triples, 3);
	assert_int_equal(stats.n_named_graphs, 2);
	tt_db_close(db);
}

static void ask_answers(void **state)
{
	(void)state;
	tt_db *const db = open_with(two_graphs);
	tt_results *results = NULL;
	assert_int_equal(tt_db_query(db, view("ASK { :a :p 1 }"), NULL, &results), TT_OK);
	assert_int_equal(tt_results_get_kind(results), TT_RESULTS_BOOLEAN);
	assert_true(tt_results_boolean(results));
	tt_results_free(results);
	assert_int_equal(tt_db_query(db, view("ASK { :a :p 2 }"), NULL, &results), TT_OK);
	assert_false(tt_results_boolean(results));
	tt_results_free(results);
	tt_db_close(db);
}

static void errors_have_a_place_and_change_nothing(void **state)
{
	(void)state;
	tt_db *const db = open_with(two_graphs);
	uint64_t n = 0;
	assert_int_equal(load_text(db, "ttl", "@prefix : <http://e/> .\n:x :p 1 .\n:x :p 2 ;; .. 3\n", &n), TT_SYNTAX);
	assert_int_equal(tt_db_error(db)->line, 3);
	assert_non_null(strstr(tt_db_error(db)->file, "tertium-test-"));
	assert_int_equal(n_rows(db, "SELECT * { :x ?p ?o }", true), 0);
	tt_results *results = NULL;
	assert_int_equal(tt_db_query(db, view("SELECT *\n{ ?s nope:x ?o }"), NULL, &results), TT_SYNTAX);
	assert_null(results);
	assert_int_equal(tt_db_error(db)->line, 2);
	assert_int_equal(tt_db_error(db)->column, 6);
	assert_non_null(strstr(tt_db_error(db)->text, "nope:"));
	assert_int_equal(tt_db_query(db, view("SELECT * { SERVICE <http://e/> { ?s ?p ?o } }"), NULL, &results),
	                 TT_UNSUPPORTED);
	assert_non_null(strstr(tt_db_error(db)->text, "SERVICE"));
	tt_db_close(db);
}

static void a_database_must_be_one(void **state)
{
	(void)state;
	tt_db *db = NULL;
	assert_int_equal(tt_db_open("/tmp/there-is-no-such-database", TT_OPEN_READ, &db), TT_NOT_FOUND);
	assert_non_null(db);
	assert_true(tt_db_error(db)->text[0] != '\0');
	tt_db_close(db);
	char *const file = make_file("ttl", "no database");
	assert_int_not_equal(tt_db_open(file, TT_OPEN_READ, &db), TT_OK);
	tt_db_close(db);
	unlink(file);
	free(file);
}

static void cancel_and_budget_stop_queries(void **state)
{
	(void)state;
	tt_db *const db = open_with(two_graphs);
	static const char endless[] =
	    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o . ?p ?q ?r ."
	    " ?s ?t ?u . ?v ?w ?x . ?y ?z ?a1 . ?b1 ?c1 ?d1 . ?e1 ?f1 ?g1 . ?h1 ?i1 ?j1 . ?k1 ?l1 ?m1 ."
	    " ?n1 ?o1 ?p1 . ?q1 ?r1 ?s1 . ?t1 ?u1 ?v1 . ?w1 ?x1 ?y1 . ?z1 ?a2 ?b2 . ?c2 ?d2 ?e2 .}";
	volatile sig_atomic_t flag = 1;
	tt_db_set_cancel(db, &flag);
	tt_results *results = NULL;
	const tt_query_options all = {.is_union_default_graph = true};
	tt_status status = tt_db_query(db, view(endless), &all, &results);
	const tt_term *row = NULL;
	status = status ? status : tt_results_next(results, &row);
	assert_int_equal(status, TT_CANCELLED);
	tt_results_free(results);
	tt_db_set_cancel(db, NULL);
	const tt_query_options brief = {.is_union_default_graph = true, .timeout_seconds = 0.05};
	status = tt_db_query(db, view(endless), &brief, &results);
	status = status ? status : tt_results_next(results, &row);
	assert_int_equal(status, TT_TIMEOUT);
	tt_results_free(results);
	tt_db_close(db);
}

/* What a dump writes, read again, has the same triples; blank nodes that refer to each other included. */
static void dump_and_load_again(void **state)
{
	(void)state;
	tt_db *const db = open_with(two_graphs);
	static const struct {
		tt_rdf_syntax syntax;
		const char *extension;
		uint64_t n_quads;
	} cases[] = {
	    {TT_RDF_NQUADS, "nq", 5}, {TT_RDF_TRIG, "trig", 5}, {TT_RDF_NTRIPLES, "nt", 3}, {TT_RDF_TURTLE, "ttl", 3}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
		char *const name = make_file(cases[i].extension, "");
		FILE *const file = fopen(name, "w");
		assert_int_equal(tt_db_dump(db, &(tt_dump_options){.syntax = cases[i].syntax}, fileno(file)), TT_OK);
		(void)fclose(file);
		tt_db *again = NULL;
		assert_int_equal(tt_db_open(NULL, TT_OPEN_CREATE, &again), TT_OK);
		const char *const paths[] = {name};
		assert_int_equal(tt_db_load(again, paths, NULL, 1, NULL), TT_OK);
		tt_db_stats stats;
		assert_int_equal(tt_db_get_stats(again, &stats), TT_OK);
		assert_int_equal(stats.n_quads, cases[i].n_quads);
		assert_int_equal(n_rows(again, "SELECT * { ?x <http://e/p> ?x }", true), 1);
		tt_db_close(again);
		unlink(name);
		free(name);
	}
	tt_db_close(db);
}

static void prefixes_of_data_and_usual_ones(void **state)
{
	(void)state;
	tt_db *const db = open_with(
	    "@prefix mine: <http://mine/> . mine:a a <http://www.w3.org/2004/02/skos/core#Concept> .");
	assert_int_equal(n_rows(db, "SELECT * { mine:a a skos:Concept }", false), 1);
	assert_int_equal(tt_db_set_prefix(db, view("m"), view("http://mine/")), TT_OK);
	assert_int_equal(n_rows(db, "SELECT * { m:a ?p ?o }", false), 1);
	bool is_data = false;
	tt_view name;
	tt_view iri;
	assert_true(tt_db_prefix(db, 0, &name, &iri, &is_data));
	assert_true(is_data);
	size_t n = 0;
	while (tt_db_prefix(db, n, &name, &iri, &is_data)) {
		++n;
	}
	assert_true(n > 10);
	assert_false(is_data);
	tt_db_close(db);
}

/* ---- updates and transactions ----------------------------------------------------------------- */

static void update(tt_db *db, const char *request)
{
	if (tt_db_update(db, view(request), NULL, NULL) != TT_OK) {
		fail_msg("%s: %s", request, tt_db_error(db)->text);
	}
}

static void a_request_is_all_or_nothing(void **state)
{
	(void)state;
	tt_db *const db = open_with(two_graphs);
	tt_change_counts counts;
	assert_int_equal(tt_db_update(db, view("INSERT DATA { :new :p 1 } ; DELETE WHERE { :a ?p ?o } ; CREATE GRAPH :g"),
	                              NULL, &counts),
	                 TT_EXISTS);
	assert_int_equal(tt_db_error(db)->line, 1);
	assert_int_equal(tt_db_error(db)->column, 57);
	assert_int_equal(n_rows(db, "SELECT * { :new ?p ?o }", false), 0);
	assert_int_equal(n_rows(db, "SELECT * { :a ?p ?o }", false), 1);
	/* What one operation adds and a later one takes away is no change. */
	assert_int_equal(tt_db_update(db,
	                              view("INSERT DATA { :new :p 1 , 2 } ; DELETE { :new :p 1 } WHERE { ?s :p 1 } ;"
	                                   "DELETE DATA { :a :p 1 . :nobody :p 1 }"),
	                              NULL, &counts),
	                 TT_OK);
	assert_int_equal(counts.n_added, 1);
	assert_int_equal(counts.n_removed, 1);
	tt_db_close(db);
}

static void a_transaction_is_seen_from_inside(void **state)
{
	(void)state;
	tt_db *const db = open_with(two_graphs);
	tt_change_counts counts;
	assert_false(tt_db_is_in_transaction(db));
	assert_int_equal(tt_db_commit(db, NULL), TT_NOT_FOUND);
	assert_int_equal(tt_db_begin(db), TT_OK);
	assert_int_equal(tt_db_begin(db), TT_EXISTS);
	assert_true(tt_db_is_in_transaction(db));
	update(db, "INSERT DATA { :new :p 1 . :newer :p 2 }");
	assert_int_equal(load_text(db, "ttl", "@prefix mine: <http://mine/> . mine:x a mine:C .", NULL), TT_OK);
	assert_int_equal(n_rows(db, "SELECT * { mine:x a mine:C }", false), 1);
	/* What fails in a transaction leaves what stood there before. */
	assert_int_equal(load_text(db, "ttl", "<http://e/bad> <http://e/p> 1 . nonsense", NULL), TT_SYNTAX);
	assert_int_equal(tt_db_update(db, view("DELETE WHERE { :new ?p ?o } ; COPY :nowhere TO :g"), NULL, NULL),
	                 TT_NOT_FOUND);
	assert_int_equal(n_rows(db, "SELECT * { :new ?p ?o }", false), 1);
	assert_int_equal(n_rows(db, "SELECT * { :bad ?p ?o }", false), 0);
	assert_int_equal(tt_db_commit(db, &counts), TT_OK);
	assert_int_equal(counts.n_added, 3);
	assert_int_equal(counts.n_removed, 0);
	assert_int_equal(n_rows(db, "SELECT * { ?new :p ?o FILTER(STRSTARTS(STR(?new), STR(:new))) }", false), 2);
	tt_db_close(db);
}

static void a_rollback_leaves_nothing(void **state)
{
	(void)state;
	tt_db *const db = open_with(two_graphs);
	assert_int_equal(tt_db_begin(db), TT_OK);
	update(db, "CLEAR ALL ; INSERT DATA { :new :p 1 }");
	assert_int_equal(load_text(db, "ttl", "@prefix mine: <http://mine/> . mine:x a mine:C .", NULL), TT_OK);
	assert_int_equal(n_rows(db, "SELECT * { ?s ?p ?o }", true), 2);
	assert_int_equal(tt_db_rollback(db), TT_OK);
	assert_int_equal(n_rows(db, "SELECT * { ?s ?p ?o }", true), 3);
	tt_results *results = NULL;
	assert_int_equal(tt_db_query(db, view("ASK { mine:x a mine:C }"), NULL, &results), TT_SYNTAX);
	assert_int_equal(tt_db_rollback(db), TT_NOT_FOUND);
	tt_db_close(db);
}

static void readers_of_a_transaction_end_before_it_changes(void **state)
{
	(void)state;
	tt_db *const db = open_with(two_graphs);
	tt_results *results = NULL;
	assert_int_equal(tt_db_begin(db), TT_OK);
	assert_int_equal(tt_db_query(db, view("SELECT * { ?s ?p ?o }"), NULL, &results), TT_OK);
	assert_int_equal(tt_db_update(db, view("CLEAR ALL"), NULL, NULL), TT_BUSY);
	assert_int_equal(tt_db_commit(db, NULL), TT_BUSY);
	assert_int_equal(tt_db_rollback(db), TT_BUSY);
	tt_results_free(results);
	update(db, "CLEAR ALL");
	assert_int_equal(n_rows(db, "SELECT * { ?s ?p ?o }", true), 0);
	tt_db_close(db); /* as a rollback */
}

typedef struct seen_changes {
	size_t n;
	char text[1000];
} seen_changes;

static void see_change(void *user, tt_view quad, bool is_removal)
{
	seen_changes *const seen = user;
	const size_t n = strlen(seen->text);
	(void)snprintf(seen->text + n, sizeof seen->text - n, "%c %.*s\n", is_removal ? '-' : '+', (int)quad.size,
	               quad.data);
	seen->n++;
}

static void changes_are_listed(void **state)
{
	(void)state;
	tt_db *const db = open_with("@prefix : <http://e/> . :a :p 1 . :g { :a :p 1 }");
	tt_change_counts counts;
	seen_changes seen = {0};
	assert_int_equal(tt_db_changes(db, 10, see_change, &seen, &counts), TT_NOT_FOUND);
	assert_int_equal(tt_db_begin(db), TT_OK);
	update(db, "DELETE DATA { :a :p 1 } ; INSERT DATA { GRAPH :g { :a :p 1 , \"x\" } :b :p \"y\"@en }");
	assert_int_equal(tt_db_changes(db, 2, see_change, &seen, &counts), TT_OK);
	assert_int_equal(counts.n_added, 2);
	assert_int_equal(counts.n_removed, 1);
	assert_int_equal(seen.n, 2);
	assert_non_null(
	    strstr(seen.text, "- <http://e/a> <http://e/p> \"1\"^^<http://www.w3.org/2001/XMLSchema#integer> .\n"));
	assert_int_equal(tt_db_changes(db, 10, see_change, &seen, &counts), TT_OK);
	assert_int_equal(seen.n, 5);
	assert_non_null(strstr(seen.text, "+ <http://e/a> <http://e/p> \"x\" <http://e/g> .\n"));
	assert_non_null(strstr(seen.text, "+ <http://e/b> <http://e/p> \"y\"@en .\n"));
	tt_db_close(db);
}

static void queries_and_updates_are_told_apart(void **state)
{
	(void)state;
	tt_db *const db = open_with(two_graphs);
	assert_true(tt_db_is_update(db, view("# note\nPREFIX x: <http://x/> insert data { x:a x:b 1 }")));
	assert_true(tt_db_is_update(db, view("CLEAR")));
	assert_false(tt_db_is_update(db, view("SELECT * { ?s ?p ?o }")));
	assert_false(tt_db_is_update(db, view("PREFIX x: <http://x/>")));
	assert_false(tt_db_is_update(db, view("")));
	tt_db_close(db);
}

/* Nesting costs a little for each level, not twice as much. */
static void nested_patterns_stay_small(void **state)
{
	(void)state;
	enum { DEPTH = 40 };
	static const char *const openings[] = {"FILTER EXISTS { ?a ?p ?b . ", "FILTER NOT EXISTS { ?a ?p ?b . ",
	                                       "MINUS { ?a ?p ?b . ", "OPTIONAL { ?a ?p ?b . "};
	tt_db *const db = open_with("<http://e/a> <http://e/p> <http://e/b> .");
	for (size_t i = 0; i < sizeof openings / sizeof *openings; ++i) {
		char text[4096] = "SELECT * { ?a ?p ?b ";
		for (size_t k = 0; k < DEPTH; ++k) {
			strcat(text, openings[i]);
		}
		memset(text + strlen(text), '}', DEPTH + 1);
		const tt_query_options options = {.memory_bytes = 16 << 20};
		tt_results *results = NULL;
		const tt_term *row = NULL;
		assert_int_equal(tt_db_query(db, view(text), &options, &results), TT_OK);
		assert_int_equal(tt_results_next(results, &row), TT_OK);
		tt_results_free(results);
	}
	tt_db_close(db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(graphs_are_apart_or_one),
	    cmocka_unit_test(ask_answers),
	    cmocka_unit_test(errors_have_a_place_and_change_nothing),
	    cmocka_unit_test(a_database_must_be_one),
	    cmocka_unit_test(cancel_and_budget_stop_queries),
	    cmocka_unit_test(dump_and_load_again),
	    cmocka_unit_test(prefixes_of_data_and_usual_ones),
	    cmocka_unit_test(a_request_is_all_or_nothing),
	    cmocka_unit_test(a_transaction_is_seen_from_inside),
	    cmocka_unit_test(a_rollback_leaves_nothing),
	    cmocka_unit_test(readers_of_a_transaction_end_before_it_changes),
	    cmocka_unit_test(changes_are_listed),
	    cmocka_unit_test(queries_and_updates_are_told_apart),

	    cmocka_unit_test(nested_patterns_stay_small),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
