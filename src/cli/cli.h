/* cli.h - the subcommands of the program.
 *
 * Contrast: shell/ holds the conversation; what both need is there, too.
 * Owns:     nothing.
 * Threads:  the main thread only.
 * Fails:    each returns an exit status, after a message to standard error.
 * Tests:    tests/cli/
 */
#ifndef TT_CLI_CLI_H
#define TT_CLI_CLI_H

#include "cli/options.h"
#include "shell/answer.h"

/** Run a subcommand. Its operands were counted. */
typedef int tt_subcommand_function(const tt_arguments *arguments);

tt_subcommand_function tt_cli_query;     /* query.c */
tt_subcommand_function tt_cli_compare;   /* compare.c */
tt_subcommand_function tt_cli_parse;     /* query.c */
tt_subcommand_function tt_cli_update;    /* update.c */
tt_subcommand_function tt_cli_load;      /* load.c */
tt_subcommand_function tt_cli_dump;      /* store.c */
tt_subcommand_function tt_cli_check;     /* store.c */
tt_subcommand_function tt_cli_info;      /* info.c */
tt_subcommand_function tt_cli_backup;    /* maintain.c */
tt_subcommand_function tt_cli_questions; /* questions.c */
tt_subcommand_function tt_cli_ask;       /* questions.c */
tt_subcommand_function tt_cli_test;      /* questions.c */
tt_subcommand_function tt_cli_conflicts; /* survey.c */
tt_subcommand_function tt_cli_coverage;  /* survey.c */
tt_subcommand_function tt_cli_restore;   /* maintain.c */
tt_subcommand_function tt_cli_compact;   /* maintain.c */

/** Whether the option --db is missing, which it says. */
bool tt_cli_needs_directory(const tt_arguments *arguments, const char *command);
/** The data that the options choose. */
tt_data_choice tt_cli_data(const tt_arguments *arguments);
/** How queries are to be run. */
tt_query_options tt_cli_query_options(const tt_arguments *arguments);
/** Answer a query, or tell of its answer what the command line asks for. */
int tt_cli_answer(tt_db *db, const tt_arguments *arguments, tt_view text, const tt_answer_options *options);

#endif
