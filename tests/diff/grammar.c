/* grammar.c - random cases by the rules of rules.def.
 *
 * A rule's text is expanded into a piece whose parts are literal texts and the expansions of its symbols. Each rule
 * with a nested symbol uses up depth; when none is left only flat rules are chosen. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/diff/grammar.h"

const char random_prologue[] = "PREFIX : <http://example.org/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> ";

/* ---- rules ------------------------------------------------------------------------------------ */

typedef enum rule_kind {
	FLAT,
	DEEP,
	MOVABLE,
	MOVABLE_DEEP,
	FILTER,
	MINUS,
	OPTIONAL,
	BRANCH,
	DISTINCT,
	OWN,
	CONDITION,
	CONDITION_DEEP,
	VALUE
} rule_kind;

static const struct {
	bool is_deep, is_movable;
	piece_role role;
	const char *instead;
} kinds[] = {
    [FLAT] = {.instead = NULL},
    [DEEP] = {.is_deep = true},
    [MOVABLE] = {.is_movable = true},
    [MOVABLE_DEEP] = {.is_deep = true, .is_movable = true},
    [FILTER] = {.is_movable = true, .role = PIECE_FILTER},
    [MINUS] = {.is_deep = true, .role = PIECE_MINUS},
    [OPTIONAL] = {.role = PIECE_OPTIONAL},
    [BRANCH] = {.role = PIECE_BRANCH},
    [DISTINCT] = {.role = PIECE_DISTINCT},
    [OWN] = {.is_deep = true},
    [CONDITION] = {.instead = "true"},
    [CONDITION_DEEP] = {.is_deep = true, .instead = "true"},
    [VALUE] = {.is_deep = true, .instead = "1"},
};

typedef struct rule {
	char symbol;
	unsigned weight;
	rule_kind kind;
	const char *text;
} rule;

#define RULE(symbol, weight, kind, text) {symbol, weight, kind, text},
static const rule rules[] = {
#include "tests/diff/rules.def"
    {'Q', 40, FLAT, "%S"},
    {'Q', 2, FLAT, "ASK %F%G"},
    {'Q', 2, FLAT, "CONSTRUCT { ?a :made ?b . ?b ?c [ :of ?a ] . ?d :is %t } %F%G"},
    {'Q', 1, FLAT, "CONSTRUCT %FWHERE { ?a :p ?b . %v %r %o }"},
    {'Q', 1, OWN, "DESCRIBE ?a %n %F%G"},
};
#undef RULE
enum { N_RULES = sizeof rules / sizeof *rules };

/* What may be left out, and what then stands in its place. */
static const struct {
	char symbol;
	const char *instead;
} may_go[] = {{'E', NULL}, {'T', NULL}, {'U', NULL}, {'O', NULL},  {'D', NULL}, {'H', NULL},
              {'f', NULL}, {'W', NULL}, {'c', ""},   {'G', "{ }"}, {'q', ":p"}, {'e', ""}};

#define XSD "http://www.w3.org/2001/XMLSchema#"

/* Numbers in several forms, equal values of several types, the corners of each type, and what is no value at all. Those
 * behind FIRST_CHANGED are changed by engines that keep values rather than terms. */
static const char *const literals[] = {
    "\"1\"^^<" XSD "integer>",
    "\"2\"^^<" XSD "integer>",
    "\"-2\"^^<" XSD "integer>",
    "\"0\"^^<" XSD "integer>",
    "\"10\"^^<" XSD "integer>",
    "\"1.5\"^^<" XSD "decimal>",
    "\"INF\"^^<" XSD "double>",
    "\"NaN\"^^<" XSD "double>",
    "\"x\"^^<" XSD "integer>",
    "\"\"",
    "\"a\"",
    "\"b\"",
    "\"1\"",
    "\"n0\"",
    "\"a\"@en",
    "\"a\"@en-gb",
    "\"b\"@de",
    "\"a\"^^<http://example.org/type>",
    "\"true\"^^<" XSD "boolean>",
    "\"false\"^^<" XSD "boolean>",
    "\"2020-01-01\"^^<" XSD "date>",
    "\"2020-01-01Z\"^^<" XSD "date>",
    "\"2020-01-01T00:00:00Z\"^^<" XSD "dateTime>",
    "\"2020-01-01T01:00:00+01:00\"^^<" XSD "dateTime>",
    "\"2020-01-01T12:00:00.5\"^^<" XSD "dateTime>",
    "\"2020-13-01T00:00:00\"^^<" XSD "dateTime>",
    "\"P1D\"^^<" XSD "dayTimeDuration>",
    "\"1\"^^<" XSD "double>",
    "\"2.5\"^^<" XSD "double>",
    "\"2\"^^<" XSD "float>",
    "\"\\u00E4b\"",
    "\"01\"^^<" XSD "integer>",
    "\"1.0\"^^<" XSD "decimal>",
    "\"1.50\"^^<" XSD "decimal>",
    "\"1.0E0\"^^<" XSD "double>",
    "\"1e0\"^^<" XSD "double>",
    "\"2.5E0\"^^<" XSD "double>",
    "\"-0.0E0\"^^<" XSD "double>",
    "\"2.0\"^^<" XSD "float>",
    "\"2\"^^<" XSD "byte>",
    "\"300\"^^<" XSD "byte>",
    "\"\\u00E4\\U0001F600b\"",
    "\"1\"^^<" XSD "boolean>",
    "\"PT24H\"^^<" XSD "dayTimeDuration>",
};
enum { N_LITERALS = sizeof literals / sizeof *literals, FIRST_CHANGED = N_LITERALS - 13 };

/* Few literals a seed, so that they meet. */
enum { N_KNOWN = 5, FEW_NODES = 4, MANY_NODES = 300 };

typedef struct maker {
	tt_arena *arena;
	uint64_t state;
	unsigned n_fresh, n_selected, n_blanks;
	unsigned first_seen, last_seen; /* variables of the last sub-SELECT that has ended */
	bool is_portable;
	bool has_labels; /* of blank nodes: not in texts that are put into a query more than once */
	const char *known[N_KNOWN];
} maker;

static unsigned below(maker *m, unsigned n)
{
	return (unsigned)(next_random(&m->state) % n);
}

static unsigned weight_of(const maker *m, const rule *at, char symbol, unsigned depth)
{
	const bool is_allowed = at->symbol == symbol && (depth > 0 || !kinds[at->kind].is_deep) &&
	                        (!m->is_portable || at->kind != OWN);
	return is_allowed ? at->weight : 0;
}

static const rule *choose(maker *m, char symbol, unsigned depth)
{
	unsigned total = 0;
	for (size_t i = 0; i < N_RULES; ++i) {
		total += weight_of(m, &rules[i], symbol, depth);
	}
	unsigned left = below(m, total);
	size_t i = 0;
	while (left >= weight_of(m, &rules[i], symbol, depth)) {
		left -= weight_of(m, &rules[i], symbol, depth);
		++i;
	}
	return &rules[i];
}

static piece *expand(maker *m, piece *parent, char symbol, unsigned depth, bool is_inner);

static void add_variable(maker *m, piece *parent)
{
	static const char *const names[] = {"?a", "?b", "?c", "?a", "?b", "?c", "?d", "?e", "?g"};
	char text[16];
	const unsigned choice = below(m, 14);
	(void)snprintf(text, sizeof text, "?x%u", m->n_fresh ? below(m, m->n_fresh) : 0);
	if (m->last_seen > m->first_seen && (m->n_fresh == 0 || below(m, 2))) {
		(void)snprintf(text, sizeof text, "?y%u", m->first_seen + below(m, m->last_seen - m->first_seen));
	}
	const bool is_new = choice >= 12 && (m->n_fresh || m->last_seen > m->first_seen);
	piece_add(m->arena, parent, is_new ? text : names[choice < 9 ? choice : choice % 3]);
}

/* One %X of a rule. @param own The number of its %1, UINT_MAX before there is one. */
static void expand_symbol(maker *m, piece *made, char symbol, unsigned depth, bool is_inner, unsigned *own)
{
	char text[24];
	switch (symbol) {
	case 'v':
		add_variable(m, made);
		return;
	case 'V':
		(void)snprintf(text, sizeof text, "?x%u", m->n_fresh++);
		break;
	case 'Y':
		(void)snprintf(text, sizeof text, "?y%u", m->n_selected++);
		break;
	case '1':
		*own = *own == UINT32_MAX ? m->n_selected++ : *own;
		(void)snprintf(text, sizeof text, "?y%u", *own);
		break;
	case 'b':
		(void)snprintf(text, sizeof text, m->has_labels ? "_:b%u" : "[]", m->n_blanks++);
		break;
	case 't':
		if (m->is_portable || below(m, 6)) {
			piece_add(m->arena, made, m->known[below(m, N_KNOWN)]);
		} else {
			expand(m, made, 'k', depth, is_inner);
		}
		return;
	case 'i':
		(void)snprintf(text, sizeof text, "%u", below(m, 4));
		break;
	default:
		/* only the outermost query has a dataset */
		expand(m, made, symbol == 'F' && !is_inner ? 'f' : symbol, depth, is_inner || symbol == 'G');
		return;
	}
	piece_add(m->arena, made, text);
}

static piece *expand(maker *m, piece *parent, char symbol, unsigned depth, bool is_inner)
{
	const rule *const chosen = choose(m, symbol, depth);
	const unsigned inside = kinds[chosen->kind].is_deep ? depth - 1 : depth;
	const unsigned n_selected = m->n_selected;
	piece *const made = piece_add(m->arena, parent, NULL);
	unsigned own = UINT32_MAX;
	made->role = kinds[chosen->kind].role;
	made->is_movable = kinds[chosen->kind].is_movable;
	for (size_t i = 0; i < sizeof may_go / sizeof *may_go; ++i) {
		if (may_go[i].symbol == symbol) {
			made->instead = kinds[chosen->kind].instead ? kinds[chosen->kind].instead : may_go[i].instead;
			made->may_go = !made->instead || *made->instead;
		}
	}
	for (const char *at = chosen->text; *at;) {
		char text[128];
		const size_t size = strcspn(at, "%");
		(void)snprintf(text, sizeof text, "%.*s", (int)size, at);
		if (size) {
			piece_add(m->arena, made, text);
		}
		at += size;
		if (*at) {
			expand_symbol(m, made, at[1], inside, is_inner, &own);
			at += 2;
		}
	}
	if (symbol == 'S') {
		m->first_seen = n_selected;
		m->last_seen = m->n_selected;
	}
	return made;
}

/* ---- data ------------------------------------------------------------------------------------- */

static void add_node(maker *m, unsigned kind, unsigned n_nodes, char *text, size_t size)
{
	if (kind < 6) {
		(void)snprintf(text, size, "<http://example.org/n%u>", below(m, n_nodes));
	} else if (kind < 7) {
		(void)snprintf(text, size, "_:l%u", below(m, n_nodes / 2));
	} else if (n_nodes > FEW_NODES && below(m, 2)) {
		(void)snprintf(text, size, "\"%u\"^^<" XSD "integer>", below(m, n_nodes));
	} else {
		(void)snprintf(text, size, "%s", m->known[below(m, N_KNOWN)]);
	}
}

static void add_line(maker *m, piece *data, unsigned n_nodes)
{
	static const char *const predicates[] = {"p", "q", "r", "p", "p"};
	static const char *const graphs[] = {"", "", "", "<http://example.org/g1> ", "<http://example.org/g2> "};
	char subject[64];
	char object[128];
	char line[320];
	add_node(m, below(m, 7), n_nodes, subject, sizeof subject);
	add_node(m, below(m, 11), n_nodes, object, sizeof object);
	(void)snprintf(line, sizeof line, "%s <http://example.org/%s> %s %s.\n", subject, predicates[below(m, 5)], object,
	               graphs[below(m, 5)]);
	piece_add(m->arena, data, line)->may_go = true;
}

/* A triple that stands in two graphs, and a graph that speaks of graphs. */
static void add_graphs(maker *m, piece *data)
{
	static const char *const lines[] = {
	    "<http://example.org/n0> <http://example.org/p> <http://example.org/n1> .\n",
	    "<http://example.org/n0> <http://example.org/p> <http://example.org/n1> <http://example.org/g1> .\n",
	    "<http://example.org/g1> <http://example.org/q> <http://example.org/n0> <http://example.org/g2> .\n",
	};
	for (size_t i = 0; i < sizeof lines / sizeof *lines; ++i) {
		piece_add(m->arena, data, lines[i])->may_go = true;
	}
}

/* Most often few nodes, so that patterns meet; now and then so many that rows fill several batches and blocks, and that
 * the ways to join differ in their cost. In chunks, so that a failure shrinks fast. */
static piece *make_data(maker *m)
{
	enum { CHUNK = 64 };
	piece *const data = piece_add(m->arena, NULL, NULL);
	const bool is_large = below(m, 16) == 0;
	const unsigned n = is_large ? 800 + below(m, 800) : 10 + below(m, 30);
	piece *chunk = NULL;
	for (unsigned i = 0; i < n; ++i) {
		if (i % CHUNK == 0) {
			chunk = piece_add(m->arena, data, NULL);
			chunk->may_go = true;
		}
		add_line(m, chunk, is_large ? MANY_NODES : FEW_NODES);
	}
	if (below(m, 2)) {
		add_graphs(m, data);
	}
	return data;
}

void random_case_make(tt_arena *arena, uint64_t seed, bool is_portable, random_case *out)
{
	maker m = {.arena = arena, .state = tt_hash_u64(seed), .is_portable = is_portable};
	const unsigned depth = 3 + below(&m, 4);
	for (size_t i = 0; i < N_KNOWN; ++i) {
		m.known[i] = literals[below(&m, is_portable ? FIRST_CHANGED : N_LITERALS)];
	}
	out->data = make_data(&m);
	m.has_labels = true;
	out->whole = expand(&m, NULL, 'Q', depth, false);
	m.has_labels = false;
	out->dataset = expand(&m, NULL, 'f', depth, false);
	out->group = expand(&m, NULL, 'G', depth, true);
	out->condition = expand(&m, NULL, 'c', 2, true);
}
