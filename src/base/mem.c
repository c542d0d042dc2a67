/* mem.c - the allocator seam and arenas. */
#include "config.h"

#include "base/mem.h"

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef TT_FAULT_INJECTION
static _Atomic long fail_countdown; /* below 1: no failure planned */
static _Atomic bool has_failed;

static bool is_planned_failure(void)
{
	const bool is_now = fail_countdown > 0 && fail_countdown-- == 1;
	if (is_now) {
		has_failed = true;
	}
	return is_now;
}

bool tt_mem_fail_nth(unsigned long n_th)
{
	fail_countdown = (long)n_th;
	has_failed = false;
	return true;
}

bool tt_mem_has_failed(void)
{
	return has_failed;
}
#else
static bool is_planned_failure(void)
{
	return false;
}

bool tt_mem_fail_nth(unsigned long n_th)
{
	(void)n_th;
	return false;
}

bool tt_mem_has_failed(void)
{
	return false;
}
#endif

static bool fits_budget(tt_ctx *ctx, size_t n_bytes)
{
	if (ctx->n_bytes_budget && (n_bytes > ctx->n_bytes_budget || ctx->n_bytes_used > ctx->n_bytes_budget - n_bytes)) {
		(void)tt_fail(ctx, TT_LIMIT, "stopped: the memory allowed, %.6g MB, is used up",
		              (double)ctx->n_bytes_budget / (1 << 20));
		return false;
	}
	return true;
}

/* A large allocation is the beginning of long work that may not poll by itself, or one of very many. */
static bool may_go_on(tt_ctx *ctx, size_t n_bytes)
{
	enum { POLLED_FROM = 32768 };
	return n_bytes < POLLED_FROM || tt_ctx_poll(ctx) == TT_OK;
}

static void credit(tt_ctx *ctx, size_t n_bytes)
{
	ctx->n_bytes_used += n_bytes;
	if (ctx->n_bytes_used > ctx->n_bytes_peak) {
		ctx->n_bytes_peak = ctx->n_bytes_used;
	}
}

static void *out_of_memory(tt_ctx *ctx)
{
	(void)tt_fail(ctx, TT_NO_MEMORY, "out of memory");
	return NULL;
}

void *tt_alloc(tt_ctx *ctx, size_t n_bytes)
{
	return tt_realloc(ctx, NULL, n_bytes, 1);
}

void *tt_calloc(tt_ctx *ctx, size_t n_items, size_t item_size)
{
	size_t n_bytes = 0;
	if (!tt_size_multiply(n_items, item_size, &n_bytes) || is_planned_failure()) {
		return out_of_memory(ctx);
	}
	if (!fits_budget(ctx, n_bytes) || !may_go_on(ctx, n_bytes)) {
		return NULL;
	}
	void *const memory = calloc(n_bytes ? n_bytes : 1, 1);
	if (!memory) {
		return out_of_memory(ctx);
	}
	credit(ctx, malloc_usable_size(memory));
	return memory;
}

void *tt_realloc(tt_ctx *ctx, void *old, size_t n_items, size_t item_size)
{
	size_t n_bytes = 0;
	if (!tt_size_multiply(n_items, item_size, &n_bytes) || is_planned_failure()) {
		return out_of_memory(ctx);
	}
	const size_t n_old = old ? malloc_usable_size(old) : 0;
	if (n_bytes > n_old && (!fits_budget(ctx, n_bytes - n_old) || !may_go_on(ctx, n_bytes))) {
		return NULL;
	}
	void *const memory = realloc(old, n_bytes ? n_bytes : 1);
	if (!memory) {
		return out_of_memory(ctx);
	}
	ctx->n_bytes_used -= n_old;
	credit(ctx, malloc_usable_size(memory));
	return memory;
}

void tt_free(tt_ctx *ctx, void *memory)
{
	if (memory) {
		ctx->n_bytes_used -= malloc_usable_size(memory);
		free(memory);
	}
}

char *tt_strndup(tt_ctx *ctx, const char *text, size_t n_bytes)
{
	size_t n_total = 0;
	if (!tt_size_add(n_bytes, 1, &n_total)) {
		return out_of_memory(ctx);
	}
	char *const copy = tt_alloc(ctx, n_total);
	if (copy) {
		memcpy(copy, text, n_bytes);
		copy[n_bytes] = '\0';
	}
	return copy;
}

tt_status tt_bill(tt_ctx *ctx, size_t n_bytes)
{
	if (!fits_budget(ctx, n_bytes)) {
		return ctx->error.status;
	}
	credit(ctx, n_bytes);
	return TT_OK;
}

void tt_unbill(tt_ctx *ctx, size_t n_bytes)
{
	ctx->n_bytes_used -= n_bytes;
}

tt_status tt_grow(tt_ctx *ctx, void **array, size_t *n_capacity, size_t n_needed, size_t item_size)
{
	if (n_needed <= *n_capacity) {
		return TT_OK;
	}
	size_t n_new = *n_capacity ? *n_capacity : 16;
	while (n_new < n_needed) {
		if (!tt_size_multiply(n_new, 2, &n_new)) {
			return tt_fail(ctx, TT_NO_MEMORY, "out of memory");
		}
	}
	void *const grown = tt_realloc(ctx, *array, n_new, item_size);
	if (!grown) {
		return ctx->error.status;
	}
	*array = grown;
	*n_capacity = n_new;
	return TT_OK;
}

/* An arena is a list of chunks; pieces are cut from the end of the newest one. Chunks grow with the
 * arena up to 64 KB, so a small query costs little and a large one few calls. */
struct tt_arena_chunk {
	tt_arena_chunk *next;
	size_t n_bytes;
	max_align_t data[];
};

enum { FIRST_CHUNK = 2048, LARGEST_CHUNK = 65536 };

void tt_arena_init(tt_arena *arena, tt_ctx *ctx)
{
	arena->ctx = ctx;
	arena->chunk = NULL;
	arena->n_free = 0;
}

void tt_arena_clear(tt_arena *arena)
{
	while (arena->chunk) {
		tt_arena_chunk *const next = arena->chunk->next;
		tt_free(arena->ctx, arena->chunk);
		arena->chunk = next;
	}
	arena->n_free = 0;
}

void tt_arena_reset(tt_arena *arena)
{
	tt_arena_chunk *const kept = arena->chunk;
	if (kept) {
		memset(kept->data, 0, kept->n_bytes - arena->n_free);
		arena->chunk = kept->next;
		kept->next = NULL;
		tt_arena_clear(arena);
		arena->chunk = kept;
		arena->n_free = kept->n_bytes;
	}
}

static bool add_chunk(tt_arena *arena, size_t n_needed)
{
	size_t n_bytes = arena->chunk ? arena->chunk->n_bytes * 2 : FIRST_CHUNK;
	n_bytes = n_bytes > LARGEST_CHUNK ? LARGEST_CHUNK : n_bytes;
	n_bytes = n_bytes < n_needed ? n_needed : n_bytes;
	tt_arena_chunk *const chunk = tt_calloc(arena->ctx, 1, sizeof(tt_arena_chunk) + n_bytes);
	if (!chunk) {
		return false;
	}
	chunk->n_bytes = n_bytes;
	chunk->next = arena->chunk;
	arena->chunk = chunk;
	arena->n_free = n_bytes;
	return true;
}

void *tt_arena_alloc(tt_arena *arena, size_t n_bytes)
{
	const size_t align = _Alignof(max_align_t);
	if (n_bytes > SIZE_MAX / 4) {
		return out_of_memory(arena->ctx);
	}
	const size_t n_rounded = n_bytes ? (n_bytes + align - 1) / align * align : align;
	if (n_rounded > arena->n_free && !add_chunk(arena, n_rounded)) {
		return NULL;
	}
	char *const start = (char *)arena->chunk->data + (arena->chunk->n_bytes - arena->n_free);
	arena->n_free -= n_rounded;
	return start;
}

tt_status tt_arena_grow(tt_arena *arena, void **array, size_t *n_capacity, size_t n_used, size_t item_size)
{
	enum { FIRST_CAPACITY = 8 };
	size_t n_new = FIRST_CAPACITY;
	size_t n_bytes = 0;
	if (n_used < *n_capacity) {
		return TT_OK;
	}
	if (*n_capacity && !tt_size_multiply(*n_capacity, 2, &n_new)) {
		return tt_fail(arena->ctx, TT_NO_MEMORY, "out of memory");
	}
	if (!tt_size_multiply(n_new, item_size, &n_bytes)) {
		return tt_fail(arena->ctx, TT_NO_MEMORY, "out of memory");
	}
	void *const grown = tt_arena_alloc(arena, n_bytes);
	if (!grown) {
		return arena->ctx->error.status;
	}
	if (n_used) {
		memcpy(grown, *array, n_used * item_size);
	}
	*array = grown;
	*n_capacity = n_new;
	return TT_OK;
}

char *tt_arena_strndup(tt_arena *arena, const char *text, size_t n_bytes)
{
	size_t n_total = 0;
	if (!tt_size_add(n_bytes, 1, &n_total)) {
		return out_of_memory(arena->ctx);
	}
	char *const copy = tt_arena_alloc(arena, n_total);
	if (copy && n_bytes) {
		memcpy(copy, text, n_bytes);
	}
	return copy;
}
