/* lexer.h - text to tokens: the terminals of SPARQL 1.1 (§19.8, rules 139–173) and the escapes of §19.2.
 *
 * Contrast: parser.h joins tokens to productions; rdf/name.h judges whole names.
 * Owns:     nothing; texts of tokens are slices of the source, or arena copies where escapes were undone.
 * Threads:  as its context.
 * Fails:    TT_SYNTAX with place and caret; TT_NO_MEMORY.
 * Tests:    tests/unit/test_sparql.c
 */
#ifndef TT_SPARQL_LEXER_H
#define TT_SPARQL_LEXER_H

#include "sparql/ast.h"

typedef enum tt_token_kind {
	TT_TOKEN_END,
	TT_TOKEN_ERROR, /* the lexer has failed; stands for nothing that could be accepted */
	TT_TOKEN_IRI,
	TT_TOKEN_PREFIXED_NAME,
	TT_TOKEN_BLANK_LABEL,
	TT_TOKEN_VARIABLE,
	TT_TOKEN_LANGUAGE,
	TT_TOKEN_INTEGER,
	TT_TOKEN_DECIMAL,
	TT_TOKEN_DOUBLE,
	TT_TOKEN_STRING,
	TT_TOKEN_WORD,
	TT_TOKEN_OPEN_BRACE,
	TT_TOKEN_CLOSE_BRACE,
	TT_TOKEN_OPEN_PAREN,
	TT_TOKEN_CLOSE_PAREN,
	TT_TOKEN_OPEN_BRACKET,
	TT_TOKEN_CLOSE_BRACKET,
	TT_TOKEN_SEMICOLON,
	TT_TOKEN_COMMA,
	TT_TOKEN_DOT,
	TT_TOKEN_EQUAL,
	TT_TOKEN_NOT_EQUAL,
	TT_TOKEN_LESS,
	TT_TOKEN_LESS_EQUAL,
	TT_TOKEN_GREATER,
	TT_TOKEN_GREATER_EQUAL,
	TT_TOKEN_PLUS,
	TT_TOKEN_MINUS,
	TT_TOKEN_STAR,
	TT_TOKEN_SLASH,
	TT_TOKEN_OR,
	TT_TOKEN_AND,
	TT_TOKEN_NOT,
	TT_TOKEN_PIPE,
	TT_TOKEN_CARET,
	TT_TOKEN_TWO_CARETS,
	TT_TOKEN_QUESTION,
	TT_N_TOKEN_KINDS
} tt_token_kind;

/** The words of keywords.def: TT_KEYWORD_SELECT … */
#define TT_KEYWORD(name) TT_KEYWORD_##name,
typedef enum tt_keyword {
#include "sparql/keywords.def"
	TT_N_KEYWORDS /* also: a word that is none */
} tt_keyword;
#undef TT_KEYWORD

typedef struct tt_token {
	tt_token_kind kind;
	tt_keyword keyword; /* of a TT_TOKEN_WORD */
	tt_view raw;        /* as it stands in the source */
	tt_view text;       /* IRI, name of a variable, label, local name, string …: escapes undone, no delimiters */
	tt_view prefix;     /* of a prefixed name, without the colon */
	tt_place place;
} tt_token;

typedef struct tt_lexer {
	tt_ctx *ctx;
	tt_arena *arena;
	tt_view text;
	const char *source_name;
	size_t at;      /* where the next token is looked for */
	tt_place place; /* of the byte at `place_at` */
	size_t place_at;
	size_t name_end;  /* no name that begins before this byte is followed by a colon */
	size_t words_end; /* the run of letters that ends here is words of the grammar */
	bool is_open;     /* the text ends inside a string, an IRI or an escape */
} tt_lexer;

/** Begin at the start of @p text (behind a byte order mark). TT_SYNTAX if it is not UTF-8 or holds a NUL. */
TT_CHECKED tt_status tt_lexer_init(tt_lexer *lexer, tt_arena *arena, tt_view text, const char *source_name);

/** Read the next token. */
TT_CHECKED tt_status tt_lexer_next(tt_lexer *lexer, tt_token *out_token);

/** Record an error at a place of the text, with the caret line; returns @p status. */
tt_status tt_lexer_fail(const tt_lexer *lexer, tt_status status, tt_place place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/** Fail and tell why the `<` at @p token does not begin an IRI. */
tt_status tt_lexer_fail_iri(tt_lexer *lexer, const tt_token *token);

/** The keyword of a word, or TT_N_KEYWORDS. */
tt_keyword tt_keyword_find(tt_view word);
/** Its text in capitals; static. */
tt_view tt_keyword_text(tt_keyword keyword);

#endif
