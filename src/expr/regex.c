/* regex.c - XPath regular expressions in terms of PCRE2.
 *
 * The two languages are near. Rewritten are: the classes \d \w \s \i \c and their opposites, which
 * XML Schema defines otherwise; class subtraction [a-z-[aeiou]], which becomes (?:(?![aeiou])[a-z]);
 * the blocks \p{IsCyrillic}; the back-references, which take as many digits as there are groups; and
 * the flag x, which in XPath drops white space but knows no comments. Refused are verbs (*…) and
 * the escapes that move the start of a match or switch quoting. Other inventions of Perl are let
 * through. A pattern without any metacharacter is looked for by memmem().
 *
 * A hostile pattern must not hang us. PCRE2 limits the steps for each place where a match could begin;
 * the number of such places we limit ourselves: a long subject is searched in slices (the match must
 * begin within the slice), between which we ask whether to go on, and a slice that took long makes the
 * next one shorter. */
#include "expr/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <unictype.h>

enum {
	MATCH_LIMIT = 500000,   /* steps for each beginning; about 5 ms */
	HEAP_LIMIT_KIB = 16384, /* backtracking memory */
	NESTING_LIMIT = 100,
	FIRST_SLICE = 64, /* bytes */
	LONGEST_SLICE = 1 << 20,
	LONG_SLICE_NS = 20000000,
	MOST_SUBTRACTIONS = 16
};

struct tt_regex {
	tt_ctx *ctx;
	tt_buffer pattern, flags; /* what it was made of */
	bool is_valid;
	bool is_literal; /* no metacharacters: no code */
	bool is_quoted;
	uint32_t n_groups;
	pcre2_general_context *general;
	pcre2_match_context *match_context;
	pcre2_match_data *match;
	pcre2_code *code;
	size_t literal_start; /* of the last match, if is_literal */
};

/* ---- from XPath to PCRE2 ---------------------------------------------------------------------- */

/* What may stand within [ ] for an escape of XML Schema (XSD 1.1 Datatypes §G.4.2.5). */
#define NAME_START                                                                                    \
	"A-Z_a-z:\\x{C0}-\\x{D6}\\x{D8}-\\x{F6}\\x{F8}-\\x{2FF}\\x{370}-\\x{37D}\\x{37F}-\\x{1FFF}"       \
	"\\x{200C}-\\x{200D}\\x{2070}-\\x{218F}\\x{2C00}-\\x{2FEF}\\x{3001}-\\x{D7FF}\\x{F900}-\\x{FDCF}" \
	"\\x{FDF0}-\\x{FFFD}\\x{10000}-\\x{EFFFF}"
#define NOT_NAME_START                                                                                \
	"\\x{0}-\\x{39};-@\\[-\\^`\\{-\\x{BF}\\x{D7}\\x{F7}\\x{300}-\\x{36F}\\x{37E}\\x{2000}-\\x{200B}"  \
	"\\x{200E}-\\x{206F}\\x{2190}-\\x{2BFF}\\x{2FF0}-\\x{3000}\\x{E000}-\\x{F8FF}\\x{FDD0}-\\x{FDEF}" \
	"\\x{FFFE}-\\x{FFFF}\\x{F0000}-\\x{10FFFF}"
#define NAME NAME_START "\\-.0-9\\x{B7}\\x{300}-\\x{36F}\\x{203F}-\\x{2040}"
#define NOT_NAME                                                                                      \
	"\\x{0}-,/;-@\\[-\\^`\\{-\\x{B6}\\x{B8}-\\x{BF}\\x{D7}\\x{F7}\\x{37E}\\x{2000}-\\x{200B}"         \
	"\\x{200E}-\\x{203E}\\x{2041}-\\x{206F}\\x{2190}-\\x{2BFF}\\x{2FF0}-\\x{3000}\\x{E000}-\\x{F8FF}" \
	"\\x{FDD0}-\\x{FDEF}\\x{FFFE}-\\x{FFFF}\\x{F0000}-\\x{10FFFF}"

typedef struct class_escape {
	char letter;
	const char *members;
} class_escape;

static const class_escape class_escapes[] = {
    {'d', "\\p{Nd}"},
    {'D', "\\P{Nd}"},
    {'w', "\\p{L}\\p{M}\\p{N}\\p{S}"},
    {'W', "\\p{P}\\p{Z}\\p{C}"},
    {'s', " \\t\\n\\r"},
    {'S', "\\x{0}-\\x{8}\\x{B}\\x{C}\\x{E}-\\x{1F}!-\\x{10FFFF}"},
    {'i', NAME_START},
    {'I', NOT_NAME_START},
    {'c', NAME},
    {'C', NOT_NAME},
};

static const char *members_of(char letter)
{
	for (size_t i = 0; i < sizeof class_escapes / sizeof *class_escapes; ++i) {
		if (class_escapes[i].letter == letter) {
			return class_escapes[i].members;
		}
	}
	return NULL;
}

/** A pattern on its way. */
typedef struct translation {
	tt_view rest;
	bool drops_space; /* flag x */
	bool is_broken;
	unsigned n_subtractions; /* open ones */
	size_t n_groups;         /* begun so far */
	tt_buffer *out;
} translation;

static bool is_at(const translation *self, const char *text)
{
	return tt_view_starts(self->rest, tt_view_of(text));
}

static tt_status copy(translation *self, size_t n_bytes)
{
	const tt_view text = {self->rest.data, n_bytes < self->rest.size ? n_bytes : self->rest.size};
	self->rest = tt_view_skip(self->rest, text.size);
	return tt_buffer_append(self->out, text);
}

static tt_status put(const translation *self, const char *text)
{
	return tt_buffer_append(self->out, tt_view_of(text));
}

/* Names of blocks are written without their blanks (XSD 1.1 Datatypes §G.4.2.3). */
static bool is_block_name(const char *block, tt_view name)
{
	size_t n = 0;
	for (; *block; ++block) {
		if (*block != ' ' && (n == name.size || name.data[n++] != *block)) {
			return false;
		}
	}
	return n == name.size;
}

static const uc_block_t *find_block(tt_view name)
{
	const uc_block_t *blocks = NULL;
	size_t n_blocks = 0;
	uc_all_blocks(&blocks, &n_blocks);
	for (size_t i = 0; i < n_blocks; ++i) {
		if (is_block_name(blocks[i].name, name)) {
			return &blocks[i];
		}
	}
	return NULL;
}

/* \p{IsName} or \P{IsName}: the characters of a block of Unicode, or the others. */
static tt_status translate_block(translation *self, bool is_in_class)
{
	enum { N_BEFORE_NAME = 5 };
	const tt_view behind = tt_view_skip(self->rest, N_BEFORE_NAME);
	const char *const end = memchr(behind.data, '}', behind.size);
	const tt_view name = {behind.data, end ? (size_t)(end - behind.data) : 0};
	const uc_block_t *const block = find_block(name);
	if (!block) {
		self->is_broken = true;
		return TT_OK;
	}
	const bool is_negated = self->rest.data[1] == 'P';
	self->rest = tt_view_skip(self->rest, N_BEFORE_NAME + name.size + 1);
	TT_TRY(put(self, is_in_class ? "" : "["));
	if (!is_negated) {
		TT_TRY(tt_buffer_printf(self->out, "\\x{%X}-\\x{%X}", (unsigned)block->start, (unsigned)block->end));
	} else {
		if (block->start > 0) {
			TT_TRY(tt_buffer_printf(self->out, "\\x{0}-\\x{%X}", (unsigned)block->start - 1));
		}
		if (block->end < 0x10FFFF) {
			TT_TRY(tt_buffer_printf(self->out, "\\x{%X}-\\x{10FFFF}", (unsigned)block->end + 1));
		}
	}
	return put(self, is_in_class ? "" : "]");
}

/* \1 and the like: as many digits as make the number of a group that has begun (F&O §5.6.1). */
static tt_status translate_reference(translation *self, bool is_in_class)
{
	size_t group = 0;
	size_t n_bytes = 1;
	while (n_bytes < self->rest.size && self->rest.data[n_bytes] >= '0' && self->rest.data[n_bytes] <= '9') {
		const size_t longer = group * 10 + (size_t)(self->rest.data[n_bytes] - '0');
		if (group && longer > self->n_groups) {
			break;
		}
		group = longer;
		n_bytes++;
	}
	self->is_broken = is_in_class || !group || group > self->n_groups;
	self->rest = tt_view_skip(self->rest, n_bytes);
	return tt_buffer_printf(self->out, "\\g{%zu}", group);
}

static tt_status translate_escape(translation *self, bool is_in_class)
{
	if (self->rest.size < 2 || strchr("KQEG", self->rest.data[1])) {
		self->is_broken = true;
		return TT_OK;
	}
	if (is_at(self, "\\p{Is") || is_at(self, "\\P{Is")) {
		return translate_block(self, is_in_class);
	}
	if (self->rest.data[1] >= '0' && self->rest.data[1] <= '9') {
		return translate_reference(self, is_in_class);
	}
	const char *const members = members_of(self->rest.data[1]);
	if (!members) {
		return copy(self, 2);
	}
	self->rest = tt_view_skip(self->rest, 2);
	TT_TRY(put(self, is_in_class ? "" : "["));
	TT_TRY(put(self, members));
	return put(self, is_in_class ? "" : "]");
}

static tt_status translate_class(translation *self);

/* The inside of [ ]. A subtraction, if there is one, is written to `subtracted` instead. */
static tt_status translate_members(translation *self, tt_buffer *subtracted)
{
	bool is_first = true;
	while (self->rest.size && !self->is_broken && (is_first || !is_at(self, "]"))) {
		if (is_at(self, "\\")) {
			TT_TRY(translate_escape(self, true));
		} else if (is_at(self, "-[") && !is_first) {
			tt_buffer *const out = self->out;
			self->rest = tt_view_skip(self->rest, 1);
			self->out = subtracted;
			const tt_status status = translate_class(self);
			self->out = out;
			self->is_broken = self->is_broken || !is_at(self, "]");
			return status;
		} else if (is_at(self, "[") && !is_at(self, "[:")) {
			self->rest = tt_view_skip(self->rest, 1);
			TT_TRY(put(self, "\\["));
		} else {
			TT_TRY(copy(self, is_at(self, "[:") ? 2 : 1));
		}
		is_first = false;
	}
	self->is_broken = self->is_broken || self->rest.size == 0;
	return TT_OK;
}

static tt_status translate_class(translation *self)
{
	if (self->n_subtractions >= MOST_SUBTRACTIONS) {
		self->is_broken = true;
		return TT_OK;
	}
	tt_buffer *const out = self->out;
	tt_buffer members;
	tt_buffer subtracted;
	tt_status status = TT_OK;
	tt_buffer_init(&members, out->ctx);
	tt_buffer_init(&subtracted, out->ctx);
	self->n_subtractions++;
	self->out = &members;
	TT_TRY_DONE(copy(self, is_at(self, "[^") ? 2 : 1));
	TT_TRY_DONE(translate_members(self, &subtracted));
	TT_TRY_DONE(copy(self, 1)); /* ] */
	if (subtracted.size) {
		TT_TRY_DONE(tt_buffer_append(out, TT_VIEW("(?:(?!")));
		TT_TRY_DONE(tt_buffer_append(out, tt_buffer_view(&subtracted)));
		TT_TRY_DONE(tt_buffer_append_char(out, ')'));
	}
	TT_TRY_DONE(tt_buffer_append(out, tt_buffer_view(&members)));
	if (subtracted.size) {
		TT_TRY_DONE(tt_buffer_append_char(out, ')'));
	}
done:
	self->n_subtractions--;
	self->out = out;
	tt_buffer_clear(&members);
	tt_buffer_clear(&subtracted);
	return status;
}

/* Write the pattern for PCRE2; `is_broken` if it is none. */
static tt_status translate(translation *self)
{
	while (self->rest.size && !self->is_broken) {
		if (is_at(self, "\\")) {
			TT_TRY(translate_escape(self, false));
		} else if (is_at(self, "[")) {
			TT_TRY(translate_class(self));
		} else if (is_at(self, "(*")) {
			self->is_broken = true;
		} else if (self->drops_space && strchr(" \t\n\r", self->rest.data[0]) && self->rest.data[0]) {
			self->rest = tt_view_skip(self->rest, 1);
		} else {
			self->n_groups += is_at(self, "(") && !is_at(self, "(?");
			TT_TRY(copy(self, 1));
		}
	}
	return TT_OK;
}

/* ---- making ----------------------------------------------------------------------------------- */

static void *allocate(size_t n_bytes, void *ctx)
{
	return tt_alloc(ctx, n_bytes);
}

static void release(void *memory, void *ctx)
{
	tt_free(ctx, memory);
}

static bool is_literal_text(tt_view pattern)
{
	for (size_t i = 0; i < pattern.size; ++i) {
		if (pattern.data[i] == '\0' || strchr("\\.?*+{}()[]|^$", pattern.data[i])) {
			return false;
		}
	}
	return true;
}

/* Options of PCRE2 for the flags; false if one of them is unknown. */
static bool read_flags(tt_view flags, uint32_t *out_options, bool *out_drops_space, bool *out_is_quoted)
{
	uint32_t options = 0;
	*out_drops_space = *out_is_quoted = false;
	for (size_t i = 0; i < flags.size; ++i) {
		switch (flags.data[i]) {
		case 'i':
			options |= PCRE2_CASELESS;
			break;
		case 's':
			options |= PCRE2_DOTALL;
			break;
		case 'm':
			options |= PCRE2_MULTILINE;
			break;
		case 'x':
			*out_drops_space = true;
			break;
		case 'q':
			*out_is_quoted = true;
			break;
		default:
			return false;
		}
	}
	*out_options = *out_is_quoted ? (options & PCRE2_CASELESS) | PCRE2_LITERAL | PCRE2_UTF | PCRE2_USE_OFFSET_LIMIT
	                              : options | PCRE2_UTF | PCRE2_UCP | PCRE2_USE_OFFSET_LIMIT | PCRE2_DOLLAR_ENDONLY |
	                                    PCRE2_NEVER_BACKSLASH_C;
	return true;
}

/* NULL from PCRE2 means that memory or the budget is out: then the context says so. */
static tt_status out_of_memory(tt_regex *regex)
{
	return regex->ctx->error.status != TT_OK ? regex->ctx->error.status
	                                         : tt_fail(regex->ctx, TT_NO_MEMORY, "out of memory");
}

static tt_status compile(tt_regex *regex, tt_view pattern, uint32_t options)
{
	int error = 0;
	size_t offset = 0;
	tt_ctx_clear_error(regex->ctx);
	regex->general = pcre2_general_context_create(allocate, release, regex->ctx);
	pcre2_compile_context *const context = regex->general ? pcre2_compile_context_create(regex->general) : NULL;
	if (!context) {
		return out_of_memory(regex);
	}
	(void)pcre2_set_newline(context, PCRE2_NEWLINE_LF);
	(void)pcre2_set_parens_nest_limit(context, NESTING_LIMIT);
	regex->code = pcre2_compile((PCRE2_SPTR)(pattern.size ? pattern.data : ""), pattern.size, options, &error, &offset,
	                            context);
	pcre2_compile_context_free(context);
	if (!regex->code) {
		return regex->ctx->error.status; /* TT_OK: the pattern is none */
	}
	regex->match_context = pcre2_match_context_create(regex->general);
	regex->match = pcre2_match_data_create_from_pattern(regex->code, regex->general);
	if (!regex->match_context || !regex->match) {
		return out_of_memory(regex);
	}
	(void)pcre2_set_match_limit(regex->match_context, MATCH_LIMIT);
	(void)pcre2_set_heap_limit(regex->match_context, HEAP_LIMIT_KIB);
	(void)pcre2_pattern_info(regex->code, PCRE2_INFO_CAPTURECOUNT, &regex->n_groups);
	regex->is_valid = true;
	return TT_OK;
}

static tt_status make(tt_regex *regex, tt_view pattern, tt_view flags)
{
	uint32_t options = 0;
	bool drops_space = false;
	TT_TRY(tt_buffer_append(&regex->pattern, pattern));
	TT_TRY(tt_buffer_append(&regex->flags, flags));
	if (!read_flags(flags, &options, &drops_space, &regex->is_quoted)) {
		return TT_OK;
	}
	if (!(options & PCRE2_CASELESS) && !drops_space && (regex->is_quoted || is_literal_text(pattern))) {
		regex->is_valid = regex->is_literal = true;
		return TT_OK;
	}
	if (regex->is_quoted) {
		return compile(regex, pattern, options);
	}
	tt_buffer translated;
	tt_buffer_init(&translated, regex->ctx);
	translation work = {.rest = pattern, .drops_space = drops_space, .out = &translated};
	tt_status status = translate(&work);
	if (status == TT_OK && !work.is_broken) {
		status = compile(regex, tt_buffer_view(&translated), options);
	}
	tt_buffer_clear(&translated);
	return status;
}

tt_status tt_regex_new(tt_ctx *ctx, tt_view pattern, tt_view flags, tt_regex **out_regex)
{
	*out_regex = NULL;
	tt_regex *const regex = tt_calloc(ctx, 1, sizeof *regex);
	if (!regex) {
		return ctx->error.status;
	}
	regex->ctx = ctx;
	tt_buffer_init(&regex->pattern, ctx);
	tt_buffer_init(&regex->flags, ctx);
	const tt_status status = make(regex, pattern, flags);
	if (status != TT_OK) {
		tt_regex_free(regex);
		return status;
	}
	*out_regex = regex;
	return TT_OK;
}

void tt_regex_free(tt_regex *regex)
{
	if (!regex) {
		return;
	}
	pcre2_match_data_free(regex->match);
	pcre2_match_context_free(regex->match_context);
	pcre2_code_free(regex->code);
	pcre2_general_context_free(regex->general);
	tt_buffer_clear(&regex->pattern);
	tt_buffer_clear(&regex->flags);
	tt_free(regex->ctx, regex);
}

bool tt_regex_is_made_of(const tt_regex *regex, tt_view pattern, tt_view flags)
{
	return tt_view_equal(tt_buffer_view(&regex->pattern), pattern) &&
	       tt_view_equal(tt_buffer_view(&regex->flags), flags);
}

bool tt_regex_is_quoted(const tt_regex *regex)
{
	return regex->is_quoted;
}

size_t tt_regex_n_groups(const tt_regex *regex)
{
	return regex->n_groups;
}

/* ---- matching --------------------------------------------------------------------------------- */

static void find_literal(tt_regex *regex, tt_view subject, size_t start, tt_regex_answer *out_answer)
{
	const tt_view rest = tt_view_skip(subject, start);
	const char *const found = memmem(rest.data, rest.size, regex->pattern.data ? regex->pattern.data : "",
	                                 regex->pattern.size);
	*out_answer = found ? TT_REGEX_YES : TT_REGEX_NO;
	regex->literal_start = found ? (size_t)(found - subject.data) : 0;
}

/* The beginning of the next character behind the end of a slice. */
static size_t next_character(tt_view subject, size_t position)
{
	position++;
	while (position < subject.size && ((unsigned char)subject.data[position] & 0xC0) == 0x80) {
		position++;
	}
	return position;
}

/* One slice; the answer is NO also if a match begins behind it. */
static tt_status find_in_slice(tt_regex *regex, tt_view subject, size_t start, size_t end, bool is_checked,
                               tt_regex_answer *out_answer)
{
	(void)pcre2_set_offset_limit(regex->match_context, end);
	const int n = pcre2_match(regex->code, (PCRE2_SPTR)subject.data, subject.size, start,
	                          is_checked ? PCRE2_NO_UTF_CHECK : 0, regex->match, regex->match_context);
	*out_answer = n > 0 ? TT_REGEX_YES : n == PCRE2_ERROR_NOMATCH ? TT_REGEX_NO : TT_REGEX_ERROR;
	if (n == PCRE2_ERROR_NOMEMORY) {
		return out_of_memory(regex);
	}
	return tt_ctx_poll(regex->ctx);
}

tt_status tt_regex_find(tt_regex *regex, tt_view subject, size_t start, tt_regex_answer *out_answer)
{
	*out_answer = TT_REGEX_ERROR;
	if (!regex->is_valid) {
		return TT_OK;
	}
	if (!subject.data) {
		subject.data = "";
	}
	if (regex->is_literal) {
		find_literal(regex, subject, start, out_answer);
		return TT_OK;
	}
	/* PCRE2 checks all of the subject when it is asked to start at 0. */
	bool is_checked = start > 0;
	size_t slice = FIRST_SLICE;
	for (;;) {
		const size_t end = subject.size - start > slice ? start + slice : subject.size;
		const int64_t begun = end < subject.size ? tt_now_ns() : 0;
		TT_TRY(find_in_slice(regex, subject, start, end, is_checked, out_answer));
		if (*out_answer != TT_REGEX_NO || end == subject.size) {
			return TT_OK;
		}
		if (tt_now_ns() - begun > LONG_SLICE_NS) {
			slice = slice / 4 + 1;
		} else if (slice < LONGEST_SLICE) {
			slice *= 2;
		}
		is_checked = true;
		start = next_character(subject, end);
	}
}

tt_view tt_regex_group(const tt_regex *regex, tt_view subject, size_t group)
{
	if (regex->is_literal) {
		return group == 0 ? (tt_view){subject.data + regex->literal_start, regex->pattern.size} : (tt_view){NULL, 0};
	}
	if (group > regex->n_groups) {
		return (tt_view){NULL, 0};
	}
	const size_t *const offsets = pcre2_get_ovector_pointer(regex->match);
	const size_t begin = offsets[2 * group];
	const size_t end = offsets[2 * group + 1];
	if (begin == PCRE2_UNSET || end < begin || end > subject.size) {
		return (tt_view){NULL, 0};
	}
	return (tt_view){subject.data + begin, end - begin};
}
