/* json.h - a text as a string of JSON.
 *
 * Contrast: emit.h appends what is JSON already.
 * Owns:     nothing.
 * Threads:  as the buffer's context.
 * Fails:    TT_NO_MEMORY, TT_LIMIT.
 * Tests:    tests/unit/test_result.c
 */
#ifndef TT_BASE_JSON_H
#define TT_BASE_JSON_H

#include "base/bytes.h"

/** Append a string in its quotes (RFC 8259 §7). Only what must be is escaped: quotes, backslashes, control characters.
 * Bytes that are not UTF-8 become U+FFFD. */
TT_CHECKED tt_status tt_json_string(tt_buffer *out, tt_view text);

#endif
