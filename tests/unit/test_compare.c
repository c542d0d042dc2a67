/* test_compare.c - tt_db_compare(): which values are equal, how others differ, what options and limits do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "tertium.h"

static const char head[] = "@prefix : <http://example.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
                           "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n";

static tt_db *open_with(const char *turtle)
{
	char name[] = "/tmp/tertium-test-XXXXXX.ttl";
	const int fd = mkstemps(name, 4);
	tt_db *db = NULL;
	assert_true(fd >= 0);
	assert_int_equal(dprintf(fd, "%s%s", head, turtle), (int)(strlen(head) + strlen(turtle)));
	close(fd);
	assert_int_equal(tt_db_open(NULL, TT_OPEN_CREATE, &db), TT_OK);
	const char *const paths[] = {name};
	if (tt_db_load(db, paths, NULL, 1, NULL) != TT_OK) {
		fail_msg("%s: %s", turtle, tt_db_error(db)->text);
	}
	unlink(name);
	return db;
}

/* The comparison as text. Free with free(). */
static char *compare(tt_db *db, const char *const *names, size_t n_names, const tt_compare_options *options,
                     tt_status wanted)
{
	const int fd = memfd_create("comparison", MFD_CLOEXEC);
	const tt_status status = tt_db_compare(db, names, n_names, options, fd);
	if (status != wanted) {
		fail_msg("%s in place of %s: %s", tt_status_name(status), tt_status_name(wanted), tt_db_error(db)->text);
	}
	const off_t size = lseek(fd, 0, SEEK_END);
	char *const text = calloc(1, (size_t)size + 1);
	assert_int_equal(pread(fd, text, (size_t)size, 0), size);
	close(fd);
	return text;
}

static const char *const a_and_b[] = {"a", "b"};

/* ---- values ------------------------------------------------------------------------------------ */

typedef struct value_case {
	const char *a, *b; /* objects of one property */
	const char *verdict;
	const char *note; /* or NULL: none */
} value_case;

static const value_case value_cases[] = {
    {"1", "1", "equal", NULL},
    {"2", "2.0", "equal", NULL},
    {"2.50", "25e-1", "equal", NULL},
    {"0.1", "1e-1", "equal", NULL},
    {"\"0.1\"^^xsd:float", "0.1", "equal", NULL},
    {"\"+2\"^^xsd:int", "2", "equal", NULL},
    {"2, 3", "3.0, 2e0", "equal", NULL},
    {"2, 2.0", "2", "equal", NULL},
    {"\"NaN\"^^xsd:double", "\"NaN\"^^xsd:double", "equal", NULL},
    {"\"two\"^^xsd:integer", "2", "differ", NULL},
    {"2", "\"2\"", "differ", NULL},
    {"2", "14.5", "differ", "b +12.5"},
    {"3", "2.5", "differ", "a +0.5"},
    {"12345678901234567890123", "12345678901234567890124", "differ", "b +1"},
    {"2, 3", "2", "differ", NULL},
    {"\"x\"", "\"x\"@en", "differ", NULL},
    {"\"x\"@en", "\"x\"@EN", "equal", NULL},
    {"<x:y>", "\"x:y\"", "differ", NULL},
    {"\"2001\"^^xsd:gYear", "\"2004\"^^xsd:gYear", "differ", "a 3 years earlier"},
    {"\"2004\"^^xsd:gYear", "\"2003\"^^xsd:gYear", "differ", "b 1 year earlier"},
    {"\"2011-06\"^^xsd:gYearMonth", "\"2011-06-14\"^^xsd:date", "differ", "compatible, a less precise"},
    {"\"2011-06-14\"^^xsd:date", "\"2011\"^^xsd:gYear", "differ", "compatible, b less precise"},
    {"\"2011-06\"^^xsd:gYearMonth", "\"2012-06-14\"^^xsd:date", "differ", "a 12 months earlier"},
    {"\"2000-02-28\"^^xsd:date", "\"2000-03-01\"^^xsd:date", "differ", "a 2 days earlier"},
    {"\"2000-02-28\"^^xsd:date", "\"2000-05-27\"^^xsd:date", "differ", "a 2 months earlier"},
    {"\"0808-01-01\"^^xsd:date", "\"1237-10-28\"^^xsd:date", "differ", "a 429 years earlier"},
    {"\"10:00:00\"^^xsd:time", "\"11:00:00\"^^xsd:time", "differ", NULL},
    {"[ :w 1 ; :h 2 ]", "[ :h 2.0 ; :w 1 ]", "equal", NULL},
    {"[ :w 1 ; :h [ :x 1 ] ]", "[ :w 1 ; :h [ :x 1.0 ] ]", "equal", NULL},
    {"[ :w 1 ; :h [ :x 1 ] ]", "[ :w 1 ; :h [ :x 2 ] ]", "differ", NULL},
    {"[]", "[]", "differ", NULL},
    {"( 1 2 )", "( 1 2.0 )", "equal", NULL},
    {"( 1 2 )", "( 2 1 )", "differ", NULL},
    {"_:x . _:x :loop _:x", "_:y . _:y :loop _:y", "equal", NULL},
    {"_:x . _:x :loop _:y . _:y :loop _:x", "_:z . _:z :loop _:z", "differ", NULL},
};

static void check_value_case(const value_case *c)
{
	static const tt_compare_options options = {.format = TT_COMPARE_JSON};
	char turtle[512];
	char wanted[128];
	(void)snprintf(turtle, sizeof turtle, ":a :p %s . :b :p %s .", c->a, c->b);
	tt_db *const db = open_with(turtle);
	char *const json = compare(db, a_and_b, 2, &options, TT_OK);
	(void)snprintf(wanted, sizeof wanted, "\"direction\":\"forward\",\"verdict\":\"%s\"", c->verdict);
	if (!strstr(json, wanted)) {
		fail_msg("%s / %s: not %s: %s", c->a, c->b, c->verdict, json);
	}
	if (c->note) {
		/* Neither has a label, so they are called by their short names. */
		(void)snprintf(wanted, sizeof wanted, "\"difference\":\":%s\"", c->note);
		const bool is_compatible = strncmp(c->note, "compatible, ", 12) == 0;
		if (is_compatible) {
			(void)snprintf(wanted, sizeof wanted, "\"difference\":\"compatible, :%s\"", c->note + 12);
		}
		if (!strstr(json, wanted)) {
			fail_msg("%s / %s: not %s: %s", c->a, c->b, wanted, json);
		}
	} else if (strstr(json, "\"difference\"")) {
		fail_msg("%s / %s: a difference is told: %s", c->a, c->b, json);
	}
	free(json);
	tt_db_close(db);
}

static void test_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof value_cases / sizeof *value_cases; ++i) {
		check_value_case(&value_cases[i]);
	}
}

/* ---- names --------------------------------------------------------------------------------------- */

static void test_names(void **state)
{
	(void)state;
	tt_db *const db = open_with(
	    ":a rdfs:label \"Ärger\"@de , \"Trouble\"@en ; :p :b . :b rdfs:label \"b\" ; :p 1 .\n"
	    ":Name rdfs:subPropertyOf rdfs:label . :c :Name \"Other name\" ; :p 2 .\n"
	    "<http://example.org/Some_Place> :p 3 . :dup1 rdfs:label \"Dup\" . :dup2 rdfs:label \"Dup\" .");
	static const struct {
		const char *name;
		tt_status status;
	} cases[] = {{"a", TT_OK},
	             {"A", TT_OK},
	             {":a", TT_OK},
	             {"<http://example.org/a>", TT_OK},
	             {"http://example.org/a", TT_OK},
	             {"Ärger", TT_OK},
	             {"ärger", TT_OK},
	             {"TROUBLE", TT_OK},
	             {"other name", TT_OK},
	             {"some place", TT_OK},
	             {"Dup", TT_BAD_ARGUMENT},
	             {"dup", TT_BAD_ARGUMENT},
	             {"", TT_BAD_ARGUMENT},
	             {"\xFF", TT_BAD_ARGUMENT},
	             {"<not an iri>", TT_BAD_ARGUMENT},
	             {"<http://example.org/none>", TT_NOT_FOUND},
	             {"_:none", TT_NOT_FOUND},
	             {"nothing of the kind", TT_NOT_FOUND}};
	static const tt_compare_options options = {.format = TT_COMPARE_CSV, .language = "de"};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
		const char *const names[] = {cases[i].name, ":b"};
		free(compare(db, names, 2, &options, cases[i].status));
	}
	tt_db_close(db);
}

static void test_formats(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		tt_compare_format format;
	} cases[] = {{"table", TT_COMPARE_TABLE}, {"MD", TT_COMPARE_MARKDOWN},   {"tex", TT_COMPARE_LATEX},
	             {"rdf", TT_COMPARE_TURTLE},  {"sparql", TT_COMPARE_SPARQL}, {"xml", TT_COMPARE_NONE},
	             {"", TT_COMPARE_NONE},       {NULL, TT_COMPARE_NONE}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
		assert_int_equal(tt_compare_format_named(cases[i].name), cases[i].format);
	}
}

/* ---- options and limits ---------------------------------------------------------------------------- */

static void test_arguments(void **state)
{
	(void)state;
	tt_db *const db = open_with(":a :p 1 . :b :p 2 .");
	const char *many[TT_COMPARE_MOST_THINGS + 1];
	for (size_t i = 0; i <= TT_COMPARE_MOST_THINGS; ++i) {
		many[i] = "a";
	}
	tt_compare_options options = {.format = TT_COMPARE_NONE};
	free(compare(db, a_and_b, 2, &options, TT_BAD_ARGUMENT));
	options.format = TT_COMPARE_TABLE;
	free(compare(db, a_and_b, 1, &options, TT_BAD_ARGUMENT));
	free(compare(db, many, TT_COMPARE_MOST_THINGS + 1, &options, TT_BAD_ARGUMENT));
	free(compare(db, many, 2, &options, TT_BAD_ARGUMENT)); /* a thing with itself */
	options.only = "c";
	free(compare(db, a_and_b, 2, &options, TT_BAD_ARGUMENT));
	options.only = NULL;
	options.memory_bytes = 1000;
	free(compare(db, a_and_b, 2, &options, TT_LIMIT));
	options.memory_bytes = 0;
	options.timeout_seconds = 1e-9;
	free(compare(db, a_and_b, 2, &options, TT_TIMEOUT));
	options.timeout_seconds = 0;
	const volatile sig_atomic_t cancelled = 1;
	tt_db_set_cancel(db, &cancelled);
	free(compare(db, a_and_b, 2, &options, TT_CANCELLED));
	tt_db_set_cancel(db, NULL);
	free(compare(db, a_and_b, 2, &options, TT_OK));
	tt_db_close(db);
}

static void test_transaction(void **state)
{
	(void)state;
	static const char update[] = "PREFIX : <http://example.org/> INSERT DATA { :b :q 7 }";
	static const tt_compare_options options = {.format = TT_COMPARE_TSV};
	tt_db *const db = open_with(":a :p 1 . :b :p 2 .");
	assert_int_equal(tt_db_begin(db), TT_OK);
	assert_int_equal(tt_db_update(db, (tt_view){update, sizeof update - 1}, NULL, NULL), TT_OK);
	char *text = compare(db, a_and_b, 2, &options, TT_OK);
	assert_non_null(strstr(text, "example.org/q"));
	free(text);
	assert_int_equal(tt_db_rollback(db), TT_OK);
	text = compare(db, a_and_b, 2, &options, TT_OK);
	assert_null(strstr(text, "example.org/q"));
	free(text);
	tt_db_close(db);
}

/* The table keeps to the screen, however small, and loses no row without saying so. */
static void test_screen(void **state)
{
	(void)state;
	char turtle[8192] = "";
	for (int i = 0; i < 60; ++i) {
		const size_t n = strlen(turtle);
		(void)snprintf(turtle + n, sizeof turtle - n,
		               ":a :property%d \"some text of number %d\" . :b :property%d %d .\n", i, i, i, i);
	}
	tt_db *const db = open_with(turtle);
	static const struct {
		size_t n_width, n_lines;
	} screens[] = {{80, 24}, {40, 30}, {120, 50}, {100, 20}};
	for (size_t s = 0; s < sizeof screens / sizeof *screens; ++s) {
		const tt_compare_options options = {
		    .format = TT_COMPARE_TABLE, .n_width = screens[s].n_width, .n_lines = screens[s].n_lines};
		char *const text = compare(db, a_and_b, 2, &options, TT_OK);
		size_t n_lines = 0;
		for (const char *line = text; *line; ++n_lines) {
			const size_t n = strcspn(line, "\n");
			assert_true(n <= screens[s].n_width);
			line += n + 1;
		}
		assert_true(n_lines <= screens[s].n_lines);
		assert_non_null(strstr(text, "More with --all: "));
		free(text);
	}
	const tt_compare_options all = {.format = TT_COMPARE_TABLE, .is_all = true};
	char *const text = compare(db, a_and_b, 2, &all, TT_OK);
	assert_non_null(strstr(text, "number 59"));
	assert_null(strstr(text, "More with"));
	free(text);
	tt_db_close(db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_values),    cmocka_unit_test(test_names),       cmocka_unit_test(test_formats),
	    cmocka_unit_test(test_arguments), cmocka_unit_test(test_transaction), cmocka_unit_test(test_screen),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
