/* examples.h - the questions that come with the study, in data/questions.
 *
 * Contrast: tests/questions checks their answers; this shows and asks them.
 * Owns:     the list, until tt_examples_free().
 * Threads:  the main thread only.
 * Fails:    a message to standard error, and shell.status.
 * Tests:    tests/cli/pipe.sh, tests/shell/commands.exp
 */
#ifndef TT_SHELL_EXAMPLES_H
#define TT_SHELL_EXAMPLES_H

#include "shell/shell.h"

/** One question; the texts are of the comment at the head of the file. */
typedef struct tt_example {
	char *name;       /* of the file, without .rq */
	unsigned number;  /* that of the name (q16-…), else its place in the list */
	tt_text title;    /* # title: */
	tt_text question; /* # question: */
	tt_text group;    /* # group: */
	tt_text query;    /* what follows the comment */
} tt_example;

typedef struct tt_examples {
	tt_example *items;
	size_t n_items;
} tt_examples;

/** Read all questions; an empty list if there are none. */
void tt_examples_read(tt_examples *examples);
void tt_examples_free(tt_examples *examples);

/** `.examples`: list them. */
void tt_examples_list(tt_shell *shell);
/** `.examples N` or `.examples NAME`: show the question in words, the query and its answer. */
void tt_examples_ask(tt_shell *shell, const char *which);

#endif
