/* fn_time.c - functions on dates and times (SPARQL 1.1 §17.4.5).
 *
 * The specification knows dateTime only. Unless it is to be kept strictly, date, time, gYearMonth and
 * gYear give the fields that they have. */
#include "expr/functions.h"

static tt_status read_moment(tt_eval *eval, tt_id id, tt_datetime *out, bool *out_is_moment)
{
	tt_datum datum;
	TT_TRY(tt_eval_datum(eval, id, &datum));
	*out_is_moment = datum.class == TT_CLASS_MOMENT &&
	                 (!eval->env->is_strict || datum.moment.datatype == TT_VOCAB_XSD_DATE_TIME);
	if (*out_is_moment) {
		*out = datum.moment;
	}
	tt_datum_clear(&datum);
	return TT_OK;
}

tt_status tt_fn_NOW(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)arguments, (void)n_arguments;
	/* Whole milliseconds, which fit an id. */
	enum { MILLISECOND = 1000000 };
	const int64_t now = call->eval->env->now_ns;
	const tt_datetime moment = tt_datetime_from_epoch(now - (now % MILLISECOND + MILLISECOND) % MILLISECOND);
	return tt_eval_give_moment(call->eval, &moment, out);
}

typedef enum field { YEAR, MONTH, DAY, HOURS, MINUTES } field;

static tt_status give_field(tt_call *call, tt_id argument, field which, tt_id *out)
{
	static bool (*const has_field[])(const tt_datetime *) = {
	    [YEAR] = tt_datetime_has_year,  [MONTH] = tt_datetime_has_month,  [DAY] = tt_datetime_has_day,
	    [HOURS] = tt_datetime_has_time, [MINUTES] = tt_datetime_has_time,
	};
	tt_datetime moment;
	bool is_moment = false;
	TT_TRY(read_moment(call->eval, argument, &moment, &is_moment));
	if (!is_moment || !has_field[which](&moment)) {
		return TT_OK;
	}
	const int64_t fields[] = {[YEAR] = moment.year,
	                          [MONTH] = moment.month,
	                          [DAY] = moment.day,
	                          [HOURS] = moment.hour,
	                          [MINUTES] = moment.minute};
	return tt_eval_give_integer(call->eval, fields[which], out);
}

tt_status tt_fn_YEAR(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	return give_field(call, arguments[0], YEAR, out);
}

tt_status tt_fn_MONTH(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	return give_field(call, arguments[0], MONTH, out);
}

tt_status tt_fn_DAY(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	return give_field(call, arguments[0], DAY, out);
}

tt_status tt_fn_HOURS(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	return give_field(call, arguments[0], HOURS, out);
}

tt_status tt_fn_MINUTES(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	return give_field(call, arguments[0], MINUTES, out);
}

tt_status tt_fn_SECONDS(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	tt_datetime moment;
	bool is_moment = false;
	tt_number seconds = TT_NUMBER_ZERO;
	TT_TRY(read_moment(call->eval, arguments[0], &moment, &is_moment));
	if (!is_moment || !tt_datetime_seconds(&moment, &seconds)) {
		return TT_OK;
	}
	const tt_status status = tt_eval_give_number(call->eval, &seconds, out);
	tt_number_clear(&seconds);
	return status;
}

tt_status tt_fn_TIMEZONE(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	tt_datetime moment;
	tt_duration zone;
	bool is_moment = false;
	TT_TRY(read_moment(call->eval, arguments[0], &moment, &is_moment));
	if (!is_moment || !tt_datetime_timezone(&moment, &zone)) {
		return TT_OK;
	}
	return tt_eval_give_duration(call->eval, &zone, out);
}

tt_status tt_fn_TZ(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	tt_datetime moment;
	bool is_moment = false;
	TT_TRY(read_moment(call->eval, arguments[0], &moment, &is_moment));
	if (!is_moment) {
		return TT_OK;
	}
	tt_buffer_reset(&call->eval->text);
	TT_TRY(tt_datetime_format_zone(&moment, &call->eval->text));
	const tt_term zone = tt_term_string(tt_buffer_view(&call->eval->text));
	return tt_eval_give_like(call->eval, zone.text, &zone, out);
}
