/* physical.h - the operator tree: how an answer is computed. The contract between plan/ and exec/.
 *
 * Contrast: algebra.h says what; this says with which permutation, join and order. exec/build.c makes
 *           one running operator of each node.
 * Owns:     nodes live in the arena of the plan.
 * Threads:  a plan is read-only once it is made; several executions may share it.
 * Fails:    never (the makers do).
 * Tests:    tests/unit/test_plan.c
 */
#ifndef TT_PLAN_PHYSICAL_H
#define TT_PLAN_PHYSICAL_H

#include "plan/algebra.h"
#include "store/stats.h"

typedef struct tt_node tt_node;

/* Parameters: how an inner plan sees the row outside.
 *
 * An execution has one array of parameters, one id for each variable of the query (query->n_variables), all
 * TT_UNBOUND at first. Three things set parameters:
 *   - EXISTS in an expression (what the rewriting could not make a SEMI_JOIN of). tt_expr.plan is the root of the
 *     inner plan; tt_expr.parameters lists the variables that it wants of the outer row. For each row: set these
 *     parameters from the row (TT_UNBOUND where the row leaves one unbound), run the inner plan from its
 *     beginning, ask for one row, put the former values back (an EXISTS outside may have set the same variable).
 *     Each is a column of the rows that the expression is evaluated on.
 *   - LOOKUP_JOIN and LEFT_LOOKUP with is_rerun set the parameters `keys` from a row of child 0 while child 1 works for
 *     that row.
 *   - GRAPH_LOOP sets parameter `parameter` to each graph in turn and runs child 0 from its beginning. No two loops
 *     share a parameter.
 * A setter leaves the other parameters as they are, so that loops and EXISTS nest. Three things read them:
 *   - a TT_SLOT_PARAMETER slot of a SCAN, COUNT or PATH: a constant that is known when the inner plan begins. It is
 *     never TT_UNBOUND: the planner uses such slots only for variables that every outer row binds.
 *   - a UNIT with columns: one row, each column holding the parameter of its variable, perhaps TT_UNBOUND. The
 *     planner joins it in where a filter, an extension or an EXISTS inside must see the outer value and where a
 *     variable of the inner pattern may be unbound outside (then it is one of the join's `checks`).
 *   - nothing else: expressions see only the columns of their rows.
 * What this means: the inner pattern is restricted to the outer row at each of its leaves, as if the row were joined
 * to each basic graph pattern and path; a variable that the row leaves unbound restricts nothing. */

/** How deep an operator tree may be: whoever walks it may recurse. */
enum { TT_NODE_DEPTH_LIMIT = 3000 };

typedef enum tt_node_kind {
	TT_NODE_UNIT,        /* one row; its columns (most often none) hold parameters, see above */
	TT_NODE_EMPTY,       /* no row */
	TT_NODE_SCAN,        /* scan */
	TT_NODE_VALUES,      /* cells */
	TT_NODE_MERGE_JOIN,  /* children 0, 1; both sorted on keys[0]; further keys and checks compared */
	TT_NODE_HASH_JOIN,   /* children 0 (probe), 1 (build); keys; checks; alike. Without any: nested loops (a product) */
	TT_NODE_LOOKUP_JOIN, /* children 0, 1: child 1 is a SCAN whose leading columns are bound from rows of child 0, or a
	                        PATH whose ends (those among `keys`) are bound from rows of child 0; or, if is_rerun, any
	                        plan: for each row of child 0 the parameters `keys` are set and it is run */
	TT_NODE_LEFT_JOIN,   /* OPTIONAL by hash: as HASH_JOIN, expr on the joined row */
	TT_NODE_LEFT_LOOKUP, /* OPTIONAL by lookup: as LOOKUP_JOIN, expr on the joined row */
	TT_NODE_MINUS,       /* children 0, 1; keys and checks: the shared variables (§18.5 Minus) */
	TT_NODE_SEMI_JOIN,   /* rows of child 0 that have (is_negated: have not) a partner in child 1: EXISTS */
	TT_NODE_UNION,       /* children 0 …, perhaps very many; a column that a child has not is unbound in its rows */
	TT_NODE_FILTER,      /* child 0, filters */
	TT_NODE_EXTEND,      /* child 0, variable := expr (an error leaves it unbound) */
	TT_NODE_PROJECT,     /* child 0; only the columns, in this order; one that child 0 has not is unbound */
	TT_NODE_DISTINCT,    /* child 0; all columns; if sorted on all of them, neighbours are compared */
	TT_NODE_GROUP,       /* child 0, keys, aggregations; without keys always one row. COUNT(DISTINCT *) counts different
	                        rows of all columns of child 0 */
	TT_NODE_SORT,        /* child 0, order; limit if has_limit: top-k */
	TT_NODE_SLICE,       /* child 0, offset, limit */
	TT_NODE_PATH, /* path from slots[0] to slots[2]. A path of length zero (§18.4): from a CONSTANT or PARAMETER end
	                 always, from a VARIABLE end if it is a subject or object in the graph; a lookup join on a path
	                 that may have length zero is planned only where its rows can hold nothing else */
	TT_NODE_GRAPH_LOOP, /* child 0 once for each graph of scan.graphs: parameter `parameter` := graph. Output: the rows
	                       of child 0 with column `variable` := graph; where child 0 binds `variable` itself to
	                       another term the row is dropped (§18.6, evaluation of Graph) */
	TT_NODE_COUNT,      /* one row: variable := number of rows that a SCAN of `scan` would deliver. All bound slots are
	                       in the prefix and no variable stands twice. For TT_GRAPHS_ALL, not merged, that is
	                       tt_snapshot_count(); without prefix the statistics know it (merged: n_triples;
	                       TT_GRAPHS_DEFAULT: n_default_quads); else the rows are counted without columns */
	TT_N_NODE_KINDS
} tt_node_kind;

typedef enum tt_scan_slot_kind {
	TT_SLOT_CONSTANT,  /* id */
	TT_SLOT_VARIABLE,  /* a column of the result if node.columns lists it; if not, any term (a variable that stands
	                      in two slots must be the same in both all the same) */
	TT_SLOT_PARAMETER, /* bound to the parameter of `variable`, see above; delivered too if node.columns lists it */
	TT_SLOT_NONE       /* the graph column of a scan that does not deliver it */
} tt_scan_slot_kind;

typedef struct tt_scan_slot {
	tt_scan_slot_kind kind;
	tt_id id;
	tt_var variable;
} tt_scan_slot;

/** The dataset of a query as graph ids; made once, shared by all scans (§13.1). Ids ascending. */
typedef struct tt_graph_set {
	tt_graph_choice choice;
	const tt_id *graphs;
	size_t n_graphs;
} tt_graph_set;

/** One triple pattern with the permutation that serves it.
 *
 * The bound leading columns of `perm` are its CONSTANT and PARAMETER slots, and under a LOOKUP join those VARIABLE
 * slots that child 0 binds; the planner picks `perm` so that these come first as far as possible. Whatever
 * constant, parameter or repeated variable is not in the bound prefix, the operator filters.
 */
typedef struct tt_scan_plan {
	tt_scan_slot slots[TT_N_COLUMNS]; /* by quad column: subject, predicate, object, graph */
	tt_perm perm;
	unsigned n_prefix;   /* leading columns of `perm` that are bound when the scan starts (lookup: per row) */
	tt_graph_set graphs; /* TT_GRAPHS_ALL, not merged, where the graph slot is a constant or where that is the same */
	bool is_merged;      /* as tt_scan_spec: the default graph as an RDF merge */
	bool has_range;      /* on the column behind the prefix, inclusive */
	tt_id low, high;
	tt_place place;
} tt_scan_plan;

/** An operator.
 *
 * A node's output is a table of ids: one column for each of `columns`. TT_UNBOUND is unbound.
 *
 * Columns: SCAN, PATH and the joins (MERGE, HASH, LOOKUP, LEFT_JOIN, LEFT_LOOKUP) deliver any subset of what they see,
 * in any order; the planner leaves out what nobody above wants. A column of both children of a join takes the value
 * that is bound. FILTER, SORT, SLICE, DISTINCT, MINUS and SEMI_JOIN have exactly the columns of child 0; EXTEND has
 * them and then `variable` (never a column of child 0); GROUP has the keys, then the aggregations' variables;
 * GRAPH_LOOP those of child 0 and, if it is not among them, `variable` at the end. A node may have no column: then
 * only the number of its rows counts. Nothing is dropped silently: the number of rows is always that of the algebra.
 *
 * Order: HASH_JOIN, LEFT_JOIN, MINUS, SEMI_JOIN, FILTER, EXTEND, PROJECT, DISTINCT, SLICE and GRAPH_LOOP (within one
 * graph) must keep the order of child 0. MERGE_JOIN must deliver rows ascending by keys[0]; LOOKUP_JOIN and
 * LEFT_LOOKUP must keep the order of child 0 at least where that is sorted on the first probed variable. Other
 * operators may deliver any order that agrees with `sorted_on`; SORT delivers that of `order`, and all above it must
 * keep it.
 */
/** Columns of the two sides of a join whose values must be equal, though perhaps not the same term. Rows are found by
 * it; that they are equal is tested elsewhere. */
typedef struct tt_alike {
	tt_var left, right;
} tt_alike;

struct tt_node {
	tt_node_kind kind;
	unsigned number; /* 0, 1, … in the plan, for profile */
	unsigned depth;  /* of the tree under it; at most TT_NODE_DEPTH_LIMIT */
	tt_node **children;
	size_t n_children;

	tt_var *columns; /* distinct variables, in the order of the batch's columns */
	size_t n_columns;
	bool *may_be_unbound; /* one for each column */
	tt_var *sorted_on;    /* rows ascend by the ids of these columns, the first one foremost */
	size_t n_sorted_on;
	double n_rows_estimate;
	double cost_estimate;

	tt_scan_plan scan; /* SCAN, COUNT; PATH: its ends and graph; GRAPH_LOOP: only graphs */
	tt_var *keys;      /* joins: shared variables that neither side leaves unbound; GROUP: keys */
	size_t n_keys;
	tt_var *checks; /* joins: shared variables that may be unbound on a side: compatible if one is */
	size_t n_checks;
	tt_alike *alike; /* HASH_JOIN, LEFT_JOIN: what a filter above, or expr, wants to be equal by value */
	size_t n_alike;
	bool is_rerun;     /* LOOKUP_JOIN, LEFT_LOOKUP */
	bool is_negated;   /* SEMI_JOIN */
	tt_expr *expr;     /* LEFT_*: condition or NULL; EXTEND */
	tt_expr **filters; /* FILTER: all must hold, cheapest first */
	size_t n_filters;
	tt_var variable;    /* EXTEND, COUNT, GRAPH_LOOP */
	tt_var parameter;   /* GRAPH_LOOP */
	const tt_id *cells; /* VALUES: n_value_rows × n_columns */
	size_t n_value_rows;
	tt_aggregation *aggregations;
	size_t n_aggregations;
	tt_order_condition *order;
	size_t n_order;
	uint64_t offset;
	bool has_limit;
	uint64_t limit;
	const struct tt_path_plan *path; /* PATH: compiled by plan/path.h; ends and graph are scan.slots */
	tt_place place;
};

/** A property path over ids. */
typedef struct tt_path_plan {
	tt_path_kind kind;
	tt_id predicate; /* LINK; TT_UNBOUND: the store does not know it: no edge */
	const struct tt_path_plan *first, *second;
	const tt_id *forward, *backward; /* NEGATED_SET: excluded predicates of each direction, ascending */
	size_t n_forward, n_backward;
	bool has_forward, has_backward; /* which directions the set allows at all */
} tt_path_plan;

/** A planned query. */
typedef struct tt_plan {
	tt_arena *arena;
	const tt_algebra_query *query;
	tt_node *root;
	size_t n_nodes;
	tt_var *columns; /* the result's columns in order; each is a column of the root */
	size_t n_columns;
	tt_graph_set default_graphs; /* what plain patterns see (merged if more than one graph can be meant) */
	tt_graph_set named_graphs;   /* what GRAPH ranges over */
} tt_plan;

#endif
