/* cell.c - terms for people. */
#include "result/cell.h"

#include "base/emit.h"
#include "rdf/name.h"

/* ---- text without effects ---------------------------------------------------------------------- */

typedef struct range {
	uint32_t first, last;
} range;

/* Controls, line and paragraph separators, marks that change the direction of writing, the byte order mark. */
static bool is_active(uint32_t c)
{
	static const range ranges[] = {{0x00, 0x1F},     {0x7F, 0x9F},     {0x200E, 0x200F},
	                               {0x2028, 0x202E}, {0x2066, 0x2069}, {0xFEFF, 0xFEFF}};
	for (size_t i = 0; i < sizeof ranges / sizeof *ranges; ++i) {
		if (c >= ranges[i].first && c <= ranges[i].last) {
			return true;
		}
	}
	return false;
}

static tt_status write_escaped(tt_buffer *out, uint32_t c)
{
	switch (c) {
	case '\n':
		return TT_EMIT(out, "\\n");
	case '\r':
		return TT_EMIT(out, "\\r");
	case '\t':
		return TT_EMIT(out, "\\t");
	case UINT32_MAX: /* not UTF-8 */
		return TT_EMIT(out, "\xEF\xBF\xBD");
	default:
		return tt_buffer_printf(out, "\\u%04X", (unsigned)c);
	}
}

tt_status tt_cell_write_text(tt_buffer *out, tt_view text)
{
	size_t begin = 0;
	for (size_t i = 0; i < text.size;) {
		unsigned n = 1;
		const unsigned char byte = (unsigned char)text.data[i];
		if (byte >= ' ' && byte < 0x7F) {
			++i;
			continue;
		}
		const uint32_t c = tt_utf8_decode(text.data + i, text.size - i, &n);
		if (c == UINT32_MAX || is_active(c)) {
			TT_TRY(tt_emit(out, (tt_view){text.data + begin, i - begin}));
			TT_TRY(write_escaped(out, c));
			begin = i + n;
		}
		i += n;
	}
	return text.size ? tt_emit(out, (tt_view){text.data + begin, text.size - begin}) : TT_OK;
}

/* ---- what a literal looks like ------------------------------------------------------------------ */

static bool consists_of(tt_view text, const char *characters)
{
	for (size_t i = 0; i < text.size; ++i) {
		if (!text.data[i] || !strchr(characters, text.data[i])) {
			return false;
		}
	}
	return text.size > 0;
}

static bool begins_as_number(tt_view text)
{
	return text.size && (strchr("+-.", text.data[0]) || (text.data[0] >= '0' && text.data[0] <= '9')) && text.data[0];
}

static bool is_number_text(tt_view text)
{
	static const tt_view others[] = {{"INF", 3}, {"-INF", 4}, {"+INF", 4}, {"NaN", 3}};
	for (size_t i = 0; i < sizeof others / sizeof *others; ++i) {
		if (tt_view_equal(text, others[i])) {
			return true;
		}
	}
	return begins_as_number(text) && consists_of(text, "0123456789+-.eE");
}

static bool is_truth_text(tt_view text)
{
	return tt_view_equal(text, TT_VIEW("true")) || tt_view_equal(text, TT_VIEW("false"));
}

static bool is_time_text(tt_view text)
{
	return begins_as_number(text) && consists_of(text, "0123456789+-.:TZ");
}

static bool is_duration_text(tt_view text)
{
	return consists_of(text, "0123456789-.PYMDTHS") && (text.data[0] == 'P' || text.data[0] == '-') &&
	       strchr("YMDHS", text.data[text.size - 1]) != NULL;
}

/** The datatypes whose values are known by their look. */
typedef struct bare_type {
	tt_view name; /* behind the namespace of XSD */
	bool (*is_well_formed)(tt_view text);
} bare_type;

static const bare_type bare_types[] = {
    {{"integer", 7}, is_number_text},
    {{"decimal", 7}, is_number_text},
    {{"double", 6}, is_number_text},
    {{"float", 5}, is_number_text},
    {{"long", 4}, is_number_text},
    {{"int", 3}, is_number_text},
    {{"short", 5}, is_number_text},
    {{"byte", 4}, is_number_text},
    {{"nonNegativeInteger", 18}, is_number_text},
    {{"positiveInteger", 15}, is_number_text},
    {{"nonPositiveInteger", 18}, is_number_text},
    {{"negativeInteger", 15}, is_number_text},
    {{"unsignedLong", 12}, is_number_text},
    {{"unsignedInt", 11}, is_number_text},
    {{"unsignedShort", 13}, is_number_text},
    {{"unsignedByte", 12}, is_number_text},
    {{"boolean", 7}, is_truth_text},
    {{"dateTime", 8}, is_time_text},
    {{"date", 4}, is_time_text},
    {{"time", 4}, is_time_text},
    {{"gYear", 5}, is_time_text},
    {{"gYearMonth", 10}, is_time_text},
    {{"gMonthDay", 9}, is_time_text},
    {{"gMonth", 6}, is_time_text},
    {{"gDay", 4}, is_time_text},
    {{"duration", 8}, is_duration_text},
    {{"dayTimeDuration", 15}, is_duration_text},
    {{"yearMonthDuration", 17}, is_duration_text},
};

/* The entry of a literal that may stand bare, or NULL. */
static const bare_type *find_bare_type(const tt_term *term)
{
	static const tt_view namespace = {"http://www.w3.org/2001/XMLSchema#", 33};
	if (!tt_view_starts(term->datatype, namespace)) {
		return NULL;
	}
	const tt_view name = tt_view_skip(term->datatype, namespace.size);
	for (size_t i = 0; i < sizeof bare_types / sizeof *bare_types; ++i) {
		if (tt_view_equal(name, bare_types[i].name)) {
			return bare_types[i].is_well_formed(term->text) ? &bare_types[i] : NULL;
		}
	}
	return NULL;
}

static bool is_prefixed_name(tt_view text, const tt_prefixes *prefixes)
{
	const char *const colon = memchr(text.data, ':', text.size);
	if (!colon || !prefixes) {
		return false;
	}
	const size_t n_name = (size_t)(colon - text.data);
	return tt_name_is_local(tt_view_skip(text, n_name + 1)) &&
	       tt_prefixes_find(prefixes, (tt_view){text.data, n_name}) != NULL;
}

/* Whether a bare string could be taken for another kind of term. */
static bool is_mistakable(tt_view text, const tt_prefixes *prefixes)
{
	if (!text.size || text.data[0] == '"' || tt_view_starts(text, TT_VIEW("_:"))) {
		return true;
	}
	if (text.data[0] == '<' && text.data[text.size - 1] == '>') {
		return true;
	}
	return is_number_text(text) || is_truth_text(text) || is_time_text(text) || is_duration_text(text) ||
	       is_prefixed_name(text, prefixes);
}

/* ---- terms --------------------------------------------------------------------------------------- */

static tt_status write_iri(tt_buffer *out, tt_view iri, const tt_result_style *style)
{
	const tt_prefix *prefix = NULL;
	tt_view local;
	if (style->is_short && style->prefixes && tt_prefixes_shorten(style->prefixes, iri, &prefix, &local)) {
		TT_TRY(tt_emit(out, prefix->name));
		TT_TRY(TT_EMIT(out, ":"));
		return tt_cell_write_text(out, local);
	}
	TT_TRY(TT_EMIT(out, "<"));
	TT_TRY(tt_cell_write_text(out, iri));
	return TT_EMIT(out, ">");
}

static tt_status write_quoted(tt_buffer *out, tt_view text)
{
	TT_TRY(TT_EMIT(out, "\""));
	TT_TRY(tt_cell_write_text(out, text));
	return TT_EMIT(out, "\"");
}

static tt_status write_string(tt_buffer *out, const tt_term *term, const tt_result_style *style, tt_cell_look *look)
{
	look->is_string = true;
	TT_TRY(is_mistakable(term->text, style->prefixes) ? write_quoted(out, term->text)
	                                                  : tt_cell_write_text(out, term->text));
	if (term->language.size) {
		const size_t before = out->size;
		TT_TRY(TT_EMIT(out, "@"));
		TT_TRY(tt_cell_write_text(out, term->language));
		look->n_tag_bytes = out->size - before;
	}
	return TT_OK;
}

static tt_status write_literal(tt_buffer *out, const tt_term *term, const tt_result_style *style, tt_cell_look *look)
{
	if (term->language.size || !term->datatype.size ||
	    tt_view_equal(term->datatype, tt_vocab_iri(TT_VOCAB_XSD_STRING))) {
		return write_string(out, term, style, look);
	}
	const bare_type *const type = find_bare_type(term);
	if (type) {
		look->is_number = type->is_well_formed == is_number_text;
		return tt_emit(out, term->text);
	}
	TT_TRY(write_quoted(out, term->text));
	TT_TRY(TT_EMIT(out, "^^"));
	return write_iri(out, term->datatype, style);
}

tt_status tt_cell_write(tt_buffer *out, const tt_term *term, const tt_result_style *style, tt_cell_look *out_look)
{
	*out_look = (tt_cell_look){0};
	switch (term->kind) {
	case TT_TERM_NONE:
		return TT_OK;
	case TT_TERM_IRI:
		return write_iri(out, term->text, style);
	case TT_TERM_LITERAL:
		return write_literal(out, term, style, out_look);
	case TT_TERM_BLANK:
		break;
	}
	TT_TRY(TT_EMIT(out, "_:"));
	return tt_cell_write_text(out, term->text);
}

/* ---- lines ----------------------------------------------------------------------------------------- */

tt_cell_rest tt_cell_take_line(tt_cell_rest *rest, size_t width)
{
	const tt_view text = rest->text;
	size_t n_columns = 0;
	size_t at = 0;
	tt_cell_rest words = {{text.data, 0}, 0}; /* up to the last space */
	while (at < text.size) {
		unsigned n = 1;
		(void)tt_utf8_decode(text.data + at, text.size - at, &n);
		const size_t n_more = tt_utf8_width((tt_view){text.data + at, n});
		if (text.data[at] == ' ') {
			words = (tt_cell_rest){{text.data, at}, n_columns};
		}
		if (n_columns + n_more > width && at > 0) {
			break;
		}
		n_columns += n_more;
		at += n;
	}
	tt_cell_rest line = {{text.data, at}, n_columns};
	if (at < text.size && words.text.size > at / 2) {
		line = words;
	}
	const size_t n_space = line.text.size < text.size && text.data[line.text.size] == ' ';
	rest->text = tt_view_skip(text, line.text.size + n_space);
	rest->width -= line.width + n_space;
	return line;
}
