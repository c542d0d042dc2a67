/* binding.c - names as values of bindings: what a person calls a resource, in place of its IRI. */
#include "engine/engine.h"
#include "engine/resolve.h"

static tt_status copy_iri(tt_terms *terms, tt_arena *arena, tt_view name, tt_id id, tt_term *out)
{
	tt_scratch scratch;
	TT_TRY(tt_terms_get(terms, id, &scratch, out));
	if (out->kind != TT_TERM_IRI) {
		return tt_fail(arena->ctx, TT_BAD_ARGUMENT, "%.*s is a blank node, which cannot be the value of a variable",
		               TT_VIEW_ARG(name));
	}
	const char *const copy = tt_arena_strndup(arena, out->text.data, out->text.size);
	*out = tt_term_iri((tt_view){copy, out->text.size});
	return copy ? TT_OK : arena->ctx->error.status;
}

/* A variable may stand for a property, too; what is not found at all is told of the things. */
static tt_status find(tt_db *db, tt_labels *labels, tt_ctx *ctx, tt_view name, tt_id *out_id)
{
	const tt_status status = tt_resolve(db, labels, name, false, out_id);
	if (status != TT_NOT_FOUND) {
		return status;
	}
	const tt_error before = ctx->error;
	if (tt_resolve(db, labels, name, true, out_id) == TT_OK) {
		tt_ctx_clear_error(ctx);
		return TT_OK;
	}
	ctx->error = before;
	return status;
}

tt_status tt_binding_resolve(void *user, tt_arena *arena, tt_view name, tt_term *out)
{
	tt_db *const db = user;
	tt_ctx *const ctx = arena->ctx;
	tt_snapshot *snapshot = NULL;
	tt_terms terms;
	tt_labels labels = {.terms = NULL};
	tt_id id = TT_UNBOUND;
	TT_TRY(tt_db_snapshot(db, ctx, &snapshot));
	tt_terms_init(&terms, ctx, snapshot);
	tt_status status = tt_labels_init(&labels, &terms, arena, TT_VIEW(""));
	status = status ? status : find(db, &labels, ctx, name, &id);
	status = status ? status : copy_iri(&terms, arena, name, id, out);
	tt_labels_clear(&labels);
	tt_terms_clear(&terms);
	tt_snapshot_end(snapshot);
	return status;
}
