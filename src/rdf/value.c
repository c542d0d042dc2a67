/* value.c - terms whose value fits an id.
 *
 * The four kinds of dates share one layout, most significant field first, each kind ending where its
 * type does, then the zone; so ids of one kind sort by local time, then by zone:
 *
 *      year 14 | month 4 | day 5 | hour 5 | minute 6 | second 6 | millisecond 10 | zone 7     bits
 *     |-gYear->|
 *     |----gYearMonth-->|
 *     |-----------date--------->|
 *     |--------------------------------dateTime--------------------------------->|
 *
 * The year is biased by 8192. The zone is 0 for none, else the quarter hours east of UTC plus 57.
 *
 * Every reader below takes only the one lexical form that the writer gives back: no sign or zero too
 * many, no fraction ending in 0, no +00:00. What it refuses is not wrong, it lives in the dictionary. */
#include "rdf/value.h"

#include <math.h>

#include "rdf/real.h"

enum {
	INTEGER_BITS = 59,
	DECIMAL_BITS = 55,
	MOST_SCALE = 15,
	YEAR_BIAS = 8192,
	ZONE_BITS = 7,
	ZONE_BIAS = 57, /* 14 hours and one more, 0 being no zone */
	MOST_ZONE_MINUTES = 14 * 60
};

/* ---- text in ---------------------------------------------------------------------------------- */

/** What is left of a lexical form. */
typedef struct cursor {
	const char *at, *end;
} cursor;

static bool take(cursor *text, char c)
{
	const bool is_there = text->at < text->end && *text->at == c;
	text->at += is_there;
	return is_there;
}

static bool is_digit(const cursor *text)
{
	return text->at < text->end && *text->at >= '0' && *text->at <= '9';
}

/* Digits, as many as there are; false if none, or more than fit 18. */
static bool take_digits(cursor *text, uint64_t *out, unsigned *out_n)
{
	*out = 0;
	for (*out_n = 0; is_digit(text); ++*out_n, ++text->at) {
		if (*out_n == 18) {
			return false;
		}
		*out = *out * 10 + (uint64_t)(*text->at - '0');
	}
	return *out_n > 0;
}

static bool take_two_digits(cursor *text, uint8_t *out)
{
	if (text->end - text->at < 2 || text->at[0] < '0' || text->at[0] > '9' || text->at[1] < '0' || text->at[1] > '9') {
		return false;
	}
	*out = (uint8_t)((text->at[0] - '0') * 10 + (text->at[1] - '0'));
	text->at += 2;
	return true;
}

static bool read_integer(cursor text, tt_id *out_id)
{
	const bool is_negative = take(&text, '-');
	const bool begins_with_zero = text.at < text.end && *text.at == '0';
	uint64_t digits = 0;
	unsigned n = 0;
	if (!take_digits(&text, &digits, &n) || text.at != text.end || (begins_with_zero && (n > 1 || is_negative))) {
		return false;
	}
	return tt_value_from_integer(is_negative ? -(int64_t)digits : (int64_t)digits, out_id);
}

static bool read_decimal(cursor text, tt_id *out_id)
{
	const bool is_negative = take(&text, '-');
	const bool begins_with_zero = text.at < text.end && *text.at == '0';
	uint64_t mantissa = 0;
	unsigned n = 0;
	if (!take_digits(&text, &mantissa, &n) || (begins_with_zero && n > 1)) {
		return false;
	}
	unsigned scale = 0;
	if (take(&text, '.')) {
		if (!is_digit(&text)) {
			return false;
		}
		for (; is_digit(&text) && n + scale < 18; ++text.at, ++scale) {
			mantissa = mantissa * 10 + (uint64_t)(*text.at - '0');
		}
	}
	if (text.at != text.end || (is_negative && mantissa == 0)) {
		return false;
	}
	return tt_value_from_decimal(is_negative ? -(int64_t)mantissa : (int64_t)mantissa, scale, out_id);
}

static bool read_double(cursor text, tt_id *out_id)
{
	const tt_view lexical = {text.at, (size_t)(text.end - text.at)};
	char canonical[TT_REAL_SIZE];
	double value = 0;
	return lexical.size < TT_REAL_SIZE && tt_real_parse(lexical, false, &value) &&
	       tt_value_from_double(value, out_id) &&
	       tt_view_equal(lexical, (tt_view){canonical, tt_real_format_double(value, canonical)});
}

static bool read_boolean(cursor text, tt_id *out_id)
{
	const tt_view lexical = {text.at, (size_t)(text.end - text.at)};
	const bool is_true = tt_view_equal(lexical, TT_VIEW("true"));
	*out_id = tt_value_from_boolean(is_true);
	return is_true || tt_view_equal(lexical, TT_VIEW("false"));
}

/* ---- dates ------------------------------------------------------------------------------------ */

enum { YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, MILLISECOND, N_FIELDS };
static const uint8_t field_bits[N_FIELDS] = {14, 4, 5, 5, 6, 6, 10};

/* How many of the fields a kind has. */
static unsigned n_fields_of(tt_kind kind)
{
	return kind == TT_KIND_DATE_TIME      ? N_FIELDS
	       : kind == TT_KIND_DATE         ? HOUR
	       : kind == TT_KIND_G_YEAR_MONTH ? DAY
	                                      : MONTH;
}

static tt_id pack_date(tt_kind kind, const tt_date_fields *date)
{
	const uint64_t fields[N_FIELDS] = {(uint64_t)(date->year + YEAR_BIAS),
	                                   date->month,
	                                   date->day,
	                                   date->hour,
	                                   date->minute,
	                                   date->second,
	                                   date->millisecond};
	uint64_t payload = 0;
	for (unsigned i = 0; i < n_fields_of(kind); ++i) {
		payload = payload << field_bits[i] | fields[i];
	}
	const uint64_t zone = date->has_zone ? (uint64_t)(date->zone_minutes / 15 + ZONE_BIAS) : 0;
	return tt_id_make(kind, payload << ZONE_BITS | zone);
}

bool tt_value_from_date(tt_kind kind, const tt_date_fields *date, tt_id *out_id)
{
	if (date->year < -YEAR_BIAS || date->year >= YEAR_BIAS ||
	    (date->has_zone && (date->zone_minutes % 15 != 0 || date->zone_minutes < -MOST_ZONE_MINUTES ||
	                        date->zone_minutes > MOST_ZONE_MINUTES))) {
		return false;
	}
	*out_id = pack_date(kind, date);
	return true;
}

tt_date_fields tt_value_to_date(tt_id id)
{
	uint64_t fields[N_FIELDS] = {0, 1, 1, 0, 0, 0, 0};
	uint64_t payload = tt_id_payload(id);
	const unsigned zone = (unsigned)payload & ((1u << ZONE_BITS) - 1);
	payload >>= ZONE_BITS;
	for (unsigned i = n_fields_of(tt_id_kind(id)); i-- > 0;) {
		fields[i] = payload & ((1u << field_bits[i]) - 1);
		payload >>= field_bits[i];
	}
	return (tt_date_fields){.year = (int32_t)fields[YEAR] - YEAR_BIAS,
	                        .month = (uint8_t)fields[MONTH],
	                        .day = (uint8_t)fields[DAY],
	                        .hour = (uint8_t)fields[HOUR],
	                        .minute = (uint8_t)fields[MINUTE],
	                        .second = (uint8_t)fields[SECOND],
	                        .millisecond = (uint16_t)fields[MILLISECOND],
	                        .has_zone = zone != 0,
	                        .zone_minutes = (int16_t)(zone ? ((int)zone - ZONE_BIAS) * 15 : 0)};
}

static uint8_t days_in_month(int32_t year, uint8_t month)
{
	static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	const bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return (uint8_t)(days[month - 1] + (month == 2 && is_leap));
}

/* A year of four digits, more only without a leading zero. */
static bool read_year(cursor *text, int32_t *out)
{
	const bool is_negative = take(text, '-');
	const bool begins_with_zero = text->at < text->end && *text->at == '0';
	uint64_t year = 0;
	unsigned n = 0;
	if (!take_digits(text, &year, &n) || n != 4 || (begins_with_zero && is_negative && year == 0)) {
		return false; /* no year of five digits fits */
	}
	*out = is_negative ? -(int32_t)year : (int32_t)year;
	return *out >= -YEAR_BIAS && *out < YEAR_BIAS;
}

static bool read_time(cursor *text, tt_date_fields *date)
{
	if (!take_two_digits(text, &date->hour) || date->hour > 23 || !take(text, ':') ||
	    !take_two_digits(text, &date->minute) || date->minute > 59 || !take(text, ':') ||
	    !take_two_digits(text, &date->second) || date->second > 59) {
		return false;
	}
	if (take(text, '.')) {
		static const uint16_t units[] = {0, 100, 10, 1};
		uint64_t fraction = 0;
		unsigned n = 0;
		if (!take_digits(text, &fraction, &n) || n > 3 || fraction % 10 == 0) {
			return false;
		}
		date->millisecond = (uint16_t)(fraction * units[n]);
	}
	return true;
}

/* Nothing, Z, or +hh:mm up to 14 hours in quarters. */
static bool read_zone(cursor *text, tt_date_fields *date)
{
	if (text->at == text->end) {
		return true;
	}
	date->has_zone = true;
	if (take(text, 'Z')) {
		return true;
	}
	const bool is_negative = take(text, '-');
	uint8_t hours = 0;
	uint8_t minutes = 0;
	if ((!is_negative && !take(text, '+')) || !take_two_digits(text, &hours) || !take(text, ':') ||
	    !take_two_digits(text, &minutes)) {
		return false;
	}
	const int zone = hours * 60 + minutes;
	date->zone_minutes = (int16_t)(is_negative ? -zone : zone);
	return minutes % 15 == 0 && minutes < 60 && zone > 0 && zone <= MOST_ZONE_MINUTES;
}

static bool read_date(tt_kind kind, cursor text, tt_id *out_id)
{
	tt_date_fields date = {.month = 1, .day = 1};
	const unsigned n_fields = n_fields_of(kind);
	if (!read_year(&text, &date.year) ||
	    (n_fields > MONTH &&
	     (!take(&text, '-') || !take_two_digits(&text, &date.month) || date.month < 1 || date.month > 12)) ||
	    (n_fields > DAY && (!take(&text, '-') || !take_two_digits(&text, &date.day) || date.day < 1 ||
	                        date.day > days_in_month(date.year, date.month))) ||
	    (n_fields > HOUR && (!take(&text, 'T') || !read_time(&text, &date))) || !read_zone(&text, &date) ||
	    text.at != text.end) {
		return false;
	}
	*out_id = pack_date(kind, &date);
	return true;
}

/* ---- from terms to ids ------------------------------------------------------------------------ */

static const tt_vocab datatypes[] = {
    [TT_KIND_BOOLEAN] = TT_VOCAB_XSD_BOOLEAN,           [TT_KIND_INTEGER] = TT_VOCAB_XSD_INTEGER,
    [TT_KIND_DECIMAL] = TT_VOCAB_XSD_DECIMAL,           [TT_KIND_DOUBLE] = TT_VOCAB_XSD_DOUBLE,
    [TT_KIND_DATE_TIME] = TT_VOCAB_XSD_DATE_TIME,       [TT_KIND_DATE] = TT_VOCAB_XSD_DATE,
    [TT_KIND_G_YEAR_MONTH] = TT_VOCAB_XSD_G_YEAR_MONTH, [TT_KIND_G_YEAR] = TT_VOCAB_XSD_G_YEAR};

tt_vocab tt_value_datatype(tt_id id)
{
	return datatypes[tt_id_kind(id)];
}

/* Blank nodes b1, b2, …: no leading zero, below TT_BLANK_LIMIT. */
static bool read_blank(cursor text, tt_id *out_id)
{
	uint64_t number = 0;
	unsigned n = 0;
	if (!take(&text, 'b') || (text.at < text.end && *text.at == '0') || !take_digits(&text, &number, &n) ||
	    text.at != text.end || number >= TT_BLANK_LIMIT) {
		return false;
	}
	*out_id = tt_id_make(TT_KIND_BLANK, number);
	return true;
}

static bool read_literal(tt_kind kind, cursor text, tt_id *out_id)
{
	switch (kind) {
	case TT_KIND_BOOLEAN:
		return read_boolean(text, out_id);
	case TT_KIND_INTEGER:
		return read_integer(text, out_id);
	case TT_KIND_DECIMAL:
		return read_decimal(text, out_id);
	case TT_KIND_DOUBLE:
		return read_double(text, out_id);
	default:
		return read_date(kind, text, out_id);
	}
}

bool tt_value_from_term(const tt_term *term, tt_id *out_id)
{
	if (!term->text.size || term->text.size >= TT_SCRATCH_SIZE) {
		return false;
	}
	const cursor text = {term->text.data, term->text.data + term->text.size};
	if (term->kind == TT_TERM_BLANK) {
		return read_blank(text, out_id);
	}
	if (term->kind != TT_TERM_LITERAL || term->language.size) {
		return false;
	}
	for (tt_kind kind = TT_KIND_BOOLEAN; kind <= TT_KIND_G_YEAR; ++kind) {
		if (tt_view_equal(term->datatype, tt_vocab_iri(datatypes[kind]))) {
			tt_id id = TT_UNBOUND;
			const bool is_inline = read_literal(kind, text, &id);
			*out_id = is_inline ? id : *out_id;
			return is_inline;
		}
	}
	return false;
}

bool tt_value_from_integer(int64_t value, tt_id *out_id)
{
	const int64_t bias = (int64_t)1 << INTEGER_BITS;
	if (value < -bias || value >= bias) {
		return false;
	}
	*out_id = tt_id_make(TT_KIND_INTEGER, (uint64_t)(value + bias));
	return true;
}

int64_t tt_value_to_integer(tt_id id)
{
	return (int64_t)tt_id_payload(id) - ((int64_t)1 << INTEGER_BITS);
}

bool tt_value_from_decimal(int64_t mantissa, unsigned scale, tt_id *out_id)
{
	const int64_t bias = (int64_t)1 << DECIMAL_BITS;
	if (mantissa < -bias || mantissa >= bias || scale > MOST_SCALE) {
		return false;
	}
	*out_id = tt_id_make(TT_KIND_DECIMAL, (uint64_t)scale << (DECIMAL_BITS + 1) | (uint64_t)(mantissa + bias));
	return true;
}

void tt_value_to_decimal(tt_id id, int64_t *out_mantissa, unsigned *out_scale)
{
	const uint64_t payload = tt_id_payload(id);
	*out_mantissa = (int64_t)(payload & (((uint64_t)1 << (DECIMAL_BITS + 1)) - 1)) - ((int64_t)1 << DECIMAL_BITS);
	*out_scale = (unsigned)(payload >> (DECIMAL_BITS + 1));
}

bool tt_value_from_double(double value, tt_id *out_id)
{
	uint64_t bits = (uint64_t)0x7FF8 << 48; /* the one NaN */
	if (!isnan(value)) {
		memcpy(&bits, &value, sizeof bits);
	}
	*out_id = tt_id_make(TT_KIND_DOUBLE, bits >> 4);
	return (bits & 15) == 0;
}

double tt_value_to_double(tt_id id)
{
	const uint64_t bits = tt_id_payload(id) << 4;
	double value = 0;
	memcpy(&value, &bits, sizeof value);
	return value;
}

/* ---- text out --------------------------------------------------------------------------------- */

/* At least n_least digits. */
static char *put_digits(char *out, uint64_t number, unsigned n_least)
{
	char reversed[20];
	unsigned n = 0;
	for (; number || n < n_least; number /= 10) {
		reversed[n++] = (char)('0' + number % 10);
	}
	while (n) {
		*out++ = reversed[--n];
	}
	return out;
}

static char *put_sign(char *out, int64_t number, uint64_t *out_size)
{
	*out_size = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
	if (number < 0) {
		*out++ = '-';
	}
	return out;
}

static char *put_integer(char *out, int64_t number, unsigned n_least)
{
	uint64_t size = 0;
	out = put_sign(out, number, &size);
	return put_digits(out, size, n_least);
}

static char *put_decimal(char *out, tt_id id)
{
	int64_t mantissa = 0;
	unsigned scale = 0;
	tt_value_to_decimal(id, &mantissa, &scale);
	uint64_t size = 0;
	out = put_sign(out, mantissa, &size);
	uint64_t power = 1;
	for (unsigned i = 0; i < scale; ++i) {
		power *= 10;
	}
	out = put_digits(out, size / power, 1);
	if (scale) {
		*out++ = '.';
		out = put_digits(out, size % power, scale);
	}
	return out;
}

static char *put_time(char *out, const tt_date_fields *date)
{
	*out++ = 'T';
	out = put_digits(out, date->hour, 2);
	*out++ = ':';
	out = put_digits(out, date->minute, 2);
	*out++ = ':';
	out = put_digits(out, date->second, 2);
	if (date->millisecond) {
		*out++ = '.';
		out = put_digits(out, date->millisecond, 3);
		while (out[-1] == '0') {
			--out;
		}
	}
	return out;
}

static char *put_zone(char *out, const tt_date_fields *date)
{
	if (!date->has_zone) {
		return out;
	}
	if (date->zone_minutes == 0) {
		*out++ = 'Z';
		return out;
	}
	const int zone = date->zone_minutes < 0 ? -date->zone_minutes : date->zone_minutes;
	*out++ = date->zone_minutes < 0 ? '-' : '+';
	out = put_digits(out, (uint64_t)(zone / 60), 2);
	*out++ = ':';
	return put_digits(out, (uint64_t)(zone % 60), 2);
}

static char *put_date(char *out, tt_id id)
{
	const tt_date_fields date = tt_value_to_date(id);
	const unsigned n_fields = n_fields_of(tt_id_kind(id));
	out = put_integer(out, date.year, 4);
	if (n_fields > MONTH) {
		*out++ = '-';
		out = put_digits(out, date.month, 2);
	}
	if (n_fields > DAY) {
		*out++ = '-';
		out = put_digits(out, date.day, 2);
	}
	if (n_fields > HOUR) {
		out = put_time(out, &date);
	}
	return put_zone(out, &date);
}

static char *put_value(char *out, tt_id id)
{
	switch (tt_id_kind(id)) {
	case TT_KIND_BLANK:
		*out++ = 'b';
		return put_digits(out, tt_id_payload(id), 1);
	case TT_KIND_INTEGER:
		return put_integer(out, tt_value_to_integer(id), 1);
	case TT_KIND_DECIMAL:
		return put_decimal(out, id);
	case TT_KIND_DOUBLE:
		return out + tt_real_format_double(tt_value_to_double(id), out);
	default:
		return put_date(out, id);
	}
}

tt_term tt_value_to_term(tt_id id, tt_scratch *scratch)
{
	tt_term term = {.kind = TT_TERM_LITERAL};
	if (tt_id_kind(id) == TT_KIND_BOOLEAN) {
		term.text = tt_id_payload(id) ? TT_VIEW("true") : TT_VIEW("false");
	} else {
		term.text = (tt_view){scratch->text, (size_t)(put_value(scratch->text, id) - scratch->text)};
	}
	if (tt_id_kind(id) == TT_KIND_BLANK) {
		term.kind = TT_TERM_BLANK;
	} else {
		term.datatype = tt_vocab_iri(tt_value_datatype(id));
	}
	return term;
}
