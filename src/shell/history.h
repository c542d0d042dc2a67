/* history.h - what was typed, kept between runs in $XDG_STATE_HOME/tertium/history (~/.local/state/tertium/history).
 *
 * Contrast: complete.h offers what the data know.
 * Owns:     readline's history list and the file's name.
 * Threads:  the main thread only. Several shells may write the file: each adds its lines.
 * Fails:    never: without a place for the file there is a history of this run only.
 * Tests:    tests/shell/history.exp
 */
#ifndef TT_SHELL_HISTORY_H
#define TT_SHELL_HISTORY_H

#include "tertium.h"

/** Read the file. */
void tt_history_begin(void);
/** Add an entry, which may have several lines, unless it is the one before again. */
void tt_history_add(tt_view entry);
/** Cut the file to a bearable length. */
void tt_history_end(void);

#endif
