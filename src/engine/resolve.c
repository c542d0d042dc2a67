/* resolve.c - names of resources: probes where the name says where to look, else one sweep over all names.
 *
 * The sweep reads each label and each IRI once and sorts what fits into tiers; the best tier that is not empty counts,
 * and if it holds two resources, nobody but the user can tell them apart. What nearly fits is kept for the message. */
#include "engine/resolve.h"

#include "rdf/iri.h"
#include "rdf/name.h"

#include <stdlib.h>
#include <unicase.h>
#include <uninorm.h>

/** How well a name fits; the smaller the better. */
typedef enum fit { FITS_LOCAL, FITS_LABEL, FITS_ROUGHLY, NEARLY, N_FITS } fit;

enum {
	MOST_CANDIDATES = 8,
	MOST_SHOWN = 6,
	LONGEST_NAME = 48 /* code points that are compared for likeness */
};

typedef struct candidate {
	tt_id id;
	size_t n_changes; /* NEARLY: letters that differ */
} candidate;

typedef struct name_search {
	tt_db *db;
	tt_labels *labels;
	tt_view name;
	bool is_property;
	bool is_ascii;
	candidate found[N_FITS][MOST_CANDIDATES];
	size_t n_found[N_FITS];
} name_search;

/* ---- comparing names -------------------------------------------------------------------------------- */

static bool is_ascii(tt_view text)
{
	for (size_t i = 0; i < text.size; ++i) {
		if ((unsigned char)text.data[i] >= 0x80) {
			return false;
		}
	}
	return true;
}

/* In IRIs the space of a name is often an underscore. */
static char fold(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c == '_' ? ' ' : c);
}

static bool is_alike(tt_view a, tt_view b, bool both_ascii)
{
	if (both_ascii) {
		for (size_t i = 0; a.size == b.size && i < a.size; ++i) {
			if (fold(a.data[i]) != fold(b.data[i])) {
				return false;
			}
		}
		return a.size == b.size;
	}
	int order = 1;
	return u8_casecmp((const uint8_t *)a.data, a.size, (const uint8_t *)b.data, b.size, NULL, UNINORM_NFC, &order) ==
	           0 &&
	       order == 0;
}

/* The letters of a name, small, or 0 if there are too many. */
static size_t decode(tt_view text, uint32_t letters[LONGEST_NAME])
{
	size_t n = 0;
	for (size_t at = 0; at < text.size;) {
		unsigned n_bytes = 1;
		const uint32_t c = tt_utf8_decode(text.data + at, text.size - at, &n_bytes);
		if (n == LONGEST_NAME) {
			return 0;
		}
		letters[n++] = c < 0x80 ? (uint32_t)(unsigned char)fold((char)c) : c;
		at += n_bytes;
	}
	return n;
}

/* How many letters must be changed, added or left out; SIZE_MAX for long names. */
static size_t count_changes(tt_view a, tt_view b)
{
	uint32_t x[LONGEST_NAME];
	uint32_t y[LONGEST_NAME];
	size_t row[LONGEST_NAME + 1];
	const size_t n_x = decode(a, x);
	const size_t n_y = decode(b, y);
	if (!n_x || !n_y) {
		return SIZE_MAX;
	}
	for (size_t j = 0; j <= n_y; ++j) {
		row[j] = j;
	}
	for (size_t i = 1; i <= n_x; ++i) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= n_y; ++j) {
			size_t best = diagonal + (x[i - 1] != y[j - 1]);
			best = row[j] + 1 < best ? row[j] + 1 : best;
			best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
			diagonal = row[j];
			row[j] = best;
		}
	}
	return row[n_y];
}

static tt_view local_name(tt_view iri)
{
	size_t at = iri.size;
	while (at > 0 && !strchr("/#:", iri.data[at - 1])) {
		--at;
	}
	return tt_view_skip(iri, at);
}

/* ---- candidates ------------------------------------------------------------------------------------- */

/* Keep a candidate, of those that nearly fit the nearest ones. */
static void keep(name_search *search, fit how, tt_id id, size_t n_changes)
{
	candidate *const list = search->found[how];
	size_t *const n = &search->n_found[how];
	size_t at = 0;
	for (size_t i = 0; i < *n; ++i) {
		if (list[i].id == id) {
			list[i].n_changes = n_changes < list[i].n_changes ? n_changes : list[i].n_changes;
			return;
		}
	}
	while (at < *n && list[at].n_changes <= n_changes) {
		++at;
	}
	if (at == MOST_CANDIDATES) {
		return;
	}
	const size_t n_moved = (*n == MOST_CANDIDATES ? *n - 1 : *n) - at;
	memmove(list + at + 1, list + at, n_moved * sizeof *list);
	list[at] = (candidate){id, n_changes};
	*n += *n < MOST_CANDIDATES;
}

static void judge(name_search *search, tt_view name, tt_id id, fit if_exact)
{
	if (tt_view_equal(name, search->name)) {
		keep(search, if_exact, id, 0);
	} else if (is_alike(name, search->name, search->is_ascii && is_ascii(name))) {
		keep(search, FITS_ROUGHLY, id, 0);
	} else if (!search->n_found[FITS_LOCAL] && !search->n_found[FITS_LABEL] && !search->n_found[FITS_ROUGHLY]) {
		const size_t longer = name.size > search->name.size ? name.size - search->name.size
		                                                    : search->name.size - name.size;
		const size_t most = search->name.size / 3 + 1;
		const size_t n_changes = longer <= 4 * most ? count_changes(name, search->name) : SIZE_MAX;
		if (n_changes <= most) {
			keep(search, NEARLY, id, n_changes);
		}
	}
}

static tt_status exists(name_search *search, tt_id id, bool *out)
{
	static const tt_perm of_things[] = {TT_SPO, TT_OSP};
	static const tt_perm of_properties[] = {TT_PSO, TT_PSO};
	*out = false;
	for (size_t i = 0; i < 2 && id && !*out; ++i) {
		uint64_t n_quads = 0;
		const tt_scan_spec spec = {
		    .perm = search->is_property ? of_properties[i] : of_things[i], .n_bound = 1, .bound = {id}};
		TT_TRY(tt_snapshot_count(search->labels->terms->snapshot, &spec, &n_quads));
		*out = n_quads > 0;
	}
	return TT_OK;
}

static tt_status find_term(name_search *search, const tt_term *term, tt_id *out_id)
{
	bool is_there = false;
	TT_TRY(tt_snapshot_find(search->labels->terms->snapshot, term, out_id));
	TT_TRY(exists(search, *out_id, &is_there));
	*out_id = is_there ? *out_id : TT_UNBOUND;
	return TT_OK;
}

/* ---- probes ----------------------------------------------------------------------------------------- */

tt_status tt_resolve_iri(tt_db *db, tt_arena *arena, tt_view name, tt_view *out_iri, bool *out_is_iri)
{
	const char *const colon = name.size ? memchr(name.data, ':', name.size) : NULL;
	*out_is_iri = true;
	if (name.size > 2 && name.data[0] == '<' && name.data[name.size - 1] == '>') {
		*out_iri = (tt_view){name.data + 1, name.size - 2};
		return tt_iri_demand(arena->ctx, *out_iri, "name");
	}
	const tt_view prefix = {name.data, colon ? (size_t)(colon - name.data) : 0};
	const tt_view *const space = colon ? tt_prefixes_find(&db->prefixes, prefix) : NULL;
	if (space && !tt_view_starts(tt_view_skip(name, prefix.size + 1), TT_VIEW("//"))) {
		const tt_view local = tt_view_skip(name, prefix.size + 1);
		char *const iri = tt_arena_alloc(arena, space->size + local.size + 1);
		if (!iri) {
			return arena->ctx->error.status;
		}
		memcpy(iri, space->data, space->size);
		memcpy(iri + space->size, local.data, local.size);
		*out_iri = (tt_view){iri, space->size + local.size};
		return TT_OK;
	}
	*out_iri = name;
	*out_is_iri = colon && tt_iri_is_absolute(name) && tt_iri_is_valid(name);
	return TT_OK;
}

/* The name as a local name behind the namespaces of the data. */
static tt_status probe_prefixes(name_search *search)
{
	const tt_prefixes *const prefixes = &search->db->data_prefixes;
	tt_buffer iri;
	tt_buffer_init(&iri, search->labels->terms->ctx);
	tt_status status = TT_OK;
	for (size_t i = 0; i < prefixes->n_items && status == TT_OK; ++i) {
		tt_id id = TT_UNBOUND;
		tt_buffer_reset(&iri);
		TT_TRY_DONE(tt_buffer_append(&iri, prefixes->items[i].iri));
		TT_TRY_DONE(tt_buffer_append(&iri, search->name));
		const tt_term term = tt_term_iri(tt_buffer_view(&iri));
		TT_TRY_DONE(find_term(search, &term, &id));
		if (id) {
			keep(search, FITS_LOCAL, id, 0);
		}
	}
done:
	tt_buffer_clear(&iri);
	return status;
}

static tt_status probe_label(name_search *search, tt_id property, tt_id label)
{
	enum { ROWS = MOST_CANDIDATES + 1 };
	const tt_scan_spec spec = {.perm = TT_POS, .n_bound = 2, .bound = {property, label}, .is_merged = true};
	tt_id subjects[ROWS];
	tt_id *const columns[4] = {NULL, NULL, subjects, NULL};
	tt_scan *scan = NULL;
	TT_TRY(tt_scan_open(search->labels->terms->snapshot, &spec, &scan));
	size_t n_rows = 0;
	tt_status status = tt_scan_next(scan, columns, ROWS, &n_rows);
	tt_scan_close(scan);
	for (size_t i = 0; i < n_rows && status == TT_OK; ++i) {
		bool is_meant = true;
		status = search->is_property ? exists(search, subjects[i], &is_meant) : TT_OK;
		if (is_meant) {
			keep(search, FITS_LABEL, subjects[i], 0);
		}
	}
	return status;
}

static tt_status probe_labels(name_search *search)
{
	const tt_labels *const labels = search->labels;
	const tt_term terms[] = {tt_term_string(search->name), tt_term_lang(search->name, TT_VIEW("en")),
	                         tt_term_lang(search->name, labels->language)};
	const size_t n_terms = labels->language.size ? 3 : 2;
	for (size_t t = 0; t < n_terms; ++t) {
		tt_id id = TT_UNBOUND;
		TT_TRY(tt_snapshot_find(labels->terms->snapshot, &terms[t], &id));
		for (size_t i = 0; i < labels->n_properties && id; ++i) {
			TT_TRY(probe_label(search, labels->properties[i], id));
		}
	}
	return TT_OK;
}

/* ---- the sweep -------------------------------------------------------------------------------------- */

static tt_status sweep_labels(name_search *search, tt_id property)
{
	enum { ROWS = 512 };
	const tt_scan_spec spec = {.perm = TT_PSO, .n_bound = 1, .bound = {property}, .is_merged = true};
	tt_terms *const terms = search->labels->terms;
	tt_id subjects[ROWS];
	tt_id objects[ROWS];
	tt_id *const columns[4] = {NULL, subjects, objects, NULL};
	tt_scan *scan = NULL;
	TT_TRY(tt_scan_open(terms->snapshot, &spec, &scan));
	size_t n_rows = 0;
	tt_status status = TT_OK;
	do {
		TT_TRY_DONE(tt_ctx_poll(terms->ctx));
		TT_TRY_DONE(tt_scan_next(scan, columns, ROWS, &n_rows));
		for (size_t i = 0; i < n_rows; ++i) {
			tt_scratch scratch;
			tt_term term;
			bool is_meant = tt_id_kind(objects[i]) == TT_KIND_LITERAL;
			TT_TRY_DONE(is_meant && search->is_property ? exists(search, subjects[i], &is_meant) : TT_OK);
			if (is_meant) {
				TT_TRY_DONE(tt_terms_get(terms, objects[i], &scratch, &term));
				judge(search, term.text, subjects[i], FITS_LABEL);
			}
		}
	} while (n_rows);
done:
	tt_scan_close(scan);
	return status;
}

/* Each different first column of an order once: seeking leaps over its rows. */
static tt_status sweep_iris(name_search *search, tt_perm perm)
{
	tt_terms *const terms = search->labels->terms;
	const tt_scan_spec spec = {.perm = perm};
	tt_id id = TT_UNBOUND;
	tt_id *const columns[4] = {&id, NULL, NULL, NULL};
	tt_scan *scan = NULL;
	TT_TRY(tt_scan_open(terms->snapshot, &spec, &scan));
	size_t n_rows = 0;
	tt_status status = tt_scan_next(scan, columns, 1, &n_rows);
	for (uint64_t n = 0; n_rows && status == TT_OK; ++n) {
		if (tt_id_kind(id) == TT_KIND_IRI) {
			tt_scratch scratch;
			tt_term term;
			TT_TRY_DONE(tt_terms_get(terms, id, &scratch, &term));
			judge(search, local_name(term.text), id, FITS_LOCAL);
		}
		TT_TRY_DONE(n % 512 == 0 ? tt_ctx_poll(terms->ctx) : TT_OK);
		const tt_id next = id + 1;
		TT_TRY_DONE(tt_scan_seek(scan, &next, 1));
		TT_TRY_DONE(tt_scan_next(scan, columns, 1, &n_rows));
	}
done:
	tt_scan_close(scan);
	return status;
}

static tt_status sweep(name_search *search)
{
	TT_TRY(sweep_iris(search, search->is_property ? TT_PSO : TT_SPO));
	TT_TRY(search->is_property ? TT_OK : sweep_iris(search, TT_OSP));
	for (size_t i = 0; i < search->labels->n_properties; ++i) {
		TT_TRY(sweep_labels(search, search->labels->properties[i]));
	}
	return TT_OK;
}

/* ---- the answer ------------------------------------------------------------------------------------- */

static tt_status list_candidates(name_search *search, fit how, tt_buffer *out)
{
	const candidate *const list = search->found[how];
	for (size_t i = 0; i < search->n_found[how] && i < MOST_SHOWN && list[i].n_changes == list[0].n_changes; ++i) {
		tt_scratch scratch;
		tt_term term;
		tt_view label;
		TT_TRY(tt_terms_get(search->labels->terms, list[i].id, &scratch, &term));
		TT_TRY(tt_labels_find(search->labels, list[i].id, &label, NULL));
		TT_TRY(tt_buffer_printf(out, "%s%.*s%s%s%.*s%s", i ? ", " : "", TT_VIEW_ARG(label), label.size ? " " : "",
		                        term.kind == TT_TERM_BLANK ? "_:" : "<", TT_VIEW_ARG(term.text),
		                        term.kind == TT_TERM_BLANK ? "" : ">"));
	}
	return tt_buffer_terminate(out);
}

static tt_status complain(name_search *search, fit how)
{
	tt_ctx *const ctx = search->labels->terms->ctx;
	const char *const kind = search->is_property ? "property" : "thing";
	tt_buffer list;
	tt_buffer_init(&list, ctx);
	tt_status status = list_candidates(search, how, &list);
	if (status != TT_OK) {
		/* that is said already */
	} else if (how != NEARLY) {
		status = tt_fail(ctx, TT_BAD_ARGUMENT, "\"%.*s\" may be any of %s: name it by its IRI",
		                 TT_VIEW_ARG(search->name), list.data);
	} else if (search->n_found[NEARLY]) {
		status = tt_fail(ctx, TT_NOT_FOUND, "the data have no %s \"%.*s\": did you mean %s?", kind,
		                 TT_VIEW_ARG(search->name), list.data);
	} else {
		status = tt_fail(ctx, TT_NOT_FOUND, "the data have no %s \"%.*s\"", kind, TT_VIEW_ARG(search->name));
	}
	tt_buffer_clear(&list);
	return status;
}

static tt_status choose(name_search *search, tt_id *out_id)
{
	for (fit how = FITS_LOCAL; how <= FITS_ROUGHLY; ++how) {
		if (search->n_found[how]) {
			*out_id = search->found[how][0].id;
			return search->n_found[how] == 1 ? TT_OK : complain(search, how);
		}
	}
	return TT_OK;
}

/* Names that say by their form what they are. */
static tt_status take_written(name_search *search, tt_id *out_id)
{
	tt_ctx *const ctx = search->labels->terms->ctx;
	const tt_view name = search->name;
	tt_term term = {.kind = TT_TERM_NONE};
	tt_view iri = {NULL, 0};
	bool is_iri = false;
	if (tt_view_starts(name, TT_VIEW("_:")) && !search->is_property) {
		term = tt_term_blank(tt_view_skip(name, 2));
	} else {
		TT_TRY(tt_resolve_iri(search->db, search->labels->arena, name, &iri, &is_iri));
		term = is_iri ? tt_term_iri(iri) : term;
	}
	TT_TRY(term.kind ? find_term(search, &term, out_id) : TT_OK);
	if (!*out_id && term.kind && name.data[0] == '<') {
		return tt_fail(ctx, TT_NOT_FOUND, "the data say nothing of %.*s", TT_VIEW_ARG(name));
	}
	return TT_OK;
}

tt_status tt_resolve(tt_db *db, tt_labels *labels, tt_view name, bool is_property, tt_id *out_id)
{
	name_search search = {
	    .db = db, .labels = labels, .name = name, .is_property = is_property, .is_ascii = is_ascii(name)};
	*out_id = TT_UNBOUND;
	if (!name.size || tt_utf8_check(name) != name.size) {
		return tt_fail(labels->terms->ctx, TT_BAD_ARGUMENT, "a name must be text that is not empty, in UTF-8");
	}
	TT_TRY(take_written(&search, out_id));
	tt_status (*const steps[])(name_search *) = {probe_prefixes, probe_labels, sweep};
	for (size_t i = 0; i < sizeof steps / sizeof *steps && !*out_id; ++i) {
		TT_TRY(steps[i](&search));
		TT_TRY(choose(&search, out_id));
	}
	return *out_id ? TT_OK : complain(&search, NEARLY);
}
