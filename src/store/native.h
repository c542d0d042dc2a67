/* native.h - our own store on LMDB: the objects behind the interface.
 *
 * Contrast: backend.h is the interface as a table of functions; native.c, scan.c and txn.c fill it.
 * Owns:     see each struct.
 * Threads:  as store.h.
 * Fails:    as store.h.
 * Tests:    tests/unit/test_store.c
 */
#ifndef TT_STORE_NATIVE_H
#define TT_STORE_NATIVE_H

#include "store/backend.h"
#include "store/dict.h"

typedef struct tt_native_store {
	tt_store base;
	tt_env env;
} tt_native_store;

typedef struct tt_native_snapshot {
	tt_snapshot base;
	tt_native_store *store;
	MDB_txn *txn;
	bool is_own_txn; /* false: a transaction lends it */
	tt_state state;
	tt_trust trust;
	tt_dict_reader terms;
	tt_buffer record;               /* scratch of find */
	tt_predicate_stats *predicates; /* read when first asked for */
	size_t n_predicates;
	bool has_predicates;
	tt_id *graphs; /* read when first asked for */
	size_t n_graphs;
	bool has_graphs;
	MDB_cursor *prefixes; /* stands at prefix number `n_prefix` */
	size_t n_prefix;
} tt_native_snapshot;

/** How the statistics of a predicate are stored. */
typedef struct tt_predicate_record {
	uint64_t n_quads, n_subjects, n_objects;
} tt_predicate_record;

/** The table of our functions. */
extern const tt_backend tt_native_backend;

/** A snapshot over an LMDB transaction that somebody else ends. */
TT_CHECKED tt_status tt_native_snapshot_new(tt_ctx *ctx, tt_native_store *store, MDB_txn *txn, const tt_state *state,
                                            tt_snapshot **out_snapshot);

/** The statistics of a predicate or the size of a graph as they are stored; zeros if there is no record. */
TT_CHECKED tt_status tt_native_get_predicate(tt_ctx *ctx, tt_env *env, MDB_txn *txn, tt_id predicate,
                                             tt_predicate_record *out_record);
TT_CHECKED tt_status tt_native_get_graph(tt_ctx *ctx, tt_env *env, MDB_txn *txn, tt_id graph, uint64_t *out_n_quads);

/** Open a store with a map of a given size to begin with (0: as tt_store_open_memory() and
 * tt_store_open_directory() do). @param path NULL: in memory. */
TT_CHECKED tt_status tt_native_open(tt_ctx *ctx, const char *path, tt_open_mode mode, size_t map_size,
                                    tt_store **out_store);
/** Open a directory for writing, while tt_flock() on its data file keeps all others from opening it. */
TT_CHECKED tt_status tt_native_open_alone(tt_ctx *ctx, const char *path, tt_store **out_store);

/* scan.c */
tt_status tt_native_count(tt_snapshot *snapshot, const tt_scan_spec *spec, uint64_t *out_n_quads);
tt_status tt_native_scan_open(tt_snapshot *snapshot, const tt_scan_spec *spec, tt_scan **out_scan);
void tt_native_scan_close(tt_scan *scan);
tt_status tt_native_scan_next(tt_scan *scan, tt_id *const columns[4], size_t capacity, size_t *out_n_rows);
tt_status tt_native_scan_seek(tt_scan *scan, const tt_id *key, unsigned n_key);
tt_status tt_native_scan_rebind(tt_scan *scan, const tt_id *bound);

/* txn.c */
tt_status tt_native_txn_begin(tt_ctx *ctx, tt_store *store, bool is_waiting, tt_txn **out_txn);
void tt_native_txn_set_memory(tt_txn *txn, size_t n_bytes);
tt_status tt_native_txn_intern(tt_txn *txn, const tt_term *term, tt_id *out_id);
tt_status tt_native_txn_find(tt_txn *txn, const tt_term *term, tt_id *out_id);
tt_status tt_native_txn_new_blank(tt_txn *txn, tt_id *out_id);
tt_status tt_native_txn_change(tt_txn *txn, const tt_quad *quad, bool is_removal);
tt_status tt_native_txn_snapshot(tt_ctx *ctx, tt_txn *txn, tt_snapshot **out_snapshot);
tt_txn_mark tt_native_txn_mark(const tt_txn *txn);
void tt_native_txn_undo(tt_txn *txn, tt_txn_mark mark);
tt_status tt_native_txn_changes(tt_txn *txn, tt_change_fn visit, void *user);
tt_status tt_native_txn_commit(tt_txn *txn, uint64_t *out_n_added, uint64_t *out_n_removed);
void tt_native_txn_abort(tt_txn *txn);
tt_status tt_native_txn_add_prefix(tt_txn *txn, tt_view prefix, tt_view iri);

/* stats.c */
tt_status tt_native_graphs(tt_snapshot *snapshot, const tt_id **out_graphs, size_t *out_n_graphs);
tt_status tt_native_stats(tt_snapshot *snapshot, tt_store_stats *out_stats);
tt_status tt_native_predicate(tt_snapshot *snapshot, tt_id predicate, tt_predicate_stats *out_stats);
tt_status tt_native_predicates(tt_snapshot *snapshot, const tt_predicate_stats **out_stats, size_t *out_n);

/* space.c */
tt_status tt_native_space(tt_ctx *ctx, tt_store *store, tt_db_space *out_space);

/* backup.c */
tt_status tt_native_copy(tt_ctx *ctx, tt_store *store, const char *directory, bool is_replacing);
tt_status tt_native_compact(tt_ctx *ctx, tt_store **io_store);

/* check.c */
tt_status tt_native_check(tt_ctx *ctx, tt_store *store, tt_check_report report, void *user,
                          tt_check_result *out_result);

#endif
