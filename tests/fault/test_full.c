/* test_full.c - the disk is full, or breaks, at any write: an error that says so, the database as before, and usable as
 * soon as there is space again.
 *
 * Every size of a small tmpfs needs leave to mount one; else that test is skipped. TT_SEED=n replays.
 */
#include "../unit/store_fixture.h"

#include <errno.h>
#include <sched.h>
#include <sys/mount.h>

#include "disk.h"
#include "history.h"

enum { TRANSACTIONS = 25, SMALLEST_KB = 16, STEP_KB = 16, PLENTY_KB = 32 << 10 };

static history books;
static char folder[100];

#define REQUIRE(condition, db)                                                                        \
	do {                                                                                              \
		if (!(condition)) {                                                                           \
			fail_msg("%s: %s (TT_SEED=%llu)", #condition, (db) ? tt_db_error(db)->text : "no memory", \
			         (unsigned long long)seed);                                                       \
		}                                                                                             \
	} while (0)

static void require_books(tt_db *db, const char *when)
{
	char why[1200];
	history_verify(&books, db, why, sizeof why);
	if (*why) {
		fail_msg("%s, after transaction %u: %s (TT_SEED=%llu)", when, books.n_done, why, (unsigned long long)seed);
	}
}

static void begin_folder(void)
{
	make_directory_in_memory();
	(void)snprintf(folder, sizeof folder, "%s.files", directory);
	CHECK(mkdir(folder, 0777) == 0);
}

static void end_folder(void)
{
	char name[120];
	(void)snprintf(name, sizeof name, "%s/load.nt", folder);
	(void)unlink(name);
	CHECK(rmdir(folder) == 0);
	remove_directory();
}

/* ---- a small disk ------------------------------------------------------------------------------- */

static bool mount_disk(unsigned n_kb, unsigned long flags)
{
	char options[40];
	(void)snprintf(options, sizeof options, "size=%uk", n_kb);
	return mount("tmpfs", directory, "tmpfs", flags, options) == 0;
}

/* A rollback may have cleared the error. */
static void require_no_space(tt_db *db, tt_status status)
{
	const char *const text = tt_db_error(db)->text;
	REQUIRE(status == TT_NO_SPACE && (!*text || strstr(text, "no space")), db);
}

/* Go on until the disk is full or the history is over. */
static tt_status fill(tt_db *db)
{
	tt_status status = TT_OK;
	while (status == TT_OK && books.n_done < TRANSACTIONS) {
		status = history_step(&books, db, folder);
	}
	return status;
}

/* On a disk of this size. @return Whether all has found its place. */
static bool try_size(unsigned n_kb)
{
	tt_db *db = NULL;
	history_init(&books, seed);
	CHECK(mount_disk(n_kb, 0));
	tt_status status = tt_db_open(directory, TT_OPEN_CREATE, &db);
	if (status != TT_OK) {
		require_no_space(db, status);
		tt_db_close(db);
		CHECK(mount_disk(PLENTY_KB, MS_REMOUNT));
		REQUIRE(tt_db_open(directory, TT_OPEN_CREATE, &db) == TT_OK, db);
		require_books(db, "made when there was space");
	} else {
		status = fill(db);
	}
	if (status != TT_OK) {
		require_no_space(db, status);
		require_books(db, "on a full disk");
		tt_db_close(db);
		REQUIRE(tt_db_open(directory, TT_OPEN_READ, &db) == TT_OK, db);
		require_books(db, "opened on a full disk");
		tt_db_close(db);
		REQUIRE(tt_db_open(directory, TT_OPEN_WRITE, &db) == TT_OK, db);
		const tt_status again = fill(db);
		if (again != TT_OK) {
			require_no_space(db, again);
		}
		CHECK(mount_disk(PLENTY_KB, MS_REMOUNT));
	}
	REQUIRE(fill(db) == TT_OK, db);
	require_books(db, "when there was space again");
	tt_db_close(db);
	CHECK(umount(directory) == 0);
	return status == TT_OK;
}

static void test_small_disks(void **state)
{
	(void)state;
	begin_folder();
	const bool is_private = unshare(CLONE_NEWNS) == 0 && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
	if (!is_private || !mount_disk(SMALLEST_KB, 0)) {
		(void)printf("# mounting a small disk is not allowed here: %s\n", strerror(errno));
		end_folder();
		skip();
	}
	CHECK(umount(directory) == 0);
	unsigned n_kb = SMALLEST_KB;
	while (!try_size(n_kb)) {
		n_kb += STEP_KB;
		CHECK(n_kb < PLENTY_KB);
	}
	CHECK(n_kb > 16 * STEP_KB); /* else the disks were not small */
	end_folder();
}

/* ---- a broken disk ------------------------------------------------------------------------------ */

/* The next transaction, with a fault at the n-th write or sync. @return Whether there were so many. */
static bool try_fault(unsigned n_th, disk_fault fault, int error)
{
	tt_db *db = NULL;
	REQUIRE(tt_db_open(directory, TT_OPEN_WRITE, &db) == TT_OK, db);
	const unsigned n_before = books.n_done;
	disk_fail_nth(n_th, fault, error);
	tt_status status = TT_OK;
	while (status == TT_OK && books.n_done == n_before) { /* some are rolled back */
		status = history_step(&books, db, folder);
	}
	const bool has_failed = disk_has_failed();
	disk_fail_nth(0, fault, 0);
	if (status == TT_OK) {
		CHECK(!has_failed);
	} else {
		/* LMDB does not look why a write was short. */
		const bool is_io_error = status == TT_IO && (error == EIO || fault == DISK_FAILS_SHORT);
		REQUIRE(has_failed && (is_io_error || (status == TT_NO_SPACE && error == ENOSPC)), db);
		require_books(db, "as before");
		REQUIRE(history_step(&books, db, folder) == TT_OK, db);
		require_books(db, "going on");
	}
	tt_db_close(db);
	REQUIRE(tt_db_open(directory, TT_OPEN_WRITE, &db) == TT_OK, db);
	require_books(db, "opened anew");
	tt_db_close(db);
	return has_failed;
}

static void test_each_write(void **state)
{
	(void)state;
	static const struct {
		disk_fault fault;
		int error;
	} faults[] = {{DISK_FAILS, EIO}, {DISK_FAILS, ENOSPC}, {DISK_FAILS_SHORT, EIO}, {DISK_FAILS_SHORT, ENOSPC}};
	for (size_t i = 0; i < sizeof faults / sizeof *faults; ++i) {
		tt_db *db = NULL;
		begin_folder();
		history_init(&books, next_random());
		REQUIRE(tt_db_open(directory, TT_OPEN_CREATE, &db) == TT_OK, db);
		REQUIRE(fill(db) == TT_OK, db);
		tt_db_close(db);
		unsigned n_th = 1;
		while (n_th < 4 || try_fault(n_th, faults[i].fault, faults[i].error)) {
			if (n_th < 4) {
				CHECK(try_fault(n_th, faults[i].fault, faults[i].error));
			}
			++n_th;
		}
		end_folder();
	}
}

/* Making a database on a broken disk, too, leaves nothing that is in the way. */
static void test_each_write_of_creation(void **state)
{
	(void)state;
	bool has_failed = true;
	for (unsigned n_th = 1; has_failed; ++n_th) {
		tt_db *db = NULL;
		begin_folder();
		history_init(&books, 1);
		disk_fail_nth(n_th, n_th % 2 ? DISK_FAILS : DISK_FAILS_SHORT, ENOSPC);
		const tt_status status = tt_db_open(directory, TT_OPEN_CREATE, &db);
		has_failed = disk_has_failed();
		disk_fail_nth(0, DISK_FAILS, 0);
		REQUIRE(status == (has_failed ? TT_NO_SPACE : TT_OK), db);
		tt_db_close(db);
		REQUIRE(tt_db_open(directory, TT_OPEN_CREATE, &db) == TT_OK, db);
		REQUIRE(fill(db) == TT_OK, db);
		require_books(db, "made at the second try");
		tt_db_close(db);
		end_folder();
		CHECK(has_failed || n_th > 3);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_each_write), cmocka_unit_test(test_each_write_of_creation),
	                                   cmocka_unit_test(test_small_disks)};
	return cmocka_run_group_tests_name("full", tests, set_up, tear_down);
}
