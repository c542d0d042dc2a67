/* json.c - SPARQL 1.1 Query Results JSON Format; one line for each solution. */
#include "result/json.h"

#include "result/emit.h"

static const tt_escapes escapes = {
    {[0] = "\\u0000",  [1] = "\\u0001",  [2] = "\\u0002",  [3] = "\\u0003",  [4] = "\\u0004",  [5] = "\\u0005",
     [6] = "\\u0006",  [7] = "\\u0007",  [8] = "\\b",      [9] = "\\t",      [10] = "\\n",     [11] = "\\u000B",
     [12] = "\\f",     [13] = "\\r",     [14] = "\\u000E", [15] = "\\u000F", [16] = "\\u0010", [17] = "\\u0011",
     [18] = "\\u0012", [19] = "\\u0013", [20] = "\\u0014", [21] = "\\u0015", [22] = "\\u0016", [23] = "\\u0017",
     [24] = "\\u0018", [25] = "\\u0019", [26] = "\\u001A", [27] = "\\u001B", [28] = "\\u001C", [29] = "\\u001D",
     [30] = "\\u001E", [31] = "\\u001F", ['"'] = "\\\"",   ['\\'] = "\\\\"}};

tt_status tt_json_write_string(tt_buffer *out, tt_view text)
{
	TT_TRY(TT_EMIT(out, "\""));
	TT_TRY(tt_emit_escaped(out, text, &escapes));
	return TT_EMIT(out, "\"");
}

/* §3.2.2: an RDF term. */
tt_status tt_json_write_term(tt_buffer *out, const tt_term *term)
{
	static const tt_view heads[] = {[TT_TERM_NONE] = {"", 0},
	                                [TT_TERM_BLANK] = {"{\"type\":\"bnode\",\"value\":", 24},
	                                [TT_TERM_IRI] = {"{\"type\":\"uri\",\"value\":", 22},
	                                [TT_TERM_LITERAL] = {"{\"type\":\"literal\",\"value\":", 26}};
	TT_TRY(tt_emit(out, heads[term->kind]));
	TT_TRY(tt_json_write_string(out, term->text));
	if (term->kind == TT_TERM_LITERAL && term->language.size) {
		TT_TRY(TT_EMIT(out, ",\"xml:lang\":"));
		TT_TRY(tt_json_write_string(out, term->language));
	} else if (term->kind == TT_TERM_LITERAL && term->datatype.size &&
	           !tt_view_equal(term->datatype, tt_vocab_iri(TT_VOCAB_XSD_STRING))) {
		TT_TRY(TT_EMIT(out, ",\"datatype\":"));
		TT_TRY(tt_json_write_string(out, term->datatype));
	}
	return TT_EMIT(out, "}");
}

static tt_status write_solution(tt_buffer *out, const tt_cursor *cursor, const tt_term *row)
{
	bool is_first = true;
	for (size_t i = 0; i < cursor->n_columns; ++i) {
		if (row[i].kind != TT_TERM_NONE) {
			TT_TRY(is_first ? TT_OK : TT_EMIT(out, ","));
			TT_TRY(tt_json_write_string(out, cursor->columns[i]));
			TT_TRY(TT_EMIT(out, ":"));
			TT_TRY(tt_json_write_term(out, &row[i]));
			is_first = false;
		}
	}
	return TT_OK;
}

static tt_status write_rows(tt_cursor *cursor, tt_output *output, uint64_t *out_n_rows)
{
	tt_buffer *const out = &output->buffer;
	TT_TRY(TT_EMIT(out, "{\"head\":{\"vars\":["));
	for (size_t i = 0; i < cursor->n_columns; ++i) {
		TT_TRY(i ? TT_EMIT(out, ",") : TT_OK);
		TT_TRY(tt_json_write_string(out, cursor->columns[i]));
	}
	TT_TRY(TT_EMIT(out, "]},\n\"results\":{\"bindings\":["));
	const tt_term *row = NULL;
	TT_TRY(cursor->next(cursor->user, &row));
	while (row) {
		TT_TRY(*out_n_rows ? TT_EMIT(out, ",\n{") : TT_EMIT(out, "\n{"));
		TT_TRY(write_solution(out, cursor, row));
		TT_TRY(TT_EMIT(out, "}"));
		TT_TRY(tt_output_check(output));
		++*out_n_rows;
		TT_TRY(cursor->next(cursor->user, &row));
	}
	return TT_EMIT(out, "\n]}}\n");
}

tt_status tt_write_json(tt_cursor *cursor, const tt_result_style *style, tt_output *output, uint64_t *out_n_rows)
{
	(void)style;
	if (cursor->kind != TT_RESULTS_BOOLEAN) {
		return write_rows(cursor, output, out_n_rows);
	}
	return cursor->boolean ? TT_EMIT(&output->buffer, "{\"head\":{},\"boolean\":true}\n")
	                       : TT_EMIT(&output->buffer, "{\"head\":{},\"boolean\":false}\n");
}
