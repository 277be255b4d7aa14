#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Somebody switches off what the probes need, before loading or after it: kprobes,
# ftrace, debugfs. What is lost is told.
#
# Probes come and go on functions that are in use.
# emulator: single

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pftrace.sh"

kprobes=/sys/kernel/debug/kprobes/enabled
ftrace=/proc/sys/kernel/ftrace_enabled
at_exit eval "echo 1 >$kprobes; echo 1 >$ftrace"

last_news() {
	news | tail -n 1 | cut -d ' ' -f 2-
}
doctor() {
	pftop doctor 2>&1 | sed -n "s/^$1  *//p"
}
hooks() {
	echo "$(total hook) $(total reject_hook) $(total kprobes)"
}

load hook=kretprobe
reject=$(total reject_hook)
unload
why="kprobes/enabled in debugfs, or sysctl kernel.ftrace_enabled, is 0"
again="insmod: ERROR: could not insert module /pftrace/pftrace.ko: Resource temporarily unavailable"

# Kprobes, before
echo 0 >$kprobes
fresh_log
is "$(insmod /pftrace/pftrace.ko hook=kretprobe 2>&1)" "$again" \
	"kprobes disarmed, hook=kretprobe: refused"
is "$(last_news)" "handle_mm_fault: a kretprobe has no effect: $why" "it is said why"
is "$(ls -d /sys/module/pftrace $d 2>/dev/null)" "" "nothing is left"
is "$(doctor kprobes)" "disarmed: echo 1 | sudo tee $kprobes" "doctor: kprobes are disarmed"
if insmod /pftrace/pftrace.ko 2>/dev/null; then
	at_exit unload
	is "$(hooks)" "direct signal none" "with a direct call: refused faults by their signals"
	is "$(last_news)" \
		"refused faults are seen by their signals; those that end in EFAULT are not" \
		"which is said"
	faultgen anon 100 >made.json
	ok "it counts" faultcheck counts made.json
	faultgen null 5 >made.json
	ok "also those" faultcheck counts made.json
	unload
else
	# Where there are none: arm64, and x86 before 5.16.
	ok "without direct calls: refused always" eval '[ "$(uname -m)" != x86_64 ] || older 5 16'
	skip "this kernel has no direct calls" "direct call" 3
fi
echo 1 >$kprobes

# Kprobes, after
for hook in auto kretprobe; do
	load hook=$hook
	before=$(hooks)
	is "$(total kprobes)" armed "hook=$hook: kprobes are armed"
	echo 0 >$kprobes
	is "$(total kprobes)" disarmed "disarmed: totals says so"
	unseen=faults
	[ "$(total hook)" = kretprobe ] || unseen="refused faults"
	is "$(doctor hooks)" "disarmed: $unseen are not seen; $why" "and doctor"
	fails "who cannot run here" pftop doctor
	faultgen null 3 >/dev/null
	echo 1 >$kprobes
	is "$(hooks)" "$before" "armed again: all as before"
	faultgen null 5 >made.json
	ok "and refused faults count" faultcheck counts made.json
	[ $hook = auto ] || number "the audit has seen what was missing" \
		"$(total audit_missing)" -gt 0
	unload
done

# ftrace. On arm64 kprobes do without it; 7.3 does not let it be switched off.
if ! { echo 0 >$ftrace; } 2>refused; then
	fails "this kernel is new enough to keep ftrace on: $(cat refused)" older 7 3
	load
	faultgen anon 100 >made.json
	ok "it counts" faultcheck counts made.json
elif [ "$(uname -m)" = x86_64 ]; then
	fresh_log
	for hook in auto kretprobe; do
		is "$(insmod /pftrace/pftrace.ko hook=$hook 2>&1)" "$again" \
			"ftrace off, hook=$hook: refused"
		is "$(last_news)" "handle_mm_fault: a kretprobe has no effect: $why" \
			"it is said why"
	done
	is "$(doctor ftrace)" "switched off: sudo sysctl kernel.ftrace_enabled=1" "doctor, too"
	echo 1 >$ftrace
	load hook=kretprobe reject=signal
	echo 0 >$ftrace
	is "$(hooks)" "kretprobe signal disarmed" "off while loaded: totals says so"
	echo 1 >$ftrace
	is "$(hooks)" "kretprobe signal armed" "and on again"
else
	load
	is "$(total kprobes)" armed "kprobes need no ftrace"
fi
unload
echo 1 >$ftrace

# debugfs
umount -l /sys/kernel/debug/tracing 2>/dev/null
umount /sys/kernel/debug || bail "debugfs is in use"
load
is "$(doctor debugfs)" "not mounted: sudo mount -t debugfs none /sys/kernel/debug" \
	"debugfs not mounted: it loads, doctor says what to do"
mkdir elsewhere
mount -t debugfs none elsewhere
is "$(doctor debugfs)" "at $PWD/elsewhere: pftop --debugfs $PWD/elsewhere/pftrace" \
	"mounted elsewhere: doctor says how"
ok "there it is" pftop --debugfs "$PWD/elsewhere/pftrace" -b -n 1
umount elsewhere
mount -t debugfs debugfs /sys/kernel/debug
is "$(total kprobes)" armed "mounted: the files are there"
faultgen anon 100 >made.json
ok "and it counts" faultcheck counts made.json
done_testing
