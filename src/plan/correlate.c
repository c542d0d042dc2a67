/* correlate.c - EXISTS in expressions: an inner plan that sees the outer row through parameters (physical.h).
 *
 * The variables that the inner pattern shares with the outer row become parameters. Those that every outer row binds
 * are PARAMETER slots of the inner scans; those that may be unbound are joined in as a UNIT next to the patterns that
 * use them. A variable that the inner pattern binds by other means than a pattern (BIND, VALUES, GRAPH, aggregates) is
 * compared with the outer value at the top. */
#include "plan/planner.h"

/* Variables of a tree that something else than a pattern binds. */
static tt_status add_binders(tt_varlist *list, const tt_algebra *node)
{
	for (; node; node = node->left) {
		if (node->kind == TT_ALGEBRA_EXTEND || (node->kind == TT_ALGEBRA_GRAPH && node->parameter != TT_NO_VAR)) {
			TT_TRY(tt_varlist_add(list, node->variable));
		}
		for (size_t i = 0; node->kind == TT_ALGEBRA_VALUES && i < node->n_variables; ++i) {
			TT_TRY(tt_varlist_add(list, node->variables[i]));
		}
		for (size_t i = 0; i < node->n_aggregations; ++i) {
			TT_TRY(tt_varlist_add(list, node->aggregations[i].variable));
		}
		if (node->right) {
			TT_TRY(add_binders(list, node->right));
		}
	}
	return TT_OK;
}

static tt_status plan_pattern(tt_planner *p, const tt_algebra *pattern, tt_node **out)
{
	tt_varlist binders = {.arena = p->arena};
	tt_varset compared = {0};
	tt_varset given = {0};
	TT_TRY(add_binders(&binders, pattern));
	TT_TRY(tt_varset_make(p->arena, binders.items, binders.n_items, &compared));
	TT_TRY(tt_varset_intersect(p->arena, compared, pattern->in_scope, &compared));
	TT_TRY(tt_varset_unite(p->arena, p->given, p->may_give, &given));
	TT_TRY(tt_varset_intersect(p->arena, compared, given, &compared));
	TT_TRY(tt_plan_node(p, pattern, compared, out));
	if (compared.n_items == 0 || (*out)->kind == TT_NODE_EMPTY) {
		return TT_OK;
	}
	tt_node *unit = NULL;
	TT_TRY(tt_node_unit(p, compared, &unit));
	return tt_node_hash_join(p, *out, unit, (tt_varset){0}, out);
}

/* Plan one EXISTS for rows with the columns of @p rows. */
static tt_status correlate_pattern(tt_planner *p, tt_expr *exists, const tt_node *rows)
{
	tt_varset mentioned = {0};
	tt_varlist given = {.arena = p->arena};
	tt_varlist may_give = {.arena = p->arena};
	tt_varlist all = {.arena = p->arena};
	TT_TRY(tt_algebra_mentions(p->arena, exists->pattern, &mentioned));
	for (size_t i = 0; i < rows->n_columns; ++i) {
		if (tt_varset_has(mentioned, rows->columns[i])) {
			TT_TRY(tt_varlist_add(rows->may_be_unbound[i] ? &may_give : &given, rows->columns[i]));
			TT_TRY(tt_varlist_add(&all, rows->columns[i]));
		}
	}
	const tt_planner saved = *p;
	p->wanted_order = TT_NO_VAR;
	TT_TRY(tt_varset_make(p->arena, given.items, given.n_items, &p->given));
	TT_TRY(tt_varset_make(p->arena, may_give.items, may_give.n_items, &p->may_give));
	tt_node *plan = NULL;
	TT_TRY(plan_pattern(p, exists->pattern, &plan));
	p->given = saved.given;
	p->may_give = saved.may_give;
	p->wanted_order = saved.wanted_order;
	exists->plan = plan;
	exists->parameters = all.items;
	exists->n_parameters = all.n_items;
	return TT_OK;
}

tt_status tt_correlate_expr(tt_planner *p, tt_expr *expr, const tt_node *rows, tt_expr **out)
{
	if (!tt_expr_has_exists(expr)) {
		*out = expr;
		return TT_OK;
	}
	/* A copy: the same expression may stand in two places of the plan with different rows. */
	TT_TRY(tt_expr_copy(p->arena, expr, out));
	for (size_t i = 0; i < expr->n_arguments; ++i) {
		TT_TRY(tt_correlate_expr(p, expr->arguments[i], rows, &(*out)->arguments[i]));
	}
	return expr->pattern ? correlate_pattern(p, *out, rows) : TT_OK;
}

tt_status tt_correlate_rows(tt_planner *p, tt_node *node, tt_varset mentioned, tt_node **out)
{
	*out = node;
	if (p->given.n_items + p->may_give.n_items == 0) {
		return TT_OK;
	}
	tt_varset all = {0};
	TT_TRY(tt_varset_unite(p->arena, p->given, p->may_give, &all));
	TT_TRY(tt_varset_intersect(p->arena, all, mentioned, &all));
	tt_varlist missing = {.arena = p->arena};
	for (size_t i = 0; i < all.n_items; ++i) {
		if (!tt_node_binds(node, all.items[i])) {
			TT_TRY(tt_varlist_add(&missing, all.items[i]));
		}
	}
	if (missing.n_items == 0) {
		return TT_OK;
	}
	tt_node *unit = NULL;
	tt_varset columns = {0};
	TT_TRY(tt_varset_make(p->arena, missing.items, missing.n_items, &all));
	TT_TRY(tt_node_unit(p, all, &unit));
	TT_TRY(tt_node_columns(p, node, &columns));
	TT_TRY(tt_varset_unite(p->arena, columns, all, &columns));
	return tt_node_hash_join(p, node, unit, columns, out);
}
