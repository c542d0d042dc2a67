/* test_empty.c - why an answer is empty, conflicts and coverage, as a program asks for them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "engine/rows.h"
#include "evidence/nearest.h"

#define NS "http://e/"

static const char trig[] =
    "@prefix : <" NS "> . @prefix owl: <http://www.w3.org/2002/07/owl#> ."
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."
    ":Cat rdfs:subClassOf :Animal . :age a owl:FunctionalProperty ."
    ":a a :Cat ; :name \"Tom\"@en ; :age 3 , 5 ; :likes :b . :b a :Cat ; :age 4 ; :name \"Kit\" ."
    ":c a :Cat . :g { :a :weight 7 . :c :likes :a }";

static int set_up(void **state)
{
	tt_db *db = NULL;
	char name[] = "/tmp/tertium-test-XXXXXX.trig";
	const int fd = mkstemps(name, 5);
	const char *const paths[] = {name};
	assert_int_equal(write(fd, trig, sizeof trig - 1), sizeof trig - 1);
	close(fd);
	assert_int_equal(tt_db_open(NULL, TT_OPEN_CREATE, &db), TT_OK);
	assert_int_equal(tt_db_load(db, paths, NULL, 1, NULL), TT_OK);
	unlink(name);
	*state = db;
	return 0;
}

static int tear_down(void **state)
{
	tt_db_close(*state);
	return 0;
}

static tt_view view_of(const char *text)
{
	return (tt_view){text, strlen(text)};
}

/* ---- why an answer is empty ------------------------------------------------------------------- */

/* Each query with what is to be said of it; the reason is that of the last finding. */
static const struct {
	const char *query;
	tt_empty_kind kind;
	tt_empty_reason reason;
	bool is_answered; /* the best suggestion of the last finding gives an answer */
} cases[] = {
    {"SELECT ?x { ?x :nmae ?n }", TT_EMPTY_NO_MATCH_POSSIBLE, TT_EMPTY_BY_TERM, true},
    {"SELECT ?x { ?x a :Dog }", TT_EMPTY_NO_MATCH_POSSIBLE, TT_EMPTY_BY_TERM, false},
    {"SELECT ?x { ?x a :Animal }", TT_EMPTY_NO_MATCH_POSSIBLE, TT_EMPTY_BY_TERM, true},
    {"SELECT ?x { ?x :name \"Tom\" }", TT_EMPTY_NO_MATCH_POSSIBLE, TT_EMPTY_BY_LITERAL, true},
    {"SELECT ?x { :b :likes ?x }", TT_EMPTY_DATA_SAY_NO, TT_EMPTY_BY_DIRECTION, true},
    {"SELECT ?x { ?x :weight ?w }", TT_EMPTY_NO_MATCH_POSSIBLE, TT_EMPTY_BY_GRAPH, true},
    {"SELECT ?x { :c :name ?x }", TT_EMPTY_DATA_SAY_NO, TT_EMPTY_BY_PATTERN, false},
    {"SELECT ?x { :a :age 4 }", TT_EMPTY_DATA_SAY_NO, TT_EMPTY_BY_PATH, true},
    {"SELECT ?x { ?x :age 3 ; :name \"Kit\" }", TT_EMPTY_DATA_SAY_NO, TT_EMPTY_BY_JOIN, true},
    {"SELECT ?x { ?x :age ?a FILTER (?a > 9) }", TT_EMPTY_DATA_SAY_NO, TT_EMPTY_BY_FILTER, false},
    {"SELECT ?x { ?x :age ?a FILTER (1 > 9) }", TT_EMPTY_NO_MATCH_POSSIBLE, TT_EMPTY_BY_FILTER, false},
    {"SELECT ?x { ?x :age ?a MINUS { ?x :name ?n } }", TT_EMPTY_DATA_SAY_NO, TT_EMPTY_BY_NEGATION, false},
    {"SELECT ?x { ?x :age ?a FILTER NOT EXISTS { ?x a ?c } }", TT_EMPTY_DATA_SAY_NO, TT_EMPTY_BY_NEGATION, false},
    {"SELECT ?x { ?x :age ?a VALUES ?x { } }", TT_EMPTY_NO_MATCH_POSSIBLE, TT_EMPTY_BY_VALUES, false},
    {"SELECT ?x { ?x :age ?a } LIMIT 0", TT_EMPTY_NO_MATCH_POSSIBLE, TT_EMPTY_BY_SLICE, true},
    {"SELECT ?x { ?x :age ?a } OFFSET 9", TT_EMPTY_DATA_SAY_NO, TT_EMPTY_BY_SLICE, true},
    {"SELECT ?x { ?x :age ?a } GROUP BY ?x HAVING (COUNT(?a) > 9)", TT_EMPTY_DATA_SAY_NO, TT_EMPTY_BY_FILTER, false},
    {"ASK { ?x :nmae ?n }", TT_EMPTY_NO_MATCH_POSSIBLE, TT_EMPTY_BY_TERM, true},
    {"SELECT (COUNT(*) AS ?all) { ?x :nmae ?n }", TT_EMPTY_NO_MATCH_POSSIBLE, TT_EMPTY_BY_TERM, true},
    {"SELECT ?x { GRAPH ?g { ?x :weight ?w OPTIONAL { ?x :weight ?g } } }", TT_EMPTY_DATA_SAY_NO, TT_EMPTY_BY_JOIN,
     false},
};

static tt_empty *ask_why(tt_db *db, const char *query, const tt_query_options *options)
{
	char text[1024];
	tt_empty *empty = NULL;
	(void)snprintf(text, sizeof text, "PREFIX : <" NS "> %s", query);
	if (tt_db_why_empty(db, view_of(text), options, &empty) != TT_OK) {
		print_message("%s: %s\n", query, tt_db_error(db)->text);
		fail();
	}
	return empty;
}

static void each_reason_is_found(void **state)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
		tt_empty *const empty = ask_why(*state, cases[i].query, NULL);
		const tt_empty_finding *const last = empty->n_findings ? &empty->findings[empty->n_findings - 1] : NULL;
		const bool is_answered = last && last->n_suggestions && last->suggestions[0].is_answered;
		if (empty->kind != cases[i].kind || !last || last->reason != cases[i].reason ||
		    is_answered != cases[i].is_answered) {
			print_message("%s: kind %d, reason %d, %d: %s\n", cases[i].query, (int)empty->kind,
			              last ? (int)last->reason : -1, is_answered, last ? last->message.text : "");
			fail();
		}
		assert_true(last->message.line == 1 && last->message.column > 0 && last->message.status == TT_OK);
		assert_non_null(strchr(last->message.caret, '^'));
		tt_empty_free(empty);
	}
}

static void an_answer_is_no_empty_one(void **state)
{
	tt_empty *const empty = ask_why(*state, "SELECT ?x { ?x :age ?a }", NULL);
	assert_int_equal(empty->kind, TT_EMPTY_NOT);
	assert_int_equal(empty->n_findings, 0);
	tt_empty_free(empty);
	tt_empty_free(NULL);
}

static void options_are_those_of_the_query(void **state)
{
	const tt_query_options all = {.is_union_default_graph = true};
	tt_empty *empty = ask_why(*state, "SELECT ?x { ?x :weight ?w }", &all);
	assert_int_equal(empty->kind, TT_EMPTY_NOT);
	tt_empty_free(empty);
	const tt_query_options hasty = {.timeout_seconds = 1e-9};
	empty = ask_why(*state, "SELECT ?x { ?x :nmae ?w }", &hasty);
	assert_int_equal(empty->kind, TT_EMPTY_UNKNOWN);
	assert_true(empty->is_cut_short);
	tt_empty_free(empty);
}

static void errors_are_errors(void **state)
{
	tt_db *const db = *state;
	tt_empty *empty = NULL;
	sig_atomic_t cancel = 1;
	assert_int_equal(tt_db_why_empty(db, view_of("SELECT x"), NULL, &empty), TT_SYNTAX);
	assert_null(empty);
	assert_int_equal(tt_db_error(db)->line, 1);
	tt_db_set_cancel(db, &cancel);
	assert_int_equal(tt_db_why_empty(db, view_of("SELECT * { ?x <urn:p> ?y }"), NULL, &empty), TT_CANCELLED);
	assert_null(empty);
	tt_db_set_cancel(db, NULL);
}

static void an_unknown_term_is_found_without_asking(void **state)
{
	tt_error message;
	const char *const prefix = "PREFIX : <" NS "> ";
	char text[256];
	(void)snprintf(text, sizeof text, "%sSELECT * { ?x a :Cat . ?x :nmae ?n }", prefix);
	assert_int_equal(tt_db_unknown_term(*state, view_of(text), NULL, &message), TT_OK);
	assert_int_equal(message.status, TT_NOT_FOUND);
	assert_non_null(strstr(message.text, ":nmae is not in the data; did you mean :name?"));
	(void)snprintf(text, sizeof text, "%sSELECT * { ?x a :Cat OPTIONAL { ?x :nmae ?n } { ?x :nope 1 } UNION {} }",
	               prefix);
	assert_int_equal(tt_db_unknown_term(*state, view_of(text), NULL, &message), TT_OK);
	assert_int_equal(message.status, TT_OK);
}

/* ---- nearest names ---------------------------------------------------------------------------- */

static void other_numbers_are_no_slips(void **state)
{
	tt_db *const db = *state;
	tt_ctx ctx;
	tt_arena arena;
	tt_near near[TT_NEAR_MOST];
	size_t n = 0;
	tt_near_place place = {.prefixes = &db->prefixes, .role = TT_NEAR_OBJECT};
	tt_ctx_init(&ctx);
	tt_arena_init(&arena, &ctx);
	assert_int_equal(tt_db_snapshot(db, &ctx, &place.snapshot), TT_OK);
	const tt_term number = tt_term_typed(view_of("33"), tt_vocab_iri(TT_VOCAB_XSD_INTEGER));
	assert_int_equal(tt_nearest_terms(&arena, &place, &number, near, &n), TT_OK);
	if (n) {
		print_message("%.*s is no slip\n", (int)near[0].term.text.size, near[0].term.text.data);
	}
	assert_int_equal(n, 0);
	const tt_term name = tt_term_string(view_of("tim"));
	assert_int_equal(tt_nearest_terms(&arena, &place, &name, near, &n), TT_OK);
	assert_int_equal(n, 1);
	assert_string_equal(near[0].term.text.data, "Tom");
	tt_snapshot_end(place.snapshot);
	tt_arena_clear(&arena);
}

/* ---- conflicts and coverage ------------------------------------------------------------------- */

static size_t count_rows(tt_results *results)
{
	const tt_term *row = NULL;
	size_t n = 0;
	assert_int_equal(tt_results_next(results, &row), TT_OK);
	while (row) {
		++n;
		assert_int_equal(tt_results_next(results, &row), TT_OK);
	}
	return n;
}

static void conflicts_are_rows(void **state)
{
	tt_results *results = NULL;
	const tt_term *row = NULL;
	const char *plan = NULL;
	assert_int_equal(tt_db_conflicts(*state, NULL, NULL, &results), TT_OK);
	assert_int_equal(tt_results_get_kind(results), TT_RESULTS_ROWS);
	assert_int_equal(tt_results_next(results, &row), TT_OK);
	assert_memory_equal(row[0].text.data, "functional", 10);
	assert_memory_equal(row[1].text.data, NS "a", 10);
	assert_int_equal(count_rows(results), 0);
	assert_int_equal(tt_results_explain(results, &plan), TT_OK);
	assert_string_equal(plan, "");
	tt_results_free(results);
	assert_int_equal(tt_db_conflicts(*state, "<" NS "zzzz>", NULL, &results), TT_NOT_FOUND);
	assert_null(results);
}

static void coverage_counts(void **state)
{
	tt_results *results = NULL;
	tt_coverage_counts counts;
	assert_int_equal(tt_db_coverage(*state, NS "Animal", NULL, &counts, &results), TT_OK);
	assert_int_equal(counts.n_instances, 3);
	assert_int_equal(counts.n_of_subclasses, 3);
	assert_int_equal(counts.n_subclasses, 1);
	assert_int_equal(counts.n_lacking, 2);
	assert_int_equal(count_rows(results), 5);
	tt_results_free(results);
	const tt_coverage_options lacking = {.is_of_instances = true, .n_most = 1};
	assert_int_equal(tt_db_coverage(*state, NS "Animal", &lacking, NULL, &results), TT_OK);
	assert_int_equal(count_rows(results), 2);
	tt_results_free(results);
	assert_int_equal(tt_db_coverage(*state, NS "Tom", NULL, NULL, &results), TT_NOT_FOUND);
}

/* ---- memory ----------------------------------------------------------------------------------- */

/* Let each allocation fail in turn: an error comes out, nothing is lost, and the next call works. */
static void failing_memory_is_an_error(void **state)
{
	tt_db *const db = *state;
	for (unsigned which = 0; which < 3 && tt_mem_fail_nth(0); ++which) {
		for (unsigned long n = 1;; n += 1 + n / 16) {
			tt_empty *empty = NULL;
			tt_results *results = NULL;
			tt_status status = TT_OK;
			(void)tt_mem_fail_nth(n);
			if (which == 0) {
				status = tt_db_why_empty(db, view_of("SELECT ?x { ?x <" NS "nmae> ?n ; <" NS "age> 9 }"), NULL, &empty);
			} else if (which == 1) {
				status = tt_db_conflicts(db, NULL, NULL, &results);
			} else {
				status = tt_db_coverage(db, NS "Cat", NULL, NULL, &results);
			}
			const bool has_failed = tt_mem_has_failed();
			(void)tt_mem_fail_nth(0);
			tt_empty_free(empty);
			tt_results_free(results);
			if (!has_failed) {
				assert_int_equal(status, TT_OK);
				break;
			}
			assert_true(status == TT_NO_MEMORY || status == TT_OK);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(each_reason_is_found, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(an_answer_is_no_empty_one, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(options_are_those_of_the_query, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(errors_are_errors, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(an_unknown_term_is_found_without_asking, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(other_numbers_are_no_slips, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(conflicts_are_rows, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(coverage_counts, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(failing_memory_is_an_error, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
