/* test_base.c - contexts, memory, buffers, UTF-8, the hash map. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/context.h"
#include "base/map.h"
#include "base/output.h"
#include "base/records.h"

static void errors_are_recorded(void **state)
{
	(void)state;
	tt_ctx ctx;
	tt_ctx_init(&ctx);
	assert_int_equal(tt_fail(&ctx, TT_IO, "cannot open %s", "x.ttl"), TT_IO);
	assert_string_equal(ctx.error.text, "cannot open x.ttl");
	assert_int_equal(ctx.error.line, 0);
	/* The arguments may be the old record. */
	assert_int_equal(tt_fail_at(&ctx, TT_SYNTAX, "y.ttl", 3, 7, "again: %s", ctx.error.text), TT_SYNTAX);
	assert_string_equal(ctx.error.text, "again: cannot open x.ttl");
	assert_string_equal(ctx.error.file, "y.ttl");
	assert_int_equal(ctx.error.line, 3);
	assert_int_equal(ctx.error.column, 7);
	assert_int_equal(tt_fail_at(&ctx, TT_SYNTAX, ctx.error.file, 1, 1, "same file"), TT_SYNTAX);
	assert_string_equal(ctx.error.file, "y.ttl");
	tt_ctx_clear_error(&ctx);
	assert_int_equal(ctx.error.status, TT_OK);
	assert_int_equal(tt_fail(NULL, TT_IO, "nobody listens"), TT_IO);
}

static void every_status_has_a_name(void **state)
{
	(void)state;
	for (int i = TT_OK; i <= TT_INTERNAL; ++i) {
		assert_string_not_equal(tt_status_name((tt_status)i), "unknown status");
	}
	assert_string_equal(tt_status_name((tt_status)999), "unknown status");
}

static void cancel_and_deadline_stop(void **state)
{
	(void)state;
	tt_ctx ctx;
	tt_ctx_init(&ctx);
	assert_int_equal(tt_ctx_poll(&ctx), TT_OK);
	volatile sig_atomic_t flag = 0;
	ctx.cancel = &flag;
	assert_int_equal(tt_ctx_poll(&ctx), TT_OK);
	flag = 1;
	assert_int_equal(tt_ctx_poll(&ctx), TT_CANCELLED);
	flag = 0;
	ctx.deadline_ns = tt_now_ns() - 1;
	assert_int_equal(tt_ctx_poll(&ctx), TT_TIMEOUT);
	tt_ctx_set_timeout(&ctx, 100);
	assert_int_equal(tt_ctx_poll(&ctx), TT_OK);
	tt_ctx_set_timeout(&ctx, 0);
	assert_int_equal(ctx.deadline_ns, 0);
}

static void depth_has_a_limit(void **state)
{
	(void)state;
	tt_ctx ctx;
	tt_ctx_init(&ctx);
	for (unsigned i = 0; i < TT_DEFAULT_DEPTH_LIMIT; ++i) {
		assert_int_equal(tt_ctx_enter(&ctx), TT_OK);
	}
	assert_int_equal(tt_ctx_enter(&ctx), TT_LIMIT);
	tt_ctx_leave(&ctx);
	assert_int_equal(tt_ctx_enter(&ctx), TT_OK);
}

static void memory_is_billed(void **state)
{
	(void)state;
	tt_ctx ctx;
	tt_ctx_init(&ctx);
	void *memory = tt_alloc(&ctx, 1000);
	assert_true(ctx.n_bytes_used >= 1000);
	void *const grown = tt_realloc(&ctx, memory, 5000, 1);
	assert_non_null(grown);
	assert_true(ctx.n_bytes_used >= 5000 && ctx.n_bytes_used < 6000);
	ctx.n_bytes_budget = 6000;
	assert_null(tt_alloc(&ctx, 4000));
	assert_int_equal(ctx.error.status, TT_LIMIT);
	assert_null(tt_calloc(&ctx, SIZE_MAX / 2, 3));
	assert_int_equal(ctx.error.status, TT_NO_MEMORY);
	tt_free(&ctx, grown);
	assert_int_equal(ctx.n_bytes_used, 0);
	assert_int_equal(tt_bill(&ctx, 5999), TT_OK);
	assert_int_equal(tt_bill(&ctx, 2), TT_LIMIT);
	tt_unbill(&ctx, 5999);
	assert_int_equal(ctx.n_bytes_used, 0);
}

static void arena_pieces_are_zeroed_and_apart(void **state)
{
	(void)state;
	tt_ctx ctx;
	tt_ctx_init(&ctx);
	tt_arena arena;
	tt_arena_init(&arena, &ctx);
	unsigned char *pieces[200];
	for (size_t i = 0; i < 200; ++i) {
		pieces[i] = tt_arena_alloc(&arena, i * 7);
		assert_non_null(pieces[i]);
		assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
		for (size_t k = 0; k < i * 7; ++k) {
			assert_int_equal(pieces[i][k], 0);
			pieces[i][k] = (unsigned char)i;
		}
	}
	for (size_t i = 1; i < 200; ++i) {
		assert_int_equal(pieces[i][0], i);
		assert_int_equal(pieces[i][i * 7 - 1], i);
	}
	assert_non_null(tt_arena_alloc(&arena, 1000000));
	assert_null(tt_arena_alloc(&arena, SIZE_MAX - 3));
	assert_string_equal(tt_arena_strndup(&arena, "abc", 2), "ab");
	tt_arena_reset(&arena);
	const unsigned char *const again = tt_arena_alloc(&arena, 1000);
	for (size_t k = 0; k < 1000; ++k) {
		assert_int_equal(again[k], 0);
	}
	tt_arena_clear(&arena);
	assert_int_equal(ctx.n_bytes_used, 0);
}

static void buffers_grow(void **state)
{
	(void)state;
	tt_ctx ctx;
	tt_ctx_init(&ctx);
	tt_buffer buffer;
	tt_buffer_init(&buffer, &ctx);
	for (int i = 0; i < 1000; ++i) {
		assert_int_equal(tt_buffer_printf(&buffer, "%d,", i), TT_OK);
	}
	assert_int_equal(tt_buffer_append(&buffer, TT_VIEW("end")), TT_OK);
	assert_int_equal(tt_buffer_append_char(&buffer, '!'), TT_OK);
	assert_int_equal(tt_buffer_terminate(&buffer), TT_OK);
	assert_int_equal(buffer.size, 10 * 2 + 90 * 3 + 900 * 4 + 4);
	assert_string_equal(buffer.data + buffer.size - 8, "999,end!");
	tt_buffer_clear(&buffer);
	assert_int_equal(ctx.n_bytes_used, 0);
}

/* The sanitizers tell. */
static void an_empty_view_needs_no_data(void **state)
{
	(void)state;
	const tt_view nothing = {NULL, 0};
	assert_int_equal(tt_view_skip(nothing, 0).size, 0);
	assert_true(tt_view_starts(nothing, nothing) && tt_view_equal(nothing, TT_VIEW("")));
}

static void utf8_is_checked(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t first_bad;
		size_t length;
	} cases[] = {
	    {"plain", 5, 5},
	    {"\xC3\xA4", 2, 1},
	    {"\xE2\x82\xAC!", 4, 2},
	    {"\xF0\x9F\x98\x80", 4, 1},
	    {"a\xC0\xAF", 1, 0},
	    {"\xED\xA0\x80", 0, 0},
	    {"\xF4\x90\x80\x80", 0, 0},
	    {"\xE0\x80\x80", 0, 0},
	    {"ab\xE2\x82", 2, 0},
	    {"\xFF", 0, 0},
	    {"\x80", 0, 0},
	    {"", 0, 0},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
		const tt_view text = tt_view_of(cases[i].text);
		assert_int_equal(tt_utf8_check(text), cases[i].first_bad);
		if (cases[i].length) {
			assert_int_equal(tt_utf8_length(text), cases[i].length);
		}
	}
	/* The first bad byte, wherever it stands among others. */
	for (size_t n = 1; n < 30; ++n) {
		for (size_t at = 0; at < n; ++at) {
			char text[30];
			memset(text, 'a', sizeof text);
			text[at] = '\x80';
			assert_int_equal(tt_utf8_check((tt_view){text, n}), at);
			assert_int_equal(tt_utf8_check((tt_view){text, at}), at);
		}
	}
}

static void utf8_round_trips(void **state)
{
	(void)state;
	tt_ctx ctx;
	tt_ctx_init(&ctx);
	tt_buffer buffer;
	tt_buffer_init(&buffer, &ctx);
	for (uint32_t c = 1; c <= 0x10FFFF; c += c < 0x3000 ? 1 : 97) {
		if (c >= 0xD800 && c <= 0xDFFF) {
			continue;
		}
		tt_buffer_reset(&buffer);
		assert_int_equal(tt_buffer_append_utf8(&buffer, c), TT_OK);
		unsigned n = 0;
		assert_int_equal(tt_utf8_decode(buffer.data, buffer.size, &n), c);
		assert_int_equal(n, buffer.size);
	}
	assert_int_equal(tt_buffer_append_utf8(&buffer, 0xD800), TT_BAD_ARGUMENT);
	assert_int_equal(tt_buffer_append_utf8(&buffer, 0x110000), TT_BAD_ARGUMENT);
	tt_buffer_clear(&buffer);
}

static void map_finds_all_values(void **state)
{
	(void)state;
	tt_ctx ctx;
	tt_ctx_init(&ctx);
	tt_map map;
	tt_map_init(&map, &ctx);
	uint64_t cursor = 0;
	uint64_t value = 0;
	assert_false(tt_map_next(&map, 5, &cursor, &value));
	/* Few hashes, many values: long chains that wrap around; hash 0 is a hash as any other. */
	for (uint64_t i = 0; i < 500; ++i) {
		assert_int_equal(tt_map_insert(&map, i % 7 == 0 ? 0 : UINT64_MAX - i % 7, i), TT_OK);
	}
	for (uint64_t h = 0; h < 7; ++h) {
		size_t n_found = 0;
		cursor = 0;
		while (tt_map_next(&map, h == 0 ? 0 : UINT64_MAX - h, &cursor, &value)) {
			assert_int_equal(value % 7, h);
			++n_found;
		}
		assert_int_equal(n_found, h < 500 % 7 ? 72 : 71);
	}
	tt_map_clear(&map);
	assert_int_equal(ctx.n_bytes_used, 0);
}

static void output_writes_all_and_reports(void **state)
{
	(void)state;
	tt_ctx ctx;
	tt_ctx_init(&ctx);
	tt_output output;
	int fds[2];
	assert_int_equal(pipe(fds), 0);
	tt_output_init(&output, &ctx, fds[1]);
	assert_int_equal(tt_buffer_append(&output.buffer, TT_VIEW("hello")), TT_OK);
	assert_int_equal(tt_output_check(&output), TT_OK);
	assert_int_equal(output.buffer.size, 5);
	assert_int_equal(tt_output_flush(&output), TT_OK);
	char text[8];
	assert_int_equal(read(fds[0], text, sizeof text), 5);
	assert_memory_equal(text, "hello", 5);
	close(fds[0]);
	close(fds[1]);
	assert_int_equal(tt_buffer_append(&output.buffer, TT_VIEW("lost")), TT_OK);
	assert_int_equal(tt_output_flush(&output), TT_IO);
	tt_output_clear(&output);
	assert_int_equal(ctx.n_bytes_used, 0);
}

/* ---- records ------------------------------------------------------------------------------------ */

static int compare_numbers(const void *a, const void *b)
{
	const unsigned x = *(const unsigned *)a;
	const unsigned y = *(const unsigned *)b;
	return (x > y) - (x < y);
}

/* In memory, through runs of many records, and through runs of one record each. */
static void test_records(void **state)
{
	(void)state;
	enum { N = 3000 };
	static const size_t budgets[] = {1 << 20, 4000, 1};
	static unsigned numbers[N];
	static char text[100000];
	memset(text, 'x', sizeof text);
	for (size_t b = 0; b < 3; ++b) {
		const size_t n = b == 2 ? 300 : N;
		tt_ctx ctx;
		tt_ctx_init(&ctx);
		tt_records *records = NULL;
		tt_view record;
		assert_int_equal(tt_records_new(&ctx, budgets[b], &records), TT_OK);
		for (size_t i = 0; i < n; ++i) {
			numbers[i] = (unsigned)(tt_hash_u64(i) % 2000); /* some of them twice */
			/* One in a hundred is longer than the buffer of a run. */
			(void)snprintf(text, 5, "%04u", numbers[i]);
			text[4] = 'x';
			assert_int_equal(tt_records_add(records, (tt_view){text, i % 100 ? 4 : sizeof text}), TT_OK);
		}
		qsort(numbers, n, sizeof *numbers, compare_numbers);
		for (size_t i = 0; i < n; ++i) {
			assert_int_equal(tt_records_next(records, &record), TT_OK);
			(void)snprintf(text, 5, "%04u", numbers[i]);
			assert_true(record.data && record.size >= 4 && memcmp(record.data, text, 4) == 0);
		}
		assert_int_equal(tt_records_next(records, &record), TT_OK);
		assert_null(record.data);
		assert_int_equal(tt_records_next(records, &record), TT_OK);
		assert_null(record.data);
		tt_records_free(records);
		assert_int_equal(ctx.n_bytes_used, 0);
	}
}

static void test_records_fail(void **state)
{
	(void)state;
	tt_ctx ctx;
	tt_ctx_init(&ctx);
	tt_records *records = NULL;
	tt_view record;
	assert_int_equal(tt_records_new(&ctx, 1, &records), TT_OK);
	assert_int_equal(tt_records_next(records, &record), TT_OK);
	assert_null(record.data);
	tt_records_free(records);
	assert_int_equal(setenv("TMPDIR", "/nowhere", 1), 0);
	assert_int_equal(tt_records_new(&ctx, 1, &records), TT_OK);
	assert_int_equal(tt_records_add(records, TT_VIEW("a")), TT_OK);
	assert_int_equal(tt_records_add(records, TT_VIEW("b")), TT_IO);
	assert_non_null(strstr(ctx.error.text, "a temporary file in /nowhere"));
	tt_records_free(records);
	assert_int_equal(unsetenv("TMPDIR"), 0);
	assert_int_equal(ctx.n_bytes_used, 0);
}

static void arrays_grow_in_an_arena(void **state)
{
	(void)state;
	enum { N = 1000 };
	tt_ctx ctx;
	tt_arena arena;
	tt_ctx_init(&ctx);
	tt_arena_init(&arena, &ctx);
	size_t *items = NULL;
	size_t capacity = 0;
	for (size_t n = 0; n < N; ++n) {
		assert_int_equal(tt_arena_grow(&arena, (void **)&items, &capacity, n, sizeof *items), TT_OK);
		assert_true(capacity > n);
		items[n] = n;
	}
	for (size_t i = 0; i < N; ++i) {
		assert_int_equal(items[i], i);
	}
	capacity = SIZE_MAX / 4;
	assert_int_equal(tt_arena_grow(&arena, (void **)&items, &capacity, capacity, sizeof *items), TT_NO_MEMORY);
	tt_arena_clear(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(arrays_grow_in_an_arena),
	    cmocka_unit_test(test_records),
	    cmocka_unit_test(test_records_fail),
	    cmocka_unit_test(errors_are_recorded),
	    cmocka_unit_test(every_status_has_a_name),
	    cmocka_unit_test(cancel_and_deadline_stop),
	    cmocka_unit_test(depth_has_a_limit),
	    cmocka_unit_test(memory_is_billed),
	    cmocka_unit_test(arena_pieces_are_zeroed_and_apart),
	    cmocka_unit_test(buffers_grow),
	    cmocka_unit_test(an_empty_view_needs_no_data),
	    cmocka_unit_test(utf8_is_checked),
	    cmocka_unit_test(utf8_round_trips),
	    cmocka_unit_test(map_finds_all_values),
	    cmocka_unit_test(output_writes_all_and_reports),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
