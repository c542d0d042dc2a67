#!/bin/sh
# Jena's riot reads what we write.
. "$TERTIUM_SOURCE/tests/exports/load.sh"
skip_if_sanitized
have_jena || skip_all "Jena is not there (Debian or Maven Central: tests/exports/obtain.sh)"

read_file() {
	case $1 in
	ttl) syntax=turtle ;;
	nt) syntax=ntriples ;;
	nq) syntax=nquads ;;
	rdf) syntax=rdfxml ;;
	*) syntax=$1 ;;
	esac
	riot --syntax=$syntax --output=nquads "$2" || : # its status tells of warnings, too, such as of an odd number
}
# It takes the dot segments out of absolute IRIs, and fails at a time of more than nine digits behind the point; its
# RDF/XML and JSON-LD take a scheme alone, and http without an authority, for no IRI.
excuses='case:dots case:fine-time case:bare-scheme case:no-authority'
endings='ttl trig nt nq rdf jsonld'
# Debian has no implementation of the interface to JSON that Jena's reader of JSON-LD asks for.
case $(jena_class_path) in *debian-jena*) endings='ttl trig nt nq rdf' ;; esac
load_all Jena $endings
finish
