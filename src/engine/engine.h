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
#include "sparql/parse.h"
#include "store/store.h"

struct tt_db {
	tt_ctx self; /* the account of this struct itself */
	tt_ctx ctx;
	tt_store *store;
	tt_txn *txn;           /* of tt_db_begin(), or NULL */
	size_t n_open_results; /* that read from this transaction */
	tt_wait_fn wait;       /* tt_db_set_wait() */
	void *wait_user;
	size_t load_memory; /* tt_db_set_load_memory() */
	tt_buffer loaded;   /* names of the files loaded in this opening, the first of them */
	size_t n_loaded;
	tt_prefixes user_prefixes; /* set for this opening */
	tt_prefixes data_prefixes; /* from the data, then these */
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

/** Where a term of a template comes from: a column of the solutions, a blank node, or else it is constant. */
#define TT_NO_COLUMN SIZE_MAX
typedef struct tt_template_term {
	size_t column;  /* or TT_NO_COLUMN */
	size_t blank;   /* number of a blank node, or TT_NO_COLUMN */
	tt_id constant; /* TT_UNBOUND: a variable that is never bound */
} tt_template_term;

/** The template of a query, ready to be filled. */
typedef struct tt_template {
	tt_template_term (*terms)[TT_N_COLUMNS]; /* n_template of the query */
	tt_id *blanks;                           /* of the current solution; TT_UNBOUND: not made yet */
	size_t n_blanks;
} tt_template;

struct tt_results {
	tt_db *db;
	tt_ctx self; /* the account of this struct itself */
	tt_ctx ctx;  /* budget, deadline and error of this query */
	tt_arena arena;
	tt_snapshot *snapshot;
	bool is_in_transaction; /* the snapshot is the transaction's */
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

	tt_template template;  /* CONSTRUCT, and the operations of an update */
	tt_triple_set triples; /* CONSTRUCT, DESCRIBE: all that were found, in order */
	size_t next_triple;
	bool is_complete; /* CONSTRUCT: no solutions are left */
	bool is_plan_only;
	bool is_gathered;         /* there is no plan, but the rows of engine/rows.h */
	const tt_term **gathered; /* each n_columns */
	size_t n_gathered, gathered_capacity;
	size_t next_gathered;
	int64_t planning_ns;
	tt_buffer explained;
};

/** Steps of a query, for updates too: make the object (NULL if memory is out), look at the data, plan `query`, which
 * stands in @p text, … */
tt_results *tt_results_new(tt_db *db, const tt_query_options *options);
TT_CHECKED tt_status tt_results_snapshot(tt_results *results);
TT_CHECKED tt_status tt_results_plan(tt_results *results, tt_view text, const tt_query_options *options,
                                     const tt_plan_switches *switches);
/** … and end the snapshot, while computed terms stay. */
void tt_results_stop_reading(tt_results *results);

/** As tt_db_query(), with switches of the planner that only tests turn. */
TT_CHECKED tt_status tt_db_query_switched(tt_db *db, tt_view text, const tt_query_options *options,
                                          const tt_plan_switches *switches, tt_results **out_results);

/** As tt_db_query(), of a syntax tree, which must outlive the results, in place of a text.
 * @param options Without `warn` and `refuses_warnings`, which are for texts. Its limits are not looked at:
 * @param limits Of whoever asks: its deadline is that of the query, and what is left of its budget. */
TT_CHECKED tt_status tt_db_query_tree(tt_db *db, const tt_ast *ast, const tt_query_options *options,
                                      const tt_ctx *limits, tt_results **out_results);

/** The next solution: moves `batch` and `next_row` on. @param out_is_end Set when there is none. */
TT_CHECKED tt_status tt_results_step(tt_results *results, bool *out_is_end);

/** template.c: find where the terms of the template come from, after planning. */
TT_CHECKED tt_status tt_template_prepare(tt_results *results);
/** Begin a solution: its blank nodes are new. */
void tt_template_next(tt_results *results);
/** Fill quad @p number of the template from the current solution.
 * @param out_is_quad False if it is no RDF: a variable is unbound, or a term stands where it may not (§16.2). */
TT_CHECKED tt_status tt_template_fill(tt_results *results, size_t number, tt_id out_quad[TT_N_COLUMNS],
                                      bool *out_is_quad);

/** construct.c: instantiate the template for the next solutions, until a new triple comes or all are done (§16.2). */
TT_CHECKED tt_status tt_construct_more(tt_results *results);

/** describe.c: gather the descriptions of all resources (§16.4). */
TT_CHECKED tt_status tt_describe(tt_results *results, tt_description description);

/** How the texts of this database are parsed.
 * @return TT_BAD_ARGUMENT if the base is no absolute IRI. */
TT_CHECKED tt_status tt_db_parse_options(tt_db *db, tt_ctx *ctx, const tt_query_options *options,
                                         tt_parse_options *out);

/** binding.c: the IRI of the resource that a name means, as the value of a binding; a function of tt_parse_options.
 * @param user The tt_db. */
TT_CHECKED tt_status tt_binding_resolve(void *user, tt_arena *arena, tt_view name, tt_term *out);

/** Demand that the database is open: after tt_db_compact() it may not be. */
TT_CHECKED tt_status tt_db_need_store(const tt_db *db, tt_ctx *ctx);

/** The state that a reader sees: in a transaction with its changes so far. */
TT_CHECKED tt_status tt_db_snapshot(tt_db *db, tt_ctx *ctx, tt_snapshot **out_snapshot);

/** A piece of writing: a transaction of its own, or a part of the open one. */
typedef struct tt_write {
	tt_txn *txn;
	tt_txn_mark mark;
} tt_write;
/** transaction.c: @return TT_BUSY while an answer still reads from the open transaction. */
TT_CHECKED tt_status tt_write_begin(tt_db *db, tt_write *write);
/** Keep or undo it: commit a transaction of its own if @p status is TT_OK.
 * @param out_counts Zeros within an open transaction.
 * @return @p status, or why the commit failed. */
TT_CHECKED tt_status tt_write_end(tt_db *db, const tt_write *write, tt_status status, tt_change_counts *out_counts);

/** Copy a context's error to the database and return its status. */
tt_status tt_db_failed(tt_db *db, const tt_ctx *ctx);

/** load.c: where the data are from, as far as is known: the directory, else the files that were loaded; or empty.
 * @param out Appended to. */
TT_CHECKED tt_status tt_db_origin(const tt_db *db, tt_buffer *out);

/** Read the prefixes again that the store keeps with the data; if that fails, those that were known stay. */
void tt_db_refresh_prefixes(tt_db *db);

#endif
