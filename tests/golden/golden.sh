#!/bin/sh
# The golden cases: data, a query and what must come out (case.h tells how they are written).
exec "$TERTIUM_BUILD/tests/golden/golden" "$TERTIUM_SOURCE"/tests/golden/*.tt
