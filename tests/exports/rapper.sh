#!/bin/sh
# rapper (raptor 2) reads what we write.
. "$TERTIUM_SOURCE/tests/exports/load.sh"
skip_if_sanitized
have_rapper || skip_all "rapper is not there (Debian: raptor2-utils)"

read_file() {
	case $1 in ttl) syntax=turtle ;; nt) syntax=ntriples ;; nq) syntax=nquads ;; rdf) syntax=rdfxml ;; esac
	rapper -q -i $syntax -o nquads "$2" http://base.example/
}
# It takes the dot segments out of absolute IRIs, and reads U+FFFE and U+FFFF as nothing.
excuses='case:dots case:no-character case:no-character-too'
load_all rapper ttl nt nq rdf
finish
