/* empty.h - `.why-empty` and `tertium query --why-empty`: why a query has no answer, for people.
 *
 * Contrast: tt_db_why_empty() finds it out.
 * Owns:     nothing.
 * Threads:  the main thread only.
 * Fails:    an exit status, after a message to standard error.
 * Tests:    tests/cli/empty.sh, tests/shell/evidence.exp
 */
#ifndef TT_SHELL_EMPTY_H
#define TT_SHELL_EMPTY_H

#include "tertium.h"

/** Print why a query has no answer, and what would have one. */
int tt_empty_explain(tt_db *db, tt_view text, const tt_query_options *options);

/** After an empty answer: one line that tells how to learn more, with the reason if a term of the query is not in the
 * data at all.
 * @param how What tells more: ".why-empty".
 * @param is_sure Say nothing without such a reason. */
void tt_empty_hint(tt_db *db, tt_view text, const tt_query_options *options, const char *how, bool is_sure);

#endif
