/* text.c - what terms are called in a comparison, and what is told of values that have facts of their own. */
#include "compare/compare.h"

#include "rdf/number.h"
#include "result/cell.h"

#include <stdlib.h>

/* Keep what was written, if that went well. */
static tt_status finish(tt_compare *compare, tt_status status, tt_buffer *text, tt_view *out)
{
	if (status == TT_OK) {
		const char *const copy = tt_arena_strndup(&compare->arena, text->data ? text->data : "", text->size);
		*out = (tt_view){copy, text->size};
		status = copy ? TT_OK : compare->ctx.error.status;
	}
	tt_buffer_clear(text);
	return status;
}

bool tt_compare_is_utf8(const tt_compare *compare)
{
	return compare->options->is_utf8 || compare->options->format != TT_COMPARE_TABLE;
}

/* ---- names ----------------------------------------------------------------------------------------------------------
 */

static tt_status write_term(tt_compare *compare, tt_id id, bool with_tag, tt_buffer *out)
{
	const tt_result_style style = {.prefixes = compare->prefixes, .is_short = true, .is_utf8 = true};
	tt_scratch scratch;
	tt_term term;
	tt_cell_look look;
	TT_TRY(tt_terms_get(&compare->terms, id, &scratch, &term));
	TT_TRY(tt_cell_write(out, &term, &style, &look));
	out->size -= with_tag ? 0 : look.n_tag_bytes;
	return TT_OK;
}

static bool is_resource(tt_id id)
{
	const tt_kind kind = tt_id_kind(id);
	return kind == TT_KIND_IRI || kind == TT_KIND_BLANK || kind == TT_KIND_BLANK_LABELLED;
}

static tt_status write_name(tt_compare *compare, tt_id id, tt_buffer *out)
{
	tt_view label = {NULL, 0};
	TT_TRY(is_resource(id) ? tt_labels_find(&compare->labels, id, &label, NULL) : TT_OK);
	return label.size ? tt_cell_write_text(out, label) : write_term(compare, id, false, out);
}

tt_status tt_compare_name(tt_compare *compare, tt_id id, tt_view *out)
{
	tt_buffer text;
	tt_buffer_init(&text, &compare->ctx);
	return finish(compare, write_name(compare, id, &text), &text, out);
}

tt_status tt_compare_full_name(tt_compare *compare, tt_id id, tt_view *out)
{
	tt_buffer text;
	tt_view label = {NULL, 0};
	tt_buffer_init(&text, &compare->ctx);
	tt_status status = is_resource(id) ? tt_labels_find(&compare->labels, id, &label, NULL) : TT_OK;
	if (status == TT_OK && label.size) { /* two of one label: their IRIs differ */
		status = tt_cell_write_text(&text, label);
		status = status ? status : tt_buffer_append_char(&text, ' ');
	}
	status = status ? status : write_term(compare, id, true, &text);
	return finish(compare, status, &text, out);
}

tt_status tt_compare_short_iri(tt_compare *compare, tt_id id, tt_view *out)
{
	tt_buffer text;
	tt_buffer_init(&text, &compare->ctx);
	return finish(compare, write_term(compare, id, true, &text), &text, out);
}

/* ---- properties -----------------------------------------------------------------------------------------------------
 */

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* "subOrganizationOf" as "sub organization of"; acronyms stay. */
static tt_status write_words(tt_view local, tt_buffer *out)
{
	for (size_t i = 0; i < local.size; ++i) {
		const char c = local.data[i];
		const bool begins_word = i > 0 && is_upper(c) && !is_upper(local.data[i - 1]);
		const bool is_acronym = i + 1 == local.size || is_upper(local.data[i + 1]);
		TT_TRY(begins_word && local.data[i - 1] != '_' ? tt_buffer_append_char(out, ' ') : TT_OK);
		TT_TRY(tt_buffer_append_char(out, (char)(c == '_' ? ' ' : begins_word && !is_acronym ? c | 0x20 : c)));
	}
	return TT_OK;
}

static tt_view local_name(tt_view iri)
{
	size_t at = iri.size;
	while (at > 0 && !strchr("/#:", iri.data[at - 1])) {
		--at;
	}
	return tt_view_skip(iri, at);
}

static tt_status write_property(tt_compare *compare, tt_id property, tt_buffer *out)
{
	tt_view label;
	tt_scratch scratch;
	tt_term term;
	TT_TRY(tt_labels_find(&compare->labels, property, &label, NULL));
	if (label.size) {
		return tt_cell_write_text(out, label);
	}
	TT_TRY(tt_terms_get(&compare->terms, property, &scratch, &term));
	const tt_view local = local_name(term.text);
	tt_buffer words;
	tt_buffer_init(&words, &compare->ctx);
	tt_status status = local.size ? write_words(local, &words) : write_term(compare, property, false, out);
	status = status ? status : tt_cell_write_text(out, tt_buffer_view(&words));
	tt_buffer_clear(&words);
	return status;
}

tt_status tt_compare_property_name(tt_compare *compare, tt_id property, tt_view *out)
{
	tt_buffer text;
	tt_buffer_init(&text, &compare->ctx);
	return finish(compare, write_property(compare, property, &text), &text, out);
}

/* The property that the data declare as the inverse of another. */
static tt_status find_inverse(tt_compare *compare, tt_id property, tt_id *out_inverse)
{
	const tt_term term = tt_term_iri(TT_VIEW("http://www.w3.org/2002/07/owl#inverseOf"));
	tt_id relation = TT_UNBOUND;
	tt_id_list found = {.ids = NULL};
	TT_TRY(tt_snapshot_find(compare->snapshot, &term, &relation));
	for (size_t i = 0; i < 2 && relation && !found.n_ids; ++i) {
		TT_TRY(tt_compare_values_of(compare, property, relation, i == 1, 1, &found, NULL));
	}
	*out_inverse = found.n_ids && tt_id_kind(found.ids[0]) == TT_KIND_IRI ? found.ids[0] : TT_UNBOUND;
	return TT_OK;
}

tt_status tt_compare_row_name(tt_compare *compare, const tt_compare_row *row, tt_view *out)
{
	tt_id inverse = TT_UNBOUND;
	tt_buffer text;
	tt_buffer_init(&text, &compare->ctx);
	tt_status status = row->is_inverse ? find_inverse(compare, row->property, &inverse) : TT_OK;
	if (status == TT_OK && row->is_inverse && !inverse) {
		status = tt_buffer_append(&text, tt_compare_is_utf8(compare) ? TT_VIEW("← ") : TT_VIEW("<- "));
	}
	status = status ? status : write_property(compare, inverse ? inverse : row->property, &text);
	return finish(compare, status, &text, out);
}

/* ---- structured values ------------------------------------------------------------------------------ */

/** In the order in which they are told. */
typedef enum detail_kind { DATE, NUMBER, RESOURCE, TEXT } detail_kind;

typedef struct detail {
	tt_id property;
	detail_kind kind;
	double rarity;
	tt_id_list values;
} detail;

enum { MOST_GATHERED = 24, MOST_VALUES = 3, MOST_TEXT = 60 };

/** What is being told, and of what it is a part. */
typedef struct telling {
	tt_id node;
	tt_id thing;
	unsigned depth;
	const struct telling *above;
	detail details[MOST_GATHERED];
	size_t n_details;
} telling;

/* What is told already: the node itself, what it is a part of, the thing whose value it is; or all things. */
static bool is_above(const tt_compare *compare, const telling *t, tt_id id)
{
	for (size_t i = 0; i < compare->n_things && !t->thing; ++i) {
		if (compare->things[i] == id) {
			return true;
		}
	}
	for (; t; t = t->above) {
		if (t->node == id || t->thing == id) {
			return true;
		}
	}
	return false;
}

static tt_status kind_of(tt_compare *compare, tt_id id, detail_kind *out)
{
	bool is_date = false;
	if (is_resource(id)) {
		*out = RESOURCE;
		return TT_OK;
	}
	TT_TRY(tt_compare_is_date(compare, id, &is_date));
	tt_scratch scratch;
	tt_term term;
	tt_vocab datatype;
	TT_TRY(tt_terms_get(&compare->terms, id, &scratch, &term));
	*out = is_date ? DATE : tt_number_find_datatype(term.datatype, &datatype) ? NUMBER : TEXT;
	return TT_OK;
}

static tt_status add_detail(tt_compare *compare, void *user, tt_id property, uint64_t n_quads)
{
	(void)n_quads;
	telling *const t = user;
	bool is_worth = false;
	TT_TRY(tt_compare_is_detail(compare, property, &is_worth));
	if (!is_worth || t->n_details == MOST_GATHERED) {
		return TT_OK;
	}
	detail found = {.property = property};
	tt_id_list values = {.ids = NULL};
	TT_TRY(tt_compare_values_of(compare, t->node, property, false, TT_COMPARE_MOST_CLOSURE, &values, NULL));
	for (size_t i = 0; i < values.n_ids; ++i) {
		TT_TRY(is_above(compare, t, values.ids[i]) ? TT_OK
		                                           : tt_id_list_add(&compare->arena, &found.values, values.ids[i]));
	}
	if (!found.values.n_ids) {
		return TT_OK;
	}
	TT_TRY(kind_of(compare, found.values.ids[0], &found.kind));
	TT_TRY(tt_compare_rarity(compare, property, false, &found.rarity));
	t->details[t->n_details++] = found;
	return TT_OK;
}

static int compare_details(const void *a, const void *b)
{
	const detail *const x = a;
	const detail *const y = b;
	if (x->kind != y->kind) {
		return x->kind < y->kind ? -1 : 1;
	}
	if (x->rarity != y->rarity) {
		return x->rarity > y->rarity ? -1 : 1;
	}
	return (x->property > y->property) - (x->property < y->property);
}

static tt_status write_described(tt_compare *compare, tt_id id, tt_id thing, unsigned depth, const telling *above,
                                 tt_buffer *out);

/* A number that only repeats the year of a date before it. */
static tt_status is_repeated(tt_compare *compare, const telling *t, const detail *number, bool *out)
{
	tt_view text;
	*out = false;
	TT_TRY(tt_compare_name(compare, number->values.ids[0], &text));
	for (size_t i = 0; i < t->n_details && t->details[i].kind == DATE && !*out; ++i) {
		tt_view date;
		TT_TRY(tt_compare_name(compare, t->details[i].values.ids[0], &date));
		*out = tt_view_starts(date, text);
	}
	return TT_OK;
}

static tt_status write_detail(tt_compare *compare, const telling *t, const detail *told, tt_buffer *out)
{
	const bool is_named = told->kind == NUMBER || told->kind == TEXT || tt_id_kind(t->node) != TT_KIND_IRI;
	if (is_named) {
		TT_TRY(write_property(compare, told->property, out));
		TT_TRY(tt_buffer_append_char(out, ' '));
	}
	const size_t most = compare->options->is_all ? told->values.n_ids : MOST_VALUES;
	for (size_t i = 0; i < told->values.n_ids && i < most; ++i) {
		TT_TRY(i ? tt_buffer_append(out, TT_VIEW(", ")) : TT_OK);
		TT_TRY(write_described(compare, told->values.ids[i], t->thing, t->depth - 1, t, out));
	}
	return told->values.n_ids > most ? tt_buffer_printf(out, ", +%zu", told->values.n_ids - most) : TT_OK;
}

static tt_status write_details(tt_compare *compare, telling *t, tt_buffer *out)
{
	const size_t most = compare->options->is_all ? MOST_GATHERED : TT_COMPARE_MOST_DETAILS;
	size_t n_told = 0;
	for (size_t i = 0; i < t->n_details && n_told < most; ++i) {
		bool is_known = false;
		TT_TRY(t->details[i].kind == NUMBER ? is_repeated(compare, t, &t->details[i], &is_known) : TT_OK);
		if (!is_known) {
			TT_TRY(n_told++ ? tt_buffer_append(out, TT_VIEW("; ")) : TT_OK);
			TT_TRY(write_detail(compare, t, &t->details[i], out));
		}
	}
	return TT_OK;
}

static tt_status write_described(tt_compare *compare, tt_id id, tt_id thing, unsigned depth, const telling *above,
                                 tt_buffer *out)
{
	const bool is_blank = is_resource(id) && tt_id_kind(id) != TT_KIND_IRI;
	tt_view label = {NULL, 0};
	TT_TRY(is_resource(id) ? tt_labels_find(&compare->labels, id, &label, NULL) : TT_OK);
	const bool is_anonymous = is_blank && !label.size;
	TT_TRY(is_anonymous ? TT_OK : write_name(compare, id, out));
	if (!is_resource(id) || (!depth && !is_anonymous)) {
		return TT_OK;
	}
	telling *const t = TT_ARENA_NEW(&compare->arena, telling);
	if (!t) {
		return compare->ctx.error.status;
	}
	*t = (telling){.node = id, .thing = thing, .depth = depth, .above = above};
	TT_TRY(depth ? tt_compare_each_property(compare, id, false, add_detail, t) : TT_OK);
	if (t->n_details) {
		qsort(t->details, t->n_details, sizeof *t->details, compare_details);
	}
	const bool is_told = is_blank || depth > 1 || (t->n_details && t->details[0].kind == DATE);
	if (is_anonymous && !t->n_details) {
		return write_term(compare, id, false, out);
	}
	if (!t->n_details || !is_told) {
		return TT_OK;
	}
	TT_TRY(tt_buffer_append(out, is_anonymous ? TT_VIEW("[") : TT_VIEW(" (")));
	TT_TRY(write_details(compare, t, out));
	return tt_buffer_append_char(out, is_anonymous ? ']' : ')');
}

unsigned tt_compare_depth(const tt_compare *compare)
{
	const tt_compare_options *const options = compare->options;
	return options->is_flat ? 0 : options->depth ? options->depth : 1;
}

tt_status tt_compare_describe(tt_compare *compare, tt_id id, tt_id thing, unsigned depth, tt_view *out)
{
	tt_buffer text;
	tt_buffer_init(&text, &compare->ctx);
	const unsigned bounded = depth < TT_COMPARE_MOST_DEPTH ? depth : TT_COMPARE_MOST_DEPTH;
	const tt_status status = write_described(compare, id, thing, bounded, NULL, &text);
	return finish(compare, status, &text, out);
}

tt_status tt_compare_date_of(tt_compare *compare, tt_id id, tt_view *out)
{
	*out = (tt_view){NULL, 0};
	if (!is_resource(id)) {
		return TT_OK;
	}
	telling *const t = TT_ARENA_NEW(&compare->arena, telling);
	if (!t) {
		return compare->ctx.error.status;
	}
	t->node = id;
	TT_TRY(tt_compare_each_property(compare, id, false, add_detail, t));
	for (size_t i = 0; i < t->n_details; ++i) {
		tt_view date;
		if (t->details[i].kind == DATE) {
			TT_TRY(tt_compare_name(compare, t->details[i].values.ids[0], &date));
			*out = !out->size || tt_view_compare(date, *out) < 0 ? date : *out;
		}
	}
	return TT_OK;
}
