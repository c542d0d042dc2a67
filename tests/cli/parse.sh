#!/bin/sh
# tertium parse, and what messages about queries look like.
. "$(dirname "$0")/tap.sh"

echo 'SELECT * { ?s ?p ?o }' >"$work/good.rq"
printf 'SELECT *\n{ ?s ?p }\n' >"$work/bad.rq"
echo 'PREFIX ex: <http://example.org/> INSERT DATA { ex:a ex:p 1 }' >"$work/good.ru"
: >"$work/empty"

check "silent on success" -O "$work/empty" "$TERTIUM" parse "$work/good.rq"
check "from standard input" sh -c '"$TERTIUM" parse - <"$1"' sh "$work/good.rq"
check "several files" "$TERTIUM" parse "$work/good.rq" "$work/good.rq"
check "an update" "$TERTIUM" parse --update "$work/good.ru"
check "an update is no query" -s 3 -e "good.ru:1:" "$TERTIUM" parse "$work/good.ru"
check "file, line and column" -s 3 -e "tertium: $work/bad.rq:2:9: expected" "$TERTIUM" parse "$work/bad.rq"
check "the line and a caret" -s 3 -e "        ^" "$TERTIUM" parse "$work/bad.rq"
check "a bad file among good ones" -s 3 -e "bad.rq" "$TERTIUM" parse "$work/bad.rq" "$work/good.rq"
check "a missing file" -s 3 -e "nosuch.rq" "$TERTIUM" parse "$work/nosuch.rq"
check "a folder" -s 3 -e "$work" "$TERTIUM" parse "$work"
check "an empty file" -s 3 -e "empty:1:1:" "$TERTIUM" parse "$work/empty"
echo 'ASK { nosuch:a ?p ?o }' >"$work/prefix.rq"
check "an unknown prefix" -s 3 -e "nosuch" "$TERTIUM" parse "$work/prefix.rq"
echo '@prefix nosuch: <http://example.org/> . nosuch:a nosuch:b nosuch:c .' >"$work/data.ttl"
check "the prefixes of data" "$TERTIUM" parse --data "$work/data.ttl" "$work/prefix.rq"
head -c 5000 /dev/urandom >"$work/rubbish"
check "binary rubbish" -s 3 -e "rubbish:1:" "$TERTIUM" parse "$work/rubbish"
awk 'BEGIN { printf "ASK "; for (i = 0; i < 100000; i++) printf "{"; for (i = 0; i < 100000; i++) printf "}" }' >"$work/deep"
check "100000 brackets" -s 3 -e "deep" "$TERTIUM" parse "$work/deep"
check "no escape character comes through" sh -c '! printf "ASK { \033[31m }" | "$TERTIUM" parse - 2>&1 | grep "$(printf "\033")"'
finish
