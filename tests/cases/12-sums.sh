#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# totals = living + exited, and clear.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pftrace.sh"
plan $((11 + honest_tests))

# sum COLUMN FILE...: over all lines
sum() {
	local column=$1 files=("${@:2}")
	awk -v column="$column" 'FNR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		{ s += $at[column] } END { print s + 0 }' "${files[@]/#/$d/}"
}

# quiet COMMAND...: what COMMAND prints when it was the only one that faulted:
# stop tracing first, so that looking does not change what is looked at.
load
faultgen anon 300 >/dev/null
faultgen null 3 >/dev/null
faultgen --dir . file-cold 4 >/dev/null
echo 0 >$d/enable
for c in minor major invalid retries; do
	is "$(sum "${c^^}" pids exited)" "$(total $c)" "$c: living + exited = totals"
done
is "$(total records)" $(($(total minor) + $(total major) + $(total invalid))) \
	"a record for each fault"
number "time was spent in minor faults" "$(sum MINOR_NS pids exited)" -gt 0
number "time was spent in major faults" "$(sum MAJOR_NS pids exited)" -gt 0
echo 1 >$d/clear
is "$(awk '/^(minor|major|invalid|retries|records|exited|traced_ns) / { s += $2 }
	END { print s }' $d/totals)" 0 "clear: all counts are 0"
is "$(cat $d/pids $d/exited $d/threads $d/trace | grep -vc COMM)" 0 "and all lists empty"
echo 1 >$d/enable
faultgen anon 200 >made.json
ok "counts are exact again" faultcheck counts made.json
ok "and so are the records" faultcheck records made.json
honest
