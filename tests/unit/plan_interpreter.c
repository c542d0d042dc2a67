/* plan_interpreter.c - operator trees run by an interpreter that checks every promise of physical.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "plan_reference.h"

static bool node_has(const tt_node *node, tt_var variable)
{
	for (size_t i = 0; i < node->n_columns; ++i) {
		if (node->columns[i] == variable) {
			return true;
		}
	}
	return false;
}

/* Rows may hold more than the columns say: a reader of rows must not see it. */
static void keep_columns(reference *r, const tt_node *node, bag *rows)
{
	for (size_t i = 0; i < rows->n; ++i) {
		tt_id *const row = new_row(r, NULL);
		for (size_t j = 0; j < node->n_columns; ++j) {
			row[node->columns[j]] = rows->rows[i][node->columns[j]];
		}
		rows->rows[i] = row;
	}
}

/* The promises of physical.h. */
static void check_promises(reference *r, const tt_node *node, const bag *rows)
{
	for (size_t j = 0; j < node->n_columns; ++j) {
		assert_true(node->columns[j] < r->n_variables);
		for (size_t k = 0; k < j; ++k) {
			assert_int_not_equal(node->columns[j], node->columns[k]);
		}
		for (size_t i = 0; i < rows->n && !node->may_be_unbound[j]; ++i) {
			assert_int_not_equal(rows->rows[i][node->columns[j]], TT_UNBOUND);
		}
	}
	for (size_t j = 0; j < node->n_sorted_on; ++j) {
		assert_true(node_has(node, node->sorted_on[j]));
	}
	for (size_t i = 1; i < rows->n; ++i) {
		int order = 0;
		for (size_t j = 0; j < node->n_sorted_on && order == 0; ++j) {
			const tt_id a = rows->rows[i - 1][node->sorted_on[j]];
			const tt_id b = rows->rows[i][node->sorted_on[j]];
			order = (a > b) - (a < b);
		}
		assert_true(order <= 0);
	}
}

/* Keys and checks are exactly the shared columns, keys those that neither side leaves unbound. */
static void check_match(const tt_node *node)
{
	const tt_node *const left = node->children[0];
	const tt_node *const right = node->children[1];
	size_t n_shared = 0;
	for (size_t i = 0; i < left->n_columns; ++i) {
		n_shared += node_has(right, left->columns[i]);
	}
	assert_int_equal(n_shared, node->n_keys + node->n_checks);
	for (size_t k = 0; k < node->n_keys; ++k) {
		for (size_t side = 0; side < 2; ++side) {
			const tt_node *const child = node->children[side];
			assert_true(node_has(child, node->keys[k]));
			for (size_t i = 0; i < child->n_columns; ++i) {
				assert_false(child->columns[i] == node->keys[k] && child->may_be_unbound[i]);
			}
		}
	}
}

/* A scan as exec runs it; @p row binds the variables of a lookup join, or is NULL. */
static bag run_scan(reference *r, const tt_node *node, const tt_id *row)
{
	const tt_scan_plan *const plan = &node->scan;
	tt_scan_spec spec = {.perm = plan->perm,
	                     .n_bound = plan->n_prefix,
	                     .choice = plan->graphs.choice,
	                     .graphs = plan->graphs.graphs,
	                     .n_graphs = plan->graphs.n_graphs,
	                     .is_merged = plan->is_merged,
	                     .low = plan->has_range ? plan->low : 0,
	                     .high = plan->has_range ? plan->high : 0};
	if (plan->is_merged) {
		assert_true(plan->perm < TT_GSPO);
		assert_int_equal(plan->slots[TT_GRAPH].kind, TT_SLOT_NONE);
	}
	for (unsigned i = 0; i < plan->n_prefix; ++i) {
		const tt_scan_slot *const slot = &plan->slots[tt_perm_column(plan->perm, i)];
		assert_true(slot->kind != TT_SLOT_NONE && (slot->kind != TT_SLOT_VARIABLE || row));
		spec.bound[i] = slot->kind == TT_SLOT_CONSTANT    ? slot->id
		                : slot->kind == TT_SLOT_PARAMETER ? r->parameters[slot->variable]
		                                                  : row[slot->variable];
		assert_int_not_equal(spec.bound[i], TT_UNBOUND);
	}
	bag out = {0};
	tt_scan *scan = NULL;
	OK(tt_scan_open(r->snapshot, &spec, &scan));
	for (;;) {
		tt_id cells[TT_N_COLUMNS] = {0};
		tt_id *const columns[TT_N_COLUMNS] = {&cells[0], &cells[1], &cells[2], plan->is_merged ? NULL : &cells[3]};
		size_t n = 0;
		OK(tt_scan_next(scan, columns, 1, &n));
		if (n == 0) {
			break;
		}
		tt_id *const made = new_row(r, NULL);
		bool fits = true;
		for (unsigned i = 0; i < TT_N_COLUMNS && fits; ++i) {
			const tt_scan_slot *const slot = &plan->slots[tt_perm_column(plan->perm, i)];
			const tt_id wanted = slot->kind == TT_SLOT_CONSTANT    ? slot->id
			                     : slot->kind == TT_SLOT_PARAMETER ? r->parameters[slot->variable]
			                     : slot->kind == TT_SLOT_VARIABLE  ? made[slot->variable]
			                                                       : TT_UNBOUND;
			fits = !wanted || wanted == cells[i];
			if (slot->kind == TT_SLOT_VARIABLE || slot->kind == TT_SLOT_PARAMETER) {
				made[slot->variable] = cells[i];
			}
		}
		if (fits) {
			add_row(r, &out, made);
		}
	}
	tt_scan_close(scan);
	keep_columns(r, node, &out);
	return out;
}

static bool filters_pass(reference *r, const tt_node *node, const tt_var *columns, size_t n_columns, const tt_id *row)
{
	for (size_t i = 0; i < node->n_filters; ++i) {
		if (!holds(r, node->filters[i], columns, n_columns, row)) {
			return false;
		}
	}
	return true;
}

/* The columns of both children: what the condition of an OPTIONAL sees. */
static const tt_var *both_columns(reference *r, const tt_node *node, size_t *out_n)
{
	const tt_node *const left = node->children[0];
	const tt_node *const right = node->children[1];
	tt_var *const columns = need(r, (left->n_columns + right->n_columns) * sizeof *columns);
	*out_n = 0;
	for (size_t i = 0; i < left->n_columns; ++i) {
		columns[(*out_n)++] = left->columns[i];
	}
	for (size_t i = 0; i < right->n_columns; ++i) {
		if (!node_has(left, right->columns[i])) {
			columns[(*out_n)++] = right->columns[i];
		}
	}
	return columns;
}

/* The path of a compiled one. */
static const tt_path *path_of(reference *r, const tt_path_plan *plan)
{
	tt_path *const path = need(r, sizeof *path);
	tt_path_negated *const negated = need(r, (plan->n_forward + plan->n_backward + 2) * sizeof *negated);
	tt_term term = {.text = TT_VIEW("urn:unknown")};
	tt_scratch scratch;
	path->kind = plan->kind;
	path->negated = negated;
	if (plan->kind == TT_PATH_LINK && plan->predicate) {
		OK(tt_terms_get(r->terms, plan->predicate, &scratch, &term));
	}
	path->iri = term.text;
	path->first = plan->first ? path_of(r, plan->first) : NULL;
	path->second = plan->second ? path_of(r, plan->second) : NULL;
	for (size_t i = 0; i < plan->n_forward + plan->n_backward; ++i) {
		const bool is_inverse = i >= plan->n_forward;
		const tt_id id = is_inverse ? plan->backward[i - plan->n_forward] : plan->forward[i];
		OK(tt_terms_get(r->terms, id, &scratch, &term));
		negated[path->n_negated++] = (tt_path_negated){term.text, is_inverse};
	}
	/* A direction that excludes nothing that the store knows. */
	if (plan->has_forward && !plan->n_forward) {
		negated[path->n_negated++] = (tt_path_negated){TT_VIEW("urn:unknown"), false};
	}
	if (plan->has_backward && !plan->n_backward) {
		negated[path->n_negated++] = (tt_path_negated){TT_VIEW("urn:unknown"), true};
	}
	return path;
}

static tt_slot slot_of(reference *r, const tt_scan_slot *slot)
{
	tt_slot made = {.is_variable = slot->kind == TT_SLOT_VARIABLE, .variable = slot->variable};
	if (!made.is_variable) {
		tt_scratch *const scratch = need(r, sizeof *scratch);
		const tt_id id = slot->kind == TT_SLOT_PARAMETER ? r->parameters[slot->variable] : slot->id;
		OK(tt_terms_get(r->terms, id, scratch, &made.constant));
	}
	return made;
}

static bag run_path(reference *r, const tt_node *node, const tt_id *more, size_t n_more)
{
	const tt_scan_slot *const graph = &node->scan.slots[TT_GRAPH];
	tt_triple_pattern pattern = {.subject = slot_of(r, &node->scan.slots[TT_SUBJECT]),
	                             .object = slot_of(r, &node->scan.slots[TT_OBJECT])};
	assert_true(graph->kind != TT_SLOT_VARIABLE);
	if (graph->kind != TT_SLOT_NONE) {
		pattern.graph_kind = TT_PATTERN_SLOT;
		pattern.graph = slot_of(r, graph);
	}
	r->is_any_graph_named = true;
	bag out = path_rows(r, path_of(r, node->path), &pattern, new_row(r, NULL), more, n_more);
	r->is_any_graph_named = false;
	for (size_t i = 0; i < out.n; ++i) {
		for (tt_column column = TT_SUBJECT; column <= TT_OBJECT; column += TT_OBJECT) {
			const tt_scan_slot *const slot = &node->scan.slots[column];
			if (slot->kind == TT_SLOT_PARAMETER) {
				out.rows[i][slot->variable] = r->parameters[slot->variable];
			}
		}
	}
	keep_columns(r, node, &out);
	return out;
}

/* The path of a lookup join: exec starts a path of length zero from whatever the left rows hold, so let it. */
static bag run_path_from_anywhere(reference *r, const tt_node *path, const bag *left)
{
	tt_id *const starts = need(r, left->n * 2 * sizeof *starts);
	size_t n = 0;
	for (size_t i = 0; i < left->n; ++i) {
		for (tt_column column = TT_SUBJECT; column <= TT_OBJECT; column += TT_OBJECT) {
			const tt_scan_slot *const slot = &path->scan.slots[column];
			if (slot->kind == TT_SLOT_VARIABLE && left->rows[i][slot->variable]) {
				starts[n++] = left->rows[i][slot->variable];
			}
		}
	}
	return run_path(r, path, starts, n);
}

/* Child 1 with the keys of a left row as parameters. */
static bag run_again(reference *r, const tt_node *node, const tt_id *left)
{
	tt_id *const saved = need(r, node->n_keys * sizeof *saved);
	for (size_t k = 0; k < node->n_keys; ++k) {
		saved[k] = r->parameters[node->keys[k]];
		r->parameters[node->keys[k]] = left[node->keys[k]];
	}
	const bag right = run(r, node->children[1]);
	for (size_t k = 0; k < node->n_keys; ++k) {
		r->parameters[node->keys[k]] = saved[k];
	}
	return right;
}

static bag run_join(reference *r, const tt_node *node)
{
	const bool is_left = node->kind == TT_NODE_LEFT_JOIN || node->kind == TT_NODE_LEFT_LOOKUP;
	const bool is_lookup = node->kind == TT_NODE_LOOKUP_JOIN || node->kind == TT_NODE_LEFT_LOOKUP;
	const bag left = run(r, node->children[0]);
	bag right = {0};
	bag out = {0};
	size_t n_columns = 0;
	const tt_var *const columns = both_columns(r, node, &n_columns);
	check_match(node);
	if (node->kind == TT_NODE_MERGE_JOIN) {
		assert_true(node->n_keys > 0);
		assert_int_equal(node->children[0]->sorted_on[0], node->keys[0]);
		assert_int_equal(node->children[1]->sorted_on[0], node->keys[0]);
		assert_true(node->children[0]->n_sorted_on > 0 && node->children[1]->n_sorted_on > 0);
	}
	if (!is_lookup) {
		right = run(r, node->children[1]);
	} else if (node->is_rerun) {
		assert_true(node->n_keys > 0);
		r->n_reruns++;
	} else if (node->children[1]->kind == TT_NODE_PATH) {
		right = run_path_from_anywhere(r, node->children[1], &left);
		r->n_path_lookups++;
	} else {
		assert_int_equal(node->children[1]->kind, TT_NODE_SCAN);
	}
	for (size_t i = 0; i < left.n && !is_given_up(r); ++i) {
		bool is_matched = false;
		if (node->is_rerun) {
			right = run_again(r, node, left.rows[i]);
		} else if (is_lookup && node->children[1]->kind == TT_NODE_SCAN) {
			right = run_scan(r, node->children[1], left.rows[i]);
		}
		for (size_t j = 0; j < right.n; ++j) {
			tt_id *const both = merge_rows(r, left.rows[i], right.rows[j]);
			if (is_compatible(r, left.rows[i], right.rows[j], NULL) &&
			    (!node->expr || holds(r, node->expr, columns, n_columns, both))) {
				is_matched = true;
				add_row(r, &out, both);
			}
		}
		if (is_left && !is_matched) {
			add_row(r, &out, left.rows[i]);
		}
	}
	if (node->kind == TT_NODE_MERGE_JOIN) { /* any order within a key is allowed: ids ascend by the key */
		for (size_t i = 1; i < out.n && !is_given_up(r); ++i) {
			assert_true(out.rows[i - 1][node->keys[0]] <= out.rows[i][node->keys[0]]);
		}
	}
	keep_columns(r, node, &out);
	return out;
}

static bag run_partner(reference *r, const tt_node *node)
{
	const bag left = run(r, node->children[0]);
	const bag right = run(r, node->children[1]);
	bag out = {0};
	check_match(node);
	for (size_t i = 0; i < left.n && !is_given_up(r); ++i) {
		bool has_partner = false;
		for (size_t j = 0; j < right.n && !has_partner; ++j) {
			bool shares = false;
			has_partner = is_compatible(r, left.rows[i], right.rows[j], &shares) &&
			              (shares || node->kind != TT_NODE_MINUS);
		}
		if (has_partner == (node->kind == TT_NODE_SEMI_JOIN && !node->is_negated)) {
			add_row(r, &out, left.rows[i]);
		}
	}
	return out;
}

static bag run_loop(reference *r, const tt_node *node)
{
	const tt_id *graphs = node->scan.graphs.graphs;
	size_t n_graphs = node->scan.graphs.n_graphs;
	bag out = {0};
	if (node->scan.graphs.choice != TT_GRAPHS_LIST) {
		OK(tt_snapshot_graphs(r->snapshot, &graphs, &n_graphs));
	}
	for (size_t i = 0; i < n_graphs; ++i) {
		r->parameters[node->parameter] = graphs[i];
		const bag inner = run(r, node->children[0]);
		for (size_t j = 0; j < inner.n; ++j) {
			tt_id *const row = new_row(r, inner.rows[j]);
			if (!row[node->variable] || row[node->variable] == graphs[i]) {
				row[node->variable] = graphs[i];
				add_row(r, &out, row);
			}
		}
	}
	r->parameters[node->parameter] = TT_UNBOUND;
	return out;
}

static bag run_unary(reference *r, const tt_node *node)
{
	const tt_node *const child = node->children[0];
	const bag in = run(r, child);
	bag out = {0};
	if (node->kind == TT_NODE_GROUP) {
		return group_rows(r, &in, node->keys, node->n_keys, node->aggregations, node->n_aggregations, child->columns,
		                  child->n_columns);
	}
	if (node->kind == TT_NODE_SORT) {
		out = sort_rows(r, &in, node->order, node->n_order, child->columns, child->n_columns);
		return node->has_limit ? slice_rows(r, &out, 0, true, node->limit) : out;
	}
	if (node->kind == TT_NODE_DISTINCT) {
		return distinct_rows(r, &in);
	}
	if (node->kind == TT_NODE_SLICE) {
		return slice_rows(r, &in, node->offset, node->has_limit, node->limit);
	}
	for (size_t i = 0; i < in.n; ++i) {
		tt_id *const row = new_row(r, in.rows[i]);
		if (node->kind == TT_NODE_EXTEND) {
			assert_false(node_has(child, node->variable));
			row[node->variable] = value_of(r, node->expr, child->columns, child->n_columns, row);
		}
		if (node->kind != TT_NODE_FILTER || filters_pass(r, node, child->columns, child->n_columns, row)) {
			add_row(r, &out, row);
		}
	}
	return out;
}

static bag run_leaf(reference *r, const tt_node *node)
{
	bag out = {0};
	const size_t n_rows = node->kind == TT_NODE_UNIT ? 1 : node->n_value_rows;
	for (size_t i = 0; i < n_rows; ++i) {
		tt_id *const row = new_row(r, NULL);
		for (size_t j = 0; j < node->n_columns; ++j) {
			row[node->columns[j]] = node->kind == TT_NODE_UNIT ? r->parameters[node->columns[j]]
			                                                   : node->cells[i * node->n_columns + j];
		}
		add_row(r, &out, row);
	}
	return out;
}

static bag run_count(reference *r, const tt_node *node)
{
	tt_node scan = *node;
	bag out = {0};
	scan.n_columns = 0;
	const bag counted = run_scan(r, &scan, NULL);
	add_row(r, &out, new_row(r, NULL));
	assert_true(is_given_up(r) || tt_value_from_integer((int64_t)counted.n, &out.rows[0][node->variable]));
	return out;
}

static bag run_union(reference *r, const tt_node *node)
{
	bag out = {0};
	for (size_t i = 0; i < node->n_children; ++i) {
		const bag one = run(r, node->children[i]);
		for (size_t j = 0; j < one.n; ++j) {
			add_row(r, &out, one.rows[j]);
		}
	}
	return out;
}

static bag run_any(reference *r, const tt_node *node)
{
	switch (node->kind) {
	case TT_NODE_EMPTY:
		return (bag){0};
	case TT_NODE_UNIT:
	case TT_NODE_VALUES:
		return run_leaf(r, node);
	case TT_NODE_SCAN:
		return run_scan(r, node, NULL);
	case TT_NODE_PATH:
		return run_path(r, node, NULL, 0);
	case TT_NODE_COUNT:
		return run_count(r, node);
	case TT_NODE_UNION:
		return run_union(r, node);
	case TT_NODE_GRAPH_LOOP:
		return run_loop(r, node);
	case TT_NODE_MINUS:
	case TT_NODE_SEMI_JOIN:
		return run_partner(r, node);
	case TT_NODE_MERGE_JOIN:
	case TT_NODE_HASH_JOIN:
	case TT_NODE_LOOKUP_JOIN:
	case TT_NODE_LEFT_JOIN:
	case TT_NODE_LEFT_LOOKUP:
		return run_join(r, node);
	default:
		return run_unary(r, node);
	}
}

bag run(reference *r, const tt_node *node)
{
	bag out = run_any(r, node);
	r->n_run[node->kind]++;
	if (is_given_up(r)) {
		return (bag){0};
	}
	keep_columns(r, node, &out);
	if (node->kind != TT_NODE_MERGE_JOIN) {
		check_promises(r, node, &out);
	}
	return out;
}

tt_status plan_exists(void *user, const tt_expr *exists, const tt_id *const *columns, size_t row, bool *out_exists)
{
	reference *const r = user;
	tt_id *const saved = r->parameters;
	r->parameters = new_row(r, saved);
	assert_non_null(exists->plan);
	for (size_t i = 0; i < exists->n_parameters; ++i) {
		size_t column = 0;
		while (column < r->n_columns && r->columns[column] != exists->parameters[i]) {
			column++;
		}
		assert_true(column < r->n_columns);
		r->parameters[exists->parameters[i]] = columns[column][row];
	}
	*out_exists = run(r, exists->plan).n > 0;
	r->parameters = saved;
	return TT_OK;
}
