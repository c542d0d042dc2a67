/* bytes.h - borrowed views, growing buffers, UTF-8.
 *
 * Contrast: C strings appear only at the edges (file names, messages); inside, text is a view with
 *           a length, because literals may hold any character.
 * Owns:     a view owns nothing; a buffer owns its bytes.
 * Threads:  as the context of the buffer.
 * Fails:    appending fails with TT_NO_MEMORY or TT_LIMIT.
 * Tests:    tests/unit/test_base.c
 */
#ifndef TT_BASE_BYTES_H
#define TT_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"

/** The view of a string literal. */
#define TT_VIEW(literal) ((tt_view){(literal), sizeof(literal) - 1})
/** printf arguments for "%.*s". */
#define TT_VIEW_ARG(view) (int)((view).size > 2000 ? 2000 : (view).size), ((view).data ? (view).data : "")

static inline tt_view tt_view_of(const char *text)
{
	return (tt_view){text, text ? strlen(text) : 0};
}
static inline bool tt_view_equal(tt_view a, tt_view b)
{
	return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}
static inline bool tt_view_starts(tt_view text, tt_view prefix)
{
	return text.size >= prefix.size && (prefix.size == 0 || memcmp(text.data, prefix.data, prefix.size) == 0);
}
static inline tt_view tt_view_skip(tt_view text, size_t n_bytes)
{
	return (tt_view){n_bytes ? text.data + n_bytes : text.data, text.size - n_bytes};
}
/** Byte-wise order (for UTF-8: the order of code points). */
static inline int tt_view_compare(tt_view a, tt_view b)
{
	const size_t n = a.size < b.size ? a.size : b.size;
	const int order = n ? memcmp(a.data, b.data, n) : 0;
	return order ? order : (a.size > b.size) - (a.size < b.size);
}
/** Whether two views are the same but for the case of ASCII letters. */
bool tt_view_equal_nocase(tt_view a, tt_view b);

/** A growing byte buffer; `data` is NULL while it is empty and never allocated. */
typedef struct tt_buffer {
	tt_ctx *ctx;
	char *data;
	size_t size;
	size_t capacity;
} tt_buffer;

void tt_buffer_init(tt_buffer *buffer, tt_ctx *ctx);
/** Free the bytes; the buffer is empty and may be used again. */
void tt_buffer_clear(tt_buffer *buffer);
/** Forget the content, keep the memory. */
static inline void tt_buffer_reset(tt_buffer *buffer)
{
	buffer->size = 0;
}
static inline tt_view tt_buffer_view(const tt_buffer *buffer)
{
	return (tt_view){buffer->data, buffer->size};
}
/** Make room for @p n_bytes more. */
TT_CHECKED tt_status tt_buffer_reserve(tt_buffer *buffer, size_t n_bytes);
TT_CHECKED tt_status tt_buffer_append(tt_buffer *buffer, tt_view text);
TT_CHECKED tt_status tt_buffer_append_char(tt_buffer *buffer, char c);
/** Append formatted text (printf). */
TT_CHECKED tt_status tt_buffer_printf(tt_buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
/** Append a code point as UTF-8; one that is no Unicode scalar value is TT_BAD_ARGUMENT. */
TT_CHECKED tt_status tt_buffer_append_utf8(tt_buffer *buffer, uint32_t code_point);
/** Put a NUL behind the content (not counted in size), so that `data` is a C string. */
TT_CHECKED tt_status tt_buffer_terminate(tt_buffer *buffer);

/** The code point that a well-formed or broken sequence at @p text starts with.
 *
 * @param n_bytes Bytes that may be read, at least 1.
 * @param out_size Length of the sequence (1–4), or 1 if it is broken.
 * @return The code point, or UINT32_MAX if the bytes are not UTF-8 (RFC 3629).
 */
uint32_t tt_utf8_decode(const char *text, size_t n_bytes, unsigned *out_size);

/** Offset of the first byte that is not UTF-8, or `text.size` if all is well. */
size_t tt_utf8_check(tt_view text);

/** The number of code points in well-formed UTF-8. */
size_t tt_utf8_length(tt_view text);

/** The number of terminal columns that well-formed UTF-8 takes (wcwidth; control characters count 1). */
size_t tt_utf8_width(tt_view text);

#endif
