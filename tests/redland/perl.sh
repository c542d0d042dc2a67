#!/bin/sh
# Redland's Perl binding over our store, found as a module.
set -u
if ! perl -MRDF::Redland -e 1 2>/dev/null; then
	echo "1..0 # SKIP Perl has no RDF::Redland (Debian: librdf-perl)"
	exit 0
fi
if [ "${TERTIUM_SANITIZED:-}" = yes ]; then
	echo "1..0 # SKIP a sanitized module does not load into a program that is not"
	exit 0
fi
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
REDLAND_MODULE_PATH=$TERTIUM_BUILD/.libs perl "$TERTIUM_SOURCE/tests/redland/binding.pl" "$work/db"
