/* compare.h - effective boolean value, =, <, and the order of ORDER BY, on ids.
 *
 * Contrast: rdf/term.h compares terms as terms; here values compare as SPARQL 1.1 §17.3 and §15.1 say.
 * Owns:     nothing.
 * Threads:  as the terms.
 * Fails:    a status only for what stops the query; a type error is TT_TRUTH_ERROR.
 * Tests:    tests/unit/test_expr.c
 */
#ifndef TT_EXPR_COMPARE_H
#define TT_EXPR_COMPARE_H

#include "store/terms.h"

typedef enum tt_truth { TT_FALSE, TT_TRUE, TT_TRUTH_ERROR } tt_truth;

/** Effective boolean value (§17.2.2). */
TT_CHECKED tt_status tt_effective_boolean(tt_terms *terms, tt_id id, tt_truth *out_truth);

/** a = b (§17.3, RDFterm-equal §17.4.1.7). Fast when both are inline. */
TT_CHECKED tt_status tt_value_equal(tt_terms *terms, tt_id a, tt_id b, tt_truth *out_truth);

/** a < b, or a <= b with @p or_equal. */
TT_CHECKED tt_status tt_value_less(tt_terms *terms, tt_id a, tt_id b, bool or_equal, tt_truth *out_truth);

/** As tt_value_equal() and tt_value_less(), which allow the extension that dateTime, date, gYearMonth and gYear compare
 * with each other by their first moment; with @p is_strict they do not: never equal, and < is an error. */
TT_CHECKED tt_status tt_value_equal_strictly(tt_terms *terms, tt_id a, tt_id b, bool is_strict, tt_truth *out_truth);
TT_CHECKED tt_status tt_value_less_strictly(tt_terms *terms, tt_id a, tt_id b, bool or_equal, bool is_strict,
                                            tt_truth *out_truth);

/** A number that all ids equal to this one by tt_value_equal() share, for hash joins on equality. TT_ALIKE_TO_ALL: the
 * id may be equal to ids of other numbers (floats, since equality after promotion is not transitive; times without a
 * day and years, which only an extension compares; durations). */
TT_CHECKED tt_status tt_value_hash(tt_terms *terms, tt_id id, uint64_t *out_hash);
#define TT_ALIKE_TO_ALL 0

/** The total order of ORDER BY (§15.1): unbound, blank nodes, IRIs, literals; literals that compare by value do so,
 * others by datatype and text; equal values tie by term, so that the order is total and stable between runs.
 * MIN and MAX use it too.
 * @param out_order Negative, 0 (the same term), positive. */
TT_CHECKED tt_status tt_order_compare(tt_terms *terms, tt_id a, tt_id b, int *out_order);

/** The same order, but 0 also for different terms of one value (1 and 1.0): there ORDER BY asks the next condition
 * before the terms decide. */
TT_CHECKED tt_status tt_order_compare_values(tt_terms *terms, tt_id a, tt_id b, int *out_order);

#endif
