/* records.c - external merge sort of byte strings.
 *
 * Records gather in one buffer, each behind its size. When that is full they are sorted and appended to a temporary
 * file as a run. At the end all runs are merged through a heap, each read through a buffer of its own, so that memory
 * is the budget plus RUN_BUFFER for each run. What fits into the budget never touches the disk.
 */
#include "base/records.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { RUN_BUFFER = 1 << 16, SIZE_BYTES = sizeof(uint32_t) };

/* A sorted part of the file, and the record it is at. */
typedef struct run {
	off_t at, end; /* what is still to be read */
	tt_buffer buffer;
	size_t next;    /* in the buffer */
	tt_view record; /* data NULL: none is left */
} run;

struct tt_records {
	tt_ctx *ctx;
	size_t n_budget;
	tt_buffer bytes; /* size u32, record, size u32, record … */
	uint64_t *places;
	size_t n_places, n_places_capacity;
	int fd; /* −1: no run was needed so far */
	off_t n_written;
	run *runs;
	size_t n_runs, n_runs_capacity;
	size_t *heap; /* numbers of runs, the one with the least record first */
	size_t n_heap;
	size_t n_given;
	bool is_sorted;
};

static tt_view record_at(const tt_records *records, uint64_t place)
{
	uint32_t size = 0;
	memcpy(&size, records->bytes.data + place, sizeof size);
	return (tt_view){records->bytes.data + place + sizeof size, size};
}

static int compare_places(const void *a, const void *b, void *user)
{
	const tt_records *const records = user;
	return tt_view_compare(record_at(records, *(const uint64_t *)a), record_at(records, *(const uint64_t *)b));
}

static void sort_memory(tt_records *records)
{
	if (records->n_places) {
		qsort_r(records->places, records->n_places, sizeof *records->places, compare_places, records);
	}
}

tt_status tt_records_new(tt_ctx *ctx, size_t n_budget, tt_records **out_records)
{
	tt_records *const records = tt_calloc(ctx, 1, sizeof *records);
	*out_records = records;
	if (!records) {
		return ctx->error.status;
	}
	records->ctx = ctx;
	records->n_budget = n_budget;
	records->fd = -1;
	tt_buffer_init(&records->bytes, ctx);
	return TT_OK;
}

void tt_records_free(tt_records *records)
{
	if (!records) {
		return;
	}
	for (size_t i = 0; i < records->n_runs; ++i) {
		tt_buffer_clear(&records->runs[i].buffer);
	}
	if (records->fd >= 0) {
		(void)close(records->fd);
	}
	tt_buffer_clear(&records->bytes);
	tt_free(records->ctx, records->places);
	tt_free(records->ctx, records->runs);
	tt_free(records->ctx, records->heap);
	tt_free(records->ctx, records);
}

/* ---- runs ------------------------------------------------------------------------------------- */

static const char *temporary_folder(void)
{
	const char *const given = getenv("TMPDIR");
	return given && given[0] ? given : "/tmp";
}

static tt_status file_failed(tt_ctx *ctx, int error)
{
	if (error == ENOSPC || error == EDQUOT) {
		return tt_fail(ctx, TT_NO_SPACE, "no space left for temporary files in %s", temporary_folder());
	}
	return tt_fail(ctx, TT_IO, "cannot use a temporary file in %s: %s", temporary_folder(), strerror(error));
}

static tt_status open_file(tt_records *records)
{
	char name[4096];
	const int n = snprintf(name, sizeof name, "%s/tertium-XXXXXX", temporary_folder());
	if (n < 0 || (size_t)n >= sizeof name) {
		return file_failed(records->ctx, ENAMETOOLONG);
	}
	records->fd = mkostemp(name, O_CLOEXEC);
	if (records->fd < 0) {
		return file_failed(records->ctx, errno);
	}
	(void)unlink(name);
	return TT_OK;
}

static tt_status write_out(tt_records *records, tt_view bytes)
{
	while (bytes.size) {
		const ssize_t n = write(records->fd, bytes.data, bytes.size);
		if (n < 0 && errno != EINTR) {
			return file_failed(records->ctx, errno);
		}
		if (n > 0) {
			bytes = tt_view_skip(bytes, (size_t)n);
			records->n_written += n;
		}
	}
	return TT_OK;
}

/* Write the places in order, through a buffer. */
static tt_status write_sorted(tt_records *records, tt_buffer *buffer)
{
	for (size_t i = 0; i < records->n_places; ++i) {
		const tt_view record = record_at(records, records->places[i]);
		TT_TRY(tt_buffer_append(buffer, (tt_view){record.data - SIZE_BYTES, SIZE_BYTES + record.size}));
		if (buffer->size >= RUN_BUFFER) {
			TT_TRY(tt_ctx_poll(records->ctx));
			TT_TRY(write_out(records, tt_buffer_view(buffer)));
			tt_buffer_reset(buffer);
		}
	}
	return write_out(records, tt_buffer_view(buffer));
}

static tt_status write_run(tt_records *records)
{
	if (records->fd < 0) {
		TT_TRY(open_file(records));
	}
	TT_TRY(tt_grow(records->ctx, (void **)&records->runs, &records->n_runs_capacity, records->n_runs + 1,
	               sizeof *records->runs));
	sort_memory(records);
	run *const r = &records->runs[records->n_runs];
	*r = (run){.at = records->n_written};
	tt_buffer_init(&r->buffer, records->ctx);
	records->n_runs++;
	TT_TRY(write_sorted(records, &r->buffer));
	tt_buffer_clear(&r->buffer); /* as many runs to come are not read yet */
	r->end = records->n_written;
	tt_buffer_reset(&records->bytes);
	records->n_places = 0;
	return TT_OK;
}

tt_status tt_records_add(tt_records *records, tt_view record)
{
	const uint32_t size = (uint32_t)record.size;
	if (record.size > UINT32_MAX) {
		return tt_fail(records->ctx, TT_LIMIT, "a record of more than 4 GB cannot be sorted");
	}
	if (records->n_places && records->bytes.size + record.size > records->n_budget) {
		TT_TRY(write_run(records));
	}
	TT_TRY(tt_grow(records->ctx, (void **)&records->places, &records->n_places_capacity, records->n_places + 1,
	               sizeof *records->places));
	const size_t place = records->bytes.size;
	TT_TRY(tt_buffer_append(&records->bytes, (tt_view){(const char *)&size, sizeof size}));
	TT_TRY(tt_buffer_append(&records->bytes, record));
	records->places[records->n_places++] = place;
	return TT_OK;
}

/* ---- merging ---------------------------------------------------------------------------------- */

/* Have @p n bytes at the place in the buffer of a run. */
static tt_status fill(tt_records *records, run *r, size_t n)
{
	if (r->buffer.size - r->next >= n) {
		return TT_OK;
	}
	if (r->next) {
		memmove(r->buffer.data, r->buffer.data + r->next, r->buffer.size - r->next);
		r->buffer.size -= r->next;
		r->next = 0;
	}
	TT_TRY(tt_buffer_reserve(&r->buffer, n > RUN_BUFFER ? n : RUN_BUFFER));
	while (r->buffer.size < n) {
		const size_t n_left = (size_t)(r->end - r->at);
		const size_t n_room = r->buffer.capacity - r->buffer.size;
		const ssize_t n_read = pread(records->fd, r->buffer.data + r->buffer.size, n_left < n_room ? n_left : n_room,
		                             r->at);
		if (n_read <= 0) {
			if (n_read < 0 && errno == EINTR) {
				continue;
			}
			return file_failed(records->ctx, n_read < 0 ? errno : EIO);
		}
		r->buffer.size += (size_t)n_read;
		r->at += n_read;
	}
	return TT_OK;
}

static tt_status advance(tt_records *records, run *r)
{
	uint32_t size = 0;
	r->record = (tt_view){NULL, 0};
	if (r->at == r->end && r->next == r->buffer.size) {
		return TT_OK;
	}
	TT_TRY(fill(records, r, sizeof size));
	memcpy(&size, r->buffer.data + r->next, sizeof size);
	TT_TRY(fill(records, r, sizeof size + size));
	r->record = (tt_view){r->buffer.data + r->next + sizeof size, size};
	r->next += sizeof size + size;
	return TT_OK;
}

static bool is_before(const tt_records *records, size_t a, size_t b)
{
	return tt_view_compare(records->runs[records->heap[a]].record, records->runs[records->heap[b]].record) < 0;
}

static void sift_down(tt_records *records, size_t at)
{
	for (;;) {
		size_t least = at;
		for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < records->n_heap; ++child) {
			least = is_before(records, child, least) ? child : least;
		}
		if (least == at) {
			return;
		}
		const size_t number = records->heap[at];
		records->heap[at] = records->heap[least];
		records->heap[least] = number;
		at = least;
	}
}

static tt_status begin_merge(tt_records *records)
{
	if (records->n_places) {
		TT_TRY(write_run(records));
	}
	tt_buffer_clear(&records->bytes);
	records->heap = tt_calloc(records->ctx, records->n_runs, sizeof *records->heap);
	if (!records->heap) {
		return records->ctx->error.status;
	}
	for (size_t i = 0; i < records->n_runs; ++i) {
		TT_TRY(advance(records, &records->runs[i]));
		records->heap[records->n_heap++] = i;
	}
	for (size_t i = records->n_heap / 2; i > 0; --i) {
		sift_down(records, i - 1);
	}
	return TT_OK;
}

static tt_status next_merged(tt_records *records, bool is_first, tt_view *out_record)
{
	if (is_first) {
		TT_TRY(begin_merge(records));
	} else if (records->n_heap) {
		run *const r = &records->runs[records->heap[0]];
		TT_TRY(advance(records, r));
		if (!r->record.data) {
			tt_buffer_clear(&r->buffer);
			records->heap[0] = records->heap[--records->n_heap];
		}
		sift_down(records, 0);
	}
	*out_record = records->n_heap ? records->runs[records->heap[0]].record : (tt_view){NULL, 0};
	return TT_OK;
}

tt_status tt_records_next(tt_records *records, tt_view *out_record)
{
	const bool is_first = !records->is_sorted;
	records->is_sorted = true;
	if (records->fd >= 0) {
		return next_merged(records, is_first, out_record);
	}
	if (is_first) {
		sort_memory(records);
	}
	*out_record = records->n_given < records->n_places ? record_at(records, records->places[records->n_given++])
	                                                   : (tt_view){NULL, 0};
	return TT_OK;
}
