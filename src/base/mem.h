/* mem.h - the allocator seam and arenas.
 *
 * Contrast: malloc() is called nowhere else, so a test can fail the n-th allocation and a query
 *           can be billed for its memory.
 * Owns:     tt_alloc() gives to the caller; an arena owns what it hands out and is freed whole.
 * Threads:  a context (and all that is allocated on it) belongs to one thread.
 * Fails:    NULL with TT_NO_MEMORY or TT_LIMIT recorded in the context, for large pieces also TT_TIMEOUT or
 *           TT_CANCELLED: `return ctx->error.status`.
 * Tests:    tests/unit/test_base.c, tests/fault/test_memory.c
 */
#ifndef TT_BASE_MEM_H
#define TT_BASE_MEM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/context.h"

/** Allocate @p n_bytes (at least 1) on the account of @p ctx; free with tt_free() on the same context. */
void *tt_alloc(tt_ctx *ctx, size_t n_bytes) __attribute__((malloc));

/** As tt_alloc() for @p n_items of @p item_size bytes, zeroed; checks the multiplication. */
void *tt_calloc(tt_ctx *ctx, size_t n_items, size_t item_size) __attribute__((malloc));

/** Resize @p old (may be NULL) to @p n_items of @p item_size bytes; on failure @p old stays as it was. */
void *tt_realloc(tt_ctx *ctx, void *old, size_t n_items, size_t item_size) TT_CHECKED;

/** Free what was allocated on @p ctx; NULL is ignored. */
void tt_free(tt_ctx *ctx, void *memory);

/** A copy of the @p n_bytes at @p text with a NUL behind it. */
char *tt_strndup(tt_ctx *ctx, const char *text, size_t n_bytes) __attribute__((malloc));

/** Bill @p n_bytes that were allocated elsewhere (a library, a map); TT_LIMIT over budget. */
TT_CHECKED tt_status tt_bill(tt_ctx *ctx, size_t n_bytes);

/** Undo tt_bill(). */
void tt_unbill(tt_ctx *ctx, size_t n_bytes);

/** Whether a + b (a * b) fits a size_t; the result goes to @p out. */
static inline bool tt_size_add(size_t a, size_t b, size_t *out)
{
	return !__builtin_add_overflow(a, b, out);
}
static inline bool tt_size_multiply(size_t a, size_t b, size_t *out)
{
	return !__builtin_mul_overflow(a, b, out);
}

/** Grow an array of @p item_size items so that it holds at least @p n_needed; doubles. */
TT_CHECKED tt_status tt_grow(tt_ctx *ctx, void **array, size_t *n_capacity, size_t n_needed, size_t item_size);

typedef struct tt_arena_chunk tt_arena_chunk;

/** Memory that is handed out piece by piece and freed whole: trees and plans live here. */
typedef struct tt_arena {
	tt_ctx *ctx;
	tt_arena_chunk *chunk; /* newest first */
	size_t n_free;         /* bytes left in the newest chunk */
} tt_arena;

/** Initialize an empty arena that allocates on @p ctx. */
void tt_arena_init(tt_arena *arena, tt_ctx *ctx);

/** Free all that the arena has handed out; it may be used again. */
void tt_arena_clear(tt_arena *arena);

/** Forget all pieces but keep the newest chunk: for an arena that is filled again and again. */
void tt_arena_reset(tt_arena *arena);

/** @p n_bytes, zeroed, aligned for any type, living until tt_arena_clear(); NULL if memory is out. */
void *tt_arena_alloc(tt_arena *arena, size_t n_bytes);

/** As tt_grow() for an array of @p n_used items in the arena, of which one more is needed; the old one is given up. */
TT_CHECKED tt_status tt_arena_grow(tt_arena *arena, void **array, size_t *n_capacity, size_t n_used, size_t item_size);

/** A copy of the text in the arena with a NUL behind it. */
char *tt_arena_strndup(tt_arena *arena, const char *text, size_t n_bytes);

/** A zeroed struct in an arena. */
#define TT_ARENA_NEW(arena, type) ((type *)tt_arena_alloc((arena), sizeof(type)))

/** Let the @p n_th allocation from now on fail (1: the next one; 0: none). For tests; process-wide.
 * Does something only when configured with --enable-fault-injection; returns whether it does. */
bool tt_mem_fail_nth(unsigned long n_th);
/** Whether the failure planned last has happened. */
bool tt_mem_has_failed(void);

#endif
