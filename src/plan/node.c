/* node.c - make operators: columns, order, keys and checks. */
#include "plan/planner.h"

#include "base/context.h"

/* ---- columns ---------------------------------------------------------------------------------- */

tt_status tt_node_new(tt_planner *p, tt_node_kind kind, tt_node *first, tt_node *second, tt_node **out)
{
	tt_node *const node = TT_ARENA_NEW(p->arena, tt_node);
	if (!node) {
		return p->ctx->error.status;
	}
	node->kind = kind;
	node->place = first ? first->place : (tt_place){0}; /* unless the caller knows better */
	node->variable = TT_NO_VAR;
	node->parameter = TT_NO_VAR;
	node->n_children = (first ? 1u : 0u) + (second ? 1u : 0u);
	if (node->n_children) {
		node->children = tt_arena_alloc(p->arena, 2 * sizeof *node->children);
		if (!node->children) {
			return p->ctx->error.status;
		}
		node->children[0] = first;
		node->children[1] = second;
	}
	const unsigned left = first ? first->depth : 0;
	const unsigned right = second ? second->depth : 0;
	node->depth = 1 + (left > right ? left : right);
	if (node->depth > TT_NODE_DEPTH_LIMIT) {
		return TT_FAIL_AT_PLACE(p->ctx, TT_LIMIT, node->place, "the query needs more than %d operators upon each other",
		                        TT_NODE_DEPTH_LIMIT);
	}
	*out = node;
	return TT_OK;
}

/* Columns grow in the arena; whether the room is used up shows in the number: it is full at each power of two. */
tt_status tt_node_add_column(tt_planner *p, tt_node *node, tt_var variable, bool may_be_unbound)
{
	const size_t n = node->n_columns;
	if (n == 0 || (n >= 8 && (n & (n - 1)) == 0)) {
		const size_t capacity = n ? n * 2 : 8;
		tt_var *const columns = tt_arena_alloc(p->arena, capacity * sizeof *columns);
		bool *const unbound = tt_arena_alloc(p->arena, capacity * sizeof *unbound);
		if (!columns || !unbound) {
			return p->ctx->error.status;
		}
		if (n) {
			memcpy(columns, node->columns, n * sizeof *columns);
			memcpy(unbound, node->may_be_unbound, n * sizeof *unbound);
		}
		node->columns = columns;
		node->may_be_unbound = unbound;
	}
	node->columns[n] = variable;
	node->may_be_unbound[n] = may_be_unbound;
	node->n_columns++;
	return TT_OK;
}

tt_status tt_node_like_child(tt_planner *p, tt_node *node)
{
	const tt_node *const child = node->children[0];
	for (size_t i = 0; i < child->n_columns; ++i) {
		TT_TRY(tt_node_add_column(p, node, child->columns[i], child->may_be_unbound[i]));
	}
	node->sorted_on = child->sorted_on;
	node->n_sorted_on = child->n_sorted_on;
	node->n_rows_estimate = child->n_rows_estimate;
	node->cost_estimate = child->cost_estimate;
	return TT_OK;
}

size_t tt_node_column(const tt_node *node, tt_var variable)
{
	for (size_t i = 0; i < node->n_columns; ++i) {
		if (node->columns[i] == variable) {
			return i;
		}
	}
	return SIZE_MAX;
}

bool tt_node_has(const tt_node *node, tt_var variable)
{
	return tt_node_column(node, variable) != SIZE_MAX;
}

bool tt_node_binds(const tt_node *node, tt_var variable)
{
	const size_t column = tt_node_column(node, variable);
	return column != SIZE_MAX && !node->may_be_unbound[column];
}

tt_status tt_node_columns(tt_planner *p, const tt_node *node, tt_varset *out)
{
	return tt_varset_make(p->arena, node->columns, node->n_columns, out);
}

/* ---- simple operators ------------------------------------------------------------------------- */

tt_status tt_node_unit(tt_planner *p, tt_varset parameters, tt_node **out)
{
	TT_TRY(tt_node_new(p, TT_NODE_UNIT, NULL, NULL, out));
	for (size_t i = 0; i < parameters.n_items; ++i) {
		const tt_var variable = parameters.items[i];
		TT_TRY(tt_node_add_column(p, *out, variable, !tt_varset_has(p->given, variable)));
	}
	(*out)->n_rows_estimate = 1;
	return TT_OK;
}

tt_status tt_node_empty(tt_planner *p, tt_varset columns, tt_node **out)
{
	TT_TRY(tt_node_new(p, TT_NODE_EMPTY, NULL, NULL, out));
	for (size_t i = 0; i < columns.n_items; ++i) {
		TT_TRY(tt_node_add_column(p, *out, columns.items[i], false));
	}
	return TT_OK;
}

/* Keep the sort order only as far as its variables are columns. */
static void cut_order(tt_node *node)
{
	size_t n = 0;
	while (n < node->n_sorted_on && tt_node_has(node, node->sorted_on[n])) {
		n++;
	}
	node->n_sorted_on = n;
}

tt_status tt_node_narrow(tt_planner *p, tt_node *child, tt_varset wanted, tt_node **out)
{
	size_t n_kept = 0;
	for (size_t i = 0; i < child->n_columns; ++i) {
		n_kept += tt_varset_has(wanted, child->columns[i]);
	}
	if (n_kept == child->n_columns) {
		*out = child;
		return TT_OK;
	}
	tt_node *node = NULL;
	TT_TRY(tt_node_new(p, TT_NODE_PROJECT, child, NULL, &node));
	for (size_t i = 0; i < child->n_columns; ++i) {
		if (tt_varset_has(wanted, child->columns[i])) {
			TT_TRY(tt_node_add_column(p, node, child->columns[i], child->may_be_unbound[i]));
		}
	}
	node->sorted_on = child->sorted_on;
	node->n_sorted_on = child->n_sorted_on;
	cut_order(node);
	node->n_rows_estimate = child->n_rows_estimate;
	node->cost_estimate = child->cost_estimate;
	*out = node;
	return TT_OK;
}

/* ---- joins ------------------------------------------------------------------------------------ */

tt_status tt_node_match(tt_planner *p, tt_node *node)
{
	const tt_node *const left = node->children[0];
	const tt_node *const right = node->children[1];
	const size_t most = left->n_columns < right->n_columns ? left->n_columns : right->n_columns;
	node->keys = tt_arena_alloc(p->arena, most * sizeof *node->keys);
	node->checks = tt_arena_alloc(p->arena, most * sizeof *node->checks);
	if (!node->keys || !node->checks) {
		return p->ctx->error.status;
	}
	for (size_t i = 0; i < left->n_columns; ++i) {
		const size_t other = tt_node_column(right, left->columns[i]);
		if (other == SIZE_MAX) {
			continue;
		}
		if (left->may_be_unbound[i] || right->may_be_unbound[other]) {
			node->checks[node->n_checks++] = left->columns[i];
		} else {
			node->keys[node->n_keys++] = left->columns[i];
		}
	}
	return TT_OK;
}

tt_status tt_node_match_alike(tt_planner *p, tt_node *node, tt_expr *const *filters, size_t n_filters)
{
	const tt_node *const left = node->children[0];
	const tt_node *const right = node->children[1];
	if (n_filters == 0 || node->n_keys + node->n_checks > 0 || p->options->is_unoptimised) {
		return TT_OK;
	}
	node->alike = tt_arena_alloc(p->arena, n_filters * sizeof *node->alike);
	if (!node->alike) {
		return p->ctx->error.status;
	}
	for (size_t i = 0; i < n_filters; ++i) {
		tt_alike pair = {TT_NO_VAR, TT_NO_VAR};
		if (!tt_expr_equates(filters[i], &pair.left, &pair.right)) {
			continue;
		}
		if (!tt_node_has(left, pair.left)) {
			pair = (tt_alike){pair.right, pair.left};
		}
		if (tt_node_has(left, pair.left) && tt_node_has(right, pair.right)) {
			node->alike[node->n_alike++] = pair;
		}
	}
	return TT_OK;
}

tt_status tt_node_join_columns(tt_planner *p, tt_node *node, tt_varset wanted, bool is_left_join)
{
	const tt_node *const left = node->children[0];
	const tt_node *const right = node->children[1];
	for (size_t i = 0; i < left->n_columns; ++i) {
		if (tt_varset_has(wanted, left->columns[i])) {
			const bool is_bound = !left->may_be_unbound[i] || (!is_left_join && tt_node_binds(right, left->columns[i]));
			TT_TRY(tt_node_add_column(p, node, left->columns[i], !is_bound));
		}
	}
	for (size_t i = 0; i < right->n_columns; ++i) {
		if (tt_varset_has(wanted, right->columns[i]) && !tt_node_has(left, right->columns[i])) {
			TT_TRY(tt_node_add_column(p, node, right->columns[i], is_left_join || right->may_be_unbound[i]));
		}
	}
	return TT_OK;
}

tt_status tt_node_hash_join(tt_planner *p, tt_node *left, tt_node *right, tt_varset wanted, tt_node **out)
{
	TT_TRY(tt_node_new(p, TT_NODE_HASH_JOIN, left, right, out));
	tt_node *const node = *out;
	TT_TRY(tt_node_match(p, node));
	TT_TRY(tt_node_join_columns(p, node, wanted, false));
	node->sorted_on = left->sorted_on;
	node->n_sorted_on = left->n_sorted_on;
	cut_order(node);
	const double product = left->n_rows_estimate * right->n_rows_estimate;
	const double larger = left->n_rows_estimate > right->n_rows_estimate ? left->n_rows_estimate
	                                                                     : right->n_rows_estimate;
	node->n_rows_estimate = node->n_keys ? product / (larger > 1 ? larger : 1) : product;
	node->cost_estimate = left->cost_estimate + right->cost_estimate + left->n_rows_estimate * TT_COST_PROBE_ROW +
	                      right->n_rows_estimate * TT_COST_BUILD_ROW + node->n_rows_estimate * TT_COST_OUTPUT_ROW;
	return TT_OK;
}

/* ---- filter ----------------------------------------------------------------------------------- */

enum { WEIGHT_STRING = 20, WEIGHT_EXISTS = 100000 };

/* How dear an expression is, roughly: comparisons are cheap, functions on strings not, EXISTS runs a plan. */
static unsigned weigh(const tt_expr *expr)
{
	unsigned weight = 1;
	if (expr->kind == TT_EXPR_BUILTIN || expr->kind == TT_EXPR_FUNCTION) {
		const bool is_cheap = expr->builtin == TT_FN_BOUND || expr->builtin == TT_FN_SAMETERM ||
		                      expr->builtin == TT_FN_ISIRI || expr->builtin == TT_FN_ISBLANK ||
		                      expr->builtin == TT_FN_ISLITERAL;
		weight = is_cheap && expr->kind == TT_EXPR_BUILTIN ? 1 : WEIGHT_STRING;
	}
	if (expr->pattern) {
		weight = WEIGHT_EXISTS;
	}
	for (size_t i = 0; i < expr->n_arguments; ++i) {
		weight += weigh(expr->arguments[i]);
	}
	return weight;
}

/* Cheapest first, the order of the text among equals: an insertion sort, filters are few. */
static void sort_filters(tt_expr **filters, size_t n)
{
	for (size_t i = 1; i < n; ++i) {
		tt_expr *const moved = filters[i];
		const unsigned weight = weigh(moved);
		size_t j = i;
		for (; j > 0 && weigh(filters[j - 1]) > weight; --j) {
			filters[j] = filters[j - 1];
		}
		filters[j] = moved;
	}
}

tt_status tt_node_filter(tt_planner *p, tt_node *child, tt_expr *const *filters, size_t n, tt_node **out)
{
	if (n == 0 || child->kind == TT_NODE_EMPTY) {
		*out = child;
		return TT_OK;
	}
	tt_varset before = {0};
	tt_varset mentioned = {0};
	TT_TRY(tt_node_columns(p, child, &before));
	for (size_t i = 0; i < n; ++i) {
		tt_varset mentions = {0};
		TT_TRY(tt_expr_mentions(p->arena, filters[i], &mentions));
		TT_TRY(tt_varset_unite(p->arena, mentioned, mentions, &mentioned));
	}
	TT_TRY(tt_correlate_rows(p, child, mentioned, &child));
	tt_node *node = NULL;
	TT_TRY(tt_node_new(p, TT_NODE_FILTER, child, NULL, &node));
	TT_TRY(tt_node_like_child(p, node));
	node->filters = tt_arena_alloc(p->arena, n * sizeof(tt_expr *));
	if (!node->filters) {
		return p->ctx->error.status;
	}
	node->n_filters = n;
	for (size_t i = 0; i < n; ++i) {
		TT_TRY(tt_correlate_expr(p, filters[i], child, &node->filters[i]));
		node->cost_estimate += child->n_rows_estimate * TT_COST_FILTER_ROW;
		node->n_rows_estimate *= 0.4;
	}
	sort_filters(node->filters, n);
	node->place = filters[0]->place;
	return tt_node_narrow(p, node, before, out);
}
