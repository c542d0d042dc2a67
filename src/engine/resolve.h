/* resolve.h - from a name that a person types to the resource that is meant.
 *
 * Contrast: a query names resources by IRIs only; engine/label.h goes the other way.
 * Owns:     nothing.
 * Threads:  as the snapshot.
 * Fails:    TT_NOT_FOUND with the nearest names, TT_BAD_ARGUMENT if the name is ambiguous, with the candidates.
 * Tests:    tests/unit/test_compare.c
 */
#ifndef TT_ENGINE_RESOLVE_H
#define TT_ENGINE_RESOLVE_H

#include "engine/engine.h"
#include "engine/label.h"

/** The resource that a name means, the first that is known:
 *
 * 1. `<IRI>`, `_:label`, `prefix:name`, or an absolute IRI of the data;
 * 2. a local name (`RATS`) in a namespace for which the data declare a prefix;
 * 3. a label or other name, letter by letter, without a tag, in English or in the user's language;
 * 4. after a sweep over the names of all resources: a local name, a label, either whatever the case of letters.
 *
 * Only subjects and objects are meant, unless @p is_property: then predicates.
 * @param labels Of the same snapshot. */
TT_CHECKED tt_status tt_resolve(tt_db *db, tt_labels *labels, tt_view name, bool is_property, tt_id *out_id);

/** Expand `<IRI>`, `prefix:name` with a known prefix, or an absolute IRI. @param out_is_iri False: the name is none. */
TT_CHECKED tt_status tt_resolve_iri(tt_db *db, tt_arena *arena, tt_view name, tt_view *out_iri, bool *out_is_iri);

#endif
