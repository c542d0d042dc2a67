/* work.c - bibliographic records out of the data. */
#include "evidence/work.h"

#include "base/mem.h"

#include <stdlib.h>

#define BIBO    "http://purl.org/ontology/bibo/"
#define CIB     "https://w3id.org/tertium/cib#"
#define DC      "http://purl.org/dc/elements/1.1/"
#define DCAT    "http://www.w3.org/ns/dcat#"
#define DCTERMS "http://purl.org/dc/terms/"
#define FABIO   "http://purl.org/spar/fabio/"
#define FOAF    "http://xmlns.com/foaf/0.1/"
#define ORG     "http://www.w3.org/ns/org#"
#define PRISM   "http://prismstandard.org/namespaces/basic/2.0/"
#define PROV    "http://www.w3.org/ns/prov#"
#define RDF     "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
#define RDFS    "http://www.w3.org/2000/01/rdf-schema#"
#define SCHEMA  "https://schema.org/"
#define SCHEMA0 "http://schema.org/"
#define SKOS    "http://www.w3.org/2004/02/skos/core#"
#define VOID    "http://rdfs.org/ns/void#"

/* schema.org is met with both schemes. */
#define SCHEMA_WORD(name)   \
	{SCHEMA name, false},   \
	{                       \
		SCHEMA0 name, false \
	}
#define END         \
	{               \
		NULL, false \
	}

static const tt_word type_words[] = {{RDF "type", false}, END};
static const tt_word title_words[] = {
    {DCTERMS "title", false}, {DC "title", false},       SCHEMA_WORD("headline"), SCHEMA_WORD("name"),
    {RDFS "label", false},    {SKOS "prefLabel", false}, {FOAF "name", false},    END};
static const tt_word list_words[] = {{BIBO "authorList", false}, END};
static const tt_word editor_list_words[] = {{BIBO "editorList", false}, END};
static const tt_word author_words[] = {{DCTERMS "creator", false},
                                       SCHEMA_WORD("author"),
                                       SCHEMA_WORD("creator"),
                                       {FOAF "maker", false},
                                       {DC "creator", false},
                                       {PROV "wasAttributedTo", false},
                                       END};
static const tt_word editor_words[] = {{BIBO "editor", false}, SCHEMA_WORD("editor"), END};
static const tt_word first_words[] = {{RDF "first", false}, END};
static const tt_word rest_words[] = {{RDF "rest", false}, END};
static const tt_word position_words[] = {SCHEMA_WORD("position"), END};
static const tt_word family_words[] = {
    {FOAF "familyName", false}, {FOAF "family_name", false}, {FOAF "surname", false}, SCHEMA_WORD("familyName"), END};
static const tt_word given_words[] = {
    {FOAF "givenName", false}, {FOAF "givenname", false}, {FOAF "firstName", false}, SCHEMA_WORD("givenName"), END};
static const tt_word date_words[] = {
    {DCTERMS "issued", false},        SCHEMA_WORD("datePublished"), {DCTERMS "date", false}, {DC "date", false},
    {PRISM "publicationDate", false}, {DCTERMS "created", false},   {CIB "year", false},     END};
static const tt_word container_words[] = {{DCTERMS "isPartOf", false}, SCHEMA_WORD("isPartOf"), END};
static const tt_word publisher_words[] = {
    {DCTERMS "publisher", false}, SCHEMA_WORD("publisher"), {DC "publisher", false}, END};
static const tt_word volume_words[] = {
    {BIBO "volume", false}, SCHEMA_WORD("volumeNumber"), {PRISM "volume", false}, END};
static const tt_word issue_words[] = {
    {BIBO "issue", false}, {BIBO "number", false}, SCHEMA_WORD("issueNumber"), {PRISM "number", false}, END};
static const tt_word page_words[] = {{BIBO "pages", false}, SCHEMA_WORD("pagination"), {PRISM "pageRange", false}, END};
static const tt_word page_start_words[] = {{BIBO "pageStart", false}, SCHEMA_WORD("pageStart"), END};
static const tt_word page_end_words[] = {{BIBO "pageEnd", false}, SCHEMA_WORD("pageEnd"), END};
static const tt_word doi_words[] = {{BIBO "doi", false},
                                    {PRISM "doi", false},
                                    {DCTERMS "identifier", false},
                                    SCHEMA_WORD("identifier"),
                                    {DC "identifier", false},
                                    SCHEMA_WORD("sameAs"),
                                    END};
static const tt_word url_words[] = {{BIBO "uri", false},
                                    SCHEMA_WORD("url"),
                                    {DCAT "landingPage", false},
                                    {FOAF "homepage", false},
                                    {PRISM "url", false},
                                    {DCAT "downloadURL", false},
                                    END};
static const tt_word isbn_words[] = {
    {BIBO "isbn13", false}, {BIBO "isbn", false}, {BIBO "isbn10", false}, SCHEMA_WORD("isbn"), END};
static const tt_word issn_words[] = {
    {BIBO "issn", false}, {BIBO "eissn", false}, SCHEMA_WORD("issn"), {PRISM "issn", false}, END};
static const tt_word instance_words[] = {{RDF "type", true}, END};
static const tt_word part_of_words[] = {
    {VOID "subset", true}, {DCTERMS "hasPart", true}, {DCTERMS "isPartOf", false}, END};

/* ---- kinds -------------------------------------------------------------------------------------- */

typedef struct kind_entry {
	const char *iri;
	tt_work_kind kind;
} kind_entry;

static const kind_entry kinds[] = {
    {BIBO "AcademicArticle", TT_WORK_ARTICLE},
    {BIBO "Article", TT_WORK_ARTICLE},
    {FABIO "JournalArticle", TT_WORK_ARTICLE},
    {SCHEMA "ScholarlyArticle", TT_WORK_ARTICLE},
    {SCHEMA0 "ScholarlyArticle", TT_WORK_ARTICLE},
    {SCHEMA "Article", TT_WORK_ARTICLE},
    {SCHEMA0 "Article", TT_WORK_ARTICLE},
    {BIBO "Book", TT_WORK_BOOK},
    {BIBO "EditedBook", TT_WORK_BOOK},
    {FABIO "Book", TT_WORK_BOOK},
    {SCHEMA "Book", TT_WORK_BOOK},
    {SCHEMA0 "Book", TT_WORK_BOOK},
    {BIBO "Proceedings", TT_WORK_BOOK},
    {BIBO "Chapter", TT_WORK_CHAPTER},
    {BIBO "BookSection", TT_WORK_CHAPTER},
    {FABIO "BookChapter", TT_WORK_CHAPTER},
    {SCHEMA "Chapter", TT_WORK_CHAPTER},
    {SCHEMA0 "Chapter", TT_WORK_CHAPTER},
    {FABIO "ConferencePaper", TT_WORK_PAPER},
    {FABIO "ProceedingsPaper", TT_WORK_PAPER},
    {BIBO "Thesis", TT_WORK_THESIS},
    {FABIO "Thesis", TT_WORK_THESIS},
    {SCHEMA "Thesis", TT_WORK_THESIS},
    {SCHEMA0 "Thesis", TT_WORK_THESIS},
    {BIBO "Report", TT_WORK_REPORT},
    {FABIO "Report", TT_WORK_REPORT},
    {SCHEMA "Report", TT_WORK_REPORT},
    {SCHEMA0 "Report", TT_WORK_REPORT},
    {BIBO "Webpage", TT_WORK_PAGE},
    {BIBO "Website", TT_WORK_PAGE},
    {SCHEMA "WebPage", TT_WORK_PAGE},
    {SCHEMA0 "WebPage", TT_WORK_PAGE},
    {SCHEMA "WebSite", TT_WORK_PAGE},
    {SCHEMA0 "WebSite", TT_WORK_PAGE},
    {FABIO "WebPage", TT_WORK_PAGE},
    {VOID "Dataset", TT_WORK_DATASET},
    {DCAT "Dataset", TT_WORK_DATASET},
    {SCHEMA "Dataset", TT_WORK_DATASET},
    {SCHEMA0 "Dataset", TT_WORK_DATASET},
};

/* By what contains it, where its own type tells too little. */
static const kind_entry contained[] = {
    {BIBO "Journal", TT_WORK_ARTICLE},      {FABIO "Journal", TT_WORK_ARTICLE},
    {SCHEMA "Periodical", TT_WORK_ARTICLE}, {SCHEMA0 "Periodical", TT_WORK_ARTICLE},
    {BIBO "Issue", TT_WORK_ARTICLE},        {BIBO "Proceedings", TT_WORK_PAPER},
    {BIBO "Book", TT_WORK_CHAPTER},         {BIBO "EditedBook", TT_WORK_CHAPTER},
    {BIBO "Document", TT_WORK_CHAPTER},
};

static const char *const people[] = {FOAF "Person", SCHEMA "Person", SCHEMA0 "Person", PROV "Person"};
static const char *const bodies[] = {ORG "Organization",  ORG "FormalOrganization", FOAF "Organization",
                                     FOAF "Group",        SCHEMA "Organization",    SCHEMA0 "Organization",
                                     PROV "Organization", DCTERMS "Agent"};

static tt_status find_kind(tt_sources *sources, const tt_term *node, const kind_entry *entries, size_t n_entries,
                           tt_work_kind *io_kind)
{
	const tt_term *types = NULL;
	size_t n_types = 0;
	TT_TRY(tt_sources_values(sources, node, type_words, &types, &n_types));
	for (size_t i = 0; i < n_entries; ++i) {
		for (size_t j = 0; j < n_types; ++j) {
			if (types[j].kind == TT_TERM_IRI && tt_view_equal(types[j].text, tt_view_of(entries[i].iri))) {
				*io_kind = entries[i].kind;
				return TT_OK;
			}
		}
	}
	return TT_OK;
}

static bool is_among(const tt_term *types, size_t n_types, const char *const *names, size_t n_names)
{
	for (size_t i = 0; i < n_types; ++i) {
		for (size_t j = 0; j < n_names; ++j) {
			if (tt_view_equal(types[i].text, tt_view_of(names[j]))) {
				return true;
			}
		}
	}
	return false;
}

/* Whether a creator is an organisation: by its types; a name in one piece of what is no person counts as one, too. */
static tt_status is_body(tt_sources *sources, const tt_term *node, tt_view name, bool *out)
{
	const tt_term *types = NULL;
	size_t n = 0;
	TT_TRY(tt_sources_values(sources, node, type_words, &types, &n));
	*out = is_among(types, n, bodies, sizeof bodies / sizeof *bodies) ||
	       (n && !is_among(types, n, people, sizeof people / sizeof *people) && !memchr(name.data, ',', name.size));
	return TT_OK;
}

/* ---- creators ----------------------------------------------------------------------------------- */

/* "Family, Given" where the parts are known; else the label; a literal as it stands. */
static tt_status name_creator(tt_sources *sources, const tt_term *node, tt_creator *out)
{
	tt_view family;
	tt_view given;
	tt_view position;
	*out = (tt_creator){.name = node->text};
	if (node->kind == TT_TERM_LITERAL) {
		return TT_OK;
	}
	TT_TRY(tt_sources_text(sources, node, family_words, &family));
	TT_TRY(tt_sources_text(sources, node, given_words, &given));
	TT_TRY(tt_sources_text(sources, node, position_words, &position));
	out->position = position.size ? strtod(position.data, NULL) : 0; /* a NUL stands behind it */
	if (!family.size) {
		TT_TRY(tt_sources_label(sources, node, &out->name));
		return is_body(sources, node, out->name, &out->is_body);
	}
	out->name = family;
	return given.size ? tt_sources_join(sources, family, ", ", given, &out->name) : TT_OK;
}

/** The names of a work that are gathered. */
typedef struct creators {
	tt_creator *items;
	size_t n_items, capacity;
} creators;

static tt_status add_creator(tt_sources *sources, creators *list, const tt_term *node)
{
	tt_creator made;
	TT_TRY(name_creator(sources, node, &made));
	TT_TRY(tt_sources_grow(sources, (void **)&list->items, &list->capacity, list->n_items, sizeof *list->items));
	list->items[list->n_items++] = made;
	return TT_OK;
}

/* An RDF list, which may be broken or a circle. */
static tt_status add_list(tt_sources *sources, creators *list, tt_term at)
{
	enum { MOST = 1000 };
	for (unsigned i = 0; i < MOST; ++i) {
		const tt_term *first = NULL;
		const tt_term *rest = NULL;
		size_t n_first = 0;
		size_t n_rest = 0;
		TT_TRY(tt_sources_values(sources, &at, first_words, &first, &n_first));
		if (!n_first) {
			return TT_OK;
		}
		TT_TRY(add_creator(sources, list, &first[0]));
		TT_TRY(tt_sources_values(sources, &at, rest_words, &rest, &n_rest));
		if (!n_rest) {
			return TT_OK;
		}
		at = rest[0];
	}
	return TT_OK;
}

/* In the order of their positions; those without stay as they are, by their names. */
static void order_creators(creators *list)
{
	for (size_t i = 1; i < list->n_items; ++i) {
		const tt_creator item = list->items[i];
		size_t at = i;
		for (; at > 0 && list->items[at - 1].position > item.position; --at) {
			list->items[at] = list->items[at - 1];
		}
		list->items[at] = item;
	}
}

static tt_status find_creators(tt_sources *sources, const tt_term *node, const tt_word *lists, const tt_word *words,
                               tt_creator **out, size_t *out_n)
{
	creators list = {NULL, 0, 0};
	const tt_term *found = NULL;
	size_t n = 0;
	TT_TRY(tt_sources_values(sources, node, lists, &found, &n));
	if (n) {
		TT_TRY(add_list(sources, &list, found[0]));
	}
	for (const tt_word *word = words; word->iri && !list.n_items; ++word) {
		const tt_word one[] = {*word, END};
		TT_TRY(tt_sources_values(sources, node, one, &found, &n));
		for (size_t i = 0; i < n; ++i) {
			TT_TRY(add_creator(sources, &list, &found[i]));
		}
		order_creators(&list);
	}
	*out = list.items;
	*out_n = list.n_items;
	return TT_OK;
}

/* ---- fields ------------------------------------------------------------------------------------- */

/* The first value: a literal as it stands, a node by its label, an IRI if @p is_iri. */
static tt_status find_field(tt_sources *sources, const tt_term *node, const tt_word *words, bool is_iri, tt_view *out)
{
	const tt_term *values = NULL;
	size_t n = 0;
	*out = (tt_view){NULL, 0};
	TT_TRY(tt_sources_values(sources, node, words, &values, &n));
	if (!n) {
		return TT_OK;
	}
	*out = values[0].text;
	return values[0].kind == TT_TERM_LITERAL || is_iri ? TT_OK : tt_sources_label(sources, &values[0], out);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_year(tt_view text)
{
	return text.size >= 4 && is_digit(text.data[0]) && is_digit(text.data[1]) && is_digit(text.data[2]) &&
	       is_digit(text.data[3]) && (text.size == 4 || !is_digit(text.data[4]));
}

/* The first date gives the year; the longest of the same year the date. */
static tt_status find_date(tt_sources *sources, const tt_term *node, tt_work *out)
{
	const tt_term *values = NULL;
	size_t n = 0;
	TT_TRY(tt_sources_values(sources, node, date_words, &values, &n));
	for (size_t i = 0; i < n; ++i) {
		const tt_view text = values[i].text;
		if (!is_year(text)) {
			continue;
		}
		const tt_view year = {text.data, 4};
		if (!out->year.size) {
			out->year = year;
		}
		const size_t n_date = text.size > 10 ? 10 : text.size;
		if (tt_view_equal(year, out->year) && n_date > 4 && n_date > out->date.size) {
			out->date = (tt_view){text.data, n_date};
		}
	}
	return TT_OK;
}

/* A DOI without what stands before it; empty if a text is none. */
static tt_view bare_doi(tt_view text)
{
	static const char *const heads[] = {
	    "https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/", "doi:", "DOI:",
	    "info:doi/"};
	for (size_t i = 0; i < sizeof heads / sizeof *heads; ++i) {
		if (tt_view_starts(text, tt_view_of(heads[i]))) {
			text = tt_view_skip(text, strlen(heads[i]));
			break;
		}
	}
	return tt_view_starts(text, TT_VIEW("10.")) && memchr(text.data, '/', text.size) ? text : (tt_view){NULL, 0};
}

static tt_status find_doi(tt_sources *sources, const tt_term *node, tt_view *out)
{
	const tt_term *values = NULL;
	size_t n = 0;
	*out = node->kind == TT_TERM_IRI ? bare_doi(node->text) : (tt_view){NULL, 0};
	TT_TRY(tt_sources_values(sources, node, doi_words, &values, &n));
	for (size_t i = 0; i < n && !out->size; ++i) {
		*out = bare_doi(values[i].text);
	}
	return TT_OK;
}

static tt_status find_pages(tt_sources *sources, const tt_term *node, tt_view *out)
{
	tt_view first;
	tt_view last;
	TT_TRY(find_field(sources, node, page_words, false, out));
	if (out->size) {
		return TT_OK;
	}
	TT_TRY(find_field(sources, node, page_start_words, false, &first));
	TT_TRY(find_field(sources, node, page_end_words, false, &last));
	*out = first;
	return first.size && last.size ? tt_sources_join(sources, first, "-", last, out) : TT_OK;
}

/* What contains it: its title, its ISSN; if that is an issue of a journal, what contains this. */
static tt_status find_container(tt_sources *sources, const tt_term *node, tt_work *out)
{
	const tt_term *values = NULL;
	size_t n = 0;
	TT_TRY(tt_sources_values(sources, node, container_words, &values, &n));
	if (!n || out->kind == TT_WORK_DATASET) {
		return TT_OK;
	}
	const tt_term at = values[0];
	out->container = at.text;
	if (at.kind == TT_TERM_LITERAL) {
		return TT_OK;
	}
	if (out->kind == TT_WORK_OTHER) {
		TT_TRY(find_kind(sources, &at, contained, sizeof contained / sizeof *contained, &out->kind));
	}
	TT_TRY(tt_sources_text(sources, &at, title_words, &out->container));
	TT_TRY(find_field(sources, &at, issn_words, false, &out->issn));
	return TT_OK;
}

tt_status tt_work_find(tt_sources *sources, const tt_term *node, tt_work *out)
{
	*out = (tt_work){.node = *node};
	if (node->kind == TT_TERM_LITERAL || node->kind == TT_TERM_NONE) {
		out->title = node->text;
		return TT_OK;
	}
	TT_TRY(find_kind(sources, node, kinds, sizeof kinds / sizeof *kinds, &out->kind));
	TT_TRY(tt_sources_find_label(sources, node, &out->label));
	TT_TRY(tt_sources_text(sources, node, title_words, &out->title));
	TT_TRY(find_creators(sources, node, list_words, author_words, &out->authors, &out->n_authors));
	TT_TRY(find_creators(sources, node, editor_list_words, editor_words, &out->editors, &out->n_editors));
	TT_TRY(find_date(sources, node, out));
	TT_TRY(find_container(sources, node, out));
	TT_TRY(find_field(sources, node, publisher_words, false, &out->publisher));
	TT_TRY(find_field(sources, node, volume_words, false, &out->volume));
	TT_TRY(find_field(sources, node, issue_words, false, &out->issue));
	TT_TRY(find_pages(sources, node, &out->pages));
	TT_TRY(find_doi(sources, node, &out->doi));
	TT_TRY(find_field(sources, node, url_words, true, &out->url));
	TT_TRY(find_field(sources, node, isbn_words, false, &out->isbn));
	if (!out->title.size && !out->url.size && node->kind == TT_TERM_IRI) {
		out->url = node->text; /* nothing is told of it: the name is all */
		out->kind = out->kind == TT_WORK_OTHER ? TT_WORK_PAGE : out->kind;
	}
	return TT_OK;
}

/* ---- datasets ----------------------------------------------------------------------------------- */

tt_status tt_work_find_dataset(tt_sources *sources, tt_term *out_node)
{
	size_t n_found = 0;
	*out_node = (tt_term){.kind = TT_TERM_NONE};
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; ++i) {
		const tt_term class = tt_term_iri(tt_view_of(kinds[i].iri));
		const tt_term *values = NULL;
		size_t n = 0;
		if (kinds[i].kind == TT_WORK_DATASET) {
			TT_TRY(tt_sources_values(sources, &class, instance_words, &values, &n));
		}
		for (size_t j = 0; j < n; ++j) {
			const tt_term *wholes = NULL;
			size_t n_wholes = 0;
			TT_TRY(tt_sources_values(sources, &values[j], part_of_words, &wholes, &n_wholes));
			if (!n_wholes && !(n_found && tt_term_equal(out_node, &values[j]))) {
				*out_node = values[j];
				++n_found;
			}
		}
	}
	if (n_found > 1) {
		*out_node = (tt_term){.kind = TT_TERM_NONE};
	}
	return TT_OK;
}
