/* status.h - how functions pass a status on.
 *
 * Contrast: the codes themselves are public (tertium.h); context.h holds the detail of an error.
 * Owns:     nothing; constants only.
 * Threads:  any.
 * Fails:    never.
 * Tests:    tests/unit/test_base.c
 */
#ifndef TT_BASE_STATUS_H
#define TT_BASE_STATUS_H

#include "tertium.h"

/** Return the status of @p call from the current function unless it is TT_OK. Only where nothing is held. */
#define TT_TRY(call)                          \
	do {                                      \
		const tt_status try_status_ = (call); \
		if (try_status_ != TT_OK) {           \
			return try_status_;               \
		}                                     \
	} while (0)

/** Set `status` to that of @p call and go to `done` unless it is TT_OK: for functions that hold something. */
#define TT_TRY_DONE(call)      \
	do {                       \
		status = (call);       \
		if (status != TT_OK) { \
			goto done;         \
		}                      \
	} while (0)

#endif
