#!/bin/sh
# The questions of data/questions, each with the answer beside it, asked in three ways: of the study that the program
# opens by itself, of a database directory into which the same files were loaded, and of the dump of that directory.
# The controls take an answer and a paragraph away: then it must not go well.
set -u
questions=$TERTIUM_SOURCE/data/questions
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT

set -- "$questions"/*.rq
n_questions=$#
echo "1..$((n_questions * 3 + 6))"
n=0
result() { # status, name
	n=$((n + 1))
	[ "$1" -eq 0 ] && echo "ok $n - $2" || echo "not ok $n - $2"
}

# The lines of `tertium test`, numbered anew.
ask() { # way, options of `tertium test`
	way=$1
	shift
	"$TERTIUM" test "$questions" "$@" >"$work/answers" 2>"$work/messages"
	sed 's/^/# /' "$work/messages"
	sed -n "s/^\(ok\|not ok\|#\) /\1 /p" "$work/answers" | awk -v n="$n" -v way="$way" '
		/^#/ { print; next }
		{ sub(/ok [0-9]+ - /, "ok " ++n " - " way ": "); print }'
	n=$((n + n_questions))
}

ask study
"$TERTIUM" load --db "$work/db" "$TERTIUM_SOURCE"/data/*.trig "$TERTIUM_SOURCE"/ontology/tertium.ttl "$TERTIUM_SOURCE"/ontology/concepts.ttl 2>"$work/messages"
result $? "the study loads into a directory"
ask directory --db "$work/db" --union-default-graph
"$TERTIUM" check --db "$work/db" >/dev/null 2>&1
result $? "the directory passes its check"
"$TERTIUM" dump --db "$work/db" -f nquads >"$work/dump.nq"
result $? "the directory is dumped"
ask dump --data "$work/dump.nq" --union-default-graph

! "$TERTIUM" questions "$questions" -f tsv | awk -F '\t' 'NR > 1 && ($3 == "" || $4 == "" || $5 == "" || $7 == "" || $8 == "")' | grep .
result $? "each has a title, a group, the question in words, paragraphs and an answer"
cp -r "$questions" "$work/questions"
for file in "$work"/questions/*.tsv; do # without its last row, or the other truth value
	if [ "$(wc -l <"$file")" -gt 1 ]; then sed '$d' "$file"; else echo true; fi >"$work/wrong"
	mv "$work/wrong" "$file"
done
[ "$("$TERTIUM" test "$work/questions" | grep -c '^not ok')" -eq "$n_questions" ]
result $? "control: no question takes a wrong answer"
grep -v '<https://w3id.org/tertium/study/P19> \.$' "$work/dump.nq" >"$work/less.nq"
"$TERTIUM" test "$questions" --data "$work/less.nq" --union-default-graph >"$work/answers"
[ $? -eq 1 ] && grep -q '^not ok [0-9]* - q22' "$work/answers"
result $? "control: without a paragraph what rests on it fails"
