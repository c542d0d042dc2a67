/* ask.c - a question with the values of its parameters. */
#include "questions/questions.h"

#include "engine/engine.h"

#include <stdio.h>

static bool is_bound(const tt_binding *bindings, size_t n, const char *name)
{
	for (size_t i = 0; i < n; ++i) {
		if (strcmp(bindings[i].variable, name) == 0) {
			return true;
		}
	}
	return false;
}

static bool is_parameter(const tt_question *question, const char *name)
{
	for (size_t i = 0; i < question->n_parameters; ++i) {
		if (strcmp(question->parameters[i].name, name) == 0) {
			return true;
		}
	}
	return false;
}

static tt_status fail_unknown(tt_db *db, const tt_question *question, const char *name)
{
	char known[512] = "";
	size_t n = 0;
	for (size_t i = 0; i < question->n_parameters && n < sizeof known; ++i) {
		n += (size_t)snprintf(known + n, sizeof known - n, "%s?%s", i ? ", " : "", question->parameters[i].name);
	}
	return tt_fail(&db->ctx, TT_NOT_FOUND, "there is no parameter ?%s in %s; there %s %s", name, question->name,
	               question->n_parameters == 1 ? "is" : "are", known);
}

tt_status tt_question_bind(tt_db *db, const tt_question *question, const tt_binding *given, size_t n_given,
                           tt_binding *out, size_t *out_n)
{
	*out_n = 0;
	for (size_t i = 0; i < n_given; ++i) {
		if (question->n_parameters && !is_parameter(question, given[i].variable)) {
			return fail_unknown(db, question, given[i].variable);
		}
		out[(*out_n)++] = given[i];
	}
	for (size_t i = 0; i < question->n_parameters; ++i) {
		const tt_parameter *const parameter = &question->parameters[i];
		if (parameter->value && !is_bound(given, n_given, parameter->name)) {
			out[(*out_n)++] = (tt_binding){.variable = parameter->name, .value = parameter->value};
		}
	}
	return TT_OK;
}

tt_status tt_question_options(tt_arena *arena, tt_db *db, const tt_question *question, const tt_query_options *options,
                              tt_query_options *out)
{
	*out = options ? *options : (tt_query_options){.base = NULL};
	tt_binding *const all = tt_arena_alloc(arena, (out->n_bindings + question->n_parameters + 1) * sizeof *all);
	if (!all) {
		return tt_db_failed(db, arena->ctx);
	}
	TT_TRY(tt_question_bind(db, question, out->bindings, out->n_bindings, all, &out->n_bindings));
	out->bindings = all;
	out->source_name = question->path;
	return TT_OK;
}

tt_status tt_question_ask(tt_db *db, const tt_question *question, const tt_query_options *options,
                          tt_results **out_results)
{
	tt_ctx ctx;
	tt_arena arena;
	tt_query_options with;
	tt_ctx_init(&ctx);
	tt_arena_init(&arena, &ctx);
	tt_ctx_clear_error(&db->ctx);
	*out_results = NULL;
	tt_status status = tt_question_options(&arena, db, question, options, &with);
	status = status ? status : tt_db_query(db, question->query, &with, out_results);
	tt_arena_clear(&arena);
	return status;
}
