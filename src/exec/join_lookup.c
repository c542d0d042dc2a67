/* join_lookup.c - LOOKUP_JOIN and LEFT_LOOKUP: look the left rows up in a scan, search along a path from them, or run a
 * plan for them.
 *
 * A batch of left rows is sorted by what they probe with, so that the scan goes forward through its permutation and
 * often stays in the block where it is. Rows with the same probe are a group: its matches are read once, into a buffer
 * that holds the matches of many groups, and paired with all its rows. A group with more matches than the buffer holds
 * goes on with the next. Behind its last match come the ends of its left rows (pairs.h). */
#include "exec/pairs.h"
#include "exec/path.h"
#include "exec/scan.h"

#include "base/sort.h"

enum { MOST_PROBES = 4, SORTED_PROBES = 3, LEFT_ROW = 3, PATH_STARTS = 64 };

typedef struct lookup_op lookup_op;

/* Where matches come from. */
typedef struct match_source {
	tt_status (*open)(lookup_op *self);
	tt_status (*begin)(lookup_op *self);                                /* with the probe of the group */
	tt_status (*read)(lookup_op *self, size_t capacity, size_t *out_n); /* into the buffer; none: the end */
} match_source;

struct lookup_op {
	tt_op op;
	tt_joiner joiner;
	const match_source *source;
	size_t n_probes;
	size_t probes[MOST_PROBES];      /* columns of the left side */
	unsigned positions[MOST_PROBES]; /* SCAN: which columns of the permutation they bind */
	tt_row *rows, *scratch;          /* the left rows, sorted; the word LEFT_ROW is the row */
	size_t n_left;
	bool is_searching; /* the left batch is not done */
	/* the group in question: rows [group_begin, group_end) */
	size_t group_begin, group_end;
	bool is_open;
	bool is_exhausted; /* all its matches are read */
	bool has_matches;
	size_t row; /* whose pairs or end come next */
	/* the buffer of matches */
	tt_id *memory;
	const tt_id **columns; /* by column of child 1 */
	size_t n_buffered;
	size_t match_begin, match_end; /* matches of the group that are not yet paired with all its rows */
	size_t match;
	tt_reader reader; /* SCAN */
	/* PATH */
	tt_path_search *search;
	bool is_forward;
	tt_row *found, *found_scratch; /* (start, end), sorted by start */
	size_t n_found, found_capacity, found_scratch_capacity;
	size_t next_found;
	size_t searched_end; /* the starts of the rows before this one are searched */
	/* a plan */
	uint64_t epoch; /* of the group's parameters */
	size_t n_taken; /* rows of the plan's batch that are copied */
};

static size_t capacity_of(const lookup_op *self)
{
	return self->op.run->n_batch_rows;
}

static tt_id *buffer_column(const lookup_op *self, size_t column)
{
	return self->memory + column * capacity_of(self);
}

/* The left row that stands at a place of the sorted ones. */
static uint32_t left_row(const lookup_op *self, size_t place)
{
	return (uint32_t)self->rows[place].word[LEFT_ROW];
}

static tt_id probe_value(const lookup_op *self, size_t probe, size_t place)
{
	return self->op.children[0]->batch.columns[self->probes[probe]][left_row(self, place)];
}

/* ---- matches from a scan ------------------------------------------------------------------------ */

static tt_status open_scan_source(lookup_op *self)
{
	tt_execution *const run = self->op.run;
	const tt_node *const left = self->op.node->children[0];
	const tt_node *const right = self->op.node->children[1];
	tt_id *columns[4] = {NULL, NULL, NULL, NULL};
	for (size_t c = 0; c < right->n_columns; ++c) {
		const unsigned position = tt_scan_position(&right->scan, right->columns[c]);
		if (position == TT_N_COLUMNS) {
			return tt_fail(run->ctx, TT_INTERNAL, "a scan has a column that its pattern has not");
		}
		columns[position] = buffer_column(self, c);
	}
	for (unsigned i = 0; i < right->scan.n_prefix; ++i) {
		const tt_scan_slot *const slot = &right->scan.slots[tt_perm_column(right->scan.perm, i)];
		if (slot->kind != TT_SLOT_VARIABLE) {
			continue;
		}
		self->positions[self->n_probes] = i;
		self->probes[self->n_probes] = tt_node_find(left, slot->variable);
		if (self->probes[self->n_probes] == SIZE_MAX) {
			return tt_fail(run->ctx, TT_INTERNAL, "a lookup by a variable that the left side has not");
		}
		self->n_probes++;
		tt_joiner_trust(&self->joiner, slot->variable);
	}
	return tt_reader_open(&self->reader, run, &right->scan, columns);
}

static tt_status begin_scan_group(lookup_op *self)
{
	tt_id bound[TT_N_COLUMNS] = {0};
	for (size_t i = 0; i < self->n_probes; ++i) {
		bound[self->positions[i]] = probe_value(self, i, self->group_begin);
	}
	return tt_reader_bind(&self->reader, bound);
}

static tt_status read_scan_group(lookup_op *self, size_t capacity, size_t *out_n)
{
	return tt_reader_next(&self->reader, self->n_buffered, capacity, out_n);
}

static const match_source scan_source = {open_scan_source, begin_scan_group, read_scan_group};

/* ---- matches from a path ------------------------------------------------------------------------ */

/* The key that the search starts from is trusted; if both ends are keys the other one is tested. */
static tt_status open_path_source(lookup_op *self)
{
	const tt_node *const node = self->op.node;
	const tt_scan_slot *const slots = node->children[1]->scan.slots;
	self->n_probes = 0;
	for (size_t i = 0; i < node->n_keys && self->n_probes == 0; ++i) {
		for (unsigned end = TT_SUBJECT; end <= TT_OBJECT; end += TT_OBJECT - TT_SUBJECT) {
			if (self->n_probes == 0 && slots[end].kind == TT_SLOT_VARIABLE && slots[end].variable == node->keys[i]) {
				self->is_forward = end == TT_SUBJECT;
				self->probes[self->n_probes++] = tt_node_find(node->children[0], node->keys[i]);
				tt_joiner_trust(&self->joiner, node->keys[i]);
			}
		}
	}
	if (self->n_probes == 0) {
		return tt_fail(self->op.run->ctx, TT_INTERNAL, "a lookup of a path by neither end");
	}
	return tt_path_search_new(self->op.run, node->children[1], &self->search);
}

/* Copy what a search has found, sorted by start. */
static tt_status take_found(lookup_op *self, const tt_tuples *found)
{
	tt_ctx *const ctx = self->op.run->ctx;
	TT_TRY(tt_grow(ctx, (void **)&self->found, &self->found_capacity, found->n_rows, sizeof *self->found));
	TT_TRY(tt_grow(ctx, (void **)&self->found_scratch, &self->found_scratch_capacity, found->n_rows,
	               sizeof *self->found_scratch));
	for (size_t i = 0; i < found->n_rows; ++i) {
		const tt_id *const pair = tt_tuples_row(found, i);
		self->found[i] = (tt_row){{pair[0], pair[1], 0, 0}};
	}
	const size_t capacities[2] = {self->found_capacity, self->found_scratch_capacity};
	tt_row *const first = self->found;
	const tt_sort_key key = {0, UINT64_MAX};
	tt_sort_rows(&self->found, &self->found_scratch, found->n_rows, &key, 1);
	if (self->found != first) {
		self->found_capacity = capacities[1];
		self->found_scratch_capacity = capacities[0];
	}
	self->n_found = found->n_rows;
	self->next_found = 0;
	return TT_OK;
}

/* Search from the starts of the next groups at once. */
static tt_status search_groups(lookup_op *self)
{
	tt_id starts[PATH_STARTS];
	size_t n_starts = 0;
	size_t place = self->group_begin;
	for (; place < self->n_left; ++place) {
		const tt_id start = probe_value(self, 0, place);
		if (n_starts && start == starts[n_starts - 1]) {
			continue;
		}
		if (n_starts == PATH_STARTS) {
			break;
		}
		starts[n_starts++] = start;
	}
	self->searched_end = place;
	const tt_scan_slot *const target = &self->op.node->children[1]
	                                        ->scan.slots[self->is_forward ? TT_OBJECT : TT_SUBJECT];
	const tt_id wanted = target->kind == TT_SLOT_VARIABLE ? TT_UNBOUND : tt_slot_value(self->op.run, target);
	const tt_tuples *found = NULL;
	if (wanted == TT_UNBOUND) {
		TT_TRY(tt_path_search_keep_nodes(self->search, starts, &n_starts));
	}
	TT_TRY(tt_path_search_run(self->search, starts, n_starts, self->is_forward, wanted, &found));
	return take_found(self, found);
}

static tt_status begin_path_group(lookup_op *self)
{
	if (self->group_begin >= self->searched_end) {
		TT_TRY(search_groups(self));
	}
	const tt_id start = probe_value(self, 0, self->group_begin);
	while (self->next_found < self->n_found && self->found[self->next_found].word[0] < start) {
		self->next_found++;
	}
	return TT_OK;
}

static tt_status read_path_group(lookup_op *self, size_t capacity, size_t *out_n)
{
	const tt_node *const path = self->op.node->children[1];
	const tt_id start = probe_value(self, 0, self->group_begin);
	const tt_scan_slot *const target = &path->scan.slots[self->is_forward ? TT_OBJECT : TT_SUBJECT];
	const tt_id wanted = target->kind == TT_SLOT_VARIABLE ? TT_UNBOUND : tt_slot_value(self->op.run, target);
	const bool is_loop = path->scan.slots[TT_SUBJECT].kind == TT_SLOT_VARIABLE && target->kind == TT_SLOT_VARIABLE &&
	                     path->scan.slots[TT_SUBJECT].variable == path->scan.slots[TT_OBJECT].variable;
	const tt_var start_variable = path->scan.slots[self->is_forward ? TT_SUBJECT : TT_OBJECT].variable;
	size_t n = 0;
	for (; n < capacity && self->next_found < self->n_found; self->next_found++) {
		const uint64_t *const pair = self->found[self->next_found].word;
		if (pair[0] != start) {
			break;
		}
		if ((wanted != TT_UNBOUND && pair[1] != wanted) || (is_loop && pair[1] != start)) {
			continue;
		}
		for (size_t c = 0; c < path->n_columns; ++c) {
			buffer_column(self, c)[self->n_buffered + n] = pair[path->columns[c] == start_variable ? 0 : 1];
		}
		n++;
	}
	*out_n = n;
	return TT_OK;
}

static const match_source path_source = {open_path_source, begin_path_group, read_path_group};

/* ---- matches from a plan ------------------------------------------------------------------------ */

static tt_status open_plan_source(lookup_op *self)
{
	const tt_node *const node = self->op.node;
	if (node->n_keys == 0 || node->n_keys > MOST_PROBES) {
		return tt_fail(self->op.run->ctx, TT_INTERNAL, "a plan is run for %zu parameters", node->n_keys);
	}
	self->n_probes = node->n_keys;
	for (size_t i = 0; i < node->n_keys; ++i) {
		self->probes[i] = tt_node_find(node->children[0], node->keys[i]);
	}
	return tt_op_build(self->op.run, node->children[1], &self->op.children[1]);
}

/* Let the plan begin, or go on, with the parameters of the group; others may set the same ones in between. */
static tt_status run_plan(lookup_op *self, tt_status (*step)(tt_op *op))
{
	tt_execution *const run = self->op.run;
	const uint64_t epoch = run->epoch;
	tt_id saved[MOST_PROBES] = {0};
	for (size_t k = 0; k < self->n_probes; ++k) {
		tt_id *const parameter = &run->parameters[self->op.node->keys[k]];
		saved[k] = *parameter;
		*parameter = probe_value(self, k, self->group_begin);
	}
	run->epoch = self->epoch;
	const tt_status status = step(self->op.children[1]);
	run->epoch = epoch;
	for (size_t k = 0; k < self->n_probes; ++k) {
		run->parameters[self->op.node->keys[k]] = saved[k];
	}
	return status;
}

static tt_status begin_plan_group(lookup_op *self)
{
	self->epoch = ++self->op.run->n_epochs;
	TT_TRY(run_plan(self, tt_op_reset));
	self->n_taken = self->op.children[1]->batch.n_rows;
	return TT_OK;
}

static tt_status read_plan_group(lookup_op *self, size_t capacity, size_t *out_n)
{
	const tt_batch *const batch = &self->op.children[1]->batch;
	if (self->n_taken == batch->n_rows) {
		TT_TRY(run_plan(self, tt_op_next));
		self->n_taken = 0;
	}
	const size_t n = batch->n_rows - self->n_taken < capacity ? batch->n_rows - self->n_taken : capacity;
	for (size_t c = 0; c < batch->n_columns && n; ++c) {
		memcpy(buffer_column(self, c) + self->n_buffered, batch->columns[c] + self->n_taken, n * sizeof(tt_id));
	}
	self->n_taken += n;
	*out_n = n;
	return TT_OK;
}

static const match_source plan_source = {open_plan_source, begin_plan_group, read_plan_group};

/* ---- life ------------------------------------------------------------------------------------- */

static tt_status open_lookup(tt_op *op)
{
	lookup_op *const self = (lookup_op *)op;
	tt_ctx *const ctx = op->run->ctx;
	const tt_node *const right = op->node->n_children > 1 ? op->node->children[1] : NULL;
	if (!right) {
		return tt_fail(ctx, TT_INTERNAL, "a lookup in nothing");
	}
	self->source = op->node->is_rerun ? &plan_source : right->kind == TT_NODE_SCAN ? &scan_source : &path_source;
	self->rows = tt_calloc(ctx, TT_BATCH_ROWS, sizeof *self->rows);
	self->scratch = tt_calloc(ctx, TT_BATCH_ROWS, sizeof *self->scratch);
	self->memory = tt_calloc(ctx, right->n_columns * capacity_of(self), sizeof *self->memory);
	self->columns = tt_calloc(ctx, right->n_columns, sizeof(tt_id *));
	if (!self->rows || !self->scratch || !self->memory || !self->columns) {
		return ctx->error.status;
	}
	for (size_t c = 0; c < right->n_columns; ++c) {
		self->columns[c] = buffer_column(self, c);
	}
	TT_TRY(tt_joiner_open(&self->joiner, op, op->node->kind == TT_NODE_LEFT_LOOKUP, true));
	return self->source->open(self);
}

static tt_status reset_lookup(tt_op *op)
{
	lookup_op *const self = (lookup_op *)op;
	self->is_searching = false;
	return tt_op_reset(op->children[0]); /* a plan is reset for each group */
}

static void close_lookup(tt_op *op)
{
	lookup_op *const self = (lookup_op *)op;
	tt_ctx *const ctx = op->run->ctx;
	tt_reader_close(&self->reader);
	tt_path_search_free(self->search);
	tt_joiner_close(&self->joiner);
	tt_free(ctx, self->rows);
	tt_free(ctx, self->scratch);
	tt_free(ctx, self->memory);
	tt_free(ctx, self->columns);
	tt_free(ctx, self->found);
	tt_free(ctx, self->found_scratch);
}

/* ---- groups ----------------------------------------------------------------------------------- */

/* Sort the left rows by their probes; they stay in their order where these are equal. */
static void begin_batch(lookup_op *self)
{
	const tt_batch *const left = &self->op.children[0]->batch;
	const size_t n_sorted = self->n_probes < SORTED_PROBES ? self->n_probes : SORTED_PROBES;
	tt_sort_key keys[SORTED_PROBES];
	for (unsigned k = 0; k < n_sorted; ++k) {
		const tt_id *const column = left->columns[self->probes[k]];
		keys[k] = (tt_sort_key){k, UINT64_MAX};
		for (size_t i = 0; i < left->n_rows; ++i) {
			self->rows[i].word[k] = column[i];
		}
	}
	for (size_t i = 0; i < left->n_rows; ++i) {
		self->rows[i].word[LEFT_ROW] = i;
	}
	if (n_sorted) {
		tt_sort_rows(&self->rows, &self->scratch, left->n_rows, keys, n_sorted);
	}
	self->n_left = left->n_rows;
	self->group_end = 0;
	self->searched_end = 0;
	self->is_open = false;
	self->n_buffered = self->match_begin = self->match_end = 0;
	tt_joiner_begin(&self->joiner);
}

static bool is_same_probe(const lookup_op *self, size_t a, size_t b)
{
	for (size_t k = 0; k < self->n_probes; ++k) {
		if (probe_value(self, k, a) != probe_value(self, k, b)) {
			return false;
		}
	}
	return true;
}

static tt_status open_group(lookup_op *self)
{
	self->group_begin = self->row = self->group_end;
	do {
		self->group_end++;
	} while (self->group_end < self->n_left && is_same_probe(self, self->group_begin, self->group_end));
	self->is_open = true;
	self->is_exhausted = false;
	self->has_matches = false;
	return self->source->begin(self);
}

/* Read more matches of the group behind those that are buffered. */
static tt_status read_matches(lookup_op *self)
{
	size_t n = 0;
	TT_TRY(self->source->read(self, capacity_of(self) - self->n_buffered, &n));
	self->is_exhausted = n == 0;
	self->has_matches = self->has_matches || n;
	self->match = self->match_begin = self->n_buffered;
	self->n_buffered += n;
	self->match_end = self->n_buffered;
	self->row = self->group_begin;
	if (self->op.run->profile && self->source != &plan_source) {
		self->op.run->profile[self->op.node->children[1]->number].n_rows += n;
	}
	return TT_OK;
}

/* Pair the rows of the group with the matches read last, as far as there is room. */
static void pair_matches(lookup_op *self)
{
	tt_pairs *const pairs = &self->joiner.pairs;
	for (; self->row < self->group_end; self->row++, self->match = self->match_begin) {
		while (self->match < self->match_end && pairs->n < capacity_of(self)) {
			pairs->left[pairs->n] = left_row(self, self->row);
			pairs->right[pairs->n++] = (uint32_t)self->match++;
		}
		if (self->match < self->match_end) {
			return;
		}
	}
	self->match_begin = self->match_end;
	self->row = self->group_begin;
}

/* Put the ends of the group's rows, as far as there is room. */
static void end_group(lookup_op *self)
{
	tt_pairs *const pairs = &self->joiner.pairs;
	const tt_ends ends = tt_joiner_ends(&self->joiner);
	if (ends == TT_ENDS_ALL || (ends == TT_ENDS_IF_ALONE && !self->has_matches)) {
		for (; self->row < self->group_end && pairs->n < capacity_of(self); self->row++) {
			pairs->left[pairs->n] = left_row(self, self->row);
			pairs->right[pairs->n++] = TT_NO_PARTNER;
		}
		self->is_open = self->row < self->group_end;
	} else {
		self->is_open = false;
	}
}

/* Fill joiner.pairs with what the buffer holds. */
static tt_status fill_pairs(lookup_op *self)
{
	self->joiner.pairs.n = 0;
	if (self->match_begin == self->match_end) {
		self->n_buffered = self->match_begin = self->match_end = 0;
	}
	while (self->joiner.pairs.n < capacity_of(self)) {
		if (!self->is_open) {
			if (self->group_end == self->n_left) {
				break;
			}
			TT_TRY(open_group(self));
		} else if (self->match_begin < self->match_end) {
			pair_matches(self);
		} else if (self->is_exhausted) {
			end_group(self);
		} else if (self->n_buffered < capacity_of(self)) {
			TT_TRY(read_matches(self));
		} else {
			break;
		}
	}
	self->is_searching = self->is_open || self->group_end < self->n_left;
	return TT_OK;
}

static tt_status next_lookup(tt_op *op)
{
	lookup_op *const self = (lookup_op *)op;
	const tt_batch *const left = &op->children[0]->batch;
	const tt_right right = {self->columns, 1};
	while (op->batch.n_rows == 0) {
		if (!self->is_searching) {
			TT_TRY(tt_op_next(op->children[0]));
			if (left->n_rows == 0) {
				return TT_OK;
			}
			begin_batch(self);
		}
		TT_TRY(fill_pairs(self));
		TT_TRY(tt_joiner_deliver(&self->joiner, left, &right));
	}
	return TT_OK;
}

const tt_op_class tt_op_lookup_join = {.n_bytes = sizeof(lookup_op),
                                       .n_built = 1,
                                       .open = open_lookup,
                                       .reset = reset_lookup,
                                       .next = next_lookup,
                                       .close = close_lookup};
