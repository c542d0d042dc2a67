/* op.h - the contract of an operator: one node of the plan at work.
 *
 * Contrast: exec.h runs a whole plan; this is what its parts agree on.
 * Owns:     an operator owns its children, its batch and its state.
 * Threads:  as the execution's context.
 * Fails:    as exec.h.
 * Tests:    tests/unit/test_exec.c
 */
#ifndef TT_EXEC_OP_H
#define TT_EXEC_OP_H

#include "exec/exec.h"

typedef struct tt_op tt_op;

/** What all operators of an execution share. */
struct tt_execution {
	const tt_plan *plan;
	tt_ctx *ctx;
	tt_terms *terms;
	tt_snapshot *snapshot;
	tt_expr_env *env;
	tt_id *parameters;         /* by variable: physical.h, "Parameters" */
	tt_profile *profile;       /* by node number, or NULL */
	const tt_node *rows_of;    /* whose columns an expression is being evaluated on (for EXISTS) */
	struct tt_exists *exists;  /* inner plans that were built so far */
	tt_op *root;
	tt_batch out;              /* the root's columns in the order of the result */
};

/** What a kind of operator does. */
typedef struct tt_op_class {
	size_t n_bytes;                  /* of its struct, which begins with a tt_op */
	tt_status (*open)(tt_op *op);    /* once: compile, allocate; may be NULL */
	tt_status (*reset)(tt_op *op);   /* before the first row, and to begin anew with other parameters; may be NULL */
	tt_status (*next)(tt_op *op);    /* fill op->out; n_rows 0: the end */
	void (*close)(tt_op *op);        /* also after a failed open; may be NULL */
	bool is_borrowing;               /* its batch points into its child's: no columns of its own */
} tt_op_class;

struct tt_op {
	const tt_op_class *class;
	const tt_node *node;
	tt_execution *x;
	tt_op **children;
	size_t n_children;
	tt_batch out;
	bool is_done;
};

extern const tt_op_class *const tt_op_classes[TT_N_NODE_KINDS];

/** Build the operator of a node, with those below it. */
TT_CHECKED tt_status tt_op_new(tt_execution *x, const tt_node *node, tt_op **out_op);
void tt_op_free(tt_op *op);
/** Begin from the first row, with the parameters of now. */
TT_CHECKED tt_status tt_op_reset(tt_op *op);
/** The next rows of an operator; n_rows 0 at the end. */
TT_CHECKED tt_status tt_op_next(tt_op *op, const tt_batch **out_batch);

/** Allocate a batch of some columns. */
TT_CHECKED tt_status tt_batch_init(tt_ctx *ctx, tt_batch *batch, size_t n_columns);
void tt_batch_clear(tt_ctx *ctx, tt_batch *batch);

/** Position of a variable among columns, or SIZE_MAX. */
size_t tt_find_column(const tt_var *columns, size_t n_columns, tt_var variable);

/** tt_program_eval() and tt_program_filter() on the columns of a node, so that EXISTS inside finds them. */
TT_CHECKED tt_status tt_op_eval(tt_execution *x, const tt_node *node, tt_program *program, const tt_id *const *columns,
                                size_t n_rows, tt_id *out);
TT_CHECKED tt_status tt_op_filter(tt_execution *x, const tt_node *node, tt_program *program,
                                  const tt_id *const *columns, size_t n_rows, uint32_t *out_rows, size_t *out_n_rows);

/* ---- rows.c: materialised rows ---------------------------------------------------------------- */

/** Rows of ids, one behind the other, with an index by hash of their leading cells. */
typedef struct tt_rows {
	tt_ctx *ctx;
	size_t width;     /* cells of a row, at least 1 */
	tt_id *cells;
	size_t n_rows;
	size_t capacity;
	uint32_t *heads;  /* hash → row + 1; 0: none */
	uint32_t *chain;  /* row → next row of the same hash + 1 */
	size_t n_heads;
	size_t chain_capacity;
} tt_rows;

void tt_rows_init(tt_rows *rows, tt_ctx *ctx, size_t width);
void tt_rows_clear(tt_rows *rows);
/** Forget the rows, keep the memory. */
void tt_rows_empty(tt_rows *rows);
static inline tt_id *tt_rows_at(const tt_rows *rows, size_t row)
{
	return rows->cells + row * rows->width;
}
/** Append a row; @p out_cells is to be filled by the caller. */
TT_CHECKED tt_status tt_rows_append(tt_rows *rows, tt_id **out_cells);
/** Append a row unless an equal one is there. @param out_row May be NULL. */
TT_CHECKED tt_status tt_rows_add_distinct(tt_rows *rows, const tt_id *cells, size_t *out_row, bool *out_is_new);
/** Index all rows by hash of the first @p n_keys cells, in ascending order within a chain. */
TT_CHECKED tt_status tt_rows_index(tt_rows *rows, size_t n_keys);
uint64_t tt_hash_cells(const tt_id *cells, size_t n_cells);

/* ---- scan.c ----------------------------------------------------------------------------------- */

/** One pattern being scanned; used by SCAN and by lookup joins. */
typedef struct tt_scanner {
	tt_execution *x;
	const tt_scan_plan *plan;
	tt_scan *scan;
	tt_id bound[TT_N_COLUMNS];   /* by quad column: what a row must have; TT_UNBOUND: anything */
	uint8_t same_as[TT_N_COLUMNS]; /* an earlier quad column with the same variable, or itself */
	bool is_fetched[TT_N_COLUMNS];
	bool is_residual;            /* rows have to be looked at one by one */
	tt_id *columns[TT_N_COLUMNS]; /* by quad column, TT_BATCH_ROWS long; NULL if not fetched */
	size_t n_rows;
} tt_scanner;

/** @param wanted By quad column: whether the caller reads it. */
TT_CHECKED tt_status tt_scanner_init(tt_scanner *s, tt_execution *x, const tt_scan_plan *plan,
                                     const bool wanted[TT_N_COLUMNS]);
/** Begin anew. @param given By quad column, the ids that a lookup join binds; NULL: none. */
TT_CHECKED tt_status tt_scanner_start(tt_scanner *s, const tt_id given[TT_N_COLUMNS]);
/** Fetch rows into `columns`; n_rows 0 at the end. */
TT_CHECKED tt_status tt_scanner_next(tt_scanner *s);
void tt_scanner_clear(tt_scanner *s);

/* ---- path.c ----------------------------------------------------------------------------------- */

/** The pairs of a property path, one after the other; used by PATH and by lookup joins. */
typedef struct tt_pather tt_pather;
TT_CHECKED tt_status tt_pather_new(tt_execution *x, const tt_node *node, tt_pather **out);
void tt_pather_free(tt_pather *pather);
/** @param given As tt_scanner_start(). */
TT_CHECKED tt_status tt_pather_start(tt_pather *pather, const tt_id given[TT_N_COLUMNS]);
/** The next match, by quad column (the predicate is unused). */
TT_CHECKED tt_status tt_pather_next(tt_pather *pather, tt_id out_quad[TT_N_COLUMNS], bool *out_is_end);

#endif
