/* describe.c - DESCRIBE: a description of each resource (SPARQL 1.1 §16.4), in one of the forms of tt_description.
 *
 * The concise bounded description (W3C Member Submission "CBD", 2005) is all triples with the resource as subject, and
 * the same for each blank node that is an object of them, again and again: a blank node has no name by which its
 * description could be asked for. Reifications, which it also counts in, are left out: they have names as a rule.
 * The symmetric one adds the triples with the resource as object, and describes the blank nodes that are subjects of
 * them in both ways.
 *
 * The queue is the set of walks in the order in which they were met: a node and a direction. Each is made once. */
#include "engine/engine.h"

/* Which triples of a node a walk takes, and where the walk goes on from a blank node at their other end. */
typedef enum direction { FORWARD = 1 << 0, BACKWARD = 1 << 1 } direction;

typedef struct walk {
	tt_id node;
	direction direction;
} walk;

typedef struct describe_queue {
	tt_ctx *ctx;
	unsigned of_resource;      /* directions in which a resource is described, */
	unsigned of_blank_object;  /* and a blank node that a walk forward comes to, */
	unsigned of_blank_subject; /* or a walk backward */
	walk *walks;
	size_t n_walks;
	size_t capacity;
	tt_map by_hash;
} describe_queue;

typedef struct description_entry {
	const char *name;
	unsigned of_resource, of_blank_object, of_blank_subject;
} description_entry;

static const description_entry descriptions[] = {
    [TT_DESCRIBE_DEFAULT] = {"", FORWARD, FORWARD, 0},
    [TT_DESCRIBE_CBD] = {"cbd", FORWARD, FORWARD, 0},
    [TT_DESCRIBE_SCBD] = {"scbd", FORWARD | BACKWARD, FORWARD, FORWARD | BACKWARD},
    [TT_DESCRIBE_DIRECT] = {"direct", FORWARD, 0, 0},
};
enum { N_DESCRIPTIONS = sizeof descriptions / sizeof *descriptions };

tt_description tt_description_named(const char *name)
{
	for (size_t i = 1; name && i < N_DESCRIPTIONS; ++i) {
		if (tt_view_equal_nocase(tt_view_of(descriptions[i].name), tt_view_of(name))) {
			return (tt_description)i;
		}
	}
	return TT_DESCRIBE_DEFAULT;
}

static tt_status enqueue_walk(describe_queue *queue, tt_id node, direction which)
{
	const uint64_t hash = tt_hash_u64(node) + (uint64_t)which;
	uint64_t cursor = 0;
	uint64_t number = 0;
	while (tt_map_next(&queue->by_hash, hash, &cursor, &number)) {
		if (queue->walks[number].node == node && queue->walks[number].direction == which) {
			return TT_OK;
		}
	}
	TT_TRY(tt_grow(queue->ctx, (void **)&queue->walks, &queue->capacity, queue->n_walks + 1, sizeof *queue->walks));
	TT_TRY(tt_map_insert(&queue->by_hash, hash, queue->n_walks));
	queue->walks[queue->n_walks++] = (walk){node, which};
	return TT_OK;
}

static tt_status enqueue(describe_queue *queue, tt_id node, unsigned directions)
{
	if (directions & FORWARD) {
		TT_TRY(enqueue_walk(queue, node, FORWARD));
	}
	return directions & BACKWARD ? enqueue_walk(queue, node, BACKWARD) : TT_OK;
}

/* Add a triple of a walk; what is at its other end may have to be described too. */
static tt_status add_triple(tt_results *results, describe_queue *queue, walk from, tt_id predicate, tt_id other)
{
	const bool is_forward = from.direction == FORWARD;
	const tt_id forward[3] = {from.node, predicate, other};
	const tt_id backward[3] = {other, predicate, from.node};
	bool is_new = false;
	TT_TRY(tt_triple_set_add(&results->triples, is_forward ? forward : backward, &is_new));
	if (tt_terms_kind(&results->terms, other) != TT_TERM_BLANK) {
		return TT_OK;
	}
	return enqueue(queue, other, is_forward ? queue->of_blank_object : queue->of_blank_subject);
}

static tt_status add_triples(tt_results *results, describe_queue *queue, walk from)
{
	enum { ROWS = 256 };
	const tt_graph_set *const graphs = &results->plan->default_graphs;
	const tt_scan_spec spec = {.perm = from.direction == FORWARD ? TT_SPO : TT_OPS,
	                           .n_bound = 1,
	                           .bound = {from.node},
	                           .choice = graphs->choice,
	                           .graphs = graphs->graphs,
	                           .n_graphs = graphs->n_graphs,
	                           .is_merged = true};
	tt_id predicates[ROWS];
	tt_id others[ROWS];
	tt_id *const columns[4] = {NULL, predicates, others, NULL};
	tt_scan *scan = NULL;
	TT_TRY(tt_scan_open(results->snapshot, &spec, &scan));
	tt_status status = TT_OK;
	size_t n_rows = 0;
	do {
		TT_TRY_DONE(tt_ctx_poll(&results->ctx));
		TT_TRY_DONE(tt_scan_next(scan, columns, ROWS, &n_rows));
		for (size_t i = 0; i < n_rows; ++i) {
			TT_TRY_DONE(add_triple(results, queue, from, predicates[i], others[i]));
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
			TT_TRY(enqueue(queue, id, queue->of_resource));
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
				TT_TRY(enqueue(queue, id, queue->of_resource));
			}
		}
	}
}

tt_status tt_describe(tt_results *results, tt_description description)
{
	const description_entry *const form = &descriptions[description];
	describe_queue queue = {.ctx = &results->ctx,
	                        .of_resource = form->of_resource,
	                        .of_blank_object = form->of_blank_object,
	                        .of_blank_subject = form->of_blank_subject};
	tt_map_init(&queue.by_hash, &results->ctx);
	tt_status status = enqueue_all(results, &queue);
	for (size_t i = 0; i < queue.n_walks && status == TT_OK; ++i) {
		if (tt_id_kind(queue.walks[i].node) != TT_KIND_LOCAL) {
			status = add_triples(results, &queue, queue.walks[i]);
		}
	}
	tt_map_clear(&queue.by_hash);
	tt_free(&results->ctx, queue.walks);
	return status;
}
