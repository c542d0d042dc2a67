#!/bin/sh
# The queries and updates of W3C over Redland's storage "memory", where a checkout of w3c/rdf-tests is at W3C_TESTS.
exec "$TERTIUM_BUILD/tests/w3c/w3c" --evaluation --storage memory --excuses "$TERTIUM_SOURCE/tests/w3c/excuses.txt" \
	"${W3C_TESTS:-$TERTIUM_SOURCE/../shared/rdf-tests}"
