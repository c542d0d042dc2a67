/* scan.c - SCAN and COUNT.
 *
 * Rows go from the store's blocks right into the columns of the batch. Only where a constant, a parameter or a
 * repeated variable stands behind the prefix are rows tested and the columns closed up. After a reset or a seek the
 * first fetches are small and then double, since whoever seeks, or asks EXISTS, often wants a few rows only. */
#include "exec/scan.h"

enum { FIRST_FETCH = 32 };

/* ---- the reader ------------------------------------------------------------------------------- */

static const tt_scan_slot *slot_at(const tt_scan_plan *plan, unsigned position)
{
	return &plan->slots[tt_perm_column(plan->perm, position)];
}

static bool is_known(const tt_scan_slot *slot)
{
	return slot->kind == TT_SLOT_CONSTANT || slot->kind == TT_SLOT_PARAMETER;
}

tt_id tt_slot_value(const tt_execution *run, const tt_scan_slot *slot)
{
	return slot->kind == TT_SLOT_PARAMETER ? run->parameters[slot->variable] : slot->id;
}

unsigned tt_scan_position(const tt_scan_plan *plan, tt_var variable)
{
	for (unsigned i = 0; i < TT_N_COLUMNS; ++i) {
		const tt_scan_slot *const slot = slot_at(plan, i);
		if ((slot->kind == TT_SLOT_VARIABLE || slot->kind == TT_SLOT_PARAMETER) && slot->variable == variable) {
			return i;
		}
	}
	return TT_N_COLUMNS;
}

/* What the prefix leaves to be tested. */
static void find_tests(tt_reader *reader)
{
	const tt_scan_plan *const plan = reader->plan;
	for (unsigned i = plan->n_prefix; i < TT_N_COLUMNS; ++i) {
		const tt_scan_slot *const slot = slot_at(plan, i);
		const unsigned first = slot->kind == TT_SLOT_VARIABLE ? tt_scan_position(plan, slot->variable) : i;
		if (is_known(slot)) {
			reader->tests[reader->n_tests++] = (tt_scan_test){.position = i};
		} else if (first != i) {
			reader->tests[reader->n_tests++] = (tt_scan_test){.position = i, .other = first, .has_other = true};
		}
	}
}

tt_status tt_reader_open(tt_reader *reader, tt_execution *run, const tt_scan_plan *plan, tt_id *const columns[4])
{
	*reader = (tt_reader){.run = run, .plan = plan};
	reader->spec = (tt_scan_spec){.perm = plan->perm,
	                              .n_bound = plan->n_prefix,
	                              .choice = plan->graphs.choice,
	                              .graphs = plan->graphs.graphs,
	                              .n_graphs = plan->graphs.n_graphs,
	                              .is_merged = plan->is_merged};
	if (plan->has_range && plan->n_prefix < TT_N_COLUMNS) {
		reader->spec.low = plan->low;
		reader->spec.high = plan->high;
	}
	memcpy(reader->columns, columns, sizeof reader->columns);
	find_tests(reader);
	if (reader->n_tests) {
		reader->memory = tt_realloc(run->ctx, NULL, TT_N_COLUMNS * run->n_batch_rows, sizeof *reader->memory);
		if (!reader->memory) {
			return run->ctx->error.status;
		}
	}
	for (unsigned i = 0; i < reader->n_tests; ++i) {
		const tt_scan_test *const test = &reader->tests[i];
		const unsigned tested[2] = {test->position, test->has_other ? test->other : test->position};
		for (unsigned j = 0; j < 2; ++j) {
			if (!reader->columns[tested[j]]) {
				reader->columns[tested[j]] = reader->memory + tested[j] * run->n_batch_rows;
			}
		}
	}
	return TT_OK;
}

void tt_reader_close(tt_reader *reader)
{
	if (reader->run) {
		tt_scan_close(reader->scan);
		tt_free(reader->run->ctx, reader->memory);
		*reader = (tt_reader){0};
	}
}

tt_status tt_reader_bind(tt_reader *reader, const tt_id *probe)
{
	tt_id bound[TT_N_COLUMNS];
	for (unsigned i = 0; i < reader->spec.n_bound; ++i) {
		const tt_scan_slot *const slot = slot_at(reader->plan, i);
		bound[i] = is_known(slot) ? tt_slot_value(reader->run, slot) : probe ? probe[i] : TT_UNBOUND;
	}
	for (unsigned i = 0; i < reader->n_tests; ++i) {
		tt_scan_test *const test = &reader->tests[i];
		if (!test->has_other) {
			test->id = tt_slot_value(reader->run, slot_at(reader->plan, test->position));
		}
	}
	if (reader->scan) {
		return tt_scan_rebind(reader->scan, bound);
	}
	memcpy(reader->spec.bound, bound, reader->spec.n_bound * sizeof *bound);
	return tt_scan_open(reader->run->terms->snapshot, &reader->spec, &reader->scan);
}

/* Close up rows [at, at + n) to those that pass a test. */
static size_t apply_test(tt_reader *reader, const tt_scan_test *test, size_t at, size_t n)
{
	const tt_id *const left = reader->columns[test->position];
	const tt_id *const right = test->has_other ? reader->columns[test->other] : NULL;
	size_t n_kept = 0;
	for (size_t i = at; i < at + n; ++i) {
		if (left[i] == (right ? right[i] : test->id)) {
			for (unsigned c = 0; c < TT_N_COLUMNS && n_kept != i - at; ++c) {
				if (reader->columns[c]) {
					reader->columns[c][at + n_kept] = reader->columns[c][i];
				}
			}
			n_kept++;
		}
	}
	return n_kept;
}

tt_status tt_reader_next(tt_reader *reader, size_t at, size_t capacity, size_t *out_n_rows)
{
	*out_n_rows = 0;
	while (*out_n_rows == 0) {
		size_t n = 0;
		tt_id *targets[4];
		for (unsigned c = 0; c < TT_N_COLUMNS; ++c) {
			targets[c] = reader->columns[c] ? reader->columns[c] + at : NULL;
		}
		TT_TRY(tt_scan_next(reader->scan, targets, capacity, &n));
		if (n == 0) {
			return TT_OK;
		}
		for (unsigned i = 0; i < reader->n_tests && n; ++i) {
			n = apply_test(reader, &reader->tests[i], at, n);
		}
		*out_n_rows = n;
		if (n == 0) {
			TT_TRY(tt_ctx_poll(reader->run->ctx));
		}
	}
	return TT_OK;
}

/* ---- SCAN ------------------------------------------------------------------------------------- */

typedef struct scan_op {
	tt_op op;
	tt_reader reader;
	bool is_bound;
	size_t n_fetch;
} scan_op;

static tt_status open_scan(tt_op *op)
{
	scan_op *const self = (scan_op *)op;
	const tt_node *const node = op->node;
	tt_id *columns[4] = {NULL, NULL, NULL, NULL};
	TT_TRY(tt_op_own_columns(op));
	for (size_t c = 0; c < node->n_columns; ++c) {
		const unsigned position = tt_scan_position(&node->scan, node->columns[c]);
		if (position == TT_N_COLUMNS) {
			return tt_fail(op->run->ctx, TT_INTERNAL, "a scan has a column that its pattern has not");
		}
		columns[position] = op->batch.columns[c];
	}
	if (node->scan.n_prefix < TT_N_COLUMNS && slot_at(&node->scan, node->scan.n_prefix)->kind == TT_SLOT_VARIABLE) {
		op->seek_variable = slot_at(&node->scan, node->scan.n_prefix)->variable;
	}
	return tt_reader_open(&self->reader, op->run, &node->scan, columns);
}

static tt_status reset_scan(tt_op *op)
{
	scan_op *const self = (scan_op *)op;
	self->is_bound = false;
	self->n_fetch = FIRST_FETCH;
	return TT_OK;
}

static tt_status begin_scan(scan_op *self)
{
	if (!self->is_bound) {
		TT_TRY(tt_reader_bind(&self->reader, NULL));
		self->is_bound = true;
	}
	return TT_OK;
}

static tt_status next_scan(tt_op *op)
{
	scan_op *const self = (scan_op *)op;
	const size_t n_most = op->run->n_batch_rows;
	TT_TRY(begin_scan(self));
	const size_t n_fetch = self->n_fetch < n_most ? self->n_fetch : n_most;
	self->n_fetch = n_fetch * 4;
	return tt_reader_next(&self->reader, 0, n_fetch, &op->batch.n_rows);
}

static tt_status seek_scan(tt_op *op, tt_id key)
{
	scan_op *const self = (scan_op *)op;
	self->n_fetch = FIRST_FETCH;
	TT_TRY(begin_scan(self));
	return tt_scan_seek(self->reader.scan, &key, 1);
}

static void close_scan(tt_op *op)
{
	tt_reader_close(&((scan_op *)op)->reader);
}

const tt_op_class tt_op_scan = {.n_bytes = sizeof(scan_op),
                                .open = open_scan,
                                .reset = reset_scan,
                                .next = next_scan,
                                .seek = seek_scan,
                                .close = close_scan};

/* ---- COUNT ------------------------------------------------------------------------------------ */

typedef struct count_op {
	tt_op op;
	tt_reader reader;
} count_op;

static tt_status open_count(tt_op *op)
{
	tt_id *const columns[4] = {NULL, NULL, NULL, NULL};
	return tt_reader_open(&((count_op *)op)->reader, op->run, &op->node->scan, columns);
}

/* What the store knows without reading rows. */
static tt_status count_known(count_op *self, bool *out_is_known, uint64_t *out_n)
{
	const tt_reader *const reader = &self->reader;
	tt_scan_spec spec = reader->spec;
	tt_store_stats stats;
	*out_is_known = !spec.low && !spec.high && reader->n_tests == 0;
	if (!*out_is_known) {
		return TT_OK;
	}
	if (spec.choice == TT_GRAPHS_ALL && !spec.is_merged) {
		for (unsigned i = 0; i < spec.n_bound; ++i) {
			spec.bound[i] = tt_slot_value(reader->run, slot_at(reader->plan, i));
		}
		return tt_snapshot_count(reader->run->terms->snapshot, &spec, out_n);
	}
	TT_TRY(tt_snapshot_stats(reader->run->terms->snapshot, &stats));
	if (spec.n_bound == 0 && spec.choice == TT_GRAPHS_ALL) {
		*out_n = stats.n_triples;
	} else if (spec.n_bound == 0 && spec.choice == TT_GRAPHS_DEFAULT && spec.perm < TT_GSPO) {
		*out_n = stats.n_default_quads;
	} else if (spec.n_bound == 0 && spec.choice == TT_GRAPHS_NAMED && !spec.is_merged) {
		*out_n = stats.n_quads - stats.n_default_quads;
	} else {
		*out_is_known = false;
	}
	return TT_OK;
}

static tt_status count_rows(count_op *self, uint64_t *out_n)
{
	/* With tests the rows go into columns, which are a batch long. */
	enum { MOST_COUNTED = 65536 };
	tt_execution *const run = self->op.run;
	const size_t capacity = self->reader.n_tests ? run->n_batch_rows : MOST_COUNTED;
	size_t n = 0;
	TT_TRY(tt_reader_bind(&self->reader, NULL));
	do {
		TT_TRY(tt_ctx_poll(run->ctx));
		TT_TRY(tt_reader_next(&self->reader, 0, capacity, &n));
		*out_n += n;
	} while (n);
	return TT_OK;
}

static tt_status next_count(tt_op *op)
{
	count_op *const self = (count_op *)op;
	bool is_known = false;
	uint64_t n = 0;
	tt_id id = TT_UNBOUND;
	TT_TRY(count_known(self, &is_known, &n));
	if (!is_known) {
		TT_TRY(count_rows(self, &n));
	}
	if (!tt_value_from_integer((int64_t)n, &id)) {
		return tt_fail(op->run->ctx, TT_INTERNAL, "a count of %llu rows", (unsigned long long)n);
	}
	TT_TRY(tt_op_own_columns(op));
	for (size_t c = 0; c < op->batch.n_columns; ++c) {
		op->batch.columns[c][0] = id;
	}
	op->batch.n_rows = 1;
	op->is_at_end = true;
	return TT_OK;
}

static void close_count(tt_op *op)
{
	tt_reader_close(&((count_op *)op)->reader);
}

const tt_op_class tt_op_count = {
    .n_bytes = sizeof(count_op), .open = open_count, .next = next_count, .close = close_count};
