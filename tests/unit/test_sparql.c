/* test_sparql.c - parsing queries and updates, their errors, and printing them back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "sparql/parse.h"

#define PREFIXES "PREFIX : <http://e/> PREFIX ex: <http://ex/> "

static tt_ctx ctx;
static tt_arena arena;

static int set_up(void **state)
{
	(void)state;
	tt_ctx_init(&ctx);
	tt_arena_init(&arena, &ctx);
	return 0;
}

/* Every test also checks that nothing is left over. */
static int tear_down(void **state)
{
	(void)state;
	tt_arena_clear(&arena);
	return ctx.n_bytes_used == 0 && ctx.n_depth == 0 ? 0 : -1;
}

static tt_status parse_view(tt_view text, bool is_update, const tt_parse_options *options, tt_ast **out)
{
	return is_update ? tt_parse_update(&arena, text, options, out) : tt_parse_query(&arena, text, options, out);
}

static tt_ast *parse(const char *text, bool is_update)
{
	tt_ast *ast = NULL;
	if (parse_view(tt_view_of(text), is_update, NULL, &ast) != TT_OK) {
		fail_msg("%s: %zu:%zu: %s", text, ctx.error.line, ctx.error.column, ctx.error.text);
	}
	return ast;
}

static void print(const tt_ast *ast, const tt_prefixes *prefixes, tt_buffer *out)
{
	tt_buffer_init(out, &ctx);
	assert_int_equal(tt_ast_print(ast, prefixes, out), TT_OK);
	assert_int_equal(tt_buffer_terminate(out), TT_OK);
}

/* The text without the layout: runs of white space as one space, none at the ends. */
static void squeeze(char *text)
{
	char *to = text;
	for (const char *from = text; *from; ++from) {
		const bool is_blank = *from == ' ' || *from == '\n';
		if (!is_blank || (to > text && to[-1] != ' ')) {
			*to++ = is_blank ? ' ' : *from;
		}
	}
	*to = '\0';
	if (to > text && to[-1] == ' ') {
		to[-1] = '\0';
	}
}

/* Parse, print, compare; then parse what was printed, with and without prefixes, and print it again. */
static void check_print(bool is_update, const char *text, const char *expected)
{
	tt_ast *const ast = parse(text, is_update);
	tt_buffer first;
	print(ast, NULL, &first);
	for (int with_prefixes = 0; with_prefixes < 2; ++with_prefixes) {
		tt_buffer source;
		tt_buffer again;
		print(ast, with_prefixes ? ast->prefixes : NULL, &source);
		print(parse(source.data, is_update), NULL, &again);
		assert_string_equal(again.data, first.data);
		tt_buffer_clear(&source);
		tt_buffer_clear(&again);
	}
	squeeze(first.data);
	assert_string_equal(first.data, expected);
	tt_buffer_clear(&first);
}

typedef struct example {
	const char *text, *expected;
} example;

static void check_all(bool is_update, const example *examples, size_t n)
{
	for (size_t i = 0; i < n; ++i) {
		check_print(is_update, examples[i].text, examples[i].expected);
	}
}
#define CHECK_ALL(is_update, examples) check_all((is_update), (examples), sizeof(examples) / sizeof *(examples))

/* ---- what the grammar takes -------------------------------------------------------------------- */

static void test_query_forms(void **state)
{
	(void)state;
	static const example examples[] = {
	    {"select*{}", "SELECT * WHERE { }"},
	    {"SELECT DISTINCT ?a $b WHERE {}", "SELECT DISTINCT ?a ?b WHERE { }"},
	    {"SELECT REDUCED (1 AS ?a) FROM <g> FROM NAMED <h> {}",
	     "SELECT REDUCED (1 AS ?a) FROM <g> FROM NAMED <h> WHERE { }"},
	    {"ASK { } VALUES () { () }", "ASK WHERE { } VALUES () { () }"},
	    {"DESCRIBE <x> ?y", "DESCRIBE <x> ?y"},
	    {"DESCRIBE * { ?s ?p ?o }", "DESCRIBE * WHERE { ?s ?p ?o . }"},
	    {"CONSTRUCT { ?s <p> [] } WHERE { ?s ?p _:a }", "CONSTRUCT { ?s <p> _:1 . } WHERE { ?s ?p _:a . }"},
	    {"CONSTRUCT FROM <g> WHERE { ?s <p> <o> . } LIMIT 3", "CONSTRUCT FROM <g> WHERE { ?s <p> <o> . } LIMIT 3"},
	    {"SELECT ?x (COUNT(*) AS ?n) { ?x ?p ?y } GROUP BY ?x (STR(?y)) (1+1 AS ?k) HAVING (COUNT(*) > 1) STR(?x) "
	     "ORDER BY ?x DESC(?n) ASC(?k) (-?n) OFFSET 2 LIMIT 1",
	     "SELECT ?x (COUNT(*) AS ?n) WHERE { ?x ?p ?y . } GROUP BY ?x (STR(?y)) (1 + 1 AS ?k) HAVING (COUNT(*) > 1) "
	     "(STR(?x)) ORDER BY ?x DESC(?n) ?k ASC(-?n) LIMIT 1 OFFSET 2"},
	    {"SELECT * { } VALUES ?x { 1 UNDEF \"a\"@en }", "SELECT * WHERE { } VALUES (?x) { (1) (UNDEF) (\"a\"@en) }"},
	    {"\xEF\xBB\xBF# comment\r\nASK#\r{}", "ASK WHERE { }"},
	};
	CHECK_ALL(false, examples);
}

static void test_patterns(void **state)
{
	(void)state;
	static const example examples[] = {
	    {PREFIXES "ASK { ?s a :t ; ; ex:p 1 , 2 ; . FILTER(?s) . OPTIONAL {} MINUS {} }",
	     "ASK WHERE { ?s a <http://e/t> . ?s <http://ex/p> 1 . ?s <http://ex/p> 2 . FILTER (?s) OPTIONAL { } MINUS { } "
	     "}"},
	    {"ASK { {} UNION { ?s ?p ?o } UNION {{}} }", "ASK WHERE { { } UNION { ?s ?p ?o . } UNION { { } } }"},
	    {"ASK { GRAPH ?g { } SERVICE SILENT <s> { } BIND(1 AS ?x) VALUES (?y ?z) { (1 UNDEF) (<a> 'b') } }",
	     "ASK WHERE { GRAPH ?g { } SERVICE SILENT <s> { } BIND (1 AS ?x) VALUES (?y ?z) { (1 UNDEF) (<a> \"b\") } }"},
	    {"ASK { { SELECT (1 AS ?x) { } LIMIT 1 VALUES ?y { } } }",
	     "ASK WHERE { { SELECT (1 AS ?x) WHERE { } LIMIT 1 VALUES (?y) { } } }"},
	    {"ASK { () <p> [ ] }", "ASK WHERE { <http://www.w3.org/1999/02/22-rdf-syntax-ns#nil> <p> _:1 . }"},
	    {"ASK { [ <p> 1 ; <q> [ <r> 2 ] ] }", "ASK WHERE { _:1 <p> 1 . _:1 <q> _:2 . _:2 <r> 2 . }"},
	    {"PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> ASK { (1) rdf:x 3 }",
	     "ASK WHERE { _:1 <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> 1 . "
	     "_:1 <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> <http://www.w3.org/1999/02/22-rdf-syntax-ns#nil> . "
	     "_:1 <http://www.w3.org/1999/02/22-rdf-syntax-ns#x> 3 . }"},
	    {"ASK { _:a <p> _:a FILTER(1) _:a <q> 2 }", "ASK WHERE { _:a <p> _:a . FILTER (1) _:a <q> 2 . }"},
	    /* Labels of the text never clash with generated ones, whichever comes first. */
	    {"ASK { _:2 <p> [], [], _:1 }", "ASK WHERE { _:2 <p> _:1 . _:2 <p> _:3 . _:2 <p> _:4 . }"},
	};
	CHECK_ALL(false, examples);
}

static void test_paths(void **state)
{
	(void)state;
	static const example examples[] = {
	    {"ASK { ?s (<p>) ?o }", "ASK WHERE { ?s <p> ?o . }"},
	    {"ASK { ?s <p>|<q>/^<r>* ?o }", "ASK WHERE { ?s <p>|<q>/^<r>* ?o . }"},
	    {"ASK { ?s (<p>|<q>)/<r> ?o }", "ASK WHERE { ?s (<p>|<q>)/<r> ?o . }"},
	    {"ASK { ?s (<a>/<b>)/(<c>/<d>) ?o }", "ASK WHERE { ?s <a>/<b>/<c>/<d> ?o . }"},
	    {"ASK { ?s (^<p>)?/(<q>+)+ ?o }", "ASK WHERE { ?s (^<p>)?/(<q>+)+ ?o . }"},
	    {"ASK { ?s ^(<p>/<q>) ?o }", "ASK WHERE { ?s ^(<p>/<q>) ?o . }"},
	    {"ASK { ?s !<p>|!(^<q>|a)|!() ?o }", "ASK WHERE { ?s !(<p>)|!(^<q>|a)|!() ?o . }"},
	    {"ASK { ?s a/a ?o ; ?p [ <p>* 1 ] }", "ASK WHERE { ?s a/a ?o . ?s ?p _:1 . _:1 <p>* 1 . }"},
	};
	CHECK_ALL(false, examples);
}

static void check_expr(const char *text, const char *expected)
{
	char query[512];
	char printed[512];
	(void)snprintf(query, sizeof query, "ASK { FILTER (%s) }", text);
	(void)snprintf(printed, sizeof printed, "ASK WHERE { FILTER (%s) }", expected ? expected : text);
	check_print(false, query, printed);
}

static void test_expressions(void **state)
{
	(void)state;
	static const example examples[] = {
	    {"?a || ?b && ?c || ?d", NULL},
	    {"(?a || ?b) && !?c", NULL},
	    {"(?a || ?b) || ?c", NULL},
	    {"((?a))", "?a"},
	    {"?a = ?b && ?c != 1 && ?d<1 && ?e >=2 && ?f>3 && ?g<=4",
	     "?a = ?b && ?c != 1 && ?d < 1 && ?e >= 2 && ?f > 3 && ?g <= 4"},
	    {"(?a = ?b) = ?c", NULL},
	    {"?a - ?b - ?c", NULL},
	    {"?a - (?b - ?c)", NULL},
	    {"?a / ?b * (?c / ?d)", NULL},
	    {"(?a + ?b) * ?c", NULL},
	    {"?a+1", "?a + 1"},
	    {"?a -1*?b/2+?c", "?a - 1 * ?b / 2 + ?c"},
	    {"?a * -1", NULL},
	    {"- 1", NULL},
	    {"- -1", NULL},
	    {"-?a + +?b", NULL},
	    {"-(?a * ?b)", NULL},
	    {"?a IN (1, ?b + 2)", NULL},
	    {"?a not in ()", "?a NOT IN ()"},
	    {"!bound(?a)", "!BOUND(?a)"},
	    {"IF(?a, COALESCE(), CONCAT(?a, ?b, 'c'))", "IF(?a, COALESCE(), CONCAT(?a, ?b, \"c\"))"},
	    {"regex(?a, \"b\", 'i') || SUBSTR(?a, 1) || isuri(<x>) || sametERM(?a, ?b)",
	     "REGEX(?a, \"b\", \"i\") || SUBSTR(?a, 1) || isURI(<x>) || sameTerm(?a, ?b)"},
	    {"<f>() + <f>(DISTINCT 1, 2)", NULL},
	    {"BNODE() = BNODE(?a)", NULL},
	    {"NOT EXISTS { ?s ?p ?o . FILTER (EXISTS { }) }", NULL},
	    {"true = FALSE", "true = false"},
	};
	for (size_t i = 0; i < sizeof examples / sizeof *examples; ++i) {
		check_expr(examples[i].text, examples[i].expected);
	}
	check_print(
	    false,
	    "SELECT (COUNT(distinct *) AS ?a) (group_concat(DISTINCT ?x ; separator = '\\n') AS ?b) (sum(?x)/2 AS ?c) {}",
	    "SELECT (COUNT(DISTINCT *) AS ?a) (GROUP_CONCAT(DISTINCT ?x; SEPARATOR = \"\\n\") AS ?b) "
	    "(SUM(?x) / 2 AS ?c) WHERE { }");
}

static void test_print_expr(void **state)
{
	(void)state;
	const tt_ast *const ast = parse(PREFIXES "ASK { FILTER (EXISTS { ?s :p 1 } || ?x = ex:y) }", false);
	tt_buffer out;
	tt_buffer_init(&out, &ctx);
	assert_int_equal(tt_ast_print_expr(ast->query->where->elements->expr, ast->prefixes, &out), TT_OK);
	assert_int_equal(tt_buffer_terminate(&out), TT_OK);
	assert_string_equal(out.data, "EXISTS { ?s :p 1 . } || ?x = ex:y");
	tt_buffer_clear(&out);
}

static void test_updates(void **state)
{
	(void)state;
	static const example examples[] = {
	    {"", ""},
	    {"BASE <http://b/>", "BASE <http://b/>"},
	    {"INSERT DATA { <a> <b> _:c GRAPH <g> { _:c <d> 1, 2 } . <e> <f> 3 } ;",
	     "INSERT DATA { <a> <b> _:c . GRAPH <g> { _:c <d> 1 . _:c <d> 2 . } <e> <f> 3 . }"},
	    {"delete data { }", "DELETE DATA { }"},
	    {"DELETE WHERE { GRAPH ?g { ?s a ?o } }", "DELETE WHERE { GRAPH ?g { ?s a ?o . } }"},
	    {"WITH <g> DELETE { ?s ?p ?o } INSERT { ?s ?p [] } USING <h> USING NAMED <i> WHERE { ?s ?p ?o }",
	     "WITH <g> DELETE { ?s ?p ?o . } INSERT { ?s ?p _:1 . } USING <h> USING NAMED <i> WHERE { ?s ?p ?o . }"},
	    {"INSERT { } WHERE { }", "INSERT { } WHERE { }"},
	    {"LOAD SILENT <a> INTO GRAPH <b>; LOAD <c>", "LOAD SILENT <a> INTO GRAPH <b> ; LOAD <c>"},
	    {"CLEAR ALL; DROP SILENT NAMED; CLEAR DEFAULT; DROP GRAPH <g>; CREATE GRAPH <h>",
	     "CLEAR ALL ; DROP SILENT NAMED ; CLEAR DEFAULT ; DROP GRAPH <g> ; CREATE GRAPH <h>"},
	    {"ADD <a> TO DEFAULT; MOVE SILENT DEFAULT TO GRAPH <b>; COPY GRAPH <c> TO <d>",
	     "ADD GRAPH <a> TO DEFAULT ; MOVE SILENT DEFAULT TO GRAPH <b> ; COPY GRAPH <c> TO GRAPH <d>"},
	    {"BASE <http://b/> CLEAR GRAPH <x>; BASE <http://c/> PREFIX p: <y/> CLEAR GRAPH p:z;",
	     "CLEAR GRAPH <http://b/x> ; CLEAR GRAPH <http://c/y/z> ; BASE <http://c/>"},
	    /* Templates may share labels, INSERT DATA may not (§19.6). */
	    {"INSERT { _:a <p> 1 } WHERE { _:a ?p 1 } ; INSERT { _:a <p> 1 } WHERE { }",
	     "INSERT { _:a <p> 1 . } WHERE { _:a ?p 1 . } ; INSERT { _:a <p> 1 . } WHERE { }"},
	};
	CHECK_ALL(true, examples);
}

/* ---- terms ------------------------------------------------------------------------------------ */

static const tt_term *parse_object(const char *text)
{
	char query[256];
	(void)snprintf(query, sizeof query, PREFIXES "ASK { ?s ?p %s . }", text);
	const char *const kept = tt_arena_strndup(&arena, query, strlen(query)); /* the tree points into it */
	assert_non_null(kept);
	return &parse(kept, false)->query->where->elements->triples->object.constant;
}

static void test_literals(void **state)
{
	(void)state;
	static const struct {
		const char *text, *lexical;
		tt_vocab datatype;
	} literals[] = {
	    {"01", "01", TT_VOCAB_XSD_INTEGER},
	    {"-5", "-5", TT_VOCAB_XSD_INTEGER},
	    {"+1.50", "+1.50", TT_VOCAB_XSD_DECIMAL},
	    {".5", ".5", TT_VOCAB_XSD_DECIMAL},
	    {"1.e5", "1.e5", TT_VOCAB_XSD_DOUBLE},
	    {"-.5E-3", "-.5E-3", TT_VOCAB_XSD_DOUBLE},
	    {"2e0", "2e0", TT_VOCAB_XSD_DOUBLE},
	    {"1.", "1", TT_VOCAB_XSD_INTEGER}, /* the full stop ends the triple */
	    {"TRUE", "true", TT_VOCAB_XSD_BOOLEAN},
	    {"'a\"b'", "a\"b", TT_VOCAB_XSD_STRING},
	    {"\"\"", "", TT_VOCAB_XSD_STRING},
	    {"'''a'b''\n'''", "a'b''\n", TT_VOCAB_XSD_STRING},
	    {"\"\"\"\\\"\"\"\"", "\"", TT_VOCAB_XSD_STRING},
	    {"'\\t\\b\\n\\r\\f\\\\\\\"\\''", "\t\b\n\r\f\\\"'", TT_VOCAB_XSD_STRING},
	    {"'\\u00e9\\U0001F46A'", "\xC3\xA9\xF0\x9F\x91\xAA", TT_VOCAB_XSD_STRING},
	    {"'\\\\u0041'", "\\u0041", TT_VOCAB_XSD_STRING},
	    {"'5'^^<http://www.w3.org/2001/XMLSchema#integer>", "5", TT_VOCAB_XSD_INTEGER},
	};
	for (size_t i = 0; i < sizeof literals / sizeof *literals; ++i) {
		char text[128];
		const bool has_stop = strcmp(literals[i].text, "1.") == 0;
		(void)snprintf(text, sizeof text, has_stop ? "%s ?x ?y ?z" : "%s", literals[i].text);
		const tt_term *const term = parse_object(text);
		assert_int_equal(term->kind, TT_TERM_LITERAL);
		assert_true(tt_view_equal(term->text, tt_view_of(literals[i].lexical)));
		assert_true(tt_view_equal(term->datatype, tt_vocab_iri(literals[i].datatype)));
		assert_int_equal(term->language.size, 0);
	}
	const tt_term *const tagged = parse_object("'x'@en-GB");
	assert_true(tt_view_equal(tagged->language, TT_VIEW("en-GB")));
	assert_true(tt_view_equal(tagged->datatype, tt_vocab_iri(TT_VOCAB_RDF_LANG_STRING)));
}

static void test_iris(void **state)
{
	(void)state;
	static const example iris[] = {
	    {"<http://x/\\u00E9>", "http://x/\xC3\xA9"},
	    {":", "http://e/"},
	    {"ex:a.b:c-d", "http://ex/a.b:c-d"},
	    {"ex:1%2F\\(\\~\\.", "http://ex/1%2F(~."},
	    {"ex:a.", "http://ex/a"}, /* the full stop ends the triple */
	    {":\\u0061", "http://e/a"},
	};
	for (size_t i = 0; i < sizeof iris / sizeof *iris; ++i) {
		char text[128];
		(void)snprintf(text, sizeof text, strcmp(iris[i].text, "ex:a.") == 0 ? "%s ?x ?y ?z" : "%s", iris[i].text);
		const tt_term *const term = parse_object(text);
		assert_int_equal(term->kind, TT_TERM_IRI);
		assert_true(tt_view_equal(term->text, tt_view_of(iris[i].expected)));
	}
	/* Escapes may stand anywhere (§19.2). */
	check_print(false, "\\u0053elect * \\U0000007B ?\\u0078 <p> \\u0031 }", "SELECT * WHERE { ?x <p> 1 . }");
	check_print(false, "ASK { ?s ?p ?o # \\u000a } \\uZZ\n}", "ASK WHERE { ?s ?p ?o . }");
	/* The longest match (§19.8): words may touch, and a number may touch a word. */
	check_print(false, "ASK{?s a1FILTERNOTEXISTS{?s aFalse}}LIMIT10OFFSET5",
	            "ASK WHERE { ?s a 1 . FILTER (NOT EXISTS { ?s a false . }) } LIMIT 10 OFFSET 5");
}

static void test_base_and_prefixes(void **state)
{
	(void)state;
	tt_prefixes known;
	tt_prefixes_init(&known, &ctx);
	assert_int_equal(tt_prefixes_set(&known, TT_VIEW("k"), TT_VIEW("http://known/")), TT_OK);
	assert_int_equal(tt_prefixes_set(&known, TT_VIEW("own"), TT_VIEW("http://other/")), TT_OK);
	assert_int_equal(tt_prefixes_set(&known, TT_VIEW("bad"), TT_VIEW("a b")), TT_OK);
	const tt_parse_options options = {.source_name = "file", .base = TT_VIEW("http://b/x/y"), .prefixes = &known};
	tt_ast *ast = NULL;
	assert_int_equal(tt_parse_query(&arena, TT_VIEW("PREFIX own: <own#> ASK { k:a own:b <c> }"), &options, &ast),
	                 TT_OK);
	const tt_ast_triple *const triple = ast->query->where->elements->triples;
	assert_true(tt_view_equal(triple->subject.constant.text, TT_VIEW("http://known/a")));
	assert_true(tt_view_equal(triple->predicate.constant.text, TT_VIEW("http://b/x/own#b")));
	assert_true(tt_view_equal(triple->object.constant.text, TT_VIEW("http://b/x/c")));
	assert_true(tt_view_equal(ast->base, TT_VIEW("http://b/x/y")));
	assert_int_equal(ast->prefixes->n_items, 1);
	assert_true(tt_view_equal(*tt_prefixes_find(ast->prefixes, TT_VIEW("own")), TT_VIEW("http://b/x/own#")));

	assert_int_equal(tt_parse_query(&arena, TT_VIEW("BASE <../z/> ASK { <c> a <#d> }"), &options, &ast), TT_OK);
	assert_true(tt_view_equal(ast->base, TT_VIEW("http://b/z/")));
	assert_true(tt_view_equal(ast->query->where->elements->triples->object.constant.text, TT_VIEW("http://b/z/#d")));
	assert_int_equal(ast->prefixes->n_items, 0);

	assert_int_equal(tt_parse_query(&arena, TT_VIEW("ASK { bad:a a 1 }"), &options, &ast), TT_SYNTAX);
	assert_string_equal(ctx.error.file, "file");
	assert_string_equal(ctx.error.text, "the prefix \"bad:\" does not stand for a well-formed IRI");
	tt_prefixes_clear(&known);
}

/* ---- the tree --------------------------------------------------------------------------------- */

static void test_tree(void **state)
{
	(void)state;
	const tt_ast *const ast = parse(
	    "SELECT ?x (COUNT(?y) AS ?n)\nWHERE {\n\t?x <p> ?y .\n  FILTER (?x || ?y || ?x + 1)\n}\n"
	    "GROUP BY ?x LIMIT 18446744073709551615",
	    false);
	const tt_ast_query *const query = ast->query;
	assert_false(ast->is_update);
	assert_true(query->is_grouped);
	assert_true(query->has_limit && query->limit == UINT64_MAX && !query->has_offset);
	const tt_ast_element *const triples = query->where->elements;
	assert_int_equal(triples->place.line, 3);
	assert_int_equal(triples->place.column, 2);
	const tt_ast_expr *const filter = triples->next->expr;
	assert_int_equal(filter->kind, TT_EXPR_OR);
	assert_int_equal(filter->n_arguments, 3);
	assert_int_equal(filter->n_levels, 3);
	assert_int_equal(filter->place.line, 4);
	assert_int_equal(filter->place.column, 11);
	assert_int_equal(filter->arguments[2]->place.column, 23);
	assert_false(parse("SELECT ?x { }", false)->query->is_grouped);
	assert_true(parse("SELECT (SUM(?x) AS ?s) { }", false)->query->is_grouped);
	/* An aggregate of a sub-SELECT is not one of the query. */
	assert_false(parse("SELECT ?s { { SELECT (SUM(?x) AS ?s) { } } }", false)->query->is_grouped);
	/* CONSTRUCT WHERE: the template is the pattern. */
	const tt_ast_query *const construct = parse("CONSTRUCT WHERE { ?s ?p ?o }", false)->query;
	assert_true(construct->is_construct_where && construct->where->elements->triples == construct->construct);
}

static unsigned path_height(const tt_path *path)
{
	const unsigned first = path->first ? path_height(path->first) : 0;
	const unsigned second = path->second ? path_height(path->second) : 0;
	return 1 + (first > second ? first : second);
}

/* ---- errors ----------------------------------------------------------------------------------- */

typedef struct mistake {
	const char *text;
	size_t line, column;
	const char *message;
} mistake;

static void check_mistakes(bool is_update, const mistake *mistakes, size_t n)
{
	for (size_t i = 0; i < n; ++i) {
		tt_ast *ast = NULL;
		if (parse_view(tt_view_of(mistakes[i].text), is_update, NULL, &ast) != TT_SYNTAX) {
			fail_msg("%s: taken", mistakes[i].text);
		}
		assert_string_equal(ctx.error.text, mistakes[i].message);
		assert_int_equal(ctx.error.line, mistakes[i].line);
		assert_int_equal(ctx.error.column, mistakes[i].column);
		assert_string_equal(ctx.error.file, "query");
		assert_non_null(strchr(ctx.error.caret, '^'));
	}
}
#define CHECK_MISTAKES(is_update, mistakes) \
	check_mistakes((is_update), (mistakes), sizeof(mistakes) / sizeof *(mistakes))

static void test_syntax_errors(void **state)
{
	(void)state;
	static const mistake mistakes[] = {
	    {"", 1, 1, "expected PREFIX, BASE, SELECT, CONSTRUCT, DESCRIBE or ASK, found the end of the text"},
	    {"SELEC * {}", 1, 1,
	     "expected PREFIX, BASE, SELECT, CONSTRUCT, DESCRIBE or ASK, found \"SELEC\"; did you mean SELECT?"},
	    {"ASK {\n ?s ?p ?o . \xC3\xA9 }", 2, 13,
	     "expected a triple pattern or \"}\", found \"\xC3\xA9\"; a variable is written ?\xC3\xA9, a text "
	     "\"\xC3\xA9\", a name with its prefix"},
	    {"ASK { ?s ?p ?o ?x }", 1, 16,
	     "expected \",\", \";\", \".\" or \"}\", found \"?x\"; is a \".\" missing before it?"},
	    {"ASK { ?s ?p 1. . }", 1, 16, "expected a triple pattern or \"}\", found \".\""},
	    {"ASK { ?s ?p }", 1, 13,
	     "expected an object, found \"}\"; a triple pattern has three parts: subject, predicate, object"},
	    {"ASK { ?s 'p' ?o }", 1, 10,
	     "expected a predicate, found \"'p'\"; a predicate is an IRI, a variable or a path"},
	    {"ASK { ?s ?p (1 }", 1, 16, "expected a list member or \")\", found \"}\""},
	    {"ASK { ?s A <t> }", 1, 10,
	     "expected a predicate, found \"A\"; a variable is written ?A, a text \"A\", a name with its prefix"},
	    {"ASK { } x", 1, 9, "expected GROUP, HAVING, ORDER, LIMIT, OFFSET, VALUES or the end of the text, found \"x\""},
	    {"ASK { FILTER (!!?x) }", 1, 16, "expected an expression, found \"!\""},
	    {"ASK { FILTER (?x ?y) }", 1, 18, "expected an operator or \")\", found \"?y\""},
	    {"ASK { FILTER <f> }", 1, 18, "expected \"(\", found \"}\""},
	    {"SELECT COUNT(*) { }", 1, 8,
	     "expected DISTINCT, REDUCED, \"*\", (expression AS ?name) or a variable, found \"COUNT\"; write (COUNT(*) AS "
	     "?name)"},
	    {"ASK { ?s foaf:x 1 }", 1, 10, "unknown prefix \"foaf:\"; begin with: PREFIX foaf: <\xE2\x80\xA6>"},
	    {"PREFIX a:b <c> ASK {}", 1, 8,
	     "expected a prefix such as \"foaf:\", found \"a:b\"; nothing may stand behind the colon of a prefix"},
	    {"BASE <b> ASK {}", 1, 6, "the base <b> is relative; it must begin with a scheme such as http:"},
	    {"ASK { FILTER (STRLEN()) }", 1, 15, "STRLEN takes 1 argument, found 0: write STRLEN(text)"},
	    {"ASK { FILTER (REPLACE(1,2)) }", 1, 15,
	     "REPLACE takes 3 to 4 arguments, found 2: write REPLACE(text, pattern, replacement[, flags])"},
	    {"ASK { FILTER (BOUND(1)) }", 1, 21, "expected a variable, found \"1\""},
	    {"ASK { } LIMIT -1", 1, 15, "expected an integer without a sign, found \"-1\""},
	    {"ASK { } LIMIT 18446744073709551616", 1, 15, "this number is too large"},
	    {"ASK { VALUES (?a ?b) { (1) } }", 1, 24, "this row has 1 value, but VALUES has 2 variables"},
	    {"ASK { VALUES (?a ?a) { } }", 1, 18, "?a stands twice in VALUES"},
	    {"CONSTRUCT WHERE { ?s <p>* ?o }", 1, 25, "expected an object, found \"*\""},
	};
	CHECK_MISTAKES(false, mistakes);
}

static void test_lexical_errors(void **state)
{
	(void)state;
	static const mistake mistakes[] = {
	    {"ASK { ?s ?p 'a\n' }", 1, 13, "the string that begins here is not closed in its line; quote it with '''"},
	    {"ASK { ?s ?p \"\"\"a\n", 1, 13, "the string that begins here is not closed"},
	    {"ASK { ?s ?p 'a\\", 1, 13, "the string that begins here is not closed"},
	    {"ASK { ?s ?p '\\x' }", 1, 14, "\\x is no escape of a string; write \\\\ for a backslash"},
	    {"ASK { ?s ?p '\n", 1, 13, "the string that begins here is not closed in its line; quote it with '''"},
	    {"ASK { ?s ?p '\\u00g0' }", 1, 14, "\\u must be followed by 4 hexadecimal digits"},
	    {"ASK { ?s ?p '\\uD800' }", 1, 14, "\\uD800 is no character that may stand in a text"},
	    {"ASK { ?s ?p '\\u0000' }", 1, 14, "\\u0000 is no character that may stand in a text"},
	    {"ASK { ?s ?p '\\u000A' }", 1, 14, "\\u000A cannot stand for this character in a string; write \\n"},
	    {"ASK { ?s ?p '\\u005C' }", 1, 14, "\\u005C cannot stand for this character in a string; write \\\\"},
	    {"ASK { ?s <a b> 1 }", 1, 12, "an IRI cannot hold white space; close it with \">\" or write %20"},
	    {"ASK { ?s <a\\u0020b> 1 }", 1, 12, "an IRI cannot hold \\u0020"},
	    {"ASK { ?s <a\n", 1, 10, "the IRI that begins here is not closed with \">\""},
	    {"ASK { ?s\\u0020?p ?o }", 1, 9, "the character \\u0020 cannot stand here"},
	    {"ASK { ?s ?p \\u005cu0031 }", 1, 13, "the character \\u005c cannot stand here"},
	    {"ASK { ?s ?p \\u003 }", 1, 13, "\\u must be followed by 4 hexadecimal digits"},
	    {"ASK { ?s ?p 'a'@ }", 1, 16, "\"@\" must be followed by a language tag such as en"},
	    {"ASK { _ ?p 1 }", 1, 7, "a blank node is written _:name"},
	    {"ASK { $ ?p 1 }", 1, 7, "\"$\" must be followed by the name of a variable"},
	    {"ASK { \x01 }", 1, 7, "the control character U+0001 cannot stand here"},
	    {"ASK { ?s ?p '\xFF' }", 1, 14, "the text is not UTF-8: byte 0xFF"},
	};
	CHECK_MISTAKES(false, mistakes);
	tt_ast *ast = NULL;
	assert_int_equal(tt_parse_query(&arena, TT_VIEW("ASK\n{ \0 }"), NULL, &ast), TT_SYNTAX);
	assert_string_equal(ctx.error.text, "the text holds a NUL byte");
	assert_int_equal(ctx.error.line, 2);
	assert_int_equal(ctx.error.column, 3);
}

static void test_rules(void **state)
{
	(void)state;
	static const mistake mistakes[] = {
	    {"ASK { ?s ?p ?o BIND (1 AS ?o) }", 1, 27,
	     "BIND cannot give ?o a value: it is already in scope; use another name"},
	    {"ASK { { ?s ?p ?o } BIND (1 AS ?o) }", 1, 31,
	     "BIND cannot give ?o a value: it is already in scope; use another name"},
	    {"SELECT (1 AS ?x) { ?x ?p ?o }", 1, 14, "AS cannot give ?x a value: it has one already; use another name"},
	    {"SELECT ?x (1 AS ?x) { }", 1, 17, "AS cannot give ?x a value: it has one already; use another name"},
	    {"SELECT (1 AS ?x) { } VALUES ?x { 1 }", 1, 14,
	     "AS cannot give ?x a value: it has one already; use another name"},
	    {"SELECT ?s { ?s ?p ?o } GROUP BY (1 AS ?o)", 1, 39,
	     "AS cannot give ?o a value: it has one already; use another name"},
	    {"SELECT ?o { ?s ?p ?o } GROUP BY ?s", 1, 8,
	     "?o has no single value in a group; add it to GROUP BY or aggregate it"},
	    {"SELECT (COUNT(*) AS ?n) (?o + 1 AS ?m) { ?s ?p ?o }", 1, 26,
	     "?o has no single value in a group; add it to GROUP BY or aggregate it"},
	    {"SELECT * { } GROUP BY ?x", 1, 1, "SELECT * cannot stand with GROUP BY or aggregates; name the variables"},
	    {"SELECT (SUM(MIN(?x)) AS ?y) { }", 1, 13, "MIN cannot stand inside another aggregate"},
	    {"ASK { FILTER (COUNT(*) > 1) }", 1, 15,
	     "COUNT cannot stand here; aggregates belong in SELECT, HAVING or ORDER BY"},
	    {"SELECT ?x { } GROUP BY (SUM(?x) AS ?x)", 1, 25,
	     "SUM cannot stand here; aggregates belong in SELECT, HAVING or ORDER BY"},
	    {"SELECT (EXISTS { FILTER (SUM(?x)) } AS ?y) { }", 1, 26,
	     "SUM cannot stand here; aggregates belong in SELECT, HAVING or ORDER BY"},
	    {"ASK { _:a ?p 1 OPTIONAL { _:a ?p 2 } }", 1, 27,
	     "the blank node _:a already stands in another graph pattern; use a variable"},
	    {"ASK { _:a ?p 1 BIND (1 AS ?x) _:a ?p 2 }", 1, 31,
	     "the blank node _:a already stands in another graph pattern; use a variable"},
	};
	CHECK_MISTAKES(false, mistakes);
	static const char *const allowed[] = {
	    "ASK { ?s ?p ?o MINUS { ?x ?y ?z } BIND (1 AS ?x) }",
	    "ASK { ?s ?p ?o FILTER EXISTS { ?x ?y ?z } BIND (1 AS ?x) }",
	    "ASK { ?s ?p ?o { BIND (1 AS ?o) } }",
	    "ASK { { SELECT ?a { ?a ?b ?c } } BIND (1 AS ?b) }",
	    "SELECT (1 AS ?b) { { SELECT ?a { ?a ?b ?c } } }",
	    "SELECT (1 AS ?a) ?a (?a + 1 AS ?b) { }",
	    "SELECT ?k (?k + 1 AS ?m) (SUM(?o) + ?m AS ?n) { ?s ?p ?o } GROUP BY (STR(?s) AS ?k)",
	    "SELECT ?s { ?s ?p ?o } GROUP BY (?s)",
	    "CONSTRUCT { _:a <p> 1 } WHERE { _:a <p> 1 }",
	};
	for (size_t i = 0; i < sizeof allowed / sizeof *allowed; ++i) {
		(void)parse(allowed[i], false);
	}
}

static void test_update_errors(void **state)
{
	(void)state;
	static const mistake mistakes[] = {
	    {"INSERT DATA { ?s <p> 1 }", 1, 15, "INSERT DATA cannot hold variables"},
	    {"DELETE DATA { GRAPH ?g { } }", 1, 21, "DELETE DATA cannot hold variables"},
	    {"DELETE DATA { <s> <p> _:a }", 1, 23, "DELETE DATA cannot hold blank nodes; write a variable or an IRI"},
	    {"DELETE WHERE { ?s <p> [] }", 1, 23, "DELETE WHERE cannot hold blank nodes; write a variable or an IRI"},
	    {"DELETE { ?s <p> (1) } WHERE { }", 1, 18,
	     "a DELETE template cannot hold blank nodes; write a variable or an IRI"},
	    {"INSERT DATA { _:a <p> 1 } ; INSERT DATA { _:a <p> 1 }", 1, 43,
	     "the blank node _:a already stands in another INSERT DATA"},
	    {"INSERT { } WHERE { _:a ?p 1 } ; INSERT { } WHERE { _:a ?p 1 }", 1, 52,
	     "the blank node _:a already stands in another graph pattern; use a variable"},
	    {"CLEAR ALL CLEAR ALL", 1, 11, "expected \";\" or the end of the text, found \"CLEAR\""},
	    {"INSERT DATA { GRAPH <g> { GRAPH <h> { } } }", 1, 27, "expected a triple or \"}\", found \"GRAPH\""},
	    {"WITH <g> DELETE WHERE { }", 1, 17, "expected \"{\", found \"WHERE\""},
	    {"CREATE <g>", 1, 8, "expected SILENT or GRAPH, found \"<g>\""},
	};
	CHECK_MISTAKES(true, mistakes);
}

static void check_caret(const char *text, const char *caret)
{
	tt_ast *ast = NULL;
	assert_int_equal(tt_parse_query(&arena, tt_view_of(text), NULL, &ast), TT_SYNTAX);
	assert_string_equal(ctx.error.caret, caret);
}

static void test_caret(void **state)
{
	(void)state;
	check_caret("ASK\n\t{ ;\n}", " { ;\n   ^");
	check_caret("ASK\r\n{ ;\r\n}", "{ ;\n  ^");
	check_caret("ASK {", "ASK {\n     ^");
	check_caret("ASK { '\xC3\xA9' ; }", "ASK { '\xC3\xA9' ; }\n          ^");
	/* 100 characters before the place, 100 behind it: what is left out on either side is marked. */
	char text[300];
	(void)snprintf(text, sizeof text, "ASK { %093d ; %098d }", 1, 2);
	tt_ast *ast = NULL;
	assert_int_equal(tt_parse_query(&arena, tt_view_of(text), NULL, &ast), TT_SYNTAX);
	assert_int_equal(ctx.error.column, 101);
	const char *const line_end = strchr(ctx.error.caret, '\n');
	assert_non_null(line_end);
	assert_int_equal(strlen(line_end + 1), 50); /* an ellipsis, 48 characters, the caret */
	assert_int_equal(tt_utf8_length((tt_view){ctx.error.caret, (size_t)(line_end - ctx.error.caret)}), 74);
	assert_memory_equal(ctx.error.caret, "\xE2\x80\xA6", 3);
	assert_memory_equal(line_end - 3, "\xE2\x80\xA6", 3);
	assert_int_equal(ctx.error.caret[3 + 48], ';');
}

/* The widest line there can be must fit the error record. */
static void test_caret_of_wide_line(void **state)
{
	(void)state;
	tt_buffer text;
	tt_buffer_init(&text, &ctx);
	assert_int_equal(tt_buffer_append(&text, TT_VIEW("ASK { '")), TT_OK);
	for (int i = 0; i < 200; ++i) {
		assert_int_equal(tt_buffer_append(&text, TT_VIEW("\xF0\x9F\x91\xAA")), TT_OK);
		if (i == 100) {
			assert_int_equal(tt_buffer_append(&text, TT_VIEW("\\q")), TT_OK);
		}
	}
	tt_ast *ast = NULL;
	assert_int_equal(tt_parse_query(&arena, tt_buffer_view(&text), NULL, &ast), TT_SYNTAX);
	assert_int_equal(ctx.error.column, 109);
	assert_int_equal(ctx.error.caret[strlen(ctx.error.caret) - 1], '^');
	tt_buffer_clear(&text);
}

/* ---- limits ----------------------------------------------------------------------------------- */

/** `head`, then `part` so many times, then `tail`. */
typedef struct repetition {
	const char *head, *part, *tail;
} repetition;

static tt_status parse_repeated(const repetition *r, size_t n, tt_ast **out)
{
	tt_buffer text;
	tt_buffer_init(&text, &ctx);
	tt_status status = tt_buffer_append(&text, tt_view_of(r->head));
	for (size_t i = 0; i < n && status == TT_OK; ++i) {
		status = tt_buffer_append(&text, tt_view_of(r->part));
	}
	assert_int_equal(status, TT_OK);
	assert_int_equal(tt_buffer_append(&text, tt_view_of(r->tail)), TT_OK);
	const char *const kept = tt_arena_strndup(&arena, text.data, text.size);
	assert_non_null(kept);
	status = tt_parse_query(&arena, (tt_view){kept, text.size}, NULL, out);
	tt_buffer_clear(&text);
	return status;
}

static void test_depth(void **state)
{
	(void)state;
	static const repetition deep[] = {
	    {"ASK ", "{", ""},
	    {"ASK { FILTER ", "(", ""},
	    {"ASK { FILTER ", "STR(", ""},
	    {"ASK { FILTER (", "1 + (", ""},
	    {"ASK { ?s ?p ", "(", ""},
	    {"ASK { ?s ?p ", "[ ?p ", ""},
	    {"ASK { ?s ", "(", ""},
	    {"ASK ", "{ FILTER EXISTS ", ""},
	    {"SELECT * ", "{ SELECT * ", ""},
	};
	for (size_t i = 0; i < sizeof deep / sizeof *deep; ++i) {
		tt_ast *ast = NULL;
		assert_int_equal(parse_repeated(&deep[i], 100000, &ast), TT_LIMIT);
		assert_string_equal(ctx.error.text, "nested more than 128 levels deep");
		assert_int_equal(ctx.error.line, 1);
		assert_true(ctx.error.column > 128);
		assert_int_equal(ctx.n_depth, 0);
	}
}

static void test_long_chains(void **state)
{
	(void)state;
	static const repetition flat[] = {
	    {"ASK { FILTER (?a", " || ?a", ") }"},
	    {"ASK { FILTER (?a", " && ?a", ") }"},
	    {"ASK { FILTER (?a IN (1", ", 1", ")) }"},
	    {"ASK { ?s ?p 1", " . ?s ?p 1", " }"},
	    {"ASK { ?s <p>", "/<p>", " 1 }"},
	    {"ASK { ?s <p>", "|<p>", " 1 }"},
	    {"ASK { {}", " UNION {}", " }"},
	    {"ASK { ?s ?p (1", " 1", ") }"},
	    {"ASK {", " {}", "}"},
	};
	for (size_t i = 0; i < sizeof flat / sizeof *flat; ++i) {
		tt_ast *ast = NULL;
		tt_buffer out;
		assert_int_equal(parse_repeated(&flat[i], 20000, &ast), TT_OK);
		print(ast, NULL, &out);
		assert_true(out.size > 20000);
		tt_buffer_clear(&out);
	}
	tt_ast *ast = NULL;
	assert_int_equal(parse_repeated(&flat[4], 1023, &ast), TT_OK);
	assert_int_equal(path_height(ast->query->where->elements->triples->path), 11);
}

static void test_expression_levels(void **state)
{
	(void)state;
	static const repetition sum = {"ASK { FILTER (?a", " + ?a", ") }"};
	static const repetition product = {"ASK { FILTER (?a", " * ?a", ") }"};
	static const repetition signed_sum = {"ASK { FILTER (?a", " +1", ") }"};
	/* The height of the inner chain counts through EXISTS, group and parentheses. */
	static const repetition inner = {"ASK { FILTER (EXISTS { FILTER ((?a", " + ?a", ") + 1) } + 1) }"};
	tt_ast *ast = NULL;
	assert_int_equal(parse_repeated(&sum, TT_EXPR_LEVELS - 1, &ast), TT_OK);
	assert_int_equal(ast->query->where->elements->expr->n_levels, TT_EXPR_LEVELS);
	assert_int_equal(parse_repeated(&sum, TT_EXPR_LEVELS, &ast), TT_LIMIT);
	assert_int_equal(ctx.error.column, 15);
	assert_int_equal(parse_repeated(&product, 100000, &ast), TT_LIMIT);
	assert_int_equal(parse_repeated(&signed_sum, 100000, &ast), TT_LIMIT);
	assert_int_equal(parse_repeated(&inner, TT_EXPR_LEVELS - 5, &ast), TT_OK);
	assert_int_equal(parse_repeated(&inner, TT_EXPR_LEVELS - 2, &ast), TT_LIMIT);
}

/* A run of names without a colon must not be scanned from each of its middles. */
static void test_linear_time(void **state)
{
	(void)state;
	static const repetition runs[] = {{"ASK { ?s ?p ", "a-a.", " }"},
	                                  {"ASK { FILTER (?x", "<1&&?x", " }"},
	                                  {"ASK { FILTER (1 IN (", "true-1,", "1)) }"}};
	for (size_t i = 0; i < sizeof runs / sizeof *runs; ++i) {
		tt_ast *ast = NULL;
		const int64_t start = tt_now_ns();
		const tt_status status = parse_repeated(&runs[i], 50000, &ast);
		assert_true(status == TT_OK || status == TT_SYNTAX);
		assert_true(tt_now_ns() - start < 5000000000);
	}
}

static void test_cancel(void **state)
{
	(void)state;
	static const repetition long_text = {"ASK { ", "?s ?p 1 . ", "}"};
	const volatile sig_atomic_t is_cancelled = 1;
	tt_ast *ast = NULL;
	ctx.cancel = &is_cancelled;
	assert_int_equal(parse_repeated(&long_text, 1500, &ast), TT_CANCELLED);
}

/* Every allocation fails once; only with --enable-fault-injection. */
static void test_no_memory(void **state)
{
	(void)state;
	static const char text[] = PREFIXES
	    "BASE <http://b/> SELECT ?x (SUM(?y) AS ?z) { ?x :p/ex:q* (1 [] _:a 'a\\n') "
	    "VALUES (?v ?w) { (1 UNDEF) } FILTER (?x IN (1, 2) || EXISTS { }) } GROUP BY ?x";
	for (unsigned long n = 1; tt_mem_fail_nth(n); ++n) {
		tt_ast *ast = NULL;
		tt_buffer out;
		tt_buffer_init(&out, &ctx);
		tt_status status = tt_parse_query(&arena, TT_VIEW(text), NULL, &ast);
		if (status == TT_OK) {
			status = tt_ast_print(ast, ast->prefixes, &out);
		}
		(void)tt_mem_fail_nth(0);
		tt_buffer_clear(&out);
		tt_arena_clear(&arena);
		assert_int_equal(ctx.n_bytes_used, 0);
		if (status == TT_OK) {
			assert_true(n > 10);
			break;
		}
		assert_int_equal(status, TT_NO_MEMORY);
	}
}

/* ---- the shell -------------------------------------------------------------------------------- */

static void test_completeness(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		tt_completeness expected;
	} texts[] = {
	    {"", TT_TEXT_INCOMPLETE},
	    {"# nothing yet", TT_TEXT_INCOMPLETE},
	    {"PREFIX a: <http://a/>", TT_TEXT_INCOMPLETE},
	    {"PREFIX a:", TT_TEXT_INCOMPLETE},
	    {"SELECT", TT_TEXT_INCOMPLETE},
	    {"SELECT * { ?s ?p", TT_TEXT_INCOMPLETE},
	    {"SELECT * { ?s ?p ?o } LIMIT", TT_TEXT_INCOMPLETE},
	    {"SELECT * { ?s ?p \"\"\"a\nb", TT_TEXT_INCOMPLETE},
	    {"SELECT * { ?s ?p 'a", TT_TEXT_INCOMPLETE},
	    {"SELECT * { ?s ?p <a", TT_TEXT_INCOMPLETE},
	    {"INSERT DATA {", TT_TEXT_INCOMPLETE},
	    {"SELECT * { ?s ?p ?o }", TT_TEXT_COMPLETE},
	    {"SELECT * { ?s ?p ?o } # done\n", TT_TEXT_COMPLETE},
	    {"INSERT DATA { <a> <b> <c> } ;", TT_TEXT_COMPLETE},
	    {"CLEAR ALL", TT_TEXT_COMPLETE},
	    {"SELECT * { ?s ?p ?o ) ", TT_TEXT_BROKEN},
	    {"SELECT * { ?s ?p 'a\n", TT_TEXT_BROKEN},
	    {"SELECT * { ?s ?p <a b", TT_TEXT_BROKEN},
	    {"SELECT * { ?s unknown:p 1", TT_TEXT_BROKEN},
	    {"SELECT * { ?s ?p ?o } }", TT_TEXT_BROKEN},
	    {"hello", TT_TEXT_BROKEN},
	};
	(void)tt_fail(&ctx, TT_IO, "an older error");
	for (size_t i = 0; i < sizeof texts / sizeof *texts; ++i) {
		if (tt_parse_completeness(&ctx, tt_view_of(texts[i].text), NULL) != texts[i].expected) {
			fail_msg("%s: not %d", texts[i].text, (int)texts[i].expected);
		}
	}
	assert_string_equal(ctx.error.text, "an older error");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	    TEST(test_query_forms),
	    TEST(test_patterns),
	    TEST(test_paths),
	    TEST(test_expressions),
	    TEST(test_print_expr),
	    TEST(test_updates),
	    TEST(test_literals),
	    TEST(test_iris),
	    TEST(test_base_and_prefixes),
	    TEST(test_tree),
	    TEST(test_syntax_errors),
	    TEST(test_lexical_errors),
	    TEST(test_rules),
	    TEST(test_update_errors),
	    TEST(test_caret),
	    TEST(test_caret_of_wide_line),
	    TEST(test_depth),
	    TEST(test_long_chains),
	    TEST(test_expression_levels),
	    TEST(test_linear_time),
	    TEST(test_cancel),
	    TEST(test_no_memory),
	    TEST(test_completeness),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
