/* apply.h - bring the changes of a transaction into the permutations and the statistics.
 *
 * Contrast: txn.c gathers the changes and tries again when the map is full; perm.h merges one table; distinct.h counts.
 * Owns:     nothing after a call; the rows stay the caller's.
 * Threads:  as the transaction.
 * Fails:    TT_NO_MEMORY, TT_CORRUPT (the permutations disagree), and what LMDB says.
 * Tests:    tests/unit/test_store.c, tests/unit/test_bulk.c
 */
#ifndef TT_STORE_APPLY_H
#define TT_STORE_APPLY_H

#include "store/native.h"
#include "store/rowlog.h"
#include "store/runs.h"

/** Changes of quads, and what became of them. */
typedef struct tt_changes {
	tt_row *rows;  /* S, P, O, G, removals with TT_ROW_IS_REMOVED, in the order of their coming; with room for one
	                  more row. Sorting may exchange it for another array of tt_alloc(). */
	size_t n_rows; /* afterwards: with an effect */
	uint64_t n_added, n_removed; /* counted up */
} tt_changes;

/** Sort changes in the order S P O G and keep the last one of each quad. */
TT_CHECKED tt_status tt_changes_sort(tt_ctx *ctx, tt_changes *changes);

/** Apply changes to all permutations and statistics of an LMDB transaction.
 *
 * Afterwards the rows are those that had an effect, in no order to rely on; into an empty store these are
 * all that need be remembered. After a failure the LMDB transaction must be aborted.
 * @param state Updated; the caller writes it.
 */
TT_CHECKED tt_status tt_apply_changes(tt_ctx *ctx, tt_env *env, MDB_txn *txn, tt_state *state, tt_changes *changes);

/** As tt_changes_sort(), for more changes than memory may hold: those of a log from @p first on, as sorted runs, which
 * still hold each quad as often as there are runs that change it; tt_run_merge_next() keeps the last change.
 * @param log Goes to its file. @param out_runs Clear it in any case. */
TT_CHECKED tt_status tt_changes_sort_log(tt_ctx *ctx, tt_row_log *log, size_t first, tt_runs *out_runs);

/** As tt_apply_changes(), for the changes of a log from @p first on. The log stays as it is.
 * @param io_n_added, io_n_removed Counted up. */
TT_CHECKED tt_status tt_apply_log(tt_ctx *ctx, tt_env *env, MDB_txn *txn, tt_state *state, tt_row_log *log,
                                  size_t first, uint64_t *io_n_added, uint64_t *io_n_removed);

#endif
