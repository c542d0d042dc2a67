/* test_exec_scan.c - the leaves of operator trees against the model: scans, counts, tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "exec_model.h"

/* A pattern over variables 0–3 with constants, repeated variables and any permutation. */
static tt_node *random_scan(unsigned n_variables, bool may_bind)
{
	tt_node *const node = new_node(TT_NODE_SCAN, NULL, NULL);
	tt_scan_plan *const scan = &node->scan;
	for (tt_column c = TT_SUBJECT; c < TT_N_COLUMNS; ++c) {
		scan->slots[c] = may_bind && below(3) == 0 ? constant_slot(random_id(c))
		                                           : variable_slot((tt_var)below(n_variables));
	}
	scan->perm = (tt_perm)below(TT_N_PERMS);
	scan->graphs = random_graphs();
	if (below(2)) {
		scan->slots[TT_GRAPH] = no_slot;
		scan->perm = (tt_perm)below(TT_GSPO);
		scan->is_merged = below(2);
	} else if (scan->perm >= TT_GSPO) {
		scan->graphs.choice = TT_GRAPHS_NAMED;
	}
	for (unsigned i = 0; i < TT_N_COLUMNS; ++i) {
		if (scan->slots[tt_perm_column(scan->perm, i)].kind != TT_SLOT_CONSTANT) {
			break;
		}
		scan->n_prefix += scan->n_prefix == i && below(8);
	}
	for (tt_column c = TT_SUBJECT; c < TT_N_COLUMNS; ++c) {
		const tt_scan_slot *const slot = &scan->slots[c];
		if (slot->kind == TT_SLOT_VARIABLE && !has_column(node, slot->variable) && below(5)) {
			add_column(node, slot->variable, false);
		}
	}
	return node;
}

static void test_scan(void)
{
	for (unsigned i = 0; i < 300; ++i) {
		tt_node *const node = random_scan(4, true);
		const tt_scan_plan *const scan = &node->scan;
		if (scan->n_prefix < TT_N_COLUMNS && below(3) == 0 &&
		    !(scan->is_merged && tt_perm_column(scan->perm, scan->n_prefix) == TT_GRAPH)) {
			node->scan.has_range = true;
			node->scan.low = nodes[below(N_NODES)];
			node->scan.high = node->scan.low + below(8);
		}
		check_plan(node, false);
	}
}

static void test_scan_order(void)
{
	for (tt_perm perm = TT_SPO; perm < TT_N_PERMS; ++perm) {
		tt_node *const node = new_node(TT_NODE_SCAN, NULL, NULL);
		node->scan.perm = perm;
		node->scan.graphs.choice = perm >= TT_GSPO ? TT_GRAPHS_NAMED : TT_GRAPHS_ALL;
		for (unsigned i = 0; i < TT_N_COLUMNS; ++i) {
			const tt_column c = tt_perm_column(perm, i);
			node->scan.slots[c] = variable_slot((tt_var)c);
			add_column(node, (tt_var)c, false);
			node->sorted_on[node->n_sorted_on++] = (tt_var)c;
		}
		check_plan(node, false);
	}
}

static void test_count(void)
{
	for (unsigned i = 0; i < 300; ++i) {
		tt_node *const node = random_scan(4, true);
		bool is_allowed = true;
		for (tt_column c = TT_SUBJECT; c < TT_N_COLUMNS; ++c) {
			if (node->scan.slots[c].kind == TT_SLOT_VARIABLE) {
				node->scan.slots[c].variable = (tt_var)c;
			}
		}
		for (unsigned p = node->scan.n_prefix; p < TT_N_COLUMNS; ++p) {
			is_allowed = is_allowed && node->scan.slots[tt_perm_column(node->scan.perm, p)].kind != TT_SLOT_CONSTANT;
		}
		if (is_allowed) {
			node->kind = TT_NODE_COUNT;
			node->variable = 5;
			node->n_columns = 0;
			add_column(node, 5, false);
			check_plan(node, false);
		}
	}
	forget_plans();
}

static void test_values_and_constants(void)
{
	const tt_var columns[] = {0, 1};
	const size_t sizes[] = {0, 1, 1023, 1024, 1025, 2049};
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; ++i) {
		check_plan(random_values(columns, 2, sizes[i], 50, true), true);
		check_plan(random_values(columns, 0, sizes[i], 50, true), true);
	}
	check_plan(new_node(TT_NODE_UNIT, NULL, NULL), true);
	tt_node *const unit = new_node(TT_NODE_UNIT, NULL, NULL);
	add_column(unit, 3, true);
	check_plan(unit, true);
	tt_node *const empty = new_node(TT_NODE_EMPTY, NULL, NULL);
	add_column(empty, 3, true);
	check_plan(empty, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    EXEC_TEST(test_scan),
	    EXEC_TEST(test_scan_order),
	    EXEC_TEST(test_count),
	    EXEC_TEST(test_values_and_constants),
	};
	return cmocka_run_group_tests_name("exec scan", tests, NULL, NULL);
}
