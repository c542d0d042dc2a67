/* exec_plans.c - see exec_plans.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "exec_plans.h"

tt_ctx ctx;
static tt_ctx test_ctx; /* of what the test itself allocates */
static tt_arena arena;
uint64_t seed;
static uint64_t random_state;

static uint64_t next_random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

uint64_t below(uint64_t n)
{
	return next_random() % n;
}

/* ---- the store -------------------------------------------------------------------------------- */

static tt_store *store;
static tt_snapshot *snapshot;
tt_terms terms;
tt_expr_env env;
tt_id nodes[N_NODES], predicates[N_PREDICATES], graphs[N_GRAPHS];
tt_id unknown;
tt_quad quads[N_QUADS];
size_t n_quads;
static tt_algebra_query query;

static tt_id intern(tt_txn *txn, const char *kind, unsigned number)
{
	char text[48];
	tt_id id = TT_UNBOUND;
	(void)snprintf(text, sizeof text, "http://example.org/%s%u", kind, number);
	const tt_term term = tt_term_iri(tt_view_of(text));
	OK(tt_txn_intern(txn, &term, &id));
	return id;
}

tt_id integer(int64_t value)
{
	tt_id id = TT_UNBOUND;
	CHECK(tt_value_from_integer(value, &id));
	return id;
}

static bool is_same_quad(const tt_quad *a, const tt_quad *b)
{
	return memcmp(a, b, sizeof *a) == 0;
}

/* Some random quads; a third of them in the default graph, some triples in several graphs. */
static void fill_store(void)
{
	tt_txn *txn = NULL;
	OK(tt_txn_begin(&ctx, store, true, &txn));
	for (unsigned i = 0; i < N_NODES; ++i) {
		nodes[i] = i < N_NODES - 3 ? intern(txn, "n", i) : integer(i);
	}
	for (unsigned i = 0; i < N_PREDICATES; ++i) {
		predicates[i] = intern(txn, "p", i);
	}
	for (unsigned i = 0; i < N_GRAPHS; ++i) {
		graphs[i] = intern(txn, "g", i);
	}
	unknown = intern(txn, "unknown", 0);
	n_quads = 0;
	for (unsigned i = 0; i < N_QUADS; ++i) {
		tt_quad quad = {nodes[below(N_NODES - 3)], predicates[below(N_PREDICATES)], nodes[below(N_NODES)],
		                below(3) ? graphs[below(N_GRAPHS)] : TT_DEFAULT_GRAPH};
		if (n_quads && below(4) == 0) {
			const tt_id graph = quad.graph;
			quad = quads[below(n_quads)];
			quad.graph = graph;
		}
		bool is_new = true;
		for (size_t j = 0; j < n_quads; ++j) {
			is_new = is_new && !is_same_quad(&quads[j], &quad);
		}
		if (is_new) {
			quads[n_quads++] = quad;
			OK(tt_txn_add(txn, &quad));
		}
	}
	OK(tt_txn_commit(txn, NULL, NULL));
}

static void set_up(uint64_t new_seed)
{
	seed = new_seed;
	random_state = tt_hash_u64(seed) | 1;
	tt_ctx_init(&ctx);
	tt_ctx_init(&test_ctx);
	tt_arena_init(&arena, &test_ctx);
	OK(tt_store_open_memory(&ctx, &store));
	fill_store();
	OK(tt_snapshot_begin(&ctx, store, &snapshot));
	tt_terms_init(&terms, &ctx, snapshot);
	env = (tt_expr_env){.ctx = &ctx, .terms = &terms};
	query = (tt_algebra_query){.n_variables = N_VARIABLES};
}

static void tear_down(void)
{
	ctx.cancel = NULL;
	ctx.n_bytes_budget = 0;
	tt_terms_clear(&terms);
	tt_snapshot_end(snapshot);
	tt_store_close(store);
	forget_plans();
	CHECK(ctx.n_bytes_used == 0);
	CHECK(test_ctx.n_bytes_used == 0);
}

void run_seeds(void **state)
{
	const exec_test *const test = *state;
	const char *const given = getenv("TT_SEED");
	const char *const wanted = getenv("TT_SEEDS");
	const uint64_t first = given ? strtoull(given, NULL, 10) : 1;
	const uint64_t n = wanted ? strtoull(wanted, NULL, 10) : given ? 1 : N_SEEDS;
	for (uint64_t i = 0; i < n; ++i) {
		set_up(first + i);
		test->run();
		tear_down();
	}
}

/* ---- making plans ----------------------------------------------------------------------------- */

static unsigned n_nodes_made;

void forget_plans(void)
{
	tt_arena_clear(&arena);
	n_nodes_made = 0;
}

tt_plan plan_of(tt_node *root)
{
	return (tt_plan){
	    .query = &query, .root = root, .n_nodes = n_nodes_made, .columns = root->columns, .n_columns = root->n_columns};
}

void *make(size_t n_items, size_t size)
{
	void *const memory = tt_arena_alloc(&arena, (n_items + 1) * size);
	CHECK(memory);
	return memory;
}

tt_node *new_node(tt_node_kind kind, tt_node *first, tt_node *second)
{
	tt_node *const node = make(1, sizeof *node);
	node->kind = kind;
	node->number = n_nodes_made++;
	node->variable = node->parameter = TT_NO_VAR;
	node->children = make(2, sizeof(tt_node *));
	node->children[0] = first;
	node->children[1] = second;
	node->n_children = (first ? 1u : 0u) + (second ? 1u : 0u);
	node->columns = make(N_VARIABLES, sizeof *node->columns);
	node->may_be_unbound = make(N_VARIABLES, sizeof *node->may_be_unbound);
	node->sorted_on = make(N_VARIABLES, sizeof *node->sorted_on);
	node->keys = make(N_VARIABLES, sizeof *node->keys);
	node->checks = make(N_VARIABLES, sizeof *node->checks);
	return node;
}

bool has_column(const tt_node *node, tt_var variable)
{
	return tt_node_find(node, variable) != SIZE_MAX;
}

void add_column(tt_node *node, tt_var variable, bool may_be_unbound)
{
	node->columns[node->n_columns] = variable;
	node->may_be_unbound[node->n_columns++] = may_be_unbound;
}

tt_node *like_child(tt_node_kind kind, tt_node *child)
{
	tt_node *const node = new_node(kind, child, NULL);
	for (size_t c = 0; c < child->n_columns; ++c) {
		add_column(node, child->columns[c], child->may_be_unbound[c]);
	}
	return node;
}

tt_expr *new_expr(tt_ast_expr_kind kind, tt_expr *first, tt_expr *second)
{
	tt_expr *const expr = make(1, sizeof *expr);
	expr->kind = kind;
	expr->variable = TT_NO_VAR;
	expr->arguments = make(2, sizeof(tt_expr *));
	expr->arguments[0] = first;
	expr->arguments[1] = second;
	expr->n_arguments = (first ? 1u : 0u) + (second ? 1u : 0u);
	return expr;
}

tt_expr *variable_expr(tt_var variable)
{
	tt_expr *const expr = new_expr(TT_EXPR_VARIABLE, NULL, NULL);
	expr->variable = variable;
	return expr;
}

tt_expr *number_expr(unsigned value)
{
	tt_expr *const expr = new_expr(TT_EXPR_CONSTANT, NULL, NULL);
	char text[16];
	const int size = snprintf(text, sizeof text, "%u", value);
	const tt_view digits = {memcpy(make(sizeof text, 1), text, sizeof text), (size_t)size};
	expr->constant = tt_term_typed(digits, tt_vocab_iri(TT_VOCAB_XSD_INTEGER));
	return expr;
}

/* A table of random integers below @p n_values; each column is always bound or, if @p is_gappy, sometimes not. */
tt_node *random_values(const tt_var *columns, size_t n_columns, size_t n_rows, uint64_t n_values, bool is_gappy)
{
	tt_node *const node = new_node(TT_NODE_VALUES, NULL, NULL);
	tt_id *const cells = make(n_columns * n_rows, sizeof *cells);
	for (size_t c = 0; c < n_columns; ++c) {
		const bool may_be_unbound = is_gappy && below(2);
		add_column(node, columns[c], may_be_unbound);
		for (size_t row = 0; row < n_rows; ++row) {
			cells[row * n_columns + c] = may_be_unbound && below(4) == 0 ? TT_UNBOUND
			                                                             : integer((int64_t)below(n_values));
		}
	}
	node->cells = cells;
	node->n_value_rows = n_rows;
	return node;
}

int compare_ids(const void *a, const void *b)
{
	const tt_id x = *(const tt_id *)a;
	const tt_id y = *(const tt_id *)b;
	return (x > y) - (x < y);
}

size_t sort_width;

int compare_rows(const void *a, const void *b)
{
	for (size_t i = 0; i < sort_width; ++i) {
		const int order = compare_ids((const tt_id *)a + i, (const tt_id *)b + i);
		if (order) {
			return order;
		}
	}
	return 0;
}

/* Sort a table on all its columns. */
tt_node *sort_values(tt_node *node)
{
	sort_width = node->n_columns;
	if (node->n_value_rows) {
		qsort((tt_id *)(uintptr_t)node->cells, node->n_value_rows, sort_width * sizeof(tt_id), compare_rows);
	}
	memcpy(node->sorted_on, node->columns, sort_width * sizeof *node->columns);
	node->n_sorted_on = sort_width;
	return node;
}

/* A join-like node of all columns; keys and checks as the planner finds them. */
tt_node *join_node(tt_node_kind kind, tt_node *left, tt_node *right)
{
	const bool is_left = kind == TT_NODE_LEFT_JOIN || kind == TT_NODE_LEFT_LOOKUP;
	const bool keeps_left = kind == TT_NODE_MINUS || kind == TT_NODE_SEMI_JOIN;
	tt_node *const node = new_node(kind, left, right);
	for (size_t c = 0; c < left->n_columns; ++c) {
		const size_t other = tt_node_find(right, left->columns[c]);
		if (other != SIZE_MAX && (left->may_be_unbound[c] || right->may_be_unbound[other])) {
			node->checks[node->n_checks++] = left->columns[c];
		} else if (other != SIZE_MAX) {
			node->keys[node->n_keys++] = left->columns[c];
		}
		add_column(node, left->columns[c],
		           left->may_be_unbound[c] &&
		               (is_left || keeps_left || other == SIZE_MAX || right->may_be_unbound[other]));
	}
	for (size_t c = 0; c < right->n_columns && !keeps_left; ++c) {
		if (!has_column(left, right->columns[c])) {
			add_column(node, right->columns[c], is_left || right->may_be_unbound[c]);
		}
	}
	return node;
}

/* Leave out a column now and then, as the planner does with what nobody wants. */
tt_node *drop_columns(tt_node *node)
{
	size_t n = 0;
	for (size_t c = 0; c < node->n_columns; ++c) {
		node->columns[n] = node->columns[c];
		node->may_be_unbound[n] = node->may_be_unbound[c];
		n += below(4) != 0;
	}
	node->n_columns = n;
	return node;
}

/* ---- random plans ----------------------------------------------------------------------------- */

tt_scan_slot constant_slot(tt_id id)
{
	return (tt_scan_slot){.kind = TT_SLOT_CONSTANT, .id = id, .variable = TT_NO_VAR};
}

tt_scan_slot variable_slot(tt_var variable)
{
	return (tt_scan_slot){.kind = TT_SLOT_VARIABLE, .variable = variable};
}

const tt_scan_slot no_slot = {.kind = TT_SLOT_NONE, .variable = TT_NO_VAR};

tt_id random_id(tt_column column)
{
	if (below(20) == 0) {
		return unknown;
	}
	return column == TT_PREDICATE ? predicates[below(N_PREDICATES)]
	       : column == TT_GRAPH   ? graphs[below(N_GRAPHS)]
	                              : nodes[below(N_NODES)];
}

tt_graph_set random_graphs(void)
{
	tt_graph_set set = {.choice = (tt_graph_choice)below(4)};
	if (set.choice == TT_GRAPHS_LIST) {
		tt_id *const list = make(2, sizeof *list);
		list[0] = TT_DEFAULT_GRAPH;
		list[1] = graphs[below(N_GRAPHS)];
		set.graphs = list;
		set.n_graphs = 1 + below(2);
	}
	return set;
}

size_t random_size(void)
{
	static const size_t sizes[] = {0, 1, 2, 7, 30, 60, 60, 200};
	return sizes[below(sizeof sizes / sizeof *sizes)];
}

size_t random_long_size(void)
{
	static const size_t sizes[] = {0, 1, 50, 1023, 1024, 1025, 2048, 3000};
	return sizes[below(sizeof sizes / sizeof *sizes)];
}

/* A table over some of the variables [first, first + n). */
tt_node *random_table(tt_var first, tt_var n, size_t n_rows, uint64_t n_values)
{
	tt_var columns[N_VARIABLES];
	size_t n_columns = 0;
	for (tt_var v = first; v < first + n; ++v) {
		columns[n_columns] = v;
		n_columns += below(4) > 0;
	}
	return random_values(columns, n_columns, n_rows, n_values, below(2));
}

/* A table of ids of the store. */
tt_node *random_ids(const tt_var *columns, const tt_column *kinds, size_t n_columns, size_t n_rows)
{
	tt_node *const node = new_node(TT_NODE_VALUES, NULL, NULL);
	tt_id *const cells = make(n_columns * n_rows, sizeof *cells);
	for (size_t i = 0; i < n_columns * n_rows; ++i) {
		cells[i] = random_id(kinds[i % n_columns]);
	}
	for (size_t c = 0; c < n_columns; ++c) {
		add_column(node, columns[c], false);
	}
	node->cells = cells;
	node->n_value_rows = n_rows;
	return node;
}

tt_expr *random_condition(tt_var n_variables)
{
	tt_expr *const left = variable_expr((tt_var)below(n_variables));
	tt_expr *const right = below(2) ? variable_expr((tt_var)below(n_variables)) : number_expr((unsigned)below(6));
	return new_expr(below(2) ? TT_EXPR_LT : TT_EXPR_NE, left, right);
}

tt_node *random_filter(tt_node *child)
{
	tt_node *const node = like_child(TT_NODE_FILTER, child);
	node->filters = make(3, sizeof(tt_expr *));
	node->n_filters = 1 + below(3);
	for (size_t f = 0; f < node->n_filters; ++f) {
		node->filters[f] = random_condition(3);
	}
	return node;
}

tt_node *random_lookup(tt_node_kind kind, size_t n_rows)
{
	const tt_var columns[] = {0, 1, 2};
	const tt_column kinds[] = {TT_SUBJECT, TT_PREDICATE, TT_OBJECT};
	tt_node *const left = random_ids(columns, kinds, 1 + below(3), n_rows);
	tt_node *const scan = new_node(TT_NODE_SCAN, NULL, NULL);
	scan->scan.perm = (tt_perm)below(TT_GSPO);
	scan->scan.graphs = random_graphs();
	scan->scan.is_merged = below(2);
	for (tt_column c = TT_SUBJECT; c < TT_GRAPH; ++c) {
		scan->scan.slots[c] = below(6) ? variable_slot((tt_var)(below(8) ? (tt_var)c : (tt_var)below(4)))
		                               : constant_slot(random_id(c));
		if (scan->scan.slots[c].kind == TT_SLOT_VARIABLE && !has_column(scan, scan->scan.slots[c].variable)) {
			add_column(scan, scan->scan.slots[c].variable, false);
		}
	}
	scan->scan.slots[TT_GRAPH] = no_slot;
	for (unsigned i = 0; i < 3; ++i) {
		const tt_scan_slot *const slot = &scan->scan.slots[tt_perm_column(scan->scan.perm, i)];
		if (slot->kind == TT_SLOT_VARIABLE && !has_column(left, slot->variable)) {
			break;
		}
		scan->scan.n_prefix += scan->scan.n_prefix == i && below(6);
	}
	tt_node *const node = join_node(kind, left, scan);
	if (kind == TT_NODE_LEFT_LOOKUP && below(2)) {
		node->expr = random_condition(3);
	}
	return below(2) ? node : drop_columns(node);
}

static tt_aggregation random_aggregation(tt_var variable)
{
	static const tt_aggregate functions[] = {TT_AGGREGATE_COUNT, TT_AGGREGATE_COUNT, TT_AGGREGATE_SUM,
	                                         TT_AGGREGATE_MAX};
	tt_aggregation aggregation = {.function = functions[below(4)], .is_distinct = below(2), .variable = variable};
	if (aggregation.function != TT_AGGREGATE_COUNT || below(2)) {
		tt_expr *const argument = variable_expr((tt_var)below(3));
		aggregation.argument = below(2) ? argument : new_expr(TT_EXPR_ADD, argument, number_expr(1));
	}
	return aggregation;
}

tt_node *random_group(tt_node *child)
{
	tt_node *const node = new_node(TT_NODE_GROUP, child, NULL);
	for (size_t c = 0; c < child->n_columns && below(3); ++c) {
		node->keys[node->n_keys++] = child->columns[c];
		add_column(node, child->columns[c], child->may_be_unbound[c]);
	}
	node->n_aggregations = below(4);
	node->aggregations = make(4, sizeof *node->aggregations);
	for (size_t a = 0; a < node->n_aggregations; ++a) {
		node->aggregations[a] = random_aggregation(5 + (tt_var)a);
		add_column(node, 5 + (tt_var)a, true);
	}
	return node;
}

tt_node *random_order(tt_node *child)
{
	tt_node *const node = like_child(TT_NODE_SORT, child);
	node->n_order = 1 + below(3);
	node->order = make(3, sizeof *node->order);
	for (size_t k = 0; k < node->n_order; ++k) {
		tt_expr *const expr = variable_expr((tt_var)below(3));
		node->order[k].expr = below(3) ? expr : new_expr(TT_EXPR_ADD, expr, number_expr(1));
		node->order[k].is_descending = below(2);
	}
	return node;
}

static tt_path_plan *random_path(tt_path_kind kind, unsigned depth)
{
	tt_path_plan *const path = make(1, sizeof *path);
	path->kind = kind;
	if (kind == TT_PATH_LINK) {
		path->predicate = below(10) ? predicates[below(N_PREDICATES)] : TT_UNBOUND;
	} else if (kind == TT_PATH_NEGATED_SET) {
		tt_id *const excluded = make(2, sizeof *excluded);
		excluded[0] = predicates[below(N_PREDICATES)];
		path->forward = path->backward = excluded;
		path->n_forward = below(2);
		path->n_backward = below(2);
		path->has_forward = below(3) != 0;
		path->has_backward = !path->has_forward || below(2);
	} else {
		path->first = random_path(depth ? (tt_path_kind)below(8) : TT_PATH_LINK, depth - 1);
		if (kind == TT_PATH_SEQUENCE || kind == TT_PATH_ALTERNATIVE) {
			path->second = random_path(depth ? (tt_path_kind)below(8) : TT_PATH_LINK, depth - 1);
		}
	}
	return path;
}

tt_node *random_path_node(void)
{
	static const tt_path_kind kinds[] = {TT_PATH_ZERO_OR_MORE, TT_PATH_ONE_OR_MORE, TT_PATH_ZERO_OR_ONE,
	                                     TT_PATH_NEGATED_SET};
	tt_node *const node = new_node(TT_NODE_PATH, NULL, NULL);
	node->path = random_path(kinds[below(4)], 2);
	node->scan.slots[TT_PREDICATE] = no_slot;
	node->scan.slots[TT_GRAPH] = no_slot;
	node->scan.graphs = random_graphs();
	node->scan.is_merged = true;
	if (below(3) == 0) {
		node->scan.slots[TT_GRAPH] = constant_slot(graphs[below(N_GRAPHS)]);
		node->scan.graphs = (tt_graph_set){.choice = TT_GRAPHS_ALL};
		node->scan.is_merged = false;
	}
	return node;
}

void set_path_ends(tt_node *node, tt_scan_slot subject, tt_scan_slot object)
{
	node->scan.slots[TT_SUBJECT] = subject;
	node->scan.slots[TT_OBJECT] = object;
	if (subject.kind == TT_SLOT_VARIABLE) {
		add_column(node, subject.variable, false);
	}
	if (object.kind == TT_SLOT_VARIABLE && !has_column(node, object.variable)) {
		add_column(node, object.variable, false);
	}
}
