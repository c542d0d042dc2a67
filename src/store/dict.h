/* dict.h - the dictionary: numbers of terms to their text, and back.
 *
 * A term is kept as a record: a tag byte, then
 *     IRI, BLANK, STRING    the text
 *     LANGUAGE              length of the tag (varint), the tag, the text
 *     TYPED                 number of the datatype IRI (varint), the text
 *     KNOWN + code          the text; the datatype is one of a fixed table
 *
 * Table "terms", key = number of the first term (big-endian):
 *
 *      0        2       4       8                                                 n_bytes-8
 *     +--------+-------+-------+-------------------+---------+---------+-- … --+----------+
 *     | n_terms| is_big| 0     | ends u16 × n      | record  | record  |       | checksum |
 *     +--------+-------+-------+-------------------+---------+---------+-- … --+----------+
 *
 *     ends: where each record ends, counted from the end of the array. A record that is too long for
 *     a block has a big one of its own, without the array. The checksum is seeded with table and key.
 *
 * Table "hashes": rows (upper 40 bits of XXH64 of the record, number, 0, 0), as blocks like those of a
 * permutation. Records of the same hash are told apart by their bytes.
 *
 * IRIs, literals and labelled blank nodes share one sequence of numbers from 1; a number is never reused.
 *
 * Contrast: value.h knows the terms that need no dictionary.
 * Owns:     a reader its cursors; a writer the records of its new terms.
 * Threads:  as the transaction.
 * Fails:    TT_CORRUPT, TT_NOT_FOUND (no such number), TT_NO_MEMORY, and what LMDB says.
 * Tests:    tests/unit/test_store.c, tests/unit/test_bulk.c
 */
#ifndef TT_STORE_DICT_H
#define TT_STORE_DICT_H

#include "base/map.h"
#include "store/perm.h"

enum { TT_DICT_CACHE = 16 };

/** Reads terms in one transaction. */
typedef struct tt_dict_reader {
	tt_ctx *ctx;
	tt_env *env;
	MDB_txn *txn;
	tt_trust *trust; /* may be NULL */
	uint64_t next_number;
	MDB_cursor *terms;      /* opened when needed */
	tt_block_cursor hashes; /* opened when needed */
	uint64_t first;         /* the current block of terms: its first number … */
	uint64_t n_terms;       /* … and their count; 0: none */
	tt_view block;
	struct {
		uint64_t number;
		tt_view iri;
	} datatypes[TT_DICT_CACHE];
} tt_dict_reader;

void tt_dict_reader_init(tt_dict_reader *reader, tt_ctx *ctx, tt_env *env, MDB_txn *txn, tt_trust *trust,
                         uint64_t next_number);
void tt_dict_reader_clear(tt_dict_reader *reader);

/** The record of a number; lives as long as the transaction reads on. */
TT_CHECKED tt_status tt_dict_record(tt_dict_reader *reader, uint64_t number, tt_view *out_record);
/** The kind of id that a record is for, or TT_KIND_SPECIAL if it is broken. */
tt_kind tt_dict_record_kind(tt_view record);
/** Check that a record is well formed; *out_datatype: its datatype's number, or 0. */
bool tt_dict_record_is_sound(tt_view record, uint64_t *out_datatype);
/** The term of an id with a dictionary number. */
TT_CHECKED tt_status tt_dict_term(tt_dict_reader *reader, tt_id id, tt_term *out_term);
/** The id of a term that is not inline, or TT_UNBOUND. @param record Scratch. */
TT_CHECKED tt_status tt_dict_find(tt_dict_reader *reader, const tt_term *term, tt_buffer *record, tt_id *out_id);
/** The column of the table "hashes" for a record. */
uint64_t tt_dict_hash_column(tt_view record);

/** Gathers new terms of a transaction. */
typedef struct tt_dict_writer {
	tt_ctx *ctx;
	tt_map map; /* hash → index of an entry */
	struct tt_dict_entry {
		uint64_t hash;
		uint64_t offset; /* of the record in `records` */
		tt_id id;
	} * entries; /* terms seen: new ones and cached old ones; the sentinel behind the last has the end */
	size_t n_entries;
	size_t n_capacity;
	tt_buffer records;
	tt_buffer record;     /* scratch */
	uint64_t next_number; /* of the next new term */
	size_t n_flushed;     /* entries in the table already */
} tt_dict_writer;

/** About how many bytes the terms of a writer take. */
size_t tt_dict_writer_size(const tt_dict_writer *writer);

void tt_dict_writer_init(tt_dict_writer *writer, tt_ctx *ctx, uint64_t next_number);
/** Forget all terms, but not which number comes next; it may be used again. */
void tt_dict_writer_clear(tt_dict_writer *writer);
/** The id of a term that is not inline; a new one gets the next number. */
TT_CHECKED tt_status tt_dict_intern(tt_dict_writer *writer, tt_dict_reader *reader, const tt_term *term, tt_id *out_id);
/** The same for a term that may be new: then TT_UNBOUND. */
TT_CHECKED tt_status tt_dict_seen(tt_dict_writer *writer, tt_dict_reader *reader, const tt_term *term, tt_id *out_id);
/** Write what is new since the last call. After a failure of the LMDB transaction set `n_flushed` to 0. */
TT_CHECKED tt_status tt_dict_flush(tt_dict_writer *writer, tt_env *env, MDB_txn *txn, uint64_t first_new);

#endif
