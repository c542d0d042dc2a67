#!/bin/sh
# The command line itself: help and version everywhere, and errors that name what is wrong.
. "$(dirname "$0")/tap.sh"

check "help" -o "Usage: tertium" "$TERTIUM" --help
check "help, short" -o "Usage: tertium" "$TERTIUM" -h
check "version" -o "tertium " "$TERTIUM" --version
check "help as a command" -o "Usage: tertium" "$TERTIUM" help
check "help on something unknown" -s 2 -e "unknown command foo" "$TERTIUM" help foo
for command in shell query parse load dump check help; do
	check "$command --help" -o "Usage: tertium $command" "$TERTIUM" $command --help
	check "$command --help has an example" -o "Example: tertium" "$TERTIUM" $command --help
	check "$command --version" -o "tertium " "$TERTIUM" $command --version
	check "help $command" -o "Usage: tertium $command" "$TERTIUM" help $command
	check "$command names an unknown option" -s 2 -e "--nonsense" "$TERTIUM" $command --nonsense
	check "$command points to its help" -s 2 -e "tertium $command --help" "$TERTIUM" $command --nonsense
done
check "an unknown command suggests the nearest" -s 2 -e "did you mean query?" "$TERTIUM" qeury
check "an unknown option suggests the nearest" -s 2 -e "did you mean --format?" "$TERTIUM" query --fromat csv -e 'ASK {}'
check "an unknown letter" -s 2 -e "unknown option -x" "$TERTIUM" query -x
check "a value is missing" -s 2 -e "--db needs a value" "$TERTIUM" query --db
check "a value too many" -s 2 -e "takes no value" "$TERTIUM" query --strict=yes -e 'ASK {}'
check "no such format" -s 2 -e '"html"' "$TERTIUM" query -f html -e 'ASK {}'
check "no such syntax" -s 2 -e '"n3x"' "$TERTIUM" query --syntax n3x -e 'ASK {}'
for size in 0 x 5X 5MM -5 99999999999999999999 99999999999G; do
	check "no size: $size" -s 2 -e "--memory" "$TERTIUM" query --memory $size -e 'ASK {}'
done
for seconds in 0 -1 x 1x nan inf; do
	check "no time: $seconds" -s 2 -e "--timeout" "$TERTIUM" query --timeout $seconds -e 'ASK {}'
done
check "an option with =" -o "true" "$TERTIUM" query --timeout=10 --memory=1G -e 'ASK {}'
check "a letter with its value" -o '"boolean":true' "$TERTIUM" query -fjson '-eASK {}'
check "two databases" -s 2 -e "--db is given twice" "$TERTIUM" query --db a --db b -e 'ASK {}'
check "two texts" -s 2 -e "-e is given twice" "$TERTIUM" query -e 'ASK {}' -e 'ASK {}'
check "of two formats the last one counts" -o '"boolean":true' "$TERTIUM" query -f xml -f json -e 'ASK {}'
for iri in relative 'http://example.org/a b'; do
	check "no base: $iri" -s 2 -e "the base \"$iri\" is no IRI" "$TERTIUM" query --base "$iri" -e 'ASK {}'
	echo 'ASK {}' >"$work/ask.rq"
	check "no base to parse with: $iri" -s 2 -e "is no IRI" "$TERTIUM" parse --base "$iri" "$work/ask.rq"
	check "no graph: $iri" -s 2 -e "the graph \"$iri\" is no IRI" "$TERTIUM" query --named "$iri=$work/ask.rq" -e 'ASK {}'
	check "no graph to load into: $iri" -s 2 -e "is no IRI" "$TERTIUM" load --db "$work/db" --graph "$iri" "$work/ask.rq"
	check "no base to load with: $iri" -s 2 -e "is no IRI" "$TERTIUM" load --db "$work/db" --base "$iri" "$work/ask.rq"
done
check "nothing was loaded" test ! -e "$work/db"
check "two queries" -s 2 -e "more than one query" "$TERTIUM" query -e 'ASK {}' a.rq
check "two files" -s 2 -e "more than one query" "$TERTIUM" query a.rq b.rq
check "load without a directory" -s 2 -e "--db" "$TERTIUM" load a.ttl
check "load without a file" -s 2 -e "FILE" "$TERTIUM" load --db "$work/db"
check "check without a directory" -s 2 -e "--db" "$TERTIUM" check
check "dump takes no file" -s 2 -e "a.ttl" "$TERTIUM" dump a.ttl
check "--db and --data" -s 2 -e "--db does not go together" "$TERTIUM" query --db x --data y -e 'ASK {}'
check "--named without a file" -s 2 -e "IRI=FILE" "$TERTIUM" query --named http://example.org/g -e 'ASK {}'
echo 'ASK {}' >"$work/-e"
check "-- ends the options" -o "true" sh -c 'cd "$1" && "$TERTIUM" query -- -e' sh "$work"
finish
