/* shape.c - operators that give rows another shape: constants, columns, filters, distinct, slices, unions, graphs.
 *
 * Most of them copy nothing: the columns of their batch are those of the child's batch. */
#include "exec/op.h"
#include "exec/table.h"

/* ---- UNIT, EMPTY ------------------------------------------------------------------------------ */

static tt_status next_unit(tt_op *op)
{
	TT_TRY(tt_op_own_columns(op));
	for (size_t c = 0; c < op->batch.n_columns; ++c) {
		op->batch.columns[c][0] = op->run->parameters[op->node->columns[c]];
	}
	op->batch.n_rows = 1;
	op->is_at_end = true;
	return TT_OK;
}

const tt_op_class tt_op_unit = {.n_bytes = sizeof(tt_op), .next = next_unit};

static tt_status next_empty(tt_op *op)
{
	(void)op;
	return TT_OK;
}

const tt_op_class tt_op_empty = {.n_bytes = sizeof(tt_op), .next = next_empty};

/* ---- VALUES ----------------------------------------------------------------------------------- */

typedef struct values_op {
	tt_op op;
	size_t n_delivered;
} values_op;

static tt_status reset_values(tt_op *op)
{
	((values_op *)op)->n_delivered = 0;
	return TT_OK;
}

static tt_status next_values(tt_op *op)
{
	values_op *const self = (values_op *)op;
	const size_t n_width = op->batch.n_columns;
	const size_t n_left = op->node->n_value_rows - self->n_delivered;
	const size_t n = n_left < op->run->n_batch_rows ? n_left : op->run->n_batch_rows;
	TT_TRY(tt_op_own_columns(op));
	for (size_t c = 0; c < n_width; ++c) {
		for (size_t i = 0; i < n; ++i) {
			op->batch.columns[c][i] = op->node->cells[(self->n_delivered + i) * n_width + c];
		}
	}
	self->n_delivered += n;
	op->batch.n_rows = n;
	return TT_OK;
}

const tt_op_class tt_op_values = {.n_bytes = sizeof(values_op), .reset = reset_values, .next = next_values};

/* ---- what only looks at child 0 ----------------------------------------------------------------- */

static tt_status seek_child(tt_op *op, tt_id key)
{
	tt_op *const child = op->children[0];
	return child->class->seek(child, key);
}

static tt_status open_above(tt_op *op)
{
	op->seek_variable = op->children[0]->seek_variable;
	return TT_OK;
}

/* ---- PROJECT ---------------------------------------------------------------------------------- */

typedef struct project_op {
	tt_op op;
	size_t *sources; /* columns of the child, or SIZE_MAX */
} project_op;

static tt_status open_project(tt_op *op)
{
	project_op *const self = (project_op *)op;
	self->sources = tt_calloc(op->run->ctx, op->node->n_columns, sizeof *self->sources);
	if (!self->sources) {
		return op->run->ctx->error.status;
	}
	for (size_t c = 0; c < op->node->n_columns; ++c) {
		self->sources[c] = tt_node_find(op->node->children[0], op->node->columns[c]);
	}
	return open_above(op);
}

/* Columns of a batch as columns of the operator. */
static void map_columns(tt_op *op, const tt_batch *from, const size_t *sources)
{
	for (size_t c = 0; c < op->batch.n_columns; ++c) {
		op->batch.columns[c] = sources[c] == SIZE_MAX ? op->run->unbound : from->columns[sources[c]];
	}
	op->batch.n_rows = from->n_rows;
}

static tt_status next_project(tt_op *op)
{
	TT_TRY(tt_op_next(op->children[0]));
	map_columns(op, &op->children[0]->batch, ((project_op *)op)->sources);
	return TT_OK;
}

static void close_project(tt_op *op)
{
	tt_free(op->run->ctx, ((project_op *)op)->sources);
}

const tt_op_class tt_op_project = {.n_bytes = sizeof(project_op),
                                   .n_built = 1,
                                   .open = open_project,
                                   .next = next_project,
                                   .seek = seek_child,
                                   .close = close_project};

/* ---- FILTER ----------------------------------------------------------------------------------- */

typedef struct filter_op {
	tt_op op;
	tt_formula *filters;
	uint32_t rows[2][TT_BATCH_ROWS];
	tt_id *memory; /* rows that passed the filters before */
	tt_id **columns;
} filter_op;

static tt_status open_filter(tt_op *op)
{
	filter_op *const self = (filter_op *)op;
	tt_ctx *const ctx = op->run->ctx;
	const tt_node *const child = op->node->children[0];
	self->filters = tt_calloc(ctx, op->node->n_filters, sizeof *self->filters);
	self->columns = tt_calloc(ctx, child->n_columns, sizeof(tt_id *));
	if (!self->filters || !self->columns) {
		return ctx->error.status;
	}
	for (size_t i = 0; i < op->node->n_filters; ++i) {
		TT_TRY(tt_formula_open(&self->filters[i], op->run, op->node->filters[i], child->columns, child->n_columns));
	}
	return open_above(op);
}

/* The rows that passed so far, closed up for the next filter, which is dearer than a copy. */
static tt_status close_up(filter_op *self, const uint32_t *rows, size_t n_rows)
{
	const tt_batch *const from = &self->op.children[0]->batch;
	const size_t n_batch = self->op.run->n_batch_rows;
	if (!self->memory) {
		self->memory = tt_realloc(self->op.run->ctx, NULL, n_batch * from->n_columns, sizeof *self->memory);
		if (!self->memory) {
			return self->op.run->ctx->error.status;
		}
	}
	for (size_t c = 0; c < from->n_columns; ++c) {
		self->columns[c] = self->memory + c * n_batch;
		tt_gather(self->columns[c], from->columns[c], rows, n_rows);
	}
	return TT_OK;
}

/* The rows of the child's batch that pass all filters, in rows[0]. */
static tt_status pass_rows(filter_op *self, size_t *out_n_rows)
{
	const tt_batch *const from = &self->op.children[0]->batch;
	size_t n = from->n_rows;
	for (uint32_t i = 0; i < n; ++i) {
		self->rows[0][i] = i;
	}
	for (size_t f = 0; f < self->op.node->n_filters && n; ++f) {
		const bool is_whole = n == from->n_rows;
		size_t n_passed = 0;
		if (!is_whole) {
			TT_TRY(close_up(self, self->rows[0], n));
		}
		TT_TRY(tt_program_filter(self->filters[f].program,
		                         is_whole ? tt_batch_columns(from) : (const tt_id *const *)self->columns, n,
		                         self->rows[1], &n_passed));
		for (size_t i = 0; i < n_passed; ++i) {
			self->rows[0][i] = self->rows[0][self->rows[1][i]];
		}
		n = n_passed;
	}
	*out_n_rows = n;
	return TT_OK;
}

static tt_status next_filter(tt_op *op)
{
	filter_op *const self = (filter_op *)op;
	size_t n = 0;
	while (n == 0) {
		TT_TRY(tt_op_next(op->children[0]));
		if (op->children[0]->batch.n_rows == 0) {
			return TT_OK;
		}
		TT_TRY(pass_rows(self, &n));
	}
	return tt_op_select(op, self->rows[0], n);
}

static void close_filter(tt_op *op)
{
	filter_op *const self = (filter_op *)op;
	for (size_t i = 0; self->filters && i < op->node->n_filters; ++i) {
		tt_formula_close(&self->filters[i]);
	}
	tt_free(op->run->ctx, self->filters);
	tt_free(op->run->ctx, self->columns);
	tt_free(op->run->ctx, self->memory);
}

const tt_op_class tt_op_filter = {.n_bytes = sizeof(filter_op),
                                  .n_built = 1,
                                  .open = open_filter,
                                  .next = next_filter,
                                  .seek = seek_child,
                                  .close = close_filter};

/* ---- EXTEND ----------------------------------------------------------------------------------- */

typedef struct extend_op {
	tt_op op;
	tt_formula formula;
	tt_id *values;
	size_t n_copied; /* columns of the child; the new one is behind them */
} extend_op;

/* The extensions of one SELECT clause stand upon each other and share BNODE(text). */
static uint64_t extend_scope(const tt_node *node)
{
	uint64_t scope = node->number;
	while (node->kind == TT_NODE_EXTEND || node->kind == TT_NODE_PROJECT) {
		scope = node->kind == TT_NODE_EXTEND ? node->number : scope;
		node = node->children[0];
	}
	return scope + 1;
}

static tt_status open_extend(tt_op *op)
{
	extend_op *const self = (extend_op *)op;
	const tt_node *const child = op->node->children[0];
	self->n_copied = child->n_columns;
	self->values = tt_calloc(op->run->ctx, TT_BATCH_ROWS, sizeof *self->values);
	if (!self->values) {
		return op->run->ctx->error.status;
	}
	if (op->node->n_columns != child->n_columns + 1) {
		return tt_fail(op->run->ctx, TT_INTERNAL, "an extension has %zu columns upon %zu", op->node->n_columns,
		               child->n_columns);
	}
	TT_TRY(tt_formula_open(&self->formula, op->run, op->node->expr, child->columns, child->n_columns));
	tt_program_set_scope(self->formula.program, extend_scope(op->node));
	return open_above(op);
}

static tt_status next_extend(tt_op *op)
{
	extend_op *const self = (extend_op *)op;
	TT_TRY(tt_op_next(op->children[0]));
	const tt_batch *const from = &op->children[0]->batch;
	for (size_t c = 0; c < self->n_copied; ++c) {
		op->batch.columns[c] = from->columns[c];
	}
	op->batch.columns[self->n_copied] = self->values;
	op->batch.n_rows = from->n_rows;
	return from->n_rows ? tt_program_eval(self->formula.program, tt_batch_columns(from), from->n_rows, self->values)
	                    : TT_OK;
}

static void close_extend(tt_op *op)
{
	tt_formula_close(&((extend_op *)op)->formula);
	tt_free(op->run->ctx, ((extend_op *)op)->values);
}

const tt_op_class tt_op_extend = {.n_bytes = sizeof(extend_op),
                                  .n_built = 1,
                                  .open = open_extend,
                                  .next = next_extend,
                                  .seek = seek_child,
                                  .close = close_extend};

/* ---- DISTINCT --------------------------------------------------------------------------------- */

typedef struct distinct_op {
	tt_op op;
	bool is_sorted; /* equal rows are neighbours */
	bool has_last;
	tt_id *last;       /* the last row, if sorted */
	tt_tuple_set seen; /* else */
	uint32_t rows[TT_BATCH_ROWS];
	uint32_t numbers[TT_BATCH_ROWS];
} distinct_op;

/* Whether the child is sorted on all its columns. */
static bool is_sorted_on_all(const tt_node *child)
{
	for (size_t c = 0; c < child->n_columns; ++c) {
		bool is_sorted = false;
		for (size_t i = 0; i < child->n_sorted_on; ++i) {
			is_sorted = is_sorted || child->sorted_on[i] == child->columns[c];
		}
		if (!is_sorted) {
			return false;
		}
	}
	return true;
}

static tt_status open_distinct(tt_op *op)
{
	distinct_op *const self = (distinct_op *)op;
	self->is_sorted = is_sorted_on_all(op->node->children[0]);
	self->last = tt_calloc(op->run->ctx, op->node->n_columns, sizeof *self->last);
	tt_tuple_set_init(&self->seen, op->run->ctx, op->node->n_columns, op->run->terms->fresh_seed);
	return self->last ? TT_OK : op->run->ctx->error.status;
}

static tt_status reset_distinct(tt_op *op)
{
	distinct_op *const self = (distinct_op *)op;
	self->has_last = false;
	tt_tuple_set_clear(&self->seen);
	return tt_op_reset_children(op);
}

static bool is_last(const distinct_op *self, const tt_batch *from, size_t row)
{
	for (size_t c = 0; c < from->n_columns; ++c) {
		if (from->columns[c][row] != self->last[c]) {
			return false;
		}
	}
	return self->has_last;
}

/* Rows that differ from the one before. */
static size_t drop_neighbours(distinct_op *self, const tt_batch *from)
{
	size_t n = 0;
	for (uint32_t i = 0; i < from->n_rows; ++i) {
		if (is_last(self, from, i)) {
			continue;
		}
		for (size_t c = 0; c < from->n_columns; ++c) {
			self->last[c] = from->columns[c][i];
		}
		self->has_last = true;
		self->rows[n++] = i;
	}
	return n;
}

/* Rows that are in the set for the first time: each has the next number. */
static tt_status drop_seen(distinct_op *self, const tt_batch *from, size_t *out_n)
{
	const size_t n_before = self->seen.tuples.n_rows;
	size_t n = 0;
	TT_TRY(tt_tuple_set_add(&self->seen, tt_batch_columns(from), from->n_rows, self->numbers));
	for (uint32_t i = 0; i < from->n_rows; ++i) {
		self->rows[n] = i;
		n += self->numbers[i] == n_before + n;
	}
	*out_n = n;
	return TT_OK;
}

static tt_status next_distinct(tt_op *op)
{
	distinct_op *const self = (distinct_op *)op;
	const tt_batch *const from = &op->children[0]->batch;
	size_t n = 0;
	while (n == 0) {
		TT_TRY(tt_op_next(op->children[0]));
		if (from->n_rows == 0) {
			return TT_OK;
		}
		if (self->is_sorted) {
			n = drop_neighbours(self, from);
		} else {
			TT_TRY(drop_seen(self, from, &n));
		}
	}
	/* Without columns there is only one row to tell apart. */
	op->is_at_end = op->node->n_columns == 0;
	return tt_op_select(op, self->rows, n);
}

static void close_distinct(tt_op *op)
{
	distinct_op *const self = (distinct_op *)op;
	tt_free(op->run->ctx, self->last);
	tt_tuple_set_clear(&self->seen);
}

const tt_op_class tt_op_distinct = {.n_bytes = sizeof(distinct_op),
                                    .n_built = 1,
                                    .open = open_distinct,
                                    .reset = reset_distinct,
                                    .next = next_distinct,
                                    .close = close_distinct};

/* ---- SLICE ------------------------------------------------------------------------------------ */

typedef struct slice_op {
	tt_op op;
	uint64_t n_to_skip;
	uint64_t n_to_deliver; /* if has_limit */
} slice_op;

static tt_status reset_slice(tt_op *op)
{
	slice_op *const self = (slice_op *)op;
	self->n_to_skip = op->node->offset;
	self->n_to_deliver = op->node->limit;
	return tt_op_reset_children(op);
}

static tt_status next_slice(tt_op *op)
{
	slice_op *const self = (slice_op *)op;
	const tt_batch *const from = &op->children[0]->batch;
	if (op->node->has_limit && self->n_to_deliver == 0) {
		return TT_OK;
	}
	do {
		TT_TRY(tt_op_next(op->children[0]));
		if (from->n_rows == 0) {
			return TT_OK;
		}
		if (self->n_to_skip < from->n_rows) {
			break;
		}
		self->n_to_skip -= from->n_rows;
	} while (true);
	const size_t n_skipped = (size_t)self->n_to_skip;
	size_t n = from->n_rows - n_skipped;
	self->n_to_skip = 0;
	if (op->node->has_limit && n >= self->n_to_deliver) {
		n = (size_t)self->n_to_deliver;
		op->is_at_end = true;
	}
	self->n_to_deliver -= op->node->has_limit ? n : 0;
	for (size_t c = 0; c < op->batch.n_columns; ++c) {
		op->batch.columns[c] = from->columns[c] + n_skipped;
	}
	op->batch.n_rows = n;
	return TT_OK;
}

const tt_op_class tt_op_slice = {.n_bytes = sizeof(slice_op), .n_built = 1, .reset = reset_slice, .next = next_slice};

/* ---- UNION ------------------------------------------------------------------------------------ */

/* Of very many children each is built when its turn comes and freed after it. */
enum { MOST_KEPT_CHILDREN = 16 };

typedef struct union_op {
	tt_op op;
	size_t current;
	size_t *sources; /* of the current child */
	bool is_begun;   /* the current child is reset */
} union_op;

static tt_status open_union(tt_op *op)
{
	union_op *const self = (union_op *)op;
	self->sources = tt_calloc(op->run->ctx, op->node->n_columns, sizeof *self->sources);
	return self->sources ? TT_OK : op->run->ctx->error.status;
}

static tt_status reset_union(tt_op *op)
{
	union_op *const self = (union_op *)op;
	self->current = 0;
	self->is_begun = false;
	return TT_OK;
}

static tt_status begin_child(union_op *self)
{
	tt_op *const op = &self->op;
	const tt_node *const node = op->node->children[self->current];
	if (!op->children[self->current]) {
		TT_TRY(tt_op_build(op->run, node, &op->children[self->current]));
	}
	for (size_t c = 0; c < op->node->n_columns; ++c) {
		self->sources[c] = tt_node_find(node, op->node->columns[c]);
	}
	self->is_begun = true;
	return tt_op_reset(op->children[self->current]);
}

static void end_child(union_op *self)
{
	tt_op *const op = &self->op;
	if (op->node->n_children > MOST_KEPT_CHILDREN) {
		tt_op_free(op->children[self->current]);
		op->children[self->current] = NULL;
	}
	self->current++;
	self->is_begun = false;
}

static tt_status next_union(tt_op *op)
{
	union_op *const self = (union_op *)op;
	while (self->current < op->node->n_children) {
		if (!self->is_begun) {
			TT_TRY(begin_child(self));
		}
		tt_op *const child = op->children[self->current];
		TT_TRY(tt_op_next(child));
		if (child->batch.n_rows) {
			map_columns(op, &child->batch, self->sources);
			return TT_OK;
		}
		end_child(self);
	}
	return TT_OK;
}

static void close_union(tt_op *op)
{
	tt_free(op->run->ctx, ((union_op *)op)->sources);
}

const tt_op_class tt_op_union = {
    .n_bytes = sizeof(union_op), .open = open_union, .reset = reset_union, .next = next_union, .close = close_union};

/* ---- GRAPH_LOOP ------------------------------------------------------------------------------- */

typedef struct loop_op {
	tt_op op;
	const tt_id *graphs;
	size_t n_graphs;
	size_t current;
	bool is_begun;
	size_t column;  /* of `variable` */
	size_t checked; /* the child's column of it, or SIZE_MAX */
	uint32_t rows[TT_BATCH_ROWS];
	tt_id names[TT_BATCH_ROWS];
} loop_op;

static tt_status open_loop(tt_op *op)
{
	loop_op *const self = (loop_op *)op;
	const tt_graph_set *const set = &op->node->scan.graphs;
	self->column = tt_node_find(op->node, op->node->variable);
	self->checked = tt_node_find(op->node->children[0], op->node->variable);
	self->graphs = set->graphs;
	self->n_graphs = set->n_graphs;
	return set->choice == TT_GRAPHS_LIST ? TT_OK
	                                     : tt_snapshot_graphs(op->run->terms->snapshot, &self->graphs, &self->n_graphs);
}

static tt_status reset_loop(tt_op *op)
{
	loop_op *const self = (loop_op *)op;
	self->current = 0;
	self->is_begun = false;
	return TT_OK;
}

/* The rows of the child's batch whose own value of the variable is none or the graph. */
static size_t match_graph(loop_op *self)
{
	const tt_batch *const from = &self->op.children[0]->batch;
	const tt_id graph = self->graphs[self->current];
	size_t n = 0;
	for (uint32_t i = 0; i < from->n_rows; ++i) {
		const tt_id own = self->checked == SIZE_MAX ? TT_UNBOUND : from->columns[self->checked][i];
		self->rows[n] = i;
		n += own == TT_UNBOUND || own == graph;
	}
	return n;
}

static tt_status deliver_graph(loop_op *self, size_t n_rows)
{
	tt_op *const op = &self->op;
	const tt_batch *const from = &op->children[0]->batch;
	if (n_rows < from->n_rows) {
		TT_TRY(tt_op_own_columns(op));
	}
	for (size_t c = 0; c < from->n_columns; ++c) {
		if (n_rows < from->n_rows) {
			tt_gather(op->batch.columns[c], from->columns[c], self->rows, n_rows);
		} else {
			op->batch.columns[c] = from->columns[c];
		}
	}
	if (self->column != SIZE_MAX) {
		for (size_t i = 0; i < n_rows; ++i) {
			self->names[i] = self->graphs[self->current];
		}
		op->batch.columns[self->column] = self->names;
	}
	op->batch.n_rows = n_rows;
	return TT_OK;
}

static tt_status next_loop(tt_op *op)
{
	loop_op *const self = (loop_op *)op;
	tt_execution *const run = op->run;
	while (self->current < self->n_graphs) {
		if (!self->is_begun) {
			run->parameters[op->node->parameter] = self->graphs[self->current];
			run->epoch = ++run->n_epochs;
			TT_TRY(tt_op_reset(op->children[0]));
			self->is_begun = true;
		}
		TT_TRY(tt_op_next(op->children[0]));
		const size_t n = match_graph(self);
		if (n) {
			return deliver_graph(self, n);
		}
		if (op->children[0]->batch.n_rows == 0) {
			self->current++;
			self->is_begun = false;
		}
	}
	return TT_OK;
}

const tt_op_class tt_op_graph_loop = {
    .n_bytes = sizeof(loop_op), .n_built = 1, .open = open_loop, .reset = reset_loop, .next = next_loop};
