/* prefix.h - prefix names: expanding and shortening.
 *
 * Contrast: iri.h resolves relative references.
 * Owns:     copies of all names and IRIs.
 * Threads:  as its context.
 * Fails:    TT_NO_MEMORY.
 * Tests:    tests/unit/test_rdf_iri.c
 */
#ifndef TT_RDF_PREFIX_H
#define TT_RDF_PREFIX_H

#include "base/map.h"

typedef struct tt_prefix {
	tt_view name; /* without the colon; may be empty */
	tt_view iri;
} tt_prefix;

/** Prefixes in the order in which they were added; a later one of the same name replaces the earlier. */
typedef struct tt_prefixes {
	tt_arena arena;
	tt_prefix *items;
	size_t n_items;
	size_t capacity;
	/* For quick finding; nobody else's business. */
	tt_map by_name, by_iri; /* hash → number of the item */
	size_t *lengths;        /* of the prefix IRIs, each once, the longest first */
	size_t n_lengths;
	size_t lengths_capacity;
} tt_prefixes;

void tt_prefixes_init(tt_prefixes *prefixes, tt_ctx *ctx);
void tt_prefixes_clear(tt_prefixes *prefixes);
/** Names that are no PN_PREFIX and empty IRIs are kept and found, but never used to shorten. */
TT_CHECKED tt_status tt_prefixes_set(tt_prefixes *prefixes, tt_view name, tt_view iri);
/** Add the usual vocabularies (rdf rdfs owl xsd skos dcterms foaf org prov bibo cito schema oa void dcat sh geo …),
 * as prefix.cc gives them (schema: <https://schema.org/>), without replacing what is there. */
TT_CHECKED tt_status tt_prefixes_add_usual(tt_prefixes *prefixes);
/** The IRI of a prefix name, or NULL. */
const tt_view *tt_prefixes_find(const tt_prefixes *prefixes, tt_view name);
/** Split an IRI into prefix and local name, the longest fitting prefix IRI first; false if no prefix fits or the
 * local part is not a PN_LOCAL that needs no escape (SPARQL 1.1 rule 169; empty is allowed).
 * @param out_local Points into @p iri. */
bool tt_prefixes_shorten(const tt_prefixes *prefixes, tt_view iri, const tt_prefix **out_prefix, tt_view *out_local);

#endif
