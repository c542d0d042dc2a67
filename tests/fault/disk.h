/* disk.h - the system calls that write a database file, in our hands: counted, recorded, made to fail, or fatal.
 *
 * The program that links this defines pwrite(), writev(), fdatasync() …, so LMDB's calls come here first. Only files
 * named data.mdb are watched; their syncs are counted and not done.
 *
 * Contrast: mem.h makes allocations fail.
 * Owns:     the record, until disk_forget().
 * Threads:  one at a time.
 */
#ifndef TESTS_FAULT_DISK_H
#define TESTS_FAULT_DISK_H

#include <stdbool.h>
#include <stddef.h>

/** What a disk writes as a whole or not at all, in bytes. */
enum { DISK_SECTOR = 512 };

typedef struct disk_counts {
	unsigned n_writes;      /* of all kinds */
	unsigned n_sync_writes; /* of these: through O_DSYNC, so durable when they return */
	unsigned n_syncs;       /* fdatasync(), fsync(), msync() */
	unsigned n_map_syncs;   /* of these: msync() */
} disk_counts;

typedef enum disk_event_kind { DISK_WRITE, DISK_SYNC_WRITE, DISK_SYNC } disk_event_kind;

typedef struct disk_event {
	disk_event_kind kind;
	size_t offset, size;
	char *bytes;
} disk_event;

/** What happens to the n-th write or sync. */
typedef enum disk_fault {
	DISK_FAILS,       /* errno is `error` */
	DISK_FAILS_SHORT, /* a write: half of it is done, and all that follows fails with `error` */
	DISK_KILLS,       /* half of it is done, and the process gets SIGKILL */
} disk_fault;

disk_counts disk_get_counts(void);

/** Let the @p n_th write or sync from now on (1: the next one; 0: none) meet a fault. */
void disk_fail_nth(unsigned n_th, disk_fault fault, int error);
/** Whether that has happened. */
bool disk_has_failed(void);

/** Record all writes and syncs from now on, or no more. */
void disk_record(bool is_recording);
/** What was recorded so far. */
const disk_event *disk_events(size_t *out_n);
void disk_forget(void);

#endif
