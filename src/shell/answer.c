/* answer.c - a query's answer for the user. */
#include "shell/answer.h"

#include "shell/console.h"
#include "shell/empty.h"
#include "shell/pager.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static double now_seconds(void)
{
	struct timespec now;
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

const char *tt_answer_format_name(tt_format format)
{
	static const char *const names[] = {
	    [TT_FORMAT_NONE] = "auto",     [TT_FORMAT_TABLE] = "table",   [TT_FORMAT_CSV] = "csv",
	    [TT_FORMAT_TSV] = "tsv",       [TT_FORMAT_JSON] = "json",     [TT_FORMAT_XML] = "xml",
	    [TT_FORMAT_TEXT] = "text",     [TT_FORMAT_TURTLE] = "turtle", [TT_FORMAT_NTRIPLES] = "ntriples",
	    [TT_FORMAT_JSONLD] = "jsonld", [TT_FORMAT_TRIG] = "trig",     [TT_FORMAT_NQUADS] = "nquads"};
	return names[format];
}

/* ---- format ---------------------------------------------------------------------------------------- */

static tt_format choose_format(const tt_answer_options *options, tt_results_kind kind)
{
	if (options->format == TT_FORMAT_NONE || (options->is_lenient && !tt_format_fits(options->format, kind))) {
		return kind == TT_RESULTS_TRIPLES ? TT_FORMAT_TURTLE : TT_FORMAT_TABLE;
	}
	return options->format;
}

static int complain_format(tt_format format, tt_results_kind kind)
{
	static const char *const wants[] = {
	    [TT_RESULTS_ROWS] = "the answer of a SELECT: use table, csv, tsv, json, xml or text",
	    [TT_RESULTS_BOOLEAN] = "the answer of an ASK: use table, json, xml or text",
	    [TT_RESULTS_TRIPLES] = "triples, the answer of a CONSTRUCT or DESCRIBE: use turtle, ntriples, jsonld or table"};
	tt_complain("the format %s cannot show %s", tt_answer_format_name(format), wants[kind]);
	return TT_EXIT_USAGE;
}

/* ---- what is told beside the answer ------------------------------------------------------------------ */

static void print_time(double seconds)
{
	if (seconds < 1) {
		(void)fprintf(stderr, "%.1f ms", seconds * 1000);
	} else {
		(void)fprintf(stderr, "%.2f s", seconds);
	}
}

static void tell(const tt_answer_options *options, tt_results_kind kind, uint64_t n_rows, double seconds)
{
	const bool is_counted = options->is_counted && kind != TT_RESULTS_BOOLEAN;
	const char *const word = kind == TT_RESULTS_TRIPLES ? "triple" : "row";
	if (is_counted && !n_rows) {
		(void)fprintf(stderr, "no %ss", word);
	} else if (is_counted) {
		(void)fprintf(stderr, "%" PRIu64 " %s%s", n_rows, word, n_rows == 1 ? "" : "s");
	}
	if (options->is_timed) {
		(void)fputs(is_counted ? ", " : "", stderr);
		print_time(seconds);
	}
	if (is_counted || options->is_timed) {
		(void)fputc('\n', stderr);
	}
}

/* ---- writing ---------------------------------------------------------------------------------------- */

/* A query that is stopped half-way leaves the profile of what was done: that shows where it hangs. */
static int explain(tt_db *db, tt_results *results)
{
	const char *text = NULL;
	const tt_term *row = NULL;
	int status = TT_EXIT_OK;
	do {
		if (tt_results_next(results, &row) != TT_OK) {
			status = tt_complain_db(db);
			row = NULL;
		}
	} while (row);
	if (tt_results_explain(results, &text) != TT_OK) {
		return tt_complain_db(db);
	}
	(void)fputs(text, stdout);
	return status; /* that standard output took it is checked when the program ends */
}

int tt_answer_write(tt_db *db, tt_results *results, const tt_answer_options *options, uint64_t *out_n_rows)
{
	const tt_results_kind kind = tt_results_get_kind(results);
	const tt_format format = choose_format(options, kind);
	if (!tt_format_fits(format, kind)) {
		return complain_format(format, kind);
	}
	const bool is_terminal = isatty(STDOUT_FILENO);
	const tt_write_options writing = {.format = format,
	                                  .n_width = tt_console_width(STDOUT_FILENO),
	                                  .is_short = true,
	                                  .is_utf8 = is_terminal && tt_console_is_utf8(),
	                                  .is_numbered = options->is_numbered};
	const int fd = options->is_paged ? tt_pager_begin() : STDOUT_FILENO;
	const tt_status status = tt_results_write(results, &writing, fd, out_n_rows);
	tt_pager_end(fd);
	if (status != TT_OK) {
		return tt_complain_db(db);
	}
	return options->is_ask_status && kind == TT_RESULTS_BOOLEAN && !tt_results_boolean(results) ? TT_EXIT_FALSE
	                                                                                            : TT_EXIT_OK;
}

int tt_answer(tt_db *db, tt_view text, const tt_answer_options *options)
{
	const double begin = now_seconds();
	tt_results *results = NULL;
	(void)tt_flush_output();
	if (tt_db_query(db, text, &options->query, &results) != TT_OK) {
		return tt_complain_db(db);
	}
	const tt_results_kind kind = tt_results_get_kind(results);
	const bool is_true = tt_results_boolean(results);
	uint64_t n_rows = 0;
	const int status = options->is_explained ? explain(db, results) : tt_answer_write(db, results, options, &n_rows);
	tt_results_free(results);
	if (!options->is_explained && (status == TT_EXIT_OK || status == TT_EXIT_FALSE)) {
		tell(options, kind, n_rows, now_seconds() - begin);
		if (options->how_empty && !n_rows && !(kind == TT_RESULTS_BOOLEAN && is_true)) {
			tt_empty_hint(db, text, &options->query, options->how_empty, kind == TT_RESULTS_BOOLEAN);
		}
	}
	return status;
}

/* ---- evidence --------------------------------------------------------------------------------------- */

static int write_why(tt_db *db, tt_why *why, const tt_answer_options *options, tt_citation_style style)
{
	tt_format format = options->format;
	if (format == TT_FORMAT_NONE || (options->is_lenient && !tt_why_fits(format))) {
		format = TT_FORMAT_TABLE;
	}
	if (style == TT_CITE_NONE && !tt_why_fits(format)) {
		tt_complain("the format %s cannot show evidence: use table, json, jsonld, trig, nquads, turtle or ntriples",
		            tt_answer_format_name(format));
		return TT_EXIT_USAGE;
	}
	const tt_write_options writing = {.format = format,
	                                  .n_width = tt_console_width(STDOUT_FILENO),
	                                  .is_short = true,
	                                  .is_utf8 = isatty(STDOUT_FILENO) && tt_console_is_utf8()};
	const int fd = options->is_paged ? tt_pager_begin() : STDOUT_FILENO;
	const tt_status status = style == TT_CITE_NONE ? tt_why_write(why, &writing, fd) : tt_why_cite(why, style, fd);
	tt_pager_end(fd);
	return status == TT_OK ? TT_EXIT_OK : tt_complain_db(db);
}

int tt_answer_why(tt_db *db, tt_view text, const tt_answer_options *options, const tt_why_options *which,
                  tt_citation_style style)
{
	const double begin = now_seconds();
	tt_why *why = NULL;
	(void)tt_flush_output();
	if (tt_db_why(db, text, &options->query, which, &why) != TT_OK) {
		return tt_complain_db(db);
	}
	const int status = write_why(db, why, options, style);
	tt_why_free(why);
	if (options->is_timed) {
		print_time(now_seconds() - begin);
		(void)fputc('\n', stderr);
	}
	return status;
}

/* ---- updates ---------------------------------------------------------------------------------------- */

static void print_changes(const tt_change_counts *counts)
{
	(void)fprintf(stderr, "%" PRIu64 " quad%s added, %" PRIu64 " removed", counts->n_added,
	              counts->n_added == 1 ? "" : "s", counts->n_removed);
}

void tt_answer_tell_changes(const tt_change_counts *counts)
{
	print_changes(counts);
	(void)fputs(".\n", stderr);
}

int tt_answer_update(tt_db *db, tt_view text, const tt_answer_options *options)
{
	const double begin = now_seconds();
	tt_change_counts counts;
	(void)tt_flush_output();
	if (options->is_explained) {
		tt_complain("an update has no plan to show: ask its WHERE as a SELECT");
		return TT_EXIT_ERROR;
	}
	if (tt_db_update(db, text, &options->query, &counts) != TT_OK) {
		return tt_complain_db(db);
	}
	if (options->is_counted && tt_db_is_in_transaction(db)) {
		(void)fputs("done, to be kept by .commit", stderr);
	} else if (options->is_counted) {
		print_changes(&counts);
	}
	if (options->is_timed) {
		(void)fputs(options->is_counted ? ", " : "", stderr);
		print_time(now_seconds() - begin);
	}
	if (options->is_counted || options->is_timed) {
		(void)fputc('\n', stderr);
	}
	return TT_EXIT_OK;
}
