/* blanks.h - the blank nodes of one text: a label means the same new node throughout.
 *
 * Contrast: store.h makes new blank nodes; this remembers which label got which.
 * Owns:     the labels.
 * Threads:  as the transaction.
 * Fails:    TT_NO_MEMORY, TT_LIMIT.
 * Tests:    tests/unit/test_rdf_io.c, tests/golden/update.tt
 */
#ifndef TT_STORE_BLANKS_H
#define TT_STORE_BLANKS_H

#include "base/map.h"
#include "store/store.h"

/** Labels of a file or of an INSERT DATA. */
typedef struct tt_blanks {
	tt_ctx *ctx;
	tt_map by_hash; /* hash of a label → index into `labels` */
	struct tt_blank_label {
		size_t offset, size; /* in `text` */
		tt_id id;
	} * labels;
	size_t n_labels;
	size_t n_capacity;
	tt_buffer text;
} tt_blanks;

void tt_blanks_init(tt_blanks *blanks, tt_ctx *ctx);
/** Forget all labels; may be used again. */
void tt_blanks_clear(tt_blanks *blanks);
/** The node that a label means; a new one of the transaction at its first mention. */
TT_CHECKED tt_status tt_blanks_node(tt_blanks *blanks, tt_txn *txn, tt_view label, tt_id *out_id);

#endif
