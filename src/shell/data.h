/* data.h - which data a command works on: a database directory, files, or the study that comes with the program.
 *
 * Contrast: tt_db_open() and tt_db_load() do the work; this chooses, and complains.
 * Owns:     the database that is opened goes to the caller.
 * Threads:  the main thread only.
 * Fails:    an exit status, after a message to standard error.
 * Tests:    tests/cli/query.sh, tests/cli/data.sh
 */
#ifndef TT_SHELL_DATA_H
#define TT_SHELL_DATA_H

#include "tertium.h"

/** The most files of one command line, and the most of the study. */
enum { TT_MAX_FILES = 1024 };

typedef struct tt_data_choice {
	const char *directory;    /* --db, or NULL */
	const char *storage;      /* --storage, or NULL: one of Redland's; files are loaded into it */
	const char *const *files; /* --data: into the graphs that the files name */
	size_t n_files;
	const char *const *named; /* --named: IRI=FILE */
	size_t n_named;
	tt_rdf_syntax syntax; /* of all files */
} tt_data_choice;

/** Whether a choice means the study. */
bool tt_data_is_study(const tt_data_choice *choice);

/** Open a database directory or a storage of Redland for reading (or @p mode), or a store in memory with the files or
 * the study.
 * Ctrl-C is to set tt_interrupted(). @param out_db NULL on failure. */
int tt_data_open(const tt_data_choice *choice, tt_open_mode mode, tt_db **out_db);

/** For tt_db_set_wait(): tell the user that another process writes to the directory @p user, and wait for it. */
bool tt_data_wait(void *user);

/** The folder that holds data/ and ontology/ of the study: $TERTIUM_DATA; for a program in its build folder the source;
 * the installed folder; share/tertium beside the program. NULL if there is none. Free with free(). */
char *tt_study_folder(void);

#endif
