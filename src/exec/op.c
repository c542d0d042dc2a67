/* op.c - building, resetting and asking operators; the execution as a whole; EXISTS. */
#include "exec/op.h"

/* ---- batches ---------------------------------------------------------------------------------- */

tt_status tt_batch_init(tt_ctx *ctx, tt_batch *batch, size_t n_columns)
{
	*batch = (tt_batch){.n_columns = n_columns};
	batch->columns = tt_calloc(ctx, n_columns, sizeof *batch->columns);
	if (!batch->columns) {
		return ctx->error.status;
	}
	for (size_t i = 0; i < n_columns; ++i) {
		batch->columns[i] = tt_calloc(ctx, TT_BATCH_ROWS, sizeof(tt_id));
		if (!batch->columns[i]) {
			return ctx->error.status;
		}
	}
	return TT_OK;
}

void tt_batch_clear(tt_ctx *ctx, tt_batch *batch)
{
	for (size_t i = 0; batch->columns && i < batch->n_columns; ++i) {
		tt_free(ctx, batch->columns[i]);
	}
	tt_free(ctx, batch->columns);
	batch->columns = NULL;
}

size_t tt_find_column(const tt_var *columns, size_t n_columns, tt_var variable)
{
	for (size_t i = 0; i < n_columns; ++i) {
		if (columns[i] == variable) {
			return i;
		}
	}
	return SIZE_MAX;
}

/* ---- operators -------------------------------------------------------------------------------- */

static tt_status allocate_batch(tt_op *op)
{
	if (!op->class->is_borrowing) {
		return tt_batch_init(op->x->ctx, &op->out, op->node->n_columns);
	}
	op->out.n_columns = op->node->n_columns;
	op->out.columns = tt_calloc(op->x->ctx, op->out.n_columns, sizeof *op->out.columns);
	return op->out.columns ? TT_OK : op->x->ctx->error.status;
}

static tt_status fill_op(tt_op *op)
{
	tt_ctx *const ctx = op->x->ctx;
	const tt_node *const node = op->node;
	TT_TRY(allocate_batch(op));
	op->children = tt_calloc(ctx, node->n_children, sizeof *op->children);
	if (!op->children) {
		return ctx->error.status;
	}
	/* A lookup reads its second child itself. */
	const bool is_lookup = node->kind == TT_NODE_LOOKUP_JOIN || node->kind == TT_NODE_LEFT_LOOKUP;
	const size_t n = is_lookup ? 1 : node->n_children;
	for (size_t i = 0; i < n; ++i) {
		TT_TRY(tt_op_new(op->x, node->children[i], &op->children[i]));
		op->n_children = i + 1;
	}
	return op->class->open ? op->class->open(op) : TT_OK;
}

tt_status tt_op_new(tt_execution *x, const tt_node *node, tt_op **out_op)
{
	const tt_op_class *const class = tt_op_classes[node->kind];
	tt_op *const op = tt_calloc(x->ctx, 1, class->n_bytes);
	*out_op = NULL;
	if (!op) {
		return x->ctx->error.status;
	}
	op->class = class;
	op->node = node;
	op->x = x;
	const tt_status status = fill_op(op);
	if (status != TT_OK) {
		tt_op_free(op);
		return status;
	}
	*out_op = op;
	return TT_OK;
}

void tt_op_free(tt_op *op)
{
	if (!op) {
		return;
	}
	if (op->class->close) {
		op->class->close(op);
	}
	for (size_t i = 0; i < op->n_children; ++i) {
		tt_op_free(op->children[i]);
	}
	tt_ctx *const ctx = op->x->ctx;
	tt_free(ctx, op->children);
	if (op->class->is_borrowing) {
		tt_free(ctx, op->out.columns);
	} else {
		tt_batch_clear(ctx, &op->out);
	}
	tt_free(ctx, op);
}

tt_status tt_op_reset(tt_op *op)
{
	for (size_t i = 0; i < op->n_children; ++i) {
		TT_TRY(tt_op_reset(op->children[i]));
	}
	op->is_done = false;
	op->out.n_rows = 0;
	return op->class->reset ? op->class->reset(op) : TT_OK;
}

tt_status tt_op_next(tt_op *op, const tt_batch **out_batch)
{
	*out_batch = &op->out;
	op->out.n_rows = 0;
	if (op->is_done) {
		return TT_OK;
	}
	TT_TRY(tt_ctx_poll(op->x->ctx));
	tt_profile *const profile = op->x->profile ? &op->x->profile[op->node->number] : NULL;
	const int64_t start = profile ? tt_now_ns() : 0;
	TT_TRY(op->class->next(op));
	op->is_done = op->out.n_rows == 0;
	if (profile) {
		profile->n_rows += op->out.n_rows;
		profile->n_batches++;
		profile->time_ns += tt_now_ns() - start;
	}
	return TT_OK;
}

/* ---- expressions ------------------------------------------------------------------------------ */

tt_status tt_op_eval(tt_execution *x, const tt_node *node, tt_program *program, const tt_id *const *columns,
                     size_t n_rows, tt_id *out)
{
	const tt_node *const outer = x->rows_of;
	x->rows_of = node;
	const tt_status status = tt_program_eval(program, columns, n_rows, out);
	x->rows_of = outer;
	return status;
}

tt_status tt_op_filter(tt_execution *x, const tt_node *node, tt_program *program, const tt_id *const *columns,
                       size_t n_rows, uint32_t *out_rows, size_t *out_n_rows)
{
	const tt_node *const outer = x->rows_of;
	x->rows_of = node;
	const tt_status status = tt_program_filter(program, columns, n_rows, out_rows, out_n_rows);
	x->rows_of = outer;
	return status;
}

/** The inner plan of one EXISTS, built when it is first asked. */
typedef struct tt_exists {
	struct tt_exists *next;
	const tt_expr *expr;
	tt_op *op;
} tt_exists;

static tt_status find_exists(tt_execution *x, const tt_expr *expr, tt_exists **out_exists)
{
	for (tt_exists *e = x->exists; e; e = e->next) {
		if (e->expr == expr) {
			*out_exists = e;
			return TT_OK;
		}
	}
	tt_exists *const made = tt_calloc(x->ctx, 1, sizeof *made);
	if (!made) {
		return x->ctx->error.status;
	}
	made->expr = expr;
	made->next = x->exists;
	x->exists = made;
	*out_exists = made;
	return tt_op_new(x, expr->plan, &made->op);
}

static tt_status answer_exists(void *user, const tt_expr *expr, const tt_id *const *columns, size_t row,
                               bool *out_exists)
{
	tt_execution *const x = user;
	tt_exists *exists = NULL;
	TT_TRY(find_exists(x, expr, &exists));
	for (size_t i = 0; i < expr->n_parameters; ++i) {
		const tt_var variable = expr->parameters[i];
		const size_t column = tt_find_column(x->rows_of->columns, x->rows_of->n_columns, variable);
		x->parameters[variable] = column == SIZE_MAX ? TT_UNBOUND : columns[column][row];
	}
	const tt_batch *batch = NULL;
	TT_TRY(tt_op_reset(exists->op));
	TT_TRY(tt_op_next(exists->op, &batch));
	*out_exists = batch->n_rows > 0;
	return TT_OK;
}

/* ---- the execution ---------------------------------------------------------------------------- */

static tt_status start(tt_execution *x, bool is_profiled)
{
	const tt_plan *const plan = x->plan;
	x->parameters = tt_calloc(x->ctx, plan->query->n_variables, sizeof *x->parameters);
	x->profile = is_profiled ? tt_calloc(x->ctx, plan->n_nodes, sizeof *x->profile) : NULL;
	x->out.n_columns = plan->n_columns;
	x->out.columns = tt_calloc(x->ctx, plan->n_columns, sizeof *x->out.columns);
	if (!x->parameters || (is_profiled && !x->profile) || !x->out.columns) {
		return x->ctx->error.status;
	}
	TT_TRY(tt_op_new(x, plan->root, &x->root));
	return tt_op_reset(x->root);
}

tt_status tt_execution_new(const tt_plan *plan, tt_terms *terms, tt_expr_env *env, bool is_profiled,
                           tt_execution **out_execution)
{
	*out_execution = NULL;
	tt_execution *const x = tt_calloc(env->ctx, 1, sizeof *x);
	if (!x) {
		return env->ctx->error.status;
	}
	x->plan = plan;
	x->ctx = env->ctx;
	x->terms = terms;
	x->snapshot = terms->snapshot;
	x->env = env;
	env->exists = answer_exists;
	env->exists_user = x;
	const tt_status status = start(x, is_profiled);
	if (status != TT_OK) {
		tt_execution_free(x);
		return status;
	}
	*out_execution = x;
	return TT_OK;
}

void tt_execution_free(tt_execution *x)
{
	if (!x) {
		return;
	}
	tt_op_free(x->root);
	while (x->exists) {
		tt_exists *const next = x->exists->next;
		tt_op_free(x->exists->op);
		tt_free(x->ctx, x->exists);
		x->exists = next;
	}
	tt_free(x->ctx, x->out.columns);
	tt_free(x->ctx, x->profile);
	tt_free(x->ctx, x->parameters);
	tt_free(x->ctx, x);
}

tt_status tt_execution_next(tt_execution *x, const tt_batch **out_batch)
{
	const tt_batch *batch = NULL;
	*out_batch = &x->out;
	TT_TRY(tt_op_next(x->root, &batch));
	x->out.n_rows = batch->n_rows;
	for (size_t i = 0; i < x->out.n_columns; ++i) {
		const size_t column = tt_find_column(x->root->node->columns, x->root->node->n_columns, x->plan->columns[i]);
		x->out.columns[i] = batch->columns[column];
	}
	return TT_OK;
}

const tt_profile *tt_execution_profile(const tt_execution *x)
{
	return x->profile;
}
