/* termlog.c - batches of terms: the entries and records of a tt_dict_writer as they are. */
#include "store/termlog.h"

#include <unistd.h>

#include "base/file.h"

void tt_term_log_init(tt_term_log *log, tt_ctx *ctx, const char *directory)
{
	*log = (tt_term_log){.ctx = ctx, .directory = directory, .fd = -1};
}

void tt_term_log_clear(tt_term_log *log)
{
	if (log->fd >= 0) {
		(void)close(log->fd);
	}
	tt_free(log->ctx, log->batches);
	tt_term_log_init(log, log->ctx, log->directory);
}

/* The sentinel behind the last entry belongs to them. */
static size_t entries_size(size_t n_entries)
{
	return (n_entries + 1) * sizeof(struct tt_dict_entry);
}

tt_status tt_term_log_add(tt_term_log *log, tt_dict_writer *writer)
{
	if (!writer->n_entries) {
		return TT_OK;
	}
	if (log->fd < 0) {
		TT_TRY(tt_file_temporary(log->ctx, log->directory, &log->fd));
	}
	TT_TRY(tt_grow(log->ctx, (void **)&log->batches, &log->capacity, log->n_batches + 1, sizeof *log->batches));
	const tt_term_batch batch = {log->n_bytes, writer->n_entries, writer->records.size, writer->next_number};
	const uint64_t records = batch.offset + entries_size(batch.n_entries);
	TT_TRY(tt_file_write(log->ctx, log->fd, writer->entries, entries_size(batch.n_entries), batch.offset));
	TT_TRY(tt_file_write(log->ctx, log->fd, writer->records.data, batch.n_record_bytes, records));
	log->n_bytes = records + batch.n_record_bytes;
	log->batches[log->n_batches++] = batch;
	tt_dict_writer_clear(writer);
	return TT_OK;
}

static tt_status load(const tt_term_log *log, const tt_term_batch *batch, tt_dict_writer *writer)
{
	writer->entries = tt_alloc(log->ctx, entries_size(batch->n_entries));
	if (!writer->entries) {
		return log->ctx->error.status;
	}
	TT_TRY(tt_buffer_reserve(&writer->records, batch->n_record_bytes));
	TT_TRY(tt_file_read(log->ctx, log->fd, writer->entries, entries_size(batch->n_entries), batch->offset));
	TT_TRY(tt_file_read(log->ctx, log->fd, writer->records.data, batch->n_record_bytes,
	                    batch->offset + entries_size(batch->n_entries)));
	writer->n_entries = batch->n_entries;
	writer->records.size = batch->n_record_bytes;
	return TT_OK;
}

tt_status tt_term_log_flush(tt_term_log *log, tt_env *env, MDB_txn *txn, uint64_t *io_next_number)
{
	for (; log->n_flushed < log->n_batches; ++log->n_flushed) {
		const tt_term_batch *const batch = &log->batches[log->n_flushed];
		tt_dict_writer writer;
		tt_dict_writer_init(&writer, log->ctx, batch->next_number);
		tt_status status = load(log, batch, &writer);
		status = status ? status : tt_dict_flush(&writer, env, txn, *io_next_number);
		tt_dict_writer_clear(&writer);
		TT_TRY(status);
		*io_next_number = batch->next_number;
	}
	return TT_OK;
}
