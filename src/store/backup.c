/* backup.c - copying a database, table by table, and putting the copy into its place.
 *
 * The copy is made in a folder inside the directory that it is for, each table in the order of its keys, so its pages
 * are full and none is free. It is committed every BATCH_BYTES: nobody sees it before its file gets its name by
 * rename(). A process that is killed before leaves that folder, which the next copy clears. All the while the copier
 * holds the writer's lock of the directory.
 *
 * Whoever has a database open would read, and worse, write the old file for ever. So a file is replaced only while
 * nobody has it open: LMDB holds a shared lock on the first byte of its lock file from opening to closing, and we take
 * the exclusive one. Processes that open it then wait in LMDB for that lock, and would take the lock file as they find
 * it. So we open the new file once before we let go: that makes LMDB write the lock file anew.
 */
#include "store/native.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/pages.h"

#define DATA_FILE   "data.mdb"
#define LOCK_FILE   "lock.mdb"
#define COPIED_FILE TT_COPY_FOLDER "/" DATA_FILE
#define BATCH_BYTES ((size_t)64 << 20)
enum { POLL_RECORDS = 1024 };

/* A copy that is being made for a directory. */
typedef struct {
	tt_ctx *ctx;
	const char *path;
	int fd; /* of the directory, with the writer's lock */
	bool is_made;
	bool has_data;
} copy;

static tt_status failed(const copy *c, const char *what)
{
	if (errno == ENOSPC || errno == EDQUOT) {
		return tt_fail(c->ctx, TT_NO_SPACE, "no space left on the disk of %s", c->path);
	}
	return tt_fail(c->ctx, TT_IO, "cannot %s %s: %s", what, c->path, strerror(errno));
}

/* ---- the records ------------------------------------------------------------------------------ */

/* Where the copy is written. */
typedef struct {
	tt_ctx *ctx;
	tt_env *from, *to;
	MDB_txn *read, *write;
	size_t n_bytes; /* since the last commit */
} pump;

static tt_status commit_batch(pump *p)
{
	MDB_txn *const txn = p->write;
	p->write = NULL;
	p->n_bytes = 0;
	return tt_env_fail(p->ctx, p->to, tt_env_write_commit(p->to, txn));
}

/* Copy records from where a cursor is until the batch is full. */
static tt_status copy_batch(pump *p, MDB_cursor *source, unsigned table, int *io_rc, MDB_val *key, MDB_val *record)
{
	MDB_cursor *target = NULL;
	TT_TRY(tt_env_fail(p->ctx, p->to, mdb_cursor_open(p->write, p->to->tables[table], &target)));
	tt_status status = TT_OK;
	for (size_t n = 0; *io_rc == 0 && p->n_bytes < BATCH_BYTES && status == TT_OK; ++n) {
		status = n % POLL_RECORDS ? TT_OK : tt_ctx_poll(p->ctx);
		status = status ? status : tt_env_fail(p->ctx, p->to, mdb_cursor_put(target, key, record, MDB_APPEND));
		p->n_bytes += key->mv_size + record->mv_size;
		*io_rc = status ? *io_rc : mdb_cursor_get(source, key, record, MDB_NEXT);
	}
	mdb_cursor_close(target);
	return status;
}

static tt_status copy_table(pump *p, unsigned table)
{
	MDB_cursor *source = NULL;
	MDB_val key;
	MDB_val record;
	TT_TRY(tt_env_fail(p->ctx, p->from, mdb_cursor_open(p->read, p->from->tables[table], &source)));
	int rc = mdb_cursor_get(source, &key, &record, MDB_FIRST);
	tt_status status = TT_OK;
	while (rc == 0 && status == TT_OK) {
		if (p->n_bytes >= BATCH_BYTES) {
			TT_TRY_DONE(commit_batch(p));
			TT_TRY_DONE(tt_env_write_begin(p->ctx, p->to, &p->write));
		}
		TT_TRY_DONE(copy_batch(p, source, table, &rc, &key, &record));
	}
	status = rc == MDB_NOTFOUND ? TT_OK : tt_env_fail(p->ctx, p->from, rc);
done:
	mdb_cursor_close(source);
	return status;
}

static tt_status copy_tables(pump *p)
{
	tt_state state;
	TT_TRY(tt_pages_verify(p->ctx, p->from, p->read, true, 0));
	TT_TRY(tt_env_get_state(p->ctx, p->from, p->read, &state));
	TT_TRY(tt_env_write_begin(p->ctx, p->to, &p->write));
	for (unsigned table = 0; table < TT_N_TABLES; ++table) {
		TT_TRY(copy_table(p, table));
	}
	TT_TRY(tt_env_put_state(p->ctx, p->to, p->write, &state));
	return commit_batch(p);
}

/* The map of the copy: room for all pages of the original and more, but no more of the address space than that. */
static size_t map_size_for(const tt_env *from)
{
	MDB_envinfo info = {0};
	MDB_stat stat = {0};
	(void)mdb_env_info(from->core->mdb, &info);
	(void)mdb_env_stat(from->core->mdb, &stat);
	return ((info.me_last_pgno + 1) * stat.ms_psize + BATCH_BYTES) * 2;
}

static tt_status fill(const copy *c, tt_env *from)
{
	char path[4096];
	const int n = snprintf(path, sizeof path, "%s/" TT_COPY_FOLDER, c->path);
	if (n < 0 || (size_t)n >= sizeof path) {
		errno = ENAMETOOLONG;
		return failed(c, "make");
	}
	tt_store *store = NULL;
	TT_TRY(tt_native_open(c->ctx, path, TT_OPEN_CREATE, map_size_for(from), &store));
	pump p = {.ctx = c->ctx, .from = from, .to = &((tt_native_store *)store)->env};
	tt_status status = tt_env_read_begin(c->ctx, from, &p.read);
	if (status == TT_OK) {
		status = copy_tables(&p);
		if (p.write) {
			mdb_txn_abort(p.write);
		}
		tt_env_read_end(from, p.read);
	}
	tt_store_close(store);
	return status;
}

/* ---- the directory ---------------------------------------------------------------------------- */

/* Take away what is left of a copy. */
static void clear_folder(const copy *c)
{
	(void)unlinkat(c->fd, COPIED_FILE, 0);
	(void)unlinkat(c->fd, TT_COPY_FOLDER "/" LOCK_FILE, 0);
	(void)unlinkat(c->fd, TT_COPY_FOLDER, AT_REMOVEDIR);
}

static tt_status look_around(copy *c, bool is_replacing)
{
	static const char *const ours[] = {".", "..", LOCK_FILE, TT_COPY_FOLDER, "lost+found"};
	const int fd = openat(c->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *const folder = fd < 0 ? NULL : fdopendir(fd);
	if (!folder) {
		return failed(c, "read");
	}
	bool has_others = false;
	for (const struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
		bool is_known = false;
		for (size_t i = 0; i < sizeof ours / sizeof *ours; ++i) {
			is_known = is_known || strcmp(entry->d_name, ours[i]) == 0;
		}
		const bool is_data = strcmp(entry->d_name, DATA_FILE) == 0;
		c->has_data = c->has_data || is_data;
		has_others = has_others || !(is_known || is_data);
	}
	(void)closedir(folder);
	if (c->has_data && !is_replacing) {
		return tt_fail(c->ctx, TT_EXISTS, "there is a database in %s already", c->path);
	}
	return has_others && !c->has_data ? tt_fail(c->ctx, TT_EXISTS, "%s is not empty", c->path) : TT_OK;
}

static tt_status open_target(copy *c)
{
	c->is_made = mkdir(c->path, 0777) == 0;
	if (!c->is_made && errno != EEXIST) {
		return failed(c, "make");
	}
	c->fd = open(c->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return c->fd < 0 ? failed(c, "open") : tt_env_flock(c->ctx, c->path, c->fd, false);
}

/* Make the folder for the copy, in a directory whose lock we hold. */
static tt_status make_folder(const copy *c)
{
	clear_folder(c);
	return mkdirat(c->fd, TT_COPY_FOLDER, 0777) == 0 ? TT_OK : failed(c, "write to");
}

/* Wait for nobody: keep away who would open the database. */
static tt_status shut_out(const copy *c, int *out_guard)
{
	const int guard = openat(c->fd, LOCK_FILE, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
	if (guard < 0) {
		return failed(c, "lock");
	}
	if (fcntl(guard, F_SETLK, &lock) != 0) {
		const tt_status status = errno == EACCES || errno == EAGAIN
		                             ? tt_fail(c->ctx, TT_BUSY, "another process has %s open", c->path)
		                             : failed(c, "lock");
		(void)close(guard);
		return status;
	}
	*out_guard = guard;
	return TT_OK;
}

/* The entry of the directory itself must arrive on the disk, too. */
static void sync_parent(const copy *c)
{
	const int parent = openat(c->fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (parent >= 0) {
		(void)fsync(parent);
		(void)close(parent);
	}
}

/* Let the copy belong to whom the old file belongs to, if we may give it away, with the same rights. */
static tt_status keep_owner(const copy *c)
{
	struct stat old;
	if (fstatat(c->fd, DATA_FILE, &old, 0) != 0) {
		return TT_OK; /* there is none */
	}
	const bool is_given = fchownat(c->fd, COPIED_FILE, old.st_uid, old.st_gid, 0) == 0;
	return !is_given || fchmodat(c->fd, COPIED_FILE, old.st_mode & 0777, 0) == 0 ? TT_OK : failed(c, "write to");
}

static tt_status put_in_place(const copy *c)
{
	TT_TRY(keep_owner(c));
	if (renameat(c->fd, COPIED_FILE, c->fd, DATA_FILE) != 0 || fsync(c->fd) != 0) {
		return failed(c, "write to");
	}
	sync_parent(c);
	return TT_OK;
}

/* Replace a file that nobody has open, and open the new one.
 * @param out_store Set also if only the opening failed: then NULL. */
static tt_status replace(const copy *c, tt_store **out_store)
{
	int guard = -1;
	*out_store = NULL;
	TT_TRY(shut_out(c, &guard));
	/* Whoever opens the new file waits for this lock, and not inside LMDB for that of the guard. */
	const int opening = openat(c->fd, COPIED_FILE, O_RDONLY | O_CLOEXEC);
	tt_status status = opening < 0 ? failed(c, "lock") : tt_flock(c->ctx, c->path, opening, false);
	status = status ? status : put_in_place(c);
	status = status ? status : tt_native_open_alone(c->ctx, c->path, out_store);
	if (opening >= 0) {
		(void)close(opening);
	}
	if (*out_store) {
		((tt_native_store *)*out_store)->env.core->guard_fd = guard;
	} else {
		(void)close(guard);
	}
	return status;
}

static void close_target(const copy *c, tt_status status)
{
	if (c->fd >= 0) {
		clear_folder(c);
		if (status != TT_OK && c->is_made) {
			(void)rmdir(c->path);
		}
		(void)close(c->fd);
	}
}

/* ---- entry points ----------------------------------------------------------------------------- */

tt_status tt_native_copy(tt_ctx *ctx, tt_store *store, const char *directory, bool is_replacing)
{
	copy c = {.ctx = ctx, .path = directory, .fd = -1};
	tt_store *replaced = NULL;
	tt_status status = open_target(&c);
	status = status ? status : look_around(&c, is_replacing);
	status = status ? status : make_folder(&c);
	status = status ? status : fill(&c, &((tt_native_store *)store)->env);
	if (status == TT_OK) {
		status = c.has_data ? replace(&c, &replaced) : put_in_place(&c);
	}
	tt_store_close(replaced);
	close_target(&c, status);
	return status;
}

/* Compact, as the only writer. */
static tt_status compact(copy *c, tt_store **io_store)
{
	tt_native_store *const old = (tt_native_store *)*io_store;
	TT_TRY(make_folder(c));
	TT_TRY(fill(c, &old->env));
	/* While LMDB has the file open here, it holds the very lock that is to keep the others out. */
	if (!tt_core_shut(old->env.core)) {
		return tt_fail(c->ctx, TT_BUSY, "this process has %s open more than once", c->path);
	}
	tt_store *renewed = NULL;
	tt_status status = replace(c, &renewed);
	if (!renewed) {
		tt_ctx saved;
		tt_ctx_init(&saved);
		tt_ctx_copy_error(&saved, c->ctx);
		const tt_status reopened = tt_native_open(c->ctx, c->path, TT_OPEN_WRITE, 0, &renewed);
		if (reopened == TT_OK) {
			tt_ctx_copy_error(c->ctx, &saved);
		}
	}
	*io_store = renewed;
	return status;
}

tt_status tt_native_compact(tt_ctx *ctx, tt_store **io_store)
{
	tt_native_store *const old = (tt_native_store *)*io_store;
	copy c = {.ctx = ctx, .path = old->env.path, .fd = -1};
	if (old->env.core->n_readers) {
		return tt_fail(ctx, TT_BUSY, "%s cannot be compacted while queries are running", c.path);
	}
	TT_TRY(tt_env_lock(ctx, &old->env, false, &c.fd));
	const int lock_fd = c.fd;
	const tt_status status = compact(&c, io_store);
	clear_folder(&c);
	tt_env_unlock(&old->env, lock_fd);
	if (*io_store != &old->base) {
		tt_store_close(&old->base);
	}
	return status;
}
