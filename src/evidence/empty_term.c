/* empty_term.c - terms of a query that are not in the data, found without asking it.
 *
 * Only what every solution needs is looked at: the triples of WHERE, of groups, GRAPHs and sub-SELECTs in it, but none
 * of OPTIONAL, UNION, MINUS and EXISTS. A term costs a look into the dictionary and a few counts. */
#include "evidence/empty.h"

#include "sparql/printer.h"

typedef struct seeker {
	tt_db *db;
	tt_ctx *ctx;
	tt_arena *arena;
	tt_snapshot *snapshot;
	tt_view text;
	tt_parse_options parsing;
	bool is_found;
	tt_error *out;
} seeker;

static tt_status print(seeker *s, tt_buffer *out, const tt_term *term)
{
	tt_printer printer = {.out = out, .prefixes = &s->db->prefixes, .is_flat = true};
	return tt_print_constant(&printer, term);
}

static tt_status tell(seeker *s, const tt_term *term, tt_place place, tt_near_role role, tt_buffer *text)
{
	const tt_near_place where = {.snapshot = s->snapshot, .prefixes = &s->db->prefixes, .role = role};
	tt_near near[TT_NEAR_MOST];
	size_t n = 0;
	TT_TRY(print(s, text, term));
	TT_TRY(tt_buffer_append(text, TT_VIEW(" is not in the data")));
	TT_TRY(tt_nearest_terms(s->arena, &where, term, near, &n));
	if (n) {
		TT_TRY(tt_buffer_append(text, TT_VIEW("; did you mean ")));
		TT_TRY(print(s, text, &near[0].term));
		TT_TRY(tt_buffer_append(text, TT_VIEW("?")));
	}
	s->is_found = true;
	(void)TT_FAIL_AT_PLACE(s->ctx, TT_NOT_FOUND, place, "%.*s", TT_VIEW_ARG(tt_buffer_view(text)));
	(void)tt_parse_show_place(s->ctx, s->text, &s->parsing);
	*s->out = s->ctx->error;
	tt_ctx_clear_error(s->ctx);
	return TT_OK;
}

static tt_status seek_term(seeker *s, const tt_term *term, tt_place place, tt_near_role role)
{
	bool is_there = false;
	tt_buffer text;
	if (s->is_found) {
		return TT_OK;
	}
	TT_TRY(tt_nearest_is_there(s->snapshot, term, &is_there));
	if (is_there) {
		return TT_OK;
	}
	tt_buffer_init(&text, s->ctx);
	const tt_status status = tell(s, term, place, role, &text);
	tt_buffer_clear(&text);
	return status;
}

static tt_status seek_triple(seeker *s, const tt_ast_triple *triple)
{
	const bool is_type = !triple->path && triple->predicate.kind == TT_AST_CONSTANT &&
	                     tt_view_equal(triple->predicate.constant.text, tt_vocab_iri(TT_VOCAB_RDF_TYPE));
	const struct {
		const tt_ast_term *term;
		tt_near_role role;
	} terms[] = {{&triple->predicate, TT_NEAR_PREDICATE},
	             {&triple->object, is_type ? TT_NEAR_CLASS : TT_NEAR_OBJECT},
	             {&triple->subject, TT_NEAR_SUBJECT}};
	/* A path may be of no length, so that its ends need no statement. */
	for (size_t i = 0; i < 3 && !triple->path; ++i) {
		const tt_ast_term *const term = terms[i].term;
		TT_TRY(term->kind == TT_AST_CONSTANT ? seek_term(s, &term->constant, term->place, terms[i].role) : TT_OK);
	}
	return TT_OK;
}

static tt_status seek_group(seeker *s, const tt_ast_group *group)
{
	TT_TRY(tt_ctx_enter(s->ctx));
	tt_status status = group->subquery && group->subquery->where ? seek_group(s, group->subquery->where) : TT_OK;
	for (const tt_ast_element *element = group->elements; element && status == TT_OK; element = element->next) {
		const bool is_needed = element->kind == TT_ELEMENT_GROUP || element->kind == TT_ELEMENT_GRAPH;
		for (const tt_ast_triple *triple = element->triples; triple && status == TT_OK; triple = triple->next) {
			status = seek_triple(s, triple);
		}
		status = is_needed && status == TT_OK ? seek_group(s, element->group) : status;
	}
	tt_ctx_leave(s->ctx);
	return status;
}

static tt_status seek(seeker *s, const tt_query_options *options)
{
	tt_query_options quiet = options ? *options : (tt_query_options){.source_name = NULL};
	tt_ast *ast = NULL;
	quiet.warn = NULL;
	quiet.refuses_warnings = false;
	TT_TRY(tt_db_parse_options(s->db, s->ctx, &quiet, &s->parsing));
	TT_TRY(tt_parse_query(s->arena, s->text, &s->parsing, &ast));
	TT_TRY(tt_db_snapshot(s->db, s->ctx, &s->snapshot));
	for (const tt_ast_term_list *item = ast->query->describe; item && !ast->query->where; item = item->next) {
		TT_TRY(item->term.kind == TT_AST_CONSTANT
		           ? seek_term(s, &item->term.constant, item->term.place, TT_NEAR_SUBJECT)
		           : TT_OK);
	}
	return ast->query->where ? seek_group(s, ast->query->where) : TT_OK;
}

tt_status tt_db_unknown_term(tt_db *db, tt_view text, const tt_query_options *options, tt_error *out_message)
{
	tt_arena arena;
	*out_message = (tt_error){.status = TT_OK};
	tt_ctx_clear_error(&db->ctx);
	tt_arena_init(&arena, &db->ctx);
	seeker s = {.db = db, .ctx = &db->ctx, .arena = &arena, .text = text, .out = out_message};
	const tt_status status = seek(&s, options);
	tt_snapshot_end(s.snapshot);
	tt_arena_clear(&arena);
	return status;
}
