/* join_hash.c - HASH_JOIN: the right side in a table, the left side streams through; without keys a product.
 *
 * A batch of left rows is searched at once; its pairs may fill many batches. Left rows keep their order. */
#include "exec/match.h"

typedef struct hash_join_op {
	tt_op op;
	tt_match match;
	tt_joiner joiner;
	bool is_searching; /* the left batch has more pairs */
} hash_join_op;

static tt_status open_hash_join(tt_op *op)
{
	hash_join_op *const self = (hash_join_op *)op;
	TT_TRY(tt_match_open(&self->match, op));
	return tt_joiner_open(&self->joiner, op, false, !tt_match_is_exact(&self->match));
}

static tt_status reset_hash_join(tt_op *op)
{
	hash_join_op *const self = (hash_join_op *)op;
	self->is_searching = false;
	TT_TRY(tt_match_reset(&self->match));
	return tt_op_reset(op->children[0]);
}

static tt_status next_hash_join(tt_op *op)
{
	hash_join_op *const self = (hash_join_op *)op;
	const tt_batch *const left = &op->children[0]->batch;
	while (op->batch.n_rows == 0) {
		if (!self->is_searching) {
			TT_TRY(tt_match_next_left(&self->match));
			if (left->n_rows == 0 || self->match.rows.n_rows == 0) {
				return TT_OK;
			}
			TT_TRY(tt_match_begin(&self->match, left));
		}
		self->joiner.pairs.n = 0;
		self->is_searching = !tt_match_fill(&self->match, &self->joiner.pairs, op->run->n_batch_rows, TT_ENDS_NONE,
		                                    NULL);
		const tt_right right = tt_match_rows(&self->match);
		TT_TRY(tt_joiner_deliver(&self->joiner, left, &right));
	}
	return TT_OK;
}

static void close_hash_join(tt_op *op)
{
	hash_join_op *const self = (hash_join_op *)op;
	tt_match_close(&self->match);
	tt_joiner_close(&self->joiner);
}

const tt_op_class tt_op_hash_join = {.n_bytes = sizeof(hash_join_op),
                                     .n_built = 2,
                                     .open = open_hash_join,
                                     .reset = reset_hash_join,
                                     .next = next_hash_join,
                                     .close = close_hash_join};
