#!/bin/sh
# tertium query: where the data and the query come from, and what the exit status says.
. "$(dirname "$0")/tap.sh"

cat >"$work/people.ttl" <<'TTL'
@prefix ex: <http://example.org/> .
ex:ann ex:knows ex:bob ; ex:age 41 .
ex:bob ex:age 37 .
TTL
printf 'ex:cal ex:age 5 .\n' | sed '1i @prefix ex: <http://example.org/> .' >"$work/more.ttl"
printf '\357\273\277SELECT ?age { ex:bob ex:age ?age }\n' >"$work/bob.rq"
printf '?age\n37\n' >"$work/37"
data="--data $work/people.ttl"

# shellcheck disable=SC2086
ask() { "$TERTIUM" query $data -f tsv "$@"; }

check "a query from a file, with a byte order mark" -O "$work/37" ask "$work/bob.rq"
check "a query from standard input" -O "$work/37" sh -c '"$TERTIUM" query --data "$1/people.ttl" -f tsv - <"$1/bob.rq"' sh "$work"
check "without - it is standard input, too" -O "$work/37" sh -c '"$TERTIUM" query --data "$1/people.ttl" -f tsv <"$1/bob.rq"' sh "$work"
check "nothing on standard input" -s 3 -e "standard input:1:1: expected" sh -c '"$TERTIUM" query </dev/null'
check "standard input cannot be both" -s 2 -e "both" sh -c '"$TERTIUM" query --data - <"$1/people.ttl"' sh "$work"
check "a query from the command line" -O "$work/37" ask -e 'SELECT ?age { ex:bob ex:age ?age }'
check "two data files" -o "3" ask --data "$work/more.ttl" -e 'SELECT (COUNT(*) AS ?n) { ?s ex:age ?o }'
check "data from standard input" -o "2" sh -c '"$TERTIUM" query --data - --syntax turtle -f tsv -e "SELECT (COUNT(*) AS ?n) { ?s ex:age ?o }" <"$1/people.ttl"' sh "$work"
check "a named graph" -o "<http://example.org/g?a=b>" ask --named "http://example.org/g?a=b=$work/more.ttl" -e 'SELECT * { GRAPH ?g { ?s ?p ?o } }'
check "a named graph is not in the default graph" -o "false" "$TERTIUM" query --named "http://e/g=$work/more.ttl" -e 'ASK { ?s ?p ?o }'
check "unless all graphs are one" -o "true" "$TERTIUM" query --union-default-graph --named "http://e/g=$work/more.ttl" -e 'ASK { ?s ?p ?o }'
check "the study is all graphs as one" -o "RATS" "$TERTIUM" query -f csv -e 'SELECT ?name { study:RATS skos:prefLabel ?name }'
check "the study tells the paragraph" -o "P13" "$TERTIUM" query -e 'SELECT ?p { GRAPH ?p { study:RATS ?x ?y } }'
check "a base" -o "37" ask --base http://example.org/ -e 'SELECT ?age { <bob> ex:age ?age }'
check "--bind" -O "$work/37" ask --bind who=ex:bob -e 'SELECT ?age { ?who ex:age ?age }'
check "--bind, with ? and a prefix of the query" -O "$work/37" ask --bind '?who=e:bob' -e 'PREFIX e: <http://example.org/> SELECT ?age { ?who e:age ?age }'
check "--bind is seen in a sub-SELECT" -o "37" ask --bind 'least=40' -e 'SELECT ?n { { SELECT (MIN(?a) AS ?n) { ?who ex:age ?a FILTER(?a < ?least) } } }'
check "--bind with a name" -O "$work/37" ask --bind who=bob -e 'SELECT ?age { ?who ex:age ?age }'
check "--bind with a name that is nearly right" -s 3 -e 'the data have no thing "bobb": did you mean <http://example.org/bob>' ask --bind who=bobb -e 'SELECT ?age { ?who ex:age ?age }'
cat >"$work/labels.ttl" <<'TTL'
@prefix ex: <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:x1 ex:p1 37 ; ex:p2 1 ; rdfs:label "Bob the Great"@en . ex:p1 rdfs:label "age in years"@en .
[] rdfs:label "nobody"@en .
TTL
check "--bind with a label, whatever the case" -O "$work/37" "$TERTIUM" query --data "$work/labels.ttl" -f tsv --bind 'who=bob the great' --bind 'p=Age in years' -e 'SELECT ?age { ?who ?p ?age }'
check "--bind with the label of a blank node" -s 2 -e "nobody is a blank node" "$TERTIUM" query --data "$work/labels.ttl" --bind 'who=nobody' -e 'SELECT ?age { ?who ?p ?age }'
check "--bind twice" -O "$work/37" ask --bind who=ex:bob --bind what=ex:age -e 'SELECT ?age { ?who ?what ?age }'
check "--bind of what is not there" -s 3 -e 'there is no variable ?whom in the query; it has ?who, ?age' ask --bind whom=ex:bob -e 'SELECT ?age { ?who ex:age ?age }'
check "--bind of what is computed" -s 3 -e 'query computes it here' ask --bind old=true -e 'SELECT ?old { ?who ex:age ?age BIND(?age > 40 AS ?old) }'
check "--bind of what is no term" -s 3 -e 'value of ?who:1:8: expected the end of the text' ask --bind 'who=ex:bob }' -e 'SELECT ?age { ?who ex:age ?age }'
check "--bind without a value" -s 2 -e '"who" is no NAME=VALUE for the option --bind' ask --bind who -e 'SELECT ?age { ?who ex:age ?age }'
check "usual prefixes need no declaration" -o "false" ask -e 'ASK { ?s foaf:name ?o }' -f table
check "false is an answer" -s 0 -o "false" ask -f table -e 'ASK { ?s ex:no ?o }'
check "--ask-status, false" -s 1 -o "false" ask -f table --ask-status -e 'ASK { ?s ex:no ?o }'
check "--ask-status, true" -s 0 -o "true" ask -f table --ask-status -e 'ASK { ?s ex:age ?o }'
check "--ask-status with rows" -s 0 ask --ask-status -e 'SELECT * { ?s ex:no ?o }'
check "--explain prints a plan and no rows" -o "scan" ask --explain -e 'SELECT * { ?s ex:age ?o }'
check "--explain does not run the query" -o "estimate  plan" "$TERTIUM" query --explain --timeout 1 -e 'ASK { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(STR(?c) = "nosuch" || STR(?f) = "nosuch") }'
check "--explain says nothing of what was" sh -c '! "$TERTIUM" query --explain -e "ASK {}" | grep -q ms' sh
check "--profile" -o "self ms  plan" ask --profile -e 'SELECT * { ?s ex:age ?o }'
check "--profile counts the rows" sh -c '"$TERTIUM" query --data "$1/people.ttl" --profile -e "SELECT * { ?s ex:age ?o }" | grep -q "^ *[0-9]*  *2 .*scan"' sh "$work"
check "--profile of an ASK" -o "plan" ask --profile -e 'ASK { ?s ex:age ?o }'
check "--profile of a DESCRIBE" -o "plan" ask --profile -e 'DESCRIBE ?s { ?s ex:age ?o }'
check "--profile of a query that is stopped" -s 124 -o "product" -e "time" "$TERTIUM" query --profile --timeout 0.1 -e 'SELECT ?a { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(STR(?c) = "nosuch" || STR(?f) = "nosuch") }'
check "--no-optimise=PASS,..." -O "$work/37" ask --no-optimise=push,range "$work/bob.rq"
check "--no-optimise of no pass" -s 2 -e 'no rewriting pass "nosuch"; there are fold, ' ask --no-optimise=nosuch "$work/bob.rq"
check "--no-optimise" -O "$work/37" ask --no-optimise "$work/bob.rq"
check "--strict" -O "$work/37" ask --strict "$work/bob.rq"

# A product of the study with itself takes longer than anybody waits.
product='SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(STR(?c) < STR(?f) && STR(?f) < STR(?i)) }'
check "--timeout" -s 124 -e "tertium: " "$TERTIUM" query --timeout 0.2 -e "$product"
check "--memory" -s 3 -e "memory" "$TERTIUM" query --memory 1M -e 'SELECT DISTINCT ?a ?b ?c ?d { ?a ?b ?c . ?d ?e ?f }'
# A shell lets its background jobs ignore SIGINT; env gives it back.
if env --default-signal=INT true 2>/dev/null; then
	check "interrupted" -s 130 -e "interrupted" sh -c 'env --default-signal=INT "$TERTIUM" query -e "$1" & sleep 0.5; kill -INT $!; wait $!' sh "$product"
fi

check "a closed pipe ends quietly" -o "?s" sh -c '"$TERTIUM" query -f tsv -e "SELECT ?s { ?s ?p ?o . ?x ?y ?z }" | head -n 1'
check "a full disk" -s 3 -e "space" sh -c '"$TERTIUM" query -f csv -e "SELECT * { ?s ?p ?o }" >/dev/full'
check "a full disk, for help" -s 3 -e "space" sh -c '"$TERTIUM" --help >/dev/full'
check "a full disk, for a plan" -s 3 -e "space" sh -c '"$TERTIUM" query --explain -e "ASK {}" >/dev/full'
finish
