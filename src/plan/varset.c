/* varset.c - sets of variables as sorted arrays: small ones are many, and a walk over two of them is a merge. */
#include "plan/build.h"

#include <stdlib.h>

bool tt_varset_has(tt_varset set, tt_var variable)
{
	size_t low = 0;
	size_t high = set.n_items;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		if (set.items[middle] < variable) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low < set.n_items && set.items[low] == variable;
}

bool tt_varset_meets(tt_varset a, tt_varset b)
{
	size_t i = 0;
	size_t j = 0;
	while (i < a.n_items && j < b.n_items) {
		if (a.items[i] == b.items[j]) {
			return true;
		}
		if (a.items[i] < b.items[j]) {
			++i;
		} else {
			++j;
		}
	}
	return false;
}

bool tt_varset_within(tt_varset a, tt_varset b)
{
	for (size_t i = 0; i < a.n_items; ++i) {
		if (!tt_varset_has(b, a.items[i])) {
			return false;
		}
	}
	return true;
}

static int compare_variables(const void *a, const void *b)
{
	const tt_var x = *(const tt_var *)a;
	const tt_var y = *(const tt_var *)b;
	return (x > y) - (x < y);
}

tt_status tt_varset_make(tt_arena *arena, const tt_var *variables, size_t n_variables, tt_varset *out)
{
	*out = (tt_varset){0};
	if (n_variables == 0) {
		return TT_OK;
	}
	tt_var *const items = tt_arena_alloc(arena, n_variables * sizeof *items);
	if (!items) {
		return arena->ctx->error.status;
	}
	memcpy(items, variables, n_variables * sizeof *items);
	qsort(items, n_variables, sizeof *items, compare_variables);
	size_t n = 1;
	for (size_t i = 1; i < n_variables; ++i) {
		if (items[i] != items[n - 1]) {
			items[n++] = items[i];
		}
	}
	*out = (tt_varset){items, n};
	return TT_OK;
}

/* Which members a merge of two sets keeps. */
typedef struct keep {
	bool only_a, both, only_b;
} keep;

static tt_status combine(tt_arena *arena, tt_varset a, tt_varset b, keep kept, tt_varset *out)
{
	*out = (tt_varset){0};
	if (a.n_items + b.n_items == 0) {
		return TT_OK;
	}
	tt_var *const items = tt_arena_alloc(arena, (a.n_items + b.n_items) * sizeof *items);
	if (!items) {
		return arena->ctx->error.status;
	}
	size_t i = 0;
	size_t j = 0;
	size_t n = 0;
	while (i < a.n_items || j < b.n_items) {
		if (j == b.n_items || (i < a.n_items && a.items[i] < b.items[j])) {
			items[n] = a.items[i++];
			n += kept.only_a;
		} else if (i == a.n_items || b.items[j] < a.items[i]) {
			items[n] = b.items[j++];
			n += kept.only_b;
		} else {
			items[n] = a.items[i++];
			j++;
			n += kept.both;
		}
	}
	*out = (tt_varset){items, n};
	return TT_OK;
}

tt_status tt_varset_unite(tt_arena *arena, tt_varset a, tt_varset b, tt_varset *out)
{
	if (tt_varset_within(b, a)) {
		*out = a;
		return TT_OK;
	}
	return combine(arena, a, b, (keep){true, true, true}, out);
}

tt_status tt_varset_intersect(tt_arena *arena, tt_varset a, tt_varset b, tt_varset *out)
{
	return combine(arena, a, b, (keep){.both = true}, out);
}

tt_status tt_varset_subtract(tt_arena *arena, tt_varset a, tt_varset b, tt_varset *out)
{
	return combine(arena, a, b, (keep){.only_a = true}, out);
}

tt_status tt_varlist_add(tt_varlist *list, tt_var variable)
{
	TT_TRY(tt_arena_grow(list->arena, (void **)&list->items, &list->capacity, list->n_items, sizeof *list->items));
	list->items[list->n_items++] = variable;
	return TT_OK;
}
