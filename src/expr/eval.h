/* eval.h - what the functions of SPARQL work with: arguments in, results out, terms of one batch.
 *
 * Contrast: expr.h is for the layers above; program.h is the compiled expression. This is the little
 *           language in which the fn_*.c files are written.
 * Owns:     an evaluation owns its transient terms until the next tt_eval_reset().
 * Threads:  as its context.
 * Fails:    a status only for what stops the query. A function that has no value leaves its result
 *           TT_UNBOUND.
 * Tests:    tests/unit/test_expr.c
 */
#ifndef TT_EXPR_EVAL_H
#define TT_EXPR_EVAL_H

#include "expr/datum.h"
#include "expr/expr.h"

/** Ids of terms that live for one batch only, so that the steps of UCASE(STR(?x)) need no dictionary. They never leave
 * a program: its results are interned. Unlike all other ids, two of them may be the same term. */
#define TT_KIND_TRANSIENT TT_KIND_RESERVED

typedef struct tt_transient {
	bool has_term;
	bool has_number;
	tt_term term;
	tt_number number; /* never big, so it owns nothing */
} tt_transient;

/** The state of one program's evaluation. */
typedef struct tt_eval {
	tt_ctx *ctx;
	tt_terms *terms;
	tt_expr_env *env;
	tt_arena arena;           /* texts of transients */
	tt_transient *transients; /* TT_KIND_TRANSIENT payload n: transients[n] */
	size_t n_transients;
	size_t capacity;
	tt_buffer text;        /* for a function to build its result in */
	tt_buffer spelling;    /* for the texts of numbers */
	uint64_t scope;        /* of BNODE(text): programs of one scope see the same rows */
	uint64_t solution;     /* number of the row that a function is called for, since the program began */
	uint64_t random_state; /* RAND(); 0: not seeded yet */
} tt_eval;

void tt_eval_init(tt_eval *eval, tt_expr_env *env);
void tt_eval_clear(tt_eval *eval);
/** Forget the transients, before the next batch. */
void tt_eval_reset(tt_eval *eval);

static inline bool tt_id_is_transient(tt_id id)
{
	return tt_id_kind(id) == TT_KIND_TRANSIENT;
}

/* ---- arguments in ----------------------------------------------------------------------------- */

/** The term of any id.
 * @param out_term Text lives until the next reset, or (inline ids) as long as the scratch. */
TT_CHECKED tt_status tt_eval_term(tt_eval *eval, tt_id id, tt_scratch *scratch, tt_term *out_term);
/** The value of any id; tt_datum_clear() it. */
TT_CHECKED tt_status tt_eval_datum(tt_eval *eval, tt_id id, tt_datum *out_datum);
/** The kind of term of any id. */
tt_term_kind tt_eval_kind(const tt_eval *eval, tt_id id);
/** Whether two ids are the same RDF term. */
TT_CHECKED tt_status tt_eval_is_same(tt_eval *eval, tt_id a, tt_id b, bool *out_is_same);

/** A string argument (§17.4.3: simple literal, xsd:string or language-tagged); false in @p out_is_string for any other
 * term. Its text lives until the next reset. */
TT_CHECKED tt_status tt_eval_string(tt_eval *eval, tt_id id, tt_term *out_term, bool *out_is_string);
/** As tt_eval_string(), but not language-tagged. */
TT_CHECKED tt_status tt_eval_simple(tt_eval *eval, tt_id id, tt_view *out_text, bool *out_is_simple);

/* ---- results out ------------------------------------------------------------------------------ */

/** A term whose text lives at least until the next reset. */
TT_CHECKED tt_status tt_eval_lend(tt_eval *eval, const tt_term *term, tt_id *out);
/** A term whose text is copied. */
TT_CHECKED tt_status tt_eval_give(tt_eval *eval, const tt_term *term, tt_id *out);
/** A term with the language and datatype of @p like and a text that is copied. */
TT_CHECKED tt_status tt_eval_give_like(tt_eval *eval, tt_view text, const tt_term *like, tt_id *out);
/** A number. It remains the caller's. */
TT_CHECKED tt_status tt_eval_give_number(tt_eval *eval, const tt_number *number, tt_id *out);
static inline TT_CHECKED tt_status tt_eval_give_boolean(bool value, tt_id *out)
{
	*out = tt_value_from_boolean(value);
	return TT_OK;
}
TT_CHECKED tt_status tt_eval_give_integer(tt_eval *eval, int64_t value, tt_id *out);
TT_CHECKED tt_status tt_eval_give_moment(tt_eval *eval, const tt_datetime *moment, tt_id *out);
TT_CHECKED tt_status tt_eval_give_duration(tt_eval *eval, const tt_duration *duration, tt_id *out);

/** The id for the world outside: transients are interned, others stay. */
TT_CHECKED tt_status tt_eval_intern(tt_eval *eval, tt_id *id);

/* ---- functions -------------------------------------------------------------------------------- */

typedef struct tt_call tt_call;

/** A function of its arguments' values for one row. It is called only if all arguments are bound.
 * @param out TT_UNBOUND when called; left so, it is an expression error. */
typedef tt_status (*tt_function)(tt_call *call, const tt_id *arguments, size_t n_arguments, tt_id *out);

/** The place in an expression from which a function is called. */
struct tt_call {
	tt_eval *eval;
	int parameter; /* of casts: the vocabulary entry of the datatype; of hashes: which */
	void *state;   /* what the function keeps from row to row, e.g. a compiled regular expression */
	void (*free_state)(tt_ctx *ctx, void *state);
};

/** a + b and the others (TT_EXPR_ADD, SUBTRACT, MULTIPLY, DIVIDE); -a and +a (TT_EXPR_MINUS, PLUS). Both operands are
 * bound. */
TT_CHECKED tt_status tt_eval_arithmetic(tt_eval *eval, tt_ast_expr_kind operation, tt_id a, tt_id b, tt_id *out);
TT_CHECKED tt_status tt_eval_sign(tt_eval *eval, tt_ast_expr_kind operation, tt_id a, tt_id *out);

#endif
