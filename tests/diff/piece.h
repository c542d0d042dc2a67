/* piece.h - a random text as a tree, so that it can be printed with parts left out, moved or wrong.
 *
 * Contrast: grammar.h makes the trees; here nothing is known of SPARQL.
 * Owns:     pieces and their texts live in the arena of the maker.
 * Threads:  one.
 * Fails:    a test program without memory ends with status 99.
 * Tests:    the controls of tests/diff/diff.c
 */
#ifndef TESTS_DIFF_PIECE_H
#define TESTS_DIFF_PIECE_H

#include "base/bytes.h"
#include "base/map.h"
#include "base/mem.h"

/** What a deliberately wrong rewriting may leave out; see piece_style. */
typedef enum piece_role {
	PIECE_PLAIN,
	PIECE_FILTER,   /* a whole filter */
	PIECE_OPTIONAL, /* the word OPTIONAL: without it a join is left */
	PIECE_MINUS,    /* a whole MINUS */
	PIECE_BRANCH,   /* UNION and its right side */
	PIECE_DISTINCT, /* the word DISTINCT */
	PIECE_N_ROLES
} piece_role;

typedef struct piece {
	const char *text; /* of a leaf; NULL: the parts */
	struct piece **parts;
	size_t n_parts, capacity;
	piece_role role;
	bool may_go;         /* the text stays a query without it */
	bool is_movable;     /* may change places with movable neighbours */
	bool is_gone;        /* left out */
	const char *instead; /* printed where it is left out; NULL: nothing */
} piece;

/** How a tree is printed. */
typedef struct piece_style {
	uint64_t shuffle; /* 0: as it is; else movable neighbours are permuted by this seed */
	piece_role wrong; /* pieces of this role are left out; PIECE_PLAIN: none */
} piece_style;

/** A random number; the state moves on. */
uint64_t next_random(uint64_t *state);
/** Memory or the end of the program. */
void *arena_need(tt_arena *arena, size_t n_bytes);
/** Add a part, a copy of @p text or (NULL) an empty list. */
piece *piece_add(tt_arena *arena, piece *parent, const char *text);
/** Append a tree's text. */
void piece_print(const piece *self, const piece_style *style, tt_buffer *out);

/** Called by piece_shrink(): whether what the tree is now still shows the failure. */
typedef bool (*piece_check)(void *user);
/** Leave out what can be left out while the failure stays.
 * @param n_checks_left Counted down; shrinking ends at 0.
 * @return Whether anything went. */
bool piece_shrink(piece *self, piece_check check, void *user, unsigned *n_checks_left);

#endif
