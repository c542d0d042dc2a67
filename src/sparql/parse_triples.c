/* parse_triples.c - triples, with lists and [ ] expanded into triples (rules 52, 55, 74–87, 98–105).
 *
 * The grammar has most productions twice, for patterns with paths (Path in the name) and for templates without; here
 * they are one, and the mode says which. */
#include "sparql/parser.h"

/** The list that is being built. */
typedef struct builder {
	tt_parser *parser;
	const tt_triples_mode *mode;
	tt_ast_triple **tail; /* where the next one is hung */
} builder;

static tt_status parse_graph_node(builder *b, tt_ast_term *out);

static tt_status add_triple(builder *b, tt_ast_triple **out)
{
	TT_NEW_NODE(b->parser, out);
	*b->tail = *out;
	b->tail = &(*out)->next;
	return TT_OK;
}

static tt_ast_term iri_term(tt_vocab iri, tt_place place)
{
	return (tt_ast_term){.kind = TT_AST_CONSTANT, .constant = tt_term_iri(tt_vocab_iri(iri)), .place = place};
}

static tt_status parse_variable_term(builder *b, tt_ast_term *out)
{
	tt_parser *const p = b->parser;
	*out = (tt_ast_term){.kind = TT_AST_VARIABLE, .place = p->token.place};
	if (!b->mode->has_variables) {
		return TT_PARSER_FAIL(p, p->token.place, "%s cannot hold variables", b->mode->name);
	}
	TT_TRY(tt_parse_variable(p, &out->text));
	return b->mode->is_pattern ? tt_parser_bring(p, out->text) : tt_parser_use(p, out->text, out->place);
}

/* [78] Verb ::= VarOrIri | 'a'
 * [84] VerbPath ::= Path
 * [85] VerbSimple ::= Var
 * A path that is a single IRI becomes a plain predicate. */
static tt_status parse_verb(builder *b, tt_ast_term *out_predicate, const tt_path **out_path)
{
	tt_parser *const p = b->parser;
	const tt_place place = p->token.place;
	*out_path = NULL;
	if (p->token.kind == TT_TOKEN_VARIABLE) {
		return parse_variable_term(b, out_predicate);
	}
	if (!b->mode->has_paths && tt_parser_at_a(p)) {
		*out_predicate = iri_term(TT_VOCAB_RDF_TYPE, place);
		tt_parser_advance(p);
		return TT_OK;
	}
	*out_predicate = (tt_ast_term){.kind = TT_AST_CONSTANT, .constant = tt_term_iri(TT_VIEW("")), .place = place};
	if (!b->mode->has_paths) {
		return tt_parse_iri(p, &out_predicate->constant.text);
	}
	TT_TRY(tt_parse_path(p, out_path));
	if ((*out_path)->kind == TT_PATH_LINK) {
		out_predicate->constant.text = (*out_path)->iri;
		*out_path = NULL;
	}
	return TT_OK;
}

static bool is_at_verb(builder *b)
{
	static const bool begins_path[TT_N_TOKEN_KINDS] = {
	    [TT_TOKEN_CARET] = true, [TT_TOKEN_NOT] = true, [TT_TOKEN_OPEN_PAREN] = true};
	const tt_token_kind kind = b->parser->token.kind;
	return kind == TT_TOKEN_VARIABLE || kind == TT_TOKEN_IRI || kind == TT_TOKEN_PREFIXED_NAME ||
	       tt_parser_at_a(b->parser) || (b->mode->has_paths && begins_path[kind]);
}

static tt_status expect_verb(builder *b)
{
	if (!is_at_verb(b)) {
		tt_parser_expected(b->parser, TT_VIEW("a predicate"));
		return tt_parser_fail_expected(b->parser);
	}
	return TT_OK;
}

/* [79] ObjectList ::= Object ( ',' Object )*          [86] ObjectListPath
 * [80] Object ::= GraphNode                           [87] ObjectPath
 * Each triple is hung into the list before its object is read, whose own triples so come behind it. */
static tt_status parse_object_list(builder *b, const tt_ast_term *subject, const tt_ast_term *predicate,
                                   const tt_path *path)
{
	tt_parser *const p = b->parser;
	do {
		if (!tt_parser_at_node(p)) {
			tt_parser_expected(p, TT_VIEW("an object"));
			return tt_parser_fail_expected(p);
		}
		tt_ast_triple *triple = NULL;
		TT_TRY(add_triple(b, &triple));
		triple->subject = *subject;
		triple->predicate = *predicate;
		triple->path = path;
		TT_TRY(parse_graph_node(b, &triple->object));
	} while (tt_parser_accept(p, TT_TOKEN_COMMA));
	return TT_OK;
}

/* [77] PropertyListNotEmpty ::= Verb ObjectList ( ';' ( Verb ObjectList )? )*
 * [83] PropertyListPathNotEmpty ::=
 *      ( VerbPath | VerbSimple ) ObjectListPath ( ';' ( ( VerbPath | VerbSimple ) ObjectListPath )? )* */
static tt_status parse_property_list_not_empty(builder *b, const tt_ast_term *subject)
{
	TT_TRY(expect_verb(b));
	do {
		if (is_at_verb(b)) {
			tt_ast_term predicate;
			const tt_path *path = NULL;
			TT_TRY(parse_verb(b, &predicate, &path));
			TT_TRY(parse_object_list(b, subject, &predicate, path));
		} else {
			tt_parser_expected(b->parser, TT_VIEW("a predicate"));
		}
	} while (tt_parser_accept(b->parser, TT_TOKEN_SEMICOLON));
	return TT_OK;
}

/* [99] BlankNodePropertyList ::= '[' PropertyListNotEmpty ']'          [101] BlankNodePropertyListPath
 * [163] ANON ::= '[' WS* ']' */
static tt_status parse_brackets(builder *b, bool *out_is_term, tt_ast_term *out)
{
	tt_parser *const p = b->parser;
	TT_TRY(tt_parser_new_blank(p, b->mode, out));
	tt_parser_advance(p);
	*out_is_term = tt_parser_accept(p, TT_TOKEN_CLOSE_BRACKET);
	if (*out_is_term) {
		return TT_OK;
	}
	TT_TRY(tt_parser_enter(p));
	TT_TRY(parse_property_list_not_empty(b, out));
	tt_ctx_leave(p->ctx);
	return tt_parser_expect(p, TT_TOKEN_CLOSE_BRACKET);
}

/* [102] Collection ::= '(' GraphNode+ ')'          [103] CollectionPath
 * [161] NIL ::= '(' WS* ')' */
static tt_status parse_parentheses(builder *b, bool *out_is_term, tt_ast_term *out)
{
	tt_parser *const p = b->parser;
	const tt_token open = p->token;
	tt_parser_advance(p);
	*out_is_term = tt_parser_accept(p, TT_TOKEN_CLOSE_PAREN);
	if (*out_is_term) {
		*out = iri_term(TT_VOCAB_RDF_NIL, open.place);
		return TT_OK;
	}
	TT_TRY(tt_parser_enter(p));
	TT_TRY(tt_parser_new_blank(p, b->mode, out));
	out->place = open.place;
	tt_ast_term cell = *out;
	do {
		tt_ast_triple *first = NULL;
		tt_ast_triple *rest = NULL;
		TT_TRY(add_triple(b, &first));
		first->subject = cell;
		first->predicate = iri_term(TT_VOCAB_RDF_FIRST, cell.place);
		TT_TRY(parse_graph_node(b, &first->object));
		TT_TRY(add_triple(b, &rest));
		rest->subject = cell;
		rest->predicate = iri_term(TT_VOCAB_RDF_REST, cell.place);
		rest->object = iri_term(TT_VOCAB_RDF_NIL, p->token.place);
		if (tt_parser_at_node(p)) {
			TT_TRY(tt_parser_new_blank(p, b->mode, &cell));
			rest->object = cell;
		}
	} while (tt_parser_at_node(p));
	tt_ctx_leave(p->ctx);
	tt_parser_expected(p, TT_VIEW("a list member"));
	return tt_parser_expect(p, TT_TOKEN_CLOSE_PAREN);
}

/* [104] GraphNode ::= VarOrTerm | TriplesNode          [105] GraphNodePath
 * [106] VarOrTerm ::= Var | GraphTerm
 * @param out_is_term A variable or term, which as a subject must have properties. */
static tt_status parse_node(builder *b, bool *out_is_term, tt_ast_term *out)
{
	tt_parser *const p = b->parser;
	*out_is_term = true;
	*out = (tt_ast_term){.kind = TT_AST_CONSTANT, .place = p->token.place};
	switch (p->token.kind) {
	case TT_TOKEN_VARIABLE:
		return parse_variable_term(b, out);
	case TT_TOKEN_BLANK_LABEL:
		return tt_parse_blank_label(p, b->mode, out);
	case TT_TOKEN_OPEN_BRACKET:
		return parse_brackets(b, out_is_term, out);
	case TT_TOKEN_OPEN_PAREN:
		return parse_parentheses(b, out_is_term, out);
	default:
		break;
	}
	bool is_found = false;
	TT_TRY(tt_parse_constant(p, &is_found, &out->constant));
	if (!is_found) {
		tt_parser_expected(p, TT_VIEW("a term"));
		return tt_parser_fail_expected(p);
	}
	return TT_OK;
}

static tt_status parse_graph_node(builder *b, tt_ast_term *out)
{
	bool is_term = true;
	return parse_node(b, &is_term, out);
}

/* [75] TriplesSameSubject ::= VarOrTerm PropertyListNotEmpty | TriplesNode PropertyList
 * [76] PropertyList ::= PropertyListNotEmpty?
 * [81] TriplesSameSubjectPath, [82] PropertyListPath */
static tt_status parse_triples_same_subject(builder *b)
{
	tt_ast_term subject;
	bool is_term = true;
	TT_TRY(parse_node(b, &is_term, &subject));
	if (!is_term && !is_at_verb(b)) {
		tt_parser_expected(b->parser, TT_VIEW("a predicate"));
		return TT_OK;
	}
	return parse_property_list_not_empty(b, &subject);
}

/* [52] TriplesTemplate ::= TriplesSameSubject ( '.' TriplesTemplate? )?
 * [55] TriplesBlock ::= TriplesSameSubjectPath ( '.' TriplesBlock? )?
 * [74] ConstructTriples ::= TriplesSameSubject ( '.' ConstructTriples? )? */
tt_status tt_parse_triples(tt_parser *p, const tt_triples_mode *mode, tt_ast_triple **out_first)
{
	builder b = {p, mode, out_first};
	*out_first = NULL;
	bool may_follow = true;
	while (may_follow && tt_parser_at_node(p)) {
		TT_TRY(parse_triples_same_subject(&b));
		may_follow = tt_parser_accept(p, TT_TOKEN_DOT);
	}
	if (may_follow) {
		tt_parser_expected(p, mode->is_pattern ? TT_VIEW("a triple pattern") : TT_VIEW("a triple"));
	}
	return TT_OK;
}

tt_status tt_parse_bracketed_triples(tt_parser *p, const tt_triples_mode *mode, tt_ast_triple **out_first)
{
	TT_TRY(tt_parser_expect(p, TT_TOKEN_OPEN_BRACE));
	TT_TRY(tt_parse_triples(p, mode, out_first));
	return tt_parser_expect(p, TT_TOKEN_CLOSE_BRACE);
}
