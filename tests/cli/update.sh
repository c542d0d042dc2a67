#!/bin/sh
# tertium update: where the request and the data come from, what is changed, and what is told.
. "$(dirname "$0")/tap.sh"

db=$work/db
printf '@prefix ex: <http://ex/> .\nex:a ex:p 1 .\n' >"$work/a.ttl"
printf 'PREFIX ex: <http://ex/>\nDELETE { ?s ex:p ?o } INSERT { ?s ex:q ?o } WHERE { ?s ex:p ?o }\n' >"$work/rename.ru"
printf '<http://ex/a> <http://ex/q> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .\n' >"$work/renamed.nq"
printf '<http://ex/a> <http://ex/p> <http://ex/b> .\n' >"$work/one.nq"
printf 'CLEAR ALL ;\nINSERT {} WHERE { FILTER EXISTS { FILTER(<http://ex/f>(1)) } }\n' >"$work/bad.ru"
printf '<http://ex/a> <http://ex/p> nonsense\n' >"$work/bad.ttl"
: >"$work/nothing"
one='INSERT DATA { <http://ex/a> <http://ex/p> <http://ex/b> }'

update() { "$TERTIUM" update "$@"; }
dumped() { "$TERTIUM" dump --db "$db"; }

check "in memory, on files" -e "1 quad added, 1 removed." -O "$work/renamed.nq" update --data "$work/a.ttl" --dump nquads "$work/rename.ru"
check "a named file" -o "<http://ex/g>" -e "1 quad added" update --named "http://ex/g=$work/a.ttl" --dump nquads -e "$one"
check "in memory, on nothing" -e "1 quad added, 0 removed." -O "$work/one.nq" update --dump nquads -e "$one"
check "without --dump nothing is printed" -e "1 quad added" -O "$work/nothing" update -e "$one"
check "from standard input" -e "1 quad added" -O "$work/one.nq" sh -c 'printf "%s" "$2" | "$1" update --dump nquads' sh "$TERTIUM" "$one"
check "a file whose prefixes are known" -e "0 quads added, 1 removed." update --data "$work/a.ttl" -e 'DELETE WHERE { ex:a ex:p ?o }'
check "a dump as TriG" -o "ex:a ex:q 1 ." -e "added" update --data "$work/a.ttl" --dump trig "$work/rename.ru"

check "a database is made" -e "1 quad added, 0 removed." update --db "$db" -e "$one"
check "and holds what was inserted" -O "$work/one.nq" dumped
check "what is there is not added again" -e "0 quads added, 0 removed." update --db "$db" -e "$one"
check "--dry-run shows the changes" -o "- <http://ex/a> <http://ex/p> <http://ex/b> ." -e "would be: 0 quads added, 1 removed." update --db "$db" --dry-run -e 'CLEAR ALL'
check "and makes none" -O "$work/one.nq" dumped
check "--dry-run with --dump shows what would be" -o "<http://ex/z>" -e "would be" update --db "$db" --dry-run --dump nquads -e 'INSERT DATA { <http://ex/z> <http://ex/p> 1 }'
many='INSERT { ?x <http://ex/n> ?n } WHERE { ?x <http://ex/p> ?y VALUES ?n { 1 2 3 4 5 6 7 8 9 10 11 12 } }'
check "--dry-run shows the first changes only" -o "and 2 more" -e "12 quads added" update --db "$db" --dry-run -e "$many"

check "a mistake in the second operation" -s 3 -e "update:1:72: " update --db "$db" -e "$one"' ; DELETE DATA'
check "a mistake found behind the parser" -s 3 -e "$work/bad.ru:2:42: unknown function" update --db "$db" "$work/bad.ru"
check "its line and a caret" -s 3 -e "                                         ^" update --db "$db" "$work/bad.ru"
check "an operation that fails has its place" -s 3 -e "update:1:13: there is no graph" update --db "$db" -e 'CLEAR ALL ; COPY <http://ex/no> TO DEFAULT'
check "and a caret" -s 3 -e "            ^" update --db "$db" -e 'CLEAR ALL ; COPY <http://ex/no> TO DEFAULT'
check "a file that fails has its own place" -s 3 -e "$work/bad.ttl:1:" update --db "$db" -e "CLEAR ALL ; LOAD <file://$work/bad.ttl>"
check "SERVICE SILENT is warned of" -e "being SILENT, it gives one solution" update --db "$db" -e 'DELETE { ?s ?p 0 } WHERE { SERVICE SILENT <http://ex/> { ?s ?p ?o } }'
check "an operation that fails" -s 3 -e "there is no graph <http://ex/no>" update --db "$db" -e 'CLEAR ALL ; COPY <http://ex/no> TO DEFAULT'
check "a query is no update" -s 3 -e 'found "SELECT"' update --db "$db" -e 'SELECT * { ?s ?p ?o }'
check "an update is no query" -s 3 -e 'INSERT' "$TERTIUM" query --db "$db" -e "$one"
check "nothing has changed" -O "$work/one.nq" dumped
check "a database that was made in vain is gone" -s 3 -e "found" update --db "$work/vain" -e 'INSERT'
check "its folder too" test ! -e "$work/vain"
check "no update" -s 2 -e "more than one update" update "$work/rename.ru" -e "$one"
check "--db and --data" -s 2 -e "does not go together" update --db "$db" --data "$work/a.ttl" -e "$one"
check "out of time" -s 124 -e "time" update --data "$work/a.ttl" --timeout 0.2 -e \
	'INSERT { ?a ?b ?n } WHERE { VALUES ?n { 1 2 3 4 5 6 7 8 9 } VALUES ?a { <http://e/a> } VALUES ?b { <http://e/b> }
	 VALUES ?u { 1 2 3 4 5 6 7 8 9 } VALUES ?v { 1 2 3 4 5 6 7 8 9 } VALUES ?w { 1 2 3 4 5 6 7 8 9 }
	 VALUES ?x { 1 2 3 4 5 6 7 8 9 } VALUES ?y { 1 2 3 4 5 6 7 8 9 } VALUES ?z { 1 2 3 4 5 6 7 8 9 }
	 VALUES ?p { 1 2 3 4 5 6 7 8 9 } VALUES ?q { 1 2 3 4 5 6 7 8 9 } VALUES ?r { 1 2 3 4 5 6 7 8 9 } }'

# A shell that holds a transaction keeps other writers away; readers see the state before.
mkfifo "$work/commands"
"$TERTIUM" shell --db "$db" <"$work/commands" >"$work/shell.out" 2>&1 &
exec 9>"$work/commands"
printf '.begin\nINSERT DATA { <http://ex/c> <http://ex/p> 1 }\n;\nSELECT (COUNT(*) AS ?n) { ?s ?p ?o }\n;\n' >&9
for _ in 1 2 3 4 5 6 7 8 9 10; do
	grep -q 2 "$work/shell.out" && break
	sleep 0.2
done
check "--no-wait fails beside another writer" -s 3 -e "another process is writing" update --db "$db" --no-wait -e 'CLEAR ALL'
check "so does load" -s 3 -e "another process is writing" "$TERTIUM" load --db "$db" --no-wait "$work/a.ttl"
check "readers do not wait" -O "$work/one.nq" dumped
: >"$work/waited"
"$TERTIUM" update --db "$db" -e 'INSERT DATA { <http://ex/d> <http://ex/p> 1 }' 2>"$work/waited" &
waiting=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do
	grep -q Waiting "$work/waited" && break
	sleep 0.2
done
printf '.commit\n' >&9
exec 9>&-
check "a second writer waits and then writes" wait $waiting
check "and says so" -o "Waiting for another process" cat "$work/waited"
check "both have written" -o "3" "$TERTIUM" query --db "$db" -f csv -e 'SELECT (COUNT(*) AS ?n) { ?s ?p ?o }'

# Transactions in a pipe.
check "rolled back" -o "3" "$TERTIUM" shell --db "$db" <<'TEXT'
.begin
CLEAR ALL
;
.rollback
.mode csv
SELECT (COUNT(*) AS ?n) { ?s ?p ?o }
TEXT
check "not committed" -s 3 -e "the transaction was not committed" "$TERTIUM" shell --db "$db" <<'TEXT'
.begin
CLEAR ALL
TEXT
check "commit without begin" -s 3 -e "no transaction is open" "$TERTIUM" shell --db "$db" <<'TEXT'
.commit
TEXT
check "all are still there" -o "3" "$TERTIUM" query --db "$db" -f csv -e 'SELECT (COUNT(*) AS ?n) { ?s ?p ?o }'
finish
