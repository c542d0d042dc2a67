# load.sh - what the tests of other tools share; to be read with `.` by a script that then defines
#   read_file ENDING FILE   to print as N-Quads what the tool reads from a file, .ttl .trig .nt .nq .rdf or .jsonld,
# and calls load_all. Of hostile.trig the cases in $excuses are left out: what the tool, not we, gets wrong.
#
# `check` is that of tests/cli/tap.sh.

here=$TERTIUM_SOURCE/tests/exports
. "$TERTIUM_SOURCE/tests/cli/tap.sh"
. "$here/tools.sh"

study=$TERTIUM_BUILD/exports/tertium-study
excuses=
compare_options=

skip_all() { # why
	echo "1..0 # SKIP $1"
	exit 0
}

# The bytes are the same as in the plain build, and the tools are slow.
skip_if_sanitized() {
	[ "${TERTIUM_SANITIZED:-}" != yes ] || skip_all "the build without sanitizers shows the same"
}

same() { # arguments of same.py
	"$(python_with decimal)" "$here/same.py" "$@"
}

# Dump a file of data without some of its cases in some syntaxes: $work/NAME.ENDING
dump_cases() { # name, names of cases, endings…
	set_name=$1
	grep -vE "^($(echo $2 | sed 's/ /|/g;s/^$/-/')) " "$here/$set_name.trig" >"$work/source.trig"
	shift 2
	for ending in "$@"; do
		"$TERTIUM" dump --sorted --data "$work/source.trig" -f "$ending" >"$work/$set_name.$ending" || return 1
	done
}

# Let the tool read a file, and compare what it has read with the N-Quads beside the file.
try() { # stem, ending
	case $2 in ttl | nt | rdf) merged=--merged ;; *) merged= ;; esac
	read_file "$2" "$1.$2" >"$work/read.nq" 2>"$work/said" || {
		head -5 "$work/said"
		return 1
	}
	same $merged $compare_options "$1.nq" "$work/read.nq"
}

load_all() { # name of the tool, endings…
	tool=$1
	shift
	without_xml=$(echo "$@" | sed 's/ rdf//')
	dump_cases hostile "$excuses" nq "$@"
	dump_cases hostile-not-xml "$excuses" nq $without_xml
	for ending in "$@"; do
		check "$tool reads the study from .$ending" -o "quads," try "$study" "$ending"
		check "$tool reads hostile data from .$ending" -o "quads," try "$work/hostile" "$ending"
	done
	for ending in $without_xml; do
		check "$tool reads from .$ending what RDF/XML cannot say" -o "quads," try "$work/hostile-not-xml" "$ending"
	done
	make_control "$1"
	check "$tool: that a language was changed is seen" -s 1 -o "'@en-x-changed'" try "$work/control" "$1"
}

# The study with one language tag changed.
make_control() { # ending
	sed '0,/"@en\>/s//"@en-x-changed/; 0,/"@language": "en"/s//"@language": "en-x-changed"/' \
		"$study.$1" >"$work/control.$1"
	cp "$study.nq" "$work/control.nq"
}
