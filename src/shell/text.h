/* text.h - a growing text.
 *
 * Contrast: the library's buffers (base/bytes.h) are its own; the program uses nothing but tertium.h.
 * Owns:     its bytes, always followed by a NUL.
 * Threads:  any.
 * Fails:    ends the program when memory is out (tt_must()).
 * Tests:    all of tests/cli and tests/shell
 */
#ifndef TT_SHELL_TEXT_H
#define TT_SHELL_TEXT_H

#include "tertium.h"

#include <stdio.h>

/** Zero it to begin with. */
typedef struct tt_text {
	char *data; /* NULL while it is empty and never used */
	size_t size;
	size_t capacity;
} tt_text;

void tt_text_append(tt_text *text, tt_view more);
/** Make it empty, keep the memory. */
void tt_text_reset(tt_text *text);
void tt_text_free(tt_text *text);
static inline tt_view tt_text_view(const tt_text *text)
{
	return (tt_view){text->data, text->size};
}

/** Append all of a stream, or up to a NUL byte at least, which no query may have (a device never ends). @return false
 * if reading failed: see errno. */
bool tt_text_read(tt_text *text, FILE *stream);

/** Read a number of seconds, more than none; false if it is none. */
bool tt_text_read_seconds(const char *text, double *out_seconds);
/** Read a number of bytes, more than none, with K, M or G behind it for the powers of 1024; false if it is none. */
bool tt_text_read_size(const char *text, size_t *out_n_bytes);

/** A view of a C string. */
tt_view tt_text_of(const char *string);
/** Without white space at both ends. */
tt_view tt_text_trim(tt_view text);
/** Cut the first line, without its end, off @p rest. */
tt_view tt_text_take_line(tt_view *rest);
/** Whether there is nothing but white space and comment lines. */
bool tt_text_is_empty_query(tt_view text);

#endif
