/* translate_group.c - group graph patterns (SPARQL 1.1 §18.2.2).
 *
 * A group is translated element by element. What is to be joined is gathered in a list and joined as a balanced tree
 * when an OPTIONAL, MINUS or BIND needs the pattern so far, or at the end; triples that nothing but filters
 * interrupts become one basic graph pattern; filters wait for the end of the group (§18.2.2.2, §18.2.2.7). */
#include "plan/translate.h"

#include "base/context.h"

/* A growing array of pointers in an arena. */
typedef struct pointers {
	void **items;
	size_t n_items, capacity;
} pointers;

typedef struct group_state {
	tt_translator *t;
	pointers operands;           /* tt_algebra: to be joined */
	pointers filters;            /* tt_expr */
	tt_triple_pattern *patterns; /* the basic graph pattern being gathered */
	size_t n_patterns, patterns_capacity;
} group_state;

static tt_status add_pointer(tt_arena *arena, pointers *list, void *item)
{
	TT_TRY(tt_arena_grow(arena, (void **)&list->items, &list->capacity, list->n_items, sizeof(void *)));
	list->items[list->n_items++] = item;
	return TT_OK;
}

static tt_status add_pattern(group_state *g, tt_slot subject, tt_slot predicate, tt_slot object, tt_place place)
{
	TT_TRY(
	    tt_arena_grow(g->t->arena, (void **)&g->patterns, &g->patterns_capacity, g->n_patterns, sizeof *g->patterns));
	g->patterns[g->n_patterns++] = (tt_triple_pattern){.subject = subject,
	                                                   .predicate = predicate,
	                                                   .object = object,
	                                                   .graph_kind = g->t->graph_kind,
	                                                   .graph = g->t->graph,
	                                                   .place = place};
	return TT_OK;
}

/* End the basic graph pattern. */
static tt_status flush(group_state *g)
{
	if (g->n_patterns == 0) {
		return TT_OK;
	}
	tt_algebra *bgp = NULL;
	TT_TRY(tt_algebra_bgp(g->t->query, g->patterns, g->n_patterns, &bgp));
	g->patterns = NULL;
	g->n_patterns = g->patterns_capacity = 0;
	return add_pointer(g->t->arena, &g->operands, bgp);
}

static tt_status add_operand(group_state *g, tt_algebra *operand)
{
	TT_TRY(flush(g));
	return add_pointer(g->t->arena, &g->operands, operand);
}

/* The pattern so far. */
static tt_status fold(group_state *g, tt_algebra **out)
{
	TT_TRY(flush(g));
	TT_TRY(tt_algebra_join_all(g->t->query, (tt_algebra **)g->operands.items, g->operands.n_items, out));
	g->operands.n_items = 0;
	return TT_OK;
}

/* ---- triples and paths (§18.2.2.3, §18.2.2.4) -------------------------------------------------- */

static tt_status translate_path(group_state *g, tt_slot subject, const tt_path *path, tt_slot object);

/* The operands of a chain of `/` or of `|`, left to right, however the parser has nested them. */
static tt_status list_chain(tt_arena *arena, const tt_path *path, pointers *out)
{
	pointers stack = {0};
	TT_TRY(add_pointer(arena, &stack, (void *)(uintptr_t)path));
	while (stack.n_items) {
		const tt_path *const top = stack.items[--stack.n_items];
		if (top->kind == path->kind) {
			TT_TRY(add_pointer(arena, &stack, (void *)(uintptr_t)top->second));
			TT_TRY(add_pointer(arena, &stack, (void *)(uintptr_t)top->first));
		} else {
			TT_TRY(add_pointer(arena, out, (void *)(uintptr_t)top));
		}
	}
	return TT_OK;
}

static tt_status path_link(group_state *g, tt_slot subject, const tt_path *path, tt_slot object)
{
	return add_pattern(g, subject, (tt_slot){.constant = tt_term_iri(path->iri)}, object, path->place);
}

static tt_status path_inverse(group_state *g, tt_slot subject, const tt_path *path, tt_slot object)
{
	return translate_path(g, object, path->first, subject);
}

static tt_status path_sequence(group_state *g, tt_slot subject, const tt_path *path, tt_slot object)
{
	pointers chain = {0};
	TT_TRY(list_chain(g->t->arena, path, &chain));
	tt_slot from = subject;
	for (size_t i = 0; i < chain.n_items; ++i) {
		tt_slot to = object;
		if (i + 1 < chain.n_items) {
			to = (tt_slot){.is_variable = true};
			TT_TRY(tt_algebra_variable(g->t->query, (tt_view){0}, true, &to.variable));
		}
		TT_TRY(translate_path(g, from, chain.items[i], to));
		from = to;
	}
	return TT_OK;
}

static tt_status path_alternative(group_state *g, tt_slot subject, const tt_path *path, tt_slot object)
{
	pointers chain = {0};
	pointers branches = {0};
	TT_TRY(list_chain(g->t->arena, path, &chain));
	for (size_t i = 0; i < chain.n_items; ++i) {
		group_state branch = {.t = g->t};
		tt_algebra *pattern = NULL;
		TT_TRY(translate_path(&branch, subject, chain.items[i], object));
		TT_TRY(fold(&branch, &pattern));
		TT_TRY(add_pointer(g->t->arena, &branches, pattern));
	}
	tt_algebra *all = NULL;
	TT_TRY(tt_algebra_union_all(g->t->query, (tt_algebra **)branches.items, branches.n_items, &all));
	return add_operand(g, all);
}

static tt_status path_node(group_state *g, tt_slot subject, const tt_path *path, tt_slot object)
{
	tt_triple_pattern *const ends = TT_ARENA_NEW(g->t->arena, tt_triple_pattern);
	if (!ends) {
		return g->t->ctx->error.status;
	}
	*ends = (tt_triple_pattern){.subject = subject,
	                            .object = object,
	                            .graph_kind = g->t->graph_kind,
	                            .graph = g->t->graph,
	                            .place = path->place};
	const tt_algebra model = {
	    .kind = TT_ALGEBRA_PATH, .patterns = ends, .n_patterns = 1, .path = path, .place = path->place};
	tt_algebra *node = NULL;
	TT_TRY(tt_algebra_make(g->t->query, &model, &node));
	return add_operand(g, node);
}

static tt_status translate_path(group_state *g, tt_slot subject, const tt_path *path, tt_slot object)
{
	static tt_status (*const by_kind[])(group_state *, tt_slot, const tt_path *, tt_slot) = {
	    [TT_PATH_LINK] = path_link,         [TT_PATH_INVERSE] = path_inverse,
	    [TT_PATH_SEQUENCE] = path_sequence, [TT_PATH_ALTERNATIVE] = path_alternative,
	    [TT_PATH_ZERO_OR_MORE] = path_node, [TT_PATH_ONE_OR_MORE] = path_node,
	    [TT_PATH_ZERO_OR_ONE] = path_node,  [TT_PATH_NEGATED_SET] = path_node,
	};
	TT_TRY(tt_ctx_enter(g->t->ctx));
	const tt_status status = by_kind[path->kind](g, subject, path, object);
	tt_ctx_leave(g->t->ctx);
	return status;
}

static tt_status element_triples(group_state *g, const tt_ast_element *element)
{
	for (const tt_ast_triple *triple = element->triples; triple; triple = triple->next) {
		tt_slot subject = {0};
		tt_slot predicate = {0};
		tt_slot object = {0};
		/* In the order of the text: SELECT * shows the variables in the order of their numbers. */
		TT_TRY(tt_translate_term(g->t, &triple->subject, &subject));
		if (!triple->path) {
			TT_TRY(tt_translate_term(g->t, &triple->predicate, &predicate));
		}
		TT_TRY(tt_translate_term(g->t, &triple->object, &object));
		TT_TRY(triple->path ? translate_path(g, subject, triple->path, object)
		                    : add_pattern(g, subject, predicate, object, triple->subject.place));
	}
	return TT_OK;
}

/* ---- the other elements (§18.2.2.5, §18.2.2.6) ------------------------------------------------- */

static tt_status element_filter(group_state *g, const tt_ast_element *element)
{
	tt_expr *expr = NULL;
	TT_TRY(tt_translate_expr(g->t, element->expr, &expr));
	return add_pointer(g->t->arena, &g->filters, expr);
}

static tt_status element_optional(group_state *g, const tt_ast_element *element)
{
	tt_algebra model = {.kind = TT_ALGEBRA_LEFT_JOIN, .place = element->place};
	TT_TRY(fold(g, &model.left));
	TT_TRY(tt_translate_group(g->t, element->group, &model.right, &model.filters, &model.n_filters));
	tt_algebra *node = NULL;
	TT_TRY(tt_algebra_make(g->t->query, &model, &node));
	return add_operand(g, node);
}

static tt_status element_minus(group_state *g, const tt_ast_element *element)
{
	tt_algebra model = {.kind = TT_ALGEBRA_MINUS, .place = element->place};
	TT_TRY(fold(g, &model.left));
	TT_TRY(tt_translate_group(g->t, element->group, &model.right, NULL, NULL));
	tt_algebra *node = NULL;
	TT_TRY(tt_algebra_make(g->t->query, &model, &node));
	return add_operand(g, node);
}

static tt_status element_union(group_state *g, const tt_ast_element *element)
{
	pointers alternatives = {0};
	for (const tt_ast_group *group = element->group; group; group = group->next_alternative) {
		tt_algebra *alternative = NULL;
		TT_TRY(tt_translate_group(g->t, group, &alternative, NULL, NULL));
		TT_TRY(add_pointer(g->t->arena, &alternatives, alternative));
	}
	tt_algebra *node = NULL;
	TT_TRY(tt_algebra_union_all(g->t->query, (tt_algebra **)alternatives.items, alternatives.n_items, &node));
	return add_operand(g, node);
}

static tt_status element_group(group_state *g, const tt_ast_element *element)
{
	tt_algebra *node = NULL;
	TT_TRY(tt_translate_group(g->t, element->group, &node, NULL, NULL));
	return add_operand(g, node);
}

static tt_status element_graph(group_state *g, const tt_ast_element *element)
{
	tt_translator *const t = g->t;
	const tt_pattern_graph outer_kind = t->graph_kind;
	const tt_slot outer = t->graph;
	tt_slot graph = {0};
	TT_TRY(tt_translate_term(t, &element->term, &graph));
	t->graph_kind = TT_PATTERN_SLOT;
	t->graph = graph;
	if (graph.is_variable) {
		TT_TRY(tt_algebra_variable(t->query, (tt_view){0}, true, &t->graph.variable));
		t->query->variables[t->graph.variable].is_graph_loop = true;
	}
	const tt_var parameter = t->graph.variable;
	tt_algebra *node = NULL;
	const tt_status status = tt_translate_group(t, element->group, &node, NULL, NULL);
	t->graph_kind = outer_kind;
	t->graph = outer;
	TT_TRY(status);
	if (graph.is_variable) {
		TT_TRY(tt_translate_graph_variable(t, node, graph.variable, parameter, &node));
	} else {
		TT_TRY(tt_translate_graph_constant(t, node, &graph, &node));
	}
	return add_operand(g, node);
}

/** Variables of a syntax tree that are being listed. */
typedef struct listing {
	tt_translator *t;
	tt_varlist list;
} listing;

static tt_status list_variable(void *user, tt_view name)
{
	listing *const self = user;
	tt_var variable = TT_NO_VAR;
	TT_TRY(tt_scope_variable(self->t, name, &variable));
	return tt_varlist_add(&self->list, variable);
}

/* Federated Query §3.1: a SERVICE SILENT that fails gives one solution without values. Its variables are in scope. */
static tt_status silent_service(group_state *g, const tt_ast_element *element)
{
	tt_translator *const t = g->t;
	listing variables = {.t = t, .list = {.arena = t->arena}};
	tt_varset set = {NULL, 0};
	tt_algebra *node = NULL;
	TT_TRY(tt_ast_visible(t->ctx, element->group, list_variable, &variables));
	if (element->term.kind == TT_AST_VARIABLE) {
		TT_TRY(list_variable(&variables, element->term.text));
	}
	TT_TRY(tt_varset_make(t->arena, variables.list.items, variables.list.n_items, &set));
	tt_algebra model = {.kind = TT_ALGEBRA_VALUES, .n_variables = set.n_items, .n_rows = 1, .place = element->place};
	model.variables = tt_arena_alloc(t->arena, set.n_items * sizeof *model.variables);
	model.cells = tt_arena_alloc(t->arena, set.n_items * sizeof *model.cells); /* zeroed: UNDEF */
	if (!model.variables || !model.cells) {
		return t->ctx->error.status;
	}
	for (size_t i = 0; i < set.n_items; ++i) {
		model.variables[i] = set.items[i];
	}
	t->query->silent_service = t->query->silent_service.line ? t->query->silent_service : element->place;
	TT_TRY(tt_algebra_make(t->query, &model, &node));
	return add_operand(g, node);
}

static tt_status element_service(group_state *g, const tt_ast_element *element)
{
	if (element->is_silent) {
		return silent_service(g, element);
	}
	return TT_FAIL_AT_PLACE(g->t->ctx, TT_UNSUPPORTED, element->place, "SERVICE is not evaluated yet");
}

static tt_status element_bind(group_state *g, const tt_ast_element *element)
{
	tt_algebra *node = NULL;
	tt_expr *expr = NULL;
	tt_var variable = TT_NO_VAR;
	TT_TRY(fold(g, &node));
	TT_TRY(tt_translate_expr(g->t, element->expr, &expr));
	TT_TRY(tt_scope_variable(g->t, element->variable, &variable));
	if (tt_varset_has(node->in_scope, variable)) {
		return TT_FAIL_AT_PLACE(g->t->ctx, TT_SYNTAX, element->place,
		                        "BIND gives a value to ?%.*s, which stands already in the group before it",
		                        TT_VIEW_ARG(element->variable));
	}
	TT_TRY(tt_algebra_extend(g->t->query, node, variable, expr, &node));
	return add_operand(g, node);
}

static tt_status element_values(group_state *g, const tt_ast_element *element)
{
	tt_algebra *node = NULL;
	TT_TRY(tt_translate_values(g->t, element->values, &node));
	return add_operand(g, node);
}

tt_status tt_translate_values(tt_translator *t, const tt_ast_values *values, tt_algebra **out)
{
	tt_algebra model = {.kind = TT_ALGEBRA_VALUES,
	                    .n_variables = values->n_variables,
	                    .cells = values->cells,
	                    .n_rows = values->n_rows,
	                    .place = values->place};
	model.variables = tt_arena_alloc(t->arena, values->n_variables * sizeof *model.variables);
	if (!model.variables) {
		return t->ctx->error.status;
	}
	for (size_t i = 0; i < values->n_variables; ++i) {
		TT_TRY(tt_scope_variable(t, values->variables[i], &model.variables[i]));
	}
	TT_TRY(tt_algebra_make(t->query, &model, out));
	if ((*out)->in_scope.n_items != values->n_variables) {
		return TT_FAIL_AT_PLACE(t->ctx, TT_SYNTAX, values->place, "VALUES names a variable twice");
	}
	return TT_OK;
}

/* ---- groups ----------------------------------------------------------------------------------- */

static tt_status translate_elements(group_state *g, const tt_ast_group *group)
{
	static tt_status (*const by_kind[])(group_state *, const tt_ast_element *) = {
	    [TT_ELEMENT_TRIPLES] = element_triples,   [TT_ELEMENT_FILTER] = element_filter,
	    [TT_ELEMENT_OPTIONAL] = element_optional, [TT_ELEMENT_MINUS] = element_minus,
	    [TT_ELEMENT_UNION] = element_union,       [TT_ELEMENT_GROUP] = element_group,
	    [TT_ELEMENT_GRAPH] = element_graph,       [TT_ELEMENT_SERVICE] = element_service,
	    [TT_ELEMENT_BIND] = element_bind,         [TT_ELEMENT_VALUES] = element_values,
	};
	if (group->subquery) {
		tt_algebra *node = NULL;
		TT_TRY(tt_translate_subselect(g->t, group->subquery, &node));
		TT_TRY(add_operand(g, node));
	}
	for (const tt_ast_element *element = group->elements; element; element = element->next) {
		TT_TRY(by_kind[element->kind](g, element));
	}
	return TT_OK;
}

tt_status tt_translate_group(tt_translator *t, const tt_ast_group *group, tt_algebra **out, tt_expr ***out_filters,
                             size_t *out_n_filters)
{
	group_state g = {.t = t};
	tt_algebra *node = NULL;
	TT_TRY(tt_ctx_enter(t->ctx));
	const tt_status status = translate_elements(&g, group);
	tt_ctx_leave(t->ctx);
	TT_TRY(status);
	TT_TRY(fold(&g, &node));
	if (out_filters) {
		*out = node;
		*out_filters = (tt_expr **)g.filters.items;
		*out_n_filters = g.filters.n_items;
		return TT_OK;
	}
	return tt_algebra_filter(t->query, node, (tt_expr **)g.filters.items, g.filters.n_items, out);
}
