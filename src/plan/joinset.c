/* joinset.c - what is to be joined: patterns, paths, everything else as finished sub-plans, and the filters over them.
 */
#include "plan/joinset.h"

#include <stdlib.h>

#include "base/context.h"

enum { MOST_PARTS = 1024 };

/* ---- gathering the parts ---------------------------------------------------------------------- */

/* @param place Of what becomes the part. */
static tt_status add_part(tt_joinset *set, tt_place place, tt_part added)
{
	if (set->n_parts >= MOST_PARTS) {
		return TT_FAIL_AT_PLACE(set->p->ctx, TT_LIMIT, place, "a group of more than %d patterns", MOST_PARTS);
	}
	TT_TRY(tt_arena_grow(set->p->arena, (void **)&set->parts, &set->parts_capacity, set->n_parts, sizeof *set->parts));
	set->parts[set->n_parts++] = added;
	return TT_OK;
}

static tt_status add_filter(tt_joinset *set, tt_expr *expr)
{
	TT_TRY(tt_arena_grow(set->p->arena, (void **)&set->filters, &set->filters_capacity, set->n_filters,
	                     sizeof *set->filters));
	tt_filter *const added = &set->filters[set->n_filters++];
	*added = (tt_filter){.expr = expr, .is_late = tt_expr_has_exists(expr) || tt_expr_is_fresh(expr)};
	return tt_expr_mentions(set->p->arena, expr, &added->mentions);
}

/* Whether a filter inside may wait until after the join: all its variables have their final values there. */
static tt_status is_liftable(tt_joinset *set, const tt_algebra *node, bool *out)
{
	*out = true;
	for (size_t i = 0; i < node->n_filters && *out; ++i) {
		tt_varset mentions = {0};
		TT_TRY(tt_expr_mentions(set->p->arena, node->filters[i], &mentions));
		for (size_t j = 0; j < mentions.n_items && *out; ++j) {
			*out = tt_varset_has(node->left->bound, mentions.items[j]) || !tt_varset_has(set->scope, mentions.items[j]);
		}
	}
	return TT_OK;
}

static tt_status gather_bgp(tt_joinset *set, const tt_algebra *node)
{
	for (size_t i = 0; i < node->n_patterns; ++i) {
		tt_part added = {.node = node, .is_leaf = true};
		TT_TRY(tt_leaf_make(set->p, &node->patterns[i], &added.leaf));
		added.in_scope = added.bound = added.leaf.in_scope;
		added.rows = added.leaf.n_rows;
		TT_TRY(add_part(set, node->patterns[i].place, added));
	}
	return TT_OK;
}

static tt_status gather(tt_joinset *set, const tt_algebra *node, bool is_top)
{
	if (node->kind == TT_ALGEBRA_BGP) {
		return gather_bgp(set, node);
	}
	if (node->kind == TT_ALGEBRA_JOIN) {
		TT_TRY(gather(set, node->left, false));
		return gather(set, node->right, false);
	}
	if (node->kind == TT_ALGEBRA_FILTER) {
		bool opens = is_top;
		if (!is_top && !set->p->options->is_unoptimised) {
			TT_TRY(is_liftable(set, node, &opens));
		}
		if (opens) {
			for (size_t i = 0; i < node->n_filters; ++i) {
				TT_TRY(add_filter(set, node->filters[i]));
			}
			return gather(set, node->left, false);
		}
	}
	return add_part(set, node->place, (tt_part){.node = node, .in_scope = node->in_scope, .bound = node->bound});
}

/* Parameters that may be unbound are joined to the patterns that use them. */
static tt_status add_unit(tt_joinset *set)
{
	tt_varset used = {0};
	for (size_t i = 0; i < set->n_parts && set->p->may_give.n_items; ++i) {
		const tt_part *const one = &set->parts[i];
		if (one->is_leaf || one->node->kind == TT_ALGEBRA_PATH) {
			tt_varset these = {0};
			TT_TRY(tt_varset_intersect(set->p->arena, one->in_scope, set->p->may_give, &these));
			TT_TRY(tt_varset_unite(set->p->arena, used, these, &used));
		}
	}
	if (used.n_items == 0) {
		return TT_OK;
	}
	tt_part unit = {.in_scope = used, .rows = 1};
	TT_TRY(tt_node_unit(set->p, used, &unit.plan));
	return add_part(set, (tt_place){0}, unit);
}

/* ---- an order that does not depend on the text ------------------------------------------------- */

static int compare_slots(const tt_planner *p, const tt_scan_slot *a, const tt_scan_slot *b)
{
	if (a->kind != b->kind) {
		return a->kind < b->kind ? -1 : 1;
	}
	if (a->id != b->id) {
		return a->id < b->id ? -1 : 1;
	}
	if (a->variable == b->variable || a->variable == TT_NO_VAR || b->variable == TT_NO_VAR) {
		return 0;
	}
	return tt_view_compare(p->query->variables[a->variable].name, p->query->variables[b->variable].name);
}

static int compare_parts(const void *x, const void *y, void *user)
{
	const tt_part *const a = x;
	const tt_part *const b = y;
	if (a->rows != b->rows) {
		return a->rows < b->rows ? -1 : 1;
	}
	if (a->is_leaf != b->is_leaf) {
		return a->is_leaf ? -1 : 1;
	}
	int order = 0;
	for (size_t i = 0; i < TT_N_COLUMNS && order == 0 && a->is_leaf; ++i) {
		order = compare_slots(user, &a->leaf.slots[i], &b->leaf.slots[i]);
	}
	if (order || a->is_leaf || !a->node || !b->node) {
		return order;
	}
	const tt_place pa = a->node->place;
	const tt_place pb = b->node->place;
	return pa.line != pb.line ? (pa.line > pb.line) - (pa.line < pb.line)
	                          : (pa.column > pb.column) - (pa.column < pb.column);
}

/* ---- shared variables -------------------------------------------------------------------------- */

static tt_status find_shared(tt_joinset *set)
{
	tt_varlist all = {.arena = set->p->arena};
	for (size_t i = 0; i < set->n_parts; ++i) {
		for (size_t j = 0; j < set->parts[i].in_scope.n_items; ++j) {
			TT_TRY(tt_varlist_add(&all, set->parts[i].in_scope.items[j]));
		}
	}
	tt_varset unique = {0};
	TT_TRY(tt_varset_make(set->p->arena, all.items, all.n_items, &unique));
	unsigned *const counts = tt_arena_alloc(set->p->arena, unique.n_items * sizeof *counts);
	tt_varlist shared = {.arena = set->p->arena};
	if (!counts) {
		return set->p->ctx->error.status;
	}
	for (size_t i = 0; i < set->n_parts; ++i) {
		const tt_varset scope = set->parts[i].in_scope;
		size_t at = 0;
		for (size_t j = 0; j < scope.n_items; ++j) {
			while (unique.items[at] != scope.items[j]) {
				at++;
			}
			counts[at]++;
		}
	}
	for (size_t i = 0; i < unique.n_items; ++i) {
		if (counts[i] > 1) {
			TT_TRY(tt_varlist_add(&shared, unique.items[i]));
		}
	}
	set->n_part_words = set->n_parts / 64 + 1;
	set->n_var_words = shared.n_items / 64 + 1;
	return tt_varset_make(set->p->arena, shared.items, shared.n_items, &set->shared);
}

/* ---- filters ----------------------------------------------------------------------------------- */

/* The filters that speak of one part alone. */
tt_status tt_own_filters(const tt_joinset *set, const tt_part *one, tt_expr ***out, size_t *out_n)
{
	*out_n = 0;
	*out = tt_arena_alloc(set->p->arena, set->n_filters * sizeof **out);
	if (!*out) {
		return set->p->ctx->error.status;
	}
	for (size_t i = 0; i < set->n_filters; ++i) {
		const tt_filter *const f = &set->filters[i];
		if (!f->is_late && f->mentions.n_items && tt_varset_within(f->mentions, one->bound)) {
			(*out)[(*out_n)++] = f->expr;
		}
	}
	return TT_OK;
}

/* Filters that compare with constants narrow the scans of their patterns. */
static tt_status narrow_leaves(tt_joinset *set)
{
	for (size_t i = 0; i < set->n_parts && set->n_filters; ++i) {
		tt_part *const one = &set->parts[i];
		tt_expr **filters = NULL;
		size_t n_filters = 0;
		TT_TRY(tt_own_filters(set, one, &filters, &n_filters));
		if (one->is_leaf && n_filters) {
			TT_TRY(tt_leaf_compare(set->p, &one->leaf, filters, n_filters));
		}
	}
	return TT_OK;
}

/* ---- whole groups ----------------------------------------------------------------------------- */

/* Plan the parts that are no patterns; they deliver what somebody else speaks of. */
static tt_status plan_parts(tt_joinset *set, tt_varset wanted)
{
	tt_planner *const p = set->p;
	const tt_var wanted_order = p->wanted_order;
	TT_TRY(tt_varset_unite(p->arena, wanted, set->shared, &wanted));
	for (size_t i = 0; i < set->n_filters; ++i) {
		TT_TRY(tt_varset_unite(p->arena, wanted, set->filters[i].mentions, &wanted));
	}
	set->wanted = wanted;
	for (size_t i = 0; i < set->n_parts; ++i) {
		tt_part *const one = &set->parts[i];
		if (one->is_leaf || one->plan) {
			continue;
		}
		p->wanted_order = TT_NO_VAR;
		TT_TRY(one->node->kind == TT_ALGEBRA_PATH ? tt_leaf_path(p, one->node, wanted, &one->plan, &one->path)
		                                          : tt_plan_node(p, one->node, wanted, &one->plan));
		one->rows = one->plan->n_rows_estimate;
		one->cost = one->plan->cost_estimate;
		tt_varlist bound = {.arena = p->arena};
		for (size_t c = 0; c < one->plan->n_columns; ++c) {
			if (!one->plan->may_be_unbound[c]) {
				TT_TRY(tt_varlist_add(&bound, one->plan->columns[c]));
			}
		}
		TT_TRY(tt_varset_make(p->arena, bound.items, bound.n_items, &one->bound));
	}
	p->wanted_order = wanted_order;
	return TT_OK;
}

static bool has_empty_part(const tt_joinset *set)
{
	for (size_t i = 0; i < set->n_parts; ++i) {
		const tt_part *const one = &set->parts[i];
		if (one->is_leaf ? one->leaf.is_empty : one->plan->kind == TT_NODE_EMPTY) {
			return true;
		}
	}
	return false;
}

tt_status tt_joinset_make(tt_planner *p, const tt_algebra *node, tt_varset wanted, tt_joinset *out)
{
	*out = (tt_joinset){.p = p, .scope = node->in_scope};
	TT_TRY(gather(out, node, true));
	TT_TRY(add_unit(out));
	TT_TRY(find_shared(out));
	return plan_parts(out, wanted);
}

tt_status tt_joinset_prepare(tt_joinset *set, bool *out_is_empty)
{
	TT_TRY(narrow_leaves(set));
	*out_is_empty = has_empty_part(set);
	qsort_r(set->parts, set->n_parts, sizeof *set->parts, compare_parts, set->p);
	return TT_OK;
}
