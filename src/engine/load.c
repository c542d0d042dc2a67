/* load.c - RDF files into a database and quads out of it. */
#include "engine/engine.h"

#include "rdf/iri.h"
#include "rdf/write.h"
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

/* ---- dump ------------------------------------------------------------------------------------- */

/** Decodes the ids of one column; runs of the same id are decoded once. */
typedef struct column_decoder {
	tt_id id;
	tt_term term;
	tt_scratch scratch;
} column_decoder;

static tt_status decode(tt_snapshot *snapshot, column_decoder *decoder, tt_id id)
{
	if (id != decoder->id || id == TT_UNBOUND) {
		decoder->id = id;
		if (tt_id_kind(id) == TT_KIND_SPECIAL) {
			decoder->term = (tt_term){.kind = TT_TERM_NONE};
			return TT_OK;
		}
		return tt_snapshot_term(snapshot, id, &decoder->scratch, &decoder->term);
	}
	return TT_OK;
}

enum { DUMP_ROWS = 1024 };

/** The rows of a scan in the order of the quad columns. */
typedef struct dump_rows {
	tt_id ids[TT_N_COLUMNS][DUMP_ROWS];
} dump_rows;

static tt_status write_scan(tt_snapshot *snapshot, const tt_scan_spec *spec, tt_writer *writer, tt_output *output,
                            dump_rows *rows)
{
	tt_ctx *const ctx = output->buffer.ctx;
	tt_scan *scan = NULL;
	TT_TRY(tt_scan_open(snapshot, spec, &scan));
	tt_id *columns[4];
	for (unsigned i = 0; i < 4; ++i) {
		const tt_column column = tt_perm_column(spec->perm, i);
		columns[i] = spec->is_merged && column == TT_GRAPH ? NULL : rows->ids[column];
	}
	column_decoder decoders[TT_N_COLUMNS] = {0};
	tt_status status = TT_OK;
	size_t n_rows = 0;
	do {
		TT_TRY_DONE(tt_ctx_poll(ctx));
		TT_TRY_DONE(tt_scan_next(scan, columns, DUMP_ROWS, &n_rows));
		for (size_t i = 0; i < n_rows; ++i) {
			for (unsigned c = 0; c < TT_N_COLUMNS; ++c) {
				const bool is_default = c == TT_GRAPH && spec->is_merged;
				TT_TRY_DONE(decode(snapshot, &decoders[c], is_default ? TT_DEFAULT_GRAPH : rows->ids[c][i]));
			}
			TT_TRY_DONE(tt_writer_statement(writer, &decoders[TT_SUBJECT].term, &decoders[TT_PREDICATE].term,
			                                &decoders[TT_OBJECT].term, &decoders[TT_GRAPH].term));
			TT_TRY_DONE(tt_output_check(output));
		}
	} while (n_rows);
done:
	tt_scan_close(scan);
	return status;
}

static tt_status write_quads(tt_db *db, tt_snapshot *snapshot, tt_rdf_syntax syntax, tt_output *output)
{
	dump_rows *const rows = tt_alloc(&db->ctx, sizeof *rows);
	if (!rows) {
		return db->ctx.error.status;
	}
	tt_writer *writer = NULL;
	tt_status status = tt_writer_new(output, syntax, &db->data_prefixes, &writer);
	if (status == TT_OK && (syntax == TT_RDF_NQUADS || syntax == TT_RDF_TRIG)) {
		const tt_scan_spec plain = {.perm = TT_SPO, .choice = TT_GRAPHS_DEFAULT};
		const tt_scan_spec named = {.perm = TT_GSPO, .choice = TT_GRAPHS_NAMED};
		status = write_scan(snapshot, &plain, writer, output, rows);
		status = status ? status : write_scan(snapshot, &named, writer, output, rows);
	} else if (status == TT_OK) {
		const tt_scan_spec merged = {.perm = TT_SPO, .choice = TT_GRAPHS_ALL, .is_merged = true};
		status = write_scan(snapshot, &merged, writer, output, rows);
	}
	status = status ? status : tt_writer_finish(writer);
	tt_writer_free(writer);
	tt_free(&db->ctx, rows);
	return status ? status : tt_output_flush(output);
}

tt_status tt_db_dump(tt_db *db, tt_rdf_syntax syntax, int fd)
{
	tt_ctx_clear_error(&db->ctx);
	tt_snapshot *snapshot = NULL;
	TT_TRY(tt_db_snapshot(db, &db->ctx, &snapshot));
	tt_output output;
	tt_output_init(&output, &db->ctx, fd);
	const tt_status status = write_quads(db, snapshot, syntax, &output);
	tt_output_clear(&output);
	tt_snapshot_end(snapshot);
	return status;
}
