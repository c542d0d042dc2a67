#!/bin/sh
# tertium backup, restore and compact: copies that are whole or not there, beside readers and a writer, on a full disk,
# killed, and of damaged databases.
. "$(dirname "$0")/tap.sh"

skip() {
	n_cases=$((n_cases + 1))
	echo "ok $n_cases - $1 # SKIP $2"
}
t() { "$TERTIUM" "$@"; }
dump() { t dump --sorted --db "$1"; }

i=0
while [ $i -lt 3000 ]; do
	echo "<http://example.org/s$i> <http://example.org/p$((i % 7))> \"value $i\" <http://example.org/g$((i % 3))> ."
	i=$((i + 1))
done >"$work/data.nq"
echo '_:a <http://example.org/p0> _:b .' >>"$work/data.nq"
db=$work/db
t load --db "$db" "$work/data.nq" 2>/dev/null
i=0
while [ $i -lt 5 ]; do # so that there are free pages
	t update --db "$db" -e "DELETE WHERE { GRAPH <http://example.org/g0> { ?s <http://example.org/p$i> ?o } }" 2>/dev/null
	i=$((i + 1))
done
dump "$db" >"$work/expected"

# ---- backup

check "a backup" -e "backup is the backup: " t backup --db "$db" "$work/backup"
check "it is a database" -o "no damage" t check --db "$work/backup"
check "it holds the same, with the same labels" -O "$work/expected" dump "$work/backup"
check "not over a database" -s 3 -e "there is a database in" t backup --db "$db" "$work/backup"
mkdir "$work/folder" "$work/empty" "$work/unfinished" "$work/unfinished/.copy"
echo rubbish >"$work/unfinished/.copy/data.mdb"
echo letter >"$work/folder/letter"
check "not beside other files" -s 3 -e "is not empty" t backup --db "$db" "$work/folder"
check "which are all that is there" -o letter sh -c 'cd "$1" && echo *' sh "$work/folder"
check "into an empty folder" -e "quads." t backup --db "$db" "$work/empty"
check "where another copy was killed" -e "quads." t backup --db "$db" "$work/unfinished"
check "of which nothing is left" test ! -e "$work/unfinished/.copy"
check "no such database" -s 3 -e "there is no database" t backup --db "$work/none" "$work/other"
check "then nothing is made" test ! -e "$work/other"
check "no such place" -s 3 -e "cannot make" t backup --db "$db" "$work/none/other"
check "no target" -s 2 -e "TARGET" t backup --db "$db"
check "no database named" -s 2 -e "--db DIR is missing" t backup "$work/other"

# Each transaction adds two quads: a backup has both or none.
cp -r "$db" "$work/live"
(
	i=0
	while [ ! -e "$work/stop" ] && [ $i -lt 2000 ]; do
		t update --db "$work/live" -e "INSERT DATA { <a:$i> <a:p> 1 , 2 }" 2>/dev/null
		i=$((i + 1))
	done
) &
writer=$!
before=$(wc -l <"$work/expected")
for n in 1 2 3 4 5; do
	check "beside a writer" -e "quads." t backup --db "$work/live" "$work/live$n"
	check "the backup is sound" -o "no damage" t check --db "$work/live$n"
	n_new=$(($(dump "$work/live$n" | wc -l) - before))
	check "it holds whole transactions: $n_new" test $((n_new % 2)) -eq 0
done
touch "$work/stop"
wait $writer

"$TERTIUM" update --db "$work/nothing" -e 'CLEAR ALL' 2>/dev/null
check "a database of nothing" -e "0 quads" t backup --db "$work/nothing" "$work/nothing2"
check "its backup" -o "no damage" t check --db "$work/nothing2"

# ---- restore

check "restore" -e "new is restored: " t restore --db "$work/new" "$work/backup"
check "what is restored is the same" -O "$work/expected" dump "$work/new"
check "restore over a database" -s 3 -e "there is a database in" t restore --db "$work/live" "$work/backup"
check "restore in the place of a database" -e "restored" t restore --replace --db "$work/live" "$work/backup"
check "it holds what the backup held" -O "$work/expected" dump "$work/live"
check "nothing else is left" test ! -e "$work/live/.copy"
cp -r "$work/backup" "$work/damaged"
size=$(wc -c <"$work/damaged/data.mdb")
for page in 20 21 22 23; do
	head -c 64 /dev/zero | tr '\0' x | dd of="$work/damaged/data.mdb" bs=1 seek=$((page * 4096 + 2000)) conv=notrunc 2>/dev/null
done
check "the file is as long as before" test "$(wc -c <"$work/damaged/data.mdb")" -eq "$size"
check "a damaged backup" -s 3 -e "damaged" t restore --replace --db "$work/live" "$work/damaged"
check "then all is as before" -O "$work/expected" dump "$work/live"

# ---- compact

size=$(wc -c <"$db/data.mdb")
chmod 640 "$db/data.mdb"
check "compact" -e "bytes before" t compact --db "$db"
check "the file is smaller" test "$(wc -c <"$db/data.mdb")" -lt "$size"
check "the same is in it" -O "$work/expected" dump "$db"
check "the rights are the same" test "$(stat -c %a "$db/data.mdb")" = 640
n_free=$(t info --db "$db" -f csv | sed -n 's/^total,free_pages,\([0-9]*\),,$/\1/p')
check "hardly a page is free: $n_free" test "$n_free" -le 3
check "it can be written" -e "1 quad added" t update --db "$db" -e 'INSERT DATA { <a:s> <a:p> 1 }'
dump "$db" >"$work/expected"
mkfifo "$work/pipe"
t shell --db "$db" <"$work/pipe" >"$work/answer" 2>&1 &
reader=$!
exec 3>"$work/pipe"
echo 'ASK {}
;' >&3
tries=0
until grep -q true "$work/answer" || [ $tries -eq 300 ]; do
	sleep 0.1
	tries=$((tries + 1))
done
check "not while others have it open" -s 3 -e "another process has $db open" t compact --db "$db"
check "nor is it replaced" -s 3 -e "another process has $db open" t restore --replace --db "$db" "$work/backup"
exec 3>&-
wait $reader
check "then all is as before" -O "$work/expected" dump "$db"
check "no database" -s 3 -e "there is no database" t compact --db "$work/none"

# Killed at any moment, the old file or the new one is there.
for delay in 0.001 0.003 0.005 0.007 0.01 0.015 0.02 0.03 0.05; do
	timeout -s KILL $delay "$TERTIUM" compact --db "$db" 2>/dev/null
	dump "$db" >"$work/got" 2>&1
	cmp -s "$work/got" "$work/expected" || echo "killed after $delay: another content" >>"$work/killed"
	t check --db "$db" >"$work/got" 2>&1 || echo "killed after $delay: damaged" >>"$work/killed"
done
check "killed while it compacts" test ! -e "$work/killed"
check "and once more" -e "bytes before" t compact --db "$db"
check "nothing else is left" test ! -e "$db/.copy"
check "the same is in it" -O "$work/expected" dump "$db"

# ---- a full disk

apart() { unshare --mount --map-root-user sh -c "$@"; }
if apart 'mount -t tmpfs -o size=300k none "$1"' sh "$work" 2>/dev/null; then
	mkdir "$work/disk"
	check "backup on a full disk" -o "left: 0" -e "no space left" apart '
		mount -t tmpfs -o size=260k none "$1/disk"
		"$TERTIUM" backup --db "$1/db" "$1/disk/backup" && echo "it should fail"
		echo left: $(ls -A "$1/disk" | wc -l)' sh "$work"
	check "compact on a full disk" -o "no damage" -e "no space left" apart '
		size=$(($(stat -c %b "$1/db/data.mdb") / 2 + 200))
		mount -t tmpfs -o size=${size}k none "$1/disk" && cp -r "$1/db" "$1/disk/db"
		"$TERTIUM" compact --db "$1/disk/db" && echo "it should fail"
		test ! -e "$1/disk/db/.copy" && "$TERTIUM" dump --sorted --db "$1/disk/db" | cmp - "$1/expected" &&
			"$TERTIUM" check --db "$1/disk/db"' sh "$work"
else
	skip "a full disk" "no file system can be mounted here"
fi
finish
