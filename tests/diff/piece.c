/* piece.c - see piece.h. */
#include <stdlib.h>

#include "tests/diff/piece.h"

uint64_t next_random(uint64_t *state)
{
	*state += 0x9E3779B97F4A7C15u;
	return tt_hash_u64(*state) >> 16;
}

void *arena_need(tt_arena *arena, size_t n_bytes)
{
	void *const memory = tt_arena_alloc(arena, n_bytes ? n_bytes : 1);
	if (!memory) {
		exit(99);
	}
	return memory;
}

piece *piece_add(tt_arena *arena, piece *parent, const char *text)
{
	piece *const made = arena_need(arena, sizeof *made);
	*made = (piece){0};
	if (text) {
		const size_t size = strlen(text) + 1;
		made->text = memcpy(arena_need(arena, size), text, size);
	}
	if (parent && parent->n_parts == parent->capacity) {
		const size_t capacity = parent->capacity ? parent->capacity * 2 : 4;
		piece **const parts = arena_need(arena, capacity * sizeof(piece *));
		if (parent->n_parts) {
			memcpy(parts, parent->parts, parent->n_parts * sizeof(piece *));
		}
		parent->parts = parts;
		parent->capacity = capacity;
	}
	if (parent) {
		parent->parts[parent->n_parts++] = made;
	}
	return made;
}

static void print_text(const char *text, tt_buffer *out)
{
	if (text && tt_buffer_append(out, tt_view_of(text)) != TT_OK) {
		exit(99);
	}
}

/* Print [first, last), all movable, in random order: at each step one of those that are left. */
static void print_shuffled(const piece *self, size_t first, size_t last, const piece_style *style, tt_buffer *out)
{
	enum { MOST = 64 };
	size_t order[MOST];
	uint64_t state = style->shuffle + first;
	const size_t n = last - first < MOST ? last - first : MOST;
	for (size_t i = 0; i < n; ++i) {
		const size_t j = next_random(&state) % (i + 1);
		order[i] = order[j];
		order[j] = first + i;
	}
	for (size_t i = 0; i < n; ++i) {
		piece_print(self->parts[order[i]], style, out);
	}
	for (size_t i = first + n; i < last; ++i) {
		piece_print(self->parts[i], style, out);
	}
}

void piece_print(const piece *self, const piece_style *style, tt_buffer *out)
{
	if (self->is_gone || (self->role != PIECE_PLAIN && self->role == style->wrong)) {
		print_text(self->instead, out);
		return;
	}
	print_text(self->text, out);
	for (size_t i = 0; i < self->n_parts;) {
		size_t last = i;
		while (style->shuffle && last < self->n_parts && self->parts[last]->is_movable) {
			++last;
		}
		if (last > i) {
			print_shuffled(self, i, last, style, out);
			i = last;
		} else {
			piece_print(self->parts[i++], style, out);
		}
	}
}

bool piece_shrink(piece *self, piece_check check, void *user, unsigned *n_checks_left)
{
	if (self->is_gone || *n_checks_left == 0) {
		return false;
	}
	if (self->may_go) {
		self->is_gone = true;
		--*n_checks_left;
		if (check(user)) {
			return true;
		}
		self->is_gone = false;
	}
	bool has_changed = false;
	for (size_t i = self->n_parts; i > 0; --i) {
		has_changed = piece_shrink(self->parts[i - 1], check, user, n_checks_left) || has_changed;
	}
	return has_changed;
}
