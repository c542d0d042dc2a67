/* space.c - what the file of a store holds, and who uses it. */
#include "store/native.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* LMDB's first table lists the pages that are free: transaction → count, then their numbers. */
enum { FREE_TABLE = 0 };

static tt_status count_free_pages(tt_ctx *ctx, tt_env *env, MDB_txn *txn, uint64_t *out_n_pages)
{
	MDB_cursor *cursor = NULL;
	MDB_val key;
	MDB_val list;
	TT_TRY(tt_env_fail(ctx, env, mdb_cursor_open(txn, FREE_TABLE, &cursor)));
	int rc = mdb_cursor_get(cursor, &key, &list, MDB_FIRST);
	for (; rc == 0; rc = mdb_cursor_get(cursor, &key, &list, MDB_NEXT)) {
		size_t n = 0;
		if (list.mv_size >= sizeof n) {
			memcpy(&n, list.mv_data, sizeof n);
		}
		*out_n_pages += n;
	}
	mdb_cursor_close(cursor);
	return rc == MDB_NOTFOUND ? TT_OK : tt_env_fail(ctx, env, rc);
}

/* A line of LMDB's list of readers: process, thread, and the transaction that it reads, or a dash. */
static int count_reader(const char *line, void *user)
{
	char *end = NULL;
	const long process = strtol(line, &end, 10);
	char transaction[32] = "-";
	if (process > 0 && process != (long)getpid() && sscanf(end, "%*s %31s", transaction) == 1 &&
	    transaction[0] != '-') {
		++*(uint64_t *)user;
	}
	return 0;
}

/* Whether somebody holds the writer's lock. Trying it would let a writer fail that comes by just then, so we look into
 * the list of the kernel, if there is one. */
static bool has_writer(const tt_env *env)
{
	struct stat info;
	char wanted[64];
	char line[256];
	bool is_found = false;
	FILE *const locks = fopen("/proc/locks", "re");
	if (!locks) {
		return false;
	}
	if (fstat(env->dir_fd, &info) == 0) {
		(void)snprintf(wanted, sizeof wanted, " %02x:%02x:%ju ", major(info.st_dev), minor(info.st_dev),
		               (uintmax_t)info.st_ino);
		while (fgets(line, sizeof line, locks)) {
			is_found = is_found || (strstr(line, "FLOCK") && strstr(line, "WRITE") && strstr(line, wanted) &&
			                        !strstr(line, "->")); /* an arrow: it only waits */
		}
	}
	(void)fclose(locks);
	return is_found;
}

tt_status tt_native_space(tt_ctx *ctx, tt_store *store, tt_db_space *out_space)
{
	tt_env *const env = &((tt_native_store *)store)->env;
	MDB_txn *txn = NULL;
	MDB_envinfo info = {0};
	MDB_stat stat = {0};
	struct stat file;
	int fd = -1;
	TT_TRY(tt_env_fail(ctx, env, mdb_env_get_fd(env->core->mdb, &fd)));
	if (fstat(fd, &file) != 0) {
		return tt_env_fail(ctx, env, errno);
	}
	TT_TRY(tt_env_read_begin(ctx, env, &txn));
	(void)mdb_env_info(env->core->mdb, &info);
	(void)mdb_env_stat(env->core->mdb, &stat);
	*out_space = (tt_db_space){.format_version = TT_FORMAT_VERSION,
	                           .n_file_bytes = (uint64_t)file.st_size,
	                           .n_page_bytes = stat.ms_psize,
	                           .n_pages = info.me_last_pgno + 1,
	                           .has_writer = has_writer(env)};
	tt_status status = count_free_pages(ctx, env, txn, &out_space->n_free_pages);
	tt_env_read_end(env, txn);
	if (status == TT_OK && env->core->has_reader_table &&
	    mdb_reader_list(env->core->mdb, count_reader, &out_space->n_readers) < 0) {
		status = tt_fail(ctx, TT_IO, "cannot list who reads %s", env->path);
	}
	return status;
}
