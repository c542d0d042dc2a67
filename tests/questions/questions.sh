#!/bin/sh
# The questions of data/questions, each with the answer beside it, asked in three ways: of the study that the program
# opens by itself, of a database directory into which the same files were loaded, and of the dump of that directory.
set -u
questions=$TERTIUM_SOURCE/data/questions
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT

set -- "$questions"/*.rq
echo "1..$(($# * 3 + 3))"
n=0
result() { # status, name
	n=$((n + 1))
	[ "$1" -eq 0 ] && echo "ok $n - $2" || echo "not ok $n - $2"
}

ask() { # way, options of `tertium query`
	way=$1
	shift
	for question in "$questions"/*.rq; do
		expected=${question%.rq}.tsv
		"$TERTIUM" query "$@" -f tsv "$question" >"$work/answer" 2>"$work/messages"
		status=$?
		[ $status -eq 0 ] && diff "$expected" "$work/answer" >"$work/diff"
		status=$?
		[ $status -eq 0 ] || sed 's/^/# /' "$work/messages" "$work/diff" 2>/dev/null
		result $status "$way: $(basename "$question" .rq)"
	done
}

ask study
"$TERTIUM" load --db "$work/db" "$TERTIUM_SOURCE"/data/*.trig "$TERTIUM_SOURCE"/ontology/tertium.ttl \
	"$TERTIUM_SOURCE"/ontology/concepts.ttl 2>"$work/messages"
result $? "the study loads into a directory"
ask directory --db "$work/db" --union-default-graph
"$TERTIUM" check --db "$work/db" >/dev/null 2>&1
result $? "the directory passes its check"
"$TERTIUM" dump --db "$work/db" -f nquads >"$work/dump.nq"
result $? "the directory is dumped"
ask dump --data "$work/dump.nq" --union-default-graph
