/* bulk_queue.h - reading RDF in one thread for another: batches of what was read go through a short queue.
 *
 * Contrast: rdf/read.h calls its sink in the thread that reads; this calls it in the thread that asks.
 * Owns:     the batches and the reading thread, until the call returns.
 * Threads:  the reading thread has a context of its own, with the rest of the memory that is allowed; the sink is
 *           called in the caller's thread.
 * Fails:    what rdf/read.h says and what the sink returns.
 * Tests:    tests/unit/test_bulk.c
 */
#ifndef TT_STORE_BULK_QUEUE_H
#define TT_STORE_BULK_QUEUE_H

#include "rdf/read.h"

/** As tt_read_file(), reading ahead in another thread. */
TT_CHECKED tt_status tt_read_file_ahead(tt_ctx *ctx, const char *path, const tt_read_options *options,
                                        const tt_read_sink *sink);

#endif
