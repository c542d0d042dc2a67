/* sort.c - SORT: ORDER BY (SPARQL 1.1 §15.1), whole or only the first rows.
 *
 * The values of the conditions are evaluated once a row and held behind its columns. A column of values is turned into
 * ranks, numbers that order as the values do: unbound, blank nodes and integers are their own ranks; if there is
 * anything else, the different values are sorted by tt_order_compare() and each gets its place. So terms are compared
 * once for each different value and not once a row, and rows are then sorted by plain numbers, with a merge sort,
 * which is stable and can be polled.
 *
 * With a limit k, rows gather until there are 2k and some; then they are sorted and all but the first k go. From then
 * on a row that comes behind the k-th by its first condition is not even held. */
#include "exec/op.h"
#include "exec/table.h"

#include "expr/compare.h"

enum { POLLED_AFTER = 4096, MOST_SLACK = 8192 };

typedef struct sort_entry {
	uint64_t rank;
	uint32_t row;
} sort_entry;

typedef struct sort_key {
	tt_formula formula; /* unless the condition is a column */
	size_t column;      /* of the child, or SIZE_MAX */
	tt_id *values;      /* in the batch */
	bool is_descending;
	bool has_places; /* ranks are places: of the value in the upper half, of the term in the lower */
	uint64_t *ranks; /* by row, while sorting */
} sort_key;

typedef struct sort_op {
	tt_op op;
	sort_key *keys;
	tt_tuples rows;        /* the columns of the child, then the values of the conditions */
	const tt_id **columns; /* of a batch, in the same order */
	uint32_t *order;       /* rows in their order */
	size_t n_sorted;
	size_t n_delivered;
	bool is_read;
	bool has_bound; /* row n_kept - 1 is the last that is wanted so far */
	uint32_t kept[TT_BATCH_ROWS];
	tt_id *memory; /* rows that are kept of a batch */
} sort_op;

/* ---- merge sort ------------------------------------------------------------------------------- */

/* Whether entry b must stand before entry a, which came before it. */
typedef tt_status (*precedes_fn)(void *user, const sort_entry *b, const sort_entry *a, bool *out_precedes);

typedef struct sorter {
	tt_ctx *ctx;
	precedes_fn precedes; /* asked only if the ranks are equal; NULL: equal is equal */
	void *user;
	size_t n_unpolled;
} sorter;

static tt_status is_before(sorter *s, const sort_entry *b, const sort_entry *a, bool *out)
{
	*out = b->rank < a->rank;
	return b->rank == a->rank && s->precedes ? s->precedes(s->user, b, a, out) : TT_OK;
}

/* Merge from[begin, middle) and from[middle, end) into to. */
static tt_status merge(sorter *s, const sort_entry *from, size_t begin, size_t middle, size_t end, sort_entry *to)
{
	size_t a = begin;
	size_t b = middle;
	for (size_t out = begin; out < end; ++out) {
		bool takes_b = a == middle;
		if (a < middle && b < end) {
			TT_TRY(is_before(s, &from[b], &from[a], &takes_b));
		}
		to[out] = takes_b ? from[b++] : from[a++];
		if (++s->n_unpolled >= POLLED_AFTER) {
			s->n_unpolled = 0;
			TT_TRY(tt_ctx_poll(s->ctx));
		}
	}
	return TT_OK;
}

/* Sort stably. @param scratch Room for as many. @param out_sorted One of the two. */
static tt_status merge_sort(sorter *s, sort_entry *entries, sort_entry *scratch, size_t n, sort_entry **out_sorted)
{
	for (size_t width = 1; width < n; width *= 2) {
		for (size_t begin = 0; begin < n; begin += 2 * width) {
			const size_t middle = begin + width < n ? begin + width : n;
			const size_t end = middle + width < n ? middle + width : n;
			TT_TRY(merge(s, entries, begin, middle, end, scratch));
		}
		sort_entry *const sorted = scratch;
		scratch = entries;
		entries = sorted;
	}
	*out_sorted = entries;
	return TT_OK;
}

/* ---- ranks ------------------------------------------------------------------------------------ */

/* Whether the order of the ids is that of the values, also towards others of these kinds. */
static bool is_own_rank(tt_id id)
{
	return tt_id_kind(id) == TT_KIND_SPECIAL || tt_id_kind(id) == TT_KIND_BLANK || tt_id_kind(id) == TT_KIND_INTEGER;
}

typedef struct ranking {
	tt_terms *terms;
	const tt_tuples *values;
	tt_view *iris; /* the text of each value that is an IRI */
} ranking;

static tt_status value_precedes(void *user, const sort_entry *b, const sort_entry *a, bool *out)
{
	const ranking *const r = user;
	int order = 0;
	if (r->iris[a->row].data && r->iris[b->row].data) {
		order = tt_view_compare(r->iris[b->row], r->iris[a->row]);
	} else {
		TT_TRY(tt_order_compare(r->terms, r->values->cells[b->row], r->values->cells[a->row], &order));
	}
	*out = order < 0;
	return TT_OK;
}

/* Rank the different values: out_ranks[i] becomes the places of values->cells[i]. */
static tt_status rank_values(sort_op *self, const tt_tuples *values, uint64_t *out_ranks)
{
	tt_ctx *const ctx = self->op.run->ctx;
	const size_t n = values->n_rows;
	ranking r = {.terms = self->op.run->terms, .values = values};
	sorter s = {.ctx = ctx, .precedes = value_precedes, .user = &r};
	sort_entry *sorted = NULL;
	sort_entry *const entries = tt_calloc(ctx, n, sizeof *entries);
	sort_entry *const scratch = tt_calloc(ctx, n, sizeof *scratch);
	r.iris = tt_calloc(ctx, n, sizeof *r.iris);
	tt_status status = entries && scratch && r.iris ? TT_OK : ctx->error.status;
	for (size_t i = 0; i < n && status == TT_OK; ++i) {
		const tt_term_kind kind = tt_terms_kind(r.terms, values->cells[i]);
		entries[i] = (sort_entry){.rank = (uint64_t)kind, .row = (uint32_t)i};
		if (kind == TT_TERM_IRI) {
			tt_scratch unused; /* an IRI is never inline */
			tt_term term;
			status = tt_terms_get(r.terms, values->cells[i], &unused, &term);
			r.iris[i] = term.text;
		}
		if (i % POLLED_AFTER == 0 && status == TT_OK) {
			status = tt_ctx_poll(ctx);
		}
	}
	if (status == TT_OK) {
		status = merge_sort(&s, entries, scratch, n, &sorted);
	}
	uint64_t place = 0;
	for (size_t i = 0; i < n && status == TT_OK; ++i) {
		int order = 1;
		if (i && !r.iris[sorted[i].row].data) {
			status = tt_order_compare_values(r.terms, values->cells[sorted[i].row], values->cells[sorted[i - 1].row],
			                                 &order);
		}
		place = order ? i : place;
		out_ranks[sorted[i].row] = place << 32 | i;
	}
	tt_free(ctx, entries);
	tt_free(ctx, scratch);
	tt_free(ctx, r.iris);
	return status;
}

/* Give each row the place of its value: values[row * step]. */
static tt_status rank_by_place(sort_op *self, const tt_id *values, size_t step, uint64_t *out_ranks)
{
	tt_ctx *const ctx = self->op.run->ctx;
	const size_t n_rows = self->rows.n_rows;
	uint32_t *const numbers = tt_calloc(ctx, n_rows, sizeof *numbers);
	tt_id *const batch = tt_calloc(ctx, TT_BATCH_ROWS, sizeof *batch);
	tt_tuple_set *const set = tt_calloc(ctx, 1, sizeof *set);
	uint64_t *places = NULL;
	tt_status status = numbers && batch && set ? TT_OK : ctx->error.status;
	if (status != TT_OK) {
		goto done;
	}
	tt_tuple_set_init(set, ctx, 1, self->op.run->terms->fresh_seed);
	for (size_t begin = 0; begin < n_rows; begin += TT_BATCH_ROWS) {
		const size_t n = n_rows - begin < TT_BATCH_ROWS ? n_rows - begin : TT_BATCH_ROWS;
		for (size_t i = 0; i < n; ++i) {
			batch[i] = values[(begin + i) * step];
		}
		const tt_id *const column = batch;
		TT_TRY_DONE(tt_ctx_poll(ctx));
		TT_TRY_DONE(tt_tuple_set_add(set, &column, n, numbers + begin));
	}
	places = tt_calloc(ctx, set->tuples.n_rows, sizeof *places);
	if (!places) {
		status = ctx->error.status;
		goto done;
	}
	TT_TRY_DONE(rank_values(self, &set->tuples, places));
	for (size_t row = 0; row < n_rows; ++row) {
		out_ranks[row] = places[numbers[row]];
	}
done:
	if (set) {
		tt_tuple_set_clear(set);
	}
	tt_free(ctx, set);
	tt_free(ctx, numbers);
	tt_free(ctx, batch);
	tt_free(ctx, places);
	return status;
}

/* The ranks of one condition, for all rows held. */
static tt_status rank_key(sort_op *self, size_t k)
{
	tt_ctx *const ctx = self->op.run->ctx;
	sort_key *const key = &self->keys[k];
	const size_t n_rows = self->rows.n_rows;
	const size_t step = self->rows.n_width;
	const tt_id *const values = self->rows.cells + self->op.node->n_columns + k;
	key->ranks = tt_calloc(ctx, n_rows, sizeof *key->ranks);
	if (!key->ranks) {
		return ctx->error.status;
	}
	bool are_own = true;
	for (size_t row = 0; row < n_rows; ++row) {
		key->ranks[row] = values[row * step];
		are_own = are_own && is_own_rank(values[row * step]);
	}
	key->has_places = !are_own;
	if (!are_own) {
		TT_TRY(rank_by_place(self, values, step, key->ranks));
	}
	for (size_t row = 0; row < n_rows && key->is_descending; ++row) {
		key->ranks[row] = ~key->ranks[row];
	}
	return TT_OK;
}

/* ---- sorting rows ----------------------------------------------------------------------------- */

static uint64_t value_rank(const sort_key *key, size_t row)
{
	return key->has_places ? key->ranks[row] >> 32 : key->ranks[row];
}

/* By the values of the conditions, then by their terms. */
static tt_status row_precedes(void *user, const sort_entry *b, const sort_entry *a, bool *out)
{
	const sort_op *const self = user;
	for (size_t k = 1; k < self->op.node->n_order; ++k) {
		const uint64_t x = value_rank(&self->keys[k], b->row);
		const uint64_t y = value_rank(&self->keys[k], a->row);
		if (x != y) {
			*out = x < y;
			return TT_OK;
		}
	}
	*out = false;
	for (size_t k = 0; k < self->op.node->n_order; ++k) {
		const uint64_t x = self->keys[k].ranks[b->row];
		const uint64_t y = self->keys[k].ranks[a->row];
		if (x != y) {
			*out = x < y;
			break;
		}
	}
	return TT_OK;
}

static void forget_ranks(sort_op *self)
{
	for (size_t k = 0; k < self->op.node->n_order; ++k) {
		tt_free(self->op.run->ctx, self->keys[k].ranks);
		self->keys[k].ranks = NULL;
	}
}

/* Sort what is held into self->order. */
static tt_status sort_rows(sort_op *self)
{
	tt_ctx *const ctx = self->op.run->ctx;
	const size_t n = self->rows.n_rows;
	sorter s = {.ctx = ctx, .precedes = self->op.node->n_order > 1 ? row_precedes : NULL, .user = self};
	tt_status status = TT_OK;
	for (size_t k = 0; k < self->op.node->n_order && n && status == TT_OK; ++k) {
		status = rank_key(self, k);
	}
	tt_free(ctx, self->order);
	self->order = tt_calloc(ctx, n, sizeof *self->order);
	sort_entry *const entries = tt_calloc(ctx, n, sizeof *entries);
	sort_entry *const scratch = tt_calloc(ctx, n, sizeof *scratch);
	sort_entry *sorted = entries;
	if (status == TT_OK && !(self->order && entries && scratch)) {
		status = ctx->error.status;
	}
	if (status == TT_OK) {
		for (size_t i = 0; i < n; ++i) {
			const uint64_t rank = self->op.node->n_order == 0   ? 0
			                      : self->op.node->n_order == 1 ? self->keys[0].ranks[i]
			                                                    : value_rank(&self->keys[0], i);
			entries[i] = (sort_entry){rank, (uint32_t)i};
		}
		status = merge_sort(&s, entries, scratch, n, &sorted);
	}
	for (size_t i = 0; i < n && status == TT_OK; ++i) {
		self->order[i] = sorted[i].row;
	}
	self->n_sorted = n;
	tt_free(ctx, entries);
	tt_free(ctx, scratch);
	forget_ranks(self);
	return status;
}

/* ---- the first rows only ------------------------------------------------------------------------ */

/* Keep the first rows, in their order, and let the others go. */
static tt_status cut(sort_op *self, size_t n_kept)
{
	tt_ctx *const ctx = self->op.run->ctx;
	const size_t n_width = self->rows.n_width;
	TT_TRY(sort_rows(self));
	tt_tuples kept;
	tt_tuples_init(&kept, ctx, n_width);
	n_kept = n_kept < self->rows.n_rows ? n_kept : self->rows.n_rows;
	TT_TRY(tt_tuples_reserve(&kept, n_kept));
	for (size_t i = 0; i < n_kept; ++i) {
		memcpy(tt_tuples_row(&kept, i), tt_tuples_row(&self->rows, self->order[i]), n_width * sizeof *kept.cells);
	}
	kept.n_rows = n_kept;
	tt_tuples_clear(&self->rows);
	self->rows = kept;
	self->has_bound = true;
	return TT_OK;
}

/* Which rows of a batch may be among the first: those not behind the last one kept by the first condition. */
static tt_status find_wanted(sort_op *self, const tt_id *values, size_t n_rows, size_t *out_n)
{
	const size_t n_kept = (size_t)self->op.node->limit;
	const tt_id bound = tt_tuples_row(&self->rows, n_kept - 1)[self->op.node->n_columns];
	size_t n = 0;
	for (uint32_t i = 0; i < n_rows; ++i) {
		int order = 0;
		if (is_own_rank(values[i]) && is_own_rank(bound)) {
			order = (values[i] > bound) - (values[i] < bound);
		} else if (values[i] != bound) {
			TT_TRY(tt_order_compare_values(self->op.run->terms, values[i], bound, &order));
		}
		self->kept[n] = i;
		n += self->keys[0].is_descending ? order >= 0 : order <= 0;
	}
	*out_n = n;
	return TT_OK;
}

/* Let self->columns hold only the wanted rows. */
static tt_status select_wanted(sort_op *self, size_t n_rows, size_t *out_n)
{
	tt_ctx *const ctx = self->op.run->ctx;
	const size_t n_width = self->rows.n_width;
	TT_TRY(find_wanted(self, self->columns[self->op.node->n_columns], n_rows, out_n));
	if (*out_n == n_rows) {
		return TT_OK;
	}
	if (!self->memory) {
		self->memory = tt_calloc(ctx, n_width * TT_BATCH_ROWS, sizeof *self->memory);
		if (!self->memory) {
			return ctx->error.status;
		}
	}
	for (size_t c = 0; c < n_width; ++c) {
		tt_id *const column = self->memory + c * TT_BATCH_ROWS;
		tt_gather(column, self->columns[c], self->kept, *out_n);
		self->columns[c] = column;
	}
	return TT_OK;
}

/* ---- reading ---------------------------------------------------------------------------------- */

/* The columns of the child's batch and the values of the conditions. */
static tt_status evaluate(sort_op *self)
{
	const tt_batch *const from = &self->op.children[0]->batch;
	for (size_t c = 0; c < from->n_columns; ++c) {
		self->columns[c] = from->columns[c];
	}
	for (size_t k = 0; k < self->op.node->n_order; ++k) {
		sort_key *const key = &self->keys[k];
		const tt_id *values = key->values;
		if (key->column != SIZE_MAX) {
			values = from->columns[key->column];
		} else {
			TT_TRY(tt_program_eval(key->formula.program, tt_batch_columns(from), from->n_rows, key->values));
		}
		self->columns[from->n_columns + k] = values;
	}
	return TT_OK;
}

static tt_status read_all(sort_op *self)
{
	tt_op *const child = self->op.children[0];
	const tt_node *const node = self->op.node;
	/* A limit that is no smaller than what can be held does not limit. */
	const bool has_limit = node->has_limit && node->limit < TT_MOST_ROWS / 2 - MOST_SLACK && node->n_order > 0;
	const size_t n_most = has_limit ? 2 * (size_t)node->limit + MOST_SLACK : SIZE_MAX;
	while (true) {
		TT_TRY(tt_op_next(child));
		size_t n = child->batch.n_rows;
		if (n == 0) {
			break;
		}
		TT_TRY(evaluate(self));
		if (self->has_bound) {
			TT_TRY(select_wanted(self, n, &n));
		}
		TT_TRY(tt_tuples_append(&self->rows, self->columns, n));
		if (self->rows.n_rows > n_most) {
			TT_TRY(cut(self, (size_t)node->limit));
		}
	}
	self->is_read = true;
	TT_TRY(sort_rows(self));
	self->n_sorted = node->has_limit && node->limit < self->n_sorted ? (size_t)node->limit : self->n_sorted;
	return TT_OK;
}

/* ---- the operator ----------------------------------------------------------------------------- */

static tt_status open_sort(tt_op *op)
{
	sort_op *const self = (sort_op *)op;
	tt_ctx *const ctx = op->run->ctx;
	const tt_node *const node = op->node;
	const tt_node *const child = node->children[0];
	tt_tuples_init(&self->rows, ctx, child->n_columns + node->n_order);
	self->keys = tt_calloc(ctx, node->n_order, sizeof *self->keys);
	self->columns = tt_calloc(ctx, self->rows.n_width, sizeof(tt_id *));
	if (!self->keys || !self->columns) {
		return ctx->error.status;
	}
	for (size_t k = 0; k < node->n_order; ++k) {
		sort_key *const key = &self->keys[k];
		const tt_expr *const expr = node->order[k].expr;
		key->is_descending = node->order[k].is_descending;
		key->column = expr->kind == TT_EXPR_VARIABLE ? tt_node_find(child, expr->variable) : SIZE_MAX;
		if (key->column == SIZE_MAX) {
			key->values = tt_calloc(ctx, TT_BATCH_ROWS, sizeof *key->values);
			if (!key->values) {
				return ctx->error.status;
			}
			TT_TRY(tt_formula_open(&key->formula, op->run, expr, child->columns, child->n_columns));
		}
	}
	return TT_OK;
}

static tt_status reset_sort(tt_op *op)
{
	sort_op *const self = (sort_op *)op;
	self->n_delivered = 0;
	if (self->is_read && !op->is_variable) {
		return TT_OK; /* the rows are still there and would be the same */
	}
	tt_tuples_clear(&self->rows);
	self->is_read = false;
	self->has_bound = false;
	return tt_op_reset(op->children[0]);
}

static tt_status next_sort(tt_op *op)
{
	sort_op *const self = (sort_op *)op;
	if (op->node->has_limit && op->node->limit == 0) {
		return TT_OK;
	}
	if (!self->is_read) {
		TT_TRY(read_all(self));
	}
	const size_t n_left = self->n_sorted - self->n_delivered;
	const size_t n = n_left < op->run->n_batch_rows ? n_left : op->run->n_batch_rows;
	TT_TRY(tt_op_own_columns(op));
	for (size_t i = 0; i < n; ++i) {
		const tt_id *const cells = tt_tuples_row(&self->rows, self->order[self->n_delivered + i]);
		for (size_t c = 0; c < op->batch.n_columns; ++c) {
			op->batch.columns[c][i] = cells[c];
		}
	}
	self->n_delivered += n;
	op->batch.n_rows = n;
	return TT_OK;
}

static void close_sort(tt_op *op)
{
	sort_op *const self = (sort_op *)op;
	tt_ctx *const ctx = op->run->ctx;
	for (size_t k = 0; self->keys && k < op->node->n_order; ++k) {
		tt_formula_close(&self->keys[k].formula);
		tt_free(ctx, self->keys[k].values);
		tt_free(ctx, self->keys[k].ranks);
	}
	tt_tuples_clear(&self->rows);
	tt_free(ctx, self->keys);
	tt_free(ctx, self->columns);
	tt_free(ctx, self->order);
	tt_free(ctx, self->memory);
}

const tt_op_class tt_op_sort = {.n_bytes = sizeof(sort_op),
                                .n_built = 1,
                                .open = open_sort,
                                .reset = reset_sort,
                                .next = next_sort,
                                .close = close_sort};
