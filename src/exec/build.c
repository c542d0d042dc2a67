/* build.c - from a node of the plan to its running operator.
 *
 * The walk recurses; the planner keeps trees within TT_NODE_DEPTH_LIMIT. Operators keep large arrays in their structs
 * and not on the stack for the same reason. */
#include "exec/op.h"

static const tt_op_class *const classes[TT_N_NODE_KINDS] = {
    [TT_NODE_UNIT] = &tt_op_unit,
    [TT_NODE_EMPTY] = &tt_op_empty,
    [TT_NODE_SCAN] = &tt_op_scan,
    [TT_NODE_VALUES] = &tt_op_values,
    [TT_NODE_MERGE_JOIN] = &tt_op_merge_join,
    [TT_NODE_HASH_JOIN] = &tt_op_hash_join,
    [TT_NODE_LOOKUP_JOIN] = &tt_op_lookup_join,
    [TT_NODE_LEFT_JOIN] = &tt_op_left_join,
    [TT_NODE_LEFT_LOOKUP] = &tt_op_lookup_join,
    [TT_NODE_MINUS] = &tt_op_minus,
    [TT_NODE_SEMI_JOIN] = &tt_op_semi_join,
    [TT_NODE_UNION] = &tt_op_union,
    [TT_NODE_FILTER] = &tt_op_filter,
    [TT_NODE_EXTEND] = &tt_op_extend,
    [TT_NODE_PROJECT] = &tt_op_project,
    [TT_NODE_DISTINCT] = &tt_op_distinct,
    [TT_NODE_GROUP] = &tt_op_group,
    [TT_NODE_SORT] = &tt_op_sort,
    [TT_NODE_SLICE] = &tt_op_slice,
    [TT_NODE_PATH] = &tt_op_path,
    [TT_NODE_GRAPH_LOOP] = &tt_op_graph_loop,
    [TT_NODE_COUNT] = &tt_op_count,
};

/* ---- what depends on parameters --------------------------------------------------------------- */

bool tt_expr_asks_exists(const tt_expr *expr)
{
	if (!expr) {
		return false;
	}
	if (expr->kind == TT_EXPR_EXISTS || expr->kind == TT_EXPR_NOT_EXISTS) {
		return true;
	}
	for (size_t i = 0; i < expr->n_arguments; ++i) {
		if (tt_expr_asks_exists(expr->arguments[i])) {
			return true;
		}
	}
	return false;
}

bool tt_expr_has_variable(const tt_expr *expr, tt_var variable)
{
	if (expr->kind == TT_EXPR_VARIABLE && expr->variable == variable) {
		return true;
	}
	for (size_t i = 0; i < expr->n_parameters; ++i) {
		if (expr->parameters[i] == variable) {
			return true;
		}
	}
	for (size_t i = 0; i < expr->n_arguments; ++i) {
		if (tt_expr_has_variable(expr->arguments[i], variable)) {
			return true;
		}
	}
	return false;
}

static bool has_parameter_slot(const tt_node *node)
{
	if (node->kind != TT_NODE_SCAN && node->kind != TT_NODE_COUNT && node->kind != TT_NODE_PATH) {
		return false;
	}
	for (size_t i = 0; i < TT_N_COLUMNS; ++i) {
		if (node->scan.slots[i].kind == TT_SLOT_PARAMETER) {
			return true;
		}
	}
	return false;
}

static bool asks_exists(const tt_node *node)
{
	bool asks = tt_expr_asks_exists(node->expr);
	for (size_t i = 0; i < node->n_filters; ++i) {
		asks = asks || tt_expr_asks_exists(node->filters[i]);
	}
	for (size_t i = 0; i < node->n_order; ++i) {
		asks = asks || tt_expr_asks_exists(node->order[i].expr);
	}
	for (size_t i = 0; i < node->n_aggregations; ++i) {
		asks = asks || tt_expr_asks_exists(node->aggregations[i].argument);
	}
	return asks;
}

/* Of the node itself. */
static bool reads_parameters(const tt_node *node)
{
	return (node->kind == TT_NODE_UNIT && node->n_columns > 0) || has_parameter_slot(node) || asks_exists(node);
}

/* Of the whole tree, where its operators are not built yet. */
static bool tree_reads_parameters(const tt_node *node)
{
	bool reads = reads_parameters(node);
	for (size_t i = 0; i < node->n_children && !reads; ++i) {
		reads = tree_reads_parameters(node->children[i]);
	}
	return reads;
}

/* ---- build and free --------------------------------------------------------------------------- */

static tt_status build_children(tt_op *op)
{
	const tt_node *const node = op->node;
	op->is_variable = reads_parameters(node);
	for (size_t i = 0; i < node->n_children; ++i) {
		if (i < op->class->n_built) {
			TT_TRY(tt_op_build(op->run, node->children[i], &op->children[i]));
			op->is_variable = op->is_variable || op->children[i]->is_variable;
		} else {
			op->is_variable = op->is_variable || tree_reads_parameters(node->children[i]);
		}
	}
	return TT_OK;
}

tt_status tt_op_build(tt_execution *run, const tt_node *node, tt_op **out_op)
{
	const tt_op_class *const class = (unsigned)node->kind < TT_N_NODE_KINDS ? classes[node->kind] : NULL;
	*out_op = NULL;
	if (!class || node->n_children < class->n_built) {
		return tt_fail(run->ctx, TT_INTERNAL, "an operator of kind %u with %zu children cannot be run",
		               (unsigned)node->kind, node->n_children);
	}
	tt_op *const op = tt_calloc(run->ctx, 1, class->n_bytes);
	if (!op) {
		return run->ctx->error.status;
	}
	op->class = class;
	op->run = run;
	op->node = node;
	op->seek_variable = TT_NO_VAR;
	op->batch.n_columns = node->n_columns;
	op->batch.columns = tt_calloc(run->ctx, node->n_columns, sizeof(tt_id *));
	op->children = tt_calloc(run->ctx, node->n_children, sizeof(tt_op *));
	tt_status status = op->batch.columns && op->children ? build_children(op) : run->ctx->error.status;
	if (status == TT_OK && class->open) {
		status = class->open(op);
	}
	if (status != TT_OK) {
		tt_op_free(op);
		return status;
	}
	*out_op = op;
	return TT_OK;
}

void tt_op_free(tt_op *op)
{
	if (!op) {
		return;
	}
	tt_ctx *const ctx = op->run->ctx;
	if (op->class->close) {
		op->class->close(op);
	}
	for (size_t i = 0; op->children && i < op->node->n_children; ++i) {
		tt_op_free(op->children[i]);
	}
	tt_free(ctx, op->children);
	tt_free(ctx, op->batch.columns);
	tt_free(ctx, op->memory);
	tt_free(ctx, op);
}
