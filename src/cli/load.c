/* load.c - `tertium load`, and the line that shows how far it has come. */
#include "cli/cli.h"

#include "cli/target.h"
#include "shell/console.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { MOST_MESSAGES = 20, REDRAWS_PER_SECOND = 5 };

/** What is known of a load while it runs. */
typedef struct load_state {
	const tt_arguments *arguments;
	uint64_t n_skipped;
	/* the progress line */
	bool is_shown; /* on a terminal */
	bool is_drawn;
	double began, drawn; /* seconds */
	const char *path;    /* the file being read */
	uint64_t n_statements_before, n_statements;
	uint64_t n_bytes_before, n_bytes_of_file; /* of the files before, and of this one */
	uint64_t n_bytes_total;                   /* 0: not known */
} load_state;

/* ---- the progress line ------------------------------------------------------------------------------------ */

static double now(void)
{
	struct timespec time;
	(void)clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static uint64_t size_of(const char *path)
{
	struct stat about;
	const int failed = strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, &about) : stat(path, &about);
	return failed || !S_ISREG(about.st_mode) ? 0 : (uint64_t)about.st_size;
}

static void begin_progress(load_state *state)
{
	const tt_arguments *const arguments = state->arguments;
	bool is_known = true;
	state->is_shown = isatty(STDERR_FILENO);
	state->began = now();
	for (size_t i = 0; i < arguments->n_operands; ++i) {
		const uint64_t size = size_of(arguments->operands[i]);
		is_known = is_known && size;
		state->n_bytes_total += size;
	}
	state->n_bytes_total = is_known ? state->n_bytes_total : 0;
}

static void erase_progress(load_state *state)
{
	if (state->is_drawn) {
		(void)fputs("\r\033[K", stderr);
		state->is_drawn = false;
	}
}

/* @param share Of the bytes; negative: not known. */
static void draw_progress(load_state *state, double share)
{
	const double seconds = now() - state->began;
	const uint64_t n = state->n_statements_before + state->n_statements;
	(void)fprintf(stderr, "\r\033[K%" PRIu64 " statements, %.0f a second", n, seconds > 0 ? (double)n / seconds : 0.0);
	if (share >= 1) {
		(void)fputs(", writing", stderr);
	} else if (share > 0) {
		const uint64_t left = (uint64_t)(seconds * (1 - share) / share);
		(void)fprintf(stderr, ", %.0f %%, %" PRIu64 ":%02u left", 100 * share, left / 60, (unsigned)(left % 60));
	}
	(void)fflush(stderr);
	state->is_drawn = true;
}

static void show_progress(void *user, const tt_load_progress *progress)
{
	load_state *const state = user;
	if (state->path != progress->path) {
		state->n_statements_before += state->n_statements;
		state->n_bytes_before += state->n_bytes_of_file;
		state->path = progress->path;
		state->n_bytes_of_file = size_of(progress->path);
	}
	state->n_statements = progress->n_statements;
	const double share_of_file = progress->n_bytes_total ? (double)progress->n_bytes / (double)progress->n_bytes_total
	                                                     : 0;
	const double n_read = (double)state->n_bytes_before + share_of_file * (double)state->n_bytes_of_file;
	const double share = state->n_bytes_total ? n_read / (double)state->n_bytes_total : -1;
	const double time = now();
	if (time - state->drawn >= 1.0 / REDRAWS_PER_SECOND || (share >= 1 && state->is_drawn)) {
		state->drawn = time;
		draw_progress(state, share);
	}
}

/* ---- loading ---------------------------------------------------------------------------------------------- */

static void print_skipped(void *user, const tt_error *error)
{
	load_state *const state = user;
	if (state->n_skipped++ < MOST_MESSAGES) {
		erase_progress(state);
		tt_print_warning(NULL, error);
	}
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

static tt_status load(tt_db *db, load_state *state, uint64_t *out_n_statements)
{
	const tt_arguments *const arguments = state->arguments;
	tt_load_options *const options = tt_must(calloc(arguments->n_operands, sizeof *options));
	for (size_t i = 0; i < arguments->n_operands; ++i) {
		options[i] = (tt_load_options){.syntax = arguments->syntax,
		                               .base = arguments->base,
		                               .graph = arguments->graph,
		                               .skipped = arguments->is_continuing ? print_skipped : NULL,
		                               .skipped_user = state,
		                               .progress = state->is_shown ? show_progress : NULL,
		                               .progress_user = state};
	}
	tt_db_set_load_memory(db, arguments->memory_bytes);
	const tt_status status = tt_db_load(db, arguments->operands, options, arguments->n_operands, out_n_statements);
	free(options);
	return status;
}

static int load_into(tt_db *db, const tt_arguments *arguments)
{
	load_state state = {.arguments = arguments};
	uint64_t n_statements = 0;
	tt_db_stats stats;
	begin_progress(&state);
	tt_status status = load(db, &state, &n_statements);
	erase_progress(&state);
	status = status == TT_OK ? tt_db_get_stats(db, &stats) : status;
	if (status != TT_OK) {
		return tt_complain_db(db);
	}
	if (state.n_skipped > MOST_MESSAGES) {
		tt_complain("%" PRIu64 " more bad statements are not listed", state.n_skipped - MOST_MESSAGES);
	}
	(void)fprintf(stderr, "%" PRIu64 " statement%s read", n_statements, n_statements == 1 ? "" : "s");
	if (state.n_skipped) {
		(void)fprintf(stderr, ", %" PRIu64 " left out", state.n_skipped);
	}
	(void)fprintf(stderr, "; %s now holds %" PRIu64 ".\n",
	              arguments->storage ? arguments->storage : arguments->directory, stats.n_quads);
	return state.n_skipped ? TT_EXIT_SKIPPED : TT_EXIT_OK;
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
	tt_target_close(&target, status == TT_EXIT_SKIPPED ? TT_EXIT_OK : status);
	return status;
}
