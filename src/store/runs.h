/* runs.h - sorted runs of rows in a temporary file, and their merging: sorting more than memory holds.
 *
 *     file: slots of 4096 bytes, each a block (block.h) of at most 4080 bytes and, in the last two, its size.
 *     run:  the slots from one to another; its rows ascend.
 *
 * Contrast: base/sort.h sorts in memory; rowlog.h keeps rows in the order of their coming.
 * Owns:     the file, which has no name; a merge its rows in memory, one block for each run.
 * Threads:  as the context.
 * Fails:    TT_NO_MEMORY, TT_NO_SPACE, TT_IO.
 * Tests:    tests/unit/test_bulk.c
 */
#ifndef TT_STORE_RUNS_H
#define TT_STORE_RUNS_H

#include "base/mem.h"
#include "store/block.h"

typedef struct tt_run {
	uint64_t first_slot, n_slots;
} tt_run;

/** Runs that are sorted alike. */
typedef struct tt_runs {
	tt_ctx *ctx;
	const char *directory; /* for the file, see tt_file_temporary() */
	tt_row_order order;
	int fd; /* −1: not made yet */
	uint64_t n_slots;
	tt_run *runs;
	size_t n_runs;
	size_t capacity;
} tt_runs;

void tt_runs_init(tt_runs *runs, tt_ctx *ctx, const char *directory, tt_row_order order);
void tt_runs_clear(tt_runs *runs);
/** Write rows, sorted by the order (without TT_ROW_IS_REMOVED), none twice, as a run behind the others. */
TT_CHECKED tt_status tt_runs_add(tt_runs *runs, const tt_row *rows, size_t n_rows);

/** The rows of all runs, in order. */
typedef struct tt_run_merge {
	const tt_runs *runs;
	struct tt_run_reader *readers; /* one for each run */
	size_t *heap;                  /* runs that have rows left, the one with the least row first */
	size_t n_heap;
} tt_run_merge;

/** @param runs Must outlive the merge, unchanged. */
TT_CHECKED tt_status tt_run_merge_open(tt_run_merge *merge, const tt_runs *runs);
void tt_run_merge_close(tt_run_merge *merge);
/** Fetch the next rows. Of rows that differ at most in TT_ROW_IS_REMOVED only the one of the last run is given.
 * @param out_n_rows 0 at the end. */
TT_CHECKED tt_status tt_run_merge_next(tt_run_merge *merge, tt_row *rows, size_t capacity, size_t *out_n_rows);

#endif
