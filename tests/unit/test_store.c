/* test_store.c - the store against a naive model (an array of quads), its dictionary, snapshots and locks. */
#include "store_fixture.h"

/* ---- the model ---------------------------------------------------------------------------------- */

enum { MODEL_SIZE = 20000 };
static tt_row model[MODEL_SIZE]; /* in the order SPOG */
static size_t n_model;

static int compare_words(const void *a, const void *b)
{
	const tt_row *const x = a;
	const tt_row *const y = b;
	for (unsigned w = 0; w < 4; ++w) {
		if (x->word[w] != y->word[w]) {
			return x->word[w] < y->word[w] ? -1 : 1;
		}
	}
	return 0;
}

static size_t model_find(const tt_row *row, bool *out_is_there)
{
	size_t low = 0;
	size_t high = n_model;
	while (low < high) {
		const size_t half = (low + high) / 2;
		if (compare_words(&model[half], row) < 0) {
			low = half + 1;
		} else {
			high = half;
		}
	}
	*out_is_there = low < n_model && compare_words(&model[low], row) == 0;
	return low;
}

static void model_change(const tt_row *row, bool is_removal)
{
	bool is_there = false;
	const size_t at = model_find(row, &is_there);
	if (is_removal && is_there) {
		memmove(&model[at], &model[at + 1], (n_model - at - 1) * sizeof *model);
		n_model--;
	} else if (!is_removal && !is_there) {
		CHECK(n_model < MODEL_SIZE);
		memmove(&model[at + 1], &model[at], (n_model - at) * sizeof *model);
		model[at] = *row;
		n_model++;
	}
}

static bool model_wants_graph(const tt_scan_spec *spec, tt_id graph)
{
	bool is_listed = false;
	for (size_t i = 0; i < spec->n_graphs; ++i) {
		is_listed |= spec->graphs[i] == graph;
	}
	return spec->choice == TT_GRAPHS_ALL || (spec->choice == TT_GRAPHS_DEFAULT && graph == TT_DEFAULT_GRAPH) ||
	       (spec->choice == TT_GRAPHS_NAMED && graph != TT_DEFAULT_GRAPH) ||
	       (spec->choice == TT_GRAPHS_LIST && is_listed);
}

/* The rows of a scan, columns in the order of the permutation. */
static size_t model_scan(const tt_scan_spec *spec, tt_row *out, uint64_t *out_n_bound)
{
	static tt_row sorted[MODEL_SIZE];
	memcpy(sorted, model, n_model * sizeof *model);
	sort_in_perm(sorted, n_model, spec->perm);
	size_t n = 0;
	*out_n_bound = 0;
	for (size_t i = 0; i < n_model; ++i) {
		tt_row row;
		bool is_wanted = spec->perm < TT_GSPO || sorted[i].word[TT_GRAPH] != TT_DEFAULT_GRAPH;
		for (unsigned c = 0; c < 4; ++c) {
			row.word[c] = sorted[i].word[tt_perm_column(spec->perm, c)];
			is_wanted &= c >= spec->n_bound || row.word[c] == spec->bound[c];
		}
		*out_n_bound += is_wanted;
		const uint64_t next = spec->n_bound < 4 ? row.word[spec->n_bound] : 0;
		is_wanted &= next >= spec->low && (!spec->high || next <= spec->high);
		is_wanted &= model_wants_graph(spec, sorted[i].word[TT_GRAPH]);
		if (is_wanted && spec->is_merged && n && memcmp(&out[n - 1], &row, 3 * sizeof(tt_id)) == 0) {
			is_wanted = false;
		}
		if (is_wanted) {
			out[n++] = row;
		}
	}
	return n;
}

/* ---- scans against the model -------------------------------------------------------------------- */

static tt_row expected_rows[MODEL_SIZE];
static tt_id fetched[4][MODEL_SIZE + 1];

static void random_spec(tt_scan_spec *spec, tt_id graphs[8])
{
	*spec = (tt_scan_spec){.perm = (tt_perm)below(TT_N_PERMS), .n_bound = (unsigned)below(5)};
	const tt_row any = n_model ? model[below(n_model)] : (tt_row){{1, 1, 1, 1}};
	for (unsigned c = 0; c < spec->n_bound; ++c) {
		spec->bound[c] = any.word[tt_perm_column(spec->perm, c)];
	}
	spec->choice = (tt_graph_choice)below(4);
	spec->is_merged = spec->perm < TT_GSPO && below(2);
	if (spec->n_bound < 4 && below(3) == 0) {
		spec->low = any.word[tt_perm_column(spec->perm, spec->n_bound)] - below(2);
		spec->high = spec->low + (below(2) ? below(100) : below((uint64_t)3 << 60));
	}
	tt_id last = 0;
	for (size_t i = 0; spec->choice == TT_GRAPHS_LIST && i < 8; ++i) {
		last = i == 0 && below(2) ? TT_DEFAULT_GRAPH
		       : last < 2         ? tt_id_make(TT_KIND_IRI, 1 + below(3))
		                          : last + 1 + below(3);
		graphs[spec->n_graphs++] = last;
	}
	spec->graphs = graphs;
}

/* Fetch the rest of a scan in portions and compare it with the model's rows from @p first on. */
static void compare_scan(tt_scan *scan, const tt_scan_spec *spec, size_t first, size_t n_expected)
{
	bool is_wanted[4];
	for (unsigned c = 0; c < 4; ++c) {
		is_wanted[c] = below(4) && !(spec->is_merged && c == 3);
	}
	size_t n = first;
	for (;;) {
		tt_id *columns[4];
		for (unsigned c = 0; c < 4; ++c) {
			columns[c] = is_wanted[c] ? fetched[c] + n : NULL;
		}
		size_t n_rows = 0;
		const size_t capacity = 1 + below(below(2) ? 10 : 2000);
		OK(tt_scan_next(scan, columns, capacity < n_expected + 1 - n ? capacity : n_expected + 1 - n, &n_rows));
		n += n_rows;
		if (n_rows == 0 || n > n_expected) {
			break;
		}
	}
	CHECK(n == n_expected);
	for (size_t i = first; i < n; ++i) {
		for (unsigned c = 0; c < 4; ++c) {
			CHECK(!is_wanted[c] || fetched[c][i] == expected_rows[i].word[c]);
		}
	}
}

static void scan_with_seeks(tt_scan *scan, const tt_scan_spec *spec, size_t n_expected)
{
	size_t at = 0;
	const unsigned n_columns = spec->is_merged ? 3 : 4;
	while (at < n_expected && spec->n_bound < n_columns) {
		const unsigned n_key = 1 + (unsigned)below(n_columns - spec->n_bound);
		uint64_t key[4];
		const size_t target = at + below(n_expected - at);
		memcpy(key, &expected_rows[target].word[spec->n_bound], sizeof(uint64_t) * n_key);
		key[n_key - 1] += below(3) - 1;
		OK(tt_scan_seek(scan, key, n_key));
		for (; at < n_expected; ++at) {
			unsigned c = 0;
			while (c < n_key && expected_rows[at].word[spec->n_bound + c] == key[c]) {
				++c;
			}
			if (c == n_key || expected_rows[at].word[spec->n_bound + c] > key[c]) {
				break;
			}
		}
		tt_id *const columns[4] = {fetched[0], fetched[1], fetched[2], NULL};
		size_t n_rows = 0;
		const size_t capacity = 1 + below(50);
		OK(tt_scan_next(scan, columns, capacity, &n_rows));
		CHECK(n_rows == (n_expected - at < capacity ? n_expected - at : capacity));
		for (size_t i = 0; i < n_rows; ++i) {
			CHECK(fetched[0][i] == expected_rows[at + i].word[0] && fetched[2][i] == expected_rows[at + i].word[2]);
		}
		at += n_rows;
	}
}

static void scan_once(tt_snapshot *snapshot)
{
	tt_scan_spec spec;
	tt_id graphs[8];
	uint64_t n_bound_rows = 0;
	uint64_t n_counted = 0;
	random_spec(&spec, graphs);
	if (spec.n_bound == 3 && spec.is_merged) {
		spec.low = spec.high = 0; /* bounds of a column that is merged away mean nothing */
	}
	size_t n = model_scan(&spec, expected_rows, &n_bound_rows);
	tt_scan *scan = NULL;
	OK(tt_scan_open(snapshot, &spec, &scan));
	compare_scan(scan, &spec, 0, n);
	for (unsigned k = 0; k < 3; ++k) { /* other bound ids, up and down */
		const tt_row any = n_model ? model[below(n_model)] : (tt_row){{1, 1, 1, 1}};
		for (unsigned c = 0; c < spec.n_bound; ++c) {
			spec.bound[c] = any.word[tt_perm_column(spec.perm, c)] + (below(4) == 0);
		}
		n = model_scan(&spec, expected_rows, &n_bound_rows);
		OK(tt_scan_rebind(scan, spec.bound));
		if (below(2)) {
			compare_scan(scan, &spec, 0, n);
		} else {
			scan_with_seeks(scan, &spec, n);
		}
	}
	tt_scan_close(scan);
	OK(tt_snapshot_count(snapshot, &spec, &n_counted));
	CHECK(spec.choice == TT_GRAPHS_ALL ? n_counted == n_bound_rows : n_counted >= n);
}

static void compare_stats(tt_snapshot *snapshot)
{
	tt_store_stats stats;
	const tt_id *graphs = NULL;
	size_t n_graphs = 0;
	OK(tt_snapshot_stats(snapshot, &stats));
	CHECK(stats.n_quads == n_model);
	OK(tt_snapshot_graphs(snapshot, &graphs, &n_graphs));
	for (size_t i = 0; i < n_model; ++i) {
		bool is_listed = model[i].word[TT_GRAPH] == TT_DEFAULT_GRAPH;
		for (size_t k = 0; k < n_graphs; ++k) {
			is_listed |= graphs[k] == model[i].word[TT_GRAPH];
		}
		CHECK(is_listed);
	}
}

/* The statistics of each predicate, one by one and as a list. */
static void compare_predicates(tt_snapshot *snapshot)
{
	const tt_predicate_stats *all = NULL;
	size_t n = 0;
	uint64_t n_quads = 0;
	OK(tt_snapshot_predicates(snapshot, &all, &n));
	for (size_t i = 0; i < n; ++i) {
		tt_predicate_stats one;
		uint64_t n_counted = 0;
		for (size_t k = 0; k < n_model; ++k) {
			n_counted += model[k].word[TT_PREDICATE] == all[i].predicate;
		}
		OK(tt_snapshot_predicate(snapshot, all[i].predicate, &one));
		CHECK(memcmp(&one, &all[i], sizeof one) == 0 && one.n_quads == n_counted);
		CHECK(i == 0 || all[i - 1].predicate < all[i].predicate);
		n_quads += n_counted;
	}
	CHECK(n_quads == n_model);
	tt_predicate_stats none;
	OK(tt_snapshot_predicate(snapshot, tt_id_make(TT_KIND_IRI, 999999), &none));
	CHECK(none.n_quads == 0 && none.n_subjects == 0 && none.n_objects == 0);
}

static void check_store(tt_store *store)
{
	tt_check_result result;
	OK(tt_store_check(&ctx, store, print_damage, NULL, &result));
	CHECK(result.n_damages == 0);
	CHECK(result.n_quads == n_model);
}

static tt_id subjects[300];

/* Terms must be in the dictionary for the check to be content. */
static void intern_subjects(tt_txn *txn)
{
	for (unsigned i = 0; i < 300; ++i) {
		char text[40];
		(void)snprintf(text, sizeof text, "http://example.org/%u", i * 7919 % 300);
		const tt_term iri = tt_term_iri(tt_view_of(text));
		const tt_term literal = tt_term_string(tt_view_of(text));
		OK(tt_txn_intern(txn, i % 3 ? &iri : &literal, &subjects[i]));
	}
}

static tt_id random_term(unsigned n_values)
{
	tt_id id = 0;
	if (below(4) == 0) {
		CHECK(tt_value_from_integer((int64_t)below(n_values) - 5, &id));
		return id;
	}
	return subjects[below(n_values < 300 ? n_values : 300)];
}

static tt_row random_quad(unsigned n_values, unsigned n_graphs)
{
	tt_row row = {{random_term(n_values), random_term(7), random_term(n_values * 2), TT_DEFAULT_GRAPH}};
	if (n_graphs && below(3)) {
		do {
			row.word[TT_GRAPH] = subjects[below(n_graphs)];
		} while (tt_id_kind(row.word[TT_GRAPH]) != TT_KIND_IRI);
	}
	return row;
}

static void change(tt_txn *txn, const tt_row *row, bool is_removal)
{
	const tt_quad quad = {row->word[0], row->word[1], row->word[2], row->word[3]};
	OK(is_removal ? tt_txn_remove(txn, &quad) : tt_txn_add(txn, &quad));
	model_change(row, is_removal);
}

/* A state of the model to go back to. */
typedef struct saved_model {
	tt_row rows[MODEL_SIZE];
	size_t n_rows;
} saved_model;

static void save_model(saved_model *saved)
{
	memcpy(saved->rows, model, n_model * sizeof *model);
	saved->n_rows = n_model;
}

static void restore_model(const saved_model *saved)
{
	memcpy(model, saved->rows, saved->n_rows * sizeof *model);
	n_model = saved->n_rows;
}

static bool is_in(const saved_model *saved, const tt_quad *quad)
{
	for (size_t i = 0; i < saved->n_rows; ++i) {
		const uint64_t *const word = saved->rows[i].word;
		if (word[0] == quad->subject && word[1] == quad->predicate && word[2] == quad->object &&
		    word[3] == quad->graph) {
			return true;
		}
	}
	return false;
}

/** The net effect of a transaction, as it lists it. */
typedef struct listed_changes {
	const saved_model *before;
	size_t n_added, n_removed;
} listed_changes;

static tt_status list_change(void *user, const tt_quad *quad, bool is_removal)
{
	listed_changes *const listed = user;
	const tt_row row = {{quad->subject, quad->predicate, quad->object, quad->graph}};
	bool is_there = false;
	(void)model_find(&row, &is_there);
	CHECK(is_in(listed->before, quad) == is_removal && is_there == !is_removal);
	listed->n_added += !is_removal;
	listed->n_removed += is_removal;
	return TT_OK;
}

/* Changes that are undone again, perhaps after a look at them. */
static void change_and_undo(tt_txn *txn, unsigned n_values, unsigned n_graphs)
{
	static saved_model saved;
	save_model(&saved);
	const tt_txn_mark mark = tt_txn_get_mark(txn);
	for (size_t i = 1 + below(50); i; --i) {
		const tt_row row = n_model && below(2) ? model[below(n_model)] : random_quad(n_values, n_graphs);
		change(txn, &row, below(2));
	}
	if (below(2)) {
		tt_snapshot *snapshot = NULL;
		OK(tt_txn_snapshot(&ctx, txn, &snapshot));
		compare_stats(snapshot);
		tt_snapshot_end(snapshot);
	}
	tt_txn_undo(txn, mark);
	restore_model(&saved);
}

/* One transaction of random changes; sometimes with a look into itself, sometimes given up. */
static void random_transaction(tt_store *store, size_t n_changes, unsigned n_values, unsigned n_graphs)
{
	static saved_model saved;
	save_model(&saved);
	tt_txn *txn = NULL;
	OK(tt_txn_begin(&ctx, store, true, &txn));
	intern_subjects(txn);
	const uint64_t removal_share = below(10);
	for (size_t i = 0; i < n_changes; ++i) {
		const bool is_removal = below(10) < removal_share;
		const tt_row row = is_removal && n_model && below(4) ? model[below(n_model)] : random_quad(n_values, n_graphs);
		change(txn, &row, is_removal);
		if (below(n_changes) == 0) {
			tt_snapshot *snapshot = NULL;
			OK(tt_txn_snapshot(&ctx, txn, &snapshot));
			compare_stats(snapshot);
			scan_once(snapshot);
			tt_snapshot_end(snapshot);
		}
		if (below(n_changes) == 0) {
			change_and_undo(txn, n_values, n_graphs);
		}
	}
	if (below(5) == 0) {
		tt_txn_abort(txn);
		restore_model(&saved);
		return;
	}
	listed_changes listed = {.before = &saved};
	OK(tt_txn_changes(txn, list_change, &listed));
	uint64_t n_added = 0;
	uint64_t n_removed = 0;
	OK(tt_txn_commit(txn, &n_added, &n_removed));
	CHECK(saved.n_rows + n_added - n_removed == n_model);
	CHECK(n_added == listed.n_added && n_removed == listed.n_removed);
}

static void random_history(tt_store *store, unsigned n_transactions)
{
	const unsigned n_values = 2 + (unsigned)below(250);
	const unsigned n_graphs = below(3) ? 2 + (unsigned)below(20) : 0;
	n_model = 0;
	for (unsigned t = 0; t < n_transactions; ++t) {
		random_transaction(store, below(3) ? 1 + below(30) : 1 + below(4000), n_values, n_graphs);
		tt_snapshot *snapshot = NULL;
		OK(tt_snapshot_begin(&ctx, store, &snapshot));
		compare_stats(snapshot);
		compare_predicates(snapshot);
		for (unsigned k = 0; k < 6; ++k) {
			scan_once(snapshot);
		}
		tt_snapshot_end(snapshot);
	}
	check_store(store);
}

static void test_random_in_memory(void **state)
{
	(void)state;
	for (unsigned k = 0; k < 3; ++k) {
		tt_store *store = NULL;
		OK(tt_store_open_memory(&ctx, &store));
		random_history(store, 8);
		tt_store_close(store);
	}
}

static void test_random_on_disk(void **state)
{
	(void)state;
	make_directory();
	tt_store *store = NULL;
	OK(tt_store_open_directory(&ctx, directory, TT_OPEN_CREATE, &store));
	CHECK(strcmp(tt_store_path(store), directory) == 0);
	random_history(store, 6);
	tt_store_close(store);
	OK(tt_store_open_directory(&ctx, directory, TT_OPEN_READ, &store));
	check_store(store);
	tt_store_close(store);
	remove_directory();
}

static void add_numbers(tt_store *store, int64_t first, int64_t n)
{
	tt_txn *txn = NULL;
	OK(tt_txn_begin(&ctx, store, true, &txn));
	tt_id p = 0;
	const tt_term iri = tt_term_iri(TT_VIEW("http://example.org/p"));
	OK(tt_txn_intern(txn, &iri, &p));
	for (int64_t i = first; i < first + n; ++i) {
		tt_id id = 0;
		CHECK(tt_value_from_integer(i, &id));
		OK(tt_txn_add(txn, &(tt_quad){p, p, id, TT_DEFAULT_GRAPH}));
	}
	OK(tt_txn_commit(txn, NULL, NULL));
}

enum { SMALL_MAP = 160 << 10 };

/* A map that is too small again and again: transactions are replayed with a larger one. */
static void test_map_growth(void **state)
{
	(void)state;
	tt_store *store = NULL;
	OK(tt_native_open(&ctx, NULL, TT_OPEN_CREATE, SMALL_MAP, &store));
	random_history(store, 8);
	n_model = 0;
	tt_store_close(store);
	make_directory();
	OK(tt_native_open(&ctx, directory, TT_OPEN_CREATE, SMALL_MAP, &store));
	random_history(store, 5);
	add_numbers(store, 0, 30000);
	CHECK(((tt_native_store *)store)->env.core->map_size > SMALL_MAP);
	tt_store_close(store);
	remove_directory();
}

/* A triple in so many graphs that its rows go on in the next block, which has one graph only. */
static void test_merged_over_blocks(void **state)
{
	(void)state;
	for (int64_t n_graphs = 2008; n_graphs < 2024; ++n_graphs) {
		tt_store *store = NULL;
		tt_txn *txn = NULL;
		tt_snapshot *snapshot = NULL;
		tt_scan *scan = NULL;
		tt_id node = 0;
		OK(tt_store_open_memory(&ctx, &store));
		OK(tt_txn_begin(&ctx, store, true, &txn));
		OK(tt_txn_new_blank(txn, &node));
		for (int64_t i = 1; i <= n_graphs + 50; ++i) {
			tt_id number = 0;
			CHECK(tt_value_from_integer(i <= n_graphs ? 0 : i, &number));
			const tt_id graph = tt_id_make(TT_KIND_BLANK, (uint64_t)(1000 + (i <= n_graphs ? i : n_graphs)));
			OK(tt_txn_add(txn, &(tt_quad){node, node, number, graph}));
		}
		OK(tt_txn_commit(txn, NULL, NULL));
		OK(tt_snapshot_begin(&ctx, store, &snapshot));
		for (unsigned k = 0; k < 2; ++k) {
			const tt_scan_spec spec = {.perm = TT_SPO, .is_merged = true};
			tt_id *const columns[4] = {NULL, NULL, k ? fetched[2] : NULL, NULL};
			size_t n = 0;
			OK(tt_scan_open(snapshot, &spec, &scan));
			OK(tt_scan_next(scan, columns, MODEL_SIZE, &n));
			tt_scan_close(scan);
			CHECK(n == 51);
		}
		tt_snapshot_end(snapshot);
		tt_store_close(store);
	}
}

/* After most is removed the blocks that remain are joined. */
static void test_removing_most(void **state)
{
	(void)state;
	tt_store *store = NULL;
	tt_txn *txn = NULL;
	tt_check_result before;
	tt_check_result after;
	tt_id p = 0;
	uint64_t n_removed = 0;
	const tt_term iri = tt_term_iri(TT_VIEW("http://example.org/p"));
	OK(tt_store_open_memory(&ctx, &store));
	add_numbers(store, 0, 30000);
	OK(tt_store_check(&ctx, store, print_damage, NULL, &before));
	OK(tt_txn_begin(&ctx, store, true, &txn));
	OK(tt_txn_intern(txn, &iri, &p));
	for (int64_t i = 0; i < 30000; ++i) {
		tt_id id = 0;
		CHECK(tt_value_from_integer(i, &id));
		OK(i % 50 ? tt_txn_remove(txn, &(tt_quad){p, p, id, TT_DEFAULT_GRAPH}) : TT_OK);
	}
	OK(tt_txn_commit(txn, NULL, &n_removed));
	CHECK(n_removed == 29400);
	OK(tt_store_check(&ctx, store, print_damage, NULL, &after));
	CHECK(after.n_damages == 0 && after.n_quads == 600 && after.n_blocks < before.n_blocks / 4);
	tt_store_close(store);
}

/* ---- snapshots and locks ------------------------------------------------------------------------ */

static size_t count_rows(tt_snapshot *snapshot, tt_id *out_sum)
{
	const tt_scan_spec spec = {.perm = TT_POS};
	tt_scan *scan = NULL;
	size_t n = 0;
	tt_id *const columns[4] = {NULL, fetched[0], NULL, NULL};
	OK(tt_scan_open(snapshot, &spec, &scan));
	OK(tt_scan_next(scan, columns, MODEL_SIZE, &n));
	*out_sum = 0;
	for (size_t i = 0; i < n; ++i) {
		*out_sum += fetched[0][i];
	}
	tt_scan_close(scan);
	return n;
}

/* A snapshot does not change, however many commits come after it. */
static void old_snapshot(tt_store *store)
{
	add_numbers(store, 0, 3000);
	tt_snapshot *old = NULL;
	OK(tt_snapshot_begin(&ctx, store, &old));
	tt_id sum = 0;
	CHECK(count_rows(old, &sum) == 3000);
	for (int64_t k = 0; k < 10; ++k) {
		add_numbers(store, 3000 + 100 * k, 100);
		add_numbers(store, 1000000 + 100 * k, 100);
		tt_id same = 0;
		CHECK(count_rows(old, &same) == 3000 && same == sum);
	}
	tt_snapshot_end(old);
	OK(tt_snapshot_begin(&ctx, store, &old));
	CHECK(count_rows(old, &sum) == 5000);
	tt_snapshot_end(old);
}

static void test_snapshots(void **state)
{
	(void)state;
	tt_store *store = NULL;
	OK(tt_store_open_memory(&ctx, &store));
	CHECK(((tt_native_store *)store)->env.core->has_reader_table);
	old_snapshot(store);
	tt_store_close(store);
	make_directory();
	OK(tt_store_open_directory(&ctx, directory, TT_OPEN_CREATE, &store));
	old_snapshot(store);
	tt_store_close(store);
	remove_directory();
}

/* End a child as if the power had gone, with a byte for the parent. */
static void die_telling(int fd, tt_status status)
{
	const char byte = (char)status;
	(void)!write(fd, &byte, 1);
	(void)raise(SIGKILL);
}

/* What a child has told before it died. */
static tt_status hear_child(pid_t child, int fds[2])
{
	char byte = 0;
	int result = 0;
	(void)close(fds[1]);
	CHECK(waitpid(child, &result, 0) == child && WIFSIGNALED(result));
	CHECK(read(fds[0], &byte, 1) == 1);
	(void)close(fds[0]);
	return (tt_status)byte;
}

static void test_busy(void **state)
{
	int fds[2];
	(void)state;
	make_directory();
	tt_store *store = NULL;
	tt_txn *txn = NULL;
	tt_txn *second = NULL;
	OK(tt_store_open_directory(&ctx, directory, TT_OPEN_CREATE, &store));
	OK(tt_txn_begin(&ctx, store, true, &txn));
	CHECK(tt_txn_begin(&ctx, store, false, &second) == TT_BUSY);
	CHECK(tt_txn_begin(&ctx, store, true, &second) == TT_BUSY); /* it would wait for itself */
	CHECK(pipe(fds) == 0);
	const pid_t child = fork();
	if (child == 0) {
		tt_ctx other;
		tt_ctx_init(&other);
		tt_store *theirs = NULL;
		tt_status status = tt_store_open_directory(&other, directory, TT_OPEN_WRITE, &theirs);
		status = status == TT_OK ? tt_txn_begin(&other, theirs, false, &second) : status;
		die_telling(fds[1], status);
	}
	CHECK(hear_child(child, fds) == TT_BUSY);
	tt_txn_abort(txn);
	OK(tt_txn_begin(&ctx, store, false, &txn));
	tt_txn_abort(txn);
	tt_store_close(store);

	OK(tt_store_open_directory(&ctx, directory, TT_OPEN_READ, &store));
	CHECK(tt_txn_begin(&ctx, store, true, &txn) == TT_READ_ONLY);
	tt_store_close(store);
	remove_directory();
}

/* Another process writes while we hold a handle: new snapshots see it. */
static void test_two_processes(void **state)
{
	(void)state;
	make_directory();
	tt_store *store = NULL;
	OK(tt_store_open_directory(&ctx, directory, TT_OPEN_CREATE, &store));
	tt_store_close(store);
	for (int64_t k = 0; k < 3; ++k) {
		int fds[2];
		CHECK(pipe(fds) == 0);
		const pid_t child = fork();
		if (child == 0) {
			OK(tt_store_open_directory(&ctx, directory, TT_OPEN_WRITE, &store));
			add_numbers(store, k * 100, 100);
			die_telling(fds[1], TT_OK);
		}
		CHECK(hear_child(child, fds) == TT_OK);
		OK(tt_store_open_directory(&ctx, directory, TT_OPEN_READ, &store));
		tt_snapshot *snapshot = NULL;
		tt_id sum = 0;
		OK(tt_snapshot_begin(&ctx, store, &snapshot));
		CHECK(count_rows(snapshot, &sum) == (size_t)(k + 1) * 100);
		tt_snapshot_end(snapshot);
		tt_store_close(store);
	}
	remove_directory();
}

/* ---- dictionary --------------------------------------------------------------------------------- */

enum { N_TERMS = 4000, BIG = 300000 };
static char big_text[BIG];

/* A buffer for the text of a term. */
typedef struct {
	char bytes[64];
} term_text;

static tt_view print_text(term_text *text, const char *format, unsigned number)
{
	return (tt_view){text->bytes, (size_t)snprintf(text->bytes, sizeof text->bytes, format, number)};
}

static tt_term make_term(unsigned i, term_text *text)
{
	static const tt_vocab types[] = {TT_VOCAB_XSD_INTEGER, TT_VOCAB_XSD_STRING, TT_VOCAB_XSD_DURATION,
	                                 TT_VOCAB_XSD_DOUBLE,  TT_VOCAB_XSD_DATE,   TT_VOCAB_XSD_UNSIGNED_BYTE};
	const tt_view number = print_text(text, "%u", i / 8);
	switch (i % 8) {
	case 0:
		return tt_term_iri(print_text(text, "http://example.org/%u", i));
	case 1:
		return tt_term_string(number);
	case 2:
		return tt_term_lang(number, TT_VIEW("de-AT"));
	case 3:
		return tt_term_lang(number, TT_VIEW("de-CH"));
	case 4:
		return tt_term_typed(number, tt_vocab_iri(types[i / 8 % 6]));
	case 5:
		return tt_term_typed(number, TT_VIEW("http://example.org/type"));
	case 6:
		return tt_term_blank(i / 8 % 2 ? print_text(text, "x%u", i) : print_text(text, "b%u", i));
	default:
		return tt_term_typed((tt_view){big_text, i % 500 == 7 ? BIG - i : i / 8}, tt_vocab_iri(TT_VOCAB_XSD_STRING));
	}
}

static void intern_terms(tt_store *store, unsigned first, unsigned end, tt_id *ids)
{
	tt_txn *txn = NULL;
	OK(tt_txn_begin(&ctx, store, true, &txn));
	for (unsigned i = first; i < end; ++i) {
		term_text text;
		const tt_term term = make_term(i, &text);
		tt_id again = 0;
		OK(tt_txn_intern(txn, &term, &ids[i]));
		OK(tt_txn_intern(txn, &term, &again));
		CHECK(again == ids[i]);
	}
	OK(tt_txn_commit(txn, NULL, NULL));
}

static void compare_terms(tt_store *store, unsigned n, const tt_id *ids)
{
	tt_snapshot *snapshot = NULL;
	OK(tt_snapshot_begin(&ctx, store, &snapshot));
	for (unsigned k = 0; k < 2 * n; ++k) {
		const unsigned i = k < n ? k : (unsigned)below(n);
		term_text text;
		const tt_term term = make_term(i, &text);
		tt_scratch scratch;
		tt_term found;
		tt_id id = 0;
		OK(tt_snapshot_term(snapshot, ids[i], &scratch, &found));
		CHECK(tt_term_equal(&term, &found));
		OK(tt_snapshot_find(snapshot, &term, &id));
		CHECK(id == ids[i]);
	}
	if (n > 2) { /* tags that differ only in case are one tag, kept in lower case */
		tt_id id = 0;
		const tt_term shouted = tt_term_lang(TT_VIEW("0"), TT_VIEW("DE-AT"));
		tt_scratch scratch;
		tt_term found;
		OK(tt_snapshot_find(snapshot, &shouted, &id));
		CHECK(id == ids[2]);
		OK(tt_snapshot_term(snapshot, id, &scratch, &found));
		CHECK(tt_view_equal(found.language, TT_VIEW("de-at")));
	}
	const tt_term unknown = tt_term_typed(TT_VIEW("1"), TT_VIEW("http://example.org/never"));
	tt_id id = 1;
	OK(tt_snapshot_find(snapshot, &unknown, &id));
	CHECK(id == TT_UNBOUND);
	tt_term term;
	tt_scratch scratch;
	CHECK(tt_snapshot_term(snapshot, tt_id_make(TT_KIND_IRI, 1u << 30), &scratch, &term) == TT_NOT_FOUND);
	CHECK(tt_snapshot_term(snapshot, TT_DEFAULT_GRAPH, &scratch, &term) == TT_NOT_FOUND);
	tt_snapshot_end(snapshot);
}

static void test_dictionary(void **state)
{
	(void)state;
	static tt_id ids[N_TERMS];
	memset(big_text, 'a', sizeof big_text);
	make_directory();
	tt_store *store = NULL;
	OK(tt_store_open_directory(&ctx, directory, TT_OPEN_CREATE, &store));
	unsigned n = 0;
	while (n < N_TERMS) {
		const unsigned end = n + 1 + (unsigned)below(below(2) ? 5 : 2000);
		intern_terms(store, n, end < N_TERMS ? end : N_TERMS, ids);
		n = end;
	}
	compare_terms(store, N_TERMS, ids);
	intern_terms(store, 0, N_TERMS, ids); /* nothing new */
	n_model = 0;
	check_store(store);
	tt_store_close(store);
	OK(tt_store_open_directory(&ctx, directory, TT_OPEN_WRITE, &store));
	compare_terms(store, N_TERMS, ids);
	tt_store_close(store);
	for (unsigned i = 0; i < N_TERMS; ++i) {
		for (unsigned k = 0; k < i; k += 1 + i / 4) {
			CHECK(ids[i] != ids[k]);
		}
	}
	remove_directory();
}

/* Terms that do not fit the map at first. */
static void test_map_growth_by_terms(void **state)
{
	(void)state;
	static tt_id ids[N_TERMS];
	tt_store *store = NULL;
	memset(big_text, 'a', sizeof big_text);
	OK(tt_native_open(&ctx, NULL, TT_OPEN_CREATE, SMALL_MAP, &store));
	intern_terms(store, 0, 100, ids);
	intern_terms(store, 100, N_TERMS, ids);
	CHECK(((tt_native_store *)store)->env.core->map_size > SMALL_MAP);
	compare_terms(store, N_TERMS, ids);
	n_model = 0;
	check_store(store);
	tt_store_close(store);
}

/* Terms whose hashes are the same, as far as they are stored. */
static void test_same_hash(void **state)
{
	(void)state;
	static const char *const pairs[] = {"1016289", "3334359", "1585535", "2514413", "603668", "3145000"};
	tt_store *store = NULL;
	tt_txn *txn = NULL;
	tt_id ids[6];
	OK(tt_store_open_memory(&ctx, &store));
	for (unsigned round = 0; round < 3; ++round) {
		OK(tt_txn_begin(&ctx, store, true, &txn));
		for (unsigned i = 0; i < 6; ++i) {
			char record[64];
			char other[64];
			const int n = snprintf(record, sizeof record, "\001http://example.org/%s", pairs[i]);
			const int n_other = snprintf(other, sizeof other, "\001http://example.org/%s", pairs[i ^ 1]);
			CHECK(tt_dict_hash_column((tt_view){record, (size_t)n}) ==
			      tt_dict_hash_column((tt_view){other, (size_t)n_other}));
			const tt_term iri = tt_term_iri(tt_view_of(record + 1));
			tt_id id = 0;
			/* The first round has one term of each pair only. */
			OK(round == 0 && i % 2 ? TT_OK : tt_txn_intern(txn, &iri, &id));
			CHECK(round < 2 || id == ids[i]);
			ids[i] = id;
		}
		OK(tt_txn_commit(txn, NULL, NULL));
	}
	for (unsigned i = 0; i < 6; ++i) {
		CHECK(tt_id_payload(ids[i]) == (i % 2 ? 4 + i / 2 : 1 + i / 2));
	}
	n_model = 0;
	check_store(store);
	tt_store_close(store);
}

static void test_blank_nodes(void **state)
{
	(void)state;
	tt_store *store = NULL;
	tt_txn *txn = NULL;
	tt_id given = 0;
	tt_id fresh = 0;
	tt_id next = 0;
	OK(tt_store_open_memory(&ctx, &store));
	OK(tt_txn_begin(&ctx, store, true, &txn));
	OK(tt_txn_new_blank(txn, &fresh));
	const tt_term b40 = tt_term_blank(TT_VIEW("b40"));
	OK(tt_txn_intern(txn, &b40, &given));
	CHECK(given == tt_id_make(TT_KIND_BLANK, 40));
	OK(tt_txn_new_blank(txn, &next));
	CHECK(tt_id_payload(next) == 41 && fresh != next);
	OK(tt_txn_add(txn, &(tt_quad){fresh, given, next, given}));
	OK(tt_txn_commit(txn, NULL, NULL));
	OK(tt_txn_begin(&ctx, store, true, &txn));
	OK(tt_txn_new_blank(txn, &next));
	CHECK(tt_id_payload(next) == 42);
	CHECK(tt_txn_add(txn, &(tt_quad){fresh, TT_UNBOUND, next, TT_DEFAULT_GRAPH}) == TT_BAD_ARGUMENT);
	CHECK(tt_txn_add(txn, &(tt_quad){fresh, given, next, TT_UNBOUND}) == TT_BAD_ARGUMENT);
	CHECK(tt_txn_add(txn, &(tt_quad){fresh, given, tt_id_make(TT_KIND_LOCAL, 1), given}) == TT_BAD_ARGUMENT);
	tt_txn_abort(txn);
	n_model = 1;
	check_store(store);
	tt_store_close(store);
}

static void test_prefixes(void **state)
{
	(void)state;
	tt_store *store = NULL;
	tt_txn *txn = NULL;
	tt_snapshot *snapshot = NULL;
	tt_view name;
	tt_view iri;
	OK(tt_store_open_memory(&ctx, &store));
	OK(tt_txn_begin(&ctx, store, true, &txn));
	OK(tt_txn_add_prefix(txn, TT_VIEW("ex"), TT_VIEW("http://example.org/")));
	OK(tt_txn_add_prefix(txn, TT_VIEW(""), TT_VIEW("http://empty.example/")));
	OK(tt_txn_add_prefix(txn, TT_VIEW("ex"), TT_VIEW("http://other.example/")));
	OK(tt_txn_commit(txn, NULL, NULL));
	OK(tt_txn_begin(&ctx, store, true, &txn));
	OK(tt_txn_add_prefix(txn, TT_VIEW("ex"), TT_VIEW("http://third.example/")));
	OK(tt_txn_add_prefix(txn, TT_VIEW("a"), TT_VIEW("")));
	OK(tt_txn_commit(txn, NULL, NULL));
	OK(tt_snapshot_begin(&ctx, store, &snapshot));
	OK(tt_snapshot_prefix(snapshot, 2, &name, &iri));
	CHECK(tt_view_equal(name, TT_VIEW("ex")) && tt_view_equal(iri, TT_VIEW("http://example.org/")));
	OK(tt_snapshot_prefix(snapshot, 0, &name, &iri));
	CHECK(name.size == 0 && tt_view_equal(iri, TT_VIEW("http://empty.example/")));
	OK(tt_snapshot_prefix(snapshot, 1, &name, &iri));
	CHECK(tt_view_equal(name, TT_VIEW("a")) && iri.size == 0);
	CHECK(tt_snapshot_prefix(snapshot, 3, &name, &iri) == TT_NOT_FOUND);
	OK(tt_snapshot_prefix(snapshot, 2, &name, &iri));
	tt_snapshot_end(snapshot);
	tt_store_close(store);
}

/* ---- choosing a permutation --------------------------------------------------------------------- */

static void test_perm_for(void **state)
{
	(void)state;
	for (unsigned mask = 0; mask < 16; ++mask) {
		for (tt_id graph = TT_DEFAULT_GRAPH; graph < 3; ++graph) {
			tt_id bound[4];
			unsigned n_bound = 0;
			for (unsigned c = 0; c < 4; ++c) {
				bound[c] = mask >> c & 1 ? (c == TT_GRAPH ? graph : 5) : TT_UNBOUND;
				n_bound += bound[c] != TT_UNBOUND;
			}
			const tt_perm perm = tt_perm_for(bound);
			unsigned n_prefix = 0;
			while (n_prefix < 4 && bound[tt_perm_column(perm, n_prefix)] != TT_UNBOUND) {
				++n_prefix;
			}
			const bool is_default = bound[TT_GRAPH] == TT_DEFAULT_GRAPH;
			CHECK(n_prefix == n_bound || (is_default && n_prefix == n_bound - 1));
			CHECK(!is_default || perm < TT_GSPO);
		}
	}
}

/* ---- loading ------------------------------------------------------------------------------------ */

static void test_load(void **state)
{
	(void)state;
	static const char text[] = "@prefix ex: <http://example.org/> .\n"
	                           "ex:a ex:p ex:b, \"text\"@en, 5, _:x . _:x ex:q [] .\n"
	                           "ex:a ex:p ex:b .\n";
	const tt_load_options options = {.syntax = TT_RDF_TURTLE, .base = "http://base.example/"};
	const tt_load_options named = {
	    .syntax = TT_RDF_TURTLE, .base = "http://base.example/", .graph = "http://example.org/g"};
	tt_store *store = NULL;
	tt_txn *txn = NULL;
	tt_snapshot *snapshot = NULL;
	uint64_t n = 0;
	uint64_t n_added = 0;
	OK(tt_store_open_memory(&ctx, &store));
	for (unsigned k = 0; k < 2; ++k) {
		OK(tt_txn_begin(&ctx, store, true, &txn));
		OK(tt_load_bytes(&ctx, txn, TT_VIEW(text), &options, &n));
		CHECK(n == 6);
		OK(tt_txn_commit(txn, &n_added, NULL));
		CHECK(n_added == (k ? 2 : 5)); /* the blank nodes are new ones */
	}
	OK(tt_txn_begin(&ctx, store, true, &txn));
	OK(tt_load_bytes(&ctx, txn, TT_VIEW(text), &named, &n));
	OK(tt_txn_commit(txn, &n_added, NULL));
	CHECK(n_added == 5);
	OK(tt_txn_begin(&ctx, store, true, &txn));
	CHECK(tt_load_bytes(&ctx, txn, TT_VIEW("<a> <b> <c> . <d> ."), &options, &n) == TT_SYNTAX);
	tt_txn_abort(txn);
	OK(tt_snapshot_begin(&ctx, store, &snapshot));
	tt_store_stats stats;
	tt_view name;
	tt_view iri;
	OK(tt_snapshot_stats(snapshot, &stats));
	CHECK(stats.n_quads == 12 && stats.n_named_graphs == 1 && stats.n_triples == 9 && stats.n_predicates == 2);
	OK(tt_snapshot_prefix(snapshot, 0, &name, &iri));
	CHECK(tt_view_equal(name, TT_VIEW("ex")));
	tt_snapshot_end(snapshot);
	n_model = 12;
	check_store(store);
	tt_store_close(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_perm_for, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_random_in_memory, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_random_on_disk, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_map_growth, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_merged_over_blocks, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_removing_most, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_snapshots, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_busy, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_two_processes, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_dictionary, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_map_growth_by_terms, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_same_hash, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_blank_nodes, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_prefixes, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_load, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
