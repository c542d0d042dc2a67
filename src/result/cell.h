/* cell.h - a term as the table shows it: short names, no quotes where none are needed, nothing that acts on a terminal.
 *
 * Contrast: rdf/write.h writes terms for machines.
 * Owns:     nothing.
 * Threads:  as the buffer's context.
 * Fails:    TT_NO_MEMORY, TT_LIMIT.
 * Tests:    tests/unit/test_result.c
 */
#ifndef TT_RESULT_CELL_H
#define TT_RESULT_CELL_H

#include "result/result.h"

/** How a cell is to be set. */
typedef struct tt_cell_look {
	size_t n_tag_bytes; /* at the end of the text: the @ and the language tag, which may be left out */
	bool is_number;
	bool is_string; /* a plain or language-tagged string */
} tt_cell_look;

/** Append the text of a term.
 *
 * Strings and the usual XSD values stand bare; a string that could be taken for an IRI, a blank node, a number or a
 * date stands in quotes; other literals are `"text"^^name`. Control characters and what reorders or breaks lines is
 * escaped as \n, \t, \u001B. */
TT_CHECKED tt_status tt_cell_write(tt_buffer *out, const tt_term *term, const tt_result_style *style,
                                   tt_cell_look *out_look);

/** Append text of any origin, with what could act on a terminal escaped as above. */
TT_CHECKED tt_status tt_cell_write_text(tt_buffer *out, tt_view text);

/** What is not yet set of a cell, and how many columns of the terminal it takes. */
typedef struct tt_cell_rest {
	tt_view text;
	size_t width;
} tt_cell_rest;

/** Cut off what fits into a line: whole words, where one ends in the second half of the line. */
tt_cell_rest tt_cell_take_line(tt_cell_rest *rest, size_t width);

#endif
