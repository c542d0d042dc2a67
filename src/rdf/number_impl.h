/* number_impl.h - what number.c and number_text.c share; nobody else includes it.
 *
 * Contrast: number.h is the interface.
 * Owns:     as number.h.
 * Threads:  as number.h.
 * Fails:    false beyond the limits of number.h.
 * Tests:    tests/unit/test_rdf_number.c
 */
#ifndef TT_RDF_NUMBER_IMPL_H
#define TT_RDF_NUMBER_IMPL_H

#include "rdf/number.h"

static inline bool tt_number_is_exact(const tt_number *number)
{
	return number->kind <= TT_NUMBER_DECIMAL;
}

/** Replace @p out by what @p value owns. */
void tt_number_take(const tt_number *value, tt_number *out);
/** An exact number with a small mantissa, brought to its least scale. */
bool tt_number_set_small(tt_number_kind kind, int64_t mantissa, uint32_t scale, tt_number *out);
/** An exact number, brought to its least scale, and to 64 bits if it fits; takes the mantissa, which is cleared in any
 * case. */
bool tt_number_set_big(tt_number_kind kind, mpz_t mantissa, uint64_t scale, tt_number *out);

#endif
