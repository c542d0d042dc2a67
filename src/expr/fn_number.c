/* fn_number.c - arithmetic (SPARQL 1.1 §17.3) and functions on numbers (§17.4.4).
 *
 * Beyond the specification, unless it is to be kept strictly: the operators of XPath on dates, times
 * and durations (F&O §8.4, §9.7). */
#include "expr/functions.h"

#include <sys/random.h>

/* ---- numbers ---------------------------------------------------------------------------------- */

static tt_status give_if(tt_eval *eval, bool is_value, tt_number *number, tt_id *out)
{
	const tt_status status = is_value ? tt_eval_give_number(eval, number, out) : TT_OK;
	tt_number_clear(number);
	return status;
}

static tt_status compute_numbers(tt_eval *eval, tt_ast_expr_kind operation, const tt_number *a, const tt_number *b,
                                 tt_id *out)
{
	tt_number result = TT_NUMBER_ZERO;
	bool is_value = false;
	switch (operation) {
	case TT_EXPR_ADD:
		is_value = tt_number_add(a, b, &result);
		break;
	case TT_EXPR_SUBTRACT:
		is_value = tt_number_subtract(a, b, &result);
		break;
	case TT_EXPR_MULTIPLY:
		is_value = tt_number_multiply(a, b, &result);
		break;
	default:
		is_value = tt_number_divide(a, b, &result);
		break;
	}
	return give_if(eval, is_value, &result, out);
}

/* ---- dates, times and durations --------------------------------------------------------------- */

static bool is_additive(tt_ast_expr_kind operation)
{
	return operation == TT_EXPR_ADD || operation == TT_EXPR_SUBTRACT;
}

static tt_status compute_moment(tt_eval *eval, tt_ast_expr_kind operation, const tt_datum *a, const tt_datum *b,
                                tt_id *out)
{
	tt_datetime moment;
	tt_duration duration;
	if (a->class == TT_CLASS_MOMENT && b->class == TT_CLASS_MOMENT) {
		return operation == TT_EXPR_SUBTRACT && tt_datetime_subtract(&a->moment, &b->moment, &duration)
		           ? tt_eval_give_duration(eval, &duration, out)
		           : TT_OK;
	}
	if (a->class == TT_CLASS_DURATION && operation == TT_EXPR_ADD) {
		return compute_moment(eval, operation, b, a, out);
	}
	if (a->class != TT_CLASS_MOMENT || b->class != TT_CLASS_DURATION || !is_additive(operation) ||
	    !tt_datetime_add(&a->moment, &b->duration, operation == TT_EXPR_SUBTRACT, &moment)) {
		return TT_OK;
	}
	return tt_eval_give_moment(eval, &moment, out);
}

static tt_status compute_duration(tt_eval *eval, tt_ast_expr_kind operation, const tt_datum *a, const tt_datum *b,
                                  tt_id *out)
{
	tt_duration duration;
	tt_number quotient = TT_NUMBER_ZERO;
	bool is_value = false;
	if (a->class == TT_CLASS_DURATION && b->class == TT_CLASS_DURATION) {
		if (operation == TT_EXPR_DIVIDE) {
			return give_if(eval, tt_duration_divide(&a->duration, &b->duration, &quotient), &quotient, out);
		}
		is_value = is_additive(operation) &&
		           tt_duration_add(&a->duration, &b->duration, operation == TT_EXPR_SUBTRACT, &duration);
	} else if (a->class == TT_CLASS_DURATION && b->class == TT_CLASS_NUMBER) {
		const double factor = tt_number_to_double(&b->number);
		is_value = !is_additive(operation) &&
		           tt_duration_multiply(&a->duration, operation == TT_EXPR_DIVIDE ? 1 / factor : factor, &duration);
	} else if (a->class == TT_CLASS_NUMBER && operation == TT_EXPR_MULTIPLY) {
		return compute_duration(eval, operation, b, a, out);
	}
	return is_value ? tt_eval_give_duration(eval, &duration, out) : TT_OK;
}

static tt_status compute_datums(tt_eval *eval, tt_ast_expr_kind operation, const tt_datum *a, const tt_datum *b,
                                tt_id *out)
{
	if (a->class == TT_CLASS_NUMBER && b->class == TT_CLASS_NUMBER) {
		return compute_numbers(eval, operation, &a->number, &b->number, out);
	}
	if (eval->env->is_strict) {
		return TT_OK;
	}
	if (a->class == TT_CLASS_MOMENT || b->class == TT_CLASS_MOMENT) {
		return compute_moment(eval, operation, a, b, out);
	}
	if (a->class == TT_CLASS_DURATION || b->class == TT_CLASS_DURATION) {
		return compute_duration(eval, operation, a, b, out);
	}
	return TT_OK;
}

tt_status tt_eval_arithmetic(tt_eval *eval, tt_ast_expr_kind operation, tt_id a, tt_id b, tt_id *out)
{
	tt_datum x;
	tt_datum y;
	TT_TRY(tt_eval_datum(eval, a, &x));
	tt_status status = tt_eval_datum(eval, b, &y);
	if (status == TT_OK) {
		status = compute_datums(eval, operation, &x, &y, out);
		tt_datum_clear(&y);
	}
	tt_datum_clear(&x);
	return status;
}

/* ---- functions of one number ------------------------------------------------------------------ */

static tt_status map_number(tt_eval *eval, tt_id argument, void (*map)(const tt_number *, tt_number *), tt_id *out)
{
	tt_datum datum;
	tt_number result = TT_NUMBER_ZERO;
	TT_TRY(tt_eval_datum(eval, argument, &datum));
	const bool is_number = datum.class == TT_CLASS_NUMBER;
	if (is_number) {
		map(&datum.number, &result);
	}
	tt_datum_clear(&datum);
	return give_if(eval, is_number, &result, out);
}

tt_status tt_eval_sign(tt_eval *eval, tt_ast_expr_kind operation, tt_id a, tt_id *out)
{
	return map_number(eval, a, operation == TT_EXPR_MINUS ? tt_number_negate : tt_number_copy, out);
}

tt_status tt_fn_ABS(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	return map_number(call->eval, arguments[0], tt_number_abs, out);
}

tt_status tt_fn_CEIL(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	return map_number(call->eval, arguments[0], tt_number_ceil, out);
}

tt_status tt_fn_FLOOR(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	return map_number(call->eval, arguments[0], tt_number_floor, out);
}

tt_status tt_fn_ROUND(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	return map_number(call->eval, arguments[0], tt_number_round, out);
}

/* SplitMix64: nobody's secrets depend on it. */
static uint64_t next_random(uint64_t *state)
{
	*state += 0x9E3779B97F4A7C15u;
	uint64_t x = *state;
	x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9u;
	x = (x ^ x >> 27) * 0x94D049BB133111EBu;
	return x ^ x >> 31;
}

tt_status tt_fn_RAND(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)arguments, (void)n_arguments;
	tt_eval *const eval = call->eval;
	if (eval->random_state == 0 &&
	    getrandom(&eval->random_state, sizeof eval->random_state, 0) != (ssize_t)sizeof eval->random_state) {
		return tt_fail(eval->ctx, TT_IO, "the system gives no random numbers");
	}
	/* 48 bits, so that the number fits an id. */
	tt_number number = TT_NUMBER_ZERO;
	tt_number_set_double((double)(next_random(&eval->random_state) >> 16) * 0x1p-48, &number);
	return tt_eval_give_number(eval, &number, out);
}
