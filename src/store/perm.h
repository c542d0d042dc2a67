/* perm.h - tables of blocks: the permutations, and the hashes of the dictionary.
 *
 * Key: the first row of the block, its four columns big-endian (32 bytes). Value: the block (block.h).
 * The rows of all blocks in key order are strictly ascending.
 *
 * Contrast: block.h is one block, scan.c turns blocks into the answer to a pattern.
 * Owns:     a cursor its LMDB cursor; blocks are views that live as long as the transaction reads on.
 * Threads:  as the transaction.
 * Fails:    TT_CORRUPT (every block is verified before it is used), TT_IO, TT_NO_SPACE, TT_LIMIT.
 * Tests:    tests/unit/test_store.c
 */
#ifndef TT_STORE_PERM_H
#define TT_STORE_PERM_H

#include "store/block.h"
#include "store/lmdb.h"

/** Which blocks a snapshot has verified already: a cache keyed by address, sound because the pages of
 * a snapshot do not change. May forget, never lies. */
typedef struct tt_trust {
	tt_ctx *ctx;
	uintptr_t *slots;
	size_t n_slots; /* a power of two; 0: trust nothing */
} tt_trust;

/** @param n_pages The size of the store, to choose a size for the cache. */
TT_CHECKED tt_status tt_trust_init(tt_trust *trust, tt_ctx *ctx, size_t n_pages);
void tt_trust_clear(tt_trust *trust);
/** Whether the block at an address has been verified; false if @p trust is NULL. */
bool tt_trust_holds(const tt_trust *trust, const void *data);
/** Remember that the block at an address is sound. */
void tt_trust_add(tt_trust *trust, const void *data);

/** A place in a table of blocks. */
typedef struct tt_block_cursor {
	tt_ctx *ctx;
	tt_env *env;
	unsigned table;
	MDB_cursor *cursor;
	tt_trust *trust; /* may be NULL */
	bool is_writing; /* blocks will be replaced: verify what that relies on too */
	bool is_on_block;
	tt_block block; /* if is_on_block */
} tt_block_cursor;

/** The order of the words of a quad (S, P, O, G) in a table; hashes keep theirs. */
tt_row_order tt_table_order(unsigned table);

TT_CHECKED tt_status tt_block_cursor_open(tt_block_cursor *cursor, tt_ctx *ctx, tt_env *env, MDB_txn *txn,
                                          unsigned table, tt_trust *trust);
void tt_block_cursor_close(tt_block_cursor *cursor);
/** Go to the first block; `is_on_block` is false if there is none. */
TT_CHECKED tt_status tt_block_cursor_first(tt_block_cursor *cursor);
/** Go to the next block, if there is one. */
TT_CHECKED tt_status tt_block_cursor_next(tt_block_cursor *cursor);
/** Go to where a key (1–4 columns; what is missing counts as 0) would stand: the last block whose first row is not
 * greater, else the first block. */
TT_CHECKED tt_status tt_block_cursor_seek(tt_block_cursor *cursor, const uint64_t *key, unsigned n_key);
/** Go forward to the first row ≥ the key, which lies behind the current block's row @p row, and say which it is. */
TT_CHECKED tt_status tt_block_cursor_advance(tt_block_cursor *cursor, size_t row, const uint64_t *key, unsigned n_key,
                                             size_t *out_row);
/** Go to the first row ≥ the key, wherever it is. `is_on_block` is false if there is none. */
TT_CHECKED tt_status tt_block_cursor_find(tt_block_cursor *cursor, const uint64_t *key, unsigned n_key,
                                          size_t *out_row);
/** Whether more than @p n_rows rows begin with the key; goes forward only if the keys of the calls ascend. */
TT_CHECKED tt_status tt_block_cursor_has_more_than(tt_block_cursor *cursor, const uint64_t *key, unsigned n_key,
                                                   uint64_t n_rows, bool *out_has_more);
/** The number of rows that begin with the key. Counts blocks in between by their headers. */
TT_CHECKED tt_status tt_block_cursor_count(tt_block_cursor *cursor, const uint64_t *key, unsigned n_key,
                                           uint64_t *out_n_rows);

/** Append sorted rows behind all rows of a table (usually an empty one). */
TT_CHECKED tt_status tt_table_append(tt_ctx *ctx, tt_env *env, MDB_txn *txn, unsigned table, const tt_row *rows,
                                     size_t n_rows);

/** Apply changes, sorted in the order of the table, no row twice. Only the blocks that they touch are rewritten.
 *
 * @param changes Rows to add, and rows to remove (TT_ROW_IS_REMOVED in word 3). Those that have no effect
 *                (added, but there; removed, but absent) are taken out.
 * @param io_n_changes Their number; afterwards that of those with an effect.
 */
TT_CHECKED tt_status tt_table_merge(tt_ctx *ctx, tt_env *env, MDB_txn *txn, unsigned table, tt_row *changes,
                                    size_t *io_n_changes);

#endif
