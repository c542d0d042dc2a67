/* disk.c - the calls of write(2) and fsync(2) that LMDB makes. With 64-bit offsets glibc renames them, and we want
 * their plain names.
 */
#undef _FILE_OFFSET_BITS
#include "disk.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static disk_counts counts;
static unsigned countdown; /* 0: no fault planned */
static disk_fault planned;
static int planned_error;
static bool has_failed;
static bool fails_from_now;
static bool is_recording;
static disk_event *events;
static size_t n_events;

/* ---- the plan ----------------------------------------------------------------------------------- */

disk_counts disk_get_counts(void)
{
	return counts;
}

void disk_fail_nth(unsigned n_th, disk_fault fault, int error)
{
	countdown = n_th;
	planned = fault;
	planned_error = error;
	has_failed = false;
	fails_from_now = false;
}

bool disk_has_failed(void)
{
	return has_failed;
}

void disk_record(bool is_on)
{
	is_recording = is_on;
}

const disk_event *disk_events(size_t *out_n)
{
	*out_n = n_events;
	return events;
}

void disk_forget(void)
{
	for (size_t i = 0; i < n_events; ++i) {
		free(events[i].bytes);
	}
	free(events);
	events = NULL;
	n_events = 0;
}

static void record(disk_event_kind kind, const char *bytes, size_t offset, size_t size)
{
	if (!is_recording) {
		return;
	}
	if ((n_events & (n_events - 1)) == 0) { /* a power of two: full */
		events = realloc(events, (n_events ? 2 * n_events : 1) * sizeof *events);
	}
	disk_event event = {kind, offset, size, NULL};
	if (size) {
		event.bytes = malloc(size);
		memcpy(event.bytes, bytes, size);
	}
	events[n_events++] = event;
}

/* ---- the calls ---------------------------------------------------------------------------------- */

static bool is_watched(int fd)
{
	char link[64];
	char target[4096];
	static const char name[] = "/data.mdb";
	(void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	const ssize_t n = readlink(link, target, sizeof target);
	return n >= (ssize_t)sizeof name - 1 && memcmp(target + n - (sizeof name - 1), name, sizeof name - 1) == 0;
}

static ssize_t do_write(int fd, const char *bytes, size_t size, off_t offset)
{
	return syscall(SYS_pwrite64, fd, bytes, size, offset);
}

/* About a half of a write, in whole sectors: less than one is written or not. */
static size_t half_of(size_t size, off_t offset)
{
	const size_t end = ((size_t)offset + size / 2) / DISK_SECTOR * DISK_SECTOR;
	return end > (size_t)offset ? end - (size_t)offset : 0;
}

/* Whether the fault is due now. Then a write has been done by half if it should be. */
static bool meets_fault(int fd, const char *bytes, size_t size, off_t offset)
{
	if (fails_from_now) {
		errno = planned_error;
		return true;
	}
	if (!countdown || --countdown) {
		return false;
	}
	has_failed = true;
	if (planned != DISK_FAILS && half_of(size, offset)) {
		(void)do_write(fd, bytes, half_of(size, offset), offset);
	}
	if (planned == DISK_KILLS) {
		(void)raise(SIGKILL);
	}
	fails_from_now = planned == DISK_FAILS_SHORT;
	errno = planned_error;
	return true;
}

static ssize_t write_watched(int fd, const char *bytes, size_t size, off_t offset)
{
	const bool was_short = fails_from_now;
	const bool is_sync = fcntl(fd, F_GETFL) & O_DSYNC;
	if (meets_fault(fd, bytes, size, offset)) {
		const size_t n_done = planned == DISK_FAILS_SHORT && !was_short ? half_of(size, offset) : 0;
		return n_done ? (ssize_t)n_done : -1;
	}
	const ssize_t n = do_write(fd, bytes, size, offset);
	if (n > 0) {
		counts.n_writes++;
		counts.n_sync_writes += is_sync;
		record(is_sync ? DISK_SYNC_WRITE : DISK_WRITE, bytes, (size_t)offset, (size_t)n);
	}
	return n;
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
	return is_watched(fd) ? write_watched(fd, bytes, size, offset) : do_write(fd, bytes, size, offset);
}

ssize_t writev(int fd, const struct iovec *parts, int n_parts)
{
	if (!is_watched(fd)) {
		return syscall(SYS_writev, fd, parts, n_parts);
	}
	size_t size = 0;
	for (int i = 0; i < n_parts; ++i) {
		size += parts[i].iov_len;
	}
	char *const bytes = malloc(size);
	char *end = bytes;
	for (int i = 0; i < n_parts; ++i) {
		memcpy(end, parts[i].iov_base, parts[i].iov_len);
		end += parts[i].iov_len;
	}
	const ssize_t n = write_watched(fd, bytes, size, lseek(fd, 0, SEEK_CUR));
	if (n > 0) {
		(void)lseek(fd, n, SEEK_CUR);
	}
	free(bytes);
	return n;
}

static int sync_watched(int fd)
{
	if (meets_fault(fd, NULL, 0, 0)) {
		return -1;
	}
	counts.n_syncs++;
	record(DISK_SYNC, NULL, 0, 0);
	return 0; /* no power will be lost that we do not take away ourselves */
}

int fdatasync(int fd)
{
	return is_watched(fd) ? sync_watched(fd) : (int)syscall(SYS_fdatasync, fd);
}

int fsync(int fd)
{
	return is_watched(fd) ? sync_watched(fd) : (int)syscall(SYS_fsync, fd);
}

/* Never called for a database in a directory: a test sees to that. */
int msync(void *address, size_t size, int flags)
{
	counts.n_syncs++;
	counts.n_map_syncs++;
	return (int)syscall(SYS_msync, address, size, flags);
}
