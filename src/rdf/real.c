/* real.c - the shortest text of a double, and back.
 *
 * Fifteen digits tell any two decimal numbers of normal doubles apart (six those of floats), so a decimal of up to
 * fifteen digits that reads as the number is the shortest one. Only beyond that are 16 and 17 digits tried, and for
 * subnormal numbers all lengths from one.
 *
 * Reading hands the digits to strtod() without a point, so that no locale can spoil it. 767 digits decide every
 * rounding; what is left out behind 800 only has to be known as "not zero". */
#include "rdf/real.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST_DIGITS = 800, MOST_EXPONENT = 5000 };

/** A decimal number d.ddd × 10^exponent. */
typedef struct decimal {
	char digits[20];
	int n_digits;
	int exponent;
} decimal;

static const double powers_of_ten[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                       1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static void strip_zeros(decimal *out)
{
	while (out->n_digits > 1 && out->digits[out->n_digits - 1] == '0') {
		out->n_digits--;
	}
}

/* `mantissa` / 10^scale. */
static void set_digits(int64_t mantissa, int scale, decimal *out)
{
	char reversed[20];
	int n = 0;
	do {
		reversed[n++] = (char)('0' + mantissa % 10);
		mantissa /= 10;
	} while (mantissa);
	out->n_digits = n;
	out->exponent = n - 1 - scale;
	for (int i = 0; i < n; ++i) {
		out->digits[i] = reversed[n - 1 - i];
	}
	strip_zeros(out);
}

/* Most doubles of the world have few digits: v = i / 10^k, where the division rounds correctly since both are exact. */
static bool find_few_digits(double value, decimal *out)
{
	for (int k = 0; k <= 8; ++k) {
		const double scaled = value * powers_of_ten[k];
		if (scaled >= 1e15) {
			return false;
		}
		const int64_t i = llrint(scaled);
		if (i > 0 && (double)i / powers_of_ten[k] == value) {
			set_digits(i, k, out);
			return true;
		}
	}
	return false;
}

static void print_digits(double value, int n_digits, decimal *out)
{
	char text[40];
	(void)snprintf(text, sizeof text, "%.*e", n_digits - 1, value);
	const char *at = text;
	out->n_digits = 0;
	for (; *at != 'e'; ++at) { /* the point may be any character of the locale */
		if (*at >= '0' && *at <= '9') {
			out->digits[out->n_digits++] = *at;
		}
	}
	out->exponent = atoi(at + 1);
	strip_zeros(out);
}

static double read_digits(const decimal *number, bool is_float)
{
	char text[48];
	(void)snprintf(text, sizeof text, "%.*se%d", number->n_digits, number->digits,
	               number->exponent - number->n_digits + 1);
	return is_float ? (double)strtof(text, NULL) : strtod(text, NULL);
}

static void find_shortest(double value, bool is_float, decimal *out)
{
	if (!is_float && find_few_digits(value, out)) {
		return;
	}
	const bool is_subnormal = value < (is_float ? (double)FLT_MIN : DBL_MIN);
	const int n_most = is_float ? FLT_DECIMAL_DIG : DBL_DECIMAL_DIG;
	for (int n = is_subnormal ? 1 : is_float ? FLT_DIG : DBL_DIG; n <= n_most; ++n) {
		print_digits(value, n, out);
		if (n == n_most || read_digits(out, is_float) == value) {
			return;
		}
	}
}

static size_t put_text(char *out, tt_view text)
{
	memcpy(out, text.data, text.size);
	return text.size;
}

static size_t format_real(double value, bool is_float, char *out)
{
	if (isnan(value)) {
		return put_text(out, TT_VIEW("NaN"));
	}
	size_t n = 0;
	if (signbit(value)) {
		out[n++] = '-';
		value = -value;
	}
	if (isinf(value)) {
		return n + put_text(out + n, TT_VIEW("INF"));
	}
	if (value == 0) {
		return n + put_text(out + n, TT_VIEW("0.0E0"));
	}
	decimal number;
	find_shortest(value, is_float, &number);
	out[n++] = number.digits[0];
	out[n++] = '.';
	if (number.n_digits == 1) {
		out[n++] = '0';
	}
	memcpy(out + n, number.digits + 1, (size_t)number.n_digits - 1);
	n += (size_t)number.n_digits - 1;
	return n + (size_t)snprintf(out + n, TT_REAL_SIZE - n, "E%d", number.exponent);
}

size_t tt_real_format_double(double value, char out[TT_REAL_SIZE])
{
	return format_real(value, false, out);
}

size_t tt_real_format_float(float value, char out[TT_REAL_SIZE])
{
	return format_real((double)value, true, out);
}

/** The digits of a lexical form: digits × 10^exponent. */
typedef struct scanned {
	char digits[MOST_DIGITS + 24]; /* room for the exponent too */
	size_t n_digits;               /* without leading zeros */
	bool has_digits;               /* zeros counted */
	bool is_cut;                   /* digits that are not zero were left out */
	int64_t exponent;
} scanned;

static void take_digit(scanned *number, char c, bool is_fraction)
{
	number->has_digits = true;
	if (number->n_digits < MOST_DIGITS) {
		if (number->n_digits || c != '0') {
			number->digits[number->n_digits++] = c;
		}
		number->exponent -= is_fraction;
	} else {
		number->is_cut |= c != '0';
		number->exponent += !is_fraction;
	}
}

/* [Ee][+-]?[0-9]+, at the end of the text. */
static bool scan_exponent(tt_view text, scanned *number)
{
	size_t i = 1;
	const bool is_negative = i < text.size && text.data[i] == '-';
	i += i < text.size && (text.data[i] == '-' || text.data[i] == '+');
	if (i == text.size) {
		return false;
	}
	int64_t exponent = 0;
	for (; i < text.size; ++i) {
		if (text.data[i] < '0' || text.data[i] > '9') {
			return false;
		}
		if (exponent < INT64_MAX / 100) {
			exponent = exponent * 10 + (text.data[i] - '0');
		}
	}
	number->exponent += is_negative ? -exponent : exponent;
	return true;
}

static bool scan(tt_view text, scanned *number)
{
	bool is_fraction = false;
	for (size_t i = 0; i < text.size; ++i) {
		const char c = text.data[i];
		if (c >= '0' && c <= '9') {
			take_digit(number, c, is_fraction);
		} else if (c == '.' && !is_fraction) {
			is_fraction = true;
		} else {
			return (c == 'e' || c == 'E') && number->has_digits && scan_exponent(tt_view_skip(text, i), number);
		}
	}
	return number->has_digits;
}

static double convert(scanned *number, bool is_float)
{
	if (number->n_digits == 0) {
		return 0;
	}
	if (!is_float && number->n_digits <= 15 && number->exponent >= -22 && number->exponent <= 22) {
		int64_t mantissa = 0;
		for (size_t i = 0; i < number->n_digits; ++i) {
			mantissa = mantissa * 10 + (number->digits[i] - '0');
		}
		return number->exponent < 0 ? (double)mantissa / powers_of_ten[-number->exponent]
		                            : (double)mantissa * powers_of_ten[number->exponent];
	}
	if (number->is_cut) {
		number->digits[number->n_digits++] = '1';
		number->exponent--;
	}
	const int64_t exponent = number->exponent > MOST_EXPONENT    ? MOST_EXPONENT
	                         : number->exponent < -MOST_EXPONENT ? -MOST_EXPONENT
	                                                             : number->exponent;
	(void)snprintf(number->digits + number->n_digits, sizeof number->digits - number->n_digits, "e%d", (int)exponent);
	return is_float ? (double)strtof(number->digits, NULL) : strtod(number->digits, NULL);
}

bool tt_real_parse(tt_view lexical, bool is_float, double *out)
{
	if (tt_view_equal(lexical, TT_VIEW("NaN"))) {
		*out = NAN;
		return true;
	}
	bool is_negative = false;
	if (lexical.size && (lexical.data[0] == '-' || lexical.data[0] == '+')) {
		is_negative = lexical.data[0] == '-';
		lexical = tt_view_skip(lexical, 1);
	}
	double value = INFINITY;
	if (!tt_view_equal(lexical, TT_VIEW("INF"))) {
		scanned number;
		number.n_digits = 0;
		number.has_digits = false;
		number.is_cut = false;
		number.exponent = 0;
		if (!scan(lexical, &number)) {
			return false;
		}
		value = convert(&number, is_float);
	}
	*out = is_negative ? -value : value;
	return true;
}
