/* aggregate.c - running aggregates (SPARQL 1.1 §18.5.1).
 *
 * An expression error among the values: COUNT does not count it, SAMPLE takes another value, MAX
 * passes it over, because errors come first in the order of ORDER BY by which MIN and MAX are defined;
 * for the same reason MIN has no value then, and SUM, AVG and GROUP_CONCAT have none because their
 * operators have none. Without any value SUM, AVG and COUNT are 0, GROUP_CONCAT is the empty string,
 * and MIN, MAX and SAMPLE have no value.
 *
 * Ids may be of terms that pass (tt_terms_pass()): between two calls MIN and MAX keep a copy of such a term.
 *
 * Small integers are summed in 64 bits, all other numbers exactly or as doubles in a tt_number; the two
 * sums meet in the end. */
#include "expr/datum.h"
#include "expr/expr.h"

/** Ids that were seen; open addressing, 0 (TT_UNBOUND) being free. */
typedef struct id_set {
	tt_id *slots;
	size_t n_slots; /* 0 or a power of two */
	size_t n_used;
} id_set;

typedef tt_status (*add_fn)(tt_accumulator *self, tt_id value);
typedef tt_status (*result_fn)(tt_accumulator *self, tt_id *out_value);

typedef struct aggregate_kind {
	add_fn add;
	result_fn result;
	bool fails_on_error; /* one value that is an error makes the result an error */
	bool keeps_best;
} aggregate_kind;

static const aggregate_kind kinds[];

struct tt_accumulator {
	tt_expr_env *env;
	const tt_aggregation *aggregation;
	const aggregate_kind *kind;
	id_set seen; /* DISTINCT */
	bool is_error;
	uint64_t n_values; /* that were added */
	unsigned n_unpolled;
	int64_t small_sum; /* SUM, AVG */
	tt_number sum;     /* SUM, AVG: the others */
	tt_id best;        /* MIN, MAX, SAMPLE */
	bool is_copied;    /* MIN, MAX: the best is `copy`; between calls its id may mean another term */
	tt_term copy;
	tt_buffer text; /* GROUP_CONCAT; the text of `copy` */
};

/* ---- distinct --------------------------------------------------------------------------------- */

/* The slot of an id, or the free one where it would be. */
static size_t find_slot(const tt_id *slots, size_t n_slots, tt_id id)
{
	size_t i = (size_t)tt_hash_u64(id) & (n_slots - 1);
	while (slots[i] != TT_UNBOUND && slots[i] != id) {
		i = (i + 1) & (n_slots - 1);
	}
	return i;
}

static tt_status grow(tt_ctx *ctx, id_set *set)
{
	const size_t n_new = set->n_slots ? set->n_slots * 2 : 16;
	tt_id *const slots = tt_calloc(ctx, n_new, sizeof *slots);
	if (!slots) {
		return ctx->error.status;
	}
	for (size_t i = 0; i < set->n_slots; ++i) {
		if (set->slots[i] != TT_UNBOUND) {
			slots[find_slot(slots, n_new, set->slots[i])] = set->slots[i];
		}
	}
	tt_free(ctx, set->slots);
	set->slots = slots;
	set->n_slots = n_new;
	return TT_OK;
}

static tt_status insert(tt_ctx *ctx, id_set *set, tt_id id, bool *out_is_new)
{
	if (set->n_used + 1 > set->n_slots - set->n_slots / 4) {
		TT_TRY(grow(ctx, set));
	}
	tt_id *const slot = &set->slots[find_slot(set->slots, set->n_slots, id)];
	*out_is_new = *slot == TT_UNBOUND;
	*slot = id;
	set->n_used += *out_is_new;
	return TT_OK;
}

/* ---- adding ----------------------------------------------------------------------------------- */

static tt_status add_nothing(tt_accumulator *self, tt_id value)
{
	(void)self, (void)value;
	return TT_OK;
}

static tt_status add_number(tt_accumulator *self, tt_id value)
{
	int64_t sum = 0;
	if (tt_id_kind(value) == TT_KIND_INTEGER &&
	    !__builtin_add_overflow(self->small_sum, tt_value_to_integer(value), &sum)) {
		self->small_sum = sum;
		return TT_OK;
	}
	tt_datum datum;
	TT_TRY(tt_datum_read(self->env->terms, value, &datum));
	if (datum.class != TT_CLASS_NUMBER || !tt_number_add(&self->sum, &datum.number, &self->sum)) {
		self->is_error = true;
	}
	tt_datum_clear(&datum);
	return TT_OK;
}

static tt_status add_minimum(tt_accumulator *self, tt_id value)
{
	int order = -1;
	if (self->best != TT_UNBOUND) {
		TT_TRY(tt_order_compare(self->env->terms, value, self->best, &order));
	}
	self->best = order < 0 ? value : self->best;
	return TT_OK;
}

static tt_status add_maximum(tt_accumulator *self, tt_id value)
{
	int order = 1;
	if (self->best != TT_UNBOUND) {
		TT_TRY(tt_order_compare(self->env->terms, value, self->best, &order));
	}
	self->best = order > 0 ? value : self->best;
	return TT_OK;
}

static tt_status add_sample(tt_accumulator *self, tt_id value)
{
	self->best = self->best == TT_UNBOUND ? value : self->best;
	return TT_OK;
}

static tt_status add_text(tt_accumulator *self, tt_id value)
{
	tt_scratch scratch;
	tt_term term;
	TT_TRY(tt_terms_get(self->env->terms, value, &scratch, &term));
	if (term.kind != TT_TERM_IRI && term.kind != TT_TERM_LITERAL) {
		self->is_error = true;
		return TT_OK;
	}
	if (self->n_values > 1) {
		TT_TRY(tt_buffer_append(&self->text, self->aggregation->separator));
	}
	return tt_buffer_append(&self->text, term.text);
}

static tt_status recall_best(tt_accumulator *self)
{
	return self->is_copied ? tt_terms_intern(self->env->terms, &self->copy, &self->best) : TT_OK;
}

/* Copy the best term if its id will not last. @param recalled The id that the copy had in this call. */
static tt_status keep_best(tt_accumulator *self, tt_id recalled)
{
	tt_terms *const terms = self->env->terms;
	tt_scratch scratch;
	if (self->best == recalled) {
		return TT_OK;
	}
	self->is_copied = terms->is_passing && tt_id_kind(self->best) == TT_KIND_LOCAL;
	if (!self->is_copied) {
		return TT_OK;
	}
	tt_term *const copy = &self->copy;
	TT_TRY(tt_terms_get(terms, self->best, &scratch, copy));
	tt_buffer_reset(&self->text);
	TT_TRY(tt_buffer_append(&self->text, copy->text));
	TT_TRY(tt_buffer_append(&self->text, copy->datatype));
	TT_TRY(tt_buffer_append(&self->text, copy->language));
	const char *const data = self->text.data ? self->text.data : "";
	copy->text.data = data;
	copy->datatype.data = data + copy->text.size;
	copy->language.data = data + copy->text.size + copy->datatype.size;
	return TT_OK;
}

static tt_status add_value(tt_accumulator *self, tt_id value)
{
	if (value == TT_UNBOUND) {
		self->is_error = self->is_error || self->kind->fails_on_error;
		return TT_OK;
	}
	if (self->aggregation->is_distinct) {
		bool is_new = false;
		TT_TRY(insert(self->env->ctx, &self->seen, value, &is_new));
		if (!is_new) {
			return TT_OK;
		}
	}
	self->n_values++;
	return self->kind->add(self, value);
}

tt_status tt_accumulator_add(tt_accumulator *self, const tt_id *values, size_t n_values)
{
	enum { POLLED_AFTER = 1024 };
	if (!values) {
		self->n_values += n_values;
		return TT_OK;
	}
	TT_TRY(recall_best(self));
	const tt_id recalled = self->best;
	for (size_t i = 0; i < n_values && !self->is_error; ++i) {
		TT_TRY(add_value(self, values[i]));
		if (++self->n_unpolled >= POLLED_AFTER) {
			self->n_unpolled = 0;
			TT_TRY(tt_ctx_poll(self->env->ctx));
		}
	}
	return self->kind->keeps_best ? keep_best(self, recalled) : TT_OK;
}

/* ---- results ---------------------------------------------------------------------------------- */

static tt_status intern_number(tt_accumulator *self, const tt_number *number, tt_id *out_value)
{
	if (tt_number_to_id(number, out_value)) {
		return TT_OK;
	}
	tt_buffer text;
	tt_buffer_init(&text, self->env->ctx);
	tt_status status = tt_number_format(number, &text);
	if (status == TT_OK) {
		const tt_term term = tt_term_typed(tt_buffer_view(&text), tt_vocab_iri(tt_number_datatype(number)));
		status = tt_terms_intern(self->env->terms, &term, out_value);
	}
	tt_buffer_clear(&text);
	return status;
}

static tt_status count_result(tt_accumulator *self, tt_id *out_value)
{
	tt_number count = TT_NUMBER_ZERO;
	tt_number_set_integer((int64_t)self->n_values, &count);
	return intern_number(self, &count, out_value);
}

static tt_status sum_result(tt_accumulator *self, tt_id *out_value)
{
	tt_number sum = TT_NUMBER_ZERO;
	tt_number_set_integer(self->small_sum, &sum);
	const bool is_number = tt_number_add(&sum, &self->sum, &sum);
	const tt_status status = is_number ? intern_number(self, &sum, out_value) : TT_OK;
	tt_number_clear(&sum);
	return status;
}

static tt_status average_result(tt_accumulator *self, tt_id *out_value)
{
	if (self->n_values == 0) {
		return count_result(self, out_value);
	}
	tt_number average = TT_NUMBER_ZERO;
	tt_number count = TT_NUMBER_ZERO;
	tt_number_set_integer(self->small_sum, &average);
	tt_number_set_integer((int64_t)self->n_values, &count);
	const bool is_number = tt_number_add(&average, &self->sum, &average) &&
	                       tt_number_divide(&average, &count, &average);
	const tt_status status = is_number ? intern_number(self, &average, out_value) : TT_OK;
	tt_number_clear(&average);
	return status;
}

static tt_status best_result(tt_accumulator *self, tt_id *out_value)
{
	TT_TRY(recall_best(self));
	*out_value = self->best;
	return TT_OK;
}

static tt_status text_result(tt_accumulator *self, tt_id *out_value)
{
	const tt_term term = tt_term_string(self->text.size ? tt_buffer_view(&self->text) : TT_VIEW(""));
	return tt_terms_intern(self->env->terms, &term, out_value);
}

tt_status tt_accumulator_result(tt_accumulator *self, tt_id *out_value)
{
	*out_value = TT_UNBOUND;
	return self->is_error ? TT_OK : self->kind->result(self, out_value);
}

/* ---- life ------------------------------------------------------------------------------------- */

static const aggregate_kind kinds[] = {
    [TT_AGGREGATE_COUNT] = {add_nothing, count_result, false, false},
    [TT_AGGREGATE_SUM] = {add_number, sum_result, true, false},
    [TT_AGGREGATE_MIN] = {add_minimum, best_result, true, true},
    [TT_AGGREGATE_MAX] = {add_maximum, best_result, false, true},
    [TT_AGGREGATE_AVG] = {add_number, average_result, true, false},
    [TT_AGGREGATE_SAMPLE] = {add_sample, best_result, false, false},
    [TT_AGGREGATE_GROUP_CONCAT] = {add_text, text_result, true, false},
};

tt_status tt_accumulator_new(tt_expr_env *env, const tt_aggregation *aggregation, tt_accumulator **out)
{
	tt_accumulator *const self = tt_calloc(env->ctx, 1, sizeof *self);
	*out = self;
	if (!self) {
		return env->ctx->error.status;
	}
	self->env = env;
	self->aggregation = aggregation;
	self->kind = &kinds[aggregation->function];
	self->sum = TT_NUMBER_ZERO;
	tt_buffer_init(&self->text, env->ctx);
	return TT_OK;
}

void tt_accumulator_free(tt_accumulator *accumulator)
{
	if (accumulator) {
		tt_ctx *const ctx = accumulator->env->ctx;
		tt_number_clear(&accumulator->sum);
		tt_buffer_clear(&accumulator->text);
		tt_free(ctx, accumulator->seen.slots);
		tt_free(ctx, accumulator);
	}
}
