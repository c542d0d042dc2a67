/* ast.h - the syntax tree of SPARQL 1.1 Query and Update, near to the text.
 *
 * Contrast: plan/algebra.h is what a query means; this is what it says. It prints back to SPARQL.
 * Owns:     every node and text lives in the arena given to the parser; nothing is freed singly.
 * Threads:  a tree is not changed after parsing.
 * Fails:    never (parse.h does).
 * Tests:    tests/unit/test_sparql.c
 */
#ifndef TT_SPARQL_AST_H
#define TT_SPARQL_AST_H

#include "base/output.h"
#include "rdf/prefix.h"
#include "rdf/term.h"

/** Where a node begins in the text; 1-based, columns in characters. */
typedef struct tt_place {
	uint32_t line, column;
} tt_place;

/** Fail at a place of the text. Its name and the caret are added by who knows the text: tt_parse_show_place(). */
#define TT_FAIL_AT_PLACE(ctx, status, place, ...) \
	tt_fail_at((ctx), (status), NULL, (place).line, (place).column, __VA_ARGS__)

typedef struct tt_ast_expr tt_ast_expr;
typedef struct tt_ast_group tt_ast_group;
typedef struct tt_ast_query tt_ast_query;

/* ---- terms and triples ------------------------------------------------------------------------ */

typedef enum tt_ast_term_kind {
	TT_AST_VARIABLE, /* `text` is the name without ? or $ */
	TT_AST_BLANK,    /* a blank node in a pattern or template: `text` is its label, unique in the query; labels of
	                    [] and of ( ) lists are generated: numbers. A label of the text that would clash with one
	                    gets another number, so that they never do */
	TT_AST_CONSTANT  /* `constant`: an IRI (resolved, expanded) or a literal */
} tt_ast_term_kind;

typedef struct tt_ast_term {
	tt_ast_term_kind kind;
	tt_view text;
	tt_term constant;
	tt_place place;
} tt_ast_term;

typedef enum tt_path_kind {
	TT_PATH_LINK,         /* iri */
	TT_PATH_INVERSE,      /* ^ first */
	TT_PATH_SEQUENCE,     /* first / second */
	TT_PATH_ALTERNATIVE,  /* first | second */
	TT_PATH_ZERO_OR_MORE, /* first * */
	TT_PATH_ONE_OR_MORE,  /* first + */
	TT_PATH_ZERO_OR_ONE,  /* first ? */
	TT_PATH_NEGATED_SET   /* !( iri | ^iri … ) */
} tt_path_kind;

typedef struct tt_path_negated {
	tt_view iri;
	bool is_inverse;
} tt_path_negated;

/** A property path (SPARQL 1.1 §9, rules 88–96). Sequences and alternatives are associative: a chain, also one with
 * parentheses in it, is a balanced tree, whose height is the logarithm of its length. */
typedef struct tt_path {
	tt_path_kind kind;
	tt_view iri; /* TT_PATH_LINK */
	const struct tt_path *first, *second;
	const tt_path_negated *negated; /* TT_PATH_NEGATED_SET */
	size_t n_negated;
	tt_place place;
} tt_path;

/** A triple pattern or template triple, or a path pattern. Lists and [ ] are already expanded into triples. */
typedef struct tt_ast_triple {
	struct tt_ast_triple *next;
	tt_ast_term subject, object;
	tt_ast_term predicate; /* if path is NULL */
	const tt_path *path;   /* anything but a variable or a single IRI */
} tt_ast_triple;

/* ---- expressions ------------------------------------------------------------------------------ */

typedef enum tt_ast_expr_kind {
	TT_EXPR_VARIABLE,
	TT_EXPR_CONSTANT,
	TT_EXPR_OR,
	TT_EXPR_AND, /* two arguments or more */
	TT_EXPR_NOT,
	TT_EXPR_EQ,
	TT_EXPR_NE,
	TT_EXPR_LT,
	TT_EXPR_GT,
	TT_EXPR_LE,
	TT_EXPR_GE,
	TT_EXPR_IN,
	TT_EXPR_NOT_IN, /* arguments[0] IN the rest */
	TT_EXPR_ADD,
	TT_EXPR_SUBTRACT,
	TT_EXPR_MULTIPLY,
	TT_EXPR_DIVIDE,
	TT_EXPR_PLUS,
	TT_EXPR_MINUS,    /* unary */
	TT_EXPR_BUILTIN,  /* `builtin` names it: functions.def */
	TT_EXPR_FUNCTION, /* `text`: the IRI of a cast or extension function */
	TT_EXPR_AGGREGATE,
	TT_EXPR_EXISTS,
	TT_EXPR_NOT_EXISTS
} tt_ast_expr_kind;

/** The built-in functions (TT_FN_STR …), listed once in functions.def. */
#define TT_FUNCTION(name, text, least, most, kind, section) TT_FN_##name,
typedef enum tt_builtin {
#include "sparql/functions.def"
	TT_N_BUILTINS
} tt_builtin;
#undef TT_FUNCTION

typedef enum tt_aggregate {
	TT_AGGREGATE_COUNT,
	TT_AGGREGATE_SUM,
	TT_AGGREGATE_MIN,
	TT_AGGREGATE_MAX,
	TT_AGGREGATE_AVG,
	TT_AGGREGATE_SAMPLE,
	TT_AGGREGATE_GROUP_CONCAT
} tt_aggregate;

/** The highest tree that an expression may be, with the patterns and expressions of its EXISTS: so that recursion over
 * it is safe. OR, AND, IN and argument lists are flat, whatever their length; each further operator of a chain of
 * + - * / is a level. */
enum { TT_EXPR_LEVELS = 1000 };

struct tt_ast_expr {
	tt_ast_expr_kind kind;
	tt_place place;
	unsigned n_levels; /* height of the tree from here: 1 for a leaf */
	tt_view text;      /* variable name, function IRI */
	tt_term constant;
	tt_builtin builtin;
	tt_ast_expr **arguments;
	size_t n_arguments;
	tt_aggregate aggregate;
	bool is_distinct; /* aggregate or function(DISTINCT …) */
	bool is_star;     /* COUNT(*): no arguments */
	bool has_separator;
	tt_view separator;   /* GROUP_CONCAT */
	tt_ast_group *group; /* EXISTS */
};

/* ---- graph patterns --------------------------------------------------------------------------- */

/** A cell that is UNDEF has kind TT_TERM_NONE. */
typedef struct tt_ast_values {
	tt_view *variables;
	size_t n_variables;
	tt_term *cells; /* n_rows × n_variables, by row */
	size_t n_rows;
	tt_place place;
} tt_ast_values;

typedef enum tt_element_kind {
	TT_ELEMENT_TRIPLES,  /* triples: one TriplesBlock run (a basic graph pattern, with path patterns) */
	TT_ELEMENT_FILTER,   /* expr */
	TT_ELEMENT_OPTIONAL, /* group */
	TT_ELEMENT_MINUS,    /* group */
	TT_ELEMENT_UNION,    /* groups: `group` and its `next_alternative` chain, at least two */
	TT_ELEMENT_GROUP,    /* group: { … } alone */
	TT_ELEMENT_GRAPH,    /* term, group */
	TT_ELEMENT_SERVICE,  /* term, group, is_silent */
	TT_ELEMENT_BIND,     /* expr, variable */
	TT_ELEMENT_VALUES    /* values */
} tt_element_kind;

typedef struct tt_ast_element {
	struct tt_ast_element *next;
	tt_element_kind kind;
	tt_place place;
	tt_ast_triple *triples;
	const tt_ast_expr *expr;
	tt_view variable;
	tt_ast_term term;
	bool is_silent;
	tt_ast_group *group;
	tt_ast_values *values;
} tt_ast_element;

/** { … }: either elements or one sub-SELECT. */
struct tt_ast_group {
	tt_ast_group *next_alternative; /* of a UNION */
	tt_ast_element *elements;
	tt_ast_query *subquery;
	tt_place place;
};

/* ---- queries ---------------------------------------------------------------------------------- */

typedef struct tt_ast_quads tt_ast_quads;

typedef enum tt_query_form {
	TT_QUERY_SELECT,
	TT_QUERY_CONSTRUCT,
	TT_QUERY_DESCRIBE,
	TT_QUERY_ASK,
	TT_QUERY_UPDATE /* DELETE … INSERT … WHERE …: never parsed as a query, made of an update by plan/translate_update */
} tt_query_form;

/** ?x or (expr AS ?x); in GROUP BY `variable` may be empty. */
typedef struct tt_ast_projection {
	struct tt_ast_projection *next;
	tt_view variable;
	const tt_ast_expr *expr; /* NULL: the variable itself */
	tt_place place;
} tt_ast_projection;

typedef struct tt_ast_condition {
	struct tt_ast_condition *next;
	const tt_ast_expr *expr;
	bool is_descending; /* ORDER BY */
} tt_ast_condition;

typedef struct tt_ast_dataset {
	struct tt_ast_dataset *next;
	tt_view iri;
	bool is_named;
} tt_ast_dataset;

typedef struct tt_ast_term_list {
	struct tt_ast_term_list *next;
	tt_ast_term term;
} tt_ast_term_list;

/** A query or sub-SELECT. */
struct tt_ast_query {
	tt_query_form form;
	bool is_distinct, is_reduced, is_star;
	tt_ast_projection *projection;
	tt_ast_term_list *describe; /* DESCRIBE; empty with is_star */
	tt_ast_triple *construct;   /* the template */
	const tt_ast_quads *remove; /* UPDATE: the templates */
	const tt_ast_quads *insert;
	tt_view with;            /* UPDATE: the graph of what stands outside GRAPH; empty: the default graph */
	bool is_construct_where; /* CONSTRUCT WHERE { … } : the template is also the pattern, in `where` too */
	tt_ast_dataset *dataset;
	tt_ast_group *where; /* NULL only for DESCRIBE without WHERE */
	tt_ast_projection *group_by;
	bool is_grouped; /* GROUP BY stands, or an aggregate is used */
	tt_ast_condition *having;
	tt_ast_condition *order_by;
	bool has_limit, has_offset;
	uint64_t limit, offset;
	tt_ast_values *values; /* trailing VALUES */
	tt_place place;
};

/* ---- update ----------------------------------------------------------------------------------- */

typedef enum tt_update_kind {
	TT_UPDATE_INSERT_DATA,
	TT_UPDATE_DELETE_DATA,
	TT_UPDATE_DELETE_WHERE,
	TT_UPDATE_MODIFY,
	TT_UPDATE_LOAD,
	TT_UPDATE_CLEAR,
	TT_UPDATE_DROP,
	TT_UPDATE_CREATE,
	TT_UPDATE_ADD,
	TT_UPDATE_MOVE,
	TT_UPDATE_COPY
} tt_update_kind;

typedef enum tt_graph_ref_kind {
	TT_GRAPH_REF_IRI,
	TT_GRAPH_REF_DEFAULT,
	TT_GRAPH_REF_NAMED,
	TT_GRAPH_REF_ALL
} tt_graph_ref_kind;

typedef struct tt_graph_ref {
	tt_graph_ref_kind kind;
	tt_view iri;
} tt_graph_ref;

/** Triples for one graph in a quad pattern or quad data; `has_graph` false: the default graph. */
struct tt_ast_quads {
	tt_ast_quads *next;
	bool has_graph;
	tt_ast_term graph;
	tt_ast_triple *triples;
};

typedef struct tt_ast_update {
	struct tt_ast_update *next;
	tt_update_kind kind;
	tt_place place;
	bool is_silent;
	tt_ast_quads *insert, *remove; /* data or templates; DELETE WHERE: remove is the pattern too */
	bool has_insert, has_remove;   /* INSERT {} may be empty */
	bool has_with;
	tt_view with;
	tt_ast_dataset *using_clauses;
	tt_ast_group *where;
	tt_view source;        /* LOAD */
	tt_graph_ref from, to; /* LOAD INTO, CLEAR, DROP, CREATE: to; ADD MOVE COPY: both */
} tt_ast_update;

/* ---- what a parse gives ----------------------------------------------------------------------- */

/** A parsed query or update request; lives in the arena. */
typedef struct tt_ast {
	tt_ast_query *query;   /* or NULL */
	tt_ast_update *update; /* first operation; NULL for a query or an empty request */
	bool is_update;
	tt_view base; /* the last base in force */
	tt_prefixes
	    *prefixes; /* declared in the text (empty list if none); arena-owned: neither to be cleared nor changed */
} tt_ast;

/** Append the tree as SPARQL text that parses to the same tree, by itself: IRIs in full unless @p prefixes fit (may be
 * NULL), the prefixes in use and the base declared. The one exception: an IRI that is relative or has dot segments in
 * spite of a base (a prefix declared before the BASE, or a PN_LOCAL with escapes, can make one) is resolved against
 * the base when it is read again.
 * @return TT_NO_MEMORY, TT_LIMIT. */
TT_CHECKED tt_status tt_ast_print(const tt_ast *ast, const tt_prefixes *prefixes, tt_buffer *out);
/** Append one expression as SPARQL in one line, without declarations: for headings and explain. */
TT_CHECKED tt_status tt_ast_print_expr(const tt_ast_expr *expr, const tt_prefixes *prefixes, tt_buffer *out);

/** The variables that a group's solutions may bind (§18.2.1), by name, with repetitions: for SELECT *.
 * @param visit Called for each; a status but TT_OK ends the walk. */
typedef tt_status (*tt_visible_fn)(void *user, tt_view name);
TT_CHECKED tt_status tt_ast_visible(tt_ctx *ctx, const tt_ast_group *group, tt_visible_fn visit, void *user);
/** Those of a sub-SELECT. */
TT_CHECKED tt_status tt_ast_projected(tt_ctx *ctx, const tt_ast_query *query, tt_visible_fn visit, void *user);

#endif
