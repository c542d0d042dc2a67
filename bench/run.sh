#!/bin/sh
# bench/run.sh - what Tertium takes, beside other programs in the same run, as ratios. No test depends on it.
# usage: TERTIUM=./tertium bench/run.sh [number of triples, default 1000000]
set -eu
n=${1:-1000000}
here=$(cd "$(dirname "$0")" && pwd)
tertium=${TERTIUM:-./tertium}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

now() { date +%s.%N; }
measure() { # sets `seconds`: the best of three runs
	seconds=
	for run in 1 2 3; do
		before_each
		start=$(now)
		"$@" >/dev/null 2>&1
		seconds=$(echo "$start $(now) ${seconds:-999999}" | awk '{t = $2 - $1; print t < $3 ? t : $3}')
	done
}
before_each() { :; }
row() { printf '%-58s %9.3f s   %s\n' "$1" "$2" "${3-}"; }
ratio() { echo "$1 $2" | awk '{printf "%.2f times", $1 / $2}'; }

awk -v n="$n" -f "$here/generate.awk" >"$work/data.nt"
echo "$n N-Triples, $(wc -c <"$work/data.nt") bytes; best of three"

measure rapper -q -c -i ntriples "$work/data.nt"
parse=$seconds
row "rapper -q -c (parse only)" "$parse"

before_each() { rm -rf "$work/db"; }
measure "$tertium" load --db "$work/db" "$work/data.nt"
row "tertium load --db" "$seconds" "$(ratio "$seconds" "$parse") rapper"
# GNU time, where it is installed, tells the time of the processors (on a busy machine) and the memory.
if [ -x /usr/bin/time ]; then
	/usr/bin/time -f '%U %S' rapper -q -c -i ntriples "$work/data.nt" 2>"$work/time" || :
	cpu=$(tail -n 1 "$work/time" | awk '{print $1 + $2}')
	before_each
	/usr/bin/time -f '%U %S %M' "$tertium" load --db "$work/db" "$work/data.nt" 2>"$work/time"
	tail -n 1 "$work/time" | awk -v cpu="$cpu" '{
		printf "%-58s %9.3f s   %.2f times rapper\n", "  its time of all processors", $1 + $2, ($1 + $2) / cpu
		printf "%-58s %9.0f MB\n", "  its memory", $3 / 1024}'
	before_each
	/usr/bin/time -f '%e %M' "$tertium" load --db "$work/db" --memory 64M "$work/data.nt" 2>"$work/time"
	tail -n 1 "$work/time" | awk '{
		printf "%-58s %9.3f s   %.0f MB\n", "tertium load --db --memory 64M, and its memory", $1, $2 / 1024}'
	before_each
	"$tertium" load --db "$work/db" "$work/data.nt" 2>/dev/null
fi
before_each() { :; }
bytes=$(du -sb "$work/db" | cut -f 1)
echo "$bytes $n" | awk '{printf "%-58s %9.1f bytes a triple\n", "size of the database", $1 / $2}'

query() { # title, query
	measure "$tertium" query --db "$work/db" -f json -e "$2"
	row "$1" "$seconds"
}
query "start, and ASK {}" 'ASK {}'
query "count all" 'SELECT (COUNT(*) AS ?n) { ?s ?p ?o }'
query "count by predicate" 'SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p'
query "one book" 'SELECT * { <http://example.org/book/77> ?p ?o }'
query "a join of two large patterns, counted" \
	'PREFIX : <http://example.org/> SELECT (COUNT(*) AS ?n) { ?b :author ?a . ?b :year ?y }'
query "a chain over three books" \
	'PREFIX : <http://example.org/> SELECT (COUNT(*) AS ?n) { ?a :sequelOf ?b . ?b :sequelOf ?c . ?c :pages 321 }'
query "the ten longest" 'PREFIX : <http://example.org/> SELECT ?t ?n { ?b :title ?t ; :pages ?n } ORDER BY DESC(?n) ?t LIMIT 10'
query "a text filter over all titles" \
	'PREFIX : <http://example.org/> SELECT (COUNT(*) AS ?n) { ?b :title ?t FILTER(CONTAINS(?t, "77")) }'
query "export all" 'SELECT * { ?s ?p ?o }'
