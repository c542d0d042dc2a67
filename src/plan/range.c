/* range.c - a filter that compares an object with a number or date narrows the scan to a range of ids.
 *
 * Ids of one inline kind sort as their values, but equal values may have other kinds: "01"^^xsd:integer and 1e0 are
 * not the id of 1. So the snapshot is asked, with one seek a kind, of which kinds the objects in question are. The
 * range covers, of the filter's own kind, what can satisfy it, and all other kinds present that are comparable at all.
 * The filter itself stays: the range only has to lose nothing. A range without any kind means that no object can
 * satisfy the filter.
 *
 * Dates of one kind sort by local time; zones shift them by 28 hours at most, so their bounds are widened by a
 * month (or, without months, by a year). */
#include "plan/planner.h"

#include <math.h>

typedef struct interval {
	tt_id low, high; /* inclusive; low > high: empty */
} interval;

static interval whole_kind(tt_kind kind)
{
	return (interval){tt_id_make(kind, 0), tt_id_make(kind, TT_PAYLOAD_MASK)};
}

/* ---- what a filter says ----------------------------------------------------------------------- */

typedef enum bound_kind { BOUND_NONE, BOUND_BELOW, BOUND_ABOVE, BOUND_BOTH } bound_kind;

typedef struct comparison {
	tt_id constant;
	bound_kind bound; /* BELOW: the variable is at least the constant; ABOVE: at most; BOTH: equal */
} comparison;

/* Whether a filter compares the variable with an inline constant. */
static bool read_comparison(const tt_expr *expr, tt_var variable, comparison *out)
{
	static const struct {
		bound_kind straight, swapped;
	} bounds[TT_EXPR_NOT_EXISTS + 1] = {
	    [TT_EXPR_EQ] = {BOUND_BOTH, BOUND_BOTH},   [TT_EXPR_LT] = {BOUND_ABOVE, BOUND_BELOW},
	    [TT_EXPR_LE] = {BOUND_ABOVE, BOUND_BELOW}, [TT_EXPR_GT] = {BOUND_BELOW, BOUND_ABOVE},
	    [TT_EXPR_GE] = {BOUND_BELOW, BOUND_ABOVE},
	};
	if (bounds[expr->kind].straight == BOUND_NONE) {
		return false;
	}
	const tt_expr *a = expr->arguments[0];
	const tt_expr *b = expr->arguments[1];
	out->bound = bounds[expr->kind].straight;
	if (a->kind == TT_EXPR_CONSTANT) {
		const tt_expr *const swapped = a;
		a = b;
		b = swapped;
		out->bound = bounds[expr->kind].swapped;
	}
	return a->kind == TT_EXPR_VARIABLE && a->variable == variable && b->kind == TT_EXPR_CONSTANT &&
	       b->constant.kind == TT_TERM_LITERAL && tt_value_from_term(&b->constant, &out->constant) &&
	       tt_id_kind(out->constant) != TT_KIND_BOOLEAN;
}

/* ---- intervals -------------------------------------------------------------------------------- */

/* The integers next to a number, as ids; false if they have none. */
static bool nearest_integers(tt_id constant, tt_id *out_floor, tt_id *out_ceiling)
{
	int64_t mantissa = 0;
	unsigned scale = 0;
	double value = 0;
	switch (tt_id_kind(constant)) {
	case TT_KIND_INTEGER:
		*out_floor = *out_ceiling = constant;
		return true;
	case TT_KIND_DECIMAL:
		tt_value_to_decimal(constant, &mantissa, &scale);
		for (; scale > 0; --scale) {
			mantissa /= 10;
		}
		return tt_value_from_integer(mantissa - 1, out_floor) && tt_value_from_integer(mantissa + 1, out_ceiling);
	case TT_KIND_DOUBLE:
		/* Beyond 2^52 doubles skip integers and equality is a matter of rounding. */
		value = tt_value_to_double(constant);
		return fabs(value) < 4e15 && tt_value_from_integer((int64_t)floor(value), out_floor) &&
		       tt_value_from_integer((int64_t)ceil(value), out_ceiling);
	default:
		return false;
	}
}

/* Bits below the month (the year) in the payload of a kind of date; see rdf/value.c. */
static unsigned bits_below(tt_kind kind)
{
	return kind == TT_KIND_G_YEAR ? 7 : kind == TT_KIND_G_YEAR_MONTH ? 7 : kind == TT_KIND_DATE ? 12 : 39;
}

/* A month (year) before and after a date: zones shift a time by less. */
static interval around_date(tt_id constant)
{
	const tt_kind kind = tt_id_kind(constant);
	const unsigned n_bits = bits_below(kind);
	const uint64_t unit = tt_id_payload(constant) >> n_bits;
	uint64_t back = 1;
	uint64_t on = 1;
	if (kind != TT_KIND_G_YEAR) {
		/* The lowest four bits are the month, 1 to 12: from January to December of the year before it is 5 back. */
		back = (unit & 15) == 1 ? 5 : 1;
		on = (unit & 15) == 12 ? 5 : 1;
	}
	const uint64_t low = unit > back ? unit - back : 0;
	const uint64_t high = ((unit + on) << n_bits | (((uint64_t)1 << n_bits) - 1)) & TT_PAYLOAD_MASK;
	return (interval){tt_id_make(kind, low << n_bits), tt_id_make(kind, high)};
}

/* Of one kind, the ids that may satisfy the comparison. */
static interval satisfying(tt_kind kind, const comparison *c)
{
	interval all = whole_kind(kind);
	interval near = {0};
	if (kind == TT_KIND_INTEGER) {
		if (!nearest_integers(c->constant, &near.low, &near.high)) {
			return all;
		}
	} else if (kind >= TT_KIND_DATE_TIME && kind == tt_id_kind(c->constant)) {
		near = around_date(c->constant);
	} else {
		return all;
	}
	all.low = c->bound == BOUND_ABOVE ? all.low : near.low;
	all.high = c->bound == BOUND_BELOW ? all.high : near.high;
	return all;
}

/* ---- which kinds there are -------------------------------------------------------------------- */

/* Whether a scan has a row whose first free column is of a kind; scans of ascending kinds go on where they stand. */
static tt_status has_kind(tt_scan *scan, unsigned column, tt_kind kind, bool *out)
{
	tt_id found = TT_UNBOUND;
	tt_id *columns[TT_N_COLUMNS] = {0};
	columns[column] = &found;
	size_t n_rows = 0;
	const tt_id key = tt_id_make(kind, 0);
	TT_TRY(tt_scan_seek(scan, &key, 1));
	TT_TRY(tt_scan_next(scan, columns, 1, &n_rows));
	*out = n_rows == 1 && tt_id_kind(found) == kind;
	return TT_OK;
}

static tt_status find_kind(tt_planner *p, const tt_scan_spec *spec, tt_kind kind, bool *out)
{
	tt_scan *scan = NULL;
	TT_TRY(tt_scan_open(p->snapshot, spec, &scan));
	const tt_status status = has_kind(scan, spec->n_bound, kind, out);
	tt_scan_close(scan);
	return status;
}

/* A scan of the constants of a leaf in which the object comes next. */
static bool objects_of(const tt_leaf *leaf, tt_scan_spec *out)
{
	unsigned n_constants = 0;
	for (size_t i = 0; i < TT_GRAPH; ++i) {
		n_constants += leaf->slots[i].kind == TT_SLOT_CONSTANT;
	}
	for (tt_perm perm = TT_SPO; perm < TT_GSPO; ++perm) {
		*out = (tt_scan_spec){.perm = perm, .choice = TT_GRAPHS_ALL};
		while (out->n_bound < TT_GRAPH && leaf->slots[tt_perm_column(perm, out->n_bound)].kind == TT_SLOT_CONSTANT) {
			out->bound[out->n_bound] = leaf->slots[tt_perm_column(perm, out->n_bound)].id;
			out->n_bound++;
		}
		if (out->n_bound == n_constants && tt_perm_column(perm, out->n_bound) == TT_OBJECT) {
			return true;
		}
	}
	return false;
}

static tt_status narrow(tt_planner *p, const tt_scan_spec *spec, const comparison *c, interval *range)
{
	static const tt_kind numbers[] = {TT_KIND_LITERAL, TT_KIND_INTEGER, TT_KIND_DECIMAL, TT_KIND_DOUBLE};
	static const tt_kind dates[] = {TT_KIND_LITERAL, TT_KIND_DATE_TIME, TT_KIND_DATE, TT_KIND_G_YEAR_MONTH,
	                                TT_KIND_G_YEAR};
	const bool is_date = tt_id_kind(c->constant) >= TT_KIND_DATE_TIME;
	const tt_kind *const kinds = is_date ? dates : numbers;
	const size_t n_kinds = is_date ? sizeof dates / sizeof *dates : sizeof numbers / sizeof *numbers;
	interval covered = {~(tt_id)0, 0};
	for (size_t i = 0; i < n_kinds; ++i) {
		bool is_there = false;
		TT_TRY(find_kind(p, spec, kinds[i], &is_there));
		if (is_there) {
			const interval these = satisfying(kinds[i], c);
			covered.low = these.low < covered.low ? these.low : covered.low;
			covered.high = these.high > covered.high ? these.high : covered.high;
		}
	}
	range->low = covered.low > range->low ? covered.low : range->low;
	range->high = covered.high < range->high ? covered.high : range->high;
	return TT_OK;
}

tt_status tt_leaf_compare(tt_planner *p, tt_leaf *leaf, tt_expr *const *filters, size_t n_filters)
{
	const tt_scan_slot *const object = &leaf->slots[TT_OBJECT];
	tt_scan_spec spec;
	interval range = {1, ~(tt_id)0};
	double fraction = 1;
	if (object->kind != TT_SLOT_VARIABLE || leaf->is_empty ||
	    p->options->switches.disabled_passes >> TT_PASS_RANGE & 1 || !objects_of(leaf, &spec)) {
		return TT_OK;
	}
	for (size_t i = 0; i < n_filters; ++i) {
		comparison c = {0};
		if (read_comparison(filters[i], object->variable, &c)) {
			TT_TRY(narrow(p, &spec, &c, &range));
			fraction *= c.bound == BOUND_BOTH ? 1 / leaf->n_distinct[TT_OBJECT] : 0.3;
		}
	}
	if (fraction == 1) {
		return TT_OK;
	}
	leaf->is_empty = range.low > range.high;
	if (!leaf->is_empty) {
		tt_leaf_add_range(leaf, range.low, range.high, fraction);
	}
	return TT_OK;
}
