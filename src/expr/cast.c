/* cast.c - constructor functions: xsd:integer("5") and the others (SPARQL 1.1 §17.5; F&O §19).
 *
 * From a string the lexical form of the target is read; from a value of the same family it is
 * converted; what XPath does not allow is an error. */
#include "expr/functions.h"

#include "rdf/real.h"

/* ---- to a string ------------------------------------------------------------------------------ */

/* F&O §19.1.2.1: a double or float from 1E-6 to below 1E6 is written as a decimal. */
static bool is_written_plainly(const tt_number *number)
{
	if (number->kind < TT_NUMBER_FLOAT) {
		return false;
	}
	const double size = number->real < 0 ? -number->real : number->real;
	return size == 0 || (size >= 1e-6 && size < 1e6);
}

/* Rewrite -1.25E2 as -125: the same digits, the point moved by the exponent. */
static tt_status move_point(tt_view canonical, tt_buffer *out)
{
	char digits[TT_REAL_SIZE];
	int n_digits = 0;
	size_t i = 0;
	if (canonical.data[0] == '-') {
		TT_TRY(tt_buffer_append_char(out, canonical.data[i++]));
	}
	for (; i < canonical.size && canonical.data[i] != 'E'; ++i) {
		if (canonical.data[i] != '.') {
			digits[n_digits++] = canonical.data[i];
		}
	}
	const bool is_below_one = canonical.data[i + 1] == '-';
	const int exponent = canonical.data[i + 1 + is_below_one] - '0'; /* one digit: the number is not far from 1 */
	while (n_digits > 1 && digits[n_digits - 1] == '0') {
		n_digits--;
	}
	/* The point stands before digit number `point`; digits before the first and behind the last are 0. */
	const int point = is_below_one ? 1 - exponent : 1 + exponent;
	for (int k = point < 1 ? point - 1 : 0; k < n_digits || k < point; ++k) {
		if (k == point && k > 0) {
			TT_TRY(tt_buffer_append_char(out, '.'));
		}
		TT_TRY(tt_buffer_append_char(out, k < 0 || k >= n_digits ? '0' : digits[k]));
		if (k == point - 1 && point < 1) {
			TT_TRY(tt_buffer_append_char(out, '.'));
		}
	}
	return TT_OK;
}

static tt_status append_number(const tt_number *number, tt_buffer *out)
{
	char canonical[TT_REAL_SIZE];
	if (!is_written_plainly(number)) {
		return tt_number_format(number, out);
	}
	const size_t n_bytes = number->kind == TT_NUMBER_FLOAT ? tt_real_format_float((float)number->real, canonical)
	                                                       : tt_real_format_double(number->real, canonical);
	return move_point((tt_view){canonical, n_bytes}, out);
}

/* The canonical form of a moment or a duration (F&O §19.1.2). */
static tt_status cast_time_to_string(tt_eval *eval, const tt_datum *from, tt_id *out)
{
	tt_buffer_reset(&eval->text);
	TT_TRY(from->class == TT_CLASS_MOMENT ? tt_datetime_format(&from->moment, &eval->text)
	                                      : tt_duration_format(&from->duration, &eval->text));
	const tt_term text = tt_term_string(tt_buffer_view(&eval->text));
	return tt_eval_give_like(eval, text.text, &text, out);
}

static tt_status cast_to_string(tt_call *call, tt_id argument, const tt_datum *from, tt_id *out)
{
	tt_eval *const eval = call->eval;
	if (from->class == TT_CLASS_NUMBER) {
		tt_buffer_reset(&eval->text);
		TT_TRY(append_number(&from->number, &eval->text));
		const tt_term text = tt_term_string(tt_buffer_view(&eval->text));
		return tt_eval_give_like(eval, text.text, &text, out);
	}
	if (from->class == TT_CLASS_BOOLEAN) {
		const tt_term text = tt_term_string(from->boolean ? TT_VIEW("true") : TT_VIEW("false"));
		return tt_eval_lend(eval, &text, out);
	}
	if (from->class == TT_CLASS_MOMENT || from->class == TT_CLASS_DURATION) {
		return cast_time_to_string(eval, from, out);
	}
	if (from->class == TT_CLASS_LANG && eval->env->is_strict) {
		return TT_OK;
	}
	return tt_fn_STR(call, &argument, 1, out);
}

/* ---- to a boolean or a number ----------------------------------------------------------------- */

static tt_status cast_to_boolean(const tt_datum *from, tt_id *out)
{
	if (from->class == TT_CLASS_BOOLEAN) {
		return tt_eval_give_boolean(from->boolean, out);
	}
	if (from->class == TT_CLASS_NUMBER) {
		return tt_eval_give_boolean(!tt_number_is_zero_or_nan(&from->number), out);
	}
	if (from->class == TT_CLASS_STRING) {
		const tt_term term = tt_term_typed(from->term.text, tt_vocab_iri(TT_VOCAB_XSD_BOOLEAN));
		const tt_datum datum = tt_datum_of_term(&term);
		return datum.class == TT_CLASS_BOOLEAN ? tt_eval_give_boolean(datum.boolean, out) : TT_OK;
	}
	return TT_OK;
}

static tt_number_kind kind_of(tt_vocab datatype)
{
	return datatype == TT_VOCAB_XSD_DOUBLE    ? TT_NUMBER_DOUBLE
	       : datatype == TT_VOCAB_XSD_FLOAT   ? TT_NUMBER_FLOAT
	       : datatype == TT_VOCAB_XSD_DECIMAL ? TT_NUMBER_DECIMAL
	                                          : TT_NUMBER_INTEGER;
}

static bool convert_to_number(const tt_datum *from, tt_vocab datatype, tt_number *out)
{
	tt_number truth = TT_NUMBER_ZERO;
	switch (from->class) {
	case TT_CLASS_STRING:
		return tt_number_parse(from->term.text, datatype, out);
	case TT_CLASS_NUMBER:
		return tt_number_cast(&from->number, kind_of(datatype), out);
	case TT_CLASS_BOOLEAN:
		tt_number_set_integer(from->boolean, &truth);
		return tt_number_cast(&truth, kind_of(datatype), out);
	default:
		return false;
	}
}

static tt_status cast_to_number(tt_eval *eval, const tt_datum *from, tt_vocab datatype, tt_id *out)
{
	tt_number number = TT_NUMBER_ZERO;
	tt_status status = TT_OK;
	const bool is_number = convert_to_number(from, datatype, &number) &&
	                       (number.kind != TT_NUMBER_INTEGER || tt_number_fits(&number, datatype));
	if (is_number && tt_number_datatype(&number) == datatype) {
		status = tt_eval_give_number(eval, &number, out);
	} else if (is_number) {
		tt_buffer_reset(&eval->text);
		status = tt_number_format(&number, &eval->text);
		const tt_term derived = tt_term_typed(tt_buffer_view(&eval->text), tt_vocab_iri(datatype));
		status = status == TT_OK ? tt_eval_give_like(eval, derived.text, &derived, out) : status;
	}
	tt_number_clear(&number);
	return status;
}

/* ---- to a moment or a duration ---------------------------------------------------------------- */

static tt_status cast_to_moment(tt_eval *eval, const tt_datum *from, tt_vocab datatype, tt_id *out)
{
	tt_datetime moment;
	const bool is_moment = from->class == TT_CLASS_STRING   ? tt_datetime_parse(from->term.text, datatype, &moment)
	                       : from->class == TT_CLASS_MOMENT ? tt_datetime_cast(&from->moment, datatype, &moment)
	                                                        : false;
	return is_moment ? tt_eval_give_moment(eval, &moment, out) : TT_OK;
}

static tt_status cast_to_duration(tt_eval *eval, const tt_datum *from, tt_vocab datatype, tt_id *out)
{
	tt_duration duration;
	const bool is_duration = from->class == TT_CLASS_STRING ? tt_duration_parse(from->term.text, datatype, &duration)
	                         : from->class == TT_CLASS_DURATION ? tt_duration_cast(&from->duration, datatype, &duration)
	                                                            : false;
	return is_duration ? tt_eval_give_duration(eval, &duration, out) : TT_OK;
}

/* ---- all -------------------------------------------------------------------------------------- */

static tt_status cast(tt_call *call, tt_id argument, const tt_datum *from, tt_id *out)
{
	const tt_vocab datatype = (tt_vocab)call->parameter;
	tt_vocab ignored;
	if (datatype == TT_VOCAB_XSD_STRING) {
		return cast_to_string(call, argument, from, out);
	}
	if (datatype == TT_VOCAB_XSD_BOOLEAN) {
		return cast_to_boolean(from, out);
	}
	if (tt_number_is_datatype(datatype)) {
		return cast_to_number(call->eval, from, datatype, out);
	}
	return tt_datetime_find_datatype(tt_vocab_iri(datatype), &ignored)
	           ? cast_to_moment(call->eval, from, datatype, out)
	           : cast_to_duration(call->eval, from, datatype, out);
}

tt_status tt_fn_cast(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	tt_datum from;
	TT_TRY(tt_eval_datum(call->eval, arguments[0], &from));
	const tt_status status = cast(call, arguments[0], &from, out);
	tt_datum_clear(&from);
	return status;
}
