/* path.c - property paths over ids (SPARQL 1.1 §18.4): predicates become ids, what the path may cost is guessed.
 *
 * Only the kinds that need a search come here; links, sequences and alternatives outside of them are joins and unions
 * by then. Inside * + ? any kind may stand. */
#include "plan/planner.h"

#include <stdlib.h>

#include "base/context.h"

enum { PATH_DEPTH_LIMIT = 500 };

/* What the predicates of a path amount to. */
typedef struct extent {
	double n_quads, n_subjects, n_objects;
	unsigned depth;
} extent;

static tt_status find_predicate(tt_planner *p, tt_view iri, tt_id *out)
{
	const tt_term term = tt_term_iri(iri);
	return tt_snapshot_find(p->snapshot, &term, out);
}

static int compare_ids(const void *a, const void *b)
{
	const tt_id x = *(const tt_id *)a;
	const tt_id y = *(const tt_id *)b;
	return (x > y) - (x < y);
}

/* The excluded predicates of one direction; unknown ones exclude nothing. */
static tt_status list_excluded(tt_planner *p, const tt_path *path, bool is_inverse, const tt_id **out_ids,
                               size_t *out_n, bool *out_has_direction)
{
	tt_id *const ids = tt_arena_alloc(p->arena, path->n_negated * sizeof *ids);
	if (!ids) {
		return p->ctx->error.status;
	}
	size_t n = 0;
	*out_has_direction = !is_inverse && path->n_negated == 0;
	for (size_t i = 0; i < path->n_negated; ++i) {
		if (path->negated[i].is_inverse == is_inverse) {
			*out_has_direction = true;
			TT_TRY(find_predicate(p, path->negated[i].iri, &ids[n]));
			n += ids[n] != TT_UNBOUND;
		}
	}
	if (n) {
		qsort(ids, n, sizeof *ids, compare_ids);
	}
	*out_ids = ids;
	*out_n = n;
	return TT_OK;
}

static tt_status compile_link(tt_planner *p, const tt_path *path, tt_path_plan *plan, extent *size)
{
	TT_TRY(find_predicate(p, path->iri, &plan->predicate));
	tt_predicate_stats stats = {0};
	if (plan->predicate != TT_UNBOUND) {
		TT_TRY(tt_snapshot_predicate(p->snapshot, plan->predicate, &stats));
	}
	size->n_quads += (double)stats.n_quads;
	size->n_subjects += (double)stats.n_subjects;
	size->n_objects += (double)stats.n_objects;
	return TT_OK;
}

static tt_status compile_negated(tt_planner *p, const tt_path *path, tt_path_plan *plan, extent *size)
{
	TT_TRY(list_excluded(p, path, false, &plan->forward, &plan->n_forward, &plan->has_forward));
	TT_TRY(list_excluded(p, path, true, &plan->backward, &plan->n_backward, &plan->has_backward));
	size->n_quads += (double)p->stats.n_quads;
	size->n_subjects += (double)p->stats.n_subjects;
	size->n_objects += (double)p->stats.n_objects;
	return TT_OK;
}

static bool is_repetition(const tt_path_plan *plan)
{
	return plan->kind == TT_PATH_ZERO_OR_MORE || plan->kind == TT_PATH_ONE_OR_MORE || plan->kind == TT_PATH_ZERO_OR_ONE;
}

/* (a+)+ is a+, (a?)? is a?, any other two of * + ? are a*; else each level would search twice as much. */
static void join_repetitions(tt_path_plan *plan)
{
	if (is_repetition(plan) && is_repetition(plan->first)) {
		plan->kind = plan->kind == plan->first->kind ? plan->kind : TT_PATH_ZERO_OR_MORE;
		plan->first = plan->first->first;
	}
}

static tt_status compile(tt_planner *p, const tt_path *path, extent *size, const tt_path_plan **out)
{
	if (size->depth >= PATH_DEPTH_LIMIT) {
		return TT_FAIL_AT_PLACE(p->ctx, TT_LIMIT, path->place, "a property path of more than %d steps inside *, + or ?",
		                        PATH_DEPTH_LIMIT);
	}
	tt_path_plan *const plan = TT_ARENA_NEW(p->arena, tt_path_plan);
	if (!plan) {
		return p->ctx->error.status;
	}
	plan->kind = path->kind;
	*out = plan;
	if (path->kind == TT_PATH_LINK) {
		return compile_link(p, path, plan, size);
	}
	if (path->kind == TT_PATH_NEGATED_SET) {
		return compile_negated(p, path, plan, size);
	}
	size->depth++;
	TT_TRY(compile(p, path->first, size, &plan->first));
	if (path->second) {
		TT_TRY(compile(p, path->second, size, &plan->second));
	}
	size->depth--;
	join_repetitions(plan);
	return TT_OK;
}

/* The end of a path: a constant that the store does not know still has a path of length zero to itself. */
static tt_status make_end(tt_planner *p, const tt_slot *slot, tt_scan_slot *out)
{
	*out = (tt_scan_slot){.kind = TT_SLOT_VARIABLE, .variable = slot->variable};
	if (!slot->is_variable) {
		*out = (tt_scan_slot){.kind = TT_SLOT_CONSTANT, .variable = TT_NO_VAR};
		return tt_terms_intern(p->terms, &slot->constant, &out->id);
	}
	if (tt_varset_has(p->given, slot->variable)) {
		out->kind = TT_SLOT_PARAMETER;
	}
	return TT_OK;
}

/* Rows and cost, guessed: from one end a search reaches a few times its neighbours, from none it runs from each. */
static void estimate(const extent *size, tt_path_kind kind, size_t n_bound, tt_node *node, tt_path_guess *out)
{
	const bool is_search = kind == TT_PATH_ZERO_OR_MORE || kind == TT_PATH_ONE_OR_MORE;
	const double n_starts = size->n_subjects > 1 ? size->n_subjects : 1;
	const double n_neighbours = 1 + size->n_quads / n_starts;
	const double n_reached = is_search ? 4 * n_neighbours : n_neighbours;
	const double n_rows[3] = {n_starts * n_reached, n_reached, 1};
	node->n_rows_estimate = n_rows[n_bound];
	node->cost_estimate = TT_COST_PATH_STEP * (n_bound == 0 ? n_rows[0] : n_reached);
	*out = (tt_path_guess){.n_starts = n_starts, .each = TT_COST_PATH_STEP * n_reached};
}

tt_status tt_leaf_path(tt_planner *p, const tt_algebra *path, tt_varset wanted, tt_node **out, tt_path_guess *out_guess)
{
	extent size = {0};
	tt_path_guess guess = {0};
	tt_node *node = NULL;
	bool is_empty = false;
	const tt_triple_pattern *const pattern = &path->patterns[0];
	TT_TRY(tt_node_new(p, TT_NODE_PATH, NULL, NULL, &node));
	TT_TRY(compile(p, path->path, &size, &node->path));
	TT_TRY(make_end(p, &pattern->subject, &node->scan.slots[TT_SUBJECT]));
	TT_TRY(make_end(p, &pattern->object, &node->scan.slots[TT_OBJECT]));
	node->scan.slots[TT_PREDICATE] = (tt_scan_slot){.kind = TT_SLOT_NONE, .variable = TT_NO_VAR};
	TT_TRY(
	    tt_leaf_graphs(p, pattern, &node->scan.slots[TT_GRAPH], &node->scan.graphs, &node->scan.is_merged, &is_empty));
	if (is_empty && pattern->graph_kind == TT_PATTERN_SLOT) {
		return tt_node_empty(p, path->in_scope, out); /* no such graph: not even paths of length zero */
	}
	size_t n_bound = 0;
	for (tt_column column = TT_SUBJECT; column <= TT_OBJECT; column += TT_OBJECT - TT_SUBJECT) {
		const tt_scan_slot *const slot = &node->scan.slots[column];
		n_bound += slot->kind != TT_SLOT_VARIABLE;
		if (slot->variable != TT_NO_VAR && tt_varset_has(wanted, slot->variable) &&
		    !tt_node_has(node, slot->variable)) {
			TT_TRY(tt_node_add_column(p, node, slot->variable, false));
		}
	}
	node->place = node->scan.place = path->place;
	estimate(&size, node->path->kind, n_bound, node, out_guess ? out_guess : &guess);
	*out = node;
	return TT_OK;
}
