#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Every kind of fault: counts are the kernel's, records are what was made.
# addresses: random

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pftrace.sh"

mapfile -t cases < <(faultgen list | awk '$1 != "hold" { print $1 }')
kills=(null wild write-text exec-heap prot-none past-eof stack-overflow)
plan $((2 * ${#cases[@]} + 2 * ${#kills[@]} + 2 + honest_tests))

modprobe zram 2>/dev/null && echo 256M >/sys/block/zram0/disksize &&
	mkswap /dev/zram0 >/dev/null && swapon /dev/zram0 &&
	at_exit rmmod zram && at_exit swapoff /dev/zram0

load buffer_kb=8192

# check NAME ARGS...: run a case of faultgen; compare.
check() {
	local name=$1 status=0
	shift

	faultgen --dir . "$@" >made.json 2>made.err || status=$?
	if [ "$status" = 77 ]; then
		skip "$(cat made.err)" "$name" 2
		return
	fi
	if [ "$status" -ne 0 ]; then
		not_ok "$name: faultgen" "$(cat made.err made.json)"
		not_ok "$name: faultgen"
		return
	fi
	explained "$name"
}

for c in "${cases[@]}"; do
	check "$c" "$c"
done
for c in "${kills[@]}"; do
	check "$c, killed" --kill "$c" 2
done

number "majors were among them" "$(total major)" -ge 8
number "and refused faults" "$(total invalid)" -ge 8
honest
