/* case.c - reading golden cases, line by line. */
#include "golden/case.h"

#include "w3c/answer.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *word;
	keyword key;
	bool is_expectation;
} keywords[] = {{"data", KEY_DATA, false},     {"options", KEY_OPTIONS, false}, {"query", KEY_QUERY, false},
                {"rows", KEY_ROWS, true},      {"ordered", KEY_ORDERED, true},  {"count", KEY_COUNT, true},
                {"true", KEY_TRUE, true},      {"false", KEY_FALSE, true},      {"graph", KEY_GRAPH, true},
                {"error", KEY_ERROR, true},    {"at", KEY_AT, false},           {"wrong", KEY_WRONG, false},
                {"update", KEY_UPDATE, false}, {"bind", KEY_BIND, false}};

enum { MARGIN = 6 };

/** Where the text behind the last keyword goes. */
typedef struct case_reader {
	case_list *list;
	char **text; /* NULL: nothing may go on */
} case_reader;

static golden_case *last_case(case_reader *self)
{
	return self->list->n_cases ? &self->list->cases[self->list->n_cases - 1] : NULL;
}

static void begin_case(case_reader *self, const char *name, size_t line)
{
	case_list *const list = self->list;
	list->cases = must_realloc(list->cases, list->n_cases + 1, sizeof *list->cases);
	list->cases[list->n_cases++] = (golden_case){.name = must_print("%s", name), .line = line};
	self->text = NULL;
}

static void go_on(case_reader *self, const char *line)
{
	size_t margin = 0;
	while (margin < MARGIN && line[margin] == ' ') {
		++margin;
	}
	if (line[0] == '\t') {
		margin = 1;
	}
	char *const longer = must_print("%s\n%s", *self->text, line + margin);
	free(*self->text);
	*self->text = longer;
}

static const char *put_options(golden_case *at, const char *words)
{
	at->is_union = strstr(words, "union");
	at->is_strict = strstr(words, "strict");
	at->description = strstr(words, "scbd")     ? TT_DESCRIBE_SCBD
	                  : strstr(words, "direct") ? TT_DESCRIBE_DIRECT
	                                            : TT_DESCRIBE_DEFAULT;
	return at->is_union || at->is_strict || at->description ? NULL : "an unknown option";
}

static const char *put_binding(golden_case *at, const char *text)
{
	const size_t size = strcspn(text, " ");
	if (at->n_bindings == MOST_BINDINGS || !text[size]) {
		return "a binding too many, or without a value";
	}
	at->bindings[at->n_bindings++] = (tt_binding){.variable = must_print("%.*s", (int)size, text),
	                                              .value = must_print("%s", text + size + 1)};
	return NULL;
}

/* Open the place for the text of a keyword. */
static const char *place_text(case_reader *self, golden_case *at, size_t entry, const char *text)
{
	const keyword key = keywords[entry].key;
	char **place = NULL;
	if (keywords[entry].is_expectation) {
		at->expectation = key;
		place = &at->expected;
	} else if (key == KEY_DATA) {
		place = at->n_data < MOST_DATA ? &at->data[at->n_data++] : NULL;
	} else if (key == KEY_UPDATE) {
		place = at->n_updates < MOST_UPDATES ? &at->updates[at->n_updates++] : NULL;
	} else if (key == KEY_QUERY || key == KEY_AT) {
		place = key == KEY_QUERY ? &at->query : &at->place;
	}
	if (!place || *place) {
		return "a keyword too many";
	}
	*place = must_print("%s", text);
	self->text = place;
	return NULL;
}

static const char *read_keyword(case_reader *self, const char *line)
{
	golden_case *const at = last_case(self);
	const size_t size = strcspn(line, " \t");
	const char *const text = line + size + strspn(line + size, " \t");
	self->text = NULL;
	for (size_t i = 0; at && i < sizeof keywords / sizeof *keywords; ++i) {
		if (strlen(keywords[i].word) == size && strncmp(line, keywords[i].word, size) == 0) {
			if (keywords[i].key == KEY_WRONG) {
				at->is_wrong = true;
				return NULL;
			}
			return keywords[i].key == KEY_OPTIONS ? put_options(at, text)
			       : keywords[i].key == KEY_BIND  ? put_binding(at, text)
			                                      : place_text(self, at, i, text);
		}
	}
	return at ? "an unknown keyword" : "a case begins with ==";
}

static const char *read_line(case_reader *self, const char *line, size_t number)
{
	if (line[0] == '#' || line[0] == '\0') {
		return NULL;
	}
	if (strncmp(line, "== ", 3) == 0) {
		begin_case(self, line + 3, number);
		return NULL;
	}
	if (!isblank((unsigned char)line[0])) {
		return read_keyword(self, line);
	}
	if (!self->text) {
		return "an indented line that goes on with nothing";
	}
	go_on(self, line);
	return NULL;
}

static const char *find_gap(const case_list *list, size_t *out_line)
{
	for (size_t i = 0; i < list->n_cases; ++i) {
		*out_line = list->cases[i].line;
		const golden_case *const at = &list->cases[i];
		if ((!at->query && !at->n_updates) || !at->expected) {
			return "the case has neither query nor update, or expects nothing";
		}
	}
	return NULL;
}

char *cases_read(const char *path, case_list *out_cases)
{
	*out_cases = (case_list){0};
	char *const text = read_whole_file(path, NULL);
	if (!text) {
		return must_print("%s: cannot be read", path);
	}
	case_reader reader = {.list = out_cases};
	const char *problem = NULL;
	size_t number = 0;
	char *rest = text;
	while (!problem && rest) {
		const char *const line = strsep(&rest, "\n");
		problem = read_line(&reader, line, ++number);
	}
	free(text);
	if (!problem) {
		problem = find_gap(out_cases, &number);
	}
	return problem ? must_print("%s:%zu: %s", path, number, problem) : NULL;
}

void cases_clear(case_list *cases)
{
	for (size_t i = 0; i < cases->n_cases; ++i) {
		golden_case *const at = &cases->cases[i];
		for (size_t j = 0; j < at->n_data; ++j) {
			free(at->data[j]);
		}
		for (size_t j = 0; j < at->n_updates; ++j) {
			free(at->updates[j]);
		}
		for (size_t j = 0; j < at->n_bindings; ++j) {
			free((char *)(uintptr_t)at->bindings[j].variable);
			free((char *)(uintptr_t)at->bindings[j].value);
		}
		free(at->name);
		free(at->query);
		free(at->expected);
		free(at->place);
	}
	free(cases->cases);
}
