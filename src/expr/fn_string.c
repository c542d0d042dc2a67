/* fn_string.c - functions on strings (SPARQL 1.1 §17.4.3), but regular expressions (fn_regex.c).
 *
 * Positions and lengths count code points, as XPath does. Texts are well-formed UTF-8, in which no
 * character is a part of another, so searching may go by bytes. */
#include "expr/functions.h"

#include <math.h>
#include <stdlib.h>
#include <unicase.h>

/* Two arguments of one operation. */
typedef struct string_pair {
	tt_term first, second;
	bool is_compatible; /* §17.4.3.1.2 */
} string_pair;

static tt_status read_pair(tt_eval *eval, const tt_id *arguments, string_pair *out)
{
	bool is_first = false;
	bool is_second = false;
	TT_TRY(tt_eval_string(eval, arguments[0], &out->first, &is_first));
	TT_TRY(tt_eval_string(eval, arguments[1], &out->second, &is_second));
	out->is_compatible = is_first && is_second &&
	                     (out->second.language.size == 0 ||
	                      tt_view_equal_nocase(out->first.language, out->second.language));
	return TT_OK;
}

/* A part of an argument, which is not copied. */
static tt_status lend_part(tt_eval *eval, const tt_term *whole, const char *start, size_t n_bytes, tt_id *out)
{
	tt_term part = *whole;
	part.text = (tt_view){start, n_bytes};
	return tt_eval_lend(eval, &part, out);
}

static tt_status lend_empty(tt_eval *eval, tt_id *out)
{
	const tt_term empty = tt_term_string(TT_VIEW(""));
	return tt_eval_lend(eval, &empty, out);
}

/* Where the second text stands in the first, or NULL. */
static const char *find(const string_pair *pair)
{
	return memmem(pair->first.text.data, pair->first.text.size, pair->second.text.data, pair->second.text.size);
}

tt_status tt_fn_CONTAINS(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	string_pair pair;
	TT_TRY(read_pair(call->eval, arguments, &pair));
	return pair.is_compatible ? tt_eval_give_boolean(find(&pair) != NULL, out) : TT_OK;
}

tt_status tt_fn_STRSTARTS(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	string_pair pair;
	TT_TRY(read_pair(call->eval, arguments, &pair));
	return pair.is_compatible ? tt_eval_give_boolean(tt_view_starts(pair.first.text, pair.second.text), out) : TT_OK;
}

tt_status tt_fn_STRENDS(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	string_pair pair;
	TT_TRY(read_pair(call->eval, arguments, &pair));
	if (!pair.is_compatible) {
		return TT_OK;
	}
	const tt_view text = pair.first.text;
	const tt_view end = pair.second.text;
	return tt_eval_give_boolean(
	    end.size == 0 || (text.size >= end.size && tt_view_equal(tt_view_skip(text, text.size - end.size), end)), out);
}

tt_status tt_fn_STRBEFORE(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	string_pair pair;
	TT_TRY(read_pair(call->eval, arguments, &pair));
	if (!pair.is_compatible) {
		return TT_OK;
	}
	const char *const found = pair.second.text.size ? find(&pair) : pair.first.text.data;
	if (!found) {
		return lend_empty(call->eval, out);
	}
	return lend_part(call->eval, &pair.first, pair.first.text.data, (size_t)(found - pair.first.text.data), out);
}

tt_status tt_fn_STRAFTER(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	string_pair pair;
	TT_TRY(read_pair(call->eval, arguments, &pair));
	if (!pair.is_compatible) {
		return TT_OK;
	}
	const char *const found = pair.second.text.size ? find(&pair) : pair.first.text.data;
	if (!found) {
		return lend_empty(call->eval, out);
	}
	const size_t n_skipped = (size_t)(found - pair.first.text.data) + pair.second.text.size;
	const tt_view rest = tt_view_skip(pair.first.text, n_skipped);
	return lend_part(call->eval, &pair.first, rest.data, rest.size, out);
}

tt_status tt_fn_STRLEN(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	tt_term text;
	bool is_string = false;
	TT_TRY(tt_eval_string(call->eval, arguments[0], &text, &is_string));
	return is_string ? tt_eval_give_integer(call->eval, (int64_t)tt_utf8_length(text.text), out) : TT_OK;
}

/* ---- SUBSTR (§17.4.3.3; F&O §5.4.3) ----------------------------------------------------------- */

static tt_status read_real(tt_eval *eval, tt_id id, double *out, bool *out_is_number)
{
	tt_datum datum;
	TT_TRY(tt_eval_datum(eval, id, &datum));
	*out_is_number = datum.class == TT_CLASS_NUMBER;
	if (*out_is_number) {
		*out = tt_number_to_double(&datum.number);
	}
	tt_datum_clear(&datum);
	return TT_OK;
}

/* fn:round: half towards positive infinity. */
static double round_half_up(double value)
{
	const double below = floor(value);
	return value - below >= 0.5 ? below + 1 : below;
}

/* The characters whose positions, counted from 1, are at least `from` and below `to`. NaN chooses none. */
static tt_view cut(tt_view text, double from, double to)
{
	size_t start = text.size;
	size_t end = text.size;
	double position = 1;
	for (size_t i = 0; i < text.size; ++i) {
		if (((unsigned char)text.data[i] & 0xC0) == 0x80) {
			continue;
		}
		if (start == text.size && position >= from) {
			start = i;
		}
		if (!(position < to)) {
			end = i;
			break;
		}
		position += 1;
	}
	return start < end ? (tt_view){text.data + start, end - start} : (tt_view){"", 0};
}

tt_status tt_fn_SUBSTR(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	tt_term text;
	bool is_string = false;
	bool is_number = false;
	double from = 0;
	double length = INFINITY;
	TT_TRY(tt_eval_string(call->eval, arguments[0], &text, &is_string));
	TT_TRY(read_real(call->eval, arguments[1], &from, &is_number));
	if (is_number && n_arguments > 2) {
		TT_TRY(read_real(call->eval, arguments[2], &length, &is_number));
	}
	if (!is_string || !is_number) {
		return TT_OK;
	}
	from = round_half_up(from);
	/* With no length there is no end, also where -INF + INF would be NaN. */
	const double to = n_arguments > 2 ? from + round_half_up(length) : INFINITY;
	const tt_view part = cut(text.text, from, to);
	return lend_part(call->eval, &text, part.data, part.size, out);
}

/* ---- CONCAT, case, percent-encoding ----------------------------------------------------------- */

tt_status tt_fn_CONCAT(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	tt_eval *const eval = call->eval;
	tt_term like = tt_term_string(TT_VIEW(""));
	tt_buffer_reset(&eval->text);
	for (size_t i = 0; i < n_arguments; ++i) {
		tt_term part;
		bool is_string = false;
		TT_TRY(tt_eval_string(eval, arguments[i], &part, &is_string));
		if (!is_string) {
			return TT_OK;
		}
		TT_TRY(tt_buffer_append(&eval->text, part.text));
		/* The language remains if it is that of all. */
		if (i == 0) {
			like = part;
		} else if (!tt_view_equal_nocase(like.language, part.language)) {
			like = tt_term_string(TT_VIEW(""));
		}
	}
	return tt_eval_give_like(eval, tt_buffer_view(&eval->text), &like, out);
}

static bool is_ascii(tt_view text)
{
	for (size_t i = 0; i < text.size; ++i) {
		if ((unsigned char)text.data[i] >= 0x80) {
			return false;
		}
	}
	return true;
}

typedef uint8_t *(*map_case_fn)(const uint8_t *text, size_t n_bytes, const char *language, uninorm_t normal_form,
                                uint8_t *result, size_t *out_n_bytes);

/* @p first, @p last The ASCII letters that change case. */
static tt_status change_case(tt_call *call, tt_id argument, map_case_fn map_case, char first, char last, tt_id *out)
{
	tt_eval *const eval = call->eval;
	tt_term text;
	bool is_string = false;
	TT_TRY(tt_eval_string(eval, argument, &text, &is_string));
	if (!is_string) {
		return TT_OK;
	}
	if (is_ascii(text.text)) {
		tt_buffer_reset(&eval->text);
		TT_TRY(tt_buffer_append(&eval->text, text.text));
		for (size_t i = 0; i < eval->text.size; ++i) {
			char *const c = &eval->text.data[i];
			*c = (char)(*c >= first && *c <= last ? *c ^ 0x20 : *c);
		}
		return tt_eval_give_like(eval, tt_buffer_view(&eval->text), &text, out);
	}
	size_t n_bytes = 0;
	uint8_t *const mapped = map_case((const uint8_t *)text.text.data, text.text.size, NULL, NULL, NULL, &n_bytes);
	if (!mapped) {
		return tt_fail(eval->ctx, TT_NO_MEMORY, "out of memory");
	}
	const tt_status status = tt_eval_give_like(eval, (tt_view){(const char *)mapped, n_bytes}, &text, out);
	free(mapped); /* libunistring allocates it */
	return status;
}

tt_status tt_fn_UCASE(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	return change_case(call, arguments[0], u8_toupper, 'a', 'z', out);
}

tt_status tt_fn_LCASE(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	return change_case(call, arguments[0], u8_tolower, 'A', 'Z', out);
}

static bool is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
	       c == '.' || c == '~';
}

tt_status tt_fn_ENCODE_FOR_URI(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	static const char digits[] = "0123456789ABCDEF";
	tt_buffer *const encoded = &call->eval->text;
	tt_term text;
	bool is_string = false;
	TT_TRY(tt_eval_string(call->eval, arguments[0], &text, &is_string));
	if (!is_string) {
		return TT_OK;
	}
	tt_buffer_reset(encoded);
	for (size_t i = 0; i < text.text.size; ++i) {
		const unsigned char c = (unsigned char)text.text.data[i];
		if (is_unreserved((char)c)) {
			TT_TRY(tt_buffer_append_char(encoded, (char)c));
		} else {
			const char escape[] = {'%', digits[c >> 4], digits[c & 15]};
			TT_TRY(tt_buffer_append(encoded, (tt_view){escape, sizeof escape}));
		}
	}
	const tt_term string = tt_term_string(tt_buffer_view(encoded));
	return tt_eval_give_like(call->eval, string.text, &string, out);
}
