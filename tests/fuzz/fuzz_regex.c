/* fuzz_regex.c - flags, a pattern and a subject, a line each: the translation to PCRE2 must not crash, matches lie at
 * the borders of characters and in order, and with the flag q a pattern is plain text. */
#include "fuzz/fuzz.h"

#include "expr/regex.h"

enum { MOST_MATCHES = 50 };

static bool is_border(tt_view subject, size_t at)
{
	return at == subject.size || ((unsigned char)subject.data[at] & 0xC0) != 0x80;
}

static void check_groups(const tt_regex *regex, tt_view subject, size_t start, size_t *out_end)
{
	for (size_t i = 0; i <= tt_regex_n_groups(regex); ++i) {
		const tt_view group = tt_regex_group(regex, subject, i);
		if (group.data) {
			const size_t first = (size_t)(group.data - subject.data);
			FUZZ_REQUIRE(first <= subject.size && group.size <= subject.size - first, "a group outside the subject");
			FUZZ_REQUIRE(is_border(subject, first) && is_border(subject, first + group.size), "half a character");
			FUZZ_REQUIRE(i > 0 || first >= start, "a match before its start");
			*out_end = i == 0 ? first + group.size : *out_end;
		}
	}
}

static void find_all(tt_regex *regex, tt_view subject, bool is_plain, tt_view pattern)
{
	size_t start = 0;
	for (size_t n = 0; n < MOST_MATCHES; ++n) {
		tt_regex_answer answer = TT_REGEX_ERROR;
		const tt_status status = tt_regex_find(regex, subject, start, &answer);
		FUZZ_REQUIRE(status == TT_OK || status == TT_TIMEOUT || status == TT_LIMIT, "%s", tt_status_name(status));
		if (is_plain && n == 0 && status == TT_OK && answer != TT_REGEX_ERROR) {
			const bool is_there = memmem(subject.data, subject.size, pattern.data, pattern.size) != NULL;
			FUZZ_REQUIRE(is_there == (answer == TT_REGEX_YES), "plain text is found otherwise");
		}
		if (status != TT_OK || answer != TT_REGEX_YES) {
			return;
		}
		size_t end = start;
		check_groups(regex, subject, start, &end);
		start = end > start ? end : start + 1;
		while (start < subject.size && !is_border(subject, start)) {
			++start;
		}
		if (start > subject.size) {
			return;
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_input input = {data, size};
	const tt_view flags = fuzz_line(&input);
	const tt_view pattern = fuzz_line(&input);
	const tt_view subject = fuzz_rest(&input);
	/* Terms are always UTF-8. */
	const tt_view all = {(const char *)data, size};
	if (tt_utf8_check(all) < size || size == 0) {
		return 0;
	}
	tt_ctx ctx;
	tt_ctx_init(&ctx);
	tt_ctx_set_timeout(&ctx, 1);
	ctx.n_bytes_budget = (size_t)64 << 20;
	const double start = fuzz_cpu_seconds();
	tt_regex *regex = NULL;
	const tt_status status = tt_regex_new(&ctx, pattern, flags, &regex);
	FUZZ_REQUIRE(status == TT_OK || status == TT_LIMIT, "%s", tt_status_name(status));
	if (status == TT_OK) {
		find_all(regex, subject, tt_view_equal(flags, TT_VIEW("q")), pattern);
		tt_regex_free(regex);
	}
	FUZZ_REQUIRE(ctx.n_bytes_used == 0, "%zu bytes are not freed", ctx.n_bytes_used);
	FUZZ_REQUIRE(fuzz_cpu_seconds() - start < 2, "one second was allowed, it took two");
	return 0;
}
