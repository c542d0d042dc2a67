/* table.c - the sheet on one screen.
 *
 * A name stands at the left; behind it what all share across the whole width, and what each has in a column of its own.
 * A row may be set in few lines or in many, with fewer or more of its values. So all begin with none, and what room
 * there is goes round, by rank, a line at a time. What is left out is counted in its place, or named at the end. */
#include "compare/sheet.h"

#include "result/cell.h"
#include "base/emit.h"

#include <stdio.h>

enum {
	USUAL_WIDTH = 120,
	USUAL_LINES = 50,
	LEAST_WIDTH = 40,
	MOST_WIDTH = 160, /* longer lines are hard to read */
	LEAST_LINES = 20,
	MOST_NAME = 22,  /* columns for the names of properties */
	LEAST_CELL = 14, /* narrower columns are set below each other */
	NO_LIMIT = 100000
};

/** A row and how many lines each of its cells may take; 0: it is left out. */
typedef struct planned_row {
	const tt_sheet_section *section;
	const tt_sheet_row *row;
	unsigned rank; /* who gets lines first */
	size_t limit;
	size_t n_lines; /* that it takes in all with this limit */
} planned_row;

typedef struct table_setter {
	tt_compare *compare;
	const tt_sheet *sheet;
	planned_row *rows;
	size_t n_rows;
	tt_buffer *out;
	size_t n_width, n_name, n_area, n_cell;
	bool is_brief;   /* items without what is told of them */
	bool is_stacked; /* a line for each thing, not a column */
	tt_view path;    /* by which there would be more, or empty */
	tt_buffer text;
	tt_buffer trial; /* a row that is only measured */
} table_setter;

static tt_status repeat(tt_buffer *out, tt_view text, size_t n_times)
{
	for (size_t i = 0; i < n_times; ++i) {
		TT_TRY(tt_emit(out, text));
	}
	return TT_OK;
}

static tt_view ellipsis(const table_setter *t)
{
	return tt_compare_is_utf8(t->compare) ? TT_VIEW("…") : TT_VIEW("...");
}

/* ---- cells ------------------------------------------------------------------------------------------ */

/* Whether items are no mere names, so that a comma would not part them. */
static bool needs_semicolon(const tt_sheet_cell *cell)
{
	enum { LONG_NAME = 32 };
	for (size_t i = 0; i < cell->n_items; ++i) {
		const tt_view text = cell->items[i].text;
		if (text.size > LONG_NAME || (text.size && memchr(text.data, ',', text.size))) {
			return true;
		}
	}
	return false;
}

static tt_status write_item(table_setter *t, const tt_sheet_item *item)
{
	TT_TRY(tt_emit(&t->text, t->is_brief && item->brief.size ? item->brief : item->text));
	if (item->marks.size) {
		TT_TRY(TT_EMIT(&t->text, " ["));
		TT_TRY(tt_emit(&t->text, item->marks));
		TT_TRY(TT_EMIT(&t->text, "]"));
	}
	return item->is_contested ? TT_EMIT(&t->text, "!") : item->is_doubtful ? TT_EMIT(&t->text, "?") : TT_OK;
}

/* The text of a cell with the first @p n_shown of its items. */
static tt_status compose(table_setter *t, const tt_sheet_cell *cell, tt_view name, size_t n_shown, tt_view note)
{
	enum { FEW = 3 };
	const tt_view separator = needs_semicolon(cell) ? TT_VIEW("; ") : TT_VIEW(", ");
	tt_buffer_reset(&t->text);
	if (name.size || cell->lead.size) {
		TT_TRY(tt_emit(&t->text, name.size ? name : cell->lead));
		TT_TRY(TT_EMIT(&t->text, ": "));
	}
	if (cell->n_all > FEW && !cell->is_uncounted) {
		TT_TRY(tt_buffer_printf(&t->text, n_shown ? "%llu: " : "%llu", (unsigned long long)cell->n_all));
	}
	for (size_t i = 0; i < n_shown; ++i) {
		TT_TRY(i ? tt_emit(&t->text, separator) : TT_OK);
		TT_TRY(write_item(t, &cell->items[i]));
	}
	if (n_shown < cell->n_all && (n_shown || cell->n_all <= FEW || cell->is_uncounted)) {
		TT_TRY(n_shown ? tt_emit(&t->text, separator) : TT_OK);
		TT_TRY(tt_emit(&t->text, ellipsis(t)));
		TT_TRY(tt_buffer_printf(&t->text, " +%llu", (unsigned long long)(cell->n_all - n_shown)));
	}
	return note.size ? tt_buffer_printf(&t->text, " (%.*s)", TT_VIEW_ARG(note)) : TT_OK;
}

static bool fits(tt_view text, size_t width, size_t n_lines)
{
	tt_cell_rest rest = {text, tt_utf8_width(text)};
	for (size_t i = 0; i < n_lines; ++i) {
		if (rest.width <= width) {
			return true;
		}
		(void)tt_cell_take_line(&rest, width);
	}
	return false;
}

/* Compose with as many items as fit into some lines, at least one. */
static tt_status compose_most(table_setter *t, const tt_sheet_cell *cell, tt_view name, tt_view note, size_t width,
                              size_t n_lines, size_t *out_n_shown)
{
	size_t low = cell->n_items ? 1 : 0;
	size_t high = cell->n_items;
	while (low < high) { /* more items never take fewer lines, but for the count behind them: good enough */
		const size_t middle = low + (high - low + 1) / 2;
		TT_TRY(compose(t, cell, name, middle, note));
		if (fits(tt_buffer_view(&t->text), width, n_lines)) {
			low = middle;
		} else {
			high = middle - 1;
		}
	}
	*out_n_shown = low;
	return compose(t, cell, name, low, note);
}

/* What is told of the items is told if there is room for all of them, else there is room for more names. */
static tt_status compose_to_fit(table_setter *t, const tt_sheet_cell *cell, tt_view name, tt_view note, size_t width,
                                size_t n_lines, tt_view *out)
{
	size_t n_shown = 0;
	t->is_brief = false;
	TT_TRY(compose_most(t, cell, name, note, width, n_lines, &n_shown));
	if (n_shown < cell->n_items || !fits(tt_buffer_view(&t->text), width, n_lines)) {
		t->is_brief = true;
		TT_TRY(compose_most(t, cell, name, note, width, n_lines, &n_shown));
	}
	const char *const copy = tt_arena_strndup(&t->compare->arena, t->text.data ? t->text.data : "", t->text.size);
	*out = (tt_view){copy, t->text.size};
	return copy ? TT_OK : t->compare->ctx.error.status;
}

/* ---- lines ------------------------------------------------------------------------------------------ */

/** A text that is set in lines of one width. */
typedef struct table_column {
	tt_cell_rest rest;
	size_t width;
	size_t n_lines; /* that it may still take */
} table_column;

static table_column make_column(tt_view text, size_t width, size_t n_lines)
{
	return (table_column){.rest = {text, tt_utf8_width(text)}, .width = width, .n_lines = n_lines};
}

/* Set one line of a column; what does not fit its last line is cut off. */
static tt_status set_line(table_setter *t, table_column *column, bool is_padded)
{
	const tt_view mark = ellipsis(t);
	tt_cell_rest line = column->rest;
	bool is_cut = false;
	if (column->rest.width > column->width) {
		is_cut = column->n_lines == 1;
		const size_t n_mark = is_cut ? tt_utf8_width(mark) : 0;
		line = tt_cell_take_line(&column->rest, column->width - n_mark);
		line.width += n_mark;
	} else {
		column->rest = (tt_cell_rest){{NULL, 0}, 0};
	}
	TT_TRY(tt_emit(t->out, line.text));
	/* What is left out may be counted at the cut. */
	const bool ends_so = line.text.size >= mark.size &&
	                     memcmp(line.text.data + line.text.size - mark.size, mark.data, mark.size) == 0;
	TT_TRY(is_cut && !ends_so ? tt_emit(t->out, mark) : TT_OK);
	column->rest = is_cut ? (tt_cell_rest){{NULL, 0}, 0} : column->rest;
	column->n_lines -= column->n_lines > 1;
	return is_padded && line.width < column->width ? repeat(t->out, TT_VIEW(" "), column->width - line.width) : TT_OK;
}

static void trim_line(tt_buffer *out)
{
	while (out->size && out->data[out->size - 1] == ' ') {
		out->size--;
	}
}

static bool has_rest(const table_column *columns, size_t n)
{
	for (size_t i = 0; i < n; ++i) {
		if (columns[i].rest.text.size) {
			return true;
		}
	}
	return false;
}

/* Set the name and columns beside each other; @p io_name is empty afterwards if it had room. */
static tt_status set_columns(table_setter *t, table_column *io_name, table_column *columns, size_t n)
{
	const tt_view between = tt_compare_is_utf8(t->compare) ? TT_VIEW(" │ ") : TT_VIEW(" | ");
	do {
		TT_TRY(set_line(t, io_name, true));
		TT_TRY(TT_EMIT(t->out, "  "));
		for (size_t i = 0; i < n; ++i) {
			TT_TRY(i ? tt_emit(t->out, between) : TT_OK);
			TT_TRY(set_line(t, &columns[i], i + 1 < n));
		}
		trim_line(t->out);
		TT_TRY(TT_EMIT(t->out, "\n"));
	} while (has_rest(columns, n));
	return TT_OK;
}

static tt_status set_wide(table_setter *t, table_column *io_name, const tt_sheet_cell *cell, tt_view name, tt_view note,
                          size_t n_lines)
{
	tt_view text;
	TT_TRY(compose_to_fit(t, cell, name, note, t->n_area, n_lines, &text));
	table_column column = make_column(text, t->n_area, n_lines);
	return set_columns(t, io_name, &column, 1);
}

/* ---- rows ------------------------------------------------------------------------------------------- */

static tt_status set_own(table_setter *t, table_column *io_name, const tt_sheet_row *row, size_t n_lines)
{
	const size_t n = t->compare->n_things;
	table_column columns[TT_COMPARE_MOST_THINGS];
	for (size_t i = 0; i < n; ++i) {
		const tt_view note = i + 1 == n ? row->note : (tt_view){NULL, 0};
		tt_view text = {NULL, 0};
		if (t->is_stacked) {
			TT_TRY(row->own[i].n_all ? set_wide(t, io_name, &row->own[i], t->sheet->names[i], note, n_lines) : TT_OK);
			continue;
		}
		if (row->own[i].n_all) {
			TT_TRY(compose_to_fit(t, &row->own[i], (tt_view){NULL, 0}, note, t->n_cell, n_lines, &text));
		} else {
			text = tt_compare_is_utf8(t->compare) ? TT_VIEW("–") : TT_VIEW("-");
		}
		columns[i] = make_column(text, t->n_cell, n_lines);
	}
	return t->is_stacked ? TT_OK : set_columns(t, io_name, columns, n);
}

static tt_status set_row(table_setter *t, const tt_sheet_row *row, size_t n_lines)
{
	bool has_own = false;
	for (size_t i = 0; row->own && i < t->compare->n_things; ++i) {
		has_own = has_own || row->own[i].n_all;
	}
	table_column name = make_column(row->name, t->n_name, n_lines > 2 ? n_lines : 2);
	if (row->shared.n_all) {
		TT_TRY(set_wide(t, &name, &row->shared, (tt_view){NULL, 0}, has_own ? (tt_view){NULL, 0} : row->note, n_lines));
	}
	TT_TRY(has_own ? set_own(t, &name, row, n_lines) : TT_OK);
	while (name.rest.text.size) {
		table_column nothing = make_column((tt_view){NULL, 0}, t->n_area, 1);
		TT_TRY(set_columns(t, &name, &nothing, 1));
	}
	return TT_OK;
}

/* ---- sections --------------------------------------------------------------------------------------- */

static tt_status set_heading_part(table_setter *t, tt_view text, size_t width)
{
	const tt_view line = tt_compare_is_utf8(t->compare) ? TT_VIEW("─") : TT_VIEW("-");
	table_column column = make_column(text, width, 1);
	const size_t n_text = column.rest.width < width ? column.rest.width : width;
	TT_TRY(set_line(t, &column, false));
	if (n_text + 1 < width) {
		TT_TRY(TT_EMIT(t->out, " "));
		TT_TRY(repeat(t->out, line, width - n_text - 1));
	} else {
		TT_TRY(repeat(t->out, TT_VIEW(" "), width - n_text));
	}
	return TT_OK;
}

static tt_status set_heading(table_setter *t, const tt_sheet_section *section)
{
	const bool is_utf8 = tt_compare_is_utf8(t->compare);
	if (!section->has_columns || t->is_stacked) {
		TT_TRY(set_heading_part(t, section->title, t->n_width));
		return TT_EMIT(t->out, "\n");
	}
	TT_TRY(set_heading_part(t, section->title, t->n_name + 1));
	TT_TRY(TT_EMIT(t->out, " "));
	for (size_t i = 0; i < t->compare->n_things; ++i) {
		TT_TRY(i ? tt_emit(t->out, is_utf8 ? TT_VIEW(" ┬ ") : TT_VIEW(" + ")) : TT_OK);
		TT_TRY(set_heading_part(t, t->sheet->names[i], t->n_cell));
	}
	trim_line(t->out);
	return TT_EMIT(t->out, "\n");
}

static tt_status set_title(table_setter *t)
{
	tt_buffer_reset(&t->text);
	for (size_t i = 0; i < t->compare->n_things; ++i) {
		TT_TRY(i ? TT_EMIT(&t->text, " / ") : TT_OK);
		TT_TRY(tt_emit(&t->text, t->sheet->names[i]));
		if (t->sheet->full_names[i].size) {
			TT_TRY(tt_buffer_printf(&t->text, " (%.*s)", TT_VIEW_ARG(t->sheet->full_names[i])));
		}
	}
	table_column column = make_column(tt_buffer_view(&t->text), t->n_width, 2);
	while (column.rest.text.size) {
		TT_TRY(set_line(t, &column, false));
		TT_TRY(TT_EMIT(t->out, "\n"));
	}
	return TT_OK;
}

/* One line, if there is anything to tell in it. */
static tt_status set_more(table_setter *t, tt_view head, tt_view text)
{
	if (!text.size) {
		return TT_OK;
	}
	table_column column = make_column(text, t->n_width - head.size, 1);
	TT_TRY(tt_emit(t->out, head));
	TT_TRY(set_line(t, &column, false));
	return TT_EMIT(t->out, "\n");
}

/* What is not shown: dull rows, and rows for which there was no room. */
static tt_status set_end(table_setter *t)
{
	tt_buffer_reset(&t->text);
	TT_TRY(tt_emit(&t->text, t->sheet->left_out));
	for (size_t i = 0; i < t->n_rows; ++i) {
		if (!t->rows[i].limit) {
			TT_TRY(t->text.size ? TT_EMIT(&t->text, ", ") : TT_OK);
			TT_TRY(tt_emit(&t->text, t->rows[i].row->name));
		}
	}
	TT_TRY(set_more(t, TT_VIEW("More with --all: "), tt_buffer_view(&t->text)));
	return set_more(t, TT_VIEW("More with --via "), t->path);
}

/* Claims by dimension follow lists of claims as their kin. */
static bool needs_heading(const tt_sheet_section *section, const tt_sheet_section *before)
{
	return section != before && !(before && before->kind == TT_SECTION_CLAIMS && section->kind == TT_SECTION_AXES);
}

static tt_status set_all(table_setter *t)
{
	const tt_sheet_section *section = NULL;
	TT_TRY(set_title(t));
	for (size_t i = 0; i < t->n_rows; ++i) {
		const planned_row *const planned = &t->rows[i];
		if (planned->limit) {
			TT_TRY(needs_heading(planned->section, section) ? set_heading(t, planned->section) : TT_OK);
			section = planned->section;
			TT_TRY(set_row(t, planned->row, planned->limit));
		}
	}
	return set_end(t);
}

/* ---- fitting the screen -------------------------------------------------------------------------------- */

static bool has_places(const tt_sheet_row *row, size_t n_things)
{
	bool has = row->shared.n_items && row->shared.items[0].order.size;
	for (size_t i = 0; row->own && i < n_things && !has; ++i) {
		has = row->own[i].n_items && row->own[i].items[0].order.size;
	}
	return has;
}

/* Findings; lists that the data put in order; claims that explain a finding, facts; what else is claimed. */
static unsigned rank_of(const table_setter *t, const tt_sheet_section *section, const tt_sheet_row *row)
{
	enum { MAJOR = 2, MINOR = 5 };
	static const unsigned ranks[] = {
	    [TT_SECTION_FINDINGS] = 0, [TT_SECTION_CLAIMS] = 4, [TT_SECTION_AXES] = 6,       [TT_SECTION_EQUAL] = 2,
	    [TT_SECTION_DIFFER] = 3,   [TT_SECTION_ONLY] = 4,   [TT_SECTION_BOOKKEEPING] = 7};
	const bool is_list = section->kind == TT_SECTION_CLAIMS && has_places(row, t->compare->n_things);
	return is_list && !row->is_minor ? 1 : row->is_major ? MAJOR : row->is_minor ? MINOR : ranks[section->kind];
}

static tt_status plan_rows(table_setter *t)
{
	for (size_t s = 0; s < t->sheet->n_sections; ++s) {
		t->n_rows += t->sheet->sections[s].n_rows;
	}
	t->rows = tt_arena_alloc(&t->compare->arena, (t->n_rows + 1) * sizeof *t->rows);
	if (!t->rows) {
		return t->compare->ctx.error.status;
	}
	size_t n = 0;
	for (size_t s = 0; s < t->sheet->n_sections; ++s) {
		const tt_sheet_section *const section = &t->sheet->sections[s];
		for (size_t i = 0; i < section->n_rows; ++i) {
			t->rows[n++] = (planned_row){.section = section,
			                             .row = &section->rows[i],
			                             .rank = rank_of(t, section, &section->rows[i]),
			                             .limit = NO_LIMIT};
		}
	}
	return TT_OK;
}

static size_t count_lines(const tt_buffer *text)
{
	size_t n = 0;
	for (size_t i = 0; i < text->size; ++i) {
		n += text->data[i] == '\n';
	}
	return n;
}

/* How many lines a row takes with a limit. */
static tt_status measure(table_setter *t, const planned_row *planned, size_t limit, size_t *out_n_lines)
{
	tt_buffer *const out = t->out;
	tt_buffer_reset(&t->trial);
	t->out = &t->trial;
	const tt_status status = limit ? set_row(t, planned->row, limit) : TT_OK;
	t->out = out;
	*out_n_lines = count_lines(&t->trial);
	return status;
}

/* All lines of the plan: rows, headings, title, end. */
static size_t count_planned(const table_setter *t)
{
	enum { TITLE_AND_END = 2 };
	const tt_sheet_section *section = NULL;
	size_t n = TITLE_AND_END + (t->path.size > 0);
	for (size_t i = 0; i < t->n_rows; ++i) {
		if (t->rows[i].limit) {
			n += t->rows[i].n_lines + needs_heading(t->rows[i].section, section);
			section = t->rows[i].section;
		}
	}
	return n;
}

/* Give a row a line more, if there is room for it. */
static tt_status grow_row(table_setter *t, planned_row *planned, size_t n_room)
{
	size_t n_lines = 0;
	TT_TRY(measure(t, planned, planned->limit + 1, &n_lines));
	const planned_row before = *planned;
	planned->limit++;
	planned->n_lines = n_lines;
	if (count_planned(t) > n_room) {
		*planned = before;
	}
	return TT_OK;
}

/* Give all rows of a rank that have this limit a line more. */
static tt_status grow_rank(table_setter *t, unsigned rank, size_t limit, size_t n_room)
{
	for (size_t i = 0; i < t->n_rows; ++i) {
		planned_row *const planned = &t->rows[i];
		TT_TRY(planned->rank == rank && planned->limit == limit ? grow_row(t, planned, n_room) : TT_OK);
	}
	return TT_OK;
}

/* From nothing: what is done for the rows of some ranks, while there is room. */
static tt_status grow(table_setter *t, size_t n_room)
{
	static const struct {
		unsigned first_rank, last_rank;
		size_t n_lines; /* up to which they grow */
	} steps[] = {{0, 0, 8}, {1, 4, 1}, {1, 1, 5}, {3, 3, 2}, {2, 2, 2}, {5, 5, 1},
	             {3, 4, 2}, {3, 3, 3}, {6, 6, 1}, {2, 5, 4}, {6, 6, 2}, {1, 7, 8}};
	for (size_t i = 0; i < t->n_rows; ++i) {
		t->rows[i].limit = 0;
		t->rows[i].n_lines = 0;
	}
	for (size_t step = 0; step < sizeof steps / sizeof *steps; ++step) {
		for (size_t limit = 0; limit < steps[step].n_lines; ++limit) {
			for (unsigned rank = steps[step].first_rank; rank <= steps[step].last_rank; ++rank) {
				TT_TRY(grow_rank(t, rank, limit, n_room));
			}
		}
	}
	return TT_OK;
}

/* ---- the whole -------------------------------------------------------------------------------------- */

static size_t bounded(size_t wished, size_t usual, size_t least, size_t most)
{
	const size_t n = wished ? wished : usual;
	return n < least ? least : n > most ? most : n;
}

static void choose_widths(table_setter *t)
{
	const size_t n = t->compare->n_things;
	t->n_width = bounded(t->compare->options->n_width, USUAL_WIDTH, LEAST_WIDTH, MOST_WIDTH);
	for (size_t s = 0; s < t->sheet->n_sections; ++s) {
		const size_t n_title = t->sheet->sections[s].has_columns ? tt_utf8_width(t->sheet->sections[s].title) : 0;
		t->n_name = n_title > t->n_name ? n_title : t->n_name;
		for (size_t i = 0; i < t->sheet->sections[s].n_rows; ++i) {
			const size_t width = tt_utf8_width(t->sheet->sections[s].rows[i].name);
			t->n_name = width > t->n_name ? width : t->n_name;
		}
	}
	const size_t most = t->n_width / 4 < MOST_NAME ? t->n_width / 4 : MOST_NAME;
	t->n_name = t->n_name < 8 ? 8 : t->n_name > most ? most : t->n_name;
	t->n_area = t->n_width - t->n_name - 2;
	t->n_cell = t->n_area > 3 * (n - 1) ? (t->n_area - 3 * (n - 1)) / n : 0;
	t->is_stacked = t->n_cell < LEAST_CELL;
}

static tt_status set_to_fit(table_setter *t)
{
	const tt_compare_options *const options = t->compare->options;
	const size_t n_lines = bounded(options->n_lines, USUAL_LINES, LEAST_LINES, USUAL_LINES);
	TT_TRY(plan_rows(t));
	if (!options->is_all) {
		TT_TRY(grow(t, n_lines));
	}
	return set_all(t);
}

tt_status tt_compare_write_table(tt_compare *compare, tt_output *output)
{
	tt_sheet sheet;
	TT_TRY(tt_sheet_make(compare, &sheet));
	table_setter t = {.compare = compare, .sheet = &sheet, .out = &output->buffer};
	tt_buffer_init(&t.text, &compare->ctx);
	tt_buffer_init(&t.trial, &compare->ctx);
	choose_widths(&t);
	tt_status status = tt_compare_suggest_path(compare, &t.path);
	status = status ? status : set_to_fit(&t);
	tt_buffer_clear(&t.text);
	tt_buffer_clear(&t.trial);
	return status;
}
