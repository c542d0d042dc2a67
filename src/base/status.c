/* status.c - names of the status codes. */
#include "base/status.h"

const char *tt_status_name(tt_status status)
{
	static const char *const names[] = {
	    [TT_OK] = "no error",
	    [TT_NO_MEMORY] = "out of memory",
	    [TT_BAD_ARGUMENT] = "bad argument",
	    [TT_SYNTAX] = "syntax error",
	    [TT_NOT_FOUND] = "not found",
	    [TT_EXISTS] = "exists already",
	    [TT_TYPE] = "wrong type",
	    [TT_UNSUPPORTED] = "not supported",
	    [TT_IO] = "input or output error",
	    [TT_NO_SPACE] = "no space left",
	    [TT_CORRUPT] = "damaged data",
	    [TT_BUSY] = "busy",
	    [TT_READ_ONLY] = "read only",
	    [TT_LIMIT] = "limit reached",
	    [TT_TIMEOUT] = "time is up",
	    [TT_CANCELLED] = "cancelled",
	    [TT_REMOTE] = "remote error",
	    [TT_INTERNAL] = "internal error",
	};
	return (unsigned)status < sizeof names / sizeof *names ? names[status] : "unknown status";
}
