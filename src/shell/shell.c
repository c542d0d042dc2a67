/* shell.c - the loop that reads lines and gathers them to queries.
 *
 * SPARQL has no sign that ends a query. At a terminal a query runs at the end of the line on which it is complete, or
 * broken beyond repair, unless more input waits already (a pasted text); an empty line runs what is there. In a pipe
 * everything up to a line with nothing but a semicolon, up to a dot command, or up to the end is one query. In both, a
 * semicolon behind a complete query ends it. */
#include "shell/shell.h"

#include "shell/commands.h"
#include "shell/complete.h"
#include "shell/console.h"
#include "shell/empty.h"
#include "shell/history.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <readline/readline.h>

/** Input that is already there, or comes within so many milliseconds, belongs to what was typed before: a paste. */
enum { PASTE_MILLISECONDS = 30 };

void tt_shell_ask(tt_shell *shell, tt_view query)
{
	tt_answer_options options = shell->options;
	options.is_explained = shell->explaining != TT_SHOW_ANSWER;
	options.query.is_plan_only = shell->explaining == TT_SHOW_PLAN;
	options.query.is_profiled = shell->explaining == TT_SHOW_PROFILE;
	const bool is_why_empty = shell->explaining == TT_SHOW_WHY_EMPTY;
	shell->explaining = TT_SHOW_ANSWER;
	if (query.data != shell->last.data) {
		tt_text_reset(&shell->last);
		tt_text_append(&shell->last, query);
		options.query.n_bindings = 0;
	}
	*tt_interrupted() = shell->is_interactive ? 0 : *tt_interrupted();
	const bool is_update = tt_db_is_update(shell->db, query);
	if (!is_update) { /* else they are still those of the last query, for .why */
		shell->options.query.n_bindings = options.query.n_bindings;
	}
	const int status = is_why_empty && !is_update
	                       ? tt_empty_explain(shell->db, query, &options.query)
	                       : (is_update ? tt_answer_update : tt_answer)(shell->db, query, &options);
	if (is_update) {
		tt_complete_forget(); /* new names may be there */
		shell->is_stale = true;
	} else {
		tt_text_reset(&shell->asked);
		tt_text_append(&shell->asked, query);
		shell->is_stale = false;
	}
	shell->status = status == TT_EXIT_OK ? shell->status : status;
	if (status == TT_EXIT_INTERRUPTED && !shell->is_interactive) {
		shell->is_over = true;
	}
}

/* ---- declarations ---------------------------------------------------------------------------------------- */

/* Cut `PREFIX name: <iri>` off a text. */
static bool take_prefix(tt_view *text, tt_view *out_name, tt_view *out_iri)
{
	static const char keyword[] = "PREFIX";
	const size_t n_keyword = sizeof keyword - 1;
	if (text->size <= n_keyword || strncasecmp(text->data, keyword, n_keyword) != 0) {
		return false;
	}
	const tt_view rest = tt_text_trim((tt_view){text->data + n_keyword, text->size - n_keyword});
	const char *const colon = rest.size ? memchr(rest.data, ':', rest.size) : NULL;
	const char *const end = rest.size ? memchr(rest.data, '>', rest.size) : NULL;
	if (!colon || !end || colon > end) {
		return false;
	}
	*out_name = (tt_view){rest.data, (size_t)(colon - rest.data)};
	*out_iri = tt_text_trim((tt_view){colon + 1, (size_t)(end - colon) - 1});
	if (!out_iri->size || out_iri->data[0] != '<') {
		return false;
	}
	++out_iri->data;
	--out_iri->size;
	*text = tt_text_trim((tt_view){end + 1, rest.size - (size_t)(end + 1 - rest.data)});
	return true;
}

/* A text of nothing but PREFIX declarations declares them for the rest of the conversation. */
static bool declare_prefixes(tt_shell *shell, tt_view text)
{
	tt_view name;
	tt_view iri;
	tt_view rest = text;
	while (rest.size) {
		if (!take_prefix(&rest, &name, &iri)) {
			return false;
		}
	}
	while (take_prefix(&text, &name, &iri)) {
		if (tt_db_set_prefix(shell->db, name, iri) != TT_OK) {
			shell->status = tt_complain_db(shell->db);
		}
	}
	return true;
}

/* ---- gathering a query ------------------------------------------------------------------------------------- */

static void run_gathered(tt_shell *shell)
{
	const tt_view text = tt_text_trim(tt_text_view(&shell->query));
	if (!tt_text_is_empty_query(text)) {
		if (shell->is_interactive) {
			tt_history_add(text);
		}
		if (!declare_prefixes(shell, text)) {
			tt_shell_ask(shell, text);
		}
	}
	shell->explaining = TT_SHOW_ANSWER;
	tt_text_reset(&shell->query);
}

/* Whether a semicolon ends the gathered text, being no part of the query; it is cut off. Within a group it is the one
 * between the predicates of a subject. */
static bool takes_semicolon(tt_shell *shell)
{
	const tt_view text = tt_text_trim(tt_text_view(&shell->query));
	if (!text.size || text.data[text.size - 1] != ';') {
		return false;
	}
	const tt_view before = {text.data, text.size - 1};
	if (tt_db_completeness(shell->db, before) != TT_TEXT_COMPLETE) {
		return false;
	}
	shell->query.data[(size_t)(before.data - shell->query.data) + before.size] = ' ';
	return true;
}

static bool is_ready(tt_shell *shell, bool is_line_empty, bool is_more)
{
	if (takes_semicolon(shell)) {
		return true;
	}
	if (!shell->is_interactive || is_more || tt_text_is_empty_query(tt_text_view(&shell->query))) {
		return false;
	}
	return is_line_empty || tt_db_completeness(shell->db, tt_text_view(&shell->query)) != TT_TEXT_INCOMPLETE;
}

/* The command that somebody means who does not know about the dot yet. */
static const char *guess_command(tt_view line)
{
	static const char *const words[] = {".help", ".quit", ".exit"};
	for (size_t i = 0; i < sizeof words / sizeof *words; ++i) {
		if (strlen(words[i]) - 1 == line.size && strncasecmp(words[i] + 1, line.data, line.size) == 0) {
			return words[i];
		}
	}
	return NULL;
}

static void run_command(tt_shell *shell, tt_view line)
{
	run_gathered(shell);
	if (shell->is_interactive) {
		tt_history_add(line);
	}
	*tt_interrupted() = shell->is_interactive ? 0 : *tt_interrupted();
	tt_command_run(shell, line);
}

/* Take one line. @param is_more Whether the next line is there already. */
static void take_line(tt_shell *shell, tt_view line, bool is_more)
{
	const tt_view trimmed = tt_text_trim(line);
	const bool is_first = tt_text_is_empty_query(tt_text_view(&shell->query));
	const char *const guessed = is_first && shell->is_interactive ? guess_command(trimmed) : NULL;
	if (guessed) {
		run_command(shell, tt_text_of(guessed));
	} else if (tt_command_is_known(trimmed) || (is_first && tt_command_is(trimmed))) {
		run_command(shell, trimmed);
	} else if (trimmed.size == 1 && trimmed.data[0] == ';' && !shell->is_interactive) {
		run_gathered(shell);
	} else {
		tt_text_append(&shell->query, line);
		tt_text_append(&shell->query, (tt_view){"\n", 1});
		if (is_ready(shell, !trimmed.size, is_more)) {
			run_gathered(shell);
		} else if (is_first && !trimmed.size) {
			tt_text_reset(&shell->query);
		}
	}
}

void tt_shell_explain(tt_shell *shell, tt_view begin, tt_explaining explaining)
{
	shell->explaining = explaining;
	if (begin.size) {
		take_line(shell, begin, false);
	} else if (shell->last.size) {
		tt_shell_ask(shell, tt_text_view(&shell->last));
	} else {
		tt_complain("there was no query yet: write one behind the command");
		shell->explaining = TT_SHOW_ANSWER;
		shell->status = TT_EXIT_ERROR;
	}
}

/* ---- at a terminal ------------------------------------------------------------------------------------------- */

enum { KEY_INTERRUPT = 3 };

/* Wait for something to read; false if a signal has come, also one that comes while we look. */
static bool wait_for_input(FILE *stream)
{
	bool is_there = false;
	sigset_t interrupt;
	sigset_t before;
	struct pollfd input = {.fd = fileno(stream), .events = POLLIN};
	(void)sigemptyset(&interrupt);
	(void)sigaddset(&interrupt, SIGINT);
	(void)sigprocmask(SIG_BLOCK, &interrupt, &before);
	if (!*tt_interrupted() && !rl_pending_signal()) {
		is_there = ppoll(&input, 1, NULL, &before) > 0;
	}
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	return is_there;
}

/* Read a key as readline does, but let Ctrl-C come through as a key: then readline() ends in an orderly way. */
static int read_key(FILE *stream)
{
	unsigned char key = 0;
	for (;;) {
		const bool is_there = wait_for_input(stream);
		rl_check_signals();
		if (*tt_interrupted()) {
			return KEY_INTERRUPT;
		}
		const ssize_t n = is_there ? read(fileno(stream), &key, 1) : -1;
		if (n == 1) {
			return key;
		}
		if (is_there && (n == 0 || errno != EINTR)) {
			return EOF;
		}
	}
}

/* Ctrl-C: drop the line. */
static int drop_line(int count, int key)
{
	(void)count;
	(void)key;
	*tt_interrupted() = 1;
	rl_replace_line("", 0);
	rl_crlf();
	rl_done = 1;
	return 0;
}

static bool is_input_waiting(void)
{
	struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
	return poll(&input, 1, PASTE_MILLISECONDS) > 0 && (input.revents & POLLIN);
}

/* A typed line; a pasted text comes as one with line ends in it. */
static void take_typed(tt_shell *shell, const char *typed)
{
	tt_view rest = tt_text_of(typed);
	do {
		const tt_view line = tt_text_take_line(&rest);
		take_line(shell, line, rest.size || is_input_waiting());
	} while (rest.size && !shell->is_over);
}

static void welcome(tt_shell *shell)
{
	tt_db_stats stats = {0};
	if (tt_db_get_stats(shell->db, &stats) != TT_OK) {
		shell->status = tt_complain_db(shell->db);
	}
	printf("Tertium %s: %s, %" PRIu64 " statements in %" PRIu64 " named graphs%s.\n", tt_version(),
	       shell->is_study    ? "the study"
	       : shell->directory ? shell->directory
	                          : "your data",
	       stats.n_quads, stats.n_named_graphs,
	       shell->options.query.is_union_default_graph ? ", which plain patterns see as one" : "");
	printf("Try  %s   .questions   .help\n",
	       shell->is_study ? "SELECT ?p ?o { study:RATS ?p ?o }" : "SELECT * { ?s ?p ?o } LIMIT 5");
	(void)tt_flush_output();
}

static const char *prompt(const tt_shell *shell)
{
	return shell->query.size ? "   ...> " : tt_db_is_in_transaction(shell->db) ? "tertium*> " : "tertium> ";
}

static void converse(tt_shell *shell)
{
	rl_readline_name = "tertium";
	rl_outstream = isatty(STDOUT_FILENO) ? stdout : stderr;
	rl_getc_function = read_key;
	(void)rl_bind_key(KEY_INTERRUPT, drop_line);
	tt_complete_init(shell);
	tt_history_begin();
	welcome(shell);
	while (!shell->is_over) {
		*tt_interrupted() = 0;
		char *const line = readline(prompt(shell));
		if (*tt_interrupted()) {
			tt_text_reset(&shell->query);
			shell->explaining = TT_SHOW_ANSWER;
		} else if (line) {
			take_typed(shell, line);
		} else {
			(void)fputc('\n', rl_outstream);
			shell->is_over = true;
		}
		free(line);
	}
	tt_complete_forget();
	tt_history_end();
}

/* ---- in a pipe ------------------------------------------------------------------------------------------------- */

static void read_pipe(tt_shell *shell)
{
	char *line = NULL;
	size_t capacity = 0;
	ssize_t n = 0;
	while (!shell->is_over && (n = getline(&line, &capacity, stdin)) >= 0) {
		const size_t n_bytes = (size_t)n;
		take_line(shell, (tt_view){line, n_bytes - (n_bytes && line[n_bytes - 1] == '\n')}, true);
	}
	free(line);
	if (*tt_interrupted()) {
		shell->status = TT_EXIT_INTERRUPTED;
	} else if (ferror(stdin)) {
		tt_complain("cannot read standard input: %s", strerror(errno));
		shell->status = TT_EXIT_ERROR;
	} else if (!shell->is_over) {
		run_gathered(shell);
	}
}

int tt_shell_run(const tt_data_choice *data, const tt_query_options *options)
{
	tt_shell shell = {.directory = data->storage ? data->storage : data->directory,
	                  .is_study = tt_data_is_study(data),
	                  .is_interactive = isatty(STDIN_FILENO)};
	shell.options = (tt_answer_options){.is_lenient = true,
	                                    .is_paged = shell.is_interactive,
	                                    .is_counted = shell.is_interactive,
	                                    .how_empty = shell.is_interactive ? ".why-empty" : NULL,
	                                    .is_numbered = shell.is_interactive,
	                                    .query = *options};
	shell.options.query.is_union_default_graph = shell.is_study || options->is_union_default_graph;
	shell.options.query.source_name = shell.is_interactive ? NULL : "standard input";
	shell.options.query.warn = tt_print_warning;
	tt_catch_interrupts(!shell.is_interactive);
	const bool is_writable = data->storage || (data->directory && access(data->directory, W_OK) == 0);
	const int status = tt_data_open(data, is_writable ? TT_OPEN_WRITE : TT_OPEN_READ, &shell.db);
	if (status != TT_EXIT_OK) {
		return status;
	}
	if (shell.is_interactive) {
		converse(&shell);
	} else {
		read_pipe(&shell);
	}
	if (tt_db_is_in_transaction(shell.db)) {
		tt_complain("the transaction was not committed: its changes are gone");
		shell.status = TT_EXIT_ERROR;
	}
	tt_text_free(&shell.query);
	tt_text_free(&shell.last);
	tt_text_free(&shell.asked);
	tt_bindings_clear(&shell.bindings);
	free(shell.questions);
	tt_text_free(&shell.disabled_passes);
	tt_db_close(shell.db);
	return shell.is_interactive ? TT_EXIT_OK : shell.status;
}
