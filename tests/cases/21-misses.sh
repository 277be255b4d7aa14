#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What is missed is counted under a name, and the audit finds it.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pftrace.sh"
plan $((5 + 4 + honest_tests + 1))

# Several processes asleep in major faults, and one instance for all of them.
slow_device slow 100 || skip_all "this kernel has no loop or dm-delay"

load maxactive=1
for i in 1 2 3 4; do
	faultgen --dir slow file-cold 4 >"made.$i" &
done
wait
missed=$(total missed_no_instance)
number "misses are counted" "$missed" -gt 0
number "the audit names them" "$(total audit_mismatches)" -gt 0
number "as faults that the kernel counted" "$(total audit_missing)" -gt 0
is "$(total audit_surplus)" 0 "and none that it did not"
# An attempt that was missed may have been a retry, which is no fault.
number "it finds no more than were missed" "$(total audit_missing)" -le "$missed"
unload

# The same with room for all.
load
for i in 1 2 3 4; do
	faultgen --dir slow file-cold 4 >"made.$i" &
done
wait
for i in 1 2 3 4; do
	ok "with enough instances, process $i" faultcheck counts "made.$i"
done
honest
unload

# More threads than can be listed.
load max_threads=64
faultgen anon 100 >made.json
before=$(total missed_table_full)
faultgen threads 6400 >made.json
number "faults of threads that are not listed are counted" \
	"$(total missed_table_full)" -gt "$before"
