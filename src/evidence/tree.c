/* tree.c - syntax trees restricted to what is known, and the asking of them.
 *
 * A group with known bindings becomes
 *
 *     { GRAPH <g> { { VALUES … triples … } extra … FILTER(sameTerm(?x, value)) FILTER(!bound(?y)) } }
 *
 * The filters demand what is known of the whole group; the one-row VALUES before each block of triples say the same of
 * what the block binds in any case, so that the search begins there. They stand only where the join of SPARQL makes
 * them a filter: in groups, branches of UNION and GRAPH, never in OPTIONAL or MINUS, which they would change. */
#include "evidence/evidence.h"

#include "plan/translate.h"

/* ---- solutions ---------------------------------------------------------------------------------- */

static tt_status copy_view(tt_why *why, tt_view *text)
{
	if (text->size) {
		text->data = tt_arena_strndup(&why->arena, text->data, text->size);
	}
	return text->size && !text->data ? why->ctx.error.status : TT_OK;
}

tt_status tt_why_copy(tt_why *why, const tt_term *term, tt_term *out)
{
	*out = *term;
	TT_TRY(copy_view(why, &out->text));
	TT_TRY(copy_view(why, &out->datatype));
	return copy_view(why, &out->language);
}

const tt_known *tt_solution_find(const tt_solution *solution, tt_view name)
{
	for (size_t i = 0; i < solution->n_items; ++i) {
		if (tt_view_equal(solution->items[i].name, name)) {
			return &solution->items[i];
		}
	}
	return NULL;
}

tt_status tt_solution_set(tt_why *why, tt_solution *solution, tt_view name, const tt_term *term, tt_demand demand)
{
	const tt_known made = {name, *term, demand};
	for (size_t i = 0; i < solution->n_items; ++i) {
		if (tt_view_equal(solution->items[i].name, name)) {
			solution->items[i] = made;
			return TT_OK;
		}
	}
	TT_TRY(tt_arena_grow(&why->arena, (void **)&solution->items, &solution->capacity, solution->n_items,
	                     sizeof *solution->items));
	solution->items[solution->n_items++] = made;
	return TT_OK;
}

/* Whether a term of a pattern is the variable, or the blank node, of this name. */
static bool is_named(const tt_ast_term *term, tt_view name)
{
	if (term->kind != TT_AST_BLANK) {
		return term->kind == TT_AST_VARIABLE && tt_view_equal(term->text, name);
	}
	return tt_view_starts(name, TT_VIEW("_:")) && tt_view_equal(tt_view_skip(name, 2), term->text);
}

tt_term tt_solution_value(const tt_solution *solution, const tt_ast_term *term)
{
	if (term->kind == TT_AST_CONSTANT) {
		return term->constant;
	}
	for (size_t i = 0; i < solution->n_items; ++i) {
		if (is_named(term, solution->items[i].name)) {
			return solution->items[i].term;
		}
	}
	return (tt_term){.kind = TT_TERM_NONE};
}

/* ---- making trees ------------------------------------------------------------------------------- */

static tt_status append(tt_why *why, tt_ast_element ***tail, const tt_ast_element *model)
{
	tt_ast_element *const made = TT_ARENA_NEW(&why->arena, tt_ast_element);
	if (!made) {
		return why->ctx.error.status;
	}
	*made = *model;
	made->next = NULL;
	**tail = made;
	*tail = &made->next;
	return TT_OK;
}

static tt_ast_group *new_group(tt_why *why)
{
	return TT_ARENA_NEW(&why->arena, tt_ast_group);
}

static tt_ast_expr *new_expr(tt_why *why, tt_ast_expr model, size_t n_arguments)
{
	tt_ast_expr *const made = TT_ARENA_NEW(&why->arena, tt_ast_expr);
	if (!made) {
		return NULL;
	}
	*made = model;
	made->n_levels = (unsigned)n_arguments + 1; /* the trees made here are a line: each argument may be one level */
	made->n_arguments = n_arguments;
	made->arguments = tt_arena_alloc(&why->arena, n_arguments * sizeof *made->arguments);
	return made->arguments ? made : NULL;
}

/* sameTerm(?name, term), or !bound(?name) if the term is none; loose: !bound(?name) || sameTerm(…). */
static tt_status make_demand(tt_why *why, const tt_known *known, tt_ast_expr **out)
{
	const tt_ast_expr call = {.kind = TT_EXPR_BUILTIN};
	tt_ast_expr *const variable = new_expr(why, (tt_ast_expr){.kind = TT_EXPR_VARIABLE, .text = known->name}, 0);
	tt_ast_expr *const constant = new_expr(why, (tt_ast_expr){.kind = TT_EXPR_CONSTANT, .constant = known->term}, 0);
	tt_ast_expr *const bound = new_expr(why, call, 1);
	tt_ast_expr *const unbound = new_expr(why, (tt_ast_expr){.kind = TT_EXPR_NOT}, 1);
	tt_ast_expr *const same = new_expr(why, call, 2);
	tt_ast_expr *const either = new_expr(why, (tt_ast_expr){.kind = TT_EXPR_OR}, 2);
	if (!variable || !constant || !bound || !unbound || !same || !either) {
		return why->ctx.error.status;
	}
	bound->builtin = TT_FN_BOUND;
	bound->arguments[0] = variable;
	unbound->arguments[0] = bound;
	same->builtin = TT_FN_SAMETERM;
	same->arguments[0] = variable;
	same->arguments[1] = constant;
	either->arguments[0] = unbound;
	either->arguments[1] = same;
	*out = known->term.kind == TT_TERM_NONE ? unbound : known->demand == TT_DEMAND_LOOSE ? either : same;
	return TT_OK;
}

/* Append a VALUES of one row with those bindings that are wanted; nothing if there are none. */
static tt_status append_values(tt_why *why, tt_ast_element ***tail, const tt_solution *known, const bool *is_wanted)
{
	tt_ast_values *const values = TT_ARENA_NEW(&why->arena, tt_ast_values);
	if (!values) {
		return why->ctx.error.status;
	}
	values->n_rows = 1;
	values->variables = tt_arena_alloc(&why->arena, known->n_items * sizeof *values->variables);
	values->cells = tt_arena_alloc(&why->arena, known->n_items * sizeof *values->cells);
	if (!values->variables || !values->cells) {
		return why->ctx.error.status;
	}
	for (size_t i = 0; i < known->n_items; ++i) {
		if (known->items[i].term.kind != TT_TERM_NONE && (!is_wanted || is_wanted[i])) {
			values->variables[values->n_variables] = known->items[i].name;
			values->cells[values->n_variables++] = known->items[i].term;
		}
	}
	return values->n_variables ? append(why, tail, &(tt_ast_element){.kind = TT_ELEMENT_VALUES, .values = values})
	                           : TT_OK;
}

/* ---- copies ------------------------------------------------------------------------------------- */

static tt_status copy_group(tt_why *why, const tt_ast_group *group, const tt_solution *known, tt_ast_group **out);

/* A blank node becomes a variable, so that its value is told. */
static tt_status copy_term(tt_why *why, const tt_ast_term *term, tt_ast_term *out)
{
	*out = *term;
	if (term->kind != TT_AST_BLANK) {
		return TT_OK;
	}
	char *const name = tt_arena_alloc(&why->arena, term->text.size + 2);
	if (!name) {
		return why->ctx.error.status;
	}
	name[0] = '_';
	name[1] = ':';
	memcpy(name + 2, term->text.data, term->text.size);
	out->kind = TT_AST_VARIABLE;
	out->text = (tt_view){name, term->text.size + 2};
	return TT_OK;
}

static void mark(const tt_ast_term *term, const tt_solution *known, bool *is_wanted)
{
	for (size_t i = 0; i < known->n_items; ++i) {
		is_wanted[i] = is_wanted[i] || is_named(term, known->items[i].name);
	}
}

static tt_status append_triples(tt_why *why, tt_ast_element ***tail, const tt_ast_element *element,
                                const tt_solution *known)
{
	tt_ast_element copy = *element;
	tt_ast_triple **next = &copy.triples;
	bool *const is_wanted = tt_arena_alloc(&why->arena, known->n_items * sizeof *is_wanted);
	if (!is_wanted) {
		return why->ctx.error.status;
	}
	for (const tt_ast_triple *triple = element->triples; triple; triple = triple->next) {
		tt_ast_triple *const made = TT_ARENA_NEW(&why->arena, tt_ast_triple);
		if (!made) {
			return why->ctx.error.status;
		}
		*made = *triple;
		TT_TRY(copy_term(why, &triple->subject, &made->subject));
		TT_TRY(copy_term(why, &triple->object, &made->object));
		mark(&triple->subject, known, is_wanted);
		mark(&triple->object, known, is_wanted);
		if (!triple->path) {
			TT_TRY(copy_term(why, &triple->predicate, &made->predicate));
			mark(&triple->predicate, known, is_wanted);
		}
		*next = made;
		next = &made->next;
	}
	TT_TRY(append_values(why, tail, known, is_wanted));
	return append(why, tail, &copy);
}

/* { … }, UNION and GRAPH: what is known goes inside. */
static tt_status append_groups(tt_why *why, tt_ast_element ***tail, const tt_ast_element *element,
                               const tt_solution *known)
{
	tt_ast_element copy = *element;
	tt_ast_group **next = &copy.group;
	if (element->kind == TT_ELEMENT_GRAPH) {
		bool *const is_wanted = tt_arena_alloc(&why->arena, known->n_items * sizeof *is_wanted);
		if (!is_wanted) {
			return why->ctx.error.status;
		}
		mark(&element->term, known, is_wanted);
		TT_TRY(append_values(why, tail, known, is_wanted));
	}
	for (const tt_ast_group *group = element->group; group; group = group->next_alternative) {
		TT_TRY(copy_group(why, group, known, next));
		next = &(*next)->next_alternative;
	}
	return append(why, tail, &copy);
}

static tt_status append_elements(tt_why *why, tt_ast_element ***tail, const tt_ast_group *group,
                                 const tt_solution *known)
{
	for (const tt_ast_element *element = group->elements; element; element = element->next) {
		switch (element->kind) {
		case TT_ELEMENT_TRIPLES:
			TT_TRY(append_triples(why, tail, element, known));
			break;
		case TT_ELEMENT_GROUP:
		case TT_ELEMENT_UNION:
		case TT_ELEMENT_GRAPH:
			TT_TRY(append_groups(why, tail, element, known));
			break;
		default:
			TT_TRY(append(why, tail, element));
		}
	}
	return TT_OK;
}

static tt_status copy_group(tt_why *why, const tt_ast_group *group, const tt_solution *known, tt_ast_group **out)
{
	*out = new_group(why);
	if (!*out) {
		return why->ctx.error.status;
	}
	**out = *group;
	(*out)->next_alternative = NULL;
	if (group->subquery) {
		return TT_OK;
	}
	TT_TRY(tt_ctx_enter(&why->ctx));
	tt_ast_element **tail = &(*out)->elements;
	*tail = NULL;
	const tt_status status = append_elements(why, &tail, group, known);
	tt_ctx_leave(&why->ctx);
	return status;
}

/* ---- asking ------------------------------------------------------------------------------------- */

/* SELECT * { group } or { GRAPH <g> { group } } over the dataset of the query. */
static tt_status ask_group(tt_why *why, const tt_term *graph, tt_ast_group *group, tt_results **out_results)
{
	tt_ast *const ast = TT_ARENA_NEW(&why->arena, tt_ast);
	tt_ast_query *const query = TT_ARENA_NEW(&why->arena, tt_ast_query);
	tt_ast_group *const outside = new_group(why);
	tt_ast_element *const inside = TT_ARENA_NEW(&why->arena, tt_ast_element);
	if (!ast || !query || !outside || !inside) {
		return why->ctx.error.status;
	}
	*inside = (tt_ast_element){.kind = TT_ELEMENT_GRAPH, .group = group};
	inside->term = (tt_ast_term){.kind = TT_AST_CONSTANT, .constant = *graph};
	outside->elements = inside;
	*query = (tt_ast_query){.form = TT_QUERY_SELECT,
	                        .is_star = true,
	                        .dataset = why->ast->query->dataset,
	                        .where = graph->kind == TT_TERM_NONE ? group : outside};
	*ast = *why->ast;
	ast->query = query;
	return tt_db_query_tree(why->db, ast, &why->options, &why->ctx, out_results);
}

/* The names that a group shows, as a set of those that are known. */
typedef struct visible_set {
	const tt_solution *known;
	bool *is_visible;
} visible_set;

static tt_status note_visible(void *user, tt_view name)
{
	const visible_set *const set = user;
	for (size_t i = 0; i < set->known->n_items; ++i) {
		set->is_visible[i] = set->is_visible[i] || tt_view_equal(set->known->items[i].name, name);
	}
	return TT_OK;
}

/* Demand what is known of the variables that the task shows. */
static tt_status append_demands(tt_why *why, tt_ast_element ***tail, const tt_task *task)
{
	visible_set set = {task->known, tt_arena_alloc(&why->arena, task->known->n_items * sizeof(bool))};
	if (!set.is_visible) {
		return why->ctx.error.status;
	}
	TT_TRY(tt_ast_visible(&why->ctx, task->group, note_visible, &set));
	const tt_ast_group extra = {.elements = (tt_ast_element *)(uintptr_t)task->extra};
	TT_TRY(tt_ast_visible(&why->ctx, &extra, note_visible, &set));
	for (size_t i = 0; i < task->known->n_items; ++i) {
		tt_ast_element filter = {.kind = TT_ELEMENT_FILTER};
		tt_ast_expr *demand = NULL;
		if (set.is_visible[i]) {
			TT_TRY(make_demand(why, &task->known->items[i], &demand));
			filter.expr = demand;
			TT_TRY(append(why, tail, &filter));
		}
	}
	return TT_OK;
}

tt_status tt_task_ask(tt_why *why, const tt_task *task, tt_results **out_results)
{
	tt_ast_group *const whole = new_group(why);
	tt_ast_group *inner = NULL;
	*out_results = NULL;
	if (!whole) {
		return why->ctx.error.status;
	}
	tt_ast_element **tail = &whole->elements;
	TT_TRY(copy_group(why, task->group, task->known, &inner));
	if (task->outer) { /* behind the elements, in the same group, whose filters see it */
		tt_ast_element **inner_tail = &inner->elements;
		if (inner->subquery) {
			tt_ast_group *const around = new_group(why);
			if (!around) {
				return why->ctx.error.status;
			}
			inner_tail = &around->elements;
			TT_TRY(append(why, &inner_tail, &(tt_ast_element){.kind = TT_ELEMENT_GROUP, .group = inner}));
			inner = around;
		}
		while (*inner_tail) {
			inner_tail = &(*inner_tail)->next;
		}
		TT_TRY(append_values(why, &inner_tail, task->outer, NULL));
	}
	TT_TRY(append(why, &tail, &(tt_ast_element){.kind = TT_ELEMENT_GROUP, .group = inner}));
	for (const tt_ast_element *element = task->extra; element; element = element->next) {
		TT_TRY(append(why, &tail, element));
	}
	TT_TRY(append_demands(why, &tail, task));
	return ask_group(why, &task->graph, whole, out_results);
}

tt_status tt_task_next(tt_why *why, tt_results *results, tt_solution *out, bool *out_is_end)
{
	const tt_term *row = NULL;
	*out = (tt_solution){NULL, 0, 0};
	TT_TRY(tt_results_next(results, &row));
	*out_is_end = !row;
	for (size_t i = 0; i < tt_results_n_columns(results) && row; ++i) {
		tt_view name = tt_results_column(results, i);
		tt_term term;
		TT_TRY(copy_view(why, &name));
		TT_TRY(tt_why_copy(why, &row[i], &term));
		TT_TRY(tt_solution_set(why, out, name, &term, TT_DEMAND_SAME));
	}
	return TT_OK;
}

tt_status tt_task_first(tt_why *why, const tt_task *task, tt_solution *out, bool *out_is_found)
{
	tt_results *results = NULL;
	bool is_end = true;
	TT_TRY(tt_task_ask(why, task, &results));
	const tt_status status = tt_task_next(why, results, out, &is_end);
	tt_results_free(results);
	*out_is_found = !is_end;
	return status;
}

tt_status tt_triple_ask(tt_why *why, const tt_term *graph, const tt_ast_triple *triples, const tt_ast_values *starts,
                        tt_results **out_results)
{
	tt_ast_group *const group = new_group(why);
	*out_results = NULL;
	if (!group) {
		return why->ctx.error.status;
	}
	tt_ast_element **tail = &group->elements;
	if (starts) {
		TT_TRY(append(why, &tail,
		              &(tt_ast_element){.kind = TT_ELEMENT_VALUES, .values = (tt_ast_values *)(uintptr_t)starts}));
	}
	TT_TRY(append(why, &tail,
	              &(tt_ast_element){.kind = TT_ELEMENT_TRIPLES, .triples = (tt_ast_triple *)(uintptr_t)triples}));
	return ask_group(why, graph, group, out_results);
}

/* ---- values that are new at each run ------------------------------------------------------------ */

bool tt_why_is_fresh(const tt_why *why, const tt_ast_expr *expr)
{
	static const bool is_fresh[TT_N_BUILTINS] = {
	    [TT_FN_RAND] = true, [TT_FN_UUID] = true, [TT_FN_STRUUID] = true, [TT_FN_BNODE] = true, [TT_FN_NOW] = true};
	if ((expr->kind == TT_EXPR_BUILTIN && is_fresh[expr->builtin]) ||
	    (expr->kind == TT_EXPR_VARIABLE && tt_solution_find(&why->fresh, expr->text))) {
		return true;
	}
	for (size_t i = 0; i < expr->n_arguments; ++i) {
		if (tt_why_is_fresh(why, expr->arguments[i])) {
			return true;
		}
	}
	return false;
}

static tt_status note_fresh(tt_why *why, tt_view name, const tt_ast_expr *expr)
{
	const tt_term none = {.kind = TT_TERM_NONE};
	return expr && name.size && tt_why_is_fresh(why, expr)
	           ? tt_solution_set(why, &why->fresh, name, &none, TT_DEMAND_SAME)
	           : TT_OK;
}

static tt_status find_fresh_in(tt_why *why, const tt_ast_group *group)
{
	TT_TRY(tt_ctx_enter(&why->ctx));
	tt_status status = group->subquery ? tt_why_find_fresh(why, group->subquery) : TT_OK;
	for (const tt_ast_element *element = group->elements; element && status == TT_OK; element = element->next) {
		if (element->kind == TT_ELEMENT_BIND) {
			status = note_fresh(why, element->variable, element->expr);
		}
		for (const tt_ast_group *inner = element->group; inner && status == TT_OK; inner = inner->next_alternative) {
			status = find_fresh_in(why, inner);
		}
	}
	tt_ctx_leave(&why->ctx);
	return status;
}

tt_status tt_why_find_fresh(tt_why *why, const tt_ast_query *query)
{
	TT_TRY(query->where ? find_fresh_in(why, query->where) : TT_OK);
	for (const tt_ast_projection *key = query->group_by; key; key = key->next) {
		TT_TRY(note_fresh(why, key->variable, key->expr));
	}
	for (const tt_ast_projection *item = query->projection; item; item = item->next) {
		TT_TRY(note_fresh(why, item->variable, item->expr));
	}
	return TT_OK;
}
