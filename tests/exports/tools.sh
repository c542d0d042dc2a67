# tools.sh - where the other RDF tools are, for the tests of exports and shapes; to be read with `.`, not run.
#
# What Debian has is found where Debian puts it; what obtain.sh fetched is in the folder TERTIUM_TOOLS, and is
# preferred, since it is newer. have_TOOL tells whether a tool is there, and TOOL runs it.
# On a machine with an unusual Java, JAVA names the program.

: "${TERTIUM_TOOLS:=/nonexistent}"
export PYTHONDONTWRITEBYTECODE=1

# ---- Python ------------------------------------------------------------------------------------------

# Print a Python interpreter that has a module.
python_with() { # module
	for python_candidate in "$TERTIUM_TOOLS/python/bin/python3" /usr/bin/python3 python3; do
		if "$python_candidate" -c "import $1" >/dev/null 2>&1; then
			echo "$python_candidate"
			return 0
		fi
	done
	return 1
}

have_rdflib() { python_with rdflib >/dev/null; }
have_pyoxigraph() { python_with pyoxigraph >/dev/null; }

have_pyshacl() { python_with pyshacl >/dev/null; }
pyshacl() { "$(python_with pyshacl)" -m pyshacl "$@"; }

# ---- Jena --------------------------------------------------------------------------------------------

# Debian's package has neither programs nor a class path. Only what Jena needs is named, since all jars of
# /usr/share/java do not go together.
debian_jena_jars="jena-cmds jena-arq jena-core jena-base jena-iri jena-shacl jena-shex jena-tdb jena-tdb2
jena-dboe-base jena-dboe-index jena-dboe-storage jena-dboe-trans-data jena-dboe-transaction jena-rdfconnection
commons-cli commons-codec commons-compress commons-csv commons-io commons-lang3 commons-logging dexx.collection gson
guava httpclient httpcore jackson-annotations jackson-core jackson-databind jakarta.json-api jsonld-java protobuf
slf4j-api slf4j-nop thrift titanium-json-ld"

# Print a class path; fails without Jena. Debian's needs what obtain.sh has taken out of its jar.
jena_class_path() {
	if ls "$TERTIUM_TOOLS"/jena/jena-cmds-*.jar >/dev/null 2>&1; then
		echo "$TERTIUM_TOOLS/jena/*"
		return 0
	fi
	[ -e /usr/share/java/jena-cmds.jar ] && [ -d "$TERTIUM_TOOLS/debian-jena/xerces" ] || return 1
	printf '%s:' "$TERTIUM_TOOLS/debian-jena"
	for jena_jar in $debian_jena_jars; do
		printf '/usr/share/java/%s.jar:' "$jena_jar"
	done
	echo
}

# A short run: no time is spent on compiling.
jena() { # class, arguments
	jena_class=$1
	shift
	"${JAVA:-java}" -XX:TieredStopAtLevel=1 -Xmx1g -cp "$(jena_class_path)" "$jena_class" "$@"
}
have_jena() { jena_class_path >/dev/null && jena riotcmd.riot --version >/dev/null 2>&1; }
riot() { jena riotcmd.riot "$@"; }
jena_shacl() { jena shacl.shacl "$@"; } # validate --shapes FILE --data FILE

# ---- JavaScript --------------------------------------------------------------------------------------

have_node_package() { # name
	[ -d "$TERTIUM_TOOLS/node_modules/$1" ] && node --version >/dev/null 2>&1
}

# ---- the others --------------------------------------------------------------------------------------

have_rapper() { rapper --version >/dev/null 2>&1; }
have_virtuoso() { command -v virtuoso-t >/dev/null && command -v isql-vt >/dev/null; }
