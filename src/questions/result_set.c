/* result_set.c - answers from results, and from files: SPARQL 1.1 Query Results CSV and TSV Formats, Turtle and
 * N-Triples. The answer of an ASK is a file with one word, true or false. */
#include "questions/result_set.h"

#include "questions/questions.h"
#include "rdf/read.h"
#include "sparql/parse.h"

#include <stdlib.h>

/* ---- making ------------------------------------------------------------------------------------- */

static tt_status no_memory(const tt_arena *arena)
{
	return arena->ctx->error.status ? arena->ctx->error.status : TT_NO_MEMORY;
}

static tt_status keep_view(tt_arena *arena, tt_view *text)
{
	text->data = tt_arena_strndup(arena, text->data ? text->data : "", text->size);
	return text->data ? TT_OK : no_memory(arena);
}

static tt_status keep_term(tt_arena *arena, tt_term *term)
{
	TT_TRY(keep_view(arena, &term->text));
	TT_TRY(keep_view(arena, &term->datatype));
	return keep_view(arena, &term->language);
}

static tt_status set_columns(tt_arena *arena, tt_result_set *set, size_t n_columns)
{
	set->n_columns = n_columns;
	set->columns = tt_arena_alloc(arena, n_columns * sizeof *set->columns);
	return set->columns ? TT_OK : no_memory(arena);
}

static tt_status add_row(tt_arena *arena, tt_result_set *set, tt_term **out)
{
	TT_TRY(tt_arena_grow(arena, (void **)&set->rows, &set->n_capacity, set->n_rows, sizeof(tt_term *)));
	*out = tt_arena_alloc(arena, set->n_columns * sizeof **out);
	set->rows[set->n_rows++] = *out;
	return *out ? TT_OK : no_memory(arena);
}

static tt_status add_copy(tt_arena *arena, tt_result_set *set, const tt_term *row)
{
	tt_term *copy = NULL;
	TT_TRY(add_row(arena, set, &copy));
	for (size_t i = 0; i < set->n_columns; ++i) {
		copy[i] = row[i];
		TT_TRY(keep_term(arena, &copy[i]));
	}
	return TT_OK;
}

tt_status tt_result_set_fetch(tt_arena *arena, tt_results *results, tt_result_set *out)
{
	const tt_term *row = NULL;
	*out = (tt_result_set){.kind = tt_results_get_kind(results), .boolean = tt_results_boolean(results)};
	TT_TRY(set_columns(arena, out, tt_results_n_columns(results)));
	for (size_t i = 0; i < out->n_columns; ++i) {
		out->columns[i] = tt_results_column(results, i);
		TT_TRY(keep_view(arena, &out->columns[i]));
	}
	TT_TRY(tt_results_next(results, &row));
	while (row) {
		TT_TRY(add_copy(arena, out, row));
		TT_TRY(tt_results_next(results, &row));
	}
	return TT_OK;
}

void tt_result_set_untype(tt_result_set *set)
{
	set->is_untyped = true;
	for (size_t i = 0; i < set->n_rows; ++i) {
		for (size_t j = 0; j < set->n_columns; ++j) {
			tt_term *const cell = &set->rows[i][j];
			*cell = cell->kind == TT_TERM_BLANK ? *cell : tt_term_string(cell->text);
		}
	}
}

tt_status tt_result_set_align(tt_arena *arena, tt_result_set *set, const tt_result_set *like)
{
	const size_t n = set->n_columns;
	size_t *const from = tt_arena_alloc(arena, (n + 1) * sizeof *from);
	tt_term *const row = tt_arena_alloc(arena, (n + 1) * sizeof *row);
	if (!from || !row) {
		return no_memory(arena);
	}
	for (size_t i = 0; i < like->n_columns; ++i) {
		while (from[i] < n && !tt_view_equal(set->columns[from[i]], like->columns[i])) {
			++from[i];
		}
		if (from[i] == n || like->n_columns != n) {
			return TT_NOT_FOUND;
		}
	}
	for (size_t i = 0; i < set->n_rows; ++i) {
		memcpy(row, set->rows[i], n * sizeof *row);
		for (size_t j = 0; j < n; ++j) {
			set->rows[i][j] = row[from[j]];
		}
	}
	set->columns = like->columns;
	return TT_OK;
}

/* ---- lines of cells ------------------------------------------------------------------------------- */

/** A file of cells that is being read. */
typedef struct cell_reader {
	tt_arena *arena;
	const char *path;
	tt_view rest;
	size_t n_line;
	char separator; /* ',' of CSV, '\t' of TSV */
} cell_reader;

static bool is_csv(const cell_reader *self)
{
	return self->separator == ',';
}

static tt_status fail_here(const cell_reader *self, const char *text)
{
	return tt_fail_at(self->arena->ctx, TT_SYNTAX, self->path, self->n_line, 0, "%s", text);
}

/* A cell in quotes, of CSV: "" is one of them, and line ends may stand in it. */
static tt_status take_quoted(cell_reader *self, tt_view *out)
{
	tt_buffer text;
	tt_buffer_init(&text, self->arena->ctx);
	tt_status status = TT_OK;
	bool is_closed = false;
	self->rest = tt_view_skip(self->rest, 1);
	while (status == TT_OK && self->rest.size && !is_closed) {
		const char c = self->rest.data[0];
		const bool is_doubled = c == '"' && self->rest.size > 1 && self->rest.data[1] == '"';
		self->rest = tt_view_skip(self->rest, 1 + is_doubled);
		self->n_line += c == '\n';
		is_closed = c == '"' && !is_doubled;
		status = is_closed ? TT_OK : tt_buffer_append_char(&text, c);
	}
	*out = tt_buffer_view(&text);
	status = status ? status : is_closed ? keep_view(self->arena, out) : fail_here(self, "a quote is not closed");
	tt_buffer_clear(&text);
	return status;
}

/* The next cell, and what is behind it. @param out_is_last Whether the line ends. */
static tt_status take_cell(cell_reader *self, tt_view *out, bool *out_is_last)
{
	if (is_csv(self) && self->rest.size && self->rest.data[0] == '"') {
		TT_TRY(take_quoted(self, out));
	} else {
		size_t n = 0;
		while (n < self->rest.size && self->rest.data[n] != self->separator && self->rest.data[n] != '\n') {
			++n;
		}
		*out = (tt_view){self->rest.data, n};
		self->rest = tt_view_skip(self->rest, n);
		out->size -= n && out->data[n - 1] == '\r';
	}
	if (self->rest.size && self->rest.data[0] == '\r') {
		self->rest = tt_view_skip(self->rest, 1);
	}
	*out_is_last = !self->rest.size || self->rest.data[0] == '\n';
	if (!*out_is_last && self->rest.data[0] != self->separator) {
		return fail_here(self, "text behind a quoted cell");
	}
	self->rest = tt_view_skip(self->rest, self->rest.size > 0);
	return TT_OK;
}

static tt_status read_header(cell_reader *self, tt_result_set *set)
{
	const cell_reader begin = *self;
	tt_view cell;
	size_t n = 0;
	bool is_last = false;
	while (!is_last) {
		TT_TRY(take_cell(self, &cell, &is_last));
		++n;
	}
	*self = begin;
	TT_TRY(set_columns(self->arena, set, n));
	for (size_t i = 0; i < n; ++i) {
		TT_TRY(take_cell(self, &cell, &is_last));
		set->columns[i] = tt_view_skip(cell, !is_csv(self) && cell.size && cell.data[0] == '?');
	}
	set->n_columns -= n == 1 && !cell.size; /* a query may have no variables */
	return TT_OK;
}

static tt_status read_term(const cell_reader *self, tt_view cell, tt_term *out)
{
	const tt_parse_options options = {.source_name = self->path};
	if (is_csv(self)) {
		*out = tt_term_string(cell);
	}
	if (cell.size > 2 && cell.data[0] == '_' && cell.data[1] == ':') {
		*out = tt_term_blank(tt_view_skip(cell, 2));
		return TT_OK;
	}
	if (is_csv(self) || !cell.size) {
		return TT_OK; /* empty in TSV: unbound */
	}
	const tt_status status = tt_parse_term(self->arena, cell, &options, out);
	if (status == TT_SYNTAX) {
		self->arena->ctx->error.line = self->n_line;
		self->arena->ctx->error.column = 0;
		self->arena->ctx->error.caret[0] = '\0';
	}
	return status;
}

static tt_status read_row(cell_reader *self, tt_result_set *set)
{
	tt_term *row = NULL;
	bool is_last = false;
	TT_TRY(add_row(self->arena, set, &row));
	for (size_t i = 0; i < set->n_columns || !is_last; ++i) {
		tt_view cell;
		if (is_last || (i && i >= set->n_columns)) {
			return fail_here(self, "this row has another number of cells than the first line");
		}
		TT_TRY(take_cell(self, &cell, &is_last));
		TT_TRY(i < set->n_columns ? read_term(self, cell, &row[i]) : TT_OK);
	}
	return TT_OK;
}

static bool is_word(tt_view text, tt_view word)
{
	return tt_view_starts(text, word) && strspn(text.data + word.size, " \t\r\n") == text.size - word.size;
}

static tt_status read_cells(cell_reader *self, tt_result_set *set)
{
	if (is_word(self->rest, TT_VIEW("true")) || is_word(self->rest, TT_VIEW("false"))) {
		*set = (tt_result_set){.kind = TT_RESULTS_BOOLEAN, .boolean = self->rest.data[0] == 't'};
		return TT_OK;
	}
	*set = (tt_result_set){.kind = TT_RESULTS_ROWS, .is_untyped = is_csv(self)};
	TT_TRY(read_header(self, set));
	while (self->rest.size) {
		self->n_line++;
		TT_TRY(read_row(self, set));
	}
	return TT_OK;
}

/* ---- triples -------------------------------------------------------------------------------------- */

typedef struct triple_sink {
	tt_arena *arena;
	tt_result_set *set;
} triple_sink;

static tt_status take_triple(void *user, const tt_term *subject, const tt_term *predicate, const tt_term *object,
                             const tt_term *graph)
{
	const triple_sink *const self = user;
	const tt_term row[] = {*subject, *predicate, *object};
	(void)graph;
	return add_copy(self->arena, self->set, row);
}

static int compare_triples(const void *a, const void *b)
{
	const tt_term *const one = *(tt_term *const *)a;
	const tt_term *const other = *(tt_term *const *)b;
	int order = 0;
	for (size_t i = 0; i < 3 && !order; ++i) {
		order = tt_term_compare(&one[i], &other[i]);
	}
	return order;
}

/* A graph is a set, its file need not be one. */
static void drop_repetitions(tt_result_set *set)
{
	size_t n = 0;
	if (set->n_rows) {
		qsort(set->rows, set->n_rows, sizeof *set->rows, compare_triples);
	}
	for (size_t i = 0; i < set->n_rows; ++i) {
		if (!n || compare_triples(&set->rows[n - 1], &set->rows[i]) != 0) {
			set->rows[n++] = set->rows[i];
		}
	}
	set->n_rows = n;
}

static tt_status read_triples(tt_arena *arena, const char *path, tt_result_set *set)
{
	static const tt_view names[] = {{"subject", 7}, {"predicate", 9}, {"object", 6}};
	triple_sink self = {.arena = arena, .set = set};
	const tt_read_sink sink = {.user = &self, .statement = take_triple};
	const tt_read_options options = {.syntax = TT_RDF_GUESS};
	*set = (tt_result_set){.kind = TT_RESULTS_TRIPLES};
	TT_TRY(set_columns(arena, set, 3));
	memcpy(set->columns, names, sizeof names);
	TT_TRY(tt_read_file(arena->ctx, path, &options, &sink));
	drop_repetitions(set);
	return TT_OK;
}

tt_status tt_result_set_read(tt_arena *arena, const char *path, tt_result_set *out)
{
	const char *const extension = strrchr(path, '.');
	const bool is_tsv = extension && strcmp(extension, ".tsv") == 0;
	cell_reader reader = {.arena = arena, .path = path, .n_line = 1, .separator = is_tsv ? '\t' : ','};
	if (!is_tsv && !(extension && strcmp(extension, ".csv") == 0)) {
		return read_triples(arena, path, out);
	}
	TT_TRY(tt_question_read_file(arena, path, &reader.rest));
	return read_cells(&reader, out);
}
