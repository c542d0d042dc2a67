/* questions.h - the questions of a folder, or those that come with the study: finding, listing and asking them.
 *
 * Contrast: tertium.h reads and tests questions; this chooses the folder, and complains. cli/questions.c has the
 *           subcommands.
 * Owns:     nothing; questions that are opened are the caller's.
 * Threads:  the main thread only.
 * Fails:    a message to standard error, and an exit status or shell.status.
 * Tests:    tests/cli/questions.sh, tests/cli/pipe.sh, tests/shell/questions.exp
 */
#ifndef TT_SHELL_QUESTIONS_H
#define TT_SHELL_QUESTIONS_H

#include "shell/shell.h"

/** Open the questions of a folder or file; NULL: of the study, which come with the program.
 * @param out_questions NULL on failure. @return An exit status, after a message. */
int tt_shell_open_questions(const char *path, tt_questions **out_questions);

/** The folder with the questions of the study, to be freed with free(); NULL if there is none. */
char *tt_study_questions(void);

/** Find a question by its name or number. @return As above. */
int tt_shell_find_question(tt_questions *questions, const char *which, const tt_question **out_question);

/** Show a question in words, in lines that fit the terminal, and with which values. */
void tt_shell_print_question(const tt_question *question, const tt_bindings *bindings, FILE *stream);

/** `.questions [DIR]`: list them; from now on they are those of the folder. */
void tt_shell_list_questions(tt_shell *shell, const char *folder);
/** `.ask NAME [VARIABLE=VALUE]...` */
void tt_shell_ask_question(tt_shell *shell, const char *which, size_t n_values, char *const *values);

#endif
