#!/bin/sh
# Two roads to the same rows, over random data and queries; TT_SEEDS=n takes n times as many seeds.
exec "$TERTIUM_BUILD/tests/diff/diff"
