/* fuzz_terms.c - lexical forms: a number, date or duration reads as what its canonical form reads as, arithmetic stays
 * inside its types, a term becomes an id and the same term again, and a resolved reference stays resolved. The first
 * byte chooses, two texts follow, a line each. */
#include "fuzz/fuzz.h"

#include "rdf/datetime.h"
#include "rdf/iri.h"
#include "rdf/prefix.h"

typedef bool (*number_operation)(const tt_number *a, const tt_number *b, tt_number *out);

/* ---- terms and ids ---------------------------------------------------------------------------- */

static void try_inline(const tt_term *term)
{
	tt_id id = TT_UNBOUND;
	if (tt_value_from_term(term, &id)) {
		tt_scratch scratch;
		const tt_term again = tt_value_to_term(id, &scratch);
		FUZZ_REQUIRE(tt_id_is_inline(id) && tt_term_equal(term, &again), "%.*s became %.*s", TT_VIEW_ARG(term->text),
		             TT_VIEW_ARG(again.text));
	}
}

/* ---- numbers ---------------------------------------------------------------------------------- */

static void try_number_format(const tt_number *number)
{
	tt_ctx ctx;
	tt_buffer text;
	tt_ctx_init(&ctx);
	tt_buffer_init(&text, &ctx);
	tt_number again = TT_NUMBER_ZERO;
	const tt_vocab datatype = tt_number_datatype(number);
	FUZZ_REQUIRE(tt_number_format(number, &text) == TT_OK, "%s", ctx.error.text);
	FUZZ_REQUIRE(tt_number_parse(tt_buffer_view(&text), datatype, &again), "%.*s", TT_VIEW_ARG(tt_buffer_view(&text)));
	FUZZ_REQUIRE(tt_number_order(number, &again) == 0, "%.*s is another number", TT_VIEW_ARG(tt_buffer_view(&text)));
	tt_id id = TT_UNBOUND;
	const tt_term term = tt_term_typed(tt_buffer_view(&text), tt_vocab_iri(datatype));
	tt_id term_id = TT_UNBOUND;
	const bool is_inline = tt_number_to_id(number, &id);
	FUZZ_REQUIRE(is_inline == tt_value_from_term(&term, &term_id) && id == term_id, "%.*s has two ids",
	             TT_VIEW_ARG(term.text));
	if (is_inline) {
		FUZZ_REQUIRE(tt_number_from_id(id, &again) && tt_number_order(number, &again) == 0, "another number");
	}
	tt_number_clear(&again);
	tt_buffer_clear(&text);
}

static void try_arithmetic(const tt_number *a, const tt_number *b)
{
	static const number_operation operations[] = {tt_number_add, tt_number_subtract, tt_number_multiply,
	                                              tt_number_divide};
	for (size_t i = 0; i < sizeof operations / sizeof *operations; ++i) {
		tt_number result = TT_NUMBER_ZERO;
		if (operations[i](a, b, &result)) {
			try_number_format(&result);
		}
		tt_number_clear(&result);
	}
	FUZZ_REQUIRE(tt_number_order(a, b) == -tt_number_order(b, a), "the order depends on the side");
	tt_number sum = TT_NUMBER_ZERO;
	const bool is_exact = a->kind <= TT_NUMBER_DECIMAL && b->kind <= TT_NUMBER_DECIMAL;
	if (is_exact && tt_number_add(a, b, &sum) && tt_number_subtract(&sum, b, &sum)) {
		FUZZ_REQUIRE(tt_number_order(a, &sum) == 0, "a + b - b is not a");
	}
	tt_number_clear(&sum);
}

static void try_rounding(const tt_number *a)
{
	typedef void (*rounding)(const tt_number *a, tt_number *out);
	static const rounding roundings[] = {tt_number_ceil, tt_number_floor, tt_number_round, tt_number_abs,
	                                     tt_number_negate};
	for (size_t i = 0; i < sizeof roundings / sizeof *roundings; ++i) {
		tt_number result = TT_NUMBER_ZERO;
		roundings[i](a, &result);
		try_number_format(&result);
		tt_number_clear(&result);
	}
	for (tt_number_kind kind = TT_NUMBER_INTEGER; kind <= TT_NUMBER_DOUBLE; ++kind) {
		tt_number result = TT_NUMBER_ZERO;
		if (tt_number_cast(a, kind, &result)) {
			try_number_format(&result);
		}
		tt_number_clear(&result);
	}
}

static void try_numbers(fuzz_input *input)
{
	static const tt_vocab datatypes[] = {TT_VOCAB_XSD_INTEGER, TT_VOCAB_XSD_DECIMAL, TT_VOCAB_XSD_DOUBLE,
	                                     TT_VOCAB_XSD_FLOAT,   TT_VOCAB_XSD_BYTE,    TT_VOCAB_XSD_UNSIGNED_LONG};
	enum { N = sizeof datatypes / sizeof *datatypes };
	const tt_vocab of_a = datatypes[fuzz_below(input, N)];
	const tt_vocab of_b = datatypes[fuzz_below(input, N)];
	const tt_view text_a = fuzz_line(input);
	const tt_view text_b = fuzz_rest(input);
	tt_number a = TT_NUMBER_ZERO;
	tt_number b = TT_NUMBER_ZERO;
	if (tt_number_parse(text_a, of_a, &a)) {
		try_number_format(&a);
		try_rounding(&a);
		if (tt_number_parse(text_b, of_b, &b)) {
			try_arithmetic(&a, &b);
		}
	}
	tt_number_clear(&a);
	tt_number_clear(&b);
	const tt_term term = tt_term_typed(text_a, tt_vocab_iri(of_a));
	try_inline(&term);
}

/* ---- dates and durations ---------------------------------------------------------------------- */

static void try_datetime_format(const tt_datetime *value)
{
	tt_ctx ctx;
	tt_buffer text;
	tt_datetime again;
	tt_ctx_init(&ctx);
	tt_buffer_init(&text, &ctx);
	FUZZ_REQUIRE(tt_datetime_format(value, &text) == TT_OK, "%s", ctx.error.text);
	const tt_view view = tt_buffer_view(&text);
	FUZZ_REQUIRE(tt_datetime_parse(view, value->datatype, &again), "%.*s", TT_VIEW_ARG(view));
	FUZZ_REQUIRE(tt_datetime_compare(value, &again, TT_ZONE_INDETERMINATE) == TT_EQUAL, "%.*s", TT_VIEW_ARG(view));
	FUZZ_REQUIRE(value->has_zone == again.has_zone && value->zone_minutes == again.zone_minutes, "another zone");
	tt_id id = TT_UNBOUND;
	tt_id term_id = TT_UNBOUND;
	const tt_term term = tt_term_typed(view, tt_vocab_iri(value->datatype));
	const bool is_inline = tt_datetime_to_id(value, &id);
	FUZZ_REQUIRE(is_inline == tt_value_from_term(&term, &term_id) && id == term_id, "%.*s has two ids",
	             TT_VIEW_ARG(view));
	tt_buffer_clear(&text);
}

static void try_duration_format(const tt_duration *value)
{
	tt_ctx ctx;
	tt_buffer text;
	tt_duration again;
	tt_ctx_init(&ctx);
	tt_buffer_init(&text, &ctx);
	FUZZ_REQUIRE(tt_duration_format(value, &text) == TT_OK, "%s", ctx.error.text);
	const tt_view view = tt_buffer_view(&text);
	FUZZ_REQUIRE(tt_duration_parse(view, value->datatype, &again), "%.*s", TT_VIEW_ARG(view));
	FUZZ_REQUIRE(tt_duration_compare(value, &again) == TT_EQUAL, "%.*s", TT_VIEW_ARG(view));
	tt_buffer_clear(&text);
}

static void try_datetimes(fuzz_input *input)
{
	static const tt_vocab datatypes[] = {TT_VOCAB_XSD_DATE_TIME, TT_VOCAB_XSD_DATE, TT_VOCAB_XSD_TIME,
	                                     TT_VOCAB_XSD_G_YEAR_MONTH, TT_VOCAB_XSD_G_YEAR};
	enum { N = sizeof datatypes / sizeof *datatypes };
	tt_datetime a, b, sum;
	tt_duration difference;
	const tt_vocab of_a = datatypes[fuzz_below(input, N)];
	const tt_vocab of_b = datatypes[fuzz_below(input, N)];
	const tt_view text_a = fuzz_line(input);
	const tt_view text_b = fuzz_rest(input);
	const tt_term term = tt_term_typed(text_a, tt_vocab_iri(of_a));
	try_inline(&term);
	if (!tt_datetime_parse(text_a, of_a, &a)) {
		return;
	}
	try_datetime_format(&a);
	for (size_t i = 0; i < N; ++i) {
		if (tt_datetime_cast(&a, datatypes[i], &sum)) {
			try_datetime_format(&sum);
		}
	}
	if (tt_datetime_parse(text_b, of_b, &b)) {
		const tt_ordering forward = tt_datetime_compare(&a, &b, TT_ZONE_UTC);
		const tt_ordering backward = tt_datetime_compare(&b, &a, TT_ZONE_UTC);
		FUZZ_REQUIRE(forward == TT_UNORDERED ? backward == TT_UNORDERED : (int)forward == -(int)backward, "order");
		if (tt_datetime_subtract(&a, &b, &difference)) {
			try_duration_format(&difference);
			if (tt_datetime_add(&b, &difference, false, &sum)) {
				try_datetime_format(&sum);
				FUZZ_REQUIRE(of_a != TT_VOCAB_XSD_DATE_TIME || tt_datetime_compare(&sum, &a, TT_ZONE_UTC) == TT_EQUAL,
				             "b + (a - b) is not a");
			}
		}
	}
}

static void try_durations(fuzz_input *input)
{
	static const tt_vocab datatypes[] = {TT_VOCAB_XSD_DURATION, TT_VOCAB_XSD_DAY_TIME_DURATION,
	                                     TT_VOCAB_XSD_YEAR_MONTH_DURATION};
	enum { N = sizeof datatypes / sizeof *datatypes };
	tt_duration a, b, sum;
	tt_number quotient = TT_NUMBER_ZERO;
	const tt_vocab of_a = datatypes[fuzz_below(input, N)];
	const tt_vocab of_b = datatypes[fuzz_below(input, N)];
	const tt_view text_a = fuzz_line(input);
	const tt_view text_b = fuzz_rest(input);
	if (!tt_duration_parse(text_a, of_a, &a)) {
		return;
	}
	try_duration_format(&a);
	if (tt_duration_multiply(&a, -1.5, &sum)) {
		try_duration_format(&sum);
	}
	if (tt_duration_parse(text_b, of_b, &b)) {
		(void)tt_duration_compare(&a, &b);
		if (tt_duration_add(&a, &b, false, &sum)) {
			try_duration_format(&sum);
		}
		if (tt_duration_add(&a, &b, true, &sum)) {
			try_duration_format(&sum);
		}
		if (tt_duration_divide(&a, &b, &quotient)) {
			try_number_format(&quotient);
		}
	}
	tt_number_clear(&quotient);
	tt_datetime moment;
	if (tt_datetime_parse(text_b, TT_VOCAB_XSD_DATE_TIME, &moment) && tt_datetime_add(&moment, &a, true, &moment)) {
		try_datetime_format(&moment);
	}
}

/* ---- IRIs ------------------------------------------------------------------------------------- */

static void try_iris(fuzz_input *input)
{
	const tt_view base = fuzz_line(input);
	const tt_view reference = fuzz_rest(input);
	const bool is_valid = tt_iri_is_valid(base) && tt_iri_is_valid(reference);
	if (!is_valid || !tt_iri_is_absolute(base)) {
		return;
	}
	tt_ctx ctx;
	tt_buffer once, twice;
	tt_prefixes prefixes;
	tt_ctx_init(&ctx);
	tt_buffer_init(&once, &ctx);
	tt_buffer_init(&twice, &ctx);
	tt_prefixes_init(&prefixes, &ctx);
	FUZZ_REQUIRE(tt_iri_resolve(base, reference, &once) == TT_OK, "%s", ctx.error.text);
	const tt_view resolved = tt_buffer_view(&once);
	FUZZ_REQUIRE(tt_iri_is_absolute(resolved) && tt_iri_is_valid(resolved), "%.*s", TT_VIEW_ARG(resolved));
	/* An empty reference takes the base's dot segments over (RFC 3986 §5.2.2). */
	FUZZ_REQUIRE(tt_iri_resolve(base, resolved, &twice) == TT_OK, "%s", ctx.error.text);
	FUZZ_REQUIRE(tt_view_equal(resolved, tt_buffer_view(&twice)) || reference.size == 0 || reference.data[0] == '?' ||
	                 reference.data[0] == '#',
	             "%.*s, then %.*s", TT_VIEW_ARG(resolved), TT_VIEW_ARG(tt_buffer_view(&twice)));
	const tt_prefix *prefix = NULL;
	tt_view local;
	FUZZ_REQUIRE(tt_prefixes_set(&prefixes, TT_VIEW("p"), base) == TT_OK, "%s", ctx.error.text);
	if (tt_prefixes_shorten(&prefixes, resolved, &prefix, &local)) {
		FUZZ_REQUIRE(prefix->iri.size + local.size == resolved.size, "a local name that is not the rest");
	}
	tt_prefixes_clear(&prefixes);
	tt_buffer_clear(&once);
	tt_buffer_clear(&twice);
	FUZZ_REQUIRE(ctx.n_bytes_used == 0, "%zu bytes are not freed", ctx.n_bytes_used);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const tries[])(fuzz_input *) = {try_numbers, try_datetimes, try_durations, try_iris};
	fuzz_input input = {data, size};
	tries[fuzz_below(&input, sizeof tries / sizeof *tries)](&input);
	return 0;
}
