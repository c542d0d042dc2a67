/* writer.h - what the writers of the syntaxes share: the object behind write.h, and names that stand for any text.
 *
 * Contrast: write.h is what the layers above see; write.c has the lines and Turtle, write_xml.c RDF/XML, write_jsonld.c
 *           JSON-LD.
 * Owns:     a writer copies of the last terms.
 * Threads:  as the output's context.
 * Fails:    as write.h.
 * Tests:    tests/unit/test_rdf_io.c
 */
#ifndef TT_RDF_WRITER_H
#define TT_RDF_WRITER_H

#include "rdf/write.h"

/** A copy of the last term of a place; kind NONE: none yet. */
typedef struct tt_kept_term {
	tt_term_kind kind;
	tt_buffer text;
} tt_kept_term;

/** How a syntax is written. */
typedef struct tt_syntax_writer {
	tt_status (*begin)(tt_writer *writer); /* NULL: nothing stands at the top */
	tt_status (*statement)(tt_writer *writer, const tt_term *const terms[4]);
	tt_status (*finish)(tt_writer *writer); /* NULL: nothing stands at the end */
	void (*clear)(tt_writer *writer);       /* NULL: it owns no more than any */
	size_t n_bytes;                         /* of an object that begins with a tt_writer; 0: of that alone */
	bool has_graphs;
} tt_syntax_writer;

extern const tt_syntax_writer tt_xml_syntax, tt_jsonld_syntax;

struct tt_writer {
	tt_output *output;
	tt_rdf_syntax syntax;
	const tt_syntax_writer *how;
	const tt_prefixes *prefixes;
	tt_kept_term graph, subject, predicate; /* of the statement that is still open */
	bool has_text;                          /* something was written before */
};

bool tt_kept_is(const tt_kept_term *kept, const tt_term *term);
TT_CHECKED tt_status tt_kept_set(tt_kept_term *kept, const tt_term *term);

/** Shorten as tt_prefixes_shorten() does, but to a prefix that the syntax can use: where the first one is none, another
 * of the same namespace may be. */
bool tt_shorten_usably(const tt_prefixes *prefixes, tt_view iri,
                       bool (*is_usable)(const tt_prefixes *prefixes, const tt_prefix *prefix),
                       const tt_prefix **out_prefix, tt_view *out_local);

/** Append a label as it stands if it is a name, else, and if it could be taken for such a one, the hexadecimal digits
 * of its bytes behind a mark. */
TT_CHECKED tt_status tt_write_blank_label(tt_buffer *out, tt_view label, bool is_name);
/** The same for a language tag. */
TT_CHECKED tt_status tt_write_language(tt_buffer *out, tt_view tag);

#endif
