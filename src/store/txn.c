/* txn.c - transactions: gather, flush, commit.
 *
 * Changes and new terms are gathered in memory; LMDB's write transaction begins when they are
 * flushed, at commit or when the transaction wants to read itself. What was gathered is kept until
 * the end, so that everything can be applied anew with a larger map.
 *
 * Beyond the memory that a transaction may take, changes go to a file (rowlog.h). New terms go to the
 * dictionary of the write transaction, where they are looked up from then on, and to a file
 * (termlog.h), from which they are written again if that transaction must begin anew.
 */
#include "store/apply.h"
#include "store/termlog.h"

enum {
	MAX_PREFIX_NAME = 400,
	/* Two thirds of the memory are for changes: a row, room to sort it, and perhaps once more for named graphs. */
	MEMORY_PARTS = 3,
	BYTES_PER_CHANGE = 3 * sizeof(tt_row)
};

/** What a flush brings into the write transaction. */
typedef enum flush_extent {
	FLUSH_SPILLED_TERMS,
	FLUSH_ALL,
	FLUSH_LAST /* all, and nothing comes behind: the list of changes is no longer needed in its order */
} flush_extent;

typedef struct {
	tt_txn base;
	tt_native_store *store;
	int lock_fd;
	MDB_txn *read;  /* the state before this transaction, for lookups */
	MDB_txn *write; /* once something was flushed */
	tt_state old;   /* as `read` sees it */
	tt_state state; /* as `write` sees it */
	uint64_t next_blank;
	bool is_reader_open;
	tt_dict_reader reader; /* of `read`; once terms were spilled of `write` */
	tt_dict_writer writer;
	size_t n_writer_limit; /* bytes */
	tt_term_log spilled;   /* terms that the writer has no longer */
	tt_row_log changes;
	size_t n_flushed;   /* changes */
	tt_buffer prefixes; /* name, NUL, IRI, NUL … */
	size_t n_prefix_bytes_flushed;
	unsigned n_flushes;          /* of changes */
	uint64_t n_added, n_removed; /* by all flushes: more than the transaction's own effect if one undid another */
} native_txn;

/* ---- beginning and ending ----------------------------------------------------------------------- */

static tt_status begin_reading(native_txn *txn)
{
	tt_env *const env = &txn->store->env;
	TT_TRY(tt_env_read_begin(txn->base.ctx, env, &txn->read));
	return tt_env_get_state(txn->base.ctx, env, txn->read, &txn->old);
}

/* Before anything is written, and before what it reads from ends. */
static void close_reader(native_txn *txn)
{
	if (txn->is_reader_open) {
		tt_dict_reader_clear(&txn->reader);
		txn->is_reader_open = false;
	}
}

static void end_reading(native_txn *txn)
{
	close_reader(txn);
	if (txn->read) {
		tt_env_read_end(&txn->store->env, txn->read);
		txn->read = NULL;
	}
}

/* Forget what was flushed, so that it will be flushed again. */
static void forget_flushed(native_txn *txn)
{
	close_reader(txn);
	tt_env_write_abort(&txn->store->env, txn->write);
	txn->write = NULL;
	txn->state = txn->old;
	txn->spilled.n_flushed = 0;
	txn->writer.n_flushed = 0;
	txn->n_flushed = 0;
	txn->n_prefix_bytes_flushed = 0;
	txn->n_flushes = 0;
	txn->n_added = 0;
	txn->n_removed = 0;
}

static void end(native_txn *txn)
{
	tt_ctx *const ctx = txn->base.ctx;
	close_reader(txn);
	tt_env_write_abort(&txn->store->env, txn->write);
	end_reading(txn);
	tt_env_unlock(&txn->store->env, txn->lock_fd);
	tt_dict_writer_clear(&txn->writer);
	tt_term_log_clear(&txn->spilled);
	tt_buffer_clear(&txn->prefixes);
	tt_row_log_clear(&txn->changes);
	tt_free(ctx, txn);
}

tt_status tt_native_txn_begin(tt_ctx *ctx, tt_store *store, bool is_waiting, tt_txn **out_txn)
{
	native_txn *const txn = tt_calloc(ctx, 1, sizeof *txn);
	if (!txn) {
		return ctx->error.status;
	}
	txn->base = (tt_txn){&tt_native_backend, ctx};
	txn->store = (tt_native_store *)store;
	tt_status status = tt_env_lock(ctx, &txn->store->env, is_waiting, &txn->lock_fd);
	if (status != TT_OK) {
		tt_free(ctx, txn);
		return status;
	}
	tt_buffer_init(&txn->prefixes, ctx);
	tt_dict_writer_init(&txn->writer, ctx, 1);
	tt_term_log_init(&txn->spilled, ctx, txn->store->env.path);
	tt_row_log_init(&txn->changes, ctx, txn->store->env.path, 1);
	tt_native_txn_set_memory(&txn->base, TT_TXN_MEMORY);
	status = begin_reading(txn);
	if (status != TT_OK) {
		end(txn);
		return status;
	}
	txn->state = txn->old;
	txn->next_blank = txn->old.next_blank;
	txn->writer.next_number = txn->old.next_number;
	*out_txn = &txn->base;
	return TT_OK;
}

void tt_native_txn_abort(tt_txn *base)
{
	end((native_txn *)base);
}

void tt_native_txn_set_memory(tt_txn *base, size_t n_bytes)
{
	native_txn *const txn = (native_txn *)base;
	txn->n_writer_limit = n_bytes / MEMORY_PARTS;
	txn->changes.n_limit = (n_bytes - txn->n_writer_limit) / BYTES_PER_CHANGE + 1;
}

/* ---- gathering ---------------------------------------------------------------------------------- */

static tt_status flush(native_txn *txn, flush_extent extent);

/* Let terms be looked up in the dictionary as far as it is in LMDB. */
static tt_status open_reader(native_txn *txn)
{
	if (txn->is_reader_open) {
		return TT_OK;
	}
	const bool is_spilled = txn->spilled.n_batches;
	TT_TRY(flush(txn, FLUSH_SPILLED_TERMS));
	tt_dict_reader_init(&txn->reader, txn->base.ctx, &txn->store->env, is_spilled ? txn->write : txn->read, NULL,
	                    is_spilled ? txn->state.next_number : txn->old.next_number);
	txn->is_reader_open = true;
	return TT_OK;
}

/* Put the terms out of memory if there are too many. */
static tt_status spill_terms(native_txn *txn, size_t n_limit)
{
	if (tt_dict_writer_size(&txn->writer) <= n_limit) {
		return TT_OK;
	}
	close_reader(txn);
	return tt_term_log_add(&txn->spilled, &txn->writer);
}

tt_status tt_native_txn_intern(tt_txn *base, const tt_term *term, tt_id *out_id)
{
	native_txn *const txn = (native_txn *)base;
	if (!tt_value_from_term(term, out_id)) {
		TT_TRY(spill_terms(txn, txn->n_writer_limit));
		TT_TRY(open_reader(txn));
		return tt_dict_intern(&txn->writer, &txn->reader, term, out_id);
	}
	if (tt_id_kind(*out_id) == TT_KIND_BLANK && tt_id_payload(*out_id) >= txn->next_blank) {
		txn->next_blank = tt_id_payload(*out_id) + 1;
	}
	return TT_OK;
}

tt_status tt_native_txn_find(tt_txn *base, const tt_term *term, tt_id *out_id)
{
	native_txn *const txn = (native_txn *)base;
	TT_TRY(open_reader(txn));
	return tt_dict_seen(&txn->writer, &txn->reader, term, out_id);
}

tt_status tt_native_txn_new_blank(tt_txn *base, tt_id *out_id)
{
	native_txn *const txn = (native_txn *)base;
	if (txn->next_blank >= TT_BLANK_LIMIT) {
		return tt_fail(base->ctx, TT_LIMIT, "the numbers for blank nodes are used up");
	}
	*out_id = tt_id_make(TT_KIND_BLANK, txn->next_blank++);
	return TT_OK;
}

tt_status tt_native_txn_change(tt_txn *base, const tt_quad *quad, bool is_removal)
{
	native_txn *const txn = (native_txn *)base;
	const tt_row row = {
	    {quad->subject, quad->predicate, quad->object, quad->graph | (is_removal ? TT_ROW_IS_REMOVED : 0)}};
	return tt_row_log_add(&txn->changes, &row);
}

tt_status tt_native_txn_add_prefix(tt_txn *base, tt_view prefix, tt_view iri)
{
	native_txn *const txn = (native_txn *)base;
	/* A name that LMDB cannot have as a key is not worth an error: prefixes are only for comfort. */
	if (prefix.size > MAX_PREFIX_NAME || memchr(prefix.data ? prefix.data : "", 0, prefix.size) ||
	    memchr(iri.data ? iri.data : "", 0, iri.size)) {
		return TT_OK;
	}
	TT_TRY(tt_buffer_append(&txn->prefixes, prefix));
	TT_TRY(tt_buffer_append(&txn->prefixes, TT_VIEW(":\0")));
	TT_TRY(tt_buffer_append(&txn->prefixes, iri));
	return tt_buffer_append_char(&txn->prefixes, '\0');
}

/* ---- going back ----------------------------------------------------------------------------------- */

tt_txn_mark tt_native_txn_mark(const tt_txn *base)
{
	const native_txn *const txn = (const native_txn *)base;
	return (tt_txn_mark){.n_changes = tt_row_log_size(&txn->changes), .n_prefix_bytes = txn->prefixes.size};
}

void tt_native_txn_undo(tt_txn *base, tt_txn_mark mark)
{
	native_txn *const txn = (native_txn *)base;
	if (txn->n_flushed > mark.n_changes || txn->n_prefix_bytes_flushed > mark.n_prefix_bytes) {
		forget_flushed(txn);
	}
	tt_row_log_cut(&txn->changes, mark.n_changes);
	txn->prefixes.size = mark.n_prefix_bytes;
}

/* ---- what has changed ----------------------------------------------------------------------------- */

/* Visit those of the changes, sorted and each quad once, that the state before the transaction does not have already.
 */
static tt_status visit_effective(native_txn *txn, const tt_row *rows, size_t n_rows, tt_change_fn visit, void *user)
{
	tt_block_cursor cursor;
	TT_TRY(tt_block_cursor_open(&cursor, txn->base.ctx, &txn->store->env, txn->read, TT_SPO, NULL));
	tt_status status = TT_OK;
	for (size_t i = 0; i < n_rows && status == TT_OK; ++i) {
		const uint64_t *const word = rows[i].word;
		const tt_quad quad = {word[0], word[1], word[2], word[3] & ~TT_ROW_IS_REMOVED};
		const uint64_t key[4] = {quad.subject, quad.predicate, quad.object, quad.graph};
		const bool is_removal = word[3] & TT_ROW_IS_REMOVED;
		bool was_there = false;
		status = tt_block_cursor_has_more_than(&cursor, key, 4, 0, &was_there);
		if (status == TT_OK && was_there == is_removal) {
			status = visit(user, &quad, is_removal);
		}
	}
	tt_block_cursor_close(&cursor);
	return status;
}

static tt_status list_in_memory(native_txn *txn, tt_change_fn visit, void *user)
{
	tt_ctx *const ctx = txn->base.ctx;
	const size_t n = txn->changes.n_rows;
	tt_changes changes = {.rows = tt_calloc(ctx, n + 1, sizeof *changes.rows), .n_rows = n};
	if (!changes.rows) {
		return ctx->error.status;
	}
	tt_status status = tt_row_log_read(&txn->changes, 0, n, changes.rows);
	status = status ? status : tt_changes_sort(ctx, &changes);
	status = status ? status : visit_effective(txn, changes.rows, changes.n_rows, visit, user);
	tt_free(ctx, changes.rows);
	return status;
}

static tt_status list_runs(native_txn *txn, const tt_runs *runs, tt_change_fn visit, void *user)
{
	enum { N_AT_ONCE = 1024 };
	tt_run_merge merge;
	tt_row rows[N_AT_ONCE];
	size_t n = 0;
	TT_TRY(tt_run_merge_open(&merge, runs));
	tt_status status = TT_OK;
	do {
		TT_TRY_DONE(tt_run_merge_next(&merge, rows, N_AT_ONCE, &n));
		TT_TRY_DONE(visit_effective(txn, rows, n, visit, user));
	} while (n);
done:
	tt_run_merge_close(&merge);
	return status;
}

tt_status tt_native_txn_changes(tt_txn *base, tt_change_fn visit, void *user)
{
	native_txn *const txn = (native_txn *)base;
	if (!txn->changes.n_written) {
		return list_in_memory(txn, visit, user);
	}
	tt_runs runs;
	tt_status status = tt_changes_sort_log(base->ctx, &txn->changes, 0, &runs);
	status = status ? status : list_runs(txn, &runs, visit, user);
	tt_runs_clear(&runs);
	return status;
}

static tt_status count_change(void *user, const tt_quad *quad, bool is_removal)
{
	native_txn *const txn = user;
	(void)quad;
	txn->n_added += !is_removal;
	txn->n_removed += is_removal;
	return TT_OK;
}

/* The net effect of several flushes. */
static tt_status recount(native_txn *txn)
{
	if (txn->n_flushes < 2) {
		return TT_OK;
	}
	txn->n_added = 0;
	txn->n_removed = 0;
	return tt_native_txn_changes(&txn->base, count_change, txn);
}

/* ---- flushing ----------------------------------------------------------------------------------- */

/* A first flush into an empty store needs no copy if it is the last: only additions count, in whatever order. */
static tt_status apply_in_place(native_txn *txn)
{
	tt_ctx *const ctx = txn->base.ctx;
	tt_row_log *const log = &txn->changes;
	TT_TRY(tt_grow(ctx, (void **)&log->rows, &log->capacity, log->n_rows + 1, sizeof *log->rows));
	tt_changes changes = {.rows = log->rows, .n_rows = log->n_rows};
	const tt_status status = tt_apply_changes(ctx, &txn->store->env, txn->write, &txn->state, &changes);
	log->rows = changes.rows;
	log->n_rows = changes.n_rows;
	log->capacity = changes.n_rows + 1; /* it may be another array */
	txn->n_added += changes.n_added;
	txn->n_removed += changes.n_removed;
	return status;
}

static tt_status apply_copy(native_txn *txn)
{
	tt_ctx *const ctx = txn->base.ctx;
	const size_t n = tt_row_log_size(&txn->changes) - txn->n_flushed;
	tt_changes changes = {.rows = tt_calloc(ctx, n + 1, sizeof *changes.rows), .n_rows = n};
	if (!changes.rows) {
		return ctx->error.status;
	}
	tt_status status = tt_row_log_read(&txn->changes, txn->n_flushed, n, changes.rows);
	status = status ? status : tt_apply_changes(ctx, &txn->store->env, txn->write, &txn->state, &changes);
	tt_free(ctx, changes.rows);
	txn->n_added += changes.n_added;
	txn->n_removed += changes.n_removed;
	return status;
}

/* Apply the changes that came since the last flush. */
static tt_status flush_changes(native_txn *txn, bool is_last)
{
	const size_t n_new = tt_row_log_size(&txn->changes) - txn->n_flushed;
	if (!n_new) {
		return TT_OK;
	}
	if (n_new > txn->changes.n_limit) {
		TT_TRY(tt_apply_log(txn->base.ctx, &txn->store->env, txn->write, &txn->state, &txn->changes, txn->n_flushed,
		                    &txn->n_added, &txn->n_removed));
	} else {
		const bool is_all = is_last && txn->state.n_quads == 0 && txn->n_flushed == 0 && !txn->changes.n_written;
		TT_TRY(is_all ? apply_in_place(txn) : apply_copy(txn));
	}
	txn->n_flushed = tt_row_log_size(&txn->changes);
	txn->n_flushes++;
	return TT_OK;
}

static tt_status flush_prefixes(native_txn *txn)
{
	tt_env *const env = &txn->store->env;
	if (!txn->prefixes.size) {
		return TT_OK;
	}
	const char *const end_of_all = txn->prefixes.data + txn->prefixes.size;
	const char *at = txn->prefixes.data + txn->n_prefix_bytes_flushed;
	while (at < end_of_all) {
		const tt_view name = tt_view_of(at);
		const tt_view iri = tt_view_of(at + name.size + 1);
		tt_view known = {NULL, 0};
		at = iri.data + iri.size + 1;
		const tt_status status = tt_env_get_sealed(txn->base.ctx, env, txn->write, TT_TABLE_PREFIXES, name, &known);
		if (status == TT_NOT_FOUND) {
			TT_TRY(tt_env_put_sealed(txn->base.ctx, env, txn->write, TT_TABLE_PREFIXES, name, iri));
		} else if (status != TT_OK) {
			return status;
		}
	}
	txn->n_prefix_bytes_flushed = txn->prefixes.size;
	return TT_OK;
}

static bool has_something_new(const native_txn *txn, flush_extent extent)
{
	return txn->spilled.n_flushed < txn->spilled.n_batches ||
	       (extent != FLUSH_SPILLED_TERMS &&
	        (tt_row_log_size(&txn->changes) > txn->n_flushed || txn->writer.next_number != txn->state.next_number ||
	         txn->next_blank != txn->state.next_blank || txn->prefixes.size > txn->n_prefix_bytes_flushed));
}

static tt_status flush_gathered(native_txn *txn, flush_extent extent)
{
	TT_TRY(tt_dict_flush(&txn->writer, &txn->store->env, txn->write, txn->state.next_number));
	txn->state.next_number = txn->writer.next_number;
	txn->state.next_blank = txn->next_blank;
	TT_TRY(flush_changes(txn, extent == FLUSH_LAST));
	return flush_prefixes(txn);
}

static tt_status flush_once(native_txn *txn, flush_extent extent)
{
	tt_ctx *const ctx = txn->base.ctx;
	tt_env *const env = &txn->store->env;
	const tt_state before = txn->state;
	close_reader(txn);
	if (!txn->write) {
		TT_TRY(tt_env_write_begin(ctx, env, &txn->write));
	}
	TT_TRY(tt_term_log_flush(&txn->spilled, env, txn->write, &txn->state.next_number));
	TT_TRY(extent == FLUSH_SPILLED_TERMS ? TT_OK : flush_gathered(txn, extent));
	return memcmp(&before, &txn->state, sizeof before) ? tt_env_put_state(ctx, env, txn->write, &txn->state) : TT_OK;
}

/* After a failed LMDB transaction: make room if that was missing; TT_OK means: try again. */
static tt_status recover(native_txn *txn, tt_status status)
{
	tt_env *const env = &txn->store->env;
	forget_flushed(txn);
	if (!env->is_full) {
		return status;
	}
	env->is_full = false;
	end_reading(txn);
	status = tt_env_grow(txn->base.ctx, env);
	const tt_status reading = begin_reading(txn);
	return status != TT_OK ? status : reading;
}

static tt_status flush(native_txn *txn, flush_extent extent)
{
	while (has_something_new(txn, extent)) {
		txn->store->env.is_full = false;
		const tt_status status = flush_once(txn, extent);
		if (status != TT_OK) {
			TT_TRY(recover(txn, status));
		}
	}
	return TT_OK;
}

tt_status tt_native_txn_snapshot(tt_ctx *ctx, tt_txn *base, tt_snapshot **out_snapshot)
{
	native_txn *const txn = (native_txn *)base;
	const tt_status status = flush(txn, FLUSH_ALL);
	if (status != TT_OK) {
		tt_ctx_copy_error(ctx, base->ctx);
		return status;
	}
	return tt_native_snapshot_new(ctx, txn->store, txn->write ? txn->write : txn->read, &txn->state, out_snapshot);
}

static tt_status commit(native_txn *txn)
{
	TT_TRY(tt_core_check_process(txn->base.ctx, txn->store->env.core));
	if (txn->spilled.n_batches) {
		TT_TRY(spill_terms(txn, 0)); /* the room is needed now for sorting */
	}
	for (;;) {
		TT_TRY(flush(txn, FLUSH_LAST));
		TT_TRY(recount(txn));
		if (!txn->write) {
			return TT_OK;
		}
		close_reader(txn);
		const int rc = tt_env_write_commit(&txn->store->env, txn->write);
		txn->write = NULL;
		if (rc == 0) {
			return TT_OK;
		}
		TT_TRY(recover(txn, tt_env_fail(txn->base.ctx, &txn->store->env, rc)));
	}
}

tt_status tt_native_txn_commit(tt_txn *base, uint64_t *out_n_added, uint64_t *out_n_removed)
{
	native_txn *const txn = (native_txn *)base;
	const tt_status status = commit(txn);
	*out_n_added = txn->n_added;
	*out_n_removed = txn->n_removed;
	end(txn);
	return status;
}
