/* write_xml.c - RDF/XML: a node element for each run of one subject, a property element for each triple.
 *
 * A predicate becomes the name of an element, so its IRI is cut in two: the longest end that is an XML name, and the
 * namespace before it. A prefix that fits there, or anywhere nearer to the end, is used; else the element declares
 * the namespace by itself. Literals are never given as XML (rdf:parseType="Literal"): the text of an rdf:XMLLiteral
 * comes back letter by letter as any other with its datatype.
 *
 * Some data cannot be said in RDF/XML at all: a predicate that ends in no name, or is one of the words of the syntax;
 * and characters that XML forbids even as references. That is an error, since a substitute would be other data.
 */
#include "rdf/writer.h"

#include "rdf/iri.h"
#include "rdf/name.h"

#include <stdio.h>

#define RDF_NAMESPACE "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

/* A predicate as the name of an element. */
typedef struct element_name {
	const tt_prefix *prefix; /* NULL: `space` is to be declared, or is that of RDF */
	tt_view space, local;
} element_name;

/* ---- names ------------------------------------------------------------------------------------ */

static bool is_letter(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Of the names of XML those in ASCII: which others there are differs between the editions of XML. */
static bool is_plain_name(tt_view text)
{
	for (size_t i = 0; i < text.size; ++i) {
		const unsigned char c = (unsigned char)text.data[i];
		if (!is_letter(c) && (i == 0 || !((c >= '0' && c <= '9') || c == '-' || c == '.'))) {
			return false;
		}
	}
	return text.size > 0;
}

/* NCName (Namespaces in XML 1.0, rule 4) as far as it is PN_LOCAL: without digits in front, and colons. */
static bool is_local_name(tt_view text)
{
	return text.size && !(text.data[0] >= '0' && text.data[0] <= '9') && !memchr(text.data, ':', text.size) &&
	       tt_name_is_local(text);
}

/* What no prefix may be declared for: nothing, the namespaces that are bound (Namespaces in XML 1.0 §3), and what
 * begins as the one of RDF, which raptor refuses. */
static bool is_reserved(tt_view iri)
{
	return !iri.size || tt_view_equal(iri, TT_VIEW("http://www.w3.org/XML/1998/namespace")) ||
	       tt_view_equal(iri, TT_VIEW("http://www.w3.org/2000/xmlns/")) || tt_view_starts(iri, TT_VIEW(RDF_NAMESPACE));
}

/* Length of what XML can hold at the beginning of a text (XML 1.0 rule 2). */
static size_t find_legal(tt_view text)
{
	size_t i = 0;
	while (i < text.size) {
		unsigned n = 1;
		const uint32_t c = tt_utf8_decode(text.data + i, text.size - i, &n);
		if ((c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0xFFFE || c == 0xFFFF || c == UINT32_MAX) {
			break;
		}
		i += n;
	}
	return i;
}

static bool is_usable_prefix(const tt_prefixes *prefixes, const tt_prefix *prefix)
{
	(void)prefixes;
	return (!prefix->name.size || is_plain_name(prefix->name)) && !tt_view_equal(prefix->name, TT_VIEW("rdf")) &&
	       !(prefix->name.size >= 3 && tt_view_equal_nocase((tt_view){prefix->name.data, 3}, TT_VIEW("xml"))) &&
	       !is_reserved(prefix->iri) && find_legal(prefix->iri) == prefix->iri.size;
}

/* The words of the syntax are no property elements (RDF 1.1 XML Syntax §6.2.7); rdf:li would count. */
static bool is_syntax_word(tt_view iri)
{
	static const char *const words[] = {"RDF",      "ID", "about",     "parseType",       "resource", "nodeID",
	                                    "datatype", "li", "aboutEach", "aboutEachPrefix", "bagID",    "Description"};
	if (!tt_view_starts(iri, TT_VIEW(RDF_NAMESPACE))) {
		return false;
	}
	const tt_view rest = tt_view_skip(iri, sizeof RDF_NAMESPACE - 1);
	for (size_t i = 0; i < sizeof words / sizeof *words; ++i) {
		if (tt_view_equal(rest, tt_view_of(words[i]))) {
			return true;
		}
	}
	return false;
}

/* Whether one character may stand in a name, not at its front. */
static bool is_name_inside(tt_view character)
{
	char text[8] = "a";
	memcpy(text + 1, character.data, character.size);
	return character.data[0] == '.' ||
	       (character.data[0] != ':' && tt_name_is_local((tt_view){text, 1 + character.size}));
}

/* Where the longest end of an IRI that is a name begins, with a namespace before it; its size if there is none. */
static size_t find_cut(tt_view iri)
{
	size_t cut = iri.size;
	for (size_t end = iri.size; end > 0;) {
		size_t at = end - 1;
		while (at > 0 && end - at < 4 && ((unsigned char)iri.data[at] & 0xC0) == 0x80) {
			--at;
		}
		const tt_view character = {iri.data + at, end - at};
		if (!is_name_inside(character)) {
			break;
		}
		if (is_local_name(character) && !is_reserved((tt_view){iri.data, at})) {
			cut = at;
		}
		end = at;
	}
	return cut;
}

static tt_status refuse_predicate(tt_ctx *ctx, tt_view iri, const char *why)
{
	return tt_fail(ctx, TT_UNSUPPORTED, "RDF/XML cannot hold the predicate <%.*s>: %s", TT_VIEW_ARG(iri), why);
}

static tt_status find_name(tt_ctx *ctx, const tt_prefixes *prefixes, tt_view iri, element_name *out)
{
	if (is_syntax_word(iri)) {
		return refuse_predicate(ctx, iri, "that is a word of its syntax");
	}
	if (find_legal(iri) != iri.size) {
		return refuse_predicate(ctx, iri, "it has a character that XML does not allow");
	}
	tt_view local;
	*out = (element_name){.prefix = NULL};
	if (tt_shorten_usably(prefixes, iri, is_usable_prefix, &out->prefix, &local) && is_local_name(local)) {
		out->local = local;
		out->space = out->prefix->iri;
		return TT_OK;
	}
	const bool is_rdf = tt_view_starts(iri, TT_VIEW(RDF_NAMESPACE)) &&
	                    is_local_name(tt_view_skip(iri, sizeof RDF_NAMESPACE - 1));
	const size_t cut = is_rdf ? sizeof RDF_NAMESPACE - 1 : find_cut(iri);
	out->space = (tt_view){iri.data, cut};
	out->local = tt_view_skip(iri, cut);
	if (!tt_shorten_usably(prefixes, out->space, is_usable_prefix, &out->prefix, &local) || local.size) {
		out->prefix = NULL;
	}
	return cut < iri.size ? TT_OK : refuse_predicate(ctx, iri, "it does not end in an XML name");
}

tt_status tt_write_xml_prepare(tt_prefixes *prefixes, tt_view predicate)
{
	element_name name = {.prefix = NULL};
	TT_TRY(find_name(prefixes->arena.ctx, prefixes, predicate, &name));
	if (name.prefix || tt_view_equal(name.space, TT_VIEW(RDF_NAMESPACE))) {
		return TT_OK;
	}
	char text[32];
	size_t number = 0;
	do {
		(void)snprintf(text, sizeof text, "ns%zu", ++number);
	} while (tt_prefixes_find(prefixes, tt_view_of(text)));
	return tt_prefixes_set(prefixes, tt_view_of(text), name.space);
}

/* ---- text ------------------------------------------------------------------------------------- */

/* Append a text with references for what would be taken as markup or, like a carriage return, be changed by the reader
 * of XML. @param is_attribute Also line ends and tabulators, which become spaces in the value of an attribute. */
static tt_status append_escaped(tt_buffer *out, tt_view text, bool is_attribute)
{
	static const char *const references[128] = {
	    ['&'] = "&amp;",    ['<'] = "&lt;",     ['>'] = "&gt;",   ['\r'] = "&#13;",
	    ['"'] = "\"&quot;", ['\n'] = "\"&#10;", ['\t'] = "\"&#9;"};
	size_t start = 0;
	for (size_t i = 0; i < text.size; ++i) {
		const unsigned char c = (unsigned char)text.data[i];
		const char *reference = c < 128 ? references[c] : NULL;
		if (!reference || (reference[0] == '"' && !is_attribute)) {
			continue;
		}
		reference += reference[0] == '"';
		TT_TRY(tt_buffer_append(out, (tt_view){text.data + start, i - start}));
		TT_TRY(tt_buffer_append(out, tt_view_of(reference)));
		start = i + 1;
	}
	return tt_buffer_append(out, tt_view_skip(text, start));
}

static tt_status append_attribute(tt_buffer *out, tt_view name, tt_view value)
{
	TT_TRY(tt_buffer_append_char(out, ' '));
	TT_TRY(tt_buffer_append(out, name));
	TT_TRY(tt_buffer_append(out, TT_VIEW("=\"")));
	TT_TRY(append_escaped(out, value, true));
	return tt_buffer_append_char(out, '"');
}

static tt_status append_iri(tt_writer *writer, tt_view name, tt_view iri)
{
	if (find_legal(iri) != iri.size || !tt_iri_is_absolute(iri)) {
		return tt_fail(writer->output->buffer.ctx, TT_UNSUPPORTED, "RDF/XML cannot hold the IRI <%.*s>: %s",
		               TT_VIEW_ARG(iri),
		               tt_iri_is_absolute(iri) ? "it has a character that XML does not allow" : "it is not absolute");
	}
	return append_attribute(&writer->output->buffer, name, iri);
}

static tt_status append_blank(tt_buffer *out, tt_view label)
{
	TT_TRY(tt_buffer_append(out, TT_VIEW(" rdf:nodeID=\"")));
	TT_TRY(tt_write_blank_label(out, label, is_plain_name(label)));
	return tt_buffer_append_char(out, '"');
}

/* ---- elements --------------------------------------------------------------------------------- */

static tt_status begin(tt_writer *writer)
{
	tt_buffer *const out = &writer->output->buffer;
	TT_TRY(tt_buffer_append(out, TT_VIEW("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rdf:RDF\n"
	                                     "    xmlns:rdf=\"" RDF_NAMESPACE "\"")));
	for (size_t i = 0; writer->prefixes && i < writer->prefixes->n_items; ++i) {
		const tt_prefix *const prefix = &writer->prefixes->items[i];
		if (is_usable_prefix(writer->prefixes, prefix)) {
			TT_TRY(
			    tt_buffer_printf(out, "\n    xmlns%s%.*s=\"", prefix->name.size ? ":" : "", TT_VIEW_ARG(prefix->name)));
			TT_TRY(append_escaped(out, prefix->iri, true));
			TT_TRY(tt_buffer_append_char(out, '"'));
		}
	}
	return tt_buffer_append(out, TT_VIEW(">\n"));
}

static tt_status end_subject(tt_writer *writer)
{
	if (writer->subject.kind == TT_TERM_NONE) {
		return TT_OK;
	}
	writer->subject.kind = TT_TERM_NONE;
	return tt_buffer_append(&writer->output->buffer, TT_VIEW("  </rdf:Description>\n"));
}

static tt_status begin_subject(tt_writer *writer, const tt_term *subject)
{
	tt_buffer *const out = &writer->output->buffer;
	if (tt_kept_is(&writer->subject, subject)) {
		return TT_OK;
	}
	TT_TRY(end_subject(writer));
	TT_TRY(tt_buffer_append(out, TT_VIEW("\n  <rdf:Description")));
	TT_TRY(subject->kind == TT_TERM_BLANK ? append_blank(out, subject->text)
	                                      : append_iri(writer, TT_VIEW("rdf:about"), subject->text));
	TT_TRY(tt_buffer_append(out, TT_VIEW(">\n")));
	return tt_kept_set(&writer->subject, subject);
}

static tt_status append_name(tt_buffer *out, const element_name *name)
{
	if (name->prefix && name->prefix->name.size) {
		TT_TRY(tt_buffer_append(out, name->prefix->name));
		TT_TRY(tt_buffer_append_char(out, ':'));
	} else if (tt_view_equal(name->space, TT_VIEW(RDF_NAMESPACE))) {
		TT_TRY(tt_buffer_append(out, TT_VIEW("rdf:")));
	}
	return tt_buffer_append(out, name->local);
}

static tt_status refuse_literal(tt_ctx *ctx, const tt_term *subject, const element_name *name, const tt_term *literal)
{
	enum { SHOWN = 60 };
	tt_buffer text;
	tt_buffer_init(&text, ctx);
	const tt_term shown = tt_term_string(
	    (tt_view){literal->text.data, literal->text.size < SHOWN ? literal->text.size : SHOWN});
	tt_status status = tt_write_ntriples_term(&text, subject);
	status = status ? status
	                : tt_buffer_printf(&text, " <%.*s%.*s> ", TT_VIEW_ARG(name->space), TT_VIEW_ARG(name->local));
	status = status ? status : tt_write_ntriples_term(&text, &shown);
	if (status == TT_OK) {
		status = tt_fail(ctx, TT_UNSUPPORTED, "RDF/XML cannot hold a character of the literal in %.*s%s",
		                 TT_VIEW_ARG(tt_buffer_view(&text)), literal->text.size > SHOWN ? "…" : "");
	}
	tt_buffer_clear(&text);
	return status;
}

/* What stands behind the name of a property element, with its end. */
static tt_status append_literal(tt_writer *writer, const element_name *name, const tt_term *literal)
{
	tt_buffer *const out = &writer->output->buffer;
	if (literal->language.size) {
		TT_TRY(tt_buffer_append(out, TT_VIEW(" xml:lang=\"")));
		TT_TRY(tt_write_language(out, literal->language));
		TT_TRY(tt_buffer_append_char(out, '"'));
	} else if (!tt_view_equal(literal->datatype, tt_vocab_iri(TT_VOCAB_XSD_STRING))) {
		TT_TRY(append_iri(writer, TT_VIEW("rdf:datatype"), literal->datatype));
	}
	TT_TRY(tt_buffer_append_char(out, '>'));
	TT_TRY(append_escaped(out, literal->text, false));
	TT_TRY(tt_buffer_append(out, TT_VIEW("</")));
	TT_TRY(append_name(out, name));
	return tt_buffer_append(out, TT_VIEW(">\n"));
}

static tt_status write_statement(tt_writer *writer, const tt_term *const terms[4])
{
	tt_buffer *const out = &writer->output->buffer;
	const tt_term *const object = terms[2];
	element_name name = {.prefix = NULL};
	TT_TRY(find_name(out->ctx, writer->prefixes, terms[1]->text, &name));
	if (object->kind == TT_TERM_LITERAL && find_legal(object->text) != object->text.size) {
		return refuse_literal(out->ctx, terms[0], &name, object);
	}
	TT_TRY(begin_subject(writer, terms[0]));
	TT_TRY(tt_buffer_append(out, TT_VIEW("    <")));
	TT_TRY(append_name(out, &name));
	if (!name.prefix && !tt_view_equal(name.space, TT_VIEW(RDF_NAMESPACE))) {
		TT_TRY(append_attribute(out, TT_VIEW("xmlns"), name.space));
	}
	if (object->kind == TT_TERM_LITERAL) {
		return append_literal(writer, &name, object);
	}
	TT_TRY(object->kind == TT_TERM_BLANK ? append_blank(out, object->text)
	                                     : append_iri(writer, TT_VIEW("rdf:resource"), object->text));
	return tt_buffer_append(out, TT_VIEW("/>\n"));
}

static tt_status finish(tt_writer *writer)
{
	TT_TRY(end_subject(writer));
	return tt_buffer_append(&writer->output->buffer, TT_VIEW("\n</rdf:RDF>\n"));
}

const tt_syntax_writer tt_xml_syntax = {.begin = begin, .statement = write_statement, .finish = finish};
