/* rewrite_exists.c - FILTER EXISTS { P } over X becomes a semi-join of X and P, NOT EXISTS an anti-join.
 *
 * An EXISTS restricts its pattern by the outer row at each basic graph pattern (physical.h); a semi-join evaluates P
 * by itself and compares at the top. Both are the same if every variable that P mentions and X may bind is bound by
 * every row of X, and restricting it can be put off to the top of P: each part of P that mentions it binds it too,
 * and where P has OPTIONAL, MINUS, GROUP BY or the like, the part that decides over rows binds it. */
#include "plan/rewrite.h"

static tt_status can_wait(tt_rewriting *r, const tt_algebra *node, tt_varset outer, bool *out);

/* Whether all variables of `outer` that something mentions are in `bound`. */
static bool covers(tt_varset outer, tt_varset mentions, tt_varset bound)
{
	for (size_t i = 0; i < mentions.n_items; ++i) {
		if (tt_varset_has(outer, mentions.items[i]) && !tt_varset_has(bound, mentions.items[i])) {
			return false;
		}
	}
	return true;
}

static tt_status exprs_covered(tt_rewriting *r, const tt_algebra *node, tt_varset outer, tt_varset bound, bool *out)
{
	*out = true;
	for (size_t i = 0; i < node->n_filters && *out; ++i) {
		tt_varset mentions = {0};
		TT_TRY(tt_expr_mentions(r->arena, node->filters[i], &mentions));
		*out = covers(outer, mentions, bound);
	}
	if (node->expr && *out) {
		tt_varset mentions = {0};
		TT_TRY(tt_expr_mentions(r->arena, node->expr, &mentions));
		*out = covers(outer, mentions, bound);
	}
	return TT_OK;
}

static tt_status both_can_wait(tt_rewriting *r, const tt_algebra *node, tt_varset outer, bool *out)
{
	TT_TRY(can_wait(r, node->left, outer, out));
	return *out ? can_wait(r, node->right, outer, out) : TT_OK;
}

/* OPTIONAL and MINUS: what the right side mentions must be bound on the left already. */
static tt_status left_decides(tt_rewriting *r, const tt_algebra *node, tt_varset outer, bool *out)
{
	tt_varset mentions = {0};
	TT_TRY(tt_algebra_mentions(r->arena, node->right, &mentions));
	*out = covers(outer, mentions, node->left->bound);
	if (*out) {
		TT_TRY(exprs_covered(r, node, outer, node->left->bound, out));
	}
	return *out ? both_can_wait(r, node, outer, out) : TT_OK;
}

static tt_status filter_can_wait(tt_rewriting *r, const tt_algebra *node, tt_varset outer, bool *out)
{
	TT_TRY(exprs_covered(r, node, outer, node->left->bound, out));
	if (*out && node->kind == TT_ALGEBRA_EXTEND) {
		*out = !tt_varset_has(outer, node->variable);
	}
	return *out ? can_wait(r, node->left, outer, out) : TT_OK;
}

/* Within `node`, may the restriction of the outer variables wait until its solutions are made? */
static tt_status can_wait(tt_rewriting *r, const tt_algebra *node, tt_varset outer, bool *out)
{
	tt_varset mentions = {0};
	TT_TRY(tt_algebra_mentions(r->arena, node, &mentions));
	if (!tt_varset_meets(mentions, outer)) {
		*out = true;
		return TT_OK;
	}
	*out = covers(outer, mentions, node->bound);
	if (!*out) {
		return TT_OK;
	}
	switch (node->kind) {
	case TT_ALGEBRA_BGP:
		return TT_OK;
	case TT_ALGEBRA_JOIN:
	case TT_ALGEBRA_UNION:
		return both_can_wait(r, node, outer, out);
	case TT_ALGEBRA_LEFT_JOIN:
	case TT_ALGEBRA_MINUS:
	case TT_ALGEBRA_SEMI_JOIN:
		return left_decides(r, node, outer, out);
	case TT_ALGEBRA_FILTER:
	case TT_ALGEBRA_EXTEND:
		return filter_can_wait(r, node, outer, out);
	case TT_ALGEBRA_PROJECT:
	case TT_ALGEBRA_DISTINCT:
		return can_wait(r, node->left, outer, out);
	default:
		*out = false; /* paths among them: from a given end they are far cheaper than from all */
		return TT_OK;
	}
}

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
	TT_TRY(can_wait(r, model.right, outer, &may));
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
