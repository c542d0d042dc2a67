/* test_block.c - the radix sort and the block codec against naive versions of themselves.
 *
 * Random tests print their seed when they fail; TT_SEED=n replays it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/map.h"
#include "base/sort.h"
#include "rdf/value.h"
#include "store/block.h"

static uint64_t seed;
static uint64_t random_state;

#define CHECK(condition)                                                         \
	do {                                                                         \
		if (!(condition)) {                                                      \
			fail_msg("%s (TT_SEED=%llu)", #condition, (unsigned long long)seed); \
		}                                                                        \
	} while (0)

static uint64_t next_random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

static uint64_t below(uint64_t n)
{
	return n ? next_random() % n : 0;
}

static int set_up(void **state)
{
	(void)state;
	const char *const given = getenv("TT_SEED");
	seed = given ? strtoull(given, NULL, 10) : (uint64_t)tt_now_ns();
	random_state = tt_hash_u64(seed) | 1;
	return 0;
}

/* ---- sorting and blocks ------------------------------------------------------------------------- */

static tt_id random_id(unsigned n_values)
{
	switch (below(6)) {
	case 0:
		return tt_id_make(TT_KIND_LITERAL, 1 + below(n_values));
	case 1: {
		tt_id id = 0;
		CHECK(tt_value_from_integer((int64_t)below(n_values) - 3, &id));
		return id;
	}
	case 2:
		return tt_id_make(TT_KIND_BLANK, 1 + below(n_values));
	case 3:
		return tt_value_from_boolean(below(2));
	default:
		return tt_id_make(TT_KIND_IRI, 1 + below(n_values));
	}
}

static const tt_sort_key *compared_keys;
static size_t n_compared_keys;

static int compare_sorted(const void *a, const void *b)
{
	const tt_row *const x = a;
	const tt_row *const y = b;
	for (size_t i = 0; i < n_compared_keys; ++i) {
		const tt_sort_key key = compared_keys[i];
		const uint64_t u = x->word[key.word] & key.mask;
		const uint64_t v = y->word[key.word] & key.mask;
		if (u != v) {
			return u < v ? -1 : 1;
		}
	}
	return (x->word[3] > y->word[3]) - (x->word[3] < y->word[3]); /* the position: stability */
}

static void test_sort(void **state)
{
	(void)state;
	static const size_t sizes[] = {0, 1, 2, 31, 32, 33, 500, 3000, 70000};
	for (size_t k = 0; k < sizeof sizes / sizeof *sizes; ++k) {
		const size_t n = sizes[k];
		tt_row *rows = calloc(n + 1, sizeof *rows);
		tt_row *scratch = calloc(n + 1, sizeof *scratch);
		tt_row *expected = calloc(n + 1, sizeof *expected);
		for (size_t i = 0; i < n; ++i) {
			rows[i] = (tt_row){{next_random(), random_id(50), below(3) << 63 | below(1000), i}};
			expected[i] = rows[i];
		}
		const tt_sort_key keys[] = {{1, UINT64_MAX}, {2, ~((uint64_t)1 << 63) & ~(uint64_t)6}, {0, 0xFF00}};
		compared_keys = keys;
		n_compared_keys = 1 + below(3);
		tt_sort_rows(&rows, &scratch, n, keys, n_compared_keys);
		qsort(expected, n, sizeof *expected, compare_sorted);
		CHECK(n == 0 || memcmp(rows, expected, n * sizeof *rows) == 0);
		free(rows);
		free(scratch);
		free(expected);
	}
}

static int compare_words(const void *a, const void *b)
{
	const tt_row *const x = a;
	const tt_row *const y = b;
	for (unsigned w = 0; w < 4; ++w) {
		if (x->word[w] != y->word[w]) {
			return x->word[w] < y->word[w] ? -1 : 1;
		}
	}
	return 0;
}

static size_t make_sorted_rows(tt_row *rows, size_t n, unsigned n_values, bool is_wild)
{
	for (size_t i = 0; i < n; ++i) {
		for (unsigned w = 0; w < 4; ++w) {
			rows[i].word[w] = is_wild ? next_random() >> below(64) : random_id(n_values);
		}
	}
	qsort(rows, n, sizeof *rows, compare_words);
	size_t n_distinct = 0;
	for (size_t i = 0; i < n; ++i) {
		if (i == 0 || compare_words(&rows[i], &rows[n_distinct - 1]) != 0) {
			rows[n_distinct++] = rows[i];
		}
	}
	return n_distinct;
}

static size_t naive_search(const tt_row *rows, size_t n, const uint64_t *key, unsigned n_key, bool is_upper)
{
	size_t i = 0;
	for (; i < n; ++i) {
		unsigned w = 0;
		while (w < n_key && rows[i].word[w] == key[w]) {
			++w;
		}
		if (w < n_key ? rows[i].word[w] > key[w] : !is_upper) {
			break;
		}
	}
	return i;
}

static void search_block(const tt_block *block, const tt_row *rows, size_t n)
{
	for (unsigned k = 0; k < 40; ++k) {
		tt_row key = rows[below(n)];
		const unsigned n_key = 1 + (unsigned)below(4);
		key.word[below(4)] += below(3) - 1;
		const size_t lower = naive_search(rows, n, key.word, n_key, false);
		CHECK(tt_block_lower(block, 0, n, key.word, n_key) == lower);
		CHECK(tt_block_upper(block, 0, n, key.word, n_key) == naive_search(rows, n, key.word, n_key, true));
		const size_t start = below(lower + 1);
		CHECK(tt_block_gallop(block, start, n, key.word, n_key) == lower);
	}
}

static void test_block(void **state)
{
	(void)state;
	const tt_row_order order = {{0, 1, 2, 3}};
	static tt_row rows[6000];
	static tt_row decoded[TT_BLOCK_MAX_ROWS];
	static uint64_t column[TT_BLOCK_MAX_ROWS];
	for (unsigned round = 0; round < 60; ++round) {
		const size_t n = make_sorted_rows(rows, 1 + below(6000), 1 + (unsigned)below(200), round % 3 == 0);
		tt_block_plan plan;
		tt_block_plan_rows(rows, n, order, &plan);
		CHECK(plan.n_rows >= 1 && plan.n_rows <= n && plan.n_bytes <= TT_BLOCK_SIZE);
		uint8_t *const bytes = malloc(plan.n_bytes); /* exactly, so that ASan sees any byte too many */
		tt_block_encode(&plan, rows, order, 7, bytes);
		tt_block block;
		CHECK(tt_block_open(&block, bytes, plan.n_bytes));
		CHECK(tt_block_is_sound(&block, 7) && !tt_block_is_sound(&block, 8));
		CHECK(block.n_rows == plan.n_rows);
		tt_block_decode_rows(&block, order, decoded);
		CHECK(memcmp(decoded, rows, plan.n_rows * sizeof *rows) == 0);
		for (unsigned c = 0; c < 4; ++c) {
			const size_t first = below(plan.n_rows);
			tt_block_decode(&block, c, first, plan.n_rows - first, column);
			for (size_t i = first; i < plan.n_rows; ++i) {
				CHECK(column[i - first] == rows[i].word[c]);
			}
		}
		search_block(&block, rows, plan.n_rows);
		bytes[below(plan.n_bytes)] ^= (uint8_t)(1u << below(8));
		CHECK(!tt_block_open(&block, bytes, plan.n_bytes) || !tt_block_is_sound(&block, 7));
		CHECK(!tt_block_open(&block, bytes, below(plan.n_bytes)) || plan.n_bytes == 0);
		free(bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(test_sort, set_up),
	    cmocka_unit_test_setup(test_block, set_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
