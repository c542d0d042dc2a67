/* fuzz_rdf_read.c - any bytes as an RDF file: what is read is written in each syntax that can hold it, and read again
 * as the same statements. The first byte chooses the syntax ("0" Turtle, "1" TriG …), the file follows. */
#include "fuzz/fuzz.h"

#include "base/map.h"
#include "rdf/write.h"

#define BASE "http://example.org/base"

typedef struct statement {
	tt_term terms[4]; /* subject, predicate, object, graph */
} statement;

/* The statements of a file, copied. */
typedef struct document {
	tt_arena *arena;
	statement *statements;
	size_t n_statements, capacity;
	bool has_graphs;
} document;

static tt_view copy(document *to, tt_view text)
{
	const char *const data = tt_arena_strndup(to->arena, text.data, text.size);
	FUZZ_REQUIRE(data, "no memory");
	return (tt_view){data, text.size};
}

/* Nodes without a label get one that no file can have; a store would number them. */
static tt_term copy_term(document *to, const tt_term *term)
{
	tt_term made = *term;
	made.text = copy(to, term->text);
	made.datatype = copy(to, term->datatype);
	made.language = copy(to, term->language);
	if (made.kind == TT_TERM_BLANK && tt_view_starts(made.text, TT_VIEW("-"))) {
		*(char *)(uintptr_t)made.text.data = 'x';
	}
	return made;
}

static tt_status keep(void *user, const tt_term *subject, const tt_term *predicate, const tt_term *object,
                      const tt_term *graph)
{
	document *const to = user;
	const tt_term *const terms[4] = {subject, predicate, object, graph};
	TT_TRY(
	    tt_grow(to->arena->ctx, (void **)&to->statements, &to->capacity, to->n_statements + 1, sizeof *to->statements));
	for (size_t i = 0; i < 4; ++i) {
		FUZZ_REQUIRE(tt_utf8_check(terms[i]->text) == terms[i]->text.size, "a term that is not UTF-8");
		to->statements[to->n_statements].terms[i] = copy_term(to, terms[i]);
	}
	to->has_graphs |= graph->kind != TT_TERM_NONE;
	to->n_statements++;
	return TT_OK;
}

static tt_status read_document(document *to, tt_view bytes, tt_rdf_syntax syntax)
{
	const tt_read_options options = {.syntax = syntax, .base = BASE, .source_name = "input"};
	const tt_read_sink sink = {.user = to, .statement = keep};
	return tt_read_bytes(to->arena->ctx, bytes, &options, &sink);
}

static void write_document(const document *from, tt_rdf_syntax syntax, tt_output *output)
{
	tt_ctx *const ctx = from->arena->ctx;
	tt_writer *writer = NULL;
	FUZZ_REQUIRE(tt_writer_new(output, syntax, NULL, &writer) == TT_OK, "%s", ctx->error.text);
	for (size_t i = 0; i < from->n_statements; ++i) {
		const tt_term *const terms = from->statements[i].terms;
		FUZZ_REQUIRE(tt_writer_statement(writer, &terms[0], &terms[1], &terms[2], &terms[3]) == TT_OK, "%s",
		             ctx->error.text);
	}
	FUZZ_REQUIRE(tt_writer_finish(writer) == TT_OK, "%s", ctx->error.text);
	tt_writer_free(writer);
}

/* Labels may be written otherwise (rdf/write.c), but one label stays one label, and two stay two. */
static void require_same_node(tt_map *labels, tt_view before, tt_view after)
{
	const uint64_t hashes[2] = {tt_hash_bytes(before, 1), tt_hash_bytes(after, 2)};
	for (size_t i = 0; i < 2; ++i) {
		uint64_t cursor = 0;
		uint64_t other = 0;
		if (tt_map_next(labels, hashes[i], &cursor, &other)) {
			FUZZ_REQUIRE(other == hashes[1 - i], "%.*s became %.*s", TT_VIEW_ARG(before), TT_VIEW_ARG(after));
		} else {
			FUZZ_REQUIRE(tt_map_insert(labels, hashes[i], hashes[1 - i]) == TT_OK, "no memory");
		}
	}
}

static void require_same(tt_map *labels, const tt_term *before, const tt_term *after)
{
	if (before->kind == TT_TERM_BLANK && after->kind == TT_TERM_BLANK) {
		require_same_node(labels, before->text, after->text);
	} else {
		const bool has_odd_tag = tt_view_starts(before->language, TT_VIEW("x-ttx"));
		FUZZ_REQUIRE(tt_term_equal(before, after) || has_odd_tag, "%.*s became %.*s", TT_VIEW_ARG(before->text),
		             TT_VIEW_ARG(after->text));
	}
}

static void write_and_read(const document *first, tt_rdf_syntax syntax)
{
	tt_ctx *const ctx = first->arena->ctx;
	document second = {.arena = first->arena};
	tt_map labels;
	tt_output output;
	tt_map_init(&labels, ctx);
	tt_output_init(&output, ctx, -1);
	write_document(first, syntax, &output);
	const tt_view text = tt_buffer_view(&output.buffer);
	FUZZ_REQUIRE(read_document(&second, text, syntax) == TT_OK, "%s: %s in\n%.*s", tt_rdf_syntax_name(syntax),
	             ctx->error.text, TT_VIEW_ARG(text));
	FUZZ_REQUIRE(first->n_statements == second.n_statements, "%s: %zu statements became %zu",
	             tt_rdf_syntax_name(syntax), first->n_statements, second.n_statements);
	for (size_t i = 0; i < first->n_statements; ++i) {
		for (size_t j = 0; j < 4; ++j) {
			require_same(&labels, &first->statements[i].terms[j], &second.statements[i].terms[j]);
		}
	}
	tt_map_clear(&labels);
	tt_free(ctx, second.statements);
	tt_output_clear(&output);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const tt_rdf_syntax syntaxes[] = {TT_RDF_TURTLE, TT_RDF_TRIG, TT_RDF_NTRIPLES, TT_RDF_NQUADS, TT_RDF_XML};
	static const tt_rdf_syntax without_graphs[] = {TT_RDF_TURTLE, TT_RDF_NTRIPLES};
	static const tt_rdf_syntax with_graphs[] = {TT_RDF_TRIG, TT_RDF_NQUADS};
	fuzz_input input = {data, size};
	tt_ctx ctx;
	tt_arena arena;
	tt_ctx_init(&ctx);
	tt_arena_init(&arena, &ctx);
	document first = {.arena = &arena};
	const tt_rdf_syntax syntax = syntaxes[(fuzz_byte(&input) + 256 - '0') % 256 % 5];
	if (read_document(&first, fuzz_rest(&input), syntax) == TT_OK) {
		for (size_t i = 0; i < 2; ++i) {
			write_and_read(&first, with_graphs[i]);
			if (!first.has_graphs) {
				write_and_read(&first, without_graphs[i]);
			}
		}
	}
	tt_free(&ctx, first.statements);
	tt_arena_clear(&arena);
	FUZZ_REQUIRE(ctx.n_bytes_used == 0, "%zu bytes are not freed", ctx.n_bytes_used);
	return 0;
}
