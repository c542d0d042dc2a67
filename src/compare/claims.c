/* claims.c - what is claimed of the things: findings that set them side by side, and claims on one of them.
 *
 * A claim is what the roles of roles.def make one. A finding gathers the comparisons that say the same along one
 * dimension, with all their passages; an axis gathers the other claims along a dimension. */
#include "compare/compare.h"

#include <stdlib.h>

enum { MOST_CLAIMS = 5000, MOST_PROBED = 16 };

/* ---- which values are claims ---------------------------------------------------------------------------------------
 */

static tt_status is_claim(tt_compare *compare, tt_id id, bool *out)
{
	enum { MOST_TYPES = 64 };
	tt_id_list types = {.ids = NULL};
	*out = false;
	if (!compare->n_roles[TT_ROLE_CLAIM] || !compare->type || tt_id_kind(id) > TT_KIND_IRI) {
		return TT_OK;
	}
	TT_TRY(tt_compare_values_of(compare, id, compare->type, false, MOST_TYPES, &types, NULL));
	for (size_t i = 0; i < types.n_ids && !*out; ++i) {
		*out = tt_compare_has_role(compare, TT_ROLE_CLAIM, types.ids[i]);
	}
	return TT_OK;
}

/* How many of the values that are looked at are claims. */
static tt_status count_claims(tt_compare *compare, const tt_compare_row *row, size_t n_most, size_t *out_n_claims,
                              size_t *out_n_others)
{
	*out_n_claims = *out_n_others = 0;
	for (size_t thing = 0; thing < compare->n_things; ++thing) {
		const tt_compare_cell *const cell = &row->cells[thing];
		for (size_t i = 0; i < cell->n_values && i < n_most; ++i) {
			bool is_one = false;
			TT_TRY(is_claim(compare, cell->values[i].id, &is_one));
			++*(is_one ? out_n_claims : out_n_others);
		}
	}
	return TT_OK;
}

static tt_status sort_rows_out(tt_compare *compare)
{
	for (size_t i = 0; i < compare->n_rows; ++i) {
		tt_compare_row *const row = &compare->rows[i];
		const bool is_link = row->is_inverse && (tt_compare_has_role(compare, TT_ROLE_ABOUT, row->property) ||
		                                         tt_compare_has_role(compare, TT_ROLE_AHEAD, row->property));
		size_t n_claims = 0;
		size_t n_others = 0;
		if (is_link || row->kind == TT_ROW_FACT) {
			TT_TRY(count_claims(compare, row, is_link ? MOST_CLAIMS : MOST_PROBED, &n_claims, &n_others));
		}
		if (is_link && n_claims) {
			row->kind = TT_ROW_CLAIM_LINK;
		} else if (n_claims && !n_others) {
			row->kind = TT_ROW_CLAIMS;
		}
	}
	return TT_OK;
}

/* ---- reading claims --------------------------------------------------------------------------------- */

/* The things among some ids, as bits. @param with_parents Also those whose parents are. */
static unsigned things_among(const tt_compare *compare, const tt_id_list *ids, bool with_parents)
{
	unsigned bits = 0;
	for (size_t thing = 0; thing < compare->n_things; ++thing) {
		bool is_there = tt_id_list_has(ids, compare->things[thing]);
		for (size_t i = 0; i < compare->parents[thing].n_ids && with_parents && !is_there; ++i) {
			is_there = tt_id_list_has(ids, compare->parents[thing].ids[i]);
		}
		bits |= is_there ? 1u << thing : 0;
	}
	return bits;
}

static tt_status first_of_role(tt_compare *compare, tt_id claim, tt_role role, tt_id *out_id)
{
	tt_id_list found = {.ids = NULL};
	TT_TRY(*out_id ? TT_OK : tt_compare_role_values(compare, claim, role, &found));
	*out_id = found.n_ids ? found.ids[0] : *out_id;
	return TT_OK;
}

static tt_status has_comparison_type(tt_compare *compare, tt_id claim, bool *out)
{
	enum { MOST_TYPES = 64 };
	tt_id_list types = {.ids = NULL};
	TT_TRY(compare->type ? tt_compare_values_of(compare, claim, compare->type, false, MOST_TYPES, &types, NULL)
	                     : TT_OK);
	for (size_t i = 0; i < types.n_ids; ++i) {
		*out = *out || tt_compare_has_role(compare, TT_ROLE_COMPARISON, types.ids[i]);
	}
	return TT_OK;
}

static tt_status read_claim(tt_compare *compare, tt_compare_claim *claim)
{
	const struct {
		tt_role role;
		tt_id *out;
	} singles[] = {{TT_ROLE_POLARITY, &claim->polarity},
	               {TT_ROLE_RELATION, &claim->relation},
	               {TT_ROLE_HOLDER, &claim->holder},
	               {TT_ROLE_STATUS, &claim->status},
	               {TT_ROLE_POSITION, &claim->position}};
	const struct {
		tt_role role;
		tt_id_list *out;
	} lists[] = {{TT_ROLE_DIMENSION, &claim->dimensions},
	             {TT_ROLE_STATED_IN, &claim->stated_in},
	             {TT_ROLE_CONFLICT, &claim->conflicts},
	             {TT_ROLE_FLAG, &claim->flags}};
	tt_id_list ahead = {.ids = NULL};
	for (size_t i = 0; i < sizeof singles / sizeof *singles; ++i) {
		TT_TRY(first_of_role(compare, claim->id, singles[i].role, singles[i].out));
	}
	for (size_t i = 0; i < sizeof lists / sizeof *lists; ++i) {
		TT_TRY(tt_compare_role_values(compare, claim->id, lists[i].role, lists[i].out));
	}
	TT_TRY(tt_compare_role_values(compare, claim->id, TT_ROLE_ABOUT, &claim->about_ids));
	TT_TRY(tt_compare_role_values(compare, claim->id, TT_ROLE_AHEAD, &ahead));
	claim->about = things_among(compare, &claim->about_ids, true);
	claim->about_itself = things_among(compare, &claim->about_ids, false);
	claim->ahead = things_among(compare, &ahead, false);
	claim->is_comparison = ahead.n_ids > 0;
	return has_comparison_type(compare, claim->id, &claim->is_comparison);
}

tt_compare_claim *tt_compare_find_claim(const tt_compare *compare, tt_id id)
{
	uint64_t cursor = 0;
	uint64_t number = 0;
	while (tt_map_next(&compare->claims_by_id, tt_hash_u64(id), &cursor, &number)) {
		if (compare->claims[number].id == id) {
			return &compare->claims[number];
		}
	}
	return NULL;
}

static tt_status add_claim(tt_compare *compare, tt_id id, bool is_listed)
{
	bool is_one = false;
	tt_compare_claim *const known = tt_compare_find_claim(compare, id);
	if (known || compare->n_claims == MOST_CLAIMS) {
		if (known) {
			known->is_listed = known->is_listed || is_listed;
		}
		return TT_OK;
	}
	TT_TRY(is_claim(compare, id, &is_one));
	if (!is_one) {
		return TT_OK;
	}
	TT_TRY(tt_arena_grow(&compare->arena, (void **)&compare->claims, &compare->claims_capacity, compare->n_claims,
	                     sizeof *compare->claims));
	TT_TRY(tt_map_insert(&compare->claims_by_id, tt_hash_u64(id), compare->n_claims));
	tt_compare_claim *const claim = &compare->claims[compare->n_claims++];
	*claim = (tt_compare_claim){.id = id, .is_listed = is_listed};
	return read_claim(compare, claim);
}

static tt_status add_claims(tt_compare *compare)
{
	for (size_t r = 0; r < compare->n_rows; ++r) {
		const tt_compare_row *const row = &compare->rows[r];
		if (row->kind != TT_ROW_CLAIM_LINK && row->kind != TT_ROW_CLAIMS) {
			continue;
		}
		for (size_t thing = 0; thing < compare->n_things; ++thing) {
			for (size_t i = 0; i < row->cells[thing].n_values; ++i) {
				TT_TRY(add_claim(compare, row->cells[thing].values[i].id, row->kind == TT_ROW_CLAIMS));
			}
		}
	}
	return TT_OK;
}

/* What is no claim among the values of a link, as a row of facts. */
static tt_status add_rest(tt_compare *compare, const tt_compare_row *link)
{
	tt_compare_row rest = {.property = link->property, .is_inverse = link->is_inverse};
	bool is_wanted = false;
	rest.cells = tt_arena_alloc(&compare->arena, compare->n_things * sizeof *rest.cells);
	if (!rest.cells) {
		return compare->ctx.error.status;
	}
	for (size_t thing = 0; thing < compare->n_things; ++thing) {
		tt_compare_cell *const cell = &rest.cells[thing];
		for (size_t i = 0; i < link->cells[thing].n_values; ++i) {
			const tt_compare_value *const value = &link->cells[thing].values[i];
			if (tt_compare_find_claim(compare, value->id)) {
				continue;
			}
			TT_TRY(tt_arena_grow(&compare->arena, (void **)&cell->values, &cell->capacity, cell->n_values,
			                     sizeof *cell->values));
			cell->values[cell->n_values++] = (tt_compare_value){
			    .id = value->id, .same = value->same, .via = value->via};
		}
	}
	TT_TRY(tt_compare_settle_row(compare, &rest, &is_wanted));
	if (!is_wanted) {
		return TT_OK;
	}
	TT_TRY(tt_arena_grow(&compare->arena, (void **)&compare->rows, &compare->rows_capacity, compare->n_rows,
	                     sizeof *compare->rows));
	compare->rows[compare->n_rows++] = rest;
	return TT_OK;
}

/* For people, who see claims among the claims; programs get each row as it is. */
static tt_status add_rests(tt_compare *compare)
{
	const size_t n_rows = compare->options->format < TT_COMPARE_CSV ? compare->n_rows : 0;
	for (size_t i = 0; i < n_rows; ++i) {
		const tt_compare_row row = compare->rows[i]; /* the array may move */
		TT_TRY(row.kind == TT_ROW_CLAIM_LINK ? add_rest(compare, &row) : TT_OK);
	}
	tt_compare_sort_rows(compare);
	return TT_OK;
}

/* ---- findings --------------------------------------------------------------------------------------- */

static tt_status merge_list(tt_compare *compare, tt_id_list *into, const tt_id_list *more)
{
	for (size_t i = 0; i < more->n_ids; ++i) {
		TT_TRY(tt_id_list_add(&compare->arena, into, more->ids[i]));
	}
	return TT_OK;
}

static tt_status add_finding(tt_compare *compare, const tt_compare_claim *claim, tt_id dimension)
{
	tt_compare_finding *finding = NULL;
	for (size_t i = 0; i < compare->n_findings && dimension && !finding; ++i) {
		tt_compare_finding *const known = &compare->findings[i];
		const bool is_same = known->dimension == dimension && known->relation == claim->relation &&
		                     known->holder == claim->holder && known->ahead == claim->ahead &&
		                     known->about == claim->about_itself;
		finding = is_same ? known : NULL;
	}
	if (!finding) {
		TT_TRY(tt_arena_grow(&compare->arena, (void **)&compare->findings, &compare->findings_capacity,
		                     compare->n_findings, sizeof *compare->findings));
		finding = &compare->findings[compare->n_findings++];
		*finding = (tt_compare_finding){.dimension = dimension,
		                                .relation = claim->relation,
		                                .holder = claim->holder,
		                                .ahead = claim->ahead,
		                                .about = claim->about_itself};
	}
	TT_TRY(tt_id_list_add(&compare->arena, &finding->claims, claim->id));
	TT_TRY(merge_list(compare, &finding->stated_in, &claim->stated_in));
	TT_TRY(merge_list(compare, &finding->conflicts, &claim->conflicts));
	return merge_list(compare, &finding->flags, &claim->flags);
}

/* Who is ahead, in the order of the things; then where nobody is, by relation; what is told more often first. */
static int compare_findings(const void *a, const void *b)
{
	const tt_compare_finding *const x = a;
	const tt_compare_finding *const y = b;
	if (x->ahead != y->ahead) {
		return (x->ahead ? x->ahead : ~0u) < (y->ahead ? y->ahead : ~0u) ? -1 : 1;
	}
	if (x->relation != y->relation) {
		return x->relation < y->relation ? -1 : 1;
	}
	if (x->stated_in.n_ids != y->stated_in.n_ids) {
		return x->stated_in.n_ids > y->stated_in.n_ids ? -1 : 1;
	}
	return (x->dimension > y->dimension) - (x->dimension < y->dimension);
}

/* ---- axes ------------------------------------------------------------------------------------------- */

static tt_status add_to_axis(tt_compare *compare, size_t claim, tt_id dimension)
{
	tt_compare_axis *axis = NULL;
	for (size_t i = 0; i < compare->n_axes && !axis; ++i) {
		axis = compare->axes[i].dimension == dimension ? &compare->axes[i] : NULL;
	}
	if (!axis) {
		TT_TRY(tt_arena_grow(&compare->arena, (void **)&compare->axes, &compare->axes_capacity, compare->n_axes,
		                     sizeof *compare->axes));
		axis = &compare->axes[compare->n_axes++];
		*axis = (tt_compare_axis){.dimension = dimension};
		for (size_t i = 0; i < compare->n_findings && dimension; ++i) {
			const bool is_same = compare->findings[i].dimension == dimension;
			axis->is_judged = axis->is_judged || is_same;
			axis->is_explaining = axis->is_explaining || (is_same && !compare->findings[i].ahead);
		}
	}
	TT_TRY(
	    tt_arena_grow(&compare->arena, (void **)&axis->claims, &axis->capacity, axis->n_claims, sizeof *axis->claims));
	axis->claims[axis->n_claims++] = claim;
	axis->having |= compare->claims[claim].about;
	return TT_OK;
}

static unsigned axis_rank(const tt_compare_axis *axis)
{
	const bool is_shared = (axis->having & (axis->having - 1)) != 0;
	return (axis->dimension ? 8u : 0u) + (is_shared ? 4u : 0u) + (axis->is_explaining ? 2u : 0u) +
	       (axis->is_judged ? 1u : 0u);
}

/* Where several things are spoken of, and what a finding is about, before the rest; the much discussed first. */
static int compare_axes(const void *a, const void *b)
{
	const tt_compare_axis *const x = a;
	const tt_compare_axis *const y = b;
	if (axis_rank(x) != axis_rank(y)) {
		return axis_rank(x) > axis_rank(y) ? -1 : 1;
	}
	if (x->n_claims != y->n_claims) {
		return x->n_claims > y->n_claims ? -1 : 1;
	}
	return (x->dimension > y->dimension) - (x->dimension < y->dimension);
}

/* ---- the whole -------------------------------------------------------------------------------------- */

static unsigned n_bits(unsigned bits)
{
	return (unsigned)__builtin_popcount(bits);
}

static tt_status group(tt_compare *compare, bool is_findings)
{
	static const tt_id none = TT_UNBOUND;
	for (size_t c = 0; c < compare->n_claims; ++c) {
		const tt_compare_claim *const claim = &compare->claims[c];
		const bool is_finding = claim->is_comparison && n_bits(claim->about_itself) > 1;
		if (is_finding != is_findings || !claim->about) {
			continue;
		}
		const size_t n = claim->dimensions.n_ids ? claim->dimensions.n_ids : 1;
		const tt_id *const dimensions = claim->dimensions.n_ids ? claim->dimensions.ids : &none;
		for (size_t i = 0; i < n; ++i) {
			TT_TRY(is_finding ? add_finding(compare, claim, dimensions[i]) : add_to_axis(compare, c, dimensions[i]));
		}
	}
	return TT_OK;
}

tt_status tt_compare_make_claims(tt_compare *compare)
{
	TT_TRY(sort_rows_out(compare));
	TT_TRY(add_claims(compare));
	TT_TRY(add_rests(compare));
	TT_TRY(group(compare, true));
	TT_TRY(group(compare, false));
	if (compare->n_findings) {
		qsort(compare->findings, compare->n_findings, sizeof *compare->findings, compare_findings);
	}
	if (compare->n_axes) {
		qsort(compare->axes, compare->n_axes, sizeof *compare->axes, compare_axes);
	}
	return TT_OK;
}
