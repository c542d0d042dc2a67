/* test_exec_limits.c - deadline, cancel, budget and failing allocations stop every operator, and nothing is lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "exec_model.h"

/* Work for a long time that delivers nothing: a product of which a filter leaves no row. */
static tt_node *filtered_product(void)
{
	const tt_var columns[] = {0, 1};
	tt_node *const left = random_values(columns, 1, 30000, 5, false);
	tt_node *const right = random_values(columns + 1, 1, 30000, 5, false);
	tt_node *const node = like_child(TT_NODE_FILTER, join_node(TT_NODE_HASH_JOIN, left, right));
	node->filters = make(1, sizeof(tt_expr *));
	node->filters[node->n_filters++] = new_expr(TT_EXPR_LT, variable_expr(0), number_expr(0));
	return node;
}

/* The same by pairs that all have to be tested and all fail: one variable is unbound on the left, the other differs. */
static tt_node *failing_pairs(tt_node_kind kind)
{
	enum { N_ROWS = 30000 };
	const tt_var columns[] = {0, 1};
	tt_node *const sides[2] = {random_values(columns, 2, N_ROWS, 5, false),
	                           random_values(columns, 2, N_ROWS, 5, false)};
	for (size_t row = 0; row < N_ROWS; ++row) {
		((tt_id *)(uintptr_t)sides[0]->cells)[row * 2] = TT_UNBOUND;
		((tt_id *)(uintptr_t)sides[0]->cells)[row * 2 + 1] = integer(7);
	}
	for (size_t c = 0; c < 2; ++c) {
		sides[0]->may_be_unbound[c] = true;
	}
	return join_node(kind, sides[0], sides[1]);
}

static void test_timeout(void)
{
	tt_node *const roots[] = {filtered_product(), failing_pairs(TT_NODE_HASH_JOIN), failing_pairs(TT_NODE_SEMI_JOIN)};
	for (size_t i = 0; i < sizeof roots / sizeof *roots; ++i) {
		tt_execution *run = NULL;
		const tt_batch *batch = NULL;
		const tt_plan plan = plan_of(roots[i]);
		OK(tt_execution_new(&plan, &terms, &env, false, &run));
		tt_ctx_set_timeout(&ctx, 0.02);
		CHECK(tt_execution_next(run, &batch) == TT_TIMEOUT);
		ctx.deadline_ns = 0;
		tt_execution_free(run);
	}
}

static void test_cancel(void)
{
	static volatile sig_atomic_t is_cancelled;
	tt_execution *run = NULL;
	const tt_batch *batch = NULL;
	const tt_plan plan = plan_of(filtered_product());
	is_cancelled = 1;
	OK(tt_execution_new(&plan, &terms, &env, false, &run));
	ctx.cancel = &is_cancelled;
	CHECK(tt_execution_next(run, &batch) == TT_CANCELLED);
	tt_execution_free(run);
}

/* Each operator that holds rows stops at the budget and gives everything back. */
static void test_budget(void)
{
	const tt_var columns[] = {0, 1};
	const tt_var others[] = {1, 2};
	for (unsigned i = 0; i < 4; ++i) {
		tt_node *const values = random_values(columns, 2, 60000, 1000000, false);
		tt_node *node = NULL;
		if (i == 0) {
			node = join_node(TT_NODE_HASH_JOIN, random_values(others, 2, 10, 10, false), values);
		} else if (i == 1) {
			node = like_child(TT_NODE_DISTINCT, values);
		} else if (i == 2) {
			node = new_node(TT_NODE_GROUP, values, NULL);
			node->keys[node->n_keys++] = 0;
			add_column(node, 0, false);
		} else {
			node = random_order(values);
		}
		tt_execution *run = NULL;
		const tt_batch *batch = NULL;
		const tt_plan plan = plan_of(node);
		const size_t n_bytes_before = ctx.n_bytes_used;
		OK(tt_execution_new(&plan, &terms, &env, false, &run));
		ctx.n_bytes_budget = ctx.n_bytes_used + 500000;
		tt_status status = TT_OK;
		do {
			status = tt_execution_next(run, &batch);
		} while (status == TT_OK && batch->n_rows);
		CHECK(status == TT_LIMIT);
		ctx.n_bytes_budget = 0;
		tt_execution_free(run);
		CHECK(ctx.n_bytes_used == n_bytes_before);
		forget_plans();
	}
}

/* Let each allocation of a run fail in turn: a status, no leak. Without fault injection it just runs. */
static void test_failing_allocations(void)
{
	for (unsigned kind = 0; kind < 6; ++kind) {
		tt_node *const values = random_table(0, 3, 50, 6);
		tt_node *const lookup = random_lookup(TT_NODE_LEFT_LOOKUP, 20);
		tt_node *const path = random_path_node();
		set_path_ends(path, variable_slot(0), variable_slot(1));
		tt_node *const roots[] = {random_group(random_filter(values)),
		                          random_order(values),
		                          lookup,
		                          path,
		                          like_child(TT_NODE_DISTINCT, join_node(TT_NODE_LEFT_JOIN, values, values)),
		                          join_node(TT_NODE_MINUS, values, random_table(1, 2, 20, 6))};
		tt_node *const root = roots[kind];
		const tt_plan plan = plan_of(root);
		const size_t n_bytes_before = ctx.n_bytes_used;
		bool is_done = false;
		for (unsigned long n = 1; !is_done; ++n) {
			tt_execution *run = NULL;
			const tt_batch *batch = NULL;
			const bool is_injected = tt_mem_fail_nth(n);
			tt_status status = tt_execution_new(&plan, &terms, &env, false, &run);
			do {
				status = status ? status : tt_execution_next(run, &batch);
			} while (status == TT_OK && batch->n_rows);
			CHECK(status == TT_OK || status == TT_NO_MEMORY);
			is_done = status == TT_OK || !is_injected;
			(void)tt_mem_fail_nth(0);
			tt_execution_free(run);
			CHECK(ctx.n_bytes_used <= n_bytes_before + 4096);
		}
		forget_plans();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    EXEC_TEST(test_timeout),
	    EXEC_TEST(test_cancel),
	    EXEC_TEST(test_budget),
	    EXEC_TEST(test_failing_allocations),
	};
	return cmocka_run_group_tests_name("exec limits", tests, NULL, NULL);
}
