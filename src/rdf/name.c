/* name.c - the character classes of names (SPARQL 1.1 rules 164–170). */
#include "rdf/name.h"

typedef struct range {
	uint32_t first, last;
} range;

/* Rule 164 beyond ASCII. */
static const range base_ranges[] = {{0x00C0, 0x00D6}, {0x00D8, 0x00F6}, {0x00F8, 0x02FF}, {0x0370, 0x037D},
                                    {0x037F, 0x1FFF}, {0x200C, 0x200D}, {0x2070, 0x218F}, {0x2C00, 0x2FEF},
                                    {0x3001, 0xD7FF}, {0xF900, 0xFDCF}, {0xFDF0, 0xFFFD}, {0x10000, 0xEFFFF}};
/* Rule 167: what PN_CHARS has more. */
static const range more_ranges[] = {{0x00B7, 0x00B7}, {0x0300, 0x036F}, {0x203F, 0x2040}};

static bool is_in(const range *ranges, size_t n_ranges, uint32_t c)
{
	for (size_t i = 0; i < n_ranges; ++i) {
		if (c >= ranges[i].first && c <= ranges[i].last) {
			return true;
		}
	}
	return false;
}

static bool is_alpha(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_base(uint32_t c)
{
	return c < 128 ? is_alpha(c) : is_in(base_ranges, sizeof base_ranges / sizeof *base_ranges, c);
}

static bool is_name_char(uint32_t c)
{
	return is_base(c) || c == '_' || c == '-' || is_digit(c) ||
	       is_in(more_ranges, sizeof more_ranges / sizeof *more_ranges, c);
}

static bool is_local_first(uint32_t c)
{
	return is_base(c) || c == '_' || c == ':' || is_digit(c);
}

static bool is_label_first(uint32_t c)
{
	return is_base(c) || c == '_' || is_digit(c);
}

/* A first character of its own kind, then name characters (with_colon: and colons) and full stops, none at the end. */
static bool is_name(tt_view text, bool (*is_first)(uint32_t c), bool with_colon)
{
	for (size_t i = 0; i < text.size;) {
		unsigned n = 1;
		const uint32_t c = tt_utf8_decode(text.data + i, text.size - i, &n);
		if (c == UINT32_MAX || !(i == 0 ? is_first(c) : is_name_char(c) || c == '.' || (with_colon && c == ':'))) {
			return false;
		}
		i += n;
	}
	return text.size && text.data[text.size - 1] != '.';
}

bool tt_name_is_prefix(tt_view text)
{
	return !text.size || is_name(text, is_base, false);
}

bool tt_name_is_local(tt_view text)
{
	return !text.size || is_name(text, is_local_first, true);
}

bool tt_name_is_blank_label(tt_view text)
{
	return is_name(text, is_label_first, false);
}

bool tt_name_is_language(tt_view text)
{
	size_t n_part = 0;
	bool is_first_part = true;
	for (size_t i = 0; i < text.size; ++i) {
		const unsigned char c = (unsigned char)text.data[i];
		if (c == '-' && n_part) {
			n_part = 0;
			is_first_part = false;
		} else if (is_alpha(c) || (is_digit(c) && !is_first_part)) {
			++n_part;
		} else {
			return false;
		}
	}
	return n_part > 0;
}
