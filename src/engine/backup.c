/* backup.c - copies of databases. */
#include "engine/engine.h"

#include "store/backup.h"

static tt_status need_calm(tt_db *db)
{
	tt_ctx_clear_error(&db->ctx);
	TT_TRY(tt_db_need_store(db, &db->ctx));
	return db->txn ? tt_fail(&db->ctx, TT_BUSY, "a transaction is open: commit it or roll it back first") : TT_OK;
}

tt_status tt_db_copy(tt_db *db, const char *directory, bool is_replacing)
{
	TT_TRY(need_calm(db));
	return tt_store_copy(&db->ctx, db->store, directory, is_replacing);
}

tt_status tt_db_compact(tt_db *db)
{
	TT_TRY(need_calm(db));
	return tt_store_compact(&db->ctx, &db->store);
}
