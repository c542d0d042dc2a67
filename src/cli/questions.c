/* questions.c - `tertium questions`, `tertium ask` and `tertium test`. */
#include "cli/cli.h"

#include "shell/console.h"
#include "shell/questions.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- questions ------------------------------------------------------------------------------------------ */

int tt_cli_questions(const tt_arguments *arguments)
{
	tt_questions *questions = NULL;
	int status = tt_shell_open_questions(arguments->n_operands ? arguments->operands[0] : NULL, &questions);
	if (status != TT_EXIT_OK) {
		return status;
	}
	const tt_write_options options = {.format = arguments->format ? arguments->format : TT_FORMAT_TABLE,
	                                  .n_width = tt_console_width(STDOUT_FILENO),
	                                  .is_utf8 = isatty(STDOUT_FILENO) && tt_console_is_utf8()};
	if (tt_questions_write(questions, &options, STDOUT_FILENO) != TT_OK) {
		status = tt_complain_error(tt_questions_error(questions));
	}
	tt_questions_free(questions);
	return status;
}

/* ---- ask ------------------------------------------------------------------------------------------------ */

static int ask(tt_db *db, const tt_arguments *arguments, const tt_question *question, bool is_study)
{
	tt_bindings bindings = {0};
	for (size_t i = 0; i < arguments->bindings.n_items; ++i) {
		tt_bindings_add(&bindings, &arguments->bindings.items[i]);
	}
	int status = tt_bindings_complete(&bindings, db, question);
	if (status == TT_EXIT_OK) {
		tt_answer_options options = {.query = tt_cli_query_options(arguments),
		                             .format = arguments->format,
		                             .is_explained = arguments->is_explained || arguments->is_profiled,
		                             .how_empty = isatty(STDERR_FILENO) ? "--why-empty" : NULL,
		                             .is_ask_status = arguments->is_ask_status};
		options.query.source_name = question->path;
		options.query.is_union_default_graph = arguments->is_union_default_graph || is_study;
		options.query.bindings = bindings.items;
		options.query.n_bindings = bindings.n_items;
		if (isatty(STDOUT_FILENO) && !arguments->format) {
			tt_shell_print_question(question, &bindings, stdout);
		}
		status = tt_cli_answer(db, arguments, question->query, &options);
	}
	tt_bindings_clear(&bindings);
	return status;
}

int tt_cli_ask(const tt_arguments *arguments)
{
	const tt_data_choice choice = tt_cli_data(arguments);
	tt_questions *questions = NULL;
	const tt_question *question = NULL;
	tt_db *db = NULL;
	int status = tt_shell_open_questions(arguments->questions, &questions);
	status = status == TT_EXIT_OK ? tt_shell_find_question(questions, arguments->operands[0], &question) : status;
	status = status == TT_EXIT_OK ? tt_data_open(&choice, TT_OPEN_READ, &db) : status;
	status = status == TT_EXIT_OK ? ask(db, arguments, question, tt_data_is_study(&choice)) : status;
	tt_db_close(db);
	tt_questions_free(questions);
	return status;
}

/* ---- test ----------------------------------------------------------------------------------------------- */

/** Notes, which are printed behind the verdict. */
static void gather_note(void *user, const char *line)
{
	tt_text *const notes = user;
	tt_text_append(notes, tt_text_of("# "));
	tt_text_append(notes, tt_text_of(line));
	tt_text_append(notes, tt_text_of("\n"));
}

/* A # in a title would begin a directive of TAP. */
static void print_title(const tt_question *question)
{
	printf("%s", question->name);
	if (strcmp(question->title, question->name) != 0) {
		printf(": ");
		for (const char *c = question->title; *c; ++c) {
			printf(*c == '#' ? "\\#" : "%c", *c);
		}
	}
}

static int keep(tt_db *db, const tt_question *question, const tt_query_options *options, tt_text *notes)
{
	if (tt_question_keep(db, question, options) != TT_OK) {
		return tt_complain_db(db);
	}
	tt_text_reset(notes);
	gather_note(notes, "written: this answer is expected from now on");
	return TT_EXIT_OK;
}

/* @param io_status TT_EXIT_FALSE if the question fails. */
static int test_question(tt_db *db, const tt_question *question, const tt_query_options *options, bool is_keeping,
                         size_t number, int *io_status)
{
	tt_text notes = {0};
	tt_test_verdict verdict = TT_TEST_FAILED;
	if (tt_question_test(db, question, options, gather_note, &notes, &verdict) != TT_OK) {
		tt_text_free(&notes);
		return tt_complain_db(db);
	}
	int status = TT_EXIT_OK;
	if (is_keeping && verdict != TT_TEST_PASSED) {
		status = keep(db, question, options, &notes);
		verdict = status == TT_EXIT_OK ? TT_TEST_PASSED : TT_TEST_FAILED;
	}
	printf("%sok %zu - ", verdict == TT_TEST_FAILED ? "not " : "", number);
	print_title(question);
	printf("%s\n%s", verdict == TT_TEST_SKIPPED ? " # SKIP no answer is expected" : "", notes.size ? notes.data : "");
	(void)tt_flush_output();
	*io_status = verdict == TT_TEST_FAILED ? TT_EXIT_FALSE : *io_status;
	tt_text_free(&notes);
	return status;
}

static size_t count(const tt_questions *questions)
{
	size_t n = 0;
	while (tt_questions_get(questions, n)) {
		++n;
	}
	return n;
}

static int test_all(tt_db *db, const tt_questions *questions, const tt_arguments *arguments, bool is_study)
{
	tt_query_options options = tt_cli_query_options(arguments);
	options.warn = NULL;
	options.is_union_default_graph = arguments->is_union_default_graph || is_study;
	int verdict = TT_EXIT_OK;
	int status = TT_EXIT_OK;
	const size_t n = count(questions);
	printf("TAP version 13\n1..%zu\n", n);
	for (size_t i = 0; i < n && status == TT_EXIT_OK; ++i) {
		status = test_question(db, tt_questions_get(questions, i), &options, arguments->is_keeping, i + 1, &verdict);
	}
	if (status != TT_EXIT_OK) {
		printf("Bail out!\n");
	}
	return status == TT_EXIT_OK ? verdict : status;
}

int tt_cli_test(const tt_arguments *arguments)
{
	const tt_data_choice choice = tt_cli_data(arguments);
	tt_questions *questions = NULL;
	tt_db *db = NULL;
	int status = tt_shell_open_questions(arguments->n_operands ? arguments->operands[0] : NULL, &questions);
	status = status == TT_EXIT_OK ? tt_data_open(&choice, TT_OPEN_READ, &db) : status;
	status = status == TT_EXIT_OK ? test_all(db, questions, arguments, tt_data_is_study(&choice)) : status;
	tt_db_close(db);
	tt_questions_free(questions);
	return status;
}
