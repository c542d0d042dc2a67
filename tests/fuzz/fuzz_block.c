/* fuzz_block.c - arbitrary bytes as a store's block, read in every way once it opens; rows through the codec and back;
 * a block with one wrong byte is noticed. */
#include "fuzz/fuzz.h"

#include "store/block.h"

static const tt_row_order order = {{0, 1, 2, 3}};

/* A copy of exact length on the heap, so that reading behind it is noticed. */
static void *copy_exactly(const void *bytes, size_t n)
{
	void *const copy = malloc(n ? n : 1);
	FUZZ_REQUIRE(copy, "no memory");
	if (n) {
		memcpy(copy, bytes, n);
	}
	return copy;
}

static void search(const tt_block *block, const uint64_t *key)
{
	for (unsigned n_key = 1; n_key <= TT_BLOCK_COLUMNS; ++n_key) {
		const size_t lower = tt_block_lower(block, 0, block->n_rows, key, n_key);
		const size_t upper = tt_block_upper(block, 0, block->n_rows, key, n_key);
		const size_t galloped = tt_block_gallop(block, 0, block->n_rows, key, n_key);
		FUZZ_REQUIRE(lower <= block->n_rows && upper <= block->n_rows && galloped <= block->n_rows, "found outside");
	}
}

static void read_all(const tt_block *block)
{
	FUZZ_REQUIRE(block->n_rows <= TT_BLOCK_MAX_ROWS, "%zu rows", block->n_rows);
	tt_row *const rows = calloc(block->n_rows, sizeof *rows);
	uint64_t *const column = calloc(block->n_rows, sizeof *column);
	uint16_t *const chosen = calloc(block->n_rows, sizeof *chosen);
	FUZZ_REQUIRE(rows && column && chosen, "no memory");
	for (size_t i = 0; i < block->n_rows; ++i) {
		chosen[i] = (uint16_t)(block->n_rows - 1 - i);
	}
	tt_block_decode_rows(block, order, rows);
	for (unsigned c = 0; c < TT_BLOCK_COLUMNS; ++c) {
		tt_block_decode(block, c, 0, block->n_rows, column);
		for (size_t i = 0; i < block->n_rows; ++i) {
			FUZZ_REQUIRE(column[i] == rows[i].word[c] && column[i] == tt_block_get(block, c, i), "row %zu", i);
		}
		tt_block_gather(block, c, chosen, block->n_rows, column);
		for (size_t i = 0; i < block->n_rows; ++i) {
			FUZZ_REQUIRE(column[i] == rows[chosen[i]].word[c], "row %zu", i);
		}
	}
	search(block, rows[0].word);
	search(block, rows[block->n_rows / 2].word);
	free(rows);
	free(column);
	free(chosen);
}

static void try_bytes(const void *bytes, size_t n)
{
	void *const copy = copy_exactly(bytes, n);
	tt_block block;
	if (tt_block_open(&block, copy, n)) {
		(void)tt_block_is_sound(&block, 0);
		read_all(&block);
	}
	(void)tt_block_row_count(copy, n);
	free(copy);
}

static int compare_rows(const void *a, const void *b)
{
	const tt_row *const x = a;
	const tt_row *const y = b;
	for (unsigned c = 0; c < TT_BLOCK_COLUMNS; ++c) {
		if (x->word[c] != y->word[c]) {
			return x->word[c] < y->word[c] ? -1 : 1;
		}
	}
	return 0;
}

/* Rows are differences of a few bytes, so that they look like ids. */
static size_t make_rows(fuzz_input *input, tt_row *rows, size_t capacity)
{
	size_t n = 0;
	uint64_t word[TT_BLOCK_COLUMNS] = {0};
	while (input->size && n < capacity) {
		const unsigned c = fuzz_below(input, TT_BLOCK_COLUMNS);
		const unsigned shift = fuzz_below(input, 64);
		word[c] += (uint64_t)fuzz_byte(input) << shift;
		memcpy(rows[n].word, word, sizeof word);
		++n;
	}
	qsort(rows, n, sizeof *rows, compare_rows);
	size_t n_distinct = 0;
	for (size_t i = 0; i < n; ++i) {
		if (i == 0 || compare_rows(&rows[i], &rows[n_distinct - 1]) != 0) {
			rows[n_distinct++] = rows[i];
		}
	}
	return n_distinct;
}

static void try_rows(fuzz_input *input)
{
	enum { MOST_ROWS = 1024 };
	static tt_row rows[MOST_ROWS];
	const size_t broken_at = fuzz_byte(input) * 16 + fuzz_byte(input) % 16;
	const size_t n_rows = make_rows(input, rows, MOST_ROWS);
	if (n_rows == 0) {
		return;
	}
	tt_block_plan plan;
	tt_block_plan_rows(rows, n_rows, order, &plan);
	FUZZ_REQUIRE(plan.n_rows >= 1 && plan.n_rows <= n_rows && plan.n_bytes <= TT_BLOCK_SIZE, "%zu bytes", plan.n_bytes);
	uint8_t *const bytes = calloc(plan.n_bytes, 1);
	FUZZ_REQUIRE(bytes, "no memory");
	tt_block_encode(&plan, rows, order, 7, bytes);
	tt_block block;
	FUZZ_REQUIRE(tt_block_open(&block, bytes, plan.n_bytes) && tt_block_is_sound(&block, 7), "not what was encoded");
	FUZZ_REQUIRE(block.n_rows == plan.n_rows, "%zu rows", block.n_rows);
	for (size_t i = 0; i < block.n_rows; ++i) {
		FUZZ_REQUIRE(tt_block_compare(&block, i, rows[i].word, TT_BLOCK_COLUMNS) == 0, "row %zu", i);
		FUZZ_REQUIRE(tt_block_lower(&block, 0, block.n_rows, rows[i].word, TT_BLOCK_COLUMNS) == i, "row %zu", i);
	}
	read_all(&block);
	bytes[broken_at % plan.n_bytes] ^= 1;
	FUZZ_REQUIRE(!tt_block_open(&block, bytes, plan.n_bytes) || !tt_block_is_sound(&block, 7), "damage is not seen");
	try_bytes(bytes, plan.n_bytes);
	free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	try_bytes(data, size);
	fuzz_input input = {data, size};
	try_rows(&input);
	return 0;
}
