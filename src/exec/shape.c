/* shape.c - the small operators: UNIT, EMPTY, VALUES, UNION, FILTER, EXTEND, PROJECT, DISTINCT, SLICE, GRAPH_LOOP. */
#include "exec/op.h"

/* ---- UNIT and EMPTY --------------------------------------------------------------------------- */

typedef struct once_op {
	tt_op op;
	bool is_given;
} once_op;

static tt_status once_reset(tt_op *op)
{
	((once_op *)op)->is_given = op->node->kind == TT_NODE_EMPTY;
	return TT_OK;
}

static tt_status once_next(tt_op *op)
{
	once_op *const self = (once_op *)op;
	if (!self->is_given) {
		for (size_t i = 0; i < op->out.n_columns; ++i) {
			op->out.columns[i][0] = op->x->parameters[op->node->columns[i]];
		}
		op->out.n_rows = 1;
		self->is_given = true;
	}
	return TT_OK;
}

const tt_op_class tt_once_class = {.n_bytes = sizeof(once_op), .reset = once_reset, .next = once_next};

/* ---- VALUES ----------------------------------------------------------------------------------- */

typedef struct values_op {
	tt_op op;
	size_t next_row;
} values_op;

static tt_status values_reset(tt_op *op)
{
	((values_op *)op)->next_row = 0;
	return TT_OK;
}

static tt_status values_next(tt_op *op)
{
	values_op *const self = (values_op *)op;
	const tt_node *const node = op->node;
	while (op->out.n_rows < TT_BATCH_ROWS && self->next_row < node->n_value_rows) {
		for (size_t c = 0; c < node->n_columns; ++c) {
			op->out.columns[c][op->out.n_rows] = node->cells[self->next_row * node->n_columns + c];
		}
		op->out.n_rows++;
		self->next_row++;
	}
	return TT_OK;
}

const tt_op_class tt_values_class = {.n_bytes = sizeof(values_op), .reset = values_reset, .next = values_next};

/* ---- UNION ------------------------------------------------------------------------------------ */

typedef struct union_op {
	tt_op op;
	size_t child;
	tt_id *unbound; /* a column of TT_UNBOUND */
} union_op;

static tt_status union_open(tt_op *op)
{
	union_op *const self = (union_op *)op;
	self->unbound = tt_calloc(op->x->ctx, TT_BATCH_ROWS, sizeof(tt_id));
	return self->unbound ? TT_OK : op->x->ctx->error.status;
}

static tt_status union_reset(tt_op *op)
{
	((union_op *)op)->child = 0;
	return TT_OK;
}

static tt_status union_next(tt_op *op)
{
	union_op *const self = (union_op *)op;
	for (; self->child < op->n_children; self->child++) {
		const tt_node *const child = op->node->children[self->child];
		const tt_batch *batch = NULL;
		TT_TRY(tt_op_next(op->children[self->child], &batch));
		if (batch->n_rows) {
			for (size_t i = 0; i < op->out.n_columns; ++i) {
				const size_t c = tt_find_column(child->columns, child->n_columns, op->node->columns[i]);
				op->out.columns[i] = c == SIZE_MAX ? self->unbound : batch->columns[c];
			}
			op->out.n_rows = batch->n_rows;
			return TT_OK;
		}
	}
	return TT_OK;
}

static void union_close(tt_op *op)
{
	tt_free(op->x->ctx, ((union_op *)op)->unbound);
}

const tt_op_class tt_union_class = {.n_bytes = sizeof(union_op),
                                    .open = union_open,
                                    .reset = union_reset,
                                    .next = union_next,
                                    .close = union_close,
                                    .is_borrowing = true};

/* ---- PROJECT ---------------------------------------------------------------------------------- */

static tt_status project_next(tt_op *op)
{
	union_op *const self = (union_op *)op;
	self->child = 0;
	return union_next(op);
}

const tt_op_class tt_project_class = {.n_bytes = sizeof(union_op),
                                      .open = union_open,
                                      .next = project_next,
                                      .close = union_close,
                                      .is_borrowing = true};

/* ---- FILTER ----------------------------------------------------------------------------------- */

typedef struct filter_op {
	tt_op op;
	tt_program **programs;
	size_t n_programs;
} filter_op;

static tt_status filter_open(tt_op *op)
{
	filter_op *const self = (filter_op *)op;
	const tt_node *const child = op->node->children[0];
	self->programs = tt_calloc(op->x->ctx, op->node->n_filters, sizeof *self->programs);
	if (!self->programs) {
		return op->x->ctx->error.status;
	}
	for (size_t i = 0; i < op->node->n_filters; ++i) {
		TT_TRY(tt_expr_compile(op->node->filters[i], op->x->env, child->columns, child->n_columns,
		                       &self->programs[i]));
		self->n_programs++;
	}
	return TT_OK;
}

static void pick_rows(const tt_id *const *columns, size_t n_columns, const uint32_t *rows, size_t n_rows, tt_batch *out)
{
	for (size_t c = 0; c < n_columns; ++c) {
		for (size_t i = 0; i < n_rows; ++i) {
			out->columns[c][i] = columns[c][rows[i]];
		}
	}
	out->n_rows = n_rows;
}

static tt_status filter_next(tt_op *op)
{
	filter_op *const self = (filter_op *)op;
	while (op->out.n_rows == 0) {
		const tt_batch *batch = NULL;
		TT_TRY(tt_op_next(op->children[0], &batch));
		if (batch->n_rows == 0) {
			return TT_OK;
		}
		const tt_id *const *columns = (const tt_id *const *)batch->columns;
		size_t n_rows = batch->n_rows;
		for (size_t f = 0; f < self->n_programs && n_rows; ++f) {
			uint32_t rows[TT_BATCH_ROWS];
			TT_TRY(tt_op_filter(op->x, op->node, self->programs[f], columns, n_rows, rows, &n_rows));
			/* Rows only move forward, so the second filter may pick in place. */
			pick_rows(columns, op->out.n_columns, rows, n_rows, &op->out);
			columns = (const tt_id *const *)op->out.columns;
		}
	}
	return TT_OK;
}

static void filter_close(tt_op *op)
{
	filter_op *const self = (filter_op *)op;
	for (size_t i = 0; i < self->n_programs; ++i) {
		tt_program_free(self->programs[i]);
	}
	tt_free(op->x->ctx, self->programs);
}

const tt_op_class tt_filter_class = {
    .n_bytes = sizeof(filter_op), .open = filter_open, .next = filter_next, .close = filter_close};

/* ---- EXTEND ----------------------------------------------------------------------------------- */

typedef struct extend_op {
	tt_op op;
	tt_program *program;
	tt_id *values;
} extend_op;

/* The extensions of one SELECT clause see the same solutions: BNODE("a") is one node in all of them (§17.4.2.9). */
static uint64_t solution_scope(const tt_node *node)
{
	while (node->kind == TT_NODE_EXTEND) {
		node = node->children[0];
	}
	return ~(uint64_t)node->number; /* far from the scopes that programs have of their own */
}

static tt_status extend_open(tt_op *op)
{
	extend_op *const self = (extend_op *)op;
	const tt_node *const child = op->node->children[0];
	self->values = tt_alloc(op->x->ctx, TT_BATCH_ROWS * sizeof(tt_id));
	if (!self->values) {
		return op->x->ctx->error.status;
	}
	TT_TRY(tt_expr_compile(op->node->expr, op->x->env, child->columns, child->n_columns, &self->program));
	tt_program_set_scope(self->program, solution_scope(op->node));
	return TT_OK;
}

static tt_status extend_next(tt_op *op)
{
	extend_op *const self = (extend_op *)op;
	const tt_node *const child = op->node->children[0];
	const tt_batch *batch = NULL;
	TT_TRY(tt_op_next(op->children[0], &batch));
	TT_TRY(tt_op_eval(op->x, child, self->program, (const tt_id *const *)batch->columns, batch->n_rows, self->values));
	for (size_t i = 0; i < op->out.n_columns; ++i) {
		const size_t c = tt_find_column(child->columns, child->n_columns, op->node->columns[i]);
		op->out.columns[i] = c == SIZE_MAX ? self->values : batch->columns[c];
	}
	op->out.n_rows = batch->n_rows;
	return TT_OK;
}

static void extend_close(tt_op *op)
{
	tt_program_free(((extend_op *)op)->program);
	tt_free(op->x->ctx, ((extend_op *)op)->values);
}

const tt_op_class tt_extend_class = {.n_bytes = sizeof(extend_op),
                                     .open = extend_open,
                                     .next = extend_next,
                                     .close = extend_close,
                                     .is_borrowing = true};

/* ---- DISTINCT --------------------------------------------------------------------------------- */

typedef struct distinct_op {
	tt_op op;
	tt_rows seen;
	tt_id *cells;
	size_t n_seen_empty; /* rows without columns: only the first one is different */
} distinct_op;

static tt_status distinct_open(tt_op *op)
{
	distinct_op *const self = (distinct_op *)op;
	tt_rows_init(&self->seen, op->x->ctx, op->node->n_columns);
	self->cells = tt_calloc(op->x->ctx, op->node->n_columns + 1, sizeof *self->cells);
	return self->cells ? TT_OK : op->x->ctx->error.status;
}

static tt_status distinct_reset(tt_op *op)
{
	tt_rows_empty(&((distinct_op *)op)->seen);
	return TT_OK;
}

static tt_status distinct_next(tt_op *op)
{
	distinct_op *const self = (distinct_op *)op;
	while (op->out.n_rows == 0) {
		const tt_batch *batch = NULL;
		TT_TRY(tt_op_next(op->children[0], &batch));
		if (batch->n_rows == 0) {
			return TT_OK;
		}
		uint32_t rows[TT_BATCH_ROWS];
		size_t n_rows = 0;
		for (uint32_t i = 0; i < batch->n_rows; ++i) {
			bool is_new = false;
			for (size_t c = 0; c < op->out.n_columns; ++c) {
				self->cells[c] = batch->columns[c][i];
			}
			TT_TRY(tt_rows_add_distinct(&self->seen, self->cells, NULL, &is_new));
			if (is_new) {
				rows[n_rows++] = i;
			}
		}
		pick_rows((const tt_id *const *)batch->columns, op->out.n_columns, rows, n_rows, &op->out);
	}
	return TT_OK;
}

static void distinct_close(tt_op *op)
{
	distinct_op *const self = (distinct_op *)op;
	if (self->seen.ctx) {
		tt_rows_clear(&self->seen);
	}
	tt_free(op->x->ctx, self->cells);
}

const tt_op_class tt_distinct_class = {.n_bytes = sizeof(distinct_op),
                                       .open = distinct_open,
                                       .reset = distinct_reset,
                                       .next = distinct_next,
                                       .close = distinct_close};

/* ---- SLICE ------------------------------------------------------------------------------------ */

typedef struct slice_op {
	tt_op op;
	uint64_t n_to_skip;
	uint64_t n_to_give; /* UINT64_MAX: all */
} slice_op;

static tt_status slice_reset(tt_op *op)
{
	slice_op *const self = (slice_op *)op;
	self->n_to_skip = op->node->offset;
	self->n_to_give = op->node->has_limit ? op->node->limit : UINT64_MAX;
	return TT_OK;
}

static tt_status slice_next(tt_op *op)
{
	slice_op *const self = (slice_op *)op;
	const tt_batch *batch = NULL;
	size_t first = 0;
	if (self->n_to_give == 0) {
		return TT_OK;
	}
	for (;;) {
		TT_TRY(tt_op_next(op->children[0], &batch));
		if (batch->n_rows == 0) {
			return TT_OK;
		}
		if (self->n_to_skip < batch->n_rows) {
			break;
		}
		self->n_to_skip -= batch->n_rows;
	}
	first = (size_t)self->n_to_skip;
	self->n_to_skip = 0;
	size_t n_rows = batch->n_rows - first;
	n_rows = n_rows > self->n_to_give ? (size_t)self->n_to_give : n_rows;
	for (size_t i = 0; i < op->out.n_columns; ++i) {
		op->out.columns[i] = batch->columns[i] + first;
	}
	op->out.n_rows = n_rows;
	self->n_to_give -= self->n_to_give == UINT64_MAX ? 0 : n_rows;
	return TT_OK;
}

const tt_op_class tt_slice_class = {
    .n_bytes = sizeof(slice_op), .reset = slice_reset, .next = slice_next, .is_borrowing = true};

/* ---- GRAPH_LOOP ------------------------------------------------------------------------------- */

typedef struct graph_loop_op {
	tt_op op;
	const tt_id *graphs;
	size_t n_graphs;
	size_t next_graph;
	bool is_running;
} graph_loop_op;

static tt_status graph_loop_reset(tt_op *op)
{
	graph_loop_op *const self = (graph_loop_op *)op;
	const tt_graph_set *const set = &op->node->scan.graphs;
	self->graphs = set->graphs;
	self->n_graphs = set->n_graphs;
	self->next_graph = 0;
	self->is_running = false;
	return set->choice == TT_GRAPHS_LIST ? TT_OK
	                                     : tt_snapshot_graphs(op->x->snapshot, &self->graphs, &self->n_graphs);
}

/* Take over the child's rows in which the graph variable is the graph, or is set to it. */
static void take_rows(tt_op *op, const tt_batch *batch, tt_id graph)
{
	const tt_node *const child = op->node->children[0];
	const size_t own = tt_find_column(child->columns, child->n_columns, op->node->variable);
	for (size_t i = 0; i < batch->n_rows; ++i) {
		if (own != SIZE_MAX && batch->columns[own][i] != TT_UNBOUND && batch->columns[own][i] != graph) {
			continue;
		}
		for (size_t c = 0; c < op->out.n_columns; ++c) {
			const tt_var variable = op->node->columns[c];
			const size_t from = tt_find_column(child->columns, child->n_columns, variable);
			op->out.columns[c][op->out.n_rows] = variable == op->node->variable ? graph : batch->columns[from][i];
		}
		op->out.n_rows++;
	}
}

static tt_status graph_loop_next(tt_op *op)
{
	graph_loop_op *const self = (graph_loop_op *)op;
	while (op->out.n_rows == 0) {
		if (!self->is_running) {
			if (self->next_graph >= self->n_graphs) {
				return TT_OK;
			}
			op->x->parameters[op->node->parameter] = self->graphs[self->next_graph++];
			TT_TRY(tt_op_reset(op->children[0]));
			self->is_running = true;
		}
		const tt_id graph = self->graphs[self->next_graph - 1];
		const tt_batch *batch = NULL;
		op->x->parameters[op->node->parameter] = graph;
		TT_TRY(tt_op_next(op->children[0], &batch));
		self->is_running = batch->n_rows > 0;
		take_rows(op, batch, graph);
	}
	return TT_OK;
}

const tt_op_class tt_graph_loop_class = {
    .n_bytes = sizeof(graph_loop_op), .reset = graph_loop_reset, .next = graph_loop_next};
