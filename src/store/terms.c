/* terms.c - the terms that one query computes.
 *
 * A term gets its id by the first of these that knows it: its value (inline), the local table, the
 * store's dictionary; else it becomes a new local one. The local table is asked before the store
 * because a term in it was looked for in the store once and was not there, and a snapshot does not
 * change. So a term has one id in a query, wherever it came from. */
#include "store/terms.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/random.h>

void tt_terms_init(tt_terms *terms, tt_ctx *ctx, tt_snapshot *snapshot)
{
	*terms = (tt_terms){.ctx = ctx, .snapshot = snapshot};
	tt_arena_init(&terms->arena, ctx);
	tt_map_init(&terms->by_hash, ctx);
	tt_arena_init(&terms->passing, ctx);
	tt_map_init(&terms->passing_by_hash, ctx);
	if (getrandom(&terms->fresh_seed, sizeof terms->fresh_seed, GRND_NONBLOCK) != sizeof terms->fresh_seed) {
		/* Early in the boot of a machine: the time is good enough to tell two queries apart. */
		terms->fresh_seed = tt_hash_u64((uint64_t)tt_now_ns() ^ (uint64_t)(uintptr_t)terms);
	}
}

void tt_terms_clear(tt_terms *terms)
{
	tt_free(terms->ctx, terms->locals);
	tt_map_clear(&terms->by_hash);
	tt_arena_clear(&terms->arena);
	tt_map_clear(&terms->passing_by_hash);
	tt_arena_clear(&terms->passing);
	terms->locals = NULL;
	terms->n_locals = 0;
	terms->capacity = 0;
}

tt_status tt_terms_get(tt_terms *terms, tt_id id, tt_scratch *scratch, tt_term *out_term)
{
	const tt_kind kind = tt_id_kind(id);
	if (tt_id_is_inline(id)) {
		*out_term = tt_value_to_term(id, scratch);
		return TT_OK;
	}
	if (kind == TT_KIND_SPECIAL) {
		*out_term = (tt_term){.kind = TT_TERM_NONE};
		return TT_OK;
	}
	if (kind == TT_KIND_LOCAL && tt_id_payload(id) < terms->n_locals) {
		*out_term = terms->locals[tt_id_payload(id)];
		return TT_OK;
	}
	if (tt_id_is_dictionary(id) && terms->snapshot) {
		return tt_snapshot_term(terms->snapshot, id, scratch, out_term);
	}
	return tt_fail(terms->ctx, TT_INTERNAL, "an id of kind %u is unknown to the query", (unsigned)kind);
}

void tt_terms_pass(tt_terms *terms)
{
	if (!terms->is_passing) {
		terms->is_passing = true;
		terms->n_kept = terms->n_locals;
	} else if (terms->n_locals > terms->n_kept) {
		terms->n_locals = terms->n_kept;
		tt_map_clear(&terms->passing_by_hash);
		tt_arena_clear(&terms->passing);
	}
}

void tt_terms_stay(tt_terms *terms)
{
	tt_terms_pass(terms);
	terms->is_passing = false;
}

static bool find_local(const tt_terms *terms, const tt_map *by_hash, uint64_t hash, const tt_term *term, tt_id *out_id)
{
	uint64_t cursor = 0;
	uint64_t number = 0;
	while (tt_map_next(by_hash, hash, &cursor, &number)) {
		if (tt_term_equal(&terms->locals[number], term)) {
			*out_id = tt_id_make(TT_KIND_LOCAL, number);
			return true;
		}
	}
	return false;
}

static tt_status copy_text(tt_terms *terms, tt_view *text)
{
	const char *const copy = text->size ? tt_arena_strndup(terms->is_passing ? &terms->passing : &terms->arena,
	                                                       text->data, text->size)
	                                    : "";
	if (!copy) {
		return terms->ctx->error.status;
	}
	text->data = copy;
	return TT_OK;
}

/* In lower case, as the store keeps tags: tags that differ only in case are one tag (RDF 1.1 Concepts §3.3). */
static tt_status copy_language(tt_terms *terms, tt_view *language)
{
	if (language->size == 0) {
		language->data = "";
		return TT_OK;
	}
	char *const copy = tt_arena_strndup(terms->is_passing ? &terms->passing : &terms->arena, language->data,
	                                    language->size);
	if (!copy) {
		return terms->ctx->error.status;
	}
	for (size_t i = 0; i < language->size; ++i) {
		copy[i] = (char)(copy[i] >= 'A' && copy[i] <= 'Z' ? copy[i] - 'A' + 'a' : copy[i]);
	}
	language->data = copy;
	return TT_OK;
}

/* Datatypes repeat: those that the engine knows are not copied. */
static tt_status copy_datatype(tt_terms *terms, tt_view *datatype)
{
	for (unsigned i = 0; i < TT_N_VOCAB; ++i) {
		const tt_view known = tt_vocab_iri((tt_vocab)i);
		if (tt_view_equal(known, *datatype)) {
			*datatype = known;
			return TT_OK;
		}
	}
	return copy_text(terms, datatype);
}

static tt_status add_local(tt_terms *terms, uint64_t hash, const tt_term *term, tt_id *out_id)
{
	tt_term copy = *term;
	TT_TRY(tt_grow(terms->ctx, (void **)&terms->locals, &terms->capacity, terms->n_locals + 1, sizeof *terms->locals));
	TT_TRY(copy_text(terms, &copy.text));
	if (copy.kind == TT_TERM_LITERAL) {
		TT_TRY(copy_datatype(terms, &copy.datatype));
		TT_TRY(copy_language(terms, &copy.language));
	} else {
		copy.datatype = copy.language = (tt_view){NULL, 0};
	}
	TT_TRY(tt_map_insert(terms->is_passing ? &terms->passing_by_hash : &terms->by_hash, hash, terms->n_locals));
	terms->locals[terms->n_locals] = copy;
	*out_id = tt_id_make(TT_KIND_LOCAL, terms->n_locals++);
	return TT_OK;
}

tt_status tt_terms_intern(tt_terms *terms, const tt_term *term, tt_id *out_id)
{
	*out_id = TT_UNBOUND;
	if (term->kind == TT_TERM_NONE || tt_value_from_term(term, out_id)) {
		return TT_OK;
	}
	const uint64_t hash = tt_term_hash(term);
	if (find_local(terms, &terms->by_hash, hash, term, out_id) ||
	    find_local(terms, &terms->passing_by_hash, hash, term, out_id)) {
		return TT_OK;
	}
	if (terms->snapshot) {
		TT_TRY(tt_snapshot_find(terms->snapshot, term, out_id));
		if (*out_id != TT_UNBOUND) {
			return TT_OK;
		}
	}
	return add_local(terms, hash, term, out_id);
}

tt_status tt_terms_fresh_blank(tt_terms *terms, tt_id *out_id)
{
	/* Not b<n>, which are the store's own; the seed keeps it apart from what earlier queries may have stored. */
	char label[48];
	const int n = snprintf(label, sizeof label, "q%016" PRIx64 "n%" PRIu64, terms->fresh_seed, ++terms->n_fresh_blanks);
	const tt_term blank = tt_term_blank((tt_view){label, (size_t)n});
	return add_local(terms, tt_term_hash(&blank), &blank, out_id);
}

tt_term_kind tt_terms_kind(const tt_terms *terms, tt_id id)
{
	static const tt_term_kind kinds[] = {
	    [TT_KIND_SPECIAL] = TT_TERM_NONE,         [TT_KIND_BLANK] = TT_TERM_BLANK,
	    [TT_KIND_BLANK_LABELLED] = TT_TERM_BLANK, [TT_KIND_IRI] = TT_TERM_IRI,
	    [TT_KIND_LITERAL] = TT_TERM_LITERAL,      [TT_KIND_BOOLEAN] = TT_TERM_LITERAL,
	    [TT_KIND_INTEGER] = TT_TERM_LITERAL,      [TT_KIND_DECIMAL] = TT_TERM_LITERAL,
	    [TT_KIND_DOUBLE] = TT_TERM_LITERAL,       [TT_KIND_DATE_TIME] = TT_TERM_LITERAL,
	    [TT_KIND_DATE] = TT_TERM_LITERAL,         [TT_KIND_G_YEAR_MONTH] = TT_TERM_LITERAL,
	    [TT_KIND_G_YEAR] = TT_TERM_LITERAL,       [TT_KIND_TRIPLE] = TT_TERM_NONE,
	};
	if (tt_id_kind(id) == TT_KIND_LOCAL) {
		return tt_id_payload(id) < terms->n_locals ? terms->locals[tt_id_payload(id)].kind : TT_TERM_NONE;
	}
	return kinds[tt_id_kind(id)];
}
