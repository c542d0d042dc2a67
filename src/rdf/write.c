/* write.c - terms as text, and statements as runs of one graph, subject and predicate.
 *
 * What is written can be read again, whatever the term: characters that a place does not allow become escapes, and
 * labels and tags that are none become the hexadecimal digits of their bytes behind a mark (so that no two become
 * one). */
#include "rdf/writer.h"

#include "rdf/name.h"

/* Begins the labels that are written in hexadecimal digits; real ones that begin so are written like that, too. */
#define LABEL_MARK "ttx"
/* The same for language tags: a private use subtag. */
#define TAG_MARK "x-ttx"

/* ---- terms ------------------------------------------------------------------------------------ */

static const char hex_digits[] = "0123456789ABCDEF";

/* One character that may not stand in a text as it is. */
static tt_status append_escape(tt_buffer *out, unsigned c)
{
	static const char values[] = "\"\\\n\r\t";
	static const char letters[] = "\"\\nrt";
	const char *const value = c && c < 128 ? strchr(values, (int)c) : NULL;
	return value ? tt_buffer_printf(out, "\\%c", letters[value - values]) : tt_buffer_printf(out, "\\u%04X", c);
}

/* Length of what may be copied as it is. Broken UTF-8 may not. */
static size_t find_plain(tt_view text, const bool is_special[128])
{
	size_t i = 0;
	while (i < text.size) {
		const unsigned char c = (unsigned char)text.data[i];
		unsigned n = 1;
		if (c < 128 ? is_special[c] : tt_utf8_decode(text.data + i, text.size - i, &n) == UINT32_MAX) {
			break;
		}
		i += n;
	}
	return i;
}

static tt_status append_text(tt_buffer *out, tt_view text)
{
	static const bool is_special[128] = {true, true, true, true, true, true,         true,          true,         true,
	                                     true, true, true, true, true, true,         true,          true,         true,
	                                     true, true, true, true, true, true,         true,          true,         true,
	                                     true, true, true, true, true, ['"'] = true, ['\\'] = true, [0x7F] = true};
	TT_TRY(tt_buffer_append_char(out, '"'));
	while (text.size) {
		const size_t n = find_plain(text, is_special);
		TT_TRY(tt_buffer_append(out, (tt_view){text.data, n}));
		text = tt_view_skip(text, n);
		if (text.size) {
			const unsigned char c = (unsigned char)text.data[0];
			TT_TRY(append_escape(out, c < 128 ? c : 0xFFFDu));
			text = tt_view_skip(text, 1);
		}
	}
	return tt_buffer_append_char(out, '"');
}

static tt_status append_iri(tt_buffer *out, tt_view iri)
{
	static const bool is_special[128] = {
	    true,         true,         true,         true,         true,         true,         true,
	    true,         true,         true,         true,         true,         true,         true,
	    true,         true,         true,         true,         true,         true,         true,
	    true,         true,         true,         true,         true,         true,         true,
	    true,         true,         true,         true,         [' '] = true, ['<'] = true, ['>'] = true,
	    ['"'] = true, ['{'] = true, ['}'] = true, ['|'] = true, ['^'] = true, ['`'] = true, ['\\'] = true};
	TT_TRY(tt_buffer_append_char(out, '<'));
	while (iri.size) {
		const size_t n = find_plain(iri, is_special);
		TT_TRY(tt_buffer_append(out, (tt_view){iri.data, n}));
		iri = tt_view_skip(iri, n);
		if (iri.size) {
			const unsigned char c = (unsigned char)iri.data[0];
			TT_TRY(tt_buffer_printf(out, "\\u%04X", c < 128 ? c : 0xFFFDu));
			iri = tt_view_skip(iri, 1);
		}
	}
	return tt_buffer_append_char(out, '>');
}

static tt_status append_hex(tt_buffer *out, tt_view bytes)
{
	for (size_t i = 0; i < bytes.size; ++i) {
		const unsigned char c = (unsigned char)bytes.data[i];
		TT_TRY(tt_buffer_append(out, (tt_view){(const char[]){hex_digits[c >> 4], hex_digits[c & 15]}, 2}));
	}
	return TT_OK;
}

/* A name as it stands if it is one, else behind a mark. */
static tt_status append_name(tt_buffer *out, tt_view name, bool is_name, tt_view mark)
{
	if (is_name && !tt_view_starts(name, mark)) {
		return tt_buffer_append(out, name);
	}
	TT_TRY(tt_buffer_append(out, mark));
	return append_hex(out, name);
}

tt_status tt_write_blank_label(tt_buffer *out, tt_view label, bool is_name)
{
	return append_name(out, label, is_name, TT_VIEW(LABEL_MARK));
}

tt_status tt_write_language(tt_buffer *out, tt_view tag)
{
	return append_name(out, tag, tt_name_is_language(tag), TT_VIEW(TAG_MARK));
}

static tt_status append_blank(tt_buffer *out, tt_view label)
{
	TT_TRY(tt_buffer_append(out, TT_VIEW("_:")));
	return tt_write_blank_label(out, label, tt_name_is_blank_label(label));
}

/* @param prefixes NULL: N-Triples. */
static tt_status append_literal(tt_buffer *out, const tt_term *literal, const tt_prefixes *prefixes)
{
	TT_TRY(append_text(out, literal->text));
	if (literal->language.size) {
		TT_TRY(tt_buffer_append_char(out, '@'));
		return tt_write_language(out, literal->language);
	}
	if (tt_view_equal(literal->datatype, tt_vocab_iri(TT_VOCAB_XSD_STRING))) {
		return TT_OK;
	}
	TT_TRY(tt_buffer_append(out, TT_VIEW("^^")));
	const tt_term datatype = tt_term_iri(literal->datatype);
	return prefixes ? tt_write_turtle_term(out, &datatype, prefixes) : append_iri(out, literal->datatype);
}

tt_status tt_write_ntriples_term(tt_buffer *out, const tt_term *term)
{
	switch (term->kind) {
	case TT_TERM_BLANK:
		return append_blank(out, term->text);
	case TT_TERM_IRI:
		return append_iri(out, term->text);
	case TT_TERM_LITERAL:
		return append_literal(out, term, NULL);
	default:
		return TT_OK;
	}
}

/* ---- short forms of Turtle -------------------------------------------------------------------- */

static size_t skip_digits(tt_view text, size_t at)
{
	while (at < text.size && text.data[at] >= '0' && text.data[at] <= '9') {
		++at;
	}
	return at;
}

static size_t skip_sign(tt_view text, size_t at)
{
	return at + (at < text.size && (text.data[at] == '+' || text.data[at] == '-'));
}

/* Which number a token is in Turtle (rules 19 to 21), of those that begin with a digit and, with a point, have one
 * behind it; TT_N_VOCAB if none. Neither +1 nor 01 nor -0, which some readers (rdflib) turn into another form. */
static tt_vocab find_number(tt_view text)
{
	const size_t start = text.size && text.data[0] == '-';
	size_t at = skip_digits(text, start);
	const bool is_padded = at > start && text.data[start] == '0' && (at > start + 1 || (start && at == text.size));
	if (at == start || is_padded) {
		return TT_N_VOCAB;
	}
	if (at == text.size) {
		return TT_VOCAB_XSD_INTEGER;
	}
	if (text.data[at] == '.') {
		const size_t fraction = at + 1;
		at = skip_digits(text, fraction);
		if (at == fraction) {
			return TT_N_VOCAB;
		}
		if (at == text.size) {
			return TT_VOCAB_XSD_DECIMAL;
		}
	}
	if (text.data[at] != 'e' && text.data[at] != 'E') {
		return TT_N_VOCAB;
	}
	const size_t exponent = skip_sign(text, at + 1);
	at = skip_digits(text, exponent);
	return at > exponent && at == text.size ? TT_VOCAB_XSD_DOUBLE : TT_N_VOCAB;
}

/* Whether the lexical form alone, as a token, is this literal. */
static bool is_bare(const tt_term *literal)
{
	if (literal->language.size || !literal->text.size) {
		return false;
	}
	if (tt_view_equal(literal->datatype, tt_vocab_iri(TT_VOCAB_XSD_BOOLEAN))) {
		return tt_view_equal(literal->text, TT_VIEW("true")) || tt_view_equal(literal->text, TT_VIEW("false"));
	}
	const tt_vocab number = find_number(literal->text);
	return number != TT_N_VOCAB && tt_view_equal(literal->datatype, tt_vocab_iri(number));
}

bool tt_write_implies_datatype(tt_view datatype, tt_rdf_syntax syntax)
{
	static const tt_vocab implied[] = {TT_VOCAB_XSD_STRING,  TT_VOCAB_RDF_LANG_STRING, TT_VOCAB_XSD_INTEGER,
	                                   TT_VOCAB_XSD_DECIMAL, TT_VOCAB_XSD_DOUBLE,      TT_VOCAB_XSD_BOOLEAN};
	const bool has_numbers = syntax == TT_RDF_TURTLE || syntax == TT_RDF_TRIG;
	const size_t n_implied = has_numbers ? sizeof implied / sizeof *implied : 2;
	for (size_t i = 0; i < n_implied; ++i) {
		if (tt_view_equal(datatype, tt_vocab_iri(implied[i]))) {
			return true;
		}
	}
	return false;
}

tt_status tt_write_turtle_term(tt_buffer *out, const tt_term *term, const tt_prefixes *prefixes)
{
	const tt_prefix *prefix = NULL;
	tt_view local;
	if (term->kind == TT_TERM_IRI && prefixes && tt_prefixes_shorten(prefixes, term->text, &prefix, &local)) {
		TT_TRY(tt_buffer_append(out, prefix->name));
		TT_TRY(tt_buffer_append_char(out, ':'));
		return tt_buffer_append(out, local);
	}
	if (term->kind == TT_TERM_LITERAL) {
		return is_bare(term) ? tt_buffer_append(out, term->text) : append_literal(out, term, prefixes);
	}
	return tt_write_ntriples_term(out, term);
}

bool tt_shorten_usably(const tt_prefixes *prefixes, tt_view iri,
                       bool (*is_usable)(const tt_prefixes *prefixes, const tt_prefix *prefix),
                       const tt_prefix **out_prefix, tt_view *out_local)
{
	if (!prefixes || !tt_prefixes_shorten(prefixes, iri, out_prefix, out_local)) {
		return false;
	}
	const tt_view space = (*out_prefix)->iri;
	for (size_t i = 0; i < prefixes->n_items && !is_usable(prefixes, *out_prefix); ++i) {
		if (tt_view_equal(prefixes->items[i].iri, space)) {
			*out_prefix = &prefixes->items[i];
		}
	}
	return is_usable(prefixes, *out_prefix);
}

/* ---- lines ------------------------------------------------------------------------------------ */

bool tt_kept_is(const tt_kept_term *kept, const tt_term *term)
{
	return kept->kind == term->kind && tt_view_equal(tt_buffer_view(&kept->text), term->text);
}

tt_status tt_kept_set(tt_kept_term *kept, const tt_term *term)
{
	kept->kind = term->kind;
	tt_buffer_reset(&kept->text);
	return tt_buffer_append(&kept->text, term->text);
}

static tt_status write_line(tt_writer *writer, const tt_term *const terms[4])
{
	tt_buffer *const out = &writer->output->buffer;
	for (int i = 0; i < 4; ++i) {
		if (terms[i]->kind != TT_TERM_NONE) {
			TT_TRY(tt_write_ntriples_term(out, terms[i]));
			TT_TRY(tt_buffer_append_char(out, ' '));
		}
	}
	return tt_buffer_append(out, TT_VIEW(".\n"));
}

/* ---- Turtle and TriG -------------------------------------------------------------------------- */

static tt_status write_prefixes(tt_writer *writer)
{
	tt_buffer *const out = &writer->output->buffer;
	for (size_t i = 0; writer->prefixes && i < writer->prefixes->n_items; ++i) {
		const tt_prefix *const prefix = &writer->prefixes->items[i];
		if (tt_name_is_prefix(prefix->name) && prefix->iri.size) {
			TT_TRY(tt_buffer_append(out, TT_VIEW("@prefix ")));
			TT_TRY(tt_buffer_append(out, prefix->name));
			TT_TRY(tt_buffer_append(out, TT_VIEW(": ")));
			TT_TRY(append_iri(out, prefix->iri));
			TT_TRY(tt_buffer_append(out, TT_VIEW(" .\n")));
			writer->has_text = true;
		}
	}
	return TT_OK;
}

static tt_status end_subject(tt_writer *writer)
{
	if (writer->subject.kind == TT_TERM_NONE) {
		return TT_OK;
	}
	writer->subject.kind = TT_TERM_NONE;
	return tt_buffer_append(&writer->output->buffer, TT_VIEW(" .\n"));
}

static tt_status end_graph(tt_writer *writer)
{
	TT_TRY(end_subject(writer));
	if (writer->graph.kind == TT_TERM_NONE) {
		return TT_OK;
	}
	writer->graph.kind = TT_TERM_NONE;
	tt_buffer_reset(&writer->graph.text);
	return tt_buffer_append(&writer->output->buffer, TT_VIEW("}\n"));
}

/* An empty line before graphs and subjects, but not at the top. */
static tt_status separate(tt_writer *writer)
{
	const bool has_text = writer->has_text;
	writer->has_text = true;
	return has_text ? tt_buffer_append_char(&writer->output->buffer, '\n') : TT_OK;
}

static tt_status begin_graph(tt_writer *writer, const tt_term *graph)
{
	if (tt_kept_is(&writer->graph, graph)) {
		return TT_OK;
	}
	TT_TRY(end_graph(writer));
	TT_TRY(tt_kept_set(&writer->graph, graph));
	if (graph->kind == TT_TERM_NONE) {
		return TT_OK;
	}
	TT_TRY(separate(writer));
	TT_TRY(tt_write_turtle_term(&writer->output->buffer, graph, writer->prefixes));
	writer->has_text = false; /* no empty line behind the brace */
	return tt_buffer_append(&writer->output->buffer, TT_VIEW(" {\n"));
}

/* What stands before the object: subject and predicate, or a semicolon and a predicate, or a comma. */
static tt_status write_before_object(tt_writer *writer, const tt_term *subject, const tt_term *predicate)
{
	tt_buffer *const out = &writer->output->buffer;
	const tt_view indent = writer->graph.kind == TT_TERM_NONE ? TT_VIEW("") : TT_VIEW("    ");
	if (!tt_kept_is(&writer->subject, subject)) {
		TT_TRY(end_subject(writer));
		TT_TRY(separate(writer));
		TT_TRY(tt_buffer_append(out, indent));
		TT_TRY(tt_write_turtle_term(out, subject, writer->prefixes));
		TT_TRY(tt_buffer_append_char(out, ' '));
		TT_TRY(tt_kept_set(&writer->subject, subject));
	} else if (tt_kept_is(&writer->predicate, predicate)) {
		TT_TRY(tt_buffer_append(out, TT_VIEW(" ,\n        ")));
		return tt_buffer_append(out, indent);
	} else {
		TT_TRY(tt_buffer_append(out, TT_VIEW(" ;\n    ")));
		TT_TRY(tt_buffer_append(out, indent));
	}
	TT_TRY(tt_kept_set(&writer->predicate, predicate));
	if (tt_view_equal(predicate->text, tt_vocab_iri(TT_VOCAB_RDF_TYPE))) {
		TT_TRY(tt_buffer_append_char(out, 'a'));
	} else {
		TT_TRY(tt_write_turtle_term(out, predicate, writer->prefixes));
	}
	return tt_buffer_append_char(out, ' ');
}

static tt_status write_turtle(tt_writer *writer, const tt_term *const terms[4])
{
	TT_TRY(begin_graph(writer, terms[3]));
	TT_TRY(write_before_object(writer, terms[0], terms[1]));
	return tt_write_turtle_term(&writer->output->buffer, terms[2], writer->prefixes);
}

/* ---- all syntaxes ----------------------------------------------------------------------------- */

static const tt_syntax_writer triple_lines = {.statement = write_line};
static const tt_syntax_writer quad_lines = {.statement = write_line, .has_graphs = true};
static const tt_syntax_writer turtle = {.begin = write_prefixes, .statement = write_turtle, .finish = end_graph};
static const tt_syntax_writer trig = {
    .begin = write_prefixes, .statement = write_turtle, .finish = end_graph, .has_graphs = true};

static const tt_syntax_writer *const syntaxes[] = {
    [TT_RDF_TURTLE] = &turtle,     [TT_RDF_TRIG] = &trig,         [TT_RDF_NTRIPLES] = &triple_lines,
    [TT_RDF_NQUADS] = &quad_lines, [TT_RDF_XML] = &tt_xml_syntax, [TT_RDF_JSONLD] = &tt_jsonld_syntax};

bool tt_rdf_syntax_has_graphs(tt_rdf_syntax syntax)
{
	return syntaxes[syntax] && syntaxes[syntax]->has_graphs;
}

tt_status tt_writer_new(tt_output *output, tt_rdf_syntax syntax, const tt_prefixes *prefixes, tt_writer **out_writer)
{
	tt_ctx *const ctx = output->buffer.ctx;
	*out_writer = NULL;
	if (!syntaxes[syntax]) {
		return tt_fail(ctx, TT_UNSUPPORTED, "%s cannot be written", tt_rdf_syntax_name(syntax));
	}
	const size_t n_bytes = syntaxes[syntax]->n_bytes;
	tt_writer *const writer = tt_calloc(ctx, 1, n_bytes ? n_bytes : sizeof *writer);
	if (!writer) {
		return ctx->error.status;
	}
	writer->output = output;
	writer->syntax = syntax;
	writer->how = syntaxes[syntax];
	writer->prefixes = prefixes;
	tt_buffer_init(&writer->graph.text, ctx);
	tt_buffer_init(&writer->subject.text, ctx);
	tt_buffer_init(&writer->predicate.text, ctx);
	const tt_status status = writer->how->begin ? writer->how->begin(writer) : TT_OK;
	if (status != TT_OK) {
		tt_writer_free(writer);
		return status;
	}
	*out_writer = writer;
	return TT_OK;
}

void tt_writer_free(tt_writer *writer)
{
	if (writer) {
		if (writer->how->clear) {
			writer->how->clear(writer);
		}
		tt_buffer_clear(&writer->graph.text);
		tt_buffer_clear(&writer->subject.text);
		tt_buffer_clear(&writer->predicate.text);
		tt_free(writer->output->buffer.ctx, writer);
	}
}

tt_status tt_writer_statement(tt_writer *writer, const tt_term *subject, const tt_term *predicate,
                              const tt_term *object, const tt_term *graph)
{
	static const tt_term default_graph = {.kind = TT_TERM_NONE};
	graph = graph ? graph : &default_graph;
	if (graph->kind != TT_TERM_NONE && !writer->how->has_graphs) {
		return tt_fail(writer->output->buffer.ctx, TT_UNSUPPORTED, "%s has no named graphs",
		               tt_rdf_syntax_name(writer->syntax));
	}
	TT_TRY(writer->how->statement(writer, (const tt_term *const[4]){subject, predicate, object, graph}));
	return tt_output_check(writer->output);
}

tt_status tt_writer_finish(tt_writer *writer)
{
	return writer->how->finish ? writer->how->finish(writer) : TT_OK;
}
