/* term.h - RDF terms as borrowed text (RDF 1.1 Concepts §3).
 *
 * Contrast: value.h is the same term as a 64-bit id. Terms are for the edges: reading, writing,
 *           functions on text.
 * Owns:     nothing; the text belongs to whoever made the term, for as long as that says.
 * Threads:  any.
 * Fails:    never.
 * Tests:    tests/unit/test_rdf.c
 */
#ifndef TT_RDF_TERM_H
#define TT_RDF_TERM_H

#include "base/bytes.h"

/** The IRIs of vocab.def: TT_VOCAB_XSD_INTEGER … */
#define TT_VOCAB(name, iri) TT_VOCAB_##name,
typedef enum tt_vocab {
#include "rdf/vocab.def"
	TT_N_VOCAB
} tt_vocab;
#undef TT_VOCAB

/** The IRI of a vocabulary entry; static. */
tt_view tt_vocab_iri(tt_vocab entry);

static inline tt_term tt_term_iri(tt_view iri)
{
	return (tt_term){.kind = TT_TERM_IRI, .text = iri};
}
static inline tt_term tt_term_blank(tt_view label)
{
	return (tt_term){.kind = TT_TERM_BLANK, .text = label};
}
/** A literal of a datatype. */
static inline tt_term tt_term_typed(tt_view text, tt_view datatype)
{
	return (tt_term){.kind = TT_TERM_LITERAL, .text = text, .datatype = datatype};
}
/** A simple literal (xsd:string). */
tt_term tt_term_string(tt_view text);
/** A language-tagged string. */
tt_term tt_term_lang(tt_view text, tt_view language);

/** RDF term equality (RDF 1.1 Concepts §3.2–3.4): the same term, not the same value. */
bool tt_term_equal(const tt_term *a, const tt_term *b);

/** A total order of terms by their text: none, blank nodes, IRIs, literals (text, datatype, language).
 * For stable output; ORDER BY has its own (expr/compare.h). */
int tt_term_compare(const tt_term *a, const tt_term *b);

/** A hash that agrees with tt_term_equal(); not stored. */
uint64_t tt_term_hash(const tt_term *term);

#endif
