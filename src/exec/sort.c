/* sort.c - ORDER BY, with or without a limit (SPARQL 1.1 §15.1).
 *
 * Rows are kept flat, the values of the conditions before the columns. An index is sorted by merge
 * sort, which is stable and can stop on an error. With a limit the rows are sorted and cut back
 * whenever four times as many (and some thousands) have gathered, so that memory stays flat. */
#include "exec/op.h"
#include "expr/compare.h"

typedef struct sort_op {
	tt_op op;
	tt_program **programs;
	tt_id **keys;        /* by condition: values for a batch */
	tt_rows rows;        /* conditions, then columns */
	uint32_t *order;     /* sorted row numbers */
	uint32_t *scratch;
	size_t n_allocated;
	uint64_t n_wanted;   /* UINT64_MAX: all */
	size_t next_row;
	bool is_sorted;
} sort_op;

static tt_status sort_open(tt_op *op)
{
	sort_op *const self = (sort_op *)op;
	const tt_node *const node = op->node;
	const tt_node *const child = node->children[0];
	tt_ctx *const ctx = op->x->ctx;
	tt_rows_init(&self->rows, ctx, node->n_order + child->n_columns);
	self->programs = tt_calloc(ctx, node->n_order, sizeof *self->programs);
	self->keys = tt_calloc(ctx, node->n_order, sizeof *self->keys);
	if (!self->programs || !self->keys) {
		return ctx->error.status;
	}
	for (size_t i = 0; i < node->n_order; ++i) {
		self->keys[i] = tt_alloc(ctx, TT_BATCH_ROWS * sizeof(tt_id));
		if (!self->keys[i]) {
			return ctx->error.status;
		}
		TT_TRY(tt_expr_compile(node->order[i].expr, op->x->env, child->columns, child->n_columns, &self->programs[i]));
	}
	uint64_t n_wanted = UINT64_MAX;
	if (node->has_limit && __builtin_add_overflow(node->limit, node->offset, &n_wanted)) {
		n_wanted = UINT64_MAX;
	}
	self->n_wanted = n_wanted;
	return TT_OK;
}

static tt_status sort_reset(tt_op *op)
{
	sort_op *const self = (sort_op *)op;
	tt_rows_empty(&self->rows);
	self->next_row = 0;
	self->is_sorted = false;
	return TT_OK;
}

static tt_status compare_rows(const sort_op *self, uint32_t a, uint32_t b, int *out_order)
{
	const tt_id *const x = tt_rows_at(&self->rows, a);
	const tt_id *const y = tt_rows_at(&self->rows, b);
	*out_order = 0;
	for (size_t i = 0; i < self->op.node->n_order && *out_order == 0; ++i) {
		if (x[i] == y[i]) {
			continue;
		}
		if (tt_id_kind(x[i]) == TT_KIND_INTEGER && tt_id_kind(y[i]) == TT_KIND_INTEGER) {
			*out_order = x[i] < y[i] ? -1 : 1;
		} else {
			TT_TRY(tt_order_compare(self->op.x->terms, x[i], y[i], out_order));
		}
		*out_order = self->op.node->order[i].is_descending ? -*out_order : *out_order;
	}
	return TT_OK;
}

static tt_status merge(sort_op *self, size_t first, size_t middle, size_t end)
{
	memcpy(self->scratch + first, self->order + first, (end - first) * sizeof *self->order);
	size_t a = first;
	size_t b = middle;
	for (size_t i = first; i < end; ++i) {
		int order = a < middle ? -1 : 1;
		if (a < middle && b < end) {
			TT_TRY(compare_rows(self, self->scratch[a], self->scratch[b], &order));
		}
		self->order[i] = order <= 0 ? self->scratch[a++] : self->scratch[b++];
	}
	return TT_OK;
}

static tt_status sort_index(sort_op *self)
{
	tt_ctx *const ctx = self->op.x->ctx;
	const size_t n = self->rows.n_rows;
	if (self->n_allocated < n) {
		tt_free(ctx, self->order);
		tt_free(ctx, self->scratch);
		self->n_allocated = 0;
		self->order = tt_alloc(ctx, n * sizeof *self->order);
		self->scratch = tt_alloc(ctx, n * sizeof *self->scratch);
		if (!self->order || !self->scratch) {
			return ctx->error.status;
		}
		self->n_allocated = n;
	}
	for (size_t i = 0; i < n; ++i) {
		self->order[i] = (uint32_t)i;
	}
	for (size_t width = 1; width < n; width *= 2) {
		for (size_t first = 0; first + width < n; first += 2 * width) {
			const size_t end = first + 2 * width < n ? first + 2 * width : n;
			TT_TRY(merge(self, first, first + width, end));
			if ((first / width) % 8192 == 0) {
				TT_TRY(tt_ctx_poll(ctx));
			}
		}
	}
	return TT_OK;
}

/* Keep only the rows that can still be wanted. */
static tt_status cut_back(sort_op *self)
{
	TT_TRY(sort_index(self));
	const size_t n_kept = (size_t)self->n_wanted;
	tt_rows kept;
	tt_rows_init(&kept, self->op.x->ctx, self->rows.width);
	for (size_t i = 0; i < n_kept; ++i) {
		tt_id *cells = NULL;
		const tt_status status = tt_rows_append(&kept, &cells);
		if (status != TT_OK) {
			tt_rows_clear(&kept);
			return status;
		}
		memcpy(cells, tt_rows_at(&self->rows, self->order[i]), kept.width * sizeof *cells);
	}
	tt_rows_clear(&self->rows);
	self->rows = kept;
	return TT_OK;
}

static tt_status add_batch(sort_op *self, const tt_batch *batch)
{
	const tt_node *const node = self->op.node;
	for (size_t k = 0; k < node->n_order; ++k) {
		TT_TRY(tt_op_eval(self->op.x, node->children[0], self->programs[k], (const tt_id *const *)batch->columns,
		                  batch->n_rows, self->keys[k]));
	}
	for (size_t i = 0; i < batch->n_rows; ++i) {
		tt_id *cells = NULL;
		TT_TRY(tt_rows_append(&self->rows, &cells));
		for (size_t k = 0; k < node->n_order; ++k) {
			cells[k] = self->keys[k][i];
		}
		for (size_t c = 0; c < batch->n_columns; ++c) {
			cells[node->n_order + c] = batch->columns[c][i];
		}
	}
	const bool is_too_many = self->n_wanted < UINT32_MAX && self->rows.n_rows > 4 * self->n_wanted + 8192;
	return is_too_many ? cut_back(self) : TT_OK;
}

static tt_status sort_next(tt_op *op)
{
	sort_op *const self = (sort_op *)op;
	while (!self->is_sorted) {
		const tt_batch *batch = NULL;
		TT_TRY(tt_op_next(op->children[0], &batch));
		if (batch->n_rows) {
			TT_TRY(add_batch(self, batch));
		} else {
			TT_TRY(sort_index(self));
			self->is_sorted = true;
		}
	}
	const size_t end = self->rows.n_rows < self->n_wanted ? self->rows.n_rows : (size_t)self->n_wanted;
	for (; op->out.n_rows < TT_BATCH_ROWS && self->next_row < end; self->next_row++) {
		const tt_id *const cells = tt_rows_at(&self->rows, self->order[self->next_row]);
		for (size_t c = 0; c < op->out.n_columns; ++c) {
			op->out.columns[c][op->out.n_rows] = cells[op->node->n_order + c];
		}
		op->out.n_rows++;
	}
	return TT_OK;
}

static void sort_close(tt_op *op)
{
	sort_op *const self = (sort_op *)op;
	tt_ctx *const ctx = op->x->ctx;
	for (size_t i = 0; i < op->node->n_order; ++i) {
		tt_program_free(self->programs ? self->programs[i] : NULL);
		tt_free(ctx, self->keys ? self->keys[i] : NULL);
	}
	if (self->rows.ctx) {
		tt_rows_clear(&self->rows);
	}
	tt_free(ctx, self->programs);
	tt_free(ctx, self->keys);
	tt_free(ctx, self->order);
	tt_free(ctx, self->scratch);
}

const tt_op_class tt_sort_class = {
    .n_bytes = sizeof(sort_op), .open = sort_open, .reset = sort_reset, .next = sort_next, .close = sort_close};
