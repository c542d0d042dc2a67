/* rows.c - answers that are gathered. */
#include "engine/rows.h"

tt_status tt_rows_new(tt_db *db, const char *const *columns, size_t n_columns, tt_results **out_results)
{
	tt_results *const results = tt_results_new(db, NULL);
	*out_results = results;
	if (!results) {
		return tt_fail(&db->ctx, TT_NO_MEMORY, "out of memory");
	}
	tt_terms_init(&results->terms, &results->ctx, NULL);
	results->kind = TT_RESULTS_ROWS;
	results->is_gathered = true;
	results->n_columns = n_columns;
	results->column_names = tt_arena_alloc(&results->arena, n_columns * sizeof *results->column_names);
	if (!results->column_names) {
		const tt_status status = tt_db_failed(db, &results->ctx);
		tt_results_free(results);
		*out_results = NULL;
		return status;
	}
	for (size_t i = 0; i < n_columns; ++i) {
		results->column_names[i] = tt_view_of(columns[i]);
	}
	return TT_OK;
}

static tt_status copy(tt_arena *arena, tt_view *view)
{
	if (!view->size) {
		return TT_OK;
	}
	view->data = tt_arena_strndup(arena, view->data, view->size);
	return view->data ? TT_OK : arena->ctx->error.status;
}

static tt_status add_row(tt_results *results, const tt_term *row)
{
	tt_term *const cells = tt_arena_alloc(&results->arena, results->n_columns * sizeof *cells);
	if (!cells) {
		return results->ctx.error.status;
	}
	for (size_t i = 0; i < results->n_columns; ++i) {
		cells[i] = row[i];
		TT_TRY(copy(&results->arena, &cells[i].text));
		TT_TRY(copy(&results->arena, &cells[i].datatype));
		TT_TRY(copy(&results->arena, &cells[i].language));
	}
	TT_TRY(tt_arena_grow(&results->arena, (void **)&results->gathered, &results->gathered_capacity, results->n_gathered,
	                     sizeof *results->gathered));
	results->gathered[results->n_gathered++] = cells;
	return TT_OK;
}

tt_status tt_rows_add(tt_results *results, const tt_term *row)
{
	const tt_status status = add_row(results, row);
	return status == TT_OK ? TT_OK : tt_db_failed(results->db, &results->ctx);
}
