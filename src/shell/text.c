/* text.c - a growing text. */
#include "shell/text.h"

#include "shell/console.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void tt_text_append(tt_text *text, tt_view more)
{
	if (text->capacity - text->size <= more.size) {
		size_t n_needed = 0;
		if (__builtin_add_overflow(text->size, more.size, &n_needed) || n_needed > SIZE_MAX / 4) {
			(void)tt_must(NULL);
		}
		text->capacity = 2 * n_needed + 64;
		text->data = tt_must(realloc(text->data, text->capacity));
	}
	if (more.size) {
		memcpy(text->data + text->size, more.data, more.size);
	}
	text->size += more.size;
	text->data[text->size] = '\0';
}

void tt_text_reset(tt_text *text)
{
	text->size = 0;
	if (text->data) {
		text->data[0] = '\0';
	}
}

void tt_text_free(tt_text *text)
{
	free(text->data);
	*text = (tt_text){0};
}

bool tt_text_read(tt_text *text, FILE *stream)
{
	char chunk[16384];
	size_t n = 0;
	bool has_nul = false;
	while (!has_nul && (n = fread(chunk, 1, sizeof chunk, stream)) > 0) {
		tt_text_append(text, (tt_view){chunk, n});
		has_nul = memchr(chunk, '\0', n) != NULL;
	}
	return !ferror(stream);
}

tt_view tt_text_of(const char *string)
{
	return (tt_view){string, strlen(string)};
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

tt_view tt_text_trim(tt_view text)
{
	while (text.size && is_space(text.data[0])) {
		++text.data;
		--text.size;
	}
	while (text.size && is_space(text.data[text.size - 1])) {
		--text.size;
	}
	return text;
}

tt_view tt_text_take_line(tt_view *rest)
{
	const char *const end = rest->size ? memchr(rest->data, '\n', rest->size) : NULL;
	const tt_view line = {rest->data, end ? (size_t)(end - rest->data) : rest->size};
	const size_t n_taken = line.size + (end != NULL);
	*rest = (tt_view){n_taken ? rest->data + n_taken : rest->data, rest->size - n_taken};
	return line;
}

bool tt_text_is_empty_query(tt_view text)
{
	while (text.size) {
		const tt_view line = tt_text_trim(tt_text_take_line(&text));
		if (line.size && line.data[0] != '#') {
			return false;
		}
	}
	return true;
}

/* ---- numbers ------------------------------------------------------------------------------------------- */

bool tt_text_read_seconds(const char *text, double *out_seconds)
{
	char *end = NULL;
	const double seconds = strtod(text, &end);
	if (end == text || *end || !isfinite(seconds) || seconds <= 0 || seconds >= 1e9) {
		return false;
	}
	*out_seconds = seconds;
	return true;
}

bool tt_text_read_size(const char *text, size_t *out_n_bytes)
{
	static const char units[] = "kmg";
	char *end = NULL;
	errno = 0;
	const unsigned long long number = strtoull(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || errno || !number) {
		return false;
	}
	size_t n_bytes = 0;
	const char *const unit = *end ? strchr(units, *end | 0x20) : NULL;
	const unsigned shift = unit ? 10 * (unsigned)(unit - units + 1) : 0;
	if (__builtin_mul_overflow(number, 1ull << shift, &n_bytes) || (unit ? end[1] : *end)) {
		return false;
	}
	*out_n_bytes = n_bytes;
	return true;
}
