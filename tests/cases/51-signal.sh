#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The fall-back for kernels whose refusing functions cannot be probed.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pftrace.sh"

cases=(null wild write-text exec-heap prot-none past-eof stack-overflow)
plan $((2 * ${#cases[@]} + 6 + honest_tests))

load reject=signal buffer_kb=4096
is "$(total reject_hook)" signal "totals say so"
for c in "${cases[@]}"; do
	faultgen --dir . "$c" >made.json
	ok "$c: counts" faultcheck counts made.json
	ok "$c: records" faultcheck records made.json
done

faultgen efault 5 >made.json
is "$(counts exited "$(jq .pid made.json)" | awk '{ print $3 }')" 0 \
	"EFAULT has no signal and is not seen"

# Signals that are no faults.
before=$(total invalid)
bash -c 'kill -SEGV $$' 2>/dev/null
is $? 139 "a process killed itself"
bash -c 'kill -BUS $$' 2>/dev/null
is "$(total invalid)" "$before" "a signal that was sent is no fault"

insmod /pftrace/refuse.ko || bail "the driver of the test does not load"
at_exit rmmod refuse
is "$(refuser /dev/pftrace-refuse 10)" "10 SIGSEGV" "a driver refuses"
is $(($(total invalid) - before)) 10 "each counted once"
honest
