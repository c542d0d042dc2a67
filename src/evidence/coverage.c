/* coverage.c - which properties the instances of a class have, and which instances lack what is often there.
 *
 * The instances are the sorted set of subjects of rdf:type with the class or one of its subclasses. One pass over
 * their statements, in the order of subjects and predicates, counts for each predicate the instances that have it. A
 * second pass finds those that lack what at least the wanted share has. So the cost is that of reading the statements
 * of the instances twice, and the memory one id an instance. */
#include "evidence/passage.h"
#include "evidence/thing.h"

#include "engine/rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define RDFS "http://www.w3.org/2000/01/rdf-schema#"

enum { BATCH = 256, MOST_CLASSES = 4096, MOST_OFTEN = 64 };
static const double DEFAULT_OFTEN = 0.5;

typedef struct property {
	tt_id id;
	uint64_t n_having, n_values;
	tt_id last; /* instance that has it */
} property;

typedef struct ids {
	tt_id *items;
	size_t n_items, capacity;
} ids;

/** An instance and what it lacks, as bits of the properties that are often there. */
typedef struct gap {
	tt_id instance;
	uint64_t lacking;
	unsigned n_lacking;
} gap;

typedef struct survey {
	tt_db *db;
	tt_ctx ctx;
	tt_arena arena;
	tt_snapshot *snapshot;
	const tt_coverage_options *options;
	tt_coverage_counts *counts;
	ids classes, instances;
	property *properties;
	size_t n_properties, properties_capacity;
	tt_map by_id;
	gap *gaps;
	size_t n_gaps, gaps_capacity;
	tt_results *out;
} survey;

/* ---- ids -------------------------------------------------------------------------------------- */

static tt_status add_id(survey *s, ids *list, tt_id id)
{
	TT_TRY(tt_grow(&s->ctx, (void **)&list->items, &list->capacity, list->n_items + 1, sizeof *list->items));
	list->items[list->n_items++] = id;
	return TT_OK;
}

static bool has_id(const ids *list, tt_id id)
{
	for (size_t i = 0; i < list->n_items; ++i) {
		if (list->items[i] == id) {
			return true;
		}
	}
	return false;
}

static int compare_ids(const void *a, const void *b)
{
	const tt_id x = *(const tt_id *)a;
	const tt_id y = *(const tt_id *)b;
	return (x > y) - (x < y);
}

static void sort_ids(ids *list)
{
	size_t n = 0;
	if (!list->n_items) {
		return;
	}
	qsort(list->items, list->n_items, sizeof *list->items, compare_ids);
	for (size_t i = 0; i < list->n_items; ++i) {
		if (!n || list->items[n - 1] != list->items[i]) {
			list->items[n++] = list->items[i];
		}
	}
	list->n_items = n;
}

static tt_status find_iri(survey *s, tt_view iri, tt_id *out_id)
{
	const tt_term term = tt_term_iri(iri);
	return tt_snapshot_find(s->snapshot, &term, out_id);
}

/* Add the subjects of a predicate and object. */
static tt_status add_subjects(survey *s, tt_id predicate, tt_id object, ids *list, bool is_set)
{
	const tt_scan_spec spec = {
	    .perm = TT_POS, .n_bound = 2, .bound = {predicate, object}, .choice = TT_GRAPHS_ALL, .is_merged = true};
	tt_id subjects[BATCH];
	tt_id *const columns[4] = {NULL, NULL, subjects, NULL};
	size_t n = 0;
	tt_scan *scan = NULL;
	TT_TRY(tt_scan_open(s->snapshot, &spec, &scan));
	tt_status status = tt_scan_next(scan, columns, BATCH, &n);
	while (status == TT_OK && n) {
		for (size_t i = 0; i < n && status == TT_OK; ++i) {
			const bool is_known = is_set && (has_id(list, subjects[i]) || list->n_items == MOST_CLASSES);
			status = is_known ? TT_OK : add_id(s, list, subjects[i]);
		}
		status = status ? status : tt_ctx_poll(&s->ctx);
		status = status ? status : tt_scan_next(scan, columns, BATCH, &n);
	}
	tt_scan_close(scan);
	return status;
}

/* ---- instances -------------------------------------------------------------------------------- */

static tt_status find_classes(survey *s, tt_id class_id)
{
	tt_id subclass = TT_UNBOUND;
	TT_TRY(find_iri(s, TT_VIEW(RDFS "subClassOf"), &subclass));
	TT_TRY(add_id(s, &s->classes, class_id));
	for (size_t i = 0; subclass && i < s->classes.n_items; ++i) {
		TT_TRY(add_subjects(s, subclass, s->classes.items[i], &s->classes, true));
	}
	return TT_OK;
}

static tt_status find_instances(survey *s)
{
	tt_id type = TT_UNBOUND;
	size_t n_own = 0;
	TT_TRY(find_iri(s, tt_vocab_iri(TT_VOCAB_RDF_TYPE), &type));
	for (size_t i = 0; type && i < s->classes.n_items; ++i) {
		const size_t n_before = s->instances.n_items;
		TT_TRY(add_subjects(s, type, s->classes.items[i], &s->instances, false));
		s->counts->n_subclasses += i && s->instances.n_items > n_before;
		n_own = i ? n_own : s->instances.n_items;
	}
	sort_ids(&s->instances);
	s->counts->n_instances = s->instances.n_items;
	s->counts->n_of_subclasses = s->instances.n_items - n_own;
	return TT_OK;
}

/* ---- properties ------------------------------------------------------------------------------- */

static tt_status find_property(survey *s, tt_id predicate, size_t *out_number)
{
	uint64_t cursor = 0;
	uint64_t number = 0;
	while (tt_map_next(&s->by_id, tt_hash_u64(predicate), &cursor, &number)) {
		if (s->properties[number].id == predicate) {
			*out_number = (size_t)number;
			return TT_OK;
		}
	}
	TT_TRY(
	    tt_grow(&s->ctx, (void **)&s->properties, &s->properties_capacity, s->n_properties + 1, sizeof *s->properties));
	TT_TRY(tt_map_insert(&s->by_id, tt_hash_u64(predicate), s->n_properties));
	*out_number = s->n_properties;
	s->properties[s->n_properties++] = (property){.id = predicate};
	return TT_OK;
}

typedef tt_status take_statement(survey *s, tt_id instance, tt_id predicate);
typedef tt_status take_instance(survey *s, tt_id instance);

static tt_status scan_instance(survey *s, tt_scan *scan, tt_id instance, take_statement *take)
{
	tt_id predicates[BATCH];
	tt_id *const columns[4] = {NULL, predicates, NULL, NULL};
	size_t n = 0;
	TT_TRY(tt_scan_rebind(scan, &instance));
	TT_TRY(tt_scan_next(scan, columns, BATCH, &n));
	while (n) {
		for (size_t i = 0; i < n; ++i) {
			TT_TRY(take(s, instance, predicates[i]));
		}
		TT_TRY(tt_scan_next(scan, columns, BATCH, &n));
	}
	return TT_OK;
}

/* Hand on each statement of each instance, then the instance. */
static tt_status each_statement(survey *s, take_statement *take, take_instance *end)
{
	tt_scan *scan = NULL;
	if (!s->instances.n_items) {
		return TT_OK;
	}
	const tt_scan_spec spec = {
	    .perm = TT_SPO, .n_bound = 1, .bound = {s->instances.items[0]}, .choice = TT_GRAPHS_ALL, .is_merged = true};
	TT_TRY(tt_scan_open(s->snapshot, &spec, &scan));
	tt_status status = TT_OK;
	for (size_t i = 0; i < s->instances.n_items && status == TT_OK; ++i) {
		status = scan_instance(s, scan, s->instances.items[i], take);
		status = status || !end ? status : end(s, s->instances.items[i]);
		status = status ? status : tt_ctx_poll(&s->ctx);
	}
	tt_scan_close(scan);
	return status;
}

static tt_status count_statement(survey *s, tt_id instance, tt_id predicate)
{
	size_t number = 0;
	TT_TRY(find_property(s, predicate, &number));
	s->properties[number].n_values++;
	s->properties[number].n_having += s->properties[number].last != instance;
	s->properties[number].last = instance;
	return TT_OK;
}

/* Those of most instances first. */
static int compare_properties(const void *a, const void *b)
{
	const property *const x = a;
	const property *const y = b;
	return x->n_having != y->n_having ? (x->n_having < y->n_having ? 1 : -1) : (x->id > y->id) - (x->id < y->id);
}

static size_t count_often(const survey *s)
{
	const double often = s->options && s->options->often > 0 ? s->options->often : DEFAULT_OFTEN;
	size_t n = 0;
	while (n < s->n_properties && (double)s->properties[n].n_having >= often * (double)s->instances.n_items) {
		++n;
	}
	return n < MOST_OFTEN ? n : MOST_OFTEN;
}

/* ---- gaps ------------------------------------------------------------------------------------- */

static tt_status mark_statement(survey *s, tt_id instance, tt_id predicate)
{
	size_t number = 0;
	TT_TRY(find_property(s, predicate, &number));
	s->properties[number].last = instance;
	return TT_OK;
}

static tt_status look_for_gaps(survey *s, tt_id instance)
{
	gap found = {.instance = instance};
	const size_t n_often = count_often(s);
	for (size_t i = 0; i < n_often; ++i) {
		if (s->properties[i].last != instance) {
			found.lacking |= (uint64_t)1 << i;
			found.n_lacking++;
		}
	}
	if (!found.n_lacking) {
		return TT_OK;
	}
	s->counts->n_lacking++;
	TT_TRY(tt_grow(&s->ctx, (void **)&s->gaps, &s->gaps_capacity, s->n_gaps + 1, sizeof *s->gaps));
	s->gaps[s->n_gaps++] = found;
	return TT_OK;
}

static int compare_gaps(const void *a, const void *b)
{
	const gap *const x = a;
	const gap *const y = b;
	return x->n_lacking != y->n_lacking ? (x->n_lacking < y->n_lacking ? 1 : -1)
	                                    : (x->instance > y->instance) - (x->instance < y->instance);
}

static tt_status find_gaps(survey *s)
{
	tt_map_clear(&s->by_id);
	for (size_t i = 0; i < s->n_properties; ++i) {
		s->properties[i].last = TT_UNBOUND;
		TT_TRY(tt_map_insert(&s->by_id, tt_hash_u64(s->properties[i].id), i));
	}
	TT_TRY(each_statement(s, mark_statement, look_for_gaps));
	if (s->n_gaps) {
		qsort(s->gaps, s->n_gaps, sizeof *s->gaps, compare_gaps);
	}
	return TT_OK;
}

/* ---- rows ------------------------------------------------------------------------------------- */

static tt_term number_cell(char text[32], uint64_t n)
{
	(void)snprintf(text, 32, "%" PRIu64, n);
	return tt_term_typed(tt_view_of(text), tt_vocab_iri(TT_VOCAB_XSD_INTEGER));
}

static tt_status write_properties(survey *s)
{
	static const char *const columns[] = {"property", "having", "lacking", "share", "values", "often"};
	const size_t n_often = count_often(s);
	TT_TRY(tt_rows_new(s->db, columns, sizeof columns / sizeof *columns, &s->out));
	for (size_t i = 0; i < s->n_properties; ++i) {
		const property *const p = &s->properties[i];
		const uint64_t n_all = s->instances.n_items;
		tt_scratch scratch;
		char texts[4][32];
		tt_term row[6];
		TT_TRY(tt_snapshot_term(s->snapshot, p->id, &scratch, &row[0]));
		(void)snprintf(texts[2], sizeof texts[2], "%.3f", (double)p->n_having / (double)n_all);
		row[1] = number_cell(texts[0], p->n_having);
		row[2] = number_cell(texts[1], n_all - p->n_having);
		row[3] = tt_term_typed(tt_view_of(texts[2]), tt_vocab_iri(TT_VOCAB_XSD_DECIMAL));
		row[4] = number_cell(texts[3], p->n_values);
		row[5] = tt_term_typed(i < n_often ? TT_VIEW("true") : TT_VIEW("false"), tt_vocab_iri(TT_VOCAB_XSD_BOOLEAN));
		TT_TRY(tt_rows_add(s->out, row));
	}
	return TT_OK;
}

/* A row for each property that an instance lacks. */
static tt_status write_gap(survey *s, tt_sources *sources, const gap *found)
{
	tt_scratch scratches[2];
	tt_view label = {"", 0};
	char text[32];
	tt_term row[4];
	TT_TRY(tt_snapshot_term(s->snapshot, found->instance, &scratches[0], &row[0]));
	TT_TRY(tt_sources_find_label(sources, &row[0], &label));
	row[1] = label.size ? tt_term_string(label) : (tt_term){.kind = TT_TERM_NONE};
	row[2] = number_cell(text, found->n_lacking);
	for (size_t i = 0; i < MOST_OFTEN; ++i) {
		if (found->lacking & (uint64_t)1 << i) {
			TT_TRY(tt_snapshot_term(s->snapshot, s->properties[i].id, &scratches[1], &row[3]));
			TT_TRY(tt_rows_add(s->out, row));
		}
	}
	return TT_OK;
}

static tt_status write_gaps(survey *s)
{
	static const char *const columns[] = {"instance", "label", "n_lacking", "lacking"};
	const size_t n_most = s->options && s->options->n_most ? s->options->n_most : SIZE_MAX;
	tt_sources *sources = NULL;
	tt_status status = TT_OK;
	TT_TRY_DONE(tt_rows_new(s->db, columns, sizeof columns / sizeof *columns, &s->out));
	TT_TRY_DONE(tt_sources_new(&s->ctx, s->snapshot, &s->db->prefixes, &sources));
	for (size_t i = 0; i < s->n_gaps && i < n_most; ++i) {
		TT_TRY_DONE(write_gap(s, sources, &s->gaps[i]));
	}
done:
	tt_sources_free(sources);
	return status;
}

/* ---- all -------------------------------------------------------------------------------------- */

static tt_status look(survey *s, const char *class_name)
{
	tt_id class_id = TT_UNBOUND;
	TT_TRY(tt_thing_find(s->db, &s->arena, s->snapshot, class_name, TT_NEAR_CLASS, &class_id));
	TT_TRY(find_classes(s, class_id));
	TT_TRY(find_instances(s));
	if (!s->instances.n_items) {
		return tt_fail(&s->ctx, TT_NOT_FOUND, "%s has no instances", class_name);
	}
	TT_TRY(each_statement(s, count_statement, NULL));
	qsort(s->properties, s->n_properties, sizeof *s->properties, compare_properties);
	TT_TRY(find_gaps(s));
	return s->options && s->options->is_of_instances ? write_gaps(s) : write_properties(s);
}

tt_status tt_db_coverage(tt_db *db, const char *class_name, const tt_coverage_options *options,
                         tt_coverage_counts *out_counts, tt_results **out_results)
{
	tt_coverage_counts counts = {.n_instances = 0};
	survey s = {.db = db, .options = options, .counts = out_counts ? out_counts : &counts};
	*s.counts = counts;
	*out_results = NULL;
	tt_ctx_clear_error(&db->ctx);
	tt_ctx_init(&s.ctx);
	s.ctx.cancel = db->ctx.cancel;
	s.ctx.n_bytes_budget = options ? options->memory_bytes : 0;
	tt_ctx_set_timeout(&s.ctx, options ? options->timeout_seconds : 0);
	tt_arena_init(&s.arena, &s.ctx);
	tt_map_init(&s.by_id, &s.ctx);
	tt_status status = tt_db_snapshot(db, &s.ctx, &s.snapshot);
	status = status ? status : look(&s, class_name);
	if (status != TT_OK) {
		tt_results_free(s.out);
		status = s.ctx.error.status ? tt_db_failed(db, &s.ctx) : status;
	} else {
		*out_results = s.out;
	}
	tt_snapshot_end(s.snapshot);
	tt_map_clear(&s.by_id);
	tt_arena_clear(&s.arena);
	tt_free(&s.ctx, s.classes.items);
	tt_free(&s.ctx, s.instances.items);
	tt_free(&s.ctx, s.properties);
	tt_free(&s.ctx, s.gaps);
	return status;
}
