/* backup.h - copies of a database that take their place at once: backup, restore, compact.
 *
 * Contrast: a dump is text that any RDF program reads; this keeps the ids, and so the labels of blank nodes.
 * Owns:     nothing after a call; a copy that fails leaves nothing behind.
 * Threads:  as store.h; beside other processes that read and write.
 * Fails:    TT_EXISTS, TT_BUSY, TT_NO_SPACE, TT_IO, TT_CORRUPT (the pages of the store are damaged), TT_CANCELLED.
 * Tests:    tests/cli/backup.sh
 */
#ifndef TT_STORE_BACKUP_H
#define TT_STORE_BACKUP_H

#include "store/store.h"

/** Copy the present state of a store into a directory, which is made if it does not exist. It is synced, and there
 * whole or not at all.
 * @param is_replacing A database there is replaced, if nobody has it open (else TT_BUSY); if false, the directory must
 * be empty (else TT_EXISTS). */
TT_CHECKED tt_status tt_store_copy(tt_ctx *ctx, tt_store *store, const char *directory, bool is_replacing);

/** Replace the file of a store by a copy without gaps, and open that. No snapshot may be open, nor another process have
 * the database open (TT_BUSY).
 * @param io_store NULL afterwards if it could not be opened again. After other failures the store is as it was. */
TT_CHECKED tt_status tt_store_compact(tt_ctx *ctx, tt_store **io_store);

#endif
