/* parse_term.c - variables, IRIs, literals and blank nodes (rules 106–109, 128–138). */
#include "sparql/parser.h"

#include "rdf/iri.h"
#include "sparql/hint.h"

/* ---- variables and IRIs ----------------------------------------------------------------------- */

/* [108] Var ::= VAR1 | VAR2 */
tt_status tt_parse_variable(tt_parser *p, tt_view *out_name)
{
	*out_name = p->token.text;
	return tt_parser_expect(p, TT_TOKEN_VARIABLE);
}

static tt_status copy_scratch(tt_parser *p, tt_view *out)
{
	const char *const copy = tt_arena_strndup(p->arena, p->scratch.data, p->scratch.size);
	*out = (tt_view){copy, p->scratch.size};
	return copy ? TT_OK : tt_parser_no_memory(p);
}

/* [139] IRIREF, resolved against the base (§4.1.1.2). */
tt_status tt_parse_iriref(tt_parser *p, tt_view *out_iri)
{
	const tt_view reference = p->token.text;
	TT_TRY(tt_parser_expect(p, TT_TOKEN_IRI));
	if (!p->base.size) {
		*out_iri = reference;
		return TT_OK;
	}
	tt_buffer_reset(&p->scratch);
	TT_TRY(tt_iri_resolve(p->base, reference, &p->scratch));
	return copy_scratch(p, out_iri);
}

/* An unknown prefix: what could be declared. */
static tt_status fail_prefix(tt_parser *p, const tt_token *name)
{
	const tt_view shown = tt_parser_shown(name->prefix);
	const tt_view *const usual = p->options->usual_prefixes ? tt_prefixes_find(p->options->usual_prefixes, name->prefix)
	                                                        : NULL;
	const tt_prefix *const near = usual ? NULL : tt_parser_near_prefix(p, name->prefix);
	if (usual) {
		return TT_PARSER_FAIL(p, name->place, "the prefix \"%.*s:\" is not declared; begin with: PREFIX %.*s: <%.*s>",
		                      TT_VIEW_ARG(shown), TT_VIEW_ARG(shown), TT_VIEW_ARG(*usual));
	}
	if (near) {
		return TT_PARSER_FAIL(p, name->place,
		                      "unknown prefix \"%.*s:\"; did you mean %.*s: <%.*s>? Else begin with: PREFIX %.*s: <…>",
		                      TT_VIEW_ARG(shown), TT_VIEW_ARG(near->name), TT_VIEW_ARG(near->iri), TT_VIEW_ARG(shown));
	}
	return TT_PARSER_FAIL(p, name->place, "unknown prefix \"%.*s:\"; begin with: PREFIX %.*s: <…>", TT_VIEW_ARG(shown),
	                      TT_VIEW_ARG(shown));
}

/* [137] PrefixedName ::= PNAME_LN | PNAME_NS */
static tt_status parse_prefixed_name(tt_parser *p, tt_view *out_iri)
{
	const tt_token name = p->token;
	const tt_view *iri = tt_prefixes_find(&p->declared, name.prefix);
	if (!iri && p->options->prefixes) {
		iri = tt_prefixes_find(p->options->prefixes, name.prefix);
	}
	if (!iri) {
		return fail_prefix(p, &name);
	}
	tt_buffer_reset(&p->scratch);
	TT_TRY(tt_buffer_append(&p->scratch, *iri));
	TT_TRY(tt_buffer_append(&p->scratch, name.text));
	if (!tt_iri_is_valid(tt_buffer_view(&p->scratch))) {
		return TT_PARSER_FAIL(p, name.place, "the prefix \"%.*s:\" does not stand for a well-formed IRI",
		                      TT_VIEW_ARG(tt_parser_shown(name.prefix)));
	}
	tt_parser_advance(p);
	return copy_scratch(p, out_iri);
}

bool tt_parser_at_iri(tt_parser *p)
{
	return p->token.kind == TT_TOKEN_PREFIXED_NAME || tt_parser_at(p, TT_TOKEN_IRI);
}

/* [136] iri ::= IRIREF | PrefixedName */
tt_status tt_parse_iri(tt_parser *p, tt_view *out_iri)
{
	return p->token.kind == TT_TOKEN_PREFIXED_NAME ? parse_prefixed_name(p, out_iri) : tt_parse_iriref(p, out_iri);
}

/* [107] VarOrIri ::= Var | iri */
tt_status tt_parse_var_or_iri(tt_parser *p, tt_ast_term *out)
{
	*out = (tt_ast_term){.kind = TT_AST_VARIABLE, .place = p->token.place};
	if (tt_parser_at(p, TT_TOKEN_VARIABLE)) {
		return tt_parse_variable(p, &out->text);
	}
	out->kind = TT_AST_CONSTANT;
	out->constant.kind = TT_TERM_IRI;
	return tt_parse_iri(p, &out->constant.text);
}

/* ---- literals --------------------------------------------------------------------------------- */

/* [130] NumericLiteral ::= NumericLiteralUnsigned | NumericLiteralPositive | NumericLiteralNegative
 * [131]–[133] each ::= INTEGER | DECIMAL | DOUBLE, without or with a sign */
tt_status tt_parse_number(tt_parser *p, bool with_sign, tt_term *out)
{
	static const tt_vocab datatypes[TT_N_TOKEN_KINDS] = {[TT_TOKEN_INTEGER] = TT_VOCAB_XSD_INTEGER,
	                                                     [TT_TOKEN_DECIMAL] = TT_VOCAB_XSD_DECIMAL,
	                                                     [TT_TOKEN_DOUBLE] = TT_VOCAB_XSD_DOUBLE};
	const tt_view text = p->token.text;
	*out = tt_term_typed(with_sign ? text : tt_view_skip(text, 1), tt_vocab_iri(datatypes[p->token.kind]));
	tt_parser_advance(p);
	return TT_OK;
}

/* [129] RDFLiteral ::= String ( LANGTAG | ( '^^' iri ) )?
 * [135] String ::= STRING_LITERAL1 | STRING_LITERAL2 | STRING_LITERAL_LONG1 | STRING_LITERAL_LONG2 */
static tt_status parse_rdf_literal(tt_parser *p, tt_term *out)
{
	*out = tt_term_string(p->token.text);
	tt_parser_advance(p);
	if (p->token.kind == TT_TOKEN_LANGUAGE) {
		*out = tt_term_lang(out->text, p->token.text);
		tt_parser_advance(p);
		return TT_OK;
	}
	if (p->token.kind == TT_TOKEN_TWO_CARETS) {
		tt_parser_advance(p);
		return tt_parse_iri(p, &out->datatype);
	}
	return TT_OK;
}

static bool is_number(tt_token_kind kind)
{
	return kind == TT_TOKEN_INTEGER || kind == TT_TOKEN_DECIMAL || kind == TT_TOKEN_DOUBLE;
}

/* [134] BooleanLiteral ::= 'true' | 'false' */
static bool is_boolean(const tt_token *token)
{
	return token->keyword == TT_KEYWORD_TRUE || token->keyword == TT_KEYWORD_FALSE;
}

tt_status tt_parse_constant(tt_parser *p, bool *out_found, tt_term *out)
{
	*out_found = true;
	if (p->token.kind == TT_TOKEN_IRI || p->token.kind == TT_TOKEN_PREFIXED_NAME) {
		*out = tt_term_iri(TT_VIEW(""));
		return tt_parse_iri(p, &out->text);
	}
	if (p->token.kind == TT_TOKEN_STRING) {
		return parse_rdf_literal(p, out);
	}
	if (is_number(p->token.kind)) {
		return tt_parse_number(p, true, out);
	}
	if (is_boolean(&p->token)) {
		*out = tt_term_typed(p->token.keyword == TT_KEYWORD_TRUE ? TT_VIEW("true") : TT_VIEW("false"),
		                     tt_vocab_iri(TT_VOCAB_XSD_BOOLEAN));
		tt_parser_advance(p);
		return TT_OK;
	}
	*out_found = false;
	return TT_OK;
}

tt_status tt_parse_lone_constant(tt_parser *p, tt_term *out)
{
	bool is_found = false;
	TT_TRY(tt_parse_constant(p, &is_found, out));
	if (!is_found) {
		tt_parser_expected(p, TT_VIEW("an IRI, a literal"));
		return tt_parser_fail_expected(p);
	}
	return tt_parser_expect(p, TT_TOKEN_END);
}

tt_status tt_parse_term(tt_arena *arena, tt_view text, const tt_parse_options *options, tt_term *out_term)
{
	tt_parser parser;
	tt_status status = tt_parser_open(&parser, arena, text, options);
	status = status ? status : tt_parse_lone_constant(&parser, out_term);
	tt_parser_close(&parser);
	return status;
}

/* [106] VarOrTerm ::= Var | GraphTerm
 * [109] GraphTerm ::= iri | RDFLiteral | NumericLiteral | BooleanLiteral | BlankNode | NIL
 * [98] TriplesNode ::= Collection | BlankNodePropertyList */
bool tt_parser_at_node(const tt_parser *p)
{
	static const bool begins[TT_N_TOKEN_KINDS] = {
	    [TT_TOKEN_IRI] = true,         [TT_TOKEN_PREFIXED_NAME] = true, [TT_TOKEN_BLANK_LABEL] = true,
	    [TT_TOKEN_VARIABLE] = true,    [TT_TOKEN_INTEGER] = true,       [TT_TOKEN_DECIMAL] = true,
	    [TT_TOKEN_DOUBLE] = true,      [TT_TOKEN_STRING] = true,        [TT_TOKEN_OPEN_PAREN] = true,
	    [TT_TOKEN_OPEN_BRACKET] = true};
	return begins[p->token.kind] || is_boolean(&p->token);
}

/* ---- blank nodes ------------------------------------------------------------------------------ */

static tt_known_label *find_label(const tt_parser *p, tt_view label)
{
	uint64_t cursor = 0;
	uint64_t i = 0;
	while (tt_map_next(&p->labels_by_name, tt_hash_bytes(label, 0), &cursor, &i)) {
		if (tt_view_equal(p->labels[i].label, label)) {
			return &p->labels[i];
		}
	}
	return NULL;
}

/* Generated labels are 1, 2, …, without those that the text has used before. */
static tt_status generate_label(tt_parser *p, tt_view *out)
{
	do {
		tt_buffer_reset(&p->scratch);
		TT_TRY(tt_buffer_printf(&p->scratch, "%llu", (unsigned long long)++p->n_generated));
	} while (find_label(p, tt_buffer_view(&p->scratch)));
	return copy_scratch(p, out);
}

/* Whether a label of the text may have been generated before: it is a number that was handed out. */
static bool may_be_generated(const tt_parser *p, tt_view label)
{
	uint64_t number = 0;
	for (size_t i = 0; i < label.size; ++i) {
		if (label.data[i] < '0' || label.data[i] > '9' || number > p->n_generated) {
			return false;
		}
		number = number * 10 + (uint64_t)(label.data[i] - '0');
	}
	return number <= p->n_generated;
}

static tt_status add_label(tt_parser *p, tt_view label, tt_known_label **out)
{
	tt_view text = label;
	if (may_be_generated(p, label)) {
		TT_TRY(generate_label(p, &text));
	}
	TT_TRY(tt_grow(p->ctx, (void **)&p->labels, &p->labels_capacity, p->n_labels + 1, sizeof *p->labels));
	TT_TRY(tt_map_insert(&p->labels_by_name, tt_hash_bytes(label, 0), p->n_labels));
	*out = &p->labels[p->n_labels++];
	**out = (tt_known_label){.label = label, .text = text};
	return TT_OK;
}

static tt_status check_mode(tt_parser *p, const tt_triples_mode *mode)
{
	return mode->has_blanks ? TT_OK
	                        : TT_PARSER_FAIL(p, p->token.place,
	                                         "%s cannot hold blank nodes; write a variable or an IRI", mode->name);
}

/* Where a label may stand again (§19.6): in its basic graph pattern, in its INSERT DATA, in any template. */
static tt_status use_label(tt_parser *p, const tt_triples_mode *mode, tt_known_label *label)
{
	if (mode->is_pattern) {
		if (label->pattern && label->pattern != p->pattern) {
			return TT_PARSER_FAIL(p, p->token.place,
			                      "the blank node _:%.*s already stands in another graph pattern; use a variable",
			                      TT_VIEW_ARG(tt_parser_shown(label->label)));
		}
		label->pattern = p->pattern;
	}
	if (mode->is_data) {
		if (label->operation && label->operation != p->operation) {
			return TT_PARSER_FAIL(p, p->token.place, "the blank node _:%.*s already stands in another INSERT DATA",
			                      TT_VIEW_ARG(tt_parser_shown(label->label)));
		}
		label->operation = p->operation;
	}
	return TT_OK;
}

/* [138] BlankNode ::= BLANK_NODE_LABEL | ANON : the label */
tt_status tt_parse_blank_label(tt_parser *p, const tt_triples_mode *mode, tt_ast_term *out)
{
	TT_TRY(check_mode(p, mode));
	tt_known_label *label = find_label(p, p->token.text);
	if (!label) {
		TT_TRY(add_label(p, p->token.text, &label));
	}
	TT_TRY(use_label(p, mode, label));
	*out = (tt_ast_term){.kind = TT_AST_BLANK, .text = label->text, .place = p->token.place};
	tt_parser_advance(p);
	return TT_OK;
}

tt_status tt_parser_new_blank(tt_parser *p, const tt_triples_mode *mode, tt_ast_term *out)
{
	TT_TRY(check_mode(p, mode));
	*out = (tt_ast_term){.kind = TT_AST_BLANK, .place = p->token.place};
	return generate_label(p, &out->text);
}
