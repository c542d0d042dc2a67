/* answer.c - answers, and terms in and out of text. */
#include "w3c/answer.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* ---- texts and files -------------------------------------------------------------------------- */

struct answer_chunk {
	struct answer_chunk *next;
	char text[];
};

static void *or_end(void *memory)
{
	if (!memory) {
		(void)fputs("Bail out! out of memory\n", stdout);
		exit(99);
	}
	return memory;
}

void *must_realloc(void *old, size_t n_items, size_t item_size)
{
	return or_end(reallocarray(old, n_items ? n_items : 1, item_size));
}

char *must_print(const char *format, ...)
{
	char *text = NULL;
	va_list arguments;
	va_start(arguments, format);
	const int n = vasprintf(&text, format, arguments);
	va_end(arguments);
	return or_end(n < 0 ? NULL : text);
}

char *read_whole_file(const char *path, size_t *out_size)
{
	FILE *const file = fopen(path, "rbe");
	if (!file) {
		return NULL;
	}
	char *text = NULL;
	size_t size = 0;
	size_t n = 0;
	do {
		text = must_realloc(text, size + 4096 + 1, 1);
		n = fread(text + size, 1, 4096, file);
		size += n;
	} while (n);
	text[size] = '\0';
	const bool is_broken = ferror(file);
	(void)fclose(file);
	if (is_broken) {
		free(text);
		return NULL;
	}
	if (out_size) {
		*out_size = size;
	}
	return text;
}

char *file_iri(const char *path)
{
	char *const iri = must_realloc(NULL, strlen(path) * 3 + sizeof "file://", 1);
	char *end = stpcpy(iri, "file://");
	for (const char *c = path; *c; ++c) {
		if (strchr(" <>\"{}|^`%#?\\", *c)) {
			end += sprintf(end, "%%%02X", (unsigned)(unsigned char)*c);
		} else {
			*end++ = *c;
		}
	}
	*end = '\0';
	return iri;
}

char *file_path(tt_view iri)
{
	static const char scheme[] = "file://";
	const size_t n_scheme = sizeof scheme - 1;
	if (iri.size < n_scheme || memcmp(iri.data, scheme, n_scheme) != 0) {
		return NULL;
	}
	char *const path = must_realloc(NULL, iri.size, 1);
	size_t n = 0;
	for (size_t i = n_scheme; i < iri.size; ++i) {
		unsigned code = 0;
		if (iri.data[i] == '%' && i + 2 < iri.size && sscanf(iri.data + i + 1, "%2x", &code) == 1) {
			path[n++] = (char)code;
			i += 2;
		} else {
			path[n++] = iri.data[i];
		}
	}
	path[n] = '\0';
	return path;
}

/* ---- answers ---------------------------------------------------------------------------------- */

answer *answer_new(tt_results_kind kind)
{
	answer *const self = must_realloc(NULL, 1, sizeof *self);
	*self = (answer){.kind = kind};
	return self;
}

void answer_free(answer *self)
{
	if (!self) {
		return;
	}
	while (self->chunks) {
		struct answer_chunk *const chunk = self->chunks;
		self->chunks = chunk->next;
		free(chunk);
	}
	free(self->columns);
	free(self->cells);
	free(self);
}

char *answer_keep(answer *self, const char *data, size_t size)
{
	struct answer_chunk *const chunk = must_realloc(NULL, sizeof *chunk + size + 1, 1);
	chunk->next = self->chunks;
	self->chunks = chunk;
	if (size) {
		memcpy(chunk->text, data, size);
	}
	chunk->text[size] = '\0';
	return chunk->text;
}

static tt_view keep_view(answer *self, tt_view view)
{
	return (tt_view){answer_keep(self, view.data, view.size), view.size};
}

size_t answer_column(answer *self, const char *name, size_t size)
{
	for (size_t i = 0; i < self->n_columns; ++i) {
		if (strlen(self->columns[i]) == size && memcmp(self->columns[i], name, size) == 0) {
			return i;
		}
	}
	if (self->n_rows) {
		return SIZE_MAX;
	}
	self->columns = must_realloc(self->columns, self->n_columns + 1, sizeof *self->columns);
	self->columns[self->n_columns] = answer_keep(self, name, size);
	return self->n_columns++;
}

tt_term *answer_add_row(answer *self)
{
	const size_t n_cells = self->n_rows * self->n_columns;
	if (n_cells + self->n_columns > self->n_cells_capacity) {
		self->n_cells_capacity = 2 * (n_cells + self->n_columns);
		self->cells = must_realloc(self->cells, self->n_cells_capacity, sizeof *self->cells);
	}
	++self->n_rows;
	for (size_t i = 0; i < self->n_columns; ++i) {
		self->cells[n_cells + i] = (tt_term){.kind = TT_TERM_NONE};
	}
	return self->cells ? self->cells + n_cells : NULL;
}

tt_term answer_keep_term(answer *self, const tt_term *term)
{
	return (tt_term){.kind = term->kind,
	                 .text = keep_view(self, term->text),
	                 .datatype = keep_view(self, term->datatype),
	                 .language = keep_view(self, term->language)};
}

tt_status answer_fetch(tt_results *results, answer **out_answer)
{
	answer *const self = answer_new(tt_results_get_kind(results));
	*out_answer = self;
	if (self->kind == TT_RESULTS_BOOLEAN) {
		self->boolean = tt_results_boolean(results);
		return TT_OK;
	}
	const size_t n_columns = tt_results_n_columns(results);
	for (size_t i = 0; i < n_columns; ++i) {
		const tt_view name = tt_results_column(results, i);
		(void)answer_column(self, name.data, name.size);
	}
	while (true) {
		const tt_term *row = NULL;
		const tt_status status = tt_results_next(results, &row);
		if (status != TT_OK || !row) {
			return status;
		}
		tt_term *const cells = answer_add_row(self);
		for (size_t i = 0; i < self->n_columns; ++i) {
			cells[i] = answer_keep_term(self, &row[i]);
		}
	}
}

/* ---- printing --------------------------------------------------------------------------------- */

bool view_is(tt_view view, const char *text)
{
	return view.size == strlen(text) && (view.size == 0 || memcmp(view.data, text, view.size) == 0);
}

static void print_escaped(tt_view text, FILE *file)
{
	for (size_t i = 0; i < text.size; ++i) {
		const char c = text.data[i];
		static const char escaped[] = "\"\\\n\t\r";
		const char *const found = c ? strchr(escaped, c) : NULL;
		if (found) {
			(void)fprintf(file, "\\%c", "\"\\ntr"[found - escaped]);
		} else {
			(void)fputc(c, file);
		}
	}
}

void term_print(const tt_term *term, FILE *file)
{
	const int size = (int)term->text.size;
	switch (term->kind) {
	case TT_TERM_NONE:
		(void)fputc('-', file);
		break;
	case TT_TERM_BLANK:
		(void)fprintf(file, "_:%.*s", size, term->text.data);
		break;
	case TT_TERM_IRI:
		(void)fprintf(file, "<%.*s>", size, term->text.data);
		break;
	case TT_TERM_LITERAL:
		(void)fputc('"', file);
		print_escaped(term->text, file);
		(void)fputc('"', file);
		if (term->language.size) {
			(void)fprintf(file, "@%.*s", (int)term->language.size, term->language.data);
		} else if (!view_is(term->datatype, XSD_IRI "string")) {
			(void)fprintf(file, "^^<%.*s>", (int)term->datatype.size, term->datatype.data);
		}
		break;
	}
}

void answer_print(const answer *self, const char *margin, FILE *file)
{
	enum { MOST_ROWS = 40 };
	if (self->kind == TT_RESULTS_BOOLEAN) {
		(void)fprintf(file, "%s  %s\n", margin, self->boolean ? "true" : "false");
		return;
	}
	(void)fprintf(file, "%s ", margin);
	for (size_t i = 0; i < self->n_columns; ++i) {
		(void)fprintf(file, " ?%s", self->columns[i]);
	}
	(void)fprintf(file, "   (%zu rows%s)\n", self->n_rows, self->is_ordered ? ", in this order" : "");
	for (size_t row = 0; row < self->n_rows && row < MOST_ROWS; ++row) {
		(void)fprintf(file, "%s ", margin);
		for (size_t i = 0; i < self->n_columns; ++i) {
			(void)fputc(' ', file);
			term_print(&self->cells[row * self->n_columns + i], file);
		}
		(void)fputc('\n', file);
	}
	if (self->n_rows > MOST_ROWS) {
		(void)fprintf(file, "%s  ...\n", margin);
	}
}

/* ---- reading terms ---------------------------------------------------------------------------- */

tt_term literal_of(const char *text, size_t size, const char *datatype)
{
	return (tt_term){.kind = TT_TERM_LITERAL, .text = {text, size}, .datatype = {datatype, strlen(datatype)}};
}

static char *put_utf8(char *end, unsigned long code)
{
	if (code < 0x80) {
		*end++ = (char)code;
	} else if (code < 0x800) {
		*end++ = (char)(0xC0 | code >> 6);
		*end++ = (char)(0x80 | (code & 0x3F));
	} else if (code < 0x10000) {
		*end++ = (char)(0xE0 | code >> 12);
		*end++ = (char)(0x80 | (code >> 6 & 0x3F));
		*end++ = (char)(0x80 | (code & 0x3F));
	} else {
		*end++ = (char)(0xF0 | code >> 18);
		*end++ = (char)(0x80 | (code >> 12 & 0x3F));
		*end++ = (char)(0x80 | (code >> 6 & 0x3F));
		*end++ = (char)(0x80 | (code & 0x3F));
	}
	return end;
}

static char *read_escape(const char **cursor, char *end)
{
	static const char names[] = "tbnrf\"'\\";
	const char name = *(*cursor)++;
	const char *const found = name ? strchr(names, name) : NULL;
	if (found) {
		*end++ = "\t\b\n\r\f\"'\\"[found - names];
		return end;
	}
	const size_t n_digits = name == 'u' ? 4 : name == 'U' ? 8 : 0;
	if (n_digits == 0 || strspn(*cursor, "0123456789ABCDEFabcdef") < n_digits) {
		return NULL;
	}
	char digits[9] = "";
	memcpy(digits, *cursor, n_digits);
	*cursor += n_digits;
	return put_utf8(end, strtoul(digits, NULL, 16));
}

/* The text up to the closing character, with its escapes undone. */
static bool read_enclosed(answer *keeper, const char **cursor, char closing, tt_view *out_text)
{
	const char *c = *cursor + 1;
	char *const text = answer_keep(keeper, c, strlen(c));
	char *end = text;
	while (*c && *c != closing) {
		if (*c == '\\') {
			++c;
			end = read_escape(&c, end);
			if (!end) {
				return false;
			}
		} else {
			*end++ = *c++;
		}
	}
	*cursor = *c ? c + 1 : c;
	*end = '\0';
	*out_text = (tt_view){text, (size_t)(end - text)};
	return *c == closing;
}

static bool read_word(answer *keeper, const char **cursor, prefix_finder find_prefix, tt_term *out_term)
{
	const size_t size = strcspn(*cursor, " \t\r\n");
	const char *const word = answer_keep(keeper, *cursor, size);
	const char *const colon = strchr(word, ':');
	*cursor += size;
	tt_view iri = {0};
	if (strncmp(word, "_:", 2) == 0) {
		*out_term = (tt_term){.kind = TT_TERM_BLANK, .text = {word + 2, size - 2}};
		return size > 2;
	}
	if (find_prefix && strcmp(word, "-") == 0) {
		*out_term = (tt_term){.kind = TT_TERM_NONE};
		return true;
	}
	if (strcmp(word, "true") == 0 || strcmp(word, "false") == 0) {
		*out_term = literal_of(word, size, XSD_IRI "boolean");
		return true;
	}
	if (size && strspn(word, "+-.0123456789eE") == size) {
		const bool is_double = strpbrk(word, "eE");
		const char *const datatype = is_double           ? XSD_IRI "double"
		                             : strchr(word, '.') ? XSD_IRI "decimal"
		                                                 : XSD_IRI "integer";
		*out_term = literal_of(word, size, datatype);
		return true;
	}
	if (!colon || !find_prefix || !find_prefix((tt_view){word, (size_t)(colon - word)}, &iri)) {
		return false;
	}
	char *const whole = must_print("%.*s%s", (int)iri.size, iri.data, colon + 1);
	*out_term = (tt_term){.kind = TT_TERM_IRI, .text = {answer_keep(keeper, whole, strlen(whole)), strlen(whole)}};
	free(whole);
	return true;
}

bool term_read(answer *keeper, const char **cursor, prefix_finder find_prefix, tt_term *out_term)
{
	tt_view text = {0};
	if (**cursor == '<') {
		const bool is_read = read_enclosed(keeper, cursor, '>', &text);
		*out_term = (tt_term){.kind = TT_TERM_IRI, .text = text};
		return is_read;
	}
	if (**cursor != '"' && **cursor != '\'') {
		return read_word(keeper, cursor, find_prefix, out_term);
	}
	if (!read_enclosed(keeper, cursor, **cursor, &text)) {
		return false;
	}
	*out_term = literal_of(text.data, text.size, XSD_IRI "string");
	if (**cursor == '@') {
		const size_t size = strcspn(++*cursor, " \t\r\n");
		out_term->language = (tt_view){answer_keep(keeper, *cursor, size), size};
		out_term->datatype = (tt_view){LANG_STRING_IRI, sizeof LANG_STRING_IRI - 1};
		*cursor += size;
	} else if (strncmp(*cursor, "^^", 2) == 0) {
		*cursor += 2;
		tt_term datatype;
		if (!term_read(keeper, cursor, find_prefix, &datatype) || datatype.kind != TT_TERM_IRI) {
			return false;
		}
		out_term->datatype = datatype.text;
	}
	return true;
}
