/* bulk.h - loading RDF files into a store.
 *
 * Contrast: rdf/read.h only reads; here statements become quads of a transaction. Nothing is
 *           visible before the transaction commits, and a syntax error leaves it as large as it is: abort it.
 * Owns:     nothing after a call.
 * Threads:  as the transaction; a large file is read ahead in a thread of its own (bulk_queue.h).
 * Fails:    what rdf/read.h and store.h say.
 * Tests:    tests/unit/test_store.c, tests/unit/test_bulk.c
 */
#ifndef TT_STORE_BULK_H
#define TT_STORE_BULK_H

#include "rdf/read.h"
#include "store/store.h"

/** Read a file ("-": standard input) into a transaction. Its blank nodes become new ones; its prefixes are
 * remembered unless their names are in use.
 *
 * @param options May be NULL. If its graph is given, triples without a graph go there.
 * @param out_n_statements May be NULL: how many statements were read (with repetitions).
 */
TT_CHECKED tt_status tt_load_file(tt_ctx *ctx, tt_txn *txn, const char *path, const tt_load_options *options,
                                  uint64_t *out_n_statements);

/** As tt_load_file(), from memory; `options->base` must be given. */
TT_CHECKED tt_status tt_load_bytes(tt_ctx *ctx, tt_txn *txn, tt_view bytes, const tt_load_options *options,
                                   uint64_t *out_n_statements);

#endif
