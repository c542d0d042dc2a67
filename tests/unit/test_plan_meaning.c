/* test_plan_meaning.c - random queries: plans, whatever the passes, give what the algebra says word for word.
 *
 * Each failure prints the query and the seed; run `test_plan_meaning SEED` to see only that one, `test_plan_meaning x
 * N` for N queries. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "plan_reference.h"
#include "sparql/parse.h"

static uint64_t only_seed;     /* 0: all */
enum { ENOUGH_QUERIES = 400 }; /* to meet every operator */
static unsigned n_queries = ENOUGH_QUERIES;

/* ---- random texts ----------------------------------------------------------------------------- */

typedef struct maker {
	uint64_t state;
	tt_buffer out;
	unsigned n_fresh; /* names for BIND */
	bool has_paths, has_blanks;
} maker;

static unsigned pick(maker *m, unsigned n)
{
	m->state = tt_hash_u64(m->state + 0x9e3779b97f4a7c15u);
	return (unsigned)(m->state >> 33) % n;
}

static void say(maker *m, const char *text)
{
	OK(tt_buffer_append(&m->out, tt_view_of(text)));
}

static void say_one(maker *m, const char *const *texts, unsigned n)
{
	say(m, texts[pick(m, n)]);
}

#define SAY_ONE(m, ...)                                                   \
	do {                                                                  \
		const char *const texts_[] = {__VA_ARGS__};                       \
		say_one((m), texts_, (unsigned)(sizeof texts_ / sizeof *texts_)); \
	} while (0)

static void say_group(maker *m, unsigned depth);

static void say_variable(maker *m)
{
	SAY_ONE(m, "?a ", "?b ", "?c ", "?d ", "?e ");
}

static void say_triple(maker *m)
{
	if (pick(m, 4)) {
		say_variable(m);
	} else {
		SAY_ONE(m, ":n1 ", ":n2 ", ":n3 ", m->has_blanks ? "_:x " : ":n4 ");
	}
	if (pick(m, 8) == 0 && m->has_paths) {
		SAY_ONE(m, ":p* ", ":q+ ", ":p? ", "(:p|^:q)* ", ":p/:q ", "^:p ", ":p|:q ", "!:p ", "!(:p|^:q) ", "(:p/:q)+ ");
	} else if (pick(m, 6)) {
		SAY_ONE(m, ":p ", ":q ", ":r ", ":p ", ":q ", ":s ");
	} else {
		say_variable(m);
	}
	if (pick(m, 4)) {
		say_variable(m);
	} else {
		SAY_ONE(m, ":n1 ", ":n2 ", "1 ", "2 ", ":unknown ", "\"s\" ");
	}
	say(m, ". ");
}

static void say_operand(maker *m)
{
	if (pick(m, 2)) {
		say_variable(m);
	} else {
		SAY_ONE(m, "1 ", "2 ", "3 ", ":n1 ", ":n2 ", "\"s\" ", "1.5 ", "2e0 ");
	}
}

static void say_condition(maker *m, unsigned depth)
{
	switch (pick(m, depth ? 9 : 6)) {
	case 0:
		say(m, "BOUND(");
		say_variable(m);
		say(m, ")");
		return;
	case 1:
		say(m, "isIRI(");
		say_variable(m);
		say(m, ")");
		return;
	case 2:
	case 3:
		say_operand(m);
		SAY_ONE(m, "= ", "< ", ">= ", "!= ");
		say_operand(m);
		return;
	case 4:
		say_variable(m);
		SAY_ONE(m, "= ", "> ", "<= ");
		SAY_ONE(m, "1 ", "2 ", ":n1 ", ":n2 ", "\"s\" ");
		return;
	case 5:
		say(m, "sameTerm(");
		say_variable(m);
		say(m, ", ");
		say_operand(m);
		say(m, ")");
		return;
	case 6:
		SAY_ONE(m, "EXISTS ", "NOT EXISTS ");
		say_group(m, depth - 1);
		return;
	case 7:
		say(m, "!(");
		say_condition(m, depth - 1);
		say(m, ")");
		return;
	default:
		say(m, "(");
		say_condition(m, depth - 1);
		SAY_ONE(m, " && ", " || ");
		say_condition(m, depth - 1);
		say(m, ")");
		return;
	}
}

static void say_filter(maker *m, unsigned depth)
{
	say(m, "FILTER(");
	say_condition(m, depth);
	say(m, ") ");
}

static void say_values(maker *m)
{
	SAY_ONE(m, "VALUES ?a { :n1 :n2 } ", "VALUES (?a ?b) { (:n1 UNDEF) (:n2 1) (UNDEF 2) } ", "VALUES ?c { 1 2 3 } ",
	        "VALUES (?d ?a) { (UNDEF UNDEF) (:n3 :n1) } ");
}

static void say_subselect(maker *m, unsigned depth)
{
	static const char *const heads[][2] = {{"?a ", ""},
	                                       {"?a ?b ", ""},
	                                       {"DISTINCT ?b ", ""},
	                                       {"* ", ""},
	                                       {"?c (COUNT(?a) AS ?n) ", "GROUP BY ?c "},
	                                       {"(COUNT(*) AS ?n) ", ""},
	                                       {"?a (MIN(?b) AS ?m) ", "GROUP BY ?a HAVING(COUNT(*) > 1) "},
	                                       {"(COUNT(DISTINCT *) AS ?n) ", ""}};
	const unsigned head = pick(m, sizeof heads / sizeof *heads);
	say(m, "{ SELECT ");
	say(m, heads[head][0]);
	say_group(m, depth - 1);
	say(m, heads[head][1]);
	say(m, "} ");
}

static void say_element(maker *m, unsigned depth)
{
	char name[64];
	switch (depth ? pick(m, 14) : pick(m, 3)) {
	case 0:
	case 1:
		say_triple(m);
		return;
	case 2:
		say_filter(m, depth);
		return;
	case 3:
	case 4:
		say(m, "OPTIONAL ");
		say_group(m, depth - 1);
		return;
	case 5:
		say(m, "MINUS ");
		say_group(m, depth - 1);
		return;
	case 6:
	case 7:
		say_group(m, depth - 1);
		say(m, "UNION ");
		say_group(m, depth - 1);
		return;
	case 8:
		say_group(m, depth - 1);
		return;
	case 9:
	case 10:
		SAY_ONE(m, "GRAPH ?g ", "GRAPH ?g ", "GRAPH :g1 ", "GRAPH :none ", "GRAPH ?a ");
		say_group(m, depth - 1);
		return;
	case 11:
		/* ?e may stand in the group already, which is an error, or outside of an EXISTS, which is not */
		(void)snprintf(name, sizeof name, pick(m, 4) ? "?v%u) " : "?e) ", m->n_fresh++);
		say(m, "BIND(");
		if (pick(m, 2)) {
			say_operand(m);
		} else {
			say_variable(m);
			say(m, "+ 1 ");
		}
		say(m, "AS ");
		say(m, name);
		return;
	case 12:
		say_values(m);
		return;
	default:
		say_subselect(m, depth);
		return;
	}
}

static void say_group(maker *m, unsigned depth)
{
	say(m, "{ ");
	if (pick(m, 12)) {
		say_triple(m);
	}
	for (unsigned n = pick(m, 3) + (depth > 1); n > 0; --n) {
		say_element(m, depth);
	}
	say(m, "} ");
}

static void say_query(maker *m)
{
	const bool is_sliced = pick(m, 12) == 0;
	say(m, "PREFIX : <http://example.org/> SELECT ");
	SAY_ONE(m, "", "", "DISTINCT ");
	SAY_ONE(m, "* ", "* ", "?a ?b ?g ", "?c ");
	if (pick(m, 8) == 0) {
		SAY_ONE(m, "FROM :g1 ", "FROM :g1 FROM :g2 ", "FROM NAMED :g1 FROM :none ",
		        "FROM :g2 FROM NAMED :g1 FROM NAMED :g2 ");
	}
	say_group(m, 2);
	if (pick(m, 6) == 0) {
		say(m, "ORDER BY ?a DESC(?b) ?c ?d ?e ?g ");
	}
	say(m, is_sliced ? "LIMIT 3 OFFSET 1" : "");
}

/* ---- the data --------------------------------------------------------------------------------- */

static tt_id intern(tt_txn *txn, const char *text)
{
	char iri[64];
	tt_id id = TT_DEFAULT_GRAPH;
	tt_term term = tt_term_string(tt_view_of(text));
	if (!*text) {
		return id;
	}
	if (*text == ':') {
		(void)snprintf(iri, sizeof iri, "http://example.org/%s", text + 1);
		term = tt_term_iri(tt_view_of(iri));
	} else if (*text >= '0' && *text <= '9') {
		term.datatype = tt_vocab_iri(strchr(text, '.') ? TT_VOCAB_XSD_DECIMAL : TT_VOCAB_XSD_INTEGER);
	}
	OK(tt_txn_intern(txn, &term, &id));
	return id;
}

static void load(tt_txn *txn)
{
	static const char *const quads[][4] = {
	    {":n1", ":p", ":n2", ""},    {":n2", ":p", ":n3", ""},    {":n3", ":p", ":n1", ""},
	    {":n1", ":q", "1", ""},      {":n2", ":q", "2", ""},      {":n3", ":q", "02", ""},
	    {":n1", ":r", "s", ""},      {":n2", ":q", ":n1", ""},    {":n4", ":r", "1.5", ""},
	    {":n1", ":q", ":n3", ""},    {":n1", ":p", ":n2", ":g1"}, {":n2", ":q", ":n2", ":g1"},
	    {":n2", ":r", "3", ":g1"},   {":n1", ":p", ":n2", ":g2"}, {":n2", ":p", ":n4", ":g2"},
	    {":g1", ":q", ":g2", ":g2"}, {":n4", ":p", "2", ":g2"},   {":n3", ":q", "1", ":g1"},
	    {":g2", ":r", ":n1", ""},
	};
	for (size_t i = 0; i < sizeof quads / sizeof *quads; ++i) {
		const tt_quad quad = {intern(txn, quads[i][0]), intern(txn, quads[i][1]), intern(txn, quads[i][2]),
		                      intern(txn, quads[i][3])};
		OK(tt_txn_add(txn, &quad));
	}
}

/* Many quads of one predicate, so that the ways to join differ in their cost. */
static void load_many(tt_txn *txn)
{
	for (int i = 0; i < 300; ++i) {
		char subject[16];
		char object[16];
		(void)snprintf(subject, sizeof subject, ":n%d", i);
		(void)snprintf(object, sizeof object, i % 3 ? ":n%d" : "%d", (i * 7) % 100);
		const tt_quad quad = {intern(txn, subject), intern(txn, i % 2 ? ":s" : ":r"), intern(txn, object),
		                      intern(txn, i % 5 ? "" : ":g1")};
		OK(tt_txn_add(txn, &quad));
	}
}

static void read_quads(reference *r)
{
	const tt_scan_spec spec = {.perm = TT_SPO, .choice = TT_GRAPHS_ALL};
	tt_scan *scan = NULL;
	r->quads = test_calloc(1000, sizeof *r->quads);
	OK(tt_scan_open(r->snapshot, &spec, &scan));
	for (size_t n = 1; n;) {
		tt_quad *const quad = &r->quads[r->n_quads];
		tt_id *const columns[] = {&quad->subject, &quad->predicate, &quad->object, &quad->graph};
		OK(tt_scan_next(scan, columns, 1, &n));
		r->n_quads += n;
	}
	tt_scan_close(scan);
}

/* ---- one query -------------------------------------------------------------------------------- */

static tt_status fold(void *user, const tt_expr *expr, bool *out_is_constant, tt_id *out_value)
{
	return tt_expr_constant(expr, user, out_is_constant, out_value);
}

static tt_status translate(reference *r, const tt_buffer *text, tt_algebra_query **out)
{
	const tt_parse_options options = {0};
	tt_ast *ast = NULL;
	TT_TRY(tt_parse_query(r->arena, tt_buffer_view(text), &options, &ast));
	TT_TRY(tt_translate(r->arena, ast, out));
	r->query = *out;
	return TT_OK;
}

static void start_work(reference *r, size_t n_variables)
{
	r->n_work = 0;
	r->spare = NULL;
	r->n_variables = n_variables;
	r->parameters = new_row(r, NULL);
	r->loops = new_row(r, NULL);
}

/* The rows of a plan made with some options. */
static bag run_with(reference *r, const tt_buffer *text, const tt_plan_options *options)
{
	tt_algebra_query *query = NULL;
	tt_plan *plan = NULL;
	OK(translate(r, text, &query));
	OK(tt_rewrite(query, options));
	OK(tt_plan_make(query, r->terms, options, &plan));
	r->plan = plan;
	start_work(r, query->n_variables);
	r->env.exists = plan_exists;
	tt_buffer explained;
	tt_buffer_init(&explained, r->ctx);
	OK(tt_plan_explain(plan, r->terms, NULL, NULL, &explained));
	if (only_seed) {
		OK(tt_buffer_terminate(&explained));
		printf("%s\n", explained.data);
	}
	tt_buffer_clear(&explained);
	return run(r, plan->root);
}

static void print_rows(reference *r, const bag *rows)
{
	for (size_t i = 0; i < rows->n; ++i) {
		for (size_t j = 0; j < r->query->n_columns; ++j) {
			tt_scratch scratch;
			tt_term term;
			OK(tt_terms_get(r->terms, rows->rows[i][r->query->columns[j]], &scratch, &term));
			printf("%.*s=%.*s ", TT_VIEW_ARG(r->query->variables[r->query->columns[j]].name), TT_VIEW_ARG(term.text));
		}
		printf("\n");
	}
}

static void check_query(reference *r, const tt_buffer *text, uint64_t seed)
{
	tt_algebra_query *query = NULL;
	const tt_status status = translate(r, text, &query);
	if (status == TT_SYNTAX) {
		return; /* BIND of a name in use, a star with GROUP BY */
	}
	assert_int_equal(status, TT_OK);
	start_work(r, query->n_variables);
	r->outer = NULL;
	r->env.exists = reference_exists;
	const bag expected = eval(r, query->root);
	if (is_given_up(r)) {
		return;
	}
	for (unsigned i = 0; i < 5 + TT_N_PASSES; ++i) {
		const tt_plan_options options = {.fold = fold,
		                                 .fold_user = &r->env,
		                                 .fold_terms = i & 1 ? r->terms : NULL,
		                                 .is_union_default_graph = r->is_union_default_graph,
		                                 .is_unoptimised = i == 1,
		                                 .switches = {.disabled_passes = i < 5 ? (i == 2 ? ~0u : 0) : 1u << (i - 5),
		                                              .forced_method = i == 4 ? TT_METHOD_LOOKUP : TT_METHOD_LEAF}};
		const bag actual = run_with(r, text, &options);
		if (is_given_up(r)) {
			continue;
		}
		const bool is_same = query->root->kind == TT_ALGEBRA_SLICE
		                         ? actual.n == expected.n
		                         : is_same_bag(r, &expected, query->columns, &actual, query->columns, query->n_columns);
		if (!is_same) {
			printf("seed %llu, variant %u (union %d):\n%.*s\nexpected:\n", (unsigned long long)seed, i,
			       r->is_union_default_graph, (int)text->size, text->data);
			print_rows(r, &expected);
			printf("actual:\n");
			print_rows(r, &actual);
			fail();
		}
	}
}

/* ---- the store, all queries ------------------------------------------------------------------- */

typedef struct world {
	tt_ctx ctx;
	tt_arena arena;
	tt_terms terms;
	tt_store *store;
	reference r;
} world;

static void open_world(world *w, bool is_large)
{
	tt_txn *txn = NULL;
	*w = (world){.r = {.ctx = &w->ctx, .arena = &w->arena, .terms = &w->terms, .n_work_limit = 20000}};
	tt_ctx_init(&w->ctx);
	tt_arena_init(&w->arena, &w->ctx);
	OK(tt_store_open_memory(&w->ctx, &w->store));
	OK(tt_txn_begin(&w->ctx, w->store, true, &txn));
	load(txn);
	if (is_large) {
		load_many(txn);
	}
	OK(tt_txn_commit(txn, NULL, NULL));
	OK(tt_snapshot_begin(&w->ctx, w->store, &w->r.snapshot));
	tt_terms_init(&w->terms, &w->ctx, w->r.snapshot);
	w->r.env = (tt_expr_env){.ctx = &w->ctx, .terms = &w->terms, .exists_user = &w->r};
	read_quads(&w->r);
}

static void close_world(world *w)
{
	test_free(w->r.quads);
	tt_terms_clear(&w->terms);
	tt_snapshot_end(w->r.snapshot);
	tt_store_close(w->store);
	assert_int_equal(w->ctx.n_bytes_used, 0);
}

static void check_queries(bool is_large, size_t n_run[TT_N_NODE_KINDS])
{
	world w;
	const unsigned n = is_large ? n_queries / 4 : n_queries;
	open_world(&w, is_large);
	for (uint64_t seed = only_seed ? only_seed : 1; seed <= (only_seed ? only_seed : n); ++seed) {
		maker m = {.state = seed, .has_paths = !is_large, .has_blanks = true};
		tt_buffer_init(&m.out, &w.ctx);
		say_query(&m);
		w.r.is_union_default_graph = seed % 3 == 0;
		if (only_seed) {
			printf("%.*s\n", (int)m.out.size, m.out.data);
		}
		check_query(&w.r, &m.out, seed);
		tt_buffer_clear(&m.out);
		tt_arena_clear(&w.arena);
	}
	for (size_t kind = 0; kind < TT_N_NODE_KINDS; ++kind) {
		n_run[kind] += w.r.n_run[kind];
	}
	assert_true(is_large || only_seed || n_queries < ENOUGH_QUERIES || (w.r.n_path_lookups > 0 && w.r.n_reruns > 0));
	close_world(&w);
}

static void plans_mean_what_the_algebra_says(void **state)
{
	(void)state;
	size_t n_run[TT_N_NODE_KINDS] = {0};
	check_queries(false, n_run);
	check_queries(true, n_run);
	for (size_t kind = 0; kind < TT_N_NODE_KINDS && !only_seed && n_queries >= ENOUGH_QUERIES; ++kind) {
		if (n_run[kind] == 0 && kind != TT_NODE_COUNT) {
			fail_msg("no query has used operator %zu", kind);
		}
	}
}

/* ---- GRAPH ------------------------------------------------------------------------------------ */

/* The rows of a query and its columns, in the order of their names. */
static bag eval_text(reference *r, const tt_buffer *text, tt_status *out_status, tt_var **out_columns, size_t *out_n)
{
	tt_algebra_query *query = NULL;
	*out_status = translate(r, text, &query);
	if (*out_status != TT_OK) {
		return (bag){0};
	}
	start_work(r, query->n_variables);
	r->outer = NULL;
	r->env.exists = reference_exists;
	const bag rows = eval(r, query->root);
	*out_columns = query->columns;
	*out_n = query->n_columns;
	for (size_t i = 1; i < query->n_columns; ++i) {
		for (size_t j = i; j > 0; --j) {
			tt_var *const pair = &query->columns[j - 1];
			if (tt_view_compare(query->variables[pair[0]].name, query->variables[pair[1]].name) < 0) {
				break;
			}
			const tt_var swapped = pair[0];
			pair[0] = pair[1];
			pair[1] = swapped;
		}
	}
	return rows;
}

/* GRAPH ?a { P } is, by definition, P in each named graph, joined with ?a (§18.6). */
static void a_graph_variable_means_each_graph_in_turn(void **state)
{
	(void)state;
	static const char *const heads[] = {"PREFIX : <http://example.org/> SELECT * { GRAPH ?a ",
	                                    "PREFIX : <http://example.org/> SELECT * { { GRAPH :g1 "};
	world w;
	size_t n_compared = 0;
	open_world(&w, false);
	for (uint64_t seed = only_seed ? only_seed : 1; seed <= (only_seed ? only_seed : n_queries); ++seed) {
		maker m = {.state = seed * 7919, .has_paths = true};
		tt_buffer texts[2];
		bag rows[2];
		tt_status statuses[2];
		tt_var *columns[2] = {0};
		size_t n_columns[2] = {0};
		tt_buffer_init(&m.out, &w.ctx);
		say_group(&m, 2);
		for (size_t i = 0; i < 2; ++i) {
			tt_buffer_init(&texts[i], &w.ctx);
			OK(tt_buffer_append(&texts[i], tt_view_of(heads[i])));
			OK(tt_buffer_append(&texts[i], tt_buffer_view(&m.out)));
		}
		OK(tt_buffer_append(&texts[0], TT_VIEW("}")));
		OK(tt_buffer_append(&texts[1], TT_VIEW("VALUES ?a { :g1 } } UNION { GRAPH :g2 ")));
		OK(tt_buffer_append(&texts[1], tt_buffer_view(&m.out)));
		OK(tt_buffer_append(&texts[1], TT_VIEW("VALUES ?a { :g2 } } }")));
		for (size_t i = 0; i < 2; ++i) {
			rows[i] = eval_text(&w.r, &texts[i], &statuses[i], &columns[i], &n_columns[i]);
		}
		OK(tt_buffer_terminate(&m.out));
		const bool has_limit = strstr(m.out.data, "LIMIT") != NULL;
		if (statuses[0] == TT_OK && statuses[1] == TT_OK && !is_given_up(&w.r) && !has_limit) {
			n_compared++;
			assert_int_equal(n_columns[0], n_columns[1]);
			if (!is_same_bag(&w.r, &rows[0], columns[0], &rows[1], columns[1], n_columns[0])) {
				fail_msg("seed %llu: %.*s", (unsigned long long)seed, (int)texts[0].size, texts[0].data);
			}
		}
		tt_buffer_clear(&m.out);
		tt_buffer_clear(&texts[0]);
		tt_buffer_clear(&texts[1]);
		tt_arena_clear(&w.arena);
	}
	assert_true(only_seed || n_compared > n_queries / 2);
	close_world(&w);
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {cmocka_unit_test(plans_mean_what_the_algebra_says),
	                                          cmocka_unit_test(a_graph_variable_means_each_graph_in_turn)};
	only_seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
	if (argc > 2) {
		n_queries = (unsigned)strtoull(argv[2], NULL, 10);
		only_seed = 0;
	}
	return cmocka_run_group_tests_name("plan meaning", tests, NULL, NULL);
}
