#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Bad input changes nothing; nobody else has access.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pftrace.sh"

bad=('' ' ' rubbish -1 1x '1 1' 0x1 99999999999999999999 4294967296 $'1\n1' '1.0' '*')
params=(buffer_kb=0 buffer_kb=3 buffer_kb=4194304 buffer_kb=x max_threads=1 max_threads=0
	max_threads=99999999 maxactive=0 maxactive=99999999 maxactive=-1 enable=7
	reject=never filter_pid=0 filter_comm='a\000' filter_class=x 'filter_cause=zero,x'
	filter_min_latency_us=-1 filter_cgroup=/no/such nonsense=1)
plan $((2 * ${#bad[@]} + 6 + 2 * ${#params[@]} + 7))

load buffer_kb=64
faultgen anon 10 >/dev/null
before=$(total minor)
# An empty value is a write of nothing but a newline here: dd writes no 0 bytes.
for value in "${bad[@]}"; do
	got=
	for f in enable buffer_kb clear; do
		got+="$(error_of $f "${value:-$'\n'}") "
	done
	ok "refused by all: '$value'" grep -qx '\(EINVAL \|ERANGE \)\{3\}' <<<"$got" ||
		diag "$got"
	is "$(cat $d/enable $d/buffer_kb | xargs) $(($(total minor) >= before))" "1 64 1" \
		"'$value' changed nothing"
done
is "$(error_of enable 2)" EINVAL "enable: 2"
is "$(error_of clear 0)" EINVAL "clear: 0"
is "$(error_of buffer_kb 1)" ERANGE "buffer_kb: too small"
is "$(error_of buffer_kb 4294967295)" ERANGE "buffer_kb: too large"
is "$(error_of buffer_kb 1048576)" ENOMEM "buffer_kb: more than there is"
is "$(cat $d/buffer_kb)" 64 "it is what it was"

is "$(find $d -mindepth 1 ! -type d ! -perm 0400 ! -perm 0600 ! -perm 0200)" "" \
	"modes: the owner only"
is "$(find $d ! -uid 0)" "" "the owner is root"
for f in totals trace cpu/cpu0 cpu/cpu0.map; do
	fails "another user cannot read $f" as_user cat $d/$f
done
fails "it is not loaded twice" insmod /pftrace/pftrace.ko
unload

for p in "${params[@]}"; do
	dmesg -C
	if [ "$p" = nonsense=1 ]; then
		# The kernel itself only warns about a name that it does not know.
		ok "$p: loads" insmod /pftrace/pftrace.ko "$p"
		unload
	else
		fails "$p: does not load" insmod /pftrace/pftrace.ko "$p"
	fi
	ok "and the log says why" eval "dmesg | grep -q 'pftrace: .*${p%%=*}'"
done
