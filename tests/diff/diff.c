/* diff.c - run the oracles over random cases, and show that each of them bites.
 *
 * diff [--oracle NAME] [--seed N] [--seeds N]   without arguments as in `make check`; TT_SEEDS=n multiplies the seeds
 * diff --emit --seed N --seeds N                one JSON object a line for another engine: data, query, our answer
 *
 * A failure is shrunk, printed with data, query and both answers, and with the command that replays it. After each
 * oracle the same seeds are run with each fault that it must notice: rows that are lost or doubled must be noticed
 * every time, a deliberately wrong rewriting or a wrong order at least once. */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/diff/oracle.h"
#include "tests/w3c/answer.h"
#include "tests/w3c/apart.h"

/* Seconds of processor time for all seeds of one oracle: a guard against endless loops. */
enum { MOST_SECONDS = 1200, MOST_SHRINK_CHECKS = 600 };

typedef struct job {
	const oracle *oracle;
	fault fault;
	uint64_t first_seed, n_seeds;
	uint64_t *now; /* the seed in work, seen by the parent when the child dies */
	size_t *n_compared;
} job;

/* ---- one seed --------------------------------------------------------------------------------- */

static void begin_trial(trial *t, uint64_t seed, bool is_portable)
{
	t->seed = seed;
	t->why = NULL;
	tt_ctx_init(&t->ctx);
	tt_arena_init(&t->arena, &t->ctx);
	random_case_make(&t->arena, seed, is_portable, &t->random);
}

static void end_trial(trial *t)
{
	tt_arena_clear(&t->arena);
}

typedef struct shrinking {
	trial *t;
	const oracle *oracle;
} shrinking;

static bool still_differs(void *user)
{
	const shrinking *const self = user;
	return self->oracle->compare(self->t) == DIFFER;
}

static void report(trial *t, const job *self, FILE *file)
{
	shrinking shrunk = {t, self->oracle};
	piece *const trees[] = {t->random.data, t->random.whole, t->random.group, t->random.condition, t->random.dataset};
	unsigned n_checks_left = MOST_SHRINK_CHECKS;
	for (bool has_changed = true; has_changed && n_checks_left;) {
		has_changed = false;
		for (size_t i = 0; i < sizeof trees / sizeof *trees; ++i) {
			has_changed = piece_shrink(trees[i], still_differs, &shrunk, &n_checks_left) || has_changed;
		}
	}
	tt_buffer data;
	tt_buffer_init(&data, &t->ctx);
	trial_data(t, &data);
	(void)fprintf(file, "replay: tests/diff/diff --oracle %s --seed %llu\n%s", self->oracle->name,
	              (unsigned long long)t->seed, data.data ? data.data : "");
	tt_buffer_clear(&data);
	t->why = file;
	(void)self->oracle->compare(t);
}

/* Whether the seeds of a rewriting fault are noticed at least once for each role. */
static bool notices_rewriting(trial *t, const job *self, FILE *file)
{
	static const char *const names[PIECE_N_ROLES] = {"", "FILTER", "OPTIONAL", "MINUS", "UNION", "DISTINCT"};
	const bool has_distinct = self->oracle == &oracles[0];
	bool is_good = true;
	for (unsigned role = PIECE_FILTER; role < (has_distinct ? PIECE_N_ROLES : PIECE_DISTINCT); ++role) {
		bool is_noticed = false;
		t->wrong = (piece_role)role;
		for (uint64_t i = 0; i < self->n_seeds && !is_noticed; ++i) {
			*self->now = self->first_seed + i;
			begin_trial(t, *self->now, false);
			is_noticed = self->oracle->compare(t) == DIFFER;
			end_trial(t);
		}
		if (!is_noticed) {
			(void)fprintf(file, "%s lost on one side, and not noticed\n", names[role]);
			is_good = false;
		}
	}
	return is_good;
}

static bool notices_rows(trial *t, const job *self, FILE *file)
{
	size_t n_noticed = 0;
	size_t n_missed = 0;
	for (uint64_t i = 0; i < self->n_seeds; ++i) {
		*self->now = self->first_seed + i;
		begin_trial(t, *self->now, false);
		const verdict found = self->oracle->compare(t);
		n_noticed += found == DIFFER;
		n_missed += found == AGREE;
		end_trial(t);
	}
	if (n_noticed == 0 || (n_missed > 0 && self->fault != FAULT_REVERSE)) {
		(void)fprintf(file, "%zu faults noticed, %zu not\n", n_noticed, n_missed);
		return false;
	}
	return true;
}

/* ---- one oracle ------------------------------------------------------------------------------- */

/* The switches must switch: each pass has changed a plan, each algorithm has been used. */
static bool has_met_all(const trial *t, const job *self, FILE *file)
{
	bool is_good = true;
	static const struct {
		tt_node_kind kind;
		const char *name;
	} joins[] = {{TT_NODE_MERGE_JOIN, "merge join"},
	             {TT_NODE_HASH_JOIN, "hash join"},
	             {TT_NODE_LOOKUP_JOIN, "lookup join"},
	             {TT_NODE_LEFT_LOOKUP, "optional by lookup"},
	             {TT_NODE_LEFT_JOIN, "optional by hash"},
	             {TT_NODE_SEMI_JOIN, "semi-join"},
	             {TT_NODE_GRAPH_LOOP, "graph loop"},
	             {TT_NODE_PATH, "path"},
	             {TT_NODE_GROUP, "group"}};
	for (size_t i = 0; strcmp(self->oracle->name, "joins") == 0 && i < sizeof joins / sizeof *joins; ++i) {
		if (t->n_by_kind[joins[i].kind] == 0) {
			(void)fprintf(file, "no plan had a %s\n", joins[i].name);
			is_good = false;
		}
	}
	for (unsigned pass = 0; strcmp(self->oracle->name, "passes") == 0 && pass < TT_N_PASSES; ++pass) {
		if (t->n_pass_changed[pass] == 0) {
			(void)fprintf(file, "no plan was changed by the pass %s\n", tt_rewrite_name(pass));
			is_good = false;
		}
	}
	return is_good;
}

static bool finds_no_difference(trial *t, const job *self, FILE *file)
{
	enum { MOST_REPORTS = 3 };
	unsigned n_different = 0;
	for (uint64_t i = 0; i < self->n_seeds && n_different < MOST_REPORTS; ++i) {
		*self->now = self->first_seed + i;
		begin_trial(t, *self->now, false);
		const verdict found = self->oracle->compare(t);
		*self->n_compared += found != NOT_COMPARED;
		if (found == DIFFER) {
			n_different++;
			report(t, self, file);
		}
		end_trial(t);
	}
	const bool is_many = self->n_seeds >= self->oracle->n_seeds;
	if (is_many && *self->n_compared < self->n_seeds / 2) {
		(void)fprintf(file, "only %zu cases of %llu could be compared\n", *self->n_compared,
		              (unsigned long long)self->n_seeds);
		return false;
	}
	return n_different == 0 && (!is_many || has_met_all(t, self, file));
}

static bool run_job(void *user, FILE *file)
{
	const job *const self = user;
	static trial t;
	t = (trial){.fault = self->fault};
	switch (self->fault) {
	case FAULT_NONE:
		return finds_no_difference(&t, self, file);
	case FAULT_REWRITE:
		return notices_rewriting(&t, self, file);
	default:
		return notices_rows(&t, self, file);
	}
}

static bool run_oracle(const job *self, size_t number)
{
	static const char *const faults[N_FAULTS] = {"", "a row is lost", "a row comes twice", "rows come in reverse order",
	                                             "a rewriting is wrong"};
	char *diagnostics = NULL;
	const bool is_good = run_apart(run_job, (void *)(uintptr_t)self, MOST_SECONDS, &diagnostics);
	if (self->fault == FAULT_NONE) {
		(void)printf("%sok %zu - %s: %s (%zu compared)\n", is_good ? "" : "not ", number, self->oracle->name,
		             self->oracle->claim, *self->n_compared);
	} else {
		(void)printf("%sok %zu - %s notices if %s\n", is_good ? "" : "not ", number, self->oracle->name,
		             faults[self->fault]);
	}
	if (!is_good) {
		(void)printf("# the last seed was %llu\n", (unsigned long long)*self->now);
		print_diagnostics(diagnostics);
	}
	free(diagnostics);
	return is_good;
}

/* ---- for another engine ----------------------------------------------------------------------- */

static void print_json_text(const char *text)
{
	(void)putchar('"');
	for (; *text; ++text) {
		const unsigned char c = (unsigned char)*text;
		if (c == '"' || c == '\\') {
			(void)printf("\\%c", c);
		} else if (c < 0x20) {
			(void)printf("\\u%04x", c);
		} else {
			(void)putchar(c);
		}
	}
	(void)putchar('"');
}

/* Our answer in the JSON format of SPARQL, or as N-Triples in a string, or null. */
static void print_answer(tt_db *db, const tt_buffer *query)
{
	const tt_query_options options = {.is_strict = true, .timeout_seconds = 20, .memory_bytes = (size_t)256 << 20};
	tt_results *results = NULL;
	uint64_t n_rows = 0;
	if (tt_db_query(db, tt_buffer_view(query), &options, &results) != TT_OK) {
		(void)printf("null, \"error\": ");
		print_json_text(tt_db_error(db)->text);
		return;
	}
	const int fd = memfd_create("answer", MFD_CLOEXEC);
	const bool is_graph = tt_results_get_kind(results) == TT_RESULTS_TRIPLES;
	const tt_write_options writing = {.format = is_graph ? TT_FORMAT_NTRIPLES : TT_FORMAT_JSON};
	const tt_status status = tt_results_write(results, &writing, fd, &n_rows);
	char *const path = must_print("/proc/self/fd/%d", fd);
	char *const text = read_whole_file(path, NULL);
	if (status != TT_OK || !text) {
		(void)printf("null, \"error\": ");
		print_json_text(tt_db_error(db)->text);
	} else if (is_graph) {
		print_json_text(text);
	} else {
		for (char *at = text; *at; ++at) {
			(void)putchar(*at == '\n' ? ' ' : *at);
		}
	}
	free(text);
	free(path);
	(void)close(fd);
	tt_results_free(results);
}

static void emit(uint64_t seed)
{
	trial t = {0};
	tt_buffer data;
	tt_buffer query;
	begin_trial(&t, seed, true);
	tt_buffer_init(&data, &t.ctx);
	tt_buffer_init(&query, &t.ctx);
	trial_data(&t, &data);
	trial_query(&t, &query);
	tt_db *const db = trial_load(&data, NULL, NULL);
	(void)printf("{\"seed\": %llu, \"data\": ", (unsigned long long)seed);
	print_json_text(data.data);
	(void)printf(", \"query\": ");
	print_json_text(query.data);
	(void)printf(", \"ours\": ");
	print_answer(db, &query);
	(void)printf("}\n");
	tt_db_close(db);
	tt_buffer_clear(&data);
	tt_buffer_clear(&query);
	end_trial(&t);
}

/* ---- arguments -------------------------------------------------------------------------------- */

static uint64_t number_after(int argc, char **argv, const char *name, uint64_t otherwise)
{
	for (int i = 1; i + 1 < argc; ++i) {
		if (strcmp(argv[i], name) == 0) {
			return strtoull(argv[i + 1], NULL, 10);
		}
	}
	return otherwise;
}

static const char *text_after(int argc, char **argv, const char *name)
{
	for (int i = 1; i + 1 < argc; ++i) {
		if (strcmp(argv[i], name) == 0) {
			return argv[i + 1];
		}
	}
	return NULL;
}

int main(int argc, char **argv)
{
	const char *const many = getenv("TT_SEEDS");
	const char *const only = text_after(argc, argv, "--oracle");
	const uint64_t factor = many ? strtoull(many, NULL, 10) : 1;
	const uint64_t first = number_after(argc, argv, "--seed", 1);
	const bool is_replay = text_after(argc, argv, "--seed") != NULL;
	const uint64_t n = number_after(argc, argv, "--seeds", is_replay ? 1 : 0);
	if (argc > 1 && strcmp(argv[1], "--emit") == 0) {
		for (uint64_t i = 0; i < n; ++i) {
			emit(first + i);
		}
		return EXIT_SUCCESS;
	}
	/* shared with the children */
	uint64_t *const shared = mmap(NULL, sizeof *shared * 2, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED) {
		return 99;
	}
	size_t number = 0;
	bool is_good = true;
	for (size_t i = 0; i < n_oracles; ++i) {
		for (unsigned f = FAULT_NONE; f < (n ? 1 : N_FAULTS); ++f) {
			const job self = {.oracle = &oracles[i],
			                  .fault = (fault)f,
			                  .first_seed = first,
			                  .n_seeds = n                    ? n
			                             : f == FAULT_NONE    ? oracles[i].n_seeds * factor
			                             : f == FAULT_REWRITE ? oracles[i].n_seeds /* stops when it has noticed */
			                                                  : oracles[i].n_seeds / 8,
			                  .now = &shared[0],
			                  .n_compared = (size_t *)&shared[1]};
			shared[1] = 0;
			if ((!only || strcmp(only, oracles[i].name) == 0) && (f == FAULT_NONE || oracles[i].notices[f])) {
				is_good = run_oracle(&self, ++number) && is_good;
			}
		}
	}
	(void)printf("1..%zu\n", number);
	return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}
