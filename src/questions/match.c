/* match.c - whether two answers are the same up to the names of blank nodes, and which rows are not.
 *
 * Every cell has a colour: a term that of its hash, a blank node one that says where it occurs. A row has a signature
 * made of the colours of its cells (and of its number, where the order counts); a blank node takes its next colour from
 * the signatures of its rows, again and again, as long as that tells more of them apart. Answers that are the same have
 * the same signatures. Where two blank nodes of a row still look like others, one of them gets a colour of its own,
 * with each of its likes on the other side in turn. When there is no such row, equal signatures are a pairing of the
 * rows.
 *
 * Cost: sorting, for each round and each blank node that had to be singled out. Hashes of 64 bits count as equality. */
#include "questions/result_set.h"

#include "base/map.h"

#include <stdlib.h>

enum { MOST_STEPS = 10000 };

/** One of the answers. */
typedef struct side {
	const tt_result_set *set;
	uint64_t *cells; /* the hash of a term, or the number of a blank node */
	bool *is_blank;
	size_t n_blanks;
	uint64_t *colours;    /* of blank nodes */
	uint64_t *signatures; /* of rows */
	uint64_t *sorted;     /* the same, or the colours, in order */
} side;

typedef struct matching {
	tt_arena *arena;
	side sides[2];
	bool is_ordered;
	size_t n_steps;
} matching;

static tt_status no_memory(const tt_arena *arena)
{
	return arena->ctx->error.status ? arena->ctx->error.status : TT_NO_MEMORY;
}

static int compare_numbers(const void *a, const void *b)
{
	const uint64_t one = *(const uint64_t *)a;
	const uint64_t other = *(const uint64_t *)b;
	return (one > other) - (one < other);
}

/* ---- cells --------------------------------------------------------------------------------------- */

/* The number of a blank node. */
static tt_status number_blank(tt_map *map, side *self, const tt_term *term, const tt_term **seen, uint64_t *out)
{
	const uint64_t hash = tt_term_hash(term);
	uint64_t cursor = 0;
	while (tt_map_next(map, hash, &cursor, out)) {
		if (tt_term_equal(seen[*out], term)) {
			return TT_OK;
		}
	}
	*out = self->n_blanks;
	seen[self->n_blanks++] = term;
	return tt_map_insert(map, hash, *out);
}

static tt_status fill_cells(tt_arena *arena, side *self, const tt_term **seen, tt_map *blanks)
{
	const size_t n_columns = self->set->n_columns;
	for (size_t i = 0; i < self->set->n_rows * n_columns; ++i) {
		const tt_term *const term = &self->set->rows[i / n_columns][i % n_columns];
		TT_TRY(i % 4096 ? TT_OK : tt_ctx_poll(arena->ctx));
		self->is_blank[i] = term->kind == TT_TERM_BLANK;
		self->cells[i] = tt_term_hash(term);
		TT_TRY(self->is_blank[i] ? number_blank(blanks, self, term, seen, &self->cells[i]) : TT_OK);
	}
	return TT_OK;
}

static tt_status make_side(tt_arena *arena, const tt_result_set *set, side *self)
{
	const size_t n_cells = set->n_rows * set->n_columns + set->n_rows + 1;
	const tt_term **const seen = tt_arena_alloc(arena, n_cells * sizeof *seen);
	*self = (side){.set = set};
	self->cells = tt_arena_alloc(arena, n_cells * sizeof *self->cells);
	self->is_blank = tt_arena_alloc(arena, n_cells * sizeof *self->is_blank);
	self->colours = tt_arena_alloc(arena, n_cells * sizeof *self->colours);
	self->signatures = tt_arena_alloc(arena, n_cells * sizeof *self->signatures);
	self->sorted = tt_arena_alloc(arena, n_cells * sizeof *self->sorted);
	if (!seen || !self->cells || !self->is_blank || !self->colours || !self->signatures || !self->sorted) {
		return no_memory(arena);
	}
	tt_map blanks;
	tt_map_init(&blanks, arena->ctx);
	const tt_status status = fill_cells(arena, self, seen, &blanks);
	tt_map_clear(&blanks);
	return status;
}

/* ---- colours ------------------------------------------------------------------------------------- */

static uint64_t cell_colour(const side *self, size_t cell)
{
	return self->is_blank[cell] ? self->colours[self->cells[cell]] : self->cells[cell];
}

static void sign_rows(side *self, bool is_ordered)
{
	const size_t n_columns = self->set->n_columns;
	for (size_t row = 0; row < self->set->n_rows; ++row) {
		uint64_t signature = is_ordered ? tt_hash_u64(row + 1) : 0;
		for (size_t i = 0; i < n_columns; ++i) {
			signature = tt_hash_u64(signature + tt_hash_u64(cell_colour(self, row * n_columns + i) + i));
		}
		self->signatures[row] = signature;
	}
}

static void colour_blanks(side *self)
{
	const size_t n_columns = self->set->n_columns;
	for (size_t i = 0; i < self->n_blanks; ++i) {
		self->colours[i] = tt_hash_u64(self->colours[i]);
	}
	for (size_t cell = 0; cell < self->set->n_rows * n_columns; ++cell) {
		if (self->is_blank[cell]) {
			self->colours[self->cells[cell]] += tt_hash_u64(self->signatures[cell / n_columns] + cell % n_columns);
		}
	}
}

static void sort_numbers(side *self, const uint64_t *numbers, size_t n)
{
	if (n) {
		memcpy(self->sorted, numbers, n * sizeof *numbers);
		qsort(self->sorted, n, sizeof *numbers, compare_numbers);
	}
}

static size_t count_colours(side *self)
{
	size_t n = 0;
	sort_numbers(self, self->colours, self->n_blanks);
	for (size_t i = 0; i < self->n_blanks; ++i) {
		n += i == 0 || self->sorted[i] != self->sorted[i - 1];
	}
	return n;
}

/* Colour both sides until no more is told apart. @return Whether their rows look alike. */
static bool refine(matching *self)
{
	side *const one = &self->sides[0];
	side *const other = &self->sides[1];
	size_t n_before = 0;
	size_t n_colours = count_colours(one);
	sign_rows(one, self->is_ordered);
	sign_rows(other, self->is_ordered);
	while (n_colours > n_before && n_colours < one->n_blanks) {
		colour_blanks(one);
		colour_blanks(other);
		sign_rows(one, self->is_ordered);
		sign_rows(other, self->is_ordered);
		n_before = n_colours;
		n_colours = count_colours(one);
	}
	const size_t n = one->set->n_rows;
	sort_numbers(one, one->signatures, n);
	sort_numbers(other, other->signatures, n);
	return memcmp(one->sorted, other->sorted, n * sizeof *one->sorted) == 0;
}

/* Whether another blank node has the same colour; the colours are sorted. */
static bool has_alike(const side *self, uint64_t colour)
{
	const uint64_t *const found = bsearch(&colour, self->sorted, self->n_blanks, sizeof colour, compare_numbers);
	const size_t at = (size_t)(found - self->sorted);
	return (at > 0 && self->sorted[at - 1] == colour) || (at + 1 < self->n_blanks && self->sorted[at + 1] == colour);
}

/* A blank node of the first side that looks like another and stands in a row with a third that does, too; its number,
 * or SIZE_MAX. Others may be paired with any of their likes: all else in their rows is told by the signature. */
static size_t find_alike(side *self)
{
	const size_t n_columns = self->set->n_columns;
	sort_numbers(self, self->colours, self->n_blanks);
	for (size_t row = 0; row < self->set->n_rows; ++row) {
		size_t first = SIZE_MAX;
		for (size_t cell = row * n_columns; cell < (row + 1) * n_columns; ++cell) {
			const size_t blank = self->is_blank[cell] ? self->cells[cell] : SIZE_MAX;
			if (blank == SIZE_MAX || blank == first || !has_alike(self, self->colours[blank])) {
				continue;
			}
			if (first != SIZE_MAX) {
				return blank;
			}
			first = blank;
		}
	}
	return SIZE_MAX;
}

static tt_status pair(matching *self, bool *out_is_equal);

/* Let a blank node of the first side stand for each of its likes on the other. */
static tt_status single_out(matching *self, size_t blank, bool *out_is_equal)
{
	side *const one = &self->sides[0];
	side *const other = &self->sides[1];
	const size_t n = one->n_blanks;
	uint64_t *const saved = tt_arena_alloc(self->arena, 2 * n * sizeof *saved);
	if (!saved) {
		return no_memory(self->arena);
	}
	memcpy(saved, one->colours, n * sizeof *saved);
	memcpy(saved + n, other->colours, n * sizeof *saved);
	for (size_t i = 0; i < n && !*out_is_equal; ++i) {
		if (saved[n + i] == saved[blank]) {
			memcpy(one->colours, saved, n * sizeof *saved);
			memcpy(other->colours, saved + n, n * sizeof *saved);
			one->colours[blank] = other->colours[i] = tt_hash_u64(saved[blank] + 1);
			TT_TRY(pair(self, out_is_equal));
		}
	}
	return TT_OK;
}

static tt_status pair(matching *self, bool *out_is_equal)
{
	TT_TRY(tt_ctx_poll(self->arena->ctx));
	if (++self->n_steps > MOST_STEPS) {
		return tt_fail(self->arena->ctx, TT_LIMIT, "too many blank nodes look alike to compare the answers");
	}
	*out_is_equal = refine(self);
	const size_t blank = *out_is_equal ? find_alike(&self->sides[0]) : SIZE_MAX;
	if (blank == SIZE_MAX) {
		return TT_OK;
	}
	*out_is_equal = false;
	return single_out(self, blank, out_is_equal);
}

/* From blank nodes that all look alike. */
static tt_status pair_rows(matching *self, bool is_ordered, bool *out_is_equal)
{
	self->is_ordered = is_ordered;
	self->n_steps = 0;
	for (size_t i = 0; i < 2; ++i) {
		memset(self->sides[i].colours, 0, self->sides[i].n_blanks * sizeof(uint64_t));
	}
	*out_is_equal = false;
	return self->sides[0].n_blanks == self->sides[1].n_blanks ? pair(self, out_is_equal) : TT_OK;
}

/* ---- differences --------------------------------------------------------------------------------- */

/** A row by what it looks like. */
typedef struct entry {
	uint64_t signature;
	size_t row;
} entry;

static int compare_entries(const void *a, const void *b)
{
	const entry *const one = a;
	const entry *const other = b;
	const int order = (one->signature > other->signature) - (one->signature < other->signature);
	return order ? order : (one->row > other->row) - (one->row < other->row);
}

static int compare_rows(const void *a, const void *b)
{
	const size_t one = *(const size_t *)a;
	const size_t other = *(const size_t *)b;
	return (one > other) - (one < other);
}

static tt_status list_entries(tt_arena *arena, side *self, entry **out)
{
	const size_t n = self->set->n_rows;
	*out = tt_arena_alloc(arena, (n + 1) * sizeof **out);
	if (!*out) {
		return no_memory(arena);
	}
	sign_rows(self, false);
	for (size_t i = 0; i < n; ++i) {
		(*out)[i] = (entry){self->signatures[i], i};
	}
	qsort(*out, n, sizeof **out, compare_entries);
	return TT_OK;
}

/* The rows, in their order. */
static tt_status list_rows(tt_arena *arena, const side *self, size_t *numbers, size_t n, const tt_term ***out)
{
	*out = tt_arena_alloc(arena, (n + 1) * sizeof **out);
	if (!*out) {
		return no_memory(arena);
	}
	qsort(numbers, n, sizeof *numbers, compare_rows);
	for (size_t i = 0; i < n; ++i) {
		(*out)[i] = self->set->rows[numbers[i]];
	}
	return TT_OK;
}

/* What is on one side only, all blank nodes being alike. */
static tt_status find_differences(tt_arena *arena, matching *self, tt_difference *out)
{
	side *const sides = self->sides;
	entry *entries[2];
	size_t *lonely[2];
	size_t n_lonely[2] = {0, 0};
	size_t at[2] = {0, 0};
	for (size_t i = 0; i < 2; ++i) {
		TT_TRY(list_entries(arena, &sides[i], &entries[i]));
		lonely[i] = tt_arena_alloc(arena, (sides[i].set->n_rows + 1) * sizeof *lonely[i]);
		if (!lonely[i]) {
			return no_memory(arena);
		}
	}
	while (at[0] < sides[0].set->n_rows || at[1] < sides[1].set->n_rows) {
		const bool has_one = at[0] < sides[0].set->n_rows;
		const bool has_other = at[1] < sides[1].set->n_rows;
		const uint64_t one = has_one ? entries[0][at[0]].signature : UINT64_MAX;
		const uint64_t other = has_other ? entries[1][at[1]].signature : UINT64_MAX;
		if (has_one && has_other && one == other) {
			at[0]++;
			at[1]++;
			continue;
		}
		const size_t behind = !has_one || (has_other && other < one);
		lonely[behind][n_lonely[behind]++] = entries[behind][at[behind]++].row;
	}
	out->n_missing = n_lonely[0];
	out->n_extra = n_lonely[1];
	TT_TRY(list_rows(arena, &sides[0], lonely[0], n_lonely[0], &out->missing));
	return list_rows(arena, &sides[1], lonely[1], n_lonely[1], &out->extra);
}

tt_status tt_result_set_compare(tt_arena *arena, const tt_result_set *expected, const tt_result_set *actual,
                                bool is_ordered, tt_difference *out)
{
	matching self = {.arena = arena};
	*out = (tt_difference){.is_equal = false};
	TT_TRY(make_side(arena, expected, &self.sides[0]));
	TT_TRY(make_side(arena, actual, &self.sides[1]));
	TT_TRY(find_differences(arena, &self, out));
	if (out->n_missing || out->n_extra) {
		return TT_OK;
	}
	TT_TRY(pair_rows(&self, false, &out->is_equal));
	out->is_blanks = !out->is_equal;
	if (out->is_equal && is_ordered) {
		TT_TRY(pair_rows(&self, true, &out->is_equal));
		out->is_order = !out->is_equal;
	}
	return TT_OK;
}
