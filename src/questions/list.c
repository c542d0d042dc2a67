/* list.c - questions as rows. */
#include "questions/questions.h"

#include "rdf/term.h"
#include "result/result.h"

#include <stdio.h>

/** What a question has to tell. */
typedef enum column {
	COLUMN_NUMBER,
	COLUMN_NAME,
	COLUMN_GROUP,
	COLUMN_TITLE,
	COLUMN_QUESTION,
	COLUMN_PARAMETERS,
	COLUMN_RESTS_ON,
	COLUMN_EXPECTED,
	COLUMN_ASKED_WITH, /* the parameters without their values */
	N_COLUMNS
} column;

static const tt_view names[N_COLUMNS] = {
    [COLUMN_NUMBER] = {"number", 6},    [COLUMN_NAME] = {"name", 4},         [COLUMN_GROUP] = {"group", 5},
    [COLUMN_TITLE] = {"title", 5},      [COLUMN_QUESTION] = {"question", 8}, [COLUMN_PARAMETERS] = {"parameters", 10},
    [COLUMN_RESTS_ON] = {"restsOn", 7}, [COLUMN_EXPECTED] = {"expected", 8}, [COLUMN_ASKED_WITH] = {"parameters", 10}};

/** Which columns are shown: to read, by numbers if the names have them, else by names; and to scripts. */
typedef struct layout {
	column columns[N_COLUMNS];
	size_t n_columns;
} layout;
static const layout by_number = {{COLUMN_NUMBER, COLUMN_TITLE, COLUMN_ASKED_WITH, COLUMN_GROUP}, 4};
static const layout by_name = {{COLUMN_NAME, COLUMN_TITLE, COLUMN_ASKED_WITH, COLUMN_GROUP}, 4};
static const layout whole = {{COLUMN_NUMBER, COLUMN_NAME, COLUMN_GROUP, COLUMN_TITLE, COLUMN_QUESTION,
                              COLUMN_PARAMETERS, COLUMN_RESTS_ON, COLUMN_EXPECTED},
                             8};

typedef struct lister {
	tt_questions *questions;
	const layout *layout;
	size_t next;
	tt_buffer parameters;
	char number[16];
	tt_term row[N_COLUMNS];
} lister;

/* `?body = study:RATS, ?partner`, or without the values */
static tt_status print_parameters(tt_buffer *out, const tt_question *question, bool has_values)
{
	tt_buffer_reset(out);
	for (size_t i = 0; i < question->n_parameters; ++i) {
		const tt_parameter *const parameter = &question->parameters[i];
		const bool has_value = parameter->value && has_values;
		TT_TRY(tt_buffer_printf(out, "%s?%s%s%s",
		                        !i           ? ""
		                        : has_values ? ", "
		                                     : " ",
		                        parameter->name, has_value ? " = " : "", has_value ? parameter->value : ""));
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
	TT_TRY(print_parameters(&self->parameters, question, self->layout == &whole));
	const int n_number = snprintf(self->number, sizeof self->number, "%u", question->number);
	const tt_view texts[N_COLUMNS] = {[COLUMN_NUMBER] = {self->number, question->number ? (size_t)n_number : 0},
	                                  [COLUMN_NAME] = tt_view_of(question->name),
	                                  [COLUMN_GROUP] = tt_view_of(question->group),
	                                  [COLUMN_TITLE] = tt_view_of(question->title),
	                                  [COLUMN_QUESTION] = tt_view_of(question->text),
	                                  [COLUMN_PARAMETERS] = tt_buffer_view(&self->parameters),
	                                  [COLUMN_RESTS_ON] = tt_view_of(question->rests_on),
	                                  [COLUMN_EXPECTED] = tt_view_of(question->expected),
	                                  [COLUMN_ASKED_WITH] = tt_buffer_view(&self->parameters)};
	for (size_t i = 0; i < self->layout->n_columns; ++i) {
		const column shown = self->layout->columns[i];
		const tt_view text = texts[shown];
		self->row[i] = !text.size               ? (tt_term){.kind = TT_TERM_NONE}
		               : shown == COLUMN_NUMBER ? tt_term_typed(text, tt_vocab_iri(TT_VOCAB_XSD_INTEGER))
		                                        : tt_term_string(text);
	}
	return TT_OK;
}

tt_status tt_questions_write(tt_questions *questions, const tt_write_options *options, int fd)
{
	lister self = {.questions = questions};
	tt_view columns[N_COLUMNS];
	self.layout = options->format != TT_FORMAT_TABLE ? &whole : questions->is_numbered ? &by_number : &by_name;
	for (size_t i = 0; i < self.layout->n_columns; ++i) {
		columns[i] = names[self.layout->columns[i]];
	}
	tt_buffer_init(&self.parameters, &questions->ctx);
	tt_cursor cursor = {.user = &self,
	                    .kind = TT_RESULTS_ROWS,
	                    .n_columns = self.layout->n_columns,
	                    .columns = columns,
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
