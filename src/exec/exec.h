/* exec.h - run a plan: batches of ids out of a snapshot.
 *
 * Contrast: plan/ decides, this does. op.h is the contract of one operator.
 * Owns:     an execution belongs to the caller; its batch to the execution.
 * Threads:  as its context.
 * Fails:    TT_CANCELLED, TT_TIMEOUT, TT_LIMIT, TT_NO_MEMORY, what the store returns.
 * Tests:    tests/unit/test_exec_*.c
 */
#ifndef TT_EXEC_EXEC_H
#define TT_EXEC_EXEC_H

#include "expr/expr.h"
#include "plan/plan.h"

/** Rows of a batch, at most. */
enum { TT_BATCH_ROWS = 1024 };

/** Rows of ids by column; owned by the operator that filled it, valid until its next call. */
typedef struct tt_batch {
	size_t n_rows;
	size_t n_columns;
	tt_id **columns; /* each TT_BATCH_ROWS long */
} tt_batch;

typedef struct tt_execution tt_execution;

/** Prepare to run.
 * @param env Its `exists` callback is set here. Plan, terms and env must outlive the execution. */
TT_CHECKED tt_status tt_execution_new(const tt_plan *plan, tt_terms *terms, tt_expr_env *env, bool is_profiled,
                                      tt_execution **out_execution);
void tt_execution_free(tt_execution *execution);
/** The caller keeps no id beyond the batch that it came in. If the plan does not either, the terms that a batch
 * computes are forgotten with it, so that a long answer needs no more memory than a short one. */
void tt_execution_let_terms_pass(tt_execution *execution);

/** The next rows, with the columns of `plan->columns` in that order.
 * @param out_batch n_rows is 0 at the end; valid until the next call. */
TT_CHECKED tt_status tt_execution_next(tt_execution *execution, const tt_batch **out_batch);

/** What each operator did so far; NULL if not profiled. */
const tt_profile *tt_execution_profile(const tt_execution *execution);

#endif
