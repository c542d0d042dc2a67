/* result_set.h - a whole answer in memory: of a query, or of a file that says what is expected.
 *
 * Contrast: tt_results of tertium.h gives rows as they are computed; result/ only writes.
 * Owns:     nothing; all is in the arena that it was made with.
 * Threads:  as the arena's context.
 * Fails:    TT_SYNTAX with file and line, TT_NOT_FOUND, TT_IO; of results what tt_results_next() returns.
 * Tests:    tests/cli/questions.sh
 */
#ifndef TT_QUESTIONS_RESULT_SET_H
#define TT_QUESTIONS_RESULT_SET_H

#include "rdf/term.h"

typedef struct tt_result_set {
	tt_results_kind kind;
	bool boolean;     /* TT_RESULTS_BOOLEAN */
	bool is_untyped;  /* of CSV: each cell is a string, or a blank node */
	size_t n_columns; /* of triples: 3 */
	tt_view *columns; /* names without ? */
	size_t n_rows, n_capacity;
	tt_term **rows; /* n_columns terms each; TT_TERM_NONE: unbound */
} tt_result_set;

/** Fetch all rows or triples. */
TT_CHECKED tt_status tt_result_set_fetch(tt_arena *arena, tt_results *results, tt_result_set *out);
/** Read a file .tsv or .csv (rows, or one word: true or false), .ttl or .nt (triples). */
TT_CHECKED tt_status tt_result_set_read(tt_arena *arena, const char *path, tt_result_set *out);
/** Take the kinds of terms away, as CSV does. */
void tt_result_set_untype(tt_result_set *set);

/** What match.c finds. */
typedef struct tt_difference {
	bool is_equal;
	bool is_order;           /* the rows are the same, but in another order */
	bool is_blanks;          /* the rows look the same, but blank nodes are shared in another way */
	const tt_term **missing; /* rows that are expected only */
	const tt_term **extra;   /* rows that are there only */
	size_t n_missing, n_extra;
} tt_difference;

/** Compare rows. The columns of @p actual are put into the order of @p expected, whose names they must have.
 * @param is_ordered Whether the order of the rows counts. */
TT_CHECKED tt_status tt_result_set_compare(tt_arena *arena, const tt_result_set *expected, const tt_result_set *actual,
                                           bool is_ordered, tt_difference *out);
/** Put the columns into the order of another's. @return TT_NOT_FOUND if the names are not the same. */
TT_CHECKED tt_status tt_result_set_align(tt_arena *arena, tt_result_set *set, const tt_result_set *like);

#endif
