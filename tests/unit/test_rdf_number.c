/* test_rdf_number.c - xsd numbers: reading, arithmetic, casting, order, writing. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "rdf_fixture.h"

#include "base/map.h"
#include "rdf/number.h"

static const char *const suffixes[] = {"i", "d", "f", "e"};
static const tt_vocab datatypes[] = {TT_VOCAB_XSD_INTEGER, TT_VOCAB_XSD_DECIMAL, TT_VOCAB_XSD_FLOAT,
                                     TT_VOCAB_XSD_DOUBLE};

/* "2.50d" is a decimal, "1i" an integer, "1.0E0e" a double, "1f" a float. */
static tt_number number_of(const char *text)
{
	tt_number value = TT_NUMBER_ZERO;
	const size_t n = strlen(text) - 1;
	for (int kind = 0; kind < 4; ++kind) {
		if (text[n] == suffixes[kind][0]) {
			if (!tt_number_parse((tt_view){text, n}, datatypes[kind], &value)) {
				fail_msg("cannot read %s", text);
			}
			return value;
		}
	}
	fail_msg("no type: %s", text);
	return value;
}

static void check_text(const tt_number *value, const char *expected, const char *what)
{
	tt_buffer out;
	tt_buffer_init(&out, &ctx);
	assert_int_equal(tt_buffer_append(&out, TT_VIEW("...")), TT_OK);
	assert_int_equal(tt_number_format(value, &out), TT_OK);
	assert_int_equal(tt_buffer_append(&out, tt_view_of(suffixes[value->kind])), TT_OK);
	assert_int_equal(tt_buffer_terminate(&out), TT_OK);
	if (strcmp(out.data + 3, expected) != 0) {
		fail_msg("%s gives %s, not %s", what, out.data + 3, expected);
	}
	tt_buffer_clear(&out);
}

/* ---- reading and writing ---------------------------------------------------------------------- */

static void test_forms(void **state)
{
	(void)state;
	static const char *const forms[][2] = {
	    {"0i", "0i"},
	    {"-0i", "0i"},
	    {"+5i", "5i"},
	    {" \t\r\n005 i", "5i"},
	    {"9223372036854775807i", "9223372036854775807i"},
	    {"-9223372036854775808i", "-9223372036854775808i"},
	    {"9223372036854775808i", "9223372036854775808i"},
	    {"-99999999999999999999999999999999999999i", "-99999999999999999999999999999999999999i"},
	    {"0000000000000000000000000000000000000000012i", "12i"},
	    {"0d", "0d"},
	    {"2.0d", "2d"},
	    {"2.50d", "2.5d"},
	    {".5d", "0.5d"},
	    {"-.005d", "-0.005d"},
	    {"5.d", "5d"},
	    {"-0.0d", "0d"},
	    {"100d", "100d"},
	    {"12345678901234567890.12345678901234567890d", "12345678901234567890.1234567890123456789d"},
	    {"0.00000000000000000000000000000000000001d", "0.00000000000000000000000000000000000001d"},
	    {"1f", "1.0E0f"},
	    {"0.1f", "1.0E-1f"},
	    {"-INFf", "-INFf"},
	    {"1e0e", "1.0E0e"},
	    {"0.1e", "1.0E-1e"},
	    {"NaNe", "NaNe"},
	    {"+INFe", "INFe"},
	    {"-0e", "-0.0E0e"},
	    {" 12.5E-3 e", "1.25E-2e"},
	};
	for (size_t i = 0; i < sizeof forms / sizeof *forms; ++i) {
		tt_number value = number_of(forms[i][0]);
		check_text(&value, forms[i][1], forms[i][0]);
		tt_number_clear(&value);
	}
}

typedef struct typed_form {
	tt_vocab datatype;
	bool is_good;
	const char *text;
} typed_form;

static void test_ranges(void **state)
{
	(void)state;
	static const typed_form forms[] = {
	    {TT_VOCAB_XSD_BYTE, true, "127"},
	    {TT_VOCAB_XSD_BYTE, false, "128"},
	    {TT_VOCAB_XSD_BYTE, true, "-128"},
	    {TT_VOCAB_XSD_BYTE, false, "-129"},
	    {TT_VOCAB_XSD_SHORT, false, "32768"},
	    {TT_VOCAB_XSD_INT, true, "-2147483648"},
	    {TT_VOCAB_XSD_INT, false, "2147483648"},
	    {TT_VOCAB_XSD_LONG, true, "9223372036854775807"},
	    {TT_VOCAB_XSD_LONG, false, "9223372036854775808"},
	    {TT_VOCAB_XSD_LONG, false, "-9223372036854775809"},
	    {TT_VOCAB_XSD_UNSIGNED_LONG, true, "18446744073709551615"},
	    {TT_VOCAB_XSD_UNSIGNED_LONG, false, "18446744073709551616"},
	    {TT_VOCAB_XSD_UNSIGNED_LONG, false, "-1"},
	    {TT_VOCAB_XSD_UNSIGNED_LONG, false, "-99999999999999999999"},
	    {TT_VOCAB_XSD_UNSIGNED_INT, false, "4294967296"},
	    {TT_VOCAB_XSD_UNSIGNED_SHORT, true, "65535"},
	    {TT_VOCAB_XSD_UNSIGNED_BYTE, false, "256"},
	    {TT_VOCAB_XSD_UNSIGNED_BYTE, true, "-0"},
	    {TT_VOCAB_XSD_NON_NEGATIVE_INTEGER, true, "99999999999999999999"},
	    {TT_VOCAB_XSD_NON_NEGATIVE_INTEGER, false, "-1"},
	    {TT_VOCAB_XSD_POSITIVE_INTEGER, false, "0"},
	    {TT_VOCAB_XSD_NEGATIVE_INTEGER, false, "0"},
	    {TT_VOCAB_XSD_NEGATIVE_INTEGER, true, "-99999999999999999999"},
	    {TT_VOCAB_XSD_NON_POSITIVE_INTEGER, true, "0"},
	    {TT_VOCAB_XSD_NON_POSITIVE_INTEGER, false, "99999999999999999999"},
	    {TT_VOCAB_XSD_INTEGER, false, ""},
	    {TT_VOCAB_XSD_INTEGER, false, " "},
	    {TT_VOCAB_XSD_INTEGER, false, "-"},
	    {TT_VOCAB_XSD_INTEGER, false, "1 2"},
	    {TT_VOCAB_XSD_INTEGER, false, "1.0"},
	    {TT_VOCAB_XSD_INTEGER, false, "1."},
	    {TT_VOCAB_XSD_INTEGER, false, "1e3"},
	    {TT_VOCAB_XSD_INTEGER, false, "x"},
	    {TT_VOCAB_XSD_INTEGER, false,
	     "\xC2\xA0"
	     "1"},
	    {TT_VOCAB_XSD_DECIMAL, false, "."},
	    {TT_VOCAB_XSD_DECIMAL, false, "1e0"},
	    {TT_VOCAB_XSD_DECIMAL, false, "1.2.3"},
	    {TT_VOCAB_XSD_DECIMAL, false, "INF"},
	    {TT_VOCAB_XSD_DECIMAL, false, "+-1"},
	    {TT_VOCAB_XSD_DOUBLE, false, "1.0e"},
	    {TT_VOCAB_XSD_DOUBLE, false, ""},
	    {TT_VOCAB_XSD_DOUBLE, true, "1."},
	    {TT_VOCAB_XSD_STRING, false, "1"},
	    {TT_VOCAB_XSD_DATE, false, "1"},
	};
	for (size_t i = 0; i < sizeof forms / sizeof *forms; ++i) {
		tt_number value = TT_NUMBER_ZERO;
		if (tt_number_parse(tt_view_of(forms[i].text), forms[i].datatype, &value) != forms[i].is_good) {
			fail_msg("\"%s\" of type %d", forms[i].text, (int)forms[i].datatype);
		}
		tt_number_clear(&value);
	}
}

/* Inline ids, terms and numbers tell the same. */
static void test_ids(void **state)
{
	(void)state;
	static const char *const forms[] = {"0i", "-77i", "2d", "2.5d", "-0.001d", "1.5E0e", "NaNe", "-INFe", "-0.0E0e"};
	for (size_t i = 0; i < sizeof forms / sizeof *forms; ++i) {
		tt_number value = number_of(forms[i]);
		tt_id id = 0;
		assert_true(tt_number_to_id(&value, &id));
		tt_number back = TT_NUMBER_ZERO;
		assert_true(tt_number_from_id(id, &back));
		check_text(&back, forms[i], forms[i]);
		tt_scratch scratch;
		const tt_term term = tt_value_to_term(id, &scratch);
		assert_true(tt_number_from_term(&term, &back));
		check_text(&back, forms[i], forms[i]);
		assert_true(tt_view_equal(term.datatype, tt_vocab_iri(tt_number_datatype(&value))));
	}
	tt_number value = number_of("0.1e");
	tt_id id = 77;
	assert_false(tt_number_to_id(&value, &id));
	assert_int_equal(id, 77);
	value = number_of("1f");
	assert_false(tt_number_to_id(&value, &id));
	assert_false(tt_number_from_id(tt_id_make(TT_KIND_IRI, 1), &value));
	assert_false(tt_number_from_id(tt_value_from_boolean(true), &value));
	tt_term term = tt_term_lang(TT_VIEW("1"), TT_VIEW("en"));
	assert_false(tt_number_from_term(&term, &value));
	term = tt_term_iri(TT_VIEW("1"));
	assert_false(tt_number_from_term(&term, &value));
}

/* ---- arithmetic ------------------------------------------------------------------------------- */

typedef struct sum {
	const char *a;
	char what;
	const char *b;
	const char *expected; /* NULL: an error */
} sum;

static bool compute(const tt_number *a, char what, const tt_number *b, tt_number *out)
{
	switch (what) {
	case '+':
		return tt_number_add(a, b, out);
	case '-':
		return tt_number_subtract(a, b, out);
	case '*':
		return tt_number_multiply(a, b, out);
	default:
		return tt_number_divide(a, b, out);
	}
}

static void test_arithmetic(void **state)
{
	(void)state;
	static const sum sums[] = {
	    {"1i", '+', "2i", "3i"},
	    {"9223372036854775807i", '+', "1i", "9223372036854775808i"},
	    {"-9223372036854775808i", '-', "1i", "-9223372036854775809i"},
	    {"9223372036854775808i", '-', "1i", "9223372036854775807i"},
	    {"9223372036854775807i", '*', "9223372036854775807i", "85070591730234615847396907784232501249i"},
	    {"1i", '+', "0.5d", "1.5d"},
	    {"0.5d", '+', "0.5d", "1d"},
	    {"0.1d", '+', "0.2d", "0.3d"},
	    {"1.00d", '-', "0.01d", "0.99d"},
	    {"0.1d", '*', "0.1d", "0.01d"},
	    {"1000000000000d", '+', "0.000000000001d", "1000000000000.000000000001d"},
	    {"2.5d", '*', "4i", "10d"},
	    {"1i", '/', "2i", "0.5d"},
	    {"4i", '/', "2i", "2d"},
	    {"0i", '/', "7i", "0d"},
	    {"1i", '/', "3i", "0.333333333333333333d"},
	    {"2i", '/', "3i", "0.666666666666666667d"},
	    {"-2i", '/', "3i", "-0.666666666666666667d"},
	    {"2i", '/', "-3i", "-0.666666666666666667d"},
	    {"100i", '/', "3i", "33.333333333333333333d"},
	    {"1i", '/', "30000000000000000000000000000i", "0.0000000000000000000000000000333333333333333333d"},
	    {"1i", '/', "1073741824i", "0.000000000931322574615478516d"}, /* …515625 */
	    {"0.0000000000000000000000000001d", '/', "1i", "0.0000000000000000000000000001d"},
	    {"99999999999999999999i", '/', "3i", "33333333333333333333d"},
	    {"-9223372036854775808i", '/', "-1i", "9223372036854775808d"},
	    {"1i", '/', "0i", NULL},
	    {"1.5d", '/', "0.0d", NULL},
	    {"0i", '/', "0i", NULL},
	    {"1i", '/', "0e", "INFe"},
	    {"-1i", '/', "0e", "-INFe"},
	    {"1i", '/', "-0e", "-INFe"},
	    {"0e", '/', "0i", "NaNe"},
	    {"1i", '+', "1f", "2.0E0f"},
	    {"0.1d", '+', "0f", "1.0E-1f"},
	    {"0.1f", '+', "0e", "1.0000000149011612E-1e"},
	    {"16777217i", '+', "0f", "1.6777216E7f"},
	    {"1e308e", '*', "10e", "INFe"},
	    {"3e38f", '*', "10f", "INFf"},
	    {"INFe", '-', "INFe", "NaNe"},
	    {"1.1e", '+', "2.2e", "3.3000000000000003E0e"},
	};
	for (size_t i = 0; i < sizeof sums / sizeof *sums; ++i) {
		tt_number a = number_of(sums[i].a);
		tt_number b = number_of(sums[i].b);
		tt_number out = TT_NUMBER_ZERO;
		char what[100];
		(void)snprintf(what, sizeof what, "%s %c %s", sums[i].a, sums[i].what, sums[i].b);
		if (compute(&a, sums[i].what, &b, &out) != (sums[i].expected != NULL)) {
			fail_msg("%s: %s", what, sums[i].expected ? "an error" : "no error");
		}
		if (sums[i].expected) {
			check_text(&out, sums[i].expected, what);
			/* The result may stand in the place of an operand. */
			assert_true(compute(&a, sums[i].what, &b, &a));
			check_text(&a, sums[i].expected, what);
		}
		tt_number_clear(&a);
		tt_number_clear(&b);
		tt_number_clear(&out);
	}
}

typedef struct rounded {
	const char *value, *ceil, *floor, *round, *abs, *negated;
} rounded;

static void test_rounding(void **state)
{
	(void)state;
	static const rounded values[] = {
	    {"5i", "5i", "5i", "5i", "5i", "-5i"},
	    {"-9223372036854775808i", "-9223372036854775808i", "-9223372036854775808i", "-9223372036854775808i",
	     "9223372036854775808i", "9223372036854775808i"},
	    {"2.5d", "3d", "2d", "3d", "2.5d", "-2.5d"},
	    {"-2.5d", "-2d", "-3d", "-2d", "2.5d", "2.5d"},
	    {"2.4999d", "3d", "2d", "2d", "2.4999d", "-2.4999d"},
	    {"-0.5d", "0d", "-1d", "0d", "0.5d", "0.5d"},
	    {"-2.51d", "-2d", "-3d", "-3d", "2.51d", "2.51d"},
	    {"2.5e", "3.0E0e", "2.0E0e", "3.0E0e", "2.5E0e", "-2.5E0e"},
	    {"-2.5e", "-2.0E0e", "-3.0E0e", "-2.0E0e", "2.5E0e", "2.5E0e"},
	    {"-0.2e", "-0.0E0e", "-1.0E0e", "-0.0E0e", "2.0E-1e", "2.0E-1e"},
	    {"0.49999999999999994e", "1.0E0e", "0.0E0e", "0.0E0e", "4.9999999999999994E-1e", "-4.9999999999999994E-1e"},
	    {"4503599627370497e", "4.503599627370497E15e", "4.503599627370497E15e", "4.503599627370497E15e",
	     "4.503599627370497E15e", "-4.503599627370497E15e"},
	    {"NaNe", "NaNe", "NaNe", "NaNe", "NaNe", "NaNe"},
	    {"-INFf", "-INFf", "-INFf", "-INFf", "INFf", "INFf"},
	    {"123456789012345678901.5d", "123456789012345678902d", "123456789012345678901d", "123456789012345678902d",
	     "123456789012345678901.5d", "-123456789012345678901.5d"},
	};
	for (size_t i = 0; i < sizeof values / sizeof *values; ++i) {
		tt_number value = number_of(values[i].value);
		tt_number out = TT_NUMBER_ZERO;
		tt_number_ceil(&value, &out);
		check_text(&out, values[i].ceil, "ceil");
		tt_number_floor(&value, &out);
		check_text(&out, values[i].floor, "floor");
		tt_number_round(&value, &out);
		check_text(&out, values[i].round, values[i].value);
		tt_number_abs(&value, &out);
		check_text(&out, values[i].abs, "abs");
		tt_number_negate(&value, &value);
		if (!isnan(tt_number_to_double(&value))) {
			check_text(&value, values[i].negated, "negate");
		}
		tt_number_clear(&value);
		tt_number_clear(&out);
	}
}

static void test_casts(void **state)
{
	(void)state;
	static const struct {
		const char *from;
		tt_number_kind kind;
		const char *to;
	} casts[] = {
	    {"2.9d", TT_NUMBER_INTEGER, "2i"},
	    {"-2.9d", TT_NUMBER_INTEGER, "-2i"},
	    {"-2.9e", TT_NUMBER_INTEGER, "-2i"},
	    {"1e20e", TT_NUMBER_INTEGER, "100000000000000000000i"},
	    {"1e-20e", TT_NUMBER_INTEGER, "0i"},
	    {"NaNe", TT_NUMBER_INTEGER, NULL},
	    {"INFe", TT_NUMBER_INTEGER, NULL},
	    {"-INFf", TT_NUMBER_DECIMAL, NULL},
	    {"1.25f", TT_NUMBER_DECIMAL, "1.25d"},
	    {"-7.875e", TT_NUMBER_DECIMAL, "-7.875d"},
	    {"-0e", TT_NUMBER_DECIMAL, "0d"},
	    {"0.1e", TT_NUMBER_DECIMAL, "0.1000000000000000055511151231257827021181583404541015625d"},
	    {"5e-324e", TT_NUMBER_INTEGER, "0i"},
	    {"7i", TT_NUMBER_DECIMAL, "7d"},
	    {"7i", TT_NUMBER_FLOAT, "7.0E0f"},
	    {"0.1d", TT_NUMBER_DOUBLE, "1.0E-1e"},
	    {"0.1d", TT_NUMBER_FLOAT, "1.0E-1f"},
	    {"16777217.0000000001d", TT_NUMBER_FLOAT, "1.6777218E7f"},
	    {"9007199254740993i", TT_NUMBER_DOUBLE, "9.007199254740992E15e"},
	    {"9007199254740993.1d", TT_NUMBER_DOUBLE, "9.007199254740994E15e"},
	    {"123456789012345678901234567890i", TT_NUMBER_DOUBLE, "1.2345678901234568E29e"},
	    {"1e300e", TT_NUMBER_FLOAT, "INFf"},
	    {"0.1e", TT_NUMBER_FLOAT, "1.0E-1f"},
	    {"0.1f", TT_NUMBER_DOUBLE, "1.0000000149011612E-1e"},
	};
	for (size_t i = 0; i < sizeof casts / sizeof *casts; ++i) {
		tt_number value = number_of(casts[i].from);
		assert_int_equal(tt_number_cast(&value, casts[i].kind, &value), casts[i].to != NULL);
		if (casts[i].to) {
			check_text(&value, casts[i].to, casts[i].from);
		}
		tt_number_clear(&value);
	}
	int64_t whole = 5;
	tt_number value = number_of("2E0e");
	assert_true(tt_number_to_int64(&value, &whole) && whole == 2);
	value = number_of("2.5d");
	assert_false(tt_number_to_int64(&value, &whole));
	value = number_of("9223372036854775808e");
	assert_false(tt_number_to_int64(&value, &whole));
	value = number_of("NaNe");
	assert_false(tt_number_to_int64(&value, &whole));
	value = number_of("-9223372036854775808e");
	assert_true(tt_number_to_int64(&value, &whole) && whole == INT64_MIN);
	value = number_of("9223372036854775808i");
	assert_false(tt_number_to_int64(&value, &whole) || whole != INT64_MIN);
	tt_number_clear(&value);
}

/* Rising numbers; equal ones joined by '='. */
static void test_order(void **state)
{
	(void)state;
	static const char *const rising[] = {"-INFe",
	                                     "-99999999999999999999999i",
	                                     "-1.5d",
	                                     "-1i",
	                                     "=-1e",
	                                     "=-1.0d",
	                                     "-0.5f",
	                                     "0i",
	                                     "=-0e",
	                                     "=0.0d",
	                                     "0.25d",
	                                     "=0.25e",
	                                     "1i",
	                                     "1.5e",
	                                     "9007199254740992i",
	                                     "=9007199254740992e",
	                                     "9007199254740993i",
	                                     "9007199254740994e",
	                                     "99999999999999999999999i",
	                                     "1e300e",
	                                     "INFf",
	                                     "=INFe"};
	enum { N = sizeof rising / sizeof *rising };
	int ranks[N];
	tt_number values[N];
	for (int i = 0; i < N; ++i) {
		const bool is_same = rising[i][0] == '=';
		ranks[i] = i == 0 ? 0 : ranks[i - 1] + !is_same;
		values[i] = number_of(rising[i] + is_same);
	}
	for (int i = 0; i < N; ++i) {
		for (int k = 0; k < N; ++k) {
			const int expected = (ranks[i] > ranks[k]) - (ranks[i] < ranks[k]);
			if (tt_number_order(&values[i], &values[k]) != expected) {
				fail_msg("%s against %s", rising[i], rising[k]);
			}
			const tt_ordering order = tt_number_compare(&values[i], &values[k]);
			assert_true(order == (tt_ordering)expected || order == TT_EQUAL); /* promotion may round */
		}
	}
	tt_number nan = number_of("NaNe");
	for (int i = 0; i < N; ++i) {
		assert_int_equal(tt_number_compare(&values[i], &nan), TT_UNORDERED);
		assert_int_equal(tt_number_order(&nan, &values[i]), -1);
		assert_int_equal(tt_number_order(&values[i], &nan), 1);
	}
	assert_int_equal(tt_number_order(&nan, &nan), 0);
	assert_int_equal(tt_number_compare(&values[14], &values[12]), TT_GREATER);
	assert_true(tt_number_is_zero_or_nan(&nan));
	assert_true(tt_number_is_zero_or_nan(&values[8]));
	assert_false(tt_number_is_zero_or_nan(&values[10]));
	assert_true(tt_number_is_negative(&values[1]));
	assert_false(tt_number_is_negative(&values[8]));
	for (int i = 0; i < N; ++i) {
		tt_number_clear(&values[i]);
	}
}

/* ---- properties ------------------------------------------------------------------------------- */

static uint64_t seed = 7;
static uint64_t draw(void)
{
	seed += 0x9E3779B97F4A7C15u;
	return tt_hash_u64(seed);
}

/* A decimal with a mantissa of a random width, sometimes beyond 64 bits. */
static tt_number draw_decimal(void)
{
	tt_number value = TT_NUMBER_ZERO;
	tt_number factor = TT_NUMBER_ZERO;
	assert_true(tt_number_set_decimal((int64_t)draw() >> (draw() % 64), (uint32_t)(draw() % 25), &value));
	if (draw() % 3 == 0) {
		assert_true(tt_number_set_decimal((int64_t)draw(), 0, &factor));
		assert_true(tt_number_multiply(&value, &factor, &value));
	}
	tt_number_clear(&factor);
	return value;
}

static void check_equal(const tt_number *a, const tt_number *b)
{
	assert_int_equal(tt_number_compare(a, b), TT_EQUAL);
	assert_int_equal(a->scale, b->scale);
	assert_int_equal(a->is_big, b->is_big);
}

static void test_laws(void **state)
{
	(void)state;
	for (int i = 0; i < 3000; ++i) {
		tt_number a = draw_decimal();
		tt_number b = draw_decimal();
		tt_number c = TT_NUMBER_ZERO;
		tt_number d = TT_NUMBER_ZERO;
		/* (a + b) - b = a */
		assert_true(tt_number_add(&a, &b, &c) && tt_number_subtract(&c, &b, &c));
		check_equal(&a, &c);
		/* (a + b) * a = a * a + b * a */
		assert_true(tt_number_add(&a, &b, &c) && tt_number_multiply(&c, &a, &c));
		assert_true(tt_number_multiply(&a, &a, &d) && tt_number_multiply(&b, &a, &b) && tt_number_add(&d, &b, &d));
		check_equal(&c, &d);
		/* reading what is written */
		tt_buffer text;
		tt_buffer_init(&text, &ctx);
		assert_int_equal(tt_number_format(&c, &text), TT_OK);
		assert_true(tt_number_parse(tt_buffer_view(&text), TT_VOCAB_XSD_DECIMAL, &d));
		check_equal(&c, &d);
		tt_buffer_clear(&text);
		/* (a * 3) / 3 = a, when it ends within the digits that are kept */
		tt_number_set_integer(3, &b);
		assert_true(tt_number_multiply(&a, &b, &c) && tt_number_divide(&c, &b, &c));
		if (a.scale <= TT_NUMBER_DIVISION_DIGITS) {
			check_equal(&a, &c);
		}
		tt_number_clear(&a);
		tt_number_clear(&b);
		tt_number_clear(&c);
		tt_number_clear(&d);
	}
}

/* Numbers that would fill the memory are refused, and quickly. */
static void test_limits(void **state)
{
	(void)state;
	const size_t n = 1000001;
	char *const digits = malloc(n + 2);
	assert_non_null(digits);
	memset(digits, '9', n + 2);
	tt_number value = TT_NUMBER_ZERO;
	assert_false(tt_number_parse((tt_view){digits, n}, TT_VOCAB_XSD_INTEGER, &value));
	assert_true(tt_number_parse((tt_view){digits, n - 1}, TT_VOCAB_XSD_INTEGER, &value));
	tt_number product = TT_NUMBER_ZERO;
	assert_false(tt_number_multiply(&value, &value, &product));
	assert_int_equal(product.small, 0);
	assert_true(isinf(tt_number_to_double(&value)));
	digits[0] = '.';
	assert_true(tt_number_parse((tt_view){digits, n}, TT_VOCAB_XSD_DECIMAL, &value));
	assert_true(tt_number_to_double(&value) == 1);
	assert_false(tt_number_multiply(&value, &value, &product));
	/* zeros at the end: one division must do */
	memset(digits, '0', n);
	digits[0] = '1';
	assert_true(tt_number_parse((tt_view){digits, n - 1}, TT_VOCAB_XSD_INTEGER, &value));
	tt_number small = number_of("0.00000000000000001d");
	assert_true(tt_number_multiply(&value, &small, &product));
	assert_int_equal(product.scale, 0);
	assert_false(tt_number_set_decimal(1, 1000001, &small));
	tt_number_clear(&value);
	tt_number_clear(&product);
	tt_number_clear(&small);
	free(digits);
}

int main(void)
{
	tt_ctx_init(&ctx);
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_forms),      cmocka_unit_test(test_ranges),   cmocka_unit_test(test_ids),
	    cmocka_unit_test(test_arithmetic), cmocka_unit_test(test_rounding), cmocka_unit_test(test_casts),
	    cmocka_unit_test(test_order),      cmocka_unit_test(test_laws),     cmocka_unit_test(test_limits),
	};
	return cmocka_run_group_tests(tests, NULL, check_no_leak);
}
