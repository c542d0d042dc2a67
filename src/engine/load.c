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
	return TT_OK;
}
