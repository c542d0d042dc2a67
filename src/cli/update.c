/* update.c - `tertium update`. */
#include "cli/cli.h"

#include "cli/source.h"
#include "cli/target.h"
#include "shell/answer.h"
#include "shell/console.h"

#include <inttypes.h>
#include <unistd.h>

enum { SHOWN_CHANGES = 10 };

static void print_change(void *user, tt_view quad, bool is_removal)
{
	(void)user;
	printf("%c %.*s\n", is_removal ? '-' : '+', (int)quad.size, quad.data);
}

/* Say what the open transaction would do. */
static tt_status print_changes(tt_db *db)
{
	tt_change_counts counts;
	const tt_status status = tt_db_changes(db, SHOWN_CHANGES, print_change, NULL, &counts);
	const uint64_t n = counts.n_added + counts.n_removed;
	if (status == TT_OK && n > SHOWN_CHANGES) {
		printf("and %" PRIu64 " more\n", n - SHOWN_CHANGES);
	}
	if (status == TT_OK) {
		(void)tt_flush_output();
		(void)fputs("Not done, but it would be: ", stderr);
		tt_answer_tell_changes(&counts);
	}
	return status;
}

static tt_status dump(tt_db *db, const tt_arguments *arguments)
{
	return arguments->dump == TT_RDF_GUESS
	           ? TT_OK
	           : tt_db_dump(db, &(tt_dump_options){.syntax = arguments->dump}, STDOUT_FILENO);
}

static tt_status try_out(tt_db *db, const tt_arguments *arguments, tt_view request, const tt_query_options *options)
{
	tt_status status = tt_db_begin(db);
	status = status == TT_OK ? tt_db_update(db, request, options, NULL) : status;
	status = status == TT_OK ? print_changes(db) : status;
	return status == TT_OK ? dump(db, arguments) : status; /* closing the database rolls back */
}

static tt_status carry_out(tt_db *db, const tt_arguments *arguments, tt_view request, const tt_query_options *options)
{
	tt_change_counts counts;
	const tt_status status = tt_db_update(db, request, options, &counts);
	if (status != TT_OK) {
		return status;
	}
	tt_answer_tell_changes(&counts);
	return dump(db, arguments);
}

static int update(tt_db *db, const tt_arguments *arguments, const tt_source *source)
{
	tt_query_options options = tt_cli_query_options(arguments);
	options.source_name = source->name ? source->name : "update";
	const tt_status status = (arguments->is_dry_run ? try_out : carry_out)(db, arguments, tt_source_view(source),
	                                                                       &options);
	return status == TT_OK ? TT_EXIT_OK : tt_complain_db(db);
}

/* Files, or nothing at all, in memory; or a storage of Redland. */
static int update_memory(const tt_arguments *arguments, const tt_source *source)
{
	const tt_data_choice choice = tt_cli_data(arguments);
	tt_db *db = NULL;
	int status = TT_EXIT_OK;
	if (!tt_data_is_study(&choice)) {
		status = tt_data_open(&choice, TT_OPEN_WRITE, &db);
	} else if (tt_db_open(NULL, TT_OPEN_CREATE, &db) != TT_OK) {
		status = tt_complain_db(db);
	}
	status = status == TT_EXIT_OK ? update(db, arguments, source) : status;
	tt_db_close(db);
	return status;
}

static int update_directory(const tt_arguments *arguments, const tt_source *source)
{
	tt_target target;
	int status = tt_target_open(arguments, &target);
	status = status == TT_EXIT_OK ? update(target.db, arguments, source) : status;
	tt_target_close(&target, status);
	return status;
}

int tt_cli_update(const tt_arguments *arguments)
{
	if (arguments->directory && (arguments->data.n_items || arguments->named.n_items)) {
		tt_complain("--db does not go together with --data or --named: load the files into the directory first");
		return TT_EXIT_USAGE;
	}
	tt_source source = {0};
	int status = tt_source_choose(arguments, "update", &source);
	if (status == TT_EXIT_OK) {
		status = (arguments->directory ? update_directory : update_memory)(arguments, &source);
	}
	tt_source_free(&source);
	return status;
}
