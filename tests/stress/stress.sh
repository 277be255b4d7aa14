# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the cases here share, on top of lib.sh and pftrace.sh of tests/cases, beside
# which they are in the machine.

groups=/sys/fs/cgroup
small=${STRESS_SMALL:-}

# progress TEXT, tell TEXT: for who watches; for who reads the result.
progress() {
	echo "# progress: $*"
}

tell() {
	echo "# tell: $*"
}

# account: three tests; called before the module goes. Tells the host what was traced.
# What was missed has a name; then the audit may differ by no more than that.
traced=0 audited=0 differed=0
account() {
	local misses

	traced=$((traced + $(total minor) + $(total major) + $(total invalid)))
	audited=$((audited + $(total audited_threads)))
	differed=$((differed + $(total audit_mismatches)))
	echo "# traced $traced $audited $differed"
	traced=0 audited=0 differed=0
	misses=$(grep missed_ $d/totals | awk '$2 != 0')
	is "$misses" '' "nothing was missed"
	is "$(total audit_mismatches)" 0 "audit: counts equal the kernel's" ||
		diag "$(grep audit $d/totals)"
	number "audit: there were threads to audit" "$(total audited_threads)" -gt 0
}

# What disturbs. Each load is a function that makes one pass, bounded by counts; it is
# run again and again in the background until the file `stop` is there, so each makes
# one pass at least. A pass that fails ends it, and is told.

# group NAME CONTROL=VALUE...: a control group, away at the end.
group() {
	local name=$groups/stress-$1 value
	shift

	mkdir "$name" || bail "no group $name"
	at_exit end_group "$name"
	for value; do
		echo "${value#*=}" >"$name/${value%%=*}" || bail "$value of $name"
	done
}

end_group() {
	local p

	[ ! -w "$1/cgroup.kill" ] || echo 1 >"$1/cgroup.kill"
	for p in $(<"$1/cgroup.procs"); do
		kill -9 "$p"
	done 2>/dev/null
	[ ! -e "$1" ] || wait_for rmdir "$1"
}

# in_group NAME COMMAND ARGS...
in_group() {
	local name=$1
	shift

	(
		echo "$BASHPID" >"$groups/stress-$name/cgroup.procs" &&
			exec "$@"
	)
}

# set_for_now FILE VALUE: it has its old value again at the end.
set_for_now() {
	at_exit eval "echo $(awk '{ print $1 }' "$1") >$1"
	echo "$2" >"$1"
}

loads=()

# load_of NAME: what runs it in the background.
load_of() {
	local name=$1 passes=0 out status

	while :; do
		status=0
		"load_$name" $((STRESS_SEED * 1000 + passes)) >"load-$name.pass" 2>&1 || status=$?
		cat "load-$name.pass" >>"load-$name.out"
		if [ $status -ne 0 ]; then
			echo "pass $passes: status $status" >>"load-$name.out"
			mv "load-$name.pass" "load-$name.failed"
			return 1
		fi
		passes=$((passes + 1))
		echo $passes >"load-$name.passes"
		[ ! -e stop ] || return 0
	done
}

# few N: or a tenth of it, on a kernel that checks itself.
few() {
	local n=$(($1 / (${small:-0} ? 10 : 1)))

	echo $((n > 0 ? n : 1))
}

load_gup() { hostile gup "$(few 2000)" "$1"; }
load_move() { hostile move "$(few 60)" "$1"; }
load_ksm() { hostile ksm "$(few 10)" "$1"; }
load_forks() { in_group pids hostile forks "$(few 4)" "$1"; }
load_execs() { hostile execs "$(few 4)" "$1"; }
load_oom() { in_group oom hostile oom "$(few 8)" "$1"; }
load_swap() { in_group swap hostile swap "$(few 3)" "$1"; }
load_mill() { faultmill -q 2 2 "$(few 20)" "$1"; }
load_hotplug() {
	local i cpu=/sys/devices/system/cpu/cpu1/online

	for ((i = 0; i < $(few 10); i++)); do
		(
			flock 9
			echo 0 >$cpu && sleep 0.1 && echo 1 >$cpu
		) 9>hotplug.lock || return
		sleep 0.1
	done
}

# Stressors that this version has; "--X-ops" of each, and what keeps it small. Some take
# very long for one of these on a busy host: two minutes are enough then.
stressors=(
	"fault 200" "mmap 6 --mmap-bytes 4m" "vm 200 --vm-bytes 4m" "fork 50" "clone 30"
	"userfaultfd 100 --userfaultfd-bytes 1m" "madvise 3" "mremap 5 --mremap-bytes 4m"
	"brk 1000" "stackmmap 2" "numa 2" "mmaphuge 3 --mmaphuge-mmaps 16"
)
load_ng() {
	local s args=() have name ops more

	have=" $(LD_LIBRARY_PATH=$ng/lib $ng/bin/stress-ng --stressors) "
	for s in "${stressors[@]}"; do
		read -r name ops more <<<"$s"
		[[ $have == *" $name "* ]] || continue
		# shellcheck disable=SC2206
		args+=(--$name 1 --$name-ops "$(few "$ops")" $more)
	done
	LD_LIBRARY_PATH=$ng/lib in_group ng $ng/bin/stress-ng --seed "$1" --oomable \
		--vm-madvise hugepage --temp-path "$PWD" --metrics-brief --timeout 120 "${args[@]}"
}

# begin_swap: to memory. That takes a MiB of its own until the end of the case.
begin_swap() {
	modprobe zram num_devices=1 || bail "no zram"
	at_exit rmmod zram
	echo 192M >/sys/block/zram0/disksize || bail "zram"
	at_exit eval "echo 1 >/sys/block/zram0/reset"
	mkswap /dev/zram0 >/dev/null
	swapon /dev/zram0 || bail "swapon"
	at_exit swapoff /dev/zram0
}

# as_all_others NAME: a thread of the kernel gets the priority of all others.
as_all_others() {
	local p

	for p in /proc/[0-9]*; do
		if [ "$(cat $p/comm 2>/dev/null)" = "$1" ]; then
			renice -n 0 -p "${p#/proc/}" >/dev/null && return
		fi
	done
	bail "no thread $1"
}

# begin_loads NAME...: after begin_swap
begin_loads() {
	local name

	echo "+memory +pids" >$groups/cgroup.subtree_control || bail "no control groups"
	group pids pids.max=$((small ? 40 : 200))
	group oom memory.max=16M memory.swap.max=0
	group swap memory.max=24M
	group ng memory.max=320M
	set_for_now /sys/kernel/mm/ksm/run 1
	set_for_now /sys/kernel/mm/ksm/pages_to_scan 2000
	set_for_now /sys/kernel/mm/ksm/sleep_millisecs 10
	# The OOM killer lists every process each time, which is all that the log would have.
	set_for_now /proc/sys/vm/oom_dump_tasks 0
	# With the lowest priority they hold up all of RCU for minutes, preempted in a
	# read-side section, where each of the others takes ten times as long.
	if [ -n "$small" ]; then
		as_all_others khugepaged
		as_all_others ksmd
	fi
	ng=$PWD/ng
	mkdir $ng
	mount -o ro /dev/vdb $ng || bail "the disk with stress-ng"
	at_exit umount $ng
	at_exit abort_loads
	rm -f stop
	for name; do
		load_of "$name" &
		loads+=("$name:$!")
	done
}

# abort_loads: when the case ends before they do.
abort_loads() {
	local g

	touch stop
	[ ${#loads[@]} -gt 0 ] || return 0
	kill -9 "${loads[@]#*:}" 2>/dev/null
	for g in "$groups"/stress-*; do
		end_group "$g"
	done
}

# end_loads: as many tests as there are loads: each ended well, after a pass or more.
end_loads() {
	local l name

	touch stop
	for l in "${loads[@]}"; do
		name=${l%:*}
		if wait "${l#*:}"; then
			pass "$name: $(cat "load-$name.passes") passes"
		else
			not_ok "$name" "$(tail -n 30 "load-$name.out")"
		fi
	done
	loads=()
}

# quiet: nothing of what follows is changed by CPUs that come and go. Until loud.
quiet() {
	exec 8>hotplug.lock
	flock 8
}

loud() {
	exec 8>&-
}

# readers: while the file `reading` is there, somebody reads in each of these ways.
readers() {
	touch reading
	looped pftop -b -n 2 -d 0.5 &
	looped timeout -s INT 2 pftop events &
	looped timeout -s KILL 1 cat $d/trace_pipe &
	looped timeout -s KILL 1 cat $d/cpu/cpu0 &
	looped cat $d/trace $d/threads $d/exited $d/latency &
}

looped() {
	while [ -e reading ]; do
		"$@"
		sleep 0.5
	done >/dev/null 2>&1
}

# follower HOW: follows all rings from now on.
follower() {
	ringreader "$1" >follow.out 2>&1 &
	follower=$!
	wait_for grep -q ready follow.out || bail "no follower: $(cat follow.out)"
}

# followed NAME: two tests, tracing is off then. The follower's own count is what was
# written; and what was written are the faults counted.
followed() {
	local written

	kill -USR1 $follower
	if wait $follower && awk '
		$1 == "cpu" { n++; bad += $3 + $4 + $5 != $6 }
		END { exit bad || !n }' follow.out; then
		pass "$1: for each CPU, begun at + read + lost = written"
	else
		not_ok "$1: for each CPU, begun at + read + lost = written" "$(cat follow.out)"
	fi
	sed -n "s/^cpu/# $1: cpu/p" follow.out
	written=$(($(total records) + $(total filtered)))
	is $written $(($(total minor) + $(total major) + $(total invalid))) \
		"$1: records and what was filtered are the faults counted"
}

# last_records: each CPU has a fault that is recorded, so that a follower learns what it
# lost before; then tracing is off.
last_records() {
	taskset -c 0 true
	taskset -c 1 true
	echo 0 >$d/enable
}

# slab_kb, percpu_kb: what cannot be had back by dropping caches. Slabs are asked for
# what they keep first: free ones for later, and with KASAN all freed objects for a while.
slab_kb() {
	local s

	for s in /sys/kernel/slab/*/shrink; do
		echo 1 >$s
	done
	awk '$1 == "SUnreclaim:" { print $2 }' /proc/meminfo
}

percpu_kb() {
	awk '$1 == "Percpu:" { print $2 }' /proc/meminfo
}

# vmalloc_callers: bytes for each function that has some.
vmalloc_callers() {
	awk '{ bytes[$3] += $2 } END { for (c in bytes) print c, bytes[c] }' /proc/vmallocinfo |
		sort
}

# vmalloc_kb: without what the allocator of per-CPU memory has for itself: a chunk's
# lists, 4 MiB with memory control groups, stay as long as anybody has a byte of it.
vmalloc_kb() {
	vmalloc_callers |
		awk '!/^(pcpu_|unpurged )/ { bytes += $2 } END { print int(bytes / 1024) }'
}
