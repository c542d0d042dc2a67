/* why.c - the evidence for a row: find the row, find by what it holds, look up where that stands. */
#include "evidence/evidence.h"

#include <inttypes.h>

/* ---- the row ------------------------------------------------------------------------------------ */

static tt_status no_such_row(tt_why *why, uint64_t n_rows)
{
	const char *const word = why->kind == TT_RESULTS_TRIPLES ? "triple" : "row";
	if (!n_rows) {
		return tt_fail(&why->ctx, TT_NOT_FOUND, "the answer has no %ss, so there is nothing to be explained", word);
	}
	return tt_fail(&why->ctx, TT_NOT_FOUND, "the answer has %" PRIu64 " %s%s: there is no %s %" PRIu64, n_rows, word,
	               n_rows == 1 ? "" : "s", word, why->row);
}

/* What the solution behind the triple that was fetched last binds. */
static tt_status take_template(tt_why *why, tt_results *results)
{
	for (size_t i = 0; i < results->plan->n_columns; ++i) {
		const tt_id id = results->batch->columns[i][results->next_row];
		tt_view name = results->query->variables[results->plan->columns[i]].name;
		tt_scratch scratch;
		tt_term term;
		TT_TRY(tt_terms_get(&results->terms, id, &scratch, &term));
		TT_TRY(tt_why_copy(why, &term, &term));
		name.data = tt_arena_strndup(&why->arena, name.data, name.size);
		if (!name.data) {
			return why->ctx.error.status;
		}
		TT_TRY(tt_solution_set(why, &why->values, name, &term, TT_DEMAND_SAME));
	}
	return TT_OK;
}

static tt_status take_row(tt_why *why, tt_results *results, const tt_term *row)
{
	for (size_t i = 0; i < tt_results_n_columns(results); ++i) {
		tt_view name = tt_results_column(results, i);
		tt_term term;
		TT_TRY(tt_why_copy(why, &row[i], &term));
		name.data = tt_arena_strndup(&why->arena, name.data, name.size);
		if (!name.data) {
			return why->ctx.error.status;
		}
		TT_TRY(tt_solution_set(why, &why->values, name, &term, TT_DEMAND_SAME));
	}
	return TT_OK;
}

/* Ask the query, up to the row. @param out_solution What is known of the solution behind it. */
static tt_status find_row(tt_why *why, tt_solution *out_solution)
{
	tt_results *results = NULL;
	const tt_term *row = NULL;
	uint64_t n = 0;
	tt_status status = TT_OK;
	TT_TRY_DONE(tt_db_query_tree(why->db, why->ast, &why->options, &why->ctx, &results));
	why->kind = tt_results_get_kind(results);
	if (why->kind == TT_RESULTS_BOOLEAN) {
		status = tt_results_boolean(results)
		             ? TT_OK
		             : tt_fail(&why->ctx, TT_NOT_FOUND, "the answer is false: nothing matches the pattern");
		goto done;
	}
	do {
		TT_TRY_DONE(tt_results_next(results, &row));
		n += row != NULL;
	} while (row && n < why->row);
	if (!row) {
		status = no_such_row(why, n);
		goto done;
	}
	if (why->ast->query->form == TT_QUERY_CONSTRUCT) {
		TT_TRY_DONE(take_template(why, results));
		*out_solution = why->values;
		why->values = (tt_solution){NULL, 0, 0};
	}
	TT_TRY_DONE(take_row(why, results, row));
	if (why->ast->query->form == TT_QUERY_SELECT) {
		*out_solution = why->values;
	}
done:
	tt_results_free(results);
	return status;
}

static tt_status remark(tt_why *why, const char *sentence)
{
	tt_buffer text;
	tt_buffer_init(&text, &why->ctx);
	tt_status status = tt_buffer_append(&text, tt_view_of(sentence));
	status = status ? status : tt_witness_note(why, TT_NOTE_REMARK, &text);
	tt_buffer_clear(&text);
	return status;
}

static tt_status explain_row(tt_why *why)
{
	const tt_term default_graph = {.kind = TT_TERM_NONE};
	tt_solution solution = {NULL, 0, 0};
	bool is_found = false;
	TT_TRY(tt_why_find_fresh(why, why->ast->query));
	TT_TRY(find_row(why, &solution));
	if (why->ast->query->form == TT_QUERY_DESCRIBE) {
		const tt_term triple[3] = {why->values.items[0].term, why->values.items[1].term, why->values.items[2].term};
		why->n_solutions = 1;
		return tt_witness_statement(why, triple, &default_graph);
	}
	why->is_top = true;
	TT_TRY(tt_witness_query(why, why->ast->query, &solution, &default_graph, &is_found));
	return is_found ? TT_OK
	                : remark(why, "the solution behind the row could not be found again: it depends on what is new at "
	                              "each run, or on the order of values");
}

/* ---- where it stands ---------------------------------------------------------------------------- */

/* The graph in which the query found a statement stands first. */
static void put_matched_first(tt_statement *statement)
{
	tt_term *const graphs = (tt_term *)(uintptr_t)statement->graphs;
	for (size_t i = 1; i < statement->n_graphs; ++i) {
		if (tt_term_equal(&graphs[i], &statement->matched)) {
			const tt_term matched = graphs[i];
			memmove(graphs + 1, graphs, i * sizeof *graphs);
			graphs[0] = matched;
		}
	}
}

static tt_status look_up(tt_why *why, tt_statement *statement)
{
	tt_sources *const sources = why->sources;
	TT_TRY(tt_sources_graphs(sources, statement->triple, &statement->graphs, &statement->n_graphs));
	put_matched_first(statement);
	statement->passages = tt_arena_alloc(&why->arena, statement->n_graphs * sizeof *statement->passages);
	if (!statement->passages) {
		return why->ctx.error.status;
	}
	for (size_t i = 0; i < statement->n_graphs; ++i) {
		TT_TRY(tt_sources_passage(sources, &statement->graphs[i], &statement->passages[i]));
	}
	for (size_t i = 0; i < 3; ++i) {
		TT_TRY(tt_sources_find_label(sources, &statement->triple[i], &statement->labels[i]));
	}
	return tt_sources_standing(sources, &statement->triple[0], &statement->standing);
}

/* ---- works -------------------------------------------------------------------------------------- */

size_t tt_why_number(const tt_why *why, const tt_term *work)
{
	for (size_t i = 0; i < why->n_cited; ++i) {
		if (tt_term_equal(&why->cited[i].work.node, work)) {
			return i + 1;
		}
	}
	return 0;
}

/* Whether a place stands in a list with ", " between. */
static bool has_place(tt_view list, tt_view place)
{
	for (size_t at = 0; at + place.size <= list.size; ++at) {
		const bool begins = at == 0 || (at >= 2 && memcmp(list.data + at - 2, ", ", 2) == 0);
		const bool ends = at + place.size == list.size || list.data[at + place.size] == ',';
		if (begins && ends && memcmp(list.data + at, place.data, place.size) == 0) {
			return true;
		}
	}
	return false;
}

static tt_status cite(tt_why *why, const tt_term *work, tt_view place, bool is_source)
{
	size_t number = tt_why_number(why, work);
	if (!number) {
		TT_TRY(
		    tt_arena_grow(&why->arena, (void **)&why->cited, &why->cited_capacity, why->n_cited, sizeof *why->cited));
		tt_cited *const made = &why->cited[why->n_cited];
		*made = (tt_cited){.is_source = is_source};
		tt_buffer_init(&made->places, &why->ctx);
		TT_TRY(tt_work_find(why->sources, work, &made->work));
		number = ++why->n_cited;
	}
	tt_buffer *const places = &why->cited[number - 1].places;
	if (!place.size || has_place(tt_buffer_view(places), place)) {
		return TT_OK;
	}
	TT_TRY(places->size ? tt_buffer_append(places, TT_VIEW(", ")) : TT_OK);
	return tt_buffer_append(places, place);
}

/* What states a statement: the work that its graph is from, or the graph, or the dataset that all is of. */
static tt_status cite_sources(tt_why *why, const tt_statement *statement)
{
	const tt_view no_place = {NULL, 0};
	for (size_t i = 0; i < statement->n_graphs; ++i) {
		const tt_passage *const passage = statement->passages[i];
		if (passage->work.kind != TT_TERM_NONE) {
			TT_TRY(cite(why, &passage->work, passage->label, true));
		} else if (passage->graph.kind != TT_TERM_NONE) {
			TT_TRY(cite(why, &passage->graph, no_place, true));
		} else if (why->origin.kind != TT_TERM_NONE) {
			TT_TRY(cite(why, &why->origin, no_place, true));
		}
	}
	return TT_OK;
}

static tt_status cite_references(tt_why *why, const tt_reference *references, size_t n_references)
{
	for (size_t i = 0; i < n_references; ++i) {
		if (!references[i].is_nearby) {
			TT_TRY(cite(why, &references[i].work, references[i].pages, false));
		}
	}
	return TT_OK;
}

/* What states the default graph. */
static tt_status find_origin(tt_why *why)
{
	TT_TRY(tt_work_find_dataset(why->sources, &why->origin));
	if (why->origin.kind != TT_TERM_NONE) {
		return TT_OK;
	}
	tt_buffer name;
	tt_buffer_init(&name, &why->ctx);
	tt_status status = tt_db_origin(why->db, &name);
	if (status == TT_OK && name.size) {
		const tt_term term = tt_term_string(tt_buffer_view(&name));
		status = tt_why_copy(why, &term, &why->origin);
	}
	tt_buffer_clear(&name);
	return status;
}

static tt_status find_sources(tt_why *why)
{
	for (size_t i = 0; i < why->n_statements; ++i) {
		TT_TRY(tt_ctx_poll(&why->ctx));
		TT_TRY(look_up(why, &why->statements[i]));
	}
	TT_TRY(find_origin(why));
	for (size_t i = 0; i < why->n_statements; ++i) {
		TT_TRY(cite_sources(why, &why->statements[i]));
	}
	for (size_t i = 0; i < why->n_statements; ++i) {
		const tt_statement *const statement = &why->statements[i];
		TT_TRY(cite_references(why, statement->standing->references, statement->standing->n_references));
		for (size_t j = 0; j < statement->n_graphs; ++j) {
			TT_TRY(cite_references(why, statement->passages[j]->references, statement->passages[j]->n_references));
		}
	}
	return TT_OK;
}

/* ---- from outside ------------------------------------------------------------------------------- */

static tt_status explain(tt_why *why, tt_view text, const tt_query_options *options)
{
	tt_parse_options parsing;
	TT_TRY(tt_db_parse_options(why->db, &why->ctx, options, &parsing));
	parsing.warn = NULL;
	parsing.refuses_warnings = false;
	TT_TRY(tt_parse_query(&why->arena, text, &parsing, &why->ast));
	TT_TRY(explain_row(why));
	TT_TRY(tt_db_snapshot(why->db, &why->ctx, &why->snapshot));
	TT_TRY(tt_sources_new(&why->ctx, why->snapshot, &why->db->prefixes, &why->sources));
	const tt_status status = find_sources(why);
	tt_snapshot_end(why->snapshot);
	why->snapshot = NULL;
	return status;
}

static tt_why *new_why(tt_db *db, const tt_query_options *options, const tt_why_options *which)
{
	enum { MOST = 1000, MOST_OF_ALL = 100000 };
	static const tt_query_options default_options = {.source_name = NULL};
	static const tt_why_options first = {.row = 1};
	options = options ? options : &default_options;
	which = which ? which : &first;
	tt_ctx self;
	tt_ctx_init(&self);
	tt_why *const why = tt_calloc(&self, 1, sizeof *why);
	if (!why) {
		return NULL;
	}
	*why = (tt_why){.self = self,
	                .db = db,
	                .options = *options,
	                .row = which->row ? which->row : 1,
	                .is_all = which->is_all,
	                .n_most = which->n_most   ? which->n_most
	                          : which->is_all ? MOST_OF_ALL
	                                          : MOST};
	why->options.warn = NULL;
	why->options.refuses_warnings = false;
	why->options.is_plan_only = false;
	why->options.is_profiled = false;
	tt_ctx_init(&why->ctx);
	why->ctx.cancel = db->ctx.cancel;
	why->ctx.n_bytes_budget = options->memory_bytes;
	tt_ctx_set_timeout(&why->ctx, options->timeout_seconds);
	tt_arena_init(&why->arena, &why->ctx);
	tt_map_init(&why->by_hash, &why->ctx);
	tt_map_init(&why->told_ways, &why->ctx);
	return why;
}

tt_status tt_db_why(tt_db *db, tt_view text, const tt_query_options *options, const tt_why_options *which,
                    tt_why **out_why)
{
	*out_why = NULL;
	tt_ctx_clear_error(&db->ctx);
	tt_why *const why = new_why(db, options, which);
	if (!why) {
		return tt_fail(&db->ctx, TT_NO_MEMORY, "out of memory");
	}
	tt_status status = explain(why, text, options);
	if (status == TT_OK) {
		*out_why = why;
		return TT_OK;
	}
	/* What failed within a query is told to the database already. */
	if (why->ctx.error.status != TT_OK) {
		tt_parse_options parsing;
		if (tt_db_parse_options(db, &why->ctx, options, &parsing) == TT_OK) {
			(void)tt_parse_show_place(&why->ctx, text, &parsing);
		}
		status = tt_db_failed(db, &why->ctx);
	}
	tt_snapshot_end(why->snapshot);
	why->snapshot = NULL;
	tt_why_free(why);
	return status;
}

void tt_why_free(tt_why *why)
{
	if (why) {
		for (size_t i = 0; i < why->n_cited; ++i) {
			tt_buffer_clear(&why->cited[i].places);
		}
		tt_sources_free(why->sources);
		tt_map_clear(&why->by_hash);
		tt_map_clear(&why->told_ways);
		tt_arena_clear(&why->arena);
		tt_ctx self = why->self;
		tt_free(&self, why);
	}
}

size_t tt_why_n_statements(const tt_why *why)
{
	return why->n_statements;
}

const tt_term *tt_why_statement(const tt_why *why, size_t number, const tt_term **out_graphs, size_t *out_n_graphs)
{
	*out_graphs = why->statements[number].graphs;
	*out_n_graphs = why->statements[number].n_graphs;
	return why->statements[number].triple;
}
