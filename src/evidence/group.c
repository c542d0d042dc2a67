/* group.c - SELECT levels: by which solutions of its pattern a row of a query holds (SPARQL 1.1 §18.2.4, §18.2.5).
 *
 * A row without GROUP BY is one solution, or one of several that DISTINCT or the projection make equal: the first is
 * told. Expressions of SELECT are computed again, as BIND behind the pattern, so that a row with a computed value finds
 * the solution that gives it. A row of a group is all solutions with its keys: the grouped query is asked again with
 * its keys as columns, since the row need not show them, and the row is looked for among its rows. ORDER BY, LIMIT and
 * DISTINCT choose among rows; a row that is there needs no evidence for that. */
#include "evidence/evidence.h"

#include <inttypes.h>
#include <stdio.h>

/* ---- projection --------------------------------------------------------------------------------- */

static const tt_term none = {.kind = TT_TERM_NONE};

/* What the row says of a variable, unless it is another at each run. */
static tt_status know(tt_why *why, const tt_solution *row, tt_view name, tt_solution *known)
{
	const tt_known *const found = tt_solution_find(row, name);
	if (!found || tt_solution_find(&why->fresh, name)) {
		return TT_OK;
	}
	return tt_solution_set(why, known, name, &found->term, TT_DEMAND_SAME);
}

/* All that the row says, or only the columns that the query projects. */
static tt_status know_columns(tt_why *why, const tt_ast_query *query, const tt_solution *row, tt_solution *known)
{
	*known = (tt_solution){NULL, 0, 0};
	for (size_t i = 0; i < row->n_items && (query->is_star || query->form != TT_QUERY_SELECT); ++i) {
		TT_TRY(know(why, row, row->items[i].name, known));
	}
	for (const tt_ast_projection *item = query->projection; item; item = item->next) {
		TT_TRY(know(why, row, item->variable, known));
	}
	return TT_OK;
}

static tt_status append_bind(tt_why *why, tt_ast_element ***tail, tt_view variable, const tt_ast_expr *expr)
{
	tt_ast_element *const made = TT_ARENA_NEW(&why->arena, tt_ast_element);
	if (!made) {
		return why->ctx.error.status;
	}
	*made = (tt_ast_element){.kind = TT_ELEMENT_BIND, .expr = expr, .variable = variable};
	**tail = made;
	*tail = &made->next;
	return TT_OK;
}

/* What stands behind the pattern: the VALUES of the query, and its expressions as BIND. */
static tt_status make_extra(tt_why *why, const tt_ast_query *query, tt_ast_element **out)
{
	tt_ast_element **tail = out;
	*out = NULL;
	if (query->values) {
		tt_ast_element *const values = TT_ARENA_NEW(&why->arena, tt_ast_element);
		if (!values) {
			return why->ctx.error.status;
		}
		*values = (tt_ast_element){.kind = TT_ELEMENT_VALUES, .values = query->values};
		*tail = values;
		tail = &values->next;
	}
	for (const tt_ast_projection *item = query->projection; item; item = item->next) {
		TT_TRY(item->expr ? append_bind(why, &tail, item->variable, item->expr) : TT_OK);
	}
	return TT_OK;
}

/* A solution of the pattern, and what the query makes of it. */
static tt_status witness_solution(tt_why *why, const tt_ast_query *query, const tt_ast_element *extra,
                                  const tt_solution *solution, const tt_term *graph)
{
	const tt_ast_group around = {.elements = (tt_ast_element *)(uintptr_t)extra};
	TT_TRY(tt_witness_group(why, query->where, solution, graph));
	return tt_witness_group(why, &around, solution, graph);
}

/* Count the solutions that are left, up to a limit. */
static tt_status count_rest(tt_why *why, tt_results *results)
{
	enum { MOST = 10000 };
	const tt_term *row = NULL;
	do {
		TT_TRY(tt_results_next(results, &row));
		why->n_solutions += row != NULL;
	} while (row && why->n_solutions < MOST);
	why->has_more_solutions = row != NULL;
	return TT_OK;
}

static tt_status witness_plain(tt_why *why, const tt_ast_query *query, const tt_solution *row, const tt_term *graph,
                               bool *out_is_found)
{
	const bool is_top = why->is_top;
	tt_solution known;
	tt_ast_element *extra = NULL;
	tt_results *results = NULL;
	bool is_end = true;
	why->is_top = false;
	TT_TRY(know_columns(why, query, row, &known));
	TT_TRY(make_extra(why, query, &extra));
	const tt_task task = {.group = query->where, .graph = *graph, .known = &known, .extra = extra};
	TT_TRY(tt_task_ask(why, &task, &results));
	tt_status status = TT_OK;
	do {
		tt_solution solution;
		TT_TRY_DONE(tt_task_next(why, results, &solution, &is_end));
		if (!is_end) {
			*out_is_found = true;
			why->n_solutions += is_top;
			TT_TRY_DONE(witness_solution(why, query, extra, &solution, graph));
		}
	} while (!is_end && ((is_top && why->is_all) || why->is_counted) && !why->is_cut);
	if (!is_end && is_top) {
		TT_TRY_DONE(count_rest(why, results));
	}
done:
	tt_results_free(results);
	return status;
}

/* ---- groups ------------------------------------------------------------------------------------- */

/* The name of a key: its variable, or a new one if it is an expression without a name. */
static tt_status name_key(tt_why *why, const tt_ast_projection *key, size_t number, tt_view *out)
{
	*out = key->variable.size ? key->variable : key->expr->text;
	if (key->variable.size || key->expr->kind == TT_EXPR_VARIABLE) {
		return TT_OK;
	}
	char *const name = tt_arena_alloc(&why->arena, 32);
	if (!name) {
		return why->ctx.error.status;
	}
	*out = (tt_view){name, (size_t)snprintf(name, 32, "_key%zu", number)};
	return TT_OK;
}

static bool is_computed(const tt_ast_projection *key)
{
	return key->expr && (key->variable.size || key->expr->kind != TT_EXPR_VARIABLE);
}

static tt_status append_projection(tt_why *why, tt_ast_projection ***tail, tt_view variable, const tt_ast_expr *expr)
{
	tt_ast_projection *const made = TT_ARENA_NEW(&why->arena, tt_ast_projection);
	if (!made) {
		return why->ctx.error.status;
	}
	*made = (tt_ast_projection){.variable = variable, .expr = expr};
	**tail = made;
	*tail = &made->next;
	return TT_OK;
}

static bool is_projected(const tt_ast_query *query, tt_view name)
{
	for (const tt_ast_projection *item = query->projection; item; item = item->next) {
		if (tt_view_equal(item->variable, name)) {
			return true;
		}
	}
	return false;
}

/** A grouped query, asked for its keys too. */
typedef struct grouping {
	tt_ast_query *query;   /* with all keys named and projected, without DISTINCT, ORDER BY, LIMIT */
	tt_ast_element *extra; /* keys that are expressions, for the members */
} grouping;

static tt_status make_grouping(tt_why *why, const tt_ast_query *query, grouping *out)
{
	tt_ast_query *const made = TT_ARENA_NEW(&why->arena, tt_ast_query);
	if (!made) {
		return why->ctx.error.status;
	}
	*made = *query;
	*out = (grouping){.query = made};
	made->form = TT_QUERY_SELECT;
	made->is_distinct = made->is_reduced = made->has_limit = made->has_offset = made->is_star = false;
	made->order_by = NULL;
	made->dataset = NULL;
	made->projection = NULL;
	made->group_by = NULL;
	tt_ast_projection **projected = &made->projection;
	tt_ast_projection **keys = &made->group_by;
	tt_ast_element **extra = &out->extra;
	for (const tt_ast_projection *item = query->projection; item; item = item->next) {
		TT_TRY(append_projection(why, &projected, item->variable, item->expr));
	}
	size_t number = 0;
	for (const tt_ast_projection *key = query->group_by; key; key = key->next) {
		tt_view name;
		TT_TRY(name_key(why, key, ++number, &name));
		TT_TRY(append_projection(why, &keys, name, is_computed(key) ? key->expr : NULL));
		TT_TRY(is_computed(key) ? append_bind(why, &extra, name, key->expr) : TT_OK);
		TT_TRY(is_projected(query, name) ? TT_OK : append_projection(why, &projected, name, NULL));
	}
	return TT_OK;
}

static bool is_order_dependent(const tt_ast_expr *expr)
{
	if (expr->kind == TT_EXPR_AGGREGATE &&
	    (expr->aggregate == TT_AGGREGATE_SAMPLE || expr->aggregate == TT_AGGREGATE_GROUP_CONCAT ||
	     expr->aggregate == TT_AGGREGATE_SUM || expr->aggregate == TT_AGGREGATE_AVG)) {
		return true; /* sums: of floating point numbers */
	}
	for (size_t i = 0; i < expr->n_arguments; ++i) {
		if (is_order_dependent(expr->arguments[i])) {
			return true;
		}
	}
	return false;
}

/* How well a row of the grouping is the one that was asked for: 0 no, 1 but for what depends on the order in which
 * values come, 2 entirely. */
static int match_row(const tt_why *why, const tt_ast_query *query, const tt_solution *known, const tt_solution *row)
{
	int match = 2;
	for (const tt_ast_projection *item = query->projection; item; item = item->next) {
		const tt_known *const wanted = tt_solution_find(known, item->variable);
		const tt_known *const got = tt_solution_find(row, item->variable);
		if (!wanted || !got || tt_solution_find(&why->fresh, item->variable) ||
		    tt_term_equal(&wanted->term, &got->term)) {
			continue;
		}
		match = item->expr && is_order_dependent(item->expr) ? 1 : 0;
		if (!match) {
			break;
		}
	}
	return match;
}

/* Find the group of a row. */
static tt_status find_group(tt_why *why, const tt_ast_query *query, const grouping *g, const tt_solution *row,
                            const tt_term *graph, tt_solution *out, bool *out_is_found)
{
	const tt_ast_group around = {.subquery = g->query};
	tt_solution known = {NULL, 0, 0};
	tt_results *results = NULL;
	int best = 0;
	bool is_end = false;
	for (const tt_ast_projection *item = query->projection; item; item = item->next) {
		TT_TRY(item->expr ? TT_OK : know(why, row, item->variable, &known)); /* keys may be demanded */
	}
	for (const tt_ast_projection *key = g->query->group_by; key && query->form != TT_QUERY_SELECT; key = key->next) {
		TT_TRY(know(why, row, key->variable, &known));
	}
	const tt_task task = {.group = &around, .graph = *graph, .known = &known};
	TT_TRY(tt_task_ask(why, &task, &results));
	tt_status status = TT_OK;
	while (best < 2) {
		tt_solution found;
		TT_TRY_DONE(tt_task_next(why, results, &found, &is_end));
		if (is_end) {
			break;
		}
		const int match = match_row(why, query, row, &found);
		if (match > best) {
			best = match;
			*out = found;
		}
	}
	*out_is_found = best > 0;
done:
	tt_results_free(results);
	return status;
}

static tt_status note_members(tt_why *why, uint64_t n_members)
{
	tt_buffer text;
	tt_buffer_init(&text, &why->ctx);
	tt_status status = tt_buffer_printf(&text, "%" PRIu64 " solution%s of the pattern", n_members,
	                                    n_members == 1 ? "" : "s");
	status = status ? status : tt_witness_note(why, TT_NOTE_GROUP, &text);
	tt_buffer_clear(&text);
	return status;
}

/* All solutions of a group: those with its keys. */
static tt_status witness_members(tt_why *why, const tt_ast_query *query, const grouping *g, const tt_solution *group,
                                 const tt_term *graph)
{
	const bool was_counted = why->is_counted;
	tt_solution known = {NULL, 0, 0};
	tt_results *results = NULL;
	uint64_t n_members = 0;
	why->is_counted = true;
	for (const tt_ast_projection *key = g->query->group_by; key; key = key->next) {
		const tt_known *const found = tt_solution_find(group, key->variable);
		if (!tt_solution_find(&why->fresh, key->variable)) {
			TT_TRY(tt_solution_set(why, &known, key->variable, found ? &found->term : &none, TT_DEMAND_SAME));
		}
	}
	const tt_task task = {.group = query->where, .graph = *graph, .known = &known, .extra = g->extra};
	tt_status status = TT_OK;
	TT_TRY_DONE(tt_task_ask(why, &task, &results));
	const tt_term *row = NULL;
	bool is_end = false;
	while (!is_end && !why->is_cut) {
		tt_solution member;
		TT_TRY_DONE(tt_task_next(why, results, &member, &is_end));
		if (!is_end) {
			++n_members;
			TT_TRY_DONE(tt_witness_group(why, query->where, &member, graph));
		}
	}
	while (!is_end) { /* the rest is only counted */
		TT_TRY_DONE(tt_results_next(results, &row));
		is_end = !row;
		n_members += !is_end;
	}
	TT_TRY_DONE(note_members(why, n_members));
done:
	why->is_counted = was_counted;
	tt_results_free(results);
	return status;
}

static tt_status witness_grouped(tt_why *why, const tt_ast_query *query, const tt_solution *row, const tt_term *graph,
                                 bool *out_is_found)
{
	grouping g;
	tt_solution group = {NULL, 0, 0};
	why->n_solutions += why->is_top;
	why->is_top = false;
	TT_TRY(make_grouping(why, query, &g));
	TT_TRY(find_group(why, query, &g, row, graph, &group, out_is_found));
	if (!*out_is_found) {
		return TT_OK;
	}
	for (const tt_ast_projection *item = query->projection; item; item = item->next) {
		TT_TRY(item->expr ? tt_witness_computed(why, item->variable, item->expr, row) : TT_OK);
	}
	for (const tt_ast_condition *condition = query->having; condition; condition = condition->next) {
		TT_TRY(tt_witness_expr(why, condition->expr, TT_WISH_TRUE, &group, graph));
	}
	return witness_members(why, query, &g, &group, graph);
}

tt_status tt_witness_query(tt_why *why, const tt_ast_query *query, const tt_solution *row, const tt_term *graph,
                           bool *out_is_found)
{
	*out_is_found = false;
	return query->is_grouped ? witness_grouped(why, query, row, graph, out_is_found)
	                         : witness_plain(why, query, row, graph, out_is_found);
}
