/* plan_reference.h - two slow evaluators to hold plans against: the algebra word for word, and an interpreter of
 * operator trees that checks every promise of physical.h on the way.
 *
 * Contrast: src/exec is fast; this is short, and written from the specification, not from exec.
 * Owns:     solutions live in the arena of the reference.
 * Threads:  one.
 * Fails:    by cmocka's assertions.
 * Tests:    used by tests/unit/test_plan_meaning.c
 */
#ifndef TT_TEST_PLAN_REFERENCE_H
#define TT_TEST_PLAN_REFERENCE_H

#include <stdlib.h>

#include "base/context.h"
#include "expr/compare.h"
#include "expr/expr.h"
#include "plan/build.h"
#include "plan/plan.h"

/** Solutions: rows of ids, one for each variable of the query, TT_UNBOUND where there is none. */
typedef struct bag {
	tt_id **rows;
	size_t n, capacity;
} bag;

typedef struct reference {
	tt_ctx *ctx;
	tt_arena *arena;
	tt_snapshot *snapshot;
	tt_terms *terms;
	tt_expr_env env;
	const tt_algebra_query *query;
	const tt_plan *plan;
	size_t n_variables;
	tt_quad *quads; /* of the store */
	size_t n_quads;
	bool is_union_default_graph;
	bool is_any_graph_named; /* plans: a graph that was chosen may stand for the default graph */
	tt_id *outer;            /* algebra: the row outside of an EXISTS */
	tt_id *loops;            /* algebra: graph of each loop variable */
	tt_id *parameters;       /* plans */
	const tt_var *columns;   /* of the rows that an expression with EXISTS is evaluated on */
	size_t n_columns;
	size_t n_work, n_work_limit; /* rows made; beyond the limit a query is given up */
	tt_id *spare;
	size_t n_run[TT_N_NODE_KINDS]; /* operators run, by kind */
	size_t n_path_lookups, n_reruns;
} reference;

#define OK(call) assert_int_equal((call), TT_OK)

/** Whether a query has made more rows than it may; what it has delivered means nothing then. */
bool is_given_up(const reference *r);

/* ---- solutions and expressions ---------------------------------------------------------------- */

/** Memory of the arena, or a failed test. */
void *need(reference *r, size_t n_bytes);
tt_id *new_row(reference *r, const tt_id *from);
void add_row(reference *r, bag *b, tt_id *row);
/** Compatible solutions (§18.3); *out_shares: both bind a variable. */
bool is_compatible(const reference *r, const tt_id *a, const tt_id *b, bool *out_shares);
tt_id *merge_rows(reference *r, const tt_id *a, const tt_id *b);
/** The value of an expression on one row that shows only some variables. */
tt_id value_of(reference *r, const tt_expr *expr, const tt_var *columns, size_t n_columns, const tt_id *row);
bool holds(reference *r, const tt_expr *expr, const tt_var *columns, size_t n_columns, const tt_id *row);

/* ---- modifiers that both evaluators share ----------------------------------------------------- */

bag distinct_rows(reference *r, const bag *in);
bag slice_rows(reference *r, const bag *in, uint64_t offset, bool has_limit, uint64_t limit);
bag sort_rows(reference *r, const bag *in, const tt_order_condition *order, size_t n_order, const tt_var *columns,
              size_t n_columns);
bag group_rows(reference *r, const bag *in, const tt_var *keys, size_t n_keys, const tt_aggregation *aggregations,
               size_t n_aggregations, const tt_var *columns, size_t n_columns);

/* ---- the algebra, word for word (§18.5, §18.6) ------------------------------------------------- */

bag path_rows(reference *r, const tt_path *path, const tt_triple_pattern *pattern, const tt_id *row, const tt_id *more,
              size_t n_more);
bool passes(reference *r, tt_expr *const *filters, size_t n, const tt_id *row);
/** For tt_expr_env.exists: evaluates the pattern of an EXISTS by the algebra. */
tt_status reference_exists(void *user, const tt_expr *exists, const tt_id *const *columns, size_t row,
                           bool *out_exists);
/** The solutions of a node of the algebra. */
bag eval(reference *r, const tt_algebra *node);

/* ---- comparing -------------------------------------------------------------------------------- */

/** Whether two bags hold the same rows as often, looking only at some variables of each. */
bool is_same_bag(reference *r, const bag *a, const tt_var *a_columns, const bag *b, const tt_var *b_columns,
                 size_t n_columns);

/* ---- operator trees (plan_interpreter.c) ------------------------------------------------------- */

/** The rows of an operator tree. */
bag run(reference *r, const tt_node *node);
/** For tt_expr_env.exists: runs the planned pattern of an EXISTS. */
tt_status plan_exists(void *user, const tt_expr *exists, const tt_id *const *columns, size_t row, bool *out_exists);

#endif
