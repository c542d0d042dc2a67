/* store.c - `tertium load`, `tertium dump` and `tertium check`. */
#include "cli/cli.h"

#include "cli/target.h"
#include "shell/console.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- load ------------------------------------------------------------------------------------------------ */

bool tt_cli_needs_directory(const tt_arguments *arguments, const char *command)
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
	              n_statements == 1 ? "" : "s", arguments->storage ? arguments->storage : arguments->directory,
	              stats.n_quads);
	return TT_EXIT_OK;
}

int tt_cli_load(const tt_arguments *arguments)
{
	if (!arguments->storage && tt_cli_needs_directory(arguments, "load")) {
		return TT_EXIT_USAGE;
	}
	if (!are_readable(arguments)) {
		return TT_EXIT_ERROR;
	}
	tt_target target;
	int status = tt_target_open(arguments, &target);
	status = status == TT_EXIT_OK ? load_into(target.db, arguments) : status;
	tt_target_close(&target, status);
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
