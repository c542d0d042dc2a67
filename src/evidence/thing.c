/* thing.c - names of resources. */
#include "evidence/thing.h"

#include "engine/resolve.h"

/* Say what may have been meant by an IRI that is not there. */
static tt_status complain(tt_db *db, tt_arena *arena, tt_snapshot *snapshot, const char *name, tt_view iri,
                          tt_near_role role)
{
	const tt_near_place place = {.snapshot = snapshot, .prefixes = &db->prefixes, .role = role};
	const tt_term wanted = tt_term_iri(iri);
	tt_near near[TT_NEAR_MOST];
	size_t n = 0;
	const tt_prefix *prefix = NULL;
	tt_view local;
	TT_TRY(tt_nearest_terms(arena, &place, &wanted, near, &n));
	if (!n) {
		return tt_fail(arena->ctx, TT_NOT_FOUND, "the data say nothing of %s", name);
	}
	if (tt_prefixes_shorten(&db->prefixes, near[0].term.text, &prefix, &local)) {
		return tt_fail(arena->ctx, TT_NOT_FOUND, "the data say nothing of %s: did you mean %.*s:%.*s?", name,
		               TT_VIEW_ARG(prefix->name), TT_VIEW_ARG(local));
	}
	return tt_fail(arena->ctx, TT_NOT_FOUND, "the data say nothing of %s: did you mean <%.*s>?", name,
	               TT_VIEW_ARG(near[0].term.text));
}

tt_status tt_thing_find(tt_db *db, tt_arena *arena, tt_snapshot *snapshot, const char *name, tt_near_role role,
                        tt_id *out_id)
{
	tt_terms terms;
	tt_labels labels = {.terms = NULL};
	tt_view iri;
	bool is_iri = false;
	tt_terms_init(&terms, arena->ctx, snapshot);
	tt_status status = tt_labels_init(&labels, &terms, arena, TT_VIEW("en"));
	status = status ? status : tt_resolve(db, &labels, tt_view_of(name), false, out_id);
	tt_labels_clear(&labels);
	tt_terms_clear(&terms);
	if (status == TT_NOT_FOUND) {
		TT_TRY(tt_resolve_iri(db, arena, tt_view_of(name), &iri, &is_iri));
		return is_iri ? complain(db, arena, snapshot, name, iri, role) : status;
	}
	return status;
}
