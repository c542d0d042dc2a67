/* pairs.c - test pairs and make rows of them. */
#include "exec/pairs.h"

/* ---- life ------------------------------------------------------------------------------------- */

static tt_status fill_shared(tt_joiner *joiner, bool is_tested)
{
	const tt_node *const node = joiner->op->node;
	joiner->shared = tt_calloc(joiner->op->run->ctx, node->n_keys + node->n_checks, sizeof *joiner->shared);
	if (!joiner->shared) {
		return joiner->op->run->ctx->error.status;
	}
	for (size_t i = 0; i < node->n_keys + node->n_checks; ++i) {
		const bool is_key = i < node->n_keys;
		const tt_var variable = is_key ? node->keys[i] : node->checks[i - node->n_keys];
		const tt_shared shared = {tt_node_find(node->children[0], variable), tt_node_find(node->children[1], variable),
		                          !is_key};
		if (shared.left == SIZE_MAX || shared.right == SIZE_MAX) {
			return tt_fail(joiner->op->run->ctx, TT_INTERNAL, "a join goes by a variable that a side has not");
		}
		if (!is_key || is_tested) {
			joiner->shared[joiner->n_shared++] = shared;
		}
	}
	return TT_OK;
}

/* Where a column of the joined row comes from. Of what the left side surely binds its value will do. */
static tt_source find_source(const tt_node *node, tt_var variable)
{
	tt_source source = {tt_node_find(node->children[0], variable), tt_node_find(node->children[1], variable)};
	if (source.left != SIZE_MAX && !node->children[0]->may_be_unbound[source.left]) {
		source.right = SIZE_MAX;
	}
	return source;
}

/* The condition sees the joined row; only columns that it mentions are made. */
static tt_status open_condition(tt_joiner *joiner)
{
	tt_execution *const run = joiner->op->run;
	const tt_node *const node = joiner->op->node;
	size_t n_most = node->children[0]->n_columns + node->children[1]->n_columns;
	tt_var *const variables = tt_calloc(run->ctx, n_most, sizeof *variables);
	joiner->condition_sources = tt_calloc(run->ctx, n_most, sizeof *joiner->condition_sources);
	joiner->condition_columns = tt_calloc(run->ctx, n_most, sizeof(tt_id *));
	tt_status status = TT_OK;
	if (!variables || !joiner->condition_sources || !joiner->condition_columns) {
		status = run->ctx->error.status;
		goto done;
	}
	size_t n = 0;
	for (size_t side = 0; side < 2; ++side) {
		const tt_node *const child = node->children[side];
		for (size_t c = 0; c < child->n_columns; ++c) {
			const tt_var variable = child->columns[c];
			const bool is_new = side == 0 || tt_node_find(node->children[0], variable) == SIZE_MAX;
			if (is_new && tt_expr_has_variable(node->expr, variable)) {
				joiner->condition_sources[n] = find_source(node, variable);
				variables[n++] = variable;
			}
		}
	}
	joiner->n_condition_columns = n;
	joiner->condition_memory = tt_calloc(run->ctx, n * run->n_batch_rows, sizeof(tt_id));
	if (!joiner->condition_memory) {
		status = run->ctx->error.status;
		goto done;
	}
	joiner->has_condition = true;
	status = tt_formula_open(&joiner->condition, run, node->expr, variables, n);
done:
	tt_free(run->ctx, variables);
	return status;
}

tt_status tt_joiner_open(tt_joiner *joiner, tt_op *op, bool is_left_join, bool is_tested)
{
	const tt_node *const node = op->node;
	joiner->op = op;
	joiner->is_left_join = is_left_join;
	TT_TRY(fill_shared(joiner, is_tested));
	joiner->sources = tt_calloc(op->run->ctx, node->n_columns, sizeof *joiner->sources);
	if (!joiner->sources) {
		return op->run->ctx->error.status;
	}
	for (size_t c = 0; c < node->n_columns; ++c) {
		joiner->sources[c] = find_source(node, node->columns[c]);
	}
	return is_left_join && node->expr ? open_condition(joiner) : TT_OK;
}

void tt_joiner_close(tt_joiner *joiner)
{
	if (joiner->op) {
		tt_ctx *const ctx = joiner->op->run->ctx;
		tt_free(ctx, joiner->shared);
		tt_free(ctx, joiner->sources);
		tt_formula_close(&joiner->condition);
		tt_free(ctx, joiner->condition_sources);
		tt_free(ctx, joiner->condition_memory);
		tt_free(ctx, joiner->condition_columns);
	}
}

void tt_joiner_trust(tt_joiner *joiner, tt_var variable)
{
	const size_t column = tt_node_find(joiner->op->node->children[0], variable);
	size_t n = 0;
	for (size_t i = 0; i < joiner->n_shared; ++i) {
		if (joiner->shared[i].left != column || joiner->shared[i].may_be_unbound) {
			joiner->shared[n++] = joiner->shared[i];
		}
	}
	joiner->n_shared = n;
}

void tt_joiner_begin(tt_joiner *joiner)
{
	memset(joiner->is_matched, 0, sizeof joiner->is_matched);
}

/* ---- tests ------------------------------------------------------------------------------------ */

static inline bool is_match(tt_id left, tt_id right, bool may_be_unbound)
{
	return left == right || (may_be_unbound && (left == TT_UNBOUND || right == TT_UNBOUND));
}

/* Test one shared variable. */
static size_t test_shared(tt_pairs *pairs, const tt_shared *shared, const tt_id *left, const tt_id *right, size_t step)
{
	const bool may_be_unbound = shared->may_be_unbound;
	size_t n = 0;
	for (size_t i = 0; i < pairs->n; ++i) {
		const uint32_t l = pairs->left[i];
		const uint32_t r = pairs->right[i];
		pairs->left[n] = l;
		pairs->right[n] = r;
		n += r == TT_NO_PARTNER || is_match(left[l], right[r * step], may_be_unbound);
	}
	return n;
}

void tt_joiner_test(tt_joiner *joiner, const tt_batch *left, const tt_right *right)
{
	for (size_t i = 0; i < joiner->n_shared; ++i) {
		const tt_shared *const shared = &joiner->shared[i];
		joiner->pairs.n = test_shared(&joiner->pairs, shared, left->columns[shared->left],
		                              right->columns[shared->right], right->step);
	}
}

/* ---- columns ---------------------------------------------------------------------------------- */

static void gather_right(tt_id *restrict out, const tt_id *restrict from, size_t step, const uint32_t *restrict rows,
                         size_t n)
{
	for (size_t i = 0; i < n; ++i) {
		out[i] = from[rows[i] * step];
	}
}

/* Where a left join has rows without partner. */
static void gather_perhaps(tt_id *out, const tt_id *from, size_t step, const uint32_t *rows, size_t n)
{
	for (size_t i = 0; i < n; ++i) {
		out[i] = rows[i] == TT_NO_PARTNER ? TT_UNBOUND : from[rows[i] * step];
	}
}

static void gather_unbound(tt_id *out, const tt_id *from, size_t step, const uint32_t *rows, size_t n)
{
	for (size_t i = 0; i < n; ++i) {
		if (out[i] == TT_UNBOUND && rows[i] != TT_NO_PARTNER) {
			out[i] = from[rows[i] * step];
		}
	}
}

/* The value of a column in each of some pairs. */
static void gather_pairs(const tt_joiner *joiner, const tt_source *source, const tt_pairs *pairs, const tt_batch *left,
                         const tt_right *right, tt_id *out)
{
	const bool has_left = source->left != SIZE_MAX;
	const tt_id *const from = source->right == SIZE_MAX ? NULL : right->columns[source->right];
	if (has_left) {
		tt_gather(out, left->columns[source->left], pairs->left, pairs->n);
	}
	if (has_left && from) {
		gather_unbound(out, from, right->step, pairs->right, pairs->n);
	} else if (from && joiner->is_left_join) {
		gather_perhaps(out, from, right->step, pairs->right, pairs->n);
	} else if (from) {
		gather_right(out, from, right->step, pairs->right, pairs->n);
	} else if (!has_left) {
		memset(out, 0, pairs->n * sizeof *out);
	}
}

/* ---- conditions ------------------------------------------------------------------------------- */

/* Drop the pairs for which the condition does not hold; ends stay. */
static tt_status test_condition(tt_joiner *joiner, const tt_batch *left, const tt_right *right)
{
	tt_pairs *const pairs = &joiner->pairs;
	tt_pairs *const real = &joiner->real_pairs;
	size_t n_passed = 0;
	real->n = 0;
	for (uint32_t i = 0; i < pairs->n; ++i) {
		if (pairs->right[i] != TT_NO_PARTNER) {
			joiner->real[real->n] = i;
			real->left[real->n] = pairs->left[i];
			real->right[real->n++] = pairs->right[i];
		}
	}
	if (real->n == 0) {
		return TT_OK;
	}
	for (size_t c = 0; c < joiner->n_condition_columns; ++c) {
		tt_id *const column = joiner->condition_memory + c * joiner->op->run->n_batch_rows;
		gather_pairs(joiner, &joiner->condition_sources[c], real, left, right, column);
		joiner->condition_columns[c] = column;
	}
	TT_TRY(tt_program_filter(joiner->condition.program, joiner->condition_columns, real->n, joiner->passed, &n_passed));
	size_t n = 0;
	size_t next = 0;
	for (uint32_t i = 0; i < pairs->n; ++i) {
		const bool is_real = pairs->right[i] != TT_NO_PARTNER;
		const bool has_passed = is_real && next < n_passed && joiner->real[joiner->passed[next]] == i;
		next += has_passed;
		pairs->left[n] = pairs->left[i];
		pairs->right[n] = pairs->right[i];
		n += !is_real || has_passed;
	}
	pairs->n = n;
	return TT_OK;
}

/* An end remains only if no pair of its left row has passed. */
static void settle_ends(tt_joiner *joiner)
{
	tt_pairs *const pairs = &joiner->pairs;
	size_t n = 0;
	for (size_t i = 0; i < pairs->n; ++i) {
		const uint32_t l = pairs->left[i];
		const uint32_t r = pairs->right[i];
		const bool is_kept = r != TT_NO_PARTNER || !joiner->is_matched[l];
		joiner->is_matched[l] = 1;
		pairs->left[n] = l;
		pairs->right[n] = r;
		n += is_kept;
	}
	pairs->n = n;
}

tt_status tt_joiner_deliver(tt_joiner *joiner, const tt_batch *left, const tt_right *right)
{
	tt_op *const op = joiner->op;
	tt_joiner_test(joiner, left, right);
	if (joiner->has_condition) {
		TT_TRY(test_condition(joiner, left, right));
	}
	if (joiner->is_left_join) {
		settle_ends(joiner);
	}
	op->batch.n_rows = joiner->pairs.n;
	if (joiner->pairs.n == 0) {
		return tt_ctx_poll(op->run->ctx);
	}
	TT_TRY(tt_op_own_columns(op));
	for (size_t c = 0; c < op->batch.n_columns; ++c) {
		gather_pairs(joiner, &joiner->sources[c], &joiner->pairs, left, right, op->batch.columns[c]);
	}
	return TT_OK;
}
