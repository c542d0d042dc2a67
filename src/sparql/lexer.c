/* lexer.c - the terminals of the grammar, longest match first.
 *
 * Codepoint escapes (§19.2) may stand anywhere: every character that can be part of a token is read through peek(),
 * which gives the escaped character and the length of its escape. An escape never makes white space, a comment or the
 * delimiter of a string or IRI. Strings and IRIs are scanned once, and copied only if there is a backslash in them.
 *
 * Each byte is looked at a bounded number of times: places are counted on from the last token; an IRI scan ends at the
 * next '<'; a run of name characters without a colon is remembered, so that it is not scanned again from its middle. */
#include "sparql/lexer.h"

#include "rdf/name.h"
#include "sparql/parse.h"

#include <stdarg.h>
#include <stdio.h>

/* What peek() gives where there is no character: behind every Unicode character. */
enum { NO_CHARACTER = 0x110000, BAD_ESCAPE = 0x110001 };

/* ---- keywords --------------------------------------------------------------------------------- */

#define TT_KEYWORD(name) {#name, sizeof #name - 1},
static const tt_view keywords[] = {
#include "sparql/keywords.def"
};
#undef TT_KEYWORD

#define TT_FUNCTION(name, text, least, most, kind, section) {text, sizeof(text) - 1},
static const tt_view functions[] = {
#include "sparql/functions.def"
};
#undef TT_FUNCTION

tt_keyword tt_keyword_find(tt_view word)
{
	size_t i = 0;
	while (i < TT_N_KEYWORDS && !tt_view_equal_nocase(keywords[i], word)) {
		++i;
	}
	return (tt_keyword)i;
}

tt_view tt_keyword_text(tt_keyword keyword)
{
	return keyword < TT_N_KEYWORDS ? keywords[keyword] : TT_VIEW("");
}

static size_t longest_prefix(const tt_view *words, size_t n_words, tt_view text, size_t longest)
{
	for (size_t i = 0; i < n_words; ++i) {
		const tt_view word = words[i];
		if (word.size > longest && word.size <= text.size &&
		    tt_view_equal_nocase(word, (tt_view){text.data, word.size})) {
			longest = word.size;
		}
	}
	return longest;
}

/* The length of the longest word of the grammar that the text begins with; 0 if there is none. */
static size_t word_size(tt_view text)
{
	const size_t size = longest_prefix(keywords, TT_N_KEYWORDS, text, text.size && text.data[0] == 'a');
	return longest_prefix(functions, sizeof functions / sizeof *functions, text, size);
}

/* Whether a run of letters, digits and '_' is words of the grammar, and then perhaps a number: they need no blank
 * between them. */
static bool is_words(tt_view run)
{
	while (run.size && (run.data[0] < '0' || run.data[0] > '9')) {
		const size_t size = word_size(run);
		if (!size) {
			return false;
		}
		run = tt_view_skip(run, size);
	}
	return true;
}

/* ---- places and errors ------------------------------------------------------------------------ */

static bool is_line_end(tt_view text, size_t at)
{
	return text.data[at] == '\n' || (text.data[at] == '\r' && (at + 1 == text.size || text.data[at + 1] != '\n'));
}

static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xC0) == 0x80;
}

/* The place of a byte behind the last known one. */
static tt_place find_place(const tt_lexer *lexer, size_t at)
{
	tt_place place = lexer->place;
	for (size_t i = lexer->place_at; i < at; ++i) {
		if (is_line_end(lexer->text, i)) {
			place.line++;
			place.column = 1;
		} else if (!is_continuation(lexer->text.data[i])) {
			place.column++;
		}
	}
	return place;
}

static tt_view find_line(tt_view text, uint32_t line)
{
	size_t start = 0;
	for (size_t i = 0; i < text.size && line > 1; ++i) {
		if (is_line_end(text, i)) {
			start = i + 1;
			--line;
		}
	}
	size_t end = start;
	while (end < text.size && text.data[end] != '\n' && text.data[end] != '\r') {
		++end;
	}
	return (tt_view){text.data + start, end - start};
}

/* Text for the error record, which has room for it all (see draw_caret). */
typedef struct drawing {
	char *text;
	size_t n_text;
	size_t n_blanks; /* columns before the caret */
} drawing;

static void draw(drawing *d, tt_view text)
{
	memcpy(d->text + d->n_text, text.data, text.size);
	d->n_text += text.size;
}

/* The line, or of a long one the neighbourhood of the place, with a caret under the place. At most 72 characters of up
 * to 4 bytes and 2 columns, two ellipses, as many blanks, and the caret. */
static void draw_caret(tt_ctx *ctx, tt_view text, tt_place place)
{
	enum { BEFORE = 48, WINDOW = 72 };
	const tt_view line = find_line(text, place.line);
	const size_t first = place.column > BEFORE ? place.column - BEFORE : 1;
	drawing d = {ctx->error.caret, 0, first > 1 ? 1 : 0};
	if (first > 1) {
		draw(&d, TT_VIEW("…"));
	}
	size_t column = 1;
	size_t i = 0;
	while (i < line.size && column < first + WINDOW) {
		unsigned n = 1;
		const uint32_t c = tt_utf8_decode(line.data + i, line.size - i, &n);
		const tt_view character = c == UINT32_MAX         ? TT_VIEW("?")
		                          : c < 0x20 || c == 0x7F ? TT_VIEW(" ")
		                                                  : (tt_view){line.data + i, n};
		if (column >= first) {
			d.n_blanks += column < place.column ? tt_utf8_width(character) : 0;
			draw(&d, character);
		}
		++column;
		i += n;
	}
	if (i < line.size) {
		draw(&d, TT_VIEW("…"));
	}
	draw(&d, TT_VIEW("\n"));
	for (; d.n_blanks; --d.n_blanks) {
		draw(&d, TT_VIEW(" "));
	}
	draw(&d, (tt_view){"^", 2}); /* with its NUL */
}

tt_status tt_lexer_fail(const tt_lexer *lexer, tt_status status, tt_place place, const char *format, ...)
{
	char text[sizeof lexer->ctx->error.text];
	va_list arguments;
	va_start(arguments, format);
	(void)vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	(void)tt_fail_at(lexer->ctx, status, lexer->source_name, place.line, place.column, "%s", text);
	draw_caret(lexer->ctx, lexer->text, place);
	return status;
}

tt_status tt_parse_show_place(tt_ctx *ctx, tt_view text, const tt_parse_options *options)
{
	tt_error *const error = &ctx->error;
	const char *const name = options && options->source_name ? options->source_name : "query";
	if (error->line && !error->file[0]) {
		(void)snprintf(error->file, sizeof error->file, "%s", name);
		draw_caret(ctx, text, (tt_place){(uint32_t)error->line, (uint32_t)error->column});
	}
	return error->status;
}

/* Fail at a byte that was not yet passed. */
#define FAIL(lexer, at, ...) tt_lexer_fail((lexer), TT_SYNTAX, find_place((lexer), (at)), __VA_ARGS__)

/* ---- characters ------------------------------------------------------------------------------- */

static unsigned hex_value(char c)
{
	return c >= '0' && c <= '9'   ? (unsigned)(c - '0')
	       : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
	       : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10
	                              : 16;
}

/* §19.2: \uXXXX or \UXXXXXXXX; any other backslash stands for itself. */
static uint32_t peek_escape(const tt_lexer *lexer, size_t at, unsigned *out_size)
{
	const tt_view rest = tt_view_skip(lexer->text, at);
	if (rest.size < 2 || (rest.data[1] != 'u' && rest.data[1] != 'U')) {
		return '\\';
	}
	const unsigned size = rest.data[1] == 'u' ? 6 : 10;
	uint64_t c = 0;
	for (unsigned i = 2; i < size; ++i) {
		const unsigned digit = i < rest.size ? hex_value(rest.data[i]) : 16;
		if (digit > 15) {
			return BAD_ESCAPE;
		}
		c = c << 4 | digit;
	}
	if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) {
		return BAD_ESCAPE;
	}
	*out_size = size;
	return (uint32_t)c;
}

/* The character at a byte, and how many bytes it takes (more than 4: it is escaped). */
static uint32_t peek(const tt_lexer *lexer, size_t at, unsigned *out_size)
{
	*out_size = 1;
	if (at >= lexer->text.size) {
		*out_size = 0;
		return NO_CHARACTER;
	}
	const unsigned char c = (unsigned char)lexer->text.data[at];
	if (c < 128) {
		return c == '\\' ? peek_escape(lexer, at, out_size) : c;
	}
	return tt_utf8_decode(lexer->text.data + at, lexer->text.size - at, out_size);
}

static tt_status fail_escape(tt_lexer *lexer, size_t at)
{
	const tt_view rest = tt_view_skip(lexer->text, at);
	const size_t size = rest.size > 1 && rest.data[1] == 'u' ? 6 : 10;
	size_t n = 2;
	while (n < size && n < rest.size && hex_value(rest.data[n]) < 16) {
		++n;
	}
	if (n < size) {
		lexer->is_open = n == rest.size;
		return FAIL(lexer, at, "\\%c must be followed by %zu hexadecimal digits", rest.data[1], size - 2);
	}
	return FAIL(lexer, at, "%.*s is no character that may stand in a text", (int)size, rest.data);
}

static unsigned encode(uint32_t c, char bytes[4])
{
	if (c < 0x80) {
		bytes[0] = (char)c;
		return 1;
	}
	const unsigned n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	for (unsigned i = n - 1; i > 0; --i) {
		bytes[i] = (char)(0x80 | (c & 0x3F));
		c >>= 6;
	}
	bytes[0] = (char)((0xF0u << (4 - n) & 0xF0u) | c);
	return n;
}

static bool is_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* [164] PN_CHARS_BASE: of one character, the same as PN_PREFIX. */
static bool is_base(uint32_t c)
{
	if (c < 128) {
		return is_letter(c);
	}
	char bytes[4];
	return c < NO_CHARACTER && tt_name_is_prefix((tt_view){bytes, encode(c, bytes)});
}

/* [165] PN_CHARS_U or a digit: what a variable or a label begins with. */
static bool is_label_first(uint32_t c)
{
	return is_base(c) || c == '_' || is_digit(c);
}

/* [166] what follows in VARNAME. */
static bool is_variable_char(uint32_t c)
{
	return is_label_first(c) || c == 0xB7 || (c >= 0x300 && c <= 0x36F) || c == 0x203F || c == 0x2040;
}

/* [167] PN_CHARS */
static bool is_name_char(uint32_t c)
{
	return is_variable_char(c) || c == '-';
}

/* The end of a run of characters. */
static size_t skip_while(const tt_lexer *lexer, size_t at, bool (*is_wanted)(uint32_t c))
{
	for (;;) {
		unsigned n = 1;
		const uint32_t c = peek(lexer, at, &n);
		if (c >= NO_CHARACTER || !is_wanted(c)) {
			return at;
		}
		at += n;
	}
}

/* ---- texts of tokens -------------------------------------------------------------------------- */

/* [160] ECHAR and [173] PN_LOCAL_ESC: what the character behind a backslash stands for. */
static char unescape(char c)
{
	static const char controls[][2] = {{'t', '\t'}, {'b', '\b'}, {'n', '\n'}, {'r', '\r'}, {'f', '\f'}};
	for (size_t i = 0; i < sizeof controls / sizeof *controls; ++i) {
		if (controls[i][0] == c) {
			return controls[i][1];
		}
	}
	return c;
}

/* The text from @p start to @p end, which has been checked, without escapes. They only get shorter. */
static tt_status take_text(const tt_lexer *lexer, size_t start, size_t end, tt_view *out)
{
	*out = (tt_view){lexer->text.data + start, end - start};
	if (start == end || !memchr(out->data, '\\', out->size)) {
		return TT_OK;
	}
	char *const copy = tt_arena_alloc(lexer->arena, out->size);
	if (!copy) {
		return lexer->ctx->error.status;
	}
	size_t n_copy = 0;
	while (start < end) {
		unsigned n = 1;
		const uint32_t c = peek(lexer, start, &n);
		if (c == '\\' && n == 1) {
			copy[n_copy++] = unescape(lexer->text.data[start + 1]);
			n = 2;
		} else {
			n_copy += encode(c, copy + n_copy);
		}
		start += n;
	}
	*out = (tt_view){copy, n_copy};
	return TT_OK;
}

static void finish(tt_lexer *lexer, tt_token *token, tt_token_kind kind, size_t end)
{
	token->kind = kind;
	token->raw = (tt_view){lexer->text.data + lexer->at, end - lexer->at};
	lexer->at = end;
}

/* ---- IRIs and names --------------------------------------------------------------------------- */

static bool is_iri_char(uint32_t c)
{
	return c > 0x20 && (c >= 128 || !strchr("<>\"{}|^`\\", (int)c));
}

/* [139] IRIREF ::= '<' ([^<>"{}|^`\]-[#x00-#x20])* '>'
 * A '<' that begins none is an operator. */
static tt_status lex_iri(tt_lexer *lexer, tt_token *token)
{
	const size_t start = lexer->at + 1;
	const size_t end = skip_while(lexer, start, is_iri_char);
	if (end < lexer->text.size && lexer->text.data[end] == '>') {
		finish(lexer, token, TT_TOKEN_IRI, end + 1);
		return take_text(lexer, start, end, &token->text);
	}
	const bool has_equal = start < lexer->text.size && lexer->text.data[start] == '=';
	finish(lexer, token, has_equal ? TT_TOKEN_LESS_EQUAL : TT_TOKEN_LESS, has_equal ? start + 1 : start);
	return TT_OK;
}

tt_status tt_lexer_fail_iri(tt_lexer *lexer, const tt_token *token)
{
	const size_t start = (size_t)(token->raw.data - lexer->text.data);
	const size_t end = skip_while(lexer, start + 1, is_iri_char);
	unsigned n = 1;
	const uint32_t c = peek(lexer, end, &n);
	lexer->is_open = c == NO_CHARACTER;
	if (c == NO_CHARACTER || c == '\n' || c == '\r') {
		return tt_lexer_fail(lexer, TT_SYNTAX, token->place, "the IRI that begins here is not closed with \">\"");
	}
	lexer->place = token->place;
	lexer->place_at = start;
	if (c == BAD_ESCAPE) {
		return fail_escape(lexer, end);
	}
	if (n == 1 && (c == ' ' || c == '\t')) {
		return FAIL(lexer, end, "an IRI cannot hold white space; close it with \">\" or write %%20");
	}
	return FAIL(lexer, end, "an IRI cannot hold %.*s", (int)n, lexer->text.data + end);
}

/* [170]–[173] PLX ::= '%' HEX HEX | '\' one of _~.-!$&'()*+,;=/?#@% : its length, or 0. */
static unsigned plx_size(const tt_lexer *lexer, size_t at)
{
	const tt_view rest = tt_view_skip(lexer->text, at);
	if (rest.size >= 3 && rest.data[0] == '%' && hex_value(rest.data[1]) < 16 && hex_value(rest.data[2]) < 16) {
		return 3;
	}
	const bool is_escape = rest.size >= 2 && rest.data[0] == '\\' && rest.data[1] &&
	                       strchr("_~.-!$&'()*+,;=/?#@%", rest.data[1]);
	return is_escape ? 2 : 0;
}

/* [169] PN_LOCAL ::= (PN_CHARS_U | ':' | [0-9] | PLX ) ((PN_CHARS | '.' | ':' | PLX)* (PN_CHARS | ':' | PLX) )?
 * Its end; the same byte if there is none. */
static size_t skip_local(const tt_lexer *lexer, size_t at)
{
	size_t end = at;
	bool is_first = true;
	for (;;) {
		unsigned n = 1;
		const uint32_t c = peek(lexer, at, &n);
		const unsigned n_plx = plx_size(lexer, at);
		const bool fits = c == ':' || (is_first ? is_label_first(c) : is_name_char(c) || c == '.');
		if (!n_plx && !fits) {
			return end;
		}
		at += n_plx ? n_plx : n;
		end = c == '.' ? end : at;
		is_first = false;
	}
}

/* [140] PNAME_NS ::= PN_PREFIX? ':'
 * [141] PNAME_LN ::= PNAME_NS PN_LOCAL */
static tt_status lex_prefixed(tt_lexer *lexer, tt_token *token, size_t colon, unsigned n_colon)
{
	const size_t start = lexer->at;
	const size_t local = colon + n_colon;
	finish(lexer, token, TT_TOKEN_PREFIXED_NAME, skip_local(lexer, local));
	TT_TRY(take_text(lexer, start, colon, &token->prefix));
	return take_text(lexer, local, lexer->at, &token->text);
}

static bool is_prefix_char(uint32_t c)
{
	return is_name_char(c) || c == '.';
}

/* A prefixed name (rules 140, 141, 168) or a word. A run of letters, digits and '_' that is several words of the
 * grammar gives the first of them: LIMIT10 is LIMIT 10. Any other is given whole, for the message. */
static tt_status lex_name(tt_lexer *lexer, tt_token *token)
{
	if (lexer->at >= lexer->name_end) {
		const size_t end = skip_while(lexer, lexer->at, is_prefix_char);
		unsigned n = 1;
		if (peek(lexer, end, &n) == ':' && lexer->text.data[end - 1] != '.') {
			return lex_prefixed(lexer, token, end, n);
		}
		lexer->name_end = end;
	}
	const size_t start = lexer->at;
	const bool is_known = start < lexer->words_end;
	size_t end = is_known ? lexer->words_end : skip_while(lexer, start, is_label_first);
	const tt_view run = {lexer->text.data + start, end - start};
	const size_t first = is_known || is_words(run) ? word_size(run) : 0;
	if (first) {
		lexer->words_end = end;
		end = start + first;
	}
	finish(lexer, token, TT_TOKEN_WORD, end);
	TT_TRY(take_text(lexer, start, end, &token->text));
	token->keyword = tt_keyword_find(token->text);
	return TT_OK;
}

/* [142] BLANK_NODE_LABEL ::= '_:' ( PN_CHARS_U | [0-9] ) ((PN_CHARS|'.')* PN_CHARS)? */
static tt_status lex_blank(tt_lexer *lexer, tt_token *token, unsigned n_first)
{
	unsigned n = 1;
	const bool has_colon = peek(lexer, lexer->at + n_first, &n) == ':';
	const size_t start = lexer->at + n_first + n;
	if (!has_colon || !is_label_first(peek(lexer, start, &n))) {
		return FAIL(lexer, lexer->at, "a blank node is written _:name");
	}
	size_t end = skip_while(lexer, start, is_prefix_char);
	while (lexer->text.data[end - 1] == '.') {
		--end;
	}
	finish(lexer, token, TT_TOKEN_BLANK_LABEL, end);
	return take_text(lexer, start, end, &token->text);
}

/* [143] VAR1 ::= '?' VARNAME
 * [144] VAR2 ::= '$' VARNAME
 * A '?' without a name is a path modifier (rule 93). */
static tt_status lex_variable(tt_lexer *lexer, tt_token *token, uint32_t first, unsigned n_first)
{
	const size_t start = lexer->at + n_first;
	unsigned n = 1;
	const bool has_name = is_label_first(peek(lexer, start, &n));
	if (!has_name && first == '$') {
		return FAIL(lexer, lexer->at, "\"$\" must be followed by the name of a variable");
	}
	const size_t end = has_name ? skip_while(lexer, start, is_variable_char) : start;
	finish(lexer, token, has_name ? TT_TOKEN_VARIABLE : TT_TOKEN_QUESTION, end);
	return take_text(lexer, start, end, &token->text);
}

static bool is_letter_or_digit(uint32_t c)
{
	return is_letter(c) || is_digit(c);
}

/* [145] LANGTAG ::= '@' [a-zA-Z]+ ('-' [a-zA-Z0-9]+)* */
static tt_status lex_language(tt_lexer *lexer, tt_token *token, unsigned n_first)
{
	const size_t start = lexer->at + n_first;
	size_t end = skip_while(lexer, start, is_letter);
	if (end == start) {
		return FAIL(lexer, lexer->at, "\"@\" must be followed by a language tag such as en");
	}
	for (;;) {
		unsigned n = 1;
		const bool has_dash = peek(lexer, end, &n) == '-';
		const size_t part = has_dash ? skip_while(lexer, end + n, is_letter_or_digit) : end + n;
		if (part == end + n) {
			break;
		}
		end = part;
	}
	finish(lexer, token, TT_TOKEN_LANGUAGE, end);
	return take_text(lexer, start, end, &token->text);
}

/* ---- numbers and strings ---------------------------------------------------------------------- */

/* [155] EXPONENT ::= [eE] [+-]? [0-9]+ : its end, or @p at if there is none. */
static size_t skip_exponent(const tt_lexer *lexer, size_t at)
{
	unsigned n = 1;
	const uint32_t e = peek(lexer, at, &n);
	if (e != 'e' && e != 'E') {
		return at;
	}
	const size_t sign_at = at + n;
	const uint32_t sign = peek(lexer, sign_at, &n);
	const size_t digits = sign == '+' || sign == '-' ? sign_at + n : sign_at;
	const size_t end = skip_while(lexer, digits, is_digit);
	return end > digits ? end : at;
}

/* [146] INTEGER ::= [0-9]+
 * [147] DECIMAL ::= [0-9]* '.' [0-9]+
 * [148] DOUBLE ::= [0-9]+ '.' [0-9]* EXPONENT | '.' ([0-9])+ EXPONENT | ([0-9])+ EXPONENT
 * and with a sign before them [149]–[154]. Nothing is taken (kind END) if no number begins here. */
static tt_status lex_number(tt_lexer *lexer, tt_token *token, uint32_t first, unsigned n_first)
{
	const size_t start = lexer->at + (first == '+' || first == '-' ? n_first : 0);
	const size_t whole = skip_while(lexer, start, is_digit);
	size_t end = whole;
	tt_token_kind kind = TT_TOKEN_INTEGER;
	unsigned n = 1;
	if (peek(lexer, whole, &n) == '.') {
		const size_t fraction = skip_while(lexer, whole + n, is_digit);
		const bool is_decimal = fraction > whole + n;
		const bool is_double = whole > start && skip_exponent(lexer, fraction) > fraction;
		end = is_decimal || is_double ? fraction : whole;
		kind = is_decimal ? TT_TOKEN_DECIMAL : kind;
	}
	if (end == start) {
		token->kind = TT_TOKEN_END;
		return TT_OK;
	}
	const size_t exponent = skip_exponent(lexer, end);
	const size_t number = lexer->at;
	finish(lexer, token, exponent > end ? TT_TOKEN_DOUBLE : kind, exponent);
	return take_text(lexer, number, exponent, &token->text);
}

/* The length of the escape at a backslash in a string, or 0 having failed. */
static unsigned skip_string_escape(tt_lexer *lexer, size_t at, char quote, bool is_long)
{
	unsigned n = 1;
	const uint32_t c = peek(lexer, at, &n);
	if (c == BAD_ESCAPE) {
		(void)fail_escape(lexer, at);
		return 0;
	}
	if (n > 1) {
		const bool is_bad = c == '\\' || (!is_long && (c == (unsigned char)quote || c == '\n' || c == '\r'));
		if (is_bad) {
			(void)FAIL(lexer, at, "%.*s cannot stand for this character in a string; write %s", (int)n,
			           lexer->text.data + at,
			           c == '\\'   ? "\\\\"
			           : c == '\n' ? "\\n"
			           : c == '\r' ? "\\r"
			                       : "it behind a backslash");
		}
		return is_bad ? 0 : n;
	}
	lexer->is_open = at + 1 == lexer->text.size;
	if (lexer->is_open) {
		(void)FAIL(lexer, lexer->at, "the string that begins here is not closed");
		return 0;
	}
	const char escaped = lexer->text.data[at + 1];
	if (!escaped || !strchr("tbnrf\\\"'", escaped)) {
		unsigned n_escaped = 1;
		(void)tt_utf8_decode(lexer->text.data + at + 1, lexer->text.size - at - 1, &n_escaped);
		(void)FAIL(lexer, at, "\\%.*s is no escape of a string; write \\\\ for a backslash", (int)n_escaped,
		           lexer->text.data + at + 1);
		return 0;
	}
	return 2;
}

/* [156] STRING_LITERAL1, [157] STRING_LITERAL2, [158] STRING_LITERAL_LONG1, [159] STRING_LITERAL_LONG2 */
static tt_status lex_string(tt_lexer *lexer, tt_token *token, char quote)
{
	const char quotes[] = {quote, quote, quote};
	const bool is_long = tt_view_starts(tt_view_skip(lexer->text, lexer->at), (tt_view){quotes, 3});
	const tt_view closing = {quotes, is_long ? 3 : 1};
	const size_t start = lexer->at + closing.size;
	size_t at = start;
	while (at < lexer->text.size) {
		const char c = lexer->text.data[at];
		if (c == quote && tt_view_starts(tt_view_skip(lexer->text, at), closing)) {
			finish(lexer, token, TT_TOKEN_STRING, at + closing.size);
			return take_text(lexer, start, at, &token->text);
		}
		if (!is_long && (c == '\n' || c == '\r')) {
			return FAIL(lexer, lexer->at, "the string that begins here is not closed in its line; quote it with %c%c%c",
			            quote, quote, quote);
		}
		const unsigned n = c == '\\' ? skip_string_escape(lexer, at, quote, is_long) : 1;
		if (!n) {
			return lexer->ctx->error.status;
		}
		at += n;
	}
	lexer->is_open = true;
	return FAIL(lexer, lexer->at, "the string that begins here is not closed");
}

/* ---- all tokens ------------------------------------------------------------------------------- */

/* Signs, each longer one before the shorter that it begins with. */
static const struct {
	char text[3];
	tt_token_kind kind;
} signs[] = {
    {"{", TT_TOKEN_OPEN_BRACE},
    {"}", TT_TOKEN_CLOSE_BRACE},
    {"(", TT_TOKEN_OPEN_PAREN},
    {")", TT_TOKEN_CLOSE_PAREN},
    {".", TT_TOKEN_DOT},
    {";", TT_TOKEN_SEMICOLON},
    {",", TT_TOKEN_COMMA},
    {"[", TT_TOKEN_OPEN_BRACKET},
    {"]", TT_TOKEN_CLOSE_BRACKET},
    {"=", TT_TOKEN_EQUAL},
    {"!=", TT_TOKEN_NOT_EQUAL},
    {"!", TT_TOKEN_NOT},
    {">=", TT_TOKEN_GREATER_EQUAL},
    {">", TT_TOKEN_GREATER},
    {"&&", TT_TOKEN_AND},
    {"||", TT_TOKEN_OR},
    {"|", TT_TOKEN_PIPE},
    {"/", TT_TOKEN_SLASH},
    {"*", TT_TOKEN_STAR},
    {"+", TT_TOKEN_PLUS},
    {"-", TT_TOKEN_MINUS},
    {"^^", TT_TOKEN_TWO_CARETS},
    {"^", TT_TOKEN_CARET},
};

/* Characters of word processors and other languages, and what they should be. */
static tt_status fail_character(tt_lexer *lexer, uint32_t c, unsigned n)
{
	static const struct {
		uint32_t character;
		const char *hint;
	} hints[] = {
	    {0x201C, "; write a straight quotation mark: \""}, /* “ */
	    {0x201D, "; write a straight quotation mark: \""}, /* ” */
	    {0x201E, "; write a straight quotation mark: \""}, /* „ */
	    {0xAB, "; write a straight quotation mark: \""},   /* « */
	    {0xBB, "; write a straight quotation mark: \""},   /* » */
	    {0x2018, "; write a straight quotation mark: '"},  /* ‘ */
	    {0x2019, "; write a straight quotation mark: '"},  /* ’ */
	    {'`', "; write a straight quotation mark: '"},
	    {0xA0, "; it is a blank that does not break, write a plain one"},
	    {0x2013, "; write a minus: -"},      /* – */
	    {0x2014, "; write a minus: -"},      /* — */
	    {0x2212, "; write a minus: -"},      /* − */
	    {0x2260, "; unequal is written !="}, /* ≠ */
	    {0x2264, "; write <="},              /* ≤ */
	    {0x2265, "; write >="},              /* ≥ */
	    {'&', "; and is written &&"},
	    {'%', "; SPARQL has no remainder"},
	    {'~', "; whether a text fits a pattern is asked by REGEX(text, pattern)"},
	};
	const char *hint = "";
	for (size_t i = 0; i < sizeof hints / sizeof *hints; ++i) {
		hint = hints[i].character == c ? hints[i].hint : hint;
	}
	return FAIL(lexer, lexer->at, "the character %.*s cannot stand here%s", (int)n, lexer->text.data + lexer->at, hint);
}

static tt_status lex_sign(tt_lexer *lexer, tt_token *token, uint32_t first, unsigned n_first)
{
	unsigned n_second = 1;
	const uint32_t second = peek(lexer, lexer->at + n_first, &n_second);
	for (size_t i = 0; i < sizeof signs / sizeof *signs; ++i) {
		const char *const sign = signs[i].text;
		if ((unsigned char)sign[0] == first && (!sign[1] || (unsigned char)sign[1] == second)) {
			finish(lexer, token, signs[i].kind, lexer->at + n_first + (sign[1] ? n_second : 0));
			return TT_OK;
		}
	}
	if (first == BAD_ESCAPE) {
		return fail_escape(lexer, lexer->at);
	}
	if (first < 0x20 || first == 0x7F) {
		return FAIL(lexer, lexer->at, "the control character U+%04X cannot stand here", (unsigned)first);
	}
	return fail_character(lexer, first, n_first);
}

/* [162] WS, and comments from '#' to the end of the line. */
static void skip_blanks(tt_lexer *lexer)
{
	const tt_view text = lexer->text;
	bool is_comment = false;
	for (; lexer->at < text.size; ++lexer->at) {
		const char c = text.data[lexer->at];
		is_comment = is_comment ? c != '\n' && c != '\r' : c == '#';
		if (!is_comment && c != ' ' && c != '\t' && c != '\n' && c != '\r') {
			return;
		}
	}
}

tt_status tt_lexer_next(tt_lexer *lexer, tt_token *token)
{
	const size_t last_end = lexer->at;
	skip_blanks(lexer);
	/* What is missing at the end is missing behind the last token, not below the empty lines that may follow it. */
	const size_t at = lexer->at < lexer->text.size ? lexer->at : last_end;
	lexer->place = find_place(lexer, at);
	lexer->place_at = at;
	*token = (tt_token){.kind = TT_TOKEN_END, .keyword = TT_N_KEYWORDS, .place = lexer->place};
	token->raw = (tt_view){lexer->text.data + lexer->at, 0};
	if (lexer->at >= lexer->text.size) {
		return TT_OK;
	}
	unsigned n = 1;
	const uint32_t c = peek(lexer, lexer->at, &n);
	if (is_base(c)) {
		return lex_name(lexer, token);
	}
	if (is_digit(c) || c == '.' || c == '+' || c == '-') {
		TT_TRY(lex_number(lexer, token, c, n));
		return token->kind == TT_TOKEN_END ? lex_sign(lexer, token, c, n) : TT_OK;
	}
	if (n == 1 && (c == '"' || c == '\'')) {
		return lex_string(lexer, token, (char)c);
	}
	switch (c) {
	case '?':
	case '$':
		return lex_variable(lexer, token, c, n);
	case '<':
		return n == 1 ? lex_iri(lexer, token) : lex_sign(lexer, token, c, n);
	case ':':
		return lex_prefixed(lexer, token, lexer->at, n);
	case '_':
		return lex_blank(lexer, token, n);
	case '@':
		return lex_language(lexer, token, n);
	default:
		return lex_sign(lexer, token, c, n);
	}
}

tt_status tt_lexer_init(tt_lexer *lexer, tt_arena *arena, tt_view text, const char *source_name)
{
	text = text.size ? text : TT_VIEW("");
	*lexer = (tt_lexer){.ctx = arena->ctx, .arena = arena, .text = text, .source_name = source_name, .place = {1, 1}};
	const size_t bad = tt_utf8_check(text);
	if (bad < text.size) {
		return FAIL(lexer, bad, "the text is not UTF-8: byte 0x%02X", (unsigned)(unsigned char)text.data[bad]);
	}
	const char *const nul = text.size ? memchr(text.data, '\0', text.size) : NULL;
	if (nul) {
		return FAIL(lexer, (size_t)(nul - text.data), "the text holds a NUL byte");
	}
	if (tt_view_starts(text, TT_VIEW("\xEF\xBB\xBF"))) {
		lexer->at = 3;
		lexer->place_at = 3;
	}
	return TT_OK;
}
