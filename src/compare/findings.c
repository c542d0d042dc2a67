/* findings.c - what is claimed, as sections of the sheet: side by side, and by dimension. */
#include "compare/sheet.h"

#include <stdlib.h>

#define POSITIVE "https://w3id.org/tertium/cib#polarity-positive"
#define NEGATIVE "https://w3id.org/tertium/cib#polarity-negative"

/* ---- findings --------------------------------------------------------------------------------------- */

/* "ATC ahead", or what the relation is called; of several things, which of them. */
static tt_status name_standing(tt_compare *compare, const tt_sheet *sheet, const tt_compare_finding *finding,
                               tt_view *out)
{
	const bool is_of_all = finding->about == (1u << compare->n_things) - 1;
	tt_view leaders;
	tt_view others;
	TT_TRY(tt_sheet_things(compare, sheet, finding->ahead, &leaders));
	TT_TRY(tt_sheet_things(compare, sheet, finding->about & ~finding->ahead, &others));
	if (finding->ahead) {
		TT_TRY(tt_sheet_print(compare, out, "%.*s ahead", TT_VIEW_ARG(leaders)));
		return is_of_all ? TT_OK : tt_sheet_print(compare, out, "%.*s of %.*s", TT_VIEW_ARG(*out), TT_VIEW_ARG(others));
	}
	*out = TT_VIEW("compared");
	TT_TRY(finding->relation ? tt_compare_name(compare, finding->relation, out) : TT_OK);
	return is_of_all ? TT_OK : tt_sheet_print(compare, out, "%.*s (%.*s)", TT_VIEW_ARG(*out), TT_VIEW_ARG(others));
}

static tt_status name_dimension(tt_compare *compare, const tt_compare_finding *finding, tt_view *out)
{
	return tt_compare_name(compare, finding->dimension ? finding->dimension : finding->claims.ids[0], out);
}

/* Claims and anomalies that do not sit with a finding, each with its passages: a [P25]; b. */
static tt_status name_against(tt_compare *compare, const tt_compare_finding *finding, tt_view *out)
{
	*out = (tt_view){"", 0};
	for (size_t i = 0; i < finding->conflicts.n_ids + finding->flags.n_ids; ++i) {
		const bool is_flag = i >= finding->conflicts.n_ids;
		const tt_id id = is_flag ? finding->flags.ids[i - finding->conflicts.n_ids] : finding->conflicts.ids[i];
		tt_view label;
		tt_view marks;
		tt_compare_evidence evidence = {.graphs = {.ids = NULL}};
		TT_TRY(tt_compare_name(compare, id, &label));
		TT_TRY(tt_compare_role_values(compare, id, TT_ROLE_STATED_IN, &evidence.passages));
		TT_TRY(tt_compare_marks(compare, &evidence, &marks));
		TT_TRY(tt_sheet_print(compare, out, "%.*s%s%.*s%s%.*s%s", TT_VIEW_ARG(*out), out->size ? "; " : "",
		                      TT_VIEW_ARG(label), marks.size ? " [" : "", TT_VIEW_ARG(marks), marks.size ? "]" : ""));
	}
	return TT_OK;
}

static tt_status fill_finding(tt_compare *compare, const tt_sheet *sheet, const tt_compare_finding *finding,
                              tt_sheet_finding *out)
{
	tt_compare_evidence evidence = {.passages = finding->stated_in};
	TT_TRY(name_dimension(compare, finding, &out->dimension));
	TT_TRY(name_standing(compare, sheet, finding, &out->standing));
	TT_TRY(finding->holder ? tt_compare_name(compare, finding->holder, &out->holder) : TT_OK);
	TT_TRY(tt_compare_marks(compare, &evidence, &out->stated_in));
	return name_against(compare, finding, &out->against);
}

static bool is_one_holder(const tt_compare *compare)
{
	for (size_t i = 1; i < compare->n_findings; ++i) {
		if (compare->findings[i].holder != compare->findings[0].holder) {
			return false;
		}
	}
	return compare->n_findings > 0 && compare->findings[0].holder;
}

static tt_status name_group(tt_compare *compare, const tt_sheet *sheet, size_t n, bool has_holder, tt_view *out)
{
	const tt_compare_finding *const finding = &compare->findings[n];
	*out = sheet->findings[n].standing;
	if (has_holder && finding->holder) {
		TT_TRY(tt_sheet_print(compare, out, "%.*s (%.*s)", TT_VIEW_ARG(*out), TT_VIEW_ARG(sheet->findings[n].holder)));
	}
	return TT_OK;
}

/* A row for each finding with which claims or anomalies do not sit. */
static tt_status add_contested(tt_compare *compare, const tt_sheet *sheet, tt_sheet_section *section)
{
	for (size_t i = 0; i < compare->n_findings; ++i) {
		const tt_compare_finding *const finding = &compare->findings[i];
		const tt_id_list *const lists[] = {&finding->conflicts, &finding->flags};
		tt_sheet_row *row = NULL;
		tt_view name;
		TT_TRY(tt_sheet_print(compare, &name, "! %.*s", TT_VIEW_ARG(sheet->findings[i].dimension)));
		for (size_t n = 0; n < finding->conflicts.n_ids + finding->flags.n_ids; ++n) {
			const bool is_flag = n >= finding->conflicts.n_ids;
			tt_compare_evidence evidence = {.graphs = {.ids = NULL}};
			tt_sheet_item item = {.id = lists[is_flag]->ids[n - (is_flag ? finding->conflicts.n_ids : 0)]};
			TT_TRY(tt_compare_name(compare, item.id, &item.text));
			TT_TRY(tt_compare_role_values(compare, item.id, TT_ROLE_STATED_IN, &evidence.passages));
			TT_TRY(tt_compare_marks(compare, &evidence, &item.marks));
			TT_TRY(row ? TT_OK : tt_sheet_add_row(compare, section, name, false, &row));
			row->is_minor = true;
			row->shared.is_uncounted = true;
			row->shared.n_all++;
			TT_TRY(tt_sheet_add_item(compare, &row->shared, &item));
		}
	}
	return TT_OK;
}

tt_status tt_sheet_add_findings(tt_compare *compare, tt_sheet *sheet)
{
	const bool is_one = is_one_holder(compare);
	tt_sheet_section *section = NULL;
	tt_sheet_row *row = NULL;
	tt_view title = TT_VIEW("Side by side");
	if (!compare->n_findings) {
		return TT_OK;
	}
	sheet->n_findings = compare->n_findings;
	sheet->findings = tt_arena_alloc(&compare->arena, compare->n_findings * sizeof *sheet->findings);
	if (!sheet->findings) {
		return compare->ctx.error.status;
	}
	for (size_t i = 0; i < compare->n_findings; ++i) {
		TT_TRY(fill_finding(compare, sheet, &compare->findings[i], &sheet->findings[i]));
	}
	TT_TRY(is_one
	           ? tt_sheet_print(compare, &title, "Side by side, as %.*s judges", TT_VIEW_ARG(sheet->findings[0].holder))
	           : TT_OK);
	TT_TRY(tt_sheet_add_section(compare, sheet, TT_SECTION_FINDINGS, title, &section));
	for (size_t i = 0; i < compare->n_findings; ++i) {
		tt_view name;
		TT_TRY(name_group(compare, sheet, i, !is_one, &name));
		if (!row || !tt_view_equal(row->name, name)) {
			TT_TRY(tt_sheet_add_row(compare, section, name, false, &row));
			row->shared.is_uncounted = true;
		}
		const tt_sheet_item item = {.id = compare->findings[i].dimension,
		                            .text = sheet->findings[i].dimension,
		                            .marks = sheet->findings[i].stated_in,
		                            .is_contested = compare->findings[i].conflicts.n_ids > 0,
		                            .is_doubtful = compare->findings[i].flags.n_ids > 0};
		TT_TRY(tt_sheet_add_item(compare, &row->shared, &item));
		row->shared.n_all++;
	}
	return add_contested(compare, sheet, section);
}

/* ---- axes ------------------------------------------------------------------------------------------- */

static tt_status sign_of(tt_compare *compare, const tt_compare_claim *claim, char *out)
{
	*out = ' ';
	if (claim->polarity) {
		tt_scratch scratch;
		tt_term term;
		TT_TRY(tt_terms_get(&compare->terms, claim->polarity, &scratch, &term));
		*out = tt_view_equal(term.text, TT_VIEW(POSITIVE))   ? '+'
		       : tt_view_equal(term.text, TT_VIEW(NEGATIVE)) ? '-'
		                                                     : ' ';
	}
	return TT_OK;
}

static tt_status add_claim(tt_compare *compare, const tt_compare_claim *claim, tt_sheet_cell *cell)
{
	const char *const minus = tt_compare_is_utf8(compare) ? "−" : "-";
	tt_sheet_item item;
	char sign = ' ';
	TT_TRY(tt_sheet_claim_item(compare, claim, &item));
	item.text = item.whole; /* here it is in no list */
	TT_TRY(sign_of(compare, claim, &sign));
	if (sign != ' ') {
		TT_TRY(tt_sheet_print(compare, &item.text, "%s %.*s", sign == '+' ? "+" : minus, TT_VIEW_ARG(item.text)));
	}
	/* What several passages tell comes first: the text makes more of it. */
	TT_TRY(tt_sheet_print(compare, &item.order, "%c%03zu", sign == ' ' ? '2' : '1',
	                      claim->stated_in.n_ids < 999 ? 999 - claim->stated_in.n_ids : 0));
	cell->n_all++;
	return tt_sheet_add_item(compare, cell, &item);
}

/* The same in the cell of a thing, which may inherit it. */
static tt_status add_own_claim(tt_compare *compare, const tt_compare_claim *claim, size_t thing, tt_sheet_cell *cell)
{
	const tt_id_list *const parents = &compare->parents[thing];
	TT_TRY(add_claim(compare, claim, cell));
	for (size_t i = 0; i < parents->n_ids && !(claim->about_itself & 1u << thing); ++i) {
		if (tt_id_list_has(&claim->about_ids, parents->ids[i])) {
			tt_sheet_item *const item = &cell->items[cell->n_items - 1];
			tt_view name;
			TT_TRY(tt_compare_name(compare, parents->ids[i], &name));
			return tt_sheet_print(compare, &item->text, "%.*s (via %.*s)", TT_VIEW_ARG(item->text), TT_VIEW_ARG(name));
		}
	}
	return TT_OK;
}

static tt_status add_axis(tt_compare *compare, tt_sheet_section *section, const tt_compare_axis *axis)
{
	const unsigned all = (1u << compare->n_things) - 1;
	tt_view name = TT_VIEW("(no dimension)");
	tt_sheet_row *row = NULL;
	TT_TRY(axis->dimension ? tt_compare_name(compare, axis->dimension, &name) : TT_OK);
	TT_TRY(tt_sheet_add_row(compare, section, name, true, &row));
	for (size_t i = 0; i < axis->n_claims; ++i) {
		const tt_compare_claim *const claim = &compare->claims[axis->claims[i]];
		if (claim->is_listed && !compare->options->is_all) {
			continue;
		}
		if (claim->about == all) {
			TT_TRY(add_claim(compare, claim, &row->shared));
			row->shared.lead = compare->n_things == 2 ? TT_VIEW("both") : TT_VIEW("all");
			continue;
		}
		for (size_t thing = 0; thing < compare->n_things; ++thing) {
			TT_TRY(claim->about & 1u << thing ? add_own_claim(compare, claim, thing, &row->own[thing]) : TT_OK);
		}
	}
	bool has_own = false;
	row->is_major = axis->is_explaining;
	for (size_t thing = 0; thing < compare->n_things; ++thing) {
		has_own = has_own || row->own[thing].n_all;
		row->is_major = row->is_major && row->own[thing].n_all;
	}
	if (has_own && !compare->options->is_all) { /* in short: what tells them apart */
		row->shared = (tt_sheet_cell){.items = NULL};
	}
	if (!has_own && !row->shared.n_all) {
		section->n_rows--; /* all is told elsewhere */
		return TT_OK;
	}
	return tt_sheet_settle(compare, row);
}

tt_status tt_sheet_add_axes(tt_compare *compare, tt_sheet *sheet)
{
	tt_sheet_section *section = NULL;
	for (size_t i = 0; i < compare->n_axes; ++i) {
		TT_TRY(section
		           ? TT_OK
		           : tt_sheet_add_section(compare, sheet, TT_SECTION_AXES, TT_VIEW("Claimed, by dimension"), &section));
		TT_TRY(add_axis(compare, section, &compare->axes[i]));
	}
	return TT_OK;
}
