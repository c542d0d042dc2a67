/* show.c - evidence for reading, as JSON, and as the statements themselves.
 *
 * For reading, statements that stand in the same places and have the same subject's standing make a block, and where it
 * stands is said once, below:
 *
 *     row 1: ?act = :meeting, ?year = 2019
 *
 *       :meeting  :participant  :A
 *       :meeting  :year         2019
 *         P16, sentence 2 (Cooperation) of [1]; reported; cites [2]
 *
 *       :meeting  the meeting of spring
 *
 *     computed: ?n = 3, from (COUNT(?x))
 *     [1] Author. Title … */
#include "evidence/evidence.h"

#include "rdf/write.h"
#include "result/cell.h"
#include "base/json.h"
#include "result/json.h"

#include <inttypes.h>
#include <stdlib.h>

/* ---- terms -------------------------------------------------------------------------------------- */

typedef struct page {
	const tt_why *why;
	tt_buffer *out;
	tt_result_style style;
	tt_map sections; /* passages whose section was told */
} page;

static tt_status show_term(page *p, const tt_term *term)
{
	tt_cell_look look;
	return tt_cell_write(p->out, term, &p->style, &look);
}

static tt_status show_text(page *p, const char *before, tt_view text)
{
	if (!text.size) {
		return TT_OK;
	}
	TT_TRY(tt_buffer_append(p->out, tt_view_of(before)));
	return tt_cell_write_text(p->out, text);
}

static tt_status pad(page *p, size_t n)
{
	for (size_t i = 0; i < n; ++i) {
		TT_TRY(tt_buffer_append_char(p->out, ' '));
	}
	return TT_OK;
}

/* The width of a term as it is shown. */
static tt_status measure(page *p, const tt_term *term, size_t *out)
{
	const size_t begin = p->out->size;
	TT_TRY(show_term(p, term));
	*out = tt_utf8_width((tt_view){p->out->data + begin, p->out->size - begin});
	p->out->size = begin;
	return TT_OK;
}

/* ---- where it stands ---------------------------------------------------------------------------- */

enum { MOST_PLACES = 6, MOST_CONFLICTS = 4 }; /* graphs of a statement, and what contests it, that are listed */

static tt_status show_number(page *p, const char *before, const tt_term *work)
{
	const size_t number = tt_why_number(p->why, work);
	return number ? tt_buffer_printf(p->out, "%s[%zu]", before, number) : TT_OK;
}

/* The part of the work that a passage is of, where the passage is first met. */
static tt_status show_section(page *p, const tt_passage *passage)
{
	const uint64_t hash = tt_term_hash(&passage->graph);
	uint64_t cursor = 0;
	uint64_t value = 0;
	if (!passage->section.size || tt_map_next(&p->sections, hash, &cursor, &value)) {
		return TT_OK;
	}
	TT_TRY(tt_map_insert(&p->sections, hash, 1));
	TT_TRY(show_text(p, ", in \"", passage->section));
	return tt_buffer_append(p->out, TT_VIEW("\""));
}

/* "P16, sentence 2, in "section" of [1]" */
static tt_status show_place(page *p, const tt_statement *statement, const tt_passage *passage)
{
	const tt_standing *const standing = statement->standing;
	const bool is_plain = passage->graph.kind == TT_TERM_NONE || passage->is_described;
	TT_TRY(is_plain ? show_text(p, "", passage->label) : show_term(p, &passage->graph));
	for (size_t i = 0; i < standing->n_passages && standing->sentences.size; ++i) {
		if (tt_term_equal(&standing->passages[i], &passage->graph)) {
			const bool is_several = memchr(standing->sentences.data, ',', standing->sentences.size) != NULL;
			TT_TRY(show_text(p, is_several ? ", sentences " : ", sentence ", standing->sentences));
			break;
		}
	}
	TT_TRY(show_section(p, passage));
	if (passage->work.kind != TT_TERM_NONE) {
		return show_number(p, " of ", &passage->work);
	}
	return passage->graph.kind == TT_TERM_NONE ? show_number(p, " of ", &p->why->origin)
	                                           : show_number(p, " ", &passage->graph);
}

static tt_status show_references(page *p, const char *before, const tt_reference *references, size_t n, bool is_nearby,
                                 bool *io_is_first)
{
	for (size_t i = 0; i < n; ++i) {
		if (references[i].is_nearby != is_nearby) {
			continue;
		}
		TT_TRY(tt_buffer_append(p->out, tt_view_of(*io_is_first ? before : ", ")));
		TT_TRY(tt_cell_write_text(p->out, references[i].label));
		TT_TRY(show_text(p, " p. ", references[i].pages));
		TT_TRY(show_number(p, " ", &references[i].work));
		*io_is_first = false;
	}
	return TT_OK;
}

/* What vouches for the subject, and what is cited: for the statement's subject, else anywhere in its passages. */
static tt_status show_standing(page *p, const tt_statement *statement)
{
	const tt_standing *const standing = statement->standing;
	bool is_first = true;
	TT_TRY(show_text(p, "; in the judgement of ", standing->holder));
	TT_TRY(show_text(p, "; ", standing->status));
	TT_TRY(show_text(p, "; ", standing->level));
	TT_TRY(show_references(p, "; citing ", standing->references, standing->n_references, false, &is_first));
	for (size_t i = 0; i < statement->n_graphs; ++i) {
		const tt_passage *const passage = statement->passages[i];
		TT_TRY(show_references(p, "; from ", passage->references, passage->n_references, false, &is_first));
	}
	for (size_t i = 0; i < statement->n_graphs && is_first; ++i) {
		const tt_passage *const passage = statement->passages[i];
		TT_TRY(show_references(p, "; cited there: ", passage->references, passage->n_references, true, &is_first));
	}
	for (size_t i = 0; i < standing->n_conflicts; ++i) {
		if (i == MOST_CONFLICTS && standing->n_conflicts > MOST_CONFLICTS + 1) {
			return tt_buffer_printf(p->out, " and %zu others", standing->n_conflicts - i);
		}
		TT_TRY(tt_buffer_append(p->out, i ? TT_VIEW(", ") : TT_VIEW("; contested by ")));
		TT_TRY(show_term(p, &standing->conflicts[i]));
	}
	return TT_OK;
}

static tt_status show_where(page *p, const tt_statement *statement)
{
	TT_TRY(tt_buffer_append(p->out, TT_VIEW("    ")));
	for (size_t i = 0; i < statement->n_graphs; ++i) {
		if (i == MOST_PLACES && statement->n_graphs > MOST_PLACES + 1) {
			TT_TRY(tt_buffer_printf(p->out, "; and %zu other graphs", statement->n_graphs - i));
			break;
		}
		TT_TRY(i ? tt_buffer_append(p->out, TT_VIEW("; ")) : TT_OK);
		TT_TRY(show_place(p, statement, statement->passages[i]));
	}
	TT_TRY(show_standing(p, statement));
	return tt_buffer_append_char(p->out, '\n');
}

/* ---- blocks ------------------------------------------------------------------------------------- */

/* Whether the same is to be said of where two statements stand. */
static bool are_together(const tt_statement *a, const tt_statement *b)
{
	if (a->n_graphs != b->n_graphs || (a->standing != b->standing && (a->standing->is_told || b->standing->is_told))) {
		return false;
	}
	for (size_t i = 0; i < a->n_graphs; ++i) {
		if (a->passages[i] != b->passages[i]) {
			return false;
		}
	}
	return true;
}

enum { WIDEST = 44 }; /* subjects and predicates are aligned up to this width */

static tt_status show_block(page *p, const tt_statement *const *statements, size_t n)
{
	size_t widths[2] = {0, 0};
	for (size_t i = 0; i < n; ++i) {
		for (size_t j = 0; j < 2; ++j) {
			size_t width = 0;
			TT_TRY(measure(p, &statements[i]->triple[j], &width));
			widths[j] = width > widths[j] ? width : widths[j];
		}
	}
	for (size_t i = 0; i < n; ++i) {
		TT_TRY(tt_buffer_append(p->out, TT_VIEW("  ")));
		for (size_t j = 0; j < 3; ++j) {
			size_t width = 0;
			TT_TRY(measure(p, &statements[i]->triple[j], &width));
			TT_TRY(show_term(p, &statements[i]->triple[j]));
			const size_t column = j < 2 && widths[j] < WIDEST ? widths[j] : width;
			TT_TRY(j < 2 ? pad(p, 2 + (column > width ? column - width : 0)) : tt_buffer_append_char(p->out, '\n'));
		}
	}
	TT_TRY(show_where(p, statements[0]));
	return tt_buffer_append_char(p->out, '\n');
}

/* A block for each statement that is in none yet, with those of the next ones that belong to it. */
static tt_status show_blocks(page *p)
{
	enum { MOST_AHEAD = 200 };
	const tt_why *const why = p->why;
	bool *const is_shown = tt_calloc(p->out->ctx, why->n_statements + 1, sizeof *is_shown);
	tt_status status = is_shown ? TT_OK : p->out->ctx->error.status;
	for (size_t i = 0; i < why->n_statements && status == TT_OK; ++i) {
		const tt_statement *block[MOST_AHEAD];
		size_t n = 0;
		for (size_t j = i; j < why->n_statements && j < i + MOST_AHEAD && !is_shown[i]; ++j) {
			if (!is_shown[j] && are_together(&why->statements[i], &why->statements[j])) {
				block[n++] = &why->statements[j];
				is_shown[j] = j > i;
			}
		}
		status = n ? show_block(p, block, n) : TT_OK;
	}
	tt_free(p->out->ctx, is_shown);
	return status;
}

/* ---- names -------------------------------------------------------------------------------------- */

/* Whether a label says no more than the name that is shown, but for case and what stands between words. */
static bool is_told_by_name(const tt_term *node, tt_view label)
{
	size_t at = node->text.size;
	for (size_t i = label.size; i-- > 0;) {
		const char c = label.data[i];
		if (c == ' ' || c == '-' || c == '_' || c == ',' || c == '.') {
			continue;
		}
		while (at > 0 && (node->text.data[at - 1] == '-' || node->text.data[at - 1] == '_')) {
			--at;
		}
		if (at == 0 || !tt_view_equal_nocase((tt_view){&node->text.data[at - 1], 1}, (tt_view){&c, 1})) {
			return false;
		}
		--at;
	}
	return true;
}

/* The labels of subjects and objects, each once. */
static tt_status show_names(page *p)
{
	const tt_why *const why = p->why;
	tt_map shown;
	bool is_any = false;
	tt_map_init(&shown, p->out->ctx);
	tt_status status = TT_OK;
	for (size_t i = 0; i < 2 * why->n_statements; ++i) {
		const tt_statement *const statement = &why->statements[i / 2];
		const size_t which = i % 2 ? 2 : 0;
		const tt_term *const node = &statement->triple[which];
		const uint64_t hash = tt_term_hash(node);
		uint64_t cursor = 0;
		uint64_t value = 0;
		if (!statement->labels[which].size || is_told_by_name(node, statement->labels[which]) ||
		    tt_map_next(&shown, hash, &cursor, &value)) {
			continue;
		}
		TT_TRY_DONE(tt_map_insert(&shown, hash, 1));
		TT_TRY_DONE(tt_buffer_append(p->out, TT_VIEW("  ")));
		TT_TRY_DONE(show_term(p, node));
		TT_TRY_DONE(show_text(p, p->style.is_utf8 ? " — " : " - ", statement->labels[which]));
		TT_TRY_DONE(tt_buffer_append_char(p->out, '\n'));
		is_any = true;
	}
	TT_TRY_DONE(is_any ? tt_buffer_append_char(p->out, '\n') : TT_OK);
done:
	tt_map_clear(&shown);
	return status;
}

/* ---- the whole ---------------------------------------------------------------------------------- */

static const struct {
	const char *name, *sentence;
} note_kinds[TT_N_NOTE_KINDS] = {
    [TT_NOTE_COMPUTED] = {"computed", "computed: "},  [TT_NOTE_GIVEN] = {"given", "given by the query: "},
    [TT_NOTE_ABSENT] = {"absent", "nothing states "}, [TT_NOTE_TRAIL] = {"path", "along a path: "},
    [TT_NOTE_GRAPH] = {"graph", "there: "},           [TT_NOTE_GROUP] = {"group", "a group of "},
    [TT_NOTE_REMARK] = {"remark", "note: "},
};

/* As the table shows it: without its language tag. */
static tt_status show_value(page *p, const tt_term *term)
{
	tt_cell_look look;
	TT_TRY(tt_cell_write(p->out, term, &p->style, &look));
	p->out->size -= look.n_tag_bytes;
	return TT_OK;
}

static tt_status show_head(page *p)
{
	const tt_why *const why = p->why;
	if (why->kind == TT_RESULTS_BOOLEAN) {
		return tt_buffer_append(p->out, TT_VIEW("true:\n\n"));
	}
	TT_TRY(tt_buffer_printf(p->out, "%s %" PRIu64 ":", why->kind == TT_RESULTS_TRIPLES ? "triple" : "row", why->row));
	for (size_t i = 0; i < why->values.n_items; ++i) {
		const tt_known *const value = &why->values.items[i];
		if (why->kind == TT_RESULTS_TRIPLES) {
			TT_TRY(pad(p, 1 + (i > 0)));
			TT_TRY(show_term(p, &value->term));
		} else if (value->term.kind != TT_TERM_NONE) {
			TT_TRY(pad(p, 2));
			TT_TRY(tt_cell_write_text(p->out, value->name));
			TT_TRY(tt_buffer_append(p->out, TT_VIEW(" = ")));
			TT_TRY(show_value(p, &value->term));
		}
	}
	return tt_buffer_append(p->out, TT_VIEW("\n\n"));
}

static tt_status show_notes(page *p)
{
	const tt_why *const why = p->why;
	for (size_t i = 0; i < why->n_notes; ++i) {
		TT_TRY(tt_buffer_append(p->out, tt_view_of(note_kinds[why->notes[i].kind].sentence)));
		TT_TRY(tt_cell_write_text(p->out, why->notes[i].text));
		TT_TRY(tt_buffer_append_char(p->out, '\n'));
	}
	if (why->is_cut) {
		TT_TRY(tt_buffer_printf(p->out, "there are more statements: the first %zu are listed\n", why->n_statements));
	}
	if (!why->n_statements && !why->n_notes) {
		TT_TRY(tt_buffer_append(p->out, TT_VIEW("the row holds by no statement: the pattern asks for none\n")));
	}
	if (why->n_solutions > 1 && !why->is_all) {
		TT_TRY(tt_buffer_printf(p->out, "and %s%" PRIu64 " other%s: the same follows from other statements\n",
		                        why->has_more_solutions ? "more than " : "", why->n_solutions - 1,
		                        why->n_solutions == 2 ? "" : "s"));
	}
	return why->n_notes || why->is_cut || why->n_solutions > 1 ? tt_buffer_append_char(p->out, '\n') : TT_OK;
}

static tt_status show_cited(page *p)
{
	for (size_t i = 0; i < p->why->n_cited; ++i) {
		TT_TRY(tt_buffer_printf(p->out, "[%zu] ", i + 1));
		TT_TRY(tt_cite_footnote(&p->why->cited[i], p->out));
		TT_TRY(tt_buffer_append_char(p->out, '\n'));
	}
	return TT_OK;
}

/* How much of a text fits into a width, cut at a space if there is one. */
static size_t fit(tt_view text, size_t width)
{
	size_t at = 0;
	size_t n_columns = 0;
	size_t space = 0;
	while (at < text.size) {
		unsigned n = 1;
		(void)tt_utf8_decode(text.data + at, text.size - at, &n);
		n_columns += tt_utf8_width((tt_view){text.data + at, n});
		if (n_columns > width) {
			at = space ? space : at ? at : n;
			while (space && at > 1 && text.data[at - 1] == ' ') {
				--at;
			}
			return at;
		}
		at += n;
		space = at < text.size && text.data[at] == ' ' ? at : space;
	}
	return at;
}

/* A line of the page, in as many lines of the terminal as it needs; those that go on stand further in. */
static tt_status wrap_line(tt_buffer *out, tt_view line, size_t width)
{
	static const char blanks[] = "            ";
	enum { MOST = sizeof blanks - 1, MORE = 4, NOTE = 4 };
	size_t n_indent = 0;
	while (n_indent < line.size && line.data[n_indent] == ' ') {
		++n_indent;
	}
	n_indent = line.size && line.data[0] == '[' ? NOTE : n_indent + MORE < MOST ? n_indent + MORE : MOST;
	size_t n = fit(line, width);
	TT_TRY(tt_buffer_append(out, (tt_view){line.data, n}));
	while (n < line.size) {
		line = tt_view_skip(line, n);
		while (line.size && line.data[0] == ' ') {
			line = tt_view_skip(line, 1);
		}
		n = fit(line, width > 2 * n_indent ? width - n_indent : n_indent);
		TT_TRY(tt_buffer_append_char(out, '\n'));
		TT_TRY(tt_buffer_append(out, (tt_view){blanks, n_indent}));
		TT_TRY(tt_buffer_append(out, (tt_view){line.data, n}));
	}
	return tt_buffer_append_char(out, '\n');
}

static tt_status wrap(tt_buffer *out, tt_view page_text, size_t width)
{
	while (page_text.size) {
		const char *const end = memchr(page_text.data, '\n', page_text.size);
		const size_t n = end ? (size_t)(end - page_text.data) : page_text.size;
		TT_TRY(wrap_line(out, (tt_view){page_text.data, n}, width));
		page_text = tt_view_skip(page_text, end ? n + 1 : n);
	}
	return TT_OK;
}

static tt_status show_page(tt_why *why, const tt_write_options *options, tt_buffer *out)
{
	page p = {.why = why,
	          .out = out,
	          .style = {.prefixes = &why->db->prefixes, .is_short = true, .is_utf8 = options->is_utf8}};
	tt_map_init(&p.sections, &why->ctx);
	tt_status status = TT_OK;
	TT_TRY_DONE(show_head(&p));
	TT_TRY_DONE(show_blocks(&p));
	TT_TRY_DONE(show_names(&p));
	TT_TRY_DONE(show_notes(&p));
	TT_TRY_DONE(show_cited(&p));
	while (p.out->size > 1 && p.out->data[p.out->size - 1] == '\n' && p.out->data[p.out->size - 2] == '\n') {
		p.out->size--;
	}
done:
	tt_map_clear(&p.sections);
	return status;
}

static tt_status show_all(tt_why *why, const tt_write_options *options, tt_output *output)
{
	tt_buffer page_text;
	tt_buffer_init(&page_text, &why->ctx);
	tt_status status = show_page(why, options, &page_text);
	if (status == TT_OK) {
		status = options->n_width ? wrap(&output->buffer, tt_buffer_view(&page_text), options->n_width)
		                          : tt_buffer_append(&output->buffer, tt_buffer_view(&page_text));
	}
	tt_buffer_clear(&page_text);
	return status;
}

/* ---- JSON --------------------------------------------------------------------------------------- */

static tt_status json_key(tt_buffer *out, const char *name, bool *io_is_first)
{
	TT_TRY(*io_is_first ? TT_OK : tt_buffer_append_char(out, ','));
	*io_is_first = false;
	return tt_buffer_printf(out, "\"%s\":", name);
}

/* A member with a text; none if there is no text. */
static tt_status json_text(tt_buffer *out, const char *name, tt_view text, bool *io_is_first)
{
	if (!text.size) {
		return TT_OK;
	}
	TT_TRY(json_key(out, name, io_is_first));
	return tt_json_string(out, text);
}

static tt_status json_term(tt_buffer *out, const char *name, const tt_term *term, bool *io_is_first)
{
	if (term->kind == TT_TERM_NONE) {
		return TT_OK;
	}
	TT_TRY(json_key(out, name, io_is_first));
	return tt_json_write_term(out, term);
}

static tt_status json_references(tt_buffer *out, const char *name, const tt_reference *references, size_t n,
                                 bool *io_is_first)
{
	if (!n) {
		return TT_OK;
	}
	TT_TRY(json_key(out, name, io_is_first));
	for (size_t i = 0; i < n; ++i) {
		bool is_first = true;
		TT_TRY(tt_buffer_append(out, i ? TT_VIEW(",{") : TT_VIEW("[{")));
		TT_TRY(json_term(out, "work", &references[i].work, &is_first));
		TT_TRY(json_text(out, "label", references[i].label, &is_first));
		TT_TRY(json_text(out, "pages", references[i].pages, &is_first));
		TT_TRY(tt_buffer_append_char(out, '}'));
	}
	return tt_buffer_append_char(out, ']');
}

static tt_status json_passage(tt_buffer *out, const tt_passage *passage)
{
	bool is_first = true;
	TT_TRY(tt_buffer_append_char(out, '{'));
	TT_TRY(json_term(out, "graph", &passage->graph, &is_first));
	TT_TRY(json_text(out, "label", passage->label, &is_first));
	TT_TRY(json_text(out, "section", passage->section, &is_first));
	TT_TRY(json_term(out, "work", &passage->work, &is_first));
	TT_TRY(json_references(out, "references", passage->references, passage->n_references, &is_first));
	return tt_buffer_append_char(out, '}');
}

static tt_status json_standing(tt_buffer *out, const tt_standing *standing, bool *io_is_first)
{
	bool is_first = true;
	if (!standing->is_told) {
		return TT_OK;
	}
	TT_TRY(json_key(out, "standing", io_is_first));
	TT_TRY(tt_buffer_append_char(out, '{'));
	TT_TRY(json_text(out, "sentences", standing->sentences, &is_first));
	TT_TRY(json_text(out, "holder", standing->holder, &is_first));
	TT_TRY(json_text(out, "status", standing->status, &is_first));
	TT_TRY(json_text(out, "level", standing->level, &is_first));
	TT_TRY(json_references(out, "references", standing->references, standing->n_references, &is_first));
	for (size_t i = 0; i < standing->n_conflicts; ++i) {
		TT_TRY(i ? tt_buffer_append_char(out, ',') : json_key(out, "conflicts", &is_first));
		TT_TRY(i ? TT_OK : tt_buffer_append_char(out, '['));
		TT_TRY(tt_json_write_term(out, &standing->conflicts[i]));
	}
	return tt_buffer_append(out, standing->n_conflicts ? TT_VIEW("]}") : TT_VIEW("}"));
}

static tt_status json_statement(tt_buffer *out, const tt_statement *statement)
{
	static const char *const names[] = {"subject", "predicate", "object"};
	bool is_first = true;
	TT_TRY(tt_buffer_append_char(out, '{'));
	for (size_t i = 0; i < 3; ++i) {
		TT_TRY(json_term(out, names[i], &statement->triple[i], &is_first));
	}
	TT_TRY(json_key(out, "graphs", &is_first));
	TT_TRY(tt_buffer_append_char(out, '['));
	for (size_t i = 0; i < statement->n_graphs; ++i) {
		TT_TRY(i ? tt_buffer_append_char(out, ',') : TT_OK);
		TT_TRY(json_passage(out, statement->passages[i]));
	}
	TT_TRY(tt_buffer_append_char(out, ']'));
	TT_TRY(json_standing(out, statement->standing, &is_first));
	return tt_buffer_append_char(out, '}');
}

static tt_status json_values(const tt_why *why, tt_buffer *out)
{
	bool is_first = true;
	TT_TRY(tt_buffer_append(out, TT_VIEW("\"values\":{")));
	for (size_t i = 0; i < why->values.n_items; ++i) {
		if (why->values.items[i].term.kind != TT_TERM_NONE) {
			TT_TRY(is_first ? TT_OK : tt_buffer_append_char(out, ','));
			TT_TRY(tt_json_string(out, why->values.items[i].name));
			TT_TRY(tt_buffer_append_char(out, ':'));
			TT_TRY(tt_json_write_term(out, &why->values.items[i].term));
			is_first = false;
		}
	}
	return tt_buffer_append_char(out, '}');
}

static tt_status write_json(tt_why *why, const tt_write_options *options, tt_output *output)
{
	tt_buffer *const out = &output->buffer;
	(void)options;
	TT_TRY(tt_buffer_printf(out, "{\"row\":%" PRIu64 ",", why->row));
	TT_TRY(json_values(why, out));
	TT_TRY(tt_buffer_printf(out, ",\"solutions\":%" PRIu64 ",\"complete\":%s,\n\"statements\":[", why->n_solutions,
	                        why->is_cut || why->has_more_solutions ? "false" : "true"));
	for (size_t i = 0; i < why->n_statements; ++i) {
		TT_TRY(tt_buffer_append(out, i ? TT_VIEW(",\n") : TT_VIEW("\n")));
		TT_TRY(json_statement(out, &why->statements[i]));
		TT_TRY(tt_output_check(output));
	}
	TT_TRY(tt_buffer_append(out, TT_VIEW("],\n\"notes\":[")));
	for (size_t i = 0; i < why->n_notes; ++i) {
		TT_TRY(
		    tt_buffer_printf(out, "%s\n{\"kind\":\"%s\",\"text\":", i ? "," : "", note_kinds[why->notes[i].kind].name));
		TT_TRY(tt_json_string(out, why->notes[i].text));
		TT_TRY(tt_buffer_append_char(out, '}'));
	}
	return tt_buffer_append(out, TT_VIEW("]}\n"));
}

/* ---- RDF ---------------------------------------------------------------------------------------- */

typedef struct quad {
	const tt_term *triple;
	const tt_term *graph;
} quad;

static int compare_quads(const void *a, const void *b)
{
	const quad *const x = a;
	const quad *const y = b;
	int order = tt_term_compare(x->graph, y->graph);
	for (size_t i = 0; i < 3 && !order; ++i) {
		order = tt_term_compare(&x->triple[i], &y->triple[i]);
	}
	return order;
}

/* The statements, in each of their graphs; or by themselves in a syntax without graphs. */
static tt_status gather_quads(tt_why *why, bool has_graphs, quad **out, size_t *out_n)
{
	static const tt_term none = {.kind = TT_TERM_NONE};
	size_t n = 0;
	for (size_t i = 0; i < why->n_statements; ++i) {
		n += has_graphs ? why->statements[i].n_graphs : 1;
	}
	*out = tt_arena_alloc(&why->arena, n * sizeof **out);
	*out_n = n;
	if (!*out) {
		return why->ctx.error.status;
	}
	n = 0;
	for (size_t i = 0; i < why->n_statements; ++i) {
		const tt_statement *const statement = &why->statements[i];
		for (size_t j = 0; j < statement->n_graphs && has_graphs; ++j) {
			(*out)[n++] = (quad){statement->triple, &statement->graphs[j]};
		}
		if (!has_graphs) {
			(*out)[n++] = (quad){statement->triple, &none};
		}
	}
	if (n > 1) {
		qsort(*out, n, sizeof **out, compare_quads);
	}
	return TT_OK;
}

/* Only the prefixes that are used are declared. */
static tt_status use_prefix(const tt_prefixes *known, tt_rdf_syntax syntax, tt_prefixes *used, const tt_term *term)
{
	const tt_prefix *prefix = NULL;
	tt_view local;
	const tt_view iri = term->kind == TT_TERM_IRI ? term->text : term->datatype;
	if (!iri.size || (term->kind == TT_TERM_LITERAL && tt_write_implies_datatype(iri, syntax)) ||
	    !tt_prefixes_shorten(known, iri, &prefix, &local)) {
		return TT_OK;
	}
	return tt_prefixes_set(used, prefix->name, prefix->iri);
}

static tt_status write_rdf(tt_why *why, tt_rdf_syntax syntax, tt_output *output)
{
	quad *quads = NULL;
	size_t n = 0;
	tt_prefixes used;
	tt_writer *writer = NULL;
	TT_TRY(gather_quads(why, tt_rdf_syntax_has_graphs(syntax), &quads, &n));
	tt_prefixes_init(&used, &why->ctx);
	tt_status status = TT_OK;
	for (size_t i = 0; i < n; ++i) {
		for (size_t j = 0; j < 3; ++j) {
			TT_TRY_DONE(use_prefix(&why->db->prefixes, syntax, &used, &quads[i].triple[j]));
		}
		TT_TRY_DONE(use_prefix(&why->db->prefixes, syntax, &used, quads[i].graph));
	}
	TT_TRY_DONE(tt_writer_new(output, syntax, &used, &writer));
	for (size_t i = 0; i < n; ++i) {
		const tt_term *const triple = quads[i].triple;
		TT_TRY_DONE(tt_writer_statement(writer, &triple[0], &triple[1], &triple[2], quads[i].graph));
		TT_TRY_DONE(tt_output_check(output));
	}
	TT_TRY_DONE(tt_writer_finish(writer));
done:
	tt_writer_free(writer);
	tt_prefixes_clear(&used);
	return status;
}

/* ---- from outside ------------------------------------------------------------------------------- */

static tt_rdf_syntax syntax_of(tt_format format)
{
	static const tt_rdf_syntax syntaxes[] = {[TT_FORMAT_TURTLE] = TT_RDF_TURTLE,
	                                         [TT_FORMAT_NTRIPLES] = TT_RDF_NTRIPLES,
	                                         [TT_FORMAT_JSONLD] = TT_RDF_JSONLD,
	                                         [TT_FORMAT_TRIG] = TT_RDF_TRIG,
	                                         [TT_FORMAT_NQUADS] = TT_RDF_NQUADS};
	return format <= TT_FORMAT_NQUADS ? syntaxes[format] : TT_RDF_GUESS;
}

bool tt_why_fits(tt_format format)
{
	return format == TT_FORMAT_TABLE || format == TT_FORMAT_JSON || syntax_of(format) != TT_RDF_GUESS;
}

tt_status tt_why_write(tt_why *why, const tt_write_options *options, int fd)
{
	tt_output output;
	tt_output_init(&output, &why->ctx, fd);
	tt_status status = !tt_why_fits(options->format)
	                       ? tt_fail(&why->ctx, TT_BAD_ARGUMENT, "the format cannot show evidence")
	                   : syntax_of(options->format) != TT_RDF_GUESS
	                       ? write_rdf(why, syntax_of(options->format), &output)
	                   : options->format == TT_FORMAT_JSON ? write_json(why, options, &output)
	                                                       : show_all(why, options, &output);
	status = status ? status : tt_output_flush(&output);
	tt_output_clear(&output);
	return status == TT_OK ? TT_OK : tt_db_failed(why->db, &why->ctx);
}
