/* parse_pattern.c - graph patterns (rules 53–68).
 *
 * A basic graph pattern gets a number, which its blank node labels are tied to: filters do not end it, any other
 * element does (§5.1.1). */
#include "sparql/parser.h"

static const tt_triples_mode pattern_mode = {
    .name = "a graph pattern", .has_paths = true, .has_variables = true, .has_blanks = true, .is_pattern = true};

static tt_status parse_group(tt_parser *p, bool is_optional, tt_ast_group **out);

/* ---- VALUES ----------------------------------------------------------------------------------- */

static tt_status add_cell(tt_parser *p, const tt_term *cell)
{
	TT_TRY(tt_grow(p->ctx, (void **)&p->cells, &p->cells_capacity, p->n_cells + 1, sizeof *p->cells));
	p->cells[p->n_cells++] = *cell;
	return TT_OK;
}

/* [65] DataBlockValue ::= iri | RDFLiteral | NumericLiteral | BooleanLiteral | 'UNDEF'
 * One, if one stands here. */
static tt_status parse_data_block_value(tt_parser *p, bool *out_found)
{
	tt_term cell = {.kind = TT_TERM_NONE};
	TT_TRY(tt_parse_constant(p, out_found, &cell));
	if (!*out_found) {
		tt_parser_expected(p, TT_VIEW("an IRI, a literal"));
		*out_found = tt_parser_accept_keyword(p, TT_KEYWORD_UNDEF);
	}
	return *out_found ? add_cell(p, &cell) : TT_OK;
}

/* One variable of VALUES, to the stack. */
static tt_status parse_data_variable(tt_parser *p, uint64_t number)
{
	const tt_place place = p->token.place;
	tt_view *name = NULL;
	TT_NEW_NODE(p, &name);
	TT_TRY(tt_parse_variable(p, name));
	tt_known_variable *variable = NULL;
	TT_TRY(tt_parser_variable(p, *name, &variable));
	if (variable->column_of == number) {
		return TT_PARSER_FAIL(p, place, "?%.*s stands twice in VALUES", TT_VIEW_ARG(tt_parser_shown(*name)));
	}
	variable->column_of = number;
	TT_TRY(tt_parser_bring(p, *name));
	return tt_parser_push(p, name);
}

static tt_status take_variables(tt_parser *p, size_t mark, tt_ast_values *values)
{
	values->n_variables = p->n_items - mark;
	values->variables = tt_arena_alloc(p->arena, values->n_variables * sizeof *values->variables);
	if (!values->variables) {
		return tt_parser_no_memory(p);
	}
	for (size_t i = 0; i < values->n_variables; ++i) {
		values->variables[i] = *(const tt_view *)p->items[mark + i];
	}
	p->n_items = mark;
	return TT_OK;
}

/* '(' DataBlockValue* ')' | NIL */
static tt_status parse_data_row(tt_parser *p, const tt_ast_values *values)
{
	const tt_place place = p->token.place;
	const size_t n_before = p->n_cells;
	bool is_value = true;
	TT_TRY(tt_parser_expect(p, TT_TOKEN_OPEN_PAREN));
	while (is_value) {
		TT_TRY(parse_data_block_value(p, &is_value));
	}
	TT_TRY(tt_parser_expect(p, TT_TOKEN_CLOSE_PAREN));
	const size_t n = p->n_cells - n_before;
	if (n != values->n_variables) {
		return TT_PARSER_FAIL(p, place, "this row has %zu value%s, but VALUES has %zu variable%s", n, n == 1 ? "" : "s",
		                      values->n_variables, values->n_variables == 1 ? "" : "s");
	}
	return TT_OK;
}

/* [64] InlineDataFull ::= ( NIL | '(' Var* ')' ) '{' ( '(' DataBlockValue* ')' | NIL )* '}' */
static tt_status parse_inline_data_full(tt_parser *p, tt_ast_values *values)
{
	const size_t mark = p->n_items;
	const uint64_t number = tt_parser_new_number(p);
	TT_TRY(tt_parser_expect(p, TT_TOKEN_OPEN_PAREN));
	while (tt_parser_at(p, TT_TOKEN_VARIABLE)) {
		TT_TRY(parse_data_variable(p, number));
	}
	TT_TRY(tt_parser_expect(p, TT_TOKEN_CLOSE_PAREN));
	TT_TRY(take_variables(p, mark, values));
	TT_TRY(tt_parser_expect(p, TT_TOKEN_OPEN_BRACE));
	while (tt_parser_at(p, TT_TOKEN_OPEN_PAREN)) {
		TT_TRY(parse_data_row(p, values));
		values->n_rows++;
	}
	return tt_parser_expect(p, TT_TOKEN_CLOSE_BRACE);
}

/* [63] InlineDataOneVar ::= Var '{' DataBlockValue* '}' */
static tt_status parse_inline_data_one_var(tt_parser *p, tt_ast_values *values)
{
	const size_t mark = p->n_items;
	bool is_value = true;
	TT_TRY(parse_data_variable(p, tt_parser_new_number(p)));
	TT_TRY(take_variables(p, mark, values));
	TT_TRY(tt_parser_expect(p, TT_TOKEN_OPEN_BRACE));
	while (is_value) {
		TT_TRY(parse_data_block_value(p, &is_value));
	}
	values->n_rows = p->n_cells;
	return tt_parser_expect(p, TT_TOKEN_CLOSE_BRACE);
}

/* [62] DataBlock ::= InlineDataOneVar | InlineDataFull */
tt_status tt_parse_data_block(tt_parser *p, tt_ast_values **out)
{
	TT_NEW_NODE(p, out);
	tt_ast_values *const values = *out;
	values->place = p->token.place;
	p->n_cells = 0;
	if (tt_parser_at(p, TT_TOKEN_VARIABLE)) {
		TT_TRY(parse_inline_data_one_var(p, values));
	} else {
		TT_TRY(parse_inline_data_full(p, values));
	}
	values->cells = tt_arena_alloc(p->arena, p->n_cells * sizeof *values->cells);
	if (!values->cells) {
		return tt_parser_no_memory(p);
	}
	if (p->n_cells) {
		memcpy(values->cells, p->cells, p->n_cells * sizeof *values->cells);
	}
	return TT_OK;
}

/* ---- elements --------------------------------------------------------------------------------- */

/* [57] OptionalGraphPattern ::= 'OPTIONAL' GroupGraphPattern */
static tt_status parse_optional(tt_parser *p, tt_ast_element *element)
{
	const size_t mark = p->n_uses;
	TT_TRY(parse_group(p, true, &element->group));
	return tt_parser_settle_early(p, mark);
}

/* [66] MinusGraphPattern ::= 'MINUS' GroupGraphPattern */
static tt_status parse_minus(tt_parser *p, tt_ast_element *element)
{
	const size_t n_scope = p->n_scope;
	TT_TRY(tt_parse_group(p, &element->group));
	tt_parser_cut_scope(p, n_scope);
	return TT_OK;
}

/* VarOrIri GroupGraphPattern */
static tt_status parse_named_group(tt_parser *p, tt_ast_element *element)
{
	TT_TRY(tt_parse_var_or_iri(p, &element->term));
	if (element->term.kind == TT_AST_VARIABLE) {
		TT_TRY(tt_parser_bring(p, element->term.text));
	}
	return tt_parse_group(p, &element->group);
}

/* [59] ServiceGraphPattern ::= 'SERVICE' 'SILENT'? VarOrIri GroupGraphPattern */
static tt_status parse_service(tt_parser *p, tt_ast_element *element)
{
	element->is_silent = tt_parser_accept_keyword(p, TT_KEYWORD_SILENT);
	return parse_named_group(p, element);
}

/* [68] Filter ::= 'FILTER' Constraint */
static tt_status parse_filter(tt_parser *p, tt_ast_element *element)
{
	tt_ast_expr *expr = NULL;
	TT_TRY(tt_parse_constraint(p, &expr));
	element->expr = expr;
	return TT_OK;
}

/* [60] Bind ::= 'BIND' '(' Expression 'AS' Var ')'
 * The variable must not be in scope in this group yet (§10.1). */
static tt_status parse_bind(tt_parser *p, tt_ast_element *element)
{
	tt_ast_expr *expr = NULL;
	const size_t mark = p->n_uses;
	TT_TRY(tt_parser_expect(p, TT_TOKEN_OPEN_PAREN));
	TT_TRY(tt_parse_expression(p, &expr));
	TT_TRY(tt_parser_settle_early(p, mark));
	TT_TRY(tt_parser_expect_keyword(p, TT_KEYWORD_AS));
	const tt_place place = p->token.place;
	TT_TRY(tt_parse_variable(p, &element->variable));
	TT_TRY(tt_parser_expect(p, TT_TOKEN_CLOSE_PAREN));
	element->expr = expr;
	tt_known_variable *variable = NULL;
	TT_TRY(tt_parser_variable(p, element->variable, &variable));
	if (variable->scope_at > p->scope_start) {
		return TT_PARSER_FAIL(p, place, "BIND cannot give ?%.*s a value: it is already in scope; use another name",
		                      TT_VIEW_ARG(tt_parser_shown(element->variable)));
	}
	return tt_parser_bring(p, element->variable);
}

/* [61] InlineData ::= 'VALUES' DataBlock */
static tt_status parse_inline_data(tt_parser *p, tt_ast_element *element)
{
	return tt_parse_data_block(p, &element->values);
}

/* [67] GroupOrUnionGraphPattern ::= GroupGraphPattern ( 'UNION' GroupGraphPattern )* */
static tt_status parse_group_or_union(tt_parser *p, tt_ast_element *element)
{
	element->kind = TT_ELEMENT_GROUP;
	TT_TRY(tt_parse_group(p, &element->group));
	tt_ast_group *last = element->group;
	while (tt_parser_accept_keyword(p, TT_KEYWORD_UNION)) {
		element->kind = TT_ELEMENT_UNION;
		TT_TRY(tt_parse_group(p, &last->next_alternative));
		last = last->next_alternative;
	}
	return TT_OK;
}

/* [56] GraphPatternNotTriples ::= GroupOrUnionGraphPattern | OptionalGraphPattern | MinusGraphPattern
 *      | GraphGraphPattern | ServiceGraphPattern | Filter | Bind | InlineData */
static const struct {
	tt_keyword keyword;
	tt_element_kind kind;
	tt_status (*parse)(tt_parser *, tt_ast_element *);
} elements[] = {
    {TT_KEYWORD_FILTER, TT_ELEMENT_FILTER, parse_filter},    {TT_KEYWORD_OPTIONAL, TT_ELEMENT_OPTIONAL, parse_optional},
    {TT_KEYWORD_GRAPH, TT_ELEMENT_GRAPH, parse_named_group}, /* [58] 'GRAPH' VarOrIri GroupGraphPattern */
    {TT_KEYWORD_BIND, TT_ELEMENT_BIND, parse_bind},          {TT_KEYWORD_VALUES, TT_ELEMENT_VALUES, parse_inline_data},
    {TT_KEYWORD_MINUS, TT_ELEMENT_MINUS, parse_minus},       {TT_KEYWORD_SERVICE, TT_ELEMENT_SERVICE, parse_service},
};
enum { N_ELEMENTS = sizeof elements / sizeof *elements };

static tt_status add_element(tt_parser *p, tt_ast_element ***tail, tt_element_kind kind, tt_ast_element **out)
{
	TT_NEW_NODE(p, out);
	(*out)->kind = kind;
	(*out)->place = p->token.place;
	**tail = *out;
	*tail = &(*out)->next;
	return TT_OK;
}

static tt_status parse_graph_pattern_not_triples(tt_parser *p, tt_ast_element ***tail, bool *out_found)
{
	tt_ast_element *element = NULL;
	size_t i = 0;
	while (i < N_ELEMENTS && elements[i].keyword != p->token.keyword) {
		++i;
	}
	*out_found = i < N_ELEMENTS || p->token.kind == TT_TOKEN_OPEN_BRACE;
	if (!*out_found) {
		return TT_OK;
	}
	TT_TRY(add_element(p, tail, i < N_ELEMENTS ? elements[i].kind : TT_ELEMENT_GROUP, &element));
	if (i == N_ELEMENTS) {
		TT_TRY(parse_group_or_union(p, element));
	} else {
		tt_parser_advance(p);
		TT_TRY(elements[i].parse(p, element));
	}
	if (element->kind != TT_ELEMENT_FILTER) {
		p->pattern = tt_parser_new_number(p);
	}
	return TT_OK;
}

/* [54] GroupGraphPatternSub ::= TriplesBlock? ( GraphPatternNotTriples '.'? TriplesBlock? )*
 * [55] TriplesBlock ::= TriplesSameSubjectPath ( '.' TriplesBlock? )? */
static tt_status parse_group_graph_pattern_sub(tt_parser *p, tt_ast_group *group)
{
	tt_ast_element **tail = &group->elements;
	bool is_element = true;
	p->pattern = tt_parser_new_number(p);
	while (is_element) {
		if (tt_parser_at_node(p)) {
			tt_ast_element *block = NULL;
			TT_TRY(add_element(p, &tail, TT_ELEMENT_TRIPLES, &block));
			TT_TRY(tt_parse_triples(p, &pattern_mode, &block->triples));
		} else {
			tt_parser_expected(p, TT_VIEW("a triple pattern"));
		}
		TT_TRY(parse_graph_pattern_not_triples(p, &tail, &is_element));
		if (is_element) {
			(void)tt_parser_accept(p, TT_TOKEN_DOT);
		}
	}
	return TT_OK;
}

/* [53] GroupGraphPattern ::= '{' ( SubSelect | GroupGraphPatternSub ) '}' */
static tt_status parse_group_graph_pattern(tt_parser *p, tt_ast_group *group)
{
	group->place = p->token.place;
	TT_TRY(tt_parser_expect(p, TT_TOKEN_OPEN_BRACE));
	if (p->token.keyword == TT_KEYWORD_SELECT) {
		TT_TRY(tt_parse_sub_select(p, &group->subquery));
	} else {
		TT_TRY(parse_group_graph_pattern_sub(p, group));
	}
	return tt_parser_expect(p, TT_TOKEN_CLOSE_BRACE);
}

/* @param is_optional Its filters see the group around it, too. */
static tt_status parse_group(tt_parser *p, bool is_optional, tt_ast_group **out)
{
	const size_t mark = p->n_uses;
	const tt_place group_place = p->group_place;
	const size_t scope_start = p->scope_start;
	const uint64_t pattern = p->pattern;
	const unsigned n_levels = p->n_levels;
	const tt_aggregation aggregation = p->aggregation;
	TT_TRY(tt_parser_enter(p));
	TT_NEW_NODE(p, out);
	p->scope_start = p->n_scope;
	p->n_levels = 0;
	p->aggregation = TT_NO_AGGREGATES;
	p->group_place = p->token.place;
	TT_TRY(parse_group_graph_pattern(p, *out));
	TT_TRY(tt_parser_settle(p, mark, p->scope_start, 0, is_optional));
	p->group_place = group_place;
	p->scope_start = scope_start;
	p->pattern = pattern;
	p->n_levels = p->n_levels >= n_levels ? p->n_levels + 1 : n_levels;
	p->aggregation = aggregation;
	tt_ctx_leave(p->ctx);
	return TT_OK;
}

tt_status tt_parse_group(tt_parser *p, tt_ast_group **out)
{
	return parse_group(p, false, out);
}
