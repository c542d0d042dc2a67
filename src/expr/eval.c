/* eval.c - transient terms: the values between two steps of an expression.
 *
 * A number stays a number until somebody wants its text, a text stays where it is as long as it lives
 * until the end of the batch: texts of the dictionary and of local terms do, those of inline ids are
 * written into a scratch and must be copied. */
#include "expr/eval.h"

void tt_eval_init(tt_eval *eval, tt_expr_env *env)
{
	*eval = (tt_eval){.ctx = env->ctx, .terms = env->terms, .env = env};
	tt_arena_init(&eval->arena, env->ctx);
	tt_buffer_init(&eval->text, env->ctx);
	tt_buffer_init(&eval->spelling, env->ctx);
	/* A scope of its own, far from the small numbers of operators, unless the program is told of one. */
	eval->scope = ~++env->terms->n_fresh_blanks;
}

void tt_eval_clear(tt_eval *eval)
{
	tt_eval_reset(eval);
	tt_free(eval->ctx, eval->transients);
	tt_buffer_clear(&eval->text);
	tt_buffer_clear(&eval->spelling);
	eval->transients = NULL;
	eval->capacity = 0;
}

void tt_eval_reset(tt_eval *eval)
{
	/* One long text must not be kept for all of a long query. */
	enum { MOST_KEPT = 65536 };
	tt_arena_clear(&eval->arena);
	eval->n_transients = 0;
	if (eval->text.capacity > MOST_KEPT) {
		tt_buffer_clear(&eval->text);
	}
	if (eval->spelling.capacity > MOST_KEPT) {
		tt_buffer_clear(&eval->spelling);
	}
}

/* ---- arguments in ----------------------------------------------------------------------------- */

static tt_transient *transient(const tt_eval *eval, tt_id id)
{
	return &eval->transients[tt_id_payload(id)];
}

static tt_status copy_text(tt_eval *eval, tt_view *text)
{
	const char *const copy = text->size ? tt_arena_strndup(&eval->arena, text->data, text->size) : "";
	if (!copy) {
		return eval->ctx->error.status;
	}
	text->data = copy;
	return TT_OK;
}

static tt_status spell_number(tt_eval *eval, tt_transient *number)
{
	tt_buffer_reset(&eval->spelling);
	TT_TRY(tt_number_format(&number->number, &eval->spelling));
	number->term = tt_term_typed(tt_buffer_view(&eval->spelling), tt_vocab_iri(tt_number_datatype(&number->number)));
	TT_TRY(copy_text(eval, &number->term.text));
	number->has_term = true;
	return TT_OK;
}

tt_status tt_eval_term(tt_eval *eval, tt_id id, tt_scratch *scratch, tt_term *out_term)
{
	if (!tt_id_is_transient(id)) {
		return tt_terms_get(eval->terms, id, scratch, out_term);
	}
	if (!transient(eval, id)->has_term) {
		TT_TRY(spell_number(eval, transient(eval, id)));
	}
	*out_term = transient(eval, id)->term;
	return TT_OK;
}

tt_status tt_eval_datum(tt_eval *eval, tt_id id, tt_datum *out_datum)
{
	if (!tt_id_is_transient(id)) {
		return tt_datum_read(eval->terms, id, out_datum);
	}
	const tt_transient *const value = transient(eval, id);
	if (value->has_number) {
		*out_datum = (tt_datum){
		    .class = TT_CLASS_NUMBER, .datatype = tt_number_datatype(&value->number), .number = value->number};
	} else {
		*out_datum = tt_datum_of_term(&value->term);
	}
	return TT_OK;
}

tt_term_kind tt_eval_kind(const tt_eval *eval, tt_id id)
{
	if (!tt_id_is_transient(id)) {
		return tt_terms_kind(eval->terms, id);
	}
	return transient(eval, id)->has_number ? TT_TERM_LITERAL : transient(eval, id)->term.kind;
}

tt_status tt_eval_is_same(tt_eval *eval, tt_id a, tt_id b, bool *out_is_same)
{
	*out_is_same = a == b;
	if (a == b || (!tt_id_is_transient(a) && !tt_id_is_transient(b))) {
		return TT_OK;
	}
	tt_scratch scratch[2];
	tt_term x;
	tt_term y;
	TT_TRY(tt_eval_term(eval, a, &scratch[0], &x));
	TT_TRY(tt_eval_term(eval, b, &scratch[1], &y));
	*out_is_same = tt_term_equal(&x, &y);
	return TT_OK;
}

tt_status tt_eval_string(tt_eval *eval, tt_id id, tt_term *out_term, bool *out_is_string)
{
	tt_scratch scratch;
	*out_is_string = false;
	if (tt_eval_kind(eval, id) != TT_TERM_LITERAL || tt_id_is_inline(id)) {
		return TT_OK;
	}
	TT_TRY(tt_eval_term(eval, id, &scratch, out_term));
	*out_is_string = out_term->language.size || tt_view_equal(out_term->datatype, tt_vocab_iri(TT_VOCAB_XSD_STRING));
	if (out_term->text.size == 0) {
		out_term->text.data = ""; /* never NULL, for the functions of C */
	}
	return TT_OK;
}

tt_status tt_eval_simple(tt_eval *eval, tt_id id, tt_view *out_text, bool *out_is_simple)
{
	tt_term term = {.kind = TT_TERM_NONE};
	TT_TRY(tt_eval_string(eval, id, &term, out_is_simple));
	*out_is_simple = *out_is_simple && term.language.size == 0;
	*out_text = term.text;
	return TT_OK;
}

/* ---- results out ------------------------------------------------------------------------------ */

static tt_status add_transient(tt_eval *eval, const tt_transient *value, tt_id *out)
{
	TT_TRY(tt_grow(eval->ctx, (void **)&eval->transients, &eval->capacity, eval->n_transients + 1,
	               sizeof *eval->transients));
	eval->transients[eval->n_transients] = *value;
	*out = tt_id_make(TT_KIND_TRANSIENT, eval->n_transients++);
	return TT_OK;
}

tt_status tt_eval_lend(tt_eval *eval, const tt_term *term, tt_id *out)
{
	const tt_transient value = {.has_term = true, .term = *term};
	return add_transient(eval, &value, out);
}

tt_status tt_eval_give(tt_eval *eval, const tt_term *term, tt_id *out)
{
	tt_term copy = *term;
	TT_TRY(copy_text(eval, &copy.text));
	TT_TRY(copy_text(eval, &copy.datatype));
	TT_TRY(copy_text(eval, &copy.language));
	return tt_eval_lend(eval, &copy, out);
}

tt_status tt_eval_give_like(tt_eval *eval, tt_view text, const tt_term *like, tt_id *out)
{
	tt_term term = *like;
	term.text = text;
	TT_TRY(copy_text(eval, &term.text));
	return tt_eval_lend(eval, &term, out);
}

tt_status tt_eval_give_number(tt_eval *eval, const tt_number *number, tt_id *out)
{
	if (tt_number_to_id(number, out)) {
		return TT_OK;
	}
	tt_transient value = {.has_number = true, .number = *number};
	if (number->is_big) {
		TT_TRY(spell_number(eval, &value));
		value.has_number = false;
		value.number = TT_NUMBER_ZERO;
	}
	return add_transient(eval, &value, out);
}

tt_status tt_eval_give_integer(tt_eval *eval, int64_t value, tt_id *out)
{
	tt_number number = TT_NUMBER_ZERO;
	tt_number_set_integer(value, &number);
	return tt_eval_give_number(eval, &number, out);
}

static tt_status give_text(tt_eval *eval, tt_vocab datatype, tt_id *out)
{
	const tt_term term = tt_term_typed(tt_buffer_view(&eval->spelling), tt_vocab_iri(datatype));
	return tt_eval_give_like(eval, term.text, &term, out);
}

tt_status tt_eval_give_moment(tt_eval *eval, const tt_datetime *moment, tt_id *out)
{
	if (tt_datetime_to_id(moment, out)) {
		return TT_OK;
	}
	tt_buffer_reset(&eval->spelling);
	TT_TRY(tt_datetime_format(moment, &eval->spelling));
	return give_text(eval, moment->datatype, out);
}

tt_status tt_eval_give_duration(tt_eval *eval, const tt_duration *duration, tt_id *out)
{
	tt_buffer_reset(&eval->spelling);
	TT_TRY(tt_duration_format(duration, &eval->spelling));
	return give_text(eval, duration->datatype, out);
}

tt_status tt_eval_intern(tt_eval *eval, tt_id *id)
{
	if (!tt_id_is_transient(*id)) {
		return TT_OK;
	}
	tt_scratch scratch;
	tt_term term;
	TT_TRY(tt_eval_term(eval, *id, &scratch, &term));
	return tt_terms_intern(eval->terms, &term, id);
}
