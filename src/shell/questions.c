/* questions.c - the questions of the study, or of a folder. */
#include "shell/questions.h"

#include "shell/console.h"
#include "shell/pager.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- opening ----------------------------------------------------------------------------------------- */

char *tt_study_questions(void)
{
	char *const folder = tt_study_folder();
	char *questions = NULL;
	if (folder && asprintf(&questions, "%s/data/questions", folder) < 0) {
		(void)tt_must(NULL);
	}
	free(folder);
	return questions;
}

int tt_shell_open_questions(const char *path, tt_questions **out_questions)
{
	char *const of_study = path ? NULL : tt_study_questions();
	*out_questions = NULL;
	if (!path && !of_study) {
		tt_complain("there are no questions: the study's folder data/questions is not found");
		return TT_EXIT_ERROR;
	}
	int status = TT_EXIT_OK;
	if (tt_questions_read(path ? path : of_study, out_questions) != TT_OK) {
		status = tt_complain_error(*out_questions ? tt_questions_error(*out_questions) : NULL);
		tt_questions_free(*out_questions);
		*out_questions = NULL;
	}
	free(of_study);
	return status;
}

int tt_shell_find_question(tt_questions *questions, const char *which, const tt_question **out_question)
{
	return tt_questions_find(questions, which, out_question) == TT_OK
	           ? TT_EXIT_OK
	           : tt_complain_error(tt_questions_error(questions));
}

/* ---- showing ------------------------------------------------------------------------------------------ */

/* Words in lines of at most 78 columns. */
static void print_wrapped(tt_view text, FILE *stream)
{
	size_t n_line = 0;
	while (text.size) {
		const char *const space = memchr(text.data, ' ', text.size);
		const size_t n_word = space ? (size_t)(space - text.data) : text.size;
		if (n_line && n_line + 1 + n_word > 78) {
			(void)fputc('\n', stream);
			n_line = 0;
		}
		(void)fprintf(stream, "%s%.*s", n_line ? " " : "", (int)n_word, text.data);
		n_line += n_word + (n_line > 0);
		text = tt_text_trim((tt_view){text.data + n_word, text.size - n_word});
	}
	(void)fputc('\n', stream);
}

/* Which value a parameter has. */
static const char *value_of(const tt_bindings *bindings, const char *name)
{
	for (size_t i = 0; i < bindings->n_items; ++i) {
		if (strcmp(bindings->items[i].variable, name) == 0) {
			return bindings->items[i].value;
		}
	}
	return NULL;
}

void tt_shell_print_question(const tt_question *question, const tt_bindings *bindings, FILE *stream)
{
	print_wrapped(tt_text_of(question->text[0] ? question->text : question->title), stream);
	for (size_t i = 0; i < question->n_parameters; ++i) {
		const tt_parameter *const parameter = &question->parameters[i];
		const char *const value = value_of(bindings, parameter->name);
		(void)fprintf(stream, "  ?%s%s%s%s%s%s\n", parameter->name, value ? " = " : "", value ? value : "",
		              parameter->description[0] ? "  (" : "", parameter->description,
		              parameter->description[0] ? ")" : "");
	}
}

void tt_shell_list_questions(tt_shell *shell, const char *folder)
{
	tt_questions *questions = NULL;
	int status = tt_shell_open_questions(folder ? folder : shell->questions, &questions);
	if (status == TT_EXIT_OK && folder) {
		free(shell->questions);
		shell->questions = tt_must(strdup(folder));
	}
	if (status == TT_EXIT_OK) {
		const bool is_terminal = isatty(STDOUT_FILENO);
		const tt_write_options options = {.format = TT_FORMAT_TABLE,
		                                  .n_width = tt_console_width(STDOUT_FILENO),
		                                  .is_utf8 = is_terminal && tt_console_is_utf8()};
		(void)tt_flush_output();
		const int fd = shell->options.is_paged ? tt_pager_begin() : STDOUT_FILENO;
		if (tt_questions_write(questions, &options, fd) != TT_OK) {
			status = tt_complain_error(tt_questions_error(questions));
		}
		tt_pager_end(fd);
		printf(".ask NAME asks one of them.%s\n",
		       shell->is_study || shell->questions ? "" : " They are about the study; other data are opened here.");
	}
	shell->status = status == TT_EXIT_OK ? shell->status : status;
	tt_questions_free(questions);
}

/* ---- asking ------------------------------------------------------------------------------------------- */

static int take_values(tt_bindings *bindings, size_t n_values, char *const *values)
{
	for (size_t i = 0; i < n_values; ++i) {
		if (!tt_bindings_read(bindings, values[i])) {
			tt_complain(".ask takes VARIABLE=VALUE, not %s", values[i]);
			return TT_EXIT_ERROR;
		}
	}
	return TT_EXIT_OK;
}

/* With the bindings of the shell, which stay for what is asked about its last query. */
static void ask(tt_shell *shell, const tt_question *question)
{
	tt_shell_print_question(question, &shell->bindings, stdout);
	printf("\n%.*s\n\n", (int)question->body.size, question->body.data);
	tt_text_reset(&shell->last);
	tt_text_append(&shell->last, question->query);
	shell->options.query.bindings = shell->bindings.items;
	shell->options.query.n_bindings = shell->bindings.n_items;
	tt_shell_ask(shell, tt_text_view(&shell->last));
}

void tt_shell_ask_question(tt_shell *shell, const char *which, size_t n_values, char *const *values)
{
	tt_questions *questions = NULL;
	const tt_question *question = NULL;
	tt_bindings_clear(&shell->bindings);
	shell->options.query.n_bindings = 0;
	int status = take_values(&shell->bindings, n_values, values);
	status = status == TT_EXIT_OK ? tt_shell_open_questions(shell->questions, &questions) : status;
	status = status == TT_EXIT_OK ? tt_shell_find_question(questions, which, &question) : status;
	status = status == TT_EXIT_OK ? tt_bindings_complete(&shell->bindings, shell->db, question) : status;
	if (status == TT_EXIT_OK) {
		ask(shell, question);
	} else {
		shell->status = status;
	}
	tt_questions_free(questions);
}
