/* compare.h - a comparison, written to standard output as the terminal can show it.
 *
 * Contrast: tt_db_compare() does the work; cli/compare.c and the shell's .compare say what is wanted.
 * Owns:     nothing.
 * Threads:  the main thread only.
 * Fails:    an exit status, after a message to standard error.
 * Tests:    tests/cli/compare.sh, tests/shell/compare.exp
 */
#ifndef TT_SHELL_COMPARE_H
#define TT_SHELL_COMPARE_H

#include "tertium.h"

/** Compare, filling in what the options leave open: format, language, screen.
 * @param is_paged A long one goes through the pager, if there is one. */
int tt_compare_show(tt_db *db, const char *const *names, size_t n_names, const tt_compare_options *options,
                    bool is_paged);

/** Read names and options (`--all`, `--via P`, `-f FORMAT` …) and compare.
 * @param words @p n_words of them. */
int tt_compare_words(tt_db *db, char *const *words, size_t n_words, const tt_query_options *limits, bool is_paged);

/** Whether a text is a format of comparisons, and which. */
bool tt_compare_read_format(const char *value, void *out);
/** Read a depth: 0 to 5, kept as one more, so that 0 means that none is given. */
bool tt_compare_read_depth(const char *value, void *out);

#endif
