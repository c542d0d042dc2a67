/* parse_expr.c - expressions (rules 69–72, 110–128).
 *
 * Each production calls the one that binds tighter. || and && gather their operands into one node. A chain of + - * /
 * leans to the left and grows a level with each operator; so every node knows its height, and a tree higher than
 * TT_EXPR_LEVELS is refused: nobody who walks it by recursion needs to count. */
#include "sparql/parser.h"

#include "sparql/hint.h"

#include <assert.h>

/* ---- nodes ------------------------------------------------------------------------------------ */

static tt_status new_expr(tt_parser *p, tt_ast_expr_kind kind, tt_place place, tt_ast_expr **out)
{
	TT_NEW_NODE(p, out);
	(*out)->kind = kind;
	(*out)->place = place;
	(*out)->n_levels = 1;
	return TT_OK;
}

/* Note the height of a finished expression, for the EXISTS that it may stand in. */
static tt_status note_levels(tt_parser *p, const tt_ast_expr *expr)
{
	assert(expr);
	if (expr->n_levels > TT_EXPR_LEVELS) {
		return tt_lexer_fail(&p->lexer, TT_LIMIT, expr->place,
		                     "this expression has more than %d levels; cut long sums into parts with parentheses",
		                     TT_EXPR_LEVELS);
	}
	p->n_levels = p->n_levels > expr->n_levels ? p->n_levels : expr->n_levels;
	return TT_OK;
}

/* Make the operands from @p mark the arguments of a node. */
static tt_status take_arguments(tt_parser *p, size_t mark, tt_ast_expr *expr)
{
	assert(expr);
	void **items = NULL;
	TT_TRY(tt_parser_pop(p, mark, &items, &expr->n_arguments));
	expr->arguments = (tt_ast_expr **)items;
	for (size_t i = 0; i < expr->n_arguments; ++i) {
		const unsigned n = expr->arguments[i]->n_levels + 1;
		expr->n_levels = expr->n_levels > n ? expr->n_levels : n;
	}
	return note_levels(p, expr);
}

static tt_status new_unary(tt_parser *p, tt_ast_expr_kind kind, tt_place place, tt_ast_expr *operand, tt_ast_expr **out)
{
	const size_t mark = p->n_items;
	TT_TRY(new_expr(p, kind, place, out));
	TT_TRY(tt_parser_push(p, operand));
	return take_arguments(p, mark, *out);
}

static tt_status new_binary(tt_parser *p, tt_ast_expr_kind kind, tt_ast_expr *left, tt_ast_expr *right,
                            tt_ast_expr **out)
{
	const size_t mark = p->n_items;
	TT_TRY(new_expr(p, kind, left->place, out));
	TT_TRY(tt_parser_push(p, left));
	TT_TRY(tt_parser_push(p, right));
	return take_arguments(p, mark, *out);
}

/* ---- arguments -------------------------------------------------------------------------------- */

/* [72] ExpressionList ::= NIL | '(' Expression ( ',' Expression )* ')' , to the stack */
static tt_status push_expression_list(tt_parser *p)
{
	TT_TRY(tt_parser_expect(p, TT_TOKEN_OPEN_PAREN));
	if (tt_parser_accept(p, TT_TOKEN_CLOSE_PAREN)) {
		return TT_OK;
	}
	do {
		tt_ast_expr *argument = NULL;
		TT_TRY(tt_parse_expression(p, &argument));
		TT_TRY(tt_parser_push(p, argument));
	} while (tt_parser_accept(p, TT_TOKEN_COMMA));
	return tt_parser_expect(p, TT_TOKEN_CLOSE_PAREN);
}

/* [71] ArgList ::= NIL | '(' 'DISTINCT'? Expression ( ',' Expression )* ')' */
static tt_status parse_arg_list(tt_parser *p, tt_ast_expr *function)
{
	const size_t mark = p->n_items;
	TT_TRY(tt_parser_expect(p, TT_TOKEN_OPEN_PAREN));
	if (!tt_parser_accept(p, TT_TOKEN_CLOSE_PAREN)) {
		function->is_distinct = tt_parser_accept_keyword(p, TT_KEYWORD_DISTINCT);
		do {
			tt_ast_expr *argument = NULL;
			TT_TRY(tt_parse_expression(p, &argument));
			TT_TRY(tt_parser_push(p, argument));
		} while (tt_parser_accept(p, TT_TOKEN_COMMA));
		TT_TRY(tt_parser_expect(p, TT_TOKEN_CLOSE_PAREN));
	}
	return take_arguments(p, mark, function);
}

/* [128] iriOrFunction ::= iri ArgList?
 * [70] FunctionCall ::= iri ArgList */
static tt_status parse_iri_or_function(tt_parser *p, bool must_call, tt_ast_expr **out)
{
	TT_TRY(new_expr(p, TT_EXPR_CONSTANT, p->token.place, out));
	tt_view iri;
	TT_TRY(tt_parse_iri(p, &iri));
	if (tt_parser_at(p, TT_TOKEN_OPEN_PAREN)) {
		(*out)->kind = TT_EXPR_FUNCTION;
		(*out)->text = iri;
		return parse_arg_list(p, *out);
	}
	(*out)->constant = tt_term_iri(iri);
	return must_call ? tt_parser_fail_expected(p) : TT_OK;
}

/* ---- built-in calls --------------------------------------------------------------------------- */

#define TT_FUNCTION(name, text, least, most, kind, section) {{(text), sizeof(text) - 1}, (least), (most)},
static const struct {
	tt_view name;
	unsigned char least, most;
} functions[TT_N_BUILTINS] = {
#include "sparql/functions.def"
};
#undef TT_FUNCTION

enum { ANY_NUMBER = 255 };

static tt_builtin find_function(const tt_token *token)
{
	size_t i = 0;
	while (i < TT_N_BUILTINS &&
	       !(token->kind == TT_TOKEN_WORD && tt_view_equal_nocase(functions[i].name, token->text))) {
		++i;
	}
	return (tt_builtin)i;
}

static tt_status check_arguments(tt_parser *p, const tt_ast_expr *call)
{
	const tt_view name = functions[call->builtin].name;
	const size_t least = functions[call->builtin].least;
	const size_t most = functions[call->builtin].most;
	if (call->n_arguments >= least && (call->n_arguments <= most || most == ANY_NUMBER)) {
		return TT_OK;
	}
	if (least == most) {
		return TT_PARSER_FAIL(p, call->place, "%.*s takes %zu argument%s, found %zu: write %s", TT_VIEW_ARG(name),
		                      least, least == 1 ? "" : "s", call->n_arguments, tt_function_signature(call->builtin));
	}
	return TT_PARSER_FAIL(p, call->place, "%.*s takes %zu to %zu arguments, found %zu: write %s", TT_VIEW_ARG(name),
	                      least, most, call->n_arguments, tt_function_signature(call->builtin));
}

/* 'BOUND' '(' Var ')' : the argument, to the stack */
static tt_status push_bound_variable(tt_parser *p)
{
	tt_ast_expr *variable = NULL;
	TT_TRY(tt_parser_expect(p, TT_TOKEN_OPEN_PAREN));
	TT_TRY(new_expr(p, TT_EXPR_VARIABLE, p->token.place, &variable));
	TT_TRY(tt_parse_variable(p, &variable->text));
	TT_TRY(tt_parser_use(p, variable->text, variable->place));
	TT_TRY(tt_parser_push(p, variable));
	return tt_parser_expect(p, TT_TOKEN_CLOSE_PAREN);
}

/* [121] BuiltInCall, the functions: NAME '(' Expression ( ',' Expression )* ')' | NAME NIL
 * [122]–[124] RegexExpression, SubstringExpression, StrReplaceExpression */
static tt_status parse_function(tt_parser *p, tt_builtin builtin, tt_ast_expr **out)
{
	const size_t mark = p->n_items;
	TT_TRY(new_expr(p, TT_EXPR_BUILTIN, p->token.place, out));
	(*out)->builtin = builtin;
	tt_parser_advance(p);
	TT_TRY(builtin == TT_FN_BOUND ? push_bound_variable(p) : push_expression_list(p));
	TT_TRY(take_arguments(p, mark, *out));
	return check_arguments(p, *out);
}

static const struct {
	tt_keyword keyword;
	tt_aggregate aggregate;
} aggregates[] = {
    {TT_KEYWORD_COUNT, TT_AGGREGATE_COUNT},
    {TT_KEYWORD_SUM, TT_AGGREGATE_SUM},
    {TT_KEYWORD_MIN, TT_AGGREGATE_MIN},
    {TT_KEYWORD_MAX, TT_AGGREGATE_MAX},
    {TT_KEYWORD_AVG, TT_AGGREGATE_AVG},
    {TT_KEYWORD_SAMPLE, TT_AGGREGATE_SAMPLE},
    {TT_KEYWORD_GROUP_CONCAT, TT_AGGREGATE_GROUP_CONCAT},
};
enum { N_AGGREGATES = sizeof aggregates / sizeof *aggregates };

static size_t find_aggregate(const tt_token *token)
{
	size_t i = 0;
	while (i < N_AGGREGATES && aggregates[i].keyword != token->keyword) {
		++i;
	}
	return i;
}

static tt_status check_aggregation(tt_parser *p)
{
	const tt_view name = tt_keyword_text(p->token.keyword);
	if (p->aggregation == TT_IN_AGGREGATE) {
		return TT_PARSER_FAIL(p, p->token.place, "%.*s cannot stand inside another aggregate", TT_VIEW_ARG(name));
	}
	if (p->aggregation == TT_NO_AGGREGATES) {
		return TT_PARSER_FAIL(p, p->token.place,
		                      "%.*s cannot stand here; aggregates belong in SELECT, HAVING or ORDER BY",
		                      TT_VIEW_ARG(name));
	}
	return TT_OK;
}

/* ( ';' 'SEPARATOR' '=' String )? */
static tt_status parse_separator(tt_parser *p, tt_ast_expr *aggregate)
{
	if (aggregate->aggregate != TT_AGGREGATE_GROUP_CONCAT || !tt_parser_accept(p, TT_TOKEN_SEMICOLON)) {
		return TT_OK;
	}
	TT_TRY(tt_parser_expect_keyword(p, TT_KEYWORD_SEPARATOR));
	TT_TRY(tt_parser_expect(p, TT_TOKEN_EQUAL));
	aggregate->has_separator = true;
	aggregate->separator = p->token.text;
	return tt_parser_expect(p, TT_TOKEN_STRING);
}

/* [127] Aggregate ::= 'COUNT' '(' 'DISTINCT'? ( '*' | Expression ) ')'
 *      | ( 'SUM' | 'MIN' | 'MAX' | 'AVG' | 'SAMPLE' ) '(' 'DISTINCT'? Expression ')'
 *      | 'GROUP_CONCAT' '(' 'DISTINCT'? Expression ( ';' 'SEPARATOR' '=' String )? ')' */
static tt_status parse_aggregate(tt_parser *p, tt_aggregate aggregate, tt_ast_expr **out)
{
	const size_t mark = p->n_items;
	TT_TRY(check_aggregation(p));
	TT_TRY(new_expr(p, TT_EXPR_AGGREGATE, p->token.place, out));
	(*out)->aggregate = aggregate;
	p->has_aggregate = true;
	p->aggregation = TT_IN_AGGREGATE;
	tt_parser_advance(p);
	TT_TRY(tt_parser_expect(p, TT_TOKEN_OPEN_PAREN));
	(*out)->is_distinct = tt_parser_accept_keyword(p, TT_KEYWORD_DISTINCT);
	(*out)->is_star = aggregate == TT_AGGREGATE_COUNT && tt_parser_accept(p, TT_TOKEN_STAR);
	if (!(*out)->is_star) {
		tt_ast_expr *argument = NULL;
		TT_TRY(tt_parse_expression(p, &argument));
		TT_TRY(tt_parser_push(p, argument));
	}
	TT_TRY(parse_separator(p, *out));
	TT_TRY(tt_parser_expect(p, TT_TOKEN_CLOSE_PAREN));
	p->aggregation = TT_MAY_AGGREGATE;
	return take_arguments(p, mark, *out);
}

/* [125] ExistsFunc ::= 'EXISTS' GroupGraphPattern
 * [126] NotExistsFunc ::= 'NOT' 'EXISTS' GroupGraphPattern */
static tt_status parse_exists(tt_parser *p, tt_ast_expr **out)
{
	const tt_place place = p->token.place;
	const bool is_not = tt_parser_accept_keyword(p, TT_KEYWORD_NOT);
	TT_TRY(tt_parser_expect_keyword(p, TT_KEYWORD_EXISTS));
	TT_TRY(new_expr(p, is_not ? TT_EXPR_NOT_EXISTS : TT_EXPR_EXISTS, place, out));
	const size_t n_scope = p->n_scope;
	const unsigned n_levels = p->n_levels;
	const bool has_aggregate = p->has_aggregate;
	tt_ast_group *group = NULL;
	p->n_levels = 0;
	p->n_exists++;
	TT_TRY(tt_parse_group(p, &group));
	p->n_exists--;
	(*out)->group = group;
	(*out)->n_levels = p->n_levels + 1;
	p->n_levels = n_levels;
	p->has_aggregate = has_aggregate;
	tt_parser_cut_scope(p, n_scope);
	return note_levels(p, *out);
}

static bool is_at_built_in_call(const tt_parser *p)
{
	return p->token.keyword == TT_KEYWORD_NOT || p->token.keyword == TT_KEYWORD_EXISTS ||
	       find_aggregate(&p->token) < N_AGGREGATES || find_function(&p->token) < TT_N_BUILTINS;
}

/* [121] BuiltInCall ::= Aggregate | 'STR' '(' Expression ')' | … | ExistsFunc | NotExistsFunc */
static tt_status parse_built_in_call(tt_parser *p, tt_ast_expr **out)
{
	if (p->token.keyword == TT_KEYWORD_NOT || p->token.keyword == TT_KEYWORD_EXISTS) {
		return parse_exists(p, out);
	}
	const size_t i = find_aggregate(&p->token);
	return i < N_AGGREGATES ? parse_aggregate(p, aggregates[i].aggregate, out)
	                        : parse_function(p, find_function(&p->token), out);
}

/* ---- operators -------------------------------------------------------------------------------- */

/* [120] BrackettedExpression ::= '(' Expression ')' */
tt_status tt_parse_bracketed_expression(tt_parser *p, tt_ast_expr **out)
{
	TT_TRY(tt_parser_expect(p, TT_TOKEN_OPEN_PAREN));
	TT_TRY(tt_parse_expression(p, out));
	return tt_parser_expect(p, TT_TOKEN_CLOSE_PAREN);
}

/* [119] PrimaryExpression ::= BrackettedExpression | BuiltInCall | iriOrFunction | RDFLiteral | NumericLiteral
 *       | BooleanLiteral | Var */
static tt_status parse_primary(tt_parser *p, tt_ast_expr **out)
{
	const tt_place place = p->token.place;
	if (p->token.kind == TT_TOKEN_OPEN_PAREN) {
		return tt_parse_bracketed_expression(p, out);
	}
	if (p->token.kind == TT_TOKEN_IRI || p->token.kind == TT_TOKEN_PREFIXED_NAME) {
		return parse_iri_or_function(p, false, out);
	}
	if (p->token.kind == TT_TOKEN_VARIABLE) {
		TT_TRY(new_expr(p, TT_EXPR_VARIABLE, place, out));
		TT_TRY(tt_parse_variable(p, &(*out)->text));
		return tt_parser_use(p, (*out)->text, place);
	}
	if (is_at_built_in_call(p)) {
		return parse_built_in_call(p, out);
	}
	bool is_found = false;
	TT_TRY(new_expr(p, TT_EXPR_CONSTANT, place, out));
	TT_TRY(tt_parse_constant(p, &is_found, &(*out)->constant));
	if (!is_found) {
		tt_parser_expected(p, TT_VIEW("an expression"));
		return tt_parser_fail_expected(p);
	}
	return TT_OK;
}

/* Go on if the token is an operator; if not, nothing is noted: parse_relational() notes "an operator" for all. */
static bool take(tt_parser *p, tt_token_kind sign)
{
	const bool fits = p->token.kind == sign;
	if (fits) {
		tt_parser_advance(p);
	}
	return fits;
}

/* [118] UnaryExpression ::= '!' PrimaryExpression | '+' PrimaryExpression | '-' PrimaryExpression
 *       | PrimaryExpression */
static tt_status parse_unary(tt_parser *p, tt_ast_expr **out)
{
	static const struct {
		tt_token_kind sign;
		tt_ast_expr_kind kind;
	} signs[] = {{TT_TOKEN_NOT, TT_EXPR_NOT}, {TT_TOKEN_PLUS, TT_EXPR_PLUS}, {TT_TOKEN_MINUS, TT_EXPR_MINUS}};
	for (size_t i = 0; i < sizeof signs / sizeof *signs; ++i) {
		const tt_place place = p->token.place;
		if (take(p, signs[i].sign)) {
			tt_ast_expr *operand = NULL;
			TT_TRY(parse_primary(p, &operand));
			return new_unary(p, signs[i].kind, place, operand, out);
		}
	}
	return parse_primary(p, out);
}

/* ( '*' UnaryExpression | '/' UnaryExpression )* behind the expression in @p out */
static tt_status parse_factors(tt_parser *p, tt_ast_expr **out)
{
	for (;;) {
		const bool is_product = take(p, TT_TOKEN_STAR);
		if (!is_product && !take(p, TT_TOKEN_SLASH)) {
			return TT_OK;
		}
		tt_ast_expr *right = NULL;
		TT_TRY(parse_unary(p, &right));
		TT_TRY(new_binary(p, is_product ? TT_EXPR_MULTIPLY : TT_EXPR_DIVIDE, *out, right, out));
	}
}

/* [117] MultiplicativeExpression ::= UnaryExpression ( '*' UnaryExpression | '/' UnaryExpression )* */
static tt_status parse_multiplicative(tt_parser *p, tt_ast_expr **out)
{
	TT_TRY(parse_unary(p, out));
	return parse_factors(p, out);
}

/* In `?a +1` and `?a -1*?b` the number token has taken the operator: give it back. */
static tt_status parse_signed_term(tt_parser *p, tt_ast_expr **out)
{
	TT_TRY(new_expr(p, TT_EXPR_CONSTANT, p->token.place, out));
	TT_TRY(tt_parse_number(p, false, &(*out)->constant));
	return parse_factors(p, out);
}

static bool is_at_signed_number(const tt_parser *p)
{
	const tt_token_kind kind = p->token.kind;
	return (kind == TT_TOKEN_INTEGER || kind == TT_TOKEN_DECIMAL || kind == TT_TOKEN_DOUBLE) &&
	       (p->token.text.data[0] == '+' || p->token.text.data[0] == '-');
}

/* [116] AdditiveExpression ::= MultiplicativeExpression ( '+' MultiplicativeExpression | '-' MultiplicativeExpression
 *       | ( NumericLiteralPositive | NumericLiteralNegative ) ( ( '*' UnaryExpression ) | ( '/' UnaryExpression ) )* )*
 */
static tt_status parse_additive(tt_parser *p, tt_ast_expr **out)
{
	TT_TRY(parse_multiplicative(p, out));
	for (;;) {
		tt_ast_expr *right = NULL;
		bool is_sum = true;
		if (is_at_signed_number(p)) {
			is_sum = p->token.text.data[0] == '+';
			TT_TRY(parse_signed_term(p, &right));
		} else {
			is_sum = take(p, TT_TOKEN_PLUS);
			if (!is_sum && !take(p, TT_TOKEN_MINUS)) {
				return TT_OK;
			}
			TT_TRY(parse_multiplicative(p, &right));
		}
		TT_TRY(new_binary(p, is_sum ? TT_EXPR_ADD : TT_EXPR_SUBTRACT, *out, right, out));
	}
}

/* 'IN' ExpressionList | 'NOT' 'IN' ExpressionList behind the expression in @p out */
static tt_status parse_in(tt_parser *p, tt_ast_expr **out)
{
	const size_t mark = p->n_items;
	tt_ast_expr *const left = *out;
	const bool is_not = tt_parser_accept_keyword(p, TT_KEYWORD_NOT);
	TT_TRY(tt_parser_expect_keyword(p, TT_KEYWORD_IN));
	TT_TRY(new_expr(p, is_not ? TT_EXPR_NOT_IN : TT_EXPR_IN, left->place, out));
	TT_TRY(tt_parser_push(p, left));
	TT_TRY(push_expression_list(p));
	return take_arguments(p, mark, *out);
}

/* [113] ValueLogical ::= RelationalExpression
 * [114] RelationalExpression ::= NumericExpression ( '=' NumericExpression | '!=' NumericExpression
 *       | '<' NumericExpression | '>' NumericExpression | '<=' NumericExpression | '>=' NumericExpression
 *       | 'IN' ExpressionList | 'NOT' 'IN' ExpressionList )?
 * [115] NumericExpression ::= AdditiveExpression */
static tt_status parse_relational(tt_parser *p, tt_ast_expr **out)
{
	static const struct {
		tt_token_kind sign;
		tt_ast_expr_kind kind;
	} signs[] = {{TT_TOKEN_EQUAL, TT_EXPR_EQ},      {TT_TOKEN_NOT_EQUAL, TT_EXPR_NE},
	             {TT_TOKEN_LESS, TT_EXPR_LT},       {TT_TOKEN_GREATER, TT_EXPR_GT},
	             {TT_TOKEN_LESS_EQUAL, TT_EXPR_LE}, {TT_TOKEN_GREATER_EQUAL, TT_EXPR_GE}};
	TT_TRY(parse_additive(p, out));
	if (p->token.keyword == TT_KEYWORD_IN || p->token.keyword == TT_KEYWORD_NOT) {
		return parse_in(p, out);
	}
	for (size_t i = 0; i < sizeof signs / sizeof *signs; ++i) {
		if (take(p, signs[i].sign)) {
			tt_ast_expr *right = NULL;
			TT_TRY(parse_additive(p, &right));
			return new_binary(p, signs[i].kind, *out, right, out);
		}
	}
	tt_parser_expected(p, TT_VIEW("an operator"));
	return TT_OK;
}

/* operand ( sign operand )* as one node */
static tt_status parse_flat_chain(tt_parser *p, tt_ast_expr_kind kind, tt_token_kind sign,
                                  tt_status (*parse_operand)(tt_parser *, tt_ast_expr **), tt_ast_expr **out)
{
	const size_t mark = p->n_items;
	TT_TRY(parse_operand(p, out));
	if (p->token.kind != sign) {
		return TT_OK;
	}
	tt_ast_expr *operand = *out;
	TT_TRY(tt_parser_push(p, operand));
	while (take(p, sign)) {
		TT_TRY(parse_operand(p, &operand));
		TT_TRY(tt_parser_push(p, operand));
	}
	TT_TRY(new_expr(p, kind, (*out)->place, out));
	return take_arguments(p, mark, *out);
}

/* [112] ConditionalAndExpression ::= ValueLogical ( '&&' ValueLogical )* */
static tt_status parse_and(tt_parser *p, tt_ast_expr **out)
{
	return parse_flat_chain(p, TT_EXPR_AND, TT_TOKEN_AND, parse_relational, out);
}

/* [110] Expression ::= ConditionalOrExpression
 * [111] ConditionalOrExpression ::= ConditionalAndExpression ( '||' ConditionalAndExpression )* */
tt_status tt_parse_expression(tt_parser *p, tt_ast_expr **out)
{
	TT_TRY(tt_parser_enter(p));
	TT_TRY(parse_flat_chain(p, TT_EXPR_OR, TT_TOKEN_OR, parse_and, out));
	tt_ctx_leave(p->ctx);
	return note_levels(p, *out);
}

bool tt_parser_at_constraint(tt_parser *p)
{
	const tt_token_kind kind = p->token.kind;
	if (kind == TT_TOKEN_IRI || kind == TT_TOKEN_PREFIXED_NAME || is_at_built_in_call(p)) {
		return true;
	}
	tt_parser_expected(p, TT_VIEW("a function call"));
	return tt_parser_at(p, TT_TOKEN_OPEN_PAREN);
}

/* [69] Constraint ::= BrackettedExpression | BuiltInCall | FunctionCall */
tt_status tt_parse_constraint(tt_parser *p, tt_ast_expr **out)
{
	if (!tt_parser_at_constraint(p)) {
		return tt_parser_fail_expected(p);
	}
	if (p->token.kind == TT_TOKEN_OPEN_PAREN) {
		return tt_parse_bracketed_expression(p, out);
	}
	return is_at_built_in_call(p) ? parse_built_in_call(p, out) : parse_iri_or_function(p, true, out);
}
