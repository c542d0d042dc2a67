/* build.c - algebra nodes with their scope.
 *
 * Each kind of node has one function here that says which of its variables a solution may bind (`in_scope`, §18.2.1)
 * and which every solution binds (`bound`). Whatever moves a filter or turns an EXISTS into a join reasons with these
 * two sets alone, so they err on the safe side: in_scope may hold too many, bound too few. */
#include "plan/build.h"

#include <stdio.h>

#include "base/context.h"

/* ---- variables -------------------------------------------------------------------------------- */

tt_status tt_algebra_variable(tt_algebra_query *query, tt_view name, bool is_hidden, tt_var *out)
{
	TT_TRY(tt_arena_grow(query->arena, (void **)&query->variables, &query->variables_capacity, query->n_variables,
	                     sizeof *query->variables));
	if (name.size == 0) {
		char text[32];
		const int n = snprintf(text, sizeof text, ".%zu", query->n_variables);
		name = (tt_view){tt_arena_strndup(query->arena, text, (size_t)n), (size_t)n};
		if (!name.data) {
			return query->arena->ctx->error.status;
		}
	}
	*out = (tt_var)query->n_variables;
	query->variables[query->n_variables++] = (tt_variable){.name = name, .is_hidden = is_hidden};
	return TT_OK;
}

/* ---- scopes, one function a kind -------------------------------------------------------------- */

typedef tt_status (*scope_fn)(tt_algebra_query *query, tt_algebra *node);

static tt_status scope_none(tt_algebra_query *query, tt_algebra *node)
{
	(void)query;
	node->in_scope = node->bound = (tt_varset){0};
	return TT_OK;
}

static tt_status add_slot(tt_varlist *list, const tt_algebra_query *query, const tt_slot *slot)
{
	if (!slot->is_variable || query->variables[slot->variable].is_graph_loop) {
		return TT_OK;
	}
	return tt_varlist_add(list, slot->variable);
}

static tt_status scope_patterns(tt_algebra_query *query, tt_algebra *node)
{
	tt_varlist list = {.arena = query->arena};
	for (size_t i = 0; i < node->n_patterns; ++i) {
		const tt_triple_pattern *const pattern = &node->patterns[i];
		TT_TRY(add_slot(&list, query, &pattern->subject));
		if (node->kind == TT_ALGEBRA_BGP) {
			TT_TRY(add_slot(&list, query, &pattern->predicate));
		}
		TT_TRY(add_slot(&list, query, &pattern->object));
		if (pattern->graph_kind == TT_PATTERN_SLOT) {
			TT_TRY(add_slot(&list, query, &pattern->graph));
		}
	}
	TT_TRY(tt_varset_make(query->arena, list.items, list.n_items, &node->in_scope));
	node->bound = node->in_scope;
	return TT_OK;
}

static tt_status scope_join(tt_algebra_query *query, tt_algebra *node)
{
	TT_TRY(tt_varset_unite(query->arena, node->left->in_scope, node->right->in_scope, &node->in_scope));
	return tt_varset_unite(query->arena, node->left->bound, node->right->bound, &node->bound);
}

static tt_status scope_left_join(tt_algebra_query *query, tt_algebra *node)
{
	node->bound = node->left->bound;
	return tt_varset_unite(query->arena, node->left->in_scope, node->right->in_scope, &node->in_scope);
}

static tt_status scope_union(tt_algebra_query *query, tt_algebra *node)
{
	TT_TRY(tt_varset_unite(query->arena, node->left->in_scope, node->right->in_scope, &node->in_scope));
	return tt_varset_intersect(query->arena, node->left->bound, node->right->bound, &node->bound);
}

static tt_status scope_left(tt_algebra_query *query, tt_algebra *node)
{
	(void)query;
	node->in_scope = node->left->in_scope;
	node->bound = node->left->bound;
	return TT_OK;
}

static tt_status scope_extend(tt_algebra_query *query, tt_algebra *node)
{
	const tt_varset added = {&node->variable, 1};
	TT_TRY(tt_varset_unite(query->arena, node->left->in_scope, added, &node->in_scope));
	const bool is_bound = node->expr->kind == TT_EXPR_CONSTANT ||
	                      (node->expr->kind == TT_EXPR_VARIABLE &&
	                       tt_varset_has(node->left->bound, node->expr->variable));
	node->bound = node->left->bound;
	return is_bound ? tt_varset_unite(query->arena, node->left->bound, added, &node->bound) : TT_OK;
}

static tt_status scope_graph(tt_algebra_query *query, tt_algebra *node)
{
	TT_TRY(scope_left(query, node));
	if (node->parameter == TT_NO_VAR) {
		return TT_OK;
	}
	const tt_varset added = {&node->variable, 1};
	TT_TRY(tt_varset_unite(query->arena, node->left->in_scope, added, &node->in_scope));
	return tt_varset_unite(query->arena, node->left->bound, added, &node->bound);
}

static tt_status scope_values(tt_algebra_query *query, tt_algebra *node)
{
	tt_varlist bound = {.arena = query->arena};
	for (size_t column = 0; column < node->n_variables; ++column) {
		bool is_bound = true;
		for (size_t row = 0; row < node->n_rows && is_bound; ++row) {
			is_bound = node->cells[row * node->n_variables + column].kind != TT_TERM_NONE;
		}
		if (is_bound) {
			TT_TRY(tt_varlist_add(&bound, node->variables[column]));
		}
	}
	TT_TRY(tt_varset_make(query->arena, node->variables, node->n_variables, &node->in_scope));
	return tt_varset_make(query->arena, bound.items, bound.n_items, &node->bound);
}

static tt_status scope_group(tt_algebra_query *query, tt_algebra *node)
{
	tt_varlist in_scope = {.arena = query->arena};
	tt_varlist bound = {.arena = query->arena};
	for (size_t i = 0; i < node->n_variables; ++i) {
		TT_TRY(tt_varlist_add(&in_scope, node->variables[i]));
		if (tt_varset_has(node->left->bound, node->variables[i])) {
			TT_TRY(tt_varlist_add(&bound, node->variables[i]));
		}
	}
	for (size_t i = 0; i < node->n_aggregations; ++i) {
		TT_TRY(tt_varlist_add(&in_scope, node->aggregations[i].variable));
		if (node->aggregations[i].function == TT_AGGREGATE_COUNT) {
			TT_TRY(tt_varlist_add(&bound, node->aggregations[i].variable));
		}
	}
	TT_TRY(tt_varset_make(query->arena, in_scope.items, in_scope.n_items, &node->in_scope));
	return tt_varset_make(query->arena, bound.items, bound.n_items, &node->bound);
}

static tt_status scope_project(tt_algebra_query *query, tt_algebra *node)
{
	TT_TRY(tt_varset_make(query->arena, node->variables, node->n_variables, &node->in_scope));
	return tt_varset_intersect(query->arena, node->in_scope, node->left->bound, &node->bound);
}

static const scope_fn scopes[] = {
    [TT_ALGEBRA_UNIT] = scope_none,     [TT_ALGEBRA_EMPTY] = scope_none,     [TT_ALGEBRA_BGP] = scope_patterns,
    [TT_ALGEBRA_PATH] = scope_patterns, [TT_ALGEBRA_JOIN] = scope_join,      [TT_ALGEBRA_LEFT_JOIN] = scope_left_join,
    [TT_ALGEBRA_MINUS] = scope_left,    [TT_ALGEBRA_UNION] = scope_union,    [TT_ALGEBRA_FILTER] = scope_left,
    [TT_ALGEBRA_EXTEND] = scope_extend, [TT_ALGEBRA_GRAPH] = scope_graph,    [TT_ALGEBRA_VALUES] = scope_values,
    [TT_ALGEBRA_GROUP] = scope_group,   [TT_ALGEBRA_ORDER] = scope_left,     [TT_ALGEBRA_PROJECT] = scope_project,
    [TT_ALGEBRA_DISTINCT] = scope_left, [TT_ALGEBRA_REDUCED] = scope_left,   [TT_ALGEBRA_SLICE] = scope_left,
    [TT_ALGEBRA_SERVICE] = scope_none,  [TT_ALGEBRA_SEMI_JOIN] = scope_left,
};

/* ---- nodes ------------------------------------------------------------------------------------ */

tt_status tt_algebra_make(tt_algebra_query *query, const tt_algebra *model, tt_algebra **out)
{
	tt_ctx *const ctx = query->arena->ctx;
	tt_algebra *const node = TT_ARENA_NEW(query->arena, tt_algebra);
	if (!node) {
		return ctx->error.status;
	}
	*node = *model;
	const unsigned left = node->left ? node->left->depth : 0;
	const unsigned right = node->right ? node->right->depth : 0;
	node->depth = 1 + (left > right ? left : right);
	if (node->depth > TT_ALGEBRA_DEPTH_LIMIT) {
		return TT_FAIL_AT_PLACE(ctx, TT_LIMIT, node->place,
		                        "more than %d operations (OPTIONAL, MINUS, BIND …) build upon each other",
		                        TT_ALGEBRA_DEPTH_LIMIT);
	}
	TT_TRY(scopes[node->kind](query, node));
	*out = node;
	return TT_OK;
}

tt_status tt_algebra_unit(tt_algebra_query *query, tt_algebra **out)
{
	return tt_algebra_make(query, &(tt_algebra){.kind = TT_ALGEBRA_UNIT}, out);
}

tt_status tt_algebra_empty(tt_algebra_query *query, tt_algebra **out)
{
	return tt_algebra_make(query, &(tt_algebra){.kind = TT_ALGEBRA_EMPTY}, out);
}

tt_status tt_algebra_bgp(tt_algebra_query *query, tt_triple_pattern *patterns, size_t n_patterns, tt_algebra **out)
{
	if (n_patterns == 0) {
		return tt_algebra_unit(query, out);
	}
	const tt_algebra model = {
	    .kind = TT_ALGEBRA_BGP, .patterns = patterns, .n_patterns = n_patterns, .place = patterns[0].place};
	return tt_algebra_make(query, &model, out);
}

tt_status tt_algebra_join(tt_algebra_query *query, tt_algebra *left, tt_algebra *right, tt_algebra **out)
{
	if (left->kind == TT_ALGEBRA_UNIT || right->kind == TT_ALGEBRA_EMPTY) {
		*out = right;
		return TT_OK;
	}
	if (right->kind == TT_ALGEBRA_UNIT || left->kind == TT_ALGEBRA_EMPTY) {
		*out = left;
		return TT_OK;
	}
	const tt_algebra model = {.kind = TT_ALGEBRA_JOIN, .left = left, .right = right, .place = right->place};
	return tt_algebra_make(query, &model, out);
}

tt_status tt_algebra_join_all(tt_algebra_query *query, tt_algebra **operands, size_t n, tt_algebra **out)
{
	if (n == 0) {
		return tt_algebra_unit(query, out);
	}
	if (n == 1) {
		*out = operands[0];
		return TT_OK;
	}
	tt_algebra *left = NULL;
	tt_algebra *right = NULL;
	TT_TRY(tt_algebra_join_all(query, operands, n / 2, &left));
	TT_TRY(tt_algebra_join_all(query, operands + n / 2, n - n / 2, &right));
	return tt_algebra_join(query, left, right, out);
}

static tt_status unite(tt_algebra_query *query, tt_algebra *left, tt_algebra *right, tt_algebra **out)
{
	if (left->kind == TT_ALGEBRA_EMPTY || right->kind == TT_ALGEBRA_EMPTY) {
		*out = left->kind == TT_ALGEBRA_EMPTY ? right : left;
		return TT_OK;
	}
	const tt_algebra model = {.kind = TT_ALGEBRA_UNION, .left = left, .right = right, .place = left->place};
	return tt_algebra_make(query, &model, out);
}

tt_status tt_algebra_union_all(tt_algebra_query *query, tt_algebra **operands, size_t n, tt_algebra **out)
{
	if (n == 0) {
		return tt_algebra_empty(query, out);
	}
	if (n == 1) {
		*out = operands[0];
		return TT_OK;
	}
	tt_algebra *left = NULL;
	tt_algebra *right = NULL;
	TT_TRY(tt_algebra_union_all(query, operands, n / 2, &left));
	TT_TRY(tt_algebra_union_all(query, operands + n / 2, n - n / 2, &right));
	return unite(query, left, right, out);
}

tt_status tt_algebra_filter(tt_algebra_query *query, tt_algebra *left, tt_expr **filters, size_t n_filters,
                            tt_algebra **out)
{
	if (n_filters == 0 || left->kind == TT_ALGEBRA_EMPTY) {
		*out = left;
		return TT_OK;
	}
	tt_algebra model = {.kind = TT_ALGEBRA_FILTER, .left = left, .n_filters = n_filters, .place = filters[0]->place};
	size_t n_below = 0;
	if (left->kind == TT_ALGEBRA_FILTER) {
		model.left = left->left;
		n_below = left->n_filters;
		model.n_filters += n_below;
	}
	model.filters = tt_arena_alloc(query->arena, model.n_filters * sizeof *model.filters);
	if (!model.filters) {
		return query->arena->ctx->error.status;
	}
	if (n_below) {
		memcpy(model.filters, left->filters, n_below * sizeof *model.filters);
	}
	memcpy(model.filters + n_below, filters, n_filters * sizeof *model.filters);
	return tt_algebra_make(query, &model, out);
}

tt_status tt_algebra_extend(tt_algebra_query *query, tt_algebra *left, tt_var variable, tt_expr *expr, tt_algebra **out)
{
	const tt_algebra model = {
	    .kind = TT_ALGEBRA_EXTEND, .left = left, .variable = variable, .expr = expr, .place = expr->place};
	return tt_algebra_make(query, &model, out);
}

/* ---- what an expression or a pattern speaks of ------------------------------------------------ */

static tt_status mention_tree(tt_varlist *list, const tt_algebra *node);

static tt_status mention_expr(tt_varlist *list, const tt_expr *expr)
{
	if (expr->kind == TT_EXPR_VARIABLE) {
		TT_TRY(tt_varlist_add(list, expr->variable));
	}
	for (size_t i = 0; i < expr->n_arguments; ++i) {
		TT_TRY(mention_expr(list, expr->arguments[i]));
	}
	return expr->pattern ? mention_tree(list, expr->pattern) : TT_OK;
}

static tt_status mention_slot(tt_varlist *list, const tt_slot *slot)
{
	return slot->is_variable ? tt_varlist_add(list, slot->variable) : TT_OK;
}

static tt_status mention_patterns(tt_varlist *list, const tt_algebra *node)
{
	for (size_t i = 0; i < node->n_patterns; ++i) {
		const tt_triple_pattern *const pattern = &node->patterns[i];
		TT_TRY(mention_slot(list, &pattern->subject));
		TT_TRY(mention_slot(list, &pattern->object));
		if (node->kind == TT_ALGEBRA_BGP) {
			TT_TRY(mention_slot(list, &pattern->predicate));
		}
		if (pattern->graph_kind == TT_PATTERN_SLOT) {
			TT_TRY(mention_slot(list, &pattern->graph));
		}
	}
	return TT_OK;
}

/* Variables that a node itself names, whatever its kind: unused members are empty. */
static tt_status mention_node(tt_varlist *list, const tt_algebra *node)
{
	TT_TRY(mention_patterns(list, node));
	if (node->kind == TT_ALGEBRA_EXTEND || (node->kind == TT_ALGEBRA_GRAPH && node->parameter != TT_NO_VAR)) {
		TT_TRY(tt_varlist_add(list, node->variable));
	}
	for (size_t i = 0; i < node->n_variables; ++i) {
		TT_TRY(tt_varlist_add(list, node->variables[i]));
	}
	if (node->expr && node->kind == TT_ALGEBRA_EXTEND) {
		TT_TRY(mention_expr(list, node->expr));
	}
	for (size_t i = 0; i < node->n_filters; ++i) {
		TT_TRY(mention_expr(list, node->filters[i]));
	}
	for (size_t i = 0; i < node->n_order; ++i) {
		TT_TRY(mention_expr(list, node->order[i].expr));
	}
	for (size_t i = 0; i < node->n_aggregations; ++i) {
		TT_TRY(tt_varlist_add(list, node->aggregations[i].variable));
		if (node->aggregations[i].argument) {
			TT_TRY(mention_expr(list, node->aggregations[i].argument));
		}
	}
	return TT_OK;
}

static tt_status mention_tree(tt_varlist *list, const tt_algebra *node)
{
	for (; node; node = node->left) {
		TT_TRY(mention_node(list, node));
		if (node->right) {
			TT_TRY(mention_tree(list, node->right));
		}
	}
	return TT_OK;
}

tt_status tt_expr_mentions(tt_arena *arena, const tt_expr *expr, tt_varset *out)
{
	tt_varlist list = {.arena = arena};
	TT_TRY(mention_expr(&list, expr));
	return tt_varset_make(arena, list.items, list.n_items, out);
}

tt_status tt_algebra_mentions(tt_arena *arena, const tt_algebra *node, tt_varset *out)
{
	tt_varlist list = {.arena = arena};
	TT_TRY(mention_tree(&list, node));
	return tt_varset_make(arena, list.items, list.n_items, out);
}

bool tt_expr_has_exists(const tt_expr *expr)
{
	bool has = expr->pattern != NULL;
	for (size_t i = 0; i < expr->n_arguments && !has; ++i) {
		has = tt_expr_has_exists(expr->arguments[i]);
	}
	return has;
}

enum { FORM, PURE, FRESH };

bool tt_expr_is_fresh(const tt_expr *expr)
{
#define TT_FUNCTION(name, text, least, most, kind, section) kind,
	static const unsigned char kinds[] = {
#include "sparql/functions.def"
	};
#undef TT_FUNCTION
	bool is_fresh = expr->kind == TT_EXPR_BUILTIN && kinds[expr->builtin] == FRESH;
	for (size_t i = 0; i < expr->n_arguments && !is_fresh; ++i) {
		is_fresh = tt_expr_is_fresh(expr->arguments[i]);
	}
	return is_fresh;
}

bool tt_expr_equates(const tt_expr *expr, tt_var *out_x, tt_var *out_y)
{
	const bool is_same_term = expr->kind == TT_EXPR_BUILTIN && expr->builtin == TT_FN_SAMETERM;
	if ((expr->kind != TT_EXPR_EQ && !is_same_term) || expr->arguments[0]->kind != TT_EXPR_VARIABLE ||
	    expr->arguments[1]->kind != TT_EXPR_VARIABLE) {
		return false;
	}
	*out_x = expr->arguments[0]->variable;
	*out_y = expr->arguments[1]->variable;
	return true;
}

tt_status tt_expr_copy(tt_arena *arena, const tt_expr *expr, tt_expr **out)
{
	*out = TT_ARENA_NEW(arena, tt_expr);
	tt_expr **const arguments = tt_arena_alloc(arena, expr->n_arguments * sizeof *arguments);
	if (!*out || !arguments) {
		return arena->ctx->error.status;
	}
	**out = *expr;
	if (expr->n_arguments) {
		memcpy(arguments, expr->arguments, expr->n_arguments * sizeof *arguments);
	}
	(*out)->arguments = arguments;
	return TT_OK;
}
