/* store.h - the interface of a quad store: snapshots, scans, counts, transactions, terms ↔ ids.
 *
 * Contrast: lmdb/dict/perm implement it for our own store, bridge for any foreign librdf storage;
 *           the layers above see only this header and stats.h.
 * Owns:     whoever opens or begins something closes or ends it, in the opposite order.
 * Threads:  a tt_store may be shared; a snapshot, scan or transaction belongs to one thread and
 *           its context. One transaction at a time, any number of snapshots beside it.
 * Fails:    a status, with the detail in the context that was given at open or begin.
 * Tests:    tests/unit/test_store.c
 */
#ifndef TT_STORE_STORE_H
#define TT_STORE_STORE_H

#include "rdf/value.h"

typedef struct tt_store tt_store;
typedef struct tt_snapshot tt_snapshot;
typedef struct tt_scan tt_scan;
typedef struct tt_txn tt_txn;

typedef struct tt_quad {
	tt_id subject, predicate, object;
	tt_id graph; /* TT_DEFAULT_GRAPH, or the id of an IRI or blank node */
} tt_quad;

/** The sort orders. The six with the graph last hold every quad; the last three, with the graph first,
 * hold the quads of named graphs only. */
typedef enum tt_perm { TT_SPO, TT_SOP, TT_PSO, TT_POS, TT_OSP, TT_OPS, TT_GSPO, TT_GPOS, TT_GOSP, TT_N_PERMS } tt_perm;

/** Columns of a quad, in the order in which tt_perm_column() counts them. */
typedef enum tt_column { TT_SUBJECT, TT_PREDICATE, TT_OBJECT, TT_GRAPH, TT_N_COLUMNS } tt_column;

/** Which quad column stands at @p position (0–3) of a permutation. */
tt_column tt_perm_column(tt_perm perm, unsigned position);
/** "SPO", "GSPO" …; static. */
const char *tt_perm_name(tt_perm perm);

/* ---- opening ---------------------------------------------------------------------------------- */

/** Open an empty store in memory (LMDB on a memfd). */
TT_CHECKED tt_status tt_store_open_memory(tt_ctx *ctx, tt_store **out_store);

/** Open a database directory.
 *
 * @return TT_NOT_FOUND, TT_UNSUPPORTED (another format version), TT_CORRUPT (not a Tertium
 *         database, or damaged), TT_IO, TT_NO_SPACE, TT_NO_MEMORY. Nothing on disk is changed
 *         before the version record is verified.
 */
TT_CHECKED tt_status tt_store_open_directory(tt_ctx *ctx, const char *path, tt_open_mode mode, tt_store **out_store);

/** Close a store without snapshots or transactions; NULL is ignored. */
void tt_store_close(tt_store *store);

/** The directory of a store, or NULL in memory. */
const char *tt_store_path(const tt_store *store);

/* ---- reading ---------------------------------------------------------------------------------- */

/** Begin to read: all that is seen through a snapshot is the state of this moment. */
TT_CHECKED tt_status tt_snapshot_begin(tt_ctx *ctx, tt_store *store, tt_snapshot **out_snapshot);
/** End a snapshot, after its scans; NULL is ignored. */
void tt_snapshot_end(tt_snapshot *snapshot);

/** Which quads a scan sees. */
typedef enum tt_graph_choice {
	TT_GRAPHS_ALL,     /* every quad */
	TT_GRAPHS_DEFAULT, /* the default graph only */
	TT_GRAPHS_NAMED,   /* named graphs only */
	TT_GRAPHS_LIST     /* the graphs of `graphs` */
} tt_graph_choice;

/** What to scan. */
typedef struct tt_scan_spec {
	tt_perm perm;
	unsigned n_bound; /* how many leading columns of the permutation are bound: 0–4 */
	tt_id bound[4];   /* their ids, in the order of the permutation */
	tt_graph_choice choice;
	/* If set, the graph column is dropped and rows that differ only in the graph are delivered once
	 * (the RDF merge: union default graph, several FROM). Only with the graph-last permutations. */
	bool is_merged;
	const tt_id *graphs; /* TT_GRAPHS_LIST: ascending, without repetition; must outlive the scan */
	size_t n_graphs;
	/* Inclusive bounds of the column behind the bound ones; 0 and 0: none. */
	tt_id low, high;
} tt_scan_spec;

/** Start a scan. Rows come in the order of the permutation (its columns as unsigned numbers). */
TT_CHECKED tt_status tt_scan_open(tt_snapshot *snapshot, const tt_scan_spec *spec, tt_scan **out_scan);
void tt_scan_close(tt_scan *scan);

/** Fetch the next rows, column by column.
 *
 * @param columns Arrays for the four columns *in the order of the permutation* (tt_perm_column());
 *                NULL for a column that is not wanted. Bound columns are filled too if wanted.
 *                All four NULL: rows are only counted.
 * @param capacity Length of the arrays, at least 1.
 * @param out_n_rows Rows fetched; 0 at the end.
 */
TT_CHECKED tt_status tt_scan_next(tt_scan *scan, tt_id *const columns[4], size_t capacity, size_t *out_n_rows);

/** Skip forward to the first row whose columns behind the bound ones are ≥ @p key (1–4 ids). Never goes back. */
TT_CHECKED tt_status tt_scan_seek(tt_scan *scan, const tt_id *key, unsigned n_key);

/** Go on with other bound ids (as many as before); cheap when they ascend, for lookup joins with sorted probes. */
TT_CHECKED tt_status tt_scan_rebind(tt_scan *scan, const tt_id *bound);

/** The number of quads with these leading columns, whatever `is_merged`, `low` and `high` say; exact for
 * TT_GRAPHS_ALL, an upper bound otherwise. Costs a few seeks, not a scan. */
TT_CHECKED tt_status tt_snapshot_count(tt_snapshot *snapshot, const tt_scan_spec *spec, uint64_t *out_n_quads);

/** Where the bound quad columns {S,P,O,G} (any may be TT_UNBOUND) are a prefix of a permutation: that
 * permutation, else the best one. A bound graph chooses among the graph-first ones. */
tt_perm tt_perm_for(const tt_id bound[TT_N_COLUMNS]);

/** The term of an id (any but TT_KIND_LOCAL and specials).
 *
 * @param scratch For the text of inline ids.
 * @param out_term Its text lives until the snapshot ends (inline: as long as the scratch).
 * @return TT_CORRUPT, TT_NOT_FOUND (no such number), TT_IO.
 */
TT_CHECKED tt_status tt_snapshot_term(tt_snapshot *snapshot, tt_id id, tt_scratch *scratch, tt_term *out_term);

/** The id of a term; TT_UNBOUND in @p out_id (and TT_OK) if the store has never seen it. */
TT_CHECKED tt_status tt_snapshot_find(tt_snapshot *snapshot, const tt_term *term, tt_id *out_id);

/** The named graphs that hold quads, ascending.
 * @param out_graphs Owned by the snapshot. */
TT_CHECKED tt_status tt_snapshot_graphs(tt_snapshot *snapshot, const tt_id **out_graphs, size_t *out_n_graphs);

/* ---- writing ---------------------------------------------------------------------------------- */

/** Begin to write; TT_BUSY if @p is_waiting is false and another process writes. */
TT_CHECKED tt_status tt_txn_begin(tt_ctx *ctx, tt_store *store, bool is_waiting, tt_txn **out_txn);

/** How many bytes a transaction may take for what it gathers; beyond it goes to files without a name, in $TMPDIR or
 * beside the database. What LMDB takes comes on top of that.
 * @param n_bytes 0: TT_TXN_MEMORY. */
void tt_txn_set_memory(tt_txn *txn, size_t n_bytes);
#define TT_TXN_MEMORY ((size_t)768 << 20)

/** The id of a term, added to the dictionary if it is new. */
TT_CHECKED tt_status tt_txn_intern(tt_txn *txn, const tt_term *term, tt_id *out_id);
/** The id of a term; TT_UNBOUND if neither the store nor this transaction has seen it. */
TT_CHECKED tt_status tt_txn_find(tt_txn *txn, const tt_term *term, tt_id *out_id);
/** A blank node that no graph has. */
TT_CHECKED tt_status tt_txn_new_blank(tt_txn *txn, tt_id *out_id);

/** Add or remove a quad. Adding what is there and removing what is not there is no error. */
TT_CHECKED tt_status tt_txn_add(tt_txn *txn, const tt_quad *quad);
TT_CHECKED tt_status tt_txn_remove(tt_txn *txn, const tt_quad *quad);

/** A snapshot that sees the changes of this transaction so far; to be ended before the next change.
 * @param ctx Of whoever reads: billed, and told of what fails. */
TT_CHECKED tt_status tt_txn_snapshot(tt_ctx *ctx, tt_txn *txn, tt_snapshot **out_snapshot);

/** How far a transaction has come, to go back to. */
typedef struct tt_txn_mark {
	size_t n_changes;
	size_t n_prefix_bytes;
} tt_txn_mark;
tt_txn_mark tt_txn_get_mark(const tt_txn *txn);
/** Forget all changes since a mark; its snapshots must have ended. New terms stay in the dictionary, unused. */
void tt_txn_undo(tt_txn *txn, tt_txn_mark mark);

/** Called for each quad that the transaction adds to or removes from the store. */
typedef tt_status (*tt_change_fn)(void *user, const tt_quad *quad, bool is_removal);
/** List what a commit would change, in the order S P O G. */
TT_CHECKED tt_status tt_txn_changes(tt_txn *txn, tt_change_fn visit, void *user);

/** Make the changes durable (in a directory: synced) and end the transaction, also when this fails: then
 * nothing has changed.
 * @param out_n_added, out_n_removed May be NULL: how many quads the store gained and lost. */
TT_CHECKED tt_status tt_txn_commit(tt_txn *txn, uint64_t *out_n_added, uint64_t *out_n_removed);
/** End the transaction; nothing has changed. NULL is ignored. */
void tt_txn_abort(tt_txn *txn);

/* ---- prefixes --------------------------------------------------------------------------------- */

/** Remember a prefix with the data (from @prefix in a loaded file); an existing one is kept. */
TT_CHECKED tt_status tt_txn_add_prefix(tt_txn *txn, tt_view prefix, tt_view iri);
/** The n-th stored prefix (0, 1, …) in the order of their names; TT_NOT_FOUND (without a message) behind the last. */
TT_CHECKED tt_status tt_snapshot_prefix(tt_snapshot *snapshot, size_t n_th, tt_view *out_prefix, tt_view *out_iri);

#endif
