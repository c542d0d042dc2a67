/* complaint.c - "XML parser error: Opening and ending tag mismatch: a line 0 and b" is: opening and ending tag
 * mismatch: a and b */
#include "rdf/complaint.h"

#include <stdio.h>

/* What says nothing to a reader of the file. */
static const char *const noises[] = {"XML parser error: ", "URI error - "};

static void add_text(char *out, tt_view text)
{
	const size_t n = strlen(out);
	const size_t n_copied = text.size < TT_COMPLAINT_SIZE - 1 - n ? text.size : TT_COMPLAINT_SIZE - 1 - n;
	if (n_copied > 0) {
		memcpy(out + n, text.data, n_copied);
	}
	out[n + n_copied] = '\0';
}

static void word(const char *message, char *out)
{
	for (size_t i = 0; i < sizeof noises / sizeof *noises; ++i) {
		if (tt_view_starts(tt_view_of(message), tt_view_of(noises[i]))) {
			message += strlen(noises[i]);
		}
	}
	add_text(out, tt_view_of(message));
	char *const place = strstr(out, " line 0"); /* raptor does not know the line of the other tag */
	if (place) {
		memmove(place, place + 7, strlen(place + 7) + 1);
	}
	if (out[0] >= 'A' && out[0] <= 'Z' && out[1] >= 'a' && out[1] <= 'z') {
		out[0] = (char)(out[0] - 'A' + 'a');
	}
}

/* Printable UTF-8 without a full stop at the end: raptor quotes single bytes and adds line ends. */
static void make_printable(char *text)
{
	size_t n_out = 0;
	const size_t n_text = strlen(text);
	for (size_t i = 0; i < n_text;) {
		unsigned n = 1;
		const uint32_t c = tt_utf8_decode(text + i, n_text - i, &n);
		if (c != UINT32_MAX && c >= ' ' && c != 0x7F) {
			memmove(text + n_out, text + i, n);
			n_out += n;
		} else if (c != UINT32_MAX) {
			text[n_out++] = ' ';
		} else {
			text[n_out++] = '?';
		}
		i += n;
	}
	while (n_out && (text[n_out - 1] == '.' || text[n_out - 1] == ' ')) {
		--n_out;
	}
	text[n_out] = '\0';
}

void tt_complaint_word(const char *message, char out[TT_COMPLAINT_SIZE])
{
	out[0] = '\0';
	word(message, out);
	make_printable(out);
}
