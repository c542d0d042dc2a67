/* test_operators.c - operators at the borders of their batches, against what arithmetic says; budgets and deadlines.
 *
 * The data: n things i with :n i, :half i/2, :mod i%10, and :odd true for the odd ones. The sizes lie around
 * TT_BATCH_ROWS, where an operator that forgets a row or gives it twice shows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "exec/exec.h"
#include "tertium.h"

static const long sizes[] = {1, 2, TT_BATCH_ROWS / 2, TT_BATCH_ROWS - 1, TT_BATCH_ROWS, TT_BATCH_ROWS + 1, 3000};
enum { N_SIZES = sizeof sizes / sizeof *sizes };

static tt_db *make_db(long n)
{
	char name[] = "/tmp/tertium-exec-XXXXXX.ttl";
	const int fd = mkstemps(name, 4);
	assert_true(fd >= 0);
	FILE *const file = fdopen(fd, "w");
	(void)fputs("@prefix : <http://e/> .\n", file);
	for (long i = 0; i < n; ++i) {
		(void)fprintf(file, ":t%ld :n %ld ; :half %ld ; :mod %ld%s .\n", i, i, i / 2, i % 10,
		              i % 2 ? " ; :odd true" : "");
	}
	(void)fclose(file);
	tt_db *db = NULL;
	assert_int_equal(tt_db_open(NULL, TT_OPEN_CREATE, &db), TT_OK);
	const char *const paths[] = {name};
	assert_int_equal(tt_db_load(db, paths, NULL, 1, NULL), TT_OK);
	unlink(name);
	return db;
}

/* The number of rows, or, with @p is_value, the integer in the first column of the last row. */
static long ask(tt_db *db, const char *query, bool is_value, bool is_unoptimised)
{
	const tt_query_options options = {.is_unoptimised = is_unoptimised};
	tt_results *results = NULL;
	if (tt_db_query(db, (tt_view){query, strlen(query)}, &options, &results) != TT_OK) {
		fail_msg("%s: %s", query, tt_db_error(db)->text);
	}
	long n_rows = 0;
	long value = -1;
	const tt_term *row = NULL;
	for (;;) {
		if (tt_results_next(results, &row) != TT_OK) {
			fail_msg("%s: %s", query, tt_db_error(db)->text);
		}
		if (!row) {
			break;
		}
		char text[32] = "";
		(void)snprintf(text, sizeof text, "%.*s", (int)row[0].text.size, row[0].text.data ? row[0].text.data : "");
		value = strtol(text, NULL, 10);
		n_rows++;
	}
	tt_results_free(results);
	return is_value ? value : n_rows;
}

typedef enum number {
	NONE,
	ONE,
	TWO,
	ALL,
	TWICE,
	LAST,
	SUM,
	ODD,
	TWICE_ODD,
	EVEN,
	ODD_AND_ALL,
	HALVES,
	AT_MOST_TEN,
	AFTER_FIVE,
	SAME_HALF,
	LEFT_HALF
} number;

static long expected_number(number which, long n)
{
	switch (which) {
	case NONE:
		return 0;
	case ONE:
		return 1;
	case TWO:
		return 2;
	case ALL:
		return n;
	case TWICE:
		return 2 * n;
	case LAST:
		return n - 1;
	case SUM:
		return n * (n - 1) / 2;
	case ODD:
		return n / 2;
	case TWICE_ODD:
		return n / 2 * 2;
	case EVEN:
		return n - n / 2;
	case ODD_AND_ALL:
		return n + n / 2;
	case HALVES:
		return (n + 1) / 2;
	case AT_MOST_TEN:
		return n < 10 ? n : 10;
	case AFTER_FIVE:
		return n > 5 ? n - 5 : 0;
	case SAME_HALF:
		return n / 2 * 4 + n % 2; /* 2 × 2 for each pair, 1 for a single one at the end */
	case LEFT_HALF:
		return n + (n - (n + 1) / 2); /* every i is half of something or stays alone */
	default:
		return -1;
	}
}

static const struct {
	const char *query;
	number expected;
	bool is_value;
} cases[] = {
    {"SELECT * { ?x :n ?v }", ALL, false},
    {"SELECT * { ?x :n ?v ; :odd true }", ODD, false},
    {"SELECT * { ?x :n ?v OPTIONAL { ?x :odd ?o } }", ALL, false},
    {"SELECT * { ?x :n ?v OPTIONAL { ?x :odd ?o } FILTER(!BOUND(?o)) }", EVEN, false},
    {"SELECT * { ?x :n ?v OPTIONAL { ?x :half ?h FILTER(?h > ?v) } }", ALL, false},
    {"SELECT * { ?x :n ?v OPTIONAL { ?y :half ?v } }", LEFT_HALF, false},
    {"SELECT * { ?x :n ?v MINUS { ?x :odd true } }", EVEN, false},
    {"SELECT * { ?x :n ?v FILTER NOT EXISTS { ?x :odd true } }", EVEN, false},
    {"SELECT * { ?x :n ?v FILTER EXISTS { ?x :odd ?o FILTER(?v >= 0) } }", ODD, false},
    {"SELECT * { { ?x :n ?v } UNION { ?x :half ?v } }", TWICE, false},
    {"SELECT * { { ?x :n ?v } UNION { ?x :odd ?o } }", ODD_AND_ALL, false},
    {"SELECT * { ?x :half ?h . ?y :half ?h }", SAME_HALF, false},
    {"SELECT DISTINCT ?h { ?x :half ?h }", HALVES, false},
    {"SELECT ?m (COUNT(*) AS ?k) { ?x :mod ?m } GROUP BY ?m", AT_MOST_TEN, false},
    {"SELECT ?h (COUNT(*) AS ?k) { ?x :half ?h } GROUP BY ?h", HALVES, false},
    {"SELECT (COUNT(*) AS ?k) { ?x :n ?v }", ALL, true},
    {"SELECT (COUNT(DISTINCT ?h) AS ?k) { ?x :half ?h }", HALVES, true},
    {"SELECT (COUNT(DISTINCT *) AS ?k) { { ?x :n ?v } UNION { ?x :n ?v } }", ALL, true},
    {"SELECT (SUM(?v) AS ?k) { ?x :n ?v }", SUM, true},
    {"SELECT (MAX(?v) AS ?k) { ?x :n ?v }", LAST, true},
    {"SELECT ?v { ?x :n ?v } ORDER BY ?v", LAST, true},
    {"SELECT ?v { ?x :n ?v } ORDER BY DESC(?v) LIMIT 1", LAST, true},
    {"SELECT ?v { ?x :n ?v } ORDER BY ?v LIMIT 10", AT_MOST_TEN, false},
    {"SELECT ?v { ?x :n ?v } ORDER BY ?v OFFSET 5", AFTER_FIVE, false},
    {"SELECT ?v { ?x :n ?v } OFFSET 5", AFTER_FIVE, false},
    {"SELECT ?v { ?x :n ?v BIND(?v + 1 AS ?w) FILTER(?w > 5) }", AFTER_FIVE, false},
    {"SELECT ?v { ?x :n ?v } LIMIT 1", ONE, false},
    {"SELECT ?v { ?x :n ?v } LIMIT 0", NONE, false},
    {"SELECT * { :t0 (:n|^:n)* ?y }", TWO, false},
    /* from one row on: the right side is run for it, where there is much else */
    {"SELECT * { :t1 :odd ?o OPTIONAL { ?y :odd ?o ; :half ?h ; :n ?v } }", ODD, false},
    {"SELECT * { :t1 :odd ?o { ?y :odd ?o ; :half ?h } UNION { ?y :odd ?o ; :n ?h } }", TWICE_ODD, false},
};

static void operators_at_batch_borders(void **state)
{
	(void)state;
	for (size_t s = 0; s < N_SIZES; ++s) {
		tt_db *const db = make_db(sizes[s]);
		for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
			const long expected = expected_number(cases[i].expected, sizes[s]);
			for (int plain = 0; plain < 2; ++plain) {
				const long got = ask(db, cases[i].query, cases[i].is_value, plain == 1);
				if (got != expected) {
					fail_msg("%s: %ld for n = %ld, not %ld%s", cases[i].query, got, sizes[s], expected,
					         plain ? " (unoptimised)" : "");
				}
			}
		}
		tt_db_close(db);
	}
}

static tt_status run(tt_db *db, const char *query, const tt_query_options *options)
{
	tt_results *results = NULL;
	tt_status status = tt_db_query(db, (tt_view){query, strlen(query)}, options, &results);
	const tt_term *row = NULL;
	do {
		status = status ? status : tt_results_next(results, &row);
	} while (status == TT_OK && row);
	tt_results_free(results);
	return status;
}

/* Sorting, grouping, hashing and products stop when the memory or the time that they were given is used up. */
static void budgets_stop_every_operator(void **state)
{
	(void)state;
	static const char *const hungry[] = {
	    "SELECT * { ?a :n ?b . ?c :half ?d } ORDER BY ?b ?d",
	    "SELECT DISTINCT ?b ?d { ?a :n ?b . ?c :half ?d }",
	    "SELECT ?b ?d (COUNT(*) AS ?k) { ?a :n ?b . ?c :half ?d } GROUP BY ?b ?d",
	    "SELECT * { { SELECT * { ?a :n ?b . ?c :half ?d } ORDER BY ?b } { SELECT * { ?e :n ?d . ?f :half ?b } } }",
	};
	tt_db *const db = make_db(3000);
	for (size_t i = 0; i < sizeof hungry / sizeof *hungry; ++i) {
		const tt_query_options small = {.memory_bytes = 4 << 20};
		assert_int_equal(run(db, hungry[i], &small), TT_LIMIT);
		const tt_query_options brief = {.timeout_seconds = 0.02};
		assert_int_equal(run(db, hungry[i], &brief), TT_TIMEOUT);
	}
	/* What needs little memory is not stopped. */
	const tt_query_options enough = {.memory_bytes = 4 << 20};
	assert_int_equal(run(db, "SELECT * { ?a :n ?b } ORDER BY ?b LIMIT 3", &enough), TT_OK);
	tt_db_close(db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(operators_at_batch_borders),
	    cmocka_unit_test(budgets_stop_every_operator),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
