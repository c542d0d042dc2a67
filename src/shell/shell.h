/* shell.h - the conversation: queries and dot commands, typed at a prompt or read from a pipe.
 *
 * Contrast: cli/query.c asks one query and ends.
 * Owns:     the database, for as long as it runs.
 * Threads:  the main thread only; one shell at a time (readline has but one).
 * Fails:    an exit status; messages go to standard error.
 * Tests:    tests/shell/, tests/cli/pipe.sh
 */
#ifndef TT_SHELL_SHELL_H
#define TT_SHELL_SHELL_H

#include "shell/answer.h"
#include "shell/bindings.h"
#include "shell/data.h"
#include "shell/text.h"

/** What is to be shown of a query. */
typedef enum tt_explaining { TT_SHOW_ANSWER, TT_SHOW_PLAN, TT_SHOW_PROFILE, TT_SHOW_WHY_EMPTY } tt_explaining;

/** What the dot commands may change. */
typedef struct tt_shell {
	tt_db *db;
	const char *directory; /* of the database, or NULL */
	bool is_study;
	bool is_interactive;       /* a person types: prompts, counts */
	bool is_over;              /* .quit was given */
	int status;                /* of the last thing that failed */
	tt_answer_options options; /* of the next query */
	tt_text query;             /* what is typed of it so far */
	tt_text last;              /* the last query */
	tt_bindings bindings;      /* of the last query that is no update */
	char *questions;           /* the folder of .questions and .ask; NULL: those of the study */
	tt_text asked;             /* the last one that is no update */
	bool is_stale;             /* the data have changed since */
	tt_explaining explaining;  /* what is wanted of the query that is being typed */
	tt_text disabled_passes;   /* of the optimiser */
} tt_shell;

/** Run a shell over some data until the end of standard input or `.quit`. Without a terminal there are no prompts,
 * and the exit status tells whether anything failed.
 * @param options Of all queries. */
int tt_shell_run(const tt_data_choice *data, const tt_query_options *options);

/** Ask a query in the shell's mode. */
void tt_shell_ask(tt_shell *shell, tt_view query);
/** Show of a query whose text begins so, perhaps after more lines (of the last one if it is empty), what is wanted in
 * place of its answer. */
void tt_shell_explain(tt_shell *shell, tt_view begin, tt_explaining explaining);

#endif
