/* output.h - where results and dumps are written: one large buffer in front of a file descriptor.
 *
 * Contrast: bytes.h buffers grow without end; this one is emptied when it holds 64 KB.
 * Owns:     its buffer, not the descriptor.
 * Threads:  as its context.
 * Fails:    TT_NO_SPACE, TT_IO (a closed pipe too: errno EPIPE, SIGPIPE being ignored).
 * Tests:    tests/unit/test_base.c
 */
#ifndef TT_BASE_OUTPUT_H
#define TT_BASE_OUTPUT_H

#include "base/bytes.h"

/** Append to `buffer` with the tt_buffer functions, then call tt_output_check(). */
typedef struct tt_output {
	tt_buffer buffer;
	int fd;       /* -1: stay in the buffer */
	bool is_live; /* flush after each tt_output_check(): a terminal or a slow stream of results */
} tt_output;

/** Write to a descriptor (-1: into the buffer only, for tests and tt_output users that want text). */
void tt_output_init(tt_output *output, tt_ctx *ctx, int fd);
/** Free the buffer without writing. */
void tt_output_clear(tt_output *output);
/** Write all that is buffered. */
TT_CHECKED tt_status tt_output_flush(tt_output *output);
/** To be called after each row: writes when 64 KB have gathered. */
static inline TT_CHECKED tt_status tt_output_check(tt_output *output)
{
	return output->fd >= 0 && (output->buffer.size >= 65536 || output->is_live) ? tt_output_flush(output) : TT_OK;
}

#endif
