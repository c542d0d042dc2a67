/* test_kill.c - a writer is killed (SIGKILL) again and again, at a random moment or in the middle of its n-th write to
 * the file: what it has acknowledged is there, what was under way is there or not, and nothing has to be repaired.
 *
 * TT_ROUNDS=n kills n times (`make soak`: 10,000); TT_SEED=n replays, as far as moments can be replayed.
 */
#include "../unit/store_fixture.h"

#include <poll.h>

#include "disk.h"
#include "history.h"

enum { ROUNDS = 200, ROUNDS_PER_DATABASE = 40, MOST_NS = 120000000 };

static history books;
static char folder[100];

static unsigned n_rounds(void)
{
	const char *const given = getenv("TT_ROUNDS");
	return given ? (unsigned)strtoul(given, NULL, 10) : ROUNDS;
}

/* ---- the writer --------------------------------------------------------------------------------- */

/* Write until killed; a byte to the parent after each commit. */
static _Noreturn void write_on(int fd, unsigned fatal)
{
	tt_db *db = NULL;
	disk_fail_nth(fatal, DISK_KILLS, 0);
	tt_status status = tt_db_open(directory, TT_OPEN_CREATE, &db);
	while (status == TT_OK) {
		const unsigned n_before = books.n_done;
		status = books.n_done < HISTORY_MOST - 1 ? history_step(&books, db, folder) : TT_LIMIT;
		if (books.n_done > n_before && write(fd, "", 1) != 1) {
			status = TT_IO;
		}
	}
	(void)fprintf(stderr, "# the writer failed: %s\n", db ? tt_db_error(db)->text : "no memory");
	_exit(1);
}

/* Run a writer until it is dead; how many commits it has acknowledged. */
static unsigned run_writer(void)
{
	int fds[2];
	int result = 0;
	unsigned n = 0;
	char bytes[256];
	const bool is_by_write = below(2);
	const unsigned fatal = is_by_write ? 1 + (unsigned)below(below(2) ? 8 : 400) : 0;
	CHECK(pipe(fds) == 0);
	const pid_t child = fork();
	if (child == 0) {
		(void)close(fds[0]);
		write_on(fds[1], fatal);
	}
	(void)close(fds[1]);
	if (!is_by_write) {
		const struct timespec pause = {0, (long)below(MOST_NS)};
		(void)nanosleep(&pause, NULL);
		(void)kill(child, SIGKILL);
	}
	for (ssize_t got = read(fds[0], bytes, sizeof bytes); got > 0; got = read(fds[0], bytes, sizeof bytes)) {
		n += (unsigned)got;
	}
	(void)close(fds[0]);
	CHECK(waitpid(child, &result, 0) == child);
	CHECK(WIFSIGNALED(result) && WTERMSIG(result) == SIGKILL);
	return n;
}

/* ---- what it leaves ----------------------------------------------------------------------------- */

static bool is_same_file(const struct stat *a, const struct stat *b)
{
	return a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* Open for reading, which must change nothing: there is nothing to repair. */
static void look_at_once(unsigned *out_n_done)
{
	tt_db *db = NULL;
	struct stat before = {0};
	struct stat after = {0};
	const disk_counts counts = disk_get_counts();
	const bool is_there = stat(file_in_directory("data.mdb"), &before) == 0;
	tt_status status = tt_db_open(directory, TT_OPEN_READ, &db);
	status = status == TT_OK ? history_count(db, out_n_done) : status;
	if (status != TT_OK && (status != TT_NOT_FOUND || books.n_done)) {
		fail_msg("%s (TT_SEED=%llu)", tt_db_error(db)->text, (unsigned long long)seed);
	}
	tt_db_close(db);
	CHECK(!is_there || (stat(file_in_directory("data.mdb"), &after) == 0 && is_same_file(&before, &after)));
	CHECK(disk_get_counts().n_writes == counts.n_writes);
}

static void verify(unsigned n_acknowledged)
{
	char why[600];
	tt_db *db = NULL;
	unsigned n_done = 0;
	const unsigned n_before = books.n_done;
	look_at_once(&n_done);
	if (n_done < n_before + n_acknowledged || n_done > n_before + n_acknowledged + 1) {
		fail_msg("%u transactions are there, %u were acknowledged (TT_SEED=%llu)", n_done, n_before + n_acknowledged,
		         (unsigned long long)seed);
	}
	while (books.n_done < n_done) {
		OK(history_step(&books, NULL, folder));
	}
	CHECK(tt_db_open(directory, TT_OPEN_CREATE, &db) == TT_OK);
	history_verify(&books, db, why, sizeof why);
	tt_db_close(db);
	if (*why) {
		fail_msg("after transaction %u: %s (TT_SEED=%llu)", n_done, why, (unsigned long long)seed);
	}
}

static void begin_database(void)
{
	make_directory();
	(void)snprintf(folder, sizeof folder, "%s.files", directory);
	CHECK(mkdir(folder, 0777) == 0);
	history_init(&books, next_random());
}

static void end_database(void)
{
	char name[120];
	(void)snprintf(name, sizeof name, "%s/load.nt", folder);
	(void)unlink(name);
	(void)rmdir(folder);
	remove_directory();
}

static void test_kill(void **state)
{
	(void)state;
	const unsigned n = n_rounds();
	unsigned n_acknowledged = 0;
	unsigned n_transactions = 0;
	for (unsigned round = 0; round < n; ++round) {
		if (round % ROUNDS_PER_DATABASE == 0) {
			begin_database();
		}
		const unsigned n_told = run_writer();
		n_acknowledged += n_told;
		verify(n_told);
		if (round % ROUNDS_PER_DATABASE == ROUNDS_PER_DATABASE - 1 || round == n - 1) {
			n_transactions += books.n_done;
			end_database();
		}
	}
	(void)printf("# killed %u times in %u transactions; %u were acknowledged\n", n, n_transactions, n_acknowledged);
	CHECK(n < ROUNDS || n_acknowledged > n / 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_kill)};
	return cmocka_run_group_tests_name("kill", tests, set_up, tear_down);
}
