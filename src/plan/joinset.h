/* joinset.h - inside join ordering: the parts of a group, the filters over them, subsets and ways to compute them.
 *
 * Contrast: joinset.c gathers the parts and plans those that are no patterns, order.c searches the cheapest way to join
 *           them, assemble.c makes operators of it and places the filters.
 * Owns:     everything lives in the arena of the plan.
 * Threads:  as its context.
 * Fails:    as plan.h.
 * Tests:    tests/unit/test_plan.c
 */
#ifndef TT_PLAN_JOINSET_H
#define TT_PLAN_JOINSET_H

#include "plan/planner.h"

enum { TT_MOST_CANDIDATES = 3 };

typedef struct tt_subset tt_subset;

/* One way to compute a subset. */
typedef struct tt_candidate {
	double cost;
	tt_var sorted_on;
	tt_method how;
	const tt_subset *left, *right;
	unsigned left_candidate, right_candidate;
	tt_access access; /* TT_METHOD_LEAF of a pattern, TT_METHOD_LOOKUP */
	tt_node *rerun;   /* TT_METHOD_LOOKUP: the right side with parameters, or NULL */
} tt_candidate;

struct tt_subset {
	uint64_t *parts, *scope, *bound; /* bits: parts; shared variables in scope, surely bound */
	double rows;
	double *distinct; /* by shared variable */
	tt_candidate candidates[TT_MOST_CANDIDATES];
	unsigned n_candidates;
	size_t part;   /* if it is a single one, else SIZE_MAX */
	bool is_alike; /* its two sides share no variable, but a filter wants some to be equal */
};

/* A part planned to be run for each row, with some of its variables as parameters; NULL: it may not be. */
typedef struct tt_rerun {
	tt_varset given;
	tt_node *plan;
	struct tt_rerun *next;
} tt_rerun;

typedef struct tt_part {
	const tt_algebra *node; /* NULL: a UNIT of parameters */
	bool is_leaf;           /* leaf is filled */
	tt_leaf leaf;
	tt_node *plan; /* else */
	tt_varset in_scope, bound;
	double rows, cost;
	tt_path_guess path; /* if node is a path */
	tt_rerun *reruns;
} tt_part;

typedef struct tt_filter {
	tt_expr *expr;
	tt_varset mentions;
	bool is_late;  /* EXISTS: at the very end */
	bool is_taken; /* placed */
} tt_filter;

typedef struct tt_joinset {
	tt_planner *p;
	tt_varset scope;  /* of the whole */
	tt_varset wanted; /* what others want of each part */
	tt_part *parts;
	size_t n_parts, parts_capacity;
	tt_filter *filters;
	size_t n_filters, filters_capacity;
	tt_varset shared; /* variables of two parts or more: bit i is shared.items[i] */
	size_t n_part_words, n_var_words;
} tt_joinset;

/* ---- bit sets ---------------------------------------------------------------------------------- */

static inline bool tt_has_bit(const uint64_t *bits, size_t i)
{
	return bits[i / 64] >> i % 64 & 1;
}

static inline void tt_set_bit(uint64_t *bits, size_t i)
{
	bits[i / 64] |= (uint64_t)1 << i % 64;
}

static inline bool tt_bits_meet(const uint64_t *a, const uint64_t *b, size_t n_words)
{
	for (size_t i = 0; i < n_words; ++i) {
		if (a[i] & b[i]) {
			return true;
		}
	}
	return false;
}

/* Whether what a and b share lies within both c and d. */
static inline bool tt_shared_within(const uint64_t *a, const uint64_t *b, const uint64_t *c, const uint64_t *d,
                                    size_t n_words)
{
	for (size_t i = 0; i < n_words; ++i) {
		if (a[i] & b[i] & ~(c[i] & d[i])) {
			return false;
		}
	}
	return true;
}

static inline size_t tt_bit_of(const tt_joinset *set, tt_var variable)
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

/* ---- the steps -------------------------------------------------------------------------------- */

/** Take a JOIN, BGP, PATH, or a FILTER over them, apart, and plan what is no pattern. */
TT_CHECKED tt_status tt_joinset_make(tt_planner *p, const tt_algebra *node, tt_varset wanted, tt_joinset *out);
/** The filters that speak of one part alone. */
TT_CHECKED tt_status tt_own_filters(const tt_joinset *set, const tt_part *one, tt_expr ***out, size_t *out_n);
/** Let filters narrow the scans of their patterns and put the parts into an order that does not depend on the text.
 * @param out_is_empty One of them gives no row. */
TT_CHECKED tt_status tt_joinset_prepare(tt_joinset *set, bool *out_is_empty);
/** The whole, with the cheapest ways to compute it. */
TT_CHECKED tt_status tt_joinset_search(tt_joinset *set, tt_subset **out);

#endif
