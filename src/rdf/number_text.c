/* number_text.c - numbers from lexical forms and ids, and back; the ranges of the integer types. */
#include "rdf/number.h"

#include "rdf/number_impl.h"
#include "rdf/real.h"

/* ---- datatypes -------------------------------------------------------------------------------- */

/** A datatype derived from xsd:integer; the bounds that are not there are the ends of int64_t. */
typedef struct integer_type {
	tt_vocab datatype;
	bool has_least, has_most;
	int64_t least, most;
} integer_type;

static const integer_type integer_types[] = {
    {TT_VOCAB_XSD_INTEGER, false, false, 0, 0},
    {TT_VOCAB_XSD_LONG, true, true, INT64_MIN, INT64_MAX},
    {TT_VOCAB_XSD_INT, true, true, INT32_MIN, INT32_MAX},
    {TT_VOCAB_XSD_SHORT, true, true, INT16_MIN, INT16_MAX},
    {TT_VOCAB_XSD_BYTE, true, true, INT8_MIN, INT8_MAX},
    {TT_VOCAB_XSD_NON_NEGATIVE_INTEGER, true, false, 0, 0},
    {TT_VOCAB_XSD_POSITIVE_INTEGER, true, false, 1, 0},
    {TT_VOCAB_XSD_NON_POSITIVE_INTEGER, false, true, 0, 0},
    {TT_VOCAB_XSD_NEGATIVE_INTEGER, false, true, 0, -1},
    {TT_VOCAB_XSD_UNSIGNED_LONG, true, false, 0, 0}, /* its upper bound is beyond 64 bits: see fits_big() */
    {TT_VOCAB_XSD_UNSIGNED_INT, true, true, 0, UINT32_MAX},
    {TT_VOCAB_XSD_UNSIGNED_SHORT, true, true, 0, UINT16_MAX},
    {TT_VOCAB_XSD_UNSIGNED_BYTE, true, true, 0, UINT8_MAX},
};
enum { N_INTEGER_TYPES = sizeof integer_types / sizeof *integer_types };

static const tt_vocab other_types[] = {TT_VOCAB_XSD_DECIMAL, TT_VOCAB_XSD_DOUBLE, TT_VOCAB_XSD_FLOAT};
enum { N_OTHER_TYPES = sizeof other_types / sizeof *other_types };

static const integer_type *find_integer_type(tt_vocab datatype)
{
	for (int i = 0; i < N_INTEGER_TYPES; ++i) {
		if (integer_types[i].datatype == datatype) {
			return &integer_types[i];
		}
	}
	return NULL;
}

bool tt_number_is_datatype(tt_vocab datatype)
{
	return find_integer_type(datatype) || datatype == TT_VOCAB_XSD_DECIMAL || datatype == TT_VOCAB_XSD_DOUBLE ||
	       datatype == TT_VOCAB_XSD_FLOAT;
}

bool tt_number_find_datatype(tt_view datatype, tt_vocab *out_datatype)
{
	for (int i = 0; i < N_INTEGER_TYPES + N_OTHER_TYPES; ++i) {
		const tt_vocab entry = i < N_INTEGER_TYPES ? integer_types[i].datatype : other_types[i - N_INTEGER_TYPES];
		if (tt_view_equal(datatype, tt_vocab_iri(entry))) {
			*out_datatype = entry;
			return true;
		}
	}
	return false;
}

tt_vocab tt_number_datatype(const tt_number *number)
{
	static const tt_vocab datatypes[] = {TT_VOCAB_XSD_INTEGER, TT_VOCAB_XSD_DECIMAL, TT_VOCAB_XSD_FLOAT,
	                                     TT_VOCAB_XSD_DOUBLE};
	return datatypes[number->kind];
}

static bool fits_big(const tt_number *integer, const integer_type *type)
{
	if (type->datatype == TT_VOCAB_XSD_UNSIGNED_LONG) {
		return mpz_fits_ulong_p(integer->big) != 0;
	}
	return mpz_sgn(integer->big) < 0 ? !type->has_least : !type->has_most;
}

bool tt_number_fits(const tt_number *integer, tt_vocab datatype)
{
	const integer_type *const type = find_integer_type(datatype);
	if (!type || integer->kind != TT_NUMBER_INTEGER) {
		return false;
	}
	if (integer->is_big) {
		return fits_big(integer, type);
	}
	return (!type->has_least || integer->small >= type->least) && (!type->has_most || integer->small <= type->most);
}

/* ---- text in ---------------------------------------------------------------------------------- */

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static tt_view trim(tt_view text)
{
	while (text.size && is_space(text.data[0])) {
		text = tt_view_skip(text, 1);
	}
	while (text.size && is_space(text.data[text.size - 1])) {
		--text.size;
	}
	return text;
}

/* As many digits always fit 64 bits. */
enum { MOST_SMALL_DIGITS = 18 };

/** A decimal as it is written: [+-]? whole (. fraction)? */
typedef struct spelled {
	bool is_negative, has_point;
	tt_view whole, fraction; /* without zeros at the beginning, at the end */
} spelled;

static tt_view take_digits(tt_view *text)
{
	size_t n = 0;
	while (n < text->size && text->data[n] >= '0' && text->data[n] <= '9') {
		++n;
	}
	const tt_view digits = {text->data, n};
	*text = tt_view_skip(*text, n);
	return digits;
}

static bool spell(tt_view text, spelled *out)
{
	*out = (spelled){.is_negative = text.size && text.data[0] == '-'};
	if (text.size && (text.data[0] == '-' || text.data[0] == '+')) {
		text = tt_view_skip(text, 1);
	}
	out->whole = take_digits(&text);
	if (text.size && text.data[0] == '.') {
		out->has_point = true;
		text = tt_view_skip(text, 1);
		out->fraction = take_digits(&text);
	}
	if (text.size || out->whole.size + out->fraction.size == 0) {
		return false;
	}
	while (out->whole.size && out->whole.data[0] == '0') {
		out->whole = tt_view_skip(out->whole, 1);
	}
	while (out->fraction.size && out->fraction.data[out->fraction.size - 1] == '0') {
		--out->fraction.size;
	}
	return true;
}

static bool set_spelled_big(const spelled *text, tt_number_kind kind, tt_number *out)
{
	const size_t n = text->whole.size + text->fraction.size;
	/* GMP wants the values of the digits; another number lends the memory for them. */
	mpz_t lender;
	mpz_init(lender);
	unsigned char *const digits = (unsigned char *)mpz_limbs_write(lender, (mp_size_t)(n / sizeof(mp_limb_t) + 1));
	size_t n_digits = 0;
	for (size_t i = 0; i < n; ++i) {
		const char c = i < text->whole.size ? text->whole.data[i] : text->fraction.data[i - text->whole.size];
		if (n_digits || c != '0') {
			digits[n_digits++] = (unsigned char)(c - '0');
		}
	}
	mpz_t mantissa;
	mpz_init(mantissa);
	if (n_digits) {
		/* Each digit takes less than 3.33 bits. */
		const size_t n_limbs = n_digits * 10 / 3 / (8 * sizeof(mp_limb_t)) + 2;
		mp_limb_t *const limbs = mpz_limbs_write(mantissa, (mp_size_t)n_limbs);
		const mp_size_t n_used = mpn_set_str(limbs, digits, n_digits, 10);
		mpz_limbs_finish(mantissa, text->is_negative ? -n_used : n_used);
	}
	mpz_clear(lender);
	return tt_number_set_big(kind, mantissa, text->fraction.size, out);
}

static bool set_spelled(const spelled *text, tt_number_kind kind, tt_number *out)
{
	const size_t n = text->whole.size + text->fraction.size;
	if (n > TT_NUMBER_MOST_DIGITS) {
		return false;
	}
	if (n > MOST_SMALL_DIGITS) {
		return set_spelled_big(text, kind, out);
	}
	int64_t mantissa = 0;
	for (size_t i = 0; i < text->whole.size; ++i) {
		mantissa = mantissa * 10 + (text->whole.data[i] - '0');
	}
	for (size_t i = 0; i < text->fraction.size; ++i) {
		mantissa = mantissa * 10 + (text->fraction.data[i] - '0');
	}
	return tt_number_set_small(kind, text->is_negative ? -mantissa : mantissa, (uint32_t)text->fraction.size, out);
}

static bool parse_integer(tt_view text, tt_vocab datatype, tt_number *out)
{
	spelled digits;
	if (!spell(text, &digits) || digits.has_point) {
		return false;
	}
	tt_number value = TT_NUMBER_ZERO;
	if (!set_spelled(&digits, TT_NUMBER_INTEGER, &value)) {
		return false;
	}
	if (!tt_number_fits(&value, datatype)) {
		tt_number_clear(&value);
		return false;
	}
	tt_number_take(&value, out);
	return true;
}

bool tt_number_parse(tt_view lexical, tt_vocab datatype, tt_number *out)
{
	const tt_view text = trim(lexical);
	if (datatype == TT_VOCAB_XSD_FLOAT || datatype == TT_VOCAB_XSD_DOUBLE) {
		const bool is_float = datatype == TT_VOCAB_XSD_FLOAT;
		double value = 0;
		if (!tt_real_parse(text, is_float, &value)) {
			return false;
		}
		tt_number_take(&(tt_number){.kind = is_float ? TT_NUMBER_FLOAT : TT_NUMBER_DOUBLE, .real = value}, out);
		return true;
	}
	if (datatype == TT_VOCAB_XSD_DECIMAL) {
		spelled digits;
		return spell(text, &digits) && set_spelled(&digits, TT_NUMBER_DECIMAL, out);
	}
	return find_integer_type(datatype) && parse_integer(text, datatype, out);
}

bool tt_number_from_term(const tt_term *term, tt_number *out)
{
	tt_vocab datatype = TT_N_VOCAB;
	return term->kind == TT_TERM_LITERAL && !term->language.size &&
	       tt_number_find_datatype(term->datatype, &datatype) && tt_number_parse(term->text, datatype, out);
}

bool tt_number_from_id(tt_id id, tt_number *out)
{
	int64_t mantissa = 0;
	unsigned scale = 0;
	switch (tt_id_kind(id)) {
	case TT_KIND_INTEGER:
		tt_number_set_integer(tt_value_to_integer(id), out);
		return true;
	case TT_KIND_DECIMAL:
		tt_value_to_decimal(id, &mantissa, &scale);
		return tt_number_set_small(TT_NUMBER_DECIMAL, mantissa, scale, out);
	case TT_KIND_DOUBLE:
		tt_number_set_double(tt_value_to_double(id), out);
		return true;
	default:
		return false;
	}
}

bool tt_number_to_id(const tt_number *number, tt_id *out_id)
{
	tt_id id = TT_UNBOUND;
	const bool is_inline = number->kind == TT_NUMBER_DOUBLE  ? tt_value_from_double(number->real, &id)
	                       : number->kind == TT_NUMBER_FLOAT ? false
	                       : number->is_big                  ? false
	                       : number->kind == TT_NUMBER_INTEGER
	                           ? tt_value_from_integer(number->small, &id)
	                           : tt_value_from_decimal(number->small, number->scale, &id);
	if (is_inline) {
		*out_id = id;
	}
	return is_inline;
}

/* ---- text out --------------------------------------------------------------------------------- */

/* The digits of the mantissa's size. */
static tt_status append_digits(const tt_number *number, tt_buffer *out)
{
	if (!number->is_big) {
		const uint64_t size = number->small < 0 ? 0 - (uint64_t)number->small : (uint64_t)number->small;
		return tt_buffer_printf(out, "%llu", (unsigned long long)size);
	}
	const size_t n_most = mpz_sizeinbase(number->big, 10) + 2; /* sign and NUL */
	TT_TRY(tt_buffer_reserve(out, n_most));
	char *const start = out->data + out->size;
	(void)mpz_get_str(start, 10, number->big);
	size_t n = strlen(start);
	if (start[0] == '-') {
		memmove(start, start + 1, n--);
	}
	out->size += n;
	return TT_OK;
}

static tt_status append_exact(const tt_number *number, tt_buffer *out)
{
	if (number->is_big ? mpz_sgn(number->big) < 0 : number->small < 0) {
		TT_TRY(tt_buffer_append_char(out, '-'));
	}
	const size_t start = out->size;
	TT_TRY(append_digits(number, out));
	if (number->scale == 0) {
		return TT_OK;
	}
	/* Make room for the point and the zeros before the first digit: 5 with scale 3 is 0.005. */
	const size_t n_digits = out->size - start;
	const size_t n_zeros = n_digits <= number->scale ? number->scale - n_digits + 1 : 0;
	TT_TRY(tt_buffer_reserve(out, n_zeros + 1));
	char *const digits = out->data + start;
	memmove(digits + n_zeros, digits, n_digits);
	memset(digits, '0', n_zeros);
	char *const point = digits + n_zeros + n_digits - number->scale;
	memmove(point + 1, point, number->scale);
	*point = '.';
	out->size += n_zeros + 1;
	return TT_OK;
}

tt_status tt_number_format(const tt_number *number, tt_buffer *out)
{
	if (tt_number_is_exact(number)) {
		return append_exact(number, out);
	}
	char text[TT_REAL_SIZE];
	const size_t n = number->kind == TT_NUMBER_FLOAT ? tt_real_format_float((float)number->real, text)
	                                                 : tt_real_format_double(number->real, text);
	return tt_buffer_append(out, (tt_view){text, n});
}
