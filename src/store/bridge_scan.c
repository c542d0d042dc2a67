/* bridge_scan.c - scans over the relations of a bridge, counts and statistics. */
#include "store/bridge_parts.h"

enum { N_TRIPLE = 3 };

typedef struct bridge_scan {
	tt_scan base;
	tt_bridge_snapshot *snapshot;
	unsigned graph_column; /* which column of the permutation is the graph */
	const tt_row *rows;    /* those that begin with the bound columns and lie within the bounds */
	size_t row, n_rows;
	const tt_row *last; /* merged: the row delivered last, or NULL */
} bridge_scan;

/* ---- ranges ------------------------------------------------------------------------------------------- */

static int compare_prefix(const tt_row *row, const uint64_t *key, unsigned n_key)
{
	for (unsigned c = 0; c < n_key; ++c) {
		if (row->word[c] != key[c]) {
			return row->word[c] < key[c] ? -1 : 1;
		}
	}
	return 0;
}

/* The first row at or behind @p first whose prefix is ≥ the key, or (is_behind) > it. */
static size_t find_row(const tt_row *rows, size_t first, size_t n_rows, const uint64_t *key, unsigned n_key,
                       bool is_behind)
{
	size_t low = first;
	size_t high = n_rows;
	while (low < high) {
		const size_t half = low + (high - low) / 2;
		if (compare_prefix(&rows[half], key, n_key) < (is_behind ? 1 : 0)) {
			low = half + 1;
		} else {
			high = half;
		}
	}
	return low;
}

/* The rows of a specification, whatever the choice of graphs. */
static tt_status find_range(tt_bridge_snapshot *snapshot, const tt_scan_spec *spec, const tt_row **out_rows,
                            size_t *out_n_rows)
{
	tt_id bound[TT_N_COLUMNS] = {0};
	uint64_t key[TT_N_COLUMNS + 1] = {0};
	for (unsigned c = 0; c < spec->n_bound; ++c) {
		bound[tt_perm_column(spec->perm, c)] = spec->bound[c];
		key[c] = spec->bound[c];
	}
	const tt_row *rows = NULL;
	size_t n_rows = 0;
	TT_TRY(tt_bridge_rows(snapshot, bound, spec->perm, &rows, &n_rows));
	key[spec->n_bound] = spec->low;
	const size_t first = find_row(rows, 0, n_rows, key, spec->n_bound + (spec->low != 0), false);
	key[spec->n_bound] = spec->high;
	*out_n_rows = find_row(rows, first, n_rows, key, spec->n_bound + (spec->high != 0), true) - first;
	*out_rows = rows + first;
	return TT_OK;
}

/* ---- scans -------------------------------------------------------------------------------------------- */

static tt_status start(bridge_scan *scan)
{
	scan->row = 0;
	scan->last = NULL;
	return find_range(scan->snapshot, &scan->base.spec, &scan->rows, &scan->n_rows);
}

tt_status tt_bridge_scan_open(tt_snapshot *base, const tt_scan_spec *spec, tt_scan **out_scan)
{
	bridge_scan *const scan = tt_calloc(base->ctx, 1, sizeof *scan);
	if (!scan) {
		return base->ctx->error.status;
	}
	scan->base = (tt_scan){&tt_bridge_backend, base->ctx, *spec};
	scan->snapshot = (tt_bridge_snapshot *)base;
	scan->graph_column = spec->perm >= TT_GSPO ? 0 : N_TRIPLE;
	const tt_status status = start(scan);
	if (status != TT_OK) {
		tt_free(base->ctx, scan);
		return status;
	}
	*out_scan = &scan->base;
	return TT_OK;
}

void tt_bridge_scan_close(tt_scan *base)
{
	tt_free(base->ctx, base);
}

tt_status tt_bridge_scan_rebind(tt_scan *base, const tt_id *bound)
{
	memcpy(base->spec.bound, bound, base->spec.n_bound * sizeof *bound);
	return start((bridge_scan *)base);
}

tt_status tt_bridge_scan_seek(tt_scan *base, const tt_id *key, unsigned n_key)
{
	bridge_scan *const scan = (bridge_scan *)base;
	const unsigned n_bound = base->spec.n_bound;
	uint64_t wanted[TT_N_COLUMNS];
	memcpy(wanted, base->spec.bound, n_bound * sizeof *wanted);
	memcpy(wanted + n_bound, key, n_key * sizeof *wanted);
	scan->row = find_row(scan->rows, scan->row, scan->n_rows, wanted, n_bound + n_key, false);
	return TT_OK;
}

tt_status tt_bridge_scan_next(tt_scan *base, tt_id *const columns[4], size_t capacity, size_t *out_n_rows)
{
	bridge_scan *const scan = (bridge_scan *)base;
	const tt_scan_spec *const spec = &base->spec;
	size_t n = 0;
	TT_TRY(tt_ctx_poll(base->ctx));
	for (; n < capacity && scan->row < scan->n_rows; ++scan->row) {
		const tt_row *const row = &scan->rows[scan->row];
		if (!tt_scan_sees(spec, row->word[scan->graph_column]) ||
		    (spec->is_merged && scan->last && compare_prefix(row, scan->last->word, N_TRIPLE) == 0)) {
			continue;
		}
		scan->last = row;
		for (unsigned c = 0; c < 4; ++c) {
			if (columns[c]) {
				columns[c][n] = row->word[c];
			}
		}
		n++;
	}
	*out_n_rows = n;
	return TT_OK;
}

/* ---- counts ------------------------------------------------------------------------------------------- */

tt_status tt_bridge_count(tt_snapshot *base, const tt_scan_spec *spec, uint64_t *out_n_quads)
{
	tt_scan_spec whole = *spec;
	whole.low = TT_UNBOUND;
	whole.high = TT_UNBOUND;
	const tt_row *rows = NULL;
	size_t n_rows = 0;
	TT_TRY(find_range((tt_bridge_snapshot *)base, &whole, &rows, &n_rows));
	*out_n_quads = n_rows;
	return TT_OK;
}

/* How many different values the first columns of sorted rows have. */
static size_t count_prefixes(const tt_row *rows, size_t n_rows, unsigned n_columns)
{
	size_t n = 0;
	for (size_t i = 0; i < n_rows; ++i) {
		n += i == 0 || compare_prefix(&rows[i], rows[i - 1].word, n_columns) != 0;
	}
	return n;
}

static const tt_id anything[TT_N_COLUMNS];

tt_status tt_bridge_graphs(tt_snapshot *base, const tt_id **out_graphs, size_t *out_n_graphs)
{
	tt_bridge_snapshot *const snapshot = (tt_bridge_snapshot *)base;
	if (!snapshot->graphs) {
		const tt_row *rows = NULL;
		size_t n_rows = 0;
		TT_TRY(tt_bridge_rows(snapshot, anything, TT_GSPO, &rows, &n_rows));
		snapshot->graphs = tt_calloc(base->ctx, count_prefixes(rows, n_rows, 1) + 1, sizeof *snapshot->graphs);
		if (!snapshot->graphs) {
			return base->ctx->error.status;
		}
		for (size_t i = 0; i < n_rows; ++i) {
			if (i == 0 || rows[i].word[0] != rows[i - 1].word[0]) {
				snapshot->graphs[snapshot->n_graphs++] = rows[i].word[0];
			}
		}
	}
	*out_graphs = snapshot->graphs;
	*out_n_graphs = snapshot->n_graphs;
	return TT_OK;
}

/* The number of different values in a column. */
static tt_status count_distinct(tt_bridge_snapshot *snapshot, tt_perm perm, unsigned n_columns, uint64_t *out_n)
{
	const tt_row *rows = NULL;
	size_t n_rows = 0;
	TT_TRY(tt_bridge_rows(snapshot, anything, perm, &rows, &n_rows));
	*out_n = count_prefixes(rows, n_rows, n_columns);
	return TT_OK;
}

tt_status tt_bridge_stats(tt_snapshot *base, tt_store_stats *out_stats)
{
	tt_bridge_snapshot *const snapshot = (tt_bridge_snapshot *)base;
	uint64_t n_named = 0;
	TT_TRY(count_distinct(snapshot, TT_SPO, TT_N_COLUMNS, &out_stats->n_quads));
	TT_TRY(count_distinct(snapshot, TT_SPO, N_TRIPLE, &out_stats->n_triples));
	TT_TRY(count_distinct(snapshot, TT_SPO, 1, &out_stats->n_subjects));
	TT_TRY(count_distinct(snapshot, TT_PSO, 1, &out_stats->n_predicates));
	TT_TRY(count_distinct(snapshot, TT_OSP, 1, &out_stats->n_objects));
	TT_TRY(count_distinct(snapshot, TT_GSPO, TT_N_COLUMNS, &n_named));
	TT_TRY(count_distinct(snapshot, TT_GSPO, 1, &out_stats->n_named_graphs));
	out_stats->n_default_quads = out_stats->n_quads - n_named;
	out_stats->n_terms = snapshot->store->n_terms;
	return TT_OK;
}

/* Without reading all: what the storage says of its size, and shares of it that are usual. */
tt_status tt_bridge_estimate(tt_snapshot *base, tt_store_stats *out_stats)
{
	enum { USUAL_SIZE = 1000000, USUAL_PREDICATES = 50, USUAL_GRAPHS = 10 };
	tt_bridge_snapshot *const snapshot = (tt_bridge_snapshot *)base;
	if (tt_bridge_has_rows(snapshot, anything)) {
		return tt_bridge_stats(base, out_stats);
	}
	const int size = tt_lib.librdf_storage_size(snapshot->store->storage);
	const uint64_t n = (size < 0 ? USUAL_SIZE : (uint64_t)size) + snapshot->overlay.n_rows + 1;
	const uint64_t n_plain = snapshot->store->has_contexts ? n - 1 : n;
	*out_stats = (tt_store_stats){.n_quads = n,
	                              .n_default_quads = n_plain,
	                              .n_triples = n_plain,
	                              .n_named_graphs = snapshot->store->has_contexts ? USUAL_GRAPHS : 0,
	                              .n_terms = n,
	                              .n_subjects = n / 4 + 1,
	                              .n_predicates = n < USUAL_PREDICATES ? n : USUAL_PREDICATES,
	                              .n_objects = n / 2 + 1};
	return TT_OK;
}

/* Of rows in the order P S O or P O S: how many different values stand behind the predicate. */
static tt_status count_behind(tt_bridge_snapshot *snapshot, tt_id predicate, tt_perm perm, uint64_t *out_n_rows,
                              uint64_t *out_n_distinct)
{
	const tt_scan_spec spec = {.perm = perm, .n_bound = 1, .bound = {predicate}};
	const tt_row *rows = NULL;
	size_t n_rows = 0;
	TT_TRY(find_range(snapshot, &spec, &rows, &n_rows));
	*out_n_rows = n_rows;
	*out_n_distinct = count_prefixes(rows, n_rows, 2);
	return TT_OK;
}

tt_status tt_bridge_predicate(tt_snapshot *base, tt_id predicate, tt_predicate_stats *out_stats)
{
	tt_bridge_snapshot *const snapshot = (tt_bridge_snapshot *)base;
	const tt_id bound[TT_N_COLUMNS] = {[TT_PREDICATE] = predicate};
	*out_stats = (tt_predicate_stats){.predicate = predicate};
	if (!tt_bridge_has_rows(snapshot, bound)) {
		tt_store_stats all;
		TT_TRY(tt_bridge_estimate(base, &all));
		out_stats->n_quads = all.n_quads / (all.n_predicates + 1) + 1;
		out_stats->n_subjects = out_stats->n_quads;
		out_stats->n_objects = out_stats->n_quads / 2 + 1;
		return TT_OK;
	}
	TT_TRY(count_behind(snapshot, predicate, TT_PSO, &out_stats->n_quads, &out_stats->n_subjects));
	return count_behind(snapshot, predicate, TT_POS, &out_stats->n_quads, &out_stats->n_objects);
}

tt_status tt_bridge_predicates(tt_snapshot *base, const tt_predicate_stats **out_stats, size_t *out_n)
{
	tt_bridge_snapshot *const snapshot = (tt_bridge_snapshot *)base;
	if (!snapshot->predicates) {
		const tt_row *rows = NULL;
		size_t n_rows = 0;
		TT_TRY(tt_bridge_rows(snapshot, anything, TT_PSO, &rows, &n_rows));
		snapshot->predicates = tt_calloc(base->ctx, count_prefixes(rows, n_rows, 1) + 1, sizeof *snapshot->predicates);
		if (!snapshot->predicates) {
			return base->ctx->error.status;
		}
		for (size_t i = 0; i < n_rows; ++i) {
			if (i == 0 || rows[i].word[0] != rows[i - 1].word[0]) {
				TT_TRY(tt_bridge_predicate(base, rows[i].word[0], &snapshot->predicates[snapshot->n_predicates]));
				snapshot->n_predicates++;
			}
		}
	}
	*out_stats = snapshot->predicates;
	*out_n = snapshot->n_predicates;
	return TT_OK;
}
