#!/bin/sh
# --why and --cite: by what a row of an answer holds, and the works that say so; on data of several kinds.
. "$(dirname "$0")/tap.sh"

cat >"$work/vases.trig" <<'TRIG'
@prefix : <http://example.org/> .
@prefix bibo: <http://purl.org/ontology/bibo/> .
@prefix cib: <https://w3id.org/tertium/cib#> .
@prefix cito: <http://purl.org/spar/cito/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

:page-3 {
  :vase :madeBy :Exekias .
  :claim cib:holder :Anna ; :about :vase ; cib:statedIn :page-3 ; cib:sentence 2 ; cib:citation :c1 .
}
:page-4 { :Exekias :pupilOf :Lydos . :Lydos :pupilOf :Sophilos . :vase :madeBy :Exekias . }
:inventory { :vase :kept :Rome ; :price 7 . :cup :kept :Rome ; :price 5 . }
{
  :page-3 rdfs:label "p. 3" ; dcterms:isPartOf :chapter .
  :page-4 rdfs:label "p. 4" ; dcterms:isPartOf :chapter .
  :chapter rdfs:label "Potters & painters" ; dcterms:isPartOf :catalogue .
  :catalogue a bibo:Book ; dcterms:title "The 100% catalogue_of {vases} & ~cups" ;
    dcterms:issued "1999-05"^^xsd:gYearMonth ; bibo:authorList ( :Zoe :Anna ) ; dcterms:publisher "Muße & Söhne" .
  :Zoe a foaf:Person ; foaf:givenName "Zoë" ; foaf:familyName "Ångström" .
  :Anna a foaf:Person ; foaf:name "Anna Beta" .
  :c1 cito:hasCitedEntity :paper ; bibo:pages "17" .
  :paper a bibo:AcademicArticle ; dcterms:title "On Exekias" ; dcterms:creator :Team , "Gamma and Sons" ;
    dcterms:isPartOf :journal ; bibo:volume "3" ; bibo:issue "2" ; bibo:pages "15-18" ; dcterms:date "2001" ;
    dcterms:identifier "https://doi.org/10.1000/x_y{1}" .
  :Team a foaf:Organization ; foaf:name "The Team" .
  :journal a bibo:Journal ; dcterms:title "Vases" ; bibo:issn "1234-5678" .
  :inventory prov:wasDerivedFrom <http://example.net/list> , "a card file" .
  :vase rdfs:label "Vase of Ajax"@en .
}
TRIG
why() { "$TERTIUM" query --data "$work/vases.trig" --union-default-graph "$@"; }
long='SELECT * { ?x :madeBy/:pupilOf+ ?m ; :kept ?k OPTIONAL { ?c :about ?x ; :nothing ?z } OPTIONAL { ?c :about ?x }
  FILTER NOT EXISTS { ?x :lost ?l } } ORDER BY ?m'

# ---- for reading

cat >"$work/long" <<'TEXT'
row 2:  x = :vase  m = :Sophilos  k = :Rome  c = :claim

  :vase  :madeBy  :Exekias
    p. 3, in "Potters & painters" of [1]; p. 4, in "Potters & painters" of [1]

  :Exekias  :pupilOf  :Lydos
  :Lydos    :pupilOf  :Sophilos
    p. 4 of [1]

  :vase  :kept  :Rome
    :inventory [2]; from http://example.net/list [3], a card file [4]

  :claim  :about  :vase
    p. 3, sentence 2 of [1]; in the judgement of Anna Beta; citing On Exekias p. 17 [5]

  :vase - Vase of Ajax

along a path: :vase to :Sophilos by 3 statements
nothing states { ?x :lost ?l . } where ?x = :vase

[1] Ångström, Zoë and Anna Beta. The 100% catalogue_of {vases} & ~cups. Muße & Söhne, 1999. [p. 3, p. 4]
[2] http://example.org/inventory
[3] http://example.net/list
[4] a card file
[5] The Team and Gamma and Sons. On Exekias. Vases 3(2), 15-18. 2001. https://doi.org/10.1000/x_y{1} [p. 17]
TEXT
check "a path, OPTIONAL, NOT EXISTS, judgements, references" -O "$work/long" why -e "$long" --why=2

cat >"$work/group" <<'TEXT'
row 1:  k = :Rome  s = 12

  :vase  :kept   :Rome
  :vase  :price  7
  :cup   :kept   :Rome
  :cup   :price  5
    :inventory [1]; from http://example.net/list [2], a card file [3]

  :vase - Vase of Ajax

computed: ?s = 12, from SUM(?p)
a group of 2 solutions of the pattern

[1] http://example.org/inventory
[2] http://example.net/list
[3] a card file
TEXT
check "an aggregate: all members of the group" -O "$work/group" why \
	-e 'SELECT ?k (SUM(?p) AS ?s) { ?x :kept ?k ; :price ?p } GROUP BY ?k' --why
check "several solutions: the first, and how many others" -o "and 1 other: the same follows" why \
	-e 'SELECT ?k { ?x :kept ?k }' --why
check "all of them with --all" -o ":cup   :kept  :Rome" why -e 'SELECT ?k { ?x :kept ?k }' --why --all
check "only the branch of a UNION that matched" -o "  :cup  :price  5" why \
	-e 'SELECT * { { ?x :price 5 } UNION { ?y :price 7 } }' --why=1
why -e 'SELECT * { { ?x :price 5 } UNION { ?y :price 7 } }' --why=1 >"$work/union"
check "and not the other one" -s 1 grep -F ":vase" "$work/union"
check "what GRAPH found it in stands first" -o "    p. 4, in" why \
	-e 'SELECT * { GRAPH :page-4 { ?x :madeBy ?y } }' --why
check "a sub-SELECT" -o ":Lydos  :pupilOf  :Sophilos" why \
	-e 'SELECT ?n { { SELECT (COUNT(*) AS ?n) { :Lydos :pupilOf ?m } } }' --why
check "BIND and VALUES are said" -o 'computed: ?z = 14, from ?p * 2' why \
	-e 'SELECT * { VALUES ?x { :vase } ?x :price ?p BIND(?p * 2 AS ?z) }' --why
check "given by VALUES" -o 'given by the query: ?x = :vase' why -e 'SELECT * { VALUES ?x { :vase } ?x :price ?p }' --why
check "a triple of CONSTRUCT" -o "  :Lydos  :pupilOf  :Sophilos" why \
	-e 'CONSTRUCT { ?y :taught ?x } { ?x :pupilOf ?y } ORDER BY ?x' --why=2
check "ASK" -o "true:" why -e 'ASK { ?x :price 5 }' --why
check "a row without a statement" -o "holds by no statement" why -e 'SELECT * { }' --why
check "no such row" -s 3 -e "the answer has 2 rows: there is no row 3" why -e 'SELECT ?x { ?x :kept ?k }' --why=3
check "no rows at all" -s 3 -e "the answer has no rows" why -e 'SELECT ?x { ?x :keeps ?k }' --why
check "a false ASK" -s 3 -e "the answer is false" why -e 'ASK { ?x :keeps ?k }' --why
check "row 0" -s 2 -e "is no [=N]" why -e 'ASK {}' --why=0
check "an error in the query is shown with its place" -s 3 -e "1:10: " why -e 'SELECT * [ }' --why
check "a value that is new at each run" -o "computed: ?r = " why -e 'SELECT ?x ?r { ?x :price 5 BIND(RAND() AS ?r) }' --why
check "the memory is limited" -s 3 -e "memory" why -e 'SELECT * { ?x ?p ?y . ?y ?q ?z }' --why --memory 20K
check "a format that cannot show it" -s 2 -e "cannot show evidence" why -e 'ASK {}' --why -f csv

# ---- nothing but names, and what could act on a terminal

printf '<http://a.example/s> <http://a.example/p> "x\\u001B[31m" .\n' >"$work/plain.nt"
check "plain N-Triples" -o '<http://a.example/s>  <http://a.example/p>  x\u001B[31m' \
	"$TERTIUM" query --data "$work/plain.nt" -e 'SELECT * { ?s ?p ?o }' --why
echo '[1] plain.nt' >"$work/file"
check "a file is all that is known of it" -O "$work/file" \
	"$TERTIUM" query --data "$work/plain.nt" -e 'SELECT * { ?s ?p ?o }' --cite
"$TERTIUM" load --db "$work/db" "$work/plain.nt" 2>"$work/loaded"
check "or a database" -o "[1] database $work/db" "$TERTIUM" query --db "$work/db" -e 'SELECT * { ?s ?p ?o }' --cite
printf '@prefix s: <http://schema.org/> . @prefix d: <http://www.w3.org/ns/dcat#> . @prefix t: <http://purl.org/dc/terms/> .
<http://m.example/d> a d:Dataset ; t:title "Museum" ; t:license <http://l.example/> . <http://m.example/1> s:name "Vase" .\n' >"$work/museum.ttl"
check "a dataset is cited for its default graph" -o "Museum" \
	"$TERTIUM" query --data "$work/museum.ttl" -e 'SELECT * { ?s <http://schema.org/name> ?o }' --cite

# ---- as data

cat >"$work/trig" <<'TRIG'
@prefix : <http://example.org/> .

:inventory {
    :cup :price 5 .
}
TRIG
check "TriG: the statements in their graphs" -O "$work/trig" why -e 'SELECT * { ?x :price 5 }' --why -f trig
check "Turtle: the statements alone" -o ":cup :price 5 ." why -e 'SELECT * { ?x :price 5 }' --why -f turtle
check "JSON" -o '"standing":{"sentences":"2","holder":"Anna Beta"' why -e 'SELECT * { ?c :about ?x }' --why -f json
if command -v jq >/dev/null; then
	check "JSON that jq reads" -o 'p. 3' sh -c '"$@" | jq -r ".statements[0].graphs[0].label"' sh \
		"$TERTIUM" query --data "$work/vases.trig" --union-default-graph -e "$long" --why=2 -f json
fi

# ---- works

check "footnotes: first what states it" -o "[1] Ångström, Zoë and Anna Beta." why -e "$long" --why=2 --cite
check "then what is cited" -o "[5] The Team and Gamma and Sons. On Exekias." why -e "$long" --why=2 --cite=footnotes
cat >"$work/bibtex" <<'BIB'
@article{theteam2001exekias,
  author = {{The Team} and {Gamma and Sons}},
  title = {On Exekias},
  journal = {Vases},
  volume = {3},
  number = {2},
  pages = {15--18},
  year = {2001},
  doi = {10.1000/x_y%7B1%7D},
  issn = {1234-5678}
}
BIB
why -e 'SELECT * { ?c :about ?x }' --cite=bibtex >"$work/all.bib"
sed -n '/^@article/,/^}/p' "$work/all.bib" >"$work/article.bib"
check "BibTeX" -O "$work/bibtex" cat "$work/article.bib"
check "what LaTeX reads is escaped" -o 'The 100\% catalogue\_of \textbraceleft{}vases\textbraceright{} \& \textasciitilde{}cups' \
	cat "$work/all.bib"
check "a style that there is not" -s 2 -e "is no [=STYLE]" why -e 'ASK {}' --cite=apa

python=
for candidate in python3 /usr/bin/python3; do
	[ -n "$python" ] || ! "$candidate" -c 'import pybtex' 2>/dev/null || python=$candidate
done
if [ -n "$python" ]; then
	cat >"$work/read.py" <<'PY'
import sys
from pybtex.database import parse_file
for key, entry in parse_file(sys.argv[1], "bibtex").entries.items():
    names = [" ".join(p.first_names + p.middle_names + p.prelast_names + p.last_names) for p in entry.persons.get("author", [])]
    print(key, entry.type, "|".join(names), entry.fields.get("year", "-"))
PY
	check "pybtex reads it: a book by two" -o "angstrom1999catalogueof book Zoë Ångström|Anna Beta 1999" \
		"$python" "$work/read.py" "$work/all.bib"
	check "pybtex reads it: an article by two bodies" -o "theteam2001exekias article {The Team}|{Gamma and Sons} 2001" \
		"$python" "$work/read.py" "$work/all.bib"
	for query in "$TERTIUM_SOURCE"/data/questions/q0*.rq; do
		"$TERTIUM" query "$query" --cite=bibtex >"$work/study.bib"
		check "pybtex reads what ${query##*/} cites" -o "2025" "$python" "$work/read.py" "$work/study.bib"
	done
else
	echo "# Python has no pybtex (Debian: python3-pybtex)"
fi

# ---- the study: the evidence for the first and the last row of each answer gives the row again

for query in "$TERTIUM_SOURCE"/data/questions/q*.rq; do
	! grep -q '^ASK' "$query" || continue
	"$TERTIUM" query "$query" -f tsv >"$work/rows"
	: >"$work/why"
	for row in 1 $(($(wc -l <"$work/rows") - 1)); do
		"$TERTIUM" query "$query" --why="$row" -f nquads >"$work/evidence.nq" 2>>"$work/why"
		sed -n "$((row + 1))p" "$work/rows" >"$work/row"
		"$TERTIUM" query --data "$work/evidence.nq" --union-default-graph "$query" -f tsv 2>>"$work/why" |
			grep -qxF -f "$work/row" || echo "row $row does not come again" >>"$work/why"
	done
	[ ! -s "$work/why" ]
	report $? "${query##*/}"
done
finish
