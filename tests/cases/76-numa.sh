#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# emulator: nodes
# What takes a machine with two nodes: hints for NUMA balancing, which come when
# the kernel wants to know who uses a page, and pages that move to another node.
# Only the number of these faults is known.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pftrace.sh"

plan $((6 + honest_tests))
load buffer_kb=1024

# had CAUSE: how many of the faults had it, whoever made them
had() {
	awk -v cause="$1" '$2 == cause { n += $3 } END { print n + 0 }' $d/causes
}

for c in numa migrate; do
	faultgen "$c" 400 >made.json || bail "$c: $(cat made.json)"
	explained "$c" "cause, level and size of each fault"
done
number "as many hints as there are pages" "$(had numa)" -ge 400
number "99 % of those that met a move are told so" \
	$((100 * $(had migrate))) -ge $((99 * $(jq '.where[0].count' made.json)))
honest
