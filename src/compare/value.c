/* value.c - which values are equal, and how two that are not differ.
 *
 * Equality becomes sameness of ids, so that all of set algebra is merging of sorted ids: a number is represented by the
 * canonical decimal of its value, a blank node by a literal that spells out its description, to a bounded depth, with
 * its lines sorted and a way back to a node above told by how far above it is. */
#include "compare/compare.h"

#include "rdf/datetime.h"
#include "rdf/write.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* The datatype of the literals that stand for descriptions: no datum has it. */
#define DESCRIPTION "tag:tertium,2025:description"

enum { MOST_LINES = 200 }; /* of a description */

/* ---- equality --------------------------------------------------------------------------------------- */

/* A double is the decimal that its shortest spelling says: 0.1E0 is 0.1, not what the binary digits add up to. */
static bool spell_double(const tt_number *number, tt_number *out)
{
	enum { MOST_DIGITS = 17 };
	char text[400];
	const double value = number->real;
	for (int digits = 0; digits <= MOST_DIGITS; ++digits) {
		(void)snprintf(text, sizeof text, "%.*f", digits, value);
		const double read = strtod(text, NULL);
		if (number->kind == TT_NUMBER_FLOAT ? (float)read == (float)value : read == value) {
			return tt_number_parse(tt_view_of(text), TT_VOCAB_XSD_DECIMAL, out);
		}
	}
	return tt_number_cast(number, TT_NUMBER_DECIMAL, out);
}

static bool to_decimal(const tt_number *number, tt_number *out)
{
	const bool is_exact = number->kind == TT_NUMBER_INTEGER || number->kind == TT_NUMBER_DECIMAL;
	return is_exact ? tt_number_cast(number, TT_NUMBER_DECIMAL, out)
	                : isfinite(number->real) && spell_double(number, out);
}

static tt_status intern_number(tt_compare *compare, const tt_number *number, tt_id *io_same)
{
	tt_number decimal = TT_NUMBER_ZERO;
	tt_buffer text;
	tt_buffer_init(&text, &compare->ctx);
	tt_status status = TT_OK;
	if (to_decimal(number, &decimal)) { /* not NaN and the infinities */
		status = tt_number_format(&decimal, &text);
		const tt_term term = tt_term_typed(tt_buffer_view(&text), tt_vocab_iri(TT_VOCAB_XSD_DECIMAL));
		status = status ? status : tt_terms_intern(&compare->terms, &term, io_same);
	}
	tt_number_clear(&decimal);
	tt_buffer_clear(&text);
	return status;
}

/** The blank nodes above the one that is described. */
typedef struct description_path {
	tt_id nodes[TT_COMPARE_MOST_DEPTH];
	size_t n_nodes;
} description_path;

typedef struct description {
	tt_id node;
	description_path *path;
	char **lines;
	size_t n_lines;
} description;

static tt_status describe_blank(tt_compare *compare, tt_id node, description_path *path, tt_buffer *out);

static tt_status write_value(tt_compare *compare, tt_id value, description_path *path, tt_buffer *out)
{
	tt_scratch scratch;
	tt_term term;
	TT_TRY(tt_terms_get(&compare->terms, value, &scratch, &term));
	if (term.kind != TT_TERM_BLANK) {
		tt_id same = TT_UNBOUND;
		TT_TRY(tt_compare_same(compare, value, &same));
		TT_TRY(tt_terms_get(&compare->terms, same, &scratch, &term));
		return tt_write_ntriples_term(out, &term);
	}
	for (size_t i = 0; i < path->n_nodes; ++i) {
		if (path->nodes[i] == value) {
			return tt_buffer_printf(out, "^%zu", path->n_nodes - i);
		}
	}
	return describe_blank(compare, value, path, out);
}

static tt_status describe_property(tt_compare *compare, void *user, tt_id property, uint64_t n_quads)
{
	(void)n_quads;
	description *const d = user;
	tt_id_list values = {.ids = NULL};
	TT_TRY(tt_compare_values_of(compare, d->node, property, false, MOST_LINES, &values, NULL));
	tt_buffer line;
	tt_buffer_init(&line, &compare->ctx);
	tt_status status = TT_OK;
	for (size_t i = 0; i < values.n_ids && d->n_lines < MOST_LINES; ++i) {
		tt_scratch scratch;
		tt_term term;
		tt_buffer_reset(&line);
		TT_TRY_DONE(tt_terms_get(&compare->terms, property, &scratch, &term));
		TT_TRY_DONE(tt_write_ntriples_term(&line, &term));
		TT_TRY_DONE(tt_buffer_append_char(&line, ' '));
		TT_TRY_DONE(write_value(compare, values.ids[i], d->path, &line));
		d->lines[d->n_lines] = tt_arena_strndup(&compare->arena, line.data, line.size);
		status = d->lines[d->n_lines++] ? TT_OK : compare->ctx.error.status;
	}
done:
	tt_buffer_clear(&line);
	return status;
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static tt_status describe_blank(tt_compare *compare, tt_id node, description_path *path, tt_buffer *out)
{
	if (path->n_nodes == TT_COMPARE_MOST_DEPTH) {
		tt_scratch scratch;
		tt_term term;
		TT_TRY(tt_terms_get(&compare->terms, node, &scratch, &term));
		return tt_write_ntriples_term(out, &term); /* too deep to be looked at: equal to itself only */
	}
	description d = {.node = node, .path = path};
	d.lines = tt_arena_alloc(&compare->arena, MOST_LINES * sizeof *d.lines);
	if (!d.lines) {
		return compare->ctx.error.status;
	}
	path->nodes[path->n_nodes++] = node;
	TT_TRY(tt_compare_each_property(compare, node, false, describe_property, &d));
	path->n_nodes--;
	qsort(d.lines, d.n_lines, sizeof *d.lines, compare_lines);
	TT_TRY(tt_buffer_append_char(out, '['));
	for (size_t i = 0; i < d.n_lines; ++i) {
		TT_TRY(tt_buffer_append(out, tt_view_of(d.lines[i])));
		TT_TRY(tt_buffer_append_char(out, ';'));
	}
	if (d.n_lines == 0 || d.n_lines == MOST_LINES) { /* nothing, or not all, is known of it: equal to itself only */
		TT_TRY(tt_buffer_printf(out, "%" PRIu64, (uint64_t)node));
	}
	return tt_buffer_append_char(out, ']');
}

tt_status tt_compare_same(tt_compare *compare, tt_id id, tt_id *out_same)
{
	const tt_kind kind = tt_id_kind(id);
	*out_same = id;
	if (kind == TT_KIND_BLANK || kind == TT_KIND_BLANK_LABELLED) {
		description_path path = {.n_nodes = 0};
		tt_buffer text;
		tt_buffer_init(&text, &compare->ctx);
		tt_status status = describe_blank(compare, id, &path, &text);
		const tt_term term = tt_term_typed(tt_buffer_view(&text), TT_VIEW(DESCRIPTION));
		status = status ? status : tt_terms_intern(&compare->terms, &term, out_same);
		tt_buffer_clear(&text);
		return status;
	}
	if (kind == TT_KIND_IRI) {
		return TT_OK;
	}
	tt_scratch scratch;
	tt_term term;
	tt_number number = TT_NUMBER_ZERO;
	TT_TRY(tt_terms_get(&compare->terms, id, &scratch, &term));
	const tt_status status = tt_number_from_term(&term, &number) ? intern_number(compare, &number, out_same) : TT_OK;
	tt_number_clear(&number);
	return status;
}

/* ---- differences ------------------------------------------------------------------------------------ */

static tt_status keep_text(tt_compare *compare, const tt_buffer *text, const char **out)
{
	*out = tt_arena_strndup(&compare->arena, text->data, text->size);
	return *out ? TT_OK : compare->ctx.error.status;
}

/* "B +12": who has more, and how much. */
static tt_status tell_numbers(tt_compare *compare, const tt_number *a, const tt_number *b, const tt_view names[2],
                              tt_buffer *out)
{
	(void)compare;
	const tt_ordering order = tt_number_compare(a, b);
	tt_number difference = TT_NUMBER_ZERO;
	tt_status status = TT_OK;
	if ((order == TT_LESS || order == TT_GREATER) && tt_number_subtract(a, b, &difference)) {
		tt_number_abs(&difference, &difference);
		status = tt_buffer_printf(out, "%.*s +", TT_VIEW_ARG(names[order == TT_LESS]));
		status = status ? status : tt_number_format(&difference, out);
	}
	tt_number_clear(&difference);
	return status;
}

static int precision(const tt_datetime *value)
{
	return tt_datetime_has_time(value) ? 4 : tt_datetime_has_day(value) ? 3 : tt_datetime_has_month(value) ? 2 : 1;
}

/* Days since a fixed one, by the proleptic Gregorian calendar. */
static int64_t day_number(const tt_datetime *value)
{
	const int64_t year = (int64_t)value->year - (value->month <= 2);
	const int64_t era = (year >= 0 ? year : year - 399) / 400;
	const int64_t of_era = year - era * 400;
	const int64_t month = value->month + (value->month > 2 ? -3 : 9);
	const int64_t of_year = (153 * month + 2) / 5 + value->day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year;
}

static tt_status tell_span(const tt_datetime *first, const tt_datetime *second, int common, tt_buffer *out)
{
	enum { FEW_DAYS = 60, FEW_MONTHS = 24 };
	const int64_t years = (int64_t)second->year - first->year;
	int64_t months = years * 12 + second->month - first->month;
	if (common >= 3) {
		const int64_t days = day_number(second) - day_number(first);
		if (days < FEW_DAYS) {
			return tt_buffer_printf(out, "%" PRId64 " day%s", days, days == 1 ? "" : "s");
		}
		months -= second->day < first->day;
	}
	if (common >= 2 && months < FEW_MONTHS) {
		return tt_buffer_printf(out, "%" PRId64 " month%s", months, months == 1 ? "" : "s");
	}
	const int64_t whole = common >= 2 ? months / 12 : years;
	return tt_buffer_printf(out, "%" PRId64 " year%s", whole, whole == 1 ? "" : "s");
}

static bool is_same_to(const tt_datetime *a, const tt_datetime *b, int common)
{
	return a->year == b->year && (common < 2 || a->month == b->month) && (common < 3 || a->day == b->day);
}

static tt_status tell_dates(const tt_datetime *a, const tt_datetime *b, const tt_view names[2], tt_buffer *out)
{
	const int of_a = precision(a);
	const int of_b = precision(b);
	const int common = of_a < of_b ? of_a : of_b;
	if (!tt_datetime_has_year(a) || !tt_datetime_has_year(b)) {
		return TT_OK; /* times of the day: neither is earlier */
	}
	if (is_same_to(a, b, common)) {
		return of_a == of_b ? TT_OK
		                    : tt_buffer_printf(out, "compatible, %.*s less precise", TT_VIEW_ARG(names[of_a > of_b]));
	}
	const bool is_a_first = a->year != b->year     ? a->year < b->year
	                        : a->month != b->month ? a->month < b->month
	                                               : a->day < b->day;
	TT_TRY(tt_buffer_printf(out, "%.*s ", TT_VIEW_ARG(names[!is_a_first])));
	TT_TRY(tell_span(is_a_first ? a : b, is_a_first ? b : a, common, out));
	return tt_buffer_append(out, TT_VIEW(" earlier"));
}

tt_status tt_compare_difference(tt_compare *compare, tt_id a, tt_id b, const tt_view names[2], const char **out_note)
{
	tt_scratch scratches[2];
	tt_term terms[2];
	tt_datetime dates[2];
	tt_number numbers[2] = {TT_NUMBER_ZERO, TT_NUMBER_ZERO};
	tt_buffer text;
	*out_note = NULL;
	TT_TRY(tt_terms_get(&compare->terms, a, &scratches[0], &terms[0]));
	TT_TRY(tt_terms_get(&compare->terms, b, &scratches[1], &terms[1]));
	tt_buffer_init(&text, &compare->ctx);
	tt_status status = TT_OK;
	if (tt_datetime_from_term(&terms[0], &dates[0]) && tt_datetime_from_term(&terms[1], &dates[1])) {
		status = tell_dates(&dates[0], &dates[1], names, &text);
	} else if (tt_number_from_term(&terms[0], &numbers[0]) && tt_number_from_term(&terms[1], &numbers[1])) {
		status = tell_numbers(compare, &numbers[0], &numbers[1], names, &text);
	}
	status = status == TT_OK && text.size ? keep_text(compare, &text, out_note) : status;
	tt_number_clear(&numbers[0]);
	tt_number_clear(&numbers[1]);
	tt_buffer_clear(&text);
	return status;
}

tt_status tt_compare_is_date(tt_compare *compare, tt_id id, bool *out)
{
	tt_scratch scratch;
	tt_term term;
	tt_datetime date;
	TT_TRY(tt_terms_get(&compare->terms, id, &scratch, &term));
	*out = tt_datetime_from_term(&term, &date);
	return TT_OK;
}
