/* termlog.h - the new terms of a transaction that are no longer kept in memory: batch by batch in a file.
 *
 * They are in the dictionary of the LMDB transaction already; if that must begin anew (a larger map), they are written
 * to it once more from here.
 *
 * Contrast: dict.h gathers the terms in memory.
 * Owns:     the file, which has no name.
 * Threads:  as the transaction.
 * Fails:    TT_NO_MEMORY, TT_NO_SPACE, TT_IO, and what dict.h says.
 * Tests:    tests/unit/test_bulk.c
 */
#ifndef TT_STORE_TERMLOG_H
#define TT_STORE_TERMLOG_H

#include "store/dict.h"

typedef struct tt_term_batch {
	uint64_t offset; /* of the entries, with the records behind them */
	size_t n_entries, n_record_bytes;
	uint64_t next_number; /* behind the batch */
} tt_term_batch;

typedef struct tt_term_log {
	tt_ctx *ctx;
	const char *directory; /* for the file, see tt_file_temporary() */
	int fd;                /* −1: not made yet */
	uint64_t n_bytes;
	tt_term_batch *batches;
	size_t n_batches;
	size_t capacity;
	size_t n_flushed; /* batches that the LMDB transaction has */
} tt_term_log;

void tt_term_log_init(tt_term_log *log, tt_ctx *ctx, const char *directory);
void tt_term_log_clear(tt_term_log *log);
/** Move all terms of a writer to the end of the log; the writer is empty afterwards. */
TT_CHECKED tt_status tt_term_log_add(tt_term_log *log, tt_dict_writer *writer);
/** Write the batches that the LMDB transaction does not have yet. @param io_next_number Of the dictionary. */
TT_CHECKED tt_status tt_term_log_flush(tt_term_log *log, tt_env *env, MDB_txn *txn, uint64_t *io_next_number);

#endif
