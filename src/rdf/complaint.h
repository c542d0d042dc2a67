/* complaint.h - messages of raptor as sentences of ours.
 *
 * Contrast: base/context.h records errors; this only words them.
 * Owns:     nothing.
 * Threads:  any.
 * Fails:    never; what is unknown passes through, made printable.
 * Tests:    tests/unit/test_rdf_io.c
 */
#ifndef TT_RDF_COMPLAINT_H
#define TT_RDF_COMPLAINT_H

#include "base/bytes.h"

/** Room for a sentence. */
enum { TT_COMPLAINT_SIZE = 512 };

/** Word a message of raptor: one sentence, no full stop, UTF-8, no control characters; cut if long. */
void tt_complaint_word(const char *message, char out[TT_COMPLAINT_SIZE]);

#endif
