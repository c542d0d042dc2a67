/* expr_cases.h - cases for the tests of expressions, written as lists: (strlen "abc").
 *
 * Contrast: sparql/parse.h reads SPARQL; no parser is needed here. Every case is run three times: with
 *           its constants (folded at compile time), with variables in their place (columns), and with
 *           each string computed on the spot (transient terms).
 * Owns:     a fixture owns its context, arena and terms.
 * Threads:  one.
 * Fails:    the test.
 * Tests:    test_expr.c and test_functions.c include it.
 */
#ifndef TT_TESTS_EXPR_CASES_H
#define TT_TESTS_EXPR_CASES_H

#include <strings.h>

#include "expr/compare.h"
#include "expr/expr.h"

/* ---- reading expressions ---------------------------------------------------------------------- */

typedef enum mode { FOLDED, AS_COLUMNS, TRANSIENT, N_MODES } mode;

enum { FIRST_HIDDEN = 100, MOST_HIDDEN = 64, N_LETTERS = 26 };

typedef struct fixture {
	tt_ctx ctx;
	tt_arena arena;
	tt_terms terms;
	tt_expr_env env;
	mode mode;
	size_t n_hidden; /* constants that became variables */
	tt_term hidden[MOST_HIDDEN];
	const char *text; /* being read */
} fixture;

static inline void set_up(fixture *f)
{
	*f = (fixture){.mode = FOLDED};
	tt_ctx_init(&f->ctx);
	tt_arena_init(&f->arena, &f->ctx);
	tt_terms_init(&f->terms, &f->ctx, NULL);
	f->env = (tt_expr_env){
	    .ctx = &f->ctx, .terms = &f->terms, .base = TT_VIEW("http://example.org/base/"), .now_ns = 1700000000123456789};
}

static inline void tear_down(fixture *f)
{
	tt_terms_clear(&f->terms);
	tt_arena_clear(&f->arena);
	assert_int_equal(f->ctx.n_bytes_used, 0);
}

static inline tt_view copy(fixture *f, const char *text, size_t size)
{
	return (tt_view){tt_arena_strndup(&f->arena, text, size), size};
}

static inline size_t span(const char *text)
{
	return strcspn(text, " ()");
}

static inline tt_view read_iri(fixture *f)
{
	if (*f->text == '<') {
		const size_t n = strcspn(f->text, ">");
		const tt_view iri = copy(f, f->text + 1, n - 1);
		f->text += n + 1;
		return iri;
	}
	assert_int_equal(strncmp(f->text, "xsd:", 4), 0);
	char iri[100];
	const int n = snprintf(iri, sizeof iri, "http://www.w3.org/2001/XMLSchema#%.*s", (int)span(f->text) - 4,
	                       f->text + 4);
	f->text += span(f->text);
	return copy(f, iri, (size_t)n);
}

static inline tt_term read_string(fixture *f)
{
	char text[4096];
	size_t n = 0;
	for (f->text++; *f->text != '"'; f->text++) {
		const char c = *f->text == '\\' ? *++f->text : '\0';
		text[n++] = c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : *f->text;
	}
	f->text++;
	const tt_view lexical = copy(f, text, n);
	if (*f->text == '@') {
		const size_t n_tag = span(++f->text);
		const tt_view tag = copy(f, f->text, n_tag);
		f->text += n_tag;
		return tt_term_lang(lexical, tag);
	}
	if (*f->text == '^') {
		f->text += 2;
		return tt_term_typed(lexical, read_iri(f));
	}
	return tt_term_string(lexical);
}

static inline tt_term read_term(fixture *f)
{
	const size_t n = span(f->text);
	if (*f->text == '"') {
		return read_string(f);
	}
	if (*f->text == '<' || strncmp(f->text, "xsd:", 4) == 0) {
		return tt_term_iri(read_iri(f));
	}
	const tt_view text = copy(f, f->text, n);
	f->text += n;
	if (tt_view_starts(text, TT_VIEW("_:"))) {
		return tt_term_blank(tt_view_skip(text, 2));
	}
	if (tt_view_equal(text, TT_VIEW("error"))) {
		return (tt_term){.kind = TT_TERM_NONE};
	}
	const tt_vocab datatype = strchr("tf", text.data[0]) ? TT_VOCAB_XSD_BOOLEAN
	                          : strpbrk(text.data, "eE") ? TT_VOCAB_XSD_DOUBLE
	                          : strchr(text.data, '.')   ? TT_VOCAB_XSD_DECIMAL
	                                                     : TT_VOCAB_XSD_INTEGER;
	return tt_term_typed(text, tt_vocab_iri(datatype));
}

static inline tt_expr *new_expr(fixture *f, tt_ast_expr_kind kind, size_t n_arguments)
{
	tt_expr *const expr = TT_ARENA_NEW(&f->arena, tt_expr);
	expr->kind = kind;
	expr->n_arguments = n_arguments;
	expr->arguments = tt_arena_alloc(&f->arena, (n_arguments + 1) * sizeof *expr->arguments);
	expr->place = (tt_place){1, 7};
	return expr;
}

static inline tt_expr *new_variable(fixture *f, tt_var variable)
{
	tt_expr *const expr = new_expr(f, TT_EXPR_VARIABLE, 0);
	expr->variable = variable;
	return expr;
}

static inline tt_expr *new_constant(fixture *f, tt_term term)
{
	if (f->mode == FOLDED && term.kind != TT_TERM_NONE) {
		tt_expr *const expr = new_expr(f, TT_EXPR_CONSTANT, 0);
		expr->constant = term;
		return expr;
	}
	assert_true(f->n_hidden < MOST_HIDDEN);
	f->hidden[f->n_hidden] = term;
	tt_expr *const variable = new_variable(f, (tt_var)(FIRST_HIDDEN + f->n_hidden++));
	const bool is_string = term.kind == TT_TERM_LITERAL &&
	                       (term.language.size || tt_view_equal(term.datatype, tt_vocab_iri(TT_VOCAB_XSD_STRING)));
	if (f->mode != TRANSIENT || !is_string) {
		return variable;
	}
	tt_expr *const concat = new_expr(f, TT_EXPR_BUILTIN, 1);
	concat->builtin = TT_FN_CONCAT;
	concat->arguments[0] = variable;
	return concat;
}

static inline void set_operator(fixture *f, tt_expr *expr, const char *name, size_t n)
{
	static const struct {
		const char *name;
		tt_ast_expr_kind kind;
	} operators[] = {
	    {"||", TT_EXPR_OR},
	    {"&&", TT_EXPR_AND},
	    {"!", TT_EXPR_NOT},
	    {"=", TT_EXPR_EQ},
	    {"!=", TT_EXPR_NE},
	    {"<", TT_EXPR_LT},
	    {">", TT_EXPR_GT},
	    {"<=", TT_EXPR_LE},
	    {">=", TT_EXPR_GE},
	    {"in", TT_EXPR_IN},
	    {"notin", TT_EXPR_NOT_IN},
	    {"+", TT_EXPR_ADD},
	    {"-", TT_EXPR_SUBTRACT},
	    {"*", TT_EXPR_MULTIPLY},
	    {"/", TT_EXPR_DIVIDE},
	    {"pos", TT_EXPR_PLUS},
	    {"neg", TT_EXPR_MINUS},
	    {"exists", TT_EXPR_EXISTS},
	    {"notexists", TT_EXPR_NOT_EXISTS},
	};
#define TT_FUNCTION(name, text, least, most, kind, section) text,
	static const char *const builtins[] = {
#include "sparql/functions.def"
	};
#undef TT_FUNCTION
	for (size_t i = 0; i < sizeof operators / sizeof *operators; ++i) {
		if (strlen(operators[i].name) == n && strncmp(operators[i].name, name, n) == 0) {
			expr->kind = operators[i].kind;
			return;
		}
	}
	for (size_t i = 0; i < TT_N_BUILTINS; ++i) {
		if (strlen(builtins[i]) == n && strncasecmp(builtins[i], name, n) == 0) {
			expr->kind = TT_EXPR_BUILTIN;
			expr->builtin = (tt_builtin)i;
			return;
		}
	}
	(void)f;
	fail_msg("no operator %.*s", (int)n, name);
}

static inline tt_expr *read_expr(fixture *f)
{
	if (*f->text == '?') {
		const tt_var variable = (tt_var)(f->text[1] - 'a');
		f->text += 2;
		return new_variable(f, variable);
	}
	if (*f->text != '(') {
		return new_constant(f, read_term(f));
	}
	tt_expr *const expr = new_expr(f, TT_EXPR_FUNCTION, 8);
	f->text++;
	if ((*f->text == '<' && !strchr(" =", f->text[1])) || strncmp(f->text, "xsd:", 4) == 0) {
		expr->function = read_iri(f);
	} else {
		const size_t n = span(f->text);
		set_operator(f, expr, f->text, n);
		f->text += n;
	}
	for (expr->n_arguments = 0; *f->text == ' ';) {
		f->text++;
		expr->arguments[expr->n_arguments++] = read_expr(f);
		assert_true(expr->n_arguments <= 8);
	}
	assert_int_equal(*f->text, ')');
	f->text++;
	return expr;
}

static inline tt_expr *read_all(fixture *f, const char *text)
{
	f->text = text;
	f->n_hidden = 0;
	tt_expr *const expr = read_expr(f);
	if (*f->text) {
		fail_msg("%s: behind it is %s", text, f->text);
	}
	return expr;
}

static inline tt_id intern(fixture *f, const tt_term *term)
{
	tt_id id = TT_UNBOUND;
	assert_int_equal(tt_terms_intern(&f->terms, term, &id), TT_OK);
	return id;
}

static inline tt_id id_of(fixture *f, const char *text)
{
	f->text = text;
	const tt_term term = read_term(f);
	assert_int_equal(*f->text, '\0');
	return intern(f, &term);
}

/* A term as text, for messages. */
static inline const char *show(fixture *f, tt_id id, char *out, size_t size)
{
	tt_scratch scratch;
	tt_term term;
	assert_int_equal(tt_terms_get(&f->terms, id, &scratch, &term), TT_OK);
	(void)snprintf(out, size, "%s\"%.*s\"@%.*s^^%.*s",
	               term.kind == TT_TERM_NONE  ? "error "
	               : term.kind == TT_TERM_IRI ? "IRI "
	                                          : "",
	               TT_VIEW_ARG(term.text), TT_VIEW_ARG(term.language), TT_VIEW_ARG(term.datatype));
	return out;
}

/* ---- running them ----------------------------------------------------------------------------- */

enum { MOST_ROWS = 3000 };

/* Evaluate for rows whose hidden variables all hold their constants; every row has the same value. */
static inline tt_id evaluate(fixture *f, const char *text)
{
	enum { N_ROWS = 3 };
	tt_expr *const expr = read_all(f, text);
	tt_var variables[MOST_HIDDEN];
	tt_id cells[MOST_HIDDEN][N_ROWS];
	const tt_id *columns[MOST_HIDDEN];
	for (size_t i = 0; i < f->n_hidden; ++i) {
		variables[i] = (tt_var)(FIRST_HIDDEN + i);
		columns[i] = cells[i];
		for (size_t row = 0; row < N_ROWS; ++row) {
			cells[i][row] = intern(f, &f->hidden[i]);
		}
	}
	tt_program *program = NULL;
	tt_id out[N_ROWS] = {TT_DEFAULT_GRAPH, TT_DEFAULT_GRAPH, TT_DEFAULT_GRAPH};
	tt_status status = tt_expr_compile(expr, &f->env, variables, f->n_hidden, &program);
	if (status == TT_OK) {
		status = tt_program_eval(program, columns, N_ROWS, out);
	}
	if (status != TT_OK) {
		fail_msg("%s: %s", text, f->ctx.error.text);
	}
	tt_program_free(program);
	assert_int_equal(out[0], out[1]);
	assert_int_equal(out[0], out[2]);
	return out[0];
}

typedef struct expectation {
	const char *expr, *value;
} expectation;

static inline void check_all(const expectation *cases, size_t n, bool is_strict)
{
	fixture f;
	set_up(&f);
	f.env.is_strict = is_strict;
	for (size_t i = 0; i < n; ++i) {
		for (f.mode = FOLDED; f.mode < N_MODES; ++f.mode) {
			char is[400];
			char should[400];
			const tt_id value = evaluate(&f, cases[i].expr);
			const tt_id wanted = id_of(&f, cases[i].value);
			if (value != wanted) {
				fail_msg("%s (mode %d) is %s, not %s", cases[i].expr, (int)f.mode, show(&f, value, is, sizeof is),
				         show(&f, wanted, should, sizeof should));
			}
		}
	}
	tear_down(&f);
}

#define CHECK(cases)        check_all(cases, sizeof(cases) / sizeof *(cases), false)
#define CHECK_STRICT(cases) check_all(cases, sizeof(cases) / sizeof *(cases), true)

#endif
