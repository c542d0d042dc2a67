/* test_rdf.c - RDF terms: making, equality, order, hash. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "rdf/term.h"

static void test_vocab(void **state)
{
	(void)state;
	assert_true(
	    tt_view_equal(tt_vocab_iri(TT_VOCAB_RDF_TYPE), TT_VIEW("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")));
	for (int i = 0; i < TT_N_VOCAB; ++i) {
		assert_int_equal(strlen(tt_vocab_iri((tt_vocab)i).data), tt_vocab_iri((tt_vocab)i).size);
		for (int k = 0; k < i; ++k) {
			assert_false(tt_view_equal(tt_vocab_iri((tt_vocab)i), tt_vocab_iri((tt_vocab)k)));
		}
	}
}

/* In their order; no two are the same term. */
static void test_order(void **state)
{
	(void)state;
	const tt_term terms[] = {
	    {.kind = TT_TERM_NONE},
	    tt_term_blank(TT_VIEW("a")),
	    tt_term_blank(TT_VIEW("b")),
	    tt_term_iri(TT_VIEW("a")),
	    tt_term_iri(TT_VIEW("a:b")),
	    tt_term_lang(TT_VIEW("a"), TT_VIEW("de")),
	    tt_term_lang(TT_VIEW("a"), TT_VIEW("en")),
	    tt_term_typed(TT_VIEW("a"), tt_vocab_iri(TT_VOCAB_XSD_INTEGER)),
	    tt_term_string(TT_VIEW("a")),
	    tt_term_string(TT_VIEW("aa")),
	    tt_term_string((tt_view){"aa\0", 3}),
	    tt_term_string(TT_VIEW("é")),
	};
	enum { N = sizeof terms / sizeof *terms };
	for (int i = 0; i < N; ++i) {
		for (int k = 0; k < N; ++k) {
			const int order = tt_term_compare(&terms[i], &terms[k]);
			assert_int_equal((order > 0) - (order < 0), (i > k) - (i < k));
			assert_int_equal(tt_term_equal(&terms[i], &terms[k]), i == k);
			assert_int_equal(tt_term_hash(&terms[i]) == tt_term_hash(&terms[k]), i == k);
		}
	}
	/* Wherever the text lies. */
	char text[] = "aa";
	const tt_term same = tt_term_string(tt_view_of(text));
	assert_true(tt_term_equal(&same, &terms[9]));
	assert_int_equal(tt_term_hash(&same), tt_term_hash(&terms[9]));
	/* Language tags are the same in any case (RDF 1.1 Concepts §3.3). */
	const tt_term upper = tt_term_lang(TT_VIEW("a"), TT_VIEW("DE"));
	assert_true(tt_term_equal(&upper, &terms[5]));
	assert_int_equal(tt_term_compare(&upper, &terms[5]), 0);
	assert_int_equal(tt_term_hash(&upper), tt_term_hash(&terms[5]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_vocab),
	    cmocka_unit_test(test_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
