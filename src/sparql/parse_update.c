/* parse_update.c - update requests (rules 3, 29–51). */
#include "sparql/parser.h"

/* §19.8 notes: no variables in data; no blank nodes in what is deleted. */
static const tt_triples_mode insert_data_mode = {.name = "INSERT DATA", .has_blanks = true, .is_data = true};
static const tt_triples_mode delete_data_mode = {.name = "DELETE DATA"};
static const tt_triples_mode delete_where_mode = {.name = "DELETE WHERE", .has_variables = true};
static const tt_triples_mode delete_mode = {.name = "a DELETE template", .has_variables = true};
static const tt_triples_mode insert_mode = {.name = "an INSERT template", .has_variables = true, .has_blanks = true};

/* ---- quads ------------------------------------------------------------------------------------ */

static tt_status add_quads(tt_parser *p, tt_ast_quads ***tail, tt_ast_quads **out)
{
	TT_NEW_NODE(p, out);
	**tail = *out;
	*tail = &(*out)->next;
	return TT_OK;
}

/* [51] QuadsNotTriples ::= 'GRAPH' VarOrIri '{' TriplesTemplate? '}' */
static tt_status parse_quads_not_triples(tt_parser *p, const tt_triples_mode *mode, tt_ast_quads *quads)
{
	tt_parser_advance(p);
	quads->has_graph = true;
	if (!mode->has_variables && p->token.kind == TT_TOKEN_VARIABLE) {
		return TT_PARSER_FAIL(p, p->token.place, "%s cannot hold variables", mode->name);
	}
	TT_TRY(tt_parse_var_or_iri(p, &quads->graph));
	return tt_parse_bracketed_triples(p, mode, &quads->triples);
}

/* [48] QuadPattern ::= '{' Quads '}'
 * [49] QuadData ::= '{' Quads '}'
 * [50] Quads ::= TriplesTemplate? ( QuadsNotTriples '.'? TriplesTemplate? )* */
static tt_status parse_quads(tt_parser *p, const tt_triples_mode *mode, tt_ast_quads **out_first)
{
	tt_ast_quads **tail = out_first;
	tt_ast_quads *quads = NULL;
	bool is_graph = true;
	TT_TRY(tt_parser_expect(p, TT_TOKEN_OPEN_BRACE));
	while (is_graph) {
		if (tt_parser_at_node(p)) {
			TT_TRY(add_quads(p, &tail, &quads));
			TT_TRY(tt_parse_triples(p, mode, &quads->triples));
		} else {
			tt_parser_expected(p, TT_VIEW("a triple"));
		}
		is_graph = tt_parser_at_keyword(p, TT_KEYWORD_GRAPH);
		if (is_graph) {
			TT_TRY(add_quads(p, &tail, &quads));
			TT_TRY(parse_quads_not_triples(p, mode, quads));
			(void)tt_parser_accept(p, TT_TOKEN_DOT);
		}
	}
	return tt_parser_expect(p, TT_TOKEN_CLOSE_BRACE);
}

/* ---- graphs ----------------------------------------------------------------------------------- */

/* [46] GraphRef ::= 'GRAPH' iri */
static tt_status parse_graph_ref(tt_parser *p, tt_graph_ref *out)
{
	TT_TRY(tt_parser_expect_keyword(p, TT_KEYWORD_GRAPH));
	out->kind = TT_GRAPH_REF_IRI;
	return tt_parse_iri(p, &out->iri);
}

/* [47] GraphRefAll ::= GraphRef | 'DEFAULT' | 'NAMED' | 'ALL' */
static tt_status parse_graph_ref_all(tt_parser *p, tt_graph_ref *out)
{
	static const struct {
		tt_keyword keyword;
		tt_graph_ref_kind kind;
	} words[] = {{TT_KEYWORD_DEFAULT, TT_GRAPH_REF_DEFAULT},
	             {TT_KEYWORD_NAMED, TT_GRAPH_REF_NAMED},
	             {TT_KEYWORD_ALL, TT_GRAPH_REF_ALL}};
	for (size_t i = 0; i < sizeof words / sizeof *words; ++i) {
		if (tt_parser_accept_keyword(p, words[i].keyword)) {
			out->kind = words[i].kind;
			return TT_OK;
		}
	}
	return parse_graph_ref(p, out);
}

/* [45] GraphOrDefault ::= 'DEFAULT' | 'GRAPH'? iri */
static tt_status parse_graph_or_default(tt_parser *p, tt_graph_ref *out)
{
	if (tt_parser_accept_keyword(p, TT_KEYWORD_DEFAULT)) {
		out->kind = TT_GRAPH_REF_DEFAULT;
		return TT_OK;
	}
	(void)tt_parser_accept_keyword(p, TT_KEYWORD_GRAPH);
	out->kind = TT_GRAPH_REF_IRI;
	return tt_parse_iri(p, &out->iri);
}

/* ---- operations on graphs --------------------------------------------------------------------- */

/* [31] Load ::= 'LOAD' 'SILENT'? iri ( 'INTO' GraphRef )? */
static tt_status parse_load(tt_parser *p, tt_ast_update *update)
{
	update->is_silent = tt_parser_accept_keyword(p, TT_KEYWORD_SILENT);
	update->to.kind = TT_GRAPH_REF_DEFAULT;
	TT_TRY(tt_parse_iri(p, &update->source));
	return tt_parser_accept_keyword(p, TT_KEYWORD_INTO) ? parse_graph_ref(p, &update->to) : TT_OK;
}

/* [32] Clear ::= 'CLEAR' 'SILENT'? GraphRefAll
 * [33] Drop ::= 'DROP' 'SILENT'? GraphRefAll */
static tt_status parse_clear(tt_parser *p, tt_ast_update *update)
{
	update->is_silent = tt_parser_accept_keyword(p, TT_KEYWORD_SILENT);
	return parse_graph_ref_all(p, &update->to);
}

/* [34] Create ::= 'CREATE' 'SILENT'? GraphRef */
static tt_status parse_create(tt_parser *p, tt_ast_update *update)
{
	update->is_silent = tt_parser_accept_keyword(p, TT_KEYWORD_SILENT);
	return parse_graph_ref(p, &update->to);
}

/* [35] Add ::= 'ADD' 'SILENT'? GraphOrDefault 'TO' GraphOrDefault
 * [36] Move, [37] Copy: the same */
static tt_status parse_transfer(tt_parser *p, tt_ast_update *update)
{
	update->is_silent = tt_parser_accept_keyword(p, TT_KEYWORD_SILENT);
	TT_TRY(parse_graph_or_default(p, &update->from));
	TT_TRY(tt_parser_expect_keyword(p, TT_KEYWORD_TO));
	return parse_graph_or_default(p, &update->to);
}

/* ---- operations on triples -------------------------------------------------------------------- */

/* [44] UsingClause ::= 'USING' ( iri | 'NAMED' iri ), any number */
static tt_status parse_using_clauses(tt_parser *p, tt_ast_update *update)
{
	tt_ast_dataset **tail = &update->using_clauses;
	while (tt_parser_accept_keyword(p, TT_KEYWORD_USING)) {
		TT_NEW_NODE(p, tail);
		(*tail)->is_named = tt_parser_accept_keyword(p, TT_KEYWORD_NAMED);
		TT_TRY(tt_parse_iri(p, &(*tail)->iri));
		tail = &(*tail)->next;
	}
	return TT_OK;
}

/* The part of Modify (rule 41) behind DELETE or INSERT:
 * [42] DeleteClause ::= 'DELETE' QuadPattern
 * [43] InsertClause ::= 'INSERT' QuadPattern */
static tt_status parse_modify_rest(tt_parser *p, tt_ast_update *update, bool is_delete)
{
	const size_t mark = p->n_uses;
	update->kind = TT_UPDATE_MODIFY;
	update->has_remove = is_delete;
	if (is_delete) {
		TT_TRY(parse_quads(p, &delete_mode, &update->remove));
	}
	update->has_insert = !is_delete || tt_parser_accept_keyword(p, TT_KEYWORD_INSERT);
	if (update->has_insert) {
		TT_TRY(parse_quads(p, &insert_mode, &update->insert));
	}
	TT_TRY(parse_using_clauses(p, update));
	TT_TRY(tt_parser_expect_keyword(p, TT_KEYWORD_WHERE));
	const size_t n_scope = p->n_scope;
	TT_TRY(tt_parse_group(p, &update->where));
	TT_TRY(tt_parser_settle(p, mark, n_scope, 0, false));
	tt_parser_cut_scope(p, n_scope);
	return TT_OK;
}

/* [38] InsertData ::= 'INSERT DATA' QuadData, or Modify */
static tt_status parse_insert(tt_parser *p, tt_ast_update *update)
{
	if (!tt_parser_accept_keyword(p, TT_KEYWORD_DATA)) {
		return parse_modify_rest(p, update, false);
	}
	update->kind = TT_UPDATE_INSERT_DATA;
	update->has_insert = true;
	return parse_quads(p, &insert_data_mode, &update->insert);
}

/* [39] DeleteData ::= 'DELETE DATA' QuadData
 * [40] DeleteWhere ::= 'DELETE WHERE' QuadPattern, or Modify */
static tt_status parse_delete(tt_parser *p, tt_ast_update *update)
{
	const bool is_data = tt_parser_accept_keyword(p, TT_KEYWORD_DATA);
	if (!is_data && !tt_parser_accept_keyword(p, TT_KEYWORD_WHERE)) {
		return parse_modify_rest(p, update, true);
	}
	update->kind = is_data ? TT_UPDATE_DELETE_DATA : TT_UPDATE_DELETE_WHERE;
	update->has_remove = true;
	return parse_quads(p, is_data ? &delete_data_mode : &delete_where_mode, &update->remove);
}

/* [41] Modify ::= ( 'WITH' iri )? ( DeleteClause InsertClause? | InsertClause ) UsingClause* 'WHERE' GroupGraphPattern
 */
static tt_status parse_with(tt_parser *p, tt_ast_update *update)
{
	update->has_with = true;
	TT_TRY(tt_parse_iri(p, &update->with));
	const bool is_delete = tt_parser_accept_keyword(p, TT_KEYWORD_DELETE);
	if (!is_delete) {
		TT_TRY(tt_parser_expect_keyword(p, TT_KEYWORD_INSERT));
	}
	return parse_modify_rest(p, update, is_delete);
}

/* ---- requests --------------------------------------------------------------------------------- */

/* [30] Update1 ::= Load | Clear | Drop | Add | Move | Copy | Create | InsertData | DeleteData | DeleteWhere | Modify */
static const struct {
	tt_keyword keyword;
	tt_update_kind kind;
	tt_status (*parse)(tt_parser *, tt_ast_update *);
} operations[] = {
    {TT_KEYWORD_INSERT, TT_UPDATE_MODIFY, parse_insert}, {TT_KEYWORD_DELETE, TT_UPDATE_MODIFY, parse_delete},
    {TT_KEYWORD_WITH, TT_UPDATE_MODIFY, parse_with},     {TT_KEYWORD_LOAD, TT_UPDATE_LOAD, parse_load},
    {TT_KEYWORD_CLEAR, TT_UPDATE_CLEAR, parse_clear},    {TT_KEYWORD_DROP, TT_UPDATE_DROP, parse_clear},
    {TT_KEYWORD_CREATE, TT_UPDATE_CREATE, parse_create}, {TT_KEYWORD_ADD, TT_UPDATE_ADD, parse_transfer},
    {TT_KEYWORD_MOVE, TT_UPDATE_MOVE, parse_transfer},   {TT_KEYWORD_COPY, TT_UPDATE_COPY, parse_transfer},
};

bool tt_parser_at_operation(const tt_parser *p)
{
	for (size_t i = 0; i < sizeof operations / sizeof *operations; ++i) {
		if (p->token.keyword == operations[i].keyword) {
			return true;
		}
	}
	return false;
}

static tt_status parse_update1(tt_parser *p, tt_ast_update **out)
{
	for (size_t i = 0; i < sizeof operations / sizeof *operations; ++i) {
		const tt_place place = p->token.place;
		if (tt_parser_accept_keyword(p, operations[i].keyword)) {
			TT_NEW_NODE(p, out);
			(*out)->kind = operations[i].kind;
			(*out)->place = place;
			p->operation = tt_parser_new_number(p);
			return operations[i].parse(p, *out);
		}
	}
	return TT_OK;
}

/* [3] UpdateUnit ::= Update
 * [29] Update ::= Prologue ( Update1 ( ';' Update )? )? */
tt_status tt_parse_update_unit(tt_parser *p, tt_ast **out)
{
	TT_NEW_NODE(p, out);
	(*out)->is_update = true;
	tt_ast_update **tail = &(*out)->update;
	bool is_more = true;
	while (is_more) {
		TT_TRY(tt_parse_prologue(p));
		TT_TRY(parse_update1(p, tail));
		is_more = *tail && tt_parser_accept(p, TT_TOKEN_SEMICOLON);
		tail = *tail ? &(*tail)->next : tail;
	}
	TT_TRY(tt_parser_expect(p, TT_TOKEN_END));
	return tt_parser_finish(p, *out);
}

tt_status tt_parse_update(tt_arena *arena, tt_view text, const tt_parse_options *options, tt_ast **out_ast)
{
	tt_parser parser;
	tt_status status = tt_parser_open(&parser, arena, text, options);
	if (status == TT_OK) {
		status = tt_parse_update_unit(&parser, out_ast);
	}
	if (status == TT_OK) {
		status = tt_parser_warn(&parser);
	}
	tt_parser_close(&parser);
	return status;
}
