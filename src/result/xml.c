/* xml.c - SPARQL Query Results XML Format (Second Edition).
 *
 * XML 1.0 has no way at all to hold the control characters other than tab and line ends, nor U+FFFE and U+FFFF:
 * U+FFFD stands for them. The other formats keep them. */
#include "result/result.h"

#include "base/emit.h"

#define REPLACED "\xEF\xBF\xBD"

/* CR is written as a reference: a reader would turn it into LF. */
static const tt_escapes escapes = {
    {[0] = REPLACED,  [1] = REPLACED,  [2] = REPLACED,  [3] = REPLACED,  [4] = REPLACED,  [5] = REPLACED,
     [6] = REPLACED,  [7] = REPLACED,  [8] = REPLACED,  [11] = REPLACED, [12] = REPLACED, [13] = "&#13;",
     [14] = REPLACED, [15] = REPLACED, [16] = REPLACED, [17] = REPLACED, [18] = REPLACED, [19] = REPLACED,
     [20] = REPLACED, [21] = REPLACED, [22] = REPLACED, [23] = REPLACED, [24] = REPLACED, [25] = REPLACED,
     [26] = REPLACED, [27] = REPLACED, [28] = REPLACED, [29] = REPLACED, [30] = REPLACED, [31] = REPLACED,
     ['&'] = "&amp;", ['<'] = "&lt;",  ['>'] = "&gt;",  ['"'] = "&quot;"}};

static bool is_non_character(tt_view text, size_t at)
{
	return text.size - at >= 3 && (unsigned char)text.data[at + 1] == 0xBF && (unsigned char)text.data[at + 2] >= 0xBE;
}

static tt_status write_text(tt_buffer *out, tt_view text)
{
	const char *found = NULL;
	while (text.size && (found = memchr(text.data, 0xEF, text.size))) {
		const size_t at = (size_t)(found - text.data);
		const bool is_bad = is_non_character(text, at);
		TT_TRY(tt_emit_escaped(out, (tt_view){text.data, is_bad ? at : at + 1}, &escapes));
		TT_TRY(is_bad ? TT_EMIT(out, REPLACED) : TT_OK);
		text = tt_view_skip(text, is_bad ? at + 3 : at + 1);
	}
	return tt_emit_escaped(out, text, &escapes);
}

static tt_status write_literal(tt_buffer *out, const tt_term *term)
{
	if (term->language.size) {
		TT_TRY(TT_EMIT(out, "<literal xml:lang=\""));
		TT_TRY(write_text(out, term->language));
		TT_TRY(TT_EMIT(out, "\">"));
	} else if (term->datatype.size && !tt_view_equal(term->datatype, tt_vocab_iri(TT_VOCAB_XSD_STRING))) {
		TT_TRY(TT_EMIT(out, "<literal datatype=\""));
		TT_TRY(write_text(out, term->datatype));
		TT_TRY(TT_EMIT(out, "\">"));
	} else {
		TT_TRY(TT_EMIT(out, "<literal>"));
	}
	TT_TRY(write_text(out, term->text));
	return TT_EMIT(out, "</literal>");
}

/* §2.3.1: the element of a term. */
static tt_status write_term(tt_buffer *out, const tt_term *term)
{
	if (term->kind == TT_TERM_LITERAL) {
		return write_literal(out, term);
	}
	TT_TRY(term->kind == TT_TERM_IRI ? TT_EMIT(out, "<uri>") : TT_EMIT(out, "<bnode>"));
	TT_TRY(write_text(out, term->text));
	return term->kind == TT_TERM_IRI ? TT_EMIT(out, "</uri>") : TT_EMIT(out, "</bnode>");
}

static tt_status write_solution(tt_buffer *out, const tt_cursor *cursor, const tt_term *row)
{
	TT_TRY(TT_EMIT(out, "    <result>\n"));
	for (size_t i = 0; i < cursor->n_columns; ++i) {
		if (row[i].kind != TT_TERM_NONE) {
			TT_TRY(TT_EMIT(out, "      <binding name=\""));
			TT_TRY(write_text(out, cursor->columns[i]));
			TT_TRY(TT_EMIT(out, "\">"));
			TT_TRY(write_term(out, &row[i]));
			TT_TRY(TT_EMIT(out, "</binding>\n"));
		}
	}
	return TT_EMIT(out, "    </result>\n");
}

static tt_status write_head(tt_buffer *out, const tt_cursor *cursor)
{
	TT_TRY(TT_EMIT(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	                    "<sparql xmlns=\"http://www.w3.org/2005/sparql-results#\">\n  <head>\n"));
	for (size_t i = 0; i < cursor->n_columns && cursor->kind == TT_RESULTS_ROWS; ++i) {
		TT_TRY(TT_EMIT(out, "    <variable name=\""));
		TT_TRY(write_text(out, cursor->columns[i]));
		TT_TRY(TT_EMIT(out, "\"/>\n"));
	}
	return TT_EMIT(out, "  </head>\n");
}

tt_status tt_write_xml(tt_cursor *cursor, const tt_result_style *style, tt_output *output, uint64_t *out_n_rows)
{
	(void)style;
	tt_buffer *const out = &output->buffer;
	TT_TRY(write_head(out, cursor));
	if (cursor->kind == TT_RESULTS_BOOLEAN) {
		return cursor->boolean ? TT_EMIT(out, "  <boolean>true</boolean>\n</sparql>\n")
		                       : TT_EMIT(out, "  <boolean>false</boolean>\n</sparql>\n");
	}
	TT_TRY(TT_EMIT(out, "  <results>\n"));
	const tt_term *row = NULL;
	TT_TRY(cursor->next(cursor->user, &row));
	while (row) {
		TT_TRY(write_solution(out, cursor, row));
		TT_TRY(tt_output_check(output));
		++*out_n_rows;
		TT_TRY(cursor->next(cursor->user, &row));
	}
	return TT_EMIT(out, "  </results>\n</sparql>\n");
}
