/* test_damage.c - a database whose file is damaged at random places: whatever it is, either it is found, or nothing
 * depends on it; and no query crashes, hangs or gives another answer than that of the sound file.
 *
 * TT_DAMAGE_ROUNDS=n damages the same file n times, TT_SEED=n repeats a run.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "tertium.h"

enum { PAGE = 4096, N_SUBJECTS = 700, PATIENCE_SECONDS = 120 };

static unsigned long long seed;
static unsigned long long random_state;
static char directory[] = "/tmp/test_damage-XXXXXX";
static char data_file[64];
static char lock_file[64];

static size_t below(size_t n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (size_t)(random_state % n);
}

#define CHECK(condition, text)                                           \
	do {                                                                 \
		if (!(condition)) {                                              \
			fail_msg("%s: %s (TT_SEED=%llu)", #condition, (text), seed); \
		}                                                                \
	} while (0)

/* ---- the sound database ----------------------------------------------------------------------- */

/* All kinds of terms, some of them too long for a page. */
static void write_quads(FILE *file)
{
	for (int i = 0; i < N_SUBJECTS; ++i) {
		const int k = (int)below(N_SUBJECTS);
		const char *const graph = i % 3 ? "" : i % 2 ? "<http://e/g1>" : "_:g";
		(void)fprintf(file, "<http://e/s%d> <http://e/knows> <http://e/s%d> %s .\n", i, k, graph);
		(void)fprintf(file, "<http://e/s%d> <http://e/name> \"name of %d\"@en <http://e/g2> .\n", i, k);
		(void)fprintf(file, "<http://e/s%d> <http://e/age> \"%d\"^^<http://www.w3.org/2001/XMLSchema#integer> .\n", i,
		              k);
		(void)fprintf(file, "_:b%d <http://e/odd> \"%d\"^^<http://e/type%d> %s .\n", k, i, i % 9, graph);
	}
	for (int i = 0; i < 6; ++i) {
		(void)fprintf(file, "<http://e/long> <http://e/text> \"%0*d\" .\n", 1500 * (i + 1), i);
	}
}

static void make_database(void)
{
	char path[64];
	tt_db *db = NULL;
	assert_non_null(mkdtemp(directory));
	(void)snprintf(data_file, sizeof data_file, "%s/data.mdb", directory);
	(void)snprintf(lock_file, sizeof lock_file, "%s/lock.mdb", directory);
	(void)snprintf(path, sizeof path, "%s.nq", directory);
	FILE *const file = fopen(path, "w");
	assert_non_null(file);
	write_quads(file);
	assert_int_equal(fclose(file), 0);
	const char *const paths[] = {path};
	CHECK(tt_db_open(directory, TT_OPEN_CREATE, &db) == TT_OK, tt_db_error(db)->text);
	CHECK(tt_db_load(db, paths, NULL, 1, NULL) == TT_OK, tt_db_error(db)->text);
	/* Older states leave free pages behind, and terms that no quad has. */
	for (int i = 0; i < 5; ++i) {
		char text[200];
		const int n = snprintf(text, sizeof text,
		                       "PREFIX e: <http://e/> DELETE WHERE { e:s%d ?p ?o } ; INSERT DATA { e:new e:age %d }",
		                       i * 7 + 1, i);
		CHECK(tt_db_update(db, (tt_view){text, (size_t)n}, NULL, NULL) == TT_OK, tt_db_error(db)->text);
	}
	tt_db_close(db);
	assert_int_equal(unlink(path), 0);
}

/* ---- what is asked of it ---------------------------------------------------------------------- */

static const char *const queries[] = {
    "SELECT * { ?s ?p ?o }",
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?n",
    "PREFIX e: <http://e/> SELECT * { e:s5 ?p ?o }",
    "PREFIX e: <http://e/> SELECT * { ?s e:knows/e:knows ?o ; e:age ?age FILTER (?age < 50) }",
    "PREFIX e: <http://e/> SELECT * { ?s e:name \"name of 12\"@en . ?s ?p ?o }",
    "PREFIX e: <http://e/> SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s e:odd ?o }",
    "PREFIX e: <http://e/> SELECT ?o { e:s9 e:knows+ ?o }",
    "PREFIX e: <http://e/> SELECT (STRLEN(?t) AS ?n) { ?s e:text ?t } ORDER BY ?t",
    "SELECT DISTINCT ?p { ?s ?p ?o }",
};
enum { N_QUERIES = sizeof queries / sizeof *queries, DUMP = N_QUERIES, N_ANSWERS };

/* Answers of the sound database. */
static char *answers[N_ANSWERS];
static size_t answer_sizes[N_ANSWERS];

static tt_status ask(tt_db *db, size_t which, int fd)
{
	static const tt_query_options all = {.is_union_default_graph = true};
	static const tt_write_options csv = {.format = TT_FORMAT_CSV};
	if (which == DUMP) {
		return tt_db_dump(db, NULL, fd);
	}
	tt_results *results = NULL;
	tt_status status = tt_db_query(db, (tt_view){queries[which], strlen(queries[which])}, &all, &results);
	status = status ? status : tt_results_write(results, &csv, fd, NULL);
	tt_results_free(results);
	return status;
}

/* Ask, and compare the answer with the sound one, or make it that. */
static tt_status try_answer(tt_db *db, size_t which)
{
	const int fd = memfd_create("answer", MFD_CLOEXEC);
	struct stat info;
	const tt_status status = ask(db, which, fd);
	assert_int_equal(fstat(fd, &info), 0);
	const size_t size = (size_t)info.st_size;
	char *const text = malloc(size + 1);
	assert_int_equal(pread(fd, text, size, 0), size);
	(void)close(fd);
	if (status == TT_OK && !answers[which]) {
		answers[which] = text;
		answer_sizes[which] = size;
		return status;
	}
	CHECK(status != TT_OK || (size == answer_sizes[which] && memcmp(text, answers[which], size) == 0),
	      which == DUMP ? "the dump" : queries[which]);
	CHECK(status == TT_OK || status == TT_CORRUPT || status == TT_NOT_FOUND, tt_db_error(db)->text);
	free(text);
	return status;
}

/* Whether opening, the check, or anything that was asked has found a damage. */
static bool is_found(void)
{
	tt_db *db = NULL;
	tt_check_result result = {0};
	tt_status status = tt_db_open(directory, TT_OPEN_READ, &db);
	if (status != TT_OK) {
		CHECK(status == TT_CORRUPT || status == TT_UNSUPPORTED || status == TT_NOT_FOUND, tt_db_error(db)->text);
		CHECK(strlen(tt_db_error(db)->text) > 10, "a message");
		tt_db_close(db);
		return true;
	}
	status = tt_db_check(db, NULL, NULL, &result);
	const bool is_checked = status != TT_OK || result.n_damages > 0;
	for (size_t i = 0; i < N_ANSWERS; ++i) {
		/* What a query stumbles on, the check finds. */
		CHECK(try_answer(db, i) == TT_OK || is_checked, tt_db_error(db)->text);
	}
	tt_db_close(db);
	return is_checked;
}

/* ---- damages ---------------------------------------------------------------------------------- */

static void flip_bit(char *bytes, size_t n)
{
	const size_t at = below(n);
	bytes[at] = (char)(bytes[at] ^ (1 << below(8)));
}

/* Where the headers and the first entries of a page are. */
static void flip_header(char *bytes, size_t n)
{
	const size_t at = below(n / PAGE) * PAGE + below(64);
	bytes[at] = (char)(bytes[at] ^ (1 << below(8)));
}

static void zero_page(char *bytes, size_t n)
{
	memset(bytes + below(n / PAGE) * PAGE, 0, PAGE);
}

static void swap_pages(char *bytes, size_t n)
{
	char page[PAGE];
	char *const a = bytes + below(n / PAGE) * PAGE;
	char *const b = bytes + below(n / PAGE) * PAGE;
	memcpy(page, a, PAGE);
	memmove(a, b, PAGE);
	memcpy(b, page, PAGE);
}

/* All but the number of the page: what is written to the wrong place, by a program that knows LMDB. */
static void swap_contents(char *bytes, size_t n)
{
	char page[PAGE];
	char *const a = bytes + below(n / PAGE) * PAGE;
	char *const b = bytes + below(n / PAGE) * PAGE;
	memcpy(page, a, PAGE);
	memmove(a + 8, b + 8, PAGE - 8);
	memcpy(b + 8, page + 8, PAGE - 8);
}

static void write_sector(char *bytes, size_t n)
{
	char *const sector = bytes + below(n / 512) * 512;
	for (size_t i = 0; i < 512; ++i) {
		sector[i] = (char)below(256);
	}
}

static void (*const damages[])(char *bytes, size_t n) = {flip_bit,   flip_header,   zero_page,
                                                         swap_pages, swap_contents, write_sector};
enum { N_DAMAGES = sizeof damages / sizeof *damages };

static void write_data(const char *bytes, size_t n)
{
	const int fd = open(data_file, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	assert_int_equal(write(fd, bytes, n), n);
	(void)close(fd);
	(void)unlink(lock_file);
}

static char *read_data(size_t *out_n)
{
	const int fd = open(data_file, O_RDONLY);
	struct stat info;
	assert_int_equal(fstat(fd, &info), 0);
	*out_n = (size_t)info.st_size;
	char *const bytes = malloc(*out_n);
	assert_int_equal(read(fd, bytes, *out_n), *out_n);
	(void)close(fd);
	return bytes;
}

static void test_random_damage(void **state)
{
	(void)state;
	const char *const rounds = getenv("TT_DAMAGE_ROUNDS");
	size_t n = 0;
	size_t n_found = 0;
	make_database();
	char *const sound = read_data(&n);
	char *const broken = malloc(n);
	assert_false(is_found());
	for (int k = rounds ? atoi(rounds) : 120; k > 0; --k) {
		memcpy(broken, sound, n);
		damages[below(N_DAMAGES)](broken, n);
		write_data(broken, below(12) ? n : below(n));
		(void)alarm(PATIENCE_SECONDS);
		n_found += is_found();
	}
	(void)alarm(0);
	assert_true(n_found > 0);
	write_data(sound, n);
	assert_false(is_found());
	free(sound);
	free(broken);
	for (size_t i = 0; i < N_ANSWERS; ++i) {
		free(answers[i]);
	}
	(void)unlink(data_file);
	(void)unlink(lock_file);
	(void)rmdir(directory);
}

int main(void)
{
	const char *const given = getenv("TT_SEED");
	seed = given ? strtoull(given, NULL, 10) : (unsigned long long)time(NULL) * 1000003 + (unsigned long long)getpid();
	random_state = seed * 2654435761u + 88172645463325252u;
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_random_damage)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
