/* explain.c - a plan for people: a tree, one line an operator, behind what is estimated and what was.
 *
 *       estimate       rows         ms    self ms  plan
 *             12         11      0.210      0.002  project ?name
 *             12         11      0.208      0.120  └ lookup join on ?s
 *             12         12      0.030      0.030    ├ scan POS  ?s foaf:age 30
 *             12         11      0.058      0.058    └ scan PSO  ?s foaf:name ?name
 */
#include "plan/plan.h"

typedef struct explaining {
	const tt_plan *plan;
	tt_terms *terms;
	const tt_prefixes *prefixes;
	const tt_profile *profile;
	tt_buffer *out;
	tt_buffer lead; /* the lines of the tree to the left */
} explaining;

/* ---- terms and variables ---------------------------------------------------------------------- */

static tt_status put_variable(explaining *e, tt_var variable)
{
	const tt_variable *const known = &e->plan->query->variables[variable];
	return tt_buffer_printf(e->out, "?%.*s", TT_VIEW_ARG(known->name));
}

static tt_status put_iri(explaining *e, tt_view iri)
{
	const tt_prefix *prefix = NULL;
	tt_view local = {0};
	if (e->prefixes && tt_prefixes_shorten(e->prefixes, iri, &prefix, &local)) {
		return tt_buffer_printf(e->out, "%.*s:%.*s", TT_VIEW_ARG(prefix->name), TT_VIEW_ARG(local));
	}
	return tt_buffer_printf(e->out, "<%.*s>", TT_VIEW_ARG(iri));
}

enum { LONGEST_TEXT = 40 };

static tt_status put_term(explaining *e, const tt_term *term)
{
	if (term->kind == TT_TERM_IRI) {
		return put_iri(e, term->text);
	}
	if (term->kind == TT_TERM_BLANK) {
		return tt_buffer_printf(e->out, "_:%.*s", TT_VIEW_ARG(term->text));
	}
	if (term->kind == TT_TERM_NONE) {
		return tt_buffer_append(e->out, TT_VIEW("UNDEF"));
	}
	if (tt_view_equal(term->datatype, tt_vocab_iri(TT_VOCAB_XSD_INTEGER)) ||
	    tt_view_equal(term->datatype, tt_vocab_iri(TT_VOCAB_XSD_BOOLEAN))) {
		return tt_buffer_append(e->out, term->text);
	}
	/* Cut long texts, but not inside a character; line ends would break the tree. */
	size_t n_bytes = term->text.size < LONGEST_TEXT ? term->text.size : LONGEST_TEXT;
	while (n_bytes < term->text.size && n_bytes > 0 && ((unsigned char)term->text.data[n_bytes] & 0xc0) == 0x80) {
		n_bytes--;
	}
	TT_TRY(tt_buffer_append_char(e->out, '"'));
	for (size_t i = 0; i < n_bytes; ++i) {
		const char c = term->text.data[i];
		TT_TRY(tt_buffer_append_char(e->out, (unsigned char)c < ' ' ? ' ' : c));
	}
	TT_TRY(tt_buffer_append(e->out, n_bytes < term->text.size ? TT_VIEW("…\"") : TT_VIEW("\"")));
	if (term->language.size) {
		return tt_buffer_printf(e->out, "@%.*s", TT_VIEW_ARG(term->language));
	}
	if (!tt_view_equal(term->datatype, tt_vocab_iri(TT_VOCAB_XSD_STRING))) {
		TT_TRY(tt_buffer_append(e->out, TT_VIEW("^^")));
		return put_iri(e, term->datatype);
	}
	return TT_OK;
}

static tt_status put_id(explaining *e, tt_id id)
{
	tt_scratch scratch;
	tt_term term = {0};
	if (id == TT_DEFAULT_GRAPH) {
		return tt_buffer_append(e->out, TT_VIEW("DEFAULT"));
	}
	TT_TRY(tt_terms_get(e->terms, id, &scratch, &term));
	return put_term(e, &term);
}

static tt_status put_slot(explaining *e, const tt_scan_slot *slot)
{
	if (slot->kind == TT_SLOT_CONSTANT) {
		return put_id(e, slot->id);
	}
	if (slot->kind == TT_SLOT_PARAMETER) {
		TT_TRY(tt_buffer_append_char(e->out, '$'));
		const tt_view name = e->plan->query->variables[slot->variable].name;
		return tt_buffer_printf(e->out, "%.*s", TT_VIEW_ARG(name));
	}
	return slot->kind == TT_SLOT_VARIABLE ? put_variable(e, slot->variable) : TT_OK;
}

static tt_status put_variables(explaining *e, const char *before, const tt_var *variables, size_t n)
{
	for (size_t i = 0; i < n; ++i) {
		TT_TRY(tt_buffer_printf(e->out, "%s", i ? " " : before));
		TT_TRY(put_variable(e, variables[i]));
	}
	return TT_OK;
}

/* ---- expressions ------------------------------------------------------------------------------ */

static const char *const operators[] = {
    [TT_EXPR_OR] = "||",
    [TT_EXPR_AND] = "&&",
    [TT_EXPR_NOT] = "!",
    [TT_EXPR_EQ] = "=",
    [TT_EXPR_NE] = "!=",
    [TT_EXPR_LT] = "<",
    [TT_EXPR_GT] = ">",
    [TT_EXPR_LE] = "<=",
    [TT_EXPR_GE] = ">=",
    [TT_EXPR_IN] = "IN",
    [TT_EXPR_NOT_IN] = "NOT IN",
    [TT_EXPR_ADD] = "+",
    [TT_EXPR_SUBTRACT] = "-",
    [TT_EXPR_MULTIPLY] = "*",
    [TT_EXPR_DIVIDE] = "/",
    [TT_EXPR_PLUS] = "+",
    [TT_EXPR_MINUS] = "-",
    [TT_EXPR_EXISTS] = "EXISTS",
    [TT_EXPR_NOT_EXISTS] = "NOT EXISTS",
};

static tt_status put_expr(explaining *e, const tt_expr *expr);

static tt_status put_arguments(explaining *e, const tt_expr *expr, size_t first)
{
	enum { MOST = 6 };
	TT_TRY(tt_buffer_append_char(e->out, '('));
	for (size_t i = first; i < expr->n_arguments && i < first + MOST; ++i) {
		TT_TRY(tt_buffer_append(e->out, i > first ? TT_VIEW(", ") : TT_VIEW("")));
		TT_TRY(put_expr(e, expr->arguments[i]));
	}
	return tt_buffer_append(e->out, expr->n_arguments > first + MOST ? TT_VIEW(", …)") : TT_VIEW(")"));
}

static tt_status put_operand(explaining *e, const tt_expr *expr)
{
	const bool is_binary = expr->n_arguments == 2 && operators[expr->kind] && expr->kind != TT_EXPR_IN;
	TT_TRY(tt_buffer_append(e->out, is_binary ? TT_VIEW("(") : TT_VIEW("")));
	TT_TRY(put_expr(e, expr));
	return tt_buffer_append(e->out, is_binary ? TT_VIEW(")") : TT_VIEW(""));
}

static tt_status put_operator(explaining *e, const tt_expr *expr)
{
	const char *const sign = operators[expr->kind];
	if (expr->pattern) {
		return tt_buffer_printf(e->out, "%s {…}", sign);
	}
	if (expr->n_arguments == 1 && expr->kind != TT_EXPR_IN && expr->kind != TT_EXPR_NOT_IN) {
		TT_TRY(tt_buffer_append(e->out, tt_view_of(sign)));
		return put_operand(e, expr->arguments[0]);
	}
	TT_TRY(put_operand(e, expr->arguments[0]));
	TT_TRY(tt_buffer_printf(e->out, " %s ", sign));
	return expr->kind == TT_EXPR_IN || expr->kind == TT_EXPR_NOT_IN ? put_arguments(e, expr, 1)
	                                                                : put_operand(e, expr->arguments[1]);
}

static tt_status put_expr(explaining *e, const tt_expr *expr)
{
#define TT_FUNCTION(name, text, least, most, kind, section) text,
	static const char *const names[] = {
#include "sparql/functions.def"
	};
#undef TT_FUNCTION
	if (expr->kind == TT_EXPR_VARIABLE) {
		return put_variable(e, expr->variable);
	}
	if (expr->kind == TT_EXPR_CONSTANT) {
		return put_term(e, &expr->constant);
	}
	if (expr->kind == TT_EXPR_BUILTIN || expr->kind == TT_EXPR_FUNCTION) {
		TT_TRY(expr->kind == TT_EXPR_BUILTIN ? tt_buffer_append(e->out, tt_view_of(names[expr->builtin]))
		                                     : put_iri(e, expr->function));
		return put_arguments(e, expr, 0);
	}
	return put_operator(e, expr);
}

/* ---- one operator ----------------------------------------------------------------------------- */

typedef tt_status (*detail_fn)(explaining *e, const tt_node *node);

static tt_status detail_none(explaining *e, const tt_node *node)
{
	(void)e;
	(void)node;
	return TT_OK;
}

static tt_status detail_columns(explaining *e, const tt_node *node)
{
	return put_variables(e, " ", node->columns, node->n_columns);
}

static tt_status put_graph(explaining *e, const tt_scan_plan *scan)
{
	const tt_scan_slot *const slot = &scan->slots[TT_GRAPH];
	if (slot->kind != TT_SLOT_NONE) {
		TT_TRY(tt_buffer_append(e->out, TT_VIEW(" in graph ")));
		TT_TRY(put_slot(e, slot));
	}
	if (scan->graphs.choice == TT_GRAPHS_LIST) {
		TT_TRY(tt_buffer_printf(e->out, " of %zu graphs", scan->graphs.n_graphs));
	}
	return scan->is_merged ? tt_buffer_append(e->out, TT_VIEW(" merged")) : TT_OK;
}

static tt_status detail_scan(explaining *e, const tt_node *node)
{
	TT_TRY(tt_buffer_printf(e->out, " %s ", tt_perm_name(node->scan.perm)));
	for (size_t i = 0; i < TT_GRAPH; ++i) {
		TT_TRY(tt_buffer_append_char(e->out, ' '));
		TT_TRY(put_slot(e, &node->scan.slots[i]));
	}
	if (node->scan.has_range) {
		TT_TRY(tt_buffer_append(e->out, TT_VIEW(" range ")));
		TT_TRY(tt_id_is_inline(node->scan.low) ? put_id(e, node->scan.low) : TT_OK);
		TT_TRY(tt_buffer_append(e->out, TT_VIEW(" … ")));
		TT_TRY(tt_id_is_inline(node->scan.high) ? put_id(e, node->scan.high) : TT_OK);
	}
	return put_graph(e, &node->scan);
}

static tt_status detail_count(explaining *e, const tt_node *node)
{
	TT_TRY(detail_scan(e, node));
	TT_TRY(tt_buffer_append(e->out, TT_VIEW(" as ")));
	return put_variable(e, node->variable);
}

static tt_status detail_values(explaining *e, const tt_node *node)
{
	TT_TRY(put_variables(e, " ", node->columns, node->n_columns));
	return tt_buffer_printf(e->out, ", %zu rows", node->n_value_rows);
}

static tt_status detail_join(explaining *e, const tt_node *node)
{
	if (node->n_keys + node->n_checks + node->n_alike == 0) {
		TT_TRY(tt_buffer_append(e->out, TT_VIEW(" (product)")));
	}
	for (size_t i = 0; i < node->n_alike; ++i) {
		TT_TRY(tt_buffer_append(e->out, i ? TT_VIEW(", ") : TT_VIEW(" on ")));
		TT_TRY(put_variable(e, node->alike[i].left));
		TT_TRY(tt_buffer_append(e->out, TT_VIEW(" = ")));
		TT_TRY(put_variable(e, node->alike[i].right));
	}
	TT_TRY(put_variables(e, " on ", node->keys, node->n_keys));
	TT_TRY(put_variables(e, " compatible ", node->checks, node->n_checks));
	if (node->expr) {
		TT_TRY(tt_buffer_append(e->out, TT_VIEW(" if ")));
		TT_TRY(put_expr(e, node->expr));
	}
	return TT_OK;
}

static tt_status detail_filter(explaining *e, const tt_node *node)
{
	for (size_t i = 0; i < node->n_filters; ++i) {
		TT_TRY(tt_buffer_append(e->out, i ? TT_VIEW(", ") : TT_VIEW(" ")));
		TT_TRY(put_expr(e, node->filters[i]));
	}
	return TT_OK;
}

static tt_status detail_extend(explaining *e, const tt_node *node)
{
	TT_TRY(tt_buffer_append_char(e->out, ' '));
	TT_TRY(put_variable(e, node->variable));
	TT_TRY(tt_buffer_append(e->out, TT_VIEW(" := ")));
	return put_expr(e, node->expr);
}

static tt_status detail_group(explaining *e, const tt_node *node)
{
	static const char *const names[] = {"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"};
	TT_TRY(put_variables(e, " by ", node->keys, node->n_keys));
	for (size_t i = 0; i < node->n_aggregations; ++i) {
		const tt_aggregation *const one = &node->aggregations[i];
		TT_TRY(tt_buffer_append(e->out, i ? TT_VIEW(", ") : TT_VIEW(": ")));
		TT_TRY(put_variable(e, one->variable));
		TT_TRY(tt_buffer_printf(e->out, " := %s(%s", names[one->function], one->is_distinct ? "DISTINCT " : ""));
		TT_TRY(one->argument ? put_expr(e, one->argument) : tt_buffer_append_char(e->out, '*'));
		TT_TRY(tt_buffer_append_char(e->out, ')'));
	}
	return TT_OK;
}

static tt_status detail_sort(explaining *e, const tt_node *node)
{
	for (size_t i = 0; i < node->n_order; ++i) {
		TT_TRY(tt_buffer_append(e->out, i ? TT_VIEW(", ") : TT_VIEW(" by ")));
		TT_TRY(put_expr(e, node->order[i].expr));
		TT_TRY(tt_buffer_append(e->out, node->order[i].is_descending ? TT_VIEW(" DESC") : TT_VIEW("")));
	}
	return node->has_limit ? tt_buffer_printf(e->out, ", first %llu", (unsigned long long)node->limit) : TT_OK;
}

static tt_status detail_slice(explaining *e, const tt_node *node)
{
	if (node->offset) {
		TT_TRY(tt_buffer_printf(e->out, " from %llu", (unsigned long long)node->offset));
	}
	return node->has_limit ? tt_buffer_printf(e->out, " at most %llu", (unsigned long long)node->limit) : TT_OK;
}

static tt_status put_path(explaining *e, const tt_path_plan *path)
{
	static const char *const suffixes[] = {
	    [TT_PATH_ZERO_OR_MORE] = "*", [TT_PATH_ONE_OR_MORE] = "+", [TT_PATH_ZERO_OR_ONE] = "?"};
	if (path->kind == TT_PATH_LINK) {
		return path->predicate == TT_UNBOUND ? tt_buffer_append(e->out, TT_VIEW("(unknown)"))
		                                     : put_id(e, path->predicate);
	}
	if (path->kind == TT_PATH_NEGATED_SET) {
		return tt_buffer_append(e->out, TT_VIEW("!(…)"));
	}
	TT_TRY(tt_buffer_append(e->out, path->kind == TT_PATH_INVERSE ? TT_VIEW("^(") : TT_VIEW("(")));
	TT_TRY(put_path(e, path->first));
	if (path->second) {
		TT_TRY(tt_buffer_append_char(e->out, path->kind == TT_PATH_SEQUENCE ? '/' : '|'));
		TT_TRY(put_path(e, path->second));
	}
	TT_TRY(tt_buffer_append_char(e->out, ')'));
	const bool has_suffix = path->kind >= TT_PATH_ZERO_OR_MORE && path->kind <= TT_PATH_ZERO_OR_ONE;
	return has_suffix ? tt_buffer_append(e->out, tt_view_of(suffixes[path->kind])) : TT_OK;
}

static tt_status detail_path(explaining *e, const tt_node *node)
{
	TT_TRY(tt_buffer_append_char(e->out, ' '));
	TT_TRY(put_slot(e, &node->scan.slots[TT_SUBJECT]));
	TT_TRY(tt_buffer_append_char(e->out, ' '));
	TT_TRY(put_path(e, node->path));
	TT_TRY(tt_buffer_append_char(e->out, ' '));
	TT_TRY(put_slot(e, &node->scan.slots[TT_OBJECT]));
	return put_graph(e, &node->scan);
}

static tt_status detail_loop(explaining *e, const tt_node *node)
{
	TT_TRY(tt_buffer_append_char(e->out, ' '));
	TT_TRY(put_variable(e, node->variable));
	TT_TRY(tt_buffer_append(e->out, TT_VIEW(", each as $")));
	return tt_buffer_printf(e->out, "%.*s", TT_VIEW_ARG(e->plan->query->variables[node->parameter].name));
}

static const struct {
	const char *name;
	detail_fn detail;
} kinds[TT_N_NODE_KINDS] = {
    [TT_NODE_UNIT] = {"one row", detail_columns},
    [TT_NODE_EMPTY] = {"nothing", detail_none},
    [TT_NODE_SCAN] = {"scan", detail_scan},
    [TT_NODE_VALUES] = {"values", detail_values},
    [TT_NODE_MERGE_JOIN] = {"merge join", detail_join},
    [TT_NODE_HASH_JOIN] = {"hash join", detail_join},
    [TT_NODE_LOOKUP_JOIN] = {"lookup join", detail_join},
    [TT_NODE_LEFT_JOIN] = {"optional (hash)", detail_join},
    [TT_NODE_LEFT_LOOKUP] = {"optional (lookup)", detail_join},
    [TT_NODE_MINUS] = {"minus", detail_join},
    [TT_NODE_SEMI_JOIN] = {"exists", detail_join},
    [TT_NODE_UNION] = {"union", detail_none},
    [TT_NODE_FILTER] = {"filter", detail_filter},
    [TT_NODE_EXTEND] = {"bind", detail_extend},
    [TT_NODE_PROJECT] = {"project", detail_columns},
    [TT_NODE_DISTINCT] = {"distinct", detail_none},
    [TT_NODE_GROUP] = {"group", detail_group},
    [TT_NODE_SORT] = {"sort", detail_sort},
    [TT_NODE_SLICE] = {"slice", detail_slice},
    [TT_NODE_PATH] = {"path", detail_path},
    [TT_NODE_GRAPH_LOOP] = {"each graph", detail_loop},
    [TT_NODE_COUNT] = {"count", detail_count},
};

/* ---- the tree --------------------------------------------------------------------------------- */

/* Of the operators below, those of plans inside expressions included. */
static int64_t time_of_expr(const explaining *e, const tt_expr *expr)
{
	int64_t time_ns = expr && expr->plan ? e->profile[expr->plan->number].time_ns : 0;
	for (size_t i = 0; expr && i < expr->n_arguments; ++i) {
		time_ns += time_of_expr(e, expr->arguments[i]);
	}
	return time_ns;
}

static int64_t time_below(const explaining *e, const tt_node *node)
{
	int64_t time_ns = time_of_expr(e, node->expr);
	for (size_t i = 0; i < node->n_children; ++i) {
		time_ns += e->profile[node->children[i]->number].time_ns;
	}
	for (size_t i = 0; i < node->n_filters; ++i) {
		time_ns += time_of_expr(e, node->filters[i]);
	}
	for (size_t i = 0; i < node->n_order; ++i) {
		time_ns += time_of_expr(e, node->order[i].expr);
	}
	for (size_t i = 0; i < node->n_aggregations; ++i) {
		time_ns += time_of_expr(e, node->aggregations[i].argument);
	}
	return time_ns;
}

static tt_status put_heading(explaining *e)
{
	return tt_buffer_append(e->out, e->profile ? TT_VIEW("  estimate       rows         ms    self ms  plan\n")
	                                           : TT_VIEW("  estimate  plan\n"));
}

static tt_status put_numbers(explaining *e, const tt_node *node)
{
	const double estimate = node->n_rows_estimate;
	TT_TRY(tt_buffer_printf(e->out, estimate < 1e10 ? "%10.0f" : "%10.2g", estimate));
	if (e->profile) {
		const tt_profile *const actual = &e->profile[node->number];
		const int64_t self_ns = actual->time_ns - time_below(e, node);
		TT_TRY(tt_buffer_printf(e->out, " %10llu %10.3f %10.3f", (unsigned long long)actual->n_rows,
		                        (double)actual->time_ns / 1e6, self_ns > 0 ? (double)self_ns / 1e6 : 0));
	}
	return tt_buffer_append(e->out, TT_VIEW("  "));
}

static tt_status put_node(explaining *e, const tt_node *node, const char *branch, const char *under);

/* A plan inside an expression hangs under the operator that asks. */
static tt_status put_inner(explaining *e, const tt_expr *expr)
{
	if (!expr) {
		return TT_OK;
	}
	if (expr->plan) {
		TT_TRY(put_node(e, expr->plan, "├ for each row: ", "│ "));
	}
	for (size_t i = 0; i < expr->n_arguments; ++i) {
		TT_TRY(put_inner(e, expr->arguments[i]));
	}
	return TT_OK;
}

static tt_status put_all_inner(explaining *e, const tt_node *node)
{
	TT_TRY(put_inner(e, node->expr));
	for (size_t i = 0; i < node->n_filters; ++i) {
		TT_TRY(put_inner(e, node->filters[i]));
	}
	for (size_t i = 0; i < node->n_order; ++i) {
		TT_TRY(put_inner(e, node->order[i].expr));
	}
	for (size_t i = 0; i < node->n_aggregations; ++i) {
		TT_TRY(put_inner(e, node->aggregations[i].argument));
	}
	return TT_OK;
}

static tt_status put_node(explaining *e, const tt_node *node, const char *branch, const char *under)
{
	enum { MOST_CHILDREN = 20 };
	const bool is_anti = node->kind == TT_NODE_SEMI_JOIN && node->is_negated;
	TT_TRY(put_numbers(e, node));
	TT_TRY(tt_buffer_append(e->out, tt_buffer_view(&e->lead)));
	TT_TRY(tt_buffer_printf(e->out, "%s%s%s", branch, is_anti ? "not " : "", kinds[node->kind].name));
	TT_TRY(kinds[node->kind].detail(e, node));
	TT_TRY(tt_buffer_append_char(e->out, '\n'));
	const size_t n_lead = e->lead.size;
	TT_TRY(tt_buffer_append(&e->lead, tt_view_of(under)));
	TT_TRY(put_all_inner(e, node));
	for (size_t i = 0; i < node->n_children; ++i) {
		if (i == MOST_CHILDREN) {
			TT_TRY(tt_buffer_printf(e->out, "%*s", e->profile ? 45 : 12, ""));
			TT_TRY(tt_buffer_append(e->out, tt_buffer_view(&e->lead)));
			TT_TRY(tt_buffer_printf(e->out, "└ … and %zu more\n", node->n_children - i));
			break;
		}
		const bool is_last = i + 1 == node->n_children;
		TT_TRY(put_node(e, node->children[i], is_last ? "└ " : "├ ", is_last ? "  " : "│ "));
	}
	e->lead.size = n_lead;
	return TT_OK;
}

tt_status tt_plan_explain(const tt_plan *plan, const tt_terms *terms, const tt_prefixes *prefixes,
                          const tt_profile *profile, tt_buffer *out)
{
	/* tt_terms_get() changes nothing but may read ahead, so it asks for terms that are not const. */
	explaining e = {
	    .plan = plan, .terms = (tt_terms *)(uintptr_t)terms, .prefixes = prefixes, .profile = profile, .out = out};
	tt_buffer_init(&e.lead, out->ctx);
	tt_status status = put_heading(&e);
	status = status ? status : put_node(&e, plan->root, "", "");
	tt_buffer_clear(&e.lead);
	return status;
}
