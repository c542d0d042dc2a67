/* empty_group.c - which part of a group of patterns has no match.
 *
 * A group is a join of parts (its triples and the elements that stand for patterns of their own) and, beside them,
 * what restricts or widens the join: FILTER, MINUS, OPTIONAL, BIND. From small to large:
 *
 *     1. each part alone. What has no match alone is looked into: a triple here, a group in its turn, a UNION branch by
 *        branch, since all of them must be empty.
 *     2. all parts together. If they do not join: each two that share a variable; else parts are left out one by one,
 *        as long as the rest still has no match, so that what is left is a smallest set.
 *     3. the elements in their order, without filters, until there is no match: a MINUS, or a join with what an
 *        OPTIONAL has bound.
 *     4. the filters, each conjunct of && alone, then together.
 *
 * OPTIONAL and BIND never are to blame by themselves. Cost: one ASK a step, so about n + n²/2 small ones at most, all
 * within the time of the inquiry. */
#include "evidence/empty.h"

enum { MOST_PAIRS = 60, MOST_PARTS = 200, MOST_BRANCHES = 4, MOST_NOTED = 3 };

typedef struct parts {
	tt_part *items;
	size_t n_items, capacity;
} parts;

/* ---- what a group consists of ----------------------------------------------------------------- */

static bool is_modifier(const tt_ast_element *element)
{
	return element->kind == TT_ELEMENT_FILTER || element->kind == TT_ELEMENT_OPTIONAL ||
	       element->kind == TT_ELEMENT_MINUS || element->kind == TT_ELEMENT_BIND;
}

/* Whether a group is nothing but a join of triples, so that it may be taken apart. */
static bool is_plain(const tt_ast_group *group)
{
	bool all = !group->subquery;
	for (const tt_ast_element *element = group->elements; element && all; element = element->next) {
		const bool is_nested = element->kind == TT_ELEMENT_GRAPH || element->kind == TT_ELEMENT_GROUP;
		all = element->kind == TT_ELEMENT_TRIPLES || (is_nested && is_plain(element->group));
	}
	return all;
}

static tt_status add_part(tt_inquiry *q, parts *list, const tt_part *part)
{
	TT_TRY(tt_arena_grow(&q->arena, (void **)&list->items, &list->capacity, list->n_items, sizeof *list->items));
	list->items[list->n_items++] = *part;
	return TT_OK;
}

static tt_status gather_parts(tt_inquiry *q, tt_ast_group *group, const tt_wrap *wrap, parts *list)
{
	for (tt_ast_element *element = group->elements; element && list->n_items < MOST_PARTS; element = element->next) {
		const bool is_graph = element->kind == TT_ELEMENT_GRAPH;
		tt_part part = {.element = element, .wrap = wrap};
		if (is_modifier(element)) {
			continue;
		}
		if (element->kind == TT_ELEMENT_TRIPLES) {
			for (part.triple = element->triples; part.triple; part.triple = part.triple->next) {
				TT_TRY(add_part(q, list, &part));
			}
		} else if ((is_graph || element->kind == TT_ELEMENT_GROUP) && is_plain(element->group) &&
		           element->group->elements) {
			tt_wrap *inner = NULL;
			TT_INQUIRY_NEW(q, &inner);
			*inner = (tt_wrap){.element = element, .outer = wrap};
			TT_TRY(gather_parts(q, element->group, is_graph ? inner : wrap, list));
		} else {
			TT_TRY(add_part(q, list, &part));
		}
	}
	return TT_OK;
}

static tt_status probe_parts(tt_inquiry *q, const tt_part *items, size_t n, tt_probe *out)
{
	tt_ast_group *group = NULL;
	TT_TRY(tt_group_of(q, items, n, &group));
	return tt_probe_group(q, group, out);
}

/* ---- one part --------------------------------------------------------------------------------- */

static tt_status blame_values(tt_inquiry *q, const tt_part *part)
{
	tt_empty_finding *finding = NULL;
	const char *text = NULL;
	TT_TRY(tt_inquiry_parts(q, part, 1, &text));
	return tt_finding_new(q, TT_EMPTY_NO_MATCH_POSSIBLE, TT_EMPTY_BY_VALUES, part->element->place, text,
	                      "VALUES has no row, so nothing can join it", &finding);
}

static tt_status look_into_union(tt_inquiry *q, const tt_part *part)
{
	size_t n = 0;
	for (tt_ast_group *branch = part->element->group; branch && n < MOST_BRANCHES; branch = branch->next_alternative) {
		TT_TRY(tt_empty_group(q, branch, part->wrap));
		++n;
	}
	return TT_OK;
}

static tt_status look_into_graph(tt_inquiry *q, const tt_part *part)
{
	tt_wrap *wrap = NULL;
	tt_ast_group *group = NULL;
	tt_probe probe = TT_PROBE_UNKNOWN;
	TT_INQUIRY_NEW(q, &wrap);
	*wrap = (tt_wrap){.element = part->element, .outer = part->wrap};
	TT_TRY(tt_group_of(q, part, 1, &group));
	TT_TRY(tt_probe_group(q, group, &probe));
	return probe == TT_PROBE_NO ? tt_empty_group(q, part->element->group, wrap) : TT_OK;
}

static tt_status look_into(tt_inquiry *q, const tt_part *part)
{
	if (part->triple) {
		return tt_empty_triple(q, part);
	}
	switch (part->element->kind) {
	case TT_ELEMENT_UNION:
		return look_into_union(q, part);
	case TT_ELEMENT_GRAPH:
		return look_into_graph(q, part);
	case TT_ELEMENT_GROUP:
		return tt_empty_group(q, part->element->group, part->wrap);
	case TT_ELEMENT_VALUES:
		return blame_values(q, part);
	default:
		return TT_OK;
	}
}

/* Look into the first part that has no match alone. */
static tt_status find_single(tt_inquiry *q, const parts *list, bool *out_found)
{
	for (size_t i = 0; i < list->n_items && !*out_found; ++i) {
		tt_probe probe = TT_PROBE_UNKNOWN;
		TT_TRY(probe_parts(q, &list->items[i], 1, &probe));
		if (probe == TT_PROBE_NO) {
			*out_found = true;
			TT_TRY(look_into(q, &list->items[i]));
		}
	}
	return TT_OK;
}

/* ---- joins ------------------------------------------------------------------------------------ */

static tt_status find_pair(tt_inquiry *q, const parts *list, const tt_names *names, parts *out_set)
{
	size_t n_asked = 0;
	for (size_t i = 0; i < list->n_items; ++i) {
		for (size_t j = i + 1; j < list->n_items && n_asked < MOST_PAIRS; ++j) {
			const tt_part pair[2] = {list->items[i], list->items[j]};
			tt_names shared;
			tt_probe probe = TT_PROBE_UNKNOWN;
			TT_TRY(tt_names_shared(&names[i], &names[j], &shared));
			if (!shared.n_items) {
				continue;
			}
			++n_asked;
			TT_TRY(probe_parts(q, pair, 2, &probe));
			if (probe == TT_PROBE_NO) {
				TT_TRY(add_part(q, out_set, &pair[0]));
				return add_part(q, out_set, &pair[1]);
			}
		}
	}
	return TT_OK;
}

/* Leave parts out, the last first, as long as the rest has no match. */
static tt_status shrink(tt_inquiry *q, const parts *list, parts *out_set)
{
	for (size_t i = 0; i < list->n_items; ++i) {
		TT_TRY(add_part(q, out_set, &list->items[i]));
	}
	for (size_t i = out_set->n_items; i-- > 0 && out_set->n_items > 2;) {
		const tt_part left_out = out_set->items[i];
		tt_probe probe = TT_PROBE_UNKNOWN;
		memmove(&out_set->items[i], &out_set->items[i + 1], (out_set->n_items - i - 1) * sizeof left_out);
		out_set->n_items--;
		TT_TRY(probe_parts(q, out_set->items, out_set->n_items, &probe));
		if (probe != TT_PROBE_NO) {
			memmove(&out_set->items[i + 1], &out_set->items[i], (out_set->n_items - i) * sizeof left_out);
			out_set->items[i] = left_out;
			out_set->n_items++;
		}
	}
	return TT_OK;
}

static tt_status find_join(tt_inquiry *q, const parts *list, bool *out_found)
{
	tt_probe probe = TT_PROBE_UNKNOWN;
	parts set = {.items = NULL};
	tt_names *const names = tt_arena_alloc(&q->arena, (list->n_items + 1) * sizeof *names);
	if (!names) {
		return q->ctx.error.status;
	}
	TT_TRY(list->n_items > 1 ? probe_parts(q, list->items, list->n_items, &probe) : TT_OK);
	if (list->n_items < 2 || probe == TT_PROBE_YES) {
		return TT_OK;
	}
	for (size_t i = 0; i < list->n_items; ++i) {
		names[i].q = q;
		TT_TRY(tt_names_of_part(&names[i], &list->items[i]));
	}
	TT_TRY(find_pair(q, list, names, &set));
	TT_TRY(!set.n_items && probe == TT_PROBE_NO ? shrink(q, list, &set) : TT_OK);
	*out_found = set.n_items > 0;
	return set.n_items ? tt_empty_join(q, set.items, set.n_items) : TT_OK;
}

/* ---- what stands beside the join -------------------------------------------------------------- */

static tt_status blame_minus(tt_inquiry *q, const tt_ast_group *before, const tt_ast_element *minus,
                             const tt_wrap *wrap)
{
	tt_ast_group *group = NULL;
	tt_ast_element copy = *minus;
	const char *text = NULL;
	tt_empty_finding *finding = NULL;
	tt_names taken = {.q = q};
	tt_names bound = {.q = q};
	tt_names shared;
	copy.next = NULL;
	TT_TRY(tt_group_new(q, &copy, &group));
	TT_TRY(tt_inquiry_group(q, group, &text));
	TT_TRY(tt_finding_new(q, TT_EMPTY_DATA_SAY_NO, TT_EMPTY_BY_NEGATION, minus->place, text,
	                      "this MINUS takes away all that stands before it", &finding));
	TT_TRY(tt_names_of_group(&taken, minus->group));
	TT_TRY(tt_names_of_group(&bound, before));
	TT_TRY(tt_names_shared(&bound, &taken, &shared));
	const tt_ast_element whole = {.kind = TT_ELEMENT_GROUP, .group = (tt_ast_group *)before};
	TT_TRY(tt_group_new(q, NULL, &group));
	TT_TRY(tt_group_add(q, group, &whole, wrap));
	for (size_t i = 0; i < shared.n_items && i < MOST_NOTED; ++i) {
		TT_TRY(tt_finding_note_values(q, finding, group, shared.items[i], ""));
	}
	return TT_OK;
}

/* A part that joins with what stands before it no more, because of what an OPTIONAL or BIND there has bound. */
static tt_status blame_late(tt_inquiry *q, const tt_ast_element *element)
{
	tt_ast_group *group = NULL;
	tt_ast_element copy = *element;
	const char *text = NULL;
	tt_empty_finding *finding = NULL;
	copy.next = NULL;
	TT_TRY(tt_group_new(q, &copy, &group));
	TT_TRY(tt_inquiry_group(q, group, &text));
	return tt_finding_new(q, TT_EMPTY_DATA_SAY_NO, TT_EMPTY_BY_JOIN,
	                      element->place.line || !element->triples ? element->place : element->triples->subject.place,
	                      text, "this does not join with what stands before it and binds its variables", &finding);
}

static tt_status copy_group(tt_inquiry *q, const tt_ast_group *group, tt_ast_group **out)
{
	TT_TRY(tt_group_new(q, NULL, out));
	for (const tt_ast_element *element = group->elements; element; element = element->next) {
		TT_TRY(tt_group_add(q, *out, element, NULL));
	}
	return TT_OK;
}

/* Take the elements one by one, without the filters, until there is no match.
 * @param out_group All of them. */
static tt_status find_element(tt_inquiry *q, tt_ast_group *group, const tt_wrap *wrap, tt_ast_group **out_group,
                              bool *out_found)
{
	TT_TRY(tt_group_new(q, NULL, out_group));
	for (tt_ast_element *element = group->elements; element && !*out_found; element = element->next) {
		tt_probe probe = TT_PROBE_UNKNOWN;
		if (element->kind == TT_ELEMENT_FILTER) {
			continue;
		}
		tt_ast_group *before = NULL;
		TT_TRY(element->kind == TT_ELEMENT_MINUS ? copy_group(q, *out_group, &before) : TT_OK);
		TT_TRY(tt_group_add(q, *out_group, element, NULL));
		if (element->kind == TT_ELEMENT_OPTIONAL || element->kind == TT_ELEMENT_BIND) {
			continue;
		}
		tt_ast_group *wrapped = NULL;
		TT_TRY(tt_group_new(q, NULL, &wrapped));
		tt_ast_element whole = {.kind = TT_ELEMENT_GROUP, .group = *out_group};
		TT_TRY(tt_group_add(q, wrapped, &whole, wrap));
		TT_TRY(tt_probe_group(q, wrapped, &probe));
		if (probe == TT_PROBE_NO) {
			*out_found = true;
			TT_TRY(element->kind == TT_ELEMENT_MINUS ? blame_minus(q, before, element, wrap) : blame_late(q, element));
		}
	}
	return TT_OK;
}

/* ---- filters ---------------------------------------------------------------------------------- */

typedef struct conjunct {
	tt_ast_element *element;
	const tt_ast_expr *expr;
} conjunct;

typedef struct conjuncts {
	conjunct *items;
	size_t n_items, capacity;
} conjuncts;

static tt_status gather_conjuncts(tt_inquiry *q, tt_ast_element *element, const tt_ast_expr *expr, conjuncts *list)
{
	if (expr->kind == TT_EXPR_AND) {
		for (size_t i = 0; i < expr->n_arguments; ++i) {
			TT_TRY(gather_conjuncts(q, element, expr->arguments[i], list));
		}
		return TT_OK;
	}
	TT_TRY(tt_arena_grow(&q->arena, (void **)&list->items, &list->capacity, list->n_items, sizeof *list->items));
	list->items[list->n_items++] = (conjunct){element, expr};
	return TT_OK;
}

/* Whether a group has a solution that passes some filters. */
static tt_status probe_filters(tt_inquiry *q, const tt_ast_group *group, const conjunct *items, size_t n,
                               const tt_wrap *wrap, tt_probe *out)
{
	tt_ast_group *filtered = NULL;
	tt_ast_group *wrapped = NULL;
	TT_TRY(copy_group(q, group, &filtered));
	for (size_t i = 0; i < n; ++i) {
		const tt_ast_element filter = {.kind = TT_ELEMENT_FILTER, .expr = items[i].expr};
		TT_TRY(tt_group_add(q, filtered, &filter, NULL));
	}
	const tt_ast_element whole = {.kind = TT_ELEMENT_GROUP, .group = filtered};
	TT_TRY(tt_group_new(q, NULL, &wrapped));
	TT_TRY(tt_group_add(q, wrapped, &whole, wrap));
	return tt_probe_group(q, wrapped, out);
}

static tt_status find_filter(tt_inquiry *q, tt_ast_group *group, const tt_ast_group *unfiltered, const tt_wrap *wrap)
{
	conjuncts list = {.items = NULL};
	for (tt_ast_element *element = group->elements; element; element = element->next) {
		TT_TRY(element->kind == TT_ELEMENT_FILTER ? gather_conjuncts(q, element, element->expr, &list) : TT_OK);
	}
	for (size_t i = 0; i < list.n_items; ++i) {
		tt_probe probe = TT_PROBE_UNKNOWN;
		TT_TRY(probe_filters(q, unfiltered, &list.items[i], 1, wrap, &probe));
		if (probe == TT_PROBE_NO) {
			return tt_empty_filter(q, unfiltered, list.items[i].element, list.items[i].expr, wrap);
		}
	}
	/* Together only: leave out those that are not needed. */
	for (size_t i = list.n_items; i-- > 0 && list.n_items > 2;) {
		const conjunct left_out = list.items[i];
		tt_probe probe = TT_PROBE_UNKNOWN;
		list.items[i] = list.items[list.n_items - 1];
		TT_TRY(probe_filters(q, unfiltered, list.items, list.n_items - 1, wrap, &probe));
		list.items[i] = left_out;
		if (probe == TT_PROBE_NO) {
			list.items[i] = list.items[--list.n_items];
		}
	}
	if (list.n_items < 2) {
		return TT_OK;
	}
	tt_ast_expr *both = NULL;
	TT_INQUIRY_NEW(q, &both);
	*both = (tt_ast_expr){.kind = TT_EXPR_AND, .place = list.items[0].expr->place, .n_arguments = list.n_items};
	both->arguments = tt_arena_alloc(&q->arena, list.n_items * sizeof(tt_ast_expr *));
	if (!both->arguments) {
		return q->ctx.error.status;
	}
	for (size_t i = 0; i < list.n_items; ++i) {
		both->arguments[i] = (tt_ast_expr *)list.items[i].expr;
	}
	return tt_empty_filter(q, unfiltered, list.items[0].element, both, wrap);
}

/* ---- all of it -------------------------------------------------------------------------------- */

/* Whatever it is, it is this group as a whole: GRAPH ?g whose variable an OPTIONAL inside binds otherwise, say. */
static tt_status blame_whole(tt_inquiry *q, tt_ast_group *group, const tt_wrap *wrap)
{
	const tt_ast_element element = {.kind = TT_ELEMENT_GROUP, .group = group};
	tt_empty_finding *finding = NULL;
	tt_ast_group *whole = NULL;
	const char *text = NULL;
	TT_TRY(tt_group_new(q, NULL, &whole));
	TT_TRY(tt_group_add(q, whole, &element, wrap));
	TT_TRY(tt_inquiry_group(q, whole, &text));
	return tt_finding_new(q, TT_EMPTY_DATA_SAY_NO, TT_EMPTY_BY_JOIN, group->place, text,
	                      "this group has no solution, though each of its parts has", &finding);
}

static tt_status look_at_group(tt_inquiry *q, tt_ast_group *group, const tt_wrap *wrap)
{
	const size_t n_before = q->n_findings;
	parts list = {.items = NULL};
	bool is_found = false;
	tt_ast_group *unfiltered = NULL;
	TT_TRY(gather_parts(q, group, wrap, &list));
	TT_TRY(find_single(q, &list, &is_found));
	TT_TRY(is_found ? TT_OK : find_join(q, &list, &is_found));
	TT_TRY(is_found ? TT_OK : find_element(q, group, wrap, &unfiltered, &is_found));
	TT_TRY(is_found ? TT_OK : find_filter(q, group, unfiltered, wrap));
	return q->n_findings > n_before || q->report.is_cut_short ? TT_OK : blame_whole(q, group, wrap);
}

tt_status tt_empty_group(tt_inquiry *q, tt_ast_group *group, const tt_wrap *wrap)
{
	TT_TRY(tt_ctx_enter(&q->ctx));
	const tt_status status = group->subquery ? tt_empty_query(q, group->subquery, wrap) : look_at_group(q, group, wrap);
	tt_ctx_leave(&q->ctx);
	return status;
}
