/* rewrite.h - inside the rewriting: the passes and what they share.
 *
 * Contrast: plan.h is what others call. A pass is a pure function from a node, whose children are rewritten already, to
 *           a node that means the same; rewrite.c lists them, in order, and walks the tree.
 * Owns:     everything lives in the arena of the query.
 * Threads:  as the query's context.
 * Fails:    TT_NO_MEMORY, TT_LIMIT.
 * Tests:    tests/unit/test_plan.c
 */
#ifndef TT_PLAN_REWRITE_H
#define TT_PLAN_REWRITE_H

#include "plan/build.h"
#include "plan/plan.h"

typedef struct tt_rewriting {
	tt_algebra_query *query;
	tt_arena *arena;
	const tt_plan_options *options;
	/* How many EXISTS are around the node. Inside one, a variable that the pattern leaves unbound may have a value all
	 * the same, that of the outer row (physical.h, "Parameters"). */
	unsigned n_exists;
} tt_rewriting;

typedef tt_status tt_rewrite_fn(tt_rewriting *r, tt_algebra *node, tt_algebra **out);

tt_rewrite_fn tt_rewrite_fold;     /* constant expressions are evaluated; filters that are never or always true go */
tt_rewrite_fn tt_rewrite_split;    /* FILTER(a && b) is FILTER(a) FILTER(b) */
tt_rewrite_fn tt_rewrite_simplify; /* what is joined with nothing, or minus nothing */
tt_rewrite_fn tt_rewrite_equality; /* FILTER(?x = <iri>) and FILTER(?x = ?y) put one into the patterns of the other */
tt_rewrite_fn tt_rewrite_push;     /* filters go towards the patterns */
tt_rewrite_fn tt_rewrite_optional; /* an OPTIONAL whose absence a filter rejects is a join */
tt_rewrite_fn tt_rewrite_exists;   /* FILTER EXISTS becomes a semi-join */
tt_rewrite_fn tt_rewrite_top;      /* ORDER BY under LIMIT keeps only the first rows */
tt_rewrite_fn tt_rewrite_distinct; /* DISTINCT of what is distinct already */

#endif
