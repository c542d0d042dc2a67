/* iri.h - references and their resolution (RFC 3986 §5, RFC 3987).
 *
 * Contrast: prefix.h expands short names; this resolves relative references against a base.
 * Owns:     nothing; results are appended to the caller's buffer.
 * Threads:  any.
 * Fails:    TT_NO_MEMORY; TT_BAD_ARGUMENT for what is no IRI; TT_IO if there is no working directory.
 * Tests:    tests/unit/test_rdf_iri.c
 */
#ifndef TT_RDF_IRI_H
#define TT_RDF_IRI_H

#include "base/bytes.h"

/** Whether the reference begins with a scheme and a colon (RFC 3986 §3.1). */
bool tt_iri_is_absolute(tt_view iri);

/** Whether every character may stand in an IRIREF: none of <>"{}|^`\ nor U+0000–U+0020 (SPARQL 1.1 rule 139). */
bool tt_iri_is_valid(tt_view iri);

/** Demand that an IRI from outside is valid and absolute.
 * @param role What it is, for the message: "base", "graph".
 * @return TT_BAD_ARGUMENT. */
TT_CHECKED tt_status tt_iri_demand(tt_ctx *ctx, tt_view iri, const char *role);

/** Append the resolved form of a relative @p reference to @p out (RFC 3986 §5.2, strict). An absolute one is taken as
 * it stands: the languages resolve relative IRIs only, and normalise none (SPARQL 1.1 §4.1.1.2), so that the same IRI
 * is the same in N-Triples, in Turtle and in a query.
 * @param base Absolute, or empty: then a relative reference is left as it is. */
TT_CHECKED tt_status tt_iri_resolve(tt_view base, tt_view reference, tt_buffer *out);

/** Append the file: IRI of a path, made absolute (RFC 8089), with what an IRI must not hold percent-encoded. */
TT_CHECKED tt_status tt_iri_from_path(const char *path, tt_buffer *out);

/** Append the path that a file: IRI names (RFC 8089: file:/p, file:///p, file://localhost/p), or a reference without a
 * scheme, percent-decoded, with a NUL behind it.
 * @param out_is_path False for other schemes and hosts, or where a byte could not stand in a path. */
TT_CHECKED tt_status tt_iri_to_path(tt_view iri, tt_buffer *out, bool *out_is_path);

#endif
