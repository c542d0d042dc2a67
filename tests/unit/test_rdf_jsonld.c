/* test_rdf_jsonld.c - JSON-LD: keys, prefixes that a reader would take for others, what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "rdf_fixture.h"

#include "rdf/read.h"
#include "rdf/write.h"

/* Write statements of <http://e/s>, each a predicate and an object, with prefixes of all kinds.
 * The text in @p output ends with a NUL. */
static tt_status write_jsonld(const tt_term *pairs, size_t n_pairs, const tt_term *graph, tt_output *output)
{
	static const char *const names[][2] = {
	    {"e", "http://e/"}, {"urn", "urn:"}, {"http", "http://h/"}, {"", "http://empty/"}, {"no-mark", "http://m/a"}};
	tt_prefixes prefixes;
	tt_prefixes_init(&prefixes, &ctx);
	tt_status status = TT_OK;
	for (size_t i = 0; i < sizeof names / sizeof *names && status == TT_OK; ++i) {
		status = tt_prefixes_set(&prefixes, tt_view_of(names[i][0]), tt_view_of(names[i][1]));
	}
	tt_writer *writer = NULL;
	const tt_term subject = tt_term_iri(TT_VIEW("http://e/s"));
	tt_ctx_clear_error(&ctx);
	status = status ? status : tt_writer_new(output, TT_RDF_JSONLD, &prefixes, &writer);
	for (size_t i = 0; i < n_pairs && status == TT_OK; ++i) {
		status = tt_writer_statement(writer, &subject, &pairs[2 * i], &pairs[2 * i + 1], graph);
	}
	status = status ? status : tt_writer_finish(writer);
	tt_writer_free(writer);
	tt_prefixes_clear(&prefixes);
	return status ? status : tt_buffer_terminate(&output->buffer);
}

#define JSONLD_HEAD                                                                                                    \
	"{\n  \"@context\": {\n    \"e\": \"http://e/\",\n    \"http\": \"http://h/\",\n    \"ns\": \"http://empty/\"\n  " \
	"},\n  \"@graph\": ["
#define JSONLD_TAIL "\n  ]\n}\n"
#define NODE        "\n    {\n      \"@id\": \"e:s\",\n      "
#define APART       "\n    {\n      \"@context\": null,\n      \"@id\": \"http://e/s\",\n      "

static void check_jsonld(const tt_term *pairs, size_t n_pairs, const tt_term *graph, const char *expected)
{
	tt_output output;
	tt_output_init(&output, &ctx, -1);
	assert_int_equal(write_jsonld(pairs, n_pairs, graph, &output), TT_OK);
	assert_string_equal(output.buffer.data, expected);
	tt_output_clear(&output);
}

static void test_jsonld_keys(void **state)
{
	(void)state;
	const tt_term p = tt_term_iri(TT_VIEW("http://e/p"));
	const tt_term q = tt_term_iri(TT_VIEW("http://e/q"));
	const tt_term type = tt_term_iri(tt_vocab_iri(TT_VOCAB_RDF_TYPE));
	const tt_term text = tt_term_string(TT_VIEW("a\"\\\x01\n\xC3\xA9\xFF"));
	const tt_term tagged = tt_term_lang(TT_VIEW(""), TT_VIEW("en-GB"));
	const tt_term odd = tt_term_lang(TT_VIEW("x"), TT_VIEW("e n"));
	check_jsonld(NULL, 0, NULL, JSONLD_HEAD "]\n}\n");
	/* A predicate that comes back begins another object. */
	const tt_term again[] = {p, text, q, tagged, p, odd};
	check_jsonld(again, 3, NULL,
	             JSONLD_HEAD NODE "\"e:p\": \"a\\\"\\\\\\u0001\\n\xC3\xA9\\uFFFD\",\n      "
	                              "\"e:q\": {\"@value\": \"\", \"@language\": \"en-GB\"}\n    }," NODE
	                              "\"e:p\": {\"@value\": \"x\", \"@language\": \"x-ttx65206E\"}\n    }" JSONLD_TAIL);
	/* Only what is a node is a type. */
	const tt_term types[] = {type, p, type, q, type, tagged};
	check_jsonld(
	    types, 3, NULL,
	    JSONLD_HEAD NODE
	    "\"@type\": [\n        \"e:p\",\n        \"e:q\"\n      ],\n      "
	    "\"http://www.w3.org/1999/02/22-rdf-syntax-ns#type\": {\"@value\": \"\", \"@language\": \"en-GB\"}\n    "
	    "}" JSONLD_TAIL);
}

/* IRIs that a reader would expand by a prefix, and prefixes that are none. */
static void test_jsonld_ambiguous(void **state)
{
	(void)state;
	const tt_term p = tt_term_iri(TT_VIEW("http://e/p"));
	const tt_term urn = tt_term_iri(TT_VIEW("urn:a"));
	const tt_term scheme = tt_term_iri(TT_VIEW("http:a"));
	const tt_term plain = tt_term_iri(TT_VIEW("tag:a"));
	const tt_term empty = tt_term_iri(TT_VIEW("http://empty/a"));
	const tt_term unmarked = tt_term_iri(TT_VIEW("http://m/ab"));
	const tt_term typed = tt_term_typed(TT_VIEW("1"), TT_VIEW("e:type"));
	const tt_term given = tt_term_iri(TT_VIEW("ns:a"));
	const tt_term pairs[] = {p, urn, p, plain, scheme, empty, p, empty, p, typed, p, unmarked, p, given};
	check_jsonld(pairs, 7, NULL,
	             JSONLD_HEAD APART
	             "\"http://e/p\": {\"@id\": \"urn:a\"}\n    }," NODE "\"e:p\": {\"@id\": \"tag:a\"}\n    }," APART
	             "\"http:a\": {\"@id\": \"http://empty/a\"}\n    }," NODE "\"e:p\": {\"@id\": \"ns:a\"}\n    }," APART
	             "\"http://e/p\": {\"@value\": \"1\", \"@type\": \"e:type\"}\n    }," NODE
	             "\"e:p\": {\"@id\": \"http://m/ab\"}\n    }," APART
	             "\"http://e/p\": {\"@id\": \"ns:a\"}\n    }" JSONLD_TAIL);
	/* In a graph with such a name nothing is short, so nothing need stand apart. */
	const tt_term two[] = {p, urn, p, plain};
	check_jsonld(two, 2, &urn,
	             JSONLD_HEAD
	             "\n    {\n      \"@context\": null,\n      \"@id\": \"urn:a\",\n      \"@graph\": ["
	             "\n        {\n          \"@id\": \"http://e/s\",\n          \"http://e/p\": ["
	             "\n            {\"@id\": \"urn:a\"},\n            {\"@id\": \"tag:a\"}\n          ]\n        }"
	             "\n      ]\n    }" JSONLD_TAIL);
}

static void test_jsonld_refused(void **state)
{
	(void)state;
	static const char *const bad[][2] = {{"a", "it is not absolute"},
	                                     {"@id", "it is not absolute"},
	                                     {"http://e/a b", "it has a character that no IRI has"},
	                                     {"http://e/\xFF", "it has a character that no IRI has"}};
	const tt_term p = tt_term_iri(TT_VIEW("http://e/p"));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
		const tt_term iri = tt_term_iri(tt_view_of(bad[i][0]));
		const tt_term typed = tt_term_typed(TT_VIEW("x"), iri.text);
		const tt_term pairs[][2] = {{iri, p}, {p, iri}, {p, typed}};
		for (size_t k = 0; k < 3; ++k) {
			tt_output output;
			tt_output_init(&output, &ctx, -1);
			assert_int_equal(write_jsonld(pairs[k], 1, NULL, &output), TT_UNSUPPORTED);
			assert_non_null(strstr(ctx.error.text, bad[i][1]));
			tt_output_clear(&output);
		}
	}
}

/* Many predicates: none is lost, and no object has more than it can remember. */
static void test_jsonld_many_keys(void **state)
{
	(void)state;
	enum { N = 200 };
	char texts[N][20];
	tt_term pairs[2 * N];
	for (int i = 0; i < N; ++i) {
		(void)snprintf(texts[i], sizeof texts[i], "http://e/p%d", i);
		pairs[2 * i] = pairs[2 * i + 1] = tt_term_iri(tt_view_of(texts[i]));
	}
	tt_output output;
	tt_output_init(&output, &ctx, -1);
	assert_int_equal(write_jsonld(pairs, N, NULL, &output), TT_OK);
	int n_objects = 0;
	for (const char *at = output.buffer.data; (at = strstr(at, "\"@id\": \"e:s\"")); ++at) {
		++n_objects;
	}
	assert_int_equal(n_objects, 4);
	for (int i = 0; i < N; ++i) {
		char line[64];
		(void)snprintf(line, sizeof line, "\"e:p%d\": {\"@id\": \"e:p%d\"}", i, i);
		assert_non_null(strstr(output.buffer.data, line));
	}
	tt_output_clear(&output);
}

int main(void)
{
	tt_ctx_init(&ctx);
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_jsonld_keys),
	    cmocka_unit_test(test_jsonld_ambiguous),
	    cmocka_unit_test(test_jsonld_refused),
	    cmocka_unit_test(test_jsonld_many_keys),

	};
	return cmocka_run_group_tests(tests, NULL, check_no_leak);
}
