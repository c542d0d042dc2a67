#!/bin/sh
# The libraries N3.js, Oxigraph and jsonld.js of JavaScript read what we write.
. "$TERTIUM_SOURCE/tests/exports/load.sh"
skip_if_sanitized
have_node_package n3 || have_node_package oxigraph || have_node_package jsonld ||
	skip_all "the packages are not there (npm: tests/exports/obtain.sh)"
export TERTIUM_TOOLS

read_file() {
	case $1 in
	ttl) type=text/turtle ;;
	trig) type=application/trig ;;
	nt) type=application/n-triples ;;
	nq) type=application/n-quads ;;
	rdf) type=application/rdf+xml ;;
	jsonld) type=application/ld+json ;;
	esac
	node "$here/read.mjs" "$package" $type "$2"
}
for package in n3 oxigraph jsonld; do
	endings='ttl trig nt nq' excuses=
	case $package in
	oxigraph) endings='ttl trig nt nq rdf jsonld' ;;
	# Every xsd:double becomes a number of JavaScript.
	jsonld) endings=jsonld excuses='case:doubles case:no-numbers' ;;
	esac
	have_node_package $package && load_all $package $endings
done
finish
