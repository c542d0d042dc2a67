#!/bin/sh
# tertium compare: verdicts, values, names, claims, formats, on made-up data and on the study.
. "$(dirname "$0")/tap.sh"

# Neither the terminal nor the language of whoever runs this matters.
LC_ALL=C.UTF-8
export LC_ALL
unset LANG LC_MESSAGES
cat >"$work/museum.trig" <<'TRIG'
@prefix ex: <http://museum.example/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:catalogue {
ex:vase a ex:Object ; rdfs:label "Vase"@en , "Krug"@de ; ex:height 2 , 3.50 ; ex:weight 2 ; ex:made "2011-06"^^xsd:gYearMonth ;
    ex:by ex:anna ; ex:size [ ex:w 1 ; ex:h 2.0 ] ; ex:partOf ex:set ; ex:note "both"@en ; ex:found "1998"^^xsd:gYear .
ex:bowl a ex:Object ; rdfs:label "Bowl"@en ; ex:height 2.0 , 35e-1 ; ex:weight 14.5 ; ex:made "2011-06-14"^^xsd:date ;
    ex:by ex:anna ; ex:size [ ex:h 2 ; ex:w 1.0 ] ; ex:glaze "blue" ; ex:partOf ex:set ; ex:note "both" ; ex:found "2001"^^xsd:gYear .
ex:cup rdfs:label "Cup"@en ; ex:by ex:bob ; ex:partOf ex:set ; ex:weight 2.0 .
ex:plate rdfs:label "Cup"@en ; ex:by ex:bob .
ex:holds rdfs:label "holds"@en ; owl:inverseOf ex:keptIn .
ex:show1 ex:exhibit ex:vase , ex:bowl ; ex:on "2019-05-01"^^xsd:date ; rdfs:label "Spring show"@en ; ex:city ex:Trier .
ex:show2 ex:exhibit ex:vase ; ex:on "2020"^^xsd:gYear ; rdfs:label "Winter show"@en .
}
ex:owners {
ex:set rdfs:label "Tea set"@en ; ex:owner ex:bob .
ex:anna rdfs:label "Anna"@en . ex:bob rdfs:label "Bob"@en ; ex:likes ex:vase ; ex:keptIn ex:vase .
}
TRIG
museum() { "$TERTIUM" compare --data "$work/museum.trig" "$@"; }

cat >"$work/expected" <<'END'
Vase / Bowl
Both -------------------------------------------------------------------------------------------------------------------
height      2, 3.50
size        [w 1; h 2.0]
part of     Tea set
by          Anna
Differ ---- Vase ----------------------------------------------- + Bowl -----------------------------------------------
<- exhibit  both: Spring show (2019-05-01; ex:Trier)
            Winter show (2020)                                   | -
made        2011-06                                              | 2011-06-14 (compatible, Vase less precise)
note        both@en                                              | both
found       1998                                                 | 2001 (Vase 3 years earlier)
weight      2                                                    | 14.5 (Bowl +12.5)
Only Vase --------------------------------------------------------------------------------------------------------------
holds       Bob
<- likes    Bob
Only Bowl --------------------------------------------------------------------------------------------------------------
glaze       blue
More with --all: type, label
END
check "two things, by their local names" -O "$work/expected" museum vase bowl
check "by labels, whatever the case; the user's language counts" -O "$work/expected" museum KRUG '<http://museum.example/bowl>'
check "by prefixed name and IRI" -O "$work/expected" museum ex:vase http://museum.example/bowl
check "German labels for a German" -o "Krug / Bowl" env LC_ALL=de_DE.UTF-8 "$TERTIUM" compare --data "$work/museum.trig" vase bowl
check "three things: who has it is named" -o "Only Vase, Bowl" museum vase bowl cup
check "what all three have" -o "part of   Tea set" museum vase bowl cup --only both
check "2 and 2.0 are one value among three" -o "weight    2 " museum vase bowl cup --property weight
check "through a path, marked" -o "owner     Bob (via Tea set)" museum vase bowl --via ex:partOf --property owner
check "a path backwards" -o "both: 2019-05-01 (via Spring show)" museum vase bowl --via ^ex:exhibit --property ex:on
check "all: bookkeeping, too" -o "Krug@de" museum vase bowl --all --depth 0 -f table --property label
check "depth 0: names only" -o "both: Spring show
            Winter show " museum vase bowl --depth 0
check "depth 2: all values are told" -o "Tea set (Bob)" museum vase bowl --depth 2
check "only what differs" museum vase bowl --only differ
grep -q "^Both" "$work/out" || grep -q "^Only" "$work/out"
report $((! $?)) "and nothing else"
check "only the second" -o "glaze" museum vase bowl --only b
check "no inverse" museum vase bowl --no-inverse
grep -q "exhibit" "$work/out"
report $((! $?)) "then nobody exhibits them"
check "evidence: the graphs" -o "Anna [catalogue]" museum vase bowl --evidence

check "a storage of Redland" -o "(Bowl +12.5)" museum --storage memory vase bowl
"$TERTIUM" load --db "$work/db" "$work/museum.trig" 2>/dev/null
check "a database directory" -o "(Bowl +12.5)" "$TERTIUM" compare --db "$work/db" vase bowl

# ---- names that do not work
check "unknown, with the nearest" -s 3 -e 'no thing "vasse": did you mean Vase <http://museum.example/vase>?' museum vasse bowl
check "unknown, nothing near" -s 3 -e 'the data have no thing "zeppelin"' museum zeppelin bowl
check "ambiguous, with the candidates" -s 2 -e 'Cup <http://museum.example/cup>, Cup <http://museum.example/plate>' \
	"$TERTIUM" compare --data "$work/museum.trig" Cup bowl
check "an IRI of which nothing is said" -s 3 -e "the data say nothing of <http://x.example/y>" museum '<http://x.example/y>' bowl
check "a thing with itself" -s 2 -e "are the same thing" museum vase ex:vase
check "a literal is no thing" -s 3 -e "no thing" museum '"blue"' bowl
check "one thing only" -s 2 -e "compare needs A B" museum vase
check "an unknown property" -s 3 -e 'no property "nosuch"' museum vase bowl --property nosuch
check "an unknown part" -s 2 -e "use both, differ, or a letter from a to b" museum vase bowl --only c
check "an unknown format" -s 2 -e "yaml" museum vase bowl -f yaml

# ---- formats
cat >"$work/sorted" <<'END'
differ,forward,http://museum.example/weight,http://museum.example/bowl,14.5,http://museum.example/catalogue
differ,forward,http://museum.example/weight,http://museum.example/vase,2,http://museum.example/catalogue
verdict,direction,property,thing,value,graph
END
rows() { museum "$@" | tr -d '\r' | LC_ALL=C sort; }
check "CSV" -O "$work/sorted" rows vase bowl -f csv --property weight
check "TSV: terms" -o '<http://museum.example/bowl>	14.5	<http://museum.example/catalogue>' museum vase bowl -f tsv --property weight
same_rows() { # options: the query gives the rows of the CSV
	museum "$@" -f csv | tr -d '\r' | grep -v _: | LC_ALL=C sort >"$work/csv"
	museum "$@" --sparql >"$work/query.rq" || return 1
	"$TERTIUM" query --data "$work/museum.trig" --union-default-graph -f csv "$work/query.rq" | tr -d '\r' | grep -v _: |
		LC_ALL=C sort >"$work/rows"
	[ "$(wc -l <"$work/csv")" -gt 1 ] && diff "$work/csv" "$work/rows"
}
check "the query gives the same rows" same_rows vase bowl
check "of three things" same_rows vase bowl cup
check "through paths" same_rows vase bowl --via ex:partOf --via ^ex:exhibit
check "of one part" same_rows vase bowl --only a
check "of one property" same_rows vase bowl --property ex:height --property ex:by --no-inverse
check "JSON" -o '"difference":"Bowl +12.5"' museum vase bowl -f json
if command -v python3 >/dev/null; then
	check "which is JSON" sh -c "'$TERTIUM' compare --data '$work/museum.trig' vase bowl -f json | python3 -m json.tool >/dev/null"
fi
museum vase bowl -f turtle >"$work/comparison.ttl"
check "RDF: a slice for each property" -o "differ" "$TERTIUM" query --data "$work/comparison.ttl" \
	-e 'SELECT ?v { ?slice a qb:Slice ; rdf:predicate <http://museum.example/weight> ; dcterms:type ?v }'
check "RDF: the statements behind it" -o "14.5" "$TERTIUM" query --data "$work/comparison.ttl" \
	-e 'SELECT ?o { ?s qb:observation ?x . ?x rdf:predicate <http://museum.example/weight> ; rdf:object ?o ; prov:wasDerivedFrom <http://museum.example/catalogue> }'

cat >"$work/hostile.ttl" <<'TTL'
@prefix ex: <http://x.example/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:a rdfs:label "A \u001b[31m & <b> | *x* $1 %_{}\\ \"q\"" ; ex:p "</td><script>" , "#%&_{}~^\\" ; ex:q _:x ; ex:r ex:b .
_:x ex:next _:y . _:y ex:next _:x .
ex:b rdfs:label "שלום" ; ex:p "漢字漢字漢字" , "a\nb" ; ex:q _:z ; ex:r ex:a .
_:z ex:next _:z .
TTL
hostile() { "$TERTIUM" compare --data "$work/hostile.ttl" a b "$@"; }
check "nothing acts on the terminal" -o '\u001B[31m' hostile
grep -q "$(printf '\033')" "$work/out"
report $((! $?)) "no escape gets through"
check "line ends are shown" -o 'a\nb' hostile
check "cycles of blank nodes end" -o "next" hostile --depth 5
check "HTML is escaped" -o "&lt;/td&gt;&lt;script&gt;" hostile -f html
check "Markdown is escaped" -o '\|' hostile -f markdown
check "LaTeX is escaped" -o '\#\%\&\_\{\}\textasciitilde{}\textasciicircum{}\textbackslash{}' hostile -f latex

cat >"$work/people.ttl" <<'TTL'
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
_:a foaf:name "Alice" ; foaf:age 30 ; foaf:knows _:b . _:b foaf:name "Bob" ; foaf:age 34 .
TTL
check "blank nodes by their labels" -o "30 " "$TERTIUM" compare --data "$work/people.ttl" Alice Bob
check "for which there is no query" -s 3 -e "a blank node has no name" "$TERTIUM" compare --data "$work/people.ttl" Alice Bob --sparql
echo '<http://e.example/a> <http://e.example/p#knowsOf> <http://e.example/b> .' >"$work/bare.nt"
check "no labels at all" -o "knows of" "$TERTIUM" compare --data "$work/bare.nt" a b

# ---- claims that the data hold, by terms of their own
cat >"$work/claims.ttl" <<'TTL'
@prefix ex: <http://c.example/> .
@prefix cib: <https://w3id.org/tertium/cib#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:Verdict rdfs:subClassOf cib:Comparison . cib:Comparison rdfs:subClassOf cib:Claim .
ex:on rdfs:subPropertyOf cib:aboutBody . ex:winner rdfs:subPropertyOf cib:bodyAhead .
ex:judge rdfs:subPropertyOf cib:holder .
ex:x rdfs:label "X" . ex:y rdfs:label "Y" .
ex:c1 a ex:Verdict ; ex:on ex:x , ex:y ; ex:winner ex:y ; cib:onDimension ex:speed ; ex:judge ex:j ; cib:statedIn ex:p10 , ex:p2 .
ex:c2 a ex:Verdict ; ex:on ex:x , ex:y ; ex:winner ex:x ; cib:onDimension ex:speed ; ex:judge ex:k ; cib:statedIn ex:p3 ; cib:conflictsWith ex:c1 .
ex:c3 a ex:Verdict ; ex:on ex:x , ex:y ; dcterms:type ex:similar ; cib:onDimension ex:price ; ex:judge ex:k .
ex:c4 a cib:Claim ; rdfs:label "X is cheap" ; ex:on ex:x ; cib:onDimension ex:price ; cib:polarity cib:polarity-positive .
ex:c5 a cib:Claim ; rdfs:label "Y is dear" ; ex:on ex:y ; cib:onDimension ex:price ; cib:polarity cib:polarity-negative .
ex:speed rdfs:label "speed" . ex:price rdfs:label "price" . ex:j rdfs:label "Judge J" . ex:k rdfs:label "Judge K" .
ex:similar rdfs:label "much the same" .
ex:trial ex:on ex:x ; ex:winner ex:x .
TTL
cat >"$work/expected" <<'END'
X / Y
Side by side -----------------------------------------------------------------------------------------------------------
X ahead (Judge K)       speed [p3]!
Y ahead (Judge J)       speed [p2 p10]
much the same (Judge    price
K)
! speed                 ex:c1 [p2 p10]
Claimed, by dimension - X -------------------------------------------- + Y --------------------------------------------
price                   + X is cheap                                   | - Y is dear
Only X -----------------------------------------------------------------------------------------------------------------
<- on                   ex:trial
<- winner               ex:trial
More with --all: label
END
check "claims come first, by subclasses and subproperties" -O "$work/expected" "$TERTIUM" compare --data "$work/claims.ttl" x y
check "no claims, if so wished" "$TERTIUM" compare --data "$work/claims.ttl" x y --no-claims
grep -q "ahead" "$work/out"
report $((! $?)) "then nobody is ahead"

# ---- Wikidata: the labels of properties stand elsewhere
cat >"$work/wikidata.ttl" <<'TTL'
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix wdt: <http://www.wikidata.org/prop/direct/> .
@prefix wikibase: <http://wikiba.se/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
wd:Q1 rdfs:label "One"@en ; wdt:P36 wd:Q3 .
wd:Q2 rdfs:label "Two"@en ; wdt:P36 wd:Q4 .
wd:P36 wikibase:directClaim wdt:P36 ; rdfs:label "Hauptstadt"@de , "capital"@en .
TTL
check "the label of a direct claim" -o "capital   wd:Q3" "$TERTIUM" compare --data "$work/wikidata.ttl" One Two

# ---- the study
check "the study" -o "RATS ahead" "$TERTIUM" compare RATS ATC
[ "$(wc -l <"$work/out")" -le 50 ] && [ "$(awk 'length > m { m = length } END { print m + 0 }' "$work/out")" -le 130 ]
report $? "fits one screen"
check "a path is suggested" -o "More with --via org:subOrganizationOf: what SCO, CIS have" "$TERTIUM" compare RATS ATC
check "and gives more" -o "Uzbekistan (via SCO)" "$TERTIUM" compare RATS ATC --via org:subOrganizationOf --property cib:memberOf
grep -q "More with --via" "$work/out"
report $((! $?)) "then none is"
check "each leader with all paragraphs" -o "membership trend [P10 P37]" "$TERTIUM" compare RATS ATC
check "all of it" -o "counter-terrorism cooperation" "$TERTIUM" compare RATS ATC --all
check "as a page" -o "</html>" "$TERTIUM" compare rats atc -f html --evidence

# ---- large
awk 'BEGIN { for (i = 0; i < 150000; ++i) printf "<http://b.example/s%d> <http://b.example/in> <http://b.example/%s> .\n", i, i % 3 ? "Paris" : "Rome" }' >"$work/large.nt"
check "many values are counted" -o "100000: " "$TERTIUM" compare --data "$work/large.nt" Paris Rome
check "and listed for programs" sh -c "test \$('$TERTIUM' compare --data '$work/large.nt' Paris Rome -f csv | wc -l) = 150001"
finish
