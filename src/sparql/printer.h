/* printer.h - what the two halves of printing share.
 *
 * Contrast: ast.h declares what the rest of the engine calls.
 * Owns:     nothing.
 * Threads:  as the buffer's context.
 * Fails:    as base/bytes.h.
 * Tests:    tests/unit/test_sparql.c
 */
#ifndef TT_SPARQL_PRINTER_H
#define TT_SPARQL_PRINTER_H

#include "sparql/ast.h"

typedef struct tt_printer {
	tt_buffer *out;
	const tt_prefixes *prefixes; /* or NULL */
	bool *is_used;               /* by prefix; NULL: nobody asks */
	unsigned n_indent;
	bool is_flat; /* all in one line */
} tt_printer;

static inline TT_CHECKED tt_status tt_print_text(tt_printer *printer, const char *text)
{
	return tt_buffer_append(printer->out, tt_view_of(text));
}
/** A new line, indented; in one-line mode a space. */
TT_CHECKED tt_status tt_print_line(tt_printer *printer);
TT_CHECKED tt_status tt_print_iri(tt_printer *printer, tt_view iri);
TT_CHECKED tt_status tt_print_variable(tt_printer *printer, tt_view name);
/** A string in double quotes, escaped. */
TT_CHECKED tt_status tt_print_string(tt_printer *printer, tt_view text);
TT_CHECKED tt_status tt_print_constant(tt_printer *printer, const tt_term *term);
TT_CHECKED tt_status tt_print_expr(tt_printer *printer, const tt_ast_expr *expr);
TT_CHECKED tt_status tt_print_group(tt_printer *printer, const tt_ast_group *group);

#endif
