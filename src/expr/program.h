/* program.h - a compiled expression: a tree of steps, each evaluated for a whole column of rows.
 *
 * Contrast: expr.h is the interface; compile.c makes programs, expr.c runs them.
 * Owns:     a program owns its steps (in its arena), their state and its columns.
 * Threads:  as its context.
 * Fails:    a status only for what stops the query.
 * Tests:    tests/unit/test_expr.c
 */
#ifndef TT_EXPR_PROGRAM_H
#define TT_EXPR_PROGRAM_H

#include "expr/eval.h"

/** Rows that are evaluated at once. */
enum { TT_EXPR_ROWS = 1024 };

typedef enum tt_step_kind {
	TT_STEP_CONSTANT, /* constant */
	TT_STEP_VARIABLE, /* column */
	TT_STEP_LOGIC,    /* arguments combined by `operation` AND or OR */
	TT_STEP_NOT,
	TT_STEP_COMPARE,    /* two arguments, `operation` EQ … GE */
	TT_STEP_IN,         /* arguments[0] IN (NOT_IN) the others, or `ids` */
	TT_STEP_ARITHMETIC, /* arguments[0] operations[1] arguments[1] operations[2] … from the left */
	TT_STEP_SIGN,       /* `operation` MINUS or PLUS */
	TT_STEP_CALL,       /* function */
	TT_STEP_BOUND,
	TT_STEP_IF,
	TT_STEP_COALESCE,
	TT_STEP_EXISTS,
	TT_N_STEP_KINDS
} tt_step_kind;

#define TT_NO_COLUMN SIZE_MAX

/** Values of some rows: the i-th is ids[i * step]; a constant has a step of 0. */
typedef struct tt_column_view {
	const tt_id *ids;
	size_t step;
} tt_column_view;

typedef struct tt_step {
	tt_step_kind kind;
	tt_ast_expr_kind operation;
	const tt_expr *tree;
	struct tt_step **arguments;
	size_t n_arguments;
	tt_id constant;
	size_t column;                /* VARIABLE: TT_NO_COLUMN: it is never bound */
	tt_ast_expr_kind *operations; /* ARITHMETIC: one for each argument; the first is not used */
	tt_id *ids;                   /* IN: the others are IRIs: their ids, ascending; else NULL */
	size_t n_ids;
	tt_function function; /* CALL */
	tt_call call;
	bool is_fresh;              /* a new value at each call: not to be folded */
	tt_column_view *views;      /* CALL: of the arguments, during a call */
	tt_id *values;              /* CALL: of the arguments for one row */
	struct tt_step *next_state; /* CALL: the next step whose state is to be freed */
} tt_step;

struct tt_program {
	tt_eval eval;
	tt_arena arena;
	tt_step *root;
	tt_step *stateful;       /* list of CALL steps */
	const tt_var *variables; /* while compiling */
	size_t n_variables;
	bool is_open; /* compiled without rows: variables are unknown, not unbound */
	unsigned n_depth;
	/* while running */
	const tt_id *const *columns;
	size_t base;          /* the row of the columns at which the batch begins */
	uint64_t n_solutions; /* rows evaluated before this call */
	void **blocks;        /* spare columns, each TT_EXPR_ROWS ids long: a stack */
	size_t n_blocks;
	size_t blocks_capacity;
	size_t n_blocks_taken;
};

/** The rows of a batch for which something is evaluated: all of 0 … n - 1 if `rows` is NULL. */
typedef struct tt_rows {
	const uint32_t *rows;
	size_t n;
} tt_rows;

/** Evaluate a step for some rows.
 * @param buffer Room for rows->n ids, where the values may be put.
 * @param out_view The values, in the buffer or elsewhere; until the buffer is used again. */
TT_CHECKED tt_status tt_step_evaluate(tt_program *program, tt_step *step, const tt_rows *rows, tt_id *buffer,
                                      tt_column_view *out_view);

/** Evaluate a step for no row in particular, as one without variables can be; the result is interned. */
TT_CHECKED tt_status tt_step_fold(tt_program *program, tt_step *step, tt_id *out_value);

/** Compile a tree into `program`, which is initialized (compile.c). */
TT_CHECKED tt_status tt_program_compile(tt_program *program, const tt_expr *tree);

/* ---- functions.c ------------------------------------------------------------------------------ */

/** The function of a built-in; NULL for those that are steps of their own (kind FORM). */
tt_function tt_builtin_function(tt_builtin builtin);
/** How many arguments it takes, and whether it gives a new value at each call. */
void tt_builtin_arity(tt_builtin builtin, size_t *out_least, size_t *out_most, bool *out_is_fresh);

/** The function that a TT_EXPR_FUNCTION calls, by its IRI: TT_UNSUPPORTED, with the nearest name, if there is none, or
 * none with so many arguments.
 * @param is_strict Only the casts of SPARQL 1.1 §17.5. */
TT_CHECKED tt_status tt_function_find(tt_ctx *ctx, const tt_expr *call, bool is_strict, tt_function *out_function,
                                      int *out_parameter);

#endif
