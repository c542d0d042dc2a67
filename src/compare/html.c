/* html.c - a comparison as a page of HTML that needs nothing else. */
#include "compare/document.h"

static const tt_escapes escapes = {
    {['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;"}};

#define PAGE                                                                                                      \
	"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Comparison</title>\n<style>\n" \
	"body { font: 15px/1.45 system-ui, sans-serif; max-width: 75em; margin: 2em auto; padding: 0 1em; }\n"        \
	"table { border-collapse: collapse; width: 100%; }\n"                                                         \
	"th, td { border: 1px solid #bbb; padding: .3em .6em; text-align: left; vertical-align: top; }\n"             \
	"thead th { background: #eee; }\ntbody th { font-weight: normal; white-space: nowrap; }\n"                    \
	"sup { color: #666; }\n</style>\n</head>\n<body>\n<h1>"

static tt_status begin_table(tt_buffer *out, size_t n_columns)
{
	(void)n_columns;
	return TT_EMIT(out, "<table>\n<thead>\n");
}

static tt_status end_header(tt_buffer *out, size_t n_columns)
{
	(void)n_columns;
	return TT_EMIT(out, "</thead>\n<tbody>\n");
}

tt_status tt_compare_write_html(tt_compare *compare, tt_output *output)
{
	const tt_markup markup = {.escapes = &escapes,
	                          .begin = TT_VIEW(PAGE),
	                          .end_of_title = TT_VIEW("</h1>\n"),
	                          .end = TT_VIEW("</body>\n</html>\n"),
	                          .heading = TT_VIEW("<h2>"),
	                          .end_of_heading = TT_VIEW("</h2>\n"),
	                          .end_of_table = TT_VIEW("</tbody>\n</table>\n"),
	                          .row = TT_VIEW("<tr>"),
	                          .header_row = TT_VIEW("<tr>"),
	                          .end_of_row = TT_VIEW("</tr>\n"),
	                          .end_of_header_row = TT_VIEW("</tr>\n"),
	                          .cell = TT_VIEW("<td dir=\"auto\">"),
	                          .end_of_cell = TT_VIEW("</td>"),
	                          .name_cell = TT_VIEW("<th scope=\"row\">"),
	                          .header_cell = TT_VIEW("<th scope=\"col\">"),
	                          .end_of_header_cell = TT_VIEW("</th>"),
	                          .marks = TT_VIEW(" <sup>["),
	                          .end_of_marks = TT_VIEW("]</sup>"),
	                          .link = TT_VIEW("<a href=\""),
	                          .end_of_target = TT_VIEW("\">"),
	                          .end_of_link = TT_VIEW("</a>"),
	                          .begin_table = begin_table,
	                          .end_header = end_header};
	return tt_document_write(compare, &markup, output);
}
