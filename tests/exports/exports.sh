#!/bin/sh
# The exports of the study: that they are what the sources say, and that a comparison sees what is not; what RDF/XML
# cannot hold is refused; JSON-LD has no key twice.
. "$TERTIUM_SOURCE/tests/exports/load.sh"
python_with decimal >/dev/null || skip_all "Python is not there"

# ---- the sources, read by another tool

read_sources() { # folder for the results
	for source in "$TERTIUM_SOURCE"/data/*.trig "$TERTIUM_SOURCE"/ontology/tertium.ttl "$TERTIUM_SOURCE"/ontology/concepts.ttl; do
		target=$1/$(basename "$source").nq
		if have_pyoxigraph; then
			case $source in *.ttl) format=TURTLE ;; *) format=TRIG ;; esac
			"$(python_with pyoxigraph)" "$here/read_pyoxigraph.py" $format "$source" >"$target" || return 1
		else
			case $source in *.ttl) format=turtle ;; *) format=trig ;; esac
			"$(python_with rdflib)" "$here/read_rdflib.py" $format "$source" >"$target" || return 1
		fi
	done
}
mkdir "$work/sources"
if have_pyoxigraph || have_rdflib; then
	check "the sources are read by another tool" read_sources "$work/sources"
	check "the N-Quads are what the sources say" -o "quads," same "$study.nq" "$work"/sources/*
fi

# ---- the comparison: the same in another order with other labels, and what is not the same

awk 'BEGIN { srand(1) } { gsub(/_:b/, "_:x"); print rand() "\t" $0 }' "$study.nq" | LC_ALL=C sort | cut -f 2- >"$work/other.nq"
check "another order and other labels are the same" -o "quads," same "$study.nq" "$work/other.nq"

differs() { # name, sed script, what is said
	sed "$2" "$work/other.nq" >"$work/changed.nq"
	check "the comparison sees $1" -s 1 -o "$3" same "$study.nq" "$work/changed.nq"
}
differs "a line less" 100d "missing: "
differs "another language" '0,/"@en /s//"@eo /' "'@eo'"
differs "a language less" '0,/"@en /s//" /' "missing: "
differs "another datatype" '0,/#gYear>/s//#gYearMonth>/' "gYearMonth"
differs "another graph" '0,/"@en <[^<>]*> \.$/s//"@en <http:\/\/other.example\/> ./' "other.example"
differs "one character" '0,/[a-y]"@en/s//z"@en/' "too much: "
printf '_:a <p:p> _:b .\n_:b <p:p> _:a .\n_:c <p:p> _:d .\n_:d <p:p> _:c .\n' >"$work/two-rings.nq"
printf '_:a <p:p> _:b .\n_:b <p:p> _:c .\n_:c <p:p> _:d .\n_:d <p:p> _:a .\n' >"$work/one-ring.nq"
check "the comparison tells rings of two from a ring of four" -s 1 -o "4 quads are expected, 4" \
	same "$work/two-rings.nq" "$work/one-ring.nq"
sed 's/_:a/_:q/g;s/_:d/_:a/g' "$work/two-rings.nq" >"$work/same-rings.nq"
check "rings that look alike are matched" -o "4 quads," same "$work/two-rings.nq" "$work/same-rings.nq"

# ---- hostile data: each line that RDF/XML cannot hold is refused, with the reason and without output

head=$(grep '^@' "$here/hostile-not-xml.trig")
grep '^case:' "$here/hostile-not-xml.trig" >"$work/cases"
while read -r line; do
	printf '%s\n%s\n' "$head" "$line" >"$work/case.trig"
	case $line in
	*'\u'* | *'\b'*) reason="RDF/XML cannot hold a character of the literal in <http://hostile.example/case/" ;;
	*) reason="RDF/XML cannot hold the predicate <" ;;
	esac
	check "no RDF/XML: ${line%% *}" -s 3 -e "$reason" "$TERTIUM" dump --data "$work/case.trig" -f rdf
done <"$work/cases"

# ---- JSON-LD as JSON

cat >"$work/look.py" <<'END'
import json
import sys


def unique(pairs):
    assert len(dict(pairs)) == len(pairs), [key for key, _ in pairs]
    return dict(pairs)


def walk(value):
    assert not isinstance(value, (bool, int, float)), value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        if item is not None:
            walk(item)


document = json.load(open(sys.argv[1], encoding="utf-8"), object_pairs_hook=unique)
assert list(document) in (["@context", "@graph"], ["@graph"]), list(document)
walk(document)
print(len(document["@graph"]), "objects")
END
dump_cases hostile "" jsonld
check "JSON-LD of the study: no key twice, no native values" -o "objects" "$(python_with json)" "$work/look.py" "$study.jsonld"
check "JSON-LD of hostile data: the same" -o "objects" "$(python_with json)" "$work/look.py" "$work/hostile.jsonld"
finish
