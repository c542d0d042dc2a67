/* grammar.h - a query from bytes, by the grammar of SPARQL: each byte is a choice, so that what a fuzzer changes in the
 * bytes is a change of the query, and nearly every query is well formed.
 *
 * Contrast: fuzz_query_parse.c takes bytes as text.
 * Owns:     nothing; the text goes to the caller's buffer.
 * Threads:  any.
 * Fails:    aborts if memory is out.
 */
#ifndef TESTS_FUZZ_GRAMMAR_H
#define TESTS_FUZZ_GRAMMAR_H

#include "fuzz/fuzz.h"

/** Append a query over the vocabulary of fuzz_query_eval.c's data. When the bytes are used up it ends soon. */
void fuzz_generate_query(fuzz_input *input, tt_buffer *out);

#endif
