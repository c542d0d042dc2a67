/* functions.c - the table of functions, and the search for one that was meant. */
#include "expr/functions.h"

#include <ctype.h>
#include <stdio.h>

typedef struct builtin {
	const char *text;
	tt_function function; /* NULL: a step of its own */
	size_t least, most;
	bool is_fresh;
} builtin;

enum { ANY_NUMBER = 255 };

#define TT_BIND_FORM(name)  NULL
#define TT_BIND_PURE(name)  tt_fn_##name
#define TT_BIND_FRESH(name) tt_fn_##name
#define TT_IS_FRESH_FORM    false
#define TT_IS_FRESH_PURE    false
#define TT_IS_FRESH_FRESH   true
#define TT_FUNCTION(name, text, least, most, kind, section) \
	[TT_FN_##name] = {text, TT_BIND_##kind(name), least, most, TT_IS_FRESH_##kind},
static const builtin builtins[TT_N_BUILTINS] = {
#include "sparql/functions.def"
};
#undef TT_FUNCTION

tt_function tt_builtin_function(tt_builtin name)
{
	return builtins[name].function;
}

void tt_builtin_arity(tt_builtin name, size_t *out_least, size_t *out_most, bool *out_is_fresh)
{
	*out_least = builtins[name].least;
	*out_most = builtins[name].most == ANY_NUMBER ? SIZE_MAX : builtins[name].most;
	*out_is_fresh = builtins[name].is_fresh;
}

/* Casts of SPARQL 1.1 §17.5; any other datatype that we know can be cast to as an extension. */
static bool is_standard_cast(tt_vocab datatype)
{
	static const tt_vocab standard[] = {TT_VOCAB_XSD_STRING,   TT_VOCAB_XSD_BOOLEAN, TT_VOCAB_XSD_INTEGER,
	                                    TT_VOCAB_XSD_DECIMAL,  TT_VOCAB_XSD_FLOAT,   TT_VOCAB_XSD_DOUBLE,
	                                    TT_VOCAB_XSD_DATE_TIME};
	for (size_t i = 0; i < sizeof standard / sizeof *standard; ++i) {
		if (standard[i] == datatype) {
			return true;
		}
	}
	return false;
}

static bool is_cast(tt_vocab entry, bool is_strict)
{
	const tt_view iri = tt_vocab_iri(entry);
	tt_vocab ignored;
	return is_standard_cast(entry) ||
	       (!is_strict && (tt_number_is_datatype(entry) || tt_datetime_find_datatype(iri, &ignored) ||
	                       tt_duration_find_datatype(iri, &ignored)));
}

static bool find_cast(tt_view iri, bool is_strict, tt_function *out_function, int *out_parameter)
{
	for (unsigned entry = 0; entry < TT_N_VOCAB; ++entry) {
		if (is_cast((tt_vocab)entry, is_strict) && tt_view_equal(iri, tt_vocab_iri((tt_vocab)entry))) {
			*out_function = tt_fn_cast;
			*out_parameter = (int)entry;
			return true;
		}
	}
	return false;
}

/* ---- what was meant --------------------------------------------------------------------------- */

enum { LONGEST_NAME = 40 };

static tt_view local_name(tt_view iri)
{
	size_t start = iri.size;
	while (start > 0 && iri.data[start - 1] != '#' && iri.data[start - 1] != '/' && iri.data[start - 1] != ':') {
		start--;
	}
	return tt_view_skip(iri, start);
}

/* Edits between two names, the case of letters not counted; a lot if a name is too long to be one of ours. */
static size_t distance(tt_view a, tt_view b)
{
	size_t costs[LONGEST_NAME + 1];
	if (a.size > LONGEST_NAME || b.size > LONGEST_NAME) {
		return SIZE_MAX;
	}
	for (size_t j = 0; j <= b.size; ++j) {
		costs[j] = j;
	}
	for (size_t i = 0; i < a.size; ++i) {
		size_t diagonal = costs[0]++;
		for (size_t j = 0; j < b.size; ++j) {
			const size_t replaced = diagonal + (tolower((unsigned char)a.data[i]) != tolower((unsigned char)b.data[j]));
			const size_t removed = costs[j + 1] + 1;
			const size_t added = costs[j] + 1;
			diagonal = costs[j + 1];
			const size_t least = removed < added ? removed : added;
			costs[j + 1] = replaced < least ? replaced : least;
		}
	}
	return costs[b.size];
}

static tt_status fail_unknown(tt_ctx *ctx, const tt_expr *call, bool is_strict)
{
	const tt_view name = local_name(call->function);
	size_t nearest = SIZE_MAX;
	char meant[160] = "casts such as xsd:integer are known";
	for (unsigned entry = 0; entry < TT_N_VOCAB; ++entry) {
		const tt_view iri = tt_vocab_iri((tt_vocab)entry);
		const size_t far = is_cast((tt_vocab)entry, is_strict) ? distance(name, local_name(iri)) : SIZE_MAX;
		if (far < nearest && far <= name.size / 2) {
			nearest = far;
			(void)snprintf(meant, sizeof meant, "did you mean <%.*s>?", TT_VIEW_ARG(iri));
		}
	}
	for (size_t i = 0; i < TT_N_BUILTINS; ++i) {
		const size_t far = distance(name, tt_view_of(builtins[i].text));
		if (far < nearest && far <= name.size / 2) {
			nearest = far;
			(void)snprintf(meant, sizeof meant, "did you mean the built-in %s()?", builtins[i].text);
		}
	}
	return TT_FAIL_AT_PLACE(ctx, TT_UNSUPPORTED, call->place, "unknown function <%.*s>; %s",
	                        TT_VIEW_ARG(call->function), meant);
}

tt_status tt_function_find(tt_ctx *ctx, const tt_expr *call, bool is_strict, tt_function *out_function,
                           int *out_parameter)
{
	if (!find_cast(call->function, is_strict, out_function, out_parameter)) {
		return fail_unknown(ctx, call, is_strict);
	}
	return call->n_arguments == 1
	           ? TT_OK
	           : TT_FAIL_AT_PLACE(ctx, TT_UNSUPPORTED, call->place, "<%.*s> has %zu arguments, but a cast has one",
	                              TT_VIEW_ARG(call->function), call->n_arguments);
}

tt_status tt_expr_check_call(const tt_expr *call, const tt_expr_env *env)
{
	tt_function function = NULL;
	int parameter = 0;
	return tt_function_find(env->ctx, call, env->is_strict, &function, &parameter);
}
