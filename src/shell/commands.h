/* commands.h - the dot commands.
 *
 * Contrast: shell.c reads lines and gathers queries; cli/ has the program's subcommands.
 * Owns:     the table of commands.
 * Threads:  the main thread only.
 * Fails:    a message to standard error, and shell.status.
 * Tests:    tests/cli/pipe.sh, tests/shell/commands.exp
 */
#ifndef TT_SHELL_COMMANDS_H
#define TT_SHELL_COMMANDS_H

#include "shell/shell.h"

/** Whether a line that stands where a query may begin is meant as a dot command. */
bool tt_command_is(tt_view line);
/** Whether it names a command that exists: such a line is never part of a query. */
bool tt_command_is_known(tt_view line);
/** Run a line for which tt_command_is() holds. */
void tt_command_run(tt_shell *shell, tt_view line);

/** The name of the @p n_th command, with its dot; NULL behind the last. */
const char *tt_command_name(size_t n_th);

#endif
