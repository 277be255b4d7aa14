#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 3600
# Very many faults, each of them traced: what the kernel counted for each process is
# what pftrace counted, and the audit of their threads finds no difference.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pftrace.sh"
. "$(dirname "$0")/stress.sh"

plan 6
load buffer_kb=256
batch=500
[ -z "${STRESS_SMALL:-}" ] || batch=50

# A batch is ten processes on each CPU, and one of four threads. Which kinds of faults is
# the seed's business.
i=0 status=0 made=0
while [ "$(total minor)" -lt $((STRESS_FAULTS * 1000000)) ]; do
	taskset -c 0 faultmill 10 1 $batch $((STRESS_SEED + 2 * i)) >mill0.out &
	taskset -c 1 faultmill 10 1 $batch $((STRESS_SEED + 2 * i + 1)) >mill1.out || status=$?
	wait $! || status=$?
	# Threads that share memory wait for each other's CPU: few of those.
	faultmill 1 4 2 $((STRESS_SEED + i)) >mill2.out || status=$?
	made=$((made + $(sed -n 's/.*kernel counted \([0-9]*\) faults.*/\1/p' mill?.out | paste -sd +)))
	[ $status -eq 0 ] || break
	i=$((i + 1))
	[ $((i % 10)) -ne 0 ] || progress "$(total minor) faults, $SECONDS s"
done
is $status 0 "each process: what pftrace counted is what the kernel did" ||
	diag "$(cat mill?.out)"
number "faults by getrusage, all of them traced" $(($(total minor) + $(total major))) -ge $made
number "they are most of all that was traced (%)" \
	$((100 * made / ($(total minor) + $(total major)))) -ge 95
tell "$made faults by getrusage in $i batches, $SECONDS s"
account
tell "$(awk 'NR > 1 && $1 != "invalid" && $2 != "all" { printf "%s%s %s %s", sep, $1, $2, $3; sep = ", " }' \
	$d/causes)"
