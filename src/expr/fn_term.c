/* fn_term.c - functions on RDF terms (SPARQL 1.1 §17.4.2), sameTerm (§17.4.1.8) and LANGMATCHES (§17.4.3.13). */
#include "expr/functions.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/random.h>

#include "rdf/iri.h"

/* ---- what a term is --------------------------------------------------------------------------- */

static tt_status is_kind(tt_call *call, tt_id id, tt_term_kind kind, tt_id *out)
{
	return tt_eval_give_boolean(tt_eval_kind(call->eval, id) == kind, out);
}

tt_status tt_fn_ISIRI(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	return is_kind(call, arguments[0], TT_TERM_IRI, out);
}

tt_status tt_fn_ISURI(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	return tt_fn_ISIRI(call, arguments, n_arguments, out);
}

tt_status tt_fn_ISBLANK(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	return is_kind(call, arguments[0], TT_TERM_BLANK, out);
}

tt_status tt_fn_ISLITERAL(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	return is_kind(call, arguments[0], TT_TERM_LITERAL, out);
}

tt_status tt_fn_ISNUMERIC(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	tt_datum datum;
	TT_TRY(tt_eval_datum(call->eval, arguments[0], &datum));
	const bool is_number = datum.class == TT_CLASS_NUMBER;
	tt_datum_clear(&datum);
	return tt_eval_give_boolean(is_number, out);
}

tt_status tt_fn_SAMETERM(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	bool is_same = false;
	TT_TRY(tt_eval_is_same(call->eval, arguments[0], arguments[1], &is_same));
	return tt_eval_give_boolean(is_same, out);
}

/* ---- the parts of a term ---------------------------------------------------------------------- */

tt_status tt_fn_STR(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	tt_scratch scratch;
	tt_term term;
	TT_TRY(tt_eval_term(call->eval, arguments[0], &scratch, &term));
	if (term.kind != TT_TERM_IRI && term.kind != TT_TERM_LITERAL) {
		return TT_OK;
	}
	const tt_term text = tt_term_string(term.text);
	return tt_id_is_inline(arguments[0]) ? tt_eval_give_like(call->eval, text.text, &text, out)
	                                     : tt_eval_lend(call->eval, &text, out);
}

tt_status tt_fn_LANG(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	tt_scratch scratch;
	tt_term term;
	TT_TRY(tt_eval_term(call->eval, arguments[0], &scratch, &term));
	if (term.kind != TT_TERM_LITERAL) {
		return TT_OK;
	}
	const tt_term language = tt_term_string(term.language.size ? term.language : TT_VIEW(""));
	return tt_eval_lend(call->eval, &language, out);
}

tt_status tt_fn_DATATYPE(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	tt_scratch scratch;
	tt_term term;
	TT_TRY(tt_eval_term(call->eval, arguments[0], &scratch, &term));
	if (term.kind != TT_TERM_LITERAL) {
		return TT_OK;
	}
	const tt_term datatype = tt_term_iri(term.datatype);
	return tt_eval_lend(call->eval, &datatype, out);
}

/* Basic filtering of RFC 4647 §3.3.1: the range is the tag or a prefix of it that ends before a hyphen. */
static bool matches_language(tt_view tag, tt_view range)
{
	if (tag.size == 0 || tt_view_equal(range, TT_VIEW("*"))) {
		return tag.size > 0;
	}
	return range.size > 0 && tag.size >= range.size && tt_view_equal_nocase((tt_view){tag.data, range.size}, range) &&
	       (tag.size == range.size || tag.data[range.size] == '-');
}

tt_status tt_fn_LANGMATCHES(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	tt_view tag;
	tt_view range;
	bool is_tag = false;
	bool is_range = false;
	TT_TRY(tt_eval_simple(call->eval, arguments[0], &tag, &is_tag));
	TT_TRY(tt_eval_simple(call->eval, arguments[1], &range, &is_range));
	return is_tag && is_range ? tt_eval_give_boolean(matches_language(tag, range), out) : TT_OK;
}

/* ---- new terms -------------------------------------------------------------------------------- */

tt_status tt_fn_IRI(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	tt_eval *const eval = call->eval;
	tt_view text;
	bool is_text = false;
	if (tt_eval_kind(eval, arguments[0]) == TT_TERM_IRI) {
		*out = arguments[0];
		return TT_OK;
	}
	TT_TRY(tt_eval_simple(eval, arguments[0], &text, &is_text));
	if (!is_text || (eval->env->base.size == 0 && !tt_iri_is_absolute(text))) {
		return TT_OK;
	}
	tt_buffer_reset(&eval->text);
	TT_TRY(tt_iri_resolve(eval->env->base, text, &eval->text));
	const tt_term iri = tt_term_iri(tt_buffer_view(&eval->text));
	if (!tt_iri_is_absolute(iri.text) || !tt_iri_is_valid(iri.text)) {
		return TT_OK;
	}
	return tt_eval_give_like(eval, iri.text, &iri, out);
}

tt_status tt_fn_URI(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	return tt_fn_IRI(call, arguments, n_arguments, out);
}

/* The node of a text in a solution has a label that is computed from both, so nothing need be remembered. */
tt_status tt_fn_BNODE(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	tt_eval *const eval = call->eval;
	tt_terms *const terms = eval->terms;
	if (n_arguments == 0) {
		return tt_terms_fresh_blank(terms, out);
	}
	tt_view text;
	bool is_text = false;
	TT_TRY(tt_eval_simple(eval, arguments[0], &text, &is_text));
	if (!is_text) {
		return TT_OK;
	}
	const uint64_t solution = tt_hash_u64(eval->solution + 1) ^ tt_hash_u64(~eval->scope) ^ terms->fresh_seed;
	const uint64_t high = tt_hash_bytes(text, solution);
	const uint64_t low = tt_hash_bytes(text, tt_hash_u64(solution + 1));
	char label[64];
	const int n = snprintf(label, sizeof label, "q%016" PRIx64 "x%016" PRIx64 "%016" PRIx64, terms->fresh_seed, high,
	                       low);
	const tt_term blank = tt_term_blank((tt_view){label, (size_t)n});
	return tt_terms_intern(terms, &blank, out);
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* LANGTAG without the @ (rule 145): letters, then parts of letters and digits. */
static bool is_language_tag(tt_view tag)
{
	size_t n_part = 0;
	bool is_first = true;
	for (size_t i = 0; i < tag.size; ++i) {
		if (tag.data[i] == '-') {
			if (n_part == 0) {
				return false;
			}
			n_part = 0;
			is_first = false;
		} else if (is_letter(tag.data[i]) || (!is_first && tag.data[i] >= '0' && tag.data[i] <= '9')) {
			n_part++;
		} else {
			return false;
		}
	}
	return n_part > 0;
}

/* The tag in lower case, as terms have it everywhere (store/terms.c). */
tt_status tt_fn_STRLANG(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	tt_view text;
	tt_view tag;
	bool is_text = false;
	bool is_tag = false;
	TT_TRY(tt_eval_simple(call->eval, arguments[0], &text, &is_text));
	TT_TRY(tt_eval_simple(call->eval, arguments[1], &tag, &is_tag));
	if (!is_text || !is_tag || !is_language_tag(tag)) {
		return TT_OK;
	}
	char *const lower = tt_arena_strndup(&call->eval->arena, tag.data, tag.size);
	if (!lower) {
		return call->eval->ctx->error.status;
	}
	for (size_t i = 0; i < tag.size; ++i) {
		lower[i] = (char)(is_letter(lower[i]) ? lower[i] | 0x20 : lower[i]);
	}
	const tt_term term = tt_term_lang(text, (tt_view){lower, tag.size});
	return tt_eval_lend(call->eval, &term, out);
}

tt_status tt_fn_STRDT(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)n_arguments;
	tt_view text;
	bool is_text = false;
	TT_TRY(tt_eval_simple(call->eval, arguments[0], &text, &is_text));
	if (!is_text || tt_eval_kind(call->eval, arguments[1]) != TT_TERM_IRI) {
		return TT_OK;
	}
	tt_scratch scratch;
	tt_term datatype;
	TT_TRY(tt_eval_term(call->eval, arguments[1], &scratch, &datatype));
	if (tt_view_equal(datatype.text, tt_vocab_iri(TT_VOCAB_RDF_LANG_STRING))) {
		return TT_OK; /* there is no such literal without a language */
	}
	const tt_term term = tt_term_typed(text, datatype.text);
	return tt_eval_lend(call->eval, &term, out);
}

/* A random UUID (RFC 4122 §4.4) behind a prefix. */
static tt_status append_uuid(tt_buffer *out)
{
	unsigned char bytes[16];
	if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes) {
		return tt_fail(out->ctx, TT_IO, "the system gives no random numbers");
	}
	bytes[6] = (unsigned char)((bytes[6] & 0x0F) | 0x40);
	bytes[8] = (unsigned char)((bytes[8] & 0x3F) | 0x80);
	for (unsigned i = 0; i < sizeof bytes; ++i) {
		const char *const hyphen = i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "";
		TT_TRY(tt_buffer_printf(out, "%s%02x", hyphen, bytes[i]));
	}
	return TT_OK;
}

tt_status tt_fn_UUID(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)arguments, (void)n_arguments;
	tt_buffer *const text = &call->eval->text;
	tt_buffer_reset(text);
	TT_TRY(tt_buffer_append(text, TT_VIEW("urn:uuid:")));
	TT_TRY(append_uuid(text));
	const tt_term iri = tt_term_iri(tt_buffer_view(text));
	return tt_eval_give_like(call->eval, iri.text, &iri, out);
}

tt_status tt_fn_STRUUID(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out)
{
	(void)arguments, (void)n_arguments;
	tt_buffer *const text = &call->eval->text;
	tt_buffer_reset(text);
	TT_TRY(append_uuid(text));
	const tt_term string = tt_term_string(tt_buffer_view(text));
	return tt_eval_give_like(call->eval, string.text, &string, out);
}
