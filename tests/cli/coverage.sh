#!/bin/sh
# Which properties the instances of a class have, and which lack them: `tertium coverage` and `.coverage`.
. "$(dirname "$0")/tap.sh"

cat >"$work/museum.trig" <<'DATA'
@prefix ex: <http://museum.example/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:Work rdfs:label "work of art"@en . ex:Nothing rdfs:subClassOf ex:Work .
ex:Painting rdfs:subClassOf ex:Work . ex:Sculpture rdfs:subClassOf ex:Work .
ex:w1 a ex:Work ; rdfs:label "Sunrise" ; ex:creator ex:monet ; ex:year 1872 ; ex:room ex:r1 .
ex:w2 a ex:Painting , ex:Work ; rdfs:label "Starry Night" ; ex:creator ex:gogh .
ex:w3 a ex:Sculpture ; rdfs:label "The Thinker" ; ex:tag "a" , "b" .
ex:g1 { ex:w4 a ex:Painting ; ex:year 1900 ; ex:creator ex:x . ex:w1 ex:creator ex:monet . }
DATA
of() {
	"$TERTIUM" coverage --data "$work/museum.trig" "$@"
}

cat >"$work/by-property" <<'ROWS'
property,having,lacking,share,values,often
http://www.w3.org/1999/02/22-rdf-syntax-ns#type,4,0,1.000,5,true
http://www.w3.org/2000/01/rdf-schema#label,3,1,0.750,3,true
http://museum.example/creator,3,1,0.750,3,true
http://museum.example/year,2,2,0.500,2,true
http://museum.example/room,1,3,0.250,1,false
http://museum.example/tag,1,3,0.250,2,false
ROWS
tr '\n' '\r' <"$work/by-property" | sed 's/\r/\r\n/g' >"$work/by-property.csv"
check 'properties, with subclasses and all graphs' -O "$work/by-property.csv" of -f csv ex:Work
check 'instances that lack what is often there' -o 'http://museum.example/w3,The Thinker,2,http://museum.example/year' of -f csv --lacking ex:Work
check 'what has no label' -o 'http://museum.example/w4,,1,http://www.w3.org/2000/01/rdf-schema#label' of -f csv --lacking ex:Work
check 'TSV' -o '<http://museum.example/room>	1	3	0.250	1	"false"^^<http://www.w3.org/2001/XMLSchema#boolean>' of -f tsv ex:Work
check 'JSON' -o '"lacking":{"type":"literal","value":"1","datatype":"http://www.w3.org/2001/XMLSchema#integer"}' of -f json ex:Work
check 'what counts as often' -o 'http://museum.example/w2,Starry Night,3,http://museum.example/room' of -f csv --lacking --often 0.25 ex:Work

# ---- to be read
check 'the table' -o ' ex:year    |      2 |       2 | 0.500 |      2 | true' of ex:Work
check 'how many instances' -o '4 instances, 2 of them by 2 subclasses only.' of ex:Work
check 'who lacks something' -o '3 lack what is often there:' of ex:Work
check 'by label' -o '4 instances' of 'work of art'
check 'by IRI' -o '4 instances' of http://museum.example/Work
check 'nothing is lacking' -o 'Each has all that is often there.' of ex:Sculpture
check 'no such class' -s 3 -e 'did you mean ex:Painting?' of ex:Paintin
check 'no instances' -s 3 -e 'ex:Nothing has no instances' of ex:Nothing
check 'classes' -o ' ex:Painting  |         2' of
check 'a share that is none' -s 2 -e 'is no SHARE' of --often 2 ex:Work

# ---- a long list is cut
i=0
while [ $i -lt 30 ]; do
	echo "<http://museum.example/n$i> a <http://museum.example/Many> ."
	i=$((i + 1))
done >"$work/many.ttl"
sed -n '1,5s/ a .*/ <http:\/\/museum.example\/p> 1 ./p' "$work/many.ttl" >"$work/few.ttl"
check 'the first ones' -o 'These are the first 20 of 25' "$TERTIUM" coverage --often 0.1 --data "$work/many.ttl" --data "$work/few.ttl" \
	http://museum.example/Many
finish
