/* op.c - running operators: batches, the profile, and the execution that exec.h offers. */
#include "exec/op.h"

/* ---- operators -------------------------------------------------------------------------------- */

static tt_status next_profiled(tt_op *op)
{
	tt_profile *const profile = &op->run->profile[op->node->number];
	const int64_t begin = tt_now_ns();
	const tt_status status = op->class->next(op);
	profile->time_ns += tt_now_ns() - begin;
	profile->n_rows += op->batch.n_rows;
	profile->n_batches += op->batch.n_rows > 0;
	return status;
}

tt_status tt_op_next(tt_op *op)
{
	op->batch.n_rows = 0;
	if (op->is_at_end) {
		return TT_OK;
	}
	TT_TRY(tt_ctx_poll(op->run->ctx));
	TT_TRY(op->run->profile ? next_profiled(op) : op->class->next(op));
	op->is_at_end = op->is_at_end || op->batch.n_rows == 0;
	return TT_OK;
}

tt_status tt_op_reset_children(tt_op *op)
{
	for (size_t i = 0; i < op->node->n_children; ++i) {
		if (op->children[i]) {
			TT_TRY(tt_op_reset(op->children[i]));
		}
	}
	return TT_OK;
}

static tt_status reset(tt_op *op)
{
	return op->class->reset ? op->class->reset(op) : tt_op_reset_children(op);
}

tt_status tt_op_reset(tt_op *op)
{
	op->is_at_end = false;
	op->batch.n_rows = 0;
	if (!op->run->profile) {
		return reset(op);
	}
	const int64_t begin = tt_now_ns();
	const tt_status status = reset(op);
	op->run->profile[op->node->number].time_ns += tt_now_ns() - begin;
	return status;
}

/* ---- columns ---------------------------------------------------------------------------------- */

size_t tt_node_find(const tt_node *node, tt_var variable)
{
	for (size_t i = 0; i < node->n_columns; ++i) {
		if (node->columns[i] == variable) {
			return i;
		}
	}
	return SIZE_MAX;
}

tt_status tt_op_own_columns(tt_op *op)
{
	if (!op->memory) {
		size_t n_cells = 0;
		if (!tt_size_multiply(op->batch.n_columns, op->run->n_batch_rows, &n_cells)) {
			return tt_fail(op->run->ctx, TT_NO_MEMORY, "out of memory");
		}
		op->memory = tt_realloc(op->run->ctx, NULL, n_cells, sizeof *op->memory);
		if (!op->memory) {
			return op->run->ctx->error.status;
		}
	}
	for (size_t c = 0; c < op->batch.n_columns; ++c) {
		op->batch.columns[c] = tt_op_own(op, c);
	}
	return TT_OK;
}

void tt_gather(tt_id *restrict out, const tt_id *restrict from, const uint32_t *restrict rows, size_t n_rows)
{
	for (size_t i = 0; i < n_rows; ++i) {
		out[i] = from[rows[i]];
	}
}

tt_status tt_op_select(tt_op *op, const uint32_t *rows, size_t n_rows)
{
	const tt_batch *const from = &op->children[0]->batch;
	op->batch.n_rows = n_rows;
	if (n_rows == from->n_rows) {
		for (size_t c = 0; c < op->batch.n_columns; ++c) {
			op->batch.columns[c] = from->columns[c];
		}
		return TT_OK;
	}
	TT_TRY(tt_op_own_columns(op));
	for (size_t c = 0; c < op->batch.n_columns; ++c) {
		tt_gather(op->batch.columns[c], from->columns[c], rows, n_rows);
	}
	return TT_OK;
}

/* ---- the execution ---------------------------------------------------------------------------- */

static size_t count_columns(const tt_node *node)
{
	size_t n = node->n_columns;
	for (size_t i = 0; i < node->n_children; ++i) {
		n += count_columns(node->children[i]);
	}
	return n;
}

/* Thousands of OPTIONAL have millions of columns between them: then batches are shorter, so that all of them together
 * stay within 64 MB if they can. */
static size_t choose_batch_rows(const tt_plan *plan)
{
	const size_t most_cells = (size_t)64 << 17;
	const size_t n_columns = count_columns(plan->root);
	size_t n_rows = TT_BATCH_ROWS;
	while (n_rows > 16 && n_columns > most_cells / n_rows) {
		n_rows /= 2;
	}
	return n_rows;
}

static tt_status allocate(tt_execution *run, bool is_profiled)
{
	const tt_plan *const plan = run->plan;
	run->n_batch_rows = choose_batch_rows(plan);
	run->parameters = tt_calloc(run->ctx, plan->query->n_variables, sizeof *run->parameters);
	run->unbound = tt_calloc(run->ctx, TT_BATCH_ROWS, sizeof *run->unbound);
	run->result.n_columns = plan->n_columns;
	run->result.columns = tt_calloc(run->ctx, plan->n_columns, sizeof(tt_id *));
	if (!run->parameters || !run->unbound || !run->result.columns) {
		return run->ctx->error.status;
	}
	if (is_profiled) {
		run->profile = tt_calloc(run->ctx, plan->n_nodes, sizeof *run->profile);
		return run->profile ? TT_OK : run->ctx->error.status;
	}
	return TT_OK;
}

tt_status tt_execution_new(const tt_plan *plan, tt_terms *terms, tt_expr_env *env, bool is_profiled,
                           tt_execution **out_execution)
{
	*out_execution = NULL;
	tt_execution *const run = tt_calloc(terms->ctx, 1, sizeof *run);
	if (!run) {
		return terms->ctx->error.status;
	}
	run->plan = plan;
	run->ctx = terms->ctx;
	run->terms = terms;
	run->env = env;
	env->exists = tt_exists_answer;
	env->exists_user = run;
	tt_status status = allocate(run, is_profiled);
	status = status ? status : tt_op_build(run, plan->root, &run->root);
	status = status ? status : tt_op_reset(run->root);
	if (status != TT_OK) {
		tt_execution_free(run);
		return status;
	}
	*out_execution = run;
	return TT_OK;
}

void tt_execution_free(tt_execution *run)
{
	if (run) {
		tt_ctx *const ctx = run->ctx;
		tt_op_free(run->root);
		if (run->env->exists_user == run) {
			run->env->exists = NULL;
			run->env->exists_user = NULL;
		}
		tt_free(ctx, run->inners);
		tt_free(ctx, run->parameters);
		tt_free(ctx, run->unbound);
		tt_free(ctx, run->result.columns);
		tt_free(ctx, run->profile);
		tt_free(ctx, run);
	}
}

static bool is_any(const tt_node *node, bool (*is_so)(const tt_expr *expr))
{
	bool is = node->expr && is_so(node->expr);
	for (size_t i = 0; i < node->n_filters; ++i) {
		is = is || is_so(node->filters[i]);
	}
	return is;
}

/* EXISTS runs a plan of its own, and BNODE(text) remembers what it made. */
bool tt_expr_keeps_ids(const tt_expr *expr)
{
	bool keeps = expr->kind == TT_EXPR_EXISTS || expr->kind == TT_EXPR_NOT_EXISTS ||
	             (expr->kind == TT_EXPR_BUILTIN && expr->builtin == TT_FN_BNODE);
	for (size_t i = 0; i < expr->n_arguments; ++i) {
		keeps = keeps || tt_expr_keeps_ids(expr->arguments[i]);
	}
	return keeps;
}

/* Whether no operator of a tree makes a term that is not there when it is opened. A UNION opens its children while it
 * runs, and with them the constants of their expressions; joins with conditions are left out to be sure. */
static bool computes_nothing(const tt_node *node)
{
	static const bool may_stand[TT_N_NODE_KINDS] = {
	    [TT_NODE_UNIT] = true,      [TT_NODE_EMPTY] = true,       [TT_NODE_SCAN] = true,
	    [TT_NODE_VALUES] = true,    [TT_NODE_MERGE_JOIN] = true,  [TT_NODE_HASH_JOIN] = true,
	    [TT_NODE_MINUS] = true,     [TT_NODE_LOOKUP_JOIN] = true, [TT_NODE_LEFT_JOIN] = true,
	    [TT_NODE_PATH] = true,      [TT_NODE_LEFT_LOOKUP] = true, [TT_NODE_PROJECT] = true,
	    [TT_NODE_SEMI_JOIN] = true, [TT_NODE_FILTER] = true,
	};
	bool is_so = may_stand[node->kind] && !node->expr && !is_any(node, tt_expr_keeps_ids);
	for (size_t i = 0; i < node->n_children && is_so; ++i) {
		is_so = computes_nothing(node->children[i]);
	}
	return is_so;
}

/* At the top only operators that go from batch to batch, below them only those that compute nothing. */
void tt_execution_let_terms_pass(tt_execution *run)
{
	const tt_node *node = run->plan->root;
	bool is_so = true;
	while (is_so && (node->kind == TT_NODE_PROJECT || node->kind == TT_NODE_EXTEND || node->kind == TT_NODE_FILTER ||
	                 node->kind == TT_NODE_SLICE)) {
		is_so = !is_any(node, tt_expr_keeps_ids);
		node = node->children[0];
	}
	run->lets_terms_pass = is_so && computes_nothing(node);
}

tt_status tt_execution_next(tt_execution *run, const tt_batch **out_batch)
{
	tt_batch *const result = &run->result;
	*out_batch = result;
	result->n_rows = 0;
	if (run->lets_terms_pass) {
		tt_terms_pass(run->terms);
	}
	TT_TRY(tt_op_next(run->root));
	for (size_t i = 0; i < result->n_columns; ++i) {
		const size_t column = tt_node_find(run->plan->root, run->plan->columns[i]);
		result->columns[i] = column == SIZE_MAX ? run->unbound : run->root->batch.columns[column];
	}
	result->n_rows = run->root->batch.n_rows;
	return TT_OK;
}

const tt_profile *tt_execution_profile(const tt_execution *run)
{
	return run->profile;
}
