/* scan.c - SCAN and COUNT: the rows of one triple pattern. */
#include "exec/op.h"

/* ---- one pattern ------------------------------------------------------------------------------ */

tt_status tt_scanner_init(tt_scanner *s, tt_execution *x, const tt_scan_plan *plan, const bool wanted[TT_N_COLUMNS])
{
	*s = (tt_scanner){.x = x, .plan = plan};
	for (unsigned c = 0; c < TT_N_COLUMNS; ++c) {
		s->same_as[c] = (uint8_t)c;
		for (unsigned e = 0; e < c; ++e) {
			if (plan->slots[c].kind == TT_SLOT_VARIABLE && plan->slots[e].kind == TT_SLOT_VARIABLE &&
			    plan->slots[c].variable == plan->slots[e].variable) {
				s->same_as[c] = (uint8_t)e;
				s->is_fetched[c] = s->is_fetched[e] = true;
				s->is_residual = true;
				break;
			}
		}
		s->is_fetched[c] = s->is_fetched[c] || wanted[c];
	}
	for (unsigned i = 0; i < TT_N_COLUMNS; ++i) {
		const tt_column c = tt_perm_column(plan->perm, i);
		const tt_scan_slot_kind kind = plan->slots[c].kind;
		if (i >= plan->n_prefix && (kind == TT_SLOT_CONSTANT || kind == TT_SLOT_PARAMETER)) {
			s->is_fetched[c] = s->is_residual = true;
		}
	}
	if (plan->is_merged) {
		s->is_fetched[TT_GRAPH] = false;
	}
	for (unsigned c = 0; c < TT_N_COLUMNS; ++c) {
		s->columns[c] = s->is_fetched[c] ? tt_alloc(x->ctx, TT_BATCH_ROWS * sizeof(tt_id)) : NULL;
		if (s->is_fetched[c] && !s->columns[c]) {
			return x->ctx->error.status;
		}
	}
	return TT_OK;
}

void tt_scanner_clear(tt_scanner *s)
{
	tt_scan_close(s->scan);
	s->scan = NULL;
	for (unsigned c = 0; s->x && c < TT_N_COLUMNS; ++c) {
		tt_free(s->x->ctx, s->columns[c]);
		s->columns[c] = NULL;
	}
}

static tt_id bound_id(const tt_scanner *s, tt_column c, const tt_id *given)
{
	const tt_scan_slot *const slot = &s->plan->slots[c];
	switch (slot->kind) {
	case TT_SLOT_CONSTANT:
		return slot->id;
	case TT_SLOT_PARAMETER:
		return s->x->parameters[slot->variable];
	case TT_SLOT_VARIABLE:
		return given ? given[c] : TT_UNBOUND;
	case TT_SLOT_NONE:
	default:
		return TT_UNBOUND;
	}
}

tt_status tt_scanner_start(tt_scanner *s, const tt_id given[TT_N_COLUMNS])
{
	const tt_scan_plan *const plan = s->plan;
	tt_scan_spec spec = {.perm = plan->perm,
	                     .n_bound = plan->n_prefix,
	                     .choice = plan->graphs.choice,
	                     .graphs = plan->graphs.graphs,
	                     .n_graphs = plan->graphs.n_graphs,
	                     .is_merged = plan->is_merged,
	                     .low = plan->has_range ? plan->low : 0,
	                     .high = plan->has_range ? plan->high : 0};
	for (unsigned c = 0; c < TT_N_COLUMNS; ++c) {
		s->bound[c] = bound_id(s, (tt_column)c, given);
	}
	for (unsigned i = 0; i < plan->n_prefix; ++i) {
		spec.bound[i] = s->bound[tt_perm_column(plan->perm, i)];
	}
	s->n_rows = 0;
	return s->scan ? tt_scan_rebind(s->scan, spec.bound) : tt_scan_open(s->x->snapshot, &spec, &s->scan);
}

static bool is_match(const tt_scanner *s, size_t row)
{
	for (unsigned c = 0; c < TT_N_COLUMNS; ++c) {
		if (s->columns[c] && ((s->bound[c] != TT_UNBOUND && s->columns[c][row] != s->bound[c]) ||
		                      s->columns[c][row] != s->columns[s->same_as[c]][row])) {
			return false;
		}
	}
	return true;
}

static void keep_matches(tt_scanner *s)
{
	size_t n_kept = 0;
	for (size_t i = 0; i < s->n_rows; ++i) {
		if (is_match(s, i)) {
			for (unsigned c = 0; c < TT_N_COLUMNS; ++c) {
				if (s->columns[c]) {
					s->columns[c][n_kept] = s->columns[c][i];
				}
			}
			n_kept++;
		}
	}
	s->n_rows = n_kept;
}

tt_status tt_scanner_next(tt_scanner *s)
{
	tt_id *columns[4];
	for (unsigned i = 0; i < 4; ++i) {
		columns[i] = s->columns[tt_perm_column(s->plan->perm, i)];
	}
	size_t n_fetched = 0;
	do {
		TT_TRY(tt_ctx_poll(s->x->ctx));
		TT_TRY(tt_scan_next(s->scan, columns, TT_BATCH_ROWS, &n_fetched));
		s->n_rows = n_fetched;
		if (s->is_residual) {
			keep_matches(s);
		}
	} while (n_fetched && !s->n_rows);
	return TT_OK;
}

/* ---- SCAN ------------------------------------------------------------------------------------- */

typedef struct scan_op {
	tt_op op;
	tt_scanner scanner;
} scan_op;

/* Which quad column delivers a variable: a PARAMETER slot may be asked for too. */
static unsigned column_of(const tt_scan_plan *plan, tt_var variable)
{
	for (unsigned c = 0; c < TT_N_COLUMNS; ++c) {
		const tt_scan_slot_kind kind = plan->slots[c].kind;
		if ((kind == TT_SLOT_VARIABLE || kind == TT_SLOT_PARAMETER) && plan->slots[c].variable == variable) {
			return c;
		}
	}
	return TT_N_COLUMNS;
}

static tt_status scan_open(tt_op *op)
{
	scan_op *const self = (scan_op *)op;
	bool wanted[TT_N_COLUMNS] = {false};
	for (size_t i = 0; i < op->node->n_columns; ++i) {
		wanted[column_of(&op->node->scan, op->node->columns[i])] = true;
	}
	TT_TRY(tt_scanner_init(&self->scanner, op->x, &op->node->scan, wanted));
	for (size_t i = 0; i < op->node->n_columns; ++i) {
		op->out.columns[i] = self->scanner.columns[column_of(&op->node->scan, op->node->columns[i])];
	}
	return TT_OK;
}

static tt_status scan_reset(tt_op *op)
{
	return tt_scanner_start(&((scan_op *)op)->scanner, NULL);
}

static tt_status scan_next(tt_op *op)
{
	scan_op *const self = (scan_op *)op;
	TT_TRY(tt_scanner_next(&self->scanner));
	op->out.n_rows = self->scanner.n_rows;
	return TT_OK;
}

static void scan_close(tt_op *op)
{
	tt_scanner_clear(&((scan_op *)op)->scanner);
}

const tt_op_class tt_scan_class = {.n_bytes = sizeof(scan_op),
                                   .open = scan_open,
                                   .reset = scan_reset,
                                   .next = scan_next,
                                   .close = scan_close,
                                   .is_borrowing = true};

/* ---- COUNT ------------------------------------------------------------------------------------ */

typedef struct count_op {
	tt_op op;
	bool is_given;
} count_op;

static tt_status count_rows(tt_op *op, const tt_scan_spec *spec, uint64_t *out_n)
{
	tt_scan *scan = NULL;
	tt_id *const none[4] = {NULL, NULL, NULL, NULL};
	size_t n_rows = 1;
	*out_n = 0;
	tt_status status = tt_scan_open(op->x->snapshot, spec, &scan);
	while (status == TT_OK && n_rows) {
		status = tt_ctx_poll(op->x->ctx);
		status = status ? status : tt_scan_next(scan, none, 1 << 20, &n_rows);
		*out_n += status ? 0 : n_rows;
	}
	tt_scan_close(scan);
	return status;
}

static tt_status count(tt_op *op, uint64_t *out_n)
{
	const tt_scan_plan *const plan = &op->node->scan;
	tt_scan_spec spec = {.perm = plan->perm,
	                     .n_bound = plan->n_prefix,
	                     .choice = plan->graphs.choice,
	                     .graphs = plan->graphs.graphs,
	                     .n_graphs = plan->graphs.n_graphs,
	                     .is_merged = plan->is_merged};
	for (unsigned i = 0; i < plan->n_prefix; ++i) {
		const tt_scan_slot *const slot = &plan->slots[tt_perm_column(plan->perm, i)];
		spec.bound[i] = slot->kind == TT_SLOT_PARAMETER ? op->x->parameters[slot->variable] : slot->id;
	}
	if (spec.choice == TT_GRAPHS_ALL && !spec.is_merged) {
		return tt_snapshot_count(op->x->snapshot, &spec, out_n);
	}
	tt_store_stats stats;
	if (spec.n_bound == 0 && spec.choice == TT_GRAPHS_ALL) {
		TT_TRY(tt_snapshot_stats(op->x->snapshot, &stats));
		*out_n = stats.n_triples;
		return TT_OK;
	}
	if (spec.n_bound == 0 && spec.choice == TT_GRAPHS_DEFAULT) {
		TT_TRY(tt_snapshot_stats(op->x->snapshot, &stats));
		*out_n = stats.n_default_quads;
		return TT_OK;
	}
	return count_rows(op, &spec, out_n);
}

static tt_status count_reset(tt_op *op)
{
	((count_op *)op)->is_given = false;
	return TT_OK;
}

static tt_status count_next(tt_op *op)
{
	count_op *const self = (count_op *)op;
	if (self->is_given) {
		return TT_OK;
	}
	uint64_t n = 0;
	TT_TRY(count(op, &n));
	for (size_t i = 0; i < op->out.n_columns; ++i) {
		(void)tt_value_from_integer((int64_t)n, &op->out.columns[i][0]);
	}
	op->out.n_rows = 1;
	self->is_given = true;
	return TT_OK;
}

const tt_op_class tt_count_class = {.n_bytes = sizeof(count_op), .reset = count_reset, .next = count_next};
