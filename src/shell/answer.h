/* answer.h - ask one query and write its answer to standard output.
 *
 * Contrast: tt_db_query() and tt_results_write() do the work; this chooses the format and tells the user.
 * Owns:     nothing.
 * Threads:  the main thread only.
 * Fails:    an exit status, after a message to standard error.
 * Tests:    tests/cli/query.sh, tests/cli/formats.sh
 */
#ifndef TT_SHELL_ANSWER_H
#define TT_SHELL_ANSWER_H

#include "tertium.h"

typedef struct tt_answer_options {
	tt_query_options query;
	tt_format format;      /* TT_FORMAT_NONE: table, for triples Turtle */
	bool is_lenient;       /* a format that cannot show this answer is replaced instead of an error */
	bool is_explained;     /* write the plan in place of the answer: query.is_plan_only or query.is_profiled */
	bool is_paged;         /* a long answer goes through the pager, if there is one */
	bool is_counted;       /* tell the number of rows on standard error */
	const char *how_empty; /* what tells why an answer is empty, which is told then; NULL: nothing is */
	bool is_timed;         /* and the time */
	bool is_ask_status;    /* false is TT_EXIT_FALSE */
	bool is_numbered;      /* tables count their rows, for .why */
} tt_answer_options;

int tt_answer(tt_db *db, tt_view text, const tt_answer_options *options);

/** Write an answer that is there already, and tell nothing beside it. */
int tt_answer_write(tt_db *db, tt_results *results, const tt_answer_options *options, uint64_t *out_n_rows);

/** Write by what a row of the answer holds; or, with a style, the works that state it, as a bibliography. */
int tt_answer_why(tt_db *db, tt_view text, const tt_answer_options *options, const tt_why_options *which,
                  tt_citation_style style);

/** Run an update request and tell what it changed, as the options wish. */
int tt_answer_update(tt_db *db, tt_view text, const tt_answer_options *options);
/** Tell on standard error how many quads a change added and removed. */
void tt_answer_tell_changes(const tt_change_counts *counts);

/** The name of a format. */
const char *tt_answer_format_name(tt_format format);

#endif
