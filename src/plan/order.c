/* order.c - in which order, and how, the parts of a group are joined.
 *
 * The parts (triple patterns, paths, and everything else as finished sub-plans) are first put into an order that does
 * not depend on the text. Then, for up to EXHAUSTIVE parts, dynamic programming over connected subsets: for each subset
 * the cheapest plan, and the cheapest for each order of rows that a merge join above could use. Up to BUSHY parts all
 * splits are tried, beyond only those that add one part at a time; with still more parts the next one is chosen
 * greedily. Parts that share no variable are multiplied last, unless a filter `?x = ?y` speaks of both: then they are
 * joined by the hashes of these values.
 *
 * Estimates: a join of A and B on v has |A| |B| / max(d_A(v), d_B(v)) rows, d being the number of distinct values, and
 * then d(v) is the smaller one. So the rows of a subset do not depend on how it is put together.
 *
 * Sets of parts and of shared variables are bit sets of as many words as needed; a filter is applied as soon as its
 * variables have their final values. */
#include "plan/joinset.h"

#include <stdlib.h>

#include "base/context.h"

enum { BUSHY = 7, EXHAUSTIVE = 11 };

/* ---- subsets ---------------------------------------------------------------------------------- */

static tt_status new_subset(tt_joinset *set, tt_subset **out)
{
	tt_subset *const made = TT_ARENA_NEW(set->p->arena, tt_subset);
	uint64_t *const bits = tt_arena_alloc(set->p->arena, (set->n_part_words + 2 * set->n_var_words) * sizeof *bits);
	double *const distinct = tt_arena_alloc(set->p->arena, set->shared.n_items * sizeof *distinct);
	if (!made || !bits || !distinct) {
		return set->p->ctx->error.status;
	}
	made->parts = bits;
	made->scope = bits + set->n_part_words;
	made->bound = made->scope + set->n_var_words;
	made->distinct = distinct;
	made->part = SIZE_MAX;
	*out = made;
	return TT_OK;
}

/* Keep a way if no other is as cheap in the same order of rows, or cheaper in any order. */
static void offer(tt_subset *s, const tt_candidate *offered)
{
	for (unsigned i = 0; i < s->n_candidates; ++i) {
		const tt_candidate *const other = &s->candidates[i];
		if (other->cost <= offered->cost &&
		    (other->sorted_on == offered->sorted_on || offered->sorted_on == TT_NO_VAR)) {
			return;
		}
	}
	unsigned place = s->n_candidates;
	for (unsigned i = 0; i < s->n_candidates; ++i) {
		if (s->candidates[i].sorted_on == offered->sorted_on) {
			place = i;
		}
	}
	if (place == TT_MOST_CANDIDATES) {
		unsigned dearest = 0;
		for (unsigned i = 1; i < TT_MOST_CANDIDATES; ++i) {
			dearest = s->candidates[i].cost > s->candidates[dearest].cost ? i : dearest;
		}
		if (s->candidates[dearest].cost <= offered->cost) {
			return;
		}
		place = dearest;
	}
	s->candidates[place] = *offered;
	s->n_candidates += place == s->n_candidates;
}

static double at_least_one(double x)
{
	return x > 1 ? x : 1;
}

static double distinct_of(const tt_part *one, tt_var variable, double rows)
{
	double n = one->path.n_starts > 0 && one->path.n_starts < rows ? one->path.n_starts : rows;
	for (size_t i = 0; i < TT_N_COLUMNS && one->is_leaf; ++i) {
		const tt_scan_slot *const slot = &one->leaf.slots[i];
		const double here = slot->kind == TT_SLOT_PARAMETER ? 1 : one->leaf.n_distinct[i];
		if (slot->variable == variable && here < n) {
			n = here;
		}
	}
	return at_least_one(n);
}

static tt_status single_subset(tt_joinset *set, size_t i, tt_subset **out)
{
	TT_TRY(new_subset(set, out));
	tt_subset *const s = *out;
	const tt_part *const one = &set->parts[i];
	tt_expr **filters = NULL;
	size_t n_filters = 0;
	TT_TRY(tt_own_filters(set, one, &filters, &n_filters));
	s->part = i;
	s->rows = one->rows;
	const double filter_cost = (double)n_filters * one->rows * TT_COST_FILTER_ROW;
	for (size_t f = 0; f < n_filters; ++f) {
		s->rows *= 0.4;
	}
	tt_set_bit(s->parts, i);
	for (size_t v = 0; v < set->shared.n_items; ++v) {
		if (tt_varset_has(one->in_scope, set->shared.items[v])) {
			tt_set_bit(s->scope, v);
			s->distinct[v] = distinct_of(one, set->shared.items[v], s->rows);
		}
		if (tt_varset_has(one->bound, set->shared.items[v])) {
			tt_set_bit(s->bound, v);
		}
	}
	for (size_t a = 0; a < one->leaf.n_accesses; ++a) {
		const tt_access *const access = &one->leaf.accesses[a];
		const tt_candidate way = {.cost = access->n_scanned * TT_COST_SCAN_ROW + filter_cost,
		                          .sorted_on = access->sorted_on,
		                          .access = *access};
		if (way.sorted_on != TT_NO_VAR && tt_bit_of(set, way.sorted_on) == SIZE_MAX &&
		    way.sorted_on != set->p->wanted_order) {
			offer(s, &(tt_candidate){.cost = way.cost, .sorted_on = TT_NO_VAR, .access = *access});
		} else {
			offer(s, &way);
		}
	}
	if (!one->is_leaf) {
		const tt_node *const plan = one->plan;
		offer(s, &(tt_candidate){.cost = one->cost + filter_cost,
		                         .sorted_on = plan->n_sorted_on ? plan->sorted_on[0] : TT_NO_VAR});
	}
	return TT_OK;
}

/* Rows, scope and distinct values of a union of two subsets. */
static void unite_subsets(const tt_joinset *set, const tt_subset *a, const tt_subset *b, tt_subset *out)
{
	out->rows = a->rows * b->rows;
	for (size_t v = 0; v < set->shared.n_items; ++v) {
		const double da = a->distinct[v];
		const double db = b->distinct[v];
		if (da > 0 && db > 0) {
			out->rows /= da > db ? da : db;
			out->distinct[v] = da < db ? da : db;
		} else {
			out->distinct[v] = da > db ? da : db;
		}
	}
	for (size_t i = 0; i < set->n_part_words; ++i) {
		out->parts[i] = a->parts[i] | b->parts[i];
	}
	for (size_t i = 0; i < set->n_var_words; ++i) {
		out->scope[i] = a->scope[i] | b->scope[i];
		out->bound[i] = a->bound[i] | b->bound[i];
	}
}
/* ---- ways to join ----------------------------------------------------------------------------- */

static bool is_connected(const tt_joinset *set, const tt_subset *a, const tt_subset *b)
{
	return tt_bits_meet(a->scope, b->scope, set->n_var_words);
}

static bool has_key(const tt_joinset *set, const tt_subset *a, const tt_subset *b)
{
	return tt_bits_meet(a->bound, b->bound, set->n_var_words);
}

/* What a way to join costs more if another one is forced. */
static double avoidance(const tt_joinset *set, tt_method how)
{
	const tt_method forced = set->p->options->switches.forced_method;
	return forced == TT_METHOD_LEAF || forced == how ? 0 : TT_COST_AVOIDED;
}

static void offer_hash(const tt_joinset *set, const tt_subset *a, const tt_subset *b, unsigned i, unsigned j,
                       tt_subset *out)
{
	double work = a->rows * b->rows * TT_COST_OUTPUT_ROW;
	if (out->is_alike) {
		work = (a->rows + b->rows) * TT_COST_FILTER_ROW;
	} else if (has_key(set, a, b)) {
		work = a->rows * TT_COST_PROBE_ROW + b->rows * TT_COST_BUILD_ROW;
	}
	const tt_candidate way = {.cost = a->candidates[i].cost + b->candidates[j].cost + work +
	                                  out->rows * TT_COST_OUTPUT_ROW + avoidance(set, TT_METHOD_HASH),
	                          .sorted_on = a->candidates[i].sorted_on,
	                          .how = TT_METHOD_HASH,
	                          .left = a,
	                          .right = b,
	                          .left_candidate = i,
	                          .right_candidate = j};
	offer(out, &way);
}

static void offer_merge(const tt_joinset *set, const tt_subset *a, const tt_subset *b, unsigned i, unsigned j,
                        tt_subset *out)
{
	const tt_var variable = a->candidates[i].sorted_on;
	const size_t bit = variable == TT_NO_VAR ? SIZE_MAX : tt_bit_of(set, variable);
	if (bit == SIZE_MAX || b->candidates[j].sorted_on != variable || !tt_has_bit(a->bound, bit) ||
	    !tt_has_bit(b->bound, bit)) {
		return;
	}
	const tt_candidate way = {.cost = a->candidates[i].cost + b->candidates[j].cost +
	                                  (a->rows + b->rows) * TT_COST_MERGE_ROW + out->rows * TT_COST_OUTPUT_ROW +
	                                  avoidance(set, TT_METHOD_MERGE),
	                          .sorted_on = variable,
	                          .how = TT_METHOD_MERGE,
	                          .left = a,
	                          .right = b,
	                          .left_candidate = i,
	                          .right_candidate = j};
	offer(out, &way);
}

/* The variables of a pattern that a subset binds. */
static tt_status probed_variables(const tt_joinset *set, const tt_subset *a, const tt_part *one, tt_varset *out)
{
	tt_varlist list = {.arena = set->p->arena};
	for (size_t i = 0; i < one->in_scope.n_items; ++i) {
		const size_t bit = tt_bit_of(set, one->in_scope.items[i]);
		if (bit != SIZE_MAX && tt_has_bit(a->bound, bit)) {
			TT_TRY(tt_varlist_add(&list, one->in_scope.items[i]));
		}
	}
	*out = (tt_varset){list.items, list.n_items};
	return TT_OK;
}

/* The first column of the prefix that comes from the rows. */
static tt_var first_probed(const tt_leaf *leaf, const tt_access *access)
{
	for (unsigned i = 0; i < access->n_prefix; ++i) {
		const tt_scan_slot *const slot = &leaf->slots[tt_perm_column(access->perm, i)];
		if (slot->kind == TT_SLOT_VARIABLE) {
			return slot->variable;
		}
	}
	return TT_NO_VAR;
}

static tt_status offer_scan_lookup(const tt_joinset *set, const tt_subset *a, const tt_subset *b, tt_subset *out)
{
	const tt_leaf *const leaf = &set->parts[b->part].leaf;
	tt_varset probed = {0};
	TT_TRY(probed_variables(set, a, &set->parts[b->part], &probed));
	const tt_access access = tt_leaf_lookup(leaf, probed);
	const tt_var first = first_probed(leaf, &access);
	if (first == TT_NO_VAR) {
		return TT_OK;
	}
	for (unsigned i = 0; i < a->n_candidates; ++i) {
		const bool is_sorted = a->candidates[i].sorted_on == first;
		const double probe = is_sorted ? TT_COST_LOOKUP / 2 : TT_COST_LOOKUP;
		const tt_candidate way = {.cost = a->candidates[i].cost + a->rows * probe + out->rows * TT_COST_OUTPUT_ROW +
		                                  avoidance(set, TT_METHOD_LOOKUP),
		                          .sorted_on = is_sorted ? first : TT_NO_VAR,
		                          .how = TT_METHOD_LOOKUP,
		                          .left = a,
		                          .right = b,
		                          .left_candidate = i,
		                          .access = access};
		offer(out, &way);
	}
	return TT_OK;
}

static bool is_same_graph(const tt_triple_pattern *a, const tt_triple_pattern *b)
{
	if (a->graph_kind != b->graph_kind || a->graph_kind == TT_PATTERN_DEFAULT) {
		return a->graph_kind == b->graph_kind;
	}
	return a->graph.is_variable == b->graph.is_variable &&
	       (a->graph.is_variable ? a->graph.variable == b->graph.variable
	                             : tt_term_equal(&a->graph.constant, &b->graph.constant));
}

/* Whether a subset binds a variable to nodes of a path's graph: as a subject or object there. */
static bool binds_nodes(const tt_joinset *set, const tt_subset *a, tt_var variable, const tt_triple_pattern *path)
{
	for (size_t i = 0; i < set->n_parts; ++i) {
		const tt_part *const one = &set->parts[i];
		if (!tt_has_bit(a->parts, i) || !one->is_leaf || !is_same_graph(one->leaf.pattern, path)) {
			continue;
		}
		const tt_scan_slot *const slots = one->leaf.slots;
		if ((slots[TT_SUBJECT].kind == TT_SLOT_VARIABLE && slots[TT_SUBJECT].variable == variable) ||
		    (slots[TT_OBJECT].kind == TT_SLOT_VARIABLE && slots[TT_OBJECT].variable == variable)) {
			return true;
		}
	}
	return false;
}

/* A search along a path from each row: only from nodes of the graph may it have length zero. */
static tt_status offer_path_lookup(const tt_joinset *set, const tt_subset *a, const tt_subset *b, tt_subset *out)
{
	const tt_part *const one = &set->parts[b->part];
	const tt_path_kind kind = one->node->path->kind;
	const tt_scan_slot *const slots = one->plan->scan.slots;
	const bool may_be_zero = kind == TT_PATH_ZERO_OR_MORE || kind == TT_PATH_ZERO_OR_ONE;
	tt_varset probed = {0};
	TT_TRY(probed_variables(set, a, one, &probed));
	if (kind == TT_PATH_NEGATED_SET || slots[TT_SUBJECT].kind == TT_SLOT_PARAMETER ||
	    slots[TT_OBJECT].kind == TT_SLOT_PARAMETER) {
		return TT_OK;
	}
	for (size_t i = 0; i < probed.n_items && may_be_zero; ++i) {
		if (!binds_nodes(set, a, probed.items[i], &one->node->patterns[0])) {
			return TT_OK;
		}
	}
	for (unsigned i = 0; i < a->n_candidates; ++i) {
		offer(out, &(tt_candidate){.cost = a->candidates[i].cost + a->rows * one->path.each +
		                                   out->rows * TT_COST_OUTPUT_ROW + avoidance(set, TT_METHOD_LOOKUP),
		                           .sorted_on = TT_NO_VAR,
		                           .how = TT_METHOD_LOOKUP,
		                           .left = a,
		                           .right = b,
		                           .left_candidate = i});
	}
	return TT_OK;
}

static bool is_same_set(tt_varset a, tt_varset b)
{
	return a.n_items == b.n_items && tt_varset_within(a, b);
}

/* A part planned with parameters; kept, since many subsets ask for it. */
static tt_status find_rerun(const tt_joinset *set, tt_part *one, tt_varset given, double n_rows, double otherwise,
                            tt_node **out)
{
	for (const tt_rerun *r = one->reruns; r; r = r->next) {
		if (is_same_set(r->given, given)) {
			*out = r->plan;
			return TT_OK;
		}
	}
	tt_rerun *const added = TT_ARENA_NEW(set->p->arena, tt_rerun);
	if (!added) {
		return set->p->ctx->error.status;
	}
	TT_TRY(tt_plan_rerun(set->p, one->node, given, set->wanted, n_rows, otherwise, out));
	*added = (tt_rerun){.given = given, .plan = *out, .next = one->reruns};
	one->reruns = added;
	return TT_OK;
}

/* A part that is no pattern, run for each row of a subset. */
static tt_status offer_rerun(const tt_joinset *set, const tt_subset *a, const tt_subset *b, tt_subset *out)
{
	tt_part *const one = &set->parts[b->part];
	const double otherwise = one->cost + one->rows * TT_COST_PROBE_ROW + a->rows * TT_COST_BUILD_ROW;
	tt_varset probed = {0};
	tt_node *rerun = NULL;
	const bool is_forced = set->p->options->switches.forced_method == TT_METHOD_LOOKUP;
	if (at_least_one(a->rows) * TT_COST_RERUN * 10 > otherwise && !is_forced) {
		return TT_OK;
	}
	TT_TRY(probed_variables(set, a, one, &probed));
	TT_TRY(find_rerun(set, one, probed, a->rows, otherwise, &rerun));
	for (unsigned i = 0; rerun && i < a->n_candidates; ++i) {
		const double work = at_least_one(a->rows) * (rerun->cost_estimate + TT_COST_RERUN);
		offer(out, &(tt_candidate){.cost = a->candidates[i].cost + work + out->rows * TT_COST_OUTPUT_ROW,
		                           .sorted_on = TT_NO_VAR,
		                           .how = TT_METHOD_LOOKUP,
		                           .left = a,
		                           .right = b,
		                           .left_candidate = i,
		                           .rerun = rerun});
	}
	return TT_OK;
}

static tt_status offer_lookup(const tt_joinset *set, const tt_subset *a, const tt_subset *b, tt_subset *out)
{
	if (b->part == SIZE_MAX || !has_key(set, a, b) ||
	    !tt_shared_within(a->scope, b->scope, a->bound, b->bound, set->n_var_words)) {
		return TT_OK;
	}
	const tt_part *const one = &set->parts[b->part];
	if (one->is_leaf) {
		return offer_scan_lookup(set, a, b, out);
	}
	if (!one->node) {
		return TT_OK;
	}
	/* A path that gives no row is planned as nothing; a sub-SELECT may come down to a path. */
	const bool is_path = one->node->kind == TT_ALGEBRA_PATH && one->plan->kind == TT_NODE_PATH;
	return is_path ? offer_path_lookup(set, a, b, out) : offer_rerun(set, a, b, out);
}

/* Offer all ways to join two subsets, either of them first. */
static tt_status offer_joins(const tt_joinset *set, const tt_subset *a, const tt_subset *b, tt_subset *out)
{
	for (unsigned i = 0; i < a->n_candidates; ++i) {
		for (unsigned j = 0; j < b->n_candidates; ++j) {
			offer_merge(set, a, b, i, j, out);
			offer_hash(set, a, b, i, j, out);
			offer_hash(set, b, a, j, i, out);
		}
	}
	TT_TRY(offer_lookup(set, a, b, out));
	return offer_lookup(set, b, a, out);
}

/* ---- search ----------------------------------------------------------------------------------- */

/* Try to put subset `whole` together from `a` and the rest. */
static tt_status try_split(tt_joinset *set, tt_subset **table, size_t whole, size_t a)
{
	const tt_subset *const left = table[a];
	const tt_subset *const right = table[whole & ~a];
	if (!left || !right || !is_connected(set, left, right)) {
		return TT_OK;
	}
	if (!table[whole]) {
		TT_TRY(new_subset(set, &table[whole]));
		unite_subsets(set, left, right, table[whole]);
	}
	return offer_joins(set, left, right, table[whole]);
}

/* Dynamic programming; table[m] is NULL where the parts of the bit set m do not hang together. */
static tt_status search_all(tt_joinset *set, tt_subset *const *singles, size_t n, tt_subset **out)
{
	tt_subset **const table = tt_arena_alloc(set->p->arena, ((size_t)1 << n) * sizeof *table);
	if (!table) {
		return set->p->ctx->error.status;
	}
	for (size_t i = 0; i < n; ++i) {
		table[(size_t)1 << i] = singles[i];
	}
	for (size_t whole = 3; whole < (size_t)1 << n; ++whole) {
		if ((whole & (whole - 1)) == 0) {
			continue;
		}
		if (n > BUSHY) {
			for (size_t i = 0; i < n; ++i) {
				if (whole >> i & 1) {
					TT_TRY(try_split(set, table, whole, whole & ~((size_t)1 << i)));
				}
			}
			continue;
		}
		/* Each split once: the side with the lowest part. */
		const size_t lowest = whole & (~whole + 1);
		for (size_t a = (whole - 1) & whole; a; a = (a - 1) & whole) {
			if (a & lowest) {
				TT_TRY(try_split(set, table, whole, a));
			}
		}
	}
	*out = table[((size_t)1 << n) - 1];
	return TT_OK;
}

/* One part after the other, always the one that leaves the fewest rows. */
static tt_status search_greedily(tt_joinset *set, tt_subset **singles, size_t n, tt_subset **out)
{
	tt_subset *sofar = singles[0];
	bool *const is_used = tt_arena_alloc(set->p->arena, n * sizeof *is_used);
	tt_subset *trial = NULL;
	TT_TRY(new_subset(set, &trial));
	if (!is_used) {
		return set->p->ctx->error.status;
	}
	is_used[0] = true;
	for (size_t step = 1; step < n; ++step) {
		size_t best = SIZE_MAX;
		double best_rows = 0;
		for (size_t i = 0; i < n; ++i) {
			if (is_used[i] || !is_connected(set, sofar, singles[i])) {
				continue;
			}
			unite_subsets(set, sofar, singles[i], trial);
			if (best == SIZE_MAX || trial->rows < best_rows) {
				best = i;
				best_rows = trial->rows;
			}
		}
		tt_subset *joined = NULL;
		TT_TRY(new_subset(set, &joined));
		unite_subsets(set, sofar, singles[best], joined);
		TT_TRY(offer_joins(set, sofar, singles[best], joined));
		is_used[best] = true;
		sofar = joined;
		TT_TRY(tt_ctx_poll(set->p->ctx));
	}
	*out = sofar;
	return TT_OK;
}

/* Parts that hang together with part `first` and are in no component yet. */
static size_t find_component(const tt_joinset *set, tt_subset *const *singles, bool *is_used, size_t first,
                             tt_subset **out)
{
	size_t n = 1;
	out[0] = singles[first];
	is_used[first] = true;
	for (size_t i = 0; i < n; ++i) {
		for (size_t j = 0; j < set->n_parts; ++j) {
			if (!is_used[j] && is_connected(set, out[i], singles[j])) {
				is_used[j] = true;
				out[n++] = singles[j];
			}
		}
	}
	return n;
}

/* Whether the parts of a subset surely bind a variable. */
static bool binds(const tt_joinset *set, const tt_subset *s, tt_var variable)
{
	for (size_t i = 0; i < set->n_parts; ++i) {
		if (tt_has_bit(s->parts, i) && tt_varset_has(set->parts[i].bound, variable)) {
			return true;
		}
	}
	return false;
}

/* Join two subsets that share no variable. */
static tt_status join_apart(tt_joinset *set, const tt_subset *a, const tt_subset *b, bool is_alike, tt_subset **out)
{
	TT_TRY(new_subset(set, out));
	unite_subsets(set, a, b, *out);
	(*out)->is_alike = is_alike;
	if (is_alike) {
		(*out)->rows /= at_least_one(a->rows > b->rows ? a->rows : b->rows);
	}
	TT_TRY(tt_ctx_poll(set->p->ctx));
	return offer_joins(set, a, b, *out);
}

/* Join the components of which filters want values to be equal. */
static tt_status join_alike(tt_joinset *set, tt_subset **planned, size_t *n)
{
	for (size_t f = 0; f < set->n_filters; ++f) {
		tt_var a = TT_NO_VAR;
		tt_var b = TT_NO_VAR;
		size_t i = 0;
		size_t j = 0;
		if (!tt_expr_equates(set->filters[f].expr, &a, &b)) {
			continue;
		}
		while (i < *n && !binds(set, planned[i], a)) {
			i++;
		}
		while (j < *n && !binds(set, planned[j], b)) {
			j++;
		}
		if (i < *n && j < *n && i != j) {
			TT_TRY(join_apart(set, planned[i], planned[j], true, &planned[i]));
			planned[j] = planned[--*n];
		}
	}
	return TT_OK;
}

static int compare_rows(const void *x, const void *y)
{
	const double a = (*(tt_subset *const *)x)->rows;
	const double b = (*(tt_subset *const *)y)->rows;
	return (a > b) - (a < b);
}

/* Plan each connected component and multiply them, the smallest first. */
tt_status tt_joinset_search(tt_joinset *set, tt_subset **out)
{
	const size_t n = set->n_parts;
	tt_subset **const singles = tt_arena_alloc(set->p->arena, 3 * n * sizeof(tt_subset *));
	bool *const is_used = tt_arena_alloc(set->p->arena, n * sizeof *is_used);
	if (!singles || !is_used) {
		return set->p->ctx->error.status;
	}
	tt_subset **const component = singles + n;
	tt_subset **const planned = component + n;
	size_t n_planned = 0;
	for (size_t i = 0; i < n; ++i) {
		TT_TRY(single_subset(set, i, &singles[i]));
	}
	for (size_t i = 0; i < n; ++i) {
		if (is_used[i]) {
			continue;
		}
		const size_t n_parts = find_component(set, singles, is_used, i, component);
		tt_subset *whole = component[0];
		if (n_parts > 1) {
			TT_TRY(n_parts <= EXHAUSTIVE ? search_all(set, component, n_parts, &whole)
			                             : search_greedily(set, component, n_parts, &whole));
		}
		planned[n_planned++] = whole;
	}
	TT_TRY(join_alike(set, planned, &n_planned));
	qsort(planned, n_planned, sizeof(tt_subset *), compare_rows);
	*out = planned[0];
	for (size_t i = 1; i < n_planned; ++i) {
		TT_TRY(join_apart(set, *out, planned[i], false, out));
	}
	return TT_OK;
}
