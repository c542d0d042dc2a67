/* manifest.c - reading the manifests, by SPARQL and with our own engine: each is loaded into a store of its own in
 * memory and asked for the manifests it includes, its tests, and their data. */
#include "w3c/manifest.h"

#include "w3c/results.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PREFIXES                                                              \
	"PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "                   \
	"PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> "              \
	"PREFIX mf: <http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#> " \
	"PREFIX qt: <http://www.w3.org/2001/sw/DataAccess/tests/test-query#> "    \
	"PREFIX ut: <http://www.w3.org/2009/sparql/tests/test-update#> "          \
	"PREFIX dawgt: <http://www.w3.org/2001/sw/DataAccess/tests/test-dawg#> "  \
	"PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> "

static const char includes_query[] = PREFIXES "SELECT ?file { ?manifest mf:include/rdf:rest*/rdf:first ?file }";

static const char tests_query[] = PREFIXES
    "SELECT DISTINCT ?test ?type ?file ?result ?is_lax ?is_rejected ?has_regime ?has_service { "
    "  ?manifest mf:entries/rdf:rest*/rdf:first ?test . "
    "  ?test a ?type . "
    "  OPTIONAL { ?test mf:action ?action "
    "    OPTIONAL { ?action qt:query ?query } OPTIONAL { ?action ut:request ?request } } "
    "  OPTIONAL { ?test mf:result ?result FILTER isIRI(?result) } "
    "  BIND (COALESCE(?query, ?request, IF(isIRI(?action), ?action, ?none)) AS ?file) "
    "  BIND (EXISTS { ?test mf:resultCardinality mf:LaxCardinality } AS ?is_lax) "
    "  BIND (EXISTS { ?test dawgt:approval ?a FILTER (?a IN (dawgt:NotApproved, dawgt:Rejected, dawgt:Withdrawn)) } "
    "        AS ?is_rejected) "
    "  BIND (EXISTS { ?action sd:entailmentRegime ?regime } AS ?has_regime) "
    "  BIND (EXISTS { ?test mf:feature sd:BasicFederatedQuery } AS ?has_service) "
    "}";

/* Files of query tests name their graphs themselves; those of update tests have a label that does. */
static const char data_query[] = PREFIXES
    "SELECT ?test ?file ?graph ?is_after { "
    "  VALUES (?part ?is_after) { (mf:action false) (mf:result true) } "
    "  ?test ?part ?dataset . "
    "  { ?dataset qt:data|ut:data ?file } UNION { ?dataset qt:graphData ?file BIND (STR(?file) AS ?graph) } UNION "
    "  { ?dataset ut:graphData [ ut:graph ?file ; rdfs:label ?graph ] } "
    "  FILTER isIRI(?file) "
    "}";

static const struct {
	const char *type;
	test_kind kind;
	bool is_positive;
} types[] = {{"PositiveSyntaxTest", TEST_QUERY_SYNTAX, true},
             {"PositiveSyntaxTest11", TEST_QUERY_SYNTAX, true},
             {"NegativeSyntaxTest", TEST_QUERY_SYNTAX, false},
             {"NegativeSyntaxTest11", TEST_QUERY_SYNTAX, false},
             {"PositiveUpdateSyntaxTest", TEST_UPDATE_SYNTAX, true},
             {"PositiveUpdateSyntaxTest11", TEST_UPDATE_SYNTAX, true},
             {"NegativeUpdateSyntaxTest", TEST_UPDATE_SYNTAX, false},
             {"NegativeUpdateSyntaxTest11", TEST_UPDATE_SYNTAX, false},
             {"QueryEvaluationTest", TEST_QUERY, true},
             {"CSVResultFormatTest", TEST_CSV, true},
             {"UpdateEvaluationTest", TEST_UPDATE, true},
             {"ProtocolTest", TEST_OTHER, true},
             {"GraphStoreProtocolTest", TEST_OTHER, true},
             {"ServiceDescriptionTest", TEST_OTHER, true}};

static void add_path(path_list *list, char *path)
{
	if (path) {
		list->paths = must_realloc(list->paths, list->n + 1, sizeof *list->paths);
		list->paths[list->n++] = path;
	}
}

static void add_file(file_list *list, char *path, const tt_term *graph)
{
	if (path) {
		list->paths = must_realloc(list->paths, list->n + 1, sizeof *list->paths);
		list->graphs = must_realloc(list->graphs, list->n + 1, sizeof *list->graphs);
		list->paths[list->n] = path;
		list->graphs[list->n++] = graph ? must_print("%.*s", (int)graph->text.size, graph->text.data) : NULL;
	}
}

static void clear_files(file_list *list)
{
	for (size_t i = 0; i < list->n; ++i) {
		free(list->paths[i]);
		free(list->graphs[i]);
	}
	free(list->paths);
	free(list->graphs);
}

static bool has_path(const path_list *list, const char *path)
{
	for (size_t i = 0; i < list->n; ++i) {
		if (strcmp(list->paths[i], path) == 0) {
			return true;
		}
	}
	return false;
}

static void clear_paths(path_list *list)
{
	for (size_t i = 0; i < list->n; ++i) {
		free(list->paths[i]);
	}
	free(list->paths);
}

/* ---- tests ------------------------------------------------------------------------------------ */

/* "sparql11/aggregates: agg01": the folder of the manifest below the root, and what stands behind the # of the IRI. */
static char *name_test(const char *manifest, const char *root, tt_view iri)
{
	const char *const folder = manifest + strlen(root) + strspn(manifest + strlen(root), "/");
	const char *const slash = strrchr(folder, '/');
	const char *const hash = memrchr(iri.data, '#', iri.size);
	const char *const local = hash ? hash + 1 : iri.data;
	const int n_local = (int)(iri.data + iri.size - local);
	return must_print("%.*s: %.*s", slash ? (int)(slash - folder) : 0, folder, n_local, local);
}

static bool find_type(tt_view iri, w3c_test *test)
{
	const char *const hash = iri.size ? memrchr(iri.data, '#', iri.size) : NULL;
	for (size_t i = 0; hash && i < sizeof types / sizeof *types; ++i) {
		if (view_is((tt_view){hash + 1, (size_t)(iri.data + iri.size - hash - 1)}, types[i].type)) {
			test->kind = types[i].kind;
			test->is_positive = types[i].is_positive;
			return true;
		}
	}
	return false;
}

static void put_test(w3c_suite *suite, const char *manifest, const char *root, const tt_term *row)
{
	w3c_test test = {.is_lax = view_is(row[4].text, "true"),
	                 .is_rejected = view_is(row[5].text, "true"),
	                 .needs_entailment = view_is(row[6].text, "true"),
	                 .needs_service = view_is(row[7].text, "true")};
	if (!find_type(row[1].text, &test)) {
		return;
	}
	test.iri = must_print("%.*s", (int)row[0].text.size, row[0].text.data);
	test.name = name_test(manifest, root, row[0].text);
	test.query = file_path(row[2].text);
	test.result = file_path(row[3].text);
	suite->tests = must_realloc(suite->tests, suite->n_tests + 1, sizeof *suite->tests);
	suite->tests[suite->n_tests++] = test;
}

static void put_data(w3c_suite *suite, size_t first, const answer *data)
{
	for (size_t i = 0; i < data->n_rows; ++i) {
		const tt_term *const row = &data->cells[i * data->n_columns];
		for (size_t j = first; j < suite->n_tests; ++j) {
			w3c_test *const test = &suite->tests[j];
			if (view_is(row[0].text, test->iri)) {
				add_file(view_is(row[3].text, "true") ? &test->after : &test->data, file_path(row[1].text),
				         row[2].kind == TT_TERM_NONE ? NULL : &row[2]);
			}
		}
	}
}

/* ---- manifests -------------------------------------------------------------------------------- */

static bool ask_manifest(w3c_suite *suite, tt_db *db, const char *manifest, const char *root,
                         const tt_query_options *options)
{
	answer *const includes = ask(db, includes_query, options);
	answer *const tests = includes ? ask(db, tests_query, options) : NULL;
	answer *const data = tests ? ask(db, data_query, options) : NULL;
	const size_t first = suite->n_tests;
	for (size_t i = 0; data && i < tests->n_rows; ++i) {
		put_test(suite, manifest, root, &tests->cells[i * tests->n_columns]);
	}
	if (data) {
		put_data(suite, first, data);
	}
	for (size_t i = 0; data && i < includes->n_rows; ++i) {
		char *const path = file_path(includes->cells[i].text);
		if (path && !has_path(&suite->manifests, path)) {
			add_path(&suite->manifests, path);
		} else {
			free(path);
		}
	}
	answer_free(includes);
	answer_free(tests);
	answer_free(data);
	return data;
}

static bool read_manifest(w3c_suite *suite, const char *manifest, const char *root, const tt_query_options *options)
{
	tt_db *db = NULL;
	const bool is_read = tt_db_open(NULL, TT_OPEN_CREATE, &db) == TT_OK && load_file(db, manifest, NULL) == TT_OK &&
	                     ask_manifest(suite, db, manifest, root, options);
	if (!is_read && db) {
		const tt_error *const error = tt_db_error(db);
		(void)printf("# %s: %s (%s:%zu:%zu)\n", manifest, error->text, error->file, error->line, error->column);
	}
	tt_db_close(db);
	return is_read;
}

static int compare_tests(const void *left, const void *right)
{
	return strcmp(((const w3c_test *)left)->name, ((const w3c_test *)right)->name);
}

bool suite_read(const char *root, bool is_unoptimised, w3c_suite *out_suite)
{
	static const char *const roots[] = {"sparql10/manifest.ttl", "sparql11/manifest-all.ttl",
	                                    "sparql/sparql10/manifest.ttl", "sparql/sparql11/manifest-all.ttl"};
	*out_suite = (w3c_suite){0};
	for (size_t i = 0; i < sizeof roots / sizeof *roots; ++i) {
		char *const path = must_print("%s/%s", root, roots[i]);
		if (access(path, R_OK) == 0) {
			add_path(&out_suite->manifests, path);
		} else {
			free(path);
		}
	}
	const tt_query_options options = {.is_unoptimised = is_unoptimised};
	/* The list grows while it is read. */
	bool is_read = true;
	for (size_t i = 0; i < out_suite->manifests.n; ++i) {
		is_read = read_manifest(out_suite, out_suite->manifests.paths[i], root, &options) && is_read;
	}
	if (out_suite->n_tests) {
		qsort(out_suite->tests, out_suite->n_tests, sizeof *out_suite->tests, compare_tests);
	}
	return is_read;
}

void suite_clear(w3c_suite *suite)
{
	for (size_t i = 0; i < suite->n_tests; ++i) {
		w3c_test *const test = &suite->tests[i];
		free(test->iri);
		free(test->name);
		free(test->query);
		free(test->result);
		clear_files(&test->data);
		clear_files(&test->after);
	}
	free(suite->tests);
	clear_paths(&suite->manifests);
}
