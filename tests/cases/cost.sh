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

# measure: the second of two runs.
measure() {
	faultcost 5000 >/dev/null
	faultcost 5000
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

insmod /pftrace/pftrace.ko
minor=$(total minor)
now=$(measure)
[ $(($(total minor) - minor)) -ge 20000 ]
row "pftrace: counts, record, latency, audit" "$now"

echo 0 >$d/enable
row "pftrace, enable=0" "$(measure)"
rmmod pftrace
row "untraced again" "$(measure)"
