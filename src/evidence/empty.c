/* empty.c - why a query has no answer: the query as a whole.
 *
 * From outside to inside: a LIMIT 0 or an OFFSET behind the end; HAVING; the VALUES behind the query; then WHERE, whose
 * parts empty_group.c weighs. A query may have several faults: when the best change lets a part match, but the query
 * still has no answer, the change is kept and all is asked again, up to MOST_ROUNDS times. */
#include "evidence/empty.h"

#include <inttypes.h>
#include <stdio.h>

enum { MOST_ROUNDS = 4, MOST_FINDINGS = 12, MOST_SUGGESTIONS = 3, MOST_NOTES = 8, MOST_VALUES = 3 };
static const double DEFAULT_SECONDS = 10;

/* ---- findings --------------------------------------------------------------------------------- */

tt_status tt_finding_new(tt_inquiry *q, tt_empty_kind kind, tt_empty_reason reason, tt_place place, const char *part,
                         const char *sentence, tt_empty_finding **out)
{
	TT_TRY(tt_arena_grow(&q->arena, (void **)&q->findings, &q->capacity, q->n_findings, sizeof *q->findings));
	tt_empty_finding *const finding = &q->findings[q->n_findings++];
	*finding = (tt_empty_finding){.kind = kind, .reason = reason, .part = part};
	finding->notes = tt_arena_alloc(&q->arena, MOST_NOTES * sizeof *finding->notes);
	finding->suggestions = tt_arena_alloc(&q->arena, MOST_SUGGESTIONS * sizeof *finding->suggestions);
	if (!finding->notes || !finding->suggestions) {
		return q->ctx.error.status;
	}
	(void)TT_FAIL_AT_PLACE(&q->ctx, TT_NOT_FOUND, place, "%s", sentence);
	(void)tt_parse_show_place(&q->ctx, q->text, &q->parsing);
	finding->message = q->ctx.error;
	finding->message.status = TT_OK;
	tt_ctx_clear_error(&q->ctx);
	q->best = NULL;
	*out = finding;
	return TT_OK;
}

tt_status tt_finding_note(tt_inquiry *q, tt_empty_finding *finding, const char *note)
{
	(void)q;
	if (finding->n_notes < MOST_NOTES) {
		((const char **)finding->notes)[finding->n_notes++] = note;
	}
	return TT_OK;
}

tt_status tt_finding_note_values(tt_inquiry *q, tt_empty_finding *finding, const tt_ast_group *group, tt_view name,
                                 const char *after)
{
	tt_rows rows;
	const char *note = NULL;
	TT_TRY(tt_probe_values(q, group, &name, 1, MOST_VALUES, &rows));
	TT_TRY(tt_inquiry_text(q, &note, "?%.*s is", TT_VIEW_ARG(name)));
	for (size_t i = 0; i < rows.n_rows; ++i) {
		const char *value = "without a value";
		TT_TRY(rows.cells[i].kind ? tt_inquiry_term(q, &rows.cells[i], &value) : TT_OK);
		TT_TRY(tt_inquiry_text(q, &note, "%s%s %s", note, i ? "," : "", value));
	}
	if (!rows.n_rows) {
		return TT_OK;
	}
	TT_TRY(tt_inquiry_text(q, &note, "%s%s%s", note, rows.n_rows == MOST_VALUES ? " …" : "", after));
	return tt_finding_note(q, finding, note);
}

/* Those that give an answer come first, else in the order in which they were tried. */
static void suggest(tt_empty_finding *finding, const tt_empty_suggestion *suggestion)
{
	tt_empty_suggestion *const all = (tt_empty_suggestion *)finding->suggestions;
	size_t at = finding->n_suggestions;
	for (size_t i = 0; i < at; ++i) {
		if (suggestion->query && all[i].query && strcmp(suggestion->query, all[i].query) == 0) {
			return;
		}
	}
	while (at && suggestion->is_answered && !all[at - 1].is_answered) {
		--at;
	}
	if (at == MOST_SUGGESTIONS) {
		return;
	}
	finding->n_suggestions += finding->n_suggestions < MOST_SUGGESTIONS;
	memmove(&all[at + 1], &all[at], (finding->n_suggestions - at - 1) * sizeof *all);
	all[at] = *suggestion;
}

/* ---- changes ---------------------------------------------------------------------------------- */

void tt_edit_swap(const tt_edit *edit)
{
	for (; edit; edit = edit->also) {
		uint8_t *const a = edit->place;
		uint8_t *const b = edit->other;
		for (size_t i = 0; i < edit->n_bytes; ++i) {
			const uint8_t byte = a[i];
			a[i] = b[i];
			b[i] = byte;
		}
	}
}

tt_status tt_edit_new(tt_inquiry *q, void *place, const void *value, size_t n_bytes, tt_edit *also, tt_edit **out)
{
	TT_INQUIRY_NEW(q, out);
	**out = (tt_edit){.place = place, .n_bytes = n_bytes, .also = also};
	(*out)->other = tt_arena_alloc(&q->arena, n_bytes);
	if (!(*out)->other) {
		return q->ctx.error.status;
	}
	memcpy((*out)->other, value, n_bytes);
	return TT_OK;
}

/* A query that counts has a row whatever its pattern finds. */
static bool has_always_a_row(const tt_ast_query *query)
{
	return query->is_grouped && !query->group_by && !query->having;
}

/* Whether the query as it is now has an answer: one that counts, whether there is anything to count. */
static tt_status probe_answer(tt_inquiry *q, bool is_union, const char **out_text, tt_probe *out)
{
	const tt_ast_query *const query = q->ast->query;
	TT_TRY(tt_probe_query(q, is_union, out_text, out));
	if (*out == TT_PROBE_YES && query->form == TT_QUERY_SELECT && has_always_a_row(query)) {
		return is_union ? tt_probe_anywhere(q, query->where, out) : tt_probe_group(q, query->where, out);
	}
	return TT_OK;
}

static tt_status try_edited(tt_inquiry *q, tt_empty_finding *finding, tt_edit *edit, const tt_part *parts,
                            size_t n_parts, const char *sentence, bool *out_is_good)
{
	tt_empty_suggestion suggestion = {.text = sentence};
	tt_ast_group *group = NULL;
	tt_probe of_parts = TT_PROBE_YES;
	tt_probe of_query = TT_PROBE_UNKNOWN;
	if (n_parts) {
		TT_TRY(tt_group_of(q, parts, n_parts, &group));
		TT_TRY(tt_probe_group(q, group, &of_parts));
	}
	if (of_parts != TT_PROBE_YES) {
		return TT_OK;
	}
	TT_TRY(probe_answer(q, q->options.is_union_default_graph, &suggestion.query, &of_query));
	suggestion.is_answered = of_query == TT_PROBE_YES;
	*out_is_good = suggestion.query && (suggestion.is_answered || n_parts);
	if (*out_is_good) {
		suggest(finding, &suggestion);
		q->best = suggestion.is_answered || q->best ? q->best : edit;
	}
	return TT_OK;
}

tt_status tt_finding_try(tt_inquiry *q, tt_empty_finding *finding, tt_edit *edit, const tt_part *parts, size_t n_parts,
                         const char *sentence, bool *out_is_good)
{
	*out_is_good = false;
	tt_edit_swap(edit);
	const tt_status status = try_edited(q, finding, edit, parts, n_parts, sentence, out_is_good);
	tt_edit_swap(edit);
	return status;
}

tt_status tt_finding_try_union(tt_inquiry *q, tt_empty_finding *finding)
{
	tt_probe probe = TT_PROBE_UNKNOWN;
	TT_TRY(probe_answer(q, true, NULL, &probe));
	if (probe == TT_PROBE_YES) {
		suggest(finding, &(tt_empty_suggestion){.text = "the same query with --union-default-graph, which lets plain "
		                                                "patterns see all graphs as one",
		                                        .is_answered = true});
	}
	return TT_OK;
}

/* ---- modifiers -------------------------------------------------------------------------------- */

/* A group that holds a sub-SELECT, within its GRAPHs. */
static tt_status group_of_select(tt_inquiry *q, const tt_ast_query *select, const tt_wrap *wrap, tt_ast_group **out)
{
	tt_ast_group *inner = NULL;
	TT_TRY(tt_group_new(q, NULL, &inner));
	inner->subquery = tt_arena_alloc(&q->arena, sizeof *inner->subquery);
	if (!inner->subquery) {
		return q->ctx.error.status;
	}
	*inner->subquery = *select;
	inner->subquery->dataset = NULL;
	const tt_ast_element element = {.kind = TT_ELEMENT_GROUP, .group = inner};
	TT_TRY(tt_group_new(q, NULL, out));
	return tt_group_add(q, *out, &element, wrap);
}

static tt_status probe_select(tt_inquiry *q, const tt_ast_query *select, const tt_wrap *wrap, tt_probe *out)
{
	tt_ast_group *group = NULL;
	TT_TRY(group_of_select(q, select, wrap, &group));
	return tt_probe_group(q, group, out);
}

static tt_status count_rows(tt_inquiry *q, const tt_ast_query *select, const tt_wrap *wrap, const char **out)
{
	tt_ast_group *group = NULL;
	tt_ast_query *count = NULL;
	tt_rows rows;
	tt_view name;
	tt_ast_expr all = {.kind = TT_EXPR_AGGREGATE, .aggregate = TT_AGGREGATE_COUNT, .is_star = true};
	TT_TRY(tt_inquiry_name(q, "rows", &name));
	TT_TRY(group_of_select(q, select, wrap, &group));
	TT_TRY(tt_select_of(q, group, &name, 1, &count));
	count->projection->expr = &all;
	count->is_grouped = true;
	TT_TRY(tt_probe_select(q, count, &rows));
	*out = "fewer";
	return rows.n_rows ? tt_inquiry_text(q, out, "%.*s", TT_VIEW_ARG(rows.cells[0].text)) : TT_OK;
}

static tt_status blame_offset(tt_inquiry *q, tt_ast_query *query, const tt_ast_query *bare, const tt_wrap *wrap)
{
	const char *part = NULL;
	const char *sentence = NULL;
	const char *n = NULL;
	tt_empty_finding *finding = NULL;
	tt_edit *edit = NULL;
	bool is_good = false;
	const bool has_offset = false;
	TT_TRY(count_rows(q, bare, wrap, &n));
	TT_TRY(tt_inquiry_text(q, &part, "OFFSET %" PRIu64, query->offset));
	TT_TRY(tt_inquiry_text(q, &sentence, "OFFSET %" PRIu64 " is behind the end: there are %s rows", query->offset, n));
	TT_TRY(tt_finding_new(q, TT_EMPTY_DATA_SAY_NO, TT_EMPTY_BY_SLICE, query->place, part, sentence, &finding));
	TT_TRY(tt_edit_new(q, &query->has_offset, &has_offset, sizeof has_offset, NULL, &edit));
	return tt_finding_try(q, finding, edit, NULL, 0, "without OFFSET", &is_good);
}

static tt_status blame_limit(tt_inquiry *q, tt_ast_query *query)
{
	tt_empty_finding *finding = NULL;
	tt_edit *edit = NULL;
	bool is_good = false;
	const bool has_limit = false;
	TT_TRY(tt_finding_new(q, TT_EMPTY_NO_MATCH_POSSIBLE, TT_EMPTY_BY_SLICE, query->place, "LIMIT 0",
	                      "LIMIT 0 lets no row pass", &finding));
	TT_TRY(tt_edit_new(q, &query->has_limit, &has_limit, sizeof has_limit, NULL, &edit));
	return tt_finding_try(q, finding, edit, NULL, 0, "without LIMIT", &is_good);
}

/* The aggregates of a condition, as columns. */
static tt_status add_aggregates(tt_inquiry *q, const tt_ast_expr *expr, tt_ast_projection ***end)
{
	if (expr->kind == TT_EXPR_AGGREGATE) {
		TT_INQUIRY_NEW(q, *end);
		(**end)->expr = expr;
		TT_TRY(tt_inquiry_name(q, "value", &(**end)->variable));
		++q->n_names;
		const char *name = NULL;
		TT_TRY(tt_inquiry_text(q, &name, "%.*s_%u", TT_VIEW_ARG((**end)->variable), q->n_names));
		(**end)->variable = tt_view_of(name);
		*end = &(**end)->next;
		return TT_OK;
	}
	for (size_t i = 0; i < expr->n_arguments; ++i) {
		TT_TRY(add_aggregates(q, expr->arguments[i], end));
	}
	return TT_OK;
}

/* What the groups have where HAVING wants something else. */
static tt_status note_aggregates(tt_inquiry *q, const tt_ast_query *bare, const tt_wrap *wrap,
                                 tt_empty_finding *finding)
{
	tt_ast_query select = *bare;
	tt_ast_projection **end = &select.projection;
	tt_rows rows;
	select.projection = NULL;
	select.having = NULL;
	select.is_star = false;
	select.is_distinct = true;
	for (const tt_ast_condition *condition = bare->having; condition; condition = condition->next) {
		TT_TRY(add_aggregates(q, condition->expr, &end));
	}
	select.has_limit = true;
	select.limit = MOST_VALUES;
	if (!select.projection || wrap) {
		return TT_OK;
	}
	TT_TRY(tt_probe_select(q, &select, &rows));
	const tt_ast_projection *item = select.projection;
	for (size_t column = 0; column < rows.n_columns && rows.n_rows && item; ++column, item = item->next) {
		const char *note = NULL;
		TT_TRY(tt_inquiry_expr(q, item->expr, &note));
		TT_TRY(tt_inquiry_text(q, &note, "%s is", note));
		for (size_t i = 0; i < rows.n_rows; ++i) {
			const tt_term *const cell = &rows.cells[i * rows.n_columns + column];
			const char *value = "an error";
			TT_TRY(cell->kind ? tt_inquiry_term(q, cell, &value) : TT_OK);
			TT_TRY(tt_inquiry_text(q, &note, "%s%s %s", note, i ? "," : "", value));
		}
		TT_TRY(rows.n_rows == MOST_VALUES ? tt_inquiry_text(q, &note, "%s …", note) : TT_OK);
		TT_TRY(tt_finding_note(q, finding, note));
	}
	return TT_OK;
}

static tt_status blame_having(tt_inquiry *q, tt_ast_query *query, const tt_ast_query *bare, const tt_wrap *wrap)
{
	const char *text = NULL;
	const char *part = "HAVING";
	tt_empty_finding *finding = NULL;
	for (const tt_ast_condition *condition = query->having; condition; condition = condition->next) {
		TT_TRY(tt_inquiry_expr(q, condition->expr, &text));
		TT_TRY(tt_inquiry_text(q, &part, "%s (%s)", part, text));
	}
	TT_TRY(tt_finding_new(q, TT_EMPTY_DATA_SAY_NO, TT_EMPTY_BY_FILTER, query->having->expr->place, part,
	                      "this condition is true for no group", &finding));
	return note_aggregates(q, bare, wrap, finding);
}

static tt_status blame_values(tt_inquiry *q, const tt_ast_query *query)
{
	tt_empty_finding *finding = NULL;
	tt_ast_element element = {.kind = TT_ELEMENT_VALUES, .values = query->values};
	tt_ast_group *group = NULL;
	const char *text = NULL;
	TT_TRY(tt_group_new(q, &element, &group));
	TT_TRY(tt_inquiry_group(q, group, &text));
	const bool has_rows = query->values->n_rows > 0;
	return tt_finding_new(q, has_rows ? TT_EMPTY_DATA_SAY_NO : TT_EMPTY_NO_MATCH_POSSIBLE,
	                      has_rows ? TT_EMPTY_BY_JOIN : TT_EMPTY_BY_VALUES, query->values->place, text,
	                      has_rows ? "none of these values is among those that the query finds without them"
	                               : "VALUES has no row, so nothing can join it",
	                      &finding);
}

/* ---- a query or sub-SELECT ---------------------------------------------------------------------- */

static tt_status look_at_select(tt_inquiry *q, tt_ast_query *query, const tt_wrap *wrap, bool *out_found)
{
	tt_ast_query bare = *query;
	tt_probe probe = TT_PROBE_UNKNOWN;
	*out_found = true;
	if (query->has_limit && !query->limit) {
		return blame_limit(q, query);
	}
	bare.order_by = NULL;
	bare.has_limit = false;
	bare.has_offset = false;
	if (query->has_offset) {
		TT_TRY(probe_select(q, &bare, wrap, &probe));
		if (probe == TT_PROBE_YES) {
			return blame_offset(q, query, &bare, wrap);
		}
	}
	if (query->values) {
		tt_ast_query without = bare;
		without.values = NULL;
		TT_TRY(probe_select(q, &without, wrap, &probe));
		if (probe == TT_PROBE_YES) {
			return blame_values(q, query);
		}
	}
	if (query->having) {
		tt_ast_query without = bare;
		without.having = NULL;
		TT_TRY(probe_select(q, &without, wrap, &probe));
		if (probe == TT_PROBE_YES) {
			return blame_having(q, query, &bare, wrap);
		}
	}
	*out_found = false;
	return TT_OK;
}

tt_status tt_empty_query(tt_inquiry *q, tt_ast_query *query, const tt_wrap *wrap)
{
	bool is_found = false;
	TT_TRY(query->form == TT_QUERY_SELECT ? look_at_select(q, query, wrap, &is_found) : TT_OK);
	return is_found || !query->where ? TT_OK : tt_empty_group(q, query->where, wrap);
}

/* DESCRIBE of names without a pattern: a triple is made up for each, whose changes are no changes of the text. */
static tt_status look_at_names(tt_inquiry *q, tt_ast_query *query)
{
	for (tt_ast_term_list *item = query->describe; item; item = item->next) {
		tt_ast_triple triple = {.subject = item->term};
		tt_ast_element element = {.kind = TT_ELEMENT_TRIPLES, .triples = &triple, .place = item->term.place};
		TT_TRY(tt_inquiry_variable(q, "predicate", &triple.predicate));
		TT_TRY(tt_inquiry_variable(q, "object", &triple.object));
		const tt_part part = {.element = &element, .triple = &triple};
		TT_TRY(item->term.kind == TT_AST_CONSTANT ? tt_empty_triple(q, &part) : TT_OK);
		tt_empty_finding *const last = q->n_findings ? &q->findings[q->n_findings - 1] : NULL;
		for (size_t i = 0; last && i < last->n_suggestions; ++i) {
			((tt_empty_suggestion *)last->suggestions)[i].query = NULL;
		}
		q->best = NULL;
	}
	return TT_OK;
}

/* A pattern that matches, and a template that no solution fills. */
static tt_status look_at_template(tt_inquiry *q)
{
	tt_empty_finding *finding = NULL;
	return tt_finding_new(q, TT_EMPTY_DATA_SAY_NO, TT_EMPTY_BY_PATTERN, q->ast->query->place, "CONSTRUCT",
	                      "the pattern has solutions, but none fills the template with terms that make a triple",
	                      &finding);
}

/* ---- all of it -------------------------------------------------------------------------------- */

static tt_status look_once(tt_inquiry *q)
{
	tt_ast_query *const query = q->ast->query;
	tt_probe probe = TT_PROBE_NO;
	if (!query->where) {
		return look_at_names(q, query);
	}
	TT_TRY(query->form == TT_QUERY_CONSTRUCT ? tt_probe_group(q, query->where, &probe) : TT_OK);
	return probe == TT_PROBE_YES ? look_at_template(q) : tt_empty_query(q, query, NULL);
}

static bool is_answered(const tt_inquiry *q)
{
	for (size_t i = 0; i < q->n_findings; ++i) {
		if (q->findings[i].n_suggestions && q->findings[i].suggestions[0].is_answered) {
			return true;
		}
	}
	return false;
}

static tt_status look(tt_inquiry *q)
{
	const char *text = NULL;
	tt_probe probe = TT_PROBE_UNKNOWN;
	TT_TRY(probe_answer(q, q->options.is_union_default_graph, &text, &probe));
	if (probe == TT_PROBE_YES) {
		return TT_OK;
	}
	q->report.kind = TT_EMPTY_UNKNOWN;
	for (unsigned round = 0; round < MOST_ROUNDS && q->n_findings < MOST_FINDINGS; ++round) {
		const size_t n_before = q->n_findings;
		q->best = NULL;
		TT_TRY(look_once(q));
		if (q->n_findings == n_before || is_answered(q) || !q->best) {
			break;
		}
		tt_edit_swap(q->best);
	}
	for (size_t i = 0; i < q->n_findings; ++i) {
		q->report.kind = q->report.kind == TT_EMPTY_NO_MATCH_POSSIBLE ? q->report.kind : q->findings[i].kind;
	}
	return TT_OK;
}

static tt_status collect_prefixes(tt_inquiry *q)
{
	const tt_prefixes *const sources[] = {&q->db->prefixes, q->ast->prefixes};
	for (size_t i = 0; i < 2; ++i) {
		for (size_t n = 0; sources[i] && n < sources[i]->n_items; ++n) {
			TT_TRY(tt_prefixes_set(&q->prefixes, sources[i]->items[n].name, sources[i]->items[n].iri));
		}
	}
	return TT_OK;
}

/* The query itself is asked first, as the user wrote it: what is wrong with it is an error. */
static tt_status begin(tt_inquiry *q, tt_view text)
{
	tt_results *results = NULL;
	tt_query_options options = q->options;
	options.is_plan_only = true;
	options.timeout_seconds = 0; /* its time is for the probes */
	TT_TRY(tt_db_parse_options(q->db, &q->ctx, &q->options, &q->parsing));
	char *const copy = tt_arena_strndup(&q->arena, text.data ? text.data : "", text.size);
	if (!copy) {
		return q->ctx.error.status;
	}
	q->text = (tt_view){copy, text.size};
	const tt_status status = tt_db_query(q->db, q->text, &options, &results);
	tt_results_free(results);
	if (status != TT_OK) {
		tt_ctx_copy_error(&q->ctx, &q->db->ctx);
		return status;
	}
	q->parsing.warn = NULL;
	TT_TRY(tt_parse_query(&q->arena, q->text, &q->parsing, &q->ast));
	TT_TRY(collect_prefixes(q));
	return tt_db_snapshot(q->db, &q->ctx, &q->snapshot);
}

static tt_inquiry *new_inquiry(tt_db *db, const tt_query_options *options)
{
	tt_ctx self;
	tt_ctx_init(&self);
	tt_inquiry *const q = tt_calloc(&self, 1, sizeof *q);
	if (!q) {
		return NULL;
	}
	q->self = self;
	tt_ctx_init(&q->ctx);
	q->ctx.cancel = db->ctx.cancel;
	q->db = db;
	q->options = options ? *options : (tt_query_options){.source_name = NULL};
	q->options.is_profiled = false;
	q->options.timeout_seconds = q->options.timeout_seconds > 0 ? q->options.timeout_seconds : DEFAULT_SECONDS;
	q->end_ns = tt_now_ns() + (int64_t)(q->options.timeout_seconds * 1e9);
	tt_arena_init(&q->arena, &q->ctx);
	tt_prefixes_init(&q->prefixes, &q->ctx);
	return q;
}

void tt_empty_free(tt_empty *empty)
{
	tt_inquiry *const q = (tt_inquiry *)empty; /* its first member */
	if (q) {
		tt_prefixes_clear(&q->prefixes);
		tt_arena_clear(&q->arena);
		tt_ctx self = q->self;
		tt_free(&self, q);
	}
}

tt_status tt_db_why_empty(tt_db *db, tt_view text, const tt_query_options *options, tt_empty **out_empty)
{
	*out_empty = NULL;
	tt_ctx_clear_error(&db->ctx);
	tt_inquiry *const q = new_inquiry(db, options);
	if (!q) {
		return tt_fail(&db->ctx, TT_NO_MEMORY, "out of memory");
	}
	tt_status status = begin(q, text);
	status = status ? status : look(q);
	tt_snapshot_end(q->snapshot);
	tt_prefixes_clear(&q->prefixes);
	tt_ctx_clear_error(&db->ctx);
	if (status != TT_OK) {
		tt_db_failed(db, &q->ctx);
		tt_empty_free(&q->report);
		return status;
	}
	q->report.findings = q->findings;
	q->report.n_findings = q->n_findings;
	*out_empty = &q->report;
	return TT_OK;
}
