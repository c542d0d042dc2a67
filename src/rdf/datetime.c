/* datetime.c - the calendar as days and seconds.
 *
 * All arithmetic goes by way of a time line: days since 1970-01-01 (proleptic Gregorian, year 0 being 1 BC), times
 * 86400, plus the seconds of the day; the zone is taken off where moments are compared, and left alone where a
 * duration is added. Years are limited so that nothing here overflows 64 bits. */
#include "rdf/datetime.h"

#include <math.h>

enum { NANOSECONDS = 1000000000, DAY_SECONDS = 86400, MOST_ZONE_SECONDS = 14 * 3600 };

/* What durations may hold; a little more than the calendar. */
#define MOST_MONTHS  ((int64_t)TT_MOST_YEARS * 12 + 11)
#define MOST_SECONDS ((int64_t)TT_MOST_YEARS * 366 * DAY_SECONDS)

/** Seconds since 1970, rounded down, and the rest. */
typedef struct instant {
	int64_t seconds;
	uint32_t nanosecond;
} instant;

/* ---- the calendar ----------------------------------------------------------------------------- */

static int64_t divide_down(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static int64_t rest_of(int64_t a, int64_t b)
{
	return a - divide_down(a, b) * b;
}

static unsigned days_in_month(int64_t year, unsigned month)
{
	static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	const bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return days[month - 1] + (month == 2 && is_leap ? 1u : 0u);
}

/* Days since 1970-01-01. Years are counted from March, so that the leap day is the last one. */
static int64_t count_days(int64_t year, unsigned month, unsigned day)
{
	const int64_t from_march = (month + 9) % 12;
	const int64_t y = year - (month <= 2);
	return 365 * y + divide_down(y, 4) - divide_down(y, 100) + divide_down(y, 400) + (153 * from_march + 2) / 5 + day -
	       1 - 719468;
}

static void set_day(int64_t days, int64_t *out_year, unsigned *out_month, unsigned *out_day)
{
	/* An estimate of the year that is at most one off, then the month by its days. */
	int64_t year = divide_down(days * 400, 146097) + 1970;
	while (count_days(year, 1, 1) > days) {
		--year;
	}
	while (count_days(year + 1, 1, 1) <= days) {
		++year;
	}
	int64_t rest = days - count_days(year, 1, 1);
	unsigned month = 1;
	while (rest >= days_in_month(year, month)) {
		rest -= days_in_month(year, month++);
	}
	*out_year = year;
	*out_month = month;
	*out_day = (unsigned)rest + 1;
}

/* The place on the time line by the local clock. */
static instant find_local(const tt_datetime *value)
{
	const int64_t seconds = count_days(value->year, value->month, value->day) * DAY_SECONDS +
	                        value->hour * INT64_C(3600) + value->minute * INT64_C(60) + value->second;
	return (instant){seconds, value->nanosecond};
}

static instant find_moment(const tt_datetime *value)
{
	instant moment = find_local(value);
	moment.seconds -= value->zone_minutes * INT64_C(60); /* without a zone: UTC */
	return moment;
}

/* Set the local fields of a dateTime, date or time; false beyond the years. */
static bool set_local(instant at, tt_datetime *out)
{
	const int64_t clock = rest_of(at.seconds, DAY_SECONDS);
	int64_t year = 0;
	unsigned month = 1;
	unsigned day = 1;
	if (out->datatype != TT_VOCAB_XSD_TIME) {
		set_day(divide_down(at.seconds, DAY_SECONDS), &year, &month, &day);
	}
	if (year < -TT_MOST_YEARS || year > TT_MOST_YEARS) {
		return false;
	}
	out->year = (int32_t)year;
	out->month = (uint8_t)month;
	out->day = (uint8_t)day;
	if (out->datatype != TT_VOCAB_XSD_DATE) {
		out->hour = (uint8_t)(clock / 3600);
		out->minute = (uint8_t)(clock / 60 % 60);
		out->second = (uint8_t)(clock % 60);
		out->nanosecond = at.nanosecond;
	}
	return true;
}

tt_datetime tt_datetime_from_epoch(int64_t nanoseconds)
{
	tt_datetime value = {.datatype = TT_VOCAB_XSD_DATE_TIME, .has_zone = true};
	(void)set_local((instant){divide_down(nanoseconds, NANOSECONDS), (uint32_t)rest_of(nanoseconds, NANOSECONDS)},
	                &value); /* 292 years around 1970 */
	return value;
}

/* ---- types ------------------------------------------------------------------------------------ */

/** Which fields a type has. */
typedef struct date_type {
	tt_vocab datatype;
	bool has_year, has_month, has_day, has_time;
	tt_kind kind; /* inline; TT_KIND_SPECIAL: none */
} date_type;

static const date_type date_types[] = {
    {TT_VOCAB_XSD_DATE_TIME, true, true, true, true, TT_KIND_DATE_TIME},
    {TT_VOCAB_XSD_DATE, true, true, true, false, TT_KIND_DATE},
    {TT_VOCAB_XSD_TIME, false, false, false, true, TT_KIND_SPECIAL},
    {TT_VOCAB_XSD_G_YEAR_MONTH, true, true, false, false, TT_KIND_G_YEAR_MONTH},
    {TT_VOCAB_XSD_G_YEAR, true, false, false, false, TT_KIND_G_YEAR},
};
enum { N_DATE_TYPES = sizeof date_types / sizeof *date_types };

static const date_type *find_date_type(tt_vocab datatype)
{
	for (int i = 0; i < N_DATE_TYPES; ++i) {
		if (date_types[i].datatype == datatype) {
			return &date_types[i];
		}
	}
	return NULL;
}

bool tt_datetime_find_datatype(tt_view datatype, tt_vocab *out_datatype)
{
	for (int i = 0; i < N_DATE_TYPES; ++i) {
		if (tt_view_equal(datatype, tt_vocab_iri(date_types[i].datatype))) {
			*out_datatype = date_types[i].datatype;
			return true;
		}
	}
	return false;
}

bool tt_datetime_has_year(const tt_datetime *value)
{
	return find_date_type(value->datatype)->has_year;
}

bool tt_datetime_has_month(const tt_datetime *value)
{
	return find_date_type(value->datatype)->has_month;
}

bool tt_datetime_has_day(const tt_datetime *value)
{
	return find_date_type(value->datatype)->has_day;
}

bool tt_datetime_has_time(const tt_datetime *value)
{
	return find_date_type(value->datatype)->has_time;
}

/* ---- text in ---------------------------------------------------------------------------------- */

/** What is left of a lexical form. */
typedef struct cursor {
	const char *at, *end;
} cursor;

static cursor begin(tt_view text)
{
	static const char space[] = " \t\r\n";
	text = text.size ? text : TT_VIEW("");
	cursor left = {text.data, text.data + text.size};
	while (left.at < left.end && *left.at && strchr(space, *left.at)) {
		++left.at;
	}
	while (left.at < left.end && left.end[-1] && strchr(space, left.end[-1])) {
		--left.end;
	}
	return left;
}

static bool take(cursor *text, char c)
{
	const bool is_there = text->at < text->end && *text->at == c;
	text->at += is_there;
	return is_there;
}

/* Digits; false if there are none or more than `n_most`. */
static bool take_digits(cursor *text, unsigned n_most, int64_t *out, unsigned *out_n)
{
	*out = 0;
	for (*out_n = 0; text->at < text->end && *text->at >= '0' && *text->at <= '9'; ++*out_n, ++text->at) {
		if (*out_n == n_most) {
			return false;
		}
		*out = *out * 10 + (*text->at - '0');
	}
	return *out_n > 0;
}

static bool take_two(cursor *text, int64_t most, uint8_t *out)
{
	const char *const start = text->at;
	int64_t value = 0;
	unsigned n = 0;
	if (text->end - start < 2) {
		return false;
	}
	cursor two = {start, start + 2};
	if (!take_digits(&two, 2, &value, &n) || n != 2 || value > most) {
		return false;
	}
	*out = (uint8_t)value;
	text->at = two.at;
	return true;
}

/* Behind a point: digits, of which nine are kept. */
static bool take_fraction(cursor *text, uint32_t *out)
{
	uint32_t unit = NANOSECONDS;
	*out = 0;
	const char *const start = text->at;
	for (; text->at < text->end && *text->at >= '0' && *text->at <= '9'; ++text->at) {
		unit /= 10;
		*out += (uint32_t)(*text->at - '0') * unit;
	}
	return text->at > start;
}

/* yearFrag: four digits, more only without a zero at the beginning. */
static bool take_year(cursor *text, tt_datetime *out)
{
	const bool is_negative = take(text, '-');
	const bool begins_with_zero = text->at < text->end && *text->at == '0';
	int64_t year = 0;
	unsigned n = 0;
	if (!take_digits(text, 9, &year, &n) || n < 4 || (n > 4 && begins_with_zero)) {
		return false;
	}
	out->year = (int32_t)(is_negative ? -year : year);
	return true;
}

/* 24:00:00 is the end of the day. */
static bool take_time(cursor *text, tt_datetime *out, bool *out_is_end)
{
	if (!take_two(text, 24, &out->hour) || !take(text, ':') || !take_two(text, 59, &out->minute) || !take(text, ':') ||
	    !take_two(text, 59, &out->second) || (take(text, '.') && !take_fraction(text, &out->nanosecond))) {
		return false;
	}
	*out_is_end = out->hour == 24;
	if (*out_is_end) {
		out->hour = 0;
		return out->minute == 0 && out->second == 0 && out->nanosecond == 0;
	}
	return true;
}

static bool take_zone(cursor *text, tt_datetime *out)
{
	if (text->at == text->end) {
		return true;
	}
	out->has_zone = true;
	if (take(text, 'Z')) {
		return true;
	}
	const bool is_negative = take(text, '-');
	uint8_t hours = 0;
	uint8_t minutes = 0;
	if ((!is_negative && !take(text, '+')) || !take_two(text, 14, &hours) || !take(text, ':') ||
	    !take_two(text, hours == 14 ? 0 : 59, &minutes)) {
		return false;
	}
	out->zone_minutes = (int16_t)(is_negative ? -(hours * 60 + minutes) : hours * 60 + minutes);
	return true;
}

bool tt_datetime_parse(tt_view lexical, tt_vocab datatype, tt_datetime *out)
{
	const date_type *const type = find_date_type(datatype);
	cursor text = begin(lexical);
	tt_datetime value = {.datatype = datatype, .month = 1, .day = 1};
	bool is_end = false;
	if (!type || (type->has_year && !take_year(&text, &value)) ||
	    (type->has_month && (!take(&text, '-') || !take_two(&text, 12, &value.month) || value.month == 0)) ||
	    (type->has_day && (!take(&text, '-') || !take_two(&text, 31, &value.day) || value.day == 0 ||
	                       value.day > days_in_month(value.year, value.month))) ||
	    (type->has_day && type->has_time && !take(&text, 'T')) ||
	    (type->has_time && !take_time(&text, &value, &is_end)) || !take_zone(&text, &value) || text.at != text.end) {
		return false;
	}
	if (is_end && type->has_day) {
		instant midnight = find_local(&value);
		midnight.seconds += DAY_SECONDS;
		if (!set_local(midnight, &value)) {
			return false;
		}
	}
	*out = value;
	return true;
}

bool tt_datetime_from_term(const tt_term *term, tt_datetime *out)
{
	tt_vocab datatype = TT_N_VOCAB;
	return term->kind == TT_TERM_LITERAL && !term->language.size &&
	       tt_datetime_find_datatype(term->datatype, &datatype) && tt_datetime_parse(term->text, datatype, out);
}

bool tt_datetime_from_id(tt_id id, tt_datetime *out)
{
	const tt_kind kind = tt_id_kind(id);
	if (kind < TT_KIND_DATE_TIME || kind > TT_KIND_G_YEAR) {
		return false;
	}
	const tt_date_fields date = tt_value_to_date(id);
	*out = (tt_datetime){.datatype = tt_value_datatype(id),
	                     .year = date.year,
	                     .month = date.month,
	                     .day = date.day,
	                     .hour = date.hour,
	                     .minute = date.minute,
	                     .second = date.second,
	                     .nanosecond = (uint32_t)date.millisecond * 1000000,
	                     .has_zone = date.has_zone,
	                     .zone_minutes = date.zone_minutes};
	return true;
}

bool tt_datetime_to_id(const tt_datetime *value, tt_id *out_id)
{
	const tt_kind kind = find_date_type(value->datatype)->kind;
	if (kind == TT_KIND_SPECIAL || value->nanosecond % 1000000 != 0) {
		return false;
	}
	const tt_date_fields date = {.year = value->year,
	                             .month = value->month,
	                             .day = value->day,
	                             .hour = value->hour,
	                             .minute = value->minute,
	                             .second = value->second,
	                             .millisecond = (uint16_t)(value->nanosecond / 1000000),
	                             .has_zone = value->has_zone,
	                             .zone_minutes = value->zone_minutes};
	return tt_value_from_date(kind, &date, out_id);
}

/* ---- text out --------------------------------------------------------------------------------- */

/* ".5", or nothing. */
static tt_status format_fraction(uint32_t nanosecond, tt_buffer *out)
{
	if (nanosecond == 0) {
		return TT_OK;
	}
	TT_TRY(tt_buffer_printf(out, ".%09u", (unsigned)nanosecond));
	while (out->data[out->size - 1] == '0') {
		--out->size;
	}
	return TT_OK;
}

tt_status tt_datetime_format_zone(const tt_datetime *value, tt_buffer *out)
{
	if (!value->has_zone) {
		return TT_OK;
	}
	const int zone = value->zone_minutes < 0 ? -value->zone_minutes : value->zone_minutes;
	return zone == 0 ? tt_buffer_append_char(out, 'Z')
	                 : tt_buffer_printf(out, "%c%02d:%02d", value->zone_minutes < 0 ? '-' : '+', zone / 60, zone % 60);
}

tt_status tt_datetime_format(const tt_datetime *value, tt_buffer *out)
{
	const date_type *const type = find_date_type(value->datatype);
	if (type->has_year) {
		TT_TRY(
		    tt_buffer_printf(out, "%s%04d", value->year < 0 ? "-" : "", value->year < 0 ? -value->year : value->year));
	}
	if (type->has_month) {
		TT_TRY(tt_buffer_printf(out, "-%02d", value->month));
	}
	if (type->has_day) {
		TT_TRY(tt_buffer_printf(out, "-%02d", value->day));
	}
	if (type->has_time) {
		TT_TRY(tt_buffer_printf(out, "%s%02d:%02d:%02d", type->has_day ? "T" : "", value->hour, value->minute,
		                        value->second));
		TT_TRY(format_fraction(value->nanosecond, out));
	}
	return tt_datetime_format_zone(value, out);
}

/* ---- comparison ------------------------------------------------------------------------------- */

static tt_ordering compare_instants(instant a, instant b)
{
	if (a.seconds != b.seconds) {
		return a.seconds < b.seconds ? TT_LESS : TT_GREATER;
	}
	return a.nanosecond < b.nanosecond ? TT_LESS : a.nanosecond > b.nanosecond ? TT_GREATER : TT_EQUAL;
}

tt_ordering tt_datetime_compare(const tt_datetime *a, const tt_datetime *b, tt_zone_rule rule)
{
	if ((a->datatype == TT_VOCAB_XSD_TIME) != (b->datatype == TT_VOCAB_XSD_TIME)) {
		return TT_UNORDERED;
	}
	instant x = find_moment(a);
	const instant y = find_moment(b);
	if (a->has_zone == b->has_zone || rule == TT_ZONE_UTC) {
		return compare_instants(x, y);
	}
	/* The one without a zone may be up to 14 hours earlier or later. */
	x.seconds -= MOST_ZONE_SECONDS;
	const tt_ordering earliest = compare_instants(x, y);
	x.seconds += MOST_ZONE_SECONDS + MOST_ZONE_SECONDS;
	const tt_ordering latest = compare_instants(x, y);
	return earliest == latest && earliest != TT_EQUAL ? earliest : TT_UNORDERED;
}

/* ---- parts and casts -------------------------------------------------------------------------- */

bool tt_datetime_seconds(const tt_datetime *value, tt_number *out)
{
	return tt_datetime_has_time(value) &&
	       tt_number_set_decimal((int64_t)value->second * NANOSECONDS + value->nanosecond, 9, out);
}

bool tt_datetime_timezone(const tt_datetime *value, tt_duration *out)
{
	if (value->has_zone) {
		*out = (tt_duration){.datatype = TT_VOCAB_XSD_DAY_TIME_DURATION, .seconds = value->zone_minutes * INT64_C(60)};
	}
	return value->has_zone;
}

bool tt_datetime_cast(const tt_datetime *value, tt_vocab datatype, tt_datetime *out)
{
	const date_type *const from = find_date_type(value->datatype);
	const date_type *const to = find_date_type(datatype);
	if (!to || (from != to && !(from->has_day && (to->has_year || from->has_time)))) {
		return false;
	}
	tt_datetime result = *value;
	result.datatype = datatype;
	result.year = to->has_year ? result.year : 0;
	result.month = to->has_month ? result.month : 1;
	result.day = to->has_day ? result.day : 1;
	if (!to->has_time) {
		result.hour = result.minute = result.second = 0;
		result.nanosecond = 0;
	}
	*out = result;
	return true;
}

/* ---- durations: sign and size ----------------------------------------------------------------- */

static bool is_in_range(const tt_duration *value)
{
	return value->months >= -MOST_MONTHS && value->months <= MOST_MONTHS && value->seconds >= -MOST_SECONDS &&
	       value->seconds <= MOST_SECONDS;
}

static tt_duration negate(const tt_duration *value)
{
	tt_duration result = *value;
	result.months = -value->months;
	result.seconds = -value->seconds - (value->nanosecond > 0);
	result.nanosecond = value->nanosecond ? NANOSECONDS - value->nanosecond : 0;
	return result;
}

static bool is_negative(const tt_duration *value)
{
	return value->months < 0 || value->seconds < 0;
}

static bool is_positive(const tt_duration *value)
{
	return value->months > 0 || value->seconds > 0 || (value->seconds == 0 && value->nanosecond > 0);
}

/* Of values with floor seconds: their sum. */
static instant add_instants(instant a, instant b)
{
	const uint32_t nanoseconds = a.nanosecond + b.nanosecond;
	return (instant){a.seconds + b.seconds + nanoseconds / NANOSECONDS, nanoseconds % NANOSECONDS};
}

/* ---- arithmetic of dates ---------------------------------------------------------------------- */

bool tt_datetime_subtract(const tt_datetime *a, const tt_datetime *b, tt_duration *out)
{
	const date_type *const type = find_date_type(a->datatype);
	if (a->datatype != b->datatype || !(type->has_day || type->has_time)) {
		return false;
	}
	const instant y = find_moment(b);
	const tt_duration earlier = {.seconds = y.seconds, .nanosecond = y.nanosecond};
	const tt_duration minus = negate(&earlier);
	const instant difference = add_instants(find_moment(a), (instant){minus.seconds, minus.nanosecond});
	*out = (tt_duration){
	    .datatype = TT_VOCAB_XSD_DAY_TIME_DURATION, .seconds = difference.seconds, .nanosecond = difference.nanosecond};
	return true;
}

/* Months later; the day is the last one of the month if that is shorter. */
static bool add_months(tt_datetime *value, int64_t months)
{
	const int64_t total = (int64_t)value->year * 12 + value->month - 1 + months;
	const int64_t year = divide_down(total, 12);
	if (year < -TT_MOST_YEARS || year > TT_MOST_YEARS) {
		return false;
	}
	value->year = (int32_t)year;
	value->month = (uint8_t)(rest_of(total, 12) + 1);
	const unsigned n_days = days_in_month(year, value->month);
	value->day = (uint8_t)(value->day < n_days ? value->day : n_days);
	return true;
}

bool tt_datetime_add(const tt_datetime *a, const tt_duration *b, bool is_minus, tt_datetime *out)
{
	const date_type *const type = find_date_type(a->datatype);
	const tt_duration duration = is_minus ? negate(b) : *b;
	tt_datetime result = *a;
	if (type->has_day ? !add_months(&result, duration.months) : !type->has_time || duration.months != 0) {
		return false;
	}
	if (!set_local(add_instants(find_local(&result), (instant){duration.seconds, duration.nanosecond}), &result)) {
		return false;
	}
	*out = result;
	return true;
}

/* ---- durations as text ------------------------------------------------------------------------ */

bool tt_duration_find_datatype(tt_view datatype, tt_vocab *out_datatype)
{
	static const tt_vocab datatypes[] = {TT_VOCAB_XSD_DURATION, TT_VOCAB_XSD_DAY_TIME_DURATION,
	                                     TT_VOCAB_XSD_YEAR_MONTH_DURATION};
	for (size_t i = 0; i < sizeof datatypes / sizeof *datatypes; ++i) {
		if (tt_view_equal(datatype, tt_vocab_iri(datatypes[i]))) {
			*out_datatype = datatypes[i];
			return true;
		}
	}
	return false;
}

/** A part of a duration: what its letter stands for. */
typedef struct duration_part {
	char letter;
	bool is_time; /* behind the T */
	int64_t months, seconds;
} duration_part;

static const duration_part duration_parts[] = {{'Y', false, 12, 0},  {'M', false, 1, 0}, {'D', false, 0, DAY_SECONDS},
                                               {'H', true, 0, 3600}, {'M', true, 0, 60}, {'S', true, 0, 1}};
enum { N_DURATION_PARTS = sizeof duration_parts / sizeof *duration_parts };

/** The parts that a type still may have. */
typedef struct part_range {
	int next, end;
} part_range;

static part_range get_parts(tt_vocab datatype)
{
	return datatype == TT_VOCAB_XSD_DAY_TIME_DURATION     ? (part_range){2, N_DURATION_PARTS}
	       : datatype == TT_VOCAB_XSD_YEAR_MONTH_DURATION ? (part_range){0, 2}
	                                                      : (part_range){0, N_DURATION_PARTS};
}

static bool add_part(const duration_part *part, int64_t number, tt_duration *out)
{
	int64_t months = 0;
	int64_t seconds = 0;
	return !__builtin_mul_overflow(number, part->months, &months) &&
	       !__builtin_mul_overflow(number, part->seconds, &seconds) &&
	       !__builtin_add_overflow(out->months, months, &out->months) &&
	       !__builtin_add_overflow(out->seconds, seconds, &out->seconds);
}

/* One number with its letter, which must be one of those that are left. */
static bool take_part(cursor *text, bool is_time, part_range *left, tt_duration *out)
{
	int64_t number = 0;
	unsigned n = 0;
	if (!take_digits(text, 17, &number, &n)) {
		return false;
	}
	const bool has_fraction = take(text, '.');
	if (has_fraction && !take_fraction(text, &out->nanosecond)) {
		return false;
	}
	while (left->next < left->end) {
		const duration_part *const part = &duration_parts[left->next++];
		if (part->is_time == is_time && take(text, part->letter)) {
			return (!has_fraction || part->letter == 'S') && add_part(part, number, out);
		}
	}
	return false;
}

bool tt_duration_parse(tt_view lexical, tt_vocab datatype, tt_duration *out)
{
	cursor text = begin(lexical);
	tt_duration value = {.datatype = datatype};
	const bool is_minus = take(&text, '-');
	part_range left = get_parts(datatype);
	if (!take(&text, 'P') || text.at == text.end) {
		return false;
	}
	while (text.at < text.end && *text.at != 'T') {
		if (!take_part(&text, false, &left, &value)) {
			return false;
		}
	}
	if (take(&text, 'T')) {
		do {
			if (!take_part(&text, true, &left, &value)) {
				return false;
			}
		} while (text.at < text.end);
	}
	if (!is_in_range(&value)) {
		return false;
	}
	*out = is_minus ? negate(&value) : value;
	return true;
}

bool tt_duration_from_term(const tt_term *term, tt_duration *out)
{
	tt_vocab datatype = TT_N_VOCAB;
	return term->kind == TT_TERM_LITERAL && !term->language.size &&
	       tt_duration_find_datatype(term->datatype, &datatype) && tt_duration_parse(term->text, datatype, out);
}

static tt_status format_part(int64_t number, char letter, tt_buffer *out)
{
	return number ? tt_buffer_printf(out, "%lld%c", (long long)number, letter) : TT_OK;
}

static tt_status format_clock(const tt_duration *size, tt_buffer *out)
{
	const int64_t clock = size->seconds % DAY_SECONDS;
	TT_TRY(tt_buffer_append_char(out, 'T'));
	TT_TRY(format_part(clock / 3600, 'H', out));
	TT_TRY(format_part(clock / 60 % 60, 'M', out));
	if (clock % 60 || size->nanosecond) {
		TT_TRY(tt_buffer_printf(out, "%d", (int)(clock % 60)));
		TT_TRY(format_fraction(size->nanosecond, out));
		TT_TRY(tt_buffer_append_char(out, 'S'));
	}
	return TT_OK;
}

tt_status tt_duration_format(const tt_duration *value, tt_buffer *out)
{
	const tt_duration size = is_negative(value) ? negate(value) : *value;
	if (is_negative(value)) {
		TT_TRY(tt_buffer_append_char(out, '-'));
	}
	if (!is_positive(&size)) {
		return tt_buffer_append(out,
		                        value->datatype == TT_VOCAB_XSD_YEAR_MONTH_DURATION ? TT_VIEW("P0M") : TT_VIEW("PT0S"));
	}
	TT_TRY(tt_buffer_append_char(out, 'P'));
	TT_TRY(format_part(size.months / 12, 'Y', out));
	TT_TRY(format_part(size.months % 12, 'M', out));
	TT_TRY(format_part(size.seconds / DAY_SECONDS, 'D', out));
	return size.seconds % DAY_SECONDS || size.nanosecond ? format_clock(&size, out) : TT_OK;
}

/* ---- arithmetic of durations ------------------------------------------------------------------ */

/* Where a duration ends that begins with a month. */
static instant find_end(const tt_duration *value, int64_t year, unsigned month)
{
	const int64_t total = year * 12 + month - 1 + value->months;
	const int64_t days = count_days(divide_down(total, 12), (unsigned)rest_of(total, 12) + 1, 1);
	return (instant){days * DAY_SECONDS + value->seconds, value->nanosecond};
}

tt_ordering tt_duration_compare(const tt_duration *a, const tt_duration *b)
{
	if (a->months == b->months) {
		return compare_instants((instant){a->seconds, a->nanosecond}, (instant){b->seconds, b->nanosecond});
	}
	static const struct {
		int64_t year;
		unsigned month;
	} starts[] = {{1696, 9}, {1697, 2}, {1903, 3}, {1903, 7}};
	tt_ordering order = TT_UNORDERED;
	for (size_t i = 0; i < sizeof starts / sizeof *starts; ++i) {
		const tt_ordering one = compare_instants(find_end(a, starts[i].year, starts[i].month),
		                                         find_end(b, starts[i].year, starts[i].month));
		if (one == TT_EQUAL || (i > 0 && one != order)) {
			return TT_UNORDERED;
		}
		order = one;
	}
	return order;
}

bool tt_duration_add(const tt_duration *a, const tt_duration *b, bool is_minus, tt_duration *out)
{
	const tt_duration other = is_minus ? negate(b) : *b;
	const instant seconds = add_instants((instant){a->seconds, a->nanosecond},
	                                     (instant){other.seconds, other.nanosecond});
	const tt_duration result = {.datatype = a->datatype == b->datatype ? a->datatype : TT_VOCAB_XSD_DURATION,
	                            .months = a->months + other.months,
	                            .seconds = seconds.seconds,
	                            .nanosecond = seconds.nanosecond};
	if (!is_in_range(&result) || (is_negative(&result) && is_positive(&result))) {
		return false;
	}
	*out = result;
	return true;
}

/* seconds * factor, to nanoseconds; false out of range. */
static bool multiply_seconds(const tt_duration *a, double factor, tt_duration *out)
{
	const __int128 size = (__int128)a->seconds * NANOSECONDS + a->nanosecond;
	const long double most = (long double)MOST_SECONDS * NANOSECONDS;
	const long double estimate = (long double)size * (long double)factor;
	if (!(estimate >= -most && estimate <= most)) {
		return false;
	}
	const bool is_whole = factor == floor(factor) && fabs(factor) < 9007199254740992.0;
	const __int128 product = is_whole ? size * (int64_t)factor : (__int128)roundl(estimate);
	__int128 seconds = product / NANOSECONDS;
	__int128 rest = product % NANOSECONDS;
	seconds -= rest < 0;
	rest += rest < 0 ? NANOSECONDS : 0;
	out->seconds = (int64_t)seconds;
	out->nanosecond = (uint32_t)rest;
	return true;
}

bool tt_duration_multiply(const tt_duration *a, double factor, tt_duration *out)
{
	tt_duration result = {.datatype = a->datatype};
	if (a->datatype == TT_VOCAB_XSD_DURATION || isnan(factor)) {
		return false;
	}
	if (a->datatype == TT_VOCAB_XSD_YEAR_MONTH_DURATION) {
		const double months = floor((double)a->months * factor + 0.5);
		if (!(months >= -(double)MOST_MONTHS && months <= (double)MOST_MONTHS)) {
			return false;
		}
		result.months = (int64_t)months;
	} else if (!multiply_seconds(a, factor, &result)) {
		return false;
	}
	*out = result;
	return true;
}

/* The months, or the seconds with their fraction. */
static bool get_size(const tt_duration *value, tt_number *out)
{
	if (value->datatype == TT_VOCAB_XSD_YEAR_MONTH_DURATION) {
		tt_number_set_integer(value->months, out);
		return true;
	}
	tt_number fraction = TT_NUMBER_ZERO;
	tt_number_set_integer(value->seconds, out);
	const bool is_done = tt_number_set_decimal(value->nanosecond, 9, &fraction) && tt_number_add(out, &fraction, out);
	tt_number_clear(&fraction);
	return is_done;
}

bool tt_duration_divide(const tt_duration *a, const tt_duration *b, tt_number *out)
{
	if (a->datatype != b->datatype || a->datatype == TT_VOCAB_XSD_DURATION) {
		return false;
	}
	tt_number x = TT_NUMBER_ZERO;
	tt_number y = TT_NUMBER_ZERO;
	const bool is_done = get_size(a, &x) && get_size(b, &y) && tt_number_divide(&x, &y, out);
	tt_number_clear(&x);
	tt_number_clear(&y);
	return is_done;
}

bool tt_duration_cast(const tt_duration *value, tt_vocab datatype, tt_duration *out)
{
	tt_duration result = *value;
	result.datatype = datatype;
	if (datatype == TT_VOCAB_XSD_DAY_TIME_DURATION) {
		result.months = 0;
	} else if (datatype == TT_VOCAB_XSD_YEAR_MONTH_DURATION) {
		result.seconds = 0;
		result.nanosecond = 0;
	} else if (datatype != TT_VOCAB_XSD_DURATION) {
		return false;
	}
	*out = result;
	return true;
}
