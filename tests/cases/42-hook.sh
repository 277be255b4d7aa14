#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The direct call: the stack of who sleeps below it, unloading meanwhile, and
# BPF programs, which use the same place.
#
# Hooks come and go while the machine runs: see 41.
# emulator: single
# disk: tools
# timeout: 240

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pftrace.sh"

[ "$(best_hook)" = direct ] || skip_all "no direct call: x86-64 and Linux 5.16 have it"
plan $((35 + honest_tests))

# stack PID: the functions that it sleeps in, innermost first
stack() {
	awk '{ print $2 }' "/proc/$1/stack" | cut -d + -f 1 | xargs
}

stack_has() {
	[[ " $(stack "$1") " = *" $2 "* ]]
}

# unloading: has rmmod got so far that nobody can use the module any more?
unloading() {
	grep -q '^pftrace .* Unloading ' /proc/modules
}

module_log() {
	dmesg | grep -o "pftrace: .*$1.*" | tail -n 1
}

slow_device dev 0 || skip_all "this kernel has no loop or dm-delay"
head -c 64K /dev/zero >dev/file

# sleeper [peek]: a process that waits in a fault, until the device is resumed; its
# pid is in $sleeper. The attempt in which the architecture's fault waits is followed
# by another; that of the kernel, which peeks, is the only one.
sleeper() {
	sync
	echo 1 >/proc/sys/vm/drop_caches
	dmsetup suspend --nolockfs dev
	mapper open dev/file map 0 16 "${1:-touch}" 3 >touched &
	sleeper=$!
	wait_for stack_has $sleeper handle_mm_fault
}

# major_of PID: major faults counted of a process that has ended
major_of() {
	awk -v pid="$1" '$1 == pid { print $3; exit }' $d/exited
}

# retries_of PID: of the fault that it waited in, attempts that were seen before the last
retries_of() {
	columns PID FILE RETRIES | awk -v pid="$1" '$1 == pid && $2 ~ /dev\/file$/ { print $3 }'
}

at_exit dmsetup resume dev

load
is "$(total hook)" direct "by default it is a direct call"
sleeper
stack=$(stack $sleeper)
is "handle_mm_fault ${stack#* handle_mm_fault }" \
	"handle_mm_fault pft_direct_call handle_mm_fault do_user_addr_fault exc_page_fault asm_exc_page_fault" \
	"the stack of who sleeps is whole, from the exception through the hook"
dmsetup resume dev
wait $sleeper
is $? 0 "it gets its page"
is "$(major_of $sleeper)" 1 "and the fault is counted"
is "$(retries_of $sleeper)" 1 "at its second attempt"

# Off and on again with a fault under way.
sleeper
echo 0 >$d/enable
echo 1 >$d/enable
dmsetup resume dev
wait $sleeper
is $? 0 "off and on meanwhile: it gets its page"
# Its first attempt was of the period before, the one that succeeds is not.
is "$(major_of $sleeper) $(total audit_mismatches)" "1 0" "and the fault is counted as the kernel does"
is "$(retries_of $sleeper)" 0 "but not the attempt that began before"

# The only attempt is of the period before.
sleeper peek
dmsetup resume dev
wait $sleeper
is "$? $(retries_of $sleeper)" "0 0" "the kernel's own fault: recorded"
sleeper peek
echo 0 >$d/enable
echo 1 >$d/enable
dmsetup resume dev
wait $sleeper
is "$? $(retries_of $sleeper) $(total audit_mismatches)" "0  0" "off and on meanwhile: not recorded"

sleeper
rmmod pftrace &
remover=$!
wait_for unloading
ok "unloading begins, with a fault under way" unloading
told() {
	[ -n "$(module_log 'unloading waits')" ]
}
wait_for told
is "$(module_log 'unloading waits')" \
	"pftrace: unloading waits for 1 page faults that are under way" "it says what it waits for"
ok "and waits" unloading
ok "as the fault does" stack_has $sleeper pft_direct_call
dmsetup resume dev
wait $sleeper
is $? 0 "the fault ends"
wait $remover
is $? 0 "then the module is unloaded"
ok "it is gone" eval "! grep -q '^pftrace ' /proc/modules"

# With a kretprobe nobody need wait.
load hook=kretprobe
is "$(total hook)" kretprobe "hook=kretprobe"
sleeper
ok "unloaded with a fault under way" rmmod pftrace
ok "which sleeps on" stack_has $sleeper handle_mm_fault
dmsetup resume dev
wait $sleeper
is $? 0 "and ends"

with_tools
# It ends with the command that it starts, which ends when somebody writes to
# the pipe.
mkfifo held
bpf() {
	tool bpftrace -c "$(type -P cat) held" -e 'BEGIN { printf("attached\n"); }
		kfunc:vmlinux:handle_mm_fault { @calls = count(); }' >"$1" 2>&1 &
	bpf=$!
}
attached() {
	grep -q attached "$1"
}
# BPF programs, which find the function by the types of the kernel.
beside_bpf() {
	bpf first
	wait_for attached first || diag "$(cat first)"
	fails "hook=direct: not beside a BPF program" insmod /pftrace/pftrace.ko hook=direct
	is "$(module_log 'cannot set a direct call')" \
		"pftrace: handle_mm_fault: cannot set a direct call (-16): a BPF program has it, or sysctl kernel.ftrace_enabled is 0" \
		"and it is said why"
	load
	is "$(total hook)" kretprobe "by default it takes a kretprobe then"
	faultgen anon 100 >made.json
	ok "which counts as well" faultcheck counts made.json
	echo >held
	wait $bpf
	is "$? $(grep -c '^@calls: [1-9]' first)" "0 1" "and the program, too" || diag "$(cat first)"
	unload

	# It comes later.
	load
	bpf second
	wait $bpf
	number "a BPF program cannot come in beside the direct call" $? -gt 0
	diag "$(cat second)"
	is "$(total hook)" direct "which stays"
	faultgen anon 100 >made.json
	ok "and counts" faultcheck counts made.json
}
if [ -e /sys/kernel/btf/vmlinux ]; then
	beside_bpf
else
	skip "kernel without CONFIG_DEBUG_INFO_BTF" "beside a BPF program" 8
	load
fi

# Tracers that want another place.
tracing=/sys/kernel/debug/tracing
echo 'p:pft_test/entry handle_mm_fault' >>$tracing/kprobe_events
echo 'r:pft_test/return handle_mm_fault' >>$tracing/kprobe_events
echo 1 >$tracing/events/pft_test/enable
faultgen anon 100 >made.json
ok "kprobe and kretprobe beside it: it counts" faultcheck counts made.json
ok "and records" faultcheck records made.json
is "$(awk '$1 == "entry" || $1 == "return" { if ($2 >= 100) n++ } END { print n }' $tracing/kprobe_profile)" \
	2 "and so do they"
echo 0 >$tracing/events/pft_test/enable
echo >$tracing/kprobe_events

at_exit eval "echo 1 >/proc/sys/kernel/ftrace_enabled"
fails "ftrace cannot be switched off under it" eval "echo 0 >/proc/sys/kernel/ftrace_enabled"
is "$(cat /proc/sys/kernel/ftrace_enabled)" 1 "it stays on"
honest
unload
fails "hook=nonsense is refused" insmod /pftrace/pftrace.ko hook=nonsense
