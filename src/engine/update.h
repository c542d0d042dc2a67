/* update.h - the operations of SPARQL 1.1 Update.
 *
 * Contrast: tertium.h runs a request; these are its operations. update.c has those on triples, update_graphs.c those on
 *           whole graphs.
 * Owns:     nothing.
 * Threads:  as the database.
 * Fails:    as tt_db_update(), with the detail in the database's context.
 * Tests:    tests/golden/update.tt, tests/unit/test_engine.c, W3C's update suites
 */
#ifndef TT_ENGINE_UPDATE_H
#define TT_ENGINE_UPDATE_H

#include "engine/engine.h"
#include "exec/table.h"

/** An update request while it runs. */
typedef struct tt_updater {
	tt_db *db;
	tt_ctx *ctx; /* the database's, with the deadline of the request */
	tt_txn *txn;
	const tt_query_options *options; /* may be NULL */
	tt_view text;
	const tt_ast *ast;
	bool has_loaded; /* a file: there may be new prefixes */
} tt_updater;

/** An operation of the request (Update §3). */
typedef tt_status tt_update_fn(tt_updater *updater, const tt_ast_update *operation);

tt_update_fn tt_update_load;   /* §3.1.4 */
tt_update_fn tt_update_clear;  /* §3.1.5; DROP (§3.2.2) too, since graphs without quads are not recorded */
tt_update_fn tt_update_create; /* §3.2.1 */
tt_update_fn tt_update_add;    /* §3.2.5 */
tt_update_fn tt_update_copy;   /* §3.2.3 */
tt_update_fn tt_update_move;   /* §3.2.4 */

/** Add or remove rows S P O G of ids of the store. */
TT_CHECKED tt_status tt_update_rows(tt_updater *updater, const tt_tuples *rows, bool is_removal);

#endif
