/* restrict.c - when a pattern may be restricted at its leaves in place of at its top.
 *
 * Parameters restrict a pattern at each basic graph pattern (physical.h); a join evaluates it by itself and compares
 * its solutions. Both are the same for variables that every solution of the pattern binds, if each part of it that
 * mentions one binds it too, and where it has OPTIONAL, MINUS, GROUP BY or the like, the part that decides over rows
 * binds it. Then EXISTS may become a semi-join, and a join or an OPTIONAL may run its right side for each left row. */
#include "plan/build.h"

typedef struct restriction {
	tt_arena *arena;
	tt_varset outer;
	bool has_paths; /* whether a path may be restricted: one of length zero means more from a given end */
} restriction;

static tt_status can_wait(const restriction *r, const tt_algebra *node, bool *out);

/* Whether all outer variables that something mentions are in `bound`. */
static bool covers(const restriction *r, tt_varset mentions, tt_varset bound)
{
	for (size_t i = 0; i < mentions.n_items; ++i) {
		if (tt_varset_has(r->outer, mentions.items[i]) && !tt_varset_has(bound, mentions.items[i])) {
			return false;
		}
	}
	return true;
}

static tt_status exprs_covered(const restriction *r, const tt_algebra *node, tt_varset bound, bool *out)
{
	*out = true;
	for (size_t i = 0; i < node->n_filters && *out; ++i) {
		tt_varset mentions = {0};
		TT_TRY(tt_expr_mentions(r->arena, node->filters[i], &mentions));
		*out = covers(r, mentions, bound);
	}
	if (node->expr && *out) {
		tt_varset mentions = {0};
		TT_TRY(tt_expr_mentions(r->arena, node->expr, &mentions));
		*out = covers(r, mentions, bound);
	}
	return TT_OK;
}

static tt_status both_can_wait(const restriction *r, const tt_algebra *node, bool *out)
{
	TT_TRY(can_wait(r, node->left, out));
	return *out ? can_wait(r, node->right, out) : TT_OK;
}

/* OPTIONAL and MINUS: what the right side mentions must be bound on the left already. */
static tt_status left_decides(const restriction *r, const tt_algebra *node, bool *out)
{
	tt_varset mentions = {0};
	TT_TRY(tt_algebra_mentions(r->arena, node->right, &mentions));
	*out = covers(r, mentions, node->left->bound);
	if (*out) {
		TT_TRY(exprs_covered(r, node, node->left->bound, out));
	}
	return *out ? both_can_wait(r, node, out) : TT_OK;
}

static tt_status filter_can_wait(const restriction *r, const tt_algebra *node, bool *out)
{
	TT_TRY(exprs_covered(r, node, node->left->bound, out));
	if (*out && node->kind == TT_ALGEBRA_EXTEND) {
		*out = !tt_varset_has(r->outer, node->variable);
	}
	return *out ? can_wait(r, node->left, out) : TT_OK;
}

/* Groups are restricted by their keys alone: then each of them keeps all its rows. */
static tt_status group_can_wait(const restriction *r, const tt_algebra *node, bool *out)
{
	tt_varset keys = {0};
	tt_varset mentions = {0};
	TT_TRY(tt_varset_make(r->arena, node->variables, node->n_variables, &keys));
	TT_TRY(tt_algebra_mentions(r->arena, node, &mentions));
	*out = node->n_variables > 0 && covers(r, mentions, keys) && covers(r, mentions, node->left->bound);
	return *out ? can_wait(r, node->left, out) : TT_OK;
}

/* Whether some part of a path may have length zero: from a given end that is always there, else only from nodes. */
static bool may_be_zero(const tt_path *path)
{
	return path->kind == TT_PATH_ZERO_OR_MORE || path->kind == TT_PATH_ZERO_OR_ONE ||
	       (path->first && may_be_zero(path->first)) || (path->second && may_be_zero(path->second));
}

static tt_status can_wait(const restriction *r, const tt_algebra *node, bool *out)
{
	tt_varset mentions = {0};
	TT_TRY(tt_algebra_mentions(r->arena, node, &mentions));
	*out = !tt_varset_meets(mentions, r->outer);
	if (*out || !covers(r, mentions, node->bound)) {
		return TT_OK;
	}
	switch (node->kind) {
	case TT_ALGEBRA_BGP:
		*out = true;
		return TT_OK;
	case TT_ALGEBRA_PATH:
		*out = r->has_paths && !may_be_zero(node->path);
		return TT_OK;
	case TT_ALGEBRA_JOIN:
	case TT_ALGEBRA_UNION:
		return both_can_wait(r, node, out);
	case TT_ALGEBRA_LEFT_JOIN:
	case TT_ALGEBRA_MINUS:
	case TT_ALGEBRA_SEMI_JOIN:
		return left_decides(r, node, out);
	case TT_ALGEBRA_FILTER:
	case TT_ALGEBRA_EXTEND:
		return filter_can_wait(r, node, out);
	case TT_ALGEBRA_PROJECT:
	case TT_ALGEBRA_DISTINCT:
		return can_wait(r, node->left, out);
	case TT_ALGEBRA_GROUP:
		return group_can_wait(r, node, out);
	default:
		return TT_OK;
	}
}

tt_status tt_algebra_can_wait(tt_arena *arena, const tt_algebra *node, tt_varset outer, bool has_paths, bool *out)
{
	return can_wait(&(restriction){arena, outer, has_paths}, node, out);
}
