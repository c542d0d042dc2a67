/* output.c - flush a buffer to a descriptor. */
#include "base/output.h"

#include <errno.h>
#include <unistd.h>

void tt_output_init(tt_output *output, tt_ctx *ctx, int fd)
{
	tt_buffer_init(&output->buffer, ctx);
	output->fd = fd;
	output->is_live = false;
}

void tt_output_clear(tt_output *output)
{
	tt_buffer_clear(&output->buffer);
}

static tt_status write_failed(tt_ctx *ctx, int error)
{
	if (error == ENOSPC || error == EDQUOT) {
		return tt_fail(ctx, TT_NO_SPACE, "cannot write the output: no space left");
	}
	return tt_fail(ctx, TT_IO, "cannot write the output: %s", strerror(error));
}

tt_status tt_output_flush(tt_output *output)
{
	tt_view rest = tt_buffer_view(&output->buffer);
	while (output->fd >= 0 && rest.size) {
		const ssize_t n = write(output->fd, rest.data, rest.size);
		if (n < 0 && errno == EINTR) {
			TT_TRY(tt_ctx_poll(output->buffer.ctx));
			continue;
		}
		if (n < 0) {
			return write_failed(output->buffer.ctx, errno);
		}
		rest = tt_view_skip(rest, (size_t)n);
	}
	if (output->fd >= 0) {
		tt_buffer_reset(&output->buffer);
	}
	return TT_OK;
}
