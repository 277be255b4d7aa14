#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What a minor fault costs, in guest instructions: scripts/cost runs this in a
# machine whose clock counts instructions. No case: it measures, it judges
# only that the module did trace.

. "$(dirname "$0")/pftrace.sh"
set -o errexit -o nounset

# For the first seconds new kernels do work in the background that slows page
# faults down.
until awk '{ exit $1 < 6 }' /proc/uptime; do
	sleep 0.2
done

# measure: the least of three runs. What was just loaded or switched off has
# work of the kernel in its wake, which is not what a fault costs.
measure() {
	for _ in 1 2 3; do
		faultcost 5000
	done | sort -n | head -n 1
}

row() {
	awk -v what="$1" -v now="$2" -v base="$base" -v empty="${empty:-0}" 'BEGIN {
		added = now - base
		ratio = empty ? sprintf("%.2f", added / empty) : "-"
		printf "%-44s %10.1f %10.1f %8s\n", what, now, added, ratio }'
}

printf '%-44s %10s %10s %8s\n' "minor fault, first touch of anonymous memory" \
	instr. added ratio
base=$(measure)
row untraced "$base"

insmod /pftrace/empty.ko
now=$(measure)
rmmod empty
empty=$(awk -v now="$now" -v base="$base" 'BEGIN { print now - base }')
row "empty kretprobe with entry handler" "$now"

for hook in direct kretprobe; do
	insmod /pftrace/pftrace.ko hook=$hook
	[ "$(awk '$1 == "hook" { print $2 }' $d/totals)" = $hook ]
	minor=$(total minor)
	now=$(measure)
	[ $(($(total minor) - minor)) -ge 30000 ]
	row "pftrace with everything, hook=$hook" "$now"
	[ $hook = kretprobe ] || everything=$now
	echo 0 >$d/enable
	row "the same, enable=0" "$(measure)"
	rmmod pftrace
done
row "untraced again" "$(measure)"

# Modules without a part of it, if there are any.
for part in hook time walk+size size counters histogram record; do
	ko=/root/$part.ko
	[ -e "$ko" ] || continue
	insmod "$ko" hook=direct
	now=$(measure)
	rmmod pftrace
	awk -v part="$part" -v now="$now" -v all="$everything" -v base="$base" 'BEGIN {
		print "  part: " part, part == "hook" ? now - base : all - now }'
done | awk '{ printf "  %-42s %21.1f\n", $1 " " $2, $3 }'
