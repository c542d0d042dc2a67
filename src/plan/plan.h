/* plan.h - from syntax tree to operator tree: translate, rewrite, order.
 *
 * Contrast: exec/exec.h runs what is made here.
 * Owns:     the plan lives in the caller's arena.
 * Threads:  as its context.
 * Fails:    TT_UNSUPPORTED naming what is not evaluated; TT_SYNTAX for what only the meaning shows;
 *           TT_LIMIT; whatever the store returns.
 * Tests:    tests/unit/test_plan.c
 */
#ifndef TT_PLAN_PLAN_H
#define TT_PLAN_PLAN_H

#include "store/terms.h"
#include "plan/physical.h"

/** Evaluates an expression without variables, for constant folding: the engine passes expr/'s evaluator down, since
 * plan/ must not include expr/.
 * @param out_is_constant False if it has variables or functions that are new at each call. */
typedef tt_status (*tt_fold_fn)(void *user, const tt_expr *expr, bool *out_is_constant, tt_id *out_value);

/** The rewrite passes, in the order in which they run; bit 1 << pass of `disabled_passes` switches one off. The last
 * two are done while operators are chosen. */
typedef enum tt_rewrite_pass {
	TT_PASS_FOLD,
	TT_PASS_SPLIT,
	TT_PASS_SIMPLIFY,
	TT_PASS_EQUALITY,
	TT_PASS_PUSH,
	TT_PASS_OPTIONAL,
	TT_PASS_PUSH_AGAIN,
	TT_PASS_EXISTS,
	TT_PASS_TOP,
	TT_PASS_DISTINCT,
	TT_PASS_PRUNE,
	TT_PASS_RANGE,
	TT_N_PASSES
} tt_rewrite_pass;

/** The name of a pass ("fold"), or NULL behind the last. */
const char *tt_rewrite_name(unsigned pass);

/** How a subset of patterns is computed: one pattern by itself, or a join of two subsets. */
typedef enum tt_method { TT_METHOD_LEAF, TT_METHOD_MERGE, TT_METHOD_HASH, TT_METHOD_LOOKUP } tt_method;

/** Switches that only tests turn: none of them changes a result. */
typedef struct tt_plan_switches {
	unsigned disabled_passes; /* bit set of rewrite passes that are off */
	tt_method forced_method;  /* joins by this wherever it can be used; TT_METHOD_LEAF: by the cheapest */
} tt_plan_switches;

typedef struct tt_plan_options {
	tt_fold_fn fold; /* may be NULL: no folding */
	void *fold_user;
	tt_terms *fold_terms; /* may be NULL: then only values that are inline are folded */
	bool is_union_default_graph;
	bool is_unoptimised; /* no rewriting, patterns joined in the order of the text by hash joins */
	tt_plan_switches switches;
} tt_plan_options;

/** translate.c: the algebra of a query (SPARQL 1.1 §18.2). */
TT_CHECKED tt_status tt_translate(tt_arena *arena, const tt_ast *ast, tt_algebra_query **out_query);

/** translate.c: the WHERE of a DELETE/INSERT or DELETE WHERE, with its templates (SPARQL 1.1 Update §3.1.3).
 * @param ast The request that the operation is of. */
TT_CHECKED tt_status tt_translate_update(tt_arena *arena, const tt_ast *ast, const tt_ast_update *operation,
                                         tt_algebra_query **out_query);

/** rewrite.c: apply the passes, in order, to the algebra; results never change. */
TT_CHECKED tt_status tt_rewrite(tt_algebra_query *query, const tt_plan_options *options);

/** order.c, physical.c: choose permutations, join order and join algorithms by the counts of the snapshot.
 * @param terms Gives constants their ids. */
TT_CHECKED tt_status tt_plan_make(tt_algebra_query *query, tt_terms *terms, const tt_plan_options *options,
                                  tt_plan **out_plan);

/** Actual numbers of one operator, indexed by node number; NULL where not run. */
typedef struct tt_profile {
	uint64_t n_rows;
	uint64_t n_batches;
	int64_t time_ns; /* with its children */
} tt_profile;

/** explain.c: the tree, indented, with estimates; with @p profile (one entry a node, or NULL) actual rows and times. */
TT_CHECKED tt_status tt_plan_explain(const tt_plan *plan, const tt_terms *terms, const tt_prefixes *prefixes,
                                     const tt_profile *profile, tt_buffer *out);

#endif
