/* sort.c - least significant digit radix sort.
 *
 * The bits in which the rows differ are found first, and only they are sorted on: a column of
 * dictionary numbers costs two or three passes, a constant column none. Each pass is stable, so
 * sorting what is in SPO order by P alone gives PSO order; the store sorts all its permutations so.
 */
#include "base/sort.h"

#include <stdbool.h>
#include <string.h>

enum {
	INSERTION_LIMIT = 32,     /* below: insertion sort */
	WIDE_DIGIT_LIMIT = 65536, /* from here on: 11-bit digits, whose histogram is then cheap */
	NARROW_DIGIT = 8,
	WIDE_DIGIT = 11,
	MAX_BUCKETS = 1 << WIDE_DIGIT
};

static bool is_less(const tt_row *a, const tt_row *b, const tt_sort_key *keys, size_t n_keys)
{
	for (size_t i = 0; i < n_keys; ++i) {
		const uint64_t x = a->word[keys[i].word] & keys[i].mask;
		const uint64_t y = b->word[keys[i].word] & keys[i].mask;
		if (x != y) {
			return x < y;
		}
	}
	return false;
}

static void insertion_sort(tt_row *rows, size_t n_rows, const tt_sort_key *keys, size_t n_keys)
{
	for (size_t i = 1; i < n_rows; ++i) {
		const tt_row row = rows[i];
		size_t j = i;
		while (j > 0 && is_less(&row, &rows[j - 1], keys, n_keys)) {
			rows[j] = rows[j - 1];
			--j;
		}
		rows[j] = row;
	}
}

/* The bits of a word in which any two rows differ; *out_is_sorted: whether the word never descends. */
static uint64_t varying_bits(const tt_row *rows, size_t n_rows, const tt_sort_key *key, bool *out_is_sorted)
{
	const unsigned word = key->word;
	const uint64_t first = rows[0].word[word];
	uint64_t bits = 0;
	uint64_t before = first & key->mask;
	bool is_sorted = true;
	for (size_t i = 1; i < n_rows; ++i) {
		const uint64_t value = rows[i].word[word];
		bits |= value ^ first;
		is_sorted &= before <= (value & key->mask);
		before = value & key->mask;
	}
	*out_is_sorted = is_sorted;
	return bits & key->mask;
}

static void pass(const tt_row *from, tt_row *to, size_t n_rows, unsigned word, unsigned shift, unsigned n_bits)
{
	size_t starts[MAX_BUCKETS];
	const size_t n_buckets = (size_t)1 << n_bits;
	const uint64_t mask = n_buckets - 1;
	memset(starts, 0, n_buckets * sizeof *starts);
	for (size_t i = 0; i < n_rows; ++i) {
		starts[from[i].word[word] >> shift & mask]++;
	}
	size_t n_before = 0;
	for (size_t b = 0; b < n_buckets; ++b) {
		const size_t n = starts[b];
		starts[b] = n_before;
		n_before += n;
	}
	for (size_t i = 0; i < n_rows; ++i) {
		to[starts[from[i].word[word] >> shift & mask]++] = from[i];
	}
}

/* Sort by one word: a pass for each group of neighbouring bits, from the lowest that varies. */
static void sort_by_word(tt_row **rows, tt_row **scratch, size_t n_rows, const tt_sort_key *key, uint64_t bits)
{
	const unsigned width = n_rows < WIDE_DIGIT_LIMIT ? NARROW_DIGIT : WIDE_DIGIT;
	while (bits) {
		const unsigned shift = (unsigned)__builtin_ctzll(bits);
		uint64_t digit = bits >> shift & (((uint64_t)1 << width) - 1);
		/* Bits that do not count must not become part of a digit. */
		const uint64_t outside = ~key->mask >> shift;
		if (outside) {
			digit &= ((uint64_t)1 << __builtin_ctzll(outside)) - 1;
		}
		const unsigned n_bits = 64 - (unsigned)__builtin_clzll(digit);
		pass(*rows, *scratch, n_rows, key->word, shift, n_bits);
		tt_row *const sorted = *scratch;
		*scratch = *rows;
		*rows = sorted;
		bits &= ~(digit << shift);
	}
}

void tt_sort_rows(tt_row **rows, tt_row **scratch, size_t n_rows, const tt_sort_key *keys, size_t n_keys)
{
	if (n_rows <= INSERTION_LIMIT) {
		insertion_sort(*rows, n_rows, keys, n_keys);
		return;
	}
	for (size_t k = n_keys; k-- > 0;) {
		bool is_sorted = false;
		const uint64_t bits = varying_bits(*rows, n_rows, &keys[k], &is_sorted);
		if (!is_sorted) {
			sort_by_word(rows, scratch, n_rows, &keys[k], bits);
		}
	}
}
