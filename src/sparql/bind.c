/* bind.c - values that variables are given from outside.
 *
 * A value is not written over its variable: the tree gets VALUES with one row, in the WHERE of the query and at the
 * head of each group that mentions the variable. So the variable stays one, with its column, its keys of grouping and
 * its place in templates, and a sub-SELECT or an EXISTS has the value even if the variable is local there.
 *
 * Invariant: a group that gets VALUES mentions the variable, so nothing comes into a scope that was not meant there;
 * the WHERE of the query itself always gets all of them, for the sake of what it projects. */
#include "sparql/parser.h"

#include <stdio.h>

/** What is being bound; the arrays have an item for each binding. */
typedef struct binder {
	tt_parser *parser;
	tt_view *names;
	tt_term *values;
	size_t n;
} binder;

/* Which of them a group mentions. */
typedef bool *mentions;

static tt_status bind_group(const binder *self, tt_ast_group *group, mentions mentioned);
static tt_status bind_query(const binder *self, tt_ast_query *query, bool is_outermost);

static tt_status new_mentions(const binder *self, mentions *out)
{
	*out = tt_arena_alloc(self->parser->arena, self->n * sizeof **out);
	return *out ? TT_OK : tt_parser_no_memory(self->parser);
}

static void mention(const binder *self, tt_view name, mentions mentioned)
{
	for (size_t i = 0; i < self->n; ++i) {
		mentioned[i] = mentioned[i] || tt_view_equal(self->names[i], name);
	}
}

/* A variable that the query computes cannot be given a value, too. */
static tt_status refuse(const binder *self, tt_view name, tt_place place)
{
	for (size_t i = 0; i < self->n; ++i) {
		if (tt_view_equal(self->names[i], name)) {
			return TT_PARSER_FAIL(self->parser, place,
			                      "?%.*s cannot be given a value from outside: the query computes it here",
			                      TT_VIEW_ARG(tt_parser_shown(name)));
		}
	}
	return TT_OK;
}

/* ---- what mentions a variable ------------------------------------------------------------------ */

static void mention_term(const binder *self, const tt_ast_term *term, mentions mentioned)
{
	if (term->kind == TT_AST_VARIABLE) {
		mention(self, term->text, mentioned);
	}
}

static void mention_triples(const binder *self, const tt_ast_triple *triples, mentions mentioned)
{
	for (const tt_ast_triple *triple = triples; triple; triple = triple->next) {
		mention_term(self, &triple->subject, mentioned);
		mention_term(self, &triple->object, mentioned);
		if (!triple->path) {
			mention_term(self, &triple->predicate, mentioned);
		}
	}
}

/* The groups of EXISTS are groups of their own. */
static tt_status bind_expr(const binder *self, const tt_ast_expr *expr, mentions mentioned)
{
	if (!expr) {
		return TT_OK;
	}
	if (expr->kind == TT_EXPR_VARIABLE) {
		mention(self, expr->text, mentioned);
	}
	for (size_t i = 0; i < expr->n_arguments; ++i) {
		TT_TRY(bind_expr(self, expr->arguments[i], mentioned));
	}
	if (!expr->group) {
		return TT_OK;
	}
	mentions inner = NULL;
	TT_TRY(new_mentions(self, &inner));
	return bind_group(self, expr->group, inner);
}

static tt_status bind_conditions(const binder *self, const tt_ast_condition *conditions, mentions mentioned)
{
	for (const tt_ast_condition *condition = conditions; condition; condition = condition->next) {
		TT_TRY(bind_expr(self, condition->expr, mentioned));
	}
	return TT_OK;
}

/* What SELECT or GROUP BY lists. */
static tt_status bind_projection(const binder *self, const tt_ast_projection *items, mentions mentioned)
{
	for (const tt_ast_projection *item = items; item; item = item->next) {
		if (item->expr && item->variable.size) {
			TT_TRY(refuse(self, item->variable, item->place));
		} else {
			mention(self, item->variable, mentioned);
		}
		TT_TRY(bind_expr(self, item->expr, mentioned));
	}
	return TT_OK;
}

/* ---- groups ------------------------------------------------------------------------------------ */

static tt_status bind_element(const binder *self, const tt_ast_element *element, mentions mentioned)
{
	mention_triples(self, element->triples, mentioned);
	mention_term(self, &element->term, mentioned);
	TT_TRY(bind_expr(self, element->expr, mentioned));
	if (element->kind == TT_ELEMENT_BIND) {
		TT_TRY(refuse(self, element->variable, element->place));
	}
	for (size_t i = 0; element->values && i < element->values->n_variables; ++i) {
		mention(self, element->values->variables[i], mentioned);
	}
	for (tt_ast_group *group = element->group; group; group = group->next_alternative) {
		mentions inner = NULL;
		TT_TRY(new_mentions(self, &inner));
		TT_TRY(bind_group(self, group, inner));
	}
	return TT_OK;
}

static tt_status make_values(const binder *self, tt_place place, const bool *mentioned, tt_ast_values **out)
{
	tt_parser *const p = self->parser;
	TT_NEW_NODE(p, out);
	tt_ast_values *const values = *out;
	*values = (tt_ast_values){.n_rows = 1, .place = place};
	values->variables = tt_arena_alloc(p->arena, self->n * sizeof *values->variables);
	values->cells = tt_arena_alloc(p->arena, self->n * sizeof *values->cells);
	if (!values->variables || !values->cells) {
		return tt_parser_no_memory(p);
	}
	for (size_t i = 0; i < self->n; ++i) {
		if (mentioned[i]) {
			values->variables[values->n_variables] = self->names[i];
			values->cells[values->n_variables++] = self->values[i];
		}
	}
	return TT_OK;
}

/* A group that is a sub-SELECT has no elements: it becomes one of a group around it. */
static tt_status wrap_subquery(const binder *self, tt_ast_group *group)
{
	tt_ast_group *inner = NULL;
	TT_NEW_NODE(self->parser, &inner);
	*inner = (tt_ast_group){.subquery = group->subquery, .place = group->place};
	TT_NEW_NODE(self->parser, &group->elements);
	*group->elements = (tt_ast_element){.kind = TT_ELEMENT_GROUP, .place = group->place, .group = inner};
	group->subquery = NULL;
	return TT_OK;
}

static tt_status add_values(const binder *self, tt_ast_group *group, const bool *mentioned)
{
	tt_ast_element *element = NULL;
	if (group->subquery) {
		TT_TRY(wrap_subquery(self, group));
	}
	TT_NEW_NODE(self->parser, &element);
	*element = (tt_ast_element){.kind = TT_ELEMENT_VALUES, .place = group->place, .next = group->elements};
	TT_TRY(make_values(self, group->place, mentioned, &element->values));
	group->elements = element;
	return TT_OK;
}

/* @param mentioned What is mentioned outside that belongs to this group. */
static tt_status bind_group(const binder *self, tt_ast_group *group, mentions mentioned)
{
	bool is_any = false;
	if (group->subquery) {
		TT_TRY(bind_query(self, group->subquery, false));
	}
	for (const tt_ast_element *element = group->elements; element; element = element->next) {
		TT_TRY(bind_element(self, element, mentioned));
	}
	for (size_t i = 0; i < self->n; ++i) {
		is_any = is_any || mentioned[i];
	}
	return is_any ? add_values(self, group, mentioned) : TT_OK;
}

static tt_status bind_query(const binder *self, tt_ast_query *query, bool is_outermost)
{
	mentions mentioned = NULL;
	TT_TRY(new_mentions(self, &mentioned));
	TT_TRY(bind_projection(self, query->projection, mentioned));
	TT_TRY(bind_projection(self, query->group_by, mentioned));
	TT_TRY(bind_conditions(self, query->having, mentioned));
	TT_TRY(bind_conditions(self, query->order_by, mentioned));
	for (size_t i = 0; query->values && i < query->values->n_variables; ++i) {
		mention(self, query->values->variables[i], mentioned);
	}
	for (size_t i = 0; i < self->n && is_outermost; ++i) {
		mentioned[i] = true;
	}
	if (!query->where) { /* a DESCRIBE */
		TT_NEW_NODE(self->parser, &query->where);
		query->where->place = query->place;
	}
	return bind_group(self, query->where, mentioned);
}

/* ---- bindings ---------------------------------------------------------------------------------- */

/* Whether a text that is no term was meant to be one: it begins as an IRI or a string, or its first word has a colon,
 * as a prefixed name. Anything else is the name of something. */
static bool is_meant_as_term(tt_view text)
{
	const bool begins_so = text.size && strchr("<\"'", text.data[0]);
	const char *const blank = text.size ? memchr(text.data, ' ', text.size) : NULL;
	const size_t n_word = blank ? (size_t)(blank - text.data) : text.size;
	return begins_so || (n_word && memchr(text.data, ':', n_word));
}

/* [65] DataBlockValue, without UNDEF: a text of its own, with the prefixes and the base of the query. */
static tt_status read_term(tt_parser *p, const tt_binding *binding, tt_term *out)
{
	const tt_lexer lexer = p->lexer;
	char name[128];
	(void)snprintf(name, sizeof name, "value of ?%s", binding->variable);
	TT_TRY(tt_lexer_init(&p->lexer, p->arena, tt_view_of(binding->value), name));
	tt_parser_advance(p);
	TT_TRY(tt_parse_lone_constant(p, out));
	p->lexer = lexer;
	return TT_OK;
}

static tt_status read_value(tt_parser *p, const tt_binding *binding, tt_term *out)
{
	const tt_lexer lexer = p->lexer;
	const tt_view text = tt_view_of(binding->value);
	const tt_parse_options *const options = p->options;
	const tt_status status = read_term(p, binding, out);
	if (status != TT_SYNTAX || !options->resolve || !text.size || is_meant_as_term(text)) {
		return status;
	}
	p->lexer = lexer;
	tt_ctx_clear_error(p->ctx);
	return options->resolve(options->resolve_user, p->arena, text, out);
}

static tt_status fail_unknown(tt_parser *p, const char *name)
{
	tt_buffer *const out = &p->scratch;
	tt_buffer_reset(out);
	for (size_t i = 0; i < p->n_variables; ++i) {
		if (!p->variables[i].is_given) {
			TT_TRY(tt_buffer_append(out, out->size ? TT_VIEW(", ?") : TT_VIEW("; it has ?")));
			TT_TRY(tt_buffer_append(out, p->variables[i].name));
		}
	}
	return tt_fail(p->ctx, TT_NOT_FOUND, "there is no variable ?%s in the query%.*s", name,
	               TT_VIEW_ARG(tt_buffer_view(out)));
}

/* Whether the text has a variable: looking it up must not make one. */
static bool has_variable(const tt_parser *p, tt_view name)
{
	for (size_t i = 0; i < p->n_variables; ++i) {
		if (tt_view_equal(p->variables[i].name, name)) {
			return true;
		}
	}
	return false;
}

static tt_status take_binding(binder *self, const tt_binding *binding)
{
	tt_parser *const p = self->parser;
	tt_known_variable *variable = NULL;
	const tt_view name = tt_view_of(binding->variable);
	if (!has_variable(p, name)) {
		return fail_unknown(p, binding->variable);
	}
	TT_TRY(tt_parser_variable(p, name, &variable));
	if (variable->is_given) {
		return tt_fail(p->ctx, TT_BAD_ARGUMENT, "?%s is given two values", binding->variable);
	}
	variable->is_given = true;
	self->names[self->n] = name;
	return read_value(p, binding, &self->values[self->n++]);
}

tt_status tt_parser_bind(tt_parser *p, tt_ast_query *query)
{
	const tt_parse_options *const options = p->options;
	binder self = {.parser = p};
	self.names = tt_arena_alloc(p->arena, options->n_bindings * sizeof *self.names);
	self.values = tt_arena_alloc(p->arena, options->n_bindings * sizeof *self.values);
	if (!self.names || !self.values) {
		return tt_parser_no_memory(p);
	}
	for (size_t i = 0; i < options->n_bindings; ++i) {
		TT_TRY(take_binding(&self, &options->bindings[i]));
	}
	return bind_query(&self, query, true);
}
