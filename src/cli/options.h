/* options.h - the options of all subcommands: one table, one parser, one source of help.
 *
 * Contrast: main.c has the table of subcommands.
 * Owns:     nothing; values point into argv.
 * Threads:  any.
 * Fails:    a message to standard error that names the option.
 * Tests:    tests/cli/options.sh
 */
#ifndef TT_CLI_OPTIONS_H
#define TT_CLI_OPTIONS_H

#include "shell/bindings.h"
#include "shell/data.h"

#include <stdio.h>

/** Subcommands, as bits of a set. */
typedef enum tt_subcommand {
	TT_CLI_SHELL = 1 << 0,
	TT_CLI_QUERY = 1 << 1,
	TT_CLI_PARSE = 1 << 2,
	TT_CLI_LOAD = 1 << 3,
	TT_CLI_DUMP = 1 << 4,
	TT_CLI_CHECK = 1 << 5,
	TT_CLI_UPDATE = 1 << 6,
	TT_CLI_HELP = 1 << 7,
	TT_CLI_INFO = 1 << 8,
	TT_CLI_BACKUP = 1 << 9,
	TT_CLI_RESTORE = 1 << 10,
	TT_CLI_COMPACT = 1 << 11,
	TT_CLI_QUESTIONS = 1 << 12,
	TT_CLI_ASK = 1 << 13,
	TT_CLI_TEST = 1 << 14,
	TT_CLI_CONFLICTS = 1 << 15,
	TT_CLI_COVERAGE = 1 << 16,
	TT_CLI_COMPARE = 1 << 17,
	TT_CLI_ALL = (1 << 18) - 1
} tt_subcommand;

/** Values of an option that may be given several times. */
typedef struct tt_values {
	const char *items[TT_MAX_FILES];
	size_t n_items;
} tt_values;

/** What the command line says. */
typedef struct tt_arguments {
	const char *directory, *storage;
	tt_values data, named;
	tt_bindings bindings;
	const char *base, *graph;
	tt_rdf_syntax syntax; /* of files that are read */
	tt_rdf_syntax dump;   /* of what is written */
	tt_format format;
	tt_description description;
	tt_compare_options compare;
	tt_values via, properties;
	unsigned depth; /* one more than what is given; 0: nothing is */
	bool is_sparql;
	const char *text;      /* -e */
	const char *questions; /* the folder or file; NULL: those of the study */
	double timeout_seconds;
	size_t memory_bytes;
	const char *disabled_passes; /* empty: all */
	uint64_t why;                /* a row, from 1; 0: not asked for */
	tt_citation_style cite;
	bool is_all;
	bool is_union_default_graph, is_ask_status, is_strict, is_explained, is_profiled, is_update;
	bool is_keeping; /* --update of `tertium test` */
	double often;    /* 0: the default */
	bool is_why_empty, is_of_instances, is_dry_run, is_not_waiting, is_sorted, is_replacing, is_continuing;
	bool is_help, is_version;
	const char *const *operands; /* what is no option, in order */
	size_t n_operands;
} tt_arguments;

/** Read the options of a subcommand; options and operands may come in any order, `--` ends the options.
 * @param argv @p n words behind the name of the subcommand; the operands are moved to its front.
 * @param command Its name, for messages.
 * @return false after a message. */
bool tt_options_parse(tt_subcommand subcommand, const char *command, char **argv, size_t n, tt_arguments *out);

/** Print the options of a subcommand, a line for each. */
void tt_options_print(tt_subcommand subcommand, FILE *stream);

#endif
