/* result.h - a cursor over the rows of an answer, and the writers that pull from it.
 *
 * Contrast: exec/ computes rows of ids; the engine turns them into terms behind this interface, so a
 *           writer never knows where rows come from (a remote endpoint later).
 * Owns:     the cursor belongs to whoever made it; cells live until the next call of `next`.
 * Threads:  as the output's context.
 * Fails:    as the cursor and base/output.h.
 * Tests:    tests/unit/test_result.c
 */
#ifndef TT_RESULT_RESULT_H
#define TT_RESULT_RESULT_H

#include "base/output.h"
#include "rdf/prefix.h"
#include "rdf/term.h"

/** Rows to be written: SELECT rows, or the triples of a CONSTRUCT (three columns), or a truth value. */
typedef struct tt_cursor {
	void *user;
	tt_results_kind kind;
	bool boolean; /* TT_RESULTS_BOOLEAN */
	size_t n_columns;
	const tt_view *columns; /* names without ? */
	/* The next row: n_columns terms (TT_TERM_NONE: unbound) until the next call, or NULL at the end. */
	tt_status (*next)(void *user, const tt_term **out_row);
} tt_cursor;

/** What a writer is told beside the rows. */
typedef struct tt_result_style {
	const tt_prefixes *prefixes; /* for the table, Turtle and JSON-LD; may be NULL */
	size_t n_width;              /* table: columns of the terminal; 0: as wide as the data */
	bool is_short;
	bool is_utf8;
} tt_result_style;

/** Fetch and write all; the output is not flushed at the end.
 * @param out_n_rows May be NULL.
 * @return TT_BAD_ARGUMENT if the format does not fit the kind (tt_format_fits()). */
TT_CHECKED tt_status tt_result_write(tt_cursor *cursor, tt_format format, const tt_result_style *style,
                                     tt_output *output, uint64_t *out_n_rows);

/* One function a format, all of this type, listed in a table in result.c. */
typedef tt_status tt_result_writer(tt_cursor *cursor, const tt_result_style *style, tt_output *output,
                                   uint64_t *out_n_rows);

tt_result_writer tt_write_table;    /* table.c: the terminal table; a truth value as true or false */
tt_result_writer tt_write_csv;      /* sv.c: SPARQL 1.1 Query Results CSV and TSV Formats §3 */
tt_result_writer tt_write_tsv;      /* sv.c: the same, §4 */
tt_result_writer tt_write_text;     /* sv.c: bare text, tabs between columns */
tt_result_writer tt_write_json;     /* json.c: SPARQL 1.1 Query Results JSON Format */
tt_result_writer tt_write_xml;      /* xml.c: SPARQL Query Results XML Format (Second Edition) */
tt_result_writer tt_write_turtle;   /* graph.c: through rdf/write.h, triples sorted by the caller or as they come */
tt_result_writer tt_write_ntriples; /* graph.c */
tt_result_writer tt_write_jsonld;   /* graph.c */

#endif
