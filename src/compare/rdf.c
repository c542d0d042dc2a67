/* rdf.c - a comparison as RDF: a data set of observations (RDF Data Cube), a slice for each property.
 *
 * Each observation is the reification of the statement that it rests on (rdf:subject, rdf:predicate, rdf:object), with
 * the thing it is about, and the graphs and passages that state it (prov:wasDerivedFrom). What is claimed is in the
 * data already: the data set refers to it. */
#include "compare/compare.h"

#include "result/result.h"

#include <stdio.h>

#define RDF     "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
#define QB      "http://purl.org/linked-data/cube#"
#define DCTERMS "http://purl.org/dc/terms/"
#define PROV    "http://www.w3.org/ns/prov#"
#define RDFS    "http://www.w3.org/2000/01/rdf-schema#"

/** The triples, all kept before they are written: the writer asks for them one by one. */
typedef struct triple_list {
	tt_compare *compare;
	tt_term (*triples)[3];
	size_t n_triples, capacity, next;
	size_t n_slices, n_observations;
} triple_list;

static tt_status add(triple_list *list, tt_term subject, const char *predicate, tt_term object)
{
	TT_TRY(tt_arena_grow(&list->compare->arena, (void **)&list->triples, &list->capacity, list->n_triples,
	                     sizeof *list->triples));
	tt_term *const triple = list->triples[list->n_triples++];
	triple[0] = subject;
	triple[1] = tt_term_iri(tt_view_of(predicate));
	triple[2] = object;
	return TT_OK;
}

/* A blank node of our own; those of the data never have such a label. */
static tt_status make_node(triple_list *list, const char *kind, size_t number, tt_term *out)
{
	char label[64];
	const int n = snprintf(label, sizeof label, "comparison-%s%zu", kind, number);
	const char *const copy = tt_arena_strndup(&list->compare->arena, label, (size_t)n);
	*out = tt_term_blank((tt_view){copy, (size_t)n});
	return copy ? TT_OK : list->compare->ctx.error.status;
}

/* A term that lives as long as the comparison: that of an inline value is copied. */
static tt_status get_term(triple_list *list, tt_id id, tt_term *out)
{
	tt_scratch scratch;
	TT_TRY(tt_terms_get(&list->compare->terms, id, &scratch, out));
	if (tt_id_is_inline(id)) {
		out->text.data = tt_arena_strndup(&list->compare->arena, out->text.data, out->text.size);
		return out->text.data ? TT_OK : list->compare->ctx.error.status;
	}
	return TT_OK;
}

static tt_status add_id(triple_list *list, tt_term subject, const char *predicate, tt_id id)
{
	tt_term object;
	TT_TRY(get_term(list, id, &object));
	return add(list, subject, predicate, object);
}

static tt_status add_ids(triple_list *list, tt_term subject, const char *predicate, const tt_id_list *ids)
{
	for (size_t i = 0; i < ids->n_ids; ++i) {
		TT_TRY(add_id(list, subject, predicate, ids->ids[i]));
	}
	return TT_OK;
}

static tt_status add_observation(triple_list *list, tt_term set, const tt_compare_row *row, size_t thing,
                                 const tt_compare_value *value)
{
	tt_compare *const compare = list->compare;
	tt_compare_evidence evidence = {.graphs = {.ids = NULL}};
	const tt_id node = value->via ? value->via : compare->things[thing];
	tt_term observation;
	TT_TRY(make_node(list, "statement", ++list->n_observations, &observation));
	TT_TRY(add(list, observation, RDF "type", tt_term_iri(TT_VIEW(QB "Observation"))));
	TT_TRY(add(list, observation, QB "dataSet", set));
	TT_TRY(add_id(list, observation, DCTERMS "subject", compare->things[thing]));
	TT_TRY(add_id(list, observation, RDF "subject", row->is_inverse ? value->id : node));
	TT_TRY(add_id(list, observation, RDF "predicate", row->property));
	TT_TRY(add_id(list, observation, RDF "object", row->is_inverse ? node : value->id));
	TT_TRY(tt_compare_find_evidence(compare, thing, row, value, &evidence));
	TT_TRY(add_ids(list, observation, PROV "wasDerivedFrom", &evidence.graphs));
	TT_TRY(add_ids(list, observation, DCTERMS "source", &evidence.passages));
	return add_ids(list, observation, DCTERMS "references", &evidence.references);
}

static tt_status add_slice(triple_list *list, tt_term set, const tt_compare_row *row)
{
	tt_term slice;
	tt_view name;
	TT_TRY(make_node(list, "property", ++list->n_slices, &slice));
	TT_TRY(tt_compare_row_name(list->compare, row, &name));
	TT_TRY(add(list, slice, RDF "type", tt_term_iri(TT_VIEW(QB "Slice"))));
	TT_TRY(add(list, slice, RDFS "label", tt_term_string(name)));
	TT_TRY(add_id(list, slice, RDF "predicate", row->property));
	TT_TRY(add(list, slice, DCTERMS "type", tt_term_string(tt_view_of(tt_verdict_name(row->verdict)))));
	TT_TRY(row->note ? add(list, slice, DCTERMS "description", tt_term_string(tt_view_of(row->note))) : TT_OK);
	size_t number = list->n_observations;
	for (size_t thing = 0; thing < list->compare->n_things; ++thing) {
		for (size_t i = 0; i < row->cells[thing].n_values; ++i) {
			tt_term observation;
			TT_TRY(make_node(list, "statement", ++number, &observation));
			TT_TRY(add(list, slice, QB "observation", observation));
		}
	}
	for (size_t thing = 0; thing < list->compare->n_things; ++thing) {
		for (size_t i = 0; i < row->cells[thing].n_values; ++i) {
			TT_TRY(add_observation(list, set, row, thing, &row->cells[thing].values[i]));
		}
	}
	return TT_OK;
}

static tt_status add_set(triple_list *list)
{
	tt_compare *const compare = list->compare;
	tt_term set;
	TT_TRY(make_node(list, "set", 1, &set));
	TT_TRY(add(list, set, RDF "type", tt_term_iri(TT_VIEW(QB "DataSet"))));
	for (size_t i = 0; i < compare->n_things; ++i) {
		TT_TRY(add_id(list, set, DCTERMS "subject", compare->things[i]));
	}
	for (size_t i = 0; i < compare->n_findings && !compare->options->is_without_claims; ++i) {
		TT_TRY(add_ids(list, set, DCTERMS "references", &compare->findings[i].claims));
	}
	for (size_t i = 0; i < compare->n_rows; ++i) {
		tt_term slice;
		TT_TRY(make_node(list, "property", i + 1, &slice));
		TT_TRY(add(list, set, QB "slice", slice));
	}
	for (size_t i = 0; i < compare->n_rows; ++i) {
		TT_TRY(add_slice(list, set, &compare->rows[i]));
	}
	return TT_OK;
}

static tt_status next(void *user, const tt_term **out_row)
{
	triple_list *const list = user;
	*out_row = list->next < list->n_triples ? list->triples[list->next++] : NULL;
	return TT_OK;
}

tt_status tt_compare_write_turtle(tt_compare *compare, tt_output *output)
{
	static const tt_view columns[] = {{"subject", 7}, {"predicate", 9}, {"object", 6}};
	triple_list list = {.compare = compare};
	const tt_result_style style = {.prefixes = compare->prefixes};
	TT_TRY(add_set(&list));
	tt_cursor cursor = {.user = &list, .kind = TT_RESULTS_TRIPLES, .n_columns = 3, .columns = columns, .next = next};
	uint64_t n_rows = 0;
	return tt_write_turtle(&cursor, &style, output, &n_rows);
}
