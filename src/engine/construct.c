/* construct.c - CONSTRUCT: a template filled with solutions (SPARQL 1.1 §16.2). */
#include "engine/engine.h"

void tt_triple_set_init(tt_triple_set *set, tt_ctx *ctx)
{
	*set = (tt_triple_set){.ctx = ctx};
	tt_map_init(&set->by_hash, ctx);
}

void tt_triple_set_clear(tt_triple_set *set)
{
	tt_map_clear(&set->by_hash);
	tt_free(set->ctx, set->triples);
	set->triples = NULL;
	set->n_triples = 0;
	set->capacity = 0;
}

tt_status tt_triple_set_add(tt_triple_set *set, const tt_id triple[3], bool *out_is_new)
{
	*out_is_new = false;
	const uint64_t hash = tt_hash_u64(tt_hash_u64(tt_hash_u64(triple[0]) + triple[1]) + triple[2]);
	uint64_t cursor = 0;
	uint64_t number = 0;
	while (tt_map_next(&set->by_hash, hash, &cursor, &number)) {
		if (memcmp(set->triples[number], triple, sizeof set->triples[0]) == 0) {
			return TT_OK;
		}
	}
	TT_TRY(tt_grow(set->ctx, (void **)&set->triples, &set->capacity, set->n_triples + 1, sizeof set->triples[0]));
	TT_TRY(tt_map_insert(&set->by_hash, hash, set->n_triples));
	memcpy(set->triples[set->n_triples++], triple, sizeof set->triples[0]);
	*out_is_new = true;
	return TT_OK;
}

static tt_id value_of(const tt_results *results, tt_var variable)
{
	for (size_t i = 0; i < results->plan->n_columns; ++i) {
		if (results->plan->columns[i] == variable) {
			return results->batch->columns[i][results->next_row];
		}
	}
	return TT_UNBOUND;
}

/* The blank nodes of the template are new for each solution, and the same within it. */
typedef struct solution_blanks {
	tt_var *variables;
	tt_id *ids;
	size_t n;
} solution_blanks;

static tt_status blank_of(tt_results *results, solution_blanks *blanks, tt_var variable, tt_id *out_id)
{
	for (size_t i = 0; i < blanks->n; ++i) {
		if (blanks->variables[i] == variable) {
			*out_id = blanks->ids[i];
			return TT_OK;
		}
	}
	TT_TRY(tt_terms_fresh_blank(&results->terms, out_id));
	blanks->variables[blanks->n] = variable;
	blanks->ids[blanks->n++] = *out_id;
	return TT_OK;
}

static tt_status fill_slot(tt_results *results, const tt_template_triple *triple, size_t i, solution_blanks *blanks,
                           tt_id *out_id)
{
	const tt_slot *const slot = &triple->terms[i];
	if (triple->is_blank[i]) {
		return blank_of(results, blanks, slot->variable, out_id);
	}
	if (slot->is_variable) {
		*out_id = value_of(results, slot->variable);
		return TT_OK;
	}
	return tt_terms_intern(&results->terms, &slot->constant, out_id);
}

/* A triple with an unbound variable, a literal subject or a predicate that is no IRI is left out. */
static bool is_rdf(const tt_results *results, const tt_id triple[3])
{
	const tt_term_kind subject = tt_terms_kind(&results->terms, triple[0]);
	return (subject == TT_TERM_IRI || subject == TT_TERM_BLANK) &&
	       tt_terms_kind(&results->terms, triple[1]) == TT_TERM_IRI && triple[2] != TT_UNBOUND;
}

static tt_status instantiate(tt_results *results, solution_blanks *blanks)
{
	blanks->n = 0;
	for (size_t t = 0; t < results->query->n_construct; ++t) {
		tt_id triple[3];
		for (size_t i = 0; i < 3; ++i) {
			TT_TRY(fill_slot(results, &results->query->construct[t], i, blanks, &triple[i]));
		}
		bool is_new = false;
		if (is_rdf(results, triple)) {
			TT_TRY(tt_triple_set_add(&results->triples, triple, &is_new));
		}
	}
	return TT_OK;
}

tt_status tt_construct_more(tt_results *results)
{
	const size_t n_before = results->triples.n_triples;
	const size_t n_slots = results->query->n_construct * 3;
	solution_blanks blanks = {.variables = tt_alloc(&results->ctx, n_slots * sizeof(tt_var)),
	                          .ids = tt_alloc(&results->ctx, n_slots * sizeof(tt_id))};
	tt_status status = blanks.variables && blanks.ids ? TT_OK : results->ctx.error.status;
	while (status == TT_OK && results->triples.n_triples == n_before && !results->is_complete) {
		status = tt_results_step(results, &results->is_complete);
		if (status == TT_OK && !results->is_complete) {
			status = instantiate(results, &blanks);
		}
	}
	tt_free(&results->ctx, blanks.ids);
	tt_free(&results->ctx, blanks.variables);
	return status;
}
