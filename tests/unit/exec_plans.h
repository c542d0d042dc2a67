/* exec_plans.h - a small random store and random operator trees over it, to hold src/exec against exec_model.h.
 *
 * Contrast: the planner makes trees that are good; these need only keep the promises of plan/physical.h.
 * Owns:     nodes and expressions live until forget_plans(); one store, one context, one seed at a time.
 * Threads:  one.
 * Fails:    by cmocka's assertions, which name the seed: TT_SEED=n replays it, TT_SEEDS=n tries so many.
 * Tests:    used by tests/unit/test_exec_*.c
 */
#ifndef TESTS_UNIT_EXEC_PLANS_H
#define TESTS_UNIT_EXEC_PLANS_H

#include "exec/op.h"
#include "checks.h"

/* ---- tests ------------------------------------------------------------------------------------ */

/** A test that is run for each seed, on a new store each time. */
typedef struct exec_test {
	void (*run)(void);
} exec_test;
enum { N_SEEDS = 2 };
void run_seeds(void **state);
#define EXEC_TEST(function)                            \
	{                                                  \
#function, run_seeds, NULL, NULL, &(exec_test) \
		{                                              \
			(function)                                 \
		}                                              \
	}

extern tt_ctx ctx;
extern uint64_t seed;
uint64_t below(uint64_t n);

/* ---- the store -------------------------------------------------------------------------------- */

enum { N_NODES = 12, N_PREDICATES = 3, N_GRAPHS = 3, N_QUADS = 60, N_VARIABLES = 12, GRAPH_VARIABLE = 11 };

extern tt_terms terms;
extern tt_expr_env env;
extern tt_id nodes[N_NODES], predicates[N_PREDICATES], graphs[N_GRAPHS], unknown;
extern tt_quad quads[N_QUADS];
extern size_t n_quads;
tt_id integer(int64_t value);

/* ---- making plans ----------------------------------------------------------------------------- */

/** Zeroed memory, at least one item, until forget_plans(). */
void *make(size_t n_items, size_t size);
/** Free all nodes and expressions; numbers of nodes begin anew. */
void forget_plans(void);
tt_plan plan_of(tt_node *root);
tt_node *new_node(tt_node_kind kind, tt_node *first, tt_node *second);
bool has_column(const tt_node *node, tt_var variable);
void add_column(tt_node *node, tt_var variable, bool may_be_unbound);
tt_node *like_child(tt_node_kind kind, tt_node *child);
tt_expr *new_expr(tt_ast_expr_kind kind, tt_expr *first, tt_expr *second);
tt_expr *variable_expr(tt_var variable);
tt_expr *number_expr(unsigned value);
tt_scan_slot constant_slot(tt_id id);
tt_scan_slot variable_slot(tt_var variable);
extern const tt_scan_slot no_slot;
/** A join-like node of all columns; keys and checks as the planner finds them. */
tt_node *join_node(tt_node_kind kind, tt_node *left, tt_node *right);
/** Leave out a column now and then, as the planner does with what nobody wants. */
tt_node *drop_columns(tt_node *node);
/** Sort a table on all its columns. */
tt_node *sort_values(tt_node *node);

int compare_ids(const void *a, const void *b);
/** For qsort(): rows of `sort_width` ids. */
int compare_rows(const void *a, const void *b);
extern size_t sort_width;

/* ---- random plans ----------------------------------------------------------------------------- */

size_t random_size(void);
size_t random_long_size(void);
/** An id that fits a column of the quads, now and then one that is in none. */
tt_id random_id(tt_column column);
tt_graph_set random_graphs(void);
/** A table of random integers below @p n_values; each column is always bound or, if @p is_gappy, sometimes not. */
tt_node *random_values(const tt_var *columns, size_t n_columns, size_t n_rows, uint64_t n_values, bool is_gappy);
/** A table over some of the variables [first, first + n). */
tt_node *random_table(tt_var first, tt_var n, size_t n_rows, uint64_t n_values);
/** A table of ids of the store. */
tt_node *random_ids(const tt_var *columns, const tt_column *kinds, size_t n_columns, size_t n_rows);
tt_expr *random_condition(tt_var n_variables);
tt_node *random_filter(tt_node *child);
tt_node *random_lookup(tt_node_kind kind, size_t n_rows);
tt_node *random_group(tt_node *child);
tt_node *random_order(tt_node *child);
/** A path without ends yet. */
tt_node *random_path_node(void);
void set_path_ends(tt_node *node, tt_scan_slot subject, tt_scan_slot object);

#endif
