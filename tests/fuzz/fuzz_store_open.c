/* fuzz_store_open.c - a database file with some bytes changed, perhaps cut off: it opens or it does not, and whatever
 * is then read, checked or written ends with a status. The input is how many pages are cut off, then changes: a page,
 * a place in it, what is added to the byte there. */
#include "fuzz/fuzz.h"

#include <fcntl.h>
#include <unistd.h>

#include "tertium.h"

enum { PAGE = 4096, N_TRIPLES = 400, N_NAME = 96 };

static char directory[64];
static char data_file[N_NAME], lock_file[N_NAME], seed_file[N_NAME];
static uint8_t *sound, *damaged; /* the file as it was made, and as it is tried */
static size_t n_sound;

static void remove_directory(void)
{
	(void)unlink(data_file);
	(void)unlink(lock_file);
	(void)rmdir(directory);
	free(sound);
	free(damaged);
}

static void load_seed(tt_db *db)
{
	const char *const path = seed_file;
	FILE *const seed = fopen(path, "w");
	FUZZ_REQUIRE(seed, "%s", path);
	for (int i = 0; i < N_TRIPLES; ++i) {
		(void)fprintf(seed, "<http://example.org/subject/%d> <http://example.org/p%d> \"object %d\"@en <g:%d> .\n",
		              i / 3, i % 7, i * i, i % 4);
	}
	(void)fclose(seed);
	FUZZ_REQUIRE(tt_db_load(db, &path, NULL, 1, NULL) == TT_OK, "%s", tt_db_error(db)->text);
	(void)unlink(path);
}

/* Loaded twice, so that there are free pages too. */
static void make_database(void)
{
	const bool has_shm = access("/dev/shm", W_OK) == 0; /* in memory a commit need not wait for a disk */
	(void)snprintf(directory, sizeof directory, "%s/fuzz_store-XXXXXX", has_shm ? "/dev/shm" : "/tmp");
	FUZZ_REQUIRE(mkdtemp(directory), "%s", directory);
	(void)snprintf(data_file, N_NAME, "%s/data.mdb", directory);
	(void)snprintf(lock_file, N_NAME, "%s/lock.mdb", directory);
	(void)snprintf(seed_file, N_NAME, "%s.nq", directory);
	(void)atexit(remove_directory);
	tt_db *db = NULL;
	FUZZ_REQUIRE(tt_db_open(directory, TT_OPEN_CREATE, &db) == TT_OK, "%s", tt_db_error(db)->text);
	load_seed(db);
	load_seed(db);
	tt_db_close(db);
	FILE *const file = fopen(data_file, "r");
	FUZZ_REQUIRE(file && fseek(file, 0, SEEK_END) == 0, "%s", data_file);
	n_sound = (size_t)ftell(file);
	sound = malloc(n_sound);
	damaged = malloc(n_sound);
	FUZZ_REQUIRE(sound && damaged, "no memory");
	rewind(file);
	FUZZ_REQUIRE(fread(sound, 1, n_sound, file) == n_sound, "%s", data_file);
	(void)fclose(file);
}

static void damage_file(fuzz_input *input)
{
	memcpy(damaged, sound, n_sound);
	const size_t n_cut = fuzz_byte(input) * (size_t)PAGE / 8;
	const size_t n = n_cut < n_sound ? n_sound - n_cut : 0;
	while (input->size && n) {
		const size_t page = fuzz_byte(input);
		const size_t place = fuzz_byte(input) * (size_t)256 + fuzz_byte(input);
		const size_t at = (page * PAGE + place % PAGE) % n;
		damaged[at] = (uint8_t)(damaged[at] + fuzz_byte(input));
	}
	const int fd = open(data_file, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	FUZZ_REQUIRE(fd >= 0 && write(fd, damaged, n) == (ssize_t)n, "%s", data_file);
	(void)close(fd);
	(void)unlink(lock_file);
}

static void ignore(void *user, const char *message)
{
	(void)user;
	(void)message;
}

static void read_and_write(tt_db *db)
{
	static const tt_query_options options = {.timeout_seconds = 2, .is_union_default_graph = true};
	tt_results *results = NULL;
	tt_db_stats stats;
	tt_check_result check;
	(void)!tt_db_get_stats(db, &stats);
	if (tt_db_query(db, TT_VIEW("SELECT * { ?s ?p ?o . ?s ?q ?r }"), &options, &results) == TT_OK) {
		const tt_term *row = NULL;
		while (tt_results_next(results, &row) == TT_OK && row) {
		}
	}
	tt_results_free(results);
	(void)!tt_db_check(db, ignore, NULL, &check);
	const int null = open("/dev/null", O_WRONLY);
	(void)!tt_db_dump(db, &(tt_dump_options){.syntax = TT_RDF_TRIG, .is_sorted = true}, null);
	(void)close(null);
	const char *const path = seed_file;
	FILE *const seed = fopen(path, "w");
	(void)fprintf(seed, "<x:new> <x:p> <x:o> , \"text\" .\n");
	(void)fclose(seed);
	(void)!tt_db_load(db, &path, NULL, 1, NULL);
	(void)unlink(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool is_made;
	if (!is_made) {
		make_database();
		is_made = true;
	}
	fuzz_input input = {data, size};
	damage_file(&input);
	tt_db *db = NULL;
	const tt_status status = tt_db_open(directory, TT_OPEN_WRITE, &db);
	FUZZ_REQUIRE(status == TT_OK || tt_db_error(db)->text[0], "an error without a sentence");
	if (status == TT_OK) {
		read_and_write(db);
	}
	tt_db_close(db);
	return 0;
}
