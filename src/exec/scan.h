/* scan.h - read one pattern: a scan of the store and the tests that its prefix cannot do.
 *
 * Contrast: store.h scans a permutation; this knows slots: constants, parameters and repeated variables, wherever they
 *           stand. The SCAN operator and the lookup joins read through it.
 * Owns:     the scan of the store and columns for what is only tested.
 * Threads:  as its context.
 * Fails:    as the store.
 * Tests:    tests/unit/test_exec_*.c
 */
#ifndef TT_EXEC_SCAN_H
#define TT_EXEC_SCAN_H

#include "exec/op.h"

/** Rows whose column @p position must hold `id`, or, with has_other, what column `other` holds. */
typedef struct tt_scan_test {
	unsigned position, other;
	bool has_other;
	tt_id id;
} tt_scan_test;

typedef struct tt_reader {
	tt_execution *run;
	const tt_scan_plan *plan;
	tt_scan_spec spec;
	tt_scan *scan;     /* opened at the first bind */
	tt_id *columns[4]; /* in the order of the permutation; NULL: not wanted. Each n_batch_rows long */
	tt_scan_test tests[4];
	unsigned n_tests;
	tt_id *memory; /* columns that are only tested */
} tt_reader;

/** @param columns Where rows go, in the order of the permutation; they must outlive the reader. */
TT_CHECKED tt_status tt_reader_open(tt_reader *reader, tt_execution *run, const tt_scan_plan *plan,
                                    tt_id *const columns[4]);
void tt_reader_close(tt_reader *reader);
/** Begin with a prefix; cheap when prefixes ascend.
 * @param probe Values of the VARIABLE slots of the prefix by position (may be NULL if there are none); constants and
 *              parameters are filled in. */
TT_CHECKED tt_status tt_reader_bind(tt_reader *reader, const tt_id *probe);
/** Read rows into the columns from index @p at; *out_n_rows is 0 only at the end. */
TT_CHECKED tt_status tt_reader_next(tt_reader *reader, size_t at, size_t capacity, size_t *out_n_rows);

/** The value of a CONSTANT or PARAMETER slot. */
tt_id tt_slot_value(const tt_execution *run, const tt_scan_slot *slot);
/** The first position of the permutation that holds a variable (VARIABLE or PARAMETER slot), or 4. */
unsigned tt_scan_position(const tt_scan_plan *plan, tt_var variable);

#endif
