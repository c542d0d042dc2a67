#!/bin/sh
# The shell without a terminal: queries and dot commands from standard input.
. "$(dirname "$0")/tap.sh"

printf ' n\n---\n 1\n' >"$work/one"
pipe() { printf '%b' "$1" | "$TERTIUM" ${2+"$2"} ${3+"$3"} ${4+"$4"}; }

check "a query up to the end" -O "$work/one" pipe 'SELECT (1 AS ?n)\n{\n}'
check "no banner, no prompt, no count" -O "$work/one" pipe 'SELECT (1 AS ?n) {}\n'
printf 'true\nfalse\n' >"$work/two"
check "a line with a semicolon parts queries" -O "$work/two" pipe 'ASK {}\n;\nASK { ?s ?s ?s }\n'
check "a semicolon behind a query does, too" -O "$work/two" pipe 'ASK {};\nASK { ?s ?s ?s };'
check "a semicolon within a query does not" -o "true" pipe 'ASK { ?s ?p ?o ;\n a ?c }'
check "lines behind the last brace belong to the query" -o "2" pipe 'SELECT ?n { VALUES ?n { 1 2 } }\n\nORDER BY DESC(?n)\nLIMIT 1\n'
check "a dot command ends a query" -o '"boolean":true' pipe '.mode json\nASK {}\n.mode table\n'
check "a full stop at the begin of a line is none" -o "true" pipe 'ASK { ?s ?p ?o\n.filter(ISIRI(?s)) }'
: >"$work/nothing"
check "nothing" -O "$work/nothing" pipe ''
check "comments only" -O "$work/nothing" pipe '# hello\n\n'
check ".help" -o ".questions" pipe '.help'
check ".help on a command" -o ".load FILE" pipe '.help load'
check ".quit" -O "$work/nothing" pipe '.quit\nASK {}\n'
check "an unknown command suggests the nearest" -s 3 -e "did you mean .prefixes?" pipe '.prefxies\n'
check "too many arguments" -s 3 -e ".mode [FORMAT]" pipe '.mode a b\n'
check ".mode of no format" -s 3 -e "html" pipe '.mode html\n'
check "a format that does not fit is replaced" -o "true" pipe '.mode csv\nASK {}'
check ".prefixes" -o "<http://www.w3.org/2004/02/skos/core#>" pipe '.prefixes'
check ".prefixes sets one" -o "ex:a" pipe '.prefixes ex: <http://example.org/x/>\nSELECT (ex:a AS ?x) {}'
check ".prefixes of no IRI" -s 2 -e 'the namespace "relative" is no IRI' pipe '.prefixes ex: relative'
check "a declaration alone holds on" -o "ex:a" pipe 'PREFIX ex: <http://example.org/x/>\n;\nSELECT (ex:a AS ?x) {}'
echo '<http://example.org/a> <http://example.org/b> <http://example.org/c> . <http://example.org/c> <http://example.org/b> _:d . _:d <http://example.org/b> 7 .' >"$work/describe.ttl"
ask='DESCRIBE <http://example.org/c>\n'
check "DESCRIBE" -o "7" pipe "$ask" --data "$work/describe.ttl"
check ".describe" -o "<http://example.org/a>" pipe ".describe scbd\n$ask" --data "$work/describe.ttl"
check "--describe" -o "<http://example.org/a>" pipe "$ask" --describe=scbd "--data=$work/describe.ttl"
check ".describe of nothing" -s 3 -e "everything" pipe ".describe everything\n"
check ".timer" -e "ms" pipe '.timer on\nASK {}'
check ".timer of neither" -s 3 -e "maybe" pipe '.timer maybe'
check ".explain" -o "scan" pipe '.explain ASK { ?s ?p\n?o }\n'
check ".explain does not run the query" -o "estimate  plan" pipe '.explain SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c < ?f && ?f < ?i) }\n'
check ".profile of the last query" -o "estimate       rows         ms    self ms  plan" pipe 'ASK {}\n;\n.profile\n'
printf 'true\n' >"$work/true"
check "only that query is explained" -o "true" pipe '.explain ASK {}\n;\nASK {}\n'
check ".explain without a query" -s 3 -e "there was no query yet" pipe '.explain\n'
check ".optimise" -o "The optimiser is on, without push." pipe '.optimise push\n.optimise\n'
check ".optimise off" -O "$work/true" pipe '.optimise off\nASK {}\n'
check ".optimise of no pass" -s 2 -e 'no rewriting pass "nosuch"; there are fold, ' pipe '.optimise nosuch\nASK {}\n'
check ".timeout" -s 124 -e "time" pipe '.timeout 0.1\nSELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c < ?f && ?f < ?i) }\n'
check ".timeout of nothing" -s 3 -e "never" pipe '.timeout never\n'
check ".memory" -s 3 -e "memory" pipe '.memory 1M\nSELECT DISTINCT ?a ?b ?c ?d { ?a ?b ?c . ?d ?e ?f }\n'
check ".memory off" -o "any memory" pipe '.memory 1M\n.memory off\n.memory\n'
check ".memory of nothing" -s 3 -e "much" pipe '.memory much\n'
check "a warning in a pipe" -O "$work/true" -e "warning: ?nme is never bound by a pattern; did you mean ?name?" pipe 'ASK { ?s ?p ?name OPTIONAL { ?s ?q ?r FILTER(?nme = 1) } }\n'
check ".stats" -o "named graphs" pipe '.stats'
check ".graphs" -o "study:P13" pipe '.graphs'
check ".questions lists" -o "What the two have in common" pipe '.questions'
check ".ask by number" -o "member countries" pipe '.ask 18'
check ".ask tells the question" -o "In which respects" pipe '.ask 18'
check ".ask by name" -o "member countries" pipe '.ask q18-what'
check ".ask of none" -s 3 -e "there is no question 999" pipe '.ask 999'
echo '<http://example.org/a> <http://example.org/b> "with space" .' >"$work/a file.nt"
mkdir "$work/asked"
printf '# parameter: ?name = "with space"\nSELECT ?s ?name { ?s ?p ?name }\n' >"$work/asked/names.rq"
check ".questions of a folder" -o "names" pipe ".questions $work/asked"
check ".questions of a folder that is not there" -s 3 -e "nosuch" pipe ".questions $work/nosuch"
check ".ask of that folder" -o "http://example.org/a" pipe ".questions $work/asked\n.ask names" --data "$work/a file.nt"
check ".ask with another value" -o "?name = <http://example.org/c>" pipe ".questions $work/asked\n.ask names name=<http://example.org/c>" --data "$work/a file.nt"
check ".ask with a value with a blank" -o '?name = "no  space"@en' pipe ".questions $work/asked\n.ask names name=\"no  space\"@en" --data "$work/a file.nt"
check ".ask with what is no parameter" -s 3 -e "there is no parameter ?nam in names; there is ?name" pipe ".questions $work/asked\n.ask names nam=1"
check ".ask with what is no value" -s 3 -e ".ask takes VARIABLE=VALUE, not name" pipe ".questions $work/asked\n.ask names name"
check "the values of .ask hold for .explain" -o '"no"' pipe ".questions $work/asked\n.ask names name=\"no\"\n.explain"
check "and for .why, behind an update, too" -o "<http://example.org/a>  <http://example.org/b>  with space" -e "changed" pipe ".questions $work/asked\n.ask names\nINSERT DATA { <x:x> <x:x> 1 }\n;\n.why" --data "$work/a file.nt"
check "and no longer" -o true pipe ".questions $work/asked\n.ask names name=\"no\"\nASK { ?s ?p ?name }" --data "$work/a file.nt"
check ".load" -o "with space" pipe ".load \"$work/a file.nt\"\nSELECT ?o { <http://example.org/a> ?p ?o }"
check ".load into a graph" -o "study:extra" pipe ".load '$work/a file.nt' study:extra\nSELECT ?g { GRAPH ?g { <http://example.org/a> ?p ?o } }"
check ".load of no graph" -s 3 -e "nograph" pipe ".load '$work/a file.nt' nograph"
check ".load of a missing file" -s 3 -e "nosuch" pipe ".load $work/nosuch.ttl"
check "an error is told, and the rest goes on" -s 3 -o "true" -e "standard input:1:" pipe 'SELEC\n;\nASK {}'
"$TERTIUM" load --db "$work/db" "$work/a file.nt" 2>/dev/null
check "a shell over a database" -o "with space" pipe 'SELECT ?o { ?s ?p ?o }' shell --db "$work/db"
printf '<http://example.org/a> <http://example.org/b> "more" .\n' >"$work/more.nt"
check ".load into a database" -o "more" pipe ".load $work/more.nt\nSELECT ?o { ?s ?p ?o }" --db "$work/db"
check "it stays there" -o "more" pipe 'SELECT ?o { ?s ?p ?o }' --db "$work/db"
check "a shell over a file" -o "with space" pipe 'SELECT ?o { ?s ?p ?o }' --data "$work/a file.nt"
check "a full disk" -s 3 -e "space" sh -c 'echo ".help" | "$TERTIUM" >/dev/full'
finish
