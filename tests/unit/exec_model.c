/* exec_model.c - see exec_model.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "exec_model.h"
#include "expr/compare.h"

static tt_id model_parameters[N_VARIABLES];

static table model(const tt_node *node);

static tt_id *add_row(table *t)
{
	if (t->n_rows == t->capacity) {
		const size_t capacity = t->capacity ? t->capacity * 2 : 16;
		tt_id *const cells = make(capacity * t->n_columns, sizeof *cells);
		if (t->n_rows && t->n_columns) {
			memcpy(cells, t->cells, t->n_rows * t->n_columns * sizeof *cells);
		}
		t->cells = cells;
		t->capacity = capacity;
	}
	return t->cells + t->n_rows++ * t->n_columns;
}

static size_t find_column(const table *t, tt_var variable)
{
	for (size_t c = 0; c < t->n_columns; ++c) {
		if (t->columns[c] == variable) {
			return c;
		}
	}
	return SIZE_MAX;
}

/* A solution: a value for each variable. */
typedef struct solution {
	tt_id values[N_VARIABLES];
} solution;

static solution solution_of(const table *t, size_t row)
{
	solution s = {{0}};
	for (size_t c = 0; c < t->n_columns; ++c) {
		s.values[t->columns[c]] = t->cells[row * t->n_columns + c];
	}
	return s;
}

static void add_solution(table *t, const solution *s)
{
	tt_id *const row = add_row(t);
	for (size_t c = 0; c < t->n_columns; ++c) {
		row[c] = s->values[t->columns[c]];
	}
}

static table table_for(const tt_node *node)
{
	return (table){.n_columns = node->n_columns, .columns = node->columns};
}

/* ---- expressions and joins in the model ------------------------------------------------------- */

static bool is_number(tt_id id)
{
	return tt_id_kind(id) == TT_KIND_INTEGER;
}

static tt_id model_value(const tt_expr *expr, const solution *s);

/* 1, 0, or -1 for an error. */
static int model_truth(const tt_expr *expr, const solution *s)
{
	if (expr->kind == TT_EXPR_EXISTS || expr->kind == TT_EXPR_NOT_EXISTS) {
		tt_id saved[N_VARIABLES];
		memcpy(saved, model_parameters, sizeof saved);
		for (size_t i = 0; i < expr->n_parameters; ++i) {
			model_parameters[expr->parameters[i]] = s->values[expr->parameters[i]];
		}
		const bool exists = model(expr->plan).n_rows > 0;
		memcpy(model_parameters, saved, sizeof saved);
		return exists == (expr->kind == TT_EXPR_EXISTS);
	}
	const tt_id a = model_value(expr->arguments[0], s);
	const tt_id b = model_value(expr->arguments[1], s);
	if (expr->kind == TT_EXPR_NE) {
		return a == TT_UNBOUND || b == TT_UNBOUND ? -1 : a != b;
	}
	return is_number(a) && is_number(b) ? a < b : -1;
}

static tt_id model_value(const tt_expr *expr, const solution *s)
{
	if (expr->kind == TT_EXPR_VARIABLE) {
		return s->values[expr->variable];
	}
	if (expr->kind == TT_EXPR_CONSTANT) {
		return integer(atoi(expr->constant.text.data));
	}
	if (expr->kind == TT_EXPR_ADD) {
		const tt_id a = model_value(expr->arguments[0], s);
		const tt_id b = model_value(expr->arguments[1], s);
		return is_number(a) && is_number(b) ? integer(tt_value_to_integer(a) + tt_value_to_integer(b)) : TT_UNBOUND;
	}
	const int truth = model_truth(expr, s);
	return truth < 0 ? TT_UNBOUND : tt_value_from_boolean(truth == 1);
}

static bool is_compatible(const solution *a, const solution *b)
{
	for (size_t v = 0; v < N_VARIABLES; ++v) {
		if (a->values[v] && b->values[v] && a->values[v] != b->values[v]) {
			return false;
		}
	}
	return true;
}

static bool shares(const solution *a, const solution *b)
{
	for (size_t v = 0; v < N_VARIABLES; ++v) {
		if (a->values[v] && b->values[v]) {
			return true;
		}
	}
	return false;
}

static solution merge(const solution *a, const solution *b)
{
	solution s = *a;
	for (size_t v = 0; v < N_VARIABLES; ++v) {
		s.values[v] = s.values[v] ? s.values[v] : b->values[v];
	}
	return s;
}

/* All joins by nested loops. */
static table model_join(const tt_node *node)
{
	table out = table_for(node);
	const table left = model(node->children[0]);
	const table right = model(node->children[1]);
	const bool is_left = node->kind == TT_NODE_LEFT_JOIN || node->kind == TT_NODE_LEFT_LOOKUP;
	const bool keeps_left = node->kind == TT_NODE_MINUS || node->kind == TT_NODE_SEMI_JOIN;
	const bool is_negated = node->kind == TT_NODE_MINUS || node->is_negated;
	for (size_t i = 0; i < left.n_rows; ++i) {
		const solution a = solution_of(&left, i);
		bool is_matched = false;
		for (size_t j = 0; j < right.n_rows; ++j) {
			const solution b = solution_of(&right, j);
			if (!is_compatible(&a, &b) || (node->kind == TT_NODE_MINUS && !shares(&a, &b))) {
				continue;
			}
			const solution both = merge(&a, &b);
			if (is_left && node->expr && model_truth(node->expr, &both) != 1) {
				continue;
			}
			is_matched = true;
			if (!keeps_left) {
				add_solution(&out, &both);
			}
		}
		if ((is_left && !is_matched) || (keeps_left && is_matched != is_negated)) {
			add_solution(&out, &a);
		}
	}
	return out;
}

/* ---- scans in the model ----------------------------------------------------------------------- */

static bool is_in_graphs(const tt_graph_set *set, tt_id graph)
{
	for (size_t i = 0; set->choice == TT_GRAPHS_LIST && i < set->n_graphs; ++i) {
		if (set->graphs[i] == graph) {
			return true;
		}
	}
	return set->choice == TT_GRAPHS_ALL || (set->choice == TT_GRAPHS_DEFAULT && graph == TT_DEFAULT_GRAPH) ||
	       (set->choice == TT_GRAPHS_NAMED && graph != TT_DEFAULT_GRAPH);
}

static tt_id quad_column(const tt_quad *quad, tt_column column)
{
	const tt_id ids[TT_N_COLUMNS] = {quad->subject, quad->predicate, quad->object, quad->graph};
	return ids[column];
}

/* Whether a triple of an earlier quad is the same, and seen by the scan. */
static bool is_repeated(const tt_scan_plan *scan, size_t i)
{
	for (size_t j = 0; j < i; ++j) {
		if (quads[j].subject == quads[i].subject && quads[j].predicate == quads[i].predicate &&
		    quads[j].object == quads[i].object && is_in_graphs(&scan->graphs, quads[j].graph)) {
			return true;
		}
	}
	return false;
}

static table model_scan(const tt_node *node)
{
	table out = table_for(node);
	const tt_scan_plan *const scan = &node->scan;
	for (size_t i = 0; i < n_quads; ++i) {
		solution s = {{0}};
		bool matches = is_in_graphs(&scan->graphs, quads[i].graph) && !(scan->is_merged && is_repeated(scan, i));
		for (tt_column c = TT_SUBJECT; c < TT_N_COLUMNS && matches; ++c) {
			const tt_scan_slot *const slot = &scan->slots[c];
			const tt_id id = quad_column(&quads[i], c);
			if (slot->kind == TT_SLOT_CONSTANT || slot->kind == TT_SLOT_PARAMETER) {
				matches = id == (slot->kind == TT_SLOT_CONSTANT ? slot->id : model_parameters[slot->variable]);
			}
			if (slot->kind == TT_SLOT_VARIABLE || slot->kind == TT_SLOT_PARAMETER) {
				matches = matches && (!s.values[slot->variable] || s.values[slot->variable] == id);
				s.values[slot->variable] = id;
			}
			if (scan->has_range && scan->n_prefix < TT_N_COLUMNS && tt_perm_column(scan->perm, scan->n_prefix) == c) {
				matches = matches && id >= scan->low && id <= scan->high;
			}
		}
		if (matches) {
			add_solution(&out, &s);
		}
	}
	return out;
}

/* ---- paths in the model: relations over all ids that occur ------------------------------------ */

enum { MOST_IDS = N_NODES + 1 };
typedef struct relation {
	unsigned n[MOST_IDS][MOST_IDS];
} relation;

static tt_id path_ids[MOST_IDS];

static size_t path_id(tt_id id)
{
	for (size_t i = 0; i < MOST_IDS; ++i) {
		if (path_ids[i] == id) {
			return i;
		}
	}
	return SIZE_MAX;
}

static bool is_excluded(const tt_id *ids, size_t n, tt_id id)
{
	return n && bsearch(&id, ids, n, sizeof id, compare_ids) != NULL;
}

static void add_edge(const tt_path_plan *path, const tt_quad *quad, relation *out)
{
	const size_t s = path_id(quad->subject);
	const size_t o = path_id(quad->object);
	if (path->kind == TT_PATH_LINK) {
		out->n[s][o] += path->predicate == quad->predicate;
		return;
	}
	out->n[s][o] += path->has_forward && !is_excluded(path->forward, path->n_forward, quad->predicate);
	out->n[o][s] += path->has_backward && !is_excluded(path->backward, path->n_backward, quad->predicate);
}

static void model_path_relation(const tt_scan_plan *scan, const tt_path_plan *path, relation *out)
{
	relation *const a = make(1, sizeof *a);
	relation *const b = make(1, sizeof *b);
	const tt_scan_slot *const graph = &scan->slots[TT_GRAPH];
	memset(out, 0, sizeof *out);
	if (path->kind == TT_PATH_LINK || path->kind == TT_PATH_NEGATED_SET) {
		for (size_t i = 0; i < n_quads; ++i) {
			const tt_id wanted = graph->kind == TT_SLOT_CONSTANT    ? graph->id
			                     : graph->kind == TT_SLOT_PARAMETER ? model_parameters[graph->variable]
			                                                        : quads[i].graph;
			if (wanted == quads[i].graph && is_in_graphs(&scan->graphs, wanted) &&
			    !(scan->is_merged && is_repeated(scan, i))) {
				add_edge(path, &quads[i], out);
			}
		}
		return;
	}
	model_path_relation(scan, path->first, a);
	if (path->second) {
		model_path_relation(scan, path->second, b);
	}
	for (size_t i = 0; i < MOST_IDS; ++i) {
		const bool has_zero = path->kind == TT_PATH_ZERO_OR_MORE || path->kind == TT_PATH_ZERO_OR_ONE;
		for (size_t j = 0; j < MOST_IDS; ++j) {
			out->n[i][j] = path->kind == TT_PATH_INVERSE       ? a->n[j][i]
			               : path->kind == TT_PATH_ALTERNATIVE ? a->n[i][j] || b->n[i][j]
			               : path->kind == TT_PATH_SEQUENCE    ? 0
			                                                   : a->n[i][j] || (has_zero && i == j);
			for (size_t k = 0; k < MOST_IDS && path->kind == TT_PATH_SEQUENCE; ++k) {
				out->n[i][j] |= a->n[i][k] && b->n[k][j];
			}
		}
	}
	const bool is_closed = path->kind == TT_PATH_ZERO_OR_MORE || path->kind == TT_PATH_ONE_OR_MORE;
	for (size_t k = 0; k < MOST_IDS && is_closed; ++k) {
		for (size_t i = 0; i < MOST_IDS; ++i) {
			for (size_t j = 0; j < MOST_IDS; ++j) {
				out->n[i][j] |= out->n[i][k] && out->n[k][j];
			}
		}
	}
}

/* Whether an id is subject or object of a triple that the path sees. */
static bool is_node_of(const tt_scan_plan *scan, tt_id id)
{
	const tt_scan_slot *const graph = &scan->slots[TT_GRAPH];
	for (size_t i = 0; i < n_quads; ++i) {
		const tt_id wanted = graph->kind == TT_SLOT_CONSTANT    ? graph->id
		                     : graph->kind == TT_SLOT_PARAMETER ? model_parameters[graph->variable]
		                                                        : quads[i].graph;
		if ((quads[i].subject == id || quads[i].object == id) && quads[i].graph == wanted &&
		    is_in_graphs(&scan->graphs, wanted)) {
			return true;
		}
	}
	return false;
}

/* Under a lookup ends that the left side binds need not be nodes of the graph: `is_bound` says which. */
static table model_path(const tt_node *node)
{
	table out = table_for(node);
	relation *const r = make(1, sizeof *r);
	const tt_scan_slot *const slots = node->scan.slots;
	memcpy(path_ids, nodes, sizeof nodes);
	path_ids[N_NODES] = unknown;
	model_path_relation(&node->scan, node->path, r);
	for (size_t i = 0; i < MOST_IDS; ++i) {
		for (size_t j = 0; j < MOST_IDS; ++j) {
			const tt_id ends[2] = {path_ids[i], path_ids[j]};
			bool matches = true;
			bool is_open = true;
			for (size_t e = 0; e < 2; ++e) {
				const tt_scan_slot *const slot = &slots[e ? TT_OBJECT : TT_SUBJECT];
				const tt_id known = slot->kind == TT_SLOT_CONSTANT    ? slot->id
				                    : slot->kind == TT_SLOT_PARAMETER ? model_parameters[slot->variable]
				                                                      : TT_UNBOUND;
				matches = matches && (known == TT_UNBOUND || known == ends[e]);
				is_open = is_open && known == TT_UNBOUND;
			}
			if (is_open && i == j && !is_node_of(&node->scan, ends[0])) {
				continue;
			}
			if (slots[TT_SUBJECT].kind == TT_SLOT_VARIABLE && slots[TT_OBJECT].kind == TT_SLOT_VARIABLE &&
			    slots[TT_SUBJECT].variable == slots[TT_OBJECT].variable) {
				matches = matches && i == j;
			}
			for (unsigned n = 0; n < r->n[i][j] && matches; ++n) {
				solution s = {{0}};
				if (slots[TT_OBJECT].kind != TT_SLOT_CONSTANT) {
					s.values[slots[TT_OBJECT].variable] = ends[1];
				}
				if (slots[TT_SUBJECT].kind != TT_SLOT_CONSTANT) {
					s.values[slots[TT_SUBJECT].variable] = ends[0];
				}
				add_solution(&out, &s);
			}
		}
	}
	return out;
}

/* ---- the other kinds in the model ------------------------------------------------------------- */

static bool is_equal_row(const table *t, size_t a, size_t b)
{
	return t->n_columns == 0 ||
	       memcmp(t->cells + a * t->n_columns, t->cells + b * t->n_columns, t->n_columns * sizeof(tt_id)) == 0;
}

static table model_distinct(const table *from)
{
	table out = {.n_columns = from->n_columns, .columns = from->columns};
	for (size_t i = 0; i < from->n_rows; ++i) {
		bool is_new = true;
		for (size_t j = 0; j < i && is_new; ++j) {
			is_new = !is_equal_row(from, i, j);
		}
		if (is_new) {
			const solution s = solution_of(from, i);
			add_solution(&out, &s);
		}
	}
	return out;
}

static table model_shape(const tt_node *node)
{
	table out = table_for(node);
	const table from = model(node->children[0]);
	for (size_t i = 0; i < from.n_rows; ++i) {
		solution s = solution_of(&from, i);
		bool is_kept = true;
		for (size_t f = 0; f < node->n_filters && is_kept; ++f) {
			is_kept = model_truth(node->filters[f], &s) == 1;
		}
		if (node->kind == TT_NODE_EXTEND) {
			s.values[node->variable] = model_value(node->expr, &s);
		}
		if (node->kind == TT_NODE_SLICE) {
			is_kept = i >= node->offset && (!node->has_limit || i - node->offset < node->limit);
		}
		if (is_kept) {
			add_solution(&out, &s);
		}
	}
	return node->kind == TT_NODE_DISTINCT ? model_distinct(&from) : out;
}

static table model_union(const tt_node *node)
{
	table out = table_for(node);
	for (size_t child = 0; child < node->n_children; ++child) {
		const table from = model(node->children[child]);
		for (size_t i = 0; i < from.n_rows; ++i) {
			const solution s = solution_of(&from, i);
			add_solution(&out, &s);
		}
	}
	return out;
}

static table model_loop(const tt_node *node)
{
	table out = table_for(node);
	for (size_t g = 0; g < N_GRAPHS; ++g) {
		if (!is_in_graphs(&node->scan.graphs, graphs[g])) {
			continue;
		}
		model_parameters[node->parameter] = graphs[g];
		const table from = model(node->children[0]);
		for (size_t i = 0; i < from.n_rows; ++i) {
			solution s = solution_of(&from, i);
			if (s.values[node->variable] == TT_UNBOUND || s.values[node->variable] == graphs[g]) {
				s.values[node->variable] = graphs[g];
				add_solution(&out, &s);
			}
		}
	}
	return out;
}

static bool is_in_group(const tt_node *node, const solution *a, const solution *b)
{
	for (size_t k = 0; k < node->n_keys; ++k) {
		if (a->values[node->keys[k]] != b->values[node->keys[k]]) {
			return false;
		}
	}
	return true;
}

static tt_id model_aggregate(const tt_node *node, const tt_aggregation *aggregation, const table *from,
                             const solution *key)
{
	table values = {.n_columns = aggregation->argument ? 1 : from->n_columns, .columns = from->columns};
	bool has_error = false;
	for (size_t i = 0; i < from->n_rows; ++i) {
		const solution s = solution_of(from, i);
		if (!is_in_group(node, &s, key)) {
			continue;
		}
		const tt_id value = aggregation->argument ? model_value(aggregation->argument, &s) : TT_UNBOUND;
		if (aggregation->argument && value == TT_UNBOUND) {
			has_error = true;
		} else if (aggregation->argument) {
			*add_row(&values) = value;
		} else {
			add_solution(&values, &s);
		}
	}
	values = aggregation->is_distinct ? model_distinct(&values) : values;
	if (aggregation->function == TT_AGGREGATE_COUNT) {
		return integer((int64_t)values.n_rows);
	}
	int64_t sum = 0;
	tt_id most = TT_UNBOUND;
	for (size_t i = 0; i < values.n_rows; ++i) {
		sum += tt_value_to_integer(values.cells[i]);
		most = values.cells[i] > most ? values.cells[i] : most;
	}
	if (aggregation->function == TT_AGGREGATE_SUM) {
		return has_error ? TT_UNBOUND : integer(sum);
	}
	return most; /* MAX */
}

static table model_group(const tt_node *node)
{
	table out = table_for(node);
	const table from = model(node->children[0]);
	for (size_t i = 0; i < from.n_rows || (i == 0 && node->n_keys == 0); ++i) {
		const solution key = from.n_rows ? solution_of(&from, i) : (solution){{0}};
		bool is_new = true;
		for (size_t j = 0; j < i && is_new; ++j) {
			const solution other = solution_of(&from, j);
			is_new = !is_in_group(node, &other, &key);
		}
		if (is_new) {
			solution s = key;
			for (size_t a = 0; a < node->n_aggregations; ++a) {
				s.values[node->aggregations[a].variable] = model_aggregate(node, &node->aggregations[a], &from, &key);
			}
			add_solution(&out, &s);
		}
	}
	return out;
}

static bool stands_before(const tt_node *node, const solution *a, const solution *b)
{
	for (size_t k = 0; k < 2 * node->n_order; ++k) {
		const tt_order_condition *const condition = &node->order[k % node->n_order];
		const tt_id x = model_value(condition->expr, a);
		const tt_id y = model_value(condition->expr, b);
		int order = 0;
		OK((k < node->n_order ? tt_order_compare_values : tt_order_compare)(&terms, x, y, &order));
		if (order) {
			return condition->is_descending ? order > 0 : order < 0;
		}
	}
	return false;
}

/* A stable insertion sort. */
static table model_sort(const tt_node *node)
{
	table out = table_for(node);
	const table from = model(node->children[0]);
	solution *const sorted = make(from.n_rows, sizeof *sorted);
	for (size_t i = 0; i < from.n_rows; ++i) {
		const solution s = solution_of(&from, i);
		size_t j = i;
		for (; j > 0 && stands_before(node, &s, &sorted[j - 1]); --j) {
			sorted[j] = sorted[j - 1];
		}
		sorted[j] = s;
	}
	for (size_t i = 0; i < from.n_rows && (!node->has_limit || i < node->limit); ++i) {
		add_solution(&out, &sorted[i]);
	}
	return out;
}

static table model_leaf(const tt_node *node)
{
	table out = table_for(node);
	solution s = {{0}};
	if (node->kind == TT_NODE_UNIT) {
		memcpy(s.values, model_parameters, sizeof s.values);
		add_solution(&out, &s);
	} else if (node->kind == TT_NODE_VALUES) {
		for (size_t row = 0; row < node->n_value_rows; ++row) {
			memcpy(add_row(&out), node->cells + row * node->n_columns, node->n_columns * sizeof(tt_id));
		}
	} else if (node->kind == TT_NODE_COUNT) {
		s.values[node->variable] = integer((int64_t)model_scan(node).n_rows);
		add_solution(&out, &s);
	}
	return out;
}

static table model(const tt_node *node)
{
	static table (*const by_kind[TT_N_NODE_KINDS])(const tt_node *) = {
	    [TT_NODE_UNIT] = model_leaf,        [TT_NODE_EMPTY] = model_leaf,      [TT_NODE_SCAN] = model_scan,
	    [TT_NODE_VALUES] = model_leaf,      [TT_NODE_MERGE_JOIN] = model_join, [TT_NODE_HASH_JOIN] = model_join,
	    [TT_NODE_LOOKUP_JOIN] = model_join, [TT_NODE_LEFT_JOIN] = model_join,  [TT_NODE_LEFT_LOOKUP] = model_join,
	    [TT_NODE_MINUS] = model_join,       [TT_NODE_SEMI_JOIN] = model_join,  [TT_NODE_UNION] = model_union,
	    [TT_NODE_FILTER] = model_shape,     [TT_NODE_EXTEND] = model_shape,    [TT_NODE_PROJECT] = model_shape,
	    [TT_NODE_DISTINCT] = model_shape,   [TT_NODE_GROUP] = model_group,     [TT_NODE_SORT] = model_sort,
	    [TT_NODE_SLICE] = model_shape,      [TT_NODE_PATH] = model_path,       [TT_NODE_GRAPH_LOOP] = model_loop,
	    [TT_NODE_COUNT] = model_leaf,
	};
	return by_kind[node->kind](node);
}

/* ---- running and comparing -------------------------------------------------------------------- */

/* Read at most @p n_most rows. */
table read_rows(tt_execution *run, const tt_node *root, size_t n_most)
{
	table out = table_for(root);
	while (out.n_rows < n_most) {
		const tt_batch *batch = NULL;
		OK(tt_execution_next(run, &batch));
		if (batch->n_rows == 0) {
			break;
		}
		CHECK(batch->n_rows <= TT_BATCH_ROWS);
		for (size_t i = 0; i < batch->n_rows; ++i) {
			tt_id *const row = add_row(&out);
			for (size_t c = 0; c < out.n_columns; ++c) {
				row[c] = batch->columns[c][i];
			}
		}
	}
	return out;
}

static void sort_table(table *t)
{
	sort_width = t->n_columns;
	if (t->n_rows && t->n_columns) {
		qsort(t->cells, t->n_rows, t->n_columns * sizeof(tt_id), compare_rows);
	}
}

void check_equal(const tt_node *root, table *got, table *expected, bool is_ordered)
{
	if (!is_ordered) {
		sort_table(got);
		sort_table(expected);
	}
	if (got->n_rows != expected->n_rows) {
		fail_msg("operator of kind %d: %zu rows, not %zu (TT_SEED=%llu)", (int)root->kind, got->n_rows,
		         expected->n_rows, (unsigned long long)seed);
	}
	const size_t n_bytes = got->n_rows * got->n_columns * sizeof(tt_id);
	if (n_bytes && memcmp(got->cells, expected->cells, n_bytes) != 0) {
		fail_msg("operator of kind %d: other rows (TT_SEED=%llu)", (int)root->kind, (unsigned long long)seed);
	}
}

/* Rows must ascend on sorted_on. */
static void check_order(const tt_node *node, const table *got)
{
	for (size_t i = 1; i < got->n_rows; ++i) {
		for (size_t k = 0; k < node->n_sorted_on; ++k) {
			const size_t c = find_column(got, node->sorted_on[k]);
			const tt_id before = got->cells[(i - 1) * got->n_columns + c];
			const tt_id after = got->cells[i * got->n_columns + c];
			CHECK(before <= after);
			if (before != after) {
				break;
			}
		}
	}
}

/* Run a plan, start it anew in the middle and at the end, and compare with the model. */
void check_plan(tt_node *root, bool is_ordered)
{
	tt_execution *run = NULL;
	const tt_plan plan = plan_of(root);
	memset(model_parameters, 0, sizeof model_parameters);
	table expected = model(root);
	const bool is_profiled = below(2);
	const size_t n_bytes_before = ctx.n_bytes_used;
	OK(tt_execution_new(&plan, &terms, &env, is_profiled, &run));
	(void)read_rows(run, root, below(expected.n_rows + 2));
	for (unsigned round = 0; round < 2; ++round) {
		OK(tt_op_reset(run->root));
		table got = read_rows(run, root, SIZE_MAX);
		check_order(root, &got);
		check_equal(root, &got, &expected, is_ordered);
	}
	if (is_profiled) {
		CHECK(tt_execution_profile(run)[root->number].n_rows >= 2 * expected.n_rows);
	}
	tt_execution_free(run);
	/* Local terms may have been made, nothing else. */
	CHECK(ctx.n_bytes_used <= n_bytes_before + 4096);
	forget_plans();
}
