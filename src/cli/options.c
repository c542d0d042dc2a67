/* options.c - the table of options and its parser. */
#include "cli/options.h"

#include "shell/compare.h"
#include "shell/console.h"
#include "shell/text.h"

#include <stdlib.h>
#include <string.h>

/** Reads a value into its place; false if it is none of the kind. */
typedef bool value_reader(const char *value, void *out);

static bool read_text(const char *value, void *out)
{
	*(const char **)out = value;
	return value[0] != '\0';
}

static bool read_place(const char *value, void *out)
{
	return read_text(value, out);
}

static bool read_query(const char *value, void *out)
{
	*(const char **)out = value;
	return true; /* that an empty text is no query is said by the parser */
}

static bool read_list(const char *value, void *out)
{
	tt_values *const values = out;
	if (values->n_items == TT_MAX_FILES || !value[0]) {
		return false;
	}
	values->items[values->n_items++] = value;
	return true;
}

static bool read_binding(const char *value, void *out)
{
	return tt_bindings_read(out, value);
}

static bool read_flag(const char *value, void *out)
{
	(void)value;
	*(bool *)out = true;
	return true;
}

static bool read_format(const char *value, void *out)
{
	*(tt_format *)out = tt_format_named(value);
	return *(tt_format *)out != TT_FORMAT_NONE;
}

static bool read_info_format(const char *value, void *out)
{
	return read_format(value, out) && *(tt_format *)out <= TT_FORMAT_JSON;
}

static bool read_list_format(const char *value, void *out)
{
	return read_format(value, out) && tt_format_fits(*(tt_format *)out, TT_RESULTS_ROWS);
}

static bool read_description(const char *value, void *out)
{
	*(tt_description *)out = tt_description_named(value);
	return *(tt_description *)out != TT_DESCRIBE_DEFAULT;
}

static bool read_syntax(const char *value, void *out)
{
	*(tt_rdf_syntax *)out = tt_rdf_syntax_named(value);
	return *(tt_rdf_syntax *)out != TT_RDF_GUESS;
}

static bool read_seconds(const char *value, void *out)
{
	return tt_text_read_seconds(value, out);
}

static bool read_size(const char *value, void *out)
{
	return tt_text_read_size(value, out);
}

static bool read_share(const char *value, void *out)
{
	char *end = NULL;
	const double share = strtod(value, &end);
	*(double *)out = share;
	return *value && !*end && share > 0 && share <= 1;
}

/* What is optional and not given is an empty text. */
static bool read_optional(const char *value, void *out)
{
	*(const char **)out = value ? value : "";
	return true;
}

/* A row, from 1. */
static bool read_row(const char *value, void *out)
{
	char *end = NULL;
	*(uint64_t *)out = value ? strtoull(value, &end, 10) : 1;
	return !value || (value[0] >= '1' && value[0] <= '9' && !*end);
}

static bool read_citation(const char *value, void *out)
{
	*(tt_citation_style *)out = value ? tt_citation_style_named(value) : TT_CITE_FOOTNOTES;
	return *(tt_citation_style *)out != TT_CITE_NONE;
}

/** An option. The same name may stand several times, for different subcommands. */
typedef struct option_entry {
	const char *name; /* without the dashes */
	char letter;      /* '\0': none */
	unsigned subcommands;
	const char *value; /* what it takes, for the help; NULL: nothing; in brackets: only behind "=" */
	const char *help;
	value_reader *read;
	size_t place; /* in tt_arguments */
} option_entry;

#define PLACE(member) offsetof(tt_arguments, member)
#define FORMATS       "table, csv, tsv, json, xml, text; turtle, ntriples, jsonld"
#define SYNTAXES      "turtle, trig, ntriples, nquads or rdfxml"
#define WRITTEN       "turtle, trig, ntriples, nquads, rdfxml or jsonld"
enum {
	ASKING = TT_CLI_SHELL | TT_CLI_QUERY | TT_CLI_ASK | TT_CLI_TEST,
	RUNNING = ASKING | TT_CLI_UPDATE,
	SURVEYING = TT_CLI_CONFLICTS | TT_CLI_COVERAGE,
	LIMITED = RUNNING | SURVEYING | TT_CLI_COMPARE,
	READING = LIMITED | TT_CLI_PARSE | TT_CLI_DUMP | TT_CLI_INFO,
	KEEPING = TT_CLI_CHECK | TT_CLI_BACKUP | TT_CLI_RESTORE | TT_CLI_COMPACT,
	WRITING = TT_CLI_UPDATE | TT_CLI_LOAD
};

static const option_entry options[] = {
    {"db", 0, READING | TT_CLI_LOAD | KEEPING, "DIR", "the database directory", read_place, PLACE(directory)},
    {"storage", 0, READING | TT_CLI_LOAD, "STORAGE",
     "a storage of Redland: TYPE[:NAME][,OPTION='VALUE']..., as memory or sqlite:FILE", read_place, PLACE(storage)},
    {"data", 0, READING, "FILE", "an RDF file; may be given several times", read_list, PLACE(data)},
    {"named", 0, READING, "IRI=FILE", "an RDF file that is read into the graph IRI; several times", read_list,
     PLACE(named)},
    {"syntax", 0, READING | TT_CLI_LOAD, "SYNTAX",
     "the syntax of the files: " SYNTAXES " (default: by name, then by content)", read_syntax, PLACE(syntax)},
    {"graph", 0, TT_CLI_LOAD, "IRI", "the graph for what the files put into the default graph", read_text,
     PLACE(graph)},
    {"base", 0, TT_CLI_LOAD, "IRI", "base of relative IRIs in the files (default: the file itself)", read_text,
     PLACE(base)},
    {"base", 0, TT_CLI_QUERY | TT_CLI_UPDATE | TT_CLI_PARSE, "IRI", "base of relative IRIs in the query or update",
     read_text, PLACE(base)},
    {NULL, 'e', TT_CLI_QUERY, "TEXT", "the query itself, in place of a file", read_query, PLACE(text)},
    {NULL, 'e', TT_CLI_UPDATE, "TEXT", "the update itself, in place of a file", read_query, PLACE(text)},
    {"bind", 0, TT_CLI_QUERY | TT_CLI_ASK, "NAME=VALUE",
     "give a variable a value: <IRI>, prefixed name, \"text\"@en, number, label; several times", read_binding,
     PLACE(bindings)},
    {"dump", 0, TT_CLI_UPDATE, "SYNTAX", "afterwards write all data, as " WRITTEN, read_syntax, PLACE(dump)},
    {"dry-run", 0, TT_CLI_UPDATE, NULL, "tell how many quads would be added and removed, and show the first of them",
     read_flag, PLACE(is_dry_run)},
    {"no-wait", 0, WRITING, NULL, "it is an error if another process writes to the database", read_flag,
     PLACE(is_not_waiting)},
    {"questions", 0, TT_CLI_ASK, "DIR", "the folder with the questions, or one file (default: those of the study)",
     read_place, PLACE(questions)},
    {"update", 0, TT_CLI_TEST, NULL, "write the answers that are not the expected ones, to be expected from now on",
     read_flag, PLACE(is_keeping)},
    {"format", 'f', TT_CLI_QUERY | TT_CLI_ASK, "FORMAT", "the format of the answer: " FORMATS, read_format,
     PLACE(format)},
    {"format", 'f', TT_CLI_QUESTIONS, "FORMAT", "table (default), csv, tsv, json or xml; all but the table tell more",
     read_list_format, PLACE(format)},
    {"format", 'f', SURVEYING, "FORMAT", "rows for programs: csv, tsv, json or xml (default: to be read)", read_format,
     PLACE(format)},
    {"all", 0, SURVEYING, NULL, "list all, not only the first", read_flag, PLACE(is_all)},
    {"lacking", 0, TT_CLI_COVERAGE, NULL, "the instances and what they lack, in place of the properties", read_flag,
     PLACE(is_of_instances)},
    {"often", 0, TT_CLI_COVERAGE, "SHARE",
     "the share of instances, from 0 to 1, that makes a property one that all should have (default: 0.5)", read_share,
     PLACE(often)},
    {"format", 'f', TT_CLI_INFO, "FORMAT", "table (default), csv, tsv or json", read_info_format, PLACE(format)},
    {"replace", 0, TT_CLI_RESTORE, NULL, "take the place of the database that is in the directory", read_flag,
     PLACE(is_replacing)},
    {"format", 'f', TT_CLI_DUMP, "SYNTAX", "the syntax to write: " WRITTEN " (default: nquads)", read_syntax,
     PLACE(dump)},
    {"graph", 0, TT_CLI_DUMP, "IRI", "write this graph only", read_text, PLACE(graph)},
    {"sorted", 0, TT_CLI_DUMP, NULL, "in the order of the text, so that dumps can be compared by diff", read_flag,
     PLACE(is_sorted)},
    {"describe", 0, ASKING, "FORM", "what DESCRIBE tells: cbd (default), scbd (symmetric) or direct", read_description,
     PLACE(description)},
    {"union-default-graph", 0, RUNNING, NULL, "plain patterns see all graphs as one (always so for the study)",
     read_flag, PLACE(is_union_default_graph)},
    {"ask-status", 0, TT_CLI_QUERY | TT_CLI_ASK, NULL, "exit status 1 if an ASK is answered with false", read_flag,
     PLACE(is_ask_status)},
    {"format", 'f', TT_CLI_COMPARE, "FORMAT", "table (default), markdown, html, latex; csv, tsv, json, turtle, sparql",
     tt_compare_read_format, PLACE(compare.format)},
    {"all", 0, TT_CLI_COMPARE, NULL, "everything, not what fits one screen", read_flag, PLACE(compare.is_all)},
    {"evidence", 0, TT_CLI_COMPARE, NULL, "name the graphs, passages and references behind each value", read_flag,
     PLACE(compare.has_evidence)},
    {"only", 0, TT_CLI_COMPARE, "PART", "both, differ, a (what only the first has), b ...", read_text,
     PLACE(compare.only)},
    {"property", 0, TT_CLI_COMPARE, "NAME", "this property only; may be given several times", read_list,
     PLACE(properties)},
    {"via", 0, TT_CLI_COMPARE, "PATH",
     "inherit from what this property (^ backwards) leads to, again and again; several times", read_list, PLACE(via)},
    {"depth", 0, TT_CLI_COMPARE, "N", "what is told of values: 0 names, 1 dated things (default), 2 all, up to 5",
     tt_compare_read_depth, PLACE(depth)},
    {"no-inverse", 0, TT_CLI_COMPARE, NULL, "leave out statements that have the things as objects", read_flag,
     PLACE(compare.is_forward_only)},
    {"no-claims", 0, TT_CLI_COMPARE, NULL, "leave out what is claimed of the things", read_flag,
     PLACE(compare.is_without_claims)},
    {"sparql", 0, TT_CLI_COMPARE, NULL, "the query that gives the rows of -f csv in any engine", read_flag,
     PLACE(is_sparql)},
    {"timeout", 0, LIMITED, "SECONDS", "the time after which to stop, with exit status 124", read_seconds,
     PLACE(timeout_seconds)},
    {"memory", 0, LIMITED, "SIZE", "the bytes that a query may use (K, M, G for the powers of 1024)", read_size,
     PLACE(memory_bytes)},
    {"memory", 0, TT_CLI_LOAD, "SIZE", "the bytes that are gathered before they go to temporary files (default: 768M)",
     read_size, PLACE(memory_bytes)},
    {"continue", 0, TT_CLI_LOAD, NULL, "leave bad statements out, and tell how many (exit status 1)", read_flag,
     PLACE(is_continuing)},
    {"strict", 0, TT_CLI_QUERY | TT_CLI_UPDATE | TT_CLI_PARSE, NULL,
     "SPARQL 1.1 only, no extensions; warnings are errors", read_flag, PLACE(is_strict)},
    {"explain", 0, TT_CLI_QUERY | TT_CLI_ASK, NULL, "print the plan of the query, which is not run", read_flag,
     PLACE(is_explained)},
    {"profile", 0, TT_CLI_QUERY | TT_CLI_ASK, NULL,
     "run the query and print its plan, with rows and times, in place of its answer", read_flag, PLACE(is_profiled)},
    {"why-empty", 0, TT_CLI_QUERY | TT_CLI_ASK, NULL,
     "tell, in place of the answer, why there is none: the smallest part without a match, and what would match",
     read_flag, PLACE(is_why_empty)},
    {"no-optimise", 0, RUNNING, "[=PASS,...]", "run queries as they are written; or leave out passes of rewriting",
     read_optional, PLACE(disabled_passes)},
    {"why", 0, TT_CLI_QUERY | TT_CLI_ASK, "[=N]",
     "the statements by which the first row (or row N) holds, and where they stand, in place of the answer", read_row,
     PLACE(why)},
    {"all", 0, TT_CLI_QUERY | TT_CLI_ASK, NULL, "with --why: by all solutions that give the row", read_flag,
     PLACE(is_all)},
    {"cite", 0, TT_CLI_QUERY | TT_CLI_ASK, "[=STYLE]",
     "the works that state the row (of --why) or are cited for it: footnotes (default) or bibtex", read_citation,
     PLACE(cite)},
    {"update", 0, TT_CLI_PARSE, NULL, "the files are SPARQL Update requests", read_flag, PLACE(is_update)},
    {"help", 'h', TT_CLI_ALL, NULL, "this help", read_flag, PLACE(is_help)},
    {"version", 0, TT_CLI_ALL, NULL, "the version", read_flag, PLACE(is_version)},
};
enum { N_OPTIONS = sizeof options / sizeof *options };

/* ---- help --------------------------------------------------------------------------------------------- */

void tt_options_print(tt_subcommand subcommand, FILE *stream)
{
	for (size_t i = 0; i < N_OPTIONS; ++i) {
		const option_entry *const entry = &options[i];
		char usage[64];
		if (!(entry->subcommands & (unsigned)subcommand)) {
			continue;
		}
		const char letter[] = {'-', entry->letter, '\0'};
		(void)snprintf(usage, sizeof usage, "%s%s%s%s%s%s", entry->letter ? letter : "  ",
		               entry->letter && entry->name ? ", "
		               : entry->letter              ? ""
		                                            : "  ",
		               entry->name ? "--" : "", entry->name ? entry->name : "",
		               entry->value && entry->value[0] != '[' ? " " : "", entry->value ? entry->value : "");
		(void)fprintf(stream, "  %-26s %s\n", usage, entry->help);
	}
}

/* ---- parsing ------------------------------------------------------------------------------------------ */

/** The words of the command line and how far they are read. */
typedef struct word_reader {
	tt_subcommand subcommand;
	const char *command;
	char **words;
	size_t n_words;
	size_t next;
	tt_arguments *out;
} word_reader;

static bool complain_unknown(const word_reader *reader, const char *given, size_t n_name)
{
	const char *names[N_OPTIONS] = {NULL};
	char *const name = tt_must(strndup(given, n_name));
	for (size_t i = 0; i < N_OPTIONS; ++i) {
		if (options[i].name && (options[i].subcommands & (unsigned)reader->subcommand)) {
			names[i] = options[i].name;
		}
	}
	const char *const bare = name[1] == '-' ? name + 2 : "";
	const char *const nearest = bare[0] ? tt_nearest(bare, names, N_OPTIONS, sizeof *names) : NULL;
	tt_complain("unknown option %s%s%s%s (see tertium %s --help)", name, nearest ? ": did you mean --" : "",
	            nearest ? nearest : "", nearest ? "?" : "", reader->command);
	free(name);
	return false;
}

/* Two databases or two queries are a mistake; of other options the last one counts. */
static bool is_given_twice(const option_entry *entry, const void *place)
{
	const bool is_single = entry->read == read_place || entry->read == read_query;
	return is_single && *(const char *const *)place;
}

/* Take the value of an option: what stands behind its name, or else the next word. */
static bool take_value(word_reader *reader, const option_entry *entry, const char *shown, const char *attached)
{
	const char *value = attached;
	if (!entry->value && attached) {
		tt_complain("the option %s takes no value (see tertium %s --help)", shown, reader->command);
		return false;
	}
	if (entry->value && entry->value[0] != '[' && !attached) {
		if (reader->next == reader->n_words) {
			tt_complain("the option %s needs a value: %s (see tertium %s --help)", shown, entry->value,
			            reader->command);
			return false;
		}
		value = reader->words[reader->next++];
	}
	void *const place = (char *)reader->out + entry->place;
	if (is_given_twice(entry, place)) {
		tt_complain("the option %s is given twice (see tertium %s --help)", shown, reader->command);
		return false;
	}
	if (!entry->read(value, place)) {
		tt_complain("\"%s\" is no %s for the option %s, %s (see tertium %s --help)", value, entry->value, shown,
		            entry->help, reader->command);
		return false;
	}
	return true;
}

static bool take_long(word_reader *reader, const char *word)
{
	const size_t n_name = strcspn(word + 2, "=");
	const char *const attached = word[2 + n_name] ? word + 2 + n_name + 1 : NULL;
	for (size_t i = 0; i < N_OPTIONS; ++i) {
		const option_entry *const entry = &options[i];
		if (entry->name && (entry->subcommands & (unsigned)reader->subcommand) && strlen(entry->name) == n_name &&
		    memcmp(entry->name, word + 2, n_name) == 0) {
			const char *const shown = entry->name;
			char dashed[64];
			(void)snprintf(dashed, sizeof dashed, "--%s", shown);
			return take_value(reader, entry, dashed, attached);
		}
	}
	return complain_unknown(reader, word, n_name + 2);
}

static bool take_short(word_reader *reader, const char *word)
{
	for (size_t i = 0; i < N_OPTIONS; ++i) {
		const option_entry *const entry = &options[i];
		if (entry->letter == word[1] && (entry->subcommands & (unsigned)reader->subcommand)) {
			const char shown[] = {'-', entry->letter, '\0'};
			return take_value(reader, entry, shown, word[2] ? word + 2 : NULL);
		}
	}
	return complain_unknown(reader, word, strlen(word));
}

bool tt_options_parse(tt_subcommand subcommand, const char *command, char **argv, size_t n, tt_arguments *out)
{
	word_reader reader = {.subcommand = subcommand, .command = command, .words = argv, .n_words = n, .out = out};
	bool is_ended = false;
	size_t n_operands = 0;
	while (reader.next < n) {
		char *const word = argv[reader.next++];
		if (is_ended || word[0] != '-' || !word[1]) {
			argv[n_operands++] = word; /* these places are read already */
		} else if (strcmp(word, "--") == 0) {
			is_ended = true;
		} else if (!(word[1] == '-' ? take_long(&reader, word) : take_short(&reader, word))) {
			return false;
		}
	}
	out->operands = (const char *const *)argv;
	out->n_operands = n_operands;
	return true;
}
