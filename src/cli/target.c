/* target.c - opening a database directory or a storage of Redland for writing, and leaving nothing behind in vain. */
#include "cli/target.h"

#include "shell/console.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define DATA_FILE "data.mdb"
#define LOCK_FILE "lock.mdb"
enum { SIZE_WITHOUT_DATA = 8192 }; /* LMDB's first two pages tell where the data are */

static tt_target_before look_before(const char *path)
{
	DIR *const folder = opendir(path);
	if (!folder) {
		return errno == ENOENT ? TT_BEFORE_NOTHING : TT_BEFORE_SOMETHING;
	}
	bool is_empty = true;
	for (const struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
		is_empty = is_empty && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0);
	}
	(void)closedir(folder);
	return is_empty ? TT_BEFORE_EMPTY : TT_BEFORE_SOMETHING;
}

/* Whether the database in a folder holds nothing: it may be half made, since the disk was full. */
static bool holds_nothing(int folder, const char *path)
{
	struct stat about;
	if (fstatat(folder, DATA_FILE, &about, 0) != 0 || about.st_size <= SIZE_WITHOUT_DATA) {
		return true;
	}
	tt_db *db = NULL;
	tt_db_stats stats;
	const bool is_empty = tt_db_open(path, TT_OPEN_READ, &db) == TT_OK && tt_db_get_stats(db, &stats) == TT_OK &&
	                      stats.n_quads == 0;
	tt_db_close(db);
	return is_empty;
}

/* Take away the database that this run has made and could not fill, unless another process has filled it since. While
 * we hold the writer's lock nobody does; who waits for it is told that the database is gone. */
static void remove_made(const char *path, tt_target_before before)
{
	const int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0) {
		return;
	}
	if (flock(folder, LOCK_EX | LOCK_NB) == 0 && holds_nothing(folder, path)) {
		(void)unlinkat(folder, DATA_FILE, 0);
		(void)unlinkat(folder, LOCK_FILE, 0);
		if (before == TT_BEFORE_NOTHING) {
			(void)rmdir(path);
		}
	}
	(void)close(folder);
}

static bool refuse_to_wait(void *user)
{
	(void)user;
	return false;
}

int tt_target_open(const tt_arguments *arguments, tt_target *out)
{
	const char *const storage = arguments->storage;
	*out = (tt_target){.before = TT_BEFORE_SOMETHING};
	if (storage && arguments->directory) {
		tt_complain("--db and --storage exclude each other");
		return TT_EXIT_USAGE;
	}
	*out = (tt_target){.directory = arguments->directory,
	                   .before = storage ? TT_BEFORE_SOMETHING : look_before(arguments->directory)};
	if ((storage ? tt_db_open_storage(storage, TT_OPEN_WRITE, &out->db)
	             : tt_db_open(arguments->directory, TT_OPEN_CREATE, &out->db)) != TT_OK) {
		return tt_complain_db(out->db);
	}
	tt_db_set_cancel(out->db, tt_interrupted());
	tt_db_set_wait(out->db, arguments->is_not_waiting ? refuse_to_wait : tt_data_wait,
	               (void *)(uintptr_t)arguments->directory);
	return TT_EXIT_OK;
}

void tt_target_close(tt_target *target, int status)
{
	tt_db_close(target->db);
	if (status != TT_EXIT_OK && target->before != TT_BEFORE_SOMETHING) {
		remove_made(target->directory, target->before);
	}
}
