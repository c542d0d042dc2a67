/* translate.c - the algebra of a query: SELECT, CONSTRUCT, DESCRIBE, ASK and solution modifiers (SPARQL 1.1 §18.2.4,
 * §18.2.5).
 *
 * The order is that of the specification: pattern, GROUP BY and aggregates, HAVING, trailing VALUES, SELECT
 * expressions, ORDER BY, projection, DISTINCT or REDUCED, OFFSET and LIMIT. Expressions of SELECT, HAVING and ORDER BY
 * are translated before the GROUP node is made, because they bring its aggregates. */
#include "plan/plan.h"
#include "plan/translate.h"

#include "base/context.h"

/* ---- names ------------------------------------------------------------------------------------ */

enum { SPACE_VARIABLE = 1, SPACE_PATTERN_BLANK = 2, SPACE_TEMPLATE_BLANK = 3 };

static bool find_name(tt_translator *t, uint64_t hash, tt_view name, tt_var *out)
{
	uint64_t cursor = 0;
	uint64_t value = 0;
	while (tt_map_next(&t->scope->by_name, hash, &cursor, &value)) {
		if (tt_view_equal(t->query->variables[value].name, name)) {
			*out = (tt_var)value;
			return true;
		}
	}
	return false;
}

tt_status tt_scope_variable(tt_translator *t, tt_view name, tt_var *out)
{
	const uint64_t hash = tt_hash_bytes(name, SPACE_VARIABLE);
	if (find_name(t, hash, name, out)) {
		return TT_OK;
	}
	TT_TRY(tt_algebra_variable(t->query, name, false, out));
	return tt_map_insert(&t->scope->by_name, hash, *out);
}

tt_status tt_scope_bind(tt_translator *t, tt_view name, tt_var variable)
{
	const uint64_t hash = tt_hash_bytes(name, SPACE_VARIABLE);
	tt_var old = TT_NO_VAR;
	return find_name(t, hash, name, &old) ? TT_OK : tt_map_insert(&t->scope->by_name, hash, variable);
}

tt_status tt_scope_blank(tt_translator *t, tt_view label, uint64_t space, tt_var *out)
{
	tt_buffer name;
	tt_buffer_init(&name, t->ctx);
	tt_status status = TT_OK;
	TT_TRY_DONE(tt_buffer_append(&name, TT_VIEW("_:")));
	TT_TRY_DONE(tt_buffer_append(&name, label));
	const uint64_t hash = tt_hash_bytes(tt_buffer_view(&name), space);
	if (find_name(t, hash, tt_buffer_view(&name), out)) {
		goto done;
	}
	const tt_view copy = {tt_arena_strndup(t->arena, name.data, name.size), name.size};
	if (!copy.data) {
		status = t->ctx->error.status;
		goto done;
	}
	TT_TRY_DONE(tt_algebra_variable(t->query, copy, true, out));
	TT_TRY_DONE(tt_map_insert(&t->scope->by_name, hash, *out));
done:
	tt_buffer_clear(&name);
	return status;
}

static tt_status translate_slot(tt_translator *t, const tt_ast_term *term, uint64_t space, tt_slot *out)
{
	*out = (tt_slot){.is_variable = term->kind != TT_AST_CONSTANT, .variable = TT_NO_VAR};
	if (term->kind == TT_AST_VARIABLE) {
		return tt_scope_variable(t, term->text, &out->variable);
	}
	if (term->kind == TT_AST_BLANK) {
		return tt_scope_blank(t, term->text, space, &out->variable);
	}
	out->constant = term->constant;
	return TT_OK;
}

tt_status tt_translate_term(tt_translator *t, const tt_ast_term *term, tt_slot *out)
{
	return translate_slot(t, term, SPACE_PATTERN_BLANK, out);
}

/* ---- one SELECT level ------------------------------------------------------------------------- */

/* A SELECT, sub-SELECT or other query while its modifiers are put on top of its pattern. */
typedef struct level {
	const tt_ast_query *ast;
	tt_algebra *node;
	tt_grouping *grouping; /* NULL: no aggregates */
	tt_varlist columns;
	tt_var *extend_variables; /* (expr AS ?v) of SELECT */
	tt_expr **extend_exprs;
	size_t n_extends;
	tt_expr **having;
	size_t n_having;
	tt_order_condition *order;
	size_t n_order;
} level;

/* GROUP BY: each key becomes a variable (§18.2.4.1). */
static tt_status translate_keys(tt_translator *t, level *l)
{
	for (const tt_ast_projection *key = l->ast->group_by; key; key = key->next) {
		tt_var variable = TT_NO_VAR;
		if (key->variable.size) {
			TT_TRY(tt_scope_variable(t, key->variable, &variable));
		}
		if (!key->expr || (key->expr->kind == TT_EXPR_VARIABLE && !key->variable.size)) {
			if (key->expr) {
				TT_TRY(tt_scope_variable(t, key->expr->text, &variable));
			}
			TT_TRY(tt_varlist_add(&l->grouping->keys, variable));
			continue;
		}
		tt_expr *expr = NULL;
		TT_TRY(tt_translate_expr(t, key->expr, &expr));
		if (variable == TT_NO_VAR) {
			TT_TRY(tt_algebra_variable(t->query, (tt_view){0}, true, &variable));
		} else if (tt_varset_has(l->node->in_scope, variable)) {
			return TT_FAIL_AT_PLACE(t->ctx, TT_SYNTAX, key->place,
			                        "GROUP BY gives a value to ?%.*s, which stands already in the pattern",
			                        TT_VIEW_ARG(key->variable));
		}
		TT_TRY(tt_algebra_extend(t->query, l->node, variable, expr, &l->node));
		TT_TRY(tt_varlist_add(&l->grouping->keys, variable));
	}
	return TT_OK;
}

static tt_status translate_conditions(tt_translator *t, const tt_ast_condition *conditions, tt_expr ***out,
                                      size_t *out_n)
{
	size_t n = 0;
	for (const tt_ast_condition *condition = conditions; condition; condition = condition->next) {
		n++;
	}
	*out_n = n;
	*out = tt_arena_alloc(t->arena, n * sizeof **out);
	if (!*out) {
		return t->ctx->error.status;
	}
	n = 0;
	for (const tt_ast_condition *condition = conditions; condition; condition = condition->next) {
		TT_TRY(tt_translate_expr(t, condition->expr, &(*out)[n++]));
	}
	return TT_OK;
}

static tt_status translate_order(tt_translator *t, level *l)
{
	tt_expr **exprs = NULL;
	TT_TRY(translate_conditions(t, l->ast->order_by, &exprs, &l->n_order));
	l->order = tt_arena_alloc(t->arena, l->n_order * sizeof *l->order);
	if (!l->order) {
		return t->ctx->error.status;
	}
	const tt_ast_condition *condition = l->ast->order_by;
	for (size_t i = 0; i < l->n_order; ++i, condition = condition->next) {
		l->order[i] = (tt_order_condition){exprs[i], condition->is_descending};
	}
	return TT_OK;
}

/* Reserve room for the SELECT expressions and note their names before any expression is translated. */
static tt_status note_aliases(tt_translator *t, level *l)
{
	size_t n = 0;
	for (const tt_ast_projection *item = l->ast->projection; item; item = item->next) {
		n += item->expr != NULL;
	}
	if (n > TT_ALGEBRA_DEPTH_LIMIT) {
		return TT_FAIL_AT_PLACE(t->ctx, TT_LIMIT, l->ast->place, "SELECT has more than %d expressions",
		                        TT_ALGEBRA_DEPTH_LIMIT);
	}
	l->extend_variables = tt_arena_alloc(t->arena, n * sizeof *l->extend_variables);
	l->extend_exprs = tt_arena_alloc(t->arena, n * sizeof *l->extend_exprs);
	if (!l->extend_variables || !l->extend_exprs) {
		return t->ctx->error.status;
	}
	for (const tt_ast_projection *item = l->ast->projection; item && l->grouping; item = item->next) {
		tt_var alias = TT_NO_VAR;
		if (item->expr) {
			TT_TRY(tt_scope_variable(t, item->variable, &alias));
			TT_TRY(tt_varlist_add(&l->grouping->aliases, alias));
		}
	}
	return TT_OK;
}

static tt_status translate_projection(tt_translator *t, level *l)
{
	for (const tt_ast_projection *item = l->ast->projection; item; item = item->next) {
		tt_var variable = TT_NO_VAR;
		TT_TRY(tt_scope_variable(t, item->variable, &variable));
		TT_TRY(tt_varlist_add(&l->columns, variable));
		if (!item->expr) {
			TT_TRY(tt_grouping_mention(t, variable, item->place));
			continue;
		}
		if (tt_varset_has(l->node->in_scope, variable)) {
			return TT_FAIL_AT_PLACE(t->ctx, TT_SYNTAX, item->place,
			                        "SELECT gives a value to ?%.*s, which stands already in the pattern",
			                        TT_VIEW_ARG(item->variable));
		}
		l->extend_variables[l->n_extends] = variable;
		TT_TRY(tt_translate_expr(t, item->expr, &l->extend_exprs[l->n_extends]));
		l->n_extends++;
	}
	return TT_OK;
}

/* A quad of a template; its variables are columns.
 * @param graph NULL: the default graph. */
static tt_status translate_quad(tt_translator *t, level *l, const tt_ast_triple *triple, const tt_ast_term *graph,
                                tt_template_quad *made)
{
	const tt_ast_term *const terms[4] = {&triple->subject, &triple->predicate, &triple->object, graph};
	made->is_in_default = !graph;
	for (size_t i = 0; i < 3 + (size_t)(graph != NULL); ++i) {
		made->is_blank[i] = terms[i]->kind == TT_AST_BLANK;
		TT_TRY(translate_slot(t, terms[i], SPACE_TEMPLATE_BLANK, &made->terms[i]));
		if (terms[i]->kind == TT_AST_VARIABLE) {
			TT_TRY(tt_varlist_add(&l->columns, made->terms[i].variable));
			TT_TRY(tt_grouping_mention(t, made->terms[i].variable, terms[i]->place));
		}
	}
	return TT_OK;
}

static size_t count_quads(const tt_ast_quads *quads)
{
	size_t n = 0;
	for (; quads; quads = quads->next) {
		for (const tt_ast_triple *triple = quads->triples; triple; triple = triple->next) {
			n++;
		}
	}
	return n;
}

static tt_status translate_quads(tt_translator *t, level *l, const tt_ast_quads *quads, bool is_removed)
{
	const tt_ast_term with = {.kind = TT_AST_CONSTANT, .constant = tt_term_iri(l->ast->with)};
	const tt_ast_term *const outside = l->ast->with.size ? &with : NULL;
	for (; quads; quads = quads->next) {
		for (const tt_ast_triple *triple = quads->triples; triple; triple = triple->next) {
			tt_template_quad *const made = &t->query->template[t->query->n_template++];
			made->is_removed = is_removed;
			TT_TRY(translate_quad(t, l, triple, quads->has_graph ? &quads->graph : outside, made));
		}
	}
	return TT_OK;
}

/* The template of CONSTRUCT, or those of DELETE and INSERT. */
static tt_status translate_templates(tt_translator *t, level *l)
{
	const tt_ast_quads construct = {.triples = l->ast->construct};
	const tt_ast_quads *const insert = l->ast->form == TT_QUERY_UPDATE ? l->ast->insert : &construct;
	const size_t n = count_quads(l->ast->remove) + count_quads(insert);
	t->query->template = tt_arena_alloc(t->arena, n * sizeof *t->query->template);
	if (!t->query->template) {
		return t->ctx->error.status;
	}
	TT_TRY(translate_quads(t, l, l->ast->remove, true));
	return translate_quads(t, l, insert, false);
}

static tt_status translate_describe(tt_translator *t, level *l)
{
	tt_algebra_query *const query = t->query;
	size_t n = 0;
	for (const tt_ast_term_list *item = l->ast->describe; item; item = item->next) {
		n++;
	}
	query->describe = tt_arena_alloc(t->arena, n * sizeof *query->describe);
	if (!query->describe) {
		return t->ctx->error.status;
	}
	for (const tt_ast_term_list *item = l->ast->describe; item; item = item->next) {
		tt_slot *const slot = &query->describe[query->n_describe++];
		TT_TRY(translate_slot(t, &item->term, SPACE_PATTERN_BLANK, slot));
		if (slot->is_variable) {
			TT_TRY(tt_varlist_add(&l->columns, slot->variable));
			TT_TRY(tt_grouping_mention(t, slot->variable, item->term.place));
		}
	}
	return TT_OK;
}

/* SELECT * and DESCRIBE *: every visible variable of the pattern, in the order of their first mention. */
static tt_status add_all_columns(tt_translator *t, level *l)
{
	const tt_varset in_scope = l->node->in_scope;
	for (size_t i = 0; i < in_scope.n_items; ++i) {
		if (!t->query->variables[in_scope.items[i]].is_hidden) {
			TT_TRY(tt_varlist_add(&l->columns, in_scope.items[i]));
		}
	}
	return TT_OK;
}

static tt_status describe_all(tt_translator *t, level *l)
{
	t->query->describe = tt_arena_alloc(t->arena, l->columns.n_items * sizeof *t->query->describe);
	if (!t->query->describe) {
		return t->ctx->error.status;
	}
	for (size_t i = 0; i < l->columns.n_items; ++i) {
		t->query->describe[t->query->n_describe++] = (tt_slot){.is_variable = true, .variable = l->columns.items[i]};
	}
	return TT_OK;
}

/* Everything that stands above the pattern and brings expressions. */
static tt_status translate_heads(tt_translator *t, level *l)
{
	TT_TRY(note_aliases(t, l));
	t->grouping = l->grouping;
	if (l->grouping) {
		l->grouping->is_having = true;
	}
	TT_TRY(translate_conditions(t, l->ast->having, &l->having, &l->n_having));
	if (l->grouping) {
		l->grouping->is_having = false;
	}
	TT_TRY(translate_projection(t, l));
	if (l->ast->form == TT_QUERY_CONSTRUCT || l->ast->form == TT_QUERY_UPDATE) {
		TT_TRY(translate_templates(t, l));
	}
	if (l->ast->form == TT_QUERY_DESCRIBE && !l->ast->is_star) {
		TT_TRY(translate_describe(t, l));
	}
	TT_TRY(translate_order(t, l));
	t->grouping = NULL;
	return TT_OK;
}

static tt_status add_group(tt_translator *t, level *l)
{
	tt_algebra model = {.kind = TT_ALGEBRA_GROUP,
	                    .left = l->node,
	                    .aggregations = l->grouping->aggregations,
	                    .n_aggregations = l->grouping->n_aggregations,
	                    .place = l->ast->place};
	tt_varset keys = {0};
	TT_TRY(tt_varset_make(t->arena, l->grouping->keys.items, l->grouping->keys.n_items, &keys));
	model.n_variables = keys.n_items;
	model.variables = tt_arena_alloc(t->arena, keys.n_items * sizeof *model.variables);
	if (!model.variables) {
		return t->ctx->error.status;
	}
	if (keys.n_items) {
		memcpy(model.variables, keys.items, keys.n_items * sizeof *model.variables);
	}
	return tt_algebra_make(t->query, &model, &l->node);
}

static tt_status wrap(tt_translator *t, level *l, tt_algebra model)
{
	model.left = l->node;
	model.place = l->ast->place;
	return tt_algebra_make(t->query, &model, &l->node);
}

/* Columns without repetition, in order; the list is short or its variables have been numbered in order. */
static tt_status unique_columns(tt_translator *t, tt_varlist *columns)
{
	tt_varset set = {0};
	TT_TRY(tt_varset_make(t->arena, columns->items, columns->n_items, &set));
	if (set.n_items == columns->n_items) {
		return TT_OK;
	}
	bool *const is_seen = tt_arena_alloc(t->arena, t->query->n_variables * sizeof *is_seen);
	if (!is_seen) {
		return t->ctx->error.status;
	}
	size_t n = 0;
	for (size_t i = 0; i < columns->n_items; ++i) {
		if (!is_seen[columns->items[i]]) {
			is_seen[columns->items[i]] = true;
			columns->items[n++] = columns->items[i];
		}
	}
	columns->n_items = n;
	return TT_OK;
}

/* The modifiers in the order of §18.2.4 and §18.2.5. */
static tt_status add_modifiers(tt_translator *t, level *l)
{
	const tt_ast_query *const ast = l->ast;
	if (l->grouping) {
		TT_TRY(add_group(t, l));
	}
	TT_TRY(tt_algebra_filter(t->query, l->node, l->having, l->n_having, &l->node));
	if (ast->values) {
		tt_algebra *values = NULL;
		TT_TRY(tt_translate_values(t, ast->values, &values));
		TT_TRY(tt_algebra_join(t->query, l->node, values, &l->node));
	}
	if (ast->is_star) {
		TT_TRY(add_all_columns(t, l));
	}
	for (size_t i = 0; i < l->n_extends; ++i) {
		if (tt_varset_has(l->node->in_scope, l->extend_variables[i])) {
			return TT_FAIL_AT_PLACE(t->ctx, TT_SYNTAX, ast->place, "SELECT gives two values to one variable");
		}
		TT_TRY(tt_algebra_extend(t->query, l->node, l->extend_variables[i], l->extend_exprs[i], &l->node));
	}
	if (l->n_order) {
		TT_TRY(wrap(t, l, (tt_algebra){.kind = TT_ALGEBRA_ORDER, .order = l->order, .n_order = l->n_order}));
	}
	TT_TRY(unique_columns(t, &l->columns));
	TT_TRY(wrap(
	    t, l,
	    (tt_algebra){.kind = TT_ALGEBRA_PROJECT, .variables = l->columns.items, .n_variables = l->columns.n_items}));
	if (ast->is_distinct || ast->is_reduced) {
		TT_TRY(wrap(t, l, (tt_algebra){.kind = ast->is_distinct ? TT_ALGEBRA_DISTINCT : TT_ALGEBRA_REDUCED}));
	}
	if (ast->has_limit || ast->has_offset) {
		TT_TRY(wrap(t, l,
		            (tt_algebra){.kind = TT_ALGEBRA_SLICE,
		                         .offset = ast->has_offset ? ast->offset : 0,
		                         .has_limit = ast->has_limit,
		                         .limit = ast->limit}));
	}
	return TT_OK;
}

/* The WHERE pattern; CONSTRUCT WHERE { … } has it only as its template. */
static tt_status translate_where(tt_translator *t, const tt_ast_query *ast, tt_algebra **out)
{
	if (ast->is_construct_where && (!ast->where || !ast->where->elements)) {
		tt_ast_element element = {.kind = TT_ELEMENT_TRIPLES, .triples = ast->construct, .place = ast->place};
		const tt_ast_group group = {.elements = ast->construct ? &element : NULL, .place = ast->place};
		return tt_translate_group(t, &group, out, NULL, NULL);
	}
	return ast->where ? tt_translate_group(t, ast->where, out, NULL, NULL) : tt_algebra_unit(t->query, out);
}

static tt_status translate_level(tt_translator *t, const tt_ast_query *ast, level *l)
{
	tt_grouping grouping = {.keys = {.arena = t->arena}, .aliases = {.arena = t->arena}};
	*l = (level){.ast = ast, .columns = {.arena = t->arena}, .grouping = ast->is_grouped ? &grouping : NULL};
	TT_TRY(translate_where(t, ast, &l->node));
	if (l->grouping) {
		TT_TRY(translate_keys(t, l));
	}
	TT_TRY(translate_heads(t, l));
	TT_TRY(add_modifiers(t, l));
	l->grouping = NULL;
	return TT_OK;
}

/* ---- sub-SELECT ------------------------------------------------------------------------------- */

typedef struct projected {
	tt_translator *t;
	tt_scope *inner, *outer;
} projected;

static tt_status share_name(void *user, tt_view name)
{
	const projected *const p = user;
	tt_var variable = TT_NO_VAR;
	TT_TRY(tt_scope_variable(p->t, name, &variable));
	p->t->scope = p->inner;
	const tt_status status = tt_scope_bind(p->t, name, variable);
	p->t->scope = p->outer;
	return status;
}

tt_status tt_translate_subselect(tt_translator *t, const tt_ast_query *ast, tt_algebra **out)
{
	tt_scope inner;
	tt_map_init(&inner.by_name, t->ctx);
	projected shared = {t, &inner, t->scope};
	tt_grouping *const grouping = t->grouping;
	tt_status status = TT_OK;
	level l;
	TT_TRY_DONE(tt_ast_projected(t->ctx, ast, share_name, &shared));
	t->scope = &inner;
	t->grouping = NULL;
	TT_TRY_DONE(translate_level(t, ast, &l));
	*out = l.node;
done:
	t->scope = shared.outer;
	t->grouping = grouping;
	tt_map_clear(&inner.by_name);
	return status;
}

/* ---- whole queries ---------------------------------------------------------------------------- */

/* FROM and FROM NAMED (§13.2); for an update USING and USING NAMED, in whose absence WITH (Update §3.1.3). */
static tt_status translate_dataset(tt_algebra_query *query, const tt_ast_query *ast)
{
	size_t n = 0;
	for (const tt_ast_dataset *clause = ast->dataset; clause; clause = clause->next) {
		n++;
	}
	tt_view *const from = tt_arena_alloc(query->arena, (n + 1) * sizeof *from);
	tt_view *const from_named = tt_arena_alloc(query->arena, n * sizeof *from_named);
	if (!from || !from_named) {
		return query->arena->ctx->error.status;
	}
	query->dataset = (tt_dataset){.is_given = n > 0, .from = from, .from_named = from_named};
	for (const tt_ast_dataset *clause = ast->dataset; clause; clause = clause->next) {
		if (clause->is_named) {
			from_named[query->dataset.n_from_named++] = clause->iri;
		} else {
			from[query->dataset.n_from++] = clause->iri;
		}
	}
	if (n == 0 && ast->with.size) {
		from[0] = ast->with;
		query->dataset = (tt_dataset){.is_given = true, .has_all_named = true, .from = from, .n_from = 1};
	}
	return TT_OK;
}

static tt_status translate_query(tt_translator *t, const tt_ast_query *ast)
{
	tt_algebra_query *const query = t->query;
	level l;
	query->form = ast->form;
	TT_TRY(translate_dataset(query, ast));
	TT_TRY(translate_level(t, ast, &l));
	if (query->form == TT_QUERY_DESCRIBE && ast->is_star) {
		TT_TRY(describe_all(t, &l));
	}
	query->root = l.node;
	query->columns = l.columns.items;
	query->n_columns = l.columns.n_items;
	return TT_OK;
}

static tt_status translate(tt_arena *arena, const tt_ast_query *ast, tt_view base, tt_algebra_query **out_query)
{
	tt_algebra_query *const query = TT_ARENA_NEW(arena, tt_algebra_query);
	if (!query) {
		return arena->ctx->error.status;
	}
	query->arena = arena;
	query->base = base;
	tt_scope scope;
	tt_map_init(&scope.by_name, arena->ctx);
	tt_translator t = {.query = query,
	                   .arena = arena,
	                   .ctx = arena->ctx,
	                   .scope = &scope,
	                   .graph_kind = TT_PATTERN_DEFAULT,
	                   .graph = {.variable = TT_NO_VAR}};
	const tt_status status = translate_query(&t, ast);
	tt_map_clear(&scope.by_name);
	*out_query = query;
	return status;
}

tt_status tt_translate(tt_arena *arena, const tt_ast *ast, tt_algebra_query **out_query)
{
	if (!ast->query) {
		return tt_fail(arena->ctx, TT_BAD_ARGUMENT, "not a query");
	}
	return translate(arena, ast->query, ast->base, out_query);
}

/* ---- updates ---------------------------------------------------------------------------------- */

/* DELETE WHERE { … }: the quads as a pattern (Update §3.1.3.3). */
static tt_status quads_as_pattern(tt_arena *arena, const tt_ast_quads *quads, tt_place place, tt_ast_group **out)
{
	*out = TT_ARENA_NEW(arena, tt_ast_group);
	if (!*out) {
		return arena->ctx->error.status;
	}
	(*out)->place = place;
	tt_ast_element **tail = &(*out)->elements;
	for (; quads; quads = quads->next) {
		tt_ast_element *const triples = TT_ARENA_NEW(arena, tt_ast_element);
		tt_ast_element *const graph = TT_ARENA_NEW(arena, tt_ast_element);
		tt_ast_group *const inside = TT_ARENA_NEW(arena, tt_ast_group);
		if (!triples || !graph || !inside) {
			return arena->ctx->error.status;
		}
		*triples = (tt_ast_element){.kind = TT_ELEMENT_TRIPLES, .place = place, .triples = quads->triples};
		*inside = (tt_ast_group){.place = place, .elements = quads->triples ? triples : NULL};
		*graph = (tt_ast_element){.kind = quads->has_graph ? TT_ELEMENT_GRAPH : TT_ELEMENT_GROUP,
		                          .place = place,
		                          .term = quads->graph,
		                          .group = inside};
		*tail = graph;
		tail = &graph->next;
	}
	return TT_OK;
}

tt_status tt_translate_update(tt_arena *arena, const tt_ast *ast, const tt_ast_update *operation,
                              tt_algebra_query **out_query)
{
	tt_ast_query query = {.form = TT_QUERY_UPDATE,
	                      .remove = operation->remove,
	                      .insert = operation->insert,
	                      .with = operation->has_with ? operation->with : (tt_view){0},
	                      .dataset = operation->using_clauses,
	                      .where = operation->where,
	                      .place = operation->place};
	if (operation->kind == TT_UPDATE_DELETE_WHERE) {
		TT_TRY(quads_as_pattern(arena, operation->remove, operation->place, &query.where));
	}
	return translate(arena, &query, ast->base, out_query);
}
