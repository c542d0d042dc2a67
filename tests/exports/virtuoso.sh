#!/bin/sh
# Virtuoso 7 reads what we write, as a server on the loopback. It keeps numbers and dates as values, not as they stand.
. "$TERTIUM_SOURCE/tests/exports/load.sh"
skip_if_sanitized
have_virtuoso || skip_all "Virtuoso is not there (Debian: virtuoso-opensource-7-bin)"

# All files in one run of the server; afterwards read_file gives what came of them.
endings='ttl trig nt nq rdf'
# Its RDF/XML forgets white space that stands alone.
excuses='case:space case:huge case:edges case:integers case:decimals case:doubles case:ill-typed case:no-dates case:times case:fine-time
case:durations case:xml-literal case:same-text _:graph'
compare_options=--canonical
dump_cases hostile "$excuses" $endings
dump_cases hostile-not-xml "$excuses" ttl trig nt nq
make_control ttl
mkdir "$work/virtuoso"
"$(python_with urllib.request)" "$here/read_virtuoso.py" "$work/virtuoso" \
	$(for ending in $endings; do echo "$study.$ending" "$work/hostile.$ending"; done) \
	$(for ending in ttl trig nt nq; do echo "$work/hostile-not-xml.$ending"; done) "$work/control.ttl" 2>"$work/virtuoso/said"

read_file() {
	cat "$work/virtuoso/said" >&2 # of all files
	cat "$work/virtuoso/$(basename "$2").nq"
}
load_all Virtuoso $endings
finish
