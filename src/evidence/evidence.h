/* evidence.h - what the parts of the search for evidence share.
 *
 * The idea: a row is true because of statements. The pattern of the query is restricted to what the row binds and
 * solved with all its variables; then each part of the pattern is asked, from the top down, by which statements it
 * takes part:
 *
 *     why.c      the row, and what is told in the end
 *     witness.c  one solution of a group, element by element: BGP, UNION, OPTIONAL, GRAPH, FILTER, sub-SELECT …
 *     group.c    SELECT levels: projection and GROUP BY, whose rows stand for many solutions
 *     trail.c    a property path, step by step
 *     tree.c     syntax trees restricted to bindings, and the asking of them
 *     substitute.c  patterns with values in place of variables, for EXISTS
 *
 * A group is solved by a query of its own, since its variables may be more than the row tells. Its solution is exact:
 * which variables have a value and which have none is known. What is inside OPTIONAL, MINUS, EXISTS and sub-SELECT is
 * asked in the same way when its turn comes. So the cost is that of about as many queries as the query has groups, each
 * with more of its variables bound than the query itself.
 *
 * Contrast: passage.h tells where statements stand; tertium.h is what others call.
 * Owns:     all lives in the arena of the tt_why.
 * Threads:  as the database.
 * Fails:    TT_TIMEOUT, TT_LIMIT, TT_CANCELLED, whatever the engine returns.
 * Tests:    tests/unit/test_evidence.c, tests/evidence/
 */
#ifndef TT_EVIDENCE_EVIDENCE_H
#define TT_EVIDENCE_EVIDENCE_H

#include "engine/engine.h"
#include "evidence/passage.h"
#include "evidence/work.h"

/** What is known of a variable. */
typedef enum tt_demand {
	TT_DEMAND_SAME, /* it has this value; with a term of kind TT_TERM_NONE: it has none */
	TT_DEMAND_LOOSE /* it has this value, or none here, since another part of the pattern gives it */
} tt_demand;

typedef struct tt_known {
	tt_view name; /* that of a blank node is "_:" and its label */
	tt_term term;
	tt_demand demand;
} tt_known;

/** A solution, or the part of it that is known. */
typedef struct tt_solution {
	tt_known *items;
	size_t n_items, capacity;
} tt_solution;

/** A triple of the data, with the graphs that hold it. */
typedef struct tt_statement {
	tt_term triple[3];
	tt_term matched; /* the graph in which the query found it (the first time); kind TT_TERM_NONE: the default graph */
	const tt_term *graphs;
	const tt_passage **passages; /* of the graphs */
	size_t n_graphs;
	const tt_standing *standing; /* of the subject */
	tt_view labels[3];           /* of the terms, or empty */
} tt_statement;

/** What is to be said beside the statements. */
typedef enum tt_note_kind {
	TT_NOTE_COMPUTED, /* ?x = value, from an expression */
	TT_NOTE_GIVEN,    /* ?x = value, from VALUES */
	TT_NOTE_ABSENT,   /* nothing states a pattern */
	TT_NOTE_TRAIL,    /* a path and its steps */
	TT_NOTE_GRAPH,    /* a graph that is there */
	TT_NOTE_GROUP,    /* how many solutions an aggregate stands for */
	TT_NOTE_REMARK,   /* anything else, a sentence */
	TT_N_NOTE_KINDS
} tt_note_kind;

typedef struct tt_note {
	tt_note_kind kind;
	tt_view text;
} tt_note;

/** A work that states evidence, or is cited for it; its number is its place in the list, from 1. */
typedef struct tt_cited {
	tt_work work;
	bool is_source;   /* it states evidence */
	tt_buffer places; /* labels of the passages of it, or pages, with ", " between */
} tt_cited;

struct tt_why {
	tt_db *db;
	tt_ctx self; /* the account of this struct itself */
	tt_ctx ctx;
	tt_arena arena;
	tt_query_options options; /* of the queries that are asked */
	tt_ast *ast;
	tt_snapshot *snapshot; /* of the sources, while they are looked up */
	tt_sources *sources;
	tt_solution fresh; /* variables whose values are new at each run: only their names */

	tt_results_kind kind;
	uint64_t row;       /* its number, from 1 */
	tt_solution values; /* of the row */
	bool is_all;
	bool is_counted; /* solutions are counted by an aggregate: each way in which one comes about matters */
	bool is_top;     /* the solutions of the query itself are counted, not those of parts */
	uint64_t n_solutions;
	bool has_more_solutions; /* than were counted */
	bool is_cut;             /* there were more statements than are kept */
	size_t n_most;

	tt_statement *statements;
	size_t n_statements, statements_capacity;
	uint64_t n_told; /* statements that were come upon, repetitions counted */
	tt_map by_hash;
	tt_map told_ways; /* of property paths, where all are told */
	tt_note *notes;
	size_t n_notes, notes_capacity;
	tt_term origin;  /* what states the default graph: the dataset, a literal with the name of the database; or none */
	tt_cited *cited; /* sources first */
	size_t n_cited, cited_capacity;
};

/* ---- tree.c ------------------------------------------------------------------------------------- */

/** Copy a term into the arena. */
TT_CHECKED tt_status tt_why_copy(tt_why *why, const tt_term *term, tt_term *out);
/** What is known of a variable, or NULL. */
const tt_known *tt_solution_find(const tt_solution *solution, tt_view name);
/** Add a variable, or replace what was known. The name and the term must live as long as the arena. */
TT_CHECKED tt_status tt_solution_set(tt_why *why, tt_solution *solution, tt_view name, const tt_term *term,
                                     tt_demand demand);
/** The value of a term of a pattern in a solution; kind TT_TERM_NONE: it has none. */
tt_term tt_solution_value(const tt_solution *solution, const tt_ast_term *term);

/** A group to be solved. */
typedef struct tt_task {
	const tt_ast_group *group;
	tt_term graph;               /* the active graph; kind TT_TERM_NONE: the default graph of the dataset */
	const tt_solution *known;    /* demanded of the solution */
	const tt_solution *outer;    /* or NULL: the solution that the filters of the group see, too, and that is joined
	                                with the group (OPTIONAL, EXISTS) */
	const tt_ast_element *extra; /* elements behind the group: BIND and VALUES of a SELECT; or NULL */
} tt_task;

/** Ask for the solutions of a group, blank nodes as variables. */
TT_CHECKED tt_status tt_task_ask(tt_why *why, const tt_task *task, tt_results **out_results);
/** Fetch the next solution into the arena. @param out_is_end Set when there are no more. */
TT_CHECKED tt_status tt_task_next(tt_why *why, tt_results *results, tt_solution *out, bool *out_is_end);
/** The first solution. @param out_is_found Whether there is one. */
TT_CHECKED tt_status tt_task_first(tt_why *why, const tt_task *task, tt_solution *out, bool *out_is_found);

/** Ask for the solutions of a triple or path pattern in a graph; @p starts as values of the variable named so, or NULL.
 */
TT_CHECKED tt_status tt_triple_ask(tt_why *why, const tt_term *graph, const tt_ast_triple *triples,
                                   const tt_ast_values *starts, tt_results **out_results);

/** Whether an expression gives another value at each run (RAND, UUID, NOW, BNODE), by itself or through a variable. */
bool tt_why_is_fresh(const tt_why *why, const tt_ast_expr *expr);
/** Find the variables of the query that do. */
TT_CHECKED tt_status tt_why_find_fresh(tt_why *why, const tt_ast_query *query);

/* ---- substitute.c ------------------------------------------------------------------------------- */

/** A pattern with the values of a solution in place of its variables, as EXISTS has it. */
TT_CHECKED tt_status tt_why_substitute(tt_why *why, const tt_ast_group *group, const tt_solution *solution,
                                       tt_ast_group **out);

/* ---- witness.c ---------------------------------------------------------------------------------- */

/** Tell by which statements an exact solution of a group holds. */
TT_CHECKED tt_status tt_witness_group(tt_why *why, const tt_ast_group *group, const tt_solution *solution,
                                      const tt_term *graph);
/** What an expression turned out to be, so that the row is there. */
typedef enum tt_wish { TT_WISH_TRUE, TT_WISH_FALSE, TT_WISH_ANY } tt_wish;
/** The statements by which the EXISTS in an expression hold, and the absence that its NOT EXISTS demand. */
TT_CHECKED tt_status tt_witness_expr(tt_why *why, const tt_ast_expr *expr, tt_wish wish, const tt_solution *solution,
                                     const tt_term *graph);
/** Add a statement, once. */
TT_CHECKED tt_status tt_witness_statement(tt_why *why, const tt_term triple[3], const tt_term *graph);
/** Add a note, once; the text is copied. */
TT_CHECKED tt_status tt_witness_note(tt_why *why, tt_note_kind kind, const tt_buffer *text);
/** Append "?name = value". */
TT_CHECKED tt_status tt_witness_print(tt_why *why, tt_view name, const tt_term *term, tt_buffer *out);
/** Note that an expression gave a variable its value. */
TT_CHECKED tt_status tt_witness_computed(tt_why *why, tt_view name, const tt_ast_expr *expr,
                                         const tt_solution *solution);

/* ---- group.c ------------------------------------------------------------------------------------ */

/** Tell by which statements a row of a SELECT, ASK, CONSTRUCT holds.
 * @param row What the row binds of the projected variables; more is not looked at.
 * @param out_is_found False if no solution gives such a row. */
TT_CHECKED tt_status tt_witness_query(tt_why *why, const tt_ast_query *query, const tt_solution *row,
                                      const tt_term *graph, bool *out_is_found);

/* ---- why.c -------------------------------------------------------------------------------------- */

/** The number of a work in the list, or 0. */
size_t tt_why_number(const tt_why *why, const tt_term *work);

/* ---- cite.c ------------------------------------------------------------------------------------- */

/** Append a work as a footnote, without its number: authors, title, container, pages, year, DOI or address. */
TT_CHECKED tt_status tt_cite_footnote(const tt_cited *cited, tt_buffer *out);

/* ---- trail.c ------------------------------------------------------------------------------------ */

/** The statements along a shortest way of the path of a pattern between two nodes. */
TT_CHECKED tt_status tt_witness_path(tt_why *why, const tt_ast_triple *triple, const tt_term *from, const tt_term *to,
                                     const tt_term *graph);

#endif
