/* translate.h - inside the translation: names, places and the active graph (SPARQL 1.1 §18.2).
 *
 * Contrast: plan.h is what others call. translate.c does SELECT, CONSTRUCT, DESCRIBE, ASK and solution modifiers,
 *           translate_group.c the patterns between braces, translate_graph.c GRAPH with a variable,
 *           translate_expr.c expressions and aggregates.
 * Owns:     nothing; all is in the arena of the query but the hash tables of the scopes.
 * Threads:  as the query's context.
 * Fails:    as plan.h.
 * Tests:    tests/unit/test_plan.c
 */
#ifndef TT_PLAN_TRANSLATE_H
#define TT_PLAN_TRANSLATE_H

#include "base/map.h"
#include "plan/build.h"

/** The names of one SELECT: each sub-SELECT has its own, so that what it does not project stays hidden. */
typedef struct tt_scope {
	tt_map by_name;
} tt_scope;

/** What GROUP BY and the aggregates above it need while their expressions are translated (§18.2.4.1). */
typedef struct tt_grouping {
	tt_varlist keys;
	tt_varlist aliases; /* of (expr AS ?alias) in SELECT */
	tt_aggregation *aggregations;
	size_t n_aggregations, capacity;
	bool is_having; /* HAVING does not see the aliases */
} tt_grouping;

typedef struct tt_translator {
	tt_algebra_query *query;
	tt_arena *arena;
	tt_ctx *ctx;
	tt_scope *scope;
	tt_pattern_graph graph_kind; /* the active graph (§18.6) */
	tt_slot graph;
	tt_grouping *grouping; /* NULL where no aggregate may stand */
	unsigned expr_depth;
} tt_translator;

/* ---- names ------------------------------------------------------------------------------------ */

/** The number of a variable in the current scope, made at its first mention. */
TT_CHECKED tt_status tt_scope_variable(tt_translator *t, tt_view name, tt_var *out);
/** The hidden variable of a blank node label; @p space keeps those of patterns and of templates apart. */
TT_CHECKED tt_status tt_scope_blank(tt_translator *t, tt_view label, uint64_t space, tt_var *out);
/** Let a name of the scope stand for a variable that exists. */
TT_CHECKED tt_status tt_scope_bind(tt_translator *t, tt_view name, tt_var variable);
TT_CHECKED tt_status tt_translate_term(tt_translator *t, const tt_ast_term *term, tt_slot *out);

/* ---- the parts -------------------------------------------------------------------------------- */

TT_CHECKED tt_status tt_translate_expr(tt_translator *t, const tt_ast_expr *expr, tt_expr **out);
/** A new node of an expression. */
TT_CHECKED tt_status tt_expr_variable(tt_arena *arena, tt_var variable, tt_place place, tt_expr **out);
/** Above a GROUP: a variable that is no key stands for a sample of its values (§18.2.4.1). */
TT_CHECKED tt_status tt_grouping_mention(tt_translator *t, tt_var variable, tt_place place);

/** The pattern of a group. With @p out_filters the filters of the group itself are handed out, not applied: they are
 * the condition of an OPTIONAL (§18.2.2.6). */
TT_CHECKED tt_status tt_translate_group(tt_translator *t, const tt_ast_group *group, tt_algebra **out,
                                        tt_expr ***out_filters, size_t *out_n_filters);
TT_CHECKED tt_status tt_translate_values(tt_translator *t, const tt_ast_values *values, tt_algebra **out);
/** A sub-SELECT (§18.2.4, ToMultiSet). */
TT_CHECKED tt_status tt_translate_subselect(tt_translator *t, const tt_ast_query *ast, tt_algebra **out);

/** GRAPH ?variable { node }: @p node was translated with the hidden variable @p parameter in its graph slots. */
TT_CHECKED tt_status tt_translate_graph_variable(tt_translator *t, tt_algebra *node, tt_var variable, tt_var parameter,
                                                 tt_algebra **out);
/** GRAPH <iri> { node }: @p node was translated with the IRI in its graph slots. */
TT_CHECKED tt_status tt_translate_graph_constant(tt_translator *t, tt_algebra *node, const tt_slot *graph,
                                                 tt_algebra **out);

#endif
