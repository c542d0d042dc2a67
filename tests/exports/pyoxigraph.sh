#!/bin/sh
# Oxigraph, as the Python package pyoxigraph, reads what we write.
. "$TERTIUM_SOURCE/tests/exports/load.sh"
skip_if_sanitized
python=$(python_with pyoxigraph) || skip_all "pyoxigraph is not there (PyPI: tests/exports/obtain.sh)"

read_file() {
	case $1 in
	ttl) format=TURTLE ;;
	trig) format=TRIG ;;
	nt) format=N_TRIPLES ;;
	nq) format=N_QUADS ;;
	rdf) format=RDF_XML ;;
	jsonld) format=JSON_LD ;;
	esac
	"$python" "$here/read_pyoxigraph.py" $format "$2"
}
load_all pyoxigraph ttl trig nt nq rdf jsonld
finish
