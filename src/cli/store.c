/* store.c - `tertium load`, `tertium dump` and `tertium check`. */
#include "cli/cli.h"

#include "shell/console.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define DATA_FILE "data.mdb"
#define LOCK_FILE "lock.mdb"
enum { SIZE_WITHOUT_DATA = 8192 }; /* LMDB's first two pages tell where the data are */

/* ---- load ------------------------------------------------------------------------------------------------ */

static bool needs_directory(const tt_arguments *arguments, const char *command)
{
	if (!arguments->directory) {
		tt_complain("the option --db DIR is missing (see tertium %s --help)", command);
	}
	return !arguments->directory;
}

/* Look at the files before a database is made for them. */
static bool are_readable(const tt_arguments *arguments)
{
	for (size_t i = 0; i < arguments->n_operands; ++i) {
		const char *const path = arguments->operands[i];
		if (strcmp(path, "-") != 0 && access(path, R_OK) != 0) {
			tt_complain("cannot read %s: %s", path, strerror(errno));
			return false;
		}
	}
	return true;
}

/* What a load that fails has to leave behind. */
typedef enum state_before { NOTHING, EMPTY_FOLDER, SOMETHING } state_before;

static state_before look_before(const char *path)
{
	DIR *const folder = opendir(path);
	if (!folder) {
		return errno == ENOENT ? NOTHING : SOMETHING;
	}
	bool is_empty = true;
	for (const struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
		is_empty = is_empty && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0);
	}
	(void)closedir(folder);
	return is_empty ? EMPTY_FOLDER : SOMETHING;
}

/* Whether the database in a folder holds nothing: it may be half made, since the disk was full. */
static bool holds_nothing(int folder, const char *path)
{
	struct stat about;
	if (fstatat(folder, DATA_FILE, &about, 0) != 0 || about.st_size <= SIZE_WITHOUT_DATA) {
		return true;
	}
	tt_db *db = NULL;
	tt_db_stats stats;
	const bool is_empty = tt_db_open(path, TT_OPEN_READ, &db) == TT_OK && tt_db_get_stats(db, &stats) == TT_OK &&
	                      stats.n_quads == 0;
	tt_db_close(db);
	return is_empty;
}

/* Take away the database that this run has made and could not fill, unless another process has filled it since. While
 * we hold the writer's lock nobody does; who waits for it is told that the database is gone. */
static void remove_made(const char *path, state_before before)
{
	const int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0) {
		return;
	}
	if (flock(folder, LOCK_EX | LOCK_NB) == 0 && holds_nothing(folder, path)) {
		(void)unlinkat(folder, DATA_FILE, 0);
		(void)unlinkat(folder, LOCK_FILE, 0);
		if (before == NOTHING) {
			(void)rmdir(path);
		}
	}
	(void)close(folder);
}

static int load_into(tt_db *db, const tt_arguments *arguments)
{
	tt_load_options *const options = tt_must(calloc(arguments->n_operands, sizeof *options));
	for (size_t i = 0; i < arguments->n_operands; ++i) {
		options[i] = (tt_load_options){.syntax = arguments->syntax, .base = arguments->base, .graph = arguments->graph};
	}
	uint64_t n_statements = 0;
	tt_status status = tt_db_load(db, arguments->operands, options, arguments->n_operands, &n_statements);
	free(options);
	tt_db_stats stats;
	status = status == TT_OK ? tt_db_get_stats(db, &stats) : status;
	if (status != TT_OK) {
		return tt_complain_db(db);
	}
	(void)fprintf(stderr, "%" PRIu64 " statement%s read; %s now holds %" PRIu64 ".\n", n_statements,
	              n_statements == 1 ? "" : "s", arguments->directory, stats.n_quads);
	return TT_EXIT_OK;
}

int tt_cli_load(const tt_arguments *arguments)
{
	if (needs_directory(arguments, "load")) {
		return TT_EXIT_USAGE;
	}
	if (!are_readable(arguments)) {
		return TT_EXIT_ERROR;
	}
	const state_before before = look_before(arguments->directory);
	tt_db *db = NULL;
	int status = TT_EXIT_OK;
	if (tt_db_open(arguments->directory, TT_OPEN_CREATE, &db) != TT_OK) {
		status = tt_complain_db(db);
	} else {
		tt_db_set_cancel(db, tt_interrupted());
		status = load_into(db, arguments);
	}
	tt_db_close(db);
	if (status != TT_EXIT_OK && before != SOMETHING) {
		remove_made(arguments->directory, before);
	}
	return status;
}

/* ---- dump ------------------------------------------------------------------------------------------------ */

int tt_cli_dump(const tt_arguments *arguments)
{
	const tt_data_choice choice = tt_cli_data(arguments);
	tt_db *db = NULL;
	int status = tt_data_open(&choice, TT_OPEN_READ, &db);
	if (status != TT_EXIT_OK) {
		return status;
	}
	const tt_rdf_syntax syntax = arguments->dump == TT_RDF_GUESS ? TT_RDF_NQUADS : arguments->dump;
	if (tt_db_dump(db, syntax, STDOUT_FILENO) != TT_OK) {
		status = tt_complain_db(db);
	}
	tt_db_close(db);
	return status;
}

/* ---- check ----------------------------------------------------------------------------------------------- */

enum { MOST_MESSAGES = 100 };

typedef struct damage_printer {
	const char *directory;
	size_t n_printed;
} damage_printer;

static void print_damage(void *user, const char *message)
{
	damage_printer *const printer = user;
	if (printer->n_printed++ < MOST_MESSAGES) {
		tt_complain("%s: %s", printer->directory, message);
	}
}

int tt_cli_check(const tt_arguments *arguments)
{
	if (needs_directory(arguments, "check")) {
		return TT_EXIT_USAGE;
	}
	tt_db *db = NULL;
	tt_check_result result = {0};
	damage_printer printer = {.directory = arguments->directory};
	tt_status status = tt_db_open(arguments->directory, TT_OPEN_READ, &db);
	if (status == TT_OK) {
		tt_db_set_cancel(db, tt_interrupted());
		status = tt_db_check(db, print_damage, &printer, &result);
	}
	if (status != TT_OK) {
		const int failed = tt_complain_db(db);
		tt_db_close(db);
		return failed;
	}
	tt_db_close(db);
	if (printer.n_printed > MOST_MESSAGES) {
		tt_complain("%s: %zu more damages are not listed", arguments->directory, printer.n_printed - MOST_MESSAGES);
	}
	printf("%s: %" PRIu64 " quads, %" PRIu64 " terms, %" PRIu64 " blocks; ", arguments->directory, result.n_quads,
	       result.n_terms, result.n_blocks);
	if (result.n_damages) {
		printf("%" PRIu64 " damage%s\n", result.n_damages, result.n_damages == 1 ? "" : "s");
	} else {
		printf("no damage\n");
	}
	return result.n_damages ? TT_EXIT_ERROR : TT_EXIT_OK;
}
