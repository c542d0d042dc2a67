/* write_jsonld.c - JSON-LD 1.1: a node object for each run of one subject, in it a key for each predicate; a named
 * graph is a node object with an "@graph" of its own. Everything stands in the "@graph" of one object, whose "@context"
 * has the prefixes.
 *
 * What a reader of JSON-LD would take for something else:
 * - Numbers and truth values of JSON are others after a reading, so every literal is a string with its datatype.
 * - A key may stand in an object only once. If a predicate comes back, or too many have been, another object goes on
 *   with the same subject, which means the same.
 * - An IRI whose scheme is called as a prefix is would be expanded: <ex:a> beside the prefix ex. Prefixes are told
 * apart from the schemes of IRIs by nothing but "//" (JSON-LD 1.1 API §5.2). So such a statement gets a node object of
 * its own, without a context ("@context": null), where every IRI stands in full. */
#include "rdf/writer.h"

#include "base/json.h"
#include "base/map.h"
#include "rdf/iri.h"
#include "rdf/name.h"

#define NAME_OF_EMPTY "ns"
enum { MOST_KEYS = 64 };

/** The writer, and the object that is open. Its subject and predicate are those of the base. */
typedef struct jsonld_writer {
	tt_writer base;
	bool is_bare;             /* the open graph has no context */
	size_t n_nodes;           /* written to the open array of node objects */
	size_t n_top;             /* the same of the outer one while a graph is open */
	tt_buffer value;          /* the first object of the open key: whether it needs an array is seen at the next one */
	size_t n_values;          /* of the open key */
	uint64_t keys[MOST_KEYS]; /* hashes of the keys that stand in the open object */
	size_t n_keys;
} jsonld_writer;

/* ---- names ------------------------------------------------------------------------------------ */

/* Whether a reader may take the scheme of an IRI for a prefix. */
static bool is_ambiguous(const tt_prefixes *prefixes, tt_view iri)
{
	const char *const colon = prefixes && iri.size ? memchr(iri.data, ':', iri.size) : NULL;
	if (!colon || tt_view_starts(tt_view_skip(iri, (size_t)(colon - iri.data) + 1), TT_VIEW("//"))) {
		return false;
	}
	const tt_view scheme = {iri.data, (size_t)(colon - iri.data)};
	return tt_prefixes_find(prefixes, scheme) || tt_view_equal(scheme, TT_VIEW(NAME_OF_EMPTY));
}

/* A key of the context is a term, which must not be empty, as a prefix of Turtle may be: that gets a name, if nobody
 * has it. */
static tt_view name_of(const tt_prefixes *prefixes, const tt_prefix *prefix)
{
	return prefix->name.size || tt_prefixes_find(prefixes, TT_VIEW(NAME_OF_EMPTY)) ? prefix->name
	                                                                               : TT_VIEW(NAME_OF_EMPTY);
}

/* A term is a prefix if its IRI ends in a gen-delim (JSON-LD 1.1 §9.2). Others can be said to be prefixes, but readers
 * of JSON-LD 1.0 do not know how. */
static bool is_usable_prefix(const tt_prefixes *prefixes, const tt_prefix *prefix)
{
	return name_of(prefixes, prefix).size && tt_name_is_prefix(prefix->name) && tt_iri_is_absolute(prefix->iri) &&
	       tt_iri_is_valid(prefix->iri) && strchr(":/?#[]@", prefix->iri.data[prefix->iri.size - 1]) &&
	       !is_ambiguous(prefixes, prefix->iri);
}

static tt_status demand_iri(tt_ctx *ctx, tt_view iri)
{
	const bool is_valid = tt_iri_is_valid(iri) && tt_utf8_check(iri) == iri.size;
	if (is_valid && tt_iri_is_absolute(iri)) {
		return TT_OK;
	}
	return tt_fail(ctx, TT_UNSUPPORTED, "JSON-LD cannot hold the IRI <%.*s>: %s", TT_VIEW_ARG(iri),
	               is_valid ? "it is not absolute" : "it has a character that no IRI has");
}

/* @param prefixes NULL: in full. */
static tt_status append_iri(tt_buffer *out, tt_view iri, const tt_prefixes *prefixes)
{
	const tt_prefix *prefix = NULL;
	tt_view local;
	if (!tt_shorten_usably(prefixes, iri, is_usable_prefix, &prefix, &local)) {
		return tt_json_string(out, iri);
	}
	TT_TRY(tt_buffer_append_char(out, '"'));
	TT_TRY(tt_buffer_append(out, name_of(prefixes, prefix)));
	TT_TRY(tt_buffer_append_char(out, ':'));
	TT_TRY(tt_buffer_append(out, local));
	return tt_buffer_append_char(out, '"');
}

/* An IRI or a blank node as the value of "@id", "@type" or "@graph". */
static tt_status append_id(tt_buffer *out, const tt_term *term, const tt_prefixes *prefixes)
{
	if (term->kind == TT_TERM_IRI) {
		return append_iri(out, term->text, prefixes);
	}
	TT_TRY(tt_buffer_append(out, TT_VIEW("\"_:")));
	TT_TRY(tt_write_blank_label(out, term->text, tt_name_is_blank_label(term->text)));
	return tt_buffer_append_char(out, '"');
}

/* ---- values ----------------------------------------------------------------------------------- */

static tt_status append_literal(tt_buffer *out, const tt_term *literal, const tt_prefixes *prefixes)
{
	const bool is_tagged = literal->language.size > 0;
	if (!is_tagged && tt_view_equal(literal->datatype, tt_vocab_iri(TT_VOCAB_XSD_STRING))) {
		return tt_json_string(out, literal->text);
	}
	TT_TRY(tt_buffer_append(out, TT_VIEW("{\"@value\": ")));
	TT_TRY(tt_json_string(out, literal->text));
	if (is_tagged) {
		TT_TRY(tt_buffer_append(out, TT_VIEW(", \"@language\": \"")));
		TT_TRY(tt_write_language(out, literal->language));
		return tt_buffer_append(out, TT_VIEW("\"}"));
	}
	TT_TRY(tt_buffer_append(out, TT_VIEW(", \"@type\": ")));
	TT_TRY(append_iri(out, literal->datatype, prefixes));
	return tt_buffer_append_char(out, '}');
}

static tt_status append_value(tt_buffer *out, const tt_term *object, bool is_type, const tt_prefixes *prefixes)
{
	if (object->kind == TT_TERM_LITERAL) {
		return append_literal(out, object, prefixes);
	}
	if (is_type) {
		return append_id(out, object, prefixes);
	}
	TT_TRY(tt_buffer_append(out, TT_VIEW("{\"@id\": ")));
	TT_TRY(append_id(out, object, prefixes));
	return tt_buffer_append_char(out, '}');
}

/* ---- keys ------------------------------------------------------------------------------------- */

static tt_status indent(jsonld_writer *w, size_t n_deeper)
{
	static const char spaces[] = "                ";
	const size_t n = (w->base.graph.kind == TT_TERM_NONE ? 4 : 8) + 2 * n_deeper;
	return tt_buffer_append(&w->base.output->buffer, (tt_view){spaces, n});
}

/* The last value of a key has been. */
static tt_status end_key(jsonld_writer *w)
{
	tt_buffer *const out = &w->base.output->buffer;
	if (w->n_values == 1) {
		TT_TRY(tt_buffer_append(out, tt_buffer_view(&w->value)));
	} else if (w->n_values) {
		TT_TRY(tt_buffer_append_char(out, '\n'));
		TT_TRY(indent(w, 1));
		TT_TRY(tt_buffer_append_char(out, ']'));
	}
	w->n_values = 0;
	w->base.predicate.kind = TT_TERM_NONE;
	return TT_OK;
}

/* One value more of the open key. */
static tt_status add_value(jsonld_writer *w, const tt_term *object, bool is_type, const tt_prefixes *prefixes)
{
	tt_buffer *const out = &w->base.output->buffer;
	if (++w->n_values == 1) {
		tt_buffer_reset(&w->value);
		return append_value(&w->value, object, is_type, prefixes);
	}
	if (w->n_values == 2) {
		TT_TRY(tt_buffer_append(out, TT_VIEW("[\n")));
		TT_TRY(indent(w, 2));
		TT_TRY(tt_buffer_append(out, tt_buffer_view(&w->value)));
	}
	TT_TRY(tt_buffer_append(out, TT_VIEW(",\n")));
	TT_TRY(indent(w, 2));
	return append_value(out, object, is_type, prefixes);
}

/* Whether a key can still be begun in the open object; it is noted. An equal hash of another key does no harm. */
static bool is_new_key(jsonld_writer *w, tt_view key)
{
	const uint64_t hash = tt_hash_bytes(key, 0);
	for (size_t i = 0; i < w->n_keys; ++i) {
		if (w->keys[i] == hash) {
			return false;
		}
	}
	if (w->n_keys == MOST_KEYS) {
		return false;
	}
	w->keys[w->n_keys++] = hash;
	return true;
}

/* ---- node objects ----------------------------------------------------------------------------- */

static tt_status end_node(jsonld_writer *w)
{
	if (w->base.subject.kind == TT_TERM_NONE) {
		return TT_OK;
	}
	TT_TRY(end_key(w));
	w->base.subject.kind = TT_TERM_NONE;
	TT_TRY(tt_buffer_append_char(&w->base.output->buffer, '\n'));
	TT_TRY(indent(w, 0));
	return tt_buffer_append_char(&w->base.output->buffer, '}');
}

/* Everything up to the "@id" of an object, with its value. */
static tt_status open_object(jsonld_writer *w, const tt_term *id, const tt_prefixes *prefixes, bool is_reset)
{
	tt_buffer *const out = &w->base.output->buffer;
	TT_TRY(tt_buffer_append(out, w->n_nodes++ ? TT_VIEW(",\n") : TT_VIEW("\n")));
	TT_TRY(indent(w, 0));
	TT_TRY(tt_buffer_append(out, TT_VIEW("{\n")));
	TT_TRY(indent(w, 1));
	if (is_reset) {
		TT_TRY(tt_buffer_append(out, TT_VIEW("\"@context\": null,\n")));
		TT_TRY(indent(w, 1));
	}
	TT_TRY(tt_buffer_append(out, TT_VIEW("\"@id\": ")));
	return append_id(out, id, prefixes);
}

static tt_status begin_node(jsonld_writer *w, const tt_term *subject, const tt_prefixes *prefixes, bool is_reset)
{
	TT_TRY(end_node(w));
	TT_TRY(open_object(w, subject, prefixes, is_reset));
	w->n_keys = 0;
	return tt_kept_set(&w->base.subject, subject);
}

static tt_status begin_key(jsonld_writer *w, const tt_term *key, bool is_type, const tt_prefixes *prefixes)
{
	tt_buffer *const out = &w->base.output->buffer;
	TT_TRY(end_key(w));
	TT_TRY(tt_buffer_append(out, TT_VIEW(",\n")));
	TT_TRY(indent(w, 1));
	TT_TRY(is_type ? tt_json_string(out, key->text) : append_iri(out, key->text, prefixes));
	TT_TRY(tt_buffer_append(out, TT_VIEW(": ")));
	return tt_kept_set(&w->base.predicate, key);
}

/* ---- graphs ----------------------------------------------------------------------------------- */

static tt_status end_graph(jsonld_writer *w)
{
	TT_TRY(end_node(w));
	if (w->base.graph.kind == TT_TERM_NONE) {
		return TT_OK;
	}
	w->base.graph.kind = TT_TERM_NONE;
	tt_buffer_reset(&w->base.graph.text);
	w->n_nodes = w->n_top;
	w->is_bare = false;
	return tt_buffer_append(&w->base.output->buffer, TT_VIEW("\n      ]\n    }"));
}

static tt_status begin_graph(jsonld_writer *w, const tt_term *graph)
{
	if (tt_kept_is(&w->base.graph, graph)) {
		return TT_OK;
	}
	TT_TRY(end_graph(w));
	if (graph->kind == TT_TERM_NONE) {
		return TT_OK;
	}
	w->is_bare = graph->kind == TT_TERM_IRI && is_ambiguous(w->base.prefixes, graph->text);
	TT_TRY(open_object(w, graph, w->is_bare ? NULL : w->base.prefixes, w->is_bare));
	TT_TRY(tt_buffer_append(&w->base.output->buffer, TT_VIEW(",\n      \"@graph\": [")));
	w->n_top = w->n_nodes;
	w->n_nodes = 0;
	return tt_kept_set(&w->base.graph, graph);
}

/* ---- statements ------------------------------------------------------------------------------- */

/* Check the IRIs of a statement, and tell whether any of them is ambiguous beside the prefixes. */
static tt_status look_at(jsonld_writer *w, const tt_term *const terms[4], bool *out_is_ambiguous)
{
	*out_is_ambiguous = false;
	for (int i = 0; i < 4; ++i) {
		const bool is_literal = terms[i]->kind == TT_TERM_LITERAL;
		const tt_view iri = is_literal ? terms[i]->datatype : terms[i]->text;
		if (terms[i]->kind == TT_TERM_IRI || (is_literal && !terms[i]->language.size)) {
			TT_TRY(demand_iri(w->base.output->buffer.ctx, iri));
			*out_is_ambiguous = *out_is_ambiguous || (i < 3 && is_ambiguous(w->base.prefixes, iri));
		}
	}
	return TT_OK;
}

static tt_status write_statement(tt_writer *writer, const tt_term *const terms[4])
{
	jsonld_writer *const w = (jsonld_writer *)writer;
	const tt_term *const object = terms[2];
	const bool is_type = object->kind != TT_TERM_LITERAL &&
	                     tt_view_equal(terms[1]->text, tt_vocab_iri(TT_VOCAB_RDF_TYPE));
	const tt_term type_key = tt_term_iri(TT_VIEW("@type"));
	const tt_term *const key = is_type ? &type_key : terms[1];
	bool is_apart = false;
	TT_TRY(look_at(w, terms, &is_apart));
	TT_TRY(begin_graph(w, terms[3]));
	is_apart = is_apart && !w->is_bare;
	const tt_prefixes *const prefixes = is_apart || w->is_bare ? NULL : writer->prefixes;
	if (is_apart || !tt_kept_is(&writer->subject, terms[0])) {
		TT_TRY(begin_node(w, terms[0], prefixes, is_apart));
	}
	if (!tt_kept_is(&writer->predicate, key)) {
		if (!is_new_key(w, key->text)) {
			TT_TRY(begin_node(w, terms[0], prefixes, false));
			(void)is_new_key(w, key->text);
		}
		TT_TRY(begin_key(w, key, is_type, prefixes));
	}
	TT_TRY(add_value(w, object, is_type, prefixes));
	return is_apart ? end_node(w) : TT_OK;
}

/* ---- the whole -------------------------------------------------------------------------------- */

static tt_status begin(tt_writer *writer)
{
	jsonld_writer *const w = (jsonld_writer *)writer;
	tt_buffer *const out = &writer->output->buffer;
	tt_buffer_init(&w->value, out->ctx);
	size_t n_prefixes = 0;
	TT_TRY(tt_buffer_append(out, TT_VIEW("{\n")));
	for (size_t i = 0; writer->prefixes && i < writer->prefixes->n_items; ++i) {
		const tt_prefix *const prefix = &writer->prefixes->items[i];
		if (is_usable_prefix(writer->prefixes, prefix)) {
			TT_TRY(tt_buffer_append(out, n_prefixes++ ? TT_VIEW(",\n    ") : TT_VIEW("  \"@context\": {\n    ")));
			TT_TRY(tt_json_string(out, name_of(writer->prefixes, prefix)));
			TT_TRY(tt_buffer_append(out, TT_VIEW(": ")));
			TT_TRY(tt_json_string(out, prefix->iri));
		}
	}
	TT_TRY(n_prefixes ? tt_buffer_append(out, TT_VIEW("\n  },\n")) : TT_OK);
	return tt_buffer_append(out, TT_VIEW("  \"@graph\": ["));
}

static tt_status finish(tt_writer *writer)
{
	jsonld_writer *const w = (jsonld_writer *)writer;
	TT_TRY(end_graph(w));
	return tt_buffer_append(&writer->output->buffer, w->n_nodes ? TT_VIEW("\n  ]\n}\n") : TT_VIEW("]\n}\n"));
}

static void clear(tt_writer *writer)
{
	tt_buffer_clear(&((jsonld_writer *)writer)->value);
}

const tt_syntax_writer tt_jsonld_syntax = {.begin = begin,
                                           .statement = write_statement,
                                           .finish = finish,
                                           .clear = clear,
                                           .n_bytes = sizeof(jsonld_writer),
                                           .has_graphs = true};
