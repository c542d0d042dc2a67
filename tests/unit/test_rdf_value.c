/* test_rdf_value.c - inline ids: same id ⇔ same term. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/map.h"
#include "rdf/real.h"
#include "rdf/value.h"

static bool read_id(const char *text, tt_vocab datatype, tt_id *out_id)
{
	const tt_term term = tt_term_typed(tt_view_of(text), tt_vocab_iri(datatype));
	return tt_value_from_term(&term, out_id);
}

/* The law of this module, for one lexical form: inline or not as expected, and if so the very same term comes back. */
static void check_form(const char *text, tt_vocab datatype, bool is_inline)
{
	tt_id id = 77;
	if (read_id(text, datatype, &id) != is_inline) {
		fail_msg("\"%s\": %s", text, is_inline ? "should be inline" : "should not be inline");
	}
	if (!is_inline) {
		assert_int_equal(id, 77);
		return;
	}
	assert_true(tt_id_is_inline(id));
	assert_int_equal(tt_value_datatype(id), datatype);
	tt_scratch scratch;
	const tt_term back = tt_value_to_term(id, &scratch);
	const tt_term term = tt_term_typed(tt_view_of(text), tt_vocab_iri(datatype));
	if (!tt_term_equal(&back, &term)) {
		fail_msg("\"%s\" came back as \"%.*s\"", text, TT_VIEW_ARG(back.text));
	}
}

typedef struct form {
	tt_vocab datatype;
	bool is_inline;
	const char *text;
} form;

static const form forms[] = {
    {TT_VOCAB_XSD_BOOLEAN, true, "true"},
    {TT_VOCAB_XSD_BOOLEAN, true, "false"},
    {TT_VOCAB_XSD_BOOLEAN, false, "1"},
    {TT_VOCAB_XSD_BOOLEAN, false, "0"},
    {TT_VOCAB_XSD_BOOLEAN, false, "True"},
    {TT_VOCAB_XSD_BOOLEAN, false, ""},
    {TT_VOCAB_XSD_INTEGER, true, "0"},
    {TT_VOCAB_XSD_INTEGER, true, "-1"},
    {TT_VOCAB_XSD_INTEGER, true, "576460752303423487"},
    {TT_VOCAB_XSD_INTEGER, false, "576460752303423488"},
    {TT_VOCAB_XSD_INTEGER, true, "-576460752303423488"},
    {TT_VOCAB_XSD_INTEGER, false, "-576460752303423489"},
    {TT_VOCAB_XSD_INTEGER, false, "18446744073709551617"},
    {TT_VOCAB_XSD_INTEGER, false, "99999999999999999999999999999999999999999999999999"},
    {TT_VOCAB_XSD_INTEGER, false, "01"},
    {TT_VOCAB_XSD_INTEGER, false, "+1"},
    {TT_VOCAB_XSD_INTEGER, false, "-0"},
    {TT_VOCAB_XSD_INTEGER, false, "00"},
    {TT_VOCAB_XSD_INTEGER, false, "-"},
    {TT_VOCAB_XSD_INTEGER, false, ""},
    {TT_VOCAB_XSD_INTEGER, false, "1 "},
    {TT_VOCAB_XSD_INTEGER, false, " 1"},
    {TT_VOCAB_XSD_INTEGER, false, "1.0"},
    {TT_VOCAB_XSD_INTEGER, false, "--1"},
    {TT_VOCAB_XSD_DECIMAL, true, "0"},
    {TT_VOCAB_XSD_DECIMAL, true, "0.0"},
    {TT_VOCAB_XSD_DECIMAL, true, "1.50"},
    {TT_VOCAB_XSD_DECIMAL, true, "-0.05"},
    {TT_VOCAB_XSD_DECIMAL, true, "2"},
    {TT_VOCAB_XSD_DECIMAL, true, "0.000000000000001"},
    {TT_VOCAB_XSD_DECIMAL, false, "0.0000000000000001"},
    {TT_VOCAB_XSD_DECIMAL, true, "36028797018963967"},
    {TT_VOCAB_XSD_DECIMAL, false, "36028797018963968"},
    {TT_VOCAB_XSD_DECIMAL, true, "-36028797018963.968"},
    {TT_VOCAB_XSD_DECIMAL, false, "-36028797018963.969"},
    {TT_VOCAB_XSD_DECIMAL, false, "123456789012345678.12345"},
    {TT_VOCAB_XSD_DECIMAL, false, "1."},
    {TT_VOCAB_XSD_DECIMAL, false, ".5"},
    {TT_VOCAB_XSD_DECIMAL, false, "+1.5"},
    {TT_VOCAB_XSD_DECIMAL, false, "01.5"},
    {TT_VOCAB_XSD_DECIMAL, false, "-0.0"},
    {TT_VOCAB_XSD_DECIMAL, false, "-0"},
    {TT_VOCAB_XSD_DECIMAL, false, "1.5.1"},
    {TT_VOCAB_XSD_DECIMAL, false, "1.5E0"},
    {TT_VOCAB_XSD_DECIMAL, false, "-"},
    {TT_VOCAB_XSD_DECIMAL, false, "."},
    {TT_VOCAB_XSD_DOUBLE, true, "1.5E0"},
    {TT_VOCAB_XSD_DOUBLE, true, "0.0E0"},
    {TT_VOCAB_XSD_DOUBLE, true, "-0.0E0"},
    {TT_VOCAB_XSD_DOUBLE, true, "INF"},
    {TT_VOCAB_XSD_DOUBLE, true, "-INF"},
    {TT_VOCAB_XSD_DOUBLE, true, "NaN"},
    {TT_VOCAB_XSD_DOUBLE, true, "1.0E3"},
    {TT_VOCAB_XSD_DOUBLE, true, "-1.25E2"},
    {TT_VOCAB_XSD_DOUBLE, false, "1.0E-1"}, /* 0.1 needs all its bits */
    {TT_VOCAB_XSD_DOUBLE, false, "1.5"},
    {TT_VOCAB_XSD_DOUBLE, false, "1.5e0"},
    {TT_VOCAB_XSD_DOUBLE, false, "15.0E-1"},
    {TT_VOCAB_XSD_DOUBLE, false, "1.50E0"},
    {TT_VOCAB_XSD_DOUBLE, false, "1E0"},
    {TT_VOCAB_XSD_DOUBLE, false, "+INF"},
    {TT_VOCAB_XSD_DOUBLE, false, "-NaN"},
    {TT_VOCAB_XSD_DOUBLE, false, "nan"},
    {TT_VOCAB_XSD_DOUBLE, false, "1.0E999"},
    {TT_VOCAB_XSD_DOUBLE, false, "0x1p3"},
    {TT_VOCAB_XSD_DOUBLE, false, "infinity"},
    {TT_VOCAB_XSD_DATE, true, "2024-02-29"},
    {TT_VOCAB_XSD_DATE, false, "2023-02-29"},
    {TT_VOCAB_XSD_DATE, false, "1900-02-29"},
    {TT_VOCAB_XSD_DATE, true, "2000-02-29"},
    {TT_VOCAB_XSD_DATE, true, "0000-02-29"},
    {TT_VOCAB_XSD_DATE, true, "-0004-02-29"},
    {TT_VOCAB_XSD_DATE, false, "-0001-02-29"},
    {TT_VOCAB_XSD_DATE, false, "-0000-01-01"},
    {TT_VOCAB_XSD_DATE, false, "2024-00-10"},
    {TT_VOCAB_XSD_DATE, false, "2024-13-10"},
    {TT_VOCAB_XSD_DATE, false, "2024-04-31"},
    {TT_VOCAB_XSD_DATE, false, "2024-04-00"},
    {TT_VOCAB_XSD_DATE, false, "2024-4-30"},
    {TT_VOCAB_XSD_DATE, false, "024-04-30"},
    {TT_VOCAB_XSD_DATE, false, "02024-04-30"},
    {TT_VOCAB_XSD_DATE, false, "+2024-04-30"},
    {TT_VOCAB_XSD_DATE, false, "12024-04-30"},
    {TT_VOCAB_XSD_DATE, true, "8191-12-31"},
    {TT_VOCAB_XSD_DATE, false, "8192-01-01"},
    {TT_VOCAB_XSD_DATE, true, "-8192-01-01"},
    {TT_VOCAB_XSD_DATE, false, "-8193-01-01"},
    {TT_VOCAB_XSD_DATE, true, "2024-04-30Z"},
    {TT_VOCAB_XSD_DATE, true, "2024-04-30+05:45"},
    {TT_VOCAB_XSD_DATE, true, "2024-04-30-14:00"},
    {TT_VOCAB_XSD_DATE, true, "2024-04-30+14:00"},
    {TT_VOCAB_XSD_DATE, false, "2024-04-30+14:15"},
    {TT_VOCAB_XSD_DATE, false, "2024-04-30+00:00"},
    {TT_VOCAB_XSD_DATE, false, "2024-04-30-00:00"},
    {TT_VOCAB_XSD_DATE, false, "2024-04-30+05:40"},
    {TT_VOCAB_XSD_DATE, false, "2024-04-30+04:75"},
    {TT_VOCAB_XSD_DATE, false, "2024-04-30z"},
    {TT_VOCAB_XSD_DATE, false, "2024-04-30ZZ"},
    {TT_VOCAB_XSD_DATE, false, "2024-04-30 "},
    {TT_VOCAB_XSD_DATE, false, "2024-04-30T00:00:00"},
    {TT_VOCAB_XSD_DATE_TIME, true, "2024-04-30T00:00:00"},
    {TT_VOCAB_XSD_DATE_TIME, true, "2024-04-30T23:59:59.999Z"},
    {TT_VOCAB_XSD_DATE_TIME, true, "2024-04-30T23:59:59.5-08:00"},
    {TT_VOCAB_XSD_DATE_TIME, true, "2024-04-30T23:59:59.05"},
    {TT_VOCAB_XSD_DATE_TIME, true, "2024-04-30T23:59:59.001"},
    {TT_VOCAB_XSD_DATE_TIME, false, "2024-04-30T23:59:59.500"},
    {TT_VOCAB_XSD_DATE_TIME, false, "2024-04-30T23:59:59.0"},
    {TT_VOCAB_XSD_DATE_TIME, false, "2024-04-30T23:59:59."},
    {TT_VOCAB_XSD_DATE_TIME, false, "2024-04-30T23:59:59.0001"},
    {TT_VOCAB_XSD_DATE_TIME, false, "2024-04-30T23:59:60"},
    {TT_VOCAB_XSD_DATE_TIME, false, "2024-04-30T24:00:00"},
    {TT_VOCAB_XSD_DATE_TIME, false, "2024-04-30T23:60:00"},
    {TT_VOCAB_XSD_DATE_TIME, false, "2024-04-30T3:00:00"},
    {TT_VOCAB_XSD_DATE_TIME, false, "2024-04-30 13:00:00"},
    {TT_VOCAB_XSD_DATE_TIME, false, "2024-04-30T13:00"},
    {TT_VOCAB_XSD_DATE_TIME, false, "2024-04-30"},
    {TT_VOCAB_XSD_G_YEAR, true, "2001"},
    {TT_VOCAB_XSD_G_YEAR, true, "0001"},
    {TT_VOCAB_XSD_G_YEAR, true, "-0044"},
    {TT_VOCAB_XSD_G_YEAR, true, "2001Z"},
    {TT_VOCAB_XSD_G_YEAR, true, "2001-05:00"},
    {TT_VOCAB_XSD_G_YEAR, false, "201"},
    {TT_VOCAB_XSD_G_YEAR, false, "20011"},
    {TT_VOCAB_XSD_G_YEAR, false, "2001-05"},
    {TT_VOCAB_XSD_G_YEAR_MONTH, true, "2001-05"},
    {TT_VOCAB_XSD_G_YEAR_MONTH, true, "2001-05-05:00"},
    {TT_VOCAB_XSD_G_YEAR_MONTH, false, "2001-5"},
    {TT_VOCAB_XSD_G_YEAR_MONTH, false, "2001-05-01"},
    {TT_VOCAB_XSD_G_YEAR_MONTH, false, "2001"},
    {TT_VOCAB_XSD_STRING, false, "1"},
    {TT_VOCAB_XSD_INT, false, "1"},
    {TT_VOCAB_XSD_FLOAT, false, "1.5E0"},
    {TT_VOCAB_XSD_TIME, false, "12:00:00"},
};

static void test_forms(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; ++i) {
		check_form(forms[i].text, forms[i].datatype, forms[i].is_inline);
	}
}

/* Every text of up to five characters of the alphabet of numbers: what is inline comes back as it was. */
static void test_all_short_forms(void **state)
{
	(void)state;
	static const char alphabet[] = "019-+.EZ";
	static const tt_vocab datatypes[] = {TT_VOCAB_XSD_INTEGER, TT_VOCAB_XSD_DECIMAL, TT_VOCAB_XSD_DOUBLE,
	                                     TT_VOCAB_XSD_G_YEAR};
	const size_t n = sizeof alphabet - 1;
	unsigned n_inline = 0;
	for (size_t length = 1, n_texts = n; length <= 5; ++length, n_texts *= n) {
		for (size_t number = 0; number < n_texts; ++number) {
			char text[8] = "";
			for (size_t i = 0, rest = number; i < length; ++i, rest /= n) {
				text[i] = alphabet[rest % n];
			}
			for (size_t k = 0; k < sizeof datatypes / sizeof *datatypes; ++k) {
				tt_id id = 0;
				if (read_id(text, datatypes[k], &id)) {
					check_form(text, datatypes[k], true);
					++n_inline;
				}
			}
		}
	}
	assert_true(n_inline > 500);
}

static uint64_t seed = 42;
static uint64_t draw(void)
{
	seed += 0x9E3779B97F4A7C15u;
	return tt_hash_u64(seed);
}

static void test_random_ids(void **state)
{
	(void)state;
	for (int i = 0; i < 20000; ++i) {
		tt_id id = 0;
		tt_id back = 0;
		tt_scratch scratch;
		const int64_t integer = (int64_t)draw() >> (draw() % 60 + 4);
		assert_true(tt_value_from_integer(integer, &id));
		assert_int_equal(tt_value_to_integer(id), integer);
		tt_term term = tt_value_to_term(id, &scratch);
		assert_true(tt_value_from_term(&term, &back) && back == id);

		const int64_t mantissa = (int64_t)draw() >> (draw() % 55 + 8);
		const unsigned scale = (unsigned)(draw() % 16);
		int64_t got_mantissa = 0;
		unsigned got_scale = 0;
		assert_true(tt_value_from_decimal(mantissa, scale, &id));
		tt_value_to_decimal(id, &got_mantissa, &got_scale);
		assert_int_equal(got_mantissa, mantissa);
		assert_int_equal(got_scale, scale);
		term = tt_value_to_term(id, &scratch);
		assert_true(tt_value_from_term(&term, &back) && back == id);

		const uint64_t bits = draw() & ~(uint64_t)15;
		double real = 0;
		memcpy(&real, &bits, sizeof real);
		assert_true(tt_value_from_double(real, &id));
		const double got = tt_value_to_double(id);
		assert_true(isnan(real) ? isnan(got) : memcmp(&got, &real, sizeof real) == 0);
		term = tt_value_to_term(id, &scratch);
		assert_true(tt_value_from_term(&term, &back) && back == id);
	}
}

static void test_limits(void **state)
{
	(void)state;
	tt_id id = 0;
	assert_false(tt_value_from_integer((int64_t)1 << 59, &id));
	assert_false(tt_value_from_integer(INT64_MIN, &id));
	assert_false(tt_value_from_decimal((int64_t)1 << 55, 0, &id));
	assert_false(tt_value_from_decimal(1, 16, &id));
	assert_false(tt_value_from_double(0.1, &id));
	assert_true(tt_value_from_double((double)NAN, &id));
	assert_true(isnan(tt_value_to_double(id)));
}

/* All days of some years, all zones: each comes back, and ids rise with time. */
static void test_dates_sort(void **state)
{
	(void)state;
	tt_id before = 0;
	for (int year = -5; year < 10; ++year) {
		for (int month = 1; month <= 12; ++month) {
			for (int day = 1; day <= 31; ++day) {
				char text[40];
				(void)snprintf(text, sizeof text, "%s%04d-%02d-%02d", year < 0 ? "-" : "", abs(year), month, day);
				tt_id id = 0;
				if (!read_id(text, TT_VOCAB_XSD_DATE, &id)) {
					assert_true(day > 28);
					continue;
				}
				assert_true(id > before);
				before = id;
				check_form(text, TT_VOCAB_XSD_DATE, true);
			}
		}
	}
	before = 0;
	for (int zone = -14 * 4; zone <= 14 * 4; ++zone) {
		char text[40] = "2024-04-30T12:00:00Z";
		if (zone) {
			(void)snprintf(text, sizeof text, "2024-04-30T12:00:00%c%02d:%02d", zone < 0 ? '-' : '+', abs(zone) / 4,
			               abs(zone) % 4 * 15);
		}
		tt_id id = 0;
		assert_true(read_id(text, TT_VOCAB_XSD_DATE_TIME, &id));
		assert_true(id > before);
		before = id;
		const tt_date_fields date = tt_value_to_date(id);
		assert_true(date.has_zone);
		assert_int_equal(date.zone_minutes, zone * 15);
		check_form(text, TT_VOCAB_XSD_DATE_TIME, true);
	}
}

static void test_fields(void **state)
{
	(void)state;
	tt_id id = 0;
	assert_true(read_id("-0099-11-30T21:58:57.04-03:30", TT_VOCAB_XSD_DATE_TIME, &id));
	tt_date_fields date = tt_value_to_date(id);
	assert_int_equal(date.year, -99);
	assert_int_equal(date.month, 11);
	assert_int_equal(date.day, 30);
	assert_int_equal(date.hour, 21);
	assert_int_equal(date.minute, 58);
	assert_int_equal(date.second, 57);
	assert_int_equal(date.millisecond, 40);
	assert_int_equal(date.zone_minutes, -210);
	assert_true(read_id("2001", TT_VOCAB_XSD_G_YEAR, &id));
	date = tt_value_to_date(id);
	assert_int_equal(date.year, 2001);
	assert_int_equal(date.month, 1);
	assert_int_equal(date.day, 1);
	assert_int_equal(date.hour, 0);
	assert_false(date.has_zone);
}

static void check_blank(const char *label, bool is_inline, uint64_t number)
{
	const tt_term term = tt_term_blank(tt_view_of(label));
	tt_id id = 0;
	assert_int_equal(tt_value_from_term(&term, &id), is_inline);
	if (is_inline) {
		assert_int_equal(id, tt_id_make(TT_KIND_BLANK, number));
		tt_scratch scratch;
		const tt_term back = tt_value_to_term(id, &scratch);
		assert_true(tt_term_equal(&back, &term));
	}
}

static void test_blanks(void **state)
{
	(void)state;
	check_blank("b1", true, 1);
	check_blank("b281474976710655", true, TT_BLANK_LIMIT - 1);
	check_blank("b281474976710656", false, 0);
	check_blank("b99999999999999999999", false, 0);
	check_blank("b0", false, 0);
	check_blank("b01", false, 0);
	check_blank("b", false, 0);
	check_blank("", false, 0);
	check_blank("c1", false, 0);
	check_blank("b1x", false, 0);
	check_blank("b-1", false, 0);
}

static void test_others(void **state)
{
	(void)state;
	tt_id id = 0;
	tt_term term = tt_term_iri(TT_VIEW("b1"));
	assert_false(tt_value_from_term(&term, &id));
	term = tt_term_lang(TT_VIEW("1"), TT_VIEW("en"));
	assert_false(tt_value_from_term(&term, &id));
	term = (tt_term){.kind = TT_TERM_NONE};
	assert_false(tt_value_from_term(&term, &id));
	term = tt_term_typed((tt_view){NULL, 0}, tt_vocab_iri(TT_VOCAB_XSD_INTEGER));
	assert_false(tt_value_from_term(&term, &id));
	term = tt_term_typed((tt_view){"1\0002", 3}, tt_vocab_iri(TT_VOCAB_XSD_INTEGER));
	assert_false(tt_value_from_term(&term, &id));
}

/* Ids that no writer made (a damaged file) must not overrun the scratch. */
static void test_damaged_ids(void **state)
{
	(void)state;
	for (int i = 0; i < 20000; ++i) {
		const tt_id id = tt_id_make((tt_kind)(draw() % 13), draw() & TT_PAYLOAD_MASK);
		if (tt_id_is_inline(id)) {
			tt_scratch scratch;
			const tt_term term = tt_value_to_term(id, &scratch);
			assert_true(term.text.size > 0 && term.text.size <= TT_SCRATCH_SIZE);
		}
	}
}

static void check_real(double value, const char *expected)
{
	char text[TT_REAL_SIZE];
	const size_t n = tt_real_format_double(value, text);
	if (!tt_view_equal((tt_view){text, n}, tt_view_of(expected))) {
		fail_msg("%.17g is written %.*s instead of %s", value, (int)n, text, expected);
	}
}

static void test_reals(void **state)
{
	(void)state;
	check_real(1, "1.0E0");
	check_real(100000, "1.0E5");
	check_real(0.1, "1.0E-1");
	check_real(1e22, "1.0E22");
	check_real(1e23, "1.0E23");
	check_real(5e-324, "5.0E-324");
	check_real(1.7976931348623157e308, "1.7976931348623157E308");
	check_real(2.2250738585072014e-308, "2.2250738585072014E-308");
	check_real(9007199254740993.0, "9.007199254740992E15");
	check_real(0.1 + 0.2, "3.0000000000000004E-1");
	check_real(123456.789, "1.23456789E5");
	char text[TT_REAL_SIZE];
	assert_true(tt_view_equal((tt_view){text, tt_real_format_float(0.1f, text)}, TT_VIEW("1.0E-1")));
	assert_true(tt_view_equal((tt_view){text, tt_real_format_float(16777216.0f, text)}, TT_VIEW("1.6777216E7")));
	assert_true(tt_view_equal((tt_view){text, tt_real_format_float(1e-45f, text)}, TT_VIEW("1.0E-45")));
	for (int i = 0; i < 20000; ++i) {
		const uint64_t bits = draw();
		double value = 0;
		memcpy(&value, &bits, sizeof value);
		double back = 0;
		const size_t n = tt_real_format_double(value, text);
		assert_true(n <= TT_REAL_SIZE && tt_real_parse((tt_view){text, n}, false, &back));
		assert_true(isnan(value) ? isnan(back) : memcmp(&back, &value, sizeof value) == 0);
		const uint32_t float_bits = (uint32_t)bits;
		float small = 0;
		memcpy(&small, &float_bits, sizeof small);
		assert_true(tt_real_parse((tt_view){text, tt_real_format_float(small, text)}, true, &back));
		assert_true(isnan(small) ? isnan(back) : (float)back == small);
	}
}

static void test_real_parse(void **state)
{
	(void)state;
	static const char *const bad[] = {"",    "+",   "-",  ".",  "e5",    "1e",  "1e+",   "1e5x", "0x10",     "inf",
	                                  "Inf", "nan", "1 ", " 1", "1.2.3", "--1", "1e1.5", "NaN0", "INFINITY", "1d"};
	double value = 0;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i) {
		assert_false(tt_real_parse(tt_view_of(bad[i]), false, &value));
	}
	assert_true(tt_real_parse(TT_VIEW("1."), false, &value) && value == 1);
	assert_true(tt_real_parse(TT_VIEW("-.5e+1"), false, &value) && value == -5);
	assert_true(tt_real_parse(TT_VIEW("1e99999999999999999999999"), false, &value) && isinf(value));
	assert_true(tt_real_parse(TT_VIEW("1e-99999999999999999999999"), false, &value) && value == 0);
	assert_true(tt_real_parse(TT_VIEW("00000000000000000000000000001"), false, &value) && value == 1);
	/* Half way between two doubles, decided by the thousandth digit. */
	char text[1200];
	const int n = snprintf(text, sizeof text, "9007199254740993.%0*d1", 1000, 0);
	assert_true(tt_real_parse((tt_view){text, (size_t)n}, false, &value) && value == 9007199254740994.0);
	assert_true(tt_real_parse((tt_view){text, (size_t)n - 1}, false, &value) && value == 9007199254740992.0);
	/* Rounding to a double first would give another float. */
	assert_true(tt_real_parse(TT_VIEW("16777217.0000000001"), true, &value) && value == 16777218.0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_forms),  cmocka_unit_test(test_all_short_forms), cmocka_unit_test(test_random_ids),
	    cmocka_unit_test(test_limits), cmocka_unit_test(test_dates_sort),      cmocka_unit_test(test_fields),
	    cmocka_unit_test(test_blanks), cmocka_unit_test(test_others),          cmocka_unit_test(test_damaged_ids),
	    cmocka_unit_test(test_reals),  cmocka_unit_test(test_real_parse),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
