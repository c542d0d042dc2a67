/* compare.c - compare two ids by value, and the total order of ORDER BY.
 *
 * Ids of one inline kind are compared as they are where that is the same as comparing values:
 * integers always, other kinds where two ids are one value only if they are one id. All else is
 * decoded (datum.h).
 *
 * The order of ORDER BY (SPARQL 1.1 §15.1) must be total and transitive, which < is not: it has
 * errors, and promotion to double makes neighbours equal. So literals are ranked by class first;
 * within a class the order is that of < made exact (numbers by their mathematical value, moments
 * without a zone as UTC, durations with a month of average length), and what is still equal is
 * ordered by its text. */
#include "expr/compare.h"

#include "base/map.h"
#include "expr/datum.h"

static bool both_are(tt_id a, tt_id b, tt_kind kind)
{
	return tt_id_kind(a) == kind && tt_id_kind(b) == kind;
}

static tt_truth truth(bool is_true)
{
	return is_true ? TT_TRUE : TT_FALSE;
}

tt_status tt_effective_boolean(tt_terms *terms, tt_id id, tt_truth *out_truth)
{
	*out_truth = TT_TRUTH_ERROR;
	if (tt_id_kind(id) == TT_KIND_BOOLEAN) {
		*out_truth = truth(tt_id_payload(id) != 0);
		return TT_OK;
	}
	if (tt_id_kind(id) <= TT_KIND_IRI) {
		return TT_OK;
	}
	tt_datum datum;
	TT_TRY(tt_datum_read(terms, id, &datum));
	*out_truth = tt_datum_boolean(&datum);
	tt_datum_clear(&datum);
	return TT_OK;
}

tt_status tt_value_equal(tt_terms *terms, tt_id a, tt_id b, tt_truth *out_truth)
{
	return tt_value_equal_strictly(terms, a, b, false, out_truth);
}

tt_status tt_value_less(tt_terms *terms, tt_id a, tt_id b, bool or_equal, tt_truth *out_truth)
{
	return tt_value_less_strictly(terms, a, b, or_equal, false, out_truth);
}

/* Whether ids tell without a look at the terms; both are bound. */
static bool is_equal_by_id(tt_id a, tt_id b, tt_truth *out_truth)
{
	const tt_kind kind = tt_id_kind(a);
	*out_truth = truth(a == b);
	if (a == b) {
		/* Only a number can differ from itself; the only inline NaN is a double. */
		return kind != TT_KIND_DOUBLE && kind != TT_KIND_LITERAL && kind != TT_KIND_LOCAL;
	}
	if (kind <= TT_KIND_IRI || tt_id_kind(b) <= TT_KIND_IRI) {
		return true;
	}
	return kind == tt_id_kind(b) && (kind == TT_KIND_INTEGER || kind == TT_KIND_BOOLEAN);
}

/* The data of two values, to be cleared by the caller. */
static tt_status read_both(tt_terms *terms, tt_id a, tt_id b, tt_datum *out_x, tt_datum *out_y)
{
	TT_TRY(tt_datum_read(terms, a, out_x));
	const tt_status status = tt_datum_read(terms, b, out_y);
	if (status != TT_OK) {
		tt_datum_clear(out_x);
	}
	return status;
}

tt_status tt_value_equal_strictly(tt_terms *terms, tt_id a, tt_id b, bool is_strict, tt_truth *out_truth)
{
	if (a == TT_UNBOUND || b == TT_UNBOUND) {
		*out_truth = TT_TRUTH_ERROR;
		return TT_OK;
	}
	if (is_equal_by_id(a, b, out_truth)) {
		return TT_OK;
	}
	tt_datum x;
	tt_datum y;
	TT_TRY(read_both(terms, a, b, &x, &y));
	*out_truth = tt_datum_equal(&x, &y, a == b, is_strict);
	tt_datum_clear(&y);
	tt_datum_clear(&x);
	return TT_OK;
}

tt_status tt_value_less_strictly(tt_terms *terms, tt_id a, tt_id b, bool or_equal, bool is_strict, tt_truth *out_truth)
{
	if (both_are(a, b, TT_KIND_INTEGER)) {
		*out_truth = truth(a < b || (or_equal && a == b));
		return TT_OK;
	}
	*out_truth = TT_TRUTH_ERROR;
	if (tt_id_kind(a) <= TT_KIND_IRI || tt_id_kind(b) <= TT_KIND_IRI) {
		return TT_OK;
	}
	tt_datum x;
	tt_datum y;
	TT_TRY(read_both(terms, a, b, &x, &y));
	*out_truth = tt_datum_less(&x, &y, or_equal, is_strict);
	tt_datum_clear(&y);
	tt_datum_clear(&x);
	return TT_OK;
}

/* ---- hashes of values ------------------------------------------------------------------------- */

/* Exact numbers and doubles that are equal are the same double. */
static uint64_t hash_number(const tt_number *number)
{
	if (number->kind == TT_NUMBER_FLOAT) {
		return TT_ALIKE_TO_ALL;
	}
	const double value = tt_number_to_double(number) + 0.0; /* -0 is 0 */
	uint64_t bits = 0;
	memcpy(&bits, &value, sizeof bits);
	return tt_hash_u64(bits) | 1;
}

/* Moments of one instant, those without a zone in UTC. */
static uint64_t hash_moment(const tt_datetime *moment)
{
	const tt_datetime epoch = tt_datetime_from_epoch(0);
	tt_datetime day_time;
	tt_duration since;
	if ((moment->datatype != TT_VOCAB_XSD_DATE_TIME && moment->datatype != TT_VOCAB_XSD_DATE) ||
	    !tt_datetime_cast(moment, TT_VOCAB_XSD_DATE_TIME, &day_time) ||
	    !tt_datetime_subtract(&day_time, &epoch, &since)) {
		return TT_ALIKE_TO_ALL;
	}
	return tt_hash_u64((uint64_t)since.seconds) | 1;
}

static uint64_t hash_datum(const tt_datum *datum, tt_id id)
{
	switch (datum->class) {
	case TT_CLASS_NUMBER:
		return hash_number(&datum->number);
	case TT_CLASS_MOMENT:
		return hash_moment(&datum->moment);
	case TT_CLASS_DURATION:
		return TT_ALIKE_TO_ALL;
	case TT_CLASS_BOOLEAN:
		return tt_hash_u64(datum->boolean) | 1;
	case TT_CLASS_LANG: /* tags are equal whatever their case */
		return tt_hash_bytes(datum->term.text, 0) | 1;
	default:
		return tt_hash_u64(id) | 1; /* equal only to itself */
	}
}

tt_status tt_value_hash(tt_terms *terms, tt_id id, uint64_t *out_hash)
{
	if (tt_id_kind(id) <= TT_KIND_IRI) {
		*out_hash = tt_hash_u64(id) | 1;
		return TT_OK;
	}
	tt_datum datum;
	TT_TRY(tt_datum_read(terms, id, &datum));
	*out_hash = hash_datum(&datum, id);
	tt_datum_clear(&datum);
	return TT_OK;
}

/* ---- ORDER BY --------------------------------------------------------------------------------- */

static int sign(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int order_moments(const tt_datetime *a, const tt_datetime *b)
{
	/* A time has no day: it comes after all that have one. */
	const int order = sign(a->datatype == TT_VOCAB_XSD_TIME, b->datatype == TT_VOCAB_XSD_TIME);
	return order ? order : (int)tt_datetime_compare(a, b, TT_ZONE_UTC);
}

static int order_durations(const tt_duration *a, const tt_duration *b)
{
	/* The Gregorian calendar repeats after 4,800 months of 146,097 days. */
	enum { SECONDS_A_MONTH = 2629746 };
	const double x = (double)a->months * SECONDS_A_MONTH + (double)a->seconds;
	const double y = (double)b->months * SECONDS_A_MONTH + (double)b->seconds;
	if (x != y) {
		return x < y ? -1 : 1;
	}
	const int order = sign(a->months, b->months);
	return order ? order : sign(a->nanosecond, b->nanosecond);
}

/* Plain and language-tagged strings sort together, so that names in several languages do. */
static int rank(const tt_datum *datum)
{
	static const int ranks[] = {
	    [TT_CLASS_NONE] = 0,   [TT_CLASS_BLANK] = 1,     [TT_CLASS_IRI] = 2,     [TT_CLASS_NUMBER] = 3,
	    [TT_CLASS_MOMENT] = 4, [TT_CLASS_DURATION] = 5,  [TT_CLASS_BOOLEAN] = 6, [TT_CLASS_STRING] = 7,
	    [TT_CLASS_LANG] = 7,   [TT_CLASS_ILL_TYPED] = 8, [TT_CLASS_UNKNOWN] = 8,
	};
	return ranks[datum->class];
}

static int order_values(const tt_datum *a, const tt_datum *b)
{
	int order = sign(rank(a), rank(b));
	if (order) {
		return order;
	}
	switch (a->class) {
	case TT_CLASS_NUMBER:
		return tt_number_order(&a->number, &b->number);
	case TT_CLASS_MOMENT:
		return order_moments(&a->moment, &b->moment);
	case TT_CLASS_DURATION:
		return order_durations(&a->duration, &b->duration);
	case TT_CLASS_BOOLEAN:
		return sign(a->boolean, b->boolean);
	case TT_CLASS_STRING:
	case TT_CLASS_LANG:
		order = tt_view_compare(a->term.text, b->term.text);
		return order ? order : sign(a->class, b->class);
	case TT_CLASS_ILL_TYPED:
	case TT_CLASS_UNKNOWN:
		return tt_view_compare(a->term.datatype, b->term.datatype);
	default:
		return 0;
	}
}

static tt_status order_terms(tt_terms *terms, tt_id a, tt_id b, int *out_order)
{
	tt_scratch scratch[2];
	tt_term x;
	tt_term y;
	TT_TRY(tt_terms_get(terms, a, &scratch[0], &x));
	TT_TRY(tt_terms_get(terms, b, &scratch[1], &y));
	*out_order = tt_term_compare(&x, &y);
	return TT_OK;
}

/* What ids tell: the kinds are numbered in the order of §15.1, and some are values that sort as numbers. */
static bool is_ordered_by_id(tt_id a, tt_id b, int *out_order)
{
	*out_order = (a > b) - (a < b);
	if (a == b || tt_id_kind(a) == TT_KIND_SPECIAL || tt_id_kind(b) == TT_KIND_SPECIAL) {
		return true;
	}
	return both_are(a, b, TT_KIND_INTEGER) || both_are(a, b, TT_KIND_BLANK);
}

/* Whether literals that order_values() finds equal are of one value; of strings and unknown datatypes the terms
 * differ. */
static bool is_by_value(const tt_datum *datum)
{
	return datum->class == TT_CLASS_NUMBER || datum->class == TT_CLASS_MOMENT || datum->class == TT_CLASS_DURATION ||
	       datum->class == TT_CLASS_BOOLEAN;
}

/* @param out_is_tie Different terms of one value. */
static tt_status compare_by_value(tt_terms *terms, tt_id a, tt_id b, int *out_order, bool *out_is_tie)
{
	*out_is_tie = false;
	if (is_ordered_by_id(a, b, out_order)) {
		return TT_OK;
	}
	const tt_term_kind kind = tt_terms_kind(terms, a);
	*out_order = sign(kind, tt_terms_kind(terms, b));
	if (*out_order == 0 && kind == TT_TERM_BLANK) {
		/* The store's own by number, before those with a label. */
		*out_order = sign(tt_id_kind(a) != TT_KIND_BLANK, tt_id_kind(b) != TT_KIND_BLANK);
	}
	if (*out_order) {
		return TT_OK;
	}
	if (kind == TT_TERM_LITERAL) {
		tt_datum x;
		tt_datum y;
		TT_TRY(read_both(terms, a, b, &x, &y));
		*out_order = order_values(&x, &y);
		*out_is_tie = *out_order == 0 && is_by_value(&x);
		tt_datum_clear(&y);
		tt_datum_clear(&x);
	}
	return *out_order || *out_is_tie ? TT_OK : order_terms(terms, a, b, out_order);
}

tt_status tt_order_compare(tt_terms *terms, tt_id a, tt_id b, int *out_order)
{
	bool is_tie = false;
	TT_TRY(compare_by_value(terms, a, b, out_order, &is_tie));
	return is_tie ? order_terms(terms, a, b, out_order) : TT_OK;
}

tt_status tt_order_compare_values(tt_terms *terms, tt_id a, tt_id b, int *out_order)
{
	bool is_tie = false;
	return compare_by_value(terms, a, b, out_order, &is_tie);
}
