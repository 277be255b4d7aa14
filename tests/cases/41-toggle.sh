#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Switched on and off, resized and cleared under load.
# timeout: 480
#
# With a host thread for each CPU the emulator now and then runs an instruction
# that has just been replaced; a probe set on a busy function then brings the
# kernel down, also an empty one (Documentation/testing.md).
# emulator: single

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/pftrace.sh"
plan $((15 + honest_tests))

# hooked: does the kernel say that the function is hooked? On arm64 ftrace knows
# nothing of kprobes.
hooked() {
	if grep -qw handle_mm_fault /sys/kernel/debug/{tracing/enabled_functions,kprobes/list}; then
		echo 1
	else
		echo 0
	fi
}

load enable=0
is "$(cat $d/enable)" 0 "enable=0: it does not begin by itself"
is "$(grep -c . /sys/kernel/debug/kprobes/list) $(hooked)" "0 0" "and nothing is hooked"
faultgen anon 100 >/dev/null
is "$(total minor)" 0 "off: nothing is counted"
echo 1 >$d/enable
is "$(hooked)" 1 "on: the hook is there"

faulting() {
	while [ ! -e stop ]; do
		faultgen threads 2000
		faultgen null 5
		faultgen forks 10
	done >/dev/null
}
faulting &
faulting &

# With a direct call each time waits until all threads that were preempted have slept;
# on a real-time kernel, which preempts anywhere, that is some seconds.
times=40
[ ! -e /sys/kernel/realtime ] || times=8
for ((i = 0; i < times; i++)); do
	echo 0 >$d/enable && echo 1 >$d/enable || break
done
is $i $times "$times times off and on under load"
before=$(total minor)
more() {
	[ "$(total minor)" -gt "$before" ]
}
ok "it goes on counting" wait_for more

written=$(total records)
for kb in 4 4096 64 16 2048 8 1024 4 512 256; do
	echo $kb >$d/buffer_kb || break
	[ "$(cat $d/buffer_kb)" = $kb ] || break
	head -c 128000 $d/cpu/cpu1 >/dev/null
done
is $kb 256 "resized 10 times under load"
number "records went on" "$(total records)" -gt "$written"
head -n 200 $d/trace >trace.txt
number "and can be read" "$(grep -vc '^#' trace.txt)" -gt 10
is "$(head -n 5 $d/trace 2>&1 | wc -l) $(head -n 2 $d/trace_pipe 2>&1 | wc -l)" "5 2" \
	"with head, too, which seeks back"

for ((i = 0; i < 10; i++)); do
	echo 1 >$d/clear || break
done
is $i 10 "cleared 10 times under load"
touch stop
wait

faultgen --dir . file-cold 8 >made.json
ok "counts are exact after all that" faultcheck counts made.json
ok "and records" faultcheck records made.json

ringreader --slow map >map.out &
map=$!
wait_for grep -q ready map.out
fails "a ring that is mapped is not resized" eval "echo 128 >$d/buffer_kb"
is "$(cat $d/buffer_kb)" 256 "its size stays"
kill $map
wait $map
honest
