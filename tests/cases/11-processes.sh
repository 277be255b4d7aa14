#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Counts of processes that are many, short, old, threaded, or change identity.

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pftrace.sh"
plan $((16 + honest_tests))

# A process that was running before the module was loaded.
mkfifo to from
faultgen hold 50 <to >from &
old=$!
exec 3>to 4<from
read -r -u 4 line
pid=$(jq .pid <<<"$line")
load buffer_kb=8192
before=$(kernel_counts "$pid")
is "$(counts pids "$pid")" "" "no faults of an older process before the first"
echo >&3
read -r -u 4 line
is "$(counts pids "$pid")" "50 0 0" "from then on, counts of an older process"
echo >&3
read -r -u 4 line
is "$(counts pids "$pid")" "100 0 0" "and in the next window"
is "$(kernel_counts "$pid")" "$(awk '{ print $1 + 100, $2 }' <<<"$before")" \
	"which is what the kernel counted"
exec 3>&-
wait "$old"

faultgen threads 4000 >made.json
ok "8 threads on 2 CPUs" faultcheck counts made.json
is "$(jq '[.where[].tid] | unique | length' made.json)" 8 "there were 8"
ok "each thread's records" faultcheck records made.json

exited=$(total exited)
faultgen forks 500 >made.json
ok "500 short processes" faultcheck counts made.json
is "$(jq '.processes | length' made.json)" 500 "there were 500"
number "they are among the exited" "$(total exited)" -ge $((exited + 500))

faultgen pid-reuse 5 >made.json 2>made.err
case $? in
0)
	ok "processes with the same id" faultcheck counts made.json
	is "$(jq '[.processes[].pid] | unique | length' made.json)" 1 "there was one id" ;;
77)
	skip "$(cat made.err)" "processes with the same id" 2 ;;
*)
	not_ok "processes with the same id" "$(cat made.err)"
	not_ok "processes with the same id" ;;
esac

# One more exits than are listed: totals stay whole.
for n in 600 600; do
	faultgen forks $n >made.json
	is $? 0 "$n more"
done
is "$(sed 1d $d/exited | wc -l)" 1024 "the newest 1024 are listed"

faultgen gup 100 >made.json
ok "process_vm_readv: charged to the caller" faultcheck counts made.json
honest
