/* golden.c - runs the golden cases (case.h shows one) and tells the outcome as TAP, a line a case.
 *
 * Each case is asked in several ways: of a store in memory with the plan optimised and as written, and of a database
 * directory. All must give what the case expects, so all agree. In one more way the evidence for its rows must prove
 * them (proof.h). Each way runs in a process of its own.
 *
 * Usage: golden [--only TEXT] FILE.tt... */
#include "golden/case.h"
#include "w3c/answer.h"
#include "w3c/apart.h"
#include "w3c/proof.h"

#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <unistd.h>

enum { CASE_SECONDS = 20 };

static const struct {
	const char *name;
	bool is_directory;
	bool is_unoptimised;
	bool is_evidence;
} ways[] = {{"in memory", false, false, false},
            {"in memory, plan as written", false, true, false},
            {"in a directory", true, false, false},
            {"evidence for the rows", false, false, true}};

enum { N_WAYS = sizeof ways / sizeof *ways };

static const struct {
	const char *name, *iri;
} prefixes[] = {{"", "http://example.org/"},
                {"xsd", XSD_IRI},
                {"rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"},
                {"rdfs", "http://www.w3.org/2000/01/rdf-schema#"}};

enum { N_PREFIXES = sizeof prefixes / sizeof *prefixes };

static tt_view view_of(const char *text)
{
	return (tt_view){text, strlen(text)};
}

static bool find_prefix(tt_view name, tt_view *out_iri)
{
	for (size_t i = 0; i < N_PREFIXES; ++i) {
		if (view_is(name, prefixes[i].name)) {
			*out_iri = (tt_view){prefixes[i].iri, strlen(prefixes[i].iri)};
			return true;
		}
	}
	return false;
}

static bool report_db(const tt_db *db, FILE *file, const char *what)
{
	const tt_error *const error = tt_db_error(db);
	(void)fprintf(file, "%s: %s: %s (%zu:%zu)\n%s\n", what, tt_status_name(error->status), error->text, error->line,
	              error->column, error->caret);
	return false;
}

/* ---- stores ----------------------------------------------------------------------------------- */

/* Load a text as a file of its own, with the prefixes in front of its first line. */
static bool load_text(tt_db *db, const char *text)
{
	const int fd = memfd_create("data", MFD_CLOEXEC);
	for (size_t i = 0; i < N_PREFIXES; ++i) {
		(void)dprintf(fd, "@prefix %s: <%s> . ", prefixes[i].name, prefixes[i].iri);
	}
	(void)dprintf(fd, "%s\n", text);
	char *const path = must_print("/proc/self/fd/%d", fd);
	const char *const paths[] = {path};
	const tt_load_options options = {.syntax = TT_RDF_TRIG, .base = "http://example.org/data"};
	const tt_status status = tt_db_load(db, paths, &options, 1, NULL);
	free(path);
	(void)close(fd);
	return status == TT_OK;
}

static bool fill_store(tt_db *db, const golden_case *at)
{
	for (size_t i = 0; i < N_PREFIXES; ++i) {
		const tt_view name = {prefixes[i].name, strlen(prefixes[i].name)};
		const tt_view iri = {prefixes[i].iri, strlen(prefixes[i].iri)};
		if (tt_db_set_prefix(db, name, iri) != TT_OK) {
			return false;
		}
	}
	for (size_t i = 0; i < at->n_data; ++i) {
		if (!load_text(db, at->data[i])) {
			return false;
		}
	}
	return true;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	(void)status;
	(void)kind;
	(void)place;
	return remove(path);
}

/* ---- what is expected ------------------------------------------------------------------------- */

static bool read_rows(answer *self, const char *text)
{
	const char *cursor = text + strspn(text, " \t");
	while (*cursor == '?') {
		const size_t size = strcspn(++cursor, " \t\n");
		(void)answer_column(self, cursor, size);
		cursor += size;
		cursor += strspn(cursor, " \t");
	}
	while (*cursor == '\n') {
		cursor += strspn(cursor, "\n \t");
		tt_term *const row = *cursor ? answer_add_row(self) : NULL;
		for (size_t i = 0; row && i < self->n_columns; ++i) {
			cursor += strspn(cursor, " \t");
			if (!term_read(self, &cursor, find_prefix, &row[i])) {
				return false;
			}
		}
		cursor += strspn(cursor, " \t");
	}
	return *cursor == '\0';
}

/* The triples of a Turtle text, as our own engine loads them. */
static answer *read_graph(const char *text)
{
	static const char all[] = "SELECT ?subject ?predicate ?object { ?subject ?predicate ?object }";
	tt_db *db = NULL;
	tt_results *results = NULL;
	answer *self = NULL;
	if (tt_db_open(NULL, TT_OPEN_CREATE, &db) == TT_OK && load_text(db, text) &&
	    tt_db_query(db, (tt_view){all, sizeof all - 1}, NULL, &results) == TT_OK &&
	    answer_fetch(results, &self) == TT_OK) {
		self->kind = TT_RESULTS_TRIPLES;
	} else {
		answer_free(self);
		self = NULL;
	}
	tt_results_free(results);
	tt_db_close(db);
	return self;
}

static answer *read_expected(const golden_case *at)
{
	if (at->expectation == KEY_GRAPH) {
		return read_graph(at->expected);
	}
	answer *const self = answer_new(TT_RESULTS_ROWS);
	if (at->expectation == KEY_TRUE || at->expectation == KEY_FALSE) {
		self->kind = TT_RESULTS_BOOLEAN;
		self->boolean = at->expectation == KEY_TRUE;
		return self;
	}
	self->is_ordered = at->expectation == KEY_ORDERED;
	if (!read_rows(self, at->expected)) {
		answer_free(self);
		return NULL;
	}
	return self;
}

/* ---- checking --------------------------------------------------------------------------------- */

/* Each quoted part of the expectation must occur in the message. */
static bool has_parts(const char *expected, const char *message, FILE *file)
{
	const char *c = strchr(expected, '"');
	while (c) {
		const size_t size = strcspn(c + 1, "\"");
		char *const part = must_print("%.*s", (int)size, c + 1);
		const bool is_there = strstr(message, part);
		if (!is_there) {
			(void)fprintf(file, "expected \"%s\" in the message\n", part);
		}
		free(part);
		if (!is_there) {
			return false;
		}
		c = c[1 + size] ? strchr(c + size + 2, '"') : NULL;
	}
	return true;
}

static bool check_error(const golden_case *at, tt_status status, const tt_db *db, FILE *file)
{
	static const struct {
		const char *word;
		tt_status status;
	} words[] = {{"syntax", TT_SYNTAX},
	             {"unsupported", TT_UNSUPPORTED},
	             {"limit", TT_LIMIT},
	             {"type", TT_TYPE},
	             {"not found", TT_NOT_FOUND},
	             {"exists", TT_EXISTS},
	             {"bad argument", TT_BAD_ARGUMENT}};
	const tt_error *const error = tt_db_error(db);
	bool is_good = false;
	for (size_t i = 0; i < sizeof words / sizeof *words; ++i) {
		const size_t size = strlen(words[i].word);
		is_good = is_good || (status == words[i].status && strncmp(at->expected, words[i].word, size) == 0);
	}
	if (status == TT_OK) {
		(void)fprintf(file, "expected an error: %s; got an answer\n", at->expected);
		return false;
	}
	if (!is_good) {
		(void)fprintf(file, "expected an error: %s\n", at->expected);
		return report_db(db, file, "got");
	}
	char *const place = must_print("%zu:%zu", error->line, error->column);
	const bool is_there = !at->place || strcmp(at->place, place) == 0;
	free(place);
	if (!is_there) {
		(void)fprintf(file, "expected the error at %s\n", at->place);
	}
	return (has_parts(at->expected, error->text, file) && is_there) || report_db(db, file, "got");
}

static bool check_answer(const golden_case *at, tt_db *db, tt_results *results, FILE *file)
{
	answer *actual = NULL;
	if (answer_fetch(results, &actual) != TT_OK) {
		answer_free(actual);
		return report_db(db, file, "fetching");
	}
	bool is_good = false;
	answer *expected = NULL;
	if (at->expectation == KEY_COUNT) {
		is_good = actual->n_rows == strtoul(at->expected, NULL, 10);
		(void)fprintf(file, "expected %s rows\n", at->expected);
	} else {
		const answer_comparison exactly = {0};
		expected = read_expected(at);
		is_good = expected && answer_equals(expected, actual, &exactly);
		(void)fputs(expected ? "expected\n" : "the graph of the case cannot be read\n", file);
		if (expected) {
			answer_print(expected, "", file);
		}
	}
	(void)fputs("got\n", file);
	answer_print(actual, "", file);
	answer_free(actual);
	answer_free(expected);
	return is_good;
}

static const char all_quads[] = "SELECT ?g ?s ?p ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }";

static bool ask_case(const golden_case *at, tt_db *db, size_t way, FILE *file)
{
	if (!fill_store(db, at)) {
		(void)report_db(db, file, "data");
		return at->is_wrong; /* no way to pass a control */
	}
	const tt_query_options options = {.is_union_default_graph = at->is_union,
	                                  .is_strict = at->is_strict,
	                                  .is_unoptimised = ways[way].is_unoptimised,
	                                  .bindings = at->bindings,
	                                  .n_bindings = at->n_bindings,
	                                  .description = at->description};
	const bool is_update_error = at->expectation == KEY_ERROR && !at->query;
	const size_t n_updates = at->n_updates - is_update_error;
	for (size_t i = 0; i < n_updates; ++i) {
		if (tt_db_update(db, view_of(at->updates[i]), &options, NULL) != TT_OK) {
			(void)report_db(db, file, "update");
			return at->is_wrong;
		}
	}
	if (is_update_error) {
		return check_error(at, tt_db_update(db, view_of(at->updates[n_updates]), &options, NULL), db, file);
	}
	if (ways[way].is_evidence) { /* of a control, or where there is no answer, there is nothing to prove */
		return at->is_wrong || at->expectation == KEY_ERROR
		           ? !at->is_wrong
		           : proof_holds(db, at->query ? at->query : all_quads, &options, file);
	}
	tt_results *results = NULL;
	const tt_status status = tt_db_query(db, view_of(at->query ? at->query : all_quads), &options, &results);
	bool is_good = false;
	if (at->expectation == KEY_ERROR) {
		is_good = check_error(at, status, db, file);
	} else {
		is_good = status == TT_OK ? check_answer(at, db, results, file) : report_db(db, file, "query");
	}
	tt_results_free(results);
	return is_good;
}

static bool run_way(const golden_case *at, size_t way, FILE *file)
{
	const char *const parent = getenv("TMPDIR");
	char *const directory = must_print("%s/tertium-golden-XXXXXX", parent ? parent : "/tmp");
	tt_db *db = NULL;
	if (ways[way].is_directory && !mkdtemp(directory)) {
		(void)fprintf(file, "cannot make a directory in %s\n", directory);
		free(directory);
		return false;
	}
	const tt_status status = tt_db_open(ways[way].is_directory ? directory : NULL, TT_OPEN_CREATE, &db);
	const bool is_good = status == TT_OK ? ask_case(at, db, way, file) : db && report_db(db, file, "open");
	tt_db_close(db);
	if (ways[way].is_directory) {
		(void)nftw(directory, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	}
	free(directory);
	return is_good;
}

static bool is_readable(const golden_case *at, FILE *file)
{
	answer *const rows = answer_new(TT_RESULTS_ROWS);
	const bool has_rows = at->expectation == KEY_ROWS || at->expectation == KEY_ORDERED;
	const bool is_good = !has_rows || read_rows(rows, at->expected);
	answer_free(rows);
	if (!is_good) {
		(void)fputs("the rows of the case cannot be read\n", file);
	}
	return is_good;
}

/** What a child needs to know. */
typedef struct job {
	const golden_case *at;
	size_t way;
} job;

/* A control is good if what it expects does not come out. */
static bool run_job(void *user, FILE *file)
{
	const job *const self = user;
	return is_readable(self->at, file) && run_way(self->at, self->way, file) != self->at->is_wrong;
}

/* ---- TAP -------------------------------------------------------------------------------------- */

static bool run_case(const golden_case *at, const char *file_name, size_t number)
{
	char *diagnostics[N_WAYS] = {NULL};
	bool has_passed[N_WAYS];
	bool is_good = true;
	for (size_t way = 0; way < N_WAYS; ++way) {
		job self = {.at = at, .way = way};
		has_passed[way] = run_apart(run_job, &self, CASE_SECONDS, &diagnostics[way]);
		is_good = is_good && has_passed[way];
	}
	(void)printf("%sok %zu - %s:%zu: %s\n", is_good ? "" : "not ", number, file_name, at->line, at->name);
	for (size_t way = 0; way < N_WAYS; ++way) {
		if (!has_passed[way]) {
			(void)printf("# %s:\n", ways[way].name);
			print_diagnostics(diagnostics[way]);
		}
		free(diagnostics[way]);
	}
	return is_good;
}

static bool run_file(const char *path, const char *only, size_t *number)
{
	case_list list;
	char *const problem = cases_read(path, &list);
	bool is_good = !problem;
	if (problem) {
		(void)printf("not ok %zu - %s\n", ++*number, problem);
	}
	const char *const slash = strrchr(path, '/');
	for (size_t i = 0; i < list.n_cases && !problem; ++i) {
		if (!only || strstr(list.cases[i].name, only)) {
			is_good = run_case(&list.cases[i], slash ? slash + 1 : path, ++*number) && is_good;
		}
	}
	free(problem);
	cases_clear(&list);
	return is_good;
}

int main(int argc, char **argv)
{
	const char *only = NULL;
	size_t number = 0;
	bool is_good = true;
	for (int i = 1; i < argc; ++i) {
		if (strcmp(argv[i], "--only") == 0 && i + 1 < argc) {
			only = argv[++i];
		} else {
			is_good = run_file(argv[i], only, &number) && is_good;
		}
	}
	(void)printf("1..%zu\n", number);
	return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}
