/* store.c - `tertium dump` and `tertium check`. */
#include "cli/cli.h"

#include "shell/console.h"

#include <inttypes.h>
#include <unistd.h>

bool tt_cli_needs_directory(const tt_arguments *arguments, const char *command)
{
	if (!arguments->directory) {
		tt_complain("the option --db DIR is missing (see tertium %s --help)", command);
	}
	return !arguments->directory;
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
	const tt_dump_options options = {
	    .syntax = arguments->dump, .graph = arguments->graph, .is_sorted = arguments->is_sorted};
	if (tt_db_dump(db, &options, STDOUT_FILENO) != TT_OK) {
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
	if (tt_cli_needs_directory(arguments, "check")) {
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
