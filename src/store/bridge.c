/* bridge.c - opening a Redland storage, its dictionary and its log. */
#include "store/bridge.h"

#include <stdio.h>
#include <sys/random.h>

#include "rdf/node.h"
#include "store/bridge_parts.h"

/** Terms that are kept for nobody: more are forgotten when the last reader has gone. */
enum { MOST_IDLE_TERMS = 1 << 20 };

/* ---- the log ------------------------------------------------------------------------------------------ */

/* Keep the first error; nothing is printed. */
static int hear(void *user, librdf_log_message *message)
{
	tt_bridge *const store = user;
	if (tt_lib.librdf_log_message_level(message) >= LIBRDF_LOG_ERROR && !store->message[0]) {
		const char *const text = tt_lib.librdf_log_message_message(message);
		const size_t n = strcspn(text ? text : "", "\n");
		(void)snprintf(store->message, sizeof store->message, "%.*s", (int)(n < 500 ? n : 500), text ? text : "");
	}
	return 1;
}

void tt_bridge_listen(tt_bridge *store)
{
	store->message[0] = '\0';
}

tt_status tt_bridge_fail(tt_ctx *ctx, const tt_bridge *store, const char *action)
{
	return tt_fail(ctx, TT_IO, "cannot %s the Redland storage %s%s%s", action, store->description,
	               store->message[0] ? ": " : "", store->message);
}

/* ---- the dictionary ----------------------------------------------------------------------------------- */

static bool find_number(const tt_bridge *store, const tt_term *term, uint64_t hash, uint64_t *out_number)
{
	uint64_t cursor = 0;
	while (tt_map_next(&store->by_hash, hash, &cursor, out_number)) {
		if (tt_term_equal(&store->terms[*out_number - 1], term)) {
			return true;
		}
	}
	return false;
}

static tt_status keep_text(tt_arena *arena, tt_view text, tt_view *out_kept)
{
	char *const copy = tt_arena_strndup(arena, text.data ? text.data : "", text.size);
	*out_kept = (tt_view){copy, text.size};
	return copy ? TT_OK : arena->ctx->error.status;
}

/* In lower case, as stores keep tags (RDF 1.1 Concepts §3.3). */
static tt_status keep_language(tt_arena *arena, tt_view language, tt_view *out_kept)
{
	char *const copy = tt_arena_strndup(arena, language.data ? language.data : "", language.size);
	*out_kept = (tt_view){copy, language.size};
	for (size_t i = 0; copy && i < language.size; ++i) {
		copy[i] = (char)(copy[i] >= 'A' && copy[i] <= 'Z' ? copy[i] | 0x20 : copy[i]);
	}
	return copy ? TT_OK : arena->ctx->error.status;
}

static tt_status add_term(tt_bridge *store, const tt_term *term, uint64_t hash, uint64_t *out_number)
{
	TT_TRY(tt_grow(store->base.ctx, (void **)&store->terms, &store->n_terms_capacity, store->n_terms + 1,
	               sizeof *store->terms));
	tt_term *const kept = &store->terms[store->n_terms];
	*kept = *term;
	TT_TRY(keep_text(&store->texts, term->text, &kept->text));
	TT_TRY(keep_text(&store->texts, term->datatype, &kept->datatype));
	TT_TRY(keep_language(&store->texts, term->language, &kept->language));
	TT_TRY(tt_map_insert(&store->by_hash, hash, store->n_terms + 1));
	*out_number = ++store->n_terms;
	return TT_OK;
}

tt_status tt_bridge_intern(tt_ctx *ctx, tt_bridge *store, const tt_term *term, tt_id *out_id)
{
	static const tt_kind kinds[] = {
	    [TT_TERM_BLANK] = TT_KIND_BLANK_LABELLED, [TT_TERM_IRI] = TT_KIND_IRI, [TT_TERM_LITERAL] = TT_KIND_LITERAL};
	if (tt_value_from_term(term, out_id)) {
		return TT_OK;
	}
	const uint64_t hash = tt_term_hash(term);
	uint64_t number = 0;
	if (!find_number(store, term, hash, &number)) {
		const tt_status status = add_term(store, term, hash, &number);
		if (status != TT_OK) {
			tt_ctx_copy_error(ctx, store->base.ctx);
			return status;
		}
	}
	*out_id = tt_id_make(kinds[term->kind], number);
	return TT_OK;
}

tt_status tt_bridge_term(tt_ctx *ctx, const tt_bridge *store, tt_id id, tt_scratch *scratch, tt_term *out_term)
{
	if (tt_id_is_inline(id)) {
		*out_term = tt_value_to_term(id, scratch);
		return TT_OK;
	}
	const uint64_t number = tt_id_payload(id);
	if (!tt_id_is_dictionary(id) || number == 0 || number > store->n_terms) {
		return tt_fail(ctx, TT_NOT_FOUND, "no term has the id %016llx", (unsigned long long)id);
	}
	*out_term = store->terms[number - 1];
	return TT_OK;
}

librdf_node *tt_bridge_node(tt_ctx *ctx, const tt_bridge *store, tt_id id)
{
	tt_scratch scratch;
	tt_term term;
	librdf_node *const node = tt_bridge_term(ctx, store, id, &scratch, &term) == TT_OK
	                              ? tt_node_of_term(store->world, &term)
	                              : NULL;
	if (!node && ctx->error.status == TT_OK) {
		(void)tt_fail(ctx, TT_NO_MEMORY, "out of memory");
	}
	return node;
}

static void forget_terms(tt_bridge *store)
{
	tt_map_clear(&store->by_hash);
	tt_arena_clear(&store->texts);
	tt_free(store->base.ctx, store->terms);
	store->terms = NULL;
	store->n_terms = 0;
	store->n_terms_capacity = 0;
}

void tt_bridge_enter(tt_bridge *store)
{
	store->n_users++;
}

void tt_bridge_leave(tt_bridge *store)
{
	if (--store->n_users == 0 && store->n_terms > MOST_IDLE_TERMS) {
		forget_terms(store);
	}
}

/* ---- opening ------------------------------------------------------------------------------------------ */

/** A description, taken apart; all in one piece of memory. */
typedef struct storage_parts {
	char *type;
	char *name; /* "": none; some storages take no NULL */
	char *options;
} storage_parts;

/* Whether an option is given: its name behind the start, a comma or a blank, and an equals sign behind it. */
static bool has_option(const char *options, const char *name)
{
	const size_t n_name = strlen(name);
	bool is_quoted = false;
	for (const char *c = options; *c; ++c) {
		const bool is_start = c == options || c[-1] == ',' || c[-1] == ' ';
		is_quoted ^= *c == '\'' && (c == options || c[-1] != '\\');
		if (!is_quoted && is_start && strncmp(c, name, n_name) == 0 && c[n_name + strspn(c + n_name, " ")] == '=') {
			return true;
		}
	}
	return false;
}

/* librdf skips what it does not understand, so that a forgotten quote would go unseen: each option is NAME='VALUE'. */
static bool are_options(const char *c)
{
	static const char names[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
	for (c += strspn(c, ", "); *c; c += strspn(c, ", ")) {
		const size_t n_name = strspn(c, names);
		c += n_name;
		c += strspn(c, " ");
		if (!n_name || *c++ != '=') {
			return false;
		}
		c += strspn(c, " ");
		if (*c++ != '\'') {
			return false;
		}
		for (; *c && *c != '\''; ++c) {
			c += *c == '\\' && c[1];
		}
		if (*c++ != '\'' || (*c && *c != ',' && *c != ' ')) {
			return false;
		}
	}
	return true;
}

/* TYPE[:NAME][,OPTIONS], and the options that we add. */
static tt_status take_apart(tt_bridge *store, storage_parts *out_parts)
{
	static const struct {
		const char *name, *text;
		bool is_for_reading;
	} defaults[] = {{"contexts", ",contexts='yes'", false},
	                {"hash-type", ",hash-type='memory'", false},
	                {"write", ",write='no'", true}};
	tt_ctx *const ctx = store->base.ctx;
	const char *const given = store->description;
	const size_t n_type = strcspn(given, ":,");
	const char *const name = given[n_type] == ':' ? given + n_type + 1 : NULL;
	const size_t n_name = name ? strcspn(name, ",") : 0;
	const char *const options = name ? name + n_name : given + n_type;
	if (!n_type || !are_options(options)) {
		(void)tt_fail(ctx, TT_BAD_ARGUMENT, "a Redland storage is TYPE[:NAME][,OPTION='VALUE']..., not \"%s\"", given);
		return TT_BAD_ARGUMENT;
	}
	tt_buffer all;
	tt_buffer_init(&all, ctx);
	tt_status status = tt_buffer_append(&all, tt_view_of(options));
	for (size_t i = 0; i < sizeof defaults / sizeof *defaults && status == TT_OK; ++i) {
		if ((!defaults[i].is_for_reading || store->is_read_only) && !has_option(options, defaults[i].name)) {
			status = tt_buffer_append(&all, tt_view_of(defaults[i].text));
		}
	}
	status = status ? status : tt_buffer_terminate(&all);
	out_parts->type = status ? NULL : tt_strndup(ctx, given, n_type);
	out_parts->name = status ? NULL : tt_strndup(ctx, name ? name : "", n_name);
	out_parts->options = all.data;
	return status || (out_parts->type && out_parts->name) ? status : TT_NO_MEMORY;
}

static bool is_known(librdf_world *world, const char *type)
{
	const char *name = NULL;
	for (unsigned i = 0; tt_lib.librdf_storage_enumerate(world, i, &name, NULL) == 0; ++i) {
		if (strcmp(name, type) == 0) {
			return true;
		}
	}
	return false;
}

static tt_status complain_unknown(tt_ctx *ctx, librdf_world *world, const char *type)
{
	char names[400] = "";
	size_t n = 0;
	const char *name = NULL;
	for (unsigned i = 0; tt_lib.librdf_storage_enumerate(world, i, &name, NULL) == 0; ++i) {
		if (n + strlen(name) + 3 < sizeof names) {
			n += (size_t)snprintf(names + n, sizeof names - n, "%s%s", i ? ", " : "", name);
		}
	}
	return tt_fail(ctx, TT_NOT_FOUND, "Redland has no storage \"%s\" here, but %s", type, names);
}

static bool has_contexts(const tt_bridge *store)
{
	librdf_uri *const feature = tt_lib.librdf_new_uri(store->world,
	                                                  (const unsigned char *)LIBRDF_MODEL_FEATURE_CONTEXTS);
	librdf_node *const value = feature ? tt_lib.librdf_storage_get_feature(store->storage, feature) : NULL;
	const unsigned char *const text = value ? tt_lib.librdf_node_get_literal_value(value) : NULL;
	const bool is_there = text && text[0] != '0';
	if (value) {
		tt_lib.librdf_free_node(value);
	}
	if (feature) {
		tt_lib.librdf_free_uri(feature);
	}
	return is_there;
}

static tt_status open_parts(tt_bridge *store, const storage_parts *parts)
{
	tt_ctx *const ctx = store->base.ctx;
	store->world = tt_lib.librdf_new_world();
	if (!store->world) {
		return tt_fail(ctx, TT_NO_MEMORY, "out of memory");
	}
	tt_lib.librdf_world_set_logger(store->world, store, hear);
	tt_lib.librdf_world_open(store->world);
	if (!is_known(store->world, parts->type)) {
		return complain_unknown(ctx, store->world, parts->type);
	}
	tt_bridge_listen(store);
	store->storage = tt_lib.librdf_new_storage(store->world, parts->type, parts->name, parts->options);
	store->model = store->storage ? tt_lib.librdf_new_model(store->world, store->storage, NULL) : NULL;
	/* Some storages are opened however broken: a file, say, that cannot be read. Remaking one may have its complaints.
	 */
	if (!store->model || (store->message[0] && !has_option(parts->options, "new"))) {
		return tt_bridge_fail(ctx, store, "open");
	}
	store->has_contexts = has_contexts(store);
	store->has_stale_contexts = strcmp(parts->type, "sqlite") == 0;
	store->loses_empty_literals = strcmp(parts->type, "postgresql") == 0;
	return TT_OK;
}

static void bridge_close(tt_store *base)
{
	tt_bridge *const store = (tt_bridge *)base;
	tt_ctx *const ctx = base->ctx;
	if (store->model) {
		tt_lib.librdf_free_model(store->model);
	}
	if (store->storage) {
		tt_lib.librdf_free_storage(store->storage);
	}
	if (store->world) {
		tt_lib.librdf_free_world(store->world);
	}
	forget_terms(store);
	tt_prefixes_clear(&store->prefixes);
	tt_free(ctx, store->description);
	tt_free(ctx, store);
}

/* Blank nodes that we make start at a random number: which labels the storage has nobody knows but by reading it all.
 */
static uint64_t random_blank(void)
{
	uint64_t number = 0;
	if (getrandom(&number, sizeof number, GRND_NONBLOCK) != (ssize_t)sizeof number) {
		number = tt_hash_u64((uint64_t)tt_now_ns());
	}
	return number % (TT_BLANK_LIMIT / 2) + 1;
}

tt_status tt_store_open_storage(tt_ctx *ctx, const char *description, tt_open_mode mode, tt_store **out_store)
{
	*out_store = NULL;
	TT_TRY(tt_lib_load(ctx));
	tt_bridge *const store = tt_calloc(ctx, 1, sizeof *store);
	if (!store) {
		return ctx->error.status;
	}
	store->base = (tt_store){&tt_bridge_backend, ctx};
	store->is_read_only = mode == TT_OPEN_READ;
	store->next_blank = random_blank();
	tt_arena_init(&store->texts, ctx);
	tt_map_init(&store->by_hash, ctx);
	tt_prefixes_init(&store->prefixes, ctx);
	storage_parts parts = {0};
	store->description = tt_strndup(ctx, description, strlen(description));
	tt_status status = store->description ? take_apart(store, &parts) : TT_NO_MEMORY;
	status = status ? status : open_parts(store, &parts);
	tt_free(ctx, parts.type);
	tt_free(ctx, parts.name);
	tt_free(ctx, parts.options);
	if (status != TT_OK) {
		bridge_close(&store->base);
		return status;
	}
	*out_store = &store->base;
	return TT_OK;
}

/* ---- small things ------------------------------------------------------------------------------------- */

static const char *bridge_path(const tt_store *base)
{
	return ((const tt_bridge *)base)->description;
}

static tt_status bridge_snapshot_begin(tt_ctx *ctx, tt_store *base, tt_snapshot **out_snapshot)
{
	tt_changes nothing = {0};
	tt_bridge_snapshot *snapshot = NULL;
	TT_TRY(tt_bridge_snapshot_new(ctx, (tt_bridge *)base, &nothing, &snapshot));
	*out_snapshot = &snapshot->base;
	return TT_OK;
}

static tt_status bridge_term(tt_snapshot *base, tt_id id, tt_term *out_term)
{
	return tt_bridge_term(base->ctx, ((tt_bridge_snapshot *)base)->store, id, NULL, out_term);
}

/* What the storage has never seen we cannot know: each term gets an id. */
static tt_status bridge_find(tt_snapshot *base, const tt_term *term, tt_id *out_id)
{
	return tt_bridge_intern(base->ctx, ((tt_bridge_snapshot *)base)->store, term, out_id);
}

static tt_status bridge_prefix(tt_snapshot *base, size_t n_th, tt_view *out_prefix, tt_view *out_iri)
{
	const tt_bridge_snapshot *const snapshot = (tt_bridge_snapshot *)base;
	const tt_prefixes *const prefixes = &snapshot->store->prefixes;
	if (n_th < prefixes->n_items) {
		*out_prefix = prefixes->items[n_th].name;
		*out_iri = prefixes->items[n_th].iri;
		return TT_OK;
	}
	const tt_buffer *const more = snapshot->new_prefixes;
	size_t n_left = n_th - prefixes->n_items;
	for (size_t at = 0; more && at < more->size;) {
		*out_prefix = tt_view_of(more->data + at);
		*out_iri = tt_view_of(more->data + at + out_prefix->size + 1);
		at += out_prefix->size + out_iri->size + 2;
		if (n_left-- == 0) {
			return TT_OK;
		}
	}
	return TT_NOT_FOUND;
}

const tt_backend tt_bridge_backend = {
    .close = bridge_close,
    .path = bridge_path,
    .snapshot_begin = bridge_snapshot_begin,
    .snapshot_end = tt_bridge_snapshot_end,
    .count = tt_bridge_count,
    .term = bridge_term,
    .find = bridge_find,
    .graphs = tt_bridge_graphs,
    .prefix = bridge_prefix,
    .stats = tt_bridge_stats,
    .estimate = tt_bridge_estimate,
    .predicate = tt_bridge_predicate,
    .predicates = tt_bridge_predicates,
    .scan_open = tt_bridge_scan_open,
    .scan_close = tt_bridge_scan_close,
    .scan_next = tt_bridge_scan_next,
    .scan_seek = tt_bridge_scan_seek,
    .scan_rebind = tt_bridge_scan_rebind,
    .txn_begin = tt_bridge_txn_begin,
    .txn_intern = tt_bridge_txn_intern,
    .txn_find = tt_bridge_txn_intern,
    .txn_new_blank = tt_bridge_txn_new_blank,
    .txn_change = tt_bridge_txn_change,
    .txn_snapshot = tt_bridge_txn_snapshot,
    .txn_mark = tt_bridge_txn_mark,
    .txn_undo = tt_bridge_txn_undo,
    .txn_changes = tt_bridge_txn_changes,
    .txn_commit = tt_bridge_txn_commit,
    .txn_abort = tt_bridge_txn_abort,
    .txn_add_prefix = tt_bridge_txn_add_prefix,
};
