#!/bin/sh
# What is said about a query: errors with the way out, and warnings of what is hardly meant.
. "$(dirname "$0")/tap.sh"

says() { # message, query: it is an error
	check "$2" -s 3 -e "$1" "$TERTIUM" query -e "$2"
}
warns() { # message, query: it is answered nevertheless
	check "$2" -e "$1" "$TERTIUM" query -e "$2"
}
silent() { # query: nothing is said
	check "nothing about $1" "$TERTIUM" query -e "$1"
}

# ---- names
says 'unknown prefix "foaff:"; did you mean foaf: <http://xmlns.com/foaf/0.1/>?' 'ASK { ?s foaff:name ?o }'
says 'begin with: PREFIX unheardof: <…>' 'ASK { ?s unheardof:name ?o }'
says 'no function STRSTART; did you mean STRSTARTS?' 'ASK { FILTER(STRSTART("a", "a")) }'
says 'no function LENGTH; did you mean STRLEN?' 'ASK { FILTER LENGTH("a") }'
says 'no function QUITEUNHEARDOF' 'ASK { FILTER(QUITEUNHEARDOF("a")) }'
says 'SUBSTR takes 2 to 3 arguments, found 1: write SUBSTR(text, start[, length])' 'SELECT (SUBSTR("a") AS ?x) {}'
says 'query:1:15: unknown function <http://www.w3.org/2001/XMLSchema#integr>; did you mean' 'ASK { FILTER (xsd:integr(1)) }'
says 'did you mean OPTIONAL?' 'ASK { OPTIONL { ?s ?p ?o } }'
says 'query:1:7: SERVICE is not evaluated yet' 'ASK { SERVICE <http://example.org/> { ?s ?p ?o } }'
warns 'being SILENT, it gives one solution' 'ASK { SERVICE SILENT <http://example.org/> { ?s ?p ?o } }'

# ---- slips
while IFS='|' read -r message query; do
	says "$message" "$query"
done <<'SLIPS'
is a "." missing before it?|ASK { ?s ?p ?o ?s2 ?p2 ?o2 }
is a "." missing before it?|ASK { ?s a foaf:Person foaf:name ?n }
the { in line 1, column 5 is not closed|ASK { ?s ?p ?o
the { in line 1, column 25 is not closed|ASK { ?s ?p ?o OPTIONAL { ?s ?p ?o
there is a } without its {|ASK { ?s ?p ?o } }
the pattern stands in braces|SELECT * ?s ?p ?o }
the pattern stands in braces|SELECT * WHERE ?s ?p ?o
both sides of UNION stand in braces|ASK { ?s ?p ?o UNION ?o ?p ?s }
ORDER BY stands behind the last }|SELECT * { ?s ?p ?o ORDER BY ?s }
the order is GROUP BY, HAVING, ORDER BY, LIMIT and OFFSET|SELECT * { ?s ?p ?o } LIMIT 1 ORDER BY ?s
subject, predicate, object|ASK { ?s ?p . }
write FILTER NOT EXISTS|ASK { ?s ?p ?o . NOT EXISTS { ?o ?p ?s } }
a variable is written ?s,|ASK { s foaf:name ?n }
a variable is written ?Bob, a text "Bob"|ASK { ?s foaf:name Bob }
write a straight quotation mark: "|ASK { ?s ?p “abc” }
write a straight quotation mark: '|ASK { ?s ?p ‘abc’ }
a quotation mark inside of a text|ASK { ?s ?p 'it''s' }
and is written &&|ASK { ?s ?p ?o FILTER(?o > 1 AND ?o < 2) }
and is written &&|ASK { ?s ?p ?o FILTER(?o & ?p) }
equal is written =|ASK { ?s ?p ?o FILTER(?o == 1) }
unequal is written !=|ASK { ?s ?p ?o FILTER(?o <> 1) }
not is written !|ASK { ?s ?p ?o FILTER(NOT ?o) }
in place of LIKE|ASK { ?s ?p ?o FILTER(?o LIKE "a%") }
BOUND(?x)|ASK { ?s ?p ?o FILTER(?o IS NULL) }
a condition stands in parentheses|ASK { ?s ?p ?o FILTER ?o > 1 }
a prefix ends with a colon|PREFIX ex <http://example.org/> ASK {}
an IRI stands between < and >|PREFIX ex: http://example.org/ ASK {}
an IRI stands between < and >|PREFIX ex: "http://example.org/" ASK {}
SPARQL writes PREFIX|@prefix ex: <http://example.org/> . ASK {}
a declaration ends without a full stop|PREFIX ex: <http://example.org/> . ASK {}
write (COUNT(*) AS ?name)|SELECT COUNT(*) { ?s ?p ?o }
write (COUNT(*) AS ?name)|SELECT ?s COUNT(?o) { ?s ?p ?o } GROUP BY ?s
write COUNT(*), with parentheses|SELECT (COUNT * AS ?n) { ?s ?p ?o }
a value in SELECT needs a name|SELECT (COUNT(*)) { ?s ?p ?o }
without commas|SELECT ?s, ?p { ?s ?p ?o }
FROM names a graph by its IRI|SELECT * FROM person { ?s ?p ?o }
SELECT needs variables, or *|SELECT { ?s ?p ?o }
that is Cypher|MATCH (n:Person) RETURN n
this is an update, not a query|INSERT DATA { <a> <b> 1 }
SLIPS

# ---- the caret
caret() { # name, query, the line with the caret
	check "$1" -s 3 -e "$3" "$TERTIUM" query -e "$2"
}
tab=$(printf '\t')
caret "a caret behind a tabulator" "ASK {$tab?s ?p }" "           ^"
caret "a caret behind wide characters" 'ASK { ?s ?p "日本" ?x }' '                   ^'
caret "a caret in a long line" "ASK { ?s ?p '$(printf '%0300d' 0)' ?x }" "…"
{ printf 'SELECT * {\n'; for i in $(seq 1 1025); do printf '?s <http://ex/p%d> ?o%d .\n' $i $i; done; printf '}\n'; } >"$work/long.rq"
check "too many patterns" -s 3 -e "long.rq:1026:1: a group of more than 1024 patterns" "$TERTIUM" query "$work/long.rq"
check "shows the one too many" -s 3 -e "?s <http://ex/p1025> ?o1025 ." "$TERTIUM" query "$work/long.rq"
printf 'SELECT *\n{ ?s ?p ?o\n\n\n' >"$work/open.rq"
check "what is missing at the end is missing behind the last word" -s 3 -e "open.rq:2:11:" "$TERTIUM" query "$work/open.rq"
printf 'ASK {\n  FILTER(<http://example.org/f>(1)) }' >"$work/function.rq"
check "what is found behind the parser has file, line and caret" -s 3 -e "         ^" "$TERTIUM" query "$work/function.rq"
check "and the name of the file" -s 3 -e "function.rq:2:10:" "$TERTIUM" query "$work/function.rq"

# ---- variables that nothing binds
warns 'query:1:8: warning: ?nme is never bound by a pattern; did you mean ?name?' 'SELECT ?nme { ?s foaf:name ?name }'
warns '?x is never bound by a pattern' 'ASK { ?s ?p ?o FILTER(?x > 3) }'
warns '?x is never bound by a pattern' 'SELECT * { ?s foaf:name ?o } ORDER BY ?x'
warns '?x is never bound by a pattern' 'SELECT (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?x'
warns '?x is never bound by a pattern' 'SELECT (COUNT(?x) AS ?n) { ?s ?p ?o }'
warns '?x is never bound by a pattern' 'ASK { ?s ?p ?o BIND(?x + 1 AS ?y) }'
warns '?x is never bound by a pattern' 'CONSTRUCT { ?s foaf:name ?x } { ?s foaf:name ?o }'
warns '?x is never bound by a pattern' 'DESCRIBE ?x { ?s foaf:name ?o }'
warns '?x is never bound by a pattern' 'ASK { ?s ?p ?o FILTER NOT EXISTS { ?s foaf:age ?a FILTER(?a > ?x) } }'
warns '?o has no value here: what binds it stands in another group' 'ASK { ?s ?p ?o { ?s foaf:name ?n FILTER(?o = ?n) } }'
warns '?o has no value here: what binds it stands in another group' 'ASK { ?s ?p ?o MINUS { ?s foaf:name ?n FILTER(?o = ?n) } }'
warns '?o has no value here: what binds it stands in another group' 'SELECT ?o { { SELECT ?s { ?s foaf:name ?o } } }'
warns '?o has no value here yet' 'ASK { BIND(?o + 1 AS ?x) ?s foaf:name ?o }'
warns 'query:1:58: warning: ?n has no value here: it is an alias of SELECT' 'SELECT (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s HAVING (?n > 1)'
warns '?n has no value here: it is an alias of SELECT' 'SELECT (COUNT(*) AS ?n) { ?s ?p ?o } HAVING (EXISTS { ?s ?p ?o FILTER(?n > 1) })'
check "a variable is reported once" sh -c '[ "$("$TERTIUM" query -e "SELECT ?x { ?s foaf:name ?o FILTER(?x = ?o) } ORDER BY ?x" 2>&1 >/dev/null | grep -c warning)" -eq 1 ]'
check "--strict refuses it" -s 3 -e "query:1:50: ?nme is never bound" "$TERTIUM" query --strict -e 'PREFIX foaf: <http://xmlns.com/foaf/0.1/> SELECT ?nme { ?s foaf:name ?name }'
check "--strict wants prefixes declared" -s 3 -e "begin with: PREFIX foaf: <http://xmlns.com/foaf/0.1/>" "$TERTIUM" query --strict -e 'ASK { ?s foaf:name ?name }'
echo 'SELECT ?nme { ?s foaf:name ?name }' >"$work/warn.rq"
echo 'SELECT ?nme { ?s ?p ?name }' >"$work/strict.rq"
check "tertium parse warns" -e "warn.rq:1:8: warning: ?nme" "$TERTIUM" parse "$work/warn.rq"
check "tertium parse --strict refuses" -s 3 -e "strict.rq:1:8: ?nme" "$TERTIUM" parse --strict "$work/strict.rq"
silent 'SELECT (COUNT(*) AS ?n) (?n + 1 AS ?m) { ?s ?p ?o } GROUP BY (STR(?s) AS ?k) HAVING (COUNT(*) > 1 && ?k > "a") ORDER BY ?n'
silent 'SELECT ?s { ?s foaf:name ?n OPTIONAL { ?s foaf:age ?a FILTER(?n = ?a) } }'
silent 'SELECT ?a ?b ?c ?d { { ?s foaf:age ?a } UNION { VALUES ?b { 1 } } OPTIONAL { BIND(1 AS ?c) } { SELECT ?d { ?s foaf:age ?d } } } LIMIT 1'
silent 'SELECT ?x { } VALUES ?x { 1 }'
silent 'SELECT ?x { ?s foaf:name ?x { SELECT ?x { } VALUES ?x { 1 } } }'
silent 'ASK { ?s foaf:name ?n FILTER EXISTS { ?s foaf:age ?a { FILTER(?a != ?n) } BIND(?n AS ?x) } }'
silent 'SELECT (?o + 1 AS ?x) (?x * 2 AS ?y) { ?s foaf:age ?o } ORDER BY ?y'
silent 'SELECT ?k (SUM(?o) AS ?x) { ?s foaf:age ?o } GROUP BY (STR(?s) AS ?k) HAVING(SUM(?o) > 2)'
silent 'SELECT ?g { GRAPH ?g { ?s foaf:name ?o } FILTER(?g != ?o) }'
silent 'CONSTRUCT WHERE { ?s foaf:name ?n }'
silent 'DESCRIBE ?s { ?s foaf:name ?n }'
for question in "$TERTIUM_SOURCE"/data/questions/*.rq; do
	check "nothing about $(basename "$question")" "$TERTIUM" parse "$question"
done
finish
