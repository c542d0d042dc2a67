/* data.c - opening what a command works on. */
#include "shell/data.h"

#include "shell/console.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- where the study is ---------------------------------------------------------------------------- */

static char *join_path(const char *folder, const char *name)
{
	char *path = NULL;
	return asprintf(&path, "%s/%s", folder, name) < 0 ? tt_must(NULL) : path;
}

static bool exists(const char *folder, const char *name)
{
	char *const path = join_path(folder, name);
	struct stat about;
	const bool is_there = stat(path, &about) == 0;
	free(path);
	return is_there;
}

/* The folder of the running program ("." if the system does not tell). */
static char *program_folder(void)
{
	char path[4096];
	const ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
	path[n > 0 ? n : 0] = '\0';
	char *const slash = strrchr(path, '/');
	if (!slash) {
		return tt_must(strdup("."));
	}
	*slash = '\0';
	return tt_must(strdup(path));
}

/* In its build folder a program uses the data of its sources, also if another version is installed. */
static bool is_build_folder(const char *folder)
{
	return exists(folder, "config.status") || exists(folder, "../config.status");
}

char *tt_study_folder(void)
{
	const char *const wished = getenv("TERTIUM_DATA");
	if (wished && wished[0]) {
		return exists(wished, "data") ? tt_must(strdup(wished)) : NULL;
	}
	char *const here = program_folder();
	char *const beside = join_path(here, "../share/tertium");
	const bool is_build = is_build_folder(here);
	const char *const candidates[] = {is_build ? TT_SOURCE_DATADIR : TT_DATADIR, beside, TT_SOURCE_DATADIR};
	char *found = NULL;
	for (size_t i = 0; i < sizeof candidates / sizeof *candidates && !found; ++i) {
		found = exists(candidates[i], "data") ? tt_must(strdup(candidates[i])) : NULL;
	}
	free(beside);
	free(here);
	return found;
}

/* ---- loading ---------------------------------------------------------------------------------------- */

static int load_study(tt_db *db)
{
	char *const folder = tt_study_folder();
	if (!folder) {
		const char *const wished = getenv("TERTIUM_DATA");
		if (wished && wished[0]) {
			tt_complain("cannot find the study: the folder %s of TERTIUM_DATA has no folder data", wished);
		} else {
			tt_complain(
			    "cannot find the study in %s or %s: set TERTIUM_DATA to the folder that holds data and ontology",
			    TT_DATADIR, TT_SOURCE_DATADIR);
		}
		return TT_EXIT_ERROR;
	}
	/* Not ontology/shapes.ttl, which is said of the study and is no part of it. */
	static const char *const patterns[] = {"data/*.trig", "ontology/tertium.ttl", "ontology/concepts.ttl"};
	glob_t found = {0};
	for (size_t i = 0; i < sizeof patterns / sizeof *patterns; ++i) {
		char *const pattern = join_path(folder, patterns[i]);
		(void)glob(pattern, i ? GLOB_APPEND : 0, NULL, &found);
		free(pattern);
	}
	int status = TT_EXIT_OK;
	if (!found.gl_pathc) {
		tt_complain("there are no files data/*.trig in %s", folder);
		status = TT_EXIT_ERROR;
	} else if (tt_db_load(db, (const char *const *)found.gl_pathv, NULL, found.gl_pathc, NULL) != TT_OK) {
		status = tt_complain_db(db);
	}
	globfree(&found);
	free(folder);
	return status;
}

/* IRI=FILE; the last = divides, since IRIs may hold one. @return The copied IRI, or NULL after a message. */
static char *split_named(const char *text, const char **out_file)
{
	const char *const mark = strrchr(text, '=');
	if (!mark || mark == text || !mark[1]) {
		tt_complain("--named takes IRI=FILE, not \"%s\"", text);
		return NULL;
	}
	*out_file = mark + 1;
	return tt_must(strndup(text, (size_t)(mark - text)));
}

static int load_files(tt_db *db, const tt_data_choice *choice)
{
	const size_t n = choice->n_files + choice->n_named;
	const char **const paths = tt_must(calloc(n, sizeof *paths));
	tt_load_options *const options = tt_must(calloc(n, sizeof *options));
	char **const graphs = tt_must(calloc(n, sizeof *graphs));
	int status = TT_EXIT_OK;
	for (size_t i = 0; i < n && status == TT_EXIT_OK; ++i) {
		options[i].syntax = choice->syntax;
		if (i < choice->n_files) {
			paths[i] = choice->files[i];
			continue;
		}
		graphs[i] = split_named(choice->named[i - choice->n_files], &paths[i]);
		options[i].graph = graphs[i];
		status = graphs[i] ? TT_EXIT_OK : TT_EXIT_USAGE;
	}
	if (status == TT_EXIT_OK && tt_db_load(db, paths, options, n, NULL) != TT_OK) {
		status = tt_complain_db(db);
	}
	for (size_t i = 0; i < n; ++i) {
		free(graphs[i]);
	}
	free(graphs);
	free(options);
	free(paths);
	return status;
}

bool tt_data_is_study(const tt_data_choice *choice)
{
	return !choice->directory && !choice->storage && !choice->n_files && !choice->n_named;
}

/* A store in memory is new, so it is filled; a directory is not; a storage takes the files that are given. */
static int fill(tt_db *db, const tt_data_choice *choice)
{
	if (tt_data_is_study(choice)) {
		return load_study(db);
	}
	return choice->n_files || choice->n_named ? load_files(db, choice) : TT_EXIT_OK;
}

static tt_status open_choice(const tt_data_choice *choice, tt_open_mode mode, tt_db **out_db)
{
	if (choice->storage) {
		return tt_db_open_storage(choice->storage, choice->n_files || choice->n_named ? TT_OPEN_WRITE : mode, out_db);
	}
	return tt_db_open(choice->directory, choice->directory ? mode : TT_OPEN_CREATE, out_db);
}

bool tt_data_wait(void *user)
{
	(void)fprintf(stderr, "Waiting for another process that writes to %s.\n", (const char *)user);
	return true;
}

int tt_data_open(const tt_data_choice *choice, tt_open_mode mode, tt_db **out_db)
{
	if (choice->directory && choice->storage) {
		tt_complain("--db and --storage exclude each other");
		return TT_EXIT_USAGE;
	}
	if (choice->directory && (choice->n_files || choice->n_named)) {
		tt_complain("--db does not go together with --data or --named: load the files into the directory first");
		return TT_EXIT_USAGE;
	}
	tt_db *db = NULL;
	int status = TT_EXIT_OK;
	if (open_choice(choice, mode, &db) != TT_OK) {
		status = tt_complain_db(db);
	} else {
		tt_db_set_cancel(db, tt_interrupted());
		tt_db_set_wait(db, tt_data_wait, (void *)(uintptr_t)choice->directory);
		status = fill(db, choice);
	}
	if (status != TT_EXIT_OK) {
		tt_db_close(db);
		db = NULL;
	}
	*out_db = db;
	return status;
}
