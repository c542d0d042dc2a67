/* assemble.c - operators from the chosen ways to join, and the places of the filters.
 *
 * A filter is applied as soon as its variables have their final values: each is bound in the rows, or no part outside
 * of them can bind it. Filters with EXISTS, and those that give a new value at each call, come last. */
#include "plan/joinset.h"

/* ---- from the chosen ways to operators -------------------------------------------------------- */

/* Whether all variables of a filter have their final values in the rows of a subset. */
static bool is_applicable(const tt_joinset *set, const tt_subset *s, const tt_filter *f)
{
	for (size_t i = 0; i < f->mentions.n_items; ++i) {
		const tt_var variable = f->mentions.items[i];
		bool is_bound = false;
		bool is_open = false;
		for (size_t j = 0; j < set->n_parts; ++j) {
			if (tt_has_bit(s->parts, j)) {
				is_bound = is_bound || tt_varset_has(set->parts[j].bound, variable);
			} else {
				is_open = is_open || tt_varset_has(set->parts[j].in_scope, variable);
			}
		}
		if (!is_bound && is_open) {
			return false;
		}
	}
	return true;
}

static bool is_whole(const tt_joinset *set, const tt_subset *s)
{
	size_t n = 0;
	for (size_t i = 0; i < set->n_part_words; ++i) {
		n += (size_t)__builtin_popcountll(s->parts[i]);
	}
	return n == set->n_parts;
}

/* The filters to be applied right above a subset: those that could not be applied below it. */
static tt_status take_filters(tt_joinset *set, const tt_subset *s, const tt_candidate *way, tt_expr ***out,
                              size_t *out_n, tt_varset *out_needed)
{
	*out_n = 0;
	*out = tt_arena_alloc(set->p->arena, set->n_filters * sizeof **out);
	if (!*out) {
		return set->p->ctx->error.status;
	}
	for (size_t i = 0; i < set->n_filters; ++i) {
		tt_filter *const f = &set->filters[i];
		if (f->is_taken) {
			continue;
		}
		bool is_mine = f->is_late || f->mentions.n_items == 0 ? is_whole(set, s) : is_applicable(set, s, f);
		if (is_mine && way->how != TT_METHOD_LEAF && !f->is_late && f->mentions.n_items) {
			const bool is_below = is_applicable(set, way->left, f) ||
			                      (way->how != TT_METHOD_LOOKUP && is_applicable(set, way->right, f));
			is_mine = !is_below;
		}
		if (is_mine) {
			f->is_taken = true;
			(*out)[(*out_n)++] = f->expr;
			TT_TRY(tt_varset_unite(set->p->arena, *out_needed, f->mentions, out_needed));
		}
	}
	return TT_OK;
}

/* Variables of the parts of a subset. */
static tt_status scope_of(const tt_joinset *set, const tt_subset *s, tt_varset *out)
{
	*out = (tt_varset){0};
	if (s->part != SIZE_MAX) {
		*out = set->parts[s->part].in_scope;
		return TT_OK;
	}
	tt_varlist list = {.arena = set->p->arena};
	for (size_t i = 0; i < set->shared.n_items; ++i) {
		if (tt_has_bit(s->scope, i)) {
			TT_TRY(tt_varlist_add(&list, set->shared.items[i]));
		}
	}
	*out = (tt_varset){list.items, list.n_items};
	return TT_OK;
}

static tt_status build(tt_joinset *set, const tt_subset *s, unsigned chosen, tt_varset needed, tt_node **out);

static tt_status build_leaf(tt_joinset *set, const tt_subset *s, const tt_candidate *way, tt_varset needed,
                            tt_node **out)
{
	tt_part *const one = &set->parts[s->part];
	if (one->is_leaf) {
		return tt_leaf_scan(set->p, &one->leaf, &way->access, needed, out);
	}
	*out = one->plan;
	return TT_OK;
}

/* keys[0] of a merge join is the variable that both sides are sorted on. */
static void put_first(tt_var *keys, size_t n_keys, tt_var variable)
{
	for (size_t i = 0; i < n_keys; ++i) {
		if (keys[i] == variable) {
			keys[i] = keys[0];
			keys[0] = variable;
		}
	}
}

static tt_status fill_join_order(tt_planner *p, tt_node *node, const tt_candidate *way)
{
	const tt_node *const left = node->children[0];
	if (node->kind == TT_NODE_HASH_JOIN) {
		return TT_OK; /* tt_node_hash_join() has done it */
	}
	node->sorted_on = tt_arena_alloc(p->arena, sizeof *node->sorted_on);
	if (!node->sorted_on) {
		return p->ctx->error.status;
	}
	node->sorted_on[0] = node->kind == TT_NODE_MERGE_JOIN ? node->keys[0]
	                     : left->n_sorted_on              ? left->sorted_on[0]
	                                                      : TT_NO_VAR;
	const bool is_sorted = way->sorted_on != TT_NO_VAR && node->sorted_on[0] == way->sorted_on;
	node->n_sorted_on = is_sorted && tt_node_has(node, node->sorted_on[0]);
	return TT_OK;
}

/* @param filters Those that are applied right above. */
static tt_status build_join(tt_joinset *set, const tt_subset *s, const tt_candidate *way, tt_varset needed,
                            tt_expr *const *filters, size_t n_filters, tt_node **out)
{
	static const tt_node_kind kinds[] = {[TT_METHOD_MERGE] = TT_NODE_MERGE_JOIN,
	                                     [TT_METHOD_HASH] = TT_NODE_HASH_JOIN,
	                                     [TT_METHOD_LOOKUP] = TT_NODE_LOOKUP_JOIN};
	tt_planner *const p = set->p;
	tt_varset left_scope = {0};
	tt_varset right_scope = {0};
	tt_node *left = NULL;
	tt_node *right = NULL;
	TT_TRY(scope_of(set, way->left, &left_scope));
	TT_TRY(scope_of(set, way->right, &right_scope));
	TT_TRY(tt_varset_unite(p->arena, needed, right_scope, &right_scope));
	TT_TRY(tt_varset_unite(p->arena, needed, left_scope, &left_scope));
	TT_TRY(build(set, way->left, way->left_candidate, right_scope, &left));
	if (way->how == TT_METHOD_LOOKUP) {
		const tt_part *const one = &set->parts[way->right->part];
		right = way->rerun ? way->rerun : one->plan;
		if (one->is_leaf) {
			TT_TRY(tt_leaf_scan(p, &one->leaf, &way->access, left_scope, &right));
		}
		if (!way->rerun) {
			right->cost_estimate = left->n_rows_estimate * TT_COST_LOOKUP;
			right->n_rows_estimate = s->rows / (way->left->rows > 1 ? way->left->rows : 1);
		}
		right->n_sorted_on = 0;
	} else {
		TT_TRY(build(set, way->right, way->right_candidate, left_scope, &right));
	}
	if (kinds[way->how] == TT_NODE_HASH_JOIN) {
		TT_TRY(tt_node_hash_join(p, left, right, needed, out));
		TT_TRY(tt_node_match_alike(p, *out, filters, n_filters));
	} else {
		TT_TRY(tt_node_new(p, kinds[way->how], left, right, out));
		(*out)->is_rerun = way->rerun != NULL;
		TT_TRY(tt_node_match(p, *out));
		TT_TRY(tt_node_join_columns(p, *out, needed, false));
	}
	put_first((*out)->keys, (*out)->n_keys, way->how == TT_METHOD_MERGE ? way->sorted_on : TT_NO_VAR);
	(*out)->place = right->place;
	(*out)->n_rows_estimate = s->rows;
	(*out)->cost_estimate = way->cost;
	return fill_join_order(p, *out, way);
}

static tt_status build(tt_joinset *set, const tt_subset *s, unsigned chosen, tt_varset needed, tt_node **out)
{
	const tt_candidate *const way = &s->candidates[chosen];
	tt_expr **filters = NULL;
	size_t n_filters = 0;
	TT_TRY(take_filters(set, s, way, &filters, &n_filters, &needed));
	TT_TRY(way->how == TT_METHOD_LEAF ? build_leaf(set, s, way, needed, out)
	                                  : build_join(set, s, way, needed, filters, n_filters, out));
	return tt_node_filter(set->p, *out, filters, n_filters, out);
}

static unsigned choose(const tt_joinset *set, const tt_subset *s)
{
	unsigned best = 0;
	double best_cost = 0;
	for (unsigned i = 0; i < s->n_candidates; ++i) {
		const bool is_wanted = s->candidates[i].sorted_on == set->p->wanted_order;
		const double cost = s->candidates[i].cost +
		                    (is_wanted || set->p->wanted_order == TT_NO_VAR ? 0 : s->rows * TT_COST_BUILD_ROW);
		if (i == 0 || cost < best_cost) {
			best = i;
			best_cost = cost;
		}
	}
	return best;
}

/* Without optimisation: hash joins in the order of the text, filters at the end. */
static tt_status join_as_written(tt_joinset *set, tt_varset wanted, tt_node **out)
{
	tt_planner *const p = set->p;
	tt_node *sofar = NULL;
	tt_varset all = set->scope;
	TT_TRY(tt_varset_unite(p->arena, all, wanted, &all));
	for (size_t i = 0; i < set->n_parts; ++i) {
		tt_part *const one = &set->parts[i];
		tt_node *next = one->plan;
		if (one->is_leaf) {
			const tt_access access = one->leaf.n_accesses ? one->leaf.accesses[0] : (tt_access){0};
			TT_TRY(tt_leaf_scan(p, &one->leaf, &access, all, &next));
		}
		if (sofar) {
			TT_TRY(tt_node_hash_join(p, sofar, next, all, &next));
		}
		sofar = next;
	}
	tt_expr **const filters = tt_arena_alloc(p->arena, set->n_filters * sizeof(tt_expr *));
	if (!filters) {
		return p->ctx->error.status;
	}
	for (size_t i = 0; i < set->n_filters; ++i) {
		filters[i] = set->filters[i].expr;
	}
	return tt_node_filter(p, sofar, filters, set->n_filters, out);
}

tt_status tt_order_joins(tt_planner *p, const tt_algebra *node, tt_varset wanted, tt_node **out)
{
	tt_joinset set;
	tt_subset *whole = NULL;
	bool is_empty = false;
	TT_TRY(tt_joinset_make(p, node, wanted, &set));
	if (p->options->is_unoptimised) {
		return join_as_written(&set, wanted, out);
	}
	TT_TRY(tt_joinset_prepare(&set, &is_empty));
	if (is_empty) {
		TT_TRY(tt_varset_intersect(p->arena, node->in_scope, wanted, &wanted));
		return tt_node_empty(p, wanted, out);
	}
	TT_TRY(tt_joinset_search(&set, &whole));
	return build(&set, whole, choose(&set, whole), wanted, out);
}
