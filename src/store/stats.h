/* stats.h - what the planner knows of the data: counts kept with each commit.
 *
 * Contrast: tt_snapshot_count() counts one prefix from the blocks; these are per predicate.
 * Owns:     nothing.
 * Threads:  as the snapshot.
 * Fails:    TT_CORRUPT, TT_IO.
 * Tests:    tests/unit/test_store.c
 */
#ifndef TT_STORE_STATS_H
#define TT_STORE_STATS_H

#include "store/store.h"

/** Counts of one predicate, over all graphs. */
typedef struct tt_predicate_stats {
	tt_id predicate;
	uint64_t n_quads;
	uint64_t n_subjects; /* distinct */
	uint64_t n_objects;  /* distinct */
} tt_predicate_stats;

/** Counts of the whole store. */
typedef struct tt_store_stats {
	uint64_t n_quads;
	uint64_t n_default_quads; /* in the default graph */
	uint64_t n_triples;       /* distinct (s, p, o) over all graphs */
	uint64_t n_named_graphs;
	uint64_t n_terms;                             /* dictionary entries */
	uint64_t n_subjects, n_predicates, n_objects; /* distinct */
} tt_store_stats;

/** What the file of a store holds, and who uses it; zeros in memory. */
TT_CHECKED tt_status tt_store_get_space(tt_ctx *ctx, tt_store *store, tt_db_space *out_space);

/** Counts of the store. A store that keeps none (the bridge) reads all it has to count it. */
TT_CHECKED tt_status tt_snapshot_stats(tt_snapshot *snapshot, tt_store_stats *out_stats);
/** What is known of these counts without reading: exact where they are kept, else guesses, of which n_triples and
 * n_default_quads equal n_quads only if they surely do. */
TT_CHECKED tt_status tt_snapshot_estimate(tt_snapshot *snapshot, tt_store_stats *out_stats);
/** Counts of a predicate; zeros if it does not occur. A store that keeps none guesses. */
TT_CHECKED tt_status tt_snapshot_predicate(tt_snapshot *snapshot, tt_id predicate, tt_predicate_stats *out_stats);
/** All predicates, ascending by id; owned by the snapshot. */
TT_CHECKED tt_status tt_snapshot_predicates(tt_snapshot *snapshot, const tt_predicate_stats **out_stats, size_t *out_n);

#endif
