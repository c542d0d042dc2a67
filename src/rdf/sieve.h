/* sieve.h - what must not reach a parser: a look at the bytes of an RDF file before they are parsed.
 *
 * Contrast: the parsers parse. This only catches what raptor 2.0.15 would take in silence or stumble over: bytes that
 *           are not UTF-8, U+0000 (cuts a text short), a DOCTYPE (its entities are dropped), very deep XML (quadratic
 *           time).
 * Owns:     nothing.
 * Threads:  as its context.
 * Fails:    TT_SYNTAX with line and column; TT_UNSUPPORTED for another encoding of XML and for U+0000.
 * Tests:    tests/unit/test_rdf_io.c
 */
#ifndef TT_RDF_SIEVE_H
#define TT_RDF_SIEVE_H

#include "rdf/term.h"

/** Where in XML a chunk ended. */
typedef enum tt_xml_place {
	TT_XML_TEXT,
	TT_XML_TAG,
	TT_XML_QUOTED,
	TT_XML_COMMENT,
	TT_XML_CDATA,
	TT_XML_PI
} tt_xml_place;

typedef struct tt_sieve {
	tt_ctx *ctx;
	const char *name; /* of the file, for messages */
	tt_rdf_syntax syntax;
	size_t n_lines; /* line ends in the chunks before */
	bool is_later;  /* not the first chunk any more */
	/* RDF/XML */
	tt_xml_place place;
	char quote;
	bool is_end_tag;
	unsigned n_depth;
} tt_sieve;

void tt_sieve_init(tt_sieve *sieve, tt_ctx *ctx, const char *name, tt_rdf_syntax syntax);

/** Check the next chunk. @param text Ends behind a line end, unless it is the last. */
TT_CHECKED tt_status tt_sieve_check(tt_sieve *sieve, tt_view text);

#endif
