#!/bin/sh
# rdflib reads what we write.
. "$TERTIUM_SOURCE/tests/exports/load.sh"
skip_if_sanitized
python=$(python_with rdflib) || skip_all "rdflib is not there (Debian: python3-rdflib; PyPI: tests/exports/obtain.sh)"

read_file() {
	case $1 in ttl) format=turtle ;; rdf) format=xml ;; jsonld) format=json-ld ;; nq) format=nquads ;; *) format=$1 ;; esac
	"$python" "$here/read_rdflib.py" $format "$2"
}
# Its RDF/XML resolves these absolute IRIs against the base.
excuses='case:upper-scheme case:no-authority'
# Version 6 writes doubles of Turtle anew, unescapes "\\n" twice in N-Triples, and resolves IRIs in JSON-LD.
"$python" -c 'import rdflib, sys; sys.exit(rdflib.__version__ >= "7")' &&
	excuses="$excuses case:doubles case:quotes case:bare-scheme"
load_all rdflib ttl trig nt nq rdf jsonld
finish
