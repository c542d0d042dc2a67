/* number.c - arithmetic of exact numbers and IEEE numbers.
 *
 * Exact numbers are mantissa / 10^scale. While mantissas fit 64 bits (nearly always) nothing is allocated: sums and
 * products are computed with overflow checks, quotients in 128 bits. What overflows is computed again with GMP, and
 * comes back to 64 bits as soon as it fits. Decimals never keep zeros at the end of their fraction, so that equal
 * ones are equal in both fields. */
#include "rdf/number.h"

#include <float.h>
#include <math.h>
#include <stdio.h>

#include "rdf/number_impl.h"
#include "rdf/real.h"

/* Bits of a number of TT_NUMBER_MOST_DIGITS digits. */
enum { MOST_BITS = (int)(TT_NUMBER_MOST_DIGITS * 3.3219281) + 1 };

static const int64_t powers_of_ten[] = {1,
                                        10,
                                        100,
                                        1000,
                                        10000,
                                        100000,
                                        1000000,
                                        10000000,
                                        100000000,
                                        1000000000,
                                        10000000000,
                                        100000000000,
                                        1000000000000,
                                        10000000000000,
                                        100000000000000,
                                        1000000000000000,
                                        10000000000000000,
                                        100000000000000000,
                                        1000000000000000000};
enum { MOST_POWER = 18 };

/* ---- life ------------------------------------------------------------------------------------- */

void tt_number_clear(tt_number *number)
{
	if (number->is_big) {
		mpz_clear(number->big);
	}
	*number = TT_NUMBER_ZERO;
}

void tt_number_take(const tt_number *value, tt_number *out)
{
	tt_number_clear(out);
	*out = *value;
}

void tt_number_copy(const tt_number *number, tt_number *out)
{
	tt_number copy = *number;
	if (number->is_big) {
		mpz_init_set(copy.big, number->big);
	}
	tt_number_take(&copy, out);
}

void tt_number_set_integer(int64_t value, tt_number *out)
{
	tt_number_take(&(tt_number){.kind = TT_NUMBER_INTEGER, .small = value}, out);
}

void tt_number_set_double(double value, tt_number *out)
{
	tt_number_take(&(tt_number){.kind = TT_NUMBER_DOUBLE, .real = value}, out);
}

void tt_number_set_float(double value, tt_number *out)
{
	tt_number_take(&(tt_number){.kind = TT_NUMBER_FLOAT, .real = (double)(float)value}, out);
}

bool tt_number_set_small(tt_number_kind kind, int64_t mantissa, uint32_t scale, tt_number *out)
{
	scale = mantissa ? scale : 0;
	while (scale && mantissa % 10 == 0) {
		mantissa /= 10;
		--scale;
	}
	if (scale > TT_NUMBER_MOST_DIGITS) {
		return false;
	}
	tt_number_take(&(tt_number){.kind = kind, .scale = scale, .small = mantissa}, out);
	return true;
}

bool tt_number_set_decimal(int64_t mantissa, uint32_t scale, tt_number *out)
{
	return tt_number_set_small(TT_NUMBER_DECIMAL, mantissa, scale, out);
}

/* Drop the zeros at the end of the fraction, all at once: one by one would be quadratic. */
static void strip_zeros(mpz_t mantissa, uint32_t *scale)
{
	if (*scale == 0 || mpz_sgn(mantissa) == 0 || mpz_odd_p(mantissa)) {
		*scale = mpz_sgn(mantissa) == 0 ? 0 : *scale;
		return;
	}
	mpz_t work;
	mpz_t five;
	mpz_init(work);
	mpz_init_set_ui(five, 5);
	const mp_bitcnt_t n_twos = mpz_scan1(mantissa, 0);
	const mp_bitcnt_t n_fives = mpz_remove(work, mantissa, five);
	mp_bitcnt_t n = n_twos < n_fives ? n_twos : n_fives;
	n = n < *scale ? n : *scale;
	if (n) {
		mpz_ui_pow_ui(work, 10, n);
		mpz_divexact(mantissa, mantissa, work);
		*scale -= (uint32_t)n;
	}
	mpz_clear(five);
	mpz_clear(work);
}

bool tt_number_set_big(tt_number_kind kind, mpz_t mantissa, uint64_t scale, tt_number *out)
{
	if (scale > 2ul * TT_NUMBER_MOST_DIGITS || mpz_sizeinbase(mantissa, 2) > 2ul * MOST_BITS) {
		mpz_clear(mantissa);
		return false;
	}
	uint32_t n_fraction = (uint32_t)scale;
	strip_zeros(mantissa, &n_fraction);
	if (n_fraction > TT_NUMBER_MOST_DIGITS || mpz_sizeinbase(mantissa, 2) > MOST_BITS) {
		mpz_clear(mantissa);
		return false;
	}
	tt_number value = {.kind = kind, .scale = n_fraction};
	if (mpz_fits_slong_p(mantissa)) {
		value.small = mpz_get_si(mantissa);
		mpz_clear(mantissa);
	} else {
		value.is_big = true;
		value.big[0] = mantissa[0];
	}
	tt_number_take(&value, out);
	return true;
}

/** The mantissa of any exact number as GMP sees it, without a copy. */
typedef struct mantissa_view {
	mp_limb_t limb;
	mpz_t storage;
	mpz_srcptr z;
} mantissa_view;

static mpz_srcptr view_mantissa(const tt_number *number, mantissa_view *view)
{
	if (number->is_big) {
		view->z = number->big;
	} else {
		view->limb = number->small < 0 ? 0 - (mp_limb_t)number->small : (mp_limb_t)number->small;
		view->z = mpz_roinit_n(view->storage, &view->limb, number->small < 0 ? -1 : number->small > 0);
	}
	return view->z;
}

/* The mantissa times 10^n_digits, in an initialized `out`. */
static void scale_up(const tt_number *number, uint32_t n_digits, mpz_t out)
{
	mantissa_view view;
	mpz_ui_pow_ui(out, 10, n_digits);
	mpz_mul(out, out, view_mantissa(number, &view));
}

/* ---- conversion ------------------------------------------------------------------------------- */

/* The nearest float or double of an exact number, by way of its leading digits. */
static double round_by_text(const tt_number *number, bool is_float)
{
	mantissa_view view;
	mpz_srcptr mantissa = view_mantissa(number, &view);
	/* 800 digits decide (see real.c); of what is cut off only has to be known that it was there. */
	enum { N_KEPT = 800 };
	const size_t n_digits = mpz_sizeinbase(mantissa, 10);
	const size_t n_cut = n_digits > N_KEPT ? n_digits - N_KEPT : 0;
	char text[N_KEPT + 48];
	mpz_t head;
	mpz_init(head);
	bool is_inexact = false;
	if (n_cut) {
		mpz_t power;
		mpz_init(power);
		mpz_ui_pow_ui(power, 10, n_cut);
		is_inexact = !mpz_divisible_p(mantissa, power);
		mpz_tdiv_q(head, mantissa, power);
		mpz_clear(power);
	} else {
		mpz_set(head, mantissa);
	}
	(void)mpz_get_str(text, 10, head);
	mpz_clear(head);
	const size_t n = strlen(text);
	const long long exponent = (long long)n_cut - (long long)number->scale - is_inexact;
	(void)snprintf(text + n, sizeof text - n, "%sE%lld", is_inexact ? "1" : "", exponent);
	double value = 0;
	(void)tt_real_parse(tt_view_of(text), is_float, &value);
	return value;
}

static double exact_to_real(const tt_number *number, bool is_float)
{
	const int64_t most = (int64_t)1 << DBL_MANT_DIG;
	if (!number->is_big && number->small >= -most && number->small <= most) {
		if (number->scale == 0) {
			return is_float ? (double)(float)number->small : (double)number->small;
		}
		if (!is_float && number->scale <= MOST_POWER) {
			return (double)number->small / (double)powers_of_ten[number->scale]; /* both exact: rounded once */
		}
	}
	return round_by_text(number, is_float);
}

double tt_number_to_double(const tt_number *a)
{
	return tt_number_is_exact(a) ? exact_to_real(a, false) : a->real;
}

/* The value after promotion to float or double. */
static double to_real(const tt_number *a, bool is_float)
{
	if (tt_number_is_exact(a)) {
		return exact_to_real(a, is_float);
	}
	return is_float ? (double)(float)a->real : a->real;
}

/* Exactly: a finite double is an integer times a power of two. */
static void real_to_exact(double value, tt_number *out)
{
	int exponent = 0;
	const double fraction = frexp(value, &exponent);
	mpz_t mantissa;
	mpz_init(mantissa);
	mpz_set_d(mantissa, ldexp(fraction, DBL_MANT_DIG));
	exponent -= DBL_MANT_DIG;
	uint32_t scale = 0;
	if (exponent >= 0) {
		mpz_mul_2exp(mantissa, mantissa, (mp_bitcnt_t)exponent);
	} else { /* m / 2^k = m * 5^k / 10^k */
		mpz_t power;
		mpz_init(power);
		mpz_ui_pow_ui(power, 5, (unsigned long)-exponent);
		mpz_mul(mantissa, mantissa, power);
		mpz_clear(power);
		scale = (uint32_t)-exponent;
	}
	(void)tt_number_set_big(TT_NUMBER_DECIMAL, mantissa, scale, out); /* never beyond the limits */
}

/** How to get rid of a fraction. */
typedef enum rounding { ROUND_DOWN, ROUND_UP, ROUND_TO_ZERO, ROUND_HALF_UP } rounding;

/* An exact number without its fraction, of the wanted kind. */
static bool round_exact(const tt_number *a, rounding how, tt_number_kind kind, tt_number *out)
{
	if (a->scale == 0) {
		tt_number_copy(a, out);
		out->kind = kind;
		return true;
	}
	mantissa_view view;
	mpz_t quotient;
	mpz_t power;
	mpz_init(quotient);
	mpz_init(power);
	mpz_ui_pow_ui(power, 10, a->scale);
	mpz_set(quotient, view_mantissa(a, &view));
	switch (how) {
	case ROUND_DOWN:
		mpz_fdiv_q(quotient, quotient, power);
		break;
	case ROUND_UP:
		mpz_cdiv_q(quotient, quotient, power);
		break;
	case ROUND_TO_ZERO:
		mpz_tdiv_q(quotient, quotient, power);
		break;
	case ROUND_HALF_UP: /* floor((2m + p) / 2p) */
		mpz_mul_2exp(quotient, quotient, 1);
		mpz_add(quotient, quotient, power);
		mpz_mul_2exp(power, power, 1);
		mpz_fdiv_q(quotient, quotient, power);
		break;
	}
	mpz_clear(power);
	return tt_number_set_big(kind, quotient, 0, out);
}

static double round_half_up(double value)
{
	const double below = floor(value);
	return copysign(value - below >= 0.5 ? below + 1 : below, value);
}

static void round_any(const tt_number *a, rounding how, tt_number *out)
{
	if (tt_number_is_exact(a)) {
		(void)round_exact(a, how, a->kind, out); /* smaller than before but for a digit: fits */
		return;
	}
	const double value = how == ROUND_DOWN ? floor(a->real) : how == ROUND_UP ? ceil(a->real) : round_half_up(a->real);
	tt_number_take(&(tt_number){.kind = a->kind, .real = value}, out);
}

void tt_number_ceil(const tt_number *a, tt_number *out)
{
	round_any(a, ROUND_UP, out);
}

void tt_number_floor(const tt_number *a, tt_number *out)
{
	round_any(a, ROUND_DOWN, out);
}

void tt_number_round(const tt_number *a, tt_number *out)
{
	round_any(a, ROUND_HALF_UP, out);
}

bool tt_number_cast(const tt_number *a, tt_number_kind kind, tt_number *out)
{
	if (kind == TT_NUMBER_DOUBLE || kind == TT_NUMBER_FLOAT) {
		tt_number_take(&(tt_number){.kind = kind, .real = to_real(a, kind == TT_NUMBER_FLOAT)}, out);
		return true;
	}
	tt_number exact = TT_NUMBER_ZERO;
	if (tt_number_is_exact(a)) {
		tt_number_copy(a, &exact);
	} else if (isfinite(a->real)) {
		real_to_exact(a->real, &exact);
	} else {
		return false;
	}
	exact.kind = TT_NUMBER_DECIMAL;
	if (kind == TT_NUMBER_INTEGER && !round_exact(&exact, ROUND_TO_ZERO, kind, &exact)) {
		tt_number_clear(&exact);
		return false;
	}
	tt_number_take(&exact, out);
	return true;
}

bool tt_number_to_int64(const tt_number *a, int64_t *out)
{
	if (tt_number_is_exact(a)) {
		*out = a->is_big || a->scale ? *out : a->small;
		return !a->is_big && a->scale == 0;
	}
	const double limit = 9223372036854775808.0;
	if (!(a->real >= -limit && a->real < limit) || a->real != floor(a->real)) {
		return false;
	}
	*out = (int64_t)a->real;
	return true;
}

/* ---- arithmetic ------------------------------------------------------------------------------- */

static tt_number_kind promote(const tt_number *a, const tt_number *b)
{
	return a->kind > b->kind ? a->kind : b->kind;
}

typedef enum operation { ADD, SUBTRACT, MULTIPLY, DIVIDE } operation;

/* Of floats too: a double has more than twice their digits, so rounding its result once more is harmless. */
static void compute_real(const tt_number *a, const tt_number *b, operation what, tt_number *out)
{
	const bool is_float = promote(a, b) == TT_NUMBER_FLOAT;
	const double x = to_real(a, is_float);
	const double y = to_real(b, is_float);
	const double value = what == ADD ? x + y : what == SUBTRACT ? x - y : what == MULTIPLY ? x * y : x / y;
	if (is_float) {
		tt_number_set_float(value, out);
	} else {
		tt_number_set_double(value, out);
	}
}

/* Small mantissas brought to one scale; false if one overflows. */
static bool align_small(const tt_number *a, const tt_number *b, int64_t *out_a, int64_t *out_b)
{
	*out_a = a->small;
	*out_b = b->small;
	if (a->is_big || b->is_big) {
		return false;
	}
	const uint32_t scale = a->scale > b->scale ? a->scale : b->scale;
	return a->scale == b->scale || (scale - a->scale <= MOST_POWER && scale - b->scale <= MOST_POWER &&
	                                !__builtin_mul_overflow(a->small, powers_of_ten[scale - a->scale], out_a) &&
	                                !__builtin_mul_overflow(b->small, powers_of_ten[scale - b->scale], out_b));
}

static bool sum(const tt_number *a, const tt_number *b, bool is_minus, tt_number *out)
{
	const uint32_t scale = a->scale > b->scale ? a->scale : b->scale;
	int64_t x = 0;
	int64_t y = 0;
	int64_t value = 0;
	if (align_small(a, b, &x, &y) &&
	    !(is_minus ? __builtin_sub_overflow(x, y, &value) : __builtin_add_overflow(x, y, &value))) {
		return tt_number_set_small(promote(a, b), value, scale, out);
	}
	mpz_t left;
	mpz_t right;
	mpz_init(left);
	mpz_init(right);
	scale_up(a, scale - a->scale, left);
	scale_up(b, scale - b->scale, right);
	(is_minus ? mpz_sub : mpz_add)(left, left, right);
	mpz_clear(right);
	return tt_number_set_big(promote(a, b), left, scale, out);
}

bool tt_number_add(const tt_number *a, const tt_number *b, tt_number *out)
{
	if (tt_number_is_exact(a) && tt_number_is_exact(b)) {
		return sum(a, b, false, out);
	}
	compute_real(a, b, ADD, out);
	return true;
}

bool tt_number_subtract(const tt_number *a, const tt_number *b, tt_number *out)
{
	if (tt_number_is_exact(a) && tt_number_is_exact(b)) {
		return sum(a, b, true, out);
	}
	compute_real(a, b, SUBTRACT, out);
	return true;
}

bool tt_number_multiply(const tt_number *a, const tt_number *b, tt_number *out)
{
	if (!tt_number_is_exact(a) || !tt_number_is_exact(b)) {
		compute_real(a, b, MULTIPLY, out);
		return true;
	}
	int64_t value = 0;
	if (!a->is_big && !b->is_big && !__builtin_mul_overflow(a->small, b->small, &value)) {
		return tt_number_set_small(promote(a, b), value, a->scale + b->scale, out);
	}
	mantissa_view left;
	mantissa_view right;
	mpz_t product;
	mpz_init(product);
	mpz_mul(product, view_mantissa(a, &left), view_mantissa(b, &right));
	return tt_number_set_big(promote(a, b), product, (uint64_t)a->scale + b->scale, out);
}

/* Of a big mantissa, sometimes one too many. */
static int64_t count_digits(const tt_number *number)
{
	if (number->is_big) {
		return (int64_t)mpz_sizeinbase(number->big, 10);
	}
	const uint64_t size = number->small < 0 ? 0 - (uint64_t)number->small : (uint64_t)number->small;
	int n = 1;
	while (n <= MOST_POWER && size >= (uint64_t)powers_of_ten[n]) {
		++n;
	}
	return n;
}

static bool is_zero(const tt_number *exact)
{
	return !exact->is_big && exact->small == 0;
}

/* Digits after the point that a quotient gets. */
static uint32_t choose_scale(const tt_number *a, const tt_number *b)
{
	/* The quotient is above 10^(n_whole - 1). */
	const int64_t n_whole = (count_digits(a) - a->scale) - (count_digits(b) - b->scale);
	const int64_t n_significant = TT_NUMBER_DIVISION_DIGITS - n_whole;
	const int64_t n_own = (int64_t)a->scale - b->scale; /* a fraction that is there is not lost */
	int64_t scale = TT_NUMBER_DIVISION_DIGITS;
	scale = n_significant > scale ? n_significant : scale;
	return (uint32_t)(n_own > scale ? n_own : scale);
}

/* In 128 bits; false if that or the quotient's 64 bits do not suffice. */
static bool divide_small(const tt_number *a, const tt_number *b, tt_number *out)
{
	if (a->is_big || b->is_big || b->small == INT64_MIN) {
		return false;
	}
	const uint32_t scale = TT_NUMBER_DIVISION_DIGITS;
	const int64_t n_up = (int64_t)scale + b->scale - a->scale;
	__int128 dividend = a->small;
	if (n_up < 0 || n_up > MOST_POWER + MOST_POWER || choose_scale(a, b) != scale ||
	    __builtin_mul_overflow(dividend, powers_of_ten[n_up > MOST_POWER ? MOST_POWER : n_up], &dividend) ||
	    __builtin_mul_overflow(dividend, powers_of_ten[n_up > MOST_POWER ? n_up - MOST_POWER : 0], &dividend)) {
		return false;
	}
	__int128 quotient = dividend / b->small;
	const __int128 rest = dividend % b->small;
	const __int128 twice = (rest < 0 ? -rest : rest) * 2;
	const int64_t divisor = b->small < 0 ? -b->small : b->small;
	if (twice > divisor || (twice == divisor && quotient % 2 != 0)) {
		quotient += (dividend < 0) == (b->small < 0) ? 1 : -1;
	}
	if (quotient < INT64_MIN || quotient > INT64_MAX) {
		return false;
	}
	return tt_number_set_small(TT_NUMBER_DECIMAL, (int64_t)quotient, scale, out);
}

static bool divide_big(const tt_number *a, const tt_number *b, tt_number *out)
{
	const uint32_t scale = choose_scale(a, b);
	const int64_t n_up = (int64_t)scale + b->scale - a->scale; /* not negative: choose_scale() sees to it */
	if (n_up / 2 > TT_NUMBER_MOST_DIGITS) {
		return false;
	}
	mantissa_view view;
	mpz_srcptr divisor = view_mantissa(b, &view);
	mpz_t quotient;
	mpz_t rest;
	mpz_init(quotient);
	mpz_init(rest);
	scale_up(a, (uint32_t)n_up, quotient);
	mpz_fdiv_qr(quotient, rest, quotient, divisor);
	mpz_mul_2exp(rest, rest, 1); /* of the sign of the divisor, so that rounding is upwards */
	const int order = mpz_cmpabs(rest, divisor);
	if (order > 0 || (order == 0 && mpz_odd_p(quotient))) {
		mpz_add_ui(quotient, quotient, 1);
	}
	mpz_clear(rest);
	return tt_number_set_big(TT_NUMBER_DECIMAL, quotient, scale, out);
}

bool tt_number_divide(const tt_number *a, const tt_number *b, tt_number *out)
{
	if (!tt_number_is_exact(a) || !tt_number_is_exact(b)) {
		compute_real(a, b, DIVIDE, out);
		return true;
	}
	return !is_zero(b) && (divide_small(a, b, out) || divide_big(a, b, out));
}

void tt_number_negate(const tt_number *a, tt_number *out)
{
	if (!tt_number_is_exact(a)) {
		tt_number_take(&(tt_number){.kind = a->kind, .real = -a->real}, out);
		return;
	}
	if (!a->is_big && a->small != INT64_MIN) {
		tt_number_take(&(tt_number){.kind = a->kind, .scale = a->scale, .small = -a->small}, out);
		return;
	}
	mantissa_view view;
	mpz_t value;
	mpz_init(value);
	mpz_neg(value, view_mantissa(a, &view));
	(void)tt_number_set_big(a->kind, value, a->scale, out); /* as large as before */
}

void tt_number_abs(const tt_number *a, tt_number *out)
{
	if (!tt_number_is_exact(a)) {
		tt_number_take(&(tt_number){.kind = a->kind, .real = fabs(a->real)}, out);
	} else if (tt_number_is_negative(a)) {
		tt_number_negate(a, out);
	} else {
		tt_number_copy(a, out);
	}
}

/* ---- comparison ------------------------------------------------------------------------------- */

static int sign_of(const tt_number *exact)
{
	return exact->is_big ? mpz_sgn(exact->big) : (exact->small > 0) - (exact->small < 0);
}

static int compare_exact(const tt_number *a, const tt_number *b)
{
	int64_t x = 0;
	int64_t y = 0;
	if (align_small(a, b, &x, &y)) {
		return (x > y) - (x < y);
	}
	if (sign_of(a) != sign_of(b)) {
		return sign_of(a) > sign_of(b) ? 1 : -1;
	}
	const uint32_t scale = a->scale > b->scale ? a->scale : b->scale;
	mpz_t left;
	mpz_t right;
	mpz_init(left);
	mpz_init(right);
	scale_up(a, scale - a->scale, left);
	scale_up(b, scale - b->scale, right);
	const int order = mpz_cmp(left, right);
	mpz_clear(left);
	mpz_clear(right);
	return (order > 0) - (order < 0);
}

tt_ordering tt_number_compare(const tt_number *a, const tt_number *b)
{
	if (tt_number_is_exact(a) && tt_number_is_exact(b)) {
		return (tt_ordering)compare_exact(a, b);
	}
	const bool is_float = promote(a, b) == TT_NUMBER_FLOAT;
	const double x = to_real(a, is_float);
	const double y = to_real(b, is_float);
	return isnan(x) || isnan(y) ? TT_UNORDERED : x < y ? TT_LESS : x > y ? TT_GREATER : TT_EQUAL;
}

/* An exact number with a double: neither is rounded. */
static int order_mixed(const tt_number *exact, double real)
{
	if (!isfinite(real)) {
		return isnan(real) || real < 0 ? 1 : -1;
	}
	tt_number value = TT_NUMBER_ZERO;
	real_to_exact(real, &value);
	const int order = compare_exact(exact, &value);
	tt_number_clear(&value);
	return order;
}

int tt_number_order(const tt_number *a, const tt_number *b)
{
	if (tt_number_is_exact(a)) {
		return tt_number_is_exact(b) ? compare_exact(a, b) : order_mixed(a, b->real);
	}
	if (tt_number_is_exact(b)) {
		return -order_mixed(b, a->real);
	}
	if (isnan(a->real) || isnan(b->real)) {
		return isnan(b->real) - isnan(a->real);
	}
	return (a->real > b->real) - (a->real < b->real);
}

bool tt_number_is_zero_or_nan(const tt_number *a)
{
	return tt_number_is_exact(a) ? is_zero(a) : isnan(a->real) || a->real == 0;
}

bool tt_number_is_negative(const tt_number *a)
{
	return tt_number_is_exact(a) ? sign_of(a) < 0 : a->real < 0;
}
