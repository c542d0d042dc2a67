/* block.c - frame of reference coding; see block.h for the layout.
 *
 * Encoding goes over the rows twice: once to see how many fit (ranges only ever widen, so the plan
 * is adjusted at the few rows that leave the known ranges), once to write the columns. Words are
 * stored with one unaligned 8-byte store each, from low to high addresses, so that what a store
 * writes too much is overwritten by the next one and at last by the checksum.
 */
#include "store/block.h"

#include <xxhash.h>

enum { HEADER_SIZE = 8, CHECKSUM_SIZE = 8, N_KINDS = 16 };

/* ---- views -------------------------------------------------------------------------------------- */

static uint64_t load_u64(const uint8_t *bytes)
{
	uint64_t number = 0;
	memcpy(&number, bytes, sizeof number);
	return le64toh(number);
}

static void store_u64(uint8_t *bytes, uint64_t number)
{
	number = htole64(number);
	memcpy(bytes, &number, sizeof number);
}

static uint64_t width_mask(unsigned width)
{
	return width >= 8 ? UINT64_MAX : ((uint64_t)1 << 8 * width) - 1;
}

static uint8_t tag_bits(size_t n_bases)
{
	return n_bases <= 1 ? 0 : n_bases == 2 ? 1 : 2;
}

size_t tt_block_row_count(const void *data, size_t n_bytes)
{
	const uint8_t *const bytes = data;
	return n_bytes < HEADER_SIZE + CHECKSUM_SIZE ? 0 : (size_t)bytes[0] | (size_t)bytes[1] << 8;
}

bool tt_block_open(tt_block *block, const void *data, size_t n_bytes)
{
	const uint8_t *const bytes = data;
	const size_t n_rows = tt_block_row_count(data, n_bytes);
	if (n_rows == 0 || n_rows > TT_BLOCK_MAX_ROWS) {
		return false;
	}
	size_t at = HEADER_SIZE;
	for (unsigned c = 0; c < TT_BLOCK_COLUMNS; ++c) {
		tt_block_column *const column = &block->columns[c];
		const size_t n_bases = (bytes[2 + c] >> 4 & 3u) + 1;
		column->width = bytes[2 + c] & 15;
		column->n_tag_bits = tag_bits(n_bases);
		column->mask = width_mask(column->width);
		if (column->width > 8 || bytes[2 + c] >> 6 || at + 8 * n_bases + CHECKSUM_SIZE > n_bytes) {
			return false;
		}
		for (size_t b = 0; b < TT_BLOCK_BASES; ++b) {
			column->base[b] = b < n_bases ? load_u64(bytes + at + 8 * b) : 0;
		}
		at += 8 * n_bases;
	}
	for (unsigned c = 0; c < TT_BLOCK_COLUMNS; ++c) {
		block->columns[c].data = bytes + at;
		at += n_rows * block->columns[c].width;
	}
	block->data = bytes;
	block->n_bytes = n_bytes;
	block->n_rows = n_rows;
	return at + CHECKSUM_SIZE == n_bytes;
}

bool tt_block_is_sound(const tt_block *block, uint64_t seed)
{
	const size_t n_covered = block->n_bytes - CHECKSUM_SIZE;
	return load_u64(block->data + n_covered) == XXH3_64bits_withSeed(block->data, n_covered, seed);
}

/* ---- decoding ----------------------------------------------------------------------------------- */

/* The width is a constant wherever this is inlined, so the loop becomes a tight one. */
static inline __attribute__((always_inline)) void decode_width(const uint8_t *data, unsigned width, uint64_t base,
                                                               size_t n_rows, uint64_t *out)
{
	const uint64_t mask = width_mask(width);
	for (size_t i = 0; i < n_rows; ++i) {
		out[i] = base + (load_u64(data + i * width) & mask);
	}
}

#define NARROW_DECODER(width, type, convert)                                                     \
	static void decode_##width(const uint8_t *data, uint64_t base, size_t n_rows, uint64_t *out) \
	{                                                                                            \
		for (size_t i = 0; i < n_rows; ++i) {                                                    \
			type word;                                                                           \
			memcpy(&word, data + i * sizeof word, sizeof word);                                  \
			out[i] = base + convert(word);                                                       \
		}                                                                                        \
	}
#define WIDE_DECODER(width)                                                                      \
	static void decode_##width(const uint8_t *data, uint64_t base, size_t n_rows, uint64_t *out) \
	{                                                                                            \
		decode_width(data, width, base, n_rows, out);                                            \
	}

static void decode_0(const uint8_t *data, uint64_t base, size_t n_rows, uint64_t *out)
{
	(void)data;
	for (size_t i = 0; i < n_rows; ++i) {
		out[i] = base;
	}
}
NARROW_DECODER(1, uint8_t, (uint64_t))
NARROW_DECODER(2, uint16_t, le16toh)
NARROW_DECODER(4, uint32_t, le32toh)
WIDE_DECODER(3)
WIDE_DECODER(5)
WIDE_DECODER(6)
WIDE_DECODER(7)
WIDE_DECODER(8)

void tt_block_decode(const tt_block *block, unsigned column, size_t first, size_t n_rows, uint64_t *out)
{
	static void (*const decoders[])(const uint8_t *, uint64_t, size_t, uint64_t *) = {
	    decode_0, decode_1, decode_2, decode_3, decode_4, decode_5, decode_6, decode_7, decode_8};
	const tt_block_column *const c = &block->columns[column];
	const uint8_t *const data = c->data + first * c->width;
	if (c->n_tag_bits == 0) {
		decoders[c->width](data, c->base[0], n_rows, out);
		return;
	}
	decoders[c->width](data, 0, n_rows, out);
	for (size_t i = 0; i < n_rows; ++i) {
		out[i] = tt_block_value(c, out[i]);
	}
}

void tt_block_gather(const tt_block *block, unsigned column, const uint16_t *rows, size_t n_rows, uint64_t *out)
{
	const tt_block_column *const c = &block->columns[column];
	for (size_t i = 0; i < n_rows; ++i) {
		out[i] = tt_block_value(c, tt_block_word(c, rows[i]));
	}
}

void tt_block_decode_rows(const tt_block *block, tt_row_order order, tt_row *out)
{
	for (unsigned c = 0; c < TT_BLOCK_COLUMNS; ++c) {
		const unsigned word = order.word[c];
		for (size_t i = 0; i < block->n_rows; ++i) {
			out[i].word[word] = tt_block_get(block, c, i);
		}
	}
}

/* ---- searching ---------------------------------------------------------------------------------- */

int tt_block_compare(const tt_block *block, size_t row, const uint64_t *key, unsigned n_key)
{
	for (unsigned c = 0; c < n_key; ++c) {
		const uint64_t value = tt_block_get(block, c, row);
		if (value != key[c]) {
			return value < key[c] ? -1 : 1;
		}
	}
	return 0;
}

/* The first row in [first, end), where the column ascends, whose value is ≥ (with is_upper: >) the wanted one. */
static size_t search_column(const tt_block_column *column, size_t first, size_t end, uint64_t wanted, bool is_upper)
{
	if (column->width == 0) {
		const uint64_t value = column->base[0];
		return value > wanted || (value == wanted && !is_upper) ? first : end;
	}
	size_t n = end - first;
	while (n > 0) {
		const size_t half = n / 2;
		const uint64_t value = tt_block_value(column, tt_block_word(column, first + half));
		if (value < wanted || (is_upper && value == wanted)) {
			first += half + 1;
			n -= half + 1;
		} else {
			n = half;
		}
	}
	return first;
}

size_t tt_block_lower(const tt_block *block, size_t first, size_t end, const uint64_t *key, unsigned n_key)
{
	for (unsigned c = 0; c < n_key && first < end; ++c) {
		const tt_block_column *const column = &block->columns[c];
		first = search_column(column, first, end, key[c], false);
		if (c + 1 < n_key) {
			end = search_column(column, first, end, key[c], true);
		}
	}
	return first;
}

size_t tt_block_upper(const tt_block *block, size_t first, size_t end, const uint64_t *key, unsigned n_key)
{
	for (unsigned c = 0; c < n_key && first < end; ++c) {
		const tt_block_column *const column = &block->columns[c];
		if (c + 1 < n_key) {
			first = search_column(column, first, end, key[c], false);
		}
		end = search_column(column, first, end, key[c], true);
	}
	return end;
}

size_t tt_block_gallop(const tt_block *block, size_t first, size_t end, const uint64_t *key, unsigned n_key)
{
	size_t step = 1;
	size_t last = first; /* the row after the last one known to be smaller */
	while (last < end && tt_block_compare(block, last, key, n_key) < 0) {
		first = last + 1;
		last = first + step;
		step *= 2;
	}
	return tt_block_lower(block, first, last < end ? last : end, key, n_key);
}

/* ---- planning ----------------------------------------------------------------------------------- */

/* The values of a column seen so far, by kind. */
typedef struct {
	uint64_t smallest[N_KINDS];
	uint64_t span[N_KINDS]; /* largest − smallest */
	unsigned kinds;         /* bit k: kind k was seen */
} column_range;

static bool is_in_range(const column_range *range, uint64_t value)
{
	const unsigned kind = (unsigned)(value >> 60);
	return (range->kinds >> kind & 1) && value - range->smallest[kind] <= range->span[kind];
}

static void widen(column_range *range, uint64_t value)
{
	const unsigned kind = (unsigned)(value >> 60);
	if (!(range->kinds >> kind & 1)) {
		range->kinds |= 1u << kind;
		range->smallest[kind] = value;
		range->span[kind] = 0;
	} else if (value < range->smallest[kind]) {
		range->span[kind] += range->smallest[kind] - value;
		range->smallest[kind] = value;
	} else if (value - range->smallest[kind] > range->span[kind]) {
		range->span[kind] = value - range->smallest[kind];
	}
}

static uint8_t bytes_of(uint64_t number)
{
	return (uint8_t)(number ? (71 - __builtin_clzll(number)) / 8 : 0);
}

static void plan_column(const column_range *range, tt_block_plan *plan, unsigned c)
{
	const unsigned low = (unsigned)__builtin_ctz(range->kinds);
	const unsigned high = 31 - (unsigned)__builtin_clz(range->kinds);
	const uint64_t base = range->smallest[low];
	plan->columns[c].width = bytes_of(range->smallest[high] + range->span[high] - base);
	plan->columns[c].n_bases = 1;
	plan->columns[c].base[0] = base;
	const unsigned n_kinds = (unsigned)__builtin_popcount(range->kinds);
	if (n_kinds < 2 || n_kinds > TT_BLOCK_BASES) {
		return;
	}
	uint64_t largest = 0;
	for (unsigned k = low; k <= high; ++k) {
		if (range->kinds >> k & 1 && range->span[k] > largest) {
			largest = range->span[k];
		}
	}
	const unsigned n_tag_bits = tag_bits(n_kinds);
	const uint8_t width = bytes_of(largest << n_tag_bits | ((1u << n_tag_bits) - 1));
	if (width >= plan->columns[c].width) {
		return;
	}
	plan->columns[c].width = width;
	plan->columns[c].n_bases = (uint8_t)n_kinds;
	uint8_t slot = 0;
	for (unsigned k = low; k <= high; ++k) {
		if (range->kinds >> k & 1) {
			plan->columns[c].kind_slot[k] = slot;
			plan->columns[c].base[slot++] = range->smallest[k];
		}
	}
}

/* How many rows fit into a block with the widths of the plan. */
static size_t row_limit(const tt_block_plan *plan, size_t *out_n_fixed, size_t *out_row_size)
{
	size_t n_fixed = HEADER_SIZE + CHECKSUM_SIZE;
	size_t row_size = 0;
	for (unsigned c = 0; c < TT_BLOCK_COLUMNS; ++c) {
		n_fixed += (size_t)8 * plan->columns[c].n_bases;
		row_size += plan->columns[c].width;
	}
	*out_n_fixed = n_fixed;
	*out_row_size = row_size;
	return row_size ? (TT_BLOCK_SIZE - n_fixed) / row_size : 1;
}

void tt_block_plan_rows(const tt_row *rows, size_t n_rows, tt_row_order order, tt_block_plan *out_plan)
{
	column_range ranges[TT_BLOCK_COLUMNS];
	tt_block_plan plan;
	for (unsigned c = 0; c < TT_BLOCK_COLUMNS; ++c) {
		ranges[c].kinds = 0;
		widen(&ranges[c], rows[0].word[order.word[c]]);
		plan_column(&ranges[c], &plan, c);
	}
	size_t n_fixed = 0;
	size_t row_size = 0;
	size_t n_limit = row_limit(&plan, &n_fixed, &row_size);
	*out_plan = plan;
	size_t i = 1;
	for (; i < n_rows; ++i) {
		bool is_wider = false;
		for (unsigned c = 0; c < TT_BLOCK_COLUMNS; ++c) {
			const uint64_t value = rows[i].word[order.word[c]];
			if (!is_in_range(&ranges[c], value)) {
				widen(&ranges[c], value);
				plan_column(&ranges[c], &plan, c);
				is_wider = true;
			}
		}
		size_t n_new_fixed = n_fixed;
		size_t new_row_size = row_size;
		n_limit = is_wider ? row_limit(&plan, &n_new_fixed, &new_row_size) : n_limit;
		if (i + 1 > n_limit) {
			break;
		}
		if (is_wider) {
			*out_plan = plan;
			n_fixed = n_new_fixed;
			row_size = new_row_size;
		}
	}
	out_plan->n_rows = i;
	out_plan->n_bytes = n_fixed + i * row_size;
}

/* ---- encoding ----------------------------------------------------------------------------------- */

void tt_block_encode(const tt_block_plan *plan, const tt_row *rows, tt_row_order order, uint64_t seed, void *out)
{
	uint8_t *const bytes = out;
	uint8_t *at = bytes + HEADER_SIZE;
	memset(bytes, 0, HEADER_SIZE);
	bytes[0] = (uint8_t)plan->n_rows;
	bytes[1] = (uint8_t)(plan->n_rows >> 8);
	for (unsigned c = 0; c < TT_BLOCK_COLUMNS; ++c) {
		const unsigned n_bases = plan->columns[c].n_bases;
		bytes[2 + c] = (uint8_t)(plan->columns[c].width | (n_bases - 1) << 4);
		for (unsigned b = 0; b < n_bases; ++b, at += 8) {
			store_u64(at, plan->columns[c].base[b]);
		}
	}
	for (unsigned c = 0; c < TT_BLOCK_COLUMNS; ++c) {
		const unsigned word = order.word[c];
		const unsigned width = plan->columns[c].width;
		const unsigned n_tag_bits = tag_bits(plan->columns[c].n_bases);
		const uint64_t base = plan->columns[c].base[0];
		for (size_t i = 0; width && i < plan->n_rows; ++i, at += width) {
			const uint64_t value = rows[i].word[word];
			if (n_tag_bits == 0) {
				store_u64(at, value - base);
			} else {
				const unsigned slot = plan->columns[c].kind_slot[value >> 60];
				store_u64(at, (value - plan->columns[c].base[slot]) << n_tag_bits | slot);
			}
		}
	}
	store_u64(at, XXH3_64bits_withSeed(bytes, (size_t)(at - bytes), seed));
}
