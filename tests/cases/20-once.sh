#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A fault counts once: retried while its device is slow, or refused twice.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pftrace.sh"

delay_ms=40 faults=8
plan $((10 + honest_tests))

# field NAME FILE: a column of records that `trace` shows of a process, by the
# header's names.
trace_of() {
	awk -v pid="$1" -v name="$2" -v class="$3" '
		/^# +TIME/ { for (i = 2; i <= NF; i++) at[$i] = i - 1; next }
		$at["PID"] == pid && $at["CLASS"] == class { print $at[name] }' $d/trace
}

slow_device slow $delay_ms || skip_all "this kernel has no loop or dm-delay"

load hook=kretprobe buffer_kb=4096
device_reads slow faultgen --dir slow file-cold $faults >made.json || diag "$(cat made.json)"
pid=$(jq .pid made.json)
ok "faults on a slow device: counts equal the kernel's" faultcheck counts made.json
ok "and a record each" faultcheck records made.json
is "$(jq .made.major made.json)" $faults "$faults of them were major"
is "$(trace_of "$pid" LATENCY_NS major | wc -l)" $faults "each major fault once in trace"
is "$(reads_of "$pid" | wc -l)" $faults "the device was read for each"
is "$(paste <(trace_of "$pid" LATENCY_NS major) <(reads_of "$pid") | awk '!($1 >= $2)')" "" \
	"each took at least what the device took"
is "$(trace_of "$pid" RETRIES major | awk '$1 < 1')" "" "each was retried"
number "the time is in the process's sum" \
	"$(awk -v pid="$pid" '$1 == pid { print $7; exit }' $d/exited)" -ge \
	"$(reads_of "$pid" | jq -s add)"

# A driver that refuses a fault inside handle_mm_fault(): x86 then takes the
# way of a fault without VMA, too, and the signal is the same.
insmod /pftrace/refuse.ko || bail "the driver of the test does not load"
at_exit rmmod refuse
refused=$(total invalid)
refuser /dev/pftrace-refuse 25 >made.txt
is "$(cat made.txt)" "25 SIGSEGV" "a driver refused 25 faults"
is $(($(total invalid) - refused)) 25 "each counted once"
honest
