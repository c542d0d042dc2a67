/* apart.h - runs one test in a process of its own, so that a crash or a hang is one failure.
 *
 * Contrast: w3c.c and ../golden/golden.c say what is run and tell the outcome.
 * Owns:     nothing that outlives a call.
 * Threads:  none may run: it forks.
 * Fails:    by returning false, with what is known printed as diagnostics.
 * Tests:    by the runners
 */
#ifndef TESTS_W3C_APART_H
#define TESTS_W3C_APART_H

#include <stdbool.h>
#include <stdio.h>

/** What one test does; what it has to say goes into @p file.
 * @return Whether it passed. */
typedef bool (*apart_test)(void *user, FILE *file);

/** Run a test with a limit of processor time, and of three times as much of the clock.
 * @param out_diagnostics Lines of text, to be freed. */
bool run_apart(apart_test test, void *user, unsigned seconds, char **out_diagnostics);

/** Print diagnostics as TAP does: each line behind "# ". */
void print_diagnostics(const char *diagnostics);

#endif
