/* match.h - the right side of a hash join, held in memory, and the search for partners in it.
 *
 * Contrast: table.h is the bare index; this knows keys and variables that may be unbound. pairs.h tests what is found.
 * Owns:     the rows and their indexes.
 * Threads:  as its context.
 * Fails:    as table.h and the operators below.
 * Tests:    tests/unit/test_exec_*.c
 */
#ifndef TT_EXEC_MATCH_H
#define TT_EXEC_MATCH_H

#include "exec/pairs.h"
#include "exec/table.h"

typedef struct tt_match {
	tt_op *op;            /* the join; child 1 is what is held */
	size_t *left, *right; /* columns of the keys, then of the checks; those that need only be alike are checks too */
	size_t n_keys, n_checks, n_alike;
	tt_tuples rows;        /* all columns of child 1, then a hash of each value that has to be alike */
	const tt_id **columns; /* of the rows, for tt_right */
	uint8_t *is_loose;     /* with checks: one a row, some check is unbound */
	bool has_loose;
	bool is_built, has_by_keys;
	tt_index tight;   /* rows with all checks bound, by keys and checks */
	tt_index loose;   /* the others, by keys */
	tt_index by_keys; /* the tight ones by keys, for left rows with an unbound check */
	uint64_t hashes[TT_BATCH_ROWS];
	tt_id *value_hashes;    /* of a batch: n_alike columns */
	const tt_id **probes;   /* of the left batch: keys, checks, hashes of values */
	const tt_id **gathered; /* of a right batch: its columns, hashes of values */
	/* the search for the partners of a batch of left rows */
	uint32_t first[TT_BATCH_ROWS];       /* first candidate: number + 1 */
	uint32_t first_loose[TT_BATCH_ROWS]; /* the same among the loose rows */
	uint8_t is_left_loose[TT_BATCH_ROWS];
	size_t n_left;
	size_t row; /* the left row in question */
	uint32_t candidate;
	bool is_in_loose; /* the candidate is a loose one */
} tt_match;

TT_CHECKED tt_status tt_match_open(tt_match *match, tt_op *op);
void tt_match_close(tt_match *match);
/** Start anew; what is held stays if it does not depend on parameters. */
TT_CHECKED tt_status tt_match_reset(tt_match *match);
/** Fetch the next batch of child 0 and, unless that has come to its end, read child 1 if that is not done. */
TT_CHECKED tt_status tt_match_next_left(tt_match *match);
/** Begin to search for the partners of left rows. */
TT_CHECKED tt_status tt_match_begin(tt_match *match, const tt_batch *left);
/** Append pairs of rows that may match until there are @p capacity of them or the left rows are done.
 * @param is_settled By left row: no more pairs are wanted; may be NULL.
 * @return Whether the left rows are done. */
bool tt_match_fill(tt_match *match, tt_pairs *pairs, size_t capacity, tt_ends ends, const uint8_t *is_settled);
/** Whether a row found by its key alone is a match: one key at most and nothing that may be unbound, or only alike. */
static inline bool tt_match_is_exact(const tt_match *match)
{
	return match->n_keys <= 1 && match->n_checks == 0;
}
static inline tt_right tt_match_rows(const tt_match *match)
{
	return (tt_right){match->columns, match->rows.n_width};
}

#endif
