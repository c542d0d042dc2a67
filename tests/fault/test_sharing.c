/* test_sharing.c - one database and many who use it at once: threads, processes, dead ones, children of fork().
 *
 * Also built with ThreadSanitizer (.ci/run). TT_ROUNDS=n: so many commits of the writer; TT_SEED=n replays.
 */
#include "../unit/store_fixture.h"

#include <pthread.h>
#include <sys/resource.h>

#include "tertium.h"

enum { READERS = 4, COMMITS = 200, ACCOUNTS = 60, GRAPHS = 4, AT_ONCE = 6 };

#define DB_OK(call, db)                                                                                          \
	do {                                                                                                         \
		const tt_status s_ = (call);                                                                             \
		if (s_ != TT_OK) {                                                                                       \
			(void)fprintf(stderr, "%s: %s: %s\n", #call, tt_status_name(s_), (db) ? tt_db_error(db)->text : ""); \
			abort();                                                                                             \
		}                                                                                                        \
	} while (0)
/* In threads and children, where cmocka cannot jump. */
#define MUST(condition)                                                   \
	do {                                                                  \
		if (!(condition)) {                                               \
			(void)fprintf(stderr, "%s: line %d\n", #condition, __LINE__); \
			abort();                                                      \
		}                                                                 \
	} while (0)

static unsigned n_commits(void)
{
	const char *const given = getenv("TT_ROUNDS");
	return given ? (unsigned)strtoul(given, NULL, 10) : COMMITS;
}

static tt_db *open_db(tt_open_mode mode)
{
	tt_db *db = NULL;
	DB_OK(tt_db_open(directory, mode, &db), db);
	return db;
}

static void update(tt_db *db, const char *text)
{
	DB_OK(tt_db_update(db, tt_view_of(text), NULL, NULL), db);
}

/* The one number that a query answers. */
static long ask_number(tt_db *db, const char *text)
{
	tt_results *results = NULL;
	const tt_term *row = NULL;
	DB_OK(tt_db_query(db, tt_view_of(text), NULL, &results), db);
	DB_OK(tt_results_next(results, &row), db);
	const long number = row ? strtol(row[0].text.data, NULL, 10) : -1;
	tt_results_free(results);
	return number;
}

static size_t file_size(void)
{
	struct stat info;
	MUST(stat(file_in_directory("data.mdb"), &info) == 0);
	return (size_t)info.st_size;
}

/* ---- moving triples between graphs --------------------------------------------------------------- */

/* Each account is in one graph at a time, and the amounts sum up to ACCOUNTS × (ACCOUNTS − 1) / 2. */
static void make_accounts(void)
{
	char text[ACCOUNTS * 80] = "INSERT DATA { GRAPH <http://e/g0> {\n";
	for (unsigned i = 0; i < ACCOUNTS; ++i) {
		char line[80];
		(void)snprintf(line, sizeof line, "<http://e/a%u> <http://e/has> %u .\n", i, i);
		(void)strcat(text, line);
	}
	(void)strcat(text, "} }");
	tt_db *const db = open_db(TT_OPEN_CREATE);
	update(db, text);
	tt_db_close(db);
}

static void move_accounts(uint64_t random, unsigned n)
{
	tt_db *const db = open_db(TT_OPEN_WRITE);
	for (unsigned i = 0; i < n; ++i) {
		char text[600];
		random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		const unsigned from = (unsigned)(random >> 40) % GRAPHS;
		const unsigned to = (from + 1 + (unsigned)(random >> 50) % (GRAPHS - 1)) % GRAPHS;
		(void)snprintf(text, sizeof text,
		               "DELETE { GRAPH <http://e/g%u> { ?a <http://e/has> ?n } } INSERT { GRAPH <http://e/g%u> { ?a "
		               "<http://e/has> ?n } } WHERE { GRAPH <http://e/g%u> { ?a <http://e/has> ?n FILTER(?n < %u) } }",
		               from, to, from, 1 + (unsigned)(random >> 33) % ACCOUNTS);
		update(db, text);
	}
	tt_db_close(db);
}

/* Look until `*is_over`, in a snapshot each time. */
static void watch_sums(const volatile int *is_over, unsigned n_least)
{
	const long total = (long)ACCOUNTS * (ACCOUNTS - 1) / 2;
	tt_db *const db = open_db(TT_OPEN_READ);
	for (unsigned i = 0; i < n_least || !__atomic_load_n(is_over, __ATOMIC_ACQUIRE); ++i) {
		MUST(ask_number(db, "SELECT (SUM(?n) AS ?sum) { GRAPH ?g { ?a <http://e/has> ?n } }") == total);
		MUST(ask_number(db, "SELECT (COUNT(DISTINCT ?a) AS ?count) { GRAPH ?g { ?a <http://e/has> ?n } }") == ACCOUNTS);
		MUST(ask_number(db, "SELECT (COUNT(*) AS ?count) { GRAPH ?g { ?a <http://e/has> ?n } }") == ACCOUNTS);
		if (i % 16 == 15) { /* openings come and go */
			tt_db *const other = open_db(TT_OPEN_READ);
			MUST(ask_number(other, "SELECT (COUNT(*) AS ?count) { GRAPH ?g { ?a <http://e/has> ?n } }") == ACCOUNTS);
			tt_db_close(other);
		}
	}
	tt_db_close(db);
}

static int is_over; /* atomic */

static void *read_in_thread(void *unused)
{
	(void)unused;
	watch_sums(&is_over, 20);
	return NULL;
}

static void *write_in_thread(void *random)
{
	move_accounts(*(uint64_t *)random, n_commits());
	__atomic_store_n(&is_over, 1, __ATOMIC_RELEASE);
	return NULL;
}

static void test_threads(void **state)
{
	(void)state;
	pthread_t threads[READERS + 1];
	uint64_t random = next_random();
	make_directory_in_memory();
	make_accounts();
	is_over = 0;
	for (unsigned i = 0; i <= READERS; ++i) {
		CHECK(pthread_create(&threads[i], NULL, i < READERS ? read_in_thread : write_in_thread, &random) == 0);
	}
	for (unsigned i = 0; i <= READERS; ++i) {
		CHECK(pthread_join(threads[i], NULL) == 0);
	}
	remove_directory();
}

static void require_success(pid_t child)
{
	int result = 0;
	CHECK(waitpid(child, &result, 0) == child);
	CHECK(WIFEXITED(result) && WEXITSTATUS(result) == 0);
}

static void test_processes(void **state)
{
	(void)state;
	pid_t readers[READERS];
	const uint64_t random = next_random();
	make_directory_in_memory();
	make_accounts();
	const pid_t writer = fork();
	if (writer == 0) {
		move_accounts(random, n_commits());
		_exit(0);
	}
	for (unsigned i = 0; i < READERS; ++i) {
		readers[i] = fork();
		if (readers[i] == 0) {
			const int one = 1;
			watch_sums(&one, 100);
			_exit(0);
		}
	}
	require_success(writer);
	for (unsigned i = 0; i < READERS; ++i) {
		require_success(readers[i]);
	}
	remove_directory();
}

/* ---- a snapshot that is kept --------------------------------------------------------------------- */

/* Far more rows than a query fetches at once, so that the later ones are read from the file when all has changed. */
enum { NUMBERS = 20000 };

static void make_numbers(void)
{
	tt_db *const db = open_db(TT_OPEN_CREATE);
	char *const text = malloc(NUMBERS * 8 + 100);
	int n = sprintf(text, "INSERT DATA { <http://e/n> <http://e/is> 0");
	for (unsigned i = 1; i < NUMBERS; ++i) {
		n += sprintf(text + n, ", %u", i);
	}
	(void)strcpy(text + n, " }");
	update(db, text);
	free(text);
	tt_db_close(db);
}

/* Commit @p n times (an even number), and change all blocks in turn; at the end all is as before. */
static void change_numbers(unsigned n)
{
	tt_db *const db = open_db(TT_OPEN_WRITE);
	for (unsigned i = 0; i < n; ++i) {
		char text[120];
		const unsigned k = i / 2;
		(void)snprintf(text, sizeof text, "%s DATA { <http://e/n> <http://e/is> %u, %u, %u }",
		               i % 2 ? "INSERT" : "DELETE", k * 1117 % NUMBERS, k * 2237 % NUMBERS, k * 3359 % NUMBERS);
		update(db, text);
	}
	tt_db_close(db);
}

static void change_in_process(unsigned n)
{
	const pid_t child = fork();
	if (child == 0) {
		change_numbers(n);
		_exit(0);
	}
	require_success(child);
}

static tt_results *kept; /* the answer of the last call */

/* Read half of an answer, let somebody commit again and again, read the other half. */
static void keep_snapshot(tt_db *reader, void (*change)(unsigned n), unsigned n)
{
	const tt_term *row = NULL;
	long n_rows = 0;
	DB_OK(tt_db_query(reader, TT_VIEW("SELECT ?n { <http://e/n> <http://e/is> ?n }"), NULL, &kept), reader);
	tt_results *const results = kept;
	do {
		DB_OK(tt_results_next(results, &row), reader);
		MUST(!row || strtol(row[0].text.data, NULL, 10) == n_rows);
		n_rows += row != NULL;
		if (n_rows == NUMBERS / 2 && row) {
			change(n);
		}
	} while (row);
	tt_results_free(results);
	MUST(n_rows == NUMBERS);
}

static void test_kept_snapshot(void **state)
{
	(void)state;
	void (*const changers[])(unsigned n) = {change_in_process, change_numbers};
	for (unsigned i = 0; i < 2; ++i) {
		make_directory_in_memory();
		make_numbers();
		tt_db *const reader = open_db(TT_OPEN_READ);
		keep_snapshot(reader, changers[i], 1000);
		tt_db_close(reader);
		remove_directory();
	}
}

/* ---- the dead ------------------------------------------------------------------------------------ */

/* A reader that is killed with its snapshot open. */
static void leave_dead_reader(void)
{
	const pid_t child = fork();
	int result = 0;
	if (child == 0) {
		tt_results *results = NULL;
		const tt_term *row = NULL;
		tt_db *const db = open_db(TT_OPEN_READ);
		DB_OK(tt_db_query(db, TT_VIEW("SELECT * { GRAPH ?g { ?s ?p ?o } }"), NULL, &results), db);
		DB_OK(tt_results_next(results, &row), db);
		(void)raise(SIGKILL);
	}
	CHECK(waitpid(child, &result, 0) == child && WIFSIGNALED(result) && WTERMSIG(result) == SIGKILL);
}

static size_t size_after_commits(bool has_dead)
{
	make_directory_in_memory();
	make_accounts();
	tt_db *const db = open_db(TT_OPEN_WRITE); /* so that the reader table stays as it is */
	for (unsigned i = 0; i < 10; ++i) {
		if (has_dead) {
			leave_dead_reader();
		}
		move_accounts(i, 30);
	}
	tt_db_close(db);
	const size_t size = file_size();
	remove_directory();
	return size;
}

static void test_dead_readers(void **state)
{
	(void)state;
	const size_t without = size_after_commits(false);
	const size_t with = size_after_commits(true);
	if (with > 2 * without) {
		fail_msg("%zu bytes with dead readers, %zu without", with, without);
	}
}

/* ---- growing ------------------------------------------------------------------------------------- */

enum { SMALL_MAP = 160 << 10 };

static void grow_in_process(void)
{
	const pid_t child = fork();
	if (child == 0) {
		tt_store *store = NULL;
		tt_txn *txn = NULL;
		MUST(tt_native_open(&ctx, directory, TT_OPEN_WRITE, SMALL_MAP, &store) == TT_OK);
		MUST(tt_txn_begin(&ctx, store, true, &txn) == TT_OK);
		for (int64_t i = 0; i < 50000; ++i) {
			tt_id id = 0;
			MUST(tt_value_from_integer(i, &id));
			MUST(tt_txn_add(txn, &(tt_quad){id, id, id, TT_DEFAULT_GRAPH}) == TT_OK);
		}
		MUST(tt_txn_commit(txn, NULL, NULL) == TT_OK);
		tt_store_close(store);
		_exit(0);
	}
	require_success(child);
}

/* Another process has outgrown our map: who reads goes on, who begins to read waits for no one but may be told TT_BUSY.
 */
static void test_outgrown_map(void **state)
{
	(void)state;
	tt_store *store = NULL;
	tt_snapshot *before = NULL;
	tt_snapshot *after = NULL;
	tt_store_stats stats;
	make_directory_in_memory();
	OK(tt_native_open(&ctx, directory, TT_OPEN_CREATE, SMALL_MAP, &store));
	OK(tt_snapshot_begin(&ctx, store, &before));
	grow_in_process();
	CHECK(tt_snapshot_begin(&ctx, store, &after) == TT_BUSY);
	CHECK(strstr(ctx.error.text, "enlarged"));
	OK(tt_snapshot_stats(before, &stats));
	CHECK(stats.n_quads == 0);
	tt_snapshot_end(before);
	OK(tt_snapshot_begin(&ctx, store, &after));
	OK(tt_snapshot_stats(after, &stats));
	CHECK(stats.n_quads == 50000);
	tt_snapshot_end(after);
	tt_store_close(store);
	remove_directory();
}

/* ---- making a database at the same time ----------------------------------------------------------- */

static void insert_own(unsigned i)
{
	char text[80];
	(void)snprintf(text, sizeof text, "INSERT DATA { <http://e/%u> <http://e/p> %u }", i, i);
	tt_db *const db = open_db(TT_OPEN_CREATE);
	update(db, text);
	tt_db_close(db);
}

static void *insert_in_thread(void *number)
{
	insert_own(*(unsigned *)number);
	return NULL;
}

/* So that the first map that is tried is refused, and LMDB opened again. A sanitizer needs the addresses, and with
 * ThreadSanitizer the first map is now and then refused anyway. */
static void limit_addresses(void)
{
#if !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__ && !defined __clang__
	const struct rlimit limit = {(rlim_t)16 << 30, RLIM_INFINITY};
	MUST(setrlimit(RLIMIT_AS, &limit) == 0);
#endif
}

static void insert_at_once(bool are_threads)
{
	pthread_t threads[AT_ONCE];
	pid_t children[AT_ONCE];
	unsigned numbers[AT_ONCE];
	for (unsigned i = 0; i < AT_ONCE; ++i) {
		numbers[i] = i;
		if (are_threads) {
			CHECK(pthread_create(&threads[i], NULL, insert_in_thread, &numbers[i]) == 0);
			continue;
		}
		children[i] = fork();
		if (children[i] == 0) {
			limit_addresses();
			insert_own(i);
			_exit(0);
		}
	}
	for (unsigned i = 0; i < AT_ONCE; ++i) {
		if (are_threads) {
			CHECK(pthread_join(threads[i], NULL) == 0);
		} else {
			require_success(children[i]);
		}
	}
}

static void test_created_at_once(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 20; ++round) {
		make_directory_in_memory();
		insert_at_once(round % 2);
		tt_db *const db = open_db(TT_OPEN_READ);
		CHECK(ask_number(db, "SELECT (COUNT(*) AS ?count) { ?s ?p ?o }") == AT_ONCE);
		tt_db_close(db);
		remove_directory();
	}
}

/* ---- forks --------------------------------------------------------------------------------------- */

static tt_db *reader_of_parent;
static tt_db *writer_of_parent;

/* A child may do nothing with what its parent has opened but close it, and the parent loses nothing by that. */
static void close_as_child(void)
{
	tt_results *results = NULL;
	MUST(tt_db_query(reader_of_parent, TT_VIEW("SELECT * { ?s ?p ?o }"), NULL, &results) == TT_BAD_ARGUMENT);
	MUST(strstr(tt_db_error(reader_of_parent)->text, "forked"));
	MUST(tt_db_commit(writer_of_parent, NULL) == TT_BAD_ARGUMENT);
	tt_results_free(kept);
	tt_db_close(reader_of_parent);
	tt_db_close(writer_of_parent);
	_exit(0);
}

static void close_parents_and_change(unsigned n)
{
	tt_db_close(reader_of_parent);
	tt_db_close(writer_of_parent);
	change_in_process(n);
}

/* A child that has opened the database anew keeps its place when it closes what it inherited. */
static void read_as_child(unsigned n)
{
	keep_snapshot(open_db(TT_OPEN_READ), close_parents_and_change, n);
	_exit(0);
}

static void change_after_fork(unsigned n)
{
	DB_OK(tt_db_begin(writer_of_parent), writer_of_parent);
	update(writer_of_parent, "CLEAR ALL");
	const pid_t child = fork();
	if (child == 0) {
		close_as_child();
	}
	require_success(child);
	DB_OK(tt_db_rollback(writer_of_parent), writer_of_parent);
	change_numbers(n);
}

static void test_fork(void **state)
{
	(void)state;
	make_directory_in_memory();
	make_numbers();
	reader_of_parent = open_db(TT_OPEN_READ);
	writer_of_parent = open_db(TT_OPEN_WRITE);
	keep_snapshot(reader_of_parent, change_after_fork, 1000);
	const pid_t child = fork();
	if (child == 0) {
		read_as_child(1000);
	}
	require_success(child);
	tt_db_close(writer_of_parent);
	tt_db_close(reader_of_parent);
	remove_directory();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_threads),       cmocka_unit_test(test_processes),
	    cmocka_unit_test(test_kept_snapshot), cmocka_unit_test(test_dead_readers),
	    cmocka_unit_test(test_outgrown_map),  cmocka_unit_test(test_created_at_once),
	    cmocka_unit_test(test_fork),
	};
	return cmocka_run_group_tests_name("sharing", tests, set_up, tear_down);
}
