/* empty.h - an inquiry into why a query has no answer: what its parts share.
 *
 * empty.c        the query as a whole: its modifiers, its rounds; tt_db_why_empty()
 * empty_probe.c  asking parts of it, within a budget
 * empty_group.c  a group of patterns: which of them, or which few together, have no match
 * empty_triple.c one triple pattern: what would match in its place
 * empty_join.c   parts that match but do not join
 * empty_filter.c filters
 * empty_term.c   tt_db_unknown_term()
 *
 * Contrast: tertium.h declares what comes out.
 * Owns:     an inquiry all that its report points to; the report is its first member.
 * Threads:  as the database.
 * Fails:    as tt_db_query(); that a probe takes too long is no failure.
 * Tests:    tests/unit/test_evidence.c, tests/cli/empty.sh
 */
#ifndef TT_EVIDENCE_EMPTY_H
#define TT_EVIDENCE_EMPTY_H

#include "engine/engine.h"

#include "evidence/nearest.h"

typedef struct tt_edit tt_edit;

typedef struct tt_inquiry {
	tt_empty report;
	tt_ctx self; /* the account of this struct itself */
	tt_ctx ctx;
	tt_arena arena;
	tt_db *db;
	tt_view text;
	tt_query_options options; /* of the query */
	tt_parse_options parsing;
	tt_ast *ast;          /* changed by edits, one after the other */
	tt_prefixes prefixes; /* those of the text, and all that are known */
	tt_snapshot *snapshot;
	int64_t end_ns;
	tt_empty_finding *findings;
	size_t n_findings, capacity;
	unsigned n_names; /* of tt_inquiry_name() */
	tt_edit *best;    /* that lets the part of the last finding match, though not the query; or NULL */
} tt_inquiry;

/* ---- asking (empty_probe.c) ------------------------------------------------------------------- */

/** What a probe says. Only a NO proves that a part is to blame, only a YES that a change helps. */
typedef enum tt_probe { TT_PROBE_NO, TT_PROBE_YES, TT_PROBE_UNKNOWN } tt_probe;

/** Rows of terms in the arena. */
typedef struct tt_rows {
	const tt_term *cells; /* n_rows × n_columns */
	size_t n_rows, n_columns;
	bool is_known; /* false: the time was up */
} tt_rows;

/** Whether a group has a solution in the dataset of the query. */
TT_CHECKED tt_status tt_probe_group(tt_inquiry *q, const tt_ast_group *group, tt_probe *out);
/** Whether it has one when all graphs are seen as one and no dataset is given. */
TT_CHECKED tt_status tt_probe_anywhere(tt_inquiry *q, const tt_ast_group *group, tt_probe *out);
/** Whether the query, as it is now, has an answer.
 * @param out_text May be NULL: the query as SPARQL, in the arena; NULL if it is none, since an edit has set two triples
 * apart that share a blank node. */
TT_CHECKED tt_status tt_probe_query(tt_inquiry *q, bool is_union, const char **out_text, tt_probe *out);
/** The first rows of SELECT DISTINCT variables { group }. */
TT_CHECKED tt_status tt_probe_values(tt_inquiry *q, const tt_ast_group *group, const tt_view *variables,
                                     size_t n_variables, size_t n_most, tt_rows *out);
/** The first rows of a SELECT without a dataset of its own. */
TT_CHECKED tt_status tt_probe_select(tt_inquiry *q, const tt_ast_query *select, tt_rows *out);

/* ---- making patterns (empty_probe.c); all in the arena ------------------------------------------ */

/** The GRAPHs around a part, the innermost first. */
typedef struct tt_wrap {
	tt_ast_element *element;
	const struct tt_wrap *outer; /* or NULL */
} tt_wrap;

/** A part of a group: one triple of its TRIPLES element, or a whole element. */
typedef struct tt_part {
	tt_ast_element *element;
	tt_ast_triple *triple; /* or NULL */
	const tt_wrap *wrap;   /* or NULL */
} tt_part;

/** The names of variables. */
typedef struct tt_names {
	tt_inquiry *q;
	tt_view *items;
	size_t n_items, capacity;
} tt_names;

/** A zeroed struct in the arena of an inquiry. */
#define TT_INQUIRY_NEW(q, pointer)                                    \
	do {                                                              \
		*(pointer) = tt_arena_alloc(&(q)->arena, sizeof **(pointer)); \
		if (!*(pointer)) {                                            \
			return (q)->ctx.error.status;                             \
		}                                                             \
	} while (0)

/** A variable that the query does not have. */
TT_CHECKED tt_status tt_inquiry_name(tt_inquiry *q, const char *stem, tt_view *out);
TT_CHECKED tt_status tt_inquiry_variable(tt_inquiry *q, const char *stem, tt_ast_term *out);
/** A text in the arena. */
TT_CHECKED tt_status tt_inquiry_text(tt_inquiry *q, const char **out, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/** A made-up IRI whose local name is a text: what is near to it may be the thing that the text names. */
TT_CHECKED tt_status tt_inquiry_named(tt_inquiry *q, tt_view text, tt_term *out);
/** A term as SPARQL. */
TT_CHECKED tt_status tt_inquiry_term(tt_inquiry *q, const tt_term *term, const char **out);
/** A group, an expression, a part as SPARQL in one line. */
TT_CHECKED tt_status tt_inquiry_group(tt_inquiry *q, const tt_ast_group *group, const char **out);
TT_CHECKED tt_status tt_inquiry_expr(tt_inquiry *q, const tt_ast_expr *expr, const char **out);
TT_CHECKED tt_status tt_inquiry_parts(tt_inquiry *q, const tt_part *parts, size_t n_parts, const char **out);

/** Where a part stands: a triple where its predicate does, since it may share its subject with others. */
tt_place tt_part_place(const tt_part *part);

/** A group of one or no element. */
TT_CHECKED tt_status tt_group_new(tt_inquiry *q, tt_ast_element *element, tt_ast_group **out);
/** Append a copy of an element, with a wrap around it. */
TT_CHECKED tt_status tt_group_add(tt_inquiry *q, tt_ast_group *group, const tt_ast_element *element,
                                  const tt_wrap *wrap);
/** Append a triple, its blank nodes as variables: apart from the rest of its pattern they could not be joined. */
TT_CHECKED tt_status tt_group_add_triple(tt_inquiry *q, tt_ast_group *group, const tt_ast_triple *triple,
                                         const tt_wrap *wrap);
TT_CHECKED tt_status tt_group_add_part(tt_inquiry *q, tt_ast_group *group, const tt_part *part);
/** The group of some parts. */
TT_CHECKED tt_status tt_group_of(tt_inquiry *q, const tt_part *parts, size_t n_parts, tt_ast_group **out);
/** A SELECT around a group. */
TT_CHECKED tt_status tt_select_of(tt_inquiry *q, const tt_ast_group *group, const tt_view *variables,
                                  size_t n_variables, tt_ast_query **out);

/** Add the variables of a group or part, each once. */
TT_CHECKED tt_status tt_names_of_group(tt_names *names, const tt_ast_group *group);
TT_CHECKED tt_status tt_names_of_part(tt_names *names, const tt_part *part);
TT_CHECKED tt_status tt_names_of_expr(tt_names *names, const tt_ast_expr *expr);
bool tt_names_have(const tt_names *names, tt_view name);
/** Those that both have; @p out is new. */
TT_CHECKED tt_status tt_names_shared(const tt_names *a, const tt_names *b, tt_names *out);

/* ---- findings (empty.c) ----------------------------------------------------------------------- */

/** Begin a finding: where, and a sentence. */
TT_CHECKED tt_status tt_finding_new(tt_inquiry *q, tt_empty_kind kind, tt_empty_reason reason, tt_place place,
                                    const char *part, const char *sentence, tt_empty_finding **out);
/** A finding lives at its place until the next one begins. */
TT_CHECKED tt_status tt_finding_note(tt_inquiry *q, tt_empty_finding *finding, const char *note);

/** Note what a variable is in a group: "?name is a, b, c", and @p after behind it. */
TT_CHECKED tt_status tt_finding_note_values(tt_inquiry *q, tt_empty_finding *finding, const tt_ast_group *group,
                                            tt_view name, const char *after);

/** A change of the tree: some bytes of a node are to be others. Doing it twice undoes it. */
struct tt_edit {
	void *place;
	void *other; /* in the arena, as the edit is */
	size_t n_bytes;
	tt_edit *also; /* one more change that belongs to it, elsewhere; or NULL */
};
void tt_edit_swap(const tt_edit *edit);
/** An edit that puts @p value there.
 * @param also May be NULL. */
TT_CHECKED tt_status tt_edit_new(tt_inquiry *q, void *place, const void *value, size_t n_bytes, tt_edit *also,
                                 tt_edit **out);

/** Make a change for as long as it takes to ask whether some parts match now, and the query; if so, suggest it.
 * @param parts None: only the query is asked.
 * @param out_is_good Whether the parts match (all of the query, if there are none). */
TT_CHECKED tt_status tt_finding_try(tt_inquiry *q, tt_empty_finding *finding, tt_edit *edit, const tt_part *parts,
                                    size_t n_parts, const char *sentence, bool *out_is_good);

/** Ask the query with all graphs seen as one; if it has an answer then, suggest that. */
TT_CHECKED tt_status tt_finding_try_union(tt_inquiry *q, tt_empty_finding *finding);

/* ---- looking ---------------------------------------------------------------------------------- */

/** Find why a group, of which it is known that it has no solution within these GRAPHs, has none. */
TT_CHECKED tt_status tt_empty_group(tt_inquiry *q, tt_ast_group *group, const tt_wrap *wrap);
/** The same of a query or sub-SELECT. */
TT_CHECKED tt_status tt_empty_query(tt_inquiry *q, tt_ast_query *query, const tt_wrap *wrap);
TT_CHECKED tt_status tt_empty_triple(tt_inquiry *q, const tt_part *part);
/** @param parts A smallest set that has no solution together: two or more. */
TT_CHECKED tt_status tt_empty_join(tt_inquiry *q, const tt_part *parts, size_t n_parts);
/** @param group All but the filters, which has solutions; @p element the FILTER, @p expr what of it lets none pass. */
TT_CHECKED tt_status tt_empty_filter(tt_inquiry *q, const tt_ast_group *group, tt_ast_element *element,
                                     const tt_ast_expr *expr, const tt_wrap *wrap);

#endif
