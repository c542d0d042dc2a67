/* unbound.c - variables that are asked for where no pattern can have given them a value.
 *
 * Such a query is well formed, but hardly meant: an expression that needs the variable is an error in every row, a
 * column stays empty. Each place that asks for a variable (an expression, SELECT, GROUP BY, a template) puts it on a
 * stack. What is in scope is only known later, so the stack is settled, behind a mark, when a group or a SELECT ends,
 * against the scope of that moment (parser.c): what is in scope goes, the rest is noted for a warning, or waits for
 * the group around it where that one is seen too: in the condition of an OPTIONAL, and anywhere inside of EXISTS.
 *
 * HAVING does not see the aliases of its SELECT: they get their values behind it (§18.2.4.2, §18.2.4.4).
 *
 * A BIND, and the condition of an OPTIONAL, see only what stands before them. Of what they miss it is known at the end
 * of the group whether it comes further down.
 *
 * Cost: constant for each use, so that long queries stay linear. Warnings are sorted and worded at the end, if the
 * query is well formed otherwise. */
#include "sparql/parser.h"

#include "sparql/hint.h"

#include <stdlib.h>

tt_status tt_parser_use(tt_parser *p, tt_view name, tt_place place)
{
	TT_TRY(tt_grow(p->ctx, (void **)&p->uses, &p->uses_capacity, p->n_uses + 1, sizeof *p->uses));
	p->uses[p->n_uses++] = (tt_variable_use){.name = name, .place = place};
	return TT_OK;
}

static tt_status note(tt_parser *p, const tt_variable_use *use)
{
	TT_TRY(tt_grow(p->ctx, (void **)&p->unbound, &p->unbound_capacity, p->n_unbound + 1, sizeof *p->unbound));
	p->unbound[p->n_unbound++] = *use;
	return TT_OK;
}

tt_status tt_parser_settle_early(tt_parser *p, size_t mark)
{
	size_t n = mark;
	for (size_t i = mark; i < p->n_uses; ++i) {
		tt_known_variable *variable = NULL;
		TT_TRY(tt_parser_variable(p, p->uses[i].name, &variable));
		if (variable->scope_at <= p->scope_start) {
			p->uses[n] = p->uses[i];
			p->uses[n++].is_early = true;
		}
	}
	p->n_uses = n;
	return TT_OK;
}

tt_status tt_parser_settle(tt_parser *p, size_t mark, size_t n_scope, uint64_t number, bool may_wait)
{
	size_t n = mark;
	for (size_t i = mark; i < p->n_uses; ++i) {
		tt_variable_use *const use = &p->uses[i];
		tt_known_variable *variable = NULL;
		TT_TRY(tt_parser_variable(p, use->name, &variable));
		const bool is_alias = number && variable->alias_of == number;
		const bool is_in_scope = variable->scope_at > n_scope || (number && variable->given_of == number) ||
		                         (is_alias && !use->is_having);
		use->is_alias = is_alias && use->is_having;
		if (!is_in_scope && (p->n_exists || (may_wait && !use->is_early))) {
			p->uses[n++] = (tt_variable_use){.name = use->name, .place = use->place};
		} else if (!is_in_scope || use->is_early) {
			TT_TRY(note(p, use));
		}
	}
	p->n_uses = n;
	return TT_OK;
}

void tt_parser_use_in_having(tt_parser *p, size_t mark)
{
	for (size_t i = mark; i < p->n_uses; ++i) {
		p->uses[i].is_having = true;
	}
}

static tt_status give(tt_parser *p, tt_view name, uint64_t number)
{
	tt_known_variable *variable = NULL;
	TT_TRY(tt_parser_variable(p, name, &variable));
	variable->given_of = number;
	return TT_OK;
}

static tt_status give_aliases(tt_parser *p, const tt_ast_query *query, uint64_t number)
{
	for (const tt_ast_projection *item = query->projection; item; item = item->next) {
		tt_known_variable *variable = NULL;
		TT_TRY(tt_parser_variable(p, item->variable, &variable));
		variable->alias_of = item->expr ? number : variable->alias_of;
	}
	return TT_OK;
}

tt_status tt_parser_settle_query(tt_parser *p, const tt_ast_query *query, size_t mark, size_t n_scope)
{
	const uint64_t number = tt_parser_new_number(p);
	TT_TRY(give_aliases(p, query, number));
	for (const tt_ast_projection *item = query->group_by; item; item = item->next) {
		TT_TRY(item->expr && item->variable.size ? give(p, item->variable, number) : TT_OK);
	}
	for (size_t i = 0; query->values && i < query->values->n_variables; ++i) {
		TT_TRY(give(p, query->values->variables[i], number));
	}
	return tt_parser_settle(p, mark, n_scope, number, false);
}

/* ---- warnings --------------------------------------------------------------------------------- */

static int compare_places(const void *a, const void *b)
{
	const tt_place one = ((const tt_variable_use *)a)->place;
	const tt_place other = ((const tt_variable_use *)b)->place;
	return one.line != other.line ? (one.line < other.line ? -1 : 1)
	                              : (one.column > other.column) - (one.column < other.column);
}

/* The bound variable whose name is nearest, or nothing. */
static tt_view find_near_variable(const tt_parser *p, tt_view name)
{
	tt_view best = {NULL, 0};
	size_t n_best = name.size / 3 + 1; /* edits that are too many */
	for (size_t i = 0; i < p->n_variables; ++i) {
		const tt_known_variable *const one = &p->variables[i];
		const size_t n = one->is_brought ? tt_count_edits(name, one->name, n_best) : n_best;
		if (n < n_best) {
			n_best = n;
			best = one->name;
		}
	}
	return best;
}

static tt_status word_warning(tt_parser *p, const tt_variable_use *use, bool is_bound_elsewhere)
{
	const tt_view shown = tt_parser_shown(use->name);
	const tt_view near = is_bound_elsewhere ? (tt_view){NULL, 0} : find_near_variable(p, use->name);
	if (use->is_alias) {
		return TT_PARSER_FAIL(
		    p, use->place,
		    "?%.*s has no value here: it is an alias of SELECT, which HAVING does not see; write what "
		    "it stands for",
		    TT_VIEW_ARG(shown));
	}
	if (use->is_early && is_bound_elsewhere) {
		return TT_PARSER_FAIL(p, use->place,
		                      "?%.*s has no value here yet: what binds it stands further down, or in another group",
		                      TT_VIEW_ARG(shown));
	}
	if (is_bound_elsewhere) {
		return TT_PARSER_FAIL(p, use->place, "?%.*s has no value here: what binds it stands in another group",
		                      TT_VIEW_ARG(shown));
	}
	if (near.size) {
		return TT_PARSER_FAIL(p, use->place, "?%.*s is never bound by a pattern; did you mean ?%.*s?",
		                      TT_VIEW_ARG(shown), TT_VIEW_ARG(tt_parser_shown(near)));
	}
	return TT_PARSER_FAIL(p, use->place, "?%.*s is never bound by a pattern", TT_VIEW_ARG(shown));
}

tt_status tt_parser_warn(tt_parser *p)
{
	enum { MOST_WARNINGS = 10 };
	const tt_parse_options *const options = p->options;
	size_t n_warnings = 0;
	if (!p->n_unbound || (!options->warn && !options->refuses_warnings)) {
		return TT_OK;
	}
	qsort(p->unbound, p->n_unbound, sizeof *p->unbound, compare_places);
	for (size_t i = 0; i < p->n_unbound && n_warnings < MOST_WARNINGS; ++i) {
		tt_known_variable *variable = NULL;
		TT_TRY(tt_parser_variable(p, p->unbound[i].name, &variable));
		if (variable->is_reported || variable->is_given) {
			continue;
		}
		variable->is_reported = true;
		const tt_status status = word_warning(p, &p->unbound[i], variable->is_brought);
		if (options->refuses_warnings) {
			return status;
		}
		tt_error warning = p->ctx->error;
		warning.status = TT_OK;
		tt_ctx_clear_error(p->ctx);
		options->warn(options->warn_user, &warning);
		++n_warnings;
	}
	return TT_OK;
}
