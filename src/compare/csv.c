/* csv.c - the rows of a comparison as CSV and TSV: a line for each statement and graph.
 *
 * The columns are verdict, direction, property, thing, via (if there are paths), value, graph; sparql.c asks for the
 * same. */
#include "compare/compare.h"

#include "result/result.h"

enum { MOST_COLUMNS = 7 };

/** How far the rows have been given out. */
typedef struct csv_cursor {
	tt_compare *compare;
	size_t row, thing, value, graph;
	tt_id_list graphs; /* of the value */
	tt_term terms[MOST_COLUMNS];
	tt_scratch scratches[MOST_COLUMNS];
} csv_cursor;

/* Move on to the next statement; false at the end. */
static bool move_on(csv_cursor *c)
{
	const tt_compare *const compare = c->compare;
	for (; c->row < compare->n_rows; ++c->row, c->thing = 0) {
		for (; c->thing < compare->n_things; ++c->thing, c->value = 0) {
			if (c->value < compare->rows[c->row].cells[c->thing].n_values) {
				return true;
			}
		}
	}
	return false;
}

static tt_status fill(csv_cursor *c, const tt_compare_row *row, const tt_compare_value *value)
{
	tt_terms *const terms = &c->compare->terms;
	size_t n = 0;
	c->terms[n++] = tt_term_string(tt_view_of(tt_verdict_name(row->verdict)));
	c->terms[n++] = tt_term_string(row->is_inverse ? TT_VIEW("inverse") : TT_VIEW("forward"));
	const tt_id ids[] = {row->property, c->compare->things[c->thing], value->via, value->id,
	                     c->graph < c->graphs.n_ids ? c->graphs.ids[c->graph] : TT_UNBOUND};
	for (size_t i = 0; i < sizeof ids / sizeof *ids; ++i) {
		if (i != 2 || c->compare->options->n_via) {
			TT_TRY(tt_terms_get(terms, ids[i], &c->scratches[n], &c->terms[n]));
			++n;
		}
	}
	return TT_OK;
}

static tt_status next(void *user, const tt_term **out_row)
{
	csv_cursor *const c = user;
	*out_row = NULL;
	if (!move_on(c)) {
		return TT_OK;
	}
	const tt_compare_row *const row = &c->compare->rows[c->row];
	const tt_compare_value *const value = &row->cells[c->thing].values[c->value];
	const tt_id node = value->via ? value->via : c->compare->things[c->thing];
	if (c->graph == 0) {
		c->graphs.n_ids = 0;
		TT_TRY(tt_compare_graphs_of(c->compare, row->is_inverse ? value->id : node, row->property,
		                            row->is_inverse ? node : value->id, &c->graphs));
	}
	TT_TRY(fill(c, row, value));
	if (++c->graph >= c->graphs.n_ids) {
		c->graph = 0;
		c->value++;
	}
	*out_row = c->terms;
	return TT_OK;
}

static tt_status write_rows(tt_compare *compare, tt_result_writer *writer, tt_output *output)
{
	static const tt_view with_paths[] = {{"verdict", 7}, {"direction", 9}, {"property", 8}, {"thing", 5},
	                                     {"via", 3},     {"value", 5},     {"graph", 5}};
	static const tt_view without[] = {{"verdict", 7}, {"direction", 9}, {"property", 8},
	                                  {"thing", 5},   {"value", 5},     {"graph", 5}};
	const bool has_paths = compare->options->n_via > 0;
	const tt_result_style style = {.prefixes = NULL};
	csv_cursor c = {.compare = compare};
	tt_cursor cursor = {.user = &c,
	                    .kind = TT_RESULTS_ROWS,
	                    .n_columns = has_paths ? MOST_COLUMNS : MOST_COLUMNS - 1,
	                    .columns = has_paths ? with_paths : without,
	                    .next = next};
	uint64_t n_rows = 0;
	return writer(&cursor, &style, output, &n_rows);
}

tt_status tt_compare_write_csv(tt_compare *compare, tt_output *output)
{
	return write_rows(compare, tt_write_csv, output);
}

tt_status tt_compare_write_tsv(tt_compare *compare, tt_output *output)
{
	return write_rows(compare, tt_write_tsv, output);
}
