#!/bin/sh
# The formats of answers, whole and exact; and which of them cannot show what.
. "$(dirname "$0")/tap.sh"

cat >"$work/data.ttl" <<'TTL'
@prefix ex: <http://example.org/> .
ex:a ex:p "say \"hi\", you" , "chat"@fr , 5 .
TTL
ask() { "$TERTIUM" query --data "$work/data.ttl" "$@"; }
rows='SELECT ?o ?none { ex:a ex:p ?o OPTIONAL { ?o ex:p ?none } } ORDER BY DATATYPE(?o) ?o'

printf 'o,none\r\n5,\r\nchat,\r\n"say ""hi"", you",\r\n' | sort >"$work/csv"
check "csv" -O "$work/csv" sh -c '"$TERTIUM" query --data "$1/data.ttl" -f csv -e "$2" | sort' sh "$work" "$rows"
printf '?o\t?none\n5\t\n"chat"@fr\t\n"say \\"hi\\", you"\t\n' | sort >"$work/tsv"
check "tsv" -O "$work/tsv" sh -c '"$TERTIUM" query --data "$1/data.ttl" -f tsv -e "$2" | sort' sh "$work" "$rows"
printf '5\t\nchat\t\nsay "hi", you\t\n' | sort >"$work/text"
check "text" -O "$work/text" sh -c '"$TERTIUM" query --data "$1/data.ttl" -f text -e "$2" | sort' sh "$work" "$rows"
echo true >"$work/true"
check "text of a truth value" -O "$work/true" ask -f text -e 'ASK {}'
check "json" -o '{"o":{"type":"literal","value":"chat","xml:lang":"fr"}}' ask -f json -e "$rows"
check "json of a truth value" -o '{"head":{},"boolean":true}' ask -f json -e 'ASK {}'
check "xml" -o '<literal datatype="http://www.w3.org/2001/XMLSchema#integer">5</literal>' ask -f xml -e "$rows"
check "xml of a truth value" -o '<boolean>false</boolean>' ask -f xml -e 'ASK { ex:b ?p ?o }'
printf ' n\n---\n 3\n' >"$work/table"
check "a table is the default, in ASCII into a file" -O "$work/table" ask -e 'SELECT (COUNT(*) AS ?n) { ?s ?p ?o }'
printf '@prefix ex: <http://example.org/> .\n\nex:a ex:q 5 .\n' >"$work/turtle"
check "turtle is the default of triples" -O "$work/turtle" ask -e 'CONSTRUCT { ?s ex:q ?o } { ?s ?p ?o FILTER(ISNUMERIC(?o)) }'
printf '<http://example.org/a> <http://example.org/q> "5"^^<http://www.w3.org/2001/XMLSchema#integer> .\n' >"$work/nt"
check "ntriples" -O "$work/nt" ask -f nt -e 'CONSTRUCT { ?s ex:q ?o } { ?s ?p ?o FILTER(ISNUMERIC(?o)) }'
printf '{\n  "@context": {\n    "ex": "http://example.org/",\n    "xsd": "http://www.w3.org/2001/XMLSchema#"\n  },
  "@graph": [\n    {\n      "@id": "ex:a",\n      "ex:q": {"@value": "5", "@type": "xsd:integer"}\n    }\n  ]\n}\n' >"$work/jsonld"
check "jsonld, with the prefixes that it uses" -O "$work/jsonld" \
	ask -f jsonld -e 'CONSTRUCT { ?s ex:q ?o } { ?s ?p ?o FILTER(ISNUMERIC(?o)) }'
printf '<http://example.org/g> { <http://example.org/s> <http://example.org/p> 1 }' >"$work/graph.trig"
check "jsonld of evidence, with its graph" -o '"@graph": [' \
	"$TERTIUM" query --data "$work/graph.trig" --why -f jsonld -e 'SELECT ?o { GRAPH ?g { ?s ?p ?o } }'
printf '@prefix ex: <http://example.org/> .\nex:b ex:q ex:a .\n' >"$work/more.ttl"
check "--describe scbd" -o 'ex:b ex:q ex:a .' ask --data "$work/more.ttl" --describe scbd -e 'DESCRIBE ex:a'
check "--describe with something else" -s 2 -e "is no FORM" ask --describe all -e 'DESCRIBE ex:a'
check "a table of triples" -o " subject | predicate | object" ask -f table -e 'CONSTRUCT { ?s ex:q ?o } { ?s ?p ?o FILTER(ISNUMERIC(?o)) }'
for format in csv tsv turtle ntriples jsonld; do
	check "$format cannot show a truth value" -s 2 -e "the format $format cannot show" ask -f $format -e 'ASK {}'
done
for format in csv tsv json xml text; do
	check "$format cannot show triples" -s 2 -e "the format $format cannot show" ask -f $format -e 'DESCRIBE ex:a'
done
for format in turtle ntriples jsonld; do
	check "$format cannot show rows" -s 2 -e "the format $format cannot show" ask -f $format -e 'SELECT * {}'
done
if command -v python3 >/dev/null 2>&1; then
	for format in json xml csv; do
		check "the $format of the whole study is well formed" sh -c '"$TERTIUM" query -f $1 -e "SELECT * { ?s ?p ?o }" | python3 -c "
import csv, io, json, sys, xml.dom.minidom
text = io.TextIOWrapper(sys.stdin.buffer, encoding=\"utf-8\", newline=\"\").read()
{\"json\": json.loads, \"xml\": xml.dom.minidom.parseString, \"csv\": lambda t: list(csv.reader(io.StringIO(t, newline=\"\"), strict=True))}[\"$1\"](text)
"' sh $format
	done
fi
finish
