/* parse_query.c - prologue and queries (rules 1–28, 73).
 *
 * What SELECT may give names to is only known when the rest of the query has been read, so it is checked then: no
 * second value for a variable in scope (§18.2.1), and in a grouped query no variable outside of aggregates that is not
 * a key of the group (§11.4, §19.8 note). */
#include "sparql/parser.h"

#include "rdf/iri.h"

static const tt_triples_mode template_mode = {
    .name = "a CONSTRUCT template", .has_variables = true, .has_blanks = true};
static const tt_triples_mode construct_where_mode = {
    .name = "CONSTRUCT WHERE", .has_variables = true, .has_blanks = true, .is_pattern = true};

/* ---- prologue --------------------------------------------------------------------------------- */

/* [5] BaseDecl ::= 'BASE' IRIREF */
static tt_status parse_base_decl(tt_parser *p)
{
	const tt_place place = p->token.place;
	tt_view base;
	TT_TRY(tt_parse_iriref(p, &base));
	if (!tt_iri_is_absolute(base)) {
		return TT_PARSER_FAIL(p, place, "the base <%.*s> is relative; it must begin with a scheme such as http:",
		                      TT_VIEW_ARG(tt_parser_shown(base)));
	}
	p->base = base;
	return TT_OK;
}

/* [6] PrefixDecl ::= 'PREFIX' PNAME_NS IRIREF */
static tt_status parse_prefix_decl(tt_parser *p)
{
	const tt_token name = p->token;
	if (name.kind != TT_TOKEN_PREFIXED_NAME || name.text.size) {
		tt_parser_expected(p, TT_VIEW("a prefix such as \"foaf:\""));
		return tt_parser_fail_expected(p);
	}
	tt_parser_advance(p);
	tt_view iri;
	TT_TRY(tt_parse_iriref(p, &iri));
	return tt_prefixes_set(&p->declared, name.prefix, iri);
}

/* [4] Prologue ::= ( BaseDecl | PrefixDecl )* */
tt_status tt_parse_prologue(tt_parser *p)
{
	for (;;) {
		if (tt_parser_accept_keyword(p, TT_KEYWORD_PREFIX)) {
			TT_TRY(parse_prefix_decl(p));
		} else if (tt_parser_accept_keyword(p, TT_KEYWORD_BASE)) {
			TT_TRY(parse_base_decl(p));
		} else {
			return TT_OK;
		}
	}
}

/* ---- solution modifiers ----------------------------------------------------------------------- */

/* 'AS' Var */
static tt_status parse_as(tt_parser *p, tt_ast_projection *item)
{
	TT_TRY(tt_parser_expect_keyword(p, TT_KEYWORD_AS));
	item->place = p->token.place;
	return tt_parse_variable(p, &item->variable);
}

static tt_status fail_in_scope(tt_parser *p, const tt_ast_projection *item)
{
	return TT_PARSER_FAIL(p, item->place, "AS cannot give ?%.*s a value: it has one already; use another name",
	                      TT_VIEW_ARG(tt_parser_shown(item->variable)));
}

/* [20] GroupCondition ::= BuiltInCall | FunctionCall | '(' Expression ( 'AS' Var )? ')' | Var */
static tt_status parse_group_condition(tt_parser *p, tt_ast_projection *item)
{
	tt_ast_expr *expr = NULL;
	if (tt_parser_at(p, TT_TOKEN_VARIABLE)) {
		TT_TRY(tt_parse_variable(p, &item->variable));
		return tt_parser_use(p, item->variable, item->place);
	}
	if (!tt_parser_accept(p, TT_TOKEN_OPEN_PAREN)) {
		TT_TRY(tt_parse_constraint(p, &expr));
		item->expr = expr;
		return TT_OK;
	}
	TT_TRY(tt_parse_expression(p, &expr));
	item->expr = expr;
	if (p->token.keyword == TT_KEYWORD_AS) {
		tt_known_variable *variable = NULL;
		TT_TRY(parse_as(p, item));
		TT_TRY(tt_parser_variable(p, item->variable, &variable));
		if (variable->scope_at > p->scope_start) {
			return fail_in_scope(p, item);
		}
		TT_TRY(tt_parser_bring(p, item->variable));
	} else {
		tt_parser_expected(p, TT_VIEW("AS"));
	}
	return tt_parser_expect(p, TT_TOKEN_CLOSE_PAREN);
}

/* [19] GroupClause ::= 'GROUP' 'BY' GroupCondition+ */
static tt_status parse_group_clause(tt_parser *p, tt_ast_query *query)
{
	tt_ast_projection **tail = &query->group_by;
	p->aggregation = TT_NO_AGGREGATES;
	query->is_grouped = true;
	TT_TRY(tt_parser_expect_keyword(p, TT_KEYWORD_BY));
	do {
		TT_NEW_NODE(p, tail);
		(*tail)->place = p->token.place;
		TT_TRY(parse_group_condition(p, *tail));
		tail = &(*tail)->next;
	} while (tt_parser_at(p, TT_TOKEN_VARIABLE) || tt_parser_at_constraint(p));
	return TT_OK;
}

/* [21] HavingClause ::= 'HAVING' HavingCondition+
 * [22] HavingCondition ::= Constraint */
static tt_status parse_having_clause(tt_parser *p, tt_ast_query *query)
{
	const size_t mark = p->n_uses;
	tt_ast_condition **tail = &query->having;
	p->aggregation = TT_MAY_AGGREGATE;
	do {
		tt_ast_expr *expr = NULL;
		TT_NEW_NODE(p, tail);
		TT_TRY(tt_parse_constraint(p, &expr));
		(*tail)->expr = expr;
		tail = &(*tail)->next;
	} while (tt_parser_at_constraint(p));
	tt_parser_use_in_having(p, mark);
	return TT_OK;
}

/* [24] OrderCondition ::= ( ( 'ASC' | 'DESC' ) BrackettedExpression ) | ( Constraint | Var ) */
static tt_status parse_order_condition(tt_parser *p, tt_ast_condition *condition)
{
	tt_ast_expr *expr = NULL;
	condition->is_descending = tt_parser_accept_keyword(p, TT_KEYWORD_DESC);
	if (condition->is_descending || tt_parser_accept_keyword(p, TT_KEYWORD_ASC)) {
		TT_TRY(tt_parse_bracketed_expression(p, &expr));
	} else if (tt_parser_at(p, TT_TOKEN_VARIABLE)) {
		TT_NEW_NODE(p, &expr);
		*expr = (tt_ast_expr){.kind = TT_EXPR_VARIABLE, .place = p->token.place, .n_levels = 1};
		TT_TRY(tt_parse_variable(p, &expr->text));
		TT_TRY(tt_parser_use(p, expr->text, expr->place));
	} else {
		TT_TRY(tt_parse_constraint(p, &expr));
	}
	condition->expr = expr;
	return TT_OK;
}

/* [23] OrderClause ::= 'ORDER' 'BY' OrderCondition+ */
static tt_status parse_order_clause(tt_parser *p, tt_ast_query *query)
{
	tt_ast_condition **tail = &query->order_by;
	p->aggregation = TT_MAY_AGGREGATE;
	TT_TRY(tt_parser_expect_keyword(p, TT_KEYWORD_BY));
	do {
		TT_NEW_NODE(p, tail);
		TT_TRY(parse_order_condition(p, *tail));
		tail = &(*tail)->next;
	} while (tt_parser_at(p, TT_TOKEN_VARIABLE) || tt_parser_at_keyword(p, TT_KEYWORD_ASC) ||
	         tt_parser_at_keyword(p, TT_KEYWORD_DESC) || tt_parser_at_constraint(p));
	return TT_OK;
}

/* [97] Integer ::= INTEGER */
static tt_status parse_count(tt_parser *p, uint64_t *out)
{
	const tt_token number = p->token;
	*out = 0;
	if (number.kind == TT_TOKEN_INTEGER && (number.text.data[0] == '+' || number.text.data[0] == '-')) {
		return TT_PARSER_FAIL(p, number.place, "expected an integer without a sign, found \"%.*s\"",
		                      TT_VIEW_ARG(tt_parser_shown(number.raw)));
	}
	TT_TRY(tt_parser_expect(p, TT_TOKEN_INTEGER));
	for (size_t i = 0; i < number.text.size; ++i) {
		if (__builtin_mul_overflow(*out, 10, out) || __builtin_add_overflow(*out, number.text.data[i] - '0', out)) {
			return TT_PARSER_FAIL(p, number.place, "this number is too large");
		}
	}
	return TT_OK;
}

/* [25] LimitOffsetClauses ::= LimitClause OffsetClause? | OffsetClause LimitClause?
 * [26] LimitClause ::= 'LIMIT' INTEGER
 * [27] OffsetClause ::= 'OFFSET' INTEGER */
static tt_status parse_limit_offset_clauses(tt_parser *p, tt_ast_query *query)
{
	for (;;) {
		if (!query->has_limit && tt_parser_accept_keyword(p, TT_KEYWORD_LIMIT)) {
			query->has_limit = true;
			TT_TRY(parse_count(p, &query->limit));
		} else if (!query->has_offset && tt_parser_accept_keyword(p, TT_KEYWORD_OFFSET)) {
			query->has_offset = true;
			TT_TRY(parse_count(p, &query->offset));
		} else {
			return TT_OK;
		}
	}
}

/* [18] SolutionModifier ::= GroupClause? HavingClause? OrderClause? LimitOffsetClauses?
 * [28] ValuesClause ::= ( 'VALUES' DataBlock )? */
static tt_status parse_modifiers(tt_parser *p, tt_ast_query *query)
{
	if (tt_parser_accept_keyword(p, TT_KEYWORD_GROUP)) {
		TT_TRY(parse_group_clause(p, query));
	}
	if (tt_parser_accept_keyword(p, TT_KEYWORD_HAVING)) {
		TT_TRY(parse_having_clause(p, query));
	}
	if (tt_parser_accept_keyword(p, TT_KEYWORD_ORDER)) {
		TT_TRY(parse_order_clause(p, query));
	}
	TT_TRY(parse_limit_offset_clauses(p, query));
	if (tt_parser_accept_keyword(p, TT_KEYWORD_VALUES)) {
		TT_TRY(tt_parse_data_block(p, &query->values));
	}
	query->is_grouped = query->is_grouped || p->has_aggregate;
	return TT_OK;
}

/* ---- dataset and WHERE ------------------------------------------------------------------------ */

/* [13] DatasetClause ::= 'FROM' ( DefaultGraphClause | NamedGraphClause ), any number
 * [14] DefaultGraphClause ::= SourceSelector
 * [15] NamedGraphClause ::= 'NAMED' SourceSelector
 * [16] SourceSelector ::= iri */
static tt_status parse_dataset_clauses(tt_parser *p, tt_ast_query *query)
{
	tt_ast_dataset **tail = &query->dataset;
	while (tt_parser_accept_keyword(p, TT_KEYWORD_FROM)) {
		TT_NEW_NODE(p, tail);
		(*tail)->is_named = tt_parser_accept_keyword(p, TT_KEYWORD_NAMED);
		TT_TRY(tt_parse_iri(p, &(*tail)->iri));
		tail = &(*tail)->next;
	}
	return TT_OK;
}

/* [17] WhereClause ::= 'WHERE'? GroupGraphPattern */
static tt_status parse_where_clause(tt_parser *p, tt_ast_query *query)
{
	(void)tt_parser_accept_keyword(p, TT_KEYWORD_WHERE);
	return tt_parse_group(p, &query->where);
}

/* ---- SELECT ----------------------------------------------------------------------------------- */

/* Var | '(' Expression 'AS' Var ')' */
static tt_status parse_select_item(tt_parser *p, tt_ast_projection *item)
{
	tt_ast_expr *expr = NULL;
	if (p->token.kind != TT_TOKEN_OPEN_PAREN) {
		tt_parser_expected(p, TT_VIEW("(expression AS ?name)"));
		TT_TRY(tt_parse_variable(p, &item->variable));
		return tt_parser_use(p, item->variable, item->place);
	}
	tt_parser_advance(p);
	TT_TRY(tt_parse_expression(p, &expr));
	item->expr = expr;
	TT_TRY(parse_as(p, item));
	return tt_parser_expect(p, TT_TOKEN_CLOSE_PAREN);
}

/* [9] SelectClause ::= 'SELECT' ( 'DISTINCT' | 'REDUCED' )? ( ( Var | ( '(' Expression 'AS' Var ')' ) )+ | '*' ) */
static tt_status parse_select_clause(tt_parser *p, tt_ast_query *query)
{
	tt_ast_projection **tail = &query->projection;
	p->aggregation = TT_MAY_AGGREGATE;
	TT_TRY(tt_parser_expect_keyword(p, TT_KEYWORD_SELECT));
	query->is_distinct = tt_parser_accept_keyword(p, TT_KEYWORD_DISTINCT);
	query->is_reduced = !query->is_distinct && tt_parser_accept_keyword(p, TT_KEYWORD_REDUCED);
	query->is_star = tt_parser_accept(p, TT_TOKEN_STAR);
	if (query->is_star) {
		return TT_OK;
	}
	do {
		TT_NEW_NODE(p, tail);
		(*tail)->place = p->token.place;
		TT_TRY(parse_select_item(p, *tail));
		tail = &(*tail)->next;
	} while (tt_parser_at(p, TT_TOKEN_VARIABLE) || tt_parser_at(p, TT_TOKEN_OPEN_PAREN));
	return TT_OK;
}

static tt_status fail_not_grouped(tt_parser *p, tt_place place, tt_view name)
{
	return TT_PARSER_FAIL(p, place, "?%.*s has no single value in a group; add it to GROUP BY or aggregate it",
	                      TT_VIEW_ARG(tt_parser_shown(name)));
}

/* Every variable outside of aggregates must be a key of the group. As deep as TT_EXPR_LEVELS. */
static tt_status check_grouped(tt_parser *p, const tt_ast_expr *expr, uint64_t number)
{
	if (expr->kind == TT_EXPR_AGGREGATE) {
		return TT_OK;
	}
	if (expr->kind == TT_EXPR_VARIABLE) {
		tt_known_variable *variable = NULL;
		TT_TRY(tt_parser_variable(p, expr->text, &variable));
		return variable->key_of == number ? TT_OK : fail_not_grouped(p, expr->place, expr->text);
	}
	for (size_t i = 0; i < expr->n_arguments; ++i) {
		TT_TRY(check_grouped(p, expr->arguments[i], number));
	}
	return TT_OK;
}

static tt_status mark_keys(tt_parser *p, const tt_ast_query *query, uint64_t number)
{
	for (const tt_ast_projection *key = query->group_by; key; key = key->next) {
		const bool is_plain = !key->variable.size && key->expr->kind == TT_EXPR_VARIABLE;
		const tt_view name = is_plain ? key->expr->text : key->variable;
		if (name.size) {
			tt_known_variable *variable = NULL;
			TT_TRY(tt_parser_variable(p, name, &variable));
			variable->key_of = number;
		}
	}
	return TT_OK;
}

static tt_status check_item(tt_parser *p, const tt_ast_query *query, const tt_ast_projection *item, size_t n_scope,
                            uint64_t number)
{
	if (item->expr && query->is_grouped) {
		TT_TRY(check_grouped(p, item->expr, number));
	}
	tt_known_variable *variable = NULL;
	TT_TRY(tt_parser_variable(p, item->variable, &variable));
	if (item->expr) {
		if (variable->scope_at > n_scope || variable->column_of == number) {
			return fail_in_scope(p, item);
		}
		variable->key_of = number; /* items to the right may use it */
	} else if (query->is_grouped && variable->key_of != number) {
		return fail_not_grouped(p, item->place, item->variable);
	}
	variable->column_of = number;
	return TT_OK;
}

static tt_status check_select(tt_parser *p, const tt_ast_query *query, size_t n_scope)
{
	const uint64_t number = tt_parser_new_number(p);
	if (query->is_star && query->is_grouped) {
		return TT_PARSER_FAIL(p, query->place, "SELECT * cannot stand with GROUP BY or aggregates; name the variables");
	}
	TT_TRY(mark_keys(p, query, number));
	for (const tt_ast_projection *item = query->projection; item; item = item->next) {
		TT_TRY(check_item(p, query, item, n_scope, number));
	}
	return TT_OK;
}

/* [7] SelectQuery ::= SelectClause DatasetClause* WhereClause SolutionModifier
 * [8] SubSelect ::= SelectClause WhereClause SolutionModifier ValuesClause
 * What comes into scope stays on the scope stack. */
static tt_status parse_select(tt_parser *p, bool is_inner, tt_ast_query *query)
{
	const size_t mark = p->n_uses;
	query->form = TT_QUERY_SELECT;
	TT_TRY(parse_select_clause(p, query));
	if (!is_inner) {
		TT_TRY(parse_dataset_clauses(p, query));
	}
	const size_t n_scope = p->n_scope;
	TT_TRY(parse_where_clause(p, query));
	TT_TRY(parse_modifiers(p, query));
	TT_TRY(tt_parser_settle_query(p, query, mark, n_scope));
	return check_select(p, query, n_scope);
}

tt_status tt_parse_sub_select(tt_parser *p, tt_ast_query **out)
{
	const tt_aggregation aggregation = p->aggregation;
	const bool has_aggregate = p->has_aggregate;
	const size_t n_scope = p->n_scope;
	TT_NEW_NODE(p, out);
	(*out)->place = p->token.place;
	p->has_aggregate = false;
	TT_TRY(parse_select(p, true, *out));
	p->has_aggregate = has_aggregate;
	p->aggregation = aggregation;
	if (!(*out)->is_star) {
		tt_parser_cut_scope(p, n_scope);
	}
	for (const tt_ast_projection *item = (*out)->projection; item; item = item->next) {
		TT_TRY(tt_parser_bring(p, item->variable));
	}
	return TT_OK;
}

/* ---- CONSTRUCT, DESCRIBE, ASK ------------------------------------------------------------------ */

/* The pattern of CONSTRUCT WHERE: its template. */
static tt_status make_where(tt_parser *p, tt_ast_query *query)
{
	TT_NEW_NODE(p, &query->where);
	query->where->place = query->place;
	if (query->construct) {
		TT_NEW_NODE(p, &query->where->elements);
		query->where->elements->kind = TT_ELEMENT_TRIPLES;
		query->where->elements->triples = query->construct;
		query->where->elements->place = query->construct->subject.place;
	}
	return TT_OK;
}

/* [10] ConstructQuery ::= 'CONSTRUCT' ( ConstructTemplate DatasetClause* WhereClause SolutionModifier
 *      | DatasetClause* 'WHERE' '{' TriplesTemplate? '}' SolutionModifier )
 * [73] ConstructTemplate ::= '{' ConstructTriples? '}' */
static tt_status parse_construct(tt_parser *p, tt_ast_query *query)
{
	query->form = TT_QUERY_CONSTRUCT;
	query->is_construct_where = !tt_parser_at(p, TT_TOKEN_OPEN_BRACE);
	if (!query->is_construct_where) {
		TT_TRY(tt_parse_bracketed_triples(p, &template_mode, &query->construct));
		TT_TRY(parse_dataset_clauses(p, query));
		return parse_where_clause(p, query);
	}
	TT_TRY(parse_dataset_clauses(p, query));
	TT_TRY(tt_parser_expect_keyword(p, TT_KEYWORD_WHERE));
	p->pattern = tt_parser_new_number(p);
	TT_TRY(tt_parse_bracketed_triples(p, &construct_where_mode, &query->construct));
	return make_where(p, query);
}

/* [11] DescribeQuery ::= 'DESCRIBE' ( VarOrIri+ | '*' ) DatasetClause* WhereClause? SolutionModifier */
static tt_status parse_describe(tt_parser *p, tt_ast_query *query)
{
	tt_ast_term_list **tail = &query->describe;
	query->form = TT_QUERY_DESCRIBE;
	query->is_star = tt_parser_accept(p, TT_TOKEN_STAR);
	while (!query->is_star && (!query->describe || tt_parser_at(p, TT_TOKEN_VARIABLE) || tt_parser_at_iri(p))) {
		TT_NEW_NODE(p, tail);
		TT_TRY(tt_parse_var_or_iri(p, &(*tail)->term));
		if ((*tail)->term.kind == TT_AST_VARIABLE) {
			TT_TRY(tt_parser_use(p, (*tail)->term.text, (*tail)->term.place));
		}
		tail = &(*tail)->next;
	}
	TT_TRY(parse_dataset_clauses(p, query));
	if (tt_parser_at_keyword(p, TT_KEYWORD_WHERE) || tt_parser_at(p, TT_TOKEN_OPEN_BRACE)) {
		return parse_where_clause(p, query);
	}
	return TT_OK;
}

/* [12] AskQuery ::= 'ASK' DatasetClause* WhereClause SolutionModifier */
static tt_status parse_ask(tt_parser *p, tt_ast_query *query)
{
	query->form = TT_QUERY_ASK;
	TT_TRY(parse_dataset_clauses(p, query));
	return parse_where_clause(p, query);
}

/* [2] Query ::= Prologue ( SelectQuery | ConstructQuery | DescribeQuery | AskQuery ) ValuesClause */
static tt_status parse_query(tt_parser *p, tt_ast_query *query)
{
	static const struct {
		tt_keyword keyword;
		tt_status (*parse)(tt_parser *, tt_ast_query *);
	} forms[] = {
	    {TT_KEYWORD_CONSTRUCT, parse_construct}, {TT_KEYWORD_DESCRIBE, parse_describe}, {TT_KEYWORD_ASK, parse_ask}};
	TT_TRY(tt_parse_prologue(p));
	query->place = p->token.place;
	if (tt_parser_at_keyword(p, TT_KEYWORD_SELECT)) {
		return parse_select(p, false, query);
	}
	for (size_t i = 0; i < sizeof forms / sizeof *forms; ++i) {
		if (tt_parser_accept_keyword(p, forms[i].keyword)) {
			TT_TRY(forms[i].parse(p, query));
			TT_TRY(parse_modifiers(p, query));
			return tt_parser_settle_query(p, query, 0, 0);
		}
	}
	return tt_parser_fail_expected(p);
}

/* [1] QueryUnit ::= Query */
tt_status tt_parse_query_unit(tt_parser *p, tt_ast **out)
{
	TT_NEW_NODE(p, out);
	TT_NEW_NODE(p, &(*out)->query);
	TT_TRY(parse_query(p, (*out)->query));
	TT_TRY(tt_parser_expect(p, TT_TOKEN_END));
	return tt_parser_finish(p, *out);
}

tt_status tt_parse_query(tt_arena *arena, tt_view text, const tt_parse_options *options, tt_ast **out_ast)
{
	tt_parser parser;
	tt_status status = tt_parser_open(&parser, arena, text, options);
	if (status == TT_OK) {
		status = tt_parse_query_unit(&parser, out_ast);
	}
	if (status == TT_OK && parser.options->n_bindings) {
		status = tt_parser_bind(&parser, (*out_ast)->query);
	}
	if (status == TT_OK) {
		status = tt_parser_warn(&parser);
	}
	tt_parser_close(&parser);
	return status;
}
