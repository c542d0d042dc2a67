/* translate_expr.c - expressions: names become numbers, aggregates become variables of a GROUP (SPARQL 1.1 §18.2.4.1).
 */
#include "plan/translate.h"

#include "base/context.h"

static tt_status new_expr(tt_arena *arena, tt_ast_expr_kind kind, tt_place place, tt_expr **out)
{
	*out = TT_ARENA_NEW(arena, tt_expr);
	if (!*out) {
		return arena->ctx->error.status;
	}
	(*out)->kind = kind;
	(*out)->place = place;
	(*out)->variable = TT_NO_VAR;
	return TT_OK;
}

tt_status tt_expr_variable(tt_arena *arena, tt_var variable, tt_place place, tt_expr **out)
{
	TT_TRY(new_expr(arena, TT_EXPR_VARIABLE, place, out));
	(*out)->variable = variable;
	return TT_OK;
}

/* ---- grouping --------------------------------------------------------------------------------- */

static bool list_has(const tt_varlist *list, tt_var variable)
{
	for (size_t i = 0; i < list->n_items; ++i) {
		if (list->items[i] == variable) {
			return true;
		}
	}
	return false;
}

static tt_status add_aggregation(tt_translator *t, tt_aggregation aggregation)
{
	tt_grouping *const grouping = t->grouping;
	TT_TRY(tt_arena_grow(t->arena, (void **)&grouping->aggregations, &grouping->capacity, grouping->n_aggregations,
	                     sizeof aggregation));
	grouping->aggregations[grouping->n_aggregations++] = aggregation;
	return TT_OK;
}

tt_status tt_grouping_mention(tt_translator *t, tt_var variable, tt_place place)
{
	tt_grouping *const grouping = t->grouping;
	if (!grouping || list_has(&grouping->keys, variable) || list_has(&grouping->aliases, variable)) {
		return TT_OK;
	}
	for (size_t i = 0; i < grouping->n_aggregations; ++i) {
		if (grouping->aggregations[i].variable == variable) {
			return TT_OK;
		}
	}
	tt_aggregation sample = {.function = TT_AGGREGATE_SAMPLE, .variable = variable};
	TT_TRY(tt_expr_variable(t->arena, variable, place, &sample.argument));
	return add_aggregation(t, sample);
}

/* Whether two expressions are the same and give the same value each time, so that one aggregate serves both. */
static bool is_same(const tt_expr *a, const tt_expr *b)
{
	if (!a || !b) {
		return a == b;
	}
	if (a->kind != b->kind || a->variable != b->variable || a->builtin != b->builtin || a->pattern || b->pattern ||
	    a->n_arguments != b->n_arguments || !tt_view_equal(a->function, b->function) ||
	    !tt_term_equal(&a->constant, &b->constant)) {
		return false;
	}
	for (size_t i = 0; i < a->n_arguments; ++i) {
		if (!is_same(a->arguments[i], b->arguments[i])) {
			return false;
		}
	}
	return !tt_expr_is_fresh(a);
}

static bool is_same_aggregation(const tt_aggregation *a, const tt_aggregation *b)
{
	return a->function == b->function && a->is_distinct == b->is_distinct &&
	       tt_view_equal(a->separator, b->separator) && is_same(a->argument, b->argument);
}

static tt_status translate_aggregate(tt_translator *t, const tt_ast_expr *ast, tt_expr **out)
{
	tt_grouping *const grouping = t->grouping;
	if (!grouping) {
		return TT_FAIL_AT_PLACE(t->ctx, TT_SYNTAX, ast->place,
		                        "an aggregate may stand only in SELECT, HAVING and ORDER BY, not in another aggregate");
	}
	tt_aggregation aggregation = {.function = ast->aggregate,
	                              .is_distinct = ast->is_distinct,
	                              .separator = ast->has_separator ? ast->separator : TT_VIEW(" ")};
	if (ast->n_arguments) {
		t->grouping = NULL;
		const tt_status status = tt_translate_expr(t, ast->arguments[0], &aggregation.argument);
		t->grouping = grouping;
		TT_TRY(status);
	}
	for (size_t i = 0; i < grouping->n_aggregations; ++i) {
		if (is_same_aggregation(&grouping->aggregations[i], &aggregation)) {
			return tt_expr_variable(t->arena, grouping->aggregations[i].variable, ast->place, out);
		}
	}
	TT_TRY(tt_algebra_variable(t->query, (tt_view){0}, true, &aggregation.variable));
	TT_TRY(add_aggregation(t, aggregation));
	return tt_expr_variable(t->arena, aggregation.variable, ast->place, out);
}

/* ---- expressions ------------------------------------------------------------------------------ */

static tt_status translate_variable(tt_translator *t, const tt_ast_expr *ast, tt_expr **out)
{
	tt_var variable = TT_NO_VAR;
	TT_TRY(tt_scope_variable(t, ast->text, &variable));
	if (t->grouping && t->grouping->is_having && list_has(&t->grouping->aliases, variable)) {
		/* HAVING comes before the aliases of SELECT (§18.2.4.2): here the name is bound to nothing. */
		TT_TRY(tt_algebra_variable(t->query, (tt_view){0}, true, &variable));
	} else {
		TT_TRY(tt_grouping_mention(t, variable, ast->place));
	}
	return tt_expr_variable(t->arena, variable, ast->place, out);
}

static tt_status translate_exists(tt_translator *t, const tt_ast_expr *ast, tt_expr **out)
{
	tt_grouping *const grouping = t->grouping;
	TT_TRY(new_expr(t->arena, ast->kind, ast->place, out));
	t->grouping = NULL;
	const tt_status status = tt_translate_group(t, ast->group, &(*out)->pattern, NULL, NULL);
	t->grouping = grouping;
	return status;
}

/* Kept beside the tree: rewriting may drop what cannot matter, but an unknown function is an error all the same. */
static void note_call(tt_algebra_query *query, tt_expr *call)
{
	if (query->last_call) {
		query->last_call->next_call = call;
	} else {
		query->calls = call;
	}
	query->last_call = call;
}

static tt_status translate_operands(tt_translator *t, const tt_ast_expr *ast, tt_expr **out)
{
	if (ast->is_distinct) {
		/* Grammar note 15: only a custom aggregate may have it, and there is none. */
		return TT_FAIL_AT_PLACE(t->ctx, TT_UNSUPPORTED, ast->place,
		                        "<%.*s> is no aggregate, so DISTINCT cannot stand in its call", TT_VIEW_ARG(ast->text));
	}
	TT_TRY(new_expr(t->arena, ast->kind, ast->place, out));
	tt_expr *const expr = *out;
	expr->constant = ast->constant;
	expr->builtin = ast->builtin;
	expr->function = ast->kind == TT_EXPR_FUNCTION ? ast->text : (tt_view){0};
	expr->n_arguments = ast->n_arguments;
	expr->arguments = tt_arena_alloc(t->arena, (ast->n_arguments ? ast->n_arguments : 1) * sizeof *expr->arguments);
	if (!expr->arguments) {
		return t->ctx->error.status;
	}
	for (size_t i = 0; i < ast->n_arguments; ++i) {
		TT_TRY(tt_translate_expr(t, ast->arguments[i], &expr->arguments[i]));
	}
	if (ast->kind == TT_EXPR_FUNCTION) {
		note_call(t->query, expr);
	}
	return TT_OK;
}

tt_status tt_translate_expr(tt_translator *t, const tt_ast_expr *ast, tt_expr **out)
{
	static tt_status (*const by_kind[])(tt_translator *, const tt_ast_expr *, tt_expr **) = {
	    [TT_EXPR_VARIABLE] = translate_variable,
	    [TT_EXPR_AGGREGATE] = translate_aggregate,
	    [TT_EXPR_EXISTS] = translate_exists,
	    [TT_EXPR_NOT_EXISTS] = translate_exists,
	};
	if (t->expr_depth >= TT_ALGEBRA_DEPTH_LIMIT) {
		return TT_FAIL_AT_PLACE(t->ctx, TT_LIMIT, ast->place, "an expression of more than %d operators in a chain",
		                        TT_ALGEBRA_DEPTH_LIMIT);
	}
	t->expr_depth++;
	const tt_status status = by_kind[ast->kind] ? by_kind[ast->kind](t, ast, out) : translate_operands(t, ast, out);
	t->expr_depth--;
	return status;
}
