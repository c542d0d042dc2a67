/* rewrite_exists.c - FILTER EXISTS { P } over X becomes a semi-join of X and P, NOT EXISTS an anti-join.
 *
 * An EXISTS restricts its pattern by the outer row at each basic graph pattern (physical.h); a semi-join evaluates P
 * by itself and compares at the top. Both are the same if every variable that P mentions and X may bind is bound by
 * every row of X, and restricting P can wait (restrict.c). */
#include "plan/rewrite.h"

/* The pattern of EXISTS, NOT EXISTS, !EXISTS; NULL for other expressions. */
static tt_algebra *exists_pattern(const tt_expr *expr, bool *out_is_negated)
{
	bool is_negated = false;
	while (expr->kind == TT_EXPR_NOT) {
		expr = expr->arguments[0];
		is_negated = !is_negated;
	}
	*out_is_negated = is_negated != (expr->kind == TT_EXPR_NOT_EXISTS);
	return expr->pattern;
}

static tt_status try_semi_join(tt_rewriting *r, tt_algebra *left, tt_expr *expr, tt_algebra **out)
{
	tt_algebra model = {.kind = TT_ALGEBRA_SEMI_JOIN, .left = left, .expr = expr, .place = expr->place};
	*out = NULL;
	model.right = exists_pattern(expr, &model.is_negated);
	if (!model.right) {
		return TT_OK;
	}
	tt_varset outer = {0};
	bool may = false;
	TT_TRY(tt_algebra_mentions(r->arena, model.right, &outer));
	TT_TRY(tt_varset_intersect(r->arena, outer, left->in_scope, &outer));
	if (!tt_varset_within(outer, left->bound)) {
		return TT_OK;
	}
	TT_TRY(tt_algebra_can_wait(r->arena, model.right, outer, false, &may));
	return may ? tt_algebra_make(r->query, &model, out) : TT_OK;
}

tt_status tt_rewrite_exists(tt_rewriting *r, tt_algebra *node, tt_algebra **out)
{
	*out = node;
	if (node->kind != TT_ALGEBRA_FILTER) {
		return TT_OK;
	}
	tt_expr **const others = tt_arena_alloc(r->arena, node->n_filters * sizeof *others);
	if (!others) {
		return r->arena->ctx->error.status;
	}
	/* Plain filters first: they leave fewer rows to ask for. */
	size_t n_others = 0;
	tt_algebra *sofar = NULL;
	for (size_t i = 0; i < node->n_filters; ++i) {
		tt_algebra *joined = NULL;
		TT_TRY(try_semi_join(r, node->left, node->filters[i], &joined));
		if (!joined) {
			others[n_others++] = node->filters[i];
		}
	}
	if (n_others == node->n_filters) {
		return TT_OK;
	}
	TT_TRY(tt_algebra_filter(r->query, node->left, others, n_others, &sofar));
	for (size_t i = 0; i < node->n_filters; ++i) {
		tt_algebra *joined = NULL;
		TT_TRY(try_semi_join(r, sofar, node->filters[i], &joined));
		sofar = joined ? joined : sofar;
	}
	*out = sofar;
	return TT_OK;
}
