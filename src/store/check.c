/* check.c - verify a store from the pages up.
 *
 * First LMDB's own pages (pages.h); if they are damaged nothing above them can be read. Then the
 * dictionary, which tells the kind of every number; then each permutation in one pass, which
 * proves order and checksums, and gathers what the others must agree with: the number of quads, a sum
 * of hashes that does not depend on their order, and the groups that the statistics count.
 */
#include "store/native.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "store/pages.h"

/* What one pass over a permutation finds. */
typedef struct {
	uint64_t n_rows;
	uint64_t sum; /* of the hashes of its quads */
	uint64_t n_named, named_sum;
	uint64_t n_groups[TT_BLOCK_COLUMNS]; /* how many different first 1, 2, … columns */
} table_sum;

/* A predicate, or a graph, with counts from a pass. */
typedef struct {
	tt_id id;
	uint64_t n_quads;
	uint64_t n_groups; /* different second columns */
} first_count;

typedef struct {
	tt_ctx *ctx;
	tt_native_snapshot *snapshot;
	tt_env *env;
	tt_check_report report;
	void *user;
	tt_check_result *result;
	uint8_t *kinds; /* kind of each dictionary number */
	uint64_t n_kinds;
	uint64_t hash_sum; /* over (hash, number) of all terms */
	table_sum sums[TT_N_PERMS];
	first_count *firsts; /* of the permutation being read */
	size_t n_firsts;
	size_t n_capacity;
	tt_row rows[TT_BLOCK_MAX_ROWS];
} checker;

/* ---- reporting ---------------------------------------------------------------------------------- */

static void report_damage(checker *c, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void report_damage(checker *c, const char *format, ...)
{
	char text[512];
	va_list arguments;
	va_start(arguments, format);
	(void)vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	c->result->n_damages++;
	if (c->report) {
		c->report(c->user, text);
	}
}

/* Report a status that means damage; TT_OK: the check can go on elsewhere. */
static tt_status absorb(checker *c, tt_status status)
{
	if (status == TT_CORRUPT || status == TT_NOT_FOUND) {
		report_damage(c, "%s", c->ctx->error.text);
		return TT_OK;
	}
	return status;
}

static void expect(checker *c, const char *what, uint64_t stored, uint64_t counted)
{
	if (stored != counted) {
		report_damage(c, "the store says that it has %" PRIu64 " %s, but it has %" PRIu64, stored, what, counted);
	}
}

/* ---- dictionary --------------------------------------------------------------------------------- */

static uint64_t hash_pair(uint64_t hash, uint64_t number)
{
	return tt_hash_u64(hash * 31 + tt_hash_u64(number));
}

static void check_record(checker *c, uint64_t number, tt_view record)
{
	uint64_t datatype = 0;
	if (!tt_dict_record_is_sound(record, &datatype)) {
		report_damage(c, "the term number %" PRIu64 " is not well formed", number);
		return;
	}
	/* The datatype of a literal is always interned before it. */
	if (datatype && (datatype >= number || c->kinds[datatype] != TT_KIND_IRI)) {
		report_damage(c, "the literal number %" PRIu64 " has a datatype that is no IRI", number);
		return;
	}
	c->kinds[number] = (uint8_t)tt_dict_record_kind(record);
	c->hash_sum += hash_pair(tt_dict_hash_column(record), number);
	tt_term term;
	tt_id id = TT_UNBOUND;
	const tt_status status = tt_dict_term(&c->snapshot->terms, tt_id_make(c->kinds[number], number), &term);
	if (status != TT_OK || tt_value_from_term(&term, &id)) {
		report_damage(c, "the term number %" PRIu64 " should not be in the dictionary", number);
	}
}

static tt_status check_terms(checker *c)
{
	tt_dict_reader *const reader = &c->snapshot->terms;
	const uint64_t n_numbers = c->snapshot->state.next_number;
	MDB_stat info;
	TT_TRY(tt_env_fail(c->ctx, c->env, mdb_stat(c->snapshot->txn, c->env->tables[TT_TABLE_TERMS], &info)));
	if (n_numbers == 0 || n_numbers > (uint64_t)info.ms_entries * TT_BLOCK_MAX_ROWS + 1) {
		report_damage(c, "the dictionary is smaller than it should be");
		return TT_OK;
	}
	c->kinds = tt_calloc(c->ctx, n_numbers, 1);
	if (!c->kinds) {
		return c->ctx->error.status;
	}
	c->n_kinds = n_numbers;
	uint64_t n_blocks = 0;
	uint64_t last_block = 0;
	for (uint64_t number = 1; number < n_numbers; ++number) {
		tt_view record = {NULL, 0};
		const tt_status status = tt_dict_record(reader, number, &record);
		if (status != TT_OK) {
			return absorb(c, status); /* what is behind a broken block cannot be told */
		}
		if (reader->first != last_block) {
			last_block = reader->first;
			n_blocks++;
			TT_TRY(tt_ctx_poll(c->ctx));
		}
		check_record(c, number, record);
		c->result->n_terms++;
	}
	c->result->n_blocks += n_blocks;
	expect(c, "blocks of terms", info.ms_entries, n_blocks);
	tt_view last = {NULL, 0};
	const tt_status status = n_numbers > 1 ? tt_dict_record(reader, n_numbers - 1, &last) : TT_OK;
	if (status == TT_OK && n_numbers > 1 && reader->first + reader->n_terms != n_numbers) {
		report_damage(c, "the last block of terms holds more terms than it should");
	}
	return absorb(c, status);
}

/* Two terms of the same hash must differ. */
static tt_status compare_terms(checker *c, uint64_t a, uint64_t b)
{
	tt_buffer copy;
	tt_view record = {NULL, 0};
	tt_buffer_init(&copy, c->ctx);
	tt_status status = tt_dict_record(&c->snapshot->terms, a, &record);
	status = status == TT_OK ? tt_buffer_append(&copy, record) : status;
	status = status == TT_OK ? tt_dict_record(&c->snapshot->terms, b, &record) : status;
	if (status == TT_OK && tt_view_equal(tt_buffer_view(&copy), record)) {
		report_damage(c, "the terms number %" PRIu64 " and %" PRIu64 " are the same", a, b);
	}
	tt_buffer_clear(&copy);
	return absorb(c, status);
}

/* ---- tables of blocks --------------------------------------------------------------------------- */

typedef tt_status (*take_row)(checker *c, unsigned table, const tt_row *row, const tt_row *before, unsigned n_common);

/* How many leading columns two rows share; *out_is_less: whether @p a comes before @p b. */
static unsigned common_columns(const tt_row *a, const tt_row *b, tt_row_order order, bool *out_is_less)
{
	for (unsigned i = 0; i < TT_BLOCK_COLUMNS; ++i) {
		const unsigned word = order.word[i];
		if (a->word[word] != b->word[word]) {
			*out_is_less = a->word[word] < b->word[word];
			return i;
		}
	}
	*out_is_less = false;
	return TT_BLOCK_COLUMNS;
}

/* Where a walk through a table is. */
typedef struct {
	unsigned table;
	take_row take;
	tt_row before;
	bool has_before;
} row_walk;

static tt_status each_row_of_block(checker *c, row_walk *walk, const tt_block *block)
{
	const tt_row_order order = tt_table_order(walk->table);
	tt_block_decode_rows(block, order, c->rows);
	c->result->n_blocks++;
	for (size_t i = 0; i < block->n_rows; ++i) {
		bool is_less = true;
		const unsigned n_common = walk->has_before ? common_columns(&walk->before, &c->rows[i], order, &is_less) : 0;
		if (!is_less) {
			report_damage(c, "the table %s has rows out of order", tt_table_name(walk->table));
		}
		TT_TRY(walk->take(c, walk->table, &c->rows[i], walk->has_before ? &walk->before : NULL, n_common));
		walk->before = c->rows[i];
		walk->has_before = true;
	}
	return tt_ctx_poll(c->ctx);
}

/* Go through all rows of a table. Broken blocks are reported and left out. */
static tt_status each_row(checker *c, unsigned table, take_row take)
{
	row_walk walk = {.table = table, .take = take};
	tt_block_cursor cursor;
	MDB_stat info;
	TT_TRY(tt_env_fail(c->ctx, c->env, mdb_stat(c->snapshot->txn, c->env->tables[table], &info)));
	TT_TRY(tt_block_cursor_open(&cursor, c->ctx, c->env, c->snapshot->txn, table, NULL));
	tt_status status = tt_block_cursor_first(&cursor);
	/* Counted, so that a damage that repeats itself comes to an end. */
	for (size_t n_left = info.ms_entries; n_left > 0 && (status == TT_OK || status == TT_CORRUPT); --n_left) {
		if (status == TT_CORRUPT) {
			report_damage(c, "%s", c->ctx->error.text);
		} else if (cursor.is_on_block) {
			TT_TRY_DONE(each_row_of_block(c, &walk, &cursor.block));
		}
		status = tt_block_cursor_next(&cursor);
	}
	status = absorb(c, status);
done:
	tt_block_cursor_close(&cursor);
	return status;
}

static tt_status take_hash(checker *c, unsigned table, const tt_row *row, const tt_row *before, unsigned n_common)
{
	(void)table;
	c->sums[0].n_rows++;
	c->sums[0].sum += hash_pair(row->word[0], row->word[1]);
	return before && n_common == 1 ? compare_terms(c, before->word[1], row->word[1]) : TT_OK;
}

static tt_status check_hashes(checker *c)
{
	c->sums[0] = (table_sum){0};
	TT_TRY(each_row(c, TT_TABLE_HASHES, take_hash));
	expect(c, "terms", c->snapshot->state.next_number - 1, c->sums[0].n_rows);
	if (c->sums[0].sum != c->hash_sum) {
		report_damage(c, "the tables hashes and terms do not fit");
	}
	return TT_OK;
}

static bool is_known_id(const checker *c, tt_id id)
{
	if (tt_id_kind(id) == TT_KIND_BLANK) {
		return tt_id_payload(id) < c->snapshot->state.next_blank;
	}
	return tt_id_is_inline(id) ||
	       (tt_id_is_dictionary(id) && tt_id_payload(id) < c->n_kinds && c->kinds[tt_id_payload(id)] == tt_id_kind(id));
}

static void check_ids(checker *c, const tt_row *row)
{
	for (unsigned w = 0; w < TT_BLOCK_COLUMNS; ++w) {
		const tt_id id = row->word[w];
		if (!is_known_id(c, id) && (w != TT_GRAPH || id != TT_DEFAULT_GRAPH)) {
			report_damage(c, "a quad has the id %016" PRIx64 ", which no term has", id);
		}
	}
}

static tt_status take_quad(checker *c, unsigned table, const tt_row *row, const tt_row *before, unsigned n_common)
{
	table_sum *const sum = &c->sums[table];
	uint64_t hash = 0;
	for (unsigned w = 0; w < TT_BLOCK_COLUMNS; ++w) {
		hash = tt_hash_u64(hash * 31 + row->word[w]);
	}
	const bool is_named = row->word[TT_GRAPH] != TT_DEFAULT_GRAPH;
	sum->n_rows++;
	sum->sum += hash;
	sum->n_named += is_named;
	sum->named_sum += is_named ? hash : 0;
	for (unsigned i = n_common; i < TT_BLOCK_COLUMNS; ++i) {
		sum->n_groups[i]++;
	}
	if (table == TT_SPO) {
		check_ids(c, row);
	}
	if (table != TT_PSO && table != TT_POS && table != TT_GSPO) {
		return TT_OK;
	}
	if (!before || n_common == 0) {
		TT_TRY(tt_grow(c->ctx, (void **)&c->firsts, &c->n_capacity, c->n_firsts + 1, sizeof *c->firsts));
		c->firsts[c->n_firsts++] = (first_count){.id = row->word[tt_table_order(table).word[0]]};
	}
	c->firsts[c->n_firsts - 1].n_quads++;
	c->firsts[c->n_firsts - 1].n_groups += n_common <= 1;
	return TT_OK;
}

/* ---- statistics --------------------------------------------------------------------------------- */

static tt_status check_predicates(checker *c, bool is_by_subject)
{
	const tt_predicate_stats *stored = NULL;
	size_t n_stored = 0;
	const tt_status status = tt_native_predicates(&c->snapshot->base, &stored, &n_stored);
	if (status != TT_OK) {
		return absorb(c, status);
	}
	expect(c, "predicates with statistics", n_stored, c->n_firsts);
	for (size_t i = 0; i < n_stored && i < c->n_firsts; ++i) {
		const first_count *const counted = &c->firsts[i];
		const uint64_t n_distinct = is_by_subject ? stored[i].n_subjects : stored[i].n_objects;
		if (stored[i].predicate != counted->id || stored[i].n_quads != counted->n_quads ||
		    n_distinct != counted->n_groups) {
			report_damage(c, "the statistics of the predicate with the id %016" PRIx64 " are wrong", counted->id);
		}
	}
	return TT_OK;
}

static tt_status check_graphs(checker *c)
{
	const tt_id *stored = NULL;
	size_t n_stored = 0;
	tt_status status = tt_native_graphs(&c->snapshot->base, &stored, &n_stored);
	if (status != TT_OK) {
		return absorb(c, status);
	}
	expect(c, "named graphs", n_stored, c->n_firsts);
	for (size_t i = 0; i < n_stored && i < c->n_firsts && status == TT_OK; ++i) {
		uint64_t n_quads = 0;
		status = tt_native_get_graph(c->ctx, c->env, c->snapshot->txn, stored[i], &n_quads);
		if (status == TT_OK && (stored[i] != c->firsts[i].id || n_quads != c->firsts[i].n_quads)) {
			report_damage(c, "the size of the graph with the id %016" PRIx64 " is wrong", c->firsts[i].id);
		}
	}
	return absorb(c, status);
}

static void check_state(checker *c)
{
	const tt_state *const state = &c->snapshot->state;
	const table_sum *const spo = &c->sums[TT_SPO];
	expect(c, "quads", state->n_quads, spo->n_rows);
	expect(c, "quads in the default graph", state->n_default_quads, spo->n_rows - spo->n_named);
	expect(c, "triples", state->n_triples, spo->n_groups[2]);
	expect(c, "subjects", state->n_subjects, spo->n_groups[0]);
	expect(c, "predicates", state->n_predicates, c->sums[TT_PSO].n_groups[0]);
	expect(c, "objects", state->n_objects, c->sums[TT_OSP].n_groups[0]);
	expect(c, "named graphs", state->n_named_graphs, c->sums[TT_GSPO].n_groups[0]);
	for (unsigned t = TT_SPO + 1; t < TT_N_PERMS; ++t) {
		const bool is_named_only = t >= TT_GSPO;
		if (c->sums[t].n_rows != (is_named_only ? spo->n_named : spo->n_rows) ||
		    c->sums[t].sum != (is_named_only ? spo->named_sum : spo->sum)) {
			report_damage(c, "the tables SPO and %s do not hold the same quads", tt_table_name(t));
		}
	}
	c->result->n_quads = spo->n_rows;
}

static tt_status check_permutations(checker *c)
{
	for (unsigned t = 0; t < TT_N_PERMS; ++t) {
		c->sums[t] = (table_sum){0};
		c->n_firsts = 0;
		TT_TRY(each_row(c, t, take_quad));
		if (t == TT_PSO || t == TT_POS) {
			TT_TRY(check_predicates(c, t == TT_PSO));
		} else if (t == TT_GSPO) {
			TT_TRY(check_graphs(c));
		}
	}
	check_state(c);
	return TT_OK;
}

static tt_status check_prefixes(checker *c)
{
	tt_view name;
	tt_view iri;
	size_t n = 0;
	tt_status status = TT_OK;
	for (; status == TT_OK; ++n) {
		status = c->snapshot->base.backend->prefix(&c->snapshot->base, n, &name, &iri);
	}
	return status == TT_NOT_FOUND ? TT_OK : absorb(c, status);
}

static tt_status check_all(checker *c)
{
	const tt_status status = tt_pages_verify(c->ctx, c->env, c->snapshot->txn, true, 0);
	if (status != TT_OK) {
		return absorb(c, status);
	}
	TT_TRY(check_terms(c));
	TT_TRY(check_hashes(c));
	TT_TRY(check_permutations(c));
	return check_prefixes(c);
}

tt_status tt_native_check(tt_ctx *ctx, tt_store *store, tt_check_report report, void *user, tt_check_result *out_result)
{
	checker *const c = tt_calloc(ctx, 1, sizeof *c);
	if (!c) {
		return ctx->error.status;
	}
	c->ctx = ctx;
	c->env = &((tt_native_store *)store)->env;
	c->report = report;
	c->user = user;
	c->result = out_result;
	tt_snapshot *snapshot = NULL;
	tt_status status = tt_snapshot_begin(ctx, store, &snapshot);
	c->snapshot = (tt_native_snapshot *)snapshot;
	status = status == TT_OK ? check_all(c) : absorb(c, status);
	tt_free(ctx, c->kinds);
	tt_free(ctx, c->firsts);
	tt_free(ctx, c);
	tt_snapshot_end(snapshot);
	return status;
}
