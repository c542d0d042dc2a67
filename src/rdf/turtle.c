/* turtle.c - Turtle and TriG by recursive descent over the bytes of the whole text.
 *
 * The text of a term is either a view into the file or, where it has escapes, a prefix or a relative IRI, made in an
 * arena that is emptied behind each statement. Above each function stands its production (RDF 1.1 TriG §4.5). */
#include "rdf/turtle.h"

#include <stdio.h>

#include "rdf/iri.h"
#include "rdf/name.h"
#include "rdf/prefix.h"

typedef struct turtle {
	tt_ctx *ctx;
	const tt_read_sink *sink;
	const char *name;
	const char *start, *at, *end;
	bool has_graphs;
	tt_buffer base;
	tt_prefixes prefixes;
	tt_arena arena;
	tt_buffer scratch;
	tt_term graph;
	bool is_in_graph;
	unsigned long n_blanks;
	const char *counted; /* up to where lines were counted for the last message, the line there, and its start */
	size_t n_counted;
	const char *counted_line;
} turtle;

/* ---- errors ----------------------------------------------------------------------------------- */

static tt_status fail_at(turtle *t, const char *at, tt_status status, const char *message)
{
	if (!t->counted || at < t->counted) {
		t->counted = t->start;
		t->counted_line = t->start;
		t->n_counted = 1;
	}
	for (; t->counted < at; ++t->counted) {
		if (*t->counted == '\n') {
			t->n_counted++;
			t->counted_line = t->counted + 1;
		}
	}
	const size_t column = tt_utf8_length((tt_view){t->counted_line, (size_t)(at - t->counted_line)}) + 1;
	return tt_fail_at(t->ctx, status, t->name, t->n_counted, column, "%s", message);
}

static tt_status fail_expected(turtle *t, const char *expected)
{
	char message[200];
	unsigned n = 0;
	if (t->at < t->end) {
		(void)tt_utf8_decode(t->at, (size_t)(t->end - t->at), &n);
		const bool is_line_end = *t->at == '\n' || *t->at == '\r';
		(void)snprintf(message, sizeof message,
		               is_line_end ? "expected %s, found the end of the line" : "expected %s, found \"%.*s\"", expected,
		               (int)n, t->at);
	} else {
		(void)snprintf(message, sizeof message, "expected %s, found the end of the file", expected);
	}
	return fail_at(t, t->at, TT_SYNTAX, message);
}

/* ---- characters ------------------------------------------------------------------------------- */

/* NUL stands for the end: the sieve has refused every other one. */
static char peek(const turtle *t)
{
	return t->at < t->end ? *t->at : '\0';
}

static char peek_at(const turtle *t, size_t n)
{
	return (size_t)(t->end - t->at) > n ? t->at[n] : '\0';
}

static void skip_space(turtle *t)
{
	for (;;) {
		const char c = peek(t);
		if (c == '#') {
			while (t->at < t->end && *t->at != '\n' && *t->at != '\r') {
				t->at++;
			}
		} else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
			t->at++;
		} else {
			return;
		}
	}
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A character that may stand in a name; full stops, colons, escapes are the business of the caller. */
static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == '-' ||
	       (unsigned char)c >= 0x80;
}

/* Take one character, with the white space before it. */
static tt_status take(turtle *t, char wanted, const char *expected)
{
	skip_space(t);
	if (peek(t) != wanted) {
		return fail_expected(t, expected);
	}
	t->at++;
	return TT_OK;
}

/* Take a word in any case if it stands here by itself. */
static bool take_word(turtle *t, const char *word, bool is_exact)
{
	const size_t n = strlen(word);
	const tt_view here = {t->at, n};
	if ((size_t)(t->end - t->at) < n || is_name_byte(peek_at(t, n)) || peek_at(t, n) == ':' ||
	    !(is_exact ? tt_view_equal(here, tt_view_of(word)) : tt_view_equal_nocase(here, tt_view_of(word)))) {
		return false;
	}
	/* `a.b:` is no word a. */
	if (peek_at(t, n) == '.' && is_exact && is_name_byte(peek_at(t, n + 1)) && n == 1) {
		return false;
	}
	t->at += n;
	return true;
}

/* The scratch buffer as text that lives until the statement ends. */
static tt_status keep_scratch(turtle *t, tt_view *out)
{
	const tt_view text = tt_buffer_view(&t->scratch);
	const char *const copy = tt_arena_strndup(&t->arena, text.size ? text.data : "", text.size);
	*out = (tt_view){copy, text.size};
	return copy ? TT_OK : t->ctx->error.status;
}

/* UCHAR: the digits behind \u or \U, appended to the scratch buffer. */
static tt_status take_hex(turtle *t, unsigned n_digits)
{
	const char *const escape = t->at - 2;
	uint32_t code_point = 0;
	for (unsigned i = 0; i < n_digits; ++i, ++t->at) {
		const char *const digits = "0123456789abcdef";
		const char c = peek(t);
		const char *const digit = c ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;
		if (!digit) {
			return fail_expected(t, "a hexadecimal digit");
		}
		code_point = code_point << 4 | (uint32_t)(digit - digits);
	}
	if (code_point == 0) {
		return fail_at(t, escape, TT_UNSUPPORTED, "the character U+0000 cannot be read");
	}
	if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF)) {
		return fail_at(t, escape, TT_SYNTAX, "an escape that is not a Unicode character");
	}
	return tt_buffer_append_utf8(&t->scratch, code_point);
}

/* ECHAR (in texts) or UCHAR, from the backslash. */
static tt_status take_escape(turtle *t, bool is_text)
{
	static const char names[] = "tbnrf\"'\\";
	static const char values[] = "\t\b\n\r\f\"'\\";
	t->at++;
	const char c = peek(t);
	const char *const name = c ? strchr(names, c) : NULL;
	if (name && is_text) {
		t->at++;
		return tt_buffer_append_char(&t->scratch, values[name - names]);
	}
	if (c != 'u' && c != 'U') {
		return fail_expected(t, is_text ? "one of tbnrf\"'\\uU after the backslash"
		                                : "\"u\" or \"U\" after the backslash");
	}
	t->at++;
	return take_hex(t, c == 'u' ? 4 : 8);
}

/* ---- IRIs and names --------------------------------------------------------------------------- */

/* [18] IRIREF */
static tt_status take_iriref(turtle *t, tt_view *out)
{
	const char *const open = t->at++;
	const char *const start = t->at;
	bool is_escaped = false;
	tt_buffer_reset(&t->scratch);
	while (peek(t) != '>') {
		const unsigned char c = (unsigned char)peek(t);
		if (c == '\\') {
			if (!is_escaped) {
				TT_TRY(tt_buffer_append(&t->scratch, (tt_view){start, (size_t)(t->at - start)}));
				is_escaped = true;
			}
			TT_TRY(take_escape(t, false));
			continue;
		}
		if (c <= ' ' || strchr("<\"{}|^`", c)) {
			return t->at < t->end ? fail_at(t, t->at, TT_SYNTAX, "a character that an IRI may not have")
			                      : fail_expected(t, "\">\"");
		}
		if (is_escaped) {
			TT_TRY(tt_buffer_append_char(&t->scratch, (char)c));
		}
		t->at++;
	}
	*out = (tt_view){start, (size_t)(t->at - start)};
	t->at++;
	if (is_escaped) {
		TT_TRY(keep_scratch(t, out));
		if (!tt_iri_is_valid(*out)) {
			return fail_at(t, open, TT_SYNTAX, "an IRI with a character that it may not have");
		}
	}
	/* Resolving takes "." and ".." out of absolute IRIs too (RFC 3986 §5.2.2). */
	if (!tt_iri_is_absolute(*out) || memmem(out->data, out->size, "/.", 2)) {
		tt_buffer_reset(&t->scratch);
		TT_TRY(tt_iri_resolve(tt_buffer_view(&t->base), *out, &t->scratch));
		return keep_scratch(t, out);
	}
	return TT_OK;
}

/* [172s] PLX inside a local name: %41 as it stands, \- without its backslash. The shape gets a letter for it. */
static tt_status take_local_escape(turtle *t, tt_buffer *shape)
{
	static const char escapes[] = "_~.-!$&'()*+,;=/?#@%";
	if (peek(t) == '%') {
		for (size_t i = 1; i <= 2; ++i) {
			const char c = peek_at(t, i);
			if (!is_digit(c) && !(c >= 'a' && c <= 'f') && !(c >= 'A' && c <= 'F')) {
				t->at += i;
				return fail_expected(t, "two hexadecimal digits after \"%\"");
			}
		}
		TT_TRY(tt_buffer_append(&t->scratch, (tt_view){t->at, 3}));
		t->at += 3;
	} else {
		t->at++;
		if (!peek(t) || !strchr(escapes, peek(t))) {
			return fail_expected(t, "one of _~.-!$&'()*+,;=/?#@% after the backslash");
		}
		TT_TRY(tt_buffer_append_char(&t->scratch, *t->at++));
	}
	return tt_buffer_append_char(shape, 'x');
}

/* [169s] PN_LOCAL, appended to the scratch buffer. Full stops at its end belong to the statement. */
static tt_status take_local(turtle *t)
{
	const char *const start = t->at;
	tt_buffer shape;
	tt_buffer_init(&shape, t->ctx);
	tt_status status = TT_OK;
	for (char c = peek(t); status == TT_OK; c = peek(t)) {
		if (is_name_byte(c) || c == ':') {
			status = tt_buffer_append_char(&t->scratch, c);
			status = status ? status : tt_buffer_append_char(&shape, c);
			t->at++;
		} else if (c == '.') {
			size_t n = 1;
			while (peek_at(t, n) == '.') {
				n++;
			}
			const char next = peek_at(t, n);
			if (!is_name_byte(next) && next != ':' && next != '%' && next != '\\') {
				break;
			}
			status = tt_buffer_append(&t->scratch, (tt_view){t->at, n});
			status = status ? status : tt_buffer_append(&shape, (tt_view){t->at, n});
			t->at += n;
		} else if (c == '%' || c == '\\') {
			status = take_local_escape(t, &shape);
		} else {
			break;
		}
	}
	if (status == TT_OK && !tt_name_is_local(tt_buffer_view(&shape))) {
		status = fail_at(t, start, TT_SYNTAX, "a character that a name may not have");
	}
	tt_buffer_clear(&shape);
	return status;
}

/* The prefix of a name, up to its colon (which is taken). */
static tt_status take_prefix_name(turtle *t, tt_view *out)
{
	const char *const start = t->at;
	while (is_name_byte(peek(t)) || peek(t) == '.') {
		t->at++;
	}
	*out = (tt_view){start, (size_t)(t->at - start)};
	if (peek(t) != ':' || !tt_name_is_prefix(*out)) {
		t->at = start;
		return fail_expected(t, "a term");
	}
	t->at++;
	return TT_OK;
}

/* [136s] PrefixedName */
static tt_status take_prefixed(turtle *t, tt_view *out)
{
	const char *const start = t->at;
	tt_view prefix;
	TT_TRY(take_prefix_name(t, &prefix));
	const tt_view *const iri = tt_prefixes_find(&t->prefixes, prefix);
	if (!iri) {
		char message[160];
		(void)snprintf(message, sizeof message, "the prefix %.*s: is not declared",
		               (int)(prefix.size < 80 ? prefix.size : 80), prefix.data);
		return fail_at(t, start, TT_SYNTAX, message);
	}
	tt_buffer_reset(&t->scratch);
	TT_TRY(tt_buffer_append(&t->scratch, *iri));
	TT_TRY(take_local(t));
	return keep_scratch(t, out);
}

/* [135s] iri */
static tt_status take_iri(turtle *t, tt_term *out)
{
	out->kind = TT_TERM_IRI;
	return peek(t) == '<' ? take_iriref(t, &out->text) : take_prefixed(t, &out->text);
}

/* [141s] BLANK_NODE_LABEL */
static tt_status take_blank(turtle *t, tt_term *out)
{
	t->at++;
	if (peek(t) != ':') {
		return fail_expected(t, "\":\" after \"_\"");
	}
	const char *const start = ++t->at;
	while (is_name_byte(peek(t)) || peek(t) == '.') {
		t->at++;
	}
	while (t->at > start && t->at[-1] == '.') {
		t->at--;
	}
	const tt_view label = {start, (size_t)(t->at - start)};
	if (!tt_name_is_blank_label(label)) {
		t->at = start;
		return fail_expected(t, "the label of a blank node");
	}
	*out = tt_term_blank(label);
	return TT_OK;
}

/* A blank node without a label: no syntax has labels that begin with a hyphen. */
static tt_status make_blank(turtle *t, tt_term *out)
{
	char label[32];
	const int n = snprintf(label, sizeof label, "-%lu", ++t->n_blanks);
	const char *const copy = tt_arena_strndup(&t->arena, label, (size_t)n);
	*out = tt_term_blank((tt_view){copy, (size_t)n});
	return copy ? TT_OK : t->ctx->error.status;
}

/* ---- literals --------------------------------------------------------------------------------- */

/* [22]–[25] String. Short ones end at the line, long ones have three delimiters. */
static tt_status take_string(turtle *t, tt_view *out)
{
	const char *const open = t->at;
	const char delimiter = *open;
	const bool is_long = peek_at(t, 1) == delimiter && peek_at(t, 2) == delimiter;
	t->at += is_long ? 3 : 1;
	const char *run = t->at;
	const char *const start = t->at;
	bool is_escaped = false;
	tt_buffer_reset(&t->scratch);
	for (;;) {
		const char c = peek(t);
		if (t->at == t->end) {
			return fail_at(t, open, TT_SYNTAX, "a text that is not closed by a quotation mark");
		}
		if (c == delimiter && (!is_long || (peek_at(t, 1) == delimiter && peek_at(t, 2) == delimiter))) {
			break;
		}
		if (!is_long && (c == '\n' || c == '\r')) {
			return fail_expected(t, "a closing quotation mark");
		}
		if (c == '\\') {
			TT_TRY(tt_buffer_append(&t->scratch, (tt_view){run, (size_t)(t->at - run)}));
			TT_TRY(take_escape(t, true));
			is_escaped = true;
			run = t->at;
		} else {
			t->at++;
		}
	}
	*out = (tt_view){start, (size_t)(t->at - start)};
	if (is_escaped) {
		TT_TRY(tt_buffer_append(&t->scratch, (tt_view){run, (size_t)(t->at - run)}));
		TT_TRY(keep_scratch(t, out));
	}
	t->at += is_long ? 3 : 1;
	return TT_OK;
}

/* [128s] RDFLiteral */
static tt_status take_literal(turtle *t, tt_term *out)
{
	tt_view text = {0};
	TT_TRY(take_string(t, &text));
	if (peek(t) == '@') {
		const char *const start = ++t->at;
		while (peek(t) == '-' || (is_name_byte(peek(t)) && peek(t) != '_' && (unsigned char)peek(t) < 0x80)) {
			t->at++;
		}
		const tt_view tag = {start, (size_t)(t->at - start)};
		if (!tt_name_is_language(tag)) {
			t->at = start;
			return fail_expected(t, "a language tag");
		}
		*out = tt_term_lang(text, tag);
		return TT_OK;
	}
	if (peek(t) == '^') {
		if (peek_at(t, 1) != '^') {
			return fail_expected(t, "\"^^\"");
		}
		t->at += 2;
		const char *const place = t->at;
		tt_term datatype = {0};
		TT_TRY(take_iri(t, &datatype));
		if (tt_view_equal(datatype.text, tt_vocab_iri(TT_VOCAB_RDF_LANG_STRING))) {
			return fail_at(t, place, TT_SYNTAX, "rdf:langString without a language tag");
		}
		*out = tt_term_typed(text, datatype.text);
		return TT_OK;
	}
	*out = tt_term_string(text);
	return TT_OK;
}

static size_t count_digits(const turtle *t, size_t from)
{
	size_t n = from;
	while (is_digit(peek_at(t, n))) {
		n++;
	}
	return n - from;
}

/* [16] NumericLiteral */
static tt_status take_number(turtle *t, tt_term *out)
{
	const size_t n_sign = peek(t) == '+' || peek(t) == '-';
	size_t n = n_sign + count_digits(t, n_sign);
	const size_t n_integer = n - n_sign;
	size_t n_fraction = 0;
	tt_vocab datatype = TT_VOCAB_XSD_INTEGER;
	if (peek_at(t, n) == '.') {
		n_fraction = count_digits(t, n + 1);
		const char behind = peek_at(t, n + 1 + n_fraction);
		if (n_fraction || (n_integer && (behind == 'e' || behind == 'E'))) {
			n += 1 + n_fraction;
			datatype = TT_VOCAB_XSD_DECIMAL;
		}
	}
	if ((peek_at(t, n) == 'e' || peek_at(t, n) == 'E') && n_integer + n_fraction) {
		const size_t sign = peek_at(t, n + 1) == '+' || peek_at(t, n + 1) == '-';
		const size_t n_exponent = count_digits(t, n + 1 + sign);
		if (n_exponent) {
			n += 1 + sign + n_exponent;
			datatype = TT_VOCAB_XSD_DOUBLE;
		}
	}
	if (n_integer + n_fraction == 0) {
		return fail_expected(t, "a term");
	}
	*out = tt_term_typed((tt_view){t->at, n}, tt_vocab_iri(datatype));
	t->at += n;
	if (is_name_byte(peek(t))) {
		return fail_expected(t, "the end of the number");
	}
	return TT_OK;
}

/* ---- triples ---------------------------------------------------------------------------------- */

static tt_status give(turtle *t, const tt_term *subject, const tt_term *predicate, const tt_term *object)
{
	return t->sink->statement(t->sink->user, subject, predicate, object, &t->graph);
}

static tt_status take_object(turtle *t, tt_term *out);
static tt_status take_predicates(turtle *t, const tt_term *subject);

static tt_status enter(turtle *t)
{
	if (tt_ctx_enter(t->ctx) != TT_OK) {
		char message[100];
		(void)snprintf(message, sizeof message, "%.90s", t->ctx->error.text);
		return fail_at(t, t->at, TT_LIMIT, message);
	}
	return TT_OK;
}

/* [14] blankNodePropertyList: '[' predicateObjectList ']', or ANON. */
static tt_status take_properties(turtle *t, tt_term *out, bool *out_is_empty)
{
	TT_TRY(enter(t));
	t->at++;
	TT_TRY(make_blank(t, out));
	skip_space(t);
	*out_is_empty = peek(t) == ']';
	if (!*out_is_empty) {
		TT_TRY(take_predicates(t, out));
	}
	TT_TRY(take(t, ']', "\"]\""));
	tt_ctx_leave(t->ctx);
	return TT_OK;
}

/* [15] collection: '(' object* ')' */
static tt_status take_collection(turtle *t, tt_term *out)
{
	const tt_term first = tt_term_iri(tt_vocab_iri(TT_VOCAB_RDF_FIRST));
	const tt_term rest = tt_term_iri(tt_vocab_iri(TT_VOCAB_RDF_REST));
	const tt_term nil = tt_term_iri(tt_vocab_iri(TT_VOCAB_RDF_NIL));
	tt_term last = nil;
	TT_TRY(enter(t));
	t->at++;
	*out = nil;
	for (skip_space(t); peek(t) != ')'; skip_space(t)) {
		tt_term item;
		tt_term cell;
		TT_TRY(make_blank(t, &cell));
		if (last.kind == TT_TERM_BLANK) {
			TT_TRY(give(t, &last, &rest, &cell));
		} else {
			*out = cell;
		}
		last = cell;
		TT_TRY(take_object(t, &item));
		TT_TRY(give(t, &cell, &first, &item));
	}
	t->at++;
	tt_ctx_leave(t->ctx);
	return last.kind == TT_TERM_BLANK ? give(t, &last, &rest, &nil) : TT_OK;
}

/* [12] object */
static tt_status take_object(turtle *t, tt_term *out)
{
	bool is_empty = false;
	skip_space(t);
	*out = (tt_term){.kind = TT_TERM_NONE};
	const char c = peek(t);
	switch (c) {
	case '[':
		return take_properties(t, out, &is_empty);
	case '(':
		return take_collection(t, out);
	case '"':
	case '\'':
		return take_literal(t, out);
	case '_':
		return take_blank(t, out);
	default:
		break;
	}
	if (is_digit(c) || c == '+' || c == '-' || (c == '.' && is_digit(peek_at(t, 1)))) {
		return take_number(t, out);
	}
	const char *const start = t->at;
	if (take_word(t, "true", true) || take_word(t, "false", true)) {
		*out = tt_term_typed((tt_view){start, (size_t)(t->at - start)}, tt_vocab_iri(TT_VOCAB_XSD_BOOLEAN));
		return TT_OK;
	}
	if (c != '<' && c != ':' && !is_name_byte(c)) {
		return fail_expected(t, "an object");
	}
	return take_iri(t, out);
}

/* [9] verb: predicate | 'a' */
static tt_status take_verb(turtle *t, tt_term *out)
{
	*out = tt_term_iri(tt_vocab_iri(TT_VOCAB_RDF_TYPE));
	if (take_word(t, "a", true)) {
		return TT_OK;
	}
	if (peek(t) != '<' && peek(t) != ':' && !is_name_byte(peek(t))) {
		return fail_expected(t, "a predicate");
	}
	return take_iri(t, out);
}

/* [7] predicateObjectList: verb objectList (';' (verb objectList)?)* */
static tt_status take_predicates(turtle *t, const tt_term *subject)
{
	for (;;) {
		tt_term predicate;
		skip_space(t);
		TT_TRY(take_verb(t, &predicate));
		do {
			tt_term object;
			TT_TRY(take_object(t, &object));
			TT_TRY(give(t, subject, &predicate, &object));
			skip_space(t);
		} while (peek(t) == ',' && t->at++);
		if (peek(t) != ';') {
			return TT_OK;
		}
		while (peek(t) == ';') {
			t->at++;
			skip_space(t);
		}
		if (peek(t) == '.' || peek(t) == ']' || peek(t) == '}' || t->at == t->end) {
			return TT_OK;
		}
	}
}

/* [10] subject. *out_is_whole: a property list, behind which no predicate need follow. */
static tt_status take_subject(turtle *t, tt_term *out, bool *out_is_whole)
{
	bool is_empty = false;
	*out_is_whole = false;
	*out = (tt_term){.kind = TT_TERM_NONE};
	switch (peek(t)) {
	case '[':
		TT_TRY(take_properties(t, out, &is_empty));
		*out_is_whole = !is_empty;
		return TT_OK;
	case '(':
		return take_collection(t, out);
	case '_':
		return take_blank(t, out);
	default:
		break;
	}
	if (peek(t) != '<' && peek(t) != ':' && !is_name_byte(peek(t))) {
		return fail_expected(t, "a subject");
	}
	return take_iri(t, out);
}

static tt_status take_triples_of(turtle *t, const tt_term *subject, bool is_whole)
{
	skip_space(t);
	return is_whole && (peek(t) == '.' || peek(t) == '}') ? TT_OK : take_predicates(t, subject);
}

/* ---- going on behind errors -------------------------------------------------------------------- */

/* Past a text, an IRI or a comment, which may hold what else would end a statement; else past one character. A text in
 * single quotation marks and an IRI end with their line at the latest. */
static const char *skip_token(const turtle *t, const char *at)
{
	const char c = *at;
	const size_t n_left = (size_t)(t->end - at);
	if ((c == '"' || c == '\'') && n_left >= 3 && at[1] == c && at[2] == c) {
		const char *const found = memmem(at + 3, n_left - 3, at, 3);
		return found ? found + 3 : t->end;
	}
	if (c != '"' && c != '\'' && c != '<' && c != '#') {
		return at + 1;
	}
	const char closing = c == '<' ? '>' : c == '#' ? '\n' : c;
	for (++at; at < t->end && *at != closing && *at != '\n'; ++at) {
		at += *at == '\\' && c != '#' && t->end - at > 1;
	}
	return at < t->end ? at + 1 : t->end;
}

/* Go behind the full stop or closing brace that seems to end a statement, or behind the line in which a text or an IRI
 * is not closed; in a graph stay before its brace.
 * @param start Where the statement begins; the error is where we are. */
static void skip_statement(turtle *t, const char *start)
{
	const char *const error = t->at;
	size_t n_braces = 0;
	const char *at = start;
	while (at < t->end) {
		const char c = *at;
		if (c == '}' && t->is_in_graph && n_braces == 0 && at >= error && at > start) {
			break;
		}
		at = skip_token(t, at);
		n_braces += c == '{';
		const bool is_closing = c == '}' && n_braces <= 1;
		n_braces -= c == '}' && n_braces > 0;
		const bool is_stop = c == '.' && (at == t->end || strchr(" \t\r\n#", *at)) && n_braces == 0;
		const bool is_unclosed = (c == '"' || c == '\'' || c == '<') && at[-1] == '\n';
		if (at > error && (is_stop || is_closing || is_unclosed)) {
			break;
		}
	}
	t->at = at;
}

/* What the sieve looks for, in the bytes of a statement. */
static tt_status check_bytes(turtle *t, const char *start)
{
	const tt_view text = {start, (size_t)(t->at - start)};
	const char *const nul = memchr(text.data, '\0', text.size);
	const char *const bad = nul ? nul : start + tt_utf8_check(text);
	return bad == t->at ? TT_OK : fail_at(t, bad, TT_SYNTAX, nul ? "a NUL byte" : "a byte that is not UTF-8");
}

/* Take a statement; leave it out if it is bad and the sink wants that. */
static tt_status take_or_skip(turtle *t, tt_status (*take_one)(turtle *t))
{
	if (!t->sink->skipped) {
		return take_one(t);
	}
	const char *const start = t->at;
	const unsigned n_depth = t->ctx->n_depth;
	const bool is_in_graph = t->is_in_graph;
	TT_TRY(t->sink->begin(t->sink->user));
	tt_status status = take_one(t);
	if (tt_read_can_skip(t->sink, status)) {
		t->ctx->n_depth = n_depth;
		t->is_in_graph = is_in_graph;
		skip_statement(t, start);
	} else if (status == TT_OK) {
		status = check_bytes(t, start);
	}
	return tt_read_can_skip(t->sink, status) ? t->sink->skipped(t->sink->user, &t->ctx->error) : status;
}

/* [5g] wrappedGraph: '{' triplesBlock? '}' */
static tt_status take_triples_in_graph(turtle *t)
{
	tt_term subject;
	bool is_whole = false;
	TT_TRY(take_subject(t, &subject, &is_whole));
	TT_TRY(take_triples_of(t, &subject, is_whole));
	skip_space(t);
	return peek(t) == '}' ? TT_OK : take(t, '.', "\".\" or \"}\"");
}

static tt_status take_graph(turtle *t, const tt_term *graph)
{
	TT_TRY(take(t, '{', "\"{\""));
	t->graph = *graph;
	t->is_in_graph = true;
	for (skip_space(t); peek(t) != '}'; skip_space(t)) {
		TT_TRY(tt_ctx_poll(t->ctx));
		if (t->at == t->end) {
			return fail_expected(t, "a subject");
		}
		TT_TRY(take_or_skip(t, take_triples_in_graph));
	}
	t->at++;
	t->graph = (tt_term){.kind = TT_TERM_NONE};
	t->is_in_graph = false;
	return TT_OK;
}

/* ---- directives and statements ---------------------------------------------------------------- */

/* [4] prefixID, [6s] sparqlPrefix: behind the keyword. */
static tt_status take_prefix(turtle *t)
{
	tt_view name = TT_VIEW("");
	tt_view iri = TT_VIEW("");
	skip_space(t);
	TT_TRY(take_prefix_name(t, &name));
	skip_space(t);
	if (peek(t) != '<') {
		return fail_expected(t, "the IRI of the prefix");
	}
	TT_TRY(take_iriref(t, &iri));
	TT_TRY(tt_prefixes_set(&t->prefixes, name, iri));
	return t->sink->prefix ? t->sink->prefix(t->sink->user, name, iri) : TT_OK;
}

/* [5] base, [5s] sparqlBase: behind the keyword. */
static tt_status take_base(turtle *t)
{
	tt_view iri = TT_VIEW("");
	skip_space(t);
	if (peek(t) != '<') {
		return fail_expected(t, "the base IRI");
	}
	TT_TRY(take_iriref(t, &iri));
	tt_buffer_reset(&t->base);
	return tt_buffer_append(&t->base, iri);
}

/* [3] directive. *out_is_one: there was one. */
static tt_status take_directive(turtle *t, bool *out_is_one)
{
	*out_is_one = true;
	if (peek(t) == '@') {
		t->at++;
		if (take_word(t, "prefix", true)) {
			TT_TRY(take_prefix(t));
		} else if (take_word(t, "base", true)) {
			TT_TRY(take_base(t));
		} else {
			return fail_expected(t, "@prefix or @base");
		}
		return take(t, '.', "\".\"");
	}
	if (take_word(t, "PREFIX", false)) {
		return take_prefix(t);
	}
	if (take_word(t, "BASE", false)) {
		return take_base(t);
	}
	*out_is_one = false;
	return TT_OK;
}

/* [2g] block | [6] triples '.' */
static tt_status take_statement(turtle *t)
{
	const tt_term none = {.kind = TT_TERM_NONE};
	bool is_directive = false;
	TT_TRY(take_directive(t, &is_directive));
	if (is_directive) {
		return TT_OK;
	}
	if (t->has_graphs && peek(t) == '{') {
		return take_graph(t, &none);
	}
	const bool is_graph = t->has_graphs && take_word(t, "GRAPH", false);
	skip_space(t);
	if (is_graph && (peek(t) == '(' || peek(t) == '{')) {
		return fail_expected(t, "the name of a graph");
	}
	tt_term subject;
	bool is_whole = false;
	const bool may_name_graph = t->has_graphs && peek(t) != '(';
	TT_TRY(take_subject(t, &subject, &is_whole));
	skip_space(t);
	if (!is_whole && (is_graph || (may_name_graph && peek(t) == '{'))) {
		return take_graph(t, &subject);
	}
	TT_TRY(take_triples_of(t, &subject, is_whole));
	return take(t, '.', "\".\"");
}

static tt_status tell_progress(const turtle *t)
{
	const tt_read_sink *const sink = t->sink;
	return sink->progress ? sink->progress(sink->user, (uint64_t)(t->at - t->start), (uint64_t)(t->end - t->start))
	                      : TT_OK;
}

static tt_status take_document(turtle *t)
{
	enum { STATEMENTS_PER_REPORT = 1024 };
	size_t n_statements = 0;
	for (skip_space(t); t->at < t->end; skip_space(t)) {
		TT_TRY(tt_ctx_poll(t->ctx));
		t->graph = (tt_term){.kind = TT_TERM_NONE};
		TT_TRY(take_or_skip(t, take_statement));
		tt_arena_reset(&t->arena);
		if (++n_statements % STATEMENTS_PER_REPORT == 0) {
			TT_TRY(tell_progress(t));
		}
	}
	return TT_OK;
}

tt_status tt_turtle_read(tt_ctx *ctx, tt_view text, const char *name, tt_view base, bool has_graphs,
                         const tt_read_sink *sink)
{
	if (!text.data) {
		text = (tt_view){"", 0};
	}
	turtle t = {.ctx = ctx,
	            .sink = sink,
	            .name = name,
	            .start = text.data,
	            .at = text.data,
	            .end = text.data + text.size,
	            .has_graphs = has_graphs};
	const unsigned n_depth = ctx->n_depth;
	tt_buffer_init(&t.base, ctx);
	tt_buffer_init(&t.scratch, ctx);
	tt_arena_init(&t.arena, ctx);
	tt_prefixes_init(&t.prefixes, ctx);
	tt_status status = tt_buffer_append(&t.base, base);
	status = status ? status : take_document(&t);
	ctx->n_depth = n_depth; /* errors leave brackets open */
	tt_prefixes_clear(&t.prefixes);
	tt_arena_clear(&t.arena);
	tt_buffer_clear(&t.scratch);
	tt_buffer_clear(&t.base);
	return status;
}
