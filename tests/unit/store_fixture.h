/* store_fixture.h - what the tests of the store share: a context, random numbers, a temporary directory.
 *
 * Random tests print their seed when they fail; TT_SEED=n replays it.
 */
#ifndef STORE_FIXTURE_H
#define STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/bulk.h"
#include "store/native.h"
#include "checks.h"

#define UNUSED __attribute__((unused))

static tt_ctx ctx;
static uint64_t seed;
static uint64_t random_state;

UNUSED static uint64_t next_random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

UNUSED static uint64_t below(uint64_t n)
{
	return n ? next_random() % n : 0;
}

UNUSED static int set_up(void **state)
{
	(void)state;
	const char *const given = getenv("TT_SEED");
	seed = given ? strtoull(given, NULL, 10) : (uint64_t)tt_now_ns();
	random_state = tt_hash_u64(seed) | 1;
	tt_ctx_init(&ctx);
	return 0;
}

UNUSED static int tear_down(void **state)
{
	(void)state;
	CHECK(ctx.n_bytes_used == 0);
	return 0;
}

/* ---- directories -------------------------------------------------------------------------------- */

static char directory[64];

UNUSED static void make_directory_in(const char *place)
{
	(void)snprintf(directory, sizeof directory, "%s/test_store-XXXXXX", place);
	CHECK(mkdtemp(directory));
}

UNUSED static void make_directory(void)
{
	make_directory_in("/tmp");
}

/* Where no sync takes its time, if there is such a place. */
UNUSED static void make_directory_in_memory(void)
{
	make_directory_in(access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
}

UNUSED static const char *file_in_directory(const char *name)
{
	static char path[400];
	(void)snprintf(path, sizeof path, "%s/%s", directory, name);
	return path;
}

UNUSED static void remove_directory(void)
{
	DIR *const entries = opendir(directory);
	for (struct dirent *e = entries ? readdir(entries) : NULL; e; e = readdir(entries)) {
		(void)unlink(file_in_directory(e->d_name));
	}
	if (entries) {
		(void)closedir(entries);
	}
	(void)rmdir(directory);
}

UNUSED static size_t count_entries(const char *path)
{
	size_t n = 0;
	DIR *const entries = opendir(path);
	for (struct dirent *e = readdir(entries); e; e = readdir(entries)) {
		n += e->d_name[0] != '.';
	}
	(void)closedir(entries);
	return n;
}

UNUSED static void write_file(const char *path, const void *bytes, size_t n)
{
	const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	CHECK(fd >= 0 && write(fd, bytes, n) == (ssize_t)n);
	(void)close(fd);
}

UNUSED static char *read_whole_file(const char *path, size_t *out_n)
{
	const int fd = open(path, O_RDONLY);
	struct stat info = {0};
	CHECK(fd >= 0 && fstat(fd, &info) == 0);
	char *const bytes = malloc((size_t)info.st_size + 1);
	CHECK(bytes && read(fd, bytes, (size_t)info.st_size) == info.st_size);
	(void)close(fd);
	*out_n = (size_t)info.st_size;
	return bytes;
}

/* Redland's hashes read beyond keys and leak a node for each row of a lookup, which is not ours to mend. */
UNUSED static bool is_sanitized(void)
{
	const char *const told = getenv("TERTIUM_SANITIZED");
	return told && strcmp(told, "yes") == 0;
}

UNUSED static void print_damage(void *user, const char *message)
{
	(void)user;
	(void)fprintf(stderr, "damage: %s\n", message);
}

/* ---- rows in the order of a permutation -------------------------------------------------------- */

static tt_perm sorting_perm;

static int compare_in_perm(const void *a, const void *b)
{
	const tt_row *const x = a;
	const tt_row *const y = b;
	for (unsigned c = 0; c < 4; ++c) {
		const unsigned w = tt_perm_column(sorting_perm, c);
		if (x->word[w] != y->word[w]) {
			return x->word[w] < y->word[w] ? -1 : 1;
		}
	}
	return 0;
}

UNUSED static void sort_in_perm(tt_row *rows, size_t n_rows, tt_perm perm)
{
	sorting_perm = perm;
	qsort(rows, n_rows, sizeof *rows, compare_in_perm);
}

#endif
