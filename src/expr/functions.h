/* functions.h - the C functions behind the built-ins of SPARQL, declared from functions.def.
 *
 * Contrast: functions.def says what they are called and what they take; functions.c is the table.
 * Owns:     nothing.
 * Threads:  any.
 * Fails:    see tt_function in eval.h.
 * Tests:    tests/unit/test_expr.c
 */
#ifndef TT_EXPR_FUNCTIONS_H
#define TT_EXPR_FUNCTIONS_H

#include "expr/program.h"

/* Functions of kind FORM are steps, not functions. The names are those of the specification: tt_fn_STRLEN. */
#define TT_DECLARE_FORM(name)
#define TT_DECLARE_PURE(name) \
	tt_status tt_fn_##name(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out);
#define TT_DECLARE_FRESH(name)                              TT_DECLARE_PURE(name)
#define TT_FUNCTION(name, text, least, most, kind, section) TT_DECLARE_##kind(name)
#include "sparql/functions.def"
#undef TT_FUNCTION

/** A cast to `call->parameter`, a numeric, boolean, string, moment or duration datatype (§17.1, §17.5). */
tt_status tt_fn_cast(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out);

#endif
