/* left.c - joins that keep or drop left rows: LEFT_JOIN (OPTIONAL), SEMI_JOIN (EXISTS) and MINUS.
 *
 * The right side is held as in a hash join. Behind the pairs of each left row comes its end. When all its pairs are
 * tested, the end says whether one has passed: a left join then drops the end or makes a row of it whose right columns
 * are unbound; a semi-join or MINUS keeps or drops the left row. So rows keep their order, and the partners of one row
 * may fill many batches. */
#include "exec/match.h"

/* ---- LEFT_JOIN -------------------------------------------------------------------------------- */

typedef struct left_op {
	tt_op op;
	tt_match match;
	tt_joiner joiner;
	bool is_searching;
	bool wants_partner;   /* SEMI_JOIN: keep rows with a partner, else those without */
	bool must_share;      /* MINUS: a partner must bind a variable that the left row binds too */
	bool removes_nothing; /* MINUS without a shared variable */
	uint32_t kept[TT_BATCH_ROWS];
	size_t n_kept;
} left_op;

static tt_status open_left_join(tt_op *op)
{
	left_op *const self = (left_op *)op;
	TT_TRY(tt_match_open(&self->match, op));
	return tt_joiner_open(&self->joiner, op, true, !tt_match_is_exact(&self->match));
}

static tt_status reset_left(tt_op *op)
{
	left_op *const self = (left_op *)op;
	self->is_searching = false;
	TT_TRY(tt_match_reset(&self->match));
	return tt_op_reset(op->children[0]);
}

static tt_status next_left_join(tt_op *op)
{
	left_op *const self = (left_op *)op;
	const tt_batch *const left = &op->children[0]->batch;
	const tt_ends ends = tt_joiner_ends(&self->joiner);
	while (op->batch.n_rows == 0) {
		if (!self->is_searching) {
			TT_TRY(tt_match_next_left(&self->match));
			if (left->n_rows == 0) {
				return TT_OK;
			}
			TT_TRY(tt_match_begin(&self->match, left));
			tt_joiner_begin(&self->joiner);
		}
		self->joiner.pairs.n = 0;
		self->is_searching = !tt_match_fill(&self->match, &self->joiner.pairs, op->run->n_batch_rows, ends, NULL);
		const tt_right right = tt_match_rows(&self->match);
		TT_TRY(tt_joiner_deliver(&self->joiner, left, &right));
	}
	return TT_OK;
}

static void close_left(tt_op *op)
{
	left_op *const self = (left_op *)op;
	tt_match_close(&self->match);
	tt_joiner_close(&self->joiner);
}

const tt_op_class tt_op_left_join = {.n_bytes = sizeof(left_op),
                                     .n_built = 2,
                                     .open = open_left_join,
                                     .reset = reset_left,
                                     .next = next_left_join,
                                     .close = close_left};

/* ---- SEMI_JOIN and MINUS ---------------------------------------------------------------------- */

static tt_status open_semi_join(tt_op *op)
{
	left_op *const self = (left_op *)op;
	self->wants_partner = !op->node->is_negated;
	TT_TRY(tt_match_open(&self->match, op));
	return tt_joiner_open(&self->joiner, op, false, !tt_match_is_exact(&self->match));
}

static tt_status open_minus(tt_op *op)
{
	left_op *const self = (left_op *)op;
	TT_TRY(open_semi_join(op));
	self->wants_partner = false;
	self->must_share = op->node->n_keys == 0 && op->node->n_checks > 0;
	self->removes_nothing = op->node->n_keys + op->node->n_checks == 0;
	return TT_OK;
}

/* MINUS (§18.5): drop pairs that have no variable which both rows bind. */
static void drop_disjoint(left_op *self, const tt_batch *left, const tt_right *right)
{
	tt_pairs *const pairs = &self->joiner.pairs;
	size_t n = 0;
	for (size_t i = 0; i < pairs->n; ++i) {
		const uint32_t l = pairs->left[i];
		const uint32_t r = pairs->right[i];
		bool shares = r == TT_NO_PARTNER;
		for (size_t k = 0; k < self->match.n_checks && !shares; ++k) {
			shares = left->columns[self->match.left[k]][l] != TT_UNBOUND &&
			         right->columns[self->match.right[k]][r * right->step] != TT_UNBOUND;
		}
		pairs->left[n] = l;
		pairs->right[n] = r;
		n += shares;
	}
	pairs->n = n;
}

/* Note which left rows have a partner; at their ends, which are kept. */
static void keep_rows(left_op *self)
{
	const tt_pairs *const pairs = &self->joiner.pairs;
	uint8_t *const is_matched = self->joiner.is_matched;
	for (size_t i = 0; i < pairs->n; ++i) {
		const uint32_t l = pairs->left[i];
		if (pairs->right[i] != TT_NO_PARTNER) {
			is_matched[l] = 1;
		} else if ((is_matched[l] != 0) == self->wants_partner) {
			self->kept[self->n_kept++] = l;
		}
	}
}

/* The left rows of a batch that are kept. */
static tt_status search_batch(left_op *self, const tt_batch *left)
{
	const tt_right right = tt_match_rows(&self->match);
	bool is_done = false;
	self->n_kept = 0;
	TT_TRY(tt_match_begin(&self->match, left));
	tt_joiner_begin(&self->joiner);
	if (tt_match_is_exact(&self->match) && !self->must_share) {
		for (uint32_t i = 0; i < left->n_rows; ++i) {
			self->kept[self->n_kept] = i;
			self->n_kept += ((self->match.first[i] != 0) == self->wants_partner) | self->removes_nothing;
		}
		return TT_OK;
	}
	while (!is_done) {
		TT_TRY(tt_ctx_poll(self->op.run->ctx));
		self->joiner.pairs.n = 0;
		is_done = tt_match_fill(&self->match, &self->joiner.pairs, TT_BATCH_ROWS, TT_ENDS_ALL, self->joiner.is_matched);
		tt_joiner_test(&self->joiner, left, &right);
		if (self->must_share) {
			drop_disjoint(self, left, &right);
		}
		keep_rows(self);
	}
	return TT_OK;
}

static tt_status next_semi_join(tt_op *op)
{
	left_op *const self = (left_op *)op;
	const tt_batch *const left = &op->children[0]->batch;
	while (true) {
		TT_TRY(tt_match_next_left(&self->match));
		if (left->n_rows == 0) {
			return TT_OK;
		}
		TT_TRY(search_batch(self, left));
		if (self->n_kept) {
			return tt_op_select(op, self->kept, self->n_kept);
		}
	}
}

const tt_op_class tt_op_semi_join = {.n_bytes = sizeof(left_op),
                                     .n_built = 2,
                                     .open = open_semi_join,
                                     .reset = reset_left,
                                     .next = next_semi_join,
                                     .close = close_left};

const tt_op_class tt_op_minus = {.n_bytes = sizeof(left_op),
                                 .n_built = 2,
                                 .open = open_minus,
                                 .reset = reset_left,
                                 .next = next_semi_join,
                                 .close = close_left};
