/* stats.c - reading the statistics that each commit keeps (txn.c writes them). */
#include "store/native.h"

static tt_status get_numbers(tt_ctx *ctx, tt_env *env, MDB_txn *txn, unsigned table, tt_id id, void *out,
                             size_t n_bytes)
{
	uint8_t key[8];
	tt_view value = {NULL, 0};
	memset(out, 0, n_bytes);
	tt_key_from_u64(id, key);
	const tt_status status = tt_env_get_sealed(ctx, env, txn, table, (tt_view){(const char *)key, sizeof key}, &value);
	if (status != TT_OK) {
		return status == TT_NOT_FOUND ? TT_OK : status;
	}
	if (value.size != n_bytes) {
		return tt_env_corrupt(ctx, env, "a record of the table %s has the wrong size", tt_table_name(table));
	}
	memcpy(out, value.data, n_bytes);
	return TT_OK;
}

tt_status tt_native_get_predicate(tt_ctx *ctx, tt_env *env, MDB_txn *txn, tt_id predicate,
                                  tt_predicate_record *out_record)
{
	return get_numbers(ctx, env, txn, TT_TABLE_PREDICATES, predicate, out_record, sizeof *out_record);
}

tt_status tt_native_get_graph(tt_ctx *ctx, tt_env *env, MDB_txn *txn, tt_id graph, uint64_t *out_n_quads)
{
	return get_numbers(ctx, env, txn, TT_TABLE_GRAPHS, graph, out_n_quads, sizeof *out_n_quads);
}

/* Go through a table of sealed numbers, calling for each record of @p n_bytes. */
static tt_status each_record(tt_native_snapshot *snapshot, unsigned table, size_t n_bytes,
                             tt_status (*take)(tt_native_snapshot *snapshot, tt_id id, const void *value))
{
	tt_ctx *const ctx = snapshot->base.ctx;
	tt_env *const env = &snapshot->store->env;
	MDB_cursor *cursor = NULL;
	TT_TRY(tt_env_fail(ctx, env, mdb_cursor_open(snapshot->txn, env->tables[table], &cursor)));
	MDB_val key;
	MDB_val record;
	tt_status status = TT_OK;
	int rc = mdb_cursor_get(cursor, &key, &record, MDB_FIRST);
	while (rc == 0 && status == TT_OK) {
		tt_view value = {NULL, 0};
		status = tt_env_unseal(ctx, env, table, &key, &record, &value);
		if (status == TT_OK && (key.mv_size != 8 || value.size != n_bytes)) {
			status = tt_env_corrupt(ctx, env, "a record of the table %s has the wrong size", tt_table_name(table));
		}
		status = status == TT_OK ? take(snapshot, tt_key_to_u64(key.mv_data), value.data) : status;
		rc = status == TT_OK ? mdb_cursor_get(cursor, &key, &record, MDB_NEXT) : 0;
	}
	mdb_cursor_close(cursor);
	return status != TT_OK || rc == MDB_NOTFOUND ? status : tt_env_fail(ctx, env, rc);
}

static tt_status take_predicate(tt_native_snapshot *snapshot, tt_id id, const void *value)
{
	tt_predicate_record record;
	if (snapshot->n_predicates == snapshot->state.n_predicates) {
		return tt_env_corrupt(snapshot->base.ctx, &snapshot->store->env,
		                      "there are more predicates than there should be");
	}
	memcpy(&record, value, sizeof record);
	snapshot->predicates[snapshot->n_predicates++] = (tt_predicate_stats){id, record.n_quads, record.n_subjects,
	                                                                      record.n_objects};
	return TT_OK;
}

tt_status tt_native_predicates(tt_snapshot *base, const tt_predicate_stats **out_stats, size_t *out_n)
{
	tt_native_snapshot *const snapshot = (tt_native_snapshot *)base;
	if (!snapshot->has_predicates) {
		tt_free(base->ctx, snapshot->predicates);
		snapshot->n_predicates = 0;
		snapshot->predicates = tt_calloc(base->ctx, snapshot->state.n_predicates, sizeof *snapshot->predicates);
		if (!snapshot->predicates) {
			return base->ctx->error.status;
		}
		TT_TRY(each_record(snapshot, TT_TABLE_PREDICATES, sizeof(tt_predicate_record), take_predicate));
		snapshot->has_predicates = true;
	}
	*out_stats = snapshot->predicates;
	*out_n = snapshot->n_predicates;
	return TT_OK;
}

tt_status tt_native_predicate(tt_snapshot *base, tt_id predicate, tt_predicate_stats *out_stats)
{
	tt_native_snapshot *const snapshot = (tt_native_snapshot *)base;
	tt_predicate_record record;
	TT_TRY(tt_native_get_predicate(base->ctx, &snapshot->store->env, snapshot->txn, predicate, &record));
	*out_stats = (tt_predicate_stats){predicate, record.n_quads, record.n_subjects, record.n_objects};
	return TT_OK;
}

static tt_status take_graph(tt_native_snapshot *snapshot, tt_id id, const void *value)
{
	(void)value;
	if (snapshot->n_graphs == snapshot->state.n_named_graphs) {
		return tt_env_corrupt(snapshot->base.ctx, &snapshot->store->env, "there are more graphs than there should be");
	}
	snapshot->graphs[snapshot->n_graphs++] = id;
	return TT_OK;
}

tt_status tt_native_graphs(tt_snapshot *base, const tt_id **out_graphs, size_t *out_n_graphs)
{
	tt_native_snapshot *const snapshot = (tt_native_snapshot *)base;
	if (!snapshot->has_graphs) {
		tt_free(base->ctx, snapshot->graphs);
		snapshot->n_graphs = 0;
		snapshot->graphs = tt_calloc(base->ctx, snapshot->state.n_named_graphs, sizeof *snapshot->graphs);
		if (!snapshot->graphs) {
			return base->ctx->error.status;
		}
		TT_TRY(each_record(snapshot, TT_TABLE_GRAPHS, sizeof(uint64_t), take_graph));
		snapshot->has_graphs = true;
	}
	*out_graphs = snapshot->graphs;
	*out_n_graphs = snapshot->n_graphs;
	return TT_OK;
}

tt_status tt_native_stats(tt_snapshot *base, tt_store_stats *out_stats)
{
	const tt_state *const state = &((tt_native_snapshot *)base)->state;
	*out_stats = (tt_store_stats){.n_quads = state->n_quads,
	                              .n_default_quads = state->n_default_quads,
	                              .n_triples = state->n_triples,
	                              .n_named_graphs = state->n_named_graphs,
	                              .n_terms = state->next_number - 1,
	                              .n_subjects = state->n_subjects,
	                              .n_predicates = state->n_predicates,
	                              .n_objects = state->n_objects};
	return TT_OK;
}
