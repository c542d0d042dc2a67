/* list.c - questions as rows. */
#include "questions/questions.h"

#include "rdf/term.h"
#include "result/result.h"

#include <stdio.h>

/** One column of the list; the first ones are those of the table. */
typedef enum column {
	COLUMN_NUMBER,
	COLUMN_NAME,
	COLUMN_GROUP,
	COLUMN_TITLE,
	N_SHORT,
	COLUMN_QUESTION = N_SHORT,
	COLUMN_PARAMETERS,
	COLUMN_RESTS_ON,
	COLUMN_EXPECTED,
	N_COLUMNS
} column;

static const tt_view names[N_COLUMNS] = {
    [COLUMN_NUMBER] = {"number", 6},    [COLUMN_NAME] = {"name", 4},         [COLUMN_GROUP] = {"group", 5},
    [COLUMN_TITLE] = {"title", 5},      [COLUMN_QUESTION] = {"question", 8}, [COLUMN_PARAMETERS] = {"parameters", 10},
    [COLUMN_RESTS_ON] = {"restsOn", 7}, [COLUMN_EXPECTED] = {"expected", 8}};

typedef struct lister {
	tt_questions *questions;
	size_t next;
	tt_buffer parameters;
	char number[16];
	tt_term row[N_COLUMNS];
} lister;

/* `?body = study:RATS, ?partner` */
static tt_status print_parameters(tt_buffer *out, const tt_question *question)
{
	tt_buffer_reset(out);
	for (size_t i = 0; i < question->n_parameters; ++i) {
		const tt_parameter *const parameter = &question->parameters[i];
		TT_TRY(tt_buffer_printf(out, "%s?%s%s%s", i ? ", " : "", parameter->name, parameter->value ? " = " : "",
		                        parameter->value ? parameter->value : ""));
	}
	return TT_OK;
}

static tt_status next_question(void *user, const tt_term **out_row)
{
	lister *const self = user;
	const tt_question *const question = tt_questions_get(self->questions, self->next++);
	*out_row = question ? self->row : NULL;
	if (!question) {
		return TT_OK;
	}
	TT_TRY(print_parameters(&self->parameters, question));
	(void)snprintf(self->number, sizeof self->number, "%u", question->number);
	const char *const texts[N_COLUMNS] = {
	    [COLUMN_NAME] = question->name,         [COLUMN_GROUP] = question->group,
	    [COLUMN_TITLE] = question->title,       [COLUMN_QUESTION] = question->text,
	    [COLUMN_RESTS_ON] = question->rests_on, [COLUMN_EXPECTED] = question->expected};
	for (size_t i = 0; i < N_COLUMNS; ++i) {
		const tt_view text = i == COLUMN_PARAMETERS ? tt_buffer_view(&self->parameters) : tt_view_of(texts[i]);
		self->row[i] = text.size ? tt_term_string(text) : (tt_term){.kind = TT_TERM_NONE};
	}
	self->row[COLUMN_NUMBER] = !question->number
	                               ? (tt_term){.kind = TT_TERM_NONE}
	                               : tt_term_typed(tt_view_of(self->number), tt_vocab_iri(TT_VOCAB_XSD_INTEGER));
	return TT_OK;
}

tt_status tt_questions_write(tt_questions *questions, const tt_write_options *options, int fd)
{
	lister self = {.questions = questions};
	tt_buffer_init(&self.parameters, &questions->ctx);
	tt_cursor cursor = {.user = &self,
	                    .kind = TT_RESULTS_ROWS,
	                    .n_columns = options->format == TT_FORMAT_TABLE ? N_SHORT : N_COLUMNS,
	                    .columns = names,
	                    .next = next_question};
	const tt_result_style style = {.n_width = options->n_width, .is_utf8 = options->is_utf8};
	tt_output output;
	uint64_t n_rows = 0;
	tt_output_init(&output, &questions->ctx, fd);
	tt_status status = tt_result_write(&cursor, options->format, &style, &output, &n_rows);
	status = status ? status : tt_output_flush(&output);
	tt_output_clear(&output);
	tt_buffer_clear(&self.parameters);
	return status;
}
