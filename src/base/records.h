/* records.h - sorts any number of byte strings in bounded memory.
 *
 * Contrast: sort.h sorts rows of four words that fit into memory; ORDER BY (exec/sort) compares terms by their values.
 * Owns:     copies of the records: in memory as far as the budget goes, else in a temporary file without a name.
 * Threads:  as its context.
 * Fails:    TT_NO_MEMORY, TT_NO_SPACE and TT_IO for the temporary file, TT_CANCELLED.
 * Tests:    tests/unit/test_base.c
 */
#ifndef TT_BASE_RECORDS_H
#define TT_BASE_RECORDS_H

#include "base/bytes.h"

typedef struct tt_records tt_records;

/** @param n_budget Bytes to hold in memory before a sorted run goes to the file. */
TT_CHECKED tt_status tt_records_new(tt_ctx *ctx, size_t n_budget, tt_records **out_records);
/** Copy a record of up to 4 GB; none after the first tt_records_next(). */
TT_CHECKED tt_status tt_records_add(tt_records *records, tt_view record);
/** The next record in the order of the bytes (for UTF-8: of the code points), valid until the next call; `data` is NULL
 * behind the last. Equal records come as often as they were added. */
TT_CHECKED tt_status tt_records_next(tt_records *records, tt_view *out_record);
void tt_records_free(tt_records *records);

#endif
