/* cite.c - works as footnotes and as BibTeX.
 *
 * BibTeX: only what is known is written. What means something to LaTeX is escaped, other characters stay as they are
 * (UTF-8: biber, or BibTeX with a recent LaTeX). The key of an entry is made of the first author's family name, the
 * year and the first long word of the title, so that it stays the same when other works come and go; works that would
 * have the same key get letters. */
#include "evidence/evidence.h"

#include "result/cell.h"

#include <stdlib.h>

#include <uninorm.h>

/* ---- footnotes ---------------------------------------------------------------------------------- */

static tt_status add_names(const tt_creator *names, size_t n, tt_buffer *out)
{
	for (size_t i = 0; i < n; ++i) {
		TT_TRY(i ? tt_buffer_append(out, i + 1 == n ? TT_VIEW(" and ") : TT_VIEW("; ")) : TT_OK);
		TT_TRY(tt_cell_write_text(out, names[i].name));
	}
	return TT_OK;
}

/* Append a text with something before and behind it, if there is any. */
static tt_status add_field(const char *before, tt_view text, const char *behind, tt_buffer *out)
{
	if (!text.size) {
		return TT_OK;
	}
	TT_TRY(tt_buffer_append(out, tt_view_of(before)));
	TT_TRY(tt_cell_write_text(out, text));
	return tt_buffer_append(out, tt_view_of(behind));
}

/* ". " between sentences, but not behind a full stop. */
static tt_status end_sentence(tt_buffer *out, size_t begin)
{
	if (out->size == begin) {
		return TT_OK;
	}
	const char last = out->data[out->size - 1];
	return tt_buffer_append(out, last == '.' || last == '?' || last == '!' ? TT_VIEW(" ") : TT_VIEW(". "));
}

static tt_status add_address(const tt_work *work, tt_buffer *out)
{
	if (work->doi.size) {
		return add_field("https://doi.org/", work->doi, "", out);
	}
	return add_field("", work->url, "", out);
}

/* Container 8(3), 422-439. Publisher, 2023. */
static tt_status add_imprint(const tt_work *work, size_t begin, tt_buffer *out)
{
	if (work->container.size) {
		TT_TRY(add_field(work->kind == TT_WORK_CHAPTER || work->kind == TT_WORK_PAPER ? "In: " : "", work->container,
		                 "", out));
		TT_TRY(add_field(" ", work->volume, "", out));
		TT_TRY(work->volume.size ? add_field("(", work->issue, ")", out) : add_field(", no. ", work->issue, "", out));
		TT_TRY(add_field(", ", work->pages, "", out));
		TT_TRY(end_sentence(out, begin));
	} else if (work->pages.size) {
		TT_TRY(add_field("", work->pages, "", out));
		TT_TRY(end_sentence(out, begin));
	}
	TT_TRY(add_field("", work->publisher, "", out));
	TT_TRY(work->publisher.size && work->year.size ? tt_buffer_append(out, TT_VIEW(", ")) : TT_OK);
	TT_TRY(add_field("", work->date.size && !work->publisher.size ? work->date : work->year, "", out));
	return work->publisher.size || work->year.size ? end_sentence(out, begin) : TT_OK;
}

tt_status tt_cite_footnote(const tt_cited *cited, tt_buffer *out)
{
	const tt_work *const work = &cited->work;
	const size_t begin = out->size;
	if (work->node.kind == TT_TERM_LITERAL) { /* cited in words */
		return tt_cell_write_text(out, work->title);
	}
	TT_TRY(add_names(work->authors, work->n_authors, out));
	TT_TRY(end_sentence(out, begin));
	TT_TRY(add_field("", work->title.size ? work->title : work->label, "", out));
	if (work->title.size || work->label.size) {
		TT_TRY(end_sentence(out, begin));
	}
	TT_TRY(add_imprint(work, begin, out));
	TT_TRY(add_address(work, out));
	while (out->size > begin && out->data[out->size - 1] == ' ') {
		out->size--;
	}
	if (out->size == begin) { /* a blank node of which nothing is told */
		TT_TRY(add_field("_:", work->node.text, "", out));
	}
	return add_field(cited->is_source ? " [" : " [p. ", tt_buffer_view(&cited->places), "]", out);
}

static tt_status write_footnotes(const tt_why *why, tt_output *output)
{
	for (size_t i = 0; i < why->n_cited; ++i) {
		TT_TRY(tt_buffer_printf(&output->buffer, "[%zu] ", i + 1));
		TT_TRY(tt_cite_footnote(&why->cited[i], &output->buffer));
		TT_TRY(tt_buffer_append_char(&output->buffer, '\n'));
		TT_TRY(tt_output_check(output));
	}
	return TT_OK;
}

/* ---- LaTeX -------------------------------------------------------------------------------------- */

static const char *const latex[256] = {['\\'] = "\\textbackslash{}",
                                       ['{'] = "\\textbraceleft{}",
                                       ['}'] = "\\textbraceright{}",
                                       ['~'] = "\\textasciitilde{}",
                                       ['^'] = "\\textasciicircum{}",
                                       ['&'] = "\\&",
                                       ['%'] = "\\%",
                                       ['$'] = "\\$",
                                       ['#'] = "\\#",
                                       ['_'] = "\\_"};

static tt_status write_latex(tt_buffer *out, tt_view text)
{
	for (size_t i = 0; i < text.size; ++i) {
		const unsigned char c = (unsigned char)text.data[i];
		if (latex[c]) {
			TT_TRY(tt_buffer_append(out, tt_view_of(latex[c])));
		} else {
			TT_TRY(tt_buffer_append_char(out, c < ' ' || c == 0x7F ? ' ' : (char)c));
		}
	}
	return TT_OK;
}

/* Addresses stand as they are, but for what would end the field. */
static tt_status write_verbatim(tt_buffer *out, tt_view text)
{
	for (size_t i = 0; i < text.size; ++i) {
		const unsigned char c = (unsigned char)text.data[i];
		const bool is_plain = c > ' ' && c != '{' && c != '}' && c != '\\' && c != 0x7F;
		TT_TRY(is_plain ? tt_buffer_append_char(out, (char)c) : tt_buffer_printf(out, "%%%02X", c));
	}
	return TT_OK;
}

/* ---- BibTeX ------------------------------------------------------------------------------------- */

typedef struct entry_kind {
	const char *type;
	const char *container; /* the field for what contains it */
	const char *publisher;
} entry_kind;

static const entry_kind entry_kinds[] = {
    [TT_WORK_OTHER] = {"misc", "howpublished", "publisher"},
    [TT_WORK_ARTICLE] = {"article", "journal", "publisher"},
    [TT_WORK_BOOK] = {"book", "series", "publisher"},
    [TT_WORK_CHAPTER] = {"incollection", "booktitle", "publisher"},
    [TT_WORK_PAPER] = {"inproceedings", "booktitle", "publisher"},
    [TT_WORK_THESIS] = {"phdthesis", "note", "school"},
    [TT_WORK_REPORT] = {"techreport", "note", "institution"},
    [TT_WORK_PAGE] = {"online", "note", "organization"},
    [TT_WORK_DATASET] = {"misc", "howpublished", "publisher"},
};

static tt_status write_field(tt_buffer *out, const char *name, tt_view text)
{
	if (!text.size) {
		return TT_OK;
	}
	TT_TRY(tt_buffer_printf(out, ",\n  %s = {", name));
	TT_TRY(write_latex(out, text));
	return tt_buffer_append_char(out, '}');
}

static tt_status write_address(tt_buffer *out, const char *name, tt_view text)
{
	if (!text.size) {
		return TT_OK;
	}
	TT_TRY(tt_buffer_printf(out, ",\n  %s = {", name));
	TT_TRY(write_verbatim(out, text));
	return tt_buffer_append_char(out, '}');
}

/* Whether BibTeX would take a name apart that is one: it has " and " in it, or too many commas. */
static bool needs_braces(const tt_creator *creator)
{
	size_t n_commas = 0;
	bool has_and = false;
	for (size_t i = 0; i < creator->name.size; ++i) {
		n_commas += creator->name.data[i] == ',';
		has_and = has_and || (i + 5 <= creator->name.size &&
		                      tt_view_equal_nocase((tt_view){creator->name.data + i, 5}, TT_VIEW(" and ")));
	}
	return creator->is_body || has_and || n_commas > 2;
}

static tt_status write_names(tt_buffer *out, const char *field, const tt_creator *names, size_t n)
{
	if (!n) {
		return TT_OK;
	}
	TT_TRY(tt_buffer_printf(out, ",\n  %s = {", field));
	for (size_t i = 0; i < n; ++i) {
		const bool is_braced = needs_braces(&names[i]);
		TT_TRY(i ? tt_buffer_append(out, TT_VIEW(" and ")) : TT_OK);
		TT_TRY(is_braced ? tt_buffer_append_char(out, '{') : TT_OK);
		TT_TRY(write_latex(out, names[i].name));
		TT_TRY(is_braced ? tt_buffer_append_char(out, '}') : TT_OK);
	}
	return tt_buffer_append_char(out, '}');
}

/* "422-439" as BibTeX has it: 422--439. */
static tt_status write_pages(tt_buffer *out, tt_view pages)
{
	if (!pages.size) {
		return TT_OK;
	}
	TT_TRY(tt_buffer_append(out, TT_VIEW(",\n  pages = {")));
	for (size_t i = 0; i < pages.size; ++i) {
		const bool is_dash = pages.data[i] == '-' && (i == 0 || pages.data[i - 1] != '-') &&
		                     (i + 1 == pages.size || pages.data[i + 1] != '-');
		TT_TRY(is_dash ? tt_buffer_append(out, TT_VIEW("--")) : write_latex(out, (tt_view){pages.data + i, 1}));
	}
	return tt_buffer_append_char(out, '}');
}

/* ---- keys --------------------------------------------------------------------------------------- */

static bool is_key_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Append letters and digits of a text, small, without accents; up to @p n_most, the first word only.
 * @return How many. */
static tt_status add_key_word(tt_buffer *out, tt_view word, size_t n_most, size_t *out_n)
{
	size_t n_plain = 0;
	*out_n = 0;
	uint8_t *const plain = u8_normalize(UNINORM_NFKD, (const uint8_t *)word.data, word.size, NULL, &n_plain);
	tt_status status = plain || !word.size ? TT_OK : tt_fail(out->ctx, TT_NO_MEMORY, "out of memory");
	for (size_t i = 0; i < n_plain && *out_n < n_most && status == TT_OK; ++i) {
		const char c = (char)(plain[i] >= 'A' && plain[i] <= 'Z' ? plain[i] - 'A' + 'a' : plain[i]);
		if (is_key_char(c)) {
			status = tt_buffer_append_char(out, c);
			++*out_n;
		}
	}
	free(plain);
	return status;
}

static tt_view next_word(tt_view *rest)
{
	while (rest->size && (rest->data[0] == ' ' || rest->data[0] == ',')) {
		*rest = tt_view_skip(*rest, 1);
	}
	tt_view word = {rest->data, 0};
	while (word.size < rest->size && word.data[word.size] != ' ' && word.data[word.size] != ',') {
		++word.size;
	}
	*rest = tt_view_skip(*rest, word.size);
	return word;
}

/* The family name: before a comma; else the last word; all of a body. */
static tt_view family_name(const tt_creator *creator)
{
	const char *const comma = creator->name.size ? memchr(creator->name.data, ',', creator->name.size) : NULL;
	if (creator->is_body || comma) {
		return (tt_view){creator->name.data, comma ? (size_t)(comma - creator->name.data) : creator->name.size};
	}
	tt_view rest = creator->name;
	tt_view last = {NULL, 0};
	while (rest.size) {
		const tt_view word = next_word(&rest);
		last = word.size ? word : last;
	}
	return last;
}

/* The last part of an IRI or what a text begins with. */
static tt_view local_name(const tt_work *work)
{
	tt_view name = work->node.text;
	while (name.size && strchr("/#:", name.data[name.size - 1])) {
		--name.size;
	}
	for (size_t i = name.size; i-- > 0;) {
		if (strchr("/#:", name.data[i])) {
			return tt_view_skip(name, i + 1);
		}
	}
	return name;
}

static tt_status make_key(const tt_work *work, tt_buffer *out)
{
	enum { LONG_WORD = 4, MOST = 24 };
	size_t n = 0;
	tt_buffer_reset(out);
	if (work->n_authors) {
		TT_TRY(add_key_word(out, family_name(&work->authors[0]), MOST, &n));
	}
	TT_TRY(tt_buffer_append(out, work->year));
	tt_view rest = work->title;
	n = 0;
	while (rest.size && n < LONG_WORD) {
		const size_t n_before = out->size;
		TT_TRY(add_key_word(out, next_word(&rest), MOST, &n));
		out->size = n < LONG_WORD ? n_before : out->size;
	}
	if (!out->size) {
		TT_TRY(add_key_word(out, local_name(work), MOST, &n));
	}
	return out->size ? TT_OK : tt_buffer_append(out, TT_VIEW("work"));
}

/** The keys that were given. */
typedef struct key_list {
	tt_arena *arena;
	tt_view *items;
	size_t n_items, capacity;
} key_list;

static bool has_key(const key_list *keys, tt_view key)
{
	for (size_t i = 0; i < keys->n_items; ++i) {
		if (tt_view_equal(keys->items[i], key)) {
			return true;
		}
	}
	return false;
}

/* A second work with the same key gets b, the third c … */
static tt_status make_unique(key_list *keys, tt_buffer *key)
{
	const size_t n = key->size;
	for (unsigned i = 1; has_key(keys, tt_buffer_view(key)); ++i) {
		key->size = n;
		TT_TRY(i < 26 ? tt_buffer_append_char(key, (char)('a' + i)) : tt_buffer_printf(key, "-%u", i));
	}
	TT_TRY(tt_arena_grow(keys->arena, (void **)&keys->items, &keys->capacity, keys->n_items, sizeof *keys->items));
	tt_view *const kept = &keys->items[keys->n_items];
	*kept = (tt_view){tt_arena_strndup(keys->arena, key->data, key->size), key->size};
	++keys->n_items;
	return kept->data ? TT_OK : keys->arena->ctx->error.status;
}

static tt_status write_entry(const tt_cited *cited, tt_view key, tt_buffer *out)
{
	const tt_work *const work = &cited->work;
	const entry_kind *const kind = &entry_kinds[work->kind];
	const tt_view title = work->title.size ? work->title : work->label.size ? work->label : work->node.text;
	TT_TRY(tt_buffer_printf(out, "@%s{%.*s", kind->type, TT_VIEW_ARG(key)));
	TT_TRY(write_names(out, "author", work->authors, work->n_authors));
	TT_TRY(write_names(out, "editor", work->editors, work->n_editors));
	TT_TRY(write_field(out, "title", title));
	TT_TRY(write_field(out, kind->container, work->container));
	TT_TRY(write_field(out, "volume", work->volume));
	TT_TRY(write_field(out, "number", work->issue));
	TT_TRY(write_pages(out, work->pages));
	TT_TRY(write_field(out, kind->publisher, work->publisher));
	TT_TRY(write_field(out, "year", work->year));
	TT_TRY(work->kind == TT_WORK_PAGE ? write_field(out, "date", work->date) : TT_OK);
	TT_TRY(write_address(out, "doi", work->doi));
	TT_TRY(write_address(out, "url", work->url));
	TT_TRY(write_field(out, "isbn", work->isbn));
	TT_TRY(write_field(out, "issn", work->issn));
	return tt_buffer_append(out, TT_VIEW("\n}\n"));
}

static tt_status write_bibtex(tt_why *why, tt_output *output)
{
	key_list keys = {.arena = &why->arena};
	tt_buffer key;
	tt_buffer_init(&key, &why->ctx);
	tt_status status = TT_OK;
	for (size_t i = 0; i < why->n_cited; ++i) {
		TT_TRY_DONE(make_key(&why->cited[i].work, &key));
		TT_TRY_DONE(make_unique(&keys, &key));
		TT_TRY_DONE(i ? tt_buffer_append_char(&output->buffer, '\n') : TT_OK);
		TT_TRY_DONE(write_entry(&why->cited[i], tt_buffer_view(&key), &output->buffer));
		TT_TRY_DONE(tt_output_check(output));
	}
done:
	tt_buffer_clear(&key);
	return status;
}

/* ---- from outside ------------------------------------------------------------------------------- */

tt_citation_style tt_citation_style_named(const char *name)
{
	static const char *const names[] = {[TT_CITE_FOOTNOTES] = "footnotes", [TT_CITE_BIBTEX] = "bibtex"};
	for (unsigned i = TT_CITE_FOOTNOTES; name && i <= TT_CITE_BIBTEX; ++i) {
		if (tt_view_equal_nocase(tt_view_of(names[i]), tt_view_of(name))) {
			return (tt_citation_style)i;
		}
	}
	return TT_CITE_NONE;
}

tt_status tt_why_cite(tt_why *why, tt_citation_style style, int fd)
{
	tt_output output;
	tt_output_init(&output, &why->ctx, fd);
	tt_status status = style == TT_CITE_BIBTEX ? write_bibtex(why, &output) : write_footnotes(why, &output);
	status = status ? status : tt_output_flush(&output);
	tt_output_clear(&output);
	return status == TT_OK ? TT_OK : tt_db_failed(why->db, &why->ctx);
}
