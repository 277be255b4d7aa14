#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 1500
# machine: single
# Everything at once, and tracing is switched, filters are written, counts cleared, the
# module loaded and unloaded under it.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pftrace.sh"
. "$(dirname "$0")/stress.sh"

names=(gup move ksm forks execs oom swap mill hotplug ng)
plan $((8 * STRESS_ROUNDS + ${#names[@]} + 6))

# Grace periods are what switching waits for most.
set_for_now /sys/kernel/rcu_expedited 1
at_exit unload
begin_swap
slabs=$(slab_kb) percpu=$(percpu_kb) vmalloc=$(vmalloc_kb)
vmalloc_callers >vmalloc.before
begin_loads "${names[@]}"

for ((r = 0; r < STRESS_ROUNDS; r++)); do
	hook=auto
	[ $((r % 2)) -eq 0 ] || hook=kretprobe
	ok "round $r: the module loads (hook=$hook)" \
		insmod /pftrace/pftrace.ko hook=$hook buffer_kb=$((1024 << r % 3))
	how="read"
	[ $((r % 3)) -ne 2 ] || how=map
	follower $how
	readers
	churn "$(few 400)" $((STRESS_SEED + r)) >churn.out 2>&1
	is $? 0 "round $r: every use of the files went well" || diag "$(cat churn.out)"
	rm reading
	read -r _ minor major invalid threads mismatches _ < <(grep ^cleared churn.out)
	traced=$((minor + major + invalid)) audited=$threads differed=$mismatches
	is "$mismatches" 0 "round $r: no mismatch before clear" || diag "$(cat churn.out)"
	quiet
	last_records
	loud
	followed "round $r ($how)"
	progress "storm: round $r, $((traced + $(total minor))) faults, $SECONDS s"
	account
	# With readers gone it can go, whatever is under way.
	echo 1 >$d/enable
	wait_for eval '[ -z "$(jobs -r | grep looped)" ]'
	unload || bail "the module does not go"
done
end_loads

# The ring of a CPU that comes later.
echo 0 >/sys/devices/system/cpu/cpu1/online
insmod /pftrace/pftrace.ko
is "$(total cpus)" 1 "loaded while CPU 1 is off: one ring"
echo 1 >/sys/devices/system/cpu/cpu1/online
is "$(total cpus)" 2 "CPU 1 is on again: two"
taskset -c 1 faultgen anon 200 >made.json
ok "and the second one has its faults" eval \
	'[ "$(dd if=$d/cpu/cpu1 iflag=nonblock bs=$((200 * 128)) count=1 | wc -c)" -eq $((200 * 128)) ]'
rmmod pftrace

# What one load takes, 15 MiB, is nearly all vmalloc memory. The other bounds are wide,
# for the stress leaves behind what the kernel keeps: an object lost there is kmemleak's
# to find, on the kernel that has it.
sync
echo 3 >/proc/sys/vm/drop_caches
comes_back "vmalloc memory is back (KiB)" vmalloc_kb "$vmalloc" 1024 ||
	diag "by who asked for it:" "$(vmalloc_callers | diff vmalloc.before -)"
comes_back "slabs are back (KiB)" slab_kb "$slabs" 4096
comes_back "memory of CPUs is back (KiB)" percpu_kb "$percpu" 1024
tell "KiB before and after: vmalloc $vmalloc, $(vmalloc_kb); slabs $slabs, $(slab_kb);" \
	"of CPUs $percpu, $(percpu_kb)"
