/* write.h - RDF out: N-Triples, N-Quads, Turtle, TriG, RDF/XML, JSON-LD, as a stream.
 *
 * Contrast: raptor's Turtle writer loses blank nodes that refer to each other; ours never nests them,
 *           it writes every blank node with its label.
 * Owns:     a writer copies nothing but the last subject, predicate and graph.
 * Threads:  as the output's context.
 * Fails:    as base/output.h; TT_UNSUPPORTED for a named graph in a syntax that has none, and for what RDF/XML cannot
 *           hold: control characters, and predicates that do not end in an XML name. RDF/XML and JSON-LD cannot hold
 *           what is no absolute IRI.
 * Tests:    tests/unit/test_rdf_io.c
 */
#ifndef TT_RDF_WRITE_H
#define TT_RDF_WRITE_H

#include "base/output.h"
#include "rdf/prefix.h"
#include "rdf/read.h"

typedef struct tt_writer tt_writer;

/** Whether a syntax can say in which graph a triple is. */
bool tt_rdf_syntax_has_graphs(tt_rdf_syntax syntax);

/** Begin to write. All but the lines write the prefixes first, and group runs of statements with the same graph and
 * subject (the caller sorts), predicates and objects aligned for a reader, in Turtle rdf:type as `a`.
 * @param prefixes May be NULL; must outlive the writer. */
TT_CHECKED tt_status tt_writer_new(tt_output *output, tt_rdf_syntax syntax, const tt_prefixes *prefixes,
                                   tt_writer **out_writer);
/** Write a statement; @p graph of kind TT_TERM_NONE (or NULL) is the default graph. */
TT_CHECKED tt_status tt_writer_statement(tt_writer *writer, const tt_term *subject, const tt_term *predicate,
                                         const tt_term *object, const tt_term *graph);
/** Close what is open (the last full stop and brace). The output is not flushed. */
TT_CHECKED tt_status tt_writer_finish(tt_writer *writer);
void tt_writer_free(tt_writer *writer);

/** Append one term in N-Triples syntax (also: SPARQL TSV without short forms). */
TT_CHECKED tt_status tt_write_ntriples_term(tt_buffer *out, const tt_term *term);
/** Append one term in Turtle syntax: prefixed names, bare integers, decimals, doubles and booleans where the lexical
 * form allows it, "text", "text"@en, "text"^^xsd:date. @param prefixes May be NULL. */
TT_CHECKED tt_status tt_write_turtle_term(tt_buffer *out, const tt_term *term, const tt_prefixes *prefixes);

/** Whether a literal of a datatype is written without its name; in Turtle and TriG usually also numbers and booleans.
 */
bool tt_write_implies_datatype(tt_view datatype, tt_rdf_syntax syntax);

/** Add to the prefixes, under a name that is free, the namespace that RDF/XML needs for a predicate, so that it stands
 * at the top of the file; nothing if there is one that fits.
 * @return TT_UNSUPPORTED if it cannot be the name of an element: "RDF/XML cannot hold the predicate <…>: …". */
TT_CHECKED tt_status tt_write_xml_prepare(tt_prefixes *prefixes, tt_view predicate);

#endif
