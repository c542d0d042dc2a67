/* conflicts.c - statements that cannot all be true, or that the data themselves set against each other.
 *
 * Three sources, all over all graphs as one:
 *
 *     declared   pairs that a link joins which says so: cib:conflictsWith, CiTO's disputes, refutes …
 *     by rule    what the ontology in the data forbids: disjoint classes, functional, asymmetric and irreflexive
 *                properties, cardinalities, negative assertions, same and different. Each rule is a query (rules).
 *     by custom  a property that nearly always has one value a subject (CUSTOM_SHARE of MOST_SUBJECTS at least), and
 * two here, which no graph states together.
 *
 * The last needs no ontology. It is one pass over the statements of a predicate in the order of subjects, and a second
 * one where there is something to report. Values in different languages are no conflict, nor are two ways to write one
 * number. */
#include "evidence/passage.h"
#include "evidence/thing.h"

#include "engine/rows.h"
#include "store/stats.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define CIB  "https://w3id.org/tertium/cib#"
#define SKOS "http://www.w3.org/2004/02/skos/core#"
#define RDFS "http://www.w3.org/2000/01/rdf-schema#"

enum { FEWEST_SUBJECTS = 3, MOST_VALUES = 16, BATCH = 1024, LONGEST_TEXT = 4096 };
static const double CUSTOM_SHARE = 0.95;

/** The columns of the answer. */
typedef enum column {
	KIND,
	SUBJECT,
	PROPERTY,
	ONE,
	SUBJECT_OTHER,
	PROPERTY_OTHER,
	OTHER,
	IN_ONE,
	IN_OTHER,
	HOLDER_ONE,
	HOLDER_OTHER,
	LABEL_ONE,
	LABEL_OTHER,
	FLAG,
	NOTE,
	N_COLUMNS
} column;
static const char *const column_names[N_COLUMNS] = {[KIND] = "kind",
                                                    [SUBJECT] = "subject",
                                                    [PROPERTY] = "property",
                                                    [ONE] = "one",
                                                    [SUBJECT_OTHER] = "subject_other",
                                                    [PROPERTY_OTHER] = "property_other",
                                                    [OTHER] = "other",
                                                    [IN_ONE] = "in_one",
                                                    [IN_OTHER] = "in_other",
                                                    [HOLDER_ONE] = "holder_one",
                                                    [HOLDER_OTHER] = "holder_other",
                                                    [LABEL_ONE] = "label_one",
                                                    [LABEL_OTHER] = "label_other",
                                                    [FLAG] = "flag",
                                                    [NOTE] = "note"};

typedef struct finder {
	tt_db *db;
	tt_ctx ctx;
	tt_arena arena;
	tt_snapshot *snapshot;
	tt_sources *sources;
	tt_query_options options;
	tt_results *out;
	bool has_thing;
	tt_id thing;
	tt_term thing_term;
	size_t n_most, n_rows;
	tt_map seen;
} finder;

/* ---- rows ------------------------------------------------------------------------------------- */

static bool is_full(const finder *f)
{
	return f->n_most && f->n_rows >= f->n_most;
}

static tt_status text_of(finder *f, tt_view text, tt_term *out)
{
	(void)f;
	*out = text.size ? tt_term_string(text) : (tt_term){.kind = TT_TERM_NONE};
	return TT_OK;
}

/* Graphs as one cell: an IRI, or several with blanks between. */
static tt_status graphs_cell(finder *f, const tt_term *graphs, size_t n, tt_term *out)
{
	tt_buffer text;
	*out = (tt_term){.kind = TT_TERM_NONE};
	if (!n) {
		return TT_OK;
	}
	if (n == 1 && graphs[0].kind != TT_TERM_NONE) {
		*out = graphs[0];
		return TT_OK;
	}
	tt_buffer_init(&text, &f->ctx);
	tt_status status = TT_OK;
	for (size_t i = 0; i < n && status == TT_OK; ++i) {
		const bool is_default = graphs[i].kind == TT_TERM_NONE;
		status = tt_buffer_append(&text, i ? TT_VIEW(" ") : TT_VIEW(""));
		status = status ? status : tt_buffer_append(&text, is_default ? TT_VIEW("(default graph)") : graphs[i].text);
	}
	const char *const copy = status == TT_OK ? tt_arena_strndup(&f->arena, text.data, text.size) : NULL;
	*out = copy ? tt_term_string((tt_view){copy, text.size}) : *out;
	tt_buffer_clear(&text);
	return copy ? TT_OK : f->ctx.error.status;
}

/* Whether two terms or statements, given as hashes, were not reported yet, in either order. */
static tt_status is_new(finder *f, uint64_t one, uint64_t other, bool *out)
{
	const uint64_t hash = (tt_hash_u64(one) + tt_hash_u64(other)) | 1;
	uint64_t cursor = 0;
	uint64_t value = 0;
	*out = !tt_map_next(&f->seen, hash, &cursor, &value);
	return *out ? tt_map_insert(&f->seen, hash, 0) : TT_OK;
}

static uint64_t hash_triple(const tt_term triple[3])
{
	uint64_t hash = 0;
	for (size_t i = 0; i < 3; ++i) {
		hash = tt_hash_u64(hash ^ tt_term_hash(&triple[i]));
	}
	return hash;
}

static bool is_thing(const finder *f, const tt_term *term)
{
	return tt_term_equal(&f->thing_term, term);
}

/* ---- two statements --------------------------------------------------------------------------- */

/** Two statements that do not go together. */
typedef struct clash {
	const char *kind;
	tt_term one[3], other[3];
	const char *note; /* or NULL */
} clash;

static tt_status add_clash(finder *f, const clash *c)
{
	tt_term row[N_COLUMNS] = {{.kind = TT_TERM_NONE}};
	const tt_term *graphs = NULL;
	size_t n = 0;
	bool is_first = false;
	const bool is_meant = !f->has_thing || is_thing(f, &c->one[0]) || is_thing(f, &c->one[2]) ||
	                      is_thing(f, &c->other[0]) || is_thing(f, &c->other[2]);
	if (!is_meant || is_full(f)) {
		return TT_OK;
	}
	TT_TRY(is_new(f, hash_triple(c->one), hash_triple(c->other), &is_first));
	if (!is_first) {
		return TT_OK;
	}
	row[KIND] = tt_term_string(tt_view_of(c->kind));
	row[SUBJECT] = c->one[0];
	row[PROPERTY] = c->one[1];
	row[ONE] = c->one[2];
	row[OTHER] = c->other[2];
	if (!tt_term_equal(&c->one[0], &c->other[0]) || !tt_term_equal(&c->one[1], &c->other[1])) {
		row[SUBJECT_OTHER] = c->other[0];
		row[PROPERTY_OTHER] = c->other[1];
	}
	TT_TRY(tt_sources_graphs(f->sources, c->one, &graphs, &n));
	TT_TRY(graphs_cell(f, graphs, n, &row[IN_ONE]));
	TT_TRY(tt_sources_graphs(f->sources, c->other, &graphs, &n));
	TT_TRY(graphs_cell(f, graphs, n, &row[IN_OTHER]));
	TT_TRY(c->note ? text_of(f, tt_view_of(c->note), &row[NOTE]) : TT_OK);
	f->n_rows++;
	return tt_rows_add(f->out, row);
}

/* ---- by rule ---------------------------------------------------------------------------------- */

#define PROLOGUE                                                                         \
	"PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> PREFIX rdfs: <" RDFS "> " \
	"PREFIX owl: <http://www.w3.org/2002/07/owl#> PREFIX cib: <" CIB "> "                \
	"PREFIX cito: <http://purl.org/spar/cito/> PREFIX sh: <http://www.w3.org/ns/shacl#> "

/** A rule: a query for the two statements, ?s ?p ?o and ?s2 ?p2 ?o2. */
static const struct {
	const char *kind, *query, *note;
} rules[] = {
    {"disjoint classes",
     PROLOGUE "SELECT DISTINCT ?s ?p ?o (?s AS ?s2) (?p AS ?p2) ?o2 {"
              " { ?c1 owl:disjointWith ?c2 } UNION"
              " { ?d a owl:AllDisjointClasses ; owl:members/rdf:rest*/rdf:first ?c1 , ?c2 } UNION"
              " { ?d owl:disjointUnionOf/rdf:rest*/rdf:first ?c1 , ?c2 }"
              " FILTER (?c1 != ?c2) ?o rdfs:subClassOf* ?c1 . ?o2 rdfs:subClassOf* ?c2 ."
              " ?s rdf:type ?o , ?o2 BIND (rdf:type AS ?p) }",
     NULL},
    {"at most one",
     PROLOGUE "SELECT DISTINCT ?s ?p ?o (?s AS ?s2) (?p AS ?p2) ?o2 {"
              " { ?class rdfs:subClassOf|owl:equivalentClass ?r . ?r owl:onProperty ?p ;"
              "   owl:maxCardinality|owl:cardinality|owl:maxQualifiedCardinality|owl:qualifiedCardinality ?n } UNION"
              " { ?shape sh:targetClass ?class ; sh:property [ sh:path ?p ; sh:maxCount ?n ] }"
              " FILTER (?n = 1) ?s rdf:type/rdfs:subClassOf* ?class . ?s ?p ?o , ?o2"
              " FILTER (STR(?o) < STR(?o2) && LANG(?o) = LANG(?o2) || ISIRI(?o) && ISIRI(?o2) && STR(?o) < STR(?o2)) }",
     "at most one value is allowed"},
    {"same and different",
     PROLOGUE "SELECT DISTINCT ?s ?p ?o ?s2 ?p2 ?o2 { ?s owl:sameAs ?o BIND (owl:sameAs AS ?p)"
              " { ?s owl:differentFrom ?o BIND (?s AS ?s2) BIND (?o AS ?o2) BIND (owl:differentFrom AS ?p2) } UNION"
              " { ?o owl:differentFrom ?s BIND (?o AS ?s2) BIND (?s AS ?o2) BIND (owl:differentFrom AS ?p2) } UNION"
              " { ?s2 a owl:AllDifferent ; (owl:members|owl:distinctMembers)/rdf:rest*/rdf:first ?s , ?o"
              "   BIND (rdf:type AS ?p2) BIND (owl:AllDifferent AS ?o2) FILTER (?s != ?o) } }",
     "the same and different"},
    {"asymmetric",
     PROLOGUE "SELECT DISTINCT ?s ?p ?o (?o AS ?s2) (?p AS ?p2) (?s AS ?o2) {"
              " ?p a owl:AsymmetricProperty . ?s ?p ?o . ?o ?p ?s FILTER (?s != ?o) }",
     "in both directions, which an asymmetric property forbids"},
    {"irreflexive",
     PROLOGUE "SELECT DISTINCT ?s ?p ?o ?s2 ?p2 ?o2 { VALUES ?o2 { owl:IrreflexiveProperty owl:AsymmetricProperty }"
              " ?p a ?o2 . ?s ?p ?s BIND (?s AS ?o)"
              " BIND (?p AS ?s2) BIND (rdf:type AS ?p2) }",
     "with itself, which an irreflexive or asymmetric property forbids"},
    {"disjoint properties",
     PROLOGUE "SELECT DISTINCT ?s ?p ?o (?s AS ?s2) ?p2 (?o AS ?o2) {"
              " ?p owl:propertyDisjointWith ?p2 . ?s ?p ?o . ?s ?p2 ?o }",
     "by two properties that are disjoint"},
    {"denied",
     PROLOGUE "SELECT DISTINCT ?s ?p ?o ?s2 ?p2 ?o2 { ?s2 owl:sourceIndividual ?s ; owl:assertionProperty ?p ;"
              " owl:targetIndividual|owl:targetValue ?o . ?s ?p ?o"
              " BIND (owl:assertionProperty AS ?p2) BIND (?p AS ?o2) }",
     "stated, and denied by a negative assertion"},
};

static tt_status copy_row(finder *f, const tt_term *row, size_t n, tt_term *out)
{
	for (size_t i = 0; i < n; ++i) {
		tt_view *const views[] = {&out[i].text, &out[i].datatype, &out[i].language};
		out[i] = row[i];
		for (size_t k = 0; k < 3; ++k) {
			char *const copy = tt_arena_strndup(&f->arena, views[k]->size ? views[k]->data : "", views[k]->size);
			if (!copy) {
				return f->ctx.error.status;
			}
			views[k]->data = copy;
		}
	}
	return TT_OK;
}

typedef tt_status take_row(finder *f, const tt_term *row, const void *user);

/* Hand each row of a query on. */
static tt_status each_row(finder *f, const char *query, size_t n_columns, take_row *take, const void *user)
{
	tt_results *results = NULL;
	const tt_term *row = NULL;
	tt_status status = tt_db_query(f->db, tt_view_of(query), &f->options, &results);
	if (status != TT_OK) {
		tt_ctx_copy_error(&f->ctx, &f->db->ctx);
		return status;
	}
	do {
		tt_term copy[6];
		status = tt_results_next(results, &row);
		if (status != TT_OK) {
			tt_ctx_copy_error(&f->ctx, &f->db->ctx);
		} else if (row) {
			status = copy_row(f, row, n_columns, copy);
			status = status ? status : take(f, copy, user);
		}
	} while (status == TT_OK && row && !is_full(f));
	tt_results_free(results);
	return status;
}

static tt_status take_clash(finder *f, const tt_term *row, const void *user)
{
	const size_t number = *(const size_t *)user;
	clash c = {.kind = rules[number].kind, .note = rules[number].note};
	for (size_t i = 0; i < 3; ++i) {
		c.one[i] = row[i];
		c.other[i] = row[3 + i];
	}
	return add_clash(f, &c);
}

static tt_status find_by_rules(finder *f)
{
	for (size_t i = 0; i < sizeof rules / sizeof *rules; ++i) {
		TT_TRY(each_row(f, rules[i].query, 6, take_clash, &i));
	}
	return TT_OK;
}

/* ---- declared --------------------------------------------------------------------------------- */

/* The first value that two nodes share by a property. */
static tt_status find_shared(finder *f, const tt_term *one, const tt_term *other, const char *iri, tt_term *out)
{
	const tt_word words[] = {{iri, false}, {NULL, false}};
	const tt_term *first = NULL;
	const tt_term *second = NULL;
	size_t n_first = 0;
	size_t n_second = 0;
	TT_TRY(tt_sources_values(f->sources, one, words, &first, &n_first));
	TT_TRY(tt_sources_values(f->sources, other, words, &second, &n_second));
	for (size_t i = 0; i < n_first; ++i) {
		for (size_t k = 0; k < n_second; ++k) {
			if (tt_term_equal(&first[i], &second[k])) {
				*out = first[i];
				return TT_OK;
			}
		}
	}
	return TT_OK;
}

/* Whether a node is the thing that is asked for, or says something of it. */
static tt_status is_about(finder *f, const tt_term *node, bool *out)
{
	tt_id id = TT_UNBOUND;
	uint64_t n = 0;
	*out = !f->has_thing || is_thing(f, node);
	if (*out) {
		return TT_OK;
	}
	TT_TRY(tt_snapshot_find(f->snapshot, node, &id));
	if (id != TT_UNBOUND) {
		const tt_scan_spec spec = {.perm = TT_SOP, .n_bound = 2, .bound = {id, f->thing}, .choice = TT_GRAPHS_ALL};
		TT_TRY(tt_snapshot_count(f->snapshot, &spec, &n));
	}
	*out = n > 0;
	return TT_OK;
}

/* Where a claim is stated, by whom it is held, what it says. */
static tt_status describe_side(finder *f, const tt_term *claim, tt_term *row, column in, column holder, column label)
{
	static const tt_word comments[] = {{SKOS "definition", false}, {RDFS "comment", false}, {NULL, false}};
	const tt_standing *standing = NULL;
	tt_view text = {"", 0};
	TT_TRY(tt_sources_standing(f->sources, claim, &standing));
	TT_TRY(graphs_cell(f, standing->passages, standing->n_passages, &row[in]));
	TT_TRY(text_of(f, standing->holder, &row[holder]));
	TT_TRY(tt_sources_find_label(f->sources, claim, &text));
	TT_TRY(text.size ? TT_OK : tt_sources_text(f->sources, claim, comments, &text));
	return text_of(f, text, &row[label]);
}

static tt_status take_link(finder *f, const tt_term *link, const void *user)
{
	static const tt_word glosses[] = {
	    {SKOS "definition", false}, {SKOS "note", false}, {RDFS "comment", false}, {NULL, false}};
	tt_term row[N_COLUMNS] = {{.kind = TT_TERM_NONE}};
	const tt_term *graphs = NULL;
	size_t n = 0;
	bool is_first = false;
	bool is_meant = false;
	(void)user;
	TT_TRY(is_about(f, &link[0], &is_meant));
	TT_TRY(is_meant ? TT_OK : is_about(f, &link[2], &is_meant));
	TT_TRY(is_meant ? is_new(f, tt_term_hash(&link[0]), tt_term_hash(&link[2]), &is_first) : TT_OK);
	if (!is_first) {
		return TT_OK;
	}
	row[KIND] = tt_term_string(TT_VIEW("claims"));
	row[PROPERTY] = link[1];
	row[ONE] = link[0];
	row[OTHER] = link[2];
	TT_TRY(find_shared(f, &link[0], &link[2], CIB "aboutBody", &row[SUBJECT]));
	TT_TRY(describe_side(f, &link[0], row, IN_ONE, HOLDER_ONE, LABEL_ONE));
	TT_TRY(describe_side(f, &link[2], row, IN_OTHER, HOLDER_OTHER, LABEL_OTHER));
	if (row[IN_ONE].kind == TT_TERM_NONE && row[IN_OTHER].kind == TT_TERM_NONE) {
		TT_TRY(tt_sources_graphs(f->sources, link, &graphs, &n));
		TT_TRY(graphs_cell(f, graphs, n, &row[IN_ONE]));
	}
	TT_TRY(find_shared(f, &link[0], &link[2], CIB "flaggedBy", &row[FLAG]));
	if (row[FLAG].kind != TT_TERM_NONE) {
		tt_view gloss = {"", 0};
		TT_TRY(tt_sources_text(f->sources, &row[FLAG], glosses, &gloss));
		TT_TRY(gloss.size ? TT_OK : tt_sources_find_label(f->sources, &row[FLAG], &gloss));
		TT_TRY(text_of(f, gloss, &row[NOTE]));
	}
	f->n_rows++;
	return tt_rows_add(f->out, row);
}

static tt_status find_declared(finder *f)
{
	static const char query[] = PROLOGUE
	    "SELECT DISTINCT ?s ?p ?o { { ?p rdfs:subPropertyOf* cib:conflictsWith } UNION"
	    " { ?p rdfs:subPropertyOf* cito:disputes } UNION { ?p rdfs:subPropertyOf* cito:disagreesWith } UNION"
	    " { ?p rdfs:subPropertyOf* cito:refutes } ?s ?p ?o FILTER (?s != ?o) } ORDER BY ?s ?o";
	return each_row(f, query, 3, take_link, NULL);
}

/* ---- by custom, and functional properties ------------------------------------------------------- */

/** The values of one subject, with the graphs of each. */
typedef struct values {
	tt_id subject;
	size_t n;
	struct {
		tt_id object;
		tt_id graphs[MOST_VALUES];
		size_t n_graphs;
	} items[MOST_VALUES];
} values;

/** What is known of a predicate. */
typedef struct custom {
	tt_id predicate;
	tt_term term;
	bool is_functional;
	bool is_reporting;
	uint64_t n_subjects, n_several;
	const char *note;
} custom;

static bool is_same_number(tt_view a, tt_view b)
{
	char one[64];
	char other[64];
	char *end = NULL;
	char *other_end = NULL;
	if (!a.size || !b.size || a.size >= sizeof one || b.size >= sizeof other) {
		return false;
	}
	(void)snprintf(one, sizeof one, "%.*s", TT_VIEW_ARG(a));
	(void)snprintf(other, sizeof other, "%.*s", TT_VIEW_ARG(b));
	const double x = strtod(one, &end);
	const double y = strtod(other, &other_end);
	return !*end && !*other_end && !(x < y) && !(x > y);
}

/* Whether two values contradict each other where only one should be. */
static tt_status differ(finder *f, tt_id a, tt_id b, bool *out)
{
	tt_scratch scratch[2];
	tt_term one, other;
	const bool is_blank = tt_id_kind(a) == TT_KIND_BLANK || tt_id_kind(b) == TT_KIND_BLANK;
	*out = false;
	if (a == b || is_blank) {
		return TT_OK;
	}
	TT_TRY(tt_snapshot_term(f->snapshot, a, &scratch[0], &one));
	TT_TRY(tt_snapshot_term(f->snapshot, b, &scratch[1], &other));
	*out = one.kind == other.kind && tt_view_equal_nocase(one.language, other.language) &&
	       !tt_view_equal(one.text, other.text) &&
	       !(one.kind == TT_TERM_LITERAL && is_same_number(one.text, other.text));
	return TT_OK;
}

/* Whether a graph states both values, or a value is the name of the graph that states it: where something stands. */
static bool share_a_graph(const values *all, size_t a, size_t b)
{
	for (size_t i = 0; i < all->items[a].n_graphs; ++i) {
		if (all->items[a].graphs[i] == all->items[a].object) {
			return true;
		}
		for (size_t k = 0; k < all->items[b].n_graphs; ++k) {
			if (all->items[a].graphs[i] == all->items[b].graphs[k]) {
				return true;
			}
		}
	}
	return false;
}

static tt_status report_values(finder *f, const custom *c, const values *all, size_t a, size_t b)
{
	clash found = {.kind = c->is_functional ? "functional" : "single-valued", .note = c->note};
	const tt_id ids[] = {all->subject, all->items[a].object, all->items[b].object};
	tt_scratch scratches[3];
	tt_term terms[3];
	for (size_t i = 0; i < 3; ++i) {
		TT_TRY(tt_snapshot_term(f->snapshot, ids[i], &scratches[i], &terms[i]));
	}
	for (size_t i = 0; i < 2; ++i) {
		tt_term *const side = i ? found.other : found.one;
		side[0] = terms[0];
		side[1] = c->term;
		side[2] = terms[1 + i];
	}
	return add_clash(f, &found);
}

/* A subject is complete. */
static tt_status settle_subject(finder *f, custom *c, const values *all)
{
	bool has_several = false;
	for (size_t a = 0; a < all->n; ++a) {
		for (size_t b = a + 1; b < all->n; ++b) {
			bool is_different = false;
			TT_TRY(differ(f, all->items[a].object, all->items[b].object, &is_different));
			has_several = has_several || is_different;
			if (is_different && c->is_reporting && (c->is_functional || !share_a_graph(all, a, b))) {
				TT_TRY(report_values(f, c, all, a, b));
			}
		}
	}
	c->n_subjects += all->n > 0;
	c->n_several += has_several;
	return TT_OK;
}

static void add_value(values *all, tt_id object, tt_id graph)
{
	const bool is_known = all->n && all->items[all->n - 1].object == object;
	if (!is_known && all->n < MOST_VALUES) {
		all->items[all->n].object = object;
		all->items[all->n++].n_graphs = 0;
	} else if (!is_known) {
		return;
	}
	if (all->items[all->n - 1].n_graphs < MOST_VALUES) {
		all->items[all->n - 1].graphs[all->items[all->n - 1].n_graphs++] = graph;
	}
}

/* Go through the statements of a predicate, subject by subject. */
static tt_status pass(finder *f, custom *c)
{
	const tt_scan_spec spec = {.perm = TT_PSO, .n_bound = 1, .bound = {c->predicate}, .choice = TT_GRAPHS_ALL};
	tt_id ids[3][BATCH];
	tt_id *const columns[4] = {NULL, ids[0], ids[1], ids[2]};
	values all = {.n = 0};
	size_t n = 0;
	tt_scan *scan = NULL;
	TT_TRY(tt_scan_open(f->snapshot, &spec, &scan));
	tt_status status = tt_scan_next(scan, columns, BATCH, &n);
	while (status == TT_OK && n && !is_full(f)) {
		for (size_t i = 0; i < n && status == TT_OK; ++i) {
			if (ids[0][i] != all.subject) {
				status = settle_subject(f, c, &all);
				all.subject = ids[0][i];
				all.n = 0;
			}
			add_value(&all, ids[1][i], ids[2][i]);
		}
		status = status ? status : tt_ctx_poll(&f->ctx);
		status = status ? status : tt_scan_next(scan, columns, BATCH, &n);
	}
	tt_scan_close(scan);
	return status == TT_OK ? settle_subject(f, c, &all) : status;
}

static tt_status look_at_predicate(finder *f, tt_id predicate, bool is_functional)
{
	custom c = {.predicate = predicate, .is_functional = is_functional};
	tt_scratch scratch;
	char note[80];
	TT_TRY(tt_snapshot_term(f->snapshot, predicate, &scratch, &c.term));
	if (tt_view_equal(c.term.text, tt_vocab_iri(TT_VOCAB_RDF_TYPE))) {
		return TT_OK;
	}
	TT_TRY(pass(f, &c));
	const double share = c.n_subjects ? 1 - (double)c.n_several / (double)c.n_subjects : 0;
	const bool is_custom = c.n_subjects >= FEWEST_SUBJECTS && (share >= CUSTOM_SHARE || c.n_several == 1);
	if (!c.n_several || (!is_functional && !is_custom)) {
		return TT_OK;
	}
	(void)snprintf(note, sizeof note, "one value for %.3g %% of %" PRIu64 " subjects", 100 * share, c.n_subjects);
	c.note = is_functional ? "declared to have one value" : note;
	c.is_reporting = true;
	return pass(f, &c);
}

static tt_status take_property(finder *f, const tt_term *row, const void *user)
{
	tt_id id = TT_UNBOUND;
	(void)user;
	TT_TRY(tt_snapshot_find(f->snapshot, &row[0], &id));
	return id == TT_UNBOUND ? TT_OK : look_at_predicate(f, id, true);
}

static tt_status find_functional(finder *f)
{
	return each_row(f, PROLOGUE "SELECT DISTINCT ?p { ?p a owl:FunctionalProperty } ORDER BY ?p", 1, take_property,
	                NULL);
}

static tt_status find_by_custom(finder *f)
{
	const tt_predicate_stats *stats = NULL;
	tt_store_stats all;
	size_t n = 0;
	TT_TRY(tt_snapshot_stats(f->snapshot, &all));
	TT_TRY(all.n_named_graphs ? tt_snapshot_predicates(f->snapshot, &stats, &n) : TT_OK);
	for (size_t i = 0; i < n && !is_full(f); ++i) {
		const bool may_have_two = stats[i].n_quads > stats[i].n_subjects && stats[i].n_objects > 1;
		TT_TRY(may_have_two ? look_at_predicate(f, stats[i].predicate, false) : TT_OK);
	}
	return TT_OK;
}

/* ---- all -------------------------------------------------------------------------------------- */

static tt_status find_all(finder *f, const char *thing)
{
	tt_scratch scratch;
	if (thing) {
		TT_TRY(tt_thing_find(f->db, &f->arena, f->snapshot, thing, TT_NEAR_SUBJECT, &f->thing));
		TT_TRY(tt_snapshot_term(f->snapshot, f->thing, &scratch, &f->thing_term));
		TT_TRY(copy_row(f, &f->thing_term, 1, &f->thing_term));
		f->has_thing = true;
	}
	TT_TRY(tt_sources_new(&f->ctx, f->snapshot, &f->db->prefixes, &f->sources));
	TT_TRY(tt_rows_new(f->db, column_names, N_COLUMNS, &f->out));
	TT_TRY(find_declared(f));
	TT_TRY(find_by_rules(f));
	TT_TRY(find_functional(f));
	return find_by_custom(f);
}

tt_status tt_db_conflicts(tt_db *db, const char *thing, const tt_conflict_options *options, tt_results **out_results)
{
	finder f = {.db = db,
	            .n_most = options ? options->n_most : 0,
	            .options = {.is_union_default_graph = true,
	                        .timeout_seconds = options ? options->timeout_seconds : 0,
	                        .memory_bytes = options ? options->memory_bytes : 0}};
	*out_results = NULL;
	tt_ctx_clear_error(&db->ctx);
	tt_ctx_init(&f.ctx);
	f.ctx.cancel = db->ctx.cancel;
	tt_ctx_set_timeout(&f.ctx, f.options.timeout_seconds);
	tt_arena_init(&f.arena, &f.ctx);
	tt_map_init(&f.seen, &f.ctx);
	tt_status status = tt_db_snapshot(db, &f.ctx, &f.snapshot);
	status = status ? status : find_all(&f, thing);
	if (status != TT_OK) {
		tt_results_free(f.out);
		status = f.ctx.error.status ? tt_db_failed(db, &f.ctx) : status;
	} else {
		*out_results = f.out;
	}
	tt_sources_free(f.sources);
	tt_snapshot_end(f.snapshot);
	tt_map_clear(&f.seen);
	tt_arena_clear(&f.arena);
	return status;
}
