/* print.c - queries, patterns and updates as SPARQL.
 *
 * The body is printed first, into a buffer of its own, because only then it is known which prefixes it uses. */
#include "sparql/printer.h"

/* ---- paths ------------------------------------------------------------------------------------ */

/* How tight a path binds: rules 89, 90, 92, 91, 94. */
typedef enum path_rank { PATH_ALTERNATIVE, PATH_SEQUENCE, PATH_INVERSE, PATH_ELT, PATH_PRIMARY } path_rank;

static const struct {
	const char *before, *between, *after;
	path_rank own, operand;
} path_forms[] = {
    [TT_PATH_LINK] = {"", "", "", PATH_PRIMARY, 0},
    [TT_PATH_INVERSE] = {"^", "", "", PATH_INVERSE, PATH_ELT},
    [TT_PATH_SEQUENCE] = {"", "/", "", PATH_SEQUENCE, PATH_SEQUENCE},
    [TT_PATH_ALTERNATIVE] = {"", "|", "", PATH_ALTERNATIVE, PATH_ALTERNATIVE},
    [TT_PATH_ZERO_OR_MORE] = {"", "", "*", PATH_ELT, PATH_PRIMARY},
    [TT_PATH_ONE_OR_MORE] = {"", "", "+", PATH_ELT, PATH_PRIMARY},
    [TT_PATH_ZERO_OR_ONE] = {"", "", "?", PATH_ELT, PATH_PRIMARY},
    [TT_PATH_NEGATED_SET] = {"!(", "|", ")", PATH_PRIMARY, 0},
};

static tt_status print_predicate_iri(tt_printer *pr, tt_view iri)
{
	return tt_view_equal(iri, tt_vocab_iri(TT_VOCAB_RDF_TYPE)) ? tt_print_text(pr, "a") : tt_print_iri(pr, iri);
}

static tt_status print_path(tt_printer *pr, const tt_path *path, path_rank least)
{
	const bool is_weak = path_forms[path->kind].own < least;
	TT_TRY(tt_print_text(pr, is_weak ? "(" : ""));
	TT_TRY(tt_print_text(pr, path_forms[path->kind].before));
	if (path->kind == TT_PATH_LINK) {
		TT_TRY(print_predicate_iri(pr, path->iri));
	}
	for (size_t i = 0; i < path->n_negated; ++i) {
		TT_TRY(tt_print_text(pr, i ? path_forms[path->kind].between : ""));
		TT_TRY(tt_print_text(pr, path->negated[i].is_inverse ? "^" : ""));
		TT_TRY(print_predicate_iri(pr, path->negated[i].iri));
	}
	if (path->first) {
		TT_TRY(print_path(pr, path->first, path_forms[path->kind].operand));
	}
	if (path->second) {
		TT_TRY(tt_print_text(pr, path_forms[path->kind].between));
		TT_TRY(print_path(pr, path->second, path_forms[path->kind].operand));
	}
	TT_TRY(tt_print_text(pr, path_forms[path->kind].after));
	return tt_print_text(pr, is_weak ? ")" : "");
}

/* ---- triples ---------------------------------------------------------------------------------- */

static tt_status print_term(tt_printer *pr, const tt_ast_term *term)
{
	if (term->kind == TT_AST_VARIABLE) {
		return tt_print_variable(pr, term->text);
	}
	if (term->kind == TT_AST_BLANK) {
		TT_TRY(tt_print_text(pr, "_:"));
		return tt_buffer_append(pr->out, term->text);
	}
	return tt_print_constant(pr, &term->constant);
}

static tt_status print_predicate(tt_printer *pr, const tt_ast_triple *triple)
{
	if (triple->path) {
		return print_path(pr, triple->path, PATH_ALTERNATIVE);
	}
	return triple->predicate.kind == TT_AST_CONSTANT ? print_predicate_iri(pr, triple->predicate.constant.text)
	                                                 : print_term(pr, &triple->predicate);
}

static tt_status print_triples(tt_printer *pr, const tt_ast_triple *triples)
{
	for (const tt_ast_triple *triple = triples; triple; triple = triple->next) {
		TT_TRY(tt_print_line(pr));
		TT_TRY(print_term(pr, &triple->subject));
		TT_TRY(tt_print_text(pr, " "));
		TT_TRY(print_predicate(pr, triple));
		TT_TRY(tt_print_text(pr, " "));
		TT_TRY(print_term(pr, &triple->object));
		TT_TRY(tt_print_text(pr, " ."));
	}
	return TT_OK;
}

static tt_status open_brace(tt_printer *pr)
{
	pr->n_indent++;
	return tt_print_text(pr, "{");
}

static tt_status close_brace(tt_printer *pr)
{
	pr->n_indent--;
	TT_TRY(tt_print_line(pr));
	return tt_print_text(pr, "}");
}

static tt_status print_bracketed_triples(tt_printer *pr, const tt_ast_triple *triples)
{
	TT_TRY(open_brace(pr));
	TT_TRY(print_triples(pr, triples));
	return close_brace(pr);
}

/* ---- patterns --------------------------------------------------------------------------------- */

static tt_status print_query(tt_printer *pr, const tt_ast_query *query);

static tt_status print_values(tt_printer *pr, const tt_ast_values *values)
{
	TT_TRY(tt_print_text(pr, "VALUES ("));
	for (size_t i = 0; i < values->n_variables; ++i) {
		TT_TRY(tt_print_text(pr, i ? " " : ""));
		TT_TRY(tt_print_variable(pr, values->variables[i]));
	}
	TT_TRY(tt_print_text(pr, ") "));
	TT_TRY(open_brace(pr));
	for (size_t row = 0; row < values->n_rows; ++row) {
		TT_TRY(tt_print_line(pr));
		TT_TRY(tt_print_text(pr, "("));
		for (size_t i = 0; i < values->n_variables; ++i) {
			TT_TRY(tt_print_text(pr, i ? " " : ""));
			TT_TRY(tt_print_constant(pr, &values->cells[row * values->n_variables + i]));
		}
		TT_TRY(tt_print_text(pr, ")"));
	}
	return close_brace(pr);
}

static tt_status print_groups(tt_printer *pr, const tt_ast_group *groups)
{
	for (const tt_ast_group *group = groups; group; group = group->next_alternative) {
		TT_TRY(tt_print_text(pr, group == groups ? "" : " UNION "));
		TT_TRY(tt_print_group(pr, group));
	}
	return TT_OK;
}

static tt_status print_element(tt_printer *pr, const tt_ast_element *element)
{
	static const char *const words[] = {[TT_ELEMENT_FILTER] = "FILTER (",  [TT_ELEMENT_OPTIONAL] = "OPTIONAL ",
	                                    [TT_ELEMENT_MINUS] = "MINUS ",     [TT_ELEMENT_UNION] = "",
	                                    [TT_ELEMENT_GROUP] = "",           [TT_ELEMENT_GRAPH] = "GRAPH ",
	                                    [TT_ELEMENT_SERVICE] = "SERVICE ", [TT_ELEMENT_BIND] = "BIND (",
	                                    [TT_ELEMENT_VALUES] = ""};
	if (element->kind == TT_ELEMENT_TRIPLES) {
		return print_triples(pr, element->triples);
	}
	TT_TRY(tt_print_line(pr));
	TT_TRY(tt_print_text(pr, words[element->kind]));
	TT_TRY(tt_print_text(pr, element->is_silent ? "SILENT " : ""));
	if (element->kind == TT_ELEMENT_GRAPH || element->kind == TT_ELEMENT_SERVICE) {
		TT_TRY(print_term(pr, &element->term));
		TT_TRY(tt_print_text(pr, " "));
	}
	if (element->expr) {
		TT_TRY(tt_print_expr(pr, element->expr));
	}
	if (element->kind == TT_ELEMENT_BIND) {
		TT_TRY(tt_print_text(pr, " AS "));
		TT_TRY(tt_print_variable(pr, element->variable));
	}
	TT_TRY(tt_print_text(pr, element->expr ? ")" : ""));
	return element->values ? print_values(pr, element->values) : print_groups(pr, element->group);
}

tt_status tt_print_group(tt_printer *pr, const tt_ast_group *group)
{
	TT_TRY(open_brace(pr));
	if (group->subquery) {
		TT_TRY(tt_print_line(pr));
		TT_TRY(print_query(pr, group->subquery));
	}
	for (const tt_ast_element *element = group->elements; element; element = element->next) {
		TT_TRY(print_element(pr, element));
	}
	return close_brace(pr);
}

/* ---- queries ---------------------------------------------------------------------------------- */

static tt_status print_projection(tt_printer *pr, const tt_ast_projection *items)
{
	for (const tt_ast_projection *item = items; item; item = item->next) {
		TT_TRY(tt_print_text(pr, item->expr ? " (" : " "));
		if (item->expr) {
			TT_TRY(tt_print_expr(pr, item->expr));
			TT_TRY(tt_print_text(pr, item->variable.size ? " AS " : ""));
		}
		if (item->variable.size) {
			TT_TRY(tt_print_variable(pr, item->variable));
		}
		TT_TRY(tt_print_text(pr, item->expr ? ")" : ""));
	}
	return TT_OK;
}

static tt_status print_select(tt_printer *pr, const tt_ast_query *query)
{
	TT_TRY(tt_print_text(pr, query->is_distinct ? "SELECT DISTINCT" : query->is_reduced ? "SELECT REDUCED" : "SELECT"));
	TT_TRY(tt_print_text(pr, query->is_star ? " *" : ""));
	return print_projection(pr, query->projection);
}

static tt_status print_construct(tt_printer *pr, const tt_ast_query *query)
{
	TT_TRY(tt_print_text(pr, "CONSTRUCT"));
	if (query->is_construct_where) {
		return TT_OK;
	}
	TT_TRY(tt_print_text(pr, " "));
	return print_bracketed_triples(pr, query->construct);
}

static tt_status print_describe(tt_printer *pr, const tt_ast_query *query)
{
	TT_TRY(tt_print_text(pr, query->is_star ? "DESCRIBE *" : "DESCRIBE"));
	for (const tt_ast_term_list *item = query->describe; item; item = item->next) {
		TT_TRY(tt_print_text(pr, " "));
		TT_TRY(print_term(pr, &item->term));
	}
	return TT_OK;
}

static tt_status print_ask(tt_printer *pr, const tt_ast_query *query)
{
	(void)query;
	return tt_print_text(pr, "ASK");
}

static tt_status print_dataset(tt_printer *pr, const char *word, const tt_ast_dataset *clauses)
{
	for (const tt_ast_dataset *clause = clauses; clause; clause = clause->next) {
		TT_TRY(tt_print_line(pr));
		TT_TRY(tt_print_text(pr, word));
		TT_TRY(tt_print_text(pr, clause->is_named ? " NAMED " : " "));
		TT_TRY(tt_print_iri(pr, clause->iri));
	}
	return TT_OK;
}

static tt_status print_order(tt_printer *pr, const tt_ast_condition *conditions)
{
	TT_TRY(tt_print_line(pr));
	TT_TRY(tt_print_text(pr, "ORDER BY"));
	for (const tt_ast_condition *condition = conditions; condition; condition = condition->next) {
		const bool is_plain = !condition->is_descending && condition->expr->kind == TT_EXPR_VARIABLE;
		TT_TRY(tt_print_text(pr, is_plain ? " " : condition->is_descending ? " DESC(" : " ASC("));
		TT_TRY(tt_print_expr(pr, condition->expr));
		TT_TRY(tt_print_text(pr, is_plain ? "" : ")"));
	}
	return TT_OK;
}

static tt_status print_having(tt_printer *pr, const tt_ast_condition *conditions)
{
	TT_TRY(tt_print_line(pr));
	TT_TRY(tt_print_text(pr, "HAVING"));
	for (const tt_ast_condition *condition = conditions; condition; condition = condition->next) {
		TT_TRY(tt_print_text(pr, " ("));
		TT_TRY(tt_print_expr(pr, condition->expr));
		TT_TRY(tt_print_text(pr, ")"));
	}
	return TT_OK;
}

static tt_status print_count(tt_printer *pr, bool has_it, const char *word, uint64_t count)
{
	if (!has_it) {
		return TT_OK;
	}
	TT_TRY(tt_print_line(pr));
	return tt_buffer_printf(pr->out, "%s %llu", word, (unsigned long long)count);
}

static tt_status print_modifiers(tt_printer *pr, const tt_ast_query *query)
{
	if (query->group_by) {
		TT_TRY(tt_print_line(pr));
		TT_TRY(tt_print_text(pr, "GROUP BY"));
		TT_TRY(print_projection(pr, query->group_by));
	}
	if (query->having) {
		TT_TRY(print_having(pr, query->having));
	}
	if (query->order_by) {
		TT_TRY(print_order(pr, query->order_by));
	}
	TT_TRY(print_count(pr, query->has_limit, "LIMIT", query->limit));
	TT_TRY(print_count(pr, query->has_offset, "OFFSET", query->offset));
	if (query->values) {
		TT_TRY(tt_print_line(pr));
		TT_TRY(print_values(pr, query->values));
	}
	return TT_OK;
}

static tt_status print_query(tt_printer *pr, const tt_ast_query *query)
{
	static tt_status (*const by_form[])(tt_printer *, const tt_ast_query *) = {[TT_QUERY_SELECT] = print_select,
	                                                                           [TT_QUERY_CONSTRUCT] = print_construct,
	                                                                           [TT_QUERY_DESCRIBE] = print_describe,
	                                                                           [TT_QUERY_ASK] = print_ask};
	TT_TRY(by_form[query->form](pr, query));
	TT_TRY(print_dataset(pr, "FROM", query->dataset));
	if (query->where) {
		TT_TRY(tt_print_line(pr));
		TT_TRY(tt_print_text(pr, "WHERE "));
		TT_TRY(tt_print_group(pr, query->where));
	}
	return print_modifiers(pr, query);
}

/* ---- updates ---------------------------------------------------------------------------------- */

static tt_status print_quads(tt_printer *pr, const char *word, const tt_ast_quads *list)
{
	TT_TRY(tt_print_text(pr, word));
	TT_TRY(open_brace(pr));
	for (const tt_ast_quads *quads = list; quads; quads = quads->next) {
		if (!quads->has_graph) {
			TT_TRY(print_triples(pr, quads->triples));
			continue;
		}
		TT_TRY(tt_print_line(pr));
		TT_TRY(tt_print_text(pr, "GRAPH "));
		TT_TRY(print_term(pr, &quads->graph));
		TT_TRY(tt_print_text(pr, " "));
		TT_TRY(print_bracketed_triples(pr, quads->triples));
	}
	return close_brace(pr);
}

static tt_status print_graph_ref(tt_printer *pr, const tt_graph_ref *graph)
{
	static const char *const words[] = {
	    [TT_GRAPH_REF_DEFAULT] = "DEFAULT", [TT_GRAPH_REF_NAMED] = "NAMED", [TT_GRAPH_REF_ALL] = "ALL"};
	if (graph->kind != TT_GRAPH_REF_IRI) {
		return tt_print_text(pr, words[graph->kind]);
	}
	TT_TRY(tt_print_text(pr, "GRAPH "));
	return tt_print_iri(pr, graph->iri);
}

static tt_status print_modify(tt_printer *pr, const tt_ast_update *update)
{
	if (update->has_with) {
		TT_TRY(tt_print_text(pr, "WITH "));
		TT_TRY(tt_print_iri(pr, update->with));
		TT_TRY(tt_print_line(pr));
	}
	if (update->has_remove) {
		TT_TRY(print_quads(pr, "DELETE ", update->remove));
		if (update->has_insert) {
			TT_TRY(tt_print_line(pr));
		}
	}
	if (update->has_insert) {
		TT_TRY(print_quads(pr, "INSERT ", update->insert));
	}
	TT_TRY(print_dataset(pr, "USING", update->using_clauses));
	TT_TRY(tt_print_line(pr));
	TT_TRY(tt_print_text(pr, "WHERE "));
	return tt_print_group(pr, update->where);
}

static tt_status print_graph_operation(tt_printer *pr, const tt_ast_update *update)
{
	static const char *const words[] = {
	    [TT_UPDATE_LOAD] = "LOAD ",     [TT_UPDATE_CLEAR] = "CLEAR ", [TT_UPDATE_DROP] = "DROP ",
	    [TT_UPDATE_CREATE] = "CREATE ", [TT_UPDATE_ADD] = "ADD ",     [TT_UPDATE_MOVE] = "MOVE ",
	    [TT_UPDATE_COPY] = "COPY "};
	const bool has_two = update->kind == TT_UPDATE_ADD || update->kind == TT_UPDATE_MOVE ||
	                     update->kind == TT_UPDATE_COPY;
	TT_TRY(tt_print_text(pr, words[update->kind]));
	TT_TRY(tt_print_text(pr, update->is_silent ? "SILENT " : ""));
	if (update->kind == TT_UPDATE_LOAD) {
		TT_TRY(tt_print_iri(pr, update->source));
		if (update->to.kind != TT_GRAPH_REF_IRI) {
			return TT_OK;
		}
		TT_TRY(tt_print_text(pr, " INTO "));
	}
	if (has_two) {
		TT_TRY(print_graph_ref(pr, &update->from));
		TT_TRY(tt_print_text(pr, " TO "));
	}
	return print_graph_ref(pr, &update->to);
}

static tt_status print_update(tt_printer *pr, const tt_ast_update *update)
{
	switch (update->kind) {
	case TT_UPDATE_INSERT_DATA:
		return print_quads(pr, "INSERT DATA ", update->insert);
	case TT_UPDATE_DELETE_DATA:
		return print_quads(pr, "DELETE DATA ", update->remove);
	case TT_UPDATE_DELETE_WHERE:
		return print_quads(pr, "DELETE WHERE ", update->remove);
	case TT_UPDATE_MODIFY:
		return print_modify(pr, update);
	default:
		return print_graph_operation(pr, update);
	}
}

/* ---- all -------------------------------------------------------------------------------------- */

static tt_status print_base(tt_buffer *out, tt_view base)
{
	if (!base.size) {
		return TT_OK;
	}
	TT_TRY(tt_buffer_append(out, TT_VIEW("BASE <")));
	TT_TRY(tt_buffer_append(out, base));
	return tt_buffer_append(out, TT_VIEW(">\n"));
}

static tt_status print_prologue(const tt_ast *ast, const tt_printer *body, tt_buffer *out)
{
	for (size_t i = 0; body->prefixes && i < body->prefixes->n_items; ++i) {
		const tt_prefix *const prefix = &body->prefixes->items[i];
		if (body->is_used[i]) {
			TT_TRY(tt_buffer_append(out, TT_VIEW("PREFIX ")));
			TT_TRY(tt_buffer_append(out, prefix->name));
			TT_TRY(tt_buffer_append(out, TT_VIEW(": <")));
			TT_TRY(tt_buffer_append(out, prefix->iri));
			TT_TRY(tt_buffer_append(out, TT_VIEW(">\n")));
		}
	}
	return ast->is_update ? TT_OK : print_base(out, ast->base);
}

/* The base of a request is its last one, which the operations before it may not have known: so it comes last. */
static tt_status print_request(tt_printer *pr, const tt_ast *ast)
{
	for (const tt_ast_update *update = ast->update; update; update = update->next) {
		TT_TRY(print_update(pr, update));
		TT_TRY(tt_print_text(pr, update->next || ast->base.size ? " ;\n" : "\n"));
	}
	return print_base(pr->out, ast->base);
}

tt_status tt_ast_print(const tt_ast *ast, const tt_prefixes *prefixes, tt_buffer *out)
{
	tt_buffer body;
	tt_buffer_init(&body, out->ctx);
	tt_printer printer = {.out = &body, .prefixes = prefixes};
	tt_status status = TT_OK;
	if (prefixes) {
		printer.is_used = tt_calloc(out->ctx, prefixes->n_items + 1, sizeof *printer.is_used);
		if (!printer.is_used) {
			return out->ctx->error.status;
		}
	}
	if (ast->is_update) {
		TT_TRY_DONE(print_request(&printer, ast));
	} else {
		TT_TRY_DONE(print_query(&printer, ast->query));
		TT_TRY_DONE(tt_buffer_append_char(&body, '\n'));
	}
	TT_TRY_DONE(print_prologue(ast, &printer, out));
	TT_TRY_DONE(tt_buffer_append(out, tt_buffer_view(&body)));
done:
	tt_buffer_clear(&body);
	tt_free(out->ctx, printer.is_used);
	return status;
}
