/* label.h - what the data call a resource: its label in the user's language.
 *
 * Contrast: rdf/prefix.h shortens an IRI without looking at the data; engine/resolve.c goes the other way, from a name
 *           to the resource.
 * Owns:     nothing: labels live in the arena that is given.
 * Threads:  as the snapshot.
 * Fails:    TT_NO_MEMORY, TT_LIMIT, whatever the store returns. That there is no label is no failure.
 * Tests:    tests/unit/test_compare.c
 */
#ifndef TT_ENGINE_LABEL_H
#define TT_ENGINE_LABEL_H

#include "rdf/prefix.h"
#include "store/terms.h"

enum { TT_MOST_LABEL_PROPERTIES = 64 };

/** Zero it, then tt_labels_init(). */
typedef struct tt_labels {
	tt_terms *terms;
	tt_arena *arena;
	tt_view language; /* that is preferred, before English; may be empty */
	/* Those that occur, by preference; first those that name, then those that give other names. Declared subproperties
	 * of rdfs:label and skos:prefLabel name, too. */
	tt_id properties[TT_MOST_LABEL_PROPERTIES];
	size_t n_naming, n_properties;
	tt_id claim; /* wikibase:directClaim, from what Wikidata describes to the property in statements; or TT_UNBOUND */
	struct tt_label_entry *known;
	size_t n_known, capacity;
	tt_map by_id;
} tt_labels;

/** @param language May be empty; a region behind it ("de-AT") does not count. */
TT_CHECKED tt_status tt_labels_init(tt_labels *labels, tt_terms *terms, tt_arena *arena, tt_view language);
void tt_labels_clear(tt_labels *labels);

/** The label of a resource; empty if it has none. @param out_language May be NULL; empty: without a tag. */
TT_CHECKED tt_status tt_labels_find(tt_labels *labels, tt_id resource, tt_view *out_text, tt_view *out_language);

/** How well a language tag suits the user: 3 the own language, 2 English, 1 no tag, 0 another one. */
unsigned tt_labels_suit(const tt_labels *labels, tt_view language);

/** Whether a property gives a name, or another name, to its subject. */
bool tt_labels_is_property(const tt_labels *labels, tt_id property);

/** Append to @p out_ids all that lead to @p root by a declared rdfs:subPropertyOf or rdfs:subClassOf (@p relation) or
 * by equivalence, and itself first.
 * @param io_n How many are there already; never more than @p n_most. */
TT_CHECKED tt_status tt_closure(tt_terms *terms, tt_id root, tt_view relation, tt_view equivalence, tt_id *out_ids,
                                size_t n_most, size_t *io_n);

#endif
