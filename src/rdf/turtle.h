/* turtle.h - our own reader of Turtle and TriG.
 *
 * Contrast: read.h reads files and has raptor for RDF/XML. raptor 2.0.15 is not used here: its errors have no column,
 *           it has no GRAPH keyword and no blank nodes as graphs, refuses valid escapes, and some errors lose memory.
 * Owns:     the terms of one statement; those given to the sink live during the call of the sink.
 * Threads:  as its context.
 * Fails:    TT_SYNTAX with line and column; TT_LIMIT for brackets nested too deeply; TT_UNSUPPORTED for U+0000;
 *           whatever the sink returns.
 * Tests:    tests/unit/test_rdf_io.c
 */
#ifndef TT_RDF_TURTLE_H
#define TT_RDF_TURTLE_H

#include "rdf/read.h"

/** Read a whole text (RDF 1.1 Turtle §6.5; RDF 1.1 TriG §4 if @p has_graphs).
 * @param name For messages. @param base An absolute IRI. */
TT_CHECKED tt_status tt_turtle_read(tt_ctx *ctx, tt_view text, const char *name, tt_view base, bool has_graphs,
                                    const tt_read_sink *sink);

#endif
