/* test_redland.c - our storage against librdf's own memory and hashes as the model, by random sequences of calls.
 *
 * After each call everything that can be asked is compared. Two things are ours: a context has a statement once,
 * however often it is added, and there are transactions (the model remembers its state and is filled anew on rollback).
 */
#include "store_fixture.h"

#include <librdf.h>

enum { MOST_STORAGES = 4, FIRST_MODEL = 2, N_TERMS = 6, N_CONTEXTS = 3, MOST_LINES = 4096, N_STEPS = 150 };

static librdf_world *world;
static librdf_storage *storages[MOST_STORAGES];
static librdf_model *models[MOST_STORAGES];
static librdf_node *subjects[N_TERMS], *predicates[N_TERMS], *objects[N_TERMS], *contexts[N_CONTEXTS];
static size_t n_storages; /* with librdf's hashes as the last, unless sanitized */
static size_t n_logged;

/* ---- a text of what a storage says ------------------------------------------------------------------------- */

typedef struct lines {
	char *items[MOST_LINES];
	size_t n_items;
} lines;

static void add_line(lines *to, librdf_node *const nodes[4])
{
	char *line = strdup("");
	for (size_t i = 0; i < 4; ++i) {
		unsigned char *const text = nodes[i] ? raptor_term_to_string(nodes[i]) : NULL;
		char *longer = NULL;
		CHECK(asprintf(&longer, "%s %s", line, text ? (const char *)text : "-") > 0);
		raptor_free_memory(text);
		free(line);
		line = longer;
	}
	CHECK(to->n_items < MOST_LINES);
	to->items[to->n_items++] = line;
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void clear_lines(lines *all)
{
	while (all->n_items) {
		free(all->items[--all->n_items]);
	}
}

static void list_stream(librdf_stream *stream, lines *out)
{
	for (; stream && !librdf_stream_end(stream); (void)librdf_stream_next(stream)) {
		librdf_statement *const statement = librdf_stream_get_object(stream);
		CHECK(statement);
		librdf_node *const nodes[4] = {librdf_statement_get_subject(statement),
		                               librdf_statement_get_predicate(statement),
		                               librdf_statement_get_object(statement), librdf_stream_get_context2(stream)};
		add_line(out, nodes);
	}
	if (stream) {
		librdf_free_stream(stream);
	}
}

static void list_iterator(librdf_iterator *iterator, bool has_contexts, lines *out)
{
	for (; iterator && !librdf_iterator_end(iterator); (void)librdf_iterator_next(iterator)) {
		librdf_node *const node = librdf_iterator_get_object(iterator);
		CHECK(node);
		librdf_node *const nodes[4] = {node, NULL, NULL, has_contexts ? librdf_iterator_get_context(iterator) : NULL};
		add_line(out, nodes);
	}
	if (iterator) {
		librdf_free_iterator(iterator);
	}
}

/* ---- questions --------------------------------------------------------------------------------------------- */

/** What is asked, the same of all. */
typedef struct question {
	unsigned number;
	librdf_node *nodes[3]; /* those of a pattern; NULL: any */
	librdf_node *subject, *predicate, *object, *context;
} question;

static librdf_node *some(librdf_node *const nodes[N_TERMS])
{
	return nodes[below(N_TERMS)];
}

static question choose_question(void)
{
	question q = {.number = (unsigned)below(13),
	              .subject = some(subjects),
	              .predicate = some(predicates),
	              .object = some(objects),
	              .context = contexts[below(N_CONTEXTS)]};
	librdf_node *const nodes[] = {q.subject, q.predicate, q.object};
	for (size_t i = 0; i < 3; ++i) {
		q.nodes[i] = below(2) ? nodes[i] : NULL;
	}
	return q;
}

static librdf_node *copy(librdf_node *node)
{
	return node ? librdf_new_node_from_node(node) : NULL;
}

static librdf_statement *new_statement(librdf_node *subject, librdf_node *predicate, librdf_node *object)
{
	return librdf_new_statement_from_nodes(world, copy(subject), copy(predicate), copy(object));
}

static void list_truth(int truth, lines *out)
{
	librdf_node *const node = librdf_new_node_from_literal(world, (const unsigned char *)(truth ? "yes" : "no"), NULL,
	                                                       0);
	librdf_node *const nodes[4] = {node, NULL, NULL, NULL};
	add_line(out, nodes);
	librdf_free_node(node);
}

static void list_size(librdf_storage *storage, lines *out)
{
	char text[32];
	(void)snprintf(text, sizeof text, "%d", librdf_storage_size(storage));
	librdf_node *const node = librdf_new_node_from_literal(world, (const unsigned char *)text, NULL, 0);
	librdf_node *const nodes[4] = {node, NULL, NULL, NULL};
	add_line(out, nodes);
	librdf_free_node(node);
}

static void ask(librdf_storage *storage, const question *q, lines *out)
{
	librdf_statement *const pattern = new_statement(q->nodes[0], q->nodes[1], q->nodes[2]);
	librdf_statement *const whole = new_statement(q->subject, q->predicate, q->object);
	switch (q->number) {
	case 0:
		list_stream(librdf_storage_serialise(storage), out);
		break;
	case 1:
		list_stream(librdf_storage_find_statements(storage, pattern), out);
		break;
	case 2:
		list_stream(librdf_storage_find_statements_in_context(storage, pattern, q->context), out);
		break;
	case 3:
		list_stream(librdf_storage_context_as_stream(storage, q->context), out);
		break;
	case 4:
		list_iterator(librdf_storage_get_sources(storage, q->predicate, q->object), true, out);
		break;
	case 5:
		list_iterator(librdf_storage_get_arcs(storage, q->subject, q->object), true, out);
		break;
	case 6:
		list_iterator(librdf_storage_get_targets(storage, q->subject, q->predicate), true, out);
		break;
	case 7:
		list_iterator(librdf_storage_get_arcs_in(storage, q->object), true, out);
		break;
	case 8:
		list_iterator(librdf_storage_get_arcs_out(storage, q->subject), true, out);
		break;
	case 9:
		list_truth(librdf_storage_has_arc_in(storage, q->object, q->predicate), out);
		break;
	case 10:
		list_truth(librdf_storage_has_arc_out(storage, q->subject, q->predicate), out);
		break;
	case 11:
		list_truth(librdf_storage_contains_statement(storage, whole), out);
		break;
	case 12:
		list_iterator(librdf_storage_get_contexts(storage), false, out);
		break;
	default:
		list_size(storage, out);
		break;
	}
	librdf_free_statement(pattern);
	librdf_free_statement(whole);
	qsort(out->items, out->n_items, sizeof *out->items, compare_lines);
}

static bool is_same_answer(size_t one, size_t other, const question *q, bool is_shown)
{
	static lines ours;
	static lines theirs;
	ask(storages[one], q, &ours);
	ask(storages[other], q, &theirs);
	bool is_same = ours.n_items == theirs.n_items;
	for (size_t i = 0; is_same && i < ours.n_items; ++i) {
		is_same = strcmp(ours.items[i], theirs.items[i]) == 0;
	}
	for (size_t i = 0; is_shown && !is_same && (i < ours.n_items || i < theirs.n_items) && i < 20; ++i) {
		(void)fprintf(stderr, "question %u, storages %zu and %zu: %s | %s\n", q->number, one, other,
		              i < ours.n_items ? ours.items[i] : "", i < theirs.n_items ? theirs.items[i] : "");
	}
	clear_lines(&ours);
	clear_lines(&theirs);
	return is_same;
}

static void check_answers(const question *q)
{
	for (size_t i = 0; i < FIRST_MODEL; ++i) {
		for (size_t m = FIRST_MODEL; m < n_storages; ++m) {
			CHECK(is_same_answer(i, m, q, true));
		}
	}
}

static void check_state(void)
{
	for (unsigned number = 0; number <= 13; ++number) {
		question q = choose_question();
		q.number = number;
		check_answers(&q);
	}
}

/* ---- calls -------------------------------------------------------------------------------------------------- */

static bool is_in_context(librdf_node *context, librdf_statement *statement)
{
	librdf_stream *const found = librdf_storage_find_statements_in_context(storages[FIRST_MODEL], statement, context);
	const bool is_there = found && !librdf_stream_end(found);
	if (found) {
		librdf_free_stream(found);
	}
	return is_there;
}

/* A stream of statements none of which the context has. */
static librdf_model *make_source(librdf_node *context)
{
	librdf_storage *const source = librdf_new_storage(world, "memory", NULL, NULL);
	librdf_model *const model = librdf_new_model(world, source, NULL);
	for (size_t i = below(6); i; --i) {
		librdf_statement *const statement = new_statement(some(subjects), some(predicates), some(objects));
		if (!context || !is_in_context(context, statement)) {
			CHECK(librdf_storage_add_statement(source, statement) == 0);
		}
		librdf_free_statement(statement);
	}
	librdf_free_storage(source); /* the model has it */
	return model;
}

static void add_many(librdf_node *context)
{
	librdf_model *const source = make_source(context);
	for (size_t i = 0; i < n_storages; ++i) {
		librdf_stream *const stream = librdf_model_as_stream(source);
		CHECK((context ? librdf_storage_context_add_statements(storages[i], context, stream)
		               : librdf_storage_add_statements(storages[i], stream)) == 0);
		librdf_free_stream(stream);
	}
	librdf_free_model(source);
}

static int call_one(librdf_storage *storage, unsigned number, librdf_node *context, librdf_statement *statement)
{
	switch (number) {
	case 0:
		return librdf_storage_add_statement(storage, statement);
	case 1:
		return librdf_storage_context_add_statement(storage, context, statement);
	case 2:
		return librdf_storage_remove_statement(storage, statement);
	case 3:
		return librdf_storage_context_remove_statement(storage, context, statement);
	default:
		return librdf_storage_context_remove_statements(storage, context);
	}
}

static void change_all(void)
{
	static const unsigned numbers[] = {0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 3, 3, 3, 4, 5, 6, 6};
	unsigned number = numbers[below(sizeof numbers / sizeof *numbers)];
	librdf_node *const context = contexts[below(N_CONTEXTS)];
	if (number >= 5) {
		add_many(number == 5 ? NULL : context);
		return;
	}
	if (number == 4 && below(3)) {
		number = 1;
	}
	librdf_statement *const statement = new_statement(some(subjects), some(predicates), some(objects));
	if (number != 1 || !is_in_context(context, statement)) {
		const int wanted = call_one(storages[FIRST_MODEL], number, context, statement);
		for (size_t i = 0; i < n_storages; ++i) {
			if (i != FIRST_MODEL && (call_one(storages[i], number, context, statement) == 0) != (wanted == 0)) {
				fail_msg("call %u: storage %zu differs (TT_SEED=%llu)", number, i, (unsigned long long)seed);
			}
		}
	}
	librdf_free_statement(statement);
}

/* ---- transactions ------------------------------------------------------------------------------------------- */

typedef struct saved {
	librdf_statement *statement;
	librdf_node *context;
} saved;

static size_t save(saved items[MOST_LINES])
{
	size_t n = 0;
	librdf_stream *const stream = librdf_storage_serialise(storages[FIRST_MODEL]);
	for (; !librdf_stream_end(stream); (void)librdf_stream_next(stream)) {
		items[n].statement = librdf_new_statement_from_statement(librdf_stream_get_object(stream));
		items[n++].context = copy(librdf_stream_get_context2(stream));
	}
	librdf_free_stream(stream);
	return n;
}

/* Without a context first: they would not be added later. */
static void restore(librdf_storage *storage, const saved *items, size_t n)
{
	for (int with_context = 0; with_context < 2; ++with_context) {
		for (size_t i = 0; i < n; ++i) {
			if ((items[i].context != NULL) == with_context) {
				CHECK(librdf_storage_context_add_statement(storage, items[i].context, items[i].statement) == 0);
			}
		}
	}
}

static void open_model(size_t i)
{
	static const char *const types[MOST_STORAGES] = {"tertium", "tertium", "memory", "hashes"};
	static const char *const options[MOST_STORAGES] = {NULL, NULL, "contexts='yes'",
	                                                   "hash-type='memory',contexts='yes'"};
	const char *const name = i == 1 ? directory : i == 3 ? "test" : NULL;
	storages[i] = librdf_new_storage(world, types[i], name, options[i]);
	CHECK(storages[i]);
	models[i] = librdf_new_model(world, storages[i], NULL);
	CHECK(models[i]);
}

static void close_model(size_t i)
{
	librdf_free_model(models[i]);
	librdf_free_storage(storages[i]);
}

static void run_transaction(void)
{
	static saved items[MOST_LINES];
	const size_t n = save(items);
	for (size_t i = 0; i < FIRST_MODEL; ++i) {
		CHECK(!librdf_storage_transaction_get_handle(storages[i]));
		CHECK((below(2) ? librdf_storage_transaction_start(storages[i])
		                : librdf_storage_transaction_start_with_handle(storages[i], NULL)) == 0);
		CHECK(librdf_storage_transaction_start(storages[i]) != 0);
		CHECK(librdf_storage_transaction_get_handle(storages[i]));
	}
	for (size_t k = below(12); k; --k) {
		change_all();
		const question q = choose_question();
		check_answers(&q);
	}
	const bool is_kept = below(2);
	for (size_t i = 0; i < FIRST_MODEL; ++i) {
		CHECK((is_kept ? librdf_storage_transaction_commit(storages[i])
		               : librdf_storage_transaction_rollback(storages[i])) == 0);
		CHECK(librdf_storage_transaction_commit(storages[i]) != 0);
		CHECK(librdf_storage_transaction_rollback(storages[i]) != 0);
	}
	for (size_t i = FIRST_MODEL; i < n_storages && !is_kept; ++i) {
		close_model(i);
		open_model(i);
		restore(storages[i], items, n);
	}
	for (size_t i = 0; i < n; ++i) {
		librdf_free_statement(items[i].statement);
		if (items[i].context) {
			librdf_free_node(items[i].context);
		}
	}
}

/* ---- the tests ---------------------------------------------------------------------------------------------- */

static librdf_node *new_iri(const char *name, size_t number)
{
	char text[64];
	(void)snprintf(text, sizeof text, "http://example.org/%s%zu", name, number);
	return librdf_new_node_from_uri_string(world, (const unsigned char *)text);
}

static librdf_node *new_object(size_t number)
{
	char text[16];
	(void)snprintf(text, sizeof text, "%zu", number);
	librdf_uri *const type = librdf_new_uri(world, (const unsigned char *)"http://www.w3.org/2001/XMLSchema#integer");
	librdf_node *const node = number == 0 ? new_iri("s", 0)
	                          : number == 1
	                              ? librdf_new_node_from_typed_literal(world, (const unsigned char *)text, NULL, type)
	                          : number == 2
	                              ? librdf_new_node_from_typed_literal(world, (const unsigned char *)"007", NULL, type)
	                          : number == 3 ? librdf_new_node_from_blank_identifier(world, (const unsigned char *)"r1")
	                                        : librdf_new_node_from_typed_literal(world, (const unsigned char *)text,
	                                                                             number == 4 ? "en" : NULL, NULL);
	librdf_free_uri(type);
	return node;
}

static int count_log(void *user, librdf_log_message *message)
{
	(void)user;
	(void)message;
	n_logged++;
	return 1;
}

static int open_all(void **state)
{
	(void)set_up(state);
	make_directory();
	n_storages = is_sanitized() ? MOST_STORAGES - 1 : MOST_STORAGES;
	world = librdf_new_world();
	librdf_world_open(world);
	librdf_world_set_logger(world, NULL, count_log);
	CHECK(tt_librdf_register(world) == 0);
	for (size_t i = 0; i < N_TERMS; ++i) {
		subjects[i] = i == 1 ? librdf_new_node_from_blank_identifier(world, (const unsigned char *)"b7")
		                     : new_iri("s", i);
		predicates[i] = new_iri("p", i % 4);
		objects[i] = new_object(i);
	}
	for (size_t i = 0; i < N_CONTEXTS; ++i) {
		contexts[i] = new_iri("g", i);
	}
	for (size_t i = 0; i < n_storages; ++i) {
		open_model(i);
	}
	n_logged = 0;
	return 0;
}

static int close_all(void **state)
{
	for (size_t i = 0; i < n_storages; ++i) {
		close_model(i);
	}
	for (size_t i = 0; i < N_TERMS; ++i) {
		librdf_free_node(subjects[i]);
		librdf_free_node(predicates[i]);
		librdf_free_node(objects[i]);
	}
	for (size_t i = 0; i < N_CONTEXTS; ++i) {
		librdf_free_node(contexts[i]);
	}
	librdf_free_world(world);
	remove_directory();
	return tear_down(state);
}

static void test_sequence(void **state)
{
	(void)state;
	for (size_t step = 0; step < N_STEPS; ++step) {
		if (below(15) == 0) {
			run_transaction();
		} else {
			change_all();
		}
		check_state();
		if (below(40) == 0) {
			close_model(1);
			open_model(1);
		}
	}
	CHECK(n_logged == 0);
}

/* The comparison must be able to say no. */
static void test_control(void **state)
{
	(void)state;
	for (size_t step = 0; step < 20; ++step) {
		change_all();
	}
	librdf_statement *const statement = new_statement(subjects[0], predicates[0], contexts[0]);
	CHECK(librdf_storage_context_add_statement(storages[0], contexts[1], statement) == 0);
	librdf_free_statement(statement);
	size_t n_noticed = 0;
	for (size_t i = 0; i < 100; ++i) {
		const question q = choose_question();
		n_noticed += !is_same_answer(0, FIRST_MODEL, &q, false);
	}
	CHECK(n_noticed > 0);
}

/* What no storage of librdf takes, or what it would crash upon. */
static void test_odd_arguments(void **state)
{
	(void)state;
	librdf_statement *const odd[] = {
	    new_statement(NULL, predicates[0], objects[0]), new_statement(subjects[0], NULL, objects[0]),
	    new_statement(subjects[0], predicates[0], NULL), new_statement(objects[1], predicates[0], objects[0]),
	    new_statement(subjects[0], objects[1], objects[0])};
	for (size_t i = 0; i < sizeof odd / sizeof *odd; ++i) {
		CHECK(librdf_storage_context_add_statement(storages[0], contexts[0], odd[i]) != 0);
		CHECK(librdf_storage_context_remove_statement(storages[0], contexts[0], odd[i]) != 0);
		librdf_free_statement(odd[i]);
	}
	librdf_statement *const good = new_statement(subjects[0], predicates[0], objects[0]);
	CHECK(librdf_storage_context_add_statement(storages[0], objects[1], good) != 0);
	CHECK(n_logged > 0 && librdf_storage_size(storages[0]) == 0);
	/* Without a context: as if it were not named. */
	CHECK(librdf_storage_context_add_statement(storages[0], NULL, good) == 0);
	CHECK(librdf_storage_context_remove_statement(storages[0], NULL, good) == 0);
	CHECK(librdf_storage_context_remove_statement(storages[0], NULL, good) != 0);
	librdf_free_statement(good);
}

static void test_features(void **state)
{
	(void)state;
	librdf_uri *const known = librdf_new_uri(world, (const unsigned char *)LIBRDF_MODEL_FEATURE_CONTEXTS);
	librdf_uri *const unknown = librdf_new_uri(world, (const unsigned char *)"http://example.org/feature");
	librdf_node *const yes = librdf_new_node_from_literal(world, (const unsigned char *)"1", NULL, 0);
	librdf_node *const no = librdf_new_node_from_literal(world, (const unsigned char *)"0", NULL, 0);
	librdf_node *const value = librdf_storage_get_feature(storages[0], known);
	CHECK(value && strcmp((const char *)librdf_node_get_literal_value(value), "1") == 0);
	CHECK(!librdf_storage_get_feature(storages[0], unknown));
	CHECK(librdf_storage_set_feature(storages[0], known, yes) == 0);
	CHECK(librdf_storage_set_feature(storages[0], known, no) > 0);
	CHECK(librdf_storage_set_feature(storages[0], unknown, yes) < 0);
	CHECK(librdf_storage_sync(storages[1]) == 0);
	librdf_free_node(value);
	librdf_free_node(yes);
	librdf_free_node(no);
	librdf_free_uri(known);
	librdf_free_uri(unknown);
}

/* A clone lies beside the old one, its name counted up, and is empty. */
static void test_clone(void **state)
{
	(void)state;
	librdf_statement *const statement = new_statement(subjects[0], predicates[0], objects[0]);
	for (size_t i = 0; i < FIRST_MODEL; ++i) {
		CHECK(librdf_storage_add_statement(storages[i], statement) == 0);
		librdf_storage *const clone = librdf_new_storage_from_storage(storages[i]);
		librdf_model *const model = librdf_new_model(world, clone, NULL);
		CHECK(model && librdf_storage_size(clone) == 0);
		CHECK(librdf_storage_add_statement(clone, statement) == 0 && librdf_storage_size(clone) == 1);
		librdf_free_model(model);
		librdf_free_storage(clone);
		CHECK(librdf_storage_size(storages[i]) == 1);
	}
	librdf_free_statement(statement);
	char beside[80];
	(void)snprintf(beside, sizeof beside, "%s", directory);
	size_t n = strlen(beside);
	while (beside[n - 1] >= '0' && beside[n - 1] <= '9') {
		--n;
	}
	(void)snprintf(beside + n, sizeof beside - n, "%llu", strtoull(directory + n, NULL, 10) + 1);
	char kept[sizeof directory];
	(void)snprintf(kept, sizeof kept, "%s", directory);
	(void)snprintf(directory, sizeof directory, "%s", beside);
	CHECK(count_entries(directory) > 0);
	remove_directory();
	(void)snprintf(directory, sizeof directory, "%s", kept);
}

/* Bindings free in any order: a stream keeps its storage alive. */
static void test_stream_outlives_storage(void **state)
{
	(void)state;
	librdf_storage *const storage = librdf_new_storage(world, "tertium", NULL, NULL);
	librdf_model *const model = librdf_new_model(world, storage, NULL);
	librdf_statement *const statement = new_statement(subjects[0], predicates[0], objects[0]);
	CHECK(librdf_storage_context_add_statement(storage, contexts[0], statement) == 0);
	librdf_stream *const stream = librdf_storage_serialise(storage);
	librdf_iterator *const named = librdf_storage_get_contexts(storage);
	librdf_free_model(model);
	librdf_free_storage(storage);
	CHECK(librdf_statement_equals(librdf_stream_get_object(stream), statement));
	CHECK(librdf_node_equals(librdf_iterator_get_object(named), contexts[0]));
	librdf_free_stream(stream);
	librdf_free_iterator(named);
	librdf_free_statement(statement);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_sequence, open_all, close_all),
	    cmocka_unit_test_setup_teardown(test_control, open_all, close_all),
	    cmocka_unit_test_setup_teardown(test_odd_arguments, open_all, close_all),
	    cmocka_unit_test_setup_teardown(test_features, open_all, close_all),
	    cmocka_unit_test_setup_teardown(test_clone, open_all, close_all),
	    cmocka_unit_test_setup_teardown(test_stream_outlives_storage, open_all, close_all),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
