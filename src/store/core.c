/* core.c - one LMDB environment a file and process, however often the database is opened.
 *
 * LMDB locks its lock file with fcntl(), whose locks belong to the process: a second environment on the file believes
 * itself alone and forgets who reads in the first, whose pages are then written over, and closing either drops the
 * locks of both. So all openings of a file share one environment. This needs a list that is the process's, as the
 * locks are; it is the one global that the library has.
 *
 * A child after fork() has no share in locks and reader slots, though it sees its parent's: it may not use what the
 * parent opened, and closing that frees memory only.
 */
#include <sys/stat.h>
#include <unistd.h>

#include "store/lmdb.h"

static pthread_mutex_t cores_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t cores_once = PTHREAD_ONCE_INIT;
static tt_env_core *cores;

/* A child must not inherit a mutex that a thread which it does not have holds. */
static void prepare_for_fork(void)
{
	(void)pthread_mutex_lock(&cores_mutex);
}

static void go_on_after_fork(void)
{
	(void)pthread_mutex_unlock(&cores_mutex);
}

static void heed_forks(void)
{
	(void)pthread_atfork(prepare_for_fork, go_on_after_fork, go_on_after_fork);
}

void tt_cores_lock(void)
{
	(void)pthread_once(&cores_once, heed_forks);
	(void)pthread_mutex_lock(&cores_mutex);
}

void tt_cores_unlock(void)
{
	(void)pthread_mutex_unlock(&cores_mutex);
}

tt_status tt_core_new(tt_ctx *ctx, tt_env_core **out_core)
{
	tt_ctx account;
	tt_ctx_init(&account);
	tt_env_core *const core = tt_calloc(&account, 1, sizeof *core);
	*out_core = core;
	if (!core) {
		tt_ctx_copy_error(ctx, &account);
		return ctx->error.status;
	}
	core->account = account;
	core->process = getpid();
	core->n_openings = 1;
	core->guard_fd = -1;
	core->has_reader_table = true;
	/* With default attributes these cannot fail on Linux, and they hold no memory. */
	(void)pthread_mutex_init(&core->mutex, NULL);
	(void)pthread_cond_init(&core->writer_left, NULL);
	return TT_OK;
}

void tt_core_list(tt_env_core *core)
{
	int fd = -1;
	struct stat info;
	if (mdb_env_get_fd(core->mdb, &fd) == 0 && fstat(fd, &info) == 0) {
		core->device = info.st_dev;
		core->inode = info.st_ino;
		core->is_listed = true;
		core->next = cores;
		cores = core;
	}
}

tt_env_core *tt_core_join(const char *file)
{
	struct stat info;
	if (stat(file, &info) != 0) {
		return NULL;
	}
	for (tt_env_core *core = cores; core; core = core->next) {
		if (core->inode == info.st_ino && core->device == info.st_dev && core->process == getpid()) {
			core->n_openings++;
			return core;
		}
	}
	return NULL;
}

static void unlist(const tt_env_core *core)
{
	for (tt_env_core **at = &cores; *at; at = &(*at)->next) {
		if (*at == core) {
			*at = core->next;
			return;
		}
	}
}

void tt_core_leave(tt_env_core *core)
{
	if (!core || --core->n_openings) {
		return;
	}
	if (core->is_listed) {
		unlist(core);
	}
	if (core->mdb && core->process == getpid()) {
		mdb_env_close(core->mdb);
	}
	if (core->guard_fd >= 0) {
		(void)close(core->guard_fd);
	}
	(void)pthread_cond_destroy(&core->writer_left);
	(void)pthread_mutex_destroy(&core->mutex);
	tt_ctx account = core->account;
	tt_free(&account, core);
}

bool tt_core_shut(tt_env_core *core)
{
	tt_cores_lock();
	const bool is_alone = core->n_openings == 1 && core->process == getpid();
	if (is_alone) {
		unlist(core);
		core->is_listed = false;
		mdb_env_close(core->mdb);
		core->mdb = NULL;
	}
	tt_cores_unlock();
	return is_alone;
}

tt_status tt_core_check_process(tt_ctx *ctx, const tt_env_core *core)
{
	if (core->process != getpid()) {
		return tt_fail(ctx, TT_BAD_ARGUMENT, "the database was opened before this process was forked: open it anew");
	}
	return TT_OK;
}
