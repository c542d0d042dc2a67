/* checks.h - assertions of random tests, which name the context's error and the seed: TT_SEED=n replays it.
 *
 * Whoever includes it has a context `ctx` and a number `seed`.
 */
#ifndef TESTS_UNIT_CHECKS_H
#define TESTS_UNIT_CHECKS_H

#define OK(call)                                                                             \
	do {                                                                                     \
		const tt_status s_ = (call);                                                         \
		if (s_ != TT_OK) {                                                                   \
			fail_msg("%s: %s: %s (TT_SEED=%llu)", #call, tt_status_name(s_), ctx.error.text, \
			         (unsigned long long)seed);                                              \
		}                                                                                    \
	} while (0)
#define CHECK(condition)                                                         \
	do {                                                                         \
		if (!(condition)) {                                                      \
			fail_msg("%s (TT_SEED=%llu)", #condition, (unsigned long long)seed); \
		}                                                                        \
	} while (0)

#endif
