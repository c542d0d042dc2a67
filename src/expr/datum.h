/* datum.h - the value of a term, decoded for operators and functions.
 *
 * Contrast: rdf/value.h is a term packed into an id; this is what the term means (SPARQL 1.1 §17.3).
 * Owns:     a number of more than 64 bits; tt_datum_clear() frees it. Texts are borrowed.
 * Threads:  as the terms it is read from.
 * Fails:    a status only for what stops the query. An ill-typed literal is a class of its own.
 * Tests:    tests/unit/test_expr.c
 */
#ifndef TT_EXPR_DATUM_H
#define TT_EXPR_DATUM_H

#include "expr/compare.h"
#include "rdf/datetime.h"

/** What values can be compared with each other. */
typedef enum tt_class {
	TT_CLASS_NONE, /* unbound: an expression error */
	TT_CLASS_BLANK,
	TT_CLASS_IRI,
	TT_CLASS_NUMBER,
	TT_CLASS_MOMENT, /* dateTime, date, time, gYearMonth, gYear */
	TT_CLASS_DURATION,
	TT_CLASS_BOOLEAN,
	TT_CLASS_STRING,    /* xsd:string */
	TT_CLASS_LANG,      /* rdf:langString */
	TT_CLASS_ILL_TYPED, /* a datatype that we know, a lexical form that it does not have */
	TT_CLASS_UNKNOWN    /* another datatype */
} tt_class;

typedef struct tt_datum {
	tt_class class;
	tt_vocab datatype; /* NUMBER, MOMENT, DURATION, BOOLEAN, ILL_TYPED: as written, xsd:byte remains xsd:byte */
	tt_term term;      /* classes without a value below; kind NONE for an inline id */
	union {
		tt_number number;
		tt_datetime moment;
		tt_duration duration;
		bool boolean;
	};
} tt_datum;

/** The value of a term, whose text it borrows. */
tt_datum tt_datum_of_term(const tt_term *term);

/** The value of an id (not of a transient one: eval.h). */
TT_CHECKED tt_status tt_datum_read(tt_terms *terms, tt_id id, tt_datum *out_datum);

/** Free what a datum owns. Cheap if it owns nothing. */
static inline void tt_datum_clear(tt_datum *datum)
{
	if (datum->class == TT_CLASS_NUMBER && datum->number.is_big) {
		tt_number_clear(&datum->number);
	}
}

/** Effective boolean value (§17.2.2). */
tt_truth tt_datum_boolean(const tt_datum *datum);

/** a = b.
 * @param is_same The two are known to be the same term (then only NaN differs from itself).
 * @param is_strict Moments of two types never are equal; else they are by their first moment. */
tt_truth tt_datum_equal(const tt_datum *a, const tt_datum *b, bool is_same, bool is_strict);

/** a < b, or a <= b with @p or_equal. */
tt_truth tt_datum_less(const tt_datum *a, const tt_datum *b, bool or_equal, bool is_strict);

#endif
