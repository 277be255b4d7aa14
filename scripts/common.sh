# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the scripts share: messages, the table of kernels, the cache. Sourced.

set -o errexit -o nounset -o pipefail
export LC_ALL=C.UTF-8
umask 022

prog=${0##*/}
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cache=${PFTRACE_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/pftrace}

# Progress goes to standard error: what a script prints is its result.
say() {
	printf '%s: %s\n' "$prog" "$*" >&2
}

die() {
	say "$*"
	exit 1
}

usage_error() {
	printf 'usage: %s\n' "$*" >&2
	exit 2
}

# new_run [KIND]: print a new directory for the logs of a run. Of each kind the newest
# twenty stay.
new_run() {
	local dir kind=${1:+$1-}

	mkdir -p "$cache/run"
	dir=$(mktemp -d "$cache/run/$kind$(date +%Y%m%d-%H%M%S)-XXXX")
	chmod 755 "$dir"
	find "$cache/run" -mindepth 1 -maxdepth 1 -type d -name "${kind}[0-9]*" |
		sort -r | tail -n +21 | xargs -r rm -rf
	echo "$dir"
}

is_root() {
	[ "$(id -u)" -eq 0 ]
}

kernel_names() {
	awk '/^[^#]/ { print $1 }' "$top/scripts/kernels"
}

# archive_kernels [ARCH]: those that are in the archive, in the table's order.
archive_kernels() {
	awk -v arch="${1:-}" '
		/^[^#]/ && $6 == "" && (!arch || $4 == arch) { print $1 }' \
		"$top/scripts/kernels"
}

# Where KERNELS does not say.
default_kernels=$(archive_kernels amd64 | xargs)

# kernel_row NAME: set suite, backports ("-" for none), arch and flavour of this
# kernel; source, the kernel whose source it is built from, or nothing; and
# version, how its release begins.
# shellcheck disable=SC2034
kernel_row() {
	local row

	row=$(awk -v name="$1" '
		!/^#/ && $1 == name { print $2, $3, $4, $5, $6 }' \
		"$top/scripts/kernels")
	[ -n "$row" ] ||
		die "no kernel \"$1\"; there are: $(kernel_names | xargs)"
	read -r suite backports arch flavour source <<<"$row"
	version=${1%%-*}
}

# foreign: where a root has the programs of this kernel's architecture. Nothing
# if they are its own, as what runs in a root is always of this machine's kind.
foreign() {
	[ "$arch" = amd64 ] || echo "/$arch"
}

# hash_of FILE...: one hash of the contents, modes and relative names of files.
# Names come from standard input, NUL-separated, relative to directory $1.
hash_files() {
	(
		cd "$1"
		LC_ALL=C sort -z | xargs -0 -r sha256sum
	) | sha256sum | cut -c1-16
}

hash_text() {
	printf '%s\n' "$@" | sha256sum | cut -c1-16
}

# cache_make DIR COMMAND ARGS...: see that DIR exists. If it does not, run
# COMMAND ARGS... TEMPORARY, which has to fill the directory TEMPORARY, and
# rename that to DIR. So DIR is complete or absent, whoever was killed when,
# and two who want the same wait for each other.
#
# Do not call this where bash ignores errexit (if, ||, &&).
cache_make() {
	local dir=$1 tmp=$1.new lock status
	shift

	if [ -d "$dir" ]; then
		touch -c "$dir"
		return
	fi
	mkdir -p "${dir%/*}"
	exec {lock}>"${dir%/*}/.${dir##*/}.lock"
	flock "$lock"
	if [ ! -d "$dir" ]; then
		rm -rf "$tmp"
		mkdir "$tmp"
		set +o errexit
		(set -o errexit; "$@" "$tmp") {lock}>&-
		status=$?
		set -o errexit
		if [ "$status" -ne 0 ]; then
			rm -rf "$tmp"
			exit "$status"
		fi
		mv -T "$tmp" "$dir"
		touch "$dir"
		cache_prune "${dir%/*}"
	fi
	exec {lock}>&-
}

# cache_prune DIR: what nobody used for two weeks goes.
cache_prune() {
	find "$1" -mindepth 1 -maxdepth 1 -mtime +14 -exec rm -rf {} +
}
