/* path.h - search along a property path from a set of nodes (SPARQL 1.1 §9, §18.4).
 *
 * Contrast: the PATH operator and the lookup joins on a PATH both search through it.
 * Owns:     its scans and what it found.
 * Threads:  as its context.
 * Fails:    as the store.
 * Tests:    tests/unit/test_exec_*.c
 */
#ifndef TT_EXEC_PATH_H
#define TT_EXEC_PATH_H

#include "exec/op.h"
#include "exec/table.h"

typedef struct tt_path_search tt_path_search;

/** @param node A PATH: its path, ends and graph. */
TT_CHECKED tt_status tt_path_search_new(tt_execution *run, const tt_node *node, tt_path_search **out_search);
void tt_path_search_free(tt_path_search *search);

/** Find the nodes that the path leads to from each start.
 * @param starts Different.
 * @param is_forward From subject to object, else from object to subject.
 * @param target If not TT_UNBOUND, only this end is wanted (others may be found too).
 * @param out_found Rows (start, end), until the next call. */
TT_CHECKED tt_status tt_path_search_run(tt_path_search *search, const tt_id *starts, size_t n_starts, bool is_forward,
                                        tt_id target, const tt_tuples **out_found);

/** Keep those ids, in their order, that are nodes of the graph: subject or object of a triple. Where both ends of a
 * path are variables only these have a path of length zero (§18.4), even if a join has bound one of them. */
TT_CHECKED tt_status tt_path_search_keep_nodes(tt_path_search *search, tt_id *ids, size_t *n_ids);

#endif
