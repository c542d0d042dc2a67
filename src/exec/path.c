/* path.c - property paths on ids (SPARQL 1.1 §9, §18.4).
 *
 * A search holds pairs (start, node): the starts are many at once, and each step takes a set of pairs to the set of
 * those with a neighbour in place of the node. `*` and `+` repeat the step of their inner path for the pairs that the
 * last round has found, until a round finds nothing new. The pairs of a step are sorted by node, so that one scan goes
 * forward through the permutation, and neighbours are read once for all starts that have come to a node.
 *
 *     link        pairs sorted by node ──▶ scan (predicate, node) ──▶ (start, neighbour)
 *     a/b         a, then b (against the direction: b, then a)
 *     a|b, a?     both into the same set
 *     a*, a+      rounds
 *
 * Sets tell how often nothing: `*`, `+` and `?` ask for that (§9.1). A negated set that stands alone does not, its
 * pairs are as many as its triples; they are gathered in a list.
 *
 * Memory: all pairs found from the starts that are searched at once. The PATH operator takes few of them at a time if
 * neither end is bound. */
#include "exec/path.h"
#include "exec/scan.h"

#include "base/sort.h"

enum { BLOCK_ROWS = 16384, STARTS_AT_ONCE = 256, PAIR = 2 };

/** A part of the path with its scans. */
typedef struct step {
	const tt_path_plan *plan;
	struct step *first, *second;
	tt_scan *scans[2]; /* against and along the direction of the triples; leaves only */
} step;

enum { AS_OBJECT, AS_SUBJECT, N_PLACES };

struct tt_path_search {
	tt_execution *run;
	const tt_node *node;
	step *root;
	tt_tuple_set found;
	tt_tuples list; /* what a negated set that stands alone has found */
	bool is_list;
	bool has_graph; /* the graph is bound: the permutations with the graph first serve */
	tt_id graph;
	tt_id target; /* with a single start: no more is wanted when it is found; or TT_UNBOUND */
	tt_row *block, *scratch;
	tt_scan *places[N_PLACES]; /* to ask whether an id is a node */
	const tt_id *excluded;     /* predicates of a negated set, in the direction that is walked */
	size_t n_excluded;
	/* pairs on their way into a set */
	tt_tuple_set *sink;
	size_t n_pending;
	tt_id starts[TT_BATCH_ROWS], ends[TT_BATCH_ROWS];
	uint32_t numbers[TT_BATCH_ROWS];
	tt_id predicates[TT_BATCH_ROWS], neighbours[TT_BATCH_ROWS];
};

/* ---- life ------------------------------------------------------------------------------------- */

static void free_step(tt_path_search *search, step *s)
{
	if (s) {
		free_step(search, s->first);
		free_step(search, s->second);
		tt_scan_close(s->scans[0]);
		tt_scan_close(s->scans[1]);
		tt_free(search->run->ctx, s);
	}
}

/* The planner limits how deep a path is. */
static tt_status make_step(tt_path_search *search, const tt_path_plan *plan, step **out)
{
	*out = tt_calloc(search->run->ctx, 1, sizeof **out);
	if (!*out) {
		return search->run->ctx->error.status;
	}
	(*out)->plan = plan;
	if (plan->first) {
		TT_TRY(make_step(search, plan->first, &(*out)->first));
	}
	return plan->second ? make_step(search, plan->second, &(*out)->second) : TT_OK;
}

tt_status tt_path_search_new(tt_execution *run, const tt_node *node, tt_path_search **out_search)
{
	tt_path_search *const search = tt_calloc(run->ctx, 1, sizeof *search);
	*out_search = search;
	if (!search) {
		return run->ctx->error.status;
	}
	search->run = run;
	search->node = node;
	tt_tuple_set_init(&search->found, run->ctx, PAIR, run->terms->fresh_seed);
	tt_tuples_init(&search->list, run->ctx, PAIR);
	search->is_list = node->path->kind == TT_PATH_LINK || node->path->kind == TT_PATH_NEGATED_SET;
	search->block = tt_calloc(run->ctx, BLOCK_ROWS, sizeof *search->block);
	search->scratch = tt_calloc(run->ctx, BLOCK_ROWS, sizeof *search->scratch);
	tt_status status = search->block && search->scratch ? TT_OK : run->ctx->error.status;
	if (node->scan.slots[TT_GRAPH].kind == TT_SLOT_VARIABLE) {
		status = tt_fail(run->ctx, TT_INTERNAL, "a path in a graph that is not yet known");
	}
	status = status ? status : make_step(search, node->path, &search->root);
	if (status != TT_OK) {
		tt_path_search_free(search);
		*out_search = NULL;
	}
	return status;
}

void tt_path_search_free(tt_path_search *search)
{
	if (search) {
		tt_ctx *const ctx = search->run->ctx;
		free_step(search, search->root);
		tt_scan_close(search->places[AS_OBJECT]);
		tt_scan_close(search->places[AS_SUBJECT]);
		tt_tuple_set_clear(&search->found);
		tt_tuples_clear(&search->list);
		tt_free(ctx, search->block);
		tt_free(ctx, search->scratch);
		tt_free(ctx, search);
	}
}

/** Pairs of a table that may grow. */
typedef struct range {
	const tt_tuples *pairs;
	size_t begin, end;
} range;

/* ---- pairs into sets -------------------------------------------------------------------------- */

static tt_status flush(tt_path_search *search)
{
	const tt_id *const columns[PAIR] = {search->starts, search->ends};
	const size_t n = search->n_pending;
	search->n_pending = 0;
	if (search->sink) {
		return tt_tuple_set_add(search->sink, columns, n, search->numbers);
	}
	return tt_tuples_append(&search->list, columns, n);
}

static tt_status push(tt_path_search *search, tt_id start, tt_id end)
{
	search->starts[search->n_pending] = start;
	search->ends[search->n_pending++] = end;
	return search->n_pending == TT_BATCH_ROWS ? flush(search) : TT_OK;
}

static tt_status add_pairs(tt_path_search *search, range from, tt_tuple_set *to)
{
	search->sink = to;
	for (size_t row = from.begin; row < from.end; ++row) {
		const tt_id *const pair = tt_tuples_row(from.pairs, row);
		TT_TRY(push(search, pair[0], pair[1]));
	}
	return flush(search);
}

/* ---- leaves ----------------------------------------------------------------------------------- */

/** How a leaf is scanned: what is bound, and where predicate, node and neighbour stand in the permutation. */
typedef struct leaf_access {
	tt_perm perm;
	bool binds_predicate;
	unsigned n_bound, predicate, node, neighbour;
} leaf_access;

/* [graph bound][predicate bound][along the triples] */
static const leaf_access accesses[2][2][2] = {{{{TT_OPS, false, 1, 1, 0, 2}, {TT_SPO, false, 1, 1, 0, 2}},
                                               {{TT_POS, true, 2, 0, 1, 2}, {TT_PSO, true, 2, 0, 1, 2}}},
                                              {{{TT_GOSP, false, 2, 3, 1, 2}, {TT_GSPO, false, 2, 2, 1, 3}},
                                               {{TT_GPOS, true, 3, 1, 2, 3}, {TT_GSPO, true, 3, 2, 1, 3}}}};

static tt_status bind_leaf(tt_path_search *search, step *s, bool is_along, const leaf_access *a, tt_id node)
{
	const tt_scan_plan *const plan = &search->node->scan;
	tt_scan_spec spec = {.perm = a->perm,
	                     .n_bound = a->n_bound,
	                     .choice = plan->graphs.choice,
	                     .graphs = plan->graphs.graphs,
	                     .n_graphs = plan->graphs.n_graphs,
	                     .is_merged = plan->is_merged && !search->has_graph};
	if (search->has_graph) {
		spec.bound[0] = search->graph;
	}
	if (a->binds_predicate) {
		spec.bound[a->predicate] = s->plan->predicate;
	}
	spec.bound[a->node] = node;
	return s->scans[is_along] ? tt_scan_rebind(s->scans[is_along], spec.bound)
	                          : tt_scan_open(search->run->terms->snapshot, &spec, &s->scans[is_along]);
}

static bool has_id(const tt_id *ids, size_t n, tt_id id)
{
	size_t low = 0;
	size_t high = n;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		if (ids[middle] < id) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low < n && ids[low] == id;
}

/* The next neighbours of the node that the scan is bound to; none: the end. */
static tt_status read_neighbours(tt_path_search *search, step *s, bool is_along, const leaf_access *a, size_t *out_n)
{
	tt_id *columns[4] = {NULL, NULL, NULL, NULL};
	const bool is_negated = s->plan->kind == TT_PATH_NEGATED_SET;
	columns[a->neighbour] = search->neighbours;
	if (is_negated) {
		columns[a->predicate] = search->predicates;
	}
	do {
		size_t n_read = 0;
		TT_TRY(tt_scan_next(s->scans[is_along], columns, TT_BATCH_ROWS, &n_read));
		if (n_read == 0) {
			*out_n = 0;
			return TT_OK;
		}
		size_t n = 0;
		for (size_t i = 0; i < n_read; ++i) {
			search->neighbours[n] = search->neighbours[i];
			n += !is_negated || !has_id(search->excluded, search->n_excluded, search->predicates[i]);
		}
		*out_n = n;
		TT_TRY(tt_ctx_poll(search->run->ctx));
	} while (*out_n == 0);
	return TT_OK;
}

/* From the pairs of the block, sorted by node, to those with the neighbours along (against) the triples. */
static tt_status walk_block(tt_path_search *search, step *s, bool is_along, const leaf_access *a, size_t n_rows)
{
	for (size_t begin = 0, end = 0; begin < n_rows; begin = end) {
		const tt_id node = search->block[begin].word[0];
		while (end < n_rows && search->block[end].word[0] == node) {
			end++;
		}
		size_t n = 0;
		TT_TRY(bind_leaf(search, s, is_along, a, node));
		TT_TRY(read_neighbours(search, s, is_along, a, &n));
		while (n) {
			for (size_t row = begin; row < end; ++row) {
				for (size_t i = 0; i < n; ++i) {
					TT_TRY(push(search, search->block[row].word[1], search->neighbours[i]));
				}
			}
			TT_TRY(read_neighbours(search, s, is_along, a, &n));
		}
	}
	return flush(search);
}

/* Pairs may be added to the set that they come from: a block is copied before it is walked. */
static tt_status walk(tt_path_search *search, step *s, bool is_along, range from, tt_tuple_set *to)
{
	const leaf_access *const a = &accesses[search->has_graph][s->plan->kind == TT_PATH_LINK][is_along];
	const tt_sort_key key = {0, UINT64_MAX};
	for (size_t row = from.begin; row < from.end;) {
		const size_t n = from.end - row < BLOCK_ROWS ? from.end - row : BLOCK_ROWS;
		for (size_t i = 0; i < n; ++i) {
			const tt_id *const pair = tt_tuples_row(from.pairs, row + i);
			search->block[i] = (tt_row){{pair[1], pair[0], 0, 0}};
		}
		tt_sort_rows(&search->block, &search->scratch, n, &key, 1);
		search->sink = search->is_list ? NULL : to;
		TT_TRY(walk_block(search, s, is_along, a, n));
		row += n;
	}
	return TT_OK;
}

/* ---- paths ------------------------------------------------------------------------------------ */

/* From some pairs to those that the path leads to, into a set that may hold others. */
typedef tt_status (*expand_fn)(tt_path_search *search, step *s, bool is_forward, range from, tt_tuple_set *to);

static tt_status expand(tt_path_search *search, step *s, bool is_forward, range from, tt_tuple_set *to);

static tt_status expand_link(tt_path_search *search, step *s, bool is_forward, range from, tt_tuple_set *to)
{
	return s->plan->predicate == TT_UNBOUND ? TT_OK : walk(search, s, is_forward, from, to);
}

/* One list excludes predicates of triples in the direction of the path, the other those against it. */
static tt_status expand_negated(tt_path_search *search, step *s, bool is_forward, range from, tt_tuple_set *to)
{
	if (s->plan->has_forward) {
		search->excluded = s->plan->forward;
		search->n_excluded = s->plan->n_forward;
		TT_TRY(walk(search, s, is_forward, from, to));
	}
	if (s->plan->has_backward) {
		search->excluded = s->plan->backward;
		search->n_excluded = s->plan->n_backward;
		TT_TRY(walk(search, s, !is_forward, from, to));
	}
	return TT_OK;
}

static tt_status expand_inverse(tt_path_search *search, step *s, bool is_forward, range from, tt_tuple_set *to)
{
	return expand(search, s->first, !is_forward, from, to);
}

static tt_status expand_alternative(tt_path_search *search, step *s, bool is_forward, range from, tt_tuple_set *to)
{
	TT_TRY(expand(search, s->first, is_forward, from, to));
	return expand(search, s->second, is_forward, from, to);
}

static tt_status expand_perhaps(tt_path_search *search, step *s, bool is_forward, range from, tt_tuple_set *to)
{
	TT_TRY(expand(search, s->first, is_forward, from, to));
	return add_pairs(search, from, to);
}

static tt_tuple_set *new_set(tt_path_search *search)
{
	tt_tuple_set *const set = tt_calloc(search->run->ctx, 1, sizeof *set);
	if (set) {
		tt_tuple_set_init(set, search->run->ctx, PAIR, search->run->terms->fresh_seed);
	}
	return set;
}

static void free_set(tt_path_search *search, tt_tuple_set *set)
{
	if (set) {
		tt_tuple_set_clear(set);
		tt_free(search->run->ctx, set);
	}
}

static range all_of(const tt_tuple_set *set)
{
	return (range){&set->tuples, 0, set->tuples.n_rows};
}

static tt_status expand_sequence(tt_path_search *search, step *s, bool is_forward, range from, tt_tuple_set *to)
{
	tt_tuple_set *const between = new_set(search);
	tt_status status = between ? TT_OK : search->run->ctx->error.status;
	status = status ? status : expand(search, is_forward ? s->first : s->second, is_forward, from, between);
	status = status ? status : expand(search, is_forward ? s->second : s->first, is_forward, all_of(between), to);
	free_set(search, between);
	return status;
}

static bool has_target(const tt_path_search *search, const tt_tuple_set *set, size_t begin)
{
	for (size_t row = begin; row < set->tuples.n_rows && search->target != TT_UNBOUND; ++row) {
		if (tt_tuples_row(&set->tuples, row)[1] == search->target) {
			return true;
		}
	}
	return false;
}

/* Rounds from the pairs of a set that holds nothing but what the rounds find. */
static tt_status expand_rounds(tt_path_search *search, step *s, bool is_forward, tt_tuple_set *reached)
{
	const bool may_stop = s == search->root;
	size_t n_before = 0;
	while (n_before < reached->tuples.n_rows && !(may_stop && has_target(search, reached, n_before))) {
		const range last = {&reached->tuples, n_before, reached->tuples.n_rows};
		n_before = last.end;
		TT_TRY(expand(search, s->first, is_forward, last, reached));
	}
	return TT_OK;
}

static tt_status expand_many(tt_path_search *search, step *s, bool is_forward, range from, tt_tuple_set *to)
{
	tt_tuple_set *const own = to->tuples.n_rows ? new_set(search) : NULL;
	tt_tuple_set *const reached = own ? own : to;
	tt_status status = to->tuples.n_rows && !own ? search->run->ctx->error.status : TT_OK;
	if (status == TT_OK) {
		status = s->plan->kind == TT_PATH_ZERO_OR_MORE ? add_pairs(search, from, reached)
		                                               : expand(search, s->first, is_forward, from, reached);
	}
	status = status ? status : expand_rounds(search, s, is_forward, reached);
	if (status == TT_OK && own) {
		status = add_pairs(search, all_of(own), to);
	}
	free_set(search, own);
	return status;
}

static tt_status expand(tt_path_search *search, step *s, bool is_forward, range from, tt_tuple_set *to)
{
	static const expand_fn by_kind[] = {
	    [TT_PATH_LINK] = expand_link,           [TT_PATH_INVERSE] = expand_inverse,
	    [TT_PATH_SEQUENCE] = expand_sequence,   [TT_PATH_ALTERNATIVE] = expand_alternative,
	    [TT_PATH_ZERO_OR_MORE] = expand_many,   [TT_PATH_ONE_OR_MORE] = expand_many,
	    [TT_PATH_ZERO_OR_ONE] = expand_perhaps, [TT_PATH_NEGATED_SET] = expand_negated,
	};
	return by_kind[s->plan->kind](search, s, is_forward, from, to);
}

/* ---- searches --------------------------------------------------------------------------------- */

/* The graph of now; *out_exists: whether there is one at all (a parameter may name anything). */
static tt_status begin_graph(tt_path_search *search, bool *out_exists)
{
	const tt_scan_plan *const plan = &search->node->scan;
	const tt_scan_slot *const slot = &plan->slots[TT_GRAPH];
	*out_exists = true;
	search->has_graph = slot->kind != TT_SLOT_NONE;
	if (!search->has_graph) {
		return TT_OK;
	}
	search->graph = tt_slot_value(search->run, slot);
	if (slot->kind == TT_SLOT_PARAMETER) {
		const tt_id *graphs = plan->graphs.graphs;
		size_t n_graphs = plan->graphs.n_graphs;
		if (plan->graphs.choice != TT_GRAPHS_LIST) {
			TT_TRY(tt_snapshot_graphs(search->run->terms->snapshot, &graphs, &n_graphs));
		}
		*out_exists = has_id(graphs, n_graphs, search->graph);
	}
	return TT_OK;
}

tt_status tt_path_search_run(tt_path_search *search, const tt_id *starts, size_t n_starts, bool is_forward,
                             tt_id target, const tt_tuples **out_found)
{
	bool exists = false;
	tt_tuple_set_clear(&search->found);
	tt_tuples_clear(&search->list);
	*out_found = search->is_list ? &search->list : &search->found.tuples;
	search->target = n_starts == 1 ? target : TT_UNBOUND;
	search->n_pending = 0; /* a search that failed may have left some */
	TT_TRY(begin_graph(search, &exists));
	if (!exists) {
		return TT_OK;
	}
	tt_tuple_set *const from = new_set(search);
	tt_status status = from ? TT_OK : search->run->ctx->error.status;
	for (size_t begin = 0; begin < n_starts && status == TT_OK; begin += TT_BATCH_ROWS) {
		const size_t n = n_starts - begin < TT_BATCH_ROWS ? n_starts - begin : TT_BATCH_ROWS;
		const tt_id *const columns[PAIR] = {starts + begin, starts + begin};
		status = tt_tuple_set_add(from, columns, n, search->numbers);
	}
	if (status == TT_OK) {
		status = expand(search, search->root, is_forward, all_of(from), &search->found);
	}
	free_set(search, from);
	return status;
}

/* ---- all nodes -------------------------------------------------------------------------------- */

/* Add the different values of a column of a scan. */
static tt_status add_nodes(tt_path_search *search, const tt_scan_spec *spec, unsigned position, tt_tuple_set *nodes)
{
	tt_scan *scan = NULL;
	tt_id *columns[4] = {NULL, NULL, NULL, NULL};
	columns[position] = search->neighbours;
	TT_TRY(tt_scan_open(search->run->terms->snapshot, spec, &scan));
	tt_status status = TT_OK;
	tt_id last = TT_UNBOUND;
	while (status == TT_OK) {
		size_t n_read = 0;
		size_t n = 0;
		TT_TRY_DONE(tt_ctx_poll(search->run->ctx));
		TT_TRY_DONE(tt_scan_next(scan, columns, TT_BATCH_ROWS, &n_read));
		if (n_read == 0) {
			break;
		}
		for (size_t i = 0; i < n_read; ++i) {
			const tt_id value = search->neighbours[i];
			search->neighbours[n] = value;
			n += value != last;
			last = value;
		}
		const tt_id *const column = search->neighbours;
		status = tt_tuple_set_add(nodes, &column, n, search->numbers);
	}
done:
	tt_scan_close(scan);
	return status;
}

/* The link that a path begins with, if it has to begin with one and cannot be empty. */
static const tt_path_plan *first_link(const tt_path_plan *path, bool *out_is_along)
{
	*out_is_along = true;
	while (path->kind == TT_PATH_ONE_OR_MORE || path->kind == TT_PATH_SEQUENCE) {
		path = path->first;
	}
	if (path->kind == TT_PATH_INVERSE) {
		*out_is_along = false;
		path = path->first;
	}
	return path->kind == TT_PATH_LINK ? path : NULL;
}

/* Where to search from if neither end is bound: all nodes of the graph, which are what a path of length zero may begin
 * with (§18.4), or fewer if that is known to be enough. */
static tt_status find_starts(tt_path_search *search, tt_tuple_set *out)
{
	const tt_graph_set *const graphs = &search->node->scan.graphs;
	bool is_along = true;
	bool exists = false;
	const tt_path_plan *const link = first_link(search->node->path, &is_along);
	TT_TRY(begin_graph(search, &exists));
	if (!exists || (link && link->predicate == TT_UNBOUND)) {
		return TT_OK;
	}
	const unsigned n_graph = search->has_graph;
	tt_scan_spec spec = {.n_bound = n_graph,
	                     .bound = {search->graph},
	                     .choice = graphs->choice,
	                     .graphs = graphs->graphs,
	                     .n_graphs = graphs->n_graphs};
	if (!link) {
		spec.perm = search->has_graph ? TT_GSPO : TT_SPO;
		TT_TRY(add_nodes(search, &spec, n_graph, out));
		spec.perm = search->has_graph ? TT_GOSP : TT_OSP;
		return add_nodes(search, &spec, n_graph, out);
	}
	spec.perm = search->has_graph ? TT_GPOS : is_along ? TT_PSO : TT_POS;
	spec.bound[spec.n_bound++] = link->predicate;
	return add_nodes(search, &spec, spec.n_bound + (search->has_graph && is_along), out);
}

static tt_status has_triple(tt_path_search *search, unsigned place, tt_id id, bool *out)
{
	const leaf_access *const a = &accesses[search->has_graph][false][place == AS_SUBJECT];
	tt_scan_spec spec = {.perm = a->perm,
	                     .n_bound = a->n_bound,
	                     .bound = {search->graph},
	                     .choice = search->node->scan.graphs.choice,
	                     .graphs = search->node->scan.graphs.graphs,
	                     .n_graphs = search->node->scan.graphs.n_graphs};
	tt_id *const columns[4] = {NULL, NULL, NULL, NULL};
	size_t n = 0;
	spec.bound[a->node] = id;
	TT_TRY(search->places[place] ? tt_scan_rebind(search->places[place], spec.bound)
	                             : tt_scan_open(search->run->terms->snapshot, &spec, &search->places[place]));
	TT_TRY(tt_scan_next(search->places[place], columns, 1, &n));
	*out = n > 0;
	return TT_OK;
}

tt_status tt_path_search_keep_nodes(tt_path_search *search, tt_id *ids, size_t *n_ids)
{
	bool exists = false;
	size_t n = 0;
	TT_TRY(begin_graph(search, &exists));
	for (size_t i = 0; i < *n_ids && exists; ++i) {
		bool is_node = false;
		TT_TRY(has_triple(search, AS_SUBJECT, ids[i], &is_node));
		if (!is_node) {
			TT_TRY(has_triple(search, AS_OBJECT, ids[i], &is_node));
		}
		ids[n] = ids[i];
		n += is_node;
	}
	*n_ids = n;
	return TT_OK;
}

/* ---- PATH ------------------------------------------------------------------------------------- */

typedef struct path_op {
	tt_op op;
	tt_path_search *search;
	bool is_begun;
	bool is_forward;
	tt_id target; /* the other end, if it is bound */
	tt_tuple_set starts;
	size_t n_started;
	const tt_tuples *found;
	size_t n_delivered; /* of found */
} path_op;

static tt_status open_path(tt_op *op)
{
	path_op *const self = (path_op *)op;
	tt_tuple_set_init(&self->starts, op->run->ctx, 1, op->run->terms->fresh_seed);
	return tt_path_search_new(op->run, op->node, &self->search);
}

static tt_status reset_path(tt_op *op)
{
	path_op *const self = (path_op *)op;
	self->is_begun = false;
	return TT_OK;
}

/* From which end, and from which nodes. */
static tt_status begin_path(path_op *self)
{
	const tt_scan_slot *const slots = self->op.node->scan.slots;
	const bool has_subject = slots[TT_SUBJECT].kind != TT_SLOT_VARIABLE;
	const bool has_object = slots[TT_OBJECT].kind != TT_SLOT_VARIABLE;
	const tt_id subject = has_subject ? tt_slot_value(self->op.run, &slots[TT_SUBJECT]) : TT_UNBOUND;
	const tt_id object = has_object ? tt_slot_value(self->op.run, &slots[TT_OBJECT]) : TT_UNBOUND;
	self->is_begun = true;
	self->is_forward = has_subject || !has_object;
	self->target = has_subject ? object : TT_UNBOUND;
	self->n_started = 0;
	self->found = NULL;
	self->n_delivered = 0;
	tt_tuple_set_clear(&self->starts);
	if (!has_subject && !has_object) {
		return find_starts(self->search, &self->starts);
	}
	uint32_t number = 0;
	const tt_id *const column = has_subject ? &subject : &object;
	return tt_tuple_set_add(&self->starts, &column, 1, &number);
}

static tt_status search_more(path_op *self)
{
	const size_t n_left = self->starts.tuples.n_rows - self->n_started;
	const size_t n = n_left < STARTS_AT_ONCE ? n_left : STARTS_AT_ONCE;
	TT_TRY(tt_path_search_run(self->search, self->starts.tuples.cells + self->n_started, n, self->is_forward,
	                          self->target, &self->found));
	self->n_started += n;
	self->n_delivered = 0;
	return TT_OK;
}

/* Rows of what was found, until the batch is full. */
static void deliver_found(path_op *self)
{
	tt_op *const op = &self->op;
	const tt_scan_slot *const slots = op->node->scan.slots;
	const bool is_loop = slots[TT_SUBJECT].kind == TT_SLOT_VARIABLE && slots[TT_OBJECT].kind == TT_SLOT_VARIABLE &&
	                     slots[TT_SUBJECT].variable == slots[TT_OBJECT].variable;
	const tt_scan_slot *const start = &slots[self->is_forward ? TT_SUBJECT : TT_OBJECT];
	size_t n = 0;
	for (; self->n_delivered < self->found->n_rows && n < op->run->n_batch_rows; self->n_delivered++) {
		const tt_id *const pair = tt_tuples_row(self->found, self->n_delivered);
		if ((self->target != TT_UNBOUND && pair[1] != self->target) || (is_loop && pair[0] != pair[1])) {
			continue;
		}
		for (size_t c = 0; c < op->batch.n_columns; ++c) {
			op->batch.columns[c][n] = pair[op->node->columns[c] == start->variable ? 0 : 1];
		}
		n++;
	}
	op->batch.n_rows = n;
}

static tt_status next_path(tt_op *op)
{
	path_op *const self = (path_op *)op;
	if (!self->is_begun) {
		TT_TRY(begin_path(self));
	}
	TT_TRY(tt_op_own_columns(op));
	while (op->batch.n_rows == 0) {
		if (self->found && self->n_delivered < self->found->n_rows) {
			deliver_found(self);
			continue;
		}
		if (self->n_started == self->starts.tuples.n_rows) {
			return TT_OK;
		}
		TT_TRY(tt_ctx_poll(op->run->ctx));
		TT_TRY(search_more(self));
	}
	return TT_OK;
}

static void close_path(tt_op *op)
{
	path_op *const self = (path_op *)op;
	tt_path_search_free(self->search);
	tt_tuple_set_clear(&self->starts);
}

const tt_op_class tt_op_path = {
    .n_bytes = sizeof(path_op), .open = open_path, .reset = reset_path, .next = next_path, .close = close_path};
