/* passage.c - what the data tell of graphs and nodes as sources.
 *
 * Every question is one or a few scans by subject and predicate over all graphs; answers are kept, since the same graph
 * and the same claim come back with each statement. */
#include "evidence/passage.h"

#include "rdf/term.h"

#include <stdlib.h>

#define BIBO    "http://purl.org/ontology/bibo/"
#define CIB     "https://w3id.org/tertium/cib#"
#define CITO    "http://purl.org/spar/cito/"
#define DC      "http://purl.org/dc/elements/1.1/"
#define DCTERMS "http://purl.org/dc/terms/"
#define FOAF    "http://xmlns.com/foaf/0.1/"
#define OA      "http://www.w3.org/ns/oa#"
#define PAV     "http://purl.org/pav/"
#define PROV    "http://www.w3.org/ns/prov#"
#define RDFS    "http://www.w3.org/2000/01/rdf-schema#"
#define SCHEMA  "https://schema.org/"
#define SCHEMA0 "http://schema.org/"
#define SKOS    "http://www.w3.org/2004/02/skos/core#"
#define VOID    "http://rdfs.org/ns/void#"

static const tt_word label_words[] = {{SKOS "prefLabel", false}, {RDFS "label", false},
                                      {DCTERMS "title", false},  {DC "title", false},
                                      {SCHEMA "name", false},    {SCHEMA0 "name", false},
                                      {FOAF "name", false},      {SCHEMA "headline", false},
                                      {SKOS "altLabel", false},  {NULL, false}};
/* From a passage to its work. */
static const tt_word source_words[] = {{OA "hasSource", false}, {NULL, false}};
static const tt_word whole_words[] = {{DCTERMS "isPartOf", false},
                                      {SCHEMA "isPartOf", false},
                                      {SCHEMA0 "isPartOf", false},
                                      {DCTERMS "hasPart", true},
                                      {SCHEMA "hasPart", true},
                                      {VOID "subset", true},
                                      {NULL, false}};
/* Straight to what is cited. */
static const tt_word reference_words[] = {{CITO "cites", false},
                                          {CITO "citesAsEvidence", false},
                                          {CITO "citesAsSourceDocument", false},
                                          {CITO "citesAsAuthority", false},
                                          {CITO "citesForInformation", false},
                                          {CITO "obtainsSupportFrom", false},
                                          {CITO "obtainsBackgroundFrom", false},
                                          {DCTERMS "references", false},
                                          {DCTERMS "source", false},
                                          {DC "source", false},
                                          {DCTERMS "bibliographicCitation", false},
                                          {PROV "wasDerivedFrom", false},
                                          {PROV "hadPrimarySource", false},
                                          {PROV "wasQuotedFrom", false},
                                          {PAV "derivedFrom", false},
                                          {SCHEMA "citation", false},
                                          {SCHEMA0 "citation", false},
                                          {SCHEMA "isBasedOn", false},
                                          {SCHEMA0 "isBasedOn", false},
                                          {NULL, false}};
/* To a node that stands for the act of citing, and from it to the work. */
static const tt_word citation_words[] = {{CIB "citation", false}, {NULL, false}};
static const tt_word citing_words[] = {{CITO "hasCitingEntity", true}, {NULL, false}};
static const tt_word cited_words[] = {{CITO "hasCitedEntity", false}, {NULL, false}};
static const tt_word page_words[] = {{BIBO "pages", false}, {BIBO "pageStart", false}, {NULL, false}};
static const tt_word sentence_words[] = {{CIB "sentence", false}, {BIBO "locator", false}, {NULL, false}};
static const tt_word holder_words[] = {{CIB "holder", false}, {PROV "wasAttributedTo", false}, {NULL, false}};
static const tt_word status_words[] = {{CIB "status", false}, {NULL, false}};
static const tt_word level_words[] = {{CIB "evidenceLevel", false}, {NULL, false}};
static const tt_word stated_words[] = {{CIB "statedIn", false}, {NULL, false}};
static const tt_word conflict_words[] = {{CIB "conflictsWith", false}, {NULL, false}};

/** Something that was looked up before: what, of which node, and the answer. */
typedef enum topic { TOPIC_LABEL = 1, TOPIC_PASSAGE, TOPIC_STANDING } topic;
typedef struct known {
	topic topic;
	tt_term node;
	tt_view label;
	tt_passage *passage;
	tt_standing *standing;
} known;

struct tt_sources {
	tt_ctx *ctx;
	tt_arena arena;
	tt_snapshot *snapshot;
	const tt_prefixes *prefixes;
	known **known;
	size_t n_known, capacity;
	tt_map by_hash;
};

/** Terms in the arena. */
typedef struct term_list {
	tt_term *items;
	size_t n_items, capacity;
} term_list;

tt_status tt_sources_new(tt_ctx *ctx, tt_snapshot *snapshot, const tt_prefixes *prefixes, tt_sources **out_sources)
{
	tt_sources *const made = tt_calloc(ctx, 1, sizeof *made);
	*out_sources = made;
	if (!made) {
		return ctx->error.status;
	}
	*made = (tt_sources){.ctx = ctx, .snapshot = snapshot, .prefixes = prefixes};
	tt_arena_init(&made->arena, ctx);
	tt_map_init(&made->by_hash, ctx);
	return TT_OK;
}

void tt_sources_free(tt_sources *sources)
{
	if (sources) {
		tt_ctx *const ctx = sources->ctx;
		tt_map_clear(&sources->by_hash);
		tt_arena_clear(&sources->arena);
		tt_free(ctx, sources);
	}
}

/* ---- terms -------------------------------------------------------------------------------------- */

static tt_status copy_view(tt_sources *sources, tt_view *text)
{
	if (text->size) {
		text->data = tt_arena_strndup(&sources->arena, text->data, text->size);
	}
	return text->size && !text->data ? sources->ctx->error.status : TT_OK;
}

tt_status tt_sources_join(tt_sources *sources, tt_view a, const char *between, tt_view b, tt_view *out)
{
	tt_buffer text;
	tt_buffer_init(&text, sources->ctx);
	tt_status status = TT_OK;
	TT_TRY_DONE(tt_buffer_append(&text, a));
	TT_TRY_DONE(tt_buffer_append(&text, tt_view_of(between)));
	TT_TRY_DONE(tt_buffer_append(&text, b));
	*out = tt_buffer_view(&text);
	TT_TRY_DONE(copy_view(sources, out));
done:
	tt_buffer_clear(&text);
	return status;
}

tt_status tt_sources_grow(tt_sources *sources, void **array, size_t *n_capacity, size_t n_used, size_t item_size)
{
	return tt_arena_grow(&sources->arena, array, n_capacity, n_used, item_size);
}

static tt_status copy_term(tt_sources *sources, const tt_term *term, tt_term *out)
{
	*out = *term;
	TT_TRY(copy_view(sources, &out->text));
	TT_TRY(copy_view(sources, &out->datatype));
	return copy_view(sources, &out->language);
}

static tt_status add_term(tt_sources *sources, term_list *list, tt_id id)
{
	tt_scratch scratch;
	tt_term term;
	TT_TRY(tt_arena_grow(&sources->arena, (void **)&list->items, &list->capacity, list->n_items, sizeof *list->items));
	TT_TRY(tt_snapshot_term(sources->snapshot, id, &scratch, &term));
	TT_TRY(copy_term(sources, &term, &list->items[list->n_items]));
	list->n_items++;
	return TT_OK;
}

/* ---- scans -------------------------------------------------------------------------------------- */

/* Add all terms of one column of what a scan finds. @param is_graph The column may be the default graph. */
static tt_status gather(tt_sources *sources, const tt_scan_spec *spec, unsigned position, term_list *list)
{
	enum { ROWS = 64 };
	tt_id ids[ROWS];
	tt_id *columns[4] = {NULL, NULL, NULL, NULL};
	columns[position] = ids;
	tt_scan *scan = NULL;
	size_t n_rows = 0;
	TT_TRY(tt_scan_open(sources->snapshot, spec, &scan));
	tt_status status = TT_OK;
	do {
		TT_TRY_DONE(tt_ctx_poll(sources->ctx));
		TT_TRY_DONE(tt_scan_next(scan, columns, ROWS, &n_rows));
		for (size_t i = 0; i < n_rows; ++i) {
			if (ids[i] == TT_DEFAULT_GRAPH) {
				TT_TRY_DONE(tt_arena_grow(&sources->arena, (void **)&list->items, &list->capacity, list->n_items,
				                          sizeof *list->items));
				list->items[list->n_items++] = (tt_term){.kind = TT_TERM_NONE};
			} else {
				TT_TRY_DONE(add_term(sources, list, ids[i]));
			}
		}
	} while (n_rows);
done:
	tt_scan_close(scan);
	return status;
}

static int compare_terms(const void *a, const void *b)
{
	return tt_term_compare(a, b);
}

static void sort_terms(term_list *list, size_t first)
{
	if (list->n_items > first + 1) {
		qsort(list->items + first, list->n_items - first, sizeof *list->items, compare_terms);
	}
}

/* Append the values of a predicate, those of one call in the order of their text. */
static tt_status add_values(tt_sources *sources, const tt_term *node, tt_view predicate, bool is_inverse,
                            term_list *list)
{
	const tt_term named = tt_term_iri(predicate);
	const size_t n_before = list->n_items;
	tt_id ids[2];
	TT_TRY(tt_snapshot_find(sources->snapshot, node, &ids[0]));
	TT_TRY(tt_snapshot_find(sources->snapshot, &named, &ids[1]));
	if (node->kind == TT_TERM_NONE || ids[0] == TT_UNBOUND || ids[1] == TT_UNBOUND) {
		return TT_OK;
	}
	const tt_scan_spec spec = {.perm = is_inverse ? TT_OPS : TT_SPO,
	                           .n_bound = 2,
	                           .bound = {ids[0], ids[1]},
	                           .choice = TT_GRAPHS_ALL,
	                           .is_merged = true};
	TT_TRY(gather(sources, &spec, 2, list));
	sort_terms(list, n_before);
	return TT_OK;
}

/* Those of several predicates, in their order. */
static tt_status add_all(tt_sources *sources, const tt_term *node, const tt_word *words, term_list *list)
{
	for (; words->iri; ++words) {
		TT_TRY(add_values(sources, node, tt_view_of(words->iri), words->is_inverse, list));
	}
	return TT_OK;
}

tt_status tt_sources_values(tt_sources *sources, const tt_term *node, const tt_word *words, const tt_term **out_values,
                            size_t *out_n)
{
	term_list list = {NULL, 0, 0};
	TT_TRY(add_all(sources, node, words, &list));
	*out_values = list.items;
	*out_n = list.n_items;
	return TT_OK;
}

tt_status tt_sources_graphs(tt_sources *sources, const tt_term triple[3], const tt_term **out_graphs, size_t *out_n)
{
	term_list list = {NULL, 0, 0};
	tt_scan_spec spec = {.perm = TT_SPO, .n_bound = 3, .choice = TT_GRAPHS_ALL};
	*out_graphs = NULL;
	*out_n = 0;
	for (size_t i = 0; i < 3; ++i) {
		TT_TRY(tt_snapshot_find(sources->snapshot, &triple[i], &spec.bound[i]));
		if (spec.bound[i] == TT_UNBOUND) {
			return TT_OK;
		}
	}
	TT_TRY(gather(sources, &spec, 3, &list));
	sort_terms(&list, 0);
	*out_graphs = list.items;
	*out_n = list.n_items;
	return TT_OK;
}

/* ---- what is known ------------------------------------------------------------------------------ */

/* The place for an answer. @param out_is_new Whether it is to be filled. */
static tt_status recall(tt_sources *sources, topic about, const tt_term *node, known **out, bool *out_is_new)
{
	const uint64_t hash = tt_hash_u64(tt_term_hash(node) + (uint64_t)about);
	uint64_t cursor = 0;
	uint64_t number = 0;
	*out_is_new = false;
	while (tt_map_next(&sources->by_hash, hash, &cursor, &number)) {
		*out = sources->known[number];
		if ((*out)->topic == about && tt_term_equal(&(*out)->node, node)) {
			return TT_OK;
		}
	}
	known *const made = TT_ARENA_NEW(&sources->arena, known);
	if (!made) {
		return sources->ctx->error.status;
	}
	made->topic = about;
	TT_TRY(copy_term(sources, node, &made->node));
	TT_TRY(tt_arena_grow(&sources->arena, (void **)&sources->known, &sources->capacity, sources->n_known,
	                     sizeof *sources->known));
	TT_TRY(tt_map_insert(&sources->by_hash, hash, sources->n_known));
	sources->known[sources->n_known++] = made;
	*out = made;
	*out_is_new = true;
	return TT_OK;
}

/* ---- labels ------------------------------------------------------------------------------------- */

/* How well a literal serves as a label: English first, then without a language, then any. */
static int rank_label(const tt_term *term)
{
	if (term->kind != TT_TERM_LITERAL || !term->text.size) {
		return 0;
	}
	if (!term->language.size) {
		return 2;
	}
	const bool is_english = term->language.size >= 2 &&
	                        tt_view_equal_nocase((tt_view){term->language.data, 2}, TT_VIEW("en"));
	return is_english && (term->language.size == 2 || term->language.data[2] == '-') ? 3 : 1;
}

tt_status tt_sources_text(tt_sources *sources, const tt_term *node, const tt_word *words, tt_view *out_text)
{
	int best = 0;
	*out_text = (tt_view){NULL, 0};
	for (const tt_word *entry = words; entry->iri && !best; ++entry) {
		term_list found = {NULL, 0, 0};
		TT_TRY(add_values(sources, node, tt_view_of(entry->iri), entry->is_inverse, &found));
		for (size_t i = 0; i < found.n_items; ++i) {
			const int rank = rank_label(&found.items[i]);
			if (rank > best) {
				best = rank;
				*out_text = found.items[i].text;
			}
		}
	}
	return TT_OK;
}

tt_status tt_sources_find_label(tt_sources *sources, const tt_term *node, tt_view *out_label)
{
	known *entry = NULL;
	bool is_new = false;
	*out_label = (tt_view){NULL, 0};
	if (node->kind != TT_TERM_IRI && node->kind != TT_TERM_BLANK) {
		return TT_OK;
	}
	TT_TRY(recall(sources, TOPIC_LABEL, node, &entry, &is_new));
	if (is_new) {
		TT_TRY(tt_sources_text(sources, node, label_words, &entry->label));
	}
	*out_label = entry->label;
	return TT_OK;
}

/* The prefixed name, or what else there is to call a term by. */
static tt_status name_term(tt_sources *sources, const tt_term *node, tt_view *out_name)
{
	const tt_prefix *prefix = NULL;
	tt_view local;
	tt_buffer text;
	if (node->kind == TT_TERM_NONE) {
		*out_name = TT_VIEW("default graph");
		return TT_OK;
	}
	*out_name = node->text;
	tt_buffer_init(&text, sources->ctx);
	tt_status status = TT_OK;
	if (node->kind == TT_TERM_BLANK) {
		TT_TRY_DONE(tt_buffer_append(&text, TT_VIEW("_:")));
		TT_TRY_DONE(tt_buffer_append(&text, node->text));
	} else if (node->kind == TT_TERM_IRI && sources->prefixes &&
	           tt_prefixes_shorten(sources->prefixes, node->text, &prefix, &local)) {
		TT_TRY_DONE(tt_buffer_append(&text, prefix->name));
		TT_TRY_DONE(tt_buffer_append_char(&text, ':'));
		TT_TRY_DONE(tt_buffer_append(&text, local));
	}
	*out_name = text.size ? tt_buffer_view(&text) : *out_name;
	TT_TRY_DONE(copy_view(sources, out_name));
done:
	tt_buffer_clear(&text);
	return status;
}

tt_status tt_sources_label(tt_sources *sources, const tt_term *node, tt_view *out_label)
{
	TT_TRY(tt_sources_find_label(sources, node, out_label));
	return out_label->size ? TT_OK : name_term(sources, node, out_label);
}

/* Labels of all values, with ", " between; literals stand for themselves. */
static tt_status join_labels(tt_sources *sources, const tt_term *node, const tt_word *words, tt_view *out_text)
{
	term_list values = {NULL, 0, 0};
	tt_buffer text;
	TT_TRY(add_all(sources, node, words, &values));
	tt_buffer_init(&text, sources->ctx);
	tt_status status = TT_OK;
	for (size_t i = 0; i < values.n_items; ++i) {
		tt_view label;
		TT_TRY_DONE(tt_sources_label(sources, &values.items[i], &label));
		TT_TRY_DONE(i ? tt_buffer_append(&text, TT_VIEW(", ")) : TT_OK);
		TT_TRY_DONE(tt_buffer_append(&text, label));
	}
	*out_text = tt_buffer_view(&text);
	TT_TRY_DONE(copy_view(sources, out_text));
done:
	tt_buffer_clear(&text);
	return status;
}

/* ---- references --------------------------------------------------------------------------------- */

/** References in the arena. */
typedef struct reference_list {
	tt_reference *items;
	size_t n_items, capacity;
} reference_list;

/* @param citation The node that cites, with the pages; NULL: none. */
static tt_status add_reference(tt_sources *sources, const tt_term *work, const tt_term *citation, bool is_nearby,
                               reference_list *list)
{
	tt_reference made = {.work = *work, .pages = TT_VIEW(""), .is_nearby = is_nearby};
	if (citation) {
		TT_TRY(join_labels(sources, citation, page_words, &made.pages));
	}
	for (size_t i = 0; i < list->n_items; ++i) {
		if (tt_term_equal(&list->items[i].work, work) && tt_view_equal(list->items[i].pages, made.pages)) {
			return TT_OK;
		}
	}
	TT_TRY(tt_sources_label(sources, work, &made.label));
	TT_TRY(tt_arena_grow(&sources->arena, (void **)&list->items, &list->capacity, list->n_items, sizeof *list->items));
	list->items[list->n_items++] = made;
	return TT_OK;
}

/* Citing nodes: what each of them cites, or itself if it does not say, being the work then. */
static tt_status add_citations(tt_sources *sources, const tt_term *node, const tt_word *words, reference_list *list)
{
	term_list citations = {NULL, 0, 0};
	TT_TRY(add_all(sources, node, words, &citations));
	for (size_t i = 0; i < citations.n_items; ++i) {
		term_list works = {NULL, 0, 0};
		TT_TRY(add_all(sources, &citations.items[i], cited_words, &works));
		for (size_t j = 0; j < works.n_items; ++j) {
			TT_TRY(add_reference(sources, &works.items[j], &citations.items[i], words == citing_words, list));
		}
		TT_TRY(works.n_items ? TT_OK : add_reference(sources, &citations.items[i], NULL, false, list));
	}
	return TT_OK;
}

static tt_status add_references(tt_sources *sources, const tt_term *node, const tt_word *citations,
                                reference_list *list)
{
	term_list works = {NULL, 0, 0};
	TT_TRY(add_citations(sources, node, citations, list));
	TT_TRY(add_all(sources, node, reference_words, &works));
	for (size_t i = 0; i < works.n_items; ++i) {
		TT_TRY(add_reference(sources, &works.items[i], NULL, false, list));
	}
	return TT_OK;
}

/* ---- passages ----------------------------------------------------------------------------------- */

/** The way from a part to its whole is no longer than this, even if it goes in a circle. */
enum { MOST_WHOLES = 8 };

/* The work, if it is named, else the outermost whole; the first whole that is not the work is the section. */
static tt_status find_work(tt_sources *sources, tt_passage *passage)
{
	term_list named = {NULL, 0, 0};
	tt_term at = passage->graph;
	TT_TRY(add_all(sources, &at, source_words, &named));
	if (named.n_items) {
		passage->work = named.items[0];
	}
	for (unsigned i = 0; i < MOST_WHOLES; ++i) {
		term_list wholes = {NULL, 0, 0};
		TT_TRY(add_all(sources, &at, whole_words, &wholes));
		if (!wholes.n_items || (named.n_items && tt_term_equal(&wholes.items[0], &passage->work))) {
			break;
		}
		at = wholes.items[0];
		if (i == 0) {
			TT_TRY(tt_sources_label(sources, &at, &passage->section));
		}
	}
	if (!named.n_items && !tt_term_equal(&at, &passage->graph)) {
		passage->work = at;
	}
	if (passage->work.kind != TT_TERM_NONE) {
		TT_TRY(tt_sources_label(sources, &passage->work, &passage->work_label));
	}
	if (tt_view_equal(passage->section, passage->work_label)) {
		passage->section = (tt_view){NULL, 0};
	}
	return TT_OK;
}

static tt_status describe_passage(tt_sources *sources, tt_passage *passage)
{
	reference_list references = {NULL, 0, 0};
	tt_view label;
	TT_TRY(tt_sources_find_label(sources, &passage->graph, &label));
	TT_TRY(tt_sources_label(sources, &passage->graph, &passage->label));
	if (passage->graph.kind == TT_TERM_NONE) {
		return TT_OK;
	}
	TT_TRY(find_work(sources, passage));
	TT_TRY(add_references(sources, &passage->graph, citing_words, &references));
	passage->references = references.items;
	passage->n_references = references.n_items;
	passage->is_described = label.size || passage->work.kind != TT_TERM_NONE || references.n_items;
	return TT_OK;
}

tt_status tt_sources_passage(tt_sources *sources, const tt_term *graph, const tt_passage **out_passage)
{
	known *entry = NULL;
	bool is_new = false;
	TT_TRY(recall(sources, TOPIC_PASSAGE, graph, &entry, &is_new));
	if (is_new) {
		entry->passage = TT_ARENA_NEW(&sources->arena, tt_passage);
		if (!entry->passage) {
			return sources->ctx->error.status;
		}
		entry->passage->graph = entry->node;
		TT_TRY(describe_passage(sources, entry->passage));
	}
	*out_passage = entry->passage;
	return TT_OK;
}

/* ---- standing ----------------------------------------------------------------------------------- */

static tt_status describe_standing(tt_sources *sources, const tt_term *node, tt_standing *standing)
{
	reference_list references = {NULL, 0, 0};
	term_list passages = {NULL, 0, 0};
	term_list conflicts = {NULL, 0, 0};
	TT_TRY(join_labels(sources, node, sentence_words, &standing->sentences));
	TT_TRY(join_labels(sources, node, holder_words, &standing->holder));
	TT_TRY(join_labels(sources, node, status_words, &standing->status));
	TT_TRY(join_labels(sources, node, level_words, &standing->level));
	TT_TRY(add_all(sources, node, stated_words, &passages));
	TT_TRY(add_all(sources, node, conflict_words, &conflicts));
	TT_TRY(add_references(sources, node, citation_words, &references));
	standing->passages = passages.items;
	standing->n_passages = passages.n_items;
	standing->conflicts = conflicts.items;
	standing->n_conflicts = conflicts.n_items;
	standing->references = references.items;
	standing->n_references = references.n_items;
	standing->is_told = standing->sentences.size || standing->holder.size || standing->status.size ||
	                    standing->level.size || passages.n_items || conflicts.n_items || references.n_items;
	return TT_OK;
}

tt_status tt_sources_standing(tt_sources *sources, const tt_term *node, const tt_standing **out_standing)
{
	known *entry = NULL;
	bool is_new = false;
	TT_TRY(recall(sources, TOPIC_STANDING, node, &entry, &is_new));
	if (is_new) {
		entry->standing = TT_ARENA_NEW(&sources->arena, tt_standing);
		if (!entry->standing) {
			return sources->ctx->error.status;
		}
		TT_TRY(describe_standing(sources, &entry->node, entry->standing));
	}
	*out_standing = entry->standing;
	return TT_OK;
}
