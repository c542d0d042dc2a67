/* block.h - the codec of a block: up to 4 KB of sorted rows, stored by column as frame of reference.
 *
 *      0       2              6      8                                              n_bytes-8
 *     +-------+--------------+------+---------+----------+----------+-- … --+-------+----------+
 *     | n_rows| descriptor   | 0    | bases   | column 0 | column 1 | col 2 | col 3 | checksum |
 *     | u16   | u8 × 4       | u16  | u64 × b | n × w0   | n × w1   |       |       | u64      |
 *     +-------+--------------+------+---------+----------+----------+-- … --+-------+----------+
 *
 *     descriptor of a column: bits 0–3 its width w in bytes (0–8), bits 4–5 its number of bases − 1.
 *     One base:    value = base + word.
 *     More bases:  value = base[word & t] + (word >> tag bits); 2 bases: 1 tag bit, 3 or 4: 2 tag bits.
 *                  Each base serves one kind of ids, so a column of IRIs and literals stays narrow.
 *     Numbers are little-endian. The checksum (XXH3, seeded with the table) covers all before it, and
 *     reading 8 bytes at any word stays inside the block because of it.
 *
 * Rows are strictly ascending, column by column, as unsigned numbers. They are searched in place.
 *
 * Contrast: perm.h keeps blocks in tables and knows which comes next.
 * Owns:     nothing; a tt_block is a view of bytes in the map.
 * Threads:  any.
 * Fails:    damaged bytes are answered with false, the caller says where.
 * Tests:    tests/unit/test_block.c
 */
#ifndef TT_STORE_BLOCK_H
#define TT_STORE_BLOCK_H

#include <endian.h>
#include <stdbool.h>
#include <string.h>

#include "base/sort.h"

enum {
	TT_BLOCK_COLUMNS = 4,
	TT_BLOCK_BASES = 4,
	/* What one LMDB overflow page holds: 4096 bytes without its header. */
	TT_BLOCK_SIZE = 4080,
	/* Distinct rows need at least one byte each. */
	TT_BLOCK_MAX_ROWS = TT_BLOCK_SIZE
};

/** The flag of a change: a row to be removed. It is kept in the graph column, whose kinds never need the bit. */
#define TT_ROW_IS_REMOVED ((uint64_t)1 << 63)

/** Which word of a row stands in each column of a block. */
typedef struct tt_row_order {
	uint8_t word[TT_BLOCK_COLUMNS];
} tt_row_order;

typedef struct tt_block_column {
	const uint8_t *data;
	uint64_t mask; /* the `width` low bytes */
	uint64_t base[TT_BLOCK_BASES];
	uint8_t width;
	uint8_t n_tag_bits;
} tt_block_column;

/** A view of an encoded block. */
typedef struct tt_block {
	const uint8_t *data;
	size_t n_bytes;
	size_t n_rows;
	tt_block_column columns[TT_BLOCK_COLUMNS];
} tt_block;

/** Look into the header; false if the bytes cannot be a block. Afterwards every row can be read safely. */
bool tt_block_open(tt_block *block, const void *data, size_t n_bytes);
/** Whether the checksum fits. */
bool tt_block_is_sound(const tt_block *block, uint64_t seed);

/** The number of rows of an encoded block without a look at the rest (0: damaged). */
size_t tt_block_row_count(const void *data, size_t n_bytes);

static inline uint64_t tt_block_word(const tt_block_column *column, size_t row)
{
	uint64_t word = 0;
	memcpy(&word, column->data + row * column->width, sizeof word);
	return le64toh(word) & column->mask;
}

static inline uint64_t tt_block_value(const tt_block_column *column, uint64_t word)
{
	const uint64_t tag = word & (((uint64_t)1 << column->n_tag_bits) - 1);
	return column->base[tag] + (word >> column->n_tag_bits);
}

/** One value. */
static inline uint64_t tt_block_get(const tt_block *block, unsigned column, size_t row)
{
	return tt_block_value(&block->columns[column], tt_block_word(&block->columns[column], row));
}

/** Whether all rows have the same value in this column. */
static inline bool tt_block_is_constant(const tt_block *block, unsigned column)
{
	return block->columns[column].width == 0;
}

/** Decode part of a column. */
void tt_block_decode(const tt_block *block, unsigned column, size_t first, size_t n_rows, uint64_t *out);
/** Decode the values at some rows of a column. */
void tt_block_gather(const tt_block *block, unsigned column, const uint16_t *rows, size_t n_rows, uint64_t *out);
/** Decode rows, each column into the word that @p order says. */
void tt_block_decode_rows(const tt_block *block, tt_row_order order, tt_row *out);

/** Compare a row with a key of 1–4 columns: negative, 0 (equal as far as the key goes) or positive. */
int tt_block_compare(const tt_block *block, size_t row, const uint64_t *key, unsigned n_key);
/** The first row in [first, end) that is ≥ the key; @p end if there is none. */
size_t tt_block_lower(const tt_block *block, size_t first, size_t end, const uint64_t *key, unsigned n_key);
/** The first row in [first, end) that is > every row with this key. */
size_t tt_block_upper(const tt_block *block, size_t first, size_t end, const uint64_t *key, unsigned n_key);
/** As tt_block_lower(), for keys that are near @p first: doubles its steps. */
size_t tt_block_gallop(const tt_block *block, size_t first, size_t end, const uint64_t *key, unsigned n_key);

/** How a run of rows will be encoded. */
typedef struct tt_block_plan {
	size_t n_rows;
	size_t n_bytes;
	struct {
		uint64_t base[TT_BLOCK_BASES];
		uint8_t kind_slot[16]; /* kind → which base */
		uint8_t width;
		uint8_t n_bases;
	} columns[TT_BLOCK_COLUMNS];
} tt_block_plan;

/** Plan a block of as many of the first rows as fit, at most @p n_rows (at least 1). */
void tt_block_plan_rows(const tt_row *rows, size_t n_rows, tt_row_order order, tt_block_plan *out_plan);
/** Write the planned block to @p out, which has room for `plan->n_bytes`. */
void tt_block_encode(const tt_block_plan *plan, const tt_row *rows, tt_row_order order, uint64_t seed, void *out);

#endif
