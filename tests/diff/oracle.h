/* oracle.h - ways to find wrong answers without knowing the right ones: two roads that must lead to the same rows.
 *
 * Contrast: grammar.h makes the cases, diff.c runs them; golden and w3c tests know the answers.
 * Owns:     a trial owns its database and its arena.
 * Threads:  one.
 * Fails:    a test program without memory or temporary files ends with status 99.
 * Tests:    each oracle is run with faults injected, which it must notice (diff.c)
 */
#ifndef TESTS_DIFF_ORACLE_H
#define TESTS_DIFF_ORACLE_H

#include <stdio.h>

#include "plan/plan.h"
#include "tertium.h"
#include "tests/diff/grammar.h"

typedef enum verdict { AGREE, DIFFER, NOT_COMPARED } verdict;

/** What is done to the second road, so that an oracle shows that it bites. */
typedef enum fault {
	FAULT_NONE,
	FAULT_DROP,    /* one row less; ASK says the contrary */
	FAULT_REPEAT,  /* one row twice; ASK says the contrary */
	FAULT_REVERSE, /* rows in the opposite order */
	FAULT_REWRITE, /* a deliberately wrong rewriting of the query: pieces of one role are lost */
	N_FAULTS
} fault;

typedef struct trial {
	tt_ctx ctx;
	tt_arena arena;
	uint64_t seed;
	random_case random;
	fault fault;
	piece_role wrong; /* of FAULT_REWRITE */
	FILE *why;        /* where a difference is told; NULL: nowhere */
	/* what has been met, over all trials */
	size_t n_by_kind[TT_N_NODE_KINDS];  /* operators in the plans of the second road */
	size_t n_pass_changed[TT_N_PASSES]; /* plans that a pass has changed */
} trial;

typedef struct oracle {
	const char *name;
	const char *claim;
	verdict (*compare)(trial *t);
	unsigned n_seeds; /* for `make check` */
	bool notices[N_FAULTS];
} oracle;

extern const oracle oracles[];
extern const size_t n_oracles;

/** Print the data or the query `whole` of a case into a buffer, ended by '\0'. */
void trial_data(const trial *t, tt_buffer *out);
void trial_query(const trial *t, tt_buffer *out);
/** Load data into an empty store in memory (@p directory NULL) or on disk.
 * @param graph NULL: the default graph stays what it is. */
tt_db *trial_load(const tt_buffer *data, const char *directory, const char *graph);

/** order.c: whether rows stand in an order that ORDER BY ?0 DESC(?1) ?2 … over all columns forbids, as far as §15.1
 * determines it. */
struct answer;
bool is_order_wrong(const struct answer *rows, const bool *is_descending);

#endif
