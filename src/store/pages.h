/* pages.h - verify the pages of an LMDB file before LMDB reads them.
 *
 * LMDB trusts its file: a flipped bit in a page header or a cut-off file makes it crash. So the meta pages and
 * the format record are looked at with our own eyes before LMDB opens the file, and the pages of all trees
 * once it is open.
 *
 * Contrast: the checksums of blocks and sealed records guard what we put into the pages; check.h the meaning.
 * Owns:     nothing after a call.
 * Threads:  any.
 * Fails:    TT_CORRUPT, TT_UNSUPPORTED, TT_IO, TT_NOT_FOUND with a sentence.
 * Tests:    tests/unit/test_store.c
 */
#ifndef TT_STORE_PAGES_H
#define TT_STORE_PAGES_H

#include "store/lmdb.h"

/** What tt_pages_probe() found in a file. */
typedef enum tt_probe {
	TT_PROBE_EMPTY,   /* an LMDB file (or an empty one) without any data: a creation that did not get far */
	TT_PROBE_TORN,    /* no more than its very first write, perhaps cut off: to be cleared before LMDB opens it */
	TT_PROBE_DATABASE /* a database of our format version */
} tt_probe;

/** Look at the meta pages and the format record of a file without changing anything.
 * @param directory For messages. */
TT_CHECKED tt_status tt_pages_probe(tt_ctx *ctx, const char *directory, const char *file, tt_probe *out_probe);

/** Verify the trees of a snapshot: every branch and leaf page, and that no page belongs to two places.
 * @param is_deep Also read the header of each overflow page, so the whole file (else only those of free lists).
 * @param largest Give up silently (all is well) if the file is larger; 0: no limit. */
TT_CHECKED tt_status tt_pages_verify(tt_ctx *ctx, tt_env *env, MDB_txn *txn, bool is_deep, uint64_t largest);

/** Whether a value that is about to be replaced or deleted can be: if it lies on overflow pages, LMDB frees as many of
 * them as their header says, so that must be right. */
bool tt_pages_can_free(MDB_txn *txn, const MDB_val *key, const MDB_val *value);

#endif
