/* source.h - the text of a query or update: a file, standard input, or the option -e.
 *
 * Contrast: shell/data.h chooses the data that it works on.
 * Owns:     a source its text.
 * Threads:  the main thread only.
 * Fails:    an exit status, after a message to standard error.
 * Tests:    tests/cli/query.sh, tests/cli/update.sh
 */
#ifndef TT_CLI_SOURCE_H
#define TT_CLI_SOURCE_H

#include "cli/options.h"
#include "shell/text.h"

typedef struct tt_source {
	const char *name; /* for messages; NULL: the text stands on the command line */
	const char *inline_text;
	tt_text file;
} tt_source;

/** Read the text that the arguments name: one file, "-" or nothing for standard input, or -e TEXT.
 * @param kind "query" or "update", which is also the name of the subcommand. */
int tt_source_choose(const tt_arguments *arguments, const char *kind, tt_source *out);
/** Read a file ("-": standard input). */
int tt_source_read(const char *path, tt_source *out);
void tt_source_free(tt_source *source);

/** The text, without a byte order mark. */
tt_view tt_source_view(const tt_source *source);

#endif
