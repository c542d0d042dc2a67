/* empty_filter.c - a filter that lets nothing pass: is it false or an error, on which values, and what it may have
 * meant. */
#include "evidence/empty.h"

enum { MOST_VALUES = 3, MOST_SHOWN = 4 };

typedef struct condition {
	tt_inquiry *q;
	const tt_ast_group *group;
	tt_ast_element *element; /* the FILTER */
	const tt_ast_expr *expr; /* what of it lets nothing pass */
	const tt_wrap *wrap;
	tt_names names;     /* of the variables in it that the rest of the pattern may bind */
	size_t n_mentioned; /* variables in it */
	tt_empty_finding *finding;
	size_t n_good;
} condition;

/* ---- values ----------------------------------------------------------------------------------- */

/* The group within its GRAPHs, and with a filter if there is one. */
static tt_status wrapped(const condition *c, const tt_ast_expr *filter, tt_ast_group **out)
{
	tt_inquiry *const q = c->q;
	tt_ast_group *inner = NULL;
	TT_TRY(tt_group_new(q, NULL, &inner));
	for (const tt_ast_element *element = c->group->elements; element; element = element->next) {
		TT_TRY(tt_group_add(q, inner, element, NULL));
	}
	if (filter) {
		const tt_ast_element element = {.kind = TT_ELEMENT_FILTER, .expr = filter};
		TT_TRY(tt_group_add(q, inner, &element, NULL));
	}
	const tt_ast_element whole = {.kind = TT_ELEMENT_GROUP, .group = inner};
	TT_TRY(tt_group_new(q, NULL, out));
	return tt_group_add(q, *out, &whole, c->wrap);
}

/* Whether the condition is false in some row; if in none, it is an error in all of them. */
static tt_status is_error(const condition *c, bool *out)
{
	tt_inquiry *const q = c->q;
	tt_ast_expr *negated = NULL;
	tt_ast_group *group = NULL;
	tt_probe probe = TT_PROBE_UNKNOWN;
	TT_INQUIRY_NEW(q, &negated);
	*negated = (tt_ast_expr){.kind = TT_EXPR_NOT, .n_arguments = 1};
	negated->arguments = tt_arena_alloc(&q->arena, sizeof(tt_ast_expr *));
	if (!negated->arguments) {
		return q->ctx.error.status;
	}
	negated->arguments[0] = (tt_ast_expr *)c->expr;
	TT_TRY(wrapped(c, negated, &group));
	TT_TRY(tt_probe_group(q, group, &probe));
	*out = probe == TT_PROBE_NO;
	return TT_OK;
}

/* ---- changes ---------------------------------------------------------------------------------- */

/* A copy of an expression in which one node is another. */
static tt_status replace(tt_inquiry *q, const tt_ast_expr *expr, const tt_ast_expr *node, tt_ast_expr *other,
                         tt_ast_expr **out)
{
	if (expr == node) {
		*out = other;
		return TT_OK;
	}
	TT_INQUIRY_NEW(q, out);
	**out = *expr;
	if (!expr->n_arguments) {
		return TT_OK;
	}
	(*out)->arguments = tt_arena_alloc(&q->arena, expr->n_arguments * sizeof(tt_ast_expr *));
	if (!(*out)->arguments) {
		return q->ctx.error.status;
	}
	for (size_t i = 0; i < expr->n_arguments; ++i) {
		TT_TRY(replace(q, expr->arguments[i], node, other, &(*out)->arguments[i]));
	}
	return TT_OK;
}

/* Try the filter with a node replaced; whether it passes anything now is asked of the group that it filters. */
static tt_status try_node(condition *c, const tt_ast_expr *node, tt_ast_expr *other)
{
	tt_inquiry *const q = c->q;
	tt_ast_expr *whole = NULL;
	tt_ast_expr *part = NULL;
	tt_ast_group *group = NULL;
	tt_probe probe = TT_PROBE_UNKNOWN;
	const char *text = NULL;
	const char *sentence = NULL;
	tt_edit *edit = NULL;
	bool is_good = false;
	TT_TRY(replace(q, c->expr, node, other, &part));
	TT_TRY(wrapped(c, part, &group));
	TT_TRY(tt_probe_group(q, group, &probe));
	if (probe != TT_PROBE_YES) {
		return TT_OK;
	}
	TT_TRY(replace(q, c->element->expr, node, other, &whole));
	TT_TRY(tt_inquiry_expr(q, part, &text));
	TT_TRY(tt_inquiry_text(q, &sentence, "FILTER (%s)", text));
	TT_TRY(tt_edit_new(q, &c->element->expr, &whole, sizeof whole, NULL, &edit));
	TT_TRY(tt_finding_try(q, c->finding, edit, NULL, 0, sentence, &is_good));
	c->n_good += is_good;
	return TT_OK;
}

static tt_status call(tt_inquiry *q, tt_ast_expr_kind kind, tt_builtin builtin, tt_view function,
                      const tt_ast_expr *argument, tt_ast_expr **out)
{
	TT_INQUIRY_NEW(q, out);
	**out = (tt_ast_expr){.kind = kind, .builtin = builtin, .text = function, .n_arguments = 1};
	(*out)->arguments = tt_arena_alloc(&q->arena, sizeof(tt_ast_expr *));
	if (!(*out)->arguments) {
		return q->ctx.error.status;
	}
	(*out)->arguments[0] = (tt_ast_expr *)argument;
	return TT_OK;
}

/* Functions through which a variable may be seen, so that it compares with a constant; from the inside. */
static const struct {
	tt_builtin inner, outer;
	bool has_outer;
	tt_vocab cast; /* if there is no outer one and it is no RDF_TYPE */
} views[] = {
    {TT_FN_STR, 0, false, TT_VOCAB_RDF_TYPE},    {TT_FN_LCASE, 0, false, TT_VOCAB_RDF_TYPE},
    {TT_FN_STR, TT_FN_LCASE, true, 0},           {TT_FN_YEAR, 0, false, TT_VOCAB_RDF_TYPE},
    {TT_FN_STR, 0, false, TT_VOCAB_XSD_DECIMAL}, {TT_FN_STR, 0, false, TT_VOCAB_XSD_DATE_TIME},
    {TT_FN_STR, 0, false, TT_VOCAB_XSD_DATE},
};

static tt_status try_views(condition *c, const tt_ast_expr *variable)
{
	tt_inquiry *const q = c->q;
	for (size_t i = 0; i < sizeof views / sizeof *views && !c->n_good; ++i) {
		tt_ast_expr *seen = NULL;
		TT_TRY(call(q, TT_EXPR_BUILTIN, views[i].inner, (tt_view){0}, variable, &seen));
		if (views[i].has_outer) {
			TT_TRY(call(q, TT_EXPR_BUILTIN, views[i].outer, (tt_view){0}, seen, &seen));
		} else if (views[i].cast != TT_VOCAB_RDF_TYPE) {
			TT_TRY(call(q, TT_EXPR_FUNCTION, 0, tt_vocab_iri(views[i].cast), seen, &seen));
		}
		TT_TRY(try_node(c, variable, seen));
	}
	return TT_OK;
}

/* A constant with another datatype, where it is compared with what a function gives. */
static tt_status try_datatypes(condition *c, const tt_ast_expr *constant)
{
	static const tt_vocab datatypes[] = {TT_VOCAB_XSD_STRING, TT_VOCAB_XSD_INTEGER, TT_VOCAB_XSD_DECIMAL,
	                                     TT_VOCAB_XSD_DATE};
	for (size_t i = 0; i < sizeof datatypes / sizeof *datatypes && !c->n_good; ++i) {
		tt_ast_expr *other = NULL;
		TT_INQUIRY_NEW(c->q, &other);
		*other = *constant;
		other->constant = tt_term_typed(constant->constant.text, tt_vocab_iri(datatypes[i]));
		TT_TRY(tt_term_equal(&other->constant, &constant->constant) ? TT_OK : try_node(c, constant, other));
	}
	return TT_OK;
}

/* A constant with the datatype and language of the values that there are. */
static tt_status try_constant(condition *c, const tt_ast_expr *constant, tt_view name)
{
	tt_inquiry *const q = c->q;
	tt_ast_group *group = NULL;
	tt_rows rows;
	TT_TRY(wrapped(c, NULL, &group));
	TT_TRY(tt_probe_values(q, group, &name, 1, MOST_VALUES, &rows));
	for (size_t i = 0; i < rows.n_rows && !c->n_good; ++i) {
		tt_ast_expr *other = NULL;
		if (rows.cells[i].kind != TT_TERM_LITERAL) {
			continue;
		}
		TT_INQUIRY_NEW(q, &other);
		*other = *constant;
		other->constant.kind = TT_TERM_LITERAL;
		other->constant.datatype = rows.cells[i].datatype;
		other->constant.language = rows.cells[i].language;
		TT_TRY(tt_term_equal(&other->constant, &constant->constant) ? TT_OK : try_node(c, constant, other));
	}
	return TT_OK;
}

/* Terms of the data that are near to one that is not, in place of a constant. */
static tt_status try_near(condition *c, const tt_ast_expr *constant, const tt_term *wanted)
{
	tt_inquiry *const q = c->q;
	const tt_near_place place = {.snapshot = q->snapshot, .prefixes = &q->prefixes, .role = TT_NEAR_OBJECT};
	tt_near near[TT_NEAR_MOST];
	size_t n = 0;
	TT_TRY(tt_nearest_terms(&q->arena, &place, wanted, near, &n));
	for (size_t i = 0; i < n && !c->n_good; ++i) {
		tt_ast_expr *other = NULL;
		TT_INQUIRY_NEW(q, &other);
		*other = *constant;
		other->constant = near[i].term;
		TT_TRY(try_node(c, constant, other));
	}
	return TT_OK;
}

static tt_status try_near_constants(condition *c, const tt_ast_expr *constant)
{
	const tt_term *const term = &constant->constant;
	bool is_there = false;
	tt_term thing;
	TT_TRY(tt_nearest_is_there(c->q->snapshot, term, &is_there));
	TT_TRY(is_there ? TT_OK : try_near(c, constant, term));
	if (c->n_good || term->kind != TT_TERM_LITERAL) {
		return TT_OK;
	}
	TT_TRY(tt_inquiry_named(c->q, term->text, &thing));
	return try_near(c, constant, &thing);
}

/* LANG(?x) = "en" leaves out "en-GB". */
static tt_status try_language(condition *c, const tt_ast_expr *expr)
{
	tt_ast_expr *other = NULL;
	TT_INQUIRY_NEW(c->q, &other);
	*other = *expr;
	other->kind = TT_EXPR_BUILTIN;
	other->builtin = TT_FN_LANGMATCHES;
	return try_node(c, expr, other);
}

/* A comparison of a variable with constants: =, <, IN … */
static tt_status try_comparison(condition *c, const tt_ast_expr *expr)
{
	const tt_ast_expr *const first = expr->arguments[0];
	const bool is_flipped = first->kind == TT_EXPR_CONSTANT && expr->n_arguments == 2;
	const tt_ast_expr *const compared = is_flipped ? expr->arguments[1] : first;
	if (compared->kind == TT_EXPR_BUILTIN && compared->builtin == TT_FN_LANG && expr->kind == TT_EXPR_EQ &&
	    !is_flipped) {
		return try_language(c, expr);
	}
	for (size_t i = 0; i < expr->n_arguments && !c->n_good; ++i) {
		const tt_ast_expr *const constant = expr->arguments[i];
		if (constant->kind == TT_EXPR_CONSTANT && compared->kind != TT_EXPR_VARIABLE) {
			TT_TRY(constant->constant.kind == TT_TERM_LITERAL ? try_datatypes(c, constant) : TT_OK);
		} else if (constant->kind == TT_EXPR_CONSTANT) {
			TT_TRY(constant->constant.kind == TT_TERM_LITERAL ? try_constant(c, constant, compared->text) : TT_OK);
			TT_TRY(c->n_good ? TT_OK : try_near_constants(c, constant));
		}
	}
	return TT_OK;
}

static tt_status try_all(condition *c, const tt_ast_expr *expr)
{
	if (expr->kind >= TT_EXPR_EQ && expr->kind <= TT_EXPR_IN) {
		TT_TRY(try_comparison(c, expr));
	}
	for (size_t i = 0; i < expr->n_arguments && !c->n_good; ++i) {
		TT_TRY(expr->arguments[i]->kind == TT_EXPR_VARIABLE ? try_views(c, expr->arguments[i])
		                                                    : try_all(c, expr->arguments[i]));
	}
	return TT_OK;
}

/* ---- the finding ------------------------------------------------------------------------------ */

static bool is_negation(const tt_ast_expr *expr)
{
	return expr->kind == TT_EXPR_NOT_EXISTS ||
	       (expr->kind == TT_EXPR_NOT && expr->n_arguments && expr->arguments[0]->kind == TT_EXPR_EXISTS);
}

static tt_status word(const condition *c, bool *out_is_constant, const char **out)
{
	bool is_wrong = false;
	*out_is_constant = !c->n_mentioned && c->expr->kind < TT_EXPR_EXISTS;
	if (is_negation(c->expr)) {
		*out = "this takes away all that the rest of the pattern finds: what must not be there is, each time";
		return TT_OK;
	}
	if (c->expr->kind == TT_EXPR_EXISTS) {
		*out = "what must be there is, for nothing that the rest of the pattern finds";
		return TT_OK;
	}
	TT_TRY(is_error(c, &is_wrong));
	*out = *out_is_constant ? "this condition is never true, whatever the data are"
	       : is_wrong       ? "this condition is an error for all that the rest of the pattern finds"
	                        : "this condition is true for nothing that the rest of the pattern finds";
	return TT_OK;
}

tt_status tt_empty_filter(tt_inquiry *q, const tt_ast_group *group, tt_ast_element *element, const tt_ast_expr *expr,
                          const tt_wrap *wrap)
{
	condition c = {.q = q, .group = group, .element = element, .expr = expr, .wrap = wrap, .names = {.q = q}};
	const char *text = NULL;
	const char *part = NULL;
	const char *sentence = NULL;
	bool is_constant = false;
	tt_ast_group *unfiltered = NULL;
	tt_names mentioned = {.q = q};
	tt_names bound = {.q = q};
	TT_TRY(tt_names_of_expr(&mentioned, expr));
	TT_TRY(tt_names_of_group(&bound, group));
	TT_TRY(tt_names_shared(&mentioned, &bound, &c.names));
	c.n_mentioned = mentioned.n_items;
	TT_TRY(tt_inquiry_expr(q, expr, &text));
	TT_TRY(tt_inquiry_text(q, &part, "FILTER (%s)", text));
	TT_TRY(word(&c, &is_constant, &sentence));
	TT_TRY(tt_finding_new(q, is_constant ? TT_EMPTY_NO_MATCH_POSSIBLE : TT_EMPTY_DATA_SAY_NO,
	                      is_negation(expr) ? TT_EMPTY_BY_NEGATION : TT_EMPTY_BY_FILTER,
	                      expr->place.line ? expr->place : element->place, part, sentence, &c.finding));
	TT_TRY(wrapped(&c, NULL, &unfiltered));
	for (size_t i = 0; i < c.names.n_items && i < MOST_SHOWN; ++i) {
		TT_TRY(tt_finding_note_values(q, c.finding, unfiltered, c.names.items[i], ""));
	}
	return is_constant || expr->kind >= TT_EXPR_EXISTS ? TT_OK : try_all(&c, expr);
}
