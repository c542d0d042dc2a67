/* instance.h - what the files of our Redland storage share.
 *
 * Contrast: librdf_storage_tertium.h is what librdf sees.
 * Owns:     librdf owns the instance of a storage; streams and iterators own their snapshots.
 * Threads:  as the librdf world.
 * Fails:    librdf's way: non-zero or NULL, with a message to the world's log.
 * Tests:    tests/unit/test_redland.c
 */
#ifndef TT_REDLAND_INSTANCE_H
#define TT_REDLAND_INSTANCE_H

#include <librdf.h>

#include "rdf/lib.h"
#include "redland/changes.h"

/** What librdf keeps for each storage. */
typedef struct tt_redland {
	tt_ctx self; /* the account of this struct itself */
	tt_ctx ctx;
	char *directory; /* NULL: in memory */
	bool is_new;
	bool is_read_only;
	tt_store *store;
	size_t n_readers;           /* streams and iterators: librdf may close the storage before they have ended */
	bool is_closing;            /* when the last of them ends */
	bool is_in_transaction;     /* of librdf */
	tt_redland_changes changes; /* of that, or of the call that is running */
} tt_redland;

static inline tt_redland *tt_redland_of(librdf_storage *storage)
{
	return tt_lib.librdf_storage_get_instance(storage);
}

/** Tell the world's log what went wrong; non-zero for a failure, as librdf wants it. */
int tt_redland_outcome(librdf_storage *storage, tt_status status);

/** The state that a reader sees: in a transaction with its changes so far. */
TT_CHECKED tt_status tt_redland_snapshot(tt_redland *in, tt_ctx *ctx, tt_snapshot **out_snapshot);

/** Count a stream or iterator in and out; it keeps the storage alive, and open. */
void tt_redland_enter(librdf_storage *storage);
void tt_redland_leave(librdf_storage *storage);

/** The ids of the bound parts of a pattern; NULL nodes are variables.
 * @param out_is_known False if the store has never seen one of them. */
TT_CHECKED tt_status tt_redland_find_ids(tt_snapshot *snapshot, librdf_node *const nodes[TT_N_COLUMNS],
                                         tt_id ids[TT_N_COLUMNS], bool *out_is_known);

/** A stream of the statements that match, with their contexts. */
librdf_stream *tt_redland_find(librdf_storage *storage, librdf_node *const nodes[TT_N_COLUMNS], tt_graph_choice choice);
/** The nodes in one column of the statements that match, one for each, with their contexts. */
librdf_iterator *tt_redland_find_nodes(librdf_storage *storage, librdf_node *const nodes[TT_N_COLUMNS],
                                       tt_column column);
/** The named graphs. */
librdf_iterator *tt_redland_contexts(librdf_storage *storage);

#endif
