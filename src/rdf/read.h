/* read.h - RDF files in: raptor2 for Turtle, TriG and RDF/XML, our own for N-Triples and N-Quads.
 *
 * Contrast: ntriples.h is the parser of lines; write.h writes; store/bulk.h puts what is read here into a store.
 * Owns:     nothing that outlives a call; terms given to the sink live during the call of the sink.
 * Threads:  each call has a raptor world of its own.
 * Fails:    TT_SYNTAX with file, line, column; TT_NOT_FOUND, TT_IO; whatever the sink returns.
 * Tests:    tests/unit/test_rdf_io.c
 */
#ifndef TT_RDF_READ_H
#define TT_RDF_READ_H

#include "rdf/term.h"

/** A syntax by the extension of a file name (.ttl .trig .nt .nq .rdf .owl .xml .jsonld; .gz and .zst behind it do not
 * count), or TT_RDF_GUESS. */
tt_rdf_syntax tt_rdf_syntax_of_file(const char *path);
/** Its name for people ("Turtle"); static. */
const char *tt_rdf_syntax_name(tt_rdf_syntax syntax);

/** Where statements go. A sink that returns anything but TT_OK ends the reading with that status. */
typedef struct tt_read_sink {
	void *user;
	/** @param graph kind TT_TERM_NONE for the default graph. Blank node labels are those of the file; nodes without a
	 * label get one that no file can have ("-1"). Every term is well formed: UTF-8, absolute IRIs, language tags as
	 * written. */
	tt_status (*statement)(void *user, const tt_term *subject, const tt_term *predicate, const tt_term *object,
	                       const tt_term *graph);
	/** May be NULL. A declared prefix. */
	tt_status (*prefix)(void *user, tt_view name, tt_view iri);
	/** NULL: the first bad statement ends the reading. Else it is told of each one, and reading goes on behind it: in
	 * N-Triples and N-Quads with the next line, in Turtle and TriG where the statement seems to end. What was given
	 * since the last call of `begin` is to be forgotten. RDF/XML ends at its first error all the same. */
	tt_status (*skipped)(void *user, const tt_error *error);
	/** Needed with `skipped`: a statement of Turtle or TriG begins, which may be many triples. */
	tt_status (*begin)(void *user);
	/** May be NULL. How many bytes of how many have been read (0: unknown). */
	tt_status (*progress)(void *user, uint64_t n_bytes, uint64_t n_total);
} tt_read_sink;

/** Whether an error is in a statement, so that a sink with `skipped` can go on without it. */
static inline bool tt_read_can_skip(const tt_read_sink *sink, tt_status status)
{
	return sink && sink->skipped && (status == TT_SYNTAX || status == TT_UNSUPPORTED);
}

typedef struct tt_read_options {
	tt_rdf_syntax syntax;    /* TT_RDF_GUESS: by file name, then by content */
	const char *base;        /* NULL: the file: IRI of the path */
	const char *source_name; /* for messages; NULL: the path */
} tt_read_options;

/** Read a file ("-": standard input; both may be compressed, see base/file.h) to its end. A directory, a missing or
 * unreadable file is TT_NOT_FOUND or TT_IO with a sentence; a DOCTYPE in RDF/XML, and bytes that are not UTF-8 are
 * TT_SYNTAX; U+0000, XML in another encoding than UTF-8 and JSON-LD are TT_UNSUPPORTED. TriG is what raptor reads: no
 * GRAPH, no blank nodes as graphs. */
TT_CHECKED tt_status tt_read_file(tt_ctx *ctx, const char *path, const tt_read_options *options,
                                  const tt_read_sink *sink);

/** As tt_read_file(), from memory; `options->base` must be given. */
TT_CHECKED tt_status tt_read_bytes(tt_ctx *ctx, tt_view bytes, const tt_read_options *options,
                                   const tt_read_sink *sink);

#endif
