/* empty_triple.c - what would match in the place of one triple pattern that does not.
 *
 * First: is each of its terms in its place in any statement of the graphs that are asked? If one is not, no data can
 * match, and it is the term to look for nearby. Then the changes are tried, one by one, from the likeliest: another
 * graph, a near name, subject and object exchanged, a longer path, another predicate. */
#include "evidence/empty.h"

#include "store/stats.h"

#include <stdio.h>

/** What is known of a triple while changes of it are tried. */
typedef struct attempt {
	tt_inquiry *q;
	const tt_part *part;
	tt_ast_triple *triple; /* of the part */
	tt_empty_finding *finding;
	size_t n_good; /* changes that let it match */
} attempt;

typedef enum position { PREDICATE, OBJECT, SUBJECT, N_POSITIONS } position;

enum { MOST_STEPS = 3, MOST_NOTED = 5 };

static const tt_view subclass = {"http://www.w3.org/2000/01/rdf-schema#subClassOf", 47};
static const tt_view subproperty = {"http://www.w3.org/2000/01/rdf-schema#subPropertyOf", 50};

/* ---- terms ------------------------------------------------------------------------------------ */

static tt_ast_term *term_at(tt_ast_triple *triple, position at)
{
	return at == PREDICATE ? &triple->predicate : at == OBJECT ? &triple->object : &triple->subject;
}

static bool is_constant(const tt_ast_triple *triple, position at)
{
	const bool is_path = at == PREDICATE && triple->path;
	return !is_path && term_at((tt_ast_triple *)triple, at)->kind == TT_AST_CONSTANT;
}

static bool is_type(const tt_ast_triple *triple)
{
	return is_constant(triple, PREDICATE) &&
	       tt_view_equal(triple->predicate.constant.text, tt_vocab_iri(TT_VOCAB_RDF_TYPE));
}

/* A copy of a triple of which only the terms in some positions are kept. */
static tt_status keep_only(tt_inquiry *q, const tt_ast_triple *triple, unsigned kept, tt_ast_triple *out)
{
	static const char *const stems[] = {[PREDICATE] = "anyPredicate", [OBJECT] = "anyObject", [SUBJECT] = "anySubject"};
	*out = *triple;
	for (position at = PREDICATE; at < N_POSITIONS; ++at) {
		if (!(kept & 1u << at)) {
			TT_TRY(tt_inquiry_variable(q, stems[at], term_at(out, at)));
			out->path = at == PREDICATE ? NULL : out->path;
		}
	}
	return TT_OK;
}

static tt_status probe_triple(tt_inquiry *q, const tt_ast_triple *triple, const tt_wrap *wrap, bool is_anywhere,
                              tt_probe *out)
{
	tt_ast_group *group = NULL;
	TT_TRY(tt_group_new(q, NULL, &group));
	TT_TRY(tt_group_add_triple(q, group, triple, is_anywhere ? NULL : wrap));
	return is_anywhere ? tt_probe_anywhere(q, group, out) : tt_probe_group(q, group, out);
}

static tt_status describe_triple(tt_inquiry *q, const tt_ast_triple *triple, const tt_wrap *wrap, const char **out)
{
	tt_ast_triple copy = *triple;
	tt_ast_element element = {.kind = TT_ELEMENT_TRIPLES, .triples = &copy};
	const tt_part part = {.element = &element, .triple = &copy, .wrap = wrap};
	copy.next = NULL;
	return tt_inquiry_parts(q, &part, 1, out);
}

/* ---- trying ----------------------------------------------------------------------------------- */

static tt_status try_change(attempt *a, void *place, const void *value, size_t n_bytes, const char *sentence,
                            bool *out_is_good)
{
	tt_edit *edit = NULL;
	bool is_good = false;
	TT_TRY(tt_edit_new(a->q, place, value, n_bytes, NULL, &edit));
	TT_TRY(tt_finding_try(a->q, a->finding, edit, a->part, 1, sentence, &is_good));
	a->n_good += is_good;
	if (out_is_good) {
		*out_is_good = is_good;
	}
	return TT_OK;
}

static tt_status try_triple(attempt *a, const tt_ast_triple *changed, const char *what, bool *out_is_good)
{
	const char *text = NULL;
	const char *sentence = NULL;
	TT_TRY(describe_triple(a->q, changed, NULL, &text));
	TT_TRY(tt_inquiry_text(a->q, &sentence, "%s: %s", what, text));
	return try_change(a, a->triple, changed, sizeof *changed, sentence, out_is_good);
}

static tt_status find_id(tt_inquiry *q, const tt_term *term, tt_id *out)
{
	return tt_snapshot_find(q->snapshot, term, out);
}

/* Try the terms that are near to @p wanted in a position.
 * @param most The greatest distance. */
static tt_status try_near(attempt *a, position at, const tt_term *wanted, unsigned most)
{
	tt_ast_term *const term = term_at(a->triple, at);
	const tt_term before = term->constant;
	tt_near_place place = {.snapshot = a->q->snapshot,
	                       .prefixes = &a->q->prefixes,
	                       .role = at == PREDICATE      ? TT_NEAR_PREDICATE
	                               : at == SUBJECT      ? TT_NEAR_SUBJECT
	                               : is_type(a->triple) ? TT_NEAR_CLASS
	                                                    : TT_NEAR_OBJECT};
	tt_near near[TT_NEAR_MOST];
	size_t n = 0;
	size_t n_good = 0;
	const char *old = NULL;
	TT_TRY(is_constant(a->triple, PREDICATE) ? find_id(a->q, &a->triple->predicate.constant, &place.predicate) : TT_OK);
	TT_TRY(tt_nearest_terms(&a->q->arena, &place, wanted, near, &n));
	TT_TRY(tt_inquiry_term(a->q, &before, &old));
	for (size_t i = 0; i < n && near[i].distance <= most && n_good < 2; ++i) {
		tt_ast_term changed = *term;
		const char *text = NULL;
		const char *sentence = NULL;
		bool is_good = false;
		changed.constant = near[i].term;
		TT_TRY(tt_inquiry_term(a->q, &near[i].term, &text));
		TT_TRY(tt_inquiry_text(a->q, &sentence, "%s in place of %s", text, old));
		TT_TRY(try_change(a, term, &changed, sizeof changed, sentence, &is_good));
		n_good += is_good;
	}
	return TT_OK;
}

static tt_status try_near_terms(attempt *a, position at, unsigned most)
{
	const tt_term wanted = term_at(a->triple, at)->constant;
	tt_term thing;
	TT_TRY(try_near(a, at, &wanted, most));
	if (a->n_good || wanted.kind != TT_TERM_LITERAL) {
		return TT_OK;
	}
	TT_TRY(tt_inquiry_named(a->q, wanted.text, &thing)); /* a text in place of the thing that it names */
	return try_near(a, at, &thing, most);
}

static tt_status try_direction(attempt *a)
{
	tt_ast_triple changed = *a->triple;
	bool is_good = false;
	if (is_constant(a->triple, OBJECT) && a->triple->object.constant.kind == TT_TERM_LITERAL) {
		return TT_OK;
	}
	changed.subject = a->triple->object;
	changed.object = a->triple->subject;
	TT_TRY(try_triple(a, &changed, "subject and object exchanged", &is_good));
	if (is_good && (a->finding->reason == TT_EMPTY_BY_PATTERN || a->finding->reason == TT_EMPTY_BY_TERM)) {
		a->finding->reason = TT_EMPTY_BY_DIRECTION;
	}
	return TT_OK;
}

/* ---- longer paths ----------------------------------------------------------------------------- */

static tt_status link_path(tt_inquiry *q, tt_view iri, tt_path **out)
{
	TT_INQUIRY_NEW(q, out);
	**out = (tt_path){.kind = TT_PATH_LINK, .iri = iri};
	return TT_OK;
}

static tt_status sequence(tt_inquiry *q, const tt_path *first, const tt_path *second, tt_path **out)
{
	TT_INQUIRY_NEW(q, out);
	**out = (tt_path){.kind = TT_PATH_SEQUENCE, .first = first, .second = second};
	return TT_OK;
}

static tt_status own_path(attempt *a, const tt_path **out)
{
	tt_path *link = NULL;
	TT_TRY(a->triple->path ? TT_OK : link_path(a->q, a->triple->predicate.constant.text, &link));
	*out = a->triple->path ? a->triple->path : link;
	return TT_OK;
}

static tt_status try_path(attempt *a, tt_path *path, const char *what)
{
	tt_ast_triple changed = *a->triple;
	bool is_good = false;
	changed.path = path;
	TT_TRY(try_triple(a, &changed, what, &is_good));
	if (is_good && a->finding->reason == TT_EMPTY_BY_PATTERN) {
		a->finding->reason = TT_EMPTY_BY_PATH;
	}
	return TT_OK;
}

static tt_status try_subclasses(attempt *a)
{
	const tt_path *type = NULL;
	tt_path *link = NULL;
	tt_path *star = NULL;
	tt_path *path = NULL;
	TT_TRY(own_path(a, &type));
	TT_TRY(link_path(a->q, subclass, &link));
	TT_INQUIRY_NEW(a->q, &star);
	*star = (tt_path){.kind = TT_PATH_ZERO_OR_MORE, .first = link};
	TT_TRY(sequence(a->q, type, star, &path));
	return try_path(a, path, "instances of a subclass");
}

/* The predicates that lead from the end of the triple to its object, or from its subject to its begin. */
static tt_status try_steps(attempt *a, bool is_before)
{
	tt_inquiry *const q = a->q;
	tt_ast_triple own = *a->triple;
	tt_ast_triple step = *a->triple;
	tt_ast_group *group = NULL;
	tt_ast_term middle;
	tt_rows rows;
	const tt_path *path = NULL;
	TT_TRY(own_path(a, &path));
	TT_TRY(tt_inquiry_variable(q, "middle", &middle));
	TT_TRY(tt_inquiry_variable(q, "step", &step.predicate));
	step.path = NULL;
	*(is_before ? &own.subject : &own.object) = middle;
	*(is_before ? &step.object : &step.subject) = middle;
	TT_TRY(tt_group_new(q, NULL, &group));
	TT_TRY(tt_group_add_triple(q, group, &own, a->part->wrap));
	TT_TRY(tt_group_add_triple(q, group, &step, a->part->wrap));
	TT_TRY(tt_probe_values(q, group, &step.predicate.text, 1, MOST_STEPS, &rows));
	for (size_t i = 0; i < rows.n_rows; ++i) {
		tt_path *link = NULL;
		tt_path *longer = NULL;
		if (rows.cells[i].kind != TT_TERM_IRI || tt_view_equal(rows.cells[i].text, tt_vocab_iri(TT_VOCAB_RDF_TYPE))) {
			continue;
		}
		TT_TRY(link_path(q, rows.cells[i].text, &link));
		TT_TRY(is_before ? sequence(q, link, path, &longer) : sequence(q, path, link, &longer));
		TT_TRY(try_path(a, longer, "one step further"));
	}
	return TT_OK;
}

/* ---- other predicates ------------------------------------------------------------------------- */

static tt_status try_predicates(attempt *a, bool only_below, const char *what)
{
	tt_inquiry *const q = a->q;
	tt_ast_triple other = *a->triple;
	tt_ast_triple below = *a->triple;
	tt_ast_group *group = NULL;
	tt_rows rows;
	TT_TRY(tt_inquiry_variable(q, "other", &other.predicate));
	TT_TRY(tt_group_new(q, NULL, &group));
	if (only_below) {
		below.object = below.predicate;
		below.subject = other.predicate;
		below.predicate.constant = tt_term_iri(subproperty);
		TT_TRY(tt_group_add_triple(q, group, &below, a->part->wrap));
	}
	TT_TRY(tt_group_add_triple(q, group, &other, a->part->wrap));
	TT_TRY(tt_probe_values(q, group, &other.predicate.text, 1, MOST_STEPS, &rows));
	for (size_t i = 0; i < rows.n_rows; ++i) {
		tt_ast_triple changed = *a->triple;
		changed.predicate.constant = rows.cells[i];
		TT_TRY(try_triple(a, &changed, what, NULL));
	}
	return TT_OK;
}

/* ---- other graphs ----------------------------------------------------------------------------- */

static tt_status try_within_graph(attempt *a)
{
	const tt_wrap *const wrap = a->part->wrap;
	tt_ast_term any;
	TT_TRY(tt_inquiry_variable(a->q, "graph", &any));
	if (wrap->element->term.kind == TT_AST_CONSTANT) {
		const char *sentence = NULL;
		TT_TRY(tt_inquiry_text(a->q, &sentence, "in any named graph: GRAPH ?%.*s", TT_VIEW_ARG(any.text)));
		TT_TRY(try_change(a, &wrap->element->term, &any, sizeof any, sentence, NULL));
	}
	const tt_element_kind kind = TT_ELEMENT_GROUP;
	return try_change(a, &wrap->element->kind, &kind, sizeof kind, "in the default graph, without GRAPH", NULL);
}

/* The triple alone, or all of WHERE, in GRAPH ?graph. */
static tt_status try_in_graph(attempt *a)
{
	tt_inquiry *const q = a->q;
	tt_ast_query *const query = q->ast->query;
	tt_ast_element *graph = NULL;
	tt_ast_group *where = NULL;
	tt_edit *edit = NULL;
	bool is_good = false;
	const char *sentence = NULL;
	TT_INQUIRY_NEW(q, &graph);
	graph->kind = TT_ELEMENT_GRAPH;
	graph->group = query->where;
	TT_TRY(tt_inquiry_variable(q, "graph", &graph->term));
	TT_TRY(tt_group_new(q, graph, &where));
	TT_TRY(tt_inquiry_text(q, &sentence, "in a named graph: GRAPH ?%.*s { … } around the whole pattern",
	                       TT_VIEW_ARG(graph->term.text)));
	TT_TRY(tt_edit_new(q, &query->where, &where, sizeof where, NULL, &edit));
	TT_TRY(tt_finding_try(q, a->finding, edit, NULL, 0, sentence, &is_good));
	a->n_good += is_good;
	return TT_OK;
}

/* The element of the triple, cut into what stands before it, the triple in a GRAPH, and what stands behind. */
static tt_status try_triple_in_graph(attempt *a)
{
	tt_inquiry *const q = a->q;
	tt_ast_element *const element = a->part->element;
	tt_ast_element *inner = NULL;
	tt_ast_element *graph = NULL;
	tt_ast_element *behind = NULL;
	TT_INQUIRY_NEW(q, &inner);
	TT_INQUIRY_NEW(q, &graph);
	TT_INQUIRY_NEW(q, &behind);
	*inner = (tt_ast_element){.kind = TT_ELEMENT_TRIPLES};
	*behind = *element;
	behind->triples = NULL;
	*graph = (tt_ast_element){.kind = TT_ELEMENT_GRAPH, .next = behind};
	TT_TRY(tt_group_new(q, inner, &graph->group));
	TT_TRY(tt_inquiry_variable(q, "graph", &graph->term));
	tt_ast_triple **inner_end = &inner->triples;
	tt_ast_triple **behind_end = &behind->triples;
	for (const tt_ast_triple *triple = element->triples; triple; triple = triple->next) {
		tt_ast_triple ***const end = triple == a->triple ? &inner_end : &behind_end;
		TT_INQUIRY_NEW(q, *end);
		***end = *triple;
		(**end)->next = NULL;
		*end = &(**end)->next;
	}
	const tt_part part = {.element = graph};
	const char *sentence = NULL;
	tt_edit *edit = NULL;
	bool is_good = false;
	TT_TRY(tt_inquiry_text(q, &sentence, "this triple in a named graph: GRAPH ?%.*s", TT_VIEW_ARG(graph->term.text)));
	TT_TRY(tt_edit_new(q, element, graph, sizeof *graph, NULL, &edit));
	TT_TRY(tt_finding_try(q, a->finding, edit, &part, 1, sentence, &is_good));
	a->n_good += is_good;
	return TT_OK;
}

static tt_status note_graphs(attempt *a)
{
	tt_inquiry *const q = a->q;
	tt_ast_element graph = {.kind = TT_ELEMENT_GRAPH};
	tt_wrap wrap = {.element = &graph};
	tt_ast_group *group = NULL;
	tt_rows rows;
	TT_TRY(tt_inquiry_variable(q, "graph", &graph.term));
	TT_TRY(tt_group_new(q, NULL, &group));
	TT_TRY(tt_group_add_triple(q, group, a->triple, &wrap));
	TT_TRY(tt_probe_values(q, group, &graph.term.text, 1, 1, &rows));
	if (rows.n_rows) {
		const char *name = NULL;
		const char *note = NULL;
		TT_TRY(tt_inquiry_term(q, &rows.cells[0], &name));
		TT_TRY(tt_inquiry_text(q, &note, "it matches in the graph %s", name));
		TT_TRY(tt_finding_note(q, a->finding, note));
	}
	return TT_OK;
}

static tt_status try_graphs(attempt *a)
{
	tt_inquiry *const q = a->q;
	tt_ast_query *const query = q->ast->query;
	TT_TRY(note_graphs(a));
	if (query->dataset) {
		tt_ast_dataset *const none = NULL;
		TT_TRY(try_change(a, &query->dataset, &none, sizeof none, "without FROM and FROM NAMED", NULL));
	}
	if (a->part->wrap) {
		return try_within_graph(a);
	}
	TT_TRY(try_in_graph(a));
	TT_TRY(a->n_good ? TT_OK : try_triple_in_graph(a));
	return q->options.is_union_default_graph || query->dataset ? TT_OK : tt_finding_try_union(q, a->finding);
}

/* ---- what is there instead -------------------------------------------------------------------- */

/* A note of some values: "BEFORE a, b, c". */
static tt_status note_values(attempt *a, const tt_ast_triple *triple, tt_view variable, const char *before)
{
	tt_inquiry *const q = a->q;
	tt_ast_group *group = NULL;
	tt_rows rows;
	const char *note = before;
	TT_TRY(tt_group_new(q, NULL, &group));
	TT_TRY(tt_group_add_triple(q, group, triple, a->part->wrap));
	TT_TRY(tt_probe_values(q, group, &variable, 1, MOST_NOTED, &rows));
	for (size_t i = 0; i < rows.n_rows; ++i) {
		const char *text = NULL;
		TT_TRY(tt_inquiry_term(q, &rows.cells[i], &text));
		TT_TRY(tt_inquiry_text(q, &note, "%s%s %s", note, i ? "," : "", text));
	}
	if (!rows.n_rows) {
		return TT_OK;
	}
	TT_TRY(rows.n_rows == MOST_NOTED ? tt_inquiry_text(q, &note, "%s …", note) : TT_OK);
	return tt_finding_note(q, a->finding, note);
}

/* What the subject has by this predicate, or else which predicates it has; the same of the object. */
static tt_status note_neighbours(attempt *a)
{
	tt_inquiry *const q = a->q;
	const position ends[] = {SUBJECT, OBJECT};
	for (size_t i = 0; i < 2; ++i) {
		const position end = ends[i];
		const position other = ends[1 - i];
		const size_t n_notes = a->finding->n_notes;
		tt_ast_triple varied;
		const char *name = NULL;
		const char *before = NULL;
		if (!is_constant(a->triple, end)) {
			continue;
		}
		TT_TRY(tt_inquiry_term(q, &term_at(a->triple, end)->constant, &name));
		if (is_constant(a->triple, PREDICATE)) {
			const char *predicate = NULL;
			TT_TRY(tt_inquiry_term(q, &a->triple->predicate.constant, &predicate));
			TT_TRY(tt_inquiry_text(q, &before, end == SUBJECT ? "%s %s:" : "%s is what %s leads to from:", name,
			                       predicate));
			TT_TRY(keep_only(q, a->triple, 1u << PREDICATE | 1u << end, &varied));
			TT_TRY(note_values(a, &varied, term_at(&varied, other)->text, before));
		}
		if (a->finding->n_notes == n_notes) {
			TT_TRY(tt_inquiry_text(q, &before,
			                       end == SUBJECT ? "the predicates of %s:" : "the predicates that lead to %s:", name));
			TT_TRY(keep_only(q, a->triple, 1u << end, &varied));
			TT_TRY(note_values(a, &varied, varied.predicate.text, before));
		}
	}
	return TT_OK;
}

/* Some of the classes, or predicates, that are there, where nothing is near to one that is not. */
static tt_status note_vocabulary(attempt *a, position culprit)
{
	tt_ast_triple varied;
	if (culprit == PREDICATE) {
		TT_TRY(keep_only(a->q, a->triple, 0, &varied));
		return note_values(a, &varied, varied.predicate.text, "among the predicates that are there:");
	}
	if (culprit == OBJECT && is_type(a->triple)) {
		TT_TRY(keep_only(a->q, a->triple, 1u << PREDICATE, &varied));
		return note_values(a, &varied, varied.object.text, "among the classes that are there:");
	}
	return TT_OK;
}

/* ---- graphs that are none ----------------------------------------------------------------------- */

/* The innermost GRAPH with a name that has no statement. */
static tt_status find_graph(tt_inquiry *q, const tt_part *part, const tt_wrap **out)
{
	*out = NULL;
	for (const tt_wrap *wrap = part->wrap; wrap && !*out; wrap = wrap->outer) {
		tt_ast_triple any = *part->triple;
		tt_wrap alone = {.element = wrap->element};
		tt_probe probe = TT_PROBE_UNKNOWN;
		if (wrap->element->term.kind == TT_AST_CONSTANT) {
			TT_TRY(keep_only(q, part->triple, 0, &any));
			TT_TRY(probe_triple(q, &any, &alone, false, &probe));
			*out = probe == TT_PROBE_NO ? wrap : NULL;
		}
	}
	return TT_OK;
}

static tt_status blame_graph(tt_inquiry *q, const tt_part *part, const tt_wrap *wrap)
{
	attempt a = {.q = q, .part = part, .triple = part->triple};
	tt_ast_term *const term = &wrap->element->term;
	const tt_near_place place = {.snapshot = q->snapshot, .prefixes = &q->prefixes, .role = TT_NEAR_GRAPH};
	const tt_term wanted = term->constant;
	tt_near near[TT_NEAR_MOST];
	size_t n = 0;
	const char *name = NULL;
	const char *text = NULL;
	const char *sentence = NULL;
	TT_TRY(tt_inquiry_term(q, &wanted, &name));
	TT_TRY(tt_inquiry_parts(q, part, 1, &text));
	TT_TRY(tt_inquiry_text(q, &sentence, "there is no statement in a graph %s", name));
	TT_TRY(tt_finding_new(q, TT_EMPTY_NO_MATCH_POSSIBLE, TT_EMPTY_BY_GRAPH, term->place, text, sentence, &a.finding));
	TT_TRY(tt_nearest_terms(&q->arena, &place, &wanted, near, &n));
	for (size_t i = 0; i < n && a.n_good < 2; ++i) {
		tt_ast_term changed = *term;
		const char *other = NULL;
		changed.constant = near[i].term;
		TT_TRY(tt_inquiry_term(q, &near[i].term, &other));
		TT_TRY(tt_inquiry_text(q, &sentence, "%s in place of %s", other, name));
		TT_TRY(try_change(&a, term, &changed, sizeof changed, sentence, NULL));
	}
	return a.n_good ? TT_OK : try_graphs(&a);
}

/* ---- paths ------------------------------------------------------------------------------------ */

/* The first link of a path that is the predicate of no statement. */
static tt_status find_link(tt_inquiry *q, const tt_path *path, const tt_path **out)
{
	TT_TRY(tt_ctx_enter(&q->ctx));
	tt_status status = TT_OK;
	if (path->kind == TT_PATH_LINK) {
		const tt_term term = tt_term_iri(path->iri);
		tt_predicate_stats stats = {.n_quads = 0};
		tt_id id = TT_UNBOUND;
		status = find_id(q, &term, &id);
		status = status || id == TT_UNBOUND ? status : tt_snapshot_predicate(q->snapshot, id, &stats);
		*out = status == TT_OK && !stats.n_quads ? path : *out;
	}
	if (path->first && status == TT_OK) {
		status = find_link(q, path->first, out);
	}
	if (path->second && status == TT_OK && !*out) {
		status = find_link(q, path->second, out);
	}
	tt_ctx_leave(&q->ctx);
	return status;
}

/* A path of which a link is in no statement. */
static tt_status blame_link(tt_inquiry *q, const tt_part *part, const tt_path *link)
{
	attempt a = {.q = q, .part = part, .triple = part->triple};
	const tt_near_place place = {.snapshot = q->snapshot, .prefixes = &q->prefixes, .role = TT_NEAR_PREDICATE};
	const tt_term wanted = tt_term_iri(link->iri);
	const char *name = NULL;
	const char *text = NULL;
	const char *sentence = NULL;
	tt_near near[TT_NEAR_MOST];
	size_t n = 0;
	TT_TRY(tt_inquiry_term(q, &wanted, &name));
	TT_TRY(tt_inquiry_parts(q, part, 1, &text));
	TT_TRY(tt_inquiry_text(q, &sentence, "%s is the predicate of no statement", name));
	TT_TRY(tt_finding_new(q, TT_EMPTY_NO_MATCH_POSSIBLE, TT_EMPTY_BY_TERM, link->place, text, sentence, &a.finding));
	TT_TRY(tt_nearest_terms(&q->arena, &place, &wanted, near, &n));
	for (size_t i = 0; i < n && a.n_good < 2; ++i) {
		const char *other = NULL;
		TT_TRY(tt_inquiry_term(q, &near[i].term, &other));
		TT_TRY(tt_inquiry_text(q, &sentence, "%s in place of %s", other, name));
		TT_TRY(try_change(&a, (void *)&link->iri, &near[i].term.text, sizeof link->iri, sentence, NULL));
	}
	return TT_OK;
}

/* ---- the finding ------------------------------------------------------------------------------ */

/* The first term that stands in its place in no statement of the graphs that are asked. */
static tt_status find_culprit(tt_inquiry *q, const tt_part *part, position *out_at, bool *out_is_elsewhere)
{
	for (*out_at = PREDICATE; *out_at < N_POSITIONS; ++*out_at) {
		tt_probe probe = TT_PROBE_UNKNOWN;
		tt_ast_triple alone;
		if (!is_constant(part->triple, *out_at)) {
			continue;
		}
		const bool is_class = *out_at == OBJECT && is_type(part->triple);
		TT_TRY(keep_only(q, part->triple, 1u << *out_at | (is_class ? 1u << PREDICATE : 0), &alone));
		TT_TRY(probe_triple(q, &alone, part->wrap, false, &probe));
		if (probe == TT_PROBE_NO) {
			TT_TRY(probe_triple(q, &alone, NULL, true, &probe));
			*out_is_elsewhere = probe == TT_PROBE_YES;
			return TT_OK;
		}
	}
	return TT_OK;
}

static tt_status word_culprit(tt_inquiry *q, const tt_part *part, position at, bool is_elsewhere, const char **out)
{
	static const char *const places[] = {[PREDICATE] = "predicate", [OBJECT] = "object", [SUBJECT] = "subject"};
	const char *name = NULL;
	bool is_known = false;
	TT_TRY(tt_inquiry_term(q, &term_at(part->triple, at)->constant, &name));
	TT_TRY(tt_nearest_is_there(q->snapshot, &term_at(part->triple, at)->constant, &is_known));
	if (!is_known) {
		return tt_inquiry_text(q, out, "%s is not in the data", name);
	}
	const char *const where = is_elsewhere ? " in the graphs that are asked" : "";
	return at == OBJECT && is_type(part->triple)
	           ? tt_inquiry_text(q, out, "nothing is of the class %s%s", name, where)
	           : tt_inquiry_text(q, out, "%s is the %s of no statement%s", name, places[at], where);
}

static tt_status try_all(attempt *a, position culprit)
{
	const tt_ast_triple *const triple = a->triple;
	const bool is_named = is_constant(triple, PREDICATE);
	const bool has_end = is_constant(triple, SUBJECT) || is_constant(triple, OBJECT);
	if (culprit < N_POSITIONS) {
		TT_TRY(try_near_terms(a, culprit, UINT32_MAX));
	} else if (is_constant(triple, OBJECT)) {
		TT_TRY(try_near_terms(a, OBJECT, triple->object.constant.kind == TT_TERM_LITERAL ? UINT32_MAX : 2));
		if (a->n_good && triple->object.constant.kind == TT_TERM_LITERAL && a->finding->reason == TT_EMPTY_BY_PATTERN) {
			a->finding->reason = TT_EMPTY_BY_LITERAL;
		}
	}
	TT_TRY(a->n_good ? TT_OK : try_direction(a));
	if (is_type(triple)) {
		return a->n_good ? TT_OK : try_subclasses(a);
	}
	TT_TRY(is_named && !a->n_good ? try_predicates(a, true, "by a more special property") : TT_OK);
	if (has_end && (is_named || triple->path) && !a->n_good) {
		TT_TRY(is_constant(triple, OBJECT) ? try_steps(a, false) : TT_OK);
		TT_TRY(is_constant(triple, SUBJECT) ? try_steps(a, true) : TT_OK);
	}
	const bool is_literal = is_constant(triple, OBJECT) && triple->object.constant.kind == TT_TERM_LITERAL;
	const bool is_close = is_literal || (is_constant(triple, SUBJECT) && is_constant(triple, OBJECT));
	return is_named && is_close && !a->n_good ? try_predicates(a, false, "by another property") : TT_OK;
}

/* What was found out while changes were tried belongs into the sentence. */
static void reword(tt_empty_finding *finding)
{
	static const char *const sentences[TT_EMPTY_BY_SLICE + 1] = {
	    [TT_EMPTY_BY_DIRECTION] = "there is no such statement, but there is one the other way round",
	    [TT_EMPTY_BY_LITERAL] =
	        "there is no such statement, but one whose literal differs in datatype, language or spelling",
	    [TT_EMPTY_BY_PATH] = "there is no such statement, but a longer path leads there"};
	const char *const sentence = finding->kind == TT_EMPTY_DATA_SAY_NO ? sentences[finding->reason] : NULL;
	if (sentence) {
		(void)snprintf(finding->message.text, sizeof finding->message.text, "%s", sentence);
	}
}

tt_status tt_empty_triple(tt_inquiry *q, const tt_part *part)
{
	attempt a = {.q = q, .part = part, .triple = part->triple};
	position culprit = N_POSITIONS;
	bool is_elsewhere = false;
	tt_probe anywhere = TT_PROBE_NO;
	const char *text = NULL;
	const char *sentence = "each term of this triple is in the data, but there is no such statement";
	const tt_path *link = NULL;
	const tt_wrap *graph = NULL;
	TT_TRY(find_graph(q, part, &graph));
	if (graph) {
		return blame_graph(q, part, graph);
	}
	TT_TRY(part->triple->path ? find_link(q, part->triple->path, &link) : TT_OK);
	if (link) {
		return blame_link(q, part, link);
	}
	TT_TRY(find_culprit(q, part, &culprit, &is_elsewhere));
	const bool has_culprit = culprit < N_POSITIONS;
	TT_TRY(probe_triple(q, part->triple, NULL, true, &anywhere));
	is_elsewhere = anywhere == TT_PROBE_YES && (!has_culprit || is_elsewhere);
	TT_TRY(tt_inquiry_parts(q, part, 1, &text));
	const tt_place place = has_culprit ? term_at(part->triple, culprit)->place : tt_part_place(part);
	if (has_culprit) {
		TT_TRY(word_culprit(q, part, culprit, is_elsewhere, &sentence));
	} else if (is_elsewhere) {
		sentence = "such a statement is only in other graphs than those that are asked";
	}
	const bool is_literal = culprit == OBJECT && part->triple->object.constant.kind == TT_TERM_LITERAL;
	TT_TRY(tt_finding_new(q, has_culprit ? TT_EMPTY_NO_MATCH_POSSIBLE : TT_EMPTY_DATA_SAY_NO,
	                      is_elsewhere  ? TT_EMPTY_BY_GRAPH
	                      : is_literal  ? TT_EMPTY_BY_LITERAL
	                      : has_culprit ? TT_EMPTY_BY_TERM
	                                    : TT_EMPTY_BY_PATTERN,
	                      place.line ? place : tt_part_place(part), text, sentence, &a.finding));
	TT_TRY(is_elsewhere ? try_graphs(&a) : try_all(&a, culprit));
	reword(a.finding);
	TT_TRY(a.n_good ? TT_OK : note_vocabulary(&a, culprit));
	return a.n_good ? TT_OK : note_neighbours(&a);
}
