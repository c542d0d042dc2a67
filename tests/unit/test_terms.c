/* test_terms.c - ids of one query: inline, stored, local. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "store/terms.h"

typedef struct fixture {
	tt_ctx ctx;
	tt_store *store;
	tt_snapshot *snapshot;
	tt_terms terms;
	tt_id stored_iri, stored_text, stored_blank;
} fixture;

static tt_term text_term(const char *text)
{
	return tt_term_string(tt_view_of(text));
}

static void set_up(fixture *f)
{
	tt_txn *txn = NULL;
	tt_ctx_init(&f->ctx);
	assert_int_equal(tt_store_open_memory(&f->ctx, &f->store), TT_OK);
	assert_int_equal(tt_txn_begin(&f->ctx, f->store, true, &txn), TT_OK);
	const tt_term iri = tt_term_iri(TT_VIEW("http://example.org/stored"));
	const tt_term text = text_term("a stored text");
	assert_int_equal(tt_txn_intern(txn, &iri, &f->stored_iri), TT_OK);
	assert_int_equal(tt_txn_intern(txn, &text, &f->stored_text), TT_OK);
	assert_int_equal(tt_txn_new_blank(txn, &f->stored_blank), TT_OK);
	const tt_quad quad = {f->stored_blank, f->stored_iri, f->stored_text, TT_DEFAULT_GRAPH};
	assert_int_equal(tt_txn_add(txn, &quad), TT_OK);
	assert_int_equal(tt_txn_commit(txn, NULL, NULL), TT_OK);
	assert_int_equal(tt_snapshot_begin(&f->ctx, f->store, &f->snapshot), TT_OK);
	tt_terms_init(&f->terms, &f->ctx, f->snapshot);
}

static void tear_down(fixture *f)
{
	tt_terms_clear(&f->terms);
	tt_snapshot_end(f->snapshot);
	tt_store_close(f->store);
	assert_int_equal(f->ctx.n_bytes_used, 0);
}

static tt_id intern(fixture *f, tt_term term)
{
	tt_id id = TT_UNBOUND;
	assert_int_equal(tt_terms_intern(&f->terms, &term, &id), TT_OK);
	return id;
}

static void each_term_has_one_id(void **state)
{
	(void)state;
	fixture f;
	set_up(&f);
	assert_int_equal(intern(&f, tt_term_iri(TT_VIEW("http://example.org/stored"))), f.stored_iri);
	assert_int_equal(intern(&f, text_term("a stored text")), f.stored_text);
	assert_int_equal(f.terms.n_locals, 0);
	const tt_id five = intern(&f, tt_term_typed(TT_VIEW("5"), tt_vocab_iri(TT_VOCAB_XSD_INTEGER)));
	assert_int_equal(tt_id_kind(five), TT_KIND_INTEGER);
	const tt_id odd = intern(&f, tt_term_typed(TT_VIEW("05"), tt_vocab_iri(TT_VOCAB_XSD_INTEGER)));
	assert_int_equal(tt_id_kind(odd), TT_KIND_LOCAL);
	const tt_id computed = intern(&f, text_term("computed"));
	assert_int_equal(tt_id_kind(computed), TT_KIND_LOCAL);
	assert_int_equal(intern(&f, text_term("computed")), computed);
	assert_int_not_equal(intern(&f, tt_term_iri(TT_VIEW("computed"))), computed);
	const tt_id tagged = intern(&f, tt_term_lang(TT_VIEW("computed"), TT_VIEW("en-GB")));
	assert_int_not_equal(tagged, computed);
	assert_int_equal(intern(&f, tt_term_lang(TT_VIEW("computed"), TT_VIEW("EN-gb"))), tagged);
	assert_int_not_equal(intern(&f, tt_term_typed(TT_VIEW("computed"), TT_VIEW("http://t"))), computed);
	assert_int_equal(intern(&f, (tt_term){.kind = TT_TERM_NONE}), TT_UNBOUND);
	tear_down(&f);
}

static void ids_give_their_terms_back(void **state)
{
	(void)state;
	fixture f;
	tt_scratch scratch;
	tt_term term;
	set_up(&f);
	char text[] = "volatile";
	const tt_term terms[] = {
	    tt_term_iri(TT_VIEW("http://example.org/stored")),
	    tt_term_iri(TT_VIEW("http://example.org/computed")),
	    text_term(""),
	    text_term(text),
	    tt_term_lang(TT_VIEW("hei"), TT_VIEW("nb-NO")),
	    tt_term_typed(TT_VIEW("x"), TT_VIEW("http://example.org/type")),
	    tt_term_typed(TT_VIEW("-7"), tt_vocab_iri(TT_VOCAB_XSD_INTEGER)),
	    tt_term_blank(TT_VIEW("b12")),
	    tt_term_blank(TT_VIEW("other")),
	};
	tt_id ids[sizeof terms / sizeof *terms];
	for (size_t i = 0; i < sizeof terms / sizeof *terms; ++i) {
		ids[i] = intern(&f, terms[i]);
		assert_int_equal(tt_terms_kind(&f.terms, ids[i]), terms[i].kind);
	}
	text[0] = 'X'; /* local texts are copies */
	for (size_t i = 0; i < sizeof terms / sizeof *terms; ++i) {
		assert_int_equal(tt_terms_get(&f.terms, ids[i], &scratch, &term), TT_OK);
		assert_int_equal(tt_term_equal(&term, &terms[i]), i != 3);
	}
	assert_int_equal(tt_terms_get(&f.terms, ids[3], &scratch, &term), TT_OK);
	assert_true(tt_view_equal(term.text, TT_VIEW("volatile")));
	tear_down(&f);
}

static void unbound_has_no_term_and_nonsense_is_refused(void **state)
{
	(void)state;
	fixture f;
	tt_scratch scratch;
	tt_term term;
	set_up(&f);
	assert_int_equal(tt_terms_get(&f.terms, TT_UNBOUND, &scratch, &term), TT_OK);
	assert_int_equal(term.kind, TT_TERM_NONE);
	assert_int_equal(tt_terms_get(&f.terms, TT_DEFAULT_GRAPH, &scratch, &term), TT_OK);
	assert_int_equal(term.kind, TT_TERM_NONE);
	assert_int_equal(tt_terms_kind(&f.terms, TT_UNBOUND), TT_TERM_NONE);
	assert_int_equal(tt_terms_get(&f.terms, tt_id_make(TT_KIND_LOCAL, 99), &scratch, &term), TT_INTERNAL);
	assert_int_equal(tt_terms_kind(&f.terms, tt_id_make(TT_KIND_LOCAL, 99)), TT_TERM_NONE);
	assert_int_equal(tt_terms_get(&f.terms, tt_id_make(TT_KIND_TRIPLE, 1), &scratch, &term), TT_INTERNAL);
	assert_int_not_equal(tt_terms_get(&f.terms, tt_id_make(TT_KIND_LITERAL, 1 << 30), &scratch, &term), TT_OK);
	tear_down(&f);
}

static void fresh_blanks_are_new(void **state)
{
	(void)state;
	fixture f;
	tt_scratch scratch;
	tt_term term;
	set_up(&f);
	tt_id blanks[100];
	for (size_t i = 0; i < 100; ++i) {
		assert_int_equal(tt_terms_fresh_blank(&f.terms, &blanks[i]), TT_OK);
		assert_int_equal(tt_terms_kind(&f.terms, blanks[i]), TT_TERM_BLANK);
		assert_int_not_equal(blanks[i], f.stored_blank);
		assert_true(i == 0 || blanks[i] != blanks[i - 1]);
		assert_int_equal(tt_terms_get(&f.terms, blanks[i], &scratch, &term), TT_OK);
		assert_true(term.text.data[0] == 'q'); /* the store's own are b<n> */
		assert_int_equal(intern(&f, term), blanks[i]);
	}
	tt_terms other;
	tt_terms_init(&other, &f.ctx, f.snapshot);
	assert_int_not_equal(other.fresh_seed, f.terms.fresh_seed);
	tt_terms_clear(&other);
	tear_down(&f);
}

static void it_works_without_a_snapshot(void **state)
{
	(void)state;
	tt_ctx ctx;
	tt_terms terms;
	tt_id id = TT_UNBOUND;
	tt_ctx_init(&ctx);
	tt_terms_init(&terms, &ctx, NULL);
	const tt_term term = text_term("alone");
	assert_int_equal(tt_terms_intern(&terms, &term, &id), TT_OK);
	assert_int_equal(tt_id_kind(id), TT_KIND_LOCAL);
	tt_terms_clear(&terms);
	assert_int_equal(ctx.n_bytes_used, 0);
}

static void many_locals_are_found_again_and_billed(void **state)
{
	(void)state;
	fixture f;
	set_up(&f);
	enum { MANY = 5000 };
	const size_t n_before = f.ctx.n_bytes_used;
	for (int pass = 0; pass < 2; ++pass) {
		for (int i = 0; i < MANY; ++i) {
			char text[32];
			const int n = snprintf(text, sizeof text, "local %d", i);
			const tt_id id = intern(&f, tt_term_string((tt_view){text, (size_t)n}));
			assert_int_equal(id, tt_id_make(TT_KIND_LOCAL, (uint64_t)i));
		}
	}
	assert_int_equal(f.terms.n_locals, MANY);
	assert_true(f.ctx.n_bytes_used > n_before + MANY * sizeof(tt_term));
	/* A budget stops it. */
	f.ctx.n_bytes_budget = f.ctx.n_bytes_used + 100000;
	tt_status status = TT_OK;
	for (int i = 0; i < 100000 && status == TT_OK; ++i) {
		char text[64];
		const int n = snprintf(text, sizeof text, "a rather long text that takes memory %d", i);
		const tt_term term = tt_term_string((tt_view){text, (size_t)n});
		tt_id id = TT_UNBOUND;
		status = tt_terms_intern(&f.terms, &term, &id);
	}
	assert_int_equal(status, TT_LIMIT);
	tear_down(&f);
}

static void terms_pass(void **state)
{
	(void)state;
	fixture f;
	set_up(&f);
	const tt_id kept = intern(&f, text_term("kept"));
	tt_terms_pass(&f.terms);
	const tt_id first = intern(&f, text_term("first"));
	assert_int_equal(intern(&f, text_term("first")), first);
	assert_int_equal(intern(&f, text_term("kept")), kept);
	assert_int_equal(intern(&f, text_term("a stored text")), f.stored_text);
	tt_terms_pass(&f.terms);
	const size_t n_before = f.ctx.n_bytes_used;
	assert_int_equal(intern(&f, text_term("second")), first); /* the number is free again */
	assert_int_not_equal(intern(&f, text_term("first")), first);
	assert_int_equal(intern(&f, text_term("kept")), kept);
	tt_scratch scratch;
	tt_term term;
	assert_int_equal(tt_terms_get(&f.terms, first, &scratch, &term), TT_OK);
	assert_true(tt_view_equal(term.text, TT_VIEW("second")));
	tt_terms_stay(&f.terms);
	assert_int_equal(f.ctx.n_bytes_used, n_before);
	const tt_id stays = intern(&f, text_term("stays"));
	tt_terms_pass(&f.terms);
	assert_int_not_equal(intern(&f, text_term("third")), stays);
	assert_int_equal(intern(&f, text_term("stays")), stays);
	tear_down(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_term_has_one_id),
	    cmocka_unit_test(ids_give_their_terms_back),
	    cmocka_unit_test(unbound_has_no_term_and_nonsense_is_refused),
	    cmocka_unit_test(fresh_blanks_are_new),
	    cmocka_unit_test(it_works_without_a_snapshot),
	    cmocka_unit_test(many_locals_are_found_again_and_billed),
	    cmocka_unit_test(terms_pass),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
