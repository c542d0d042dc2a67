#!/bin/sh
# No sentence of the study stands in the project: no file of it shares eight words in a row with the text, where that
# text, a numbered paragraph a line, is at STUDY_TEXT.  Names, headings and titles may be given as they are printed.
. "$(dirname "$0")/../cli/tap.sh"
text=${STUDY_TEXT:-$TERTIUM_SOURCE/../shared/study/paragraphs.txt}
if [ ! -f "$text" ]; then
	echo "1..0 # SKIP the text of the study is not at hand (STUDY_TEXT)"
	exit 0
fi

# Names in the text.  Headings stand before the paragraphs, titles of cited works in paragraphs that are left out.
cat >"$work/names" <<'NAMES'
63rd session of the Commission on Narcotic Drugs
Center for Public Relations of the Federal Security Service of Russia
Comparative analysis of cooperation in the fight against terrorism between
Head of the Council of the CIS Member States
Organization for Security and Co-operation in Europe
Shanghai Convention on Combating Terrorism, Separatism and Extremism
special issue of the Information Bulletin of the ATC of the CIS Member States
State and trends of the situation under the influence of international terrorist organizations
NAMES

cat >"$work/shared.awk" <<'AWK'
# Names, then the text, then files of the project: what these have of the text, run by run.
function words(line) {
	line = tolower(line)
	gsub(/[^[:alnum:]]+/, " ", line)
	gsub(/^ | $/, "", line)
	return line
}
function without_names(line,   name, at) { # a name ends a run
	for (name in names)
		while (at = index(" " line " ", " " name " "))
			line = substr(line, 1, at - 1) "| " substr(line, at + length(name) + 1)
	return line
}
function run_of(word, from,   i, run) {
	run = word[from]
	for (i = from + 1; i < from + 8; i++)
		run = run " " word[i]
	return run
}
function learn(number, paragraph,   word, n, i) {
	if (number <= "P09" || number == "P11" || (number >= "P41" && number <= "P62"))
		return # title block, keywords, references: names and titles all
	n = split(without_names(paragraph), word, " ")
	for (i = 1; i + 7 <= n; i++)
		said[run_of(word, i)] = number
}
function look(   word, n, i, run, number) {
	if (!learnt++)
		for (number in paragraphs)
			learn(number, paragraphs[number])
	n = split(file, word, " ")
	for (i = 1; i + 7 <= n; i++)
		if ((run = run_of(word, i)) in said)
			print name_of_file ": " said[run] ": " run
	file = ""
}
FILENAME == ARGV[1] { names[words($0)]; next }
FILENAME == ARGV[2] {
	split($0, part, " \\| ")
	if (split(words(part[2]), heading, " ") > 5)
		names[words(part[2])]
	paragraphs[part[1]] = words(substr($0, length(part[1] part[2]) + 7))
	next
}
FNR == 1 { look(); name_of_file = FILENAME }
{ file = file " " words($0) }
END { look() }
AWK

shared() { # files
	LC_ALL=C.UTF-8 awk -f "$work/shared.awk" "$work/names" "$text" "$@"
}

# The control: a paragraph of the body is found again, in a comment and broken into lines.
sed -n 's/^P20 | [^|]* | //p' "$text" | fold -s -w 60 | sed 's/^/# /' >"$work/copied"
shared "$work/copied" >"$work/out"
[ -s "$work/out" ]
report $? "control: a copied paragraph is found"

cd "$TERTIUM_SOURCE" || exit 99
find . -name .git -prune -o -name autom4te.cache -prune -o -type f -size -200k -print | sort >"$work/files"
# shellcheck disable=SC2046 # no file of the project has a space in its name
shared $(cat "$work/files") >"$work/why"
: >"$work/out"
[ ! -s "$work/why" ]
report $? "no file shares eight words in a row with the text"
finish
