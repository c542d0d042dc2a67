/* query.c - `tertium query` and `tertium parse`. */
#include "cli/cli.h"

#include "shell/answer.h"
#include "shell/console.h"
#include "shell/text.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

tt_data_choice tt_cli_data(const tt_arguments *arguments)
{
	return (tt_data_choice){.directory = arguments->directory,
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
	                          .is_profiled = arguments->is_profiled,
	                          .timeout_seconds = arguments->timeout_seconds,
	                          .memory_bytes = arguments->memory_bytes};
}

/* ---- the text ------------------------------------------------------------------------------------------ */

static bool is_standard_input(const char *path)
{
	return strcmp(path, "-") == 0;
}

static const char *source_name(const char *path)
{
	return is_standard_input(path) ? "standard input" : path;
}

/* Read a file whole ("-": standard input). @return An exit status. */
static int read_file(const char *path, tt_text *out)
{
	FILE *const stream = is_standard_input(path) ? stdin : fopen(path, "r");
	if (!stream) {
		tt_complain("cannot open %s: %s", path, strerror(errno));
		return TT_EXIT_ERROR;
	}
	const bool is_read = tt_text_read(out, stream);
	const int error = errno;
	if (stream != stdin) {
		(void)fclose(stream);
	}
	if (*tt_interrupted()) {
		return TT_EXIT_INTERRUPTED;
	}
	if (!is_read) {
		tt_complain("cannot read %s: %s", source_name(path), strerror(error));
		return TT_EXIT_ERROR;
	}
	return TT_EXIT_OK;
}

static tt_view without_byte_order_mark(tt_view text)
{
	const bool has_mark = text.size >= 3 && memcmp(text.data, "\xEF\xBB\xBF", 3) == 0;
	return has_mark ? (tt_view){text.data + 3, text.size - 3} : text;
}

/* ---- query ---------------------------------------------------------------------------------------------- */

static int ask(const tt_arguments *arguments, tt_view text, const char *source)
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
	                             .is_ask_status = arguments->is_ask_status};
	options.query.source_name = source;
	options.query.is_union_default_graph = arguments->is_union_default_graph || tt_data_is_study(&choice);
	tt_stop_by_force(arguments->timeout_seconds);
	status = tt_answer(db, text, &options);
	tt_db_close(db);
	return status;
}

static bool reads_standard_input(const tt_values *files)
{
	bool is_read = false;
	for (size_t i = 0; i < files->n_items; ++i) {
		is_read = is_read || is_standard_input(files->items[i]);
	}
	return is_read;
}

int tt_cli_query(const tt_arguments *arguments)
{
	const size_t n_given = arguments->n_operands + (arguments->text != NULL);
	if (n_given > 1 || (!n_given && isatty(STDIN_FILENO))) {
		tt_complain("%s: give one file, - for standard input, or -e TEXT (see tertium query --help)",
		            n_given ? "there is more than one query" : "there is no query");
		return TT_EXIT_USAGE;
	}
	if (arguments->text) {
		return ask(arguments, tt_text_of(arguments->text), NULL);
	}
	const char *const path = n_given ? arguments->operands[0] : "-";
	if (is_standard_input(path) && reads_standard_input(&arguments->data)) {
		tt_complain("standard input cannot be both the query and data (see tertium query --help)");
		return TT_EXIT_USAGE;
	}
	tt_text file = {0};
	int status = read_file(path, &file);
	if (status == TT_EXIT_OK) {
		status = ask(arguments, without_byte_order_mark(tt_text_view(&file)), source_name(path));
	}
	tt_text_free(&file);
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
	tt_text file = {0};
	int status = read_file(path, &file);
	tt_query_options options = tt_cli_query_options(arguments);
	options.source_name = source_name(path);
	if (status == TT_EXIT_OK &&
	    tt_db_parse(db, without_byte_order_mark(tt_text_view(&file)), arguments->is_update, &options) != TT_OK) {
		status = tt_complain_db(db);
	}
	tt_text_free(&file);
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
