/* join.c - everything that matches rows of a left child with rows of a right side.
 *
 * One loop for all: for each left row a *matcher* gives the right rows that agree on the keys and are
 * compatible on the checks. Candidates gather in a batch, the condition (OPTIONAL with a filter) is
 * evaluated on all of them at once, and then each left row is dealt with as the kind of join wants:
 *
 *     inner  every match            left   every match, or the row alone      semi   the row if it matched
 *     anti   the row if it did not match (NOT EXISTS, MINUS)
 *
 * Left rows come out in their order. Candidates of one left row may span several rounds, so whether it
 * has matched is kept until its matches are exhausted. Two matchers: the hash table of a child
 * (HASH_JOIN, MERGE_JOIN, LEFT_JOIN, MINUS, SEMI_JOIN) and a scan or path that is bound from each left
 * row (LOOKUP_JOIN, LEFT_LOOKUP). */
#include "exec/op.h"

enum {
	ROUND = TT_BATCH_ROWS / 2, /* candidates and left rows of a round: together they fill a batch at most */
	MOST_HASHED = 8
};

typedef enum join_kind { JOIN_INNER, JOIN_LEFT, JOIN_SEMI, JOIN_ANTI } join_kind;

/** Where a column of the joined row comes from; SIZE_MAX: not from that side. */
typedef struct source {
	size_t left, right;
} source;

typedef struct join_op {
	tt_op op;
	join_kind kind;
	const tt_var *right_columns; /* variables of the right rows */
	size_t n_right;
	/* the joined row: what the condition sees and the output is taken from */
	tt_node joined;              /* only its columns are used */
	source *sources;
	tt_batch candidates;
	uint32_t candidate_left[ROUND];
	tt_program *condition;
	size_t *out_from;            /* output column → joined column */
	/* checks */
	size_t *check_left, *check_right;
	bool needs_common;           /* MINUS without keys: a shared variable must be bound on both sides */
	/* the left batch */
	const tt_batch *left;
	size_t left_row;             /* the row whose matches are being read */
	size_t first_open;           /* rows before it are dealt with */
	bool is_in_row;              /* the matcher is at left_row */
	bool is_left_end;
	bool has_matched[TT_BATCH_ROWS];
	/* the hash matcher */
	tt_rows table;               /* keys first */
	size_t *key_left;
	size_t *table_columns;       /* table cell → column of child 1 */
	size_t *cell_of;             /* column of child 1 → table cell */
	bool is_built;
	uint32_t link;
	/* the lookup matcher */
	bool is_lookup;
	tt_scanner scanner;
	tt_pather *pather;
	size_t given_from[TT_N_COLUMNS]; /* left column that binds a quad column, or SIZE_MAX */
	unsigned *right_from;        /* right column → quad column */
	tt_id *right_row;
	size_t scanned_row;
	unsigned n_since_poll;
} join_op;

/* ---- the hash matcher ------------------------------------------------------------------------- */

/* Keys that are hashed; the others are only compared. */
static size_t n_hashed(const join_op *self)
{
	return self->op.node->n_keys < MOST_HASHED ? self->op.node->n_keys : MOST_HASHED;
}

static tt_status build_table(join_op *self)
{
	tt_op *const right = self->op.children[1];
	tt_rows_empty(&self->table);
	const tt_batch *batch = NULL;
	for (;;) {
		TT_TRY(tt_op_next(right, &batch));
		if (batch->n_rows == 0) {
			break;
		}
		for (size_t i = 0; i < batch->n_rows; ++i) {
			tt_id *cells = NULL;
			TT_TRY(tt_rows_append(&self->table, &cells));
			for (size_t c = 0; c < self->n_right; ++c) {
				cells[c] = batch->columns[self->table_columns[c]][i];
			}
		}
	}
	self->is_built = true;
	return tt_rows_index(&self->table, n_hashed(self));
}

static void hash_start(join_op *self, size_t row)
{
	tt_id keys[MOST_HASHED];
	const size_t n_keys = n_hashed(self);
	for (size_t k = 0; k < n_keys; ++k) {
		keys[k] = self->left->columns[self->key_left[k]][row];
	}
	const uint64_t hash = tt_hash_cells(keys, n_keys);
	self->link = self->table.n_rows ? self->table.heads[hash & (self->table.n_heads - 1)] : 0;
}

static bool has_equal_keys(const join_op *self, const tt_id *cells, size_t row)
{
	for (size_t k = 0; k < self->op.node->n_keys; ++k) {
		if (cells[k] != self->left->columns[self->key_left[k]][row]) {
			return false;
		}
	}
	return true;
}

/* ---- the lookup matcher ----------------------------------------------------------------------- */

static tt_status lookup_start(join_op *self, size_t row)
{
	tt_id given[TT_N_COLUMNS];
	for (unsigned c = 0; c < TT_N_COLUMNS; ++c) {
		given[c] = self->given_from[c] == SIZE_MAX ? TT_UNBOUND : self->left->columns[self->given_from[c]][row];
	}
	self->scanned_row = 0;
	return self->pather ? tt_pather_start(self->pather, given) : tt_scanner_start(&self->scanner, given);
}

static tt_status lookup_next(join_op *self, const tt_id **out_row)
{
	tt_id quad[TT_N_COLUMNS];
	*out_row = NULL;
	if (self->pather) {
		bool is_end = false;
		TT_TRY(tt_pather_next(self->pather, quad, &is_end));
		if (is_end) {
			return TT_OK;
		}
		for (size_t c = 0; c < self->n_right; ++c) {
			self->right_row[c] = quad[self->right_from[c]];
		}
	} else {
		tt_scanner *const s = &self->scanner;
		if (self->scanned_row >= s->n_rows) {
			TT_TRY(tt_scanner_next(s));
			self->scanned_row = 0;
			if (s->n_rows == 0) {
				return TT_OK;
			}
		}
		for (size_t c = 0; c < self->n_right; ++c) {
			self->right_row[c] = s->columns[self->right_from[c]][self->scanned_row];
		}
		self->scanned_row++;
	}
	*out_row = self->right_row;
	return TT_OK;
}

/* ---- matches ---------------------------------------------------------------------------------- */

static bool is_compatible(const join_op *self, const tt_id *right, size_t row)
{
	bool has_common = !self->needs_common;
	for (size_t k = 0; k < self->op.node->n_checks; ++k) {
		const tt_id a = self->left->columns[self->check_left[k]][row];
		const tt_id b = right[self->check_right[k]];
		if (a != TT_UNBOUND && b != TT_UNBOUND) {
			if (a != b) {
				return false;
			}
			has_common = true;
		}
	}
	return has_common;
}

static tt_status next_match(join_op *self, const tt_id **out_row)
{
	for (;;) {
		if (++self->n_since_poll % 4096 == 0) {
			TT_TRY(tt_ctx_poll(self->op.x->ctx));
		}
		*out_row = NULL;
		if (self->is_lookup) {
			TT_TRY(lookup_next(self, out_row));
			if (!*out_row) {
				return TT_OK;
			}
		} else {
			if (!self->link) {
				return TT_OK;
			}
			*out_row = tt_rows_at(&self->table, self->link - 1);
			self->link = self->table.chain[self->link - 1];
			if (!has_equal_keys(self, *out_row, self->left_row)) {
				continue;
			}
		}
		if (is_compatible(self, *out_row, self->left_row)) {
			return TT_OK;
		}
	}
}

/* ---- rounds ----------------------------------------------------------------------------------- */

static void add_candidate(join_op *self, const tt_id *right)
{
	const size_t n = self->candidates.n_rows++;
	self->candidate_left[n] = (uint32_t)self->left_row;
	for (size_t c = 0; c < self->joined.n_columns; ++c) {
		const source *const s = &self->sources[c];
		tt_id id = s->left == SIZE_MAX ? TT_UNBOUND : self->left->columns[s->left][self->left_row];
		if (id == TT_UNBOUND && s->right != SIZE_MAX) {
			id = right[s->right];
		}
		self->candidates.columns[c][n] = id;
	}
}

/* Gather candidates until the round is full or the left batch is at its end. */
static tt_status gather(join_op *self)
{
	const bool one_is_enough = !self->condition && (self->kind == JOIN_SEMI || self->kind == JOIN_ANTI);
	self->candidates.n_rows = 0;
	while (self->candidates.n_rows < ROUND && self->left_row < self->left->n_rows &&
	       self->left_row - self->first_open < ROUND) {
		if (!self->is_in_row) {
			if (self->is_lookup) {
				TT_TRY(lookup_start(self, self->left_row));
			} else {
				hash_start(self, self->left_row);
			}
			self->has_matched[self->left_row] = false;
			self->is_in_row = true;
		}
		const tt_id *right = NULL;
		TT_TRY(next_match(self, &right));
		if (right) {
			add_candidate(self, right);
		}
		if (!right || one_is_enough) {
			self->left_row++;
			self->is_in_row = false;
		}
	}
	return TT_OK;
}

static void emit(join_op *self, size_t candidate)
{
	tt_batch *const out = &self->op.out;
	for (size_t c = 0; c < out->n_columns; ++c) {
		out->columns[c][out->n_rows] = self->candidates.columns[self->out_from[c]][candidate];
	}
	out->n_rows++;
}

/* A left row alone: what comes only from the right stays unbound. */
static void emit_left(join_op *self, size_t row)
{
	tt_batch *const out = &self->op.out;
	for (size_t c = 0; c < out->n_columns; ++c) {
		const size_t left = self->sources[self->out_from[c]].left;
		out->columns[c][out->n_rows] = left == SIZE_MAX ? TT_UNBOUND : self->left->columns[left][row];
	}
	out->n_rows++;
}

static tt_status emit_round(join_op *self)
{
	uint32_t passing[ROUND];
	size_t n_passing = self->candidates.n_rows;
	if (self->condition && n_passing) {
		TT_TRY(tt_op_filter(self->op.x, &self->joined, self->condition, (const tt_id *const *)self->candidates.columns,
		                    self->candidates.n_rows, passing, &n_passing));
	} else {
		for (uint32_t i = 0; i < n_passing; ++i) {
			passing[i] = i;
		}
	}
	size_t p = 0;
	const size_t end = self->left_row + (self->is_in_row ? 1 : 0);
	for (size_t row = self->first_open; row < end; ++row) {
		const bool is_complete = row < self->left_row;
		for (; p < n_passing && self->candidate_left[passing[p]] == row; ++p) {
			if (self->kind == JOIN_INNER || self->kind == JOIN_LEFT) {
				emit(self, passing[p]);
			}
			self->has_matched[row] = true;
		}
		if (is_complete && self->kind != JOIN_INNER && self->has_matched[row] == (self->kind == JOIN_SEMI)) {
			emit_left(self, row);
		}
	}
	self->first_open = self->left_row;
	return TT_OK;
}

static tt_status join_next(tt_op *op)
{
	join_op *const self = (join_op *)op;
	if (!self->is_lookup && !self->is_built) {
		TT_TRY(build_table(self));
	}
	while (op->out.n_rows == 0) {
		if (!self->left || self->left_row >= self->left->n_rows) {
			if (self->is_left_end) {
				return TT_OK;
			}
			TT_TRY(tt_op_next(op->children[0], &self->left));
			self->left_row = self->first_open = 0;
			self->is_in_row = false;
			self->is_left_end = self->left->n_rows == 0;
			if (self->is_left_end) {
				return TT_OK;
			}
		}
		TT_TRY(gather(self));
		TT_TRY(emit_round(self));
	}
	return TT_OK;
}

/* ---- making and resetting --------------------------------------------------------------------- */

static void *allocate(join_op *self, size_t n, size_t size, tt_status *status)
{
	void *const memory = tt_calloc(self->op.x->ctx, n, size);
	if (!memory) {
		*status = self->op.x->ctx->error.status;
	}
	return memory;
}

static tt_status open_joined(join_op *self)
{
	const tt_node *const node = self->op.node;
	const tt_node *const left = node->children[0];
	tt_status status = TT_OK;
	const size_t most = left->n_columns + self->n_right;
	self->joined.columns = allocate(self, most, sizeof(tt_var), &status);
	self->sources = allocate(self, most, sizeof(source), &status);
	self->out_from = allocate(self, node->n_columns, sizeof(size_t), &status);
	TT_TRY(status);
	for (size_t i = 0; i < left->n_columns; ++i) {
		self->joined.columns[i] = left->columns[i];
		self->sources[i] = (source){i, tt_find_column(self->right_columns, self->n_right, left->columns[i])};
	}
	self->joined.n_columns = left->n_columns;
	for (size_t i = 0; i < self->n_right; ++i) {
		if (tt_find_column(left->columns, left->n_columns, self->right_columns[i]) == SIZE_MAX) {
			self->joined.columns[self->joined.n_columns] = self->right_columns[i];
			self->sources[self->joined.n_columns++] = (source){SIZE_MAX, i};
		}
	}
	for (size_t i = 0; i < node->n_columns; ++i) {
		self->out_from[i] = tt_find_column(self->joined.columns, self->joined.n_columns, node->columns[i]);
	}
	TT_TRY(tt_batch_init(self->op.x->ctx, &self->candidates, self->joined.n_columns));
	if (node->expr && (node->kind == TT_NODE_LEFT_JOIN || node->kind == TT_NODE_LEFT_LOOKUP)) {
		TT_TRY(tt_expr_compile(node->expr, self->op.x->env, self->joined.columns, self->joined.n_columns,
		                       &self->condition));
	}
	return TT_OK;
}

static tt_status open_checks(join_op *self)
{
	const tt_node *const node = self->op.node;
	const tt_node *const left = node->children[0];
	tt_status status = TT_OK;
	self->check_left = allocate(self, node->n_checks, sizeof(size_t), &status);
	self->check_right = allocate(self, node->n_checks, sizeof(size_t), &status);
	TT_TRY(status);
	for (size_t i = 0; i < node->n_checks; ++i) {
		self->check_left[i] = tt_find_column(left->columns, left->n_columns, node->checks[i]);
		self->check_right[i] = tt_find_column(self->right_columns, self->n_right, node->checks[i]);
	}
	self->needs_common = node->kind == TT_NODE_MINUS && node->n_keys == 0;
	return TT_OK;
}

/* The table's columns are those of child 1, the keys first. */
static tt_status open_hash(join_op *self)
{
	const tt_node *const node = self->op.node;
	const tt_node *const right = node->children[1];
	tt_status status = TT_OK;
	self->n_right = right->n_columns;
	self->table_columns = allocate(self, self->n_right, sizeof(size_t), &status);
	self->key_left = allocate(self, node->n_keys, sizeof(size_t), &status);
	tt_var *const columns = allocate(self, self->n_right, sizeof(tt_var), &status);
	self->right_columns = columns;
	TT_TRY(status);
	size_t n = 0;
	for (size_t k = 0; k < node->n_keys; ++k) {
		columns[n++] = node->keys[k];
		self->key_left[k] = tt_find_column(node->children[0]->columns, node->children[0]->n_columns, node->keys[k]);
	}
	for (size_t i = 0; i < right->n_columns; ++i) {
		if (tt_find_column(columns, n, right->columns[i]) == SIZE_MAX) {
			columns[n++] = right->columns[i];
		}
	}
	for (size_t i = 0; i < n; ++i) {
		self->table_columns[i] = tt_find_column(right->columns, right->n_columns, columns[i]);
	}
	tt_rows_init(&self->table, self->op.x->ctx, self->n_right);
	return TT_OK;
}

static tt_status open_lookup(join_op *self)
{
	const tt_node *const node = self->op.node;
	const tt_node *const left = node->children[0];
	const tt_node *const right = node->children[1];
	tt_status status = TT_OK;
	bool wanted[TT_N_COLUMNS] = {false};
	self->is_lookup = true;
	self->n_right = right->n_columns;
	tt_var *const columns = allocate(self, self->n_right, sizeof(tt_var), &status);
	self->right_columns = columns;
	self->right_from = allocate(self, self->n_right, sizeof(unsigned), &status);
	self->right_row = allocate(self, self->n_right, sizeof(tt_id), &status);
	TT_TRY(status);
	for (size_t i = 0; i < self->n_right; ++i) {
		columns[i] = right->columns[i];
		for (unsigned c = 0; c < TT_N_COLUMNS; ++c) {
			const tt_scan_slot *const slot = &right->scan.slots[c];
			if ((slot->kind == TT_SLOT_VARIABLE || slot->kind == TT_SLOT_PARAMETER) && slot->variable == columns[i]) {
				self->right_from[i] = c;
				wanted[c] = true;
				break;
			}
		}
	}
	for (unsigned c = 0; c < TT_N_COLUMNS; ++c) {
		const tt_scan_slot *const slot = &right->scan.slots[c];
		self->given_from[c] = SIZE_MAX;
		if (slot->kind == TT_SLOT_VARIABLE && tt_find_column(node->keys, node->n_keys, slot->variable) != SIZE_MAX) {
			self->given_from[c] = tt_find_column(left->columns, left->n_columns, slot->variable);
			wanted[c] = true;
		}
	}
	if (right->kind == TT_NODE_PATH) {
		return tt_pather_new(self->op.x, right, &self->pather);
	}
	TT_TRY(tt_scanner_init(&self->scanner, self->op.x, &right->scan, wanted));
	self->scanner.is_residual = true;
	return TT_OK;
}

static tt_status join_open(tt_op *op)
{
	static const join_kind kinds[TT_N_NODE_KINDS] = {
	    [TT_NODE_LEFT_JOIN] = JOIN_LEFT, [TT_NODE_LEFT_LOOKUP] = JOIN_LEFT, [TT_NODE_MINUS] = JOIN_ANTI};
	join_op *const self = (join_op *)op;
	const tt_node *const node = op->node;
	self->kind = kinds[node->kind];
	if (node->kind == TT_NODE_SEMI_JOIN) {
		self->kind = node->is_negated ? JOIN_ANTI : JOIN_SEMI;
	}
	TT_TRY(node->kind == TT_NODE_LOOKUP_JOIN || node->kind == TT_NODE_LEFT_LOOKUP ? open_lookup(self)
	                                                                            : open_hash(self));
	TT_TRY(open_checks(self));
	return open_joined(self);
}

static tt_status join_reset(tt_op *op)
{
	join_op *const self = (join_op *)op;
	self->left = NULL;
	self->left_row = self->first_open = 0;
	self->is_in_row = self->is_left_end = self->is_built = false;
	return TT_OK;
}

static void join_close(tt_op *op)
{
	join_op *const self = (join_op *)op;
	tt_ctx *const ctx = op->x->ctx;
	tt_program_free(self->condition);
	tt_batch_clear(ctx, &self->candidates);
	if (self->is_lookup) {
		tt_scanner_clear(&self->scanner);
		tt_pather_free(self->pather);
	} else if (self->table.ctx) {
		tt_rows_clear(&self->table);
	}
	void *const arrays[] = {self->joined.columns, self->sources,    self->out_from,
	                        self->check_left,     self->check_right, self->key_left,
	                        self->table_columns,  self->right_from,  self->right_row,
	                        (void *)(uintptr_t)self->right_columns};
	for (size_t i = 0; i < sizeof arrays / sizeof *arrays; ++i) {
		tt_free(ctx, arrays[i]);
	}
}

const tt_op_class tt_join_class = {
    .n_bytes = sizeof(join_op), .open = join_open, .reset = join_reset, .next = join_next, .close = join_close};
