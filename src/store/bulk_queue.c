/* bulk_queue.c - a ring of batches between two threads.
 *
 * The reader fills a batch with events and copies of their texts, then puts it into the ring; the taker replays the
 * events to the sink. A ring of few batches keeps both busy and their data in the cache. Whoever fails tells the other:
 * the taker by `stop`, which is the cancel flag of the reader's context, the reader by the end of the ring.
 *
 * Neighbouring statements share terms: of those only one copy is made.
 */
#include "store/bulk_queue.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>

enum {
	N_BATCHES = 4,
	EVENTS_PER_BATCH = 1024,
	TEXT_PER_BATCH = 256 * 1024,
	N_TERMS = 4,
	WAIT_NS = 100000000 /* between two looks at the cancel flag */
};

typedef enum event_kind { EVENT_STATEMENT, EVENT_PREFIX, EVENT_BEGIN, EVENT_SKIPPED, EVENT_PROGRESS } event_kind;

typedef struct event {
	event_kind kind;
	union {
		tt_term terms[N_TERMS]; /* subject, predicate, object, graph */
		tt_view prefix[2];      /* name, IRI */
		const tt_error *error;
		uint64_t progress[2]; /* bytes read, bytes in all */
	} as;
} event;

typedef struct batch {
	event events[EVENTS_PER_BATCH];
	size_t n_events;
	char *text;
	size_t n_text, capacity;
} batch;

typedef struct queue {
	batch *batches; /* N_BATCHES */
	pthread_mutex_t mutex;
	pthread_cond_t has_changed;
	size_t n_put, n_taken; /* batch n is in place n modulo N_BATCHES */
	bool is_ended;
	volatile sig_atomic_t stop;
	/* the reader's */
	tt_ctx ctx;
	const char *path;
	const tt_read_options *options;
	tt_read_sink sink;
	tt_status status;
} queue;

/* ---- the reader ------------------------------------------------------------------------------- */

static batch *current(queue *q)
{
	return &q->batches[q->n_put % N_BATCHES];
}

/* Put the batch into the ring and wait for a free one. */
static tt_status put_batch(queue *q)
{
	(void)pthread_mutex_lock(&q->mutex);
	q->n_put++;
	(void)pthread_cond_broadcast(&q->has_changed);
	while (q->n_put - q->n_taken == N_BATCHES && !q->stop) {
		(void)pthread_cond_wait(&q->has_changed, &q->mutex);
	}
	(void)pthread_mutex_unlock(&q->mutex);
	TT_TRY(tt_ctx_poll(&q->ctx));
	current(q)->n_events = 0;
	current(q)->n_text = 0;
	return TT_OK;
}

/* A new event in a batch that has room for so many bytes of text; NULL after a failure. */
static event *add_event(queue *q, event_kind kind, size_t n_text)
{
	batch *b = current(q);
	if (b->n_events == EVENTS_PER_BATCH || (b->n_events && b->n_text + n_text > b->capacity)) {
		if (put_batch(q) != TT_OK) {
			return NULL;
		}
		b = current(q);
	}
	const size_t n_wanted = n_text < TEXT_PER_BATCH ? TEXT_PER_BATCH : n_text;
	if (b->capacity < n_text || !b->capacity) {
		if (tt_grow(&q->ctx, (void **)&b->text, &b->capacity, n_wanted, 1) != TT_OK) {
			return NULL;
		}
	}
	event *const e = &b->events[b->n_events++];
	e->kind = kind;
	return e;
}

static tt_view copy_text(batch *b, tt_view text)
{
	char *const copy = b->text + b->n_text;
	if (text.size) {
		memcpy(copy, text.data, text.size);
	}
	b->n_text += text.size;
	return (tt_view){copy, text.size};
}

/* A text as it stands in the batch: that of the event before if it is the same. */
static tt_view share_text(batch *b, tt_view text, const tt_view *before)
{
	return before && tt_view_equal(*before, text) ? *before : copy_text(b, text);
}

static size_t size_of(const tt_term *term)
{
	return term->text.size + term->datatype.size + term->language.size;
}

static tt_status read_statement(void *user, const tt_term *subject, const tt_term *predicate, const tt_term *object,
                                const tt_term *graph)
{
	static const tt_term none = {.kind = TT_TERM_NONE};
	queue *const q = user;
	const tt_term *const terms[N_TERMS] = {subject, predicate, object, graph ? graph : &none};
	size_t n_text = 0;
	for (unsigned i = 0; i < N_TERMS; ++i) {
		n_text += size_of(terms[i]);
	}
	event *const e = add_event(q, EVENT_STATEMENT, n_text);
	if (!e) {
		return q->ctx.error.status;
	}
	batch *const b = current(q);
	const event *const last = e > b->events && e[-1].kind == EVENT_STATEMENT ? e - 1 : NULL;
	for (unsigned i = 0; i < N_TERMS; ++i) {
		const tt_term *const before = last ? &last->as.terms[i] : NULL;
		e->as.terms[i] = (tt_term){.kind = terms[i]->kind,
		                           .text = share_text(b, terms[i]->text, before ? &before->text : NULL)};
		if (terms[i]->kind == TT_TERM_LITERAL) {
			e->as.terms[i].datatype = share_text(b, terms[i]->datatype, before ? &before->datatype : NULL);
			e->as.terms[i].language = share_text(b, terms[i]->language, before ? &before->language : NULL);
		}
	}
	return TT_OK;
}

static tt_status read_prefix(void *user, tt_view name, tt_view iri)
{
	queue *const q = user;
	event *const e = add_event(q, EVENT_PREFIX, name.size + iri.size);
	if (!e) {
		return q->ctx.error.status;
	}
	e->as.prefix[0] = copy_text(current(q), name);
	e->as.prefix[1] = copy_text(current(q), iri);
	return TT_OK;
}

static tt_status read_begin(void *user)
{
	queue *const q = user;
	return add_event(q, EVENT_BEGIN, 0) ? TT_OK : q->ctx.error.status;
}

static tt_status read_skipped(void *user, const tt_error *error)
{
	queue *const q = user;
	const tt_error copy = *error; /* it may be the record that a failure is written to */
	const size_t align = _Alignof(tt_error);
	event *const e = add_event(q, EVENT_SKIPPED, sizeof copy + align);
	if (!e) {
		return q->ctx.error.status;
	}
	batch *const b = current(q);
	b->n_text = (b->n_text + align - 1) / align * align;
	e->as.error = (const tt_error *)(const void *)copy_text(b, (tt_view){(const char *)&copy, sizeof copy}).data;
	return TT_OK;
}

static tt_status read_progress(void *user, uint64_t n_bytes, uint64_t n_total)
{
	queue *const q = user;
	event *const e = add_event(q, EVENT_PROGRESS, 0);
	if (!e) {
		return q->ctx.error.status;
	}
	e->as.progress[0] = n_bytes;
	e->as.progress[1] = n_total;
	return TT_OK;
}

static void *run_reader(void *user)
{
	queue *const q = user;
	q->status = tt_read_file(&q->ctx, q->path, q->options, &q->sink);
	(void)pthread_mutex_lock(&q->mutex);
	q->n_put += current(q)->n_events > 0 && q->n_put - q->n_taken < N_BATCHES;
	q->is_ended = true;
	(void)pthread_cond_broadcast(&q->has_changed);
	(void)pthread_mutex_unlock(&q->mutex);
	return NULL;
}

/* ---- the taker -------------------------------------------------------------------------------- */

static tt_status replay(const event *e, const tt_read_sink *sink)
{
	switch (e->kind) {
	case EVENT_STATEMENT:
		return sink->statement(sink->user, &e->as.terms[0], &e->as.terms[1], &e->as.terms[2], &e->as.terms[3]);
	case EVENT_PREFIX:
		return sink->prefix(sink->user, e->as.prefix[0], e->as.prefix[1]);
	case EVENT_BEGIN:
		return sink->begin(sink->user);
	case EVENT_SKIPPED:
		return sink->skipped(sink->user, e->as.error);
	case EVENT_PROGRESS:
	default:
		return sink->progress(sink->user, e->as.progress[0], e->as.progress[1]);
	}
}

/* Wait for a batch; NULL at the end. */
static tt_status take_batch(tt_ctx *ctx, queue *q, const batch **out_batch)
{
	tt_status status = TT_OK;
	(void)pthread_mutex_lock(&q->mutex);
	while (q->n_put == q->n_taken && !q->is_ended && status == TT_OK) {
		struct timespec until;
		(void)clock_gettime(CLOCK_REALTIME, &until);
		until.tv_sec += (until.tv_nsec + WAIT_NS) / 1000000000;
		until.tv_nsec = (until.tv_nsec + WAIT_NS) % 1000000000;
		(void)pthread_cond_timedwait(&q->has_changed, &q->mutex, &until);
		status = tt_ctx_poll(ctx);
	}
	*out_batch = q->n_put == q->n_taken ? NULL : &q->batches[q->n_taken % N_BATCHES];
	(void)pthread_mutex_unlock(&q->mutex);
	return status;
}

static void give_back(queue *q)
{
	(void)pthread_mutex_lock(&q->mutex);
	q->n_taken++;
	(void)pthread_cond_broadcast(&q->has_changed);
	(void)pthread_mutex_unlock(&q->mutex);
}

static tt_status take_all(tt_ctx *ctx, queue *q, const tt_read_sink *sink)
{
	for (;;) {
		const batch *b = NULL;
		TT_TRY(take_batch(ctx, q, &b));
		if (!b) {
			return TT_OK;
		}
		for (size_t i = 0; i < b->n_events; ++i) {
			TT_TRY(replay(&b->events[i], sink));
		}
		give_back(q);
	}
}

static void stop_reader(queue *q)
{
	(void)pthread_mutex_lock(&q->mutex);
	q->stop = 1;
	(void)pthread_cond_broadcast(&q->has_changed);
	(void)pthread_mutex_unlock(&q->mutex);
}

/* ---- both ------------------------------------------------------------------------------------- */

static void queue_init(queue *q, tt_ctx *ctx, const char *path, const tt_read_options *options,
                       const tt_read_sink *sink)
{
	q->path = path;
	q->options = options;
	q->sink = (tt_read_sink){.user = q,
	                         .statement = read_statement,
	                         .prefix = sink->prefix ? read_prefix : NULL,
	                         .skipped = sink->skipped ? read_skipped : NULL,
	                         .begin = sink->begin ? read_begin : NULL,
	                         .progress = sink->progress ? read_progress : NULL};
	tt_ctx_init(&q->ctx);
	q->ctx.cancel = &q->stop;
	q->ctx.deadline_ns = ctx->deadline_ns;
	q->ctx.timeout_seconds = ctx->timeout_seconds;
	q->ctx.n_depth_limit = ctx->n_depth_limit;
	if (ctx->n_bytes_budget) {
		q->ctx.n_bytes_budget = ctx->n_bytes_budget > ctx->n_bytes_used ? ctx->n_bytes_budget - ctx->n_bytes_used : 1;
	}
}

static tt_status run(tt_ctx *ctx, queue *q, const tt_read_sink *sink)
{
	pthread_t reader;
	if (pthread_create(&reader, NULL, run_reader, q) != 0) {
		return tt_read_file(ctx, q->path, q->options, sink); /* one thread will do */
	}
	const tt_status status = take_all(ctx, q, sink);
	if (status != TT_OK) {
		stop_reader(q);
	}
	(void)pthread_join(reader, NULL);
	if (status == TT_OK && q->status != TT_OK) {
		tt_ctx_copy_error(ctx, &q->ctx);
		return q->status;
	}
	return status;
}

tt_status tt_read_file_ahead(tt_ctx *ctx, const char *path, const tt_read_options *options, const tt_read_sink *sink)
{
	queue *const q = tt_calloc(ctx, 1, sizeof *q);
	if (!q) {
		return ctx->error.status;
	}
	q->batches = tt_calloc(ctx, N_BATCHES, sizeof *q->batches);
	if (!q->batches) {
		tt_free(ctx, q);
		return ctx->error.status;
	}
	/* With default attributes these cannot fail on Linux, and they hold no memory. */
	(void)pthread_mutex_init(&q->mutex, NULL);
	(void)pthread_cond_init(&q->has_changed, NULL);
	queue_init(q, ctx, path, options, sink);
	const tt_status status = run(ctx, q, sink);
	for (size_t i = 0; i < N_BATCHES; ++i) {
		tt_free(&q->ctx, q->batches[i].text);
	}
	(void)pthread_cond_destroy(&q->has_changed);
	(void)pthread_mutex_destroy(&q->mutex);
	tt_free(ctx, q->batches);
	tt_free(ctx, q);
	return status;
}
