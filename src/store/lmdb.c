/* lmdb.c - transactions, locks and records of an LMDB environment; open.c opens it.
 *
 * On disk the writer holds flock() on the directory: unlike LMDB's own lock it can be tried, and
 * waiting for it can be interrupted.
 */
#include "store/lmdb.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <xxhash.h>

enum { SEAL_SIZE = 8, LOCK_POLL_NS = 5000000, FIRST_LOCK_POLL_NS = 100000 };
#define LITTLE_SPACE ((uint64_t)1 << 20)

/* ---- errors ------------------------------------------------------------------------------------- */

const char *tt_table_name(unsigned table)
{
	static const char *const names[] = {[TT_TABLE_HASHES] = "hashes",
	                                    [TT_TABLE_TERMS] = "terms",
	                                    [TT_TABLE_PREDICATES] = "predicates",
	                                    [TT_TABLE_GRAPHS] = "graphs",
	                                    [TT_TABLE_PREFIXES] = "prefixes"};
	return table < TT_N_PERMS ? tt_perm_name((tt_perm)table) : names[table];
}

static const char *env_name(const tt_env *env)
{
	return env->path ? env->path : "the store in memory";
}

static bool is_disk_full(const tt_env *env)
{
	struct statvfs info;
	return env->path && statvfs(env->path, &info) == 0 && info.f_bavail * info.f_frsize < LITTLE_SPACE;
}

tt_status tt_env_fail(tt_ctx *ctx, tt_env *env, int rc)
{
	static const struct {
		int rc;
		tt_status status;
		const char *text;
	} known[] = {
	    {ENOMEM, TT_NO_MEMORY, "out of memory"},
	    {MDB_MAP_FULL, TT_LIMIT, "the map of the database is full"},
	    {MDB_READERS_FULL, TT_LIMIT, "too many queries read the database at once"},
	    {MDB_TXN_FULL, TT_LIMIT, "the transaction is too large"},
	    {MDB_CORRUPTED, TT_CORRUPT, "the database is damaged"},
	    {MDB_PAGE_NOTFOUND, TT_CORRUPT, "the database is damaged: a page is missing"},
	    {MDB_INVALID, TT_CORRUPT, "this is not a database"},
	    {MDB_BAD_TXN, TT_CORRUPT, "the database is damaged, or a transaction was left broken"},
	    {MDB_PANIC, TT_IO, "an earlier write has failed, and queries are still running here"},
	    {MDB_NOTFOUND, TT_CORRUPT, "the database is damaged: a record is missing"},
	    {MDB_KEYEXIST, TT_CORRUPT, "the database is damaged: a record is there twice"},
	    {MDB_VERSION_MISMATCH, TT_UNSUPPORTED, "another version of LMDB has made this database"},
	    {MDB_MAP_RESIZED, TT_BUSY, "another process has enlarged the database while queries are running here"},
	    {EACCES, TT_IO, "permission denied"},
	    {EROFS, TT_IO, "the file system is read only"},
	};
	if (rc == 0) {
		return TT_OK;
	}
	if (rc == MDB_MAP_FULL) {
		env->is_full = true; /* only the writer comes here */
	}
	if (rc == ENOSPC || rc == EDQUOT || (rc == EIO && is_disk_full(env))) {
		return tt_fail(ctx, TT_NO_SPACE, "no space left on the disk of %s", env_name(env));
	}
	for (size_t i = 0; i < sizeof known / sizeof *known; ++i) {
		if (known[i].rc == rc) {
			return tt_fail(ctx, known[i].status, "%s: %s", env_name(env), known[i].text);
		}
	}
	return tt_fail(ctx, TT_IO, "%s: %s", env_name(env), mdb_strerror(rc));
}

tt_status tt_env_corrupt(tt_ctx *ctx, const tt_env *env, const char *format, ...)
{
	char text[400];
	va_list arguments;
	va_start(arguments, format);
	(void)vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	return tt_fail(ctx, TT_CORRUPT, "%s is damaged: %s", env_name(env), text);
}

/* ---- transactions ------------------------------------------------------------------------------- */

/* Adopt the map size that another process has chosen, if nobody reads here. The mutex is held. */
static int adopt_map_size(tt_env *env)
{
	return env->core->n_readers ? MDB_MAP_RESIZED : mdb_env_set_mapsize(env->core->mdb, 0);
}

static int begin_to_read(tt_env *env, MDB_txn **out_txn)
{
	tt_env_core *const core = env->core;
	(void)pthread_mutex_lock(&core->mutex);
	int rc = core->mdb ? mdb_txn_begin(core->mdb, NULL, MDB_RDONLY, out_txn) : MDB_PANIC;
	if (rc == MDB_MAP_RESIZED) {
		rc = adopt_map_size(env);
		rc = rc ? rc : mdb_txn_begin(core->mdb, NULL, MDB_RDONLY, out_txn);
	} else if (rc == MDB_READERS_FULL) {
		int n_dead = 0;
		rc = mdb_reader_check(core->mdb, &n_dead);
		rc = rc ? rc : mdb_txn_begin(core->mdb, NULL, MDB_RDONLY, out_txn);
	}
	if (rc == 0) {
		core->n_readers++;
		core->n_readers_at[mdb_txn_id(*out_txn) % TT_READER_AGES]++;
	}
	(void)pthread_mutex_unlock(&core->mutex);
	return rc;
}

tt_status tt_env_read_begin(tt_ctx *ctx, tt_env *env, MDB_txn **out_txn)
{
	TT_TRY(tt_core_check_process(ctx, env->core));
	int rc = begin_to_read(env, out_txn);
	if (rc == MDB_PANIC) {
		TT_TRY(tt_env_revive(ctx, env));
		rc = begin_to_read(env, out_txn);
	}
	return tt_env_fail(ctx, env, rc);
}

void tt_env_read_end(tt_env *env, MDB_txn *txn)
{
	if (env->core->process != getpid()) {
		return; /* the reader slot is the parent's */
	}
	(void)pthread_mutex_lock(&env->core->mutex);
	env->core->n_readers--;
	env->core->n_readers_at[mdb_txn_id(txn) % TT_READER_AGES]--;
	mdb_txn_abort(txn);
	(void)pthread_mutex_unlock(&env->core->mutex);
}

tt_status tt_flock(tt_ctx *ctx, const char *path, int fd, bool is_waiting)
{
	struct timespec pause = {0, FIRST_LOCK_POLL_NS}; /* who opens a database is soon done, who writes may not be */
	while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK && errno != EINTR) {
			return tt_fail(ctx, TT_IO, "cannot lock the database %s: %s", path, strerror(errno));
		}
		if (!is_waiting) {
			return tt_fail(ctx, TT_BUSY, "another process is writing to %s", path);
		}
		TT_TRY(tt_ctx_poll(ctx));
		(void)nanosleep(&pause, NULL);
		pause.tv_nsec = pause.tv_nsec * 2 < LOCK_POLL_NS ? pause.tv_nsec * 2 : LOCK_POLL_NS;
	}
	return TT_OK;
}

tt_status tt_env_flock(tt_ctx *ctx, const char *path, int fd, bool is_waiting)
{
	struct stat info;
	TT_TRY(tt_flock(ctx, path, fd, is_waiting));
	if (fstat(fd, &info) == 0 && info.st_nlink == 0) {
		/* What is written there would be lost without a word. */
		return tt_fail(ctx, TT_NOT_FOUND, "another process has just removed the database %s", path);
	}
	return TT_OK;
}

/* Wait for the writer of this process to leave. */
static tt_status enter_as_writer(tt_ctx *ctx, tt_env *env, bool is_waiting)
{
	tt_status status = TT_OK;
	(void)pthread_mutex_lock(&env->core->mutex);
	while (env->core->has_writer && status == TT_OK) {
		if (!is_waiting || pthread_equal(env->core->writer, pthread_self())) {
			status = tt_fail(ctx, TT_BUSY, "another transaction is writing to %s", env_name(env));
			break;
		}
		struct timespec until;
		(void)clock_gettime(CLOCK_REALTIME, &until);
		until.tv_sec += (until.tv_nsec + LOCK_POLL_NS) / 1000000000;
		until.tv_nsec = (until.tv_nsec + LOCK_POLL_NS) % 1000000000;
		(void)pthread_cond_timedwait(&env->core->writer_left, &env->core->mutex, &until);
		status = tt_ctx_poll(ctx);
	}
	if (status == TT_OK) {
		env->core->has_writer = true;
		env->core->writer = pthread_self();
	}
	(void)pthread_mutex_unlock(&env->core->mutex);
	return status;
}

static void leave_as_writer(tt_env *env)
{
	if (env->core->process != getpid()) {
		return;
	}
	(void)pthread_mutex_lock(&env->core->mutex);
	env->core->has_writer = false;
	(void)pthread_cond_signal(&env->core->writer_left);
	(void)pthread_mutex_unlock(&env->core->mutex);
}

tt_status tt_env_lock(tt_ctx *ctx, tt_env *env, bool is_waiting, int *out_fd)
{
	*out_fd = -1;
	if (env->is_read_only) {
		return tt_fail(ctx, TT_READ_ONLY, "%s was opened for reading only", env_name(env));
	}
	TT_TRY(tt_core_check_process(ctx, env->core));
	TT_TRY(enter_as_writer(ctx, env, is_waiting));
	tt_status status = TT_OK;
	if (env->path) {
		*out_fd = openat(env->dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		status = *out_fd < 0 ? tt_fail(ctx, TT_IO, "cannot lock the database %s: %s", env->path, strerror(errno))
		                     : tt_env_flock(ctx, env->path, *out_fd, is_waiting);
	}
	if (status != TT_OK) {
		tt_env_unlock(env, *out_fd);
	}
	return status;
}

void tt_env_unlock(tt_env *env, int fd)
{
	if (fd >= 0) {
		(void)close(fd);
	}
	leave_as_writer(env);
}

/* Without a reader table transaction n would reuse pages that a snapshot of n − 3 reads. Older ones cannot be left. */
static tt_status check_old_readers(tt_ctx *ctx, tt_env *env, MDB_txn *txn)
{
	(void)pthread_mutex_lock(&env->core->mutex);
	const bool is_safe = env->core->n_readers_at[(mdb_txn_id(txn) - 3) % TT_READER_AGES] == 0;
	(void)pthread_mutex_unlock(&env->core->mutex);
	return is_safe ? TT_OK : tt_fail(ctx, TT_BUSY, "a query is still reading an old state of the store");
}

/* A transaction that does not follow the last one would write over it. LMDB counts in its lock file, which is not ours
 * alone: see lock_opening() in open.c. */
static tt_status check_succession(tt_ctx *ctx, const tt_env *env, MDB_txn *txn)
{
	MDB_envinfo info;
	if (mdb_env_info(env->core->mdb, &info) == 0 && mdb_txn_id(txn) != info.me_last_txnid + 1) {
		return tt_fail(ctx, TT_BUSY, "the lock file of %s is out of date: close all programs that have it open",
		               env_name(env));
	}
	return TT_OK;
}

tt_status tt_env_write_begin(tt_ctx *ctx, tt_env *env, MDB_txn **out_txn)
{
	int n_dead = 0;
	int rc = mdb_reader_check(env->core->mdb, &n_dead);
	rc = rc ? rc : mdb_txn_begin(env->core->mdb, NULL, 0, out_txn);
	if (rc == MDB_MAP_RESIZED) {
		(void)pthread_mutex_lock(&env->core->mutex);
		rc = adopt_map_size(env);
		(void)pthread_mutex_unlock(&env->core->mutex);
		rc = rc ? rc : mdb_txn_begin(env->core->mdb, NULL, 0, out_txn);
	}
	TT_TRY(tt_env_fail(ctx, env, rc));
	tt_status status = check_succession(ctx, env, *out_txn);
	if (status == TT_OK && !env->core->has_reader_table) {
		status = check_old_readers(ctx, env, *out_txn);
	}
	if (status != TT_OK) {
		mdb_txn_abort(*out_txn);
		*out_txn = NULL;
	}
	return status;
}

void tt_env_write_abort(const tt_env *env, MDB_txn *txn)
{
	if (txn && env->core->process == getpid()) {
		mdb_txn_abort(txn);
	}
}

int tt_env_write_commit(tt_env *env, MDB_txn *txn)
{
	if (env->core->has_reader_table) {
		return mdb_txn_commit(txn);
	}
	/* Without it LMDB copies its meta page unguarded when somebody begins to read. */
	(void)pthread_mutex_lock(&env->core->mutex);
	const int rc = mdb_txn_commit(txn);
	(void)pthread_mutex_unlock(&env->core->mutex);
	return rc;
}

tt_status tt_env_grow(tt_ctx *ctx, tt_env *env)
{
	size_t n_bytes = 0;
	if (!tt_size_multiply(env->core->map_size, 2, &n_bytes)) {
		return tt_fail(ctx, TT_LIMIT, "%s cannot grow any further", env_name(env));
	}
	(void)pthread_mutex_lock(&env->core->mutex);
	const bool is_busy = env->core->n_readers > 0;
	const int rc = is_busy ? 0 : mdb_env_set_mapsize(env->core->mdb, n_bytes);
	(void)pthread_mutex_unlock(&env->core->mutex);
	if (is_busy) {
		return tt_fail(ctx, TT_BUSY, "%s must grow, but queries are running", env_name(env));
	}
	TT_TRY(tt_env_fail(ctx, env, rc));
	env->core->map_size = n_bytes;
	return TT_OK;
}

/* ---- sealed records ----------------------------------------------------------------------------- */

static uint64_t seal_of(unsigned table, tt_view key, tt_view value)
{
	return XXH3_64bits_withSeed(value.data, value.size, XXH3_64bits_withSeed(key.data, key.size, table + 1));
}

static MDB_dbi table_handle(const tt_env *env, unsigned table)
{
	return table < TT_N_TABLES ? env->tables[table] : env->main;
}

tt_status tt_env_put_sealed(tt_ctx *ctx, tt_env *env, MDB_txn *txn, unsigned table, tt_view key, tt_view value)
{
	const uint64_t seal = htole64(seal_of(table, key, value));
	MDB_val k = {key.size, (void *)(uintptr_t)key.data};
	MDB_val record = {value.size + SEAL_SIZE, NULL};
	TT_TRY(tt_env_fail(ctx, env, mdb_put(txn, table_handle(env, table), &k, &record, MDB_RESERVE)));
	if (value.size) {
		memcpy(record.mv_data, value.data, value.size);
	}
	memcpy((char *)record.mv_data + value.size, &seal, sizeof seal);
	return TT_OK;
}

tt_status tt_env_unseal(tt_ctx *ctx, tt_env *env, unsigned table, const MDB_val *key, const MDB_val *record,
                        tt_view *out_value)
{
	uint64_t seal = 0;
	const char *const name = table < TT_N_TABLES ? tt_table_name(table) : "main";
	if (record->mv_size < SEAL_SIZE) {
		return tt_env_corrupt(ctx, env, "a record of the table %s is cut off", name);
	}
	*out_value = (tt_view){record->mv_data, record->mv_size - SEAL_SIZE};
	memcpy(&seal, out_value->data + out_value->size, sizeof seal);
	if (le64toh(seal) != seal_of(table, (tt_view){key->mv_data, key->mv_size}, *out_value)) {
		return tt_env_corrupt(ctx, env, "a record of the table %s has a wrong checksum", name);
	}
	return TT_OK;
}

tt_status tt_env_get_sealed(tt_ctx *ctx, tt_env *env, MDB_txn *txn, unsigned table, tt_view key, tt_view *out_value)
{
	MDB_val k = {key.size, (void *)(uintptr_t)key.data};
	MDB_val record;
	const int rc = mdb_get(txn, table_handle(env, table), &k, &record);
	if (rc == MDB_NOTFOUND) {
		return TT_NOT_FOUND;
	}
	TT_TRY(tt_env_fail(ctx, env, rc));
	return tt_env_unseal(ctx, env, table, &k, &record, out_value);
}

tt_status tt_env_get_state(tt_ctx *ctx, tt_env *env, MDB_txn *txn, tt_state *out_state)
{
	tt_view value = {NULL, 0};
	const tt_status status = tt_env_get_sealed(ctx, env, txn, TT_N_TABLES, TT_VIEW("state"), &value);
	if (status == TT_NOT_FOUND || (status == TT_OK && value.size != sizeof *out_state)) {
		return tt_env_corrupt(ctx, env, "its state record is missing");
	}
	if (status == TT_OK) {
		memcpy(out_state, value.data, sizeof *out_state);
	}
	return status;
}

tt_status tt_env_put_state(tt_ctx *ctx, tt_env *env, MDB_txn *txn, const tt_state *state)
{
	return tt_env_put_sealed(ctx, env, txn, TT_N_TABLES, TT_VIEW("state"),
	                         (tt_view){(const char *)state, sizeof *state});
}
