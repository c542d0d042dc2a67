/* db.c - opening a database, its errors, prefixes and counts. */
#include "engine/engine.h"

#include "config.h"
#include "rdf/iri.h"
#include "store/bridge.h"

const char *tt_version(void)
{
	return PACKAGE_VERSION;
}

tt_status tt_db_failed(tt_db *db, const tt_ctx *ctx)
{
	tt_ctx_copy_error(&db->ctx, ctx);
	return db->ctx.error.status;
}

tt_status tt_db_need_store(const tt_db *db, tt_ctx *ctx)
{
	return db->store ? TT_OK : tt_fail(ctx, TT_IO, "the database could not be opened again after it was compacted");
}

/* ---- prefixes --------------------------------------------------------------------------------- */

static tt_status add_prefixes(tt_prefixes *to, const tt_prefixes *from)
{
	for (size_t i = 0; i < from->n_items; ++i) {
		TT_TRY(tt_prefixes_set(to, from->items[i].name, from->items[i].iri));
	}
	return TT_OK;
}

static tt_status add_stored_prefixes(tt_prefixes *to, tt_snapshot *snapshot)
{
	for (size_t i = 0;; ++i) {
		tt_view name;
		tt_view iri;
		const tt_status status = tt_snapshot_prefix(snapshot, i, &name, &iri);
		if (status == TT_NOT_FOUND) {
			return TT_OK;
		}
		TT_TRY(status);
		TT_TRY(tt_prefixes_set(to, name, iri));
	}
}

/* Put @p data, and with it all prefixes, in the place of what the database has; if that fails it keeps what it has. */
static tt_status adopt_prefixes(tt_db *db, tt_prefixes *data)
{
	tt_prefixes all;
	tt_prefixes_init(&all, &db->ctx);
	tt_status status = add_prefixes(&all, data);
	status = status ? status : tt_prefixes_add_usual(&all);
	if (status != TT_OK) {
		tt_prefixes_clear(&all);
		tt_prefixes_clear(data);
		return status;
	}
	tt_prefixes_clear(&db->prefixes);
	tt_prefixes_clear(&db->data_prefixes);
	db->prefixes = all;
	db->data_prefixes = *data;
	return TT_OK;
}

static tt_status read_prefixes(tt_db *db)
{
	tt_snapshot *snapshot = NULL;
	TT_TRY(tt_db_snapshot(db, &db->ctx, &snapshot));
	tt_prefixes data;
	tt_prefixes_init(&data, &db->ctx);
	tt_status status = add_stored_prefixes(&data, snapshot);
	status = status ? status : add_prefixes(&data, &db->user_prefixes);
	tt_snapshot_end(snapshot);
	if (status != TT_OK) {
		tt_prefixes_clear(&data);
		return status;
	}
	return adopt_prefixes(db, &data);
}

void tt_db_refresh_prefixes(tt_db *db)
{
	if (read_prefixes(db) != TT_OK) {
		tt_ctx_clear_error(&db->ctx);
	}
}

/* ---- opening and closing ---------------------------------------------------------------------- */

/* A database without a store; NULL if memory is out. */
static tt_db *new_db(void)
{
	tt_ctx self;
	tt_ctx_init(&self);
	tt_db *const db = tt_calloc(&self, 1, sizeof *db);
	if (!db) {
		return NULL;
	}
	db->self = self;
	tt_ctx_init(&db->ctx);
	tt_buffer_init(&db->loaded, &db->ctx);
	tt_prefixes_init(&db->user_prefixes, &db->ctx);
	tt_prefixes_init(&db->data_prefixes, &db->ctx);
	tt_prefixes_init(&db->prefixes, &db->ctx);
	return db;
}

tt_status tt_db_open(const char *directory, tt_open_mode mode, tt_db **out_db)
{
	tt_db *const db = new_db();
	*out_db = db;
	if (!db) {
		return TT_NO_MEMORY;
	}
	TT_TRY(directory ? tt_store_open_directory(&db->ctx, directory, mode, &db->store)
	                 : tt_store_open_memory(&db->ctx, &db->store));
	return read_prefixes(db);
}

tt_status tt_db_open_storage(const char *storage, tt_open_mode mode, tt_db **out_db)
{
	tt_db *const db = new_db();
	*out_db = db;
	if (!db) {
		return TT_NO_MEMORY;
	}
	TT_TRY(tt_store_open_storage(&db->ctx, storage, mode, &db->store));
	return read_prefixes(db);
}

void tt_db_close(tt_db *db)
{
	if (db) {
		tt_txn_abort(db->txn);
		tt_prefixes_clear(&db->prefixes);
		tt_prefixes_clear(&db->data_prefixes);
		tt_prefixes_clear(&db->user_prefixes);
		tt_buffer_clear(&db->loaded);
		tt_store_close(db->store);
		tt_ctx self = db->self;
		tt_free(&self, db);
	}
}

const tt_error *tt_db_error(const tt_db *db)
{
	return &db->ctx.error;
}

void tt_db_set_cancel(tt_db *db, const volatile sig_atomic_t *flag)
{
	db->ctx.cancel = flag;
}

/* ---- the prefixes that queries may use ---------------------------------------------------------- */

bool tt_db_prefix(tt_db *db, size_t n_th, tt_view *out_name, tt_view *out_iri, bool *out_is_data)
{
	if (n_th >= db->prefixes.n_items) {
		return false;
	}
	*out_name = db->prefixes.items[n_th].name;
	*out_iri = db->prefixes.items[n_th].iri;
	if (out_is_data) {
		*out_is_data = n_th < db->data_prefixes.n_items;
	}
	return true;
}

tt_status tt_db_set_prefix(tt_db *db, tt_view name, tt_view iri)
{
	tt_ctx_clear_error(&db->ctx);
	TT_TRY(tt_iri_demand(&db->ctx, iri, "namespace"));
	TT_TRY(tt_prefixes_set(&db->user_prefixes, name, iri));
	tt_prefixes data;
	tt_prefixes_init(&data, &db->ctx);
	tt_status status = add_prefixes(&data, &db->data_prefixes);
	status = status ? status : add_prefixes(&data, &db->user_prefixes);
	if (status != TT_OK) {
		tt_prefixes_clear(&data);
		return status;
	}
	return adopt_prefixes(db, &data);
}
