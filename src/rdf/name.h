/* name.h - which texts are names in Turtle and SPARQL, as they stand, without an escape.
 *
 * Contrast: sparql/lexer reads names out of a query; this judges whole ones, for writing.
 * Owns:     nothing.
 * Threads:  any.
 * Fails:    never; what is not UTF-8 is no name.
 * Tests:    tests/unit/test_rdf_iri.c
 */
#ifndef TT_RDF_NAME_H
#define TT_RDF_NAME_H

#include "base/bytes.h"

/** PN_PREFIX or nothing (SPARQL 1.1 rule 168). */
bool tt_name_is_prefix(tt_view text);
/** PN_LOCAL without PLX, or nothing (rule 169). */
bool tt_name_is_local(tt_view text);
/** What follows `_:` in a BLANK_NODE_LABEL (rule 142). */
bool tt_name_is_blank_label(tt_view text);
/** A language tag as LANGTAG has it behind the @ (rule 145). */
bool tt_name_is_language(tt_view text);

#endif
