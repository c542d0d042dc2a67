/* test_exec_shape.c - what shapes, groups and sorts rows, against the model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "exec_model.h"

static void test_filter(void)
{
	for (unsigned i = 0; i < 40; ++i) {
		check_plan(random_filter(random_table(0, 3, random_long_size(), 6)), true);
	}
}

static void test_extend(void)
{
	for (unsigned i = 0; i < 40; ++i) {
		tt_node *node = random_table(0, 3, random_long_size(), 6);
		for (tt_var v = 5; v < 7; ++v) {
			node = like_child(TT_NODE_EXTEND, node);
			node->variable = v;
			node->expr = new_expr(TT_EXPR_ADD, variable_expr((tt_var)below(v)), number_expr(3));
			add_column(node, v, true);
		}
		check_plan(node, true);
	}
}

static tt_node *random_projection(tt_node *child)
{
	tt_node *const node = new_node(TT_NODE_PROJECT, child, NULL);
	for (tt_var v = 4; v-- > 0;) {
		if (below(2)) {
			add_column(node, v, true);
		}
	}
	return node;
}

static void test_project(void)
{
	for (unsigned i = 0; i < 40; ++i) {
		check_plan(random_projection(random_table(0, 3, random_long_size(), 6)), true);
	}
}

static void test_distinct(void)
{
	for (unsigned i = 0; i < 60; ++i) {
		tt_node *const table_node = random_table(0, 3, random_long_size(), 1 + below(9));
		tt_node *const child = below(2) ? sort_values(table_node) : table_node;
		check_plan(like_child(TT_NODE_DISTINCT, child), true);
	}
}

static void test_slice(void)
{
	static const uint64_t numbers[] = {0, 1, 10, 1023, 1024, 1025, 5000};
	for (unsigned i = 0; i < 100; ++i) {
		tt_node *const node = like_child(TT_NODE_SLICE, random_table(0, 2, random_long_size(), 100));
		node->offset = numbers[below(7)];
		node->has_limit = below(3) != 0;
		node->limit = numbers[below(7)];
		check_plan(node, true);
	}
}

static void test_union(void)
{
	for (unsigned i = 0; i < 30; ++i) {
		tt_node *const node = new_node(TT_NODE_UNION, NULL, NULL);
		node->n_children = i % 10 == 0 ? 40 : 1 + below(5);
		node->children = make(node->n_children, sizeof(tt_node *));
		for (size_t child = 0; child < node->n_children; ++child) {
			node->children[child] = random_table(0, 3, random_size(), 9);
		}
		for (tt_var v = 0; v < 3; ++v) {
			add_column(node, v, true);
		}
		check_plan(node, true);
	}
}

/* ---- groups ----------------------------------------------------------------------------------- */

static void test_group(void)
{
	static const size_t sizes[] = {0, 1, 30, 300, 1025};
	for (unsigned i = 0; i < 100; ++i) {
		tt_node *const child = random_table(0, 3, sizes[below(5)], 1 + below(12));
		check_plan(random_group(child), false);
	}
}

/* Groups of sorted input come in its order, and go on over the borders of batches. */
static void test_sorted_group(void)
{
	static const size_t sizes[] = {0, 1, 30, 300, 1025, 2100};
	for (unsigned i = 0; i < 60; ++i) {
		const tt_var columns[] = {0, 1, 2};
		tt_node *const child = sort_values(random_values(columns, 3, sizes[below(6)], 1 + below(40), below(2)));
		tt_node *const node = random_group(child);
		memcpy(node->sorted_on, node->keys, node->n_keys * sizeof *node->keys);
		node->n_sorted_on = node->n_keys;
		check_plan(node, false);
	}
}

/* ---- sorting ---------------------------------------------------------------------------------- */

static void test_sort(void)
{
	static const size_t sizes[] = {0, 1, 2, 60, 300, 1025};
	for (unsigned i = 0; i < 40; ++i) {
		tt_node *const node = random_order(random_table(0, 3, sizes[below(6)], 1 + below(50)));
		node->has_limit = below(3) == 0;
		node->limit = below(70);
		check_plan(node, true);
	}
}

/* IRIs, numbers and unbound cells: ranks by comparison. */
static void test_sort_terms(void)
{
	const tt_var columns[] = {0, 1};
	const tt_column kinds[] = {TT_OBJECT, TT_PREDICATE};
	for (unsigned i = 0; i < 20; ++i) {
		check_plan(random_order(random_ids(columns, kinds, 2, random_size())), true);
	}
}

/* So many rows that those behind the limit are cut off on the way; numbers of one value are of two types. */
static void test_top(void)
{
	const tt_var columns[] = {0, 1};
	enum { N_ROWS = 30000, LIMIT = 20 };
	tt_node *const values = random_values(columns, 2, N_ROWS, 1000, false);
	for (size_t row = 0; row < N_ROWS; ++row) {
		const tt_vocab datatype = below(2) ? TT_VOCAB_XSD_DECIMAL : TT_VOCAB_XSD_INTEGER;
		const tt_view text = datatype == TT_VOCAB_XSD_DECIMAL ? TT_VIEW("5.0") : TT_VIEW("5");
		const tt_term term = tt_term_typed(text, tt_vocab_iri(datatype));
		OK(tt_terms_intern(&terms, &term, (tt_id *)(uintptr_t)values->cells + row * 2));
	}
	tt_node *const node = like_child(TT_NODE_SORT, values);
	node->order = make(2, sizeof *node->order);
	node->order[node->n_order++] = (tt_order_condition){variable_expr(0), below(2)};
	node->order[node->n_order++] = (tt_order_condition){variable_expr(1), below(2)};
	node->has_limit = true;
	node->limit = LIMIT;
	tt_node *const whole = like_child(TT_NODE_SORT, values);
	whole->order = node->order;
	whole->n_order = node->n_order;
	tt_execution *runs[2];
	table got[2];
	const tt_plan plans[2] = {plan_of(node), plan_of(whole)};
	for (unsigned i = 0; i < 2; ++i) {
		OK(tt_execution_new(&plans[i], &terms, &env, false, &runs[i]));
		got[i] = read_rows(runs[i], node, SIZE_MAX);
		tt_execution_free(runs[i]);
	}
	CHECK(got[0].n_rows == LIMIT && got[1].n_rows == N_ROWS);
	got[1].n_rows = LIMIT;
	check_equal(node, &got[0], &got[1], true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    EXEC_TEST(test_filter), EXEC_TEST(test_extend),     EXEC_TEST(test_project), EXEC_TEST(test_distinct),
	    EXEC_TEST(test_slice),  EXEC_TEST(test_union),      EXEC_TEST(test_group),   EXEC_TEST(test_sorted_group),
	    EXEC_TEST(test_sort),   EXEC_TEST(test_sort_terms), EXEC_TEST(test_top),
	};
	return cmocka_run_group_tests_name("exec shape", tests, NULL, NULL);
}
