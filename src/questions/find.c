/* find.c - the question that somebody means. */
#include "questions/questions.h"

#include "sparql/hint.h"

#include <stdlib.h>

/* 16 or q16; 0 if it is no number. */
static unsigned long number_of(const char *which)
{
	const char *const digits = which + (which[0] == 'q' || which[0] == 'Q');
	char *end = NULL;
	const unsigned long number = strtoul(digits, &end, 10);
	return digits[0] >= '0' && digits[0] <= '9' && !*end ? number : 0;
}

/* A name without what stands before its first dash: "who-is-ahead" of "q16-who-is-ahead". */
static const char *behind_number(const char *name)
{
	const char *const dash = strchr(name, '-');
	return dash ? dash + 1 : name;
}

static bool begins(const tt_question *question, const char *which)
{
	const size_t n = strlen(which);
	return strncmp(question->name, which, n) == 0 || strncmp(behind_number(question->name), which, n) == 0;
}

/* The name that takes the fewest changes, of the whole or of the part behind the number. */
static const tt_question *find_nearest(const tt_questions *questions, const char *which)
{
	const tt_view typed = tt_view_of(which);
	size_t n_best = typed.size / 3 + 1; /* changes that are too many */
	const tt_question *best = NULL;
	for (size_t i = 0; i < questions->n_items; ++i) {
		const tt_question *const question = &questions->items[i];
		const char *const names[] = {question->name, behind_number(question->name), question->title};
		for (size_t j = 0; j < sizeof names / sizeof *names; ++j) {
			const size_t n = tt_count_edits(typed, tt_view_of(names[j]), n_best);
			if (n < n_best) {
				n_best = n;
				best = question;
			}
		}
	}
	return best;
}

static tt_status fail_missing(tt_questions *questions, const char *which)
{
	const tt_question *const nearest = find_nearest(questions, which);
	return nearest ? tt_fail(&questions->ctx, TT_NOT_FOUND, "there is no question %s: did you mean %s?", which,
	                         nearest->name)
	               : tt_fail(&questions->ctx, TT_NOT_FOUND, "there is no question %s", which);
}

tt_status tt_questions_find(tt_questions *questions, const char *which, const tt_question **out_question)
{
	const unsigned long number = number_of(which);
	const tt_question *found = NULL;
	const tt_question *second = NULL;
	const tt_question *whole = NULL; /* the name but for its number */
	size_t n_whole = 0;
	*out_question = NULL;
	for (size_t i = 0; i < questions->n_items; ++i) {
		const tt_question *const question = &questions->items[i];
		if (strcmp(question->name, which) == 0 || (number && question->number == number)) {
			*out_question = question;
			return TT_OK;
		}
		if (strcmp(behind_number(question->name), which) == 0) {
			n_whole++;
			whole = question;
		}
		if (which[0] && begins(question, which)) {
			second = found;
			found = question;
		}
	}
	if (n_whole == 1) {
		*out_question = whole;
		return TT_OK;
	}
	if (!found) {
		return fail_missing(questions, which);
	}
	if (second) {
		return tt_fail(&questions->ctx, TT_BAD_ARGUMENT, "%s may mean %s or %s", which, second->name, found->name);
	}
	*out_question = found;
	return TT_OK;
}
