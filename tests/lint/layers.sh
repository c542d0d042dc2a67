#!/bin/sh
# A layer includes only what stands to its left (doc/architecture.md); the program only tertium.h.
# TAP: one case a layer.
set -u
cd "${TERTIUM_SOURCE:-.}/src" || exit 99

# layer: the folders it may include, besides its own.
rules='base:tertium.h
rdf:base
store:base rdf
sparql:base rdf
plan:base rdf sparql store
expr:base rdf sparql store plan
exec:base rdf sparql store plan expr
result:base rdf
engine:base rdf sparql store plan expr exec result
evidence:base rdf sparql store plan engine result
compare:base rdf sparql store result engine evidence
questions:base rdf sparql store result engine evidence
redland:base rdf store
shell:tertium.h
cli:tertium.h shell'

n=0
failed=0
echo "1..$(printf '%s\n' "$rules" | wc -l)"
while IFS=: read -r layer allowed; do
	n=$((n + 1))
	bad=$(grep -RhnoE '^#include "[^"]+"' "$layer" --include='*.c' --include='*.h' 2>/dev/null |
		sed 's/.*"\(.*\)"/\1/' | sort -u | while read -r header; do
		folder=${header%%/*}
		case " tertium.h config.h $layer $allowed " in
		*" $folder "*) ;;
		*) echo "$header" ;;
		esac
	done)
	# plan/ sees of the store only its interface.
	if [ "$layer" = plan ]; then
		bad="$bad$(grep -Rho '"store/[a-z]*\.h"' plan | grep -vE '"store/(store|stats|terms)\.h"')"
	fi
	if [ -z "$bad" ]; then
		echo "ok $n - $layer includes nothing above it"
	else
		echo "not ok $n - $layer includes: $(echo "$bad" | tr '\n' ' ')"
		failed=1
	fi
done <<RULES
$rules
RULES
exit $failed
