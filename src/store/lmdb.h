/* lmdb.h - the LMDB environment of a store: opening, locks, map growth, format version, small records.
 *
 * Main table (unnamed): "tertium" → format record, "state" → tt_state, and the named tables.
 * Small records are sealed: the value is followed by a checksum over table, key and value.
 *
 * Contrast: perm.h and dict.h put blocks into the tables; pages.h verifies LMDB's own pages.
 * Owns:     an opened tt_env its directory; all openings of a database in a process own its tt_env_core together.
 *           Transactions must end before it is closed.
 * Threads:  any number of readers, one writer; growing the map waits for nobody but says TT_BUSY.
 * Fails:    every LMDB error is mapped by tt_env_fail(): TT_NO_SPACE, TT_CORRUPT, TT_IO, TT_LIMIT …
 * Tests:    tests/unit/test_store.c
 */
#ifndef TT_STORE_LMDB_H
#define TT_STORE_LMDB_H

#include <endian.h>
#include <lmdb.h>
#include <pthread.h>

#include "store/store.h"

/** The one version of the layout on disk that this program reads and writes. */
enum { TT_FORMAT_VERSION = 1 };

/** The named tables. The first nine are permutations; they and the hashes are tables of blocks. */
typedef enum tt_table {
	TT_TABLE_HASHES = TT_N_PERMS, /* rows (hash, number, 0, 0) of the dictionary */
	TT_TABLE_TERMS,               /* first number → block of terms */
	TT_TABLE_PREDICATES,          /* predicate → its statistics */
	TT_TABLE_GRAPHS,              /* named graph → number of quads */
	TT_TABLE_PREFIXES,            /* prefix name → IRI */
	TT_N_TABLES
} tt_table;

/** Numbers of the whole store, rewritten with each commit. */
typedef struct tt_state {
	uint64_t next_number; /* of the dictionary; the first is 1 */
	uint64_t next_blank;
	uint64_t n_quads;
	uint64_t n_default_quads;
	uint64_t n_triples;
	uint64_t n_named_graphs;
	uint64_t n_subjects;
	uint64_t n_predicates;
	uint64_t n_objects;
} tt_state;

/** The folder in a database directory where a copy is made that is to take the place of its file (backup.c). */
#define TT_COPY_FOLDER ".copy"

/** How many states of the store can be read at once without a reader table, and the one being written. */
enum { TT_READER_AGES = 4 };

/** What all openings of a database in one process share (core.c). */
typedef struct tt_env_core {
	MDB_env *mdb; /* NULL if tt_env_revive() has failed */
	MDB_dbi main;
	MDB_dbi tables[TT_N_TABLES];
	bool is_read_only;     /* its file cannot be written to */
	bool has_reader_table; /* false: LMDB does not know who reads, see tt_env_write_begin() */

	/* Guarded by the mutex of all cores. */
	tt_ctx account; /* of this struct */
	pid_t process;  /* that opened it; none of its children may use it */
	size_t n_openings;
	bool is_listed;
	/* −1, or another descriptor of LMDB's lock file: closing it would take away LMDB's locks, so that is done last. */
	int guard_fd;
	dev_t device; /* with `inode`: the file */
	ino_t inode;
	struct tt_env_core *next;

	pthread_mutex_t mutex; /* guards what follows, and that the map does not move while somebody begins to read */
	pthread_cond_t writer_left;
	size_t map_size;
	bool has_writer;
	pthread_t writer;
	size_t n_readers;
	size_t n_readers_at[TT_READER_AGES]; /* by transaction number modulo the length */
} tt_env_core;

typedef struct tt_env {
	tt_ctx *ctx; /* of whoever opened it */
	tt_env_core *core;
	char *path;   /* NULL in memory */
	int dir_fd;   /* −1 in memory */
	MDB_dbi main; /* this and the tables are those of the core */
	MDB_dbi tables[TT_N_TABLES];
	bool is_read_only;
	bool is_opening_locked; /* only while it is opened */
	bool is_full;           /* the last failure was a full map: grow it and try again */
} tt_env;

/** Guard the list of the cores of this process; held while LMDB opens or closes a file. */
void tt_cores_lock(void);
void tt_cores_unlock(void);
/** A new core with one opening. The cores are locked, here and in what follows. */
TT_CHECKED tt_status tt_core_new(tt_ctx *ctx, tt_env_core **out_core);
/** Let others join: put a core with an open file into the list. */
void tt_core_list(tt_env_core *core);
/** Join the core that this process has of a file; NULL if it has none. */
tt_env_core *tt_core_join(const char *file);
/** Leave a core; the last one closes it. NULL is ignored. */
void tt_core_leave(tt_env_core *core);
/** Close the file of a core that nobody else in this process has open; false if somebody has. It takes the lock of the
 * cores itself, and the core can only be left behind that. */
bool tt_core_shut(tt_env_core *core);
/** TT_BAD_ARGUMENT in a child of the process that opened the environment. */
TT_CHECKED tt_status tt_core_check_process(tt_ctx *ctx, const tt_env_core *core);

/** Open an environment in memory. @param map_size Bytes of address space to begin with; 0: plenty. */
TT_CHECKED tt_status tt_env_open_memory(tt_ctx *ctx, size_t map_size, tt_env *env);
/** Open a directory, see tt_store_open_directory().
 * @param is_opening_locked The caller keeps all others from opening it by tt_flock() on its data file. */
TT_CHECKED tt_status tt_env_open_directory(tt_ctx *ctx, const char *path, tt_open_mode mode, size_t map_size,
                                           bool is_opening_locked, tt_env *env);
void tt_env_close(tt_env *env);

/** LMDB refuses everything once it could not write a meta page (MDB_PANIC). Open it anew, if nobody reads here. */
TT_CHECKED tt_status tt_env_revive(tt_ctx *ctx, tt_env *env);

/** Record what an LMDB return code means; TT_OK for 0. */
TT_CHECKED tt_status tt_env_fail(tt_ctx *ctx, tt_env *env, int rc);
/** Record that a table is damaged: "DIR is damaged: …". */
TT_CHECKED tt_status tt_env_corrupt(tt_ctx *ctx, const tt_env *env, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/** The name of a table: "SPO", "terms" …; static. */
const char *tt_table_name(unsigned table);

TT_CHECKED tt_status tt_env_read_begin(tt_ctx *ctx, tt_env *env, MDB_txn **out_txn);
void tt_env_read_end(tt_env *env, MDB_txn *txn);

/** Become the only writer, in this process and among all. TT_BUSY if not @p is_waiting and there is one.
 * @param out_fd What holds the lock; give it to tt_env_unlock(). */
TT_CHECKED tt_status tt_env_lock(tt_ctx *ctx, tt_env *env, bool is_waiting, int *out_fd);
void tt_env_unlock(tt_env *env, int fd);
/** Take the lock of an open file; polls, so that it can be cancelled. TT_BUSY if not @p is_waiting and it is taken. */
TT_CHECKED tt_status tt_flock(tt_ctx *ctx, const char *path, int fd, bool is_waiting);
/** Take the lock of a directory for writing in the same way; TT_NOT_FOUND if it was removed meanwhile. */
TT_CHECKED tt_status tt_env_flock(tt_ctx *ctx, const char *path, int fd, bool is_waiting);
/** Begin an LMDB write transaction (as the only writer). */
TT_CHECKED tt_status tt_env_write_begin(tt_ctx *ctx, tt_env *env, MDB_txn **out_txn);
/** Forget it. NULL is ignored. */
void tt_env_write_abort(const tt_env *env, MDB_txn *txn);
/** Commit it; the LMDB return code, since a full map is no failure yet. The transaction is gone in any case. */
TT_CHECKED int tt_env_write_commit(tt_env *env, MDB_txn *txn);
/** Double the map; no LMDB transaction of this writer may be open. TT_BUSY if others read. */
TT_CHECKED tt_status tt_env_grow(tt_ctx *ctx, tt_env *env);

/** The state of the store in a transaction. */
TT_CHECKED tt_status tt_env_get_state(tt_ctx *ctx, tt_env *env, MDB_txn *txn, tt_state *out_state);
TT_CHECKED tt_status tt_env_put_state(tt_ctx *ctx, tt_env *env, MDB_txn *txn, const tt_state *state);

/** Numbers as keys: big-endian, so that they sort. */
static inline void tt_key_from_u64(uint64_t number, uint8_t out_key[8])
{
	number = htobe64(number);
	memcpy(out_key, &number, sizeof number);
}
static inline uint64_t tt_key_to_u64(const void *key)
{
	uint64_t number = 0;
	memcpy(&number, key, sizeof number);
	return be64toh(number);
}

/** Put a sealed record. */
TT_CHECKED tt_status tt_env_put_sealed(tt_ctx *ctx, tt_env *env, MDB_txn *txn, unsigned table, tt_view key,
                                       tt_view value);
/** Verify and unseal a record as it stands in the table; the value is a view into it. */
TT_CHECKED tt_status tt_env_unseal(tt_ctx *ctx, tt_env *env, unsigned table, const MDB_val *key, const MDB_val *record,
                                   tt_view *out_value);
/** Get a sealed record; TT_NOT_FOUND without a message if there is none. */
TT_CHECKED tt_status tt_env_get_sealed(tt_ctx *ctx, tt_env *env, MDB_txn *txn, unsigned table, tt_view key,
                                       tt_view *out_value);

#endif
