/* answer.h - the answer to a query as the tests hold it: rows, a truth value or triples, and how two are compared.
 *
 * Contrast: results.h reads answers from files; tt_results of tertium.h is where ours come from.
 * Owns:     an answer owns all its texts; the terms that it lends live as long as it does.
 * Threads:  one answer belongs to one thread.
 * Fails:    a test program without memory ends with status 99.
 * Tests:    tests/golden/golden.c shows with --selftest that the comparison can say no
 */
#ifndef TESTS_W3C_ANSWER_H
#define TESTS_W3C_ANSWER_H

#include <stdio.h>

#include "tertium.h"

struct answer_chunk;

typedef struct answer {
	tt_results_kind kind;
	bool boolean;    /* of an ASK */
	bool is_ordered; /* the order of the rows counts */
	size_t n_columns;
	char **columns;
	size_t n_rows;
	tt_term *cells; /* n_rows × n_columns */
	size_t n_cells_capacity;
	struct answer_chunk *chunks; /* the texts */
} answer;

/** Memory or the end of the program. */
void *must_realloc(void *old, size_t n_items, size_t item_size);
/** A printed text, to be freed. */
char *must_print(const char *format, ...) __attribute__((format(printf, 1, 2)));
/** A whole file with a '\0' behind it, to be freed; NULL if it cannot be read.
 * @param out_size May be NULL. */
char *read_whole_file(const char *path, size_t *out_size);
/** The file: IRI of an absolute path, to be freed. */
char *file_iri(const char *path);
/** The path of a file: IRI, to be freed; NULL for another IRI. */
char *file_path(tt_view iri);

answer *answer_new(tt_results_kind kind);
/** NULL is ignored. */
void answer_free(answer *self);
/** A copy that lives as long as the answer, with a '\0' behind it. */
char *answer_keep(answer *self, const char *data, size_t size);
/** A copy of a term that lives as long as the answer. */
tt_term answer_keep_term(answer *self, const tt_term *term);
/** The number of a column, which is added unless there are rows already: then SIZE_MAX. */
size_t answer_column(answer *self, const char *name, size_t size);
/** A new row, all unbound; until the next is added. */
tt_term *answer_add_row(answer *self);
/** Fetch all of our results.
 * @param out_answer Set also when this fails. */
TT_CHECKED tt_status answer_fetch(tt_results *results, answer **out_answer);

/** What is forgiven. */
typedef struct answer_comparison {
	bool is_by_value; /* numbers of one datatype are compared by value, language tags without case */
	bool is_untyped;  /* with is_by_value: what looks like a number is one (CSV) */
	bool is_lax;      /* REDUCED: each row at least once and at most as often as expected */
} answer_comparison;
/** Whether two answers are the same up to the names of blank nodes and, unless the expected one is ordered, the order
 * of rows. Columns may stand in any order. */
bool answer_equals(const answer *expected, const answer *actual, const answer_comparison *comparison);

/** Print the first rows, each line behind @p margin. */
void answer_print(const answer *self, const char *margin, FILE *file);

/** Finds the IRI of a prefix; false if there is none. */
typedef bool (*prefix_finder)(tt_view name, tt_view *out_iri);
/** Read one term as Turtle writes it, "-" for unbound where @p find_prefix is given, and move the cursor behind it.
 * @param find_prefix NULL: there are no prefixed names. */
bool term_read(answer *keeper, const char **cursor, prefix_finder find_prefix, tt_term *out_term);
/** Print a term in the manner of N-Triples. */
void term_print(const tt_term *term, FILE *file);
bool view_is(tt_view view, const char *text);
/** A term made of texts with '\0'; nothing is copied. */
tt_term literal_of(const char *text, size_t size, const char *datatype);

#define XSD_IRI         "http://www.w3.org/2001/XMLSchema#"
#define LANG_STRING_IRI "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"

#endif
