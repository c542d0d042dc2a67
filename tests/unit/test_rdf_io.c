/* test_rdf_io.c - reading and writing RDF. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "rdf_fixture.h"

#include "base/map.h"
#include "rdf/complaint.h"
#include "rdf/read.h"
#include "rdf/write.h"

/* ---- a sink that writes what it gets ---------------------------------------------------------- */

/** Statements as lines of N-Quads with the labels as they are, e.g. `<http://a> <http://b> _:x <http://g>\n`. */
typedef struct log {
	tt_buffer text;
	size_t n_statements;
	size_t n_most; /* 0: no end; else the sink fails after so many */
} log;

static tt_status log_term(log *to, const tt_term *term)
{
	if (term->kind == TT_TERM_NONE) {
		return TT_OK;
	}
	if (to->text.size && to->text.data[to->text.size - 1] != '\n') {
		TT_TRY(tt_buffer_append_char(&to->text, ' '));
	}
	if (term->kind == TT_TERM_BLANK) {
		TT_TRY(tt_buffer_append(&to->text, TT_VIEW("_:")));
		return tt_buffer_append(&to->text, term->text);
	}
	return tt_write_ntriples_term(&to->text, term);
}

static tt_status log_statement(void *user, const tt_term *subject, const tt_term *predicate, const tt_term *object,
                               const tt_term *graph)
{
	log *const to = user;
	if (to->n_most && to->n_statements == to->n_most) {
		return tt_fail(&ctx, TT_READ_ONLY, "the sink is full");
	}
	to->n_statements++;
	TT_TRY(log_term(to, subject));
	TT_TRY(log_term(to, predicate));
	TT_TRY(log_term(to, object));
	TT_TRY(log_term(to, graph));
	return tt_buffer_append_char(&to->text, '\n');
}

static tt_status log_prefix(void *user, tt_view name, tt_view iri)
{
	log *const to = user;
	TT_TRY(tt_buffer_append(&to->text, TT_VIEW("@")));
	TT_TRY(tt_buffer_append(&to->text, name));
	TT_TRY(tt_buffer_append(&to->text, TT_VIEW("=")));
	TT_TRY(tt_buffer_append(&to->text, iri));
	return tt_buffer_append_char(&to->text, '\n');
}

static void log_init(log *to)
{
	*to = (log){.n_most = 0};
	tt_buffer_init(&to->text, &ctx);
}

static tt_status read_text(tt_view text, tt_rdf_syntax syntax, log *to)
{
	const tt_read_sink sink = {.user = to, .statement = log_statement, .prefix = log_prefix};
	const tt_read_options options = {syntax, "http://base/dir/file", "test"};
	tt_ctx_clear_error(&ctx);
	return tt_read_bytes(&ctx, text, &options, &sink);
}

static void check_read(tt_rdf_syntax syntax, const char *text, const char *expected)
{
	log got;
	log_init(&got);
	const tt_status status = read_text(tt_view_of(text), syntax, &got);
	if (status != TT_OK) {
		fail_msg("%s: %zu:%zu: %s", text, ctx.error.line, ctx.error.column, ctx.error.text);
	}
	assert_int_equal(tt_buffer_terminate(&got.text), TT_OK);
	if (strcmp(got.text.data, expected) != 0) {
		fail_msg("%s\ngives\n%s\nnot\n%s", text, got.text.data, expected);
	}
	tt_buffer_clear(&got.text);
}

typedef struct bad_text {
	tt_rdf_syntax syntax;
	tt_status status;
	size_t line, column;
	const char *text, *message;
} bad_text;

static void check_bad(const bad_text *bad, tt_view text)
{
	log got;
	log_init(&got);
	const tt_status status = read_text(text, bad->syntax, &got);
	tt_buffer_clear(&got.text);
	if (status != bad->status || ctx.error.line != bad->line || ctx.error.column != bad->column ||
	    !strstr(ctx.error.text, bad->message)) {
		fail_msg("%s: %s at %zu:%zu: %s", bad->text, tt_status_name(status), ctx.error.line, ctx.error.column,
		         ctx.error.text);
	}
	assert_string_equal(ctx.error.file, "test");
	assert_int_equal(ctx.error.status, status);
	assert_int_equal(tt_utf8_check(tt_view_of(ctx.error.text)), strlen(ctx.error.text));
}

/* ---- N-Triples and N-Quads -------------------------------------------------------------------- */

static void test_ntriples(void **state)
{
	(void)state;
	check_read(TT_RDF_NTRIPLES, "", "");
	check_read(TT_RDF_NTRIPLES, "# only\n\n  \t# this", "");
	check_read(TT_RDF_NTRIPLES, "<http://a> <http://b> <http://c> .", "<http://a> <http://b> <http://c>\n");
	check_read(TT_RDF_NTRIPLES, "<http://a><http://b>\"c\"^^<http://d>.#x\r\n",
	           "<http://a> <http://b> \"c\"^^<http://d>\n");
	check_read(TT_RDF_NTRIPLES, "\t_:a.b <http://b> _:0-é: .\r_:x <http://b> _:y.",
	           "_:a.b <http://b> _:0-é:\n_:x <http://b> _:y\n");
	check_read(TT_RDF_NTRIPLES, "<http://a\\u00e9> <http://b> \"\\t\\b\\n\\r\\f\\\"\\'\\\\\\u00e9\\U0001F600 é\" .\n",
	           "<http://aé> <http://b> \"\\t\\u0008\\n\\r\\u000C\\\"'\\\\é😀 é\"\n");
	check_read(TT_RDF_NTRIPLES, "<http://a> <http://b> \"x\"@EN-us .\n", "<http://a> <http://b> \"x\"@EN-us\n");
	check_read(TT_RDF_NTRIPLES, "<http://a> <http://b> \"x\"^^<http://www.w3.org/2001/XMLSchema#string> .\n",
	           "<http://a> <http://b> \"x\"\n");
	check_read(TT_RDF_NTRIPLES, "\xEF\xBB\xBF<http://a> <http://b> \"\" .\n", "<http://a> <http://b> \"\"\n");
	check_read(TT_RDF_NQUADS,
	           "<http://a> <http://b> \"c\" <http://g> .\n_:a <http://b> \"c\" _:g .\n_:a <http://b> _:c .",
	           "<http://a> <http://b> \"c\" <http://g>\n_:a <http://b> \"c\" _:g\n_:a <http://b> _:c\n");
	check_read(TT_RDF_NTRIPLES, "<http://a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#_0> <http://c> .",
	           "<http://a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#_0> <http://c>\n");
}

static void test_bad_ntriples(void **state)
{
	(void)state;
	static const bad_text texts[] = {
	    {TT_RDF_NTRIPLES, TT_SYNTAX, 1, 33, "<http://a> <http://b> <http://c>\n", "expected \".\", found the end"},
	    {TT_RDF_NTRIPLES, TT_SYNTAX, 1, 32, "<http://a> <http://b> <http://c", "expected \">\""},
	    {TT_RDF_NTRIPLES, TT_SYNTAX, 3, 12, "# x\n\n<http://é> <b> <http://c> .", "not absolute"},
	    {TT_RDF_NTRIPLES, TT_SYNTAX, 1, 10, "<http://a b> <http://b> <http://c> .", "IRI may not have"},
	    {TT_RDF_NTRIPLES, TT_SYNTAX, 1, 10, "<http://a\"b> <http://b> <http://c> .", "IRI may not have"},
	    {TT_RDF_NTRIPLES, TT_SYNTAX, 1, 1, "<http://a\\u0020b> <http://b> <http://c> .", "character that it may not"},
	    {TT_RDF_NTRIPLES, TT_SYNTAX, 1, 1, "\"a\" <http://b> <http://c> .", "expected a subject"},
	    {TT_RDF_NTRIPLES, TT_SYNTAX, 1, 12, "<http://a> _:b <http://c> .",
	     "expected a predicate (an IRI), found \"_\""},
	    {TT_RDF_NTRIPLES, TT_SYNTAX, 1, 34, "<http://a> <http://b> <http://c> <http://g> .", "expected \".\""},
	    {TT_RDF_NTRIPLES, TT_SYNTAX, 1, 34, "<http://a> <http://b> <http://c>.<http://a> <http://b> <http://c> .",
	     "the end of the line"},
	    {TT_RDF_NTRIPLES, TT_SYNTAX, 1, 25, "<http://a> <http://b> \"x\n\" .", "closing quotation mark"},
	    {TT_RDF_NTRIPLES, TT_SYNTAX, 1, 25, "<http://a> <http://b> \"x", "closing quotation mark"},
	    {TT_RDF_NTRIPLES, TT_SYNTAX, 1, 26, "<http://a> <http://b> \"x\\", "after the backslash"},
	    {TT_RDF_NTRIPLES, TT_SYNTAX, 1, 25, "<http://a> <http://b> \"\\x\" .", "after the backslash"},
	    {TT_RDF_NTRIPLES, TT_SYNTAX, 1, 28, "<http://a> <http://b> \"\\u12G4\" .", "hexadecimal digit, found \"G\""},
	    {TT_RDF_NTRIPLES, TT_SYNTAX, 1, 24, "<http://a> <http://b> \"\\uD800\" .", "not a Unicode character"},
	    {TT_RDF_NTRIPLES, TT_SYNTAX, 1, 24, "<http://a> <http://b> \"\\U00110000\" .", "not a Unicode character"},
	    {TT_RDF_NTRIPLES, TT_UNSUPPORTED, 1, 24, "<http://a> <http://b> \"\\u0000\" .", "U+0000"},
	    {TT_RDF_NTRIPLES, TT_SYNTAX, 1, 27, "<http://a> <http://b> \"x\"@9 .", "language tag"},
	    {TT_RDF_NTRIPLES, TT_SYNTAX, 1, 27, "<http://a> <http://b> \"x\"@en-- .", "language tag"},
	    {TT_RDF_NTRIPLES, TT_SYNTAX, 1, 28, "<http://a> <http://b> \"x\"^^<y> .", "not absolute"},
	    {TT_RDF_NTRIPLES, TT_SYNTAX, 1, 26, "<http://a> <http://b> \"x\"^y .", "\"^^\""},
	    {TT_RDF_NTRIPLES, TT_SYNTAX, 1, 28,
	     "<http://a> <http://b> \"x\"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#langString> .", "rdf:langString"},
	    {TT_RDF_NTRIPLES, TT_SYNTAX, 1, 19, "_:a <http://b> _:a\\u0041 .", "found \"\\\""},
	    {TT_RDF_NTRIPLES, TT_SYNTAX, 1, 3, "_:\\u0041 <http://b> _:a .", "label of a blank node"},
	    {TT_RDF_NTRIPLES, TT_SYNTAX, 1, 3, "_:-a <http://b> _:a .", "label of a blank node"},
	    {TT_RDF_NTRIPLES, TT_SYNTAX, 2, 25, "\n<http://a> <http://b> \"é\xff\" .", "0xFF is not UTF-8"},
	    {TT_RDF_NQUADS, TT_SYNTAX, 1, 34, "<http://a> <http://b> <http://c> \"g\" .", "expected a graph"},
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; ++i) {
		check_bad(&texts[i], tt_view_of(texts[i].text));
	}
	const bad_text nul = {TT_RDF_NTRIPLES, TT_SYNTAX, 1, 24, "NUL", "NUL"};
	check_bad(&nul, (tt_view){"<http://a> <http://b> \"\0\" .", 27});
}

/* ---- Turtle, TriG, RDF/XML -------------------------------------------------------------------- */

static void test_turtle(void **state)
{
	(void)state;
	check_read(TT_RDF_TURTLE,
	           "@prefix e: <http://e/> .\n@prefix : <rel#> .\n"
	           "e:a a :b ; e:p \"x\"@EN-us , 'y' , 1 , 1.50 , 1e0 , true , <../c> , \"\"\"a\nb\\u00e9\"\"\" .",
	           "@e=http://e/\n@=http://base/dir/rel#\n"
	           "<http://e/a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://base/dir/rel#b>\n"
	           "<http://e/a> <http://e/p> \"x\"@EN-us\n<http://e/a> <http://e/p> \"y\"\n"
	           "<http://e/a> <http://e/p> \"1\"^^<http://www.w3.org/2001/XMLSchema#integer>\n"
	           "<http://e/a> <http://e/p> \"1.50\"^^<http://www.w3.org/2001/XMLSchema#decimal>\n"
	           "<http://e/a> <http://e/p> \"1e0\"^^<http://www.w3.org/2001/XMLSchema#double>\n"
	           "<http://e/a> <http://e/p> \"true\"^^<http://www.w3.org/2001/XMLSchema#boolean>\n"
	           "<http://e/a> <http://e/p> <http://base/c>\n<http://e/a> <http://e/p> \"a\\nbé\"\n");
	/* A node without a label is not one that the file calls genid1. */
	check_read(TT_RDF_TURTLE, "_:genid1 <http://p> [] .", "_:genid1 <http://p> _:-1\n");
	check_read(TT_RDF_TURTLE, "<http://a> <http://b> \"a\\\\u0000b\" .", "<http://a> <http://b> \"a\\\\u0000b\"\n");
	check_read(TT_RDF_TURTLE, "", "");
	check_read(TT_RDF_TURTLE, "\xEF\xBB\xBF<a:a> <a:b> <a:c> .", "<a:a> <a:b> <a:c>\n");
	check_read(TT_RDF_TRIG, "<a:g> { <a:a> <a:b> <a:c> . } <a:d> <a:e> <a:f> . <a:h> { <a:a> <a:b> _:x }",
	           "<a:a> <a:b> <a:c> <a:g>\n<a:d> <a:e> <a:f>\n<a:a> <a:b> _:x <a:h>\n");
}

static void test_bad_turtle(void **state)
{
	(void)state;
	static const bad_text texts[] = {
	    {TT_RDF_TURTLE, TT_SYNTAX, 2, 9, "@prefix e: <http://e/> .\ne:a e:b \"c", "not closed by a quotation mark"},
	    {TT_RDF_TURTLE, TT_SYNTAX, 2, 12, "@prefix e: <http://e/> .\ne:a e:b e:c",
	     "expected \".\", found the end of the file"},
	    {TT_RDF_TURTLE, TT_SYNTAX, 2, 5, "@prefix e: <http://e/> .\ne:a . e:b", "expected a predicate, found \".\""},
	    {TT_RDF_TURTLE, TT_SYNTAX, 3, 5, "@prefix e: <http://e/> .\n\ne:a x:b e:c .", "x: is not declared"},
	    {TT_RDF_TURTLE, TT_SYNTAX, 1, 15, "<a:a> <a:b> <a c> .", "an IRI may not have"},
	    {TT_RDF_TURTLE, TT_SYNTAX, 1, 14, "<a:a> <a:b> \"\\uD800\" .", "not a Unicode character"},
	    {TT_RDF_TURTLE, TT_SYNTAX, 1, 17, "<a:a> <a:b> \"x\"@en-- .", "a language tag"},
	    {TT_RDF_TURTLE, TT_UNSUPPORTED, 1, 16, "<a:a> <a:b> \"ab\\u0000\" .", "U+0000"},
	    {TT_RDF_TURTLE, TT_SYNTAX, 3, 2, "<a:a> <a:b> \"\"\"\n\né\xC3(\"\"\" .", "0xC3 is not UTF-8"},
	    {TT_RDF_TURTLE, TT_SYNTAX, 1, 1, "é", "expected a term"},
	    {TT_RDF_TRIG, TT_SYNTAX, 1, 27, "<a:g> { <a:a> <a:b> <a:c> ", "end of the file"},
	    {TT_RDF_TURTLE, TT_SYNTAX, 1, 7, "<a:g> { <a:a> <a:b> <a:c> }", "expected a predicate, found \"{\""},
	    {TT_RDF_TURTLE, TT_SYNTAX, 1, 13, "<a:a> <a:b> ; .", "expected an object"},
	    {TT_RDF_TURTLE, TT_SYNTAX, 1, 21, "<a:a> <a:b> [ <a:c> ] .", "expected an object"},
	    {TT_RDF_TURTLE, TT_SYNTAX, 1, 15, "<a:a> <a:b> 1 2 .", "expected \".\""},
	    {TT_RDF_TURTLE, TT_SYNTAX, 1, 14, "<a:a> <a:b> 1x .", "the end of the number"},
	    {TT_RDF_TURTLE, TT_SYNTAX, 1, 7, "<a:a> \"p\" 1 .", "expected a predicate"},
	    {TT_RDF_TURTLE, TT_SYNTAX, 1, 1, "\"s\" <a:b> 1 .", "expected a subject"},
	    {TT_RDF_TURTLE, TT_SYNTAX, 1, 15, "<a:a> <a:b> 'a\n' .", "a closing quotation mark"},
	    {TT_RDF_TURTLE, TT_SYNTAX, 1, 2, "@perfix e: <a:b> .", "@prefix or @base"},
	    {TT_RDF_TRIG, TT_SYNTAX, 1, 7, "GRAPH (1) { }", "the name of a graph"},
	    {TT_RDF_TRIG, TT_SYNTAX, 1, 1, "} <a:a> <a:b> 1 .", "expected a subject"},
	    {TT_RDF_XML, TT_SYNTAX, 2, 1, "<?xml version='1.0'?>\n<!DOCTYPE x><x/>", "DOCTYPE"},
	    {TT_RDF_XML, TT_UNSUPPORTED, 1, 31, "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><x/>", "UTF-8"},
	    {TT_RDF_XML, TT_UNSUPPORTED, 1, 31, "<?xml version=\"1.0\" encoding=\"utf-7\"?><x/>", "UTF-8"},
	    {TT_RDF_XML, TT_SYNTAX, 3, 0, "<x>\n<y>\n</x>", "tag mismatch: y and x"},
	    {TT_RDF_XML, TT_SYNTAX, 0, 0, "", "no element found"},
	    {TT_RDF_XML, TT_SYNTAX, 2, 0,
	     "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:e=\"a:\">\n"
	     "<rdf:Description rdf:about=\"a:b c\"><e:p/></rdf:Description></rdf:RDF>",
	     "an IRI may not have"},
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; ++i) {
		check_bad(&texts[i], tt_view_of(texts[i].text));
	}
}

/* What raptor could not read, or read wrongly. */
static void test_turtle_forms(void **state)
{
	(void)state;
	check_read(
	    TT_RDF_TURTLE,
	    "PREFIX e: <http://e/> \n@base <http://b/x/> . base <y/>\n"
	    "e:a\\-x a <z> ; e:%41.b 'q'@EN-us , 1 , .5 , 2.e1 , true ;; .\n"
	    "[] e:p [ e:q () ] . [ e:r ( 1 e:c ) ] .\n<http://a/b/../c> e: \"\"\"\"x\"\n\\u00e4\"\"\" .",
	    "@e=http://e/\n"
	    "<http://e/a-x> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://b/x/y/z>\n"
	    "<http://e/a-x> <http://e/%41.b> \"q\"@EN-us\n"
	    "<http://e/a-x> <http://e/%41.b> \"1\"^^<http://www.w3.org/2001/XMLSchema#integer>\n"
	    "<http://e/a-x> <http://e/%41.b> \".5\"^^<http://www.w3.org/2001/XMLSchema#decimal>\n"
	    "<http://e/a-x> <http://e/%41.b> \"2.e1\"^^<http://www.w3.org/2001/XMLSchema#double>\n"
	    "<http://e/a-x> <http://e/%41.b> \"true\"^^<http://www.w3.org/2001/XMLSchema#boolean>\n"
	    "_:-2 <http://e/q> <http://www.w3.org/1999/02/22-rdf-syntax-ns#nil>\n_:-1 <http://e/p> _:-2\n"
	    "_:-4 <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> \"1\"^^<http://www.w3.org/2001/XMLSchema#integer>\n"
	    "_:-4 <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> _:-5\n"
	    "_:-5 <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> <http://e/c>\n"
	    "_:-5 <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> <http://www.w3.org/1999/02/22-rdf-syntax-ns#nil>\n"
	    "_:-3 <http://e/r> _:-4\n<http://a/b/../c> <http://e/> \"\\\"x\\\"\\nä\"\n");
}

static void test_trig(void **state)
{
	(void)state;
	check_read(
	    TT_RDF_TRIG,
	    "PREFIX : <http://e/>\nGRAPH :g { :a :p :b } _:g { :a :p :c . } { :a :p :d } :a :p :e . :h { } [] { :a :p :f }",
	    "@=http://e/\n<http://e/a> <http://e/p> <http://e/b> <http://e/g>\n<http://e/a> <http://e/p> <http://e/c> _:g\n"
	    "<http://e/a> <http://e/p> <http://e/d>\n<http://e/a> <http://e/p> <http://e/e>\n"
	    "<http://e/a> <http://e/p> <http://e/f> _:-1\n");
}

static void test_xml(void **state)
{
	(void)state;
	check_read(TT_RDF_XML,
	           "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- <!DOCTYPE x> -->\n"
	           "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:e=\"http://e/\">"
	           "<rdf:Description rdf:about=\"x\" e:s='/>'><e:p xml:lang=\"EN-us\">a<![CDATA[<!DOCTYPE]]></e:p>"
	           "<e:q rdf:nodeID=\"n\"/><e:r rdf:parseType=\"Resource\"/></rdf:Description></rdf:RDF>",
	           "@rdf=http://www.w3.org/1999/02/22-rdf-syntax-ns#\n@e=http://e/\n"
	           "<http://base/dir/x> <http://e/s> \"/>\"\n<http://base/dir/x> <http://e/p> "
	           "\"a<!DOCTYPE\"@EN-us\n<http://base/dir/x> <http://e/q> _:n\n"
	           "<http://base/dir/x> <http://e/r> _:-1\n");
}

/* Nesting takes raptor quadratic time, or its grammar's stack: refused before that. */
static void test_deep(void **state)
{
	(void)state;
	enum { N = 100000 };
	tt_buffer text;
	tt_buffer_init(&text, &ctx);
	for (int i = 0; i < N; ++i) {
		assert_int_equal(tt_buffer_append(&text, TT_VIEW("<a>\n")), TT_OK);
	}
	const bad_text xml = {TT_RDF_XML, TT_SYNTAX, 501, 4, "<a>…", "nested"};
	check_bad(&xml, tt_buffer_view(&text));
	tt_buffer_reset(&text);
	assert_int_equal(tt_buffer_append(&text, TT_VIEW("<a:a> <a:b> ")), TT_OK);
	for (int i = 0; i < N; ++i) {
		assert_int_equal(tt_buffer_append_char(&text, i % 2 ? '(' : ' '), TT_OK);
	}
	const bad_text turtle = {TT_RDF_TURTLE, TT_LIMIT, 1, 270, "((((…", "nested more than 128 levels deep"};
	check_bad(&turtle, tt_buffer_view(&text));
	tt_buffer_clear(&text);
}

/* Longer than a chunk, as many lines and as one. */
static void test_chunks(void **state)
{
	(void)state;
	static const tt_rdf_syntax kinds[] = {TT_RDF_NTRIPLES, TT_RDF_TURTLE, TT_RDF_TRIG, TT_RDF_GUESS};
	for (size_t k = 0; k < 4; ++k) {
		tt_buffer text;
		tt_buffer_init(&text, &ctx);
		for (int i = 0; i < 9000; ++i) {
			assert_int_equal(tt_buffer_printf(&text, "<http://example.org/%d> <http://p/é> \"value\\n%d\" .\n", i, i),
			                 TT_OK);
		}
		log got;
		log_init(&got);
		assert_int_equal(read_text(tt_buffer_view(&text), kinds[k], &got), TT_OK);
		assert_int_equal(got.n_statements, 9000);
		/* The line of an error far behind is right. */
		text.data[text.size - 2] = '?';
		tt_buffer_reset(&got.text);
		assert_int_equal(read_text(tt_buffer_view(&text), kinds[k], &got), TT_SYNTAX);
		assert_true(ctx.error.line == 9000 || (k > 0 && ctx.error.line == 9001));
		tt_buffer_reset(&got.text);
		tt_buffer_reset(&text);
		assert_int_equal(tt_buffer_append(&text, TT_VIEW("<a:a> <a:b> \"")), TT_OK);
		for (int i = 0; i < 100000; ++i) {
			assert_int_equal(tt_buffer_append(&text, TT_VIEW("0123456789")), TT_OK);
		}
		assert_int_equal(tt_buffer_append(&text, TT_VIEW("\" .\n")), TT_OK);
		assert_int_equal(read_text(tt_buffer_view(&text), kinds[k], &got), TT_OK);
		assert_true(got.text.size > 1000000);
		tt_buffer_clear(&got.text);
		tt_buffer_clear(&text);
	}
}

/* ---- sinks, cancelling, files ----------------------------------------------------------------- */

static void test_sink_fails(void **state)
{
	(void)state;
	static const tt_rdf_syntax kinds[] = {TT_RDF_NTRIPLES, TT_RDF_TURTLE};
	for (size_t k = 0; k < 2; ++k) {
		log got;
		log_init(&got);
		got.n_most = 2;
		const tt_view text = TT_VIEW(
		    "<a:1> <a:b> <a:c> .\n<a:2> <a:b> <a:c> .\n<a:3> <a:b> <a:c> .\n<a:4> <a:b> <a:c> .\nrubbish");
		assert_int_equal(read_text(text, kinds[k], &got), k == 0 ? TT_READ_ONLY : TT_READ_ONLY);
		assert_string_equal(ctx.error.text, "the sink is full");
		assert_int_equal(got.n_statements, 2);
		tt_buffer_clear(&got.text);
	}
}

static void test_cancel(void **state)
{
	(void)state;
	const volatile sig_atomic_t flag = 1;
	log got;
	log_init(&got);
	ctx.cancel = &flag;
	assert_int_equal(read_text(TT_VIEW("<a:1> <a:b> <a:c> ."), TT_RDF_TURTLE, &got), TT_CANCELLED);
	ctx.cancel = NULL;
	tt_buffer_clear(&got.text);
}

static void write_file(const char *path, tt_view text)
{
	FILE *const file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(text.data, 1, text.size, file), text.size);
	assert_int_equal(fclose(file), 0);
}

static tt_status read_path(const char *path, const tt_read_options *options, log *to)
{
	const tt_read_sink sink = {.user = to, .statement = log_statement};
	tt_ctx_clear_error(&ctx);
	return tt_read_file(&ctx, path, options, &sink);
}

static void test_files(void **state)
{
	(void)state;
	char directory[] = "/tmp/tt_test_rdf_XXXXXX";
	assert_non_null(mkdtemp(directory));
	assert_int_equal(chdir(directory), 0);
	log got;
	log_init(&got);
	write_file("a b.ttl", TT_VIEW("<> <p> <../x> ."));
	assert_int_equal(read_path("a b.ttl", NULL, &got), TT_OK);
	char expected[400];
	(void)snprintf(expected, sizeof expected, "<file://%s/a%%20b.ttl> <file://%s/p> <file:///tmp/x>\n", directory,
	               directory);
	assert_true(tt_view_equal(tt_buffer_view(&got.text), tt_view_of(expected)));
	tt_buffer_reset(&got.text);
	const tt_read_options options = {TT_RDF_TURTLE, "http://b/c", "name"};
	assert_int_equal(read_path("a b.ttl", &options, &got), TT_OK);
	assert_true(tt_view_equal(tt_buffer_view(&got.text), TT_VIEW("<http://b/c> <http://b/p> <http://b/x>\n")));
	tt_buffer_reset(&got.text);

	write_file("bad.nt", TT_VIEW("x"));
	assert_int_equal(read_path("bad.nt", NULL, &got), TT_SYNTAX);
	assert_string_equal(ctx.error.file, "bad.nt");
	assert_int_equal(read_path("no/such.nt", NULL, &got), TT_NOT_FOUND);
	assert_string_equal(ctx.error.text, "cannot open no/such.nt: No such file or directory");
	assert_int_equal(read_path(directory, NULL, &got), TT_IO);
	assert_non_null(strstr(ctx.error.text, "is a directory, not a file"));
	assert_int_equal(read_path("/dev/null", NULL, &got), TT_OK);

	/* Standard input, by content. */
	write_file("in", TT_VIEW("<a:a> <a:b> <a:c> <a:g> .\n"));
	const int saved = dup(0);
	const int fd = open("in", O_RDONLY);
	assert_true(saved >= 0 && fd >= 0 && dup2(fd, 0) == 0);
	assert_int_equal(read_path("-", NULL, &got), TT_OK);
	assert_int_equal(dup2(saved, 0), 0);
	(void)close(saved);
	(void)close(fd);
	assert_true(tt_view_equal(tt_buffer_view(&got.text), TT_VIEW("<a:a> <a:b> <a:c> <a:g>\n")));
	tt_buffer_clear(&got.text);
	assert_int_equal(unlink("a b.ttl") | unlink("bad.nt") | unlink("in"), 0);
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(rmdir(directory), 0);
}

static void test_syntaxes(void **state)
{
	(void)state;
	assert_int_equal(tt_rdf_syntax_of_file("x/y.ttl"), TT_RDF_TURTLE);
	assert_int_equal(tt_rdf_syntax_of_file("y.TRIG"), TT_RDF_TRIG);
	assert_int_equal(tt_rdf_syntax_of_file("y.nt"), TT_RDF_NTRIPLES);
	assert_int_equal(tt_rdf_syntax_of_file("y.nq"), TT_RDF_NQUADS);
	assert_int_equal(tt_rdf_syntax_of_file("y.owl"), TT_RDF_XML);
	assert_int_equal(tt_rdf_syntax_of_file("y.txt"), TT_RDF_GUESS);
	assert_int_equal(tt_rdf_syntax_of_file("ttl"), TT_RDF_GUESS);
	assert_int_equal(tt_rdf_syntax_of_file("x."), TT_RDF_GUESS);
	assert_int_equal(tt_rdf_syntax_named("ttl"), TT_RDF_TURTLE);
	assert_int_equal(tt_rdf_syntax_named("N-Triples"), TT_RDF_NTRIPLES);
	assert_int_equal(tt_rdf_syntax_named("nonsense"), TT_RDF_GUESS);
	assert_string_equal(tt_rdf_syntax_name(TT_RDF_NQUADS), "N-Quads");
	/* by content */
	check_read(TT_RDF_GUESS, "@prefix e: <a:> . e:g { e:a e:b e:c }", "@e=a:\n<a:a> <a:b> <a:c> <a:g>\n");
	check_read(TT_RDF_GUESS, "<a:a> <a:b> <a:c> .\n<a:a> a 5 .",
	           "<a:a> <a:b> <a:c>\n<a:a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
	           "\"5\"^^<http://www.w3.org/2001/XMLSchema#integer>\n");
	check_read(
	    TT_RDF_GUESS,
	    "\n <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Bag rdf:about='a:a'/></rdf:RDF>",
	    "@rdf=http://www.w3.org/1999/02/22-rdf-syntax-ns#\n"
	    "<a:a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
	    "<http://www.w3.org/1999/02/22-rdf-syntax-ns#Bag>\n");
}

/* Nothing of raptor's or libxml's messages reaches standard error. */
static void test_quiet(void **state)
{
	(void)state;
	char path[] = "/tmp/tt_test_rdf_XXXXXX";
	const int fd = mkstemp(path);
	const int saved = dup(2);
	assert_true(fd >= 0 && saved >= 0 && dup2(fd, 2) == 2);
	static const char *const texts[] = {"<x>\n<y></x>", "<x", "", "<rdf:RDF/>", "<x>&y;</x>", "@prefix", "<a> <b> 'c"};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; ++i) {
		log got;
		log_init(&got);
		(void)!read_text(tt_view_of(texts[i]), i < 5 ? TT_RDF_XML : TT_RDF_TURTLE, &got);
		tt_buffer_clear(&got.text);
	}
	assert_int_equal(dup2(saved, 2), 2);
	const off_t n = lseek(fd, 0, SEEK_END);
	(void)close(fd);
	(void)close(saved);
	(void)unlink(path);
	assert_int_equal(n, 0);
}

static void test_complaints(void **state)
{
	(void)state;
	static const char *const pairs[][2] = {
	    {"XML parser error: Extra content at the end\n", "extra content at the end"},
	    {"URI 'x' is odd.", "URI 'x' is odd"},
	    {"byte \xC3 and\ttab", "byte ? and tab"},
	    {"", ""},
	};
	char out[TT_COMPLAINT_SIZE];
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; ++i) {
		tt_complaint_word(pairs[i][0], out);
		assert_string_equal(out, pairs[i][1]);
	}
	char text[3000];
	memset(text, 'x', sizeof text);
	text[sizeof text - 1] = '\0';
	tt_complaint_word(text, out);
	assert_int_equal(strlen(out), TT_COMPLAINT_SIZE - 1);
}

/* ---- writing ---------------------------------------------------------------------------------- */

static void check_term(const tt_term *term, const tt_prefixes *prefixes, const char *ntriples, const char *turtle)
{
	tt_buffer out;
	tt_buffer_init(&out, &ctx);
	assert_int_equal(tt_write_ntriples_term(&out, term), TT_OK);
	assert_int_equal(tt_buffer_terminate(&out), TT_OK);
	assert_string_equal(out.data, ntriples);
	tt_buffer_reset(&out);
	assert_int_equal(tt_write_turtle_term(&out, term, prefixes), TT_OK);
	assert_int_equal(tt_buffer_terminate(&out), TT_OK);
	assert_string_equal(out.data, turtle);
	tt_buffer_clear(&out);
}

static void check_typed(const char *text, tt_vocab datatype, const char *turtle)
{
	const tt_term term = tt_term_typed(tt_view_of(text), tt_vocab_iri(datatype));
	tt_buffer out;
	tt_buffer_init(&out, &ctx);
	assert_int_equal(tt_write_turtle_term(&out, &term, NULL), TT_OK);
	const bool is_bare = out.data[0] != '"';
	assert_int_equal(is_bare, turtle != NULL);
	if (turtle) {
		assert_true(tt_view_equal(tt_buffer_view(&out), tt_view_of(turtle)));
	}
	tt_buffer_clear(&out);
}

static void test_terms(void **state)
{
	(void)state;
	tt_prefixes prefixes;
	tt_prefixes_init(&prefixes, &ctx);
	assert_int_equal(tt_prefixes_add_usual(&prefixes), TT_OK);
	tt_term term = tt_term_iri(TT_VIEW("http://www.w3.org/2004/02/skos/core#Concept"));
	check_term(&term, &prefixes, "<http://www.w3.org/2004/02/skos/core#Concept>", "skos:Concept");
	term = tt_term_iri(TT_VIEW("http://a/<b c>\"{}|^`\\\x01\x7Fé\xFF"));
	check_term(
	    &term, &prefixes,
	    "<http://a/\\u003Cb\\u0020c\\u003E\\u0022\\u007B\\u007D\\u007C\\u005E\\u0060\\u005C\\u0001\x7Fé\\uFFFD>",
	    "<http://a/\\u003Cb\\u0020c\\u003E\\u0022\\u007B\\u007D\\u007C\\u005E\\u0060\\u005C\\u0001\x7Fé\\uFFFD>");
	term = tt_term_string((tt_view){"\"\\\n\r\t\b\0\x1F\x7Fé\xFF'", 13});
	check_term(&term, &prefixes, "\"\\\"\\\\\\n\\r\\t\\u0008\\u0000\\u001F\\u007Fé\\uFFFD'\"",
	           "\"\\\"\\\\\\n\\r\\t\\u0008\\u0000\\u001F\\u007Fé\\uFFFD'\"");
	term = tt_term_lang(TT_VIEW("x"), TT_VIEW("en-GB"));
	check_term(&term, &prefixes, "\"x\"@en-GB", "\"x\"@en-GB");
	term = tt_term_lang(TT_VIEW("x"), TT_VIEW("a b"));
	check_term(&term, &prefixes, "\"x\"@x-ttx612062", "\"x\"@x-ttx612062");
	term = tt_term_typed(TT_VIEW("2024-01-01"), tt_vocab_iri(TT_VOCAB_XSD_DATE));
	check_term(&term, &prefixes, "\"2024-01-01\"^^<http://www.w3.org/2001/XMLSchema#date>", "\"2024-01-01\"^^xsd:date");
	term = tt_term_blank(TT_VIEW("b1"));
	check_term(&term, &prefixes, "_:b1", "_:b1");
	term = tt_term_blank(TT_VIEW("-1"));
	check_term(&term, &prefixes, "_:ttx2D31", "_:ttx2D31");
	term = tt_term_blank(TT_VIEW("ttx2D31")); /* not the same node */
	check_term(&term, &prefixes, "_:ttx74747832443331", "_:ttx74747832443331");
	term = (tt_term){.kind = TT_TERM_NONE};
	check_term(&term, &prefixes, "", "");
	tt_prefixes_clear(&prefixes);
}

static void test_bare(void **state)
{
	(void)state;
	check_typed("1", TT_VOCAB_XSD_INTEGER, "1");
	check_typed("0", TT_VOCAB_XSD_INTEGER, "0");
	check_typed("-0.5", TT_VOCAB_XSD_DECIMAL, "-0.5");
	check_typed("-01", TT_VOCAB_XSD_INTEGER, NULL); /* rdflib reads 1 */
	check_typed("+1", TT_VOCAB_XSD_INTEGER, NULL);
	check_typed("-0", TT_VOCAB_XSD_INTEGER, NULL);
	check_typed("01.5", TT_VOCAB_XSD_DECIMAL, NULL);
	check_typed("1.5", TT_VOCAB_XSD_DECIMAL, "1.5");
	check_typed("1.50E-7", TT_VOCAB_XSD_DOUBLE, "1.50E-7");
	check_typed("1e0", TT_VOCAB_XSD_DOUBLE, "1e0");
	check_typed("true", TT_VOCAB_XSD_BOOLEAN, "true");
	check_typed("1", TT_VOCAB_XSD_BOOLEAN, NULL);
	check_typed("1", TT_VOCAB_XSD_DECIMAL, NULL);
	check_typed("1.", TT_VOCAB_XSD_DECIMAL, NULL);
	check_typed("1.5", TT_VOCAB_XSD_DOUBLE, NULL);
	check_typed("1.5", TT_VOCAB_XSD_INTEGER, NULL);
	check_typed("INF", TT_VOCAB_XSD_DOUBLE, NULL);
	check_typed(" 1", TT_VOCAB_XSD_INTEGER, NULL);
	check_typed("", TT_VOCAB_XSD_INTEGER, NULL);
	check_typed("-", TT_VOCAB_XSD_INTEGER, NULL);
	check_typed("1e", TT_VOCAB_XSD_DOUBLE, NULL);
	check_typed("1", TT_VOCAB_XSD_INT, NULL);
}

static void write_example(tt_rdf_syntax syntax, tt_output *output)
{
	tt_prefixes prefixes;
	tt_prefixes_init(&prefixes, &ctx);
	assert_int_equal(tt_prefixes_set(&prefixes, TT_VIEW("e"), TT_VIEW("http://e/")), TT_OK);
	tt_writer *writer = NULL;
	assert_int_equal(tt_writer_new(output, syntax, &prefixes, &writer), TT_OK);
	const tt_term a = tt_term_iri(TT_VIEW("http://e/a"));
	const tt_term b = tt_term_iri(TT_VIEW("http://e/b"));
	const tt_term type = tt_term_iri(tt_vocab_iri(TT_VOCAB_RDF_TYPE));
	const tt_term one = tt_term_typed(TT_VIEW("1"), tt_vocab_iri(TT_VOCAB_XSD_INTEGER));
	const tt_term blank = tt_term_blank(TT_VIEW("a")); /* the text of no IRI: kinds differ */
	const tt_term graph = tt_term_iri(TT_VIEW("http://e/g"));
	assert_int_equal(tt_writer_statement(writer, &a, &type, &b, NULL), TT_OK);
	assert_int_equal(tt_writer_statement(writer, &a, &b, &one, NULL), TT_OK);
	assert_int_equal(tt_writer_statement(writer, &a, &b, &blank, NULL), TT_OK);
	assert_int_equal(tt_writer_statement(writer, &blank, &b, &a, NULL), TT_OK);
	if (tt_rdf_syntax_has_graphs(syntax)) {
		assert_int_equal(tt_writer_statement(writer, &blank, &b, &a, &graph), TT_OK);
		assert_int_equal(tt_writer_statement(writer, &blank, &b, &b, &graph), TT_OK);
		assert_int_equal(tt_writer_statement(writer, &b, &b, &b, &graph), TT_OK);
		assert_int_equal(tt_writer_statement(writer, &b, &b, &b, &a), TT_OK);
		assert_int_equal(tt_writer_statement(writer, &b, &b, &b, NULL), TT_OK);
	} else {
		assert_int_equal(tt_writer_statement(writer, &a, &b, &b, &graph), TT_UNSUPPORTED);
	}
	assert_int_equal(tt_writer_finish(writer), TT_OK);
	tt_writer_free(writer);
	tt_prefixes_clear(&prefixes);
}

static void test_writer(void **state)
{
	(void)state;
	static const char *const expected[] = {
	    [TT_RDF_NTRIPLES] = "<http://e/a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e/b> .\n"
	                        "<http://e/a> <http://e/b> \"1\"^^<http://www.w3.org/2001/XMLSchema#integer> .\n"
	                        "<http://e/a> <http://e/b> _:a .\n_:a <http://e/b> <http://e/a> .\n",
	    [TT_RDF_TURTLE] = "@prefix e: <http://e/> .\n\ne:a a e:b ;\n    e:b 1 ,\n        _:a .\n\n_:a e:b e:a .\n",
	    [TT_RDF_TRIG] = "@prefix e: <http://e/> .\n\ne:a a e:b ;\n    e:b 1 ,\n        _:a .\n\n_:a e:b e:a .\n\n"
	                    "e:g {\n    _:a e:b e:a ,\n            e:b .\n\n    e:b e:b e:b .\n}\n\n"
	                    "e:a {\n    e:b e:b e:b .\n}\n\ne:b e:b e:b .\n",
	    [TT_RDF_JSONLD] =
	        "{\n  \"@context\": {\n    \"e\": \"http://e/\"\n  },\n  \"@graph\": [\n"
	        "    {\n      \"@id\": \"e:a\",\n      \"@type\": \"e:b\",\n      \"e:b\": [\n"
	        "        {\"@value\": \"1\", \"@type\": \"http://www.w3.org/2001/XMLSchema#integer\"},\n"
	        "        {\"@id\": \"_:a\"}\n      ]\n    },\n"
	        "    {\n      \"@id\": \"_:a\",\n      \"e:b\": {\"@id\": \"e:a\"}\n    },\n"
	        "    {\n      \"@id\": \"e:g\",\n      \"@graph\": [\n"
	        "        {\n          \"@id\": \"_:a\",\n          \"e:b\": [\n            {\"@id\": \"e:a\"},\n"
	        "            {\"@id\": \"e:b\"}\n          ]\n        },\n"
	        "        {\n          \"@id\": \"e:b\",\n          \"e:b\": {\"@id\": \"e:b\"}\n        }\n      ]\n    "
	        "},\n"
	        "    {\n      \"@id\": \"e:a\",\n      \"@graph\": [\n"
	        "        {\n          \"@id\": \"e:b\",\n          \"e:b\": {\"@id\": \"e:b\"}\n        }\n      ]\n    "
	        "},\n"
	        "    {\n      \"@id\": \"e:b\",\n      \"e:b\": {\"@id\": \"e:b\"}\n    }\n  ]\n}\n",
	};
	static const tt_rdf_syntax syntaxes[] = {TT_RDF_NTRIPLES, TT_RDF_TURTLE, TT_RDF_TRIG, TT_RDF_JSONLD};
	for (size_t i = 0; i < 4; ++i) {
		tt_output output;
		tt_output_init(&output, &ctx, -1);
		write_example(syntaxes[i], &output);
		assert_int_equal(tt_buffer_terminate(&output.buffer), TT_OK);
		assert_string_equal(output.buffer.data, expected[syntaxes[i]]);
		tt_output_clear(&output);
	}
}

static void test_jsonld_is_not_read(void **state)
{
	(void)state;
	log got;
	log_init(&got);
	const tt_status status = read_text(TT_VIEW("{}"), TT_RDF_JSONLD, &got);
	assert_int_equal(status, TT_UNSUPPORTED);
	assert_non_null(strstr(ctx.error.text, "JSON-LD can be written, but not read"));
	assert_int_equal(tt_rdf_syntax_of_file("a/b.jsonld"), TT_RDF_JSONLD);
	assert_int_equal(tt_rdf_syntax_named("JSON-LD"), TT_RDF_JSONLD);
	tt_buffer_clear(&got.text);
}

/* ---- RDF/XML ---------------------------------------------------------------------------------- */

#define RDF_NAMESPACE "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

/* Write `_:s <predicate> object` with a prefix or two; what is written goes to @p out. */
static tt_status write_xml(const char *predicate, const tt_term *object, tt_output *out)
{
	tt_prefixes prefixes;
	tt_prefixes_init(&prefixes, &ctx);
	assert_int_equal(tt_prefixes_set(&prefixes, TT_VIEW("e"), TT_VIEW("http://e/")), TT_OK);
	assert_int_equal(tt_prefixes_set(&prefixes, TT_VIEW("xmlish"), TT_VIEW("http://x/")), TT_OK);
	assert_int_equal(tt_prefixes_set(&prefixes, TT_VIEW("rdf"), TT_VIEW("http://not-rdf/")), TT_OK);
	tt_writer *writer = NULL;
	const tt_term subject = tt_term_blank(TT_VIEW("s"));
	const tt_term p = tt_term_iri(tt_view_of(predicate));
	tt_ctx_clear_error(&ctx);
	tt_status status = tt_writer_new(out, TT_RDF_XML, &prefixes, &writer);
	status = status ? status : tt_writer_statement(writer, &subject, &p, object, NULL);
	status = status ? status : tt_writer_finish(writer);
	tt_writer_free(writer);
	tt_prefixes_clear(&prefixes);
	return status;
}

static void test_xml_elements(void **state)
{
	(void)state;
	const tt_term text = tt_term_string(TT_VIEW(" <&>\"\r\n]]>"));
	const tt_term tagged = tt_term_lang(TT_VIEW("x"), TT_VIEW("en-gb"));
	const tt_term typed = tt_term_typed(TT_VIEW("<b>1</b>"), TT_VIEW(RDF_NAMESPACE "XMLLiteral"));
	const tt_term iri = tt_term_iri(TT_VIEW("http://e/?a=\"1\"&b"));
	const tt_term blank = tt_term_blank(TT_VIEW("0-é"));
	const struct {
		const char *predicate;
		const tt_term *object;
		const char *element;
	} cases[] = {
	    {"http://e/p", &text, "    <e:p> &lt;&amp;&gt;\"&#13;\n]]&gt;</e:p>\n"},
	    {"http://e/p.q-1é", &tagged, "    <e:p.q-1é xml:lang=\"en-gb\">x</e:p.q-1é>\n"},
	    {RDF_NAMESPACE "_1", &typed,
	     "    <rdf:_1 rdf:datatype=\"" RDF_NAMESPACE "XMLLiteral\">&lt;b&gt;1&lt;/b&gt;</rdf:_1>\n"},
	    {"http://e/a#1b", &iri, "    <b xmlns=\"http://e/a#1\" rdf:resource=\"http://e/?a=&quot;1&quot;&amp;b\"/>\n"},
	    {"http://e/1b", &iri, "    <b xmlns=\"http://e/1\" rdf:resource=\"http://e/?a=&quot;1&quot;&amp;b\"/>\n"},
	    {"http://x/p", &blank, "    <p xmlns=\"http://x/\" rdf:nodeID=\"ttx302DC3A9\"/>\n"},
	    {"http://not-rdf/p", &blank, "    <p xmlns=\"http://not-rdf/\" rdf:nodeID=\"ttx302DC3A9\"/>\n"},
	    {"http://www.w3.org/2000/xmlns/ab", &blank,
	     "    <b xmlns=\"http://www.w3.org/2000/xmlns/a\" rdf:nodeID=\"ttx302DC3A9\"/>\n"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
		tt_output output;
		char expected[700];
		tt_output_init(&output, &ctx, -1);
		assert_int_equal(write_xml(cases[i].predicate, cases[i].object, &output), TT_OK);
		assert_int_equal(tt_buffer_terminate(&output.buffer), TT_OK);
		(void)snprintf(expected, sizeof expected,
		               "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rdf:RDF\n    xmlns:rdf=\"" RDF_NAMESPACE "\"\n"
		               "    xmlns:e=\"http://e/\">\n\n  <rdf:Description rdf:nodeID=\"s\">\n%s"
		               "  </rdf:Description>\n\n</rdf:RDF>\n",
		               cases[i].element);
		assert_string_equal(output.buffer.data, expected);
		tt_output_clear(&output);
	}
}

static void test_xml_refuses(void **state)
{
	(void)state;
	const tt_term plain = tt_term_string(TT_VIEW("x"));
	const tt_term control = tt_term_string(TT_VIEW("a\x01z"));
	const tt_term no_character = tt_term_string(TT_VIEW("\xEF\xBF\xBF"));
	const tt_term relative = tt_term_iri(TT_VIEW("a"));
	const tt_term datatype = tt_term_typed(TT_VIEW("x"), TT_VIEW("http://e/\x02"));
	const struct {
		const char *predicate;
		const tt_term *object;
		const char *message;
	} cases[] = {
	    {"http://e/p/", &plain, "the predicate <http://e/p/>: it does not end in an XML name"},
	    {"http://e/12", &plain, "the predicate <http://e/12>: "},
	    {"urn:x:1", &plain, "the predicate <urn:x:1>: "},
	    {"http://www.w3.org/2000/xmlns/a", &plain, "the predicate <http://www.w3.org/2000/xmlns/a>: "},
	    {RDF_NAMESPACE "li", &plain, "rdf-syntax-ns#li>: that is a word of its syntax"},
	    {RDF_NAMESPACE "about", &plain, "rdf-syntax-ns#about>: that is a word of its syntax"},
	    {RDF_NAMESPACE "a/b", &plain, "rdf-syntax-ns#a/b>: "},
	    {"http://e/p", &control, "a character of the literal in _:s <http://e/p> \"a\\u0001z\""},
	    {"http://e/p", &no_character, "a character of the literal in _:s <http://e/p> "},
	    {"http://e/p", &relative, "the IRI <a>: it is not absolute"},
	    {"http://e/p", &datatype, "the IRI <http://e/\x02>: it has a character"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
		tt_output output;
		tt_output_init(&output, &ctx, -1);
		assert_int_equal(write_xml(cases[i].predicate, cases[i].object, &output), TT_UNSUPPORTED);
		if (!strstr(ctx.error.text, cases[i].message)) {
			fail_msg("%s: %s", cases[i].predicate, ctx.error.text);
		}
		tt_output_clear(&output);
	}
}

/* Namespaces are declared once, under names that are free. */
static void test_xml_namespaces(void **state)
{
	(void)state;
	tt_prefixes prefixes;
	tt_prefixes_init(&prefixes, &ctx);
	assert_int_equal(tt_prefixes_set(&prefixes, TT_VIEW("ns1"), TT_VIEW("http://e/")), TT_OK);
	assert_int_equal(tt_prefixes_set(&prefixes, TT_VIEW("é"), TT_VIEW("http://é/")), TT_OK);
	static const char *const predicates[] = {"http://e/a", "http://f/a",         "http://f/b", "http://f/1a",
	                                         "http://é/a", RDF_NAMESPACE "type", "http://é/b", "http://f/1b"};
	for (size_t i = 0; i < sizeof predicates / sizeof *predicates; ++i) {
		assert_int_equal(tt_write_xml_prepare(&prefixes, tt_view_of(predicates[i])), TT_OK);
	}
	assert_int_equal(prefixes.n_items, 5);
	assert_true(tt_view_equal(*tt_prefixes_find(&prefixes, TT_VIEW("ns2")), TT_VIEW("http://f/")));
	assert_true(tt_view_equal(*tt_prefixes_find(&prefixes, TT_VIEW("ns3")), TT_VIEW("http://f/1")));
	assert_true(tt_view_equal(*tt_prefixes_find(&prefixes, TT_VIEW("ns4")), TT_VIEW("http://é/")));
	assert_int_equal(tt_write_xml_prepare(&prefixes, TT_VIEW("http://f/")), TT_UNSUPPORTED);
	tt_prefixes_clear(&prefixes);
}

/* ---- there and back --------------------------------------------------------------------------- */

static uint64_t seed = 11;
static uint64_t draw(uint64_t below)
{
	seed += 0x9E3779B97F4A7C15u;
	return tt_hash_u64(seed) % below;
}

/* Text of nasty characters; `extra` is one that gets most of the luck. */
static tt_view draw_text(char *out, const char *const *pieces, size_t n_pieces)
{
	size_t n = 0;
	for (uint64_t left = draw(8); left > 0; --left) {
		const char *const piece = pieces[draw(n_pieces)];
		const size_t n_piece = strlen(piece);
		memcpy(out + n, piece, n_piece);
		n += n_piece;
	}
	return (tt_view){out, n};
}

/* No segment is a mere full stop: raptor takes those away (RFC 3986 §5.2.2), also from absolute IRIs. */
static tt_term draw_iri(char *out)
{
	static const char *const pieces[] = {"a",   "-", "b.", "é", "日", "/", "#", "?x=1",
	                                     "%20", ":", "1",  "_", "~",  "'", "(", ","};
	static const char *const starts[] = {"http://e/", "http://e/o/X_", "urn:x:"};
	const char *const start = starts[draw(3)];
	memcpy(out, start, strlen(start));
	const tt_view rest = draw_text(out + strlen(start), pieces, sizeof pieces / sizeof *pieces);
	return tt_term_iri((tt_view){out, strlen(start) + rest.size});
}

static tt_term draw_blank(char *out)
{
	static const char *const pieces[] = {"a", "-", ".", "é", "1", "_", "B", "·"};
	out[0] = 'n';
	const tt_view rest = draw_text(out + 1, pieces, sizeof pieces / sizeof *pieces);
	tt_term term = tt_term_blank((tt_view){out, rest.size + 1});
	while (term.text.data[term.text.size - 1] == '.') {
		--term.text.size;
	}
	return term;
}

static tt_term draw_object(char *out)
{
	static const char *const pieces[] = {
	    "a", "\"",      "\\",  "\n",     "\r", "\t", "\b", "\f",  "\x7f",         "\x01", "'", "é",
	    "😀", "\\u0041", "\\n", "\"\"\"", " ",  ".",  "{",  "@en", "\xEF\xBF\xBD", "1",    "-", "e"};
	static const tt_vocab types[] = {TT_VOCAB_XSD_STRING, TT_VOCAB_XSD_INTEGER, TT_VOCAB_XSD_DECIMAL,
	                                 TT_VOCAB_XSD_DOUBLE, TT_VOCAB_XSD_BOOLEAN, TT_VOCAB_XSD_DATE};
	static const char *const numbers[] = {"1",  "-1",   "+1.5", "1.5", "1e3", "1.5E-3",
	                                      "01", "true", "-0.0", "1.",  ".5",  "1E"};
	static const char *const languages[] = {"en", "en-US", "DE-at-1996"};
	switch (draw(5)) {
	case 0:
		return draw_iri(out);
	case 1:
		return draw_blank(out);
	case 2:
		return tt_term_lang(draw_text(out, pieces, sizeof pieces / sizeof *pieces), tt_view_of(languages[draw(3)]));
	case 3:
		return tt_term_typed(tt_view_of(numbers[draw(12)]), tt_vocab_iri(types[draw(6)]));
	default:
		return tt_term_string(draw_text(out, pieces, sizeof pieces / sizeof *pieces));
	}
}

/* Whether a syntax gives a term back as it is. RDF/XML refuses control characters, and gives other labels to nodes
 * whose labels are no ASCII names. */
static bool fits(tt_rdf_syntax syntax, const tt_term *term)
{
	bool is_fit = true;
	for (size_t i = 0; i < term->text.size && syntax == TT_RDF_XML; ++i) {
		const unsigned char c = (unsigned char)term->text.data[i];
		is_fit = is_fit && (term->kind != TT_TERM_BLANK || c < 128) &&
		         (term->kind != TT_TERM_LITERAL || c >= ' ' || c == '\n' || c == '\r' || c == '\t');
	}
	return is_fit;
}

static tt_term draw_predicate(tt_rdf_syntax syntax, char *out)
{
	tt_prefixes prefixes;
	tt_prefixes_init(&prefixes, &ctx);
	tt_term predicate = draw_iri(out);
	while (syntax == TT_RDF_XML && tt_write_xml_prepare(&prefixes, predicate.text) != TT_OK) {
		predicate = draw_iri(out);
	}
	tt_prefixes_clear(&prefixes);
	return predicate;
}

static tt_term draw_fitting(tt_rdf_syntax syntax, tt_term (*draw_term)(char *out), char *out)
{
	tt_term term = draw_term(out);
	while (!fits(syntax, &term)) {
		term = draw_term(out);
	}
	return term;
}

static void test_round_trip(void **state)
{
	(void)state;
	static const tt_rdf_syntax syntaxes[] = {TT_RDF_NTRIPLES, TT_RDF_NQUADS, TT_RDF_TURTLE, TT_RDF_TRIG, TT_RDF_XML};
	tt_prefixes prefixes;
	tt_prefixes_init(&prefixes, &ctx);
	assert_int_equal(tt_prefixes_set(&prefixes, TT_VIEW("e"), TT_VIEW("http://e/")), TT_OK);
	assert_int_equal(tt_prefixes_set(&prefixes, TT_VIEW(""), TT_VIEW("http://e/o/X_")), TT_OK);
	for (int i = 0; i < 5 * 300; ++i) {
		const tt_rdf_syntax syntax = syntaxes[i % 5];
		const bool has_graphs = syntax == TT_RDF_NQUADS || syntax == TT_RDF_TRIG;
		tt_output output;
		tt_output_init(&output, &ctx, -1);
		log sent;
		log got;
		log_init(&sent);
		log_init(&got);
		tt_writer *writer = NULL;
		assert_int_equal(tt_writer_new(&output, syntax, &prefixes, &writer), TT_OK);
		char texts[4][400];
		tt_term subject = draw_iri(texts[0]);
		tt_term predicate = draw_predicate(syntax, texts[1]);
		tt_term graph = {.kind = TT_TERM_NONE};
		for (uint64_t left = 1 + draw(10); left > 0; --left) {
			if (draw(2)) {
				subject = draw(2) ? draw_iri(texts[0]) : draw_fitting(syntax, draw_blank, texts[0]);
			}
			if (draw(2)) {
				predicate = draw_predicate(syntax, texts[1]);
			}
			if (has_graphs && draw(4) == 0) {
				graph = draw(2) ? draw_iri(texts[3]) : (tt_term){.kind = TT_TERM_NONE};
			}
			const tt_term object = draw_fitting(syntax, draw_object, texts[2]);
			assert_int_equal(tt_writer_statement(writer, &subject, &predicate, &object, &graph), TT_OK);
			assert_int_equal(log_statement(&sent, &subject, &predicate, &object, &graph), TT_OK);
		}
		assert_int_equal(tt_writer_finish(writer), TT_OK);
		tt_writer_free(writer);
		const tt_read_sink sink = {.user = &got, .statement = log_statement};
		const tt_read_options options = {syntax, "http://base/", "test"};
		tt_ctx_clear_error(&ctx);
		const tt_status status = tt_read_bytes(&ctx, tt_buffer_view(&output.buffer), &options, &sink);
		if (status != TT_OK || !tt_view_equal(tt_buffer_view(&sent.text), tt_buffer_view(&got.text))) {
			size_t at = 0;
			while (at < sent.text.size && at < got.text.size && sent.text.data[at] == got.text.data[at]) {
				++at;
			}
			fail_msg("seed 11, round %d, line %zu: %s\n%.*s\n-- sent …%.*s\n-- got …%.*s", i, ctx.error.line,
			         ctx.error.text, TT_VIEW_ARG(tt_buffer_view(&output.buffer)),
			         TT_VIEW_ARG(tt_view_skip(tt_buffer_view(&sent.text), at)),
			         TT_VIEW_ARG(tt_view_skip(tt_buffer_view(&got.text), at)));
		}
		tt_buffer_clear(&sent.text);
		tt_buffer_clear(&got.text);
		tt_output_clear(&output);
	}
	tt_prefixes_clear(&prefixes);
}

/* Every allocation of ours may fail. */
static void test_failing_memory(void **state)
{
	(void)state;
	if (!tt_mem_fail_nth(0)) {
		skip();
	}
	static const tt_rdf_syntax kinds[] = {TT_RDF_NTRIPLES, TT_RDF_TURTLE};
	for (size_t k = 0; k < 2; ++k) {
		tt_status status = TT_NO_MEMORY;
		for (unsigned long n = 1; n < 100 && status != TT_OK; ++n) {
			log got;
			log_init(&got);
			(void)tt_mem_fail_nth(n);
			status = read_text(TT_VIEW("<a:\\u0041> <a:b> \"x\\ny\"^^<a:\\u0042> .\n_:x <a:b> \"z\"@en .\n"), kinds[k],
			                   &got);
			(void)tt_mem_fail_nth(0);
			tt_buffer_clear(&got.text);
			assert_true(status == TT_OK || status == TT_NO_MEMORY);
		}
		assert_int_equal(status, TT_OK);
	}
	static const tt_rdf_syntax written[] = {TT_RDF_TRIG, TT_RDF_JSONLD};
	for (size_t k = 0; k < 2; ++k) {
		tt_status status = TT_NO_MEMORY;
		for (unsigned long n = 1; n < 100 && status != TT_OK; ++n) {
			tt_output output;
			tt_output_init(&output, &ctx, -1);
			tt_writer *writer = NULL;
			const tt_term term = tt_term_iri(TT_VIEW("a:b"));
			(void)tt_mem_fail_nth(n);
			status = tt_writer_new(&output, written[k], NULL, &writer);
			status = status == TT_OK ? tt_writer_statement(writer, &term, &term, &term, &term) : status;
			status = status == TT_OK ? tt_writer_finish(writer) : status;
			(void)tt_mem_fail_nth(0);
			tt_writer_free(writer);
			tt_output_clear(&output);
			assert_true(status == TT_OK || status == TT_NO_MEMORY);
		}
		assert_int_equal(status, TT_OK);
	}
}

int main(void)
{
	tt_ctx_init(&ctx);
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_ntriples),     cmocka_unit_test(test_jsonld_is_not_read),
	    cmocka_unit_test(test_bad_ntriples), cmocka_unit_test(test_turtle),
	    cmocka_unit_test(test_bad_turtle),   cmocka_unit_test(test_turtle_forms),
	    cmocka_unit_test(test_trig),         cmocka_unit_test(test_xml),
	    cmocka_unit_test(test_deep),         cmocka_unit_test(test_chunks),
	    cmocka_unit_test(test_sink_fails),   cmocka_unit_test(test_cancel),
	    cmocka_unit_test(test_files),        cmocka_unit_test(test_syntaxes),
	    cmocka_unit_test(test_quiet),        cmocka_unit_test(test_complaints),
	    cmocka_unit_test(test_terms),        cmocka_unit_test(test_bare),
	    cmocka_unit_test(test_writer),       cmocka_unit_test(test_xml_elements),
	    cmocka_unit_test(test_xml_refuses),  cmocka_unit_test(test_xml_namespaces),
	    cmocka_unit_test(test_round_trip),   cmocka_unit_test(test_failing_memory),
	};
	return cmocka_run_group_tests(tests, NULL, check_no_leak);
}
