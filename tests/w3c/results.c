/* results.c - reading SPARQL results: XML by libxml2, JSON by jansson, CSV and TSV by hand, RDF by our own engine. */
#include "w3c/results.h"

#include <jansson.h>
#include <libxml/xmlreader.h>
#include <stdlib.h>
#include <string.h>

tt_format results_format(const char *path)
{
	static const struct {
		const char *suffix;
		tt_format format;
	} formats[] = {{".srx", TT_FORMAT_XML}, {".srj", TT_FORMAT_JSON}, {".csv", TT_FORMAT_CSV}, {".tsv", TT_FORMAT_TSV}};
	const char *const suffix = strrchr(path, '.');
	for (size_t i = 0; suffix && i < sizeof formats / sizeof *formats; ++i) {
		if (strcmp(suffix, formats[i].suffix) == 0) {
			return formats[i].format;
		}
	}
	return TT_FORMAT_NONE;
}

static tt_term make_term(answer *self, tt_term_kind kind, const char *text, const char *datatype, const char *language)
{
	tt_term term = {.kind = kind, .text = {answer_keep(self, text, strlen(text)), strlen(text)}};
	if (kind == TT_TERM_LITERAL) {
		const char *const iri = language ? LANG_STRING_IRI : datatype ? datatype : XSD_IRI "string";
		const char *const tag = language ? language : "";
		term.datatype = (tt_view){answer_keep(self, iri, strlen(iri)), strlen(iri)};
		term.language = (tt_view){answer_keep(self, tag, strlen(tag)), strlen(tag)};
	}
	return term;
}

/* ---- XML -------------------------------------------------------------------------------------- */

typedef struct xml_state {
	xmlTextReaderPtr reader;
	answer *answer;
	size_t column; /* of the binding we are in */
	bool has_answer;
	const char *problem;
} xml_state;

static void read_variable(xml_state *state)
{
	xmlChar *const name = xmlTextReaderGetAttribute(state->reader, (const xmlChar *)"name");
	if (name) {
		(void)answer_column(state->answer, (const char *)name, strlen((const char *)name));
	}
	xmlFree(name);
}

static void read_result(xml_state *state)
{
	(void)answer_add_row(state->answer);
}

static void read_binding(xml_state *state)
{
	xmlChar *const name = xmlTextReaderGetAttribute(state->reader, (const xmlChar *)"name");
	state->column = name ? answer_column(state->answer, (const char *)name, strlen((const char *)name)) : SIZE_MAX;
	if (state->column == SIZE_MAX || state->answer->n_rows == 0) {
		state->problem = "a binding of an undeclared variable";
	}
	xmlFree(name);
}

static void read_value(xml_state *state, tt_term_kind kind)
{
	answer *const self = state->answer;
	if (self->n_rows == 0 || state->column >= self->n_columns) {
		state->problem = "a value outside a binding";
		return;
	}
	xmlChar *const datatype = xmlTextReaderGetAttribute(state->reader, (const xmlChar *)"datatype");
	xmlChar *const language = xmlTextReaderGetAttribute(state->reader, (const xmlChar *)"xml:lang");
	xmlChar *const text = xmlTextReaderReadString(state->reader);
	self->cells[(self->n_rows - 1) * self->n_columns + state->column] = make_term(
	    self, kind, text ? (const char *)text : "", (const char *)datatype, (const char *)language);
	xmlFree(text);
	xmlFree(language);
	xmlFree(datatype);
}

static void read_uri(xml_state *state)
{
	read_value(state, TT_TERM_IRI);
}

static void read_bnode(xml_state *state)
{
	read_value(state, TT_TERM_BLANK);
}

static void read_literal(xml_state *state)
{
	read_value(state, TT_TERM_LITERAL);
}

static void read_results(xml_state *state)
{
	state->has_answer = true;
}

static void read_boolean(xml_state *state)
{
	xmlChar *const text = xmlTextReaderReadString(state->reader);
	const char *const word = text ? (const char *)text + strspn((const char *)text, " \t\r\n") : "";
	state->answer->kind = TT_RESULTS_BOOLEAN;
	state->answer->boolean = strncmp(word, "true", 4) == 0;
	state->has_answer = state->answer->boolean || strncmp(word, "false", 5) == 0;
	xmlFree(text);
}

static void read_element(xml_state *state)
{
	static const struct {
		const char *name;
		void (*read)(xml_state *);
	} elements[] = {{"variable", read_variable}, {"results", read_results}, {"result", read_result},
	                {"binding", read_binding},   {"uri", read_uri},         {"bnode", read_bnode},
	                {"literal", read_literal},   {"boolean", read_boolean}};
	const char *const name = (const char *)xmlTextReaderConstLocalName(state->reader);
	for (size_t i = 0; i < sizeof elements / sizeof *elements; ++i) {
		if (strcmp(name, elements[i].name) == 0) {
			elements[i].read(state);
		}
	}
}

static answer *parse_xml(const char *text, size_t size, const char **out_problem)
{
	xml_state state = {.reader = xmlReaderForMemory(text, (int)size, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR),
	                   .answer = answer_new(TT_RESULTS_ROWS)};
	int n_read = state.reader ? 1 : -1;
	while (n_read == 1 && !state.problem) {
		n_read = xmlTextReaderRead(state.reader);
		if (n_read == 1 && xmlTextReaderNodeType(state.reader) == XML_READER_TYPE_ELEMENT) {
			read_element(&state);
		}
	}
	xmlFreeTextReader(state.reader);
	if (n_read < 0) {
		state.problem = "not well-formed XML";
	} else if (!state.problem && !state.has_answer) {
		state.problem = "neither results nor boolean in the XML";
	}
	if (state.problem) {
		*out_problem = state.problem;
		answer_free(state.answer);
		return NULL;
	}
	return state.answer;
}

/* ---- JSON ------------------------------------------------------------------------------------- */

static bool read_json_term(answer *self, json_t *value, tt_term *out_term)
{
	static const struct {
		const char *name;
		tt_term_kind kind;
	} types[] = {{"uri", TT_TERM_IRI},
	             {"bnode", TT_TERM_BLANK},
	             {"literal", TT_TERM_LITERAL},
	             {"typed-literal", TT_TERM_LITERAL}};
	const char *const type = json_string_value(json_object_get(value, "type"));
	json_t *const text = json_object_get(value, "value");
	for (size_t i = 0; type && json_is_string(text) && i < sizeof types / sizeof *types; ++i) {
		if (strcmp(type, types[i].name) == 0) {
			*out_term = make_term(self, types[i].kind, json_string_value(text),
			                      json_string_value(json_object_get(value, "datatype")),
			                      json_string_value(json_object_get(value, "xml:lang")));
			return true;
		}
	}
	return false;
}

static const char *read_json_rows(answer *self, json_t *root)
{
	json_t *const names = json_object_get(json_object_get(root, "head"), "vars");
	json_t *const rows = json_object_get(json_object_get(root, "results"), "bindings");
	if (!json_is_array(names) || !json_is_array(rows)) {
		return "neither head.vars and results.bindings nor boolean in the JSON";
	}
	size_t i = 0;
	json_t *item = NULL;
	json_array_foreach(names, i, item)
	{
		const char *const name = json_is_string(item) ? json_string_value(item) : "";
		(void)answer_column(self, name, strlen(name));
	}
	json_array_foreach(rows, i, item)
	{
		tt_term *const row = answer_add_row(self);
		const char *name = NULL;
		json_t *value = NULL;
		json_object_foreach(item, name, value)
		{
			const size_t column = answer_column(self, name, strlen(name));
			if (column == SIZE_MAX || !read_json_term(self, value, &row[column])) {
				return "a binding in the JSON is wrong";
			}
		}
	}
	return NULL;
}

static answer *parse_json(const char *text, size_t size, const char **out_problem)
{
	json_t *const root = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
	if (!root) {
		*out_problem = "not well-formed JSON";
		return NULL;
	}
	answer *self = answer_new(TT_RESULTS_ROWS);
	json_t *const boolean = json_object_get(root, "boolean");
	const char *problem = NULL;
	if (json_is_boolean(boolean)) {
		self->kind = TT_RESULTS_BOOLEAN;
		self->boolean = json_is_true(boolean);
	} else {
		problem = read_json_rows(self, root);
	}
	json_decref(root);
	if (problem) {
		*out_problem = problem;
		answer_free(self);
		return NULL;
	}
	return self;
}

/* ---- CSV and TSV ------------------------------------------------------------------------------ */

/* One field of CSV (RFC 4180) into a new text; the cursor then stands on the comma, the end of line or '\0'. */
static tt_view read_csv_field(answer *self, const char **cursor)
{
	const char *c = *cursor;
	char *const text = answer_keep(self, c, strlen(c));
	char *end = text;
	const bool is_quoted = *c == '"';
	c += is_quoted;
	while (*c && (is_quoted || !strchr(",\r\n", *c))) {
		if (is_quoted && *c == '"' && *++c != '"') {
			break;
		}
		*end++ = *c++;
	}
	*end = '\0';
	*cursor = c;
	return (tt_view){text, (size_t)(end - text)};
}

static bool skip_end_of_line(const char **cursor)
{
	*cursor += **cursor == '\r';
	const bool is_end = **cursor == '\n' || **cursor == '\0';
	*cursor += **cursor == '\n';
	return is_end;
}

static const char *read_csv_row(answer *self, const char **cursor, bool is_header)
{
	tt_term *const row = is_header ? NULL : answer_add_row(self);
	for (size_t i = 0;; ++i) {
		const tt_view field = read_csv_field(self, cursor);
		if (is_header) {
			if (field.size) {
				(void)answer_column(self, field.data, field.size);
			}
		} else if (i < self->n_columns && field.size) {
			const bool is_blank = field.size > 2 && memcmp(field.data, "_:", 2) == 0;
			row[i] = is_blank ? (tt_term){.kind = TT_TERM_BLANK, .text = field}
			                  : literal_of(field.data, field.size, XSD_IRI "string");
		} else if (i > 0 && i >= self->n_columns) {
			return "a row of the CSV has too many fields";
		}
		if (**cursor != ',') {
			return skip_end_of_line(cursor) ? NULL : "a field of the CSV is not closed";
		}
		++*cursor;
	}
}

static const char *read_tsv_row(answer *self, const char **cursor, bool is_header)
{
	tt_term *const row = is_header ? NULL : answer_add_row(self);
	for (size_t i = 0;; ++i) {
		const size_t size = strcspn(*cursor, "\t\r\n");
		if (is_header) {
			const size_t n_mark = **cursor == '?';
			if (size) {
				(void)answer_column(self, *cursor + n_mark, size - n_mark);
			}
			*cursor += size;
		} else if (size && (i >= self->n_columns || !term_read(self, cursor, NULL, &row[i]))) {
			return "a field of the TSV is wrong";
		}
		if (**cursor != '\t') {
			return skip_end_of_line(cursor) ? NULL : "a line of the TSV is wrong";
		}
		++*cursor;
	}
}

static answer *parse_lines(const char *text, const char *(*read_row)(answer *, const char **, bool),
                           const char **out_problem)
{
	answer *const self = answer_new(TT_RESULTS_ROWS);
	const char *cursor = text;
	const char *problem = read_row(self, &cursor, true);
	while (!problem && *cursor) {
		problem = read_row(self, &cursor, false);
	}
	if (problem) {
		*out_problem = problem;
		answer_free(self);
		return NULL;
	}
	return self;
}

answer *results_parse(tt_format format, const char *text, size_t size, const char **out_problem)
{
	switch (format) {
	case TT_FORMAT_XML:
		return parse_xml(text, size, out_problem);
	case TT_FORMAT_JSON:
		return parse_json(text, size, out_problem);
	case TT_FORMAT_CSV:
		return parse_lines(text, read_csv_row, out_problem);
	case TT_FORMAT_TSV:
		return parse_lines(text, read_tsv_row, out_problem);
	default:
		*out_problem = "no format of results";
		return NULL;
	}
}

/* ---- RDF -------------------------------------------------------------------------------------- */

answer *ask(tt_db *db, const char *text, const tt_query_options *options)
{
	tt_results *results = NULL;
	answer *fetched = NULL;
	tt_status status = tt_db_query(db, (tt_view){text, strlen(text)}, options, &results);
	if (status == TT_OK) {
		status = answer_fetch(results, &fetched);
	}
	tt_results_free(results);
	if (status != TT_OK) {
		answer_free(fetched);
		return NULL;
	}
	return fetched;
}

tt_status load_file(tt_db *db, const char *path, const char *graph)
{
	char *const base = file_iri(path);
	const tt_load_options options = {.base = base, .graph = graph};
	const tt_status status = tt_db_load(db, &path, &options, 1, NULL);
	free(base);
	return status;
}

#define RS "PREFIX rs: <http://www.w3.org/2001/sw/DataAccess/tests/result-set#> "

static answer *read_rs_boolean(tt_db *db)
{
	answer *const found = ask(db, RS "SELECT ?b { ?r rs:boolean ?b }", NULL);
	answer *self = NULL;
	if (found && found->n_rows == 1) {
		self = answer_new(TT_RESULTS_BOOLEAN);
		self->boolean = view_is(found->cells[0].text, "true");
	}
	answer_free(found);
	return self;
}

/* The row of a solution, by the label of its blank node: SPARQL orders no two blank nodes, so the bindings of one
 * solution need not stand together. */
static size_t row_of(answer *self, const char **solutions, const char *solution)
{
	for (size_t i = 0; i < self->n_rows; ++i) {
		if (strcmp(solutions[i], solution) == 0) {
			return i;
		}
	}
	(void)answer_add_row(self);
	solutions[self->n_rows - 1] = solution;
	return self->n_rows - 1;
}

static void put_rs_bindings(answer *self, const answer *bindings)
{
	const char **const solutions = must_realloc(NULL, bindings->n_rows, sizeof *solutions);
	for (size_t i = 0; i < bindings->n_rows; ++i) {
		/* columns: solution, index, variable, value */
		const tt_term *const cells = &bindings->cells[i * 4];
		const size_t row = row_of(self, solutions, cells[0].text.data);
		self->is_ordered = self->is_ordered || cells[1].kind != TT_TERM_NONE;
		const size_t column = cells[2].kind == TT_TERM_NONE
		                          ? SIZE_MAX
		                          : answer_column(self, cells[2].text.data, cells[2].text.size);
		if (column != SIZE_MAX) {
			self->cells[row * self->n_columns + column] = answer_keep_term(self, &cells[3]);
		}
	}
	free(solutions);
}

static answer *read_rs_rows(tt_db *db)
{
	answer *const variables = ask(db, RS "SELECT ?v { ?r rs:resultVariable ?v }", NULL);
	answer *const bindings = ask(db,
	                             RS "SELECT ?s ?i ?var ?val { ?r rs:solution ?s OPTIONAL { ?s rs:index ?i } "
	                                "OPTIONAL { ?s rs:binding ?b . ?b rs:variable ?var ; rs:value ?val } } "
	                                "ORDER BY ?i",
	                             NULL);
	answer *self = NULL;
	if (variables && bindings) {
		self = answer_new(TT_RESULTS_ROWS);
		for (size_t i = 0; i < variables->n_rows; ++i) {
			(void)answer_column(self, variables->cells[i].text.data, variables->cells[i].text.size);
		}
		put_rs_bindings(self, bindings);
	}
	answer_free(variables);
	answer_free(bindings);
	return self;
}

static answer *read_rdf(tt_db *db, bool is_graph)
{
	answer *const is_set = ask(db, RS "ASK { ?r a rs:ResultSet }", NULL);
	answer *self = NULL;
	if (is_set && is_set->boolean && !is_graph) {
		self = read_rs_boolean(db);
		self = self ? self : read_rs_rows(db);
	} else if (is_set) {
		self = ask(db, "SELECT ?subject ?predicate ?object { ?subject ?predicate ?object }", NULL);
		if (self) {
			self->kind = TT_RESULTS_TRIPLES;
		}
	}
	answer_free(is_set);
	return self;
}

answer *results_read_rdf(const char *path, bool is_graph, const char **out_problem)
{
	tt_db *db = NULL;
	answer *self = NULL;
	*out_problem = "the file cannot be loaded";
	if (tt_db_open(NULL, TT_OPEN_CREATE, &db) == TT_OK && load_file(db, path, NULL) == TT_OK) {
		*out_problem = "our own engine does not find the result set in it";
		self = read_rdf(db, is_graph);
	}
	tt_db_close(db);
	return self;
}
