/* query.c - `tertium query` and `tertium parse`. */
#include "cli/cli.h"

#include "cli/source.h"
#include "shell/answer.h"
#include "shell/console.h"
#include "shell/empty.h"

#include <unistd.h>

tt_data_choice tt_cli_data(const tt_arguments *arguments)
{
	return (tt_data_choice){.directory = arguments->directory,
	                        .storage = arguments->storage,
	                        .files = arguments->data.items,
	                        .n_files = arguments->data.n_items,
	                        .named = arguments->named.items,
	                        .n_named = arguments->named.n_items,
	                        .syntax = arguments->syntax};
}

tt_query_options tt_cli_query_options(const tt_arguments *arguments)
{
	const char *const passes = arguments->disabled_passes;
	return (tt_query_options){.base = arguments->base,
	                          .warn = tt_print_warning,
	                          .is_union_default_graph = arguments->is_union_default_graph,
	                          .is_strict = arguments->is_strict,
	                          .refuses_warnings = arguments->is_strict,
	                          .is_unoptimised = passes && !passes[0],
	                          .disabled_passes = passes,
	                          .is_plan_only = arguments->is_explained && !arguments->is_profiled,
	                          .description = arguments->description,
	                          .bindings = arguments->bindings.items,
	                          .n_bindings = arguments->bindings.n_items,
	                          .is_profiled = arguments->is_profiled,
	                          .timeout_seconds = arguments->timeout_seconds,
	                          .memory_bytes = arguments->memory_bytes};
}

/* ---- query ---------------------------------------------------------------------------------------------- */

int tt_cli_answer(tt_db *db, const tt_arguments *arguments, tt_view text, const tt_answer_options *options)
{
	const tt_why_options which = {.row = arguments->why, .is_all = arguments->is_all};
	/* What was found out in the time allowed is still to be told. */
	const double to_tell = arguments->is_why_empty && arguments->timeout_seconds > 0 ? 2 : 0;
	tt_stop_by_force(arguments->timeout_seconds + to_tell);
	if (arguments->is_why_empty) {
		return tt_empty_explain(db, text, &options->query);
	}
	return arguments->why || arguments->cite || arguments->is_all
	           ? tt_answer_why(db, text, options, &which, arguments->cite)
	           : tt_answer(db, text, options);
}

static int ask(const tt_arguments *arguments, const tt_source *source)
{
	const tt_data_choice choice = tt_cli_data(arguments);
	tt_db *db = NULL;
	int status = tt_data_open(&choice, TT_OPEN_READ, &db);
	if (status != TT_EXIT_OK) {
		return status;
	}
	tt_answer_options options = {.query = tt_cli_query_options(arguments),
	                             .format = arguments->format,
	                             .is_explained = arguments->is_explained || arguments->is_profiled,
	                             .how_empty = isatty(STDERR_FILENO) ? "--why-empty" : NULL,
	                             .is_ask_status = arguments->is_ask_status};
	options.query.source_name = source->name;
	options.query.is_union_default_graph = arguments->is_union_default_graph || tt_data_is_study(&choice);
	status = tt_cli_answer(db, arguments, tt_source_view(source), &options);
	tt_db_close(db);
	return status;
}

int tt_cli_query(const tt_arguments *arguments)
{
	tt_source source = {0};
	int status = tt_source_choose(arguments, "query", &source);
	status = status == TT_EXIT_OK ? ask(arguments, &source) : status;
	tt_source_free(&source);
	return status;
}

/* ---- parse ---------------------------------------------------------------------------------------------- */

/* Without data there is nothing to load: the study is not needed to check a syntax. */
static int open_for_prefixes(const tt_arguments *arguments, tt_db **out_db)
{
	const tt_data_choice choice = tt_cli_data(arguments);
	if (!tt_data_is_study(&choice)) {
		return tt_data_open(&choice, TT_OPEN_READ, out_db);
	}
	const tt_status status = tt_db_open(NULL, TT_OPEN_CREATE, out_db);
	return status == TT_OK ? TT_EXIT_OK : tt_complain_db(*out_db);
}

static int parse_file(tt_db *db, const tt_arguments *arguments, const char *path)
{
	tt_source source = {0};
	int status = tt_source_read(path, &source);
	tt_query_options options = tt_cli_query_options(arguments);
	options.source_name = source.name;
	if (status == TT_EXIT_OK && tt_db_parse(db, tt_source_view(&source), arguments->is_update, &options) != TT_OK) {
		status = tt_complain_db(db);
	}
	tt_source_free(&source);
	return status;
}

int tt_cli_parse(const tt_arguments *arguments)
{
	tt_db *db = NULL;
	int status = open_for_prefixes(arguments, &db);
	for (size_t i = 0; i < arguments->n_operands && db; ++i) {
		const int status_of_file = parse_file(db, arguments, arguments->operands[i]);
		status = status_of_file == TT_EXIT_OK ? status : status_of_file;
	}
	tt_db_close(db);
	return status;
}
