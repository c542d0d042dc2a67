/* survey.c - `tertium conflicts` and `tertium coverage`. */
#include "cli/cli.h"

#include "shell/console.h"
#include "shell/survey.h"

typedef int survey_function(tt_db *db, const tt_survey *survey, const tt_answer_options *options);

static int run(const tt_arguments *arguments, survey_function *look)
{
	const tt_data_choice choice = tt_cli_data(arguments);
	const tt_survey survey = {.name = arguments->n_operands ? arguments->operands[0] : NULL,
	                          .is_all = arguments->is_all,
	                          .is_of_instances = arguments->is_of_instances,
	                          .often = arguments->often};
	const tt_answer_options options = {.query = tt_cli_query_options(arguments), .format = arguments->format};
	tt_db *db = NULL;
	int status = tt_data_open(&choice, TT_OPEN_READ, &db);
	if (status == TT_EXIT_OK) {
		tt_stop_by_force(arguments->timeout_seconds);
		status = look(db, &survey, &options);
		tt_db_close(db);
	}
	return status;
}

int tt_cli_conflicts(const tt_arguments *arguments)
{
	return run(arguments, tt_survey_conflicts);
}

int tt_cli_coverage(const tt_arguments *arguments)
{
	return run(arguments, tt_survey_coverage);
}
