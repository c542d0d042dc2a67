/* changes.h - a transaction of the storage, which knows at any time what is there.
 *
 * librdf's calls need an answer to "is it there?" for each statement, so flushing the store's transaction each time
 * would be slow: the effective changes are kept beside the state that they came upon.
 *
 * Contrast: tt_txn_snapshot() shows all that a transaction has made, at the price of a flush.
 * Owns:     the store's transaction and a snapshot.
 * Threads:  as the storage.
 * Fails:    as store.h.
 * Tests:    tests/unit/test_redland.c
 */
#ifndef TT_REDLAND_CHANGES_H
#define TT_REDLAND_CHANGES_H

#include "base/map.h"
#include "store/store.h"

typedef struct tt_redland_changes {
	tt_ctx *ctx;
	tt_txn *txn;         /* NULL: none is open */
	tt_snapshot *before; /* the state that the transaction came upon */
	struct tt_redland_change {
		tt_quad quad;
		bool is_removal;
	} * items; /* those with an effect, in order */
	size_t n_items;
	size_t capacity;
	tt_map by_triple; /* hash of a triple → index of a change */
} tt_redland_changes;

TT_CHECKED tt_status tt_redland_changes_begin(tt_redland_changes *changes, tt_ctx *ctx, tt_store *store);
/** End the transaction, which is committed if @p status is TT_OK. @return @p status, or why the commit failed. */
TT_CHECKED tt_status tt_redland_changes_end(tt_redland_changes *changes, tt_status status);

/** Add or remove a quad. @param out_is_effective May be NULL: whether it was not there, or there. */
TT_CHECKED tt_status tt_redland_change_quad(tt_redland_changes *changes, const tt_quad *quad, bool is_removal,
                                            bool *out_is_effective);
/** Whether any graph has the triple of a quad. */
TT_CHECKED tt_status tt_redland_has_triple(const tt_redland_changes *changes, const tt_quad *quad, bool *out_is_there);
/** Take back all changes behind the first @p n_items. */
TT_CHECKED tt_status tt_redland_changes_undo(tt_redland_changes *changes, size_t n_items);

#endif
