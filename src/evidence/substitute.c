/* substitute.c - a pattern with the values of a solution in place of its variables: what EXISTS means (SPARQL 1.1
 * §18.6).
 *
 * Values come into triple patterns, GRAPH and expressions, at any depth, and into a sub-SELECT for the variables that
 * it shows. What a pattern binds by other means (BIND, VALUES, GROUP BY) stays as it is, and is compared with the
 * solution by whoever solves the pattern: the same reading as that of the engine (plan/correlate.c). */
#include "evidence/evidence.h"

static tt_status copy_expr(tt_why *why, const tt_ast_expr *expr, const tt_solution *solution, const tt_ast_expr **out);

static tt_ast_term replace_term(const tt_ast_term *term, const tt_solution *solution)
{
	const tt_known *const found = term->kind == TT_AST_VARIABLE ? tt_solution_find(solution, term->text) : NULL;
	tt_ast_term made = *term;
	if (found && found->term.kind != TT_TERM_NONE) {
		made.kind = TT_AST_CONSTANT;
		made.constant = found->term;
	}
	return made;
}

static tt_status copy_triples(tt_why *why, const tt_ast_triple *triples, const tt_solution *solution,
                              tt_ast_triple **out)
{
	for (; triples; triples = triples->next) {
		tt_ast_triple *const made = TT_ARENA_NEW(&why->arena, tt_ast_triple);
		if (!made) {
			return why->ctx.error.status;
		}
		*made = *triples;
		made->subject = replace_term(&triples->subject, solution);
		made->object = replace_term(&triples->object, solution);
		made->predicate = triples->path ? triples->predicate : replace_term(&triples->predicate, solution);
		*out = made;
		out = &made->next;
	}
	*out = NULL;
	return TT_OK;
}

/* A variable that has a value is that constant, and BOUND of it is true. */
static tt_status replace_variable(tt_why *why, const tt_ast_expr *expr, const tt_solution *solution,
                                  const tt_ast_expr **out, bool *out_is_done)
{
	const bool is_bound = expr->kind == TT_EXPR_BUILTIN && expr->builtin == TT_FN_BOUND && expr->n_arguments == 1;
	const tt_ast_expr *const named = is_bound ? expr->arguments[0] : expr;
	const tt_known *const found = named->kind == TT_EXPR_VARIABLE ? tt_solution_find(solution, named->text) : NULL;
	*out_is_done = found && found->term.kind != TT_TERM_NONE;
	if (!*out_is_done) {
		return TT_OK;
	}
	tt_ast_expr *const made = TT_ARENA_NEW(&why->arena, tt_ast_expr);
	if (!made) {
		return why->ctx.error.status;
	}
	*made = (tt_ast_expr){.kind = TT_EXPR_CONSTANT, .place = expr->place, .n_levels = 1, .constant = found->term};
	if (is_bound) {
		made->constant = tt_term_typed(TT_VIEW("true"), tt_vocab_iri(TT_VOCAB_XSD_BOOLEAN));
	}
	*out = made;
	return TT_OK;
}

static tt_status copy_expr(tt_why *why, const tt_ast_expr *expr, const tt_solution *solution, const tt_ast_expr **out)
{
	bool is_done = false;
	TT_TRY(replace_variable(why, expr, solution, out, &is_done));
	if (is_done) {
		return TT_OK;
	}
	tt_ast_expr *const made = TT_ARENA_NEW(&why->arena, tt_ast_expr);
	tt_ast_expr **const arguments = tt_arena_alloc(&why->arena, expr->n_arguments * sizeof *arguments);
	if (!made || !arguments) {
		return why->ctx.error.status;
	}
	*made = *expr;
	made->arguments = arguments;
	for (size_t i = 0; i < expr->n_arguments; ++i) {
		const tt_ast_expr *argument = NULL;
		TT_TRY(copy_expr(why, expr->arguments[i], solution, &argument));
		arguments[i] = (tt_ast_expr *)(uintptr_t)argument;
	}
	if (expr->group) {
		tt_ast_group *group = NULL;
		TT_TRY(tt_why_substitute(why, expr->group, solution, &group));
		made->group = group;
	}
	*out = made;
	return TT_OK;
}

static tt_status copy_element(tt_why *why, const tt_ast_element *element, const tt_solution *solution,
                              tt_ast_element *made)
{
	tt_ast_group **next = &made->group;
	*made = *element;
	made->next = NULL;
	if (element->kind == TT_ELEMENT_GRAPH || element->kind == TT_ELEMENT_SERVICE) {
		made->term = replace_term(&element->term, solution);
	}
	TT_TRY(copy_triples(why, element->triples, solution, &made->triples));
	TT_TRY(element->expr ? copy_expr(why, element->expr, solution, &made->expr) : TT_OK);
	for (const tt_ast_group *group = element->group; group; group = group->next_alternative) {
		TT_TRY(tt_why_substitute(why, group, solution, next));
		next = &(*next)->next_alternative;
	}
	return TT_OK;
}

/* The variables of a solution that a sub-SELECT shows. */
static tt_status take_projected(tt_why *why, const tt_ast_query *query, const tt_solution *solution, tt_solution *out)
{
	*out = query->is_star ? *solution : (tt_solution){NULL, 0, 0};
	for (const tt_ast_projection *item = query->projection; item; item = item->next) {
		const tt_known *const found = item->expr ? NULL : tt_solution_find(solution, item->variable);
		TT_TRY(found ? tt_solution_set(why, out, found->name, &found->term, found->demand) : TT_OK);
	}
	return TT_OK;
}

static tt_status copy_subquery(tt_why *why, const tt_ast_query *query, const tt_solution *solution, tt_ast_query **out)
{
	tt_solution shown;
	*out = TT_ARENA_NEW(&why->arena, tt_ast_query);
	if (!*out) {
		return why->ctx.error.status;
	}
	**out = *query;
	if (query->is_grouped || !query->where) {
		return TT_OK;
	}
	TT_TRY(take_projected(why, query, solution, &shown));
	return tt_why_substitute(why, query->where, &shown, &(*out)->where);
}

tt_status tt_why_substitute(tt_why *why, const tt_ast_group *group, const tt_solution *solution, tt_ast_group **out)
{
	*out = TT_ARENA_NEW(&why->arena, tt_ast_group);
	if (!*out) {
		return why->ctx.error.status;
	}
	**out = *group;
	(*out)->next_alternative = NULL;
	tt_ast_element **next = &(*out)->elements;
	*next = NULL;
	TT_TRY(tt_ctx_enter(&why->ctx));
	tt_status status = group->subquery ? copy_subquery(why, group->subquery, solution, &(*out)->subquery) : TT_OK;
	for (const tt_ast_element *element = group->elements; element && status == TT_OK; element = element->next) {
		*next = TT_ARENA_NEW(&why->arena, tt_ast_element);
		status = *next ? copy_element(why, element, solution, *next) : why->ctx.error.status;
		next = *next ? &(*next)->next : next;
	}
	tt_ctx_leave(&why->ctx);
	return status;
}
