/* print_expr.c - terms and expressions as SPARQL.
 *
 * An operand is put into parentheses if it binds weaker than its place asks; the ranks are those of the grammar:
 * rule 111, 112, 114, 116, 117, 118, 119. What the parser keeps apart (`(?a || ?b) || ?c`) stays apart. */
#include "sparql/printer.h"

#include "sparql/lexer.h"

/* ---- terms ------------------------------------------------------------------------------------ */

tt_status tt_print_line(tt_printer *pr)
{
	if (pr->is_flat) {
		return tt_print_text(pr, " ");
	}
	TT_TRY(tt_print_text(pr, "\n"));
	for (unsigned i = 0; i < pr->n_indent; ++i) {
		TT_TRY(tt_print_text(pr, "  "));
	}
	return TT_OK;
}

tt_status tt_print_iri(tt_printer *pr, tt_view iri)
{
	const tt_prefix *prefix = NULL;
	tt_view local;
	if (pr->prefixes && tt_prefixes_shorten(pr->prefixes, iri, &prefix, &local)) {
		if (pr->is_used) {
			pr->is_used[prefix - pr->prefixes->items] = true;
		}
		TT_TRY(tt_buffer_append(pr->out, prefix->name));
		TT_TRY(tt_buffer_append_char(pr->out, ':'));
		return tt_buffer_append(pr->out, local);
	}
	TT_TRY(tt_buffer_append_char(pr->out, '<'));
	TT_TRY(tt_buffer_append(pr->out, iri));
	return tt_buffer_append_char(pr->out, '>');
}

tt_status tt_print_variable(tt_printer *pr, tt_view name)
{
	TT_TRY(tt_buffer_append_char(pr->out, '?'));
	return tt_buffer_append(pr->out, name);
}

static tt_status print_string_char(tt_printer *pr, char c)
{
	static const char escapes[][2] = {{'"', '"'},  {'\\', '\\'}, {'\n', 'n'}, {'\r', 'r'},
	                                  {'\t', 't'}, {'\b', 'b'},  {'\f', 'f'}};
	for (size_t i = 0; i < sizeof escapes / sizeof *escapes; ++i) {
		if (escapes[i][0] == c) {
			TT_TRY(tt_buffer_append_char(pr->out, '\\'));
			return tt_buffer_append_char(pr->out, escapes[i][1]);
		}
	}
	return (unsigned char)c < 0x20 || c == 0x7F ? tt_buffer_printf(pr->out, "\\u%04X", (unsigned)c)
	                                            : tt_buffer_append_char(pr->out, c);
}

tt_status tt_print_string(tt_printer *pr, tt_view text)
{
	TT_TRY(tt_buffer_append_char(pr->out, '"'));
	for (size_t i = 0; i < text.size; ++i) {
		TT_TRY(print_string_char(pr, text.data[i]));
	}
	return tt_buffer_append_char(pr->out, '"');
}

/* Whether the lexical form alone is read back as the same literal. */
static bool is_bare(tt_printer *pr, const tt_term *term)
{
	static const struct {
		tt_vocab datatype;
		tt_token_kind kind;
	} numbers[] = {{TT_VOCAB_XSD_INTEGER, TT_TOKEN_INTEGER},
	               {TT_VOCAB_XSD_DECIMAL, TT_TOKEN_DECIMAL},
	               {TT_VOCAB_XSD_DOUBLE, TT_TOKEN_DOUBLE}};
	if (tt_view_equal(term->datatype, tt_vocab_iri(TT_VOCAB_XSD_BOOLEAN))) {
		return tt_view_equal(term->text, TT_VIEW("true")) || tt_view_equal(term->text, TT_VIEW("false"));
	}
	size_t n = 0;
	while (n < term->text.size && term->text.data[n] && strchr("0123456789+-.eE", term->text.data[n])) {
		++n;
	}
	if (!n || n < term->text.size) {
		return false;
	}
	tt_arena none;
	tt_arena_init(&none, pr->out->ctx);
	tt_lexer lexer;
	tt_token token;
	const bool is_token = tt_lexer_init(&lexer, &none, term->text, NULL) == TT_OK &&
	                      tt_lexer_next(&lexer, &token) == TT_OK && token.raw.size == n;
	for (size_t i = 0; is_token && i < sizeof numbers / sizeof *numbers; ++i) {
		if (token.kind == numbers[i].kind && tt_view_equal(term->datatype, tt_vocab_iri(numbers[i].datatype))) {
			return true;
		}
	}
	return false;
}

tt_status tt_print_constant(tt_printer *pr, const tt_term *term)
{
	if (term->kind == TT_TERM_NONE) {
		return tt_print_text(pr, "UNDEF");
	}
	if (term->kind == TT_TERM_IRI) {
		return tt_print_iri(pr, term->text);
	}
	if (term->kind == TT_TERM_BLANK) {
		TT_TRY(tt_print_text(pr, "_:"));
		return tt_buffer_append(pr->out, term->text);
	}
	if (is_bare(pr, term)) {
		return tt_buffer_append(pr->out, term->text);
	}
	TT_TRY(tt_print_string(pr, term->text));
	if (term->language.size) {
		TT_TRY(tt_buffer_append_char(pr->out, '@'));
		return tt_buffer_append(pr->out, term->language);
	}
	if (tt_view_equal(term->datatype, tt_vocab_iri(TT_VOCAB_XSD_STRING))) {
		return TT_OK;
	}
	TT_TRY(tt_print_text(pr, "^^"));
	return tt_print_iri(pr, term->datatype);
}

/* ---- expressions ------------------------------------------------------------------------------ */

typedef enum rank {
	RANK_OR,
	RANK_AND,
	RANK_RELATIONAL,
	RANK_ADDITIVE,
	RANK_MULTIPLICATIVE,
	RANK_UNARY,
	RANK_PRIMARY
} rank;

typedef struct form {
	const char *sign;
	rank own, first, rest; /* how tight it binds, and its operands must */
	tt_status (*print)(tt_printer *, const tt_ast_expr *, const struct form *);
} form;

static tt_status print_ranked(tt_printer *pr, const tt_ast_expr *expr, rank least);

static tt_status print_list(tt_printer *pr, tt_ast_expr *const *items, size_t n_items)
{
	for (size_t i = 0; i < n_items; ++i) {
		TT_TRY(tt_print_text(pr, i ? ", " : ""));
		TT_TRY(tt_print_expr(pr, items[i]));
	}
	return TT_OK;
}

static tt_status print_variable(tt_printer *pr, const tt_ast_expr *expr, const form *f)
{
	(void)f;
	return tt_print_variable(pr, expr->text);
}

static tt_status print_constant(tt_printer *pr, const tt_ast_expr *expr, const form *f)
{
	(void)f;
	return tt_print_constant(pr, &expr->constant);
}

/* operand sign operand … */
static tt_status print_infix(tt_printer *pr, const tt_ast_expr *expr, const form *f)
{
	TT_TRY(print_ranked(pr, expr->arguments[0], f->first));
	for (size_t i = 1; i < expr->n_arguments; ++i) {
		TT_TRY(tt_print_text(pr, f->sign));
		TT_TRY(print_ranked(pr, expr->arguments[i], f->rest));
	}
	return TT_OK;
}

/* A sign and a number would be read as one number. */
static tt_status print_prefix(tt_printer *pr, const tt_ast_expr *expr, const form *f)
{
	TT_TRY(tt_print_text(pr, f->sign));
	TT_TRY(tt_print_text(pr, expr->arguments[0]->kind == TT_EXPR_CONSTANT ? " " : ""));
	return print_ranked(pr, expr->arguments[0], f->first);
}

static tt_status print_in(tt_printer *pr, const tt_ast_expr *expr, const form *f)
{
	TT_TRY(print_ranked(pr, expr->arguments[0], f->first));
	TT_TRY(tt_print_text(pr, f->sign));
	TT_TRY(print_list(pr, expr->arguments + 1, expr->n_arguments - 1));
	return tt_print_text(pr, ")");
}

static tt_status print_function(tt_printer *pr, const tt_ast_expr *expr, const form *f)
{
	(void)f;
	TT_TRY(tt_print_iri(pr, expr->text));
	TT_TRY(tt_print_text(pr, expr->is_distinct ? "(DISTINCT " : "("));
	TT_TRY(print_list(pr, expr->arguments, expr->n_arguments));
	return tt_print_text(pr, ")");
}

static tt_status print_builtin(tt_printer *pr, const tt_ast_expr *expr, const form *f)
{
#define TT_FUNCTION(name, text, least, most, kind, section) text,
	static const char *const names[] = {
#include "sparql/functions.def"
	};
#undef TT_FUNCTION
	(void)f;
	TT_TRY(tt_print_text(pr, names[expr->builtin]));
	TT_TRY(tt_print_text(pr, "("));
	TT_TRY(print_list(pr, expr->arguments, expr->n_arguments));
	return tt_print_text(pr, ")");
}

static tt_status print_aggregate(tt_printer *pr, const tt_ast_expr *expr, const form *f)
{
	static const char *const names[] = {[TT_AGGREGATE_COUNT] = "COUNT",
	                                    [TT_AGGREGATE_SUM] = "SUM",
	                                    [TT_AGGREGATE_MIN] = "MIN",
	                                    [TT_AGGREGATE_MAX] = "MAX",
	                                    [TT_AGGREGATE_AVG] = "AVG",
	                                    [TT_AGGREGATE_SAMPLE] = "SAMPLE",
	                                    [TT_AGGREGATE_GROUP_CONCAT] = "GROUP_CONCAT"};
	(void)f;
	TT_TRY(tt_print_text(pr, names[expr->aggregate]));
	TT_TRY(tt_print_text(pr, expr->is_distinct ? "(DISTINCT " : "("));
	TT_TRY(expr->is_star ? tt_print_text(pr, "*") : print_list(pr, expr->arguments, expr->n_arguments));
	if (expr->has_separator) {
		TT_TRY(tt_print_text(pr, "; SEPARATOR = "));
		TT_TRY(tt_print_string(pr, expr->separator));
	}
	return tt_print_text(pr, ")");
}

static tt_status print_exists(tt_printer *pr, const tt_ast_expr *expr, const form *f)
{
	TT_TRY(tt_print_text(pr, f->sign));
	return tt_print_group(pr, expr->group);
}

static const form forms[] = {
    [TT_EXPR_VARIABLE] = {"", RANK_PRIMARY, 0, 0, print_variable},
    [TT_EXPR_CONSTANT] = {"", RANK_PRIMARY, 0, 0, print_constant},
    [TT_EXPR_OR] = {" || ", RANK_OR, RANK_AND, RANK_AND, print_infix},
    [TT_EXPR_AND] = {" && ", RANK_AND, RANK_RELATIONAL, RANK_RELATIONAL, print_infix},
    [TT_EXPR_NOT] = {"!", RANK_UNARY, RANK_PRIMARY, 0, print_prefix},
    [TT_EXPR_EQ] = {" = ", RANK_RELATIONAL, RANK_ADDITIVE, RANK_ADDITIVE, print_infix},
    [TT_EXPR_NE] = {" != ", RANK_RELATIONAL, RANK_ADDITIVE, RANK_ADDITIVE, print_infix},
    [TT_EXPR_LT] = {" < ", RANK_RELATIONAL, RANK_ADDITIVE, RANK_ADDITIVE, print_infix},
    [TT_EXPR_GT] = {" > ", RANK_RELATIONAL, RANK_ADDITIVE, RANK_ADDITIVE, print_infix},
    [TT_EXPR_LE] = {" <= ", RANK_RELATIONAL, RANK_ADDITIVE, RANK_ADDITIVE, print_infix},
    [TT_EXPR_GE] = {" >= ", RANK_RELATIONAL, RANK_ADDITIVE, RANK_ADDITIVE, print_infix},
    [TT_EXPR_IN] = {" IN (", RANK_RELATIONAL, RANK_ADDITIVE, 0, print_in},
    [TT_EXPR_NOT_IN] = {" NOT IN (", RANK_RELATIONAL, RANK_ADDITIVE, 0, print_in},
    [TT_EXPR_ADD] = {" + ", RANK_ADDITIVE, RANK_ADDITIVE, RANK_MULTIPLICATIVE, print_infix},
    [TT_EXPR_SUBTRACT] = {" - ", RANK_ADDITIVE, RANK_ADDITIVE, RANK_MULTIPLICATIVE, print_infix},
    [TT_EXPR_MULTIPLY] = {" * ", RANK_MULTIPLICATIVE, RANK_MULTIPLICATIVE, RANK_UNARY, print_infix},
    [TT_EXPR_DIVIDE] = {" / ", RANK_MULTIPLICATIVE, RANK_MULTIPLICATIVE, RANK_UNARY, print_infix},
    [TT_EXPR_PLUS] = {"+", RANK_UNARY, RANK_PRIMARY, 0, print_prefix},
    [TT_EXPR_MINUS] = {"-", RANK_UNARY, RANK_PRIMARY, 0, print_prefix},
    [TT_EXPR_BUILTIN] = {"", RANK_PRIMARY, 0, 0, print_builtin},
    [TT_EXPR_FUNCTION] = {"", RANK_PRIMARY, 0, 0, print_function},
    [TT_EXPR_AGGREGATE] = {"", RANK_PRIMARY, 0, 0, print_aggregate},
    [TT_EXPR_EXISTS] = {"EXISTS ", RANK_PRIMARY, 0, 0, print_exists},
    [TT_EXPR_NOT_EXISTS] = {"NOT EXISTS ", RANK_PRIMARY, 0, 0, print_exists},
};

/* As deep as TT_EXPR_LEVELS. */
static tt_status print_ranked(tt_printer *pr, const tt_ast_expr *expr, rank least)
{
	const form *const f = &forms[expr->kind];
	const bool is_weak = f->own < least;
	TT_TRY(tt_print_text(pr, is_weak ? "(" : ""));
	TT_TRY(f->print(pr, expr, f));
	return tt_print_text(pr, is_weak ? ")" : "");
}

tt_status tt_print_expr(tt_printer *pr, const tt_ast_expr *expr)
{
	return print_ranked(pr, expr, RANK_OR);
}

tt_status tt_ast_print_expr(const tt_ast_expr *expr, const tt_prefixes *prefixes, tt_buffer *out)
{
	tt_printer printer = {.out = out, .prefixes = prefixes, .is_flat = true};
	return tt_print_expr(&printer, expr);
}
