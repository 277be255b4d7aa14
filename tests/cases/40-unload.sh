#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Load and unload with faults under way and files open; nothing is left behind.
# timeout: 800
#
# With a host thread for each CPU the emulator now and then runs an instruction
# that has just been replaced; a probe set on a busy function then brings the
# kernel down, also an empty one (Documentation/testing.md).
# emulator: single

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pftrace.sh"

plan 15

# Grace periods are what a round waits for most; let them be short.
at_exit eval "echo $(cat /sys/kernel/rcu_expedited) >/sys/kernel/rcu_expedited"
echo 1 >/sys/kernel/rcu_expedited

in_use() {
	! rmmod pftrace 2>/dev/null && grep -q '^pftrace ' /proc/modules
}

# What is open keeps the module, until it is closed.
load
kept=
for f in README totals pids trace trace_pipe format cpu/cpu0 cpu/cpu1.map enable; do
	exec 5<"$d/$f"
	in_use && kept+="$f "
	exec 5<&-
done
is "$kept" "README totals pids trace trace_pipe format cpu/cpu0 cpu/cpu1.map enable " \
	"an open file keeps the module loaded"
ringreader --slow map >map.out &
map=$!
wait_for grep -q ready map.out
ok "a mapping keeps the module loaded" in_use
kill -9 $map
wait $map
exec 5>$d/clear
ok "a file open for writing does, too" in_use
exec 5>&-
ok "closed, it can be unloaded" unload

# Between rmmod's taking of the last reference and its marking of the module as going
# debugfs itself would warn of whoever opens a file (module/debugfs.c, struct door).
opens() {
	local f

	for f in $(find $d -type f | sort); do
		if [ "$(stat -c %a "$f")" = 200 ]; then
			: >"$f"
		else
			: <"$f"
		fi 2>&1
	done | sed 's/.*: //' | sort | uniq -c | xargs
}
load
files=$(find $d -type f | wc -l)
number "each file can be opened" "$files" -ge 24
is "$(opens)" "" "and is"
insmod /pftrace/lastref.ko file=$d/cpu/cpu0.map || bail "lastref.ko"
is "$(opens)" "$files No such device or address" \
	"the last reference is gone: none is opened"
rmmod lastref
is "$(opens)" "" "it is back: all are opened"
unload

# Faults all the time, some of them asleep on a device when the module goes. All
# of it shares one host CPU with the rounds: the pause below lets a round find
# faults under way without waiting for them to get out of its way.
where=.
! slow_device slow 40 || where=slow
faulting() {
	while [ ! -e stop ]; do
		nice -n 19 faultgen threads 400
		nice -n 19 faultgen null 5
		nice -n 19 faultgen forks 5
		sleep 0.4
	done >/dev/null
}
sleeping() {
	while [ ! -e stop ]; do
		faultgen --dir $where file-cold 32
	done >/dev/null
}

# One of two readers is at it, in turn, when the module is to go; a pause for
# the same reason.
readers() {
	while [ ! -e stop ]; do
		nice -n 19 cat $d/pids $d/trace $d/exited >/dev/null
		timeout -s KILL 0.05 cat $d/trace_pipe >/dev/null
		sleep 0.5
	done 2>/dev/null
}

begin() {
	rm -f stop
	faulting &
	sleeping &
	readers &
}
end() {
	touch stop
	wait
}
at_exit end

vmalloc_kb() {
	awk '/^VmallocUsed/ { print $2 }' /proc/meminfo
}

# A direct call takes three grace periods of RCU tasks to take off, 0.1 s and more
# each, and waits for the faults under way; hence fewer of those. Where there is
# none, all of them are kretprobes. 6.1 and 7.2 take 200 rounds; the other kernels, for
# which the module runs the same code, a third of that.
case $(uname -r) in
6.1.*-cloud-* | 7.2.*-cloud-*)
	direct=30 kretprobe=140 ;;
*)
	direct=5 kretprobe=30 ;;
esac
all=$((30 + direct + kretprobe))
# rounds N HOOK: how many of N went well.
rounds() {
	reload "$1" /pftrace/pftrace.ko pftrace "hook=$2 buffer_kb=64 max_threads=2048" 2>>reload.err
}

# Memory is compared when nobody else is there, whose stacks would count.
began=$SECONDS
begin
done_rounds=$(($(rounds 10 "$(best_hook)") + $(rounds 20 kretprobe)))
end
vmalloc=$(vmalloc_kb)
begin
done_rounds=$((done_rounds + $(rounds $direct "$(best_hook)") + $(rounds $kretprobe kretprobe)))
is $done_rounds $all "$all rounds of loading and unloading" || diag "$(<reload.err)"
diag "$((SECONDS - began)) s"
end
comes_back "vmalloc memory did not grow with the rounds (KiB)" vmalloc_kb "$vmalloc" 256

# With nothing else going on: what one load takes comes back.
probes() {
	wc -l </sys/kernel/debug/kprobes/list
}
is "$(probes)" 0 "no probe is left"
before=$(vmalloc_kb)
load buffer_kb=16384
number "the rings are there (KiB)" $(($(vmalloc_kb) - before)) -ge 32768
unload
comes_back "and gone" vmalloc_kb "$before" 17
# Not MemFree: the kernel keeps freed pages by the CPU, some MiB of them.
used_kb() {
	awk '/^(SUnreclaim|VmallocUsed|Percpu):/ { s += $2 } END { print s }' /proc/meminfo
}
used=$(used_kb)
for i in 1 2 3 4 5; do
	insmod /pftrace/pftrace.ko buffer_kb=16384
	rmmod pftrace
done
comes_back "five times 40 MiB of rings and tables: all of it comes back (KiB)" used_kb "$used" 512
is "$(dmesg | grep -c 'pftrace: .*cannot')" 0 "nothing failed on the way"
