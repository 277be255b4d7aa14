#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What is missed is counted under a name, and the audit finds it.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pftrace.sh"
plan $((5 + 4 + honest_tests + 1))

# Several processes asleep in major faults, and one instance for all of them.
slow_device slow 100 || skip_all "this kernel has no loop or dm-delay"

# All on one CPU: the kernel counts its misses with a plain increment, so two CPUs
# can make one of two (pre_handler_kretprobe()).
taskset -pc 0 $$ >/dev/null || bail "taskset"
load hook=kretprobe maxactive=1
for i in 1 2 3 4; do
	faultgen --dir slow file-cold 4 >"made.$i" &
done
wait
# In one reading: each of these processes may miss faults itself, when the shell
# is preempted in one of its own.
cat $d/totals >totals
of() {
	awk -v name="$1" '$1 == name { print $2 }' totals
}
number "misses are counted" "$(of missed_no_instance)" -gt 0
number "the audit names them" "$(of audit_mismatches)" -gt 0
number "as faults that the kernel counted" "$(of audit_missing)" -gt 0
is "$(of audit_surplus)" 0 "and none that it did not"
# An attempt that was missed may have been a retry, which is no fault.
number "it finds no more than were missed" "$(of audit_missing)" -le "$(of missed_no_instance)"
unload

taskset -pc "0-$(($(nproc --all) - 1))" $$ >/dev/null || bail "taskset"

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
