/* test_store_damage.c - opening what is no database, damaged files, what the check finds, and failing allocations.
 *
 * TT_DAMAGE_ROUNDS=n damages the same file n times.
 */
#include "store_fixture.h"

#include "store/apply.h"

/* ---- opening ------------------------------------------------------------------------------------ */

static tt_status try_open(const char *path, tt_open_mode mode)
{
	tt_store *store = NULL;
	const tt_status status = tt_store_open_directory(&ctx, path, mode, &store);
	tt_store_close(store);
	return status;
}

static void test_open_errors(void **state)
{
	(void)state;
	make_directory();
	for (tt_open_mode mode = TT_OPEN_READ; mode <= TT_OPEN_WRITE; ++mode) {
		CHECK(try_open(file_in_directory("none"), mode) == TT_NOT_FOUND);
		CHECK(try_open(directory, mode) == TT_NOT_FOUND);
		CHECK(count_entries(directory) == 0);
	}
	write_file(file_in_directory("letter.txt"), "hello", 5);
	for (tt_open_mode mode = TT_OPEN_READ; mode <= TT_OPEN_CREATE; ++mode) {
		CHECK(try_open(directory, mode) == TT_CORRUPT);
		CHECK(strstr(ctx.error.text, "not a Tertium database"));
		CHECK(try_open(file_in_directory("letter.txt"), mode) == TT_CORRUPT);
		CHECK(count_entries(directory) == 1);
	}
	write_file(file_in_directory("data.mdb"), "garbage, but quite a lot of it, and then some more", 50);
	for (tt_open_mode mode = TT_OPEN_READ; mode <= TT_OPEN_CREATE; ++mode) {
		CHECK(try_open(directory, mode) == TT_CORRUPT);
		CHECK(count_entries(directory) == 2);
	}
	CHECK(try_open(file_in_directory("a/b/c"), TT_OPEN_CREATE) == TT_NOT_FOUND);
	remove_directory();
}

/* A creation that was killed early is taken up again; nothing else would ever open such a directory. */
static void test_open_unfinished(void **state)
{
	(void)state;
	make_directory();
	write_file(file_in_directory("data.mdb"), "", 0);
	CHECK(try_open(directory, TT_OPEN_READ) == TT_NOT_FOUND);
	CHECK(try_open(directory, TT_OPEN_CREATE) == TT_OK);
	CHECK(try_open(directory, TT_OPEN_READ) == TT_OK);
	remove_directory();
}

/* Find our format record in the file and change it. */
static void patch_format(size_t offset, uint8_t value)
{
	size_t n = 0;
	char *const bytes = read_whole_file(file_in_directory("data.mdb"), &n);
	for (size_t i = 8192; i + 16 < n; ++i) {
		if (memcmp(bytes + i, "Tertium\0\4\3\2\1", 12) == 0) {
			bytes[i + offset] = (char)value;
		}
	}
	write_file(file_in_directory("data.mdb"), bytes, n);
	free(bytes);
}

static void test_open_versions(void **state)
{
	(void)state;
	make_directory();
	CHECK(try_open(directory, TT_OPEN_CREATE) == TT_OK);
	patch_format(12, 2);
	CHECK(try_open(directory, TT_OPEN_WRITE) == TT_UNSUPPORTED);
	CHECK(strstr(ctx.error.text, "is a Tertium database of format 2; this program reads format 1"));
	patch_format(8, 1);
	CHECK(try_open(directory, TT_OPEN_READ) == TT_UNSUPPORTED);
	CHECK(strstr(ctx.error.text, "byte order"));
	remove_directory();
}

/* ---- damage ------------------------------------------------------------------------------------- */

enum { MOST_ROWS = 5000 };
static tt_id fetched[3][MOST_ROWS];
static tt_id names[200];

/* A store of a few hundred quads in three graphs, made by three transactions; their number. */
static size_t build_store(tt_store *store)
{
	tt_snapshot *snapshot = NULL;
	tt_store_stats stats;
	for (unsigned t = 0; t < 3; ++t) {
		tt_txn *txn = NULL;
		OK(tt_txn_begin(&ctx, store, true, &txn));
		for (unsigned i = 0; i < 200; ++i) {
			char text[64];
			(void)snprintf(text, sizeof text, "http://example.org/%u", i);
			const tt_term term = i % 3 ? tt_term_iri(tt_view_of(text)) : tt_term_string(tt_view_of(text));
			OK(tt_txn_intern(txn, &term, &names[i]));
		}
		for (unsigned i = 0; i < 600; ++i) {
			const tt_id graph = below(2) ? TT_DEFAULT_GRAPH : names[1 + 3 * below(3)];
			const tt_quad quad = {names[below(200)], names[below(7)], names[below(200)], graph};
			OK(below(4) ? tt_txn_add(txn, &quad) : tt_txn_remove(txn, &quad));
		}
		OK(tt_txn_commit(txn, NULL, NULL));
	}
	OK(tt_snapshot_begin(&ctx, store, &snapshot));
	OK(tt_snapshot_stats(snapshot, &stats));
	tt_snapshot_end(snapshot);
	return stats.n_quads;
}

static void ignore_damage(void *user, const char *message)
{
	(void)user;
	CHECK(strlen(message) > 10);
}

/* Read everything from a store that may be damaged: errors are welcome, wrong rows and crashes are not. */
static tt_status read_all(tt_store *store, size_t n_quads, uint64_t *io_sum)
{
	tt_snapshot *snapshot = NULL;
	tt_check_result result;
	TT_TRY(tt_store_check(&ctx, store, ignore_damage, NULL, &result));
	tt_status status = tt_snapshot_begin(&ctx, store, &snapshot);
	uint64_t sum = 0;
	for (unsigned perm = 0; perm < TT_GSPO && status == TT_OK; ++perm) {
		const tt_scan_spec spec = {.perm = (tt_perm)perm};
		tt_scan *scan = NULL;
		size_t n = 0;
		tt_id *const columns[4] = {fetched[0], fetched[1], fetched[2], NULL};
		status = tt_scan_open(snapshot, &spec, &scan);
		status = status == TT_OK ? tt_scan_next(scan, columns, MOST_ROWS, &n) : status;
		tt_scan_close(scan);
		CHECK(status != TT_OK || n == n_quads);
		for (size_t i = 0; i < n && status == TT_OK; ++i) {
			tt_term term;
			tt_scratch scratch;
			sum += fetched[0][i] + fetched[1][i] + fetched[2][i];
			status = perm ? TT_OK : tt_snapshot_term(snapshot, fetched[1][i], &scratch, &term);
		}
	}
	tt_snapshot_end(snapshot);
	CHECK(status != TT_OK || *io_sum == 0 || *io_sum == sum);
	*io_sum = status == TT_OK ? sum : *io_sum;
	return status == TT_CORRUPT ? TT_OK : status;
}

static void write_a_little(tt_store *store)
{
	tt_txn *txn = NULL;
	if (tt_txn_begin(&ctx, store, true, &txn) != TT_OK) {
		return;
	}
	for (uint64_t i = 0; i < 20; ++i) {
		tt_id id = 0;
		char text[40];
		(void)snprintf(text, sizeof text, "http://example.org/new/%d", (int)i);
		const tt_term term = tt_term_iri(tt_view_of(text));
		if (tt_txn_intern(txn, &term, &id) != TT_OK ||
		    tt_txn_add(txn, &(tt_quad){id, id, id, i % 2 ? id : TT_DEFAULT_GRAPH}) != TT_OK) {
			tt_txn_abort(txn);
			return;
		}
	}
	(void)!tt_txn_commit(txn, NULL, NULL);
}

static void try_damaged(const char *bytes, size_t n, size_t n_quads, uint64_t *io_sum)
{
	tt_store *store = NULL;
	write_file(file_in_directory("data.mdb"), bytes, n);
	(void)unlink(file_in_directory("lock.mdb"));
	if (tt_store_open_directory(&ctx, directory, TT_OPEN_WRITE, &store) == TT_OK) {
		const tt_status status = read_all(store, n_quads, io_sum);
		if (status != TT_OK && status != TT_NOT_FOUND) {
			fail_msg("%s: %s (TT_SEED=%llu)", tt_status_name(status), ctx.error.text, (unsigned long long)seed);
		}
		write_a_little(store);
		tt_store_close(store);
	} else {
		CHECK(ctx.error.text[0]);
	}
}

static void test_damage(void **state)
{
	(void)state;
	make_directory();
	tt_store *store = NULL;
	OK(tt_store_open_directory(&ctx, directory, TT_OPEN_CREATE, &store));
	const size_t n_quads = build_store(store);
	tt_store_close(store);
	size_t n = 0;
	uint64_t sum = 0;
	char *const sound = read_whole_file(file_in_directory("data.mdb"), &n);
	char *const broken = calloc(n + 1, 1);
	try_damaged(sound, n, n_quads, &sum);
	CHECK(sum || n_quads == 0);
	const char *const rounds = getenv("TT_DAMAGE_ROUNDS");
	for (int k = rounds ? atoi(rounds) : 60; k > 0; --k) {
		memcpy(broken, sound, n);
		const uint64_t n_flips = 1 + below(3);
		for (uint64_t i = 0; i < n_flips; ++i) {
			/* Half of them in the first 32 bytes of a page, where the headers are. */
			const size_t at = below(2) ? below(n) : below(n / 4096) * 4096 + below(k % 2 ? 32 : 200);
			broken[at] = (char)(broken[at] ^ (1 << below(8)));
		}
		try_damaged(broken, below(6) ? n : below(n), n_quads, &sum);
	}
	free(sound);
	free(broken);
	remove_directory();
}

/* Let two entries of a leaf share their overflow pages. */
static bool share_pages(char *bytes, size_t n)
{
	for (size_t page = 8192; page + 4096 <= n; page += 4096) {
		uint16_t header[8];
		memcpy(header, bytes + page, sizeof header);
		char *before = NULL;
		for (size_t i = 0; header[5] == 2 && 16 + 2 * i < header[6]; ++i) {
			uint16_t at = 0;
			uint16_t node[4];
			memcpy(&at, bytes + page + 16 + 2 * i, sizeof at);
			memcpy(node, bytes + page + at, sizeof node);
			char *const data = bytes + page + at + 8 + node[3];
			if (node[2] == 1 && before) {
				memcpy(data, before, 8);
				return true;
			}
			before = node[2] == 1 ? data : before;
		}
	}
	return false;
}

static void test_shared_pages(void **state)
{
	(void)state;
	make_directory();
	tt_store *store = NULL;
	OK(tt_store_open_directory(&ctx, directory, TT_OPEN_CREATE, &store));
	(void)build_store(store);
	tt_store_close(store);
	size_t n = 0;
	char *const bytes = read_whole_file(file_in_directory("data.mdb"), &n);
	CHECK(share_pages(bytes, n));
	write_file(file_in_directory("data.mdb"), bytes, n);
	free(bytes);
	CHECK(try_open(directory, TT_OPEN_READ) == TT_CORRUPT);
	CHECK(strstr(ctx.error.text, "used twice"));
	remove_directory();
}

/* ---- what the check finds ----------------------------------------------------------------------- */

static tt_row lose_row(tt_env *env, MDB_txn *txn, unsigned table)
{
	tt_block_cursor cursor;
	tt_row row = {{0, 0, 0, 0}};
	size_t n = 1;
	OK(tt_block_cursor_open(&cursor, &ctx, env, txn, table, NULL));
	OK(tt_block_cursor_first(&cursor));
	for (unsigned c = 0; c < 4; ++c) {
		row.word[tt_table_order(table).word[c]] = tt_block_get(&cursor.block, c, 0);
	}
	tt_block_cursor_close(&cursor);
	row.word[3] |= TT_ROW_IS_REMOVED;
	OK(tt_table_merge(&ctx, env, txn, table, &row, &n));
	CHECK(n == 1);
	row.word[3] &= ~TT_ROW_IS_REMOVED;
	return row;
}

static void lose_row_of_osp(tt_env *env, MDB_txn *txn)
{
	(void)lose_row(env, txn, TT_OSP);
}

static void lose_hash(tt_env *env, MDB_txn *txn)
{
	(void)lose_row(env, txn, TT_TABLE_HASHES);
}

static void change_hash(tt_env *env, MDB_txn *txn)
{
	size_t n = 1;
	tt_row row = lose_row(env, txn, TT_TABLE_HASHES);
	row.word[0]++;
	OK(tt_table_merge(&ctx, env, txn, TT_TABLE_HASHES, &row, &n));
}

static void add_unknown_id(tt_env *env, MDB_txn *txn)
{
	const tt_id id = tt_id_make(TT_KIND_IRI, 100000);
	tt_row row = {{id, names[1], id, TT_DEFAULT_GRAPH}};
	tt_state now;
	OK(tt_env_get_state(&ctx, env, txn, &now));
	tt_row *const rows = tt_calloc(&ctx, 2, sizeof *rows);
	rows[0] = row;
	tt_changes changes = {.rows = rows, .n_rows = 1};
	OK(tt_apply_changes(&ctx, env, txn, &now, &changes));
	tt_free(&ctx, changes.rows);
	OK(tt_env_put_state(&ctx, env, txn, &now));
}

static void put_predicate(tt_env *env, MDB_txn *txn, unsigned field)
{
	tt_predicate_record record;
	uint8_t key[8];
	OK(tt_native_get_predicate(&ctx, env, txn, names[1], &record));
	record.n_quads += field == 0;
	record.n_subjects += field == 1;
	record.n_objects += field == 2;
	tt_key_from_u64(names[1], key);
	OK(tt_env_put_sealed(&ctx, env, txn, TT_TABLE_PREDICATES, (tt_view){(const char *)key, sizeof key},
	                     (tt_view){(const char *)&record, sizeof record}));
}

static void spoil_predicate_quads(tt_env *env, MDB_txn *txn)
{
	put_predicate(env, txn, 0);
}

static void spoil_predicate_subjects(tt_env *env, MDB_txn *txn)
{
	put_predicate(env, txn, 1);
}

static void spoil_predicate_objects(tt_env *env, MDB_txn *txn)
{
	put_predicate(env, txn, 2);
}

static void spoil_graph(tt_env *env, MDB_txn *txn)
{
	const uint64_t n_quads = 7777;
	uint8_t key[8];
	tt_key_from_u64(names[1], key);
	OK(tt_env_put_sealed(&ctx, env, txn, TT_TABLE_GRAPHS, (tt_view){(const char *)key, sizeof key},
	                     (tt_view){(const char *)&n_quads, sizeof n_quads}));
}

static void spoil_state(tt_env *env, MDB_txn *txn)
{
	tt_state now;
	OK(tt_env_get_state(&ctx, env, txn, &now));
	now.n_triples++;
	OK(tt_env_put_state(&ctx, env, txn, &now));
}

static void test_check_finds(void **state)
{
	(void)state;
	static void (*const spoilers[])(tt_env * env, MDB_txn * txn) = {lose_row_of_osp,
	                                                                lose_hash,
	                                                                change_hash,
	                                                                add_unknown_id,
	                                                                spoil_predicate_quads,
	                                                                spoil_predicate_subjects,
	                                                                spoil_predicate_objects,
	                                                                spoil_graph,
	                                                                spoil_state};
	for (size_t i = 0; i < sizeof spoilers / sizeof *spoilers; ++i) {
		tt_store *store = NULL;
		tt_check_result result;
		OK(tt_store_open_memory(&ctx, &store));
		(void)build_store(store);
		OK(tt_store_check(&ctx, store, print_damage, NULL, &result));
		CHECK(result.n_damages == 0);
		tt_env *const env = &((tt_native_store *)store)->env;
		MDB_txn *txn = NULL;
		OK(tt_env_write_begin(&ctx, env, &txn));
		spoilers[i](env, txn);
		CHECK(tt_env_write_commit(env, txn) == 0);
		OK(tt_store_check(&ctx, store, ignore_damage, NULL, &result));
		CHECK(result.n_damages > 0);
		tt_store_close(store);
	}
}

/* ---- running out of memory ---------------------------------------------------------------------- */

static tt_status small_history(size_t *out_n_rows)
{
	tt_store *store = NULL;
	tt_txn *txn = NULL;
	tt_snapshot *snapshot = NULL;
	tt_scan *scan = NULL;
	tt_status status = tt_store_open_memory(&ctx, &store);
	for (unsigned t = 0; t < 2 && status == TT_OK; ++t) {
		status = tt_txn_begin(&ctx, store, true, &txn);
		for (unsigned i = 0; i < 40 && status == TT_OK; ++i) {
			tt_quad quad = {.graph = TT_DEFAULT_GRAPH};
			char text[64];
			(void)snprintf(text, sizeof text, "http://example.org/%u", i * 8 + t);
			const tt_term term = i % 3 ? tt_term_iri(tt_view_of(text))
			                           : tt_term_typed(tt_view_of(text), tt_view_of(text));
			status = tt_txn_intern(txn, &term, &quad.subject);
			quad.predicate = quad.object = quad.subject;
			quad.graph = i % 3 == 1 && t == 0 ? quad.subject : TT_DEFAULT_GRAPH;
			status = status == TT_OK ? tt_txn_add(txn, &quad) : status;
		}
		if (status != TT_OK) {
			tt_txn_abort(txn);
			break;
		}
		status = tt_txn_commit(txn, NULL, NULL);
	}
	status = status == TT_OK ? tt_snapshot_begin(&ctx, store, &snapshot) : status;
	if (status == TT_OK) {
		const tt_scan_spec spec = {.perm = TT_OPS};
		const tt_predicate_stats *stats = NULL;
		size_t n = 0;
		status = tt_snapshot_predicates(snapshot, &stats, &n);
		status = status == TT_OK ? tt_scan_open(snapshot, &spec, &scan) : status;
		status = status == TT_OK ? tt_scan_next(scan, (tt_id *const[4]){0}, SIZE_MAX, out_n_rows) : status;
		tt_scan_close(scan);
	}
	tt_snapshot_end(snapshot);
	tt_check_result result;
	status = status == TT_OK ? tt_store_check(&ctx, store, print_damage, NULL, &result) : status;
	tt_store_close(store);
	return status;
}

static void test_no_memory(void **state)
{
	(void)state;
	size_t n_rows = 0;
	if (!tt_mem_fail_nth(0)) {
		OK(small_history(&n_rows));
		CHECK(n_rows == 80);
		skip();
	}
	unsigned long n_th = 1;
	for (;; ++n_th) {
		(void)tt_mem_fail_nth(n_th);
		const tt_status status = small_history(&n_rows);
		(void)tt_mem_fail_nth(0);
		CHECK(ctx.n_bytes_used == 0);
		if (status == TT_OK) {
			break;
		}
		CHECK(status == TT_NO_MEMORY);
	}
	CHECK(n_th > 20 && n_rows == 80);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_open_errors, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_open_unfinished, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_open_versions, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_damage, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_shared_pages, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_check_finds, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_no_memory, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
