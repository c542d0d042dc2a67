/* rows.c - materialised rows with a hash index.
 *
 * Rows lie flat, one behind the other. The index is an array of chain heads and one chain link a row;
 * chains ascend, so rows that match come out in the order in which they went in. */
#include "exec/op.h"

void tt_rows_init(tt_rows *rows, tt_ctx *ctx, size_t width)
{
	*rows = (tt_rows){.ctx = ctx, .width = width ? width : 1};
}

void tt_rows_clear(tt_rows *rows)
{
	tt_free(rows->ctx, rows->cells);
	tt_free(rows->ctx, rows->heads);
	tt_free(rows->ctx, rows->chain);
	tt_rows_init(rows, rows->ctx, rows->width);
}

void tt_rows_empty(tt_rows *rows)
{
	rows->n_rows = 0;
	if (rows->heads) {
		memset(rows->heads, 0, rows->n_heads * sizeof *rows->heads);
	}
}

uint64_t tt_hash_cells(const tt_id *cells, size_t n_cells)
{
	uint64_t hash = 0x9e3779b97f4a7c15u;
	for (size_t i = 0; i < n_cells; ++i) {
		hash = tt_hash_u64(hash ^ cells[i]) + i;
	}
	return hash;
}

tt_status tt_rows_append(tt_rows *rows, tt_id **out_cells)
{
	if (rows->n_rows == rows->capacity) {
		const size_t capacity = rows->capacity ? rows->capacity * 2 : 64;
		if (capacity > UINT32_MAX) {
			return tt_fail(rows->ctx, TT_LIMIT, "an intermediate result has more than 4 billion rows");
		}
		tt_id *const cells = tt_realloc(rows->ctx, rows->cells, capacity, rows->width * sizeof *cells);
		if (!cells) {
			return rows->ctx->error.status;
		}
		rows->cells = cells;
		rows->capacity = capacity;
	}
	*out_cells = tt_rows_at(rows, rows->n_rows++);
	return TT_OK;
}

static tt_status grow_chain(tt_rows *rows)
{
	if (rows->chain_capacity < rows->capacity) {
		uint32_t *const chain = tt_realloc(rows->ctx, rows->chain, rows->capacity, sizeof *chain);
		if (!chain) {
			return rows->ctx->error.status;
		}
		rows->chain = chain;
		rows->chain_capacity = rows->capacity;
	}
	return TT_OK;
}

tt_status tt_rows_index(tt_rows *rows, size_t n_keys)
{
	size_t n_heads = 16;
	while (n_heads < rows->n_rows * 2) {
		n_heads *= 2;
	}
	if (n_heads != rows->n_heads) {
		tt_free(rows->ctx, rows->heads);
		rows->n_heads = 0;
		rows->heads = tt_calloc(rows->ctx, n_heads, sizeof *rows->heads);
		if (!rows->heads) {
			return rows->ctx->error.status;
		}
		rows->n_heads = n_heads;
	} else {
		memset(rows->heads, 0, n_heads * sizeof *rows->heads);
	}
	TT_TRY(grow_chain(rows));
	for (size_t i = rows->n_rows; i-- > 0;) {
		const size_t head = tt_hash_cells(tt_rows_at(rows, i), n_keys) & (n_heads - 1);
		rows->chain[i] = rows->heads[head];
		rows->heads[head] = (uint32_t)i + 1;
	}
	return TT_OK;
}

tt_status tt_rows_add_distinct(tt_rows *rows, const tt_id *cells, size_t *out_row, bool *out_is_new)
{
	*out_is_new = false;
	if (rows->n_heads < rows->n_rows * 2 + 2) {
		/* Twice the room, so that the index is not made anew at each row. */
		const size_t n_rows = rows->n_rows;
		TT_TRY(tt_rows_index(rows, rows->width));
		if (rows->n_heads < n_rows * 2 + 2) {
			uint32_t *const heads = tt_calloc(rows->ctx, rows->n_heads * 4, sizeof *heads);
			if (!heads) {
				return rows->ctx->error.status;
			}
			tt_free(rows->ctx, rows->heads);
			rows->heads = heads;
			rows->n_heads *= 4;
			for (size_t i = n_rows; i-- > 0;) {
				const size_t head = tt_hash_cells(tt_rows_at(rows, i), rows->width) & (rows->n_heads - 1);
				rows->chain[i] = heads[head];
				heads[head] = (uint32_t)i + 1;
			}
		}
	}
	const size_t head = tt_hash_cells(cells, rows->width) & (rows->n_heads - 1);
	for (uint32_t link = rows->heads[head]; link; link = rows->chain[link - 1]) {
		if (memcmp(tt_rows_at(rows, link - 1), cells, rows->width * sizeof *cells) == 0) {
			if (out_row) {
				*out_row = link - 1;
			}
			return TT_OK;
		}
	}
	tt_id *added = NULL;
	TT_TRY(tt_rows_append(rows, &added));
	TT_TRY(grow_chain(rows));
	memcpy(added, cells, rows->width * sizeof *cells);
	rows->chain[rows->n_rows - 1] = rows->heads[head];
	rows->heads[head] = (uint32_t)rows->n_rows;
	if (out_row) {
		*out_row = rows->n_rows - 1;
	}
	*out_is_new = true;
	return TT_OK;
}
