/* bindings.c - values for variables. */
#include "shell/bindings.h"

#include "shell/console.h"

#include <stdlib.h>
#include <string.h>

static void add(tt_bindings *bindings, char *variable, char *value)
{
	bindings->items = tt_must(reallocarray(bindings->items, bindings->n_items + 1, sizeof *bindings->items));
	bindings->items[bindings->n_items++] = (tt_binding){.variable = tt_must(variable), .value = tt_must(value)};
}

void tt_bindings_add(tt_bindings *bindings, const tt_binding *binding)
{
	add(bindings, strdup(binding->variable), strdup(binding->value));
}

bool tt_bindings_read(tt_bindings *bindings, const char *text)
{
	const char *const name = text + (text[0] == '?' || text[0] == '$');
	const size_t n_name = strcspn(name, "=");
	if (!n_name || !name[n_name] || !name[n_name + 1]) {
		return false;
	}
	add(bindings, strndup(name, n_name), strdup(name + n_name + 1));
	return true;
}

int tt_bindings_complete(tt_bindings *bindings, tt_db *db, const tt_question *question)
{
	const size_t n_given = bindings->n_items;
	tt_binding *const all = tt_must(calloc(n_given + question->n_parameters + 1, sizeof *all));
	size_t n = 0;
	const tt_status status = tt_question_bind(db, question, bindings->items, n_given, all, &n);
	for (size_t i = n_given; i < n && status == TT_OK; ++i) {
		tt_bindings_add(bindings, &all[i]);
	}
	free(all);
	return status == TT_OK ? TT_EXIT_OK : tt_complain_db(db);
}

void tt_bindings_clear(tt_bindings *bindings)
{
	for (size_t i = 0; i < bindings->n_items; ++i) {
		free((void *)(uintptr_t)bindings->items[i].variable);
		free((void *)(uintptr_t)bindings->items[i].value);
	}
	free(bindings->items);
	*bindings = (tt_bindings){0};
}
