/* test_memory.c - every allocation of every operation fails once: the operation says that memory is out or does its
 * work all the same, nothing leaks (that the sanitizers tell), and the store is what it was.
 *
 * What fails are the allocations of base/mem; those of the libraries are theirs. Needs --enable-fault-injection.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>
#include <librdf.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

static const char trig[] =
    "@prefix : <http://example.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
    ":a :p :b , :c ; :q 1, 2, 1.5, 1e0 ; :r \"abc\", \"aBc\"@en , \"2001-02-03\"^^xsd:date .\n"
    ":b :p :c ; :q 123456789012345678901234567890 ; :r \"x\" . :c :p :a , [ :p :a ; :q true ] .\n"
    ":g { :a :p :b . :b :p :d . _:x :q 3 }\n";

static const char more_trig[] = "@prefix : <http://example.org/> .\n"
                                ":new :p :b , \"new\"@en , 7 . :g2 { :a :new _:y } # \\u00e4\n";

static const char *const queries[] = {
    "SELECT * { ?a ?b ?c }",
    "SELECT DISTINCT ?a { ?a :p ?b . ?b :p ?c }",
    "SELECT * { ?a :p ?b OPTIONAL { ?b :q ?c FILTER (?c > 1) } }",
    "SELECT * { { ?a :p ?b } UNION { ?a :q ?b } MINUS { ?a :r ?c } }",
    "SELECT * { ?a :p+ ?b . ?b (:p|^:q)* ?c . ?a !:r ?d }",
    "SELECT * { ?a ?p ?b FILTER EXISTS { ?b :p ?c } FILTER NOT EXISTS { ?a :r ?d FILTER (?d != ?b) } }",
    "SELECT * { GRAPH ?g { ?a :p ?b } }",
    "SELECT * FROM :g FROM NAMED :g { ?a :p ?b GRAPH ?g { ?b :p ?c } }",
    "SELECT ?a (COUNT(*) AS ?n) (SUM(?b) AS ?s) (GROUP_CONCAT(?b; separator=\",\") AS ?t) (MIN(?b) AS ?m) "
    "(COUNT(DISTINCT ?b) AS ?d) (AVG(?b) AS ?v) (SAMPLE(?b) AS ?e) { ?a :q ?b } GROUP BY ?a HAVING (COUNT(*) > 0)",
    "SELECT * { ?a ?b ?c } ORDER BY DESC(?c) STR(?a) LIMIT 3 OFFSET 1",
    "SELECT * { ?a ?b ?c } ORDER BY ?c",
    "SELECT * { VALUES (?a ?b) { (:a 1) (UNDEF \"x\") } ?a :p ?c BIND (CONCAT(STR(?a), \"!\") AS ?d) }",
    "SELECT ?a (REPLACE(?b, \"(b|c)+\", \"<$1>\", \"i\") AS ?c) (SHA256(STR(?b)) AS ?d) (UCASE(?b) AS ?e) { ?a :r ?b "
    "FILTER (REGEX(STR(?b), \"[a-b-[c]]\")) }",
    "SELECT (?b * ?b / 7 AS ?c) (xsd:double(?b) + 1 AS ?d) (STRDT(STR(?b), xsd:decimal) AS ?e) { ?a :q ?b }",
    "SELECT (YEAR(?b) AS ?y) (?b + \"P1D\"^^xsd:dayTimeDuration AS ?c) (NOW() AS ?n) (UUID() AS ?u) (BNODE(\"x\") AS "
    "?v) "
    "{ ?a :r ?b }",
    "SELECT * { { SELECT ?a (MAX(?b) AS ?m) { ?a :q ?b } GROUP BY ?a } ?a :p ?c }",
    "ASK { :a :p ?b . ?b :p ?c }",
    "CONSTRUCT { ?a :made [ :of ?b ] } WHERE { ?a :p ?b }",
    "DESCRIBE :c",
    "DESCRIBE ?a { ?a :p :a }",
};

/** One operation on a database that holds `trig`. @param user What is operated with. */
typedef tt_status (*operation)(tt_db *db, const void *user);

static size_t n_answered; /* bytes of the last answer */

/* ---- files ------------------------------------------------------------------------------------ */

static char folder[64], data_name[96], more_name[96], out_name[96], store_name[96];

static void write_text(const char *name, const char *text)
{
	FILE *const file = fopen(name, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0 && fclose(file) == 0);
}

static int make_files(void **state)
{
	(void)state;
	(void)snprintf(folder, sizeof folder, "/tmp/tertium-test-XXXXXX");
	assert_non_null(mkdtemp(folder));
	(void)snprintf(data_name, sizeof data_name, "%s/data.trig", folder);
	(void)snprintf(more_name, sizeof more_name, "%s/more.trig", folder);
	(void)snprintf(out_name, sizeof out_name, "%s/out", folder);
	(void)snprintf(store_name, sizeof store_name, "%s/store", folder);
	write_text(data_name, trig);
	write_text(more_name, more_trig);
	return 0;
}

static void remove_store(void)
{
	static const char *const names[] = {"data.mdb", "lock.mdb"};
	for (size_t i = 0; i < 2; ++i) {
		char name[128];
		(void)snprintf(name, sizeof name, "%s/%s", store_name, names[i]);
		(void)unlink(name);
	}
	(void)rmdir(store_name);
}

static int remove_files(void **state)
{
	(void)state;
	remove_store();
	(void)unlink(data_name);
	(void)unlink(more_name);
	(void)unlink(out_name);
	(void)rmdir(folder);
	return 0;
}

static tt_db *open_filled(void)
{
	tt_db *db = NULL;
	const char *const path = data_name;
	assert_int_equal(tt_db_open(NULL, TT_OPEN_CREATE, &db), TT_OK);
	assert_int_equal(tt_db_load(db, &path, NULL, 1, NULL), TT_OK);
	return db;
}

/* ---- failing ---------------------------------------------------------------------------------- */

static void require_same_stats(tt_db *db, const tt_db_stats *before, const char *name, unsigned long n_th)
{
	tt_db_stats after;
	assert_int_equal(tt_db_get_stats(db, &after), TT_OK);
	if (memcmp(before, &after, sizeof after) != 0) {
		fail_msg("%s: the store has changed when allocation %lu failed", name, n_th);
	}
}

/* A rollback may have cleared the error. */
static bool says_so(const tt_db *db)
{
	const char *const text = tt_db_error(db)->text;
	return !*text || strcmp(text, "out of memory") == 0;
}

/* Let each allocation of an operation fail once. */
static void fail_each(const char *name, operation run, const void *user)
{
	if (!tt_mem_fail_nth(0)) {
		skip();
	}
	tt_db *const db = open_filled();
	tt_db_stats before;
	assert_int_equal(tt_db_get_stats(db, &before), TT_OK);
	size_t n_expected = 0;
	unsigned long n_th = 0;
	bool has_failed = true;
	while (has_failed) {
		(void)tt_mem_fail_nth(++n_th);
		n_answered = 0;
		const tt_status status = run(db, user);
		has_failed = tt_mem_has_failed();
		(void)tt_mem_fail_nth(0);
		if (status == TT_OK && has_failed) {
			n_expected = n_answered;
		} else if (status == TT_OK) {
			assert_true(n_expected == 0 || n_expected == n_answered);
		} else if (!has_failed || status != TT_NO_MEMORY || !says_so(db)) {
			fail_msg("%s: allocation %lu: %s: %s", name, n_th, tt_status_name(status), tt_db_error(db)->text);
		}
		if (status != TT_OK) {
			require_same_stats(db, &before, name, n_th);
		} else {
			assert_int_equal(tt_db_get_stats(db, &before), TT_OK);
		}
	}
	assert_true(n_th > 1);
	tt_db_close(db);
}

/* ---- queries ---------------------------------------------------------------------------------- */

static tt_status query(tt_db *db, const void *user)
{
	const tt_view text = {user, strlen(user)};
	tt_results *results = NULL;
	tt_status status = tt_db_query(db, text, NULL, &results);
	if (status == TT_OK) {
		const bool is_triples = tt_results_get_kind(results) == TT_RESULTS_TRIPLES;
		const tt_write_options options = {.format = is_triples ? TT_FORMAT_TURTLE : TT_FORMAT_JSON};
		const int null = open("/dev/null", O_WRONLY);
		uint64_t n_rows = 0;
		status = tt_results_write(results, &options, null, &n_rows);
		n_answered = (size_t)n_rows + 1;
		(void)close(null);
	}
	if (status == TT_OK) {
		const char *explained = NULL;
		status = tt_results_explain(results, &explained);
	}
	tt_results_free(results);
	return status;
}

static void test_queries(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof queries / sizeof *queries; ++i) {
		fail_each(queries[i], query, queries[i]);
	}
}

static tt_status write_format(tt_db *db, const void *user)
{
	static const tt_view text = {"SELECT * { ?a ?b ?c }", 21};
	const tt_write_options *const options = user;
	tt_results *results = NULL;
	TT_TRY(tt_db_query(db, text, NULL, &results));
	const int null = open("/dev/null", O_WRONLY);
	const tt_status status = tt_results_write(results, options, null, NULL);
	(void)close(null);
	tt_results_free(results);
	return status;
}

static void test_formats(void **state)
{
	(void)state;
	static const tt_format formats[] = {TT_FORMAT_TABLE, TT_FORMAT_CSV, TT_FORMAT_TSV, TT_FORMAT_JSON, TT_FORMAT_XML};
	for (size_t i = 0; i < sizeof formats / sizeof *formats; ++i) {
		const tt_write_options options = {.format = formats[i], .is_short = true, .n_width = 60};
		fail_each("results", write_format, &options);
	}
}

/* ---- questions -------------------------------------------------------------------------------- */

static const struct {
	const char *file, *text;
} question_files[] = {
    {"1-bound.rq", "# title: It is bound\n# parameter: ?a = :a whose\n# parameter: ?b any\n"
                   "SELECT ?a ?c { ?a :p ?b { SELECT ?b ?c { ?b :p ?c FILTER EXISTS { ?a :p ?c } } } } ORDER BY ?c"},
    {"1-bound.tsv", "?a\t?c\n<http://example.org/a>\t<http://example.org/c>\n"},
    {"2-blank.rq", "SELECT ?a ?b { ?a :p|:q ?b FILTER (ISBLANK(?a)) }"},
    {"2-blank.tsv", "?b\t?a\ntrue\t_:x\n<http://example.org/a>\t_:x\n\"more\"@en\t_:y\n"},
    {"3-csv.rq", "SELECT ?a ?b { ?a :q ?b FILTER (?a = :a) }"},
    {"3-csv.csv", "a,b\r\n\"http://example.org/a\",1\r\n"},
    {"4-graph.rq", "CONSTRUCT { ?b :of _:x } { :a :p ?b }"},
    {"4-graph.ttl", "@prefix : <http://example.org/> . :b :of [] . :c :of [] . :c :of _:a ."},
    {"5-ask.rq", "ASK { :a :p :b }"},
    {"5-ask.tsv", "true\n"}};
enum { N_QUESTION_FILES = sizeof question_files / sizeof *question_files };

static tt_status test_all(tt_db *db, tt_questions *questions)
{
	const tt_question *question = NULL;
	tt_status status = tt_questions_find(questions, "bound", &question);
	const int null = open("/dev/null", O_WRONLY);
	status = status ? status : tt_questions_write(questions, &(tt_write_options){.format = TT_FORMAT_TSV}, null);
	(void)close(null);
	for (size_t i = 0; status == TT_OK && (question = tt_questions_get(questions, i)); ++i) {
		tt_test_verdict verdict;
		status = tt_question_test(db, question, NULL, NULL, NULL, &verdict);
		n_answered = n_answered * 3 + (status == TT_OK ? (size_t)verdict : 0);
	}
	return status;
}

static tt_status ask_questions(tt_db *db, const void *user)
{
	tt_questions *questions = NULL;
	const tt_view prefix = {"", 0};
	const tt_view iri = {"http://example.org/", 19};
	TT_TRY(tt_db_set_prefix(db, prefix, iri));
	tt_status status = tt_questions_read(user, &questions);
	status = status ? status : test_all(db, questions);
	tt_questions_free(questions);
	return status;
}

static void test_questions(void **state)
{
	(void)state;
	char asked[96];
	char name[N_QUESTION_FILES][128];
	(void)snprintf(asked, sizeof asked, "%s/questions", folder);
	assert_int_equal(mkdir(asked, 0700), 0);
	for (size_t i = 0; i < N_QUESTION_FILES; ++i) {
		(void)snprintf(name[i], sizeof name[i], "%s/%s", asked, question_files[i].file);
		write_text(name[i], question_files[i].text);
	}
	if (tt_mem_fail_nth(0)) {
		fail_each("questions", ask_questions, asked);
	}
	for (size_t i = 0; i < N_QUESTION_FILES; ++i) {
		(void)unlink(name[i]);
	}
	(void)rmdir(asked);
}

/* ---- evidence --------------------------------------------------------------------------------- */

static tt_status explain_row(tt_db *db, const void *user)
{
	static const tt_format formats[] = {TT_FORMAT_TABLE, TT_FORMAT_JSON, TT_FORMAT_TRIG};
	const tt_view text = {user, strlen(user)};
	tt_why *why = NULL;
	tt_status status = tt_db_why(db, text, NULL, NULL, &why);
	if (status != TT_OK) {
		return status == TT_NOT_FOUND ? TT_OK : status; /* some have no rows */
	}
	const int null = open("/dev/null", O_WRONLY);
	n_answered = tt_why_n_statements(why) + 1;
	for (size_t i = 0; i < sizeof formats / sizeof *formats && status == TT_OK; ++i) {
		const tt_write_options options = {.format = formats[i]};
		status = tt_why_write(why, &options, null);
	}
	status = status ? status : tt_why_cite(why, TT_CITE_FOOTNOTES, null);
	status = status ? status : tt_why_cite(why, TT_CITE_BIBTEX, null);
	(void)close(null);
	tt_why_free(why);
	return status;
}

static void test_evidence(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof queries / sizeof *queries; ++i) {
		fail_each(queries[i], explain_row, queries[i]);
	}
}

/* ---- comparison ------------------------------------------------------------------------------- */

static tt_status compare(tt_db *db, const void *user)
{
	static const char *const names[] = {"http://example.org/a", "C"};
	static const char *const via[] = {"http://example.org/p"};
	const int null = open("/dev/null", O_WRONLY);
	tt_compare_options options = {.format = *(const tt_compare_format *)user, .via = via, .n_via = 1};
	options.has_evidence = true;
	options.depth = 3;
	const tt_status status = tt_db_compare(db, names, 2, &options, null);
	(void)close(null);
	return status;
}

static void test_comparison(void **state)
{
	(void)state;
	for (tt_compare_format format = TT_COMPARE_TABLE; format <= TT_COMPARE_SPARQL; ++format) {
		fail_each("compare", compare, &format);
	}
}

/* ---- loading, dumping, opening ---------------------------------------------------------------- */

static tt_status load(tt_db *db, const void *user)
{
	(void)user;
	const char *const path = more_name;
	return tt_db_load(db, &path, NULL, 1, NULL);
}

static void test_load(void **state)
{
	(void)state;
	fail_each("load", load, NULL);
}

static tt_status update(tt_db *db, const void *user)
{
	static const char request[] =
	    "PREFIX : <http://example.org/> INSERT DATA { :new :p 1 , \"new\" . GRAPH :g3 { :new :q _:x } } ;"
	    "DELETE { ?a :p ?b } INSERT { ?b :q ?a , [] } WHERE { ?a :p ?b } ; COPY SILENT :g TO :g4 ; CLEAR SILENT GRAPH "
	    ":g ;"
	    "DELETE WHERE { ?a :r ?b }";
	(void)user;
	return tt_db_update(db, (tt_view){request, sizeof request - 1}, NULL, NULL);
}

static void test_update(void **state)
{
	(void)state;
	fail_each("update", update, NULL);
}

/* Changes of one transaction, which is given up if any of them fails. */
static tt_status transact(tt_db *db, const void *user)
{
	TT_TRY(tt_db_begin(db));
	tt_status status = update(db, user);
	status = status ? status : load(db, user);
	tt_change_counts counts;
	status = status ? status : tt_db_changes(db, 0, NULL, NULL, &counts);
	if (status == TT_OK) {
		return tt_db_commit(db, NULL);
	}
	if (tt_db_error(db)->status != TT_NO_MEMORY || !says_so(db)) {
		fail_msg("%s: %s", tt_status_name(status), tt_db_error(db)->text);
	}
	if (tt_db_is_in_transaction(db)) {
		assert_int_equal(tt_db_rollback(db), TT_OK);
	}
	return status;
}

static void test_transaction(void **state)
{
	(void)state;
	fail_each("transaction", transact, NULL);
}

static tt_status set_prefix(tt_db *db, const void *user)
{
	const tt_view *const name = user;
	const tt_status status = tt_db_set_prefix(db, *name, (tt_view){"http://new/", 11});
	tt_view iri;
	/* The others are there all the same. */
	assert_true(tt_db_prefix(db, 0, &iri, &iri, NULL) && tt_db_prefix(db, 5, &iri, &iri, NULL));
	return status;
}

static void test_prefix(void **state)
{
	(void)state;
	static const tt_view name = {"new", 3};
	fail_each("prefix", set_prefix, &name);
}

static tt_status dump(tt_db *db, const void *user)
{
	const tt_rdf_syntax *const syntax = user;
	const int fd = open(out_name, O_RDWR | O_CREAT | O_TRUNC, 0600);
	const tt_status status = tt_db_dump(db, &(tt_dump_options){.syntax = *syntax, .is_sorted = *syntax == TT_RDF_TRIG},
	                                    fd);
	struct stat info;
	assert_int_equal(fstat(fd, &info), 0);
	n_answered = (size_t)info.st_size;
	(void)close(fd);
	return status;
}

static void test_dump(void **state)
{
	(void)state;
	static const tt_rdf_syntax syntaxes[] = {TT_RDF_TURTLE, TT_RDF_TRIG, TT_RDF_NTRIPLES, TT_RDF_NQUADS, TT_RDF_XML};
	for (size_t i = 0; i < sizeof syntaxes / sizeof *syntaxes; ++i) {
		fail_each("dump", dump, &syntaxes[i]);
	}
}

static tt_status check(tt_db *db, const void *user)
{
	(void)user;
	tt_check_result result;
	const tt_status status = tt_db_check(db, NULL, NULL, &result);
	assert_true(status != TT_OK || result.n_damages == 0);
	return status;
}

static void test_check(void **state)
{
	(void)state;
	fail_each("check", check, NULL);
}

/* A directory that is made, filled, and opened again. */
static void test_open(void **state)
{
	(void)state;
	if (!tt_mem_fail_nth(0)) {
		skip();
	}
	static const tt_open_mode modes[] = {TT_OPEN_CREATE, TT_OPEN_WRITE, TT_OPEN_READ};
	const char *const path = data_name;
	for (size_t i = 0; i < sizeof modes / sizeof *modes; ++i) {
		bool has_failed = true;
		for (unsigned long n_th = 1; has_failed; ++n_th) {
			tt_db *db = NULL;
			if (modes[i] == TT_OPEN_CREATE) {
				remove_store();
			}
			(void)tt_mem_fail_nth(n_th);
			tt_status status = tt_db_open(store_name, modes[i], &db);
			if (status == TT_OK && modes[i] != TT_OPEN_READ) {
				status = tt_db_load(db, &path, NULL, 1, NULL);
			}
			has_failed = tt_mem_has_failed();
			(void)tt_mem_fail_nth(0);
			assert_true(status == TT_OK || (has_failed && status == TT_NO_MEMORY));
			tt_db_close(db);
		}
	}
}

/* ---- Redland ---------------------------------------------------------------------------------- */

static int ignore_message(void *user, librdf_log_message *message)
{
	(void)user;
	(void)message;
	return 1;
}

static librdf_statement *make_statement(librdf_world *world, const char *object)
{
	return librdf_new_statement_from_nodes(
	    world, librdf_new_node_from_uri_string(world, (const unsigned char *)"http://example.org/a"),
	    librdf_new_node_from_uri_string(world, (const unsigned char *)"http://example.org/p"),
	    librdf_new_node_from_literal(world, (const unsigned char *)object, NULL, 0));
}

static void drain(librdf_stream *stream)
{
	while (stream && !librdf_stream_end(stream)) {
		if (librdf_stream_get_object(stream)) {
			(void)librdf_stream_get_context2(stream);
		}
		if (librdf_stream_next(stream)) {
			break;
		}
	}
	if (stream) {
		librdf_free_stream(stream);
	}
}

/* All that a model asks of its storage. What each call says about a failure is librdf's; here nothing may crash. */
static void use_model(librdf_world *world, librdf_model *model)
{
	librdf_statement *const first = make_statement(world, "1");
	librdf_statement *const second = make_statement(world, "2");
	librdf_node *const graph = librdf_new_node_from_uri_string(world, (const unsigned char *)"http://example.org/g");
	librdf_statement *const any = librdf_new_statement(world);
	(void)librdf_model_transaction_start(model);
	(void)librdf_model_add_statement(model, first);
	(void)librdf_model_transaction_rollback(model);
	(void)librdf_model_add_statement(model, first);
	(void)librdf_model_context_add_statement(model, graph, second);
	(void)librdf_model_contains_statement(model, second);
	(void)librdf_model_size(model);
	drain(librdf_model_as_stream(model));
	drain(librdf_model_find_statements(model, any));
	drain(librdf_model_context_as_stream(model, graph));
	drain(librdf_model_find_statements_in_context(model, any, graph));
	librdf_iterator *const graphs = librdf_model_get_contexts(model);
	while (graphs && !librdf_iterator_end(graphs)) {
		(void)librdf_iterator_get_object(graphs);
		(void)librdf_iterator_next(graphs);
	}
	if (graphs) {
		librdf_free_iterator(graphs);
	}
	(void)librdf_model_remove_statement(model, first);
	(void)librdf_model_context_remove_statements(model, graph);
	(void)librdf_model_sync(model);
	librdf_free_statement(first);
	librdf_free_statement(second);
	librdf_free_statement(any);
	librdf_free_node(graph);
}

static void test_redland(void **state)
{
	(void)state;
	if (!tt_mem_fail_nth(0)) {
		skip();
	}
	bool has_failed = true;
	for (unsigned long n_th = 1; has_failed; ++n_th) {
		librdf_world *const world = librdf_new_world();
		librdf_world_open(world);
		librdf_world_set_logger(world, NULL, ignore_message);
		assert_int_equal(tt_librdf_register(world), 0);
		(void)tt_mem_fail_nth(n_th);
		librdf_storage *const storage = librdf_new_storage(world, "tertium", store_name, "new='yes'");
		librdf_model *const model = storage ? librdf_new_model(world, storage, NULL) : NULL;
		if (model) {
			use_model(world, model);
		}
		has_failed = tt_mem_has_failed();
		(void)tt_mem_fail_nth(0);
		assert_true(has_failed || model);
		if (model) {
			librdf_free_model(model);
		}
		if (storage) {
			librdf_free_storage(storage);
		}
		librdf_free_world(world);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_queries),    cmocka_unit_test(test_formats),     cmocka_unit_test(test_evidence),
	    cmocka_unit_test(test_comparison), cmocka_unit_test(test_load),        cmocka_unit_test(test_prefix),
	    cmocka_unit_test(test_update),     cmocka_unit_test(test_transaction), cmocka_unit_test(test_dump),
	    cmocka_unit_test(test_check),      cmocka_unit_test(test_open),        cmocka_unit_test(test_redland),
	    cmocka_unit_test(test_questions),
	};
	return cmocka_run_group_tests(tests, make_files, remove_files);
}
