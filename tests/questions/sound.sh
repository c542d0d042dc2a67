#!/bin/sh
# Whether the study is put down soundly: each query below looks for what must not be there.
# The control adds a paragraph that breaks every rule; there, each of them must find something.
. "$(dirname "$0")/../cli/tap.sh"

cat >"$work/broken.trig" <<'TRIG'
@prefix cib:    <https://w3id.org/tertium/cib#> .
@prefix study:  <https://w3id.org/tertium/study/> .
@prefix cito:   <http://purl.org/spar/cito/> .
@prefix schema: <https://schema.org/> .
@prefix skos:   <http://www.w3.org/2004/02/skos/core#> .
@prefix owl:    <http://www.w3.org/2002/07/owl#> .
@prefix xsd:    <http://www.w3.org/2001/XMLSchema#> .
cib:broken a owl:ObjectProperty , owl:DatatypeProperty ; cib:broken 1 .
cib:Broken a owl:Class .
study:P99 {
study:claim-broken a cib:Claim ; cib:holder study:Li-Ziman , study:reviewer ; cib:statedIn study:P13 ;
    cib:aboutBody study:nobody ; cib:conflictsWith study:claim-progress ; cib:undeclared 1 ; schema:undeclared 2 .
study:comparison-broken a cib:Comparison ; cib:aboutBody study:RATS , study:ATC ; cib:bodyAhead study:SCO .
study:RATS skos:prefLabel "RATS, once more"@en .
study:act-broken schema:startDate "2011-06"^^xsd:gYearMonth ; cib:year 2012 ; cib:flaggedBy study:A99 .
study:Fiji cib:memberOf study:SCO .
study:citation-broken a cito:Citation ; cito:hasCitingEntity study:P13 .
}
study:editorial { study:A98 a cib:Anomaly . }
TRIG

none() { # name, group graph pattern
	query="SELECT * WHERE { $2 } LIMIT 20"
	"$TERTIUM" query -f tsv -e "$query" >"$work/out" 2>"$work/err"
	status=$?
	sed 1d "$work/out" >"$work/why"
	[ $status -eq 0 ] && [ ! -s "$work/why" ]
	report $? "$1"
	"$TERTIUM" query --data "$work/study.nq" --data "$work/broken.trig" --union-default-graph -f tsv -e "$query" \
		>"$work/out" 2>"$work/err"
	[ "$(wc -l <"$work/out")" -gt 1 ]
	report $? "control: $1"
}

# The examples of the ontology are patterns of the study, not ornament.
"$TERTIUM" query -f text -e 'SELECT ?example WHERE { ?term skos:example ?example }' >"$work/examples"
wrong=0
while read -r example; do
	"$TERTIUM" query --ask-status -e "ASK { $example }" >/dev/null 2>&1 && continue
	wrong=1
	echo "# not in the study: $example"
done <"$work/examples"
[ -s "$work/examples" ] && [ $wrong -eq 0 ]
report $? "the examples of the ontology hold in the study"

"$TERTIUM" dump -f nquads >"$work/study.nq"
report $? "the study is dumped"

none "a claim has a holder, a status, an evidence level, a passage" '
	?claim a cib:Claim .
	FILTER NOT EXISTS { ?claim cib:holder ?h ; cib:status ?s ; cib:evidenceLevel ?e ; cib:statedIn ?p }'
none "a claim has one holder" '
	?claim cib:holder ?one , ?two . FILTER(STR(?one) < STR(?two))'
none "what a passage states stands in its graph" '
	GRAPH ?graph { ?node cib:statedIn ?passage } FILTER(?graph != ?passage)'
none "a citation stands with the passage that cites" '
	GRAPH ?graph { ?citation cito:hasCitingEntity ?passage } FILTER(?graph != ?passage)'
none "a comparison has two bodies, and who is ahead is one of them" '
	{ ?comparison a cib:Comparison FILTER NOT EXISTS { ?comparison cib:aboutBody ?one , ?two FILTER(?one != ?two) } }
	UNION { ?comparison cib:bodyAhead ?body FILTER NOT EXISTS { ?comparison cib:aboutBody ?body } }'
none "conflicts are written both ways" '
	?one cib:conflictsWith ?two FILTER NOT EXISTS { ?two cib:conflictsWith ?one }'
none "claims at odds are flagged by one anomaly" '
	?one cib:conflictsWith ?two FILTER NOT EXISTS { ?one cib:flaggedBy ?anomaly . ?two cib:flaggedBy ?anomaly }'
none "a claim at odds stands in the graph of a passage" '
	?one cib:conflictsWith ?two
	FILTER NOT EXISTS { ?one cib:statedIn ?passage GRAPH ?passage { ?one cib:holder ?holder ; cib:status ?status } }'
none "a flag is an anomaly" '
	?node cib:flaggedBy ?flag FILTER NOT EXISTS { ?flag a cib:Anomaly ; skos:prefLabel ?label }'
none "an anomaly flags something" '
	?flag a cib:Anomaly FILTER NOT EXISTS { ?node cib:flaggedBy ?flag }'
none "an anomaly has kind, importance, gloss and passages, and the encoder vouches for it" '
	?flag a cib:Anomaly FILTER NOT EXISTS { ?flag dcterms:type ?kind ; cib:importance ?importance ;
		skos:definition ?gloss ; prov:wasDerivedFrom/a cib:Passage ; prov:wasAttributedTo study:encoder }'
none "each graph is that of a passage, or a part of the dataset" '
	GRAPH ?graph { } FILTER NOT EXISTS { ?graph a cib:Passage } FILTER NOT EXISTS { study: void:subset ?graph }'
none "a member has a membership that carries the evidence" '
	GRAPH ?graph { ?state cib:memberOf ?body
		FILTER NOT EXISTS { ?m org:member ?state ; org:organization ?body ; cib:evidenceLevel ?level } }'
none "the year is that of the date" '
	?act schema:startDate ?date ; cib:year ?year FILTER(xsd:integer(SUBSTR(STR(?date), 1, 4)) != ?year)'
none "what is spoken of has a name" '
	?node ?property ?thing
	FILTER(ISIRI(?thing) && STRSTARTS(STR(?thing), STR(study:)) && ?thing != study:)
	FILTER NOT EXISTS { ?thing skos:prefLabel ?label }'
none "nothing has two names in one language" '
	?thing skos:prefLabel ?one , ?two FILTER(LANG(?one) = LANG(?two) && STR(?one) < STR(?two))'
none "own terms are declared" '
	?node ?term ?value FILTER(STRSTARTS(STR(?term), STR(cib:))) FILTER NOT EXISTS { ?term a ?kind }'
none "terms of other vocabularies are declared, with what they are used for" '
	{ GRAPH ?graph { ?node ?term ?value } } UNION { GRAPH ?graph { ?node a ?term } }
	FILTER(!STRSTARTS(STR(?term), STR(rdf:)) && !STRSTARTS(STR(?term), STR(cib:)))
	FILTER NOT EXISTS { ?term a ?kind ; skos:scopeNote ?note }'
none "no property is declared as two kinds, as OWL 2 DL asks" '
	VALUES (?one ?two) { (owl:ObjectProperty owl:DatatypeProperty) (owl:ObjectProperty owl:AnnotationProperty)
		(owl:DatatypeProperty owl:AnnotationProperty) } ?term a ?one , ?two'
none "object properties lead to things, datatype properties to literals" '
	{ ?term a owl:ObjectProperty . ?node ?term ?value FILTER(ISLITERAL(?value)) }
	UNION { ?term a owl:DatatypeProperty . ?node ?term ?value FILTER(!ISLITERAL(?value)) }'
none "own terms have label, comment and example" '
	VALUES ?kind { owl:Class owl:ObjectProperty owl:DatatypeProperty owl:AnnotationProperty }
	?term a ?kind FILTER(STRSTARTS(STR(?term), STR(cib:)))
	FILTER NOT EXISTS { ?term rdfs:label ?l ; rdfs:comment ?c ; skos:example ?e }'
none "own properties have domain and range" '
	VALUES ?kind { owl:ObjectProperty owl:DatatypeProperty owl:AnnotationProperty }
	?term a ?kind FILTER(STRSTARTS(STR(?term), STR(cib:)))
	FILTER NOT EXISTS { ?term rdfs:domain ?d ; rdfs:range ?r }'
none "own classes stand under a class of another vocabulary" '
	?term a owl:Class FILTER(STRSTARTS(STR(?term), STR(cib:)))
	FILTER NOT EXISTS { ?term rdfs:subClassOf+ ?class FILTER(!STRSTARTS(STR(?class), STR(cib:))) }'
none "own terms are used" '
	VALUES ?kind { owl:Class owl:ObjectProperty owl:DatatypeProperty owl:AnnotationProperty }
	?term a ?kind FILTER(STRSTARTS(STR(?term), STR(cib:)))
	FILTER NOT EXISTS { ?one ?term ?value } FILTER NOT EXISTS { ?two a ?term }'
finish
