/* json.c - a comparison as one JSON object: things, claims, rows with cells and values. */
#include "compare/compare.h"

#include "base/emit.h"
#include "base/json.h"

/** Where it is written, and whether something stands before the next member. */
typedef struct json_writer {
	tt_compare *compare;
	tt_buffer *out;
	bool needs_comma;
} json_writer;

static tt_status open_with(json_writer *w, tt_view bracket)
{
	TT_TRY(w->needs_comma ? TT_EMIT(w->out, ",") : TT_OK);
	w->needs_comma = false;
	return tt_emit(w->out, bracket);
}

static tt_status close_with(json_writer *w, tt_view bracket)
{
	w->needs_comma = true;
	return tt_emit(w->out, bracket);
}

static tt_status write_text(json_writer *w, tt_view text)
{
	TT_TRY(open_with(w, TT_VIEW("")));
	w->needs_comma = true;
	return tt_json_string(w->out, text);
}

static tt_status write_key(json_writer *w, const char *key)
{
	TT_TRY(write_text(w, tt_view_of(key)));
	w->needs_comma = false;
	return TT_EMIT(w->out, ":");
}

static tt_status write_member(json_writer *w, const char *key, tt_view text)
{
	TT_TRY(write_key(w, key));
	return write_text(w, text);
}

static tt_status write_number(json_writer *w, const char *key, uint64_t number)
{
	TT_TRY(write_key(w, key));
	w->needs_comma = true;
	return tt_buffer_printf(w->out, "%llu", (unsigned long long)number);
}

/* An RDF term, as SPARQL 1.1 Query Results JSON Format §3.2.2 has it, with a label. */
static tt_status write_term_members(json_writer *w, tt_id id)
{
	static const tt_view types[] = {{"", 0}, {"bnode", 5}, {"uri", 3}, {"literal", 7}};
	tt_scratch scratch;
	tt_term term;
	tt_view label = {NULL, 0};
	TT_TRY(tt_terms_get(&w->compare->terms, id, &scratch, &term));
	TT_TRY(write_member(w, "type", types[term.kind]));
	TT_TRY(write_member(w, "value", term.text));
	if (term.kind == TT_TERM_LITERAL) {
		return term.language.size ? write_member(w, "xml:lang", term.language)
		       : tt_view_equal(term.datatype, tt_vocab_iri(TT_VOCAB_XSD_STRING))
		           ? TT_OK
		           : write_member(w, "datatype", term.datatype);
	}
	TT_TRY(tt_labels_find(&w->compare->labels, id, &label, NULL));
	return label.size ? write_member(w, "label", label) : TT_OK;
}

static tt_status write_term(json_writer *w, tt_id id)
{
	TT_TRY(open_with(w, TT_VIEW("{")));
	TT_TRY(write_term_members(w, id));
	return close_with(w, TT_VIEW("}"));
}

static tt_status write_terms(json_writer *w, const char *key, const tt_id_list *ids)
{
	if (!ids->n_ids) {
		return TT_OK;
	}
	TT_TRY(write_key(w, key));
	TT_TRY(open_with(w, TT_VIEW("[")));
	for (size_t i = 0; i < ids->n_ids; ++i) {
		TT_TRY(write_term(w, ids->ids[i]));
	}
	return close_with(w, TT_VIEW("]"));
}

static tt_status write_single(json_writer *w, const char *key, tt_id id)
{
	TT_TRY(id ? write_key(w, key) : TT_OK);
	return id ? write_term(w, id) : TT_OK;
}

/* The numbers of things. */
static tt_status write_things(json_writer *w, const char *key, unsigned things)
{
	TT_TRY(write_key(w, key));
	TT_TRY(open_with(w, TT_VIEW("[")));
	for (size_t i = 0; i < w->compare->n_things; ++i) {
		if (things & 1u << i) {
			TT_TRY(tt_buffer_printf(w->out, "%s%zu", w->needs_comma ? "," : "", i));
			w->needs_comma = true;
		}
	}
	return close_with(w, TT_VIEW("]"));
}

/* ---- claims --------------------------------------------------------------------------------------------- */

static tt_status write_finding(json_writer *w, const tt_compare_finding *finding)
{
	TT_TRY(open_with(w, TT_VIEW("\n{")));
	TT_TRY(write_single(w, "dimension", finding->dimension));
	TT_TRY(write_single(w, "relation", finding->relation));
	TT_TRY(write_things(w, "about", finding->about));
	TT_TRY(write_things(w, "ahead", finding->ahead));
	TT_TRY(write_single(w, "holder", finding->holder));
	TT_TRY(write_terms(w, "stated_in", &finding->stated_in));
	TT_TRY(write_terms(w, "claims", &finding->claims));
	TT_TRY(write_terms(w, "conflicts_with", &finding->conflicts));
	TT_TRY(write_terms(w, "flagged_by", &finding->flags));
	return close_with(w, TT_VIEW("}"));
}

static tt_status write_claim(json_writer *w, const tt_compare_claim *claim)
{
	TT_TRY(open_with(w, TT_VIEW("\n{")));
	TT_TRY(write_term_members(w, claim->id));
	TT_TRY(write_things(w, "about", claim->about));
	TT_TRY(write_terms(w, "dimensions", &claim->dimensions));
	TT_TRY(write_single(w, "polarity", claim->polarity));
	TT_TRY(write_single(w, "status", claim->status));
	TT_TRY(write_single(w, "holder", claim->holder));
	TT_TRY(write_single(w, "position", claim->position));
	TT_TRY(write_terms(w, "stated_in", &claim->stated_in));
	TT_TRY(write_terms(w, "conflicts_with", &claim->conflicts));
	TT_TRY(write_terms(w, "flagged_by", &claim->flags));
	return close_with(w, TT_VIEW("}"));
}

static tt_status write_claims(json_writer *w)
{
	const tt_compare *const compare = w->compare;
	TT_TRY(write_key(w, "comparisons"));
	TT_TRY(open_with(w, TT_VIEW("[")));
	for (size_t i = 0; i < compare->n_findings; ++i) {
		TT_TRY(write_finding(w, &compare->findings[i]));
	}
	TT_TRY(close_with(w, TT_VIEW("]")));
	TT_TRY(write_key(w, "claims"));
	TT_TRY(open_with(w, TT_VIEW("[")));
	for (size_t i = 0; i < compare->n_claims; ++i) {
		TT_TRY(write_claim(w, &compare->claims[i]));
	}
	return close_with(w, TT_VIEW("]"));
}

/* ---- rows ------------------------------------------------------------------------------------------------ */

static tt_status write_value(json_writer *w, const tt_compare_row *row, size_t thing, const tt_compare_value *value)
{
	tt_compare_evidence evidence = {.graphs = {.ids = NULL}};
	tt_view told;
	tt_view name;
	TT_TRY(open_with(w, TT_VIEW("\n{")));
	TT_TRY(write_term_members(w, value->id));
	TT_TRY(write_things(w, "things", value->owners));
	TT_TRY(write_single(w, "via", value->via));
	TT_TRY(tt_compare_name(w->compare, value->id, &name));
	TT_TRY(tt_compare_describe(w->compare, value->id, w->compare->things[thing], tt_compare_depth(w->compare), &told));
	TT_TRY(tt_view_equal(name, told) ? TT_OK : write_member(w, "described", told));
	TT_TRY(tt_compare_find_evidence(w->compare, thing, row, value, &evidence));
	TT_TRY(write_terms(w, "graphs", &evidence.graphs));
	TT_TRY(write_terms(w, "passages", &evidence.passages));
	TT_TRY(write_terms(w, "references", &evidence.references));
	return close_with(w, TT_VIEW("}"));
}

static tt_status write_cell(json_writer *w, const tt_compare_row *row, size_t thing)
{
	const tt_compare_cell *const cell = &row->cells[thing];
	TT_TRY(open_with(w, TT_VIEW("{")));
	TT_TRY(write_number(w, "count", cell->n_all));
	TT_TRY(write_key(w, "values"));
	TT_TRY(open_with(w, TT_VIEW("[")));
	for (size_t i = 0; i < cell->n_values; ++i) {
		TT_TRY(write_value(w, row, thing, &cell->values[i]));
	}
	TT_TRY(close_with(w, TT_VIEW("]")));
	return close_with(w, TT_VIEW("}"));
}

static tt_status write_row(json_writer *w, const tt_compare_row *row)
{
	static const char *const kinds[] = {[TT_ROW_FACT] = "fact",
	                                    [TT_ROW_CLAIMS] = "claims",
	                                    [TT_ROW_CLAIM_LINK] = "claim link",
	                                    [TT_ROW_BOOKKEEPING] = "bookkeeping"};
	TT_TRY(open_with(w, TT_VIEW("\n{")));
	TT_TRY(write_single(w, "property", row->property));
	TT_TRY(write_member(w, "direction", row->is_inverse ? TT_VIEW("inverse") : TT_VIEW("forward")));
	TT_TRY(write_member(w, "verdict", tt_view_of(tt_verdict_name(row->verdict))));
	TT_TRY(write_member(w, "kind", tt_view_of(kinds[row->kind])));
	TT_TRY(write_things(w, "things", row->having));
	TT_TRY(write_number(w, "shared", row->n_shared));
	TT_TRY(row->note ? write_member(w, "difference", tt_view_of(row->note)) : TT_OK);
	TT_TRY(write_key(w, "cells"));
	TT_TRY(open_with(w, TT_VIEW("[")));
	for (size_t i = 0; i < w->compare->n_things; ++i) {
		TT_TRY(write_cell(w, row, i));
	}
	TT_TRY(close_with(w, TT_VIEW("]")));
	return close_with(w, TT_VIEW("}"));
}

tt_status tt_compare_write_json(tt_compare *compare, tt_output *output)
{
	json_writer w = {.compare = compare, .out = &output->buffer};
	const tt_id_list things = {.ids = compare->things, .n_ids = compare->n_things};
	TT_TRY(open_with(&w, TT_VIEW("{")));
	TT_TRY(write_terms(&w, "things", &things));
	TT_TRY(compare->options->is_without_claims ? TT_OK : write_claims(&w));
	TT_TRY(write_key(&w, "rows"));
	TT_TRY(open_with(&w, TT_VIEW("[")));
	for (size_t i = 0; i < compare->n_rows; ++i) {
		TT_TRY(write_row(&w, &compare->rows[i]));
		TT_TRY(tt_output_check(output));
	}
	TT_TRY(close_with(&w, TT_VIEW("]")));
	return close_with(&w, TT_VIEW("}\n"));
}
