/* template.c - quads out of solutions: the templates of CONSTRUCT, DELETE and INSERT (SPARQL 1.1 §16.2, Update §3.1.3).
 *
 * Where each term of a template comes from is found once; a solution is then copied through. */
#include "engine/engine.h"

/* The column of a variable in the solutions, or TT_NO_COLUMN: then it is never bound. */
static size_t column_of(const tt_results *results, tt_var variable)
{
	for (size_t i = 0; i < results->plan->n_columns; ++i) {
		if (results->plan->columns[i] == variable) {
			return i;
		}
	}
	return TT_NO_COLUMN;
}

/* The number of a blank node: each variable that stands for one has its own. */
static size_t blank_number(tt_template *template, size_t *numbers, tt_var variable)
{
	if (!numbers[variable]) {
		numbers[variable] = ++template->n_blanks;
	}
	return numbers[variable] - 1;
}

static tt_status prepare_term(tt_results *results, const tt_template_quad *quad, size_t i, size_t *numbers,
                              tt_template_term *out)
{
	const tt_slot *const slot = &quad->terms[i];
	*out = (tt_template_term){.column = TT_NO_COLUMN, .blank = TT_NO_COLUMN};
	if (i == TT_GRAPH && quad->is_in_default) {
		out->constant = TT_DEFAULT_GRAPH;
	} else if (quad->is_blank[i]) {
		out->blank = blank_number(&results->template, numbers, slot->variable);
	} else if (slot->is_variable) {
		out->column = column_of(results, slot->variable);
	} else {
		return tt_terms_intern(&results->terms, &slot->constant, &out->constant);
	}
	return TT_OK;
}

tt_status tt_template_prepare(tt_results *results)
{
	const tt_algebra_query *const query = results->query;
	tt_template *const template = &results->template;
	template->terms = tt_arena_alloc(&results->arena, query->n_template * sizeof *template->terms);
	size_t *const numbers = tt_arena_alloc(&results->arena, query->n_variables * sizeof *numbers);
	if (!template->terms || !numbers) {
		return results->ctx.error.status;
	}
	for (size_t q = 0; q < query->n_template; ++q) {
		for (size_t i = 0; i < TT_N_COLUMNS; ++i) {
			TT_TRY(prepare_term(results, &query->template[q], i, numbers, &template -> terms[q][i]));
		}
	}
	template->blanks = tt_arena_alloc(&results->arena, template->n_blanks * sizeof *template->blanks);
	return template->blanks ? TT_OK : results->ctx.error.status;
}

void tt_template_next(tt_results *results)
{
	for (size_t i = 0; i < results->template.n_blanks; ++i) {
		results->template.blanks[i] = TT_UNBOUND;
	}
}

static tt_status fill_term(tt_results *results, const tt_template_term *term, tt_id *out_id)
{
	*out_id = term->constant;
	if (term->column != TT_NO_COLUMN) {
		*out_id = results->batch->columns[term->column][results->next_row];
	} else if (term->blank != TT_NO_COLUMN) {
		tt_id *const blank = &results->template.blanks[term->blank];
		if (*blank == TT_UNBOUND) {
			TT_TRY(tt_terms_fresh_blank(&results->terms, blank));
		}
		*out_id = *blank;
	}
	return TT_OK;
}

static bool is_resource(tt_term_kind kind)
{
	return kind == TT_TERM_IRI || kind == TT_TERM_BLANK;
}

tt_status tt_template_fill(tt_results *results, size_t number, tt_id out_quad[TT_N_COLUMNS], bool *out_is_quad)
{
	for (size_t i = 0; i < TT_N_COLUMNS; ++i) {
		TT_TRY(fill_term(results, &results->template.terms[number][i], &out_quad[i]));
	}
	const tt_terms *const terms = &results->terms;
	*out_is_quad = is_resource(tt_terms_kind(terms, out_quad[TT_SUBJECT])) &&
	               tt_terms_kind(terms, out_quad[TT_PREDICATE]) == TT_TERM_IRI && out_quad[TT_OBJECT] != TT_UNBOUND &&
	               (out_quad[TT_GRAPH] == TT_DEFAULT_GRAPH || is_resource(tt_terms_kind(terms, out_quad[TT_GRAPH])));
	return TT_OK;
}
