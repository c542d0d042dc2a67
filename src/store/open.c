/* open.c - opening an LMDB environment, in memory or in a directory.
 *
 * In memory the data file is a memfd, reached through a symbolic link in a private directory, so
 * that LMDB finds a place for its reader table too; both names are gone before the store is handed
 * out. With the reader table LMDB never reuses a page that a snapshot still reads. Where no such
 * directory can be made LMDB runs without it, and we refuse the third write behind an open snapshot:
 * a page freed by transaction n, so one that the state n − 1 has, is reused by transaction n + 2 at
 * the earliest.
 *
 * The map is address space, not memory, so it is made far larger than the data; growing is the
 * exception (a limit on address space, or a really large store).
 *
 * LMDB writes to its lock file through a map, where a full disk is a bus error. So the file gets its
 * blocks before LMDB opens it.
 */
#include "store/lmdb.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/pages.h"

/* With so many readers LMDB's lock file has LOCK_FILE_SIZE bytes. */
enum { MAX_READERS = 1022, LOCK_FILE_SIZE = 1 << 16, N_COMMIT_POLLS = 200, COMMIT_POLL_US = 1000 };
#define MAP_SIZE_PLENTY  ((size_t)1 << 40)
#define MAP_SIZE_LEAST   ((size_t)1 << 20)
#define VERIFIED_AT_OPEN ((uint64_t)256 << 20)

typedef struct {
	char magic[8];
	uint32_t byte_order;
	uint32_t version;
} format_record;

static const format_record our_format = {"Tertium", 0x01020304u, TT_FORMAT_VERSION};

/* ---- opening ------------------------------------------------------------------------------------ */

void tt_env_close(tt_env *env)
{
	tt_cores_lock();
	tt_core_leave(env->core);
	tt_cores_unlock();
	env->core = NULL;
	if (env->dir_fd >= 0) {
		(void)close(env->dir_fd);
		env->dir_fd = -1;
	}
	tt_free(env->ctx, env->path);
	env->path = NULL;
}

/* Give the lock file at a path its blocks; false, with no file left behind, if the disk has none. What else may be
 * wrong with it is LMDB's to tell. Closing a file takes away LMDB's locks on it: one with blocks is not opened. */
static bool reserve_lock_file(const char *path)
{
	struct stat info;
	const bool is_new = stat(path, &info) != 0;
	if (!is_new && (!S_ISREG(info.st_mode) || info.st_blocks * 512 >= LOCK_FILE_SIZE)) {
		return true;
	}
	const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	const bool has_failed = fd >= 0 && fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, LOCK_FILE_SIZE) != 0;
	const bool is_full = has_failed && (errno == ENOSPC || errno == EDQUOT);
	if (fd >= 0) {
		(void)close(fd);
	}
	if (is_full && is_new) {
		(void)unlink(path);
	}
	return !is_full;
}

/* Open with the largest map that the system grants; after a failure the handle must be made anew. */
static tt_status open_mdb(tt_ctx *ctx, tt_env *env, const char *name, unsigned flags, size_t map_size)
{
	tt_env_core *const core = env->core;
	const size_t first_size = map_size ? map_size : MAP_SIZE_PLENTY;
	int rc = 0;
	for (size_t size = first_size; size == first_size || size >= MAP_SIZE_LEAST; size /= 2) {
		rc = mdb_env_create(&core->mdb);
		rc = rc ? rc : mdb_env_set_mapsize(core->mdb, size);
		rc = rc ? rc : mdb_env_set_maxdbs(core->mdb, TT_N_TABLES);
		rc = rc ? rc : mdb_env_set_maxreaders(core->mdb, MAX_READERS);
		rc = rc ? rc : mdb_env_open(core->mdb, name, flags, 0666);
		if (rc == 0) {
			core->map_size = size;
			core->is_read_only = flags & MDB_RDONLY;
			return TT_OK;
		}
		mdb_env_close(core->mdb);
		core->mdb = NULL;
		if (rc != ENOMEM && rc != EFBIG && rc != EINVAL) {
			break;
		}
	}
	return tt_env_fail(ctx, env, rc);
}

static void take_handles(tt_env *env)
{
	env->main = env->core->main;
	memcpy(env->tables, env->core->tables, sizeof env->tables);
}

/* Open the tables, or make them together with the format record. */
static tt_status open_tables(tt_ctx *ctx, tt_env *env, bool is_new)
{
	MDB_txn *txn = NULL;
	int rc = mdb_txn_begin(env->core->mdb, NULL, is_new ? 0 : MDB_RDONLY, &txn);
	if (rc) {
		return tt_env_fail(ctx, env, rc);
	}
	rc = mdb_dbi_open(txn, NULL, 0, &env->core->main);
	for (unsigned t = 0; t < TT_N_TABLES && rc == 0; ++t) {
		rc = mdb_dbi_open(txn, tt_table_name(t), is_new ? MDB_CREATE : 0, &env->core->tables[t]);
	}
	take_handles(env);
	tt_status status = tt_env_fail(ctx, env, rc);
	if (status == TT_OK && is_new) {
		format_record format = our_format;
		MDB_val key = {7, (void *)(uintptr_t) "tertium"};
		MDB_val record = {sizeof format, &format};
		status = tt_env_fail(ctx, env, mdb_put(txn, env->main, &key, &record, 0));
		const tt_state state = {.next_number = 1, .next_blank = 1};
		status = status == TT_OK ? tt_env_put_state(ctx, env, txn, &state) : status;
	}
	if (status != TT_OK) {
		mdb_txn_abort(txn);
		return status;
	}
	return tt_env_fail(ctx, env, mdb_txn_commit(txn));
}

/* Make a private directory for the lock file of a store in memory; false if there is no place for it. */
static bool make_private_directory(char *out_path, size_t n_bytes)
{
	const char *const places[] = {"/dev/shm", getenv("TMPDIR"), "/tmp"};
	for (size_t i = 0; i < sizeof places / sizeof *places; ++i) {
		const int n = places[i] ? snprintf(out_path, n_bytes, "%s/tertium-XXXXXX", places[i]) : -1;
		if (n > 0 && (size_t)n < n_bytes && mkdtemp(out_path)) {
			return true;
		}
	}
	return false;
}

/* Open in a private directory, which is gone then. Where /proc is not mounted nothing leads to the memfd: LMDB gets a
 * file in the directory, and no writable map of it, since its file system may be small. */
static tt_status open_linked(tt_ctx *ctx, tt_env *env, const char *directory, const char *target, unsigned flags,
                             size_t map_size)
{
	char data[320];
	char lock[340];
	(void)snprintf(data, sizeof data, "%s/data", directory);
	(void)snprintf(lock, sizeof lock, "%s-lock", data);
	const bool has_target = access(target, F_OK) == 0;
	tt_status status = TT_IO;
	if (reserve_lock_file(lock) && (!has_target || symlink(target, data) == 0)) {
		status = open_mdb(ctx, env, data, has_target ? flags : flags & ~(unsigned)MDB_WRITEMAP, map_size);
	}
	(void)unlink(data);
	(void)unlink(lock);
	(void)rmdir(directory);
	return status;
}

static int open_memory_file(void)
{
	int fd = memfd_create("tertium", MFD_CLOEXEC);
	if (fd < 0) {
		char name[] = "/tmp/tertium-XXXXXX";
		fd = mkostemp(name, O_CLOEXEC);
		if (fd >= 0) {
			(void)unlink(name);
		}
	}
	return fd;
}

tt_status tt_env_open_memory(tt_ctx *ctx, size_t map_size, tt_env *env)
{
	*env = (tt_env){.ctx = ctx, .dir_fd = -1};
	TT_TRY(tt_core_new(ctx, &env->core));
	const int fd = open_memory_file();
	if (fd < 0) {
		const tt_status status = tt_fail(ctx, TT_IO, "cannot make a store in memory: %s", strerror(errno));
		tt_env_close(env);
		return status;
	}
	char target[64];
	char directory[300];
	(void)snprintf(target, sizeof target, "/proc/self/fd/%d", fd);
	const unsigned flags = MDB_NOSUBDIR | MDB_NOSYNC | MDB_WRITEMAP | MDB_NOTLS | MDB_NOMEMINIT;
	tt_status status = TT_IO;
	if (make_private_directory(directory, sizeof directory)) {
		status = open_linked(ctx, env, directory, target, flags, map_size);
	}
	if (status != TT_OK) {
		env->core->has_reader_table = false;
		status = open_mdb(ctx, env, target, flags | MDB_NOLOCK, map_size);
	}
	(void)close(fd);
	status = status == TT_OK ? open_tables(ctx, env, true) : status;
	if (status != TT_OK) {
		tt_env_close(env);
	}
	return status;
}

/* ---- directories -------------------------------------------------------------------------------- */

typedef enum { DIRECTORY_EMPTY, DIRECTORY_FOREIGN, DIRECTORY_WITH_DATA } directory_content;

/* What is in a directory; only our own lock file, or a copy that was not finished, beside nothing counts as empty. */
static tt_status list_directory(tt_ctx *ctx, const char *path, directory_content *out_content)
{
	DIR *const directory = opendir(path);
	if (!directory) {
		return tt_fail(ctx, TT_IO, "cannot open the database %s: %s", path, strerror(errno));
	}
	*out_content = DIRECTORY_EMPTY;
	for (const struct dirent *entry = readdir(directory); entry; entry = readdir(directory)) {
		if (strcmp(entry->d_name, "data.mdb") == 0) {
			*out_content = DIRECTORY_WITH_DATA;
			break;
		}
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
		    strcmp(entry->d_name, "lock.mdb") != 0 && strcmp(entry->d_name, "lost+found") != 0 &&
		    strcmp(entry->d_name, TT_COPY_FOLDER) != 0) {
			*out_content = DIRECTORY_FOREIGN;
		}
	}
	(void)closedir(directory);
	return TT_OK;
}

/* Look at a directory: is a database there, or may one be made? */
static tt_status classify(tt_ctx *ctx, const char *path, tt_probe *out_probe)
{
	directory_content content = DIRECTORY_EMPTY;
	*out_probe = TT_PROBE_EMPTY;
	TT_TRY(list_directory(ctx, path, &content));
	if (content == DIRECTORY_FOREIGN) {
		return tt_fail(ctx, TT_CORRUPT, "%s is not a Tertium database: it holds other files", path);
	}
	if (content == DIRECTORY_WITH_DATA) {
		tt_buffer file;
		tt_buffer_init(&file, ctx);
		tt_status status = tt_buffer_printf(&file, "%s/data.mdb", path);
		status = status == TT_OK ? tt_buffer_terminate(&file) : status;
		status = status == TT_OK ? tt_pages_probe(ctx, path, file.data, out_probe) : status;
		tt_buffer_clear(&file);
		TT_TRY(status);
	}
	return TT_OK;
}

static tt_status open_path(tt_ctx *ctx, const char *path, tt_open_mode mode, int *out_fd)
{
	if (mode == TT_OPEN_CREATE && mkdir(path, 0777) != 0 && errno != EEXIST) {
		if (errno == ENOSPC || errno == EDQUOT) {
			return tt_fail(ctx, TT_NO_SPACE, "no space left on the disk of %s", path);
		}
		return tt_fail(ctx, errno == ENOENT ? TT_NOT_FOUND : TT_IO, "cannot make the database %s: %s", path,
		               strerror(errno));
	}
	*out_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK);
	if (*out_fd >= 0) {
		return TT_OK;
	}
	if (errno == ENOENT) {
		return tt_fail(ctx, TT_NOT_FOUND, "there is no database %s", path);
	}
	if (errno == ENOTDIR) {
		return tt_fail(ctx, TT_CORRUPT, "%s is not a Tertium database: it is not a directory", path);
	}
	return tt_fail(ctx, TT_IO, "cannot open the database %s: %s", path, strerror(errno));
}

/* Let one process at a time open the file. The first fills LMDB's lock file, with the number of the last transaction at
 * the very end; who waits for it inside LMDB takes the file for filled even if the first has failed or died by then,
 * and writes over what was committed. @param out_fd Holds the lock; −1 if it is held already, with a new file by the
 * lock of the directory. */
static tt_status lock_opening(tt_ctx *ctx, const tt_env *env, const char *path, int *out_fd)
{
	for (;;) {
		struct stat info;
		*out_fd = env->is_opening_locked ? -1 : openat(env->dir_fd, "data.mdb", O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		if (*out_fd < 0) {
			return TT_OK;
		}
		const tt_status status = tt_flock(ctx, path, *out_fd, true);
		const bool is_there = fstat(*out_fd, &info) != 0 || info.st_nlink;
		if (status == TT_OK && is_there) {
			return TT_OK;
		}
		(void)close(*out_fd);
		TT_TRY(status); /* else a compacted copy has just replaced it */
	}
}

/* Open LMDB in a directory with its lock file. */
static tt_status open_locked(tt_ctx *ctx, tt_env *env, const char *path, unsigned flags, size_t map_size)
{
	int fd = -1;
	tt_buffer lock;
	tt_buffer_init(&lock, ctx);
	tt_status status = tt_buffer_printf(&lock, "%s/lock.mdb", path);
	status = status == TT_OK ? tt_buffer_terminate(&lock) : status;
	status = status == TT_OK ? lock_opening(ctx, env, path, &fd) : status;
	if (status == TT_OK && !reserve_lock_file(lock.data)) {
		status = tt_env_fail(ctx, env, ENOSPC);
	}
	status = status == TT_OK ? open_mdb(ctx, env, path, flags, map_size) : status;
	if (fd >= 0) {
		(void)close(fd);
	}
	tt_buffer_clear(&lock);
	return status;
}

/* Without leave or space to write the lock file (somebody else's database) we read without LMDB's reader table, and
 * keep writers away by a shared lock on the directory. */
static tt_status open_for_reading(tt_ctx *ctx, tt_env *env, const char *path, size_t map_size)
{
	/* A writer may join us in this process, so we do not read only if we need not. */
	const bool is_writable = faccessat(env->dir_fd, "data.mdb", W_OK, AT_EACCESS) == 0;
	const unsigned flags = is_writable ? MDB_NOTLS : MDB_NOTLS | MDB_RDONLY;
	const tt_status status = open_locked(ctx, env, path, flags, map_size);
	const bool is_locked_out = status == TT_IO && faccessat(env->dir_fd, "lock.mdb", W_OK, AT_EACCESS) != 0;
	if (status != TT_NO_SPACE && !is_locked_out) {
		return status;
	}
	if (flock(env->dir_fd, LOCK_SH | LOCK_NB) != 0) {
		return tt_fail(ctx, TT_BUSY, "another process is writing to %s", path);
	}
	return open_mdb(ctx, env, path, MDB_NOTLS | MDB_RDONLY | MDB_NOLOCK, map_size);
}

static tt_status verify_pages(tt_ctx *ctx, tt_env *env)
{
	MDB_txn *txn = NULL;
	TT_TRY(tt_env_read_begin(ctx, env, &txn));
	const tt_status status = tt_pages_verify(ctx, env, txn, false, VERIFIED_AT_OPEN);
	tt_env_read_end(env, txn);
	return status;
}

/* Whether the file was replaced by a compacted copy since we opened it: LMDB, for reading, opens it before its lock. */
static bool is_replaced(const tt_env *env)
{
	int fd = -1;
	struct stat opened;
	struct stat now;
	return mdb_env_get_fd(env->core->mdb, &fd) == 0 && fstat(fd, &opened) == 0 &&
	       fstatat(env->dir_fd, "data.mdb", &now, 0) == 0 && opened.st_ino != now.st_ino;
}

/* How many transactions LMDB's lock file is behind the data; a commit writes first these, then that. */
static long n_transactions_behind(const tt_env *env)
{
	MDB_env *const mdb = env->core->mdb;
	MDB_envinfo before;
	MDB_envinfo after;
	MDB_txn *txn = NULL;
	if (mdb_env_info(mdb, &before) != 0 || mdb_txn_begin(mdb, NULL, MDB_RDONLY, &txn) != 0) {
		return 0; /* whoever begins a transaction will hear of it */
	}
	const long number = (long)mdb_txn_id(txn);
	mdb_txn_abort(txn);
	const long least = (long)before.me_last_txnid;
	const long most = mdb_env_info(mdb, &after) == 0 ? (long)after.me_last_txnid : LONG_MAX;
	return number < least ? least - number : number > most ? most - number : 0;
}

/* Whether the lock file was never filled for this data. While somebody commits it is one transaction behind, and where
 * a writer has died, until somebody writes again. */
static bool is_lock_file_stale(const tt_env *env)
{
	long n_behind = n_transactions_behind(env);
	for (unsigned i = 0; n_behind != 0 && i < N_COMMIT_POLLS; ++i) {
		(void)usleep(COMMIT_POLL_US);
		n_behind = n_transactions_behind(env);
	}
	return n_behind != 0 && n_behind != 1;
}

/* Become the first of this process to open a database. The cores are locked. */
static tt_status open_core(tt_ctx *ctx, tt_env *env, const char *path, bool is_new, size_t map_size)
{
	TT_TRY(tt_core_new(ctx, &env->core));
	do {
		if (env->core->mdb) {
			mdb_env_close(env->core->mdb);
			env->core->mdb = NULL;
		}
		TT_TRY(tt_ctx_poll(ctx));
		TT_TRY(env->is_read_only ? open_for_reading(ctx, env, path, map_size)
		                         : open_locked(ctx, env, path, MDB_NOTLS, map_size));
	} while (is_replaced(env) || is_lock_file_stale(env));
	/* The meta pages of a new file must be on the disk before the first transaction is: see is_torn() in pages.c. */
	TT_TRY(is_new ? tt_env_fail(ctx, env, mdb_env_sync(env->core->mdb, 1)) : verify_pages(ctx, env));
	TT_TRY(open_tables(ctx, env, is_new));
	unsigned flags = 0;
	if (mdb_env_get_flags(env->core->mdb, &flags) == 0 && !(flags & MDB_NOLOCK)) {
		tt_core_list(env->core);
	}
	return TT_OK;
}

/* Open a database, together with those of this process who have it open. */
static tt_status open_or_join(tt_ctx *ctx, tt_env *env, const char *path, bool is_new, size_t map_size)
{
	tt_buffer file;
	tt_buffer_init(&file, ctx);
	tt_status status = tt_buffer_printf(&file, "%s/data.mdb", path);
	status = status == TT_OK ? tt_buffer_terminate(&file) : status;
	if (status == TT_OK) {
		tt_cores_lock();
		env->core = tt_core_join(file.data);
		if (!env->core) {
			status = open_core(ctx, env, path, is_new, map_size);
		} else if (env->core->is_read_only && !env->is_read_only) {
			status = tt_fail(ctx, TT_READ_ONLY, "%s is open for reading only in this process", path);
		} else {
			take_handles(env);
		}
		tt_cores_unlock();
	}
	tt_buffer_clear(&file);
	return status;
}

static tt_status sync_directory(tt_ctx *ctx, const char *path, int fd)
{
	/* Some file systems cannot, and need not. */
	if (fd >= 0 && fsync(fd) != 0 && errno != EINVAL && errno != ENOTSUP) {
		return tt_fail(ctx, errno == ENOSPC || errno == EDQUOT ? TT_NO_SPACE : TT_IO, "cannot make the database %s: %s",
		               path, strerror(errno));
	}
	return TT_OK;
}

/* Let the names of the files and of their directory outlive a loss of power. */
static tt_status sync_names(tt_ctx *ctx, const tt_env *env, const char *path)
{
	TT_TRY(sync_directory(ctx, path, env->dir_fd));
	const int parent = openat(env->dir_fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const tt_status status = sync_directory(ctx, path, parent);
	if (parent >= 0) {
		(void)close(parent);
	}
	return status;
}

/* Clear what a creation has left that was cut off in its first write. The directory is locked. */
static tt_status clear_torn(tt_ctx *ctx, const tt_env *env, const char *path)
{
	if (unlinkat(env->dir_fd, "data.mdb", 0) != 0) {
		return tt_fail(ctx, TT_IO, "cannot make the database %s: %s", path, strerror(errno));
	}
	return TT_OK;
}

/* Make the database in an empty directory, unless somebody else has just done it. */
static tt_status create_database(tt_ctx *ctx, tt_env *env, const char *path, size_t map_size)
{
	tt_probe probe = TT_PROBE_EMPTY;
	TT_TRY(tt_env_flock(ctx, path, env->dir_fd, true));
	tt_status status = classify(ctx, path, &probe);
	status = status == TT_OK && probe == TT_PROBE_TORN ? clear_torn(ctx, env, path) : status;
	status = status == TT_OK ? open_or_join(ctx, env, path, probe != TT_PROBE_DATABASE, map_size) : status;
	status = status == TT_OK ? sync_names(ctx, env, path) : status;
	(void)flock(env->dir_fd, LOCK_UN);
	return status;
}

tt_status tt_env_revive(tt_ctx *ctx, tt_env *env)
{
	tt_env_core *const core = env->core;
	tt_cores_lock();
	(void)pthread_mutex_lock(&core->mutex);
	tt_status status = TT_OK;
	if (core->n_readers || !core->is_listed) {
		status = tt_env_fail(ctx, env, MDB_PANIC);
	} else {
		if (core->mdb) {
			mdb_env_close(core->mdb);
			core->mdb = NULL;
		}
		const unsigned flags = core->is_read_only ? MDB_NOTLS | MDB_RDONLY : MDB_NOTLS;
		status = open_locked(ctx, env, env->path, flags, core->map_size);
		/* LMDB has put back the old meta page without a sync. */
		status = status == TT_OK ? tt_env_fail(ctx, env, mdb_env_sync(core->mdb, 1)) : status;
		status = status == TT_OK ? open_tables(ctx, env, false) : status;
		if (status != TT_OK && core->mdb) {
			mdb_env_close(core->mdb);
			core->mdb = NULL;
		}
	}
	(void)pthread_mutex_unlock(&core->mutex);
	tt_cores_unlock();
	return status;
}

static tt_status open_directory(tt_ctx *ctx, const char *path, tt_open_mode mode, size_t map_size, tt_env *env)
{
	tt_probe probe = TT_PROBE_EMPTY;
	TT_TRY(open_path(ctx, path, mode, &env->dir_fd));
	env->path = tt_strndup(ctx, path, strlen(path));
	if (!env->path) {
		return ctx->error.status;
	}
	env->is_read_only = mode == TT_OPEN_READ;
	TT_TRY(classify(ctx, path, &probe));
	if (probe == TT_PROBE_DATABASE) {
		return open_or_join(ctx, env, path, false, map_size);
	}
	if (mode == TT_OPEN_CREATE) {
		return create_database(ctx, env, path, map_size);
	}
	return tt_fail(ctx, TT_NOT_FOUND, "there is no database in %s", path);
}

tt_status tt_env_open_directory(tt_ctx *ctx, const char *path, tt_open_mode mode, size_t map_size,
                                bool is_opening_locked, tt_env *env)
{
	*env = (tt_env){.ctx = ctx, .dir_fd = -1, .is_opening_locked = is_opening_locked};
	const tt_status status = open_directory(ctx, path, mode, map_size, env);
	if (status != TT_OK) {
		tt_env_close(env);
	}
	return status;
}
