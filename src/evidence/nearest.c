/* nearest.c - names that somebody may have meant.
 *
 * Three sources, the cheap ones first: what is found by its hash (the name in another namespace, http for https, # for
 * /, a text with another datatype or language, a resource that bears the name as its label); the predicates, graphs
 * and classes, which are few; the subjects or objects of one predicate. The last are read in sorted order, repetitions
 * being leapt over, until SCAN_NANOSECONDS have passed, so that the cost has a bound whatever the size of the data. */
#include "evidence/nearest.h"

#include "sparql/hint.h"
#include "store/stats.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

enum { SCAN_NANOSECONDS = 400 * 1000 * 1000, BATCH = 256, LONGEST = 1 << 12, EDIT_COST = 4 };

typedef struct finder {
	tt_arena *arena;
	tt_ctx *ctx;
	const tt_near_place *place;
	const tt_term *wanted;
	tt_near *best; /* ascending */
	size_t n_best;
} finder;

/* ---- how near two names are ------------------------------------------------------------------- */

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* How many edits are still a slip. */
static size_t most_edits(size_t n_bytes)
{
	return n_bytes < 3 ? 0 : n_bytes < 5 ? 1 : n_bytes < 9 ? 2 : 3;
}

static bool has_digit(tt_view text)
{
	for (size_t i = 0; i < text.size; ++i) {
		if (text.data[i] >= '0' && text.data[i] <= '9') {
			return true;
		}
	}
	return false;
}

/* tt_count_edits() of what is left when both ends that are the same are cut off, so that long names can be compared.
 * Another number is another thing, no slip. */
static size_t count_edits(tt_view a, tt_view b, size_t n_enough)
{
	size_t n = 0;
	while (n < a.size && n < b.size && lower(a.data[n]) == lower(b.data[n])) {
		++n;
	}
	a = tt_view_skip(a, n);
	b = tt_view_skip(b, n);
	while (a.size && b.size && lower(a.data[a.size - 1]) == lower(b.data[b.size - 1])) {
		--a.size;
		--b.size;
	}
	if (a.size == 2 && b.size == 2 && lower(a.data[0]) == lower(b.data[1]) && lower(a.data[1]) == lower(b.data[0])) {
		return n_enough > 1 ? 1 : n_enough; /* two letters that changed places */
	}
	return has_digit(a) || has_digit(b) ? n_enough : tt_count_edits(a, b, n_enough);
}

/* An IRI in two: up to the last # or / or :, and the rest. */
static void split(tt_view iri, tt_view *out_space, tt_view *out_local)
{
	size_t n = iri.size;
	while (n && (iri.data[n - 1] == '/' || iri.data[n - 1] == '#')) {
		--n;
	}
	size_t begin = n;
	while (begin && iri.data[begin - 1] != '/' && iri.data[begin - 1] != '#' && iri.data[begin - 1] != ':') {
		--begin;
	}
	*out_space = (tt_view){iri.data, begin};
	*out_local = (tt_view){iri.data + begin, n - begin};
}

/* A namespace without what is easily mistaken: its scheme and the sign at its end. */
static tt_view bare_space(tt_view space)
{
	static const tt_view schemes[] = {{"http://", 7}, {"https://", 8}};
	for (size_t i = 0; i < 2; ++i) {
		if (tt_view_starts(space, schemes[i])) {
			space = tt_view_skip(space, schemes[i].size);
			break;
		}
	}
	while (space.size && (space.data[space.size - 1] == '/' || space.data[space.size - 1] == '#')) {
		--space.size;
	}
	return space;
}

static unsigned iri_distance(tt_view wanted, tt_view candidate)
{
	tt_view space, local, other_space, other_local;
	split(wanted, &space, &local);
	split(candidate, &other_space, &other_local);
	const size_t most = most_edits(local.size);
	const size_t n_edits = count_edits(local, other_local, most + 1);
	if (n_edits > most || (!local.size && !other_local.size)) {
		return UINT_MAX;
	}
	const unsigned distance = 1 + EDIT_COST * (unsigned)n_edits;
	if (tt_view_equal(space, other_space)) {
		return distance;
	}
	if (tt_view_equal_nocase(bare_space(space), bare_space(other_space))) {
		return distance + 1;
	}
	return n_edits <= most / 2 ? distance + 2 : UINT_MAX;
}

static tt_view trim(tt_view text)
{
	while (text.size && (unsigned char)text.data[0] <= ' ') {
		text = tt_view_skip(text, 1);
	}
	while (text.size && (unsigned char)text.data[text.size - 1] <= ' ') {
		--text.size;
	}
	return text;
}

static bool is_same_number(tt_view a, tt_view b)
{
	char one[64];
	char other[64];
	char *end = NULL;
	if (!a.size || !b.size || a.size >= sizeof one || b.size >= sizeof other) {
		return false;
	}
	(void)memcpy(one, a.data, a.size);
	(void)memcpy(other, b.data, b.size);
	one[a.size] = other[b.size] = '\0';
	const double x = strtod(one, &end);
	if (*end) {
		return false;
	}
	const double y = strtod(other, &end);
	return !*end && !(x < y) && !(x > y);
}

static unsigned literal_distance(tt_view wanted, tt_view candidate)
{
	if (tt_view_equal(wanted, candidate)) {
		return 0;
	}
	const tt_view a = trim(wanted);
	const tt_view b = trim(candidate);
	if (tt_view_equal_nocase(a, b) || is_same_number(a, b)) {
		return 1;
	}
	const size_t most = most_edits(a.size);
	const size_t n_edits = count_edits(a, b, most + 1);
	return n_edits > most ? UINT_MAX : 1 + EDIT_COST * (unsigned)n_edits;
}

/* ---- the best so far -------------------------------------------------------------------------- */

static tt_status copy_view(tt_arena *arena, tt_view text, tt_view *out)
{
	char *const copy = tt_arena_strndup(arena, text.data ? text.data : "", text.size);
	*out = (tt_view){copy, text.size};
	return copy ? TT_OK : arena->ctx->error.status;
}

static tt_status keep(finder *f, const tt_term *term, unsigned distance)
{
	size_t at = f->n_best;
	for (size_t i = 0; i < f->n_best; ++i) {
		if (tt_term_equal(&f->best[i].term, term)) {
			return TT_OK;
		}
	}
	if (distance == UINT_MAX || tt_term_equal(term, f->wanted) ||
	    (at == TT_NEAR_MOST && f->best[at - 1].distance <= distance)) {
		return TT_OK;
	}
	f->n_best += at < TT_NEAR_MOST;
	at = f->n_best - 1;
	while (at && f->best[at - 1].distance > distance) {
		f->best[at] = f->best[at - 1];
		--at;
	}
	f->best[at] = (tt_near){.term = *term, .distance = distance};
	TT_TRY(copy_view(f->arena, term->text, &f->best[at].term.text));
	TT_TRY(copy_view(f->arena, term->datatype, &f->best[at].term.datatype));
	return copy_view(f->arena, term->language, &f->best[at].term.language);
}

static tt_status consider(finder *f, tt_id id)
{
	tt_scratch scratch;
	tt_term term;
	const tt_kind kind = tt_id_kind(id);
	const bool is_iri = f->wanted->kind == TT_TERM_IRI;
	if (is_iri ? kind != TT_KIND_IRI : kind < TT_KIND_LITERAL) {
		return TT_OK;
	}
	TT_TRY(tt_snapshot_term(f->place->snapshot, id, &scratch, &term));
	if (term.text.size > LONGEST || term.kind != f->wanted->kind) {
		return TT_OK;
	}
	return keep(f, &term,
	            is_iri ? iri_distance(f->wanted->text, term.text) : literal_distance(f->wanted->text, term.text));
}

/* ---- what is found by its hash ---------------------------------------------------------------- */

static tt_status is_in_statement(tt_snapshot *snapshot, tt_id id, bool *out)
{
	static const tt_perm perms[] = {TT_OPS, TT_SPO, TT_PSO};
	uint64_t n = 0;
	for (size_t i = 0; i < 3 && id != TT_UNBOUND && !n; ++i) {
		const tt_scan_spec spec = {.perm = perms[i], .n_bound = 1, .bound = {id}, .choice = TT_GRAPHS_ALL};
		TT_TRY(tt_snapshot_count(snapshot, &spec, &n));
	}
	*out = n > 0;
	return TT_OK;
}

tt_status tt_nearest_is_there(tt_snapshot *snapshot, const tt_term *term, bool *out)
{
	tt_id id = TT_UNBOUND;
	TT_TRY(tt_snapshot_find(snapshot, term, &id));
	return is_in_statement(snapshot, id, out);
}

static tt_status look_up(finder *f, const tt_term *term)
{
	tt_id id = TT_UNBOUND;
	bool is_there = false;
	TT_TRY(tt_snapshot_find(f->place->snapshot, term, &id));
	TT_TRY(is_in_statement(f->place->snapshot, id, &is_there)); /* numbers and the like have an id in any case */
	return is_there ? consider(f, id) : TT_OK;
}

static tt_status look_up_iri(finder *f, tt_buffer *scratch, tt_view space, tt_view local)
{
	tt_buffer_reset(scratch);
	TT_TRY(tt_buffer_append(scratch, space));
	TT_TRY(tt_buffer_append(scratch, local));
	const tt_term term = tt_term_iri(tt_buffer_view(scratch));
	return look_up(f, &term);
}

static tt_status look_up_iris(finder *f, tt_buffer *scratch)
{
	static const tt_view starts[] = {{"http://", 7}, {"https://", 8}};
	static const tt_view ends[] = {{"/", 1}, {"#", 1}};
	tt_view space, local;
	split(f->wanted->text, &space, &local);
	const tt_view bare = bare_space(space);
	for (size_t i = 0; i < 4; ++i) {
		char text[LONGEST];
		const int n = snprintf(text, sizeof text, "%s%.*s%s", starts[i / 2].data, TT_VIEW_ARG(bare), ends[i % 2].data);
		TT_TRY(n > 0 && (size_t)n < sizeof text ? look_up_iri(f, scratch, (tt_view){text, (size_t)n}, local) : TT_OK);
	}
	for (size_t i = 0; i < f->place->prefixes->n_items && local.size; ++i) {
		TT_TRY(look_up_iri(f, scratch, f->place->prefixes->items[i].iri, local));
	}
	return TT_OK;
}

/* The subjects of which a literal is a value: resources that bear it as a name. */
static tt_status take_named(finder *f, const tt_term *label)
{
	tt_id id = TT_UNBOUND;
	TT_TRY(tt_snapshot_find(f->place->snapshot, label, &id));
	if (id == TT_UNBOUND) {
		return TT_OK;
	}
	tt_id subjects[TT_NEAR_MOST];
	size_t n = 0;
	tt_id *const columns[4] = {NULL, subjects, NULL, NULL};
	const tt_scan_spec spec = {.perm = TT_OSP, .n_bound = 1, .bound = {id}, .choice = TT_GRAPHS_ALL};
	tt_scan *scan = NULL;
	TT_TRY(tt_scan_open(f->place->snapshot, &spec, &scan));
	tt_status status = tt_scan_next(scan, columns, TT_NEAR_MOST, &n);
	for (size_t i = 0; i < n && status == TT_OK; ++i) {
		tt_scratch scratch;
		tt_term term;
		status = tt_id_kind(subjects[i]) == TT_KIND_IRI
		             ? tt_snapshot_term(f->place->snapshot, subjects[i], &scratch, &term)
		             : TT_OK;
		if (status == TT_OK && tt_id_kind(subjects[i]) == TT_KIND_IRI) {
			status = keep(f, &term, 3);
		}
	}
	tt_scan_close(scan);
	return status;
}

/* Each literal of this text that the usual datatypes and languages give. */
static tt_status each_literal(finder *f, tt_view text, tt_status (*take)(finder *f, const tt_term *literal))
{
	static const char *const languages[] = {"en", "de", "fr", "es", "it", "pt", "nl",
	                                        "pl", "ru", "zh", "ja", "ar", "la"};
	static const tt_vocab datatypes[] = {TT_VOCAB_XSD_STRING,      TT_VOCAB_XSD_INTEGER, TT_VOCAB_XSD_DECIMAL,
	                                     TT_VOCAB_XSD_DOUBLE,      TT_VOCAB_XSD_BOOLEAN, TT_VOCAB_XSD_DATE,
	                                     TT_VOCAB_XSD_G_YEAR,      TT_VOCAB_XSD_INT,     TT_VOCAB_XSD_DATE_TIME,
	                                     TT_VOCAB_XSD_G_YEAR_MONTH};
	for (size_t i = 0; i < sizeof languages / sizeof *languages; ++i) {
		const tt_term term = tt_term_lang(text, tt_view_of(languages[i]));
		TT_TRY(take(f, &term));
	}
	for (size_t i = 0; i < sizeof datatypes / sizeof *datatypes; ++i) {
		const tt_term term = tt_term_typed(text, tt_vocab_iri(datatypes[i]));
		TT_TRY(take(f, &term));
	}
	return TT_OK;
}

/* The local name as it is, and as words: study_case and studyCase are "study case". */
static tt_status look_up_labels(finder *f, tt_buffer *scratch)
{
	tt_view space, local;
	split(f->wanted->text, &space, &local);
	TT_TRY(each_literal(f, local, take_named));
	tt_buffer_reset(scratch);
	for (size_t i = 0; i < local.size; ++i) {
		const char c = local.data[i];
		const bool is_hump = i && c != lower(c) && local.data[i - 1] == lower(local.data[i - 1]);
		TT_TRY(is_hump ? tt_buffer_append_char(scratch, ' ') : TT_OK);
		TT_TRY(tt_buffer_append_char(scratch, c == '_' || c == '-' ? ' ' : is_hump ? lower(c) : c));
	}
	return tt_view_equal(tt_buffer_view(scratch), local) ? TT_OK : each_literal(f, tt_buffer_view(scratch), take_named);
}

/* ---- what is looked through ------------------------------------------------------------------- */

/* Consider each value of the first column behind the bound ones, once. */
static tt_status scan_column(finder *f, tt_perm perm, unsigned n_bound, tt_id bound)
{
	const tt_scan_spec spec = {.perm = perm, .n_bound = n_bound, .bound = {bound}, .choice = TT_GRAPHS_ALL};
	const int64_t end = tt_now_ns() + SCAN_NANOSECONDS;
	tt_id ids[BATCH];
	tt_id *columns[4] = {NULL, NULL, NULL, NULL};
	tt_id last = TT_UNBOUND;
	size_t n = 0;
	tt_scan *scan = NULL;
	columns[n_bound] = ids;
	TT_TRY(tt_scan_open(f->place->snapshot, &spec, &scan));
	tt_status status = tt_scan_next(scan, columns, BATCH, &n);
	while (status == TT_OK && n && tt_now_ns() < end) {
		const bool is_one = ids[0] == ids[n - 1];
		for (size_t i = 0; i < n && status == TT_OK; ++i) {
			status = ids[i] == last ? TT_OK : consider(f, ids[i]);
			last = ids[i];
		}
		const tt_id key = last + 1;
		status = status == TT_OK && is_one ? tt_scan_seek(scan, &key, 1) : status;
		status = status ? status : tt_ctx_poll(f->ctx);
		status = status ? status : tt_scan_next(scan, columns, BATCH, &n);
	}
	tt_scan_close(scan);
	return status;
}

static tt_status scan_predicates(finder *f)
{
	const tt_predicate_stats *stats = NULL;
	size_t n = 0;
	TT_TRY(tt_snapshot_predicates(f->place->snapshot, &stats, &n));
	for (size_t i = 0; i < n; ++i) {
		TT_TRY(consider(f, stats[i].predicate));
	}
	return TT_OK;
}

static tt_status scan_graphs(finder *f)
{
	const tt_id *graphs = NULL;
	size_t n = 0;
	TT_TRY(tt_snapshot_graphs(f->place->snapshot, &graphs, &n));
	for (size_t i = 0; i < n; ++i) {
		TT_TRY(consider(f, graphs[i]));
	}
	return TT_OK;
}

static tt_status scan_classes(finder *f)
{
	tt_id type = TT_UNBOUND;
	const tt_term term = tt_term_iri(tt_vocab_iri(TT_VOCAB_RDF_TYPE));
	TT_TRY(tt_snapshot_find(f->place->snapshot, &term, &type));
	return type == TT_UNBOUND ? TT_OK : scan_column(f, TT_POS, 1, type);
}

static tt_status scan_subjects(finder *f)
{
	const tt_id predicate = f->place->predicate;
	return predicate == TT_UNBOUND ? scan_column(f, TT_SPO, 0, 0) : scan_column(f, TT_PSO, 1, predicate);
}

static tt_status scan_objects(finder *f)
{
	const tt_id predicate = f->place->predicate;
	return predicate == TT_UNBOUND ? scan_column(f, TT_OSP, 0, 0) : scan_column(f, TT_POS, 1, predicate);
}

tt_status tt_nearest_terms(tt_arena *arena, const tt_near_place *place, const tt_term *wanted,
                           tt_near out[TT_NEAR_MOST], size_t *out_n)
{
	static tt_status (*const scans[])(finder *) = {[TT_NEAR_PREDICATE] = scan_predicates,
	                                               [TT_NEAR_CLASS] = scan_classes,
	                                               [TT_NEAR_SUBJECT] = scan_subjects,
	                                               [TT_NEAR_OBJECT] = scan_objects,
	                                               [TT_NEAR_GRAPH] = scan_graphs};
	finder f = {.arena = arena, .ctx = arena->ctx, .place = place, .wanted = wanted, .best = out};
	tt_buffer scratch;
	tt_status status = TT_OK;
	tt_buffer_init(&scratch, arena->ctx);
	*out_n = 0;
	if (wanted->kind == TT_TERM_LITERAL && wanted->text.size <= LONGEST) {
		TT_TRY_DONE(each_literal(&f, wanted->text, look_up));
	} else if (wanted->kind == TT_TERM_IRI && wanted->text.size <= LONGEST / 2) {
		TT_TRY_DONE(look_up_iris(&f, &scratch));
		TT_TRY_DONE(look_up_labels(&f, &scratch));
	}
	TT_TRY_DONE(wanted->text.size <= LONGEST ? scans[place->role](&f) : TT_OK);
	*out_n = f.n_best;
done:
	tt_buffer_clear(&scratch);
	return status;
}
