/* survey.c - conflicts and coverage for the user. */
#include "shell/survey.h"

#include "shell/console.h"
#include "shell/pager.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/** What is listed for people unless they want all. */
enum { SHOWN_CONFLICTS = 50, SHOWN_INSTANCES = 20 };

static bool is_for_people(const tt_answer_options *options)
{
	return options->format == TT_FORMAT_NONE || options->format == TT_FORMAT_TABLE ||
	       (options->is_lenient && !tt_format_fits(options->format, TT_RESULTS_ROWS));
}

/* ---- conflicts ----------------------------------------------------------------------------------------- */

static int list_conflicts(tt_db *db, tt_results *results, const tt_answer_options *options, bool is_all)
{
	uint64_t n = 0;
	(void)tt_flush_output();
	const int fd = options->is_paged ? tt_pager_begin() : STDOUT_FILENO;
	const tt_status status = tt_conflicts_write(results, fd, &n);
	tt_pager_end(fd);
	if (status != TT_OK) {
		return tt_complain_db(db);
	}
	if (!n) {
		printf("Nothing in the data is at odds.\n");
	} else if (!is_all && n == SHOWN_CONFLICTS) {
		printf("These are the first %d; --all (in the shell: all) lists every one.\n", SHOWN_CONFLICTS);
	}
	return TT_EXIT_OK;
}

int tt_survey_conflicts(tt_db *db, const tt_survey *survey, const tt_answer_options *options)
{
	const bool is_list = is_for_people(options);
	const tt_conflict_options finding = {.n_most = is_list && !survey->is_all ? SHOWN_CONFLICTS : 0,
	                                     .timeout_seconds = options->query.timeout_seconds,
	                                     .memory_bytes = options->query.memory_bytes};
	tt_results *results = NULL;
	if (tt_db_conflicts(db, survey->name, &finding, &results) != TT_OK) {
		return tt_complain_db(db);
	}
	const int status = is_list ? list_conflicts(db, results, options, survey->is_all)
	                           : tt_answer_write(db, results, options, NULL);
	tt_results_free(results);
	return status;
}

/* ---- coverage ------------------------------------------------------------------------------------------ */

static int list_classes(tt_db *db, const tt_answer_options *options)
{
	static const char query[] = "SELECT ?class (COUNT(DISTINCT ?instance) AS ?instances) { ?instance "
	                            "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ?class } "
	                            "GROUP BY ?class ORDER BY DESC(?instances) ?class";
	tt_answer_options asking = *options;
	asking.query.is_union_default_graph = true;
	asking.query.source_name = NULL;
	return tt_answer(db, (tt_view){query, strlen(query)}, &asking);
}

static int write_coverage(tt_db *db, const tt_survey *survey, const tt_answer_options *options,
                          tt_coverage_counts *out_counts)
{
	const tt_coverage_options looking = {
	    .is_of_instances = survey->is_of_instances,
	    .often = survey->often,
	    .n_most = survey->is_of_instances && !survey->is_all && is_for_people(options) ? SHOWN_INSTANCES : 0,
	    .timeout_seconds = options->query.timeout_seconds,
	    .memory_bytes = options->query.memory_bytes};
	tt_results *results = NULL;
	if (tt_db_coverage(db, survey->name, &looking, out_counts, &results) != TT_OK) {
		return tt_complain_db(db);
	}
	const int status = tt_answer_write(db, results, options, NULL);
	tt_results_free(results);
	return status;
}

static void tell_counts(const tt_coverage_counts *counts)
{
	printf("%" PRIu64 " instance%s", counts->n_instances, counts->n_instances == 1 ? "" : "s");
	if (counts->n_of_subclasses) {
		printf(", %" PRIu64 " of them by %" PRIu64 " subclass%s only", counts->n_of_subclasses, counts->n_subclasses,
		       counts->n_subclasses == 1 ? "" : "es");
	}
	printf(".\n");
}

int tt_survey_coverage(tt_db *db, const tt_survey *survey, const tt_answer_options *options)
{
	tt_coverage_counts counts;
	tt_survey instances = *survey;
	if (!survey->name) {
		return list_classes(db, options);
	}
	if (!is_for_people(options)) {
		return write_coverage(db, survey, options, &counts);
	}
	(void)tt_flush_output();
	int status = survey->is_of_instances ? TT_EXIT_OK : write_coverage(db, survey, options, &counts);
	if (status != TT_EXIT_OK) {
		return status;
	}
	if (!survey->is_of_instances) {
		tell_counts(&counts);
		if (!counts.n_lacking) {
			printf("Each has all that is often there.\n");
			return TT_EXIT_OK;
		}
		printf("%" PRIu64 " lack%s what is often there:\n", counts.n_lacking, counts.n_lacking == 1 ? "s" : "");
		(void)tt_flush_output();
		instances.is_of_instances = true;
	}
	status = write_coverage(db, &instances, options, &counts);
	if (status == TT_EXIT_OK && !survey->is_all && counts.n_lacking > SHOWN_INSTANCES) {
		printf("These are the first %d of %" PRIu64 "; --all (in the shell: all) lists every one.\n", SHOWN_INSTANCES,
		       counts.n_lacking);
	}
	return status;
}
