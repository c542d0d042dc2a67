/* exec_model.h - a naive model of operator trees: the same tree evaluated over plain tables, row by row.
 *
 * Contrast: src/exec is fast; this is short. plan_reference.h is the like for whole plans, from the specification.
 * Owns:     tables live until forget_plans().
 * Threads:  one.
 * Fails:    by cmocka's assertions.
 * Tests:    used by tests/unit/test_exec_*.c
 */
#ifndef TESTS_UNIT_EXEC_MODEL_H
#define TESTS_UNIT_EXEC_MODEL_H

#include "exec_plans.h"

typedef struct table {
	size_t n_columns;
	const tt_var *columns;
	size_t n_rows, capacity;
	tt_id *cells;
} table;

/** Read at most @p n_most rows. */
table read_rows(tt_execution *run, const tt_node *root, size_t n_most);
void check_equal(const tt_node *root, table *got, table *expected, bool is_ordered);
/** Run a plan, start it anew in the middle and at the end, and compare with the model; then forget it. */
void check_plan(tt_node *root, bool is_ordered);

#endif
