#!/bin/sh
# tertium info: counts of a database, for people and for scripts.
. "$(dirname "$0")/tap.sh"

info() { "$TERTIUM" info "$@"; }
cat >"$work/plain.trig" <<'END'
@prefix : <http://example.org/> .
:a :p :b , :c ; :q 1 .
:g { :a :p :b . :b :p :b . :b :r "x" . }
_:h { :a :p :b }
<a:a,b> { :a <a:q> 1 }
END

cat >"$work/expected" <<'END'
kind,name,quads,subjects,objects
total,quads,8,,
total,default_graph_quads,3,,
total,triples,6,,
total,graphs,3,,
total,subjects,2,,
total,predicates,4,,
total,objects,4,,
total,terms,10,,
graph,http://example.org/g,3,,
graph,"a:a,b",1,,
graph,_:b1,1,,
predicate,http://example.org/p,5,2,2
predicate,http://example.org/q,1,1,1
predicate,http://example.org/r,1,1,1
predicate,a:q,1,1,1
END
check "files as CSV" info --data "$work/plain.trig" -f csv
sort "$work/out" >"$work/got"
sort "$work/expected" >"$work/sorted"
cp "$work/out" "$work/rows"
check "the rows are right" diff "$work/sorted" "$work/got"
grep -m 1 predicate, "$work/rows" >"$work/got"
check "the largest first" grep -q example.org/p "$work/got"
check "files as TSV" -o "graph	a:a,b	1" info --data "$work/plain.trig" -f tsv
check "a page to read" -o "           3 http://example.org/g" info --data "$work/plain.trig"
check "files have no file of ours" sh -c '! "$TERTIUM" info --data "$1/plain.trig" | grep -q bytes' sh "$work"
check "the study" -o "named graphs" info
check "the study is long" -o "more graphs (-f tsv lists all)" info
printf '' >"$work/empty.nt"
check "nothing" -o "           0 quads" info --data "$work/empty.nt"
check "nothing as JSON" -o '"graph_list": []' info --data "$work/empty.nt" -f json

if "$TERTIUM" load --db "$work/db2" "$work/plain.trig" 2>/dev/null; then
	check "a database" -o "bytes for each quad" info --db "$work/db2"
	check "the version of its format" -o "total,format_version,1,," info --db "$work/db2" -f csv
	check "the size of its file" -o "total,file_bytes,$(wc -c <"$work/db2/data.mdb")," info --db "$work/db2" -f csv
	check "nobody reads it" -o "total,readers,0,," info --db "$work/db2" -f csv
	check "nobody writes it" -o "total,writers,0,," info --db "$work/db2" -f csv
	check "as JSON" -o '"name": "http://example.org/p", "quads": 5, "subjects": 2, "objects": 2' \
		info --db "$work/db2" -f json
	cp "$work/out" "$work/json"
	if command -v python3 >/dev/null; then
		check "it is JSON" python3 -c 'import json, sys; json.load(open(sys.argv[1]))["free_pages"]' "$work/json"
	fi
fi
if [ -r /proc/locks ] && grep -q FLOCK /proc/locks 2>/dev/null; then
	flock_pipe=$work/pipe
	mkfifo "$flock_pipe"
	"$TERTIUM" load --db "$work/db2" --syntax ntriples - <"$flock_pipe" 2>/dev/null &
	exec 3>"$flock_pipe"
	tries=0
	until info --db "$work/db2" -f csv 3>&- | grep -q "total,writers,1" || [ $tries -eq 300 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	check "somebody writes it" test $tries -lt 300
	exec 3>&-
	wait
fi
check "no such format" -s 2 -e "turtle" info -f turtle
check "no such database" -s 3 -e "there is no database" info --db "$work/none"
finish
