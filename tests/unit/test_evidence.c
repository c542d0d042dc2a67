/* test_evidence.c - evidence for rows, and what the data tell of graphs and nodes as sources. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "engine/engine.h"
#include "evidence/passage.h"

#define NS "http://e/"

/* An article in paragraphs as graphs, a dataset, and a graph of which nothing is told. */
static const char trig[] =
    "@prefix : <" NS
    "> . @prefix bibo: <http://purl.org/ontology/bibo/> . @prefix dcterms: <http://purl.org/dc/terms/> ."
    "@prefix cib: <https://w3id.org/tertium/cib#> . @prefix cito: <http://purl.org/spar/cito/> ."
    "@prefix oa: <http://www.w3.org/ns/oa#> . @prefix prov: <http://www.w3.org/ns/prov#> ."
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> ."
    "@prefix void: <http://rdfs.org/ns/void#> ."
    ":p1 skos:prefLabel \"§ 1\" ; oa:hasSource :article ; dcterms:isPartOf :part ."
    ":part rdfs:label \"Teil\"@de , \"Part\"@en ; dcterms:isPartOf :article ."
    ":article dcterms:title \"Title\" . :anna rdfs:label \"Anna\" ."
    ":cite a cito:Citation ; cito:hasCitingEntity :p1 ; cito:hasCitedEntity :book ; bibo:pages \"7\" ."
    ":book dcterms:title \"Book\" ."
    ":claim cib:holder :anna ; cib:sentence 2 , 1 ; cib:citation :cite ; cib:statedIn :p1 ; cib:conflictsWith :b ."
    ":b prov:wasAttributedTo :nobody . :set void:subset :p2 . :set rdfs:label \"Set\" ."
    ":p2 dcterms:source <http://elsewhere.org/x> ."
    ":p1 { :a :q 1 } :p2 { :a :q 1 . :a :q 2 } :bare { :a :q 2 } :loop { :a :q 3 }"
    ":meta { :loop dcterms:isPartOf :loop2 . :loop2 dcterms:isPartOf :loop }";

typedef struct fixture {
	tt_db *db;
	tt_ctx ctx;
	tt_snapshot *snapshot;
	tt_sources *sources;
} fixture;

static int set_up(void **state)
{
	fixture *const f = calloc(1, sizeof *f);
	char name[] = "/tmp/tertium-test-XXXXXX.trig";
	const int fd = mkstemps(name, 5);
	const char *const paths[] = {name};
	assert_int_equal(write(fd, trig, sizeof trig - 1), sizeof trig - 1);
	close(fd);
	assert_int_equal(tt_db_open(NULL, TT_OPEN_CREATE, &f->db), TT_OK);
	assert_int_equal(tt_db_load(f->db, paths, NULL, 1, NULL), TT_OK);
	unlink(name);
	tt_ctx_init(&f->ctx);
	assert_int_equal(tt_db_snapshot(f->db, &f->ctx, &f->snapshot), TT_OK);
	assert_int_equal(tt_sources_new(&f->ctx, f->snapshot, &f->db->prefixes, &f->sources), TT_OK);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	fixture *const f = *state;
	tt_sources_free(f->sources);
	tt_snapshot_end(f->snapshot);
	assert_int_equal(f->ctx.n_bytes_used, 0);
	tt_db_close(f->db);
	free(f);
	return 0;
}

static void assert_view(tt_view view, const char *expected)
{
	assert_int_equal(view.size, strlen(expected));
	assert_memory_equal(view.data ? view.data : "", expected, view.size);
}

static tt_term iri(const char *text)
{
	return tt_term_iri(tt_view_of(text));
}

static void a_passage_has_section_work_and_references(void **state)
{
	const fixture *const f = *state;
	const tt_passage *passage = NULL;
	const tt_passage *again = NULL;
	const tt_term graph = iri(NS "p1");
	assert_int_equal(tt_sources_passage(f->sources, &graph, &passage), TT_OK);
	assert_true(passage->is_described);
	assert_view(passage->label, "§ 1");
	assert_view(passage->section, "Part");
	assert_view(passage->work_label, "Title");
	assert_int_equal(passage->n_references, 1);
	assert_view(passage->references[0].label, "Book");
	assert_view(passage->references[0].pages, "7");
	assert_int_equal(tt_sources_passage(f->sources, &graph, &again), TT_OK);
	assert_ptr_equal(passage, again);
}

static void a_graph_of_any_data_is_named(void **state)
{
	const fixture *const f = *state;
	const tt_passage *passage = NULL;
	tt_term graph = iri(NS "p2");
	assert_int_equal(tt_sources_passage(f->sources, &graph, &passage), TT_OK);
	assert_true(passage->is_described);
	assert_view(passage->label, ":p2");
	assert_view(passage->work_label, "Set");
	assert_view(passage->section, "");
	assert_view(passage->references[0].label, "http://elsewhere.org/x");
	graph = iri(NS "bare");
	assert_int_equal(tt_sources_passage(f->sources, &graph, &passage), TT_OK);
	assert_false(passage->is_described);
	assert_view(passage->label, ":bare");
	graph = iri(NS "loop");
	assert_int_equal(tt_sources_passage(f->sources, &graph, &passage), TT_OK);
	graph = (tt_term){.kind = TT_TERM_NONE};
	assert_int_equal(tt_sources_passage(f->sources, &graph, &passage), TT_OK);
	assert_false(passage->is_described);
	assert_view(passage->label, "default graph");
}

static void a_claim_has_a_holder(void **state)
{
	const fixture *const f = *state;
	const tt_standing *standing = NULL;
	tt_term node = iri(NS "claim");
	assert_int_equal(tt_sources_standing(f->sources, &node, &standing), TT_OK);
	assert_true(standing->is_told);
	assert_view(standing->sentences, "1, 2");
	assert_view(standing->holder, "Anna");
	assert_view(standing->status, "");
	assert_int_equal(standing->n_references, 1);
	assert_view(standing->references[0].label, "Book");
	assert_int_equal(standing->n_passages, 1);
	assert_int_equal(standing->n_conflicts, 1);
	node = iri(NS "b");
	assert_int_equal(tt_sources_standing(f->sources, &node, &standing), TT_OK);
	assert_view(standing->holder, ":nobody");
	node = iri(NS "a");
	assert_int_equal(tt_sources_standing(f->sources, &node, &standing), TT_OK);
	assert_false(standing->is_told);
}

static void graphs_of_a_statement(void **state)
{
	const fixture *const f = *state;
	const tt_term *graphs = NULL;
	size_t n = 0;
	tt_term triple[3] = {iri(NS "a"), iri(NS "q"), tt_term_typed(TT_VIEW("1"), tt_vocab_iri(TT_VOCAB_XSD_INTEGER))};
	assert_int_equal(tt_sources_graphs(f->sources, triple, &graphs, &n), TT_OK);
	assert_int_equal(n, 2);
	assert_view(graphs[0].text, NS "p1");
	assert_view(graphs[1].text, NS "p2");
	triple[0] = iri(NS "book");
	triple[1] = iri("http://purl.org/dc/terms/title");
	triple[2] = tt_term_string(TT_VIEW("Book"));
	assert_int_equal(tt_sources_graphs(f->sources, triple, &graphs, &n), TT_OK);
	assert_int_equal(n, 1);
	assert_int_equal(graphs[0].kind, TT_TERM_NONE);
	triple[0] = iri(NS "not-there");
	assert_int_equal(tt_sources_graphs(f->sources, triple, &graphs, &n), TT_OK);
	assert_int_equal(n, 0);
}

/* ---- rows --------------------------------------------------------------------------------------- */

static const tt_query_options as_one = {.is_union_default_graph = true};

static tt_why *explain(const fixture *f, const char *query, const tt_why_options *which)
{
	tt_why *why = NULL;
	if (tt_db_why(f->db, tt_view_of(query), &as_one, which, &why) != TT_OK) {
		fail_msg("%s: %s", query, tt_db_error(f->db)->text);
	}
	return why;
}

static void a_row_has_statements_in_graphs(void **state)
{
	const tt_why_options second = {.row = 2};
	const tt_term *graphs = NULL;
	size_t n = 0;
	tt_why *const why = explain(*state, "SELECT ?o { :a :q ?o } ORDER BY ?o", &second);
	assert_int_equal(tt_why_n_statements(why), 1);
	const tt_term *const triple = tt_why_statement(why, 0, &graphs, &n);
	assert_view(triple[0].text, NS "a");
	assert_view(triple[2].text, "2");
	assert_int_equal(n, 2);
	assert_view(graphs[0].text, NS "bare");
	assert_view(graphs[1].text, NS "p2");
	tt_why_free(why);
}

static void the_graph_that_matched_stands_first(void **state)
{
	const tt_term *graphs = NULL;
	size_t n = 0;
	tt_why *const why = explain(*state, "SELECT * { GRAPH :p2 { :a :q 2 } }", NULL);
	(void)tt_why_statement(why, 0, &graphs, &n);
	assert_int_equal(n, 2);
	assert_view(graphs[0].text, NS "p2");
	tt_why_free(why);
}

static void all_solutions_or_the_first(void **state)
{
	const char query[] = "SELECT DISTINCT ?s { ?s :q ?o }";
	const tt_why_options all = {.row = 1, .is_all = true};
	const tt_why_options two = {.row = 1, .is_all = true, .n_most = 2};
	tt_why *why = explain(*state, query, NULL);
	assert_int_equal(tt_why_n_statements(why), 1);
	tt_why_free(why);
	why = explain(*state, query, &all);
	assert_int_equal(tt_why_n_statements(why), 3);
	tt_why_free(why);
	why = explain(*state, query, &two);
	assert_int_equal(tt_why_n_statements(why), 2);
	tt_why_free(why);
}

static void what_cannot_be_explained(void **state)
{
	const fixture *const f = *state;
	const struct {
		const char *query;
		tt_status status;
	} cases[] = {{"SELECT * { :a :q 4 }", TT_NOT_FOUND},
	             {"ASK { :a :q 4 }", TT_NOT_FOUND},
	             {"SELECT * { :a :q ", TT_SYNTAX},
	             {"INSERT DATA { :a :q 4 }", TT_SYNTAX},
	             {"SELECT * { SERVICE :x { ?s ?p ?o } }", TT_UNSUPPORTED}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
		tt_why *why = NULL;
		assert_int_equal(tt_db_why(f->db, tt_view_of(cases[i].query), &as_one, NULL, &why), cases[i].status);
		assert_null(why);
		assert_true(tt_db_error(f->db)->text[0]);
	}
	const tt_query_options small = {.memory_bytes = 4096};
	tt_why *why = NULL;
	assert_int_equal(tt_db_why(f->db, tt_view_of("ASK {}"), &small, NULL, &why), TT_LIMIT);
	const volatile sig_atomic_t is_cancelled = 1;
	tt_db_set_cancel(f->db, &is_cancelled);
	assert_int_equal(tt_db_why(f->db, tt_view_of("SELECT * { ?s ?p ?o }"), &as_one, NULL, &why), TT_CANCELLED);
	tt_db_set_cancel(f->db, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_passage_has_section_work_and_references, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_graph_of_any_data_is_named, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_claim_has_a_holder, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(graphs_of_a_statement, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_row_has_statements_in_graphs, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(the_graph_that_matched_stands_first, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(all_solutions_or_the_first, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(what_cannot_be_explained, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
