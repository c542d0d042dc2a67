/* rowlog.c - rows in an array; when it is full it goes to the end of the file. */
#include "store/rowlog.h"

#include <string.h>
#include <unistd.h>

#include "base/file.h"

void tt_row_log_init(tt_row_log *log, tt_ctx *ctx, const char *directory, size_t n_limit)
{
	*log = (tt_row_log){.ctx = ctx, .directory = directory, .n_limit = n_limit, .fd = -1};
}

void tt_row_log_clear(tt_row_log *log)
{
	if (log->fd >= 0) {
		(void)close(log->fd);
	}
	tt_free(log->ctx, log->rows);
	tt_row_log_init(log, log->ctx, log->directory, log->n_limit);
}

static tt_status write_out(tt_row_log *log)
{
	if (log->fd < 0) {
		TT_TRY(tt_file_temporary(log->ctx, log->directory, &log->fd));
	}
	TT_TRY(tt_file_write(log->ctx, log->fd, log->rows, log->n_rows * sizeof *log->rows,
	                     (uint64_t)log->n_written * sizeof *log->rows));
	log->n_written += log->n_rows;
	log->n_rows = 0;
	return TT_OK;
}

tt_status tt_row_log_add(tt_row_log *log, const tt_row *row)
{
	if (log->n_rows >= log->n_limit) {
		TT_TRY(write_out(log));
	}
	TT_TRY(tt_grow(log->ctx, (void **)&log->rows, &log->capacity, log->n_rows + 1, sizeof *log->rows));
	log->rows[log->n_rows++] = *row;
	return TT_OK;
}

void tt_row_log_cut(tt_row_log *log, size_t n_rows)
{
	if (n_rows < log->n_written) {
		log->n_written = n_rows;
	}
	log->n_rows = n_rows - log->n_written;
}

tt_status tt_row_log_spill(tt_row_log *log)
{
	if (log->n_rows) {
		TT_TRY(write_out(log));
	}
	tt_free(log->ctx, log->rows);
	log->rows = NULL;
	log->capacity = 0;
	return TT_OK;
}

tt_status tt_row_log_read(const tt_row_log *log, size_t first, size_t n_rows, tt_row *out_rows)
{
	size_t n_in_file = first < log->n_written ? log->n_written - first : 0;
	n_in_file = n_in_file < n_rows ? n_in_file : n_rows;
	TT_TRY(tt_file_read(log->ctx, log->fd, out_rows, n_in_file * sizeof *out_rows, (uint64_t)first * sizeof *out_rows));
	if (n_in_file < n_rows) {
		memcpy(out_rows + n_in_file, log->rows + (first + n_in_file - log->n_written),
		       (n_rows - n_in_file) * sizeof *out_rows);
	}
	return TT_OK;
}
