#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 600
# What an update of pftop's screen costs with 2,000 processes and 100,000 faults
# since the one before, next to what these faults cost the processes themselves.
# Documentation/performance.md says why it is held against that. In a machine whose
# clock counts instructions (scripts/vm -i) both are told in instructions.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pftrace.sh"

export LC_ALL=C.UTF-8
processes=2000 faults=100000 updates=${UPDATES:-8}
plan 4

# watch UPDATES: what watched.c prints of pftop.
delay=1
watch() {
	watched $processes $faults pftop -d $delay -n "$1" || bail "watched fails"
}

load ${BUFFER_KB:+buffer_kb=$BUFFER_KB}
# Behind this one `exited` is as long as it gets. Where a turn takes seconds, so
# must an update, or it has nothing new to show.
read -r _ _ _ turn < <(watch 1)
[ "$turn" -lt 2000000000 ] || delay=$((turn / 2000000000))
diag "a turn takes $turn ns: an update every $delay s"
# What it takes to begin is in both.
read -r begun _ < <(watch 1)
read -r ended made ns _ < <(watch $((updates + 1)))
update=$(((ended - begun) / updates))
work=$((ns / (made / 1000) * (faults / 1000)))
diag "one update: $update ns of CPU time; $faults faults: $work ns"
number "half of the processes at least are listed as ended" "$(total exited)" -ge $((processes / 2))
number "each update had more new records than the rings hold" $((made / (updates + 1))) -gt \
	$((8192 * $(nproc)))
number "an update takes time" "$update" -gt 0
number "but no fifteenth of what the faults take" $((update * 15)) -le "$work"
