#!/bin/sh
# Make ./configure from configure.ac; with --deps, first install what a fresh Debian 12 lacks.
set -eu
cd "$(dirname "$0")"

tools="gcc libc6-dev make autoconf automake libtool pkg-config xz-utils"
libraries="libraptor2-dev librdf0-dev libreadline-dev liblmdb-dev libxxhash-dev libpcre2-dev libgmp-dev
libunistring-dev nettle-dev zlib1g-dev libzstd-dev"
tests="libcmocka-dev expect redland-utils raptor2-utils gawk librdf-perl python3-librdf
python3-rdflib librdf-storage-sqlite zstd"

usage() {
	cat <<TEXT
Usage: ./autogen.sh [--deps]
  --deps   install the packages that Tertium is built and tested with (Debian, Ubuntu; sudo if you are not root)
TEXT
}

missing_packages() {
	for package in $tools $libraries $tests; do
		dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || printf '%s ' "$package"
	done
}

install_packages() {
	if ! command -v apt-get >/dev/null 2>&1 || ! command -v dpkg-query >/dev/null 2>&1; then
		echo "autogen.sh: --deps knows only apt. Install what your system calls these Debian packages:" >&2
		echo $tools $libraries $tests >&2
		exit 1
	fi
	missing=$(missing_packages)
	[ -n "$missing" ] || return 0
	sudo=
	if [ "$(id -u)" -ne 0 ]; then
		command -v sudo >/dev/null 2>&1 || {
			echo "autogen.sh: --deps needs root or sudo. Let somebody who has it install: $missing" >&2
			exit 1
		}
		sudo=sudo
	fi
	$sudo apt-get update -qq
	$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
}

case ${1-} in
'') ;;
--deps) install_packages ;;
-h | --help) usage; exit 0 ;;
*) usage >&2; exit 2 ;;
esac

if ! command -v autoreconf >/dev/null 2>&1; then
	echo "autogen.sh: autoreconf is missing: run ./autogen.sh --deps, or install autoconf, automake and libtool" >&2
	exit 1
fi
mkdir -p build-aux m4
autoreconf --force --install
