/* commands.c - the table of dot commands and what they do. */
#include "shell/commands.h"

#include "shell/compare.h"
#include "shell/complete.h"
#include "shell/console.h"
#include "shell/questions.h"
#include "shell/survey.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <readline/readline.h>

enum { MOST_WORDS = 32 };

typedef struct command {
	const char *name;
	const char *arguments;
	const char *help;
	void (*run)(tt_shell *shell, size_t n_words, char **words); /* words[0] is the name */
	size_t n_least, n_most;                                     /* words behind the name, or REST */
} command;

/** As n_most: whatever stands behind the name is one word. */
enum { REST = MOST_WORDS };

static const command *find_command(const char *name);
static void run_help(tt_shell *shell, size_t n_words, char **words);

static void fail(tt_shell *shell, int status)
{
	shell->status = status;
}

/* ---- what they do -------------------------------------------------------------------------------------- */

static void run_quit(tt_shell *shell, size_t n_words, char **words)
{
	(void)n_words;
	(void)words;
	shell->is_over = true;
}

static void print_prefixes(tt_shell *shell, bool of_data)
{
	tt_view name;
	tt_view iri;
	bool is_data = false;
	for (size_t i = 0; tt_db_prefix(shell->db, i, &name, &iri, &is_data); ++i) {
		if (is_data == of_data) {
			printf("  %.*s:%*s <%.*s>\n", (int)name.size, name.data, name.size < 10 ? (int)(10 - name.size) : 0, "",
			       (int)iri.size, iri.data);
		}
	}
}

/* An IRI with or without its brackets. */
static tt_view without_brackets(const char *text)
{
	const size_t n = strlen(text);
	return text[0] == '<' && text[n - 1] == '>' && n > 1 ? (tt_view){text + 1, n - 2} : (tt_view){text, n};
}

static void run_prefixes(tt_shell *shell, size_t n_words, char **words)
{
	if (n_words == 2) {
		tt_complain(".prefixes takes no argument, or a name and an IRI: .prefixes ex: <http://example.org/>");
		fail(shell, TT_EXIT_ERROR);
	} else if (n_words == 3) {
		tt_view name = tt_text_of(words[1]);
		name.size -= name.size && name.data[name.size - 1] == ':';
		if (tt_db_set_prefix(shell->db, name, without_brackets(words[2])) != TT_OK) {
			fail(shell, tt_complain_db(shell->db));
		}
	} else {
		printf("Prefixes of the data:\n");
		print_prefixes(shell, true);
		printf("Known without declaration, too:\n");
		print_prefixes(shell, false);
	}
}

/* The IRI that a graph argument means: <IRI>, a prefixed name with a known prefix, or an IRI. Free with free(). */
static char *expand_graph(tt_shell *shell, const char *text)
{
	const tt_view bare = without_brackets(text);
	const char *const colon = strchr(text, ':');
	tt_view name;
	tt_view iri;
	for (size_t i = 0; colon && text[0] != '<' && tt_db_prefix(shell->db, i, &name, &iri, NULL); ++i) {
		if (name.size == (size_t)(colon - text) && memcmp(name.data, text, name.size) == 0) {
			char *expanded = NULL;
			return asprintf(&expanded, "%.*s%s", (int)iri.size, iri.data, colon + 1) < 0 ? tt_must(NULL) : expanded;
		}
	}
	return colon ? tt_must(strndup(bare.data, bare.size)) : NULL;
}

static void run_load(tt_shell *shell, size_t n_words, char **words)
{
	char *const path = tilde_expand(words[1]);
	char *const graph = n_words > 2 ? expand_graph(shell, words[2]) : NULL;
	const char *const paths[] = {path};
	const tt_load_options options = {.graph = graph};
	uint64_t n_statements = 0;
	if (n_words > 2 && !graph) {
		tt_complain("%s is no graph: name it by an IRI or a prefixed name", words[2]);
		fail(shell, TT_EXIT_ERROR);
	} else if (tt_db_load(shell->db, paths, &options, 1, &n_statements) != TT_OK) {
		fail(shell, tt_complain_db(shell->db));
	} else if (shell->is_interactive) {
		printf("%" PRIu64 " statement%s read.\n", n_statements, n_statements == 1 ? "" : "s");
	}
	tt_complete_forget(); /* new names may be there */
	shell->is_stale = true;
	free(graph);
	free(path);
}

static void run_mode(tt_shell *shell, size_t n_words, char **words)
{
	if (n_words == 1) {
		printf("%s\n", tt_answer_format_name(shell->options.format));
		return;
	}
	const tt_format format = tt_format_named(words[1]);
	if (format == TT_FORMAT_NONE && strcasecmp(words[1], "auto") != 0) {
		tt_complain("there is no format %s: use auto, table, csv, tsv, json, xml, text, turtle, ntriples or jsonld",
		            words[1]);
		fail(shell, TT_EXIT_ERROR);
		return;
	}
	shell->options.format = format;
}

static void run_describe(tt_shell *shell, size_t n_words, char **words)
{
	(void)n_words;
	const tt_description description = tt_description_named(words[1]);
	if (description == TT_DESCRIBE_DEFAULT) {
		tt_complain("there is no description %s: use cbd, scbd or direct", words[1]);
		fail(shell, TT_EXIT_ERROR);
		return;
	}
	shell->options.query.description = description;
}

static void run_timer(tt_shell *shell, size_t n_words, char **words)
{
	if (n_words == 1) {
		shell->options.is_timed = !shell->options.is_timed;
	} else if (strcasecmp(words[1], "on") == 0 || strcasecmp(words[1], "off") == 0) {
		shell->options.is_timed = strcasecmp(words[1], "on") == 0;
	} else {
		tt_complain(".timer takes on or off, not %s", words[1]);
		fail(shell, TT_EXIT_ERROR);
		return;
	}
	if (shell->is_interactive) {
		printf("The timer is %s.\n", shell->options.is_timed ? "on" : "off");
	}
}

static void run_explain(tt_shell *shell, size_t n_words, char **words)
{
	tt_shell_explain(shell, tt_text_of(n_words > 1 ? words[1] : ""), TT_SHOW_PLAN);
}

static void run_profile(tt_shell *shell, size_t n_words, char **words)
{
	tt_shell_explain(shell, tt_text_of(n_words > 1 ? words[1] : ""), TT_SHOW_PROFILE);
}

/* A row number or a word behind .why and .cite. */
static bool read_why_word(const char *word, tt_why_options *which, tt_citation_style *style)
{
	char *end = NULL;
	const uint64_t row = strtoull(word, &end, 10);
	const tt_citation_style named = *style ? tt_citation_style_named(word) : TT_CITE_NONE;
	if (word[0] >= '1' && word[0] <= '9' && !*end) {
		which->row = row;
	} else if (strcasecmp(word, "all") == 0) {
		which->is_all = true;
	} else if (named) {
		*style = named;
	} else {
		return false;
	}
	return true;
}

static void tell_why(tt_shell *shell, size_t n_words, char **words, tt_citation_style style)
{
	tt_why_options which = {.row = 1};
	for (size_t i = 1; i < n_words; ++i) {
		if (!read_why_word(words[i], &which, &style)) {
			tt_complain("%s takes the number of a row%s or all, not %s", words[0], style ? ", footnotes, bibtex" : "",
			            words[i]);
			fail(shell, TT_EXIT_ERROR);
			return;
		}
	}
	if (!shell->asked.size) {
		tt_complain("there was no query yet: ask one, then %s its rows", words[0]);
		fail(shell, TT_EXIT_ERROR);
		return;
	}
	if (shell->is_stale) {
		(void)fprintf(stderr, "The data have changed since: this is row %" PRIu64 " of the answer as it is now.\n",
		              which.row);
	}
	const int status = tt_answer_why(shell->db, tt_text_view(&shell->asked), &shell->options, &which, style);
	if (status != TT_EXIT_OK) {
		fail(shell, status);
	}
}

static void run_why(tt_shell *shell, size_t n_words, char **words)
{
	tell_why(shell, n_words, words, TT_CITE_NONE);
}

static void run_cite(tt_shell *shell, size_t n_words, char **words)
{
	tell_why(shell, n_words, words, TT_CITE_FOOTNOTES);
}

static void run_why_empty(tt_shell *shell, size_t n_words, char **words)
{
	tt_shell_explain(shell, tt_text_of(n_words > 1 ? words[1] : ""), TT_SHOW_WHY_EMPTY);
}

/* `.conflicts [THING] [all]`, `.coverage [CLASS] [all]`. */
static void run_survey(tt_shell *shell, size_t n_words, char **words,
                       int look(tt_db *db, const tt_survey *survey, const tt_answer_options *options))
{
	tt_survey survey = {.is_all = n_words > 1 && strcasecmp(words[n_words - 1], "all") == 0};
	const size_t n_names = n_words - 1 - survey.is_all;
	if (n_names > 1) {
		tt_complain("%s takes one name: put one of several words in quotes", words[0]);
		fail(shell, TT_EXIT_ERROR);
		return;
	}
	survey.name = n_names ? words[1] : NULL;
	const int status = look(shell->db, &survey, &shell->options);
	if (status != TT_EXIT_OK) {
		fail(shell, status);
	}
}

static void run_conflicts(tt_shell *shell, size_t n_words, char **words)
{
	run_survey(shell, n_words, words, tt_survey_conflicts);
}

static void run_coverage(tt_shell *shell, size_t n_words, char **words)
{
	run_survey(shell, n_words, words, tt_survey_coverage);
}

static void run_optimise(tt_shell *shell, size_t n_words, char **words)
{
	tt_query_options *const query = &shell->options.query;
	const bool is_on = n_words > 1 && strcasecmp(words[1], "on") == 0;
	const bool is_off = n_words > 1 && strcasecmp(words[1], "off") == 0;
	if (n_words > 1) {
		query->is_unoptimised = is_off;
		tt_text_reset(&shell->disabled_passes);
		tt_text_append(&shell->disabled_passes, tt_text_of(is_on || is_off ? "" : words[1]));
		query->disabled_passes = shell->disabled_passes.data;
	}
	if (n_words == 1 || shell->is_interactive) {
		const bool is_partial = query->disabled_passes && query->disabled_passes[0];
		printf("The optimiser is %s%s.\n",
		       query->is_unoptimised ? "off"
		       : is_partial          ? "on, without "
		                             : "on",
		       is_partial ? query->disabled_passes : "");
	}
}

static void run_timeout(tt_shell *shell, size_t n_words, char **words)
{
	double *const seconds = &shell->options.query.timeout_seconds;
	if (n_words > 1 && strcasecmp(words[1], "off") == 0) {
		*seconds = 0;
	} else if (n_words > 1 && !tt_text_read_seconds(words[1], seconds)) {
		tt_complain(".timeout takes a number of seconds or off, not %s", words[1]);
		fail(shell, TT_EXIT_ERROR);
		return;
	}
	if (n_words == 1 || shell->is_interactive) {
		printf(*seconds > 0 ? "A query may take %g s.\n" : "A query may take any time.\n", *seconds);
	}
}

static void run_memory(tt_shell *shell, size_t n_words, char **words)
{
	size_t *const n_bytes = &shell->options.query.memory_bytes;
	if (n_words > 1 && strcasecmp(words[1], "off") == 0) {
		*n_bytes = 0;
	} else if (n_words > 1 && !tt_text_read_size(words[1], n_bytes)) {
		tt_complain(".memory takes a number of bytes such as 500M, or off, not %s", words[1]);
		fail(shell, TT_EXIT_ERROR);
		return;
	}
	if (n_words == 1 || shell->is_interactive) {
		printf(*n_bytes ? "A query may take %.6g MB of memory.\n" : "A query may take any memory.\n",
		       (double)*n_bytes / (1 << 20));
	}
}

static void run_questions(tt_shell *shell, size_t n_words, char **words)
{
	char *const folder = n_words > 1 ? tilde_expand(words[1]) : NULL;
	tt_shell_list_questions(shell, folder);
	free(folder);
}

static void run_ask(tt_shell *shell, size_t n_words, char **words)
{
	tt_shell_ask_question(shell, words[1], n_words - 2, words + 2);
}

static void run_graphs(tt_shell *shell, size_t n_words, char **words)
{
	(void)n_words;
	(void)words;
	tt_shell_ask(shell, tt_text_of("SELECT ?graph (COUNT(*) AS ?statements) { GRAPH ?graph { ?s ?p ?o } } "
	                               "GROUP BY ?graph ORDER BY ?graph"));
}

static void run_compare(tt_shell *shell, size_t n_words, char **words)
{
	*tt_interrupted() = shell->is_interactive ? 0 : *tt_interrupted();
	const int status = tt_compare_words(shell->db, words + 1, n_words - 1, &shell->options.query,
	                                    shell->is_interactive);
	if (status != TT_EXIT_OK) {
		fail(shell, status);
	}
}

static void run_stats(tt_shell *shell, size_t n_words, char **words)
{
	(void)n_words;
	(void)words;
	tt_db_stats stats;
	if (tt_db_get_stats(shell->db, &stats) != TT_OK) {
		fail(shell, tt_complain_db(shell->db));
		return;
	}
	const struct {
		const char *name;
		uint64_t n;
	} lines[] = {{"statements (quads)", stats.n_quads},        {"triples, all graphs as one", stats.n_triples},
	             {"named graphs", stats.n_named_graphs},       {"different subjects", stats.n_subjects},
	             {"different predicates", stats.n_predicates}, {"different objects", stats.n_objects},
	             {"terms in the dictionary", stats.n_terms}};
	for (size_t i = 0; i < sizeof lines / sizeof *lines; ++i) {
		printf("%12" PRIu64 "  %s\n", lines[i].n, lines[i].name);
	}
}

/* ---- transactions --------------------------------------------------------------------------------------- */

static void run_begin(tt_shell *shell, size_t n_words, char **words)
{
	(void)n_words;
	(void)words;
	if (tt_db_begin(shell->db) != TT_OK) {
		fail(shell, tt_complain_db(shell->db));
	}
}

static void run_commit(tt_shell *shell, size_t n_words, char **words)
{
	(void)n_words;
	(void)words;
	tt_change_counts counts;
	if (tt_db_commit(shell->db, &counts) != TT_OK) {
		fail(shell, tt_complain_db(shell->db));
	} else if (shell->is_interactive) {
		tt_answer_tell_changes(&counts);
	}
}

static void run_rollback(tt_shell *shell, size_t n_words, char **words)
{
	(void)n_words;
	(void)words;
	if (tt_db_rollback(shell->db) != TT_OK) {
		fail(shell, tt_complain_db(shell->db));
	}
	tt_complete_forget(); /* names may be gone */
	shell->is_stale = true;
}

/* ---- the table ------------------------------------------------------------------------------------------ */

static const command commands[] = {
    {".help", "[COMMAND]", "this list, or one command", run_help, 0, 1},
    {".questions", "[DIR]", "the questions of a folder; at first those that come with the study", run_questions, 0, 1},
    {".ask", "NAME [VAR=VALUE]...", "ask one of them, by its name or number", run_ask, 1, MOST_WORDS - 1},
    {".load", "FILE [GRAPH]", "read an RDF file, into the graph that is named", run_load, 1, 2},
    {".begin", "", "begin a transaction: updates and loads are kept by .commit", run_begin, 0, 0},
    {".commit", "", "keep what was changed since .begin", run_commit, 0, 0},
    {".rollback", "", "forget what was changed since .begin", run_rollback, 0, 0},
    {".graphs", "", "the named graphs and how many statements each has", run_graphs, 0, 0},
    {".prefixes", "[NAME IRI]", "the prefixes that need no declaration; with a name and an IRI: one more", run_prefixes,
     0, 2},
    {".mode", "[FORMAT]", "how answers are written: auto, table, csv, tsv, json, xml, text, turtle, ntriples, jsonld",
     run_mode, 0, 1},
    {".describe", "FORM", "what DESCRIBE tells: cbd (default), scbd (symmetric) or direct", run_describe, 1, 1},
    {".timer", "[on|off]", "tell how long each query takes", run_timer, 0, 1},
    {".explain", "[QUERY]", "the plan of a query, or of the last one, with what is estimated", run_explain, 0, REST},
    {".profile", "[QUERY]", "run a query, or the last one: its plan with the rows and times that were", run_profile, 0,
     REST},
    {".why", "[N] [all]", "by which statements row N of the last answer holds, and where they stand", run_why, 0, 2},
    {".cite", "[N] [bibtex]", "the works that state row N of the last answer, or are cited for it", run_cite, 0, 3},
    {".why-empty", "[QUERY]", "why a query, or the last one, has no answer, and what would have one", run_why_empty, 0,
     REST},
    {".conflicts", "[THING] [all]", "contested statements, with both sides", run_conflicts, 0, 2},
    {".coverage", "[CLASS] [all]", "which properties the instances of a class have, and which lack them", run_coverage,
     0, 2},
    {".optimise", "[on|off|PASS,...]", "whether queries are rewritten; or all but some passes", run_optimise, 0, 1},
    {".timeout", "[SECONDS|off]", "how long a query may take", run_timeout, 0, 1},
    {".memory", "[SIZE|off]", "how many bytes a query may take (K, M, G)", run_memory, 0, 1},
    {".compare", "A B [OPTION]...", "two or more things side by side (options: tertium compare --help)", run_compare, 2,
     MOST_WORDS - 1},
    {".stats", "", "counts of the data", run_stats, 0, 0},
    {".quit", "", "leave (also: Ctrl-D)", run_quit, 0, 0},
    {".exit", NULL, "leave", run_quit, 0, 0}, /* not listed */
};
enum { N_COMMANDS = sizeof commands / sizeof *commands };

const char *tt_command_name(size_t n_th)
{
	return n_th < N_COMMANDS ? commands[n_th].name : NULL;
}

static const command *find_command(const char *name)
{
	for (size_t i = 0; i < N_COMMANDS; ++i) {
		if (strcasecmp(commands[i].name, name) == 0) {
			return &commands[i];
		}
	}
	return NULL;
}

static void print_usage(const command *entry)
{
	char usage[64];
	(void)snprintf(usage, sizeof usage, "%s %s", entry->name, entry->arguments ? entry->arguments : "");
	printf("  %-22s %s\n", usage, entry->help);
}

static void complain_unknown(tt_shell *shell, const char *name)
{
	const char *const nearest = tt_nearest(name, &commands[0].name, N_COMMANDS, sizeof *commands);
	tt_complain("there is no command %s%s%s%s", name, nearest ? ": did you mean " : ": .help lists them",
	            nearest ? nearest : "", nearest ? "?" : "");
	fail(shell, TT_EXIT_ERROR);
}

static void run_help(tt_shell *shell, size_t n_words, char **words)
{
	if (n_words > 1) {
		char name[64];
		(void)snprintf(name, sizeof name, "%s%s", words[1][0] == '.' ? "" : ".", words[1]);
		const command *const entry = find_command(name);
		if (entry) {
			print_usage(entry);
		} else {
			complain_unknown(shell, name);
		}
		return;
	}
	printf(
	    "Type a SPARQL query; it runs at the end of the line on which it is complete, so ORDER BY and LIMIT stand\n"
	    "on the line of the last } (a pasted query may have them below). An empty line runs what is there. Ctrl-C\n"
	    "stops a query or drops what is typed; the tabulator key completes keywords, names, variables and files.\n\n");
	for (size_t i = 0; i < N_COMMANDS; ++i) {
		if (commands[i].arguments) {
			print_usage(&commands[i]);
		}
	}
}

/* ---- running a line --------------------------------------------------------------------------------------- */

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_in_name(char c)
{
	return is_letter(c) || c == '-';
}

bool tt_command_is(tt_view line)
{
	return line.size >= 2 && line.data[0] == '.' && is_letter(line.data[1]);
}

bool tt_command_is_known(tt_view line)
{
	size_t n_name = 1;
	while (n_name < line.size && is_in_name(line.data[n_name])) {
		++n_name;
	}
	for (size_t i = 0; i < N_COMMANDS && tt_command_is(line); ++i) {
		const bool is_whole = n_name == line.size || line.data[n_name] == ' ' || line.data[n_name] == '\t';
		if (is_whole && strlen(commands[i].name) == n_name && strncasecmp(commands[i].name, line.data, n_name) == 0) {
			return true;
		}
	}
	return false;
}

/* The end of a word. Within one a quote holds together what is up to the next one, if there is one. */
static char *word_end(char *word)
{
	while (*word && *word != ' ' && *word != '\t') {
		char *const closing = *word == '"' || *word == '\'' ? strchr(word + 1, *word) : NULL;
		word = closing ? closing + 1 : word + 1;
	}
	return word;
}

/* Cut a line into words in place; quotes hold one together.
 * @param takes_rest All behind the first word is the second. @return Their number, more than MOST_WORDS if there are.
 */
static size_t split_words(char *line, bool takes_rest, char *words[MOST_WORDS])
{
	size_t n_words = 0;
	while (*(line += strspn(line, " \t"))) {
		if (n_words == 1 && takes_rest) {
			words[n_words++] = line;
			break;
		}
		const char quote = *line == '"' || *line == '\'' ? *line : '\0';
		char *const begin = quote ? line + 1 : line;
		char *const end = quote ? strchrnul(begin, quote) : word_end(begin);
		if (n_words == MOST_WORDS) {
			return MOST_WORDS + 1;
		}
		words[n_words++] = begin;
		line = *end ? end + 1 : end;
		*end = '\0';
	}
	return n_words;
}

void tt_command_run(tt_shell *shell, tt_view line)
{
	char *const copy = tt_must(strndup(line.data, line.size));
	char *words[MOST_WORDS];
	char *const name = tt_must(strndup(copy, strcspn(copy, " \t")));
	const command *const entry = find_command(name);
	const size_t n_words = split_words(copy, entry && entry->n_most == REST, words);
	if (!entry) {
		complain_unknown(shell, name);
	} else if (n_words - 1 < entry->n_least || n_words - 1 > entry->n_most) {
		tt_complain("%s is used so: %s %s", entry->name, entry->name, entry->arguments ? entry->arguments : "");
		fail(shell, TT_EXIT_ERROR);
	} else {
		entry->run(shell, n_words, words);
	}
	(void)tt_flush_output();
	free(name);
	free(copy);
}
