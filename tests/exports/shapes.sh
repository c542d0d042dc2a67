#!/bin/sh
# The shapes (ontology/shapes.ttl): the study conforms to them, and no property that they require can be taken away
# without being missed. What they require is read off the shapes themselves. Each such property is taken from a node of
# its own while there are any, and one report of each validator has to name all of them.
. "$(dirname "$0")/../cli/tap.sh"
. "$(dirname "$0")/tools.sh"

shapes=$TERTIUM_SOURCE/ontology/shapes.ttl

# What all nodes of a class have, the shapes require; but for what the study need not have for other nodes.
"$TERTIUM" query -f text -e '
	SELECT ?class ?property WHERE {
		{ SELECT ?class (COUNT(DISTINCT ?node) AS ?all) WHERE { ?node a ?class } GROUP BY ?class }
		{ SELECT ?class ?property (COUNT(DISTINCT ?node) AS ?some) WHERE { ?node a ?class ; ?property ?value }
			GROUP BY ?class ?property }
		FILTER(?some = ?all && ?all > 4 && STRSTARTS(STR(?class), STR(cib:)))
		FILTER(?property NOT IN (rdf:type, cib:flaggedBy, cib:sentence)) }' | sort >"$work/had"
"$TERTIUM" query --data "$shapes" --data "$TERTIUM_SOURCE/ontology/tertium.ttl" -f text -e '
	SELECT DISTINCT ?class ?property WHERE {
		?class rdfs:subClassOf* ?above . ?shape sh:targetClass ?above ; sh:property ?part .
		?part sh:path ?property ; sh:minCount ?least FILTER(?least > 0) }' | sort >"$work/demanded"
comm -23 "$work/had" "$work/demanded" >"$work/out"
[ -s "$work/had" ] && [ ! -s "$work/out" ]
report $? "what all nodes of a class have is required of them"

# ---- what to take away: the node, the property, its value or ?value, what is reported, and the name -----

chosen='<>'
: >"$work/cases"
add_case() { # property, value, pattern of the node, what is reported beside the node, name
	node=$("$TERTIUM" query -f text -e "SELECT ?node WHERE { $3 } ORDER BY (?node IN ($chosen)) ?node LIMIT 1")
	chosen="$chosen, <$node>"
	printf '%s\t%s\t%s\t%s\t%s\n' "$node" "$1" "$2" "$4" "$5" >>"$work/cases"
}

# Shapes name what they look at by its class, or by the property that leads to it.
"$TERTIUM" query --data "$shapes" -f text -e '
	SELECT DISTINCT (CONCAT("<", STR(?path), ">") AS ?property) (COALESCE(CONCAT("<", STR(?has), ">"), "?value") AS ?value)
		(COALESCE(CONCAT("?node a <", STR(?class), ">"), CONCAT("?other <", STR(?to), "> ?node")) AS ?of)
		(CONCAT(REPLACE(STR(?path), "^.*[/#]", ""), " of ", REPLACE(STR(COALESCE(?class, ?to)), "^.*[/#]", "")) AS ?name)
	WHERE {
		?shape sh:property ?part . ?part sh:path ?path .
		OPTIONAL { ?part sh:minCount ?least } OPTIONAL { ?part sh:hasValue ?has } FILTER(?least > 0 || BOUND(?has))
		{ ?shape sh:targetClass ?class } UNION { ?shape sh:targetObjectsOf ?to }
	} ORDER BY ?name' >"$work/required"
while IFS='	' read -r property value of name; do
	add_case "$property" "$value" "$of . ?node $property $value" "$property" "$name"
done <"$work/required"
# What they require of some nodes only.
add_case cib:polarity '?value' \
	'?node cib:polarity ?value FILTER NOT EXISTS { VALUES ?other { cib:Comparison cib:Recommendation } ?node a ?other }' - \
	"polarity of a mere claim"
add_case cib:bodyAhead '?value' '?node cib:bodyAhead ?value' - "bodyAhead of a comparison that has it"
add_case cib:year '?value' '?node a cib:CooperationAct ; cib:year ?value' - "year of a dated act"
add_case cib:year '?value' '?node a bibo:Webpage ; cib:year ?value' - "year of a dated reference"
add_case rdf:type cib:Claim '?node a cib:Claim ; cib:holder ?h FILTER NOT EXISTS { ?node a cib:Comparison }' - "type of a claim"
add_case rdf:type cib:Membership '?node a cib:Membership' - "type of a membership"
add_case rdf:type cib:CooperationAct '?node a cib:CooperationAct FILTER NOT EXISTS { ?node a cib:Exercise }' - "type of an act"

# ---- two data sets: the study, and the study without them -----------------------------------------------

flatten='CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }'
"$TERTIUM" dump -f nquads >"$work/study.nq"
"$TERTIUM" query -f ntriples -e "$flatten" >"$work/whole.nt"
while IFS='	' read -r node property value reported name; do
	triple="<$node> $property $value"
	echo "DELETE WHERE { $triple } ; DELETE WHERE { GRAPH ?graph { $triple } } ;"
done <"$work/cases" >"$work/deletions.ru"
"$TERTIUM" update --data "$work/study.nq" --dump nquads "$work/deletions.ru" >"$work/less.nq" 2>"$work/err"
report $? "what is required is taken away from $(grep -c . "$work/cases") nodes"
"$TERTIUM" query --data "$work/less.nq" --union-default-graph -f ntriples -e "$flatten" >"$work/less.nt"

# ---- the validators ---------------------------------------------------------------------------------------

validate_pyshacl() { pyshacl -s "$shapes" -sf turtle -df nt -f turtle "$1"; }
validate_jena() { jena_shacl validate --shapes "$shapes" --data "$1"; }

judge() { # validator
	"validate_$1" "$work/whole.nt" >"$work/report.ttl" 2>"$work/err"
	"$TERTIUM" query --data "$work/report.ttl" -f text -e '
		SELECT ?conforms ?node ?path ?message WHERE {
			?report sh:conforms ?conforms OPTIONAL { ?report sh:result ?result . ?result sh:focusNode ?node
				OPTIONAL { ?result sh:resultPath ?path } OPTIONAL { ?result sh:resultMessage ?message } } }' \
		>"$work/out" 2>>"$work/err"
	[ "$(tr -d '\t' <"$work/out")" = true ]
	report $? "$1: the study conforms"

	"validate_$1" "$work/less.nt" >"$work/report.ttl" 2>"$work/err"
	"$TERTIUM" query --data "$work/report.ttl" -f text -e '
		SELECT DISTINCT ?node (COALESCE(CONCAT("<", STR(?path), ">"), "-") AS ?reported)
		WHERE { ?result sh:focusNode ?node OPTIONAL { ?result sh:resultPath ?path } }' \
		>"$work/missed" 2>>"$work/err"
	while IFS='	' read -r node property value reported name; do
		grep -qxF "$node	$reported" "$work/missed"
		report $? "$1 misses $name"
	done <"$work/cases"
}

for validator in pyshacl jena; do
	if "have_$validator"; then
		judge $validator
	else
		n_cases=$((n_cases + 1))
		echo "ok $n_cases - $validator # SKIP not there"
	fi
done
finish
