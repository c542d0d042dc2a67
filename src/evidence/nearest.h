/* nearest.h - the names in the data that are nearest to one that is not, or not in that place.
 *
 * Contrast: sparql/hint.h knows the words of the language; this looks through the data, within bounds.
 * Owns:     nothing; the terms that are found live in the caller's arena.
 * Threads:  as the snapshot.
 * Fails:    TT_NO_MEMORY, TT_CANCELLED, and what the store says. That time is up is no failure: fewer are found.
 * Tests:    tests/unit/test_evidence.c
 */
#ifndef TT_EVIDENCE_NEAREST_H
#define TT_EVIDENCE_NEAREST_H

#include "rdf/prefix.h"
#include "store/store.h"

/** The place in which a name is to stand. */
typedef enum tt_near_role {
	TT_NEAR_PREDICATE,
	TT_NEAR_CLASS,
	TT_NEAR_SUBJECT,
	TT_NEAR_OBJECT,
	TT_NEAR_GRAPH
} tt_near_role;

/** How many names are given at most. */
enum { TT_NEAR_MOST = 5 };

typedef struct tt_near {
	tt_term term;
	unsigned distance; /* 0: the same but for datatype or language; else the smaller, the nearer */
} tt_near;

/** Where to look. */
typedef struct tt_near_place {
	tt_snapshot *snapshot;
	const tt_prefixes *prefixes; /* whose namespaces are tried, too */
	tt_near_role role;
	tt_id predicate; /* SUBJECT and OBJECT: of the statement, or TT_UNBOUND */
} tt_near_place;

/** Whether a term stands in any statement, as subject, predicate or object. */
TT_CHECKED tt_status tt_nearest_is_there(tt_snapshot *snapshot, const tt_term *term, bool *out);

/** Find what is near to an IRI or literal and stands in that place, the nearest first. */
TT_CHECKED tt_status tt_nearest_terms(tt_arena *arena, const tt_near_place *place, const tt_term *wanted,
                                      tt_near out[TT_NEAR_MOST], size_t *out_n);

#endif
