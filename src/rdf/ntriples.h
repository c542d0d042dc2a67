/* ntriples.h - our own reader of N-Triples and N-Quads.
 *
 * Contrast: read.h reads files and chooses among the syntaxes. raptor 2.0.15 is not used here: it takes a line
 *           without its full stop, makes language tags lower case, reads before its buffer on `_:\u`, loses memory at
 *           every error and needs four times as long.
 * Owns:     room for unescaped terms; terms given to the sink live during the call of the sink.
 * Threads:  as its context.
 * Fails:    TT_SYNTAX with line and column; TT_UNSUPPORTED for U+0000; whatever the sink returns.
 * Tests:    tests/unit/test_rdf_io.c
 */
#ifndef TT_RDF_NTRIPLES_H
#define TT_RDF_NTRIPLES_H

#include "rdf/read.h"

/** The reading of one file. */
typedef struct tt_ntriples {
	tt_ctx *ctx;
	const char *name;         /* of the file, for messages */
	const tt_read_sink *sink; /* NULL: check only */
	bool has_graphs;          /* N-Quads */
	size_t n_lines;           /* before the one being read */
	const char *line_start, *at, *end;
	tt_buffer scratch[5]; /* unescaped subject, predicate, object, datatype, graph */
} tt_ntriples;

void tt_ntriples_init(tt_ntriples *reader, tt_ctx *ctx, const char *name, bool has_graphs, const tt_read_sink *sink);
void tt_ntriples_clear(tt_ntriples *reader);

/** Read whole lines (RDF 1.1 N-Triples §7, N-Quads §4), the last of which may lack its end in the last call.
 * @param text UTF-8 (checked before). */
TT_CHECKED tt_status tt_ntriples_feed(tt_ntriples *reader, tt_view text);

#endif
