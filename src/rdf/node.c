/* node.c - librdf nodes ↔ our terms. */
#include "rdf/node.h"

#include <limits.h>
#include <stdio.h>

static tt_view view_of_uri(librdf_uri *uri)
{
	size_t n_bytes = 0;
	const unsigned char *const text = tt_lib.librdf_uri_as_counted_string(uri, &n_bytes);
	return (tt_view){(const char *)text, n_bytes};
}

static void literal_of_node(librdf_node *node, tt_term *out_term)
{
	size_t n_bytes = 0;
	const unsigned char *const text = tt_lib.librdf_node_get_literal_value_as_counted_string(node, &n_bytes);
	const tt_view view = {(const char *)text, n_bytes};
	const char *const language = tt_lib.librdf_node_get_literal_value_language(node);
	librdf_uri *const datatype = tt_lib.librdf_node_get_literal_value_datatype_uri(node);
	if (language && *language) {
		*out_term = tt_term_lang(view, tt_view_of(language));
	} else if (datatype) {
		*out_term = tt_term_typed(view, view_of_uri(datatype));
	} else {
		*out_term = tt_term_string(view);
	}
}

bool tt_term_of_node(librdf_node *node, tt_term *out_term)
{
	*out_term = (tt_term){.kind = TT_TERM_NONE};
	if (!node) {
		return true;
	}
	if (tt_lib.librdf_node_is_resource(node)) {
		*out_term = tt_term_iri(view_of_uri(tt_lib.librdf_node_get_uri(node)));
	} else if (tt_lib.librdf_node_is_blank(node)) {
		*out_term = tt_term_blank(tt_view_of((const char *)tt_lib.librdf_node_get_blank_identifier(node)));
	} else if (tt_lib.librdf_node_is_literal(node)) {
		literal_of_node(node, out_term);
	}
	return out_term->kind != TT_TERM_NONE;
}

/* A librdf node is a raptor term; librdf's own way to make one would write "0"^^xsd:boolean, and what is no boolean at
 * all, as "false". */
static librdf_node *node_of_literal(librdf_world *world, const tt_term *term)
{
	raptor_world *const raptor = tt_lib.librdf_world_get_raptor(world);
	const unsigned char *const text = (const unsigned char *)(term->text.data ? term->text.data : "");
	if (term->language.size) {
		/* raptor 2.0.15 takes the length and reads up to the NUL all the same; lengths are of one byte. */
		char language[UCHAR_MAX + 1];
		const int n = snprintf(language, sizeof language, "%.*s", (int)term->language.size, term->language.data);
		return n < 0 || (size_t)n >= sizeof language
		           ? NULL
		           : tt_lib.raptor_new_term_from_counted_literal(raptor, text, term->text.size, NULL,
		                                                         (const unsigned char *)language, (unsigned char)n);
	}
	librdf_uri *datatype = NULL;
	if (!tt_view_equal(term->datatype, tt_vocab_iri(TT_VOCAB_XSD_STRING))) {
		datatype = tt_lib.librdf_new_uri2(world, (const unsigned char *)term->datatype.data, term->datatype.size);
	}
	librdf_node *const node = tt_lib.raptor_new_term_from_counted_literal(raptor, text, term->text.size, datatype, NULL,
	                                                                      0);
	if (datatype) {
		tt_lib.librdf_free_uri(datatype);
	}
	return node;
}

librdf_node *tt_node_of_term(librdf_world *world, const tt_term *term)
{
	const unsigned char *const text = (const unsigned char *)term->text.data;
	switch (term->kind) {
	case TT_TERM_IRI:
		return tt_lib.librdf_new_node_from_counted_uri_string(world, text, term->text.size);
	case TT_TERM_BLANK:
		return tt_lib.librdf_new_node_from_counted_blank_identifier(world, text, term->text.size);
	case TT_TERM_LITERAL:
		return node_of_literal(world, term);
	case TT_TERM_NONE:
	default:
		return NULL;
	}
}
