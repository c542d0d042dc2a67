/* json.c - SPARQL 1.1 Query Results JSON Format; one line for each solution. */
#include "result/json.h"

#include "base/emit.h"
#include "base/json.h"

/* §3.2.2: an RDF term. */
tt_status tt_json_write_term(tt_buffer *out, const tt_term *term)
{
	static const tt_view heads[] = {[TT_TERM_NONE] = {"", 0},
	                                [TT_TERM_BLANK] = {"{\"type\":\"bnode\",\"value\":", 24},
	                                [TT_TERM_IRI] = {"{\"type\":\"uri\",\"value\":", 22},
	                                [TT_TERM_LITERAL] = {"{\"type\":\"literal\",\"value\":", 26}};
	TT_TRY(tt_emit(out, heads[term->kind]));
	TT_TRY(tt_json_string(out, term->text));
	if (term->kind == TT_TERM_LITERAL && term->language.size) {
		TT_TRY(TT_EMIT(out, ",\"xml:lang\":"));
		TT_TRY(tt_json_string(out, term->language));
	} else if (term->kind == TT_TERM_LITERAL && term->datatype.size &&
	           !tt_view_equal(term->datatype, tt_vocab_iri(TT_VOCAB_XSD_STRING))) {
		TT_TRY(TT_EMIT(out, ",\"datatype\":"));
		TT_TRY(tt_json_string(out, term->datatype));
	}
	return TT_EMIT(out, "}");
}

static tt_status write_solution(tt_buffer *out, const tt_cursor *cursor, const tt_term *row)
{
	bool is_first = true;
	for (size_t i = 0; i < cursor->n_columns; ++i) {
		if (row[i].kind != TT_TERM_NONE) {
			TT_TRY(is_first ? TT_OK : TT_EMIT(out, ","));
			TT_TRY(tt_json_string(out, cursor->columns[i]));
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
		TT_TRY(tt_json_string(out, cursor->columns[i]));
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
