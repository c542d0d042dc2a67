/* terms.h - ids of one query: the store's, and those of terms that the query computes.
 *
 * Contrast: store.h knows stored and inline ids; this adds TT_KIND_LOCAL ids, so that a computed term
 *           joins, groups and compares as any other: same id ⇔ same term.
 * Owns:     the text of local terms.
 * Threads:  as its context.
 * Fails:    TT_NO_MEMORY, TT_LIMIT, whatever the store returns.
 * Tests:    tests/unit/test_terms.c
 */
#ifndef TT_STORE_TERMS_H
#define TT_STORE_TERMS_H

#include "base/map.h"
#include "store/store.h"

/** The terms of one query on one snapshot. */
typedef struct tt_terms {
	tt_ctx *ctx;
	tt_snapshot *snapshot;
	tt_arena arena;  /* texts of local terms */
	tt_term *locals; /* TT_KIND_LOCAL payload n: locals[n] */
	size_t n_locals;
	size_t capacity;
	tt_map by_hash; /* hash of a local term → its number */
	/* Those behind the first n_kept pass away (tt_terms_pass(), tt_terms_stay()); their texts and hashes stand apart.
	 */
	bool is_passing;
	size_t n_kept;
	tt_arena passing;
	tt_map passing_by_hash;
	uint64_t n_fresh_blanks;
	uint64_t fresh_seed; /* random, so that blank nodes of two queries differ */
} tt_terms;

/** @param ctx Billed; @p snapshot must outlive the terms. */
void tt_terms_init(tt_terms *terms, tt_ctx *ctx, tt_snapshot *snapshot);
void tt_terms_clear(tt_terms *terms);

/** The term of any id; kind TT_TERM_NONE for TT_UNBOUND and TT_DEFAULT_GRAPH.
 * @param out_term Text lives as long as the terms, or (inline ids) the scratch. */
TT_CHECKED tt_status tt_terms_get(tt_terms *terms, tt_id id, tt_scratch *scratch, tt_term *out_term);

/** The id of a term: inline, of the store, or a local one made now. The text is copied if needed. */
TT_CHECKED tt_status tt_terms_intern(tt_terms *terms, const tt_term *term, tt_id *out_id);

/** A blank node that neither the store nor the query has. */
TT_CHECKED tt_status tt_terms_fresh_blank(tt_terms *terms, tt_id *out_id);

/** Let the terms that are made from now on live until the next call, which forgets them: for whoever computes terms
 * batch by batch and keeps none of their ids. */
void tt_terms_pass(tt_terms *terms);

/** The end of that: forget those that pass; what is made from now on stays. */
void tt_terms_stay(tt_terms *terms);

/** The kind of the term of any id, without its text. */
tt_term_kind tt_terms_kind(const tt_terms *terms, tt_id id);

#endif
