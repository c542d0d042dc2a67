/* test_rdf_datetime.c - dates, times and durations. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

#include "rdf_fixture.h"

#include "base/map.h"
#include "rdf/datetime.h"

/* The type is told by the form: P… duration, …T… dateTime, hh:… time, and by the number of hyphens. */
static tt_vocab type_of(const char *text)
{
	const size_t n = strlen(text);
	if (strchr(text, 'T')) {
		return TT_VOCAB_XSD_DATE_TIME;
	}
	if (n > 2 && text[2] == ':') {
		return TT_VOCAB_XSD_TIME;
	}
	size_t n_hyphens = 0;
	for (size_t i = 1; i < n && text[i] != 'Z' && text[i] != '+'; ++i) {
		n_hyphens += text[i] == '-' && !(n - i == 6 && text[i + 3] == ':');
	}
	return n_hyphens == 0 ? TT_VOCAB_XSD_G_YEAR : n_hyphens == 1 ? TT_VOCAB_XSD_G_YEAR_MONTH : TT_VOCAB_XSD_DATE;
}

static tt_datetime date_of(const char *text)
{
	tt_datetime value = {.year = 0};
	if (!tt_datetime_parse(tt_view_of(text), type_of(text), &value)) {
		fail_msg("cannot read %s", text);
	}
	return value;
}

static void check_date(const tt_datetime *value, const char *expected, const char *what)
{
	tt_buffer out;
	tt_buffer_init(&out, &ctx);
	assert_int_equal(tt_datetime_format(value, &out), TT_OK);
	assert_int_equal(tt_buffer_terminate(&out), TT_OK);
	if (strcmp(out.data, expected) != 0) {
		fail_msg("%s gives %s, not %s", what, out.data, expected);
	}
	tt_buffer_clear(&out);
}

static void test_forms(void **state)
{
	(void)state;
	static const char *const forms[][2] = {
	    {"2024-02-29T12:30:45", "2024-02-29T12:30:45"},
	    {" \n2024-02-29T12:30:45Z\t", "2024-02-29T12:30:45Z"},
	    {"2024-02-29T12:30:45.500+00:00", "2024-02-29T12:30:45.5Z"},
	    {"2024-02-29T12:30:45.123456789012-05:30", "2024-02-29T12:30:45.123456789-05:30"},
	    {"2024-12-31T24:00:00", "2025-01-01T00:00:00"},
	    {"2024-12-31T24:00:00.000Z", "2025-01-01T00:00:00Z"},
	    {"-0001-12-31T24:00:00", "0000-01-01T00:00:00"},
	    {"24:00:00", "00:00:00"},
	    {"23:59:59.999999999+14:00", "23:59:59.999999999+14:00"},
	    {"2024-02-29", "2024-02-29"},
	    {"-0044-03-15-00:00", "-0044-03-15Z"},
	    {"123456-01-01", "123456-01-01"},
	    {"0000-02-29", "0000-02-29"},
	    {"2024-02", "2024-02"},
	    {"2024-02+01:00", "2024-02+01:00"},
	    {"2024", "2024"},
	    {"2024-08:00", "2024-08:00"},
	    {"-999999999", "-999999999"},
	};
	for (size_t i = 0; i < sizeof forms / sizeof *forms; ++i) {
		const tt_datetime value = date_of(forms[i][0]);
		check_date(&value, forms[i][1], forms[i][0]);
	}
}

static void test_bad_forms(void **state)
{
	(void)state;
	static const char *const forms[] = {
	    "2023-02-29T00:00:00",
	    "2024-02-29T24:00:01",
	    "2024-02-29T24:00:00.1",
	    "2024-02-29T12:60:00",
	    "2024-02-29T12:00:60",
	    "2024-02-29T12:00:00.",
	    "2024-02-29T12:00",
	    "2024-02-29T12:00:00+14:01",
	    "2024-02-29T12:00:00+15:00",
	    "2024-02-29T12:00:00+1:00",
	    "2024-02-29T12:00:00z",
	    "2024-02-29T12:00:00ZZ",
	    "24-02-29T12:00:00",
	    "02024-02-29T12:00:00",
	    "+2024-02-29T12:00:00",
	    "2024-2-29T12:00:00",
	    "25:00:00",
	    "12:00:0",
	    "12:00:00 Z",
	    "1900-02-29",
	    "2024-13-01",
	    "2024-00-01",
	    "2024-01-00",
	    "2024-13",
	    "202",
	    "1234567890",
	    "",
	    " ",
	    "99999999999999999999-01-01",
	    "999999999-12-31T24:00:00",
	    "2024-02-29T12:00:00+",
	};
	for (size_t i = 0; i < sizeof forms / sizeof *forms; ++i) {
		tt_datetime value = {.year = 7};
		if (tt_datetime_parse(tt_view_of(forms[i]), type_of(forms[i]), &value)) {
			fail_msg("\"%s\" was read", forms[i]);
		}
		assert_int_equal(value.year, 7);
	}
	tt_datetime value;
	assert_false(tt_datetime_parse(TT_VIEW("2024-01-01"), TT_VOCAB_XSD_DATE_TIME, &value));
	assert_false(tt_datetime_parse(TT_VIEW("2024-01-01"), TT_VOCAB_XSD_STRING, &value));
	assert_false(tt_datetime_parse((tt_view){"2024\0", 5}, TT_VOCAB_XSD_G_YEAR, &value));
}

static void test_ids(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool is_inline;
	} forms[] = {
	    {"2024-02-29T12:30:45.123Z", true},
	    {"2024-02-29T12:30:45.1234Z", false},
	    {"2024-02-29+05:45", true},
	    {"2024-02-29+05:46", false},
	    {"8192", false},
	    {"8191", true},
	    {"-8192-01", true},
	    {"-8193-01", false},
	    {"12:00:00", false},
	};
	for (size_t i = 0; i < sizeof forms / sizeof *forms; ++i) {
		const tt_datetime value = date_of(forms[i].text);
		tt_id id = 0;
		assert_int_equal(tt_datetime_to_id(&value, &id), forms[i].is_inline);
		if (forms[i].is_inline) {
			tt_datetime back;
			assert_true(tt_datetime_from_id(id, &back));
			check_date(&back, forms[i].text, "id");
			tt_scratch scratch;
			const tt_term term = tt_value_to_term(id, &scratch);
			assert_true(tt_view_equal(term.text, tt_view_of(forms[i].text)));
			assert_true(tt_datetime_from_term(&term, &back));
			check_date(&back, forms[i].text, "term");
		}
	}
	tt_datetime value;
	assert_false(tt_datetime_from_id(tt_id_make(TT_KIND_INTEGER, 5), &value));
	const tt_term term = tt_term_string(TT_VIEW("2024"));
	assert_false(tt_datetime_from_term(&term, &value));
}

/* The calendar against that of the C library. */
static void test_epoch(void **state)
{
	(void)state;
	uint64_t seed = 3;
	for (int i = 0; i < 5000; ++i) {
		seed = tt_hash_u64(seed + 0x9E3779B97F4A7C15u);
		const int64_t nanoseconds = (int64_t)seed;
		const tt_datetime value = tt_datetime_from_epoch(nanoseconds);
		const int64_t below = nanoseconds / 1000000000 - (nanoseconds % 1000000000 < 0);
		const time_t seconds = (time_t)below;
		struct tm expected;
		assert_non_null(gmtime_r(&seconds, &expected));
		assert_int_equal(value.year, expected.tm_year + 1900);
		assert_int_equal(value.month, expected.tm_mon + 1);
		assert_int_equal(value.day, expected.tm_mday);
		assert_int_equal(value.hour, expected.tm_hour);
		assert_int_equal(value.minute, expected.tm_min);
		assert_int_equal(value.second, expected.tm_sec);
		assert_int_equal(value.nanosecond, nanoseconds - below * 1000000000);
		assert_true(value.has_zone && value.zone_minutes == 0);
	}
	const tt_datetime value = tt_datetime_from_epoch(-1);
	check_date(&value, "1969-12-31T23:59:59.999999999Z", "-1");
}

/* "<", "=", ">" or "?" for the two rules. */
static void test_compare(void **state)
{
	(void)state;
	static const struct {
		const char *a, *b, *results;
	} cases[] = {
	    {"2024-01-01T12:00:00Z", "2024-01-01T13:00:00+01:00", "=="},
	    {"2024-01-01T12:00:00Z", "2024-01-01T12:00:00.000000001Z", "<<"},
	    {"2024-01-01T12:00:00", "2024-01-01T12:00:00", "=="},
	    {"2024-01-01T12:00:00", "2024-01-01T12:00:00Z", "=?"},
	    {"2024-01-01T12:00:00", "2024-01-02T01:00:00Z", "<?"},
	    {"2024-01-01T12:00:00", "2024-01-02T02:00:00Z", "<?"},
	    {"2024-01-01T12:00:00", "2024-01-02T02:00:01Z", "<<"},
	    {"2024-01-02T02:00:01Z", "2024-01-01T12:00:00", ">>"},
	    {"2006-08-23", "2006-08-23Z", "=?"},
	    {"2006-08-23", "2006-08-24Z", "<<"},
	    {"2006-08-23", "2006-08-25Z", "<<"},
	    {"-0001-01-01", "0001-01-01", "<<"},
	    {"21:30:00+10:30", "06:00:00-05:00", "=="},
	    {"08:00:00+09:00", "17:00:00-06:00", "<<"},
	    {"12:00:00", "2024-01-01T12:00:00", "??"},
	    {"2001", "2001-01-01", "=="},
	    {"2001", "2001-01", "=="},
	    {"2001", "2001-01-01T00:00:00", "=="},
	    {"2001", "2001-01-01T00:00:01", "<<"},
	    {"2001-02", "2001-01-31", ">>"},
	    {"2001+01:00", "2000-12-31T23:00:00Z", "=="},
	    {"999999999", "-999999999", ">>"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
		const tt_datetime a = date_of(cases[i].a);
		const tt_datetime b = date_of(cases[i].b);
		static const char signs[] = "<=>?";
		for (int rule = 0; rule < 2; ++rule) {
			const tt_ordering order = tt_datetime_compare(&a, &b, rule ? TT_ZONE_INDETERMINATE : TT_ZONE_UTC);
			const tt_ordering back = tt_datetime_compare(&b, &a, rule ? TT_ZONE_INDETERMINATE : TT_ZONE_UTC);
			if (signs[order + 1] != cases[i].results[rule]) {
				fail_msg("%s %c %s", cases[i].a, signs[order + 1], cases[i].b);
			}
			assert_true(order == TT_UNORDERED ? back == order : (int)back == -(int)order);
		}
	}
}

static void check_duration(const tt_duration *value, const char *expected, const char *what)
{
	tt_buffer out;
	tt_buffer_init(&out, &ctx);
	assert_int_equal(tt_duration_format(value, &out), TT_OK);
	assert_int_equal(tt_buffer_terminate(&out), TT_OK);
	if (strcmp(out.data, expected) != 0) {
		fail_msg("%s gives %s, not %s", what, out.data, expected);
	}
	tt_buffer_clear(&out);
}

static void test_parts(void **state)
{
	(void)state;
	tt_datetime value = date_of("2011-01-10T14:45:13.815-05:00");
	tt_number seconds = TT_NUMBER_ZERO;
	assert_true(tt_datetime_seconds(&value, &seconds));
	assert_int_equal(seconds.kind, TT_NUMBER_DECIMAL);
	assert_int_equal(seconds.small, 13815);
	assert_int_equal(seconds.scale, 3);
	tt_duration zone;
	assert_true(tt_datetime_timezone(&value, &zone));
	check_duration(&zone, "-PT5H", "TIMEZONE");
	assert_true(tt_datetime_has_day(&value) && tt_datetime_has_time(&value));
	tt_buffer text;
	tt_buffer_init(&text, &ctx);
	assert_int_equal(tt_datetime_format_zone(&value, &text), TT_OK);
	assert_true(tt_view_equal(tt_buffer_view(&text), TT_VIEW("-05:00")));
	tt_buffer_clear(&text);
	value = date_of("2011-01-10T14:45:13Z");
	assert_true(tt_datetime_seconds(&value, &seconds) && seconds.small == 13 && seconds.scale == 0);
	assert_true(tt_datetime_timezone(&value, &zone));
	check_duration(&zone, "PT0S", "TIMEZONE");
	value = date_of("2011-01-10");
	assert_false(tt_datetime_timezone(&value, &zone));
	assert_false(tt_datetime_seconds(&value, &seconds));
	assert_false(tt_datetime_has_time(&value));
	value = date_of("12:00:00");
	assert_false(tt_datetime_has_year(&value) || tt_datetime_has_month(&value) || tt_datetime_has_day(&value));
	value = date_of("2011");
	assert_true(tt_datetime_has_year(&value) && !tt_datetime_has_month(&value));
}

static void test_casts(void **state)
{
	(void)state;
	static const struct {
		const char *from;
		tt_vocab to;
		const char *expected;
	} casts[] = {
	    {"2011-01-10T14:45:13.8-05:00", TT_VOCAB_XSD_DATE, "2011-01-10-05:00"},
	    {"2011-01-10T14:45:13.8-05:00", TT_VOCAB_XSD_TIME, "14:45:13.8-05:00"},
	    {"2011-01-10T14:45:13.8-05:00", TT_VOCAB_XSD_G_YEAR, "2011-05:00"},
	    {"2011-01-10T14:45:13.8", TT_VOCAB_XSD_G_YEAR_MONTH, "2011-01"},
	    {"2011-01-10T14:45:13.8", TT_VOCAB_XSD_DATE_TIME, "2011-01-10T14:45:13.8"},
	    {"2011-01-10Z", TT_VOCAB_XSD_DATE_TIME, "2011-01-10T00:00:00Z"},
	    {"2011-01-10Z", TT_VOCAB_XSD_G_YEAR_MONTH, "2011-01Z"},
	    {"2011-01-10Z", TT_VOCAB_XSD_TIME, NULL},
	    {"2011-01", TT_VOCAB_XSD_G_YEAR, NULL},
	    {"2011", TT_VOCAB_XSD_DATE, NULL},
	    {"12:00:00", TT_VOCAB_XSD_DATE_TIME, NULL},
	    {"12:00:00", TT_VOCAB_XSD_TIME, "12:00:00"},
	    {"2011-01-10Z", TT_VOCAB_XSD_STRING, NULL},
	};
	for (size_t i = 0; i < sizeof casts / sizeof *casts; ++i) {
		tt_datetime value = date_of(casts[i].from);
		assert_int_equal(tt_datetime_cast(&value, casts[i].to, &value), casts[i].expected != NULL);
		if (casts[i].expected) {
			check_date(&value, casts[i].expected, casts[i].from);
		}
	}
}

/* Its type by what it has. */
static tt_duration duration_of(const char *text)
{
	tt_duration value = {.months = 0};
	const bool has_months = strchr(text, 'Y') ||
	                        (strchr(text, 'M') && (!strchr(text, 'T') || strchr(text, 'M') < strchr(text, 'T')));
	const bool has_time = strchr(text, 'D') || strchr(text, 'T');
	const tt_vocab datatype = has_months && has_time ? TT_VOCAB_XSD_DURATION
	                          : has_months           ? TT_VOCAB_XSD_YEAR_MONTH_DURATION
	                                                 : TT_VOCAB_XSD_DAY_TIME_DURATION;
	if (!tt_duration_parse(tt_view_of(text), datatype, &value)) {
		fail_msg("cannot read %s", text);
	}
	return value;
}

static void test_durations(void **state)
{
	(void)state;
	static const char *const forms[][2] = {
	    {"P1Y2M3DT4H5M6.7S", "P1Y2M3DT4H5M6.7S"},
	    {"-P1Y14M", "-P2Y2M"},
	    {"P0Y", "P0M"},
	    {"P0D", "PT0S"},
	    {"-PT0.0S", "PT0S"},
	    {"PT36H", "P1DT12H"},
	    {"PT3661.50S", "PT1H1M1.5S"},
	    {"-PT0.5S", "-PT0.5S"},
	    {"-P1DT0.25S", "-P1DT0.25S"},
	    {" P400D ", "P400D"},
	    {"PT0.123456789999S", "PT0.123456789S"},
	};
	for (size_t i = 0; i < sizeof forms / sizeof *forms; ++i) {
		const tt_duration value = duration_of(forms[i][0]);
		check_duration(&value, forms[i][1], forms[i][0]);
	}
	static const char *const bad[] = {
	    "",      "P",        "PT",    "P1YT", "1Y",   "P1S",           "P1.5D",
	    "PT.5S", "PT5.S",    "P1M1Y", "P-1D", "+P1D", "P1H",           "PT1D",
	    "P1D1D", "P1YT1.5M", "--P1D", "P1Y ", "p1y",  "P99999999999Y", "PT99999999999999999999S"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
		tt_duration value = {.months = 7};
		const bool is_good = tt_duration_parse(tt_view_of(bad[i]), TT_VOCAB_XSD_DURATION, &value);
		assert_true(is_good == (strcmp(bad[i], "P1Y ") == 0));
	}
	tt_duration value;
	assert_false(tt_duration_parse(TT_VIEW("P1D"), TT_VOCAB_XSD_YEAR_MONTH_DURATION, &value));
	assert_false(tt_duration_parse(TT_VIEW("P1YT1S"), TT_VOCAB_XSD_YEAR_MONTH_DURATION, &value));
	assert_false(tt_duration_parse(TT_VIEW("P0M1D"), TT_VOCAB_XSD_DAY_TIME_DURATION, &value));
	assert_true(tt_duration_parse(TT_VIEW("P1DT2M"), TT_VOCAB_XSD_DAY_TIME_DURATION, &value));
	const tt_term term = tt_term_typed(TT_VIEW("P1DT2M"), tt_vocab_iri(TT_VOCAB_XSD_DAY_TIME_DURATION));
	assert_true(tt_duration_from_term(&term, &value));
	assert_true(tt_duration_cast(&value, TT_VOCAB_XSD_DURATION, &value));
	check_duration(&value, "P1DT2M", "cast");
	assert_true(tt_duration_cast(&value, TT_VOCAB_XSD_YEAR_MONTH_DURATION, &value));
	check_duration(&value, "P0M", "cast");
}

static void test_duration_order(void **state)
{
	(void)state;
	static const struct {
		const char *a, *b;
		tt_ordering order;
	} cases[] = {
	    {"P1Y", "P12M", TT_EQUAL},      {"PT36H", "P1DT12H", TT_EQUAL},  {"P1M", "P27D", TT_GREATER},
	    {"P1M", "P28D", TT_UNORDERED},  {"P1M", "P30D", TT_UNORDERED},   {"P1M", "P31D", TT_UNORDERED},
	    {"P1M", "P32D", TT_LESS},       {"P1Y", "P364D", TT_GREATER},    {"P1Y", "P365D", TT_UNORDERED},
	    {"P1Y", "P366D", TT_UNORDERED}, {"P1Y", "P367D", TT_LESS},       {"P400Y", "P146097D", TT_UNORDERED},
	    {"-PT1S", "PT0S", TT_LESS},     {"-PT0.5S", "-PT0.4S", TT_LESS}, {"P0M", "PT0S", TT_EQUAL},
	    {"P1Y1D", "P1Y2D", TT_LESS},    {"-P1M", "-P32D", TT_GREATER},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
		const tt_duration a = duration_of(cases[i].a);
		const tt_duration b = duration_of(cases[i].b);
		if (tt_duration_compare(&a, &b) != cases[i].order) {
			fail_msg("%s against %s", cases[i].a, cases[i].b);
		}
		const tt_ordering back = tt_duration_compare(&b, &a);
		assert_true(cases[i].order == TT_UNORDERED ? back == TT_UNORDERED : (int)back == -(int)cases[i].order);
	}
}

/* a + b, or a - b with a minus before b. */
static void test_date_arithmetic(void **state)
{
	(void)state;
	static const struct {
		const char *a, *b, *expected;
	} cases[] = {
	    {"2000-01-12T12:13:14Z", "P1Y3M5DT7H10M3.3S", "2001-04-17T19:23:17.3Z"}, /* XSD 1.1 §E.3.3 */
	    {"2000-01-31", "P1M", "2000-02-29"},
	    {"2001-01-31", "P1M", "2001-02-28"},
	    {"2000-03-31", "--P1M", "2000-02-29"},
	    {"2000-10-30T11:12:00", "P3DT1H15M", "2000-11-02T12:27:00"},
	    {"2000-10-30T11:12:00", "-P3DT1H15M", "2000-10-27T09:57:00"},
	    {"2000-10-30", "P2DT2H30M0S", "2000-11-01"},
	    {"2000-10-30+05:00", "-P3DT1H15M", "2000-10-26+05:00"}, /* F&O §9.7.14 */
	    {"2004-10-30Z", "P2DT2H30M0S", "2004-11-01Z"},
	    {"11:12:00", "P3DT1H15M", "12:27:00"},
	    {"23:12:00+03:00", "P1DT3H15M", "02:27:00+03:00"},
	    {"08:20:00-05:00", "-P23DT10H10M", "22:10:00-05:00"},
	    {"11:12:00", "P1M", NULL},
	    {"2000", "P1M", NULL},
	    {"999999999-12-31", "P1D", NULL},
	    {"999999999-12-31", "P1M", NULL},
	    {"-999999999-01-01T00:00:00", "-PT0.1S", NULL},
	    {"0000-12-31", "P1D", "0001-01-01"},
	    {"1999-12-31T23:59:59.9", "PT0.1S", "2000-01-01T00:00:00"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
		const bool is_minus = cases[i].b[0] == '-';
		tt_datetime value = date_of(cases[i].a);
		const tt_duration duration = duration_of(cases[i].b + (is_minus && cases[i].b[1] == '-'));
		const tt_duration plus = duration_of(cases[i].b + is_minus + (is_minus && cases[i].b[1] == '-'));
		tt_datetime result = value;
		const bool is_done = is_minus ? tt_datetime_add(&value, &plus, true, &result)
		                              : tt_datetime_add(&value, &duration, false, &result);
		if (is_done != (cases[i].expected != NULL)) {
			fail_msg("%s + %s", cases[i].a, cases[i].b);
		}
		if (is_done) {
			check_date(&result, cases[i].expected, cases[i].a);
			assert_true(tt_datetime_add(&value, &duration, false, &value)); /* in place; a minus of its own */
			check_date(&value, cases[i].expected, cases[i].a);
		}
	}
}

static void test_subtract(void **state)
{
	(void)state;
	static const struct {
		const char *a, *b, *expected;
	} cases[] = {
	    {"2000-10-30T06:12:00-05:00", "1999-11-28T09:00:00Z", "P337DT2H12M"}, /* F&O §9.7.2 */
	    {"2000-10-30", "1999-11-28", "P337D"},
	    {"2000-10-30+05:00", "1999-11-28Z", "P336DT19H"},
	    {"2000-10-15-05:00", "2000-10-10+02:00", "P5DT7H"},
	    {"11:12:00Z", "04:00:00Z", "PT7H12M"},
	    {"11:00:00-05:00", "21:30:00+05:30", "PT0S"},
	    {"2000-01-01T00:00:00", "2000-01-01T00:00:00.25", "-PT0.25S"},
	    {"2000-01-01T00:00:00.1", "2000-01-01T00:00:00.25", "-PT0.15S"},
	    {"2000-10-30", "2000-10-30T00:00:00", NULL},
	    {"2000", "1999", NULL},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
		const tt_datetime a = date_of(cases[i].a);
		const tt_datetime b = date_of(cases[i].b);
		tt_duration result;
		assert_int_equal(tt_datetime_subtract(&a, &b, &result), cases[i].expected != NULL);
		if (cases[i].expected) {
			check_duration(&result, cases[i].expected, cases[i].a);
			assert_int_equal(result.datatype, TT_VOCAB_XSD_DAY_TIME_DURATION);
			tt_datetime back = a;
			assert_true(tt_datetime_add(&b, &result, false, &back));
			if (a.datatype != TT_VOCAB_XSD_TIME && a.datatype != TT_VOCAB_XSD_DATE) {
				assert_int_equal(tt_datetime_compare(&back, &a, TT_ZONE_UTC), TT_EQUAL);
			}
		}
	}
}

static void test_duration_arithmetic(void **state)
{
	(void)state;
	tt_duration a = duration_of("P2DT12H5M");
	tt_duration b = duration_of("P5DT12H");
	tt_duration result;
	assert_true(tt_duration_add(&a, &b, false, &result));
	check_duration(&result, "P8DT5M", "sum");
	assert_true(tt_duration_add(&a, &b, true, &result));
	check_duration(&result, "-P2DT23H55M", "difference");
	a = duration_of("P2Y11M");
	b = duration_of("P3Y3M");
	assert_true(tt_duration_add(&a, &b, true, &result));
	check_duration(&result, "-P4M", "difference");
	assert_true(tt_duration_multiply(&a, 2.3, &result)); /* F&O §8.4.3 */
	check_duration(&result, "P6Y9M", "product");
	assert_false(tt_duration_multiply(&a, (double)NAN, &result));
	assert_false(tt_duration_multiply(&a, 1e300, &result));
	b = duration_of("PT2H10M");
	assert_true(tt_duration_multiply(&b, 2.1, &result)); /* F&O §8.4.8 */
	check_duration(&result, "PT4H33M", "product");
	assert_true(tt_duration_multiply(&b, -1, &result));
	check_duration(&result, "-PT2H10M", "product");
	assert_false(tt_duration_multiply(&b, (double)INFINITY, &result));
	assert_true(tt_duration_add(&a, &b, false, &result));
	check_duration(&result, "P2Y11MT2H10M", "mixed sum");
	assert_int_equal(result.datatype, TT_VOCAB_XSD_DURATION);
	assert_false(tt_duration_add(&a, &b, true, &result));
	assert_false(tt_duration_multiply(&result, 2, &result));
	tt_number ratio = TT_NUMBER_ZERO;
	a = duration_of("P3Y4M");
	b = duration_of("-P1Y4M");
	assert_true(tt_duration_divide(&a, &b, &ratio)); /* F&O §8.4.5 */
	assert_true(ratio.small == -25 && ratio.scale == 1);
	a = duration_of("-PT1.5S");
	b = duration_of("PT0.25S");
	assert_true(tt_duration_divide(&a, &b, &ratio));
	assert_true(ratio.small == -6 && ratio.scale == 0);
	b = duration_of("PT0S");
	assert_false(tt_duration_divide(&a, &b, &ratio));
	b = duration_of("P1M");
	assert_false(tt_duration_divide(&a, &b, &ratio));
	a = duration_of("P365000000000D");
	assert_false(tt_duration_add(&a, &a, false, &result) && tt_duration_add(&result, &result, false, &result));
	tt_number_clear(&ratio);
}

int main(void)
{
	tt_ctx_init(&ctx);
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_forms),
	    cmocka_unit_test(test_bad_forms),
	    cmocka_unit_test(test_ids),
	    cmocka_unit_test(test_epoch),
	    cmocka_unit_test(test_compare),
	    cmocka_unit_test(test_parts),
	    cmocka_unit_test(test_casts),
	    cmocka_unit_test(test_durations),
	    cmocka_unit_test(test_duration_order),
	    cmocka_unit_test(test_date_arithmetic),
	    cmocka_unit_test(test_subtract),
	    cmocka_unit_test(test_duration_arithmetic),
	};
	return cmocka_run_group_tests(tests, NULL, check_no_leak);
}
