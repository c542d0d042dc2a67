/* markdown.c - a comparison as Markdown with tables (GitHub Flavored Markdown). */
#include "compare/document.h"

/* What Markdown or a table would take for its own. */
static const tt_escapes escapes = {{['\\'] = "\\\\",
                                    ['|'] = "\\|",
                                    ['*'] = "\\*",
                                    ['_'] = "\\_",
                                    ['`'] = "\\`",
                                    ['['] = "\\[",
                                    [']'] = "\\]",
                                    ['<'] = "&lt;",
                                    ['>'] = "&gt;",
                                    ['&'] = "&amp;",
                                    ['#'] = "\\#",
                                    ['~'] = "\\~",
                                    ['$'] = "\\$",
                                    ['!'] = "\\!"}};

static tt_status begin_table(tt_buffer *out, size_t n_columns)
{
	(void)out;
	(void)n_columns;
	return TT_OK;
}

static tt_status end_header(tt_buffer *out, size_t n_columns)
{
	for (size_t i = 0; i < n_columns; ++i) {
		TT_TRY(TT_EMIT(out, "|---"));
	}
	return TT_EMIT(out, "|\n");
}

tt_status tt_compare_write_markdown(tt_compare *compare, tt_output *output)
{
	const tt_markup markup = {.escapes = &escapes,
	                          .begin = TT_VIEW("# "),
	                          .end_of_title = TT_VIEW("\n"),
	                          .heading = TT_VIEW("\n## "),
	                          .end_of_heading = TT_VIEW("\n\n"),
	                          .row = TT_VIEW("| "),
	                          .header_row = TT_VIEW("| "),
	                          .between = TT_VIEW(" | "),
	                          .end_of_row = TT_VIEW(" |\n"),
	                          .end_of_header_row = TT_VIEW(" |\n"),
	                          .marks = TT_VIEW(" \\["),
	                          .end_of_marks = TT_VIEW("\\]"),
	                          .begin_table = begin_table,
	                          .end_header = end_header};
	return tt_document_write(compare, &markup, output);
}
