/* empty_probe.c - patterns are made of the parts of a query, and asked.
 *
 * What is asked is the text that is printed, so that what is suggested is what was tried. A probe has a part of the
 * time that is left; one that does not come to an end says neither yes nor no. */
#include "evidence/empty.h"

#include "sparql/printer.h"

#include <stdarg.h>
#include <stdio.h>

enum { MOST_PROBES = 400 };
/** The part of all the time that one probe may take. */
static const double PROBE_SHARE = 0.25;

/* ---- making patterns -------------------------------------------------------------------------- */

tt_status tt_inquiry_text(tt_inquiry *q, const char **out, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	const int n = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	char *const text = tt_arena_alloc(&q->arena, n < 0 ? 1 : (size_t)n + 1);
	if (!text) {
		return q->ctx.error.status;
	}
	va_start(arguments, format);
	(void)vsnprintf(text, n < 0 ? 1 : (size_t)n + 1, format, arguments);
	va_end(arguments);
	*out = text;
	return TT_OK;
}

tt_status tt_inquiry_named(tt_inquiry *q, tt_view text, tt_term *out)
{
	static const char scheme[] = "name:";
	const size_t n_scheme = sizeof scheme - 1;
	char *const iri = tt_arena_alloc(&q->arena, n_scheme + text.size + 1);
	if (!iri) {
		return q->ctx.error.status;
	}
	memcpy(iri, scheme, n_scheme);
	for (size_t i = 0; i < text.size; ++i) {
		iri[n_scheme + i] = (char)(text.data[i] == ' ' ? '_' : text.data[i]);
	}
	*out = tt_term_iri((tt_view){iri, n_scheme + text.size});
	return TT_OK;
}

tt_status tt_inquiry_name(tt_inquiry *q, const char *stem, tt_view *out)
{
	const char *name = stem;
	while (memmem(q->text.data, q->text.size, name, strlen(name))) {
		TT_TRY(tt_inquiry_text(q, &name, "%s%u", stem, ++q->n_names));
	}
	*out = tt_view_of(name);
	return TT_OK;
}

tt_status tt_inquiry_variable(tt_inquiry *q, const char *stem, tt_ast_term *out)
{
	*out = (tt_ast_term){.kind = TT_AST_VARIABLE};
	return tt_inquiry_name(q, stem, &out->text);
}

tt_place tt_part_place(const tt_part *part)
{
	const tt_ast_triple *const triple = part->triple;
	const tt_place of_verb = triple ? (triple->path ? triple->path->place : triple->predicate.place) : (tt_place){0};
	const tt_place of_subject = triple ? triple->subject.place : (tt_place){0};
	return of_verb.line ? of_verb : of_subject.line ? of_subject : part->element->place;
}

tt_status tt_group_new(tt_inquiry *q, tt_ast_element *element, tt_ast_group **out)
{
	TT_INQUIRY_NEW(q, out);
	(*out)->elements = element;
	return TT_OK;
}

/* A copy of an element with the GRAPHs around it. */
static tt_status wrap_element(tt_inquiry *q, const tt_ast_element *element, const tt_wrap *wrap, tt_ast_element **out)
{
	TT_INQUIRY_NEW(q, out);
	**out = *element;
	(*out)->next = NULL;
	for (; wrap; wrap = wrap->outer) {
		tt_ast_element *around = NULL;
		TT_INQUIRY_NEW(q, &around);
		*around = *wrap->element;
		around->next = NULL;
		TT_TRY(tt_group_new(q, *out, &around->group));
		*out = around;
	}
	return TT_OK;
}

tt_status tt_group_add(tt_inquiry *q, tt_ast_group *group, const tt_ast_element *element, const tt_wrap *wrap)
{
	tt_ast_element **end = &group->elements;
	while (*end) {
		end = &(*end)->next;
	}
	return wrap_element(q, element, wrap, end);
}

/* A blank node of a pattern is a variable that is not shown. */
static tt_status without_blank(tt_inquiry *q, tt_ast_term *term)
{
	const char *name = NULL;
	if (term->kind != TT_AST_BLANK) {
		return TT_OK;
	}
	TT_TRY(tt_inquiry_text(q, &name, "blank_%016llx", (unsigned long long)tt_hash_bytes(term->text, 0)));
	term->kind = TT_AST_VARIABLE;
	term->text = tt_view_of(name);
	return TT_OK;
}

tt_status tt_group_add_triple(tt_inquiry *q, tt_ast_group *group, const tt_ast_triple *triple, const tt_wrap *wrap)
{
	tt_ast_element element = {.kind = TT_ELEMENT_TRIPLES};
	TT_INQUIRY_NEW(q, &element.triples);
	*element.triples = *triple;
	element.triples->next = NULL;
	TT_TRY(without_blank(q, &element.triples->subject));
	TT_TRY(without_blank(q, &element.triples->object));
	return tt_group_add(q, group, &element, wrap);
}

tt_status tt_group_add_part(tt_inquiry *q, tt_ast_group *group, const tt_part *part)
{
	return part->triple ? tt_group_add_triple(q, group, part->triple, part->wrap)
	                    : tt_group_add(q, group, part->element, part->wrap);
}

tt_status tt_group_of(tt_inquiry *q, const tt_part *parts, size_t n_parts, tt_ast_group **out)
{
	TT_TRY(tt_group_new(q, NULL, out));
	for (size_t i = 0; i < n_parts; ++i) {
		TT_TRY(tt_group_add_part(q, *out, &parts[i]));
	}
	return TT_OK;
}

tt_status tt_select_of(tt_inquiry *q, const tt_ast_group *group, const tt_view *variables, size_t n_variables,
                       tt_ast_query **out)
{
	TT_INQUIRY_NEW(q, out);
	(*out)->form = TT_QUERY_SELECT;
	(*out)->is_star = n_variables == 0;
	(*out)->where = tt_arena_alloc(&q->arena, sizeof *(*out)->where);
	if (!(*out)->where) {
		return q->ctx.error.status;
	}
	*(*out)->where = *group;
	tt_ast_projection **end = &(*out)->projection;
	for (size_t i = 0; i < n_variables; ++i) {
		TT_INQUIRY_NEW(q, end);
		(*end)->variable = variables[i];
		end = &(*end)->next;
	}
	return TT_OK;
}

/* ---- variables -------------------------------------------------------------------------------- */

bool tt_names_have(const tt_names *names, tt_view name)
{
	for (size_t i = 0; i < names->n_items; ++i) {
		if (tt_view_equal(names->items[i], name)) {
			return true;
		}
	}
	return false;
}

static tt_status add_name(void *user, tt_view name)
{
	tt_names *const names = user;
	if (tt_names_have(names, name)) {
		return TT_OK;
	}
	TT_TRY(tt_arena_grow(&names->q->arena, (void **)&names->items, &names->capacity, names->n_items,
	                     sizeof *names->items));
	names->items[names->n_items++] = name;
	return TT_OK;
}

tt_status tt_names_of_group(tt_names *names, const tt_ast_group *group)
{
	return tt_ast_visible(&names->q->ctx, group, add_name, names);
}

tt_status tt_names_of_part(tt_names *names, const tt_part *part)
{
	tt_ast_group *group = NULL;
	TT_TRY(tt_group_of(names->q, part, 1, &group));
	return tt_names_of_group(names, group);
}

tt_status tt_names_of_expr(tt_names *names, const tt_ast_expr *expr)
{
	if (expr->kind == TT_EXPR_VARIABLE) {
		return add_name(names, expr->text);
	}
	for (size_t i = 0; i < expr->n_arguments; ++i) {
		TT_TRY(tt_names_of_expr(names, expr->arguments[i]));
	}
	return expr->group ? tt_names_of_group(names, expr->group) : TT_OK;
}

tt_status tt_names_shared(const tt_names *a, const tt_names *b, tt_names *out)
{
	*out = (tt_names){.q = a->q};
	for (size_t i = 0; i < a->n_items; ++i) {
		TT_TRY(tt_names_have(b, a->items[i]) ? add_name(out, a->items[i]) : TT_OK);
	}
	return TT_OK;
}

/* ---- printing --------------------------------------------------------------------------------- */

static tt_status keep_text(tt_inquiry *q, tt_buffer *buffer, tt_status status, const char **out)
{
	*out = status == TT_OK ? tt_arena_strndup(&q->arena, buffer->data ? buffer->data : "", buffer->size) : "";
	tt_buffer_clear(buffer);
	if (status == TT_OK && !*out) {
		return q->ctx.error.status ? q->ctx.error.status : TT_NO_MEMORY;
	}
	return status;
}

tt_status tt_inquiry_term(tt_inquiry *q, const tt_term *term, const char **out)
{
	tt_buffer buffer;
	tt_buffer_init(&buffer, &q->ctx);
	tt_printer printer = {.out = &buffer, .prefixes = &q->prefixes, .is_flat = true};
	const tt_status status = tt_print_constant(&printer, term);
	return keep_text(q, &buffer, status, out);
}

tt_status tt_inquiry_expr(tt_inquiry *q, const tt_ast_expr *expr, const char **out)
{
	tt_buffer buffer;
	tt_buffer_init(&buffer, &q->ctx);
	const tt_status status = tt_ast_print_expr(expr, &q->prefixes, &buffer);
	return keep_text(q, &buffer, status, out);
}

tt_status tt_inquiry_group(tt_inquiry *q, const tt_ast_group *group, const char **out)
{
	tt_buffer buffer;
	tt_buffer_init(&buffer, &q->ctx);
	tt_printer printer = {.out = &buffer, .prefixes = &q->prefixes, .is_flat = true};
	const tt_status status = tt_print_group(&printer, group);
	return keep_text(q, &buffer, status, out);
}

tt_status tt_inquiry_parts(tt_inquiry *q, const tt_part *parts, size_t n_parts, const char **out)
{
	tt_ast_group *group = NULL;
	TT_TRY(tt_group_new(q, NULL, &group));
	for (size_t i = 0; i < n_parts; ++i) {
		tt_ast_element element = *parts[i].element;
		if (parts[i].triple) {
			tt_ast_triple *copy = NULL;
			TT_INQUIRY_NEW(q, &copy);
			*copy = *parts[i].triple;
			copy->next = NULL;
			element.triples = copy;
		}
		TT_TRY(tt_group_add(q, group, &element, parts[i].wrap));
	}
	TT_TRY(tt_inquiry_group(q, group, out));
	/* One pattern needs no braces. */
	static const char begin[] = "{ ";
	const size_t n = strlen(*out);
	if (n_parts == 1 && n > 4 && strncmp(*out, begin, 2) == 0 && parts[0].triple && !parts[0].wrap) {
		return tt_inquiry_text(q, out, "%.*s", (int)(n - 6), *out + 2);
	}
	return TT_OK;
}

/* ---- asking ----------------------------------------------------------------------------------- */

/* What has failed but for want of time or room is passed on; else nothing is known. */
static tt_status settle(tt_inquiry *q, tt_status status)
{
	switch (status) {
	case TT_OK:
		return TT_OK;
	case TT_TIMEOUT:
	case TT_LIMIT:
		q->report.is_cut_short = true;
		return TT_OK;
	case TT_SYNTAX:
	case TT_UNSUPPORTED:
		return TT_OK;
	default:
		tt_ctx_copy_error(&q->ctx, &q->db->ctx);
		return status;
	}
}

/* Ask a text. @param out NULL if there is no time. */
static tt_status ask(tt_inquiry *q, tt_view text, bool is_union, tt_results **out)
{
	tt_query_options options = q->options;
	const double left = (double)(q->end_ns - tt_now_ns()) / 1e9;
	*out = NULL;
	if (left <= 0 || q->report.n_probes >= MOST_PROBES) {
		q->report.is_cut_short = true;
		return TT_OK;
	}
	q->report.n_probes++;
	options.is_union_default_graph = is_union;
	options.warn = NULL;
	options.refuses_warnings = false;
	options.bindings = NULL; /* they stand in the tree */
	options.n_bindings = 0;
	options.timeout_seconds = options.timeout_seconds * PROBE_SHARE < left ? options.timeout_seconds * PROBE_SHARE
	                                                                       : left;
	return settle(q, tt_db_query(q->db, text, &options, out));
}

static tt_status print_query(tt_inquiry *q, tt_ast_query *query, const tt_prefixes *prefixes, const char **out)
{
	tt_buffer buffer;
	tt_ast ast = *q->ast;
	ast.query = query;
	tt_buffer_init(&buffer, &q->ctx);
	const tt_status status = tt_ast_print(&ast, prefixes, &buffer);
	return keep_text(q, &buffer, status, out);
}

/* Whether an answer has anything in it. */
static tt_status see(tt_inquiry *q, tt_results *results, tt_probe *out)
{
	const tt_term *row = NULL;
	*out = TT_PROBE_UNKNOWN;
	if (!results) {
		return TT_OK;
	}
	if (tt_results_get_kind(results) == TT_RESULTS_BOOLEAN) {
		*out = tt_results_boolean(results) ? TT_PROBE_YES : TT_PROBE_NO;
		return TT_OK;
	}
	const tt_status status = tt_results_next(results, &row);
	if (status == TT_OK) {
		*out = row ? TT_PROBE_YES : TT_PROBE_NO;
	}
	return settle(q, status);
}

static tt_status ask_group(tt_inquiry *q, const tt_ast_group *group, const tt_ast_dataset *dataset, bool is_union,
                           tt_probe *out)
{
	const char *text = NULL;
	tt_results *results = NULL;
	tt_ast_group where = *group;
	where.next_alternative = NULL;
	tt_ast_query query = {.form = TT_QUERY_ASK, .dataset = (tt_ast_dataset *)dataset, .where = &where};
	TT_TRY(print_query(q, &query, NULL, &text));
	TT_TRY(ask(q, tt_view_of(text), is_union, &results));
	const tt_status status = see(q, results, out);
	tt_results_free(results);
	return status;
}

tt_status tt_probe_group(tt_inquiry *q, const tt_ast_group *group, tt_probe *out)
{
	return ask_group(q, group, q->ast->query->dataset, q->options.is_union_default_graph, out);
}

tt_status tt_probe_anywhere(tt_inquiry *q, const tt_ast_group *group, tt_probe *out)
{
	return ask_group(q, group, NULL, true, out);
}

tt_status tt_probe_query(tt_inquiry *q, bool is_union, const char **out_text, tt_probe *out)
{
	const char *text = NULL;
	tt_results *results = NULL;
	TT_TRY(print_query(q, q->ast->query, &q->prefixes, &text));
	TT_TRY(ask(q, tt_view_of(text), is_union, &results));
	const bool is_well_formed = results || q->db->ctx.error.status != TT_SYNTAX;
	const tt_status status = see(q, results, out);
	tt_results_free(results);
	if (out_text) {
		*out_text = is_well_formed ? text : NULL;
	}
	return status;
}

/* ---- rows ------------------------------------------------------------------------------------- */

static tt_status copy_view(tt_inquiry *q, tt_view *view)
{
	if (!view->size) {
		return TT_OK;
	}
	view->data = tt_arena_strndup(&q->arena, view->data, view->size);
	return view->data ? TT_OK : q->ctx.error.status;
}

static tt_status copy_row(tt_inquiry *q, const tt_term *row, size_t n_columns, tt_term *out)
{
	for (size_t i = 0; i < n_columns; ++i) {
		out[i] = row[i];
		TT_TRY(copy_view(q, &out[i].text));
		TT_TRY(copy_view(q, &out[i].datatype));
		TT_TRY(copy_view(q, &out[i].language));
	}
	return TT_OK;
}

static tt_status take_rows(tt_inquiry *q, tt_results *results, size_t n_most, tt_rows *out)
{
	const tt_term *row = NULL;
	out->n_columns = tt_results_n_columns(results);
	tt_term *const cells = tt_arena_alloc(&q->arena, (n_most * out->n_columns + 1) * sizeof *cells);
	if (!cells) {
		return q->ctx.error.status;
	}
	out->cells = cells;
	TT_TRY(settle(q, tt_results_next(results, &row)));
	while (row && out->n_rows < n_most) {
		TT_TRY(copy_row(q, row, out->n_columns, cells + out->n_rows * out->n_columns));
		out->n_rows++;
		TT_TRY(settle(q, tt_results_next(results, &row)));
	}
	out->is_known = q->db->ctx.error.status == TT_OK;
	return TT_OK;
}

tt_status tt_probe_select(tt_inquiry *q, const tt_ast_query *select, tt_rows *out)
{
	const char *text = NULL;
	tt_results *results = NULL;
	tt_ast_query query = *select;
	query.dataset = q->ast->query->dataset;
	*out = (tt_rows){.n_rows = 0};
	TT_TRY(print_query(q, &query, NULL, &text));
	TT_TRY(ask(q, tt_view_of(text), q->options.is_union_default_graph, &results));
	if (!results) {
		return TT_OK;
	}
	const tt_status status = take_rows(q, results, query.has_limit ? (size_t)query.limit : 1, out);
	tt_results_free(results);
	return status;
}

tt_status tt_probe_values(tt_inquiry *q, const tt_ast_group *group, const tt_view *variables, size_t n_variables,
                          size_t n_most, tt_rows *out)
{
	tt_ast_query *select = NULL;
	TT_TRY(tt_select_of(q, group, variables, n_variables, &select));
	select->is_distinct = true;
	select->has_limit = true;
	select->limit = n_most;
	return tt_probe_select(q, select, out);
}
