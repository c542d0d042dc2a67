/* expr.c - run a compiled expression over columns of ids.
 *
 * A step is evaluated for a list of rows at once, its arguments first, each as a column; so what must
 * be decided about a step is decided once for a thousand rows. Steps that give truth values (AND, =,
 * IN …) give a column of bytes instead of ids, and the truth values true, false and error pass between
 * them without becoming terms.
 *
 * Where an argument is needed for some rows only (the second of &&, a branch of IF) it is evaluated for
 * a sub-list of rows and its values are scattered back. So nothing is evaluated for a row that does not
 * need it, EXISTS least of all, and a row's error cannot disturb another.
 *
 * Spare columns are a stack of blocks of one size: a step takes what it needs and the caller cuts the
 * stack back. Ids that a step makes are transient (eval.h) until the whole expression is done. */
#include "expr/program.h"

#include <stdlib.h>

typedef struct step_kind {
	/* One of the two. */
	tt_status (*evaluate)(tt_program *program, tt_step *step, const tt_rows *rows, tt_id *buffer,
	                      tt_column_view *out_view);
	tt_status (*decide)(tt_program *program, tt_step *step, const tt_rows *rows, uint8_t *out);
} step_kind;

static const step_kind kinds[TT_N_STEP_KINDS];

static tt_status decide(tt_program *program, tt_step *step, const tt_rows *rows, uint8_t *out);

static inline size_t row_at(const tt_rows *rows, size_t i)
{
	return rows->rows ? rows->rows[i] : i;
}

static inline tt_id value_at(const tt_column_view *view, size_t i)
{
	return view->ids[i * view->step];
}

/* ---- spare columns and sub-lists of rows ------------------------------------------------------ */

static tt_status take_block(tt_program *program, void **out_block)
{
	tt_ctx *const ctx = program->eval.ctx;
	if (program->n_blocks_taken == program->n_blocks) {
		TT_TRY(tt_grow(ctx, (void **)&program->blocks, &program->blocks_capacity, program->n_blocks + 1,
		               sizeof *program->blocks));
		void *const block = tt_alloc(ctx, TT_EXPR_ROWS * sizeof(tt_id));
		if (!block) {
			return ctx->error.status ? ctx->error.status : TT_NO_MEMORY;
		}
		program->blocks[program->n_blocks++] = block;
	}
	*out_block = program->blocks[program->n_blocks_taken++];
	return TT_OK;
}

static tt_status take_column(tt_program *program, tt_id **out_column)
{
	void *block = NULL;
	TT_TRY(take_block(program, &block));
	*out_column = block;
	return TT_OK;
}

static tt_status take_truths(tt_program *program, uint8_t **out_truths)
{
	void *block = NULL;
	TT_TRY(take_block(program, &block));
	*out_truths = block;
	return TT_OK;
}

/* Some of a list of rows. */
typedef struct subset {
	uint32_t *positions; /* in the list */
	uint32_t *chosen;    /* the rows themselves */
	tt_rows rows;        /* as a list */
} subset;

static tt_status take_subset(tt_program *program, subset *out)
{
	void *block = NULL;
	TT_TRY(take_block(program, &block));
	out->positions = block;
	out->chosen = out->positions + TT_EXPR_ROWS;
	return TT_OK;
}

/* Choose the rows whose truth is one of @p wanted (bits 1 << truth). */
static void choose(subset *some, const tt_rows *rows, const uint8_t *truths, unsigned wanted)
{
	size_t n = 0;
	for (size_t i = 0; i < rows->n; ++i) {
		some->positions[n] = (uint32_t)i;
		some->chosen[n] = (uint32_t)row_at(rows, i);
		n += wanted >> truths[i] & 1;
	}
	some->rows = (tt_rows){some->chosen, n};
}

static void choose_unbound(subset *some, const tt_rows *rows, const tt_id *values)
{
	size_t n = 0;
	for (size_t i = 0; i < rows->n; ++i) {
		some->positions[n] = (uint32_t)i;
		some->chosen[n] = (uint32_t)row_at(rows, i);
		n += values[i] == TT_UNBOUND;
	}
	some->rows = (tt_rows){some->chosen, n};
}

/* Evaluate for the chosen rows and put the values into their places. */
static tt_status evaluate_subset(tt_program *program, tt_step *step, const subset *some, tt_id *out)
{
	const size_t mark = program->n_blocks_taken;
	tt_id *buffer = NULL;
	tt_column_view view;
	TT_TRY(take_column(program, &buffer));
	TT_TRY(tt_step_evaluate(program, step, &some->rows, buffer, &view));
	for (size_t i = 0; i < some->rows.n; ++i) {
		out[some->positions[i]] = value_at(&view, i);
	}
	program->n_blocks_taken = mark;
	return TT_OK;
}

/* ---- values and truths ------------------------------------------------------------------------ */

static tt_status boolean_of(tt_eval *eval, tt_id id, uint8_t *out)
{
	tt_truth truth = TT_TRUTH_ERROR;
	if (tt_id_is_transient(id)) {
		tt_datum datum;
		TT_TRY(tt_eval_datum(eval, id, &datum));
		truth = tt_datum_boolean(&datum);
		tt_datum_clear(&datum);
	} else {
		TT_TRY(tt_effective_boolean(eval->terms, id, &truth));
	}
	*out = (uint8_t)truth;
	return TT_OK;
}

tt_status tt_step_evaluate(tt_program *program, tt_step *step, const tt_rows *rows, tt_id *buffer,
                           tt_column_view *out_view)
{
	const step_kind *const kind = &kinds[step->kind];
	if (kind->evaluate) {
		return kind->evaluate(program, step, rows, buffer, out_view);
	}
	static const tt_id ids[] = {
	    [TT_FALSE] = (tt_id)TT_KIND_BOOLEAN << 60,
	    [TT_TRUE] = (tt_id)TT_KIND_BOOLEAN << 60 | 1,
	    [TT_TRUTH_ERROR] = TT_UNBOUND,
	};
	const size_t mark = program->n_blocks_taken;
	uint8_t *truths = NULL;
	TT_TRY(take_truths(program, &truths));
	TT_TRY(kind->decide(program, step, rows, truths));
	for (size_t i = 0; i < rows->n; ++i) {
		buffer[i] = ids[truths[i]];
	}
	*out_view = (tt_column_view){buffer, 1};
	program->n_blocks_taken = mark;
	return TT_OK;
}

static tt_status decide(tt_program *program, tt_step *step, const tt_rows *rows, uint8_t *out)
{
	const step_kind *const kind = &kinds[step->kind];
	if (kind->decide) {
		return kind->decide(program, step, rows, out);
	}
	const size_t mark = program->n_blocks_taken;
	tt_id *buffer = NULL;
	tt_column_view view;
	TT_TRY(take_column(program, &buffer));
	TT_TRY(kind->evaluate(program, step, rows, buffer, &view));
	for (size_t i = 0; i < rows->n; ++i) {
		TT_TRY(boolean_of(&program->eval, value_at(&view, i), &out[i]));
	}
	program->n_blocks_taken = mark;
	return TT_OK;
}

static tt_status evaluate_constant(tt_program *program, tt_step *step, const tt_rows *rows, tt_id *buffer,
                                   tt_column_view *out_view)
{
	(void)program, (void)rows, (void)buffer;
	*out_view = (tt_column_view){&step->constant, 0};
	return TT_OK;
}

static tt_status evaluate_variable(tt_program *program, tt_step *step, const tt_rows *rows, tt_id *buffer,
                                   tt_column_view *out_view)
{
	static const tt_id unbound = TT_UNBOUND;
	if (step->column == TT_NO_COLUMN) {
		*out_view = (tt_column_view){&unbound, 0};
		return TT_OK;
	}
	const tt_id *const column = program->columns[step->column] + program->base;
	*out_view = (tt_column_view){rows->rows ? buffer : column, 1};
	for (size_t i = 0; rows->rows && i < rows->n; ++i) {
		buffer[i] = column[rows->rows[i]];
	}
	return TT_OK;
}

static tt_status decide_bound(tt_program *program, tt_step *step, const tt_rows *rows, uint8_t *out)
{
	const size_t mark = program->n_blocks_taken;
	tt_id *buffer = NULL;
	tt_column_view view;
	TT_TRY(take_column(program, &buffer));
	TT_TRY(tt_step_evaluate(program, step->arguments[0], rows, buffer, &view));
	for (size_t i = 0; i < rows->n; ++i) {
		out[i] = value_at(&view, i) != TT_UNBOUND;
	}
	program->n_blocks_taken = mark;
	return TT_OK;
}

/* ---- logic (§17.2) ---------------------------------------------------------------------------- */

static void negate(uint8_t *truths, size_t n)
{
	static const uint8_t negated[] = {[TT_FALSE] = TT_TRUE, [TT_TRUE] = TT_FALSE, [TT_TRUTH_ERROR] = TT_TRUTH_ERROR};
	for (size_t i = 0; i < n; ++i) {
		truths[i] = negated[truths[i]];
	}
}

static tt_status decide_not(tt_program *program, tt_step *step, const tt_rows *rows, uint8_t *out)
{
	TT_TRY(decide(program, step->arguments[0], rows, out));
	negate(out, rows->n);
	return TT_OK;
}

/* OR: true wins, then an error, then false; AND: false wins, then an error, then true. */
static tt_status decide_logic(tt_program *program, tt_step *step, const tt_rows *rows, uint8_t *out)
{
	const size_t mark = program->n_blocks_taken;
	const uint8_t winner = step->operation == TT_EXPR_OR ? TT_TRUE : TT_FALSE;
	const unsigned undecided = (1u << TT_FALSE | 1u << TT_TRUE | 1u << TT_TRUTH_ERROR) & ~(1u << winner);
	subset some;
	uint8_t *truths = NULL;
	TT_TRY(decide(program, step->arguments[0], rows, out));
	TT_TRY(take_subset(program, &some));
	TT_TRY(take_truths(program, &truths));
	for (size_t k = 1; k < step->n_arguments; ++k) {
		choose(&some, rows, out, undecided);
		if (some.rows.n == 0) {
			break;
		}
		TT_TRY(decide(program, step->arguments[k], &some.rows, truths));
		for (size_t i = 0; i < some.rows.n; ++i) {
			uint8_t *const so_far = &out[some.positions[i]];
			if (truths[i] == winner || *so_far != TT_TRUTH_ERROR) {
				*so_far = truths[i];
			}
		}
	}
	program->n_blocks_taken = mark;
	return TT_OK;
}

static tt_status evaluate_if(tt_program *program, tt_step *step, const tt_rows *rows, tt_id *buffer,
                             tt_column_view *out_view)
{
	const size_t mark = program->n_blocks_taken;
	static const tt_truth branches[] = {TT_TRUE, TT_FALSE};
	subset some;
	uint8_t *truths = NULL;
	TT_TRY(take_truths(program, &truths));
	TT_TRY(take_subset(program, &some));
	TT_TRY(decide(program, step->arguments[0], rows, truths));
	memset(buffer, 0, rows->n * sizeof *buffer);
	for (size_t k = 0; k < 2; ++k) {
		choose(&some, rows, truths, 1u << branches[k]);
		if (some.rows.n) {
			TT_TRY(evaluate_subset(program, step->arguments[k + 1], &some, buffer));
		}
	}
	*out_view = (tt_column_view){buffer, 1};
	program->n_blocks_taken = mark;
	return TT_OK;
}

static tt_status evaluate_coalesce(tt_program *program, tt_step *step, const tt_rows *rows, tt_id *buffer,
                                   tt_column_view *out_view)
{
	const size_t mark = program->n_blocks_taken;
	subset some;
	TT_TRY(take_subset(program, &some));
	memset(buffer, 0, rows->n * sizeof *buffer);
	for (size_t k = 0; k < step->n_arguments; ++k) {
		choose_unbound(&some, rows, buffer);
		if (some.rows.n == 0) {
			break;
		}
		TT_TRY(evaluate_subset(program, step->arguments[k], &some, buffer));
	}
	*out_view = (tt_column_view){buffer, 1};
	program->n_blocks_taken = mark;
	return TT_OK;
}

static tt_status decide_exists(tt_program *program, tt_step *step, const tt_rows *rows, uint8_t *out)
{
	tt_expr_env *const env = program->eval.env;
	if (!env->exists) {
		return TT_FAIL_AT_PLACE(env->ctx, TT_UNSUPPORTED, step->tree->place, "EXISTS cannot be evaluated here");
	}
	for (size_t i = 0; i < rows->n; ++i) {
		bool is_there = false;
		TT_TRY(env->exists(env->exists_user, step->tree, program->columns, program->base + row_at(rows, i), &is_there));
		out[i] = is_there == (step->operation == TT_EXPR_EXISTS);
	}
	return TT_OK;
}

/* ---- comparison (§17.3) ----------------------------------------------------------------------- */

/* Compares many values with one operation. The value of a constant is decoded once. */
typedef struct comparison {
	tt_eval *eval;
	tt_ast_expr_kind operation;
	bool is_strict;
	bool has_constant; /* of the second operand */
	tt_datum constant;
} comparison;

static tt_status begin_comparison(tt_eval *eval, tt_ast_expr_kind operation, const tt_column_view *second,
                                  comparison *out)
{
	*out = (comparison){.eval = eval, .operation = operation, .is_strict = eval->env->is_strict};
	if (second->step == 0) {
		TT_TRY(tt_eval_datum(eval, second->ids[0], &out->constant));
		out->has_constant = true;
	}
	return TT_OK;
}

static void end_comparison(comparison *self)
{
	if (self->has_constant) {
		tt_datum_clear(&self->constant);
	}
}

static uint8_t compare_datums(const comparison *self, const tt_datum *x, const tt_datum *y, bool is_same)
{
	uint8_t truth = 0;
	switch (self->operation) {
	case TT_EXPR_EQ:
		return (uint8_t)tt_datum_equal(x, y, is_same, self->is_strict);
	case TT_EXPR_NE:
		truth = (uint8_t)tt_datum_equal(x, y, is_same, self->is_strict);
		negate(&truth, 1);
		return truth;
	case TT_EXPR_LT:
		return (uint8_t)tt_datum_less(x, y, false, self->is_strict);
	case TT_EXPR_LE:
		return (uint8_t)tt_datum_less(x, y, true, self->is_strict);
	case TT_EXPR_GT:
		return (uint8_t)tt_datum_less(y, x, false, self->is_strict);
	default:
		return (uint8_t)tt_datum_less(y, x, true, self->is_strict);
	}
}

static uint8_t compare_numbers(tt_ast_expr_kind operation, tt_id a, tt_id b)
{
	switch (operation) {
	case TT_EXPR_EQ:
		return a == b;
	case TT_EXPR_NE:
		return a != b;
	case TT_EXPR_LT:
		return a < b;
	case TT_EXPR_LE:
		return a <= b;
	case TT_EXPR_GT:
		return a > b;
	default:
		return a >= b;
	}
}

/* What the ids tell: integers sort as their ids; an IRI of the dictionary is equal to nothing but itself. */
static inline bool compare_ids(tt_ast_expr_kind operation, tt_id a, tt_id b, uint8_t *out)
{
	const tt_kind x = tt_id_kind(a);
	const tt_kind y = tt_id_kind(b);
	if (x == TT_KIND_INTEGER && y == TT_KIND_INTEGER) {
		*out = compare_numbers(operation, a, b);
		return true;
	}
	if (a == TT_UNBOUND || b == TT_UNBOUND) {
		*out = TT_TRUTH_ERROR;
		return true;
	}
	if ((operation == TT_EXPR_EQ || operation == TT_EXPR_NE) && (x <= TT_KIND_IRI || y <= TT_KIND_IRI) &&
	    x != TT_KIND_TRANSIENT && y != TT_KIND_TRANSIENT) {
		*out = (a == b) == (operation == TT_EXPR_EQ);
		return true;
	}
	return false;
}

/* Operations are EQ or above: TT_EXPR_EQ and TT_EXPR_NE come first among the comparisons. */
static tt_status compare(comparison *self, tt_id a, tt_id b, uint8_t *out)
{
	if (compare_ids(self->operation, a, b, out)) {
		return TT_OK;
	}
	if (a == b && self->has_constant && self->constant.class != TT_CLASS_NUMBER && self->operation <= TT_EXPR_NE) {
		*out = self->operation == TT_EXPR_EQ;
		return TT_OK;
	}
	tt_datum x;
	tt_datum y;
	TT_TRY(tt_eval_datum(self->eval, a, &x));
	if (self->has_constant) {
		*out = compare_datums(self, &x, &self->constant, a == b);
		tt_datum_clear(&x);
		return TT_OK;
	}
	const tt_status status = tt_eval_datum(self->eval, b, &y);
	if (status == TT_OK) {
		*out = compare_datums(self, &x, &y, a == b);
		tt_datum_clear(&y);
	}
	tt_datum_clear(&x);
	return status;
}

static tt_status decide_compare(tt_program *program, tt_step *step, const tt_rows *rows, uint8_t *out)
{
	const size_t mark = program->n_blocks_taken;
	tt_id *buffers[2];
	tt_column_view views[2];
	comparison comparing;
	for (size_t k = 0; k < 2; ++k) {
		TT_TRY(take_column(program, &buffers[k]));
		TT_TRY(tt_step_evaluate(program, step->arguments[k], rows, buffers[k], &views[k]));
	}
	TT_TRY(begin_comparison(&program->eval, step->operation, &views[1], &comparing));
	tt_status status = TT_OK;
	for (size_t i = 0; i < rows->n && status == TT_OK; ++i) {
		status = compare(&comparing, value_at(&views[0], i), value_at(&views[1], i), &out[i]);
	}
	end_comparison(&comparing);
	program->n_blocks_taken = mark;
	return status;
}

/* ---- IN (§17.4.1.9) --------------------------------------------------------------------------- */

static int order_ids(const void *a, const void *b)
{
	const tt_id x = *(const tt_id *)a;
	const tt_id y = *(const tt_id *)b;
	return (x > y) - (x < y);
}

/* A list of IRIs: only the same IRI is equal to one of them, and nothing is an error but an error. */
static tt_status find_in_ids(tt_program *program, const tt_step *step, const tt_column_view *values, size_t n,
                             uint8_t *out)
{
	for (size_t i = 0; i < n; ++i) {
		tt_id id = value_at(values, i);
		TT_TRY(tt_eval_intern(&program->eval, &id));
		out[i] = id == TT_UNBOUND ? TT_TRUTH_ERROR : bsearch(&id, step->ids, step->n_ids, sizeof id, order_ids) != NULL;
	}
	return TT_OK;
}

/* Compare the values of the undecided rows with one item. */
static tt_status find_in_item(tt_program *program, tt_step *item, const subset *some, const tt_column_view *values,
                              uint8_t *out)
{
	const size_t mark = program->n_blocks_taken;
	tt_id *buffer = NULL;
	tt_column_view view;
	comparison comparing;
	TT_TRY(take_column(program, &buffer));
	TT_TRY(tt_step_evaluate(program, item, &some->rows, buffer, &view));
	TT_TRY(begin_comparison(&program->eval, TT_EXPR_EQ, &view, &comparing));
	tt_status status = TT_OK;
	for (size_t i = 0; i < some->rows.n && status == TT_OK; ++i) {
		uint8_t truth = TT_TRUTH_ERROR;
		status = compare(&comparing, value_at(values, some->positions[i]), value_at(&view, i), &truth);
		out[some->positions[i]] |= truth; /* false | error is an error, and nothing is true yet */
		if (truth == TT_TRUE) {
			out[some->positions[i]] = TT_TRUE;
		}
	}
	end_comparison(&comparing);
	program->n_blocks_taken = mark;
	return status;
}

static tt_status find_in_items(tt_program *program, tt_step *step, const tt_rows *rows, const tt_column_view *values,
                               uint8_t *out)
{
	subset some;
	TT_TRY(take_subset(program, &some));
	for (size_t k = 1; k < step->n_arguments; ++k) {
		choose(&some, rows, out, 1u << TT_FALSE | 1u << TT_TRUTH_ERROR);
		if (some.rows.n == 0) {
			break;
		}
		TT_TRY(find_in_item(program, step->arguments[k], &some, values, out));
	}
	return TT_OK;
}

static tt_status decide_in(tt_program *program, tt_step *step, const tt_rows *rows, uint8_t *out)
{
	const size_t mark = program->n_blocks_taken;
	memset(out, TT_FALSE, rows->n);
	/* Nothing is in an empty list, not even an error. */
	if (step->n_arguments > 1) {
		tt_id *buffer = NULL;
		tt_column_view values;
		TT_TRY(take_column(program, &buffer));
		TT_TRY(tt_step_evaluate(program, step->arguments[0], rows, buffer, &values));
		TT_TRY(step->ids ? find_in_ids(program, step, &values, rows->n, out)
		                 : find_in_items(program, step, rows, &values, out));
	}
	if (step->operation == TT_EXPR_NOT_IN) {
		negate(out, rows->n);
	}
	program->n_blocks_taken = mark;
	return TT_OK;
}

/* ---- arithmetic ------------------------------------------------------------------------------- */

/* Two integers whose result is a small integer too. */
static inline bool compute_integers(tt_ast_expr_kind operation, tt_id a, tt_id b, tt_id *out)
{
	const int64_t x = tt_value_to_integer(a);
	const int64_t y = tt_value_to_integer(b);
	int64_t result = 0;
	switch (operation) {
	case TT_EXPR_ADD:
		result = x + y; /* of 60 bits each */
		break;
	case TT_EXPR_SUBTRACT:
		result = x - y;
		break;
	case TT_EXPR_MULTIPLY:
		if (__builtin_mul_overflow(x, y, &result)) {
			return false;
		}
		break;
	default:
		return false;
	}
	return tt_value_from_integer(result, out);
}

static tt_status compute(tt_eval *eval, tt_ast_expr_kind operation, tt_id a, tt_id b, tt_id *out)
{
	if (a == TT_UNBOUND || b == TT_UNBOUND) {
		*out = TT_UNBOUND;
		return TT_OK;
	}
	if (tt_id_kind(a) == TT_KIND_INTEGER && tt_id_kind(b) == TT_KIND_INTEGER &&
	    compute_integers(operation, a, b, out)) {
		return TT_OK;
	}
	tt_id result = TT_UNBOUND;
	TT_TRY(tt_eval_arithmetic(eval, operation, a, b, &result));
	*out = result;
	return TT_OK;
}

static tt_status evaluate_arithmetic(tt_program *program, tt_step *step, const tt_rows *rows, tt_id *buffer,
                                     tt_column_view *out_view)
{
	const size_t mark = program->n_blocks_taken;
	tt_id *column = NULL;
	tt_column_view left;
	tt_column_view right;
	TT_TRY(tt_step_evaluate(program, step->arguments[0], rows, buffer, &left));
	TT_TRY(take_column(program, &column));
	for (size_t k = 1; k < step->n_arguments; ++k) {
		TT_TRY(tt_step_evaluate(program, step->arguments[k], rows, column, &right));
		for (size_t i = 0; i < rows->n; ++i) {
			TT_TRY(compute(&program->eval, step->operations[k], value_at(&left, i), value_at(&right, i), &buffer[i]));
		}
		left = (tt_column_view){buffer, 1};
	}
	*out_view = left;
	program->n_blocks_taken = mark;
	return TT_OK;
}

static tt_status evaluate_sign(tt_program *program, tt_step *step, const tt_rows *rows, tt_id *buffer,
                               tt_column_view *out_view)
{
	tt_column_view view;
	TT_TRY(tt_step_evaluate(program, step->arguments[0], rows, buffer, &view));
	for (size_t i = 0; i < rows->n; ++i) {
		const tt_id value = value_at(&view, i);
		buffer[i] = TT_UNBOUND;
		if (value != TT_UNBOUND) {
			TT_TRY(tt_eval_sign(&program->eval, step->operation, value, &buffer[i]));
		}
	}
	*out_view = (tt_column_view){buffer, 1};
	return TT_OK;
}

/* ---- functions -------------------------------------------------------------------------------- */

static tt_status call_for_row(tt_program *program, tt_step *step, size_t i, tt_id *out)
{
	*out = TT_UNBOUND;
	for (size_t k = 0; k < step->n_arguments; ++k) {
		step->values[k] = value_at(&step->views[k], i);
		if (step->values[k] == TT_UNBOUND) {
			return TT_OK;
		}
	}
	step->call.eval = &program->eval;
	return step->function(&step->call, step->values, step->n_arguments, out);
}

static tt_status evaluate_call(tt_program *program, tt_step *step, const tt_rows *rows, tt_id *buffer,
                               tt_column_view *out_view)
{
	const size_t mark = program->n_blocks_taken;
	for (size_t k = 0; k < step->n_arguments; ++k) {
		tt_id *column = NULL;
		if (step->arguments[k]->kind != TT_STEP_CONSTANT) {
			TT_TRY(take_column(program, &column));
		}
		TT_TRY(tt_step_evaluate(program, step->arguments[k], rows, column, &step->views[k]));
	}
	for (size_t i = 0; i < rows->n; ++i) {
		program->eval.solution = program->n_solutions + program->base + row_at(rows, i);
		TT_TRY(call_for_row(program, step, i, &buffer[i]));
	}
	*out_view = (tt_column_view){buffer, 1};
	program->n_blocks_taken = mark;
	return TT_OK;
}

static const step_kind kinds[TT_N_STEP_KINDS] = {
    [TT_STEP_CONSTANT] = {.evaluate = evaluate_constant},
    [TT_STEP_VARIABLE] = {.evaluate = evaluate_variable},
    [TT_STEP_LOGIC] = {.decide = decide_logic},
    [TT_STEP_NOT] = {.decide = decide_not},
    [TT_STEP_COMPARE] = {.decide = decide_compare},
    [TT_STEP_IN] = {.decide = decide_in},
    [TT_STEP_ARITHMETIC] = {.evaluate = evaluate_arithmetic},
    [TT_STEP_SIGN] = {.evaluate = evaluate_sign},
    [TT_STEP_CALL] = {.evaluate = evaluate_call},
    [TT_STEP_BOUND] = {.decide = decide_bound},
    [TT_STEP_IF] = {.evaluate = evaluate_if},
    [TT_STEP_COALESCE] = {.evaluate = evaluate_coalesce},
    [TT_STEP_EXISTS] = {.decide = decide_exists},
};

/* ---- the interface ---------------------------------------------------------------------------- */

tt_status tt_step_fold(tt_program *program, tt_step *step, tt_id *out_value)
{
	const tt_rows one_row = {NULL, 1};
	tt_id buffer = TT_UNBOUND;
	tt_column_view view;
	TT_TRY(tt_step_evaluate(program, step, &one_row, &buffer, &view));
	*out_value = value_at(&view, 0);
	TT_TRY(tt_eval_intern(&program->eval, out_value));
	tt_eval_reset(&program->eval);
	return TT_OK;
}

static size_t batch_size(size_t n_rows, size_t base)
{
	return n_rows - base < TT_EXPR_ROWS ? n_rows - base : TT_EXPR_ROWS;
}

static tt_status begin_batch(tt_program *program, size_t base)
{
	program->base = base;
	program->n_blocks_taken = 0;
	tt_eval_reset(&program->eval);
	return tt_ctx_poll(program->eval.ctx);
}

tt_status tt_program_eval(tt_program *program, const tt_id *const *columns, size_t n_rows, tt_id *out)
{
	program->columns = columns;
	for (size_t base = 0; base < n_rows; base += TT_EXPR_ROWS) {
		const tt_rows rows = {NULL, batch_size(n_rows, base)};
		tt_column_view view;
		TT_TRY(begin_batch(program, base));
		TT_TRY(tt_step_evaluate(program, program->root, &rows, out + base, &view));
		for (size_t i = 0; i < rows.n; ++i) {
			tt_id value = value_at(&view, i);
			TT_TRY(tt_eval_intern(&program->eval, &value));
			out[base + i] = value;
		}
	}
	program->n_solutions += n_rows;
	return TT_OK;
}

tt_status tt_program_filter(tt_program *program, const tt_id *const *columns, size_t n_rows, uint32_t *out_rows,
                            size_t *out_n_rows)
{
	size_t n = 0;
	program->columns = columns;
	for (size_t base = 0; base < n_rows; base += TT_EXPR_ROWS) {
		const tt_rows rows = {NULL, batch_size(n_rows, base)};
		uint8_t *truths = NULL;
		TT_TRY(begin_batch(program, base));
		TT_TRY(take_truths(program, &truths));
		TT_TRY(decide(program, program->root, &rows, truths));
		for (size_t i = 0; i < rows.n; ++i) {
			out_rows[n] = (uint32_t)(base + i);
			n += truths[i] == TT_TRUE;
		}
	}
	*out_n_rows = n;
	program->n_solutions += n_rows;
	return TT_OK;
}

void tt_program_set_scope(tt_program *program, uint64_t scope)
{
	program->eval.scope = scope;
}

void tt_program_free(tt_program *program)
{
	if (!program) {
		return;
	}
	tt_ctx *const ctx = program->eval.ctx;
	for (tt_step *step = program->stateful; step; step = step->next_state) {
		if (step->call.free_state) {
			step->call.free_state(ctx, step->call.state);
		}
	}
	for (size_t i = 0; i < program->n_blocks; ++i) {
		tt_free(ctx, program->blocks[i]);
	}
	tt_free(ctx, program->blocks);
	tt_eval_clear(&program->eval);
	tt_arena_clear(&program->arena);
	tt_free(ctx, program);
}

static tt_program *new_program(tt_expr_env *env)
{
	tt_program *const program = tt_calloc(env->ctx, 1, sizeof *program);
	if (program) {
		tt_eval_init(&program->eval, env);
		tt_arena_init(&program->arena, env->ctx);
	}
	return program;
}

tt_status tt_expr_compile(const tt_expr *tree, tt_expr_env *env, const tt_var *variables, size_t n_variables,
                          tt_program **out_program)
{
	*out_program = NULL;
	tt_program *const program = new_program(env);
	if (!program) {
		return env->ctx->error.status;
	}
	program->variables = variables;
	program->n_variables = n_variables;
	const tt_status status = tt_program_compile(program, tree);
	if (status != TT_OK) {
		tt_program_free(program);
		return status;
	}
	*out_program = program;
	return TT_OK;
}

tt_status tt_expr_constant(const tt_expr *tree, tt_expr_env *env, bool *out_is_constant, tt_id *out_value)
{
	*out_is_constant = false;
	*out_value = TT_UNBOUND;
	tt_program *const program = new_program(env);
	if (!program) {
		return env->ctx->error.status;
	}
	program->is_open = true;
	const tt_status status = tt_program_compile(program, tree);
	if (status == TT_OK && program->root->kind == TT_STEP_CONSTANT) {
		*out_is_constant = true;
		*out_value = program->root->constant;
	}
	tt_program_free(program);
	return status;
}
