/* table.h - flat tables of ids: tuples, sets of tuples, and an index from hashes to tuples.
 *
 * Contrast: base/map.h holds values under hashes; these hold whole rows, 8 bytes a cell, and are filled and asked by
 *           the batch: first all hashes are computed and their slots prefetched, then the slots are read.
 * Owns:     its memory.
 * Threads:  as its context.
 * Fails:    TT_NO_MEMORY, TT_LIMIT (also beyond 2^32 - 2 rows), TT_CANCELLED, TT_TIMEOUT.
 * Tests:    tests/unit/test_exec_*.c
 */
#ifndef TT_EXEC_TABLE_H
#define TT_EXEC_TABLE_H

#include "exec/exec.h"

/** Row numbers have 32 bits; one value is kept for "none". */
#define TT_MOST_ROWS ((size_t)UINT32_MAX - 1)

/* ---- tuples ----------------------------------------------------------------------------------- */

/** Rows of n_width ids, one behind the other. A row may have no cells: then only the number counts. */
typedef struct tt_tuples {
	tt_ctx *ctx;
	tt_id *cells;
	size_t n_width;
	size_t n_rows, capacity;
} tt_tuples;

void tt_tuples_init(tt_tuples *tuples, tt_ctx *ctx, size_t n_width);
/** Free all rows; the width stays. */
void tt_tuples_clear(tt_tuples *tuples);
TT_CHECKED tt_status tt_tuples_reserve(tt_tuples *tuples, size_t n_more);
/** Append rows that are given by column. */
TT_CHECKED tt_status tt_tuples_append(tt_tuples *tuples, const tt_id *const *columns, size_t n_rows);
static inline tt_id *tt_tuples_row(const tt_tuples *tuples, size_t row)
{
	return tuples->cells + row * tuples->n_width;
}

/** A hash of each of some rows given by column. Of one column it is exact: equal hashes, equal ids.
 * @param seed As in the table; random, so that nobody can choose ids that collide. */
void tt_hash_rows(const tt_id *const *columns, size_t n_columns, size_t n_rows, uint64_t seed, uint64_t *out_hashes);

typedef struct tt_table_slot {
	uint64_t hash;
	uint32_t row; /* number + 1; 0: free */
} tt_table_slot;

/* ---- sets ------------------------------------------------------------------------------------- */

/** Different tuples, numbered 0, 1, … as they first came. */
typedef struct tt_tuple_set {
	tt_tuples tuples;
	uint64_t seed;
	tt_table_slot *slots; /* open addressing, linear probing */
	size_t n_slots;       /* 0 or a power of two */
	uint64_t hashes[TT_BATCH_ROWS];
} tt_tuple_set;

void tt_tuple_set_init(tt_tuple_set *set, tt_ctx *ctx, size_t n_width, uint64_t seed);
void tt_tuple_set_clear(tt_tuple_set *set);
/** Add rows given by column.
 * @param n_rows At most TT_BATCH_ROWS.
 * @param out_numbers The number of each row's tuple; a new one is the number of tuples before it. */
TT_CHECKED tt_status tt_tuple_set_add(tt_tuple_set *set, const tt_id *const *columns, size_t n_rows,
                                      uint32_t *out_numbers);

/* ---- indexes ---------------------------------------------------------------------------------- */

/** Rows 0 … n - 1 of some table by their hashes; those with equal hashes are chained, ascending. */
typedef struct tt_index {
	tt_ctx *ctx;
	tt_table_slot *slots;
	size_t n_slots;
	uint32_t *next; /* by row: number + 1 of the next one with the same hash, or 0; NULL: no row has one */
} tt_index;

/** Build.
 * @param hashes One a row; NULL: all rows are in one chain.
 * @param is_member One a row: it is in the index if that is @p membership; NULL: all are. */
TT_CHECKED tt_status tt_index_build(tt_index *index, tt_ctx *ctx, const uint64_t *hashes, size_t n_rows,
                                    const uint8_t *is_member, uint8_t membership);
void tt_index_clear(tt_index *index);
/** The first row (number + 1, or 0) under each of some hashes.
 * @param hashes NULL: the one chain, of all rows. */
void tt_index_find(const tt_index *index, const uint64_t *hashes, size_t n_hashes, uint32_t *out_rows);

#endif
