#!/bin/sh
# tertium questions, ask and test: anyone's graph and anyone's questions.
. "$(dirname "$0")/tap.sh"

q=$work/questions
mkdir "$q" "$work/empty"
cat >"$work/people.ttl" <<'TTL'
@prefix ex: <http://example.org/> .
ex:ann a ex:Person ; ex:name "Ann" ; ex:age 41 ; ex:knows ex:bob , [ ex:name "Cy" ] .
ex:bob a ex:Person ; ex:name "Bob"@en ; ex:age 37 .
TTL
file() { cat >"$q/$1"; }
file q01-ages.rq <<'RQ'
# title: How old they are
# question: What is the age of those
#   who are #1 and at least so old?
# group: people
# rests on: the register
# parameter: ?least = 40 the age from which they are listed
# parameter: ?who    anybody
PREFIX ex: <http://example.org/>
SELECT ?who ?age { ?who ex:age ?age FILTER(?age >= ?least) }
RQ
printf '?age\t?who\n41\t<http://example.org/ann>\n' | file q01-ages.tsv
file q02-names.rq <<'RQ'
# group: people
SELECT ?name { ?s ex:name ?name }
RQ
printf '?name\n"Cy"\n"Bob"@en\n"Ann"\n' | file q02-names.tsv
echo 'SELECT ?name { ?s ex:name ?name } ORDER BY ?name' | file q03-ordered.rq
printf '?name\n"Ann"\n"Bob"@en\n"Cy"\n' | file q03-ordered.tsv
echo 'ASK { ex:ann ex:knows ex:bob }' | file q04-knows.rq
echo true | file q04-knows.tsv
echo 'CONSTRUCT { ?a ex:acquainted ?b } { ?a ex:knows ?b }' | file q05-graph.rq
printf '@prefix ex: <http://example.org/> .\nex:ann ex:acquainted ex:bob , _:x , ex:bob .\n' | file q05-graph.ttl
echo 'SELECT ?name ?age { ?s ex:name ?name OPTIONAL { ?s ex:age ?age } }' | file q06-csv.rq
printf 'name,age\r\nAnn,41\r\nBob,37\r\n"Cy",\r\n' | file q06-csv.csv
echo 'SELECT ?s { ?s ex:age 37 ; ex:name "Ann" }' | file q07-nothing.rq
echo '?s' | file q07-nothing.tsv
echo 'SELECT * { ?s a ex:Person }' | file plain.rq
data="--data $work/people.ttl"

# shellcheck disable=SC2086
run() { command=$1 && shift && "$TERTIUM" "$command" "$@" $data; }

# ---- questions
check "questions are listed" -o "How old they are" "$TERTIUM" questions "$q"
check "by number, those without one last" sh -c '"$TERTIUM" questions "$1" -f tsv | cut -f1 | tr "\n" " " | grep -q "^?number 1 2 3 4 5 6 7  $"' sh "$q"
check "a question without a head has the name of its file" -o '"plain"		"plain"' "$TERTIUM" questions "$q" -f tsv
mkdir "$work/plain" && echo 'ASK {}' >"$work/plain/a.rq" && echo 'ASK {}' >"$work/plain/b.rq"
check "without any numbers it is the place" -o '2	"b"' "$TERTIUM" questions "$work/plain" -f tsv
check "all that is known, as JSON" -o '"parameters":{"type":"literal","value":"?least = 40, ?who"}' "$TERTIUM" questions "$q" -f json
check "a text goes on in lines that are indented" -o 'What is the age of those who are #1 and at least so old?' "$TERTIUM" questions "$q" -f csv
check "a table of names, since one has no number" -o "| q01-ages " sh -c '"$TERTIUM" questions "$1" | sed "s/^ */| /"' sh "$q"
check "a table of numbers, where all have one" -o "| 18 " sh -c '"$TERTIUM" questions | sed "s/^ */| /"'
check "with the names of parameters" -o "?least ?who" "$TERTIUM" questions "$q"
check "the study's questions" -o "What the two have in common" "$TERTIUM" questions
check "one file" -o "How old" "$TERTIUM" questions "$q/q01-ages.rq"
check "no questions" -s 3 -e "there are no questions, files *.rq, in $work/empty" "$TERTIUM" questions "$work/empty"
check "no folder" -s 3 -e "cannot open $work/nosuch: No such file" "$TERTIUM" questions "$work/nosuch"
check "a format that is none for rows" -s 2 -e '"turtle" is no FORMAT' "$TERTIUM" questions -f turtle
echo '# parameter: who = x' >"$work/bad.rq"
check "a parameter without its ?" -s 3 -e "bad.rq:1: a parameter is written ?name = value description, not who = x" "$TERTIUM" questions "$work/bad.rq"
echo '# expect: nothing' >"$work/bad.rq"
check "expecting what cannot be expected" -s 3 -e 'bad.rq: "expect:" can be followed by empty, not by nothing' "$TERTIUM" questions "$work/bad.rq"

# ---- ask
ask() { run ask --questions "$q" -f csv "$@"; }
check "ask by name" -o "41" ask q01-ages
check "ask by number" -o "41" ask 1
check "ask by q and number" -o "41" ask q1
check "ask by a beginning" -o "41" ask q01-a
check "ask by a beginning of what is behind the number" -o "41" ask ages
check "ask a file" -o "41" run ask --questions "$q/q01-ages.rq" -f csv ages
check "a parameter has its value" sh -c '! "$TERTIUM" ask ages --questions "$1/questions" --data "$1/people.ttl" -f csv | grep -q 37' sh "$work"
check "it can be given another" -o "37" ask ages --bind least=30
check "one that is free can be given one" -o "bob,37" ask ages --bind least=30 --bind who=ex:bob
check "a parameter that is none" -s 3 -e "there is no parameter ?leats in q01-ages; there are ?least, ?who" ask ages --bind leats=1
check "of a question without parameters: any variable" -o "Ann" ask names --bind s=ex:ann
check "but one that it has" -s 3 -e "there is no variable ?x in the query; it has ?s, ?name" ask names --bind x=ex:ann
check "a value that is none" -s 3 -e "value of ?least:1:1: the IRI" ask ages --bind 'least=<x'
check "a value by its name" -o "bob,37" ask ages --bind least=30 --bind who=Bob
check "a name that is nearly right" -s 3 -e "there is no question agges: did you mean q01-ages?" ask agges
check "a name that is not" -s 3 -e "there is no question something-else" ask something-else
check "a beginning of several" -s 2 -e "q0 may mean" ask q0
check "no name" -s 2 -e "ask needs NAME" "$TERTIUM" ask
check "an ASK" -o "true" run ask --questions "$q" knows
check "--why tells by what" -o "ex:ann" ask ages --why -f table
check "--cite" -s 0 "$TERTIUM" ask q16 --cite
check "of the study" -o "member countries" "$TERTIUM" ask q18

# ---- test
test_all() { run test "$@" "$q"; }
check "all is as expected" -o "ok 7 - q07-nothing" test_all
check "the plan" -o "1..8" test_all
check "a title stands behind the name" -o "ok 1 - q01-ages: How old they are" test_all
check "without an expected answer it is skipped" -o "ok 8 - plain # SKIP no answer is expected" test_all
check "no failure is reported" sh -c '! "$TERTIUM" test "$1/questions" --data "$1/people.ttl" | grep "^not ok"' sh "$work"
check "the database of a directory" sh -c '"$TERTIUM" load --db "$1/db" "$1/people.ttl" 2>/dev/null && "$TERTIUM" test "$1/questions" --db "$1/db"' sh "$work"
check "no questions to test" -s 3 -e "there are no questions" "$TERTIUM" test "$work/empty"
check "data that are not there" -s 3 -e "nosuch.ttl" "$TERTIUM" test "$q" --data "$work/nosuch.ttl"

mkdir "$work/windows"
printf '\357\273\277# title: On Windows\r\n# parameter: ?n = "Ann" a name\r\nSELECT ?s {\r\n?s ex:name ?n }\r\n' >"$work/windows/a.rq"
printf '\357\273\277?s\r\n<http://example.org/ann>\r\n' >"$work/windows/a.tsv"
check "byte order marks and CR LF" -o "ok 1 - a: On Windows" run test "$work/windows"

# ---- controls: what is wrong must fail, and say how. The good file comes back afterwards.
wrong() { # what is wrong, file, its content, text that is told
	cp "$q/$2" "$work/kept"
	printf '%b' "$3" >"$q/$2"
	check "wrong: $1" -s 1 -o "$4" test_all
	cp "$work/kept" "$q/$2"
}
ann='<http://example.org/ann>'
wrong "another term" q01-ages.tsv "?age\t?who\n41\t<http://example.org/anna>\n" "#   - {age: 41, who: ex:anna}"
wrong "a row too many" q01-ages.tsv "?age\t?who\n41\t$ann\n41\t$ann\n" "# missing:"
wrong "a row too few" q01-ages.tsv "?age\t?who\n" "# extra:"
wrong "another datatype" q01-ages.tsv "?age\t?who\n\"41\"\t$ann\n" "not ok 1 - q01-ages"
wrong "a column too few" q01-ages.tsv "?age\n41\n" "# got columns: ?who ?age"
wrong "another column" q01-ages.tsv "?age\t?whom\n41\t$ann\n" "# expected columns: ?age ?whom"
wrong "a row with a cell too few" q01-ages.tsv "?age\t?who\n41\n" "q01-ages.tsv:2: this row has another number of cells"
wrong "a row with a cell too many" q01-ages.tsv "?age\t?who\n41\t$ann\t1\n" "q01-ages.tsv:2: this row has another number of cells"
wrong "a cell that is no term" q01-ages.tsv "?age\t?who\n41\texample\n" "q01-ages.tsv:2: expected"
wrong "another order where it counts" q03-ordered.tsv '?name\n"Bob"@en\n"Ann"\n"Cy"\n' "but in another order"
wrong "another truth value" q04-knows.tsv "false\n" "# expected false, got true"
wrong "rows for an ASK" q04-knows.tsv "?x\n1\n" "# expected rows, got true or false"
wrong "another triple" q05-graph.ttl "$ann <http://example.org/acquainted> <http://example.org/x> , [] .\n" "object: ex:x"
wrong "a graph that is cut off" q05-graph.ttl "$ann $ann" "q05-graph.ttl:"
wrong "another cell of CSV" q06-csv.csv 'name,age\r\nAnn,41\r\nBob,36\r\nCy,\r\n' 'age: "36"'
wrong "a quote of CSV that is open" q06-csv.csv 'name,age\r\n"Ann,41\r\n' 'a quote is not closed'
wrong "a query that is none" q02-names.rq 'SELECT ?name { ?x }' "q02-names.rq:1:19: "

# ---- an answer may be empty for two reasons
empty() { # name, status, text that is told, query, answer
	rm -rf "$work/none" && mkdir "$work/none"
	printf '%b\n' "$4" >"$work/none/n.rq"
	[ -z "$5" ] || echo "$5" >"$work/none/n.tsv"
	check "empty: $1" -s "$2" -o "$3" run test "$work/none"
}
empty "the data say so" 0 "ok 1" 'SELECT ?s { ?s ex:age 37 ; ex:name "Ann" }' '?s'
empty "the data say so, of a filter" 0 "ok 1" 'SELECT ?s { ?s ex:age ?a FILTER(?a > 50) }' '?s'
empty "the data say so, of a negation" 0 "ok 1" 'SELECT ?s { ?s ex:age ?a MINUS { ?s a ex:Person } }' '?s'
empty "no such predicate" 1 "n.rq:1:16: ex:nmae is not in the data" 'SELECT ?s { ?s ex:nmae ?n }' '?s'
empty "what is near is told" 1 "#   try ex:name in place of ex:names" 'SELECT ?s { ?s ex:names ?n }' '?s'
empty "no such class" 1 "# there is no answer since nothing in these data can match:" 'SELECT ?s { ?s a ex:Persn }' '?s'
empty "no such predicate, of an ASK" 1 "ex:knws is not in the data" 'ASK { ex:ann ex:knws ex:bob }' 'false'
empty "no such predicate, of a graph" 1 "ex:knws is not in the data" 'CONSTRUCT WHERE { ?a ex:knws ?b }' '?s'
empty "an ASK that is false since the data say so" 0 "ok 1" 'ASK { ex:bob ex:knows ex:bob ; ex:age 37 }' 'false'
empty "what is expected to be empty may be" 0 "ok 1" '# expect: empty\nSELECT ?s { ?s ex:nmae ?n }' '?s'
empty "without a file, too" 0 "ok 1" '# expect: empty\nSELECT ?s { ?s ex:nmae ?n }' ''
empty "but not if it is not" 1 "# extra:" '# expect: empty\nSELECT ?s { ?s ex:name ?n }' ''
empty "why it is, where something is expected" 1 "ex:nmae is not in the data" 'SELECT ?n { ?s ex:nmae ?n }' '?n
"Ann"'
empty "a parameter takes part" 1 "ex:agge is not in the data" '# parameter: ?p = ex:age the property\nSELECT ?p { ?s ?p ?n ; ex:agge ?m }' '?p'

# ---- blank nodes, which have no names
blanks() { # name, status, data, query, answer
	rm -rf "$work/blank" && mkdir "$work/blank"
	printf '%s\n' "$3" >"$work/blank.ttl"
	printf '%s\n' "$4" >"$work/blank/b.rq"
	printf '%b' "$5" >"$work/blank/b.tsv"
	check "blank nodes: $1" -s "$2" "$TERTIUM" test "$work/blank" --data "$work/blank.ttl"
}
ring='@prefix : <http://example.org/> . _:a :p _:b . _:b :p _:c . _:c :p _:a . _:d :p _:e . _:e :p _:f . _:f :p _:d .'
pairs='SELECT ?s ?o { ?s ?p ?o }'
blanks "other names" 0 "$ring" "$pairs" '?s\t?o\n_:1\t_:2\n_:2\t_:3\n_:3\t_:1\n_:6\t_:4\n_:4\t_:5\n_:5\t_:6\n'
blanks "one ring is not two" 1 "$ring" "$pairs" '?s\t?o\n_:1\t_:2\n_:2\t_:3\n_:3\t_:4\n_:4\t_:5\n_:5\t_:6\n_:6\t_:1\n'
blanks "two are not one" 1 '[] <p:p> 1 , 2 .' "$pairs" '?s\t?o\n_:a\t1\n_:b\t2\n'
blanks "one is not two" 1 '[] <p:p> 1 . [] <p:p> 2 .' "$pairs" '?s\t?o\n_:a\t1\n_:a\t2\n'
blanks "in order" 0 '[] <p:p> 2 . [] <p:p> 1 .' "$pairs ORDER BY ?o" '?s\t?o\n_:x\t1\n_:y\t2\n'
blanks "many that look alike, in rows with each other" 0 "$(i=0; while [ $i -lt 90 ]; do echo "_:b$i <p:p> _:c$((i % 9)) ."; i=$((i + 1)); done)" "$pairs" \
	"?s\t?o\n$(i=0; while [ $i -lt 90 ]; do printf '_:x%s\\t_:y%s\\n' $i $((i / 10)); i=$((i + 1)); done)"
blanks "one of them elsewhere" 1 "$(i=0; while [ $i -lt 90 ]; do echo "_:b$i <p:p> _:c$((i % 9)) ."; i=$((i + 1)); done)" "$pairs" \
	"?s\t?o\n$(i=1; while [ $i -lt 91 ]; do printf '_:x%s\\t_:y%s\\n' $i $((i / 10)); i=$((i + 1)); done)"
blanks "many that look alike" 0 "$(i=0; while [ $i -lt 300 ]; do echo "[] <p:p> 1 ."; i=$((i + 1)); done)" 'SELECT ?s { ?s ?p ?o }' \
	"?s\n$(i=0; while [ $i -lt 300 ]; do printf '_:x%s\\n' $i; i=$((i + 1)); done)"

# ---- --update
check "--update writes what is not as expected" -o "# written: this answer is expected from now on" run test --update "$q"
check "then all is" -o "ok 8 - plain" run test "$q"
check "also what nothing was expected of" -o "<http://example.org/bob>" cat "$q/plain.tsv"
echo "?old" >"$q/q02-names.tsv"
echo "false" >"$q/q04-knows.tsv"
echo "<p:p> <p:p> <p:p> ." >"$q/q05-graph.ttl"
printf 'age\r\n' >"$q/q06-csv.csv"
check "of every kind, in the format that is there" -o "ok 8" run test --update "$q"
check "and it is not wrong any more" sh -c '! "$TERTIUM" test "$1/questions" --data "$1/people.ttl" | grep "^not ok"' sh "$work"
check "CSV stays CSV" -o "Ann,41" cat "$q/q06-csv.csv"
check "Turtle stays Turtle" -o "@prefix" cat "$q/q05-graph.ttl"
check "nothing is left beside the files" sh -c '[ "$(ls "$1" | wc -l)" -eq 16 ]' sh "$q"
chmod a-w "$q"
if [ ! -w "$q" ]; then
	echo "?old" >"$q/q02-names.tsv"
	check "a folder that cannot be written to" -s 3 -e "cannot write" run test --update "$q"
fi
chmod u+w "$q"
finish
