#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What is particular to arm64: the two functions through which faults are refused,
# set_thread_esr() and __do_kernel_fault(), and one without the other; pointers
# with tags; entries that belong together.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pftrace.sh"

[ "$(uname -m)" = aarch64 ] || skip_all "only arm64 refuses faults in these two places"
plan $((2 + 3 + 3 + 3 + 4 + 2 * 2 + honest_tests + 2 * 8))

# made KIND [ARGS...]: faults of armfault, and the records of its process; sets pid.
made() {
	armfault "$@" >made.txt &
	pid=$!
	wait $pid || diag "$(cat made.txt)"
	columns PID CLASS CAUSE LEVEL ACC BY ADDRESS IP >all.txt
	awk -v pid=$pid '$1 == pid && $2 == "invalid" { print $3, $4, $5, $6, $7, $8 }' \
		all.txt >seen.txt
}

# invalid PID: refused faults of a process that is gone, as counted.
invalid() {
	counts exited "$1" | awk '{ print $3 }'
}

load buffer_kb=4096
is "$(total hook)" kretprobe "handle_mm_fault() has a kretprobe"
is "$(grep -cE 'set_thread_esr|__do_kernel_fault' /sys/kernel/debug/kprobes/list)" 2 \
	"both functions are probed"

made user
number "faults that end in a signal were made" "$(wc -l <made.txt)" -eq 15
ok "each has one record, which says what the process knows of it" diff made.txt seen.txt
is "$(invalid $pid)" 15 "and each is counted once"

made kernel
number "faults that end in EFAULT were made" "$(wc -l <made.txt)" -eq 9
ok "each has one record, which says what the process knows of it" diff made.txt seen.txt
is "$(invalid $pid)" 9 "and each is counted once"

made other
is "$(cat made.txt)" "" "misaligned accesses, and pointers that are refused unseen, were made"
is "$(cat seen.txt)" "" "none of them has a record"
is "$(invalid $pid)" 0 "and none is counted"

# Killed while the device reads for it: the fault is given up in the function that
# refuses. Nothing was wrong with it.
if slow_device dev 0; then
	at_exit dmsetup resume dev
	head -c 64K /dev/zero >dev/file
	sync
	echo 1 >/proc/sys/vm/drop_caches
	dmsetup suspend --nolockfs dev
	armfault wait dev/file >made.txt &
	pid=$!
	ok "a system call waits for a page" \
		wait_for grep -q 'handle_mm_fault' /proc/$pid/stack
	kill -KILL $pid
	wait $pid 2>/dev/null
	is $? 137 "its process is killed"
	is "$(cat made.txt)" "" "before the page comes"
	is "$(invalid $pid)" 0 "which is no refused fault"
	dmsetup resume dev
else
	skip "this kernel has no loop or dm-delay" "killed in a fault" 4
fi

# 16 entries for one page, of the lowest level and of the next.
for kb in 64 32768; do
	nr=/sys/kernel/mm/hugepages/hugepages-${kb}kB/nr_hugepages
	echo 2 >$nr || bail "$nr"
	[ "$(cat $nr)" = 2 ] || bail "no memory for huge pages of $kb KiB"
	made hugetlb $((kb * 1024))
	echo 0 >$nr
	columns PID ADDRESS CAUSE SIZE |
		awk -v pid=$pid '$1 == pid && $3 == "hugetlb" { print $2, $4 }' >seen.txt
	size=${kb}K
	[ "$kb" -lt 1024 ] || size=$((kb / 1024))M
	is "$(cat seen.txt)" "$(sed "s/\$/ $size/" made.txt)" \
		"huge pages of $size: a fault each, whatever of it is touched"
	is "$(wc -l <made.txt)" 2 "two of them"
done
honest
unload

# A kernel in which one of the two cannot be probed.
for symbol in set_thread_esr __do_kernel_fault; do
	dmesg -C
	insmod /pftrace/hide.ko symbol=$symbol || bail "the module of the test does not load"
	load buffer_kb=4096
	ok "without $symbol: the log says so" \
		eval "dmesg | grep -q 'pftrace: $symbol: cannot probe it (-2)'"
	is "$(total reject_hook)" signal "refused faults are seen by their signals"
	is "$(grep -cE 'set_thread_esr|__do_kernel_fault' /sys/kernel/debug/kprobes/list)" 0 \
		"the other is not probed"
	made user
	# By the signal it is not known where translation stopped.
	awk '{ $2 = "-"; print }' made.txt >expected.txt
	ok "each fault that ends in a signal has one record" diff expected.txt seen.txt
	is "$(invalid $pid)" 15 "and is counted once"
	made kernel
	is "$(invalid $pid) $(wc -l <made.txt)" "0 9" "those that end in EFAULT are not seen"
	is "$(total audit_mismatches)" 0 "audit: counts equal the kernel's"
	unload
	rmmod hide
	insmod /pftrace/pftrace.ko
	is "$(total reject_hook)" set_thread_esr "when it can be probed again, it is"
	unload
done
