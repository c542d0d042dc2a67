/* query.c - from the text of a query to its rows: parse, translate, rewrite, plan, run. */
#include "engine/engine.h"

#include "rdf/iri.h"
#include "result/result.h"

#include <stdio.h>
#include <time.h>

static const tt_query_options default_options = {.source_name = NULL};

tt_status tt_db_parse_options(tt_db *db, tt_ctx *ctx, const tt_query_options *options, tt_parse_options *out)
{
	options = options ? options : &default_options;
	/* That the usual prefixes need no declaration is an extension. */
	*out = (tt_parse_options){.source_name = options->source_name,
	                          .base = options->base ? tt_view_of(options->base) : (tt_view){0},
	                          .prefixes = options->is_strict ? &db->data_prefixes : &db->prefixes,
	                          .usual_prefixes = options->is_strict ? &db->prefixes : NULL,
	                          .warn = options->warn,
	                          .warn_user = options->warn_user,
	                          .refuses_warnings = options->refuses_warnings,
	                          .bindings = options->bindings,
	                          .n_bindings = options->n_bindings,
	                          .resolve = tt_binding_resolve,
	                          .resolve_user = db};
	return options->base ? tt_iri_demand(ctx, out->base, "base") : TT_OK;
}

tt_status tt_db_parse(tt_db *db, tt_view text, bool is_update, const tt_query_options *options)
{
	tt_ctx_clear_error(&db->ctx);
	tt_parse_options parsing;
	TT_TRY(tt_db_parse_options(db, &db->ctx, options, &parsing));
	tt_arena arena;
	tt_arena_init(&arena, &db->ctx);
	tt_ast *ast = NULL;
	const tt_status status = is_update ? tt_parse_update(&arena, text, &parsing, &ast)
	                                   : tt_parse_query(&arena, text, &parsing, &ast);
	tt_arena_clear(&arena);
	return status;
}

tt_completeness tt_db_completeness(tt_db *db, tt_view text)
{
	const tt_parse_options parsing = {.prefixes = &db->prefixes};
	return tt_parse_completeness(&db->ctx, text, &parsing);
}

bool tt_db_is_update(tt_db *db, tt_view text)
{
	const tt_parse_options parsing = {.prefixes = &db->prefixes};
	return tt_parse_is_update(&db->ctx, text, &parsing);
}

/* ---- making the plan -------------------------------------------------------------------------- */

static int64_t wall_clock_ns(void)
{
	struct timespec now;
	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static tt_status fold(void *user, const tt_expr *expr, bool *out_is_constant, tt_id *out_value)
{
	return tt_expr_constant(expr, user, out_is_constant, out_value);
}

/* Add the bits of the passes in a list such as "push,fold". */
static tt_status disable_passes(tt_ctx *ctx, const char *names, unsigned *io_passes)
{
	while (names && *names) {
		const tt_view name = {names, strcspn(names, ",")};
		unsigned pass = 0;
		while (tt_rewrite_name(pass) && !tt_view_equal(tt_view_of(tt_rewrite_name(pass)), name)) {
			++pass;
		}
		if (!tt_rewrite_name(pass)) {
			char all[256] = "";
			for (unsigned i = 0, n = 0; tt_rewrite_name(i) && n < sizeof all; ++i) {
				n += (unsigned)snprintf(all + n, sizeof all - n, "%s%s", i ? ", " : "", tt_rewrite_name(i));
			}
			return tt_fail(ctx, TT_BAD_ARGUMENT, "there is no rewriting pass \"%.*s\"; there are %s", TT_VIEW_ARG(name),
			               all);
		}
		*io_passes |= 1u << pass;
		names += name.size + (names[name.size] == ',');
	}
	return TT_OK;
}

/* Before rewriting, which drops what cannot matter: the answer must not depend on the data. */
static tt_status check_calls(const tt_results *results)
{
	for (const tt_expr *call = results->query->calls; call; call = call->next_call) {
		TT_TRY(tt_expr_check_call(call, &results->env));
	}
	return TT_OK;
}

/* A SERVICE SILENT that is not evaluated must not pass in silence. */
static tt_status warn_of_service(tt_results *results, tt_view text, const tt_query_options *options)
{
	tt_ctx *const ctx = &results->ctx;
	const tt_place place = results->query->silent_service;
	if (!place.line || !options || (!options->warn && !options->refuses_warnings)) {
		return TT_OK;
	}
	tt_parse_options parsing;
	TT_TRY(tt_db_parse_options(results->db, ctx, options, &parsing));
	(void)TT_FAIL_AT_PLACE(ctx, TT_UNSUPPORTED, place,
	                       "SERVICE is not evaluated yet: being SILENT, it gives one solution without values");
	const tt_status status = tt_parse_show_place(ctx, text, &parsing);
	if (options->refuses_warnings) {
		return status;
	}
	tt_error warning = ctx->error;
	warning.status = TT_OK;
	tt_ctx_clear_error(ctx);
	options->warn(options->warn_user, &warning);
	return TT_OK;
}

tt_status tt_results_plan(tt_results *results, tt_view text, const tt_query_options *options,
                          const tt_plan_switches *switches)
{
	TT_TRY(warn_of_service(results, text, options));
	options = options ? options : &default_options;
	results->env = (tt_expr_env){.ctx = &results->ctx,
	                             .terms = &results->terms,
	                             .base = results->query->base,
	                             .now_ns = wall_clock_ns(),
	                             .is_strict = options->is_strict};
	tt_plan_options planning = {.fold = fold,
	                            .fold_user = &results->env,
	                            .fold_terms = &results->terms,
	                            .is_union_default_graph = options->is_union_default_graph,
	                            .is_unoptimised = options->is_unoptimised,
	                            .switches = *switches};
	TT_TRY(disable_passes(&results->ctx, options->disabled_passes, &planning.switches.disabled_passes));
	TT_TRY(check_calls(results));
	TT_TRY(tt_rewrite(results->query, &planning));
	TT_TRY(tt_plan_make(results->query, &results->terms, &planning, &results->plan));
	return tt_execution_new(results->plan, &results->terms, &results->env, options->is_profiled, &results->execution);
}

/* ---- columns ---------------------------------------------------------------------------------- */

static tt_status name_columns(tt_results *results)
{
	static const tt_view triple_names[] = {{"subject", 7}, {"predicate", 9}, {"object", 6}};
	const bool is_triples = results->kind == TT_RESULTS_TRIPLES;
	const tt_plan *const plan = results->plan;
	const size_t n = is_triples ? 3 : results->kind == TT_RESULTS_ROWS ? plan->n_columns : 0;
	results->n_columns = n;
	results->column_names = tt_arena_alloc(&results->arena, n * sizeof *results->column_names);
	results->row = tt_arena_alloc(&results->arena, n * sizeof *results->row);
	results->scratches = tt_arena_alloc(&results->arena, n * sizeof *results->scratches);
	results->cache = tt_arena_alloc(&results->arena, TT_TERM_CACHE_SIZE * sizeof *results->cache);
	if (!results->column_names || !results->row || !results->scratches || !results->cache) {
		return results->ctx.error.status;
	}
	for (size_t i = 0; i < n; ++i) {
		results->column_names[i] = is_triples ? triple_names[i] : results->query->variables[plan->columns[i]].name;
	}
	return TT_OK;
}

/* ---- solutions -------------------------------------------------------------------------------- */

tt_status tt_results_step(tt_results *results, bool *out_is_end)
{
	*out_is_end = false;
	if (results->batch && ++results->next_row < results->batch->n_rows) {
		return TT_OK;
	}
	TT_TRY(tt_execution_next(results->execution, &results->batch));
	results->next_row = 0;
	*out_is_end = results->batch->n_rows == 0;
	return TT_OK;
}

static tt_status make_plan(tt_results *results, tt_view text, const tt_query_options *options,
                           const tt_plan_switches *switches)
{
	tt_parse_options parsing;
	TT_TRY(tt_db_parse_options(results->db, &results->ctx, options, &parsing));
	tt_ast *ast = NULL;
	TT_TRY(tt_parse_query(&results->arena, text, &parsing, &ast));
	TT_TRY(tt_translate(&results->arena, ast, &results->query));
	return tt_results_plan(results, text, options, switches);
}

static tt_status prepare_answer(tt_results *results, const tt_query_options *options)
{
	static const tt_results_kind kinds[] = {[TT_QUERY_SELECT] = TT_RESULTS_ROWS,
	                                        [TT_QUERY_CONSTRUCT] = TT_RESULTS_TRIPLES,
	                                        [TT_QUERY_DESCRIBE] = TT_RESULTS_TRIPLES,
	                                        [TT_QUERY_ASK] = TT_RESULTS_BOOLEAN};
	results->kind = kinds[results->query->form];
	TT_TRY(name_columns(results));
	if (results->is_plan_only) {
		return TT_OK;
	}
	if (results->kind == TT_RESULTS_ROWS) {
		tt_execution_let_terms_pass(results->execution);
	}
	if (results->kind == TT_RESULTS_BOOLEAN) {
		bool is_end = true;
		TT_TRY(tt_results_step(results, &is_end));
		results->boolean = !is_end;
	}
	if (results->query->form == TT_QUERY_CONSTRUCT) {
		TT_TRY(tt_template_prepare(results));
	}
	return results->query->form == TT_QUERY_DESCRIBE ? tt_describe(results, options->description) : TT_OK;
}

tt_results *tt_results_new(tt_db *db, const tt_query_options *options)
{
	options = options ? options : &default_options;
	tt_ctx self;
	tt_ctx_init(&self);
	tt_results *const results = tt_calloc(&self, 1, sizeof *results);
	if (!results) {
		return NULL;
	}
	results->self = self;
	results->db = db;
	tt_ctx_init(&results->ctx);
	results->ctx.cancel = db->ctx.cancel;
	results->ctx.n_bytes_budget = options->memory_bytes;
	tt_ctx_set_timeout(&results->ctx, options->timeout_seconds);
	results->is_plan_only = options->is_plan_only;
	tt_arena_init(&results->arena, &results->ctx);
	tt_buffer_init(&results->explained, &results->ctx);
	tt_triple_set_init(&results->triples, &results->ctx);
	return results;
}

tt_status tt_db_query(tt_db *db, tt_view text, const tt_query_options *options, tt_results **out_results)
{
	const tt_plan_switches none = {0};
	return tt_db_query_switched(db, text, options, &none, out_results);
}

tt_status tt_db_query_switched(tt_db *db, tt_view text, const tt_query_options *options,
                               const tt_plan_switches *switches, tt_results **out_results)
{
	const int64_t begin = tt_now_ns();
	*out_results = NULL;
	options = options ? options : &default_options;
	tt_ctx_clear_error(&db->ctx);
	tt_results *const results = tt_results_new(db, options);
	if (!results) {
		return tt_fail(&db->ctx, TT_NO_MEMORY, "out of memory");
	}
	tt_status status = tt_results_snapshot(results);
	status = status ? status : make_plan(results, text, options, switches);
	results->planning_ns = tt_now_ns() - begin;
	status = status ? status : prepare_answer(results, options);
	if (status != TT_OK) {
		tt_parse_options parsing;
		if (tt_db_parse_options(db, &results->ctx, options, &parsing) == TT_OK) {
			(void)tt_parse_show_place(&results->ctx, text, &parsing);
		}
		status = tt_db_failed(db, &results->ctx);
		tt_results_free(results);
		return status;
	}
	*out_results = results;
	return TT_OK;
}

tt_status tt_db_query_tree(tt_db *db, const tt_ast *ast, const tt_query_options *options, const tt_ctx *limits,
                           tt_results **out_results)
{
	const tt_plan_switches none = {0};
	const size_t n_budget = limits->n_bytes_budget;
	*out_results = NULL;
	tt_results *const results = tt_results_new(db, options);
	if (!results) {
		return tt_fail(&db->ctx, TT_NO_MEMORY, "out of memory");
	}
	results->ctx.deadline_ns = limits->deadline_ns;
	results->ctx.timeout_seconds = limits->timeout_seconds;
	results->ctx.n_bytes_budget = n_budget > limits->n_bytes_used ? n_budget - limits->n_bytes_used : n_budget != 0;
	tt_status status = tt_results_snapshot(results);
	status = status ? status : tt_translate(&results->arena, ast, &results->query);
	status = status ? status : tt_results_plan(results, (tt_view){NULL, 0}, options, &none);
	status = status ? status : prepare_answer(results, options);
	if (status != TT_OK) {
		status = tt_db_failed(db, &results->ctx);
		tt_results_free(results);
		return status;
	}
	*out_results = results;
	return TT_OK;
}

tt_status tt_results_snapshot(tt_results *results)
{
	const tt_status status = tt_db_snapshot(results->db, &results->ctx, &results->snapshot);
	if (status == TT_OK && results->db->txn) {
		results->is_in_transaction = true;
		results->db->n_open_results++;
	}
	tt_terms_init(&results->terms, &results->ctx, results->snapshot);
	return status;
}

void tt_results_stop_reading(tt_results *results)
{
	tt_execution_free(results->execution);
	results->execution = NULL;
	tt_snapshot_end(results->snapshot);
	results->snapshot = NULL;
	if (results->is_in_transaction) {
		results->is_in_transaction = false;
		results->db->n_open_results--;
	}
}

void tt_results_free(tt_results *results)
{
	if (results) {
		tt_results_stop_reading(results);
		tt_terms_clear(&results->terms);
		tt_triple_set_clear(&results->triples);
		tt_buffer_clear(&results->explained);
		tt_arena_clear(&results->arena);
		tt_ctx self = results->self;
		tt_free(&self, results);
	}
}

/* ---- rows of terms ---------------------------------------------------------------------------- */

static tt_status fetch_term(tt_results *results, tt_id id, size_t column)
{
	tt_term *const out = &results->row[column];
	if (tt_id_is_inline(id) || tt_id_kind(id) == TT_KIND_LOCAL) { /* a local id may mean another term later */
		return tt_terms_get(&results->terms, id, &results->scratches[column], out);
	}
	tt_term_cache_entry *const entry = &results->cache[tt_hash_u64(id) % TT_TERM_CACHE_SIZE];
	if (entry->id != id) {
		TT_TRY(tt_terms_get(&results->terms, id, &results->scratches[column], &entry->term));
		entry->id = id;
	}
	*out = entry->term;
	return TT_OK;
}

static tt_status next_solution(tt_results *results, const tt_term **out_row)
{
	bool is_end = true;
	TT_TRY(tt_results_step(results, &is_end));
	for (size_t i = 0; i < results->n_columns && !is_end; ++i) {
		TT_TRY(fetch_term(results, results->batch->columns[i][results->next_row], i));
	}
	*out_row = is_end ? NULL : results->row;
	return TT_OK;
}

static tt_status next_triple(tt_results *results, const tt_term **out_row)
{
	tt_triple_set *const set = &results->triples;
	if (results->next_triple == set->n_triples && results->query->form == TT_QUERY_CONSTRUCT) {
		TT_TRY(tt_construct_more(results));
	}
	if (results->next_triple == set->n_triples) {
		return TT_OK;
	}
	if (results->next_triple % TT_BATCH_ROWS == 0) {
		TT_TRY(tt_ctx_poll(&results->ctx)); /* they were all found before, by a DESCRIBE */
	}
	for (size_t i = 0; i < 3; ++i) {
		TT_TRY(fetch_term(results, set->triples[results->next_triple][i], i));
	}
	results->next_triple++;
	*out_row = results->row;
	return TT_OK;
}

tt_status tt_results_next(tt_results *results, const tt_term **out_row)
{
	*out_row = NULL;
	tt_status status = TT_OK;
	if (results->is_plan_only) {
		return TT_OK;
	}
	if (results->is_gathered) {
		*out_row = results->next_gathered < results->n_gathered ? results->gathered[results->next_gathered++] : NULL;
	} else if (results->kind == TT_RESULTS_ROWS) {
		status = next_solution(results, out_row);
	} else if (results->kind == TT_RESULTS_TRIPLES) {
		status = next_triple(results, out_row);
	}
	return status == TT_OK ? TT_OK : tt_db_failed(results->db, &results->ctx);
}

tt_results_kind tt_results_get_kind(const tt_results *results)
{
	return results->kind;
}

bool tt_results_boolean(const tt_results *results)
{
	return results->boolean;
}

size_t tt_results_n_columns(const tt_results *results)
{
	return results->n_columns;
}

tt_view tt_results_column(const tt_results *results, size_t column)
{
	return results->column_names[column];
}

tt_status tt_results_explain(tt_results *results, const char **out_text)
{
	tt_buffer *const out = &results->explained;
	*out_text = "";
	if (results->is_gathered) {
		return TT_OK;
	}
	const tt_profile *const profile = tt_execution_profile(results->execution);
	tt_buffer_reset(out);
	/* What was done is told also when the time or the memory is used up. */
	results->ctx.cancel = NULL;
	results->ctx.deadline_ns = 0;
	results->ctx.n_bytes_budget = 0;
	tt_status status = tt_plan_explain(results->plan, &results->terms, &results->db->prefixes, profile, out);
	if (status == TT_OK && profile) {
		status = tt_buffer_printf(
		    out, "planned in %.3f ms, ran for %.3f ms, %.1f MB of memory at most\n", (double)results->planning_ns / 1e6,
		    (double)profile[results->plan->root->number].time_ns / 1e6, (double)results->ctx.n_bytes_peak / 1e6);
	}
	status = status ? status : tt_buffer_terminate(out);
	*out_text = out->data;
	return status == TT_OK ? TT_OK : tt_db_failed(results->db, &results->ctx);
}

/* ---- writing ---------------------------------------------------------------------------------- */

static tt_status pull(void *user, const tt_term **out_row)
{
	return tt_results_next(user, out_row);
}

/** Rows with their numbers before them. */
typedef struct numbering {
	tt_results *results;
	uint64_t n_rows;
	tt_view *names;
	tt_term *row;
	tt_scratch scratch;
} numbering;

static tt_status pull_numbered(void *user, const tt_term **out_row)
{
	numbering *const numbers = user;
	const tt_term *row = NULL;
	TT_TRY(tt_results_next(numbers->results, &row));
	*out_row = row ? numbers->row : NULL;
	if (row) {
		tt_id id = TT_UNBOUND;
		(void)tt_value_from_integer((int64_t)++numbers->n_rows, &id);
		numbers->row[0] = tt_value_to_term(id, &numbers->scratch);
		memcpy(numbers->row + 1, row, numbers->results->n_columns * sizeof *row);
	}
	return TT_OK;
}

/* Let a cursor give the number of each row as its first column. */
static tt_status number_rows(tt_results *results, numbering *numbers, tt_cursor *cursor)
{
	const size_t n = results->n_columns + 1;
	*numbers = (numbering){.results = results};
	numbers->names = tt_arena_alloc(&results->arena, n * sizeof *numbers->names);
	numbers->row = tt_arena_alloc(&results->arena, n * sizeof *numbers->row);
	if (!numbers->names || !numbers->row) {
		return results->ctx.error.status;
	}
	numbers->names[0] = TT_VIEW("#");
	for (size_t i = 1; i < n; ++i) {
		numbers->names[i] = results->column_names[i - 1];
	}
	cursor->user = numbers;
	cursor->next = pull_numbered;
	cursor->n_columns = n;
	cursor->columns = numbers->names;
	return TT_OK;
}

tt_status tt_results_write(tt_results *results, const tt_write_options *options, int fd, uint64_t *out_n_rows)
{
	tt_cursor cursor = {.user = results,
	                    .kind = results->kind,
	                    .boolean = results->boolean,
	                    .n_columns = results->n_columns,
	                    .columns = results->column_names,
	                    .next = pull};
	const tt_result_style style = {.prefixes = &results->db->prefixes,
	                               .n_width = options->n_width,
	                               .is_short = options->is_short,
	                               .is_utf8 = options->is_utf8};
	tt_output output;
	numbering numbers;
	tt_output_init(&output, &results->ctx, fd);
	tt_status status = options->is_numbered && options->format == TT_FORMAT_TABLE && results->n_columns
	                       ? number_rows(results, &numbers, &cursor)
	                       : TT_OK;
	status = status ? status : tt_result_write(&cursor, options->format, &style, &output, out_n_rows);
	status = status ? status : tt_output_flush(&output);
	tt_output_clear(&output);
	return status == TT_OK ? TT_OK : tt_db_failed(results->db, &results->ctx);
}
