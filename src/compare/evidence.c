/* evidence.c - what states a value: named graphs, passages, and the references that are cited. */
#include "compare/compare.h"

#include "result/cell.h"

#include <stdlib.h>

static tt_status add_references(tt_compare *compare, tt_id node, tt_id_list *references)
{
	tt_id_list citations = {.ids = NULL};
	TT_TRY(tt_compare_role_values(compare, node, TT_ROLE_CITATION, &citations));
	for (size_t i = 0; i < citations.n_ids; ++i) {
		TT_TRY(tt_compare_role_values(compare, citations.ids[i], TT_ROLE_CITED, references));
	}
	return TT_OK;
}

tt_status tt_compare_claim_evidence(tt_compare *compare, const tt_compare_claim *claim, tt_compare_evidence *out)
{
	for (size_t i = 0; i < claim->stated_in.n_ids; ++i) {
		TT_TRY(tt_id_list_add(&compare->arena, &out->passages, claim->stated_in.ids[i]));
	}
	return add_references(compare, claim->id, &out->references);
}

tt_status tt_compare_find_evidence(tt_compare *compare, size_t thing, const tt_compare_row *row,
                                   const tt_compare_value *value, tt_compare_evidence *out)
{
	const tt_id node = value->via ? value->via : compare->things[thing];
	TT_TRY(tt_compare_graphs_of(compare, row->is_inverse ? value->id : node, row->property,
	                            row->is_inverse ? node : value->id, &out->graphs));
	if (tt_id_kind(value->id) <= TT_KIND_IRI) {
		TT_TRY(tt_compare_role_values(compare, value->id, TT_ROLE_STATED_IN, &out->passages));
		TT_TRY(add_references(compare, value->id, &out->references));
	}
	return TT_OK;
}

/* A passage or graph by its label; without one by the end of its IRI: marks are to be short. */
static tt_status name_mark(tt_compare *compare, tt_id id, const char **out)
{
	tt_view label;
	tt_scratch scratch;
	tt_term term;
	TT_TRY(tt_labels_find(&compare->labels, id, &label, NULL));
	TT_TRY(tt_terms_get(&compare->terms, id, &scratch, &term));
	size_t at = term.text.size;
	while (at > 0 && !strchr("/#:", term.text.data[at - 1])) {
		--at;
	}
	const tt_view name = label.size ? label : at < term.text.size ? tt_view_skip(term.text, at) : term.text;
	*out = tt_arena_strndup(&compare->arena, name.data, name.size);
	return *out ? TT_OK : compare->ctx.error.status;
}

/* P2 before P10. */
static int compare_marks(const void *a, const void *b)
{
	return strverscmp(*(const char *const *)a, *(const char *const *)b);
}

/* Append the names of some ids, sorted. */
static tt_status write_marks(tt_compare *compare, const tt_id_list *ids, tt_buffer *out)
{
	const char **const names = tt_arena_alloc(&compare->arena, (ids->n_ids + 1) * sizeof *names);
	if (!names) {
		return compare->ctx.error.status;
	}
	for (size_t i = 0; i < ids->n_ids; ++i) {
		TT_TRY(name_mark(compare, ids->ids[i], &names[i]));
	}
	qsort(names, ids->n_ids, sizeof *names, compare_marks);
	for (size_t i = 0; i < ids->n_ids; ++i) {
		TT_TRY(out->size ? tt_buffer_append_char(out, ' ') : TT_OK);
		TT_TRY(tt_cell_write_text(out, tt_view_of(names[i])));
	}
	return TT_OK;
}

tt_status tt_compare_marks(tt_compare *compare, const tt_compare_evidence *evidence, tt_view *out)
{
	const tt_id_list *const lists[] = {&evidence->graphs, &evidence->passages};
	tt_id_list places = {.ids = NULL};
	tt_buffer text;
	tt_buffer_init(&text, &compare->ctx);
	tt_status status = TT_OK;
	for (size_t n = 0; n < sizeof lists / sizeof *lists; ++n) {
		for (size_t i = 0; i < lists[n]->n_ids && status == TT_OK; ++i) {
			status = tt_id_list_add(&compare->arena, &places, lists[n]->ids[i]);
		}
	}
	status = status ? status : write_marks(compare, &places, &text);
	status = status ? status : write_marks(compare, &evidence->references, &text);
	const char *const copy = status == TT_OK ? tt_arena_strndup(&compare->arena, text.data ? text.data : "", text.size)
	                                         : NULL;
	*out = (tt_view){copy, text.size};
	tt_buffer_clear(&text);
	return status ? status : copy ? TT_OK : compare->ctx.error.status;
}
