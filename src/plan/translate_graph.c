/* translate_graph.c - GRAPH: the active graph goes into the patterns where that means the same (SPARQL 1.1 §18.6).
 *
 * By definition GRAPH ?g { P } evaluates P once for each named graph and joins the result with ?g. P was translated
 * with a hidden variable h in the graph slots. distribute() gives a tree that means GRAPH ?g { P }:
 *
 *     basic graph pattern      h is renamed to ?g: one scan over all named graphs
 *     A . B, A UNION B         both sides distributed; a side of a join that does not look at the graph stays
 *     OPTIONAL, FILTER, BIND,  the left side distributed, the right side too if it looks at the graph: ?g, bound on
 *     MINUS                    the left, ties both to one graph. EXISTS { Q } becomes EXISTS { GRAPH ?g { Q } }
 *     anything else            a TT_ALGEBRA_GRAPH around it that sets h
 *
 * Inside P the variable ?g is not yet bound. So where P itself speaks of ?g, only joins and unions of basic graph
 * patterns are opened: a FILTER(BOUND(?g)) or an OPTIONAL that uses ?g must not see the graph. MINUS is opened only if
 * its sides share a variable anyhow: else it removes nothing, and ?g must not become what they share. */
#include "plan/translate.h"

typedef struct distribution {
	tt_translator *t;
	tt_var variable, parameter;
	bool is_mentioned; /* the pattern itself speaks of the variable */
	bool is_taken;     /* a loop has the parameter already: the next one needs its own */
} distribution;

static tt_status distribute(distribution *d, tt_algebra *node, tt_algebra **out);

/* ---- does a tree look at the active graph? ---------------------------------------------------- */

static bool tree_uses(const tt_algebra *node, tt_var parameter);

static bool expr_uses(const tt_expr *expr, tt_var parameter)
{
	bool uses = expr->pattern && tree_uses(expr->pattern, parameter);
	for (size_t i = 0; i < expr->n_arguments && !uses; ++i) {
		uses = expr_uses(expr->arguments[i], parameter);
	}
	return uses;
}

static bool node_uses(const tt_algebra *node, tt_var parameter)
{
	bool uses = node->n_patterns && node->patterns[0].graph_kind == TT_PATTERN_SLOT &&
	            node->patterns[0].graph.is_variable && node->patterns[0].graph.variable == parameter;
	uses = uses || (node->expr && expr_uses(node->expr, parameter));
	for (size_t i = 0; i < node->n_filters && !uses; ++i) {
		uses = expr_uses(node->filters[i], parameter);
	}
	for (size_t i = 0; i < node->n_order && !uses; ++i) {
		uses = expr_uses(node->order[i].expr, parameter);
	}
	for (size_t i = 0; i < node->n_aggregations && !uses; ++i) {
		uses = node->aggregations[i].argument && expr_uses(node->aggregations[i].argument, parameter);
	}
	return uses;
}

static bool tree_uses(const tt_algebra *node, tt_var parameter)
{
	for (; node; node = node->left) {
		if (node_uses(node, parameter) || (node->right && tree_uses(node->right, parameter))) {
			return true;
		}
	}
	return false;
}

/* ---- another variable in the graph slots ------------------------------------------------------ */

static tt_status rename_tree(distribution *d, const tt_algebra *node, tt_var to, tt_algebra **out);

static tt_status rename_expr(distribution *d, tt_expr *expr, tt_var to, tt_expr **out)
{
	if (!expr_uses(expr, d->parameter)) {
		*out = expr;
		return TT_OK;
	}
	TT_TRY(tt_expr_copy(d->t->arena, expr, out));
	for (size_t i = 0; i < expr->n_arguments; ++i) {
		TT_TRY(rename_expr(d, expr->arguments[i], to, &(*out)->arguments[i]));
	}
	return expr->pattern ? rename_tree(d, expr->pattern, to, &(*out)->pattern) : TT_OK;
}

static tt_status rename_exprs(distribution *d, tt_expr **exprs, size_t n, tt_var to, tt_expr ***out)
{
	*out = tt_arena_alloc(d->t->arena, n * sizeof **out);
	if (!*out) {
		return d->t->ctx->error.status;
	}
	for (size_t i = 0; i < n; ++i) {
		TT_TRY(rename_expr(d, exprs[i], to, &(*out)[i]));
	}
	return TT_OK;
}

static tt_status rename_patterns(distribution *d, const tt_algebra *node, tt_var to, tt_algebra **out)
{
	tt_algebra model = *node;
	model.patterns = tt_arena_alloc(d->t->arena, node->n_patterns * sizeof *model.patterns);
	if (!model.patterns) {
		return d->t->ctx->error.status;
	}
	for (size_t i = 0; i < node->n_patterns; ++i) {
		model.patterns[i] = node->patterns[i];
		model.patterns[i].graph.variable = to;
	}
	return tt_algebra_make(d->t->query, &model, out);
}

static tt_status rename_order(distribution *d, tt_algebra *model, tt_var to)
{
	tt_order_condition *const order = tt_arena_alloc(d->t->arena, (model->n_order + 1) * sizeof *order);
	tt_aggregation *const aggregations = tt_arena_alloc(d->t->arena,
	                                                    (model->n_aggregations + 1) * sizeof *aggregations);
	if (!order || !aggregations) {
		return d->t->ctx->error.status;
	}
	for (size_t i = 0; i < model->n_order; ++i) {
		order[i] = model->order[i];
		TT_TRY(rename_expr(d, order[i].expr, to, &order[i].expr));
	}
	for (size_t i = 0; i < model->n_aggregations; ++i) {
		aggregations[i] = model->aggregations[i];
		if (aggregations[i].argument) {
			TT_TRY(rename_expr(d, aggregations[i].argument, to, &aggregations[i].argument));
		}
	}
	model->order = order;
	model->aggregations = aggregations;
	return TT_OK;
}

static tt_status rename_tree(distribution *d, const tt_algebra *node, tt_var to, tt_algebra **out)
{
	if (node->n_patterns) {
		if (node_uses(node, d->parameter)) {
			return rename_patterns(d, node, to, out);
		}
		return tt_algebra_make(d->t->query, node, out);
	}
	tt_algebra model = *node;
	if (node->left) {
		TT_TRY(rename_tree(d, node->left, to, &model.left));
	}
	if (node->right) {
		TT_TRY(rename_tree(d, node->right, to, &model.right));
	}
	if (node->expr) {
		TT_TRY(rename_expr(d, node->expr, to, &model.expr));
	}
	TT_TRY(rename_exprs(d, node->filters, node->n_filters, to, &model.filters));
	TT_TRY(rename_order(d, &model, to));
	return tt_algebra_make(d->t->query, &model, out);
}

/* ---- distribution ----------------------------------------------------------------------------- */

/* A loop over the named graphs around a tree. */
static tt_status loop(distribution *d, tt_algebra *node, tt_algebra **out)
{
	tt_algebra model = {.kind = TT_ALGEBRA_GRAPH,
	                    .left = node,
	                    .variable = d->variable,
	                    .parameter = d->parameter,
	                    .place = node->place};
	if (d->is_taken) {
		TT_TRY(tt_algebra_variable(d->t->query, (tt_view){0}, true, &model.parameter));
		d->t->query->variables[model.parameter].is_graph_loop = true;
		TT_TRY(rename_tree(d, node, model.parameter, &model.left));
	}
	d->is_taken = true;
	return tt_algebra_make(d->t->query, &model, out);
}

static tt_status distribute_if_used(distribution *d, tt_algebra *node, tt_algebra **out)
{
	if (tree_uses(node, d->parameter)) {
		return distribute(d, node, out);
	}
	*out = node;
	return TT_OK;
}

/* EXISTS { Q } in the active graph is EXISTS { GRAPH ?g { Q } } where ?g is bound to it. */
static tt_status distribute_expr(distribution *d, tt_expr *expr, tt_expr **out)
{
	if (!expr_uses(expr, d->parameter)) {
		*out = expr;
		return TT_OK;
	}
	TT_TRY(tt_expr_copy(d->t->arena, expr, out));
	for (size_t i = 0; i < expr->n_arguments; ++i) {
		TT_TRY(distribute_expr(d, expr->arguments[i], &(*out)->arguments[i]));
	}
	return expr->pattern ? distribute_if_used(d, expr->pattern, &(*out)->pattern) : TT_OK;
}

static tt_status distribute_patterns(distribution *d, tt_algebra *node, tt_algebra **out)
{
	return node_uses(node, d->parameter) ? rename_patterns(d, node, d->variable, out) : loop(d, node, out);
}

static tt_status distribute_join(distribution *d, tt_algebra *node, tt_algebra **out)
{
	if (!tree_uses(node, d->parameter)) {
		return loop(d, node, out);
	}
	tt_algebra *left = NULL;
	tt_algebra *right = NULL;
	TT_TRY(distribute_if_used(d, node->left, &left));
	TT_TRY(distribute_if_used(d, node->right, &right));
	return tt_algebra_join(d->t->query, left, right, out);
}

static tt_status distribute_union(distribution *d, tt_algebra *node, tt_algebra **out)
{
	tt_algebra model = *node;
	TT_TRY(distribute(d, node->left, &model.left));
	TT_TRY(distribute(d, node->right, &model.right));
	return tt_algebra_make(d->t->query, &model, out);
}

/* OPTIONAL, MINUS, FILTER, BIND: rows come from the left. */
static tt_status distribute_left(distribution *d, tt_algebra *node, tt_algebra **out)
{
	const bool is_disjoint_minus = node->kind == TT_ALGEBRA_MINUS &&
	                               !tt_varset_meets(node->left->bound, node->right->bound);
	if (d->is_mentioned || is_disjoint_minus || !tree_uses(node->left, d->parameter)) {
		return loop(d, node, out);
	}
	tt_algebra model = *node;
	TT_TRY(distribute(d, node->left, &model.left));
	if (node->right) {
		TT_TRY(distribute_if_used(d, node->right, &model.right));
	}
	if (node->expr) {
		TT_TRY(distribute_expr(d, node->expr, &model.expr));
	}
	model.filters = tt_arena_alloc(d->t->arena, node->n_filters * sizeof *model.filters);
	if (!model.filters) {
		return d->t->ctx->error.status;
	}
	for (size_t i = 0; i < node->n_filters; ++i) {
		TT_TRY(distribute_expr(d, node->filters[i], &model.filters[i]));
	}
	return tt_algebra_make(d->t->query, &model, out);
}

static tt_status distribute_project(distribution *d, tt_algebra *node, tt_algebra **out)
{
	if (d->is_mentioned) {
		return loop(d, node, out);
	}
	tt_algebra model = *node;
	TT_TRY(distribute(d, node->left, &model.left));
	if (node->kind == TT_ALGEBRA_PROJECT) {
		model.variables = tt_arena_alloc(d->t->arena, (node->n_variables + 1) * sizeof *model.variables);
		if (!model.variables) {
			return d->t->ctx->error.status;
		}
		if (node->n_variables > 0) {
			memcpy(model.variables, node->variables, node->n_variables * sizeof *model.variables);
		}
		model.variables[model.n_variables++] = d->variable;
	}
	return tt_algebra_make(d->t->query, &model, out);
}

static tt_status distribute(distribution *d, tt_algebra *node, tt_algebra **out)
{
	static tt_status (*const by_kind[])(distribution *, tt_algebra *, tt_algebra **) = {
	    [TT_ALGEBRA_BGP] = distribute_patterns,
	    [TT_ALGEBRA_JOIN] = distribute_join,
	    [TT_ALGEBRA_UNION] = distribute_union,
	    [TT_ALGEBRA_LEFT_JOIN] = distribute_left,
	    [TT_ALGEBRA_MINUS] = distribute_left,
	    [TT_ALGEBRA_FILTER] = distribute_left,
	    [TT_ALGEBRA_EXTEND] = distribute_left,
	    [TT_ALGEBRA_PROJECT] = distribute_project,
	    [TT_ALGEBRA_DISTINCT] = distribute_project,
	    [TT_ALGEBRA_REDUCED] = distribute_project,
	    [TT_ALGEBRA_SEMI_JOIN] = NULL,
	};
	return by_kind[node->kind] ? by_kind[node->kind](d, node, out) : loop(d, node, out);
}

tt_status tt_translate_graph_variable(tt_translator *t, tt_algebra *node, tt_var variable, tt_var parameter,
                                      tt_algebra **out)
{
	tt_varset mentioned = {0};
	TT_TRY(tt_algebra_mentions(t->arena, node, &mentioned));
	distribution d = {
	    .t = t, .variable = variable, .parameter = parameter, .is_mentioned = tt_varset_has(mentioned, variable)};
	return distribute(&d, node, out);
}

/* ---- GRAPH <iri> ------------------------------------------------------------------------------ */

/* Whether a tree gives no solution unless its graph holds a triple. */
static bool needs_match(const tt_algebra *node, const tt_slot *graph)
{
	switch (node->kind) {
	case TT_ALGEBRA_BGP:
		return !node->patterns[0].graph.is_variable &&
		       tt_term_equal(&node->patterns[0].graph.constant, &graph->constant);
	case TT_ALGEBRA_JOIN:
		return needs_match(node->left, graph) || needs_match(node->right, graph);
	case TT_ALGEBRA_UNION:
		return needs_match(node->left, graph) && needs_match(node->right, graph);
	case TT_ALGEBRA_GROUP:
		return node->n_variables > 0 && needs_match(node->left, graph);
	default:
		return node->left && needs_match(node->left, graph);
	}
}

tt_status tt_translate_graph_constant(tt_translator *t, tt_algebra *node, const tt_slot *graph, tt_algebra **out)
{
	if (needs_match(node, graph)) {
		*out = node;
		return TT_OK;
	}
	const tt_algebra model = {
	    .kind = TT_ALGEBRA_GRAPH, .left = node, .parameter = TT_NO_VAR, .graph = *graph, .place = node->place};
	return tt_algebra_make(t->query, &model, out);
}
