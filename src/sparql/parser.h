/* parser.h - what the productions share: the token at hand, errors, scopes, labels, prefixes.
 *
 * Contrast: parse.h is for the rest of the engine. Here each production of the grammar is a function
 *           that finds its first token in `token` and leaves the one behind it there.
 * Owns:     a parser owns its tables (tt_parser_close()); what it makes lives in the arena.
 * Threads:  as its context.
 * Fails:    TT_SYNTAX, TT_LIMIT, TT_NO_MEMORY, all with place and caret where there is one.
 * Tests:    tests/unit/test_sparql.c
 */
#ifndef TT_SPARQL_PARSER_H
#define TT_SPARQL_PARSER_H

#include "base/map.h"
#include "sparql/lexer.h"
#include "sparql/parse.h"

/** A variable of the text. */
typedef struct tt_known_variable {
	tt_view name;
	size_t scope_at;    /* 1 + number of its newest entry in the scope stack; 0: none */
	uint64_t key_of;    /* the last SELECT that groups by it or has already given it a value … */
	uint64_t column_of; /* … and that projects it (numbers of tt_parser_new_number()) */
	uint64_t given_of;  /* the last query that gives it a value beside its pattern … */
	uint64_t alias_of;  /* … and that of which it is an alias in SELECT */
	bool is_brought;    /* some pattern binds it */
	bool is_given;      /* its value comes from outside */
	bool is_reported;   /* in a warning */
} tt_known_variable;

typedef struct tt_scope_entry {
	size_t variable;
	size_t previous; /* its scope_at before this entry */
} tt_scope_entry;

/** A place that asks for the value of a variable (unbound.c). */
typedef struct tt_variable_use {
	tt_view name;
	tt_place place;
	bool is_early;  /* it was not in scope there */
	bool is_having; /* it stands in the HAVING of the query at hand … */
	bool is_alias;  /* … and is an alias of its SELECT */
} tt_variable_use;

/** A blank node label of the text. */
typedef struct tt_known_label {
	tt_view label;
	tt_view text;       /* in the tree */
	uint64_t pattern;   /* the basic graph pattern that uses it, 0: none */
	uint64_t operation; /* the INSERT DATA that uses it, 0: none */
} tt_known_label;

/** Where triples stand, which decides what they may hold. */
typedef struct tt_triples_mode {
	const char *name; /* for messages */
	bool has_paths;
	bool has_variables;
	bool has_blanks;
	bool is_pattern; /* a label belongs to one basic graph pattern */
	bool is_data;    /* a label belongs to one operation */
} tt_triples_mode;

typedef enum tt_aggregation { TT_NO_AGGREGATES, TT_MAY_AGGREGATE, TT_IN_AGGREGATE } tt_aggregation;

enum { TT_MOST_EXPECTED = 24 };

typedef struct tt_parser {
	tt_ctx *ctx;
	tt_arena *arena;
	const tt_parse_options *options;
	tt_lexer lexer;
	tt_token token;
	uint64_t n_tokens;
	unsigned n_depth;  /* of the context, when the parser was opened */
	bool is_cut_short; /* it has failed because the text ends too early */

	tt_view expected[TT_MOST_EXPECTED]; /* what would have been taken instead of the token at hand */
	size_t n_expected;

	tt_view base;
	tt_prefixes declared;
	tt_buffer scratch;

	tt_known_variable *variables;
	size_t n_variables, variables_capacity;
	tt_map variables_by_name;
	tt_scope_entry *scope; /* a stack: the variables in scope in the group at hand stand at and behind `scope_start` */
	size_t n_scope, scope_capacity, scope_start;

	tt_variable_use *uses; /* a stack: those of which it is not known yet whether something binds them */
	size_t n_uses, uses_capacity;
	tt_variable_use *unbound; /* those that nothing binds */
	size_t n_unbound, unbound_capacity;
	unsigned n_exists; /* how many EXISTS are around the token at hand */

	tt_known_label *labels;
	size_t n_labels, labels_capacity;
	tt_map labels_by_name;
	uint64_t n_generated; /* labels */
	uint64_t pattern;     /* number of the basic graph pattern at hand */
	uint64_t operation;   /* number of the update operation at hand */
	tt_place group_place; /* of the brace of the group at hand; line 0: none */
	uint64_t n_numbers;   /* handed out by tt_parser_new_number() */

	void **items; /* a stack: operands whose number is not known yet */
	size_t n_items, items_capacity;
	tt_term *cells; /* of the VALUES at hand */
	size_t n_cells, cells_capacity;

	tt_aggregation aggregation;
	bool has_aggregate; /* in the SELECT at hand */
	unsigned n_levels;  /* of the highest expression in the pattern at hand */
} tt_parser;

/* ---- opening and closing ---------------------------------------------------------------------- */

/** Begin to parse; close it in any case. @param options May be NULL. */
TT_CHECKED tt_status tt_parser_open(tt_parser *parser, tt_arena *arena, tt_view text, const tt_parse_options *options);
void tt_parser_close(tt_parser *parser);
/** Copy the declared prefixes and the base to the tree. */
TT_CHECKED tt_status tt_parser_finish(tt_parser *parser, tt_ast *ast);

/* ---- tokens ----------------------------------------------------------------------------------- */

/** Go to the next token. If the lexer fails, the token is a TT_TOKEN_ERROR, which nothing accepts. */
void tt_parser_advance(tt_parser *parser);
/** Say that something could stand here, for the message if nothing fits. @param what Static. */
void tt_parser_expected(tt_parser *parser, tt_view what);
/** Whether the token is of a kind; if not, it is noted as expected. */
bool tt_parser_at(tt_parser *parser, tt_token_kind kind);
bool tt_parser_at_keyword(tt_parser *parser, tt_keyword keyword);
/** Go on if the token is of a kind; if not, it is noted as expected. */
bool tt_parser_accept(tt_parser *parser, tt_token_kind kind);
bool tt_parser_accept_keyword(tt_parser *parser, tt_keyword keyword);
/** Go on, or fail. */
TT_CHECKED tt_status tt_parser_expect(tt_parser *parser, tt_token_kind kind);
TT_CHECKED tt_status tt_parser_expect_keyword(tt_parser *parser, tt_keyword keyword);
/** Whether the word `a` stands here. */
bool tt_parser_at_a(const tt_parser *parser);

/** Fail with what was expected and what was found. */
TT_CHECKED tt_status tt_parser_fail_expected(tt_parser *parser);
/** Fail with TT_SYNTAX at a place. */
#define TT_PARSER_FAIL(parser, place, ...) tt_lexer_fail(&(parser)->lexer, TT_SYNTAX, (place), __VA_ARGS__)
/** The beginning of a text that is too long for a message. */
tt_view tt_parser_shown(tt_view text);

/** One level deeper, TT_LIMIT with the place of the token; undo with tt_ctx_leave(). */
TT_CHECKED tt_status tt_parser_enter(tt_parser *parser);

/** A number that was not given before; never 0. */
uint64_t tt_parser_new_number(tt_parser *parser);
/** The status of a failed allocation (base/mem.h): never TT_OK. */
static inline tt_status tt_parser_no_memory(const tt_parser *parser)
{
	return parser->ctx->error.status ? parser->ctx->error.status : TT_NO_MEMORY;
}
/** A zeroed node in the arena, into a pointer variable, or return from the function. */
#define TT_NEW_NODE(parser, pointer)                                      \
	do {                                                                  \
		*(pointer) = tt_arena_alloc((parser)->arena, sizeof **(pointer)); \
		if (!*(pointer)) {                                                \
			return tt_parser_no_memory(parser);                           \
		}                                                                 \
	} while (0)

/** Put an operand on the stack; take all from @p mark as an array in the arena (never NULL). */
TT_CHECKED tt_status tt_parser_push(tt_parser *parser, const void *item);
TT_CHECKED tt_status tt_parser_pop(tt_parser *parser, size_t mark, void ***out_items, size_t *out_n_items);

/* ---- variables (§18.2.1) ---------------------------------------------------------------------- */

/** The entry of a variable, until the next one is looked up. */
TT_CHECKED tt_status tt_parser_variable(tt_parser *parser, tt_view name, tt_known_variable **out);
/** Bring a variable into the scope of the group at hand. */
TT_CHECKED tt_status tt_parser_bring(tt_parser *parser, tt_view name);
/** Take out of scope all that came in since @p n_scope had that value. */
void tt_parser_cut_scope(tt_parser *parser, size_t n_scope);

/* ---- variables that nothing binds (unbound.c) -------------------------------------------------- */

/** Note that a value is asked for. */
TT_CHECKED tt_status tt_parser_use(tt_parser *parser, tt_view name, tt_place place);
/** Say that the uses behind @p mark stand in a HAVING. */
void tt_parser_use_in_having(tt_parser *parser, size_t mark);
/** Of the uses behind @p mark, which see only what stands before them: drop those in scope in the group at hand. */
TT_CHECKED tt_status tt_parser_settle_early(tt_parser *parser, size_t mark);
/** A group ends: drop the uses behind @p mark that came into scope behind @p n_scope, or that the query of @p number
 * gives (0: none).
 * @param may_wait The others wait for the group around it; else they are noted for a warning. */
TT_CHECKED tt_status tt_parser_settle(tt_parser *parser, size_t mark, size_t n_scope, uint64_t number, bool may_wait);
/** The same, when a query or sub-SELECT ends. */
TT_CHECKED tt_status tt_parser_settle_query(tt_parser *parser, const tt_ast_query *query, size_t mark, size_t n_scope);
/** The text is well formed: give the warnings out, or fail with the first if they are refused. */
TT_CHECKED tt_status tt_parser_warn(tt_parser *parser);

/* ---- values from outside (bind.c) -------------------------------------------------------------- */

/** Put the bindings of the options into a query. */
TT_CHECKED tt_status tt_parser_bind(tt_parser *parser, tt_ast_query *query);

/* ---- terms (parse_term.c) --------------------------------------------------------------------- */

bool tt_parser_at_iri(tt_parser *parser);
/** Whether a variable or any term can begin here, lists and [ ] included. */
bool tt_parser_at_node(const tt_parser *parser);
TT_CHECKED tt_status tt_parse_iri(tt_parser *parser, tt_view *out_iri);
/** IRIREF alone, resolved. */
TT_CHECKED tt_status tt_parse_iriref(tt_parser *parser, tt_view *out_iri);
TT_CHECKED tt_status tt_parse_variable(tt_parser *parser, tt_view *out_name);
/** An IRI or a literal, if one stands here. */
TT_CHECKED tt_status tt_parse_constant(tt_parser *parser, bool *out_found, tt_term *out);
/** The same, to the end of the text. */
TT_CHECKED tt_status tt_parse_lone_constant(tt_parser *parser, tt_term *out);
/** A variable or IRI. */
TT_CHECKED tt_status tt_parse_var_or_iri(tt_parser *parser, tt_ast_term *out);
/** The literal of a number token, cutting off its sign if @p with_sign is false. */
TT_CHECKED tt_status tt_parse_number(tt_parser *parser, bool with_sign, tt_term *out);
/** A blank node with a label of the text, or with a new one. */
TT_CHECKED tt_status tt_parse_blank_label(tt_parser *parser, const tt_triples_mode *mode, tt_ast_term *out);
TT_CHECKED tt_status tt_parser_new_blank(tt_parser *parser, const tt_triples_mode *mode, tt_ast_term *out);

/* ---- triples (parse_triples.c, parse_path.c) --------------------------------------------------- */

/** Triples with full stops between them, zero or more; @p out_first gets the list. */
TT_CHECKED tt_status tt_parse_triples(tt_parser *parser, const tt_triples_mode *mode, tt_ast_triple **out_first);
/** `{ triples? }` */
TT_CHECKED tt_status tt_parse_bracketed_triples(tt_parser *parser, const tt_triples_mode *mode,
                                                tt_ast_triple **out_first);
TT_CHECKED tt_status tt_parse_path(tt_parser *parser, const tt_path **out);

/* ---- patterns, expressions, queries ------------------------------------------------------------ */

TT_CHECKED tt_status tt_parse_group(tt_parser *parser, tt_ast_group **out);
TT_CHECKED tt_status tt_parse_data_block(tt_parser *parser, tt_ast_values **out);

TT_CHECKED tt_status tt_parse_expression(tt_parser *parser, tt_ast_expr **out);
TT_CHECKED tt_status tt_parse_bracketed_expression(tt_parser *parser, tt_ast_expr **out);
/** Whether a Constraint (rule 69) begins here, else it is noted as expected. */
bool tt_parser_at_constraint(tt_parser *parser);
TT_CHECKED tt_status tt_parse_constraint(tt_parser *parser, tt_ast_expr **out);

TT_CHECKED tt_status tt_parse_prologue(tt_parser *parser);
TT_CHECKED tt_status tt_parse_query_unit(tt_parser *parser, tt_ast **out);
TT_CHECKED tt_status tt_parse_sub_select(tt_parser *parser, tt_ast_query **out);
TT_CHECKED tt_status tt_parse_update_unit(tt_parser *parser, tt_ast **out);
/** Whether the keyword of an update operation stands here. */
bool tt_parser_at_operation(const tt_parser *parser);

#endif
