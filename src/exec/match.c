/* match.c - find the partners of left rows among the rows held of the right side.
 *
 * Without variables that may be unbound there is one index, by the keys. With them, right rows are of two sorts: the
 * tight ones bind all checks, the loose ones do not. A left row that binds all checks can match the tight rows with the
 * same keys and checks, and any loose row with the same keys; one that does not can match any row with the same keys.
 * So three indexes find all candidates, and only these are tested pair by pair. Without keys an index is one chain of
 * all its rows: then this is a nested loop.
 *
 * Columns that have to be equal by value (tt_node.alike) are checks as well: what is compared is the hash of the value,
 * and a value that may equal those of any hash is as good as unbound. Somebody else tests the values themselves. */
#include "exec/match.h"

#include "expr/compare.h"

/* ---- life ------------------------------------------------------------------------------------- */

/* Where the keys, checks and columns that have to be alike are on both sides. */
static tt_status find_columns(tt_match *match, const tt_node *node)
{
	const size_t n_shared = node->n_keys + node->n_checks;
	for (size_t i = 0; i < n_shared + node->n_alike; ++i) {
		tt_alike one = {TT_NO_VAR, TT_NO_VAR};
		if (i < n_shared) {
			one.left = one.right = i < node->n_keys ? node->keys[i] : node->checks[i - node->n_keys];
		} else {
			one = node->alike[i - n_shared];
		}
		match->left[i] = tt_node_find(node->children[0], one.left);
		match->right[i] = tt_node_find(node->children[1], one.right);
		if (match->left[i] == SIZE_MAX || match->right[i] == SIZE_MAX) {
			return tt_fail(match->op->run->ctx, TT_INTERNAL, "a join goes by a variable that a side has not");
		}
	}
	return TT_OK;
}

tt_status tt_match_open(tt_match *match, tt_op *op)
{
	tt_ctx *const ctx = op->run->ctx;
	const tt_node *const node = op->node;
	match->op = op;
	match->n_keys = node->n_keys;
	match->n_checks = node->n_checks + node->n_alike;
	match->n_alike = node->n_alike;
	const size_t n = match->n_keys + match->n_checks;
	const size_t n_width = node->children[1]->n_columns + node->n_alike;
	tt_tuples_init(&match->rows, ctx, n_width);
	match->left = tt_calloc(ctx, n, sizeof *match->left);
	match->right = tt_calloc(ctx, n, sizeof *match->right);
	match->probes = tt_calloc(ctx, n, sizeof(tt_id *));
	match->columns = tt_calloc(ctx, n_width, sizeof(tt_id *));
	match->gathered = tt_calloc(ctx, n_width, sizeof(tt_id *));
	match->value_hashes = tt_calloc(ctx, node->n_alike * op->run->n_batch_rows, sizeof *match->value_hashes);
	if (!match->left || !match->right || !match->probes || !match->columns || !match->gathered ||
	    !match->value_hashes) {
		return ctx->error.status;
	}
	return find_columns(match, node);
}

static void forget_rows(tt_match *match)
{
	tt_tuples_clear(&match->rows);
	tt_index_clear(&match->loose);
	tt_index_clear(&match->tight);
	tt_index_clear(&match->by_keys);
	tt_free(match->op->run->ctx, match->is_loose);
	match->is_loose = NULL;
	match->has_loose = false;
	match->has_by_keys = false;
	match->is_built = false;
}

void tt_match_close(tt_match *match)
{
	if (match->op) {
		tt_ctx *const ctx = match->op->run->ctx;
		forget_rows(match);
		tt_free(ctx, match->left);
		tt_free(ctx, match->right);
		tt_free(ctx, match->probes);
		tt_free(ctx, match->columns);
		tt_free(ctx, match->gathered);
		tt_free(ctx, match->value_hashes);
	}
}

tt_status tt_match_reset(tt_match *match)
{
	tt_op *const build = match->op->children[1];
	match->n_left = 0;
	match->row = 0;
	match->candidate = 0;
	match->is_in_loose = false;
	if (match->is_built && !build->is_variable) {
		return TT_OK;
	}
	forget_rows(match);
	return tt_op_reset(build);
}

/* ---- values that have to be alike --------------------------------------------------------------- */

/* Hash the values of a column into the one of match->value_hashes for the i-th pair. */
static tt_status hash_values(const tt_match *match, const tt_id *column, size_t n_rows, size_t i, const tt_id **out)
{
	tt_execution *const run = match->op->run;
	tt_id *const hashes = match->value_hashes + i * run->n_batch_rows;
	for (size_t row = 0; row < n_rows; ++row) {
		if (row && column[row] == column[row - 1]) {
			hashes[row] = hashes[row - 1];
		} else {
			TT_TRY(tt_value_hash(run->terms, column[row], &hashes[row]));
		}
	}
	*out = hashes;
	return TT_OK;
}

/* Where a row that is held has the i-th key, check or hash. */
static size_t held_column(const tt_match *match, size_t i)
{
	const size_t first_alike = match->n_keys + match->n_checks - match->n_alike;
	return i < first_alike ? match->right[i] : match->op->children[1]->node->n_columns + i - first_alike;
}

/* ---- building --------------------------------------------------------------------------------- */

static inline bool is_poll_due(size_t row)
{
	enum { POLLED_AFTER = 65536 };
	return row % POLLED_AFTER == 0;
}

/* Hashes of the first n_columns of match->right, for all rows held. */
static tt_status hash_rows(const tt_match *match, size_t n_columns, uint64_t *out_hashes)
{
	const tt_tuples *const rows = &match->rows;
	const uint64_t seed = match->op->run->terms->fresh_seed;
	for (size_t row = 0; row < rows->n_rows; ++row) {
		const tt_id *const cells = tt_tuples_row(rows, row);
		uint64_t hash = seed;
		for (size_t i = 0; i < n_columns; ++i) {
			hash = tt_hash_u64(hash ^ cells[held_column(match, i)]);
		}
		out_hashes[row] = hash;
		if (is_poll_due(row)) {
			TT_TRY(tt_ctx_poll(match->op->run->ctx));
		}
	}
	return TT_OK;
}

/* Find the rows that leave a check unbound. */
static tt_status find_loose(tt_match *match)
{
	if (match->n_checks == 0) {
		return TT_OK;
	}
	tt_ctx *const ctx = match->op->run->ctx;
	match->is_loose = tt_calloc(ctx, match->rows.n_rows, 1);
	if (!match->is_loose) {
		return ctx->error.status;
	}
	for (size_t row = 0; row < match->rows.n_rows; ++row) {
		const tt_id *const cells = tt_tuples_row(&match->rows, row);
		bool is_loose = false;
		for (size_t i = match->n_keys; i < match->n_keys + match->n_checks; ++i) {
			is_loose = is_loose || cells[held_column(match, i)] == TT_UNBOUND;
		}
		match->is_loose[row] = is_loose;
		match->has_loose = match->has_loose || is_loose;
		if (is_poll_due(row)) {
			TT_TRY(tt_ctx_poll(ctx));
		}
	}
	return TT_OK;
}

/* An index by the first n_columns of match->right; of rows of one sort if there are two. */
static tt_status build_index(tt_match *match, size_t n_columns, uint8_t looseness, tt_index *out)
{
	tt_ctx *const ctx = match->op->run->ctx;
	const size_t n_rows = match->rows.n_rows;
	uint64_t *hashes = NULL;
	tt_status status = TT_OK;
	if (n_columns) {
		hashes = tt_realloc(ctx, NULL, n_rows, sizeof *hashes);
		status = hashes ? hash_rows(match, n_columns, hashes) : ctx->error.status;
	}
	if (status == TT_OK) {
		status = tt_index_build(out, ctx, hashes, n_rows, match->is_loose, looseness);
	}
	tt_free(ctx, hashes);
	return status;
}

static tt_status read_rows(tt_match *match)
{
	tt_op *const build = match->op->children[1];
	const tt_batch *const batch = &build->batch;
	const size_t n_columns = build->node->n_columns;
	const size_t first_alike = match->n_keys + match->n_checks - match->n_alike;
	while (true) {
		TT_TRY(tt_op_next(build));
		if (batch->n_rows == 0) {
			break;
		}
		for (size_t c = 0; c < n_columns; ++c) {
			match->gathered[c] = batch->columns[c];
		}
		for (size_t i = 0; i < match->n_alike; ++i) {
			const tt_id *const column = batch->columns[match->right[first_alike + i]];
			TT_TRY(hash_values(match, column, batch->n_rows, i, &match->gathered[n_columns + i]));
		}
		TT_TRY(tt_tuples_append(&match->rows, match->gathered, batch->n_rows));
	}
	return TT_OK;
}

static tt_status build_all(tt_match *match)
{
	if (match->is_built) {
		return TT_OK;
	}
	TT_TRY(read_rows(match));
	for (size_t c = 0; c < match->rows.n_width; ++c) {
		match->columns[c] = match->rows.cells ? match->rows.cells + c : NULL;
	}
	TT_TRY(find_loose(match));
	TT_TRY(build_index(match, match->n_keys + match->n_checks, 0, &match->tight));
	if (match->has_loose) {
		TT_TRY(build_index(match, match->n_keys, 1, &match->loose));
	}
	match->is_built = true;
	return TT_OK;
}

tt_status tt_match_next_left(tt_match *match)
{
	tt_op *const left = match->op->children[0];
	tt_op *const right = match->op->children[1];
	/* If one side is empty the other need not be read: the cheaper one goes first. */
	if (right->node->cost_estimate <= left->node->cost_estimate) {
		TT_TRY(build_all(match));
	}
	TT_TRY(tt_op_next(left));
	return left->batch.n_rows ? build_all(match) : TT_OK;
}

/* ---- searching -------------------------------------------------------------------------------- */

static tt_status find_probes(tt_match *match, const tt_batch *left)
{
	const size_t n = match->n_keys + match->n_checks;
	for (size_t i = 0; i < n; ++i) {
		match->probes[i] = left->columns[match->left[i]];
	}
	for (size_t i = 0; i < match->n_alike; ++i) {
		const size_t place = n - match->n_alike + i;
		TT_TRY(hash_values(match, match->probes[place], left->n_rows, i, &match->probes[place]));
	}
	return TT_OK;
}

/* Hashes of the first n_columns of match->probes. */
static void hash_left(tt_match *match, const tt_batch *left, size_t n_columns)
{
	const uint64_t seed = match->op->run->terms->fresh_seed;
	for (size_t row = 0; row < left->n_rows; ++row) {
		match->hashes[row] = seed;
	}
	for (size_t i = 0; i < n_columns; ++i) {
		const tt_id *const column = match->probes[i];
		for (size_t row = 0; row < left->n_rows; ++row) {
			match->hashes[row] = tt_hash_u64(match->hashes[row] ^ column[row]);
		}
	}
}

static bool find_loose_left(tt_match *match, const tt_batch *left)
{
	bool has_loose = false;
	memset(match->is_left_loose, 0, left->n_rows);
	for (size_t i = match->n_keys; i < match->n_keys + match->n_checks; ++i) {
		const tt_id *const column = match->probes[i];
		for (size_t row = 0; row < left->n_rows; ++row) {
			match->is_left_loose[row] |= column[row] == TT_UNBOUND;
			has_loose |= column[row] == TT_UNBOUND;
		}
	}
	return has_loose;
}

/* What goes beyond the first index where variables may be unbound. */
static tt_status begin_loose(tt_match *match, const tt_batch *left)
{
	const bool has_loose_left = find_loose_left(match, left);
	const uint64_t *const hashes = match->n_keys ? match->hashes : NULL;
	memset(match->first_loose, 0, left->n_rows * sizeof *match->first_loose);
	if (!has_loose_left && !match->has_loose) {
		return TT_OK;
	}
	hash_left(match, left, match->n_keys);
	if (match->has_loose) {
		tt_index_find(&match->loose, hashes, left->n_rows, match->first_loose);
	}
	if (!has_loose_left) {
		return TT_OK;
	}
	if (!match->has_by_keys) {
		TT_TRY(build_index(match, match->n_keys, 0, &match->by_keys));
		match->has_by_keys = true;
	}
	for (size_t row = 0; row < left->n_rows; ++row) {
		if (match->is_left_loose[row]) {
			tt_index_find(&match->by_keys, hashes ? hashes + row : NULL, 1, &match->first[row]);
		}
	}
	return TT_OK;
}

tt_status tt_match_begin(tt_match *match, const tt_batch *left)
{
	const size_t n = match->n_keys + match->n_checks;
	TT_TRY(find_probes(match, left));
	hash_left(match, left, n);
	tt_index_find(&match->tight, n ? match->hashes : NULL, left->n_rows, match->first);
	match->n_left = left->n_rows;
	match->row = 0;
	match->is_in_loose = false;
	if (match->n_checks) {
		TT_TRY(begin_loose(match, left));
	}
	match->candidate = match->first[0];
	return TT_OK;
}

/* Where the chain of the candidate in question goes on. */
static const uint32_t *links(const tt_match *match)
{
	if (match->is_in_loose) {
		return match->loose.next;
	}
	return match->n_checks && match->is_left_loose[match->row] ? match->by_keys.next : match->tight.next;
}

/* The chain of loose rows follows. */
static bool turn_to_loose(tt_match *match)
{
	if (!match->n_checks || match->is_in_loose || !match->first_loose[match->row]) {
		return false;
	}
	match->is_in_loose = true;
	match->candidate = match->first_loose[match->row];
	return true;
}

static bool has_candidates(const tt_match *match)
{
	return match->first[match->row] || (match->n_checks && match->first_loose[match->row]);
}

bool tt_match_fill(tt_match *match, tt_pairs *pairs, size_t capacity, tt_ends ends, const uint8_t *is_settled)
{
	const tt_id *const cells = match->rows.cells;
	const size_t n_width = match->rows.n_width;
	size_t n = pairs->n;
	while (match->row < match->n_left) {
		const uint32_t *const next = links(match);
		const uint32_t row = (uint32_t)match->row;
		uint32_t candidate = is_settled && is_settled[row] ? 0 : match->candidate;
		while (candidate && n < capacity) {
			pairs->left[n] = row;
			pairs->right[n++] = candidate - 1;
			if (cells) {
				__builtin_prefetch(cells + (candidate - 1) * n_width);
			}
			candidate = next ? next[candidate - 1] : 0;
		}
		match->candidate = candidate;
		if (candidate) {
			break;
		}
		if (!(is_settled && is_settled[row]) && turn_to_loose(match)) {
			continue;
		}
		if (ends == TT_ENDS_ALL || (ends == TT_ENDS_IF_ALONE && !has_candidates(match))) {
			if (n == capacity) {
				break;
			}
			pairs->left[n] = row;
			pairs->right[n++] = TT_NO_PARTNER;
		}
		match->is_in_loose = false;
		match->row++;
		match->candidate = match->row < match->n_left ? match->first[match->row] : 0;
	}
	pairs->n = n;
	return match->row == match->n_left;
}
