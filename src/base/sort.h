/* sort.h - stable radix sort of rows of four 64-bit words (quads, hash entries).
 *
 * Contrast: ORDER BY sorts terms by their values (exec/sort); this sorts ids as unsigned numbers.
 * Owns:     nothing; the caller brings both buffers.
 * Threads:  any.
 * Fails:    never.
 * Tests:    tests/unit/test_block.c
 */
#ifndef TT_BASE_SORT_H
#define TT_BASE_SORT_H

#include <stddef.h>
#include <stdint.h>

/** A row: a quad in the order S, P, O, G, or in the order of a permutation, as the user says. */
typedef struct tt_row {
	uint64_t word[4];
} tt_row;

/** A word of a row to sort on, and which of its bits count. */
typedef struct tt_sort_key {
	unsigned word;
	uint64_t mask;
} tt_sort_key;

/** Sort rows by some words, the first key being the most significant; rows with equal keys keep their order.
 *
 * Costs one pass for every 8 or 11 bits in which the rows differ; words in which all rows agree are free.
 *
 * @param rows The rows to sort; afterwards the sorted ones (it may have been exchanged with @p scratch).
 * @param scratch Room for as many rows.
 */
void tt_sort_rows(tt_row **rows, tt_row **scratch, size_t n_rows, const tt_sort_key *keys, size_t n_keys);

#endif
