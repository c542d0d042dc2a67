/* ntriples.c - one statement a line, by recursive descent over the bytes.
 *
 * A term without escapes is a view into the text, not a copy. */
#include "rdf/ntriples.h"

#include "rdf/iri.h"
#include "rdf/name.h"

enum { SUBJECT, PREDICATE, OBJECT, DATATYPE, GRAPH, N_SCRATCH };

void tt_ntriples_init(tt_ntriples *reader, tt_ctx *ctx, const char *name, bool has_graphs, const tt_read_sink *sink)
{
	*reader = (tt_ntriples){.ctx = ctx, .name = name, .has_graphs = has_graphs, .sink = sink};
	for (int i = 0; i < N_SCRATCH; ++i) {
		tt_buffer_init(&reader->scratch[i], ctx);
	}
}

void tt_ntriples_clear(tt_ntriples *reader)
{
	for (int i = 0; i < N_SCRATCH; ++i) {
		tt_buffer_clear(&reader->scratch[i]);
	}
}

/* ---- errors ----------------------------------------------------------------------------------- */

static tt_status fail_at(const tt_ntriples *reader, const char *at, tt_status status, const char *message)
{
	const size_t column = tt_utf8_length((tt_view){reader->line_start, (size_t)(at - reader->line_start)}) + 1;
	return tt_fail_at(reader->ctx, status, reader->name, reader->n_lines + 1, column, "%s", message);
}

/* The end of the text counts as the end of a line. */
static char peek(const tt_ntriples *reader)
{
	return reader->at < reader->end ? *reader->at : '\n';
}

static bool is_line_end(char c)
{
	return c == '\n' || c == '\r';
}

static tt_status fail_expected(const tt_ntriples *reader, const char *expected)
{
	const size_t column = tt_utf8_length((tt_view){reader->line_start, (size_t)(reader->at - reader->line_start)}) + 1;
	if (is_line_end(peek(reader))) {
		return tt_fail_at(reader->ctx, TT_SYNTAX, reader->name, reader->n_lines + 1, column,
		                  "expected %s, found the end of the line", expected);
	}
	unsigned n = 1;
	(void)tt_utf8_decode(reader->at, (size_t)(reader->end - reader->at), &n);
	return tt_fail_at(reader->ctx, TT_SYNTAX, reader->name, reader->n_lines + 1, column, "expected %s, found \"%.*s\"",
	                  expected, (int)n, reader->at);
}

/* ---- escapes ---------------------------------------------------------------------------------- */

/* UCHAR: the digits after \u or \U. */
static tt_status take_hex(tt_ntriples *reader, unsigned n_digits, uint32_t *out)
{
	const char *const escape = reader->at - 2;
	*out = 0;
	for (unsigned i = 0; i < n_digits; ++i, ++reader->at) {
		const char c = peek(reader);
		const char *const digits = "0123456789abcdef";
		const char *const digit = c ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;
		if (!digit) {
			return fail_expected(reader, "a hexadecimal digit");
		}
		*out = *out << 4 | (uint32_t)(digit - digits);
	}
	if (*out == 0) {
		return fail_at(reader, escape, TT_UNSUPPORTED, "the character U+0000 cannot be read");
	}
	if (*out > 0x10FFFF || (*out >= 0xD800 && *out <= 0xDFFF)) {
		return fail_at(reader, escape, TT_SYNTAX, "an escape that is not a Unicode character");
	}
	return TT_OK;
}

/* ECHAR (texts only) or UCHAR. */
static tt_status take_escape(tt_ntriples *reader, bool is_iri, tt_buffer *out)
{
	static const char names[] = "tbnrf\"'\\";
	static const char values[] = "\t\b\n\r\f\"'\\";
	++reader->at;
	const char c = peek(reader);
	const char *const name = c ? strchr(names, c) : NULL;
	if (name && !is_iri) {
		++reader->at;
		return tt_buffer_append_char(out, values[name - names]);
	}
	if (c != 'u' && c != 'U') {
		return fail_expected(reader,
		                     is_iri ? "\"u\" or \"U\" after the backslash" : "one of tbnrf\"'\\uU after the backslash");
	}
	++reader->at;
	uint32_t code_point = 0;
	TT_TRY(take_hex(reader, c == 'u' ? 4 : 8, &code_point));
	return tt_buffer_append_utf8(out, code_point);
}

/* From the first escape of an IRI or a text to its end. @param start What stands before needs no change. */
static tt_status take_escaped(tt_ntriples *reader, const char *start, char delimiter, tt_buffer *out)
{
	tt_buffer_reset(out);
	TT_TRY(tt_buffer_append(out, (tt_view){start, (size_t)(reader->at - start)}));
	while (peek(reader) != delimiter) {
		const char *const run = reader->at;
		while (peek(reader) != delimiter && peek(reader) != '\\') {
			if (is_line_end(peek(reader))) {
				return fail_expected(reader, delimiter == '>' ? "\">\"" : "a closing quotation mark");
			}
			++reader->at;
		}
		TT_TRY(tt_buffer_append(out, (tt_view){run, (size_t)(reader->at - run)}));
		if (peek(reader) == '\\') {
			TT_TRY(take_escape(reader, delimiter == '>', out));
		}
	}
	++reader->at;
	return TT_OK;
}

/* ---- terms ------------------------------------------------------------------------------------ */

static bool is_iri_char(char c)
{
	static const bool is_forbidden[128] = {['<'] = true, ['>'] = true, ['"'] = true, ['{'] = true,  ['}'] = true,
	                                       ['|'] = true, ['^'] = true, ['`'] = true, ['\\'] = true, [0x7F] = false};
	const unsigned char byte = (unsigned char)c;
	return byte > 0x20 && (byte >= 128 || !is_forbidden[byte]);
}

/* IRIREF, which must be absolute. */
static tt_status take_iri(tt_ntriples *reader, tt_buffer *scratch, tt_view *out)
{
	const char *const start = ++reader->at;
	while (is_iri_char(peek(reader))) {
		++reader->at;
	}
	if (peek(reader) == '>') {
		*out = (tt_view){start, (size_t)(reader->at - start)};
		++reader->at;
	} else if (peek(reader) == '\\') {
		TT_TRY(take_escaped(reader, start, '>', scratch));
		*out = tt_buffer_view(scratch);
		if (!tt_iri_is_valid(*out)) {
			return fail_at(reader, start - 1, TT_SYNTAX, "an IRI with a character that it may not have");
		}
	} else if (is_line_end(peek(reader))) {
		return fail_expected(reader, "\">\"");
	} else {
		return fail_at(reader, reader->at, TT_SYNTAX, "a character that an IRI may not have");
	}
	if (!tt_iri_is_absolute(*out)) {
		return fail_at(reader, start - 1, TT_SYNTAX, "an IRI that is not absolute");
	}
	return TT_OK;
}

/* BLANK_NODE_LABEL. A full stop at its end ends the statement. */
static tt_status take_blank(tt_ntriples *reader, tt_term *out)
{
	++reader->at;
	if (peek(reader) != ':') {
		return fail_expected(reader, "\":\" after \"_\"");
	}
	const char *const start = ++reader->at;
	for (char c = peek(reader); (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= ':') ||
	                            c == '_' || c == '-' || c == '.' || (unsigned char)c >= 128;
	     c = peek(reader)) {
		++reader->at;
	}
	while (reader->at > start && reader->at[-1] == '.') {
		--reader->at;
	}
	const tt_view label = {start, (size_t)(reader->at - start)};
	if (!label.size) {
		return fail_expected(reader, "the label of a blank node");
	}
	if (!tt_name_is_local(label)) { /* which N-Triples allow as labels, colons too */
		return fail_at(reader, start, TT_SYNTAX, "a character that the label of a blank node may not have");
	}
	*out = tt_term_blank(label);
	return TT_OK;
}

static tt_status take_language(tt_ntriples *reader, tt_view text, tt_term *out)
{
	const char *const start = ++reader->at;
	for (char c = peek(reader); (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
	     c = peek(reader)) {
		++reader->at;
	}
	const tt_view tag = {start, (size_t)(reader->at - start)};
	if (!tt_name_is_language(tag)) {
		reader->at = start;
		return fail_at(reader, start, TT_SYNTAX, "a language tag that is none");
	}
	*out = tt_term_lang(text, tag);
	return TT_OK;
}

static tt_status take_datatype(tt_ntriples *reader, tt_view text, tt_term *out)
{
	if (reader->end - reader->at < 2 || reader->at[1] != '^') {
		return fail_expected(reader, "\"^^\"");
	}
	reader->at += 2;
	const char *const start = reader->at;
	if (peek(reader) != '<') {
		return fail_expected(reader, "the IRI of a datatype");
	}
	tt_view datatype = TT_VIEW("");
	TT_TRY(take_iri(reader, &reader->scratch[DATATYPE], &datatype));
	if (tt_view_equal(datatype, tt_vocab_iri(TT_VOCAB_RDF_LANG_STRING))) {
		return fail_at(reader, start, TT_SYNTAX, "rdf:langString without a language tag");
	}
	*out = tt_term_typed(text, datatype);
	return TT_OK;
}

static tt_status take_literal(tt_ntriples *reader, tt_term *out)
{
	const char *const start = ++reader->at;
	while (peek(reader) != '"' && peek(reader) != '\\' && !is_line_end(peek(reader))) {
		++reader->at;
	}
	tt_view text;
	if (peek(reader) == '"') {
		text = (tt_view){start, (size_t)(reader->at - start)};
		++reader->at;
	} else {
		TT_TRY(take_escaped(reader, start, '"', &reader->scratch[OBJECT]));
		text = tt_buffer_view(&reader->scratch[OBJECT]);
	}
	if (peek(reader) == '@') {
		return take_language(reader, text, out);
	}
	if (peek(reader) == '^') {
		return take_datatype(reader, text, out);
	}
	*out = tt_term_string(text);
	return TT_OK;
}

static void skip_blanks(tt_ntriples *reader)
{
	while (peek(reader) == ' ' || peek(reader) == '\t') {
		++reader->at;
	}
}

/* @param expected What stands at this place, for the message; @param starts The characters it may begin with. */
static tt_status take_term(tt_ntriples *reader, const char *expected, const char *starts, tt_buffer *scratch,
                           tt_term *out)
{
	const char c = peek(reader);
	if (!strchr(starts, c)) {
		return fail_expected(reader, expected);
	}
	if (c == '<') {
		*out = (tt_term){.kind = TT_TERM_IRI};
		TT_TRY(take_iri(reader, scratch, &out->text));
	} else if (c == '_') {
		TT_TRY(take_blank(reader, out));
	} else {
		TT_TRY(take_literal(reader, out));
	}
	skip_blanks(reader);
	return TT_OK;
}

/* ---- statements ------------------------------------------------------------------------------- */

/* The terms of a statement. */
typedef struct {
	tt_term subject, predicate, object, graph;
} statement;

/* subject predicate object graphLabel? '.' */
static tt_status take_statement(tt_ntriples *reader, statement *out)
{
	TT_TRY(take_term(reader, "a subject (an IRI or a blank node)", "<_", &reader->scratch[SUBJECT], &out->subject));
	TT_TRY(take_term(reader, "a predicate (an IRI)", "<", &reader->scratch[PREDICATE], &out->predicate));
	TT_TRY(take_term(reader, "an object", "<_\"", &reader->scratch[OBJECT], &out->object));
	out->graph = (tt_term){.kind = TT_TERM_NONE};
	if (reader->has_graphs && peek(reader) != '.') {
		TT_TRY(take_term(reader, "a graph or \".\"", "<_", &reader->scratch[GRAPH], &out->graph));
	}
	if (peek(reader) != '.') {
		return fail_expected(reader, "\".\"");
	}
	++reader->at;
	return TT_OK;
}

static void skip_to_line_end(tt_ntriples *reader)
{
	while (!is_line_end(peek(reader))) {
		++reader->at;
	}
}

/* A statement or nothing, a comment or nothing, up to the line end. */
static tt_status take_line(tt_ntriples *reader, statement *out, bool *out_is_one)
{
	skip_blanks(reader);
	*out_is_one = !is_line_end(peek(reader)) && peek(reader) != '#';
	if (*out_is_one) {
		TT_TRY(take_statement(reader, out));
		skip_blanks(reader);
	}
	if (peek(reader) == '#') {
		skip_to_line_end(reader);
	}
	return is_line_end(peek(reader)) ? TT_OK : fail_expected(reader, "the end of the line");
}

/* Give the statement of a line to the sink; a bad line is left out if the sink wants that. */
static tt_status give_line(tt_ntriples *reader)
{
	const tt_read_sink *const sink = reader->sink;
	statement s;
	bool is_one = false;
	const tt_status status = take_line(reader, &s, &is_one);
	if (status != TT_OK) {
		if (!tt_read_can_skip(sink, status)) {
			return status;
		}
		skip_to_line_end(reader);
		return sink->skipped(sink->user, &reader->ctx->error);
	}
	return is_one && sink ? sink->statement(sink->user, &s.subject, &s.predicate, &s.object, &s.graph) : TT_OK;
}

tt_status tt_ntriples_feed(tt_ntriples *reader, tt_view text)
{
	reader->at = text.data;
	reader->end = text.data + text.size;
	reader->line_start = text.data;
	while (reader->at < reader->end) {
		TT_TRY(give_line(reader));
		if (peek(reader) == '\r') { /* a line end of its own, not one for editors */
			++reader->at;
			continue;
		}
		++reader->at;
		++reader->n_lines;
		reader->line_start = reader->at;
	}
	return TT_OK;
}
