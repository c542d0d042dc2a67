/* bindings.h - values for variables, as they are typed: NAME=VALUE.
 *
 * Contrast: what a VALUE may be is the engine's business (tt_binding).
 * Owns:     copies of the texts, until tt_bindings_clear().
 * Threads:  any.
 * Fails:    false if a text is no binding; ends the program when memory is out (tt_must()).
 * Tests:    tests/cli/query.sh, tests/cli/questions.sh
 */
#ifndef TT_SHELL_BINDINGS_H
#define TT_SHELL_BINDINGS_H

#include "tertium.h"

/** Zero it to begin with. */
typedef struct tt_bindings {
	tt_binding *items;
	size_t n_items;
} tt_bindings;

void tt_bindings_add(tt_bindings *bindings, const tt_binding *binding);
/** Add `NAME=VALUE`; the name may have its ? or $. */
bool tt_bindings_read(tt_bindings *bindings, const char *text);
/** Add to these, which were given, what a question binds by itself.
 * @return An exit status, after a message. */
int tt_bindings_complete(tt_bindings *bindings, tt_db *db, const tt_question *question);
void tt_bindings_clear(tt_bindings *bindings);

#endif
