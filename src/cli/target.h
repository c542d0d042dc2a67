/* target.h - the database directory that a command writes: made if need be, and taken away again if that was in vain.
 *
 * Contrast: shell/data.h opens what is only read.
 * Owns:     a target its database.
 * Threads:  the main thread only.
 * Fails:    an exit status, after a message to standard error.
 * Tests:    tests/cli/failures.sh, tests/cli/update.sh
 */
#ifndef TT_CLI_TARGET_H
#define TT_CLI_TARGET_H

#include "cli/options.h"

/** What was there before, to be left behind by a command that fails. */
typedef enum tt_target_before { TT_BEFORE_NOTHING, TT_BEFORE_EMPTY, TT_BEFORE_SOMETHING } tt_target_before;

typedef struct tt_target {
	tt_db *db;
	const char *directory;
	tt_target_before before;
} tt_target;

/** Open the directory of the arguments for writing. To be closed in any case; it stays where it is till then. */
int tt_target_open(const tt_arguments *arguments, tt_target *out);
/** @param status What the command came to: if it failed, a database that it made is removed. */
void tt_target_close(tt_target *target, int status);

#endif
