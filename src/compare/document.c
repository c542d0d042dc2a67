/* document.c - the sections of a sheet as tables. */
#include "compare/document.h"

typedef struct document {
	tt_compare *compare;
	const tt_markup *markup;
	const tt_sheet *sheet;
	tt_buffer *out;
} document;

static tt_status write_text(document *d, tt_view text)
{
	return tt_emit_escaped(d->out, text, d->markup->escapes);
}

/* ---- cells ------------------------------------------------------------------------------------------- */

static tt_status write_item(document *d, const tt_sheet_item *item)
{
	const tt_markup *const m = d->markup;
	const bool is_linked = m->link.size && item->iri.size;
	if (is_linked) {
		TT_TRY(tt_emit(d->out, m->link));
		TT_TRY(write_text(d, item->iri));
		TT_TRY(tt_emit(d->out, m->end_of_target));
	}
	TT_TRY(write_text(d, item->text));
	TT_TRY(is_linked ? tt_emit(d->out, m->end_of_link) : TT_OK);
	TT_TRY(item->is_contested ? TT_EMIT(d->out, " !") : item->is_doubtful ? TT_EMIT(d->out, " ?") : TT_OK);
	if (item->marks.size) {
		TT_TRY(tt_emit(d->out, m->marks));
		TT_TRY(write_text(d, item->marks));
		TT_TRY(tt_emit(d->out, m->end_of_marks));
	}
	return TT_OK;
}

static tt_status write_content(document *d, const tt_sheet_cell *cell)
{
	enum { FEW = 3 };
	if (cell->n_all > FEW && !cell->is_uncounted) {
		TT_TRY(tt_buffer_printf(d->out, "%llu: ", (unsigned long long)cell->n_all));
	}
	for (size_t i = 0; i < cell->n_items; ++i) {
		TT_TRY(i ? TT_EMIT(d->out, "; ") : TT_OK);
		TT_TRY(write_item(d, &cell->items[i]));
	}
	return cell->n_all > cell->n_items ? tt_buffer_printf(d->out, "%s… +%llu", cell->n_items ? "; " : "",
	                                                      (unsigned long long)(cell->n_all - cell->n_items))
	                                   : TT_OK;
}

static tt_status write_cell(document *d, size_t column, const tt_sheet_cell *cell, tt_view note)
{
	const tt_markup *const m = d->markup;
	TT_TRY(column ? tt_emit(d->out, m->between) : TT_OK);
	TT_TRY(tt_emit(d->out, m->cell));
	TT_TRY(write_content(d, cell));
	if (note.size) {
		TT_TRY(TT_EMIT(d->out, " ("));
		TT_TRY(write_text(d, note));
		TT_TRY(TT_EMIT(d->out, ")"));
	}
	return tt_emit(d->out, m->end_of_cell);
}

static tt_status write_plain(document *d, size_t column, tt_view text, bool is_header)
{
	const tt_markup *const m = d->markup;
	TT_TRY(column ? tt_emit(d->out, m->between) : TT_OK);
	TT_TRY(tt_emit(d->out, is_header ? m->header_cell : column ? m->cell : m->name_cell));
	TT_TRY(write_text(d, text));
	return tt_emit(d->out, is_header || !column ? m->end_of_header_cell : m->end_of_cell);
}

/* ---- tables -------------------------------------------------------------------------------------------- */

static tt_status begin_table(document *d, tt_view title, const tt_view *headers, size_t n_headers)
{
	const tt_markup *const m = d->markup;
	TT_TRY(tt_emit(d->out, m->heading));
	TT_TRY(write_text(d, title));
	TT_TRY(tt_emit(d->out, m->end_of_heading));
	TT_TRY(m->begin_table(d->out, n_headers));
	TT_TRY(tt_emit(d->out, m->header_row));
	for (size_t i = 0; i < n_headers; ++i) {
		TT_TRY(write_plain(d, i, headers[i], true));
	}
	TT_TRY(tt_emit(d->out, m->end_of_header_row));
	return m->end_header(d->out, n_headers);
}

static tt_status write_findings(document *d, const tt_sheet_section *section)
{
	static const tt_view headers[] = {
	    {"dimension", 9}, {"standing", 8}, {"judged by", 9}, {"stated in", 9}, {"against it", 10}};
	enum { N_HEADERS = sizeof headers / sizeof *headers };
	TT_TRY(begin_table(d, section->title, headers, N_HEADERS));
	for (size_t i = 0; i < d->sheet->n_findings; ++i) {
		const tt_sheet_finding *const f = &d->sheet->findings[i];
		const tt_view texts[N_HEADERS] = {f->dimension, f->standing, f->holder, f->stated_in, f->against};
		TT_TRY(tt_emit(d->out, d->markup->row));
		for (size_t column = 0; column < N_HEADERS; ++column) {
			TT_TRY(write_plain(d, column, texts[column], false));
		}
		TT_TRY(tt_emit(d->out, d->markup->end_of_row));
	}
	return tt_emit(d->out, d->markup->end_of_table);
}

static tt_status write_row(document *d, const tt_sheet_section *section, const tt_sheet_row *row)
{
	static const tt_sheet_cell nothing = {.items = NULL};
	const tt_view none = {NULL, 0};
	TT_TRY(tt_emit(d->out, d->markup->row));
	TT_TRY(write_plain(d, 0, row->name, false));
	TT_TRY(write_cell(d, 1, &row->shared, row->own ? none : row->note));
	for (size_t i = 0; section->has_columns && i < d->compare->n_things; ++i) {
		TT_TRY(
		    write_cell(d, i + 2, row->own ? &row->own[i] : &nothing, i + 1 == d->compare->n_things ? row->note : none));
	}
	return tt_emit(d->out, d->markup->end_of_row);
}

static tt_status write_section(document *d, const tt_sheet_section *section)
{
	tt_view headers[TT_COMPARE_MOST_THINGS + 2] = {section->kind == TT_SECTION_AXES ? TT_VIEW("dimension")
	                                                                                : TT_VIEW("property")};
	size_t n = 2;
	headers[1] = !section->has_columns       ? TT_VIEW("value")
	             : d->compare->n_things == 2 ? TT_VIEW("both")
	                                         : TT_VIEW("all");
	for (size_t i = 0; section->has_columns && i < d->compare->n_things; ++i) {
		headers[n++] = d->sheet->names[i];
	}
	TT_TRY(begin_table(d, section->title, headers, n));
	for (size_t i = 0; i < section->n_rows; ++i) {
		TT_TRY(write_row(d, section, &section->rows[i]));
	}
	return tt_emit(d->out, d->markup->end_of_table);
}

/* ---- the whole ------------------------------------------------------------------------------------------- */

static tt_status write_title(document *d)
{
	for (size_t i = 0; i < d->compare->n_things; ++i) {
		TT_TRY(i ? TT_EMIT(d->out, " / ") : TT_OK);
		TT_TRY(write_text(d, d->sheet->names[i]));
		if (d->sheet->full_names[i].size) {
			TT_TRY(TT_EMIT(d->out, " ("));
			TT_TRY(write_text(d, d->sheet->full_names[i]));
			TT_TRY(TT_EMIT(d->out, ")"));
		}
	}
	return TT_OK;
}

tt_status tt_document_write(tt_compare *compare, const tt_markup *markup, tt_output *output)
{
	tt_sheet sheet;
	TT_TRY(tt_sheet_make(compare, &sheet));
	document d = {.compare = compare, .markup = markup, .sheet = &sheet, .out = &output->buffer};
	TT_TRY(tt_emit(d.out, markup->begin));
	TT_TRY(write_title(&d));
	TT_TRY(tt_emit(d.out, markup->end_of_title));
	for (size_t i = 0; i < sheet.n_sections; ++i) {
		const tt_sheet_section *const section = &sheet.sections[i];
		TT_TRY(section->kind == TT_SECTION_FINDINGS ? write_findings(&d, section) : write_section(&d, section));
		TT_TRY(tt_output_check(output));
	}
	return tt_emit(d.out, markup->end);
}
