/* plan_reference.c - solutions, expressions and modifiers, and the algebra evaluated word for word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "plan_reference.h"

bool is_given_up(const reference *r)
{
	return r->n_work > r->n_work_limit;
}

void *need(reference *r, size_t n_bytes)
{
	void *const memory = tt_arena_alloc(r->arena, n_bytes ? n_bytes : 1);
	assert_non_null(memory);
	return memory;
}

tt_id *new_row(reference *r, const tt_id *from)
{
	/* Given up: whatever is computed now is not looked at, so one row serves for all. */
	r->n_work++;
	tt_id *const row = is_given_up(r) && r->spare ? r->spare : need(r, (r->n_variables + 1) * sizeof *row);
	r->spare = row;
	if (from && from != row) {
		memcpy(row, from, r->n_variables * sizeof *row);
	}
	return row;
}

void add_row(reference *r, bag *b, tt_id *row)
{
	if (is_given_up(r)) {
		return;
	}
	if (b->n == b->capacity) {
		const size_t capacity = b->capacity ? b->capacity * 2 : 16;
		tt_id **const rows = need(r, capacity * sizeof *rows);
		if (b->n) {
			memcpy(rows, b->rows, b->n * sizeof *rows);
		}
		b->rows = rows;
		b->capacity = capacity;
	}
	b->rows[b->n++] = row;
}

/* Compatible solutions (§18.3); *out_shares: both bind a variable. */
bool is_compatible(const reference *r, const tt_id *a, const tt_id *b, bool *out_shares)
{
	bool shares = false;
	for (size_t i = 0; i < r->n_variables; ++i) {
		if (a[i] && b[i]) {
			if (a[i] != b[i]) {
				return false;
			}
			shares = true;
		}
	}
	if (out_shares) {
		*out_shares = shares;
	}
	return true;
}

tt_id *merge_rows(reference *r, const tt_id *a, const tt_id *b)
{
	tt_id *const row = new_row(r, a);
	for (size_t i = 0; i < r->n_variables; ++i) {
		row[i] = row[i] ? row[i] : b[i];
	}
	return row;
}

/* ---- expressions ------------------------------------------------------------------------------ */

static const tt_var *all_variables(reference *r)
{
	static tt_var all[64];
	assert_true(r->n_variables <= 64);
	for (size_t i = 0; i < 64; ++i) {
		all[i] = (tt_var)i;
	}
	return all;
}

/* The value of an expression on one row that shows only some variables. */
tt_id value_of(reference *r, const tt_expr *expr, const tt_var *columns, size_t n_columns, const tt_id *row)
{
	tt_program *program = NULL;
	tt_id value = TT_UNBOUND;
	const tt_id *cells[64];
	const tt_var *const saved = r->columns;
	assert_true(n_columns <= 64);
	const size_t n_saved = r->n_columns;
	for (size_t i = 0; i < n_columns; ++i) {
		cells[i] = &row[columns[i]];
	}
	OK(tt_expr_compile(expr, &r->env, columns, n_columns, &program));
	r->columns = columns;
	r->n_columns = n_columns;
	OK(tt_program_eval(program, cells, 1, &value));
	r->columns = saved;
	r->n_columns = n_saved;
	tt_program_free(program);
	return value;
}

bool holds(reference *r, const tt_expr *expr, const tt_var *columns, size_t n_columns, const tt_id *row)
{
	tt_truth truth = TT_FALSE;
	const tt_id value = value_of(r, expr, columns, n_columns, row);
	if (value) {
		OK(tt_effective_boolean(r->terms, value, &truth));
	}
	return truth == TT_TRUE;
}

/* ---- modifiers that both evaluators share ------------------------------------------------------ */

static bool is_same_row(const reference *r, const tt_id *a, const tt_id *b)
{
	return memcmp(a, b, r->n_variables * sizeof *a) == 0;
}

bag distinct_rows(reference *r, const bag *in)
{
	bag out = {0};
	for (size_t i = 0; i < in->n; ++i) {
		bool is_new = true;
		for (size_t j = 0; j < out.n && is_new; ++j) {
			is_new = !is_same_row(r, in->rows[i], out.rows[j]);
		}
		if (is_new) {
			add_row(r, &out, in->rows[i]);
		}
	}
	return out;
}

bag slice_rows(reference *r, const bag *in, uint64_t offset, bool has_limit, uint64_t limit)
{
	bag out = {0};
	for (size_t i = 0; i < in->n; ++i) {
		if (i >= offset && (!has_limit || i - offset < limit)) {
			add_row(r, &out, in->rows[i]);
		}
	}
	return out;
}

bag sort_rows(reference *r, const bag *in, const tt_order_condition *order, size_t n_order, const tt_var *columns,
              size_t n_columns)
{
	bag out = {0};
	for (size_t i = 0; i < in->n; ++i) {
		add_row(r, &out, in->rows[i]);
		for (size_t j = out.n ? out.n - 1 : 0; j > 0; --j) {
			int how = 0;
			for (size_t k = 0; k < 2 * n_order && how == 0; ++k) {
				const tt_order_condition *const condition = &order[k % n_order];
				const tt_id a = value_of(r, condition->expr, columns, n_columns, out.rows[j - 1]);
				const tt_id b = value_of(r, condition->expr, columns, n_columns, out.rows[j]);
				OK((k < n_order ? tt_order_compare_values : tt_order_compare)(r->terms, a, b, &how));
				how = condition->is_descending ? -how : how;
			}
			if (how <= 0) {
				break;
			}
			tt_id *const swapped = out.rows[j];
			out.rows[j] = out.rows[j - 1];
			out.rows[j - 1] = swapped;
		}
	}
	return out;
}

/* Blank nodes of patterns are no part of a solution. */
static void hide_variables(reference *r, bag *rows)
{
	for (size_t i = 0; i < rows->n; ++i) {
		rows->rows[i] = new_row(r, rows->rows[i]);
		for (size_t j = 0; j < r->n_variables; ++j) {
			rows->rows[i][j] = r->query->variables[j].is_hidden ? TT_UNBOUND : rows->rows[i][j];
		}
	}
}

bag group_rows(reference *r, const bag *in, const tt_var *keys, size_t n_keys, const tt_aggregation *aggregations,
               size_t n_aggregations, const tt_var *columns, size_t n_columns)
{
	bag out = {0};
	for (size_t i = 0; i <= in->n; ++i) {
		tt_id *const group = new_row(r, NULL);
		if (i == in->n && (n_keys || out.n)) {
			break; /* without keys there is a group even of nothing */
		}
		for (size_t k = 0; k < n_keys; ++k) {
			group[keys[k]] = in->rows[i][keys[k]];
		}
		bool is_new = true;
		for (size_t j = 0; j < out.n && is_new; ++j) {
			is_new = false;
			for (size_t k = 0; k < n_keys; ++k) {
				is_new = is_new || out.rows[j][keys[k]] != group[keys[k]];
			}
		}
		if (is_new) {
			add_row(r, &out, group);
		}
	}
	for (size_t g = 0; g < out.n; ++g) {
		for (size_t a = 0; a < n_aggregations; ++a) {
			tt_accumulator *accumulator = NULL;
			bag counted = {0};
			OK(tt_accumulator_new(&r->env, &aggregations[a], &accumulator));
			for (size_t i = 0; i < in->n; ++i) {
				bool is_member = true;
				for (size_t k = 0; k < n_keys; ++k) {
					is_member = is_member && in->rows[i][keys[k]] == out.rows[g][keys[k]];
				}
				if (is_member) {
					add_row(r, &counted, in->rows[i]);
				}
			}
			if (!aggregations[a].argument && aggregations[a].is_distinct) {
				hide_variables(r, &counted);
				counted = distinct_rows(r, &counted);
			}
			for (size_t i = 0; i < counted.n; ++i) {
				if (aggregations[a].argument) {
					const tt_id value = value_of(r, aggregations[a].argument, columns, n_columns, counted.rows[i]);
					OK(tt_accumulator_add(accumulator, &value, 1));
				} else {
					OK(tt_accumulator_add(accumulator, NULL, 1));
				}
			}
			OK(tt_accumulator_result(accumulator, &out.rows[g][aggregations[a].variable]));
			tt_accumulator_free(accumulator);
		}
	}
	return out;
}

/* ---- the algebra, word for word (§18.5, §18.6) -------------------------------------------------- */

static tt_id find_id(reference *r, const tt_term *term)
{
	tt_id id = TT_UNBOUND;
	OK(tt_terms_intern(r->terms, term, &id));
	return id;
}

static bool lists_graph(reference *r, const tt_view *iris, size_t n, tt_id graph)
{
	for (size_t i = 0; i < n; ++i) {
		const tt_term term = tt_term_iri(iris[i]);
		if (find_id(r, &term) == graph) {
			return true;
		}
	}
	return false;
}

static bool is_in_default_graph(reference *r, tt_id graph)
{
	const tt_dataset *const dataset = &r->query->dataset;
	if (dataset->is_given) {
		return lists_graph(r, dataset->from, dataset->n_from, graph);
	}
	return r->is_union_default_graph || graph == TT_DEFAULT_GRAPH;
}

static bool is_named(reference *r, tt_id graph)
{
	const tt_dataset *const dataset = &r->query->dataset;
	if (dataset->is_given) {
		return lists_graph(r, dataset->from_named, dataset->n_from_named, graph);
	}
	return graph != TT_DEFAULT_GRAPH;
}

/* The triples of the active graph: one quad for each; with a graph variable the graph counts too. */
static bool is_active(reference *r, const tt_triple_pattern *pattern, size_t i)
{
	const tt_quad *const quad = &r->quads[i];
	if (pattern->graph_kind == TT_PATTERN_SLOT) {
		if (!r->is_any_graph_named && !is_named(r, quad->graph)) {
			return false;
		}
		if (!pattern->graph.is_variable) {
			return find_id(r, &pattern->graph.constant) == quad->graph;
		}
		return !r->query->variables[pattern->graph.variable].is_graph_loop ||
		       r->loops[pattern->graph.variable] == quad->graph;
	}
	if (!is_in_default_graph(r, quad->graph)) {
		return false;
	}
	for (size_t j = 0; j < i; ++j) {
		const tt_quad *const other = &r->quads[j];
		if (other->subject == quad->subject && other->predicate == quad->predicate && other->object == quad->object &&
		    is_in_default_graph(r, other->graph)) {
			return false;
		}
	}
	return true;
}

static bool bind_slot(reference *r, const tt_slot *slot, tt_id id, tt_id *row)
{
	if (!slot->is_variable) {
		return find_id(r, &slot->constant) == id;
	}
	if (r->query->variables[slot->variable].is_graph_loop) {
		return true;
	}
	const tt_id old = row[slot->variable];
	row[slot->variable] = id;
	return !old || old == id;
}

/* A row that holds the outer values of what a pattern mentions. */
static tt_id *outer_row(reference *r, const tt_algebra *node)
{
	tt_id *const row = new_row(r, NULL);
	for (size_t i = 0; r->outer && i < node->in_scope.n_items; ++i) {
		row[node->in_scope.items[i]] = r->outer[node->in_scope.items[i]];
	}
	return row;
}

static bag eval_bgp(reference *r, const tt_algebra *node)
{
	bag sofar = {0};
	add_row(r, &sofar, outer_row(r, node));
	for (size_t p = 0; p < node->n_patterns && !is_given_up(r); ++p) {
		const tt_triple_pattern *const pattern = &node->patterns[p];
		bag next = {0};
		for (size_t i = 0; i < r->n_quads; ++i) {
			if (!is_active(r, pattern, i)) {
				continue;
			}
			for (size_t j = 0; j < sofar.n; ++j) {
				tt_id *const row = new_row(r, sofar.rows[j]);
				if (bind_slot(r, &pattern->subject, r->quads[i].subject, row) &&
				    bind_slot(r, &pattern->predicate, r->quads[i].predicate, row) &&
				    bind_slot(r, &pattern->object, r->quads[i].object, row) &&
				    (pattern->graph_kind == TT_PATTERN_DEFAULT ||
				     bind_slot(r, &pattern->graph, r->quads[i].graph, row))) {
					add_row(r, &next, row);
				}
			}
		}
		sofar = next;
	}
	return sofar;
}

/* Whether a path leads from a to b by `path`; searches run over the nodes of the graph and the two ends. */
typedef struct path_search {
	reference *r;
	const tt_triple_pattern *pattern;
	tt_id *nodes;
	size_t n_nodes;
} path_search;

static bool leads(path_search *s, const tt_path *path, tt_id a, tt_id b);

static bool reaches(path_search *s, const tt_path *step, tt_id a, tt_id b)
{
	bool *const is_reached = need(s->r, s->n_nodes);
	bool is_growing = true;
	for (size_t i = 0; i < s->n_nodes; ++i) {
		is_reached[i] = leads(s, step, a, s->nodes[i]);
	}
	while (is_growing && !is_given_up(s->r)) {
		is_growing = false;
		for (size_t i = 0; i < s->n_nodes; ++i) {
			for (size_t j = 0; is_reached[i] && j < s->n_nodes; ++j) {
				if (!is_reached[j] && leads(s, step, s->nodes[i], s->nodes[j])) {
					is_reached[j] = is_growing = true;
				}
			}
		}
	}
	for (size_t i = 0; i < s->n_nodes; ++i) {
		if (is_reached[i] && s->nodes[i] == b) {
			return true;
		}
	}
	return false;
}

static bool has_edge(path_search *s, const tt_term *predicate, tt_id a, tt_id b)
{
	const tt_id id = find_id(s->r, predicate);
	for (size_t i = 0; i < s->r->n_quads; ++i) {
		const tt_quad *const quad = &s->r->quads[i];
		if (quad->subject == a && quad->object == b && quad->predicate == id && is_active(s->r, s->pattern, i)) {
			return true;
		}
	}
	return false;
}

/* How many triples of a negated set lead from a to b. */
static size_t count_negated(path_search *s, const tt_path *path, tt_id a, tt_id b)
{
	size_t n = 0;
	for (unsigned direction = 0; direction < 2; ++direction) {
		bool is_allowed = direction == 0 && path->n_negated == 0;
		for (size_t k = 0; k < path->n_negated; ++k) {
			is_allowed = is_allowed || path->negated[k].is_inverse == (direction == 1);
		}
		for (size_t i = 0; i < s->r->n_quads && is_allowed; ++i) {
			const tt_quad *const quad = &s->r->quads[i];
			const bool fits = direction ? quad->subject == b && quad->object == a
			                            : quad->subject == a && quad->object == b;
			bool is_excluded = !fits || !is_active(s->r, s->pattern, i);
			for (size_t k = 0; k < path->n_negated && !is_excluded; ++k) {
				const tt_term iri = tt_term_iri(path->negated[k].iri);
				is_excluded = path->negated[k].is_inverse == (direction == 1) && find_id(s->r, &iri) == quad->predicate;
			}
			n += !is_excluded;
		}
	}
	return n;
}

static bool leads(path_search *s, const tt_path *path, tt_id a, tt_id b)
{
	tt_term iri = {0};
	switch (path->kind) {
	case TT_PATH_LINK:
		iri = tt_term_iri(path->iri);
		return has_edge(s, &iri, a, b);
	case TT_PATH_INVERSE:
		return leads(s, path->first, b, a);
	case TT_PATH_SEQUENCE:
		for (size_t i = 0; i < s->n_nodes; ++i) {
			if (leads(s, path->first, a, s->nodes[i]) && leads(s, path->second, s->nodes[i], b)) {
				return true;
			}
		}
		return false;
	case TT_PATH_ALTERNATIVE:
		return leads(s, path->first, a, b) || leads(s, path->second, a, b);
	case TT_PATH_ZERO_OR_ONE:
		return a == b || leads(s, path->first, a, b);
	case TT_PATH_ZERO_OR_MORE:
		return a == b || reaches(s, path->first, a, b);
	case TT_PATH_ONE_OR_MORE:
		return reaches(s, path->first, a, b);
	default:
		return count_negated(s, path, a, b) > 0;
	}
}

static void add_node(path_search *s, tt_id id)
{
	for (size_t i = 0; i < s->n_nodes; ++i) {
		if (s->nodes[i] == id) {
			return;
		}
	}
	s->nodes[s->n_nodes++] = id;
}

bag path_rows(reference *r, const tt_path *path, const tt_triple_pattern *pattern, const tt_id *row, const tt_id *more,
              size_t n_more)
{
	bag out = {0};
	path_search s = {.r = r, .pattern = pattern, .nodes = need(r, (2 * r->n_quads + 2 + n_more) * sizeof(tt_id))};
	for (size_t i = 0; i < n_more; ++i) {
		add_node(&s, more[i]);
	}
	for (size_t i = 0; i < r->n_quads; ++i) {
		if (is_active(r, pattern, i)) {
			add_node(&s, r->quads[i].subject);
			add_node(&s, r->quads[i].object);
		}
	}
	const tt_slot *const ends[2] = {&pattern->subject, &pattern->object};
	for (size_t i = 0; i < 2; ++i) {
		const tt_id end = ends[i]->is_variable ? row[ends[i]->variable] : find_id(r, &ends[i]->constant);
		if (end) {
			add_node(&s, end);
		}
	}
	for (size_t i = 0; i < s.n_nodes; ++i) {
		for (size_t j = 0; j < s.n_nodes; ++j) {
			tt_id *const made = new_row(r, row);
			if (!bind_slot(r, ends[0], s.nodes[i], made) || !bind_slot(r, ends[1], s.nodes[j], made)) {
				continue;
			}
			size_t n = path->kind == TT_PATH_NEGATED_SET ? count_negated(&s, path, s.nodes[i], s.nodes[j])
			                                             : leads(&s, path, s.nodes[i], s.nodes[j]);
			for (; n > 0; --n) {
				add_row(r, &out, made);
			}
		}
	}
	return out;
}

/* What an expression sees: the row, and the outer row where the row binds nothing. */
static tt_id *seen_row(reference *r, const tt_id *row)
{
	return r->outer ? merge_rows(r, row, r->outer) : new_row(r, row);
}

bool passes(reference *r, tt_expr *const *filters, size_t n, const tt_id *row)
{
	const tt_id *const seen = seen_row(r, row);
	for (size_t i = 0; i < n; ++i) {
		if (!holds(r, filters[i], all_variables(r), r->n_variables, seen)) {
			return false;
		}
	}
	return true;
}

tt_status reference_exists(void *user, const tt_expr *exists, const tt_id *const *columns, size_t row, bool *out_exists)
{
	reference *const r = user;
	tt_id *const saved = r->outer;
	tt_id *const outer = new_row(r, NULL);
	for (size_t i = 0; i < r->n_columns; ++i) {
		outer[r->columns[i]] = columns[i][row];
	}
	r->outer = outer;
	const bag found = eval(r, exists->pattern);
	*out_exists = false;
	for (size_t i = 0; i < found.n; ++i) {
		*out_exists = *out_exists || is_compatible(r, found.rows[i], outer, NULL);
	}
	r->outer = saved;
	return TT_OK;
}

static bag eval_join(reference *r, const tt_algebra *node)
{
	const bag left = eval(r, node->left);
	const bag right = eval(r, node->right);
	const bool is_left_join = node->kind == TT_ALGEBRA_LEFT_JOIN;
	bag out = {0};
	for (size_t i = 0; i < left.n && !is_given_up(r); ++i) {
		bool is_matched = false;
		for (size_t j = 0; j < right.n; ++j) {
			if (is_compatible(r, left.rows[i], right.rows[j], NULL)) {
				tt_id *const both = merge_rows(r, left.rows[i], right.rows[j]);
				if (passes(r, node->filters, node->n_filters, both)) {
					is_matched = true;
					add_row(r, &out, both);
				}
			}
		}
		if (is_left_join && !is_matched) {
			add_row(r, &out, left.rows[i]);
		}
	}
	return out;
}

static bag eval_minus(reference *r, const tt_algebra *node)
{
	const bag left = eval(r, node->left);
	const bag right = eval(r, node->right);
	bag out = {0};
	for (size_t i = 0; i < left.n && !is_given_up(r); ++i) {
		bool is_removed = false;
		for (size_t j = 0; j < right.n && !is_removed; ++j) {
			bool shares = false;
			is_removed = is_compatible(r, left.rows[i], right.rows[j], &shares) && shares;
		}
		if (!is_removed) {
			add_row(r, &out, left.rows[i]);
		}
	}
	return out;
}

/* The named graphs of the dataset: those that there are, or one for each FROM NAMED, even an empty one (§13.2.2). */
static void list_named(reference *r, const tt_id **out_graphs, size_t *out_n)
{
	const tt_dataset *const dataset = &r->query->dataset;
	if (!dataset->is_given) {
		OK(tt_snapshot_graphs(r->snapshot, out_graphs, out_n));
		return;
	}
	tt_id *const ids = need(r, dataset->n_from_named * sizeof *ids);
	size_t n = 0;
	for (size_t i = 0; i < dataset->n_from_named; ++i) {
		const tt_term term = tt_term_iri(dataset->from_named[i]);
		OK(tt_terms_intern(r->terms, &term, &ids[n]));
		bool is_new = true;
		for (size_t j = 0; j < n; ++j) {
			is_new = is_new && ids[j] != ids[n];
		}
		n += is_new;
	}
	*out_graphs = ids;
	*out_n = n;
}

static bag eval_graph(reference *r, const tt_algebra *node)
{
	const tt_id *graphs = NULL;
	size_t n_graphs = 0;
	bag out = {0};
	list_named(r, &graphs, &n_graphs);
	for (size_t i = 0; i < n_graphs; ++i) {
		if (node->parameter == TT_NO_VAR) {
			tt_id id = TT_UNBOUND;
			OK(tt_terms_intern(r->terms, &node->graph.constant, &id));
			if (id == graphs[i]) {
				return eval(r, node->left);
			}
			continue;
		}
		r->loops[node->parameter] = graphs[i];
		const bag inner = eval(r, node->left);
		for (size_t j = 0; j < inner.n; ++j) {
			tt_id *const row = new_row(r, inner.rows[j]);
			if (!row[node->variable] || row[node->variable] == graphs[i]) {
				row[node->variable] = graphs[i];
				add_row(r, &out, row);
			}
		}
	}
	return out;
}

static bag eval_values(reference *r, const tt_algebra *node)
{
	bag out = {0};
	for (size_t i = 0; i < node->n_rows; ++i) {
		tt_id *const row = new_row(r, NULL);
		for (size_t j = 0; j < node->n_variables; ++j) {
			const tt_term *const cell = &node->cells[i * node->n_variables + j];
			row[node->variables[j]] = cell->kind == TT_TERM_NONE ? TT_UNBOUND : find_id(r, cell);
		}
		add_row(r, &out, row);
	}
	return out;
}

static bag eval_unary(reference *r, const tt_algebra *node)
{
	const bag in = eval(r, node->left);
	bag out = {0};
	if (node->kind == TT_ALGEBRA_GROUP) {
		return group_rows(r, &in, node->variables, node->n_variables, node->aggregations, node->n_aggregations,
		                  all_variables(r), r->n_variables);
	}
	if (node->kind == TT_ALGEBRA_ORDER) {
		return sort_rows(r, &in, node->order, node->n_order, all_variables(r), r->n_variables);
	}
	if (node->kind == TT_ALGEBRA_DISTINCT) {
		return distinct_rows(r, &in);
	}
	if (node->kind == TT_ALGEBRA_SLICE) {
		return slice_rows(r, &in, node->offset, node->has_limit, node->limit);
	}
	for (size_t i = 0; i < in.n; ++i) {
		tt_id *row = in.rows[i];
		if (node->kind == TT_ALGEBRA_EXTEND) {
			row = new_row(r, row);
			row[node->variable] = value_of(r, node->expr, all_variables(r), r->n_variables, seen_row(r, row));
		} else if (node->kind == TT_ALGEBRA_PROJECT) {
			row = new_row(r, NULL);
			for (size_t j = 0; j < node->n_variables; ++j) {
				row[node->variables[j]] = in.rows[i][node->variables[j]];
			}
		} else if (node->kind == TT_ALGEBRA_FILTER && !passes(r, node->filters, node->n_filters, row)) {
			continue;
		}
		add_row(r, &out, row);
	}
	return out;
}

bag eval(reference *r, const tt_algebra *node)
{
	bag out = {0};
	switch (node->kind) {
	case TT_ALGEBRA_UNIT:
		add_row(r, &out, new_row(r, NULL));
		return out;
	case TT_ALGEBRA_EMPTY:
		return out;
	case TT_ALGEBRA_BGP:
		return eval_bgp(r, node);
	case TT_ALGEBRA_PATH:
		return path_rows(r, node->path, &node->patterns[0], outer_row(r, node), NULL, 0);
	case TT_ALGEBRA_JOIN:
	case TT_ALGEBRA_LEFT_JOIN:
		return eval_join(r, node);
	case TT_ALGEBRA_MINUS:
		return eval_minus(r, node);
	case TT_ALGEBRA_UNION: {
		const bag right = eval(r, node->right);
		out = eval(r, node->left);
		for (size_t i = 0; i < right.n; ++i) {
			add_row(r, &out, right.rows[i]);
		}
		return out;
	}
	case TT_ALGEBRA_GRAPH:
		return eval_graph(r, node);
	case TT_ALGEBRA_VALUES:
		return eval_values(r, node);
	default:
		return eval_unary(r, node);
	}
}

/* ---- comparing -------------------------------------------------------------------------------- */

/* Rows cut to some columns, sorted. */
static tt_id *sorted_cells(reference *r, const bag *b, const tt_var *columns, size_t n_columns,
                           int (*compare)(const void *, const void *, void *))
{
	tt_id *const cells = need(r, b->n * n_columns * sizeof *cells);
	for (size_t i = 0; i < b->n; ++i) {
		for (size_t k = 0; k < n_columns; ++k) {
			cells[i * n_columns + k] = b->rows[i][columns[k]];
		}
	}
	if (b->n && n_columns) {
		qsort_r(cells, b->n, n_columns * sizeof *cells, compare, &n_columns);
	}
	return cells;
}

static int compare_cells(const void *a, const void *b, void *n_columns)
{
	return memcmp(a, b, *(size_t *)n_columns * sizeof(tt_id));
}

/* Whether two bags hold the same rows as often, looking only at some variables of each. */
bool is_same_bag(reference *r, const bag *a, const tt_var *a_columns, const bag *b, const tt_var *b_columns,
                 size_t n_columns)
{
	return a->n == b->n &&
	       memcmp(sorted_cells(r, a, a_columns, n_columns, compare_cells),
	              sorted_cells(r, b, b_columns, n_columns, compare_cells), a->n * n_columns * sizeof(tt_id)) == 0;
}
