/* real.h - doubles and floats as text: the shortest digits that read back as the same number.
 *
 * Contrast: number.h computes; strtod() and printf() depend on the locale, this does not.
 * Owns:     nothing.
 * Threads:  any.
 * Fails:    false for what is not a lexical form of xsd:double.
 * Tests:    tests/unit/test_rdf_number.c
 */
#ifndef TT_RDF_REAL_H
#define TT_RDF_REAL_H

#include "base/bytes.h"

/** Room for the text of a double. */
enum { TT_REAL_SIZE = 32 };

/** Write the canonical form of xsd:double (XSD 1.1 §E.2): 1.5E0, -0.0E0, INF, -INF, NaN; no NUL. @return Its length. */
size_t tt_real_format_double(double value, char out[TT_REAL_SIZE]);
/** As tt_real_format_double() for xsd:float. */
size_t tt_real_format_float(float value, char out[TT_REAL_SIZE]);

/** Read `[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([Ee][+-]?[0-9]+)?|[+-]?INF|NaN`, correctly rounded, no white space around
 * it.
 * @param is_float Round once, to a float. */
bool tt_real_parse(tt_view lexical, bool is_float, double *out);

#endif
