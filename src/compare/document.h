/* document.h - the sheet as a document of headings and tables, whatever the markup.
 *
 * Contrast: table.c fits one screen; a document has the room it needs.
 * Owns:     nothing.
 * Threads:  as the comparison.
 * Fails:    a status.
 * Tests:    tests/compare/formats.sh
 */
#ifndef TT_COMPARE_DOCUMENT_H
#define TT_COMPARE_DOCUMENT_H

#include "compare/sheet.h"
#include "base/emit.h"

/** How a markup writes what a document consists of. */
typedef struct tt_markup {
	const tt_escapes *escapes;        /* of text */
	tt_view begin, end_of_title, end; /* of the document: the title stands behind `begin` */
	tt_view heading, end_of_heading;  /* of a section */
	tt_view end_of_table;
	tt_view row, header_row, end_of_row, end_of_header_row;
	tt_view cell, name_cell, header_cell, between, end_of_cell, end_of_header_cell;
	tt_view marks, end_of_marks;                                /* evidence */
	tt_view lead, end_of_lead;                                  /* "both" */
	tt_view link, end_of_target, end_of_link;                   /* around an IRI and a text; empty: no links */
	tt_status (*begin_table)(tt_buffer *out, size_t n_columns); /* before the header */
	tt_status (*end_header)(tt_buffer *out, size_t n_columns);
} tt_markup;

TT_CHECKED tt_status tt_document_write(tt_compare *compare, const tt_markup *markup, tt_output *output);

#endif
