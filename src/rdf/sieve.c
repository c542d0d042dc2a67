/* sieve.c - checks on chunks of whole lines.
 *
 * No token that matters here holds a line end (Turtle: no escape; XML: no delimiter), so none is ever cut by the end of
 * a chunk. */
#include "rdf/sieve.h"

#include <stdio.h>

enum { MOST_XML_DEPTH = 500 };

void tt_sieve_init(tt_sieve *sieve, tt_ctx *ctx, const char *name, tt_rdf_syntax syntax)
{
	*sieve = (tt_sieve){.ctx = ctx, .name = name, .syntax = syntax};
}

/* ---- places ----------------------------------------------------------------------------------- */

static size_t count_lines(tt_view text)
{
	size_t n = 0;
	for (size_t i = 0; i < text.size; ++i) {
		n += text.data[i] == '\n';
	}
	return n;
}

static size_t find_line_start(tt_view text, size_t offset)
{
	while (offset > 0 && text.data[offset - 1] != '\n') {
		--offset;
	}
	return offset;
}

static tt_status fail_in(const tt_sieve *sieve, tt_view text, size_t offset, tt_status status, const char *message)
{
	const size_t start = find_line_start(text, offset);
	const size_t line = sieve->n_lines + count_lines((tt_view){text.data, start}) + 1;
	const size_t column = tt_utf8_length((tt_view){text.data + start, offset - start}) + 1;
	return tt_fail_at(sieve->ctx, status, sieve->name, line, column, "%s", message);
}

/* ---- all syntaxes ----------------------------------------------------------------------------- */

/* Offset of the first byte that is NUL or not UTF-8, or text.size. ASCII goes eight bytes at a time. */
static size_t find_bad_byte(tt_view text)
{
	const uint64_t ones = 0x0101010101010101u;
	const uint64_t highs = 0x8080808080808080u;
	size_t i = 0;
	while (i < text.size) {
		for (uint64_t eight; text.size - i >= sizeof eight; i += sizeof eight) {
			memcpy(&eight, text.data + i, sizeof eight);
			if (((eight | (eight - ones)) & highs) != 0) {
				break;
			}
		}
		unsigned n = 1;
		const uint32_t c = i < text.size ? tt_utf8_decode(text.data + i, text.size - i, &n) : ' ';
		if (c == 0 || c == UINT32_MAX) {
			return i;
		}
		i += n;
	}
	return text.size;
}

static tt_status check_bytes(const tt_sieve *sieve, tt_view text)
{
	const size_t at = find_bad_byte(text);
	if (at >= text.size) {
		return TT_OK;
	}
	if (text.data[at] == '\0') {
		return fail_in(sieve, text, at, TT_SYNTAX, "a NUL byte, which text may not hold");
	}
	char message[80];
	(void)snprintf(message, sizeof message, "the byte 0x%02X is not UTF-8", (unsigned)(unsigned char)text.data[at]);
	return fail_in(sieve, text, at, TT_SYNTAX, message);
}

/* \u0000 and \U00000000, if the backslash is not itself escaped. */
static tt_status check_nul_escapes(const tt_sieve *sieve, tt_view text)
{
	static const tt_view escapes[] = {{"\\u0000", 6}, {"\\U00000000", 10}};
	for (size_t k = 0; k < 2; ++k) {
		tt_view rest = text;
		const char *found;
		while (rest.size && (found = memmem(rest.data, rest.size, escapes[k].data, escapes[k].size)) != NULL) {
			const char *start = found;
			while (start > text.data && start[-1] == '\\') {
				--start;
			}
			if ((found - start) % 2 == 0) {
				return fail_in(sieve, text, (size_t)(found - text.data), TT_UNSUPPORTED,
				               "the character U+0000 cannot be read");
			}
			rest = tt_view_skip(rest, (size_t)(found - rest.data) + 2);
		}
	}
	return TT_OK;
}

/* ---- RDF/XML ---------------------------------------------------------------------------------- */

/* Past the next occurrence of some text, or to the end. */
static bool skip_past(tt_view text, size_t *at, tt_view end)
{
	const char *const found = memmem(text.data + *at, text.size - *at, end.data, end.size);
	*at = found ? (size_t)(found - text.data) + end.size : text.size;
	return found != NULL;
}

static const char *open_markup(tt_sieve *sieve, tt_view text, size_t *at)
{
	const tt_view rest = tt_view_skip(text, *at);
	if (tt_view_starts(rest, TT_VIEW("<!--"))) {
		sieve->place = TT_XML_COMMENT;
		*at += 4;
	} else if (tt_view_starts(rest, TT_VIEW("<![CDATA["))) {
		sieve->place = TT_XML_CDATA;
		*at += 9;
	} else if (tt_view_starts(rest, TT_VIEW("<!"))) {
		return "a document type declaration (DOCTYPE), which is not read: write the entities out";
	} else if (tt_view_starts(rest, TT_VIEW("<?"))) {
		sieve->place = TT_XML_PI;
		*at += 2;
	} else {
		sieve->place = TT_XML_TAG;
		sieve->is_end_tag = tt_view_starts(rest, TT_VIEW("</"));
		*at += 1;
	}
	return NULL;
}

static const char *close_tag(tt_sieve *sieve, bool is_empty)
{
	sieve->place = TT_XML_TEXT;
	if (sieve->is_end_tag) {
		sieve->n_depth -= sieve->n_depth > 0;
	} else if (!is_empty && ++sieve->n_depth > MOST_XML_DEPTH) {
		return "elements are nested more than 500 levels deep";
	}
	return NULL;
}

static const char *step_xml(tt_sieve *sieve, tt_view text, size_t *at)
{
	static const tt_view ends[] = {
	    [TT_XML_TEXT] = {"<", 1}, [TT_XML_COMMENT] = {"-->", 3}, [TT_XML_CDATA] = {"]]>", 3}, [TT_XML_PI] = {"?>", 2}};
	const char c = text.data[*at];
	switch (sieve->place) {
	case TT_XML_TEXT:
		if (skip_past(text, at, ends[TT_XML_TEXT])) {
			--*at;
			return open_markup(sieve, text, at);
		}
		return NULL;
	case TT_XML_TAG:
		++*at;
		if (c == '"' || c == '\'') {
			sieve->place = TT_XML_QUOTED;
			sieve->quote = c;
		}
		return c == '>' ? close_tag(sieve, text.data[*at >= 2 ? *at - 2 : 0] == '/') : NULL;
	case TT_XML_QUOTED:
		if (skip_past(text, at, (tt_view){&sieve->quote, 1})) {
			sieve->place = TT_XML_TAG;
		}
		return NULL;
	default:
		if (skip_past(text, at, ends[sieve->place])) {
			sieve->place = TT_XML_TEXT;
		}
		return NULL;
	}
}

/* The bytes were checked as UTF-8; in another encoding they would mean something else to the parser. */
static tt_status check_encoding(const tt_sieve *sieve, tt_view text)
{
	size_t end = 0;
	if (!tt_view_starts(text, TT_VIEW("<?xml")) || !skip_past(text, &end, TT_VIEW("?>"))) {
		return TT_OK;
	}
	const tt_view declaration = {text.data, end};
	size_t at = 0;
	if (!skip_past(declaration, &at, TT_VIEW("encoding"))) {
		return TT_OK;
	}
	while (at < end && strchr("= \t\r\n\"'", declaration.data[at])) {
		++at;
	}
	const tt_view rest = tt_view_skip(declaration, at);
	static const tt_view known[] = {{"UTF-8", 5}, {"US-ASCII", 8}, {"ASCII", 5}};
	for (size_t i = 0; i < sizeof known / sizeof *known; ++i) {
		if (rest.size > known[i].size && tt_view_equal_nocase((tt_view){rest.data, known[i].size}, known[i]) &&
		    (rest.data[known[i].size] == '"' || rest.data[known[i].size] == '\'')) {
			return TT_OK;
		}
	}
	return fail_in(sieve, text, at, TT_UNSUPPORTED, "only XML in UTF-8 is read, not in another encoding");
}

static tt_status check_xml(tt_sieve *sieve, tt_view text)
{
	if (!sieve->is_later) {
		TT_TRY(check_encoding(sieve, text));
	}
	size_t at = 0;
	while (at < text.size) {
		const char *const problem = step_xml(sieve, text, &at);
		if (problem) {
			return fail_in(sieve, text, at - (at == text.size), TT_SYNTAX, problem);
		}
	}
	return TT_OK;
}

/* ---- all together ----------------------------------------------------------------------------- */

tt_status tt_sieve_check(tt_sieve *sieve, tt_view text)
{
	TT_TRY(check_bytes(sieve, text));
	if (sieve->syntax == TT_RDF_XML) {
		TT_TRY(check_xml(sieve, text));
	} else if (sieve->syntax == TT_RDF_TURTLE || sieve->syntax == TT_RDF_TRIG) {
		TT_TRY(check_nul_escapes(sieve, text));
	}
	sieve->n_lines += count_lines(text);
	sieve->is_later = true;
	return TT_OK;
}
