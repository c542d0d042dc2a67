/* grammar.h - random datasets and random queries over all of SPARQL 1.1 Query, each from one number.
 *
 * Contrast: tests/unit/test_plan_meaning.c makes queries for the planner alone; these have all functions and datatypes.
 * Owns:     everything lives in the arena that is given.
 * Threads:  one.
 * Fails:    a test program without memory ends with status 99.
 * Tests:    tests/diff/diff.c
 */
#ifndef TESTS_DIFF_GRAMMAR_H
#define TESTS_DIFF_GRAMMAR_H

#include "tests/diff/piece.h"

typedef struct random_case {
	piece *data;      /* N-Quads, a part for each line: few nodes, so that patterns meet */
	piece *whole;     /* a query: SELECT, ASK, CONSTRUCT or DESCRIBE, without prologue */
	piece *dataset;   /* FROM and FROM NAMED, most often empty */
	piece *group;     /* a group graph pattern, for the oracles that put queries together */
	piece *condition; /* of a FILTER at the end of it */
} random_case;

/** What every query starts with. */
extern const char random_prologue[];

/** Make the case of a seed.
 * @param is_portable For another engine: only literals that every engine keeps as they are, and neither LIMIT nor
 *                    OFFSET, which follow an order that is total in Tertium but left open by §15.1. */
void random_case_make(tt_arena *arena, uint64_t seed, bool is_portable, random_case *out);

#endif
