#!/bin/sh
# tertium dump: every syntax gives the graph back; sorted dumps of the same data are the same; one graph; what RDF/XML
# cannot hold is an error.
. "$(dirname "$0")/tap.sh"

dump() { "$TERTIUM" dump "$@"; }
sort_lines() { LC_ALL=C sort "$1"; }

cat >"$work/data.trig" <<'END'
@prefix : <http://example.org/> .
@prefix ex: <http://example.org/x#> .
_:a :knows _:b . _:b :knows _:a . _:b :knows _:b ; :name "b"@en-GB , "b\n<&>\r\t" , "" , "  " .
:é a :Ünit ; ex:p 1 , 01 , 1.50 , 1e3 , true , "x"^^:odd , "2020-02-30"^^<http://www.w3.org/2001/XMLSchema#date> .
<urn:x:y> <http://example.org/no-prefix/z.1> "<b>1</b>"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral> .
:g { :s :p :o , _:a . ex:s ex:p ex:o . }
_:g { :s :p :o . _:g :p _:a . }
END
tac "$work/data.trig" >"$work/reversed"
{ grep '^@' "$work/data.trig" && grep -v '^@' "$work/reversed"; } >"$work/other.trig"
sed '/_:/d' "$work/data.trig" >"$work/ground.trig"
sed '/_:/d' "$work/other.trig" >"$work/other-ground.trig"

# ---- there and back: number of quads, and the same dump again up to the labels, which a second way back leaves alone

labels() { sed 's/_:b[0-9]*/_:b/g' "$1" | LC_ALL=C sort; }
for syntax in nquads trig ntriples turtle rdfxml; do
	check "$syntax is written" dump --data "$work/data.trig" -f $syntax
	cp "$work/out" "$work/first.$syntax"
	check "$syntax: the same bytes again" -O "$work/first.$syntax" dump --data "$work/data.trig" -f $syntax
	case $syntax in nquads | trig) lines=nquads ;; *) lines=ntriples ;; esac
	dump --data "$work/data.trig" -f $lines >"$work/lines"
	labels "$work/lines" >"$work/expected"
	dump --data "$work/first.$syntax" --syntax $syntax -f $lines >"$work/again" 2>&1
	labels "$work/again" >"$work/got"
	check "$syntax: read again it is the same" diff "$work/expected" "$work/got"
	check "$syntax: blank nodes still refer to each other" -o "true" "$TERTIUM" query --data "$work/first.$syntax" \
		--syntax $syntax -e 'PREFIX : <http://example.org/> ASK { ?a :knows ?b . ?b :knows ?a , ?b FILTER (?a != ?b) }'
	check "$syntax: sorted, the other order of loading makes no difference" sh -c '
		"$TERTIUM" dump --sorted -f "$1" --data "$2/ground.trig" >"$2/one" &&
		"$TERTIUM" dump --sorted -f "$1" --data "$2/other-ground.trig" >"$2/two" && diff "$2/one" "$2/two"' sh $syntax "$work"
	check "$syntax: sorted it is the same graph" sh -c '
		"$TERTIUM" dump --sorted -f "$1" --data "$2/data.trig" >"$2/sorted" &&
		"$TERTIUM" dump -f "$3" --syntax "$1" --data "$2/sorted" >"$2/lines"' sh $syntax "$work" $lines
	labels "$work/lines" >"$work/got"
	check "$syntax: sorted and read again it is the same" diff "$work/expected" "$work/got"
done
dump -f nquads >"$work/study"
sort_lines "$work/study" >"$work/expected"
check "the study, sorted as sort does" -O "$work/expected" dump --sorted
printf '{"@id": "http://example.org/a"}' >"$work/a.jsonld"
check "JSON-LD is not read" -s 3 -e "a.jsonld: JSON-LD can be written, but not read" dump --data "$work/a.jsonld"
check "JSON-LD is written, with its graphs" -o '"@graph": [' dump --data "$work/data.trig" -f jsonld
check "JSON-LD: prefixes are kept" -o '"ex": "http://example.org/x#"' dump --data "$work/data.trig" -f jsonld
check "JSON-LD: sorted, the other order of loading makes no difference" sh -c '
	"$TERTIUM" dump --sorted -f jsonld --data "$1/ground.trig" >"$1/one" &&
	"$TERTIUM" dump --sorted -f jsonld --data "$1/other-ground.trig" >"$1/two" && diff "$1/one" "$1/two"' sh "$work"
check "prefixes are kept" -o '@prefix ex: <http://example.org/x#> .' dump --data "$work/data.trig" -f turtle
check "prefixes are kept as namespaces" -o 'xmlns:ex="http://example.org/x#"' dump --data "$work/data.trig" -f rdfxml

if command -v rapper >/dev/null && rapper --version >/dev/null 2>&1; then
	dump --data "$work/data.trig" -f rdfxml >"$work/out.rdf"
	dump --data "$work/data.trig" -f ntriples >"$work/lines"
	labels "$work/lines" >"$work/expected"
	rapper -q -i rdfxml -o ntriples "$work/out.rdf" http://example.org/base 2>/dev/null >"$work/raptor.nt"
	dump --data "$work/raptor.nt" -f ntriples >"$work/lines"
	labels "$work/lines" >"$work/got"
	check "raptor reads the same from RDF/XML" diff "$work/expected" "$work/got"
fi

# ---- random data: every blank node has a name of its own, by which the labels of two dumps are compared

generate() { # seed
	awk -v seed="$1" '
	function draw(n) { return int(rand() * n) }
	function iri() { return "<" space[draw(6)] word[draw(8)] ">" }
	function blank() { return "_:n" draw(12) }
	function text(  t, n) {
		t = ""
		for (n = draw(7); n > 0; --n) { t = t piece[draw(20)] }
		return "\"" t (draw(50) ? "" : long) "\""
	}
	function object(  k) {
		k = draw(8)
		if (k < 2) { return blank() }
		if (k < 3) { return iri() }
		if (k < 4) { return text() "@" tag[draw(4)] }
		if (k < 5) { return text() "^^" type[draw(5)] }
		if (k < 6) { return value[draw(8)] }
		return text()
	}
	BEGIN {
		srand(seed)
		x = "http://www.w3.org/2001/XMLSchema#"
		split("http://e/ http://e/o# urn:x: http://é.example/日/ http://e/1 tag:a,2:", s, " ")
		split("a b.c é _x x-1 n%20m Ωmega value", w, " ")
		split("en en-gb de-at-1996 x-y", l, " ")
		n_pieces = split("a|é|😀| |\\n|\\r|\\t|\\\"|\\\\|<|>|&|]]>|\\u007F|\\u0085|\\u2028|\\uFFFD|&amp;|1|true", p, "|")
		n_types = split("<http://e/odd> <" x "integer> <" x "date> <urn:é> <http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral>", t, " ")
		split("1,integer 01,integer 1.50,decimal 1e3,double true,boolean INF,double -0,integer 2020-02-30,date", v, " ")
		for (i = 1; i <= 6; ++i) { space[i - 1] = s[i] }
		for (i = 1; i <= 8; ++i) { word[i - 1] = w[i] }
		for (i = 1; i <= 4; ++i) { tag[i - 1] = l[i] }
		for (i = 1; i <= n_pieces; ++i) { piece[i - 1] = p[i] }
		for (i = 1; i <= n_types; ++i) { type[i - 1] = t[i] }
		for (i = 1; i <= 8; ++i) {
			split(v[i], parts, ",")
			value[i - 1] = "\"" parts[1] "\"^^<" x parts[2] ">"
		}
		for (i = 0; i < 2000; ++i) { long = long "long " }
		for (i = 0; i < 12; ++i) { print "_:n" i " <http://e/label> \"node " i "\" ." }
		for (i = 0; i < 400; ++i) {
			graph = draw(3) ? "" : draw(3) ? iri() : blank()
			print (draw(2) ? iri() : blank()), iri(), object(), graph, "."
		}
	}'
}
named() { # the lines of a dump with the names of the nodes for their labels
	awk '
	$2 == "<http://e/label>" { name[$1] = "_:" $3 $4 }
	{ lines[NR] = $0 }
	END {
		for (i = 1; i <= NR; ++i) {
			n = split(lines[i], cells, "[ ]")
			for (c = 1; c <= n; ++c) { printf "%s%s", cells[c] in name ? name[cells[c]] : cells[c], c < n ? " " : "\n" }
		}
	}' "$1" | LC_ALL=C sort -u
}
seed=${TT_SEED:-$(date +%s)}
for round in 1 2 3; do
	seed=$((seed + round))
	generate $seed >"$work/random.nq"
	check "TT_SEED=$seed: random data are read" -o "totals" sh -c '"$TERTIUM" dump --data "$1" >"$2" && echo totals' \
		sh "$work/random.nq" "$work/random"
	check "TT_SEED=$seed: all of them" test "$(named "$work/random" | wc -l)" -eq "$(sort -u "$work/random.nq" | wc -l)"
	for syntax in nquads trig ntriples turtle rdfxml; do
		case $syntax in nquads | trig) lines=nquads ;; *) lines=ntriples ;; esac
		dump --data "$work/random.nq" -f $lines >"$work/lines"
		named "$work/lines" >"$work/expected"
		for order in '' --sorted; do
			dump --data "$work/random.nq" $order -f $syntax >"$work/first" 2>&1
			dump --data "$work/first" --syntax $syntax -f $lines >"$work/lines" 2>&1
			named "$work/lines" >"$work/got"
			check "TT_SEED=$seed: $syntax $order gives the graph back" diff "$work/expected" "$work/got"
		done
	done
done

# ---- one graph

printf '%s\n' '<http://example.org/s> <http://example.org/p> <http://example.org/o> .' >"$work/one"
printf '<a:s> <a:p> 1 . <http://example.org/g> { <http://example.org/s> <http://example.org/p> <http://example.org/o> }' \
	>"$work/two.trig"
check "one graph" -O "$work/one" dump --data "$work/two.trig" --graph http://example.org/g -f ntriples
check "one graph as quads" -o '<http://example.org/o> <http://example.org/g> .' \
	dump --data "$work/two.trig" --graph http://example.org/g --sorted
check "no such graph" -s 3 -e "there is no graph <a:s>" dump --data "$work/two.trig" --graph a:s
check "no IRI" -s 2 -e "graph" dump --data "$work/two.trig" --graph g

# ---- what RDF/XML cannot hold

printf '<a:s> <http://example.org/1> 1 .' >"$work/predicate.ttl"
check "a predicate that is no name" -s 3 -e "the predicate <http://example.org/1>: it does not end in an XML name" \
	dump --data "$work/predicate.ttl" -f rdfxml
check "then nothing is written" test ! -s "$work/out"
cat "$work/two.trig" "$work/predicate.ttl" >"$work/mixed.trig"
check "a predicate of another graph does not matter" -o 'rdf:about="http://example.org/s"' \
	dump --data "$work/mixed.trig" --graph http://example.org/g -f rdfxml
printf '<a:s> <http://example.org/p> "a\\u0001" .' >"$work/control.ttl"
check "a control character" -s 3 -e 'a character of the literal in <a:s> <http://example.org/p> "a\u0001"' \
	dump --data "$work/control.ttl" -f rdfxml

# ---- output that fails

if [ -c /dev/full ]; then
	check "a full disk" -s 3 -e "cannot write the output: no space left" sh -c '"$TERTIUM" dump --sorted >/dev/full'
fi
finish
