/* w3c.c - runs the SPARQL 1.0 and 1.1 tests of W3C on the library and tells the outcome as TAP.
 *
 * Each test runs in a process of its own with a time limit, so that a crash or a hang is one failure. Where the
 * expected answer is a file in XML, JSON, CSV or TSV, ours is written in the same format and read back, so that the
 * writers are tested as well. Data are loaded under their file: IRIs, which is what relative IRIs in queries and in
 * expected answers become.
 *
 * Usage: w3c [--syntax | --evaluation] [--evidence] [--unoptimised] [--storage STORAGE] [--only TEXT] [--excuses FILE]
 * [DIR] STORAGE is one of Redland's, as for tertium --storage; without it the data are in our own store. With
 * --evidence the evidence for the rows of each answer must prove them, too (proof.h). DIR is a checkout of
 * w3c/rdf-tests; without it W3C_TESTS of the environment is used. */
#include "w3c/apart.h"
#include "w3c/manifest.h"
#include "w3c/proof.h"
#include "w3c/results.h"

#include <glob.h>
#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { TEST_SECONDS = 20 };

typedef struct excuse {
	char *iri;
	char *reason;
} excuse;

typedef struct runner {
	bool is_syntax_only;
	bool is_evaluation_only;
	bool is_unoptimised;
	const char *storage; /* of Redland; NULL: our own */
	const char *only;    /* part of the names of the tests to run; NULL: all */
	char *root;
	excuse *excuses;
	size_t n_excuses;
	w3c_suite suite;
	size_t n_passed, n_failed, n_excused, n_skipped;
} runner;

/* ---- the data of a test ----------------------------------------------------------------------- */

static bool report_db(const tt_db *db, FILE *file, const char *what)
{
	const tt_error *const error = tt_db_error(db);
	(void)fprintf(file, "%s: %s: %s", what, tt_status_name(error->status), error->text);
	if (error->line) {
		(void)fprintf(file, " (%zu:%zu)\n%s", error->line, error->column, error->caret);
	}
	(void)fputc('\n', file);
	return false;
}

static bool load_as_graph(tt_db *db, const char *path)
{
	char *const iri = file_iri(path);
	const tt_status status = load_file(db, path, iri);
	free(iri);
	return status == TT_OK;
}

/* Behind a word without regard to case, and white space; or NULL. */
static const char *behind_word(const char *text, const char *word)
{
	const size_t size = strlen(word);
	return strncasecmp(text, word, size) == 0 ? text + size + strspn(text + size, " \t\r\n") : NULL;
}

static bool load_beside(tt_db *db, const char *query_path, const char *name, size_t size)
{
	const char *const slash = strrchr(query_path, '/');
	char *const path = must_print("%.*s/%.*s", (int)(slash - query_path), query_path, (int)size, name);
	const bool is_loaded = access(path, R_OK) != 0 || load_as_graph(db, path);
	free(path);
	return is_loaded;
}

/* The IRI after FROM or FROM NAMED at this place, without its brackets; or NULL. */
static const char *dataset_clause(const char *text)
{
	const char *iri = behind_word(text, "FROM");
	const char *const named = iri ? behind_word(iri, "NAMED") : NULL;
	iri = named ? named : iri;
	return iri && *iri == '<' ? iri + 1 : NULL;
}

/* Load what FROM and FROM NAMED name, each file once, as the named graphs that they select from. */
static bool load_dataset_clauses(tt_db *db, const char *query_path, const char *query)
{
	char *loaded = must_print(" ");
	bool is_loaded = true;
	for (const char *c = query; is_loaded && *c; ++c) {
		if (*c == '#') {
			c += strcspn(c, "\n") - 1;
			continue;
		}
		const char *const iri = dataset_clause(c);
		if (!iri) {
			continue;
		}
		const size_t size = strcspn(iri, ">");
		char *const longer = must_print("%s%.*s ", loaded, (int)size, iri);
		char *const entry = must_print(" %.*s ", (int)size, iri);
		is_loaded = strstr(loaded, entry) || load_beside(db, query_path, iri, size);
		free(entry);
		free(loaded);
		loaded = longer;
	}
	free(loaded);
	return is_loaded;
}

static bool load_files(tt_db *db, const file_list *files)
{
	for (size_t i = 0; i < files->n; ++i) {
		if (load_file(db, files->paths[i], files->graphs[i]) != TT_OK) {
			return false;
		}
	}
	return true;
}

/* Whether the evidence for the rows is to be checked, too: --evidence. */
static bool is_evidence_wanted;

/* ---- one test --------------------------------------------------------------------------------- */

static answer *answer_in_format(tt_results *results, tt_format format, FILE *file)
{
	answer *read = NULL;
	const int fd = memfd_create("answer", MFD_CLOEXEC);
	const tt_write_options options = {.format = format};
	if (tt_results_write(results, &options, fd, NULL) == TT_OK) {
		char *const path = must_print("/proc/self/fd/%d", fd);
		size_t size = 0;
		char *const text = read_whole_file(path, &size);
		const char *problem = "cannot be read";
		read = text ? results_parse(format, text, size, &problem) : NULL;
		if (!read) {
			(void)fprintf(file, "what we wrote: %s:\n%s\n", problem, text ? text : "");
		}
		free(text);
		free(path);
	}
	(void)close(fd);
	return read;
}

/* Our answer, by way of the writer of a format if there is one. */
static answer *answer_through(tt_results *results, tt_format format, FILE *file)
{
	answer *fetched = NULL;
	if (format != TT_FORMAT_NONE) {
		return answer_in_format(results, format, file);
	}
	if (answer_fetch(results, &fetched) == TT_OK) {
		return fetched;
	}
	answer_free(fetched);
	return NULL;
}

static answer *read_expected(const char *path, bool is_graph, const char **out_problem)
{
	const tt_format format = results_format(path);
	if (format == TT_FORMAT_NONE) {
		return results_read_rdf(path, is_graph, out_problem);
	}
	size_t size = 0;
	char *const text = read_whole_file(path, &size);
	*out_problem = "the file cannot be read";
	answer *const expected = text ? results_parse(format, text, size, out_problem) : NULL;
	free(text);
	return expected;
}

static bool check_answer(const w3c_test *test, tt_db *db, tt_results *results, FILE *file)
{
	const char *problem = NULL;
	answer *const expected = read_expected(test->result, tt_results_get_kind(results) == TT_RESULTS_TRIPLES, &problem);
	if (!expected) {
		(void)fprintf(file, "%s: %s\n", test->result, problem);
		return false;
	}
	answer *const actual = answer_through(results, results_format(test->result), file);
	if (!actual) {
		answer_free(expected);
		return report_db(db, file, "fetching");
	}
	const answer_comparison strict = {.is_lax = test->is_lax};
	const answer_comparison by_value = {
	    .is_lax = test->is_lax, .is_by_value = true, .is_untyped = test->kind == TEST_CSV};
	const bool is_same = answer_equals(expected, actual, &strict);
	const bool is_equal = is_same || answer_equals(expected, actual, &by_value);
	if (is_equal && !is_same) {
		(void)fputs("equal by value only\n", file);
	} else if (!is_equal) {
		(void)fputs("expected\n", file);
		answer_print(expected, "", file);
		(void)fputs("got\n", file);
		answer_print(actual, "", file);
	}
	answer_free(expected);
	answer_free(actual);
	return is_equal;
}

static bool run_query(const w3c_test *test, tt_db *db, const char *query, const tt_query_options *options, FILE *file)
{
	if (!load_files(db, &test->data) || !load_dataset_clauses(db, test->query, query)) {
		return report_db(db, file, "loading");
	}
	tt_results *results = NULL;
	const tt_status status = tt_db_query(db, (tt_view){query, strlen(query)}, options, &results);
	bool is_good = status == TT_OK ? check_answer(test, db, results, file) : report_db(db, file, "query");
	tt_results_free(results);
	if (is_good && is_evidence_wanted) {
		is_good = proof_holds(db, query, options, file);
	}
	return is_good;
}

/* All quads of a dataset, or NULL. */
static answer *all_quads(tt_db *db)
{
	static const char query[] = "SELECT ?g ?s ?p ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }";
	return ask(db, query, NULL);
}

static bool is_same_dataset(const answer *expected, const answer *actual, FILE *file)
{
	const answer_comparison exactly = {0};
	const bool is_same = expected && actual && answer_equals(expected, actual, &exactly);
	if (!is_same && expected && actual) {
		(void)fputs("expected\n", file);
		answer_print(expected, "", file);
		(void)fputs("got\n", file);
		answer_print(actual, "", file);
	}
	return is_same;
}

static bool run_update(const w3c_test *test, tt_db *db, const char *request, const tt_query_options *options,
                       FILE *file)
{
	if (!load_files(db, &test->data)) {
		return report_db(db, file, "loading");
	}
	if (tt_db_update(db, (tt_view){request, strlen(request)}, options, NULL) != TT_OK) {
		return report_db(db, file, "update");
	}
	tt_db *after = NULL;
	bool is_good = tt_db_open(NULL, TT_OPEN_CREATE, &after) == TT_OK && load_files(after, &test->after);
	if (is_good) {
		answer *const expected = all_quads(after);
		answer *const actual = all_quads(db);
		is_good = is_same_dataset(expected, actual, file);
		answer_free(expected);
		answer_free(actual);
	} else {
		(void)fputs("the expected dataset cannot be read\n", file);
	}
	tt_db_close(after);
	return is_good;
}

static bool run_syntax(const w3c_test *test, tt_db *db, const char *query, const tt_query_options *options, FILE *file)
{
	const bool is_update = test->kind == TEST_UPDATE_SYNTAX;
	const tt_status status = tt_db_parse(db, (tt_view){query, strlen(query)}, is_update, options);
	if ((status == TT_OK) == test->is_positive && (status == TT_OK || status == TT_SYNTAX)) {
		return true;
	}
	if (status == TT_OK) {
		(void)fprintf(file, "accepted, but must be refused:\n%s\n", query);
		return false;
	}
	return report_db(db, file, "refused");
}

/** How the kinds of tests are run. */
static const struct {
	bool is_syntax;
	const char *why_not;
	bool (*run)(const w3c_test *, tt_db *, const char *, const tt_query_options *, FILE *);
} kinds[] = {[TEST_QUERY_SYNTAX] = {.is_syntax = true, .run = run_syntax},
             [TEST_UPDATE_SYNTAX] = {.is_syntax = true, .run = run_syntax},
             [TEST_QUERY] = {.run = run_query},
             [TEST_CSV] = {.run = run_query},
             [TEST_UPDATE] = {.run = run_update},
             [TEST_OTHER] = {.why_not = "a test of a protocol or a service description"}};

/** What a child needs to know. */
typedef struct job {
	const w3c_test *test;
	bool is_unoptimised;
	const char *storage;
} job;

static bool run_test(void *user, FILE *file)
{
	const job *const at = user;
	const w3c_test *const test = at->test;
	tt_db *db = NULL;
	char *const query = test->query ? read_whole_file(test->query, NULL) : NULL;
	char *const base = test->query ? file_iri(test->query) : NULL;
	const tt_query_options options = {.base = base, .is_strict = true, .is_unoptimised = at->is_unoptimised};
	bool is_good = false;
	if (!query) {
		(void)fputs("there is no query to read\n", file);
	} else if ((at->storage ? tt_db_open_storage(at->storage, TT_OPEN_WRITE, &db)
	                        : tt_db_open(NULL, TT_OPEN_CREATE, &db)) != TT_OK) {
		is_good = db && report_db(db, file, "open");
	} else {
		is_good = kinds[test->kind].run(test, db, query, &options, file);
	}
	tt_db_close(db);
	free(query);
	free(base);
	return is_good;
}

/* ---- TAP -------------------------------------------------------------------------------------- */

static const char *why_not_run(const w3c_test *test)
{
	return test->is_rejected        ? "rejected by the working group"
	       : test->needs_entailment ? "needs an entailment regime"
	       : test->needs_service    ? "asks other servers"
	                                : kinds[test->kind].why_not;
}

static const char *find_excuse(const runner *self, const char *iri)
{
	for (size_t i = 0; i < self->n_excuses; ++i) {
		if (strcmp(self->excuses[i].iri, iri) == 0) {
			return self->excuses[i].reason;
		}
	}
	return NULL;
}

static void run_and_tell(runner *self, const w3c_test *test, size_t number)
{
	const char *const why_not = why_not_run(test);
	if (why_not) {
		(void)printf("ok %zu - %s # SKIP %s\n", number, test->name, why_not);
		++self->n_skipped;
		return;
	}
	char *diagnostics = NULL;
	job at = {.test = test, .is_unoptimised = self->is_unoptimised, .storage = self->storage};
	const char *const reason = find_excuse(self, test->iri);
	const bool is_good = run_apart(run_test, &at, TEST_SECONDS, &diagnostics);
	if (is_good && reason) {
		(void)printf("not ok %zu - %s\n# passes: take it out of the excuses\n", number, test->name);
		++self->n_failed;
	} else if (reason) {
		(void)printf("not ok %zu - %s # TODO %s\n", number, test->name, reason);
		++self->n_excused;
	} else {
		(void)printf("%s %zu - %s\n", is_good ? "ok" : "not ok", number, test->name);
		++*(is_good ? &self->n_passed : &self->n_failed);
		if (!is_good) {
			(void)printf("# %s\n# query %s\n", test->iri, test->query ? test->query : "none");
		}
	}
	print_diagnostics(diagnostics);
	free(diagnostics);
}

/* ---- the whole ------------------------------------------------------------------------------- */

static bool read_excuses(runner *self, const char *path)
{
	char *const text = read_whole_file(path, NULL);
	char *rest = NULL;
	for (char *line = text ? strtok_r(text, "\n", &rest) : NULL; line; line = strtok_r(NULL, "\n", &rest)) {
		const size_t size = strcspn(line, " \t");
		if (*line == '#' || size == 0) {
			continue;
		}
		const char *const reason = line + size + strspn(line + size, " \t");
		self->excuses = must_realloc(self->excuses, self->n_excuses + 1, sizeof *self->excuses);
		self->excuses[self->n_excuses++] = (excuse){.iri = must_print("%.*s", (int)size, line),
		                                            .reason = must_print("%s", reason)};
	}
	free(text);
	return text;
}

static bool is_wanted(const runner *self, const w3c_test *test)
{
	const bool is_syntax = kinds[test->kind].is_syntax;
	return !(self->is_syntax_only && !is_syntax) && !(self->is_evaluation_only && is_syntax) &&
	       (!self->only || strstr(test->name, self->only));
}

/* Manifests that lie there, but belong to no list. */
static void tell_left_out(const runner *self)
{
	static const char *const patterns[] = {"sparql1[01]/*/*manifest*.ttl", "sparql/sparql1[01]/*/*manifest*.ttl"};
	for (size_t i = 0; i < sizeof patterns / sizeof *patterns; ++i) {
		char *const pattern = must_print("%s/%s", self->root, patterns[i]);
		glob_t found = {0};
		if (glob(pattern, 0, NULL, &found) == 0) {
			for (size_t j = 0; j < found.gl_pathc; ++j) {
				bool is_read = false;
				for (size_t k = 0; k < self->suite.manifests.n; ++k) {
					is_read = is_read || strcmp(self->suite.manifests.paths[k], found.gl_pathv[j]) == 0;
				}
				if (!is_read) {
					(void)printf("# left out: %s, which no manifest includes\n", found.gl_pathv[j]);
				}
			}
		}
		globfree(&found);
		free(pattern);
	}
}

static int run_all(runner *self)
{
	const bool is_read = suite_read(self->root, self->is_unoptimised, &self->suite);
	size_t n_wanted = 0;
	for (size_t i = 0; i < self->suite.n_tests; ++i) {
		n_wanted += is_wanted(self, &self->suite.tests[i]);
	}
	(void)printf("1..%zu\n", n_wanted + !is_read);
	size_t number = 0;
	for (size_t i = 0; i < self->suite.n_tests; ++i) {
		if (is_wanted(self, &self->suite.tests[i])) {
			run_and_tell(self, &self->suite.tests[i], ++number);
		}
	}
	if (!is_read) {
		(void)printf("not ok %zu - all manifests are read\n", ++number);
		++self->n_failed;
	}
	if (is_read) {
		tell_left_out(self);
	}
	(void)printf("# %zu passed, %zu failed, %zu excused, %zu not run\n", self->n_passed, self->n_failed,
	             self->n_excused, self->n_skipped);
	return self->n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

static bool read_arguments(runner *self, int argc, char **argv, const char **out_excuses, const char **out_root)
{
	for (int i = 1; i < argc; ++i) {
		const bool has_value = i + 1 < argc;
		if (strcmp(argv[i], "--syntax") == 0) {
			self->is_syntax_only = true;
		} else if (strcmp(argv[i], "--evaluation") == 0) {
			self->is_evaluation_only = true;
		} else if (strcmp(argv[i], "--evidence") == 0) {
			is_evidence_wanted = true;
		} else if (strcmp(argv[i], "--unoptimised") == 0) {
			self->is_unoptimised = true;
		} else if (strcmp(argv[i], "--storage") == 0 && has_value) {
			self->storage = argv[++i];
		} else if (strcmp(argv[i], "--only") == 0 && has_value) {
			self->only = argv[++i];
		} else if (strcmp(argv[i], "--excuses") == 0 && has_value) {
			*out_excuses = argv[++i];
		} else if (argv[i][0] != '-') {
			*out_root = argv[i];
		} else {
			return false;
		}
	}
	return true;
}

int main(int argc, char **argv)
{
	runner self = {0};
	const char *excuses = NULL;
	const char *root = getenv("W3C_TESTS");
	if (!read_arguments(&self, argc, argv, &excuses, &root)) {
		(void)fputs("usage: w3c [--syntax | --evaluation] [--unoptimised] [--storage STORAGE] [--only TEXT] "
		            "[--excuses FILE] [DIR]\n",
		            stderr);
		return 2;
	}
	self.root = root ? realpath(root, NULL) : NULL;
	if (!self.root) {
		(void)printf("1..0 # SKIP no checkout of w3c/rdf-tests at %s: set W3C_TESTS\n", root ? root : "W3C_TESTS");
		return EXIT_SUCCESS;
	}
	int status = EXIT_FAILURE;
	if (excuses && !read_excuses(&self, excuses)) {
		(void)printf("Bail out! cannot read %s\n", excuses);
	} else {
		status = run_all(&self);
	}
	suite_clear(&self.suite);
	for (size_t i = 0; i < self.n_excuses; ++i) {
		free(self.excuses[i].iri);
		free(self.excuses[i].reason);
	}
	free(self.excuses);
	free(self.root);
	xmlCleanupParser();
	return status;
}
