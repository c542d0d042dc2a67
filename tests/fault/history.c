/* history.c - random transactions with a known outcome. */
#include "history.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ALIVE = 40, TEXT_SIZE = 1 << 18, MOST_REQUESTS = 4 };

/* The requests of a transaction; `file` is loaded before them if it is not empty. */
typedef struct {
	char *text; /* of the request being written */
	size_t n;
	char *requests[MOST_REQUESTS];
	unsigned n_requests;
	char *file;
	unsigned file_place;
	bool is_rolled_back;
} plan;

uint64_t random_below(uint64_t *random, uint64_t n)
{
	*random ^= *random << 13;
	*random ^= *random >> 7;
	*random ^= *random << 17;
	return n ? (*random * UINT64_C(0x9E3779B97F4A7C15) >> 20) % n : 0;
}

void history_init(history *h, uint64_t seed)
{
	memset(h, 0, sizeof *h);
	h->random = (seed + 1) * UINT64_C(0x9E3779B97F4A7C15) | 1;
}

/* ---- writing requests --------------------------------------------------------------------------- */

static void __attribute__((format(printf, 2, 3))) put(plan *p, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	const int n = vsnprintf(p->text + p->n, TEXT_SIZE - p->n, format, arguments);
	va_end(arguments);
	if (n < 0 || (size_t)n >= TEXT_SIZE - p->n) {
		abort(); /* the sizes below are chosen so that it fits */
	}
	p->n += (size_t)n;
}

static void begin_request(plan *p)
{
	p->text = malloc(TEXT_SIZE);
	p->n = 0;
	p->text[0] = '\0';
}

static void end_request(plan *p)
{
	p->requests[p->n_requests++] = p->text;
}

/* The triples of a batch; some objects are long, so that blocks and pages of all sizes come about. */
static void put_triples(plan *p, unsigned batch, unsigned size)
{
	for (unsigned i = 0; i < size; ++i) {
		put(p, "<http://e/b%u> <http://e/p%u> \"%u/%u %.*s\" .\n", batch, i % 7, batch, i, (int)(i * 13 % 40),
		    "for what is written must be read again ..");
	}
}

static void put_insert(plan *p, unsigned batch, unsigned size, unsigned place)
{
	put(p, "INSERT DATA { ");
	if (place > 1) {
		put(p, "GRAPH <http://e/g%u> { ", place);
	}
	put_triples(p, batch, size);
	put(p, "%s } ;\n", place > 1 ? "}" : "");
}

static void put_pattern(plan *p, unsigned batch, unsigned place)
{
	if (place > 1) {
		put(p, "{ GRAPH <http://e/g%u> { <http://e/b%u> ?p ?o } } ", place, batch);
	} else {
		put(p, "{ <http://e/b%u> ?p ?o } ", batch);
	}
}

/* ---- planning a transaction --------------------------------------------------------------------- */

static bool find_alive(const history *h, uint64_t start, unsigned *out_batch)
{
	for (unsigned i = 0; i < h->n_done; ++i) {
		*out_batch = (unsigned)((start + i) % h->n_done);
		if (h->batches[*out_batch].place) {
			return true;
		}
	}
	return false;
}

static unsigned count_alive(const history *h)
{
	unsigned n = 0;
	for (unsigned i = 0; i < h->n_done; ++i) {
		n += h->batches[i].place != 0;
	}
	return n;
}

static void plan_insert(history *h, plan *p, bool is_file)
{
	const unsigned batch = h->n_done;
	const unsigned place = 1 + (unsigned)random_below(&h->random, HISTORY_GRAPHS);
	const unsigned most = random_below(&h->random, 20) ? 30 : 1500;
	const unsigned size = 1 + (unsigned)random_below(&h->random, most);
	h->batches[batch].place = (uint8_t)place;
	h->batches[batch].size = (uint16_t)size;
	if (!is_file) {
		put_insert(p, batch, size, place);
		return;
	}
	plan file = {.n = 0};
	begin_request(&file);
	put_triples(&file, batch, size);
	p->file = file.text;
	p->file_place = place;
}

static void plan_delete(history *h, plan *p)
{
	unsigned batch = 0;
	if (find_alive(h, random_below(&h->random, 1000), &batch)) {
		put(p, "DELETE WHERE ");
		put_pattern(p, batch, h->batches[batch].place);
		put(p, " ;\n");
		h->batches[batch].place = 0;
	}
}

static void plan_move(history *h, plan *p)
{
	unsigned batch = 0;
	if (find_alive(h, random_below(&h->random, 1000), &batch)) {
		const unsigned from = h->batches[batch].place;
		const unsigned to = 1 + (from + (unsigned)random_below(&h->random, HISTORY_GRAPHS - 1)) % HISTORY_GRAPHS;
		put(p, "DELETE ");
		put_pattern(p, batch, from);
		put(p, "INSERT ");
		put_pattern(p, batch, to);
		put(p, "WHERE ");
		put_pattern(p, batch, from);
		put(p, " ;\n");
		h->batches[batch].place = (uint8_t)to;
	}
}

static void plan_clear(history *h, plan *p)
{
	const unsigned place = 2 + (unsigned)random_below(&h->random, HISTORY_GRAPHS - 1);
	put(p, "CLEAR SILENT GRAPH <http://e/g%u> ;\n", place);
	for (unsigned i = 0; i <= h->n_done; ++i) { /* also the batch of this transaction */
		h->batches[i].place = h->batches[i].place == place ? 0 : h->batches[i].place;
	}
}

static void plan_transaction(history *h, plan *p)
{
	const uint64_t kind = random_below(&h->random, 12);
	const unsigned n_requests = kind < 8 ? 1 : 1 + (unsigned)random_below(&h->random, MOST_REQUESTS - 1);
	*p = (plan){.is_rolled_back = kind == 11};
	begin_request(p);
	if (kind < 10) {
		plan_insert(h, p, kind == 2 || kind == 9);
	}
	for (unsigned i = 0; i < n_requests; ++i) {
		if (i > 0) {
			begin_request(p);
		}
		for (uint64_t n = random_below(&h->random, 3); n; --n) {
			(random_below(&h->random, 2) ? plan_move : plan_delete)(h, p);
		}
		if (random_below(&h->random, 40) == 0) {
			plan_clear(h, p);
		}
		while (count_alive(h) > MOST_ALIVE) {
			plan_delete(h, p);
		}
		put(p,
		    "DELETE WHERE { <http://e/count> <http://e/is> ?n } ;\n"
		    "INSERT DATA { <http://e/count> <http://e/is> %u }",
		    h->n_done + 1);
		end_request(p);
	}
}

/* ---- doing it ----------------------------------------------------------------------------------- */

static tt_status load(tt_db *db, const char *folder, const plan *p)
{
	char name[400];
	char graph[40];
	(void)snprintf(name, sizeof name, "%s/load.nt", folder);
	(void)snprintf(graph, sizeof graph, "http://e/g%u", p->file_place);
	FILE *const file = fopen(name, "w");
	if (!file || fputs(p->file, file) < 0 || fclose(file) != 0) {
		return TT_IO;
	}
	const char *const path = name;
	const tt_load_options options = {.graph = p->file_place > 1 ? graph : NULL};
	return tt_db_load(db, &path, &options, 1, NULL);
}

static tt_status run_transaction(tt_db *db, const char *folder, const plan *p)
{
	tt_status status = tt_db_begin(db);
	status = status == TT_OK && p->file ? load(db, folder, p) : status;
	for (unsigned i = 0; i < p->n_requests && status == TT_OK; ++i) {
		const tt_view text = {p->requests[i], strlen(p->requests[i])};
		status = tt_db_update(db, text, NULL, NULL);
	}
	if (status != TT_OK || p->is_rolled_back) {
		const tt_status ended = tt_db_is_in_transaction(db) ? tt_db_rollback(db) : TT_OK;
		return status ? status : ended;
	}
	return tt_db_commit(db, NULL);
}

static tt_status run_plan(tt_db *db, const char *folder, const plan *p)
{
	if (p->n_requests == 1 && !p->file && !p->is_rolled_back) {
		return tt_db_update(db, (tt_view){p->requests[0], strlen(p->requests[0])}, NULL, NULL);
	}
	return run_transaction(db, folder, p);
}

tt_status history_step(history *h, tt_db *db, const char *folder)
{
	static history before;
	plan p;
	before = *h;
	plan_transaction(h, &p);
	tt_status status = db ? run_plan(db, folder, &p) : TT_OK;
	if (status != TT_OK) {
		*h = before;
	} else if (p.is_rolled_back) {
		const uint64_t random = h->random;
		*h = before;
		h->random = random;
	} else {
		h->n_done++;
	}
	for (unsigned i = 0; i < p.n_requests; ++i) {
		free(p.requests[i]);
	}
	free(p.file);
	return status;
}

/* ---- comparing ---------------------------------------------------------------------------------- */

#define TEXT(literal) ((tt_view){literal, sizeof(literal) - 1})

static tt_status query(tt_db *db, tt_view text, tt_results **out_results)
{
	*out_results = NULL;
	return tt_db_query(db, text, NULL, out_results);
}

tt_status history_count(tt_db *db, unsigned *out_n_done)
{
	tt_results *results = NULL;
	const tt_term *row = NULL;
	*out_n_done = 0;
	tt_status status = query(db, TEXT("SELECT ?n { <http://e/count> <http://e/is> ?n }"), &results);
	status = status == TT_OK ? tt_results_next(results, &row) : status;
	if (status == TT_OK && row) {
		*out_n_done = (unsigned)strtoul(row[0].text.data, NULL, 10);
	}
	tt_results_free(results);
	return status;
}

/* How many triples of a batch a place should hold. */
static unsigned count_expected(const history *h)
{
	unsigned n = h->n_done > 0;
	for (unsigned i = 0; i < h->n_done; ++i) {
		n += h->batches[i].place ? h->batches[i].size : 0;
	}
	return n;
}

/* Whether a row of graph, subject and object belongs there. */
static bool is_expected(const history *h, const tt_term *row)
{
	unsigned place = 1;
	unsigned batch = 0;
	unsigned said = 0;
	unsigned i = 0;
	char text[200] = "";
	(void)snprintf(text, sizeof text, "%.*s", (int)row[1].text.size, row[1].text.data);
	if (strcmp(text, "http://e/count") == 0) {
		return row[0].kind == TT_TERM_NONE && h->n_done == strtoul(row[2].text.data, NULL, 10);
	}
	if (sscanf(text, "http://e/b%u", &batch) != 1) {
		return false;
	}
	if (row[0].kind != TT_TERM_NONE) {
		(void)snprintf(text, sizeof text, "%.*s", (int)row[0].text.size, row[0].text.data);
		if (sscanf(text, "http://e/g%u", &place) != 1) {
			return false;
		}
	}
	(void)snprintf(text, sizeof text, "%.*s", (int)row[2].text.size, row[2].text.data);
	return sscanf(text, "%u/%u ", &said, &i) == 2 && said == batch && batch < h->n_done &&
	       h->batches[batch].place == place && i < h->batches[batch].size;
}

static void compare(const history *h, tt_db *db, char *out_why, size_t n_why)
{
	tt_results *results = NULL;
	const tt_term *row = NULL;
	unsigned n = 0;
	tt_status status = query(db, TEXT("SELECT ?g ?s ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"), &results);
	for (status = status ? status : tt_results_next(results, &row); status == TT_OK && row;
	     status = tt_results_next(results, &row)) {
		++n;
		if (!*out_why && !is_expected(h, row)) {
			(void)snprintf(out_why, n_why, "unexpected: graph <%.*s> <%.*s> \"%.*s\"", (int)row[0].text.size,
			               row[0].text.data ? row[0].text.data : "", (int)row[1].text.size, row[1].text.data,
			               (int)row[2].text.size, row[2].text.data);
		}
	}
	tt_results_free(results);
	if (status != TT_OK) {
		(void)snprintf(out_why, n_why, "%s", tt_db_error(db)->text);
	} else if (!*out_why && n != count_expected(h)) {
		(void)snprintf(out_why, n_why, "%u quads in place of %u", n, count_expected(h));
	}
}

static void note_damage(void *user, const char *message)
{
	char *const why = user;
	if (!*why) {
		(void)snprintf(why, 400, "damage: %s", message);
	}
}

void history_verify(const history *h, tt_db *db, char *out_why, size_t n_why)
{
	char damage[400] = "";
	tt_check_result result;
	*out_why = '\0';
	compare(h, db, out_why, n_why);
	const tt_status status = tt_db_check(db, note_damage, damage, &result);
	if (!*out_why && (status != TT_OK || result.n_damages)) {
		(void)snprintf(out_why, n_why, "%s", status == TT_OK ? damage : tt_db_error(db)->text);
	}
}
