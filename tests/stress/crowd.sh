#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 900
# Everything at once, on CPUs that truly run at the same time. Tracing stays on, for
# the emulator does not bear it in this mode that code is patched (see testing.md);
# for that there is storm.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pftrace.sh"
. "$(dirname "$0")/stress.sh"

names=(gup move ksm forks execs oom swap mill hotplug ng)
plan $((STRESS_ROUNDS + ${#names[@]} + 2 + 3))

begin_swap
load buffer_kb=1024
follower read
begin_loads "${names[@]}"
readers
for ((r = 0; r < STRESS_ROUNDS; r++)); do
	ok "round $r: every use of the files went well" \
		churn -s "$(few 3000)" $((STRESS_SEED + r))
	progress "crowd: round $r, $(total minor) faults, $SECONDS s"
done
rm reading
end_loads
wait_for eval '[ -z "$(jobs -r | grep looped)" ]'
last_records
followed crowd
account
