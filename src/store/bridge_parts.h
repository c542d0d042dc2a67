/* bridge_parts.h - what the files of the bridge share.
 *
 * librdf's storages have neither ids nor order nor snapshots, so the bridge makes all three. Ids are numbers of a
 * dictionary that lives with the store. What a pattern matches is fetched whole into a relation, once in a snapshot,
 * and sorted in each order that is asked for. And a snapshot carries the changes by which its state differs from
 * what the storage holds now: those of its transaction that are not written yet, or the opposite of those that were
 * written since it began. So all that is seen through a snapshot is one state, as far as we write ourselves; what
 * other programs write meanwhile is seen by what is fetched later.
 *
 *      bridge.c        opening, the dictionary, the log
 *      bridge_fetch.c  snapshots and their relations
 *      bridge_scan.c   scans, counts, statistics
 *      bridge_write.c  transactions
 *
 * Contrast: bridge.h is what others see.
 * Owns:     a snapshot its relations; the store the texts of all terms.
 * Threads:  one.
 * Fails:    as bridge.h.
 * Tests:    tests/unit/test_bridge.c
 */
#ifndef TT_STORE_BRIDGE_PARTS_H
#define TT_STORE_BRIDGE_PARTS_H

#include "base/map.h"
#include "rdf/lib.h"
#include "rdf/prefix.h"
#include "store/apply.h"
#include "store/backend.h"

typedef struct tt_bridge_snapshot tt_bridge_snapshot;

/** An opened Redland storage. */
typedef struct tt_bridge {
	tt_store base;
	char *description; /* as it was given, for messages */
	librdf_world *world;
	librdf_storage *storage;
	librdf_model *model;
	bool is_read_only;
	bool has_contexts;
	bool has_stale_contexts;       /* a defect of librdf's sqlite (bridge_fetch.c) */
	bool loses_empty_literals;     /* one of its postgresql, which reads no further behind them */
	bool is_writing;               /* a transaction is open */
	tt_bridge_snapshot *snapshots; /* the living ones */
	size_t n_users;                /* snapshots and transactions: they know ids */
	/* The dictionary: number n is terms[n - 1]. */
	tt_arena texts;
	tt_term *terms;
	size_t n_terms;
	size_t n_terms_capacity;
	tt_map by_hash; /* hash of a term → its number */
	uint64_t next_blank;
	tt_prefixes prefixes; /* of what was loaded: librdf keeps none */
	char message[512];    /* the first error that librdf logged since tt_bridge_listen() */
} tt_bridge;

/** The quads that match a key, in one or more orders. */
typedef struct tt_relation {
	tt_id key[TT_N_COLUMNS]; /* TT_UNBOUND: any */
	struct {
		tt_row *rows; /* columns in the order of the permutation; NULL: not made yet */
		size_t n_rows;
	} orders[TT_N_PERMS];
} tt_relation;

struct tt_bridge_snapshot {
	tt_snapshot base;
	tt_bridge *store;
	tt_bridge_snapshot *next;
	tt_changes overlay;            /* sorted: what makes this state of what the storage holds now */
	const tt_buffer *new_prefixes; /* of its transaction: name, NUL, IRI, NUL …; or NULL */
	tt_relation **relations;
	size_t n_relations;
	size_t n_relations_capacity;
	tt_map by_key; /* hash of a key → number of the relation */
	size_t n_fetches;
	/* The storage has a quad twice, or writes one of its terms otherwise than we do. */
	bool has_variants;
	tt_id *graphs;
	size_t n_graphs;
	tt_predicate_stats *predicates;
	size_t n_predicates;
};

extern const tt_backend tt_bridge_backend;

/* ---- bridge.c ------------------------------------------------------------------------------------- */

/** The id of a term; a new one gets the next number. */
TT_CHECKED tt_status tt_bridge_intern(tt_ctx *ctx, tt_bridge *store, const tt_term *term, tt_id *out_id);
/** The term of an id. @param scratch For inline ids. */
TT_CHECKED tt_status tt_bridge_term(tt_ctx *ctx, const tt_bridge *store, tt_id id, tt_scratch *scratch,
                                    tt_term *out_term);
/** A node of an id, to be freed; NULL if memory is out. */
librdf_node *tt_bridge_node(tt_ctx *ctx, const tt_bridge *store, tt_id id);
/** Forget what librdf said so far … */
void tt_bridge_listen(tt_bridge *store);
/** … and fail with what it has said since. @param action What could not be done: "write to". */
tt_status tt_bridge_fail(tt_ctx *ctx, const tt_bridge *store, const char *action);
/** Count a snapshot or transaction in and out; without any the dictionary may be forgotten. */
void tt_bridge_enter(tt_bridge *store);
void tt_bridge_leave(tt_bridge *store);

/* ---- bridge_fetch.c ------------------------------------------------------------------------------- */

/** Begin a snapshot. @param overlay Its rows go to the snapshot, also on failure. */
TT_CHECKED tt_status tt_bridge_snapshot_new(tt_ctx *ctx, tt_bridge *store, tt_changes *overlay,
                                            tt_bridge_snapshot **out_snapshot);
void tt_bridge_snapshot_end(tt_snapshot *base);
/** Let a snapshot go on seeing its state after these quads were written. @param changes Sorted. */
TT_CHECKED tt_status tt_bridge_snapshot_keep(tt_bridge_snapshot *snapshot, const tt_row *changes, size_t n_changes);

/** The quads of a pattern in the order of a permutation: a relation that may hold more than those.
 * @param bound Columns S, P, O, G; TT_UNBOUND: any.
 * @param out_rows Of the snapshot; columns in the order of the permutation. */
TT_CHECKED tt_status tt_bridge_rows(tt_bridge_snapshot *snapshot, const tt_id bound[TT_N_COLUMNS], tt_perm perm,
                                    const tt_row **out_rows, size_t *out_n_rows);
/** Whether the rows of a pattern are there without asking the storage. */
bool tt_bridge_has_rows(const tt_bridge_snapshot *snapshot, const tt_id bound[TT_N_COLUMNS]);

/** Called for each statement of a stream. */
typedef tt_status (*tt_bridge_visit)(void *user, librdf_statement *statement, const tt_quad *quad);
/** Ask the storage for a pattern; more than what matches may be visited. */
TT_CHECKED tt_status tt_bridge_ask(tt_ctx *ctx, tt_bridge *store, const tt_id key[TT_N_COLUMNS], tt_bridge_visit visit,
                                   void *user);

/* ---- bridge_scan.c -------------------------------------------------------------------------------- */

tt_status tt_bridge_count(tt_snapshot *base, const tt_scan_spec *spec, uint64_t *out_n_quads);
tt_status tt_bridge_graphs(tt_snapshot *base, const tt_id **out_graphs, size_t *out_n_graphs);
tt_status tt_bridge_stats(tt_snapshot *base, tt_store_stats *out_stats);
tt_status tt_bridge_estimate(tt_snapshot *base, tt_store_stats *out_stats);
tt_status tt_bridge_predicate(tt_snapshot *base, tt_id predicate, tt_predicate_stats *out_stats);
tt_status tt_bridge_predicates(tt_snapshot *base, const tt_predicate_stats **out_stats, size_t *out_n);
tt_status tt_bridge_scan_open(tt_snapshot *base, const tt_scan_spec *spec, tt_scan **out_scan);
void tt_bridge_scan_close(tt_scan *base);
tt_status tt_bridge_scan_next(tt_scan *base, tt_id *const columns[4], size_t capacity, size_t *out_n_rows);
tt_status tt_bridge_scan_seek(tt_scan *base, const tt_id *key, unsigned n_key);
tt_status tt_bridge_scan_rebind(tt_scan *base, const tt_id *bound);

/* ---- bridge_write.c ------------------------------------------------------------------------------- */

tt_status tt_bridge_txn_begin(tt_ctx *ctx, tt_store *base, bool is_waiting, tt_txn **out_txn);
tt_status tt_bridge_txn_intern(tt_txn *base, const tt_term *term, tt_id *out_id);
tt_status tt_bridge_txn_new_blank(tt_txn *base, tt_id *out_id);
tt_status tt_bridge_txn_change(tt_txn *base, const tt_quad *quad, bool is_removal);
tt_status tt_bridge_txn_snapshot(tt_ctx *ctx, tt_txn *base, tt_snapshot **out_snapshot);
tt_txn_mark tt_bridge_txn_mark(const tt_txn *base);
void tt_bridge_txn_undo(tt_txn *base, tt_txn_mark mark);
tt_status tt_bridge_txn_changes(tt_txn *base, tt_change_fn visit, void *user);
tt_status tt_bridge_txn_commit(tt_txn *base, uint64_t *out_n_added, uint64_t *out_n_removed);
void tt_bridge_txn_abort(tt_txn *base);
tt_status tt_bridge_txn_add_prefix(tt_txn *base, tt_view prefix, tt_view iri);

#endif
