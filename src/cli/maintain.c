/* maintain.c - `tertium backup`, `tertium restore` and `tertium compact`. */
#include "cli/cli.h"

#include "shell/console.h"

#include <inttypes.h>

static int open_directory(const char *directory, tt_open_mode mode, tt_db **out_db)
{
	if (tt_db_open(directory, mode, out_db) != TT_OK) {
		return tt_complain_db(*out_db);
	}
	tt_db_set_cancel(*out_db, tt_interrupted());
	return TT_EXIT_OK;
}

static int tell(tt_db *db, const char *text, const char *directory)
{
	tt_db_stats stats;
	if (tt_db_get_stats(db, &stats) != TT_OK) {
		return tt_complain_db(db);
	}
	(void)fprintf(stderr, "%s %s: %" PRIu64 " quad%s.\n", directory, text, stats.n_quads,
	              stats.n_quads == 1 ? "" : "s");
	return TT_EXIT_OK;
}

int tt_cli_backup(const tt_arguments *arguments)
{
	const char *const target = arguments->operands[0];
	tt_db *db = NULL;
	if (tt_cli_needs_directory(arguments, "backup")) {
		return TT_EXIT_USAGE;
	}
	int status = open_directory(arguments->directory, TT_OPEN_READ, &db);
	if (status == TT_EXIT_OK && tt_db_copy(db, target, false) != TT_OK) {
		status = tt_complain_db(db);
	}
	tt_db_close(db);
	if (status != TT_EXIT_OK) {
		return status;
	}
	/* What was copied is told by the copy: the original may have changed since. */
	status = open_directory(target, TT_OPEN_READ, &db);
	status = status == TT_EXIT_OK ? tell(db, "is the backup", target) : status;
	tt_db_close(db);
	return status;
}

static void print_damage(void *user, const char *message)
{
	tt_complain("%s: %s", (const char *)user, message);
}

/* A damaged backup is not put in the place of anything. */
static int check_backup(tt_db *db, const char *backup)
{
	tt_check_result result = {0};
	if (tt_db_check(db, print_damage, (void *)(uintptr_t)backup, &result) != TT_OK) {
		return tt_complain_db(db);
	}
	if (result.n_damages) {
		tt_complain("%s is damaged, so it is not restored", backup);
	}
	return result.n_damages ? TT_EXIT_ERROR : TT_EXIT_OK;
}

int tt_cli_restore(const tt_arguments *arguments)
{
	const char *const backup = arguments->operands[0];
	tt_db *db = NULL;
	if (tt_cli_needs_directory(arguments, "restore")) {
		return TT_EXIT_USAGE;
	}
	int status = open_directory(backup, TT_OPEN_READ, &db);
	status = status == TT_EXIT_OK ? check_backup(db, backup) : status;
	if (status == TT_EXIT_OK && tt_db_copy(db, arguments->directory, arguments->is_replacing) != TT_OK) {
		status = tt_complain_db(db);
	}
	status = status == TT_EXIT_OK ? tell(db, "is restored", arguments->directory) : status;
	tt_db_close(db);
	return status;
}

int tt_cli_compact(const tt_arguments *arguments)
{
	tt_db *db = NULL;
	tt_db_space before = {0};
	tt_db_space after = {0};
	if (tt_cli_needs_directory(arguments, "compact")) {
		return TT_EXIT_USAGE;
	}
	int status = open_directory(arguments->directory, TT_OPEN_WRITE, &db);
	if (status == TT_EXIT_OK &&
	    (tt_db_get_space(db, &before) != TT_OK || tt_db_compact(db) != TT_OK || tt_db_get_space(db, &after) != TT_OK)) {
		status = tt_complain_db(db);
	}
	tt_db_close(db);
	if (status == TT_EXIT_OK) {
		(void)fprintf(stderr, "%s: %" PRIu64 " bytes before, %" PRIu64 " now.\n", arguments->directory,
		              before.n_file_bytes, after.n_file_bytes);
	}
	return status;
}
