/* paths.c - the things from which others inherit, by the paths that the user names. */
#include "compare/compare.h"

#include "engine/resolve.h"

/** One property of a path, forwards or backwards. */
typedef struct path_step {
	tt_id property;
	bool is_inverse;
} path_step;

static tt_status find_step(tt_compare *compare, const char *name, path_step *out)
{
	const tt_view text = tt_view_of(name);
	out->is_inverse = text.size && text.data[0] == '^';
	return tt_resolve(compare->db, &compare->labels, tt_view_skip(text, out->is_inverse), true, &out->property);
}

/* All that a step leads to from a thing, again and again. */
static tt_status follow(tt_compare *compare, tt_id thing, const path_step *step, tt_id_list *parents)
{
	tt_id_list reached = {.ids = NULL};
	TT_TRY(tt_id_list_add(&compare->arena, &reached, thing));
	for (size_t i = 0; i < reached.n_ids; ++i) {
		tt_id_list next = {.ids = NULL};
		TT_TRY(tt_compare_values_of(compare, reached.ids[i], step->property, step->is_inverse, TT_COMPARE_MOST_PARENTS,
		                            &next, NULL));
		for (size_t n = 0; n < next.n_ids && reached.n_ids <= TT_COMPARE_MOST_PARENTS; ++n) {
			const tt_kind kind = tt_id_kind(next.ids[n]);
			if (kind == TT_KIND_IRI || kind == TT_KIND_BLANK || kind == TT_KIND_BLANK_LABELLED) {
				TT_TRY(tt_id_list_add(&compare->arena, &reached, next.ids[n]));
			}
		}
	}
	for (size_t i = 1; i < reached.n_ids; ++i) {
		TT_TRY(tt_id_list_add(&compare->arena, parents, reached.ids[i]));
	}
	return TT_OK;
}

tt_status tt_compare_find_parents(tt_compare *compare)
{
	compare->parents = tt_arena_alloc(&compare->arena, compare->n_things * sizeof *compare->parents);
	if (!compare->parents) {
		return compare->ctx.error.status;
	}
	for (size_t p = 0; p < compare->options->n_via; ++p) {
		path_step step;
		TT_TRY(find_step(compare, compare->options->via[p], &step));
		for (size_t i = 0; i < compare->n_things; ++i) {
			TT_TRY(follow(compare, compare->things[i], &step, &compare->parents[i]));
		}
	}
	return TT_OK;
}

/* The names of what a row leads to, each once. */
static tt_status name_values(tt_compare *compare, const tt_compare_row *row, tt_buffer *text)
{
	enum { MOST_NAMED = 4 };
	tt_id_list named = {.ids = NULL};
	for (size_t thing = 0; thing < compare->n_things; ++thing) {
		for (size_t i = 0; i < row->cells[thing].n_values && named.n_ids < MOST_NAMED; ++i) {
			const tt_id id = row->cells[thing].values[i].id;
			tt_view name;
			if (!tt_id_list_has(&named, id)) {
				TT_TRY(tt_compare_name(compare, id, &name));
				TT_TRY(tt_buffer_printf(text, "%s%.*s", named.n_ids ? ", " : "", TT_VIEW_ARG(name)));
				TT_TRY(tt_id_list_add(&compare->arena, &named, id));
			}
		}
	}
	return TT_OK;
}

tt_status tt_compare_suggest_path(tt_compare *compare, tt_view *out)
{
	const tt_compare_row *row = NULL;
	*out = (tt_view){NULL, 0};
	for (size_t i = 0; i < compare->n_rows && !row && !compare->options->n_via; ++i) {
		const bool is_one = !compare->rows[i].is_inverse &&
		                    tt_compare_has_role(compare, TT_ROLE_PART_OF, compare->rows[i].property);
		row = is_one ? &compare->rows[i] : NULL;
	}
	if (!row) {
		return TT_OK;
	}
	tt_buffer text;
	tt_view path;
	tt_buffer_init(&text, &compare->ctx);
	tt_status status = tt_compare_short_iri(compare, row->property, &path);
	status = status ? status : tt_buffer_printf(&text, "%.*s: what ", TT_VIEW_ARG(path));
	status = status ? status : name_values(compare, row, &text);
	status = status ? status : tt_buffer_printf(&text, " have");
	const char *const copy = status ? NULL : tt_arena_strndup(&compare->arena, text.data, text.size);
	*out = (tt_view){copy, copy ? text.size : 0};
	tt_buffer_clear(&text);
	return status == TT_OK && !copy ? compare->ctx.error.status : status;
}
