/* parse.h - text to syntax tree: recursive descent over SPARQL 1.1 Query and Update (§19.8).
 *
 * Contrast: plan/translate.h gives the tree its meaning.
 * Owns:     the tree lives in the caller's arena; it may point into the caller's text, which must
 *           outlive it.
 * Threads:  any, each with its own context.
 * Fails:    TT_SYNTAX with line, column, what was found and what could stand there, and
 *           `error.caret` filled; TT_LIMIT when nested deeper than the context allows.
 * Tests:    tests/unit/test_sparql.c; W3C's syntax suites
 */
#ifndef TT_SPARQL_PARSE_H
#define TT_SPARQL_PARSE_H

#include "sparql/ast.h"

typedef struct tt_parse_options {
	const char *source_name;           /* for messages; NULL: "query" */
	tt_view base;                      /* in force until a BASE; may be empty */
	const tt_prefixes *prefixes;       /* known without declaration; may be NULL. A PREFIX in the text wins */
	const tt_prefixes *usual_prefixes; /* only suggested where a prefix is unknown; may be NULL */
	tt_warn_fn warn;                   /* told what is well formed but hardly meant, if all is well; may be NULL */
	void *warn_user;
	bool refuses_warnings;      /* the first of them is an error instead */
	const tt_binding *bindings; /* of a query: put into its tree */
	size_t n_bindings;
	/* Finds the resource that the value of a binding names, if it is no term of SPARQL; may be NULL. @param out Lives
	 * in the arena. */
	tt_status (*resolve)(void *user, tt_arena *arena, tt_view name, tt_term *out);
	void *resolve_user;
} tt_parse_options;

/** Parse a query (rule 1, QueryUnit) or an update request (rule 3, UpdateUnit). */
TT_CHECKED tt_status tt_parse_query(tt_arena *arena, tt_view text, const tt_parse_options *options, tt_ast **out_ast);
TT_CHECKED tt_status tt_parse_update(tt_arena *arena, tt_view text, const tt_parse_options *options, tt_ast **out_ast);

/** Parse a text that is one IRI or literal, as SPARQL writes it. */
TT_CHECKED tt_status tt_parse_term(tt_arena *arena, tt_view text, const tt_parse_options *options, tt_term *out_term);

/** Whether a text begins, behind its prologue, with the keyword of an update operation. */
bool tt_parse_is_update(tt_ctx *ctx, tt_view text, const tt_parse_options *options);

/** Give an error that was found in @p text behind the parser (TT_FAIL_AT_PLACE) its file and caret, too. One that names
 * a file, or has no place, stays as it is.
 * @return Its status. */
tt_status tt_parse_show_place(tt_ctx *ctx, tt_view text, const tt_parse_options *options);

/** Whether a text that is being typed can be run as it stands, needs more lines, or is broken already. For the shell:
 * incomplete if brackets, strings or IRIs are open, or if the parser wants more at the very end of the text. */
tt_completeness tt_parse_completeness(tt_ctx *ctx, tt_view text, const tt_parse_options *options);

#endif
