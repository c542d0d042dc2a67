/* rowlog.h - the changes of a transaction in the order of their coming: in memory, and beyond a limit in a file.
 *
 * Contrast: runs.h keeps rows sorted.
 * Owns:     the rows and the file, which has no name.
 * Threads:  as the context.
 * Fails:    TT_NO_MEMORY, TT_NO_SPACE, TT_IO.
 * Tests:    tests/unit/test_bulk.c
 */
#ifndef TT_STORE_ROWLOG_H
#define TT_STORE_ROWLOG_H

#include "base/mem.h"
#include "base/sort.h"

typedef struct tt_row_log {
	tt_ctx *ctx;
	const char *directory; /* for the file, see tt_file_temporary() */
	tt_row *rows;          /* those behind the first `n_written` */
	size_t n_rows;
	size_t capacity;
	size_t n_limit; /* as many rows may be in memory */
	int fd;         /* −1: not made yet */
	size_t n_written;
} tt_row_log;

void tt_row_log_init(tt_row_log *log, tt_ctx *ctx, const char *directory, size_t n_limit);
void tt_row_log_clear(tt_row_log *log);
static inline size_t tt_row_log_size(const tt_row_log *log)
{
	return log->n_written + log->n_rows;
}
TT_CHECKED tt_status tt_row_log_add(tt_row_log *log, const tt_row *row);
/** Forget all rows behind the first @p n_rows. */
void tt_row_log_cut(tt_row_log *log, size_t n_rows);
/** Write all rows to the file and free their memory. */
TT_CHECKED tt_status tt_row_log_spill(tt_row_log *log);
/** Copy rows, which must be there. */
TT_CHECKED tt_status tt_row_log_read(const tt_row_log *log, size_t first, size_t n_rows, tt_row *out_rows);

#endif
