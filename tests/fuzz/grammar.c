/* grammar.c - queries from bytes. Each function is a production; its choices are rows of a table of strings, in which
 * a capital letter behind a % stands for another production:
 *
 *     %V variable  %T term  %L literal  %I IRI  %P path  %E expression  %G group graph pattern  %B triples
 *     %S sub-select  %A aggregate  %D a value of VALUES, and so on (see `productions`)
 *
 * The first row of a table ends the recursion: it is taken when the bytes are used up or nesting is deep. */
#include "fuzz/grammar.h"

enum { DEEPEST = 7 };

typedef struct generator {
	fuzz_input *input;
	tt_buffer *out;
	unsigned n_depth;
} generator;

typedef struct production {
	char letter;
	unsigned n_choices;
	const char *const *choices;
} production;

#define PRODUCTION(letter, table)                      \
	{                                                  \
		letter, sizeof(table) / sizeof *(table), table \
	}

static const char *const variables[] = {"?a", "?b", "?c", "?d", "?e"};
static const char *const iris[] = {":p", ":q", ":r", ":a", ":b", ":c", ":g1", ":g2", "rdf:type", ":nowhere", "<x:y>"};
static const char *const literals[] = {
    "1",
    "2",
    "-3",
    "0",
    "1.0",
    "2.50",
    "1e0",
    "1.5E0",
    "\"NaN\"^^xsd:double",
    "\"INF\"^^xsd:float",
    "true",
    "false",
    "\"\"",
    "\"a\"",
    "\"abc\"",
    "\"aBc\"@en",
    "\"abc\"@en-gb",
    "\"äöü\\U0001F600\"",
    "\"x\\\"\\n\"",
    "\"2001-02-03\"^^xsd:date",
    "\"2001-02-03T04:05:06Z\"^^xsd:dateTime",
    "\"2001-02-03T04:05:06.5+14:00\"^^xsd:dateTime",
    "\"2001\"^^xsd:gYear",
    "\"2001-02\"^^xsd:gYearMonth",
    "\"04:05:06\"^^xsd:time",
    "\"P1Y2M\"^^xsd:yearMonthDuration",
    "\"P1DT2H\"^^xsd:dayTimeDuration",
    "\"P1Y2DT3S\"^^xsd:duration",
    "\"odd\"^^xsd:integer",
    "\"+007\"^^xsd:integer",
    "\"1\"^^xsd:byte",
    "9223372036854775807",
    "-9223372036854775808",
    "123456789012345678901234567890",
    "0.000000000000000000000000000001",
    "1e308",
    "1e-320",
    "\"odd\"^^:datatype",
};
static const char *const terms[] = {"%V", "%V", "%V", "%I", "%L", "_:x", "[]", "[ %P %T ]", "( %T %T )"};
static const char *const paths[] = {"%I",    ":p",    ":q",        "%V",  "^%I",     "%I/%I", "(%Q|%Q)", "(%Q)*",
                                    "(%Q)+", "(%Q)?", "!(%I|^%I)", "!:p", "(%Q/%Q)", "^(%Q)", "a"};
static const char *const path_parts[] = {":p", "%I", "^%I", "(%Q|%Q)", "%Q/%Q", "%Q*", "(%Q)+", "(%Q)?", "!(%I|^%I)"};
static const char *const triples[] = {"%V %P %T .",
                                      "%V :p %V .",
                                      "%T %P %T .",
                                      "%V :p %V ; %P %T .",
                                      "%V %P %T , %T .",
                                      "%V %P %T . %B",
                                      "%V :p %V . %V :q %V .",
                                      "%V :q %V .",
                                      "%V :r %V .",
                                      "%V %V %V .",
                                      "?a :p ?b .",
                                      "?b :q ?c ."};
static const char *const groups[] = {
    "%B", "%B %H", "%H", "", "%H %H", "%B %H %B", "%S",
};
static const char *const pieces[] = {
    "FILTER (%E)",
    "OPTIONAL { %G }",
    "{ %G } UNION { %G }",
    "MINUS { %G }",
    "FILTER EXISTS { %G }",
    "FILTER NOT EXISTS { %G }",
    "BIND (%E AS ?n%N)",
    "VALUES (%V) { (%D) (%D) }",
    "VALUES (?a ?b) { (%D %D) (%D %D) (UNDEF %D) }",
    "GRAPH %V { %G }",
    "GRAPH :g1 { %G }",
    "{ %G }",
    "FILTER (%V = %V)",
    "FILTER (%V %O %L)",
    "FILTER (%E && %E)",
    "OPTIONAL { %G FILTER (%E) }",
    "{ %S }",
    "{ %G } UNION { %G } UNION { %G }",
};
static const char *const digits[] = {"1", "2", "3", "4", "5", "6", "7", "8", "9"};
static const char *const values[] = {"UNDEF", "1", "%I", "%L"};
static const char *const comparisons[] = {"=", "!=", "<", ">", "<=", ">="};
static const char *const expressions[] = {
    "%V",
    "%L",
    "%I",
    "(%E %O %E)",
    "(%E && %E)",
    "(%E || %E)",
    "(!%E)",
    "(%E + %E)",
    "(%E - %E)",
    "(%E * %E)",
    "(%E / %E)",
    "(-%E)",
    "(+ %E)",
    "(%E IN (%E, %E))",
    "(%E NOT IN (%E))",
    "EXISTS { %G }",
    "NOT EXISTS { %G }",
    "BOUND(%V)",
    "IF(%E, %E, %E)",
    "COALESCE(%E, %E)",
    "sameTerm(%E, %E)",
    "CONCAT(%E, %E)",
    "SUBSTR(STR(%E), %E)",
    "SUBSTR(%E, %E, %E)",
    "%1(%E)",
    "%1(%E)",
    "%1(%E)",
    "%2(%E, %E)",
    "%2(%E, %E)",
    "REPLACE(%E, %E, %E)",
    "REGEX(STR(%E), \"[a-c]\", \"i\")",
    "REPLACE(STR(%E), \"(a|b)\", \"<$1>\")",
};
static const char *const unary[] = {
    "STR",
    "LANG",
    "DATATYPE",
    "IRI",
    "ABS",
    "CEIL",
    "FLOOR",
    "ROUND",
    "STRLEN",
    "UCASE",
    "LCASE",
    "ENCODE_FOR_URI",
    "YEAR",
    "MONTH",
    "DAY",
    "HOURS",
    "MINUTES",
    "SECONDS",
    "TIMEZONE",
    "TZ",
    "MD5",
    "SHA1",
    "SHA256",
    "SHA384",
    "SHA512",
    "isIRI",
    "isBLANK",
    "isLITERAL",
    "isNUMERIC",
    "xsd:integer",
    "xsd:decimal",
    "xsd:double",
    "xsd:float",
    "xsd:string",
    "xsd:boolean",
    "xsd:dateTime",
    "xsd:date",
    "xsd:time",
    "xsd:duration",
    "xsd:byte",
    "xsd:dayTimeDuration",
    "xsd:yearMonthDuration",
    "xsd:gYear",
    "xsd:gYearMonth",
};
static const char *const binary[] = {"CONTAINS", "STRSTARTS", "STRENDS", "STRBEFORE",   "STRAFTER",
                                     "STRLANG",  "STRDT",     "REGEX",   "LANGMATCHES", "CONCAT"};
static const char *const aggregates[] = {"COUNT(*)",          "COUNT(%E)", "COUNT(DISTINCT %V)",
                                         "COUNT(DISTINCT *)", "SUM(%E)",   "MIN(%E)",
                                         "MAX(%V)",           "AVG(%E)",   "SUM(DISTINCT %V)"};
static const char *const selects[] = {
    "SELECT * { %G }",
    "SELECT DISTINCT %V { %G }",
    "SELECT ?a ?c { %G }",
    "SELECT (%A AS ?x) { %G }",
    "SELECT %V (%A AS ?x) { %G } GROUP BY %V",
    "SELECT ?a (%A AS ?x) { %G } GROUP BY ?a",
    "SELECT ?a ?b (%A AS ?x) { %G } GROUP BY ?a ?b HAVING (%A > %E)",
    "SELECT (%E AS ?x) { %G }",
    "SELECT ?y (%A AS ?x) { %G } GROUP BY (%E AS ?y)",
    "SELECT ?a { %G } ORDER BY %E",
    "SELECT DISTINCT ?a ?b { %G } ORDER BY DESC(%E) ?b",
    "SELECT ?a { %G } VALUES ?a { %D %D }",
};
static const char *const queries[] = {
    "SELECT * { %G }",
    "%S",
    "SELECT * { %G } ORDER BY %E %V",
    "ASK { %G }",
    "CONSTRUCT { %V :made %V . %T %I %T } WHERE { %G }",
    "DESCRIBE %V { %G }",
    "DESCRIBE %I",
    "SELECT * FROM :g1 FROM NAMED :g2 { %G }",
    "SELECT * FROM :g1 FROM :g2 { %G }",
    "SELECT * FROM NAMED :g1 FROM NAMED :g2 { GRAPH ?d { %G } }",
    "SELECT DISTINCT * { %G }",
    "SELECT ?a ?b ?c { %G }",
};

static const production productions[] = {
    PRODUCTION('V', variables),   PRODUCTION('I', iris),       PRODUCTION('L', literals), PRODUCTION('T', terms),
    PRODUCTION('P', paths),       PRODUCTION('Q', path_parts), PRODUCTION('B', triples),  PRODUCTION('G', groups),
    PRODUCTION('H', pieces),      PRODUCTION('N', digits),     PRODUCTION('D', values),   PRODUCTION('O', comparisons),
    PRODUCTION('E', expressions), PRODUCTION('1', unary),      PRODUCTION('2', binary),   PRODUCTION('A', aggregates),
    PRODUCTION('S', selects),     PRODUCTION('R', queries),
};

static const production *find_production(char letter)
{
	for (size_t i = 0; i < sizeof productions / sizeof *productions; ++i) {
		if (productions[i].letter == letter) {
			return &productions[i];
		}
	}
	FUZZ_REQUIRE(false, "no production %c", letter);
	return NULL;
}

static void append(generator *generator, tt_view text)
{
	FUZZ_REQUIRE(tt_buffer_append(generator->out, text) == TT_OK, "no memory");
}

static void expand(generator *generator, char letter)
{
	const production *const rule = find_production(letter);
	const unsigned choice = fuzz_below(generator->input, rule->n_choices);
	const bool is_leaf = strchr(rule->choices[choice], '%') == NULL;
	const char *at = rule->choices[generator->n_depth > DEEPEST && !is_leaf ? 0 : choice];
	generator->n_depth++;
	while (*at) {
		const size_t n = strcspn(at, "%");
		append(generator, (tt_view){at, n});
		at += n;
		if (*at) {
			expand(generator, at[1]);
			at += 2;
		}
	}
	generator->n_depth--;
}

void fuzz_generate_query(fuzz_input *input, tt_buffer *out)
{
	generator generator = {.input = input, .out = out};
	expand(&generator, 'R');
}
