/* questions.h - what the parts of this folder share: the questions of a folder in memory.
 *
 * Contrast: tertium.h is the public face. A question is no part of a database: it can be asked of any.
 * Owns:     a tt_questions all its texts.
 * Threads:  one, with its database.
 * Fails:    a status; the sentence is in tt_questions_error(), of what needs a database in tt_db_error().
 * Tests:    tests/cli/questions.sh, tests/questions/questions.sh, tests/fault/test_memory.c
 */
#ifndef TT_QUESTIONS_QUESTIONS_H
#define TT_QUESTIONS_QUESTIONS_H

#include "base/bytes.h"

struct tt_questions {
	tt_ctx self; /* the account of this struct itself */
	tt_ctx ctx;
	tt_arena arena;
	tt_question *items; /* by number, then by name */
	size_t n_items, n_capacity;
	bool is_numbered; /* all names have a number in them */
};

/** Read a whole file into the arena, without a byte order mark. A NUL stands behind it. */
TT_CHECKED tt_status tt_question_read_file(tt_arena *arena, const char *path, tt_view *out_bytes);

/** The options with which a question is asked of a database: with its bindings, which live in the arena. */
TT_CHECKED tt_status tt_question_options(tt_arena *arena, tt_db *db, const tt_question *question,
                                         const tt_query_options *options, tt_query_options *out);

#endif
