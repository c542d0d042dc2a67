/* read.c - RDF files: cut into chunks of whole lines, looked through by the sieve (sieve.h), and parsed.
 *
 * N-Triples and N-Quads are read chunk by chunk (ntriples.h), Turtle and TriG at the end of the text (turtle.h), both
 * by ourselves; RDF/XML by raptor, which calls back with its statements. raptor does not stop at an error, so whatever
 * it says after the first one is ignored, and no further chunk is fed.
 *
 * raptor names its own blank nodes genid1, genid2, …, also where the file has a node of that name. Ours are called
 * -1, -2, …: no syntax has a label that begins with a hyphen.
 *
 * raptor keeps one object for equal IRIs as long as anybody refers to it. We refer to the last ones seen: an IRI found
 * among them was checked before. */
#include "rdf/read.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/file.h"
#include "rdf/complaint.h"
#include "rdf/iri.h"
#include "rdf/lib.h"
#include "rdf/name.h"
#include "rdf/ntriples.h"
#include "rdf/sieve.h"
#include "rdf/turtle.h"

enum { CHUNK = 256 * 1024, N_KNOWN = 256 };

/** One reading. */
typedef struct rdf_reader {
	tt_ctx *ctx;
	const tt_read_sink *sink;
	const char *name; /* for messages */
	tt_status status; /* of the first failure */
	tt_rdf_syntax syntax;
	const char *base;
	bool has_begun;
	tt_sieve sieve;
	tt_ntriples lines;   /* used for N-Triples and N-Quads */
	tt_buffer whole;     /* the text so far: Turtle and TriG are read at the end */
	raptor_world *world; /* used for RDF/XML */
	raptor_parser *parser;
	unsigned long n_blanks;
	raptor_uri *known[N_KNOWN]; /* IRIs that are well formed; we hold a reference */
} rdf_reader;

/* ---- syntaxes --------------------------------------------------------------------------------- */

typedef struct syntax {
	const char *name;     /* for people */
	const char *parser;   /* for raptor */
	const char *suffixes; /* between spaces */
	const char *names;    /* for tt_rdf_syntax_named() */
} syntax;

static const syntax syntaxes[] = {
    [TT_RDF_GUESS] = {"unknown", "", "", ""},
    [TT_RDF_TURTLE] = {"Turtle", "turtle", " ttl turtle ", " turtle ttl text/turtle "},
    [TT_RDF_TRIG] = {"TriG", "trig", " trig ", " trig application/trig "},
    [TT_RDF_NTRIPLES] = {"N-Triples", "ntriples", " nt ", " ntriples nt n-triples application/n-triples "},
    [TT_RDF_NQUADS] = {"N-Quads", "nquads", " nq ", " nquads nq n-quads application/n-quads "},
    [TT_RDF_XML] = {"RDF/XML", "rdfxml", " rdf owl xml rdfs ", " rdfxml rdf xml rdf/xml application/rdf+xml "},
    [TT_RDF_JSONLD] = {"JSON-LD", "", " jsonld ", " jsonld json-ld application/ld+json "},
};

enum { N_SYNTAXES = sizeof syntaxes / sizeof *syntaxes };

/* Whether a word stands in a list of words between spaces, whatever the case. */
static bool is_word_of(const char *list, tt_view word)
{
	while (*list) {
		++list;
		const size_t n = strcspn(list, " ");
		if (n && tt_view_equal_nocase((tt_view){list, n}, word)) {
			return true;
		}
		list += n;
	}
	return false;
}

/* Take the last extension off a file name. */
static tt_view take_suffix(tt_view *name)
{
	const char *const dot = name->size ? memrchr(name->data, '.', name->size) : NULL;
	if (!dot) {
		return TT_VIEW("");
	}
	const tt_view suffix = tt_view_skip(*name, (size_t)(dot - name->data) + 1);
	name->size = (size_t)(dot - name->data);
	return suffix;
}

tt_rdf_syntax tt_rdf_syntax_of_file(const char *path)
{
	tt_view name = tt_view_of(path);
	tt_view suffix = take_suffix(&name);
	if (is_word_of(" gz zst ", suffix)) {
		suffix = take_suffix(&name);
	}
	for (int i = TT_RDF_TURTLE; i < N_SYNTAXES; ++i) {
		if (is_word_of(syntaxes[i].suffixes, suffix)) {
			return (tt_rdf_syntax)i;
		}
	}
	return TT_RDF_GUESS;
}

tt_rdf_syntax tt_rdf_syntax_named(const char *name)
{
	for (int i = TT_RDF_TURTLE; name && i < N_SYNTAXES; ++i) {
		if (is_word_of(syntaxes[i].names, tt_view_of(name))) {
			return (tt_rdf_syntax)i;
		}
	}
	return TT_RDF_GUESS;
}

const char *tt_rdf_syntax_name(tt_rdf_syntax value)
{
	return syntaxes[value].name;
}

/* ---- what raptor tells us --------------------------------------------------------------------- */

static size_t find_line(const rdf_reader *reader, raptor_locator *locator)
{
	int line = locator ? tt_lib.raptor_locator_line(locator) : -1;
	if (line <= 0 && reader->parser) {
		raptor_locator *const own = tt_lib.raptor_parser_get_locator(reader->parser);
		line = own ? tt_lib.raptor_locator_line(own) : -1;
	}
	return line > 0 ? (size_t)line : 0;
}

/* Fail at the statement that is being read, and let raptor come to its end. */
static void stop(rdf_reader *reader, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void stop(rdf_reader *reader, const char *format, ...)
{
	char message[TT_COMPLAINT_SIZE];
	va_list arguments;
	va_start(arguments, format);
	(void)vsnprintf(message, sizeof message, format, arguments);
	va_end(arguments);
	reader->status = tt_fail_at(reader->ctx, TT_SYNTAX, reader->name, find_line(reader, NULL), 0, "%s", message);
	tt_lib.raptor_parser_parse_abort(reader->parser);
}

static void take_message(void *user, raptor_log_message *message)
{
	rdf_reader *const reader = user;
	if (message->level < RAPTOR_LOG_LEVEL_ERROR || reader->status != TT_OK ||
	    strncmp(message->text, "Illegal ordinal value", 21) == 0) { /* rdf:_0 is an IRI like others */
		return;
	}
	char text[TT_COMPLAINT_SIZE];
	tt_complaint_word(message->text, text);
	/* Columns are bytes and stand behind what is wrong; -1 or 0 where raptor does not know. */
	const int column = message->locator ? tt_lib.raptor_locator_column(message->locator) : -1;
	reader->status = tt_fail_at(reader->ctx, TT_SYNTAX, reader->name, find_line(reader, message->locator),
	                            column > 0 ? (size_t)column : 0, "%s", text);
}

/* Called with the label that the file gives, or NULL for one of ours. */
static unsigned char *name_blank(void *user, unsigned char *label)
{
	rdf_reader *const reader = user;
	if (label) {
		return label;
	}
	char *const text = tt_lib.raptor_alloc_memory(24);
	if (text) {
		(void)snprintf(text, 24, "-%lu", ++reader->n_blanks);
	}
	return (unsigned char *)text;
}

/* ---- terms ------------------------------------------------------------------------------------ */

static bool is_ascii(tt_view text)
{
	size_t i = 0;
	for (uint64_t eight; text.size - i >= sizeof eight; i += sizeof eight) {
		memcpy(&eight, text.data + i, sizeof eight);
		if (eight & 0x8080808080808080u) {
			return false;
		}
	}
	for (; i < text.size; ++i) {
		if ((unsigned char)text.data[i] >= 0x80) {
			return false;
		}
	}
	return true;
}

/* raptor makes broken UTF-8 of \uD800. */
static bool is_utf8(tt_view text)
{
	return is_ascii(text) || tt_utf8_check(text) == text.size;
}

static bool check_iri(rdf_reader *reader, tt_view iri)
{
	if (!tt_iri_is_valid(iri) || !is_utf8(iri)) {
		stop(reader, "the IRI <%.*s> has a character that an IRI may not have", TT_VIEW_ARG(iri));
		return false;
	}
	if (!tt_iri_is_absolute(iri)) {
		stop(reader, "the IRI <%.*s> is not absolute", TT_VIEW_ARG(iri));
		return false;
	}
	return true;
}

static bool take_iri(rdf_reader *reader, raptor_uri *uri, tt_view *out)
{
	out->data = (const char *)tt_lib.raptor_uri_as_counted_string(uri, &out->size);
	raptor_uri **const known = &reader->known[((uintptr_t)uri >> 5) % N_KNOWN];
	if (*known == uri) {
		return true;
	}
	if (!check_iri(reader, *out)) {
		return false;
	}
	if (*known) {
		tt_lib.raptor_free_uri(*known);
	}
	*known = tt_lib.raptor_uri_copy(uri);
	return true;
}

static bool take_literal(rdf_reader *reader, const raptor_term_literal_value *literal, tt_term *out)
{
	const tt_view text = {(const char *)literal->string, literal->string_len};
	if (!is_utf8(text)) {
		stop(reader, "the text has an escape that is not a Unicode character");
		return false;
	}
	if (literal->language && literal->language_len) {
		const tt_view tag = {(const char *)literal->language, literal->language_len};
		if (!tt_name_is_language(tag)) {
			stop(reader, "\"%.*s\" is not a language tag", TT_VIEW_ARG(tag));
			return false;
		}
		*out = tt_term_lang(text, tag);
		return true;
	}
	*out = tt_term_string(text);
	if (literal->datatype && !take_iri(reader, literal->datatype, &out->datatype)) {
		return false;
	}
	if (tt_view_equal(out->datatype, tt_vocab_iri(TT_VOCAB_RDF_LANG_STRING))) {
		stop(reader, "rdf:langString without a language tag");
		return false;
	}
	return true;
}

static bool take_term(rdf_reader *reader, const raptor_term *term, tt_term *out)
{
	switch (term->type) {
	case RAPTOR_TERM_TYPE_URI:
		*out = (tt_term){.kind = TT_TERM_IRI};
		return take_iri(reader, term->value.uri, &out->text);
	case RAPTOR_TERM_TYPE_BLANK:
		*out = tt_term_blank((tt_view){(const char *)term->value.blank.string, term->value.blank.string_len});
		return true;
	case RAPTOR_TERM_TYPE_LITERAL:
		return take_literal(reader, &term->value.literal, out);
	default:
		stop(reader, "a term of unknown kind");
		return false;
	}
}

static void take_statement(void *user, raptor_statement *statement)
{
	rdf_reader *const reader = user;
	tt_term subject;
	tt_term predicate;
	tt_term object;
	tt_term graph = {.kind = TT_TERM_NONE};
	if (reader->status != TT_OK || !take_term(reader, statement->subject, &subject) ||
	    !take_term(reader, statement->predicate, &predicate) || !take_term(reader, statement->object, &object) ||
	    (statement->graph && !take_term(reader, statement->graph, &graph))) {
		return;
	}
	reader->status = reader->sink->statement(reader->sink->user, &subject, &predicate, &object, &graph);
	if (reader->status != TT_OK) {
		tt_lib.raptor_parser_parse_abort(reader->parser);
	}
}

static void take_prefix(void *user, raptor_namespace *namespace)
{
	rdf_reader *const reader = user;
	raptor_uri *const uri = tt_lib.raptor_namespace_get_uri(namespace);
	if (reader->status != TT_OK || !uri) {
		return; /* xmlns="" */
	}
	tt_view iri;
	iri.data = (const char *)tt_lib.raptor_uri_as_counted_string(uri, &iri.size);
	if (check_iri(reader, iri)) {
		const tt_view name = tt_view_of((const char *)tt_lib.raptor_namespace_get_prefix(namespace));
		reader->status = reader->sink->prefix(reader->sink->user, name, iri);
	}
}

/* ---- feeding ---------------------------------------------------------------------------------- */

static tt_status set_up_parser(rdf_reader *reader)
{
	raptor_parser *const parser = tt_lib.raptor_new_parser(reader->world, syntaxes[reader->syntax].parser);
	if (!parser) {
		return tt_fail(reader->ctx, TT_INTERNAL, "raptor has no parser for %s", syntaxes[reader->syntax].name);
	}
	reader->parser = parser;
	static const struct {
		raptor_option option;
		int value;
	} options[] = {{RAPTOR_OPTION_NO_NET, 1},
	               {RAPTOR_OPTION_NO_FILE, 1},
	               {RAPTOR_OPTION_LOAD_EXTERNAL_ENTITIES, 0},
	               {RAPTOR_OPTION_NORMALIZE_LANGUAGE, 0}};
	for (size_t i = 0; i < sizeof options / sizeof *options; ++i) {
		(void)tt_lib.raptor_parser_set_option(parser, options[i].option, NULL, options[i].value);
	}
	tt_lib.raptor_parser_set_statement_handler(parser, reader, take_statement);
	if (reader->sink->prefix) {
		tt_lib.raptor_parser_set_namespace_handler(parser, reader, take_prefix);
	}
	raptor_uri *const base = tt_lib.raptor_new_uri(reader->world, (const unsigned char *)reader->base);
	const int failed = base ? tt_lib.raptor_parser_parse_start(parser, base) : 1;
	if (base) {
		tt_lib.raptor_free_uri(base);
	}
	return failed ? tt_fail(reader->ctx, TT_NO_MEMORY, "out of memory") : TT_OK;
}

static tt_status set_up_raptor(rdf_reader *reader)
{
	TT_TRY(tt_lib_load(reader->ctx));
	reader->world = tt_lib.raptor_new_world_internal(RAPTOR_VERSION);
	if (!reader->world) {
		return tt_fail(reader->ctx, TT_NO_MEMORY, "out of memory");
	}
	tt_lib.raptor_world_set_log_handler(reader->world, reader, take_message);
	/* libcurl belongs to whoever else uses it. */
	(void)tt_lib.raptor_world_set_flag(reader->world, RAPTOR_WORLD_FLAG_WWW_SKIP_INIT_FINISH, 1);
	if (tt_lib.raptor_world_open(reader->world)) {
		return tt_fail(reader->ctx, TT_NO_MEMORY, "out of memory");
	}
	tt_lib.raptor_world_set_generate_bnodeid_handler(reader->world, reader, name_blank);
	return set_up_parser(reader);
}

static bool is_line_syntax(tt_rdf_syntax value)
{
	return value == TT_RDF_NTRIPLES || value == TT_RDF_NQUADS;
}

/* What the beginning of a file looks like: RDF/XML, N-Quads (which N-Triples are, too), else TriG (which Turtle is). */
static tt_rdf_syntax guess(tt_view text)
{
	while (text.size && strchr(" \t\r\n", text.data[0]) && text.data[0]) {
		text = tt_view_skip(text, 1);
	}
	static const tt_view xml[] = {{"<?xml", 5}, {"<!--", 4}, {"<!DOCTYPE", 9}, {"<rdf:", 5}};
	for (size_t i = 0; i < sizeof xml / sizeof *xml; ++i) {
		if (tt_view_starts(text, xml[i])) {
			return TT_RDF_XML;
		}
	}
	tt_ctx quiet;
	tt_ctx_init(&quiet);
	tt_ntriples lines;
	tt_ntriples_init(&lines, &quiet, "", true, NULL);
	const tt_status status = tt_ntriples_feed(&lines, text);
	tt_ntriples_clear(&lines);
	return status == TT_OK ? TT_RDF_NQUADS : TT_RDF_TRIG;
}

static tt_status begin(rdf_reader *reader, tt_view text)
{
	if (reader->syntax == TT_RDF_GUESS) {
		reader->syntax = guess(text);
	}
	if (!*syntaxes[reader->syntax].parser) {
		return tt_fail(reader->ctx, TT_UNSUPPORTED, "%s: %s can be written, but not read; turn it into N-Quads first",
		               reader->name, syntaxes[reader->syntax].name);
	}
	tt_sieve_init(&reader->sieve, reader->ctx, reader->name, reader->syntax);
	reader->lines.has_graphs = reader->syntax == TT_RDF_NQUADS;
	reader->has_begun = true;
	return reader->syntax == TT_RDF_XML ? set_up_raptor(reader) : TT_OK;
}

/* Turtle has no place where it could be cut, so it is gathered whole. */
static tt_status feed_turtle(rdf_reader *reader, tt_view text, bool is_end)
{
	TT_TRY(tt_buffer_append(&reader->whole, text));
	return is_end ? tt_turtle_read(reader->ctx, tt_buffer_view(&reader->whole), reader->name, tt_view_of(reader->base),
	                               reader->syntax == TT_RDF_TRIG, reader->sink)
	              : TT_OK;
}

/* Where the line of the last error begins in a text, and behind its line end. */
static void find_bad_line(const rdf_reader *reader, tt_view text, size_t *out_start, size_t *out_end)
{
	const char *at = text.data;
	const char *const end = text.data + text.size;
	for (size_t line = reader->sieve.n_lines + 1; line < reader->ctx->error.line; ++line) {
		at = (const char *)memchr(at, '\n', (size_t)(end - at)) + 1;
	}
	const char *const line_end = memchr(at, '\n', (size_t)(end - at));
	*out_start = (size_t)(at - text.data);
	*out_end = line_end ? (size_t)(line_end - text.data) + 1 : text.size;
}

/* N-Triples and N-Quads. Lines that the sieve refuses are left out if the sink wants that. */
static tt_status feed_lines(rdf_reader *reader, tt_view text)
{
	for (;;) {
		const tt_status status = tt_sieve_check(&reader->sieve, text);
		if (status == TT_OK) {
			return tt_ntriples_feed(&reader->lines, text);
		}
		if (!tt_read_can_skip(reader->sink, status)) {
			return status;
		}
		const tt_error error = reader->ctx->error;
		size_t start = 0;
		size_t end = 0;
		find_bad_line(reader, text, &start, &end);
		TT_TRY(tt_ntriples_feed(&reader->lines, (tt_view){text.data, start}));
		TT_TRY(reader->sink->skipped(reader->sink->user, &error));
		reader->lines.n_lines++;
		reader->sieve.n_lines = error.line;
		text = tt_view_skip(text, end);
	}
}

/* Give whole lines (at the end: the rest) to the parser. */
static tt_status feed(rdf_reader *reader, tt_view text, bool is_end)
{
	TT_TRY(tt_ctx_poll(reader->ctx));
	if (!reader->has_begun) {
		if (tt_view_starts(text, TT_VIEW("\xEF\xBB\xBF"))) {
			text = tt_view_skip(text, 3);
		}
		TT_TRY(begin(reader, text));
	}
	if (is_line_syntax(reader->syntax)) {
		return feed_lines(reader, text);
	}
	if (reader->syntax != TT_RDF_XML && reader->sink->skipped) {
		return feed_turtle(reader, text, is_end); /* which then looks at the bytes of each statement by itself */
	}
	TT_TRY(tt_sieve_check(&reader->sieve, text));
	if (reader->syntax != TT_RDF_XML) {
		return feed_turtle(reader, text, is_end);
	}
	const int failed = tt_lib.raptor_parser_parse_chunk(reader->parser, (const unsigned char *)text.data, text.size,
	                                                    is_end);
	if (failed && reader->status == TT_OK) {
		return tt_fail_at(reader->ctx, TT_SYNTAX, reader->name, find_line(reader, NULL), 0, "not well formed %s",
		                  syntaxes[reader->syntax].name);
	}
	return reader->status;
}

static void end(rdf_reader *reader)
{
	tt_ntriples_clear(&reader->lines);
	tt_buffer_clear(&reader->whole);
	for (size_t i = 0; i < N_KNOWN; ++i) {
		if (reader->known[i]) {
			tt_lib.raptor_free_uri(reader->known[i]);
		}
	}
	if (reader->parser) {
		tt_lib.raptor_free_parser(reader->parser);
	}
	if (reader->world) {
		tt_lib.raptor_free_world(reader->world);
	}
}

static rdf_reader make_reader(tt_ctx *ctx, const char *name, const tt_read_options *options, const tt_read_sink *sink)
{
	rdf_reader reader = {.ctx = ctx, .sink = sink, .name = name};
	reader.syntax = options ? options->syntax : TT_RDF_GUESS;
	reader.base = options ? options->base : NULL;
	if (options && options->source_name) {
		reader.name = options->source_name;
	}
	tt_ntriples_init(&reader.lines, ctx, reader.name, false, sink);
	tt_buffer_init(&reader.whole, ctx);
	return reader;
}

tt_status tt_read_bytes(tt_ctx *ctx, tt_view bytes, const tt_read_options *options, const tt_read_sink *sink)
{
	if (!options || !options->base) {
		return tt_fail(ctx, TT_BAD_ARGUMENT, "reading RDF from memory needs a base IRI");
	}
	rdf_reader reader = make_reader(ctx, "", options, sink);
	tt_status status = TT_OK;
	bool is_end = false;
	while (status == TT_OK && !is_end) {
		is_end = bytes.size <= CHUNK;
		size_t n = bytes.size;
		if (!is_end) {
			const char *line_end = memrchr(bytes.data, '\n', CHUNK);
			line_end = line_end ? line_end : memchr(bytes.data + CHUNK, '\n', bytes.size - CHUNK);
			n = line_end ? (size_t)(line_end - bytes.data) + 1 : bytes.size;
			is_end = n == bytes.size;
		}
		status = feed(&reader, (tt_view){bytes.data ? bytes.data : "", n}, is_end);
		bytes = tt_view_skip(bytes, n);
	}
	end(&reader);
	return status;
}

/* ---- files ------------------------------------------------------------------------------------ */

/* Read until a chunk more has come, or the end. */
static tt_status fill(tt_input *input, tt_buffer *buffer, bool *out_is_end)
{
	const size_t n_wanted = buffer->size + CHUNK;
	TT_TRY(tt_buffer_reserve(buffer, CHUNK));
	*out_is_end = false;
	while (buffer->size < n_wanted && !*out_is_end) {
		size_t n = 0;
		TT_TRY(tt_input_read(input, buffer->data + buffer->size, n_wanted - buffer->size, &n));
		*out_is_end = n == 0;
		buffer->size += n;
	}
	return TT_OK;
}

/* Turtle tells by itself how far it is. */
static tt_status tell_progress(const rdf_reader *reader, const tt_input *input)
{
	const bool is_told = reader->sink->progress && (is_line_syntax(reader->syntax) || reader->syntax == TT_RDF_XML);
	return is_told ? reader->sink->progress(reader->sink->user, tt_input_position(input), tt_input_size(input)) : TT_OK;
}

static tt_status read_input(rdf_reader *reader, tt_input *input, tt_buffer *buffer)
{
	bool is_end = false;
	while (!is_end) {
		const size_t n_old = buffer->size; /* they hold no line end */
		TT_TRY(fill(input, buffer, &is_end));
		/* The sieve refuses a NUL byte: no need to look for the end of a device or a huge file that has one. */
		is_end = is_end || (!reader->sink->skipped && memchr(buffer->data + n_old, '\0', buffer->size - n_old));
		size_t n = buffer->size;
		if (!is_end) {
			const char *const line_end = memrchr(buffer->data + n_old, '\n', buffer->size - n_old);
			n = line_end ? (size_t)(line_end - buffer->data) + 1 : 0;
		}
		if (n || is_end) {
			TT_TRY(feed(reader, (tt_view){buffer->data, n}, is_end));
			memmove(buffer->data, buffer->data + n, buffer->size - n);
			buffer->size -= n;
			TT_TRY(tell_progress(reader, input));
		}
	}
	return TT_OK;
}

tt_status tt_read_file(tt_ctx *ctx, const char *path, const tt_read_options *options, const tt_read_sink *sink)
{
	const bool is_stdin = strcmp(path, "-") == 0;
	tt_input *input = NULL;
	TT_TRY(tt_input_open(ctx, path, &input));
	rdf_reader reader = make_reader(ctx, is_stdin ? "standard input" : path, options, sink);
	tt_buffer base;
	tt_buffer_init(&base, ctx);
	tt_buffer buffer;
	tt_buffer_init(&buffer, ctx);
	tt_status status = TT_OK;
	if (reader.syntax == TT_RDF_GUESS) {
		reader.syntax = tt_rdf_syntax_of_file(path);
	}
	if (!reader.base) {
		TT_TRY_DONE(tt_iri_from_path(is_stdin ? "/dev/stdin" : path, &base));
		TT_TRY_DONE(tt_buffer_terminate(&base));
		reader.base = base.data;
	}
	status = read_input(&reader, input, &buffer);
done:
	end(&reader);
	tt_buffer_clear(&buffer);
	tt_buffer_clear(&base);
	tt_input_close(input);
	return status;
}
