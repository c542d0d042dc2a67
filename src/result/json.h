/* json.h - strings and terms in JSON, for all that writes it.
 *
 * Contrast: json.c writes the answers of queries with them.
 * Owns:     nothing.
 * Threads:  as the buffer's context.
 * Fails:    TT_NO_MEMORY, TT_LIMIT.
 * Tests:    tests/unit/test_result.c
 */
#ifndef TT_RESULT_JSON_H
#define TT_RESULT_JSON_H

#include "result/result.h"

/** Append a string in quotes. */
TT_CHECKED tt_status tt_json_write_string(tt_buffer *out, tt_view text);
/** Append a term as an object (SPARQL 1.1 Query Results JSON Format §3.2.2). */
TT_CHECKED tt_status tt_json_write_term(tt_buffer *out, const tt_term *term);

#endif
