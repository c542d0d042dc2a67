/* fuzz.h - what the fuzzing targets share: claims that must hold, and reading an input piece by piece.
 *
 * Targets are built by `configure --enable-fuzzing --enable-asan --enable-ubsan CC=clang` and run by `make fuzz`
 * (FUZZ_SECONDS each, 60 if not given; FUZZ_TARGETS some of them; FUZZ_DIR where inputs are kept between runs). Seeds
 * come from the golden cases, the study and, where they are, W3C's tests (tests/fuzz/fuzz.sh). An input that fails is
 * left as FUZZ_DIR/TARGET-crash-…; `tests/fuzz/TARGET FILE` replays it.
 *
 * Contrast: the unit tests say what is right; a target says only what must never happen.
 * Owns:     nothing; pieces of an input are views of it.
 * Threads:  one.
 * Fails:    a claim that does not hold aborts, which is how libFuzzer notices.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/bytes.h"

/** What libFuzzer calls. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** Say why and abort unless the condition holds. */
#define FUZZ_REQUIRE(condition, ...)                                              \
	do {                                                                          \
		if (!(condition)) {                                                       \
			(void)fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #condition); \
			(void)fprintf(stderr, __VA_ARGS__);                                   \
			(void)fputc('\n', stderr);                                            \
			abort();                                                              \
		}                                                                         \
	} while (0)

/** Time that this process has computed: what it waits for a busy machine does not count. */
static inline double fuzz_cpu_seconds(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

/** What is not yet read of an input. */
typedef struct fuzz_input {
	const uint8_t *data;
	size_t size;
} fuzz_input;

/** The next byte; 0 at the end. */
static inline unsigned fuzz_byte(fuzz_input *input)
{
	if (input->size == 0) {
		return 0;
	}
	input->size--;
	return *input->data++;
}

/** A number below @p n. */
static inline unsigned fuzz_below(fuzz_input *input, unsigned n)
{
	return fuzz_byte(input) % n;
}

/** The text up to the next line feed or the end. */
static inline tt_view fuzz_line(fuzz_input *input)
{
	const char *const start = (const char *)input->data;
	const char *const end = input->size ? memchr(start, '\n', input->size) : NULL;
	const size_t n = end ? (size_t)(end - start) : input->size;
	const size_t n_skipped = end ? n + 1 : n;
	if (n_skipped) {
		input->data += n_skipped;
		input->size -= n_skipped;
	}
	return (tt_view){start, n};
}

/** All that is left. */
static inline tt_view fuzz_rest(fuzz_input *input)
{
	const tt_view rest = {(const char *)input->data, input->size};
	input->size = 0;
	return rest;
}

#endif
