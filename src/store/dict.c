/* dict.c - records, blocks of terms, lookups by hash, and the terms of a transaction.
 *
 * A transaction keeps every term that it has met in a hash table in memory, so each is looked up in
 * LMDB at most once, and not at all while the dictionary is empty. New terms are appended to the
 * last block of terms; their hashes are sorted and merged into the blocks of hashes.
 */
#include "store/dict.h"

#include <xxhash.h>

#include "store/pages.h"

enum {
	TAG_IRI = 1,
	TAG_BLANK = 2,
	TAG_STRING = 3,
	TAG_LANGUAGE = 4,
	TAG_TYPED = 5,
	TAG_KNOWN = 0x20, /* plus the code of the datatype */

	BLOCK_HEADER = 8,
	BLOCK_CHECKSUM = 8,
	MAX_VARINT = 10,
	HASH_SHIFT = 24
};
#define HASH_SEED UINT64_C(0x7465727469756d31)

/* Datatypes with a code of their own. The position is the code: append only. */
static const tt_vocab known_datatypes[] = {
    TT_VOCAB_XSD_BOOLEAN, TT_VOCAB_XSD_INTEGER,      TT_VOCAB_XSD_DECIMAL,  TT_VOCAB_XSD_FLOAT,
    TT_VOCAB_XSD_DOUBLE,  TT_VOCAB_XSD_LONG,         TT_VOCAB_XSD_INT,      TT_VOCAB_XSD_SHORT,
    TT_VOCAB_XSD_BYTE,    TT_VOCAB_XSD_DATE_TIME,    TT_VOCAB_XSD_DATE,     TT_VOCAB_XSD_TIME,
    TT_VOCAB_XSD_G_YEAR,  TT_VOCAB_XSD_G_YEAR_MONTH, TT_VOCAB_XSD_DURATION, TT_VOCAB_XSD_NON_NEGATIVE_INTEGER};
enum { N_KNOWN = sizeof known_datatypes / sizeof *known_datatypes };

/* ---- records ------------------------------------------------------------------------------------ */

static size_t put_varint(uint64_t number, char out[MAX_VARINT])
{
	size_t n = 0;
	for (; number >= 0x80; number >>= 7) {
		out[n++] = (char)(number | 0x80);
	}
	out[n++] = (char)number;
	return n;
}

/* Take a varint off the front; false if it is cut off or too long. */
static bool take_varint(tt_view *text, uint64_t *out_number)
{
	*out_number = 0;
	for (unsigned shift = 0; shift < 63 && text->size; shift += 7) {
		const unsigned char byte = (unsigned char)*text->data;
		*text = tt_view_skip(*text, 1);
		*out_number |= (uint64_t)(byte & 0x7F) << shift;
		if (byte < 0x80) {
			return true;
		}
	}
	return false;
}

static int known_code(tt_view datatype)
{
	for (int i = 0; i < N_KNOWN; ++i) {
		if (tt_view_equal(datatype, tt_vocab_iri(known_datatypes[i]))) {
			return i;
		}
	}
	return -1;
}

/* How a literal's datatype is written: by tag alone, or with the number of its IRI. */
static bool needs_datatype_number(const tt_term *term, int *out_tag)
{
	*out_tag = term->language.size ? TAG_LANGUAGE : TAG_STRING;
	if (term->language.size || tt_view_equal(term->datatype, tt_vocab_iri(TT_VOCAB_XSD_STRING))) {
		return false;
	}
	const int code = known_code(term->datatype);
	*out_tag = code >= 0 ? TAG_KNOWN + code : TAG_TYPED;
	return code < 0;
}

/* Tags that differ only in case are one tag (RDF 1.1 Concepts §3.3). */
static tt_status append_language(tt_buffer *out, tt_view language)
{
	for (size_t i = 0; i < language.size; ++i) {
		const char c = language.data[i];
		TT_TRY(tt_buffer_append_char(out, (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c)));
	}
	return TT_OK;
}

static tt_status make_record(const tt_term *term, int tag, uint64_t datatype, tt_buffer *out)
{
	char varint[MAX_VARINT];
	tt_buffer_reset(out);
	TT_TRY(tt_buffer_reserve(out, 1 + 2 * MAX_VARINT + term->text.size));
	TT_TRY(tt_buffer_append_char(out, (char)tag));
	if (tag == TAG_LANGUAGE) {
		TT_TRY(tt_buffer_append(out, (tt_view){varint, put_varint(term->language.size, varint)}));
		TT_TRY(append_language(out, term->language));
	} else if (tag == TAG_TYPED) {
		TT_TRY(tt_buffer_append(out, (tt_view){varint, put_varint(datatype, varint)}));
	}
	return tt_buffer_append(out, term->text);
}

tt_kind tt_dict_record_kind(tt_view record)
{
	const int tag = record.size ? (unsigned char)*record.data : 0;
	if (tag == TAG_IRI) {
		return TT_KIND_IRI;
	}
	if (tag == TAG_BLANK) {
		return TT_KIND_BLANK_LABELLED;
	}
	const bool is_literal = (tag >= TAG_STRING && tag <= TAG_TYPED) || (tag >= TAG_KNOWN && tag < TAG_KNOWN + N_KNOWN);
	return is_literal ? TT_KIND_LITERAL : TT_KIND_SPECIAL;
}

/* A record as a term, its datatype perhaps only by number. */
static bool parse_record(tt_view record, tt_term *out_term, uint64_t *out_datatype)
{
	const tt_kind kind = tt_dict_record_kind(record);
	*out_datatype = 0;
	if (kind == TT_KIND_SPECIAL) {
		return false;
	}
	const int tag = (unsigned char)*record.data;
	tt_view text = tt_view_skip(record, 1);
	*out_term = (tt_term){.kind = kind == TT_KIND_IRI       ? TT_TERM_IRI
	                              : kind == TT_KIND_LITERAL ? TT_TERM_LITERAL
	                                                        : TT_TERM_BLANK};
	if (tag == TAG_LANGUAGE) {
		uint64_t n = 0;
		if (!take_varint(&text, &n) || n > text.size || n == 0) {
			return false;
		}
		out_term->language = (tt_view){text.data, (size_t)n};
		out_term->datatype = tt_vocab_iri(TT_VOCAB_RDF_LANG_STRING);
		text = tt_view_skip(text, (size_t)n);
	} else if (tag == TAG_TYPED) {
		if (!take_varint(&text, out_datatype) || *out_datatype == 0) {
			return false;
		}
	} else if (tag >= TAG_KNOWN) {
		out_term->datatype = tt_vocab_iri(known_datatypes[tag - TAG_KNOWN]);
	} else if (tag == TAG_STRING) {
		out_term->datatype = tt_vocab_iri(TT_VOCAB_XSD_STRING);
	}
	out_term->text = text;
	return true;
}

bool tt_dict_record_is_sound(tt_view record, uint64_t *out_datatype)
{
	tt_term term;
	return parse_record(record, &term, out_datatype) && tt_utf8_check(term.text) == term.text.size &&
	       tt_utf8_check(term.language) == term.language.size;
}

static uint64_t hash_record(tt_view record)
{
	return XXH64(record.data, record.size, HASH_SEED);
}

uint64_t tt_dict_hash_column(tt_view record)
{
	return hash_record(record) >> HASH_SHIFT;
}

/* ---- reading ------------------------------------------------------------------------------------ */

void tt_dict_reader_init(tt_dict_reader *reader, tt_ctx *ctx, tt_env *env, MDB_txn *txn, tt_trust *trust,
                         uint64_t next_number)
{
	*reader = (tt_dict_reader){.ctx = ctx, .env = env, .txn = txn, .trust = trust, .next_number = next_number};
}

void tt_dict_reader_clear(tt_dict_reader *reader)
{
	if (reader->terms) {
		mdb_cursor_close(reader->terms);
		reader->terms = NULL;
	}
	tt_block_cursor_close(&reader->hashes);
	reader->n_terms = 0;
}

static uint64_t checksum_of(tt_view block, uint64_t first)
{
	return XXH3_64bits_withSeed(block.data, block.size - BLOCK_CHECKSUM, first << 8 | TT_TABLE_TERMS);
}

static uint16_t get_u16(const char *bytes)
{
	uint16_t number = 0;
	memcpy(&number, bytes, sizeof number);
	return le16toh(number);
}

/* Verify a block of terms, so that every record in it can be read. */
static bool is_sound_block(tt_dict_reader *reader, tt_view block, uint64_t first)
{
	if (block.size < BLOCK_HEADER + BLOCK_CHECKSUM + 1) {
		return false;
	}
	const size_t n_terms = get_u16(block.data);
	const bool is_big = get_u16(block.data + 2);
	const size_t n_inside = block.size - BLOCK_HEADER - BLOCK_CHECKSUM;
	if (n_terms == 0 || (is_big ? n_terms != 1 : 2 * n_terms > n_inside)) {
		return false;
	}
	if (tt_trust_holds(reader->trust, block.data)) {
		return true;
	}
	uint64_t checksum = 0;
	memcpy(&checksum, block.data + block.size - BLOCK_CHECKSUM, sizeof checksum);
	if (le64toh(checksum) != checksum_of(block, first)) {
		return false;
	}
	size_t before = 0;
	for (size_t i = 0; i < n_terms && !is_big; ++i) {
		const size_t end = get_u16(block.data + BLOCK_HEADER + 2 * i);
		if (end <= before || end > n_inside - 2 * n_terms) {
			return false;
		}
		before = end;
	}
	tt_trust_add(reader->trust, block.data);
	return is_big || before == n_inside - 2 * n_terms;
}

static tt_status enter_block(tt_dict_reader *reader, const MDB_val *key, const MDB_val *value)
{
	const tt_view block = {value->mv_data, value->mv_size};
	const uint64_t first = key->mv_size == 8 ? tt_key_to_u64(key->mv_data) : 0;
	reader->n_terms = 0;
	if (first == 0 || !is_sound_block(reader, block, first)) {
		return tt_env_corrupt(reader->ctx, reader->env, "the table terms has a broken block");
	}
	reader->first = first;
	reader->n_terms = get_u16(block.data);
	reader->block = block;
	return TT_OK;
}

/* Go to the block that should hold a number. */
static tt_status find_block(tt_dict_reader *reader, uint64_t number)
{
	if (!reader->terms) {
		TT_TRY(tt_env_fail(reader->ctx, reader->env,
		                   mdb_cursor_open(reader->txn, reader->env->tables[TT_TABLE_TERMS], &reader->terms)));
	}
	uint8_t wanted[8];
	tt_key_from_u64(number, wanted);
	MDB_val key = {sizeof wanted, wanted};
	MDB_val value;
	int rc = mdb_cursor_get(reader->terms, &key, &value, MDB_SET_RANGE);
	if (rc == MDB_NOTFOUND) {
		rc = mdb_cursor_get(reader->terms, &key, &value, MDB_LAST);
	} else if (rc == 0 && (key.mv_size != 8 || tt_key_to_u64(key.mv_data) != number)) {
		rc = mdb_cursor_get(reader->terms, &key, &value, MDB_PREV);
	}
	TT_TRY(tt_env_fail(reader->ctx, reader->env, rc));
	return enter_block(reader, &key, &value);
}

static tt_view record_in_block(const tt_dict_reader *reader, uint64_t number)
{
	const char *const bytes = reader->block.data;
	if (get_u16(bytes + 2)) {
		return (tt_view){bytes + BLOCK_HEADER, reader->block.size - BLOCK_HEADER - BLOCK_CHECKSUM};
	}
	const size_t i = (size_t)(number - reader->first);
	const char *const ends = bytes + BLOCK_HEADER;
	const char *const records = ends + 2 * reader->n_terms;
	const size_t start = i ? get_u16(ends + 2 * (i - 1)) : 0;
	return (tt_view){records + start, get_u16(ends + 2 * i) - start};
}

tt_status tt_dict_record(tt_dict_reader *reader, uint64_t number, tt_view *out_record)
{
	if (number == 0 || number >= reader->next_number) {
		return tt_fail(reader->ctx, TT_NOT_FOUND, "no term has the number %llu", (unsigned long long)number);
	}
	if (number - reader->first >= reader->n_terms) {
		TT_TRY(find_block(reader, number));
		if (number - reader->first >= reader->n_terms) {
			reader->n_terms = 0;
			return tt_env_corrupt(reader->ctx, reader->env, "the term number %llu is missing",
			                      (unsigned long long)number);
		}
	}
	*out_record = record_in_block(reader, number);
	return TT_OK;
}

/* The IRI of a datatype, from a small cache. */
static tt_status datatype_iri(tt_dict_reader *reader, uint64_t number, tt_view *out_iri)
{
	const size_t slot = number % TT_DICT_CACHE;
	if (reader->datatypes[slot].number != number) {
		tt_view record = TT_VIEW("");
		TT_TRY(tt_dict_record(reader, number, &record));
		if (tt_dict_record_kind(record) != TT_KIND_IRI) {
			return tt_env_corrupt(reader->ctx, reader->env, "a literal has a datatype that is no IRI");
		}
		reader->datatypes[slot].number = number;
		reader->datatypes[slot].iri = tt_view_skip(record, 1);
	}
	*out_iri = reader->datatypes[slot].iri;
	return TT_OK;
}

tt_status tt_dict_term(tt_dict_reader *reader, tt_id id, tt_term *out_term)
{
	tt_view record = TT_VIEW("");
	uint64_t datatype = 0;
	TT_TRY(tt_dict_record(reader, tt_id_payload(id), &record));
	if (tt_dict_record_kind(record) != tt_id_kind(id) || !parse_record(record, out_term, &datatype)) {
		return tt_env_corrupt(reader->ctx, reader->env, "the term number %llu is not of the right kind",
		                      (unsigned long long)tt_id_payload(id));
	}
	return datatype ? datatype_iri(reader, datatype, &out_term->datatype) : TT_OK;
}

static tt_status find_record(tt_dict_reader *reader, tt_view record, uint64_t hash, tt_id *out_id)
{
	const uint64_t key[1] = {hash >> HASH_SHIFT};
	size_t row = 0;
	*out_id = TT_UNBOUND;
	if (reader->next_number == 1) {
		return TT_OK;
	}
	if (!reader->hashes.cursor) {
		TT_TRY(tt_block_cursor_open(&reader->hashes, reader->ctx, reader->env, reader->txn, TT_TABLE_HASHES,
		                            reader->trust));
	}
	TT_TRY(tt_block_cursor_find(&reader->hashes, key, 1, &row));
	while (reader->hashes.is_on_block && tt_block_get(&reader->hashes.block, 0, row) == key[0]) {
		const uint64_t number = tt_block_get(&reader->hashes.block, 1, row);
		tt_view known = TT_VIEW("");
		const tt_status status = tt_dict_record(reader, number, &known);
		if (status == TT_NOT_FOUND) {
			return tt_env_corrupt(reader->ctx, reader->env, "the table hashes has an unknown number");
		}
		TT_TRY(status);
		if (tt_view_equal(known, record)) {
			*out_id = tt_id_make(tt_dict_record_kind(record), number);
			return TT_OK;
		}
		if (++row == reader->hashes.block.n_rows) {
			row = 0;
			TT_TRY(tt_block_cursor_next(&reader->hashes));
		}
	}
	return TT_OK;
}

tt_status tt_dict_find(tt_dict_reader *reader, const tt_term *term, tt_buffer *record, tt_id *out_id)
{
	int tag = term->kind == TT_TERM_IRI ? TAG_IRI : TAG_BLANK;
	tt_id datatype = TT_UNBOUND;
	*out_id = TT_UNBOUND;
	if (term->kind == TT_TERM_LITERAL && needs_datatype_number(term, &tag)) {
		const tt_term iri = tt_term_iri(term->datatype);
		TT_TRY(tt_dict_find(reader, &iri, record, &datatype));
		if (datatype == TT_UNBOUND) {
			return TT_OK;
		}
	}
	TT_TRY(make_record(term, tag, tt_id_payload(datatype), record));
	const tt_view bytes = tt_buffer_view(record);
	return find_record(reader, bytes, hash_record(bytes), out_id);
}

/* ---- terms of a transaction ---------------------------------------------------------------------- */

void tt_dict_writer_init(tt_dict_writer *writer, tt_ctx *ctx, uint64_t next_number)
{
	*writer = (tt_dict_writer){.ctx = ctx, .next_number = next_number};
	tt_map_init(&writer->map, ctx);
	tt_buffer_init(&writer->records, ctx);
	tt_buffer_init(&writer->record, ctx);
}

void tt_dict_writer_clear(tt_dict_writer *writer)
{
	tt_map_clear(&writer->map);
	tt_buffer_clear(&writer->records);
	tt_buffer_clear(&writer->record);
	tt_free(writer->ctx, writer->entries);
	writer->entries = NULL;
	writer->n_entries = 0;
	writer->n_capacity = 0;
	writer->n_flushed = 0;
}

size_t tt_dict_writer_size(const tt_dict_writer *writer)
{
	/* A slot of the map is used between half and full. */
	return writer->n_entries * (sizeof *writer->entries + 2 * sizeof *writer->map.slots) + writer->records.size;
}

static tt_view entry_record(const tt_dict_writer *writer, size_t i)
{
	const uint64_t start = writer->entries[i].offset;
	return (tt_view){writer->records.data + start, (size_t)(writer->entries[i + 1].offset - start)};
}

static tt_status remember(tt_dict_writer *writer, tt_view record, uint64_t hash, tt_id id)
{
	TT_TRY(tt_grow(writer->ctx, (void **)&writer->entries, &writer->n_capacity, writer->n_entries + 2,
	               sizeof *writer->entries));
	const uint64_t offset = writer->records.size;
	TT_TRY(tt_buffer_append(&writer->records, record));
	TT_TRY(tt_map_insert(&writer->map, hash, writer->n_entries));
	writer->entries[writer->n_entries] = (struct tt_dict_entry){hash, offset, id};
	writer->entries[++writer->n_entries].offset = writer->records.size;
	return TT_OK;
}

/* @param is_adding Whether a new term gets a number; else it is TT_UNBOUND. */
static tt_status resolve(tt_dict_writer *writer, tt_dict_reader *reader, const tt_term *term, bool is_adding,
                         tt_id *out_id)
{
	int tag = term->kind == TT_TERM_IRI ? TAG_IRI : TAG_BLANK;
	tt_id datatype = TT_UNBOUND;
	*out_id = TT_UNBOUND;
	if (term->kind == TT_TERM_LITERAL && needs_datatype_number(term, &tag)) {
		const tt_term iri = tt_term_iri(term->datatype);
		TT_TRY(resolve(writer, reader, &iri, is_adding, &datatype));
		if (datatype == TT_UNBOUND) {
			return TT_OK;
		}
	}
	TT_TRY(make_record(term, tag, tt_id_payload(datatype), &writer->record));
	const tt_view record = tt_buffer_view(&writer->record);
	const uint64_t hash = hash_record(record);
	uint64_t cursor = 0;
	uint64_t i = 0;
	while (tt_map_next(&writer->map, hash, &cursor, &i)) {
		if (tt_view_equal(entry_record(writer, (size_t)i), record)) {
			*out_id = writer->entries[i].id;
			return TT_OK;
		}
	}
	TT_TRY(find_record(reader, record, hash, out_id));
	if (*out_id != TT_UNBOUND) {
		return remember(writer, record, hash, *out_id);
	}
	if (!is_adding) {
		return TT_OK;
	}
	*out_id = tt_id_make(tt_dict_record_kind(record), writer->next_number);
	TT_TRY(remember(writer, record, hash, *out_id));
	writer->next_number++;
	return TT_OK;
}

tt_status tt_dict_intern(tt_dict_writer *writer, tt_dict_reader *reader, const tt_term *term, tt_id *out_id)
{
	return resolve(writer, reader, term, true, out_id);
}

tt_status tt_dict_seen(tt_dict_writer *writer, tt_dict_reader *reader, const tt_term *term, tt_id *out_id)
{
	return resolve(writer, reader, term, false, out_id);
}

/* ---- writing ------------------------------------------------------------------------------------ */

/* A block of terms being filled. */
typedef struct {
	tt_ctx *ctx;
	tt_env *env;
	MDB_txn *txn;
	uint64_t first;
	size_t n_terms;
	size_t n_bytes; /* of the records */
	uint16_t ends[TT_BLOCK_SIZE / 2];
	char records[TT_BLOCK_SIZE];
} filler;

static tt_status put_terms(filler *f, tt_view records, bool is_big)
{
	const size_t n_ends = is_big ? 0 : 2 * f->n_terms;
	uint8_t number[8];
	tt_key_from_u64(f->first, number);
	MDB_val key = {sizeof number, number};
	MDB_val value = {BLOCK_HEADER + n_ends + records.size + BLOCK_CHECKSUM, NULL};
	TT_TRY(tt_env_fail(f->ctx, f->env, mdb_put(f->txn, f->env->tables[TT_TABLE_TERMS], &key, &value, MDB_RESERVE)));
	char *const bytes = value.mv_data;
	const uint16_t header[4] = {htole16((uint16_t)f->n_terms), htole16(is_big), 0, 0};
	memcpy(bytes, header, sizeof header);
	for (size_t i = 0; 2 * i < n_ends; ++i) {
		const uint16_t end = htole16(f->ends[i]);
		memcpy(bytes + BLOCK_HEADER + 2 * i, &end, sizeof end);
	}
	memcpy(bytes + BLOCK_HEADER + n_ends, records.data, records.size);
	const uint64_t checksum = htole64(checksum_of((tt_view){bytes, value.mv_size}, f->first));
	memcpy(bytes + value.mv_size - BLOCK_CHECKSUM, &checksum, sizeof checksum);
	f->first += f->n_terms;
	f->n_terms = 0;
	f->n_bytes = 0;
	return TT_OK;
}

static size_t filled_size(const filler *f, size_t n_more)
{
	return BLOCK_HEADER + 2 * (f->n_terms + 1) + f->n_bytes + n_more + BLOCK_CHECKSUM;
}

static tt_status fill(filler *f, tt_view record)
{
	if (f->n_terms && (record.size > TT_BLOCK_SIZE || filled_size(f, record.size) > TT_BLOCK_SIZE)) {
		TT_TRY(put_terms(f, (tt_view){f->records, f->n_bytes}, false));
	}
	if (record.size > TT_BLOCK_SIZE || filled_size(f, record.size) > TT_BLOCK_SIZE) {
		f->n_terms = 1;
		return put_terms(f, record, true);
	}
	memcpy(f->records + f->n_bytes, record.data, record.size);
	f->n_bytes += record.size;
	f->ends[f->n_terms++] = (uint16_t)f->n_bytes;
	return TT_OK;
}

/* Begin with the last block of the table if terms fit behind it. */
static tt_status resume(filler *f, uint64_t first_new)
{
	f->first = first_new;
	if (first_new == 1) {
		return TT_OK;
	}
	tt_dict_reader reader;
	tt_dict_reader_init(&reader, f->ctx, f->env, f->txn, NULL, first_new);
	tt_view record = TT_VIEW("");
	tt_status status = tt_dict_record(&reader, first_new - 1, &record);
	if (status == TT_OK && reader.first + reader.n_terms != first_new) {
		status = tt_env_corrupt(f->ctx, f->env, "the table terms has more terms than it should");
	}
	uint8_t number[8];
	tt_key_from_u64(reader.first, number);
	const MDB_val key = {sizeof number, number};
	const MDB_val value = {reader.block.size, (void *)(uintptr_t)reader.block.data};
	if (status == TT_OK && reader.n_terms && reader.block.size + 64 < TT_BLOCK_SIZE &&
	    !get_u16(reader.block.data + 2) && tt_pages_can_free(f->txn, &key, &value)) {
		for (uint64_t n = reader.first; n < first_new && status == TT_OK; ++n) {
			status = fill(f, record_in_block(&reader, n));
		}
		f->first = reader.first;
	}
	tt_dict_reader_clear(&reader);
	return status;
}

static tt_status sort_and_put_hashes(const tt_dict_writer *writer, tt_env *env, MDB_txn *txn, uint64_t first_new,
                                     tt_row **rows, tt_row **scratch, size_t n_new)
{
	const tt_sort_key key = {0, UINT64_MAX};
	size_t n = n_new;
	tt_sort_rows(rows, scratch, n, &key, 1);
	TT_TRY(first_new == 1 ? tt_table_append(writer->ctx, env, txn, TT_TABLE_HASHES, *rows, n)
	                      : tt_table_merge(writer->ctx, env, txn, TT_TABLE_HASHES, *rows, &n));
	return n == n_new ? TT_OK
	                  : tt_env_corrupt(writer->ctx, env, "the table hashes has numbers that it should not have");
}

static tt_status flush_hashes(const tt_dict_writer *writer, tt_env *env, MDB_txn *txn, uint64_t first_new, size_t n_new)
{
	tt_row *rows = tt_calloc(writer->ctx, n_new, sizeof *rows);
	tt_row *scratch = tt_calloc(writer->ctx, n_new, sizeof *scratch);
	tt_status status = TT_NO_MEMORY;
	if (!rows || !scratch) {
		status = writer->ctx->error.status;
		goto done;
	}
	size_t n = 0;
	for (size_t i = writer->n_flushed; i < writer->n_entries; ++i) {
		const uint64_t number = tt_id_payload(writer->entries[i].id);
		if (number >= first_new) {
			rows[n++] = (tt_row){{writer->entries[i].hash >> HASH_SHIFT, number, 0, 0}};
		}
	}
	status = sort_and_put_hashes(writer, env, txn, first_new, &rows, &scratch, n);
done:
	tt_free(writer->ctx, rows);
	tt_free(writer->ctx, scratch);
	return status;
}

tt_status tt_dict_flush(tt_dict_writer *writer, tt_env *env, MDB_txn *txn, uint64_t first_new)
{
	if (writer->next_number == first_new) {
		writer->n_flushed = writer->n_entries;
		return TT_OK;
	}
	filler *const f = tt_calloc(writer->ctx, 1, sizeof *f);
	if (!f) {
		return writer->ctx->error.status;
	}
	f->ctx = writer->ctx;
	f->env = env;
	f->txn = txn;
	size_t n_new = 0;
	tt_status status = resume(f, first_new);
	for (size_t i = writer->n_flushed; status == TT_OK && i < writer->n_entries; ++i) {
		if (tt_id_payload(writer->entries[i].id) >= first_new) {
			status = fill(f, entry_record(writer, i));
			n_new++;
		}
	}
	if (status == TT_OK && f->n_terms) {
		status = put_terms(f, (tt_view){f->records, f->n_bytes}, false);
	}
	tt_free(writer->ctx, f);
	status = status == TT_OK ? flush_hashes(writer, env, txn, first_new, n_new) : status;
	writer->n_flushed = status == TT_OK ? writer->n_entries : writer->n_flushed;
	return status;
}
