/* rewrite.c - the passes of the optimiser, in order, and the walk that applies them.
 *
 * No pass changes a result: with every subset of them switched off a query gives the same rows, and tests compare.
 * A pass sees each node after its children, also inside the patterns of EXISTS. What needs the counts of the data is
 * not done here but in order.c and physical.c. */
#include "plan/rewrite.h"

static const struct {
	const char *name;
	tt_rewrite_fn *apply; /* NULL: done while the operators are chosen; the switch is looked at there */
} passes[] = {
    [TT_PASS_FOLD] = {"fold", tt_rewrite_fold},
    [TT_PASS_SPLIT] = {"split", tt_rewrite_split},
    [TT_PASS_SIMPLIFY] = {"simplify", tt_rewrite_simplify},
    [TT_PASS_EQUALITY] = {"equality", tt_rewrite_equality},
    [TT_PASS_PUSH] = {"push", tt_rewrite_push},
    [TT_PASS_OPTIONAL] = {"optional", tt_rewrite_optional},
    [TT_PASS_PUSH_AGAIN] = {"push-again", tt_rewrite_push},
    [TT_PASS_EXISTS] = {"exists", tt_rewrite_exists},
    [TT_PASS_TOP] = {"top", tt_rewrite_top},
    [TT_PASS_DISTINCT] = {"distinct", tt_rewrite_distinct},
    [TT_PASS_PRUNE] = {"prune", NULL},
    [TT_PASS_RANGE] = {"range", NULL},
};

const char *tt_rewrite_name(unsigned pass)
{
	return pass < TT_N_PASSES ? passes[pass].name : NULL;
}

/* ---- the walk --------------------------------------------------------------------------------- */

static tt_status walk(tt_rewriting *r, tt_rewrite_fn *apply, tt_algebra *node, tt_algebra **out);

/* Apply a pass to the patterns of EXISTS in an expression. */
static tt_status walk_expr(tt_rewriting *r, tt_rewrite_fn *apply, tt_expr **expr)
{
	if (!*expr || !tt_expr_has_exists(*expr)) {
		return TT_OK;
	}
	TT_TRY(tt_expr_copy(r->arena, *expr, expr));
	for (size_t i = 0; i < (*expr)->n_arguments; ++i) {
		TT_TRY(walk_expr(r, apply, &(*expr)->arguments[i]));
	}
	if (!(*expr)->pattern) {
		return TT_OK;
	}
	r->n_exists++;
	const tt_status status = walk(r, apply, (*expr)->pattern, &(*expr)->pattern);
	r->n_exists--;
	return status;
}

static tt_status walk_exprs(tt_rewriting *r, tt_rewrite_fn *apply, tt_algebra *model)
{
	tt_expr **const filters = tt_arena_alloc(r->arena, model->n_filters * sizeof *filters);
	tt_order_condition *const order = tt_arena_alloc(r->arena, model->n_order * sizeof *order);
	tt_aggregation *const aggregations = tt_arena_alloc(r->arena, model->n_aggregations * sizeof *aggregations);
	if (!filters || !order || !aggregations) {
		return r->arena->ctx->error.status;
	}
	TT_TRY(walk_expr(r, apply, &model->expr));
	for (size_t i = 0; i < model->n_filters; ++i) {
		filters[i] = model->filters[i];
		TT_TRY(walk_expr(r, apply, &filters[i]));
	}
	for (size_t i = 0; i < model->n_order; ++i) {
		order[i] = model->order[i];
		TT_TRY(walk_expr(r, apply, &order[i].expr));
	}
	for (size_t i = 0; i < model->n_aggregations; ++i) {
		aggregations[i] = model->aggregations[i];
		TT_TRY(walk_expr(r, apply, &aggregations[i].argument));
	}
	model->filters = filters;
	model->order = order;
	model->aggregations = aggregations;
	return TT_OK;
}

static tt_status walk(tt_rewriting *r, tt_rewrite_fn *apply, tt_algebra *node, tt_algebra **out)
{
	tt_algebra model = *node;
	if (node->left) {
		TT_TRY(walk(r, apply, node->left, &model.left));
	}
	if (node->right) {
		TT_TRY(walk(r, apply, node->right, &model.right));
	}
	/* The expression of a semi-join holds the right side once more: to walk both would double the work at each level.
	 */
	const bool has_exprs = node->kind != TT_ALGEBRA_SEMI_JOIN &&
	                       (node->expr || node->n_filters || node->n_order || node->n_aggregations);
	if (has_exprs) {
		TT_TRY(walk_exprs(r, apply, &model));
	}
	if (has_exprs || model.left != node->left || model.right != node->right) {
		TT_TRY(tt_algebra_make(r->query, &model, &node));
	}
	return apply(r, node, out);
}

tt_status tt_rewrite(tt_algebra_query *query, const tt_plan_options *options)
{
	if (options->is_unoptimised) {
		return TT_OK;
	}
	tt_rewriting r = {.query = query, .arena = query->arena, .options = options};
	for (unsigned i = 0; i < TT_N_PASSES; ++i) {
		if (passes[i].apply && !(options->switches.disabled_passes >> i & 1)) {
			TT_TRY(walk(&r, passes[i].apply, query->root, &query->root));
		}
	}
	return TT_OK;
}

/* ---- small passes ----------------------------------------------------------------------------- */

/* A child without solutions, or a partner that changes nothing. */
tt_status tt_rewrite_simplify(tt_rewriting *r, tt_algebra *node, tt_algebra **out)
{
	const bool is_left_empty = node->left && node->left->kind == TT_ALGEBRA_EMPTY;
	const bool is_right_empty = node->right && node->right->kind == TT_ALGEBRA_EMPTY;
	*out = node;
	switch (node->kind) {
	case TT_ALGEBRA_JOIN:
		return tt_algebra_join(r->query, node->left, node->right, out);
	case TT_ALGEBRA_UNION:
		*out = is_left_empty ? node->right : is_right_empty ? node->left : node;
		return TT_OK;
	case TT_ALGEBRA_LEFT_JOIN:
		*out = is_left_empty || is_right_empty ? node->left : node;
		return TT_OK;
	case TT_ALGEBRA_MINUS:
		/* Solutions without a common variable do not remove each other (§18.5). */
		*out = tt_varset_meets(node->left->in_scope, node->right->in_scope) && !is_right_empty ? node : node->left;
		return TT_OK;
	case TT_ALGEBRA_FILTER:
	case TT_ALGEBRA_EXTEND:
	case TT_ALGEBRA_DISTINCT:
	case TT_ALGEBRA_REDUCED:
	case TT_ALGEBRA_GRAPH:
		*out = is_left_empty ? node->left : node;
		return TT_OK;
	default:
		return TT_OK;
	}
}

/* LIMIT goes through what neither adds nor drops rows down to an ORDER BY. */
tt_status tt_rewrite_top(tt_rewriting *r, tt_algebra *node, tt_algebra **out)
{
	*out = node;
	uint64_t limit = 0;
	if (node->kind != TT_ALGEBRA_SLICE || !node->has_limit ||
	    __builtin_add_overflow(node->limit, node->offset, &limit) || node->left->kind != TT_ALGEBRA_PROJECT ||
	    node->left->left->kind != TT_ALGEBRA_ORDER) {
		return TT_OK;
	}
	tt_algebra order = *node->left->left;
	tt_algebra project = *node->left;
	tt_algebra slice = *node;
	order.has_limit = true;
	order.limit = limit;
	TT_TRY(tt_algebra_make(r->query, &order, &project.left));
	TT_TRY(tt_algebra_make(r->query, &project, &slice.left));
	return tt_algebra_make(r->query, &slice, out);
}

/* Whether a pattern gives no solution twice. */
static bool is_set(const tt_algebra *node)
{
	switch (node->kind) {
	case TT_ALGEBRA_UNIT:
	case TT_ALGEBRA_EMPTY:
	case TT_ALGEBRA_BGP: /* triples are a set, and every column is a variable or the same in all */
	case TT_ALGEBRA_GROUP:
	case TT_ALGEBRA_DISTINCT:
		return true;
	case TT_ALGEBRA_PATH:
		return node->path->kind == TT_PATH_ZERO_OR_MORE || node->path->kind == TT_PATH_ONE_OR_MORE ||
		       node->path->kind == TT_PATH_ZERO_OR_ONE;
	case TT_ALGEBRA_JOIN:
		/* Only where both sides bind the same variables can a pair be told from its solution. */
		return is_set(node->left) && is_set(node->right) && tt_varset_within(node->left->in_scope, node->left->bound) &&
		       tt_varset_within(node->right->in_scope, node->right->bound);
	case TT_ALGEBRA_FILTER:
	case TT_ALGEBRA_MINUS:
	case TT_ALGEBRA_SEMI_JOIN:
	case TT_ALGEBRA_EXTEND:
	case TT_ALGEBRA_ORDER:
	case TT_ALGEBRA_SLICE:
		return is_set(node->left);
	case TT_ALGEBRA_PROJECT:
		return is_set(node->left) && tt_varset_within(node->left->in_scope, node->in_scope);
	default:
		return false;
	}
}

tt_status tt_rewrite_distinct(tt_rewriting *r, tt_algebra *node, tt_algebra **out)
{
	(void)r;
	const bool is_needless = (node->kind == TT_ALGEBRA_DISTINCT || node->kind == TT_ALGEBRA_REDUCED) &&
	                         is_set(node->left);
	*out = is_needless ? node->left : node;
	return TT_OK;
}
