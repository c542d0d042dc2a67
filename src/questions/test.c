/* test.c - questions as tests: the answer that is there beside the one that is expected. */
#include "questions/questions.h"

#include "engine/engine.h"
#include "questions/result_set.h"
#include "rdf/write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SHOWN_ROWS = 10 };

/** What may be spent on finding out why an answer is empty. */
static const double most_seconds = 5;

/** A question that is being tested. */
typedef struct trial {
	tt_db *db;
	const tt_question *question;
	tt_query_options options;
	tt_note_fn note;
	void *note_user;
	tt_ctx ctx;
	tt_arena arena;
	tt_buffer line;
	tt_result_set actual;
} trial;

static void tell(const trial *self, const char *line)
{
	if (self->note) {
		self->note(self->note_user, line);
	}
}

/* ---- notes ---------------------------------------------------------------------------------------- */

static void note_error(trial *self, const tt_error *error)
{
	char line[sizeof error->text + 400];
	int n = error->file[0] ? snprintf(line, sizeof line, "%s:", error->file) : 0;
	if (error->line && n >= 0) {
		n += snprintf(line + n, sizeof line - (size_t)n, "%zu:", error->line);
	}
	if (error->column && n >= 0) {
		n += snprintf(line + n, sizeof line - (size_t)n, "%zu:", error->column);
	}
	(void)snprintf(line + n, sizeof line - (size_t)n, "%s%s", n ? " " : "", error->text);
	tell(self, line);
}

static tt_status note_row(trial *self, const tt_result_set *set, const tt_term *row)
{
	tt_buffer *const line = &self->line;
	const char *before = "  - {";
	tt_buffer_reset(line);
	for (size_t i = 0; i < set->n_columns; ++i) {
		if (row[i].kind != TT_TERM_NONE) {
			TT_TRY(tt_buffer_printf(line, "%s%.*s: ", before, TT_VIEW_ARG(set->columns[i])));
			TT_TRY(tt_write_turtle_term(line, &row[i], &self->db->prefixes));
			before = ", ";
		}
	}
	TT_TRY(tt_buffer_append(line, before[0] == ',' ? TT_VIEW("}") : TT_VIEW("  - {}")));
	TT_TRY(tt_buffer_terminate(line));
	tell(self, line->data);
	return TT_OK;
}

static tt_status note_rows(trial *self, const char *name, const tt_result_set *set, const tt_term *const *rows,
                           size_t n)
{
	char line[80];
	if (n) {
		(void)snprintf(line, sizeof line, "%s:", name);
		tell(self, line);
	}
	for (size_t i = 0; i < n && i < SHOWN_ROWS; ++i) {
		TT_TRY(note_row(self, set, rows[i]));
	}
	if (n > SHOWN_ROWS) {
		(void)snprintf(line, sizeof line, "  - %zu more", n - SHOWN_ROWS);
		tell(self, line);
	}
	return TT_OK;
}

static tt_status note_columns(trial *self, const char *name, const tt_result_set *set)
{
	tt_buffer_reset(&self->line);
	TT_TRY(tt_buffer_printf(&self->line, "%s columns:", name));
	for (size_t i = 0; i < set->n_columns; ++i) {
		TT_TRY(tt_buffer_printf(&self->line, " ?%.*s", TT_VIEW_ARG(set->columns[i])));
	}
	TT_TRY(tt_buffer_terminate(&self->line));
	tell(self, self->line.data);
	return TT_OK;
}

/* ---- comparing ------------------------------------------------------------------------------------ */

static bool is_empty(const tt_result_set *set)
{
	return set->kind == TT_RESULTS_BOOLEAN ? !set->boolean : !set->n_rows;
}

/* Whether the query says in which order its rows come. */
static tt_status find_order(trial *self, bool *out_is_ordered)
{
	tt_parse_options parsing;
	tt_ast *ast = NULL;
	TT_TRY(tt_db_parse_options(self->db, &self->ctx, &self->options, &parsing));
	parsing.warn = NULL;
	parsing.refuses_warnings = false;
	parsing.n_bindings = 0;
	TT_TRY(tt_parse_query(&self->arena, self->question->query, &parsing, &ast));
	*out_is_ordered = ast->query->order_by != NULL;
	return TT_OK;
}

static tt_status compare_rows(trial *self, tt_result_set *expected, bool *out_is_equal)
{
	tt_result_set *const actual = &self->actual;
	tt_difference difference;
	bool is_ordered = false;
	const tt_status aligned = tt_result_set_align(&self->arena, actual, expected);
	if (aligned == TT_NOT_FOUND) {
		TT_TRY(note_columns(self, "expected", expected));
		return note_columns(self, "got", actual);
	}
	TT_TRY(aligned);
	TT_TRY(find_order(self, &is_ordered));
	if (expected->is_untyped) {
		tt_result_set_untype(actual);
	}
	TT_TRY(tt_result_set_compare(&self->arena, expected, actual, is_ordered, &difference));
	*out_is_equal = difference.is_equal;
	if (difference.is_order) {
		tell(self, "the rows are the ones expected, but in another order");
	}
	if (difference.is_blanks) {
		tell(self, "the rows are the ones expected, but blank nodes are shared in another way");
	}
	TT_TRY(note_rows(self, "missing", expected, difference.missing, difference.n_missing));
	return note_rows(self, "extra", actual, difference.extra, difference.n_extra);
}

static tt_status compare(trial *self, bool *out_is_equal)
{
	static const char *const kinds[] = {
	    [TT_RESULTS_ROWS] = "rows", [TT_RESULTS_BOOLEAN] = "true or false", [TT_RESULTS_TRIPLES] = "triples"};
	const tt_result_set *const actual = &self->actual;
	tt_result_set expected;
	*out_is_equal = false;
	if (!self->question->expected) {
		*out_is_equal = is_empty(actual);
		return *out_is_equal ? TT_OK
		                     : note_rows(self, "extra", actual, (const tt_term *const *)actual->rows, actual->n_rows);
	}
	TT_TRY(tt_result_set_read(&self->arena, self->question->expected, &expected));
	if (expected.kind != actual->kind) {
		char line[80];
		(void)snprintf(line, sizeof line, "expected %s, got %s", kinds[expected.kind], kinds[actual->kind]);
		tell(self, line);
		return TT_OK;
	}
	if (expected.kind == TT_RESULTS_BOOLEAN) {
		*out_is_equal = expected.boolean == actual->boolean;
		if (!*out_is_equal) {
			tell(self, expected.boolean ? "expected true, got false" : "expected false, got true");
		}
		return TT_OK;
	}
	return compare_rows(self, &expected, out_is_equal);
}

/* ---- one question ---------------------------------------------------------------------------------- */

static tt_status ask(trial *self, const tt_query_options *options)
{
	tt_results *results = NULL;
	tt_ctx_clear_error(&self->db->ctx);
	TT_TRY(tt_question_options(&self->arena, self->db, self->question, options, &self->options));
	TT_TRY(tt_db_query(self->db, self->question->query, &self->options, &results));
	const tt_status status = tt_result_set_fetch(&self->arena, results, &self->actual);
	tt_results_free(results);
	return status;
}

/* What went wrong, on this side or on that of the database. */
static const tt_error *find_error(const trial *self)
{
	return self->ctx.error.status ? &self->ctx.error : tt_db_error(self->db);
}

static tt_status note_suggestion(trial *self, const tt_empty_suggestion *suggestion)
{
	tt_buffer_reset(&self->line);
	TT_TRY(tt_buffer_printf(&self->line, "  try %s", suggestion->text));
	TT_TRY(tt_buffer_terminate(&self->line));
	tell(self, self->line.data);
	return TT_OK;
}

/* Why there is no answer: the parts without a match, and what would match. */
static tt_status note_empty(trial *self, const tt_empty *empty)
{
	if (empty->kind == TT_EMPTY_NO_MATCH_POSSIBLE) {
		tell(self, "there is no answer since nothing in these data can match:");
	}
	for (size_t i = 0; i < empty->n_findings; ++i) {
		const tt_empty_finding *const finding = &empty->findings[i];
		note_error(self, &finding->message);
		TT_TRY(finding->n_suggestions ? note_suggestion(self, &finding->suggestions[0]) : TT_OK);
	}
	return TT_OK;
}

/* An answer that is empty: whether that is due to the query, and not to what the data say. It is told if it is, and if
 * there should be an answer. */
static tt_status examine_empty(trial *self, bool is_expected, bool *out_is_fault)
{
	tt_empty *empty = NULL;
	tt_query_options options = self->options;
	options.timeout_seconds = most_seconds;
	TT_TRY(tt_db_why_empty(self->db, self->question->query, &options, &empty));
	*out_is_fault = empty->kind == TT_EMPTY_NO_MATCH_POSSIBLE;
	const tt_status status = *out_is_fault || !is_expected ? note_empty(self, empty) : TT_OK;
	tt_empty_free(empty);
	return status;
}

static tt_status judge(trial *self, const tt_query_options *options, tt_test_verdict *out)
{
	bool is_equal = false;
	bool is_fault = false;
	TT_TRY(ask(self, options));
	if (!self->question->expected && !self->question->may_be_empty) {
		*out = TT_TEST_SKIPPED;
		return TT_OK;
	}
	TT_TRY(compare(self, &is_equal));
	if (is_empty(&self->actual) && !self->question->may_be_empty) {
		TT_TRY(examine_empty(self, is_equal, &is_fault));
	}
	*out = is_equal && !is_fault ? TT_TEST_PASSED : TT_TEST_FAILED;
	return TT_OK;
}

static void begin(trial *self)
{
	tt_ctx_init(&self->ctx);
	self->ctx.cancel = self->db->ctx.cancel;
	tt_arena_init(&self->arena, &self->ctx);
	tt_buffer_init(&self->line, &self->ctx);
}

static void end(trial *self)
{
	tt_buffer_clear(&self->line);
	tt_arena_clear(&self->arena);
}

tt_status tt_question_test(tt_db *db, const tt_question *question, const tt_query_options *options, tt_note_fn note,
                           void *note_user, tt_test_verdict *out_verdict)
{
	trial self = {.db = db, .question = question, .note = note, .note_user = note_user};
	begin(&self);
	tt_status status = judge(&self, options, out_verdict);
	const bool is_ours = status != TT_CANCELLED && status != TT_NO_MEMORY && status != TT_INTERNAL;
	if (status != TT_OK && is_ours) {
		note_error(&self, find_error(&self));
		*out_verdict = TT_TEST_FAILED;
		status = TT_OK;
	} else if (status != TT_OK && self.ctx.error.status) {
		status = tt_db_failed(db, &self.ctx);
	}
	end(&self);
	return status;
}

/* ---- keeping the answer ----------------------------------------------------------------------------- */

static const struct {
	const char *extension;
	tt_format format;
	bool is_graph;
} keepers[] = {{".tsv", TT_FORMAT_TSV, false},
               {".csv", TT_FORMAT_CSV, false},
               {".nt", TT_FORMAT_NTRIPLES, true},
               {".ttl", TT_FORMAT_TURTLE, true}};
enum { N_KEEPERS = sizeof keepers / sizeof *keepers };

/* The file that is there, if it can hold the answer; else the first extension that can. */
static tt_status choose_file(trial *self, bool is_graph, size_t *out_keeper, const char **out_path)
{
	const char *const path = self->question->path;
	const char *const expected = self->question->expected;
	const char *const old = expected ? strrchr(expected, '.') : "";
	size_t chosen = N_KEEPERS;
	for (size_t i = 0; i < N_KEEPERS; ++i) {
		const bool is_there = strcmp(old, keepers[i].extension) == 0;
		chosen = keepers[i].is_graph == is_graph && (chosen == N_KEEPERS || is_there) ? i : chosen;
	}
	*out_keeper = chosen;
	const char *const dot = strrchr(path, '.');
	const size_t n_stem = dot && !strchr(dot, '/') ? (size_t)(dot - path) : strlen(path);
	tt_buffer_reset(&self->line);
	TT_TRY(tt_buffer_printf(&self->line, "%.*s%s", (int)n_stem, path, keepers[chosen].extension));
	*out_path = tt_arena_strndup(&self->arena, self->line.data, self->line.size);
	return *out_path ? TT_OK : self->ctx.error.status;
}

static tt_status fail_file(trial *self, const char *what, const char *path)
{
	return tt_fail(&self->ctx, errno == ENOSPC ? TT_NO_SPACE : TT_IO, "cannot %s %s: %s", what, path, strerror(errno));
}

static tt_status write_answer(trial *self, tt_results *results, tt_format format, int fd, const char *path)
{
	if (tt_results_get_kind(results) != TT_RESULTS_BOOLEAN) {
		return tt_results_write(results, &(tt_write_options){.format = format}, fd, NULL);
	}
	const char *const word = tt_results_boolean(results) ? "true\n" : "false\n";
	return write(fd, word, strlen(word)) == (ssize_t)strlen(word) ? TT_OK : fail_file(self, "write", path);
}

/* Beside the file first, which is then replaced in one step. */
static tt_status write_file(trial *self, tt_results *results, tt_format format, const char *path)
{
	tt_buffer_reset(&self->line);
	TT_TRY(tt_buffer_printf(&self->line, "%s.XXXXXX", path));
	TT_TRY(tt_buffer_terminate(&self->line));
	const char *const temporary = self->line.data;
	const int fd = mkostemp(self->line.data, O_CLOEXEC);
	if (fd < 0) {
		return fail_file(self, "write", path);
	}
	const mode_t mask = umask(0);
	(void)umask(mask);
	(void)fchmod(fd, 0666 & ~mask);
	tt_status status = write_answer(self, results, format, fd, path);
	if (close(fd) != 0 && status == TT_OK) {
		status = fail_file(self, "write", path);
	}
	if (status == TT_OK && rename(temporary, path) != 0) {
		status = fail_file(self, "replace", path);
	}
	if (status != TT_OK) {
		(void)unlink(temporary);
	}
	return status;
}

static tt_status keep(trial *self, tt_results *results)
{
	size_t keeper = 0;
	const char *path = NULL;
	const char *const expected = self->question->expected;
	TT_TRY(choose_file(self, tt_results_get_kind(results) == TT_RESULTS_TRIPLES, &keeper, &path));
	TT_TRY(write_file(self, results, keepers[keeper].format, path));
	if (expected && strcmp(expected, path) != 0 && unlink(expected) != 0) {
		return fail_file(self, "remove", expected); /* it was for another kind of answer */
	}
	return TT_OK;
}

tt_status tt_question_keep(tt_db *db, const tt_question *question, const tt_query_options *options)
{
	trial self = {.db = db, .question = question};
	tt_results *results = NULL;
	begin(&self);
	tt_status status = tt_question_ask(db, question, options, &results);
	status = status ? status : keep(&self, results);
	tt_results_free(results);
	if (status != TT_OK && self.ctx.error.status) {
		status = tt_db_failed(db, &self.ctx);
	}
	end(&self);
	return status;
}
