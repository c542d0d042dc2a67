/* join_merge.c - MERGE_JOIN: both sides ascend on keys[0].
 *
 * The side that is behind gallops forward in its batch; when the batch does not reach far enough, a side that is a scan
 * is told to seek, so whole stretches of the store are skipped. Where the keys meet, all left rows of the key are
 * paired with all right rows of it. The right rows are used where they stand; only a group that reaches the end of its
 * batch, and so may go on in the next, is copied. No more than one such group is held. */
#include "exec/pairs.h"
#include "exec/table.h"

typedef struct merge_op {
	tt_op op;
	tt_joiner joiner;
	size_t keys[2]; /* the column of keys[0] on each side */
	size_t at[2];   /* the row in question of each side's batch */
	bool is_in_group;
	tt_id key;                     /* of the group */
	size_t group_begin, group_end; /* right rows: of the batch, or of `copied` */
	size_t group_row;
	bool is_copied;
	tt_tuples copied;
	const tt_id **copied_columns;
	const tt_id **run_columns; /* where a run to be copied begins */
} merge_op;

static tt_status open_merge(tt_op *op)
{
	merge_op *const self = (merge_op *)op;
	tt_ctx *const ctx = op->run->ctx;
	const tt_node *const node = op->node;
	const size_t n_right = node->children[1]->n_columns;
	tt_tuples_init(&self->copied, ctx, n_right);
	self->copied_columns = tt_calloc(ctx, n_right, sizeof(tt_id *));
	self->run_columns = tt_calloc(ctx, n_right, sizeof(tt_id *));
	if (!self->copied_columns || !self->run_columns) {
		return ctx->error.status;
	}
	for (unsigned side = 0; side < 2; ++side) {
		self->keys[side] = node->n_keys ? tt_node_find(node->children[side], node->keys[0]) : SIZE_MAX;
		if (self->keys[side] == SIZE_MAX) {
			return tt_fail(ctx, TT_INTERNAL, "a merge join without a key");
		}
	}
	TT_TRY(tt_joiner_open(&self->joiner, op, false, true));
	tt_joiner_trust(&self->joiner, node->keys[0]);
	return TT_OK;
}

static tt_status reset_merge(tt_op *op)
{
	merge_op *const self = (merge_op *)op;
	self->at[0] = 0;
	self->at[1] = 0;
	self->is_in_group = false;
	self->is_copied = false;
	return tt_op_reset_children(op);
}

/* ---- rows of a side --------------------------------------------------------------------------- */

static const tt_batch *batch_of(const merge_op *self, unsigned side)
{
	return &self->op.children[side]->batch;
}

static const tt_id *keys_of(const merge_op *self, unsigned side)
{
	return batch_of(self, side)->columns[self->keys[side]];
}

static bool has_row(const merge_op *self, unsigned side)
{
	return self->at[side] < batch_of(self, side)->n_rows;
}

/* Fetch a side's next batch. @param wanted Smaller keys are of no use; TT_UNBOUND: all are. */
static tt_status fetch(merge_op *self, unsigned side, tt_id wanted)
{
	tt_op *const child = self->op.children[side];
	if (wanted != TT_UNBOUND && !child->is_at_end && child->class->seek &&
	    child->seek_variable == self->op.node->keys[0]) {
		TT_TRY(child->class->seek(child, wanted));
	}
	self->at[side] = 0;
	return tt_op_next(child);
}

/* The first of keys[at, n) that is not smaller: by doubling steps, then by halves. */
static size_t gallop(const tt_id *keys, size_t at, size_t n, tt_id wanted)
{
	size_t step = 1;
	while (at + step < n && keys[at + step] < wanted) {
		at += step;
		step *= 2;
	}
	size_t high = at + step < n ? at + step : n;
	while (at < high) {
		const size_t middle = at + (high - at) / 2;
		if (keys[middle] < wanted) {
			at = middle + 1;
		} else {
			high = middle;
		}
	}
	return at;
}

/* ---- groups ----------------------------------------------------------------------------------- */

/* The end of the right rows with the key, beginning at the row in question. */
static size_t run_end(const merge_op *self)
{
	const tt_id *const keys = keys_of(self, 1);
	const size_t n = batch_of(self, 1)->n_rows;
	size_t end = self->at[1];
	while (end < n && keys[end] == self->key) {
		end++;
	}
	return end;
}

/* Copy a group that goes beyond its batch. */
static tt_status copy_group(merge_op *self)
{
	tt_tuples *const copied = &self->copied;
	copied->n_rows = 0;
	do {
		const size_t end = run_end(self);
		for (size_t c = 0; c < copied->n_width; ++c) {
			self->run_columns[c] = batch_of(self, 1)->columns[c] + self->at[1];
		}
		TT_TRY(tt_tuples_append(copied, self->run_columns, end - self->at[1]));
		self->at[1] = end;
		if (!has_row(self, 1)) {
			TT_TRY(fetch(self, 1, TT_UNBOUND));
		}
	} while (has_row(self, 1) && keys_of(self, 1)[self->at[1]] == self->key);
	for (size_t c = 0; c < copied->n_width; ++c) {
		self->copied_columns[c] = copied->cells + c;
	}
	self->is_copied = true;
	self->group_begin = 0;
	self->group_end = copied->n_rows;
	return TT_OK;
}

static tt_status begin_group(merge_op *self)
{
	const size_t end = run_end(self);
	self->is_in_group = true;
	if (end == batch_of(self, 1)->n_rows) {
		TT_TRY(copy_group(self));
	} else {
		self->is_copied = false;
		self->group_begin = self->at[1];
		self->group_end = end;
		self->at[1] = end;
	}
	self->group_row = self->group_begin;
	return TT_OK;
}

/* Pair the left rows of this batch with the group; false if there is no more room. */
static bool pair_group(merge_op *self)
{
	tt_pairs *const pairs = &self->joiner.pairs;
	const size_t capacity = self->op.run->n_batch_rows;
	const tt_id *const keys = keys_of(self, 0);
	const size_t n_left = batch_of(self, 0)->n_rows;
	while (self->at[0] < n_left && keys[self->at[0]] == self->key) {
		while (self->group_row < self->group_end && pairs->n < capacity) {
			pairs->left[pairs->n] = (uint32_t)self->at[0];
			pairs->right[pairs->n++] = (uint32_t)self->group_row++;
		}
		if (self->group_row < self->group_end) {
			return false;
		}
		self->group_row = self->group_begin;
		self->at[0]++;
	}
	return true;
}

/* ---- the join --------------------------------------------------------------------------------- */

/* Go on with a group; *out_is_stopped: the pairs must be delivered first, they refer to what would be replaced. */
static tt_status work_group(merge_op *self, bool *out_is_stopped)
{
	const bool has_pairs_before = self->joiner.pairs.n > 0;
	*out_is_stopped = !pair_group(self);
	if (*out_is_stopped) {
		return TT_OK;
	}
	const bool has_pairs = has_pairs_before || self->joiner.pairs.n > 0;
	if (!has_row(self, 0)) {
		*out_is_stopped = has_pairs;
		if (has_pairs) {
			return TT_OK;
		}
		TT_TRY(fetch(self, 0, TT_UNBOUND));
		if (has_row(self, 0) && keys_of(self, 0)[0] == self->key) {
			return TT_OK;
		}
	}
	*out_is_stopped = self->is_copied && has_pairs;
	self->is_in_group = *out_is_stopped;
	return TT_OK;
}

/* Move both sides to the next common key; *out_is_stopped also at the end. */
static tt_status align(merge_op *self, bool *out_is_stopped)
{
	for (unsigned side = 0; side < 2; ++side) {
		const unsigned other = 1 - side;
		if (has_row(self, side)) {
			continue;
		}
		*out_is_stopped = self->joiner.pairs.n > 0;
		if (*out_is_stopped) {
			return TT_OK;
		}
		TT_TRY(fetch(self, side, has_row(self, other) ? keys_of(self, other)[self->at[other]] : TT_UNBOUND));
		*out_is_stopped = !has_row(self, side);
		if (*out_is_stopped) {
			return TT_OK;
		}
	}
	const tt_id left = keys_of(self, 0)[self->at[0]];
	const tt_id right = keys_of(self, 1)[self->at[1]];
	if (left != right) {
		const unsigned behind = left < right ? 0 : 1;
		self->at[behind] = gallop(keys_of(self, behind), self->at[behind], batch_of(self, behind)->n_rows,
		                          left < right ? right : left);
		return TT_OK;
	}
	self->key = left;
	/* A group that is copied takes the place of the right batch, which pairs refer to. */
	*out_is_stopped = self->joiner.pairs.n > 0 && run_end(self) == batch_of(self, 1)->n_rows;
	return *out_is_stopped ? TT_OK : begin_group(self);
}

static tt_status next_merge(tt_op *op)
{
	merge_op *const self = (merge_op *)op;
	while (op->batch.n_rows == 0) {
		bool is_stopped = false;
		self->joiner.pairs.n = 0;
		while (!is_stopped) {
			TT_TRY(self->is_in_group ? work_group(self, &is_stopped) : align(self, &is_stopped));
		}
		if (self->joiner.pairs.n == 0) {
			return TT_OK;
		}
		const tt_right right = {self->is_copied ? self->copied_columns : tt_batch_columns(batch_of(self, 1)),
		                        self->is_copied ? self->copied.n_width : 1};
		TT_TRY(tt_joiner_deliver(&self->joiner, batch_of(self, 0), &right));
	}
	return TT_OK;
}

static void close_merge(tt_op *op)
{
	merge_op *const self = (merge_op *)op;
	tt_ctx *const ctx = op->run->ctx;
	tt_tuples_clear(&self->copied);
	tt_free(ctx, self->copied_columns);
	tt_free(ctx, self->run_columns);
	tt_joiner_close(&self->joiner);
}

const tt_op_class tt_op_merge_join = {.n_bytes = sizeof(merge_op),
                                      .n_built = 2,
                                      .open = open_merge,
                                      .reset = reset_merge,
                                      .next = next_merge,
                                      .close = close_merge};
