#!/bin/sh
# Runs the fuzzing targets, one after the other: fuzz.sh [SECONDS [TARGET ...]]; 0, the default: each seed once.
# FUZZ_DIR (default: fuzz in the build folder) keeps what was found between runs. Seeds are copied there from the golden
# cases, the study and, if they are there, W3C's tests; the dictionary is made of the grammar's words.
# TAP: one case a target.
set -u
seconds=${1:-0}
[ $# -gt 0 ] && shift
all='fuzz_query_parse fuzz_query_eval fuzz_rdf_read fuzz_terms fuzz_regex fuzz_block fuzz_store_open'
targets=${*:-$all}
source=${TERTIUM_SOURCE:-.}
build=${TERTIUM_BUILD:-.}
kept=${FUZZ_DIR:-$build/fuzz}
mkdir -p "$kept" || exit 99

# put FOLDER NAME FILE [FIRST]: a seed; FIRST stands before the text of the file.
put() { { printf '%s' "${4-}"; cat "$3"; } >"$1/$2"; }

# A file of golden cases: each query is a seed.
put_cases() { # folder, file
	awk -v stem="$1/golden-$(basename "$2" .tt)" '
		/^query / { n++; name = stem "-" n; print substr($0, 7) >name; inside = 1; next }
		/^      / { if (inside) print substr($0, 7) >name; next }
		inside { close(name); inside = 0 }' "$2"
}

put_queries() { # folder
	for file in "$source"/tests/golden/*.tt; do put_cases "$1" "$file"; done
	for file in "$source"/data/questions/*.rq; do put "$1" "$(basename "$file")" "$file"; done
	[ -d "${W3C_TESTS:-}" ] || return 0
	find "$W3C_TESTS" -name '*.rq' -o -name '*.ru' | while read -r file; do
		put "$1" "$(printf '%s' "${file#"$W3C_TESTS"}" | tr / -)" "$file"
	done
}

put_files() { # folder
	for file in "$source"/data/*.trig; do head -c 2000 "$file" >"$1/study.tmp" && put "$1" "$(basename "$file")" "$1/study.tmp" 1; done
	rm -f "$1/study.tmp"
	[ -d "${W3C_TESTS:-}" ] || return 0
	for pair in ttl:0 trig:1 nt:2 nq:3 rdf:4; do
		find "$W3C_TESTS" -name "*.${pair%:*}" -size -8k | while read -r file; do
			put "$1" "$(printf '%s' "${file#"$W3C_TESTS"}" | tr / -)" "$file" "${pair#*:}"
		done
	done
}

put_lines() { # folder, a seed for each argument
	folder=$1
	shift
	n=0
	for text; do
		n=$((n + 1))
		printf '%b' "$text" >"$folder/$n"
	done
}

put_seeds() { # target, folder
	case $1 in
	fuzz_query_parse) put_queries "$2" ;;
	fuzz_query_eval)
		put_queries "$2"
		# Random bytes are queries here.
		n=0
		while [ $n -lt 200 ]; do
			n=$((n + 1))
			{ printf '\001'; awk -v seed=$n 'BEGIN { srand(seed); for (i = 0; i < 60; i++) printf "%c", 32 + int(95 * rand()) }'; } >"$2/grammar-$n"
		done ;;
	fuzz_rdf_read) put_files "$2" ;;
	fuzz_terms)
		put_lines "$2" '\0000\0000\0000-12\n+007' '\0000\0001\00011.50\n-0.001' '\0000\0002\00021.5E-300\nINF' \
			'\0000\0003\00031e38\nNaN' '\0000\0004\0005-128\n99' '\0001\0000\00002001-02-03T04:05:06.7Z\n2000-02-29T24:00:00' \
			'\0001\0001\00012001-02-03+14:00\n-0001-01-01' '\0001\0002\000204:05:06-05:00\n23:59:59.999' \
			'\0001\0003\00042001-02\n2001Z' '\0002\0000\0000P1Y2M3DT4H5M6.7S\n2001-02-03T04:05:06Z' \
			'\0002\0001\0001-P3DT4H\nPT0.5S' '\0002\0002\0002P1Y\nP5M' '\0003http://a/b/c/d;p?q#f\n../../../g;x=1/./y' \
			'\0003a:b\n..//c' ;;
	fuzz_regex)
		put_lines "$2" 'i\n^(a|b)*[a-z-[aeiou]]+$\nABBCD' '\n\\p{Lu}\\P{IsGreek}\\i\\c*\\d{2,3}?\nAb_12' 'xs\n a . b # c\na\nb' \
			'q\na.b\nxa.b' 'm\n^\\s\\S\\w\\W$\n a\n' '\n(a)(b)?\\1\nabab' ;;
	esac
}

make_dictionary() {
	sed -n 's/^TT_KEYWORD(\([A-Z_]*\)).*/"\1"/p' "$source/src/sparql/keywords.def"
	sed -n 's/^TT_FUNCTION([A-Z0-9_]*, "\([A-Za-z0-9_]*\)".*/"\1("/p' "$source/src/sparql/functions.def"
	printf '"%s"\n' '{' '}' '(' ')' '^^' '||' '&&' '!=' '<=' '@en' '?x' '_:b' '<x:y>' '<http://example.org/p>' ':p' 'xsd:integer' \
		'\"\"\"' '@prefix' '{|' '<!DOCTYPE' '<rdf:RDF' 'rdf:parseType' '\\p{L}' '\\u0041' '\x00' '\xc3\xa4'
}

failed=0
number=0
set -f
# shellcheck disable=SC2086
set -- $targets
set +f
echo "1..$#"
for target; do
	number=$((number + 1))
	[ -d "$kept/$target" ] || { mkdir -p "$kept/$target" "$kept/seeds-$target" && put_seeds "$target" "$kept/seeds-$target"; }
	make_dictionary >"$kept/$target.dictionary"
	runs=-1
	[ "$seconds" -eq 0 ] && runs=0
	if "$build/tests/fuzz/$target" -dict="$kept/$target.dictionary" -max_total_time="$seconds" -runs="$runs" -timeout=30 \
		-max_len=4096 -rss_limit_mb=2048 -malloc_limit_mb=512 -print_final_stats=1 -artifact_prefix="$kept/$target-" \
		"$kept/$target" "$kept/seeds-$target" >"$kept/$target.log" 2>&1; then
		echo "ok $number - $target: $(sed -n 's/^stat::number_of_executed_units: *//p' "$kept/$target.log") inputs"
	else
		echo "not ok $number - $target: see $kept/$target.log"
		failed=1
	fi
done
exit $failed
