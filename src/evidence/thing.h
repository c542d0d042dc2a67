/* thing.h - from a name that a person types to the resource that is meant.
 *
 * Contrast: engine/resolve.h finds it; this adds, for an IRI that is not there, what is near to it.
 * Owns:     nothing.
 * Threads:  as the snapshot.
 * Fails:    TT_NOT_FOUND with the nearest name, in the context of the arena; as tt_resolve().
 * Tests:    tests/cli/conflicts.sh, tests/cli/coverage.sh
 */
#ifndef TT_EVIDENCE_THING_H
#define TT_EVIDENCE_THING_H

#include "engine/engine.h"
#include "evidence/nearest.h"

/** The id of what a name means, as tt_resolve(). @param role Where it is to stand, for what is near. */
TT_CHECKED tt_status tt_thing_find(tt_db *db, tt_arena *arena, tt_snapshot *snapshot, const char *name,
                                   tt_near_role role, tt_id *out_id);

#endif
