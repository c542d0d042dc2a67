/* proof.h - whether the evidence for the rows of an answer proves them.
 *
 * Each statement of the evidence must be in the data; and the query, asked of nothing but these statements, must give
 * the row again: also where it is there because something is not stated, since less is stated among fewer statements.
 * The exceptions are queries with a negation within another or under an aggregate, rows that are there because others
 * are (OFFSET), values that depend on an order, or that are new at each run.
 *
 * Contrast: answer.h compares whole answers.
 * Owns:     nothing that outlives a call.
 * Threads:  one.
 * Fails:    false, and what is wrong goes into the file.
 * Tests:    the golden cases and W3C's queries are its material; tests/golden/controls.tt
 */
#ifndef TESTS_W3C_PROOF_H
#define TESTS_W3C_PROOF_H

#include <stdio.h>

#include "tertium.h"

typedef enum proof_verdict {
	PROOF_HOLDS,
	PROOF_FAILS,
	PROOF_NONE /* not to be decided in the given time and memory */
} proof_verdict;

/** Look at the evidence for the first rows of a query.
 * @param is_broken A statement of the evidence is left out, so that the proof should fail.
 * @param file May be NULL. */
proof_verdict proof_of(tt_db *db, const char *query, const tt_query_options *options, bool is_broken, FILE *file);

/** Whether the evidence for the first rows of a query, which is known to have an answer, proves them. */
bool proof_holds(tt_db *db, const char *query, const tt_query_options *options, FILE *file);

#endif
