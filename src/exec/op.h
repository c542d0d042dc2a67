/* op.h - the contract of one running operator, and what all operators of an execution share.
 *
 * Contrast: plan/physical.h describes operators, this runs them. exec.h is what others call.
 * Owns:     an operator owns its children and its columns; the execution owns the operators.
 * Threads:  as its context.
 * Fails:    TT_CANCELLED, TT_TIMEOUT, TT_LIMIT, TT_NO_MEMORY, what the store and expressions return.
 * Tests:    tests/unit/test_exec_*.c
 */
#ifndef TT_EXEC_OP_H
#define TT_EXEC_OP_H

#include "exec/exec.h"

typedef struct tt_op tt_op;
typedef struct tt_inner tt_inner;

/* Which operators keep an order: see physical.h. In short: those with one input (but GROUP and SORT), the hash joins
 * and their kin deliver rows in the order of child 0. MERGE_JOIN delivers ascending by keys[0]. LOOKUP_JOIN and
 * LEFT_LOOKUP take up to a batch of left rows, sort them by what they probe with, and deliver in that order: so they
 * keep an order on the first probed variable, no other. GROUP delivers in the order of its input if that is sorted on
 * the keys. All others promise nothing. */

/** What the operators of one kind do; OPTIONAL ones may be NULL. */
typedef struct tt_op_class {
	size_t n_bytes;   /* of the operator's struct, which begins with a tt_op */
	unsigned n_built; /* how many children are built before open(): the others are the operator's own business */
	tt_status (*open)(tt_op *op);            /* OPTIONAL: make what lasts until close() */
	tt_status (*reset)(tt_op *op);           /* go to the beginning, with the parameters of now; also before the first
	                                            next(). Resets the children too. OPTIONAL: only the children */
	tt_status (*next)(tt_op *op);            /* fill op->batch; without rows: the end. May say by is_at_end
	                                            that these rows are the last */
	tt_status (*seek)(tt_op *op, tt_id key); /* OPTIONAL: rows whose `seek_variable` is smaller need not come */
	void (*close)(tt_op *op);                /* OPTIONAL: free what open(), reset() and next() made, perhaps half of it;
	                                            not the children, not the columns */
} tt_op_class;

struct tt_op {
	const tt_op_class *class;
	tt_execution *run;
	const tt_node *node;
	tt_op **children;     /* node->n_children; NULL where not built */
	tt_batch batch;       /* the rows of now; its columns may lie in a child's batch */
	tt_id *memory;        /* room for own columns, made when first asked for */
	tt_var seek_variable; /* what seek() goes by; TT_NO_VAR: it cannot */
	bool is_variable;     /* the rows may depend on parameters */
	bool is_at_end;
};

struct tt_execution {
	const tt_plan *plan;
	tt_ctx *ctx;
	tt_terms *terms;
	tt_expr_env *env;
	tt_id *parameters; /* by variable (physical.h, "Parameters") */
	uint64_t epoch;    /* another number whenever a parameter may have changed */
	uint64_t n_epochs;
	tt_inner **inners; /* the EXISTS of all open formulas, by the address of their expression */
	size_t n_inners, inners_capacity;
	tt_id *unbound;      /* a column without a value */
	size_t n_batch_rows; /* TT_BATCH_ROWS, less in a plan of very many columns */
	tt_profile *profile; /* by node number, or NULL */
	tt_op *root;
	tt_batch result;
	bool lets_terms_pass;
};

/* ---- operators (op.c, build.c) ---------------------------------------------------------------- */

/** Make the operator of a node with all below it. */
TT_CHECKED tt_status tt_op_build(tt_execution *run, const tt_node *node, tt_op **out_op);
/** Free an operator with its children; NULL is ignored. */
void tt_op_free(tt_op *op);
/** Go to the beginning; to be called before the first tt_op_next(). */
TT_CHECKED tt_status tt_op_reset(tt_op *op);
TT_CHECKED tt_status tt_op_reset_children(tt_op *op);
/** Fetch the next rows into op->batch; no rows: the end. Polls. */
TT_CHECKED tt_status tt_op_next(tt_op *op);

/** Position of a variable among the columns of a node, or SIZE_MAX. */
size_t tt_node_find(const tt_node *node, tt_var variable);
/** Whether an expression mentions a variable, or asks EXISTS about it. */
bool tt_expr_has_variable(const tt_expr *expr, tt_var variable);

/** Let all columns of the batch be own memory of the operator. */
TT_CHECKED tt_status tt_op_own_columns(tt_op *op);
/** The own memory of a column; after tt_op_own_columns(). */
static inline tt_id *tt_op_own(const tt_op *op, size_t column)
{
	return op->memory + column * op->run->n_batch_rows;
}
/** Deliver some rows of child 0, whose columns are those of the operator.
 * @param rows Ascending. */
TT_CHECKED tt_status tt_op_select(tt_op *op, const uint32_t *rows, size_t n_rows);
/** Columns as expressions want them. */
static inline const tt_id *const *tt_batch_columns(const tt_batch *batch)
{
	return (const tt_id *const *)batch->columns;
}

/** out[i] = from[rows[i]] */
void tt_gather(tt_id *restrict out, const tt_id *restrict from, const uint32_t *restrict rows, size_t n_rows);

/* ---- expressions (exists.c) ------------------------------------------------------------------- */

/** A compiled expression together with the plans of its EXISTS. */
typedef struct tt_formula {
	tt_program *program;
	tt_execution *run;
	tt_inner **inners;
	size_t n_inners, capacity;
} tt_formula;

/** @param variables Which variable each column holds; may be freed afterwards. */
TT_CHECKED tt_status tt_formula_open(tt_formula *formula, tt_execution *run, const tt_expr *expr,
                                     const tt_var *variables, size_t n_variables);
/** Free; a zeroed formula is ignored. */
void tt_formula_close(tt_formula *formula);
/** Whether an expression holds an EXISTS, whose answer depends on parameters. */
bool tt_expr_asks_exists(const tt_expr *expr);
/** Whether an expression may remember ids of terms that it made, from one batch to the next. */
bool tt_expr_keeps_ids(const tt_expr *expr);
/** The callback of tt_expr_env. */
tt_status tt_exists_answer(void *user, const tt_expr *exists, const tt_id *const *columns, size_t row,
                           bool *out_exists);

/* ---- the kinds -------------------------------------------------------------------------------- */

extern const tt_op_class tt_op_unit, tt_op_empty, tt_op_values, tt_op_union, tt_op_filter, tt_op_extend, tt_op_project,
    tt_op_distinct, tt_op_slice, tt_op_graph_loop;                      /* shape.c */
extern const tt_op_class tt_op_scan, tt_op_count;                       /* scan.c */
extern const tt_op_class tt_op_merge_join;                              /* join_merge.c */
extern const tt_op_class tt_op_hash_join;                               /* join_hash.c */
extern const tt_op_class tt_op_lookup_join;                             /* join_lookup.c, LEFT_LOOKUP too */
extern const tt_op_class tt_op_left_join, tt_op_minus, tt_op_semi_join; /* left.c */
extern const tt_op_class tt_op_group;                                   /* group.c */
extern const tt_op_class tt_op_sort;                                    /* sort.c */
extern const tt_op_class tt_op_path;                                    /* path.c */

#endif
