#!/bin/sh
# Each query of W3C, where a checkout of w3c/rdf-tests is at W3C_TESTS, is asked why it is empty (why_empty.c).
folder=${W3C_TESTS:-$TERTIUM_SOURCE/../shared/rdf-tests}
[ -d "$folder" ] || { echo "1..0 # SKIP there is no folder $folder"; exit 0; }
exec "$TERTIUM_BUILD/tests/w3c/why_empty" "$folder"
