/* physical.c - from the algebra to operators, one function a kind of node.
 *
 * Each is given the variables that somebody above asks for (`wanted`) and asks its children for those and for what it
 * needs itself, so that joins drop what nobody reads. A node may deliver more than is wanted, but never a variable
 * that is not in the scope of its algebra: MINUS and DISTINCT would notice. Joins of patterns are order.c's
 * business. */
#include "plan/planner.h"

#include "base/context.h"

typedef tt_status (*plan_fn)(tt_planner *p, const tt_algebra *node, tt_varset wanted, tt_node **out);

static tt_status plan_unit(tt_planner *p, const tt_algebra *node, tt_varset wanted, tt_node **out)
{
	(void)node;
	(void)wanted;
	return tt_node_unit(p, (tt_varset){0}, out);
}

static tt_status plan_empty(tt_planner *p, const tt_algebra *node, tt_varset wanted, tt_node **out)
{
	(void)node;
	(void)wanted;
	return tt_node_empty(p, (tt_varset){0}, out);
}

/* ---- OPTIONAL, MINUS, EXISTS ------------------------------------------------------------------ */

static tt_status mention_all(tt_planner *p, tt_expr *const *exprs, size_t n, tt_varset *out)
{
	for (size_t i = 0; i < n; ++i) {
		tt_varset mentions = {0};
		TT_TRY(tt_expr_mentions(p->arena, exprs[i], &mentions));
		TT_TRY(tt_varset_unite(p->arena, *out, mentions, out));
	}
	return TT_OK;
}

/* One expression that holds if all hold. */
static tt_status conjoin(tt_planner *p, tt_expr *const *exprs, size_t n, tt_expr **out)
{
	*out = NULL;
	for (size_t i = 0; i < n; ++i) {
		if (!*out) {
			*out = exprs[i];
			continue;
		}
		tt_expr *const both = TT_ARENA_NEW(p->arena, tt_expr);
		tt_expr **const arguments = tt_arena_alloc(p->arena, 2 * sizeof *arguments);
		if (!both || !arguments) {
			return p->ctx->error.status;
		}
		arguments[0] = *out;
		arguments[1] = exprs[i];
		*both = (tt_expr){.kind = TT_EXPR_AND,
		                  .variable = TT_NO_VAR,
		                  .arguments = arguments,
		                  .n_arguments = 2,
		                  .place = exprs[i]->place};
		*out = both;
	}
	return TT_OK;
}

/* The one pattern that a right side consists of, perhaps under filters, or NULL. */
static const tt_triple_pattern *only_pattern(const tt_algebra *node)
{
	return node->kind == TT_ALGEBRA_BGP && node->n_patterns == 1 ? &node->patterns[0] : NULL;
}

/* Whether OPTIONAL is better done by looking up each left row in a scan; then *out_right is that scan. */
static tt_status try_left_lookup(tt_planner *p, const tt_algebra *node, const tt_node *left, tt_varset wanted,
                                 tt_node **out_right)
{
	*out_right = NULL;
	const tt_triple_pattern *const pattern = only_pattern(node->right);
	if (!pattern || p->options->is_unoptimised || p->may_give.n_items) {
		return TT_OK;
	}
	tt_leaf leaf;
	TT_TRY(tt_leaf_make(p, pattern, &leaf));
	tt_varset columns = {0};
	tt_varset shared = {0};
	TT_TRY(tt_node_columns(p, left, &columns));
	TT_TRY(tt_varset_intersect(p->arena, columns, leaf.in_scope, &shared));
	for (size_t i = 0; i < shared.n_items; ++i) {
		if (!tt_node_binds(left, shared.items[i])) {
			return TT_OK;
		}
	}
	const tt_access access = tt_leaf_lookup(&leaf, shared);
	bool is_probed = false;
	for (unsigned i = 0; i < access.n_prefix; ++i) {
		is_probed = is_probed || leaf.slots[tt_perm_column(access.perm, i)].kind == TT_SLOT_VARIABLE;
	}
	const double hashed = leaf.n_rows * (TT_COST_SCAN_ROW + TT_COST_BUILD_ROW) +
	                      left->n_rows_estimate * TT_COST_PROBE_ROW;
	const tt_method forced = p->options->switches.forced_method;
	const bool is_chosen = forced == TT_METHOD_LEAF ? left->n_rows_estimate * TT_COST_LOOKUP <= hashed
	                                                : forced == TT_METHOD_LOOKUP;
	if (leaf.is_empty || !is_probed || !is_chosen) {
		return TT_OK;
	}
	TT_TRY(tt_leaf_scan(p, &leaf, &access, wanted, out_right));
	(*out_right)->cost_estimate = left->n_rows_estimate * TT_COST_LOOKUP;
	(*out_right)->n_sorted_on = 0;
	return TT_OK;
}

/* Whether OPTIONAL is better done by running its right side for each left row; then *out_right is made for that. */
static tt_status try_left_rerun(tt_planner *p, const tt_algebra *node, const tt_node *left, const tt_node *right,
                                tt_varset wanted, tt_node **out_right)
{
	tt_varset shared = {0};
	*out_right = NULL;
	TT_TRY(tt_varset_intersect(p->arena, node->left->in_scope, node->right->in_scope, &shared));
	for (size_t i = 0; i < shared.n_items; ++i) {
		if (!tt_node_binds(left, shared.items[i])) {
			return TT_OK;
		}
	}
	const double hashed = right->cost_estimate + right->n_rows_estimate * TT_COST_BUILD_ROW +
	                      left->n_rows_estimate * TT_COST_PROBE_ROW;
	return tt_plan_rerun(p, node->right, shared, wanted, left->n_rows_estimate, hashed, out_right);
}

static tt_status finish_left_join(tt_planner *p, const tt_algebra *node, tt_varset wanted, tt_node *joined,
                                  tt_node **out)
{
	const tt_node *const left = joined->children[0];
	const tt_node *const right = joined->children[1];
	TT_TRY(tt_node_match(p, joined));
	if (joined->kind == TT_NODE_LEFT_JOIN) {
		TT_TRY(tt_node_match_alike(p, joined, node->filters, node->n_filters));
	}
	TT_TRY(tt_node_join_columns(p, joined, wanted, true));
	joined->place = node->place;
	joined->n_rows_estimate = left->n_rows_estimate > right->n_rows_estimate ? left->n_rows_estimate
	                                                                         : right->n_rows_estimate;
	joined->cost_estimate = left->cost_estimate + right->cost_estimate + left->n_rows_estimate * TT_COST_PROBE_ROW +
	                        right->n_rows_estimate * TT_COST_BUILD_ROW;
	if (joined->is_rerun) {
		joined->n_rows_estimate = left->n_rows_estimate * (right->n_rows_estimate > 1 ? right->n_rows_estimate : 1);
		joined->cost_estimate = left->cost_estimate + left->n_rows_estimate * (right->cost_estimate + TT_COST_RERUN);
	}
	if (joined->kind == TT_NODE_LEFT_JOIN && left->n_sorted_on && tt_node_has(joined, left->sorted_on[0])) {
		joined->sorted_on = left->sorted_on;
		joined->n_sorted_on = 1;
	}
	*out = joined;
	return TT_OK;
}

static tt_status plan_left_join(tt_planner *p, const tt_algebra *node, tt_varset wanted, tt_node **out)
{
	tt_varset inside = wanted;
	tt_varset mentioned = {0};
	tt_varset shared = {0};
	TT_TRY(mention_all(p, node->filters, node->n_filters, &mentioned));
	TT_TRY(tt_varset_unite(p->arena, inside, mentioned, &inside));
	TT_TRY(tt_varset_intersect(p->arena, node->left->in_scope, node->right->in_scope, &shared));
	TT_TRY(tt_varset_unite(p->arena, inside, shared, &inside));
	tt_node *left = NULL;
	tt_node *right = NULL;
	TT_TRY(tt_plan_node(p, node->left, inside, &left));
	if (left->kind == TT_NODE_EMPTY) {
		*out = left;
		return TT_OK;
	}
	/* Parameters that the condition mentions come from the left, unless the right side binds them. */
	tt_varset bare = {0};
	TT_TRY(tt_varset_subtract(p->arena, mentioned, node->right->bound, &bare));
	TT_TRY(tt_correlate_rows(p, left, bare, &left));
	TT_TRY(try_left_lookup(p, node, left, inside, &right));
	const tt_node_kind kind = right ? TT_NODE_LEFT_LOOKUP : TT_NODE_LEFT_JOIN;
	tt_node *rerun = NULL;
	if (!right) {
		const tt_var wanted_order = p->wanted_order;
		p->wanted_order = TT_NO_VAR;
		TT_TRY(tt_plan_node(p, node->right, inside, &right));
		TT_TRY(try_left_rerun(p, node, left, right, inside, &rerun));
		p->wanted_order = wanted_order;
	}
	if (right->kind == TT_NODE_EMPTY) {
		return tt_node_narrow(p, left, wanted, out);
	}
	tt_node *joined = NULL;
	tt_node *both = NULL;
	right = rerun ? rerun : right;
	TT_TRY(tt_node_new(p, rerun ? TT_NODE_LEFT_LOOKUP : kind, left, right, &joined));
	joined->is_rerun = rerun != NULL;
	/* The condition sees the joined row, all columns of both sides. */
	TT_TRY(conjoin(p, node->filters, node->n_filters, &joined->expr));
	if (joined->expr && tt_expr_has_exists(joined->expr)) {
		TT_TRY(tt_node_new(p, TT_NODE_HASH_JOIN, left, right, &both));
		TT_TRY(tt_node_join_columns(p, both, inside, false));
		TT_TRY(tt_correlate_expr(p, joined->expr, both, &joined->expr));
	}
	return finish_left_join(p, node, wanted, joined, out);
}

/* MINUS and SEMI_JOIN: the right side is asked only for the shared variables. */
static tt_status plan_partner(tt_planner *p, const tt_algebra *node, tt_varset shared, tt_varset wanted,
                              tt_node_kind kind, tt_node **out)
{
	tt_node *left = NULL;
	tt_node *right = NULL;
	tt_varset inside = {0};
	TT_TRY(tt_varset_unite(p->arena, wanted, shared, &inside));
	TT_TRY(tt_plan_node(p, node->left, inside, &left));
	const tt_var wanted_order = p->wanted_order;
	p->wanted_order = TT_NO_VAR;
	TT_TRY(tt_plan_node(p, node->right, shared, &right));
	p->wanted_order = wanted_order;
	const bool is_negated = kind == TT_NODE_MINUS || node->is_negated;
	if (left->kind == TT_NODE_EMPTY || (right->kind == TT_NODE_EMPTY && is_negated)) {
		*out = left;
		return TT_OK;
	}
	if (right->kind == TT_NODE_EMPTY) {
		return tt_node_empty(p, wanted, out);
	}
	TT_TRY(tt_node_narrow(p, right, shared, &right));
	tt_node *made = NULL;
	TT_TRY(tt_node_new(p, kind, left, right, &made));
	TT_TRY(tt_node_like_child(p, made));
	TT_TRY(tt_node_match(p, made));
	made->is_negated = node->is_negated;
	made->place = node->place;
	made->n_rows_estimate = left->n_rows_estimate * 0.5;
	made->cost_estimate = left->cost_estimate + right->cost_estimate + left->n_rows_estimate * TT_COST_PROBE_ROW +
	                      right->n_rows_estimate * TT_COST_BUILD_ROW;
	*out = made;
	return TT_OK;
}

static tt_status plan_minus(tt_planner *p, const tt_algebra *node, tt_varset wanted, tt_node **out)
{
	tt_varset shared = {0};
	TT_TRY(tt_varset_intersect(p->arena, node->left->in_scope, node->right->in_scope, &shared));
	if (shared.n_items == 0) {
		return tt_plan_node(p, node->left, wanted, out); /* disjoint domains remove nothing (§18.5) */
	}
	return plan_partner(p, node, shared, wanted, TT_NODE_MINUS, out);
}

/* EXISTS as a join, if that is cheaper than to run its pattern for each row. */
static tt_status plan_semi_join(tt_planner *p, const tt_algebra *node, tt_varset wanted, tt_node **out)
{
	tt_varset shared = {0};
	tt_node *joined = NULL;
	tt_node *filtered = NULL;
	TT_TRY(tt_varset_intersect(p->arena, node->left->in_scope, node->right->in_scope, &shared));
	TT_TRY(plan_partner(p, node, shared, wanted, TT_NODE_SEMI_JOIN, &joined));
	if (joined->kind == TT_NODE_SEMI_JOIN && joined->n_keys &&
	    joined->children[1]->cost_estimate > 20 * TT_COST_LOOKUP * joined->children[0]->n_rows_estimate) {
		TT_TRY(tt_node_filter(p, joined->children[0], &node->expr, 1, &filtered));
		const tt_node *const inner = filtered->kind == TT_NODE_FILTER ? filtered->filters[0]->plan : NULL;
		/* The inner plan is left at its first row. */
		const double n_inner = inner && inner->n_rows_estimate > 1 ? inner->n_rows_estimate : 1;
		const double each = inner ? inner->cost_estimate / n_inner + TT_COST_RERUN : 0;
		if (inner && each * joined->children[0]->n_rows_estimate < joined->children[1]->cost_estimate) {
			joined = filtered;
		}
	}
	*out = joined;
	return TT_OK;
}

/* ---- UNION ------------------------------------------------------------------------------------ */

typedef struct alternatives {
	tt_node **items;
	size_t n_items, capacity;
} alternatives;

static tt_status gather_alternatives(tt_planner *p, const tt_algebra *node, tt_varset wanted, alternatives *list)
{
	if (node->kind == TT_ALGEBRA_UNION) {
		TT_TRY(gather_alternatives(p, node->left, wanted, list));
		return gather_alternatives(p, node->right, wanted, list);
	}
	tt_node *planned = NULL;
	TT_TRY(tt_ctx_poll(p->ctx));
	TT_TRY(tt_plan_node(p, node, wanted, &planned));
	if (planned->kind == TT_NODE_EMPTY) {
		return TT_OK;
	}
	TT_TRY(tt_arena_grow(p->arena, (void **)&list->items, &list->capacity, list->n_items, sizeof(tt_node *)));
	list->items[list->n_items++] = planned;
	return TT_OK;
}

/* The columns of a union: those of its children; unbound if a child may leave one unbound or has not got it. */
static tt_status unite_columns(tt_planner *p, tt_node *node)
{
	tt_varlist all = {.arena = p->arena};
	tt_varset columns = {0};
	for (size_t i = 0; i < node->n_children; ++i) {
		for (size_t j = 0; j < node->children[i]->n_columns; ++j) {
			TT_TRY(tt_varlist_add(&all, node->children[i]->columns[j]));
		}
	}
	TT_TRY(tt_varset_make(p->arena, all.items, all.n_items, &columns));
	size_t *const n_bound = tt_arena_alloc(p->arena, columns.n_items * sizeof *n_bound);
	if (!n_bound) {
		return p->ctx->error.status;
	}
	for (size_t i = 0; i < node->n_children; ++i) {
		const tt_node *const child = node->children[i];
		for (size_t j = 0; j < child->n_columns; ++j) {
			size_t low = 0;
			size_t high = columns.n_items - 1;
			while (low < high) {
				const size_t middle = low + (high - low) / 2;
				if (columns.items[middle] < child->columns[j]) {
					low = middle + 1;
				} else {
					high = middle;
				}
			}
			n_bound[low] += !child->may_be_unbound[j];
		}
	}
	for (size_t i = 0; i < columns.n_items; ++i) {
		TT_TRY(tt_node_add_column(p, node, columns.items[i], n_bound[i] < node->n_children));
	}
	return TT_OK;
}

static tt_status plan_union(tt_planner *p, const tt_algebra *node, tt_varset wanted, tt_node **out)
{
	alternatives list = {0};
	p->wanted_order = TT_NO_VAR;
	TT_TRY(gather_alternatives(p, node, wanted, &list));
	if (list.n_items == 0) {
		TT_TRY(tt_varset_intersect(p->arena, node->in_scope, wanted, &wanted));
		return tt_node_empty(p, wanted, out);
	}
	if (list.n_items == 1) {
		*out = list.items[0];
		return TT_OK;
	}
	tt_node *made = NULL;
	TT_TRY(tt_node_new(p, TT_NODE_UNION, NULL, NULL, &made));
	made->children = list.items;
	made->n_children = list.n_items;
	made->place = node->place;
	for (size_t i = 0; i < list.n_items; ++i) {
		made->depth = list.items[i]->depth >= made->depth ? list.items[i]->depth + 1 : made->depth;
		made->n_rows_estimate += list.items[i]->n_rows_estimate;
		made->cost_estimate += list.items[i]->cost_estimate;
	}
	*out = made;
	return unite_columns(p, made);
}

/* ---- BIND, GRAPH, VALUES ---------------------------------------------------------------------- */

static tt_status plan_extend(tt_planner *p, const tt_algebra *node, tt_varset wanted, tt_node **out)
{
	if (!tt_varset_has(wanted, node->variable)) {
		return tt_plan_node(p, node->left, wanted, out); /* nobody asks for the value */
	}
	tt_varset mentioned = {0};
	tt_varset inside = {0};
	tt_node *child = NULL;
	tt_node *made = NULL;
	TT_TRY(tt_expr_mentions(p->arena, node->expr, &mentioned));
	TT_TRY(tt_varset_unite(p->arena, wanted, mentioned, &inside));
	TT_TRY(tt_plan_node(p, node->left, inside, &child));
	if (child->kind == TT_NODE_EMPTY) {
		*out = child;
		return TT_OK;
	}
	/* A parameter of the same name is left out: the pattern's own value counts, the top of the EXISTS compares. */
	const tt_varset own = {&node->variable, 1};
	TT_TRY(tt_varset_subtract(p->arena, mentioned, own, &mentioned));
	TT_TRY(tt_node_columns(p, child, &inside));
	TT_TRY(tt_varset_unite(p->arena, inside, own, &inside));
	TT_TRY(tt_correlate_rows(p, child, mentioned, &child));
	TT_TRY(tt_node_new(p, TT_NODE_EXTEND, child, NULL, &made));
	TT_TRY(tt_node_like_child(p, made));
	made->variable = node->variable;
	made->place = node->place;
	made->cost_estimate += child->n_rows_estimate * TT_COST_FILTER_ROW;
	TT_TRY(tt_correlate_expr(p, node->expr, child, &made->expr));
	const bool is_bound = made->expr->kind == TT_EXPR_CONSTANT ||
	                      (made->expr->kind == TT_EXPR_VARIABLE && tt_node_binds(child, made->expr->variable));
	TT_TRY(tt_node_add_column(p, made, node->variable, !is_bound));
	return tt_node_narrow(p, made, inside, out);
}

/* Whether a constant is a named graph of the dataset. */
static tt_status is_named_graph(tt_planner *p, const tt_slot *graph, bool *out)
{
	const tt_graph_set *const set = &p->plan->named_graphs;
	const tt_id *graphs = set->graphs;
	size_t n_graphs = set->n_graphs;
	tt_id id = TT_UNBOUND;
	TT_TRY(tt_terms_intern(p->terms, &graph->constant, &id));
	if (set->choice != TT_GRAPHS_LIST) {
		TT_TRY(tt_snapshot_graphs(p->snapshot, &graphs, &n_graphs));
	}
	*out = false;
	for (size_t i = 0; i < n_graphs && !*out; ++i) {
		*out = graphs[i] == id;
	}
	return TT_OK;
}

static tt_status plan_graph(tt_planner *p, const tt_algebra *node, tt_varset wanted, tt_node **out)
{
	if (node->parameter == TT_NO_VAR) {
		bool exists = false;
		TT_TRY(is_named_graph(p, &node->graph, &exists));
		return exists ? tt_plan_node(p, node->left, wanted, out) : tt_node_empty(p, wanted, out);
	}
	tt_node *child = NULL;
	tt_node *made = NULL;
	const tt_varset own = {&node->variable, 1};
	tt_varset inside = wanted;
	if (tt_varset_has(node->left->in_scope, node->variable)) {
		TT_TRY(tt_varset_unite(p->arena, inside, own, &inside));
	}
	p->wanted_order = TT_NO_VAR;
	TT_TRY(tt_plan_node(p, node->left, inside, &child));
	const tt_graph_set *const graphs = &p->plan->named_graphs;
	if (child->kind == TT_NODE_EMPTY || (graphs->choice == TT_GRAPHS_LIST && graphs->n_graphs == 0)) {
		return tt_node_empty(p, wanted, out);
	}
	TT_TRY(tt_node_new(p, TT_NODE_GRAPH_LOOP, child, NULL, &made));
	TT_TRY(tt_node_like_child(p, made));
	made->n_sorted_on = 0;
	made->variable = node->variable;
	made->parameter = node->parameter;
	made->scan.graphs = *graphs;
	made->place = node->place;
	const double n_graphs = graphs->choice == TT_GRAPHS_LIST ? (double)graphs->n_graphs
	                                                         : (double)p->stats.n_named_graphs;
	made->n_rows_estimate *= n_graphs;
	made->cost_estimate *= n_graphs;
	const size_t column = tt_node_column(made, node->variable);
	if (column == SIZE_MAX) {
		TT_TRY(tt_node_add_column(p, made, node->variable, false));
	} else {
		made->may_be_unbound[column] = false;
	}
	*out = made;
	return TT_OK;
}

static tt_status plan_values(tt_planner *p, const tt_algebra *node, tt_varset wanted, tt_node **out)
{
	(void)wanted;
	tt_node *made = NULL;
	TT_TRY(tt_node_new(p, TT_NODE_VALUES, NULL, NULL, &made));
	tt_id *const cells = tt_arena_alloc(p->arena, node->n_rows * node->n_variables * sizeof *cells);
	if (!cells) {
		return p->ctx->error.status;
	}
	for (size_t column = 0; column < node->n_variables; ++column) {
		TT_TRY(tt_node_add_column(p, made, node->variables[column], false));
	}
	for (size_t i = 0; i < node->n_rows * node->n_variables; ++i) {
		if (node->cells[i].kind == TT_TERM_NONE) {
			made->may_be_unbound[i % node->n_variables] = true;
		} else {
			TT_TRY(tt_terms_intern(p->terms, &node->cells[i], &cells[i]));
		}
	}
	made->cells = cells;
	made->n_value_rows = node->n_rows;
	made->n_rows_estimate = (double)node->n_rows;
	made->cost_estimate = (double)node->n_rows;
	made->place = node->place;
	*out = made;
	return TT_OK;
}

/* ---- GROUP BY --------------------------------------------------------------------------------- */

/* COUNT(*) of one pattern, which the store knows without reading its rows. */
static tt_status try_count(tt_planner *p, const tt_algebra *node, tt_node **out)
{
	*out = NULL;
	const tt_triple_pattern *const pattern = only_pattern(node->left);
	if (!pattern || node->n_variables || node->n_aggregations != 1 || p->options->is_unoptimised ||
	    p->may_give.n_items) {
		return TT_OK;
	}
	const tt_aggregation *const only = &node->aggregations[0];
	const bool counts_rows = !only->argument || (only->argument->kind == TT_EXPR_VARIABLE &&
	                                             tt_varset_has(node->left->bound, only->argument->variable));
	if (only->function != TT_AGGREGATE_COUNT || only->is_distinct || !counts_rows) {
		return TT_OK;
	}
	tt_leaf leaf;
	TT_TRY(tt_leaf_make(p, pattern, &leaf));
	size_t n_variables = 0;
	for (size_t i = 0; i < TT_N_COLUMNS; ++i) {
		n_variables += leaf.slots[i].variable != TT_NO_VAR && tt_varset_has(leaf.in_scope, leaf.slots[i].variable);
	}
	if (leaf.is_empty || n_variables != leaf.in_scope.n_items) {
		return TT_OK;
	}
	TT_TRY(tt_leaf_scan(p, &leaf, &leaf.accesses[0], (tt_varset){0}, out));
	(*out)->kind = TT_NODE_COUNT;
	(*out)->variable = only->variable;
	(*out)->n_sorted_on = 0;
	(*out)->n_rows_estimate = 1;
	(*out)->cost_estimate = TT_COST_LOOKUP;
	return tt_node_add_column(p, *out, only->variable, false);
}

/* COUNT(DISTINCT *) tells solutions apart by the variables that have names. */
static tt_status narrow_to_solutions(tt_planner *p, const tt_algebra *node, tt_node *child, tt_node **out)
{
	tt_varlist visible = {.arena = p->arena};
	tt_varset columns = {0};
	for (size_t i = 0; i < child->n_columns; ++i) {
		bool is_key = false;
		for (size_t j = 0; j < node->n_variables; ++j) {
			is_key = is_key || node->variables[j] == child->columns[i];
		}
		if (is_key || !p->query->variables[child->columns[i]].is_hidden) {
			TT_TRY(tt_varlist_add(&visible, child->columns[i]));
		}
	}
	TT_TRY(tt_varset_make(p->arena, visible.items, visible.n_items, &columns));
	return tt_node_narrow(p, child, columns, out);
}

static tt_status plan_group_child(tt_planner *p, const tt_algebra *node, tt_node **out)
{
	tt_varset inside = {0};
	tt_varset mentioned = {0};
	bool counts_solutions = false;
	TT_TRY(tt_varset_make(p->arena, node->variables, node->n_variables, &inside));
	for (size_t i = 0; i < node->n_aggregations; ++i) {
		const tt_aggregation *const one = &node->aggregations[i];
		if (one->argument) {
			TT_TRY(mention_all(p, &one->argument, 1, &mentioned));
		} else if (one->is_distinct) {
			counts_solutions = true;
			TT_TRY(tt_varset_unite(p->arena, mentioned, node->left->in_scope, &mentioned));
		}
	}
	TT_TRY(tt_varset_unite(p->arena, inside, mentioned, &inside));
	p->wanted_order = node->n_variables ? node->variables[0] : TT_NO_VAR;
	TT_TRY(tt_plan_node(p, node->left, inside, out));
	p->wanted_order = TT_NO_VAR;
	TT_TRY(tt_correlate_rows(p, *out, mentioned, out));
	return counts_solutions ? narrow_to_solutions(p, node, *out, out) : TT_OK;
}

/* Whether rows come group by group: sorted on the keys, in any order of the keys. */
static bool is_sorted_on_keys(const tt_node *child, const tt_var *keys, size_t n_keys)
{
	for (size_t i = 0; i < n_keys; ++i) {
		bool is_key = false;
		for (size_t j = 0; j < n_keys && i < child->n_sorted_on; ++j) {
			is_key = is_key || keys[j] == child->sorted_on[i];
		}
		if (!is_key) {
			return false;
		}
	}
	return n_keys > 0;
}

static tt_status plan_group(tt_planner *p, const tt_algebra *node, tt_varset wanted, tt_node **out)
{
	(void)wanted;
	TT_TRY(try_count(p, node, out));
	if (*out) {
		return TT_OK;
	}
	tt_node *child = NULL;
	tt_node *made = NULL;
	TT_TRY(plan_group_child(p, node, &child));
	TT_TRY(tt_node_new(p, TT_NODE_GROUP, child, NULL, &made));
	made->keys = node->variables;
	made->n_keys = node->n_variables;
	made->place = node->place;
	made->aggregations = tt_arena_alloc(p->arena, node->n_aggregations * sizeof *made->aggregations);
	if (!made->aggregations) {
		return p->ctx->error.status;
	}
	for (size_t i = 0; i < node->n_variables; ++i) {
		TT_TRY(tt_node_add_column(p, made, node->variables[i], !tt_node_binds(child, node->variables[i])));
	}
	for (size_t i = 0; i < node->n_aggregations; ++i) {
		made->aggregations[i] = node->aggregations[i];
		if (made->aggregations[i].argument) {
			TT_TRY(tt_correlate_expr(p, made->aggregations[i].argument, child, &made->aggregations[i].argument));
		}
		TT_TRY(tt_node_add_column(p, made, made->aggregations[i].variable,
		                          made->aggregations[i].function != TT_AGGREGATE_COUNT));
	}
	made->n_aggregations = node->n_aggregations;
	if (is_sorted_on_keys(child, made->keys, made->n_keys)) {
		made->sorted_on = child->sorted_on;
		made->n_sorted_on = made->n_keys;
	}
	made->n_rows_estimate = node->n_variables ? 1 + child->n_rows_estimate * 0.1 : 1;
	made->cost_estimate = child->cost_estimate + child->n_rows_estimate * TT_COST_BUILD_ROW;
	*out = made;
	return TT_OK;
}

/* ---- solution modifiers (§18.2.5) -------------------------------------------------------------- */

static tt_status plan_order(tt_planner *p, const tt_algebra *node, tt_varset wanted, tt_node **out)
{
	tt_varset mentioned = {0};
	tt_varset inside = {0};
	tt_node *child = NULL;
	tt_node *made = NULL;
	for (size_t i = 0; i < node->n_order; ++i) {
		TT_TRY(mention_all(p, &node->order[i].expr, 1, &mentioned));
	}
	TT_TRY(tt_varset_unite(p->arena, wanted, mentioned, &inside));
	p->wanted_order = TT_NO_VAR;
	TT_TRY(tt_plan_node(p, node->left, inside, &child));
	TT_TRY(tt_node_columns(p, child, &inside));
	TT_TRY(tt_correlate_rows(p, child, mentioned, &child));
	TT_TRY(tt_node_new(p, TT_NODE_SORT, child, NULL, &made));
	TT_TRY(tt_node_like_child(p, made));
	made->n_sorted_on = 0;
	made->order = tt_arena_alloc(p->arena, node->n_order * sizeof *made->order);
	if (!made->order) {
		return p->ctx->error.status;
	}
	for (size_t i = 0; i < node->n_order; ++i) {
		made->order[i] = node->order[i];
		TT_TRY(tt_correlate_expr(p, node->order[i].expr, child, &made->order[i].expr));
	}
	made->n_order = node->n_order;
	made->has_limit = node->has_limit;
	made->limit = node->limit;
	made->place = node->place;
	made->cost_estimate += child->n_rows_estimate * TT_COST_FILTER_ROW;
	if (node->has_limit && (double)node->limit < made->n_rows_estimate) {
		made->n_rows_estimate = (double)node->limit;
	}
	return tt_node_narrow(p, made, inside, out);
}

static tt_status plan_project(tt_planner *p, const tt_algebra *node, tt_varset wanted, tt_node **out)
{
	tt_varset kept = {0};
	TT_TRY(tt_varset_intersect(p->arena, node->in_scope, wanted, &kept));
	TT_TRY(tt_plan_node(p, node->left, kept, out));
	return tt_node_narrow(p, *out, kept, out);
}

static tt_status plan_distinct(tt_planner *p, const tt_algebra *node, tt_varset wanted, tt_node **out)
{
	(void)wanted;
	tt_node *child = NULL;
	tt_node *made = NULL;
	TT_TRY(tt_plan_node(p, node->left, node->left->in_scope, &child));
	if (child->kind == TT_NODE_EMPTY) {
		*out = child;
		return TT_OK;
	}
	TT_TRY(tt_node_new(p, TT_NODE_DISTINCT, child, NULL, &made));
	TT_TRY(tt_node_like_child(p, made));
	made->place = node->place;
	made->cost_estimate += child->n_rows_estimate * TT_COST_BUILD_ROW;
	*out = made;
	return TT_OK;
}

static tt_status plan_reduced(tt_planner *p, const tt_algebra *node, tt_varset wanted, tt_node **out)
{
	return tt_plan_node(p, node->left, wanted, out); /* REDUCED permits to remove duplicates, it does not ask for it */
}

static tt_status plan_slice(tt_planner *p, const tt_algebra *node, tt_varset wanted, tt_node **out)
{
	tt_node *child = NULL;
	tt_node *made = NULL;
	TT_TRY(tt_plan_node(p, node->left, wanted, &child));
	TT_TRY(tt_node_new(p, TT_NODE_SLICE, child, NULL, &made));
	TT_TRY(tt_node_like_child(p, made));
	made->offset = node->offset;
	made->has_limit = node->has_limit;
	made->limit = node->limit;
	made->place = node->place;
	if (made->has_limit && (double)made->limit < made->n_rows_estimate) {
		made->n_rows_estimate = (double)made->limit;
	}
	*out = made;
	return TT_OK;
}

static tt_status plan_service(tt_planner *p, const tt_algebra *node, tt_varset wanted, tt_node **out)
{
	(void)wanted;
	(void)out;
	return TT_FAIL_AT_PLACE(p->ctx, TT_UNSUPPORTED, node->place, "SERVICE is not evaluated yet");
}

tt_status tt_plan_node(tt_planner *p, const tt_algebra *node, tt_varset wanted, tt_node **out)
{
	static const plan_fn by_kind[] = {
	    [TT_ALGEBRA_UNIT] = plan_unit,           [TT_ALGEBRA_EMPTY] = plan_empty,
	    [TT_ALGEBRA_BGP] = tt_order_joins,       [TT_ALGEBRA_PATH] = tt_order_joins,
	    [TT_ALGEBRA_JOIN] = tt_order_joins,      [TT_ALGEBRA_FILTER] = tt_order_joins,
	    [TT_ALGEBRA_LEFT_JOIN] = plan_left_join, [TT_ALGEBRA_MINUS] = plan_minus,
	    [TT_ALGEBRA_UNION] = plan_union,         [TT_ALGEBRA_EXTEND] = plan_extend,
	    [TT_ALGEBRA_GRAPH] = plan_graph,         [TT_ALGEBRA_VALUES] = plan_values,
	    [TT_ALGEBRA_GROUP] = plan_group,         [TT_ALGEBRA_ORDER] = plan_order,
	    [TT_ALGEBRA_PROJECT] = plan_project,     [TT_ALGEBRA_DISTINCT] = plan_distinct,
	    [TT_ALGEBRA_REDUCED] = plan_reduced,     [TT_ALGEBRA_SLICE] = plan_slice,
	    [TT_ALGEBRA_SERVICE] = plan_service,     [TT_ALGEBRA_SEMI_JOIN] = plan_semi_join,
	};
	return by_kind[node->kind](p, node, p->is_pruning ? wanted : node->in_scope, out);
}

/* ---- the whole plan --------------------------------------------------------------------------- */

static void number_nodes(tt_plan *plan, tt_node *node);

static void number_expr(tt_plan *plan, const tt_expr *expr)
{
	if (!expr) {
		return;
	}
	for (size_t i = 0; i < expr->n_arguments; ++i) {
		number_expr(plan, expr->arguments[i]);
	}
	if (expr->plan) {
		number_nodes(plan, (tt_node *)(uintptr_t)expr->plan);
	}
}

/* Number the operators from the root down, those of EXISTS behind the operator that asks. */
static void number_nodes(tt_plan *plan, tt_node *node)
{
	node->number = (unsigned)plan->n_nodes++;
	number_expr(plan, node->expr);
	for (size_t i = 0; i < node->n_filters; ++i) {
		number_expr(plan, node->filters[i]);
	}
	for (size_t i = 0; i < node->n_order; ++i) {
		number_expr(plan, node->order[i].expr);
	}
	for (size_t i = 0; i < node->n_aggregations; ++i) {
		number_expr(plan, node->aggregations[i].argument);
	}
	for (size_t i = 0; i < node->n_children; ++i) {
		number_nodes(plan, node->children[i]);
	}
}

/* The result's columns, in order, on top. */
static tt_status finish(tt_planner *p, tt_node *node)
{
	const tt_algebra_query *const query = p->query;
	bool is_same = node->n_columns == query->n_columns;
	for (size_t i = 0; i < query->n_columns && is_same; ++i) {
		is_same = node->columns[i] == query->columns[i];
	}
	if (!is_same) {
		tt_node *top = NULL;
		TT_TRY(tt_node_new(p, TT_NODE_PROJECT, node, NULL, &top));
		for (size_t i = 0; i < query->n_columns; ++i) {
			TT_TRY(tt_node_add_column(p, top, query->columns[i], !tt_node_binds(node, query->columns[i])));
		}
		top->n_rows_estimate = node->n_rows_estimate;
		top->cost_estimate = node->cost_estimate;
		node = top;
	}
	p->plan->root = node;
	p->plan->columns = query->columns;
	p->plan->n_columns = query->n_columns;
	number_nodes(p->plan, node);
	return TT_OK;
}

tt_status tt_plan_make(tt_algebra_query *query, tt_terms *terms, const tt_plan_options *options, tt_plan **out_plan)
{
	tt_plan *const plan = TT_ARENA_NEW(query->arena, tt_plan);
	if (!plan) {
		return query->arena->ctx->error.status;
	}
	plan->arena = query->arena;
	plan->query = query;
	tt_planner p = {.query = query,
	                .arena = query->arena,
	                .ctx = query->arena->ctx,
	                .terms = terms,
	                .snapshot = terms->snapshot,
	                .options = options,
	                .plan = plan,
	                .is_pruning = !options->is_unoptimised && !(options->switches.disabled_passes >> TT_PASS_PRUNE & 1),
	                .wanted_order = TT_NO_VAR};
	TT_TRY(tt_snapshot_estimate(p.snapshot, &p.stats));
	TT_TRY(tt_plan_dataset(&p));
	tt_varset wanted = {0};
	tt_node *root = NULL;
	TT_TRY(tt_varset_make(p.arena, query->columns, query->n_columns, &wanted));
	TT_TRY(tt_plan_node(&p, query->root, wanted, &root));
	*out_plan = plan;
	return finish(&p, root);
}
