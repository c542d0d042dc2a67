/* conflicts_list.c - contested statements as a list for people:
 *
 *     3  functional: ex:monet ex:born
 *        1840; in ex:g1
 *        1841; in ex:g2
 *        declared to have one value
 *
 * A table of so many columns fits no screen. */
#include "engine/engine.h"

#include "sparql/printer.h"

#include <inttypes.h>

/** The rows of tt_db_conflicts() by name, so that the order of columns is said in one place. */
typedef struct reader {
	tt_results *results;
	const tt_term *row;
	tt_buffer *out;
} reader;

static const tt_term *cell(const reader *r, const char *name)
{
	static const tt_term none = {.kind = TT_TERM_NONE};
	for (size_t i = 0; i < r->results->n_columns; ++i) {
		if (tt_view_equal(r->results->column_names[i], tt_view_of(name))) {
			return &r->row[i];
		}
	}
	return &none;
}

static tt_status print_term(const reader *r, const tt_term *term)
{
	tt_printer printer = {.out = r->out, .prefixes = &r->results->db->prefixes, .is_flat = true};
	return tt_print_constant(&printer, term);
}

/* A text of the data, without what acts on a terminal. */
static tt_status print_text(const reader *r, tt_view text)
{
	for (size_t i = 0; i < text.size; ++i) {
		const unsigned char byte = (unsigned char)text.data[i];
		const bool is_c1 = byte == 0xC2 && i + 1 < text.size && ((unsigned char)text.data[i + 1] & 0xE0) == 0x80;
		const bool is_shown = byte >= ' ' && byte != 0x7F && !is_c1;
		i += is_c1;
		TT_TRY(tt_buffer_append_char(r->out, is_shown ? (char)byte : ' '));
	}
	return TT_OK;
}

/* Graphs: an IRI, or IRIs with blanks between. */
static tt_status print_graphs(const reader *r, const tt_term *graphs)
{
	tt_view rest = graphs->text;
	if (graphs->kind != TT_TERM_LITERAL || memchr(rest.data, '(', rest.size)) {
		return graphs->kind == TT_TERM_LITERAL ? print_text(r, rest) : print_term(r, graphs);
	}
	while (rest.size) {
		const char *const blank = memchr(rest.data, ' ', rest.size);
		const size_t n = blank ? (size_t)(blank - rest.data) : rest.size;
		const tt_term iri = tt_term_iri((tt_view){rest.data, n});
		TT_TRY(print_term(r, &iri));
		TT_TRY(blank ? tt_buffer_append(r->out, TT_VIEW(", ")) : TT_OK);
		rest = tt_view_skip(rest, blank ? n + 1 : n);
	}
	return TT_OK;
}

static tt_status print_side(const reader *r, const char *value, const char *label, const char *in, const char *holder)
{
	const tt_term *const name = cell(r, label);
	const tt_term *const graphs = cell(r, in);
	const tt_term *const by = cell(r, holder);
	TT_TRY(tt_buffer_append(r->out, TT_VIEW("        ")));
	TT_TRY(name->kind ? print_text(r, name->text) : TT_OK);
	TT_TRY(name->kind ? tt_buffer_append(r->out, TT_VIEW("  (")) : TT_OK);
	if (cell(r, "subject_other")->kind) { /* whole statements */
		const bool is_other = strcmp(value, "other") == 0;
		TT_TRY(print_term(r, cell(r, is_other ? "subject_other" : "subject")));
		TT_TRY(tt_buffer_append(r->out, TT_VIEW(" ")));
		TT_TRY(print_term(r, cell(r, is_other ? "property_other" : "property")));
		TT_TRY(tt_buffer_append(r->out, TT_VIEW(" ")));
	}
	TT_TRY(cell(r, value)->kind ? print_term(r, cell(r, value)) : TT_OK);
	TT_TRY(name->kind ? tt_buffer_append(r->out, TT_VIEW(")")) : TT_OK);
	TT_TRY(by->kind ? tt_buffer_append(r->out, TT_VIEW("; held by ")) : TT_OK);
	TT_TRY(by->kind ? print_text(r, by->text) : TT_OK);
	TT_TRY(graphs->kind ? tt_buffer_append(r->out, TT_VIEW("; in ")) : TT_OK);
	TT_TRY(graphs->kind ? print_graphs(r, graphs) : TT_OK);
	return tt_buffer_append(r->out, TT_VIEW("\n"));
}

static tt_status print_row(const reader *r, uint64_t number)
{
	const tt_term *const subject = cell(r, "subject");
	const tt_term *const flag = cell(r, "flag");
	const tt_term *const note = cell(r, "note");
	TT_TRY(tt_buffer_printf(r->out, "%4" PRIu64 "  ", number));
	TT_TRY(print_text(r, cell(r, "kind")->text));
	if (cell(r, "label_one")->kind) { /* claims */
		TT_TRY(subject->kind ? tt_buffer_append(r->out, TT_VIEW(" about ")) : TT_OK);
		TT_TRY(subject->kind ? print_term(r, subject) : TT_OK);
		TT_TRY(tt_buffer_append(r->out, TT_VIEW(": ")));
		TT_TRY(print_term(r, cell(r, "property")));
	} else {
		TT_TRY(tt_buffer_append(r->out, TT_VIEW(": ")));
		TT_TRY(subject->kind ? print_term(r, subject) : TT_OK);
		TT_TRY(subject->kind ? tt_buffer_append(r->out, TT_VIEW(" ")) : TT_OK);
		TT_TRY(print_term(r, cell(r, "property")));
	}
	TT_TRY(tt_buffer_append(r->out, TT_VIEW("\n")));
	TT_TRY(print_side(r, "one", "label_one", "in_one", "holder_one"));
	TT_TRY(print_side(r, "other", "label_other", "in_other", "holder_other"));
	if (!flag->kind && !note->kind) {
		return TT_OK;
	}
	TT_TRY(tt_buffer_append(r->out, TT_VIEW("      ")));
	TT_TRY(flag->kind ? print_term(r, flag) : TT_OK);
	TT_TRY(flag->kind && note->kind ? tt_buffer_append(r->out, TT_VIEW(": ")) : TT_OK);
	TT_TRY(note->kind ? print_text(r, note->text) : TT_OK);
	return tt_buffer_append(r->out, TT_VIEW("\n"));
}

static tt_status print_all(reader *r, tt_output *output, uint64_t *out_n)
{
	uint64_t n = 0;
	TT_TRY(tt_results_next(r->results, &r->row));
	while (r->row) {
		TT_TRY(print_row(r, ++n));
		TT_TRY(tt_output_check(output));
		TT_TRY(tt_results_next(r->results, &r->row));
	}
	*out_n = n;
	return TT_OK;
}

tt_status tt_conflicts_write(tt_results *conflicts, int fd, uint64_t *out_n)
{
	tt_output output;
	uint64_t n = 0;
	tt_output_init(&output, &conflicts->ctx, fd);
	reader r = {.results = conflicts, .out = &output.buffer};
	tt_status status = print_all(&r, &output, &n);
	status = status ? status : tt_output_flush(&output);
	tt_output_clear(&output);
	if (out_n) {
		*out_n = n;
	}
	return status == TT_OK ? TT_OK : tt_db_failed(conflicts->db, &conflicts->ctx);
}
