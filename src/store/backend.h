/* backend.h - what implements the store interface: a table of functions, and the heads of its objects.
 *
 * Every store, snapshot, scan and transaction begins with its head, so store.c can hand each call
 * to whoever made the object. Arguments have been checked by then.
 *
 * Contrast: store.h is what the layers above call; native.h is our own store behind it.
 * Owns:     nothing.
 * Threads:  as store.h.
 * Fails:    as store.h.
 * Tests:    tests/unit/test_store.c
 */
#ifndef TT_STORE_BACKEND_H
#define TT_STORE_BACKEND_H

#include "store/backup.h"
#include "store/check.h"
#include "store/stats.h"

/** The functions of store.h, stats.h and check.h, behind their argument checks. */
typedef struct tt_backend {
	void (*close)(tt_store *store);
	const char *(*path)(const tt_store *store);

	tt_status (*snapshot_begin)(tt_ctx *ctx, tt_store *store, tt_snapshot **out_snapshot);
	void (*snapshot_end)(tt_snapshot *snapshot);
	tt_status (*count)(tt_snapshot *snapshot, const tt_scan_spec *spec, uint64_t *out_n_quads);
	tt_status (*term)(tt_snapshot *snapshot, tt_id id, tt_term *out_term); /* ids that are not inline */
	tt_status (*find)(tt_snapshot *snapshot, const tt_term *term, tt_id *out_id);
	tt_status (*graphs)(tt_snapshot *snapshot, const tt_id **out_graphs, size_t *out_n_graphs);
	tt_status (*prefix)(tt_snapshot *snapshot, size_t n_th, tt_view *out_prefix, tt_view *out_iri);
	tt_status (*stats)(tt_snapshot *snapshot, tt_store_stats *out_stats);
	tt_status (*estimate)(tt_snapshot *snapshot, tt_store_stats *out_stats); /* NULL: exact ones are as cheap */
	tt_status (*predicate)(tt_snapshot *snapshot, tt_id predicate, tt_predicate_stats *out_stats);
	tt_status (*predicates)(tt_snapshot *snapshot, const tt_predicate_stats **out_stats, size_t *out_n);

	tt_status (*scan_open)(tt_snapshot *snapshot, const tt_scan_spec *spec, tt_scan **out_scan);
	void (*scan_close)(tt_scan *scan);
	tt_status (*scan_next)(tt_scan *scan, tt_id *const columns[4], size_t capacity, size_t *out_n_rows);
	tt_status (*scan_seek)(tt_scan *scan, const tt_id *key, unsigned n_key);
	tt_status (*scan_rebind)(tt_scan *scan, const tt_id *bound);

	tt_status (*txn_begin)(tt_ctx *ctx, tt_store *store, bool is_waiting, tt_txn **out_txn);
	void (*txn_set_memory)(tt_txn *txn, size_t n_bytes); /* NULL: it gathers nothing, or cannot put it elsewhere */
	tt_status (*txn_intern)(tt_txn *txn, const tt_term *term, tt_id *out_id);
	tt_status (*txn_find)(tt_txn *txn, const tt_term *term, tt_id *out_id); /* a term that is not inline */
	tt_status (*txn_new_blank)(tt_txn *txn, tt_id *out_id);
	tt_status (*txn_change)(tt_txn *txn, const tt_quad *quad, bool is_removal);
	tt_status (*txn_snapshot)(tt_ctx *ctx, tt_txn *txn, tt_snapshot **out_snapshot);
	tt_txn_mark (*txn_mark)(const tt_txn *txn);
	void (*txn_undo)(tt_txn *txn, tt_txn_mark mark);
	tt_status (*txn_changes)(tt_txn *txn, tt_change_fn visit, void *user);
	tt_status (*txn_commit)(tt_txn *txn, uint64_t *out_n_added, uint64_t *out_n_removed);
	void (*txn_abort)(tt_txn *txn);
	tt_status (*txn_add_prefix)(tt_txn *txn, tt_view prefix, tt_view iri);

	/* NULL if there is no file behind the store. */
	tt_status (*space)(tt_ctx *ctx, tt_store *store, tt_db_space *out_space);
	tt_status (*copy)(tt_ctx *ctx, tt_store *store, const char *directory, bool is_replacing);
	tt_status (*compact)(tt_ctx *ctx, tt_store **io_store);
	tt_status (*check)(tt_ctx *ctx, tt_store *store, tt_check_report report, void *user, tt_check_result *out_result);
} tt_backend;

struct tt_store {
	const tt_backend *backend;
	tt_ctx *ctx; /* of whoever opened it; not for other threads */
};
struct tt_snapshot {
	const tt_backend *backend;
	tt_ctx *ctx;
};
struct tt_scan {
	const tt_backend *backend;
	tt_ctx *ctx;
	tt_scan_spec spec;
};
struct tt_txn {
	const tt_backend *backend;
	tt_ctx *ctx;
};

/* ---- what backends share ------------------------------------------------------------------------ */

/** Whether a graph is in the list of a scan. */
static inline bool tt_scan_lists(const tt_scan_spec *spec, tt_id graph)
{
	size_t low = 0;
	size_t high = spec->n_graphs;
	while (low < high) {
		const size_t half = low + (high - low) / 2;
		if (spec->graphs[half] < graph) {
			low = half + 1;
		} else {
			high = half;
		}
	}
	return low < spec->n_graphs && spec->graphs[low] == graph;
}

/** Whether a scan sees the quads of a graph. */
static inline bool tt_scan_sees(const tt_scan_spec *spec, tt_id graph)
{
	switch (spec->choice) {
	case TT_GRAPHS_ALL:
		return true;
	case TT_GRAPHS_DEFAULT:
		return graph == TT_DEFAULT_GRAPH;
	case TT_GRAPHS_NAMED:
		return graph != TT_DEFAULT_GRAPH;
	case TT_GRAPHS_LIST:
		return tt_scan_lists(spec, graph);
	}
	return false;
}

#endif
