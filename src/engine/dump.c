/* dump.c - quads out of a database, as they lie in it or sorted by their text.
 *
 * Sorted: each quad becomes a record, its terms in N-Triples syntax in the order that counts, with a space behind each,
 * and its ids. No such text is the beginning of another one, so the order of the records is the order of the terms, and
 * for N-Quads that of the lines.
 */
#include "engine/engine.h"

#include "base/records.h"
#include "rdf/iri.h"
#include "rdf/write.h"
#include "store/stats.h"

enum { DUMP_ROWS = 1024, SORT_BUDGET = 64 << 20 };

/** Decodes the ids of one column; runs of the same id are decoded once. */
typedef struct column_decoder {
	tt_id id;
	tt_term term;
	tt_scratch scratch;
} column_decoder;

/** One dump. */
typedef struct dump {
	tt_ctx *ctx;
	tt_snapshot *snapshot;
	tt_output *output;
	tt_writer *writer;
	bool has_graphs; /* the syntax; else all graphs are one */
	tt_id graph;     /* TT_UNBOUND: all */
	column_decoder decoders[TT_N_COLUMNS];
	tt_records *records; /* sorted, else NULL */
	bool is_graph_first;
	tt_buffer record;
	tt_id ids[TT_N_COLUMNS][DUMP_ROWS]; /* of a scan, in the order of the quad columns */
} dump;

static tt_status decode(dump *d, const tt_id quad[TT_N_COLUMNS])
{
	for (unsigned c = 0; c < TT_N_COLUMNS; ++c) {
		column_decoder *const decoder = &d->decoders[c];
		if (quad[c] == decoder->id) {
			continue;
		}
		decoder->id = TT_UNBOUND; /* in case that this fails */
		if (tt_id_kind(quad[c]) == TT_KIND_SPECIAL) {
			decoder->term = (tt_term){.kind = TT_TERM_NONE};
		} else {
			TT_TRY(tt_snapshot_term(d->snapshot, quad[c], &decoder->scratch, &decoder->term));
		}
		decoder->id = quad[c];
	}
	return TT_OK;
}

static tt_status write_quad(dump *d, const tt_id quad[TT_N_COLUMNS])
{
	TT_TRY(decode(d, quad));
	return tt_writer_statement(d->writer, &d->decoders[TT_SUBJECT].term, &d->decoders[TT_PREDICATE].term,
	                           &d->decoders[TT_OBJECT].term, &d->decoders[TT_GRAPH].term);
}

/* ---- sorting ---------------------------------------------------------------------------------- */

static tt_status add_record(dump *d, const tt_id quad[TT_N_COLUMNS])
{
	static const tt_column orders[2][TT_N_COLUMNS] = {{TT_SUBJECT, TT_PREDICATE, TT_OBJECT, TT_GRAPH},
	                                                  {TT_GRAPH, TT_SUBJECT, TT_PREDICATE, TT_OBJECT}};
	TT_TRY(decode(d, quad));
	tt_buffer_reset(&d->record);
	for (unsigned i = 0; i < TT_N_COLUMNS; ++i) {
		TT_TRY(tt_write_ntriples_term(&d->record, &d->decoders[orders[d->is_graph_first][i]].term));
		TT_TRY(tt_buffer_append_char(&d->record, ' '));
	}
	TT_TRY(tt_buffer_append(&d->record, (tt_view){(const char *)quad, TT_N_COLUMNS * sizeof *quad}));
	return tt_records_add(d->records, tt_buffer_view(&d->record));
}

static tt_status write_sorted(dump *d)
{
	tt_id quad[TT_N_COLUMNS];
	for (size_t n = 0;; ++n) {
		tt_view record;
		TT_TRY(n % DUMP_ROWS ? TT_OK : tt_ctx_poll(d->ctx));
		TT_TRY(tt_records_next(d->records, &record));
		if (!record.data) {
			return TT_OK;
		}
		memcpy(quad, record.data + record.size - sizeof quad, sizeof quad);
		TT_TRY(write_quad(d, quad));
	}
}

/* ---- scanning --------------------------------------------------------------------------------- */

static tt_status take_scan(dump *d, const tt_scan_spec *spec)
{
	tt_scan *scan = NULL;
	TT_TRY(tt_scan_open(d->snapshot, spec, &scan));
	tt_id *columns[4];
	for (unsigned i = 0; i < 4; ++i) {
		const tt_column column = tt_perm_column(spec->perm, i);
		columns[i] = !d->has_graphs && column == TT_GRAPH ? NULL : d->ids[column];
	}
	tt_status status = TT_OK;
	size_t n_rows = 0;
	do {
		TT_TRY_DONE(tt_ctx_poll(d->ctx));
		TT_TRY_DONE(tt_scan_next(scan, columns, DUMP_ROWS, &n_rows));
		for (size_t i = 0; i < n_rows; ++i) {
			const tt_id quad[TT_N_COLUMNS] = {d->ids[TT_SUBJECT][i], d->ids[TT_PREDICATE][i], d->ids[TT_OBJECT][i],
			                                  d->has_graphs ? d->ids[TT_GRAPH][i] : TT_DEFAULT_GRAPH};
			TT_TRY_DONE(d->records ? add_record(d, quad) : write_quad(d, quad));
		}
	} while (n_rows);
done:
	tt_scan_close(scan);
	return status;
}

static tt_status take_all(dump *d)
{
	static const tt_scan_spec plain = {.perm = TT_SPO, .choice = TT_GRAPHS_DEFAULT};
	static const tt_scan_spec named = {.perm = TT_GSPO, .choice = TT_GRAPHS_NAMED};
	static const tt_scan_spec merged = {.perm = TT_SPO, .choice = TT_GRAPHS_ALL, .is_merged = true};
	if (d->graph != TT_UNBOUND) {
		const tt_scan_spec single = {.perm = TT_GSPO, .n_bound = 1, .bound = {d->graph}, .choice = TT_GRAPHS_NAMED};
		TT_TRY(take_scan(d, &single));
	} else if (d->has_graphs) {
		TT_TRY(take_scan(d, &plain));
		TT_TRY(take_scan(d, &named));
	} else {
		TT_TRY(take_scan(d, &merged));
	}
	return d->records ? write_sorted(d) : TT_OK;
}

static tt_status find_graph(dump *d, tt_view iri)
{
	TT_TRY(tt_iri_demand(d->ctx, iri, "graph"));
	const tt_term term = tt_term_iri(iri);
	uint64_t n_quads = 0;
	TT_TRY(tt_snapshot_find(d->snapshot, &term, &d->graph));
	const tt_scan_spec spec = {.perm = TT_GSPO, .n_bound = 1, .bound = {d->graph}, .choice = TT_GRAPHS_NAMED};
	if (d->graph != TT_UNBOUND) {
		TT_TRY(tt_snapshot_count(d->snapshot, &spec, &n_quads));
	}
	return n_quads ? TT_OK : tt_fail(d->ctx, TT_NOT_FOUND, "there is no graph <%.*s>", TT_VIEW_ARG(iri));
}

/* ---- prefixes --------------------------------------------------------------------------------- */

/* The prefixes of the data and, for RDF/XML, a namespace for each predicate; what it cannot hold shows here, before
 * anything is written. */
static tt_status gather_prefixes(dump *d, const tt_prefixes *data, bool is_xml, tt_prefixes *out)
{
	for (size_t i = 0; i < data->n_items; ++i) {
		TT_TRY(tt_prefixes_set(out, data->items[i].name, data->items[i].iri));
	}
	const tt_predicate_stats *stats = NULL;
	size_t n_stats = 0;
	TT_TRY(is_xml ? tt_snapshot_predicates(d->snapshot, &stats, &n_stats) : TT_OK);
	for (size_t i = 0; i < n_stats; ++i) {
		tt_scratch scratch;
		tt_term predicate;
		uint64_t n_used = 1;
		const tt_scan_spec spec = {
		    .perm = TT_GPOS, .n_bound = 2, .bound = {d->graph, stats[i].predicate}, .choice = TT_GRAPHS_NAMED};
		if (d->graph != TT_UNBOUND) {
			TT_TRY(tt_snapshot_count(d->snapshot, &spec, &n_used));
		}
		TT_TRY(tt_snapshot_term(d->snapshot, stats[i].predicate, &scratch, &predicate));
		TT_TRY(n_used ? tt_write_xml_prepare(out, predicate.text) : TT_OK);
	}
	return TT_OK;
}

static tt_status run(dump *d, const tt_dump_options *options, tt_rdf_syntax syntax, const tt_prefixes *data)
{
	tt_prefixes prefixes;
	tt_prefixes_init(&prefixes, d->ctx);
	tt_status status = TT_OK;
	TT_TRY_DONE(options->graph ? find_graph(d, tt_view_of(options->graph)) : TT_OK);
	TT_TRY_DONE(gather_prefixes(d, data, syntax == TT_RDF_XML, &prefixes));
	TT_TRY_DONE(options->is_sorted ? tt_records_new(d->ctx, SORT_BUDGET, &d->records) : TT_OK);
	TT_TRY_DONE(tt_writer_new(d->output, syntax, &prefixes, &d->writer));
	TT_TRY_DONE(take_all(d));
	TT_TRY_DONE(tt_writer_finish(d->writer));
	TT_TRY_DONE(tt_output_flush(d->output));
done:
	tt_writer_free(d->writer);
	tt_records_free(d->records);
	tt_prefixes_clear(&prefixes);
	return status;
}

tt_status tt_db_dump(tt_db *db, const tt_dump_options *options, int fd)
{
	static const tt_dump_options defaults;
	options = options ? options : &defaults;
	tt_ctx_clear_error(&db->ctx);
	dump *const d = tt_calloc(&db->ctx, 1, sizeof *d);
	if (!d) {
		return db->ctx.error.status;
	}
	const tt_rdf_syntax syntax = options->syntax == TT_RDF_GUESS ? TT_RDF_NQUADS : options->syntax;
	tt_output output;
	tt_output_init(&output, &db->ctx, fd);
	d->ctx = &db->ctx;
	d->output = &output;
	d->has_graphs = tt_rdf_syntax_has_graphs(syntax);
	d->is_graph_first = d->has_graphs && syntax != TT_RDF_NQUADS;
	tt_buffer_init(&d->record, &db->ctx);
	tt_status status = tt_db_snapshot(db, &db->ctx, &d->snapshot);
	status = status ? status : run(d, options, syntax, &db->data_prefixes);
	tt_snapshot_end(d->snapshot);
	tt_buffer_clear(&d->record);
	tt_output_clear(&output);
	tt_free(&db->ctx, d);
	return status;
}
