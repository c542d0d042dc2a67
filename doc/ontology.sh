#!/bin/sh
# ontology.sh - prints doc/ontology.md, which doc/ontology.rq makes of the ontology, the data and doc/patterns.ttl.
# `make ontology-page` keeps what it prints; a test compares it.
set -eu
: "${TERTIUM:?names the program}" "${TERTIUM_SOURCE:?names the source folder}"
set --
for file in "$TERTIUM_SOURCE"/data/*.trig "$TERTIUM_SOURCE"/ontology/tertium.ttl "$TERTIUM_SOURCE"/ontology/concepts.ttl \
	"$TERTIUM_SOURCE"/doc/patterns.ttl; do
	set -- "$@" --data "$file"
done
exec "$TERTIUM" query -f text --union-default-graph "$@" "$TERTIUM_SOURCE/doc/ontology.rq"
