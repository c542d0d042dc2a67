/* expr.h - compile an expression once, run it over columns of ids.
 *
 * Contrast: compare.h orders and compares two ids; this evaluates whole expressions (SPARQL 1.1 §17).
 * Owns:     a compiled expression belongs to the caller; its result column to the caller too.
 * Threads:  as its context.
 * Fails:    a status only for what stops the query (memory, cancel). An expression error is a value:
 *           TT_UNBOUND in the result.
 * Tests:    tests/unit/test_expr.c
 */
#ifndef TT_EXPR_EXPR_H
#define TT_EXPR_EXPR_H

#include "store/terms.h"
#include "plan/algebra.h"

/** Answers EXISTS for one row: the exec layer's callback.
 * @param columns, row The outer row: column i holds variable i of those given to tt_expr_compile(). */
typedef tt_status (*tt_exists_fn)(void *user, const tt_expr *exists, const tt_id *const *columns, size_t row,
                                  bool *out_exists);

/** What is the same for all expressions of a query. */
typedef struct tt_expr_env {
	tt_ctx *ctx;
	tt_terms *terms;
	tt_view base;        /* for IRI() */
	int64_t now_ns;      /* NOW(): nanoseconds since 1970, UTC */
	bool is_strict;      /* no extensions: YEAR() of a gYear is an error … */
	tt_exists_fn exists; /* may be NULL: EXISTS is TT_UNSUPPORTED */
	void *exists_user;
} tt_expr_env;

typedef struct tt_program tt_program;

/** Whether there is a function that a TT_EXPR_FUNCTION calls, with so many arguments.
 * @return TT_UNSUPPORTED if not (`unknown function <…>`, nearest name suggested). */
TT_CHECKED tt_status tt_expr_check_call(const tt_expr *call, const tt_expr_env *env);

/** Compile.
 * @param tree, env Must outlive the program.
 * @param variables Which variable each column of the rows holds; one that is not there is unbound.
 * @return As tt_expr_check_call(). */
TT_CHECKED tt_status tt_expr_compile(const tt_expr *tree, tt_expr_env *env, const tt_var *variables, size_t n_variables,
                                     tt_program **out_program);
void tt_program_free(tt_program *program);

/** Say that BNODE(text) shares its nodes with other programs: those of the same scope get the same node for the same
 * text in the n-th row that each evaluates. For the expressions of one SELECT clause, which see the same solutions in
 * the same order; a number that no others use (the operator's). Without it a program has a scope of its own. */
void tt_program_set_scope(tt_program *program, uint64_t scope);

/** Evaluate for all rows: out[i] is the value for row i, TT_UNBOUND for an error. */
TT_CHECKED tt_status tt_program_eval(tt_program *program, const tt_id *const *columns, size_t n_rows, tt_id *out);

/** Evaluate as a condition: the row numbers where the effective boolean value (§17.2.2) is true, ascending. */
TT_CHECKED tt_status tt_program_filter(tt_program *program, const tt_id *const *columns, size_t n_rows,
                                       uint32_t *out_rows, size_t *out_n_rows);

/** If the tree is a constant after folding: its value. For rewriting (constant folding) and for LIMIT-like uses.
 * @param out_is_constant False if it has variables or fresh functions; an error is TT_UNBOUND. */
TT_CHECKED tt_status tt_expr_constant(const tt_expr *tree, tt_expr_env *env, bool *out_is_constant, tt_id *out_value);

/** Running aggregate of one group (§18.5.1). */
typedef struct tt_accumulator tt_accumulator;
/** @param aggregation Must outlive it. DISTINCT is done inside. */
TT_CHECKED tt_status tt_accumulator_new(tt_expr_env *env, const tt_aggregation *aggregation, tt_accumulator **out);
void tt_accumulator_free(tt_accumulator *accumulator);
/** Add the argument's values of some rows (TT_UNBOUND: an error). For COUNT(*) @p values is NULL, and with DISTINCT
 * `row_hashes`-style identity is the caller's business (see exec/group.c).
 * Cheap for long runs: one call for many values. */
TT_CHECKED tt_status tt_accumulator_add(tt_accumulator *accumulator, const tt_id *values, size_t n_values);
/** The value of the aggregate; TT_UNBOUND for an error. */
TT_CHECKED tt_status tt_accumulator_result(tt_accumulator *accumulator, tt_id *out_value);

#endif
