/* scan.c - scans over a permutation, and counts.
 *
 * A scan knows the first row that it may deliver (bound columns and lower bound) and the last (bound
 * columns and upper bound). In each block it finds once where its rows end, then hands them out by
 * the column. Blocks whose graph column is constant need no test of rows: either all pass or none, and
 * only their first row can repeat an earlier one. Other blocks go the slow way: decode the graphs,
 * select rows, drop repetitions, gather what is wanted.
 */
#include "store/native.h"

#include <stddef.h>

enum { CHUNK = 1024, GRAPH_LAST = 3, N_TRIPLE = 3, GRAPH_CACHE = 1024 };

typedef struct {
	tt_scan base;
	tt_native_snapshot *snapshot;
	tt_block_cursor blocks;
	unsigned graph_column; /* which column of the permutation is the graph */
	uint64_t low[4];       /* rows with smaller first n_low columns come before the scan */
	uint64_t high[4];      /* rows with greater first n_high columns come behind it */
	unsigned n_low, n_high;
	size_t row, end; /* rows of the current block to be delivered */
	bool is_last_block;
	bool is_at_end;
	bool has_last; /* merged: the last row delivered */
	uint64_t last[N_TRIPLE];
	/* TT_GRAPHS_LIST: graphs that were looked up in the list (0: none). From here on set up only when needed. */
	tt_id known_graphs[GRAPH_CACHE];
	bool is_known_listed[GRAPH_CACHE];
	uint16_t selected[CHUNK];
	uint64_t values[N_TRIPLE][CHUNK];
} native_scan;

/* ---- place -------------------------------------------------------------------------------------- */

static void set_range(native_scan *scan, const tt_id *bound)
{
	const tt_scan_spec *const spec = &scan->base.spec;
	const unsigned n = spec->n_bound;
	for (unsigned c = 0; c < n; ++c) {
		scan->base.spec.bound[c] = bound[c];
		scan->low[c] = bound[c];
		scan->high[c] = bound[c];
	}
	scan->n_low = n;
	scan->n_high = n;
	if (spec->low) {
		scan->low[scan->n_low++] = spec->low;
	}
	if (spec->high) {
		scan->high[scan->n_high++] = spec->high;
	}
}

/* After coming to row @p row of the current block: find where the scan ends in it. */
static void enter_block(native_scan *scan, size_t row)
{
	const tt_block *const block = &scan->blocks.block;
	scan->is_at_end = true;
	if (!scan->blocks.is_on_block) {
		return;
	}
	scan->row = row;
	scan->end = block->n_rows;
	scan->is_last_block = tt_block_compare(block, block->n_rows - 1, scan->high, scan->n_high) > 0;
	if (scan->is_last_block) {
		scan->end = tt_block_upper(block, row, block->n_rows, scan->high, scan->n_high);
	}
	scan->is_at_end = scan->row >= scan->end;
}

static tt_status next_block(native_scan *scan)
{
	if (scan->is_last_block) {
		scan->is_at_end = true;
		return TT_OK;
	}
	TT_TRY(tt_block_cursor_next(&scan->blocks));
	enter_block(scan, 0);
	return TT_OK;
}

/* Go to the first row of the range; the current block is used if the range begins in it. */
static tt_status start(native_scan *scan)
{
	tt_block_cursor *const blocks = &scan->blocks;
	size_t row = 0;
	scan->has_last = false;
	if (scan->n_low == 0) {
		TT_TRY(tt_block_cursor_first(blocks));
	} else if (blocks->is_on_block && tt_block_compare(&blocks->block, 0, scan->low, scan->n_low) < 0) {
		const bool is_ahead = scan->row < blocks->block.n_rows &&
		                      tt_block_compare(&blocks->block, scan->row, scan->low, scan->n_low) < 0;
		TT_TRY(tt_block_cursor_advance(blocks, is_ahead ? scan->row : 0, scan->low, scan->n_low, &row));
	} else {
		TT_TRY(tt_block_cursor_find(blocks, scan->low, scan->n_low, &row));
	}
	enter_block(scan, row);
	return TT_OK;
}

tt_status tt_native_scan_open(tt_snapshot *base, const tt_scan_spec *spec, tt_scan **out_scan)
{
	tt_native_snapshot *const snapshot = (tt_native_snapshot *)base;
	native_scan *const scan = tt_alloc(base->ctx, sizeof *scan);
	if (!scan) {
		return base->ctx->error.status;
	}
	memset(scan, 0, offsetof(native_scan, known_graphs));
	if (spec->choice == TT_GRAPHS_LIST) {
		memset(scan->known_graphs, 0, sizeof scan->known_graphs);
	}
	scan->base = (tt_scan){&tt_native_backend, base->ctx, *spec};
	scan->snapshot = snapshot;
	scan->graph_column = spec->perm >= TT_GSPO ? 0 : GRAPH_LAST;
	set_range(scan, spec->bound);
	tt_status status = tt_block_cursor_open(&scan->blocks, base->ctx, &snapshot->store->env, snapshot->txn,
	                                        (unsigned)spec->perm, &snapshot->trust);
	status = status == TT_OK ? start(scan) : status;
	if (status != TT_OK) {
		tt_native_scan_close(&scan->base);
		return status;
	}
	*out_scan = &scan->base;
	return TT_OK;
}

void tt_native_scan_close(tt_scan *base)
{
	native_scan *const scan = (native_scan *)base;
	tt_block_cursor_close(&scan->blocks);
	tt_free(base->ctx, scan);
}

tt_status tt_native_scan_rebind(tt_scan *base, const tt_id *bound)
{
	native_scan *const scan = (native_scan *)base;
	set_range(scan, bound);
	return start(scan);
}

tt_status tt_native_scan_seek(tt_scan *base, const tt_id *key, unsigned n_key)
{
	native_scan *const scan = (native_scan *)base;
	const unsigned n_bound = base->spec.n_bound;
	uint64_t wanted[4];
	memcpy(wanted, base->spec.bound, n_bound * sizeof *wanted);
	memcpy(wanted + n_bound, key, n_key * sizeof *wanted);
	if (!scan->is_at_end && scan->row == scan->end) {
		TT_TRY(next_block(scan));
	}
	if (scan->is_at_end || tt_block_compare(&scan->blocks.block, scan->row, wanted, n_bound + n_key) >= 0) {
		return TT_OK;
	}
	size_t row = 0;
	TT_TRY(tt_block_cursor_advance(&scan->blocks, scan->row, wanted, n_bound + n_key, &row));
	enter_block(scan, row);
	return TT_OK;
}

/* ---- rows --------------------------------------------------------------------------------------- */

static bool is_repetition(const native_scan *scan, size_t row)
{
	return scan->has_last && tt_block_compare(&scan->blocks.block, row, scan->last, N_TRIPLE) == 0;
}

static void remember_last(native_scan *scan, size_t row)
{
	for (unsigned c = 0; c < N_TRIPLE; ++c) {
		scan->last[c] = tt_block_get(&scan->blocks.block, c, row);
	}
	scan->has_last = true;
}

/* Fill a column that is wanted: bound ones are known. */
static void fill_bound(tt_id value, size_t n_rows, tt_id *out)
{
	for (size_t i = 0; i < n_rows; ++i) {
		out[i] = value;
	}
}

/* Deliver a run of rows as they stand. */
static void take_run(native_scan *scan, tt_id *const columns[4], size_t at, size_t n_rows)
{
	const tt_scan_spec *const spec = &scan->base.spec;
	for (unsigned c = 0; c < 4; ++c) {
		if (columns[c] && c < spec->n_bound) {
			fill_bound(spec->bound[c], n_rows, columns[c] + at);
		} else if (columns[c]) {
			tt_block_decode(&scan->blocks.block, c, scan->row, n_rows, columns[c] + at);
		}
	}
	scan->row += n_rows;
	if (spec->is_merged) {
		remember_last(scan, scan->row - 1);
	}
}

/* Whether a graph is in the list, by a small cache: the graphs of neighbouring rows come in any order. */
static bool is_listed_cached(native_scan *scan, tt_id graph)
{
	const size_t slot = (size_t)graph % GRAPH_CACHE;
	if (scan->known_graphs[slot] != graph) {
		scan->known_graphs[slot] = graph;
		scan->is_known_listed[slot] = tt_scan_lists(&scan->base.spec, graph);
	}
	return scan->is_known_listed[slot];
}

/* Which of the next rows are in a chosen graph. */
static size_t select_graphs(native_scan *scan, size_t n_rows)
{
	const tt_scan_spec *const spec = &scan->base.spec;
	uint64_t *const graphs = scan->values[0];
	tt_block_decode(&scan->blocks.block, scan->graph_column, scan->row, n_rows, graphs);
	const bool is_list = spec->choice == TT_GRAPHS_LIST;
	const bool wants_default = spec->choice == TT_GRAPHS_DEFAULT;
	size_t n = 0;
	for (size_t i = 0; i < n_rows; ++i) {
		scan->selected[n] = (uint16_t)(scan->row + i);
		n += is_list ? is_listed_cached(scan, graphs[i]) : (graphs[i] == TT_DEFAULT_GRAPH) == wants_default;
	}
	return n;
}

/* Drop selected rows whose triple is that of the row delivered before. */
static size_t drop_repetitions(native_scan *scan, size_t n_rows, size_t n_selected)
{
	for (unsigned c = 0; c < N_TRIPLE; ++c) {
		tt_block_decode(&scan->blocks.block, c, scan->row, n_rows, scan->values[c]);
	}
	/* An impossible triple, so that the first row is kept. */
	uint64_t last[N_TRIPLE] = {0, 0, 0};
	if (scan->has_last) {
		memcpy(last, scan->last, sizeof last);
	}
	size_t n = 0;
	for (size_t k = 0; k < n_selected; ++k) {
		const size_t i = scan->selected[k] - scan->row;
		const uint64_t s = scan->values[0][i];
		const uint64_t p = scan->values[1][i];
		const uint64_t o = scan->values[2][i];
		scan->selected[n] = scan->selected[k];
		n += (s != last[0]) | (p != last[1]) | (o != last[2]);
		last[0] = s;
		last[1] = p;
		last[2] = o;
	}
	return n;
}

/* Deliver some of the next rows, one by one. */
static size_t take_selected(native_scan *scan, tt_id *const columns[4], size_t at, size_t n_rows)
{
	const tt_scan_spec *const spec = &scan->base.spec;
	n_rows = n_rows < CHUNK ? n_rows : CHUNK;
	size_t n = n_rows;
	if (spec->choice == TT_GRAPHS_ALL) {
		for (size_t i = 0; i < n_rows; ++i) {
			scan->selected[i] = (uint16_t)(scan->row + i);
		}
	} else {
		n = select_graphs(scan, n_rows);
	}
	n = spec->is_merged && n ? drop_repetitions(scan, n_rows, n) : n;
	for (unsigned c = 0; c < 4; ++c) {
		if (columns[c] && c < spec->n_bound) {
			fill_bound(spec->bound[c], n, columns[c] + at);
		} else if (columns[c]) {
			tt_block_gather(&scan->blocks.block, c, scan->selected, n, columns[c] + at);
		}
	}
	if (spec->is_merged && n) {
		remember_last(scan, scan->selected[n - 1]);
	}
	scan->row += n_rows;
	return n;
}

/* Deliver rows of the current block, at most @p n_wanted. */
static size_t take(native_scan *scan, tt_id *const columns[4], size_t at, size_t n_wanted)
{
	const tt_scan_spec *const spec = &scan->base.spec;
	const tt_block *const block = &scan->blocks.block;
	if (!tt_block_is_constant(block, scan->graph_column) && (spec->is_merged || spec->choice != TT_GRAPHS_ALL)) {
		const size_t n_left = scan->end - scan->row;
		return take_selected(scan, columns, at, n_left < n_wanted ? n_left : n_wanted);
	}
	if (!tt_scan_sees(spec, tt_block_get(block, scan->graph_column, 0))) {
		scan->row = scan->end;
		return 0;
	}
	if (spec->is_merged && is_repetition(scan, scan->row)) {
		scan->row++;
	}
	const size_t n_left = scan->end - scan->row;
	const size_t n = n_left < n_wanted ? n_left : n_wanted;
	if (n) {
		take_run(scan, columns, at, n);
	}
	return n;
}

tt_status tt_native_scan_next(tt_scan *base, tt_id *const columns[4], size_t capacity, size_t *out_n_rows)
{
	native_scan *const scan = (native_scan *)base;
	size_t n = 0;
	while (n < capacity && !scan->is_at_end) {
		if (scan->row == scan->end) {
			TT_TRY(tt_ctx_poll(base->ctx));
			TT_TRY(next_block(scan));
			continue;
		}
		n += take(scan, columns, n, capacity - n);
	}
	*out_n_rows = n;
	return TT_OK;
}

/* ---- counts ------------------------------------------------------------------------------------- */

/* Counts of a whole store, predicate or graph are kept; *out_is_known: whether this is one. */
static tt_status count_from_statistics(tt_native_snapshot *snapshot, const tt_scan_spec *spec, bool *out_is_known,
                                       uint64_t *out_n_quads)
{
	tt_ctx *const ctx = snapshot->base.ctx;
	tt_env *const env = &snapshot->store->env;
	const tt_state *const state = &snapshot->state;
	*out_is_known = true;
	if (spec->n_bound == 0) {
		*out_n_quads = spec->perm >= TT_GSPO ? state->n_quads - state->n_default_quads : state->n_quads;
		return TT_OK;
	}
	if (spec->n_bound == 1 && spec->perm >= TT_GSPO) {
		return tt_native_get_graph(ctx, env, snapshot->txn, spec->bound[0], out_n_quads);
	}
	if (spec->n_bound == 1 && (spec->perm == TT_PSO || spec->perm == TT_POS)) {
		tt_predicate_record record;
		TT_TRY(tt_native_get_predicate(ctx, env, snapshot->txn, spec->bound[0], &record));
		*out_n_quads = record.n_quads;
		return TT_OK;
	}
	*out_is_known = false;
	return TT_OK;
}

/* No choice of graphs holds more quads than this. */
static uint64_t most_of_choice(const tt_state *state, const tt_scan_spec *spec)
{
	if (spec->choice == TT_GRAPHS_DEFAULT) {
		return spec->perm >= TT_GSPO ? 0 : state->n_default_quads;
	}
	return spec->choice == TT_GRAPHS_NAMED ? state->n_quads - state->n_default_quads : state->n_quads;
}

tt_status tt_native_count(tt_snapshot *base, const tt_scan_spec *spec, uint64_t *out_n_quads)
{
	tt_native_snapshot *const snapshot = (tt_native_snapshot *)base;
	bool is_known = false;
	TT_TRY(count_from_statistics(snapshot, spec, &is_known, out_n_quads));
	if (!is_known) {
		tt_block_cursor cursor;
		tt_status status = tt_block_cursor_open(&cursor, base->ctx, &snapshot->store->env, snapshot->txn,
		                                        (unsigned)spec->perm, &snapshot->trust);
		if (status == TT_OK) {
			status = tt_block_cursor_count(&cursor, spec->bound, spec->n_bound, out_n_quads);
		}
		tt_block_cursor_close(&cursor);
		TT_TRY(status);
	}
	const uint64_t n_most = most_of_choice(&snapshot->state, spec);
	*out_n_quads = *out_n_quads < n_most ? *out_n_quads : n_most;
	return TT_OK;
}
