/* table.c - aligned tables for terminals and files.
 *
 * Widths are known only when the rows are, so rows are gathered in a window of some megabytes, measured, and set. In
 * the next window a column may become wider, never narrower: nearly every table is one window and perfectly aligned,
 * and a hundred million rows still take bounded memory.
 *
 * On a terminal (style.n_width) the widest columns share what room there is, and longer cells are wrapped between
 * words; a rule is drawn around rows of several lines. Into a file each row is one line.
 *
 * A language tag is shown only in columns where tags differ: elsewhere it says nothing. */
#include "result/result.h"

#include "base/emit.h"
#include "result/cell.h"

#include <stdlib.h>

enum {
	WINDOW_BYTES = 8 << 20,
	WINDOW_CELLS = 1 << 19,
	LEAST_WIDTH = 8, /* a column is not made narrower to fit the terminal */
	MOST_LINES = 12, /* of a wrapped cell */
	TAG_SIZE = 40
};

/** The text of a cell lies in the window's buffer. */
typedef struct table_cell {
	size_t begin;
	size_t n_bytes; /* with the language tag */
	size_t width;   /* columns of the terminal, with the tag */
	unsigned n_tag; /* bytes and columns of the tag */
} table_cell;

typedef struct table_column {
	size_t widest;                /* without tags */
	size_t widest_with_tag;       /* with them */
	size_t width;                 /* as it is set */
	bool has_numbers, has_others; /* numbers alone stand at the right */
	bool has_plain_strings;       /* these three: whether tags are to be shown */
	bool is_mixed;
	char tag[TAG_SIZE];
} table_column;

/** The lines of a table: edges, crossings, separators. */
typedef struct table_drawing {
	const char *line;
	const char *top[3], *middle[3], *bottom[3]; /* left end, crossing, right end; NULL: no such rule */
	const char *left, *between, *right;         /* of a row */
	size_t n_fixed;                             /* columns taken by left, right less one between */
} table_drawing;

static const table_drawing drawings[] = {
    {.line = "-", .middle = {"", "+", ""}, .left = " ", .between = " | ", .right = "", .n_fixed = 1},
    {.line = "─",
     .top = {"┌", "┬", "┐"},
     .middle = {"├", "┼", "┤"},
     .bottom = {"└", "┴", "┘"},
     .left = "│ ",
     .between = " │ ",
     .right = " │",
     .n_fixed = 4},
};

typedef struct table_state {
	const tt_cursor *cursor;
	const tt_result_style *style;
	const table_drawing *drawing;
	tt_output *output;
	tt_ctx *ctx;
	table_column *columns;
	tt_cell_rest *rests; /* of the cells of the row being written */
	tt_buffer text;      /* of the window's cells */
	table_cell *cells;
	size_t n_cells;
	size_t capacity;
	bool was_tall; /* the row before has several lines */
	bool is_begun; /* the header is written */
	bool has_rows; /* a row is written */
} table_state;

/* ---- gathering ----------------------------------------------------------------------------------- */

static size_t measure(tt_view text)
{
	for (size_t i = 0; i < text.size; ++i) {
		if ((unsigned char)text.data[i] >= 0x80) {
			return tt_utf8_width(text);
		}
	}
	return text.size; /* control characters are escaped: every byte is one column */
}

static void note_language(table_column *column, const tt_term *term, const tt_cell_look *look)
{
	if (!look->is_string) {
		return;
	}
	if (!term->language.size) {
		column->has_plain_strings = true;
	} else if (!column->tag[0] && term->language.size < TAG_SIZE) {
		memcpy(column->tag, term->language.data, term->language.size);
	} else if (!tt_view_equal(tt_view_of(column->tag), term->language)) {
		column->is_mixed = true;
	}
	column->is_mixed = column->is_mixed || (column->has_plain_strings && column->tag[0]);
}

static void widen(table_column *column, const table_cell *cell)
{
	const size_t bare = cell->width - cell->n_tag;
	column->widest = bare > column->widest ? bare : column->widest;
	column->widest_with_tag = cell->width > column->widest_with_tag ? cell->width : column->widest_with_tag;
}

static tt_status add_cell(table_state *table, size_t i, const tt_term *term)
{
	TT_TRY(tt_grow(table->ctx, (void **)&table->cells, &table->capacity, table->n_cells + 1, sizeof *table->cells));
	table_cell *const added = &table->cells[table->n_cells];
	table_column *const column = &table->columns[i];
	tt_cell_look look;
	*added = (table_cell){.begin = table->text.size};
	TT_TRY(tt_cell_write(&table->text, term, table->style, &look));
	added->n_bytes = table->text.size - added->begin;
	added->n_tag = (unsigned)look.n_tag_bytes;
	if (added->n_bytes) {
		added->width = measure((tt_view){table->text.data + added->begin, added->n_bytes});
		column->has_numbers = column->has_numbers || look.is_number;
		column->has_others = column->has_others || !look.is_number;
		note_language(column, term, &look);
		widen(column, added);
	}
	table->n_cells++;
	return TT_OK;
}

/* Fill the window. @param out_is_end Set when the cursor has no more rows. */
static tt_status gather(table_state *table, uint64_t *n_rows, bool *out_is_end)
{
	tt_buffer_reset(&table->text);
	table->n_cells = 0;
	while (table->text.size < WINDOW_BYTES && table->n_cells < WINDOW_CELLS) {
		const tt_term *row = NULL;
		TT_TRY(table->cursor->next(table->cursor->user, &row));
		if (!row) {
			*out_is_end = true;
			return TT_OK;
		}
		for (size_t i = 0; i < table->cursor->n_columns; ++i) {
			TT_TRY(add_cell(table, i, &row[i]));
		}
		++*n_rows;
	}
	return TT_OK;
}

/* ---- widths -------------------------------------------------------------------------------------- */

/* The greatest width that every column may have so that all fit into the room: columns that need less leave their
 * share to the others. */
static size_t find_cap(const table_state *table, size_t room)
{
	const size_t n = table->cursor->n_columns;
	size_t cap = n ? room / n : 0;
	for (size_t round = 0; round < n; ++round) {
		size_t n_wide = 0;
		size_t n_left = room;
		for (size_t i = 0; i < n; ++i) {
			const bool is_wide = table->columns[i].width > cap;
			const size_t taken = is_wide ? 0 : table->columns[i].width;
			n_wide += is_wide;
			n_left -= taken < n_left ? taken : n_left;
		}
		if (!n_wide || n_left / n_wide <= cap) {
			break;
		}
		cap = n_left / n_wide;
	}
	return cap < LEAST_WIDTH ? LEAST_WIDTH : cap;
}

static void set_widths(table_state *table)
{
	const size_t n = table->cursor->n_columns;
	size_t n_total = table->drawing->n_fixed + 3 * (n - 1);
	const size_t n_lines = n_total;
	for (size_t i = 0; i < n; ++i) {
		table_column *const column = &table->columns[i];
		const size_t needed = column->is_mixed ? column->widest_with_tag : column->widest;
		column->width = needed > column->width ? needed : column->width;
		n_total += column->width;
	}
	if (!table->style->n_width || n_total <= table->style->n_width) {
		return;
	}
	const size_t cap = find_cap(table, table->style->n_width > n_lines ? table->style->n_width - n_lines : 0);
	for (size_t i = 0; i < n; ++i) {
		table_column *const column = &table->columns[i];
		column->width = column->width > cap ? cap : column->width;
	}
}

/* ---- writing ------------------------------------------------------------------------------------- */

static tt_status repeat(tt_buffer *out, tt_view text, size_t n_times)
{
	for (size_t i = 0; i < n_times; ++i) {
		TT_TRY(tt_emit(out, text));
	}
	return TT_OK;
}

static tt_status write_rule(table_state *table, const char *const parts[3])
{
	tt_buffer *const out = &table->output->buffer;
	if (!parts[0]) {
		return TT_OK;
	}
	TT_TRY(tt_emit(out, tt_view_of(parts[0])));
	for (size_t i = 0; i < table->cursor->n_columns; ++i) {
		TT_TRY(i ? tt_emit(out, tt_view_of(parts[1])) : TT_OK);
		TT_TRY(repeat(out, tt_view_of(table->drawing->line), table->columns[i].width + 2));
	}
	TT_TRY(tt_emit(out, tt_view_of(parts[2])));
	return TT_EMIT(out, "\n");
}

/* The line that is written now of a cell: all of it if it fits, as nearly always. */
static tt_cell_rest next_line(tt_cell_rest *rest, size_t width)
{
	if (rest->width <= width) {
		const tt_cell_rest line = *rest;
		*rest = (tt_cell_rest){{NULL, 0}, 0};
		return line;
	}
	return tt_cell_take_line(rest, width);
}

/* The last line that is shown of a cell that has more. */
static tt_status write_ellipsis(table_state *table, size_t i)
{
	tt_buffer *const out = &table->output->buffer;
	const tt_cell_rest mark = table->style->is_utf8 ? (tt_cell_rest){TT_VIEW("…"), 1}
	                                                : (tt_cell_rest){TT_VIEW("..."), 3};
	const size_t width = table->columns[i].width;
	const tt_cell_rest line = tt_cell_take_line(&table->rests[i], width - mark.width);
	TT_TRY(tt_emit(out, line.text));
	TT_TRY(tt_emit(out, mark.text));
	table->rests[i] = (tt_cell_rest){{NULL, 0}, 0};
	const size_t n_taken = line.width + mark.width;
	return repeat(out, TT_VIEW(" "), width > n_taken ? width - n_taken : 0);
}

static tt_status write_line_of_cell(table_state *table, size_t i, bool is_right, bool is_last_line)
{
	tt_buffer *const out = &table->output->buffer;
	const size_t width = table->columns[i].width;
	if (is_last_line && table->rests[i].width > width) {
		return write_ellipsis(table, i);
	}
	const tt_cell_rest line = next_line(&table->rests[i], width);
	const size_t n_pad = width > line.width ? width - line.width : 0;
	const bool is_line_end = i + 1 == table->cursor->n_columns && !table->drawing->right[0];
	TT_TRY(is_right ? repeat(out, TT_VIEW(" "), n_pad) : TT_OK);
	TT_TRY(tt_emit(out, line.text));
	return is_right || is_line_end ? TT_OK : repeat(out, TT_VIEW(" "), n_pad);
}

static bool has_rest(const table_state *table)
{
	for (size_t i = 0; i < table->cursor->n_columns; ++i) {
		if (table->rests[i].text.size) {
			return true;
		}
	}
	return false;
}

/* Write the cells that `rests` holds. */
static tt_status write_row(table_state *table)
{
	tt_buffer *const out = &table->output->buffer;
	unsigned n_lines = 0;
	do {
		++n_lines;
		TT_TRY(tt_emit(out, tt_view_of(table->drawing->left)));
		for (size_t i = 0; i < table->cursor->n_columns; ++i) {
			const table_column *const column = &table->columns[i];
			const bool is_right = column->has_numbers && !column->has_others;
			TT_TRY(i ? tt_emit(out, tt_view_of(table->drawing->between)) : TT_OK);
			TT_TRY(write_line_of_cell(table, i, is_right, n_lines == MOST_LINES));
		}
		TT_TRY(tt_emit(out, tt_view_of(table->drawing->right)));
		TT_TRY(TT_EMIT(out, "\n"));
	} while (has_rest(table));
	return tt_output_check(table->output);
}

static tt_status write_header(table_state *table)
{
	for (size_t i = 0; i < table->cursor->n_columns; ++i) {
		const tt_view name = table->cursor->columns[i];
		table->rests[i] = (tt_cell_rest){name, tt_utf8_width(name)};
	}
	TT_TRY(write_rule(table, table->drawing->top));
	TT_TRY(write_row(table));
	table->is_begun = true;
	return write_rule(table, table->drawing->middle);
}

static tt_status write_window(table_state *table)
{
	const size_t n = table->cursor->n_columns;
	set_widths(table);
	TT_TRY(table->is_begun ? TT_OK : write_header(table));
	for (size_t at = 0; at < table->n_cells; at += n) {
		const table_cell *const row = &table->cells[at];
		bool is_tall = false;
		for (size_t i = 0; i < n; ++i) {
			const size_t n_hidden = table->columns[i].is_mixed ? 0 : row[i].n_tag;
			const size_t width = row[i].width - n_hidden;
			const char *const bytes = row[i].n_bytes ? table->text.data + row[i].begin : NULL;
			table->rests[i] = (tt_cell_rest){{bytes, row[i].n_bytes - n_hidden}, width};
			is_tall = is_tall || width > table->columns[i].width;
		}
		TT_TRY(table->has_rows && (is_tall || table->was_tall) ? write_rule(table, table->drawing->middle) : TT_OK);
		TT_TRY(write_row(table));
		table->was_tall = is_tall;
		table->has_rows = true;
	}
	return TT_OK;
}

static tt_status write_all(table_state *table, uint64_t *out_n_rows)
{
	const size_t n = table->cursor->n_columns;
	table->columns = tt_calloc(table->ctx, n, sizeof *table->columns);
	table->rests = tt_calloc(table->ctx, n, sizeof *table->rests);
	if (!table->columns || !table->rests) {
		return table->ctx->error.status;
	}
	for (size_t i = 0; i < n; ++i) {
		table->columns[i].widest = table->columns[i].widest_with_tag = tt_utf8_width(table->cursor->columns[i]);
	}
	bool is_end = false;
	while (!is_end) {
		TT_TRY(gather(table, out_n_rows, &is_end));
		TT_TRY(n ? write_window(table) : TT_OK);
	}
	return n ? write_rule(table, table->drawing->bottom) : TT_OK;
}

tt_status tt_write_table(tt_cursor *cursor, const tt_result_style *style, tt_output *output, uint64_t *out_n_rows)
{
	if (cursor->kind == TT_RESULTS_BOOLEAN) {
		return cursor->boolean ? TT_EMIT(&output->buffer, "true\n") : TT_EMIT(&output->buffer, "false\n");
	}
	tt_ctx *const ctx = output->buffer.ctx;
	table_state state = {
	    .cursor = cursor, .style = style, .drawing = &drawings[style->is_utf8], .output = output, .ctx = ctx};
	tt_buffer_init(&state.text, ctx);
	const tt_status status = write_all(&state, out_n_rows);
	tt_buffer_clear(&state.text);
	tt_free(ctx, state.cells);
	tt_free(ctx, state.rests);
	tt_free(ctx, state.columns);
	return status;
}
