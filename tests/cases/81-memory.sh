#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 300
# Each allocation of memory fails once, one after the other: when the module is
# loaded, switched on, given other rings or filters, and read. What cannot be done
# then fails with ENOMEM and leaves nothing behind; loading also says why.
#
# Only kernels that check themselves can make allocations fail.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pftrace.sh"

[ -e /proc/thread-self/fail-nth ] ||
	skip_all "allocations cannot be made to fail here (CONFIG_FAULT_INJECTION): make check-debug"

# Also those that may wait for memory, of any size; and no trace for each.
for f in failslab fail_page_alloc; do
	echo N >/sys/kernel/debug/$f/ignore-gfp-wait
	echo 0 >/sys/kernel/debug/$f/verbose
done
echo N >/sys/kernel/debug/fail_page_alloc/ignore-gfp-highmem
echo 0 >/sys/kernel/debug/fail_page_alloc/min-order

# each NAME LEAST ARGUMENTS...: of failnth; at least LEAST allocations failed.
each() {
	local name=$1 least=$2 out status=0
	shift 2

	out=$(failnth "$@" 2>&1) || status=$?
	is "$status $(grep -c ^wrong <<<"$out")" "0 0" "$name: with each allocation failing" ||
		diag "$out"
	diag "$(grep -v '^[0-9]*: ' <<<"$out")"
	number "$name: allocations that failed" \
		"$(awk '$1 == "failed" || $1 == "worked" { n += $2 } END { print n + 0 }' <<<"$out")" \
		-ge "$least"
}

# As small as can be: the large tables take their memory page by page.
small="buffer_kb=4 max_threads=64 max_files=16 maxactive=1"

insmod /pftrace/fail.ko symbol=do_one_initcall comm=failnth nth=-1 || bail "fail.ko"
each "load" 50 load /pftrace/pftrace.ko "$small"
each "load with all there is" 60 load /pftrace/pftrace.ko \
	"$small hook=kretprobe reject=signal filter_pid=1 filter_comm=a* filter_cgroup=/"
rmmod fail

load buffer_kb=4 max_threads=256 maxactive=64 enable=0
each "switch on" 1 write $d/enable 1 0
is "$(cat $d/enable) $(total hook) $(grep -c pftrace /sys/kernel/debug/kprobes/list)" "0 none 0" \
	"it is off, and nothing is hooked"
echo 1 >$d/enable
before=$(cat $d/buffer_kb)
each "buffer_kb" 3 write $d/buffer_kb 8 "$before"
is "$(cat $d/buffer_kb)" "$before" "buffer_kb: as it was"
each "filter/pid" 3 write $d/filter/pid "1 2 3" " "
each "filter/comm" 3 write $d/filter/comm "a* b*" " "
each "filter/cgroup" 3 write $d/filter/cgroup / " "
each "filter/cause" 2 write $d/filter/cause other " "
is "$(cat $d/filter/* | grep -c .)" 0 "filters: none is set"
for f in totals causes latency pids threads exited files trace trace_pipe format cpu/cpu0 README; do
	each "$f" 1 read $d/$f
done
each "cpu0.map" 2 map $d/cpu/cpu0.map
# Without kprobes: the kernel itself warns where it has no memory to take one off.
unload
load buffer_kb=64 max_threads=256 hook=direct reject=signal
each "clear" 1 write $d/clear 1 "" $d/enable 1
is "$(cat $d/enable)" 1 "clear: still on"
faultgen anon 100 >made.json
ok "it counts" faultcheck counts made.json
ok "and records" faultcheck records made.json
unload
done_testing
