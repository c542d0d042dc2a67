/* parse_path.c - property paths (rules 88–96).
 *
 * '/' and '|' are associative, so their operands are gathered, also those of a chain inside parentheses, and put
 * together as a balanced tree: a path of many steps stays flat enough to be walked by recursion. */
#include "sparql/parser.h"

static tt_status new_path(tt_parser *p, tt_path_kind kind, tt_place place, tt_path **out)
{
	TT_NEW_NODE(p, out);
	(*out)->kind = kind;
	(*out)->place = place;
	return TT_OK;
}

/* The leaves of a balanced chain, to the stack; as deep as the logarithm of their number. */
static tt_status push_operands(tt_parser *p, tt_path_kind kind, const tt_path *path)
{
	if (path->kind != kind) {
		return tt_parser_push(p, path);
	}
	TT_TRY(push_operands(p, kind, path->first));
	return push_operands(p, kind, path->second);
}

static tt_status balance(tt_parser *p, tt_path_kind kind, void *const *operands, size_t n, const tt_path **out)
{
	if (n == 1) {
		*out = operands[0];
		return TT_OK;
	}
	const size_t n_first = (n + 1) / 2;
	const tt_path *first = NULL;
	const tt_path *second = NULL;
	TT_TRY(balance(p, kind, operands, n_first, &first));
	TT_TRY(balance(p, kind, operands + n_first, n - n_first, &second));
	tt_path *path = NULL;
	TT_TRY(new_path(p, kind, first->place, &path));
	path->first = first;
	path->second = second;
	*out = path;
	return TT_OK;
}

/* operand ( sign operand )* */
static tt_status parse_chain(tt_parser *p, tt_path_kind kind, tt_token_kind sign,
                             tt_status (*parse_operand)(tt_parser *, const tt_path **), const tt_path **out)
{
	const size_t mark = p->n_items;
	TT_TRY(parse_operand(p, out));
	if (!tt_parser_at(p, sign)) {
		return TT_OK;
	}
	TT_TRY(push_operands(p, kind, *out));
	while (tt_parser_accept(p, sign)) {
		TT_TRY(parse_operand(p, out));
		TT_TRY(push_operands(p, kind, *out));
	}
	const size_t n = p->n_items - mark;
	p->n_items = mark;
	return balance(p, kind, p->items + mark, n, out);
}

static tt_status parse_iri_or_a(tt_parser *p, tt_view *out)
{
	if (tt_parser_at_a(p)) {
		*out = tt_vocab_iri(TT_VOCAB_RDF_TYPE);
		tt_parser_advance(p);
		return TT_OK;
	}
	return tt_parse_iri(p, out);
}

/* [96] PathOneInPropertySet ::= iri | 'a' | '^' ( iri | 'a' ) */
static tt_status parse_one_in_property_set(tt_parser *p)
{
	tt_path_negated *negated = NULL;
	TT_NEW_NODE(p, &negated);
	negated->is_inverse = tt_parser_accept(p, TT_TOKEN_CARET);
	TT_TRY(parse_iri_or_a(p, &negated->iri));
	return tt_parser_push(p, negated);
}

/* [95] PathNegatedPropertySet ::= PathOneInPropertySet
 *      | '(' ( PathOneInPropertySet ( '|' PathOneInPropertySet )* )? ')' */
static tt_status parse_negated_property_set(tt_parser *p, tt_path *path)
{
	const size_t mark = p->n_items;
	if (!tt_parser_accept(p, TT_TOKEN_OPEN_PAREN)) {
		TT_TRY(parse_one_in_property_set(p));
	} else if (!tt_parser_accept(p, TT_TOKEN_CLOSE_PAREN)) {
		do {
			TT_TRY(parse_one_in_property_set(p));
		} while (tt_parser_accept(p, TT_TOKEN_PIPE));
		TT_TRY(tt_parser_expect(p, TT_TOKEN_CLOSE_PAREN));
	}
	path->n_negated = p->n_items - mark;
	tt_path_negated *const all = tt_arena_alloc(p->arena, path->n_negated * sizeof *all);
	if (!all) {
		return tt_parser_no_memory(p);
	}
	for (size_t i = 0; i < path->n_negated; ++i) {
		all[i] = *(const tt_path_negated *)p->items[mark + i];
	}
	path->negated = all;
	p->n_items = mark;
	return TT_OK;
}

/* [94] PathPrimary ::= iri | 'a' | '!' PathNegatedPropertySet | '(' Path ')' */
static tt_status parse_primary(tt_parser *p, const tt_path **out)
{
	tt_path *path = NULL;
	const tt_place place = p->token.place;
	if (tt_parser_accept(p, TT_TOKEN_OPEN_PAREN)) {
		TT_TRY(tt_parser_enter(p));
		TT_TRY(tt_parse_path(p, out));
		tt_ctx_leave(p->ctx);
		return tt_parser_expect(p, TT_TOKEN_CLOSE_PAREN);
	}
	if (tt_parser_accept(p, TT_TOKEN_NOT)) {
		TT_TRY(new_path(p, TT_PATH_NEGATED_SET, place, &path));
		*out = path;
		return parse_negated_property_set(p, path);
	}
	TT_TRY(new_path(p, TT_PATH_LINK, place, &path));
	*out = path;
	return parse_iri_or_a(p, &path->iri);
}

/* [91] PathElt ::= PathPrimary PathMod?
 * [93] PathMod ::= '?' | '*' | '+' */
static tt_status parse_elt(tt_parser *p, const tt_path **out)
{
	static const struct {
		tt_token_kind token;
		tt_path_kind kind;
	} modifiers[] = {{TT_TOKEN_QUESTION, TT_PATH_ZERO_OR_ONE},
	                 {TT_TOKEN_STAR, TT_PATH_ZERO_OR_MORE},
	                 {TT_TOKEN_PLUS, TT_PATH_ONE_OR_MORE}};
	TT_TRY(parse_primary(p, out));
	for (size_t i = 0; i < sizeof modifiers / sizeof *modifiers; ++i) {
		if (p->token.kind == modifiers[i].token) {
			tt_path *path = NULL;
			TT_TRY(new_path(p, modifiers[i].kind, (*out)->place, &path));
			path->first = *out;
			*out = path;
			tt_parser_advance(p);
			break;
		}
	}
	return TT_OK;
}

/* [92] PathEltOrInverse ::= PathElt | '^' PathElt */
static tt_status parse_elt_or_inverse(tt_parser *p, const tt_path **out)
{
	const tt_place place = p->token.place;
	if (!tt_parser_accept(p, TT_TOKEN_CARET)) {
		return parse_elt(p, out);
	}
	tt_path *path = NULL;
	TT_TRY(new_path(p, TT_PATH_INVERSE, place, &path));
	*out = path;
	return parse_elt(p, &path->first);
}

/* [90] PathSequence ::= PathEltOrInverse ( '/' PathEltOrInverse )* */
static tt_status parse_sequence(tt_parser *p, const tt_path **out)
{
	return parse_chain(p, TT_PATH_SEQUENCE, TT_TOKEN_SLASH, parse_elt_or_inverse, out);
}

/* [88] Path ::= PathAlternative
 * [89] PathAlternative ::= PathSequence ( '|' PathSequence )* */
tt_status tt_parse_path(tt_parser *p, const tt_path **out)
{
	return parse_chain(p, TT_PATH_ALTERNATIVE, TT_TOKEN_PIPE, parse_sequence, out);
}
