/* Loading: transactions that put what they gather out of memory are compared with those that keep it; reading ahead,
 * compressed files, files with bad statements, failing allocations. */
#include "store_fixture.h"

#include <zlib.h>
#include <zstd.h>

#include "base/file.h"

/* So little that a few hundred changes are many runs. */
enum { LITTLE_MEMORY = 64 * 1024, SMALL_MAP = 256 * 1024 };

/* ---- random changes, beside a store that keeps all in memory -------------------------------------- */

static void random_term(char *text, size_t n_text, uint64_t n_different, tt_term *out)
{
	const uint64_t n = below(n_different);
	(void)snprintf(text, n_text, "http://example.org/a-resource-of-some-length/%llu", (unsigned long long)n);
	*out = tt_term_iri(tt_view_of(text));
	if (n % 3 == 1) {
		*out = tt_term_lang(tt_view_of(text), TT_VIEW("en"));
	} else if (n % 3 == 2) {
		*out = tt_term_typed(tt_view_of(text), TT_VIEW("http://example.org/datatype"));
	}
}

static tt_id intern(tt_txn *txn, const tt_term *term)
{
	tt_id id = TT_UNBOUND;
	OK(tt_txn_intern(txn, term, &id));
	return id;
}

static tt_quad random_quad(tt_txn *const txns[2], uint64_t n_terms)
{
	char texts[4][80];
	tt_term terms[4];
	for (unsigned i = 0; i < 4; ++i) {
		random_term(texts[i], sizeof texts[i], i == 1 ? 5 : i == 3 ? 4 : n_terms, &terms[i]);
	}
	tt_quad quad = {0};
	for (unsigned t = 0; t < 2; ++t) {
		const tt_quad own = {intern(txns[t], &terms[0]), intern(txns[t], &terms[1]), intern(txns[t], &terms[2]),
		                     terms[3].kind == TT_TERM_IRI ? intern(txns[t], &terms[3]) : TT_DEFAULT_GRAPH};
		CHECK(t == 0 || memcmp(&quad, &own, sizeof quad) == 0);
		quad = own;
	}
	return quad;
}

typedef struct change_list {
	tt_quad *quads;
	size_t n;
} change_list;

static tt_status list_change(void *user, const tt_quad *quad, bool is_removal)
{
	change_list *const list = user;
	list->quads = realloc(list->quads, (list->n + 1) * sizeof *list->quads);
	list->quads[list->n] = *quad;
	list->quads[list->n++].graph |= is_removal ? TT_ROW_IS_REMOVED : 0;
	return TT_OK;
}

static void require_same_changes(tt_txn *const txns[2])
{
	change_list lists[2] = {{0}};
	for (unsigned t = 0; t < 2; ++t) {
		OK(tt_txn_changes(txns[t], list_change, &lists[t]));
	}
	CHECK(lists[0].n == lists[1].n);
	CHECK(!lists[0].n || memcmp(lists[0].quads, lists[1].quads, lists[0].n * sizeof(tt_quad)) == 0);
	free(lists[0].quads);
	free(lists[1].quads);
}

static void require_same_scans(tt_snapshot *const snapshots[2], tt_perm perm)
{
	enum { N_AT_ONCE = 257 };
	const tt_scan_spec spec = {.perm = perm, .choice = perm >= TT_GSPO ? TT_GRAPHS_NAMED : TT_GRAPHS_ALL};
	tt_scan *scans[2];
	size_t n[2] = {1, 1};
	for (unsigned s = 0; s < 2; ++s) {
		OK(tt_scan_open(snapshots[s], &spec, &scans[s]));
	}
	while (n[0]) {
		tt_id ids[2][4][N_AT_ONCE];
		memset(ids, 0, sizeof ids);
		for (unsigned s = 0; s < 2; ++s) {
			tt_id *const columns[4] = {ids[s][0], ids[s][1], ids[s][2], ids[s][3]};
			OK(tt_scan_next(scans[s], columns, N_AT_ONCE, &n[s]));
		}
		CHECK(n[0] == n[1] && memcmp(ids[0], ids[1], sizeof ids[0]) == 0);
	}
	tt_scan_close(scans[0]);
	tt_scan_close(scans[1]);
}

static void require_same_snapshots(tt_snapshot *const snapshots[2])
{
	tt_store_stats stats[2];
	const tt_predicate_stats *predicates[2];
	size_t n[2];
	for (unsigned s = 0; s < 2; ++s) {
		OK(tt_snapshot_stats(snapshots[s], &stats[s]));
		OK(tt_snapshot_predicates(snapshots[s], &predicates[s], &n[s]));
	}
	CHECK(memcmp(&stats[0], &stats[1], sizeof stats[0]) == 0);
	CHECK(n[0] == n[1] && (!n[0] || memcmp(predicates[0], predicates[1], n[0] * sizeof **predicates) == 0));
	for (unsigned perm = 0; perm < TT_N_PERMS; ++perm) {
		require_same_scans(snapshots, (tt_perm)perm);
	}
	for (uint64_t number = 1; number <= stats[0].n_terms; number += 1 + below(50)) {
		tt_term terms[2] = {{0}};
		tt_status status[2];
		for (unsigned s = 0; s < 2; ++s) {
			tt_scratch scratch;
			status[s] = tt_snapshot_term(snapshots[s], tt_id_make(TT_KIND_IRI, number), &scratch, &terms[s]);
		}
		CHECK(status[0] == status[1] && (status[0] || tt_view_equal(terms[0].text, terms[1].text)));
	}
	tt_ctx_clear_error(&ctx);
}

static void require_sound(tt_store *store)
{
	tt_check_result result;
	OK(tt_store_check(&ctx, store, print_damage, NULL, &result));
	CHECK(result.n_damages == 0);
}

static void require_same_stores(tt_store *const stores[2])
{
	tt_snapshot *snapshots[2];
	for (unsigned s = 0; s < 2; ++s) {
		require_sound(stores[s]);
		OK(tt_snapshot_begin(&ctx, stores[s], &snapshots[s]));
	}
	require_same_snapshots(snapshots);
	tt_snapshot_end(snapshots[0]);
	tt_snapshot_end(snapshots[1]);
}

/* One transaction with the same changes, marks, undoings and looks at itself in both stores. */
static void run_transaction(tt_store *const stores[2], uint64_t n_changes, uint64_t n_terms, bool has_looks)
{
	tt_txn *txns[2];
	tt_txn_mark marks[2];
	uint64_t counts[2][2];
	for (unsigned t = 0; t < 2; ++t) {
		OK(tt_txn_begin(&ctx, stores[t], true, &txns[t]));
		marks[t] = tt_txn_get_mark(txns[t]);
	}
	tt_txn_set_memory(txns[1], LITTLE_MEMORY);
	for (uint64_t i = 0; i < n_changes; ++i) {
		const tt_quad quad = random_quad(txns, n_terms);
		const bool is_removal = below(4) == 0;
		const uint64_t what = has_looks ? below(1500) : SIZE_MAX;
		tt_snapshot *snapshots[2];
		for (unsigned t = 0; t < 2; ++t) {
			OK(is_removal ? tt_txn_remove(txns[t], &quad) : tt_txn_add(txns[t], &quad));
			if (what == 0) {
				tt_txn_undo(txns[t], marks[t]);
			} else if (what < 3) {
				marks[t] = tt_txn_get_mark(txns[t]);
			} else if (what == 3) {
				OK(tt_txn_snapshot(&ctx, txns[t], &snapshots[t]));
			}
		}
		if (what == 3) {
			require_same_snapshots(snapshots);
			tt_snapshot_end(snapshots[0]);
			tt_snapshot_end(snapshots[1]);
		} else if (what == 4) {
			require_same_changes(txns);
		}
	}
	require_same_changes(txns);
	for (unsigned t = 0; t < 2; ++t) {
		OK(tt_txn_commit(txns[t], &counts[t][0], &counts[t][1]));
	}
	CHECK(memcmp(counts[0], counts[1], sizeof counts[0]) == 0);
}

static void compare_stores(size_t map_size, bool has_looks)
{
	tt_store *stores[2];
	make_directory();
	OK(tt_store_open_memory(&ctx, &stores[0]));
	OK(tt_native_open(&ctx, directory, TT_OPEN_CREATE, map_size, &stores[1]));
	for (unsigned round = 0; round < 4; ++round) {
		run_transaction(stores, 1 + below(6000), 1 + below(3000), has_looks);
		require_same_stores(stores);
		CHECK(count_entries(directory) == 2); /* no temporary file */
	}
	tt_store_close(stores[0]);
	tt_store_close(stores[1]);
	remove_directory();
}

static void test_spilling(void **state)
{
	(void)state;
	compare_stores(0, false);
}

static void test_spilling_with_looks(void **state)
{
	(void)state;
	compare_stores(0, true);
}

/* The write transaction begins anew when the map is full: spilled terms are written again. */
static void test_spilling_in_small_map(void **state)
{
	(void)state;
	compare_stores(SMALL_MAP, true);
}

/* ---- files ---------------------------------------------------------------------------------------- */

/* N-Triples, large enough to be read ahead: blank nodes, texts longer than a batch, repetitions. */
static char *make_triples(size_t n_lines, size_t *out_n)
{
	char *text = NULL;
	FILE *const stream = open_memstream(&text, out_n);
	for (size_t i = 0; i < n_lines; ++i) {
		const unsigned long long s = below(n_lines / 4 + 1);
		const unsigned long long o = below(n_lines);
		if (below(3) == 0) {
			(void)fprintf(stream, "_:b%llu <http://example.org/p> \"%llu\"@en .\n", s, o);
		} else if (i == n_lines / 2) {
			(void)fprintf(stream, "<http://example.org/s> <http://example.org/long> \"%0300000d\" .\n", 7);
		} else {
			(void)fprintf(
			    stream, "<http://example.org/a-subject/%llu> <http://example.org/p%llu> <http://example.org/%llu> .\n",
			    s, s % 7, o);
		}
	}
	(void)fclose(stream);
	return text;
}

static tt_status load(tt_store *store, const char *path, size_t memory, const tt_load_options *options, uint64_t *out_n)
{
	tt_txn *txn = NULL;
	TT_TRY(tt_txn_begin(&ctx, store, true, &txn));
	tt_txn_set_memory(txn, memory);
	const tt_status status = tt_load_file(&ctx, txn, path, options, out_n);
	if (status != TT_OK) {
		tt_txn_abort(txn);
		return status;
	}
	return tt_txn_commit(txn, NULL, NULL);
}

static tt_status load_bytes(tt_store *store, const char *text, size_t n_text)
{
	const tt_load_options options = {.syntax = TT_RDF_NTRIPLES, .base = "http://example.org/"};
	tt_txn *txn = NULL;
	TT_TRY(tt_txn_begin(&ctx, store, true, &txn));
	const tt_status status = tt_load_bytes(&ctx, txn, (tt_view){text, n_text}, &options, NULL);
	if (status != TT_OK) {
		tt_txn_abort(txn);
		return status;
	}
	return tt_txn_commit(txn, NULL, NULL);
}

static uint64_t last_position;

static void watch(void *user, const tt_load_progress *progress)
{
	CHECK(progress->n_bytes >= last_position && progress->n_bytes <= progress->n_bytes_total);
	last_position = progress->n_bytes;
	*(uint64_t *)user = progress->n_statements;
}

static void test_reading_ahead(void **state)
{
	(void)state;
	size_t n_text = 0;
	uint64_t n_watched = 0;
	uint64_t n_statements = 0;
	char *const text = make_triples(20000, &n_text);
	tt_store *stores[2];
	make_directory();
	const char *const path = file_in_directory("data.nt");
	write_file(path, text, n_text);
	OK(tt_store_open_memory(&ctx, &stores[0]));
	OK(tt_store_open_memory(&ctx, &stores[1]));
	for (unsigned round = 0; round < 2; ++round) { /* into the empty store, and into the filled one */
		const tt_load_options options = {.progress = watch, .progress_user = &n_watched};
		last_position = 0;
		OK(load_bytes(stores[0], text, n_text));
		OK(load(stores[1], path, LITTLE_MEMORY, &options, &n_statements));
		CHECK(n_statements == 20000 && n_watched == n_statements && last_position == n_text);
		require_same_stores(stores);
	}
	tt_store_close(stores[0]);
	tt_store_close(stores[1]);
	remove_directory();
	free(text);
}

static volatile sig_atomic_t is_cancelled;

static void cancel(void *user, const tt_load_progress *progress)
{
	(void)user;
	(void)progress;
	is_cancelled = 1;
}

static void require_empty(tt_store *store)
{
	tt_snapshot *snapshot = NULL;
	tt_store_stats stats;
	OK(tt_snapshot_begin(&ctx, store, &snapshot));
	OK(tt_snapshot_stats(snapshot, &stats));
	CHECK(stats.n_quads == 0 && stats.n_terms == 0);
	tt_snapshot_end(snapshot);
}

static void test_load_that_fails(void **state)
{
	(void)state;
	size_t n_text = 0;
	char *const text = make_triples(20000, &n_text);
	tt_store *store = NULL;
	make_directory();
	const char *const path = file_in_directory("data.nt");
	OK(tt_store_open_memory(&ctx, &store));
	/* an error in the middle: behind a line end some way on */
	char *const middle = memchr(text + n_text / 10 * 9, '\n', n_text / 10);
	size_t line = 2;
	for (const char *c = text; c < middle; ++c) {
		line += *c == '\n';
	}
	middle[3] = ' ';
	write_file(path, text, n_text);
	assert_int_equal(load(store, path, LITTLE_MEMORY, NULL, NULL), TT_SYNTAX);
	assert_int_equal(ctx.error.line, line);
	assert_true(ctx.error.column > 0);
	assert_string_equal(ctx.error.file, path);
	require_empty(store);
	/* cancelled */
	const tt_load_options options = {.progress = cancel};
	ctx.cancel = &is_cancelled;
	assert_int_equal(load(store, path, LITTLE_MEMORY, &options, NULL), TT_CANCELLED);
	ctx.cancel = NULL;
	require_empty(store);
	tt_store_close(store);
	remove_directory();
	free(text);
}

static void test_failing_allocations(void **state)
{
	(void)state;
	if (!tt_mem_fail_nth(0)) {
		skip();
	}
	size_t n_text = 0;
	char *const text = make_triples(9000, &n_text);
	bool has_failed = true;
	make_directory();
	const char *const path = file_in_directory("data.nt");
	write_file(path, text, n_text);
	for (unsigned long n_th = 1; has_failed; n_th += 1 + n_th / 8) {
		tt_store *store = NULL;
		OK(tt_store_open_memory(&ctx, &store));
		(void)tt_mem_fail_nth(n_th);
		const tt_status status = load(store, path, LITTLE_MEMORY, NULL, NULL);
		has_failed = tt_mem_has_failed();
		(void)tt_mem_fail_nth(0);
		if (status != (has_failed ? TT_NO_MEMORY : TT_OK)) {
			fail_msg("allocation %lu: %s: %s (TT_SEED=%llu)", n_th, tt_status_name(status), ctx.error.text,
			         (unsigned long long)seed);
		}
		if (has_failed) {
			require_empty(store);
		} else {
			require_sound(store);
		}
		tt_store_close(store);
	}
	remove_directory();
	free(text);
}

/* ---- compressed input ----------------------------------------------------------------------------- */

static size_t compress_gzip(const char *text, size_t n_text, char *out, size_t n_out)
{
	z_stream z = {.next_in = (unsigned char *)(uintptr_t)text,
	              .avail_in = (unsigned)n_text,
	              .next_out = (unsigned char *)out,
	              .avail_out = (unsigned)n_out};
	CHECK(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
	CHECK(deflate(&z, Z_FINISH) == Z_STREAM_END);
	(void)deflateEnd(&z);
	return n_out - z.avail_out;
}

static size_t compress_zstd(const char *text, size_t n_text, char *out, size_t n_out)
{
	ZSTD_CCtx *const zstd = ZSTD_createCCtx();
	CHECK(!ZSTD_isError(ZSTD_CCtx_setParameter(zstd, ZSTD_c_checksumFlag, 1)));
	const size_t n = ZSTD_compress2(zstd, out, n_out, text, n_text);
	CHECK(!ZSTD_isError(n));
	(void)ZSTD_freeCCtx(zstd);
	return n;
}

/* Read a file to its end; *out_n: how many bytes came, all of which must be those of the text (again and again). */
static tt_status read_all(const char *path, const char *text, size_t n_text, size_t *out_n)
{
	tt_input *input = NULL;
	*out_n = 0;
	TT_TRY(tt_input_open(&ctx, path, &input));
	tt_status status = TT_OK;
	size_t n = 1;
	while (status == TT_OK && n) {
		char bytes[4000];
		status = tt_input_read(input, bytes, 1 + below(sizeof bytes), &n);
		for (size_t i = 0; i < n && status == TT_OK; ++i) {
			CHECK(bytes[i] == text[(*out_n + i) % n_text]);
		}
		*out_n += n;
	}
	CHECK(status != TT_OK || tt_input_position(input) == tt_input_size(input));
	tt_input_close(input);
	return status;
}

static void test_compressed(void **state)
{
	(void)state;
	static size_t (*const compressors[])(const char *, size_t, char *, size_t) = {compress_gzip, compress_zstd};
	size_t n_text = 0;
	size_t n = 0;
	char *const text = make_triples(9000, &n_text);
	const size_t capacity = 2 * n_text + 2000;
	char *const packed = malloc(capacity);
	make_directory();
	const char *const path = file_in_directory("data");
	for (size_t c = 0; c < 2; ++c) {
		size_t n_packed = compressors[c](text, n_text, packed, n_text + 1000);
		write_file(path, packed, n_packed);
		OK(read_all(path, text, n_text, &n));
		CHECK(n == n_text);
		for (unsigned i = 0; i < 20; ++i) { /* cut off */
			write_file(path, packed, 5 + below(n_packed - 5));
			assert_int_equal(read_all(path, text, n_text, &n), TT_SYNTAX);
			CHECK(strstr(ctx.error.text, "cut off") && strcmp(ctx.error.file, path) == 0);
		}
		for (unsigned i = 0; i < 20; ++i) { /* damaged: an error, after bytes that may be wrong */
			const size_t at = n_packed / 2 + below(n_packed / 2);
			packed[at] = (char)(packed[at] ^ 0x55);
			write_file(path, packed, n_packed);
			tt_store *store = NULL;
			OK(tt_store_open_memory(&ctx, &store));
			assert_int_equal(load(store, path, 0, &(tt_load_options){.syntax = TT_RDF_NTRIPLES}, NULL), TT_SYNTAX);
			require_empty(store);
			tt_store_close(store);
			packed[at] = (char)(packed[at] ^ 0x55);
		}
		n_packed += compressors[c](text, n_text, packed + n_packed, capacity - n_packed); /* one behind the other */
		write_file(path, packed, n_packed);
		OK(read_all(path, text, n_text, &n));
		CHECK(n == 2 * n_text);
	}
	write_file(path, "", 0);
	OK(read_all(path, text, n_text, &n));
	CHECK(n == 0);
	remove_directory();
	free(packed);
	free(text);
}

/* ---- going on behind bad statements --------------------------------------------------------------- */

typedef struct bad_case {
	tt_rdf_syntax syntax;
	const char *text;
	uint64_t n_statements, n_skipped;
	size_t last_line; /* of the last one that is left out */
} bad_case;

#define P "@prefix : <http://e/> .\n"
static const bad_case bad_cases[] = {
    {TT_RDF_NTRIPLES, "<u:a> <u:b> <u:c> .\noops\n<u:a> <u:b> \"\xFF\" .\n<u:a> <u:b> <u:d> . x\n<u:a> <u:b> <u:e> .\n",
     2, 3, 4},
    {TT_RDF_NTRIPLES, "oops", 0, 1, 1},
    {TT_RDF_NTRIPLES, "\xFF\xFF\n\xFF\n<u:a> <u:b> <u:c> .", 1, 2, 2},
    {TT_RDF_NTRIPLES, "<u:a> <u:b> \"\\u0000\" .\n", 0, 1, 1},
    {TT_RDF_NQUADS, "<u:a> <u:b> <u:c> <u:g> .\n<u:a> <u:b> <u:c> \"g\" .\n", 1, 1, 2},
    {TT_RDF_TURTLE, P ":a :b :c .\n:a :b :d ; :oops .\n:a :b :e .", 2, 1, 3},
    {TT_RDF_TURTLE, P ":a :b :c, :d, :e\n:x :y :z .\n:a :b 1.5 .", 1, 1, 3},
    {TT_RDF_TURTLE, P ":a none:b \"not . the end\", <u:x.y> . # . no\n:a :b 'x' .", 1, 1, 2},
    {TT_RDF_TURTLE, P ":a :b \"open .\n:a :b :c .\n:a :b :d .", 2, 1, 2},
    {TT_RDF_TURTLE, P ":a :b \"\"\"long . \n . \"\"\", oops .\n:a :b :d .", 1, 1, 3},
    {TT_RDF_TURTLE, P ":a :b \"\xFF\" .\n:a :b :c .", 1, 1, 2},
    {TT_RDF_TURTLE, P ":a :b [ :c ( 1 2 ] .\n:a :b :c .", 1, 1, 2},
    {TT_RDF_TURTLE, "@prefix x <u:> .\n<u:a> <u:b> <u:c> .", 1, 1, 1},
    {TT_RDF_TURTLE, P ":a :b :c", 0, 1, 2},
    {TT_RDF_TRIG, P ":g { :a :b :c . :a oops . :a :b :d . :a oops }\n:a :b :c .", 3, 2, 2},
    {TT_RDF_TRIG, P "GRAPH \"g\" { :a :b :c . :a :b :d . }\n:a :b :c .", 1, 1, 2},
    {TT_RDF_TRIG, P ":g { :a :b :c . :a :b", 1, 2, 2},
    {TT_RDF_TRIG, P "} } } :a :b :c .\n:a :b :d .", 2, 3, 2},
};

typedef struct skip_log {
	uint64_t n;
	size_t line;
} skip_log;

static void log_skipped(void *user, const tt_error *error)
{
	skip_log *const log = user;
	CHECK(error->status == TT_SYNTAX || error->status == TT_UNSUPPORTED);
	log->n++;
	log->line = error->line;
}

/* Each text from a file by itself, and behind so much that it is read ahead. */
static void test_bad_statements(void **state)
{
	(void)state;
	char *const filler = malloc(700000);
	make_directory();
	const char *const path = file_in_directory("data");
	for (size_t i = 0; i < 2 * (sizeof bad_cases / sizeof *bad_cases); ++i) {
		const bad_case *const c = &bad_cases[i / 2];
		const size_t n_filler = i % 2 ? 600000 : 0; /* empty lines */
		memset(filler, '\n', n_filler);
		memcpy(filler + n_filler, c->text, strlen(c->text));
		write_file(path, filler, n_filler + strlen(c->text));
		skip_log log = {0};
		const tt_load_options options = {.syntax = c->syntax, .skipped = log_skipped, .skipped_user = &log};
		uint64_t n_statements = 0;
		tt_store *store = NULL;
		OK(tt_store_open_memory(&ctx, &store));
		OK(load(store, path, 0, &options, &n_statements));
		tt_snapshot *snapshot = NULL;
		tt_store_stats stats;
		OK(tt_snapshot_begin(&ctx, store, &snapshot));
		OK(tt_snapshot_stats(snapshot, &stats));
		if (n_statements != c->n_statements || stats.n_quads != c->n_statements || log.n != c->n_skipped ||
		    log.line != c->last_line + n_filler) {
			fail_msg("%s: %llu statements, %llu quads, %llu skipped, line %zu", c->text,
			         (unsigned long long)n_statements, (unsigned long long)stats.n_quads, (unsigned long long)log.n,
			         log.line - n_filler);
		}
		tt_snapshot_end(snapshot);
		tt_store_close(store);
	}
	remove_directory();
	free(filler);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_spilling, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_spilling_with_looks, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_spilling_in_small_map, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_reading_ahead, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_load_that_fails, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_failing_allocations, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_compressed, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_bad_statements, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
