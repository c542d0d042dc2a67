# tap.sh - what the tests of the program share; to be read with `.`, not run.
#
# check NAME [-s STATUS] [-o TEXT] [-e TEXT] [-O FILE] COMMAND… runs a command and reports one TAP case:
#   -s the exit status (default 0); -o, -e a text that standard output, standard error must hold;
#   -O a file with exactly the expected standard output.  Without -e, standard error must be empty.
# A command that is killed by a signal, or that the sanitizers complain about, never passes.

set -u
: "${TERTIUM:?names the program}" "${TERTIUM_SOURCE:?names the source folder}"
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
n_cases=0

report() { # 0 or 1, name
	n_cases=$((n_cases + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n_cases - $2"
	else
		echo "not ok $n_cases - $2"
		sed 's/^/# /' "$work/why" "$work/out" "$work/err" 2>/dev/null | head -40
	fi
}

holds() { # text, file
	grep -qF -e "$1" "$2" || echo "\"$1\" is missing" >>"$work/why"
}

check() {
	name=$1
	shift
	status=0
	wanted_out='' wanted_err='' exact='' may_complain=no
	while :; do
		case $1 in
		-s) status=$2 ;;
		-o) wanted_out=$2 ;;
		-e) wanted_err=$2 may_complain=yes ;;
		-O) exact=$2 ;;
		*) break ;;
		esac
		shift 2
	done
	: >"$work/why"
	"$@" >"$work/out" 2>"$work/err"
	got=$?
	[ $got -eq "$status" ] || echo "exit status $got in place of $status" >>"$work/why"
	[ -z "$wanted_out" ] || holds "$wanted_out" "$work/out"
	[ -z "$wanted_err" ] || holds "$wanted_err" "$work/err"
	[ -z "$exact" ] || diff "$exact" "$work/out" >>"$work/why" 2>&1
	[ $may_complain = yes ] || [ ! -s "$work/err" ] || echo "standard error is not empty" >>"$work/why"
	! grep -qE 'Sanitizer|runtime error:' "$work/err" || echo "a sanitizer complains" >>"$work/why"
	[ ! -s "$work/why" ]
	report $? "$name"
}

finish() {
	echo "1..$n_cases"
}
