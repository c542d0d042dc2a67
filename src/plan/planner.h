/* planner.h - inside the planner: what its parts share.
 *
 * Contrast: plan.h is what others call. physical.c goes from algebra nodes to operators, leaf.c finds the scans of one
 *           pattern, order.c joins, node.c makes operators, correlate.c plans EXISTS with parameters.
 * Owns:     everything lives in the arena of the plan.
 * Threads:  as its context.
 * Fails:    as plan.h.
 * Tests:    tests/unit/test_plan.c
 */
#ifndef TT_PLAN_PLANNER_H
#define TT_PLAN_PLANNER_H

#include "plan/build.h"
#include "plan/plan.h"

/** What an operator costs, in nanoseconds a row, as measured on one thread (design.md §4). */
#define TT_COST_SCAN_ROW   2.0
#define TT_COST_MERGE_ROW  3.0
#define TT_COST_BUILD_ROW  25.0
#define TT_COST_PROBE_ROW  18.0
#define TT_COST_LOOKUP     250.0
#define TT_COST_OUTPUT_ROW 3.0
#define TT_COST_FILTER_ROW 40.0
#define TT_COST_PATH_STEP  300.0
#define TT_COST_RERUN      2000.0
/** More than any way to join costs that is not forced (tt_plan_switches). */
#define TT_COST_AVOIDED 1e15

typedef struct tt_planner {
	tt_algebra_query *query;
	tt_arena *arena;
	tt_ctx *ctx;
	tt_terms *terms;
	tt_snapshot *snapshot;
	const tt_plan_options *options;
	tt_plan *plan;
	tt_store_stats stats;
	bool is_pruning;     /* leave out columns that nobody wants */
	tt_varset given;     /* parameters that every outer row binds: PARAMETER slots */
	tt_varset may_give;  /* parameters that may be unbound: joined as a UNIT to patterns that use them */
	unsigned n_reruns;   /* how many reruns are around */
	tt_var wanted_order; /* the variable on which the parent would like rows sorted, or TT_NO_VAR */
} tt_planner;

/* ---- node.c: operators ------------------------------------------------------------------------ */

/** A node without columns; children are linked and the depth is checked. */
TT_CHECKED tt_status tt_node_new(tt_planner *p, tt_node_kind kind, tt_node *first, tt_node *second, tt_node **out);
TT_CHECKED tt_status tt_node_add_column(tt_planner *p, tt_node *node, tt_var variable, bool may_be_unbound);
/** Take over columns, order and estimates of child 0. */
TT_CHECKED tt_status tt_node_like_child(tt_planner *p, tt_node *node);
/** Position of a variable among the columns, or SIZE_MAX. */
size_t tt_node_column(const tt_node *node, tt_var variable);
bool tt_node_has(const tt_node *node, tt_var variable);
bool tt_node_binds(const tt_node *node, tt_var variable);
TT_CHECKED tt_status tt_node_columns(tt_planner *p, const tt_node *node, tt_varset *out);
/** One row whose columns hold these parameters. */
TT_CHECKED tt_status tt_node_unit(tt_planner *p, tt_varset parameters, tt_node **out);
/** No row, with these columns. */
TT_CHECKED tt_status tt_node_empty(tt_planner *p, tt_varset columns, tt_node **out);
/** Leave only the columns of @p wanted; nothing is made if there are no others. */
TT_CHECKED tt_status tt_node_narrow(tt_planner *p, tt_node *child, tt_varset wanted, tt_node **out);
/** Fill keys and checks of a join-like node from its children's columns. */
TT_CHECKED tt_status tt_node_match(tt_planner *p, tt_node *node);
/** Fill the columns of a join from its children, only those of @p wanted. @param is_left_join The right side's
 * columns may be unbound. */
TT_CHECKED tt_status tt_node_join_columns(tt_planner *p, tt_node *node, tt_varset wanted, bool is_left_join);
/** A hash join (product, without shared variables). */
TT_CHECKED tt_status tt_node_hash_join(tt_planner *p, tt_node *left, tt_node *right, tt_varset wanted, tt_node **out);
/** Let a hash join or left join without shared variables go by what filters want to be equal. */
TT_CHECKED tt_status tt_node_match_alike(tt_planner *p, tt_node *node, tt_expr *const *filters, size_t n_filters);
/** A filter; its expressions are planned (EXISTS) and sorted, cheapest first; parameters that they mention are joined
 * in and dropped again. */
TT_CHECKED tt_status tt_node_filter(tt_planner *p, tt_node *child, tt_expr *const *filters, size_t n, tt_node **out);

/* ---- leaf.c: one pattern ---------------------------------------------------------------------- */

/** One way to scan a pattern. */
typedef struct tt_access {
	tt_perm perm;
	unsigned n_prefix;
	tt_var sorted_on; /* first free column, or TT_NO_VAR */
	double n_scanned; /* rows read */
	bool has_range;   /* only objects from low to high */
	tt_id low, high;
} tt_access;

enum { TT_MAX_ACCESSES = 16 };

/** A pattern with its constants looked up and its estimates. */
typedef struct tt_leaf {
	const tt_triple_pattern *pattern;
	tt_scan_slot slots[TT_N_COLUMNS];
	tt_graph_set graphs;
	bool is_merged;
	bool is_empty; /* surely no match */
	double n_rows;
	double n_distinct[TT_N_COLUMNS]; /* of each VARIABLE slot */
	tt_access accesses[TT_MAX_ACCESSES];
	size_t n_accesses;
	tt_varset in_scope;
} tt_leaf;

TT_CHECKED tt_status tt_leaf_make(tt_planner *p, const tt_triple_pattern *pattern, tt_leaf *out);
/** range.c: use filters that compare the object with constants. They must be applied nevertheless. */
TT_CHECKED tt_status tt_leaf_compare(tt_planner *p, tt_leaf *leaf, tt_expr *const *filters, size_t n_filters);
/** Add ways to scan that read only the objects from @p low to @p high, about @p fraction of the rows. */
void tt_leaf_add_range(tt_leaf *leaf, tt_id low, tt_id high, double fraction);
/** The best access if the variables of @p bound are bound beside the constants (for a lookup join). */
tt_access tt_leaf_lookup(const tt_leaf *leaf, tt_varset bound);
/** The operator of an access. @param wanted Columns to deliver. */
TT_CHECKED tt_status tt_leaf_scan(tt_planner *p, const tt_leaf *leaf, const tt_access *access, tt_varset wanted,
                                  tt_node **out);
/** Which graphs a pattern sees, and its graph slot. @param out_is_empty None at all. */
TT_CHECKED tt_status tt_leaf_graphs(tt_planner *p, const tt_triple_pattern *pattern, tt_scan_slot *out_slot,
                                    tt_graph_set *out_graphs, bool *out_is_merged, bool *out_is_empty);
/** The default and named graphs of the query's dataset (§13.2), as ids. */
TT_CHECKED tt_status tt_plan_dataset(tt_planner *p);
/** What a path may cost. */
typedef struct tt_path_guess {
	double n_starts; /* different nodes that a path starts from */
	double each;     /* cost of a search from one of them */
} tt_path_guess;
/** A path pattern. @param out_guess May be NULL. */
TT_CHECKED tt_status tt_leaf_path(tt_planner *p, const tt_algebra *node, tt_varset wanted, tt_node **out,
                                  tt_path_guess *out_guess);

/* ---- order.c: joins --------------------------------------------------------------------------- */

/** Plan a JOIN, BGP, PATH, or a FILTER over them. */
TT_CHECKED tt_status tt_order_joins(tt_planner *p, const tt_algebra *node, tt_varset wanted, tt_node **out);

/* ---- physical.c ------------------------------------------------------------------------------- */

/** Plan a node of the algebra. @param wanted The variables that somebody above asks for. */
TT_CHECKED tt_status tt_plan_node(tt_planner *p, const tt_algebra *node, tt_varset wanted, tt_node **out);

/* ---- rerun.c: a right side that is run for each left row ---------------------------------------- */

/** Plan a node whose variables @p given are parameters, to be run for each of about @p n_rows rows.
 * @param otherwise What it costs to do without that: then it is not even planned if it cannot pay.
 * @param out NULL if that may not be, or costs more. */
TT_CHECKED tt_status tt_plan_rerun(tt_planner *p, const tt_algebra *node, tt_varset given, tt_varset wanted,
                                   double n_rows, double otherwise, tt_node **out);

/* ---- correlate.c: EXISTS ---------------------------------------------------------------------- */

/** Plan the EXISTS inside an expression whose rows are those of @p rows; an expression without is given back as it
 * is. */
TT_CHECKED tt_status tt_correlate_expr(tt_planner *p, tt_expr *expr, const tt_node *rows, tt_expr **out);
/** Join parameters in that expressions mention and @p node does not surely bind. */
TT_CHECKED tt_status tt_correlate_rows(tt_planner *p, tt_node *node, tt_varset mentioned, tt_node **out);

#endif
