/* native.c - opening our own store, and its snapshots. */
#include "store/native.h"

static void native_close(tt_store *store)
{
	tt_native_store *const native = (tt_native_store *)store;
	tt_env_close(&native->env);
	tt_free(store->ctx, native);
}

static const char *native_path(const tt_store *store)
{
	return ((const tt_native_store *)store)->env.path;
}

static tt_status open_store(tt_ctx *ctx, const char *path, tt_open_mode mode, size_t map_size, bool is_opening_locked,
                            tt_store **out_store)
{
	*out_store = NULL;
	tt_native_store *const store = tt_calloc(ctx, 1, sizeof *store);
	if (!store) {
		return ctx->error.status;
	}
	store->base = (tt_store){&tt_native_backend, ctx};
	const tt_status status = path ? tt_env_open_directory(ctx, path, mode, map_size, is_opening_locked, &store->env)
	                              : tt_env_open_memory(ctx, map_size, &store->env);
	if (status != TT_OK) {
		tt_free(ctx, store);
		return status;
	}
	*out_store = &store->base;
	return TT_OK;
}

tt_status tt_native_open(tt_ctx *ctx, const char *path, tt_open_mode mode, size_t map_size, tt_store **out_store)
{
	return open_store(ctx, path, mode, map_size, false, out_store);
}

tt_status tt_native_open_alone(tt_ctx *ctx, const char *path, tt_store **out_store)
{
	return open_store(ctx, path, TT_OPEN_WRITE, 0, true, out_store);
}

tt_status tt_store_open_memory(tt_ctx *ctx, tt_store **out_store)
{
	return tt_native_open(ctx, NULL, TT_OPEN_CREATE, 0, out_store);
}

tt_status tt_store_open_directory(tt_ctx *ctx, const char *path, tt_open_mode mode, tt_store **out_store)
{
	return tt_native_open(ctx, path, mode, 0, out_store);
}

/* ---- snapshots ---------------------------------------------------------------------------------- */

tt_status tt_native_snapshot_new(tt_ctx *ctx, tt_native_store *store, MDB_txn *txn, const tt_state *state,
                                 tt_snapshot **out_snapshot)
{
	tt_native_snapshot *const snapshot = tt_calloc(ctx, 1, sizeof *snapshot);
	if (!snapshot) {
		return ctx->error.status;
	}
	MDB_envinfo info;
	(void)mdb_env_info(store->env.core->mdb, &info);
	snapshot->base = (tt_snapshot){&tt_native_backend, ctx};
	snapshot->store = store;
	snapshot->txn = txn;
	snapshot->state = *state;
	tt_buffer_init(&snapshot->record, ctx);
	const tt_status status = tt_trust_init(&snapshot->trust, ctx, info.me_last_pgno + 1);
	if (status != TT_OK) {
		tt_free(ctx, snapshot);
		return status;
	}
	tt_dict_reader_init(&snapshot->terms, ctx, &store->env, txn, &snapshot->trust, state->next_number);
	*out_snapshot = &snapshot->base;
	return TT_OK;
}

static tt_status native_snapshot_begin(tt_ctx *ctx, tt_store *store, tt_snapshot **out_snapshot)
{
	tt_native_store *const native = (tt_native_store *)store;
	MDB_txn *txn = NULL;
	tt_state state;
	TT_TRY(tt_env_read_begin(ctx, &native->env, &txn));
	tt_status status = tt_env_get_state(ctx, &native->env, txn, &state);
	status = status == TT_OK ? tt_native_snapshot_new(ctx, native, txn, &state, out_snapshot) : status;
	if (status != TT_OK) {
		tt_env_read_end(&native->env, txn);
		return status;
	}
	((tt_native_snapshot *)*out_snapshot)->is_own_txn = true;
	return TT_OK;
}

static void native_snapshot_end(tt_snapshot *base)
{
	tt_native_snapshot *const snapshot = (tt_native_snapshot *)base;
	tt_dict_reader_clear(&snapshot->terms);
	tt_trust_clear(&snapshot->trust);
	tt_buffer_clear(&snapshot->record);
	tt_free(base->ctx, snapshot->predicates);
	tt_free(base->ctx, snapshot->graphs);
	if (snapshot->prefixes) {
		mdb_cursor_close(snapshot->prefixes);
	}
	if (snapshot->is_own_txn) {
		tt_env_read_end(&snapshot->store->env, snapshot->txn);
	}
	tt_free(base->ctx, snapshot);
}

static tt_status native_term(tt_snapshot *base, tt_id id, tt_term *out_term)
{
	return tt_dict_term(&((tt_native_snapshot *)base)->terms, id, out_term);
}

static tt_status native_find(tt_snapshot *base, const tt_term *term, tt_id *out_id)
{
	tt_native_snapshot *const snapshot = (tt_native_snapshot *)base;
	return tt_dict_find(&snapshot->terms, term, &snapshot->record, out_id);
}

/* Prefixes are asked for one after the other, so the cursor stays where it was. */
static tt_status native_prefix(tt_snapshot *base, size_t n_th, tt_view *out_prefix, tt_view *out_iri)
{
	tt_native_snapshot *const snapshot = (tt_native_snapshot *)base;
	tt_env *const env = &snapshot->store->env;
	MDB_val key;
	MDB_val record;
	int rc = 0;
	if (!snapshot->prefixes) {
		rc = mdb_cursor_open(snapshot->txn, env->tables[TT_TABLE_PREFIXES], &snapshot->prefixes);
		TT_TRY(tt_env_fail(base->ctx, env, rc));
		snapshot->n_prefix = SIZE_MAX;
	}
	if (snapshot->n_prefix == SIZE_MAX || n_th < snapshot->n_prefix) {
		rc = mdb_cursor_get(snapshot->prefixes, &key, &record, MDB_FIRST);
		snapshot->n_prefix = 0;
	} else {
		rc = mdb_cursor_get(snapshot->prefixes, &key, &record, MDB_GET_CURRENT);
	}
	while (rc == 0 && snapshot->n_prefix < n_th) {
		rc = mdb_cursor_get(snapshot->prefixes, &key, &record, MDB_NEXT);
		snapshot->n_prefix++;
	}
	if (rc) {
		snapshot->n_prefix = SIZE_MAX;
		return rc == MDB_NOTFOUND ? TT_NOT_FOUND : tt_env_fail(base->ctx, env, rc);
	}
	TT_TRY(tt_env_unseal(base->ctx, env, TT_TABLE_PREFIXES, &key, &record, out_iri));
	*out_prefix = (tt_view){key.mv_data, key.mv_size - 1}; /* without the colon */
	return TT_OK;
}

const tt_backend tt_native_backend = {
    .close = native_close,
    .path = native_path,
    .snapshot_begin = native_snapshot_begin,
    .snapshot_end = native_snapshot_end,
    .count = tt_native_count,
    .term = native_term,
    .find = native_find,
    .graphs = tt_native_graphs,
    .prefix = native_prefix,
    .stats = tt_native_stats,
    .predicate = tt_native_predicate,
    .predicates = tt_native_predicates,
    .scan_open = tt_native_scan_open,
    .scan_close = tt_native_scan_close,
    .scan_next = tt_native_scan_next,
    .scan_seek = tt_native_scan_seek,
    .scan_rebind = tt_native_scan_rebind,
    .txn_begin = tt_native_txn_begin,
    .txn_set_memory = tt_native_txn_set_memory,
    .txn_intern = tt_native_txn_intern,
    .txn_find = tt_native_txn_find,
    .txn_new_blank = tt_native_txn_new_blank,
    .txn_change = tt_native_txn_change,
    .txn_snapshot = tt_native_txn_snapshot,
    .txn_mark = tt_native_txn_mark,
    .txn_undo = tt_native_txn_undo,
    .txn_changes = tt_native_txn_changes,
    .txn_commit = tt_native_txn_commit,
    .txn_abort = tt_native_txn_abort,
    .txn_add_prefix = tt_native_txn_add_prefix,
    .space = tt_native_space,
    .copy = tt_native_copy,
    .compact = tt_native_compact,
    .check = tt_native_check,
};
