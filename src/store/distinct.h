/* distinct.h - counting how many groups of rows that begin alike a table gains and loses.
 *
 * Contrast: apply.h brings the rows into the table; this is asked behind that.
 * Owns:     nothing.
 * Threads:  as the transaction.
 * Fails:    TT_CORRUPT, and what LMDB says.
 * Tests:    tests/unit/test_store.c, tests/unit/test_bulk.c
 */
#ifndef TT_STORE_DISTINCT_H
#define TT_STORE_DISTINCT_H

#include "store/perm.h"

/** Rows with an effect that agree in their first columns. */
typedef struct tt_row_group {
	bool is_open; /* it has rows, and more may come */
	uint64_t n_added, n_removed;
	uint64_t key[TT_BLOCK_COLUMNS];
} tt_row_group;

/** What is counted: the groups of a table by so many columns. */
typedef struct tt_distinct {
	tt_ctx *ctx;
	tt_env *env;
	MDB_txn *txn;
	unsigned table;
	unsigned n_key;
	bool is_fresh; /* the table was empty: every group is new */
	tt_row_group group;
} tt_distinct;

/** Called for each group: by how much there are more such groups (+1), the same (0) or fewer (−1). */
typedef void (*tt_group_fn)(void *user, const tt_row_group *group, int64_t difference);

/** Go on with rows of changes that have all been brought into the table, in its order. The last group stays open. */
TT_CHECKED tt_status tt_distinct_add(tt_distinct *distinct, const tt_row *rows, size_t n_rows, tt_group_fn visit,
                                     void *user);
/** No more rows come: close the last group. */
TT_CHECKED tt_status tt_distinct_finish(tt_distinct *distinct, tt_group_fn visit, void *user);

/** Take the group of rows from @p at on that agree in their first columns with the first of them.
 * @return The index behind it. */
size_t tt_row_group_take(const tt_row *rows, size_t n_rows, size_t at, tt_row_order order, unsigned n_key,
                         tt_row_group *out_group);

#endif
