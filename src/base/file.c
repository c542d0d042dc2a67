/* file.c - inputs (plain, gzip, Zstandard) and temporary files.
 *
 * An input has one buffer of bytes as they lie in the file. A codec turns them into what the caller reads; it may keep
 * output back while the buffer is empty, so it is asked once more at the end of the file. gzip members and Zstandard
 * frames may follow each other (as `cat` of two compressed files makes them); a file that ends within one is cut off.
 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zlib.h>
#include <zstd.h>

enum { RAW_SIZE = 256 * 1024, MAGIC_SIZE = 4, GZIP_WINDOW = 15 + 16, WAIT_MS = 100 };

/** A compression. */
typedef struct codec {
	const char *name;
	const char *magic;
	size_t n_magic;
	tt_status (*begin)(tt_input *input);
	/* Uncompress some of the raw bytes; *out_n_read may stay 0 while more of them are needed. */
	tt_status (*step)(tt_input *input, char *out, size_t n_bytes, size_t *out_n_read);
	void (*end)(tt_input *input);
} codec;

struct tt_input {
	tt_ctx *ctx;
	const char *name; /* for messages */
	int fd;
	const codec *codec; /* NULL: plain */
	char *raw;          /* bytes of the file: from raw_at to raw_end */
	size_t raw_at, raw_end;
	bool is_raw_end;   /* the file has no more */
	bool is_in_member; /* a member or frame has begun and not ended */
	uint64_t n_taken, n_total;
	z_stream gzip;
	ZSTD_DStream *zstd;
};

/* ---- gzip ------------------------------------------------------------------------------------- */

static void *allocate_for_zlib(void *ctx, unsigned n_items, unsigned item_size)
{
	return tt_calloc(ctx, n_items, item_size);
}

static void free_for_zlib(void *ctx, void *memory)
{
	tt_free(ctx, memory);
}

static tt_status begin_gzip(tt_input *input)
{
	input->gzip.zalloc = allocate_for_zlib;
	input->gzip.zfree = free_for_zlib;
	input->gzip.opaque = input->ctx;
	return inflateInit2(&input->gzip, GZIP_WINDOW) == Z_OK ? TT_OK : tt_fail(input->ctx, TT_NO_MEMORY, "out of memory");
}

static tt_status fail_damaged(const tt_input *input)
{
	return tt_fail_at(input->ctx, TT_SYNTAX, input->name, 0, 0, "the %s data are damaged", input->codec->name);
}

static tt_status step_gzip(tt_input *input, char *out, size_t n_bytes, size_t *out_n_read)
{
	z_stream *const z = &input->gzip;
	if (!input->is_in_member) {
		/* What fills up the last block of a tape. */
		while (input->raw_at < input->raw_end && input->raw[input->raw_at] == '\0') {
			input->raw_at++;
		}
		if (input->raw_at == input->raw_end) {
			return TT_OK;
		}
		input->is_in_member = true;
	}
	z->next_in = (unsigned char *)input->raw + input->raw_at;
	z->avail_in = (unsigned)(input->raw_end - input->raw_at);
	z->next_out = (unsigned char *)out;
	z->avail_out = (unsigned)n_bytes;
	const int rc = inflate(z, Z_NO_FLUSH);
	input->raw_at = input->raw_end - z->avail_in;
	*out_n_read = n_bytes - z->avail_out;
	if (rc == Z_STREAM_END) {
		input->is_in_member = false;
		return inflateReset(z) == Z_OK ? TT_OK : fail_damaged(input);
	}
	if (rc == Z_MEM_ERROR) {
		return tt_fail(input->ctx, TT_NO_MEMORY, "out of memory");
	}
	return rc == Z_OK || rc == Z_BUF_ERROR ? TT_OK : fail_damaged(input);
}

static void end_gzip(tt_input *input)
{
	(void)inflateEnd(&input->gzip);
}

/* ---- Zstandard -------------------------------------------------------------------------------- */

static tt_status begin_zstd(tt_input *input)
{
	input->zstd = ZSTD_createDStream();
	return input->zstd ? TT_OK : tt_fail(input->ctx, TT_NO_MEMORY, "out of memory");
}

static tt_status step_zstd(tt_input *input, char *out, size_t n_bytes, size_t *out_n_read)
{
	ZSTD_inBuffer from = {input->raw, input->raw_end, input->raw_at};
	ZSTD_outBuffer to = {out, n_bytes, 0};
	const size_t rc = ZSTD_decompressStream(input->zstd, &to, &from);
	if (ZSTD_isError(rc)) {
		return fail_damaged(input);
	}
	/* At the end of the file nothing is left to begin a frame with. */
	input->is_in_member = rc != 0 && (input->is_in_member || from.pos > input->raw_at);
	input->raw_at = from.pos;
	*out_n_read = to.pos;
	return TT_OK;
}

static void end_zstd(tt_input *input)
{
	(void)ZSTD_freeDStream(input->zstd);
}

static const codec codecs[] = {{"gzip", "\x1F\x8B", 2, begin_gzip, step_gzip, end_gzip},
                               {"Zstandard", "\x28\xB5\x2F\xFD", 4, begin_zstd, step_zstd, end_zstd}};

/* ---- inputs ----------------------------------------------------------------------------------- */

/* Wait until a pipe has something to read. A signal may reach another thread than ours, so we look at the cancel flag
 * now and then. */
static tt_status wait_for_bytes(const tt_input *input)
{
	struct pollfd about = {.fd = input->fd, .events = POLLIN};
	do {
		TT_TRY(tt_ctx_poll(input->ctx));
	} while (!input->n_total && poll(&about, 1, WAIT_MS) == 0);
	return TT_OK;
}

static tt_status read_some(tt_input *input, char *out, size_t n_bytes, size_t *out_n_read)
{
	for (;;) {
		TT_TRY(wait_for_bytes(input));
		const ssize_t n = read(input->fd, out, n_bytes);
		if (n >= 0) {
			*out_n_read = (size_t)n;
			input->n_taken += (size_t)n;
			return TT_OK;
		}
		if (errno != EINTR) {
			return tt_fail(input->ctx, TT_IO, "cannot read %s: %s", input->name, strerror(errno));
		}
	}
}

static tt_status fill_raw(tt_input *input, size_t n_least)
{
	while (input->raw_end - input->raw_at < n_least && !input->is_raw_end) {
		if (input->raw_at == input->raw_end) {
			input->raw_at = 0;
			input->raw_end = 0;
		}
		size_t n = 0;
		TT_TRY(read_some(input, input->raw + input->raw_end, RAW_SIZE - input->raw_end, &n));
		input->is_raw_end = n == 0;
		input->raw_end += n;
	}
	return TT_OK;
}

static tt_status open_descriptor(tt_input *input, const char *path)
{
	struct stat about;
	if (strcmp(path, "-") == 0) {
		input->name = "standard input";
		input->fd = STDIN_FILENO;
	} else {
		input->fd = open(path, O_RDONLY | O_CLOEXEC);
		if (input->fd < 0) {
			return tt_fail(input->ctx, errno == ENOENT || errno == ENOTDIR ? TT_NOT_FOUND : TT_IO, "cannot open %s: %s",
			               path, strerror(errno));
		}
	}
	if (fstat(input->fd, &about) == 0 && S_ISDIR(about.st_mode)) {
		return tt_fail(input->ctx, TT_IO, "%s is a directory, not a file", input->name);
	}
	input->n_total = S_ISREG(about.st_mode) ? (uint64_t)about.st_size : 0;
	return TT_OK;
}

static tt_status choose_codec(tt_input *input)
{
	TT_TRY(fill_raw(input, MAGIC_SIZE));
	const size_t n = input->raw_end - input->raw_at;
	for (size_t i = 0; i < sizeof codecs / sizeof *codecs; ++i) {
		if (n >= codecs[i].n_magic && memcmp(input->raw + input->raw_at, codecs[i].magic, codecs[i].n_magic) == 0) {
			TT_TRY(codecs[i].begin(input));
			input->codec = &codecs[i];
			break;
		}
	}
	return TT_OK;
}

tt_status tt_input_open(tt_ctx *ctx, const char *path, tt_input **out_input)
{
	tt_input *const input = tt_calloc(ctx, 1, sizeof *input);
	if (!input) {
		return ctx->error.status;
	}
	*input = (tt_input){.ctx = ctx, .name = path, .fd = -1};
	tt_status status = open_descriptor(input, path);
	if (status == TT_OK) {
		input->raw = tt_alloc(ctx, RAW_SIZE);
		status = input->raw ? choose_codec(input) : ctx->error.status;
	}
	if (status != TT_OK) {
		tt_input_close(input);
		return status;
	}
	*out_input = input;
	return TT_OK;
}

void tt_input_close(tt_input *input)
{
	if (!input) {
		return;
	}
	if (input->codec) {
		input->codec->end(input);
	}
	if (input->fd > STDIN_FILENO) {
		(void)close(input->fd);
	}
	tt_free(input->ctx, input->raw);
	tt_free(input->ctx, input);
}

/* What was read to look for a magic number comes first. */
static tt_status read_plain(tt_input *input, char *out, size_t n_bytes, size_t *out_n_read)
{
	const size_t n_left = input->raw_end - input->raw_at;
	if (!n_left) {
		return input->is_raw_end ? TT_OK : read_some(input, out, n_bytes, out_n_read);
	}
	*out_n_read = n_left < n_bytes ? n_left : n_bytes;
	memcpy(out, input->raw + input->raw_at, *out_n_read);
	input->raw_at += *out_n_read;
	return TT_OK;
}

tt_status tt_input_read(tt_input *input, char *out, size_t n_bytes, size_t *out_n_read)
{
	*out_n_read = 0;
	if (!input->codec) {
		return read_plain(input, out, n_bytes, out_n_read);
	}
	for (;;) {
		TT_TRY(fill_raw(input, 1));
		const bool is_last_step = input->raw_at == input->raw_end;
		if (is_last_step && !input->is_in_member) {
			return TT_OK;
		}
		TT_TRY(input->codec->step(input, out, n_bytes, out_n_read));
		if (*out_n_read) {
			return TT_OK;
		}
		if (is_last_step && input->is_in_member) {
			return tt_fail_at(input->ctx, TT_SYNTAX, input->name, 0, 0, "the %s data are cut off", input->codec->name);
		}
	}
}

uint64_t tt_input_position(const tt_input *input)
{
	return input->n_taken - (input->raw_end - input->raw_at);
}

uint64_t tt_input_size(const tt_input *input)
{
	return input->n_total;
}

/* ---- temporary files -------------------------------------------------------------------------- */

tt_status tt_file_temporary(tt_ctx *ctx, const char *directory, int *out_fd)
{
	const char *const wished = getenv("TMPDIR");
	const char *const place = wished && wished[0] ? wished : directory ? directory : "/tmp";
	*out_fd = open(place, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (*out_fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == ENOENT)) {
		char name[4096];
		const int n = snprintf(name, sizeof name, "%s/tertium-XXXXXX", place);
		*out_fd = n > 0 && (size_t)n < sizeof name ? mkostemp(name, O_CLOEXEC) : -1;
		if (*out_fd >= 0) {
			(void)unlink(name);
		}
	}
	if (*out_fd < 0) {
		return tt_fail(ctx, errno == ENOSPC || errno == EDQUOT ? TT_NO_SPACE : TT_IO,
		               "cannot make a temporary file in %s: %s", place, strerror(errno));
	}
	return TT_OK;
}

tt_status tt_file_write(tt_ctx *ctx, int fd, const void *data, size_t n_bytes, uint64_t offset)
{
	const char *at = data;
	while (n_bytes) {
		TT_TRY(tt_ctx_poll(ctx));
		const ssize_t n = pwrite(fd, at, n_bytes, (off_t)offset);
		if (n < 0 && errno != EINTR) {
			return errno == ENOSPC || errno == EDQUOT
			           ? tt_fail(ctx, TT_NO_SPACE, "no space left on the disk for temporary files")
			           : tt_fail(ctx, TT_IO, "cannot write a temporary file: %s", strerror(errno));
		}
		const size_t n_written = n > 0 ? (size_t)n : 0;
		at += n_written;
		offset += n_written;
		n_bytes -= n_written;
	}
	return TT_OK;
}

tt_status tt_file_read(tt_ctx *ctx, int fd, void *out, size_t n_bytes, uint64_t offset)
{
	char *at = out;
	while (n_bytes) {
		TT_TRY(tt_ctx_poll(ctx));
		const ssize_t n = pread(fd, at, n_bytes, (off_t)offset);
		if (n == 0 || (n < 0 && errno != EINTR)) {
			return tt_fail(ctx, TT_IO, "cannot read a temporary file: %s", n ? strerror(errno) : "it is too short");
		}
		const size_t n_read = n > 0 ? (size_t)n : 0;
		at += n_read;
		offset += n_read;
		n_bytes -= n_read;
	}
	return TT_OK;
}
