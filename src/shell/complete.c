/* complete.c - completion.
 *
 * What the word under the cursor may become depends on its look: `.word` a command, `?word` a variable of the text,
 * `name:word` an IRI of the data, else a keyword or a prefix. IRIs are asked of the store once for each prefix, for no
 * longer than a person waits, and kept. */
#include "shell/complete.h"

#include "shell/commands.h"
#include "shell/console.h"
#include "shell/questions.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <readline/readline.h>

static const char *const keywords[] = {
    "ABS",       "AS",       "ASC",     "ASK",      "AVG",          "BASE",           "BIND",     "BNODE",
    "BOUND",     "BY",       "CEIL",    "COALESCE", "CONCAT",       "CONSTRUCT",      "CONTAINS", "COUNT",
    "DATATYPE",  "DAY",      "DESC",    "DESCRIBE", "DISTINCT",     "ENCODE_FOR_URI", "EXISTS",   "FILTER",
    "FLOOR",     "FROM",     "GRAPH",   "GROUP",    "GROUP_CONCAT", "HAVING",         "HOURS",    "IF",
    "IN",        "IRI",      "ISBLANK", "ISIRI",    "ISLITERAL",    "ISNUMERIC",      "LANG",     "LANGMATCHES",
    "LCASE",     "LIMIT",    "MAX",     "MD5",      "MIN",          "MINUS",          "MINUTES",  "MONTH",
    "NAMED",     "NOT",      "NOW",     "OFFSET",   "OPTIONAL",     "ORDER",          "PREFIX",   "RAND",
    "REDUCED",   "REGEX",    "REPLACE", "ROUND",    "SAMETERM",     "SAMPLE",         "SECONDS",  "SELECT",
    "SEPARATOR", "SERVICE",  "SHA1",    "SHA256",   "SHA384",       "SHA512",         "STR",      "STRAFTER",
    "STRBEFORE", "STRDT",    "STRENDS", "STRLANG",  "STRLEN",       "STRSTARTS",      "STRUUID",  "SUBSTR",
    "SUM",       "TIMEZONE", "TZ",      "UCASE",    "UNDEF",        "UNION",          "URI",      "UUID",
    "VALUES",    "WHERE",    "YEAR"};

/** Texts to choose from. */
typedef struct word_list {
	char **items;
	size_t n_items;
	size_t capacity;
} word_list;

/** The IRIs of the data under one prefix, as prefixed names. */
typedef struct known_names {
	char *prefix; /* with the colon */
	word_list names;
} known_names;

static struct {
	tt_shell *shell;
	word_list candidates; /* for the word being completed */
	size_t next;          /* of them to be given to readline */
	known_names *known;
	size_t n_known;
} state;

/* ---- lists -------------------------------------------------------------------------------------------- */

static void add(word_list *list, char *item)
{
	if (list->n_items == list->capacity) {
		list->capacity = 2 * list->capacity + 16;
		list->items = tt_must(reallocarray(list->items, list->capacity, sizeof *list->items));
	}
	list->items[list->n_items++] = tt_must(item);
}

static void clear(word_list *list)
{
	for (size_t i = 0; i < list->n_items; ++i) {
		free(list->items[i]);
	}
	free(list->items);
	*list = (word_list){0};
}

static void add_if_new(word_list *list, tt_view word)
{
	for (size_t i = 0; i < list->n_items; ++i) {
		if (strlen(list->items[i]) == word.size && memcmp(list->items[i], word.data, word.size) == 0) {
			return;
		}
	}
	add(list, strndup(word.data, word.size));
}

static char *joined(tt_view a, tt_view b)
{
	char *text = NULL;
	return asprintf(&text, "%.*s%.*s", (int)a.size, a.data, (int)b.size, b.data) < 0 ? NULL : text;
}

/* ---- candidates --------------------------------------------------------------------------------------- */

static void offer_keywords(const char *word)
{
	const size_t n = strlen(word);
	const bool is_lower = n && word[0] >= 'a';
	for (size_t i = 0; i < sizeof keywords / sizeof *keywords; ++i) {
		if (strncasecmp(word, keywords[i], n) == 0) {
			char *const keyword = tt_must(strdup(keywords[i]));
			for (char *c = keyword; is_lower && *c; ++c) {
				*c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
			}
			add(&state.candidates, keyword);
		}
	}
}

static void offer_prefixes(const char *word)
{
	const size_t n = strlen(word);
	tt_view name;
	tt_view iri;
	for (size_t i = 0; n && tt_db_prefix(state.shell->db, i, &name, &iri, NULL); ++i) {
		if (name.size >= n && memcmp(name.data, word, n) == 0) {
			add(&state.candidates, joined(name, (tt_view){":", 1}));
		}
	}
}

static void offer_all(const char *word, const word_list *list)
{
	const size_t n = strlen(word);
	for (size_t i = 0; i < list->n_items; ++i) {
		if (strncmp(word, list->items[i], n) == 0) {
			add(&state.candidates, strdup(list->items[i]));
		}
	}
}

static bool is_name_byte(char c)
{
	const unsigned char byte = (unsigned char)c;
	return byte >= 0x80 || c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void offer_variables_of(tt_view text, const char *word)
{
	const size_t n = strlen(word);
	for (size_t i = 0; i < text.size; ++i) {
		if (text.data[i] != '?' && text.data[i] != '$') {
			continue;
		}
		size_t end = i + 1;
		while (end < text.size && is_name_byte(text.data[end])) {
			++end;
		}
		const tt_view variable = {text.data + i, end - i};
		if (variable.size > 1 && variable.size > n && memcmp(variable.data, word, n) == 0) {
			add_if_new(&state.candidates, variable);
		}
		i = end - 1;
	}
}

static void offer_variables(const char *word)
{
	offer_variables_of(tt_text_view(&state.shell->query), word);
	offer_variables_of(tt_text_of(rl_line_buffer), word);
}

/* ---- the names of the data ------------------------------------------------------------------------------ */

static bool is_plain_local(tt_view local)
{
	for (size_t i = 0; i < local.size; ++i) {
		const bool is_inner = i > 0 && i + 1 < local.size;
		if (!is_name_byte(local.data[i]) && local.data[i] != '-' && !(is_inner && local.data[i] == '.')) {
			return false;
		}
	}
	return local.size > 0 && local.data[0] != '-';
}

/* Ask for the IRIs that begin with the prefix's; what came before the time was over is offered. */
static void ask_names(word_list *names, const char *prefix, tt_view iri)
{
	char *query = NULL;
	if (asprintf(&query,
	             "SELECT DISTINCT ?x { { ?x ?p ?o } UNION { ?s ?x ?o } UNION { ?s ?p ?x } "
	             "FILTER(ISIRI(?x) && STRSTARTS(STR(?x), \"%.*s\")) } LIMIT 5000",
	             (int)iri.size, iri.data) < 0) {
		(void)tt_must(NULL);
	}
	const tt_query_options options = {.is_union_default_graph = true, .timeout_seconds = 0.3};
	tt_results *results = NULL;
	const tt_term *row = NULL;
	*tt_interrupted() = 0;
	if (tt_db_query(state.shell->db, tt_text_of(query), &options, &results) == TT_OK) {
		while (tt_results_next(results, &row) == TT_OK && row) {
			const tt_view local = {row[0].text.data + iri.size, row[0].text.size - iri.size};
			if (is_plain_local(local)) {
				add(names, joined(tt_text_of(prefix), local));
			}
		}
		tt_results_free(results);
	}
	free(query);
}

static const word_list *names_of(const char *prefix, tt_view iri)
{
	for (size_t i = 0; i < state.n_known; ++i) {
		if (strcmp(state.known[i].prefix, prefix) == 0) {
			return &state.known[i].names;
		}
	}
	state.known = tt_must(reallocarray(state.known, state.n_known + 1, sizeof *state.known));
	known_names *const added = &state.known[state.n_known++];
	*added = (known_names){.prefix = tt_must(strdup(prefix))};
	ask_names(&added->names, prefix, iri);
	return &added->names;
}

/* A query is made with an IRI: one that would not stand in a string is left alone. */
static bool is_safe_in_query(tt_view iri)
{
	return !memchr(iri.data, '"', iri.size) && !memchr(iri.data, '\\', iri.size);
}

/* The names of a prefix without it, whatever the case of letters. */
static void offer_locals(const char *word, const word_list *names, size_t n_prefix)
{
	for (size_t i = 0; i < names->n_items; ++i) {
		if (strncasecmp(word, names->items[i] + n_prefix, strlen(word)) == 0) {
			add(&state.candidates, strdup(names->items[i] + n_prefix));
		}
	}
}

static void offer_names(const char *word)
{
	const size_t n_name = (size_t)(strchr(word, ':') - word);
	char *const prefix = tt_must(strndup(word, n_name + 1));
	tt_view name;
	tt_view iri;
	for (size_t i = 0; tt_db_prefix(state.shell->db, i, &name, &iri, NULL); ++i) {
		if (name.size == n_name && memcmp(name.data, word, n_name) == 0 && is_safe_in_query(iri)) {
			offer_all(word, names_of(prefix, iri));
			break;
		}
	}
	free(prefix);
}

void tt_complete_forget(void)
{
	for (size_t i = 0; i < state.n_known; ++i) {
		free(state.known[i].prefix);
		clear(&state.known[i].names);
	}
	free(state.known);
	state.known = NULL;
	state.n_known = 0;
	clear(&state.candidates);
}

/* ---- dot commands ---------------------------------------------------------------------------------------- */

static bool is_command_line(void)
{
	return !state.shell->query.size && tt_command_is(tt_text_of(rl_line_buffer));
}

static void offer_commands(const char *word)
{
	for (size_t i = 0; tt_command_name(i); ++i) {
		if (strncasecmp(word, tt_command_name(i), strlen(word)) == 0) {
			add(&state.candidates, strdup(tt_command_name(i)));
		}
	}
}

static void offer_texts(const char *word, const char *const *texts)
{
	for (; *texts; ++texts) {
		if (strncasecmp(word, *texts, strlen(word)) == 0) {
			add(&state.candidates, strdup(*texts));
		}
	}
}

static void offer_modes(const char *word)
{
	static const char *const modes[] = {"auto", "table",  "csv",      "tsv",    "json", "xml",
	                                    "text", "turtle", "ntriples", "jsonld", NULL};
	offer_texts(word, modes);
}

static void offer_switch(const char *word)
{
	static const char *const switches[] = {"on", "off", NULL};
	offer_texts(word, switches);
}

/* A thing is named by its prefixed name, or its local name if the data declare the prefix (engine/resolve.h). */
static void offer_things(const char *word)
{
	tt_view name;
	tt_view iri;
	bool is_data = false;
	if (strchr(word, ':')) {
		offer_names(word);
		return;
	}
	for (size_t i = 0; word[0] && tt_db_prefix(state.shell->db, i, &name, &iri, &is_data); ++i) {
		if (is_data && is_safe_in_query(iri)) {
			char *const prefix = joined(name, (tt_view){":", 1});
			offer_locals(word, names_of(prefix, iri), name.size + 1);
			free(prefix);
		}
	}
	offer_prefixes(word);
}

/* The first word behind .ask is a question, the others are its parameters. */
static void offer_parameters(tt_questions *questions, const char *word)
{
	const size_t n_before = strspn(rl_line_buffer + strlen(".ask"), " \t") + strlen(".ask");
	char *const which = tt_must(strndup(rl_line_buffer + n_before, strcspn(rl_line_buffer + n_before, " \t")));
	const tt_question *question = NULL;
	(void)!tt_questions_find(questions, which, &question);
	for (size_t i = 0; question && i < question->n_parameters; ++i) {
		const char *const name = question->parameters[i].name;
		if (strncmp(word, name, strlen(word)) == 0) {
			add(&state.candidates, joined(tt_text_of(name), (tt_view){"=", 1}));
		}
	}
	free(which);
}

static bool is_first_argument(const char *word)
{
	const char *argument = rl_line_buffer + strcspn(rl_line_buffer, " \t");
	argument += strspn(argument, " \t");
	return rl_point - (int)strlen(word) <= (int)(argument - rl_line_buffer);
}

static void offer_questions(const char *word)
{
	tt_questions *questions = NULL;
	const char *const folder = state.shell->questions;
	char *const of_study = folder ? NULL : tt_study_questions();
	if ((folder || of_study) && tt_questions_read(folder ? folder : of_study, &questions) == TT_OK) {
		const tt_question *question = is_first_argument(word) ? tt_questions_get(questions, 0) : NULL;
		for (size_t i = 0; question; question = tt_questions_get(questions, ++i)) {
			if (strncmp(word, question->name, strlen(word)) == 0) {
				add(&state.candidates, strdup(question->name));
			}
		}
		if (!is_first_argument(word)) {
			offer_parameters(questions, word);
		}
	}
	tt_questions_free(questions);
	free(of_study);
}

static const struct argument {
	const char *command;
	void (*offer)(const char *word); /* NULL: file names */
} arguments[] = {{".load", NULL},
                 {".mode", offer_modes},
                 {".timer", offer_switch},
                 {".ask", offer_questions},
                 {".questions", NULL},
                 {".help", offer_commands},
                 {".compare", offer_things},
                 {".coverage", offer_things},
                 {".conflicts", offer_things}};

/* The table's entry of the command in the line, or NULL. */
static const struct argument *find_argument(void)
{
	const size_t n_name = strcspn(rl_line_buffer, " \t");
	for (size_t i = 0; i < sizeof arguments / sizeof *arguments; ++i) {
		if (strlen(arguments[i].command) == n_name && strncasecmp(arguments[i].command, rl_line_buffer, n_name) == 0) {
			return &arguments[i];
		}
	}
	return NULL;
}

/* ---- readline's side ---------------------------------------------------------------------------------------- */

static char *give_next(const char *word, int n_th)
{
	(void)word;
	state.next = n_th == 0 ? 0 : state.next;
	return state.next < state.candidates.n_items ? tt_must(strdup(state.candidates.items[state.next++])) : NULL;
}

static void collect(const char *word, int start)
{
	const struct argument *const argument = is_command_line() && start > 0 ? find_argument() : NULL;
	if (is_command_line()) {
		if (start == 0) {
			offer_commands(word);
		} else if (argument) {
			argument->offer(word);
		}
	} else if (word[0] == '?' || word[0] == '$') {
		offer_variables(word);
	} else if (strchr(word, ':')) {
		offer_names(word);
	} else if (word[0]) {
		offer_keywords(word);
		offer_prefixes(word);
	}
}

static char **complete_word(const char *word, int start, int end)
{
	(void)end;
	rl_attempted_completion_over = 1;
	if (is_command_line() && start > 0) {
		const struct argument *const argument = find_argument();
		if (argument && !argument->offer) {
			rl_filename_completion_desired = 1;
			return rl_completion_matches(word, rl_filename_completion_function);
		}
	}
	clear(&state.candidates);
	collect(word, start);
	char **const matches = rl_completion_matches(word, give_next);
	const size_t n = matches && matches[0] ? strlen(matches[0]) : 0;
	if (n && (matches[0][n - 1] == ':' || matches[0][n - 1] == '=')) {
		rl_completion_append_character = '\0'; /* a prefix or parameter: the name or value follows at once */
	}
	return matches;
}

static char *choose_word_breaks(void)
{
	static char of_commands[] = " \t";
	static char of_queries[] = " \t\n\"'<>=;,|&{}()[]^*/+!";
	return is_command_line() ? of_commands : of_queries;
}

void tt_complete_init(tt_shell *shell)
{
	state.shell = shell;
	rl_attempted_completion_function = complete_word;
	rl_completion_word_break_hook = choose_word_breaks;
	rl_special_prefixes = "";
	rl_completer_quote_characters = "";
}
