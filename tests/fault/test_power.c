/* test_power.c - the power fails after any write: each sector that was written since the last sync is on the disk or
 * not.
 *
 * All writes and syncs of a history (history.h) are recorded. Then, for every moment between two of them, a file is
 * made from what was synced and a random choice of the sectors that were not, opened and compared: all that was
 * acknowledged by then is there, the transaction under way is there or not. The same with syncs that do nothing must
 * fail, or the test would not see the difference.
 *
 * TT_ROUNDS=n: so many histories; TT_SEED=n replays.
 */
#include "../unit/store_fixture.h"

#include "disk.h"
#include "history.h"

enum { TRANSACTIONS = 40, TRIES = 2, MOST_FILE = 64 << 20 };

/* The number of events when a transaction was acknowledged. */
static size_t acknowledged_at[TRANSACTIONS + 1];
static history books;
static uint64_t book_seed;

/* A disk: what is durable, and the events after the last sync. */
typedef struct {
	char *bytes;
	size_t n_bytes;
} image;
static image durable;
static image crashed;

/* ---- recording ---------------------------------------------------------------------------------- */

static void record_history(void)
{
	tt_db *db = NULL;
	size_t n_events = 0;
	make_directory_in_memory();
	book_seed = next_random();
	history_init(&books, book_seed);
	disk_record(true);
	CHECK(tt_db_open(directory, TT_OPEN_CREATE, &db) == TT_OK);
	while (books.n_done < TRANSACTIONS) {
		const unsigned n_before = books.n_done;
		OK(history_step(&books, db, directory));
		(void)disk_events(&n_events);
		if (books.n_done > n_before) {
			acknowledged_at[books.n_done] = n_events;
		}
	}
	disk_record(false);
	tt_db_close(db);
	(void)unlink(file_in_directory("load.nt"));
	remove_directory();
	CHECK(n_events > TRANSACTIONS); /* the recorder sees them */
}

/* ---- losing power ------------------------------------------------------------------------------- */

static void put_bytes(image *to, size_t offset, const char *bytes, size_t n)
{
	CHECK(offset + n <= MOST_FILE);
	memcpy(to->bytes + offset, bytes, n);
	to->n_bytes = offset + n > to->n_bytes ? offset + n : to->n_bytes;
}

/* Write some of the sectors. @param chance Of each to be lost, in 8. */
static void put_sectors(image *to, const disk_event *event, unsigned chance)
{
	for (size_t at = 0, n = 0; at < event->size; at += n) {
		const size_t left = DISK_SECTOR - (event->offset + at) % DISK_SECTOR;
		n = left < event->size - at ? left : event->size - at;
		if (below(8) >= chance) {
			put_bytes(to, event->offset + at, event->bytes + at, n);
		}
	}
}

/* The disk after the first @p n events. @param first Of those behind the last sync. */
static void crash(const disk_event *events, size_t first, size_t n)
{
	const unsigned chance = (unsigned)below(9);
	memcpy(crashed.bytes, durable.bytes, durable.n_bytes);
	memset(crashed.bytes + durable.n_bytes, 0,
	       crashed.n_bytes > durable.n_bytes ? crashed.n_bytes - durable.n_bytes : 0);
	crashed.n_bytes = durable.n_bytes;
	for (size_t i = first; i < n; ++i) {
		put_sectors(&crashed, &events[i], chance);
	}
}

/* Let an event be done; @p io_first is the first that is not durable. */
static void do_event(const disk_event *events, size_t i, size_t *io_first)
{
	if (events[i].kind == DISK_SYNC) {
		for (; *io_first < i; ++*io_first) {
			put_bytes(&durable, events[*io_first].offset, events[*io_first].bytes, events[*io_first].size);
		}
		*io_first = i + 1;
	} else if (events[i].kind == DISK_SYNC_WRITE && *io_first == i) {
		/* Only these bytes, so it must not be counted on while others are pending. */
		put_bytes(&durable, events[i].offset, events[i].bytes, events[i].size);
		*io_first = i + 1;
	}
}

/* ---- looking ------------------------------------------------------------------------------------ */

/* Open what is left and compare it. @return Why it is wrong; "" if it is not. */
static const char *judge(size_t n_events)
{
	static char why[1200];
	tt_db *db = NULL;
	unsigned n_done = 0;
	unsigned n_acknowledged = 0;
	*why = '\0';
	while (n_acknowledged < TRANSACTIONS && acknowledged_at[n_acknowledged + 1] <= n_events) {
		++n_acknowledged;
	}
	write_file(file_in_directory("data.mdb"), crashed.bytes, crashed.n_bytes);
	tt_status status = tt_db_open(directory, TT_OPEN_CREATE, &db);
	status = status == TT_OK ? history_count(db, &n_done) : status;
	if (status != TT_OK) {
		(void)snprintf(why, sizeof why, "%s", tt_db_error(db)->text);
	} else if (n_done < n_acknowledged || n_done > n_acknowledged + 1) {
		(void)snprintf(why, sizeof why, "%u transactions are there, %u were acknowledged", n_done, n_acknowledged);
	} else {
		history_init(&books, book_seed);
		while (books.n_done < n_done) {
			OK(history_step(&books, NULL, directory));
		}
		history_verify(&books, db, why, sizeof why);
	}
	tt_db_close(db);
	(void)unlink(file_in_directory("data.mdb"));
	(void)unlink(file_in_directory("lock.mdb"));
	return why;
}

/* Lose power after each event, until what is left is wrong.
 * @param n_synced Behind so many events syncs do nothing.
 * @param out_why What is wrong; "" if nothing ever was. */
static void lose_power(size_t n_synced, char *out_why, size_t n_why)
{
	size_t n_events = 0;
	size_t first = 0;
	const disk_event *const events = disk_events(&n_events);
	memset(durable.bytes, 0, MOST_FILE);
	memset(crashed.bytes, 0, MOST_FILE);
	durable.n_bytes = 0;
	crashed.n_bytes = 0;
	*out_why = '\0';
	for (size_t n = 0; n <= n_events && !*out_why; ++n) {
		for (unsigned i = 0; i < TRIES && !*out_why; ++i) {
			crash(events, first, n);
			const char *const why = judge(n);
			if (*why) {
				(void)snprintf(out_why, n_why, "power lost after event %zu of %zu: %s", n, n_events, why);
			}
		}
		if (n < n_events && n < n_synced) {
			do_event(events, n, &first);
		}
	}
}

static void test_power(void **state)
{
	(void)state;
	char why[1400];
	const char *const given = getenv("TT_ROUNDS");
	const unsigned n_rounds = given ? (unsigned)strtoul(given, NULL, 10) : 1;
	durable.bytes = malloc(MOST_FILE);
	crashed.bytes = malloc(MOST_FILE);
	CHECK(durable.bytes && crashed.bytes);
	for (unsigned round = 0; round < n_rounds; ++round) {
		record_history();
		make_directory_in_memory();
		lose_power(SIZE_MAX, why, sizeof why);
		if (*why) {
			fail_msg("%s (TT_SEED=%llu)", why, (unsigned long long)seed);
		}
		lose_power(acknowledged_at[5], why, sizeof why);
		CHECK(*why); /* the control: syncs do nothing any more */
		remove_directory();
		disk_forget();
	}
	free(durable.bytes);
	free(crashed.bytes);
}

/* ---- what a commit costs ------------------------------------------------------------------------ */

/* A durable commit is one sync of the data, and then one write of a meta page that is durable when it returns: the
 * page must not be there before the data is. */
static void test_syncs_per_commit(void **state)
{
	(void)state;
	tt_db *db = NULL;
	make_directory_in_memory();
	CHECK(tt_db_open(directory, TT_OPEN_CREATE, &db) == TT_OK);
	for (unsigned i = 0; i < 20; ++i) {
		char text[80];
		(void)snprintf(text, sizeof text, "INSERT DATA { <http://e/%u> <http://e/p> %u }", i, i);
		const disk_counts before = disk_get_counts();
		CHECK(tt_db_update(db, tt_view_of(text), NULL, NULL) == TT_OK);
		const disk_counts after = disk_get_counts();
		CHECK(after.n_syncs - before.n_syncs == 1);
		CHECK(after.n_sync_writes - before.n_sync_writes == 1);
		CHECK(after.n_map_syncs == 0);
	}
	/* What changes nothing writes nothing. */
	const disk_counts before = disk_get_counts();
	CHECK(tt_db_update(db, TT_VIEW("INSERT DATA { <http://e/1> <http://e/p> 1 }"), NULL, NULL) == TT_OK);
	CHECK(tt_db_update(db, TT_VIEW("DELETE WHERE { <http://e/none> ?p ?o }"), NULL, NULL) == TT_OK);
	CHECK(disk_get_counts().n_syncs == before.n_syncs && disk_get_counts().n_writes == before.n_writes);
	tt_db_close(db);
	remove_directory();
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_power), cmocka_unit_test(test_syncs_per_commit)};
	return cmocka_run_group_tests_name("power", tests, set_up, tear_down);
}
