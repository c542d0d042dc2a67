/* case.h - golden cases: data, a query and what must come out, as text that is pleasant to read and write.
 *
 *     == OPTIONAL keeps a row without a match
 *     data  :a :p 1 . :b :p 2 . :a :q 3 .
 *     query SELECT ?x ?y { ?x :p ?v OPTIONAL { ?x :q ?y } }
 *     rows  ?x ?y
 *           :a 3
 *           :b -
 *
 * A keyword stands at the beginning of a line; indented lines go on with it, six blanks being taken away. A line that
 * begins with # is a comment. Keywords:
 *
 *     data     TriG; each `data` is loaded as a file of its own, so blank nodes of two are different
 *     options  any of: union (union default graph), strict; the description of DESCRIBE: scbd, direct
 *     bind     a variable without ?, and the value that it is given from outside
 *     update   an update request that runs before the query; several run one after the other, as one transaction each
 *     query    the query, lines counted from 1; the prefix : is http://example.org/
 *              (a case with an update may do without: then all quads are asked for, as ?g ?s ?p ?o)
 *     rows     variables, then a row a line; terms as in Turtle, "-" for unbound; in any order
 *     ordered  the same, in this order
 *     count    so many rows, whichever they are
 *     true, false   the answer of an ASK
 *     graph    Turtle: the triples of CONSTRUCT or DESCRIBE
 *     error    a status (syntax, unsupported, limit, ...), then parts of the message, each in quotes; of the last
 *              update if there is no query
 *     at       LINE:COLUMN of the error
 *     wrong    the case is a control: what it expects is wrong, and the comparison must notice
 *
 * Contrast: golden.c runs the cases.
 * Owns:     a list of cases owns the text that its cases point into.
 * Threads:  one.
 * Fails:    a sentence with the line.
 * Tests:    controls.tt
 */
#ifndef TESTS_GOLDEN_CASE_H
#define TESTS_GOLDEN_CASE_H

#include "tertium.h"

#include <stdbool.h>
#include <stddef.h>

typedef enum keyword {
	KEY_DATA,
	KEY_OPTIONS,
	KEY_BIND,
	KEY_UPDATE,
	KEY_QUERY,
	KEY_ROWS,
	KEY_ORDERED,
	KEY_COUNT,
	KEY_TRUE,
	KEY_FALSE,
	KEY_GRAPH,
	KEY_ERROR,
	KEY_AT,
	KEY_WRONG
} keyword;

enum { MOST_DATA = 4, MOST_UPDATES = 4, MOST_BINDINGS = 4 };

typedef struct golden_case {
	char *name;
	size_t line; /* of the name */
	char *data[MOST_DATA];
	size_t n_data;
	char *updates[MOST_UPDATES];
	size_t n_updates;
	char *query; /* NULL: all quads */
	tt_binding bindings[MOST_BINDINGS];
	size_t n_bindings;
	bool is_union;
	bool is_strict;
	tt_description description;
	bool is_wrong;
	keyword expectation; /* KEY_ROWS to KEY_ERROR */
	char *expected;      /* the text behind the keyword of the expectation */
	char *place;         /* of the error, or NULL */
} golden_case;

typedef struct case_list {
	golden_case *cases;
	size_t n_cases;
} case_list;

/** Read a file of cases.
 * @return NULL, or what is wrong with it, to be freed. */
char *cases_read(const char *path, case_list *out_cases);
void cases_clear(case_list *cases);

#endif
