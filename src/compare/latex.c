/* latex.c - a comparison as LaTeX: a fragment of long tables, to be read by \input. */
#include "compare/document.h"

static const tt_escapes escapes = {{['\\'] = "\\textbackslash{}",
                                    ['{'] = "\\{",
                                    ['}'] = "\\}",
                                    ['$'] = "\\$",
                                    ['&'] = "\\&",
                                    ['#'] = "\\#",
                                    ['%'] = "\\%",
                                    ['_'] = "\\_",
                                    ['^'] = "\\textasciicircum{}",
                                    ['~'] = "\\textasciitilde{}",
                                    ['['] = "{[}",
                                    [']'] = "{]}",
                                    ['<'] = "\\textless{}",
                                    ['>'] = "\\textgreater{}",
                                    ['"'] = "\\textquotedbl{}"}};

/* The names take a sixth of the line, the other columns share the rest. */
static tt_status begin_table(tt_buffer *out, size_t n_columns)
{
	const double share = n_columns > 1 ? 0.78 / (double)(n_columns - 1) : 0.78;
	TT_TRY(TT_EMIT(out, "\\begin{longtable}{@{}>{\\raggedright}p{0.16\\linewidth}"));
	for (size_t i = 1; i < n_columns; ++i) {
		TT_TRY(tt_buffer_printf(out, ">{\\raggedright%s}p{%.3f\\linewidth}",
		                        i + 1 == n_columns ? "\\arraybackslash" : "", share));
	}
	return TT_EMIT(out, "@{}}\n\\toprule\n");
}

static tt_status end_header(tt_buffer *out, size_t n_columns)
{
	(void)n_columns;
	return TT_EMIT(out, "\\midrule\n\\endhead\n");
}

tt_status tt_compare_write_latex(tt_compare *compare, tt_output *output)
{
	const tt_markup markup = {
	    .escapes = &escapes,
	    .begin = TT_VIEW("% Needs the packages array, booktabs and longtable, and LuaLaTeX or XeLaTeX with a font\n"
	                     "% that has the letters of the data; for arrows newunicodechar with\n"
	                     "% \\newunicodechar{←}{\\ensuremath{\\leftarrow}}.\n\\section*{"),
	    .end_of_title = TT_VIEW("}\n"),
	    .heading = TT_VIEW("\n\\subsection*{"),
	    .end_of_heading = TT_VIEW("}\n"),
	    .end_of_table = TT_VIEW("\\bottomrule\n\\end{longtable}\n"),
	    .header_cell = TT_VIEW("\\textbf{"),
	    .end_of_header_cell = TT_VIEW("}"),
	    .name_cell = TT_VIEW("{"),
	    .between = TT_VIEW(" & "),
	    .end_of_row = TT_VIEW(" \\\\\n"),
	    .end_of_header_row = TT_VIEW(" \\\\\n"),
	    .marks = TT_VIEW(" {\\footnotesize{}[}"),
	    .end_of_marks = TT_VIEW("{\\footnotesize{}]}"),
	    .begin_table = begin_table,
	    .end_header = end_header};
	return tt_document_write(compare, &markup, output);
}
