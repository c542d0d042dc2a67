/* algebra.h - what a query means: the SPARQL algebra (SPARQL 1.1 §18) over numbered variables.
 *
 * Contrast: sparql/ast.h is the text as a tree; plan/physical.h is how the answer is computed.
 * Owns:     nodes live in the arena of the tt_algebra_query and are freed with it.
 * Threads:  as its context.
 * Fails:    never (translate.h does).
 * Tests:    tests/unit/test_plan.c
 */
#ifndef TT_PLAN_ALGEBRA_H
#define TT_PLAN_ALGEBRA_H

#include "sparql/ast.h"

/** The number of a variable in its query: one number a scope, so that two variables with the same name of which one
 * is hidden in a sub-SELECT have different numbers. Blank nodes of patterns are variables too. */
typedef uint32_t tt_var;
#define TT_NO_VAR ((tt_var)-1)

typedef struct tt_variable {
	tt_view name;       /* without ?; generated ones begin with "." (made by the translation) or "_:" (blank nodes) */
	bool is_hidden;     /* a blank node or a variable that the translation made: never in SELECT * */
	bool is_graph_loop; /* stands only in the graph slots of patterns inside a TT_ALGEBRA_GRAPH, which sets it: a
	                       parameter (physical.h), never a column */
} tt_variable;

/** A set of variables, ascending; lives in an arena and is never changed. */
typedef struct tt_varset {
	const tt_var *items;
	size_t n_items;
} tt_varset;

typedef struct tt_algebra tt_algebra;
typedef struct tt_expr tt_expr;

/** An expression over numbered variables, without aggregates (they have become variables of a TT_ALGEBRA_GROUP). */
struct tt_expr {
	tt_ast_expr_kind kind;    /* never TT_EXPR_AGGREGATE */
	tt_var variable;          /* TT_EXPR_VARIABLE */
	tt_term constant;         /* TT_EXPR_CONSTANT */
	tt_builtin builtin;       /* TT_EXPR_BUILTIN */
	tt_view function;         /* TT_EXPR_FUNCTION: IRI */
	const tt_expr *next_call; /* TT_EXPR_FUNCTION: of the list tt_algebra_query.calls */
	tt_expr **arguments;
	size_t n_arguments;
	tt_algebra *pattern;        /* TT_EXPR_EXISTS, TT_EXPR_NOT_EXISTS */
	const struct tt_node *plan; /* the same after planning (physical.h) */
	tt_var *parameters;         /* after planning: what the plan wants of the outer row (physical.h, "Parameters") */
	size_t n_parameters;
	tt_place place;
};

/** Subject, predicate, object or graph of a pattern. */
typedef struct tt_slot {
	bool is_variable;
	tt_var variable;  /* if is_variable */
	tt_term constant; /* else */
} tt_slot;

/** In which graphs a pattern is matched. */
typedef enum tt_pattern_graph {
	TT_PATTERN_DEFAULT, /* the default graph of the dataset (§13.1): perhaps a merge of several */
	TT_PATTERN_SLOT     /* inside GRAPH: `graph` is a constant or a variable over the named graphs */
} tt_pattern_graph;

typedef struct tt_triple_pattern {
	tt_slot subject, predicate, object;
	tt_pattern_graph graph_kind;
	tt_slot graph;
	tt_place place;
} tt_triple_pattern;

typedef enum tt_algebra_kind {
	TT_ALGEBRA_UNIT,      /* one solution that binds nothing */
	TT_ALGEBRA_EMPTY,     /* no solution */
	TT_ALGEBRA_BGP,       /* patterns */
	TT_ALGEBRA_PATH,      /* subject, path, object, graph of patterns[0]; predicate unused */
	TT_ALGEBRA_JOIN,      /* left, right */
	TT_ALGEBRA_LEFT_JOIN, /* left, right, filters: the condition (perhaps none) */
	TT_ALGEBRA_MINUS,     /* left, right */
	TT_ALGEBRA_UNION,     /* left, right */
	TT_ALGEBRA_FILTER,    /* left, filters: all must be true */
	TT_ALGEBRA_EXTEND,    /* left, variable, expr */
	TT_ALGEBRA_GRAPH,     /* left evaluated once for each named graph with `parameter` := graph, joined with variable :=
	                         graph; only where the graph could not be pushed into the patterns (sub-SELECT, MINUS, VALUES
	                         … inside GRAPH ?g). With parameter TT_NO_VAR: left, if `graph` (a constant) is a named graph
	                         of the dataset at all */
	TT_ALGEBRA_VALUES,    /* values */
	TT_ALGEBRA_GROUP,     /* left, keys, aggregates */
	TT_ALGEBRA_ORDER,     /* left, order; with has_limit only the first `limit` rows are wanted (rewriting) */
	TT_ALGEBRA_PROJECT,   /* left, variables */
	TT_ALGEBRA_DISTINCT,  /* left */
	TT_ALGEBRA_REDUCED,   /* left */
	TT_ALGEBRA_SLICE,     /* left, offset, limit */
	TT_ALGEBRA_SERVICE,   /* not evaluated yet */
	TT_ALGEBRA_SEMI_JOIN /* rows of left that have (is_negated: have not) a compatible row in right: EXISTS, made by the
	                        rewriting; expr is the EXISTS that it came from */
} tt_algebra_kind;

/** One aggregate of a group: `variable` gets aggregate(DISTINCT? argument). */
typedef struct tt_aggregation {
	tt_aggregate function;
	bool is_distinct;
	tt_expr *argument; /* NULL: COUNT(*) */
	tt_view separator; /* GROUP_CONCAT: the default is one space */
	tt_var variable;
} tt_aggregation;

typedef struct tt_order_condition {
	tt_expr *expr;
	bool is_descending;
} tt_order_condition;

/** Nodes are made by plan/build.h and not changed afterwards, so that trees may share them. */
struct tt_algebra {
	tt_algebra_kind kind;
	tt_place place;
	unsigned depth;     /* 1 + that of the deeper child; at most TT_ALGEBRA_DEPTH_LIMIT */
	tt_varset in_scope; /* variables that a solution may bind (§18.2.1) */
	tt_varset bound;    /* those that every solution binds; perhaps not all of them are known */
	tt_algebra *left, *right;
	tt_expr *expr;
	tt_expr **filters;
	size_t n_filters;
	tt_var variable;
	tt_var parameter;
	bool is_negated;
	tt_triple_pattern *patterns;
	size_t n_patterns;
	const tt_path *path;
	tt_var *variables; /* PROJECT; VALUES: its columns; GROUP: the keys, each already a variable */
	size_t n_variables;
	const tt_term *cells; /* VALUES: n_rows × n_variables */
	size_t n_rows;
	tt_aggregation *aggregations;
	size_t n_aggregations;
	tt_order_condition *order;
	size_t n_order;
	uint64_t offset;
	bool has_limit;
	uint64_t limit;
	tt_slot graph;
	tt_slot service;
	bool is_silent;
};

/** A triple of a CONSTRUCT template, or a quad of a DELETE or INSERT template. */
typedef struct tt_template_quad {
	tt_slot terms[4];   /* subject, predicate, object, graph */
	bool is_blank[4];   /* the slot's variable stands for a blank node: new for each solution */
	bool is_in_default; /* the default graph: terms[3] is unused */
	bool is_removed;    /* of DELETE */
} tt_template_quad;

/** FROM and FROM NAMED of a query; USING, USING NAMED and WITH of an update. */
typedef struct tt_dataset {
	bool is_given;      /* one of them stands there */
	bool has_all_named; /* WITH alone: the named graphs are those of the store all the same */
	const tt_view *from;
	size_t n_from;
	const tt_view *from_named;
	size_t n_from_named;
} tt_dataset;

/** A translated query. */
typedef struct tt_algebra_query {
	tt_arena *arena;
	tt_query_form form;
	tt_algebra *root; /* its top PROJECT, DISTINCT, SLICE … included */
	tt_variable *variables;
	size_t n_variables;
	size_t variables_capacity;
	tt_var *columns; /* of the result, in order */
	size_t n_columns;
	tt_template_quad *template; /* CONSTRUCT, UPDATE */
	size_t n_template;
	tt_slot *describe; /* DESCRIBE: IRIs and variables */
	size_t n_describe;
	tt_dataset dataset;
	tt_view base;         /* for IRI() */
	const tt_expr *calls; /* of functions by IRI, all that stand in the text: whether they are known is not for us */
	tt_expr *last_call;
	tt_place silent_service; /* the first SERVICE SILENT, which is taken for a failure; line 0: none */
} tt_algebra_query;

#endif
