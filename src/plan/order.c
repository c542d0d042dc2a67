/* order.c - in which order, and how, the parts of a group are joined.
 *
 * The parts (triple patterns, paths, and everything else as finished sub-plans) are first put into an order that does
 * not depend on the text. Then, for up to EXHAUSTIVE parts, dynamic programming over connected subsets: for each subset
 * the cheapest plan, and the cheapest for each order of rows that a merge join above could use. Up to BUSHY parts all
 * splits are tried, beyond only those that add one part at a time; with still more parts the next one is chosen
 * greedily. Parts that share no variable are multiplied last.
 *
 * Estimates: a join of A and B on v has |A| |B| / max(d_A(v), d_B(v)) rows, d being the number of distinct values, and
 * then d(v) is the smaller one. So the rows of a subset do not depend on how it is put together.
 *
 * Sets of parts and of shared variables are bit sets of as many words as needed; a filter is applied as soon as its
 * variables have their final values. */
#include "plan/planner.h"

#include <stdlib.h>

#include "base/context.h"

enum { BUSHY = 7, EXHAUSTIVE = 11, MOST_PARTS = 1024, MOST_CANDIDATES = 3 };

typedef enum method { METHOD_LEAF, METHOD_MERGE, METHOD_HASH, METHOD_LOOKUP } method;

typedef struct subset subset;

/* One way to compute a subset. */
typedef struct candidate {
	double cost;
	tt_var sorted_on;
	method how;
	const subset *left, *right;
	unsigned left_candidate, right_candidate;
	tt_access access; /* METHOD_LEAF of a pattern, METHOD_LOOKUP */
} candidate;

struct subset {
	uint64_t *parts, *scope, *bound; /* bits: parts; shared variables in scope, surely bound */
	double rows;
	double *distinct; /* by shared variable */
	candidate candidates[MOST_CANDIDATES];
	unsigned n_candidates;
	size_t part; /* if it is a single one, else SIZE_MAX */
};

typedef struct part {
	const tt_algebra *node;  /* NULL: a UNIT of parameters */
	bool is_leaf;            /* leaf is filled */
	tt_leaf leaf;
	tt_node *plan;           /* else */
	tt_varset in_scope, bound;
	double rows, cost;
} part;

typedef struct filter {
	tt_expr *expr;
	tt_varset mentions;
	bool is_late;  /* EXISTS: at the very end */
	bool is_taken; /* placed */
} filter;

typedef struct joinset {
	tt_planner *p;
	tt_varset scope; /* of the whole */
	part *parts;
	size_t n_parts, parts_capacity;
	filter *filters;
	size_t n_filters, filters_capacity;
	tt_varset shared; /* variables of two parts or more: bit i is shared.items[i] */
	size_t n_part_words, n_var_words;
} joinset;

/* ---- gathering the parts ---------------------------------------------------------------------- */

static tt_status add_part(joinset *set, part added)
{
	if (set->n_parts >= MOST_PARTS) {
		return tt_fail(set->p->ctx, TT_LIMIT, "a group of more than %d patterns", MOST_PARTS);
	}
	if (set->n_parts == set->parts_capacity) {
		const size_t capacity = set->parts_capacity ? set->parts_capacity * 2 : 4;
		part *const parts = tt_arena_alloc(set->p->arena, capacity * sizeof *parts);
		if (!parts) {
			return set->p->ctx->error.status;
		}
		if (set->n_parts) {
			memcpy(parts, set->parts, set->n_parts * sizeof *parts);
		}
		set->parts = parts;
		set->parts_capacity = capacity;
	}
	set->parts[set->n_parts++] = added;
	return TT_OK;
}

static tt_status add_filter(joinset *set, tt_expr *expr)
{
	if (set->n_filters == set->filters_capacity) {
		const size_t capacity = set->filters_capacity ? set->filters_capacity * 2 : 4;
		filter *const filters = tt_arena_alloc(set->p->arena, capacity * sizeof *filters);
		if (!filters) {
			return set->p->ctx->error.status;
		}
		if (set->n_filters) {
			memcpy(filters, set->filters, set->n_filters * sizeof *filters);
		}
		set->filters = filters;
		set->filters_capacity = capacity;
	}
	filter *const added = &set->filters[set->n_filters++];
	*added = (filter){.expr = expr, .is_late = tt_expr_has_exists(expr) || tt_expr_is_fresh(expr)};
	return tt_expr_mentions(set->p->arena, expr, &added->mentions);
}

/* Whether a filter inside may wait until after the join: all its variables have their final values there. */
static tt_status is_liftable(joinset *set, const tt_algebra *node, bool *out)
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

static tt_status gather_bgp(joinset *set, const tt_algebra *node)
{
	for (size_t i = 0; i < node->n_patterns; ++i) {
		part added = {.node = node, .is_leaf = true};
		TT_TRY(tt_leaf_make(set->p, &node->patterns[i], &added.leaf));
		added.in_scope = added.bound = added.leaf.in_scope;
		added.rows = added.leaf.n_rows;
		TT_TRY(add_part(set, added));
	}
	return TT_OK;
}

static tt_status gather(joinset *set, const tt_algebra *node, bool is_top)
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
	return add_part(set, (part){.node = node, .in_scope = node->in_scope, .bound = node->bound});
}

/* Parameters that may be unbound are joined to the patterns that use them. */
static tt_status add_unit(joinset *set)
{
	tt_varset used = {0};
	for (size_t i = 0; i < set->n_parts && set->p->may_give.n_items; ++i) {
		const part *const one = &set->parts[i];
		if (one->is_leaf || one->node->kind == TT_ALGEBRA_PATH) {
			tt_varset these = {0};
			TT_TRY(tt_varset_intersect(set->p->arena, one->in_scope, set->p->may_give, &these));
			TT_TRY(tt_varset_unite(set->p->arena, used, these, &used));
		}
	}
	if (used.n_items == 0) {
		return TT_OK;
	}
	part unit = {.in_scope = used, .rows = 1};
	TT_TRY(tt_node_unit(set->p, used, &unit.plan));
	return add_part(set, unit);
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
	const part *const a = x;
	const part *const b = y;
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

/* ---- shared variables, bit sets --------------------------------------------------------------- */

static tt_status find_shared(joinset *set)
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

static bool has_bit(const uint64_t *bits, size_t i)
{
	return bits[i / 64] >> i % 64 & 1;
}

static void set_bit(uint64_t *bits, size_t i)
{
	bits[i / 64] |= (uint64_t)1 << i % 64;
}

static bool bits_meet(const uint64_t *a, const uint64_t *b, size_t n_words)
{
	for (size_t i = 0; i < n_words; ++i) {
		if (a[i] & b[i]) {
			return true;
		}
	}
	return false;
}

/* Whether what a and b share lies within both c and d. */
static bool shared_within(const uint64_t *a, const uint64_t *b, const uint64_t *c, const uint64_t *d, size_t n_words)
{
	for (size_t i = 0; i < n_words; ++i) {
		if (a[i] & b[i] & ~(c[i] & d[i])) {
			return false;
		}
	}
	return true;
}

static size_t bit_of(const joinset *set, tt_var variable)
{
	size_t low = 0;
	size_t high = set->shared.n_items;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		if (set->shared.items[middle] < variable) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low < set->shared.n_items && set->shared.items[low] == variable ? low : SIZE_MAX;
}

/* ---- subsets ---------------------------------------------------------------------------------- */

static tt_status new_subset(joinset *set, subset **out)
{
	subset *const made = TT_ARENA_NEW(set->p->arena, subset);
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
static void offer(subset *s, const candidate *offered)
{
	for (unsigned i = 0; i < s->n_candidates; ++i) {
		const candidate *const other = &s->candidates[i];
		if (other->cost <= offered->cost && (other->sorted_on == offered->sorted_on || offered->sorted_on == TT_NO_VAR)) {
			return;
		}
	}
	unsigned place = s->n_candidates;
	for (unsigned i = 0; i < s->n_candidates; ++i) {
		if (s->candidates[i].sorted_on == offered->sorted_on) {
			place = i;
		}
	}
	if (place == MOST_CANDIDATES) {
		unsigned dearest = 0;
		for (unsigned i = 1; i < MOST_CANDIDATES; ++i) {
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

/* The filters that speak of one part alone. */
static tt_status own_filters(const joinset *set, const part *one, tt_expr ***out, size_t *out_n)
{
	*out_n = 0;
	*out = tt_arena_alloc(set->p->arena, set->n_filters * sizeof **out);
	if (!*out) {
		return set->p->ctx->error.status;
	}
	for (size_t i = 0; i < set->n_filters; ++i) {
		const filter *const f = &set->filters[i];
		if (!f->is_late && f->mentions.n_items && tt_varset_within(f->mentions, one->bound)) {
			(*out)[(*out_n)++] = f->expr;
		}
	}
	return TT_OK;
}

/* Filters that compare with constants narrow the scans of their patterns. */
static tt_status narrow_leaves(joinset *set)
{
	for (size_t i = 0; i < set->n_parts && set->n_filters; ++i) {
		part *const one = &set->parts[i];
		tt_expr **filters = NULL;
		size_t n_filters = 0;
		TT_TRY(own_filters(set, one, &filters, &n_filters));
		if (one->is_leaf && n_filters) {
			TT_TRY(tt_leaf_compare(set->p, &one->leaf, filters, n_filters));
		}
	}
	return TT_OK;
}

static double distinct_of(const part *one, tt_var variable, double rows)
{
	double n = rows;
	for (size_t i = 0; i < TT_N_COLUMNS && one->is_leaf; ++i) {
		const tt_scan_slot *const slot = &one->leaf.slots[i];
		const double here = slot->kind == TT_SLOT_PARAMETER ? 1 : one->leaf.n_distinct[i];
		if (slot->variable == variable && here < n) {
			n = here;
		}
	}
	return n > 1 ? n : 1;
}

static tt_status single_subset(joinset *set, size_t i, subset **out)
{
	TT_TRY(new_subset(set, out));
	subset *const s = *out;
	const part *const one = &set->parts[i];
	tt_expr **filters = NULL;
	size_t n_filters = 0;
	TT_TRY(own_filters(set, one, &filters, &n_filters));
	s->part = i;
	s->rows = one->rows;
	const double filter_cost = (double)n_filters * one->rows * TT_COST_FILTER_ROW;
	for (size_t f = 0; f < n_filters; ++f) {
		s->rows *= 0.4;
	}
	set_bit(s->parts, i);
	for (size_t v = 0; v < set->shared.n_items; ++v) {
		if (tt_varset_has(one->in_scope, set->shared.items[v])) {
			set_bit(s->scope, v);
			s->distinct[v] = distinct_of(one, set->shared.items[v], s->rows);
		}
		if (tt_varset_has(one->bound, set->shared.items[v])) {
			set_bit(s->bound, v);
		}
	}
	for (size_t a = 0; a < one->leaf.n_accesses; ++a) {
		const tt_access *const access = &one->leaf.accesses[a];
		const candidate way = {.cost = access->n_scanned * TT_COST_SCAN_ROW + filter_cost,
		                       .sorted_on = access->sorted_on,
		                       .access = *access};
		if (way.sorted_on != TT_NO_VAR && bit_of(set, way.sorted_on) == SIZE_MAX &&
		    way.sorted_on != set->p->wanted_order) {
			offer(s, &(candidate){.cost = way.cost, .sorted_on = TT_NO_VAR, .access = *access});
		} else {
			offer(s, &way);
		}
	}
	if (!one->is_leaf) {
		const tt_node *const plan = one->plan;
		offer(s, &(candidate){.cost = one->cost + filter_cost,
		                      .sorted_on = plan->n_sorted_on ? plan->sorted_on[0] : TT_NO_VAR});
	}
	return TT_OK;
}

/* Rows, scope and distinct values of a union of two subsets. */
static void unite_subsets(const joinset *set, const subset *a, const subset *b, subset *out)
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

static bool is_connected(const joinset *set, const subset *a, const subset *b)
{
	return bits_meet(a->scope, b->scope, set->n_var_words);
}

static bool has_key(const joinset *set, const subset *a, const subset *b)
{
	return bits_meet(a->bound, b->bound, set->n_var_words);
}

static void offer_hash(const joinset *set, const subset *a, const subset *b, unsigned i, unsigned j, subset *out)
{
	const double work = has_key(set, a, b) ? a->rows * TT_COST_PROBE_ROW + b->rows * TT_COST_BUILD_ROW
	                                       : a->rows * b->rows * TT_COST_OUTPUT_ROW;
	const candidate way = {.cost = a->candidates[i].cost + b->candidates[j].cost + work +
	                               out->rows * TT_COST_OUTPUT_ROW,
	                       .sorted_on = a->candidates[i].sorted_on,
	                       .how = METHOD_HASH,
	                       .left = a,
	                       .right = b,
	                       .left_candidate = i,
	                       .right_candidate = j};
	offer(out, &way);
}

static void offer_merge(const joinset *set, const subset *a, const subset *b, unsigned i, unsigned j, subset *out)
{
	const tt_var variable = a->candidates[i].sorted_on;
	const size_t bit = variable == TT_NO_VAR ? SIZE_MAX : bit_of(set, variable);
	if (bit == SIZE_MAX || b->candidates[j].sorted_on != variable || !has_bit(a->bound, bit) ||
	    !has_bit(b->bound, bit)) {
		return;
	}
	const candidate way = {.cost = a->candidates[i].cost + b->candidates[j].cost +
	                               (a->rows + b->rows) * TT_COST_MERGE_ROW + out->rows * TT_COST_OUTPUT_ROW,
	                       .sorted_on = variable,
	                       .how = METHOD_MERGE,
	                       .left = a,
	                       .right = b,
	                       .left_candidate = i,
	                       .right_candidate = j};
	offer(out, &way);
}

/* The variables of a pattern that a subset binds. */
static tt_status probed_variables(const joinset *set, const subset *a, const part *one, tt_varset *out)
{
	tt_varlist list = {.arena = set->p->arena};
	for (size_t i = 0; i < one->in_scope.n_items; ++i) {
		const size_t bit = bit_of(set, one->in_scope.items[i]);
		if (bit != SIZE_MAX && has_bit(a->bound, bit)) {
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

static tt_status offer_lookup(const joinset *set, const subset *a, const subset *b, subset *out)
{
	if (b->part == SIZE_MAX || !set->parts[b->part].is_leaf || !has_key(set, a, b) ||
	    !shared_within(a->scope, b->scope, a->bound, b->bound, set->n_var_words)) {
		return TT_OK;
	}
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
		const candidate way = {.cost = a->candidates[i].cost + a->rows * probe + out->rows * TT_COST_OUTPUT_ROW,
		                       .sorted_on = is_sorted ? first : TT_NO_VAR,
		                       .how = METHOD_LOOKUP,
		                       .left = a,
		                       .right = b,
		                       .left_candidate = i,
		                       .access = access};
		offer(out, &way);
	}
	return TT_OK;
}

/* Offer all ways to join two subsets, either of them first. */
static tt_status offer_joins(const joinset *set, const subset *a, const subset *b, subset *out)
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
static tt_status try_split(joinset *set, subset **table, size_t whole, size_t a)
{
	const subset *const left = table[a];
	const subset *const right = table[whole & ~a];
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
static tt_status search_all(joinset *set, subset *const *singles, size_t n, subset **out)
{
	subset **const table = tt_arena_alloc(set->p->arena, ((size_t)1 << n) * sizeof *table);
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
static tt_status search_greedily(joinset *set, subset **singles, size_t n, subset **out)
{
	subset *sofar = singles[0];
	bool *const is_used = tt_arena_alloc(set->p->arena, n * sizeof *is_used);
	subset *trial = NULL;
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
		subset *joined = NULL;
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
static size_t find_component(const joinset *set, subset *const *singles, bool *is_used, size_t first, subset **out)
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

/* Plan each connected component and multiply them, the smallest first. */
static tt_status search(joinset *set, subset **out)
{
	const size_t n = set->n_parts;
	subset **const singles = tt_arena_alloc(set->p->arena, 3 * n * sizeof(subset *));
	bool *const is_used = tt_arena_alloc(set->p->arena, n * sizeof *is_used);
	if (!singles || !is_used) {
		return set->p->ctx->error.status;
	}
	subset **const component = singles + n;
	subset **const planned = component + n;
	size_t n_planned = 0;
	for (size_t i = 0; i < n; ++i) {
		TT_TRY(single_subset(set, i, &singles[i]));
	}
	for (size_t i = 0; i < n; ++i) {
		if (is_used[i]) {
			continue;
		}
		const size_t n_parts = find_component(set, singles, is_used, i, component);
		subset *whole = component[0];
		if (n_parts > 1) {
			TT_TRY(n_parts <= EXHAUSTIVE ? search_all(set, component, n_parts, &whole)
			                             : search_greedily(set, component, n_parts, &whole));
		}
		size_t place = n_planned++;
		for (; place > 0 && planned[place - 1]->rows > whole->rows; --place) {
			planned[place] = planned[place - 1];
		}
		planned[place] = whole;
	}
	subset *sofar = planned[0];
	for (size_t i = 1; i < n_planned; ++i) {
		subset *joined = NULL;
		TT_TRY(new_subset(set, &joined));
		unite_subsets(set, sofar, planned[i], joined);
		TT_TRY(offer_joins(set, sofar, planned[i], joined));
		sofar = joined;
	}
	*out = sofar;
	return TT_OK;
}

/* ---- from the chosen ways to operators -------------------------------------------------------- */

/* Whether all variables of a filter have their final values in the rows of a subset. */
static bool is_applicable(const joinset *set, const subset *s, const filter *f)
{
	for (size_t i = 0; i < f->mentions.n_items; ++i) {
		const tt_var variable = f->mentions.items[i];
		bool is_bound = false;
		bool is_open = false;
		for (size_t j = 0; j < set->n_parts; ++j) {
			if (has_bit(s->parts, j)) {
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

static bool is_whole(const joinset *set, const subset *s)
{
	size_t n = 0;
	for (size_t i = 0; i < set->n_part_words; ++i) {
		n += (size_t)__builtin_popcountll(s->parts[i]);
	}
	return n == set->n_parts;
}

/* The filters to be applied right above a subset: those that could not be applied below it. */
static tt_status take_filters(joinset *set, const subset *s, const candidate *way, tt_expr ***out, size_t *out_n,
                              tt_varset *out_needed)
{
	*out_n = 0;
	*out = tt_arena_alloc(set->p->arena, set->n_filters * sizeof **out);
	if (!*out) {
		return set->p->ctx->error.status;
	}
	for (size_t i = 0; i < set->n_filters; ++i) {
		filter *const f = &set->filters[i];
		if (f->is_taken) {
			continue;
		}
		bool is_mine = f->is_late || f->mentions.n_items == 0 ? is_whole(set, s) : is_applicable(set, s, f);
		if (is_mine && way->how != METHOD_LEAF && !f->is_late && f->mentions.n_items) {
			const bool is_below = is_applicable(set, way->left, f) ||
			                      (way->how != METHOD_LOOKUP && is_applicable(set, way->right, f));
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
static tt_status scope_of(const joinset *set, const subset *s, tt_varset *out)
{
	*out = (tt_varset){0};
	if (s->part != SIZE_MAX) {
		*out = set->parts[s->part].in_scope;
		return TT_OK;
	}
	tt_varlist list = {.arena = set->p->arena};
	for (size_t i = 0; i < set->shared.n_items; ++i) {
		if (has_bit(s->scope, i)) {
			TT_TRY(tt_varlist_add(&list, set->shared.items[i]));
		}
	}
	*out = (tt_varset){list.items, list.n_items};
	return TT_OK;
}

static tt_status build(joinset *set, const subset *s, unsigned chosen, tt_varset needed, tt_node **out);

static tt_status build_leaf(joinset *set, const subset *s, const candidate *way, tt_varset needed, tt_node **out)
{
	part *const one = &set->parts[s->part];
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

static tt_status fill_join_order(tt_planner *p, tt_node *node, const candidate *way)
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

static tt_status build_join(joinset *set, const subset *s, const candidate *way, tt_varset needed, tt_node **out)
{
	static const tt_node_kind kinds[] = {
		[METHOD_MERGE] = TT_NODE_MERGE_JOIN, [METHOD_HASH] = TT_NODE_HASH_JOIN, [METHOD_LOOKUP] = TT_NODE_LOOKUP_JOIN};
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
	if (way->how == METHOD_LOOKUP) {
		TT_TRY(tt_leaf_scan(p, &set->parts[way->right->part].leaf, &way->access, left_scope, &right));
		right->cost_estimate = left->n_rows_estimate * TT_COST_LOOKUP;
		right->n_rows_estimate = s->rows / (way->left->rows > 1 ? way->left->rows : 1);
		right->n_sorted_on = 0;
	} else {
		TT_TRY(build(set, way->right, way->right_candidate, left_scope, &right));
	}
	if (kinds[way->how] == TT_NODE_HASH_JOIN) {
		TT_TRY(tt_node_hash_join(p, left, right, needed, out));
	} else {
		TT_TRY(tt_node_new(p, kinds[way->how], left, right, out));
		TT_TRY(tt_node_match(p, *out));
		TT_TRY(tt_node_join_columns(p, *out, needed, false));
	}
	put_first((*out)->keys, (*out)->n_keys, way->how == METHOD_MERGE ? way->sorted_on : TT_NO_VAR);
	(*out)->place = right->place;
	(*out)->n_rows_estimate = s->rows;
	(*out)->cost_estimate = way->cost;
	return fill_join_order(p, *out, way);
}

static tt_status build(joinset *set, const subset *s, unsigned chosen, tt_varset needed, tt_node **out)
{
	const candidate *const way = &s->candidates[chosen];
	tt_expr **filters = NULL;
	size_t n_filters = 0;
	TT_TRY(take_filters(set, s, way, &filters, &n_filters, &needed));
	TT_TRY(way->how == METHOD_LEAF ? build_leaf(set, s, way, needed, out) : build_join(set, s, way, needed, out));
	return tt_node_filter(set->p, *out, filters, n_filters, out);
}

static unsigned choose(const joinset *set, const subset *s)
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

/* ---- whole groups ----------------------------------------------------------------------------- */

/* Plan the parts that are no patterns; they deliver what somebody else speaks of. */
static tt_status plan_parts(joinset *set, tt_varset wanted)
{
	tt_planner *const p = set->p;
	const tt_var wanted_order = p->wanted_order;
	TT_TRY(tt_varset_unite(p->arena, wanted, set->shared, &wanted));
	for (size_t i = 0; i < set->n_filters; ++i) {
		TT_TRY(tt_varset_unite(p->arena, wanted, set->filters[i].mentions, &wanted));
	}
	for (size_t i = 0; i < set->n_parts; ++i) {
		part *const one = &set->parts[i];
		if (one->is_leaf || one->plan) {
			continue;
		}
		p->wanted_order = TT_NO_VAR;
		TT_TRY(one->node->kind == TT_ALGEBRA_PATH ? tt_leaf_path(p, one->node, wanted, &one->plan)
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

static bool has_empty_part(const joinset *set)
{
	for (size_t i = 0; i < set->n_parts; ++i) {
		const part *const one = &set->parts[i];
		if (one->is_leaf ? one->leaf.is_empty : one->plan->kind == TT_NODE_EMPTY) {
			return true;
		}
	}
	return false;
}

/* Without optimisation: hash joins in the order of the text, filters at the end. */
static tt_status join_as_written(joinset *set, tt_varset wanted, tt_node **out)
{
	tt_planner *const p = set->p;
	tt_node *sofar = NULL;
	tt_varset all = set->scope;
	TT_TRY(tt_varset_unite(p->arena, all, wanted, &all));
	for (size_t i = 0; i < set->n_parts; ++i) {
		part *const one = &set->parts[i];
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
	joinset set = {.p = p, .scope = node->in_scope};
	TT_TRY(gather(&set, node, true));
	TT_TRY(add_unit(&set));
	TT_TRY(find_shared(&set));
	TT_TRY(plan_parts(&set, wanted));
	if (p->options->is_unoptimised) {
		return join_as_written(&set, wanted, out);
	}
	TT_TRY(narrow_leaves(&set));
	if (has_empty_part(&set)) {
		TT_TRY(tt_varset_intersect(p->arena, node->in_scope, wanted, &wanted));
		return tt_node_empty(p, wanted, out);
	}
	qsort_r(set.parts, set.n_parts, sizeof *set.parts, compare_parts, p);
	subset *whole = NULL;
	TT_TRY(search(&set, &whole));
	return build(&set, whole, choose(&set, whole), wanted, out);
}
