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

static tt_status instantiate(tt_results *results)
{
	tt_template_next(results);
	for (size_t i = 0; i < results->query->n_template; ++i) {
		tt_id quad[TT_N_COLUMNS];
		bool is_quad = false;
		bool is_new = false;
		TT_TRY(tt_template_fill(results, i, quad, &is_quad));
		if (is_quad) {
			TT_TRY(tt_triple_set_add(&results->triples, quad, &is_new));
		}
	}
	return TT_OK;
}

tt_status tt_construct_more(tt_results *results)
{
	const size_t n_before = results->triples.n_triples;
	while (results->triples.n_triples == n_before && !results->is_complete) {
		TT_TRY(tt_results_step(results, &results->is_complete));
		TT_TRY(results->is_complete ? TT_OK : instantiate(results));
	}
	return TT_OK;
}
