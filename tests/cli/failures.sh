#!/bin/sh
# What goes wrong around the program: closed streams, full disks, a system without /proc, loads that meet. Each is told
# in one sentence, and nothing is changed.
. "$(dirname "$0")/tap.sh"

skip() {
	n_cases=$((n_cases + 1))
	echo "ok $n_cases - $1 # SKIP $2"
}
closed() { # closed descriptor (input, output, error, all), arguments
	case $1 in
	input) shift && "$TERTIUM" "$@" <&- ;;
	output) shift && "$TERTIUM" "$@" >&- ;;
	error) shift && "$TERTIUM" "$@" 2>&- ;;
	all) shift && "$TERTIUM" "$@" <&- >&- 2>&- ;;
	esac
}
count() { "$TERTIUM" query --db "$1" -f csv -e 'SELECT (COUNT(*) AS ?n) { ?s ?p ?o }'; }

i=0
while [ $i -lt 500 ]; do
	echo "<http://example.org/s$i> <http://example.org/p> \"$i\" ."
	i=$((i + 1))
done >"$work/good.nt"
{ cat "$work/good.nt" && echo oops; } >"$work/bad.nt"
printf 'n\r\n500\r\n' >"$work/500"

# ---- closed streams: no database may take their place

check "no input: query" -s 3 -e "cannot read standard input" closed input query -
check "no input: shell" -s 3 -e "cannot read standard input" closed input
check "no input: load" -s 3 -e "cannot read standard input: Bad file" closed input load --db "$work/none" -
check "no database is left" test ! -e "$work/none"
check "no output: query" -s 3 -e "cannot write the output" closed output query -e 'ASK {}'
check "no output: dump" -s 3 -e "cannot write the output" closed output dump
check "no output: help" -s 3 -e "cannot write the output" closed output --help
check "no stream at all: query" -s 3 closed all query -e 'ASK {}'
for stream in input output error all; do
	check "no $stream: load" -e "" closed $stream load --db "$work/$stream" "$work/good.nt"
	check "no $stream: the database is whole" -o "no damage" "$TERTIUM" check --db "$work/$stream"
done

# ---- files that never end; the memory is bounded in case that they are read

endless() { (ulimit -v 4000000 && exec "$TERTIUM" "$@"); }
if [ -c /dev/zero ] && endless --version >/dev/null 2>&1; then
	check "an endless file of data" -s 3 -e "zero:1:1: a NUL byte" endless load --db "$work/zero" --syntax turtle /dev/zero
	check "an endless query" -s 3 -e "zero:1:1: the text holds a NUL byte" endless query /dev/zero
else
	skip "an endless file" "the memory of the program cannot be bounded here"
fi

# ---- loads that fail leave nothing

check "a load fails" -s 3 -e "bad.nt:501:" "$TERTIUM" load --db "$work/new" "$work/bad.nt"
check "its database is gone" test ! -e "$work/new"
mkdir "$work/empty"
check "a load into an empty folder fails" -s 3 -e "bad.nt:501:" "$TERTIUM" load --db "$work/empty" "$work/bad.nt"
check "the folder is still there" test -d "$work/empty"
check "the folder is still empty" rmdir "$work/empty"
"$TERTIUM" load --db "$work/old" "$work/good.nt" 2>/dev/null
check "a load into a database fails" -s 3 -e "bad.nt:501:" "$TERTIUM" load --db "$work/old" "$work/bad.nt"
check "what was there is there" -O "$work/500" count "$work/old"

# Two processes load into a new directory. The first fails while the second waits for it: whatever the second says it
# has loaded must be there.
mkfifo "$work/pipe"
"$TERTIUM" load --db "$work/both" --syntax ntriples - <"$work/pipe" 2>/dev/null &
first=$!
exec 3>"$work/pipe"
cat "$work/good.nt" >&3
wait_for() { # a command that is to succeed
	tries=0
	until "$@" || [ $tries -eq 300 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
}
has_opened() { find "/proc/$1/fd" -lname '*/both/data.mdb' 2>/dev/null | grep -q .; }
wait_for has_opened $first
"$TERTIUM" load --db "$work/both" "$work/good.nt" 2>"$work/second" 3>&- &
second=$!
wait_for has_opened $second
echo oops >&3
exec 3>&-
wait $first
check "the first of two loads fails" test $? -eq 3
wait $second
second_status=$?
if [ $second_status -eq 0 ]; then
	check "the second has loaded" -O "$work/500" count "$work/both"
else
	check "the second says that the database is gone" grep -q "another process has just removed" "$work/second"
	check "with the exit status of an error" test $second_status -eq 3
fi

# ---- librdf is loaded when it is needed: RDF/XML, Redland's storages

mkdir "$work/lib" && echo 'no library' >"$work/lib/librdf.so.0"
"$TERTIUM" dump -f rdfxml >"$work/study.rdf" 2>"$work/err"
bare() { LD_LIBRARY_PATH="$work/lib" "$TERTIUM" "$@"; }
check "librdf reads RDF/XML" -o true "$TERTIUM" query --data "$work/study.rdf" -e 'ASK { ?s ?p ?o }'
check "no librdf: RDF/XML" -s 3 -e "need librdf" bare query --data "$work/study.rdf" -e 'ASK {}'
check "no librdf: a storage of Redland" -s 3 -e "need librdf" bare query --storage memory -e 'ASK {}'
check "no librdf: all else" -o true bare query -e 'ASK { ?s ?p ?o }'

# ---- where a file system can be mounted: a disk that is full, and no /proc

apart() { unshare --mount --map-root-user sh -c "$@"; }
if apart 'mount -t tmpfs -o size=300k none "$1"' sh "$work" 2>/dev/null; then
	mkdir "$work/disk"
	check "a full disk: a new database" -s 3 -e "no space left" apart '
		mount -t tmpfs -o size=300k none "$1/disk" && head -c 300k /dev/zero >"$1/disk/fill" 2>/dev/null
		"$TERTIUM" load --db "$1/disk/db" "$1/good.nt"' sh "$work"
	check "a full disk: nothing is left" -o "fill" apart '
		mount -t tmpfs -o size=300k none "$1/disk" && head -c 300k /dev/zero >"$1/disk/fill" 2>/dev/null
		"$TERTIUM" load --db "$1/disk/db" "$1/good.nt" 2>/dev/null
		echo $(ls "$1/disk")' sh "$work"
	check "a full disk: an old database" -o "500" -e "no space left" apart '
		mount -t tmpfs -o size=900k none "$1/disk" && cp -r "$1/old" "$1/disk/db"
		head -c 900k /dev/zero >"$1/disk/fill" 2>/dev/null
		i=0
		while [ $i -lt 20 ]; do
			sed "s/example.org/$i.example/g" "$1/good.nt"
			i=$((i + 1))
		done | "$TERTIUM" load --db "$1/disk/db" --syntax ntriples -
		"$TERTIUM" query --db "$1/disk/db" -f csv -e "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"' sh "$work"
	check "a full /dev/shm" -o "true" apart '
		mount -t tmpfs -o size=4k none /dev/shm && head -c 4k /dev/zero >/dev/shm/fill 2>/dev/null
		"$TERTIUM" query -e "ASK {}"' sh
	if apart 'mount -t tmpfs none /proc && "$TERTIUM" --version' sh 2>&1 | grep -q LeakSanitizer; then
		skip "no /proc" "the leak sanitizer needs it"
	else
		check "no /proc" -o "RATS" apart '
			mount -t tmpfs none /proc && "$TERTIUM" query -e "SELECT ?n { study:RATS skos:prefLabel ?n }"' sh
	fi
else
	for name in "a full disk" "no /proc"; do
		skip "$name" "file systems cannot be mounted here"
	done
fi
finish
