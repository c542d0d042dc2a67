/* describe.c - DESCRIBE: the concise bounded description of each resource (SPARQL 1.1 §16.4; W3C Member
 * Submission "CBD", 2005): all triples with the resource as subject, and the same for each blank node
 * that is an object of them, again and again.
 *
 * The queue is the set of resources in the order in which they were met; each is expanded once. */
#include "engine/engine.h"

typedef struct describe_queue {
	tt_ctx *ctx;
	tt_id *resources;
	size_t n_resources;
	size_t capacity;
	tt_map by_hash;
} describe_queue;

static tt_status enqueue(describe_queue *queue, tt_id id)
{
	const uint64_t hash = tt_hash_u64(id);
	uint64_t cursor = 0;
	uint64_t number = 0;
	while (tt_map_next(&queue->by_hash, hash, &cursor, &number)) {
		if (queue->resources[number] == id) {
			return TT_OK;
		}
	}
	TT_TRY(tt_grow(queue->ctx, (void **)&queue->resources, &queue->capacity, queue->n_resources + 1, sizeof id));
	TT_TRY(tt_map_insert(&queue->by_hash, hash, queue->n_resources));
	queue->resources[queue->n_resources++] = id;
	return TT_OK;
}

static tt_status add_description(tt_results *results, describe_queue *queue, tt_id subject)
{
	enum { ROWS = 256 };
	const tt_graph_set *const graphs = &results->plan->default_graphs;
	const tt_scan_spec spec = {.perm = TT_SPO,
	                           .n_bound = 1,
	                           .bound = {subject},
	                           .choice = graphs->choice,
	                           .graphs = graphs->graphs,
	                           .n_graphs = graphs->n_graphs,
	                           .is_merged = true};
	tt_id predicates[ROWS];
	tt_id objects[ROWS];
	tt_id *const columns[4] = {NULL, predicates, objects, NULL};
	tt_scan *scan = NULL;
	TT_TRY(tt_scan_open(results->snapshot, &spec, &scan));
	tt_status status = TT_OK;
	size_t n_rows = 0;
	do {
		TT_TRY_DONE(tt_ctx_poll(&results->ctx));
		TT_TRY_DONE(tt_scan_next(scan, columns, ROWS, &n_rows));
		for (size_t i = 0; i < n_rows; ++i) {
			bool is_new = false;
			TT_TRY_DONE(tt_triple_set_add(&results->triples, (tt_id[3]){subject, predicates[i], objects[i]}, &is_new));
			if (tt_terms_kind(&results->terms, objects[i]) == TT_TERM_BLANK) {
				TT_TRY_DONE(enqueue(queue, objects[i]));
			}
		}
	} while (n_rows);
done:
	tt_scan_close(scan);
	return status;
}

/* The plan's columns are the described variables; constants stand in the query itself. */
static tt_status enqueue_all(tt_results *results, describe_queue *queue)
{
	for (size_t i = 0; i < results->query->n_describe; ++i) {
		const tt_slot *const slot = &results->query->describe[i];
		if (!slot->is_variable) {
			tt_id id = TT_UNBOUND;
			TT_TRY(tt_terms_intern(&results->terms, &slot->constant, &id));
			TT_TRY(enqueue(queue, id));
		}
	}
	for (;;) {
		bool is_end = true;
		TT_TRY(tt_results_step(results, &is_end));
		if (is_end) {
			return TT_OK;
		}
		for (size_t i = 0; i < results->plan->n_columns; ++i) {
			const tt_id id = results->batch->columns[i][results->next_row];
			const tt_term_kind kind = tt_terms_kind(&results->terms, id);
			if (kind == TT_TERM_IRI || kind == TT_TERM_BLANK) {
				TT_TRY(enqueue(queue, id));
			}
		}
	}
}

tt_status tt_describe(tt_results *results)
{
	describe_queue queue = {.ctx = &results->ctx};
	tt_map_init(&queue.by_hash, &results->ctx);
	tt_status status = enqueue_all(results, &queue);
	for (size_t i = 0; i < queue.n_resources && status == TT_OK; ++i) {
		if (tt_id_kind(queue.resources[i]) != TT_KIND_LOCAL) {
			status = add_description(results, &queue, queue.resources[i]);
		}
	}
	tt_map_clear(&queue.by_hash);
	tt_free(&results->ctx, queue.resources);
	return status;
}
