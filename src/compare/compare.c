/* compare.c - the comparison as a whole: options, things, steps, writer. */
#include "compare/compare.h"

#include "engine/resolve.h"

#include <math.h>

typedef struct format_entry {
	const char *names[3]; /* the later ones may be NULL */
	tt_compare_writer *write;
} format_entry;

static const format_entry formats[] = {
    [TT_COMPARE_TABLE] = {{"table", NULL, NULL}, tt_compare_write_table},
    [TT_COMPARE_MARKDOWN] = {{"markdown", "md", NULL}, tt_compare_write_markdown},
    [TT_COMPARE_HTML] = {{"html", NULL, NULL}, tt_compare_write_html},
    [TT_COMPARE_LATEX] = {{"latex", "tex", NULL}, tt_compare_write_latex},
    [TT_COMPARE_CSV] = {{"csv", NULL, NULL}, tt_compare_write_csv},
    [TT_COMPARE_TSV] = {{"tsv", NULL, NULL}, tt_compare_write_tsv},
    [TT_COMPARE_JSON] = {{"json", NULL, NULL}, tt_compare_write_json},
    [TT_COMPARE_TURTLE] = {{"turtle", "ttl", "rdf"}, tt_compare_write_turtle},
    [TT_COMPARE_SPARQL] = {{"sparql", NULL, NULL}, tt_compare_write_sparql},
};
enum { N_FORMATS = sizeof formats / sizeof *formats };

tt_compare_format tt_compare_format_named(const char *name)
{
	for (size_t i = 1; name && i < N_FORMATS; ++i) {
		for (size_t n = 0; n < sizeof formats[i].names / sizeof *formats[i].names; ++n) {
			if (formats[i].names[n] && tt_view_equal_nocase(tt_view_of(formats[i].names[n]), tt_view_of(name))) {
				return (tt_compare_format)i;
			}
		}
	}
	return TT_COMPARE_NONE;
}

/* ---- options ---------------------------------------------------------------------------------------- */

/* "both", "differ", or the letter of a thing. */
static tt_status read_only(tt_compare *compare)
{
	const char *const only = compare->options->only;
	if (!only) {
		return TT_OK;
	}
	compare->is_only = true;
	const tt_view text = tt_view_of(only);
	const char letter = text.size == 1 ? (char)(only[0] | 0x20) : '\0';
	if (tt_view_equal_nocase(text, TT_VIEW("both")) || tt_view_equal_nocase(text, TT_VIEW("equal"))) {
		compare->only_verdict = TT_VERDICT_EQUAL;
	} else if (tt_view_equal_nocase(text, TT_VIEW("differ"))) {
		compare->only_verdict = TT_VERDICT_DIFFER;
	} else if (letter >= 'a' && (size_t)(letter - 'a') < compare->n_things) {
		compare->only_verdict = TT_VERDICT_ONLY;
		compare->only_having = 1u << (letter - 'a');
	} else {
		return tt_fail(&compare->ctx, TT_BAD_ARGUMENT,
		               "there is no part \"%s\" of the comparison: use both, differ, or a letter from a to %c", only,
		               (char)('a' + (char)compare->n_things - 1));
	}
	return TT_OK;
}

static tt_status find_things(tt_compare *compare, const char *const *names, size_t n_names)
{
	if (n_names < 2 || n_names > TT_COMPARE_MOST_THINGS) {
		return tt_fail(&compare->ctx, TT_BAD_ARGUMENT, "a comparison needs 2 to %d things, not %zu",
		               TT_COMPARE_MOST_THINGS, n_names);
	}
	compare->things = tt_arena_alloc(&compare->arena, n_names * sizeof *compare->things);
	if (!compare->things) {
		return compare->ctx.error.status;
	}
	for (size_t i = 0; i < n_names; ++i) {
		TT_TRY(tt_resolve(compare->db, &compare->labels, tt_view_of(names[i]), false, &compare->things[i]));
		for (size_t earlier = 0; earlier < i; ++earlier) {
			if (compare->things[earlier] == compare->things[i]) {
				return tt_fail(&compare->ctx, TT_BAD_ARGUMENT, "\"%s\" and \"%s\" are the same thing", names[earlier],
				               names[i]);
			}
		}
	}
	compare->n_things = n_names;
	return TT_OK;
}

static tt_status find_properties(tt_compare *compare)
{
	for (size_t i = 0; i < compare->options->n_properties; ++i) {
		tt_id id = TT_UNBOUND;
		TT_TRY(tt_resolve(compare->db, &compare->labels, tt_view_of(compare->options->properties[i]), true, &id));
		TT_TRY(tt_id_list_add(&compare->arena, &compare->properties, id));
	}
	return TT_OK;
}

/* ---- steps --------------------------------------------------------------------------------------------------------
 */

static tt_status begin(tt_compare *compare, tt_db *db, const tt_compare_options *options)
{
	tt_ctx_init(&compare->ctx);
	compare->ctx.cancel = db->ctx.cancel;
	compare->ctx.n_bytes_budget = options->memory_bytes;
	tt_ctx_set_timeout(&compare->ctx, options->timeout_seconds);
	compare->db = db;
	compare->prefixes = &db->prefixes;
	compare->options = options;
	tt_arena_init(&compare->arena, &compare->ctx);
	tt_map_init(&compare->claims_by_id, &compare->ctx);
	const tt_status status = tt_db_snapshot(db, &compare->ctx, &compare->snapshot);
	tt_terms_init(&compare->terms, &compare->ctx, compare->snapshot);
	TT_TRY(status);
	return tt_labels_init(&compare->labels, &compare->terms, &compare->arena,
	                      options->language ? tt_view_of(options->language) : (tt_view){NULL, 0});
}

static void end(tt_compare *compare)
{
	tt_labels_clear(&compare->labels);
	tt_terms_clear(&compare->terms);
	tt_snapshot_end(compare->snapshot);
	tt_map_clear(&compare->claims_by_id);
	tt_arena_clear(&compare->arena);
}

static tt_status make(tt_compare *compare, const char *const *names, size_t n_names)
{
	TT_TRY(find_things(compare, names, n_names));
	TT_TRY(read_only(compare));
	TT_TRY(find_properties(compare));
	TT_TRY(tt_compare_find_roles(compare));
	TT_TRY(tt_compare_find_parents(compare));
	TT_TRY(tt_compare_make_rows(compare));
	return tt_compare_make_claims(compare);
}

static tt_status write_to(tt_compare *compare, int fd)
{
	tt_output output;
	tt_output_init(&output, &compare->ctx, fd);
	tt_status status = formats[compare->options->format].write(compare, &output);
	status = status ? status : tt_output_flush(&output);
	tt_output_clear(&output);
	return status;
}

tt_status tt_db_compare(tt_db *db, const char *const *names, size_t n_names, const tt_compare_options *options, int fd)
{
	tt_compare compare = {.db = NULL};
	tt_ctx_clear_error(&db->ctx);
	if (options->format <= TT_COMPARE_NONE || (size_t)options->format >= N_FORMATS) {
		return tt_fail(&db->ctx, TT_BAD_ARGUMENT, "a comparison needs a format");
	}
	tt_status status = begin(&compare, db, options);
	status = status ? status : make(&compare, names, n_names);
	status = status ? status : write_to(&compare, fd);
	status = status == TT_OK ? TT_OK : tt_db_failed(db, &compare.ctx);
	end(&compare);
	return status;
}
