/* compile.c - from an expression tree to a tree of steps.
 *
 * Chains of one operator that lean to the left (a + b - c + …, a && b && …) become one step with many
 * arguments, by a loop: their length does not count as depth. A step whose arguments are constants
 * is evaluated at once and becomes a constant, unless each call gives a new value; and what is
 * decided by one constant (false && …, IF(true, …)) is decided here. */
#include "expr/program.h"

#include <stdlib.h>

/* Frames of the recursion are small; a parsed text cannot nest that deep anyway. */
enum { MOST_DEPTH = 1000 };

typedef tt_status (*compile_fn)(tt_program *program, const tt_expr *tree, tt_step *step);

static tt_status compile(tt_program *program, const tt_expr *tree, tt_step **out_step);

static tt_status out_of_memory(const tt_program *program)
{
	return program->eval.ctx->error.status;
}

static bool is_constant(const tt_step *step)
{
	return step->kind == TT_STEP_CONSTANT;
}

static void become_constant(tt_step *step, tt_id value)
{
	step->kind = TT_STEP_CONSTANT;
	step->constant = value;
}

/* COALESCE of one argument is that argument. */
static void become_argument(tt_step *step, tt_step *argument)
{
	if (is_constant(argument)) {
		become_constant(step, argument->constant);
		return;
	}
	step->kind = TT_STEP_COALESCE;
	step->arguments[0] = argument;
	step->n_arguments = 1;
}

static tt_status constant_truth(tt_program *program, const tt_step *step, tt_truth *out_truth)
{
	return tt_effective_boolean(program->eval.terms, step->constant, out_truth);
}

static tt_status make_arguments(tt_program *program, tt_step *step, size_t n)
{
	step->arguments = tt_arena_alloc(&program->arena, n * sizeof(tt_step *));
	step->n_arguments = n;
	return step->arguments ? TT_OK : out_of_memory(program);
}

static tt_status compile_arguments(tt_program *program, const tt_expr *tree, tt_step *step)
{
	TT_TRY(make_arguments(program, step, tree->n_arguments));
	for (size_t i = 0; i < tree->n_arguments; ++i) {
		TT_TRY(compile(program, tree->arguments[i], &step->arguments[i]));
	}
	return TT_OK;
}

static bool has_constant_arguments(const tt_step *step)
{
	for (size_t i = 0; i < step->n_arguments; ++i) {
		if (!is_constant(step->arguments[i])) {
			return false;
		}
	}
	return true;
}

/* Evaluate now what will not change. */
static tt_status fold(tt_program *program, tt_step *step)
{
	tt_id value = TT_UNBOUND;
	if (step->is_fresh || !has_constant_arguments(step)) {
		return TT_OK;
	}
	TT_TRY(tt_step_fold(program, step, &value));
	become_constant(step, value);
	return TT_OK;
}

/* ---- leaves ----------------------------------------------------------------------------------- */

static tt_status compile_variable(tt_program *program, const tt_expr *tree, tt_step *step)
{
	step->kind = TT_STEP_VARIABLE;
	step->column = TT_NO_COLUMN;
	for (size_t i = 0; i < program->n_variables; ++i) {
		if (program->variables[i] == tree->variable) {
			step->column = i;
			return TT_OK;
		}
	}
	if (!program->is_open) {
		become_constant(step, TT_UNBOUND);
	}
	return TT_OK;
}

static tt_status compile_constant(tt_program *program, const tt_expr *tree, tt_step *step)
{
	become_constant(step, TT_UNBOUND);
	return tt_terms_intern(program->eval.terms, &tree->constant, &step->constant);
}

static tt_status compile_exists(tt_program *program, const tt_expr *tree, tt_step *step)
{
	(void)program;
	step->kind = TT_STEP_EXISTS;
	step->operation = tree->kind;
	return TT_OK;
}

/* ---- operators -------------------------------------------------------------------------------- */

/* A chain of && or || as one step. */
static tt_status compile_logic(tt_program *program, const tt_expr *tree, tt_step *step)
{
	size_t n = 1;
	for (const tt_expr *link = tree; link->kind == tree->kind && link->n_arguments; link = link->arguments[0]) {
		n += link->n_arguments - 1;
	}
	TT_TRY(make_arguments(program, step, n));
	const tt_expr *link = tree;
	for (; link->kind == tree->kind && link->n_arguments; link = link->arguments[0]) {
		for (size_t i = link->n_arguments; i-- > 1;) {
			TT_TRY(compile(program, link->arguments[i], &step->arguments[--n]));
		}
	}
	TT_TRY(compile(program, link, &step->arguments[0]));
	step->kind = TT_STEP_LOGIC;
	step->operation = tree->kind;
	const tt_truth winner = tree->kind == TT_EXPR_OR ? TT_TRUE : TT_FALSE;
	for (size_t i = 0; i < step->n_arguments; ++i) {
		tt_truth truth = TT_TRUTH_ERROR;
		if (is_constant(step->arguments[i])) {
			TT_TRY(constant_truth(program, step->arguments[i], &truth));
		}
		if (truth == winner) {
			become_constant(step, tt_value_from_boolean(winner == TT_TRUE));
			return TT_OK;
		}
	}
	return fold(program, step);
}

static tt_status compile_not(tt_program *program, const tt_expr *tree, tt_step *step)
{
	step->kind = TT_STEP_NOT;
	TT_TRY(compile_arguments(program, tree, step));
	return fold(program, step);
}

static tt_status compile_compare(tt_program *program, const tt_expr *tree, tt_step *step)
{
	/* compare(b, a) with the operation turned round, so that a constant is the second operand. */
	static const tt_ast_expr_kind turned[] = {
	    [TT_EXPR_EQ] = TT_EXPR_EQ, [TT_EXPR_NE] = TT_EXPR_NE, [TT_EXPR_LT] = TT_EXPR_GT,
	    [TT_EXPR_GT] = TT_EXPR_LT, [TT_EXPR_LE] = TT_EXPR_GE, [TT_EXPR_GE] = TT_EXPR_LE,
	};
	step->kind = TT_STEP_COMPARE;
	step->operation = tree->kind;
	TT_TRY(compile_arguments(program, tree, step));
	if (is_constant(step->arguments[0]) && !is_constant(step->arguments[1])) {
		tt_step *const first = step->arguments[0];
		step->arguments[0] = step->arguments[1];
		step->arguments[1] = first;
		step->operation = turned[tree->kind];
	}
	return fold(program, step);
}

static int order_ids(const void *a, const void *b)
{
	const tt_id x = *(const tt_id *)a;
	const tt_id y = *(const tt_id *)b;
	return (x > y) - (x < y);
}

static tt_status compile_in(tt_program *program, const tt_expr *tree, tt_step *step)
{
	step->kind = TT_STEP_IN;
	step->operation = tree->kind;
	TT_TRY(compile_arguments(program, tree, step));
	bool are_iris = step->n_arguments > 1;
	for (size_t i = 1; i < step->n_arguments && are_iris; ++i) {
		are_iris = is_constant(step->arguments[i]) &&
		           tt_terms_kind(program->eval.terms, step->arguments[i]->constant) == TT_TERM_IRI;
	}
	if (are_iris) {
		step->n_ids = step->n_arguments - 1;
		step->ids = tt_arena_alloc(&program->arena, step->n_ids * sizeof *step->ids);
		if (!step->ids) {
			return out_of_memory(program);
		}
		for (size_t i = 0; i < step->n_ids; ++i) {
			step->ids[i] = step->arguments[i + 1]->constant;
		}
		qsort(step->ids, step->n_ids, sizeof *step->ids, order_ids);
	}
	return fold(program, step);
}

static bool is_arithmetic(const tt_expr *tree)
{
	return tree->kind >= TT_EXPR_ADD && tree->kind <= TT_EXPR_DIVIDE && tree->n_arguments == 2;
}

/* A chain of + - * / as one step. */
static tt_status compile_arithmetic(tt_program *program, const tt_expr *tree, tt_step *step)
{
	size_t n = 1;
	for (const tt_expr *link = tree; is_arithmetic(link); link = link->arguments[0]) {
		n++;
	}
	TT_TRY(make_arguments(program, step, n));
	step->operations = tt_arena_alloc(&program->arena, n * sizeof *step->operations);
	if (!step->operations) {
		return out_of_memory(program);
	}
	const tt_expr *link = tree;
	for (; is_arithmetic(link); link = link->arguments[0]) {
		step->operations[--n] = link->kind;
		TT_TRY(compile(program, link->arguments[1], &step->arguments[n]));
	}
	TT_TRY(compile(program, link, &step->arguments[0]));
	step->kind = TT_STEP_ARITHMETIC;
	return fold(program, step);
}

static tt_status compile_sign(tt_program *program, const tt_expr *tree, tt_step *step)
{
	step->kind = TT_STEP_SIGN;
	step->operation = tree->kind;
	TT_TRY(compile_arguments(program, tree, step));
	return fold(program, step);
}

/* ---- functions -------------------------------------------------------------------------------- */

static tt_status compile_if(tt_program *program, tt_step *step)
{
	step->kind = TT_STEP_IF;
	if (!is_constant(step->arguments[0])) {
		return TT_OK;
	}
	tt_truth truth = TT_TRUTH_ERROR;
	TT_TRY(constant_truth(program, step->arguments[0], &truth));
	if (truth == TT_TRUTH_ERROR) {
		become_constant(step, TT_UNBOUND);
	} else {
		become_argument(step, step->arguments[truth == TT_TRUE ? 1 : 2]);
	}
	return TT_OK;
}

static tt_status compile_coalesce(tt_program *program, tt_step *step)
{
	(void)program;
	size_t n = 0;
	for (size_t i = 0; i < step->n_arguments; ++i) {
		tt_step *const argument = step->arguments[i];
		if (is_constant(argument) && argument->constant == TT_UNBOUND) {
			continue;
		}
		step->arguments[n++] = argument;
		if (is_constant(argument)) {
			break; /* what follows is never needed */
		}
	}
	step->kind = TT_STEP_COALESCE;
	step->n_arguments = n;
	if (n == 0) {
		become_constant(step, TT_UNBOUND);
	} else if (n == 1) {
		become_argument(step, step->arguments[0]);
	}
	return TT_OK;
}

static tt_status compile_bound(tt_program *program, tt_step *step)
{
	step->kind = TT_STEP_BOUND;
	return fold(program, step);
}

static tt_status compile_call(tt_program *program, tt_step *step, tt_function function)
{
	step->kind = TT_STEP_CALL;
	step->function = function;
	step->views = tt_arena_alloc(&program->arena, step->n_arguments * sizeof *step->views);
	step->values = tt_arena_alloc(&program->arena, step->n_arguments * sizeof *step->values);
	if (!step->views || !step->values) {
		return out_of_memory(program);
	}
	step->next_state = program->stateful;
	program->stateful = step;
	return fold(program, step);
}

static tt_status compile_builtin(tt_program *program, const tt_expr *tree, tt_step *step)
{
	size_t least = 0;
	size_t most = 0;
	tt_builtin_arity(tree->builtin, &least, &most, &step->is_fresh);
	if (tree->n_arguments < least || tree->n_arguments > most) {
		return TT_FAIL_AT_PLACE(program->eval.ctx, TT_SYNTAX, tree->place,
		                        "the function has %zu arguments, not %zu to %zu", tree->n_arguments, least, most);
	}
	TT_TRY(compile_arguments(program, tree, step));
	switch (tree->builtin) {
	case TT_FN_BOUND:
		return compile_bound(program, step);
	case TT_FN_IF:
		return compile_if(program, step);
	case TT_FN_COALESCE:
		return compile_coalesce(program, step);
	default:
		return compile_call(program, step, tt_builtin_function(tree->builtin));
	}
}

static tt_status compile_function(tt_program *program, const tt_expr *tree, tt_step *step)
{
	tt_function function = NULL;
	TT_TRY(tt_function_find(program->eval.ctx, tree, program->eval.env->is_strict, &function, &step->call.parameter));
	TT_TRY(compile_arguments(program, tree, step));
	return compile_call(program, step, function);
}

/* ---- the tree --------------------------------------------------------------------------------- */

static const compile_fn compilers[] = {
    [TT_EXPR_VARIABLE] = compile_variable,
    [TT_EXPR_CONSTANT] = compile_constant,
    [TT_EXPR_OR] = compile_logic,
    [TT_EXPR_AND] = compile_logic,
    [TT_EXPR_NOT] = compile_not,
    [TT_EXPR_EQ] = compile_compare,
    [TT_EXPR_NE] = compile_compare,
    [TT_EXPR_LT] = compile_compare,
    [TT_EXPR_GT] = compile_compare,
    [TT_EXPR_LE] = compile_compare,
    [TT_EXPR_GE] = compile_compare,
    [TT_EXPR_IN] = compile_in,
    [TT_EXPR_NOT_IN] = compile_in,
    [TT_EXPR_ADD] = compile_arithmetic,
    [TT_EXPR_SUBTRACT] = compile_arithmetic,
    [TT_EXPR_MULTIPLY] = compile_arithmetic,
    [TT_EXPR_DIVIDE] = compile_arithmetic,
    [TT_EXPR_PLUS] = compile_sign,
    [TT_EXPR_MINUS] = compile_sign,
    [TT_EXPR_BUILTIN] = compile_builtin,
    [TT_EXPR_FUNCTION] = compile_function,
    [TT_EXPR_AGGREGATE] = NULL,
    [TT_EXPR_EXISTS] = compile_exists,
    [TT_EXPR_NOT_EXISTS] = compile_exists,
};

/* How many arguments an operator has at least: a tree that breaks this is a defect of ours. */
static size_t least_arguments(tt_ast_expr_kind kind)
{
	static const uint8_t least[] = {
	    [TT_EXPR_OR] = 1,       [TT_EXPR_AND] = 1,        [TT_EXPR_NOT] = 1,    [TT_EXPR_EQ] = 2,
	    [TT_EXPR_NE] = 2,       [TT_EXPR_LT] = 2,         [TT_EXPR_GT] = 2,     [TT_EXPR_LE] = 2,
	    [TT_EXPR_GE] = 2,       [TT_EXPR_IN] = 1,         [TT_EXPR_NOT_IN] = 1, [TT_EXPR_ADD] = 2,
	    [TT_EXPR_SUBTRACT] = 2, [TT_EXPR_MULTIPLY] = 2,   [TT_EXPR_DIVIDE] = 2, [TT_EXPR_PLUS] = 1,
	    [TT_EXPR_MINUS] = 1,    [TT_EXPR_NOT_EXISTS] = 0,
	};
	return least[kind];
}

static tt_status compile(tt_program *program, const tt_expr *tree, tt_step **out_step)
{
	tt_ctx *const ctx = program->eval.ctx;
	if ((size_t)tree->kind >= sizeof compilers / sizeof *compilers || !compilers[tree->kind] ||
	    tree->n_arguments < least_arguments(tree->kind)) {
		return TT_FAIL_AT_PLACE(ctx, TT_INTERNAL, tree->place,
		                        "an expression of kind %u with %zu arguments cannot be compiled", (unsigned)tree->kind,
		                        tree->n_arguments);
	}
	tt_step *const step = TT_ARENA_NEW(&program->arena, tt_step);
	if (!step) {
		return out_of_memory(program);
	}
	if (program->n_depth >= MOST_DEPTH) {
		return TT_FAIL_AT_PLACE(ctx, TT_LIMIT, tree->place, "the expression is nested more than %d levels deep",
		                        MOST_DEPTH);
	}
	program->n_depth++;
	step->tree = tree;
	*out_step = step;
	const tt_status status = compilers[tree->kind](program, tree, step);
	program->n_depth--;
	return status;
}

tt_status tt_program_compile(tt_program *program, const tt_expr *tree)
{
	return compile(program, tree, &program->root);
}
