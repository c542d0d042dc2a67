/* group.c - GROUP: hash the keys to group numbers, feed accumulators (SPARQL 1.1 §18.5.1).
 *
 * COUNT and SAMPLE need one number a group and no accumulator. Other aggregates have one accumulator a group, which is
 * given runs of values: one call where neighbours are in the same group. If the input is sorted on the keys, groups
 * are delivered as soon as they are complete; else when the input ends. Without keys there is one group, also of no
 * rows. */
#include "exec/op.h"
#include "exec/table.h"

typedef struct aggregate_state {
	const tt_aggregation *aggregation;
	bool is_count, is_sample, is_distinct_rows;
	tt_formula formula; /* of the argument, unless it is a column */
	bool is_passing;    /* the terms that the formula makes are not needed once a batch is accumulated */
	size_t column;      /* of the argument, or SIZE_MAX */
	tt_id *values;      /* of the argument in the batch */
	uint64_t *numbers;  /* COUNT, SAMPLE: by group */
	size_t numbers_capacity;
	tt_accumulator **accumulators; /* others: by group */
	size_t accumulators_capacity;
	tt_tuple_set rows; /* COUNT(DISTINCT *): group and row */
	const tt_id **row_columns;
} aggregate_state;

typedef struct group_op {
	tt_op op;
	aggregate_state *aggregates;
	size_t *keys; /* columns of the child */
	const tt_id **key_columns;
	tt_tuple_set groups; /* the keys of each group; sorted input: only its tuples are used */
	size_t n_groups;
	size_t n_made; /* groups whose accumulators are made */
	bool is_sorted;
	bool is_read; /* the input has ended */
	size_t n_delivered;
	uint32_t numbers[TT_BATCH_ROWS]; /* the group of each row */
	uint64_t n_retired;              /* groups that went before, so that their rows are not taken for those of others */
	tt_id wide[TT_BATCH_ROWS];       /* number among all groups */
	uint32_t row_numbers[TT_BATCH_ROWS];
	tt_id ones[TT_BATCH_ROWS];
} group_op;

/* ---- life ------------------------------------------------------------------------------------- */

static tt_status open_aggregate(group_op *self, aggregate_state *state, const tt_aggregation *aggregation)
{
	tt_execution *const run = self->op.run;
	const tt_node *const child = self->op.node->children[0];
	const tt_expr *const argument = aggregation->argument;
	const bool is_distinct = aggregation->is_distinct;
	state->aggregation = aggregation;
	state->is_count = aggregation->function == TT_AGGREGATE_COUNT && (!is_distinct || !argument);
	state->is_sample = aggregation->function == TT_AGGREGATE_SAMPLE;
	state->is_distinct_rows = state->is_count && is_distinct;
	state->column = SIZE_MAX;
	if (state->is_distinct_rows) {
		tt_tuple_set_init(&state->rows, run->ctx, child->n_columns + 1, run->terms->fresh_seed);
		state->row_columns = tt_calloc(run->ctx, child->n_columns + 1, sizeof(tt_id *));
		return state->row_columns ? TT_OK : run->ctx->error.status;
	}
	if (!argument) {
		return TT_OK;
	}
	if (argument->kind == TT_EXPR_VARIABLE) {
		state->column = tt_node_find(child, argument->variable);
		if (state->column != SIZE_MAX) {
			return TT_OK;
		}
	}
	state->values = tt_calloc(run->ctx, TT_BATCH_ROWS, sizeof *state->values);
	if (!state->values) {
		return run->ctx->error.status;
	}
	state->is_passing = !state->is_sample && !is_distinct && !tt_expr_keeps_ids(argument);
	return tt_formula_open(&state->formula, run, argument, child->columns, child->n_columns);
}

/* Whether rows come group by group: the child is sorted on the keys, in any order of them. */
static bool is_sorted_on_keys(const tt_node *node)
{
	const tt_node *const child = node->children[0];
	for (size_t i = 0; i < node->n_keys; ++i) {
		bool is_key = false;
		for (size_t j = 0; j < node->n_keys && i < child->n_sorted_on; ++j) {
			is_key = is_key || node->keys[j] == child->sorted_on[i];
		}
		if (!is_key) {
			return false;
		}
	}
	return node->n_keys > 0;
}

static tt_status open_group(tt_op *op)
{
	group_op *const self = (group_op *)op;
	tt_ctx *const ctx = op->run->ctx;
	const tt_node *const node = op->node;
	self->aggregates = tt_calloc(ctx, node->n_aggregations, sizeof *self->aggregates);
	self->keys = tt_calloc(ctx, node->n_keys, sizeof *self->keys);
	self->key_columns = tt_calloc(ctx, node->n_keys, sizeof(tt_id *));
	if (!self->aggregates || !self->keys || !self->key_columns) {
		return ctx->error.status;
	}
	if (node->n_columns != node->n_keys + node->n_aggregations) {
		return tt_fail(ctx, TT_INTERNAL, "a grouping has %zu columns", node->n_columns);
	}
	for (size_t i = 0; i < node->n_keys; ++i) {
		self->keys[i] = tt_node_find(node->children[0], node->keys[i]);
	}
	tt_tuple_set_init(&self->groups, ctx, node->n_keys, op->run->terms->fresh_seed);
	self->is_sorted = is_sorted_on_keys(node);
	for (size_t i = 0; i < TT_BATCH_ROWS; ++i) {
		self->ones[i] = 1;
	}
	for (size_t i = 0; i < node->n_aggregations; ++i) {
		TT_TRY(open_aggregate(self, &self->aggregates[i], &node->aggregations[i]));
	}
	return TT_OK;
}

static void forget_groups(group_op *self)
{
	for (size_t i = 0; self->aggregates && i < self->op.node->n_aggregations; ++i) {
		aggregate_state *const state = &self->aggregates[i];
		for (size_t group = 0; group < state->accumulators_capacity; ++group) {
			tt_accumulator_free(state->accumulators[group]);
			state->accumulators[group] = NULL;
		}
		tt_tuple_set_clear(&state->rows);
	}
	tt_tuple_set_clear(&self->groups);
	self->n_groups = 0;
	self->n_made = 0;
}

static tt_status reset_group(tt_op *op)
{
	group_op *const self = (group_op *)op;
	self->n_delivered = 0;
	if (self->is_read && !self->is_sorted && !op->is_variable) {
		return TT_OK; /* the groups are still there and would be the same */
	}
	forget_groups(self);
	self->is_read = false;
	return tt_op_reset(op->children[0]);
}

static void close_group(tt_op *op)
{
	group_op *const self = (group_op *)op;
	tt_ctx *const ctx = op->run->ctx;
	forget_groups(self);
	for (size_t i = 0; self->aggregates && i < op->node->n_aggregations; ++i) {
		aggregate_state *const state = &self->aggregates[i];
		tt_formula_close(&state->formula);
		tt_free(ctx, state->values);
		tt_free(ctx, state->numbers);
		tt_free(ctx, state->accumulators);
		tt_free(ctx, state->row_columns);
	}
	tt_free(ctx, self->aggregates);
	tt_free(ctx, self->keys);
	tt_free(ctx, self->key_columns);
}

/* ---- which group ------------------------------------------------------------------------------ */

/* Sorted input: a row whose keys differ from those of the last group begins the next. */
static tt_status number_sorted(group_op *self, size_t n_rows)
{
	tt_tuples *const tuples = &self->groups.tuples;
	TT_TRY(tt_tuples_reserve(tuples, n_rows));
	for (size_t i = 0; i < n_rows; ++i) {
		bool is_same = tuples->n_rows > 0;
		for (size_t k = 0; k < tuples->n_width && is_same; ++k) {
			is_same = tt_tuples_row(tuples, tuples->n_rows - 1)[k] == self->key_columns[k][i];
		}
		if (!is_same) {
			for (size_t k = 0; k < tuples->n_width; ++k) {
				tt_tuples_row(tuples, tuples->n_rows)[k] = self->key_columns[k][i];
			}
			tuples->n_rows++;
		}
		self->numbers[i] = (uint32_t)(tuples->n_rows - 1);
	}
	return TT_OK;
}

static tt_status number_rows(group_op *self, const tt_batch *from)
{
	for (size_t k = 0; k < self->op.node->n_keys; ++k) {
		self->key_columns[k] = self->keys[k] == SIZE_MAX ? self->op.run->unbound : from->columns[self->keys[k]];
	}
	if (self->op.node->n_keys == 0) {
		memset(self->numbers, 0, from->n_rows * sizeof *self->numbers);
		self->n_groups = 1;
		return TT_OK;
	}
	TT_TRY(self->is_sorted ? number_sorted(self, from->n_rows)
	                       : tt_tuple_set_add(&self->groups, self->key_columns, from->n_rows, self->numbers));
	self->n_groups = self->groups.tuples.n_rows;
	return TT_OK;
}

/* Make room and accumulators for groups that are new. */
static tt_status make_groups(group_op *self)
{
	tt_execution *const run = self->op.run;
	for (size_t i = 0; i < self->op.node->n_aggregations && self->n_made < self->n_groups; ++i) {
		aggregate_state *const state = &self->aggregates[i];
		if (state->is_count || state->is_sample) {
			TT_TRY(tt_grow(run->ctx, (void **)&state->numbers, &state->numbers_capacity, self->n_groups,
			               sizeof *state->numbers));
			memset(state->numbers + self->n_made, 0, (self->n_groups - self->n_made) * sizeof *state->numbers);
			continue;
		}
		const size_t n_before = state->accumulators_capacity;
		TT_TRY(tt_grow(run->ctx, (void **)&state->accumulators, &state->accumulators_capacity, self->n_groups,
		               sizeof(tt_accumulator *)));
		memset(state->accumulators + n_before, 0, (state->accumulators_capacity - n_before) * sizeof(tt_accumulator *));
		for (size_t group = self->n_made; group < self->n_groups; ++group) {
			TT_TRY(tt_accumulator_new(run->env, state->aggregation, &state->accumulators[group]));
		}
	}
	self->n_made = self->n_groups;
	return TT_OK;
}

/* ---- feeding ---------------------------------------------------------------------------------- */

static tt_status count_distinct_rows(group_op *self, aggregate_state *state, const tt_batch *from)
{
	uint32_t *const numbers = self->row_numbers;
	size_t n_known = state->rows.tuples.n_rows;
	for (size_t i = 0; i < from->n_rows; ++i) {
		self->wide[i] = self->n_retired + self->numbers[i];
	}
	state->row_columns[0] = self->wide;
	for (size_t c = 0; c < from->n_columns; ++c) {
		state->row_columns[c + 1] = from->columns[c];
	}
	TT_TRY(tt_tuple_set_add(&state->rows, state->row_columns, from->n_rows, numbers));
	for (size_t i = 0; i < from->n_rows; ++i) {
		if (numbers[i] == n_known) {
			state->numbers[self->numbers[i]]++;
			n_known++;
		}
	}
	return TT_OK;
}

static void count_values(const group_op *self, aggregate_state *state, const tt_id *values, size_t n_rows)
{
	for (size_t i = 0; i < n_rows; ++i) {
		state->numbers[self->numbers[i]] += values[i] != TT_UNBOUND;
	}
}

static void take_samples(const group_op *self, aggregate_state *state, const tt_id *values, size_t n_rows)
{
	for (size_t i = 0; i < n_rows; ++i) {
		uint64_t *const sample = &state->numbers[self->numbers[i]];
		*sample = *sample == TT_UNBOUND ? values[i] : *sample;
	}
}

/* Give runs of rows of one group to its accumulator. */
static tt_status accumulate(const group_op *self, aggregate_state *state, const tt_id *values, size_t n_rows)
{
	for (size_t i = 0; i < n_rows;) {
		const uint32_t group = self->numbers[i];
		size_t end = i + 1;
		while (end < n_rows && self->numbers[end] == group) {
			end++;
		}
		TT_TRY(tt_accumulator_add(state->accumulators[group], values + i, end - i));
		i = end;
	}
	return TT_OK;
}

static tt_status feed_values(const group_op *self, aggregate_state *state, const tt_batch *from)
{
	const tt_id *values = self->ones; /* COUNT(*) counts rows */
	if (state->column != SIZE_MAX) {
		values = from->columns[state->column];
	} else if (state->formula.program) {
		TT_TRY(tt_program_eval(state->formula.program, tt_batch_columns(from), from->n_rows, state->values));
		values = state->values;
	}
	if (state->is_count) {
		count_values(self, state, values, from->n_rows);
	} else if (state->is_sample) {
		take_samples(self, state, values, from->n_rows);
	} else {
		return accumulate(self, state, values, from->n_rows);
	}
	return TT_OK;
}

static tt_status feed(group_op *self, aggregate_state *state, const tt_batch *from)
{
	if (state->is_distinct_rows) {
		return count_distinct_rows(self, state, from);
	}
	if (!state->is_passing) {
		return feed_values(self, state, from);
	}
	tt_terms_pass(self->op.run->terms);
	const tt_status status = feed_values(self, state, from);
	tt_terms_stay(self->op.run->terms);
	return status;
}

/* Read a batch of the input. */
static tt_status read_batch(group_op *self)
{
	tt_op *const child = self->op.children[0];
	TT_TRY(tt_op_next(child));
	if (child->batch.n_rows == 0) {
		self->is_read = true;
		self->n_groups = self->op.node->n_keys ? self->n_groups : 1;
		return make_groups(self);
	}
	TT_TRY(number_rows(self, &child->batch));
	TT_TRY(make_groups(self));
	for (size_t i = 0; i < self->op.node->n_aggregations; ++i) {
		TT_TRY(feed(self, &self->aggregates[i], &child->batch));
	}
	return TT_OK;
}

/* ---- delivering ------------------------------------------------------------------------------- */

static tt_status result(group_op *self, aggregate_state *state, size_t group, tt_id *out)
{
	if (state->is_sample) {
		*out = state->numbers[group];
		return TT_OK;
	}
	if (!state->is_count) {
		return tt_accumulator_result(state->accumulators[group], out);
	}
	if (!tt_value_from_integer((int64_t)state->numbers[group], out)) {
		return tt_fail(self->op.run->ctx, TT_INTERNAL, "a count of %llu rows",
		               (unsigned long long)state->numbers[group]);
	}
	return TT_OK;
}

static tt_status deliver(group_op *self, size_t n_complete)
{
	tt_op *const op = &self->op;
	const size_t n_keys = op->node->n_keys;
	const size_t n_left = n_complete - self->n_delivered;
	const size_t n = n_left < op->run->n_batch_rows ? n_left : op->run->n_batch_rows;
	TT_TRY(tt_op_own_columns(op));
	for (size_t i = 0; i < n; ++i) {
		const size_t group = self->n_delivered + i;
		for (size_t k = 0; k < n_keys; ++k) {
			op->batch.columns[k][i] = tt_tuples_row(&self->groups.tuples, group)[k];
		}
		for (size_t a = 0; a < op->node->n_aggregations; ++a) {
			TT_TRY(result(self, &self->aggregates[a], group, &op->batch.columns[n_keys + a][i]));
		}
	}
	self->n_delivered += n;
	op->batch.n_rows = n;
	return TT_OK;
}

/* Sorted input: all groups but the last are delivered; it becomes the first. */
static void keep_last(group_op *self)
{
	const size_t last = self->n_groups - 1;
	self->n_retired += last;
	tt_tuples *const tuples = &self->groups.tuples;
	memmove(tuples->cells, tt_tuples_row(tuples, last), tuples->n_width * sizeof *tuples->cells);
	tuples->n_rows = 1;
	for (size_t i = 0; i < self->op.node->n_aggregations; ++i) {
		aggregate_state *const state = &self->aggregates[i];
		if (state->is_count || state->is_sample) {
			state->numbers[0] = state->numbers[last];
			continue;
		}
		for (size_t group = 0; group < last; ++group) {
			tt_accumulator_free(state->accumulators[group]);
			state->accumulators[group] = NULL;
		}
		state->accumulators[0] = state->accumulators[last];
		state->accumulators[last] = NULL;
	}
	self->n_groups = self->n_made = 1;
	self->n_delivered = 0;
}

static tt_status next_group(tt_op *op)
{
	group_op *const self = (group_op *)op;
	while (true) {
		const bool is_early = self->is_sorted && !self->is_read;
		const size_t n_complete = self->is_read ? self->n_groups : is_early && self->n_groups ? self->n_groups - 1 : 0;
		if (self->n_delivered < n_complete) {
			return deliver(self, n_complete);
		}
		if (self->is_read) {
			return TT_OK;
		}
		if (is_early && n_complete) {
			keep_last(self);
		}
		TT_TRY(read_batch(self));
	}
}

const tt_op_class tt_op_group = {.n_bytes = sizeof(group_op),
                                 .n_built = 1,
                                 .open = open_group,
                                 .reset = reset_group,
                                 .next = next_group,
                                 .close = close_group};
