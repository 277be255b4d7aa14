# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What every case sources first: TAP, waiting, cleaning up.
#
#	. "$(dirname "$0")/lib.sh"
#	plan 3
#	ok "two and two" [ $((2 + 2)) -eq 4 ]
#	is "$(uname -s)" Linux "the kernel's name"
#	skip "no such device here" "swaps to it"

set -o nounset

lib_planned='' lib_number=0 lib_cleanups=()

# plan N: how many tests there are. Once, before the first.
plan() {
	lib_planned=$1
	echo "1..$1"
}

# done_testing: for a case that cannot know before. Last of all.
done_testing() {
	lib_planned=$lib_number
	echo "1..$lib_number"
}

diag() {
	printf '%s\n' "$*" | sed 's/^/# /'
}

pass() {
	echo "ok $((++lib_number)) - $*"
}

# not_ok NAME [DIAGNOSTIC...]
not_ok() {
	echo "not ok $((++lib_number)) - $1"
	shift
	[ $# -eq 0 ] || diag "$@"
	return 1
}

# ok NAME COMMAND ARGS...: passes if COMMAND succeeds; else its output is shown.
ok() {
	local name=$1 output status=0
	shift

	output=$("$@" 2>&1) || status=$?
	if [ "$status" -eq 0 ]; then
		pass "$name"
	else
		not_ok "$name" "\"$*\" failed, status $status" "$output"
	fi
}

# fails NAME COMMAND ARGS...: passes if COMMAND fails, but not by a signal.
fails() {
	local name=$1 output status=0
	shift

	output=$("$@" 2>&1) || status=$?
	if [ "$status" -gt 0 ] && [ "$status" -lt 126 ]; then
		pass "$name"
	else
		not_ok "$name" "\"$*\" has status $status" "$output"
	fi
}

# is GOT WANTED NAME
is() {
	if [ "$1" = "$2" ]; then
		pass "$3"
	else
		not_ok "$3" "got:    $1"$'\n'"wanted: $2"
	fi
}

# number NAME A OP B: OP is one of test(1): -eq -ne -lt -le -gt -ge
number() {
	if [[ $2 =~ ^-?[0-9]+$ && $4 =~ ^-?[0-9]+$ ]] && test "$2" "$3" "$4"; then
		pass "$1"
	else
		not_ok "$1" "\"$2\" $3 \"$4\" does not hold"
	fi
}

# skip REASON NAME [COUNT]: instead of COUNT tests.
skip() {
	local i

	for ((i = 0; i < ${3:-1}; i++)); do
		echo "ok $((++lib_number)) - $2 # SKIP $1"
	done
}

# skip_all REASON: instead of a plan.
skip_all() {
	lib_planned=0
	echo "1..0 # SKIP $*"
	exit 0
}

bail() {
	echo "Bail out! $*"
	exit 1
}

# wait_for COMMAND ARGS...: until it succeeds; fails after WAIT_POLLS polls of
# 50 ms. A condition is what ends it, never the time.
wait_for() {
	local i

	for ((i = 0; i < ${WAIT_POLLS:-400}; i++)); do
		! "$@" >/dev/null 2>&1 || return 0
		sleep 0.05
	done
	diag "never came true: $*"
	return 1
}

# comes_back NAME COMMAND BEFORE BOUND: until the number that COMMAND prints is less
# than BOUND above BEFORE. Says both.
comes_back() {
	local status=0

	ok "$1" wait_for is_back "$2" "$3" "$4" || status=1
	diag "$3 before, $("$2") now"
	return $status
}

is_back() {
	[ $(($("$1") - $2)) -lt "$3" ]
}

# at_exit COMMAND ARGS...: run at the end, the last one first, however it ends.
at_exit() {
	lib_cleanups+=("$(printf '%q ' "$@")")
}

# as_user COMMAND ARGS...: as a user who is not root.
as_user() {
	setpriv --reuid 1000 --regid 1000 --clear-groups --inh-caps=-all \
		env HOME=/home/user "$@"
}

lib_end() {
	local status=$? i jobs

	trap - EXIT
	for ((i = ${#lib_cleanups[@]} - 1; i >= 0; i--)); do
		eval "${lib_cleanups[i]}" 2>&1 | sed 's/^/# cleanup: /'
	done
	mapfile -t jobs < <(jobs -p)
	if [ ${#jobs[@]} -gt 0 ]; then
		kill -9 "${jobs[@]}" 2>/dev/null
		wait 2>/dev/null
	fi
	[ -n "$lib_planned" ] || diag "ended before its plan"
	exit "$status"
}
trap lib_end EXIT
trap 'exit 143' TERM INT
