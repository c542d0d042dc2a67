/* rows.h - answers that are gathered row by row, not computed by a plan: all writers and readers take them as any
 * other.
 *
 * Contrast: engine/query.c makes the answers to SPARQL.
 * Owns:     the results own copies of all terms.
 * Threads:  as the database.
 * Fails:    TT_NO_MEMORY, TT_LIMIT, with the detail in the context of the results.
 * Tests:    tests/unit/test_empty.c
 */
#ifndef TT_ENGINE_ROWS_H
#define TT_ENGINE_ROWS_H

#include "engine/engine.h"

/** Begin an answer of rows. It reads nothing of the database, so that it may stay open as long as anybody likes.
 * @param columns Static names.
 * @param out_results Freed by tt_results_free(). */
TT_CHECKED tt_status tt_rows_new(tt_db *db, const char *const *columns, size_t n_columns, tt_results **out_results);
/** Add a row of as many terms as columns; TT_TERM_NONE: unbound. */
TT_CHECKED tt_status tt_rows_add(tt_results *results, const tt_term *row);

#endif
