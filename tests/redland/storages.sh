#!/bin/sh
# tertium --storage over Redland's own storages: what goes in by load comes out by dump and query, graph by graph, as
# from our own store. PostgreSQL is started here, on a socket in a folder of its own, as a user who is not root.
. "$TERTIUM_SOURCE/tests/cli/tap.sh"
cat >"$work/data.trig" <<'TRIG'
@prefix ex: <http://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:RATS ex:label "RATS", "РАТС"@ru, "it's \"quoted\" \\ and\nbroken"@en ; ex:founded "2004-06-17"^^xsd:date ;
	ex:members 8, 007, 4.50 ; ex:isOpen true .
ex:SCO { ex:RATS ex:label "РАТС"@ru ; ex:partOf ex:SCO . }
ex:CIS { ex:RATS ex:label "РАТС"@ru . ex:ATC ex:partOf ex:CIS . }
TRIG
"$TERTIUM" dump --data "$work/data.trig" | sort >"$work/expected.nq"
cat >"$work/question.rq" <<'RQ'
PREFIX ex: <http://example.org/>
SELECT ?g ?who WHERE { ex:RATS ex:label ?name . GRAPH ?g { ?who ex:label ?name } FILTER(LANG(?name) = "ru") } ORDER BY ?g
RQ
printf 'g,who\r\nhttp://example.org/CIS,http://example.org/RATS\r\nhttp://example.org/SCO,http://example.org/RATS\r\n' \
	>"$work/answer.csv"

sorted_dump() { # storage
	"$TERTIUM" dump --storage "$1" >"$work/dumped" && sort "$work/dumped"
}

cat >"$work/change.ru" <<'RU'
PREFIX ex: <http://example.org/>
DELETE DATA { ex:RATS ex:label "РАТС"@ru } ;
INSERT { ex:RATS ex:partOf ?g } WHERE { GRAPH ?g { ex:RATS ex:partOf ?g } } ;
DELETE DATA { GRAPH ex:CIS { ex:RATS ex:label "РАТС"@ru } }
RU
"$TERTIUM" update --data "$work/data.trig" --dump nquads "$work/change.ru" 2>"$work/told" | sort >"$work/changed.nq"

# A storage that is there: fill it, read it, fill it once more (nothing changes), and update it.
round_trip() { # name, storage, what its first opening needs
	check "load into $1" -e 'now holds 12.' "$TERTIUM" load --storage "$2$3" "$work/data.trig"
	check "dump $1" -O "$work/expected.nq" sorted_dump "$2"
	check "query $1" -O "$work/answer.csv" "$TERTIUM" query --storage "$2" -f csv "$work/question.rq"
	check "load into $1 again" -e 'now holds 12.' "$TERTIUM" load --storage "$2" "$work/data.trig"
	check "dump $1 again" -O "$work/expected.nq" sorted_dump "$2"
	check "update $1" -e "$(cat "$work/told")" "$TERTIUM" update --storage "$2" "$work/change.ru"
	check "dump the updated $1" -O "$work/changed.nq" sorted_dump "$2"
}

skip_all() { # number of cases, name, reason
	i=0
	while [ $i -lt "$1" ]; do
		i=$((i + 1))
		n_cases=$((n_cases + 1))
		echo "ok $n_cases - $2 # SKIP $3"
	done
}

has_storage() {
	! "$TERTIUM" query --storage "$1" -e 'ASK {}' 2>&1 | grep -q 'Redland has no storage'
}

# ---- in memory ----------------------------------------------------------------------------------------
# librdf's hashes read beyond keys and leak nodes, which sanitizers do not pass over.
set -- memory
[ "${TERTIUM_SANITIZED:-}" = yes ] || set -- "$@" hashes "hashes,index-predicates='yes'"
for storage in "$@"; do
	check "query $storage" -O "$work/answer.csv" \
		"$TERTIUM" query --storage "$storage" --data "$work/data.trig" -f csv "$work/question.rq"
done
check "the shell asks a storage" -o 'ex:SCO' \
	sh -c 'echo "SELECT ?o { GRAPH ?g { <http://example.org/RATS> <http://example.org/partOf> ?o } }" |
	"$TERTIUM" shell --storage memory --data "$1"' sh "$work/data.trig"
check "storages without contexts have the default graph" -o true \
	sh -c 'echo "<http://e/s> <http://e/p> 1 ." >"$1/plain.ttl" &&
	"$TERTIUM" query --storage trees --data "$1/plain.ttl" -f json -e "ASK { ?s ?p 1 }"' sh "$work"
check "and no named graphs" -s 3 -e 'keeps no contexts, so no named graphs' \
	"$TERTIUM" query --storage trees --data "$work/data.trig" -e 'ASK {}'

# ---- files --------------------------------------------------------------------------------------------
mkdir "$work/bdb"
[ "${TERTIUM_SANITIZED:-}" = yes ] || round_trip "Berkeley DB hashes" "hashes:quads,hash-type='bdb',dir='$work/bdb'" ",new='yes'"
if has_storage sqlite; then
	round_trip sqlite "sqlite:$work/quads.db" ",new='yes',synchronous='off'"
else
	skip_all 7 sqlite "Redland's sqlite is not installed (Debian: librdf-storage-sqlite)"
fi

# ---- errors: one sentence, nothing printed by librdf --------------------------------------------------
check "an unknown storage" -s 3 -e 'Redland has no storage "punched-cards" here, but ' \
	"$TERTIUM" query --storage punched-cards:x -e 'ASK {}'
check "a file that is not there" -s 3 -e "cannot open the Redland storage uri:file:///nonexistent.rdf" \
	"$TERTIUM" query --storage uri:file:///nonexistent.rdf -e 'ASK {}'
check "options without quotes" -s 2 -e "a Redland storage is TYPE[:NAME][,OPTION='VALUE']..., not \"memory,new=yes\"" \
	"$TERTIUM" query --storage memory,new=yes -e 'ASK {}'
if [ "${TERTIUM_SANITIZED:-}" != yes ]; then
	check "a storage that does not open" -s 3 -e 'cannot open the Redland storage hashes:x' \
		"$TERTIUM" query --storage "hashes:x,hash-type='bdb',dir='/dev/null'" -e 'ASK {}'
	check "one line only" -o 1 sh -c \
		'"$TERTIUM" query --storage "hashes:x,hash-type='"'bdb'"',dir='"'/dev/null'"'" -e "ASK {}" 2>&1 | wc -l'
fi
check "a directory and a storage" -s 2 -e 'exclude each other' \
	"$TERTIUM" query --storage memory --db "$work" -e 'ASK {}'

# ---- PostgreSQL ---------------------------------------------------------------------------------------
postgres=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1)
[ -n "$postgres" ] || postgres=$(dirname "$(command -v initdb || echo /nonexistent/initdb)")
as_user= # a command that runs another as somebody who is not root
if [ "$(id -u)" -eq 0 ]; then
	as_user="setpriv --reuid=nobody --regid=$(id -gn nobody) --clear-groups"
fi

start_postgres() {
	server=$(mktemp -d) || return 1
	chmod 755 "$server"
	[ -z "$as_user" ] || chown nobody "$server"
	(cd "$server" && $as_user env HOME="$server" "$postgres/initdb" -D "$server/data" -U tertium -A trust -E UTF8 \
		--locale=C >"$work/initdb" 2>&1 && $as_user "$postgres/pg_ctl" -w -D "$server/data" -l "$server/log" \
		-o "-c listen_addresses='' -c fsync=off -k $server" start >"$work/start" 2>&1) &&
		"$postgres/createdb" -h "$server" -U tertium quads
}

stop_postgres() {
	(cd "$server" && $as_user "$postgres/pg_ctl" -m immediate -D "$server/data" stop >/dev/null 2>&1)
	rm -rf "$server"
}

if [ "${TERTIUM_SANITIZED:-}" = yes ]; then
	skip_all 8 postgresql "librdf's postgresql leaks the datatypes that it reads"
elif [ ! -x "$postgres/initdb" ] || [ ! -x "$postgres/createdb" ]; then
	skip_all 8 postgresql "PostgreSQL is not installed (Debian: postgresql)"
elif ! has_storage postgresql; then
	skip_all 8 postgresql "Redland's postgresql is not installed (Debian: librdf-storage-postgresql)"
else
	server=
	trap '[ -z "$server" ] || stop_postgres; rm -rf "$work"' EXIT
	if ! start_postgres; then
		cat "$work/initdb" "$work/start" "$server/log" 2>/dev/null | sed 's/^/# /'
		skip_all 8 postgresql "PostgreSQL does not start here"
	else
		here="postgresql:quads,host='$server',port='5432',dbname='quads',user='tertium',password='none'"
		round_trip postgresql "$here" ",new='yes'"
		echo '<http://e/s> <http://e/p> "" .' >"$work/empty.ttl"
		check "what librdf's postgresql loses is refused" -s 3 -e 'cannot read back the empty literal' \
			"$TERTIUM" load --storage "$here" "$work/empty.ttl"
	fi
fi
finish
