/* test_evidence.c - what the data tell of graphs and nodes as sources. */
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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_passage_has_section_work_and_references, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_graph_of_any_data_is_named, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_claim_has_a_holder, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(graphs_of_a_statement, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
