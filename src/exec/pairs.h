/* pairs.h - joined rows: from pairs of row numbers to the columns of a join.
 *
 * Contrast: match.h, join_lookup.c and join_merge.c find the pairs; here they are tested (further keys, variables that
 *           may be unbound, the condition of an OPTIONAL) and made into rows, a column at a time.
 * Owns:     what a tt_joiner allocates.
 * Threads:  as its context.
 * Fails:    as expressions.
 * Tests:    tests/unit/test_exec_*.c
 */
#ifndef TT_EXEC_PAIRS_H
#define TT_EXEC_PAIRS_H

#include "exec/op.h"

/** In place of a right row: the end of the pairs of a left row. A left join makes an unmatched row of it. */
#define TT_NO_PARTNER UINT32_MAX

/** Which left rows get an end behind their pairs. */
typedef enum tt_ends { TT_ENDS_NONE, TT_ENDS_IF_ALONE, TT_ENDS_ALL } tt_ends;

/** Pairs of a left and a right row; those of a left row may go on in the next chunk, its end comes last. */
typedef struct tt_pairs {
	size_t n;
	uint32_t left[TT_BATCH_ROWS];
	uint32_t right[TT_BATCH_ROWS];
} tt_pairs;

/** The right rows: value c of row r is columns[c][r * step]. */
typedef struct tt_right {
	const tt_id *const *columns;
	size_t step;
} tt_right;

/** A shared variable: its column on both sides. */
typedef struct tt_shared {
	size_t left, right;
	bool may_be_unbound;
} tt_shared;

typedef struct tt_source {
	size_t left, right; /* SIZE_MAX: that side has not got it; both: the bound one counts */
} tt_source;

typedef struct tt_joiner {
	tt_op *op;
	bool is_left_join;
	tt_shared *shared; /* what remains to be tested of a pair */
	size_t n_shared;
	tt_source *sources; /* one for each column of the result */
	tt_pairs pairs;     /* to be filled */
	tt_formula condition;
	bool has_condition;
	tt_source *condition_sources;
	size_t n_condition_columns;
	tt_id *condition_memory;
	const tt_id **condition_columns;
	uint32_t real[TT_BATCH_ROWS]; /* pairs that are no ends */
	uint32_t passed[TT_BATCH_ROWS];
	tt_pairs real_pairs;
	uint8_t is_matched[TT_BATCH_ROWS]; /* by left row: a pair has passed */
} tt_joiner;

/** Prepare for a join of the columns of op->node->children[0] and [1].
 * @param is_tested Whether the keys have to be compared pair by pair; variables that may be unbound always are. */
TT_CHECKED tt_status tt_joiner_open(tt_joiner *joiner, tt_op *op, bool is_left_join, bool is_tested);
void tt_joiner_close(tt_joiner *joiner);

/** Say that a key need not be tested: the pairs are found by it. */
void tt_joiner_trust(tt_joiner *joiner, tt_var variable);

/** The ends that are needed: where pairs can fail, a left join wants that of every left row. */
static inline tt_ends tt_joiner_ends(const tt_joiner *joiner)
{
	const bool is_picky = joiner->n_shared > 0 || joiner->has_condition;
	return !joiner->is_left_join ? TT_ENDS_NONE : is_picky ? TT_ENDS_ALL : TT_ENDS_IF_ALONE;
}
/** To be called for each new batch of left rows. */
void tt_joiner_begin(tt_joiner *joiner);

/** Drop the pairs that do not match in what remains to be tested; ends stay. */
void tt_joiner_test(tt_joiner *joiner, const tt_batch *left, const tt_right *right);
/** Test joiner->pairs and make rows of them in op->batch, perhaps none. */
TT_CHECKED tt_status tt_joiner_deliver(tt_joiner *joiner, const tt_batch *left, const tt_right *right);

#endif
