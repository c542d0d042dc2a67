/* thing.h - from a name that a person types to the resource that is meant, and back to a term.
 *
 * Contrast: a query names resources by IRIs only.
 * Owns:     nothing.
 * Threads:  as the snapshot.
 * Fails:    TT_NOT_FOUND with the nearest name.
 * Tests:    tests/cli/conflicts.sh, tests/cli/coverage.sh
 */
#ifndef TT_EVIDENCE_THING_H
#define TT_EVIDENCE_THING_H

#include "engine/engine.h"
#include "evidence/nearest.h"

/** The id of what a name means: `<IRI>`, `prefix:name`, an IRI, a local name with a prefix of the data, or a label. */
TT_CHECKED tt_status tt_thing_find(tt_db *db, tt_arena *arena, tt_snapshot *snapshot, const char *name,
                                   tt_near_role role, tt_id *out_id);

#endif
