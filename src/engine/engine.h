/* engine.h - what the parts of the engine share: an opened database and the answer to one query.
 *
 * Contrast: tertium.h is the public face; these are its structs.
 * Owns:     a tt_db its store and prefixes; a tt_results its context, snapshot, plan and execution.
 * Threads:  a tt_db and its results belong to one thread.
 * Fails:    a status; the detail is copied into the database's error at the public border.
 * Tests:    tests/unit/test_engine.c
 */
#ifndef TT_ENGINE_ENGINE_H
#define TT_ENGINE_ENGINE_H

#include "exec/exec.h"
#include "rdf/prefix.h"
#include "store/store.h"

struct tt_db {
	tt_ctx self; /* the account of this struct itself */
	tt_ctx ctx;
	tt_store *store;
	tt_prefixes data_prefixes; /* from the data or set by the user */
	tt_prefixes prefixes;      /* these, then the usual vocabularies */
};

/** Where the ids of a query become terms: a direct-mapped cache, since neighbours repeat. */
enum { TT_TERM_CACHE_SIZE = 4096 };
typedef struct tt_term_cache_entry {
	tt_id id;
	tt_term term;
} tt_term_cache_entry;

/** A triple of ids, and the set of those already given out (an RDF graph has no duplicates). */
typedef struct tt_triple_set {
	tt_ctx *ctx;
	tt_id (*triples)[3];
	size_t n_triples;
	size_t capacity;
	tt_map by_hash;
} tt_triple_set;

void tt_triple_set_init(tt_triple_set *set, tt_ctx *ctx);
void tt_triple_set_clear(tt_triple_set *set);
/** Add a triple. @param out_is_new Whether it was not there. */
TT_CHECKED tt_status tt_triple_set_add(tt_triple_set *set, const tt_id triple[3], bool *out_is_new);

struct tt_results {
	tt_db *db;
	tt_ctx self; /* the account of this struct itself */
	tt_ctx ctx;  /* budget, deadline and error of this query */
	tt_arena arena;
	tt_snapshot *snapshot;
	tt_terms terms;
	tt_expr_env env;
	tt_algebra_query *query;
	tt_plan *plan;
	tt_execution *execution;
	tt_results_kind kind;
	bool boolean;

	const tt_batch *batch; /* the batch being given out, and the next row in it */
	size_t next_row;

	tt_view *column_names;
	size_t n_columns;
	tt_term *row; /* n_columns */
	tt_scratch *scratches;
	tt_term_cache_entry *cache;

	tt_triple_set triples; /* CONSTRUCT, DESCRIBE: all that were found, in order */
	size_t next_triple;
	bool is_complete; /* CONSTRUCT: no solutions are left */
	tt_buffer explained;
};

/** The next solution: moves `batch` and `next_row` on. @param out_is_end Set when there is none. */
TT_CHECKED tt_status tt_results_step(tt_results *results, bool *out_is_end);

/** construct.c: instantiate the template for the next solutions, until a new triple comes or all are done (§16.2). */
TT_CHECKED tt_status tt_construct_more(tt_results *results);

/** describe.c: gather the concise bounded descriptions of all resources (§16.4). */
TT_CHECKED tt_status tt_describe(tt_results *results);

/** Copy a context's error to the database and return its status. */
tt_status tt_db_failed(tt_db *db, const tt_ctx *ctx);

/** Read the prefixes again that the store keeps with the data. */
TT_CHECKED tt_status tt_db_refresh_prefixes(tt_db *db);

#endif
