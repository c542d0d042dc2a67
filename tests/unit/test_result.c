/* test_result.c - the writers of results: exact text of every format, limits of the table, hostile terms. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "result/result.h"

#define XSD "http://www.w3.org/2001/XMLSchema#"

/** Rows that are given out one after the other. */
typedef struct rows {
	const tt_term *terms; /* row by row */
	size_t n_columns;
	size_t n_rows;
	size_t next;
	size_t n_repeats; /* give the rows out so many times */
	tt_status end;    /* what comes behind the last row, in place of the end */
} rows;

static tt_status next_row(void *user, const tt_term **out_row)
{
	rows *const self = user;
	*out_row = NULL;
	if (self->next == self->n_rows * self->n_repeats) {
		return self->end;
	}
	*out_row = self->terms + self->next++ % self->n_rows * self->n_columns;
	return TT_OK;
}

static const tt_view columns[] = {{"s", 1}, {"value", 5}, {"third", 5}};

static tt_term iri(const char *text)
{
	return tt_term_iri(tt_view_of(text));
}

static tt_term string(const char *text)
{
	return tt_term_string(tt_view_of(text));
}

static tt_term lang(const char *text, const char *tag)
{
	return tt_term_lang(tt_view_of(text), tt_view_of(tag));
}

static tt_term typed(const char *text, const char *datatype)
{
	return tt_term_typed(tt_view_of(text), tt_view_of(datatype));
}

static const tt_term none;

/** What to write and how; the rest is as the tests usually want it. */
typedef struct writing {
	tt_format format;
	tt_results_kind kind;
	bool boolean;
	rows rows;
	size_t n_width;
	bool is_long;
	bool is_utf8;
} writing;

static tt_status write_result(const writing *what, char **out_text, uint64_t *out_n_rows)
{
	tt_ctx ctx;
	tt_ctx_init(&ctx);
	tt_prefixes prefixes;
	tt_prefixes_init(&prefixes, &ctx);
	assert_int_equal(tt_prefixes_set(&prefixes, TT_VIEW("ex"), TT_VIEW("http://example.org/")), TT_OK);
	assert_int_equal(tt_prefixes_set(&prefixes, TT_VIEW("xsd"), TT_VIEW(XSD)), TT_OK);
	rows given = what->rows;
	given.n_repeats = given.n_repeats ? given.n_repeats : 1;
	tt_cursor cursor = {.user = &given,
	                    .kind = what->kind,
	                    .boolean = what->boolean,
	                    .n_columns = given.n_columns,
	                    .columns = columns,
	                    .next = next_row};
	const tt_result_style style = {
	    .prefixes = &prefixes, .n_width = what->n_width, .is_short = !what->is_long, .is_utf8 = what->is_utf8};
	tt_output output;
	tt_output_init(&output, &ctx, -1);
	const tt_status status = tt_result_write(&cursor, what->format, &style, &output, out_n_rows);
	assert_int_equal(tt_buffer_terminate(&output.buffer), TT_OK);
	*out_text = strdup(output.buffer.data);
	tt_output_clear(&output);
	tt_prefixes_clear(&prefixes);
	assert_int_equal(ctx.n_bytes_used, 0);
	return status;
}

static void assert_written(const writing *what, const char *expected)
{
	char *text = NULL;
	uint64_t n_rows = 0;
	assert_int_equal(write_result(what, &text, &n_rows), TT_OK);
	assert_string_equal(text, expected);
	assert_int_equal(n_rows, what->kind == TT_RESULTS_BOOLEAN ? 0 : what->rows.n_rows);
	free(text);
}

/** A writing of one column of terms. */
#define COLUMN(wanted, list)                                                                                    \
	{                                                                                                           \
		.format = (wanted), .rows = {.terms = (list), .n_columns = 1, .n_rows = sizeof(list) / sizeof *(list) } \
	}

/* ---- CSV, TSV and text ------------------------------------------------------------------------------ */

static void csv_quotes_what_it_must(void **state)
{
	(void)state;
	const tt_term terms[] = {iri("http://example.org/a,b"),
	                         string("plain"),
	                         none,
	                         tt_term_blank(TT_VIEW("b1")),
	                         lang("say \"hello\"", "en"),
	                         typed("7", XSD "integer"),
	                         string("two\nlines"),
	                         string(""),
	                         string("\r")};
	const writing what = {.format = TT_FORMAT_CSV, .rows = {.terms = terms, .n_columns = 3, .n_rows = 3}};
	assert_written(&what, "s,value,third\r\n"
	                      "\"http://example.org/a,b\",plain,\r\n"
	                      "_:b1,\"say \"\"hello\"\"\",7\r\n"
	                      "\"two\nlines\",,\"\r\"\r\n");
}

static void tsv_writes_terms_as_turtle(void **state)
{
	(void)state;
	const tt_term terms[] = {
	    iri("http://example.org/a b<"), tt_term_blank(TT_VIEW("x")), none, string("tab\tline\nreturn\rquote\"back\\"),
	    lang("Straße", "de-AT"),        typed("P1D", XSD "duration")};
	const writing what = {.format = TT_FORMAT_TSV, .rows = {.terms = terms, .n_columns = 3, .n_rows = 2}};
	assert_written(&what,
	               "?s\t?value\t?third\n"
	               "<http://example.org/a\\u0020b\\u003C>\t_:x\t\n"
	               "\"tab\\tline\\nreturn\\rquote\\\"back\\\\\"\t\"Straße\"@de-AT\t\"P1D\"^^<" XSD "duration>\n");
}

static void text_is_bare(void **state)
{
	(void)state;
	const tt_term terms[] = {iri("http://example.org/a,b"), string("say \"hello\""),  none,
	                         tt_term_blank(TT_VIEW("b1")),  lang("two\nlines", "en"), typed("7", XSD "integer")};
	const writing what = {.format = TT_FORMAT_TEXT, .rows = {.terms = terms, .n_columns = 3, .n_rows = 2}};
	assert_written(&what, "http://example.org/a,b\tsay \"hello\"\t\n_:b1\ttwo\nlines\t7\n");
	const writing truth = {.format = TT_FORMAT_TEXT, .kind = TT_RESULTS_BOOLEAN, .boolean = true};
	assert_written(&truth, "true\n");
}

static void tsv_writes_numbers_bare_only_where_the_grammar_reads_them_back(void **state)
{
	(void)state;
	const tt_term terms[] = {typed("-5", XSD "integer"),   typed("+05", XSD "integer"),  typed("1.5", XSD "decimal"),
	                         typed(".5", XSD "decimal"),   typed("5.", XSD "decimal"),   typed("5", XSD "decimal"),
	                         typed("1e6", XSD "double"),   typed("1.E+6", XSD "double"), typed("1.5", XSD "double"),
	                         typed("INF", XSD "double"),   typed("1e", XSD "double"),    typed("", XSD "integer"),
	                         typed("true", XSD "boolean"), typed("7", XSD "int"),        typed("-", XSD "integer"),
	                         typed("5 ", XSD "integer")};
	const writing what = COLUMN(TT_FORMAT_TSV, terms);
	assert_written(&what, "?s\n-5\n+05\n1.5\n.5\n\"5.\"^^<" XSD "decimal>\n\"5\"^^<" XSD "decimal>\n1e6\n1.E+6\n"
	                      "\"1.5\"^^<" XSD "double>\n\"INF\"^^<" XSD "double>\n\"1e\"^^<" XSD "double>\n"
	                      "\"\"^^<" XSD "integer>\n\"true\"^^<" XSD "boolean>\n\"7\"^^<" XSD "int>\n"
	                      "\"-\"^^<" XSD "integer>\n\"5 \"^^<" XSD "integer>\n");
}

/* ---- JSON and XML ------------------------------------------------------------------------------------- */

static void json_names_kinds_and_leaves_unbound_out(void **state)
{
	(void)state;
	const tt_term terms[] = {iri("http://example.org/a"), none,
	                         string("\"\\\n\x01\x7F/"),   tt_term_blank(TT_VIEW("b1")),
	                         lang("chat", "fr"),          typed("1", XSD "integer")};
	const writing what = {.format = TT_FORMAT_JSON, .rows = {.terms = terms, .n_columns = 3, .n_rows = 2}};
	assert_written(&what, "{\"head\":{\"vars\":[\"s\",\"value\",\"third\"]},\n"
	                      "\"results\":{\"bindings\":[\n"
	                      "{\"s\":{\"type\":\"uri\",\"value\":\"http://example.org/a\"},"
	                      "\"third\":{\"type\":\"literal\",\"value\":\"\\\"\\\\\\n\\u0001\x7F/\"}},\n"
	                      "{\"s\":{\"type\":\"bnode\",\"value\":\"b1\"},"
	                      "\"value\":{\"type\":\"literal\",\"value\":\"chat\",\"xml:lang\":\"fr\"},"
	                      "\"third\":{\"type\":\"literal\",\"value\":\"1\",\"datatype\":\"" XSD "integer\"}}\n"
	                      "]}}\n");
}

static void xml_escapes_and_replaces_what_xml_cannot_hold(void **state)
{
	(void)state;
	const tt_term terms[] = {iri("http://example.org/?a=1&b=2"),
	                         none,
	                         string("<\"tag\">\r\n\x1B\xEF\xBF\xBF|\xEF\xBC\x81"),
	                         tt_term_blank(TT_VIEW("b1")),
	                         lang("chat", "fr"),
	                         typed("1", XSD "integer")};
	const writing what = {.format = TT_FORMAT_XML, .rows = {.terms = terms, .n_columns = 3, .n_rows = 2}};
	assert_written(
	    &what,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<sparql xmlns=\"http://www.w3.org/2005/sparql-results#\">\n"
	    "  <head>\n"
	    "    <variable name=\"s\"/>\n"
	    "    <variable name=\"value\"/>\n"
	    "    <variable name=\"third\"/>\n"
	    "  </head>\n"
	    "  <results>\n"
	    "    <result>\n"
	    "      <binding name=\"s\"><uri>http://example.org/?a=1&amp;b=2</uri></binding>\n"
	    "      <binding name=\"third\"><literal>&lt;&quot;tag&quot;&gt;&#13;\n\uFFFD\uFFFD|！</literal></binding>\n"
	    "    </result>\n"
	    "    <result>\n"
	    "      <binding name=\"s\"><bnode>b1</bnode></binding>\n"
	    "      <binding name=\"value\"><literal xml:lang=\"fr\">chat</literal></binding>\n"
	    "      <binding name=\"third\"><literal datatype=\"" XSD "integer\">1</literal></binding>\n"
	    "    </result>\n"
	    "  </results>\n"
	    "</sparql>\n");
}

static void truth_values(void **state)
{
	(void)state;
	writing what = {.format = TT_FORMAT_JSON, .kind = TT_RESULTS_BOOLEAN, .boolean = true};
	assert_written(&what, "{\"head\":{},\"boolean\":true}\n");
	what.format = TT_FORMAT_TABLE;
	assert_written(&what, "true\n");
	what.boolean = false;
	assert_written(&what, "false\n");
	what.format = TT_FORMAT_XML;
	assert_written(&what, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	                      "<sparql xmlns=\"http://www.w3.org/2005/sparql-results#\">\n"
	                      "  <head>\n  </head>\n  <boolean>false</boolean>\n</sparql>\n");
}

static void no_rows(void **state)
{
	(void)state;
	static const struct {
		tt_format format;
		const char *expected;
	} cases[] = {{TT_FORMAT_CSV, "s\r\n"},
	             {TT_FORMAT_TSV, "?s\n"},
	             {TT_FORMAT_TEXT, ""},
	             {TT_FORMAT_JSON, "{\"head\":{\"vars\":[\"s\"]},\n\"results\":{\"bindings\":[\n]}}\n"},
	             {TT_FORMAT_TABLE, " s\n---\n"}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
		const writing what = {.format = cases[i].format, .rows = {.n_columns = 1}};
		assert_written(&what, cases[i].expected);
	}
}

/* ---- table ---------------------------------------------------------------------------------------------- */

static void table_aligns_and_shortens(void **state)
{
	(void)state;
	const tt_term terms[] = {iri("http://example.org/rats"),
	                         typed("7", XSD "integer"),
	                         string("one"),
	                         iri("http://other.org/x"),
	                         typed("1200", XSD "integer"),
	                         none,
	                         tt_term_blank(TT_VIEW("b1")),
	                         none,
	                         string("漢字 and e\u0301")};
	writing what = {.format = TT_FORMAT_TABLE, .rows = {.terms = terms, .n_columns = 3, .n_rows = 3}};
	assert_written(&what, " s                    | value | third\n"
	                      "----------------------+-------+------------\n"
	                      " ex:rats              |     7 | one\n"
	                      " <http://other.org/x> |  1200 | \n"
	                      " _:b1                 |       | 漢字 and e\u0301\n");
	what.is_utf8 = true;
	assert_written(&what, "┌──────────────────────┬───────┬────────────┐\n"
	                      "│ s                    │ value │ third      │\n"
	                      "├──────────────────────┼───────┼────────────┤\n"
	                      "│ ex:rats              │     7 │ one        │\n"
	                      "│ <http://other.org/x> │  1200 │            │\n"
	                      "│ _:b1                 │       │ 漢字 and e\u0301 │\n"
	                      "└──────────────────────┴───────┴────────────┘\n");
}

static void table_keeps_kinds_apart(void **state)
{
	(void)state;
	const tt_term terms[] = {string("ex:rats"),
	                         string("note: this"),
	                         string("12"),
	                         typed("12", XSD "integer"),
	                         typed("x", XSD "integer"),
	                         string("true"),
	                         typed("true", XSD "boolean"),
	                         string(""),
	                         string("<http://e/>"),
	                         string("2011-06"),
	                         typed("2011-06", XSD "gYearMonth"),
	                         typed("P1Y", XSD "duration"),
	                         typed("POINT(1 2)", "http://example.org/wkt"),
	                         iri("http://example.org/a,b")};
	const writing what = COLUMN(TT_FORMAT_TABLE, terms);
	assert_written(
	    &what,
	    " s\n--------------------------\n \"ex:rats\"\n note: this\n \"12\"\n 12\n \"x\"^^xsd:integer\n \"true\"\n"
	    " true\n \"\"\n \"<http://e/>\"\n \"2011-06\"\n 2011-06\n P1Y\n \"POINT(1 2)\"^^ex:wkt\n"
	    " <http://example.org/a,b>\n");
}

static void table_shows_languages_where_they_differ(void **state)
{
	(void)state;
	const tt_term same[] = {lang("RATS", "en"), lang("ATC", "en")};
	const writing what = COLUMN(TT_FORMAT_TABLE, same);
	assert_written(&what, " s\n------\n RATS\n ATC\n");
	const tt_term different[] = {lang("RATS", "en"), lang("РАТС", "ru")};
	const writing mixed = COLUMN(TT_FORMAT_TABLE, different);
	assert_written(&mixed, " s\n---------\n RATS@en\n РАТС@ru\n");
	const tt_term plain[] = {lang("RATS", "en"), string("RATS")};
	const writing with_plain = COLUMN(TT_FORMAT_TABLE, plain);
	assert_written(&with_plain, " s\n---------\n RATS@en\n RATS\n");
}

static void table_lets_nothing_act_on_the_terminal(void **state)
{
	(void)state;
	const tt_term terms[] = {string("\x1B[31mred\x07\n\t"), string("\u202Ebidi\xC2\x9B"), string("not \xFF utf-8")};
	const writing what = COLUMN(TT_FORMAT_TABLE, terms);
	assert_written(
	    &what, " s\n-------------------------\n \\u001B[31mred\\u0007\\n\\t\n \\u202Ebidi\\u009B\n not \uFFFD utf-8\n");
}

static void table_wraps_to_the_terminal(void **state)
{
	(void)state;
	const tt_term terms[] = {iri("http://example.org/a"), string("the quick brown fox jumps"),
	                         iri("http://example.org/b"), string("short"),
	                         iri("http://example.org/c"), string("short")};
	const writing what = {.format = TT_FORMAT_TABLE,
	                      .rows = {.terms = terms, .n_columns = 2, .n_rows = 3},
	                      .n_width = 24,
	                      .is_utf8 = true};
	assert_written(&what, "┌──────┬───────────────┐\n"
	                      "│ s    │ value         │\n"
	                      "├──────┼───────────────┤\n"
	                      "│ ex:a │ the quick     │\n"
	                      "│      │ brown fox     │\n"
	                      "│      │ jumps         │\n"
	                      "├──────┼───────────────┤\n"
	                      "│ ex:b │ short         │\n"
	                      "│ ex:c │ short         │\n"
	                      "└──────┴───────────────┘\n");
}

static void table_cuts_very_long_cells_on_a_terminal_only(void **state)
{
	(void)state;
	char *const long_text = malloc(5001);
	memset(long_text, 'x', 5000);
	long_text[5000] = '\0';
	const tt_term terms[] = {string(long_text)};
	writing what = COLUMN(TT_FORMAT_TABLE, terms);
	char *text = NULL;
	assert_int_equal(write_result(&what, &text, NULL), TT_OK);
	assert_non_null(strstr(text, long_text));
	free(text);
	what.n_width = 40;
	what.is_utf8 = true;
	assert_int_equal(write_result(&what, &text, NULL), TT_OK);
	assert_non_null(strstr(text, "x… │\n"));
	size_t n_lines = 0;
	for (const char *c = text; *c; ++c) {
		n_lines += *c == '\n';
	}
	assert_int_equal(n_lines, 4 + 12);
	free(text);
	free(long_text);
}

static void table_of_many_windows_is_complete(void **state)
{
	(void)state;
	const tt_term terms[] = {iri("http://example.org/a"), string("b")};
	writing what = {.format = TT_FORMAT_TABLE,
	                .rows = {.terms = terms, .n_columns = 2, .n_rows = 1, .n_repeats = 600000}};
	char *text = NULL;
	uint64_t n_rows = 0;
	assert_int_equal(write_result(&what, &text, &n_rows), TT_OK);
	assert_int_equal(n_rows, 600000);
	assert_int_equal(strlen(text), strlen(" s    | value\n------+-------\n") + 600000 * strlen(" ex:a | b\n"));
	free(text);
}

/* ---- triples ---------------------------------------------------------------------------------------------- */

static void turtle_declares_only_what_it_uses(void **state)
{
	(void)state;
	const tt_term terms[] = {iri("http://example.org/a"), iri("http://example.org/p"), typed("1", XSD "integer"),
	                         iri("http://example.org/a"), iri("http://example.org/p"), string("x")};
	const writing what = {
	    .format = TT_FORMAT_TURTLE, .kind = TT_RESULTS_TRIPLES, .rows = {.terms = terms, .n_columns = 3, .n_rows = 2}};
	char *text = NULL;
	uint64_t n_rows = 0;
	assert_int_equal(write_result(&what, &text, &n_rows), TT_OK);
	assert_int_equal(n_rows, 2);
	assert_non_null(strstr(text, "@prefix ex: <http://example.org/> ."));
	assert_null(strstr(text, "@prefix xsd:"));
	assert_non_null(strstr(text, "ex:a ex:p 1"));
	free(text);
}

static void turtle_goes_on_behind_its_window(void **state)
{
	(void)state;
	const tt_term terms[] = {iri("http://example.org/a"), iri("http://example.org/p"), string("x")};
	const writing what = {.format = TT_FORMAT_TURTLE,
	                      .kind = TT_RESULTS_TRIPLES,
	                      .rows = {.terms = terms, .n_columns = 3, .n_rows = 1, .n_repeats = 10000}};
	char *text = NULL;
	uint64_t n_rows = 0;
	assert_int_equal(write_result(&what, &text, &n_rows), TT_OK);
	assert_int_equal(n_rows, 10000);
	free(text);
}

static void ntriples(void **state)
{
	(void)state;
	const tt_term terms[] = {iri("http://example.org/a"), iri("http://example.org/p"), lang("x", "en")};
	const writing what = {.format = TT_FORMAT_NTRIPLES,
	                      .kind = TT_RESULTS_TRIPLES,
	                      .rows = {.terms = terms, .n_columns = 3, .n_rows = 1}};
	assert_written(&what, "<http://example.org/a> <http://example.org/p> \"x\"@en .\n");
}

/* ---- formats and errors -------------------------------------------------------------------------------------- */

static void formats_by_name_and_kind(void **state)
{
	(void)state;
	assert_int_equal(tt_format_named("csv"), TT_FORMAT_CSV);
	assert_int_equal(tt_format_named("TTL"), TT_FORMAT_TURTLE);
	assert_int_equal(tt_format_named("nt"), TT_FORMAT_NTRIPLES);
	assert_int_equal(tt_format_named("html"), TT_FORMAT_NONE);
	assert_int_equal(tt_format_named(NULL), TT_FORMAT_NONE);
	assert_true(tt_format_fits(TT_FORMAT_TABLE, TT_RESULTS_TRIPLES));
	assert_false(tt_format_fits(TT_FORMAT_CSV, TT_RESULTS_BOOLEAN));
	assert_false(tt_format_fits(TT_FORMAT_TURTLE, TT_RESULTS_ROWS));
	assert_false(tt_format_fits(TT_FORMAT_NONE, TT_RESULTS_ROWS));
	assert_false(tt_format_fits((tt_format)99, TT_RESULTS_ROWS));
	const writing wrong = {.format = TT_FORMAT_TURTLE, .rows = {.n_columns = 1}};
	char *text = NULL;
	assert_int_equal(write_result(&wrong, &text, NULL), TT_BAD_ARGUMENT);
	free(text);
}

static void a_failing_cursor_ends_every_writer(void **state)
{
	(void)state;
	const tt_term terms[] = {iri("http://example.org/a"), iri("http://example.org/p"), string("x")};
	for (int format = TT_FORMAT_TABLE; format <= TT_FORMAT_NTRIPLES; ++format) {
		const writing what = {.format = (tt_format)format,
		                      .kind = format < TT_FORMAT_TURTLE ? TT_RESULTS_ROWS : TT_RESULTS_TRIPLES,
		                      .rows = {.terms = terms, .n_columns = 3, .n_rows = 1, .end = TT_CANCELLED}};
		char *text = NULL;
		assert_int_equal(write_result(&what, &text, NULL), TT_CANCELLED);
		free(text);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(csv_quotes_what_it_must),
	    cmocka_unit_test(text_is_bare),
	    cmocka_unit_test(tsv_writes_terms_as_turtle),
	    cmocka_unit_test(tsv_writes_numbers_bare_only_where_the_grammar_reads_them_back),
	    cmocka_unit_test(json_names_kinds_and_leaves_unbound_out),
	    cmocka_unit_test(xml_escapes_and_replaces_what_xml_cannot_hold),
	    cmocka_unit_test(truth_values),
	    cmocka_unit_test(no_rows),
	    cmocka_unit_test(table_aligns_and_shortens),
	    cmocka_unit_test(table_keeps_kinds_apart),
	    cmocka_unit_test(table_shows_languages_where_they_differ),
	    cmocka_unit_test(table_lets_nothing_act_on_the_terminal),
	    cmocka_unit_test(table_wraps_to_the_terminal),
	    cmocka_unit_test(table_cuts_very_long_cells_on_a_terminal_only),
	    cmocka_unit_test(table_of_many_windows_is_complete),
	    cmocka_unit_test(turtle_declares_only_what_it_uses),
	    cmocka_unit_test(turtle_goes_on_behind_its_window),
	    cmocka_unit_test(ntriples),
	    cmocka_unit_test(formats_by_name_and_kind),
	    cmocka_unit_test(a_failing_cursor_ends_every_writer),
	};
	(void)setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests_name("result", tests, NULL, NULL);
}
