/* graph.c - triples as Turtle, JSON-LD or N-Triples, through rdf/write.h.
 *
 * Turtle and JSON-LD begin with their prefixes, but which of the many known ones will be needed is seen only in the
 * triples. So the first triples are kept back, the prefixes they use are declared, and from then on triples are written
 * as they come; an IRI that no declared prefix fits is written in full. */
#include "result/result.h"

#include "rdf/write.h"

enum { WINDOW_TRIPLES = 4096, WINDOW_BYTES = 1 << 20 };

/** The triples kept back. */
typedef struct window {
	tt_arena arena;
	tt_term (*triples)[3];
	size_t n_triples;
	size_t capacity;
	size_t n_bytes;
} window;

static tt_status copy_text(window *kept, tt_view *text)
{
	if (text->size) {
		const char *const copy = tt_arena_strndup(&kept->arena, text->data, text->size);
		if (!copy) {
			return kept->arena.ctx->error.status;
		}
		kept->n_bytes += text->size;
		text->data = copy;
	}
	return TT_OK;
}

static tt_status keep(window *kept, const tt_term *row)
{
	TT_TRY(
	    tt_grow(kept->arena.ctx, (void **)&kept->triples, &kept->capacity, kept->n_triples + 1, sizeof *kept->triples));
	tt_term *const triple = kept->triples[kept->n_triples++];
	for (size_t i = 0; i < 3; ++i) {
		triple[i] = row[i];
		TT_TRY(copy_text(kept, &triple[i].text));
		TT_TRY(copy_text(kept, &triple[i].datatype));
		TT_TRY(copy_text(kept, &triple[i].language));
	}
	return TT_OK;
}

/* Fill the window. @param out_row The row that did not fit any more, or NULL at the end. */
static tt_status fill(window *kept, tt_cursor *cursor, const tt_term **out_row)
{
	TT_TRY(cursor->next(cursor->user, out_row));
	while (*out_row && kept->n_triples < WINDOW_TRIPLES && kept->n_bytes < WINDOW_BYTES) {
		TT_TRY(keep(kept, *out_row));
		TT_TRY(cursor->next(cursor->user, out_row));
	}
	return TT_OK;
}

static void mark_prefix(const tt_prefixes *prefixes, tt_rdf_syntax syntax, const tt_term *term, bool is_predicate,
                        bool *is_used)
{
	const bool is_literal = term->kind == TT_TERM_LITERAL;
	const bool is_named = is_literal
	                          ? !tt_write_implies_datatype(term->datatype, syntax)
	                          : term->kind == TT_TERM_IRI &&
	                                !(is_predicate && tt_view_equal(term->text, tt_vocab_iri(TT_VOCAB_RDF_TYPE)));
	const tt_prefix *prefix = NULL;
	tt_view local;
	if (is_named && tt_prefixes_shorten(prefixes, is_literal ? term->datatype : term->text, &prefix, &local)) {
		is_used[prefix - prefixes->items] = true;
	}
}

static tt_status find_used(const window *kept, tt_rdf_syntax syntax, const tt_prefixes *prefixes, tt_prefixes *used)
{
	tt_ctx *const ctx = kept->arena.ctx;
	bool *const is_used = tt_calloc(ctx, prefixes->n_items, sizeof *is_used);
	if (!is_used) {
		return ctx->error.status;
	}
	for (size_t i = 0; i < kept->n_triples; ++i) {
		for (size_t part = 0; part < 3; ++part) {
			mark_prefix(prefixes, syntax, &kept->triples[i][part], part == 1, is_used);
		}
	}
	tt_status status = TT_OK;
	for (size_t i = 0; i < prefixes->n_items && status == TT_OK; ++i) {
		status = is_used[i] ? tt_prefixes_set(used, prefixes->items[i].name, prefixes->items[i].iri) : TT_OK;
	}
	tt_free(ctx, is_used);
	return status;
}

static tt_status write_kept(const window *kept, tt_writer *writer, tt_output *output)
{
	for (size_t i = 0; i < kept->n_triples; ++i) {
		const tt_term *const triple = kept->triples[i];
		TT_TRY(tt_writer_statement(writer, &triple[0], &triple[1], &triple[2], NULL));
		TT_TRY(tt_output_check(output));
	}
	return TT_OK;
}

static tt_status write_rest(tt_cursor *cursor, const tt_term *row, tt_writer *writer, tt_output *output,
                            uint64_t *out_n_rows)
{
	while (row) {
		TT_TRY(tt_writer_statement(writer, &row[0], &row[1], &row[2], NULL));
		TT_TRY(tt_output_check(output));
		++*out_n_rows;
		TT_TRY(cursor->next(cursor->user, &row));
	}
	return tt_writer_finish(writer);
}

static tt_status write_with_prefixes(tt_cursor *cursor, tt_rdf_syntax syntax, const tt_prefixes *prefixes,
                                     tt_output *output, uint64_t *out_n_rows)
{
	tt_ctx *const ctx = output->buffer.ctx;
	window kept = {.triples = NULL};
	tt_arena_init(&kept.arena, ctx);
	tt_prefixes used;
	tt_prefixes_init(&used, ctx);
	tt_writer *writer = NULL;
	const tt_term *row = NULL;
	tt_status status = TT_OK;
	TT_TRY_DONE(fill(&kept, cursor, &row));
	TT_TRY_DONE(prefixes ? find_used(&kept, syntax, prefixes, &used) : TT_OK);
	TT_TRY_DONE(tt_writer_new(output, syntax, &used, &writer));
	TT_TRY_DONE(write_kept(&kept, writer, output));
	*out_n_rows = kept.n_triples;
	TT_TRY_DONE(write_rest(cursor, row, writer, output, out_n_rows));
done:
	tt_writer_free(writer);
	tt_prefixes_clear(&used);
	tt_free(ctx, kept.triples);
	tt_arena_clear(&kept.arena);
	return status;
}

tt_status tt_write_turtle(tt_cursor *cursor, const tt_result_style *style, tt_output *output, uint64_t *out_n_rows)
{
	return write_with_prefixes(cursor, TT_RDF_TURTLE, style->prefixes, output, out_n_rows);
}

tt_status tt_write_jsonld(tt_cursor *cursor, const tt_result_style *style, tt_output *output, uint64_t *out_n_rows)
{
	return write_with_prefixes(cursor, TT_RDF_JSONLD, style->prefixes, output, out_n_rows);
}

tt_status tt_write_ntriples(tt_cursor *cursor, const tt_result_style *style, tt_output *output, uint64_t *out_n_rows)
{
	(void)style;
	const tt_term *row = NULL;
	TT_TRY(cursor->next(cursor->user, &row));
	tt_writer *writer = NULL;
	TT_TRY(tt_writer_new(output, TT_RDF_NTRIPLES, NULL, &writer));
	const tt_status status = write_rest(cursor, row, writer, output, out_n_rows);
	tt_writer_free(writer);
	return status;
}
