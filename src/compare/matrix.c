/* matrix.c - from statements to rows: the properties of all things, their values, and the verdict on each.
 *
 * The values of a cell are sorted by what they are equal to, so that who else has a value is a binary search, and the
 * verdict follows from that: equal if every value is everybody's. */
#include "compare/compare.h"

#include "store/stats.h"

#include <math.h>
#include <stdlib.h>

const char *tt_verdict_name(tt_verdict verdict)
{
	static const char *const names[] = {
	    [TT_VERDICT_EQUAL] = "equal", [TT_VERDICT_DIFFER] = "differ", [TT_VERDICT_ONLY] = "only"};
	return names[verdict];
}

/* ---- gathering -------------------------------------------------------------------------------------- */

/** Whose statements are being read. */
typedef struct gatherer {
	tt_map rows; /* hash of property and direction → number of the row */
	size_t thing;
	tt_id node;
	bool is_inverse;
} gatherer;

static tt_status find_row(tt_compare *compare, gatherer *g, tt_id property, tt_compare_row **out_row)
{
	const uint64_t hash = tt_hash_u64(property) + g->is_inverse;
	uint64_t cursor = 0;
	uint64_t number = 0;
	while (tt_map_next(&g->rows, hash, &cursor, &number)) {
		*out_row = &compare->rows[number];
		if ((*out_row)->property == property && (*out_row)->is_inverse == g->is_inverse) {
			return TT_OK;
		}
	}
	TT_TRY(tt_arena_grow(&compare->arena, (void **)&compare->rows, &compare->rows_capacity, compare->n_rows,
	                     sizeof *compare->rows));
	TT_TRY(tt_map_insert(&g->rows, hash, compare->n_rows));
	*out_row = &compare->rows[compare->n_rows++];
	**out_row = (tt_compare_row){.property = property, .is_inverse = g->is_inverse};
	(*out_row)->cells = tt_arena_alloc(&compare->arena, compare->n_things * sizeof *(*out_row)->cells);
	return (*out_row)->cells ? TT_OK : compare->ctx.error.status;
}

/* All that is written for programs, nothing left out. */
static size_t most_read(const tt_compare *compare)
{
	return compare->options->format >= TT_COMPARE_CSV ? SIZE_MAX : TT_COMPARE_MOST_READ;
}

static tt_status add_property(tt_compare *compare, void *user, tt_id property, uint64_t n_quads)
{
	(void)n_quads;
	gatherer *const g = user;
	if (compare->properties.n_ids && !tt_id_list_has(&compare->properties, property)) {
		return TT_OK;
	}
	tt_compare_row *row = NULL;
	TT_TRY(find_row(compare, g, property, &row));
	tt_compare_cell *const cell = &row->cells[g->thing];
	const tt_id thing = compare->things[g->thing];
	tt_id_list values = {.ids = NULL};
	uint64_t n_all = 0;
	TT_TRY(tt_compare_values_of(compare, g->node, property, g->is_inverse, most_read(compare), &values, &n_all));
	cell->n_all += n_all - values.n_ids;
	for (size_t i = 0; i < values.n_ids; ++i) {
		if (g->node != thing && values.ids[i] == thing) {
			continue; /* that the parent has this thing is no news */
		}
		TT_TRY(tt_arena_grow(&compare->arena, (void **)&cell->values, &cell->capacity, cell->n_values,
		                     sizeof *cell->values));
		tt_compare_value *const value = &cell->values[cell->n_values++];
		*value = (tt_compare_value){.id = values.ids[i], .via = g->node == thing ? TT_UNBOUND : g->node};
		TT_TRY(tt_compare_same(compare, value->id, &value->same));
	}
	return TT_OK;
}

static tt_status gather_thing(tt_compare *compare, gatherer *g)
{
	const tt_id_list *const parents = &compare->parents[g->thing];
	for (size_t i = 0; i <= parents->n_ids; ++i) {
		g->node = i ? parents->ids[i - 1] : compare->things[g->thing];
		g->is_inverse = false;
		TT_TRY(tt_compare_each_property(compare, g->node, false, add_property, g));
		g->is_inverse = true;
		TT_TRY(compare->options->is_forward_only ? TT_OK
		                                         : tt_compare_each_property(compare, g->node, true, add_property, g));
	}
	return TT_OK;
}

/* ---- verdicts ------------------------------------------------------------------------------------------------------
 */

static int compare_values(const void *a, const void *b)
{
	const tt_compare_value *const x = a;
	const tt_compare_value *const y = b;
	if (x->same != y->same) {
		return x->same < y->same ? -1 : 1;
	}
	if (x->via != y->via) {
		return x->via < y->via ? -1 : 1; /* its own before what it inherits */
	}
	return (x->id > y->id) - (x->id < y->id);
}

static bool has_equal(const tt_compare_cell *cell, tt_id same)
{
	size_t low = 0;
	size_t high = cell->n_values;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		if (cell->values[middle].same < same) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low < cell->n_values && cell->values[low].same == same;
}

/* Sort, and count each different value once. */
static void settle_cell(tt_compare_cell *cell)
{
	if (cell->n_values) {
		qsort(cell->values, cell->n_values, sizeof *cell->values, compare_values);
	}
	for (size_t i = 0; i < cell->n_values; ++i) {
		cell->n_all += !i || cell->values[i].same != cell->values[i - 1].same;
	}
}

static void settle_owners(const tt_compare *compare, tt_compare_row *row, size_t thing, bool *io_is_equal)
{
	tt_compare_cell *const cell = &row->cells[thing];
	const unsigned all = (1u << compare->n_things) - 1;
	for (size_t i = 0; i < cell->n_values; ++i) {
		tt_compare_value *const value = &cell->values[i];
		for (size_t other = 0; other < compare->n_things; ++other) {
			value->owners |= has_equal(&row->cells[other], value->same) ? 1u << other : 0;
		}
		*io_is_equal = *io_is_equal && value->owners == all;
		row->n_shared += thing == 0 && value->owners == all && (!i || cell->values[i - 1].same != value->same);
	}
}

static void judge_row(const tt_compare *compare, tt_compare_row *row)
{
	const unsigned all = (1u << compare->n_things) - 1;
	bool is_equal = true;
	for (size_t i = 0; i < compare->n_things; ++i) {
		settle_cell(&row->cells[i]);
		row->having |= row->cells[i].n_all ? 1u << i : 0;
	}
	for (size_t i = 0; i < compare->n_things; ++i) {
		settle_owners(compare, row, i, &is_equal);
		const tt_compare_cell *const cell = &row->cells[i];
		row->is_estimated = row->is_estimated || cell->n_all > TT_COMPARE_MOST_READ;
		is_equal = is_equal && cell->n_all == row->cells[0].n_all;
	}
	row->verdict = row->having != all ? TT_VERDICT_ONLY : is_equal ? TT_VERDICT_EQUAL : TT_VERDICT_DIFFER;
}

/* What one number or date of each of two things says beside the other's. */
static tt_status add_note(tt_compare *compare, tt_compare_row *row)
{
	if (compare->n_things != 2 || row->verdict != TT_VERDICT_DIFFER || row->is_inverse || row->cells[0].n_all != 1 ||
	    row->cells[1].n_all != 1) {
		return TT_OK;
	}
	tt_view names[2];
	for (size_t i = 0; i < 2; ++i) {
		TT_TRY(tt_compare_name(compare, compare->things[i], &names[i]));
	}
	return tt_compare_difference(compare, row->cells[0].values[0].id, row->cells[1].values[0].id, names, &row->note);
}

/* ---- what a row is worth ---------------------------------------------------------------------------- */

enum { MOST_PROBED = 4, DATED_BONUS = 3 };

static const char *const bookkeeping[] = {"http://www.w3.org/2000/01/rdf-schema#comment",
                                          "http://www.w3.org/2000/01/rdf-schema#seeAlso",
                                          "http://www.w3.org/2000/01/rdf-schema#isDefinedBy",
                                          "http://www.w3.org/2002/07/owl#sameAs",
                                          "http://www.w3.org/2002/07/owl#differentFrom",
                                          "http://www.w3.org/2004/02/skos/core#note",
                                          "http://www.w3.org/2004/02/skos/core#editorialNote",
                                          "http://www.w3.org/2004/02/skos/core#scopeNote",
                                          "http://www.w3.org/2004/02/skos/core#inScheme",
                                          "http://www.w3.org/2004/02/skos/core#exactMatch",
                                          "http://www.w3.org/2004/02/skos/core#closeMatch",
                                          "http://www.w3.org/ns/prov#wasDerivedFrom",
                                          "http://purl.org/dc/terms/description",
                                          "http://purl.org/dc/terms/identifier",
                                          "http://purl.org/dc/terms/created",
                                          "http://purl.org/dc/terms/modified",
                                          "http://purl.org/dc/elements/1.1/description",
                                          "https://schema.org/description",
                                          "http://schema.org/description",
                                          "http://schema.org/dateModified",
                                          "http://schema.org/about",
                                          "http://dbpedia.org/ontology/abstract",
                                          "http://xmlns.com/foaf/0.1/isPrimaryTopicOf",
                                          "http://xmlns.com/foaf/0.1/primaryTopic",
                                          "http://rdfs.org/ns/void#exampleResource",
                                          "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"};

static tt_status is_bookkeeping(tt_compare *compare, tt_id property, bool *out)
{
	static const tt_role roles[] = {TT_ROLE_STATED_IN,      TT_ROLE_SENTENCE, TT_ROLE_STATUS,
	                                TT_ROLE_EVIDENCE_LEVEL, TT_ROLE_CITATION, TT_ROLE_FLAG};
	*out = tt_labels_is_property(&compare->labels, property);
	for (size_t i = 0; i < sizeof roles / sizeof *roles && !*out; ++i) {
		*out = tt_compare_has_role(compare, roles[i], property);
	}
	tt_scratch scratch;
	tt_term term;
	TT_TRY(tt_terms_get(&compare->terms, property, &scratch, &term));
	for (size_t i = 0; i < sizeof bookkeeping / sizeof *bookkeeping && !*out; ++i) {
		*out = tt_view_equal(term.text, tt_view_of(bookkeeping[i]));
	}
	/* DBpedia's own affairs. */
	*out = *out || memmem(term.text.data, term.text.size, "wikiPage", 8) != NULL;
	return TT_OK;
}

tt_status tt_compare_is_detail(tt_compare *compare, tt_id property, bool *out)
{
	TT_TRY(is_bookkeeping(compare, property, out));
	*out = !*out && !tt_compare_has_role(compare, TT_ROLE_RELATION, property);
	return TT_OK;
}

tt_status tt_compare_rarity(tt_compare *compare, tt_id property, bool is_inverse, double *out_bits)
{
	tt_store_stats all;
	tt_predicate_stats stats;
	TT_TRY(tt_snapshot_estimate(compare->snapshot, &all));
	TT_TRY(tt_snapshot_predicate(compare->snapshot, property, &stats));
	const double n_nodes = (double)(is_inverse ? all.n_objects : all.n_subjects) + 1;
	const double n_having = (double)(is_inverse ? stats.n_objects : stats.n_subjects) + 1;
	*out_bits = n_nodes > n_having ? log2(n_nodes / n_having) : 0;
	return TT_OK;
}

/* Whether one of the first values is something that happened. */
static tt_status has_date(tt_compare *compare, const tt_compare_cell *cell, bool *out)
{
	for (size_t i = 0; i < cell->n_values && i < MOST_PROBED && !*out; ++i) {
		tt_view date;
		TT_TRY(tt_compare_date_of(compare, cell->values[i].id, &date));
		*out = date.size > 0;
	}
	return TT_OK;
}

/** A node, and what it has as objects. */
typedef struct object_list {
	tt_id node;
	tt_id_list objects;
} object_list;

static tt_status add_objects(tt_compare *compare, void *user, tt_id property, uint64_t n_quads)
{
	(void)n_quads;
	object_list *const list = user;
	bool is_worth = false;
	TT_TRY(tt_compare_is_detail(compare, property, &is_worth));
	return is_worth ? tt_compare_values_of(compare, list->node, property, false, MOST_PROBED, &list->objects, NULL)
	                : TT_OK;
}

/* Whether each value of a thing leads to one that it has by the other row, and all of those are led to. */
static bool retells(const tt_compare_row *other, size_t thing, const object_list *lists, size_t n_lists)
{
	const tt_compare_cell *const cell = &other->cells[thing];
	for (size_t i = 0; i < n_lists; ++i) {
		bool is_known = false;
		for (size_t n = 0; n < lists[i].objects.n_ids; ++n) {
			is_known = is_known || has_equal(cell, lists[i].objects.ids[n]);
		}
		if (!is_known) {
			return false;
		}
	}
	for (size_t v = 0; v < cell->n_values; ++v) {
		bool is_led_to = false;
		for (size_t i = 0; i < n_lists; ++i) {
			is_led_to = is_led_to || tt_id_list_has(&lists[i].objects, cell->values[v].id);
		}
		if (!is_led_to) {
			return false;
		}
	}
	return true;
}

static tt_status read_objects(tt_compare *compare, const tt_compare_cell *cell, object_list **out_lists)
{
	*out_lists = tt_arena_alloc(&compare->arena, (cell->n_values + 1) * sizeof **out_lists);
	if (!*out_lists) {
		return compare->ctx.error.status;
	}
	for (size_t i = 0; i < cell->n_values; ++i) {
		(*out_lists)[i].node = cell->values[i].id;
		TT_TRY(tt_compare_each_property(compare, cell->values[i].id, false, add_objects, &(*out_lists)[i]));
	}
	return TT_OK;
}

/* Nodes that stand for the statements of another row, one by one, such as memberships: evidence, nothing new. */
static tt_status find_retelling(tt_compare *compare, tt_compare_row *row)
{
	enum { MOST_NODES = 100 };
	object_list *lists[TT_COMPARE_MOST_THINGS] = {NULL};
	bool is_candidate = row->is_inverse && row->kind == TT_ROW_FACT && !row->is_dated;
	for (size_t i = 0; i < compare->n_things && is_candidate; ++i) {
		is_candidate = row->cells[i].n_values <= MOST_NODES;
		TT_TRY(is_candidate ? read_objects(compare, &row->cells[i], &lists[i]) : TT_OK);
	}
	for (size_t r = 0; r < compare->n_rows && is_candidate && !row->is_retelling; ++r) {
		const tt_compare_row *const other = &compare->rows[r];
		row->is_retelling = other->property != row->property && other->having == row->having;
		for (size_t i = 0; i < compare->n_things && row->is_retelling; ++i) {
			row->is_retelling = retells(other, i, lists[i], row->cells[i].n_values);
		}
	}
	return TT_OK;
}

static tt_status weigh(tt_compare *compare, tt_compare_row *row)
{
	bool is_dull = false;
	TT_TRY(is_bookkeeping(compare, row->property, &is_dull));
	/* The instances of a class are no bookkeeping; what is about a thing is. */
	is_dull = (is_dull && !(row->is_inverse && row->property == compare->type)) ||
	          (row->is_inverse && row->property == compare->subject);
	row->kind = is_dull ? TT_ROW_BOOKKEEPING : TT_ROW_FACT;
	TT_TRY(tt_compare_rarity(compare, row->property, row->is_inverse, &row->rarity));
	for (size_t i = 0; i < compare->n_things && !row->is_dated && !is_dull; ++i) {
		TT_TRY(has_date(compare, &row->cells[i], &row->is_dated));
	}
	row->rarity += row->is_dated ? DATED_BONUS : 0;
	return TT_OK;
}

/* The rare before the common; what a thing says before what is said of it; else in the order of the data. */
static int compare_rows(const void *a, const void *b)
{
	enum { OF_ITS_OWN = 3 };
	const tt_compare_row *const x = a;
	const tt_compare_row *const y = b;
	const double of_x = x->rarity + (x->is_inverse ? 0 : OF_ITS_OWN);
	const double of_y = y->rarity + (y->is_inverse ? 0 : OF_ITS_OWN);
	if (of_x != of_y) {
		return of_x > of_y ? -1 : 1;
	}
	if (x->property != y->property) {
		return x->property < y->property ? -1 : 1;
	}
	return x->is_inverse - y->is_inverse;
}

/* ---- the whole -------------------------------------------------------------------------------------- */

static bool is_wanted(const tt_compare *compare, const tt_compare_row *row)
{
	const bool is_one_of = !compare->only_having || row->having == compare->only_having;
	return row->having && (!compare->is_only || (row->verdict == compare->only_verdict && is_one_of));
}

tt_status tt_compare_settle_row(tt_compare *compare, tt_compare_row *row, bool *out_is_wanted)
{
	judge_row(compare, row);
	*out_is_wanted = is_wanted(compare, row);
	TT_TRY(*out_is_wanted ? add_note(compare, row) : TT_OK);
	return *out_is_wanted ? weigh(compare, row) : TT_OK;
}

void tt_compare_sort_rows(tt_compare *compare)
{
	if (compare->n_rows) {
		qsort(compare->rows, compare->n_rows, sizeof *compare->rows, compare_rows);
	}
}

static tt_status settle_rows(tt_compare *compare)
{
	size_t n_kept = 0;
	for (size_t i = 0; i < compare->n_rows; ++i) {
		bool is_kept = false;
		TT_TRY(tt_compare_settle_row(compare, &compare->rows[i], &is_kept));
		if (is_kept) {
			compare->rows[n_kept++] = compare->rows[i];
		}
	}
	compare->n_rows = n_kept;
	for (size_t i = 0; i < n_kept; ++i) {
		TT_TRY(find_retelling(compare, &compare->rows[i]));
	}
	tt_compare_sort_rows(compare);
	return TT_OK;
}

tt_status tt_compare_make_rows(tt_compare *compare)
{
	gatherer g = {.thing = 0};
	tt_map_init(&g.rows, &compare->ctx);
	tt_status status = TT_OK;
	for (; g.thing < compare->n_things && status == TT_OK; ++g.thing) {
		status = gather_thing(compare, &g);
	}
	tt_map_clear(&g.rows);
	return status == TT_OK ? settle_rows(compare) : status;
}
