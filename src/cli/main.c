/* main.c - the program: a table of subcommands, each with its options, its help and its function.
 *
 * Without a subcommand it is the shell on the study. Data go to standard output, messages to standard
 * error; the exit statuses are those of shell/console.h. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shell/answer.h"
#include "shell/console.h"
#include "shell/data.h"
#include "shell/shell.h"
#include "shell/text.h"

/** What the options of a command line say. */
typedef struct arguments {
	tt_data_choice data;
	const char *files[TT_MAX_FILES];
	const char *named[TT_MAX_FILES];
	const char *base;
	const char *graph;
	const char *format;
	const char *text; /* -e */
	bool is_update;
	bool is_union_default_graph;
	bool is_ask_status;
	bool is_strict;
	bool is_unoptimised;
	bool is_explained;
	double timeout_seconds;
	size_t memory_bytes;
	char **operands;
	size_t n_operands;
} arguments;

/* ---- options ---------------------------------------------------------------------------------- */

typedef struct option_kind {
	const char *name;
	char letter;
	const char *value; /* what it takes, for the help; NULL: nothing */
	const char *help;
	bool (*take)(arguments *a, const char *value); /* false: the value is wrong */
} option_kind;

static bool take_db(arguments *a, const char *value)
{
	a->data.directory = value;
	return *value;
}

static bool take_data(arguments *a, const char *value)
{
	if (a->data.n_files == TT_MAX_FILES) {
		return false;
	}
	a->files[a->data.n_files++] = value;
	return *value;
}

static bool take_named(arguments *a, const char *value)
{
	if (a->data.n_named == TT_MAX_FILES) {
		return false;
	}
	a->named[a->data.n_named++] = value;
	return strchr(value, '=') != NULL;
}

static bool take_syntax(arguments *a, const char *value)
{
	a->data.syntax = tt_rdf_syntax_named(value);
	return a->data.syntax != TT_RDF_GUESS;
}

static bool take_base(arguments *a, const char *value)
{
	a->base = value;
	return *value;
}

static bool take_graph(arguments *a, const char *value)
{
	a->graph = value;
	return *value;
}

static bool take_format(arguments *a, const char *value)
{
	a->format = value;
	return tt_format_named(value) != TT_FORMAT_NONE || tt_rdf_syntax_named(value) != TT_RDF_GUESS;
}

static bool take_text(arguments *a, const char *value)
{
	a->text = value;
	return true;
}

static bool take_timeout(arguments *a, const char *value)
{
	char *end = NULL;
	a->timeout_seconds = strtod(value, &end);
	return end != value && !*end && a->timeout_seconds > 0 && a->timeout_seconds < 1e9;
}

static bool take_memory(arguments *a, const char *value)
{
	char *end = NULL;
	const double number = strtod(value, &end);
	const char *const units = "KMG";
	const char *const unit = *end ? strchr(units, *end) : NULL;
	double bytes = number;
	for (long i = unit ? unit - units + 1 : 0; i > 0; --i) {
		bytes *= 1024;
	}
	a->memory_bytes = bytes >= 1 && bytes < 1e18 ? (size_t)bytes : 0;
	return end != value && (!*end || (unit && !end[1])) && a->memory_bytes > 0;
}

#define FLAG(name)                                          \
	static bool take_##name(arguments *a, const char *value) \
	{                                                       \
		(void)value;                                        \
		a->is_##name = true;                                \
		return true;                                        \
	}
FLAG(update)
FLAG(union_default_graph)
FLAG(ask_status)
FLAG(strict)
FLAG(unoptimised)
FLAG(explained)
#undef FLAG

static const option_kind db_option = {"db", 0, "DIR", "the database directory", take_db};
static const option_kind data_option = {"data", 0, "FILE", "load a file into the default graph; may be repeated",
                                        take_data};
static const option_kind named_option = {"named", 0, "IRI=FILE", "load a file into a named graph; may be repeated",
                                         take_named};
static const option_kind syntax_option = {"syntax", 0, "NAME", "of the files: turtle trig ntriples nquads rdfxml",
                                          take_syntax};
static const option_kind base_option = {"base", 0, "IRI", "the base of relative IRIs", take_base};
static const option_kind graph_option = {"graph", 0, "IRI", "the graph for what stands in the default graph",
                                         take_graph};
static const option_kind rows_option = {"format", 'f', "NAME",
                                        "table csv tsv json xml, for triples turtle ntriples", take_format};
static const option_kind quads_option = {"format", 'f', "NAME", "nquads (the default) trig ntriples turtle",
                                         take_format};
static const option_kind text_option = {"execute", 'e', "TEXT", "the query itself", take_text};
static const option_kind union_option = {"union-default-graph", 0, NULL,
                                         "plain patterns see all graphs as one (always so for the study)",
                                         take_union_default_graph};
static const option_kind ask_option = {"ask-status", 0, NULL, "exit status 1 if an ASK is false", take_ask_status};
static const option_kind timeout_option = {"timeout", 0, "SECONDS", "stop then, with exit status 124", take_timeout};
static const option_kind memory_option = {"memory", 0, "SIZE", "stop when a query needs more (as 100M)", take_memory};
static const option_kind strict_option = {"strict", 0, NULL, "SPARQL 1.1 without our extensions", take_strict};
static const option_kind plain_option = {"no-optimise", 0, NULL, "run the query as it is written", take_unoptimised};
static const option_kind explain_option = {"explain", 0, NULL, "show the plan in place of the answer", take_explained};
static const option_kind update_option = {"update", 0, NULL, "an update request, not a query", take_update};

/* ---- subcommands ------------------------------------------------------------------------------ */

enum { MOST_OPTIONS = 16 };

typedef struct subcommand {
	const char *name;
	const char *operands;
	const char *summary;
	const char *more; /* the rest of its help, with an example */
	size_t least_operands, most_operands;
	int (*run)(arguments *a);
	const option_kind *options[MOST_OPTIONS];
} subcommand;

static int run_shell(arguments *a)
{
	return tt_shell_run(&a->data, a->is_union_default_graph);
}

/* Read a whole file, "-" being standard input. */
static int read_text(const char *path, tt_text *text)
{
	const bool is_stdin = strcmp(path, "-") == 0;
	FILE *const file = is_stdin ? stdin : fopen(path, "rb");
	const bool is_read = file && tt_text_read(text, file);
	const int error = errno;
	if (file && !is_stdin) {
		(void)fclose(file);
	}
	if (!is_read) {
		tt_complain("cannot read %s: %s", path, strerror(error));
		return TT_EXIT_ERROR;
	}
	return TT_EXIT_OK;
}

/* The text of a query: -e, the file that is named, or standard input. */
static int query_text(const arguments *a, tt_text *text, const char **out_source)
{
	*out_source = NULL;
	if (a->text) {
		tt_text_append(text, tt_text_of(a->text));
		return TT_EXIT_OK;
	}
	const char *const path = a->n_operands ? a->operands[0] : "-";
	*out_source = strcmp(path, "-") == 0 ? "standard input" : path;
	return read_text(path, text);
}

static int run_query(arguments *a)
{
	if (a->text && a->n_operands) {
		tt_complain("give the query with -e or in a file, not both");
		return TT_EXIT_USAGE;
	}
	const tt_format format = a->format ? tt_format_named(a->format) : TT_FORMAT_NONE;
	if (a->format && format == TT_FORMAT_NONE) {
		tt_complain("%s is no format of answers; see `tertium help query'", a->format);
		return TT_EXIT_USAGE;
	}
	tt_answer_options options = {.format = format,
	                             .is_explained = a->is_explained,
	                             .is_ask_status = a->is_ask_status,
	                             .query = {.base = a->base,
	                                       .is_union_default_graph =
	                                           a->is_union_default_graph || tt_data_is_study(&a->data),
	                                       .is_strict = a->is_strict,
	                                       .is_unoptimised = a->is_unoptimised,
	                                       .timeout_seconds = a->timeout_seconds,
	                                       .memory_bytes = a->memory_bytes}};
	tt_text text = {0};
	tt_db *db = NULL;
	int status = query_text(a, &text, &options.query.source_name);
	status = status ? status : tt_data_open(&a->data, TT_OPEN_READ, &db);
	if (status == TT_EXIT_OK) {
		status = tt_answer(db, tt_text_view(&text), &options);
		tt_db_close(db);
	}
	tt_text_free(&text);
	return status;
}

static int run_parse(arguments *a)
{
	tt_query_options options = {.base = a->base};
	tt_text text = {0};
	tt_db *db = NULL;
	int status = query_text(a, &text, &options.source_name);
	if (status == TT_EXIT_OK && tt_db_open(NULL, TT_OPEN_CREATE, &db) != TT_OK) {
		status = tt_complain_db(db);
	}
	if (status == TT_EXIT_OK && tt_db_parse(db, tt_text_view(&text), a->is_update, &options) != TT_OK) {
		status = tt_complain_db(db);
	}
	tt_db_close(db);
	tt_text_free(&text);
	return status;
}

static int needs_db(const arguments *a, const char *name)
{
	if (!a->data.directory) {
		tt_complain("%s needs --db DIR; see `tertium help %s'", name, name);
		return TT_EXIT_USAGE;
	}
	return TT_EXIT_OK;
}

static int run_load(arguments *a)
{
	if (needs_db(a, "load")) {
		return TT_EXIT_USAGE;
	}
	tt_load_options *const options = tt_must(calloc(a->n_operands, sizeof *options));
	for (size_t i = 0; i < a->n_operands; ++i) {
		options[i] = (tt_load_options){.syntax = a->data.syntax, .base = a->base, .graph = a->graph};
	}
	tt_db *db = NULL;
	uint64_t n_statements = 0;
	int status = tt_data_open(&a->data, TT_OPEN_CREATE, &db);
	if (status == TT_EXIT_OK) {
		if (tt_db_load(db, (const char *const *)a->operands, options, a->n_operands, &n_statements) != TT_OK) {
			status = tt_complain_db(db);
		} else {
			(void)fprintf(stderr, "%llu statements loaded\n", (unsigned long long)n_statements);
		}
		tt_db_close(db);
	}
	free(options);
	return status;
}

static int run_dump(arguments *a)
{
	const tt_rdf_syntax syntax = a->format ? tt_rdf_syntax_named(a->format) : TT_RDF_NQUADS;
	if (syntax == TT_RDF_GUESS || syntax == TT_RDF_XML) {
		tt_complain("dump writes nquads, trig, ntriples or turtle, not %s", a->format);
		return TT_EXIT_USAGE;
	}
	tt_db *db = NULL;
	int status = tt_data_open(&a->data, TT_OPEN_READ, &db);
	if (status == TT_EXIT_OK) {
		status = tt_db_dump(db, syntax, STDOUT_FILENO) == TT_OK ? TT_EXIT_OK : tt_complain_db(db);
		tt_db_close(db);
	}
	return status;
}

static void print_damage(void *user, const char *message)
{
	(void)user;
	tt_complain("%s", message);
}

static int run_check(arguments *a)
{
	tt_db *db = NULL;
	tt_check_result result = {0};
	int status = needs_db(a, "check");
	status = status ? status : tt_data_open(&a->data, TT_OPEN_READ, &db);
	if (status != TT_EXIT_OK) {
		return status;
	}
	if (tt_db_check(db, print_damage, NULL, &result) != TT_OK) {
		status = tt_complain_db(db);
	} else if (result.n_damages) {
		tt_complain("%s is damaged: %llu findings", a->data.directory, (unsigned long long)result.n_damages);
		status = TT_EXIT_ERROR;
	} else {
		(void)printf("%s is sound: %llu quads, %llu terms, %llu blocks\n", a->data.directory,
		             (unsigned long long)result.n_quads, (unsigned long long)result.n_terms,
		             (unsigned long long)result.n_blocks);
	}
	tt_db_close(db);
	return status;
}

static int run_help(arguments *a);

static const subcommand subcommands[] = {
    {"shell", "", "the interactive shell",
     "Without --db and --data it opens the study that comes with Tertium. Not on a terminal it reads queries from\n"
     "standard input, each ended by a line with a semicolon.\n\nExample: tertium shell --data my.ttl\n",
     0, 0, run_shell, {&db_option, &data_option, &named_option, &syntax_option, &union_option}},
    {"query", "[FILE.rq]", "answer one query",
     "The query is the text of -e, a file, or standard input. Without --db and --data the study is asked. FROM and\n"
     "FROM NAMED choose among the graphs that are loaded; nothing is fetched. Prefixes of the data and the usual\n"
     "vocabularies need no declaration. The default format is a table, for triples Turtle.\n\n"
     "Example: tertium query --data my.ttl -f csv -e 'SELECT * { ?s a ?class }'\n",
     0, 1, run_query,
     {&db_option, &data_option, &named_option, &syntax_option, &base_option, &rows_option, &text_option, &union_option,
      &ask_option, &timeout_option, &memory_option, &strict_option, &plain_option, &explain_option}},
    {"parse", "[FILE.rq]", "check the syntax of a query",
     "Says nothing if all is well.\n\nExample: tertium parse --update changes.ru\n", 0, 1, run_parse,
     {&update_option, &base_option, &text_option}},
    {"load", "FILE...", "load RDF files into a database directory",
     "The directory is made if it does not exist. All files are one transaction: if one fails, nothing has changed.\n"
     "\"-\" is standard input.\n\nExample: tertium load --db books data/*.nt\n",
     1, TT_MAX_FILES, run_load, {&db_option, &syntax_option, &base_option, &graph_option}},
    {"dump", "", "write all quads",
     "N-Triples and Turtle have no graphs: they get the triples of all graphs.\n\n"
     "Example: tertium dump --db books -f trig > books.trig\n",
     0, 0, run_dump, {&db_option, &data_option, &named_option, &syntax_option, &quads_option}},
    {"check", "", "verify a database directory",
     "Checksums, order, the same quads in every permutation, dictionary, statistics.\n\n"
     "Example: tertium check --db books\n",
     0, 0, run_check, {&db_option}},
    {"help", "[COMMAND]", "show help", "Example: tertium help query\n", 0, 1, run_help, {NULL}},
};
enum { N_SUBCOMMANDS = sizeof subcommands / sizeof *subcommands };

/* ---- help ------------------------------------------------------------------------------------- */

static const char overview[] =
    "Tertium answers SPARQL over RDF. Without a command it is a shell over the study of two counter-terrorism bodies.\n";

static void print_option(const option_kind *option)
{
	char left[64];
	(void)snprintf(left, sizeof left, "%c%c%s--%s%s%s", option->letter ? '-' : ' ',
	               option->letter ? option->letter : ' ', option->letter ? ", " : "  ", option->name,
	               option->value ? " " : "", option->value ? option->value : "");
	(void)printf("  %-28s %s\n", left, option->help);
}

static void print_overview(void)
{
	(void)printf("Usage: tertium [COMMAND] [OPTIONS]\n\n%s\nCommands:\n", overview);
	for (size_t i = 0; i < N_SUBCOMMANDS; ++i) {
		(void)printf("  %-8s %s\n", subcommands[i].name, subcommands[i].summary);
	}
	(void)puts("\n`tertium COMMAND --help' tells more. `tertium --version' tells the version.");
}

static void print_help(const subcommand *s)
{
	(void)printf("Usage: tertium %s [OPTIONS]%s%s\n\n%s%s: %s.\n%s", s->name, *s->operands ? " " : "", s->operands, "",
	             s->name, s->summary, s->more);
	if (s->options[0]) {
		(void)puts("\nOptions:");
	}
	for (size_t i = 0; i < MOST_OPTIONS && s->options[i]; ++i) {
		print_option(s->options[i]);
	}
}

static const subcommand *find_subcommand(const char *name)
{
	for (size_t i = 0; i < N_SUBCOMMANDS; ++i) {
		if (strcmp(subcommands[i].name, name) == 0) {
			return &subcommands[i];
		}
	}
	tt_complain("there is no command %s%s", name,
	            tt_did_you_mean(name, &subcommands[0].name, N_SUBCOMMANDS, sizeof *subcommands));
	return NULL;
}

static int run_help(arguments *a)
{
	if (!a->n_operands) {
		print_overview();
		return TT_EXIT_OK;
	}
	const subcommand *const s = find_subcommand(a->operands[0]);
	if (!s) {
		return TT_EXIT_USAGE;
	}
	print_help(s);
	return TT_EXIT_OK;
}

/* ---- the command line ------------------------------------------------------------------------- */

enum { HELP = 1000, VERSION };

static void list_options(const subcommand *s, struct option *out_long, char *out_short)
{
	size_t n = 0;
	size_t n_letters = 0;
	out_short[n_letters++] = ':';
	for (size_t i = 0; i < MOST_OPTIONS && s->options[i]; ++i) {
		const option_kind *const o = s->options[i];
		out_long[n++] = (struct option){o->name, o->value ? required_argument : no_argument, NULL, (int)i + 1};
		if (o->letter) {
			out_short[n_letters++] = o->letter;
			out_short[n_letters++] = ':';
		}
	}
	out_long[n++] = (struct option){"help", no_argument, NULL, HELP};
	out_long[n++] = (struct option){"version", no_argument, NULL, VERSION};
	out_long[n] = (struct option){0};
	out_short[n_letters] = '\0';
}

static const option_kind *option_of(const subcommand *s, int code)
{
	for (size_t i = 0; i < MOST_OPTIONS && s->options[i]; ++i) {
		if (code == (int)i + 1 || (code > MOST_OPTIONS && code < HELP && s->options[i]->letter == code)) {
			return s->options[i];
		}
	}
	return NULL;
}

static int usage_error(const subcommand *s, const char *problem, const char *what)
{
	tt_complain("%s %s; see `tertium %s --help'", problem, what, s->name);
	return TT_EXIT_USAGE;
}

/* Read the options. @return TT_EXIT_OK and *out_is_done if --help or --version was all that was asked. */
static int read_options(const subcommand *s, int argc, char **argv, arguments *a, bool *out_is_done)
{
	struct option long_options[MOST_OPTIONS + 3];
	char letters[2 * MOST_OPTIONS + 2];
	list_options(s, long_options, letters);
	opterr = 0;
	optind = 1;
	*out_is_done = true;
	for (int code = 0; (code = getopt_long(argc, argv, letters, long_options, NULL)) != -1;) {
		if (code == HELP) {
			print_help(s);
			return TT_EXIT_OK;
		}
		if (code == VERSION) {
			(void)printf("tertium %s\n", tt_version());
			return TT_EXIT_OK;
		}
		const option_kind *const option = option_of(s, code);
		if (!option) {
			return usage_error(s, code == ':' ? "a value is missing for" : "unknown option", argv[optind - 1]);
		}
		if (!option->take(a, optarg)) {
			tt_complain("--%s takes %s, not \"%s\"", option->name, option->value, optarg);
			return TT_EXIT_USAGE;
		}
	}
	*out_is_done = false;
	a->operands = argv + optind;
	a->n_operands = (size_t)(argc - optind);
	if (a->n_operands < s->least_operands) {
		return usage_error(s, "nothing is named:", s->operands);
	}
	return a->n_operands > s->most_operands ? usage_error(s, "too much:", a->operands[s->most_operands]) : TT_EXIT_OK;
}

static int run(const subcommand *s, int argc, char **argv)
{
	static arguments a;
	a.data.files = a.files;
	a.data.named = a.named;
	bool is_done = false;
	const int status = read_options(s, argc, argv, &a, &is_done);
	if (status != TT_EXIT_OK || is_done) {
		return status;
	}
	if (s->run != run_shell) {
		tt_catch_interrupts(true);
	}
	return s->run(&a);
}

/* What printf has gathered must reach its reader too: a full disk is an error, a closed pipe is not. */
static int close_output(int status)
{
	if (fflush(stdout) != 0 && errno != EPIPE && status == TT_EXIT_OK) {
		tt_complain("cannot write the output: %s", strerror(errno));
		return TT_EXIT_ERROR;
	}
	return status;
}

int main(int argc, char **argv)
{
	(void)signal(SIGPIPE, SIG_IGN);
	tt_console_init();
	if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
		print_overview();
		return close_output(TT_EXIT_OK);
	}
	if (argc < 2 || argv[1][0] == '-') {
		return close_output(run(&subcommands[0], argc, argv));
	}
	const subcommand *const s = find_subcommand(argv[1]);
	return s ? close_output(run(s, argc - 1, argv + 1)) : TT_EXIT_USAGE;
}
