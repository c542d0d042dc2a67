/* sv.c - values between separators: SPARQL 1.1 Query Results CSV and TSV Formats, and bare text. */
#include "result/result.h"

#include "base/emit.h"

typedef tt_status row_writer(tt_buffer *out, const tt_term *row, size_t n_columns);

static tt_status write_rows(tt_cursor *cursor, row_writer *write, tt_output *output, uint64_t *out_n_rows)
{
	const tt_term *row = NULL;
	TT_TRY(cursor->next(cursor->user, &row));
	while (row) {
		TT_TRY(write(&output->buffer, row, cursor->n_columns));
		TT_TRY(tt_output_check(output));
		++*out_n_rows;
		TT_TRY(cursor->next(cursor->user, &row));
	}
	return TT_OK;
}

/* ---- CSV (§3): the text of terms, without their kinds; lines end in CR LF ------------------------ */

static bool needs_quotes(tt_view text)
{
	for (size_t i = 0; i < text.size; ++i) {
		const char c = text.data[i];
		if (c == '"' || c == ',' || c == '\n' || c == '\r') {
			return true;
		}
	}
	return false;
}

static tt_status write_csv_text(tt_buffer *out, tt_view text)
{
	static const tt_escapes doubled = {{['"'] = "\"\""}};
	if (!needs_quotes(text)) {
		return tt_emit(out, text);
	}
	TT_TRY(TT_EMIT(out, "\""));
	TT_TRY(tt_emit_escaped(out, text, &doubled));
	return TT_EMIT(out, "\"");
}

static tt_status write_csv_row(tt_buffer *out, const tt_term *row, size_t n_columns)
{
	for (size_t i = 0; i < n_columns; ++i) {
		TT_TRY(i ? TT_EMIT(out, ",") : TT_OK);
		TT_TRY(row[i].kind == TT_TERM_BLANK ? TT_EMIT(out, "_:") : TT_OK);
		TT_TRY(row[i].kind == TT_TERM_NONE ? TT_OK : write_csv_text(out, row[i].text));
	}
	return TT_EMIT(out, "\r\n");
}

tt_status tt_write_csv(tt_cursor *cursor, const tt_result_style *style, tt_output *output, uint64_t *out_n_rows)
{
	(void)style;
	tt_buffer *const out = &output->buffer;
	for (size_t i = 0; i < cursor->n_columns; ++i) {
		TT_TRY(i ? TT_EMIT(out, ",") : TT_OK);
		TT_TRY(write_csv_text(out, cursor->columns[i]));
	}
	TT_TRY(TT_EMIT(out, "\r\n"));
	return write_rows(cursor, write_csv_row, output, out_n_rows);
}

/* ---- TSV (§4): terms as Turtle and SPARQL write them ---------------------------------------------- */

static size_t skip_digits(tt_view text, size_t at)
{
	while (at < text.size && text.data[at] >= '0' && text.data[at] <= '9') {
		++at;
	}
	return at;
}

/* Whether a literal of a numeric datatype may stand bare, being what the grammar would read as that datatype
 * (INTEGER, DECIMAL, DOUBLE; Turtle rules 19 to 21). */
static bool is_bare_number(const tt_term *term)
{
	const tt_view text = term->text;
	const size_t begin = text.size && (text.data[0] == '+' || text.data[0] == '-');
	size_t at = skip_digits(text, begin);
	size_t n_digits = at - begin;
	const bool has_point = at < text.size && text.data[at] == '.';
	size_t n_fraction = 0;
	if (has_point) {
		const size_t end = skip_digits(text, at + 1);
		n_fraction = end - at - 1;
		n_digits += n_fraction;
		at = end;
	}
	if (!n_digits) {
		return false;
	}
	const bool has_exponent = at < text.size && (text.data[at] | 0x20) == 'e';
	if (has_exponent) {
		++at;
		at += at < text.size && (text.data[at] == '+' || text.data[at] == '-');
		const size_t end = skip_digits(text, at);
		if (end == at) {
			return false;
		}
		at = end;
	}
	if (at != text.size) {
		return false;
	}
	const tt_vocab kind = has_exponent ? TT_VOCAB_XSD_DOUBLE : has_point ? TT_VOCAB_XSD_DECIMAL : TT_VOCAB_XSD_INTEGER;
	return (has_exponent || !has_point || n_fraction) && tt_view_equal(term->datatype, tt_vocab_iri(kind));
}

/* What an IRIREF cannot hold as it stands (Turtle rule 18); the rest of the control characters follow below. */
#define ESCAPE_C0                                                                                               \
	[0] = "\\u0000", [1] = "\\u0001", [2] = "\\u0002", [3] = "\\u0003", [4] = "\\u0004", [5] = "\\u0005",       \
	[6] = "\\u0006", [7] = "\\u0007", [8] = "\\u0008", [9] = "\\u0009", [10] = "\\u000A", [11] = "\\u000B",     \
	[12] = "\\u000C", [13] = "\\u000D", [14] = "\\u000E", [15] = "\\u000F", [16] = "\\u0010", [17] = "\\u0011", \
	[18] = "\\u0012", [19] = "\\u0013", [20] = "\\u0014", [21] = "\\u0015", [22] = "\\u0016", [23] = "\\u0017", \
	[24] = "\\u0018", [25] = "\\u0019", [26] = "\\u001A", [27] = "\\u001B", [28] = "\\u001C", [29] = "\\u001D", \
	[30] = "\\u001E", [31] = "\\u001F"

static const tt_escapes iri_escapes = {
    {ESCAPE_C0, [' '] = "\\u0020", ['"'] = "\\u0022", ['<'] = "\\u003C", ['>'] = "\\u003E", ['\\'] = "\\u005C",
     ['^'] = "\\u005E", ['`'] = "\\u0060", ['{'] = "\\u007B", ['|'] = "\\u007C", ['}'] = "\\u007D"}};
static const tt_escapes text_escapes = {
    {['"'] = "\\\"", ['\\'] = "\\\\", ['\n'] = "\\n", ['\r'] = "\\r", ['\t'] = "\\t"}};

static tt_status write_tsv_iri(tt_buffer *out, tt_view iri)
{
	TT_TRY(TT_EMIT(out, "<"));
	TT_TRY(tt_emit_escaped(out, iri, &iri_escapes));
	return TT_EMIT(out, ">");
}

static tt_status write_tsv_literal(tt_buffer *out, const tt_term *term)
{
	if (!term->language.size && is_bare_number(term)) {
		return tt_emit(out, term->text);
	}
	TT_TRY(TT_EMIT(out, "\""));
	TT_TRY(tt_emit_escaped(out, term->text, &text_escapes));
	TT_TRY(TT_EMIT(out, "\""));
	if (term->language.size) {
		TT_TRY(TT_EMIT(out, "@"));
		return tt_emit(out, term->language);
	}
	if (!term->datatype.size || tt_view_equal(term->datatype, tt_vocab_iri(TT_VOCAB_XSD_STRING))) {
		return TT_OK;
	}
	TT_TRY(TT_EMIT(out, "^^"));
	return write_tsv_iri(out, term->datatype);
}

static tt_status write_tsv_term(tt_buffer *out, const tt_term *term)
{
	switch (term->kind) {
	case TT_TERM_NONE:
		return TT_OK;
	case TT_TERM_IRI:
		return write_tsv_iri(out, term->text);
	case TT_TERM_LITERAL:
		return write_tsv_literal(out, term);
	case TT_TERM_BLANK:
		break;
	}
	TT_TRY(TT_EMIT(out, "_:"));
	return tt_emit(out, term->text);
}

static tt_status write_tsv_row(tt_buffer *out, const tt_term *row, size_t n_columns)
{
	for (size_t i = 0; i < n_columns; ++i) {
		TT_TRY(i ? TT_EMIT(out, "\t") : TT_OK);
		TT_TRY(write_tsv_term(out, &row[i]));
	}
	return TT_EMIT(out, "\n");
}

tt_status tt_write_tsv(tt_cursor *cursor, const tt_result_style *style, tt_output *output, uint64_t *out_n_rows)
{
	(void)style;
	tt_buffer *const out = &output->buffer;
	for (size_t i = 0; i < cursor->n_columns; ++i) {
		TT_TRY(i ? TT_EMIT(out, "\t?") : TT_EMIT(out, "?"));
		TT_TRY(tt_emit(out, cursor->columns[i]));
	}
	TT_TRY(TT_EMIT(out, "\n"));
	return write_rows(cursor, write_tsv_row, output, out_n_rows);
}

/* ---- text: what CSV gives, with nothing about it; for a shell to read, or for a text that a query makes up --- */

static tt_status write_text_row(tt_buffer *out, const tt_term *row, size_t n_columns)
{
	for (size_t i = 0; i < n_columns; ++i) {
		TT_TRY(i ? TT_EMIT(out, "\t") : TT_OK);
		TT_TRY(row[i].kind == TT_TERM_BLANK ? TT_EMIT(out, "_:") : TT_OK);
		TT_TRY(row[i].kind == TT_TERM_NONE ? TT_OK : tt_emit(out, row[i].text));
	}
	return TT_EMIT(out, "\n");
}

tt_status tt_write_text(tt_cursor *cursor, const tt_result_style *style, tt_output *output, uint64_t *out_n_rows)
{
	(void)style;
	if (cursor->kind == TT_RESULTS_BOOLEAN) {
		return tt_emit(&output->buffer, cursor->boolean ? TT_VIEW("true\n") : TT_VIEW("false\n"));
	}
	return write_rows(cursor, write_text_row, output, out_n_rows);
}
