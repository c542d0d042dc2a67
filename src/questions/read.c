/* read.c - the files of questions and what their heads say. */
#include "questions/questions.h"

#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_NUMBER = 99999 };

/** The text of a key, as it is gathered line by line. */
typedef enum head_key { KEY_TITLE, KEY_QUESTION, KEY_GROUP, KEY_RESTS_ON, KEY_EXPECT, KEY_PARAMETER, N_KEYS } head_key;

static const tt_view key_names[N_KEYS] = {
    [KEY_TITLE] = {"title:", 6},       [KEY_QUESTION] = {"question:", 9}, [KEY_GROUP] = {"group:", 6},
    [KEY_RESTS_ON] = {"rests on:", 9}, [KEY_EXPECT] = {"expect:", 7},     [KEY_PARAMETER] = {"parameter:", 10}};

/** The head that is being read. */
typedef struct head_reader {
	tt_arena *arena;
	const char *path;
	tt_buffer texts[N_KEYS]; /* of KEY_PARAMETER: the last one */
	size_t n_line;
	tt_parameter *parameters;
	size_t n_parameters, n_capacity;
} head_reader;

/* ---- texts -------------------------------------------------------------------------------------- */

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static tt_view trim(tt_view text)
{
	while (text.size && is_space(text.data[0])) {
		text = tt_view_skip(text, 1);
	}
	while (text.size && is_space(text.data[text.size - 1])) {
		--text.size;
	}
	return text;
}

static tt_view take_line(tt_view *rest)
{
	const char *const end = rest->size ? memchr(rest->data, '\n', rest->size) : NULL;
	const tt_view line = {rest->data, end ? (size_t)(end - rest->data) : rest->size};
	*rest = tt_view_skip(*rest, line.size + (end != NULL));
	return line;
}

static tt_status keep(tt_arena *arena, tt_view text, const char **out)
{
	*out = tt_arena_strndup(arena, text.data ? text.data : "", text.size);
	return *out ? TT_OK : arena->ctx->error.status;
}

tt_status tt_question_read_file(tt_arena *arena, const char *path, tt_view *out_bytes)
{
	tt_input *input = NULL;
	TT_TRY(tt_input_open(arena->ctx, path, &input));
	tt_buffer bytes;
	size_t n_read = 1;
	tt_buffer_init(&bytes, arena->ctx);
	tt_status status = TT_OK;
	while (status == TT_OK && n_read) {
		status = tt_buffer_reserve(&bytes, 1 << 14);
		status = status ? status : tt_input_read(input, bytes.data + bytes.size, 1 << 14, &n_read);
		bytes.size += status == TT_OK ? n_read : 0;
	}
	const char *copy = NULL;
	status = status ? status : keep(arena, tt_buffer_view(&bytes), &copy);
	*out_bytes = (tt_view){copy, bytes.size};
	if (copy && tt_view_starts(*out_bytes, TT_VIEW("\xEF\xBB\xBF"))) {
		*out_bytes = tt_view_skip(*out_bytes, 3);
	}
	tt_buffer_clear(&bytes);
	tt_input_close(input);
	return status;
}

/* ---- parameters --------------------------------------------------------------------------------- */

/* How long the term at the beginning of a text is, which need not be well formed: a string or an IRI may hold blanks.
 */
static size_t term_size(tt_view text)
{
	const char quote = text.size && (text.data[0] == '"' || text.data[0] == '\'') ? text.data[0]
	                   : text.size && text.data[0] == '<'                         ? '>'
	                                                                              : '\0';
	size_t at = quote != '\0';
	while (quote && at < text.size && text.data[at] != quote) {
		at += text.data[at] == '\\' ? 2 : 1;
	}
	while (at < text.size && !is_space(text.data[at])) {
		++at;
	}
	return at < text.size ? at : text.size;
}

static size_t name_size(tt_view text)
{
	size_t at = 0;
	while (at < text.size && !is_space(text.data[at]) && text.data[at] != '=') {
		++at;
	}
	return at;
}

/* `?NAME [= VALUE] [DESCRIPTION]` */
static tt_status read_parameter(head_reader *self)
{
	tt_view rest = trim(tt_buffer_view(&self->texts[KEY_PARAMETER]));
	if (!rest.size) {
		return TT_OK;
	}
	const tt_view name = {rest.data + 1, rest.data[0] == '?' ? name_size(tt_view_skip(rest, 1)) : 0};
	if (!name.size) {
		return tt_fail_at(self->arena->ctx, TT_SYNTAX, self->path, self->n_line, 0,
		                  "a parameter is written ?name = value description, not %.*s", TT_VIEW_ARG(rest));
	}
	TT_TRY(tt_arena_grow(self->arena, (void **)&self->parameters, &self->n_capacity, self->n_parameters,
	                     sizeof *self->parameters));
	tt_parameter *const parameter = &self->parameters[self->n_parameters++];
	*parameter = (tt_parameter){.name = NULL};
	TT_TRY(keep(self->arena, name, &parameter->name));
	rest = trim(tt_view_skip(rest, 1 + name.size));
	if (rest.size && rest.data[0] == '=') {
		rest = trim(tt_view_skip(rest, 1));
		const size_t n_value = term_size(rest);
		TT_TRY(keep(self->arena, (tt_view){rest.data, n_value}, &parameter->value));
		rest = trim(tt_view_skip(rest, n_value));
	}
	tt_buffer_reset(&self->texts[KEY_PARAMETER]);
	return keep(self->arena, rest, &parameter->description);
}

/* ---- the head ----------------------------------------------------------------------------------- */

static tt_status append_text(tt_buffer *text, tt_view more)
{
	if (!more.size) {
		return TT_OK;
	}
	TT_TRY(text->size ? tt_buffer_append_char(text, ' ') : TT_OK);
	return tt_buffer_append(text, more);
}

/* One line of comment. @param io_key The key that a line that is further indented goes on with, or N_KEYS. */
static tt_status read_line(head_reader *self, tt_view line, head_key *io_key)
{
	const tt_view text = tt_view_skip(line, line.size && line.data[0] == '#');
	if (tt_view_starts(text, TT_VIEW("  ")) || tt_view_starts(text, TT_VIEW("\t"))) {
		return *io_key < N_KEYS ? append_text(&self->texts[*io_key], trim(text)) : TT_OK;
	}
	TT_TRY(read_parameter(self));
	self->n_line++;
	*io_key = 0;
	while (*io_key < N_KEYS && !tt_view_starts(trim(text), key_names[*io_key])) {
		++*io_key;
	}
	return *io_key < N_KEYS
	           ? append_text(&self->texts[*io_key], trim(tt_view_skip(trim(text), key_names[*io_key].size)))
	           : TT_OK;
}

/* The comment at the head; what is behind it is left in @p rest. */
static tt_status read_head(head_reader *self, tt_view *rest)
{
	head_key key = N_KEYS;
	for (tt_view next = *rest; next.size;) {
		const tt_view line = trim(take_line(&next));
		if (line.size && line.data[0] != '#') {
			break;
		}
		TT_TRY(read_line(self, line, &key));
		*rest = next;
	}
	return read_parameter(self);
}

static tt_status take_head(head_reader *self, tt_question *question)
{
	const char **const texts[N_KEYS] = {[KEY_TITLE] = &question->title,
	                                    [KEY_QUESTION] = &question->text,
	                                    [KEY_GROUP] = &question->group,
	                                    [KEY_RESTS_ON] = &question->rests_on};
	for (size_t key = 0; key < N_KEYS; ++key) {
		if (texts[key]) {
			TT_TRY(keep(self->arena, tt_buffer_view(&self->texts[key]), texts[key]));
		}
	}
	const tt_view expectation = tt_buffer_view(&self->texts[KEY_EXPECT]);
	if (expectation.size && !tt_view_equal(expectation, TT_VIEW("empty"))) {
		return tt_fail_at(self->arena->ctx, TT_SYNTAX, self->path, 0, 0,
		                  "\"expect:\" can be followed by empty, not by %.*s", TT_VIEW_ARG(expectation));
	}
	question->may_be_empty = expectation.size > 0;
	question->title = question->title[0] ? question->title : question->name;
	question->parameters = self->parameters;
	question->n_parameters = self->n_parameters;
	return TT_OK;
}

/* ---- files -------------------------------------------------------------------------------------- */

static unsigned number_of(const char *name)
{
	const char *const digits = name + strcspn(name, "0123456789-");
	const unsigned long number = strtoul(digits, NULL, 10);
	return number <= MOST_NUMBER ? (unsigned)number : 0;
}

/* The name of a file without folder and extension. */
static tt_view stem_of(const char *path)
{
	const char *const slash = strrchr(path, '/');
	const char *const name = slash ? slash + 1 : path;
	const char *const dot = strrchr(name, '.');
	return (tt_view){name, dot && dot > name ? (size_t)(dot - name) : strlen(name)};
}

/* The file beside a question that holds its answer. */
static tt_status find_expected(tt_arena *arena, tt_question *question)
{
	static const char *const extensions[] = {".tsv", ".csv", ".ttl", ".nt"};
	const tt_view stem = stem_of(question->path);
	const size_t n_stem = (size_t)(stem.data - question->path) + stem.size;
	char *const path = tt_arena_alloc(arena, n_stem + sizeof ".tsv");
	if (!path) {
		return arena->ctx->error.status;
	}
	for (size_t i = 0; i < sizeof extensions / sizeof *extensions && !question->expected; ++i) {
		(void)snprintf(path, n_stem + sizeof ".tsv", "%.*s%s", (int)n_stem, question->path, extensions[i]);
		question->expected = access(path, F_OK) == 0 ? path : NULL;
	}
	return TT_OK;
}

static tt_status read_question(tt_questions *questions, const char *path)
{
	tt_arena *const arena = &questions->arena;
	TT_TRY(tt_arena_grow(arena, (void **)&questions->items, &questions->n_capacity, questions->n_items,
	                     sizeof *questions->items));
	tt_question *const question = &questions->items[questions->n_items++];
	*question = (tt_question){.name = NULL};
	TT_TRY(keep(arena, stem_of(path), &question->name));
	TT_TRY(keep(arena, tt_view_of(path), &question->path));
	TT_TRY(tt_question_read_file(arena, path, &question->query));
	question->number = number_of(question->name);
	TT_TRY(find_expected(arena, question));

	head_reader head = {.arena = arena, .path = question->path};
	for (size_t key = 0; key < N_KEYS; ++key) {
		tt_buffer_init(&head.texts[key], arena->ctx);
	}
	question->body = question->query;
	tt_status status = read_head(&head, &question->body);
	status = status ? status : take_head(&head, question);
	question->body = trim(question->body);
	for (size_t key = 0; key < N_KEYS; ++key) {
		tt_buffer_clear(&head.texts[key]);
	}
	return status;
}

static int compare_questions(const void *a, const void *b)
{
	const tt_question *const one = a;
	const tt_question *const other = b;
	const unsigned number = one->number - 1; /* those without a number come last */
	const unsigned other_number = other->number - 1;
	return number != other_number ? (number < other_number ? -1 : 1) : strcmp(one->name, other->name);
}

/* Questions without any numbers are numbered by their place. */
static void put_in_order(tt_questions *questions)
{
	qsort(questions->items, questions->n_items, sizeof *questions->items, compare_questions);
	const bool has_numbers = questions->items[0].number > 0;
	questions->is_numbered = questions->items[questions->n_items - 1].number > 0;
	for (size_t i = 0; i < questions->n_items && !has_numbers; ++i) {
		questions->items[i].number = (unsigned)i + 1;
	}
}

static int is_question(const struct dirent *entry)
{
	const size_t n = strlen(entry->d_name);
	return n > 3 && entry->d_name[0] != '.' && strcmp(entry->d_name + n - 3, ".rq") == 0;
}

static tt_status read_entry(tt_questions *questions, const char *folder, const char *name)
{
	tt_buffer path;
	tt_buffer_init(&path, &questions->ctx);
	tt_status status = tt_buffer_printf(&path, "%s/%s", folder, name);
	status = status ? status : tt_buffer_terminate(&path);
	status = status ? status : read_question(questions, path.data);
	tt_buffer_clear(&path);
	return status;
}

static tt_status read_folder(tt_questions *questions, const char *folder)
{
	struct dirent **entries = NULL;
	const int n = scandir(folder, &entries, is_question, alphasort);
	tt_status status = TT_OK;
	if (n < 0) {
		return tt_fail(&questions->ctx, TT_IO, "cannot read %s: %s", folder, strerror(errno));
	}
	for (int i = 0; i < n; ++i) {
		status = status ? status : read_entry(questions, folder, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	if (status == TT_OK && !n) {
		return tt_fail(&questions->ctx, TT_NOT_FOUND, "there are no questions, files *.rq, in %s", folder);
	}
	if (status == TT_OK) {
		put_in_order(questions);
	}
	return status;
}

tt_status tt_questions_read(const char *path, tt_questions **out_questions)
{
	tt_ctx self;
	tt_ctx_init(&self);
	tt_questions *const questions = tt_calloc(&self, 1, sizeof *questions);
	*out_questions = questions;
	if (!questions) {
		return TT_NO_MEMORY;
	}
	questions->self = self;
	tt_ctx_init(&questions->ctx);
	tt_arena_init(&questions->arena, &questions->ctx);
	struct stat about;
	if (stat(path, &about) != 0) {
		return tt_fail(&questions->ctx, errno == ENOENT ? TT_NOT_FOUND : TT_IO, "cannot open %s: %s", path,
		               strerror(errno));
	}
	return S_ISDIR(about.st_mode) ? read_folder(questions, path) : read_question(questions, path);
}

void tt_questions_free(tt_questions *questions)
{
	if (questions) {
		tt_arena_clear(&questions->arena);
		tt_ctx self = questions->self;
		tt_free(&self, questions);
	}
}

const tt_error *tt_questions_error(const tt_questions *questions)
{
	return &questions->ctx.error;
}

const tt_question *tt_questions_get(const tt_questions *questions, size_t n_th)
{
	return n_th < questions->n_items ? &questions->items[n_th] : NULL;
}
