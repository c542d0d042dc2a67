#!/bin/sh
# Redland's Python binding over our store, found as a module. Debian's packages are for Debian's own Python.
set -u
python=
for candidate in python3 /usr/bin/python3; do
	if [ -z "$python" ] && "$candidate" -c 'import RDF' 2>/dev/null; then
		python=$candidate
	fi
done
if [ -z "$python" ]; then
	echo "1..0 # SKIP Python has no RDF (Debian: python3-librdf)"
	exit 0
fi
if [ "${TERTIUM_SANITIZED:-}" = yes ]; then
	echo "1..0 # SKIP a sanitized module does not load into a program that is not"
	exit 0
fi
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
REDLAND_MODULE_PATH=$TERTIUM_BUILD/.libs "$python" -B "$TERTIUM_SOURCE/tests/redland/binding.py" "$work/db"
