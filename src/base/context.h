/* context.h - what one thread's work carries along: its error, memory account and guard.
 *
 * Contrast: status.h only names the codes. There are no globals: whoever fails writes into the
 *           context it was given.
 * Owns:     nothing outside itself; a context is embedded or on the stack.
 * Threads:  one context belongs to one thread; only `*cancel` may be set from elsewhere.
 * Fails:    see each function.
 * Tests:    tests/unit/test_base.c
 */
#ifndef TT_BASE_CONTEXT_H
#define TT_BASE_CONTEXT_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/** Error record, memory account and guard of one piece of work (an opened store, a query, a load). */
typedef struct tt_ctx {
	tt_error error;

	size_t n_bytes_used;   /* allocated through base/mem and not yet freed */
	size_t n_bytes_peak;   /* the most that it ever was */
	size_t n_bytes_budget; /* 0: no budget */

	const volatile sig_atomic_t *cancel; /* NULL, or becomes non-zero when the user cancels */
	int64_t deadline_ns;                 /* monotonic clock, nanoseconds; 0: none */
	double timeout_seconds;              /* what led to it, for the message */
	unsigned n_depth;                    /* current nesting, see tt_ctx_enter */
	unsigned n_depth_limit;              /* 0: TT_DEFAULT_DEPTH_LIMIT */
} tt_ctx;

/** Nesting of queries and patterns beyond which we refuse. */
enum { TT_DEFAULT_DEPTH_LIMIT = 128 };

/** Initialize a context: no error, no budget, no deadline. */
void tt_ctx_init(tt_ctx *ctx);

/** Forget the last error. */
void tt_ctx_clear_error(tt_ctx *ctx);

/** Record an error and return its status: `return tt_fail(ctx, TT_IO, "cannot open %s", name);`.
 *
 * The text is one sentence without a final full stop; it replaces an earlier error. @p ctx may be NULL.
 */
tt_status tt_fail(tt_ctx *ctx, tt_status status, const char *format, ...) __attribute__((format(printf, 3, 4)));

/** As tt_fail(), with a place: @p file may be NULL, @p line and @p column are 1-based or 0. */
tt_status tt_fail_at(tt_ctx *ctx, tt_status status, const char *file, size_t line, size_t column, const char *format,
                     ...) __attribute__((format(printf, 6, 7)));

/** Ask whether to go on: TT_OK, TT_CANCELLED or TT_TIMEOUT (recorded). To be called once a batch. */
TT_CHECKED tt_status tt_ctx_poll(tt_ctx *ctx);

/** Set the deadline @p seconds from now (0: none). */
void tt_ctx_set_timeout(tt_ctx *ctx, double seconds);

/** Go one level deeper; TT_LIMIT (recorded) beyond the depth limit. Undo with tt_ctx_leave(). */
TT_CHECKED tt_status tt_ctx_enter(tt_ctx *ctx);

/** Come back from a level entered by a successful tt_ctx_enter(). */
void tt_ctx_leave(tt_ctx *ctx);

/** Copy the error (and nothing else) of one context to another. */
void tt_ctx_copy_error(tt_ctx *to, const tt_ctx *from);

/** Monotonic time in nanoseconds. */
int64_t tt_now_ns(void);

#endif
