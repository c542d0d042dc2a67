/* term.c - equality, order and hash of RDF terms. */
#include "rdf/term.h"

#include "base/map.h"

#define TT_VOCAB(name, iri) {iri, sizeof(iri) - 1},
static const tt_view vocab_iris[] = {
#include "rdf/vocab.def"
};
#undef TT_VOCAB

tt_view tt_vocab_iri(tt_vocab entry)
{
	return vocab_iris[entry];
}

tt_term tt_term_string(tt_view text)
{
	return tt_term_typed(text, vocab_iris[TT_VOCAB_XSD_STRING]);
}

tt_term tt_term_lang(tt_view text, tt_view language)
{
	return (tt_term){
	    .kind = TT_TERM_LITERAL, .text = text, .datatype = vocab_iris[TT_VOCAB_RDF_LANG_STRING], .language = language};
}

bool tt_term_equal(const tt_term *a, const tt_term *b)
{
	return a->kind == b->kind && tt_view_equal(a->text, b->text) &&
	       (a->kind != TT_TERM_LITERAL ||
	        (tt_view_equal(a->datatype, b->datatype) && tt_view_equal_nocase(a->language, b->language)));
}

static unsigned char lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static int compare_languages(tt_view a, tt_view b)
{
	for (size_t i = 0; i < a.size && i < b.size; ++i) {
		if (lower(a.data[i]) != lower(b.data[i])) {
			return lower(a.data[i]) < lower(b.data[i]) ? -1 : 1;
		}
	}
	return (a.size > b.size) - (a.size < b.size);
}

int tt_term_compare(const tt_term *a, const tt_term *b)
{
	if (a->kind != b->kind) {
		return a->kind < b->kind ? -1 : 1;
	}
	int order = tt_view_compare(a->text, b->text);
	if (order == 0 && a->kind == TT_TERM_LITERAL) {
		order = tt_view_compare(a->datatype, b->datatype);
		order = order ? order : compare_languages(a->language, b->language);
	}
	return order;
}

uint64_t tt_term_hash(const tt_term *term)
{
	uint64_t hash = tt_hash_bytes(term->text, (uint64_t)term->kind);
	if (term->kind == TT_TERM_LITERAL) {
		hash = tt_hash_bytes(term->datatype, hash);
		for (size_t i = 0; i < term->language.size; ++i) {
			hash = tt_hash_u64(hash ^ lower(term->language.data[i]));
		}
	}
	return hash;
}
