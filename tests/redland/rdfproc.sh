#!/bin/sh
# Redland's own program over our store, found as a module: add, find, print, serialize, contexts.
set -u
if ! command -v rdfproc >/dev/null 2>&1; then
	echo "1..0 # SKIP rdfproc is not installed (Debian: redland-utils)"
	exit 0
fi
if [ "${TERTIUM_SANITIZED:-}" = yes ]; then
	echo "1..0 # SKIP a sanitized module does not load into a program that is not"
	exit 0
fi
REDLAND_MODULE_PATH=$TERTIUM_BUILD/.libs
export REDLAND_MODULE_PATH
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
db=$work/db

echo "1..11"
n=0
check() { # name, command …
	n=$((n + 1))
	name=$1
	shift
	if "$@" >"$work/out" 2>&1; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		sed 's/^/# /' "$work/out"
	fi
}
proc() { rdfproc -q -s tertium "$db" "$@"; }
prints() { # text, command …
	text=$1
	shift
	"$@" >"$work/printed" 2>&1
	grep -qF -- "$text" "$work/printed" || { cat "$work/printed"; return 1; }
}

check "librdf knows the storage" sh -c 'rdfproc --help 2>&1 | grep -w tertium'
check "add" proc add http://example.org/RATS http://example.org/partOf http://example.org/SCO
check "add in a context" proc add http://example.org/ATC http://example.org/partOf http://example.org/CIS http://example.org/P13
check "find" prints "<http://example.org/SCO>" proc find http://example.org/RATS - -
check "contains" prints "the graph contains the triple" rdfproc -s tertium "$db" contains http://example.org/ATC http://example.org/partOf http://example.org/CIS
check "print" prints "http://example.org/CIS" proc print
check "contexts" prints "http://example.org/P13" proc contexts
check "parse" proc parse "file:$TERTIUM_SOURCE/ontology/tertium.ttl" turtle
check "serialize" prints "<http://example.org/RATS> <http://example.org/partOf> <http://example.org/SCO> ." proc serialize ntriples
check "our program reads what rdfproc wrote" prints "http://example.org/SCO" \
	"$TERTIUM" query --db "$db" -f csv -e 'SELECT ?o { <http://example.org/RATS> ?p ?o }'
check "the database passes its check" "$TERTIUM" check --db "$db"
