/* test_exec_path.c - property paths, loops over graphs and EXISTS with its parameters, against the model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "exec_model.h"

static tt_node *graph_scan(tt_scan_slot subject, tt_scan_slot object)
{
	tt_node *const scan = new_node(TT_NODE_SCAN, NULL, NULL);
	const tt_scan_slot slots[TT_N_COLUMNS] = {
	    subject, variable_slot(1), object, {.kind = TT_SLOT_PARAMETER, .variable = GRAPH_VARIABLE}};
	memcpy(scan->scan.slots, slots, sizeof slots);
	scan->scan.graphs.choice = TT_GRAPHS_NAMED;
	scan->scan.perm = below(2) ? TT_GSPO : TT_PSO;
	scan->scan.n_prefix = scan->scan.perm == TT_GSPO;
	for (tt_column c = TT_SUBJECT; c < TT_GRAPH; ++c) {
		if (slots[c].kind == TT_SLOT_VARIABLE && !has_column(scan, slots[c].variable)) {
			add_column(scan, slots[c].variable, false);
		}
	}
	return scan;
}

static tt_node *loop_over(tt_node *child, tt_var variable)
{
	tt_node *const node = like_child(TT_NODE_GRAPH_LOOP, child);
	node->parameter = GRAPH_VARIABLE;
	node->variable = variable;
	if (!has_column(node, variable)) {
		add_column(node, variable, false);
	}
	if (below(2)) {
		tt_id *const list = make(2, sizeof *list);
		memcpy(list, graphs, 2 * sizeof *list);
		node->scan.graphs = (tt_graph_set){TT_GRAPHS_LIST, list, 2};
	} else {
		node->scan.graphs.choice = TT_GRAPHS_NAMED;
	}
	return node;
}

static void test_graph_loop(void)
{
	for (unsigned i = 0; i < 60; ++i) {
		tt_node *const first = graph_scan(variable_slot(0), variable_slot(2));
		tt_node *const second = graph_scan(variable_slot((tt_var)below(3)), variable_slot(3));
		tt_node *const child = below(2) ? first : join_node(TT_NODE_HASH_JOIN, first, second);
		check_plan(loop_over(child, below(3) ? 4 : (tt_var)below(3)), false);
	}
	/* A child that itself names the graph, or leaves the variable unbound. */
	for (unsigned i = 0; i < 20; ++i) {
		const tt_var columns[] = {4, 5};
		const tt_column kinds[] = {TT_GRAPH, TT_SUBJECT};
		tt_node *const child = random_ids(columns, kinds, 2, 30);
		((tt_id *)(uintptr_t)child->cells)[0] = TT_UNBOUND;
		check_plan(loop_over(child, 4), false);
	}
}

/* EXISTS whose pattern sees the subject as a parameter, and perhaps an outer value through a UNIT. */
static tt_expr *exists_expr(tt_var bound, tt_var perhaps)
{
	tt_expr *const expr = new_expr(below(2) ? TT_EXPR_EXISTS : TT_EXPR_NOT_EXISTS, NULL, NULL);
	tt_node *inner = new_node(TT_NODE_SCAN, NULL, NULL);
	const tt_scan_slot slots[TT_N_COLUMNS] = {{.kind = TT_SLOT_PARAMETER, .variable = bound},
	                                          constant_slot(predicates[below(N_PREDICATES)]),
	                                          variable_slot(perhaps),
	                                          no_slot};
	memcpy(inner->scan.slots, slots, sizeof slots);
	inner->scan.perm = TT_PSO;
	inner->scan.n_prefix = 1 + (unsigned)below(2);
	add_column(inner, perhaps, false);
	expr->parameters = make(2, sizeof *expr->parameters);
	expr->parameters[expr->n_parameters++] = bound;
	if (below(2)) {
		tt_node *const unit = new_node(TT_NODE_UNIT, NULL, NULL);
		add_column(unit, perhaps, true);
		inner = below(2) ? join_node(TT_NODE_HASH_JOIN, inner, unit) : join_node(TT_NODE_HASH_JOIN, unit, inner);
		expr->parameters[expr->n_parameters++] = perhaps;
	}
	if (below(2)) {
		const tt_var columns[] = {perhaps};
		const tt_column kinds[] = {TT_OBJECT};
		inner = join_node(TT_NODE_HASH_JOIN, inner, random_ids(columns, kinds, 1, 5));
	}
	expr->plan = inner;
	return expr;
}

static void test_exists(void)
{
	const tt_var columns[] = {0, 1};
	const tt_column kinds[] = {TT_SUBJECT, TT_OBJECT};
	for (unsigned i = 0; i < 60; ++i) {
		tt_node *const child = random_ids(columns, kinds, 2, 1 + below(60));
		child->may_be_unbound[1] = true;
		for (size_t row = 0; row < child->n_value_rows; row += 3) {
			((tt_id *)(uintptr_t)child->cells)[row * 2 + 1] = TT_UNBOUND;
		}
		tt_node *const node = like_child(TT_NODE_FILTER, child);
		node->filters = make(2, sizeof(tt_expr *));
		node->n_filters = 1 + below(2);
		node->filters[0] = exists_expr(0, 1);
		node->filters[1] = exists_expr(0, 1);
		check_plan(node, true);
	}
}

/* EXISTS inside GRAPH: the answer changes with the graph though the row does not. */
static void test_exists_in_loop(void)
{
	for (unsigned i = 0; i < 40; ++i) {
		const tt_var columns[] = {0};
		const tt_column kinds[] = {TT_SUBJECT};
		tt_node *const node = like_child(TT_NODE_FILTER, random_ids(columns, kinds, 1, 1 + below(3)));
		tt_expr *const expr = new_expr(TT_EXPR_EXISTS, NULL, NULL);
		const tt_scan_slot subject = {.kind = TT_SLOT_PARAMETER, .variable = 0};
		expr->plan = graph_scan(subject, variable_slot(2));
		expr->parameters = make(1, sizeof *expr->parameters);
		expr->n_parameters = 1;
		node->filters = make(1, sizeof(tt_expr *));
		node->filters[node->n_filters++] = expr;
		check_plan(loop_over(node, 4), false);
	}
}

/* ---- paths ------------------------------------------------------------------------------------ */

static void test_path(void)
{
	for (unsigned i = 0; i < 300; ++i) {
		tt_node *const node = random_path_node();
		const tt_scan_slot subject = below(2) ? variable_slot(0) : constant_slot(random_id(TT_SUBJECT));
		const tt_scan_slot object = below(2) ? variable_slot(below(3) ? 1 : 0) : constant_slot(random_id(TT_OBJECT));
		set_path_ends(node, subject, object);
		check_plan(node, false);
	}
}

static void test_path_lookup(void)
{
	const tt_var columns[] = {0, 1};
	const tt_column kinds[] = {TT_SUBJECT, TT_OBJECT};
	for (unsigned i = 0; i < 100; ++i) {
		tt_node *const left = random_ids(columns, kinds, 2, below(3) ? 1 + below(30) : 200);
		tt_node *const path = random_path_node();
		switch (below(4)) {
		case 0:
			set_path_ends(path, variable_slot(0), variable_slot(2));
			break;
		case 1:
			set_path_ends(path, variable_slot(2), variable_slot(1));
			break;
		case 2:
			set_path_ends(path, variable_slot(1), variable_slot(0));
			break;
		default:
			set_path_ends(path, variable_slot(0), constant_slot(random_id(TT_OBJECT)));
		}
		check_plan(join_node(below(2) ? TT_NODE_LOOKUP_JOIN : TT_NODE_LEFT_LOOKUP, left, path), false);
	}
}

static void test_path_in_loop(void)
{
	for (unsigned i = 0; i < 40; ++i) {
		tt_node *const path = random_path_node();
		path->scan.slots[TT_GRAPH] = (tt_scan_slot){.kind = TT_SLOT_PARAMETER, .variable = GRAPH_VARIABLE};
		path->scan.graphs = (tt_graph_set){.choice = TT_GRAPHS_NAMED};
		path->scan.is_merged = false;
		set_path_ends(path, variable_slot(0), variable_slot(1));
		check_plan(loop_over(path, 4), false);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    EXEC_TEST(test_graph_loop), EXEC_TEST(test_exists),      EXEC_TEST(test_exists_in_loop),
	    EXEC_TEST(test_path),       EXEC_TEST(test_path_lookup), EXEC_TEST(test_path_in_loop),
	};
	return cmocka_run_group_tests_name("exec path", tests, NULL, NULL);
}
