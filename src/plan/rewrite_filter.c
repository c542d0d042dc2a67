/* rewrite_filter.c - passes on filters: folding, splitting, moving towards the patterns.
 *
 * When may a filter move from above a node into its child? When each variable that it mentions has the same value in
 * the child's row as in the node's row: the child surely binds it, or nothing beside the child can bind it. "Mentions"
 * includes all that the patterns of an EXISTS speak of. Filters with functions that give a new value at each call
 * stay where they are. */
#include "plan/rewrite.h"

/* ---- folding ---------------------------------------------------------------------------------- */

static tt_status copy_text(tt_arena *arena, tt_view text, tt_view *out)
{
	*out = (tt_view){tt_arena_strndup(arena, text.size ? text.data : "", text.size), text.size};
	return out->data ? TT_OK : arena->ctx->error.status;
}

/* The term of a folded value, with its texts in the arena; kind TT_TERM_NONE if it cannot be told. */
static tt_status term_of(tt_rewriting *r, tt_id id, tt_term *out)
{
	tt_scratch scratch;
	tt_term term = {0};
	*out = term;
	if (tt_id_is_inline(id)) {
		term = tt_value_to_term(id, &scratch);
	} else if (r->options->fold_terms && id != TT_UNBOUND) {
		TT_TRY(tt_terms_get(r->options->fold_terms, id, &scratch, &term));
	}
	if (term.kind == TT_TERM_NONE || term.kind == TT_TERM_BLANK) {
		return TT_OK;
	}
	out->kind = term.kind;
	TT_TRY(copy_text(r->arena, term.text, &out->text));
	TT_TRY(copy_text(r->arena, term.datatype, &out->datatype));
	return copy_text(r->arena, term.language, &out->language);
}

static bool is_foldable(const tt_expr *expr)
{
	if (expr->kind == TT_EXPR_VARIABLE || expr->kind == TT_EXPR_CONSTANT || expr->pattern || tt_expr_is_fresh(expr)) {
		return false;
	}
	for (size_t i = 0; i < expr->n_arguments; ++i) {
		if (expr->arguments[i]->kind != TT_EXPR_CONSTANT) {
			return false;
		}
	}
	return true;
}

static tt_status fold(tt_rewriting *r, tt_expr *expr, tt_expr **out)
{
	*out = expr;
	for (size_t i = 0; i < expr->n_arguments; ++i) {
		tt_expr *folded = NULL;
		TT_TRY(fold(r, expr->arguments[i], &folded));
		if (folded != expr->arguments[i]) {
			if (*out == expr) {
				TT_TRY(tt_expr_copy(r->arena, expr, out));
			}
			(*out)->arguments[i] = folded;
		}
	}
	if (!is_foldable(*out)) {
		return TT_OK;
	}
	bool is_constant = false;
	tt_id value = TT_UNBOUND;
	tt_term term = {0};
	const tt_status status = r->options->fold(r->options->fold_user, *out, &is_constant, &value);
	if (status == TT_UNSUPPORTED) {
		tt_ctx_clear_error(r->arena->ctx); /* it fails where it is run, if it is */
		return TT_OK;
	}
	TT_TRY(status);
	if (is_constant) {
		TT_TRY(term_of(r, value, &term));
	}
	if (term.kind == TT_TERM_NONE) {
		return TT_OK; /* an error stays what it is */
	}
	const tt_place place = expr->place;
	TT_TRY(tt_expr_copy(r->arena, &(tt_expr){.kind = TT_EXPR_CONSTANT, .variable = TT_NO_VAR, .place = place}, out));
	(*out)->constant = term;
	return TT_OK;
}

/* A constant truth value. */
static bool is_boolean(const tt_expr *expr, bool wanted)
{
	static const tt_view texts[2][2] = {{{"false", 5}, {"0", 1}}, {{"true", 4}, {"1", 1}}};
	return expr->kind == TT_EXPR_CONSTANT && expr->constant.kind == TT_TERM_LITERAL &&
	       tt_view_equal(expr->constant.datatype, tt_vocab_iri(TT_VOCAB_XSD_BOOLEAN)) &&
	       (tt_view_equal(expr->constant.text, texts[wanted][0]) ||
	        tt_view_equal(expr->constant.text, texts[wanted][1]));
}

/* Fold all filters; true ones go. *out_is_never: one of them is never true. */
static tt_status fold_filters(tt_rewriting *r, tt_algebra *model, bool *out_is_never)
{
	tt_expr **const kept = tt_arena_alloc(r->arena, model->n_filters * sizeof *kept);
	if (!kept) {
		return r->arena->ctx->error.status;
	}
	size_t n = 0;
	for (size_t i = 0; i < model->n_filters; ++i) {
		tt_expr *folded = NULL;
		TT_TRY(fold(r, model->filters[i], &folded));
		*out_is_never = *out_is_never || is_boolean(folded, false);
		if (!is_boolean(folded, true)) {
			kept[n++] = folded;
		}
	}
	model->filters = kept;
	model->n_filters = n;
	return TT_OK;
}

static tt_status fold_others(tt_rewriting *r, tt_algebra *model)
{
	if (model->expr) {
		TT_TRY(fold(r, model->expr, &model->expr));
	}
	tt_order_condition *const order = tt_arena_alloc(r->arena, model->n_order * sizeof *order);
	tt_aggregation *const aggregations = tt_arena_alloc(r->arena, model->n_aggregations * sizeof *aggregations);
	if (!order || !aggregations) {
		return r->arena->ctx->error.status;
	}
	for (size_t i = 0; i < model->n_order; ++i) {
		order[i] = model->order[i];
		TT_TRY(fold(r, order[i].expr, &order[i].expr));
	}
	for (size_t i = 0; i < model->n_aggregations; ++i) {
		aggregations[i] = model->aggregations[i];
		if (aggregations[i].argument) {
			TT_TRY(fold(r, aggregations[i].argument, &aggregations[i].argument));
		}
	}
	model->order = order;
	model->aggregations = aggregations;
	return TT_OK;
}

tt_status tt_rewrite_fold(tt_rewriting *r, tt_algebra *node, tt_algebra **out)
{
	*out = node;
	if (!r->options->fold || (!node->expr && !node->n_filters && !node->n_order && !node->n_aggregations)) {
		return TT_OK;
	}
	tt_algebra model = *node;
	bool is_never = false;
	TT_TRY(fold_filters(r, &model, &is_never));
	TT_TRY(fold_others(r, &model));
	if (is_never && node->kind == TT_ALGEBRA_FILTER) {
		return tt_algebra_empty(r->query, out);
	}
	if (is_never || (node->kind == TT_ALGEBRA_FILTER && model.n_filters == 0)) {
		*out = node->left; /* an OPTIONAL that never matches, a filter that is always true */
		return TT_OK;
	}
	return tt_algebra_make(r->query, &model, out);
}

/* ---- splitting -------------------------------------------------------------------------------- */

static size_t count_conjuncts(const tt_expr *expr)
{
	size_t n = expr->kind != TT_EXPR_AND;
	for (size_t i = 0; i < expr->n_arguments && expr->kind == TT_EXPR_AND; ++i) {
		n += count_conjuncts(expr->arguments[i]);
	}
	return n;
}

static void list_conjuncts(tt_expr *expr, tt_expr **list, size_t *n)
{
	if (expr->kind != TT_EXPR_AND) {
		list[(*n)++] = expr;
		return;
	}
	for (size_t i = 0; i < expr->n_arguments; ++i) {
		list_conjuncts(expr->arguments[i], list, n);
	}
}

/* a && b is true if and only if both are (§17.2): as a condition it may be taken apart. */
tt_status tt_rewrite_split(tt_rewriting *r, tt_algebra *node, tt_algebra **out)
{
	*out = node;
	size_t n = 0;
	for (size_t i = 0; i < node->n_filters; ++i) {
		n += count_conjuncts(node->filters[i]);
	}
	if (n == node->n_filters) {
		return TT_OK;
	}
	tt_algebra model = *node;
	model.filters = tt_arena_alloc(r->arena, n * sizeof *model.filters);
	model.n_filters = 0;
	if (!model.filters) {
		return r->arena->ctx->error.status;
	}
	for (size_t i = 0; i < node->n_filters; ++i) {
		list_conjuncts(node->filters[i], model.filters, &model.n_filters);
	}
	return tt_algebra_make(r->query, &model, out);
}

/* ---- moving towards the patterns -------------------------------------------------------------- */

typedef struct moving {
	tt_rewriting *r;
	tt_expr *expr;
	tt_varset mentions;
} moving;

/* Whether a filter may move into `child`, which is combined with `other` (NULL: with nothing). */
static bool may_move(const moving *m, const tt_algebra *child, const tt_algebra *other)
{
	for (size_t i = 0; i < m->mentions.n_items; ++i) {
		const tt_var variable = m->mentions.items[i];
		if (!tt_varset_has(child->bound, variable) && other && tt_varset_has(other->in_scope, variable)) {
			return false;
		}
	}
	return true;
}

static tt_status push(moving *m, tt_algebra *node, tt_algebra **out);

static tt_status stay(moving *m, tt_algebra *node, tt_algebra **out)
{
	return tt_algebra_filter(m->r->query, node, &m->expr, 1, out);
}

static tt_status push_left(moving *m, tt_algebra *node, tt_algebra **out)
{
	tt_algebra model = *node;
	TT_TRY(push(m, node->left, &model.left));
	return tt_algebra_make(m->r->query, &model, out);
}

static tt_status push_right(moving *m, tt_algebra *node, tt_algebra **out)
{
	tt_algebra model = *node;
	TT_TRY(push(m, node->right, &model.right));
	return tt_algebra_make(m->r->query, &model, out);
}

static tt_status push_join(moving *m, tt_algebra *node, tt_algebra **out)
{
	if (may_move(m, node->left, node->right)) {
		return push_left(m, node, out);
	}
	return may_move(m, node->right, node->left) ? push_right(m, node, out) : stay(m, node, out);
}

static tt_status push_left_join(moving *m, tt_algebra *node, tt_algebra **out)
{
	return may_move(m, node->left, node->right) ? push_left(m, node, out) : stay(m, node, out);
}

static tt_status push_union(moving *m, tt_algebra *node, tt_algebra **out)
{
	tt_algebra model = *node;
	TT_TRY(push(m, node->left, &model.left));
	TT_TRY(push(m, node->right, &model.right));
	return tt_algebra_make(m->r->query, &model, out);
}

/* Below BIND and GRAPH ?g their variable is not there yet, or is another's. */
static tt_status push_extend(moving *m, tt_algebra *node, tt_algebra **out)
{
	const bool adds = node->kind == TT_ALGEBRA_EXTEND || node->parameter != TT_NO_VAR;
	return adds && tt_varset_has(m->mentions, node->variable) ? stay(m, node, out) : push_left(m, node, out);
}

static tt_status push_group(moving *m, tt_algebra *node, tt_algebra **out)
{
	tt_varset keys = {0};
	tt_varset others = {0};
	TT_TRY(tt_varset_make(m->r->arena, node->variables, node->n_variables, &keys));
	TT_TRY(tt_varset_subtract(m->r->arena, m->mentions, keys, &others));
	const bool may = node->n_variables > 0 && !tt_varset_meets(others, node->in_scope) &&
	                 !tt_varset_meets(others, node->left->in_scope);
	return may ? push_left(m, node, out) : stay(m, node, out);
}

/* What a PROJECT drops has another number than anything above, but for the top of the query. */
static tt_status push_project(moving *m, tt_algebra *node, tt_algebra **out)
{
	tt_varset dropped = {0};
	TT_TRY(tt_varset_subtract(m->r->arena, node->left->in_scope, node->in_scope, &dropped));
	return tt_varset_meets(dropped, m->mentions) ? stay(m, node, out) : push_left(m, node, out);
}

static tt_status push_filter(moving *m, tt_algebra *node, tt_algebra **out)
{
	tt_algebra *below = NULL;
	TT_TRY(push(m, node->left, &below));
	return tt_algebra_filter(m->r->query, below, node->filters, node->n_filters, out);
}

static tt_status push(moving *m, tt_algebra *node, tt_algebra **out)
{
	static tt_status (*const by_kind[])(moving *, tt_algebra *, tt_algebra **) = {
	    [TT_ALGEBRA_JOIN] = push_join,       [TT_ALGEBRA_LEFT_JOIN] = push_left_join, [TT_ALGEBRA_MINUS] = push_left,
	    [TT_ALGEBRA_UNION] = push_union,     [TT_ALGEBRA_FILTER] = push_filter,       [TT_ALGEBRA_EXTEND] = push_extend,
	    [TT_ALGEBRA_GRAPH] = push_extend,    [TT_ALGEBRA_GROUP] = push_group,         [TT_ALGEBRA_ORDER] = push_left,
	    [TT_ALGEBRA_PROJECT] = push_project, [TT_ALGEBRA_DISTINCT] = push_left,       [TT_ALGEBRA_REDUCED] = push_left,
	    [TT_ALGEBRA_SEMI_JOIN] = push_left,
	};
	const bool is_known = node->kind < sizeof by_kind / sizeof *by_kind && by_kind[node->kind];
	return is_known ? by_kind[node->kind](m, node, out) : stay(m, node, out);
}

/* A condition of OPTIONAL that speaks of the right side alone is a filter inside it. */
static tt_status push_condition(tt_rewriting *r, tt_algebra *node, tt_algebra **out)
{
	tt_algebra model = *node;
	model.filters = tt_arena_alloc(r->arena, node->n_filters * sizeof *model.filters);
	model.n_filters = 0;
	if (!model.filters) {
		return r->arena->ctx->error.status;
	}
	for (size_t i = 0; i < node->n_filters; ++i) {
		moving m = {.r = r, .expr = node->filters[i]};
		TT_TRY(tt_expr_mentions(r->arena, m.expr, &m.mentions));
		if (!tt_expr_is_fresh(m.expr) && may_move(&m, model.right, model.left)) {
			TT_TRY(push(&m, model.right, &model.right));
		} else {
			model.filters[model.n_filters++] = m.expr;
		}
	}
	return tt_algebra_make(r->query, &model, out);
}

tt_status tt_rewrite_push(tt_rewriting *r, tt_algebra *node, tt_algebra **out)
{
	*out = node;
	if (node->kind == TT_ALGEBRA_LEFT_JOIN && node->n_filters) {
		return push_condition(r, node, out);
	}
	if (node->kind != TT_ALGEBRA_FILTER) {
		return TT_OK;
	}
	*out = node->left;
	for (size_t i = 0; i < node->n_filters; ++i) {
		moving m = {.r = r, .expr = node->filters[i]};
		TT_TRY(tt_expr_mentions(r->arena, m.expr, &m.mentions));
		TT_TRY(tt_expr_is_fresh(m.expr) ? stay(&m, *out, out) : push(&m, *out, out));
	}
	return TT_OK;
}

/* ---- OPTIONAL to join ------------------------------------------------------------------------- */

/* Whether an expression is surely an error, or false, if a variable is unbound. */
static bool rejects_unbound(const tt_expr *expr, tt_var variable)
{
	static const bool is_strict[] = {
	    [TT_EXPR_NOT] = true,      [TT_EXPR_EQ] = true,       [TT_EXPR_NE] = true,          [TT_EXPR_LT] = true,
	    [TT_EXPR_GT] = true,       [TT_EXPR_LE] = true,       [TT_EXPR_GE] = true,          [TT_EXPR_ADD] = true,
	    [TT_EXPR_SUBTRACT] = true, [TT_EXPR_MULTIPLY] = true, [TT_EXPR_DIVIDE] = true,      [TT_EXPR_PLUS] = true,
	    [TT_EXPR_MINUS] = true,    [TT_EXPR_BUILTIN] = true,  [TT_EXPR_NOT_EXISTS] = false,
	};
	if (expr->kind == TT_EXPR_VARIABLE) {
		return expr->variable == variable;
	}
	if (expr->kind == TT_EXPR_BUILTIN &&
	    (expr->builtin == TT_FN_BOUND || expr->builtin == TT_FN_COALESCE || expr->builtin == TT_FN_IF)) {
		return false;
	}
	for (size_t i = 0; is_strict[expr->kind] && i < expr->n_arguments; ++i) {
		if (rejects_unbound(expr->arguments[i], variable)) {
			return true;
		}
	}
	return false;
}

/* The same for a whole filter, where BOUND(?x) itself may stand. */
static bool filter_rejects_unbound(const tt_expr *expr, tt_var variable)
{
	const bool is_bound = expr->kind == TT_EXPR_BUILTIN && expr->builtin == TT_FN_BOUND &&
	                      expr->arguments[0]->kind == TT_EXPR_VARIABLE && expr->arguments[0]->variable == variable;
	return is_bound || rejects_unbound(expr, variable);
}

/* FILTER(f) over OPTIONAL, f rejecting rows without a variable that the right side always binds and the left never. */
tt_status tt_rewrite_optional(tt_rewriting *r, tt_algebra *node, tt_algebra **out)
{
	*out = node;
	if (node->kind != TT_ALGEBRA_FILTER || node->left->kind != TT_ALGEBRA_LEFT_JOIN || r->n_exists) {
		return TT_OK;
	}
	tt_algebra *const optional = node->left;
	bool rejects = false;
	for (size_t v = 0; v < optional->right->bound.n_items && !rejects; ++v) {
		const tt_var variable = optional->right->bound.items[v];
		for (size_t i = 0; i < node->n_filters && !rejects; ++i) {
			rejects = !tt_varset_has(optional->left->in_scope, variable) &&
			          filter_rejects_unbound(node->filters[i], variable);
		}
	}
	if (!rejects) {
		return TT_OK;
	}
	TT_TRY(tt_algebra_join(r->query, optional->left, optional->right, out));
	TT_TRY(tt_algebra_filter(r->query, *out, optional->filters, optional->n_filters, out));
	return tt_algebra_filter(r->query, *out, node->filters, node->n_filters, out);
}

/* ---- equality as being the same term ----------------------------------------------------------- */

/* `?x = constant` where that is the same as being the same term: IRIs (§17.4.1.7) and plain strings. */
static bool is_equality(const tt_expr *expr, tt_var *out_variable, const tt_term **out_constant)
{
	const bool is_same_term = expr->kind == TT_EXPR_BUILTIN && expr->builtin == TT_FN_SAMETERM;
	if (expr->kind != TT_EXPR_EQ && !is_same_term) {
		return false;
	}
	const tt_expr *a = expr->arguments[0];
	const tt_expr *b = expr->arguments[1];
	if (a->kind == TT_EXPR_CONSTANT) {
		const tt_expr *const swapped = a;
		a = b;
		b = swapped;
	}
	if (a->kind != TT_EXPR_VARIABLE || b->kind != TT_EXPR_CONSTANT) {
		return false;
	}
	*out_variable = a->variable;
	*out_constant = &b->constant;
	const bool is_string = b->constant.kind == TT_TERM_LITERAL &&
	                       tt_view_equal(b->constant.datatype, tt_vocab_iri(TT_VOCAB_XSD_STRING));
	return is_same_term || b->constant.kind == TT_TERM_IRI || is_string;
}

/* What stands in place of a variable: a constant, or another variable. */
typedef struct substitution {
	tt_rewriting *r;
	tt_var variable;
	tt_slot value;
	tt_place place; /* of the filter */
} substitution;

/* Whether a tree is made only of what a constant can be put into without a change of meaning. */
static tt_status is_substitutable(const substitution *s, const tt_algebra *node, bool *out)
{
	tt_varset mentions = {0};
	switch (node->kind) {
	case TT_ALGEBRA_BGP:
		*out = true;
		return TT_OK;
	case TT_ALGEBRA_JOIN:
		TT_TRY(is_substitutable(s, node->left, out));
		return *out ? is_substitutable(s, node->right, out) : TT_OK;
	default:
		/* Anything that does not speak of the variable may stay as it is. */
		TT_TRY(tt_algebra_mentions(s->r->arena, node, &mentions));
		*out = !tt_varset_has(mentions, s->variable);
		return TT_OK;
	}
}

static void substitute_slot(const substitution *s, tt_slot *slot)
{
	if (slot->is_variable && slot->variable == s->variable) {
		*slot = s->value;
	}
}

static tt_status substitute(const substitution *s, tt_algebra *node, tt_algebra **out)
{
	*out = node;
	tt_algebra model = *node;
	if (node->kind == TT_ALGEBRA_JOIN) {
		TT_TRY(substitute(s, node->left, &model.left));
		TT_TRY(substitute(s, node->right, &model.right));
		return tt_algebra_make(s->r->query, &model, out);
	}
	if (node->kind != TT_ALGEBRA_BGP) {
		return TT_OK;
	}
	model.patterns = tt_arena_alloc(s->r->arena, node->n_patterns * sizeof *model.patterns);
	if (!model.patterns) {
		return s->r->arena->ctx->error.status;
	}
	for (size_t i = 0; i < node->n_patterns; ++i) {
		model.patterns[i] = node->patterns[i];
		substitute_slot(s, &model.patterns[i].subject);
		substitute_slot(s, &model.patterns[i].predicate);
		substitute_slot(s, &model.patterns[i].object);
		if (model.patterns[i].graph_kind == TT_PATTERN_SLOT) {
			substitute_slot(s, &model.patterns[i].graph);
		}
	}
	return tt_algebra_make(s->r->query, &model, out);
}

/* Put the value into the patterns; the variable gets it above them. */
static tt_status replace(const substitution *s, tt_algebra *node, tt_algebra **out)
{
	tt_expr *value = NULL;
	TT_TRY(substitute(s, node, out));
	TT_TRY(tt_expr_copy(s->r->arena, &(tt_expr){.variable = TT_NO_VAR, .place = s->place}, &value));
	value->kind = s->value.is_variable ? TT_EXPR_VARIABLE : TT_EXPR_CONSTANT;
	if (s->value.is_variable) {
		value->variable = s->value.variable;
	} else {
		value->constant = s->value.constant;
	}
	return tt_algebra_extend(s->r->query, *out, s->variable, value, out);
}

/* Whether a variable is surely no literal: some pattern has it as subject, predicate or graph. */
static bool is_resource(const tt_algebra *node, tt_var variable)
{
	if (node->kind == TT_ALGEBRA_JOIN) {
		return is_resource(node->left, variable) || is_resource(node->right, variable);
	}
	if (node->kind == TT_ALGEBRA_FILTER || node->kind == TT_ALGEBRA_LEFT_JOIN || node->kind == TT_ALGEBRA_MINUS ||
	    node->kind == TT_ALGEBRA_SEMI_JOIN) {
		return is_resource(node->left, variable);
	}
	for (size_t i = 0; i < node->n_patterns && node->kind == TT_ALGEBRA_BGP; ++i) {
		const tt_triple_pattern *const pattern = &node->patterns[i];
		const tt_slot *const slots[] = {&pattern->subject, &pattern->predicate, &pattern->graph};
		const size_t n_slots = pattern->graph_kind == TT_PATTERN_SLOT ? 3 : 2;
		for (size_t j = 0; j < n_slots; ++j) {
			if (slots[j]->is_variable && slots[j]->variable == variable) {
				return true;
			}
		}
	}
	return false;
}

/* `?x = ?y` or sameTerm(?x, ?y), x being bound in `left` and y in `right` (which may be one), where it is the same as
 * being the same term: then y may be x. *out_may: it is so; *s is filled. */
static tt_status read_variables(const tt_expr *expr, const tt_algebra *left, const tt_algebra *right, substitution *s,
                                bool *out_may)
{
	tt_var variables[2] = {TT_NO_VAR, TT_NO_VAR};
	*out_may = false;
	if (!tt_expr_equates(expr, &variables[0], &variables[1]) || variables[0] == variables[1]) {
		return TT_OK;
	}
	for (size_t i = 0; i < 2 && !*out_may; ++i) {
		const tt_var x = variables[i];
		const tt_var y = variables[1 - i];
		const bool is_split = left == right ||
		                      (!tt_varset_has(right->in_scope, x) && !tt_varset_has(left->in_scope, y));
		*s = (substitution){.r = s->r, .variable = y, .value = {.is_variable = true, .variable = x}};
		if (is_split && tt_varset_has(left->bound, x) && tt_varset_has(right->bound, y) &&
		    (expr->kind != TT_EXPR_EQ || is_resource(left, x) || is_resource(right, y))) {
			TT_TRY(is_substitutable(s, right, out_may));
		}
	}
	s->place = expr->place;
	return TT_OK;
}

/* The list without its i-th member. */
static tt_status without(tt_rewriting *r, tt_expr **filters, size_t n, size_t i, tt_expr ***out)
{
	*out = tt_arena_alloc(r->arena, n * sizeof **out);
	if (!*out) {
		return r->arena->ctx->error.status;
	}
	memcpy(*out, filters, i * sizeof **out);
	memcpy(*out + i, filters + i + 1, (n - i - 1) * sizeof **out);
	return TT_OK;
}

static tt_status equal_in_filter(tt_rewriting *r, tt_algebra *node, tt_algebra **out)
{
	for (size_t i = 0; i < node->n_filters; ++i) {
		substitution s = {.r = r, .value = {.variable = TT_NO_VAR}, .place = node->filters[i]->place};
		const tt_term *constant = NULL;
		bool may = is_equality(node->filters[i], &s.variable, &constant) &&
		           tt_varset_has(node->left->bound, s.variable);
		if (may) {
			s.value.constant = *constant;
			TT_TRY(is_substitutable(&s, node->left, &may));
		} else {
			TT_TRY(read_variables(node->filters[i], node->left, node->left, &s, &may));
		}
		if (may) {
			tt_algebra *below = NULL;
			tt_expr **others = NULL;
			TT_TRY(replace(&s, node->left, &below));
			TT_TRY(without(r, node->filters, node->n_filters, i, &others));
			TT_TRY(tt_algebra_filter(r->query, below, others, node->n_filters - 1, out));
			return tt_rewrite_equality(r, *out, out);
		}
	}
	return TT_OK;
}

/* OPTIONAL { … FILTER(?x = ?y) }, x bound on the left and y on the right: they share x. */
static tt_status equal_in_condition(tt_rewriting *r, tt_algebra *node, tt_algebra **out)
{
	for (size_t i = 0; i < node->n_filters; ++i) {
		substitution s = {.r = r};
		bool may = false;
		TT_TRY(read_variables(node->filters[i], node->left, node->right, &s, &may));
		if (may) {
			tt_algebra model = *node;
			TT_TRY(replace(&s, node->right, &model.right));
			TT_TRY(without(r, node->filters, node->n_filters, i, &model.filters));
			model.n_filters--;
			return tt_algebra_make(r->query, &model, out);
		}
	}
	return TT_OK;
}

tt_status tt_rewrite_equality(tt_rewriting *r, tt_algebra *node, tt_algebra **out)
{
	*out = node;
	if (r->n_exists || node->n_filters == 0) {
		return TT_OK;
	}
	return node->kind == TT_ALGEBRA_FILTER ? equal_in_filter(r, node, out) : equal_in_condition(r, node, out);
}
