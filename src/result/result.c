/* result.c - the table of formats: their names, what they can show, and their writers. */
#include "result/result.h"

enum { ROWS = 1 << TT_RESULTS_ROWS, BOOLEAN = 1 << TT_RESULTS_BOOLEAN, TRIPLES = 1 << TT_RESULTS_TRIPLES };

typedef struct format_entry {
	const char *names[2]; /* the second may be NULL */
	unsigned kinds;
	tt_result_writer *write;
} format_entry;

static const format_entry formats[] = {
    [TT_FORMAT_TABLE] = {{"table", NULL}, ROWS | BOOLEAN | TRIPLES, tt_write_table},
    [TT_FORMAT_CSV] = {{"csv", NULL}, ROWS, tt_write_csv},
    [TT_FORMAT_TSV] = {{"tsv", NULL}, ROWS, tt_write_tsv},
    [TT_FORMAT_JSON] = {{"json", NULL}, ROWS | BOOLEAN, tt_write_json},
    [TT_FORMAT_XML] = {{"xml", NULL}, ROWS | BOOLEAN, tt_write_xml},
    [TT_FORMAT_TEXT] = {{"text", NULL}, ROWS | BOOLEAN, tt_write_text},
    [TT_FORMAT_TURTLE] = {{"turtle", "ttl"}, TRIPLES, tt_write_turtle},
    [TT_FORMAT_NTRIPLES] = {{"ntriples", "nt"}, TRIPLES, tt_write_ntriples},
    [TT_FORMAT_JSONLD] = {{"jsonld", "json-ld"}, TRIPLES, tt_write_jsonld},
    [TT_FORMAT_TRIG] = {{"trig", NULL}, 0, NULL},
    [TT_FORMAT_NQUADS] = {{"nquads", "nq"}, 0, NULL},
};
enum { N_FORMATS = sizeof formats / sizeof *formats };

tt_format tt_format_named(const char *name)
{
	for (size_t i = 1; name && i < N_FORMATS; ++i) {
		for (size_t n = 0; n < 2; ++n) {
			if (formats[i].names[n] && tt_view_equal_nocase(tt_view_of(formats[i].names[n]), tt_view_of(name))) {
				return (tt_format)i;
			}
		}
	}
	return TT_FORMAT_NONE;
}

bool tt_format_fits(tt_format format, tt_results_kind kind)
{
	return format > TT_FORMAT_NONE && (size_t)format < N_FORMATS && (formats[format].kinds & 1u << kind) != 0;
}

tt_status tt_result_write(tt_cursor *cursor, tt_format format, const tt_result_style *style, tt_output *output,
                          uint64_t *out_n_rows)
{
	static const char *const kinds[] = {
	    [TT_RESULTS_ROWS] = "rows", [TT_RESULTS_BOOLEAN] = "a truth value", [TT_RESULTS_TRIPLES] = "triples"};
	uint64_t n_rows = 0;
	if (!tt_format_fits(format, cursor->kind)) {
		const bool is_known = format > TT_FORMAT_NONE && (size_t)format < N_FORMATS;
		return tt_fail(output->buffer.ctx, TT_BAD_ARGUMENT, "the format %s cannot show %s",
		               is_known ? formats[format].names[0] : "(none)", kinds[cursor->kind]);
	}
	const tt_status status = formats[format].write(cursor, style, output, &n_rows);
	if (out_n_rows) {
		*out_n_rows = n_rows;
	}
	return status;
}
