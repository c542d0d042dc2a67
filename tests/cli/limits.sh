#!/bin/sh
# Time, memory and Ctrl-C stop every query, whatever it is busy with. No case depends on how fast it is: each query
# would take hours, or more memory than there is.
. "$(dirname "$0")/tap.sh"

doubling() { # times, expression with X, begin: a chain of BIND
	awk -v n="$1" -v f="$2" -v begin="$3" 'BEGIN {
		printf "BIND(%s AS ?x0) ", begin
		for (i = 0; i < n; i++) { step = f; gsub(/X/, "?x" i, step); printf "BIND(%s AS ?x%d) ", step, i + 1 }
	}'
}
list() { # number, text with N, text between
	awk -v n="$1" -v f="$2" -v between="$3" 'BEGIN {
		for (i = 0; i < n; i++) { one = f; gsub(/N/, i, one); printf "%s%s", i ? between : "", one }
	}'
}
rows='?a ?b ?c . ?d ?e ?f . ?g ?h ?i'
write() { # name, query
	echo "$2" >"$work/$1.rq"
}
write product "SELECT (COUNT(*) AS ?n) { $rows FILTER(STR(?c) < STR(?f) && STR(?f) < STR(?i)) }"
write rows "SELECT * { $rows }"
write nothing "SELECT * { $rows FILTER(?c = 'nosuch' && ?f = ?i || STR(?i) = 'nosuch') }"
write distinct "SELECT DISTINCT ?a ?e ?c ?f ?i { $rows }"
write sort "SELECT * { $rows } ORDER BY STR(?f) ?c"
write first "SELECT * { $rows } ORDER BY STR(?f) ?c LIMIT 3"
write group "SELECT ?c ?f ?i (COUNT(*) AS ?n) { $rows } GROUP BY ?c ?f ?i"
write join "SELECT (COUNT(*) AS ?n) { { SELECT * { ?a ?b ?c . ?d ?e ?f . OPTIONAL { ?a ?c ?y } } } { SELECT * { ?d ?h ?i . ?j ?k ?l OPTIONAL { ?i ?j ?y } } } }"
write text "SELECT (STRLEN(?x40) AS ?n) { $(doubling 40 'CONCAT(X,X)' '"abcdefgh"') }"
write capitals "SELECT (COUNT(DISTINCT ?u) AS ?n) { $rows $(doubling 14 'CONCAT(X,X)' 'STR(?c)') BIND(UCASE(CONCAT(?x14, STR(?f), STR(?i))) AS ?u) }"
write replaced "SELECT (STRLEN(?z) AS ?n) { $(doubling 14 'CONCAT(X,X)' '"a"') BIND(REPLACE(?x14, 'a', 'bbbbbbbbbbbbbbbb') AS ?y) BIND(REPLACE(?y, 'b', '$(printf '%01000d' 0)') AS ?z) $rows BIND(REPLACE(CONCAT(?y, ?c), '(.)', '\$1\$1') AS ?w) FILTER(STRLEN(?w) < 3) }"
write pattern "SELECT (COUNT(*) AS ?n) { $rows FILTER REGEX(CONCAT(STR(?c), STR(?f), 'aaaaaaaaaaaaaaaaaaaaaaaaaaa'), '((a*)*)*b\$') }"
write numbers "SELECT (SUM(?x16) AS ?n) { $rows $(doubling 16 'X * X' 'STRLEN(STR(?c)) + 12345678901234567890') }"
write division "SELECT (SUM(?y) AS ?n) { $rows $(doubling 12 'X * X' 'STRLEN(STR(?c)) + 12345678901234567890') BIND(1.0 / ?x12 AS ?y) }"
write joined "SELECT (GROUP_CONCAT(STR(?c); SEPARATOR='$(printf '%01000d' 0)') AS ?n) { $rows }"
write values "SELECT (COUNT(*) AS ?n) { VALUES ?x { $(list 100000 N ' ') } VALUES ?y { $(list 100000 N ' ') } FILTER(?x * ?y = 7) }"
write construct "CONSTRUCT { ?a ?b ?f . ?d ?e ?i . ?g ?h ?c } { $rows }"
write describe "DESCRIBE ?a { $rows }"
write fresh "SELECT DISTINCT (UUID() AS ?u) { $rows }"
write path "SELECT (COUNT(*) AS ?n) { ?a (!study:x|^!study:x)* ?b . ?c (!study:x|^!study:x)* ?d . ?e (!study:x|^!study:x)* ?f FILTER(STR(?b) < STR(?d) && STR(?d) < STR(?f)) }"

for query in product rows nothing distinct sort first group join text capitals replaced pattern numbers division joined values construct describe fresh path; do
	check "time stops: $query" -s 124 -e "stopped: the time allowed, 0.3 s, is used up" sh -c '"$TERTIUM" query --timeout 0.3 --memory 2G "$1" >/dev/null' sh "$work/$query.rq"
	check "time stops in the shell: $query" -s 124 -e "stopped: the time allowed, 0.3 s, is used up" sh -c '(echo .timeout 0.3; cat "$1") | "$TERTIUM" shell --memory 2G >/dev/null' sh "$work/$query.rq"
done
for query in distinct sort group join text capitals replaced joined construct fresh; do
	check "memory stops: $query" -s 3 -e "stopped: the memory allowed, 20 MB, is used up" sh -c '"$TERTIUM" query --memory 20M "$1" >/dev/null' sh "$work/$query.rq"
done
# A shell lets its background jobs ignore SIGINT; env gives it back.
if env --default-signal=INT true 2>/dev/null; then
	for query in product text replaced numbers path; do
		check "Ctrl-C stops: $query" -s 130 -e "interrupted" sh -c 'env --default-signal=INT "$TERTIUM" query --memory 2G "$1" >/dev/null & sleep 0.5; kill -INT $!; wait $!' sh "$work/$query.rq"
	done
fi

# A long answer needs no more memory than a short one, also if it is computed row by row.
write long 'SELECT (CONCAT(STR(?c), STR(?f)) AS ?x) ?a { ?a ?b ?c . ?d ?e ?f FILTER(STRLEN(CONCAT(STR(?c), STR(?f))) > 3) } LIMIT 300000'
for format in csv tsv json xml table; do
	check "a long answer in little memory: $format" "$TERTIUM" query -f $format --memory 40M "$work/long.rq"
done

# Nor do aggregates keep what they have seen.
write best 'SELECT (MIN(CONCAT(STR(?n), ?x)) AS ?min) (MAX(CONCAT(STR(?n), ?x)) AS ?max) (COUNT(CONCAT(?x, STR(?n))) AS ?all) (SUM(STRLEN(CONCAT("n", ?x))) AS ?sum)
	{ { SELECT (?i + 10 * ?j + 100 * ?k + 1000 * ?l + 10000 * ?m AS ?n)
	    { VALUES ?i { 0 1 2 3 4 5 6 7 8 9 } VALUES ?j { 0 1 2 3 4 5 6 7 8 9 } VALUES ?k { 0 1 2 3 4 5 6 7 8 9 }
	      VALUES ?l { 0 1 2 3 4 5 6 7 8 9 } VALUES ?m { 0 1 2 3 4 5 6 7 8 9 } } }
	  VALUES ?x { "a long text" "b long text" "c long text" } }'
check "MIN and MAX of many texts in little memory" -o "0a long text,9c long text,300000,3600000" "$TERTIUM" query -f csv --memory 20M "$work/best.rq"

# Nobody reads: the program hangs in a write, and stops nevertheless.
check "time stops a program that cannot write" -e "stopped" sh -c '{ "$TERTIUM" query --timeout 0.3 -f tsv "$1"; echo $? >"$2"; } | sleep 3; [ "$(cat "$2")" = 124 ]' sh "$work/rows.rq" "$work/status"
finish
