/* value.h - RDF terms as 64-bit ids: 4 bits of kind, 60 bits of payload.
 *
 *      63  60 59                                                          0
 *     +------+-------------------------------------------------------------+
 *     | kind | payload                                                     |
 *     +------+-------------------------------------------------------------+
 *
 * Same id ⇔ same RDF term. So a term is inline (its payload is its value) only where its lexical
 * form is the one that the payload gives back; any other lexical form goes into the dictionary.
 *
 * Contrast: term.h is the text of a term.
 * Owns:     nothing.
 * Threads:  any.
 * Fails:    a term that is not inline is no error: the functions say false.
 * Tests:    tests/unit/test_rdf_value.c
 */
#ifndef TT_RDF_VALUE_H
#define TT_RDF_VALUE_H

#include "rdf/term.h"

/** A term, unbound (0), or the default graph (1). */
typedef uint64_t tt_id;

/** Kinds in the order in which ORDER BY puts them (SPARQL 1.1 §15.1): unbound, blank nodes, IRIs, literals. */
typedef enum tt_kind {
	TT_KIND_SPECIAL = 0,        /* TT_UNBOUND, TT_DEFAULT_GRAPH */
	TT_KIND_BLANK = 1,          /* payload n: the blank node _:bn; no dictionary entry */
	TT_KIND_BLANK_LABELLED = 2, /* dictionary number: a blank node with another label (librdf's own) */
	TT_KIND_IRI = 3,            /* dictionary number */
	TT_KIND_LITERAL = 4,        /* dictionary number */
	TT_KIND_BOOLEAN = 5,        /* 0 or 1 */
	TT_KIND_INTEGER = 6,        /* xsd:integer, biased by 2^59: ids sort as numbers */
	TT_KIND_DECIMAL = 7,        /* xsd:decimal: scale (4 bits: digits after the point), mantissa biased by 2^55 */
	TT_KIND_DOUBLE = 8,         /* xsd:double: the upper 60 bits of the IEEE number, the lower 4 being 0 */
	TT_KIND_DATE_TIME = 9,      /* xsd:dateTime, see value.c */
	TT_KIND_DATE = 10,          /* xsd:date */
	TT_KIND_G_YEAR_MONTH = 11,  /* xsd:gYearMonth */
	TT_KIND_G_YEAR = 12,        /* xsd:gYear */
	TT_KIND_LOCAL = 13,         /* number of a term computed by one query (store/terms.h); never stored */
	TT_KIND_RESERVED = 14,
	TT_KIND_TRIPLE = 15 /* kept free for the triple terms of RDF 1.2 */
} tt_kind;

#define TT_UNBOUND       ((tt_id)0)
#define TT_DEFAULT_GRAPH ((tt_id)1)
#define TT_PAYLOAD_MASK  (((tt_id)1 << 60) - 1)
/** Blank node numbers stay below this, so that a hostile label cannot use them up. */
#define TT_BLANK_LIMIT ((tt_id)1 << 48)

static inline tt_kind tt_id_kind(tt_id id)
{
	return (tt_kind)(id >> 60);
}
static inline uint64_t tt_id_payload(tt_id id)
{
	return id & TT_PAYLOAD_MASK;
}
static inline tt_id tt_id_make(tt_kind kind, uint64_t payload)
{
	return (tt_id)kind << 60 | payload;
}
/** Whether the id's term is in the dictionary. */
static inline bool tt_id_is_dictionary(tt_id id)
{
	return tt_id_kind(id) >= TT_KIND_BLANK_LABELLED && tt_id_kind(id) <= TT_KIND_LITERAL;
}
/** Whether the id itself holds the term: blank node number or inline literal. */
static inline bool tt_id_is_inline(tt_id id)
{
	return tt_id_kind(id) == TT_KIND_BLANK || (tt_id_kind(id) >= TT_KIND_BOOLEAN && tt_id_kind(id) <= TT_KIND_G_YEAR);
}

/** Room for the text of any inline term. */
enum { TT_SCRATCH_SIZE = 64 };
typedef struct tt_scratch {
	char text[TT_SCRATCH_SIZE];
} tt_scratch;

/** The inline id of a term, or false if it needs a dictionary entry.
 *
 * Inline are: blank nodes with a label b1, b2, … below TT_BLANK_LIMIT; and literals of the kinds
 * above whose lexical form is canonical and whose value fits.
 */
bool tt_value_from_term(const tt_term *term, tt_id *out_id);

/** The term of an inline id (tt_id_is_inline()); its text lies in @p scratch or is static. */
tt_term tt_value_to_term(tt_id id, tt_scratch *scratch);

/** The id of an integer, or false outside the 60-bit range. */
bool tt_value_from_integer(int64_t value, tt_id *out_id);
/** The number of a TT_KIND_INTEGER id. */
int64_t tt_value_to_integer(tt_id id);
/** The id of a double whose lower four bits are 0, else false (NaN and infinities are inline). */
bool tt_value_from_double(double value, tt_id *out_id);
double tt_value_to_double(tt_id id);
/** The id of an xsd:decimal `mantissa / 10^scale`, or false if it does not fit. Trailing zeros are kept:
 * 2.0 and 2 are different terms. */
bool tt_value_from_decimal(int64_t mantissa, unsigned scale, tt_id *out_id);
void tt_value_to_decimal(tt_id id, int64_t *out_mantissa, unsigned *out_scale);
static inline tt_id tt_value_from_boolean(bool value)
{
	return tt_id_make(TT_KIND_BOOLEAN, value ? 1 : 0);
}
/** The datatype of an inline literal. */
tt_vocab tt_value_datatype(tt_id id);

/** Date and time fields of an inline TT_KIND_DATE_TIME, DATE, G_YEAR_MONTH or G_YEAR id. */
typedef struct tt_date_fields {
	int32_t year;
	uint8_t month, day;           /* 1 if the kind has none */
	uint8_t hour, minute, second; /* 0 if the kind has none */
	uint16_t millisecond;
	bool has_zone;
	int16_t zone_minutes; /* east of UTC */
} tt_date_fields;
tt_date_fields tt_value_to_date(tt_id id);
/** The id of a date of one of these kinds; false if its year or zone does not fit.
 * @param date Valid; fields that the kind does not have are ignored. */
bool tt_value_from_date(tt_kind kind, const tt_date_fields *date, tt_id *out_id);

#endif
