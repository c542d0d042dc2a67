/* fuzz_query_parse.c - any text as a query and as an update request: what parses is printed, and what is printed parses
 * to the same print. The printer's one exception (sparql/ast.h) needs a BASE. */
#include "fuzz/fuzz.h"

#include "sparql/parse.h"

typedef tt_status (*parse_function)(tt_arena *arena, tt_view text, const tt_parse_options *options, tt_ast **out_ast);

/* Parse and print; false if it is no SPARQL. */
static bool print_again(parse_function parse, tt_ctx *ctx, tt_view text, tt_buffer *out)
{
	tt_arena arena;
	tt_arena_init(&arena, ctx);
	tt_ast *ast = NULL;
	const tt_status status = parse(&arena, text, NULL, &ast);
	FUZZ_REQUIRE(status == TT_OK || status == TT_SYNTAX || status == TT_LIMIT, "%s", ctx->error.text);
	if (status == TT_OK) {
		const tt_status printed = tt_ast_print(ast, NULL, out);
		FUZZ_REQUIRE(printed == TT_OK, "%s", ctx->error.text);
	}
	tt_arena_clear(&arena);
	return status == TT_OK;
}

static void try_parser(parse_function parse, tt_view text)
{
	tt_ctx ctx;
	tt_buffer prints[3];
	tt_ctx_init(&ctx);
	for (size_t i = 0; i < 3; ++i) {
		tt_buffer_init(&prints[i], &ctx);
	}
	if (print_again(parse, &ctx, text, &prints[0])) {
		for (size_t i = 1; i < 3; ++i) {
			const tt_view before = tt_buffer_view(&prints[i - 1]);
			FUZZ_REQUIRE(print_again(parse, &ctx, before, &prints[i]), "%s in\n%.*s", ctx.error.text,
			             TT_VIEW_ARG(before));
		}
		const tt_view first = tt_buffer_view(&prints[0]);
		const tt_view second = tt_buffer_view(&prints[1]);
		const tt_view third = tt_buffer_view(&prints[2]);
		FUZZ_REQUIRE(tt_view_equal(first, second) || tt_view_starts(first, TT_VIEW("BASE ")), "\n%.*s\n%.*s",
		             TT_VIEW_ARG(first), TT_VIEW_ARG(second));
		FUZZ_REQUIRE(tt_view_equal(second, third), "\n%.*s\n%.*s", TT_VIEW_ARG(second), TT_VIEW_ARG(third));
	}
	for (size_t i = 0; i < 3; ++i) {
		tt_buffer_clear(&prints[i]);
	}
	FUZZ_REQUIRE(ctx.n_bytes_used == 0, "%zu bytes are not freed", ctx.n_bytes_used);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const tt_view text = {(const char *)data, size};
	try_parser(tt_parse_query, text);
	try_parser(tt_parse_update, text);
	tt_ctx ctx;
	tt_ctx_init(&ctx);
	(void)tt_parse_completeness(&ctx, text, NULL);
	FUZZ_REQUIRE(ctx.n_bytes_used == 0 && ctx.n_depth == 0, "completeness leaves something");
	return 0;
}
