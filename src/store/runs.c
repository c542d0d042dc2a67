/* runs.c - runs as blocks, and a heap of runs.
 *
 * As blocks rows take a fifth of their size in memory, so writing and reading them costs less than sorting them.
 * Blocks are filled to the brim: a slot for each wastes little.
 */
#include "store/runs.h"

#include <unistd.h>

#include "base/file.h"

enum { SLOT_SIZE = 4096, SLOT_END = SLOT_SIZE - 2, SLOTS_AT_ONCE = 16, SEED = 0x7275 };

/** Where a merge stands in a run. */
typedef struct tt_run_reader {
	uint64_t next_slot, end_slot;
	tt_row *rows; /* of the current block */
	size_t n_rows, at, capacity;
} tt_run_reader;

void tt_runs_init(tt_runs *runs, tt_ctx *ctx, const char *directory, tt_row_order order)
{
	*runs = (tt_runs){.ctx = ctx, .directory = directory, .order = order, .fd = -1};
}

void tt_runs_clear(tt_runs *runs)
{
	if (runs->fd >= 0) {
		(void)close(runs->fd);
	}
	tt_free(runs->ctx, runs->runs);
	tt_runs_init(runs, runs->ctx, runs->directory, runs->order);
}

/* ---- writing ------------------------------------------------------------------------------------ */

static void fill_slot(const tt_runs *runs, const tt_block_plan *plan, const tt_row *rows, uint8_t *slot)
{
	const uint16_t n_bytes = htole16((uint16_t)plan->n_bytes);
	memset(slot, 0, SLOT_SIZE);
	tt_block_encode(plan, rows, runs->order, SEED, slot);
	memcpy(slot + SLOT_END, &n_bytes, sizeof n_bytes);
}

static tt_status write_rows(tt_runs *runs, const tt_row *rows, size_t n_rows, uint8_t *slots)
{
	while (n_rows) {
		size_t n_slots = 0;
		for (; n_slots < SLOTS_AT_ONCE && n_rows; ++n_slots) {
			tt_block_plan plan;
			tt_block_plan_rows(rows, n_rows, runs->order, &plan);
			fill_slot(runs, &plan, rows, slots + n_slots * SLOT_SIZE);
			rows += plan.n_rows;
			n_rows -= plan.n_rows;
		}
		TT_TRY(tt_file_write(runs->ctx, runs->fd, slots, n_slots * SLOT_SIZE, runs->n_slots * SLOT_SIZE));
		runs->n_slots += n_slots;
	}
	return TT_OK;
}

tt_status tt_runs_add(tt_runs *runs, const tt_row *rows, size_t n_rows)
{
	if (!n_rows) {
		return TT_OK;
	}
	if (runs->fd < 0) {
		TT_TRY(tt_file_temporary(runs->ctx, runs->directory, &runs->fd));
	}
	TT_TRY(tt_grow(runs->ctx, (void **)&runs->runs, &runs->capacity, runs->n_runs + 1, sizeof *runs->runs));
	uint8_t *const slots = tt_alloc(runs->ctx, (size_t)SLOTS_AT_ONCE * SLOT_SIZE);
	if (!slots) {
		return runs->ctx->error.status;
	}
	const uint64_t first_slot = runs->n_slots;
	const tt_status status = write_rows(runs, rows, n_rows, slots);
	tt_free(runs->ctx, slots);
	runs->runs[runs->n_runs++] = (tt_run){first_slot, runs->n_slots - first_slot};
	return status;
}

/* ---- merging ------------------------------------------------------------------------------------ */

static uint64_t column_of(const tt_row *row, unsigned word)
{
	return word == TT_BLOCK_COLUMNS - 1 ? row->word[word] & ~TT_ROW_IS_REMOVED : row->word[word];
}

static int compare_rows(const tt_row *a, const tt_row *b, tt_row_order order)
{
	for (unsigned c = 0; c < TT_BLOCK_COLUMNS; ++c) {
		const uint64_t x = column_of(a, order.word[c]);
		const uint64_t y = column_of(b, order.word[c]);
		if (x != y) {
			return x < y ? -1 : 1;
		}
	}
	return 0;
}

/* Load the next block of a run; `n_rows` is 0 behind the last. */
static tt_status load_block(const tt_runs *runs, tt_run_reader *reader)
{
	uint8_t slot[SLOT_SIZE];
	uint16_t n_bytes = 0;
	tt_block block;
	reader->at = 0;
	reader->n_rows = 0;
	if (reader->next_slot == reader->end_slot) {
		return TT_OK;
	}
	TT_TRY(tt_file_read(runs->ctx, runs->fd, slot, sizeof slot, reader->next_slot * SLOT_SIZE));
	memcpy(&n_bytes, slot + SLOT_END, sizeof n_bytes);
	n_bytes = le16toh(n_bytes);
	if (n_bytes > TT_BLOCK_SIZE || !tt_block_open(&block, slot, n_bytes) || !tt_block_is_sound(&block, SEED)) {
		return tt_fail(runs->ctx, TT_IO, "a temporary file does not hold what was written to it");
	}
	TT_TRY(tt_grow(runs->ctx, (void **)&reader->rows, &reader->capacity, block.n_rows, sizeof *reader->rows));
	tt_block_decode_rows(&block, runs->order, reader->rows);
	reader->n_rows = block.n_rows;
	reader->next_slot++;
	return TT_OK;
}

static const tt_row *row_of(const tt_run_merge *merge, size_t run)
{
	return &merge->readers[run].rows[merge->readers[run].at];
}

/* Whether run @p a comes before run @p b; of equal rows that of the later run comes first. */
static bool is_before(const tt_run_merge *merge, size_t a, size_t b)
{
	const int order = compare_rows(row_of(merge, a), row_of(merge, b), merge->runs->order);
	return order ? order < 0 : a > b;
}

static void sink_down(tt_run_merge *merge, size_t at)
{
	size_t *const heap = merge->heap;
	const size_t run = heap[at];
	for (size_t child = 2 * at + 1; child < merge->n_heap; child = 2 * at + 1) {
		child += child + 1 < merge->n_heap && is_before(merge, heap[child + 1], heap[child]);
		if (!is_before(merge, heap[child], run)) {
			break;
		}
		heap[at] = heap[child];
		at = child;
	}
	heap[at] = run;
}

static tt_status open_readers(tt_run_merge *merge)
{
	const tt_runs *const runs = merge->runs;
	for (size_t i = 0; i < runs->n_runs; ++i) {
		merge->readers[i].next_slot = runs->runs[i].first_slot;
		merge->readers[i].end_slot = runs->runs[i].first_slot + runs->runs[i].n_slots;
		TT_TRY(load_block(runs, &merge->readers[i]));
		merge->heap[merge->n_heap++] = i;
	}
	for (size_t i = merge->n_heap / 2; i-- > 0;) {
		sink_down(merge, i);
	}
	return TT_OK;
}

tt_status tt_run_merge_open(tt_run_merge *merge, const tt_runs *runs)
{
	*merge = (tt_run_merge){.runs = runs,
	                        .readers = tt_calloc(runs->ctx, runs->n_runs + 1, sizeof *merge->readers),
	                        .heap = tt_calloc(runs->ctx, runs->n_runs + 1, sizeof *merge->heap)};
	const tt_status status = merge->readers && merge->heap ? open_readers(merge) : runs->ctx->error.status;
	if (status != TT_OK) {
		tt_run_merge_close(merge);
	}
	return status;
}

void tt_run_merge_close(tt_run_merge *merge)
{
	for (size_t i = 0; merge->readers && i < merge->runs->n_runs; ++i) {
		tt_free(merge->runs->ctx, merge->readers[i].rows);
	}
	tt_free(merge->runs->ctx, merge->readers);
	tt_free(merge->runs->ctx, merge->heap);
	merge->readers = NULL;
	merge->heap = NULL;
}

/* Go on in the run with the least row. */
static tt_status step(tt_run_merge *merge)
{
	tt_run_reader *const reader = &merge->readers[merge->heap[0]];
	if (++reader->at == reader->n_rows) {
		TT_TRY(load_block(merge->runs, reader));
		if (reader->n_rows == 0) {
			merge->heap[0] = merge->heap[--merge->n_heap];
		}
	}
	if (merge->n_heap) {
		sink_down(merge, 0);
	}
	return TT_OK;
}

tt_status tt_run_merge_next(tt_run_merge *merge, tt_row *rows, size_t capacity, size_t *out_n_rows)
{
	size_t n = 0;
	while (merge->n_heap && n < capacity) {
		rows[n++] = *row_of(merge, merge->heap[0]);
		do {
			TT_TRY(step(merge));
		} while (merge->n_heap && compare_rows(row_of(merge, merge->heap[0]), &rows[n - 1], merge->runs->order) == 0);
	}
	*out_n_rows = n;
	return TT_OK;
}
