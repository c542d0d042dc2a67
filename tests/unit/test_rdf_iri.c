/* test_rdf_iri.c - resolving references, names and prefixes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "rdf_fixture.h"

#include "rdf/iri.h"
#include "rdf/name.h"
#include "rdf/prefix.h"

static void check_resolve(const char *base, const char *reference, const char *expected)
{
	tt_buffer out;
	tt_buffer_init(&out, &ctx);
	assert_int_equal(tt_buffer_append(&out, TT_VIEW("before/../")), TT_OK); /* must not be touched */
	assert_int_equal(tt_iri_resolve(tt_view_of(base), tt_view_of(reference), &out), TT_OK);
	assert_int_equal(tt_buffer_terminate(&out), TT_OK);
	if (strcmp(out.data + 10, expected) != 0) {
		fail_msg("<%s> against <%s> gives <%s>, not <%s>", reference, base, out.data + 10, expected);
	}
	tt_buffer_clear(&out);
}

/* RFC 3986 §5.4.1 and §5.4.2, all of them. */
static void test_resolve_rfc(void **state)
{
	(void)state;
	static const char *const examples[][2] = {
	    {"g:h", "g:h"},
	    {"g", "http://a/b/c/g"},
	    {"./g", "http://a/b/c/g"},
	    {"g/", "http://a/b/c/g/"},
	    {"/g", "http://a/g"},
	    {"//g", "http://g"},
	    {"?y", "http://a/b/c/d;p?y"},
	    {"g?y", "http://a/b/c/g?y"},
	    {"#s", "http://a/b/c/d;p?q#s"},
	    {"g#s", "http://a/b/c/g#s"},
	    {"g?y#s", "http://a/b/c/g?y#s"},
	    {";x", "http://a/b/c/;x"},
	    {"g;x", "http://a/b/c/g;x"},
	    {"g;x?y#s", "http://a/b/c/g;x?y#s"},
	    {"", "http://a/b/c/d;p?q"},
	    {".", "http://a/b/c/"},
	    {"./", "http://a/b/c/"},
	    {"..", "http://a/b/"},
	    {"../", "http://a/b/"},
	    {"../g", "http://a/b/g"},
	    {"../..", "http://a/"},
	    {"../../", "http://a/"},
	    {"../../g", "http://a/g"},
	    {"../../../g", "http://a/g"},
	    {"../../../../g", "http://a/g"},
	    {"/./g", "http://a/g"},
	    {"/../g", "http://a/g"},
	    {"g.", "http://a/b/c/g."},
	    {".g", "http://a/b/c/.g"},
	    {"g..", "http://a/b/c/g.."},
	    {"..g", "http://a/b/c/..g"},
	    {"./../g", "http://a/b/g"},
	    {"./g/.", "http://a/b/c/g/"},
	    {"g/./h", "http://a/b/c/g/h"},
	    {"g/../h", "http://a/b/c/h"},
	    {"g;x=1/./y", "http://a/b/c/g;x=1/y"},
	    {"g;x=1/../y", "http://a/b/c/y"},
	    {"g?y/./x", "http://a/b/c/g?y/./x"},
	    {"g?y/../x", "http://a/b/c/g?y/../x"},
	    {"g#s/./x", "http://a/b/c/g#s/./x"},
	    {"g#s/../x", "http://a/b/c/g#s/../x"},
	    {"http:g", "http:g"},
	};
	for (size_t i = 0; i < sizeof examples / sizeof *examples; ++i) {
		check_resolve("http://a/b/c/d;p?q", examples[i][0], examples[i][1]);
	}
}

static void test_resolve_more(void **state)
{
	(void)state;
	check_resolve("", "http://a/b/../c", "http://a/b/../c");
	check_resolve("", "c", "c");
	check_resolve("http://a", "b", "http://a/b");
	check_resolve("http://a?q#f", "", "http://a?q");
	check_resolve("http://a/b#f", "#g", "http://a/b#g");
	check_resolve("http://a/b", "?", "http://a/b?");
	check_resolve("http://a/b", "#", "http://a/b#");
	check_resolve("http://a/b", "http://x/y/../z", "http://x/y/../z");
	check_resolve("http://a/b", "HTTP://X/./%7e?q#f", "HTTP://X/./%7e?q#f");
	check_resolve("urn:isbn:1", "2", "urn:2");
	check_resolve("urn:isbn:1", "#x", "urn:isbn:1#x");
	check_resolve("file:///d/e/f", "../g", "file:///d/g");
	check_resolve("http://a/b/c", "//x?y", "http://x?y");
	check_resolve("http://a/é/ü", "ñ", "http://a/é/ñ");
	check_resolve("http://a/b//c/d", "..", "http://a/b//");
	check_resolve("http://a/b/", "x:y", "x:y");
	check_resolve("http://a/b/", "1x:y", "http://a/b/1x:y");
	check_resolve("http://a/b/", ":y", "http://a/b/:y");
}

static void test_iri_kinds(void **state)
{
	(void)state;
	assert_true(tt_iri_is_absolute(TT_VIEW("a+b-c.9:")));
	assert_false(tt_iri_is_absolute(TT_VIEW("9a:b")));
	assert_false(tt_iri_is_absolute(TT_VIEW("a/b:c")));
	assert_false(tt_iri_is_absolute(TT_VIEW("a")));
	assert_false(tt_iri_is_absolute(TT_VIEW("")));
	assert_true(tt_iri_is_valid(TT_VIEW("http://a/b?c#d%20é")));
	for (unsigned c = 0; c < 128; ++c) {
		const char text[] = {'a', (char)c};
		const bool is_bad = c <= 0x20 || strchr("<>\"{}|^`\\", (int)c) != NULL;
		assert_int_equal(tt_iri_is_valid((tt_view){text, 2}), !is_bad);
	}
}

static void test_from_path(void **state)
{
	(void)state;
	tt_buffer out;
	tt_buffer_init(&out, &ctx);
	assert_int_equal(tt_iri_from_path("/a b/../c%d/é\xff?#.ttl", &out), TT_OK);
	assert_true(tt_view_equal(tt_buffer_view(&out), TT_VIEW("file:///c%25d/é%FF%3F%23.ttl")));
	tt_buffer_reset(&out);
	assert_int_equal(tt_iri_from_path("./x.ttl", &out), TT_OK);
	assert_true(tt_view_starts(tt_buffer_view(&out), TT_VIEW("file:///")));
	char directory[4096];
	assert_non_null(getcwd(directory, sizeof directory));
	char expected[4200];
	(void)snprintf(expected, sizeof expected, "file://%s%s", directory, "/x.ttl");
	assert_true(tt_view_equal(tt_buffer_view(&out), tt_view_of(expected)));
	tt_buffer_clear(&out);
}

static void test_names(void **state)
{
	(void)state;
	static const char *const locals[] = {"", "a", "A-1", "1", "_x", "a.b", "a:b", ":", "é", "a·", "日本", "x\u203F"};
	static const char *const not_locals[] = {"-a",   ".a",   "a.", "a/b", "a#b", "a b",
	                                         "a%20", "a\\b", "·a", "a×",  "a~",  "\xff"};
	for (size_t i = 0; i < sizeof locals / sizeof *locals; ++i) {
		assert_true(tt_name_is_local(tt_view_of(locals[i])));
	}
	for (size_t i = 0; i < sizeof not_locals / sizeof *not_locals; ++i) {
		assert_false(tt_name_is_local(tt_view_of(not_locals[i])));
	}
	assert_true(tt_name_is_prefix(TT_VIEW("")));
	assert_true(tt_name_is_prefix(TT_VIEW("a.b-1")));
	assert_false(tt_name_is_prefix(TT_VIEW("_a")));
	assert_false(tt_name_is_prefix(TT_VIEW("1a")));
	assert_false(tt_name_is_prefix(TT_VIEW("a.")));
	assert_false(tt_name_is_prefix(TT_VIEW("a:")));
	assert_true(tt_name_is_blank_label(TT_VIEW("0.a_-x")));
	assert_false(tt_name_is_blank_label(TT_VIEW("")));
	assert_false(tt_name_is_blank_label(TT_VIEW("a:b")));
	assert_false(tt_name_is_blank_label(TT_VIEW("-a")));
	assert_true(tt_name_is_language(TT_VIEW("de-1996-x-9")));
	assert_false(tt_name_is_language(TT_VIEW("de-")));
	assert_false(tt_name_is_language(TT_VIEW("")));
	assert_false(tt_name_is_language(TT_VIEW("-de")));
	assert_false(tt_name_is_language(TT_VIEW("d9")));
	assert_false(tt_name_is_language(TT_VIEW("de_AT")));
}

static void check_short(const tt_prefixes *prefixes, const char *iri, const char *name, const char *local)
{
	const tt_prefix *prefix = NULL;
	tt_view rest = {NULL, 0};
	const bool is_short = tt_prefixes_shorten(prefixes, tt_view_of(iri), &prefix, &rest);
	assert_int_equal(is_short, name != NULL);
	if (name) {
		assert_true(tt_view_equal(prefix->name, tt_view_of(name)));
		assert_true(tt_view_equal(rest, tt_view_of(local)));
	}
}

static void set_prefix(tt_prefixes *prefixes, const char *name, const char *iri)
{
	assert_int_equal(tt_prefixes_set(prefixes, tt_view_of(name), tt_view_of(iri)), TT_OK);
}

static void test_prefixes(void **state)
{
	(void)state;
	tt_prefixes prefixes;
	tt_prefixes_init(&prefixes, &ctx);
	check_short(&prefixes, "http://e/a", NULL, NULL);
	set_prefix(&prefixes, "", "http://e/");
	set_prefix(&prefixes, "go", "http://e/obo/GO_");
	set_prefix(&prefixes, "obo", "http://e/obo/");
	set_prefix(&prefixes, "same", "http://e/obo/");
	set_prefix(&prefixes, "1bad", "http://e/bad/");
	set_prefix(&prefixes, "none", "");
	check_short(&prefixes, "http://e/a", "", "a");
	check_short(&prefixes, "http://e/", "", "");
	check_short(&prefixes, "http://e/obo/GO_12", "go", "12");
	check_short(&prefixes, "http://e/obo/GO_-12", "obo", "GO_-12");
	check_short(&prefixes, "http://e/obo/GO", "obo", "GO");
	check_short(&prefixes, "http://e/obo/a/b", NULL, NULL);
	check_short(&prefixes, "http://e/bad/x", NULL, NULL);
	check_short(&prefixes, "http://e/x.", NULL, NULL);
	check_short(&prefixes, "x", NULL, NULL);
	tt_prefixes_clear(&prefixes);
}

static void test_prefixes_replace(void **state)
{
	(void)state;
	tt_prefixes prefixes;
	tt_prefixes_init(&prefixes, &ctx);
	set_prefix(&prefixes, "a", "http://one/");
	set_prefix(&prefixes, "b", "http://two/");
	set_prefix(&prefixes, "schema", "http://schema.org/");
	set_prefix(&prefixes, "a", "http://three/");
	assert_int_equal(prefixes.n_items, 3);
	check_short(&prefixes, "http://one/x", NULL, NULL);
	check_short(&prefixes, "http://three/x", "a", "x");
	assert_int_equal(tt_prefixes_add_usual(&prefixes), TT_OK);
	assert_true(tt_view_equal(*tt_prefixes_find(&prefixes, TT_VIEW("schema")), TT_VIEW("http://schema.org/")));
	assert_true(tt_view_equal(*tt_prefixes_find(&prefixes, TT_VIEW("a")), TT_VIEW("http://three/")));
	assert_null(tt_prefixes_find(&prefixes, TT_VIEW("nobody")));
	check_short(&prefixes, "https://w3id.org/tertium/cib#Body", "cib", "Body");
	check_short(&prefixes, "https://w3id.org/tertium/study/RATS", "study", "RATS");
	check_short(&prefixes, "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "rdf", "type");
	tt_prefixes_clear(&prefixes);
}

/* A hostile file may declare very many. */
static void test_many_prefixes(void **state)
{
	(void)state;
	tt_prefixes prefixes;
	tt_prefixes_init(&prefixes, &ctx);
	for (int i = 0; i < 20000; ++i) {
		char name[16];
		char iri[40];
		(void)snprintf(name, sizeof name, "p%d", i);
		(void)snprintf(iri, sizeof iri, "http://e/%d#", i);
		set_prefix(&prefixes, name, iri);
	}
	check_short(&prefixes, "http://e/777#x", "p777", "x");
	tt_prefixes_clear(&prefixes);
}

static void test_failing_memory(void **state)
{
	(void)state;
	if (!tt_mem_fail_nth(0)) {
		skip();
	}
	for (unsigned long n = 1; n < 200; ++n) {
		tt_prefixes prefixes;
		tt_prefixes_init(&prefixes, &ctx);
		(void)tt_mem_fail_nth(n);
		const tt_status status = tt_prefixes_add_usual(&prefixes);
		(void)tt_mem_fail_nth(0);
		tt_prefixes_clear(&prefixes);
		if (status == TT_OK) {
			assert_true(n > 5);
			return;
		}
		assert_int_equal(status, TT_NO_MEMORY);
	}
	fail_msg("never succeeded");
}

int main(void)
{
	tt_ctx_init(&ctx);
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_resolve_rfc),
	    cmocka_unit_test(test_resolve_more),
	    cmocka_unit_test(test_iri_kinds),
	    cmocka_unit_test(test_from_path),
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_prefixes),
	    cmocka_unit_test(test_prefixes_replace),
	    cmocka_unit_test(test_many_prefixes),
	    cmocka_unit_test(test_failing_memory),
	};
	return cmocka_run_group_tests(tests, NULL, check_no_leak);
}
