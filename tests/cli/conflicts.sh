#!/bin/sh
# Contested statements: `tertium conflicts` and `.conflicts`, by declaration, by rule and by custom.
. "$(dirname "$0")/tap.sh"

cat >"$work/museum.trig" <<'DATA'
@prefix ex: <http://museum.example/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix cito: <http://purl.org/spar/cito/> .
ex:Painting rdfs:subClassOf ex:Work . ex:Sculpture rdfs:subClassOf ex:Work . ex:Person owl:disjointWith ex:Work .
ex:born a owl:FunctionalProperty . ex:teacherOf a owl:AsymmetricProperty . ex:partOf a owl:IrreflexiveProperty .
ex:w1 a ex:Painting ; rdfs:label "Sunrise"@en, "Lever"@fr ; ex:year "1872"^^xsd:gYear ; ex:height 50 .
ex:w2 a ex:Painting ; rdfs:label "Starry Night"@en ; ex:year "1889"^^xsd:gYear ; ex:height 74 ; ex:partOf ex:w2 .
ex:w3 a ex:Sculpture, ex:Person ; rdfs:label "The Thinker"@en ; ex:year "1904"^^xsd:gYear ; ex:height 189 .
ex:monet ex:born 1840 ; ex:teacherOf ex:rodin . ex:rodin ex:teacherOf ex:monet .
ex:a owl:sameAs ex:b . ex:b owl:differentFrom ex:a .
[] owl:sourceIndividual ex:w1 ; owl:assertionProperty ex:creator ; owl:targetIndividual ex:monet .
ex:w1 ex:creator ex:monet .
ex:Work rdfs:subClassOf [ owl:onProperty ex:room ; owl:maxCardinality 1 ] . ex:w1 ex:room ex:r1 , ex:r2 .
[] sh:targetClass ex:Painting ; sh:property [ sh:path ex:frame ; sh:maxCount 1 ] . ex:w2 ex:frame ex:f1 , ex:f2 .
ex:w2 ex:ownedBy ex:x ; ex:stolenFrom ex:x . ex:ownedBy owl:propertyDisjointWith ex:stolenFrom .
ex:essay cito:disputes ex:catalogue . ex:catalogue rdfs:label "The catalogue" .
ex:g1 { ex:monet ex:born 1841 . ex:w1 ex:year "1873"^^xsd:gYear ; ex:height 50.0 ; rdfs:label "Aufgang"@de . }
DATA
cat >"$work/peaceful.ttl" <<'DATA'
@prefix ex: <http://museum.example/> .
ex:w1 ex:year 1872 ; ex:tag "a" , "b" . ex:w2 ex:year 1889 ; ex:tag "a" . ex:w3 ex:year 1904 ; ex:tag "c" .
DATA

lists() { # kind, text of one side, text of the other
	check "$1" -o "  $1: " "$TERTIUM" conflicts --data "$work/museum.trig"
	check "$1: one side" -o "        $2" "$TERTIUM" conflicts --data "$work/museum.trig"
	check "$1: the other" -o "        $3" "$TERTIUM" conflicts --data "$work/museum.trig"
}
lists 'disjoint classes' 'ex:Person; in (default graph)' 'ex:Sculpture; in (default graph)'
lists 'at most one' 'ex:r1' 'ex:r2'
lists 'at most one' 'ex:f1' 'ex:f2'
lists 'same and different' 'ex:a owl:sameAs ex:b' 'ex:b owl:differentFrom ex:a'
lists 'asymmetric' 'ex:rodin ex:teacherOf ex:monet' 'ex:monet ex:teacherOf ex:rodin'
lists 'irreflexive' 'ex:w2 ex:partOf ex:w2' 'ex:partOf rdf:type owl:IrreflexiveProperty'
lists 'disjoint properties' 'ex:w2 ex:ownedBy ex:x' 'ex:w2 ex:stolenFrom ex:x'
lists 'denied' 'ex:w1 ex:creator ex:monet' '_:b'
lists 'functional' '1840; in (default graph)' '1841; in ex:g1'
lists 'single-valued' '"1872"^^xsd:gYear; in (default graph)' '"1873"^^xsd:gYear; in ex:g1'
check 'declared' -o 'cito:disputes' "$TERTIUM" conflicts --data "$work/museum.trig"
check 'the share is told' -o 'one value for 66.7 % of 3 subjects' "$TERTIUM" conflicts --data "$work/museum.trig"

# ---- what is none: other languages, other ways to write a number, several values in one graph
"$TERTIUM" conflicts --data "$work/museum.trig" >"$work/out" 2>"$work/err"
! grep -q -e 'rdfs:label' -e 'ex:height' "$work/out"
report $? 'languages and ways to write a number are no conflict'
[ "$(grep -c '^ *[0-9][0-9]*  ' "$work/out")" -eq 11 ]
report $? 'each conflict is listed once'
check 'nothing is at odds' -o 'Nothing in the data is at odds.' "$TERTIUM" conflicts --data "$work/peaceful.ttl"

# ---- one thing
check 'of a thing' -o 'functional: ex:monet ex:born' "$TERTIUM" conflicts --data "$work/museum.trig" ex:monet
"$TERTIUM" conflicts --data "$work/museum.trig" ex:monet >"$work/out" 2>"$work/err"
! grep -q 'ex:w3' "$work/out"
report $? 'and of nothing else'
check 'of a thing by its label' -o 'ex:w3' "$TERTIUM" conflicts --data "$work/museum.trig" 'The Thinker'
check 'of a thing by its IRI' -o 'ex:w3' "$TERTIUM" conflicts --data "$work/museum.trig" '<http://museum.example/w3>'
check 'of nothing that is there' -s 3 -e 'did you mean ex:monet?' "$TERTIUM" conflicts --data "$work/museum.trig" ex:monnet

# ---- formats
check 'CSV' -o 'functional,http://museum.example/monet,http://museum.example/born,1840,,,1841,(default graph),http://museum.example/g1' \
	"$TERTIUM" conflicts --data "$work/museum.trig" -f csv
check 'TSV' -o '"functional"	<http://museum.example/monet>	<http://museum.example/born>	1840			1841	"(default graph)"	<http://museum.example/g1>' \
	"$TERTIUM" conflicts --data "$work/museum.trig" -f tsv
check 'JSON' -o '"kind":{"type":"literal","value":"functional"}' "$TERTIUM" conflicts --data "$work/museum.trig" -f json
check 'XML' -o '<binding name="kind">' "$TERTIUM" conflicts --data "$work/museum.trig" -f xml
check 'no triples' -s 2 -e 'cannot show' "$TERTIUM" conflicts --data "$work/museum.trig" -f turtle

# ---- the study: claims with holder, passage and flag
check 'claims' -o 'claims about study:RATS: cib:conflictsWith' "$TERTIUM" conflicts study:RATS
check 'what they say, and who holds them where' -o 'RATS is growing  (study:claim-RATS-growing); held by Li Ziman; in study:P10' "$TERTIUM" conflicts study:RATS
check 'the flag' -o 'study:A01: ' "$TERTIUM" conflicts study:RATS
printf '.conflicts study:RATS\n.conflicts one two\n' >"$work/typed"
check 'in the shell' -s 3 -o 'study:claim-RATS-shrinking' -e '.conflicts takes one name' sh -c "'$TERTIUM' shell <'$work/typed'"
finish
