#!/bin/sh
# load, dump and check: what goes in comes out; what fails changes nothing and says so in a sentence.
. "$(dirname "$0")/tap.sh"
db=$work/db

cat >"$work/a.ttl" <<'TTL'
@prefix ex: <http://example.org/> .
ex:a ex:p ex:b , "x"@en .
TTL
printf '<http://example.org/s> <http://example.org/p> "1" <http://example.org/g> .\n' >"$work/b.nq"
printf '@prefix ex: <http://example.org/> .\nex:a ex:p ex:c .\nex:a ex:p' >"$work/truncated.ttl"
head -c 3000 /dev/urandom >"$work/rubbish"

check "load makes a directory" -e "3 statements read" "$TERTIUM" load --db "$db" "$work/a.ttl" "$work/b.nq"
check "the data are there" -o "3" "$TERTIUM" query --db "$db" --union-default-graph -f tsv -e 'SELECT (COUNT(*) AS ?n) { ?s ?p ?o }'
check "its prefixes need no declaration" -o "ex:b" "$TERTIUM" query --db "$db" -e 'SELECT ?o { ex:a ex:p ?o }'
check "check" -o "no damage" "$TERTIUM" check --db "$db"
"$TERTIUM" dump --db "$db" | sort >"$work/before"
check "dump writes N-Quads" -o '<http://example.org/s> <http://example.org/p> "1" <http://example.org/g> .' "$TERTIUM" dump --db "$db"
for syntax in nquads trig ntriples turtle; do
	check "dump as $syntax" -o "http://example.org/" "$TERTIUM" dump --db "$db" -f $syntax
	cp "$work/out" "$work/dump"
	check "$syntax is read again" -o "3" "$TERTIUM" query --data "$work/dump" --syntax $syntax --union-default-graph -f tsv -e 'SELECT (COUNT(*) AS ?n) { ?s ?p ?o }'
done
check "load into a graph" -e "2 statements read" "$TERTIUM" load --db "$work/db2" --graph http://example.org/h "$work/a.ttl"
check "they are in the graph" -o "<http://example.org/h>" "$TERTIUM" query --db "$work/db2" -f tsv -e 'SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }'
printf '<a> <b> <c> .\n' >"$work/relative"
check "load with a base and a syntax" -e "1 statement read" "$TERTIUM" load --db "$work/db2" --base http://example.org/base/ --syntax turtle "$work/relative"
check "the base is used" -o "true" "$TERTIUM" query --db "$work/db2" -e 'ASK { <http://example.org/base/a> ?p ?o }'
check "load from standard input" -e "1 statement read" sh -c '"$TERTIUM" load --db "$1/db2" --syntax nquads - <"$1/b.nq"' sh "$work"

check "a truncated file" -s 3 -e "truncated.ttl:3:" "$TERTIUM" load --db "$db" "$work/b.nq" "$work/truncated.ttl"
check "binary rubbish" -s 3 -e "rubbish" "$TERTIUM" load --db "$db" --syntax turtle "$work/rubbish"
check "a folder in place of a file" -s 3 -e "$work" "$TERTIUM" load --db "$db" "$work"
check "a missing file" -s 3 -e "nosuch.ttl" "$TERTIUM" load --db "$db" "$work/a.ttl" "$work/nosuch.ttl"
"$TERTIUM" dump --db "$db" | sort >"$work/after"
check "nothing of these was kept" cmp "$work/before" "$work/after"
check "a failed load leaves no new directory" -s 3 -e "truncated.ttl" "$TERTIUM" load --db "$work/new" "$work/truncated.ttl"
check "there is none" test ! -e "$work/new"

check "no such database" -s 3 -e "$work/none" "$TERTIUM" query --db "$work/none" -e 'ASK {}'
check "asking does not make one" test ! -e "$work/none"
mkdir "$work/folder" && echo hello >"$work/folder/letter"
check "a folder that is no database" -s 3 -e "$work/folder" "$TERTIUM" query --db "$work/folder" -e 'ASK {}'
check "it is left alone by load" -s 3 -e "$work/folder" "$TERTIUM" load --db "$work/folder" "$work/a.ttl"
check "its file is still there, alone" test "$(ls -A "$work/folder")" = letter
check "a file in place of a database" -s 3 -e "a.ttl" "$TERTIUM" query --db "$work/a.ttl" -e 'ASK {}'
check "check of no database" -s 3 -e "$work/none" "$TERTIUM" check --db "$work/none"
check "missing data" -s 3 -e "nosuch.ttl" "$TERTIUM" query --data "$work/nosuch.ttl" -e 'ASK {}'
check "dump onto a full disk" -s 3 -e "space" sh -c '"$TERTIUM" dump >/dev/full'

TERTIUM_DATA=$work/folder
export TERTIUM_DATA
check "TERTIUM_DATA without data" -s 3 -e "TERTIUM_DATA" "$TERTIUM" query -e 'ASK {}'
mkdir "$work/folder/data" && cp "$work/a.ttl" "$work/folder/data/a.trig"
check "TERTIUM_DATA is another study" -o "2" "$TERTIUM" query -f tsv -e 'SELECT (COUNT(*) AS ?n) { ?s ?p ?o }'
finish
