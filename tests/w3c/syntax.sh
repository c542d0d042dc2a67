#!/bin/sh
# The syntax tests of W3C, where a checkout of w3c/rdf-tests is at W3C_TESTS; `make check-w3c` runs all.
exec "$TERTIUM_BUILD/tests/w3c/w3c" --syntax --excuses "$TERTIUM_SOURCE/tests/w3c/excuses.txt" \
	"${W3C_TESTS:-$TERTIUM_SOURCE/../shared/rdf-tests}"
