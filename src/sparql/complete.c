/* complete.c - what a shell asks of a text that is being typed: query or update, and whether it is ready to run.
 *
 * A text that ends too early fails at its very end; so the parser is asked where it failed. A shell takes queries and
 * updates, hence both are tried. An update request may be empty, but a prologue alone waits for more. */
#include "sparql/parser.h"

static tt_completeness judge(tt_ctx *ctx, tt_view text, const tt_parse_options *options, bool is_update)
{
	tt_parser parser;
	tt_arena arena;
	tt_ast *ast = NULL;
	tt_arena_init(&arena, ctx);
	tt_status status = tt_parser_open(&parser, &arena, text, options);
	if (status == TT_OK) {
		status = is_update ? tt_parse_update_unit(&parser, &ast) : tt_parse_query_unit(&parser, &ast);
	}
	const bool is_empty = status == TT_OK && is_update && !ast->update;
	const tt_completeness verdict = parser.is_cut_short || is_empty ? TT_TEXT_INCOMPLETE
	                                : status == TT_OK               ? TT_TEXT_COMPLETE
	                                                                : TT_TEXT_BROKEN;
	tt_parser_close(&parser);
	tt_arena_clear(&arena);
	return verdict;
}

tt_completeness tt_parse_completeness(tt_ctx *ctx, tt_view text, const tt_parse_options *options)
{
	const tt_error error = ctx->error;
	const tt_completeness as_query = judge(ctx, text, options, false);
	const tt_completeness as_update = as_query == TT_TEXT_BROKEN ? judge(ctx, text, options, true) : as_query;
	ctx->error = error;
	return as_update;
}

bool tt_parse_is_update(tt_ctx *ctx, tt_view text, const tt_parse_options *options)
{
	const tt_error error = ctx->error;
	tt_parser parser;
	tt_arena arena;
	tt_arena_init(&arena, ctx);
	tt_status status = tt_parser_open(&parser, &arena, text, options);
	status = status ? status : tt_parse_prologue(&parser);
	const bool is_update = status == TT_OK && tt_parser_at_operation(&parser);
	tt_parser_close(&parser);
	tt_arena_clear(&arena);
	ctx->error = error;
	return is_update;
}
