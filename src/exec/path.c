/* path.c - property paths over ids, breadth first (SPARQL 1.1 §18.4).
 *
 * One start at a time: from each start all ends are collected, level by level, each node once. It starts
 * from the end that is bound; with both unbound, from every node of the graph. A negated property set
 * that is the whole path keeps its duplicates; all else is a set. Under GRAPH ?g each graph by itself. */
#include "exec/op.h"

/** The graphs that one walk sees. */
typedef struct walk_graph {
	tt_graph_set set;  /* merged, unless `graph` is set */
	tt_id graph;       /* inside GRAPH: the one graph, else TT_UNBOUND */
} walk_graph;

struct tt_pather {
	tt_execution *x;
	const tt_node *node;
	tt_id bound[TT_N_COLUMNS];
	walk_graph in;
	const tt_id *graphs; /* GRAPH ?g: those that are left */
	size_t n_graphs;
	size_t next_graph;
	tt_rows starts;
	size_t next_start;
	tt_rows ends;
	size_t next_end;
	tt_id start;
	bool is_forward;
};

/* ---- one step --------------------------------------------------------------------------------- */

typedef tt_status (*visit_fn)(tt_rows *out, tt_id node);

static tt_status add_once(tt_rows *out, tt_id node)
{
	bool is_new = false;
	return tt_rows_add_distinct(out, &node, NULL, &is_new);
}

static tt_status add_always(tt_rows *out, tt_id node)
{
	tt_id *cells = NULL;
	TT_TRY(tt_rows_append(out, &cells));
	*cells = node;
	return TT_OK;
}

static bool is_excluded(const tt_id *ids, size_t n, tt_id id)
{
	size_t low = 0;
	while (low < n) {
		const size_t middle = low + (n - low) / 2;
		if (ids[middle] == id) {
			return true;
		}
		if (ids[middle] < id) {
			low = middle + 1;
		} else {
			n = middle;
		}
	}
	return false;
}

/* Visit what stands in `column` of all rows with these bound columns; rows whose predicate is excluded are passed
 * over if the predicate is free. */
static tt_status visit_rows(tt_pather *p, tt_perm perm, const tt_id *bound, unsigned n_bound, tt_column column,
                            const tt_id *excluded, size_t n_excluded, bool has_free_predicate, visit_fn visit,
                            tt_rows *out)
{
	const bool is_merged = p->in.graph == TT_UNBOUND;
	const tt_scan_spec base = {.perm = perm,
	                           .n_bound = n_bound,
	                           .choice = is_merged ? p->in.set.choice : TT_GRAPHS_ALL,
	                           .graphs = p->in.set.graphs,
	                           .n_graphs = p->in.set.n_graphs,
	                           .is_merged = is_merged};
	tt_scan_spec spec = base;
	memcpy(spec.bound, bound, n_bound * sizeof *bound);
	enum { ROWS = 256 };
	tt_id nodes[ROWS];
	tt_id predicates[ROWS];
	tt_id *columns[4];
	for (unsigned i = 0; i < 4; ++i) {
		const tt_column c = tt_perm_column(perm, i);
		columns[i] = c == column ? nodes : c == TT_PREDICATE && has_free_predicate ? predicates : NULL;
	}
	tt_scan *scan = NULL;
	size_t n_rows = 1;
	tt_status status = tt_scan_open(p->x->snapshot, &spec, &scan);
	while (status == TT_OK && n_rows) {
		status = tt_ctx_poll(p->x->ctx);
		status = status ? status : tt_scan_next(scan, columns, ROWS, &n_rows);
		for (size_t i = 0; i < n_rows && status == TT_OK; ++i) {
			if (!has_free_predicate || !is_excluded(excluded, n_excluded, predicates[i])) {
				status = visit(out, nodes[i]);
			}
		}
	}
	tt_scan_close(scan);
	return status;
}

static tt_status step_link(tt_pather *p, const tt_path_plan *path, tt_id node, bool is_forward, visit_fn visit,
                           tt_rows *out)
{
	if (path->predicate == TT_UNBOUND || tt_id_kind(node) == TT_KIND_LOCAL) {
		return TT_OK;
	}
	const tt_column column = is_forward ? TT_OBJECT : TT_SUBJECT;
	if (p->in.graph == TT_UNBOUND) {
		const tt_id bound[2] = {path->predicate, node};
		return visit_rows(p, is_forward ? TT_PSO : TT_POS, bound, 2, column, NULL, 0, false, visit, out);
	}
	const tt_id forward[3] = {p->in.graph, node, path->predicate};
	const tt_id backward[3] = {p->in.graph, path->predicate, node};
	return visit_rows(p, is_forward ? TT_GSPO : TT_GPOS, is_forward ? forward : backward, 3, column, NULL, 0, false,
	                  visit, out);
}

/* Triples in one direction whose predicate is not in the set. */
static tt_status step_other(tt_pather *p, const tt_id *excluded, size_t n_excluded, tt_id node, bool is_forward,
                            visit_fn visit, tt_rows *out)
{
	const tt_column column = is_forward ? TT_OBJECT : TT_SUBJECT;
	if (tt_id_kind(node) == TT_KIND_LOCAL) {
		return TT_OK;
	}
	if (p->in.graph == TT_UNBOUND) {
		return visit_rows(p, is_forward ? TT_SPO : TT_OPS, &node, 1, column, excluded, n_excluded, true, visit, out);
	}
	const tt_id bound[2] = {p->in.graph, node};
	return visit_rows(p, is_forward ? TT_GSPO : TT_GOSP, bound, 2, column, excluded, n_excluded, true, visit, out);
}

static tt_status step(tt_pather *p, const tt_path_plan *path, tt_id node, bool is_forward, visit_fn visit,
                      tt_rows *out);

static tt_status step_negated(tt_pather *p, const tt_path_plan *path, tt_id node, bool is_forward, visit_fn visit,
                              tt_rows *out)
{
	if (path->has_forward) {
		TT_TRY(step_other(p, path->forward, path->n_forward, node, is_forward, visit, out));
	}
	if (path->has_backward) {
		TT_TRY(step_other(p, path->backward, path->n_backward, node, !is_forward, visit, out));
	}
	return TT_OK;
}

static tt_status step_sequence(tt_pather *p, const tt_path_plan *path, tt_id node, bool is_forward, visit_fn visit,
                               tt_rows *out)
{
	tt_rows middle;
	tt_rows_init(&middle, p->x->ctx, 1);
	tt_status status = step(p, is_forward ? path->first : path->second, node, is_forward, add_once, &middle);
	for (size_t i = 0; i < middle.n_rows && status == TT_OK; ++i) {
		status = step(p, is_forward ? path->second : path->first, *tt_rows_at(&middle, i), is_forward, visit, out);
	}
	tt_rows_clear(&middle);
	return status;
}

/* The rows are the queue: what is added is expanded when its turn comes. */
static tt_status step_closure(tt_pather *p, const tt_path_plan *path, tt_id node, bool is_forward, visit_fn visit,
                              tt_rows *out)
{
	tt_rows reached;
	tt_rows_init(&reached, p->x->ctx, 1);
	tt_status status = path->kind == TT_PATH_ONE_OR_MORE ? step(p, path->first, node, is_forward, add_once, &reached)
	                                                     : add_once(&reached, node);
	if (path->kind == TT_PATH_ZERO_OR_ONE && status == TT_OK) {
		status = step(p, path->first, node, is_forward, add_once, &reached);
	}
	for (size_t i = 0; path->kind != TT_PATH_ZERO_OR_ONE && i < reached.n_rows && status == TT_OK; ++i) {
		status = step(p, path->first, *tt_rows_at(&reached, i), is_forward, add_once, &reached);
	}
	for (size_t i = 0; i < reached.n_rows && status == TT_OK; ++i) {
		status = visit(out, *tt_rows_at(&reached, i));
	}
	tt_rows_clear(&reached);
	return status;
}

static tt_status step(tt_pather *p, const tt_path_plan *path, tt_id node, bool is_forward, visit_fn visit, tt_rows *out)
{
	switch (path->kind) {
	case TT_PATH_LINK:
		return step_link(p, path, node, is_forward, visit, out);
	case TT_PATH_INVERSE:
		return step(p, path->first, node, !is_forward, visit, out);
	case TT_PATH_SEQUENCE:
		return step_sequence(p, path, node, is_forward, visit, out);
	case TT_PATH_ALTERNATIVE:
		TT_TRY(step(p, path->first, node, is_forward, visit, out));
		return step(p, path->second, node, is_forward, visit, out);
	case TT_PATH_NEGATED_SET:
		return step_negated(p, path, node, is_forward, visit, out);
	case TT_PATH_ZERO_OR_MORE:
	case TT_PATH_ONE_OR_MORE:
	case TT_PATH_ZERO_OR_ONE:
	default:
		return step_closure(p, path, node, is_forward, visit, out);
	}
}

/* ---- starts, ends, graphs --------------------------------------------------------------------- */

/* All nodes of the graph: subjects and objects. */
static tt_status collect_nodes(tt_pather *p)
{
	const bool is_merged = p->in.graph == TT_UNBOUND;
	const unsigned n_bound = is_merged ? 0 : 1;
	TT_TRY(visit_rows(p, is_merged ? TT_SPO : TT_GSPO, &p->in.graph, n_bound, TT_SUBJECT, NULL, 0, false, add_once,
	                  &p->starts));
	return visit_rows(p, is_merged ? TT_OPS : TT_GOSP, &p->in.graph, n_bound, TT_OBJECT, NULL, 0, false, add_once,
	                  &p->starts);
}

static tt_status start_graph(tt_pather *p)
{
	tt_rows_empty(&p->starts);
	tt_rows_empty(&p->ends);
	p->next_start = p->next_end = 0;
	const tt_id subject = p->bound[TT_SUBJECT];
	const tt_id object = p->bound[TT_OBJECT];
	p->is_forward = subject != TT_UNBOUND || object == TT_UNBOUND;
	if (subject == TT_UNBOUND && object == TT_UNBOUND) {
		return collect_nodes(p);
	}
	return add_once(&p->starts, p->is_forward ? subject : object);
}

tt_status tt_pather_new(tt_execution *x, const tt_node *node, tt_pather **out)
{
	tt_pather *const p = tt_calloc(x->ctx, 1, sizeof *p);
	*out = p;
	if (!p) {
		return x->ctx->error.status;
	}
	p->x = x;
	p->node = node;
	tt_rows_init(&p->starts, x->ctx, 1);
	tt_rows_init(&p->ends, x->ctx, 1);
	return TT_OK;
}

void tt_pather_free(tt_pather *p)
{
	if (p) {
		tt_rows_clear(&p->starts);
		tt_rows_clear(&p->ends);
		tt_free(p->x->ctx, p);
	}
}

tt_status tt_pather_start(tt_pather *p, const tt_id given[TT_N_COLUMNS])
{
	const tt_scan_slot *const slots = p->node->scan.slots;
	for (unsigned c = 0; c < TT_N_COLUMNS; ++c) {
		p->bound[c] = slots[c].kind == TT_SLOT_CONSTANT    ? slots[c].id
		              : slots[c].kind == TT_SLOT_PARAMETER ? p->x->parameters[slots[c].variable]
		              : slots[c].kind == TT_SLOT_VARIABLE && given ? given[c]
		                                                           : TT_UNBOUND;
	}
	p->in = (walk_graph){.set = p->node->scan.graphs, .graph = p->bound[TT_GRAPH]};
	p->graphs = NULL;
	p->n_graphs = p->next_graph = 0;
	if (slots[TT_GRAPH].kind == TT_SLOT_VARIABLE && p->in.graph == TT_UNBOUND) {
		p->graphs = p->in.set.graphs;
		p->n_graphs = p->in.set.n_graphs;
		if (p->in.set.choice != TT_GRAPHS_LIST) {
			TT_TRY(tt_snapshot_graphs(p->x->snapshot, &p->graphs, &p->n_graphs));
		}
		tt_rows_empty(&p->starts);
		tt_rows_empty(&p->ends);
		p->next_start = p->next_end = 0;
		return TT_OK;
	}
	return start_graph(p);
}

static tt_status next_start(tt_pather *p, bool *out_is_end)
{
	*out_is_end = false;
	while (p->next_start >= p->starts.n_rows) {
		if (p->next_graph >= p->n_graphs) {
			*out_is_end = true;
			return TT_OK;
		}
		p->in.graph = p->graphs[p->next_graph++];
		TT_TRY(start_graph(p));
	}
	p->start = *tt_rows_at(&p->starts, p->next_start++);
	tt_rows_empty(&p->ends);
	p->next_end = 0;
	const bool is_bag = p->node->path->kind == TT_PATH_NEGATED_SET;
	return step(p, p->node->path, p->start, p->is_forward, is_bag ? add_always : add_once, &p->ends);
}

static bool is_wanted(const tt_pather *p, const tt_id quad[TT_N_COLUMNS])
{
	const tt_scan_slot *const slots = p->node->scan.slots;
	for (unsigned c = 0; c < TT_N_COLUMNS; ++c) {
		if (c == TT_PREDICATE) {
			continue;
		}
		if (p->bound[c] != TT_UNBOUND && p->bound[c] != quad[c]) {
			return false;
		}
		for (unsigned e = 0; e < c; ++e) {
			if (e != TT_PREDICATE && slots[c].kind == TT_SLOT_VARIABLE && slots[e].kind == TT_SLOT_VARIABLE &&
			    slots[c].variable == slots[e].variable && quad[c] != quad[e]) {
				return false;
			}
		}
	}
	return true;
}

tt_status tt_pather_next(tt_pather *p, tt_id out_quad[TT_N_COLUMNS], bool *out_is_end)
{
	*out_is_end = false;
	for (;;) {
		while (p->next_end >= p->ends.n_rows) {
			TT_TRY(next_start(p, out_is_end));
			if (*out_is_end) {
				return TT_OK;
			}
		}
		const tt_id end = *tt_rows_at(&p->ends, p->next_end++);
		out_quad[TT_SUBJECT] = p->is_forward ? p->start : end;
		out_quad[TT_OBJECT] = p->is_forward ? end : p->start;
		out_quad[TT_PREDICATE] = TT_UNBOUND;
		out_quad[TT_GRAPH] = p->in.graph;
		if (is_wanted(p, out_quad)) {
			return TT_OK;
		}
	}
}

/* ---- PATH ------------------------------------------------------------------------------------- */

typedef struct path_op {
	tt_op op;
	tt_pather *pather;
	bool is_end;
} path_op;

static tt_status path_open(tt_op *op)
{
	return tt_pather_new(op->x, op->node, &((path_op *)op)->pather);
}

static tt_status path_reset(tt_op *op)
{
	((path_op *)op)->is_end = false;
	return tt_pather_start(((path_op *)op)->pather, NULL);
}

static tt_status path_next(tt_op *op)
{
	path_op *const self = (path_op *)op;
	while (op->out.n_rows < TT_BATCH_ROWS && !self->is_end) {
		tt_id quad[TT_N_COLUMNS];
		TT_TRY(tt_pather_next(self->pather, quad, &self->is_end));
		if (self->is_end) {
			break;
		}
		for (size_t i = 0; i < op->out.n_columns; ++i) {
			for (unsigned c = 0; c < TT_N_COLUMNS; ++c) {
				const tt_scan_slot *const slot = &op->node->scan.slots[c];
				if ((slot->kind == TT_SLOT_VARIABLE || slot->kind == TT_SLOT_PARAMETER) && c != TT_PREDICATE &&
				    slot->variable == op->node->columns[i]) {
					op->out.columns[i][op->out.n_rows] = quad[c];
					break;
				}
			}
		}
		op->out.n_rows++;
	}
	return TT_OK;
}

static void path_close(tt_op *op)
{
	tt_pather_free(((path_op *)op)->pather);
}

const tt_op_class tt_path_class = {
    .n_bytes = sizeof(path_op), .open = path_open, .reset = path_reset, .next = path_next, .close = path_close};
