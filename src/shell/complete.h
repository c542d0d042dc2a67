/* complete.h - what the tabulator key completes: keywords, commands, prefixed names, variables, file names.
 *
 * Contrast: shell.c reads the lines.
 * Owns:     a cache of the names of the data; and, as readline knows no user data, the shell it completes for.
 * Threads:  the main thread only.
 * Fails:    never: what cannot be found is not offered.
 * Tests:    tests/shell/complete.exp
 */
#ifndef TT_SHELL_COMPLETE_H
#define TT_SHELL_COMPLETE_H

#include "shell/shell.h"

/** Set readline up to complete for a shell. */
void tt_complete_init(tt_shell *shell);
/** Forget the names of the data: they have changed, or the shell ends. */
void tt_complete_forget(void);

#endif
