/* console.h - what the program tells its user: messages, exit statuses, the terminal's width, Ctrl-C.
 *
 * Contrast: the library never prints; results go to standard output through tt_results_write().
 * Owns:     the flags of the signal handlers (a handler can reach nothing else), and a timer.
 * Threads:  the main thread only.
 * Fails:    tt_must() ends the program when memory is out, tt_stop_by_force() when the time is; the rest does not fail.
 * Tests:    tests/cli/parse.sh, tests/shell/interrupt.exp
 */
#ifndef TT_SHELL_CONSOLE_H
#define TT_SHELL_CONSOLE_H

#include "tertium.h"

#include <stdio.h>

/** Exit statuses of the program. */
enum {
	TT_EXIT_OK = 0,
	TT_EXIT_FALSE = 1,   /* ASK answered false, with --ask-status */
	TT_EXIT_SKIPPED = 1, /* loaded, but bad statements were left out, with --continue */
	TT_EXIT_USAGE = 2,
	TT_EXIT_ERROR = 3,
	TT_EXIT_TIMEOUT = 124,
	TT_EXIT_INTERRUPTED = 130
};

/** The exit status for a status of the library. */
int tt_exit_status(tt_status status);

/** Let what was printed to standard output arrive. @return 0, or the error number of the first time that it did not. */
int tt_flush_output(void);

/** Print "tertium: …" to standard error. */
void tt_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
/** Print the last error of a database with its place and caret. @return Its exit status. */
int tt_complain_db(const tt_db *db);
/** The same of another record. @param error NULL: out of memory. */
int tt_complain_error(const tt_error *error);
/** Print a warning the same way: a tt_warn_fn. @param user Not used. */
void tt_print_warning(void *user, const tt_error *warning);

/** Print the place, sentence and caret of a message that is a part of an answer. */
void tt_print_message(FILE *stream, const tt_error *message);
/** Print a text of queries or data so that no control character of it reaches a terminal.
 * @param has_lines Line ends are meant. */
void tt_print_harmless(FILE *stream, const char *text, bool has_lines);

/** The name that was probably meant, or NULL if none is close.
 * @param names @p n pointers, @p stride bytes apart; NULL is passed over. */
const char *tt_nearest(const char *typed, const char *const *names, size_t n, size_t stride);

/** Go on with memory, or end the program because there is none. */
void *tt_must(void *memory);

/** Columns of the terminal that a descriptor leads to, or 0 if it leads elsewhere. */
size_t tt_console_width(int fd);
/** Its lines, or 0. */
size_t tt_console_height(int fd);
/** Take the character set from the environment. Before anything else. */
void tt_console_init(void);
/** Whether the user's character set is UTF-8. */
bool tt_console_is_utf8(void);

/** Let Ctrl-C set tt_interrupted() from now on, instead of ending the program.
 * @param is_once The second Ctrl-C ends it after all. */
void tt_catch_interrupts(bool is_once);
/** From now on end the program if it does not stop by itself soon after that time (0: none), or after Ctrl-C: one step
 * of a query, such as a single long regular expression, may take longer than anybody waits. Only for what a process may
 * leave undone: a query. */
void tt_stop_by_force(double timeout_seconds);
/** The flag, for tt_db_set_cancel(). */
volatile sig_atomic_t *tt_interrupted(void);

#endif
