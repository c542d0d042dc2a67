/* complaint.c - "syntax error, unexpected ., expecting a or URI literal or QName" is: expected a predicate, found "."
 */
#include "rdf/complaint.h"

#include <stdio.h>

typedef struct rewording {
	const char *from, *to;
} rewording;

/* Whole messages, by their beginning. */
static const rewording messages[] = {
    {"memory exhausted", "nested too deeply"},
    {"syntax error at '<'", "an IRI that is not closed by \">\" or has a character that it may not have"},
    {"syntax error at '\"'", "a text that is not closed by a quotation mark"},
    {"syntax error at '''", "a text that is not closed by a quotation mark"},
    {"syntax error at '@'", "expected a language tag, \"@prefix\" or \"@base\", found another \"@\""},
};

/* What the grammar calls its tokens. */
static const rewording tokens[] = {
    {"a or URI literal or QName", "a predicate"},
    {"$end", "the end of the file"},
    {"URI literal", "an IRI"},
    {"QName", "a prefixed name"},
    {"string literal", "a text"},
    {"blank node", "a blank node"},
    {"integer literal", "a number"},
    {"decimal literal", "a number"},
    {"floating point literal", "a number"},
    {"double literal", "a number"},
    {"identifier", "a prefix"},
};

/* What says nothing to a reader of the file. */
static const char *const noises[] = {"XML parser error: ",   "Turtle string error - ",    "Turtle URI error - ",
                                     "Turtle name error - ", "N-Triples string error - ", "URI error - "};

static void add_text(char *out, tt_view text)
{
	const size_t n = strlen(out);
	const size_t n_copied = text.size < TT_COMPLAINT_SIZE - 1 - n ? text.size : TT_COMPLAINT_SIZE - 1 - n;
	memcpy(out + n, text.data, n_copied);
	out[n + n_copied] = '\0';
}

static bool is_text(tt_view text, const char *other)
{
	return text.size == strlen(other) && memcmp(text.data, other, text.size) == 0;
}

/* One token of the grammar: a name of ours, or as it stands in quotation marks. */
static void add_token(char *out, tt_view token)
{
	for (size_t i = 0; i < sizeof tokens / sizeof *tokens; ++i) {
		if (is_text(token, tokens[i].from)) {
			add_text(out, tt_view_of(tokens[i].to));
			return;
		}
	}
	const bool is_quoted = token.size > 1 && token.data[0] == '"';
	add_text(out, is_quoted ? TT_VIEW("") : TT_VIEW("\""));
	add_text(out, token);
	add_text(out, is_quoted ? TT_VIEW("") : TT_VIEW("\""));
}

/* "A or B or C", or one of the known lists. */
static void add_expected(char *out, tt_view list)
{
	static const tt_view separator = {" or ", 4};
	for (size_t i = 0; i < sizeof tokens / sizeof *tokens; ++i) {
		if (is_text(list, tokens[i].from)) {
			add_token(out, list);
			return;
		}
	}
	const char *found;
	while (list.size && (found = memmem(list.data, list.size, separator.data, separator.size)) != NULL) {
		const size_t n = (size_t)(found - list.data);
		add_token(out, (tt_view){list.data, n});
		add_text(out, separator);
		list = tt_view_skip(list, n + separator.size);
	}
	add_token(out, list);
}

/* "unexpected A, expecting B" or "unexpected A". */
static void word_syntax_error(const char *message, char *out)
{
	static const char unexpected[] = "unexpected ";
	static const char expecting[] = ", expecting ";
	const char *const token = strstr(message, unexpected) + sizeof unexpected - 1;
	const char *const list = strstr(token, expecting);
	if (list) {
		add_text(out, TT_VIEW("expected "));
		add_expected(out, tt_view_of(list + sizeof expecting - 1));
		add_text(out, TT_VIEW(", found "));
		add_token(out, (tt_view){token, (size_t)(list - token)});
	} else {
		add_text(out, TT_VIEW("did not expect "));
		add_token(out, tt_view_of(token));
	}
}

/* "syntax error at 'x'": the lexer knows no word that begins like this. */
static void word_stray(const char *message, char *out)
{
	const char *const quoted = strchr(message, '\'') + 1;
	const char *const end = strrchr(quoted, '\'');
	add_text(out, TT_VIEW("did not expect \""));
	add_text(out, (tt_view){quoted, end ? (size_t)(end - quoted) : strlen(quoted)});
	add_text(out, TT_VIEW("\""));
}

static void word_other(const char *message, char *out)
{
	for (size_t i = 0; i < sizeof noises / sizeof *noises; ++i) {
		if (tt_view_starts(tt_view_of(message), tt_view_of(noises[i]))) {
			message += strlen(noises[i]);
		}
	}
	add_text(out, tt_view_of(message));
	char *const place = strstr(out, " line 0"); /* raptor does not know the line of the other tag */
	if (place) {
		memmove(place, place + 7, strlen(place + 7) + 1);
	}
	if (out[0] >= 'A' && out[0] <= 'Z' && out[1] >= 'a' && out[1] <= 'z') {
		out[0] = (char)(out[0] - 'A' + 'a');
	}
}

/* Printable UTF-8 without a full stop at the end: raptor quotes single bytes and adds line ends. */
static void make_printable(char *text)
{
	size_t n_out = 0;
	const size_t n_text = strlen(text);
	for (size_t i = 0; i < n_text;) {
		unsigned n = 1;
		const uint32_t c = tt_utf8_decode(text + i, n_text - i, &n);
		if (c != UINT32_MAX && c >= ' ' && c != 0x7F) {
			memmove(text + n_out, text + i, n);
			n_out += n;
		} else if (c != UINT32_MAX) {
			text[n_out++] = ' ';
		} else {
			text[n_out++] = '?';
		}
		i += n;
	}
	while (n_out && (text[n_out - 1] == '.' || text[n_out - 1] == ' ')) {
		--n_out;
	}
	text[n_out] = '\0';
}

void tt_complaint_word(const char *message, char out[TT_COMPLAINT_SIZE])
{
	out[0] = '\0';
	for (size_t i = 0; i < sizeof messages / sizeof *messages; ++i) {
		if (tt_view_starts(tt_view_of(message), tt_view_of(messages[i].from))) {
			add_text(out, tt_view_of(messages[i].to));
			return;
		}
	}
	if (strncmp(message, "syntax error, unexpected ", 25) == 0) {
		word_syntax_error(message, out);
	} else if (strncmp(message, "syntax error at '", 17) == 0) {
		word_stray(message, out);
	} else {
		word_other(message, out);
	}
	make_printable(out);
}
