#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Loading when the kernel refuses something: it fails cleanly, with the kernel's
# errno and one error in the log that says what could not be had; or it works in
# another way, and `totals` says which.
#
# What fails is a function of the kernel, made to by tests/modules/fail.c.
#
# Probes come and go on functions that are in use.
# emulator: single
# timeout: 300

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pftrace.sh"

# errors: those among the news.
errors() {
	news | awk '$1 % 8 <= 3' | cut -d ' ' -f 2-
}

# left: what is there although the module is not.
left() {
	[ ! -e /sys/module/pftrace ] || echo module
	[ ! -e $d ] || echo debugfs
	! grep pftrace /sys/devices/system/cpu/hotplug/states
	! grep -E "pftrace|${reject:-pftrace}" /sys/kernel/debug/kprobes/list
	! grep '^handle_mm_fault ' /sys/kernel/debug/tracing/enabled_functions
	# births, ends and faults pass through whatever is left
	(true)
}

# symbol NAME...: the first of them that this kernel has
symbol() {
	local s

	for s; do
		if grep -q " [Tt] $s\$" /proc/kallsyms; then
			echo "$s"
			return
		fi
	done
	return 1
}

# failing SYMBOL VALUE NTH [PARAMETER...]: the function fails from now on.
failing() {
	local symbol=$1 value=$2 nth=$3
	shift 3

	insmod /pftrace/fail.ko symbol="$symbol" value="$value" nth="$nth" "$@" ||
		bail "$symbol cannot be made to fail"
	fresh_log
}

# failed: did it, for that one call?
failed() {
	cat /sys/module/fail/parameters/failed
}

# refused WHY LOG PARAMETERS...: loading fails with that message of insmod, and
# one error in the log that matches LOG; nothing is left.
refused() {
	local why=$1 log=$2 out
	shift 2

	out=$(insmod /pftrace/pftrace.ko "$@" 2>&1)
	# shellcheck disable=SC2053	# a pattern
	if [ "$out" = "insmod: ERROR: could not insert module /pftrace/pftrace.ko: $why" ] &&
	   [[ $(errors) == $log ]] && [ "$(errors | wc -l)" -eq 1 ] && [ -z "$(left)" ] && [ "$(failed)" -ge 1 ]; then
		pass "$what: refused"
	else
		not_ok "$what: refused" "insmod: $out" "log:" "$(news)" "left: $(left)" \
			"failed: $(failed)"
	fi
	unload
	rmmod fail
}

# another HOOK REJECT PARAMETERS...: loading works, with these hooks, and counts.
another() {
	local hooks="$1 $2"
	shift 2

	HOOK='' load "$@"
	is "$(failed | sed 's/^[1-9].*/failed/') $(total hook) $(total reject_hook)" \
		"failed $hooks" "$what: $hooks" || diag "$(news)"
	faultgen anon 100 >made.json
	ok "and it counts" faultcheck counts made.json
	unload
	rmmod fail
}

no_memory='Cannot allocate memory'
HOOK='' load
hook=$(total hook) reject=$(total reject_hook)
unload
[ "$reject" != signal ] || bail "no function is probed for refused faults"

for s in __cpuhp_setup_state:-12:1:rings vmalloc_user:0:1:rings vzalloc_node:0:1:histograms \
	 alloc_workqueue:0:1:names vzalloc:0:1:names vzalloc:0:2:max_threads \
	 vzalloc:0:3:max_threads vzalloc:0:4:max_threads vzalloc:0:5:max_threads \
	 vzalloc:0:6:max_threads tracepoint_probe_register:-12:1:tracepoint \
	 tracepoint_probe_register:-12:2:tracepoint debugfs_create_dir:-12:1:debugfs \
	 debugfs_create_dir:-12:2:debugfs debugfs_create_dir:-12:3:debugfs \
	 debugfs_create_file_unsafe:-12:1:debugfs debugfs_create_file_unsafe:-12:15:debugfs \
	 debugfs_create_file_unsafe:-12:21:debugfs; do
	IFS=: read -r function value nth log <<<"$s"
	function=$(symbol "$function" "${function}_noprof") ||
		bail "this kernel has no $function"
	what="$function, call $nth"
	failing "$function" "$value" "$nth"
	refused "$no_memory" "$log*" enable=0
done

what="debugfs, with the probes in use"
failing debugfs_create_dir -12 1
refused "$no_memory" "debugfs*"

# The files that are there until then cannot be opened: a file that is open holds no
# module whose loading fails.
what="debugfs, with somebody at its files"
failing debugfs_create_file_unsafe -12 15 busy_ms=300
taskset -cp 0 $$ >/dev/null
taskset -c 1 bash -c 'while [ ! -e stop ]; do
	exec 5<$1/README && echo opened
done' opener $d >seen 2>&1 &
refused "$no_memory" "debugfs*" enable=0
touch stop
wait $!
taskset -cp 0,1 $$ >/dev/null
is "$(sed 's/.*: //' seen | sort -u)" $'No such device or address\nNo such file or directory' \
	"none of them could be opened"

what="no tracepoint where kprobes are not used"
failing tracepoint_probe_register -12 3
refused "$no_memory" "tracepoint signal_generate*" hook=kretprobe reject=signal

# A function that is not there, or must not be probed.
what="kretprobe refused"
failing register_kretprobe -22 1
refused "Invalid parameters" "handle_mm_fault: cannot set a kretprobe (-22)" hook=kretprobe
what="no symbol handle_mm_fault"
failing kallsyms_lookup_name 0 0 name=handle_mm_fault
refused "Unknown symbol in module" "handle_mm_fault: cannot set a kretprobe (-2)" hook=kretprobe
what="no symbol $reject"
failing kallsyms_lookup_name 0 0 name="$reject"
another "$hook" signal
what="no kprobe at $reject"
failing register_kprobe -22 2
another "$hook" signal
what="no kprobe at all"
failing register_kprobe -22 0
refused "Invalid parameters" "handle_mm_fault: cannot set a kretprobe (-22)" hook=kretprobe

if [ "$hook" = direct ]; then
	direct=$(symbol register_ftrace_direct_multi register_ftrace_direct)
	what="no direct call"
	failing "$direct" -22 1
	refused "Invalid parameters" "handle_mm_fault: cannot set a direct call (-22)" hook=direct
	what="no memory for ftrace"
	failing ftrace_set_filter_ip -12 0
	refused "$no_memory" "handle_mm_fault: cannot set a direct call (-12)" \
		hook=direct reject=signal
	what="no direct call"
	failing "$direct" -12 1
	another kretprobe "$reject"
else
	skip "this kernel has no direct calls" "direct call" 4
fi

# Switched on by the file: the same, and it stays off.
load hook=kretprobe enable=0
failing register_kretprobe -22 1 comm=dd
is "$(error_of enable 1)" EINVAL "enable: what the kernel says"
is "$(errors)" "handle_mm_fault: cannot set a kretprobe (-22)" "one line says what failed"
is "$(cat $d/enable) $(total hook) $(total reject_hook)" "0 none none" "it is off"
is "$(grep -c pftrace /sys/kernel/debug/kprobes/list)" 0 "with no kprobe left"
rmmod fail
echo 1 >$d/enable
is "$(total hook) $(total reject_hook)" "kretprobe $reject" "later it can be switched on"
faultgen anon 100 >made.json
ok "and counts" faultcheck counts made.json
unload
done_testing
