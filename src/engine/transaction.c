/* transaction.c - several updates and loads as one: begin, commit, roll back, and what would change. */
#include "engine/engine.h"

#include "rdf/write.h"

tt_status tt_db_snapshot(tt_db *db, tt_ctx *ctx, tt_snapshot **out_snapshot)
{
	TT_TRY(tt_db_need_store(db, ctx));
	return db->txn ? tt_txn_snapshot(ctx, db->txn, out_snapshot) : tt_snapshot_begin(ctx, db->store, out_snapshot);
}

/* ---- the transactions of the user ------------------------------------------------------------- */

static tt_status need_transaction(tt_db *db)
{
	tt_ctx_clear_error(&db->ctx);
	if (!db->txn) {
		return tt_fail(&db->ctx, TT_NOT_FOUND, "no transaction is open");
	}
	return TT_OK;
}

static tt_status need_no_reader(tt_db *db)
{
	if (db->n_open_results) {
		return tt_fail(&db->ctx, TT_BUSY, "an answer is still being read from this transaction");
	}
	return TT_OK;
}

void tt_db_set_wait(tt_db *db, tt_wait_fn wait, void *user)
{
	db->wait = wait;
	db->wait_user = user;
}

void tt_db_set_load_memory(tt_db *db, size_t n_bytes)
{
	db->load_memory = n_bytes;
}

static tt_status begin(tt_db *db, tt_txn **out_txn)
{
	TT_TRY(tt_db_need_store(db, &db->ctx));
	tt_status status = tt_txn_begin(&db->ctx, db->store, false, out_txn);
	if (status == TT_BUSY && (!db->wait || db->wait(db->wait_user))) {
		tt_ctx_clear_error(&db->ctx);
		status = tt_txn_begin(&db->ctx, db->store, true, out_txn);
	}
	if (status == TT_OK) {
		tt_txn_set_memory(*out_txn, db->load_memory);
	}
	return status;
}

tt_status tt_db_begin(tt_db *db)
{
	tt_ctx_clear_error(&db->ctx);
	if (db->txn) {
		return tt_fail(&db->ctx, TT_EXISTS, "a transaction is open already");
	}
	return begin(db, &db->txn);
}

tt_status tt_db_commit(tt_db *db, tt_change_counts *out_counts)
{
	TT_TRY(need_transaction(db));
	TT_TRY(need_no_reader(db));
	tt_txn *const txn = db->txn;
	tt_change_counts counts = {0};
	db->txn = NULL;
	const tt_status status = tt_txn_commit(txn, &counts.n_added, &counts.n_removed);
	if (out_counts) {
		*out_counts = counts;
	}
	if (status == TT_OK) {
		tt_db_refresh_prefixes(db);
	}
	return status;
}

tt_status tt_db_rollback(tt_db *db)
{
	TT_TRY(need_transaction(db));
	TT_TRY(need_no_reader(db));
	tt_txn_abort(db->txn);
	db->txn = NULL;
	tt_db_refresh_prefixes(db);
	return TT_OK;
}

bool tt_db_is_in_transaction(const tt_db *db)
{
	return db->txn != NULL;
}

/* ---- what would change ------------------------------------------------------------------------ */

typedef struct change_lister {
	tt_db *db;
	tt_snapshot *snapshot;
	tt_change_visit visit;
	void *user;
	size_t n_most;
	tt_buffer line;
	tt_change_counts counts;
} change_lister;

static tt_status list_change(void *user, const tt_quad *quad, bool is_removal)
{
	change_lister *const lister = user;
	const size_t n_listed = lister->counts.n_added + lister->counts.n_removed;
	lister->counts.n_added += !is_removal;
	lister->counts.n_removed += is_removal;
	if (!lister->visit || n_listed >= lister->n_most) {
		return TT_OK;
	}
	const tt_id ids[TT_N_COLUMNS] = {quad->subject, quad->predicate, quad->object, quad->graph};
	tt_buffer_reset(&lister->line);
	for (size_t i = 0; i < TT_N_COLUMNS && ids[i] != TT_DEFAULT_GRAPH; ++i) {
		tt_term term;
		tt_scratch scratch;
		TT_TRY(tt_snapshot_term(lister->snapshot, ids[i], &scratch, &term));
		TT_TRY(tt_write_ntriples_term(&lister->line, &term));
		TT_TRY(tt_buffer_append_char(&lister->line, ' '));
	}
	TT_TRY(tt_buffer_append_char(&lister->line, '.'));
	lister->visit(lister->user, tt_buffer_view(&lister->line), is_removal);
	return TT_OK;
}

tt_status tt_db_changes(tt_db *db, size_t n_most, tt_change_visit visit, void *user, tt_change_counts *out_counts)
{
	TT_TRY(need_transaction(db));
	change_lister lister = {.db = db, .visit = visit, .user = user, .n_most = n_most};
	TT_TRY(tt_db_snapshot(db, &db->ctx, &lister.snapshot));
	tt_buffer_init(&lister.line, &db->ctx);
	const tt_status status = tt_txn_changes(db->txn, list_change, &lister);
	tt_buffer_clear(&lister.line);
	tt_snapshot_end(lister.snapshot);
	*out_counts = lister.counts;
	return status;
}

/* ---- pieces of writing ------------------------------------------------------------------------ */

tt_status tt_write_begin(tt_db *db, tt_write *write)
{
	*write = (tt_write){.txn = db->txn};
	if (!db->txn) {
		return begin(db, &write->txn);
	}
	TT_TRY(need_no_reader(db));
	write->mark = tt_txn_get_mark(db->txn);
	return TT_OK;
}

tt_status tt_write_end(tt_db *db, const tt_write *write, tt_status status, tt_change_counts *out_counts)
{
	*out_counts = (tt_change_counts){0};
	if (write->txn != db->txn) {
		if (status == TT_OK) {
			return tt_txn_commit(write->txn, &out_counts->n_added, &out_counts->n_removed);
		}
		tt_txn_abort(write->txn);
	} else if (status != TT_OK) {
		tt_txn_undo(write->txn, write->mark);
	}
	return status;
}
