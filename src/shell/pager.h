/* pager.h - long answers at a terminal, shown by the program that the environment variable PAGER names.
 *
 * Contrast: answer.c writes an answer; this keeps it until its length is known. Without PAGER nothing is paged.
 * Owns:     the file between begin and end.
 * Threads:  the main thread only.
 * Fails:    falls back to writing to the terminal.
 * Tests:    tests/shell/pager.exp
 */
#ifndef TT_SHELL_PAGER_H
#define TT_SHELL_PAGER_H

/** Where to write the answer: a file, or standard output if there is no pager or no terminal. */
int tt_pager_begin(void);

/** Show what was written to @p fd: by the pager if it is longer than the screen, else at once. Standard output, which
 * needs no showing, is left alone. */
void tt_pager_end(int fd);

#endif
