/* visible.c - which variables of a syntax tree are in scope (SPARQL 1.1 §18.2.1): needed before a `SELECT *` inside
 * another query is translated, since what it does not show gets numbers of its own. */
#include "sparql/ast.h"

#include "base/context.h"

static tt_status visit_term(const tt_ast_term *term, tt_visible_fn visit, void *user)
{
	return term->kind == TT_AST_VARIABLE ? visit(user, term->text) : TT_OK;
}

static tt_status visit_triples(const tt_ast_triple *triples, tt_visible_fn visit, void *user)
{
	for (const tt_ast_triple *triple = triples; triple; triple = triple->next) {
		TT_TRY(visit_term(&triple->subject, visit, user));
		if (!triple->path) {
			TT_TRY(visit_term(&triple->predicate, visit, user));
		}
		TT_TRY(visit_term(&triple->object, visit, user));
	}
	return TT_OK;
}

static tt_status visit_element(tt_ctx *ctx, const tt_ast_element *element, tt_visible_fn visit, void *user)
{
	if (element->kind == TT_ELEMENT_MINUS || element->kind == TT_ELEMENT_FILTER) {
		return TT_OK;
	}
	TT_TRY(visit_triples(element->triples, visit, user));
	if (element->kind == TT_ELEMENT_GRAPH || element->kind == TT_ELEMENT_SERVICE) {
		TT_TRY(visit_term(&element->term, visit, user));
	}
	if (element->kind == TT_ELEMENT_BIND) {
		TT_TRY(visit(user, element->variable));
	}
	for (size_t i = 0; element->values && i < element->values->n_variables; ++i) {
		TT_TRY(visit(user, element->values->variables[i]));
	}
	for (const tt_ast_group *group = element->group; group; group = group->next_alternative) {
		TT_TRY(tt_ast_visible(ctx, group, visit, user));
	}
	return TT_OK;
}

tt_status tt_ast_visible(tt_ctx *ctx, const tt_ast_group *group, tt_visible_fn visit, void *user)
{
	TT_TRY(tt_ctx_enter(ctx));
	tt_status status = group->subquery ? tt_ast_projected(ctx, group->subquery, visit, user) : TT_OK;
	for (const tt_ast_element *element = group->elements; element && status == TT_OK; element = element->next) {
		status = visit_element(ctx, element, visit, user);
	}
	tt_ctx_leave(ctx);
	return status;
}

tt_status tt_ast_projected(tt_ctx *ctx, const tt_ast_query *query, tt_visible_fn visit, void *user)
{
	for (const tt_ast_projection *item = query->projection; item; item = item->next) {
		TT_TRY(visit(user, item->variable));
	}
	if (!query->is_star) {
		return TT_OK;
	}
	for (size_t i = 0; query->values && i < query->values->n_variables; ++i) {
		TT_TRY(visit(user, query->values->variables[i]));
	}
	return query->where ? tt_ast_visible(ctx, query->where, visit, user) : TT_OK;
}
