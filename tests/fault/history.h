/* history.h - random transactions on a database whose outcome is known: what the faults are thrown at.
 *
 * The k-th transaction of a seed is always the same. It inserts batch k, a number of triples that say which batch they
 * belong to, deletes other batches, moves them between graphs, loads them from a file, does several of that in one
 * request or in one transaction of several requests, or takes all back. And it writes k into the database, so that we
 * see how far it has come. A transaction that is there by half does not pass history_verify().
 *
 * Contrast: store_fixture.h has the random history of the store; this one goes through tertium.h.
 * Owns:     a history owns nothing; copying it (or forking) makes another one that goes on in the same way.
 */
#ifndef TESTS_FAULT_HISTORY_H
#define TESTS_FAULT_HISTORY_H

#include <stdint.h>

#include "tertium.h"

enum { HISTORY_MOST = 20000, HISTORY_GRAPHS = 4 };

typedef struct history {
	uint64_t random;
	unsigned n_done; /* transactions */
	struct {
		uint8_t place; /* 0: absent; 1: the default graph; 2 …: named graphs */
		uint16_t size; /* triples */
	} batches[HISTORY_MOST];
} history;

/** A random number below @p n. */
uint64_t random_below(uint64_t *random, uint64_t n);

/** An empty database, and what will happen to it. */
void history_init(history *h, uint64_t seed);
/** Do the next transaction on a database.
 * @param db NULL: only in our books.
 * @param folder Where a file to load may be written.
 * @return What the database says; after a failure the books are as before. */
TT_CHECKED tt_status history_step(history *h, tt_db *db, const char *folder);
/** How many transactions a database has seen; a status as tt_db_query(). */
TT_CHECKED tt_status history_count(tt_db *db, unsigned *out_n_done);
/** Compare a database with the books, and let it check itself.
 * @param out_why A sentence; "" if all is well. */
void history_verify(const history *h, tt_db *db, char *out_why, size_t n_why);

#endif
