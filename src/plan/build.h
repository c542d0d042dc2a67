/* build.h - make algebra nodes and the sets of variables that go with them.
 *
 * Contrast: translate.c and rewrite.c decide which nodes; here each node gets its scope (§18.2.1), its depth
 *           and the simplifications that hold everywhere (§18.2.2.8 and the like).
 * Owns:     everything lives in the arena of the query.
 * Threads:  as the query's context.
 * Fails:    TT_NO_MEMORY; TT_LIMIT for trees deeper than TT_ALGEBRA_DEPTH_LIMIT.
 * Tests:    tests/unit/test_plan.c
 */
#ifndef TT_PLAN_BUILD_H
#define TT_PLAN_BUILD_H

#include "plan/algebra.h"

/** How deep an algebra tree or an expression may be. The parser limits nesting; this limits the chains that need no
 * nesting (thousands of OPTIONAL or BIND in one group, of `+` in one expression), so that walks may recurse. Joins and
 * unions are built balanced and meet the limit only beyond 2^1000 of them. */
enum { TT_ALGEBRA_DEPTH_LIMIT = 1500 };

/* ---- sets of variables ------------------------------------------------------------------------ */

bool tt_varset_has(tt_varset set, tt_var variable);
bool tt_varset_meets(tt_varset a, tt_varset b);
/** Whether every member of @p a is one of @p b. */
bool tt_varset_within(tt_varset a, tt_varset b);
/** Make a set of variables in any order, with repetitions. */
TT_CHECKED tt_status tt_varset_make(tt_arena *arena, const tt_var *variables, size_t n_variables, tt_varset *out);
TT_CHECKED tt_status tt_varset_unite(tt_arena *arena, tt_varset a, tt_varset b, tt_varset *out);
TT_CHECKED tt_status tt_varset_intersect(tt_arena *arena, tt_varset a, tt_varset b, tt_varset *out);
TT_CHECKED tt_status tt_varset_subtract(tt_arena *arena, tt_varset a, tt_varset b, tt_varset *out);

/** Variables gathered one by one, with repetitions. */
typedef struct tt_varlist {
	tt_arena *arena;
	tt_var *items;
	size_t n_items, capacity;
} tt_varlist;
TT_CHECKED tt_status tt_varlist_add(tt_varlist *list, tt_var variable);

/* ---- variables -------------------------------------------------------------------------------- */

/** A new variable. @param name Empty: a generated name; else it must live as long as the query. */
TT_CHECKED tt_status tt_algebra_variable(tt_algebra_query *query, tt_view name, bool is_hidden, tt_var *out);

/* ---- nodes ------------------------------------------------------------------------------------ */

/** Copy @p model into the arena and fill its scope, bound set and depth. Its children may not change any more. */
TT_CHECKED tt_status tt_algebra_make(tt_algebra_query *query, const tt_algebra *model, tt_algebra **out);
TT_CHECKED tt_status tt_algebra_unit(tt_algebra_query *query, tt_algebra **out);
TT_CHECKED tt_status tt_algebra_empty(tt_algebra_query *query, tt_algebra **out);
TT_CHECKED tt_status tt_algebra_bgp(tt_algebra_query *query, tt_triple_pattern *patterns, size_t n_patterns,
                                    tt_algebra **out);
/** Join; a unit is dropped, an empty side gives the empty multiset. */
TT_CHECKED tt_status tt_algebra_join(tt_algebra_query *query, tt_algebra *left, tt_algebra *right, tt_algebra **out);
/** Join or unite a list as a balanced tree, left to right; no operand gives the unit or the empty multiset. */
TT_CHECKED tt_status tt_algebra_join_all(tt_algebra_query *query, tt_algebra **operands, size_t n, tt_algebra **out);
TT_CHECKED tt_status tt_algebra_union_all(tt_algebra_query *query, tt_algebra **operands, size_t n, tt_algebra **out);
/** Filter by all of @p filters; none gives @p left, a filter below is merged. */
TT_CHECKED tt_status tt_algebra_filter(tt_algebra_query *query, tt_algebra *left, tt_expr **filters, size_t n_filters,
                                       tt_algebra **out);
TT_CHECKED tt_status tt_algebra_extend(tt_algebra_query *query, tt_algebra *left, tt_var variable, tt_expr *expr,
                                       tt_algebra **out);

/* ---- what an expression or a pattern speaks of ------------------------------------------------ */

/** All variables that an expression mentions, those in the patterns of its EXISTS included. */
TT_CHECKED tt_status tt_expr_mentions(tt_arena *arena, const tt_expr *expr, tt_varset *out);
/** All variables that a tree mentions anywhere. */
TT_CHECKED tt_status tt_algebra_mentions(tt_arena *arena, const tt_algebra *node, tt_varset *out);
/** restrict.c: whether it is the same to restrict the variables of @p outer within a tree, at its patterns, and to
 * compare the solutions that it gives by itself.
 * @param has_paths Whether that is asked for paths too. */
TT_CHECKED tt_status tt_algebra_can_wait(tt_arena *arena, const tt_algebra *node, tt_varset outer, bool has_paths,
                                         bool *out);
/** Whether an expression holds EXISTS, or a function that gives a new value at each call. */
bool tt_expr_has_exists(const tt_expr *expr);
bool tt_expr_is_fresh(const tt_expr *expr);
/** The variables of `?x = ?y` or sameTerm(?x, ?y); false for any other expression. */
bool tt_expr_equates(const tt_expr *expr, tt_var *out_x, tt_var *out_y);
/** A copy of an expression whose arguments may be replaced. */
TT_CHECKED tt_status tt_expr_copy(tt_arena *arena, const tt_expr *expr, tt_expr **out);

#endif
