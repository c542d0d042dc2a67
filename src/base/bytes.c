/* bytes.c - buffers and UTF-8 (RFC 3629). */
#include "base/bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <strings.h>
#include <wchar.h>

bool tt_view_equal_nocase(tt_view a, tt_view b)
{
	return a.size == b.size && (a.size == 0 || strncasecmp(a.data, b.data, a.size) == 0);
}

void tt_buffer_init(tt_buffer *buffer, tt_ctx *ctx)
{
	*buffer = (tt_buffer){.ctx = ctx};
}

void tt_buffer_clear(tt_buffer *buffer)
{
	tt_free(buffer->ctx, buffer->data);
	tt_buffer_init(buffer, buffer->ctx);
}

tt_status tt_buffer_reserve(tt_buffer *buffer, size_t n_bytes)
{
	size_t n_needed = 0;
	if (!tt_size_add(buffer->size, n_bytes, &n_needed)) {
		return tt_fail(buffer->ctx, TT_NO_MEMORY, "out of memory");
	}
	return tt_grow(buffer->ctx, (void **)&buffer->data, &buffer->capacity, n_needed, 1);
}

tt_status tt_buffer_append(tt_buffer *buffer, tt_view text)
{
	if (text.size) {
		TT_TRY(tt_buffer_reserve(buffer, text.size));
		memcpy(buffer->data + buffer->size, text.data, text.size);
		buffer->size += text.size;
	}
	return TT_OK;
}

tt_status tt_buffer_append_char(tt_buffer *buffer, char c)
{
	TT_TRY(tt_buffer_reserve(buffer, 1));
	buffer->data[buffer->size++] = c;
	return TT_OK;
}

tt_status tt_buffer_printf(tt_buffer *buffer, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	const int n_text = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (n_text < 0) {
		return tt_fail(buffer->ctx, TT_BAD_ARGUMENT, "cannot format a message");
	}
	TT_TRY(tt_buffer_reserve(buffer, (size_t)n_text + 1));
	va_start(arguments, format);
	(void)vsnprintf(buffer->data + buffer->size, (size_t)n_text + 1, format, arguments);
	va_end(arguments);
	buffer->size += (size_t)n_text;
	return TT_OK;
}

tt_status tt_buffer_append_utf8(tt_buffer *buffer, uint32_t c)
{
	if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) {
		return tt_fail(buffer->ctx, TT_BAD_ARGUMENT, "U+%04X is not a character", (unsigned)c);
	}
	char bytes[4];
	size_t n = 0;
	if (c < 0x80) {
		bytes[n++] = (char)c;
	} else if (c < 0x800) {
		bytes[n++] = (char)(0xC0 | c >> 6);
	} else if (c < 0x10000) {
		bytes[n++] = (char)(0xE0 | c >> 12);
		bytes[n++] = (char)(0x80 | (c >> 6 & 0x3F));
	} else {
		bytes[n++] = (char)(0xF0 | c >> 18);
		bytes[n++] = (char)(0x80 | (c >> 12 & 0x3F));
		bytes[n++] = (char)(0x80 | (c >> 6 & 0x3F));
	}
	if (c >= 0x80) {
		bytes[n++] = (char)(0x80 | (c & 0x3F));
	}
	return tt_buffer_append(buffer, (tt_view){bytes, n});
}

tt_status tt_buffer_terminate(tt_buffer *buffer)
{
	TT_TRY(tt_buffer_reserve(buffer, 1));
	buffer->data[buffer->size] = '\0';
	return TT_OK;
}

uint32_t tt_utf8_decode(const char *text, size_t n_bytes, unsigned *out_size)
{
	const unsigned char *const bytes = (const unsigned char *)text;
	*out_size = 1;
	if (bytes[0] < 0x80) {
		return bytes[0];
	}
	const unsigned n = bytes[0] >= 0xF0 && bytes[0] <= 0xF4   ? 4
	                   : bytes[0] >= 0xE0 && bytes[0] <= 0xEF ? 3
	                   : bytes[0] >= 0xC2 && bytes[0] <= 0xDF ? 2
	                                                          : 0;
	if (n == 0 || n > n_bytes) {
		return UINT32_MAX;
	}
	uint32_t c = bytes[0] & (0x7Fu >> n);
	for (unsigned i = 1; i < n; ++i) {
		if ((bytes[i] & 0xC0) != 0x80) {
			return UINT32_MAX;
		}
		c = c << 6 | (bytes[i] & 0x3F);
	}
	static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	if (c < smallest[n] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) {
		return UINT32_MAX;
	}
	*out_size = n;
	return c;
}

/* Most text is ASCII: eight bytes at once. */
size_t tt_utf8_check(tt_view text)
{
	size_t i = 0;
	while (i < text.size) {
		uint64_t bytes = 0;
		if (text.size - i >= sizeof bytes) {
			memcpy(&bytes, text.data + i, sizeof bytes);
			if (!(bytes & UINT64_C(0x8080808080808080))) {
				i += sizeof bytes;
				continue;
			}
		}
		unsigned n = 1;
		if (tt_utf8_decode(text.data + i, text.size - i, &n) == UINT32_MAX) {
			return i;
		}
		i += n;
	}
	return text.size;
}

size_t tt_utf8_length(tt_view text)
{
	size_t n = 0;
	for (size_t i = 0; i < text.size; ++i) {
		n += ((unsigned char)text.data[i] & 0xC0) != 0x80;
	}
	return n;
}

size_t tt_utf8_width(tt_view text)
{
	size_t n_columns = 0;
	size_t i = 0;
	while (i < text.size) {
		unsigned n = 1;
		const uint32_t c = tt_utf8_decode(text.data + i, text.size - i, &n);
		const int width = c == UINT32_MAX ? 1 : wcwidth((wchar_t)c);
		n_columns += width < 0 ? 1 : (size_t)width;
		i += n;
	}
	return n_columns;
}
