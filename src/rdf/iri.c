/* iri.c - resolving references (RFC 3986 §5.2).
 *
 * The five components are views into the reference and the base. The path is put together at the end of the output
 * and its dot segments are removed there, in place: what has been read is never shorter than what was written. */
#include "rdf/iri.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

/** The components of a reference (RFC 3986 §3), without their delimiters. */
typedef struct components {
	tt_view scheme, authority, path, query, fragment;
	bool has_scheme, has_authority, has_query, has_fragment;
} components;

static bool is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The length of the scheme (RFC 3986 §3.1), or 0. */
static size_t find_scheme(tt_view text)
{
	if (!text.size || !is_alpha(text.data[0])) {
		return 0;
	}
	for (size_t i = 1; i < text.size; ++i) {
		const char c = text.data[i];
		if (c == ':') {
			return i;
		}
		if (!is_alpha(c) && !(c >= '0' && c <= '9') && c != '+' && c != '-' && c != '.') {
			return 0;
		}
	}
	return 0;
}

bool tt_iri_is_absolute(tt_view iri)
{
	return find_scheme(iri) > 0;
}

bool tt_iri_is_valid(tt_view iri)
{
	static const bool is_forbidden[128] = {['<'] = true, ['>'] = true, ['"'] = true, ['{'] = true, ['}'] = true,
	                                       ['|'] = true, ['^'] = true, ['`'] = true, ['\\'] = true};
	for (size_t i = 0; i < iri.size; ++i) {
		const unsigned char c = (unsigned char)iri.data[i];
		if (c <= 0x20 || (c < 128 && is_forbidden[c])) {
			return false;
		}
	}
	return true;
}

tt_status tt_iri_demand(tt_ctx *ctx, tt_view iri, const char *role)
{
	if (!tt_iri_is_valid(iri)) {
		return tt_fail(ctx, TT_BAD_ARGUMENT, "the %s \"%.*s\" is no IRI: it holds a character that an IRI may not have",
		               role, TT_VIEW_ARG(iri));
	}
	if (!tt_iri_is_absolute(iri)) {
		return tt_fail(ctx, TT_BAD_ARGUMENT,
		               "the %s \"%.*s\" is no IRI: it must begin with a scheme such as http:", role, TT_VIEW_ARG(iri));
	}
	return TT_OK;
}

/* Cut off what stands before the first of some delimiters. */
static tt_view cut(tt_view *text, const char *delimiters)
{
	size_t n = 0;
	while (n < text->size && (text->data[n] == '\0' || !strchr(delimiters, text->data[n]))) {
		++n;
	}
	const tt_view piece = {text->data, n};
	*text = tt_view_skip(*text, n);
	return piece;
}

static components split(tt_view text)
{
	components parts = {.has_scheme = false};
	const size_t n_scheme = find_scheme(text);
	if (n_scheme) {
		parts.has_scheme = true;
		parts.scheme = (tt_view){text.data, n_scheme};
		text = tt_view_skip(text, n_scheme + 1);
	}
	if (tt_view_starts(text, TT_VIEW("//"))) {
		parts.has_authority = true;
		text = tt_view_skip(text, 2);
		parts.authority = cut(&text, "/?#");
	}
	parts.path = cut(&text, "?#");
	if (text.size && text.data[0] == '?') {
		parts.has_query = true;
		text = tt_view_skip(text, 1);
		parts.query = cut(&text, "#");
	}
	if (text.size) {
		parts.has_fragment = true;
		parts.fragment = tt_view_skip(text, 1);
	}
	return parts;
}

/* Drop the last segment and its slash. */
static size_t drop_segment(const char *path, size_t n_written)
{
	while (n_written > 0) {
		if (path[--n_written] == '/') {
			break;
		}
	}
	return n_written;
}

/* RFC 3986 §5.2.4, its steps A to E; returns the new length. */
static size_t remove_dot_segments(char *path, size_t n_path)
{
	size_t n_written = 0;
	size_t at = 0;
	while (at < n_path) {
		const tt_view rest = {path + at, n_path - at};
		if (tt_view_starts(rest, TT_VIEW("../"))) { /* A */
			at += 3;
		} else if (tt_view_starts(rest, TT_VIEW("./")) || tt_view_starts(rest, TT_VIEW("/./"))) { /* A and B */
			at += 2;
		} else if (tt_view_equal(rest, TT_VIEW("/."))) {
			path[++at] = '/';
		} else if (tt_view_starts(rest, TT_VIEW("/../"))) { /* C */
			at += 3;
			n_written = drop_segment(path, n_written);
		} else if (tt_view_equal(rest, TT_VIEW("/.."))) {
			at += 2;
			path[at] = '/';
			n_written = drop_segment(path, n_written);
		} else if (tt_view_equal(rest, TT_VIEW(".")) || tt_view_equal(rest, TT_VIEW(".."))) { /* D */
			at = n_path;
		} else { /* E */
			do {
				path[n_written++] = path[at++];
			} while (at < n_path && path[at] != '/');
		}
	}
	return n_written;
}

/* The base's path up to its last slash (RFC 3986 §5.2.3). */
static tt_view find_directory(const components *base)
{
	if (base->has_authority && !base->path.size) {
		return TT_VIEW("/");
	}
	size_t n = base->path.size;
	while (n > 0 && base->path.data[n - 1] != '/') {
		--n;
	}
	return (tt_view){base->path.data, n};
}

static tt_status append_path(tt_view directory, tt_view path, tt_buffer *out)
{
	const size_t n_before = out->size;
	TT_TRY(tt_buffer_append(out, directory));
	TT_TRY(tt_buffer_append(out, path));
	if (out->size > n_before) {
		out->size = n_before + remove_dot_segments(out->data + n_before, out->size - n_before);
	}
	return TT_OK;
}

/* RFC 3986 §5.3 for what stands before the path. */
static tt_status append_origin(const components *parts, tt_view scheme, tt_buffer *out)
{
	if (scheme.size) {
		TT_TRY(tt_buffer_append(out, scheme));
		TT_TRY(tt_buffer_append_char(out, ':'));
	}
	if (parts->has_authority) {
		TT_TRY(tt_buffer_append(out, TT_VIEW("//")));
		TT_TRY(tt_buffer_append(out, parts->authority));
	}
	return TT_OK;
}

static tt_status append_marked(bool has_it, char mark, tt_view text, tt_buffer *out)
{
	if (has_it) {
		TT_TRY(tt_buffer_append_char(out, mark));
		TT_TRY(tt_buffer_append(out, text));
	}
	return TT_OK;
}

tt_status tt_iri_resolve(tt_view base_text, tt_view reference_text, tt_buffer *out)
{
	if (!base_text.size || tt_iri_is_absolute(reference_text)) {
		return tt_buffer_append(out, reference_text);
	}
	const components base = split(base_text);
	components reference = split(reference_text);
	if (reference.has_authority) {
		TT_TRY(append_origin(&reference, base.scheme, out));
		TT_TRY(append_path(TT_VIEW(""), reference.path, out));
	} else {
		TT_TRY(append_origin(&base, base.scheme, out));
		if (!reference.path.size) {
			TT_TRY(tt_buffer_append(out, base.path));
			if (!reference.has_query) {
				reference.has_query = base.has_query;
				reference.query = base.query;
			}
		} else if (reference.path.data[0] == '/') {
			TT_TRY(append_path(TT_VIEW(""), reference.path, out));
		} else {
			TT_TRY(append_path(find_directory(&base), reference.path, out));
		}
	}
	TT_TRY(append_marked(reference.has_query, '?', reference.query, out));
	return append_marked(reference.has_fragment, '#', reference.fragment, out);
}

/* Percent-encode what may not stand in the path of an IRI. Whole UTF-8 characters may. */
static tt_status append_encoded(tt_view path, tt_buffer *out)
{
	for (size_t i = 0; i < path.size;) {
		unsigned n = 1;
		const uint32_t c = tt_utf8_decode(path.data + i, path.size - i, &n);
		const bool is_plain = c < 128 ? is_alpha((char)c) || (c >= '0' && c <= '9') ||
		                                    (c != 0 && strchr("-._~!$&'()*+,;=:@/", (int)c) != NULL)
		                              : c != UINT32_MAX && c >= 0xA0;
		if (is_plain) {
			TT_TRY(tt_buffer_append(out, (tt_view){path.data + i, n}));
		} else {
			for (unsigned k = 0; k < n; ++k) {
				TT_TRY(tt_buffer_printf(out, "%%%02X", (unsigned)(unsigned char)path.data[i + k]));
			}
		}
		i += n;
	}
	return TT_OK;
}

tt_status tt_iri_from_path(const char *path, tt_buffer *out)
{
	char directory[PATH_MAX] = "";
	if (path[0] != '/' && !getcwd(directory, sizeof directory)) {
		return tt_fail(out->ctx, TT_IO, "cannot find the working directory: %s", strerror(errno));
	}
	TT_TRY(tt_buffer_append(out, TT_VIEW("file://")));
	const size_t n_before = out->size;
	if (path[0] != '/') {
		TT_TRY(append_encoded(tt_view_of(directory), out));
		TT_TRY(tt_buffer_append_char(out, '/'));
	}
	TT_TRY(append_encoded(tt_view_of(path), out));
	out->size = n_before + remove_dot_segments(out->data + n_before, out->size - n_before);
	return TT_OK;
}

static int hex_value(char digit)
{
	if (digit >= '0' && digit <= '9') {
		return digit - '0';
	}
	const int letter = (digit | 0x20) - 'a';
	return letter >= 0 && letter < 6 ? letter + 10 : -1;
}

/* The part of a file: IRI that is a path; empty if there is none. */
static tt_view path_part(tt_view iri)
{
	static const char *const beginnings[] = {"file://localhost/", "file:///", "file:/"};
	if (!tt_iri_is_absolute(iri)) {
		return iri;
	}
	for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; ++i) {
		const tt_view beginning = tt_view_of(beginnings[i]);
		if (tt_view_starts(iri, beginning)) {
			const tt_view path = tt_view_skip(iri, beginning.size - 1);
			return path.size > 1 && path.data[1] == '/' ? (tt_view){NULL, 0} : path; /* file://host/… */
		}
	}
	return (tt_view){NULL, 0};
}

tt_status tt_iri_to_path(tt_view iri, tt_buffer *out, bool *out_is_path)
{
	const tt_view path = path_part(iri);
	*out_is_path = path.size > 0;
	for (size_t i = 0; i < path.size; ++i) {
		char byte = path.data[i];
		if (byte == '%' && i + 2 < path.size && hex_value(path.data[i + 1]) >= 0 && hex_value(path.data[i + 2]) >= 0) {
			byte = (char)(hex_value(path.data[i + 1]) * 16 + hex_value(path.data[i + 2]));
			i += 2;
		}
		*out_is_path = *out_is_path && byte != '\0';
		TT_TRY(tt_buffer_append_char(out, byte));
	}
	return tt_buffer_terminate(out);
}
