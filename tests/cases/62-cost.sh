#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 600
# machine: its own
# What an update of pftop's screen costs with 2,000 processes and 100,000 faults
# since the one before, next to what these faults cost the processes themselves.
# Documentation/performance.md says why it is held against that. In a machine whose
# clock counts instructions (scripts/vm -i) both are told in instructions.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pftrace.sh"

export LC_ALL=C.UTF-8
# More faults than the rings have records: 8,192 for each CPU.
processes=2000 faults=100000 updates=${UPDATES:-8}
plan 4

# watch UPDATES: what watched.c prints of pftop.
watch() {
	watched $processes $faults pftop -d 3 -n "$1" || bail "watched fails"
}

load ${BUFFER_KB:+buffer_kb=$BUFFER_KB}
# Behind this one `exited` is as long as it gets.
watch 1 >first
# What it takes to begin is in both.
read -r begun _ < <(watch 1)
read -r ended made ns < <(watch $((updates + 1)))
update=$(((ended - begun) / updates))
work=$((ns / (made / 1000) * (faults / 1000)))
diag "one update: $update ns of CPU time; $faults faults: $work ns"
number "half of the processes at least are listed as ended" "$(total exited)" -ge $((processes / 2))
number "each update had a turn's faults" $((made / updates)) -gt $((faults * 3 / 4))
number "an update takes time" "$update" -gt 0
number "but no fifteenth of what the faults take" $((update * 15)) -le "$work"
