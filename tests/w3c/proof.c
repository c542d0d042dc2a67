/* proof.c - a query asked again of its evidence. */
#include "w3c/proof.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <unistd.h>

#include "w3c/answer.h"

enum { MOST_ROWS = 12 };

typedef struct proof {
	tt_db *db;
	const char *query;
	const tt_query_options *options;
	const answer *whole; /* the answer of the query */
	bool is_provable;    /* the row must come again */
	bool is_broken;
	FILE *file;
} proof;

static bool complain(const proof *at, size_t row, const tt_db *db, const char *what)
{
	const tt_error *const error = tt_db_error(db);
	if (at->file) {
		(void)fprintf(at->file, "evidence for row %zu: %s%s%s\n", row, what, error->text[0] ? ": " : "", error->text);
	}
	return false;
}

static bool is_given_up(const tt_db *db)
{
	const tt_status status = tt_db_error(db)->status;
	return status == TT_LIMIT || status == TT_TIMEOUT;
}

/* A blank node has another name in the copy; a value that is computed may be new. */
static bool is_same_term(const tt_term *a, const tt_term *b)
{
	if (a->kind == TT_TERM_BLANK || a->kind != b->kind) {
		return a->kind == b->kind;
	}
	return a->text.size == b->text.size && memcmp(a->text.data, b->text.data, a->text.size) == 0 &&
	       a->datatype.size == b->datatype.size &&
	       (!a->datatype.size || memcmp(a->datatype.data, b->datatype.data, a->datatype.size) == 0);
}

static bool has_row(const answer *rows, const tt_term *row)
{
	for (size_t i = 0; i < rows->n_rows && rows->n_columns; ++i) {
		bool is_same = true;
		for (size_t j = 0; j < rows->n_columns && is_same; ++j) {
			is_same = is_same_term(&rows->cells[i * rows->n_columns + j], &row[j]);
		}
		if (is_same) {
			return true;
		}
	}
	return rows->n_rows && !rows->n_columns;
}

static answer *ask(tt_db *db, const proof *at)
{
	tt_results *results = NULL;
	answer *self = NULL;
	if (tt_db_query(db, (tt_view){at->query, strlen(at->query)}, at->options, &results) == TT_OK &&
	    answer_fetch(results, &self) != TT_OK) {
		answer_free(self);
		self = NULL;
	}
	tt_results_free(results);
	return self;
}

/* Put what stands behind the first line in place of all. */
static void lose_line(int fd, const char *path)
{
	char *const text = read_whole_file(path, NULL);
	const char *const rest = text ? strchr(text, '\n') : NULL;
	if (rest && ftruncate(fd, 0) == 0 && lseek(fd, 0, SEEK_SET) == 0) {
		(void)dprintf(fd, "%s", rest + 1);
	}
	free(text);
}

/* A store with nothing but the evidence, and with the prefixes of the other. */
static bool open_evidence(const proof *at, tt_why *why, tt_db **out_db)
{
	int fd = memfd_create("evidence", MFD_CLOEXEC);
	char *const path = must_print("/proc/self/fd/%d", fd);
	const char *const paths[] = {path};
	const tt_write_options writing = {.format = TT_FORMAT_NQUADS};
	const tt_load_options loading = {.syntax = TT_RDF_NQUADS};
	bool is_good = tt_why_write(why, &writing, fd) == TT_OK;
	if (is_good && at->is_broken) {
		lose_line(fd, path);
	}
	is_good = is_good && tt_db_open(NULL, TT_OPEN_CREATE, out_db) == TT_OK &&
	          tt_db_load(*out_db, paths, &loading, 1, NULL) == TT_OK;
	tt_view name;
	tt_view iri;
	for (size_t i = 0; is_good && tt_db_prefix(at->db, i, &name, &iri, NULL); ++i) {
		is_good = tt_db_set_prefix(*out_db, name, iri) == TT_OK;
	}
	free(path);
	(void)close(fd);
	return is_good;
}

static void print_evidence(const proof *at, tt_why *why)
{
	const tt_write_options writing = {.format = TT_FORMAT_TABLE};
	const int fd = memfd_create("evidence", MFD_CLOEXEC);
	char *const path = must_print("/proc/self/fd/%d", fd);
	char *const text = tt_why_write(why, &writing, fd) == TT_OK ? read_whole_file(path, NULL) : NULL;
	(void)fputs(text ? text : "", at->file);
	free(text);
	free(path);
	(void)close(fd);
}

static bool comes_again(const proof *at, size_t row, tt_why *why)
{
	tt_db *db = NULL;
	bool is_good = open_evidence(at, why, &db) || (db && complain(at, row, db, "cannot be loaded"));
	answer *const again = is_good ? ask(db, at) : NULL;
	if (is_good && !again) {
		is_good = complain(at, row, db, "the query fails on it");
	} else if (is_good) {
		is_good = at->whole->kind == TT_RESULTS_BOOLEAN
		              ? again->boolean
		              : has_row(again, at->whole->cells ? &at->whole->cells[(row - 1) * at->whole->n_columns] : NULL);
		if (!is_good && at->file) {
			(void)fprintf(at->file, "evidence for row %zu does not give it again:\n", row);
			print_evidence(at, why);
			answer_print(again, "gives ", at->file);
		}
	}
	answer_free(again);
	tt_db_close(db);
	return is_good;
}

static bool check_row(const proof *at, size_t row)
{
	const tt_why_options which = {.row = row, .n_most = 1000000}; /* all: a part proves nothing of an aggregate */
	tt_why *why = NULL;
	if (tt_db_why(at->db, (tt_view){at->query, strlen(at->query)}, at->options, &which, &why) != TT_OK) {
		return complain(at, row, at->db, "none");
	}
	bool is_good = true;
	for (size_t i = 0; i < tt_why_n_statements(why) && is_good; ++i) {
		const tt_term *graphs = NULL;
		size_t n_graphs = 0;
		(void)tt_why_statement(why, i, &graphs, &n_graphs);
		is_good = n_graphs > 0 || complain(at, row, at->db, "a statement that is in no graph");
	}
	is_good = is_good && (!at->is_provable || comes_again(at, row, why));
	tt_why_free(why);
	return is_good;
}

static unsigned count_word(const char *text, const char *word)
{
	unsigned n = 0;
	for (const char *found = strcasestr(text, word); found; found = strcasestr(found + 1, word)) {
		++n;
	}
	return n;
}

static unsigned count_words(const char *text, const char *const *words)
{
	unsigned n = 0;
	for (; *words; ++words) {
		n += count_word(text, *words);
	}
	return n;
}

static bool is_provable(const char *query)
{
	static const char *const changing[] = {"OFFSET", "RAND",         "UUID",     "BNODE", "NOW(",
	                                       "SAMPLE", "GROUP_CONCAT", "DESCRIBE", NULL};
	static const char *const negative[] = {"MINUS", "NOT EXISTS", NULL};
	static const char *const counting[] = {"LIMIT", "GROUP BY", "COUNT", "SUM", "AVG", "MIN(", "MAX(", NULL};
	const unsigned n_negative = count_words(query, negative);
	/* What must not be may itself depend on what must not be; and where less is taken away, more is counted, and
	 * others are the first. */
	return !count_words(query, changing) && n_negative < 2 && !(n_negative && count_words(query, counting));
}

proof_verdict proof_of(tt_db *db, const char *query, const tt_query_options *options, bool is_broken, FILE *file)
{
	proof at = {.db = db,
	            .query = query,
	            .options = options,
	            .is_provable = is_provable(query),
	            .is_broken = is_broken,
	            .file = file};
	answer *const whole = ask(db, &at);
	at.whole = whole;
	if (!whole) {
		if (is_given_up(db)) {
			return PROOF_NONE;
		}
		(void)complain(&at, 0, db, "the query fails");
		return PROOF_FAILS;
	}
	const size_t n_all = whole->kind == TT_RESULTS_BOOLEAN ? whole->boolean : whole->n_rows;
	bool is_good = true;
	for (size_t row = 1; row <= n_all && row <= MOST_ROWS && is_good; ++row) {
		is_good = check_row(&at, row);
	}
	answer_free(whole);
	return is_good ? PROOF_HOLDS : is_given_up(db) ? PROOF_NONE : PROOF_FAILS;
}

bool proof_holds(tt_db *db, const char *query, const tt_query_options *options, FILE *file)
{
	return proof_of(db, query, options, false, file) != PROOF_FAILS;
}
