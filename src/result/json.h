/* json.h - terms in JSON, for all that writes it.
 *
 * Contrast: base/json.h is for texts; json.c writes the answers of queries.
 * Owns:     nothing.
 * Threads:  as the buffer's context.
 * Fails:    TT_NO_MEMORY, TT_LIMIT.
 * Tests:    tests/unit/test_result.c
 */
#ifndef TT_RESULT_JSON_H
#define TT_RESULT_JSON_H

#include "result/result.h"

/** Append a term as an object (SPARQL 1.1 Query Results JSON Format §3.2.2). */
TT_CHECKED tt_status tt_json_write_term(tt_buffer *out, const tt_term *term);

#endif
