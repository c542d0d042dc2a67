#!/bin/sh
# obtain.sh DIR - fetch into a folder the RDF tools that Debian lacks or has only old: from PyPI rdflib, pyshacl and
# pyoxigraph, from npm N3.js, oxigraph and jsonld.js, from Maven Central Jena. The tests of exports and shapes find them
# there if TERTIUM_TOOLS names the folder. What cannot be reached is left out, which those tests then say.
set -u
[ $# -eq 1 ] || { echo "usage: $0 DIR" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1" && cd "$1" || exit 1
folder=$PWD

attempt() { # name, command
	what=$1
	shift
	if command -v "$1" >/dev/null && timeout 150 "$@" >"$folder/$what.log" 2>&1; then
		echo "$what: in $folder"
	else
		echo "$what: not to be had (see $folder/$what.log)"
	fi
}

attempt virtualenv /usr/bin/python3 -m venv "$folder/python"
attempt pypi "$folder/python/bin/pip" install --quiet --disable-pip-version-check \
	rdflib==7.6.0 pyshacl==0.40.1 pyoxigraph==0.5.13
attempt npm npm install --prefix "$folder" --no-save --no-audit --no-fund n3@2 oxigraph@0.5 jsonld@9
attempt maven mvn --quiet --batch-mode -f "$here/jena.pom" dependency:copy-dependencies -DincludeScope=runtime \
	-DoutputDirectory="$folder/jena"
# The jar of Debian's Jena has its messages in other folders than its classes look for them.
if [ -e /usr/share/java/jena-core.jar ]; then
	attempt debian-jena /usr/bin/python3 -c '
import os, sys, zipfile
for name in zipfile.ZipFile(sys.argv[1]).namelist():
    if name.startswith("org/apache/jena/ext/xerces/") and name.endswith(".properties"):
        target = os.path.join(sys.argv[2], name.replace("org/apache/jena/ext/", ""))
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "wb") as out:
            out.write(zipfile.ZipFile(sys.argv[1]).read(name))
' /usr/share/java/jena-core.jar "$folder/debian-jena"
fi
exit 0
