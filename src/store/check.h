/* check.h - verify every invariant of a store: `tertium check`.
 *
 * Contrast: a scan verifies only the blocks that it reads.
 * Owns:     nothing.
 * Threads:  as the snapshot.
 * Fails:    TT_CORRUPT with the first damage found; each damage is reported through the callback.
 * Tests:    tests/unit/test_store.c, tests/fault
 */
#ifndef TT_STORE_CHECK_H
#define TT_STORE_CHECK_H

#include "store/store.h"

/** Verify checksums and sort order of every block, that all permutations hold the same quads, that
 * the dictionary is one-to-one and holds every id used, and that statistics equal a recount.
 *
 * @return TT_OK (also when damages were reported: see n_damages), or what kept the check from going on.
 */
TT_CHECKED tt_status tt_store_check(tt_ctx *ctx, tt_store *store, tt_check_report report, void *user,
                                    tt_check_result *out_result);

#endif
