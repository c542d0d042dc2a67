#!/bin/sh
# tertium load: compressed files and standard input, little memory, bad statements, interruption, the progress line.
. "$(dirname "$0")/tap.sh"

load() { "$TERTIUM" load --db "$@"; }
load_from() { file=$1 && shift && load "$@" <"$file"; }
sorted() { "$TERTIUM" dump --db "$1" | sort; }
same() { sorted "$1" >"$work/one" && sorted "$2" >"$work/two" && cmp "$work/one" "$work/two"; }

awk -v n=30000 'BEGIN {
	for (i = 0; i < n; ++i) {
		s = "<http://example.org/s" i % 9973 ">"
		o = i % 3 ? "\"text number " i % 7001 "\"@en" : "<http://example.org/o" i % 5003 ">"
		print s " <http://example.org/p" i % 11 "> " o (i % 4 ? "" : " <http://example.org/g" i % 5 ">") " ."
	}
}' >"$work/data.nq"
cp "$work/data.nq" "$work/plain"
gzip -c "$work/data.nq" >"$work/data.nq.gz"
gzip -c "$work/data.nq" >"$work/gz"

check "loads a file" -e "30000 statements read" load "$work/db" "$work/data.nq"
check "the same file twice, and a copy: nothing is double" -e "90000 statements read" \
	load "$work/thrice" "$work/data.nq" "$work/plain" "$work/data.nq" --syntax nq
check "as once" same "$work/db" "$work/thrice"

# ---- compressed

check "gzip by its name" -e "30000 statements read" load "$work/gzip" "$work/data.nq.gz"
check "gzip: the same" same "$work/db" "$work/gzip"
check "gzip without a name for it" -e "30000 statements read" load "$work/gzip2" "$work/gz"
check "gzip on standard input" -e "30000 statements read" load_from "$work/gz" "$work/gzip3" -
check "gzip on standard input: the same" same "$work/db" "$work/gzip3"
head -c 60000 "$work/gz" >"$work/cut.gz"
check "gzip that is cut off" -s 3 -e "cut.gz: the gzip data are cut off" load "$work/cut" "$work/cut.gz" --syntax nq
check "leaves nothing" test ! -e "$work/cut"
{ head -c 30000 "$work/gz" && printf 'damage' && tail -c +30007 "$work/gz"; } >"$work/bad.gz"
check "gzip that is damaged" -s 3 -e "bad.gz:" load "$work/gzip" "$work/bad.gz" --syntax nq
check "changes nothing" same "$work/db" "$work/gzip"
if command -v zstd >/dev/null 2>&1; then
	zstd -qc "$work/data.nq" >"$work/data.nq.zst"
	check "Zstandard" -e "30000 statements read" load "$work/zstd" "$work/data.nq.zst"
	check "Zstandard: the same" same "$work/db" "$work/zstd"
	check "Zstandard on standard input" -e "30000 statements read" load_from "$work/data.nq.zst" "$work/zstd2" -
	head -c 60000 "$work/data.nq.zst" >"$work/cut.zst"
	check "Zstandard that is cut off" -s 3 -e "the Zstandard data are cut off" \
		load_from "$work/cut.zst" "$work/cut" - --syntax nq
fi
check "a compressed file in an update" -e "30000 quads added" "$TERTIUM" update --db "$work/update" \
	-e "LOAD <file://$work/data.nq.gz>"

# ---- more than memory holds

check "little memory" -e "30000 statements read" load "$work/little" --memory 100K "$work/data.nq"
check "little memory: the same" same "$work/db" "$work/little"
check "little memory: sound" -o "no damage" "$TERTIUM" check --db "$work/little"
check "little memory, into a filled database" -e "now holds" load "$work/little" --memory 100K \
	--graph http://example.org/more "$work/data.nq"
check "sound, too" -o "no damage" "$TERTIUM" check --db "$work/little"
check "no temporary file is left" test "$(ls -A "$work/little" | wc -l)" -eq 2
check "temporary files cannot be made" -s 3 -e "cannot make a temporary file in $work/nowhere" \
	env TMPDIR="$work/nowhere" "$TERTIUM" load --db "$work/db" --memory 100K --graph http://example.org/x "$work/data.nq"
check "nothing has changed" same "$work/db" "$work/gzip"

# ---- errors, and going on behind them

sed '25000s/ /oops/' "$work/data.nq" >"$work/bad.nq"
check "an error far into a file" -s 3 -e "bad.nq:25000:" load "$work/db" --graph http://example.org/x "$work/bad.nq"
check "changes nothing" same "$work/db" "$work/gzip"
check "is left out with --continue" -s 1 -e "29999 statements read, 1 left out" load "$work/bad" --continue "$work/bad.nq"
check "and told" -s 1 -e "bad.nq:25000:" load "$work/bad" --continue "$work/bad.nq"
yes oops | head -30 >"$work/many.nt"
check "only the first are told" -s 1 -e "10 more bad statements are not listed" load "$work/many" --continue "$work/many.nt"
check "all of them were bad: an empty database" -o "0 quads" "$TERTIUM" check --db "$work/many"
printf '@prefix : <http://example.org/> .\n:a :b :c ; :d "open .\n:e :f :g .\n' >"$work/bad.ttl"
check "Turtle with --continue" -s 1 -e "bad.ttl:2:22:" load "$work/ttl" --continue "$work/bad.ttl"
echo '<rdf:RDF' >"$work/bad.rdf"
check "RDF/XML cannot go on" -s 3 -e "bad.rdf:" load "$work/none" --continue "$work/bad.rdf"
check "with --continue and nothing bad" -e "30000 statements read; " load "$work/db" --continue "$work/data.nq"

# ---- interruption: the data never end, so only a signal does

mkfifo "$work/endless"
tail -n +1 -f "$work/data.nq" >"$work/endless" &
feeder=$!
check "an interrupted load" -s 130 -e interrupted timeout --foreground --preserve-status -s INT 3 \
	"$TERTIUM" load --db "$work/db" --memory 100K --graph http://example.org/x --syntax nq "$work/endless"
kill $feeder 2>/dev/null
check "changes nothing" same "$work/db" "$work/gzip"

# ---- the progress line

check "no progress line without a terminal" sh -c '"$0" load --db "$1" "$2" 2>"$3" && ! grep -q second "$3"' \
	"$TERTIUM" "$work/pipe" "$work/data.nq" "$work/stderr"

finish
