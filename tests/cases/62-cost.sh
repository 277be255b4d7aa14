#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 600
# What pftop costs, next to the faults that it watches.
#
# In a machine whose clock counts instructions (scripts/vm -i) the times are
# instructions.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pftrace.sh"

export LC_ALL=C.UTF-8
processes=2000 faults=100000 updates=${UPDATES:-10}

# watch UPDATES [ARGS...]: pftop's CPU time, faults meanwhile and their CPU time.
watch() {
	watched $processes $faults pftop -n "$@"
}

load
# What it takes to begin is in both.
read -r begun _ < <(watch 1)
read -r ended made ns < <(watch $((updates + 1)))
update=$(((ended - begun) / updates))
work=$((ns * faults / made))
diag "one update: $update ns of CPU time; $faults faults: $work ns ($made made)"
diag "$(cat $d/totals | tr '\n' ' ')"
done_testing
