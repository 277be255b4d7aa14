#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The kernel is locked down while the module is loaded, which is what Secure Boot
# does at boot: integrity, then confidentiality. Nothing leads back, so no other
# case can run in this machine.
# machine: used up

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pftrace.sh"

lockdown=/sys/kernel/security/lockdown
[ -e $lockdown ] || mount -t securityfs securityfs /sys/kernel/security 2>/dev/null
[ -e $lockdown ] || skip_all "this kernel has no lockdown"
plan $((25 + honest_tests))

load buffer_kb=256 filter_class=minor
is "$(cat $d/filter/class)" minor "a filter is set"
for level in integrity confidentiality; do
	echo $level >$lockdown
	is "$(grep -o "\[$level\]" $lockdown)" "[$level]" "$level"
	faultgen anon 100 >made.json
	ok "it counts" faultcheck counts made.json
	is "$(for f in README totals pids threads exited files causes latency trace format; do
		head -c 128 $d/$f 2>&1 >/dev/null
	done)" "" "what is read can be read"
	number "records, too" "$(for f in $d/cpu/cpu?; do
		dd if="$f" iflag=nonblock bs=12800 count=1 2>/dev/null
	done | wc -c)" -ge 12800
	is "$(for f in enable buffer_kb clear filter/class; do
		error_of $f 1 | sed 's/.*: //'
	done | sort -u)" "Operation not permitted" \
		"nothing can be written"
	is "$(head -c 1 $d/cpu/cpu0.map 2>&1 | sed 's/.*: //')" "Operation not permitted" \
		"nor mapped"
	is "$(total enabled)" 1 "it stays on"
	is "$(columns CLASS | sort -u)" minor "and filtered as it was"
	ok "pftop reads" pftop -b -n 1
	ok "doctor: it can run" pftop doctor
	is "$(pftop doctor | sed -n 's/^lockdown  *//p')" \
		"$level: rings are read, not mapped; set up the module with its parameters" \
		"and says what is different"
done
honest
unload
ok "unloaded" test ! -e /sys/module/pftrace
is "$(insmod /pftrace/pftrace.ko 2>&1)" \
	"insmod: ERROR: could not insert module /pftrace/pftrace.ko: Operation not permitted" \
	"an unsigned module is not loaded again"
