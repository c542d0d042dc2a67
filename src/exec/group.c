/* group.c - GROUP: rows into groups by their keys, aggregates over each group (SPARQL 1.1 §18.5.1).
 *
 * Groups are the distinct key rows, numbered as they come. Plain counts are counted here; every other
 * aggregate has an accumulator for each group. */
#include "exec/op.h"

typedef struct group_op {
	tt_op op;
	tt_rows groups;               /* the keys */
	tt_id *key;                   /* room for one */
	size_t *key_columns;
	tt_program **arguments;       /* by aggregation; NULL: COUNT(*) */
	tt_id **values;               /* by aggregation: the argument's values for a batch */
	uint64_t *counts;             /* by group and aggregation */
	tt_accumulator **accumulators; /* likewise; NULL where only counted */
	size_t n_states;
	size_t capacity, counts_capacity;
	tt_rows distinct;             /* COUNT(DISTINCT *): group number, then the row */
	tt_id *distinct_row;
	size_t next_group;
	bool is_built;
} group_op;

static bool is_count(const tt_aggregation *a)
{
	return a->function == TT_AGGREGATE_COUNT && (!a->is_distinct || !a->argument);
}

static tt_status group_open(tt_op *op)
{
	group_op *const self = (group_op *)op;
	const tt_node *const node = op->node;
	const tt_node *const child = node->children[0];
	tt_ctx *const ctx = op->x->ctx;
	tt_rows_init(&self->groups, ctx, node->n_keys);
	tt_rows_init(&self->distinct, ctx, child->n_columns + 1);
	self->key = tt_calloc(ctx, node->n_keys + 1, sizeof *self->key);
	self->key_columns = tt_calloc(ctx, node->n_keys, sizeof *self->key_columns);
	self->arguments = tt_calloc(ctx, node->n_aggregations, sizeof *self->arguments);
	self->values = tt_calloc(ctx, node->n_aggregations, sizeof *self->values);
	self->distinct_row = tt_calloc(ctx, child->n_columns + 1, sizeof *self->distinct_row);
	if (!self->key || !self->key_columns || !self->arguments || !self->values || !self->distinct_row) {
		return ctx->error.status;
	}
	for (size_t i = 0; i < node->n_keys; ++i) {
		self->key_columns[i] = tt_find_column(child->columns, child->n_columns, node->keys[i]);
	}
	for (size_t a = 0; a < node->n_aggregations; ++a) {
		if (!node->aggregations[a].argument) {
			continue;
		}
		self->values[a] = tt_alloc(ctx, TT_BATCH_ROWS * sizeof(tt_id));
		if (!self->values[a]) {
			return ctx->error.status;
		}
		TT_TRY(tt_expr_compile(node->aggregations[a].argument, op->x->env, child->columns, child->n_columns,
		                       &self->arguments[a]));
	}
	return TT_OK;
}

static void free_states(group_op *self)
{
	for (size_t i = 0; i < self->n_states; ++i) {
		tt_accumulator_free(self->accumulators[i]);
	}
	self->n_states = 0;
}

static tt_status group_reset(tt_op *op)
{
	group_op *const self = (group_op *)op;
	free_states(self);
	tt_rows_empty(&self->groups);
	tt_rows_empty(&self->distinct);
	self->next_group = 0;
	self->is_built = false;
	return TT_OK;
}

static tt_status add_group_states(group_op *self)
{
	const tt_node *const node = self->op.node;
	tt_ctx *const ctx = self->op.x->ctx;
	const size_t n = self->n_states + node->n_aggregations;
	TT_TRY(tt_grow(ctx, (void **)&self->counts, &self->counts_capacity, n, sizeof *self->counts));
	TT_TRY(tt_grow(ctx, (void **)&self->accumulators, &self->capacity, n, sizeof(tt_accumulator *)));
	for (size_t a = 0; a < node->n_aggregations; ++a) {
		self->counts[self->n_states] = 0;
		self->accumulators[self->n_states] = NULL;
		self->n_states++;
		if (!is_count(&node->aggregations[a])) {
			TT_TRY(tt_accumulator_new(self->op.x->env, &node->aggregations[a], &self->accumulators[self->n_states - 1]));
		}
	}
	return TT_OK;
}

static tt_status find_group(group_op *self, const tt_batch *batch, size_t row, size_t *out_group)
{
	bool is_new = false;
	for (size_t i = 0; i < self->op.node->n_keys; ++i) {
		self->key[i] = batch->columns[self->key_columns[i]][row];
	}
	TT_TRY(tt_rows_add_distinct(&self->groups, self->key, out_group, &is_new));
	return is_new ? add_group_states(self) : TT_OK;
}

static tt_status count_star_distinct(group_op *self, const tt_batch *batch, size_t row, size_t group, uint64_t *count)
{
	bool is_new = false;
	self->distinct_row[0] = group;
	for (size_t c = 0; c < batch->n_columns; ++c) {
		self->distinct_row[c + 1] = batch->columns[c][row];
	}
	TT_TRY(tt_rows_add_distinct(&self->distinct, self->distinct_row, NULL, &is_new));
	*count += is_new;
	return TT_OK;
}

static tt_status add_row(group_op *self, const tt_batch *batch, size_t row)
{
	const tt_node *const node = self->op.node;
	size_t group = 0;
	TT_TRY(find_group(self, batch, row, &group));
	for (size_t a = 0; a < node->n_aggregations; ++a) {
		const size_t state = group * node->n_aggregations + a;
		if (self->accumulators[state]) {
			TT_TRY(tt_accumulator_add(self->accumulators[state], self->values[a] ? &self->values[a][row] : NULL, 1));
		} else if (node->aggregations[a].argument) {
			self->counts[state] += self->values[a][row] != TT_UNBOUND;
		} else if (node->aggregations[a].is_distinct) {
			TT_TRY(count_star_distinct(self, batch, row, group, &self->counts[state]));
		} else {
			self->counts[state]++;
		}
	}
	return TT_OK;
}

/* Without keys all rows are of one group: whole columns at once. */
static tt_status add_batch(group_op *self, const tt_batch *batch)
{
	const tt_node *const node = self->op.node;
	bool is_whole = node->n_keys == 0;
	for (size_t a = 0; a < node->n_aggregations; ++a) {
		is_whole = is_whole && (node->aggregations[a].argument || !node->aggregations[a].is_distinct);
	}
	if (!is_whole) {
		for (size_t i = 0; i < batch->n_rows; ++i) {
			TT_TRY(add_row(self, batch, i));
		}
		return TT_OK;
	}
	for (size_t a = 0; a < node->n_aggregations; ++a) {
		if (self->accumulators[a]) {
			TT_TRY(tt_accumulator_add(self->accumulators[a], self->values[a], batch->n_rows));
		} else {
			for (size_t i = 0; i < batch->n_rows; ++i) {
				self->counts[a] += !self->values[a] || self->values[a][i] != TT_UNBOUND;
			}
		}
	}
	return TT_OK;
}

static tt_status build_groups(group_op *self)
{
	const tt_node *const node = self->op.node;
	if (node->n_keys == 0) {
		bool is_new = false;
		TT_TRY(tt_rows_add_distinct(&self->groups, self->key, NULL, &is_new));
		TT_TRY(add_group_states(self));
	}
	for (;;) {
		const tt_batch *batch = NULL;
		TT_TRY(tt_op_next(self->op.children[0], &batch));
		if (batch->n_rows == 0) {
			self->is_built = true;
			return TT_OK;
		}
		for (size_t a = 0; a < node->n_aggregations; ++a) {
			if (self->arguments[a]) {
				TT_TRY(tt_op_eval(self->op.x, node->children[0], self->arguments[a],
				                  (const tt_id *const *)batch->columns, batch->n_rows, self->values[a]));
			}
		}
		TT_TRY(add_batch(self, batch));
	}
}

static tt_status aggregate_value(group_op *self, size_t state, tt_id *out_value)
{
	if (self->accumulators[state]) {
		return tt_accumulator_result(self->accumulators[state], out_value);
	}
	(void)tt_value_from_integer((int64_t)self->counts[state], out_value);
	return TT_OK;
}

static tt_status group_next(tt_op *op)
{
	group_op *const self = (group_op *)op;
	const tt_node *const node = op->node;
	if (!self->is_built) {
		TT_TRY(build_groups(self));
	}
	for (; op->out.n_rows < TT_BATCH_ROWS && self->next_group < self->groups.n_rows; self->next_group++) {
		const size_t row = op->out.n_rows++;
		for (size_t c = 0; c < node->n_columns; ++c) {
			const size_t key = tt_find_column(node->keys, node->n_keys, node->columns[c]);
			if (key != SIZE_MAX) {
				op->out.columns[c][row] = tt_rows_at(&self->groups, self->next_group)[key];
				continue;
			}
			for (size_t a = 0; a < node->n_aggregations; ++a) {
				if (node->aggregations[a].variable == node->columns[c]) {
					TT_TRY(aggregate_value(self, self->next_group * node->n_aggregations + a, &op->out.columns[c][row]));
				}
			}
		}
	}
	return TT_OK;
}

static void group_close(tt_op *op)
{
	group_op *const self = (group_op *)op;
	tt_ctx *const ctx = op->x->ctx;
	free_states(self);
	for (size_t a = 0; a < op->node->n_aggregations; ++a) {
		tt_program_free(self->arguments ? self->arguments[a] : NULL);
		tt_free(ctx, self->values ? self->values[a] : NULL);
	}
	if (self->groups.ctx) {
		tt_rows_clear(&self->groups);
		tt_rows_clear(&self->distinct);
	}
	void *const arrays[] = {self->arguments, self->values, self->key,          self->key_columns,
	                        self->counts,    self->accumulators, self->distinct_row};
	for (size_t i = 0; i < sizeof arrays / sizeof *arrays; ++i) {
		tt_free(ctx, arrays[i]);
	}
}

const tt_op_class tt_group_class = {
    .n_bytes = sizeof(group_op), .open = group_open, .reset = group_reset, .next = group_next, .close = group_close};
