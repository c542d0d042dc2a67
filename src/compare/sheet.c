/* sheet.c - from the matrix to what is shown of it: which rows, in which sections, which of many values. */
#include "compare/sheet.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	MOST_ITEMS = 12,  /* of a cell, unless all are wanted */
	MOST_NAMED = 200, /* values whose names are looked up to choose among */
	MOST_TOLD_APART = 200
};

/* ---- building --------------------------------------------------------------------------------------- */

tt_status tt_sheet_print(tt_compare *compare, tt_view *out, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	char *text = NULL;
	const int n = vasprintf(&text, format, arguments);
	va_end(arguments);
	if (n < 0) {
		return tt_fail(&compare->ctx, TT_NO_MEMORY, "out of memory");
	}
	const char *const copy = tt_arena_strndup(&compare->arena, text, (size_t)n);
	free(text);
	*out = (tt_view){copy, (size_t)n};
	return copy ? TT_OK : compare->ctx.error.status;
}

tt_status tt_sheet_things(tt_compare *compare, const tt_sheet *sheet, unsigned things, tt_view *out)
{
	*out = (tt_view){"", 0};
	for (size_t i = 0; i < compare->n_things; ++i) {
		if (things & 1u << i) {
			TT_TRY(tt_sheet_print(compare, out, "%.*s%s%.*s", TT_VIEW_ARG(*out), out->size ? ", " : "",
			                      TT_VIEW_ARG(sheet->names[i])));
		}
	}
	return TT_OK;
}

tt_status tt_sheet_add_section(tt_compare *compare, tt_sheet *sheet, tt_section_kind kind, tt_view title,
                               tt_sheet_section **out)
{
	TT_TRY(tt_arena_grow(&compare->arena, (void **)&sheet->sections, &sheet->capacity, sheet->n_sections,
	                     sizeof *sheet->sections));
	*out = &sheet->sections[sheet->n_sections++];
	**out = (tt_sheet_section){.kind = kind, .title = title};
	return TT_OK;
}

tt_status tt_sheet_add_row(tt_compare *compare, tt_sheet_section *section, tt_view name, bool has_own,
                           tt_sheet_row **out)
{
	TT_TRY(tt_arena_grow(&compare->arena, (void **)&section->rows, &section->capacity, section->n_rows,
	                     sizeof *section->rows));
	*out = &section->rows[section->n_rows++];
	**out = (tt_sheet_row){.name = name};
	section->has_columns = section->has_columns || has_own;
	if (has_own) {
		(*out)->own = tt_arena_alloc(&compare->arena, compare->n_things * sizeof *(*out)->own);
	}
	return !has_own || (*out)->own ? TT_OK : compare->ctx.error.status;
}

tt_status tt_sheet_add_item(tt_compare *compare, tt_sheet_cell *cell, const tt_sheet_item *item)
{
	TT_TRY(tt_arena_grow(&compare->arena, (void **)&cell->items, &cell->capacity, cell->n_items, sizeof *cell->items));
	cell->items[cell->n_items++] = *item;
	return TT_OK;
}

static int compare_items(const void *a, const void *b)
{
	const tt_sheet_item *const x = a;
	const tt_sheet_item *const y = b;
	const int order = tt_view_compare(x->order, y->order);
	if ((x->order.size == 0) != (y->order.size == 0)) {
		return x->order.size ? -1 : 1; /* what has a place before what has none */
	}
	return order ? order : tt_view_compare(x->text, y->text);
}

/* Whether another item of the row says the same of something else. */
static bool is_double(tt_sheet_cell *const *cells, size_t n_cells, const tt_sheet_item *item)
{
	for (size_t c = 0; c < n_cells; ++c) {
		for (size_t i = 0; i < cells[c]->n_items; ++i) {
			const tt_sheet_item *const other = &cells[c]->items[i];
			if (other != item && other->id != item->id && tt_view_equal(other->text, item->text)) {
				return true;
			}
		}
	}
	return false;
}

/* Let items say more if others say the same. */
static tt_status tell_apart(tt_compare *compare, tt_sheet_cell *const *cells, size_t n_cells)
{
	for (size_t c = 0; c < n_cells; ++c) {
		for (size_t i = 0; i < cells[c]->n_items; ++i) {
			cells[c]->items[i].is_double = is_double(cells, n_cells, &cells[c]->items[i]);
		}
	}
	for (size_t c = 0; c < n_cells; ++c) {
		for (size_t i = 0; i < cells[c]->n_items; ++i) {
			tt_sheet_item *const item = &cells[c]->items[i];
			TT_TRY(item->is_double && item->id ? tt_compare_full_name(compare, item->id, &item->text) : TT_OK);
		}
	}
	return TT_OK;
}

tt_status tt_sheet_settle(tt_compare *compare, tt_sheet_row *row)
{
	tt_sheet_cell *cells[TT_COMPARE_MOST_THINGS + 1] = {&row->shared};
	size_t n_cells = 1;
	size_t n_items = row->shared.n_items;
	for (size_t i = 0; row->own && i < compare->n_things; ++i) {
		cells[n_cells++] = &row->own[i];
		n_items += row->own[i].n_items;
	}
	TT_TRY(n_items <= MOST_TOLD_APART ? tell_apart(compare, cells, n_cells) : TT_OK);
	for (size_t c = 0; c < n_cells; ++c) {
		if (cells[c]->n_items) {
			qsort(cells[c]->items, cells[c]->n_items, sizeof *cells[c]->items, compare_items);
		}
		if (!compare->options->is_all && cells[c]->n_items > MOST_ITEMS) {
			cells[c]->n_items = MOST_ITEMS;
		}
	}
	return TT_OK;
}

/* ---- items ------------------------------------------------------------------------------------------ */

/* "second weakness of A: too slow" in a list is "2. too slow". */
static tt_status number_claim(tt_compare *compare, const tt_compare_claim *claim, tt_sheet_item *item)
{
	const char *const colon = memmem(item->text.data, item->text.size, ": ", 2);
	TT_TRY(tt_compare_name(compare, claim->position, &item->order));
	return colon ? tt_sheet_print(compare, &item->text, "%.*s. %.*s", TT_VIEW_ARG(item->order),
	                              (int)(item->text.size - (size_t)(colon + 2 - item->text.data)), colon + 2)
	             : TT_OK;
}

/* Words that are in doubt are marked; in full, with what the editor notes of them. */
static tt_status add_doubt(tt_compare *compare, const tt_compare_claim *claim, tt_sheet_item *item)
{
	tt_id_list levels = {.ids = NULL};
	tt_id_list notes = {.ids = NULL};
	tt_view note;
	TT_TRY(tt_compare_role_values(compare, claim->id, TT_ROLE_EVIDENCE_LEVEL, &levels));
	for (size_t i = 0; i < levels.n_ids; ++i) {
		item->is_doubtful = item->is_doubtful || tt_compare_has_role(compare, TT_ROLE_GARBLED, levels.ids[i]);
	}
	TT_TRY(compare->options->is_all ? tt_compare_role_values(compare, claim->id, TT_ROLE_NOTE, &notes) : TT_OK);
	for (size_t i = 0; i < notes.n_ids; ++i) {
		TT_TRY(tt_compare_name(compare, notes.ids[i], &note));
		TT_TRY(tt_sheet_print(compare, &item->text, "%.*s (%.*s)", TT_VIEW_ARG(item->text), TT_VIEW_ARG(note)));
	}
	return TT_OK;
}

tt_status tt_sheet_claim_item(tt_compare *compare, const tt_compare_claim *claim, tt_sheet_item *out)
{
	tt_compare_evidence evidence = {.graphs = {.ids = NULL}};
	*out = (tt_sheet_item){.id = claim->id, .is_contested = claim->conflicts.n_ids > 0};
	TT_TRY(tt_compare_name(compare, claim->id, &out->text));
	out->whole = out->text;
	TT_TRY(claim->position ? number_claim(compare, claim, out) : TT_OK);
	TT_TRY(add_doubt(compare, claim, out));
	if (compare->options->has_evidence) {
		TT_TRY(tt_compare_claim_evidence(compare, claim, &evidence));
		TT_TRY(tt_compare_marks(compare, &evidence, &out->marks));
	}
	return TT_OK;
}

/* From whom a value is inherited is told. */
static tt_status add_parent(tt_compare *compare, const tt_compare_value *value, tt_sheet_item *item)
{
	tt_view *const texts[] = {&item->text, &item->brief};
	tt_view parent;
	TT_TRY(tt_compare_name(compare, value->via, &parent));
	for (size_t i = 0; i < sizeof texts / sizeof *texts; ++i) {
		if (texts[i]->size) {
			TT_TRY(tt_sheet_print(compare, texts[i], "%.*s (via %.*s)", TT_VIEW_ARG(*texts[i]), TT_VIEW_ARG(parent)));
		}
	}
	return TT_OK;
}

/* What states a value: of one that all things have, for each of them. */
static tt_status add_marks(tt_compare *compare, size_t thing, const tt_compare_row *row, const tt_compare_value *value,
                           tt_sheet_item *item)
{
	const bool is_shared = value->owners == (1u << compare->n_things) - 1;
	tt_compare_evidence evidence = {.graphs = {.ids = NULL}};
	TT_TRY(tt_compare_find_evidence(compare, thing, row, value, &evidence));
	for (size_t other = 0; other < compare->n_things && is_shared; ++other) {
		const tt_compare_cell *const cell = &row->cells[other];
		for (size_t i = 0; i < cell->n_values && other != thing; ++i) {
			if (cell->values[i].same == value->same) {
				TT_TRY(tt_compare_find_evidence(compare, other, row, &cell->values[i], &evidence));
			}
		}
	}
	return tt_compare_marks(compare, &evidence, &item->marks);
}

static tt_status value_item(tt_compare *compare, size_t thing, const tt_compare_row *row, const tt_compare_value *value,
                            tt_sheet_item *out)
{
	const tt_compare_claim *const claim = tt_compare_find_claim(compare, value->id);
	if (claim) {
		TT_TRY(tt_sheet_claim_item(compare, claim, out));
	} else {
		*out = (tt_sheet_item){.id = value->id};
		const bool is_shared = value->owners == (1u << compare->n_things) - 1;
		TT_TRY(tt_compare_describe(compare, value->id, is_shared ? TT_UNBOUND : compare->things[thing],
		                           tt_compare_depth(compare), &out->text));
	}
	TT_TRY(claim ? TT_OK : tt_compare_date_of(compare, value->id, &out->order));
	TT_TRY(claim ? TT_OK : tt_compare_name(compare, value->id, &out->brief));
	if (tt_id_kind(value->id) == TT_KIND_IRI) {
		tt_scratch scratch;
		tt_term term;
		TT_TRY(tt_terms_get(&compare->terms, value->id, &scratch, &term));
		out->iri = term.text;
	}
	TT_TRY(compare->options->has_evidence ? add_marks(compare, thing, row, value, out) : TT_OK);
	return value->via ? add_parent(compare, value, out) : TT_OK;
}

/* Where all languages are shown, which one it is. */
static tt_status add_tag(tt_compare *compare, tt_sheet_item *item)
{
	tt_scratch scratch;
	tt_term term;
	TT_TRY(tt_terms_get(&compare->terms, item->id, &scratch, &term));
	item->brief = term.language.size ? (tt_view){NULL, 0} : item->brief;
	return term.language.size ? tt_compare_full_name(compare, item->id, &item->text) : TT_OK;
}

/* Of texts in several languages those in the user's are shown, or else in English, or else all. */
static tt_status best_suit(tt_compare *compare, const tt_compare_row *row, unsigned *out_suit)
{
	*out_suit = 0;
	for (size_t thing = 0; thing < compare->n_things && !compare->options->is_all; ++thing) {
		const tt_compare_cell *const cell = &row->cells[thing];
		for (size_t i = 0; i < cell->n_values && i < MOST_NAMED; ++i) {
			tt_scratch scratch;
			tt_term term;
			if (tt_id_kind(cell->values[i].id) == TT_KIND_LITERAL) {
				TT_TRY(tt_terms_get(&compare->terms, cell->values[i].id, &scratch, &term));
				const unsigned suit = term.language.size ? tt_labels_suit(&compare->labels, term.language) : 0;
				*out_suit = suit > *out_suit ? suit : *out_suit;
			}
		}
	}
	return TT_OK;
}

static tt_status is_suitable(tt_compare *compare, tt_id id, unsigned suit, bool *out)
{
	*out = true;
	if (suit && tt_id_kind(id) == TT_KIND_LITERAL) {
		tt_scratch scratch;
		tt_term term;
		TT_TRY(tt_terms_get(&compare->terms, id, &scratch, &term));
		*out = !term.language.size || tt_labels_suit(&compare->labels, term.language) >= suit;
	}
	return TT_OK;
}

/* Fill a cell of the sheet with the values of a thing that all have, or that not all have, or with all. */
static tt_status fill_cell(tt_compare *compare, const tt_compare_row *row, size_t thing, bool wants_shared,
                           bool wants_own, unsigned suit, tt_sheet_cell *out)
{
	const tt_compare_cell *const cell = &row->cells[thing];
	const unsigned all = (1u << compare->n_things) - 1;
	const size_t most = compare->options->is_all ? SIZE_MAX : MOST_NAMED;
	out->n_all = cell->n_all > cell->n_values && wants_own ? cell->n_all - cell->n_values : 0;
	for (size_t i = 0; i < cell->n_values; ++i) {
		const tt_compare_value *const value = &cell->values[i];
		const bool is_shared = value->owners == all;
		bool is_shown = false;
		if ((i && cell->values[i - 1].same == value->same) || !(is_shared ? wants_shared : wants_own)) {
			continue;
		}
		out->n_all++;
		TT_TRY(out->n_items < most ? is_suitable(compare, value->id, suit, &is_shown) : TT_OK);
		if (is_shown) {
			tt_sheet_item item;
			TT_TRY(value_item(compare, thing, row, value, &item));
			TT_TRY(compare->options->is_all && !value->via ? add_tag(compare, &item) : TT_OK);
			TT_TRY(tt_sheet_add_item(compare, out, &item));
		}
	}
	return TT_OK;
}

/* ---- rows ------------------------------------------------------------------------------------------- */

static tt_status add_equal(tt_compare *compare, tt_sheet_section *section, const tt_compare_row *row, tt_view name)
{
	unsigned suit = 0;
	tt_sheet_row *added = NULL;
	TT_TRY(best_suit(compare, row, &suit));
	TT_TRY(tt_sheet_add_row(compare, section, name, false, &added));
	TT_TRY(fill_cell(compare, row, 0, true, true, suit, &added->shared));
	return tt_sheet_settle(compare, added);
}

static tt_status add_columns(tt_compare *compare, tt_sheet_section *section, const tt_compare_row *row, tt_view name)
{
	unsigned suit = 0;
	tt_sheet_row *added = NULL;
	TT_TRY(best_suit(compare, row, &suit));
	TT_TRY(tt_sheet_add_row(compare, section, name, true, &added));
	added->note = row->note ? tt_view_of(row->note) : (tt_view){NULL, 0};
	if (row->n_shared) {
		TT_TRY(fill_cell(compare, row, 0, true, false, suit, &added->shared));
		added->shared.lead = compare->n_things == 2 ? TT_VIEW("both") : TT_VIEW("all");
	}
	for (size_t i = 0; i < compare->n_things; ++i) {
		TT_TRY(fill_cell(compare, row, i, false, true, suit, &added->own[i]));
	}
	return tt_sheet_settle(compare, added);
}

static bool is_single(unsigned bits)
{
	return bits && !(bits & (bits - 1));
}

static tt_status add_only(tt_compare *compare, tt_sheet_section *section, const tt_compare_row *row, tt_view name)
{
	if (!is_single(row->having)) {
		return add_columns(compare, section, row, name);
	}
	unsigned suit = 0;
	tt_sheet_row *added = NULL;
	TT_TRY(best_suit(compare, row, &suit));
	TT_TRY(tt_sheet_add_row(compare, section, name, false, &added));
	TT_TRY(fill_cell(compare, row, (size_t)__builtin_ctz(row->having), true, true, suit, &added->shared));
	return tt_sheet_settle(compare, added);
}

/* Two properties of one name are told apart by their IRIs; who has it by a label keeps it. */
static tt_status name_row(tt_compare *compare, const tt_compare_row *row, tt_view *out)
{
	tt_view own_label;
	*out = row->name;
	TT_TRY(tt_labels_find(&compare->labels, row->property, &own_label, NULL));
	for (size_t i = 0; i < compare->n_rows; ++i) {
		const tt_compare_row *const other = &compare->rows[i];
		tt_view label;
		if (other->property == row->property || other->is_inverse != row->is_inverse ||
		    !tt_view_equal(other->name, row->name)) {
			continue;
		}
		TT_TRY(tt_labels_find(&compare->labels, other->property, &label, NULL));
		if (!own_label.size || label.size) {
			tt_view full;
			TT_TRY(tt_compare_short_iri(compare, row->property, &full));
			return tt_sheet_print(compare, out, "%s%.*s",
			                      !row->is_inverse              ? ""
			                      : tt_compare_is_utf8(compare) ? "← "
			                                                    : "<- ",
			                      TT_VIEW_ARG(full));
		}
	}
	return TT_OK;
}

/* ---- sections --------------------------------------------------------------------------------------- */

typedef tt_status row_adder(tt_compare *compare, tt_sheet_section *section, const tt_compare_row *row, tt_view name);

/* Add a section of the rows that are of a kind and of a verdict; none if there are none.
 * @param having Only rows of exactly these things; 0: of any. */
static tt_status add_rows(tt_compare *compare, tt_sheet *sheet, tt_section_kind kind, tt_view title,
                          tt_row_kind row_kind, tt_verdict verdict, unsigned having, row_adder *add)
{
	tt_sheet_section *section = NULL;
	const bool is_any = kind == TT_SECTION_CLAIMS || kind == TT_SECTION_BOOKKEEPING;
	for (size_t i = 0; i < compare->n_rows; ++i) {
		const tt_compare_row *const row = &compare->rows[i];
		tt_view name;
		if (row->kind != row_kind || (!is_any && row->verdict != verdict) || (having && row->having != having)) {
			continue;
		}
		TT_TRY(section ? TT_OK : tt_sheet_add_section(compare, sheet, kind, title, &section));
		TT_TRY(name_row(compare, row, &name));
		TT_TRY(add(compare, section, row, name));
		section->rows[section->n_rows - 1].is_minor = row->is_retelling ||
		                                              (row->kind == TT_ROW_CLAIMS && row->is_inverse);
	}
	return TT_OK;
}

/* What only some things have: first of one thing each, in their order, then of several. */
static tt_status add_only_sections(tt_compare *compare, tt_sheet *sheet)
{
	const unsigned all = (1u << compare->n_things) - 1;
	for (unsigned n = 1; n < compare->n_things; ++n) {
		for (unsigned things = 1; things < all; ++things) {
			tt_view names;
			tt_view title;
			if ((unsigned)__builtin_popcount(things) != n) {
				continue;
			}
			TT_TRY(tt_sheet_things(compare, sheet, things, &names));
			TT_TRY(tt_sheet_print(compare, &title, "Only %.*s", TT_VIEW_ARG(names)));
			TT_TRY(add_rows(compare, sheet, TT_SECTION_ONLY, title, TT_ROW_FACT, TT_VERDICT_ONLY, things, add_only));
		}
	}
	return TT_OK;
}

static tt_status name_left_out(tt_compare *compare, tt_sheet *sheet)
{
	for (size_t i = 0; i < compare->n_rows; ++i) {
		tt_view name;
		if (compare->rows[i].kind == TT_ROW_BOOKKEEPING) {
			TT_TRY(name_row(compare, &compare->rows[i], &name));
			TT_TRY(tt_sheet_print(compare, &sheet->left_out, "%.*s%s%.*s", TT_VIEW_ARG(sheet->left_out),
			                      sheet->left_out.size ? ", " : "", TT_VIEW_ARG(name)));
		}
	}
	return TT_OK;
}

/* The longest other name that suits the user: "RATS" is short for something. */
static tt_status find_full_name(tt_compare *compare, size_t thing, tt_view name, tt_view *out)
{
	const tt_labels *const labels = &compare->labels;
	tt_id_list found = {.ids = NULL};
	unsigned best = 2;
	for (size_t i = labels->n_naming; i < labels->n_properties; ++i) {
		TT_TRY(tt_compare_values_of(compare, compare->things[thing], labels->properties[i], false, MOST_NAMED, &found,
		                            NULL));
	}
	for (size_t i = 0; i < found.n_ids; ++i) {
		tt_scratch scratch;
		tt_term term;
		TT_TRY(tt_terms_get(&compare->terms, found.ids[i], &scratch, &term));
		const unsigned suit = term.language.size ? tt_labels_suit(labels, term.language) : 2;
		if (term.kind == TT_TERM_LITERAL && term.text.size > name.size && suit >= best && (suit > best || !out->size)) {
			best = suit;
			TT_TRY(tt_compare_name(compare, found.ids[i], out));
		}
	}
	return TT_OK;
}

tt_status tt_sheet_make(tt_compare *compare, tt_sheet *out)
{
	*out = (tt_sheet){.sections = NULL};
	for (size_t i = 0; i < compare->n_things; ++i) {
		TT_TRY(tt_compare_name(compare, compare->things[i], &out->names[i]));
		TT_TRY(find_full_name(compare, i, out->names[i], &out->full_names[i]));
	}
	for (size_t i = 0; i < compare->n_rows; ++i) {
		TT_TRY(tt_compare_row_name(compare, &compare->rows[i], &compare->rows[i].name));
	}
	if (!compare->options->is_without_claims) {
		TT_TRY(compare->is_only ? TT_OK : tt_sheet_add_findings(compare, out));
		TT_TRY(add_rows(compare, out, TT_SECTION_CLAIMS, TT_VIEW("Claimed of each"), TT_ROW_CLAIMS, TT_VERDICT_EQUAL, 0,
		                add_columns));
		TT_TRY(compare->is_only ? TT_OK : tt_sheet_add_axes(compare, out));
	}
	TT_TRY(add_rows(compare, out, TT_SECTION_EQUAL, compare->n_things == 2 ? TT_VIEW("Both") : TT_VIEW("All equal"),
	                TT_ROW_FACT, TT_VERDICT_EQUAL, 0, add_equal));
	TT_TRY(
	    add_rows(compare, out, TT_SECTION_DIFFER, TT_VIEW("Differ"), TT_ROW_FACT, TT_VERDICT_DIFFER, 0, add_columns));
	TT_TRY(add_only_sections(compare, out));
	if (!compare->options->is_all && !compare->properties.n_ids) {
		return name_left_out(compare, out);
	}
	return add_rows(compare, out, TT_SECTION_BOOKKEEPING, TT_VIEW("Bookkeeping"), TT_ROW_BOOKKEEPING, TT_VERDICT_EQUAL,
	                0, add_columns);
}
