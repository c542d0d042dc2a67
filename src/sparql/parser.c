/* parser.c - what the productions share.
 *
 * Scopes: one stack holds the variables that are in scope, group inside group. A group begins at the height that the
 * stack has when the group opens; when it closes, its variables simply stay and so belong to the group around it. What
 * brings nothing out (MINUS, EXISTS, what a sub-SELECT does not project) is cut off again, and each entry knows where
 * the variable stood before. So every question and every step costs constant time.
 *
 * Errors: whoever looks for a token in vain says what it was; if nothing fits, the message lists all that was looked
 * for at this token. */
#include "sparql/parser.h"

#include "sparql/hint.h"

/* ---- opening and closing ---------------------------------------------------------------------- */

tt_status tt_parser_open(tt_parser *p, tt_arena *arena, tt_view text, const tt_parse_options *options)
{
	static const tt_parse_options defaults = {.source_name = NULL};
	tt_ctx *const ctx = arena->ctx;
	*p = (tt_parser){.ctx = ctx, .arena = arena, .options = options ? options : &defaults, .n_depth = ctx->n_depth};
	tt_prefixes_init(&p->declared, ctx);
	tt_buffer_init(&p->scratch, ctx);
	tt_map_init(&p->variables_by_name, ctx);
	tt_map_init(&p->labels_by_name, ctx);
	p->base = p->options->base;
	const char *const name = p->options->source_name;
	TT_TRY(tt_lexer_init(&p->lexer, arena, text, name ? name : "query"));
	tt_parser_advance(p);
	return TT_OK;
}

void tt_parser_close(tt_parser *p)
{
	p->ctx->n_depth = p->n_depth;
	tt_prefixes_clear(&p->declared);
	tt_buffer_clear(&p->scratch);
	tt_map_clear(&p->variables_by_name);
	tt_map_clear(&p->labels_by_name);
	tt_free(p->ctx, p->variables);
	tt_free(p->ctx, p->scope);
	tt_free(p->ctx, p->uses);
	tt_free(p->ctx, p->unbound);
	tt_free(p->ctx, p->labels);
	tt_free(p->ctx, p->items);
	tt_free(p->ctx, p->cells);
}

static tt_status copy_bytes(tt_arena *arena, const void *bytes, size_t n_bytes, void *out_pointer)
{
	void *const copy = tt_arena_strndup(arena, bytes ? bytes : "", n_bytes);
	memcpy(out_pointer, &copy, sizeof copy);
	return copy ? TT_OK : arena->ctx->error.status;
}

static tt_status copy_view(tt_arena *arena, tt_view *text)
{
	return copy_bytes(arena, text->data, text->size, &text->data);
}

/* The tree's prefixes live in the tree's arena, tables and all: nobody clears them. */
static tt_status copy_prefixes(tt_arena *arena, const tt_prefixes *from, tt_prefixes *to)
{
	tt_prefixes_init(to, arena->ctx);
	if (!from->n_items) {
		return TT_OK;
	}
	to->n_items = to->capacity = from->n_items;
	to->n_lengths = to->lengths_capacity = from->n_lengths;
	to->by_name = from->by_name;
	to->by_iri = from->by_iri;
	TT_TRY(copy_bytes(arena, from->items, from->n_items * sizeof *from->items, &to->items));
	TT_TRY(copy_bytes(arena, from->lengths, from->n_lengths * sizeof *from->lengths, &to->lengths));
	TT_TRY(copy_bytes(arena, from->by_name.slots, from->by_name.n_slots * sizeof(tt_map_slot), &to->by_name.slots));
	TT_TRY(copy_bytes(arena, from->by_iri.slots, from->by_iri.n_slots * sizeof(tt_map_slot), &to->by_iri.slots));
	for (size_t i = 0; i < to->n_items; ++i) {
		TT_TRY(copy_view(arena, &to->items[i].name));
		TT_TRY(copy_view(arena, &to->items[i].iri));
	}
	return TT_OK;
}

tt_status tt_parser_finish(tt_parser *p, tt_ast *ast)
{
	ast->base = p->base;
	TT_TRY(copy_view(p->arena, &ast->base));
	TT_NEW_NODE(p, &ast->prefixes);
	return copy_prefixes(p->arena, &p->declared, ast->prefixes);
}

/* ---- tokens ----------------------------------------------------------------------------------- */

static const tt_view token_names[TT_N_TOKEN_KINDS] = {
#define NAMED(kind, name) [TT_TOKEN_##kind] = {(name), sizeof(name) - 1}
    NAMED(END, "the end of the text"),
    NAMED(IRI, "an IRI"),
    NAMED(PREFIXED_NAME, "a prefixed name"),
    NAMED(BLANK_LABEL, "a blank node"),
    NAMED(VARIABLE, "a variable"),
    NAMED(LANGUAGE, "a language tag"),
    NAMED(INTEGER, "an integer"),
    NAMED(DECIMAL, "a decimal"),
    NAMED(DOUBLE, "a double"),
    NAMED(STRING, "a string"),
    NAMED(WORD, "a word"),
    NAMED(OPEN_BRACE, "\"{\""),
    NAMED(CLOSE_BRACE, "\"}\""),
    NAMED(OPEN_PAREN, "\"(\""),
    NAMED(CLOSE_PAREN, "\")\""),
    NAMED(OPEN_BRACKET, "\"[\""),
    NAMED(CLOSE_BRACKET, "\"]\""),
    NAMED(SEMICOLON, "\";\""),
    NAMED(COMMA, "\",\""),
    NAMED(DOT, "\".\""),
    NAMED(EQUAL, "\"=\""),
    NAMED(NOT_EQUAL, "\"!=\""),
    NAMED(LESS, "\"<\""),
    NAMED(LESS_EQUAL, "\"<=\""),
    NAMED(GREATER, "\">\""),
    NAMED(GREATER_EQUAL, "\">=\""),
    NAMED(PLUS, "\"+\""),
    NAMED(MINUS, "\"-\""),
    NAMED(STAR, "\"*\""),
    NAMED(SLASH, "\"/\""),
    NAMED(OR, "\"||\""),
    NAMED(AND, "\"&&\""),
    NAMED(NOT, "\"!\""),
    NAMED(PIPE, "\"|\""),
    NAMED(CARET, "\"^\""),
    NAMED(TWO_CARETS, "\"^^\""),
    NAMED(QUESTION, "\"?\""),
#undef NAMED
};

void tt_parser_advance(tt_parser *p)
{
	enum { TOKENS_PER_POLL = 1024 };
	p->n_expected = 0;
	tt_status status = ++p->n_tokens % TOKENS_PER_POLL ? TT_OK : tt_ctx_poll(p->ctx);
	if (status == TT_OK) {
		status = tt_lexer_next(&p->lexer, &p->token);
	}
	if (status != TT_OK) {
		p->token.kind = TT_TOKEN_ERROR;
		p->token.keyword = TT_N_KEYWORDS;
		p->is_cut_short = p->lexer.is_open;
	}
}

void tt_parser_expected(tt_parser *p, tt_view what)
{
	for (size_t i = 0; i < p->n_expected; ++i) {
		if (tt_view_equal(p->expected[i], what)) {
			return;
		}
	}
	if (p->n_expected < TT_MOST_EXPECTED) {
		p->expected[p->n_expected++] = what;
	}
}

bool tt_parser_at(tt_parser *p, tt_token_kind kind)
{
	if (p->token.kind == kind) {
		return true;
	}
	tt_parser_expected(p, token_names[kind]);
	return false;
}

bool tt_parser_at_keyword(tt_parser *p, tt_keyword keyword)
{
	if (p->token.keyword == keyword) {
		return true;
	}
	tt_parser_expected(p, tt_keyword_text(keyword));
	return false;
}

bool tt_parser_accept(tt_parser *p, tt_token_kind kind)
{
	const bool fits = tt_parser_at(p, kind);
	if (fits) {
		tt_parser_advance(p);
	}
	return fits;
}

bool tt_parser_accept_keyword(tt_parser *p, tt_keyword keyword)
{
	const bool fits = tt_parser_at_keyword(p, keyword);
	if (fits) {
		tt_parser_advance(p);
	}
	return fits;
}

tt_status tt_parser_expect(tt_parser *p, tt_token_kind kind)
{
	return tt_parser_accept(p, kind) ? TT_OK : tt_parser_fail_expected(p);
}

tt_status tt_parser_expect_keyword(tt_parser *p, tt_keyword keyword)
{
	return tt_parser_accept_keyword(p, keyword) ? TT_OK : tt_parser_fail_expected(p);
}

bool tt_parser_at_a(const tt_parser *p)
{
	return p->token.kind == TT_TOKEN_WORD && tt_view_equal(p->token.text, TT_VIEW("a"));
}

/* ---- errors ----------------------------------------------------------------------------------- */

tt_view tt_parser_shown(tt_view text)
{
	enum { LONGEST = 60 };
	if (text.size <= LONGEST) {
		return text;
	}
	size_t n = LONGEST;
	while (((unsigned char)text.data[n] & 0xC0) == 0x80) {
		--n;
	}
	return (tt_view){text.data, n};
}

static tt_status write_expected(tt_parser *p)
{
	tt_buffer *const out = &p->scratch;
	tt_buffer_reset(out);
	if (tt_parser_at_unknown_call(p)) {
		return tt_parser_hint_function(p, out);
	}
	TT_TRY(tt_buffer_append(out, TT_VIEW("expected ")));
	for (size_t i = 0; i < p->n_expected; ++i) {
		const bool is_last = i + 1 == p->n_expected;
		TT_TRY(tt_buffer_append(out, i == 0 ? TT_VIEW("") : is_last ? TT_VIEW(" or ") : TT_VIEW(", ")));
		TT_TRY(tt_buffer_append(out, p->expected[i]));
	}
	if (p->token.kind == TT_TOKEN_END) {
		TT_TRY(tt_buffer_append(out, TT_VIEW(", found the end of the text")));
		return tt_parser_hint(p, out);
	}
	const tt_view found = tt_parser_shown(p->token.raw);
	TT_TRY(tt_buffer_append(out, TT_VIEW(", found \"")));
	TT_TRY(tt_buffer_append(out, found));
	TT_TRY(tt_buffer_append(out, found.size < p->token.raw.size ? TT_VIEW("…\"") : TT_VIEW("\"")));
	return tt_parser_hint(p, out);
}

tt_status tt_parser_fail_expected(tt_parser *p)
{
	if (p->token.kind == TT_TOKEN_ERROR) {
		return p->ctx->error.status;
	}
	if (p->token.kind == TT_TOKEN_LESS || p->token.kind == TT_TOKEN_LESS_EQUAL) {
		const tt_status status = tt_lexer_fail_iri(&p->lexer, &p->token);
		p->is_cut_short = p->lexer.is_open;
		return status;
	}
	p->is_cut_short = p->token.kind == TT_TOKEN_END;
	TT_TRY(write_expected(p));
	return TT_PARSER_FAIL(p, p->token.place, "%.*s", TT_VIEW_ARG(tt_buffer_view(&p->scratch)));
}

tt_status tt_parser_enter(tt_parser *p)
{
	const tt_status status = tt_ctx_enter(p->ctx);
	return status == TT_OK ? TT_OK : tt_lexer_fail(&p->lexer, status, p->token.place, "%s", p->ctx->error.text);
}

uint64_t tt_parser_new_number(tt_parser *p)
{
	return ++p->n_numbers;
}

/* ---- operands --------------------------------------------------------------------------------- */

tt_status tt_parser_push(tt_parser *p, const void *item)
{
	TT_TRY(tt_grow(p->ctx, (void **)&p->items, &p->items_capacity, p->n_items + 1, sizeof *p->items));
	memcpy(&p->items[p->n_items++], &item, sizeof item);
	return TT_OK;
}

tt_status tt_parser_pop(tt_parser *p, size_t mark, void ***out_items, size_t *out_n_items)
{
	*out_n_items = p->n_items - mark;
	*out_items = tt_arena_alloc(p->arena, *out_n_items * sizeof **out_items);
	if (!*out_items) {
		return tt_parser_no_memory(p);
	}
	if (*out_n_items) {
		memcpy(*out_items, p->items + mark, *out_n_items * sizeof **out_items);
	}
	p->n_items = mark;
	return TT_OK;
}

/* ---- variables -------------------------------------------------------------------------------- */

tt_status tt_parser_variable(tt_parser *p, tt_view name, tt_known_variable **out)
{
	const uint64_t hash = tt_hash_bytes(name, 0);
	uint64_t cursor = 0;
	uint64_t i = 0;
	while (tt_map_next(&p->variables_by_name, hash, &cursor, &i)) {
		if (tt_view_equal(p->variables[i].name, name)) {
			*out = &p->variables[i];
			return TT_OK;
		}
	}
	TT_TRY(tt_grow(p->ctx, (void **)&p->variables, &p->variables_capacity, p->n_variables + 1, sizeof *p->variables));
	TT_TRY(tt_map_insert(&p->variables_by_name, hash, p->n_variables));
	*out = &p->variables[p->n_variables++];
	**out = (tt_known_variable){.name = name};
	return TT_OK;
}

tt_status tt_parser_bring(tt_parser *p, tt_view name)
{
	tt_known_variable *variable = NULL;
	TT_TRY(tt_parser_variable(p, name, &variable));
	variable->is_brought = true;
	if (variable->scope_at > p->scope_start) {
		return TT_OK;
	}
	TT_TRY(tt_grow(p->ctx, (void **)&p->scope, &p->scope_capacity, p->n_scope + 1, sizeof *p->scope));
	p->scope[p->n_scope++] = (tt_scope_entry){(size_t)(variable - p->variables), variable->scope_at};
	variable->scope_at = p->n_scope;
	return TT_OK;
}

void tt_parser_cut_scope(tt_parser *p, size_t n_scope)
{
	while (p->n_scope > n_scope) {
		const tt_scope_entry *const entry = &p->scope[--p->n_scope];
		p->variables[entry->variable].scope_at = entry->previous;
	}
}
