/* emit.h - appending to the output quickly: room checked inline, runs of harmless bytes copied whole.
 *
 * Contrast: bytes.h appends safely but out of line; a result has many millions of short pieces.
 * Owns:     nothing.
 * Threads:  as the buffer's context.
 * Fails:    TT_NO_MEMORY, TT_LIMIT.
 * Tests:    tests/unit/test_result.c
 */
#ifndef TT_BASE_EMIT_H
#define TT_BASE_EMIT_H

#include "base/bytes.h"

/** What each byte is written as; NULL: as itself. */
typedef struct tt_escapes {
	const char *of[256];
} tt_escapes;

static inline TT_CHECKED tt_status tt_emit(tt_buffer *out, tt_view text)
{
	if (out->capacity - out->size < text.size) {
		return tt_buffer_append(out, text);
	}
	if (text.size) {
		memcpy(out->data + out->size, text.data, text.size);
		out->size += text.size;
	}
	return TT_OK;
}

/** Append a string literal. */
#define TT_EMIT(out, literal) tt_emit((out), TT_VIEW(literal))

/** Append text with some bytes escaped. */
static inline TT_CHECKED tt_status tt_emit_escaped(tt_buffer *out, tt_view text, const tt_escapes *escapes)
{
	if (!text.size) {
		return TT_OK; /* its data may be NULL */
	}
	size_t begin = 0;
	for (size_t i = 0; i < text.size; ++i) {
		const char *const escape = escapes->of[(unsigned char)text.data[i]];
		if (escape) {
			TT_TRY(tt_emit(out, (tt_view){text.data + begin, i - begin}));
			TT_TRY(tt_emit(out, tt_view_of(escape)));
			begin = i + 1;
		}
	}
	return tt_emit(out, (tt_view){text.data + begin, text.size - begin});
}

#endif
