/* oracle.c - two roads to the same rows: plans, algorithms, stores, and questions that mean the same. */
#include <ftw.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "engine/engine.h"
#include "tests/diff/oracle.h"
#include "tests/w3c/answer.h"
#include "tests/w3c/proof.h"

/* A query that makes more than this is not compared. */
enum { MOST_ROWS = 3000, MOST_BYTES = 64 << 20 };

#define MUST(call)             \
	do {                       \
		if ((call) != TT_OK) { \
			exit(99);          \
		}                      \
	} while (0)

/* ---- texts ------------------------------------------------------------------------------------ */

static const piece_style plain = {0};

void trial_data(const trial *t, tt_buffer *out)
{
	piece_print(t->random.data, &plain, out);
	MUST(tt_buffer_terminate(out));
}

void trial_query(const trial *t, tt_buffer *out)
{
	MUST(tt_buffer_append(out, tt_view_of(random_prologue)));
	piece_print(t->random.whole, &plain, out);
	MUST(tt_buffer_terminate(out));
}

/* One side of a comparison. */
typedef struct question {
	tt_buffer text;
	tt_db *db;
	bool is_unoptimised, is_union, is_strict;
	tt_plan_switches switches;
	bool is_second; /* the side that faults are injected into */
} question;

static question new_question(trial *t, tt_db *db, bool is_second)
{
	question made = {.db = db, .is_second = is_second, .is_union = t->seed % 3 == 0, .is_strict = t->seed % 2 == 0};
	tt_buffer_init(&made.text, &t->ctx);
	MUST(tt_buffer_append(&made.text, tt_view_of(random_prologue)));
	return made;
}

static void say(question *q, const char *text)
{
	MUST(tt_buffer_append(&q->text, tt_view_of(text)));
}

static void say_piece(const trial *t, question *q, const piece *part, uint64_t shuffle)
{
	const bool is_wrong = q->is_second && t->fault == FAULT_REWRITE;
	const piece_style style = {.shuffle = shuffle, .wrong = is_wrong ? t->wrong : PIECE_PLAIN};
	piece_print(part, &style, &q->text);
}

/* `select` dataset { group `end` } */
static question question_of(trial *t, tt_db *db, bool is_second, const char *select, const char *end)
{
	question made = new_question(t, db, is_second);
	say(&made, select);
	say_piece(t, &made, t->random.dataset, 0);
	say(&made, "{ ");
	say_piece(t, &made, t->random.group, 0);
	say(&made, end);
	return made;
}

/* ---- asking ----------------------------------------------------------------------------------- */

tt_db *trial_load(const tt_buffer *data, const char *directory, const char *graph)
{
	const int fd = memfd_create("data", MFD_CLOEXEC);
	char *const path = must_print("/proc/self/fd/%d", fd);
	const char *const paths[] = {path};
	const tt_load_options options = {.syntax = TT_RDF_NQUADS, .graph = graph};
	tt_db *db = NULL;
	if (fd < 0 || write(fd, data->data, data->size) != (ssize_t)data->size) {
		exit(99);
	}
	MUST(tt_db_open(directory, TT_OPEN_CREATE, &db));
	MUST(tt_db_load(db, paths, &options, 1, NULL));
	(void)close(fd);
	free(path);
	return db;
}

static tt_db *load(trial *t)
{
	tt_buffer data;
	tt_buffer_init(&data, &t->ctx);
	trial_data(t, &data);
	tt_db *const db = trial_load(&data, NULL, NULL);
	tt_buffer_clear(&data);
	return db;
}

static void add_row(answer *to, const tt_term *row)
{
	tt_term *const made = answer_add_row(to);
	for (size_t i = 0; i < to->n_columns; ++i) {
		made[i] = answer_keep_term(to, &row[i]);
	}
}

/* An answer without columns has rows, but no cells. */
static void copy_row(answer *to, const answer *from, size_t row)
{
	add_row(to, from->n_columns ? &from->cells[row * from->n_columns] : NULL);
}

static answer *like(const answer *from)
{
	answer *const made = answer_new(from->kind);
	for (size_t i = 0; i < from->n_columns; ++i) {
		(void)answer_column(made, from->columns[i], strlen(from->columns[i]));
	}
	return made;
}

/* An answer with the injected fault; NULL if there is nothing to break. */
static answer *break_answer(const trial *t, answer *from)
{
	if (t->fault == FAULT_NONE || t->fault == FAULT_REWRITE) {
		return from;
	}
	answer *made = NULL;
	if (from->kind == TT_RESULTS_BOOLEAN) {
		made = answer_new(from->kind);
		made->boolean = !from->boolean;
	} else if (from->n_rows > 0) {
		made = like(from);
		const size_t first = t->fault == FAULT_DROP;
		for (size_t i = first; i < from->n_rows; ++i) {
			const size_t row = t->fault == FAULT_REVERSE ? from->n_rows - 1 - i : i;
			copy_row(made, from, row);
		}
		if (t->fault == FAULT_REPEAT) {
			copy_row(made, from, 0);
		}
	}
	answer_free(from);
	return made;
}

static tt_status fetch(tt_results *results, answer **out)
{
	*out = answer_new(tt_results_get_kind(results));
	(*out)->boolean = (*out)->kind == TT_RESULTS_BOOLEAN && tt_results_boolean(results);
	for (size_t i = 0; i < tt_results_n_columns(results); ++i) {
		const tt_view name = tt_results_column(results, i);
		(void)answer_column(*out, name.data, name.size);
	}
	for (;;) {
		const tt_term *row = NULL;
		TT_TRY(tt_results_next(results, &row));
		if (!row) {
			return TT_OK;
		}
		if ((*out)->n_rows == MOST_ROWS) {
			return TT_LIMIT;
		}
		add_row(*out, row);
	}
}

static void count_operators(trial *t, const tt_node *node)
{
	t->n_by_kind[node->kind]++;
	for (size_t i = 0; i < node->n_children; ++i) {
		count_operators(t, node->children[i]);
	}
}

/* Ask; NULL with *out_status if there is no answer. */
static answer *ask(trial *t, question *q, tt_status *out_status)
{
	const tt_query_options options = {.is_union_default_graph = q->is_union,
	                                  .is_strict = q->is_strict,
	                                  .is_unoptimised = q->is_unoptimised,
	                                  .timeout_seconds = 20, /* a guard: such a case is not compared */
	                                  .memory_bytes = MOST_BYTES};
	tt_results *results = NULL;
	answer *got = NULL;
	*out_status = tt_db_query_switched(q->db, tt_buffer_view(&q->text), &options, &q->switches, &results);
	if (*out_status == TT_OK) {
		*out_status = fetch(results, &got);
		if (q->is_second) {
			count_operators(t, results->plan->root);
		}
	}
	tt_results_free(results);
	if (*out_status != TT_OK) {
		answer_free(got);
		return NULL;
	}
	return q->is_second ? break_answer(t, got) : got;
}

/* ---- comparing -------------------------------------------------------------------------------- */

static void tell(const trial *t, const question *q, const answer *got, tt_status status)
{
	(void)fprintf(t->why, "%.*s\n  (%s%s%s%s, passes off %#x, joins %d)\n", TT_VIEW_ARG(tt_buffer_view(&q->text)),
	              q->is_second ? "second" : "first", q->is_union ? ", union" : "", q->is_strict ? ", strict" : "",
	              q->is_unoptimised ? ", as written" : "", q->switches.disabled_passes, (int)q->switches.forced_method);
	if (got) {
		answer_print(got, "    ", t->why);
	} else {
		(void)fprintf(t->why, "    %s: %s\n", tt_status_name(status), tt_db_error(q->db)->text);
	}
}

static bool is_given_up(tt_status status)
{
	return status == TT_LIMIT || status == TT_TIMEOUT;
}

/* What is made of the answers before they are compared; each may be NULL. */
typedef struct comparison {
	answer *(*change_first)(const trial *t, answer *first);
	answer *(*change_second)(const trial *t, answer *second);
	answer_comparison how;
	bool is_ordered;
} comparison;

static verdict judge(const trial *t, answer **first, answer **second, const tt_status statuses[2],
                     const comparison *how)
{
	if (is_given_up(statuses[0]) || is_given_up(statuses[1])) {
		return NOT_COMPARED;
	}
	if (statuses[0] != statuses[1]) {
		return DIFFER;
	}
	if (statuses[0] == TT_SYNTAX || statuses[0] == TT_UNSUPPORTED || (statuses[0] == TT_OK && !*second)) {
		return NOT_COMPARED; /* BIND of a name in use; an empty answer that no fault can break */
	}
	if (statuses[0] != TT_OK) {
		return DIFFER;
	}
	*first = how->change_first ? how->change_first(t, *first) : *first;
	*second = how->change_second ? how->change_second(t, *second) : *second;
	(*first)->is_ordered = how->is_ordered;
	return answer_equals(*first, *second, &how->how) ? AGREE : DIFFER;
}

static verdict compare_questions(trial *t, question *first, question *second, const comparison *how)
{
	tt_status statuses[2];
	answer *answers[2] = {ask(t, first, &statuses[0]), ask(t, second, &statuses[1])};
	const verdict found = judge(t, &answers[0], &answers[1], statuses, how);
	if (found == DIFFER && t->why) {
		tell(t, first, answers[0], statuses[0]);
		tell(t, second, answers[1], statuses[1]);
	}
	answer_free(answers[0]);
	answer_free(answers[1]);
	return found;
}

static const comparison as_rows = {0};

static verdict compare_and_clear(trial *t, question *first, question *second, const comparison *how)
{
	const verdict found = compare_questions(t, first, second, how);
	tt_buffer_clear(&first->text);
	tt_buffer_clear(&second->text);
	return found;
}

/* The query of the case, twice. */
static void ask_whole(trial *t, tt_db *db, question *first, question *second, uint64_t shuffle)
{
	*first = new_question(t, db, false);
	*second = new_question(t, db, true);
	say_piece(t, first, t->random.whole, 0);
	say_piece(t, second, t->random.whole, shuffle);
}

/* ---- plans ------------------------------------------------------------------------------------ */

static verdict compare_optimiser(trial *t)
{
	question first;
	question second;
	tt_db *const db = load(t);
	ask_whole(t, db, &first, &second, 0);
	first.is_unoptimised = true;
	const verdict found = compare_and_clear(t, &first, &second, &as_rows);
	tt_db_close(db);
	return found;
}

/* The plan as text; empty if there is none. */
static void explain(trial *t, const question *q, tt_buffer *out)
{
	const tt_query_options options = {.is_union_default_graph = q->is_union, .memory_bytes = MOST_BYTES};
	tt_results *results = NULL;
	tt_buffer_init(out, &t->ctx);
	if (tt_db_query_switched(q->db, tt_buffer_view(&q->text), &options, &q->switches, &results) == TT_OK) {
		MUST(tt_plan_explain(results->plan, &results->terms, NULL, NULL, out));
	}
	tt_results_free(results);
}

static void note_change(trial *t, unsigned pass, const question *first, const question *second)
{
	tt_buffer plans[2];
	explain(t, first, &plans[0]);
	explain(t, second, &plans[1]);
	t->n_pass_changed[pass] += !tt_view_equal(tt_buffer_view(&plans[0]), tt_buffer_view(&plans[1]));
	tt_buffer_clear(&plans[0]);
	tt_buffer_clear(&plans[1]);
}

static verdict compare_passes(trial *t)
{
	question first;
	question second;
	verdict found = NOT_COMPARED;
	tt_db *const db = load(t);
	ask_whole(t, db, &first, &second, 0);
	for (unsigned pass = 0; pass < TT_N_PASSES && found != DIFFER; ++pass) {
		second.switches.disabled_passes = 1u << pass;
		found = compare_questions(t, &first, &second, &as_rows);
		if (t->fault == FAULT_NONE) {
			note_change(t, pass, &first, &second);
		}
	}
	tt_buffer_clear(&first.text);
	tt_buffer_clear(&second.text);
	tt_db_close(db);
	return found;
}

static verdict compare_joins(trial *t)
{
	question first;
	question second;
	verdict found = NOT_COMPARED;
	tt_db *const db = load(t);
	ask_whole(t, db, &first, &second, 0);
	for (unsigned method = TT_METHOD_MERGE; method <= TT_METHOD_LOOKUP && found != DIFFER; ++method) {
		second.switches.forced_method = (tt_method)method;
		found = compare_questions(t, &first, &second, &as_rows);
	}
	tt_buffer_clear(&first.text);
	tt_buffer_clear(&second.text);
	tt_db_close(db);
	return found;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	(void)status;
	(void)kind;
	(void)place;
	return remove(path);
}

static verdict compare_stores(trial *t)
{
	enum { N_OPEN = 8 };
	const char *const folder = getenv("TMPDIR");
	char *const directory = must_print("%s/tertium-diff-XXXXXX", folder ? folder : "/tmp");
	question first;
	question second;
	tt_buffer data;
	tt_db *const db = load(t);
	if (!mkdtemp(directory)) {
		exit(99);
	}
	tt_buffer_init(&data, &t->ctx);
	trial_data(t, &data);
	tt_db *const on_disk = trial_load(&data, directory, NULL);
	tt_buffer_clear(&data);
	ask_whole(t, db, &first, &second, 0);
	second.db = on_disk;
	const verdict found = compare_and_clear(t, &first, &second, &as_rows);
	tt_db_close(on_disk);
	tt_db_close(db);
	(void)nftw(directory, remove_entry, N_OPEN, FTW_DEPTH | FTW_PHYS);
	free(directory);
	return found;
}

/* ---- questions that mean the same ------------------------------------------------------------- */

static verdict compare_shuffled(trial *t)
{
	question first;
	question second;
	tt_db *const db = load(t);
	ask_whole(t, db, &first, &second, t->seed + 1);
	const verdict found = compare_and_clear(t, &first, &second, &as_rows);
	tt_db_close(db);
	return found;
}

/* FILTER(c), FILTER(!c) and the rows where c is an error are all rows. */
static verdict compare_partition(trial *t)
{
	question first;
	question second;
	tt_db *const db = load(t);
	first = question_of(t, db, false, "SELECT * ", "}");
	second = new_question(t, db, true);
	say(&second, "SELECT * ");
	say_piece(t, &second, t->random.dataset, 0);
	static const char *const filters[][2] = {
	    {"{ { ", " FILTER("}, {"} UNION { ", " FILTER(!("}, {"} UNION { ", " FILTER(COALESCE(IF("}};
	static const char *const ends[] = {") ", ")) ", ", false, false), true)) } }"};
	for (size_t i = 0; i < 3; ++i) {
		say(&second, filters[i][0]);
		say_piece(t, &second, t->random.group, 0);
		say(&second, filters[i][1]);
		say_piece(t, &second, t->random.condition, 0);
		say(&second, ends[i]);
	}
	const verdict found = compare_and_clear(t, &first, &second, &as_rows);
	tt_db_close(db);
	return found;
}

/* FROM and FROM NAMED for each graph that there is. */
static void say_graphs(trial *t, question *q)
{
	question all = new_question(t, q->db, false);
	tt_status status = TT_OK;
	say(&all, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }");
	answer *const graphs = ask(t, &all, &status);
	MUST(status);
	for (size_t i = 0; i < graphs->n_rows; ++i) {
		MUST(tt_buffer_printf(&q->text, "FROM <%.*s> FROM NAMED <%.*s> ", TT_VIEW_ARG(graphs->cells[i].text),
		                      TT_VIEW_ARG(graphs->cells[i].text)));
	}
	answer_free(graphs);
	tt_buffer_clear(&all.text);
}

static verdict compare_union(trial *t)
{
	tt_buffer data;
	question first;
	question second;
	tt_buffer_init(&data, &t->ctx);
	trial_data(t, &data);
	tt_db *const db = trial_load(&data, NULL, "http://example.org/g0");
	first = new_question(t, db, false);
	second = new_question(t, db, true);
	first.is_union = true;
	second.is_union = false;
	say(&first, "SELECT * ");
	say(&second, "SELECT * ");
	say_graphs(t, &second);
	say_piece(t, &first, t->random.group, 0);
	say_piece(t, &second, t->random.group, 0);
	const verdict found = data.size ? compare_and_clear(t, &first, &second, &as_rows) : NOT_COMPARED;
	tt_buffer_clear(&data);
	tt_db_close(db);
	return found;
}

static bool is_same_row(const answer *a, size_t i, size_t j)
{
	for (size_t c = 0; c < a->n_columns; ++c) {
		const tt_term *const x = &a->cells[i * a->n_columns + c];
		const tt_term *const y = &a->cells[j * a->n_columns + c];
		if (x->kind != y->kind || !tt_view_equal(x->text, y->text) || !tt_view_equal(x->datatype, y->datatype) ||
		    !tt_view_equal(x->language, y->language)) {
			return false;
		}
	}
	return true;
}

static answer *without_copies(const trial *t, answer *from)
{
	answer *const made = like(from);
	(void)t;
	for (size_t i = 0; i < from->n_rows; ++i) {
		bool is_new = true;
		for (size_t j = 0; j < i && is_new; ++j) {
			is_new = !is_same_row(from, i, j);
		}
		if (is_new) {
			copy_row(made, from, i);
		}
	}
	answer_free(from);
	return made;
}

static verdict compare_selects(trial *t, const char *const selects[2], const char *const ends[2], const comparison *how)
{
	tt_db *const db = load(t);
	question first = question_of(t, db, false, selects[0], ends[0]);
	question second = question_of(t, db, true, selects[1], ends[1]);
	const verdict found = compare_and_clear(t, &first, &second, how);
	tt_db_close(db);
	return found;
}

static verdict compare_distinct(trial *t)
{
	static const char *const selects[] = {"SELECT ?a ?b ", "SELECT DISTINCT ?a ?b "};
	static const char *const ends[] = {"}", "}"};
	return compare_selects(t, selects, ends, &(comparison){.change_first = without_copies});
}

/* REDUCED may leave out copies, but not all of a row (§15.3). Compared without blank nodes. */
static verdict compare_reduced(trial *t)
{
	static const char *const selects[] = {"SELECT ?a ?b ", "SELECT REDUCED ?a ?b "};
	static const char *const ends[] = {"FILTER(!isBLANK(?a) && !isBLANK(?b)) }",
	                                   "FILTER(!isBLANK(?a) && !isBLANK(?b)) }"};
	return compare_selects(t, selects, ends, &(comparison){.how.is_lax = true});
}

static answer *number_of_rows(const trial *t, answer *from)
{
	char text[24];
	answer *const made = answer_new(TT_RESULTS_ROWS);
	(void)t;
	(void)snprintf(text, sizeof text, "%zu", from->n_rows);
	(void)answer_column(made, "n", 1);
	const tt_term number = literal_of(text, strlen(text), XSD_IRI "integer");
	add_row(made, &number);
	answer_free(from);
	return made;
}

static verdict compare_count(trial *t)
{
	static const char *const selects[] = {"SELECT (COUNT(*) AS ?n) ", "SELECT * "};
	static const char *const ends[] = {"}", "}"};
	return compare_selects(t, selects, ends, &(comparison){.change_second = number_of_rows});
}

/* ---- order ------------------------------------------------------------------------------------ */

static const bool is_descending[] = {false, true, false};

/* Rows in an order that is forbidden are emptied, which the comparison then notices. */
static answer *unless_disordered(const trial *t, answer *rows)
{
	if (is_order_wrong(rows, is_descending)) {
		if (t->why) {
			(void)fprintf(t->why, "wrong order:\n");
			answer_print(rows, "    ", t->why);
		}
		answer *const made = answer_new(TT_RESULTS_BOOLEAN);
		answer_free(rows);
		return made;
	}
	return rows;
}

static verdict compare_order(trial *t)
{
	static const char *const selects[] = {"SELECT ?a ?b ?c ", "SELECT ?a ?b ?c "};
	static const char *const ends[] = {"}", "} ORDER BY ?a DESC(?b) ?c"};
	return compare_selects(t, selects, ends, &(comparison){.change_second = unless_disordered});
}

enum { SLICE_OFFSET = 1, SLICE_LIMIT = 3 };

static answer *slice_of(const trial *t, answer *from)
{
	answer *const made = like(from);
	(void)t;
	for (size_t i = SLICE_OFFSET; i < from->n_rows && i < SLICE_OFFSET + SLICE_LIMIT; ++i) {
		copy_row(made, from, i);
	}
	answer_free(from);
	return made;
}

static verdict compare_slice(trial *t)
{
	static const char *const selects[] = {"SELECT ?a ?b ?c ", "SELECT ?a ?b ?c "};
	static const char *const ends[] = {"} ORDER BY ?a DESC(?b) ?c", "} ORDER BY ?a DESC(?b) ?c OFFSET 1 LIMIT 3"};
	return compare_selects(t, selects, ends, &(comparison){.change_first = slice_of, .is_ordered = true});
}

/* ---- evidence --------------------------------------------------------------------------------- */

/* The fault is a statement that the evidence lacks. */
static verdict compare_evidence(trial *t)
{
	question q;
	verdict found = NOT_COMPARED;
	tt_db *const db = load(t);
	q = new_question(t, db, false);
	say_piece(t, &q, t->random.whole, 0);
	const tt_query_options options = {
	    .is_union_default_graph = q.is_union, .timeout_seconds = 20, .memory_bytes = MOST_BYTES};
	if (tt_db_parse(db, tt_buffer_view(&q.text), false, &options) == TT_OK) {
		tt_status status = TT_OK;
		answer *const got = ask(t, &q, &status); /* what only the meaning forbids, and what is too much */
		answer_free(got);
		MUST(tt_buffer_terminate(&q.text));
		const proof_verdict verdicts = status != TT_OK
		                                   ? PROOF_NONE
		                                   : proof_of(db, q.text.data, &options, t->fault != FAULT_NONE, t->why);
		found = verdicts == PROOF_NONE ? NOT_COMPARED : verdicts == PROOF_HOLDS ? AGREE : DIFFER;
		if (found == DIFFER && t->why) {
			tell(t, &q, NULL, TT_OK);
		}
	}
	tt_buffer_clear(&q.text);
	tt_db_close(db);
	return found;
}

/* ---- all -------------------------------------------------------------------------------------- */

#define ROWS [FAULT_DROP] = true, [FAULT_REPEAT] = true
#define ALL  ROWS, [FAULT_REWRITE] = true

const oracle oracles[] = {
    {"optimiser", "a query means the same optimised and as written", compare_optimiser, 1000, {ALL}},
    {"passes", "a query means the same without any one pass", compare_passes, 500, {ALL}},
    {"joins", "a query means the same by merge, hash and lookup joins", compare_joins, 600, {ALL}},
    {"stores", "a query means the same in memory and on disk", compare_stores, 40, {ROWS}},
    {"shuffled", "patterns may change places", compare_shuffled, 600, {ALL}},
    {"partition", "c, !c and errors of c are all rows", compare_partition, 600, {ALL}},
    {"union", "the union of all graphs is FROM all graphs", compare_union, 500, {ALL}},
    {"distinct", "DISTINCT is no row twice", compare_distinct, 500, {ALL}},
    {"reduced", "REDUCED loses only copies", compare_reduced, 300, {[FAULT_REPEAT] = true}},
    {"count", "COUNT(*) is the number of rows", compare_count, 500, {ALL}},
    {"order", "ORDER BY orders as §15.1 says, and loses nothing", compare_order, 600, {ALL, [FAULT_REVERSE] = true}},
    {"evidence", "the evidence for a row gives it again", compare_evidence, 300, {[FAULT_REWRITE] = true}},
    {"slice", "LIMIT and OFFSET cut the ordered rows", compare_slice, 400, {ROWS}},
};
const size_t n_oracles = sizeof oracles / sizeof *oracles;
