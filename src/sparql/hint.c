/* hint.c - tables of what is often written and what is right. */
#include "sparql/hint.h"

/* ---- near names ------------------------------------------------------------------------------- */

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

enum { LONGEST_WORD = 32 };

/* Levenshtein, row by row. */
size_t tt_count_edits(tt_view a, tt_view b, size_t n_enough)
{
	size_t row[LONGEST_WORD + 1];
	const size_t n_apart = a.size > b.size ? a.size - b.size : b.size - a.size;
	if (n_apart >= n_enough || b.size > LONGEST_WORD) {
		return n_enough;
	}
	for (size_t k = 0; k <= b.size; ++k) {
		row[k] = k;
	}
	for (size_t i = 0; i < a.size; ++i) {
		size_t diagonal = row[0];
		row[0] = i + 1;
		for (size_t k = 0; k < b.size; ++k) {
			const size_t changed = diagonal + (upper(a.data[i]) != upper(b.data[k]));
			const size_t inserted = (row[k] < row[k + 1] ? row[k] : row[k + 1]) + 1;
			diagonal = row[k + 1];
			row[k + 1] = changed < inserted ? changed : inserted;
		}
	}
	return row[b.size] < n_enough ? row[b.size] : n_enough;
}

#define TT_FUNCTION(name, text, least, most, kind, section) {(text), sizeof(text) - 1},
static const tt_view functions[TT_N_BUILTINS] = {
#include "sparql/functions.def"
};
#undef TT_FUNCTION

/* The keyword or function that somebody may have meant, or nothing. */
static tt_view find_similar(tt_view word, bool is_call)
{
	tt_view best = {NULL, 0};
	size_t n_best = is_call ? word.size / 3 + 2 : word.size < 6 ? 2 : 3; /* edits that are too many */
	if (word.size < (is_call ? 3 : 4)) {
		return best;
	}
	for (size_t i = is_call ? TT_N_KEYWORDS : 0; i < TT_N_KEYWORDS + TT_N_BUILTINS; ++i) {
		const tt_view candidate = i < TT_N_KEYWORDS ? tt_keyword_text((tt_keyword)i) : functions[i - TT_N_KEYWORDS];
		const size_t n = tt_count_edits(word, candidate, n_best);
		if (n < n_best) {
			n_best = n;
			best = candidate;
		}
	}
	return n_best ? best : (tt_view){NULL, 0};
}

static const tt_prefix *nearer_prefix(const tt_prefixes *prefixes, tt_view name, size_t *n_best)
{
	const tt_prefix *best = NULL;
	for (size_t i = 0; prefixes && i < prefixes->n_items; ++i) {
		const size_t n = tt_count_edits(name, prefixes->items[i].name, *n_best);
		if (n < *n_best && prefixes->items[i].name.size > 1) {
			*n_best = n;
			best = &prefixes->items[i];
		}
	}
	return best;
}

const tt_prefix *tt_parser_near_prefix(const tt_parser *p, tt_view name)
{
	size_t n_best = name.size < 3 ? 1 : name.size < 6 ? 2 : 3; /* edits that are too many */
	const tt_prefix *const declared = nearer_prefix(&p->declared, name, &n_best);
	const tt_prefix *const known = nearer_prefix(p->options->prefixes, name, &n_best);
	const tt_prefix *const usual = nearer_prefix(p->options->usual_prefixes, name, &n_best);
	return usual ? usual : known ? known : declared;
}

/* ---- functions -------------------------------------------------------------------------------- */

const char *tt_function_signature(tt_builtin builtin)
{
	static const char *const signatures[TT_N_BUILTINS] = {
	    [TT_FN_STR] = "STR(term)",
	    [TT_FN_LANG] = "LANG(literal)",
	    [TT_FN_LANGMATCHES] = "LANGMATCHES(language, range)",
	    [TT_FN_DATATYPE] = "DATATYPE(literal)",
	    [TT_FN_BOUND] = "BOUND(?variable)",
	    [TT_FN_IRI] = "IRI(text)",
	    [TT_FN_URI] = "URI(text)",
	    [TT_FN_BNODE] = "BNODE([label])",
	    [TT_FN_RAND] = "RAND()",
	    [TT_FN_ABS] = "ABS(number)",
	    [TT_FN_CEIL] = "CEIL(number)",
	    [TT_FN_FLOOR] = "FLOOR(number)",
	    [TT_FN_ROUND] = "ROUND(number)",
	    [TT_FN_STRLEN] = "STRLEN(text)",
	    [TT_FN_UCASE] = "UCASE(text)",
	    [TT_FN_LCASE] = "LCASE(text)",
	    [TT_FN_ENCODE_FOR_URI] = "ENCODE_FOR_URI(text)",
	    [TT_FN_CONTAINS] = "CONTAINS(text, part)",
	    [TT_FN_STRSTARTS] = "STRSTARTS(text, begin)",
	    [TT_FN_STRENDS] = "STRENDS(text, end)",
	    [TT_FN_STRBEFORE] = "STRBEFORE(text, part)",
	    [TT_FN_STRAFTER] = "STRAFTER(text, part)",
	    [TT_FN_YEAR] = "YEAR(date)",
	    [TT_FN_MONTH] = "MONTH(date)",
	    [TT_FN_DAY] = "DAY(date)",
	    [TT_FN_HOURS] = "HOURS(dateTime)",
	    [TT_FN_MINUTES] = "MINUTES(dateTime)",
	    [TT_FN_SECONDS] = "SECONDS(dateTime)",
	    [TT_FN_TIMEZONE] = "TIMEZONE(dateTime)",
	    [TT_FN_TZ] = "TZ(dateTime)",
	    [TT_FN_NOW] = "NOW()",
	    [TT_FN_UUID] = "UUID()",
	    [TT_FN_STRUUID] = "STRUUID()",
	    [TT_FN_MD5] = "MD5(text)",
	    [TT_FN_SHA1] = "SHA1(text)",
	    [TT_FN_SHA256] = "SHA256(text)",
	    [TT_FN_SHA384] = "SHA384(text)",
	    [TT_FN_SHA512] = "SHA512(text)",
	    [TT_FN_IF] = "IF(condition, then, else)",
	    [TT_FN_STRLANG] = "STRLANG(text, language)",
	    [TT_FN_STRDT] = "STRDT(text, datatype)",
	    [TT_FN_SAMETERM] = "sameTerm(term, term)",
	    [TT_FN_ISIRI] = "isIRI(term)",
	    [TT_FN_ISURI] = "isURI(term)",
	    [TT_FN_ISBLANK] = "isBLANK(term)",
	    [TT_FN_ISLITERAL] = "isLITERAL(term)",
	    [TT_FN_ISNUMERIC] = "isNUMERIC(term)",
	    [TT_FN_REGEX] = "REGEX(text, pattern[, flags])",
	    [TT_FN_SUBSTR] = "SUBSTR(text, start[, length])",
	    [TT_FN_REPLACE] = "REPLACE(text, pattern, replacement[, flags])",
	};
	return builtin < TT_N_BUILTINS && signatures[builtin] ? signatures[builtin] : "any number of expressions";
}

static bool is_expected(const tt_parser *p, tt_view what)
{
	for (size_t i = 0; i < p->n_expected; ++i) {
		if (tt_view_equal(p->expected[i], what)) {
			return true;
		}
	}
	return false;
}

/* What follows the token in the text, blanks passed over. */
static char next_character(const tt_parser *p)
{
	const char *c = p->token.raw.data + p->token.raw.size;
	const char *const end = p->lexer.text.data + p->lexer.text.size;
	while (c < end && (*c == ' ' || *c == '\t')) {
		++c;
	}
	return c < end ? *c : '\0';
}

bool tt_parser_at_unknown_call(const tt_parser *p)
{
	return p->token.kind == TT_TOKEN_WORD && p->token.keyword == TT_N_KEYWORDS && next_character(p) == '(' &&
	       (is_expected(p, TT_VIEW("an expression")) || is_expected(p, TT_VIEW("a function call")));
}

/* Functions of SQL, XPath and other stores, and what does it in SPARQL. */
static const struct {
	tt_view name;
	const char *instead;
} foreign_functions[] = {
#define FOREIGN(name, instead)                \
	{                                         \
		{(name), sizeof(name) - 1}, (instead) \
	}
    FOREIGN("LENGTH", "STRLEN"),
    FOREIGN("LEN", "STRLEN"),
    FOREIGN("UPPER", "UCASE"),
    FOREIGN("LOWER", "LCASE"),
    FOREIGN("toUpper", "UCASE"),
    FOREIGN("toLower", "LCASE"),
    FOREIGN("SUBSTRING", "SUBSTR"),
    FOREIGN("STARTSWITH", "STRSTARTS"),
    FOREIGN("ENDSWITH", "STRENDS"),
    FOREIGN("INSTR", "CONTAINS"),
    FOREIGN("MATCHES", "REGEX"),
    FOREIGN("IFNULL", "COALESCE"),
    FOREIGN("NVL", "COALESCE"),
    FOREIGN("ISNULL", "!BOUND"),
    FOREIGN("CEILING", "CEIL"),
    FOREIGN("GETDATE", "NOW"),
    FOREIGN("toString", "STR"),
    FOREIGN("toInteger", "xsd:integer"),
    FOREIGN("INT", "xsd:integer"),
    FOREIGN("STRING", "xsd:string"),
    FOREIGN("NUMBER", "xsd:decimal"),
    FOREIGN("DATE", "xsd:date"),
    FOREIGN("ID", "STR"),
    FOREIGN("COLLECT", "GROUP_CONCAT"),
    FOREIGN("STRING_AGG", "GROUP_CONCAT"),
    FOREIGN("AVERAGE", "AVG"),
#undef FOREIGN
};

tt_status tt_parser_hint_function(const tt_parser *p, tt_buffer *out)
{
	const tt_view name = p->token.text;
	TT_TRY(tt_buffer_printf(out, "there is no function %.*s", TT_VIEW_ARG(tt_parser_shown(name))));
	for (size_t i = 0; i < sizeof foreign_functions / sizeof *foreign_functions; ++i) {
		if (tt_view_equal_nocase(name, foreign_functions[i].name)) {
			return tt_buffer_printf(out, "; did you mean %s?", foreign_functions[i].instead);
		}
	}
	const tt_view similar = find_similar(name, true);
	return similar.size ? tt_buffer_printf(out, "; did you mean %.*s?", TT_VIEW_ARG(similar)) : TT_OK;
}

/* ---- slips ------------------------------------------------------------------------------------ */

/** If this was found where that was expected, say so. */
typedef struct slip {
	tt_view found;    /* the token as it stands, in any case; empty: any of `kind` */
	tt_view expected; /* empty: whatever was */
	tt_token_kind kind;
	const char *hint;
} slip;

#define TEXT(text)               \
	{                            \
		(text), sizeof(text) - 1 \
	}
#define WORD(found, expected, hint)                           \
	{                                                         \
		TEXT(found), TEXT(expected), TT_N_TOKEN_KINDS, (hint) \
	}
#define TOKEN(kind, expected, hint)                        \
	{                                                      \
		{NULL, 0}, TEXT(expected), TT_TOKEN_##kind, (hint) \
	}
static const slip slips[] = {
    /* operators */
    WORD("AND", "", "and is written &&"),
    WORD("OR", "", "or is written ||"),
    WORD("LIKE", "an operator", "write CONTAINS(text, part) or REGEX(text, pattern) in place of LIKE"),
    WORD("ILIKE", "an operator", "write REGEX(text, pattern, \"i\") in place of ILIKE"),
    WORD("CONTAINS", "an operator", "write CONTAINS(text, part)"),
    WORD("STARTS", "an operator", "write STRSTARTS(text, begin)"),
    WORD("ENDS", "an operator", "write STRENDS(text, end)"),
    WORD("BETWEEN", "an operator", "write ?x >= low && ?x <= high"),
    WORD("IS", "an operator", "whether a variable has a value is asked by BOUND(?x) or !BOUND(?x)"),
    WORD("MOD", "an operator", "SPARQL has no remainder; write ?x - ?y * FLOOR(?x / ?y)"),
    WORD("NULL", "an expression", "whether a variable has a value is asked by BOUND(?x) or !BOUND(?x)"),
    WORD("CASE", "an expression", "write IF(condition, then, else)"),
    WORD("<>", "an operator", "unequal is written !="),
    TOKEN(PIPE, "an operator", "or is written ||"),
    TOKEN(VARIABLE, "a function call", "a condition stands in parentheses: FILTER (…)"),
    TOKEN(STRING, "a function call", "a condition stands in parentheses: FILTER (…)"),
    TOKEN(INTEGER, "a function call", "a condition stands in parentheses: FILTER (…)"),
    TOKEN(NOT, "a function call", "a condition stands in parentheses: FILTER (!…)"),
    TOKEN(VARIABLE, "EXISTS", "not is written !"),
    TOKEN(OPEN_PAREN, "EXISTS", "not is written !, as in FILTER (!(…))"),
    /* SELECT */
    TOKEN(COMMA, "(expression AS ?name)", "the variables of SELECT stand without commas"),
    TOKEN(COMMA, "FROM", "the variables of SELECT stand without commas"),
    TOKEN(CLOSE_PAREN, "AS", "a value in SELECT needs a name: (… AS ?name)"),
    TOKEN(OPEN_BRACE, "(expression AS ?name)", "SELECT needs variables, or *"),
    WORD("WHERE", "(expression AS ?name)", "SELECT needs variables, or *"),
    WORD("COUNT", "(expression AS ?name)", "write (COUNT(*) AS ?name)"),
    WORD("COUNT", "FROM", "write (COUNT(*) AS ?name)"),
    WORD("AS", "FROM", "a value with a name stands in parentheses: (… AS ?name)"),
    WORD("TOP", "(expression AS ?name)", "write LIMIT at the end of the query"),
    TOKEN(STAR, "DISTINCT", "write COUNT(*), with parentheses"),
    TOKEN(STAR, "\"(\"", "write COUNT(*), with parentheses"),
    TOKEN(OPEN_PAREN, "(expression AS ?name)", "write (… AS ?name)"),
    /* patterns */
    TOKEN(VARIABLE, "\"{\"", "the pattern stands in braces: WHERE { … }"),
    TOKEN(IRI, "\"{\"", "the pattern stands in braces: { … }"),
    TOKEN(PREFIXED_NAME, "\"{\"", "the pattern stands in braces: { … }"),
    WORD("UNION", "\"}\"", "both sides of UNION stand in braces: { … } UNION { … }"),
    WORD("NOT", "a triple pattern", "write FILTER NOT EXISTS { … }"),
    WORD("EXISTS", "a triple pattern", "write FILTER EXISTS { … }"),
    WORD("ORDER", "\"}\"", "ORDER BY stands behind the last }"),
    WORD("GROUP", "\"}\"", "GROUP BY stands behind the last }"),
    WORD("LIMIT", "\"}\"", "LIMIT stands behind the last }"),
    TOKEN(VARIABLE, "\".\"", "is a \".\" missing before it?"),
    TOKEN(IRI, "\".\"", "is a \".\" missing before it?"),
    TOKEN(PREFIXED_NAME, "\".\"", "is a \".\" missing before it?"),
    TOKEN(BLANK_LABEL, "\".\"", "is a \".\" missing before it?"),
    TOKEN(OPEN_BRACKET, "\".\"", "is a \".\" missing before it?"),
    TOKEN(MINUS, "\".\"", "an arrow is no SPARQL; write subject, predicate, object and a full stop"),
    TOKEN(MINUS, "a predicate", "an arrow is no SPARQL; write subject, predicate, object and a full stop"),
    TOKEN(DOT, "a predicate", "a triple pattern has three parts: subject, predicate, object"),
    TOKEN(DOT, "an object", "a triple pattern has three parts: subject, predicate, object"),
    TOKEN(CLOSE_BRACE, "a predicate", "a triple pattern has three parts: subject, predicate, object"),
    TOKEN(CLOSE_BRACE, "an object", "a triple pattern has three parts: subject, predicate, object"),
    TOKEN(STRING, "a predicate", "a predicate is an IRI, a variable or a path"),
    /* declarations */
    TOKEN(WORD, "a prefix such as \"foaf:\"", "a prefix ends with a colon"),
    TOKEN(PREFIXED_NAME, "a prefix such as \"foaf:\"", "nothing may stand behind the colon of a prefix"),
    TOKEN(WORD, "NAMED", "FROM names a graph by its IRI"),
    TOKEN(PREFIXED_NAME, "an IRI", "an IRI stands between < and >"),
    TOKEN(STRING, "an IRI", "an IRI stands between < and >"),
    WORD("@prefix", "PREFIX", "SPARQL writes PREFIX, without @ and without a full stop at the end"),
    WORD("@base", "PREFIX", "SPARQL writes BASE, without @ and without a full stop at the end"),
    TOKEN(DOT, "PREFIX", "a declaration ends without a full stop"),
    TOKEN(SEMICOLON, "PREFIX", "a declaration ends without a semicolon"),
    /* the whole query */
    WORD("INSERT", "SELECT", "this is an update, not a query"),
    WORD("DELETE", "SELECT", "this is an update, not a query"),
    WORD("LOAD", "SELECT", "this is an update, not a query"),
    WORD("CLEAR", "SELECT", "this is an update, not a query"),
    WORD("DROP", "SELECT", "this is an update, not a query"),
    WORD("CREATE", "SELECT", "this is an update, not a query"),
    WORD("SELECT", "INSERT", "this is a query, not an update"),
    WORD("ASK", "INSERT", "this is a query, not an update"),
    WORD("CONSTRUCT", "INSERT", "this is a query, not an update"),
    WORD("DESCRIBE", "INSERT", "this is a query, not an update"),
    WORD("MATCH", "SELECT", "that is Cypher; SPARQL asks SELECT ?name WHERE { ?person foaf:name ?name }"),
    WORD("RETURN", "", "SPARQL says at the beginning what is asked for: SELECT ?name WHERE { … }"),
    WORD("FIND", "SELECT", "a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE"),
    TOKEN(OPEN_BRACE, "SELECT", "a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE"),
    TOKEN(VARIABLE, "SELECT", "a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE"),
    TOKEN(CLOSE_BRACE, "the end of the text", "there is a } without its {"),
    TOKEN(SEMICOLON, "the end of the text", "a query ends without a semicolon"),
    WORD("ORDER", "the end of the text", "the order is GROUP BY, HAVING, ORDER BY, LIMIT and OFFSET"),
    WORD("GROUP", "the end of the text", "the order is GROUP BY, HAVING, ORDER BY, LIMIT and OFFSET"),
    WORD("HAVING", "the end of the text", "the order is GROUP BY, HAVING, ORDER BY, LIMIT and OFFSET"),
    WORD("FILTER", "the end of the text", "FILTER stands inside of the braces"),
    WORD("FROM", "the end of the text", "FROM stands before WHERE"),
    WORD("WHERE", "the end of the text", "there is one WHERE; conditions stand in FILTER (…)"),
};

static bool fits(const tt_parser *p, const slip *one)
{
	const bool is_found = one->found.size ? tt_view_equal_nocase(one->found, p->token.raw) : one->kind == p->token.kind;
	return is_found && (!one->expected.size || is_expected(p, one->expected));
}

/* A word where only a term can stand is a variable or a name without its sign; elsewhere it may be a keyword. */
static tt_status hint_word(const tt_parser *p, tt_buffer *out)
{
	static const struct {
		tt_view expected;
		bool may_be_keyword;
	} places[] = {
	    {TEXT("an object"), false},       {TEXT("a predicate"), false},
	    {TEXT("a term"), false},          {TEXT("(expression AS ?name)"), false},
	    {TEXT("a triple pattern"), true}, {TEXT("an expression"), true},
	};
	const tt_view word = tt_parser_shown(p->token.text);
	bool is_term = false;
	bool may_be_keyword = true;
	for (size_t i = 0; i < sizeof places / sizeof *places && !is_term; ++i) {
		is_term = is_expected(p, places[i].expected);
		may_be_keyword = !is_term || places[i].may_be_keyword;
	}
	const tt_view similar = may_be_keyword ? find_similar(p->token.text, false) : (tt_view){NULL, 0};
	if (similar.size) {
		return tt_buffer_printf(out, "; did you mean %.*s?", TT_VIEW_ARG(similar));
	}
	return is_term ? tt_buffer_printf(out, "; a variable is written ?%.*s, a text \"%.*s\", a name with its prefix",
	                                  TT_VIEW_ARG(word), TT_VIEW_ARG(word))
	               : TT_OK;
}

/* Two signs side by side that other languages read as one. */
static const char *find_doubled(const tt_parser *p)
{
	const tt_token *const token = &p->token;
	const char before = token->raw.data > p->lexer.text.data ? token->raw.data[-1] : '\0';
	if (token->kind == TT_TOKEN_EQUAL && before == '=') {
		return "; equal is written =";
	}
	return token->kind == TT_TOKEN_STRING && before == token->raw.data[0]
	           ? "; a quotation mark inside of a text stands behind a backslash"
	           : NULL;
}

tt_status tt_parser_hint(tt_parser *p, tt_buffer *out)
{
	const char *const doubled = find_doubled(p);
	if (doubled) {
		return tt_buffer_append(out, tt_view_of(doubled));
	}
	if (p->token.kind == TT_TOKEN_END && p->group_place.line && is_expected(p, TT_VIEW("\"}\""))) {
		return tt_buffer_printf(out, "; the { in line %u, column %u is not closed", p->group_place.line,
		                        p->group_place.column);
	}
	for (size_t i = 0; i < sizeof slips / sizeof *slips; ++i) {
		if (fits(p, &slips[i])) {
			return tt_buffer_printf(out, "; %s", slips[i].hint);
		}
	}
	return p->token.kind == TT_TOKEN_WORD && p->token.keyword == TT_N_KEYWORDS ? hint_word(p, out) : TT_OK;
}
