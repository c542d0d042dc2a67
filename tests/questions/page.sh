#!/bin/sh
# The page doc/ontology.md: made of what is there now, and true: each of its queries has an answer, in plain SPARQL 1.1
# with the prefixes that the page names.
. "$(dirname "$0")/../cli/tap.sh"

page=$TERTIUM_SOURCE/doc/ontology.md
sh "$TERTIUM_SOURCE/doc/ontology.sh" >"$work/out" 2>"$work/err"
diff "$page" "$work/out" >"$work/why" && [ ! -s "$work/err" ]
report $? "the page is what doc/ontology.rq makes (make ontology-page makes it anew)"

sed -n 's/^| `\([a-z]*:\)` | `\(.*\)` |$/PREFIX \1 <\2>/p' "$page" >"$work/prefixes"
sed 's/.*<//; s/>$//' "$work/prefixes" >"$work/namespaces"
"$TERTIUM" query -f text -e 'SELECT ?term { ?term skos:scopeNote|rdfs:comment ?note }' >"$work/terms" 2>"$work/err"
[ -s "$work/terms" ] && ! grep -vF -f "$work/namespaces" "$work/terms" >"$work/out"
report $? "every term has a prefix there"
awk -v folder="$work" '
	/^### /     { title = substr($0, 5) }
	/^```sparql/ { file = sprintf("%s/%02d.rq", folder, ++n); print "# " title >file; next }
	/^```/      { file = "" }
	file        { print >file }' "$page"
for query in "$work"/*.rq; do
	cat "$work/prefixes" "$query" >"$work/query"
	"$TERTIUM" query --strict -f text "$work/query" >"$work/out" 2>"$work/err"
	[ $? -eq 0 ] && [ ! -s "$work/err" ] && [ -s "$work/out" ]
	report $? "$(sed -n '1s/^# //p' "$query")"
done
finish
