/* passage.h - where statements stand and what vouches for them: graphs as passages, references, judgements.
 *
 * Contrast: why.c finds the statements behind a row; this looks up what the data tell of their graphs and subjects.
 *           cite.c makes a bibliography of what is found here.
 * Owns:     all that it gives out lives as long as the tt_sources, also after its snapshot has ended.
 * Threads:  as its context.
 * Fails:    whatever the store returns; a graph of which nothing is told is no failure.
 * Tests:    tests/unit/test_evidence.c
 *
 * Nothing needs to be there: a graph without description is named by its IRI. Known are the words of DCTERMS, PROV,
 * CITO, Web Annotation, schema.org, VoID, BIBO, SKOS, RDFS, FOAF, and the cib: ones for judgements (doc/ontology.md).
 */
#ifndef TT_EVIDENCE_PASSAGE_H
#define TT_EVIDENCE_PASSAGE_H

#include "rdf/prefix.h"
#include "store/store.h"

/** A predicate that tells something of a node; the other way round if it leads to it. */
typedef struct tt_word {
	const char *iri;
	bool is_inverse;
} tt_word;

/** The look-ups of one answer, each made once. */
typedef struct tt_sources tt_sources;

/** A work that a passage or a statement's subject refers to. */
typedef struct tt_reference {
	tt_term work;   /* an IRI, a blank node, or a literal that cites in words */
	tt_view label;  /* of the work: its name or number; never empty */
	tt_view pages;  /* of the work, as cited; or empty */
	bool is_nearby; /* cited somewhere in the passage (cito:hasCitingEntity), not for it as a whole */
} tt_reference;

/** A graph as a place where statements stand. */
typedef struct tt_passage {
	tt_term graph;                  /* kind TT_TERM_NONE: the default graph */
	tt_view label;                  /* its label; without one its short name; "default graph" */
	bool is_described;              /* the data tell something of it: a label, a whole, a reference */
	tt_view section;                /* label of the part of the work that it stands in, or empty */
	tt_term work;                   /* the whole that it is from: an article, a dataset; or kind TT_TERM_NONE */
	tt_view work_label;             /* or empty */
	const tt_reference *references; /* of the passage as a whole: what it cites or derives from */
	size_t n_references;
} tt_passage;

/** What the data tell of a node (a claim, an act …) about how it stands. Texts are empty where nothing is told; several
 * values stand in one text with ", " between. */
typedef struct tt_standing {
	bool is_told;            /* anything of the following */
	tt_view sentences;       /* numbers of sentences in its passage */
	tt_view holder;          /* in whose judgement: label */
	tt_view status, level;   /* labels: reported, judgement …; how plainly it is said */
	const tt_term *passages; /* in which it is said to be stated */
	size_t n_passages;
	const tt_reference *references; /* that are given for it */
	size_t n_references;
	const tt_term *conflicts; /* with which other nodes it conflicts */
	size_t n_conflicts;
} tt_standing;

/** @param snapshot Must not end before the last look-up. @param prefixes For short names; must outlive the sources. */
TT_CHECKED tt_status tt_sources_new(tt_ctx *ctx, tt_snapshot *snapshot, const tt_prefixes *prefixes,
                                    tt_sources **out_sources);
void tt_sources_free(tt_sources *sources);

/** A label: skos:prefLabel, rdfs:label, a title or name, in English or without a language if there is one; without any
 * the prefixed name, the IRI, the text of a literal. */
TT_CHECKED tt_status tt_sources_label(tt_sources *sources, const tt_term *node, tt_view *out_label);
/** The same, but empty where the data have no label. */
TT_CHECKED tt_status tt_sources_find_label(tt_sources *sources, const tt_term *node, tt_view *out_label);

/** The graphs that hold a triple, the default graph first, then in the order of their names.
 * @param triple Subject, predicate, object.
 * @param out_n 0: no graph holds it. */
TT_CHECKED tt_status tt_sources_graphs(tt_sources *sources, const tt_term triple[3], const tt_term **out_graphs,
                                       size_t *out_n);

/** What is known of a graph (kind TT_TERM_NONE: the default graph). */
TT_CHECKED tt_status tt_sources_passage(tt_sources *sources, const tt_term *graph, const tt_passage **out_passage);

/** How a node stands. */
TT_CHECKED tt_status tt_sources_standing(tt_sources *sources, const tt_term *node, const tt_standing **out_standing);

/** The values of some predicates in all graphs: predicate by predicate, those of one in the order of their text.
 * @param words Ended by an IRI of NULL. */
TT_CHECKED tt_status tt_sources_values(tt_sources *sources, const tt_term *node, const tt_word *words,
                                       const tt_term **out_values, size_t *out_n);
/** The best literal among the values of the first predicate that has any: in English, without a language, in another;
 * empty if there is none. */
TT_CHECKED tt_status tt_sources_text(tt_sources *sources, const tt_term *node, const tt_word *words, tt_view *out_text);
/** Two texts as one, with something between. */
TT_CHECKED tt_status tt_sources_join(tt_sources *sources, tt_view a, const char *between, tt_view b, tt_view *out);
/** As tt_arena_grow(), in the arena of the sources. */
TT_CHECKED tt_status tt_sources_grow(tt_sources *sources, void **array, size_t *n_capacity, size_t n_used,
                                     size_t item_size);

#endif
