/* context.c - error record, guard and depth of a context. */
#include "base/context.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

void tt_ctx_init(tt_ctx *ctx)
{
	memset(ctx, 0, sizeof *ctx);
}

void tt_ctx_clear_error(tt_ctx *ctx)
{
	ctx->error.status = TT_OK;
	ctx->error.line = 0;
	ctx->error.column = 0;
	ctx->error.file[0] = '\0';
	ctx->error.text[0] = '\0';
	ctx->error.caret[0] = '\0';
}

static void record(tt_ctx *ctx, tt_status status, const char *format, va_list arguments)
{
	/* The arguments may point into the record that is being replaced. */
	char text[sizeof ctx->error.text];
	(void)vsnprintf(text, sizeof text, format, arguments);
	tt_ctx_clear_error(ctx);
	ctx->error.status = status;
	memcpy(ctx->error.text, text, sizeof text);
}

tt_status tt_fail(tt_ctx *ctx, tt_status status, const char *format, ...)
{
	if (ctx) {
		va_list arguments;
		va_start(arguments, format);
		record(ctx, status, format, arguments);
		va_end(arguments);
	}
	return status;
}

tt_status tt_fail_at(tt_ctx *ctx, tt_status status, const char *file, size_t line, size_t column, const char *format,
                     ...)
{
	if (ctx) {
		char name[sizeof ctx->error.file];
		(void)snprintf(name, sizeof name, "%s", file ? file : "");
		va_list arguments;
		va_start(arguments, format);
		record(ctx, status, format, arguments);
		va_end(arguments);
		memcpy(ctx->error.file, name, sizeof name);
		ctx->error.line = line;
		ctx->error.column = column;
	}
	return status;
}

int64_t tt_now_ns(void)
{
	struct timespec now;
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

tt_status tt_ctx_poll(tt_ctx *ctx)
{
	if (ctx->cancel && *ctx->cancel) {
		return tt_fail(ctx, TT_CANCELLED, "interrupted");
	}
	if (ctx->deadline_ns && tt_now_ns() > ctx->deadline_ns) {
		return tt_fail(ctx, TT_TIMEOUT, "stopped: the time allowed, %g s, is used up", ctx->timeout_seconds);
	}
	return TT_OK;
}

void tt_ctx_set_timeout(tt_ctx *ctx, double seconds)
{
	ctx->timeout_seconds = seconds;
	ctx->deadline_ns = seconds > 0 ? tt_now_ns() + (int64_t)(seconds * 1e9) : 0;
}

tt_status tt_ctx_enter(tt_ctx *ctx)
{
	const unsigned limit = ctx->n_depth_limit ? ctx->n_depth_limit : TT_DEFAULT_DEPTH_LIMIT;
	if (ctx->n_depth >= limit) {
		return tt_fail(ctx, TT_LIMIT, "nested more than %u levels deep", limit);
	}
	ctx->n_depth++;
	return TT_OK;
}

void tt_ctx_leave(tt_ctx *ctx)
{
	ctx->n_depth--;
}

void tt_ctx_copy_error(tt_ctx *to, const tt_ctx *from)
{
	if (to != from) {
		to->error = from->error;
	}
}
