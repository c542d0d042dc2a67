/* survey.h - `.conflicts` and `.coverage`, and the subcommands of these names: what is at odds in the data, and what is
 * missing.
 *
 * Contrast: answer.h asks queries.
 * Owns:     nothing.
 * Threads:  the main thread only.
 * Fails:    an exit status, after a message to standard error.
 * Tests:    tests/cli/conflicts.sh, tests/cli/coverage.sh, tests/shell/evidence.exp
 */
#ifndef TT_SHELL_SURVEY_H
#define TT_SHELL_SURVEY_H

#include "shell/answer.h"

/** What is wanted of a survey. */
typedef struct tt_survey {
	const char *name;     /* of a thing or class; NULL: everything */
	bool is_all;          /* no limit to what is listed for people */
	bool is_of_instances; /* coverage: what instances lack, in place of properties */
	double often;         /* coverage: the share from which on a property is expected; 0: the default */
} tt_survey;

/** List contested statements. A format of `options` makes them rows. */
int tt_survey_conflicts(tt_db *db, const tt_survey *survey, const tt_answer_options *options);

/** Tell which properties the instances of a class have and lack; without a class, how many instances each class has. */
int tt_survey_coverage(tt_db *db, const tt_survey *survey, const tt_answer_options *options);

#endif
