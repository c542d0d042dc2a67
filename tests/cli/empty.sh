#!/bin/sh
# Why a query has no answer: `tertium query --why-empty`. A museum, and each way in which one goes wrong.
. "$(dirname "$0")/tap.sh"

cat >"$work/museum.trig" <<'DATA'
@prefix ex: <http://museum.example/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
ex:Painting rdfs:subClassOf ex:Work .
ex:Sculpture rdfs:subClassOf ex:Work .
ex:paintedBy rdfs:subPropertyOf ex:madeBy .
ex:w1 a ex:Painting ; rdfs:label "Sunrise"@en ; ex:creator ex:monet ; ex:year "1872"^^xsd:gYear ; ex:room ex:r1 .
ex:w2 a ex:Painting ; rdfs:label "Starry Night"@en ; ex:creator ex:gogh ; ex:year "1889"^^xsd:gYear ; ex:room ex:r2 .
ex:w3 a ex:Sculpture ; rdfs:label "The Thinker"@en ; ex:creator ex:rodin ; ex:year "1904"^^xsd:gYear .
ex:w1 ex:paintedBy ex:monet . ex:w2 ex:shownIn ex:orsay .
ex:monet foaf:name "Claude Monet" ; ex:born 1840 ; ex:knows ex:rodin ; ex:nick "Claude"@fr .
ex:gogh foaf:name "Vincent van Gogh" ; ex:born 1853 ; ex:nick "Vincent" .
ex:rodin ex:says "Hello"@en-gb ; foaf:name "Auguste Rodin" ; ex:born 1840 ; ex:calls "Claude" .
ex:r1 ex:floor ex:f1 . ex:r2 ex:floor ex:f2 . ex:f1 rdfs:label "Ground floor" .
ex:g1 { ex:w1 ex:insured 100 . ex:w1 ex:lender ex:orsay . }
ex:g2 { ex:w2 ex:insured 200 . ex:orsay foaf:name "Orsay" . }
DATA

why() {
	"$TERTIUM" query --data "$work/museum.trig" --why-empty -e "$1" >"$work/report" 2>"$work/complaints" || return
	cat "$work/report"
	! grep -v -e 'warning:' -e '^SELECT' -e '^ASK' -e '^ *^$' "$work/complaints"
}

# Run each query that is said to have an answer, as it was printed.
holds_good() {
	rm -f "$work"/query.*
	awk -v to="$work/query" '/^  The query has an answer then:/ { n++; on = 1; next } !/^    / { on = 0 }
		on { sub(/^    /, ""); print >(to "." n) }' "$work/report"
	for file in "$work"/query.*; do
		[ -f "$file" ] || continue
		format=json
		! grep -q '^CONSTRUCT' "$file" || format=ntriples
		"$TERTIUM" query --data "$work/museum.trig" -f $format "$file" >"$work/answer" 2>&1 || return
		grep -q -e '"boolean":true' -e '^{"[a-gi-z]' -e '^{}' -e '^<' "$work/answer" || return
	done
}

says() { # query, text …: all of them stand in the report
	query=$1
	shift
	: >"$work/missing"
	why "$query" >"$work/out" 2>"$work/err" || echo "it fails" >>"$work/missing"
	for text in "$@"; do
		grep -qF -e "$text" "$work/out" || echo "\"$text\" is missing" >>"$work/missing"
	done
	holds_good || echo "a suggestion does not hold: $(cat "$work/answer")" >>"$work/missing"
	mv "$work/missing" "$work/why"
	[ ! -s "$work/why" ]
	report $? "$query"
}

fault='The query is at fault'
data='The data say so'

# ---- names
says 'SELECT ?w { ?w ex:creatr ?x }' "$fault" 'query:1:16: ex:creatr is not in the data' 'try ex:creator in place of ex:creatr'
says 'SELECT ?w { ?w a ex:painting }' "$fault" 'try ex:Painting in place of ex:painting'
says 'SELECT ?w { ?w a ex:Paintings }' "$fault" 'try ex:Painting in place of ex:Paintings'
says 'SELECT * { <https://museum.example/w1> ?p ?o }' "$fault" 'try ex:w1 in place of <https://museum.example/w1>'
says 'SELECT * { ?w <http://museum.example#creator> ?o }' 'try ex:creator in place of <http://museum.example#creator>'
says 'SELECT * { ?s schema:name ?o }' "$fault" 'try foaf:name in place of schema:name'
says 'SELECT * { ex:Sunrise ?p ?o }' "$fault" 'try ex:w1 in place of ex:Sunrise'
says 'SELECT * { ?w ex:creator/foaf:nam ?n }' 'query:1:26: foaf:nam is the predicate of no statement' 'try foaf:name in place of foaf:nam'
says 'SELECT ?w { ?w a ex:painting ; ex:creater ?c . ?c foaf:nam "Claude Monet" }' 'try ex:Painting in' 'try ex:creator in' 'try foaf:name in'
says 'SELECT ?w { ex:w4 ex:creator ?x }' "$fault" 'ex:w4 is not in the data'
says 'SELECT ?w { { ?w ex:creatr ?x } UNION { ?w ex:creater ?x } }' 'query:1:18:' 'query:1:44:'
says 'SELECT (COUNT(*) AS ?n) { ?w ex:creatr ?x }' "$fault" 'try ex:creator'
says 'DESCRIBE ex:monnet' "$fault" 'try ex:monet in place of ex:monnet'

# ---- direction, literals
says 'SELECT ?w { ex:monet ex:creator ?w }' "$data" 'there is one the other way round' '?w ex:creator ex:monet'
says 'ASK { ex:rodin ex:creator ?w }' "$data" '?w ex:creator ex:rodin'
says 'SELECT ?w { ?w ex:year 1872 }' "$fault" 'try "1872"^^xsd:gYear in place of 1872'
says 'SELECT ?w { ?w ex:year "1872" }' "$fault" 'try "1872"^^xsd:gYear in place of "1872"'
says 'SELECT ?w { ?w ex:born "1840" }' "$fault" 'try 1840 in place of "1840"'
says 'SELECT ?w { ?w rdfs:label "Sunrise" }' "$fault" 'try "Sunrise"@en in place of "Sunrise"'
says 'SELECT ?w { ?w rdfs:label "sunrise "@en }' "$fault" 'try "Sunrise"@en in place of "sunrise "@en'
says 'SELECT ?w { ?w rdfs:label "Sunrize"@en }' "$fault" 'try "Sunrise"@en in place of "Sunrize"@en'
says 'SELECT ?w { ?w ex:nick "Claude" }' "$data" 'differs in datatype, language or spelling' 'try "Claude"@fr'

says 'SELECT ?w { ?w ex:creator "Monet" }' "$fault" 'try ex:monet in place of "Monet"'
says 'SELECT ?w { ex:orsay ex:shownIn ?w }' "$fault" 'subject and object exchanged: ?w ex:shownIn ex:orsay'

# ---- graphs
says 'SELECT ?w { ?w ex:insured ?v }' "$fault" 'in the graphs that are asked' 'it matches in the graph ex:g1' 'GRAPH ?graph' '--union-default-graph'
says 'SELECT ?w { GRAPH ex:g1 { ?w ex:creator ?c } }' "$fault" 'in the default graph, without GRAPH'
says 'SELECT ?w { GRAPH ex:g1 { ?w ex:insured 200 } }' "$fault" 'in any named graph'
says 'SELECT ?w { GRAPH ex:g9 { ?w ex:insured ?c } }' 'query:1:19: there is no statement in a graph ex:g9'
says 'SELECT ?w FROM ex:g1 { ?w ex:creator ?c }' 'without FROM and FROM NAMED'
says 'SELECT ?w { ?w a ex:Painting . ?w ex:insured ?v }' 'this triple in a named graph'
says 'SELECT ?w { GRAPH ?g { ?w ex:lender ?l . ?l foaf:name ?n } }' 'they share no ?g' 'in a graph of its own'

# ---- paths
says 'SELECT ?w { ?w a ex:Work }' "$fault" 'nothing is of the class ex:Work' 'a/rdfs:subClassOf* ex:Work'
says 'SELECT ?w { ?w ex:madeBy ?x }' 'ex:madeBy is the predicate of no statement' 'ex:paintedBy ?x'
says 'SELECT * { ?w ex:creator "Claude Monet" }' "$data" 'a longer path leads there' 'ex:creator/foaf:name "Claude Monet"'
says 'SELECT * { ex:w1 ex:floor ?f }' 'ex:room/ex:floor'
says 'SELECT * { ex:w2 ex:room ex:orsay }' 'by another property: ex:w2 ex:shownIn ex:orsay'

says 'SELECT * { ?c ex:nick "Claude Monet" }' 'by another property: ?c foaf:name "Claude Monet"'

# ---- joins
says 'SELECT * { ?x a ex:Quux }' "$fault" 'among the classes that are there:' 'ex:Sculpture'
says 'SELECT * { ?x ex:quux ?y }' "$fault" 'among the predicates that are there:'
says 'SELECT * { ?x ex:creator ?y . ?y rdfs:label ?n }' "$data" 'the predicates that ?y has there:' 'foaf:name'
says 'SELECT * { ?w a ex:Painting ; ex:calls ?n }' "$data" 'they share no ?w' 'query:1:31: these two' 'the predicates that ?w has there: ex:paintedBy'
says 'SELECT ?w { ?w a ex:Painting ; ex:creator ex:rodin }' "$data" 'they share no ?w' '?w is ex:w1, ex:w2 in ?w a ex:Painting' '?w is ex:w3 in'
says 'SELECT ?w { ?w a ex:Painting ; ex:room ?c . ?c rdfs:label ?f }' 'they share no ?c' '?c ex:floor/rdfs:label ?f'
says 'SELECT * { ?a ex:born 1853 . ?w ex:creator ?a . ?w ex:room ex:r1 }' 'these parts match one by one, but not together'
says 'SELECT * { ex:monet ex:nick ?n . ex:rodin ex:calls ?n }' '?n is "Claude"@fr' '?n is "Claude"' 'compared as text'
says 'SELECT ?w { ?w a ex:Painting VALUES ?w { ex:w9 } }' 'they share no ?w'
says 'SELECT ?w { ?w a ex:Painting VALUES ?w { ex:w3 } }' "$data" 'they share no ?w'
says 'SELECT ?n { VALUES ?p { ex:monnet } ?p foaf:name ?n }' "$fault" 'none of the values that are given is in the data' 'try ex:monet in place of ex:monnet'
says 'SELECT ?w { ?w a ex:Painting } VALUES ?w { ex:w9 }' 'none of these values'
says 'SELECT ?w { ?w a ex:Painting VALUES ?w { } }' "$fault" 'VALUES has no row'

# ---- filters and negation
says 'SELECT ?w { ?w ex:year ?y FILTER(?y > 1800) }' "$data" 'is an error for all' '?y is "1872"^^xsd:gYear' 'FILTER (?y > "1800"^^xsd:gYear)'
says 'SELECT ?w { ?w ex:born ?y FILTER(?y > 1900) }' "$data" 'is true for nothing' '?y is 1840, 1853'
says 'SELECT ?w { ?w rdfs:label ?l FILTER(?l = "Sunrise") }' "$data" 'FILTER (?l = "Sunrise"@en)'
says 'SELECT ?w { ?w ex:creator ?c FILTER(?c = ex:monnet) }' "$data" 'FILTER (?c = ex:monet)'
says 'SELECT ?w { ?w ex:creator ?c FILTER(?c IN (ex:rodinn, ex:nobody)) }' "$data" 'FILTER (?c IN (ex:rodin, ex:nobody))'
says 'SELECT ?w { ?w rdfs:label ?l FILTER(?l = "Sunrize") }' "$data" 'FILTER (?l = "Sunrise"@en)'
says 'SELECT ?w { ?w ex:born ?y FILTER(?y = "1840") }' "$data" 'FILTER (?y = 1840)'
says 'SELECT ?w { ?w ex:says ?l FILTER(LANG(?l) = "en") }' "$data" 'LANGMATCHES(LANG(?l), "en")'
says 'SELECT ?w { ?w ex:creator ?c FILTER(?c = "Monet") }' "$data" 'FILTER (?c = ex:monet)'
says 'SELECT ?w { ?w ex:creator ?c FILTER(REGEX(?c, "MONET")) }' "$data" 'this condition is an error'
says 'SELECT ?w { ?w ex:creator ex:monet FILTER(REGEX(?w, "/w1$")) }' "$data" 'REGEX(STR(?w), "/w1$")'
says 'SELECT ?w { ?w ex:shownIn ?c FILTER(REGEX(?c, "Museum")) }' "$data" 'this condition is an error'
says 'SELECT ?w { ?w ex:year ?y FILTER(STR(?y) = 1872) }' "$data" 'FILTER (STR(?y) = "1872")'
says 'SELECT ?w { ?w rdfs:label ?l FILTER(CONTAINS(?l, "sunrise")) }' "$data" 'LCASE(?l)'
says 'SELECT ?w { ?w ex:creator ?c FILTER(STRENDS(?c, "monet")) }' "$data" 'STRENDS(STR(?c), "monet")'
says 'SELECT ?w { ?w a ex:Painting ; ex:creator ?c ; ex:year ?y FILTER(BOUND(?c) && ?y < "1800"^^xsd:gYear) }' 'query:1:79:' 'FILTER (?y < "1800"^^xsd:gYear)'
says 'SELECT ?w { ?w ex:born ?y FILTER(?y > 1845 && ?y < 1850) }' "$data" 'FILTER (?y > 1845 && ?y < 1850)'
says 'SELECT ?w { ?w a ex:Painting FILTER (1 = 2) }' "$fault" 'never true, whatever the data are'
says 'SELECT ?w { ?w a ex:Painting MINUS { ?w ex:creator ?c } }' "$data" 'this MINUS takes away' '?w is ex:w1, ex:w2'
says 'SELECT ?w { ?w a ex:Painting FILTER NOT EXISTS { ?w ex:room ?c } }' "$data" 'what must not be there is'
says 'SELECT ?w { ?w a ex:Painting FILTER EXISTS { ?w ex:rom ?c } }' "$data" 'what must be there is, for nothing'
says 'SELECT ?w { ?w a ex:Painting OPTIONAL { ?w ex:rom ?c } FILTER (?c > 1) }' "$data" 'FILTER (?c > 1)'

# ---- the query as a whole
says 'SELECT ?c { ?w ex:creator ?c } GROUP BY ?c HAVING (COUNT(?w) > 1)' "$data" 'true for no group' 'COUNT(?w) is 1'
says 'SELECT ?c { ?w ex:creator ?c } LIMIT 0' "$fault" 'LIMIT 0 lets no row pass'
says 'SELECT ?c { ?w ex:creator ?c } OFFSET 7' "$data" 'OFFSET 7 is behind the end: there are 3 rows'
says 'SELECT * { { SELECT ?a { ?a ex:born ?b } LIMIT 0 } ?w ex:creator ?a }' 'query:1:14: LIMIT 0'
says 'CONSTRUCT { ?w ex:p ?x } { ?w ex:creator ?c OPTIONAL { ?w ex:nope ?x } }' "$data" 'none fills the template'
says 'CONSTRUCT { ?w ex:p ?x } { ?w ex:creatr ?x }' "$fault" 'try ex:creator'
says 'SELECT ?w { ?w a ex:Painting }' 'The query has an answer.'

# ---- OPTIONAL is never to blame, and what is not to blame is not told
why 'SELECT ?w { ?w ex:creatr ?c OPTIONAL { ?w ex:rooom ?r } }' >"$work/out" 2>"$work/err"
! grep -q 'rooom is' "$work/out"
report $? 'nothing is said of an OPTIONAL'
why 'SELECT ?w { ?w a ex:Painting ; ex:creator ex:rodin }' >"$work/out" 2>"$work/err"
! grep -q '^  try' "$work/out"
report $? 'nothing is suggested where nothing helps'

# ---- a control: a query without an answer is noticed among the suggestions
printf '  The query has an answer then:\n    SELECT * { ?a <urn:nope> ?b }\n' >"$work/report"
! holds_good
report $? 'a suggestion that gives no answer is noticed'

# ---- the program
check 'an error is an error' -s 3 -e 'query:1:8:' "$TERTIUM" query --why-empty -e 'SELECT x'
check 'what was found in no time is told' -o 'The time did not do' "$TERTIUM" query --data "$work/museum.trig" --timeout 0.000001 --why-empty \
	-e 'SELECT ?n { ?p foaf:nam ?n }'
check 'with a value from outside' -o 'in place of ex:monnet' "$TERTIUM" query --data "$work/museum.trig" --bind p=ex:monnet --why-empty \
	-e 'SELECT ?n { ?p foaf:name ?n }'
check 'on the study' -o 'try cib:memberOf in place of cib:membrOf' "$TERTIUM" query --why-empty -e 'SELECT ?b { study:China cib:membrOf ?b }'
printf 'SELECT ?b { study:China cib:membrOf ?b }\n.why-empty\n.why-empty SELECT ?b { study:China cib:memberOof ?b }\n' >"$work/typed"
check 'in a pipe: of the last query' -o 'in place of cib:membrOf' sh -c "'$TERTIUM' shell <'$work/typed'"
check 'in a pipe: of a given one' -o 'in place of cib:memberOof' sh -c "'$TERTIUM' shell <'$work/typed'"
check 'without a query' -s 3 -e 'there was no query yet' sh -c "echo .why-empty | '$TERTIUM' shell"
finish
