/* empty.c - the report on an empty answer. */
#include "shell/empty.h"

#include "shell/console.h"

#include <stdlib.h>
#include <string.h>

static void print_line(const char *before, const char *text, const char *after)
{
	(void)fputs(before, stdout);
	tt_print_harmless(stdout, text, false);
	(void)fputs(after, stdout);
}

/* A query, indented, so that it can be copied as a block. */
static void print_query(const char *query)
{
	while (*query) {
		const char *const end = strchrnul(query, '\n');
		char *const line = tt_must(strndup(query, (size_t)(end - query)));
		print_line("    ", line, "\n");
		free(line);
		query = *end ? end + 1 : end;
	}
}

static void print_suggestion(const tt_empty_suggestion *suggestion)
{
	print_line("  try ", suggestion->text, "\n");
	if (!suggestion->query) {
		return;
	}
	(void)fputs(suggestion->is_answered ? "  The query has an answer then:\n"
	                                    : "  This part matches then, the query still has no answer:\n",
	            stdout);
	print_query(suggestion->query);
}

static void print_finding(const tt_empty_finding *finding)
{
	tt_print_message(stdout, &finding->message);
	print_line("  without a match: ", finding->part, "\n");
	for (size_t i = 0; i < finding->n_notes; ++i) {
		print_line("  ", finding->notes[i], "\n");
	}
	for (size_t i = 0; i < finding->n_suggestions; ++i) {
		print_suggestion(&finding->suggestions[i]);
	}
}

static const char *conclude(const tt_empty *empty)
{
	static const char *const sentences[] = {
	    [TT_EMPTY_NOT] = "The query has an answer.",
	    [TT_EMPTY_NO_MATCH_POSSIBLE] = "The query is at fault: nothing in these data can match it.",
	    [TT_EMPTY_DATA_SAY_NO] = "The data say so: each term of the query is there, but not what it asks for.",
	    [TT_EMPTY_UNKNOWN] = "No part of the query is without a match by itself, as far as could be found out."};
	return sentences[empty->kind];
}

int tt_empty_explain(tt_db *db, tt_view text, const tt_query_options *options)
{
	tt_empty *empty = NULL;
	if (tt_db_why_empty(db, text, options, &empty) != TT_OK) {
		return tt_complain_db(db);
	}
	printf("%s\n", conclude(empty));
	for (size_t i = 0; i < empty->n_findings; ++i) {
		(void)fputs("\n", stdout);
		print_finding(&empty->findings[i]);
	}
	if (empty->is_cut_short) {
		(void)fputs("\nThe time did not do for all that could be tried.\n", stdout);
	}
	tt_empty_free(empty);
	return TT_EXIT_OK;
}

void tt_empty_hint(tt_db *db, tt_view text, const tt_query_options *options, const char *how, bool is_sure)
{
	tt_error message;
	if (tt_db_unknown_term(db, text, options, &message) == TT_OK && message.status == TT_NOT_FOUND) {
		tt_print_harmless(stderr, message.text, false);
		(void)fprintf(stderr, " (%s tells more)\n", how);
	} else if (!is_sure) {
		(void)fprintf(stderr, "%s tells why\n", how);
	}
}
