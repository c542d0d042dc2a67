/* test_plan.c - translation to the algebra, the passes, the chosen operators. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>

#include <cmocka.h>

#include "base/context.h"
#include "plan/build.h"
#include "plan/plan.h"
#include "sparql/parse.h"

/* ---- a store, a query ------------------------------------------------------------------------- */

typedef struct fixture {
	tt_ctx ctx;
	tt_store *store;
	tt_snapshot *snapshot;
	tt_terms terms;
	tt_arena arena;
	tt_plan_options options;
} fixture;

#define EX "http://example.org/"

static tt_term iri_of(char text[64], const char *local)
{
	(void)snprintf(text, 64, EX "%s", local);
	return tt_term_iri(tt_view_of(text));
}

/* A literal for what begins with a digit, an IRI else; NULL is the default graph. */
static tt_id intern(tt_txn *txn, const char *text)
{
	char buffer[64];
	tt_id id = TT_DEFAULT_GRAPH;
	if (text) {
		const tt_term term = *text >= '0' && *text <= '9'
		                         ? tt_term_typed(tt_view_of(text), tt_vocab_iri(TT_VOCAB_XSD_INTEGER))
		                         : iri_of(buffer, text);
		assert_int_equal(tt_txn_intern(txn, &term, &id), TT_OK);
	}
	return id;
}

static void add(tt_txn *txn, const char *s, const char *p, const char *o, const char *g)
{
	const tt_quad quad = {intern(txn, s), intern(txn, p), intern(txn, o), intern(txn, g)};
	assert_int_equal(tt_txn_add(txn, &quad), TT_OK);
}

/* 200 people who know the next, each with an age; one of them is rare; two named graphs. */
static void load(tt_txn *txn)
{
	for (int i = 0; i < 200; ++i) {
		char person[16];
		char next[16];
		char age[16];
		(void)snprintf(person, sizeof person, "p%d", i);
		(void)snprintf(next, sizeof next, "p%d", (i + 1) % 200);
		(void)snprintf(age, sizeof age, "%d", i % 50);
		add(txn, person, "knows", next, NULL);
		add(txn, person, "age", age, NULL);
		add(txn, person, "type", "Person", NULL);
	}
	add(txn, "p7", "rare", "p8", NULL);
	add(txn, "p7", "mixed", "5", NULL);
	add(txn, "p8", "mixed", "05", NULL);
	add(txn, "a", "in", "b", "g1");
	add(txn, "b", "in", "c", "g2");
}

static int set_up(void **state)
{
	fixture *const f = test_calloc(1, sizeof *f);
	tt_txn *txn = NULL;
	tt_ctx_init(&f->ctx);
	assert_int_equal(tt_store_open_memory(&f->ctx, &f->store), TT_OK);
	assert_int_equal(tt_txn_begin(&f->ctx, f->store, true, &txn), TT_OK);
	load(txn);
	assert_int_equal(tt_txn_commit(txn, NULL, NULL), TT_OK);
	assert_int_equal(tt_snapshot_begin(&f->ctx, f->store, &f->snapshot), TT_OK);
	tt_terms_init(&f->terms, &f->ctx, f->snapshot);
	tt_arena_init(&f->arena, &f->ctx);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	fixture *const f = *state;
	tt_arena_clear(&f->arena);
	tt_terms_clear(&f->terms);
	tt_snapshot_end(f->snapshot);
	tt_store_close(f->store);
	assert_int_equal(f->ctx.n_bytes_used, 0);
	test_free(f);
	return 0;
}

static tt_status translate(fixture *f, const char *text, tt_algebra_query **out)
{
	const tt_parse_options options = {.base = TT_VIEW(EX)};
	char whole[4096];
	(void)snprintf(whole, sizeof whole, "PREFIX : <" EX "> %s", text);
	const char *const kept = tt_arena_strndup(&f->arena, whole, strlen(whole));
	tt_ast *ast = NULL;
	TT_TRY(tt_parse_query(&f->arena, tt_view_of(kept), &options, &ast));
	return tt_translate(&f->arena, ast, out);
}

/* ---- the algebra as text ---------------------------------------------------------------------- */

typedef struct printer {
	const tt_algebra_query *query;
	tt_buffer out;
} printer;

static void put(printer *p, const char *text)
{
	assert_int_equal(tt_buffer_append(&p->out, tt_view_of(text)), TT_OK);
}

static void put_view(printer *p, tt_view text)
{
	assert_int_equal(tt_buffer_append(&p->out, text), TT_OK);
}

static void put_var(printer *p, tt_var variable)
{
	put(p, "?");
	put_view(p, p->query->variables[variable].name);
}

static void put_constant(printer *p, const tt_term *term)
{
	const tt_view prefix = TT_VIEW(EX);
	put_view(p, tt_view_starts(term->text, prefix) ? tt_view_skip(term->text, prefix.size) : term->text);
}

static void put_slot(printer *p, const tt_slot *slot)
{
	put(p, " ");
	if (slot->is_variable) {
		put_var(p, slot->variable);
	} else {
		put_constant(p, &slot->constant);
	}
}

static void put_tree(printer *p, const tt_algebra *node);

static void put_expr(printer *p, const tt_expr *expr)
{
	static const char *const names[] = {
	    [TT_EXPR_OR] = "||",     [TT_EXPR_AND] = "&&",        [TT_EXPR_NOT] = "!",
	    [TT_EXPR_EQ] = "=",      [TT_EXPR_LT] = "<",          [TT_EXPR_GT] = ">",
	    [TT_EXPR_ADD] = "+",     [TT_EXPR_EXISTS] = "exists", [TT_EXPR_NOT_EXISTS] = "notexists",
	    [TT_EXPR_BUILTIN] = "fn"};
	put(p, " ");
	if (expr->kind == TT_EXPR_VARIABLE) {
		put_var(p, expr->variable);
		return;
	}
	if (expr->kind == TT_EXPR_CONSTANT) {
		put_constant(p, &expr->constant);
		return;
	}
	put(p, "(");
	put(p, names[expr->kind] ? names[expr->kind] : "?");
	for (size_t i = 0; i < expr->n_arguments; ++i) {
		put_expr(p, expr->arguments[i]);
	}
	if (expr->pattern) {
		put(p, " ");
		put_tree(p, expr->pattern);
	}
	put(p, ")");
}

static void put_members(printer *p, const tt_algebra *node)
{
	static const char *const aggregates[] = {"count", "sum", "min", "max", "avg", "sample", "concat"};
	for (size_t i = 0; i < node->n_patterns; ++i) {
		const tt_triple_pattern *const pattern = &node->patterns[i];
		put(p, " [");
		put_slot(p, &pattern->subject);
		if (node->kind == TT_ALGEBRA_BGP) {
			put_slot(p, &pattern->predicate);
		}
		put_slot(p, &pattern->object);
		if (pattern->graph_kind == TT_PATTERN_SLOT) {
			put(p, " @");
			put_slot(p, &pattern->graph);
		}
		put(p, " ]");
	}
	for (size_t i = 0; i < node->n_variables; ++i) {
		put(p, " ");
		put_var(p, node->variables[i]);
	}
	for (size_t i = 0; i < node->n_aggregations; ++i) {
		put(p, " ");
		put_var(p, node->aggregations[i].variable);
		put(p, "=");
		put(p, aggregates[node->aggregations[i].function]);
		if (node->aggregations[i].argument) {
			put_expr(p, node->aggregations[i].argument);
		}
	}
	if (node->kind == TT_ALGEBRA_EXTEND || (node->kind == TT_ALGEBRA_GRAPH && node->parameter != TT_NO_VAR)) {
		put(p, " ");
		put_var(p, node->variable);
	}
	if (node->expr && node->kind == TT_ALGEBRA_EXTEND) {
		put_expr(p, node->expr);
	}
	for (size_t i = 0; i < node->n_filters; ++i) {
		put_expr(p, node->filters[i]);
	}
	for (size_t i = 0; i < node->n_order; ++i) {
		put_expr(p, node->order[i].expr);
	}
}

static void put_tree(printer *p, const tt_algebra *node)
{
	static const char *const names[] = {"unit",    "empty",    "bgp",     "path",  "join",    "leftjoin", "minus",
	                                    "union",   "filter",   "extend",  "graph", "values",  "group",    "order",
	                                    "project", "distinct", "reduced", "slice", "service", "semijoin"};
	put(p, "(");
	put(p, node->is_negated ? "not-" : "");
	put(p, names[node->kind]);
	put_members(p, node);
	const tt_algebra *const children[] = {node->left, node->right};
	for (size_t i = 0; i < 2; ++i) {
		if (children[i]) {
			put(p, " ");
			put_tree(p, children[i]);
		}
	}
	put(p, ")");
}

static void check_tree(fixture *f, const char *text, bool is_rewritten, const char *expected)
{
	printer p = {0};
	tt_algebra_query *query = NULL;
	tt_buffer_init(&p.out, &f->ctx);
	if (translate(f, text, &query) != TT_OK) {
		fail_msg("%s\n  %s", text, f->ctx.error.text);
	}
	if (is_rewritten) {
		assert_int_equal(tt_rewrite(query, &f->options), TT_OK);
	}
	p.query = query;
	put_tree(&p, query->root);
	assert_int_equal(tt_buffer_terminate(&p.out), TT_OK);
	if (strcmp(p.out.data, expected)) {
		fail_msg("%s\n  gave     %s\n  expected %s", text, p.out.data, expected);
	}
	tt_buffer_clear(&p.out);
}

typedef struct tree_case {
	const char *query, *expected;
} tree_case;

static void check_trees(fixture *f, const tree_case *cases, size_t n, bool is_rewritten)
{
	for (size_t i = 0; i < n; ++i) {
		check_tree(f, cases[i].query, is_rewritten, cases[i].expected);
		tt_arena_clear(&f->arena);
	}
}

#define N_OF(array)                         (sizeof(array) / sizeof *(array))
#define CHECK_TREES(f, cases, is_rewritten) check_trees(f, cases, N_OF(cases), is_rewritten)

/* ---- translation (SPARQL 1.1 §18.2) ------------------------------------------------------------ */

static void groups_become_algebra(void **state)
{
	static const tree_case cases[] = {
	    {"SELECT * { }", "(project (unit))"},
	    {"SELECT ?s { ?s :p ?o }", "(project ?s (bgp [ ?s p ?o ]))"},
	    /* filters do not interrupt a basic graph pattern and wait for the end of the group */
	    {"SELECT * { ?s :p ?o FILTER(?o > 1) ?o :q ?z }",
	     "(project ?s ?o ?z (filter (> ?o 1) (bgp [ ?s p ?o ] [ ?o q ?z ])))"},
	    /* the examples of §18.2.3 */
	    {"SELECT * { ?s :p1 ?v1 OPTIONAL { ?s :p2 ?v2 } }",
	     "(project ?s ?v1 ?v2 (leftjoin (bgp [ ?s p1 ?v1 ]) (bgp [ ?s p2 ?v2 ])))"},
	    {"SELECT * { ?s :p1 ?v1 OPTIONAL { ?s :p2 ?v2 FILTER(?v1 < 3) } }",
	     "(project ?s ?v1 ?v2 (leftjoin (< ?v1 3) (bgp [ ?s p1 ?v1 ]) (bgp [ ?s p2 ?v2 ])))"},
	    {"SELECT * { { ?s :p1 ?v1 } UNION { ?s :p2 ?v2 } OPTIONAL { ?s :p3 ?v3 } }",
	     "(project ?s ?v1 ?v2 ?v3 (leftjoin (union (bgp [ ?s p1 ?v1 ]) (bgp [ ?s p2 ?v2 ])) (bgp [ ?s p3 ?v3 ])))"},
	    {"SELECT * { ?s :p ?o { ?o :q ?z FILTER(?z > 1) } }",
	     "(project ?s ?o ?z (join (bgp [ ?s p ?o ]) (filter (> ?z 1) (bgp [ ?o q ?z ]))))"},
	    /* a filter of a group inside OPTIONAL's group is not its condition */
	    {"SELECT * { ?s :p ?o OPTIONAL { { ?s :q ?z FILTER(?o > 1) } } }",
	     "(project ?s ?o ?z (leftjoin (bgp [ ?s p ?o ]) (filter (> ?o 1) (bgp [ ?s q ?z ]))))"},
	    {"SELECT * { ?s :p ?o MINUS { ?s :q ?z } ?o :r ?w }",
	     "(project ?s ?o ?w (join (minus (bgp [ ?s p ?o ]) (bgp [ ?s q ?z ])) (bgp [ ?o r ?w ])))"},
	    {"SELECT ?y { ?s :p ?o BIND(?o + 1 AS ?y) ?s :q ?y }",
	     "(project ?y (join (extend ?y (+ ?o 1) (bgp [ ?s p ?o ])) (bgp [ ?s q ?y ])))"},
	    {"SELECT * { VALUES ?x { 1 2 } ?x :p ?y }", "(project ?x ?y (join (values ?x) (bgp [ ?x p ?y ])))"},
	    {"ASK { ?s :p [ :q ?o ] }", "(project (bgp [ ?s p ?_:1 ] [ ?_:1 q ?o ]))"},
	};
	CHECK_TREES(*state, cases, false);
}

static void paths_become_patterns_or_searches(void **state)
{
	static const tree_case cases[] = {
	    {"SELECT ?x { ?x ^:p ?y }", "(project ?x (bgp [ ?y p ?x ]))"},
	    {"SELECT ?x { ?x :p/^:q ?y }", "(project ?x (bgp [ ?x p ?.2 ] [ ?y q ?.2 ]))"},
	    {"SELECT ?x { ?x :p|:q ?y }", "(project ?x (union (bgp [ ?x p ?y ]) (bgp [ ?x q ?y ])))"},
	    {"SELECT ?x { ?x :p* ?y }", "(project ?x (path [ ?x ?y ]))"},
	    {"SELECT ?x { ?x :p/:q+/:r ?y }",
	     "(project ?x (join (bgp [ ?x p ?.2 ]) (join (path [ ?.2 ?.3 ]) (bgp [ ?.3 r ?y ]))))"},
	    {"SELECT ?x { ?x !(:p|^:q) ?y }", "(project ?x (path [ ?x ?y ]))"},
	    {"SELECT ?x { ?x ^(:p/:q) ?y }", "(project ?x (bgp [ ?y p ?.2 ] [ ?.2 q ?x ]))"},
	};
	CHECK_TREES(*state, cases, false);
}

static void graphs_go_into_patterns_where_that_means_the_same(void **state)
{
	static const tree_case cases[] = {
	    {"SELECT ?g { GRAPH ?g { ?s :p ?o . ?o :q ?z } }", "(project ?g (bgp [ ?s p ?o @ ?g ] [ ?o q ?z @ ?g ]))"},
	    {"SELECT ?s { GRAPH :g1 { ?s :p ?o } }", "(project ?s (bgp [ ?s p ?o @ g1 ]))"},
	    {"SELECT ?s { GRAPH :g1 { OPTIONAL { ?s :p ?o } } }",
	     "(project ?s (graph (leftjoin (unit) (bgp [ ?s p ?o @ g1 ]))))"},
	    {"SELECT ?s { GRAPH ?g { ?s :p ?o OPTIONAL { ?s :q ?z } } }",
	     "(project ?s (leftjoin (bgp [ ?s p ?o @ ?g ]) (bgp [ ?s q ?z @ ?g ])))"},
	    /* inside, ?g is not bound yet */
	    {"SELECT ?s { GRAPH ?g { ?s :p ?o FILTER(BOUND(?g)) } }",
	     "(project ?s (graph ?g (filter (fn ?g) (bgp [ ?s p ?o @ ?.1 ]))))"},
	    {"SELECT ?s { GRAPH ?g { ?s :p ?o FILTER EXISTS { ?s :q ?z } } }",
	     "(project ?s (filter (exists (bgp [ ?s q ?z @ ?g ])) (bgp [ ?s p ?o @ ?g ])))"},
	    /* the sides of MINUS must share something else than the graph */
	    {"SELECT ?s { GRAPH ?g { ?s :p ?o MINUS { ?s :q ?z } } }",
	     "(project ?s (minus (bgp [ ?s p ?o @ ?g ]) (bgp [ ?s q ?z @ ?g ])))"},
	    {"SELECT ?s { GRAPH ?g { ?s :p ?o MINUS { ?a :q ?z } } }",
	     "(project ?s (graph ?g (minus (bgp [ ?s p ?o @ ?.1 ]) (bgp [ ?a q ?z @ ?.1 ]))))"},
	    {"SELECT ?g { GRAPH ?g { } }", "(project ?g (graph ?g (unit)))"},
	    {"SELECT ?g { GRAPH ?g { ?s :p ?o . ?s :q* ?z } }",
	     "(project ?g (join (bgp [ ?s p ?o @ ?g ]) (graph ?g (path [ ?s ?z @ ?.1 ]))))"},
	    {"SELECT ?g { GRAPH ?g { { SELECT DISTINCT ?s { ?s :p ?o } } } }",
	     "(project ?g (distinct (project ?s ?g (bgp [ ?s p ?o @ ?g ]))))"},
	    {"SELECT ?g { GRAPH ?g { { SELECT ?s { ?s :p ?o } LIMIT 1 } } }",
	     "(project ?g (graph ?g (slice (project ?s (bgp [ ?s p ?o @ ?.1 ])))))"},
	};
	CHECK_TREES(*state, cases, false);
}

static void modifiers_come_in_the_order_of_the_specification(void **state)
{
	static const tree_case cases[] = {
	    {"SELECT DISTINCT ?s { ?s :p ?o } ORDER BY ?o LIMIT 3 OFFSET 1",
	     "(slice (distinct (project ?s (order ?o (bgp [ ?s p ?o ])))))"},
	    {"SELECT (?o + 1 AS ?n) { ?s :p ?o }", "(project ?n (extend ?n (+ ?o 1) (bgp [ ?s p ?o ])))"},
	    {"SELECT ?o (COUNT(?s) AS ?n) { ?s :p ?o } GROUP BY ?o HAVING(COUNT(?s) > 2) ORDER BY COUNT(?s)",
	     "(project ?o ?n (order ?.3 (extend ?n ?.3 (filter (> ?.3 2) (group ?o ?.3=count ?s (bgp [ ?s p ?o ]))))))"},
	    {"SELECT (COUNT(*) AS ?n) { ?s :p ?o }", "(project ?n (extend ?n ?.3 (group ?.3=count (bgp [ ?s p ?o ]))))"},
	    {"SELECT (SUM(?o) AS ?n) { ?s :p ?o } GROUP BY (?o + 1)",
	     "(project ?n (extend ?n ?.4 (group ?.2 ?.4=sum ?o (extend ?.2 (+ ?o 1) (bgp [ ?s p ?o ])))))"},
	    {"SELECT ?s { ?s :p ?o } VALUES ?o { 1 }", "(project ?s (join (bgp [ ?s p ?o ]) (values ?o)))"},
	    /* what a sub-SELECT does not project is another variable */
	    {"SELECT * { ?s :p ?o { SELECT ?s { ?s :q ?o } } }",
	     "(project ?s ?o (join (bgp [ ?s p ?o ]) (project ?s (bgp [ ?s q ?o ]))))"},
	    {"CONSTRUCT { ?s :q _:b } WHERE { ?s :p ?o }", "(project ?s (bgp [ ?s p ?o ]))"},
	    {"CONSTRUCT WHERE { ?s :p ?o }", "(project ?s ?o (bgp [ ?s p ?o ]))"},
	    {"DESCRIBE ?s { ?s :p ?o }", "(project ?s (bgp [ ?s p ?o ]))"},
	    {"DESCRIBE :x", "(project (unit))"},
	};
	CHECK_TREES(*state, cases, false);
}

static void hidden_variables_have_numbers_of_their_own(void **state)
{
	fixture *const f = *state;
	tt_algebra_query *query = NULL;
	assert_int_equal(translate(f, "SELECT * { ?s :p ?o { SELECT ?s { ?s :q ?o } } }", &query), TT_OK);
	const tt_algebra *const join = query->root->left;
	const tt_var outer = join->left->patterns[0].object.variable;
	const tt_var inner = join->right->left->patterns[0].object.variable;
	assert_int_not_equal(outer, inner);
	assert_int_equal(join->left->patterns[0].subject.variable, join->right->left->patterns[0].subject.variable);
	assert_int_equal(query->n_columns, 2);
	/* SELECT * inside another query shows everything */
	assert_int_equal(translate(f, "SELECT ?o { ?s :p ?o { SELECT * { ?s :q ?o FILTER(?z) } } ?z :r ?s }", &query),
	                 TT_OK);
	const tt_algebra *const both = query->root->left;
	assert_int_equal(both->kind, TT_ALGEBRA_JOIN);
}

static void what_is_not_evaluated_is_named(void **state)
{
	static const struct {
		const char *query;
		tt_status status;
		const char *text;
	} cases[] = {
	    {"SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }", TT_UNSUPPORTED, "SERVICE is not evaluated yet"},
	    {"SELECT * { SERVICE SILENT ?e { ?s ?p ?o } }", TT_OK, ""},
	};
	fixture *const f = *state;
	for (size_t i = 0; i < N_OF(cases); ++i) {
		tt_algebra_query *query = NULL;
		assert_int_equal(translate(f, cases[i].query, &query), cases[i].status);
		assert_string_equal(f->ctx.error.text, cases[i].text);
		tt_ctx_clear_error(&f->ctx);
	}
}

/* ---- the passes ------------------------------------------------------------------------------- */

static void filters_go_towards_the_patterns(void **state)
{
	static const tree_case cases[] = {
	    {"SELECT ?s { ?s :p ?o { ?s :q ?z } FILTER(?z > 1 && ?o < 2) }",
	     "(project ?s (join (filter (< ?o 2) (bgp [ ?s p ?o ])) (filter (> ?z 1) (bgp [ ?s q ?z ]))))"},
	    /* into the left side of OPTIONAL and MINUS, never into the right */
	    {"SELECT ?s { ?s :p ?o OPTIONAL { ?s :q ?z } FILTER(?o > 1) }",
	     "(project ?s (leftjoin (filter (> ?o 1) (bgp [ ?s p ?o ])) (bgp [ ?s q ?z ])))"},
	    {"SELECT ?s { ?s :p ?o OPTIONAL { ?s :q ?z } FILTER(!BOUND(?z)) }",
	     "(project ?s (filter (! (fn ?z)) (leftjoin (bgp [ ?s p ?o ]) (bgp [ ?s q ?z ]))))"},
	    {"SELECT ?s { ?s :p ?o MINUS { ?s :q ?z } FILTER(?o > 1) }",
	     "(project ?s (minus (filter (> ?o 1) (bgp [ ?s p ?o ])) (bgp [ ?s q ?z ])))"},
	    {"SELECT ?s { { ?s :p ?o } UNION { ?s :q ?o } FILTER(?o > 1) }",
	     "(project ?s (union (filter (> ?o 1) (bgp [ ?s p ?o ])) (filter (> ?o 1) (bgp [ ?s q ?o ]))))"},
	    {"SELECT ?s { ?s :p ?o BIND(?o + 1 AS ?n) FILTER(?n > 1) FILTER(?o > 2) }",
	     "(project ?s (filter (> ?n 1) (extend ?n (+ ?o 1) (filter (> ?o 2) (bgp [ ?s p ?o ])))))"},
	    /* a filter sees only its group: ?o is not bound there */
	    {"SELECT ?s { ?s :p ?o { ?s :q ?z FILTER(?o > 1) } }",
	     "(project ?s (join (bgp [ ?s p ?o ]) (filter (> ?o 1) (bgp [ ?s q ?z ]))))"},
	    /* below GROUP BY only what the keys decide */
	    {"SELECT ?o { { SELECT ?o (COUNT(?s) AS ?n) { ?s :p ?o } GROUP BY ?o } FILTER(?o > 1) FILTER(?n > 2) }",
	     "(project ?o (project ?o ?n (filter (> ?n 2) (extend ?n ?.3 (group ?o ?.3=count ?s (filter (> ?o 1) (bgp [ ?s "
	     "p "
	     "?o ])))))))"},
	    {"SELECT ?o { { SELECT ?o { ?s :p ?o } LIMIT 3 } FILTER(?o > 1) }",
	     "(project ?o (filter (> ?o 1) (slice (project ?o (bgp [ ?s p ?o ])))))"},
	};
	CHECK_TREES(*state, cases, true);
}

static void conditions_become_patterns_and_joins(void **state)
{
	static const tree_case cases[] = {
	    {"SELECT ?s { ?s :p ?o . ?o :q ?z FILTER(?o = :x) }", "(project ?s (extend ?o x (bgp [ ?s p x ] [ x q ?z ])))"},
	    /* 1 equals 01 and 1.0: not the same term */
	    {"SELECT ?s { ?s :p ?o FILTER(?o = 1) }", "(project ?s (filter (= ?o 1) (bgp [ ?s p ?o ])))"},
	    {"SELECT ?s { ?s :p ?o OPTIONAL { ?s :q ?z } FILTER(?z = :x) }",
	     "(project ?s (join (bgp [ ?s p ?o ]) (filter (= ?z x) (bgp [ ?s q ?z ]))))"},
	    /* an OPTIONAL whose absence the filter rejects */
	    {"SELECT ?s { ?s :p ?o OPTIONAL { ?s :q ?z } FILTER(?z > 3) }",
	     "(project ?s (join (bgp [ ?s p ?o ]) (filter (> ?z 3) (bgp [ ?s q ?z ]))))"},
	    {"SELECT ?s { ?s :p ?o FILTER EXISTS { ?s :q ?z } }",
	     "(project ?s (semijoin (bgp [ ?s p ?o ]) (bgp [ ?s q ?z ])))"},
	    {"SELECT ?s { ?s :p ?o FILTER NOT EXISTS { ?s :q ?z FILTER(?z > 1) } }",
	     "(project ?s (not-semijoin (bgp [ ?s p ?o ]) (filter (> ?z 1) (bgp [ ?s q ?z ]))))"},
	    /* a filter inside that speaks of the outer row keeps it an EXISTS */
	    {"SELECT ?s { ?s :p ?o FILTER EXISTS { ?s :q ?z FILTER(?z > ?o) } }",
	     "(project ?s (filter (exists (filter (> ?z ?o) (bgp [ ?s q ?z ]))) (bgp [ ?s p ?o ])))"},
	    {"SELECT ?s { ?s :p ?o FILTER EXISTS { ?z :q ?w OPTIONAL { ?z :r ?o } } }",
	     "(project ?s (filter (exists (leftjoin (bgp [ ?z q ?w ]) (bgp [ ?z r ?o ]))) (bgp [ ?s p ?o ])))"},
	    {"SELECT ?s { ?s :p ?o MINUS { ?a :q ?b } }", "(project ?s (bgp [ ?s p ?o ]))"},
	    {"SELECT DISTINCT ?s ?o { ?s :p ?o }", "(project ?s ?o (bgp [ ?s p ?o ]))"},
	    {"SELECT DISTINCT ?s { ?s :p ?o }", "(distinct (project ?s (bgp [ ?s p ?o ])))"},
	};
	CHECK_TREES(*state, cases, true);
}

static void each_pass_can_be_switched_off(void **state)
{
	fixture *const f = *state;
	f->options.switches.disabled_passes = 1u << TT_PASS_EXISTS;
	check_tree(f, "SELECT ?s { ?s :p ?o FILTER EXISTS { ?s :q ?z } }", true,
	           "(project ?s (filter (exists (bgp [ ?s q ?z ])) (bgp [ ?s p ?o ])))");
	f->options.switches.disabled_passes = ~0u;
	check_tree(f, "SELECT ?s { ?s :p ?o MINUS { ?a :q ?b } FILTER(?o = :x) }", true,
	           "(project ?s (filter (= ?o x) (minus (bgp [ ?s p ?o ]) (bgp [ ?a q ?b ]))))");
	assert_string_equal(tt_rewrite_name(TT_PASS_FOLD), "fold");
	assert_null(tt_rewrite_name(TT_N_PASSES));
}

/* ---- operators -------------------------------------------------------------------------------- */

/* A plan in short: kind(details children …). */
static void put_node(printer *p, const tt_node *node)
{
	static const char *const names[] = {
	    "unit",  "empty",  "scan",   "values",  "merge",    "hash",  "lookup", "left",  "leftlookup", "minus", "semi",
	    "union", "filter", "extend", "project", "distinct", "group", "sort",   "slice", "path",       "loop",  "count"};
	put(p, names[node->kind]);
	if (node->kind == TT_NODE_SCAN || node->kind == TT_NODE_COUNT) {
		put(p, ":");
		put(p, tt_perm_name(node->scan.perm));
		put(p, node->scan.has_range ? "[range]" : "");
	}
	for (size_t i = 0; i < node->n_keys; ++i) {
		put(p, i ? "," : "@");
		put_var(p, node->keys[i]);
	}
	for (size_t i = 0; i < node->n_alike; ++i) {
		put(p, i ? "," : "@");
		put_var(p, node->alike[i].left);
		put(p, "=");
		put_var(p, node->alike[i].right);
	}
	for (size_t i = 0; i < node->n_children; ++i) {
		put(p, i ? " " : "(");
		put_node(p, node->children[i]);
	}
	put(p, node->n_children ? ")" : "");
}

static tt_status make_plan(fixture *f, const char *text, tt_plan **out)
{
	tt_algebra_query *query = NULL;
	TT_TRY(translate(f, text, &query));
	TT_TRY(tt_rewrite(query, &f->options));
	return tt_plan_make(query, &f->terms, &f->options, out);
}

static void check_plan(fixture *f, const char *text, const char *expected)
{
	printer p = {0};
	tt_plan *plan = NULL;
	tt_buffer_init(&p.out, &f->ctx);
	assert_int_equal(make_plan(f, text, &plan), TT_OK);
	p.query = plan->query;
	put_node(&p, plan->root);
	assert_int_equal(tt_buffer_terminate(&p.out), TT_OK);
	if (strcmp(p.out.data, expected)) {
		fail_msg("%s\n  gave     %s\n  expected %s", text, p.out.data, expected);
	}
	tt_buffer_clear(&p.out);
	tt_arena_clear(&f->arena);
}

static void joins_follow_the_counts(void **state)
{
	fixture *const f = *state;
	/* two long lists meet in their order; from one row on, the other is looked up */
	check_plan(f, "SELECT ?x ?a { ?x :age ?a . ?x :type :Person }", "merge@?x(scan:PSO scan:POS)");
	check_plan(f, "SELECT ?x ?y ?a { ?x :rare ?y . ?y :age ?a }", "lookup@?y(scan:POS scan:SPO)");
	/* the same in either order of the text */
	check_plan(f, "SELECT ?x ?y ?a { ?y :age ?a . ?x :rare ?y }", "lookup@?y(scan:POS scan:SPO)");
	check_plan(f, "SELECT ?x ?a { ?x :type :Person . ?x :age ?a }", "merge@?x(scan:PSO scan:POS)");
	check_plan(f, "SELECT ?x ?y ?a { ?x :rare ?y OPTIONAL { ?y :age ?a } }", "leftlookup@?y(scan:PSO scan:SPO)");
	check_plan(f, "SELECT ?x ?y ?a { ?x :knows ?y OPTIONAL { ?y :age ?a } }", "left@?y(scan:PSO scan:PSO)");
}

static void equal_values_are_no_product(void **state)
{
	fixture *const f = *state;
	/* ages may be equal and yet other terms; what is a subject is the same term */
	check_plan(f, "SELECT ?x ?y { ?x :mixed ?a . ?y :age ?b FILTER(?a = ?b) }",
	           "project(filter(hash@?a=?b(scan:PSO scan:PSO)))");
	check_plan(f, "SELECT ?x ?y { ?x :rare ?a . ?b :age ?y FILTER(?a = ?b) }", "lookup@?a(scan:POS scan:SPO)");
	check_plan(f, "SELECT ?x ?y { ?x :mixed ?a OPTIONAL { ?y :age ?b FILTER(?b = ?a) } }",
	           "left@?a=?b(scan:PSO scan:PSO)");
	check_plan(f, "SELECT ?x ?y { ?x :rare ?a OPTIONAL { ?b :age ?y FILTER(?b = ?a) } }", "left@?a(scan:PSO scan:PSO)");
	/* the third is multiplied last, whatever stands in the text */
	check_plan(f, "SELECT ?x ?y ?z { ?x :mixed ?a . ?z :rare ?c . ?y :age ?b FILTER(?a = ?b) }",
	           "project(hash(scan:PSO filter(hash@?a=?b(scan:PSO scan:PSO))))");
}

/* What a right side is asked for each left row: its parameters are as good as constants. */
static void right_sides_are_run_again(void **state)
{
	fixture *const f = *state;
	const char *const optional = "SELECT * { ?x :rare ?y OPTIONAL { ?y :knows ?z . ?z :age ?a } }";
	check_plan(f, optional, "left@?y(scan:PSO merge@?z(scan:POS scan:PSO))");
	f->options.switches.forced_method = TT_METHOD_LOOKUP;
	check_plan(f, optional, "leftlookup@?y(scan:PSO lookup@?z(scan:SPO scan:SPO))");
	check_plan(f, "SELECT ?a { ?x :rare ?y { ?y :age ?a } UNION { ?y :knows ?a } }",
	           "lookup@?y(scan:PSO union(scan:SPO scan:SPO))");
	check_plan(f, "SELECT ?n { ?x :rare ?y { SELECT ?y (COUNT(*) AS ?n) { ?z :knows ?y } GROUP BY ?y } }",
	           "lookup@?y(scan:PSO project(extend(group@?y(scan:POS))))");
	/* a limit counts other rows then; so does a group that is made by something else; a path of length zero is there
	 * from every end that is given */
	check_plan(f, "SELECT ?z { ?x :rare ?y { SELECT ?y ?z { ?y :knows ?z } LIMIT 5 } }",
	           "lookup@?y(slice(scan:PSO) scan:POS)");
	check_plan(f, "SELECT ?n { ?x :rare ?n { SELECT ?y (COUNT(*) AS ?n) { ?z :knows ?y } GROUP BY ?y } }",
	           "lookup@?n(project(extend(group@?y(scan:POS))) scan:POS)");
	check_plan(f, "SELECT ?z { ?x :rare ?y OPTIONAL { ?y :knows* ?z } }", "left@?y(scan:PSO path)");
}

static void scans_know_constants_ranges_and_counts(void **state)
{
	fixture *const f = *state;
	check_plan(f, "SELECT ?x { ?x :age ?a . ?x :never ?b }", "empty");
	check_plan(f, "SELECT ?x { :nobody :age ?x }", "empty");
	check_plan(f, "SELECT ?x FROM :nowhere { ?x :age ?a }", "empty");
	check_plan(f, "SELECT ?x FROM NAMED :g1 { ?x :in ?a }", "empty");
	check_plan(f, "SELECT ?x FROM NAMED :g1 { GRAPH :g2 { ?x :in ?a } }", "empty");
	check_plan(f, "SELECT (COUNT(*) AS ?n) { ?x :age ?a }", "project(extend(count:PSO))");
	check_plan(f, "SELECT (COUNT(?x) AS ?n) { ?x :age ?a }", "project(extend(count:PSO))");
	check_plan(f, "SELECT (COUNT(DISTINCT ?a) AS ?n) { ?x :age ?a }", "project(extend(group(scan:PSO)))");
	check_plan(f, "SELECT (COUNT(*) AS ?n) { ?x :knows ?x }", "project(extend(group(scan:PSO)))");
	/* all ages are integers; among the objects of :mixed is 05, which equals 5 */
	check_plan(f, "SELECT ?x { ?x :age ?a FILTER(?a > 48) }", "project(filter(scan:POS[range]))");
	check_plan(f, "SELECT ?x { ?x :type ?a FILTER(?a > 48) }", "empty");
	f->options.switches.disabled_passes = 1u << TT_PASS_RANGE;
	check_plan(f, "SELECT ?x { ?x :age ?a FILTER(?a > 48) }", "project(filter(scan:PSO))");
}

static void ranges_lose_no_equal_value(void **state)
{
	fixture *const f = *state;
	tt_plan *plan = NULL;
	assert_int_equal(make_plan(f, "SELECT ?x { ?x :mixed ?a FILTER(?a = 5) }", &plan), TT_OK);
	const tt_node *const scan = plan->root->children[0]->children[0];
	tt_id five = TT_UNBOUND;
	assert_true(tt_value_from_integer(5, &five));
	assert_int_equal(scan->kind, TT_NODE_SCAN);
	assert_true(scan->scan.has_range);
	assert_int_equal(scan->scan.high, five);
	assert_int_equal(tt_id_kind(scan->scan.low), TT_KIND_LITERAL);
}

/* ---- size ------------------------------------------------------------------------------------- */

/* head, then `part` n times, then tail. */
static char *repeat(fixture *f, const char *head, const char *part, size_t n, const char *tail)
{
	const size_t n_part = strlen(part);
	char *const text = tt_arena_alloc(&f->arena, strlen(head) + n * n_part + strlen(tail) + 1);
	char *end = stpcpy(text, head);
	for (size_t i = 0; i < n; ++i) {
		end = stpcpy(end, part);
	}
	(void)stpcpy(end, tail);
	return text;
}

static tt_status plan_text(fixture *f, const char *text, tt_plan **out)
{
	tt_ast *ast = NULL;
	tt_algebra_query *query = NULL;
	TT_TRY(tt_parse_query(&f->arena, tt_view_of(text), NULL, &ast));
	TT_TRY(tt_translate(&f->arena, ast, &query));
	TT_TRY(tt_rewrite(query, &f->options));
	return tt_plan_make(query, &f->terms, &f->options, out);
}

static void long_chains_are_planned_or_refused(void **state)
{
	static const struct {
		const char *head, *part, *tail;
		size_t n;
		tt_status status;
	} cases[] = {
	    {"SELECT * { {}", " UNION {?s <" EX "age> ?o}", "}", 100000, TT_OK},
	    {"SELECT * { ?s ?p ?o", " OPTIONAL {?s <" EX "age> ?o}", "}", 1000, TT_OK},
	    {"SELECT * { ?s ?p ?o", " OPTIONAL {?s <" EX "age> ?o}", "}", 100000, TT_LIMIT},
	    {"SELECT * { ?s ?p ?o", " MINUS {?s <" EX "age> ?o}", "}", 100000, TT_LIMIT},
	    {"SELECT * { ", "?s <" EX "age> ?o . ", "}", 500, TT_OK},
	    {"SELECT * { ", "?s <" EX "age> ?o . ", "}", 100000, TT_LIMIT},
	    {"SELECT * { ", "{?s <" EX "age> ?o} ", "}", 100000, TT_LIMIT},
	    {"SELECT * { ?s ?p ?o FILTER(1", " + 1", ")}", 100000, TT_LIMIT},
	    {"SELECT * { ?s ?p ?o FILTER(1 ", " && 1", ")}", 1000, TT_OK},
	    {"SELECT * { ?s <" EX "age>", "/<" EX "age>", " ?o}", 500, TT_OK},
	    {"SELECT * { ?s (<" EX "age>", "/<" EX "age>", ")* ?o}", 100000, TT_OK},
	    {"SELECT * { ?s <" EX "age>", "|<" EX "age>", " ?o}", 10000, TT_OK},
	    {"SELECT * { ?s (<" EX "age>", "|<" EX "age>", ")* ?o}", 100000, TT_OK},
	};
	fixture *const f = *state;
	for (size_t i = 0; i < N_OF(cases); ++i) {
		tt_plan *plan = NULL;
		const char *const text = repeat(f, cases[i].head, cases[i].part, cases[i].n, cases[i].tail);
		const tt_status status = plan_text(f, text, &plan);
		if (status != cases[i].status) {
			fail_msg("case %zu gave %s: %s", i, tt_status_name(status), f->ctx.error.text);
		}
		tt_ctx_clear_error(&f->ctx);
		tt_arena_clear(&f->arena);
	}
}

static void planning_ends_when_memory_does(void **state)
{
	fixture *const f = *state;
	static const char text[] =
	    "SELECT DISTINCT ?x (COUNT(*) AS ?n) { ?x :knows ?y . ?y :age ?a . ?y :knows ?z "
	    "OPTIONAL { ?z :age ?b FILTER(?b > ?a) } FILTER EXISTS { ?z :knows/:knows* ?w FILTER(?w != ?x) } "
	    "GRAPH ?g { ?x :in ?i { SELECT ?i { ?i :in ?j } LIMIT 2 } } MINUS { VALUES ?x { :p1 } } } "
	    "GROUP BY ?x ORDER BY ?n LIMIT 5";
	const size_t n_used = f->ctx.n_bytes_used;
	tt_status status = TT_LIMIT;
	for (size_t budget = 1000; status != TT_OK; budget += 1000) {
		tt_plan *plan = NULL;
		assert_true(budget < 1000000);
		f->ctx.n_bytes_budget = n_used + budget;
		status = make_plan(f, text, &plan);
		assert_true(status == TT_OK || status == TT_LIMIT);
		f->ctx.n_bytes_budget = 0;
		tt_arena_clear(&f->arena);
	}
}

static void explain_shows_a_tree(void **state)
{
	fixture *const f = *state;
	tt_plan *plan = NULL;
	tt_buffer out;
	tt_prefixes prefixes;
	tt_buffer_init(&out, &f->ctx);
	tt_prefixes_init(&prefixes, &f->ctx);
	assert_int_equal(tt_prefixes_set(&prefixes, TT_VIEW(""), TT_VIEW(EX)), TT_OK);
	assert_int_equal(make_plan(f, "SELECT ?x ?y { ?x :rare ?y . ?y :age ?a FILTER(?a > 3) }", &plan), TT_OK);
	const tt_profile profile[8] = {{.n_rows = 42, .time_ns = 1500000}};
	assert_true(plan->n_nodes <= 8);
	assert_int_equal(tt_plan_explain(plan, &f->terms, &prefixes, profile, &out), TT_OK);
	assert_int_equal(tt_buffer_terminate(&out), TT_OK);
	static const char *const expected[] = {"project ?x ?y",        "└ filter ?a > 3",
	                                       "lookup join on ?y",    "scan POS  ?x :rare ?y",
	                                       "scan SPO  ?y :age ?a", "        42      1.500      1.500  project"};
	for (size_t i = 0; i < N_OF(expected); ++i) {
		if (!strstr(out.data, expected[i])) {
			fail_msg("%s\n  has no \"%s\"", out.data, expected[i]);
		}
	}
	tt_prefixes_clear(&prefixes);
	tt_buffer_clear(&out);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(groups_become_algebra, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(paths_become_patterns_or_searches, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(graphs_go_into_patterns_where_that_means_the_same, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(modifiers_come_in_the_order_of_the_specification, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(hidden_variables_have_numbers_of_their_own, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(what_is_not_evaluated_is_named, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(filters_go_towards_the_patterns, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(conditions_become_patterns_and_joins, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(each_pass_can_be_switched_off, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(joins_follow_the_counts, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(equal_values_are_no_product, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(right_sides_are_run_again, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(scans_know_constants_ranges_and_counts, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(ranges_lose_no_equal_value, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(long_chains_are_planned_or_refused, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(planning_ends_when_memory_does, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(explain_shows_a_tree, set_up, tear_down),
	};
	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
