/* examples.c - the questions of the study in the shell. */
#include "shell/examples.h"

#include "shell/console.h"

#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- reading ----------------------------------------------------------------------------------------- */

static bool starts_with(tt_view text, const char *prefix)
{
	const size_t n = strlen(prefix);
	return text.size >= n && memcmp(text.data, prefix, n) == 0;
}

static tt_view behind(tt_view text, size_t n)
{
	return tt_text_trim((tt_view){text.data + n, text.size - n});
}

/* The comment at the head: `# key: text`, continued by lines that are further indented. */
static void read_header(tt_example *example, tt_view *rest)
{
	const struct {
		const char *mark;
		tt_text *text;
	} keys[] = {{"# title:", &example->title}, {"# question:", &example->question}, {"# group:", &example->group}};
	tt_text *current = NULL;
	while (rest->size && (rest->data[0] == '#' || rest->data[0] == '\n')) {
		const tt_view line = tt_text_take_line(rest);
		tt_view text = {NULL, 0};
		if (starts_with(line, "#  ")) {
			text = behind(line, 1);
		} else {
			current = NULL;
		}
		for (size_t i = 0; i < sizeof keys / sizeof *keys; ++i) {
			if (starts_with(line, keys[i].mark)) {
				current = keys[i].text;
				text = behind(line, strlen(keys[i].mark));
			}
		}
		if (current && text.size) {
			tt_text_append(current, current->size ? (tt_view){" ", 1} : (tt_view){NULL, 0});
			tt_text_append(current, text);
		}
	}
}

static unsigned number_of(const char *name, size_t place)
{
	const char *const digits = name + strcspn(name, "0123456789-");
	const unsigned long number = strtoul(digits, NULL, 10);
	return number && number < 100000 ? (unsigned)number : (unsigned)place;
}

static void read_example(tt_example *example, const char *path, size_t place)
{
	const char *const base = strrchr(path, '/') + 1;
	example->name = tt_must(strndup(base, strlen(base) - strlen(".rq")));
	example->number = number_of(example->name, place);
	tt_text file = {0};
	FILE *const stream = fopen(path, "r");
	if (!stream || !tt_text_read(&file, stream)) {
		tt_complain("cannot read %s: %s", path, strerror(errno));
	}
	if (stream) {
		(void)fclose(stream);
	}
	tt_view rest = tt_text_view(&file);
	read_header(example, &rest);
	tt_text_append(&example->query, tt_text_trim(rest));
	if (!example->title.size) {
		tt_text_append(&example->title, tt_text_of(example->name));
	}
	tt_text_free(&file);
}

void tt_examples_read(tt_examples *examples)
{
	*examples = (tt_examples){0};
	char *const folder = tt_study_folder();
	char *pattern = NULL;
	if (!folder) {
		return;
	}
	if (asprintf(&pattern, "%s/data/questions/*.rq", folder) < 0) {
		(void)tt_must(NULL);
	}
	glob_t found = {0};
	if (glob(pattern, 0, NULL, &found) == 0) {
		examples->items = tt_must(calloc(found.gl_pathc, sizeof *examples->items));
		for (size_t i = 0; i < found.gl_pathc; ++i) {
			read_example(&examples->items[i], found.gl_pathv[i], i + 1);
		}
		examples->n_items = found.gl_pathc;
	}
	globfree(&found);
	free(pattern);
	free(folder);
}

void tt_examples_free(tt_examples *examples)
{
	for (size_t i = 0; i < examples->n_items; ++i) {
		tt_example *const example = &examples->items[i];
		free(example->name);
		tt_text_free(&example->title);
		tt_text_free(&example->question);
		tt_text_free(&example->group);
		tt_text_free(&example->query);
	}
	free(examples->items);
	*examples = (tt_examples){0};
}

/* ---- showing ------------------------------------------------------------------------------------------ */

static bool read_some(tt_shell *shell, tt_examples *examples)
{
	tt_examples_read(examples);
	if (!examples->n_items) {
		tt_complain("there are no questions: the study's folder data/questions is not found");
		shell->status = TT_EXIT_ERROR;
	}
	return examples->n_items > 0;
}

void tt_examples_list(tt_shell *shell)
{
	tt_examples examples;
	if (!read_some(shell, &examples)) {
		return;
	}
	for (size_t i = 0; i < examples.n_items; ++i) {
		const tt_example *const example = &examples.items[i];
		printf("%4u  %-12s %s\n", example->number, example->group.data ? example->group.data : "", example->title.data);
	}
	printf(".examples N asks one of them.%s\n",
	       shell->is_study ? "" : " They are about the study; other data are opened here.");
	tt_examples_free(&examples);
}

/* Words in lines of at most 78 columns. */
static void print_wrapped(tt_view text)
{
	size_t n_line = 0;
	while (text.size) {
		const char *const space = memchr(text.data, ' ', text.size);
		const size_t n_word = space ? (size_t)(space - text.data) : text.size;
		if (n_line && n_line + 1 + n_word > 78) {
			putchar('\n');
			n_line = 0;
		}
		printf("%s%.*s", n_line ? " " : "", (int)n_word, text.data);
		n_line += n_word + (n_line > 0);
		text = behind(text, n_word);
	}
	putchar('\n');
}

static const tt_example *find(const tt_examples *examples, const char *which)
{
	char *end = NULL;
	const unsigned long number = strtoul(which, &end, 10);
	const tt_example *found = NULL;
	for (size_t i = 0; i < examples->n_items; ++i) {
		const tt_example *const example = &examples->items[i];
		if ((!*end && number == example->number) || strcmp(which, example->name) == 0) {
			return example;
		}
		if (!found && strncmp(which, example->name, strlen(which)) == 0) {
			found = example;
		}
	}
	return found;
}

void tt_examples_ask(tt_shell *shell, const char *which)
{
	tt_examples examples;
	if (!read_some(shell, &examples)) {
		return;
	}
	const tt_example *const example = find(&examples, which);
	if (!example) {
		tt_complain("there is no question %s: .examples lists them", which);
		shell->status = TT_EXIT_ERROR;
	} else {
		print_wrapped(tt_text_view(example->question.size ? &example->question : &example->title));
		printf("\n%s\n\n", example->query.data);
		tt_shell_ask(shell, tt_text_view(&example->query));
	}
	tt_examples_free(&examples);
}
