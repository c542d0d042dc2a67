/* fn_regex.c - REGEX and REPLACE (SPARQL 1.1 §17.4.3.14–15; F&O §5.6.3–4).
 *
 * Each place in a query keeps the expression that it compiled last, so a constant pattern is compiled
 * once, a wrong one included. */
#include "expr/functions.h"

#include "expr/regex.h"

static void free_regex(tt_ctx *ctx, void *state)
{
	(void)ctx;
	tt_regex_free(state);
}

/* The expression for the pattern and flags of this row. @p out_regex NULL: they are no strings. */
static tt_status prepare(tt_call *call, tt_id pattern, const tt_id *flags, tt_regex **out_regex)
{
	tt_view pattern_text;
	tt_view flags_text = {"", 0};
	bool is_pattern = false;
	bool is_flags = true;
	*out_regex = NULL;
	TT_TRY(tt_eval_simple(call->eval, pattern, &pattern_text, &is_pattern));
	if (flags) {
		TT_TRY(tt_eval_simple(call->eval, *flags, &flags_text, &is_flags));
	}
	if (!is_pattern || !is_flags) {
		return TT_OK;
	}
	if (!call->state || !tt_regex_is_made_of(call->state, pattern_text, flags_text)) {
		tt_regex_free(call->state);
		call->state = NULL;
		call->free_state = free_regex;
		tt_regex *made = NULL;
		TT_TRY(tt_regex_new(call->eval->ctx, pattern_text, flags_text, &made));
		call->state = made;
	}
	*out_regex = call->state;
	return TT_OK;
}

tt_status tt_fn_REGEX(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	tt_term text;
	bool is_string = false;
	tt_regex *regex = NULL;
	tt_regex_answer answer = TT_REGEX_ERROR;
	TT_TRY(tt_eval_string(call->eval, arguments[0], &text, &is_string));
	TT_TRY(prepare(call, arguments[1], n_arguments > 2 ? &arguments[2] : NULL, &regex));
	if (!is_string || !regex) {
		return TT_OK;
	}
	TT_TRY(tt_regex_find(regex, text.text, 0, &answer));
	return answer == TT_REGEX_ERROR ? TT_OK : tt_eval_give_boolean(answer == TT_REGEX_YES, out);
}

/* ---- REPLACE ---------------------------------------------------------------------------------- */

static bool is_digit(tt_view text, size_t i)
{
	return i < text.size && text.data[i] >= '0' && text.data[i] <= '9';
}

/* Every \ is before \ or $, every other $ before a digit. */
static bool is_replacement(tt_view text)
{
	for (size_t i = 0; i < text.size; ++i) {
		if (text.data[i] == '\\') {
			i++;
			if (i == text.size || (text.data[i] != '\\' && text.data[i] != '$')) {
				return false;
			}
		} else if (text.data[i] == '$' && !is_digit(text, i + 1)) {
			return false;
		}
	}
	return true;
}

/* The group of the digits at @p *i: as many of them as make the number of a group. */
static size_t read_group(const tt_regex *regex, tt_view text, size_t *i)
{
	size_t group = (size_t)(text.data[(*i)++] - '0');
	while (is_digit(text, *i) && group * 10 + (size_t)(text.data[*i] - '0') <= tt_regex_n_groups(regex)) {
		group = group * 10 + (size_t)(text.data[(*i)++] - '0');
	}
	return group;
}

static tt_status append_replacement(const tt_regex *regex, tt_view subject, tt_view replacement, tt_buffer *out)
{
	if (tt_regex_is_quoted(regex)) {
		return tt_buffer_append(out, replacement);
	}
	size_t i = 0;
	while (i < replacement.size) {
		const char c = replacement.data[i++];
		if (c == '\\') {
			TT_TRY(tt_buffer_append_char(out, replacement.data[i++]));
		} else if (c == '$') {
			TT_TRY(tt_buffer_append(out, tt_regex_group(regex, subject, read_group(regex, replacement, &i))));
		} else {
			TT_TRY(tt_buffer_append_char(out, c));
		}
	}
	return TT_OK;
}

/* Append the subject with all matches replaced. */
static tt_status replace_all(tt_regex *regex, tt_view subject, tt_view replacement, tt_buffer *out, bool *out_is_value)
{
	size_t position = 0; /* what is before it is written */
	size_t start = 0;
	*out_is_value = false;
	while (start <= subject.size) {
		tt_regex_answer answer = TT_REGEX_ERROR;
		TT_TRY(tt_regex_find(regex, subject, start, &answer));
		if (answer == TT_REGEX_ERROR) {
			return TT_OK;
		}
		if (answer == TT_REGEX_NO) {
			break;
		}
		const tt_view match = tt_regex_group(regex, subject, 0);
		if (!match.data || match.data < subject.data + start) {
			return TT_OK;
		}
		const size_t begin = (size_t)(match.data - subject.data);
		if (match.size == 0) {
			/* Only by looking around, as in \b: nothing to replace. */
			unsigned n_bytes = 1;
			if (begin < subject.size) {
				(void)tt_utf8_decode(subject.data + begin, subject.size - begin, &n_bytes);
			}
			start = begin + n_bytes;
			continue;
		}
		TT_TRY(tt_buffer_append(out, (tt_view){subject.data + position, begin - position}));
		TT_TRY(append_replacement(regex, subject, replacement, out));
		start = position = begin + match.size;
	}
	*out_is_value = true;
	return tt_buffer_append(out, tt_view_skip(subject, position));
}

tt_status tt_fn_REPLACE(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	tt_eval *const eval = call->eval;
	tt_term text;
	tt_view replacement;
	bool is_string = false;
	bool is_text = false;
	tt_regex *regex = NULL;
	tt_regex_answer matches_empty = TT_REGEX_ERROR;
	TT_TRY(tt_eval_string(eval, arguments[0], &text, &is_string));
	TT_TRY(tt_eval_simple(eval, arguments[2], &replacement, &is_text));
	TT_TRY(prepare(call, arguments[1], n_arguments > 3 ? &arguments[3] : NULL, &regex));
	if (!is_string || !is_text || !regex) {
		return TT_OK;
	}
	TT_TRY(tt_regex_find(regex, TT_VIEW(""), 0, &matches_empty));
	if (matches_empty != TT_REGEX_NO || (!tt_regex_is_quoted(regex) && !is_replacement(replacement))) {
		return TT_OK;
	}
	bool is_value = false;
	tt_buffer_reset(&eval->text);
	TT_TRY(replace_all(regex, text.text, replacement, &eval->text, &is_value));
	return is_value ? tt_eval_give_like(eval, tt_buffer_view(&eval->text), &text, out) : TT_OK;
}
