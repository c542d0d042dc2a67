/* label.c - labels by the usual properties, in the language that suits best. */
#include "engine/label.h"

#define RDFS   "http://www.w3.org/2000/01/rdf-schema#"
#define SKOS   "http://www.w3.org/2004/02/skos/core#"
#define FOAF   "http://xmlns.com/foaf/0.1/"
#define SCHEMA "https://schema.org/"
#define OWL    "http://www.w3.org/2002/07/owl#"

typedef struct tt_label_entry {
	tt_id id;
	tt_view text, language;
} label_entry;

static const char *const naming[] = {SKOS "prefLabel",
                                     RDFS "label",
                                     FOAF "name",
                                     SCHEMA "name",
                                     "http://schema.org/name",
                                     "http://purl.org/dc/terms/title",
                                     "http://purl.org/dc/elements/1.1/title",
                                     "http://www.w3.org/2006/vcard/ns#fn",
                                     "http://www.geonames.org/ontology#name"};
static const char *const renaming[] = {SKOS "altLabel",
                                       SKOS "hiddenLabel",
                                       FOAF "nick",
                                       SCHEMA "alternateName",
                                       "http://schema.org/alternateName",
                                       "http://purl.org/dc/terms/alternative"};
enum { N_NAMING = sizeof naming / sizeof *naming, N_RENAMING = sizeof renaming / sizeof *renaming };

/* ---- closures --------------------------------------------------------------------------------------- */

static bool is_among(const tt_id *ids, size_t n_ids, tt_id id)
{
	for (size_t i = 0; i < n_ids; ++i) {
		if (ids[i] == id) {
			return true;
		}
	}
	return false;
}

/* Add what stands at the other end of a relation. */
static tt_status add_neighbours(tt_terms *terms, tt_perm perm, tt_id relation, tt_id node, tt_id *ids, size_t n_most,
                                size_t *io_n)
{
	enum { ROWS = 64 };
	const tt_scan_spec spec = {.perm = perm, .n_bound = 2, .bound = {relation, node}, .is_merged = true};
	tt_id others[ROWS];
	tt_id *const columns[4] = {NULL, NULL, others, NULL};
	tt_scan *scan = NULL;
	TT_TRY(tt_scan_open(terms->snapshot, &spec, &scan));
	size_t n_rows = 0;
	tt_status status = TT_OK;
	do {
		TT_TRY_DONE(tt_scan_next(scan, columns, ROWS, &n_rows));
		for (size_t i = 0; i < n_rows; ++i) {
			if (*io_n < n_most && !is_among(ids, *io_n, others[i])) {
				ids[(*io_n)++] = others[i];
			}
		}
	} while (n_rows);
done:
	tt_scan_close(scan);
	return status;
}

tt_status tt_closure(tt_terms *terms, tt_id root, tt_view relation, tt_view equivalence, tt_id *out_ids, size_t n_most,
                     size_t *io_n)
{
	const tt_term relation_term = tt_term_iri(relation);
	const tt_term equivalence_term = tt_term_iri(equivalence);
	tt_id below = TT_UNBOUND;
	tt_id same = TT_UNBOUND;
	TT_TRY(tt_snapshot_find(terms->snapshot, &relation_term, &below));
	TT_TRY(tt_snapshot_find(terms->snapshot, &equivalence_term, &same));
	size_t next = *io_n;
	if (*io_n < n_most && !is_among(out_ids, *io_n, root)) {
		out_ids[(*io_n)++] = root;
	}
	for (; next < *io_n; ++next) {
		if (below) {
			TT_TRY(add_neighbours(terms, TT_POS, below, out_ids[next], out_ids, n_most, io_n));
		}
		if (same) {
			TT_TRY(add_neighbours(terms, TT_POS, same, out_ids[next], out_ids, n_most, io_n));
			TT_TRY(add_neighbours(terms, TT_PSO, same, out_ids[next], out_ids, n_most, io_n));
		}
	}
	return TT_OK;
}

/* ---- the properties --------------------------------------------------------------------------------- */

static tt_status add_properties(tt_labels *labels, const char *const *iris, size_t n_iris)
{
	for (size_t i = 0; i < n_iris; ++i) {
		const tt_term term = tt_term_iri(tt_view_of(iris[i]));
		tt_id id = TT_UNBOUND;
		TT_TRY(tt_snapshot_find(labels->terms->snapshot, &term, &id));
		if (id && labels->n_properties < TT_MOST_LABEL_PROPERTIES) {
			labels->properties[labels->n_properties++] = id;
		}
	}
	return TT_OK;
}

/* Subproperties of what names, unless they are among the others by their own name. */
static tt_status add_subproperties(tt_labels *labels)
{
	tt_id others[N_RENAMING];
	size_t n_others = 0;
	for (size_t i = 0; i < N_RENAMING; ++i) {
		const tt_term term = tt_term_iri(tt_view_of(renaming[i]));
		TT_TRY(tt_snapshot_find(labels->terms->snapshot, &term, &others[n_others]));
		n_others += others[n_others] != TT_UNBOUND;
	}
	tt_id all[TT_MOST_LABEL_PROPERTIES / 2];
	size_t n_all = 0;
	for (size_t i = 0; i < 2; ++i) {
		const tt_term term = tt_term_iri(tt_view_of(naming[i]));
		tt_id root = TT_UNBOUND;
		TT_TRY(tt_snapshot_find(labels->terms->snapshot, &term, &root));
		TT_TRY(root ? tt_closure(labels->terms, root, TT_VIEW(RDFS "subPropertyOf"), TT_VIEW(OWL "equivalentProperty"),
		                         all, sizeof all / sizeof *all, &n_all)
		            : TT_OK);
	}
	for (size_t i = 0; i < n_all; ++i) {
		if (!is_among(labels->properties, labels->n_properties, all[i]) && !is_among(others, n_others, all[i])) {
			labels->properties[labels->n_properties++] = all[i];
		}
	}
	return TT_OK;
}

static tt_view primary_subtag(tt_view language)
{
	const char *const dash = language.size ? memchr(language.data, '-', language.size) : NULL;
	return dash ? (tt_view){language.data, (size_t)(dash - language.data)} : language;
}

tt_status tt_labels_init(tt_labels *labels, tt_terms *terms, tt_arena *arena, tt_view language)
{
	*labels = (tt_labels){.terms = terms, .arena = arena, .language = primary_subtag(language)};
	tt_map_init(&labels->by_id, terms->ctx);
	TT_TRY(add_properties(labels, naming, N_NAMING));
	TT_TRY(add_subproperties(labels));
	labels->n_naming = labels->n_properties;
	const tt_term claim = tt_term_iri(TT_VIEW("http://wikiba.se/ontology#directClaim"));
	TT_TRY(tt_snapshot_find(terms->snapshot, &claim, &labels->claim));
	return add_properties(labels, renaming, N_RENAMING);
}

void tt_labels_clear(tt_labels *labels)
{
	if (labels->terms) {
		tt_map_clear(&labels->by_id);
		tt_free(labels->terms->ctx, labels->known);
	}
}

bool tt_labels_is_property(const tt_labels *labels, tt_id property)
{
	return is_among(labels->properties, labels->n_properties, property);
}

/* ---- labels ----------------------------------------------------------------------------------------- */

unsigned tt_labels_suit(const tt_labels *labels, tt_view language)
{
	const tt_view primary = primary_subtag(language);
	if (!language.size) {
		return 1;
	}
	if (labels->language.size && tt_view_equal_nocase(primary, labels->language)) {
		return 3;
	}
	return tt_view_equal_nocase(primary, TT_VIEW("en")) ? 2 : 0;
}

/* Take what a property says if it suits better than what is known. @param io_suit One more than the best so far. */
static tt_status look_at_property(tt_labels *labels, tt_id resource, tt_id property, label_entry *io_best,
                                  unsigned *io_suit)
{
	enum { ROWS = 64 };
	const tt_scan_spec spec = {.perm = TT_SPO, .n_bound = 2, .bound = {resource, property}, .is_merged = true};
	tt_id objects[ROWS];
	tt_id *const columns[4] = {NULL, NULL, objects, NULL};
	tt_scan *scan = NULL;
	TT_TRY(tt_scan_open(labels->terms->snapshot, &spec, &scan));
	size_t n_rows = 0;
	tt_status status = tt_scan_next(scan, columns, ROWS, &n_rows); /* who has more names than that can do with these */
	tt_scan_close(scan);
	for (size_t i = 0; i < n_rows && status == TT_OK; ++i) {
		tt_scratch scratch;
		tt_term term;
		if (tt_id_kind(objects[i]) != TT_KIND_LITERAL) {
			continue;
		}
		status = tt_terms_get(labels->terms, objects[i], &scratch, &term);
		const unsigned suit = status == TT_OK ? tt_labels_suit(labels, term.language) + 1 : 0;
		if (status == TT_OK && term.text.size && suit > *io_suit) {
			*io_suit = suit;
			*io_best = (label_entry){resource, term.text, term.language};
		}
	}
	return status;
}

static tt_status look_at(tt_labels *labels, tt_id resource, label_entry *out_best)
{
	unsigned suit = 0;
	const unsigned most = labels->language.size ? 4 : 3;
	for (size_t i = 0; i < labels->n_naming && suit < most; ++i) {
		TT_TRY(look_at_property(labels, resource, labels->properties[i], out_best, &suit));
	}
	return TT_OK;
}

/* In Wikidata the label of a property in statements (wdt:P31) is that of an entity (wd:P31). */
static tt_status look_at_entity(tt_labels *labels, tt_id property, label_entry *out_best)
{
	tt_id entity = TT_UNBOUND;
	size_t n = 0;
	TT_TRY(add_neighbours(labels->terms, TT_POS, labels->claim, property, &entity, 1, &n));
	TT_TRY(n ? look_at(labels, entity, out_best) : TT_OK);
	out_best->id = property;
	return TT_OK;
}

static tt_status remember(tt_labels *labels, const label_entry *found)
{
	TT_TRY(tt_grow(labels->terms->ctx, (void **)&labels->known, &labels->capacity, labels->n_known + 1,
	               sizeof *labels->known));
	TT_TRY(tt_map_insert(&labels->by_id, tt_hash_u64(found->id), labels->n_known));
	labels->known[labels->n_known++] = *found;
	return TT_OK;
}

tt_status tt_labels_find(tt_labels *labels, tt_id resource, tt_view *out_text, tt_view *out_language)
{
	uint64_t cursor = 0;
	uint64_t number = 0;
	label_entry best = {.id = resource};
	bool is_known = false;
	while (!is_known && tt_map_next(&labels->by_id, tt_hash_u64(resource), &cursor, &number)) {
		is_known = labels->known[number].id == resource;
		best = is_known ? labels->known[number] : best;
	}
	TT_TRY(is_known ? TT_OK : look_at(labels, resource, &best));
	TT_TRY(is_known || best.text.size || !labels->claim ? TT_OK : look_at_entity(labels, resource, &best));
	TT_TRY(is_known ? TT_OK : remember(labels, &best)); /* the texts belong to the snapshot */
	*out_text = best.text;
	if (out_language) {
		*out_language = best.language;
	}
	return TT_OK;
}
