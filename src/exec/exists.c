/* exists.c - expressions of operators, and the answer to EXISTS inside them.
 *
 * The callback of an expression is told only which EXISTS is asked and for which row. So when an expression is
 * compiled, each EXISTS in it is noted together with the columns that hold its parameters; the notes of an execution
 * are found by the address of the expression, which is unique: the planner copies an expression for each place.
 *
 * The inner operators are built once and reset for each row. The last answer is kept: it holds as long as the
 * parameters are the same, its own and those that somebody outside has set (the epoch). If the inner plan reads no
 * parameter at all, it holds for ever. */
#include "exec/op.h"

/** One EXISTS of an open formula. */
struct tt_inner {
	const tt_expr *expr;
	size_t *columns; /* where the row holds each parameter; SIZE_MAX: it does not */
	tt_id *values;   /* those of the last answer */
	tt_id *saved;    /* those outside, while the inner plan runs */
	tt_op *op;       /* built when first asked */
	bool has_answer;
	bool answer;
	uint64_t epoch; /* outside, at the last answer */
};

/* ---- the list of an execution ------------------------------------------------------------------ */

/* Where the note of an expression is, or would be. */
static size_t find_place(const tt_execution *run, const tt_expr *expr)
{
	size_t low = 0;
	size_t high = run->n_inners;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		if ((uintptr_t)run->inners[middle]->expr < (uintptr_t)expr) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

static tt_status register_inner(tt_execution *run, tt_inner *inner)
{
	const size_t place = find_place(run, inner->expr);
	TT_TRY(tt_grow(run->ctx, (void **)&run->inners, &run->inners_capacity, run->n_inners + 1, sizeof *run->inners));
	memmove(run->inners + place + 1, run->inners + place, (run->n_inners - place) * sizeof *run->inners);
	run->inners[place] = inner;
	run->n_inners++;
	return TT_OK;
}

static void forget_inner(tt_execution *run, const tt_inner *inner)
{
	for (size_t i = find_place(run, inner->expr); i < run->n_inners; ++i) {
		if (run->inners[i] == inner) {
			run->n_inners--;
			memmove(run->inners + i, run->inners + i + 1, (run->n_inners - i) * sizeof *run->inners);
			return;
		}
	}
}

/* ---- formulas --------------------------------------------------------------------------------- */

static void free_inner(tt_execution *run, tt_inner *inner)
{
	forget_inner(run, inner);
	tt_op_free(inner->op);
	tt_free(run->ctx, inner->columns);
	tt_free(run->ctx, inner->values);
	tt_free(run->ctx, inner->saved);
	tt_free(run->ctx, inner);
}

static tt_status note_exists(tt_formula *formula, const tt_expr *expr, const tt_var *variables, size_t n_variables)
{
	tt_execution *const run = formula->run;
	const size_t n = expr->n_parameters;
	TT_TRY(tt_grow(run->ctx, (void **)&formula->inners, &formula->capacity, formula->n_inners + 1,
	               sizeof *formula->inners));
	tt_inner *const inner = tt_calloc(run->ctx, 1, sizeof *inner);
	if (!inner) {
		return run->ctx->error.status;
	}
	inner->expr = expr;
	formula->inners[formula->n_inners++] = inner;
	inner->columns = tt_calloc(run->ctx, n, sizeof *inner->columns);
	inner->values = tt_calloc(run->ctx, n, sizeof *inner->values);
	inner->saved = tt_calloc(run->ctx, n, sizeof *inner->saved);
	if (!inner->columns || !inner->values || !inner->saved) {
		return run->ctx->error.status;
	}
	for (size_t i = 0; i < n; ++i) {
		inner->columns[i] = SIZE_MAX;
		for (size_t c = 0; c < n_variables; ++c) {
			if (variables[c] == expr->parameters[i]) {
				inner->columns[i] = c;
			}
		}
	}
	return register_inner(run, inner);
}

static tt_status note_all(tt_formula *formula, const tt_expr *expr, const tt_var *variables, size_t n_variables)
{
	if (expr->plan) {
		TT_TRY(note_exists(formula, expr, variables, n_variables));
	}
	for (size_t i = 0; i < expr->n_arguments; ++i) {
		TT_TRY(note_all(formula, expr->arguments[i], variables, n_variables));
	}
	return TT_OK;
}

tt_status tt_formula_open(tt_formula *formula, tt_execution *run, const tt_expr *expr, const tt_var *variables,
                          size_t n_variables)
{
	*formula = (tt_formula){.run = run};
	TT_TRY(tt_expr_compile(expr, run->env, variables, n_variables, &formula->program));
	return note_all(formula, expr, variables, n_variables);
}

void tt_formula_close(tt_formula *formula)
{
	tt_program_free(formula->program);
	for (size_t i = 0; i < formula->n_inners; ++i) {
		free_inner(formula->run, formula->inners[i]);
	}
	if (formula->run) {
		tt_free(formula->run->ctx, formula->inners);
	}
	*formula = (tt_formula){0};
}

/* ---- the answer ------------------------------------------------------------------------------- */

/* The values of the row; whether they are those of the last answer. */
static bool take_values(tt_inner *inner, const tt_id *const *columns, size_t row)
{
	bool is_same = true;
	for (size_t i = 0; i < inner->expr->n_parameters; ++i) {
		const tt_id value = inner->columns[i] == SIZE_MAX ? TT_UNBOUND : columns[inner->columns[i]][row];
		is_same = is_same && value == inner->values[i];
		inner->values[i] = value;
	}
	return is_same;
}

static tt_status run_inner(tt_execution *run, tt_inner *inner)
{
	if (!inner->op) {
		TT_TRY(tt_op_build(run, inner->expr->plan, &inner->op));
	}
	TT_TRY(tt_op_reset(inner->op));
	TT_TRY(tt_op_next(inner->op));
	inner->answer = inner->op->batch.n_rows > 0;
	return TT_OK;
}

tt_status tt_exists_answer(void *user, const tt_expr *exists, const tt_id *const *columns, size_t row, bool *out_exists)
{
	tt_execution *const run = user;
	const size_t place = find_place(run, exists);
	if (place == run->n_inners || run->inners[place]->expr != exists) {
		return tt_fail(run->ctx, TT_INTERNAL, "an EXISTS has no plan");
	}
	tt_inner *const inner = run->inners[place];
	const bool is_same = take_values(inner, columns, row) && inner->epoch == run->epoch;
	const bool is_constant = inner->op && !inner->op->is_variable;
	if (inner->has_answer && (is_same || is_constant)) {
		*out_exists = inner->answer;
		return TT_OK;
	}
	const size_t n = exists->n_parameters;
	const uint64_t epoch = run->epoch;
	for (size_t i = 0; i < n; ++i) {
		inner->saved[i] = run->parameters[exists->parameters[i]];
		run->parameters[exists->parameters[i]] = inner->values[i];
	}
	run->epoch = ++run->n_epochs;
	inner->has_answer = false;
	const tt_status status = run_inner(run, inner);
	inner->has_answer = status == TT_OK;
	inner->epoch = epoch;
	run->epoch = epoch;
	for (size_t i = 0; i < n; ++i) {
		run->parameters[exists->parameters[i]] = inner->saved[i];
	}
	*out_exists = inner->answer;
	return status;
}
