/* leaf.c - one triple pattern: its graphs, its constants as ids, its estimates and the ways to scan it.
 *
 * Every set of bound columns is a prefix of some permutation, so a scan reads only rows that match the constants; the
 * ways differ in the order of what is free. Counts of constants are exact (tt_snapshot_count); the number of distinct
 * values of a column comes from the statistics of the predicate, or of the whole store. */
#include "plan/planner.h"

#include <stdlib.h>

/* ---- the dataset (§13.2) ---------------------------------------------------------------------- */

static int compare_ids(const void *a, const void *b)
{
	const tt_id x = *(const tt_id *)a;
	const tt_id y = *(const tt_id *)b;
	return (x > y) - (x < y);
}

static bool has_id(const tt_id *ids, size_t n, tt_id id)
{
	return n && bsearch(&id, ids, n, sizeof id, compare_ids) != NULL;
}

/* The graphs of some IRIs. Of FROM those that are loaded: others would add nothing to the merge. Each FROM NAMED is a
 * named graph, even an empty one (§13.2.2). */
static tt_status list_graphs(tt_planner *p, const tt_view *iris, size_t n_iris, bool is_named, tt_graph_set *out)
{
	const tt_id *loaded = NULL;
	size_t n_loaded = 0;
	TT_TRY(tt_snapshot_graphs(p->snapshot, &loaded, &n_loaded));
	tt_id *const ids = tt_arena_alloc(p->arena, n_iris * sizeof *ids);
	if (!ids) {
		return p->ctx->error.status;
	}
	size_t n = 0;
	for (size_t i = 0; i < n_iris; ++i) {
		const tt_term term = tt_term_iri(iris[i]);
		tt_id id = TT_UNBOUND;
		TT_TRY(tt_terms_intern(p->terms, &term, &id));
		if (is_named || has_id(loaded, n_loaded, id)) {
			ids[n++] = id;
		}
	}
	if (n) {
		qsort(ids, n, sizeof *ids, compare_ids);
	}
	size_t n_unique = 0;
	for (size_t i = 0; i < n; ++i) {
		if (n_unique == 0 || ids[i] != ids[n_unique - 1]) {
			ids[n_unique++] = ids[i];
		}
	}
	*out = (tt_graph_set){TT_GRAPHS_LIST, ids, n_unique};
	return TT_OK;
}

tt_status tt_plan_dataset(tt_planner *p)
{
	const tt_dataset *const dataset = &p->query->dataset;
	const bool is_union = p->options->is_union_default_graph;
	p->plan->default_graphs = (tt_graph_set){.choice = is_union ? TT_GRAPHS_ALL : TT_GRAPHS_DEFAULT};
	p->plan->named_graphs = (tt_graph_set){.choice = TT_GRAPHS_NAMED};
	if (dataset->is_given) {
		TT_TRY(list_graphs(p, dataset->from, dataset->n_from, false, &p->plan->default_graphs));
	}
	return dataset->is_given && !dataset->has_all_named
	           ? list_graphs(p, dataset->from_named, dataset->n_from_named, true, &p->plan->named_graphs)
	           : TT_OK;
}

/* The graphs of a pattern outside GRAPH. Where nothing stands in two graphs, merging them drops nothing. */
static void default_graphs(tt_planner *p, tt_scan_slot *slot, tt_graph_set *graphs, bool *is_merged, bool *is_empty)
{
	*slot = (tt_scan_slot){.kind = TT_SLOT_NONE, .variable = TT_NO_VAR};
	*graphs = p->plan->default_graphs;
	*is_empty = graphs->choice == TT_GRAPHS_LIST && graphs->n_graphs == 0;
	*is_merged = graphs->choice == TT_GRAPHS_ALL && p->stats.n_quads != p->stats.n_triples;
	if (graphs->choice == TT_GRAPHS_DEFAULT && p->stats.n_default_quads == p->stats.n_quads) {
		graphs->choice = TT_GRAPHS_ALL;
	}
	if (graphs->choice == TT_GRAPHS_LIST && graphs->n_graphs == 1) {
		*slot = (tt_scan_slot){.kind = TT_SLOT_CONSTANT, .id = graphs->graphs[0], .variable = TT_NO_VAR};
		*graphs = (tt_graph_set){.choice = TT_GRAPHS_ALL};
	} else if (graphs->choice == TT_GRAPHS_LIST) {
		*is_merged = true;
	}
}

static tt_status make_slot(tt_planner *p, const tt_slot *slot, tt_scan_slot *out, bool *out_is_unknown)
{
	*out = (tt_scan_slot){.kind = TT_SLOT_VARIABLE, .variable = slot->variable};
	if (!slot->is_variable) {
		*out = (tt_scan_slot){.kind = TT_SLOT_CONSTANT, .variable = TT_NO_VAR};
		TT_TRY(tt_snapshot_find(p->snapshot, &slot->constant, &out->id));
		*out_is_unknown = *out_is_unknown || out->id == TT_UNBOUND;
	} else if (tt_varset_has(p->given, slot->variable) || p->query->variables[slot->variable].is_graph_loop) {
		out->kind = TT_SLOT_PARAMETER;
	}
	return TT_OK;
}

tt_status tt_leaf_graphs(tt_planner *p, const tt_triple_pattern *pattern, tt_scan_slot *out_slot,
                         tt_graph_set *out_graphs, bool *out_is_merged, bool *out_is_empty)
{
	if (pattern->graph_kind == TT_PATTERN_DEFAULT) {
		default_graphs(p, out_slot, out_graphs, out_is_merged, out_is_empty);
		return TT_OK;
	}
	*out_graphs = p->plan->named_graphs;
	*out_is_merged = false;
	*out_is_empty = out_graphs->choice == TT_GRAPHS_LIST && out_graphs->n_graphs == 0;
	TT_TRY(make_slot(p, &pattern->graph, out_slot, out_is_empty));
	if (out_slot->kind == TT_SLOT_CONSTANT && !*out_is_empty) {
		*out_is_empty = out_graphs->choice == TT_GRAPHS_LIST &&
		                !has_id(out_graphs->graphs, out_graphs->n_graphs, out_slot->id);
		*out_graphs = (tt_graph_set){.choice = TT_GRAPHS_ALL};
	}
	return TT_OK;
}

/* ---- estimates -------------------------------------------------------------------------------- */

static bool is_bound_slot(const tt_leaf *leaf, tt_column column)
{
	return leaf->slots[column].kind == TT_SLOT_CONSTANT || leaf->slots[column].kind == TT_SLOT_PARAMETER;
}

/* Count the quads that match the constants, whatever their order: parameters are not known yet. */
static tt_status count_constants(tt_planner *p, const tt_leaf *leaf, bool has_graph, double *out)
{
	tt_id bound[TT_N_COLUMNS] = {0};
	for (tt_column column = TT_SUBJECT; column < TT_N_COLUMNS; ++column) {
		if (leaf->slots[column].kind == TT_SLOT_CONSTANT && (has_graph || column != TT_GRAPH)) {
			bound[column] = leaf->slots[column].id;
		}
	}
	tt_scan_spec spec = {.perm = tt_perm_for(bound),
	                     .choice = leaf->graphs.choice,
	                     .graphs = leaf->graphs.graphs,
	                     .n_graphs = leaf->graphs.n_graphs};
	while (spec.n_bound < TT_N_COLUMNS && bound[tt_perm_column(spec.perm, spec.n_bound)]) {
		spec.bound[spec.n_bound] = bound[tt_perm_column(spec.perm, spec.n_bound)];
		spec.n_bound++;
	}
	uint64_t n_quads = 0;
	TT_TRY(tt_snapshot_count(p->snapshot, &spec, &n_quads));
	*out = (double)n_quads;
	return TT_OK;
}

static double at_least_one(double x)
{
	return x > 1 ? x : 1;
}

static double smaller(double a, double b)
{
	return a < b ? a : b;
}

/* How many different values each column has among the rows that match the constants. */
static tt_status count_distinct(tt_planner *p, tt_leaf *leaf, double n_rows)
{
	double n_distinct[TT_N_COLUMNS] = {(double)p->stats.n_subjects, (double)p->stats.n_predicates,
	                                   (double)p->stats.n_objects, (double)p->stats.n_named_graphs};
	if (leaf->slots[TT_PREDICATE].kind == TT_SLOT_CONSTANT) {
		tt_predicate_stats stats = {0};
		TT_TRY(tt_snapshot_predicate(p->snapshot, leaf->slots[TT_PREDICATE].id, &stats));
		n_distinct[TT_SUBJECT] = (double)stats.n_subjects;
		n_distinct[TT_OBJECT] = (double)stats.n_objects;
	}
	for (size_t i = 0; i < TT_N_COLUMNS; ++i) {
		leaf->n_distinct[i] = at_least_one(smaller(n_distinct[i], n_rows));
	}
	return TT_OK;
}

static tt_status estimate(tt_planner *p, tt_leaf *leaf)
{
	TT_TRY(count_constants(p, leaf, true, &leaf->n_rows));
	leaf->is_empty = leaf->n_rows == 0;
	TT_TRY(count_distinct(p, leaf, leaf->n_rows));
	for (size_t i = 0; i < TT_N_COLUMNS; ++i) {
		bool is_repeated = false;
		for (size_t j = 0; j < i && leaf->slots[i].kind == TT_SLOT_VARIABLE; ++j) {
			is_repeated = is_repeated || (leaf->slots[j].kind == TT_SLOT_VARIABLE &&
			                              leaf->slots[j].variable == leaf->slots[i].variable);
		}
		if (leaf->slots[i].kind == TT_SLOT_PARAMETER || is_repeated) {
			leaf->n_rows /= leaf->n_distinct[i];
		}
	}
	for (size_t i = 0; i < TT_N_COLUMNS; ++i) {
		leaf->n_distinct[i] = at_least_one(smaller(leaf->n_distinct[i], leaf->n_rows));
	}
	return TT_OK;
}

/* ---- ways to scan ----------------------------------------------------------------------------- */

static bool is_graph_first(tt_perm perm)
{
	return perm >= TT_GSPO;
}

/* Whether the graph-first permutations hold what the leaf looks for: they know named graphs only. */
static bool allows_graph_first(const tt_leaf *leaf)
{
	return leaf->pattern->graph_kind == TT_PATTERN_SLOT || leaf->slots[TT_GRAPH].kind == TT_SLOT_CONSTANT;
}

typedef struct binding {
	bool columns[TT_N_COLUMNS];
	unsigned n;
} binding;

static unsigned prefix_length(tt_perm perm, const binding *bound)
{
	unsigned n = 0;
	while (n < TT_N_COLUMNS && bound->columns[tt_perm_column(perm, n)]) {
		n++;
	}
	return n;
}

/* The first variable behind the prefix. */
static tt_var first_free(const tt_leaf *leaf, tt_perm perm, unsigned n_prefix)
{
	for (unsigned i = n_prefix; i < TT_N_COLUMNS; ++i) {
		const tt_scan_slot *const slot = &leaf->slots[tt_perm_column(perm, i)];
		if (slot->kind == TT_SLOT_VARIABLE) {
			return slot->variable;
		}
	}
	return TT_NO_VAR;
}

static void add_access(tt_leaf *leaf, tt_perm perm, const binding *bound, double n_scanned)
{
	const unsigned n_prefix = prefix_length(perm, bound);
	const tt_access access = {
	    .perm = perm, .n_prefix = n_prefix, .sorted_on = first_free(leaf, perm, n_prefix), .n_scanned = n_scanned};
	for (size_t i = 0; i < leaf->n_accesses; ++i) {
		const tt_access *const other = &leaf->accesses[i];
		if (other->sorted_on == access.sorted_on && other->n_scanned <= n_scanned) {
			return;
		}
	}
	if (leaf->n_accesses < TT_MAX_ACCESSES) {
		leaf->accesses[leaf->n_accesses++] = access;
	}
}

/* Every order of the free columns behind a prefix that holds all bound ones; and, for a bound graph, the orders that
 * only the graph-last permutations give, reading the rows of all graphs. */
static tt_status find_accesses(tt_planner *p, tt_leaf *leaf)
{
	binding bound = {0};
	for (tt_column column = TT_SUBJECT; column < TT_N_COLUMNS; ++column) {
		bound.columns[column] = is_bound_slot(leaf, column);
		bound.n += bound.columns[column];
	}
	for (tt_perm perm = TT_SPO; perm < TT_N_PERMS; ++perm) {
		if ((allows_graph_first(leaf) || !is_graph_first(perm)) && prefix_length(perm, &bound) == bound.n) {
			add_access(leaf, perm, &bound, leaf->n_rows);
		}
	}
	if (!bound.columns[TT_GRAPH]) {
		return TT_OK;
	}
	double n_scanned = 0;
	TT_TRY(count_constants(p, leaf, false, &n_scanned));
	for (size_t i = 0; i < TT_GRAPH; ++i) {
		if (leaf->slots[i].kind == TT_SLOT_PARAMETER) {
			n_scanned /= leaf->n_distinct[i];
		}
	}
	for (tt_perm perm = TT_SPO; perm < TT_GSPO; ++perm) {
		if (prefix_length(perm, &bound) + 1 >= bound.n) {
			add_access(leaf, perm, &bound, n_scanned);
		}
	}
	return TT_OK;
}

void tt_leaf_add_range(tt_leaf *leaf, tt_id low, tt_id high, double fraction)
{
	const size_t n = leaf->n_accesses;
	for (size_t i = 0; i < n && leaf->n_accesses < TT_MAX_ACCESSES; ++i) {
		tt_access access = leaf->accesses[i];
		if (access.n_prefix < TT_N_COLUMNS && tt_perm_column(access.perm, access.n_prefix) == TT_OBJECT) {
			access.has_range = true;
			access.low = low;
			access.high = high;
			access.n_scanned *= fraction;
			leaf->accesses[leaf->n_accesses++] = access;
		}
	}
}

tt_access tt_leaf_lookup(const tt_leaf *leaf, tt_varset variables)
{
	binding bound = {0};
	for (tt_column column = TT_SUBJECT; column < TT_N_COLUMNS; ++column) {
		bound.columns[column] = is_bound_slot(leaf, column) || (leaf->slots[column].kind == TT_SLOT_VARIABLE &&
		                                                        tt_varset_has(variables, leaf->slots[column].variable));
	}
	tt_access best = {.perm = TT_SPO, .sorted_on = TT_NO_VAR};
	for (tt_perm perm = TT_SPO; perm < TT_N_PERMS; ++perm) {
		const unsigned n_prefix = prefix_length(perm, &bound);
		if ((allows_graph_first(leaf) || !is_graph_first(perm)) && n_prefix > best.n_prefix) {
			best = (tt_access){.perm = perm,
			                   .n_prefix = n_prefix,
			                   .sorted_on = first_free(leaf, perm, n_prefix),
			                   .n_scanned = leaf->n_rows};
		}
	}
	return best;
}

/* ---- leaves and scans ------------------------------------------------------------------------- */

tt_status tt_leaf_make(tt_planner *p, const tt_triple_pattern *pattern, tt_leaf *out)
{
	*out = (tt_leaf){.pattern = pattern};
	TT_TRY(tt_leaf_graphs(p, pattern, &out->slots[TT_GRAPH], &out->graphs, &out->is_merged, &out->is_empty));
	TT_TRY(make_slot(p, &pattern->subject, &out->slots[TT_SUBJECT], &out->is_empty));
	TT_TRY(make_slot(p, &pattern->predicate, &out->slots[TT_PREDICATE], &out->is_empty));
	TT_TRY(make_slot(p, &pattern->object, &out->slots[TT_OBJECT], &out->is_empty));
	tt_varlist in_scope = {.arena = p->arena};
	for (size_t i = 0; i < TT_N_COLUMNS; ++i) {
		const tt_scan_slot *const slot = &out->slots[i];
		if (slot->variable != TT_NO_VAR && !p->query->variables[slot->variable].is_graph_loop) {
			TT_TRY(tt_varlist_add(&in_scope, slot->variable));
		}
	}
	TT_TRY(tt_varset_make(p->arena, in_scope.items, in_scope.n_items, &out->in_scope));
	if (out->is_empty) {
		return TT_OK;
	}
	TT_TRY(estimate(p, out));
	return out->is_empty ? TT_OK : find_accesses(p, out);
}

/* The columns that rows ascend on: the free ones in the order of the permutation, as long as they are delivered. */
static tt_status fill_order(tt_planner *p, tt_node *node)
{
	node->sorted_on = tt_arena_alloc(p->arena, TT_N_COLUMNS * sizeof *node->sorted_on);
	if (!node->sorted_on) {
		return p->ctx->error.status;
	}
	for (unsigned i = node->scan.n_prefix; i < TT_N_COLUMNS; ++i) {
		const tt_scan_slot *const slot = &node->scan.slots[tt_perm_column(node->scan.perm, i)];
		if (slot->kind == TT_SLOT_CONSTANT || slot->kind == TT_SLOT_PARAMETER) {
			continue;
		}
		if (slot->kind == TT_SLOT_NONE || !tt_node_has(node, slot->variable)) {
			return TT_OK;
		}
		bool is_new = true;
		for (size_t j = 0; j < node->n_sorted_on; ++j) {
			is_new = is_new && node->sorted_on[j] != slot->variable;
		}
		if (is_new) {
			node->sorted_on[node->n_sorted_on++] = slot->variable;
		}
	}
	return TT_OK;
}

tt_status tt_leaf_scan(tt_planner *p, const tt_leaf *leaf, const tt_access *access, tt_varset wanted, tt_node **out)
{
	if (leaf->is_empty) {
		tt_varset columns = {0};
		TT_TRY(tt_varset_intersect(p->arena, leaf->in_scope, wanted, &columns));
		return tt_node_empty(p, columns, out);
	}
	TT_TRY(tt_node_new(p, TT_NODE_SCAN, NULL, NULL, out));
	tt_node *const node = *out;
	memcpy(node->scan.slots, leaf->slots, sizeof node->scan.slots);
	node->scan.perm = access->perm;
	node->scan.n_prefix = access->n_prefix;
	node->scan.has_range = access->has_range;
	node->scan.low = access->low;
	node->scan.high = access->high;
	node->scan.graphs = leaf->graphs;
	node->scan.is_merged = leaf->is_merged;
	node->scan.place = node->place = leaf->pattern->place;
	for (size_t i = 0; i < TT_N_COLUMNS; ++i) {
		const tt_var variable = leaf->slots[i].variable;
		if (variable != TT_NO_VAR && tt_varset_has(leaf->in_scope, variable) && tt_varset_has(wanted, variable) &&
		    !tt_node_has(node, variable)) {
			TT_TRY(tt_node_add_column(p, node, variable, false));
		}
	}
	TT_TRY(fill_order(p, node));
	node->n_rows_estimate = leaf->n_rows;
	node->cost_estimate = access->n_scanned * TT_COST_SCAN_ROW;
	return TT_OK;
}
