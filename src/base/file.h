/* file.h - files in, uncompressed as they are read; and temporary files without a name.
 *
 * Contrast: output.h writes results. What the bytes mean is the business of whoever reads.
 * Owns:     an input its descriptor (standard input stays open) and its room for compressed bytes.
 * Threads:  as the context.
 * Fails:    TT_NOT_FOUND, TT_IO, TT_NO_SPACE; TT_SYNTAX for compressed data that are damaged or cut off.
 * Tests:    tests/unit/test_bulk.c, tests/cli/load.sh
 */
#ifndef TT_BASE_FILE_H
#define TT_BASE_FILE_H

#include "base/mem.h"

/** A file that is being read. */
typedef struct tt_input tt_input;

/** Open a file ("-": standard input). gzip and Zstandard are known by their first bytes, whatever the name. */
TT_CHECKED tt_status tt_input_open(tt_ctx *ctx, const char *path, tt_input **out_input);
/** NULL is ignored. */
void tt_input_close(tt_input *input);
/** Read up to @p n_bytes, uncompressed. @param out_n_read 0 at the end, and only there. */
TT_CHECKED tt_status tt_input_read(tt_input *input, char *out, size_t n_bytes, size_t *out_n_read);
/** How many bytes of the file itself, as it lies on the disk, have been read. */
uint64_t tt_input_position(const tt_input *input);
/** How many it has; 0: unknown, since it is no regular file. */
uint64_t tt_input_size(const tt_input *input);

/** Make a file without a name, which is gone when it is closed: in $TMPDIR, else in @p directory.
 * @param directory NULL: /tmp. */
TT_CHECKED tt_status tt_file_temporary(tt_ctx *ctx, const char *directory, int *out_fd);
/** Write all bytes at an offset of a temporary file. */
TT_CHECKED tt_status tt_file_write(tt_ctx *ctx, int fd, const void *data, size_t n_bytes, uint64_t offset);
/** Read bytes that were written there; TT_IO if there are fewer. */
TT_CHECKED tt_status tt_file_read(tt_ctx *ctx, int fd, void *out, size_t n_bytes, uint64_t offset);

#endif
