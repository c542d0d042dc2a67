/* fuzz_query_eval.c - queries over a small dataset with every kind of term, optimised and as written: both end within
 * the time and memory allowed, and unless the query leaves its answer open (SAMPLE, LIMIT, BNODE …) both give the same
 * rows; the evidence for the first row is found within the same limits. An input that begins with a control character
 * is a query by grammar (grammar.h), else it is its text. */
#include "fuzz/grammar.h"

#include <fcntl.h>
#include <unistd.h>

#include "tertium.h"

#define SECONDS 1.0
enum { MOST_MEGABYTES = 64, MOST_ROWS = 20000, N_WAYS = 2 };

static const char dataset[] =
    "@prefix : <http://example.org/> .\n"
    "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
    ":a :p :b ; :q 1, 2, 1.0, 1.5E0 ; :r \"abc\", \"aBc\"@en, \"äöü😀\" ; a :c .\n"
    ":b :p :c , :a ; :q 2 ; :r \"a\", \"\", \"abc\"@en-gb ; a :c .\n"
    ":c :p :c , _:x ; :q 123456789012345678901234567890, \"NaN\"^^xsd:double, \"odd\"^^xsd:integer .\n"
    "_:x :p _:y , 1 ; :q -3 ; :r true, false, \"2001-02-03\"^^xsd:date, \"2001-02-03T04:05:06Z\"^^xsd:dateTime .\n"
    "_:y :p :a ; :q 2.5, 0, \"P1Y\"^^xsd:yearMonthDuration, \"INF\"^^xsd:float ; :r \"2001\"^^xsd:gYear, <x:y> .\n"
    ":p :p :q . :q a :p ; :r \"07\"^^xsd:integer, \"1\"^^xsd:byte, \"2001-02\"^^xsd:gYearMonth .\n"
    ":g1 { :a :p :b . :b :p :d . :d :q 1 ; :r \"in g1\" . _:z :p :a }\n"
    ":g2 { :a :p :b . :d :p :a , :d . :d :q 2 , 3 ; a :c . :g1 :r \"about g1\" }\n";

/** One way to answer, and what came. */
typedef struct answer {
	tt_status status;
	tt_results_kind kind;
	char **rows;
	size_t n_rows;
} answer;

static tt_db *open_dataset(void)
{
	char path[] = "/tmp/fuzz_query_eval-XXXXXX";
	const int fd = mkstemp(path);
	FUZZ_REQUIRE(fd >= 0 && write(fd, dataset, sizeof dataset - 1) == (ssize_t)sizeof dataset - 1, "%s", path);
	(void)close(fd);
	tt_db *db = NULL;
	const char *const paths[] = {path};
	const tt_load_options options = {.syntax = TT_RDF_TRIG};
	FUZZ_REQUIRE(tt_db_open(NULL, TT_OPEN_CREATE, &db) == TT_OK, "%s", tt_db_error(db)->text);
	FUZZ_REQUIRE(tt_db_load(db, paths, &options, 1, NULL) == TT_OK, "%s", tt_db_error(db)->text);
	(void)unlink(path);
	return db;
}

/* ---- answers ---------------------------------------------------------------------------------- */

/* @param is_blind All blank nodes look the same: those of a template are new each time. */
static char *row_text(const tt_term *row, size_t n_columns, bool is_blind)
{
	char *text = NULL;
	size_t n_text = 0;
	FILE *const out = open_memstream(&text, &n_text);
	FUZZ_REQUIRE(out, "no memory");
	for (size_t i = 0; i < n_columns; ++i) {
		const tt_term *const term = &row[i];
		const tt_view label = is_blind && term->kind == TT_TERM_BLANK ? TT_VIEW("b") : term->text;
		(void)fprintf(out, "%d %.*s|%.*s|%.*s\t", (int)term->kind, TT_VIEW_ARG(label), TT_VIEW_ARG(term->datatype),
		              TT_VIEW_ARG(term->language));
		FUZZ_REQUIRE(tt_utf8_check(term->text) == term->text.size, "a term that is not UTF-8");
	}
	(void)fclose(out);
	return text;
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void fetch_rows(tt_db *db, tt_results *results, answer *out)
{
	out->kind = tt_results_get_kind(results);
	out->rows = calloc(MOST_ROWS + 1, sizeof *out->rows);
	FUZZ_REQUIRE(out->rows, "no memory");
	const size_t n_columns = tt_results_n_columns(results);
	const tt_term *row = NULL;
	do {
		out->status = tt_results_next(results, &row);
		if (out->status == TT_OK && row) {
			out->rows[out->n_rows++] = row_text(row, n_columns, out->kind == TT_RESULTS_TRIPLES);
		}
	} while (out->status == TT_OK && row && out->n_rows < MOST_ROWS);
	if (out->status == TT_OK && row) {
		out->status = TT_LIMIT;
	}
	if (out->kind == TT_RESULTS_BOOLEAN) {
		out->rows[out->n_rows++] = strdup(tt_results_boolean(results) ? "true" : "false");
	}
	qsort(out->rows, out->n_rows, sizeof *out->rows, compare_texts);
	const char *explained = NULL;
	FUZZ_REQUIRE(tt_results_explain(results, &explained) == TT_OK, "%s", tt_db_error(db)->text);
}

static void ask(tt_db *db, tt_view text, bool is_unoptimised, answer *out)
{
	const tt_query_options options = {.timeout_seconds = SECONDS,
	                                  .memory_bytes = (size_t)MOST_MEGABYTES << 20,
	                                  .base = "http://example.org/",
	                                  .is_unoptimised = is_unoptimised};
	tt_results *results = NULL;
	const double start = fuzz_cpu_seconds();
	out->status = tt_db_query(db, text, &options, &results);
	if (out->status == TT_OK) {
		fetch_rows(db, results, out);
	}
	tt_results_free(results);
	const double taken = fuzz_cpu_seconds() - start;
	FUZZ_REQUIRE(taken < SECONDS * 2, "it took %g s in\n%.*s", taken, TT_VIEW_ARG(text));
	FUZZ_REQUIRE(out->status != TT_INTERNAL && out->status != TT_CORRUPT && out->status != TT_BAD_ARGUMENT,
	             "%s in\n%.*s", tt_db_error(db)->text, TT_VIEW_ARG(text));
}

static void clear_answer(answer *answer)
{
	for (size_t i = 0; i < answer->n_rows; ++i) {
		free(answer->rows[i]);
	}
	free(answer->rows);
}

/* ---- comparing -------------------------------------------------------------------------------- */

/* Whether a query may be answered in several ways. Words in strings count too, which does no harm. */
static bool is_open(tt_view text)
{
	static const char *const words[] = {"RAND",   "UUID",   "NOW",     "BNODE",       "LIMIT",
	                                    "OFFSET", "SAMPLE", "REDUCED", "GROUP_CONCAT"};
	char *const copy = strndup(text.data ? text.data : "", text.size);
	FUZZ_REQUIRE(copy, "no memory");
	bool is_there = false;
	for (size_t i = 0; i < sizeof words / sizeof *words; ++i) {
		is_there |= strcasestr(copy, words[i]) != NULL;
	}
	free(copy);
	return is_there;
}

static void print_answer(const answer *answer)
{
	(void)fprintf(stderr, "%s, %zu rows\n", tt_status_name(answer->status), answer->n_rows);
	for (size_t i = 0; i < answer->n_rows && i < 20; ++i) {
		(void)fprintf(stderr, "    %s\n", answer->rows[i]);
	}
}

static bool are_same(const answer *a, const answer *b)
{
	bool is_same = a->status == b->status && a->n_rows == b->n_rows;
	for (size_t i = 0; is_same && i < a->n_rows; ++i) {
		is_same = strcmp(a->rows[i], b->rows[i]) == 0;
	}
	return is_same;
}

static bool has_run_out(const answer *answer)
{
	return answer->status == TT_TIMEOUT || answer->status == TT_LIMIT;
}

/* The statements of the evidence are in the data. */
static void explain(tt_db *db, tt_view text)
{
	const tt_query_options options = {
	    .timeout_seconds = SECONDS, .memory_bytes = (size_t)MOST_MEGABYTES << 20, .base = "http://example.org/"};
	tt_why *why = NULL;
	const double start = fuzz_cpu_seconds();
	const tt_status status = tt_db_why(db, text, &options, NULL, &why);
	const double taken = fuzz_cpu_seconds() - start;
	FUZZ_REQUIRE(taken < SECONDS * 2, "the evidence took %g s in\n%.*s", taken, TT_VIEW_ARG(text));
	FUZZ_REQUIRE(status == TT_OK || status == TT_NOT_FOUND || status == TT_TIMEOUT || status == TT_LIMIT, "%s in\n%.*s",
	             tt_db_error(db)->text, TT_VIEW_ARG(text));
	for (size_t i = 0; why && i < tt_why_n_statements(why); ++i) {
		const tt_term *graphs = NULL;
		size_t n_graphs = 0;
		(void)tt_why_statement(why, i, &graphs, &n_graphs);
		FUZZ_REQUIRE(n_graphs > 0, "evidence that is in no graph in\n%.*s", TT_VIEW_ARG(text));
	}
	tt_why_free(why);
}

static void ask_both_ways(tt_db *db, tt_view text)
{
	answer answers[N_WAYS] = {{0}};
	for (size_t i = 0; i < N_WAYS; ++i) {
		ask(db, text, i == 1, &answers[i]);
	}
	if (!has_run_out(&answers[0]) && !has_run_out(&answers[1]) && !is_open(text) &&
	    !are_same(&answers[0], &answers[1])) {
		(void)fprintf(stderr, "optimised: ");
		print_answer(&answers[0]);
		(void)fprintf(stderr, "as written: ");
		print_answer(&answers[1]);
		FUZZ_REQUIRE(false, "two answers to\n%.*s", TT_VIEW_ARG(text));
	}
	if (answers[0].status == TT_OK) {
		explain(db, text);
	}
	for (size_t i = 0; i < N_WAYS; ++i) {
		clear_answer(&answers[i]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static tt_db *db;
	if (!db) {
		db = open_dataset();
	}
	if (size && data[0] < ' ') {
		tt_ctx ctx;
		tt_buffer text;
		tt_ctx_init(&ctx);
		tt_buffer_init(&text, &ctx);
		fuzz_input input = {data + 1, size - 1};
		fuzz_generate_query(&input, &text);
		ask_both_ways(db, tt_buffer_view(&text));
		tt_buffer_clear(&text);
	} else {
		ask_both_ways(db, (tt_view){(const char *)data, size});
	}
	return 0;
}
