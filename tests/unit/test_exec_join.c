/* test_exec_join.c - joins of every kind against nested loops. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "exec_model.h"

static void check_join(tt_node_kind kind, bool is_ordered)
{
	const uint64_t n_values = 1 + below(12);
	tt_node *const left = random_table(0, 3, random_size(), n_values);
	tt_node *const right = random_table(1, 3, random_size(), n_values);
	tt_node *const node = join_node(kind, left, right);
	left->cost_estimate = (double)below(2);
	right->cost_estimate = (double)below(2);
	if (kind == TT_NODE_LEFT_JOIN && below(2)) {
		node->expr = random_condition(4);
	}
	node->is_negated = kind == TT_NODE_SEMI_JOIN && below(2);
	if (kind != TT_NODE_MINUS && kind != TT_NODE_SEMI_JOIN) {
		drop_columns(node);
	}
	check_plan(node, is_ordered);
}

static void test_hash_join(void)
{
	for (unsigned i = 0; i < 200; ++i) {
		check_join(TT_NODE_HASH_JOIN, false);
	}
}

static void test_left_join(void)
{
	for (unsigned i = 0; i < 200; ++i) {
		check_join(TT_NODE_LEFT_JOIN, false);
	}
}

static void test_minus(void)
{
	for (unsigned i = 0; i < 200; ++i) {
		check_join(TT_NODE_MINUS, true);
	}
}

static void test_semi_join(void)
{
	for (unsigned i = 0; i < 200; ++i) {
		check_join(TT_NODE_SEMI_JOIN, true);
	}
}

/* Rows around the size of a batch; few keys, so that the partners of one row fill batches. */
static void check_border(tt_node_kind kind, size_t n_left, size_t n_right, uint64_t n_values)
{
	const tt_var left_columns[] = {0, 1};
	const tt_var right_columns[] = {1, 2};
	tt_node *left = random_values(left_columns, 2, n_left, n_values, false);
	tt_node *right = random_values(right_columns, 2, n_right, n_values, kind == TT_NODE_HASH_JOIN && below(2));
	if (kind == TT_NODE_MERGE_JOIN) {
		const tt_var turned[] = {1, 0};
		left = sort_values(random_values(turned, 2, n_left, n_values, false));
		right = sort_values(right);
	}
	tt_node *const node = join_node(kind, left, right);
	if (kind == TT_NODE_LEFT_JOIN && below(2)) {
		node->expr = new_expr(TT_EXPR_LT, variable_expr(0), variable_expr(2));
	}
	if (kind == TT_NODE_MERGE_JOIN) {
		node->sorted_on[node->n_sorted_on++] = node->keys[0];
	}
	check_plan(node, false);
}

static void test_join_borders(void)
{
	static const tt_node_kind kinds[] = {TT_NODE_HASH_JOIN, TT_NODE_LEFT_JOIN, TT_NODE_MINUS, TT_NODE_SEMI_JOIN,
	                                     TT_NODE_MERGE_JOIN};
	static const size_t sizes[] = {1023, 1024, 1025};
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; ++k) {
		for (size_t i = 0; i < 3; ++i) {
			check_border(kinds[k], sizes[i], 10, 2000);
			check_border(kinds[k], 3, sizes[i], 2);
			check_border(kinds[k], sizes[i], 3, 2);
			check_border(kinds[k], 2, 2050, 1);
		}
		check_border(kinds[k], 1100, 1100, 500);
	}
}

static void test_merge_join(void)
{
	for (unsigned i = 0; i < 200; ++i) {
		const uint64_t n_values = 1 + below(40);
		const tt_var left_columns[] = {0, 1, 2};
		const tt_var right_columns[] = {0, 2, 3};
		tt_node *const left = sort_values(random_values(left_columns, 1 + below(3), random_size(), n_values, false));
		tt_node *const right = sort_values(random_values(right_columns, 1 + below(3), random_size(), n_values, false));
		tt_node *const node = join_node(TT_NODE_MERGE_JOIN, left, right);
		node->sorted_on[node->n_sorted_on++] = 0;
		check_plan(node, false);
	}
}

/* Scans that are told to seek, under filters and projections too. */
static void test_merge_join_of_scans(void)
{
	for (unsigned i = 0; i < 200; ++i) {
		tt_node *sides[2];
		for (unsigned side = 0; side < 2; ++side) {
			tt_node *const scan = new_node(TT_NODE_SCAN, NULL, NULL);
			scan->scan.perm = TT_PSO;
			scan->scan.n_prefix = 1;
			scan->scan.slots[TT_PREDICATE] = constant_slot(predicates[below(N_PREDICATES)]);
			scan->scan.slots[TT_SUBJECT] = variable_slot(0);
			scan->scan.slots[TT_OBJECT] = below(4) ? variable_slot(1 + side) : constant_slot(random_id(TT_OBJECT));
			scan->scan.slots[TT_GRAPH] = no_slot;
			scan->scan.graphs.choice = (tt_graph_choice)below(3);
			scan->scan.is_merged = below(2);
			add_column(scan, 0, false);
			if (scan->scan.slots[TT_OBJECT].kind == TT_SLOT_VARIABLE) {
				add_column(scan, 1 + side, false);
			}
			sides[side] = scan;
			if (below(3) == 0) {
				sides[side] = like_child(TT_NODE_FILTER, scan);
				sides[side]->filters = make(1, sizeof(tt_expr *));
				sides[side]->filters[sides[side]->n_filters++] = random_condition(3);
			}
		}
		tt_node *const node = join_node(TT_NODE_MERGE_JOIN, sides[0], sides[1]);
		node->sorted_on[node->n_sorted_on++] = 0;
		check_plan(node, false);
	}
}

static void test_lookup(void)
{
	for (unsigned i = 0; i < 300; ++i) {
		check_plan(random_lookup(below(2) ? TT_NODE_LOOKUP_JOIN : TT_NODE_LEFT_LOOKUP, random_size()), false);
	}
	for (unsigned i = 0; i < 9; ++i) {
		check_plan(random_lookup(below(2) ? TT_NODE_LOOKUP_JOIN : TT_NODE_LEFT_LOOKUP, 1023 + i % 3), false);
	}
}

/* A left side sorted on the first probed variable stays so. */
static void test_lookup_order(void)
{
	const tt_var columns[] = {0};
	const tt_column kinds[] = {TT_SUBJECT};
	tt_node *const left = sort_values(random_ids(columns, kinds, 1, 2500));
	tt_node *const scan = new_node(TT_NODE_SCAN, NULL, NULL);
	scan->scan.perm = TT_SPO;
	scan->scan.n_prefix = 1;
	scan->scan.slots[TT_GRAPH] = no_slot;
	for (tt_column c = TT_SUBJECT; c < TT_GRAPH; ++c) {
		scan->scan.slots[c] = variable_slot((tt_var)c);
		add_column(scan, (tt_var)c, false);
	}
	tt_node *const node = join_node(TT_NODE_LOOKUP_JOIN, left, scan);
	node->sorted_on[node->n_sorted_on++] = 0;
	check_plan(node, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    EXEC_TEST(test_hash_join),           EXEC_TEST(test_left_join),    EXEC_TEST(test_minus),
	    EXEC_TEST(test_semi_join),           EXEC_TEST(test_join_borders), EXEC_TEST(test_merge_join),
	    EXEC_TEST(test_merge_join_of_scans), EXEC_TEST(test_lookup),       EXEC_TEST(test_lookup_order),
	};
	return cmocka_run_group_tests_name("exec join", tests, NULL, NULL);
}
