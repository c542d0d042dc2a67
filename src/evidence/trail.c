/* trail.c - the statements along a property path (SPARQL 1.1 §9, §18.1.7).
 *
 * Both ends are known. A sequence is asked for a node in the middle; of alternatives the first that leads there is
 * taken (all of either, where an aggregate counts them); a repetition is searched breadth first from the start, a query
 * for each step of all nodes reached so far, so that the way is a shortest one. Each step is then a path again, down to
 * single links. */
#include "evidence/evidence.h"

#include "result/cell.h"

#include <inttypes.h>

static tt_status witness_between(tt_why *why, const tt_path *path, const tt_term *from, const tt_term *to,
                                 const tt_term *graph);

/* ---- asking for steps --------------------------------------------------------------------------- */

static tt_ast_term constant(const tt_term *term)
{
	return (tt_ast_term){.kind = TT_AST_CONSTANT, .constant = *term};
}

static tt_ast_term variable(const char *name)
{
	return (tt_ast_term){.kind = TT_AST_VARIABLE, .text = tt_view_of(name)};
}

/* A pattern of a path; a single link is a triple pattern. */
static tt_ast_triple path_triple(tt_ast_term subject, const tt_path *path, tt_ast_term object)
{
	tt_ast_triple made = {.subject = subject, .object = object};
	if (path->kind == TT_PATH_LINK) {
		made.predicate = (tt_ast_term){.kind = TT_AST_CONSTANT, .constant = tt_term_iri(path->iri)};
	} else {
		made.path = path;
	}
	return made;
}

/* ---- sequences and alternatives ----------------------------------------------------------------- */

static tt_status witness_sequence(tt_why *why, const tt_path *path, const tt_term *from, const tt_term *to,
                                  const tt_term *graph)
{
	tt_ast_triple second = path_triple(variable("middle"), path->second, constant(to));
	tt_ast_triple first = path_triple(constant(from), path->first, variable("middle"));
	tt_results *results = NULL;
	const tt_term *row = NULL;
	first.next = &second;
	tt_status status = TT_OK;
	TT_TRY_DONE(tt_triple_ask(why, graph, &first, NULL, &results));
	do {
		tt_term middle;
		TT_TRY_DONE(tt_results_next(results, &row));
		if (row) {
			TT_TRY_DONE(tt_why_copy(why, &row[0], &middle));
			TT_TRY_DONE(witness_between(why, path->first, from, &middle, graph));
			TT_TRY_DONE(witness_between(why, path->second, &middle, to, graph));
		}
	} while (row && why->is_counted && !why->is_cut);
done:
	tt_results_free(results);
	return status;
}

static tt_status leads(tt_why *why, const tt_path *path, const tt_term *from, const tt_term *to, const tt_term *graph,
                       bool *out)
{
	const tt_ast_triple triple = path_triple(constant(from), path, constant(to));
	tt_results *results = NULL;
	const tt_term *row = NULL;
	tt_status status = tt_triple_ask(why, graph, &triple, NULL, &results);
	status = status ? status : tt_results_next(results, &row);
	tt_results_free(results);
	*out = row != NULL;
	return status;
}

static tt_status witness_alternative(tt_why *why, const tt_path *path, const tt_term *from, const tt_term *to,
                                     const tt_term *graph)
{
	const tt_path *const ways[2] = {path->first, path->second};
	bool is_found = false;
	for (size_t i = 0; i < 2 && !(is_found && !why->is_counted); ++i) {
		TT_TRY(leads(why, ways[i], from, to, graph, &is_found));
		TT_TRY(is_found ? witness_between(why, ways[i], from, to, graph) : TT_OK);
	}
	return TT_OK;
}

/* ---- repetition --------------------------------------------------------------------------------- */

/** A node that was reached, and from which. */
typedef struct reached {
	tt_term node;
	size_t before;
} reached;

typedef struct search {
	tt_why *why;
	const tt_path *step;
	const tt_term *goal;
	const tt_term *graph;
	reached *items;
	size_t n_items, capacity;
	tt_map by_hash;
	size_t goal_number; /* SIZE_MAX: not reached */
} search;

/* The number of a node that was reached; the start is number 0. */
static size_t number_of(const search *s, const tt_term *node)
{
	uint64_t cursor = 0;
	uint64_t number = 0;
	while (tt_map_next(&s->by_hash, tt_term_hash(node), &cursor, &number)) {
		if (tt_term_equal(&s->items[number].node, node)) {
			return number;
		}
	}
	return 0;
}

static tt_status reach(search *s, const tt_term *node, size_t before)
{
	const uint64_t hash = tt_term_hash(node);
	uint64_t cursor = 0;
	uint64_t number = 0;
	while (tt_map_next(&s->by_hash, hash, &cursor, &number)) {
		if (tt_term_equal(&s->items[number].node, node)) {
			return TT_OK;
		}
	}
	TT_TRY(tt_arena_grow(&s->why->arena, (void **)&s->items, &s->capacity, s->n_items, sizeof *s->items));
	TT_TRY(tt_why_copy(s->why, node, &s->items[s->n_items].node));
	s->items[s->n_items].before = before;
	if (before != SIZE_MAX && s->goal_number == SIZE_MAX && tt_term_equal(node, s->goal)) {
		s->goal_number = s->n_items;
	}
	/* The start is not noted: a way may come back to it. */
	TT_TRY(before != SIZE_MAX ? tt_map_insert(&s->by_hash, hash, s->n_items) : TT_OK);
	s->n_items++;
	return TT_OK;
}

/* The nodes from @p first on are those of the last step: ask for all that is one step further. */
static tt_status search_step(search *s, size_t first)
{
	const size_t n = s->n_items - first;
	tt_view name = TT_VIEW("from");
	tt_ast_values starts = {.variables = &name, .n_variables = 1, .n_rows = n};
	const tt_ast_triple triple = path_triple(variable("from"), s->step, variable("to"));
	tt_results *results = NULL;
	const tt_term *row = NULL;
	starts.cells = tt_calloc(&s->why->ctx, n, sizeof *starts.cells);
	if (!starts.cells) {
		return s->why->ctx.error.status;
	}
	for (size_t i = 0; i < n; ++i) {
		starts.cells[i] = s->items[first + i].node;
	}
	tt_status status = TT_OK;
	TT_TRY_DONE(tt_triple_ask(s->why, s->graph, &triple, &starts, &results));
	do {
		TT_TRY_DONE(tt_results_next(results, &row));
		TT_TRY_DONE(row ? reach(s, &row[1], number_of(s, &row[0])) : TT_OK);
	} while (row && s->goal_number == SIZE_MAX);
done:
	tt_results_free(results);
	tt_free(&s->why->ctx, starts.cells);
	return status;
}

/* Tell the steps, from the start to the goal. */
static tt_status tell_steps(search *s)
{
	size_t n_steps = 0;
	for (size_t at = s->goal_number; s->items[at].before != SIZE_MAX; at = s->items[at].before) {
		++n_steps;
	}
	size_t *const way = tt_arena_alloc(&s->why->arena, (n_steps + 1) * sizeof *way);
	if (!way) {
		return s->why->ctx.error.status;
	}
	size_t at = s->goal_number;
	for (size_t i = n_steps; i-- > 0; at = s->items[at].before) {
		way[i] = at;
	}
	for (size_t i = 0; i < n_steps; ++i) {
		const reached *const item = &s->items[way[i]];
		TT_TRY(witness_between(s->why, s->step, &s->items[item->before].node, &item->node, s->graph));
	}
	return TT_OK;
}

static tt_status witness_repetition(tt_why *why, const tt_path *path, const tt_term *from, const tt_term *to,
                                    const tt_term *graph)
{
	search s = {.why = why, .step = path->first, .goal = to, .graph = graph, .goal_number = SIZE_MAX};
	tt_map_init(&s.by_hash, &why->ctx);
	tt_status status = reach(&s, from, SIZE_MAX);
	for (size_t first = 0; status == TT_OK && s.goal_number == SIZE_MAX && first < s.n_items;) {
		const size_t n = s.n_items;
		status = search_step(&s, first);
		first = n;
	}
	tt_map_clear(&s.by_hash);
	return status == TT_OK && s.goal_number != SIZE_MAX ? tell_steps(&s) : status;
}

/* ---- single links ------------------------------------------------------------------------------- */

static tt_status witness_link(tt_why *why, const tt_path *path, const tt_term *from, const tt_term *to,
                              const tt_term *graph)
{
	const tt_term triple[3] = {*from, tt_term_iri(path->iri), *to};
	return tt_witness_statement(why, triple, graph);
}

static bool is_excluded(const tt_path *path, tt_view iri, bool is_inverse)
{
	for (size_t i = 0; i < path->n_negated; ++i) {
		if (path->negated[i].is_inverse == is_inverse && tt_view_equal(path->negated[i].iri, iri)) {
			return true;
		}
	}
	return false;
}

/* Whether the set asks for links in a direction; an empty one asks for any link forward (§18.1.7). */
static bool has_direction(const tt_path *path, bool is_inverse)
{
	for (size_t i = 0; i < path->n_negated; ++i) {
		if (path->negated[i].is_inverse == is_inverse) {
			return true;
		}
	}
	return !path->n_negated && !is_inverse;
}

/* !(…): any predicate between the two that is not listed. */
static tt_status witness_negated(tt_why *why, const tt_path *path, const tt_term *from, const tt_term *to,
                                 const tt_term *graph)
{
	for (int is_inverse = 0; is_inverse <= 1; ++is_inverse) {
		const tt_term ends[2] = {is_inverse ? *to : *from, is_inverse ? *from : *to};
		const tt_ast_triple triple = {
		    .subject = constant(&ends[0]), .predicate = variable("p"), .object = constant(&ends[1])};
		tt_results *results = NULL;
		const tt_term *row = NULL;
		bool is_found = false;
		if (!has_direction(path, is_inverse)) {
			continue;
		}
		tt_status status = tt_triple_ask(why, graph, &triple, NULL, &results);
		do {
			status = status ? status : tt_results_next(results, &row);
			if (status == TT_OK && row && !is_excluded(path, row[0].text, is_inverse)) {
				const tt_term found[3] = {ends[0], row[0], ends[1]};
				status = tt_witness_statement(why, found, graph);
				is_found = true;
			}
		} while (status == TT_OK && row && !(is_found && !why->is_counted));
		tt_results_free(results);
		if (status != TT_OK || (is_found && !why->is_counted)) {
			return status;
		}
	}
	return TT_OK;
}

/* ---- all kinds ---------------------------------------------------------------------------------- */

/* A path of no steps from a node to itself: the node is in the graph, which any statement with it shows. */
static tt_status witness_node(tt_why *why, const tt_term *node, const tt_term *graph)
{
	for (int is_object = 0; is_object <= 1; ++is_object) {
		const tt_ast_triple triple = {.subject = is_object ? variable("other") : constant(node),
		                              .predicate = variable("p"),
		                              .object = is_object ? constant(node) : variable("other")};
		tt_results *results = NULL;
		const tt_term *row = NULL;
		tt_status status = tt_triple_ask(why, graph, &triple, NULL, &results);
		status = status ? status : tt_results_next(results, &row);
		if (status == TT_OK && row) {
			/* Columns come in the order of the first mention. */
			const tt_term forward[3] = {*node, row[0], row[1]};
			const tt_term backward[3] = {row[0], row[1], *node};
			status = tt_witness_statement(why, is_object ? backward : forward, graph);
		}
		const bool is_found = row != NULL;
		tt_results_free(results);
		if (status != TT_OK || is_found) {
			return status;
		}
	}
	return TT_OK;
}

/* Whether a way was told before. Where all ways count there may be very many, of few parts that come again and again;
 * two that share 64 bits of hash are taken for one. */
static tt_status is_told(tt_why *why, const tt_path *path, const tt_term *from, const tt_term *to, const tt_term *graph,
                         bool *out)
{
	uint64_t hash = tt_hash_u64((uint64_t)(uintptr_t)path);
	const tt_term *const terms[] = {from, to, graph};
	for (size_t i = 0; i < sizeof terms / sizeof *terms; ++i) {
		hash = tt_hash_u64(hash + tt_term_hash(terms[i]));
	}
	uint64_t cursor = 0;
	uint64_t value = 0;
	*out = tt_map_next(&why->told_ways, hash, &cursor, &value);
	return *out ? TT_OK : tt_map_insert(&why->told_ways, hash, 1);
}

static tt_status witness_between(tt_why *why, const tt_path *path, const tt_term *from, const tt_term *to,
                                 const tt_term *graph)
{
	bool is_known = false;
	TT_TRY(tt_ctx_poll(&why->ctx));
	if (why->is_counted && path->kind != TT_PATH_LINK) {
		TT_TRY(is_told(why, path, from, to, graph, &is_known));
		if (is_known) {
			++why->n_told;
			return TT_OK;
		}
	}
	switch (path->kind) {
	case TT_PATH_LINK:
		return witness_link(why, path, from, to, graph);
	case TT_PATH_INVERSE:
		return witness_between(why, path->first, to, from, graph);
	case TT_PATH_SEQUENCE:
		return witness_sequence(why, path, from, to, graph);
	case TT_PATH_ALTERNATIVE:
		return witness_alternative(why, path, from, to, graph);
	case TT_PATH_NEGATED_SET:
		return witness_negated(why, path, from, to, graph);
	case TT_PATH_ZERO_OR_ONE:
		return tt_term_equal(from, to) ? TT_OK : witness_between(why, path->first, from, to, graph);
	case TT_PATH_ZERO_OR_MORE:
		return tt_term_equal(from, to) ? TT_OK : witness_repetition(why, path, from, to, graph);
	case TT_PATH_ONE_OR_MORE:
		return witness_repetition(why, path, from, to, graph);
	}
	return TT_OK;
}

/* Append a term as a table shows it. */
static tt_status append_term(const tt_why *why, const tt_term *term, tt_buffer *out)
{
	const tt_result_style style = {.prefixes = &why->db->prefixes, .is_short = true, .is_utf8 = true};
	tt_cell_look look;
	return tt_cell_write(out, term, &style, &look);
}

/* "X to Y by 2 statements"; a path of none is worth a word, too. */
static tt_status note_trail(tt_why *why, const tt_term *from, const tt_term *to, uint64_t n_statements)
{
	tt_buffer text;
	tt_buffer_init(&text, &why->ctx);
	tt_status status = TT_OK;
	TT_TRY_DONE(append_term(why, from, &text));
	if (n_statements) {
		TT_TRY_DONE(tt_buffer_append(&text, TT_VIEW(" to ")));
		TT_TRY_DONE(append_term(why, to, &text));
		TT_TRY_DONE(tt_buffer_printf(&text, " by %" PRIu64 " statements", n_statements));
	} else {
		TT_TRY_DONE(tt_buffer_append(&text, TT_VIEW(" itself, by a path without a step")));
	}
	TT_TRY_DONE(tt_witness_note(why, TT_NOTE_TRAIL, &text));
done:
	tt_buffer_clear(&text);
	return status;
}

/* Whether the steps of a path can be any number: a sequence is told well enough by its statements. */
static bool is_elastic(const tt_path *path)
{
	return path->kind == TT_PATH_ZERO_OR_MORE || path->kind == TT_PATH_ONE_OR_MORE ||
	       path->kind == TT_PATH_ZERO_OR_ONE || (path->first && is_elastic(path->first)) ||
	       (path->second && is_elastic(path->second));
}

tt_status tt_witness_path(tt_why *why, const tt_ast_triple *triple, const tt_term *from, const tt_term *to,
                          const tt_term *graph)
{
	if (from->kind == TT_TERM_NONE || to->kind == TT_TERM_NONE) {
		return TT_OK; /* a solution that was not found exactly */
	}
	const uint64_t n_before = why->n_told;
	TT_TRY(witness_between(why, triple->path, from, to, graph));
	const uint64_t n_told = why->n_told - n_before;
	TT_TRY(n_told != 1 && is_elastic(triple->path) ? note_trail(why, from, to, n_told) : TT_OK);
	/* Between two variables a path without a step begins at the nodes of the graph only (§18.4). */
	const bool is_open = triple->subject.kind != TT_AST_CONSTANT && triple->object.kind != TT_AST_CONSTANT;
	return !n_told && is_open ? witness_node(why, from, graph) : TT_OK;
}
