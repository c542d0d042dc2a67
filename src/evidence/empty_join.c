/* empty_join.c - parts that match one by one, but not together: on which variable, and what would bring them together.
 *
 * The set is a smallest one, so all but its last part have a solution together. These two sides share variables; which
 * of them keeps the sides apart is found by giving the others new names in the last part. */
#include "evidence/empty.h"

enum { MOST_STEPS = 3 };

typedef struct join {
	tt_inquiry *q;
	const tt_part *parts;
	size_t n_parts;
	const tt_part *last; /* the other side */
	tt_names shared;
	tt_view variable; /* that keeps them apart; empty if it is none alone */
	tt_empty_finding *finding;
	size_t n_good;
} join;

/* ---- names ------------------------------------------------------------------------------------ */

static void rename_term(tt_ast_term *term, tt_view from, tt_view to)
{
	if (term->kind == TT_AST_VARIABLE && tt_view_equal(term->text, from)) {
		term->text = to;
	}
}

static void rename_triple(tt_ast_triple *triple, tt_view from, tt_view to)
{
	rename_term(&triple->subject, from, to);
	rename_term(&triple->predicate, from, to);
	rename_term(&triple->object, from, to);
}

/* Append the last part with a variable, or (is_kept) all shared ones but it, under another name. */
static tt_status add_renamed(const join *j, tt_ast_group *group, tt_view variable, bool is_kept, tt_view *out_new)
{
	tt_inquiry *const q = j->q;
	tt_ast_triple triple = *j->last->triple;
	for (size_t i = 0; i < j->shared.n_items; ++i) {
		const tt_view name = j->shared.items[i];
		tt_view other;
		if (tt_view_equal(name, variable) == is_kept) {
			continue;
		}
		TT_TRY(tt_inquiry_name(q, "other", &other));
		rename_triple(&triple, name, other);
		if (out_new) {
			*out_new = other;
		}
	}
	return tt_group_add_triple(q, group, &triple, j->last->wrap);
}

static tt_status find_variable(join *j)
{
	if (j->shared.n_items == 1) {
		j->variable = j->shared.items[0];
		return TT_OK;
	}
	for (size_t i = 0; i < j->shared.n_items && j->last->triple; ++i) {
		tt_ast_group *group = NULL;
		tt_probe probe = TT_PROBE_UNKNOWN;
		TT_TRY(tt_group_of(j->q, j->parts, j->n_parts - 1, &group));
		TT_TRY(add_renamed(j, group, j->shared.items[i], true, NULL));
		TT_TRY(tt_probe_group(j->q, group, &probe));
		if (probe == TT_PROBE_NO) {
			j->variable = j->shared.items[i];
			return TT_OK;
		}
	}
	return TT_OK;
}

/* ---- what stands on either side ----------------------------------------------------------------- */

static tt_status note_side(join *j, const tt_part *parts, size_t n_parts, tt_view variable, const tt_term **out_first)
{
	tt_inquiry *const q = j->q;
	tt_ast_group *group = NULL;
	tt_rows rows;
	const char *text = NULL;
	TT_TRY(tt_group_of(q, parts, n_parts, &group));
	TT_TRY(tt_inquiry_parts(q, parts, n_parts, &text));
	TT_TRY(tt_inquiry_text(q, &text, " in %s", text));
	TT_TRY(tt_finding_note_values(q, j->finding, group, variable, text));
	TT_TRY(tt_probe_values(q, group, &variable, 1, 1, &rows));
	*out_first = rows.n_rows ? rows.cells : NULL;
	return TT_OK;
}

/* ---- what would bring them together ------------------------------------------------------------- */

static tt_status try_change(join *j, void *place, const void *value, size_t n_bytes, const char *sentence)
{
	tt_edit *edit = NULL;
	bool is_good = false;
	TT_TRY(tt_edit_new(j->q, place, value, n_bytes, NULL, &edit));
	TT_TRY(tt_finding_try(j->q, j->finding, edit, j->parts, j->n_parts, sentence, &is_good));
	j->n_good += is_good;
	return TT_OK;
}

static tt_status try_triple(join *j, tt_ast_triple *triple, const tt_ast_triple *changed, const char *what)
{
	tt_ast_triple copy = *changed;
	tt_ast_element element = {.kind = TT_ELEMENT_TRIPLES};
	const tt_part part = {.element = &element, .triple = &copy};
	const char *text = NULL;
	const char *sentence = NULL;
	copy.next = NULL;
	TT_TRY(tt_inquiry_parts(j->q, &part, 1, &text));
	TT_TRY(tt_inquiry_text(j->q, &sentence, "%s: %s", what, text));
	return try_change(j, triple, changed, sizeof *changed, sentence);
}

static tt_status try_directions(join *j)
{
	for (size_t i = 0; i < j->n_parts && !j->n_good; ++i) {
		tt_ast_triple *const triple = j->parts[i].triple;
		if (triple && !(triple->object.kind == TT_AST_CONSTANT && triple->object.constant.kind == TT_TERM_LITERAL)) {
			tt_ast_triple changed = *triple;
			changed.subject = triple->object;
			changed.object = triple->subject;
			TT_TRY(try_triple(j, triple, &changed, "subject and object exchanged"));
		}
	}
	return TT_OK;
}

static tt_status new_path(tt_inquiry *q, tt_path_kind kind, const tt_path *first, const tt_path *second, tt_view iri,
                          tt_path **out)
{
	TT_INQUIRY_NEW(q, out);
	**out = (tt_path){.kind = kind, .first = first, .second = second, .iri = iri};
	return TT_OK;
}

static tt_status own_path(tt_inquiry *q, const tt_ast_triple *triple, const tt_path **out)
{
	tt_path *link = NULL;
	TT_TRY(triple->path ? TT_OK : new_path(q, TT_PATH_LINK, NULL, NULL, triple->predicate.constant.text, &link));
	*out = triple->path ? triple->path : link;
	return TT_OK;
}

static tt_status try_subclasses(join *j)
{
	static const tt_view subclass = {"http://www.w3.org/2000/01/rdf-schema#subClassOf", 47};
	for (size_t i = 0; i < j->n_parts && !j->n_good; ++i) {
		tt_ast_triple *const triple = j->parts[i].triple;
		if (!triple || triple->path || triple->predicate.kind != TT_AST_CONSTANT ||
		    !tt_view_equal(triple->predicate.constant.text, tt_vocab_iri(TT_VOCAB_RDF_TYPE))) {
			continue;
		}
		tt_ast_triple changed = *triple;
		const tt_path *type = NULL;
		tt_path *link = NULL;
		tt_path *star = NULL;
		tt_path *path = NULL;
		TT_TRY(own_path(j->q, triple, &type));
		TT_TRY(new_path(j->q, TT_PATH_LINK, NULL, NULL, subclass, &link));
		TT_TRY(new_path(j->q, TT_PATH_ZERO_OR_MORE, link, NULL, (tt_view){0}, &star));
		TT_TRY(new_path(j->q, TT_PATH_SEQUENCE, type, star, (tt_view){0}, &path));
		changed.path = path;
		TT_TRY(try_triple(j, triple, &changed, "instances of a subclass"));
	}
	return TT_OK;
}

/* Make the path of the last part longer at the end where its variable stands.
 * @param is_inverse The step leads from the other side's value to ours: it is taken backward. */
static tt_status try_step(join *j, tt_view predicate, bool is_inverse)
{
	tt_inquiry *const q = j->q;
	tt_ast_triple *const triple = j->last->triple;
	tt_ast_triple changed = *triple;
	const bool is_subject = triple->subject.kind == TT_AST_VARIABLE && tt_view_equal(triple->subject.text, j->variable);
	const tt_path *own = NULL;
	tt_path *link = NULL;
	tt_path *back = NULL;
	tt_path *path = NULL;
	TT_TRY(own_path(q, triple, &own));
	TT_TRY(new_path(q, TT_PATH_LINK, NULL, NULL, predicate, &link));
	TT_TRY(new_path(q, TT_PATH_INVERSE, link, NULL, (tt_view){0}, &back));
	/* ?v step ?other: from ?v the step leads to the subject of the last part, or from its object back to ?v. */
	const tt_path *const step = is_subject == is_inverse ? back : link;
	TT_TRY(is_subject ? new_path(q, TT_PATH_SEQUENCE, step, own, (tt_view){0}, &path)
	                  : new_path(q, TT_PATH_SEQUENCE, own, step, (tt_view){0}, &path));
	changed.path = path;
	return try_triple(j, triple, &changed, "one step further");
}

static tt_status try_steps(join *j)
{
	tt_inquiry *const q = j->q;
	tt_ast_triple *const triple = j->last->triple;
	if (!j->variable.size || !triple || (!triple->path && triple->predicate.kind != TT_AST_CONSTANT)) {
		return TT_OK;
	}
	for (unsigned is_inverse = 0; is_inverse < 2 && !j->n_good; ++is_inverse) {
		tt_ast_group *group = NULL;
		tt_view other = {NULL, 0};
		tt_rows rows;
		TT_TRY(tt_group_of(q, j->parts, j->n_parts - 1, &group));
		TT_TRY(add_renamed(j, group, j->variable, false, &other));
		tt_ast_triple step = {.subject = {.kind = TT_AST_VARIABLE, .text = is_inverse ? other : j->variable},
		                      .object = {.kind = TT_AST_VARIABLE, .text = is_inverse ? j->variable : other}};
		TT_TRY(tt_inquiry_variable(q, "step", &step.predicate));
		TT_TRY(tt_group_add_triple(q, group, &step, j->last->wrap));
		TT_TRY(tt_probe_values(q, group, &step.predicate.text, 1, MOST_STEPS, &rows));
		for (size_t i = 0; i < rows.n_rows; ++i) {
			TT_TRY(rows.cells[i].kind == TT_TERM_IRI ? try_step(j, rows.cells[i].text, is_inverse) : TT_OK);
		}
	}
	return TT_OK;
}

/* Parts that a graph variable holds together, in graphs of their own. */
static tt_status try_graphs(join *j)
{
	tt_inquiry *const q = j->q;
	const tt_wrap *const wrap = j->last->wrap;
	tt_ast_element *const element = wrap ? wrap->element : NULL;
	if (!element || element->term.kind != TT_AST_VARIABLE || !tt_names_have(&j->shared, element->term.text) ||
	    !j->last->triple) {
		return TT_OK;
	}
	/* Within one GRAPH the part has to leave it; else the GRAPH only needs another name. */
	bool is_same = false;
	for (size_t i = 0; i + 1 < j->n_parts; ++i) {
		is_same = is_same || (j->parts[i].wrap && j->parts[i].wrap->element == element);
	}
	if (!is_same) {
		tt_ast_term other;
		const char *sentence = NULL;
		TT_TRY(tt_inquiry_variable(q, "otherGraph", &other));
		TT_TRY(tt_inquiry_text(q, &sentence, "in graphs of their own: GRAPH ?%.*s", TT_VIEW_ARG(other.text)));
		return try_change(j, &element->term, &other, sizeof other, sentence);
	}
	tt_ast_element *outer = NULL;
	tt_ast_triple **link = &j->last->element->triples;
	while (*link && *link != j->last->triple) {
		link = &(*link)->next;
	}
	TT_INQUIRY_NEW(q, &outer);
	*outer = (tt_ast_element){.kind = TT_ELEMENT_GRAPH, .next = element->next};
	TT_TRY(tt_inquiry_variable(q, "otherGraph", &outer->term));
	tt_ast_element *inner = NULL;
	TT_INQUIRY_NEW(q, &inner);
	inner->kind = TT_ELEMENT_TRIPLES;
	TT_INQUIRY_NEW(q, &inner->triples);
	*inner->triples = *j->last->triple;
	inner->triples->next = NULL;
	TT_TRY(tt_group_new(q, inner, &outer->group));
	if (!*link) {
		return TT_OK;
	}
	/* Two places change: the triple leaves its list, and the new GRAPH comes behind the old one. */
	const char *sentence = NULL;
	tt_edit *edit = NULL;
	bool is_good = false;
	TT_TRY(tt_inquiry_text(q, &sentence, "in a graph of its own: GRAPH ?%.*s { … }", TT_VIEW_ARG(outer->term.text)));
	TT_TRY(tt_edit_new(q, link, &j->last->triple->next, sizeof *link, NULL, &edit));
	TT_TRY(tt_edit_new(q, &element->next, &outer, sizeof outer, edit, &edit));
	TT_TRY(tt_finding_try(q, j->finding, edit, NULL, 0, sentence, &is_good));
	j->n_good += is_good;
	return TT_OK;
}

/* The same text with another datatype or language on either side. */
static tt_status try_texts(join *j, const tt_term *one, const tt_term *other)
{
	tt_inquiry *const q = j->q;
	tt_ast_triple *const triple = j->last->triple;
	if (!one || !other || !triple || !j->variable.size || one->kind != TT_TERM_LITERAL ||
	    other->kind != TT_TERM_LITERAL) {
		return TT_OK;
	}
	/* One pattern more cannot be put into a triple: a FILTER stands behind it. */
	tt_ast_triple changed = *triple;
	tt_ast_element *const element = j->last->element;
	tt_ast_element *filter = NULL;
	tt_ast_expr *parts = tt_arena_alloc(&q->arena, 5 * sizeof *parts);
	tt_ast_expr **arguments = tt_arena_alloc(&q->arena, 4 * sizeof(tt_ast_expr *));
	tt_view name;
	if (!parts || !arguments) {
		return q->ctx.error.status;
	}
	TT_TRY(tt_inquiry_name(q, "text", &name));
	rename_triple(&changed, j->variable, name);
	for (size_t i = 0; i < 2; ++i) {
		parts[1 + i] = (tt_ast_expr){.kind = TT_EXPR_VARIABLE, .text = i ? name : j->variable};
		arguments[2 + i] = &parts[1 + i];
		parts[3 + i] = (tt_ast_expr){
		    .kind = TT_EXPR_BUILTIN, .builtin = TT_FN_STR, .arguments = &arguments[2 + i], .n_arguments = 1};
		arguments[i] = &parts[3 + i];
	}
	parts[0] = (tt_ast_expr){.kind = TT_EXPR_EQ, .arguments = arguments, .n_arguments = 2};
	TT_INQUIRY_NEW(q, &filter);
	*filter = (tt_ast_element){.kind = TT_ELEMENT_FILTER, .expr = &parts[0], .next = element->next};
	tt_edit *edit = NULL;
	bool is_good = false;
	TT_TRY(tt_edit_new(q, triple, &changed, sizeof changed, NULL, &edit));
	TT_TRY(tt_edit_new(q, &element->next, &filter, sizeof(tt_ast_element *), edit, &edit));
	TT_TRY(tt_finding_try(q, j->finding, edit, NULL, 0,
	                      "compared as text, whatever datatype or language: FILTER (STR(…) = STR(…))", &is_good));
	j->n_good += is_good;
	return TT_OK;
}

/* ---- values that are given ---------------------------------------------------------------------- */

/* The VALUES among the parts, and its column of the variable. */
static const tt_ast_values *find_values(const join *j, size_t *out_column)
{
	for (size_t i = 0; i < j->n_parts; ++i) {
		const tt_ast_values *const values = j->parts[i].triple ? NULL : j->parts[i].element->values;
		for (size_t k = 0; values && k < values->n_variables; ++k) {
			if (tt_view_equal(values->variables[k], j->variable)) {
				*out_column = k;
				return values;
			}
		}
	}
	return NULL;
}

/* Try what is near to a value that is not in the data. */
static tt_status try_near_values(join *j, tt_term *cell)
{
	tt_inquiry *const q = j->q;
	const tt_near_place place = {.snapshot = q->snapshot, .prefixes = &q->prefixes, .role = TT_NEAR_SUBJECT};
	const char *old = NULL;
	tt_near near[TT_NEAR_MOST];
	size_t n = 0;
	TT_TRY(tt_inquiry_term(q, cell, &old));
	TT_TRY(tt_nearest_terms(&q->arena, &place, cell, near, &n));
	for (size_t i = 0; i < n && j->n_good < 2; ++i) {
		const char *text = NULL;
		const char *sentence = NULL;
		TT_TRY(tt_inquiry_term(q, &near[i].term, &text));
		TT_TRY(tt_inquiry_text(q, &sentence, "%s in place of %s", text, old));
		TT_TRY(try_change(j, cell, &near[i].term, sizeof near[i].term, sentence));
	}
	return TT_OK;
}

/* If VALUES gives nothing but terms that are not in the data, it is they that are to blame. */
static tt_status look_at_values(join *j)
{
	tt_inquiry *const q = j->q;
	size_t column = 0;
	bool is_any_there = false;
	const tt_ast_values *const values = find_values(j, &column);
	for (size_t i = 0; values && i < values->n_rows && !is_any_there; ++i) {
		const tt_term *const cell = &values->cells[i * values->n_variables + column];
		is_any_there = cell->kind == TT_TERM_NONE;
		TT_TRY(is_any_there ? TT_OK : tt_nearest_is_there(q->snapshot, cell, &is_any_there));
	}
	if (!values || is_any_there) {
		return TT_OK;
	}
	j->finding->kind = TT_EMPTY_NO_MATCH_POSSIBLE;
	TT_TRY(tt_finding_note(q, j->finding, "none of the values that are given is in the data"));
	for (size_t i = 0; i < values->n_rows && !j->n_good; ++i) {
		TT_TRY(try_near_values(j, &values->cells[i * values->n_variables + column]));
	}
	return TT_OK;
}

/* ---- what is there instead ---------------------------------------------------------------------- */

/* Which predicates the values of the other side do have, there where the last part wants another. */
static tt_status note_predicates(join *j)
{
	enum { MOST_PREDICATES = 8 };
	tt_inquiry *const q = j->q;
	tt_ast_triple any = j->last->triple ? *j->last->triple : (tt_ast_triple){.next = NULL};
	const bool is_subject = tt_view_equal(any.subject.text, j->variable) && any.subject.kind == TT_AST_VARIABLE;
	tt_ast_group *group = NULL;
	const char *note = NULL;
	tt_rows rows;
	if (!j->last->triple || any.path || any.predicate.kind != TT_AST_CONSTANT || !j->variable.size) {
		return TT_OK;
	}
	TT_TRY(tt_inquiry_variable(q, "anyPredicate", &any.predicate));
	TT_TRY(tt_inquiry_variable(q, "anyOther", is_subject ? &any.object : &any.subject));
	TT_TRY(tt_group_of(q, j->parts, j->n_parts - 1, &group));
	TT_TRY(tt_group_add_triple(q, group, &any, j->last->wrap));
	TT_TRY(tt_probe_values(q, group, &any.predicate.text, 1, MOST_PREDICATES, &rows));
	TT_TRY(tt_inquiry_text(
	    q, &note, is_subject ? "the predicates that ?%.*s has there:" : "the predicates that lead to ?%.*s there:",
	    TT_VIEW_ARG(j->variable)));
	for (size_t i = 0; i < rows.n_rows; ++i) {
		const char *text = NULL;
		TT_TRY(tt_inquiry_term(q, &rows.cells[i], &text));
		TT_TRY(tt_inquiry_text(q, &note, "%s%s %s", note, i ? "," : "", text));
	}
	TT_TRY(rows.n_rows == MOST_PREDICATES ? tt_inquiry_text(q, &note, "%s …", note) : TT_OK);
	return rows.n_rows ? tt_finding_note(q, j->finding, note) : TT_OK;
}

/* ---- the finding ------------------------------------------------------------------------------ */

tt_status tt_empty_join(tt_inquiry *q, const tt_part *parts, size_t n_parts)
{
	join j = {.q = q, .parts = parts, .n_parts = n_parts, .last = &parts[n_parts - 1]};
	tt_names one = {.q = q};
	tt_names other = {.q = q};
	const char *text = NULL;
	const char *sentence = NULL;
	const tt_term *first = NULL;
	const tt_term *second = NULL;
	for (size_t i = 0; i + 1 < n_parts; ++i) {
		TT_TRY(tt_names_of_part(&one, &parts[i]));
	}
	TT_TRY(tt_names_of_part(&other, j.last));
	TT_TRY(tt_names_shared(&one, &other, &j.shared));
	TT_TRY(find_variable(&j));
	TT_TRY(tt_inquiry_parts(q, parts, n_parts, &text));
	TT_TRY(tt_inquiry_text(q, &sentence, "%s match one by one, but not together%s%.*s",
	                       n_parts == 2 ? "these two parts" : "these parts", j.variable.size ? ": they share no ?" : "",
	                       TT_VIEW_ARG(j.variable)));
	TT_TRY(
	    tt_finding_new(q, TT_EMPTY_DATA_SAY_NO, TT_EMPTY_BY_JOIN, tt_part_place(j.last), text, sentence, &j.finding));
	if (j.variable.size) {
		TT_TRY(note_side(&j, parts, n_parts - 1, j.variable, &first));
		TT_TRY(note_side(&j, j.last, 1, j.variable, &second));
	}
	TT_TRY(j.variable.size ? look_at_values(&j) : TT_OK);
	TT_TRY(try_graphs(&j));
	TT_TRY(try_texts(&j, first, second));
	TT_TRY(j.n_good ? TT_OK : try_subclasses(&j));
	/* A step further may be far from what was meant, so what is there is told beside it. */
	TT_TRY(j.n_good ? TT_OK : note_predicates(&j));
	TT_TRY(j.n_good ? TT_OK : try_steps(&j));
	return j.n_good ? TT_OK : try_directions(&j);
}
