/* json.c - strings of JSON. */
#include "base/json.h"

#include "base/emit.h"

static const tt_escapes escapes = {
    {[0] = "\\u0000",  [1] = "\\u0001",  [2] = "\\u0002",  [3] = "\\u0003",  [4] = "\\u0004",  [5] = "\\u0005",
     [6] = "\\u0006",  [7] = "\\u0007",  [8] = "\\b",      [9] = "\\t",      [10] = "\\n",     [11] = "\\u000B",
     [12] = "\\f",     [13] = "\\r",     [14] = "\\u000E", [15] = "\\u000F", [16] = "\\u0010", [17] = "\\u0011",
     [18] = "\\u0012", [19] = "\\u0013", [20] = "\\u0014", [21] = "\\u0015", [22] = "\\u0016", [23] = "\\u0017",
     [24] = "\\u0018", [25] = "\\u0019", [26] = "\\u001A", [27] = "\\u001B", [28] = "\\u001C", [29] = "\\u001D",
     [30] = "\\u001E", [31] = "\\u001F", ['"'] = "\\\"",   ['\\'] = "\\\\"}};

/* What is not UTF-8, as Redland's storages may hold, becomes U+FFFD, as in the other syntaxes. */
tt_status tt_json_string(tt_buffer *out, tt_view text)
{
	TT_TRY(TT_EMIT(out, "\""));
	for (size_t n = tt_utf8_check(text); n < text.size; n = tt_utf8_check(text)) {
		TT_TRY(tt_emit_escaped(out, (tt_view){text.data, n}, &escapes));
		TT_TRY(TT_EMIT(out, "\\uFFFD"));
		text = tt_view_skip(text, n + 1);
	}
	TT_TRY(tt_emit_escaped(out, text, &escapes));
	return TT_EMIT(out, "\"");
}
