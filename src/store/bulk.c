/* bulk.c - the load pipeline: statement → ids → quad.
 *
 * Statements come in runs: the subject, predicate and graph of one are mostly those of the one before.
 * Each of the four positions remembers its last term, so only what changes is looked up.
 */
#include "store/bulk.h"

#include <sys/stat.h>
#include <unistd.h>

#include "store/blanks.h"
#include "store/bulk_queue.h"

/* Files from this size on are read ahead in another thread. Smaller ones are done before it would have begun. */
enum { LARGE_FILE = 1 << 19 };

/* The last term of a position in a statement. */
typedef struct {
	tt_buffer text; /* its text; empty for literals, which are not remembered */
	tt_term_kind kind;
	tt_id id;
} last_term;

typedef struct {
	tt_ctx *ctx;
	tt_txn *txn;
	last_term last[TT_N_COLUMNS];
	tt_id default_graph; /* where triples without a graph go */
	tt_blanks blanks;
	uint64_t n_statements;
	const tt_load_options *options;
	const char *path; /* NULL: from memory */
	/* the statement of Turtle or TriG that is being read, in case that it must be left out */
	bool has_mark;
	tt_txn_mark mark;
	uint64_t n_statements_before;
} loader;

static tt_status intern(loader *l, tt_column column, const tt_term *term, tt_id *out_id)
{
	last_term *const last = &l->last[column];
	if (term->kind == TT_TERM_LITERAL) {
		return tt_txn_intern(l->txn, term, out_id);
	}
	if (last->kind == term->kind && tt_view_equal(tt_buffer_view(&last->text), term->text)) {
		*out_id = last->id;
		return TT_OK;
	}
	TT_TRY(term->kind == TT_TERM_BLANK ? tt_blanks_node(&l->blanks, l->txn, term->text, out_id)
	                                   : tt_txn_intern(l->txn, term, out_id));
	last->kind = TT_TERM_NONE;
	tt_buffer_reset(&last->text);
	TT_TRY(tt_buffer_append(&last->text, term->text));
	last->kind = term->kind;
	last->id = *out_id;
	return TT_OK;
}

static tt_status take_statement(void *user, const tt_term *subject, const tt_term *predicate, const tt_term *object,
                                const tt_term *graph)
{
	loader *const l = user;
	tt_quad quad = {.graph = l->default_graph};
	if (l->n_statements % 4096 == 0) {
		TT_TRY(tt_ctx_poll(l->ctx));
	}
	TT_TRY(intern(l, TT_SUBJECT, subject, &quad.subject));
	TT_TRY(intern(l, TT_PREDICATE, predicate, &quad.predicate));
	TT_TRY(intern(l, TT_OBJECT, object, &quad.object));
	if (graph && graph->kind != TT_TERM_NONE) {
		TT_TRY(intern(l, TT_GRAPH, graph, &quad.graph));
	}
	l->n_statements++;
	return tt_txn_add(l->txn, &quad);
}

static tt_status take_prefix(void *user, tt_view name, tt_view iri)
{
	return tt_txn_add_prefix(((loader *)user)->txn, name, iri);
}

static tt_status take_begin(void *user)
{
	loader *const l = user;
	l->has_mark = true;
	l->mark = tt_txn_get_mark(l->txn);
	l->n_statements_before = l->n_statements;
	return TT_OK;
}

static tt_status take_skipped(void *user, const tt_error *error)
{
	loader *const l = user;
	if (l->has_mark) {
		tt_txn_undo(l->txn, l->mark);
		l->n_statements = l->n_statements_before;
	}
	l->options->skipped(l->options->skipped_user, error);
	return tt_ctx_poll(l->ctx);
}

static tt_status take_progress(void *user, uint64_t n_bytes, uint64_t n_total)
{
	const loader *const l = user;
	const tt_load_progress progress = {
	    .path = l->path, .n_statements = l->n_statements, .n_bytes = n_bytes, .n_bytes_total = n_total};
	l->options->progress(l->options->progress_user, &progress);
	return TT_OK;
}

static tt_status loader_init(loader *l, tt_ctx *ctx, tt_txn *txn, const char *path, const tt_load_options *options)
{
	*l = (loader){.ctx = ctx, .txn = txn, .default_graph = TT_DEFAULT_GRAPH, .path = path, .options = options};
	tt_blanks_init(&l->blanks, ctx);
	for (unsigned c = 0; c < TT_N_COLUMNS; ++c) {
		tt_buffer_init(&l->last[c].text, ctx);
	}
	if (options->graph) {
		const tt_term graph = tt_term_iri(tt_view_of(options->graph));
		return tt_txn_intern(txn, &graph, &l->default_graph);
	}
	return TT_OK;
}

static void loader_clear(loader *l)
{
	tt_blanks_clear(&l->blanks);
	for (unsigned c = 0; c < TT_N_COLUMNS; ++c) {
		tt_buffer_clear(&l->last[c].text);
	}
}

/* Whether a file is worth a thread: what is no regular file may be of any size. */
static bool is_large(const char *path)
{
	struct stat about;
	const int failed = strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, &about) : stat(path, &about);
	return failed == 0 && (!S_ISREG(about.st_mode) || about.st_size >= LARGE_FILE);
}

/* @param path NULL: read @p bytes. */
static tt_status load(tt_ctx *ctx, tt_txn *txn, const char *path, tt_view bytes, const tt_load_options *options,
                      uint64_t *out_n_statements)
{
	static const tt_load_options defaults = {.syntax = TT_RDF_GUESS};
	const tt_load_options *const o = options ? options : &defaults;
	const tt_read_options read = {.syntax = o->syntax, .base = o->base};
	loader l;
	tt_status status = loader_init(&l, ctx, txn, path, o);
	const tt_read_sink sink = {.user = &l,
	                           .statement = take_statement,
	                           .prefix = take_prefix,
	                           .skipped = o->skipped ? take_skipped : NULL,
	                           .begin = o->skipped ? take_begin : NULL,
	                           .progress = o->progress ? take_progress : NULL};
	if (status == TT_OK) {
		status = !path            ? tt_read_bytes(ctx, bytes, &read, &sink)
		         : is_large(path) ? tt_read_file_ahead(ctx, path, &read, &sink)
		                          : tt_read_file(ctx, path, &read, &sink);
	}
	if (out_n_statements) {
		*out_n_statements = l.n_statements;
	}
	loader_clear(&l);
	return status;
}

tt_status tt_load_file(tt_ctx *ctx, tt_txn *txn, const char *path, const tt_load_options *options,
                       uint64_t *out_n_statements)
{
	return load(ctx, txn, path, (tt_view){NULL, 0}, options, out_n_statements);
}

tt_status tt_load_bytes(tt_ctx *ctx, tt_txn *txn, tt_view bytes, const tt_load_options *options,
                        uint64_t *out_n_statements)
{
	return load(ctx, txn, NULL, bytes, options, out_n_statements);
}
