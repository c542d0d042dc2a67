/* tertium.h - the one public header of libtertium: open a store, load RDF, ask SPARQL, write results.
 *
 * Ownership in one sentence: what a function named _open, _new, _query gives you is yours to _close or
 * _free, in the opposite order; every pointer that it lends you (terms, names, errors) lives until the
 * next call on the same object, unless its docstring says more.
 *
 * Errors: a function that can fail returns a tt_status; the sentence for people, with file, line and
 * column where there are any, is in tt_db_error(). The library never prints, exits or aborts.
 *
 * Threads: a tt_db and all that comes from it belong to one thread. Several tt_db may be open in
 * several threads and processes on one directory: one writes, any number read. After fork() a child may only
 * close what its parent has opened.
 */
#ifndef TERTIUM_H
#define TERTIUM_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Marks a function whose status must be looked at. */
#define TT_CHECKED __attribute__((warn_unused_result))

/** What a fallible function returns; TT_OK is 0. */
typedef enum tt_status {
	TT_OK = 0,
	TT_NO_MEMORY,    /* the system has no more memory */
	TT_BAD_ARGUMENT, /* the caller broke the contract of a function */
	TT_SYNTAX,       /* a query or data file is not well formed */
	TT_NOT_FOUND,    /* a file, database, term or name does not exist */
	TT_EXISTS,       /* it is there already */
	TT_TYPE,         /* a value has the wrong type */
	TT_UNSUPPORTED,  /* well formed, but not implemented or another version */
	TT_IO,           /* the operating system reports an input or output error */
	TT_NO_SPACE,     /* the disk is full */
	TT_CORRUPT,      /* stored data break an invariant */
	TT_BUSY,         /* somebody else holds the lock */
	TT_READ_ONLY,    /* a write to something opened for reading */
	TT_LIMIT,        /* a memory, depth or row budget is used up */
	TT_TIMEOUT,      /* the deadline has passed */
	TT_CANCELLED,    /* the user has cancelled */
	TT_REMOTE,       /* another server failed */
	TT_INTERNAL      /* a defect of Tertium */
} tt_status;

/** The name of a status in plain words ("disk full"); never NULL. */
const char *tt_status_name(tt_status status);

/** The version of the library, "0.1.0". */
const char *tt_version(void);

/** The last error: status, place and one sentence. */
typedef struct tt_error {
	tt_status status;
	size_t line;     /* 1-based; 0 if the error has no place */
	size_t column;   /* 1-based, in characters; 0 if unknown */
	char file[256];  /* name of the file or source ("" if none) */
	char text[1024]; /* one sentence without a final full stop, without the place */
	char caret[512]; /* the line of the query with a caret line under it, '\n'-separated ("" if none) */
} tt_error;

/** Bytes that somebody else owns. `data` may be NULL only if `size` is 0. */
typedef struct tt_view {
	const char *data;
	size_t size; /* bytes */
} tt_view;

typedef enum tt_term_kind {
	TT_TERM_NONE = 0, /* unbound, or the default graph where a graph is meant */
	TT_TERM_BLANK,
	TT_TERM_IRI,
	TT_TERM_LITERAL
} tt_term_kind;

/** An RDF term (RDF 1.1 Concepts §3).
 *
 * A literal always has a datatype: xsd:string for a simple literal, rdf:langString (and a
 * non-empty language) for a language-tagged one. Terms are equal if kind, text and datatype are
 * equal character by character, and language tags but for the case of letters; a store keeps tags
 * in lower case (RDF 1.1 Concepts §3.3).
 */
typedef struct tt_term {
	tt_term_kind kind;
	tt_view text;     /* IRI without <>, label without _:, lexical form */
	tt_view datatype; /* literals only: the IRI */
	tt_view language; /* literals only: the tag as written, or empty */
} tt_term;

/** Syntaxes of RDF files. */
typedef enum tt_rdf_syntax {
	TT_RDF_GUESS = 0, /* by file name, then by content */
	TT_RDF_TURTLE,
	TT_RDF_TRIG,
	TT_RDF_NTRIPLES,
	TT_RDF_NQUADS,
	TT_RDF_XML,
	TT_RDF_JSONLD /* is written, not read */
} tt_rdf_syntax;

/** A syntax by its name (turtle ttl trig ntriples nt nquads nq rdfxml rdf xml jsonld …), or TT_RDF_GUESS if unknown. */
tt_rdf_syntax tt_rdf_syntax_named(const char *name);

/* ---- databases -------------------------------------------------------------------------------- */

/** An opened store with its prefixes and its last error. */
typedef struct tt_db tt_db;

typedef enum tt_open_mode {
	TT_OPEN_READ,  /* must exist; nothing is changed */
	TT_OPEN_WRITE, /* must exist */
	TT_OPEN_CREATE /* made if it does not exist or is an empty directory */
} tt_open_mode;

/** Open a database directory, or an empty store in memory if @p directory is NULL.
 *
 * @param out_db Also set when this fails (unless memory is out: then NULL), so that tt_db_error() tells why;
 *               close it in any case.
 * @return TT_NOT_FOUND, TT_UNSUPPORTED (another format version), TT_CORRUPT (no database, or damaged), TT_IO,
 *         TT_NO_SPACE, TT_NO_MEMORY.
 */
TT_CHECKED tt_status tt_db_open(const char *directory, tt_open_mode mode, tt_db **out_db);
/** Open a storage of Redland, to query and update it as any database.
 *
 * librdf's storages know neither snapshots nor statistics: what a pattern matches is read into memory, and what other
 * programs write while a query runs it may or may not see. Commits are as durable, and as atomic, as the storage is.
 *
 * @param storage `TYPE[:NAME][,OPTION='VALUE']…`, as librdf calls them: `memory`, `sqlite:FILE`,
 *                `hashes:people,hash-type='bdb',dir='.'`, `postgresql:NAME,host='…'`. contexts='yes' need not be said.
 * @param mode TT_OPEN_READ or TT_OPEN_WRITE; a storage is made only by librdf's own option new='yes'.
 * @param out_db As tt_db_open().
 * @return TT_NOT_FOUND (librdf knows no such storage), TT_BAD_ARGUMENT, TT_IO (with what librdf says), TT_NO_MEMORY.
 */
TT_CHECKED tt_status tt_db_open_storage(const char *storage, tt_open_mode mode, tt_db **out_db);
/** Close a database after its results. NULL is ignored. */
void tt_db_close(tt_db *db);
/** The last error; status TT_OK if there was none. Never NULL. */
const tt_error *tt_db_error(const tt_db *db);
/** Let `*flag`, set to non-zero by a signal handler or another thread, stop whatever runs on this database with
 * TT_CANCELLED. NULL: none. */
void tt_db_set_cancel(tt_db *db, const volatile sig_atomic_t *flag);

/** Counts of a database. */
typedef struct tt_db_stats {
	uint64_t n_quads;
	uint64_t n_default_quads; /* in the default graph */
	uint64_t n_triples;       /* distinct over all graphs */
	uint64_t n_named_graphs;
	uint64_t n_subjects, n_predicates, n_objects; /* distinct */
	uint64_t n_terms;                             /* in the dictionary */
} tt_db_stats;
TT_CHECKED tt_status tt_db_get_stats(tt_db *db, tt_db_stats *out_stats);

/** What the file of a database directory holds, and who else uses it. */
typedef struct tt_db_space {
	unsigned format_version; /* 0: in memory, and the rest is, too */
	uint64_t n_file_bytes;
	uint64_t n_page_bytes;
	uint64_t n_pages, n_free_pages; /* the free ones are used again before the file grows */
	uint64_t n_readers;             /* queries that other processes run on it */
	bool has_writer;                /* a process holds the lock for writing */
} tt_db_space;
TT_CHECKED tt_status tt_db_get_space(tt_db *db, tt_db_space *out_space);

/** Counts of what has one predicate or is in one named graph. */
typedef struct tt_term_counts {
	tt_term term; /* until the visit returns */
	uint64_t n_quads;
	uint64_t n_subjects, n_objects; /* distinct; predicates only */
} tt_term_counts;
typedef void (*tt_count_visit)(void *user, const tt_term_counts *counts);
/** Visit all predicates, or all named graphs, those of most quads first. */
TT_CHECKED tt_status tt_db_predicates(tt_db *db, tt_count_visit visit, void *user);
TT_CHECKED tt_status tt_db_graphs(tt_db *db, tt_count_visit visit, void *user);

/* ---- prefixes --------------------------------------------------------------------------------- */

/** The prefixes that queries may use undeclared and results are shortened with: first those of the data, then the
 * usual vocabularies. The @p n_th (0, 1, …); false behind the last.
 * @param out_is_data May be NULL: whether it was declared by the data or by tt_db_set_prefix(). */
bool tt_db_prefix(tt_db *db, size_t n_th, tt_view *out_name, tt_view *out_iri, bool *out_is_data);
/** Set a prefix for this opening (a declaration typed into a shell).
 * @return TT_BAD_ARGUMENT if the namespace is no absolute IRI. */
TT_CHECKED tt_status tt_db_set_prefix(tt_db *db, tt_view name, tt_view iri);

/* ---- loading and writing ---------------------------------------------------------------------- */

/** How far the loading of a file has come. */
typedef struct tt_load_progress {
	const char *path;
	uint64_t n_statements;           /* read from it, with repetitions */
	uint64_t n_bytes, n_bytes_total; /* read, and in all (0: unknown) */
} tt_load_progress;
/** Called now and then while a file is read. */
typedef void (*tt_progress_fn)(void *user, const tt_load_progress *progress);
/** Told of a statement that is left out: place and sentence, until the function returns. */
typedef void (*tt_skip_fn)(void *user, const tt_error *error);

typedef struct tt_load_options {
	tt_rdf_syntax syntax;
	const char *base; /* absolute; NULL: the file: IRI of the path */
	const char
	    *graph; /* absolute IRI of the graph for what the file puts into the default graph; NULL: the default graph */
	/* NULL: the first bad statement is an error. Else it is left out: of N-Triples and N-Quads the line, of Turtle and
	 * TriG what stands before the full stop that seems to end it. RDF/XML has no place to go on. */
	tt_skip_fn skipped;
	void *skipped_user;
	tt_progress_fn progress; /* NULL: nobody is told */
	void *progress_user;
} tt_load_options;

/** How many bytes loads and updates may take for what they gather before it goes to files without a name, in $TMPDIR or
 * beside the database. @param n_bytes 0: the default, 768 MB. */
void tt_db_set_load_memory(tt_db *db, size_t n_bytes);

/** Load RDF files ("-" is standard input) in one transaction: all or nothing. Files may be compressed with gzip or
 * Zstandard, whatever their names.
 * @param options One for each path, or NULL for defaults.
 * @param out_n_statements May be NULL: statements read, duplicates counted.
 * @return TT_BAD_ARGUMENT (a base or graph is no IRI), TT_SYNTAX with place, TT_NOT_FOUND, TT_IO, TT_NO_SPACE … */
TT_CHECKED tt_status tt_db_load(tt_db *db, const char *const *paths, const tt_load_options *options, size_t n_paths,
                                uint64_t *out_n_statements);

typedef struct tt_dump_options {
	tt_rdf_syntax syntax; /* TT_RDF_GUESS: N-Quads */
	const char *graph;    /* absolute IRI: only the quads of that graph; NULL: all */
	/* Statements in the order of their text: that of the lines by code points in N-Quads and N-Triples; graphs, and in
	 * them subjects, predicates and objects by their N-Triples text in the other syntaxes. Blank nodes count by their
	 * labels. Needs room for temporary files ($TMPDIR or /tmp) about the size of the output. */
	bool is_sorted;
} tt_dump_options;

/** Write quads to a file descriptor, graph by graph, subjects together. Syntaxes without graphs (N-Triples, Turtle,
 * RDF/XML) write the triples of all graphs as one. The same database gives the same bytes each time; blank nodes keep
 * their labels, or get one that the syntax allows and that no other node has.
 * @param options May be NULL.
 * @return TT_BAD_ARGUMENT (the graph is no IRI), TT_NOT_FOUND (there is no such graph), TT_UNSUPPORTED naming what
 * RDF/XML cannot hold: a predicate, before anything is written, or a term, when its turn comes; TT_IO, TT_NO_SPACE. */
TT_CHECKED tt_status tt_db_dump(tt_db *db, const tt_dump_options *options, int fd);

/** Called by tt_db_check() for each damage found: one sentence. */
typedef void (*tt_check_report)(void *user, const char *message);
typedef struct tt_check_result {
	uint64_t n_quads, n_terms, n_blocks, n_damages;
} tt_check_result;
/** Verify every invariant of the store. TT_OK also if damages were reported: see `n_damages`. */
TT_CHECKED tt_status tt_db_check(tt_db *db, tt_check_report report, void *user, tt_check_result *out_result);

/** Copy a database, in its present state, into a directory, which is made if it does not exist: a database itself, with
 * the same labels of blank nodes, and no larger than need be. Others may read and write the original meanwhile. The
 * copy is synced, and there whole or not at all.
 * @param is_replacing A database in the directory is replaced, if no other process has it open.
 * @return TT_EXISTS (the directory holds something), TT_BUSY, TT_CORRUPT (the original's pages are damaged),
 * TT_NO_SPACE, TT_IO, TT_CANCELLED. */
TT_CHECKED tt_status tt_db_copy(tt_db *db, const char *directory, bool is_replacing);

/** Replace the file of a database directory, opened for writing, by a copy without free pages. Whenever it is
 * interrupted, the old file or the new one is there.
 * @return TT_BUSY (another process has the database open, or an answer is still read), TT_UNSUPPORTED (in memory),
 *         TT_READ_ONLY, TT_NO_SPACE, TT_IO, TT_CANCELLED. After a failure the old database is open as before; if even
 *         that could not be done, all calls but tt_db_error() and tt_db_close() fail with TT_IO. */
TT_CHECKED tt_status tt_db_compact(tt_db *db);

/* ---- queries ---------------------------------------------------------------------------------- */

/** Told of what is well formed but hardly meant, such as a variable that nothing binds.
 * @param warning Place, sentence and caret as of an error, with status TT_OK; until the function returns. */
typedef void (*tt_warn_fn)(void *user, const tt_error *warning);

/** What DESCRIBE tells of a resource (SPARQL 1.1 §16.4 leaves it to us). */
typedef enum tt_description {
	TT_DESCRIBE_DEFAULT = 0, /* TT_DESCRIBE_CBD */
	TT_DESCRIBE_CBD,  /* concise bounded: the triples that it is the subject of, and the blank nodes in them likewise */
	TT_DESCRIBE_SCBD, /* symmetric: also those that it is the object of */
	TT_DESCRIBE_DIRECT /* the triples that it is the subject of, no more */
} tt_description;
/** A description by its name (cbd scbd direct), or TT_DESCRIBE_DEFAULT if unknown. */
tt_description tt_description_named(const char *name);

/** A value that a variable of a query is given from outside. */
typedef struct tt_binding {
	const char *variable; /* without ? */
	const char *value;    /* an IRI or literal as SPARQL writes it, with the prefixes of the query: ex:a "text"@en 12;
	                         else what the data call the resource: a local name, a label */
} tt_binding;

typedef struct tt_query_options {
	const char *source_name;     /* of the text, for messages; NULL: "query" */
	const char *base;            /* absolute base IRI; NULL: none */
	bool is_union_default_graph; /* plain patterns see all graphs as one */
	bool is_strict;              /* no extensions of Tertium */
	tt_warn_fn warn;             /* called when the text was read; NULL: nobody is told */
	void *warn_user;
	bool refuses_warnings;       /* the first warning is an error (TT_SYNTAX) instead */
	bool is_unoptimised;         /* the plan as written */
	const char *disabled_passes; /* rewriting passes that are left out, by name, with commas between; NULL: none */
	bool is_plan_only;           /* make the plan and do not run it: there are no rows, only tt_results_explain() */
	bool is_profiled;            /* count the rows and the time of each operator for tt_results_explain() */
	tt_description description;  /* of DESCRIBE */
	/* As if VALUES ?variable { value } stood in the WHERE of the query and at the head of each group that mentions the
	 * variable, in sub-SELECTs and EXISTS too. A variable that the query does not mention is an error, TT_NOT_FOUND,
	 * and so is one that it computes itself (BIND, AS), TT_SYNTAX. Not for updates. */
	const tt_binding *bindings;
	size_t n_bindings;
	double timeout_seconds; /* 0: none */
	size_t memory_bytes;    /* 0: no budget */
} tt_query_options;

/** Check the syntax of a query or an update request.
 * @param options May be NULL. */
TT_CHECKED tt_status tt_db_parse(tt_db *db, tt_view text, bool is_update, const tt_query_options *options);

/** Whether a text begins as an update request, behind its prologue: with INSERT, DELETE, LOAD, CLEAR … */
bool tt_db_is_update(tt_db *db, tt_view text);

/** Whether a text that is being typed can be run, needs more lines, or is broken already. */
typedef enum tt_completeness { TT_TEXT_COMPLETE, TT_TEXT_INCOMPLETE, TT_TEXT_BROKEN } tt_completeness;
tt_completeness tt_db_completeness(tt_db *db, tt_view text);

/** The answer to one query: rows (SELECT), a truth value (ASK) or triples (CONSTRUCT, DESCRIBE). */
typedef struct tt_results tt_results;
typedef enum tt_results_kind { TT_RESULTS_ROWS, TT_RESULTS_BOOLEAN, TT_RESULTS_TRIPLES } tt_results_kind;

/** Ask. Rows are computed as they are fetched, on a snapshot of this moment.
 * @param options May be NULL.
 * @return TT_SYNTAX with place and caret, TT_UNSUPPORTED naming what is not evaluated, TT_BAD_ARGUMENT for an unknown
 *         pass, TT_LIMIT, TT_TIMEOUT … */
TT_CHECKED tt_status tt_db_query(tt_db *db, tt_view text, const tt_query_options *options, tt_results **out_results);
void tt_results_free(tt_results *results);
tt_results_kind tt_results_get_kind(const tt_results *results);
/** The answer of an ASK. */
bool tt_results_boolean(const tt_results *results);
/** Columns of the rows; triples have the three columns subject, predicate, object. */
size_t tt_results_n_columns(const tt_results *results);
tt_view tt_results_column(const tt_results *results, size_t column);
/** Fetch the next row or triple.
 * @param out_row As many terms as columns (kind TT_TERM_NONE: unbound), until the next call; NULL at the end. */
TT_CHECKED tt_status tt_results_next(tt_results *results, const tt_term **out_row);

/** The plan, as an indented tree with estimates; if it is profiled, with the rows and times of what was fetched so far.
 * @param out_text Owned by the results. */
TT_CHECKED tt_status tt_results_explain(tt_results *results, const char **out_text);

typedef enum tt_format {
	TT_FORMAT_NONE = 0,
	/* rows and truth values */
	TT_FORMAT_TABLE,
	TT_FORMAT_CSV,
	TT_FORMAT_TSV,
	TT_FORMAT_JSON,
	TT_FORMAT_XML,
	TT_FORMAT_TEXT,
	/* triples */
	TT_FORMAT_TURTLE,
	TT_FORMAT_NTRIPLES,
	TT_FORMAT_JSONLD,
	/* statements in their graphs: evidence */
	TT_FORMAT_TRIG,
	TT_FORMAT_NQUADS
} tt_format;
/** A format by its name (table csv tsv json xml text turtle ttl ntriples nt jsonld trig nquads nq), or
 * TT_FORMAT_NONE. */
tt_format tt_format_named(const char *name);
/** Whether a format can show results of a kind: the table shows all; CSV and TSV no truth value. */
bool tt_format_fits(tt_format format, tt_results_kind kind);

typedef struct tt_write_options {
	tt_format format;
	size_t n_width;   /* table: columns of the terminal; 0: as wide as the data */
	bool is_short;    /* table: prefixed names instead of IRIs */
	bool is_utf8;     /* table: box drawing characters, else ASCII */
	bool is_numbered; /* table: a first column counts the rows */
} tt_write_options;

/** Fetch all rows or triples and write them to a file descriptor.
 * @param out_n_rows May be NULL. */
TT_CHECKED tt_status tt_results_write(tt_results *results, const tt_write_options *options, int fd,
                                      uint64_t *out_n_rows);

/* ---- comparison ------------------------------------------------------------------------------- */

typedef enum tt_compare_format {
	TT_COMPARE_NONE = 0,
	/* for people: what is most useful, unless `is_all` */
	TT_COMPARE_TABLE,
	TT_COMPARE_MARKDOWN,
	TT_COMPARE_HTML,
	TT_COMPARE_LATEX,
	/* for programs: everything */
	TT_COMPARE_CSV,
	TT_COMPARE_TSV,
	TT_COMPARE_JSON,
	TT_COMPARE_TURTLE,
	TT_COMPARE_SPARQL /* the query that gives the rows of the CSV in any engine */
} tt_compare_format;
/** A format by its name (table markdown md html latex tex csv tsv json turtle ttl rdf sparql), or TT_COMPARE_NONE. */
tt_compare_format tt_compare_format_named(const char *name);

/** How things are compared, and what is shown. All zero is a good choice, but for the format. */
typedef struct tt_compare_options {
	tt_compare_format format;
	const char *const *via; /* properties, with ^ backwards, through which things inherit, again and again */
	size_t n_via;
	const char *const *properties; /* only these rows */
	size_t n_properties;
	const char *only;     /* "both", "differ", "a", "b" … (only that thing has it), or NULL */
	const char *language; /* preferred for labels: "de"; NULL: English */
	unsigned depth;       /* of what is told of values: 1 of blank nodes and dated things, 2 of all, 3 … */
	bool is_flat;         /* depth 0: names only */
	bool is_all;          /* all rows, values and claims */
	bool has_evidence;    /* name the graphs, passages and references of each value */
	bool is_forward_only; /* no statements that have the things as objects */
	bool is_without_claims;
	size_t n_width, n_lines; /* of the screen; 0: 120 columns, 50 lines */
	bool is_utf8;            /* table: lines and arrows, else ASCII */
	double timeout_seconds;
	size_t memory_bytes;
} tt_compare_options;

enum { TT_COMPARE_MOST_THINGS = 16 };

/** Compare two or more things by all that the data say of them, over all graphs: by property, in both directions, and
 * by the claims that set them side by side (cib:Comparison, or what the data declare as such).
 *
 * Work is bounded by what the things have: many values of one property are counted, not read.
 * @param names `<IRI>`, `prefix:name`, a local name or a label, letter by letter or else whatever the case of letters.
 * @param n_names 2 to TT_COMPARE_MOST_THINGS.
 * @return TT_NOT_FOUND with the nearest names; TT_BAD_ARGUMENT with the candidates if a name means several things, or
 * for a wrong option; TT_LIMIT, TT_TIMEOUT, TT_IO … */
TT_CHECKED tt_status tt_db_compare(tt_db *db, const char *const *names, size_t n_names,
                                   const tt_compare_options *options, int fd);

/* ---- questions -------------------------------------------------------------------------------- */

/** A variable of a question that is meant to be given other values. */
typedef struct tt_parameter {
	const char *name;        /* without ? */
	const char *value;       /* the one it has unless another is given, as SPARQL writes it; NULL: it is free */
	const char *description; /* "" if there is none */
} tt_parameter;

/** A query in a file NAME.rq, with what the comment at its head says: lines `# key: text`, continued by lines that are
 * further indented. All of them may be missing. Texts that are not there are "". */
typedef struct tt_question {
	const char *name; /* of the file, without .rq */
	const char *path;
	unsigned number;      /* the first in the name (q16-…); if no name has one: the place in the folder; 0: none */
	const char *title;    /* `title`; else the name */
	const char *text;     /* `question`: in words */
	const char *group;    /* `group` */
	const char *rests_on; /* `rests on` */
	tt_view query;        /* all of the file */
	tt_view body;         /* without the comment at the head */
	/* `parameter: ?NAME [= VALUE] [DESCRIPTION]`, one a line */
	const tt_parameter *parameters;
	size_t n_parameters;
	const char *expected; /* the file with the answer that is expected: NAME.tsv, .csv, .ttl or .nt; NULL: none */
	bool may_be_empty;    /* `expect: empty`: no answer is the right one, whatever the reason */
} tt_question;

/** Questions of a folder, by number and name. */
typedef struct tt_questions tt_questions;

/** Read the questions of a folder, or one file.
 * @param out_questions Also set when this fails (unless memory is out: then NULL), so that tt_questions_error() tells
 *                      why; free it in any case.
 * @return TT_NOT_FOUND (also if there are no files *.rq), TT_IO, TT_SYNTAX (a parameter that is not well formed). */
TT_CHECKED tt_status tt_questions_read(const char *path, tt_questions **out_questions);
/** NULL is ignored. */
void tt_questions_free(tt_questions *questions);
const tt_error *tt_questions_error(const tt_questions *questions);
/** The @p n_th (0, 1, …), or NULL behind the last. */
const tt_question *tt_questions_get(const tt_questions *questions, size_t n_th);
/** The question that is meant by its name, its number (16 or q16), or a beginning that no other name has, with or
 * without the number.
 * @return TT_NOT_FOUND with the nearest name, TT_BAD_ARGUMENT if several begin so. */
TT_CHECKED tt_status tt_questions_find(tt_questions *questions, const char *which, const tt_question **out_question);

/** The bindings with which a question is asked: those that are given, then the values that its other parameters have by
 * themselves.
 * @param out Room for @p n_given and all parameters; what is written there points to the given ones and the question.
 * @return TT_NOT_FOUND if a question with parameters has none of a name that is given, and which it has. */
TT_CHECKED tt_status tt_question_bind(tt_db *db, const tt_question *question, const tt_binding *given, size_t n_given,
                                      tt_binding *out, size_t *out_n);

/** Ask a question, with tt_question_bind() of the bindings of the options.
 * @param options May be NULL.
 * @return As both. */
TT_CHECKED tt_status tt_question_ask(tt_db *db, const tt_question *question, const tt_query_options *options,
                                     tt_results **out_results);

/** What became of a question whose answer was compared with the one that is expected. */
typedef enum tt_test_verdict {
	TT_TEST_PASSED,
	TT_TEST_FAILED, /* another answer, an answer that is empty for a bad reason, or an error */
	TT_TEST_SKIPPED /* nothing is expected */
} tt_test_verdict;

/** Told what is wrong, line by line. */
typedef void (*tt_note_fn)(void *user, const char *line);

/** Ask a question and compare. Rows may come in any order unless the query has ORDER BY; terms must be the same, blank
 * nodes up to their names. An answer without rows (or false) passes only if it is due to what the data say: not if a
 * part of the query matches nothing in the data, unless the question says `expect: empty`.
 * @param note May be NULL.
 * @return TT_CANCELLED, TT_NO_MEMORY; an error of the question itself is a verdict. */
TT_CHECKED tt_status tt_question_test(tt_db *db, const tt_question *question, const tt_query_options *options,
                                      tt_note_fn note, void *note_user, tt_test_verdict *out_verdict);
/** Write the present answer to the file in which it is expected: that which is there, else NAME.tsv or, for triples,
 * NAME.nt. A file is replaced whole or not at all.
 * @return As tt_question_ask(); TT_IO, TT_NO_SPACE. */
TT_CHECKED tt_status tt_question_keep(tt_db *db, const tt_question *question, const tt_query_options *options);

/** Write a list of questions: as a table number (or name), title, parameters and group, in the other formats all that
 * their heads say.
 * @param options As of tt_results_write(), for rows. */
TT_CHECKED tt_status tt_questions_write(tt_questions *questions, const tt_write_options *options, int fd);

/* ---- evidence --------------------------------------------------------------------------------------- */

/** Why a row is in an answer: the statements by which it holds, the graphs that hold them, and what the data tell of
 * these as sources: passages, judgements, references. */
typedef struct tt_why tt_why;

typedef struct tt_why_options {
	uint64_t row;  /* which row or triple of the answer, from 1; 0: the first */
	bool is_all;   /* by all solutions that give the row, not only the first */
	size_t n_most; /* statements, at most; 0: 1,000, with is_all 100,000 */
} tt_why_options;

/** Ask a query again, on the data as they are now, and find by what one of its rows holds.
 *
 * A row of an aggregate holds by all solutions of its group. What is computed, given by VALUES or must be absent (NOT
 * EXISTS, MINUS) is told in words. Costs about as much as the query, once for each group of its pattern.
 * @param options May be NULL; its time and memory are for all of it.
 * @param which May be NULL.
 * @return TT_NOT_FOUND: the answer has no such row, or is false; else as tt_db_query(). */
TT_CHECKED tt_status tt_db_why(tt_db *db, tt_view text, const tt_query_options *options, const tt_why_options *which,
                               tt_why **out_why);
void tt_why_free(tt_why *why);
size_t tt_why_n_statements(const tt_why *why);
/** The triple of a statement, in the order in which they were found; until tt_why_free().
 * @param out_graphs The graphs that hold it; kind TT_TERM_NONE: the default graph. */
const tt_term *tt_why_statement(const tt_why *why, size_t number, const tt_term **out_graphs, size_t *out_n_graphs);

/** Whether evidence can be written in a format: table (for reading), json; trig, nquads, jsonld: the statements in
 * their graphs; turtle, ntriples: the statements alone. */
bool tt_why_fits(tt_format format);
TT_CHECKED tt_status tt_why_write(tt_why *why, const tt_write_options *options, int fd);

typedef enum tt_citation_style { TT_CITE_NONE = 0, TT_CITE_FOOTNOTES, TT_CITE_BIBTEX } tt_citation_style;
/** A style by its name (footnotes bibtex), or TT_CITE_NONE. */
tt_citation_style tt_citation_style_named(const char *name);
/** Write the works that state the evidence, then those that are cited for it. */
TT_CHECKED tt_status tt_why_cite(tt_why *why, tt_citation_style style, int fd);
/* ---- why an answer is empty ---------------------------------------------------------------------- */

/** Whether an empty answer tells something about the world, or about the query. */
typedef enum tt_empty_kind {
	TT_EMPTY_NOT = 0,           /* the query has an answer */
	TT_EMPTY_NO_MATCH_POSSIBLE, /* a part names what stands nowhere in the data in that place, or lets nothing pass
	                               whatever the data are (LIMIT 0) */
	TT_EMPTY_DATA_SAY_NO,       /* every term is there; what the query asks for is not */
	TT_EMPTY_UNKNOWN            /* time is up before a part without a match was found */
} tt_empty_kind;

/** Why a part of a query has no match. */
typedef enum tt_empty_reason {
	TT_EMPTY_BY_TERM,      /* no statement has this term in this place */
	TT_EMPTY_BY_GRAPH,     /* such statements are in other graphs only */
	TT_EMPTY_BY_DIRECTION, /* they are there with subject and object exchanged */
	TT_EMPTY_BY_LITERAL,   /* they are there with another datatype, language or spelling of the literal */
	TT_EMPTY_BY_PATH,      /* a path that is one step longer leads there */
	TT_EMPTY_BY_PATTERN,   /* each term of the triple is there, but no such triple */
	TT_EMPTY_BY_JOIN,      /* the parts match one by one, but not together */
	TT_EMPTY_BY_FILTER,    /* a FILTER or HAVING lets nothing pass */
	TT_EMPTY_BY_NEGATION,  /* a MINUS or NOT EXISTS takes everything away */
	TT_EMPTY_BY_VALUES,    /* VALUES has no row */
	TT_EMPTY_BY_SLICE      /* LIMIT 0, or an OFFSET behind the end */
} tt_empty_reason;

/** A changed query. */
typedef struct tt_empty_suggestion {
	const char *text;  /* what was changed: one sentence, without a full stop */
	const char *query; /* the whole of it as SPARQL, as it was tried; NULL: the change is none of the text */
	bool is_answered;  /* it has an answer; else only this part matches now */
} tt_empty_suggestion;

/** A smallest part of a query that has no match. */
typedef struct tt_empty_finding {
	tt_empty_kind kind;
	tt_empty_reason reason;
	tt_error message;         /* place, one sentence and caret, with status TT_OK */
	const char *part;         /* the part as SPARQL */
	const char *const *notes; /* what is there instead: a sentence each */
	size_t n_notes;
	const tt_empty_suggestion *suggestions; /* each was tried; those that give an answer first */
	size_t n_suggestions;
} tt_empty_finding;

/** Why a query has no answer. */
typedef struct tt_empty {
	tt_empty_kind kind;               /* TT_EMPTY_NO_MATCH_POSSIBLE if that is so of any part */
	const tt_empty_finding *findings; /* the further ones were found after the best suggestions for those before */
	size_t n_findings;
	unsigned n_probes; /* queries that were asked */
	bool is_cut_short; /* the time did not do for all of them */
} tt_empty;

/** Seek the smallest parts of a query without a match, and the nearest that would have one.
 * @param options Of the query, may be NULL; `timeout_seconds` is for all that is tried, 10 s if it is 0.
 * @param out_empty Freed by tt_empty_free(), at any time.
 * @return As tt_db_query(). */
TT_CHECKED tt_status tt_db_why_empty(tt_db *db, tt_view text, const tt_query_options *options, tt_empty **out_empty);
/** NULL is ignored. */
void tt_empty_free(tt_empty *empty);

/** Look, without asking the query, for a term in it that its pattern needs and that is in no statement.
 * @param out_message Place, sentence and caret; status TT_NOT_FOUND if there is one, else TT_OK. */
TT_CHECKED tt_status tt_db_unknown_term(tt_db *db, tt_view text, const tt_query_options *options,
                                        tt_error *out_message);

/* ---- conflicts and coverage ----------------------------------------------------------------------- */

typedef struct tt_conflict_options {
	size_t n_most;          /* rows, at most; 0: all */
	double timeout_seconds; /* 0: none */
	size_t memory_bytes;    /* 0: no budget */
} tt_conflict_options;

/** Find contested statements, over all graphs: pairs that the data themselves set against each other
 * (cib:conflictsWith and its subproperties, CiTO's disputes, refutes, disagreesWith), what the ontology in the data
 * forbids (disjoint classes and properties, functional, asymmetric and irreflexive properties, cardinalities, negative
 * assertions, same and different), and two values in different graphs of a property that nearly always has one.
 *
 * The columns of the answer: kind; subject, property, and the two values one and other (of kind claims: the two nodes,
 * and as subject what both are about); subject_other, property_other: of the other statement, if they differ; in_one,
 * in_other: the graphs or passages; holder_one, holder_other, label_one, label_other: of claims; flag: what marks both;
 * note.
 * @param thing NULL, or only what is about it: `<IRI>`, `prefix:name`, a local name or a label.
 * @param options May be NULL.
 * @return TT_NOT_FOUND (no such thing), TT_TIMEOUT, TT_LIMIT … */
TT_CHECKED tt_status tt_db_conflicts(tt_db *db, const char *thing, const tt_conflict_options *options,
                                     tt_results **out_results);
/** Fetch all rows of tt_db_conflicts() and write them as a list to be read.
 * @param out_n May be NULL. */
TT_CHECKED tt_status tt_conflicts_write(tt_results *conflicts, int fd, uint64_t *out_n);

typedef struct tt_coverage_options {
	bool is_of_instances;   /* list instances and what they lack, in place of properties */
	double often;           /* the share of instances above which a property is expected of all; 0: 0.5 */
	size_t n_most;          /* instances that are listed, at most; 0: all */
	double timeout_seconds; /* 0: none */
	size_t memory_bytes;    /* 0: no budget */
} tt_coverage_options;

/** Of how many things a coverage tells. */
typedef struct tt_coverage_counts {
	uint64_t n_instances;     /* of the class and its subclasses */
	uint64_t n_of_subclasses; /* those that are of subclasses only */
	uint64_t n_subclasses;    /* that have instances */
	uint64_t n_lacking;       /* instances that lack a property that is often there */
} tt_coverage_counts;

/** Find which properties the instances of a class have, over all graphs, and which they lack.
 *
 * The columns, by property: property, having, lacking (numbers of instances), share, values (in all), often (whether
 * it is expected). By instance, those that lack most first, a row for each property that is often there and lacking:
 * instance, label, n_lacking (of this instance), lacking (the property).
 * @param class_name As tt_db_conflicts().
 * @param options May be NULL.
 * @return TT_NOT_FOUND if there is no such class, or it has no instances. */
TT_CHECKED tt_status tt_db_coverage(tt_db *db, const char *class_name, const tt_coverage_options *options,
                                    tt_coverage_counts *out_counts, tt_results **out_results);

/* ---- updates and transactions ------------------------------------------------------------------- */

/** How many quads a change adds to the store and removes from it. */
typedef struct tt_change_counts {
	uint64_t n_added, n_removed;
} tt_change_counts;

/** Run an update request (SPARQL 1.1 Update): all its operations or, if one fails, none; each sees the ones before it.
 *
 * In an open transaction the request is a part of it; else it is a transaction of its own, and waits for another
 * writer. Graphs without quads are not recorded: CREATE, CLEAR and DROP of such a graph succeed.
 * @param options May be NULL. `is_union_default_graph` is for the patterns of WHERE; templates mean the default graph.
 * @param out_counts May be NULL. Zeros in an open transaction: tt_db_commit() or tt_db_changes() tell.
 * @return TT_SYNTAX, TT_NOT_FOUND (a graph to copy, a file to load), TT_EXISTS (CREATE), TT_UNSUPPORTED (LOAD of what
 *         is no file), TT_BUSY (an answer still reads from the transaction), TT_READ_ONLY, TT_LIMIT, TT_TIMEOUT … */
TT_CHECKED tt_status tt_db_update(tt_db *db, tt_view text, const tt_query_options *options,
                                  tt_change_counts *out_counts);

/** Begin a transaction: queries see its changes, others do not before it is committed. While another process writes it
 * waits, unless tt_db_set_wait() forbids it.
 * @return TT_EXISTS if one is open already; TT_BUSY. */
TT_CHECKED tt_status tt_db_begin(tt_db *db);
/** End the transaction and keep its changes, durably.
 * @param out_counts May be NULL.
 * @return TT_NOT_FOUND if none is open; after a failure nothing has changed and no transaction is open. */
TT_CHECKED tt_status tt_db_commit(tt_db *db, tt_change_counts *out_counts);
/** End the transaction and forget its changes. */
TT_CHECKED tt_status tt_db_rollback(tt_db *db);
bool tt_db_is_in_transaction(const tt_db *db);

/** Called once when an update, load or begin finds another process writing: whether to wait; else it is TT_BUSY. */
typedef bool (*tt_wait_fn)(void *user);
/** @param wait NULL (as at first): wait in silence. */
void tt_db_set_wait(tt_db *db, tt_wait_fn wait, void *user);

/** Called with a quad in N-Quads syntax, without a line end, valid during the call. */
typedef void (*tt_change_visit)(void *user, tt_view quad, bool is_removal);
/** What a commit would change.
 * @param visit May be NULL; called for the first @p n_most changes. */
TT_CHECKED tt_status tt_db_changes(tt_db *db, size_t n_most, tt_change_visit visit, void *user,
                                   tt_change_counts *out_counts);

/* ---- Redland ---------------------------------------------------------------------------------- */

struct librdf_world_s;

/** Make the Redland storage "tertium" known to a librdf world of this program: `librdf_new_storage(world, "tertium",
 * directory, NULL)`. Other programs get it as a module, by REDLAND_MODULE_PATH.
 * @return 0, or non-zero as librdf_storage_register_factory(). */
int tt_librdf_register(struct librdf_world_s *world);

#ifdef __cplusplus
}
#endif
#endif
