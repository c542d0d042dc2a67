/* why_empty.c - the queries of W3C's suites, each asked why it is empty, on the data of its folder.
 *
 *     why_empty [-v] FOLDER
 *
 * Most of them have an answer on some of the data and none on others; few are as people write them. What must hold of
 * all: the library comes to an end, what it suggests is well formed, and a suggestion that is said to give an answer
 * gives one. TAP: one case a folder. `-v` shows each finding. */
#include "tertium.h"

#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct counts {
	size_t n_queries, n_empty, n_findings, n_suggestions, n_wrong;
} counts;

static bool is_verbose;

static bool ends(const char *name, const char *end)
{
	const size_t n = strlen(name);
	return n >= strlen(end) && strcmp(name + n - strlen(end), end) == 0;
}

static char *read_file(const char *path, size_t *out_size)
{
	enum { MOST = 1 << 20 };
	FILE *const stream = fopen(path, "r");
	char *const text = calloc(1, MOST + 1);
	*out_size = stream && text ? fread(text, 1, MOST, stream) : 0;
	if (stream) {
		(void)fclose(stream);
	}
	return text;
}

static bool has_answer(tt_db *db, const char *query, const tt_query_options *options)
{
	tt_results *results = NULL;
	const tt_term *row = NULL;
	bool is_true = false;
	if (tt_db_query(db, (tt_view){query, strlen(query)}, options, &results) != TT_OK) {
		printf("# %s\n", tt_db_error(db)->text);
		return false;
	}
	if (tt_results_get_kind(results) == TT_RESULTS_BOOLEAN) {
		is_true = tt_results_boolean(results);
	} else {
		is_true = tt_results_next(results, &row) == TT_OK && row;
	}
	tt_results_free(results);
	return is_true;
}

static void check_suggestion(tt_db *db, const char *path, const tt_empty_suggestion *suggestion,
                             const tt_query_options *options, counts *io)
{
	++io->n_suggestions;
	if (is_verbose) {
		printf("#   %s %s\n", suggestion->is_answered ? "answers:" : "helps:", suggestion->text);
	}
	if (!suggestion->query) {
		return;
	}
	const tt_view text = {suggestion->query, strlen(suggestion->query)};
	const bool is_sound = suggestion->is_answered ? has_answer(db, suggestion->query, options)
	                                              : tt_db_parse(db, text, false, options) == TT_OK;
	if (!is_sound) {
		++io->n_wrong;
		printf("# %s: %s does not hold:\n# %s\n", path, suggestion->text, suggestion->query);
	}
}

static void check_query(tt_db *db, const char *path, counts *io)
{
	size_t size = 0;
	tt_empty *empty = NULL;
	const tt_query_options options = {.base = "http://example.org/base/", .timeout_seconds = 5};
	char *const text = read_file(path, &size);
	++io->n_queries;
	const tt_status status = tt_db_why_empty(db, (tt_view){text, size}, &options, &empty);
	if (status == TT_OK && empty->kind != TT_EMPTY_NOT) {
		++io->n_empty;
		io->n_findings += empty->n_findings;
		if (is_verbose) {
			printf("# %s: kind %d, %u probes\n", path, (int)empty->kind, empty->n_probes);
		}
		for (size_t i = 0; i < empty->n_findings; ++i) {
			const tt_empty_finding *const finding = &empty->findings[i];
			if (is_verbose) {
				printf("#  %s: %s\n", finding->message.text, finding->part);
			}
			for (size_t k = 0; k < finding->n_suggestions; ++k) {
				check_suggestion(db, path, &finding->suggestions[k], &options, io);
			}
		}
	}
	if (status != TT_OK && status != TT_SYNTAX && status != TT_UNSUPPORTED && status != TT_LIMIT) {
		++io->n_wrong;
		printf("# %s: %s\n", path, tt_db_error(db)->text);
	}
	tt_empty_free(empty);
	free(text);
}

/* Load what can be loaded, half of it into a named graph. */
static void load(tt_db *db, const char *path, size_t n_th)
{
	const tt_load_options options = {.base = "http://example.org/base/",
	                                 .graph = n_th % 2 ? "http://example.org/base/graph" : NULL};
	const char *const paths[] = {path};
	if (tt_db_load(db, paths, &options, 1, NULL) != TT_OK && is_verbose) {
		printf("# not loaded: %s\n", tt_db_error(db)->text);
	}
}

static counts check_folder(char *folder)
{
	counts all = {.n_queries = 0};
	char *const folders[] = {folder, NULL};
	tt_db *db = NULL;
	size_t n_loaded = 0;
	for (unsigned pass = 0; pass < 2 && (db || tt_db_open(NULL, TT_OPEN_CREATE, &db) == TT_OK); ++pass) {
		FTS *const tree = fts_open(folders, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
		FTSENT *entry = NULL;
		while (tree && (entry = fts_read(tree))) {
			const bool is_data = ends(entry->fts_name, ".ttl") || ends(entry->fts_name, ".trig");
			if (entry->fts_info == FTS_F && pass == 0 && is_data && !strstr(entry->fts_name, "manifest")) {
				load(db, entry->fts_path, n_loaded++);
			} else if (entry->fts_info == FTS_F && pass == 1 && ends(entry->fts_name, ".rq")) {
				check_query(db, entry->fts_path, &all);
			}
		}
		if (tree) {
			(void)fts_close(tree);
		}
	}
	tt_db_close(db);
	return all;
}

static int compare_names(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static bool is_folder_of_queries(const char *path)
{
	bool is_one = false;
	char *const folders[] = {(char *)path, NULL};
	FTS *const tree = fts_open(folders, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *entry = NULL;
	while (tree && (entry = fts_read(tree))) {
		is_one = is_one || (entry->fts_level == 1 && ends(entry->fts_name, ".rq"));
	}
	if (tree) {
		(void)fts_close(tree);
	}
	return is_one;
}

int main(int argc, char **argv)
{
	size_t n_folders = 0;
	counts total = {.n_queries = 0};
	is_verbose = argc > 2 && strcmp(argv[1], "-v") == 0;
	if (argc < 2) {
		(void)fprintf(stderr, "usage: why_empty [-v] FOLDER\n");
		return 2;
	}
	char *const folders[] = {argv[argc - 1], NULL};
	FTS *const tree = fts_open(folders, FTS_PHYSICAL | FTS_NOCHDIR, compare_names);
	FTSENT *entry = NULL;
	while (tree && (entry = fts_read(tree))) {
		if (entry->fts_info == FTS_D && is_folder_of_queries(entry->fts_path)) {
			const counts here = check_folder(entry->fts_path);
			printf("%s %zu - %s: %zu queries, %zu empty, %zu suggestions\n", here.n_wrong ? "not ok" : "ok",
			       ++n_folders, entry->fts_path + strlen(argv[argc - 1]), here.n_queries, here.n_empty,
			       here.n_suggestions);
			total.n_queries += here.n_queries;
			total.n_empty += here.n_empty;
			total.n_findings += here.n_findings;
			total.n_suggestions += here.n_suggestions;
			total.n_wrong += here.n_wrong;
		}
	}
	if (tree) {
		(void)fts_close(tree);
	}
	printf("# %zu queries, %zu without an answer, %zu findings, %zu suggestions, %zu wrong\n", total.n_queries,
	       total.n_empty, total.n_findings, total.n_suggestions, total.n_wrong);
	printf("%s %zu - there was something to suggest\n1..%zu\n", total.n_suggestions ? "ok" : "not ok", n_folders + 1,
	       n_folders + 1);
	return total.n_wrong || !total.n_suggestions;
}
