/* main.c - the table of subcommands. */
#include "cli/cli.h"

#include "shell/console.h"
#include "shell/shell.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static int run_shell(const tt_arguments *arguments)
{
	const tt_data_choice choice = tt_cli_data(arguments);
	const tt_query_options options = tt_cli_query_options(arguments);
	return tt_shell_run(&choice, &options);
}

static int run_help(const tt_arguments *arguments);

typedef struct subcommand_entry {
	const char *name;
	tt_subcommand subcommand;
	const char *operands;
	const char *summary;
	const char *text; /* what else its help says, with an example */
	tt_subcommand_function *run;
	size_t n_least, n_most; /* operands */
} subcommand_entry;

static const subcommand_entry subcommands[] = {
    {"shell", TT_CLI_SHELL, "", "ask questions at a prompt (this is what tertium alone does)",
     "Opens the study that comes with Tertium, or other data. If standard input is no terminal, it reads queries and\n"
     "dot commands from there: everything up to a line with nothing but a semicolon, up to a dot command, or up to\n"
     "the end is one query.\n"
     "\n"
     "Example: tertium shell --data observations.ttl\n",
     run_shell, 0, 0},
    {"query", TT_CLI_QUERY, "[FILE.rq | - | -e TEXT]", "ask one SPARQL query",
     "Asks the study, or the data that the options name. Without a file the query is read from standard input. The\n"
     "answer goes to standard output: a SELECT or ASK as a table, a CONSTRUCT or DESCRIBE as Turtle, unless -f says\n"
     "otherwise. The prefixes of the data and of the usual vocabularies need no declaration. FROM and FROM NAMED\n"
     "choose among the graphs that are there. --why tells by which statements a row holds and where they stand, "
     "--cite\n"
     "which works say so.\n"
     "\n"
     "Exit status: 0 answered; 1 answered with false, if --ask-status is given; 2 wrong usage, or a format that\n"
     "cannot show the answer; 3 an error in the query or the data, or the memory is used up; 124 timeout;\n"
     "130 interrupted.\n"
     "\n"
     "Example: tertium query -f csv -e 'SELECT ?name { study:RATS skos:prefLabel ?name }'\n",
     tt_cli_query, 0, SIZE_MAX},
    {"compare", TT_CLI_COMPARE, "A B [C]...", "set two or more things side by side",
     "Compares things of the study, or of other data, by all that is said of them in any graph: first what is claimed\n"
     "of them, side by side and by dimension, then what both have, where they differ, and what only one has. A thing\n"
     "is named by its IRI, a prefixed name, its local name or a label. \"<- part of\" is a property backwards; \"!\" "
     "marks\n"
     "what is contested, \"?\" what is in doubt; [P22 R3] is evidence. The table fits one screen; the formats "
     "for programs hold everything.\n"
     "\n"
     "Exit status: 0 compared; 2 wrong usage, or a name that means several things; 3 an error, such as an unknown\n"
     "name; 124 timeout; 130 interrupted.\n"
     "\n"
     "Example: tertium compare RATS ATC --via org:subOrganizationOf\n",
     tt_cli_compare, 2, TT_COMPARE_MOST_THINGS},
    {"questions", TT_CLI_QUESTIONS, "[DIR]", "list the questions of a folder",
     "Lists the files *.rq of a folder, or the questions that come with the study, by number. What is known of a\n"
     "question stands in the comment at the head of its file, all of which may be missing:\n"
     "\n"
     "  # title: Who was born where           # group: people\n"
     "  # question: In which towns were how   # rests on: the register of 1874\n"
     "  #   many of them born?\n"
     "  # parameter: ?town = ex:Trier the town that is counted (without = VALUE: any)\n"
     "  # expect: empty\n"
     "\n"
     "Example: tertium questions museum/questions -f json\n",
     tt_cli_questions, 0, 1},
    {"ask", TT_CLI_ASK, "NAME", "ask a question of a folder, by its name",
     "NAME is the name of a question, its number, or a beginning that no other has. --bind gives its parameters other\n"
     "values than those that its file says: the variable is bound wherever the query mentions it, in sub-SELECTs and\n"
     "EXISTS, too. All else is as of tertium query.\n"
     "\n"
     "Example: tertium ask q61 --bind body=study:ATC -f csv\n",
     tt_cli_ask, 1, 1},
    {"test", TT_CLI_TEST, "[DIR]", "ask all questions of a folder and compare the answers",
     "The expected answer of NAME.rq is in NAME.tsv or NAME.csv (rows, or the word true or false), or in NAME.ttl or\n"
     "NAME.nt (triples). Rows may come in any order unless the query has ORDER BY; terms must be the same, blank "
     "nodes\n"
     "up to their names. The result is written as TAP; a question without an expected answer is skipped.\n"
     "\n"
     "That an answer is empty, as expected, counts only if the data say so. If a part of the query cannot match, for\n"
     "example since no statement has such a predicate, it fails, unless the question says \"# expect: empty\".\n"
     "\n"
     "Exit status: 0 all as expected; 1 a question failed; 2 wrong usage; 3 an error in the data; 130 interrupted.\n"
     "\n"
     "Example: tertium test museum/questions --db museum\n",
     tt_cli_test, 0, 1},
    {"conflicts", TT_CLI_CONFLICTS, "[THING]", "list contested statements, with both sides",
     "Lists what cannot all be true, or what the data themselves set against each other, over all graphs as one: "
     "pairs\n"
     "of claims (cib:conflictsWith, CiTO's disputes, refutes), what an ontology in the data forbids (disjoint "
     "classes,\n"
     "functional or asymmetric properties, cardinalities, negative assertions, same and different), and two values in\n"
     "different graphs of a property that nearly always has one. THING, an IRI, prefixed name or label, limits the "
     "list\n"
     "to what is about it.\n"
     "\n"
     "Example: tertium conflicts study:RATS\n",
     tt_cli_conflicts, 0, 1},
    {"coverage", TT_CLI_COVERAGE, "[CLASS]", "tell which properties which instances of a class lack",
     "Counts, over all graphs, how many instances of a class and its subclasses have each property, and lists those\n"
     "that lack what is often there. CLASS is an IRI, prefixed name or label; without one the classes are listed.\n"
     "\n"
     "Example: tertium coverage --data museum.ttl ex:Painting --often 0.8\n",
     tt_cli_coverage, 0, 1},
    {"update", TT_CLI_UPDATE, "[FILE.ru | - | -e TEXT]", "run one SPARQL update request",
     "Changes a database directory, which is made if it does not exist. Without --db it works in memory, on the files\n"
     "that are given or on nothing, and --dump shows what comes out. All operations are done or, if one fails, none.\n"
     "Without a file the request is read from standard input.\n"
     "\n"
     "Exit status: 0 done; 2 wrong usage; 3 an error in the update or the data, or the memory is used up;\n"
     "124 timeout; 130 interrupted. Unless it is 0, nothing has changed.\n"
     "\n"
     "Example: tertium update --db museum -e 'DELETE WHERE { ?s ex:draft ?o }' --dry-run\n",
     tt_cli_update, 0, SIZE_MAX},
    {"parse", TT_CLI_PARSE, "FILE...", "check the syntax of queries or updates",
     "Says nothing if all is well. With --db or --data the prefixes of those data are known.\n"
     "\n"
     "Example: tertium parse --update changes.ru\n",
     tt_cli_parse, 1, SIZE_MAX},
    {"load", TT_CLI_LOAD, "FILE...", "read RDF files into a database directory",
     "Reads all files in one transaction: all of them or none. The directory is made if it does not exist; a storage\n"
     "of Redland is made by its own option new='yes'. - is standard input. Files may be compressed with gzip or\n"
     "Zstandard, whatever their names. On a terminal a line shows how far it has come. Temporary files lie in "
     "$TMPDIR,\n"
     "else in the directory.\n"
     "\n"
     "With --continue a bad statement is left out: of N-Triples and N-Quads the line, of Turtle and TriG what stands\n"
     "before the full stop that seems to end it. RDF/XML that is not well formed is an error all the same.\n"
     "\n"
     "Exit status: 0 loaded; 1 loaded, but statements were left out (--continue); 2 wrong usage; 3 an error, or\n"
     "130 interrupted: nothing has changed.\n"
     "\n"
     "Example: tertium load --db museum collection.nt.gz more.ttl\n",
     tt_cli_load, 1, SIZE_MAX},
    {"dump", TT_CLI_DUMP, "", "write all data as RDF",
     "Writes the study, a database or files to standard output. N-Quads, TriG and JSON-LD keep the graphs;\n"
     "Turtle, N-Triples and RDF/XML have none, so all are merged. The same data give the same text each time,\n"
     "and with --sorted also if they were loaded in another order (but for the labels of blank nodes). What\n"
     "RDF/XML cannot hold, such as control characters, is an error.\n"
     "\n"
     "Example: tertium dump --db museum -f trig >museum.trig\n",
     tt_cli_dump, 0, 0},
    {"check", TT_CLI_CHECK, "", "verify a database directory",
     "Verifies every invariant of the store; damages go to standard error, and the exit status is 3 if there are any.\n"
     "\n"
     "Example: tertium check --db museum\n",
     tt_cli_check, 0, 0},
    {"info", TT_CLI_INFO, "", "count what a database holds",
     "Prints how many quads, triples, terms and graphs there are, how large the file is and who uses it, and the "
     "largest\n"
     "graphs and predicates: of the study, a database or files. The formats for scripts list all of them.\n"
     "\n"
     "Example: tertium info --db museum -f json\n",
     tt_cli_info, 0, 0},
    {"backup", TT_CLI_BACKUP, "TARGET", "copy a database that is in use",
     "Copies the database as it is at this moment, while others read and write it. TARGET is a directory that does "
     "not\n"
     "exist or is empty; it becomes a database itself. A backup that fails leaves nothing.\n"
     "\n"
     "Example: tertium backup --db museum museum-monday\n",
     tt_cli_backup, 1, 1},
    {"restore", TT_CLI_RESTORE, "BACKUP", "make a database of a backup",
     "Checks the backup, and copies it to the directory of --db, which must not exist or be empty; with --replace a\n"
     "database that is there is replaced, in one step, if no process has it open.\n"
     "\n"
     "Example: tertium restore --db museum --replace museum-monday\n",
     tt_cli_restore, 1, 1},
    {"compact", TT_CLI_COMPACT, "", "make the file of a database smaller",
     "Copies the database without free pages, and puts the copy in its place in one step, if no other process has it\n"
     "open. Until then there must be room for both on the disk.\n"
     "\n"
     "Example: tertium compact --db museum\n",
     tt_cli_compact, 0, 0},
    {"help", TT_CLI_HELP, "[COMMAND]", "help, on a command",
     "\n"
     "Example: tertium help query\n",
     run_help, 0, 1},
};
enum { N_SUBCOMMANDS = sizeof subcommands / sizeof *subcommands };

/* ---- help ------------------------------------------------------------------------------------------------- */

static const subcommand_entry *find(const char *name)
{
	for (size_t i = 0; i < N_SUBCOMMANDS; ++i) {
		if (strcmp(subcommands[i].name, name) == 0) {
			return &subcommands[i];
		}
	}
	return NULL;
}

static void print_overview(void)
{
	printf("Usage: tertium [COMMAND] [OPTION]... [FILE]...\n\n"
	       "Tertium asks knowledge graphs questions in SPARQL 1.1. Alone it opens the study that comes with it, at a\n"
	       "prompt.\n\n");
	for (size_t i = 0; i < N_SUBCOMMANDS; ++i) {
		printf("  %-9s %s\n", subcommands[i].name, subcommands[i].summary);
	}
	printf(
	    "\ntertium COMMAND --help tells more. Environment: TERTIUM_DATA is the folder with data and ontology of the\n"
	    "study, if it is not where it was installed.\n\n"
	    "Example: tertium query -e 'SELECT ?name { study:RATS skos:prefLabel ?name }'\n");
}

static void print_help(const subcommand_entry *entry)
{
	printf("Usage: tertium %s [OPTION]... %s\n\n%c%s.\n\n", entry->name, entry->operands, entry->summary[0] - 32,
	       entry->summary + 1);
	tt_options_print(entry->subcommand, stdout);
	printf("%s%s", entry->text[0] == '\n' ? "" : "\n", entry->text);
}

static int complain_unknown(const char *name)
{
	const char *const nearest = tt_nearest(name, &subcommands[0].name, N_SUBCOMMANDS, sizeof *subcommands);
	tt_complain("unknown command %s%s%s%s (see tertium --help)", name, nearest ? ": did you mean " : "",
	            nearest ? nearest : "", nearest ? "?" : "");
	return TT_EXIT_USAGE;
}

static int run_help(const tt_arguments *arguments)
{
	if (!arguments->n_operands) {
		print_overview();
		return TT_EXIT_OK;
	}
	const subcommand_entry *const entry = find(arguments->operands[0]);
	if (!entry) {
		return complain_unknown(arguments->operands[0]);
	}
	print_help(entry);
	return TT_EXIT_OK;
}

/* ---- running ----------------------------------------------------------------------------------------------- */

static int run(const subcommand_entry *entry, char **argv, size_t n, bool is_named)
{
	static tt_arguments arguments; /* large */
	if (!tt_options_parse(entry->subcommand, entry->name, argv, n, &arguments)) {
		return TT_EXIT_USAGE;
	}
	if (arguments.is_version) {
		printf("tertium %s\n", tt_version());
		return TT_EXIT_OK;
	}
	if (arguments.is_help) {
		if (is_named) {
			print_help(entry);
		} else {
			print_overview();
		}
		return TT_EXIT_OK;
	}
	if (arguments.n_operands < entry->n_least) {
		tt_complain("%s needs %s (see tertium %s --help)", entry->name, entry->operands, entry->name);
		return TT_EXIT_USAGE;
	}
	if (arguments.n_operands > entry->n_most) {
		tt_complain("%s takes no more than %zu argument%s, and %s is one too many (see tertium %s --help)", entry->name,
		            entry->n_most, entry->n_most == 1 ? "" : "s", arguments.operands[entry->n_most], entry->name);
		return TT_EXIT_USAGE;
	}
	return entry->run(&arguments);
}

/* What was printed must have arrived: a full disk is an error, too. */
static int finish(int status)
{
	const int error = tt_flush_output();
	if (error) {
		tt_complain("cannot write the output: %s", strerror(error));
	}
	return error && status == TT_EXIT_OK ? TT_EXIT_ERROR : status;
}

/* Let no file that we open take the place of a standard stream that is closed: what is written there would end in a
 * database. /dev/null is opened the wrong way round, so that reading and writing tell that the stream is closed. */
static void fill_closed_streams(void)
{
	static const int modes[] = {[STDIN_FILENO] = O_WRONLY, [STDOUT_FILENO] = O_RDONLY, [STDERR_FILENO] = O_RDONLY};
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", modes[fd]) != fd) {
			_exit(TT_EXIT_ERROR); /* there is nobody to tell */
		}
	}
}

int main(int argc, char **argv)
{
	fill_closed_streams();
	/* Whoever reads our output may stop: then we end as every filter does, without a word. */
	(void)signal(SIGPIPE, SIG_DFL);
	tt_console_init();
	tt_catch_interrupts(true);
	if (argc < 2 || argv[1][0] == '-') {
		return finish(run(find("shell"), argv + (argc > 0), argc > 0 ? (size_t)argc - 1 : 0, false));
	}
	const subcommand_entry *const entry = find(argv[1]);
	return finish(entry ? run(entry, argv + 2, (size_t)argc - 2, true) : complain_unknown(argv[1]));
}
