/* thing.c - names of resources. */
#include "evidence/thing.h"

static tt_status find_iri(tt_arena *arena, tt_snapshot *snapshot, tt_view space, tt_view local, tt_id *out_id)
{
	tt_buffer iri;
	tt_buffer_init(&iri, arena->ctx);
	tt_status status = tt_buffer_append(&iri, space);
	status = status ? status : tt_buffer_append(&iri, local);
	const tt_term term = tt_term_iri(tt_buffer_view(&iri));
	status = status ? status : tt_snapshot_find(snapshot, &term, out_id);
	tt_buffer_clear(&iri);
	return status;
}

/* The subject of which a literal is a value. */
static tt_status find_bearer(tt_snapshot *snapshot, const tt_term *label, tt_id *out_id)
{
	tt_id id = TT_UNBOUND;
	size_t n = 0;
	tt_scan *scan = NULL;
	tt_id *const columns[4] = {NULL, out_id, NULL, NULL};
	TT_TRY(tt_snapshot_find(snapshot, label, &id));
	if (id == TT_UNBOUND) {
		return TT_OK;
	}
	const tt_scan_spec spec = {.perm = TT_OSP, .n_bound = 1, .bound = {id}, .choice = TT_GRAPHS_ALL};
	TT_TRY(tt_scan_open(snapshot, &spec, &scan));
	const tt_status status = tt_scan_next(scan, columns, 1, &n);
	tt_scan_close(scan);
	return status;
}

static tt_status find_label(tt_snapshot *snapshot, tt_view text, tt_id *out_id)
{
	static const char *const languages[] = {"", "en", "de", "fr", "es", "it", "ru", "zh"};
	for (size_t i = 0; i < sizeof languages / sizeof *languages && !*out_id; ++i) {
		const tt_term term = i ? tt_term_lang(text, tt_view_of(languages[i])) : tt_term_string(text);
		TT_TRY(find_bearer(snapshot, &term, out_id));
	}
	return TT_OK;
}

static tt_status complain(tt_db *db, tt_arena *arena, tt_snapshot *snapshot, tt_view name, tt_near_role role)
{
	const tt_near_place place = {.snapshot = snapshot, .prefixes = &db->prefixes, .role = role};
	const tt_term wanted = tt_term_iri(name);
	tt_near near[TT_NEAR_MOST];
	size_t n = 0;
	const tt_prefix *prefix = NULL;
	tt_view local;
	TT_TRY(tt_nearest_terms(arena, &place, &wanted, near, &n));
	if (!n) {
		return tt_fail(&db->ctx, TT_NOT_FOUND, "there is nothing by the name of %.*s in the data", TT_VIEW_ARG(name));
	}
	if (tt_prefixes_shorten(&db->prefixes, near[0].term.text, &prefix, &local)) {
		return tt_fail(&db->ctx, TT_NOT_FOUND,
		               "there is nothing by the name of %.*s in the data; did you mean %.*s:%.*s?", TT_VIEW_ARG(name),
		               TT_VIEW_ARG(prefix->name), TT_VIEW_ARG(local));
	}
	return tt_fail(&db->ctx, TT_NOT_FOUND, "there is nothing by the name of %.*s in the data; did you mean <%.*s>?",
	               TT_VIEW_ARG(name), TT_VIEW_ARG(near[0].term.text));
}

tt_status tt_thing_find(tt_db *db, tt_arena *arena, tt_snapshot *snapshot, const char *name, tt_near_role role,
                        tt_id *out_id)
{
	const tt_view text = tt_view_of(name);
	const bool is_bracketed = text.size > 2 && name[0] == '<' && name[text.size - 1] == '>';
	const tt_view bare = is_bracketed ? (tt_view){name + 1, text.size - 2} : text;
	const char *const colon = is_bracketed ? NULL : strchr(name, ':');
	const tt_view *const space = colon ? tt_prefixes_find(&db->prefixes, (tt_view){name, (size_t)(colon - name)})
	                                   : NULL;
	const tt_view expanded_local = space ? tt_view_of(colon + 1) : (tt_view){"", 0};
	*out_id = TT_UNBOUND;
	TT_TRY(space ? find_iri(arena, snapshot, *space, expanded_local, out_id)
	             : find_iri(arena, snapshot, bare, (tt_view){"", 0}, out_id));
	for (size_t i = 0; i < db->data_prefixes.n_items && !*out_id && !is_bracketed && !colon; ++i) {
		TT_TRY(find_iri(arena, snapshot, db->data_prefixes.items[i].iri, bare, out_id));
	}
	TT_TRY(*out_id || is_bracketed ? TT_OK : find_label(snapshot, bare, out_id));
	if (*out_id) {
		return TT_OK;
	}
	if (!space) {
		return complain(db, arena, snapshot, bare, role);
	}
	tt_buffer iri;
	tt_buffer_init(&iri, &db->ctx);
	tt_status status = tt_buffer_append(&iri, *space);
	status = status ? status : tt_buffer_append(&iri, expanded_local);
	status = status ? status : complain(db, arena, snapshot, tt_buffer_view(&iri), role);
	tt_buffer_clear(&iri);
	return status;
}
