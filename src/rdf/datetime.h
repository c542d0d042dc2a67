/* datetime.h - dates, times and durations (XSD 1.1 Datatypes §3.3.6–3.3.14, XPath Functions and Operators 3.1 §8–9).
 *
 * Contrast: value.h packs a date into an id, without arithmetic.
 * Owns:     nothing; these are plain values.
 * Threads:  any.
 * Fails:    false for an ill-typed lexical form, a result out of range (years beyond TT_MOST_YEARS) and an operation
 *           that the types do not have.
 * Tests:    tests/unit/test_rdf_datetime.c
 */
#ifndef TT_RDF_DATETIME_H
#define TT_RDF_DATETIME_H

#include "rdf/number.h"

/** Years run from minus to plus this; durations are limited likewise. Year 0 is 1 BC (XSD 1.1). */
enum { TT_MOST_YEARS = 999999999 };

/** A moment or a period of the calendar. Fractions of a second are kept to nanoseconds; further digits are cut off. */
typedef struct tt_datetime {
	tt_vocab datatype; /* TT_VOCAB_XSD_DATE_TIME, _DATE, _TIME, _G_YEAR_MONTH or _G_YEAR */
	int32_t year;      /* fields that the type does not have: year 0, month 1, day 1, else 0 */
	uint8_t month, day;
	uint8_t hour, minute, second;
	uint32_t nanosecond;
	bool has_zone;
	int16_t zone_minutes; /* east of UTC, -840…840 */
} tt_datetime;

/** A duration: months and seconds, of one sign (a zero fits both). */
typedef struct tt_duration {
	tt_vocab datatype; /* TT_VOCAB_XSD_DURATION, _DAY_TIME_DURATION or _YEAR_MONTH_DURATION */
	int64_t months;
	int64_t seconds;     /* rounded down … */
	uint32_t nanosecond; /* … plus this: -0.5 s is -1 and 500000000 */
} tt_duration;

/** What a comparison of a value with a zone and one without does. */
typedef enum tt_zone_rule {
	TT_ZONE_UTC,          /* XPath: the one without a zone is in UTC, so all are ordered */
	TT_ZONE_INDETERMINATE /* XSD 1.1 §E.3.3: ordered only if it is in every zone from -14:00 to +14:00 */
} tt_zone_rule;

/** Whether a datatype is one of tt_datetime's five (tt_duration's three), and which. */
bool tt_datetime_find_datatype(tt_view datatype, tt_vocab *out_datatype);
bool tt_duration_find_datatype(tt_view datatype, tt_vocab *out_datatype);

/** Read a lexical form, white space around it allowed; false if it is ill-typed. 24:00:00 is the next day's start. */
bool tt_datetime_parse(tt_view lexical, tt_vocab datatype, tt_datetime *out);
/** The value of a literal of one of the five datatypes, else false. */
bool tt_datetime_from_term(const tt_term *term, tt_datetime *out);
/** The value of an inline id (TT_KIND_DATE_TIME, DATE, G_YEAR_MONTH, G_YEAR), else false. */
bool tt_datetime_from_id(tt_id id, tt_datetime *out);
/** The inline id of the term that tt_datetime_format() makes; false if it is not inline. */
bool tt_datetime_to_id(const tt_datetime *value, tt_id *out_id);
/** A dateTime in UTC from nanoseconds since 1970. */
tt_datetime tt_datetime_from_epoch(int64_t nanoseconds);
/** Append the canonical form, in the value's own zone: no zeros at the end of the fraction, Z for +00:00. */
TT_CHECKED tt_status tt_datetime_format(const tt_datetime *value, tt_buffer *out);

/** Compare two values of one type (F&O §9.4), or (an extension) dateTime, date, gYearMonth and gYear by the first
 * moment of the period: 2001 = 2001-01-01 = 2001-01-01T00:00:00. A time compares with times only. */
tt_ordering tt_datetime_compare(const tt_datetime *a, const tt_datetime *b, tt_zone_rule rule);

/** SECONDS(): a decimal with the fraction; false for a type without time. The other fields are read directly; whether
 * the type has them, these tell. */
bool tt_datetime_seconds(const tt_datetime *value, tt_number *out);
/** Whether the type has a year (month, day; hour, minute, second). */
bool tt_datetime_has_year(const tt_datetime *value);
bool tt_datetime_has_month(const tt_datetime *value);
bool tt_datetime_has_day(const tt_datetime *value);
bool tt_datetime_has_time(const tt_datetime *value);
/** TIMEZONE(): a dayTimeDuration; false if there is no zone. */
bool tt_datetime_timezone(const tt_datetime *value, tt_duration *out);
/** TZ(): append "Z", "-08:00" or nothing. */
TT_CHECKED tt_status tt_datetime_format_zone(const tt_datetime *value, tt_buffer *out);

/** Cast (F&O §19.1.5): dateTime to each of the types, date to dateTime, gYearMonth and gYear, each to itself. */
bool tt_datetime_cast(const tt_datetime *value, tt_vocab datatype, tt_datetime *out);
/** a - b as dayTimeDuration: two dateTimes, two dates, two times (F&O §9.7.2–4). Without a zone: UTC. */
bool tt_datetime_subtract(const tt_datetime *a, const tt_datetime *b, tt_duration *out);
/** a + b, or a - b (@p is_minus), F&O §9.7.5–14: dateTime or date with any duration (months first, then time: XSD 1.1
 * §E.3.3), time with a dayTimeDuration (modulo one day). */
bool tt_datetime_add(const tt_datetime *a, const tt_duration *b, bool is_minus, tt_datetime *out);

bool tt_duration_parse(tt_view lexical, tt_vocab datatype, tt_duration *out);
bool tt_duration_from_term(const tt_term *term, tt_duration *out);
/** Append the canonical form: P1Y2M, P3DT4H, -PT0.5S; zero is P0M for a yearMonthDuration, else PT0S. */
TT_CHECKED tt_status tt_duration_format(const tt_duration *value, tt_buffer *out);
/** Equal: same months and same seconds. Ordered: if months and seconds do not contradict each other (XSD 1.1
 * §3.3.6.1: in all of the four reference months), else unordered. */
tt_ordering tt_duration_compare(const tt_duration *a, const tt_duration *b);
/** a + b or a - b: two of one type (F&O §8.4); any two, of one sign in the result, give an xsd:duration (extension). */
bool tt_duration_add(const tt_duration *a, const tt_duration *b, bool is_minus, tt_duration *out);
/** a * factor (F&O §8.4.3, 8.4.8): yearMonthDuration (to whole months) or dayTimeDuration; NaN and overflow are false.
 * Division by n is a factor of 1 / n. */
bool tt_duration_multiply(const tt_duration *a, double factor, tt_duration *out);
/** a / b as a decimal (F&O §8.4.5, 8.4.10): two of one type, not xsd:duration; b not zero. */
bool tt_duration_divide(const tt_duration *a, const tt_duration *b, tt_number *out);
/** Cast between the three: what the type does not hold is dropped (F&O §19.1.4). */
bool tt_duration_cast(const tt_duration *value, tt_vocab datatype, tt_duration *out);

#endif
