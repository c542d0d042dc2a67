/* load.c - RDF files into a database. */
#include "engine/engine.h"

#include "rdf/iri.h"
#include "store/bulk.h"

static tt_status check_options(tt_ctx *ctx, const tt_load_options *options)
{
	if (options->base) {
		TT_TRY(tt_iri_demand(ctx, tt_view_of(options->base), "base"));
	}
	return options->graph ? tt_iri_demand(ctx, tt_view_of(options->graph), "graph") : TT_OK;
}

static tt_status load_all(tt_db *db, tt_txn *txn, const char *const *paths, const tt_load_options *options,
                          size_t n_paths, uint64_t *out_n_statements)
{
	static const tt_load_options defaults;
	uint64_t n_total = 0;
	for (size_t i = 0; i < n_paths; ++i) {
		uint64_t n_statements = 0;
		TT_TRY(tt_load_file(&db->ctx, txn, paths[i], options ? &options[i] : &defaults, &n_statements));
		n_total += n_statements;
	}
	if (out_n_statements) {
		*out_n_statements = n_total;
	}
	return TT_OK;
}

enum { MOST_NAMES = 4 }; /* of files that are remembered */

/* The name without its folder. That there is no memory for it is no reason to fail: the data are in. */
static void remember(tt_db *db, const char *path)
{
	const char *const slash = strrchr(path, '/');
	const tt_view name = tt_view_of(slash ? slash + 1 : path);
	if (db->n_loaded++ < MOST_NAMES && tt_buffer_reserve(&db->loaded, name.size + 2) == TT_OK) {
		tt_status status = db->loaded.size ? tt_buffer_append(&db->loaded, TT_VIEW(", ")) : TT_OK;
		status = status ? status : tt_buffer_append(&db->loaded, name);
		(void)status; /* there is room */
	}
}

tt_status tt_db_origin(const tt_db *db, tt_buffer *out)
{
	const char *const directory = db->store ? tt_store_path(db->store) : NULL;
	TT_TRY(directory ? tt_buffer_printf(out, "database %s", directory)
	                 : tt_buffer_append(out, tt_buffer_view(&db->loaded)));
	return !directory && db->n_loaded > MOST_NAMES
	           ? tt_buffer_printf(out, " and %zu other files", db->n_loaded - MOST_NAMES)
	           : TT_OK;
}

tt_status tt_db_load(tt_db *db, const char *const *paths, const tt_load_options *options, size_t n_paths,
                     uint64_t *out_n_statements)
{
	tt_ctx_clear_error(&db->ctx);
	for (size_t i = 0; i < n_paths && options; ++i) {
		TT_TRY(check_options(&db->ctx, &options[i]));
	}
	tt_write write;
	tt_change_counts counts;
	TT_TRY(tt_write_begin(db, &write));
	TT_TRY(tt_write_end(db, &write, load_all(db, write.txn, paths, options, n_paths, out_n_statements), &counts));
	tt_db_refresh_prefixes(db);
	for (size_t i = 0; i < n_paths; ++i) {
		remember(db, paths[i]);
	}
	tt_ctx_clear_error(&db->ctx);
	return TT_OK;
}
