/* order.c - what §15.1 says of the order of two solutions, written from it and not from the engine.
 *
 * Unbound stands before blank nodes, these before IRIs, these before literals; IRIs compare as their text; numbers,
 * strings and booleans as `<` says. Of everything else the order is open. */
#include <stdlib.h>

#include "tests/diff/oracle.h"
#include "tests/w3c/answer.h"

typedef enum relation { BEFORE, SAME, AFTER, OPEN } relation;

static relation by_sign(int sign)
{
	return sign < 0 ? BEFORE : sign > 0 ? AFTER : SAME;
}

/* Whether a literal is a number of a type whose lexical forms strtod() reads, and which. */
static bool is_number(const tt_term *term, double *out)
{
	static const char *const types[] = {XSD_IRI "integer", XSD_IRI "decimal", XSD_IRI "double", XSD_IRI "float"};
	char *end = NULL;
	for (size_t i = 0; i < sizeof types / sizeof *types; ++i) {
		if (view_is(term->datatype, types[i]) && term->text.size && strspn(term->text.data, "+-0123456789.eE")) {
			*out = strtod(term->text.data, &end);
			return end == term->text.data + term->text.size;
		}
	}
	return false;
}

static relation order_literals(const tt_term *a, const tt_term *b)
{
	double x = 0;
	double y = 0;
	if (is_number(a, &x) && is_number(b, &y)) {
		return by_sign((x > y) - (x < y));
	}
	if (view_is(a->datatype, XSD_IRI "string") && view_is(b->datatype, XSD_IRI "string")) {
		return by_sign(tt_view_compare(a->text, b->text));
	}
	if (view_is(a->datatype, XSD_IRI "boolean") && view_is(b->datatype, XSD_IRI "boolean")) {
		const bool is_a = view_is(a->text, "true") || view_is(a->text, "1");
		const bool is_b = view_is(b->text, "true") || view_is(b->text, "1");
		return by_sign(is_a - is_b);
	}
	const bool is_same = tt_view_equal(a->text, b->text) && tt_view_equal(a->datatype, b->datatype) &&
	                     tt_view_equal(a->language, b->language);
	return is_same ? SAME : OPEN;
}

static relation order_terms(const tt_term *a, const tt_term *b)
{
	if (a->kind != b->kind) {
		return by_sign((int)a->kind - (int)b->kind);
	}
	switch (a->kind) {
	case TT_TERM_BLANK:
		return tt_view_equal(a->text, b->text) ? SAME : OPEN;
	case TT_TERM_IRI:
		return by_sign(tt_view_compare(a->text, b->text));
	case TT_TERM_LITERAL:
		return order_literals(a, b);
	default:
		return SAME;
	}
}

static bool may_stand_before(const answer *rows, const bool *is_descending, size_t i, size_t j)
{
	for (size_t c = 0; c < rows->n_columns; ++c) {
		const relation found = order_terms(&rows->cells[i * rows->n_columns + c],
		                                   &rows->cells[j * rows->n_columns + c]);
		if (found != SAME) {
			return found != (is_descending[c] ? BEFORE : AFTER);
		}
	}
	return true;
}

bool is_order_wrong(const answer *rows, const bool *is_descending)
{
	for (size_t i = 0; i < rows->n_rows; ++i) {
		for (size_t j = i + 1; j < rows->n_rows; ++j) {
			if (!may_stand_before(rows, is_descending, i, j)) {
				return true;
			}
		}
	}
	return false;
}
