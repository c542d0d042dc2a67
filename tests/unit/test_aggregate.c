/* test_aggregate.c - COUNT, SUM and the others, one group at a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "expr_cases.h"

/* ---- aggregates ------------------------------------------------------------------------------- */

typedef struct aggregate_case {
	tt_aggregate function;
	bool is_distinct;
	const char *values; /* separated by | */
	const char *result;
} aggregate_case;

static tt_id aggregate(fixture *f, const aggregate_case *item)
{
	const tt_aggregation aggregation = {
	    .function = item->function, .is_distinct = item->is_distinct, .separator = TT_VIEW(" ")};
	tt_accumulator *accumulator = NULL;
	tt_id result = TT_DEFAULT_GRAPH;
	char text[400];
	char *rest = text;
	(void)snprintf(text, sizeof text, "%s", item->values);
	assert_int_equal(tt_accumulator_new(&f->env, &aggregation, &accumulator), TT_OK);
	for (const char *value = strsep(&rest, "|"); value && *value; value = strsep(&rest, "|")) {
		const tt_id id = id_of(f, value);
		assert_int_equal(tt_accumulator_add(accumulator, &id, 1), TT_OK);
	}
	assert_int_equal(tt_accumulator_result(accumulator, &result), TT_OK);
	tt_accumulator_free(accumulator);
	return result;
}

static void aggregates_follow_the_specification(void **state)
{
	(void)state;
	static const aggregate_case cases[] = {
	    {TT_AGGREGATE_COUNT, false, "", "0"},
	    {TT_AGGREGATE_COUNT, false, "1|error|\"a\"|1", "3"},
	    {TT_AGGREGATE_COUNT, true, "1|error|\"a\"|1|1.0", "3"},
	    {TT_AGGREGATE_SUM, false, "", "0"},
	    {TT_AGGREGATE_SUM, false, "1|2|3", "6"},
	    {TT_AGGREGATE_SUM, false, "1.0|2.2|3.5", "6.7"},
	    {TT_AGGREGATE_SUM, false, "1|2.2", "3.2"},
	    {TT_AGGREGATE_SUM, false, "1|2E-1|2.2", "3.4000000000000004E0"},
	    {TT_AGGREGATE_SUM, true, "1|2|2", "3"},
	    {TT_AGGREGATE_SUM, false, "9223372036854775807|9223372036854775807", "18446744073709551614"},
	    {TT_AGGREGATE_SUM, false, "0.1|0.2|-0.3|5", "5.0"},
	    {TT_AGGREGATE_SUM, false, "1|\"2\"|3", "error"},
	    {TT_AGGREGATE_SUM, false, "1|error|3", "error"},
	    {TT_AGGREGATE_AVG, false, "", "0"},
	    {TT_AGGREGATE_AVG, false, "1|2|3|4", "2.5"},
	    {TT_AGGREGATE_AVG, false, "1.0|2.0|3.0|4", "2.5"},
	    {TT_AGGREGATE_AVG, false, "1|_:b2|3|4", "error"},
	    {TT_AGGREGATE_AVG, false, "1.0E2|2.0E3", "1.05E3"},
	    {TT_AGGREGATE_AVG, true, "1|2|2", "1.5"},
	    {TT_AGGREGATE_MIN, false, "", "error"},
	    {TT_AGGREGATE_MIN, false, "3|1.5|2.0E0", "1.5"},
	    {TT_AGGREGATE_MIN, false, "1|_:b2|3", "_:b2"},
	    {TT_AGGREGATE_MIN, false, "\"b\"|\"a\"|7", "7"},
	    {TT_AGGREGATE_MIN, false, "3|error", "error"},
	    {TT_AGGREGATE_MAX, false, "", "error"},
	    {TT_AGGREGATE_MAX, false, "3|15|2.0E0", "15"},
	    {TT_AGGREGATE_MAX, true, "3|15|15", "15"},
	    {TT_AGGREGATE_MAX, false, "3|error", "3"},
	    {TT_AGGREGATE_MAX, false, "\"2001\"^^xsd:gYear|\"2001-05-01\"^^xsd:date", "\"2001-05-01\"^^xsd:date"},
	    {TT_AGGREGATE_SAMPLE, false, "", "error"},
	    {TT_AGGREGATE_SAMPLE, false, "error|5|5", "5"},
	    {TT_AGGREGATE_GROUP_CONCAT, false, "", "\"\""},
	    {TT_AGGREGATE_GROUP_CONCAT, false, "1|\"22\"|<http://e/a>|\"x\"@en", "\"1 22 http://e/a x\""},
	    {TT_AGGREGATE_GROUP_CONCAT, true, "\"1\"|\"2\"|\"1\"", "\"1 2\""},
	    {TT_AGGREGATE_GROUP_CONCAT, false, "\"\"|\"\"|\"\"", "\"  \""},
	    {TT_AGGREGATE_GROUP_CONCAT, false, "\"1\"|_:b1", "error"},
	    {TT_AGGREGATE_GROUP_CONCAT, false, "\"1\"|error", "error"},
	};
	fixture f;
	set_up(&f);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
		char is[300];
		const tt_id result = aggregate(&f, &cases[i]);
		int truth = result == id_of(&f, cases[i].result);
		/* 2.0 or 2: the value counts, and the datatype. */
		if (!truth && result != TT_UNBOUND) {
			char text[500];
			(void)snprintf(text, sizeof text, "%s", show(&f, result, is, sizeof is));
			tt_truth equal = TT_FALSE;
			assert_int_equal(tt_value_equal(&f.terms, result, id_of(&f, cases[i].result), &equal), TT_OK);
			truth = equal == TT_TRUE && tt_id_kind(result) == tt_id_kind(id_of(&f, cases[i].result));
		}
		if (!truth) {
			fail_msg("aggregate %d of %s is %s, not %s", (int)cases[i].function, cases[i].values,
			         show(&f, result, is, sizeof is), cases[i].result);
		}
	}
	tear_down(&f);
}

/* Each value is forgotten before the next comes, so that all have the same id. */
static void best_of_passing(fixture *f, tt_aggregate function, const char *const *values, const char *best)
{
	const tt_aggregation aggregation = {.function = function};
	tt_accumulator *accumulator = NULL;
	tt_id result = TT_UNBOUND;
	assert_int_equal(tt_accumulator_new(&f->env, &aggregation, &accumulator), TT_OK);
	for (size_t i = 0; values[i]; ++i) {
		tt_terms_pass(&f->terms);
		const tt_id id = id_of(f, values[i]);
		assert_int_equal(tt_accumulator_add(accumulator, &id, 1), TT_OK);
		tt_terms_stay(&f->terms);
	}
	(void)id_of(f, "\"something else with that id\"");
	assert_int_equal(tt_accumulator_result(accumulator, &result), TT_OK);
	assert_int_equal(result, id_of(f, best));
	tt_accumulator_free(accumulator);
}

static void the_best_outlives_terms_that_pass(void **state)
{
	(void)state;
	static const char *const texts[] = {
	    "\"new b\"", "\"new c\"@en", "\"new a\"", "\"new e\"^^<http://e/t>", "\"new d\"", NULL};
	static const char *const numbers[] = {"\"new b\"", "7", "\"new a\"", NULL};
	static const char *const tagged[] = {"\"new b\"@en", "\"new c\"@en", "\"new a\"@de", NULL};
	fixture f;
	set_up(&f);
	best_of_passing(&f, TT_AGGREGATE_MIN, numbers, "7");
	best_of_passing(&f, TT_AGGREGATE_MAX, numbers, "\"new b\"");
	best_of_passing(&f, TT_AGGREGATE_MIN, texts, "\"new a\"");
	best_of_passing(&f, TT_AGGREGATE_MAX, texts, "\"new e\"^^<http://e/t>");
	best_of_passing(&f, TT_AGGREGATE_MAX, tagged, "\"new c\"@en");
	tear_down(&f);
}

static void counting_rows_needs_no_values(void **state)
{
	(void)state;
	const tt_aggregation aggregation = {.function = TT_AGGREGATE_COUNT};
	tt_accumulator *accumulator = NULL;
	tt_id result = TT_UNBOUND;
	fixture f;
	set_up(&f);
	assert_int_equal(tt_accumulator_new(&f.env, &aggregation, &accumulator), TT_OK);
	assert_int_equal(tt_accumulator_add(accumulator, NULL, 1000), TT_OK);
	assert_int_equal(tt_accumulator_add(accumulator, NULL, 24), TT_OK);
	assert_int_equal(tt_accumulator_result(accumulator, &result), TT_OK);
	assert_int_equal(result, id_of(&f, "1024"));
	tt_accumulator_free(accumulator);
	tear_down(&f);
}

static void distinct_holds_many(void **state)
{
	(void)state;
	enum { MANY = 10000 };
	const tt_aggregation aggregation = {.function = TT_AGGREGATE_SUM, .is_distinct = true};
	tt_accumulator *accumulator = NULL;
	tt_id result = TT_UNBOUND;
	fixture f;
	set_up(&f);
	assert_int_equal(tt_accumulator_new(&f.env, &aggregation, &accumulator), TT_OK);
	for (int64_t i = 0; i < MANY; ++i) {
		tt_id pair[2];
		assert_true(tt_value_from_integer(i, &pair[0]));
		assert_true(tt_value_from_integer(MANY - 1 - i, &pair[1]));
		assert_int_equal(tt_accumulator_add(accumulator, pair, 2), TT_OK);
	}
	assert_int_equal(tt_accumulator_result(accumulator, &result), TT_OK);
	assert_int_equal(result, id_of(&f, "49995000"));
	tt_accumulator_free(accumulator);
	tear_down(&f);
}

static void no_failing_allocation_breaks_an_aggregate(void **state)
{
	(void)state;
	if (!tt_mem_fail_nth(0)) {
		skip();
	}
	static const tt_aggregate functions[] = {TT_AGGREGATE_COUNT, TT_AGGREGATE_SUM,    TT_AGGREGATE_MIN,
	                                         TT_AGGREGATE_AVG,   TT_AGGREGATE_SAMPLE, TT_AGGREGATE_GROUP_CONCAT};
	for (size_t i = 0; i < sizeof functions / sizeof *functions; ++i) {
		for (unsigned long nth = 1;; ++nth) {
			fixture f;
			set_up(&f);
			const tt_aggregation aggregation = {
			    .function = functions[i], .is_distinct = true, .separator = TT_VIEW(", ")};
			const tt_id values[] = {id_of(&f, "1"), id_of(&f, "0.1E0"), id_of(&f, "123456789012345678901234567890")};
			tt_accumulator *accumulator = NULL;
			tt_id value = TT_UNBOUND;
			tt_mem_fail_nth(nth);
			tt_status status = tt_accumulator_new(&f.env, &aggregation, &accumulator);
			status = status == TT_OK ? tt_accumulator_add(accumulator, values, 3) : status;
			status = status == TT_OK ? tt_accumulator_result(accumulator, &value) : status;
			tt_accumulator_free(accumulator);
			tt_mem_fail_nth(0);
			assert_true(status == TT_NO_MEMORY || (status == TT_OK && value != TT_UNBOUND));
			tear_down(&f);
			if (status == TT_OK) {
				break;
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(aggregates_follow_the_specification),
	    cmocka_unit_test(the_best_outlives_terms_that_pass),
	    cmocka_unit_test(counting_rows_needs_no_values),
	    cmocka_unit_test(distinct_holds_many),
	    cmocka_unit_test(no_failing_allocation_breaks_an_aggregate),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
