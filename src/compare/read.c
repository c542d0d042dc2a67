/* read.c - statements of one node, a property at a time.
 *
 * Which properties a node has is found by leaping from one to the next, how many values each has by counting blocks: a
 * node with a million statements costs a few seeks for each of its properties. */
#include "compare/compare.h"

bool tt_id_list_has(const tt_id_list *list, tt_id id)
{
	for (size_t i = 0; i < list->n_ids; ++i) {
		if (list->ids[i] == id) {
			return true;
		}
	}
	return false;
}

static tt_status append(tt_arena *arena, tt_id_list *list, tt_id id)
{
	TT_TRY(list->n_ids < list->capacity
	           ? TT_OK
	           : tt_arena_grow(arena, (void **)&list->ids, &list->capacity, list->n_ids, sizeof *list->ids));
	list->ids[list->n_ids++] = id;
	return TT_OK;
}

tt_status tt_id_list_add(tt_arena *arena, tt_id_list *list, tt_id id)
{
	return tt_id_list_has(list, id) ? TT_OK : append(arena, list, id);
}

tt_status tt_compare_each_property(tt_compare *compare, tt_id node, bool is_inverse, tt_property_visit visit,
                                   void *user)
{
	tt_scan_spec spec = {.perm = is_inverse ? TT_OPS : TT_SPO, .n_bound = 1, .bound = {node}};
	tt_id property = TT_UNBOUND;
	tt_id *const columns[4] = {NULL, &property, NULL, NULL};
	tt_scan *scan = NULL;
	size_t n_rows = 0;
	TT_TRY(tt_scan_open(compare->snapshot, &spec, &scan));
	tt_status status = tt_scan_next(scan, columns, 1, &n_rows);
	while (n_rows && status == TT_OK) {
		uint64_t n_quads = 0;
		const tt_scan_spec of_property = {.perm = spec.perm, .n_bound = 2, .bound = {node, property}};
		TT_TRY_DONE(tt_ctx_poll(&compare->ctx));
		TT_TRY_DONE(tt_snapshot_count(compare->snapshot, &of_property, &n_quads));
		TT_TRY_DONE(visit(compare, user, property, n_quads));
		const tt_id next = property + 1;
		TT_TRY_DONE(tt_scan_seek(scan, &next, 1));
		TT_TRY_DONE(tt_scan_next(scan, columns, 1, &n_rows));
	}
done:
	tt_scan_close(scan);
	return status;
}

tt_status tt_compare_values_of(tt_compare *compare, tt_id node, tt_id property, bool is_inverse, size_t n_most,
                               tt_id_list *out_values, uint64_t *out_n_all)
{
	enum { ROWS = 512 };
	const tt_scan_spec spec = {
	    .perm = is_inverse ? TT_OPS : TT_SPO, .n_bound = 2, .bound = {node, property}, .is_merged = true};
	tt_id values[ROWS];
	tt_id *const columns[4] = {NULL, NULL, values, NULL};
	tt_scan *scan = NULL;
	size_t n_rows = 0;
	uint64_t n_all = 0;
	TT_TRY(tt_scan_open(compare->snapshot, &spec, &scan));
	tt_status status = TT_OK;
	do {
		TT_TRY_DONE(tt_ctx_poll(&compare->ctx));
		TT_TRY_DONE(tt_scan_next(scan, columns, ROWS, &n_rows));
		for (size_t i = 0; i < n_rows && n_all + i < n_most; ++i) {
			TT_TRY_DONE(append(&compare->arena, out_values, values[i]));
		}
		n_all += n_rows;
	} while (n_rows && (out_n_all || n_all < n_most));
	if (out_n_all) {
		*out_n_all = n_all;
	}
done:
	tt_scan_close(scan);
	return status;
}

tt_status tt_compare_role_values(tt_compare *compare, tt_id node, tt_role role, tt_id_list *out_values)
{
	enum { MOST = 1000 };
	tt_id_list found = {.ids = NULL};
	for (size_t i = 0; i < compare->n_roles[role]; ++i) {
		TT_TRY(tt_compare_values_of(compare, node, compare->roles[role][i], false, MOST, &found, NULL));
	}
	for (size_t i = 0; i < found.n_ids; ++i) {
		TT_TRY(tt_id_list_add(&compare->arena, out_values, found.ids[i]));
	}
	return TT_OK;
}

tt_status tt_compare_graphs_of(tt_compare *compare, tt_id subject, tt_id property, tt_id object, tt_id_list *out_graphs)
{
	enum { ROWS = 64 };
	const tt_scan_spec spec = {
	    .perm = TT_SPO, .n_bound = 3, .bound = {subject, property, object}, .choice = TT_GRAPHS_NAMED};
	tt_id graphs[ROWS];
	tt_id *const columns[4] = {NULL, NULL, NULL, graphs};
	tt_scan *scan = NULL;
	size_t n_rows = 0;
	TT_TRY(tt_scan_open(compare->snapshot, &spec, &scan));
	tt_status status = TT_OK;
	do {
		TT_TRY_DONE(tt_scan_next(scan, columns, ROWS, &n_rows));
		for (size_t i = 0; i < n_rows; ++i) {
			TT_TRY_DONE(append(&compare->arena, out_graphs, graphs[i]));
		}
	} while (n_rows);
done:
	tt_scan_close(scan);
	return status;
}

/* ---- roles ------------------------------------------------------------------------------------------ */

typedef struct role_entry {
	const char *iris[2]; /* the second may be NULL */
	bool is_class;
} role_entry;

#define TT_ROLE(name, iri, second, is_class) {{iri, second}, is_class},
static const role_entry role_entries[] = {
#include "compare/roles.def"
};
#undef TT_ROLE

static tt_status find_iri(tt_compare *compare, const char *iri, tt_id *out_id)
{
	const tt_term term = tt_term_iri(tt_view_of(iri));
	return tt_snapshot_find(compare->snapshot, &term, out_id);
}

tt_status tt_compare_find_roles(tt_compare *compare)
{
	static const char *const below[] = {"http://www.w3.org/2000/01/rdf-schema#subPropertyOf",
	                                    "http://www.w3.org/2000/01/rdf-schema#subClassOf"};
	static const char *const same[] = {"http://www.w3.org/2002/07/owl#equivalentProperty",
	                                   "http://www.w3.org/2002/07/owl#equivalentClass"};
	TT_TRY(find_iri(compare, "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", &compare->type));
	TT_TRY(find_iri(compare, "http://purl.org/dc/terms/subject", &compare->subject));
	for (size_t i = 0; i < 2 * (size_t)TT_N_ROLES; ++i) {
		const role_entry *const entry = &role_entries[i / 2];
		tt_id root = TT_UNBOUND;
		TT_TRY(entry->iris[i % 2] ? find_iri(compare, entry->iris[i % 2], &root) : TT_OK);
		TT_TRY(root ? tt_closure(&compare->terms, root, tt_view_of(below[entry->is_class]),
		                         tt_view_of(same[entry->is_class]), compare->roles[i / 2], TT_COMPARE_MOST_CLOSURE,
		                         &compare->n_roles[i / 2])
		            : TT_OK);
	}
	return TT_OK;
}

bool tt_compare_has_role(const tt_compare *compare, tt_role role, tt_id id)
{
	for (size_t i = 0; i < compare->n_roles[role]; ++i) {
		if (compare->roles[role][i] == id) {
			return true;
		}
	}
	return false;
}
