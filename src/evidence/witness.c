/* witness.c - by which statements a solution of a group holds, element by element (SPARQL 1.1 §18.2.2).
 *
 * The solution of the group is exact. An element that is a pattern of its own is solved with the variables that it
 * shares with the solution; those that no other element of the group is sure to bind must have got their value from it.
 * Where this leaves no solution (two OPTIONALs that might bind the same variable), it is tried again less strictly. */
#include "evidence/evidence.h"

#include "plan/translate.h"
#include "result/cell.h"

/* ---- telling ------------------------------------------------------------------------------------ */

static tt_status copy_text(tt_why *why, tt_view *text)
{
	text->data = tt_arena_strndup(&why->arena, text->data ? text->data : "", text->size);
	return text->data ? TT_OK : why->ctx.error.status;
}

tt_status tt_witness_statement(tt_why *why, const tt_term triple[3], const tt_term *graph)
{
	uint64_t hash = 0;
	uint64_t cursor = 0;
	uint64_t number = 0;
	for (size_t i = 0; i < 3; ++i) {
		if (triple[i].kind == TT_TERM_NONE) {
			return TT_OK; /* a solution that was not found exactly */
		}
		hash = tt_hash_u64(hash + tt_term_hash(&triple[i]));
	}
	++why->n_told;
	while (tt_map_next(&why->by_hash, hash, &cursor, &number)) {
		const tt_term *const other = why->statements[number].triple;
		if (tt_term_equal(&other[0], &triple[0]) && tt_term_equal(&other[1], &triple[1]) &&
		    tt_term_equal(&other[2], &triple[2])) {
			return TT_OK;
		}
	}
	if (why->n_statements >= why->n_most) {
		why->is_cut = true;
		return TT_OK;
	}
	TT_TRY(tt_arena_grow(&why->arena, (void **)&why->statements, &why->statements_capacity, why->n_statements,
	                     sizeof *why->statements));
	tt_statement *const made = &why->statements[why->n_statements];
	*made = (tt_statement){.matched = *graph};
	for (size_t i = 0; i < 3; ++i) {
		TT_TRY(tt_why_copy(why, &triple[i], &made->triple[i]));
	}
	TT_TRY(tt_map_insert(&why->by_hash, hash, why->n_statements));
	why->n_statements++;
	return TT_OK;
}

tt_status tt_witness_note(tt_why *why, tt_note_kind kind, const tt_buffer *text)
{
	for (size_t i = 0; i < why->n_notes; ++i) {
		if (why->notes[i].kind == kind && tt_view_equal(why->notes[i].text, tt_buffer_view(text))) {
			return TT_OK;
		}
	}
	if (why->n_notes >= why->n_most) {
		why->is_cut = true;
		return TT_OK;
	}
	TT_TRY(tt_arena_grow(&why->arena, (void **)&why->notes, &why->notes_capacity, why->n_notes, sizeof *why->notes));
	tt_note *const made = &why->notes[why->n_notes];
	*made = (tt_note){kind, tt_buffer_view(text)};
	TT_TRY(copy_text(why, &made->text));
	why->n_notes++;
	return TT_OK;
}

tt_status tt_witness_print(tt_why *why, tt_view name, const tt_term *term, tt_buffer *out)
{
	const tt_result_style style = {.prefixes = &why->db->prefixes, .is_short = true, .is_utf8 = true};
	tt_cell_look look;
	TT_TRY(tt_buffer_printf(out, "?%.*s = ", TT_VIEW_ARG(name)));
	return term->kind == TT_TERM_NONE ? tt_buffer_append(out, TT_VIEW("(no value)"))
	                                  : tt_cell_write(out, term, &style, &look);
}

tt_status tt_witness_computed(tt_why *why, tt_view name, const tt_ast_expr *expr, const tt_solution *solution)
{
	const tt_known *const value = tt_solution_find(solution, name);
	const tt_term none = {.kind = TT_TERM_NONE};
	tt_buffer text;
	tt_buffer_init(&text, &why->ctx);
	tt_status status = TT_OK;
	TT_TRY_DONE(tt_witness_print(why, name, value ? &value->term : &none, &text));
	TT_TRY_DONE(tt_buffer_append(&text, TT_VIEW(", from ")));
	TT_TRY_DONE(tt_ast_print_expr(expr, &why->db->prefixes, &text));
	TT_TRY_DONE(tt_witness_note(why, TT_NOTE_COMPUTED, &text));
done:
	tt_buffer_clear(&text);
	return status;
}

/* ---- what is known of a part -------------------------------------------------------------------- */

/** Gathers the bindings of a solution that a part shows. */
typedef struct shown {
	tt_why *why;
	const tt_solution *solution;
	tt_solution *out;
} shown;

static tt_status take_shown(void *user, tt_view name)
{
	const shown *const taker = user;
	const tt_known *const found = tt_solution_find(taker->solution, name);
	return found ? tt_solution_set(taker->why, taker->out, name, &found->term, TT_DEMAND_SAME) : TT_OK;
}

static bool binds_term(const tt_ast_term *term, tt_view name)
{
	return term->kind == TT_AST_VARIABLE && tt_view_equal(term->text, name);
}

/* Whether every solution of an element binds a variable, as far as is easily seen. */
static bool is_sure(const tt_ast_element *element, tt_view name)
{
	if (element->kind == TT_ELEMENT_GRAPH && binds_term(&element->term, name)) {
		return true;
	}
	for (const tt_ast_triple *triple = element->triples; triple; triple = triple->next) {
		if (binds_term(&triple->subject, name) || binds_term(&triple->object, name) ||
		    (!triple->path && binds_term(&triple->predicate, name))) {
			return true;
		}
	}
	if (element->kind != TT_ELEMENT_GRAPH && element->kind != TT_ELEMENT_GROUP) {
		return false;
	}
	for (const tt_ast_element *inner = element->group->elements; inner; inner = inner->next) {
		if (is_sure(inner, name)) {
			return true;
		}
	}
	return false;
}

/* What a part of a group may take from the solution, strictly or not. */
static tt_status know_part(tt_why *why, const tt_ast_group *whole, const tt_ast_element *element,
                           const tt_ast_group *part, const tt_solution *solution, tt_solution *out)
{
	shown taker = {why, solution, out};
	*out = (tt_solution){NULL, 0, 0};
	TT_TRY(tt_ast_visible(&why->ctx, part, take_shown, &taker));
	for (size_t i = 0; i < out->n_items; ++i) {
		for (const tt_ast_element *other = whole->elements; other; other = other->next) {
			if (other != element && is_sure(other, out->items[i].name)) {
				out->items[i].demand = TT_DEMAND_LOOSE;
			}
		}
	}
	for (size_t i = 0; i < solution->n_items; ++i) { /* blank nodes stand in one place only */
		if (tt_view_starts(solution->items[i].name, TT_VIEW("_:"))) {
			TT_TRY(tt_solution_set(why, out, solution->items[i].name, &solution->items[i].term, TT_DEMAND_SAME));
		}
	}
	return TT_OK;
}

/* Solve a part of a group within its solution, and tell of it. @param out_is_found May be NULL. */
static tt_status witness_part(tt_why *why, const tt_ast_group *whole, const tt_ast_element *element,
                              const tt_ast_group *part, const tt_solution *solution, const tt_term *graph,
                              bool *out_is_found)
{
	tt_solution known;
	tt_solution found;
	bool is_found = false;
	tt_task task = {.group = part, .graph = *graph, .known = &known};
	TT_TRY(know_part(why, whole, element, part, solution, &known));
	TT_TRY(tt_task_first(why, &task, &found, &is_found));
	for (size_t i = 0; i < known.n_items && !is_found; ++i) {
		known.items[i].demand = TT_DEMAND_LOOSE;
	}
	if (!is_found && element->kind != TT_ELEMENT_UNION) {
		TT_TRY(tt_task_first(why, &task, &found, &is_found));
	}
	if (out_is_found) {
		*out_is_found = *out_is_found || is_found;
	}
	return is_found ? tt_witness_group(why, part, &found, graph) : TT_OK;
}

/* ---- absence ------------------------------------------------------------------------------------ */

/* "{ ?x :p ?y }, where ?x = :a": the pattern, and what it takes from outside. */
static tt_status note_absent(tt_why *why, const tt_ast_group *group, const tt_solution *solution)
{
	const tt_ast_expr exists = {.kind = TT_EXPR_EXISTS, .group = (tt_ast_group *)(uintptr_t)group, .n_levels = 1};
	tt_solution taken = {NULL, 0, 0};
	shown taker = {why, solution, &taken};
	tt_buffer text;
	TT_TRY(tt_ast_visible(&why->ctx, group, take_shown, &taker));
	tt_buffer_init(&text, &why->ctx);
	tt_status status = TT_OK;
	size_t n_told = 0;
	tt_buffer printed;
	tt_buffer_init(&printed, &why->ctx);
	TT_TRY_DONE(tt_ast_print_expr(&exists, &why->db->prefixes, &printed));
	TT_TRY_DONE(tt_buffer_append(&text, tt_view_skip(tt_buffer_view(&printed), strlen("EXISTS "))));
	for (size_t i = 0; i < taken.n_items; ++i) {
		if (taken.items[i].term.kind != TT_TERM_NONE) {
			TT_TRY_DONE(tt_buffer_append(&text, n_told++ ? TT_VIEW(", ") : TT_VIEW(" where ")));
			TT_TRY_DONE(tt_witness_print(why, taken.items[i].name, &taken.items[i].term, &text));
		}
	}
	TT_TRY_DONE(tt_witness_note(why, TT_NOTE_ABSENT, &text));
done:
	tt_buffer_clear(&printed);
	tt_buffer_clear(&text);
	return status;
}

/* ---- OPTIONAL, EXISTS --------------------------------------------------------------------------- */

/* What is demanded of a group that is joined with the solution: the same values; and if @p is_exact, no value where the
 * solution has none. */
static tt_status know_joined(tt_why *why, const tt_ast_group *group, const tt_solution *solution, bool is_exact,
                             tt_solution *out)
{
	shown taker = {why, solution, out};
	size_t n = 0;
	*out = (tt_solution){NULL, 0, 0};
	TT_TRY(tt_ast_visible(&why->ctx, group, take_shown, &taker));
	for (size_t i = 0; i < out->n_items; ++i) {
		if (is_exact || out->items[i].term.kind != TT_TERM_NONE) {
			out->items[n++] = out->items[i];
		}
	}
	out->n_items = n;
	return TT_OK;
}

/* Solve a task and tell of it: by its first solution, or by all where they are counted. */
static tt_status witness_task(tt_why *why, const tt_task *task, bool is_counted)
{
	tt_results *results = NULL;
	bool is_end = false;
	TT_TRY(tt_task_ask(why, task, &results));
	tt_status status = TT_OK;
	do {
		tt_solution found;
		TT_TRY_DONE(tt_task_next(why, results, &found, &is_end));
		TT_TRY_DONE(is_end ? TT_OK : tt_witness_group(why, task->group, &found, &task->graph));
	} while (!is_end && is_counted && !why->is_cut);
done:
	tt_results_free(results);
	return status;
}

/* What is there is told by its statements, what is not by its absence, if that is what the expression wants. */
static tt_status witness_exists(tt_why *why, const tt_ast_expr *expr, bool tells_presence, bool tells_absence,
                                const tt_solution *solution, const tt_term *graph)
{
	tt_ast_group *group = NULL;
	tt_solution known;
	tt_solution found;
	bool is_found = false;
	TT_TRY(tt_why_substitute(why, expr->group, solution, &group));
	TT_TRY(know_joined(why, group, solution, false, &known));
	const tt_task task = {.group = group, .graph = *graph, .known = &known, .outer = solution};
	TT_TRY(tt_task_first(why, &task, &found, &is_found));
	if (is_found) {
		return tells_presence ? tt_witness_group(why, group, &found, graph) : TT_OK;
	}
	return tells_absence ? note_absent(why, expr->group, solution) : TT_OK;
}

/* How the parts of an expression must turn out for the whole. */
static tt_wish wish_of_parts(const tt_ast_expr *expr, tt_wish wish)
{
	if (expr->kind == TT_EXPR_AND || expr->kind == TT_EXPR_OR) {
		return wish;
	}
	return expr->kind != TT_EXPR_NOT || wish == TT_WISH_ANY ? TT_WISH_ANY
	       : wish == TT_WISH_TRUE                           ? TT_WISH_FALSE
	                                                        : TT_WISH_TRUE;
}

tt_status tt_witness_expr(tt_why *why, const tt_ast_expr *expr, tt_wish wish, const tt_solution *solution,
                          const tt_term *graph)
{
	if (expr->kind == TT_EXPR_EXISTS || expr->kind == TT_EXPR_NOT_EXISTS) {
		const tt_wish there = expr->kind == TT_EXPR_EXISTS ? TT_WISH_TRUE : TT_WISH_FALSE;
		return witness_exists(why, expr, wish == TT_WISH_ANY || wish == there, wish == TT_WISH_ANY || wish != there,
		                      solution, graph);
	}
	for (size_t i = 0; i < expr->n_arguments; ++i) {
		TT_TRY(tt_witness_expr(why, expr->arguments[i], wish_of_parts(expr, wish), solution, graph));
	}
	return TT_OK;
}

/* ---- elements ----------------------------------------------------------------------------------- */

typedef struct place {
	const tt_ast_group *group; /* that the element is of */
	const tt_solution *solution;
	const tt_term *graph;
} place;

static tt_status witness_triples(tt_why *why, const tt_ast_element *element, const place *at)
{
	for (const tt_ast_triple *triple = element->triples; triple; triple = triple->next) {
		const tt_term terms[3] = {tt_solution_value(at->solution, &triple->subject),
		                          triple->path ? (tt_term){.kind = TT_TERM_NONE}
		                                       : tt_solution_value(at->solution, &triple->predicate),
		                          tt_solution_value(at->solution, &triple->object)};
		if (triple->path) {
			TT_TRY(tt_witness_path(why, triple, &terms[0], &terms[2], at->graph));
		} else {
			TT_TRY(tt_witness_statement(why, terms, at->graph));
		}
	}
	return TT_OK;
}

static tt_status witness_filter(tt_why *why, const tt_ast_element *element, const place *at)
{
	return tt_witness_expr(why, element->expr, TT_WISH_TRUE, at->solution, at->graph);
}

static tt_status witness_optional(tt_why *why, const tt_ast_element *element, const place *at)
{
	tt_solution known;
	TT_TRY(know_joined(why, element->group, at->solution, true, &known));
	const tt_task task = {.group = element->group, .graph = *at->graph, .known = &known, .outer = at->solution};
	return witness_task(why, &task, why->is_counted);
}

static tt_status witness_minus(tt_why *why, const tt_ast_element *element, const place *at)
{
	tt_solution taken = {NULL, 0, 0};
	shown taker = {why, at->solution, &taken};
	TT_TRY(tt_ast_visible(&why->ctx, element->group, take_shown, &taker));
	for (size_t i = 0; i < taken.n_items; ++i) {
		if (taken.items[i].term.kind != TT_TERM_NONE) {
			return note_absent(why, element->group, at->solution);
		}
	}
	return TT_OK; /* no variable in common: it takes nothing away (§18.5) */
}

static tt_status witness_groups(tt_why *why, const tt_ast_element *element, const place *at)
{
	bool is_found = false;
	for (const tt_ast_group *part = element->group; part; part = part->next_alternative) {
		TT_TRY(witness_part(why, at->group, element, part, at->solution, at->graph, &is_found));
	}
	if (is_found || element->kind != TT_ELEMENT_UNION) {
		return TT_OK;
	}
	/* Not strictly, then: each variable may be from another part. */
	const tt_ast_element loose = {.kind = TT_ELEMENT_GROUP};
	for (const tt_ast_group *part = element->group; part; part = part->next_alternative) {
		TT_TRY(witness_part(why, at->group, &loose, part, at->solution, at->graph, NULL));
	}
	return TT_OK;
}

/* A graph is there, which any statement of it shows. */
static tt_status witness_graph_itself(tt_why *why, const tt_term *graph)
{
	const tt_ast_triple any = {.subject = {.kind = TT_AST_VARIABLE, .text = TT_VIEW("s")},
	                           .predicate = {.kind = TT_AST_VARIABLE, .text = TT_VIEW("p")},
	                           .object = {.kind = TT_AST_VARIABLE, .text = TT_VIEW("o")}};
	tt_results *results = NULL;
	const tt_term *row = NULL;
	tt_buffer text;
	tt_buffer_init(&text, &why->ctx);
	tt_status status = TT_OK;
	TT_TRY_DONE(tt_triple_ask(why, graph, &any, NULL, &results));
	TT_TRY_DONE(tt_results_next(results, &row));
	if (row) {
		TT_TRY_DONE(
		    tt_buffer_printf(&text, "<%.*s> holds statements, of which one is listed", TT_VIEW_ARG(graph->text)));
		TT_TRY_DONE(tt_witness_statement(why, row, graph));
		TT_TRY_DONE(tt_witness_note(why, TT_NOTE_GRAPH, &text));
	}
done:
	tt_buffer_clear(&text);
	tt_results_free(results);
	return status;
}

static tt_status witness_graph(tt_why *why, const tt_ast_element *element, const place *at)
{
	const tt_term graph = tt_solution_value(at->solution, &element->term);
	const uint64_t n_before = why->n_told;
	if (graph.kind == TT_TERM_NONE) {
		return TT_OK;
	}
	TT_TRY(witness_part(why, at->group, element, element->group, at->solution, &graph, NULL));
	/* What holds by no statement, such as GRAPH ?g { }, holds in those graphs that there are. */
	return why->n_told == n_before ? witness_graph_itself(why, &graph) : TT_OK;
}

static tt_status witness_service(tt_why *why, const tt_ast_element *element, const place *at)
{
	tt_buffer text;
	(void)element;
	(void)at;
	tt_buffer_init(&text, &why->ctx);
	tt_status status = tt_buffer_append(&text, TT_VIEW("SERVICE is not evaluated: it gives no statements"));
	status = status ? status : tt_witness_note(why, TT_NOTE_REMARK, &text);
	tt_buffer_clear(&text);
	return status;
}

static tt_status witness_bind(tt_why *why, const tt_ast_element *element, const place *at)
{
	TT_TRY(tt_witness_computed(why, element->variable, element->expr, at->solution));
	return tt_witness_expr(why, element->expr, TT_WISH_ANY, at->solution, at->graph);
}

static tt_status witness_values(tt_why *why, const tt_ast_element *element, const place *at)
{
	tt_buffer text;
	size_t n_told = 0;
	tt_buffer_init(&text, &why->ctx);
	tt_status status = TT_OK;
	for (size_t i = 0; i < element->values->n_variables; ++i) {
		const tt_known *const value = tt_solution_find(at->solution, element->values->variables[i]);
		if (value && value->term.kind != TT_TERM_NONE) {
			TT_TRY_DONE(n_told++ ? tt_buffer_append(&text, TT_VIEW(", ")) : TT_OK);
			TT_TRY_DONE(tt_witness_print(why, value->name, &value->term, &text));
		}
	}
	if (n_told) {
		TT_TRY_DONE(tt_witness_note(why, TT_NOTE_GIVEN, &text));
	}
done:
	tt_buffer_clear(&text);
	return status;
}

typedef tt_status witness_function(tt_why *why, const tt_ast_element *element, const place *at);
static witness_function *const witnesses[] = {
    [TT_ELEMENT_TRIPLES] = witness_triples,   [TT_ELEMENT_FILTER] = witness_filter,
    [TT_ELEMENT_OPTIONAL] = witness_optional, [TT_ELEMENT_MINUS] = witness_minus,
    [TT_ELEMENT_UNION] = witness_groups,      [TT_ELEMENT_GROUP] = witness_groups,
    [TT_ELEMENT_GRAPH] = witness_graph,       [TT_ELEMENT_SERVICE] = witness_service,
    [TT_ELEMENT_BIND] = witness_bind,         [TT_ELEMENT_VALUES] = witness_values};

static tt_status witness_elements(tt_why *why, const tt_ast_group *group, const tt_solution *solution,
                                  const tt_term *graph)
{
	const place at = {group, solution, graph};
	TT_TRY(tt_ctx_poll(&why->ctx));
	for (const tt_ast_element *element = group->elements; element; element = element->next) {
		TT_TRY(witnesses[element->kind](why, element, &at));
	}
	return TT_OK;
}

tt_status tt_witness_group(tt_why *why, const tt_ast_group *group, const tt_solution *solution, const tt_term *graph)
{
	TT_TRY(tt_ctx_enter(&why->ctx));
	bool is_found = false;
	const tt_status status = group->subquery ? tt_witness_query(why, group->subquery, solution, graph, &is_found)
	                                         : witness_elements(why, group, solution, graph);
	tt_ctx_leave(&why->ctx);
	return status;
}
