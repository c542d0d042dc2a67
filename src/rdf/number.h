/* number.h - the xsd numbers: exact integers and decimals of any size, float and double.
 *
 * Contrast: value.h holds small numbers inside an id, without arithmetic; real.h spells doubles.
 * Owns:     a number beyond 64 bits owns GMP memory; tt_number_clear() frees it. Small ones own nothing.
 * Threads:  any; a number belongs to one thread.
 * Fails:    false where XPath and XQuery Functions and Operators 3.1 has an error (division by zero, a cast that
 *           cannot be) or a number would have more than TT_NUMBER_MOST_DIGITS digits.
 * Tests:    tests/unit/test_rdf_number.c
 */
#ifndef TT_RDF_NUMBER_H
#define TT_RDF_NUMBER_H

#include <gmp.h>

#include "rdf/value.h"

/** Kinds in the order of type promotion: of two operands the later kind is that of the result. */
typedef enum tt_number_kind {
	TT_NUMBER_INTEGER, /* xsd:integer and all that is derived from it */
	TT_NUMBER_DECIMAL,
	TT_NUMBER_FLOAT,
	TT_NUMBER_DOUBLE
} tt_number_kind;

/** Exact numbers have at most this many digits (about); functions say false beyond. */
enum { TT_NUMBER_MOST_DIGITS = 1000000 };

/** A quotient of decimals has up to this many digits after the point, rounded half to even; more if that would leave
 * fewer than this many significant ones, or fewer than the dividend has. */
enum { TT_NUMBER_DIVISION_DIGITS = 18 };

/** A number. `tt_number x = TT_NUMBER_ZERO; … tt_number_clear(&x);`
 *
 * An exact number is mantissa / 10^scale. The mantissa is in `big` only if it does not fit 64 bits.
 * Copy with tt_number_copy() unless `is_big` is false.
 */
typedef struct tt_number {
	tt_number_kind kind;
	bool is_big;
	uint32_t scale; /* DECIMAL: digits after the point, no trailing zero among them; else 0 */
	union {
		int64_t small; /* INTEGER, DECIMAL */
		mpz_t big;     /* INTEGER, DECIMAL with is_big */
		double real;   /* DOUBLE; FLOAT (then a value that a float can have) */
	};
} tt_number;

/** The integer 0; needs no clearing. */
#define TT_NUMBER_ZERO ((tt_number){.kind = TT_NUMBER_INTEGER})

/** How two values compare. */
typedef enum tt_ordering { TT_LESS = -1, TT_EQUAL = 0, TT_GREATER = 1, TT_UNORDERED = 2 } tt_ordering;

/* Of every function: an `out` must be initialized (its old value is freed), may be one of the operands, and
 * stays as it was if the function says false. */

/** Free what the number owns; it is the integer 0 then. */
void tt_number_clear(tt_number *number);
void tt_number_copy(const tt_number *number, tt_number *out);
void tt_number_set_integer(int64_t value, tt_number *out);
void tt_number_set_double(double value, tt_number *out);
/** Rounded to a float. */
void tt_number_set_float(double value, tt_number *out);
/** `mantissa / 10^scale`; false if the scale is beyond TT_NUMBER_MOST_DIGITS. */
bool tt_number_set_decimal(int64_t mantissa, uint32_t scale, tt_number *out);

/** Whether a datatype is numeric (xsd:integer and what is derived from it, decimal, float, double), and which. */
bool tt_number_find_datatype(tt_view datatype, tt_vocab *out_datatype);
/** As tt_number_find_datatype() for an entry that is known. */
bool tt_number_is_datatype(tt_vocab datatype);

/** Read a lexical form (XSD 1.1 Datatypes §3.3.3–3.3.5, §3.4.13–25), white space around it allowed; false if it is not
 * one of that datatype or out of its range (300 for xsd:byte). @p datatype A numeric one. */
bool tt_number_parse(tt_view lexical, tt_vocab datatype, tt_number *out);
/** The number of a term; false if it is no literal of a numeric datatype or ill-typed. */
bool tt_number_from_term(const tt_term *term, tt_number *out);
/** The number of an inline id (TT_KIND_INTEGER, DECIMAL, DOUBLE), else false. Never allocates. */
bool tt_number_from_id(tt_id id, tt_number *out);
/** The inline id of the term that tt_number_format() and tt_number_datatype() make; false if it is not inline. */
bool tt_number_to_id(const tt_number *number, tt_id *out_id);

/** The datatype of a computed number: xsd:integer, decimal, float or double. */
tt_vocab tt_number_datatype(const tt_number *number);
/** Append the canonical lexical form (XSD 1.1): 5, 2.5, 2 (for the decimal 2.0), 1.0E0, -INF, NaN. */
TT_CHECKED tt_status tt_number_format(const tt_number *number, tt_buffer *out);

/** a + b, a - b, a * b with type promotion (XPath 3.1 §B.1): false only beyond the digit limit. */
bool tt_number_add(const tt_number *a, const tt_number *b, tt_number *out);
bool tt_number_subtract(const tt_number *a, const tt_number *b, tt_number *out);
bool tt_number_multiply(const tt_number *a, const tt_number *b, tt_number *out);
/** a / b; two integers give a decimal; an exact division by zero is false, that of float and double is IEEE's. */
bool tt_number_divide(const tt_number *a, const tt_number *b, tt_number *out);

/** -a, |a| and rounding, which keep the kind. Round: half towards positive infinity (F&O §4.4.4). */
void tt_number_negate(const tt_number *a, tt_number *out);
void tt_number_abs(const tt_number *a, tt_number *out);
void tt_number_ceil(const tt_number *a, tt_number *out);
void tt_number_floor(const tt_number *a, tt_number *out);
void tt_number_round(const tt_number *a, tt_number *out);

/** Compare by value after promotion (F&O §4.3): a decimal with a double as doubles; NaN is unordered. */
tt_ordering tt_number_compare(const tt_number *a, const tt_number *b);
/** As tt_number_compare(), but exact and total, for ORDER BY: mixed kinds by their mathematical value, NaN before all
 * others, -0 equal to 0. Transitive, which promotion is not. */
int tt_number_order(const tt_number *a, const tt_number *b);

/** 0, -0 or NaN: what the effective boolean value calls false. */
bool tt_number_is_zero_or_nan(const tt_number *a);
/** Whether the number is below 0 (-0 and NaN are not). */
bool tt_number_is_negative(const tt_number *a);
/** The nearest double; infinite if too large. */
double tt_number_to_double(const tt_number *a);
/** The value if it is an integer (of any kind: 2, 2.0, 2E0) that fits 64 bits. */
bool tt_number_to_int64(const tt_number *a, int64_t *out);

/** Cast (F&O §19.1.2): to an integer by cutting off; false for NaN and infinities to integer or decimal. */
bool tt_number_cast(const tt_number *a, tt_number_kind kind, tt_number *out);
/** Whether an integer is in the range of a derived integer type (xsd:byte: -128…127). */
bool tt_number_fits(const tt_number *integer, tt_vocab datatype);

#endif
